"""What all marks have in common: arrays under a name, and that name is a column of the table.

A mark without a name (``""``) only guides the eye; it is in no table. Arrays are copied and read-only.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures.spec import Array, Pack
from course_utils.teaching.text import format_number

Numbers = npt.ArrayLike
AxisName = Literal["x", "y"]


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


def together(what: str, *named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return named numbers as one mapping; `what` are they, where a name stands for two different arrays?"""
    found: dict[str, Any] = {}
    for name, values in itertools.chain(*named):
        if name not in found:
            found[name] = values
            continue
        one, other = np.asarray(found[name]), np.asarray(values)
        may_be_nan = {one.dtype.kind, other.dtype.kind} <= set("biuf")
        if not np.array_equal(one, other, equal_nan=may_be_nan):
            raise ValueError(f"two {what} are called {name!r} but hold different numbers")
    return found


def one_of(mark: str, what: str, value: object, possible: Iterable[Any]) -> None:
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


@dataclass(frozen=True)
class Press:
    """What pressing an entry of a mark does: it switches the bit of that number.

    Parameters
    ----------
    control : str
        A `Bits` control.

    Examples
    --------
    >>> Press("bits").json()
    {'press': {'control': 'bits'}}
    """

    control: str

    def json(self) -> dict[str, Any]:
        """Return the declaration for the browser."""
        return {"press": dict(vars(self))}


@dataclass(frozen=True)
class Paint:
    """What moving over an image does: it blackens the pixels of a `Bitmap` control under the pen.

    Parameters
    ----------
    control : str
        With as many rows and columns as the image.
    pen : float
        Width of the pen in pixels of the bitmap.

    Examples
    --------
    >>> Paint("ink", 3).json()
    {'paint': {'control': 'ink', 'pen': 3}}
    """

    control: str
    pen: float

    def json(self) -> dict[str, Any]:
        """Return the declaration for the browser."""
        return {"paint": dict(vars(self))}


Drags = Mapping[str, Drag] | DragTo | Press | Paint | None


def drags_json(drags: Drags) -> dict[str, Any]:
    """Return ``{"drags": …}``, or nothing for what cannot be dragged."""
    if drags is None:
        return {}
    if isinstance(drags, DragTo | Press | Paint):
        return {"drags": drags.json()}
    return {"drags": {axis: drag.json() for axis, drag in drags.items()}}


class Mark:
    """What all marks have in common."""

    kind: ClassVar[str]
    sent: ClassVar[tuple[str, ...]] = ()  # fields that painters get as they are
    moved_by: ClassVar[type] = Drag  # what its `drags` may be
    name: str
    label: str = ""
    drags: Drags = None
    by_class: bool = False  # at the positions 0, 1, … of classes
    horizontal: bool = False

    def _set(self, **values: Any) -> None:
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def __str__(self) -> str:
        return (
            f"{type(self).__name__} {self.name!r}" if self.name else f"a {type(self).__name__} without a name"
        )

    def _check_drags(self) -> None:
        drags, kind = self.drags, self.moved_by
        if kind is not Drag:
            if drags is not None and not isinstance(drags, kind):
                raise TypeError(f"{self}: drags must be {kind.__name__}(…), not {type(drags).__name__}")
        elif isinstance(drags, Mapping) and all(isinstance(drag, Drag) for drag in drags.values()):
            for axis in drags:
                one_of(str(self), "an axis of drags", axis, ("x", "y"))
        elif drags is not None and not isinstance(drags, DragTo):
            raise TypeError(f'{self}: drags must look like {{"y": Drag("z", "each")}} or DragTo(…)')

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

    def packed(self, pack: Pack) -> dict[str, Any]:
        """Return what the protocol has of the mark's numbers, and of what is made of them."""
        return {}

    def json(self, pack: Pack) -> dict[str, Any]:
        """Return the mark as the protocol has it."""
        sent = {field: getattr(self, field) for field in self.sent}
        own = {"kind": self.kind, "name": self.name, **self.packed(pack), **sent}
        return {**own, **drags_json(self.drags)}


class XYMark(Mark):
    """A mark with one y for each x."""

    x: Any
    y: Any

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

    def packed(self, pack: Pack) -> dict[str, Any]:
        exact = bool(self.name)  # nobody reads the numbers of what only guides the eye
        return {"x": pack.along("x", self.x, exact), "y": pack.along("y", self.y, exact)}
