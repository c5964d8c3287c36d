"""Drawings that several lessons share. Each takes axes and arrays, and names the data it shows by a gid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from course_utils.teaching import look


def bars(
    axes: Axes,
    heights: npt.NDArray[Any],
    gid: str,
    color: str,
    title: str,
    labels: Sequence[str] | None = None,
) -> None:
    """Draw one bar per class, under a title at a fixed height.

    Parameters
    ----------
    axes : Axes
    heights : ndarray, shape (classes,)
    gid : str
        Name of the heights in the picture's data.
    color, title : str
    labels : sequence of str, optional
        Names below the bars; without them the classes are numbered, and the axis says so.
    """
    positions = np.arange(len(heights))
    axes.bar(positions, heights, color=color, edgecolor=look.OUTLINE, gid=gid)
    axes.set_xticks(positions, labels or [str(i) for i in positions])
    axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    titled(axes, title)
    if labels is None:
        axes.set_xlabel("class")


def titled(axes: Axes, title: str) -> None:
    """Put a title over axes at the height at which `bars` has it."""
    axes.set_title(title, y=1.01)


def marks(axes: Axes, heights: npt.NDArray[Any], gid: str, label: str, corner: Any = "upper right") -> None:
    """Mark one height per class with a black diamond: what to compare the bars with.

    The picture's data need a column ``class`` with the numbers 0, 1, … beside the one called `gid`.
    """
    axes.plot(
        np.arange(len(heights)),
        heights,
        "D",
        color=look.BLACK,
        markeredgecolor="white",
        label=label,
        gid=f"class | {gid}",
    )
    axes.legend(loc=corner, handletextpad=0.1, borderpad=0.3)


def color_bar(
    axes: Axes,
    shown: Any,
    ticks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    *,
    gap: float = 0.015,
    down_to: Axes | None = None,
) -> Axes:
    """Put the scale of a colored image to the right of its axes, and return the axes of the scale.

    Parameters
    ----------
    axes : Axes
    shown : image or collection
        What has the colors.
    ticks, labels : sequence, optional
        Matplotlib's own, if not given.
    gap : float
        Between the two, in widths of the figure.
    down_to : Axes, optional
        Where the scale ends below, if it is shared by rows of panels.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    box, low = axes.get_position(), (down_to or axes).get_position()
    scale = look.axes_at(figure, (box.x1 + gap, low.y0, 0.02, box.y1 - low.y0))
    scale.set_label("<colorbar>")
    # Matplotlib's own color bar takes ten times as long: the time of a whole panel in each step of a slider.
    bottom, top = shown.get_clim()
    colors = np.linspace(bottom, top, 256)[:, None]
    scale.imshow(
        colors,
        shown.get_cmap(),
        vmin=bottom,
        vmax=top,
        extent=(0, 1, bottom, top),
        origin="lower",
        aspect="auto",
    )
    scale.yaxis.tick_right()
    scale.set_xticks([])
    scale.grid(False)
    if ticks is not None:
        scale.set_yticks(ticks, labels)
    return scale


def in_three_dimensions(flat: Axes, left: float, down: float, wider: float, taller: float) -> Any:
    """Replace flat axes by 3-D ones, enlarged (in fractions of the figure) to where the box leaves room."""
    figure = flat.get_figure(root=True)
    assert figure is not None
    box = flat.get_position()
    flat.remove()
    return figure.add_axes(
        (box.x0 - left, box.y0 - down, box.width + wider, box.height + taller), projection="3d"
    )


def plotly_layout(
    height: int,
    margin: Mapping[str, int],
    titles: Mapping[str, tuple[float, float]],
    **parts: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the layout of a Plotly figure in the look of the course.

    Parameters
    ----------
    height : int
        Pixels; the width is that of all pictures.
    margin : mapping
        Pixels at ``l``, ``r``, ``t`` and ``b``.
    titles : mapping of str to (x, y)
        Text and lower center of each panel's title, in fractions of what the margins leave.
    **parts : mapping
        Plotly's axes and scenes, each with its ``domain``.
    """
    above = {"xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "bottom", "showarrow": False}
    return {
        "width": look.PIXELS_WIDE,
        "height": height,
        "margin": dict(margin),
        "annotations": [
            {"text": text, "x": x, "y": y, "font": {"size": 16}, **above} for text, (x, y) in titles.items()
        ],
        "showlegend": False,
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "font": {"size": 14, "color": look.OUTLINE},
        **parts,
    }


def plotly_surface(x: npt.NDArray[Any], y: npt.NDArray[Any], z: npt.NDArray[Any]) -> dict[str, Any]:
    """Return the data of a Plotly trace that shows z over a grid, as triangles.

    Plotly's own type of trace for it, ``surface``, draws at least 128 x 128 points, however few there are:
    without a graphics card the turning picture would lag behind its slider.

    Parameters
    ----------
    x, y : ndarray, shapes (columns,) and (rows,)
    z : ndarray, shape (rows, columns)

    Returns
    -------
    dict
        Points and triangles of a ``mesh3d``, its colors by height.

    Examples
    --------
    >>> trace = plotly_surface(np.array([0, 1]), np.array([5, 7]), np.array([[10, 20], [30, 40]]))
    >>> [tuple(map(int, point)) for point in zip(trace["x"], trace["y"], trace["z"])]
    [(0, 5, 10), (1, 5, 20), (0, 7, 30), (1, 7, 40)]
    >>> [tuple(map(int, triangle)) for triangle in zip(trace["i"], trace["j"], trace["k"])]
    [(0, 1, 3), (0, 3, 2)]
    """
    columns, rows = np.meshgrid(x, y)
    point = np.arange(z.size).reshape(z.shape)
    # Each cell of the grid is cut in two, from its first corner to the one across.
    first, right = point[:-1, :-1].ravel(), point[:-1, 1:].ravel()
    above, across = point[1:, :-1].ravel(), point[1:, 1:].ravel()
    return {
        "type": "mesh3d",
        "x": columns.ravel(),
        "y": rows.ravel(),
        "z": z.ravel(),
        "intensity": z.ravel(),
        "i": np.concatenate([first, first]),
        "j": np.concatenate([right, across]),
        "k": np.concatenate([across, above]),
    }
