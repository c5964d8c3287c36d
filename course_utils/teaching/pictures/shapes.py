"""Marks of one dimension: lines, points, bars, bands, rules and words.

Each of them refuses, in one sentence, what cannot be painted: `TypeError` for what is no number or no way to
move it, `ValueError` for arrays of lengths that differ, numbers that are not finite (nan is, where it says
that it leaves a gap), and words that are not among those listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.marks import (
    AxisName,
    Drags,
    Mark,
    XYMark,
    numbers,
    one_of,
)
from course_utils.teaching.pictures.spec import Array, Pack
from course_utils.teaching.pictures.typeset import ANCHORS, runs
from course_utils.teaching.text import MINUS, format_number

DASHES = ("", "dashed", "dotted")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "plus", "star")
HATCHES = ("", "//", "..", "xx")
TEXT_SIZE = 12


@dataclass(frozen=True, eq=False)
class Line(XYMark):
    """A line through points; nan leaves a gap.

    Parameters
    ----------
    name : str
        Of y, in the table.
    y, x : array_like, shape (n,)
        Without x: the positions 0, 1, … of classes.
    color : str
    width : float
        Pixels.
    dash : {"", "dashed", "dotted"}
    label : str, optional
        Written where the line ends; above the panel for a net, a line without a name and in pieces.
    arrow : bool
        An arrowhead at the last point.

    Examples
    --------
    >>> Line("f", [0, 1, 4], [0, 1, 2], color="ink").y.tolist()
    [0.0, 1.0, 4.0]
    >>> Line("f", [0, 1, 4], [0, 1], color="ink")
    Traceback (most recent call last):
        ...
    ValueError: Line 'f' has 2 x for 3 y
    """

    name: str
    y: Any
    x: Any = None
    _: KW_ONLY
    color: str
    width: float = 2
    dash: str = ""
    label: str = ""
    arrow: bool = False
    kind: ClassVar[str] = "line"
    sent: ClassVar[tuple[str, ...]] = ("color", "width", "dash", "arrow")

    def __post_init__(self) -> None:
        self._check_xy(gaps=True)
        one_of(str(self), "dash", self.dash, DASHES)
        self._set(color=colors.checked(self.color))


@dataclass(frozen=True, eq=False)
class Points(XYMark):
    """Separate points; nan leaves one out.

    Parameters
    ----------
    name : str
    y, x : array_like, shape (n,)
        Without x: the positions 0, 1, … of classes.
    color : str
    shape : {"circle", "square", "triangle", "diamond", "cross", "plus", "star"}
    size : float
        Width in pixels.
    label : str, optional
        Written beside the last point.
    drags : mapping of "x" or "y" to Drag, or DragTo, optional
        What moving a point sets.
    outline : str
        Color around the shape.
    """

    name: str
    y: Any
    x: Any = None
    _: KW_ONLY
    color: str
    shape: str = "circle"
    size: float = 9
    label: str = ""
    drags: Drags = None
    outline: str = "paper"
    kind: ClassVar[str] = "points"
    sent: ClassVar[tuple[str, ...]] = ("color", "shape", "size", "outline")

    def __post_init__(self) -> None:
        self._check_xy(gaps=True)
        one_of(str(self), "shape", self.shape, SHAPES)
        self._check_drags()
        self._set(color=colors.checked(self.color), outline=colors.checked(self.outline))


def _bar_text(value: float, digits: int) -> str:
    """Write the number of a bar. One digit cannot say that 0.999 is not 1, so then there are two."""
    written = format_number(value, digits)
    looks_whole = digits == 1 and not value.is_integer() and written.lstrip(MINUS).isdigit()
    return format_number(value, 2) if looks_whole else written


@dataclass(frozen=True, eq=False)
class Bars(XYMark):
    """Bars from a base to the numbers.

    Parameters
    ----------
    name : str
    y, x : array_like, shape (n,)
        Lengths and places; without x: the positions 0, 1, … of classes.
    color : str
    base : float or array_like of shape (n,)
        A number: bars reach from there to y. An array: bars as long as y are stacked on it.
    width : float
        In units of x.
    hatch : {"", "//", "..", "xx"}
    values : bool or list of str
        Write the numbers, or these texts, at the ends.
    horizontal : bool
        Bars grow along x, and their places are on y.
    drags : mapping of "x" or "y" to Drag, or DragTo, optional
    faded : list of bool, optional
        Bars that stand back.
    """

    name: str
    y: Any
    x: Any = None
    _: KW_ONLY
    color: str
    base: Any = 0.0
    width: float = 0.72
    hatch: str = ""
    values: bool | Sequence[str] = False
    horizontal: bool = False
    drags: Drags = None
    faded: Sequence[bool] | None = None
    label: str = ""
    kind: ClassVar[str] = "bars"

    def __post_init__(self) -> None:
        self._check_xy(gaps=False)
        one_of(str(self), "hatch", self.hatch, HATCHES)
        self._check_drags()
        one_base = isinstance(self.base, int | float | np.number)
        base = numbers(f"{self}: base", [self.base] if one_base else self.base)
        for what, listed in (("base", self.base), ("values", self.values), ("faded", self.faded)):
            if isinstance(listed, Sequence | np.ndarray) and len(listed) != self.y.size:
                raise ValueError(f"{self} has {len(listed)} {what} for {self.y.size} bars")
        self._set(
            base=float(base[0]) if one_base else base,
            color=colors.checked(self.color),
            values=self.values if isinstance(self.values, bool) else tuple(self.values),
            faded=None if self.faded is None else tuple(map(bool, self.faded)),
        )

    def places(self, axis: AxisName) -> Array:
        if (axis == "x") == self.horizontal:
            return np.append(self.ends, self.base)
        return np.concatenate([self.x - self.width / 2, self.x + self.width / 2])

    @property
    def ends(self) -> Array:
        """Where the bars end."""
        ends: Array = self.y if isinstance(self.base, float) else self.base + self.y
        return ends

    def value_texts(self, digits: int = 3) -> list[str]:
        """Return what is written at the ends of the bars."""
        if isinstance(self.values, bool):
            return [_bar_text(value, digits) for value in self.y.tolist()] if self.values else []
        return list(self.values)

    def packed(self, pack: Pack) -> dict[str, Any]:
        along, across = ("x", "y") if self.horizontal else ("y", "x")
        stacked = not isinstance(self.base, float)
        return {
            "x": pack.along(across, self.x),
            "y": pack.along(along, self.ends),
            "base": pack.along(along, self.base) if stacked else self.base,
            **({"values": pack.along(along, self.y)} if stacked else {}),
            "color": self.color,
            "width": self.width,
            "hatch": self.hatch,
            "horizontal": self.horizontal,
            **({} if self.faded is None else {"faded": list(self.faded)}),
        }


@dataclass(frozen=True, eq=False)
class Band(Mark):
    """The area between two curves.

    Parameters
    ----------
    name : str
        Of the upper curve, in the table; the lower one is ``"… from"`` where it is not 0 everywhere.
    low, high : array_like, shape (n,)
        Or a number for `low`.
    x : array_like, shape (n,)
    color : str
    opacity : float
        From 0 to 1.
    label : str, optional
    """

    name: str
    low: Any
    high: Any
    x: Any
    _: KW_ONLY
    color: str
    opacity: float = 0.18
    label: str = ""
    kind: ClassVar[str] = "band"
    sent: ClassVar[tuple[str, ...]] = ("color", "opacity")

    def __post_init__(self) -> None:
        x, high = numbers(f"{self}: x", self.x, True), numbers(f"{self}: high", self.high, True)
        one_low = isinstance(self.low, int | float | np.number)
        low = numbers(f"{self}: low", np.full(x.size, self.low) if one_low else self.low, True)
        if not low.size == high.size == x.size:
            raise ValueError(f"{self} has {low.size} low and {high.size} high for {x.size} x")
        self._set(x=x, low=low, high=high, color=colors.checked(self.color))

    def places(self, axis: AxisName) -> Array:
        return self.x if axis == "x" else np.concatenate([self.low, self.high])

    def tabulated(self) -> tuple[Array, dict[str, Array]] | None:
        if not self.name:
            return None
        below = {f"{self.name} from": self.low} if self.low.any() else {}
        return self.x, {**below, self.name: self.high}

    def packed(self, pack: Pack) -> dict[str, Any]:
        x, low, high = pack.along("x", self.x), pack.along("y", self.low), pack.along("y", self.high)
        return {"x": x, "low": low, "high": high}


@dataclass(frozen=True, eq=False)
class Rule(Mark):
    """A straight line across the panel.

    Parameters
    ----------
    name : str
    at : float
    axis : {"x", "y"}
        The axis on which it stands at `at`: ``"x"`` makes it vertical, ``"y"`` horizontal.
    color, dash, label : str, optional
    drags : mapping of "x" or "y" to Drag, or DragTo, optional
    """

    name: str
    at: float
    _: KW_ONLY
    axis: AxisName = "x"
    color: str = "muted"
    width: float = 1.5
    dash: str = "dashed"
    label: str = ""
    drags: Drags = None
    kind: ClassVar[str] = "rule"
    sent: ClassVar[tuple[str, ...]] = ("at", "axis", "color", "width", "dash")

    def __post_init__(self) -> None:
        one_of(str(self), "axis", self.axis, ("x", "y"))
        one_of(str(self), "dash", self.dash, DASHES)
        self._check_drags()
        self._set(at=float(numbers(str(self), [self.at])[0]), color=colors.checked(self.color))

    def extent(self, axis: AxisName) -> tuple[float, float] | None:
        return (self.at, self.at) if axis == self.axis else None

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {self.name: np.array([self.at])} if self.name else {}

    def facts(self) -> dict[str, float]:
        return {self.name: self.at} if self.name else {}


@dataclass(frozen=True, eq=False)
class Text(Mark):
    """Words at a place of the data.

    Parameters
    ----------
    string : str
        With light mathematics.
    x, y : float
    color : str
    anchor : {"start", "middle", "end"}
        Which part of the words stands there.
    dx, dy : float
        Pixels to the right and down from there; y is the baseline.
    halo : bool
        Paper around the letters.
    """

    string: str
    x: float
    y: float
    _: KW_ONLY
    color: str = "ink"
    anchor: str = "start"
    dx: float = 0
    dy: float = 0
    halo: bool = True
    size: float = TEXT_SIZE
    kind: ClassVar[str] = "text"
    sent: ClassVar[tuple[str, ...]] = ("kind", "x", "y", "anchor", "dx", "dy", "size", "color", "halo")
    name: ClassVar[str] = ""  # type: ignore[misc]

    def __post_init__(self) -> None:
        one_of(f"Text {self.string!r}", "anchor", self.anchor, ANCHORS)
        x, y = numbers(f"Text {self.string!r}", [self.x, self.y]).tolist()
        self._set(x=x, y=y, color=colors.checked(self.color))

    def extent(self, axis: AxisName) -> tuple[float, float] | None:
        return None

    def json(self, pack: Pack) -> dict[str, Any]:
        return {**{field: getattr(self, field) for field in self.sent}, "runs": runs(self.string)}
