"""One small panel for each kind of mark and each of its options: what both painters are held against."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Drag,
    DragTo,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Press,
    Rule,
    Surface,
    Text,
    Tiles,
    classes,
)

X = np.array([0.0, 1.0, 2.0, 3.5])
Y = np.array([0.5, -1.0, 1.25, 2.0])
GAPS = np.array([0.5, np.nan, 1.25, 2.0])
LONG = np.linspace(0, 4, 101)
NAMES = ["cat", "dog", "fox", "bear"]
TRIANGLES = [np.array([[0, 0], [1, 0], [0, 1.0]]), np.array([[1, 0], [2, 0], [2, 1], [1, 1.5]])]
GRID = np.arange(12.0).reshape(3, 4)
XY = {"x": Axis("x", 0, 4), "y": Axis("y", -2, 3)}
CLASSED = {"x": classes(NAMES), "y": Axis("", -2, 3)}
LYING = {"x": Axis("nats", -2, 3), "y": classes(NAMES)}
LOG = {"x": Axis("x", 0.1, 1000, scale="log"), "y": Axis("y", 0.01, 10, scale="log")}


def _dragged(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    return {"z": x + y + index}


PANELS: dict[str, Panel] = {
    "line": Panel("line", [Line("f", Y, X, color="ink")], **XY),
    "line, long": Panel("line", [Line("f", np.sin(LONG), LONG, color="ink")], **XY),
    "line, gap": Panel("line", [Line("f", GAPS, X, color="ink")], **XY),
    "line, dashed": Panel("line", [Line("f", Y, X, color="#123456", dash="dashed", width=3)], **XY),
    "line, dotted": Panel("line", [Line("f", Y, X, color="ink", dash="dotted")], **XY),
    "line, label": Panel("line", [Line("f", Y, [0, 1, 2, 4], color="loss", label="*f*_0")], **XY),
    "line, arrow": Panel("line", [Line("f", Y, X, color="ink", arrow=True)], **XY),
    "line, by class": Panel("line", [Line("f", Y, color="ink")], **CLASSED),
    "line, far from zero": Panel(
        "line", [Line("f", Y, 1e7 + X, color="ink")], x=Axis("x", 1e7, 1e7 + 4), y=XY["y"]
    ),
    "line, logarithmic": Panel("line", [Line("f", [0.02, 1, 5], [0.2, 10, 900], color="ink")], **LOG),
    **{
        f"points, {shape}": Panel("points", [Points("p", Y, X, color="target", shape=shape)], **XY)
        for shape in ("circle", "square", "triangle", "diamond", "cross", "plus", "star")
    },
    "points, by class": Panel("points", [Points("p", Y, color="target", label="now")], **CLASSED),
    "points, gap": Panel("points", [Points("p", GAPS, X, color="target", size=14)], **XY),
    "points, outside": Panel("points", [Points("p", Y * 2, X, color="target", outline="ink")], **XY),
    "points, label": Panel("points", [Points("p", [1.0], [2.0], color="target", label="here")], **XY),
    "points, drags": Panel(
        "points",
        [Points("p", [1.0], [2.0], color="target", drags={"x": Drag("a"), "y": Drag("b", 0, 2.0, 1.0)})],
        **XY,
    ),
    "points, drags to": Panel(
        "points", [Points("p", [1.0], [2.0], color="target", drags=DragTo(_dragged, ("z",), "p"))], **XY
    ),
    "bars": Panel("bars", [Bars("p", Y, color="logits")], **CLASSED),
    "bars, places": Panel("bars", [Bars("p", Y, X, color="logits", width=0.3)], **XY),
    "bars, beyond": Panel("bars", [Bars("p", [-1, 2, 6], [0.3, 2, 6], color="logits")], **LOG),
    "bars, base": Panel("bars", [Bars("p", Y, color="logits", base=1.0)], **CLASSED),
    "bars, stacked": Panel(
        "bars", [Bars("p", Y, color="logits"), Bars("q", Y**2, base=Y, color="loss", hatch="//")], **CLASSED
    ),
    "bars, hatch": Panel("bars", [Bars("p", Y, color="logits", hatch="..")], **CLASSED),
    "bars, crossed": Panel("bars", [Bars("p", Y, color="logits", hatch="xx")], **CLASSED),
    "bars, values": Panel("bars", [Bars("p", Y, color="logits", values=True)], **CLASSED),
    "bars, words": Panel("bars", [Bars("p", Y, color="logits", values=["a", "b", "c", "d"])], **CLASSED),
    "bars, lying": Panel("bars", [Bars("p", Y, color="logits", horizontal=True, values=True)], **LYING),
    "bars, drags": Panel("bars", [Bars("p", Y, color="logits", drags={"y": Drag("z", "each")})], **CLASSED),
    "bars, faded": Panel("bars", [Bars("p", Y, color="logits", faded=[1, 0, 0, 1])], **CLASSED),
    "bars, logarithmic": Panel(
        "bars", [Bars("p", [0.02, 1, 5, 8], color="logits")], x=classes(NAMES), y=LOG["y"]
    ),
    "band": Panel("band", [Band("b", Y - 0.5, Y + 0.5, X, color="accent", opacity=0.3)], **XY),
    "band, gap": Panel("band", [Band("b", GAPS - 0.5, GAPS + 0.5, X, color="accent")], **XY),
    "band, from zero": Panel("band", [Band("b", 0.0, Y, X, color="accent", label="area")], **XY),
    "image": Panel("image", [Image("f", GRID, x=(0, 4), y=(-2, 3), low=0, high=11)], **XY),
    "image, missing": Panel(
        "image",
        [Image("f", np.where(GRID == 5, np.nan, GRID), x=(0, 4), y=(-2, 3), low=0, high=11)],
        **XY,
    ),
    "image, scale": Panel(
        "image",
        [Image("f", GRID, x=(0, 4), y=(0, 3), low=-11, high=11, colormap="diverging", scale="*f*")],
        x=Axis("x", 0, 4),
        y=Axis("y", 0, 3),
        equal=True,
    ),
    "polygons": Panel("polygons", [Polygons("r", TRIANGLES, fill=["tint0", "tint1"], edge="ink")], **XY),
    "polygons, flat": Panel(
        "polygons", [Polygons("r", (np.concatenate(TRIANGLES), [3, 4]), fill="#abcdef")], **XY
    ),
    "polygons, values": Panel(
        "polygons",
        [Polygons("r", TRIANGLES, values=[0.25, -1], colormap="diverging", low=-1, high=1, scale="slope")],
        **XY,
    ),
    "polygons, chosen": Panel(
        "polygons",
        [
            Polygons("r", TRIANGLES, fill="tint2", chosen=[1]),
            Line("", [-1, 2], [0, 4], color="layer2", width=1),
            Points("p", [0.5], [1.5], color="target"),
        ],
        **XY,
    ),
    "polygons, pressed": Panel("polygons", [Polygons("r", TRIANGLES, fill="tint2", drags=Press("b"))], **XY),
    "rule, upright": Panel("rule", [Rule("t", 1.5, label="threshold")], **XY),
    "rule, level": Panel("rule", [Rule("t", 1.5, axis="y", color="wrong", dash="")], **XY),
    "rule, outside": Panel("rule", [Rule("t", 7.0)], **XY),
    "rule, drags": Panel("rule", [Rule("t", 1.5, drags={"x": Drag("t")})], **XY),
    "text": Panel("text", [Text("*p*_0", 1, 1), Text("b", 2, 0, anchor="end", dx=3, dy=-4)], **XY),
    "tiles": Panel(
        "tiles",
        [Tiles("J", GRID / 20, rows="abc", columns="wxyz", low=-1, high=1, outlined=[(0, 1), (2, 3)])],
    ),
    "tiles, words": Panel(
        "tiles",
        [Tiles("J", GRID, rows="abc", columns="wxyz", low=0, high=11, colormap="gray", texts=["stay"] * 3)],
    ),
    "tiles, palette": Panel(
        "tiles", [Tiles("on", [[0.0, 1.0, 1.0]], rows=[""], columns="xyz", palette=("faint", "ink"))]
    ),
    "surface": Panel(
        "surface",
        [Surface("s", GRID, np.arange(4.0), np.arange(3.0), low=0, high=11, labels=("*x*", "*y*", "*s*"))],
    ),
    "no frame": Panel("no frame", [Line("f", Y, X, color="ink")], **XY, equal=True, frame="none"),
    "grid": Panel(
        "grid", [Line("f", Y, X, color="ink")], x=XY["x"], y=Axis("y", -2, 3, zero=True), grid="both"
    ),
    "limits from the data": Panel("limits", [Line("f", Y, X, color="ink")], x=Axis("x"), y=Axis("y")),
}


def picture(panel: Panel, **changes: Any) -> Picture:
    """Return a picture of one panel."""
    return Picture([panel], "It shows something.", **changes)
