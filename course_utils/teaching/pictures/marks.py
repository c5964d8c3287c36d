"""Marks: what a panel shows. Each holds arrays under a name, and that name is a column of the table.

A mark without a name (``""``) only guides the eye; it is in no table. Arrays are copied and read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.spec import Array, Pack
from course_utils.teaching.pictures.typeset import runs
from course_utils.teaching.text import format_number

Numbers = npt.ArrayLike
AxisName = Literal["x", "y"]

DASHES = ("", "dashed", "dotted")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "plus", "star")
HATCHES = ("", "//", "..", "xx")
TEXT_SIZE = 12


def numbers(mark: str, values: Numbers, gaps: bool = False, dimensions: int = 1) -> Array:
    """Return a read-only copy of finite numbers, or say in one sentence what is wrong with them."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{mark} needs numbers") from None
    if array.ndim != dimensions:
        raise ValueError(f"{mark} needs an array of {dimensions} dimensions, not {array.ndim}")
    bad = np.isinf(array) if gaps else ~np.isfinite(array)
    if bad.any():
        raise ValueError(f"{mark} holds {format_number(array[bad][0])}, which has no place in a picture")
    array.flags.writeable = False
    return array


def one_of(mark: str, what: str, value: Any, possible: Iterable[Any]) -> None:
    """Refuse a word that is not in the list."""
    if value not in possible:
        listed = ", ".join(map(repr, possible))
        raise ValueError(f"{mark}: {what} must be one of {listed}, not {value!r}")


@dataclass(frozen=True)
class Drag:
    """What moving a mark along one axis sets: control (or its entry) = offset + scale · data coordinate.

    Parameters
    ----------
    control : str
    entry : int, "each" or None
        Entry of a vector control; ``"each"``: the entry with the number of the dragged bar or point.
    scale, offset : float

    Examples
    --------
    >>> Drag("z", "each").json()
    {'control': 'z', 'entry': 'each', 'scale': 1.0, 'offset': 0.0}
    """

    control: str
    entry: int | Literal["each"] | None = None
    scale: float = 1.0
    offset: float = 0.0

    def json(self) -> dict[str, Any]:
        """Return the declaration for the browser."""
        return dict(vars(self))


@dataclass(frozen=True)
class DragTo:
    """What moving a mark anywhere sets, where no straight line leads from place to control.

    Parameters
    ----------
    function : callable
        ``function(x, y, index, state) -> dict`` of changed controls, asked in the kernel.
    controls : tuple of str
        Those it may change.
    text : str
        What is dragged, for those who do not see it.
    """

    function: Callable[[float, float, int, dict[str, Any]], dict[str, Any]]
    controls: tuple[str, ...]
    text: str = ""

    def json(self) -> dict[str, Any]:
        """Return the declaration for the browser; the layout adds which mark it belongs to."""
        return {"to": True, "controls": list(self.controls), "text": self.text}


Drags = Mapping[str, Drag] | DragTo | None


def drags_json(drags: Drags) -> dict[str, Any]:
    """Return ``{"drags": …}``, or nothing for what cannot be dragged."""
    if drags is None:
        return {}
    if isinstance(drags, DragTo):
        return {"drags": drags.json()}
    return {"drags": {axis: drag.json() for axis, drag in drags.items()}}


def _check_drags(mark: str, drags: Any) -> None:
    if drags is None or isinstance(drags, DragTo):
        return
    if not isinstance(drags, Mapping) or not all(isinstance(drag, Drag) for drag in drags.values()):
        raise TypeError(f'{mark}: drags must look like {{"y": Drag("z", "each")}} or DragTo(…)')
    for axis in drags:
        one_of(mark, "an axis of drags", axis, ("x", "y"))


class Mark:
    """What all marks have in common."""

    kind: ClassVar[str]
    name: str
    label: str | None = None

    def _set(self, **values: Any) -> None:
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def __str__(self) -> str:
        return (
            f"{type(self).__name__} {self.name!r}" if self.name else f"a {type(self).__name__} without a name"
        )

    def extent(self, axis: AxisName) -> tuple[float, float] | None:
        """Return the least and greatest place along an axis; nothing for what has no say in the limits."""
        places = self.places(axis)
        seen = places[~np.isnan(places)]
        return (float(seen.min()), float(seen.max())) if seen.size else None

    def places(self, axis: AxisName) -> Array:
        """Return all places along an axis."""
        raise NotImplementedError

    def tabulated(self) -> tuple[Array, dict[str, Array]] | None:
        """Return the x of the mark's rows in a table, and its columns; nothing for what is not tabulated."""
        return None

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all named numbers."""
        columns = self.tabulated()
        return dict(columns[1]) if columns else {}

    def facts(self) -> dict[str, float]:
        """Return what the table says below its rows about a mark that has too many numbers for rows."""
        return {}

    def json(self, pack: Pack) -> dict[str, Any]:
        """Return the mark as the protocol has it."""
        raise NotImplementedError


class _XY(Mark):
    """A mark with one y for each x."""

    x: Any
    y: Any
    by_class: bool

    def _check_xy(self, gaps: bool) -> None:
        y = numbers(f"{self}: y", self.y, gaps)
        by_class = self.x is None
        x = np.arange(float(y.size)) if by_class else numbers(f"{self}: x", self.x, gaps)
        if x.size != y.size:
            raise ValueError(f"{self} has {x.size} x for {y.size} y")
        x.flags.writeable = False
        self._set(x=x, y=y, by_class=by_class)

    def places(self, axis: AxisName) -> Array:
        places: Array = getattr(self, axis)
        return places

    def tabulated(self) -> tuple[Array, dict[str, Array]] | None:
        return (self.x, {self.name: self.y}) if self.name else None

    def xy_json(self, pack: Pack) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "x": pack.along("x", self.x),
            "y": pack.along("y", self.y),
        }


@dataclass(frozen=True, eq=False)
class Line(_XY):
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
        Written where the line ends.
    arrow : bool
        An arrowhead at the last point.

    Raises
    ------
    ValueError
        For lengths that differ, infinite numbers or unknown words.

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
    label: str | None = None
    arrow: bool = False
    kind: ClassVar[str] = "line"

    def __post_init__(self) -> None:
        self._check_xy(gaps=True)
        one_of(str(self), "dash", self.dash, DASHES)
        self._set(color=colors.checked(self.color))

    def json(self, pack: Pack) -> dict[str, Any]:
        style = {"color": self.color, "width": self.width, "dash": self.dash, "arrow": self.arrow}
        return {**self.xy_json(pack), **style}


@dataclass(frozen=True, eq=False)
class Points(_XY):
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

    Raises
    ------
    ValueError
        For lengths that differ, infinite numbers or unknown words.
    """

    name: str
    y: Any
    x: Any = None
    _: KW_ONLY
    color: str
    shape: str = "circle"
    size: float = 9
    label: str | None = None
    drags: Drags = None
    outline: str = "paper"
    kind: ClassVar[str] = "points"

    def __post_init__(self) -> None:
        self._check_xy(gaps=True)
        one_of(str(self), "shape", self.shape, SHAPES)
        _check_drags(str(self), self.drags)
        self._set(color=colors.checked(self.color), outline=colors.checked(self.outline))

    def json(self, pack: Pack) -> dict[str, Any]:
        style = {"color": self.color, "shape": self.shape, "size": self.size, "outline": self.outline}
        return {**self.xy_json(pack), **style, **drags_json(self.drags)}


@dataclass(frozen=True, eq=False)
class Bars(_XY):
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

    Raises
    ------
    ValueError
        For lengths that differ, numbers that are not finite, or unknown words.
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
    label: str | None = None
    kind: ClassVar[str] = "bars"

    def __post_init__(self) -> None:
        self._check_xy(gaps=False)
        one_of(str(self), "hatch", self.hatch, HATCHES)
        _check_drags(str(self), self.drags)
        one_base = isinstance(self.base, int | float)
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
            return [format_number(value, digits) for value in self.y.tolist()] if self.values else []
        return list(self.values)

    def json(self, pack: Pack) -> dict[str, Any]:
        along, across = ("x", "y") if self.horizontal else ("y", "x")
        stacked = not isinstance(self.base, float)
        return {
            "kind": self.kind,
            "name": self.name,
            "x": pack.along(across, self.x),
            "y": pack.along(along, self.ends),
            "base": pack.along(along, self.base) if stacked else self.base,
            **({"values": pack.along(along, self.y)} if stacked else {}),
            "color": self.color,
            "width": self.width,
            "hatch": self.hatch,
            "horizontal": self.horizontal,
            **({} if self.faded is None else {"faded": list(self.faded)}),
            **drags_json(self.drags),
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

    Raises
    ------
    ValueError
        For lengths that differ or infinite numbers.
    """

    name: str
    low: Any
    high: Any
    x: Any
    _: KW_ONLY
    color: str
    opacity: float = 0.18
    label: str | None = None
    kind: ClassVar[str] = "band"

    def __post_init__(self) -> None:
        x, high = numbers(f"{self}: x", self.x, True), numbers(f"{self}: high", self.high, True)
        one_low = isinstance(self.low, int | float)
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

    def json(self, pack: Pack) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "x": pack.along("x", self.x),
            "low": pack.along("y", self.low),
            "high": pack.along("y", self.high),
            "color": self.color,
            "opacity": self.opacity,
        }


def Area(name: str, y: Numbers, x: Numbers, **style: Any) -> Band:
    """Return the band between zero and a curve; parameters as for `Band`."""
    return Band(name, 0.0, y, x, **style)


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

    Raises
    ------
    ValueError
        For a number that is not finite, or unknown words.
    """

    name: str
    at: float
    _: KW_ONLY
    axis: AxisName = "x"
    color: str = "muted"
    width: float = 1.5
    dash: str = "dashed"
    label: str | None = None
    drags: Drags = None
    kind: ClassVar[str] = "rule"

    def __post_init__(self) -> None:
        one_of(str(self), "axis", self.axis, ("x", "y"))
        one_of(str(self), "dash", self.dash, DASHES)
        _check_drags(str(self), self.drags)
        self._set(at=float(numbers(str(self), [self.at])[0]), color=colors.checked(self.color))

    def extent(self, axis: AxisName) -> tuple[float, float] | None:
        return (self.at, self.at) if axis == self.axis else None

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {self.name: np.array([self.at])} if self.name else {}

    def facts(self) -> dict[str, float]:
        return {self.name: self.at} if self.name else {}

    def json(self, pack: Pack) -> dict[str, Any]:
        fields = ("kind", "name", "at", "axis", "color", "width", "dash")
        return {**{field: getattr(self, field) for field in fields}, **drags_json(self.drags)}


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
    name: ClassVar[str] = ""  # type: ignore[misc]

    def __post_init__(self) -> None:
        one_of(f"Text {self.string!r}", "anchor", self.anchor, ("start", "middle", "end"))
        x, y = numbers(f"Text {self.string!r}", [self.x, self.y]).tolist()
        self._set(x=x, y=y, color=colors.checked(self.color))

    def extent(self, axis: AxisName) -> tuple[float, float] | None:
        return None

    def json(self, pack: Pack) -> dict[str, Any]:
        fields = ("kind", "x", "y", "anchor", "dx", "dy", "size", "color", "halo")
        return {
            **{field: getattr(self, field) for field in fields},
            "runs": runs(self.string),
        }
