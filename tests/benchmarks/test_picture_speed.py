"""What a picture costs the kernel as data, and as a Matplotlib image of the same bars or regions.

Run it with ``pytest tests/benchmarks/test_picture_speed.py --benchmark-enable -n 0`` for a table, or as a
script for CPU times and ratios alone: ``python tests/benchmarks/test_picture_speed.py``. The aims, on a
machine of its own: at most 2 ms for three panels of bars and 4 ms for 200 polygons, building included.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from course_utils.teaching import Picture, Table, look, pictures
from course_utils.teaching.drawing import bars
from course_utils.teaching.pictures import Axis, Bars, Panel, Polygons, classes

ROUNDS = 200
HEIGHTS = {"z": [1.0, 0.0, -4.0], "e^z": [2.72, 1.0, 0.0183], "p": [0.727, 0.268, 0.0049]}
COLORS = {"z": "logits", "e^z": "exponentials", "p": "probabilities"}
LIMITS = {"z": (-5, 5), "e^z": (0, 3), "p": (0, 1)}
NAMES = [f"class {i}" for i in range(3)]
SIDE = 20  # a net of 10 × 20 squares
SQUARES = [
    np.array([[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1.0]])
    for i in range(SIDE // 2)
    for j in range(SIDE)
]
SLOPES = np.linspace(-1, 1, len(SQUARES))


def bars_as_data() -> pictures.Picture:
    """Build three panels of bars."""
    return pictures.Picture(
        [
            Panel(
                name,
                [Bars(name, heights, color=COLORS[name], values=True)],
                x=classes(NAMES),
                y=Axis("", *LIMITS[name]),
            )
            for name, heights in HEIGHTS.items()
        ],
        "p = 0.727, 0.268 and 0.0049.",
    )


@look.applied
def bars_as_image() -> Picture:
    """Build the same with Matplotlib, as the lessons did."""
    figure, panels = look.panels(3, left=60, gap=62)
    for axes, (name, heights) in zip(panels, HEIGHTS.items(), strict=True):
        bars(axes, np.array(heights), name, look.BLUE, name, NAMES)
        axes.set_ylim(*LIMITS[name])
    return Picture(figure, "p = 0.727, 0.268 and 0.0049.", Table("Bars", {"": NAMES, **HEIGHTS}))


def polygons_as_data() -> pictures.Picture:
    """Build a map of 200 polygons, colored by a number."""
    regions = Polygons("slope", SQUARES, values=SLOPES, colormap="diverging", low=-1, high=1, edge="ink")
    panel = Panel("map", [regions], x=Axis("x", 0, SIDE // 2), y=Axis("y", 0, SIDE), equal=True)
    return pictures.Picture([panel], "It rises.")


@look.applied
def polygons_as_image() -> Picture:
    """Build the same with Matplotlib."""
    figure, (axes,) = look.panels()
    axes.add_collection(PolyCollection(SQUARES, array=SLOPES, cmap="RdBu", edgecolors="black"))
    axes.set(xlim=(0, SIDE // 2), ylim=(0, SIDE))
    return Picture(figure, "It rises.", Table("Slopes", {"slope": SLOPES}))


def sent(build: Callable[[], pictures.Picture]) -> int:
    """Do what the kernel does when a slider moves; return how many bytes go to the page."""
    spec = build().spec(640)
    return len(json.dumps(spec.json)) + sum(map(len, spec.buffers))


PAIRS = {"bars": (bars_as_data, bars_as_image), "polygons": (polygons_as_data, polygons_as_image)}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("kind", ["data", "image"])
def test_step(name: str, kind: str, benchmark: Any) -> None:
    as_data, as_image = PAIRS[name]
    benchmark.group = f"one step: {name}"
    size = benchmark((lambda: sent(as_data)) if kind == "data" else (lambda: len(as_image().png(1))))
    assert 2000 < size <= 60_000


def median_milliseconds(action: Callable[[], object], rounds: int) -> float:
    """Return the median CPU time of one call."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


if __name__ == "__main__":
    for case, (as_data, as_image) in PAIRS.items():
        sent(as_data), as_image().png(1)  # warm: fonts, imports
        data = median_milliseconds(lambda build=as_data: sent(build), ROUNDS)
        image = median_milliseconds(lambda build=as_image: build().png(1), ROUNDS // 10)
        size = f"{sent(as_data):,} bytes for {len(as_image().png(1)):,}"
        print(f"{case}: {data:.2f} ms as data, {image:.1f} ms as an image, ratio {data / image:.3f}; {size}")
