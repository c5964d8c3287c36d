"""Axes that make their ticks when they are drawn, not before.

Ticks are most of what axes cost, and Matplotlib makes some with every setting of an axis. In a moving picture
(`furniture.py`) most axes are pasted, and never need any.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis


@contextlib.contextmanager
def _making_no_ticks(axis: Axis) -> Iterator[None]:
    """Let an axis take a setting without making ticks for it.

    The axis keeps its settings apart from its ticks, and those made later follow them.
    """
    # Matplotlib makes the first tick of each kind when its list is asked for and not there.
    missing = [name for name in ("majorTicks", "minorTicks") if name not in vars(axis)]
    vars(axis).update({name: [] for name in missing})
    try:
        yield
    finally:
        for name in missing:
            vars(axis).pop(name, None)


class _LateTicks(Axis):
    """What makes an `XAxis` or `YAxis` wait."""

    def set_clip_path(self, path: Any, transform: Any = None) -> None:
        with _making_no_ticks(self):
            super().set_clip_path(path, transform)

    def set_tick_params(self, *args: Any, **kwargs: Any) -> None:
        with _making_no_ticks(self):
            super().set_tick_params(*args, **kwargs)

    def set_ticks(self, ticks: Any, labels: Any = None, **kwargs: Any) -> list[Any]:
        if kwargs:  # they are for the labels themselves
            return super().set_ticks(ticks, labels, **kwargs)
        with _making_no_ticks(self):
            return super().set_ticks(ticks, labels)

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        return [] if self.majorTicks == [] else super().get_major_ticks(numticks)

    def draw(self, renderer: Any) -> None:
        super().set_clip_path(self.axes.patch)  # makes the first ticks, which the others are copied from
        super().draw(renderer)


class _LateXAxis(_LateTicks, XAxis):
    pass


class _LateYAxis(_LateTicks, YAxis):
    pass


class LateAxes(Axes):
    """Axes whose ticks are made when they are drawn."""

    def _init_axis(self) -> None:
        super()._init_axis()  # type: ignore[misc]  # what custom projections override, though its stub lacks it
        self.xaxis.__class__, self.yaxis.__class__ = _LateXAxis, _LateYAxis
