"""Four classes, the controls for their logits, and the marks that several pictures of this lesson share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from course_utils.lessons.arrays import Array
from course_utils.teaching import Vector, look
from course_utils.teaching.drawing import bars

CLASSES = ("cat", "dog", "fox", "bear")


def class_bars(
    axes: Axes, heights: Array, gid: str, color: str, title: str, names: Sequence[str], true: int
) -> None:
    """Draw one bar per class and say below which class is the true one."""
    bars(axes, heights, gid, color, title, [f"{n}\n(true)" if i == true else n for i, n in enumerate(names)])


def draw_point(axes: Axes, x: str, y: str, data: dict[str, Array], marker: str, color: str) -> None:
    axes.plot(
        data[x],
        data[y],
        marker,
        color=color,
        markeredgecolor=look.OUTLINE,
        markersize=11,
        gid=f"{x} | {y}",
    )


WINDOW_P = np.linspace(0.01, 0.99, 99)

Z4 = ("z0", "z1", "z2", "z3")


def logit_sliders(initial: tuple[float, ...] = (0.1, -2, 3.4, 3.3)) -> Vector:
    return Vector("z", "Logits z", entries=Z4, low=-4, high=4, initial=initial, step=0.1)
