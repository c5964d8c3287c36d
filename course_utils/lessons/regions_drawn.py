"""Exact regions drawn with Matplotlib."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap
from matplotlib.ticker import FuncFormatter

from course_utils.lessons.arrays import Array
from course_utils.lessons.region_maps import two_or_more_colors
from course_utils.numerics.regions import ActivationRegions
from course_utils.teaching import look
from course_utils.teaching.text import format_number

# Light tints of the palette, so that boundaries, marks and words stay readable on them.
TINTS = ListedColormap(["#F7D58C", "#B4DDF5", "#8CCFB9", "#F8F2A8", "#E6BFD3", "#D9D9D9"])
MOST_DRAWN = 1000  # polygons; more take longer to draw than a reader waits for a slider


def polygons_of(regions: ActivationRegions, chosen: npt.ArrayLike | None = None) -> list[Array]:
    polygons: list[Array] = list(np.split(regions.polygons, regions.offsets[1:-1]))
    return polygons if chosen is None else [polygons[i] for i in np.asarray(chosen).tolist()]


def draw_polygons(axes: Axes, polygons: list[Array], gid: str, **style: Any) -> PolyCollection:
    """Draw polygons with a thin edge; without smoothing, which would triple the size of the stored picture."""
    look_of_edges = {"edgecolors": look.OUTLINE, "linewidths": 0.5, "antialiaseds": False}
    drawn = PolyCollection(polygons, gid=gid, **{**look_of_edges, **style})
    axes.add_collection(drawn, autolim=False)
    return drawn


def corners_of(polygons: list[Array], name: str) -> dict[str, Array]:
    """Return the corners of polygons one after the other, as the arrays of a picture."""
    corners = np.concatenate(polygons) if polygons else np.empty((0, 2))
    return {f"{name} x": corners[:, 0], f"{name} y": corners[:, 1]}


def square_window(axes: Axes, half_width: float, center: tuple[float, float] = (0.0, 0.0)) -> None:
    """Show a square window with five ticks per axis."""
    x, y = center
    axes.set(
        xlim=(x - half_width, x + half_width),
        ylim=(y - half_width, y + half_width),
        xlabel="x0",
    )
    axes.set_xticks(np.linspace(x - half_width, x + half_width, 3))
    axes.set_yticks(np.linspace(y - half_width, y + half_width, 3))
    for axis, middle in ((axes.xaxis, x), (axes.yaxis, y)):
        axis.set_major_formatter(FuncFormatter(partial(_tick, middle=middle, half_width=half_width)))
    # Between two ticks: there the label has the same place, however long their numbers are.
    axes.set_ylabel("x1", rotation=0, ha="center", va="center")
    axes.yaxis.set_label_coords(-16 / (axes.get_position().width * look.PIXELS_WIDE), 0.75)
    axes.grid(False)


def _tick(value: float, _: int, *, middle: float, half_width: float) -> str:
    """Write the middle of an axis as it is, and its ends as steps from there if they are short."""
    if abs(value) >= 1000:
        return f"{format_number(value / 1000, 2)}k"
    if middle == 0 or half_width >= 1:
        return format_number(round(value, 6), 6)
    step = value - middle
    if abs(step) < half_width / 2:
        return format_number(middle, 6)
    return ("+" if step > 0 else "−") + format_number(abs(step))


def draw_regions(
    axes: Axes,
    regions: ActivationRegions,
    name: str = "corner",
    labels: str = "color",
    **style: Any,
) -> dict[str, Any]:
    """Draw regions so that neighbors differ in color, and every boundary as a line.

    Returns the arrays of the picture: corners `name` x and `name` y, and the number of the tint as `labels`.
    """
    chosen = np.argsort(-regions.areas, kind="stable")[:MOST_DRAWN] if len(regions) > MOST_DRAWN else None
    color = two_or_more_colors(regions)
    color = color if chosen is None else color[chosen]
    polygons = polygons_of(regions, chosen)
    draw_polygons(
        axes,
        polygons,
        f"{name} x | {name} y | {labels}",
        array=color,
        **{"cmap": TINTS, **style},
        clim=(-0.5, 5.5),
    )
    return {**corners_of(polygons, name), labels: color}
