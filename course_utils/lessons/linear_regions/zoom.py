"""Section "Zoom": windows of every size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.linear_regions.networks import (
    DEEP,
    NETS,
    SEED,
    linear_count,
    network,
    regions_within,
)
from course_utils.lessons.regions_drawn import draw_regions, square_window
from course_utils.numerics.regions import activation_regions
from course_utils.teaching import Choice, Demo, LogFloat, Picture, Table, Vector, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number


@lru_cache(maxsize=64)
def _counts_by_width(net: str, seed: int, center: tuple[float, float]) -> tuple[Array, Whole]:
    """Count the regions in windows of half-widths from 0.01 to 10000, four per decade."""
    half_widths = 10.0 ** np.linspace(-2, 4, 25)
    counts = [len(activation_regions(network(net, seed), _window(h, center))) for h in half_widths]
    return half_widths, np.array(counts)


def _window(half_width: float, center: tuple[float, float]) -> tuple[float, float, float, float]:
    x, y = center
    return x - half_width, x + half_width, y - half_width, y + half_width


def zoom(net: str, half_width: float, center: tuple[float, ...], seed: int) -> Picture:
    """Show the exact regions in a window of any size, and how their number grows with it."""
    middle = (center[0], center[1])
    regions = regions_within(network(net, seed), half_width, middle)
    half_widths, counts = _counts_by_width(net, seed, middle)

    figure, (left, right) = look.panels(2, left=64, gap=64, right=30, height=350)
    arrays = draw_regions(left, regions)
    square_window(left, half_width, middle)
    titled(left, f"half-width {_plain(half_width)}")
    right.plot(half_widths, counts, "-", color=look.BLUE, gid="half-width | regions")
    right.plot(
        [half_width],
        [len(regions)],
        "D",
        color=look.VERMILLION,
        markeredgecolor=look.OUTLINE,
        markersize=9,
        gid="here | regions here",
    )
    right.set(xscale="log", xlim=(0.007, 14000), ylim=(0, 450), xlabel="half-width of the window")
    right.set_xticks([0.01, 1, 100, 10000], ["0.01", "1", "100", "10000"])
    right.minorticks_off()
    titled(right, "regions in the window")

    count = len(regions)
    return Picture(
        figure,
        f"The window of half-width {_plain(half_width)} around ({format_number(middle[0])}, "
        f"{format_number(middle[1])}) holds {count} {'region' if count == 1 else 'regions'}. "
        + (
            "On a single region the network is one affine map."
            if count == 1
            else f"The smallest has area {format_number(regions.areas.min())}."
        )
        + f" From half-width {_plain(half_widths[0])} to {_plain(half_widths[-1])} the count goes from {counts[0]} "
        f"to {counts[-1]}.",
        Table(
            f"Regions of the {net} network with seed {seed} in windows around this point",
            {"half-width": half_widths, "regions": counts},
            {
                "half-width here": half_width,
                "regions here": count,
                "linear regions here": linear_count(regions),
                "smallest area here": float(regions.areas.min()),
            },
        ),
        {**arrays, "here": np.array([half_width]), "regions here": np.array([count])},
    )


def _plain(number: float) -> str:
    """Write a positive number without an exponent."""
    return format_number(round(number)) if number >= 1000 else format_number(number)


zoom_demo = Demo(
    zoom,
    (
        Choice("net", "Network", options=NETS),
        LogFloat("half_width", "Half-width of the window", low=0.01, high=10_000, initial=10, step=10**0.1),
        Vector(
            "center", "Center of the window", entries=("x0", "x1"), low=-3, high=3, initial=(0, 0), step=0.1
        ),
        SEED,
    ),
    title="Zoom over six decades, exact at every step.",
    look_for="Zoom in until one region is left, then out until the count stops growing.",
    presets={
        "±50": {"half_width": 50},
        "±100": {"half_width": 100},
        "±5000": {"half_width": 5000},
        "One twentieth": {"half_width": 0.05},
        "Four layers, ±10": {"net": DEEP},
        "Four layers, ±5000": {"net": DEEP, "half_width": 5000},
    },
)
