"""Values on a grid as an image, with its scale."""

from __future__ import annotations

from matplotlib.axes import Axes

from course_utils.lessons.arrays import Array
from course_utils.teaching import look
from course_utils.teaching.drawing import color_bar
from course_utils.teaching.text import format_number


def draw_image(
    axes: Axes, axis: Array, values: Array, name: str, cmap: str, limits: tuple[float, float]
) -> None:
    """Draw values on a grid, each as a square pixel around its point."""
    half_pixel = (axis[1] - axis[0]) / 2
    ends = (axis[0] - half_pixel, axis[-1] + half_pixel)
    axes.imshow(
        values,
        origin="lower",
        extent=(*ends, *ends),
        cmap=cmap,
        vmin=limits[0],
        vmax=limits[1],
        aspect="auto",
        interpolation="nearest",
        gid=f"grid x0 | grid x1 | {name}",
    )


def draw_scale(axes: Axes, mark_zero: bool = False) -> None:
    """Put a color bar for the image to the right of its axes."""
    low, high = axes.images[0].get_clim()
    ticks = [low, 0, high] if mark_zero else [low, (low + high) / 2, high]
    labels = [format_number(float(f"{tick:.2g}")) for tick in ticks]
    bar = color_bar(axes, axes.images[0], ticks, labels, gap=0.01)
    if mark_zero:
        bar.axhline(0, color=look.OUTLINE, linewidth=1.5)
