"""Controls of a demo: declarations that know which values they can have.

A control says what it is; how a browser shows it is decided once, in ``view/controls.js``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

import numpy as np

from course_utils.teaching.text import brief, format_number


def _number(name: str, value: Any, low: float, high: float, whole: bool = False) -> float:
    """Check one number of the control ``name`` against its range and type."""
    right = f"{'a whole number' if whole else 'a number'} {_span(low, high)}"
    accepted = int | np.integer if whole else int | float | np.integer | np.floating
    if isinstance(value, bool | np.bool_) or not isinstance(value, accepted):
        raise TypeError(f"{name} must be {right}, not {brief(value)}")
    if not low <= value <= high:  # nan fails this comparison too
        written = repr(float(value)) if isinstance(value, float | np.floating) else brief(value)
        raise ValueError(f"{name} must be {right}, not {written}")
    return int(value) if whole else float(value)


def _text(value: Any, right: str, fits: Callable[[str], bool]) -> str:
    """Check one text; `right` says what it must be."""
    if not isinstance(value, str):
        raise TypeError(f"{right}, not {brief(value)}")
    if not fits(value):
        raise ValueError(f"{right}, not {brief(value)}")
    return str(value)


def _bits(value: Any, count: int, right: str) -> str:
    """Check a text of so many bits."""
    return _text(value, f"{right}, each 0 or 1", lambda bits: len(bits) == count and set(bits) <= {"0", "1"})


def _even(low: float, high: float, step: float) -> list[float]:
    """Return the notches of an even scale as a slider counts them: 0.3, not 0 + 3 * 0.1."""
    places = 6 - math.floor(math.log10(step))
    inner = [round(float(low + step * i), places) for i in range(1, round((high - low) / step))]
    return [float(low), *inner, float(high)]


def _with(value: Sequence[Any], place: int, entry: Any) -> tuple[Any, ...]:
    return (*value[:place], entry, *value[place + 1 :])


def _span(low: float, high: float) -> str:
    return f"from {format_number(low)} to {format_number(high)}"


def _notched(low: float, high: float, step: float) -> str:
    return f"{_span(low, high)} in steps of {format_number(step)}"


def _shown(value: float) -> str:
    return format_number(value, 6)  # as the field beside a slider does


def _at_first(value: str, plays: bool = False) -> str:
    return f", at first {value}{'; a button plays it' if plays else ''}"


def _check_steps(name: str, low: float, high: float, step: float) -> None:
    """Refuse a scale whose slider would stop short of its high end."""
    steps = (high - low) / step if step > 0 else 0.0
    if round(steps) < 1 or not math.isclose(steps, round(steps), rel_tol=1e-9):
        raise ValueError(f"{name}: steps of {step} do not lead from {low} to {high}")


@dataclass(frozen=True)
class Control:
    """What all controls have in common.

    A value is JSON: a number, a text, a bool, or a tuple whose length never changes, for films compare states
    entry by entry.

    Parameters
    ----------
    name : str
        Parameter of the demo's picture function.
    label : str
        What the reader sees and hears, symbol included: ``"temperature T"``.
    """

    name: str
    label: str
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        self.validate(self.default)

    @property
    def default(self) -> Any:
        raise NotImplementedError

    def validate(self, value: Any) -> Any:
        """Return the value in its own type, or raise one clear sentence (TypeError or ValueError)."""
        raise NotImplementedError

    @property
    def says(self) -> str:
        """What it can be and is at first, in words for a page on which it does not move."""
        raise NotImplementedError

    def moves(self, start: Any) -> list[Sequence[Any]]:
        """Return where a reader can get from the value `start`: for each slider, list or switch its values in
        their order. Without any, only presets and hands move the control.
        """
        raise NotImplementedError

    def spec(self) -> dict[str, Any]:
        """Return the declaration as JSON for the browser."""
        fields = {key: list(v) if isinstance(v, tuple) else v for key, v in vars(self).items()}
        return {**fields, "kind": self.kind}


@dataclass(frozen=True)
class Float(Control):
    """A number on an even scale. With `plays`, a button moves it from end to end.

    Examples
    --------
    >>> shift = Float("shift", "shift c", low=-100, high=100, initial=0, step=1)
    >>> shift.validate(7)
    7.0
    >>> shift.validate(700)
    Traceback (most recent call last):
        ...
    ValueError: shift must be a number from −100 to 100, not 700
    >>> Float("x", "x", low=0, high=1, initial=0, step=0.25).moves(0)
    [[0.0, 0.25, 0.5, 0.75, 1.0]]
    """

    low: float
    high: float
    initial: float
    step: float
    unit: str = ""
    plays: bool = False
    kind: ClassVar[str] = "float"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_scale()

    def _check_scale(self) -> None:
        _check_steps(self.name, self.low, self.high, self.step)

    @property
    def default(self) -> float:
        return float(self.initial)

    def validate(self, value: Any) -> float:
        return _number(self.name, value, self.low, self.high)

    @property
    def says(self) -> str:
        return self._scale() + _at_first(f"{_shown(self.initial)} {self.unit}".strip(), self.plays)

    def _scale(self) -> str:
        return _notched(self.low, self.high, self.step)

    def moves(self, start: Any) -> list[Sequence[Any]]:
        return [_even(self.low, self.high, self.step)]


@dataclass(frozen=True)
class LogFloat(Float):
    """A positive number on a logarithmic scale; `step` is the factor from one notch to the next.

    With `reciprocal`, a second slider shows 1/value under that label; the two always move together.
    """

    reciprocal: str = ""
    kind: ClassVar[str] = "log"

    def _check_scale(self) -> None:
        if not (0 < self.low < self.high and self.step > 1 and self._steps() >= 1):
            raise ValueError(
                f"{self.name}: a logarithmic scale needs 0 < low < high and a step above 1, at most high/low"
            )

    def _steps(self) -> int:
        return round(math.log(self.high / self.low) / math.log(self.step))

    def validate(self, value: Any) -> float:
        # The end of the reciprocal slider comes back as 1/(1/value), which may miss it by one rounding.
        if isinstance(value, float):
            for end in (float(self.low), float(self.high)):
                if math.isclose(value, end, rel_tol=1e-12):
                    return end
        return super().validate(value)

    @property
    def says(self) -> str:
        return super().says + (f"; {self.reciprocal} is 1 divided by it" if self.reciprocal else "")

    def _scale(self) -> str:
        return f"{_span(self.low, self.high)} in {self._steps()} steps, each by the same factor"

    def moves(self, start: Any) -> list[Sequence[Any]]:
        ratio, steps = self.high / self.low, self._steps()
        inner = [float(self.low * ratio ** (i / steps)) for i in range(1, steps)]
        return [[float(self.low), *inner, float(self.high)]]


@dataclass(frozen=True)
class Integer(Control):
    """A whole number. With `plays`, a button moves it from end to end."""

    low: int
    high: int
    initial: int
    plays: bool = False
    kind: ClassVar[str] = "integer"

    @property
    def default(self) -> int:
        return self.initial

    def validate(self, value: Any) -> int:
        return int(_number(self.name, value, self.low, self.high, whole=True))

    @property
    def says(self) -> str:
        return _span(self.low, self.high) + _at_first(format_number(self.initial), self.plays)

    def moves(self, start: Any) -> list[Sequence[Any]]:
        return [range(self.low, self.high + 1)]


@dataclass(frozen=True)
class Choice(Control):
    """One of several words; the first is the default unless `initial` names another.

    Examples
    --------
    >>> Choice("dtype", "precision", options=("float32", "float64")).validate("float8")
    Traceback (most recent call last):
        ...
    ValueError: dtype must be one of 'float32', 'float64', not 'float8'
    """

    options: tuple[str, ...]
    initial: str = ""
    kind: ClassVar[str] = "choice"

    def __post_init__(self) -> None:
        if not self.options:
            raise ValueError(f"{self.name}: a choice needs options to choose from")
        super().__post_init__()

    @property
    def default(self) -> str:
        return self.initial or self.options[0]

    def validate(self, value: Any) -> str:
        possible = f"{self.name} must be one of {', '.join(map(repr, self.options))}"
        return _text(value, possible, self.options.__contains__)

    @property
    def says(self) -> str:
        return "; ".join(self.options) + _at_first(self.default)

    def moves(self, start: Any) -> list[Sequence[Any]]:
        return [self.options]


@dataclass(frozen=True)
class Toggle(Control):
    """On or off."""

    initial: bool = False
    kind: ClassVar[str] = "toggle"

    @property
    def default(self) -> bool:
        return self.initial

    def validate(self, value: Any) -> bool:
        if not isinstance(value, bool | np.bool_):
            raise TypeError(f"{self.name} must be True or False, not {brief(value)}")
        return bool(value)

    @property
    def says(self) -> str:
        return "on or off" + _at_first("on" if self.initial else "off")

    def moves(self, start: Any) -> list[Sequence[Any]]:
        return [(False, True)]


@dataclass(frozen=True)
class Vector(Control):
    """Several numbers with one range, one slider each.

    Examples
    --------
    >>> z = Vector("z", "logits z", entries=("z0", "z1"), low=-5, high=5, initial=(1, 0), step=0.1)
    >>> z.validate([2, -2])
    (2.0, -2.0)
    >>> z.validate([2, -2, 0])
    Traceback (most recent call last):
        ...
    ValueError: z must have 2 numbers (z0, z1), not 3
    """

    entries: tuple[str, ...]
    low: float
    high: float
    initial: tuple[float, ...]
    step: float
    kind: ClassVar[str] = "vector"

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_steps(self.name, self.low, self.high, self.step)

    @property
    def default(self) -> tuple[float, ...]:
        return tuple(map(float, self.initial))

    def validate(self, value: Any) -> tuple[float, ...]:
        wanted = f"{len(self.entries)} numbers ({', '.join(self.entries)})"
        listed = isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
        if not listed and not (isinstance(value, np.ndarray) and value.ndim > 0):
            raise TypeError(f"{self.name} must be {wanted}, not {brief(value)}")
        if len(value) != len(self.entries):
            raise ValueError(f"{self.name} must have {wanted}, not {len(value)}")
        return tuple(
            _number(entry, v, self.low, self.high) for entry, v in zip(self.entries, value, strict=True)
        )

    @property
    def says(self) -> str:
        given = zip(self.entries, self.default, strict=True)
        start = ", ".join(f"{entry} = {_shown(value)}" for entry, value in given)
        return f"each {_notched(self.low, self.high, self.step)}{_at_first(start)}"

    def moves(self, start: Any) -> list[Sequence[Any]]:
        notches = _even(self.low, self.high, self.step)
        return [[_with(start, i, notch) for notch in notches] for i in range(len(self.entries))]


@dataclass(frozen=True)
class Bits(Control):
    """A row of bits to switch on and off, in named groups; the value is a string of 0 and 1.

    Examples
    --------
    >>> byte = Bits("b", "byte", groups=(("sign", 1), ("size", 3)), initial="0101")
    >>> byte.validate("1101")
    '1101'
    >>> byte.validate("11")
    Traceback (most recent call last):
        ...
    ValueError: b must be 4 bits (1 sign, 3 size), each 0 or 1, not '11'
    """

    groups: tuple[tuple[str, int], ...]
    initial: str = ""
    kind: ClassVar[str] = "bits"

    @property
    def count(self) -> int:
        """The number of bits of all groups."""
        return sum(count for _, count in self.groups)

    @property
    def default(self) -> str:
        return self.initial or "0" * self.count

    def validate(self, value: Any) -> str:
        groups = ", ".join(f"{count} {name}" for name, count in self.groups)
        return _bits(value, self.count, f"{self.name} must be {self.count} bits ({groups})")

    @property
    def says(self) -> str:
        bits = iter(self.default)
        start = ", ".join(f"{name} {''.join(islice(bits, count))}" for name, count in self.groups)
        return "each bit 0 or 1" + _at_first(start)

    def moves(self, start: Any) -> list[Sequence[Any]]:
        return [["".join(_with(start, i, bit)) for bit in "01"] for i in range(self.count)]


@dataclass(frozen=True)
class Bitmap(Control):
    """Black and white pixels, to be drawn by hand; the value is a string of 0 and 1, row by row from the top.

    Examples
    --------
    >>> pad = Bitmap("ink", "Your drawing", rows=2, columns=3, initial="010111")
    >>> pad.validate("000111")
    '000111'
    >>> pad.validate("01")
    Traceback (most recent call last):
        ...
    ValueError: ink must be 2 rows of 3 pixels, each 0 or 1, not '01'
    """

    rows: int
    columns: int
    initial: str = ""
    kind: ClassVar[str] = "bitmap"

    @property
    def default(self) -> str:
        return self.initial or "0" * (self.rows * self.columns)

    def validate(self, value: Any) -> str:
        return _bits(value, self.rows * self.columns, f"{self.name} must be {self._size()}")

    @property
    def says(self) -> str:
        return f"{self._size()}, black or white"

    def _size(self) -> str:
        return f"{self.rows} rows of {self.columns} pixels"

    def moves(self, start: Any) -> list[Sequence[Any]]:
        return []  # drawn by hand
