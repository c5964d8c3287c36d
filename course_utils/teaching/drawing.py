"""Drawings that several lessons share. Each takes axes and arrays, and names the data it shows by a gid."""

from __future__ import annotations

from collections.abc import Sequence
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
