"""Values to try a control with: those at its ends, and random ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_utils.teaching import Bitmap, Bits, Choice, Float, Integer, LogFloat, Toggle, Vector
from course_utils.teaching.controls import Control


def ends(control: Control) -> tuple[Any, ...]:
    """Return the values at the ends; of a vector each entry at each end, and all; of bits each switched."""
    match control:
        case Float():
            return float(control.low), float(control.high)
        case Integer():
            return control.low, control.high
        case Choice():
            return control.options
        case Toggle():
            return False, True
        case Vector():
            low, high = float(control.low), float(control.high)
            single = [
                _with(control.default, i, end) for i in range(len(control.entries)) for end in (low, high)
            ]
            return (*single, *((end,) * len(control.entries) for end in (low, high)))
        case Bits():
            bits = control.default
            switched = [f"{bits[:i]}{1 - int(bits[i])}{bits[i + 1 :]}" for i in range(len(bits))]
            return (*switched, "0" * len(bits), "1" * len(bits))
        case Bitmap():
            return tuple(bit * (control.rows * control.columns) for bit in "01")
    raise TypeError(f"the ends of a {type(control).__name__} are not known here")


def _with(entries: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    return (*entries[:place], value, *entries[place + 1 :])


def random_value(control: Control, random: np.random.Generator) -> Any:
    """Return a random legal value."""
    match control:
        case LogFloat():
            value = math.exp(random.uniform(math.log(control.low), math.log(control.high)))
            return float(np.clip(value, control.low, control.high))
        case Float():
            return _on_a_notch(control, random.integers(_notches(control)))
        case Integer():
            return int(random.integers(control.low, control.high + 1))
        case Choice():
            return str(random.choice(control.options))
        case Toggle():
            return bool(random.integers(2))
        case Vector():
            counts = random.integers(_notches(control), size=len(control.entries))
            return tuple(_on_a_notch(control, count) for count in counts)
        case Bits():
            return "".join(map(str, random.integers(2, size=control.count)))
        case Bitmap():
            return _strokes(control, random)
    raise TypeError(f"random values of a {type(control).__name__} are not known here")


def _notches(control: Float | Vector) -> int:
    return round((control.high - control.low) / control.step) + 1


def _on_a_notch(control: Float | Vector, count: Any) -> float:
    return float(min(control.high, control.low + control.step * int(count)))


def _strokes(control: Bitmap, random: np.random.Generator) -> str:
    """Draw a few strokes with a pen of some width."""
    place, ink = random.random(2), np.zeros((control.rows, control.columns), dtype=int)
    for _ in range(30):
        place = np.clip(place + random.normal(0, 0.1, 2), 0, 0.999)
        row, column = (place * [control.rows, control.columns]).astype(int)
        ink[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 1
    return "".join(map(str, ink.ravel()))
