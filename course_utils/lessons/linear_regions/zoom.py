"""Section "Zoom": windows of every size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.handles import handle
from course_utils.lessons.linear_regions.networks import (
    DEEP,
    NETS,
    SEED,
    linear_count,
    network,
    regions_within,
)
from course_utils.lessons.region_maps import boundary_lines, square_window, tinted, window_around
from course_utils.numerics.regions import ActivationRegions, activation_regions
from course_utils.teaching import Choice, Demo, LogFloat, Vector
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Table
from course_utils.teaching.text import format_number
from course_utils.words import counted


@lru_cache(maxsize=64)
def _counts_by_width(net: str, seed: int, center: tuple[float, float]) -> tuple[Array, Whole]:
    """Count the regions in windows of half-widths from 0.01 to 10000, four per decade."""
    half_widths = 10.0 ** np.linspace(-2, 4, 25)
    counts = [len(activation_regions(network(net, seed), window_around(h, center))) for h in half_widths]
    return half_widths, np.array(counts)


def zoom(net: str, half_width: float, center: tuple[float, ...], seed: int) -> Picture:
    """Show the exact regions in a window of any size, and how their number grows with it."""
    middle = (center[0], center[1])
    regions = regions_within(network(net, seed), half_width, middle)
    half_widths, counts = _counts_by_width(net, seed, middle)

    count = len(regions)
    return Picture(
        [_map(regions, half_width, middle), _count(half_width, len(regions), half_widths, counts)],
        f"The window of half-width {_plain(half_width)} around ({format_number(middle[0])}, "
        f"{format_number(middle[1])}) holds {counted(count, 'region')}. "
        + (
            "On a single region the network is one affine map."
            if count == 1
            else f"The smallest has area {format_number(regions.areas.min())}."
        )
        + f" From half-width {_plain(half_widths[0])} to {_plain(half_widths[-1])} the count goes from {counts[0]} "
        f"to {counts[-1]}.",
        table=Table(
            f"Regions of the {net} network with seed {seed} in windows around this point",
            {"half-width": half_widths, "regions": counts},
            {
                "half-width here": half_width,
                "regions here": count,
                "linear regions here": linear_count(regions),
                "smallest area here": float(regions.areas.min()),
            },
        ),
        height=380,
    )


def _map(regions: ActivationRegions, half_width: float, center: tuple[float, float]) -> Panel:
    return Panel(
        f"half-width *h* = {_plain(half_width)}",
        [tinted(regions), *boundary_lines(regions)],
        **square_window(half_width, center, named=True),
        weight=2,
        zooms="half_width",
    )


def _count(here: float, count: int, half_widths: Array, counts: Whole) -> Panel:
    return Panel(
        "regions in the window",
        [
            Line("regions", counts, half_widths, color="accent"),
            handle("regions here", count, here, "half_width", shape="diamond"),
        ],
        x=Axis(
            "half-width", 0.007, 14000, scale="log", ticks={0.01: "0.01", 1: "1", 100: "100", 10000: "10k"}
        ),
        y=Axis("", 0, 450, ticks=(0, 100, 200, 300, 400)),
    )


def _plain(number: float) -> str:
    """Write a positive number without an exponent."""
    return format_number(round(number)) if number >= 1000 else format_number(number)


zoom_demo = Demo(
    zoom,
    (
        Choice("net", "Network", options=NETS),
        LogFloat("half_width", "Half-width", low=0.01, high=10_000, initial=10, step=10**0.1, plays=True),
        Vector(
            "center", "Center of the window", entries=("x0", "x1"), low=-3, high=3, initial=(0, 0), step=0.1
        ),
        SEED,
    ),
    title="Zoom over six decades, exact at every step.",
    look_for="Zoom in to one region, then out until nothing is new.",
    presets={
        "One region": {"half_width": 0.05},
        "±100": {"half_width": 100},
        "±5000": {"half_width": 5000},
        "Four layers, ±10": {"net": DEEP},
        "Four layers, ±5000": {"net": DEEP, "half_width": 5000},
    },
)
