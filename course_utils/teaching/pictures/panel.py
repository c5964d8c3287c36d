"""Panels and their axes: declarations only. Where everything stands is decided in ``layout.py``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from course_utils.teaching.pictures.fields import Tiles
from course_utils.teaching.pictures.marks import AxisName, Mark, numbers, one_of
from course_utils.teaching.pictures.projection import Surface
from course_utils.teaching.pictures.shapes import Bars
from course_utils.teaching.pictures.typeset import plain

MARGIN = 0.05  # of the data's range, beyond the data, where an axis has no declared limits


@dataclass(frozen=True, eq=False)
class Axis:
    """One axis of a panel.

    Parameters
    ----------
    label : str
        With light mathematics.
    low, high : float, optional
        Limits. Without them they follow the data: never for what a slider moves, nor on a logarithmic axis.
    scale : {"linear", "log"}
    ticks : sequence of float, or mapping of float to str, optional
        Places of the ticks, and what they say. Without them: round numbers.
    zero : bool
        A line at 0 across the panel.
    name : str, optional
        What a place on it is called in tables and where one points, if the label says more than that.

    Raises
    ------
    ValueError
        For limits that are not increasing; on a logarithmic axis for limits that are not declared or not
        positive; for ticks outside them.

    Examples
    --------
    >>> Axis("p", 0, 1).high
    1.0
    >>> Axis("p", 1, 0)
    Traceback (most recent call last):
        ...
    ValueError: an axis needs low < high, not 1 and 0
    """

    label: str = ""
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    ticks: Sequence[float] | Mapping[float, str] | None = None
    zero: bool = False
    names: tuple[str, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        one_of("an axis", "scale", self.scale, ("linear", "log"))
        for end in ("low", "high"):
            if getattr(self, end) is not None:
                value = numbers(f"the {end} end of an axis", [getattr(self, end)]).item()
                object.__setattr__(self, end, value)
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"an axis needs low < high, not {self.low:g} and {self.high:g}")
        if self.scale == "log" and any(end is None or end <= 0 for end in (self.low, self.high)):
            raise ValueError("a logarithmic axis needs limits above 0")
        if self.ticks is not None:
            kept = dict(self.ticks) if isinstance(self.ticks, Mapping) else tuple(map(float, self.ticks))
            object.__setattr__(self, "ticks", kept)
            low = -math.inf if self.low is None else self.low
            high = math.inf if self.high is None else self.high
            if outside := [at for at in kept if not low <= at <= high]:
                raise ValueError(f"an axis from {low:g} to {high:g} has no tick at {outside[0]:g}")

    def limits(self, extents: Sequence[tuple[float, float]]) -> tuple[float, float]:
        """Return the limits, from the data where they are not declared."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        ends = [end for extent in extents for end in extent]
        low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
        finest = 4 * math.ulp(max(abs(low), abs(high)))  # far from zero, half a unit may be less than that
        room = max((high - low) * MARGIN or 0.5, finest)
        low, high = low - room, high + room
        low, high = low if self.low is None else self.low, high if self.high is None else self.high
        if low < high:
            return low, high
        if self.high is None:
            return low, low + max(1, 8 * math.ulp(low))
        return high - max(1, 8 * math.ulp(high)), high


def classes(names: Sequence[str], label: str = "") -> Axis:
    """Return an axis with a name at each of the places 0, 1, …

    Examples
    --------
    >>> axis = classes(["cat", "dog"])
    >>> axis.low, axis.high, axis.ticks
    (-0.6, 1.6, {0: 'cat', 1: 'dog'})
    """
    named = tuple(names)
    return Axis(label, -0.6, len(named) - 0.4, ticks=dict(enumerate(named)), names=named)


@dataclass(frozen=True, eq=False)
class Panel:
    """Marks over one pair of axes, under a title.

    Parameters
    ----------
    title : str
        With light mathematics.
    marks : sequence of Mark
        In the order they are painted.
    x, y : Axis
        ``classes(names)`` for categories.
    equal : bool
        One unit of x is as long as one of y.
    weight : float
        Width, in proportion to the other panels of the row.
    frame : {"axes", "none"}
    grid : {"none", "y", "both"}
    zooms : str, optional
        Control that says how much is seen: wheel, plus and minus move it.

    Raises
    ------
    TypeError, ValueError
        For what is no mark, or unknown words.
    """

    title: str
    marks: Sequence[Mark]
    x: Axis = Axis()
    y: Axis = Axis()
    equal: bool = False
    weight: float = 1
    frame: str = "axes"
    grid: str = "none"
    zooms: str | None = None

    def __post_init__(self) -> None:
        one_of(f"panel {self.title!r}", "frame", self.frame, ("axes", "none"))
        one_of(f"panel {self.title!r}", "grid", self.grid, ("none", "y", "both"))
        marks = tuple(self.marks)
        for mark in marks:
            if not isinstance(mark, Mark):
                raise TypeError(f"panel {self.title!r} holds {type(mark).__name__}, which is no mark")
        object.__setattr__(self, "marks", marks)
        tiles = next((mark for mark in marks if isinstance(mark, Tiles)), None)
        surface = next((mark for mark in marks if isinstance(mark, Surface)), None)
        if tiles is not None:
            self._set(x=_named(tiles.columns), y=_named(tiles.rows), equal=True)
        if surface is not None:
            (x0, x1), (y0, y1) = surface.window()
            self._set(x=Axis(low=x0, high=x1), y=Axis(low=y0, high=y1), equal=True, frame="none")

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def reversed(self) -> bool:
        """Whether y runs downwards: rows of a matrix, and horizontal bars, are read from the top."""
        return bool(self.y.names)

    def limits(self, axis: AxisName) -> tuple[float, float]:
        """Return the limits of an axis, the left or bottom one first."""
        return self._limits[axis]

    @cached_property
    def _limits(self) -> dict[AxisName, tuple[float, float]]:
        """The limits of both axes; whoever lays a picture out asks for them again and again."""
        return {"x": self._limits_of("x"), "y": self._limits_of("y")}

    def _limits_of(self, axis: AxisName) -> tuple[float, float]:
        declared: Axis = getattr(self, axis)
        marks = self.marks if declared.low is None or declared.high is None else ()
        extents = [extent for mark in marks if (extent := mark.extent(axis)) is not None]
        low, high = declared.limits(extents)
        # Bars stand on their base: no gap below.
        bases = [mark.base for mark in self.marks if isinstance(mark, Bars) and isinstance(mark.base, float)]
        if declared.low is None and bases and axis == self._along_bars():
            low = min(bases) if min(bases) == min(least for least, _ in extents) else low
        return (high, low) if axis == "y" and self.reversed else (low, high)

    def _along_bars(self) -> AxisName:
        return "x" if any(isinstance(mark, Bars) and mark.horizontal for mark in self.marks) else "y"

    def x_name(self) -> str:
        """Return what x is called in the table, and where one points."""
        return plain(self.x.name or self.x.label) or ("" if self.x.names else "x")


def _named(names: Sequence[str]) -> Axis:
    return Axis(low=-0.5, high=len(names) - 0.5, ticks=dict(enumerate(names)), names=tuple(names))
