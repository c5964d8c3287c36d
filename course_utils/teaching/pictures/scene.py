"""A spec as shapes, words and pixels at their places on paper: what the painters in Python paint.

The painter of a live page does the same in the browser; tests compare both with the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.spec import Array, Json, Scale, Spec
from course_utils.teaching.pictures.typeset import ANCHORS, PLACES, run_width

Box = tuple[float, float, float, float]

DASH_LENGTHS = {"": (), "dashed": (6.0, 4.0), "dotted": (0.1, 4.0)}  # pixels on and off, for a width of 2
FADED = 0.35
FURNITURE = {"grid": "faint", "axis": "axis", "tick": "axis", "zero": "ink"}


@dataclass(frozen=True, eq=False)
class Shape:
    """Lines or areas of one look. `paths` are arrays of shape (n, 2); `fill` may be one color for each."""

    name: str
    kind: str
    paths: Sequence[Array]
    closed: bool = True
    fill: str | Sequence[str] | None = None
    stroke: str | Sequence[str] | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    hatch: str = ""
    clip: Box | None = None


@dataclass(frozen=True)
class Glyphs:
    """Letters of one style, from a place on the baseline to the right."""

    text: str
    x: float
    y: float
    size: float
    italic: bool
    weight: int
    color: str
    halo: bool
    width: float


@dataclass(frozen=True, eq=False)
class Pixels:
    """A colored grid, first row on top, in a box of (left, top, right, bottom)."""

    name: str
    rgba: npt.NDArray[np.uint8]
    box: Box
    clip: Box | None


Part = Shape | Glyphs | Pixels


class _Panel(NamedTuple):
    spec: Spec
    box: Box
    x: Scale
    y: Scale

    def places(self, mark: Json) -> Array:
        """Return the pixels of a mark's points, shape (n, 2)."""
        x, y = self.spec.array(mark["x"]), self.spec.array(mark["y"])
        return np.stack([self.x.px(x.astype(float)), self.y.px(y.astype(float))], axis=-1)


def scene(spec: Spec) -> Iterator[Part]:
    """Yield all parts of a picture on light paper, in the order in which they are painted."""
    for panel in spec.json["panels"]:
        left, top, wide, tall = panel["box"]
        where = _Panel(
            spec,
            (left, top, wide, tall),
            _scale(panel["x"], left, wide),
            _scale(panel["y"], top + tall, -tall),
        )
        yield from _lines(panel["lines"], ("grid",))
        for mark in panel["marks"]:
            yield from _PAINTED[mark["kind"]](mark, where)
        yield from _lines(panel["lines"], ("axis", "tick", "zero"))
        for strip in panel["scales"]:
            x, y, w, h = strip["box"]
            rgb = colors.colormap(strip["colormap"])[::-1, None]
            yield Pixels("", _opaque(rgb), (x, y, x + w, y + h), None)
        for text in panel["texts"]:
            yield from words(text, text["x"], text["y"])


def _scale(json: Json, start: float, length: float) -> Scale:
    low, high = json["limits"]
    return Scale(low, high, json["scale"] == "log", start, length)


def _lines(lines: Sequence[Json], roles: Sequence[str]) -> Iterator[Shape]:
    for role in roles:
        paths = [np.array(line["d"], dtype=float).reshape(2, 2) for line in lines if line["role"] == role]
        if paths:
            yield Shape("", role, paths, closed=False, stroke=colors.hex_of(FURNITURE[role]))


def words(text: Json, x: float, y: float) -> Iterator[Glyphs]:
    """Yield the runs of a text whose anchor stands at a place."""
    size, weight = text["size"], text.get("weight", 400)
    widths = [run_width(letters, style, size, weight) for letters, style in text["runs"]]
    x -= ANCHORS[text["anchor"]] * sum(widths)
    for (letters, style), wide in zip(text["runs"], widths, strict=True):
        scale, rise = PLACES[style.removeprefix("i")]
        yield Glyphs(
            letters,
            x,
            y - rise * size,
            size * scale,
            style.startswith("i"),
            weight,
            colors.hex_of(text["color"]),
            bool(text.get("halo")),
            wide,
        )
        x += wide


def _clip(box: Box) -> Box:
    left, top, wide, tall = box
    return left, top, left + wide, top + tall


def _is_inside(box: Box, x: Any, y: Any) -> Any:
    """Tell which places are in a box, or at most half a pixel beside it."""
    left, top, right, bottom = _clip(box)
    with np.errstate(invalid="ignore"):
        return (x >= left - 0.5) & (x <= right + 0.5) & (y >= top - 0.5) & (y <= bottom + 0.5)


def _line(mark: Json, panel: _Panel) -> Iterator[Part]:
    places = panel.places(mark)
    gaps = np.flatnonzero(~np.isfinite(places).all(axis=1))
    pieces = [piece[np.isfinite(piece).all(axis=1)] for piece in np.split(places, gaps)]
    color, width = colors.hex_of(mark["color"]), mark["width"]
    dash = tuple(length * max(width, 1) / 2 for length in DASH_LENGTHS[mark["dash"]])
    paths = [piece for piece in pieces if len(piece) > 1]
    yield Shape(mark["name"], "line", paths, False, None, color, width, dash, clip=_clip(panel.box))
    if mark["arrow"] and paths:
        yield Shape(mark["name"], "arrow", [_arrowhead(paths[-1], width)], fill=color)


def _arrowhead(path: Array, width: float) -> Array:
    tip = path[-1]
    before = path[:-1][np.hypot(*(path[:-1] - tip).T) > 1e-9]
    along = (tip - before[-1]) / np.hypot(*(tip - before[-1])) if len(before) else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    long, half = 4 + 2.5 * width, 2 + 1.2 * width
    return np.array([tip, tip - long * along + half * across, tip - long * along - half * across])


def _turned(corners: int, radii: Sequence[float] = (1.0,)) -> Array:
    angles = np.radians(-90 + 360 / corners * np.arange(corners))
    places: Array = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * np.resize(radii, corners)[:, None]
    return places


# Half the size is 1. Crosses and pluses are lines, all others areas.
AREAS = {
    "circle": _turned(32),
    "square": 0.89 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]),
    "triangle": 1.2 * _turned(3) + np.array([0, 0.15]),
    "diamond": 1.2 * _turned(4),
    "star": 1.3 * _turned(10, radii=(1.0, 0.45)),
}
STROKES = {
    "cross": np.array([[[-1, -1], [1, 1]], [[-1, 1], [1, -1.0]]]) * 0.8,
    "plus": np.array([[[-1, 0], [1, 0]], [[0, -1], [0, 1.0]]]),
}


def _points(mark: Json, panel: _Panel) -> Iterator[Part]:
    places = panel.places(mark)
    seen = _is_inside(panel.box, *places.T)
    half, color, outline = mark["size"] / 2, colors.hex_of(mark["color"]), colors.hex_of(mark["outline"])
    if mark["shape"] in STROKES:
        paths = [place + half * part for place in places[seen] for part in STROKES[mark["shape"]]]
        yield Shape(mark["name"], "points", paths, False, stroke=color, width=2)
    else:
        paths = [place + half * AREAS[mark["shape"]] for place in places[seen]]
        yield Shape(mark["name"], "points", paths, fill=color, stroke=outline, width=1.25)


def _bars(mark: Json, panel: _Panel) -> Iterator[Part]:
    across, along = (panel.x, panel.y) if not mark["horizontal"] else (panel.y, panel.x)
    middle, end = (panel.spec.array(mark[axis]).astype(float) for axis in ("x", "y"))
    base = panel.spec.array(mark["base"] if not isinstance(mark["base"], float | int) else [mark["base"]])
    one, other = (across.edge(middle + side * mark["width"] / 2) for side in (-1, 1))
    foot, tip = np.broadcast_to(along.edge(base.astype(float)), end.shape), along.edge(end)
    corners = [(one, foot), (other, foot), (other, tip), (one, tip)]
    rectangles = np.stack(
        [np.stack(c if not mark["horizontal"] else c[::-1], axis=-1) for c in corners], axis=1
    )
    color, faded = colors.hex_of(mark["color"]), mark.get("faded") or [False] * len(end)
    for opacity in (1.0, FADED):
        paths = [r for r, stands_back in zip(rectangles, faded, strict=True) if stands_back == (opacity < 1)]
        if paths:
            style = {"fill": color, "opacity": opacity, "hatch": mark["hatch"]}
            yield Shape(mark["name"], "bars", paths, clip=_clip(panel.box), **style)


def _band(mark: Json, panel: _Panel) -> Iterator[Part]:
    x = panel.x.px(panel.spec.array(mark["x"]).astype(float))
    low, high = (panel.y.px(panel.spec.array(mark[end]).astype(float)) for end in ("low", "high"))
    whole = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    runs = [piece[whole[piece]] for piece in np.split(np.arange(len(x)), np.flatnonzero(~whole))]
    paths = [
        np.concatenate([np.stack([x[run], high[run]], -1), np.stack([x[run], low[run]], -1)[::-1]])
        for run in runs
        if len(run) > 1
    ]
    color = colors.hex_of(mark["color"])
    yield Shape(mark["name"], "band", paths, fill=color, opacity=mark["opacity"], clip=_clip(panel.box))


def _opaque(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.concatenate([rgb, np.full((*rgb.shape[:-1], 1), 255, np.uint8)], axis=-1)


def _image(mark: Json, panel: _Panel) -> Iterator[Part]:
    indices = panel.spec.array(mark["values"]).astype(np.uint8).reshape(mark["shape"])[::-1]
    table = colors.colormap(mark["colormap"])
    if mark["missing"]:
        rgba = _opaque(table[np.round(indices * (255 / 254)).clip(0, 255).astype(np.uint8)])
        rgba[indices == 255] = 0
    else:
        rgba = _opaque(table[indices])
    x0, x1, y0, y1 = mark["extent"]
    box = (panel.x.px(x0), panel.y.px(y1), panel.x.px(x1), panel.y.px(y0))
    yield Pixels(mark["name"], rgba, box, _clip(panel.box))


def _fills(mark: Json, panel: _Panel) -> list[str]:
    """Return the color of each entry: through the color map, or out of the mark's palette."""
    if "palette" in mark:
        palette = [colors.hex_of(color) for color in mark["palette"]]
    else:
        palette = ["#" + bytes(color).hex() for color in colors.colormap(mark["colormap"])]
    return [palette[index] for index in panel.spec.array(mark["fill"]).astype(int).tolist()]


def _polygons(mark: Json, panel: _Panel) -> Iterator[Part]:
    counts = panel.spec.array(mark["counts"]).astype(int)
    paths = np.split(panel.places(mark), np.cumsum(counts)[:-1]) if len(counts) else []
    fill = _fills(mark, panel)
    # Without edges, the ones of the fill's own color close the seams between neighbors.
    edged = mark["edge"] is not None
    stroke: Any = colors.hex_of(mark["edge"]) if edged else fill
    clip = _clip(panel.box)
    yield Shape(
        mark["name"], "polygons", paths, True, fill, stroke, mark["edge_width"] if edged else 0.5, clip=clip
    )


def _rule(mark: Json, panel: _Panel) -> Iterator[Part]:
    left, top, right, bottom = _clip(panel.box)
    if mark["axis"] == "x":
        x = panel.x.px(mark["at"])
        path = [[x, top], [x, bottom]]
    else:
        y = panel.y.px(mark["at"])
        path = [[left, y], [right, y]]
    dash = tuple(length * mark["width"] / 2 for length in DASH_LENGTHS[mark["dash"]])
    paths = [np.array(path)] if _is_inside(panel.box, *path[0]) else []
    yield Shape(mark["name"], "rule", paths, False, None, colors.hex_of(mark["color"]), mark["width"], dash)


def _text(mark: Json, panel: _Panel) -> Iterator[Part]:
    x, y = panel.x.px(mark["x"]), panel.y.px(mark["y"])
    if _is_inside(panel.box, x, y):
        yield from words(mark, x + mark["dx"], y + mark["dy"])


def _tiles(mark: Json, panel: _Panel) -> Iterator[Part]:
    (rows, columns), (left, top, wide, tall) = mark["shape"], panel.box
    cell, cell_tall = wide / columns, tall / rows
    corners = [(left + j * cell, top + i * cell_tall) for i in range(rows) for j in range(columns)]
    square = np.array([[0, 0], [cell, 0], [cell, cell_tall], [0, cell_tall]])
    paper = colors.hex_of("paper")
    tiles = [np.array(corner) + square for corner in corners]
    yield Shape(mark["name"], "tiles", tiles, fill=_fills(mark, panel), stroke=paper, width=1.5)
    outlined = [tiles[i * columns + j] for i, j in mark["outlined"]]
    if outlined:
        for color, width in (("paper", 5.0), ("ink", 2.5)):  # seen on tiles of either color
            yield Shape(mark["name"], "outlined", outlined, stroke=colors.hex_of(color), width=width)
    for (x, y), runs, ink in zip(corners, mark["texts"], mark["ink"], strict=True):
        text = {"runs": runs, "anchor": "middle", "size": 12, "color": ink}
        yield from words(text, x + cell / 2, y + cell_tall / 2 + 4.2)


_PAINTED: dict[str, Callable[[Json, _Panel], Iterator[Part]]] = {
    "line": _line,
    "points": _points,
    "bars": _bars,
    "band": _band,
    "image": _image,
    "polygons": _polygons,
    "rule": _rule,
    "text": _text,
    "tiles": _tiles,
}
