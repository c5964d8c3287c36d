"""Values to try a control with: those at its ends, and random ones."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_utils.teaching import Bitmap, Choice, Demo, LogFloat
from course_utils.teaching.controls import Control

ALL_STATES = os.environ.get("STATES") == "all"  # as in the weekly run


def ends(control: Control) -> tuple[Any, ...]:
    """Return the values at the ends of each slider and of all at once, each bit switched, and all options."""
    if isinstance(control, Bitmap):
        return tuple(bit * (control.rows * control.columns) for bit in "01")
    start = control.default
    single = [
        value
        for slider in control.moves(start)
        for value in (slider if isinstance(control, Choice) else (slider[0], slider[-1]))
    ]
    return tuple(dict.fromkeys((*single, _all_at(control, 0), _all_at(control, -1))))


def _all_at(control: Control, end: int) -> Any:
    value = control.default
    for place in range(len(control.moves(value))):
        value = control.moves(value)[place][end]
    return value


def end_states(demo: Demo) -> Iterator[dict[str, Any]]:
    """Yield the defaults, the presets and each end of each control; of two controls, if asked for."""
    yield demo.defaults
    yield from map(dict, demo.presets.values())
    named = [[(control.name, end) for end in ends(control)] for control in demo.controls]
    yield from (demo.state(**{name: end}) for control in named for name, end in control)
    for one, other in itertools.combinations(named, 2) if ALL_STATES else ():
        yield from (demo.state(**dict(pair)) for pair in itertools.product(one, other))


def random_value(control: Control, random: np.random.Generator) -> Any:
    """Return a random legal value: where each slider can stand, and between notches if it is logarithmic."""
    if isinstance(control, Bitmap):
        return _strokes(control, random)
    if isinstance(control, LogFloat):
        value = math.exp(random.uniform(math.log(control.low), math.log(control.high)))
        return float(np.clip(value, control.low, control.high))
    value = control.default
    for place in range(len(control.moves(value))):
        slider = control.moves(value)[place]
        value = slider[int(random.integers(len(slider)))]
    return value


def _strokes(control: Bitmap, random: np.random.Generator) -> str:
    """Draw a few strokes with a pen of some width."""
    place, ink = random.random(2), np.zeros((control.rows, control.columns), dtype=int)
    for _ in range(30):
        place = np.clip(place + random.normal(0, 0.1, 2), 0, 0.999)
        row, column = (place * [control.rows, control.columns]).astype(int)
        ink[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 1
    return "".join(map(str, ink.ravel()))
