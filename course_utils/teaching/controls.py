"""Controls of a demo: declarations that know their values, their text and their ends.

A control says what it is; how a browser shows it is decided once, in ``view/controls.js``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from course_utils.teaching.text import brief, format_number


def _number(name: str, value: Any, low: float, high: float, whole: bool = False) -> float:
    """Check one number of the control ``name`` against its range and type."""
    kind = "a whole number" if whole else "a number"
    right = f"{kind} from {format_number(low)} to {format_number(high)}"
    accepted = int | np.integer if whole else int | float | np.integer | np.floating
    if isinstance(value, bool | np.bool_) or not isinstance(value, accepted):
        raise TypeError(f"{name} must be {right}, not {brief(value)}")
    if not low <= value <= high:  # nan fails this comparison too
        written = repr(float(value)) if isinstance(value, float | np.floating) else brief(value)
        raise ValueError(f"{name} must be {right}, not {written}")
    return int(value) if whole else float(value)


def _check_steps(name: str, low: float, high: float, step: float) -> None:
    """Refuse a scale whose slider would stop short of its high end."""
    steps = (high - low) / step if step > 0 else 0.0
    if round(steps) < 1 or not math.isclose(steps, round(steps), rel_tol=1e-9):
        raise ValueError(f"{name}: steps of {step} do not lead from {low} to {high}")


@dataclass(frozen=True)
class Control:
    """What all controls have in common.

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

    def extremes(self) -> tuple[Any, ...]:
        """Return the values at the ends of the control."""
        raise NotImplementedError

    def sample(self, random: np.random.Generator) -> Any:
        """Return a random legal value."""
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

    def extremes(self) -> tuple[float, float]:
        return float(self.low), float(self.high)

    def sample(self, random: np.random.Generator) -> float:
        steps = round((self.high - self.low) / self.step)
        return float(min(self.high, self.low + self.step * int(random.integers(steps + 1))))


@dataclass(frozen=True)
class LogFloat(Float):
    """A positive number on a logarithmic scale; `step` is the factor from one notch to the next.

    With `reciprocal`, a second slider shows 1/value under that label; the two always move together.
    """

    reciprocal: str = ""
    kind: ClassVar[str] = "log"

    def _check_scale(self) -> None:
        if not (0 < self.low < self.high and self.step > 1):
            raise ValueError(f"{self.name}: a logarithmic scale needs 0 < low < high and a step above 1")

    def validate(self, value: Any) -> float:
        # The end of the reciprocal slider comes back as 1/(1/value), which may miss it by one rounding.
        if isinstance(value, float):
            for end in self.extremes():
                if math.isclose(value, end, rel_tol=1e-12):
                    return end
        return super().validate(value)

    def sample(self, random: np.random.Generator) -> float:
        return float(
            np.clip(math.exp(random.uniform(math.log(self.low), math.log(self.high))), self.low, self.high)
        )


@dataclass(frozen=True)
class Integer(Control):
    """A whole number. With `plays`, a button moves it from end to end."""

    low: int
    high: int
    initial: int
    unit: str = ""
    plays: bool = False
    kind: ClassVar[str] = "integer"

    @property
    def default(self) -> int:
        return self.initial

    def validate(self, value: Any) -> int:
        return int(_number(self.name, value, self.low, self.high, whole=True))

    def extremes(self) -> tuple[int, int]:
        return self.low, self.high

    def sample(self, random: np.random.Generator) -> int:
        return int(random.integers(self.low, self.high + 1))


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

    @property
    def default(self) -> str:
        return self.initial or self.options[0]

    def validate(self, value: Any) -> str:
        possible = f"{self.name} must be one of {', '.join(map(repr, self.options))}"
        if not isinstance(value, str):
            raise TypeError(f"{possible}, not {brief(value)}")
        if value not in self.options:
            raise ValueError(f"{possible}, not {brief(value)}")
        return str(value)

    def extremes(self) -> tuple[str, ...]:
        return self.options

    def sample(self, random: np.random.Generator) -> str:
        return str(random.choice(self.options))


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

    def extremes(self) -> tuple[bool, bool]:
        return False, True

    def sample(self, random: np.random.Generator) -> bool:
        return bool(random.integers(2))


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
    unit: str = ""
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

    def extremes(self) -> tuple[tuple[float, ...], ...]:
        """Return each entry at each end with the others at their defaults, and all at each end."""
        single = [
            tuple(float(end) if j == i else v for j, v in enumerate(self.default))
            for i in range(len(self.entries))
            for end in (self.low, self.high)
        ]
        together = [tuple(float(end) for _ in self.entries) for end in (self.low, self.high)]
        return tuple(single + together)

    def sample(self, random: np.random.Generator) -> tuple[float, ...]:
        steps = round((self.high - self.low) / self.step)
        return tuple(
            min(float(self.high), self.low + self.step * int(k))
            for k in random.integers(steps + 1, size=len(self.entries))
        )


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
        possible = f"{self.name} must be {self.count} bits ({groups}), each 0 or 1"
        if not isinstance(value, str):
            raise TypeError(f"{possible}, not {brief(value)}")
        if len(value) != self.count or set(value) - {"0", "1"}:
            raise ValueError(f"{possible}, not {brief(value)}")
        return str(value)

    def extremes(self) -> tuple[str, ...]:
        """Return the default with each bit switched, and all bits alike."""
        bits = self.default
        switched = [f"{bits[:i]}{1 - int(bits[i])}{bits[i + 1 :]}" for i in range(self.count)]
        return (*switched, "0" * self.count, "1" * self.count)

    def sample(self, random: np.random.Generator) -> str:
        return "".join(map(str, random.integers(2, size=self.count)))


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
        possible = f"{self.name} must be {self.rows} rows of {self.columns} pixels, each 0 or 1"
        if not isinstance(value, str):
            raise TypeError(f"{possible}, not {brief(value)}")
        if len(value) != self.rows * self.columns or set(value) - {"0", "1"}:
            raise ValueError(f"{possible}, not {brief(value)}")
        return str(value)

    def extremes(self) -> tuple[str, ...]:
        """Return nothing drawn, and all black."""
        return tuple(bit * (self.rows * self.columns) for bit in "01")

    def sample(self, random: np.random.Generator) -> str:
        """Return a few strokes of a pen of some width."""
        place, ink = random.random(2), np.zeros((self.rows, self.columns), dtype=int)
        for _ in range(30):
            place = np.clip(place + random.normal(0, 0.1, 2), 0, 0.999)
            row, column = (place * [self.rows, self.columns]).astype(int)
            ink[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 1
        return "".join(map(str, ink.ravel()))
