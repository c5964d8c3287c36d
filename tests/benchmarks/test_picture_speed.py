"""What a picture costs the kernel: three panels of bars, and a map of 200 polygons.

Run it with ``pytest tests/benchmarks/test_picture_speed.py --benchmark-enable -n 0`` for a table, or as a
script for CPU times alone: ``python tests/benchmarks/test_picture_speed.py``. The aims, on a machine of its
own: at most 2 ms for the bars and 4 ms for the polygons, building included.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Polygons, classes

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


def bars() -> Picture:
    """Build three panels of bars."""
    return Picture(
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


def polygons() -> Picture:
    """Build a map of 200 polygons, colored by a number."""
    regions = Polygons("slope", SQUARES, values=SLOPES, colormap="diverging", low=-1, high=1, edge="ink")
    panel = Panel("map", [regions], x=Axis("x", 0, SIDE // 2), y=Axis("y", 0, SIDE), equal=True)
    return Picture([panel], "It rises.")


def sent(build: Callable[[], Picture]) -> int:
    """Do what the kernel does when a slider moves; return how many bytes go to the page."""
    spec = build().spec(640)
    return len(json.dumps(spec.json)) + sum(map(len, spec.buffers))


PICTURES = {"bars": bars, "polygons": polygons}


@pytest.mark.parametrize("name", PICTURES)
def test_step(name: str, benchmark: Any) -> None:
    benchmark.group = f"one step: {name}"
    assert 2000 < benchmark(lambda: sent(PICTURES[name])) <= 60_000


def median_milliseconds(action: Callable[[], object]) -> float:
    """Return the median CPU time of one call."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


if __name__ == "__main__":
    for name, build in PICTURES.items():
        print(f"{name}: {median_milliseconds(lambda build=build: sent(build)):.2f} ms, {sent(build):,} bytes")
