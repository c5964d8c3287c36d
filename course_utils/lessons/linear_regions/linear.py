"""Section "Activation regions and linear regions": a map of any network."""

from __future__ import annotations

from course_utils.lessons.linear_regions.networks import linear_count
from course_utils.lessons.region_maps import (
    MOST_DRAWN,
    boundary_lines,
    dotted_key,
    square_window,
    tinted,
    window_around,
)
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import activation_regions
from course_utils.teaching.pictures import Panel, Picture, Table
from course_utils.teaching.text import format_number
from course_utils.words import counted


def map_of(net: MLP, half_width: float) -> Picture:
    """Draw the exact regions of any network with two inputs; for large ones, say what is left out."""
    regions = activation_regions(net, window_around(half_width))
    widths = "-".join(map(str, net.widths))
    drawn = min(len(regions), MOST_DRAWN)
    linear = linear_count(regions)
    left_out = (
        f" The picture draws the {drawn} largest and leaves the rest empty." if drawn < len(regions) else ""
    )
    lines = boundary_lines(regions, linear=True) if drawn == len(regions) else []
    marks, key = [tinted(regions), *lines], dotted_key(regions, linear) if lines else ""
    return Picture(
        [Panel(f"regions of a {widths} network{key}", marks, **square_window(half_width))],
        f"In the window ±{format_number(half_width)} this {widths} network has "
        f"{counted(len(regions), 'activation region')}, "
        f"and {counted(linear, 'linear region')}.{left_out}",
        table=Table(
            f"The exact regions of a {widths} network in the window ±{format_number(half_width)}",
            {
                "": ["activation regions", "linear regions", "drawn"],
                "how many": [len(regions), linear, drawn],
            },
            {"smallest area": float(regions.areas.min()), "largest area": float(regions.areas.max())},
        ),
    )
