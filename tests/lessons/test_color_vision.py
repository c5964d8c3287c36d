"""What a picture tells apart by color stays apart for color-blind readers, or differs in more than color.

Simulated are the three kinds of dichromacy and a gray print. For all demos, at their defaults and presets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from artists import GUIDE, data_axes
from discovery import declared
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PolyCollection
from matplotlib.colors import ListedColormap, to_hex, to_rgb
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from course_utils.teaching import Demo, Picture, look, pictures
from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.layout import in_the_key

# Machado, Oliveira & Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", severity 1.0, for linear RGB. Gray: relative luminance (WCAG 2.2).
SIMULATIONS = {
    "nobody's colors lost": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "gray": [[0.2126, 0.7152, 0.0722]] * 3,
}
# Ottosson (2020), "A perceptual color space for image processing": OKLab. Lightness runs from 0 to 1.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# About 0.02 is just noticeable side by side; thin lines and a legend far from them need several times that.
APART = 0.1


def oklab(color: Any, simulation: str) -> np.ndarray:
    """Return the perceptual coordinates of a color as somebody sees it."""
    encoded = np.array(to_rgb(color))
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(SIMULATIONS[simulation]) @ linear, 0, 1)
    return TO_OKLAB @ np.cbrt(TO_CONES @ seen)


def distance(one: Any, other: Any, simulation: str) -> float:
    """Return how far apart two colors look to somebody."""
    return float(np.linalg.norm(oklab(one, simulation) - oklab(other, simulation)))


def confused_by(one: Any, other: Any) -> list[str]:
    """Name the simulations in which two colors look nearly alike."""
    return [name for name in SIMULATIONS if distance(one, other, name) < APART]


@dataclass(frozen=True)
class Mark:
    """How something is drawn: its color, and all else that tells it from others."""

    name: str
    color: str
    form: tuple[Any, ...]  # kind, dash, marker, hatch, place on a labeled axis
    width: float = 0.0

    def differs_in_form(self, other: Mark) -> bool:
        thin, thick = sorted((self.width, other.width))
        return self.form != other.form or thick >= 2 * thin > 0


def marks(axes: Axes) -> Iterator[Mark]:
    """Yield what the reader has to tell apart in one panel: all data, and guides that the legend names."""
    for container in axes.containers:
        if isinstance(container, BarContainer):
            for bar in container:
                yield Mark(
                    str(container.patches[0].get_gid()),
                    to_hex(bar.get_facecolor()),
                    ("bar", bar.get_hatch(), _label_below(axes, bar.get_x() + bar.get_width() / 2)),
                )
    for line in axes.lines:
        if line.get_gid() != GUIDE or not str(line.get_label()).startswith("_"):
            yield from _line_marks(line)
    for collection in axes.collections:
        if collection.get_gid() != GUIDE and not _shows_magnitudes(collection):
            for color in {to_hex(color) for color in collection.get_facecolor()}:
                kind = "outlined area" if _is_outlined(collection, color) else "area"
                yield Mark(str(collection.get_gid()), color, (kind, *_own_name(kind, color)))


def _line_marks(line: Line2D) -> Iterator[Mark]:
    # The pattern itself: for one of your own, get_linestyle says "--".
    dash = "None" if line.get_linestyle() == "None" else repr(line._unscaled_dash_pattern)
    marker = str(line.get_marker())
    if dash != "None":
        yield Mark(
            str(line.get_gid()), to_hex(line.get_color()), ("line", dash, marker), line.get_linewidth()
        )
    elif marker != "None":
        filled = line.get_fillstyle() != "none" and str(line.get_markerfacecolor()) != "none"
        color = line.get_markerfacecolor() if filled else line.get_markeredgecolor()
        yield Mark(str(line.get_gid()), to_hex(color), ("marker", marker, filled), line.get_markersize())


def _label_below(axes: Axes, x: float) -> str:
    """The word under a bar, which names it better than its color; numbers are places, not names."""
    for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True):
        if abs(place - x) < 1e-9 and not label.get_text().replace("−", "").replace(".", "").isdigit():
            return label.get_text()
    return ""


def _shows_magnitudes(collection: Collection) -> bool:
    """Tell whether the colors are a scale, not categories."""
    return isinstance(collection, Poly3DCollection) or (
        collection.get_array() is not None and not isinstance(collection.cmap, ListedColormap)
    )


def _is_outlined(collection: Collection, color: str) -> bool:
    """Tell whether areas of this color have a border that everybody sees."""
    return (
        isinstance(collection, PolyCollection)
        and len(collection.get_edgecolor()) > 0
        and not confused_by(color, collection.get_edgecolor()[0])
    )


def _own_name(kind: str, color: str) -> tuple[str, ...]:
    """With a border around each, areas are apart whatever their colors."""
    return (color,) if kind == "outlined area" else ()


def marks_by_panel(picture: Picture | pictures.Picture) -> Iterator[set[Mark]]:
    """Yield what the reader has to tell apart in each panel, on each paper."""
    if isinstance(picture, pictures.Picture):
        for panel in itertools.chain.from_iterable(picture.panels):
            for dark in (False, True):
                yield {mark for painted in panel.marks for mark in painted_marks(painted, dark)}
    else:
        yield from (set(marks(axes)) for axes in data_axes(picture.figure))


def painted_marks(mark: Any, dark: bool) -> Iterator[Mark]:
    """Yield how a mark of a picture that is data looks; a label that stands beside it tells it apart."""
    form: tuple[Any, ...] = (mark.kind, *(getattr(mark, style, "") for style in ("dash", "shape", "hatch")))
    if mark.kind in ("line", "rule", "band") and not in_the_key(mark):
        form = (*form, mark.label)
    if mark.kind == "polygons" and mark.values is None and mark.name:
        edged = mark.edge is not None
        for color in mark.palette:
            tint = colors.hex_of(color, dark)
            apart = edged and not confused_by(tint, colors.hex_of(mark.edge, dark))
            yield Mark(mark.name, tint, ("outlined area", tint) if apart else ("area",))
    elif (mark.name or mark.label) and hasattr(mark, "color"):
        width = getattr(mark, "size", 0) if mark.kind == "points" else getattr(mark, "width", 0)
        yield Mark(mark.name, colors.hex_of(mark.color, dark), form, width)


def color_problems(picture: Picture | pictures.Picture) -> list[str]:
    """List the pairs that differ in color only, and of which somebody cannot see that."""
    found = []
    for seen in marks_by_panel(picture):
        for one, other in itertools.combinations(sorted(seen, key=repr), 2):
            if one.color != other.color and not one.differs_in_form(other):
                confused = confused_by(one.color, other.color)
                if confused:
                    found.append(
                        f"{one.name!r} ({one.color}) and {other.name!r} ({other.color}) differ in color only "
                        f"and look alike: {', '.join(confused)}"
                    )
    return found


@pytest.mark.parametrize("demo", declared(Demo))
def test_no_demo_relies_on_colors_that_some_confuse(demo: Demo) -> None:
    for changes in [{}, *demo.presets.values()]:
        assert color_problems(demo.at(**changes)) == [], changes


def test_classes_differ_in_color_hatch_and_marker() -> None:
    for one, other in itertools.combinations(look.CLASSES, 2):
        assert one.hatch != other.hatch
        assert one.marker != other.marker
        assert not set(confused_by(one.color, other.color)) - {"gray"}


@pytest.mark.parametrize("dark", [False, True])
def test_tints_of_regions_are_outlined_for_everybody(dark: bool) -> None:
    for tint in (name for name in colors.TOKENS if name.startswith("tint")):
        assert confused_by(colors.hex_of(tint, dark), colors.hex_of("layer1", dark)) == []


@look.applied
def lines_drawn(*styles: dict[str, Any]) -> Picture:
    from course_utils.teaching import Table

    figure, (axes,) = look.panels()
    for number, style in enumerate(styles):
        axes.plot([0, 1], [number, number], gid=f"x | line {number}", **style)
    return Picture(figure, "Lines.", Table("Lines", {"x": [0, 1]}))


def test_red_and_green_alone_are_caught() -> None:
    red, green = {"color": "#d62728"}, {"color": "#2ca02c"}
    (problem,) = color_problems(lines_drawn(red, green))
    assert "deuteranopia" in problem
    assert color_problems(lines_drawn(red, green | {"linestyle": "--"})) == []
    assert color_problems(lines_drawn(red, {"color": "#000000"})) == []
    assert color_problems(lines_drawn({"color": look.BLUE}, {"color": look.VERMILLION})) != [], (
        "alike in gray"
    )


@look.applied
def test_bars_and_areas_are_caught_too() -> None:
    picture = lines_drawn()
    (axes,) = picture.figure.axes
    axes.bar([0], [1], color="#d62728", gid="a")
    axes.bar([1], [1], color="#2ca02c", gid="b")
    assert len(color_problems(picture)) == 1
    axes.set_xticks([0, 1], ["cat", "dog"])
    assert color_problems(picture) == []
    for edge, problems in (("none", 1), ("#000000", 0)):
        picture = lines_drawn()
        areas = [[(0, 0), (1, 0), (0, 1)], [(1, 1), (1, 0), (0, 1)]]
        picture.figure.axes[0].add_collection(
            PolyCollection(areas, facecolors=["#d62728", "#2ca02c"], edgecolors=edge)
        )
        assert len(color_problems(picture)) == problems


def test_the_simulations_keep_white_and_gray() -> None:
    for simulation in SIMULATIONS:
        assert oklab("white", simulation) == pytest.approx([1, 0, 0], abs=1e-4)
        assert oklab("#808080", simulation) == pytest.approx(oklab("#808080", "gray"), abs=1e-4)
