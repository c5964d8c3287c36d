"""Section "Activation regions and linear regions": a map of any network."""

from __future__ import annotations

from course_utils.lessons.regions_drawn import MOST_DRAWN, draw_regions, square_window
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import activation_regions
from course_utils.teaching import Picture, Table, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number


@look.applied
def map_of(net: MLP, half_width: float) -> Picture:
    """Draw the exact regions of any network with two inputs; for large ones, say what is left out."""
    regions = activation_regions(net, (-half_width, half_width, -half_width, half_width))
    figure, (axes,) = look.panels(1, left=150, right=130, height=360)
    arrays = draw_regions(axes, regions)
    square_window(axes, half_width)
    widths = "-".join(map(str, net.widths))
    titled(axes, f"regions of a {widths} network")
    drawn = min(len(regions), MOST_DRAWN)
    linear = int(regions.linear_labels().max()) + 1
    left_out = (
        f" The picture draws the {drawn} largest and leaves the rest white." if drawn < len(regions) else ""
    )
    return Picture(
        figure,
        f"In the window ±{format_number(half_width)} this {widths} network has {len(regions)} activation regions, "
        f"and {linear} linear regions.{left_out}",
        Table(
            f"The exact regions of a {widths} network in the window ±{format_number(half_width)}",
            {
                "": ["activation regions", "linear regions", "drawn"],
                "how many": [len(regions), linear, drawn],
            },
            {"smallest area": float(regions.areas.min()), "largest area": float(regions.areas.max())},
        ),
        arrays,
    )
