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
from discovery import declared
from matplotlib.colors import to_rgb

from course_utils.teaching import Demo
from course_utils.teaching.pictures import Panel, Picture, Polygons, colors
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


def marks_by_panel(picture: Picture) -> Iterator[set[Mark]]:
    """Yield what the reader has to tell apart in each panel, on each paper."""
    for panel in itertools.chain.from_iterable(picture.panels):
        for dark in (False, True):
            yield {mark for painted in panel.marks for mark in painted_marks(painted, dark)}


def painted_marks(mark: Any, dark: bool) -> Iterator[Mark]:
    """Yield how a mark looks; a label that stands beside it tells it apart."""
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


def color_problems(picture: Picture) -> list[str]:
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


@pytest.mark.parametrize("dark", [False, True])
def test_tints_of_regions_are_outlined_for_everybody(dark: bool) -> None:
    for tint in (name for name in colors.TOKENS if name.startswith("tint")):
        assert confused_by(colors.hex_of(tint, dark), colors.hex_of("layer1", dark)) == []


def test_areas_of_confused_colors_need_an_outline() -> None:
    areas = [np.array([(0, 0), (1, 0), (0, 1)]), np.array([(1, 1), (1, 0), (0, 1)])]
    for edge, problems in ((None, 2), ("#000000", 0)):  # on light and on dark paper
        filled = Polygons("areas", areas, fill=["#d62728", "#2ca02c"], edge=edge)
        found = color_problems(Picture([Panel("areas", [filled])], "Two areas."))
        assert len(found) == problems, found


def test_the_simulations_keep_white_and_gray() -> None:
    for simulation in SIMULATIONS:
        assert oklab("white", simulation) == pytest.approx([1, 0, 0], abs=1e-4)
        assert oklab("#808080", simulation) == pytest.approx(oklab("#808080", "gray"), abs=1e-4)
