"""Section "Three ways, timed"."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from course_utils.lessons.linear_regions.networks import SHALLOW, network
from course_utils.lessons.region_maps import window_around
from course_utils.numerics.regions import activation_regions


def time_three_ways(net: str = SHALLOW, points: int = 500) -> str:
    """Time three ways to see the regions in ±10, now and on this machine, and say what came out.

    Point by point is measured on 2,000 points and scaled up to the whole grid.
    """
    mlp = network(net)
    axis = np.linspace(-10, 10, points)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    some = grid.reshape(-1, 2)[:: max(1, points**2 // 2000)]

    def one_by_one() -> None:
        for point in some:
            mlp.forward(point)

    loop = _seconds(one_by_one) * points**2 / len(some)
    batch = _seconds(lambda: np.gradient(mlp.forward(grid)[..., 0], axis, axis))
    exact = _seconds(lambda: activation_regions(mlp, window_around(10)).polygons)
    return (
        f"{net} in ±10 on this machine, now: the {points} × {points} grid point by point {_duration(loop)}, "
        f"in one batch with np.gradient {_duration(batch)}, exactly {_duration(exact)}."
    )


def _seconds(action: Any) -> float:
    """Return the best time of five calls."""
    best = np.inf
    for _ in range(5):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return float(best)


def _duration(seconds: float) -> str:
    number, unit = (seconds, "s") if seconds >= 1 else (1e3 * seconds, "ms")
    return f"{float(f'{number:.2g}'):g} {unit}"
