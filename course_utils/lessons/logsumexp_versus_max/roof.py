"""What opens the page: a rounded roof over the sharp one of max, to turn and to press down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import inverse_temperature_slider
from course_utils.numerics.softmax import smooth_max, softmax
from course_utils.teaching import Choice, Demo, Float
from course_utils.teaching.pictures import Axis, DragTo, Line, Panel, Picture, Points, Surface
from course_utils.teaching.text import format_number


def _boltzmann(z: Array, k: float) -> Array:
    mean: Array = (softmax(k * z) * z).sum(axis=-1)
    return mean


def _mellowmax(z: Array, k: float) -> Array:
    return np.asarray(smooth_max(z, k, normalized=True))


def _lse(z: Array, k: float) -> Array:
    return np.asarray(smooth_max(z, k))


ROOFS: dict[str, Callable[[Array, float], Array]] = {
    "LSE": _lse,
    "mellowmax": _mellowmax,
    "Boltzmann mean": _boltzmann,
}
LOW, HIGH = 1.0, 64.0  # values of λ
GRID = np.linspace(-1, 1, 17)
PAIRS = np.stack(np.meshgrid(GRID, GRID), axis=-1)
ALONG = np.linspace(-1, 1, 81)
CUT = np.stack([ALONG, -ALONG], axis=-1)  # straight across the edge of the roof
HELD = np.array([0.25, -0.25])  # the two scores where the roof is held


def roof(function: str, inverse_temperature: float, azimuth: float) -> Picture:
    """Show a function that softens max, of two scores, as a roof, and beside max along a cut."""
    soft, k = ROOFS[function], inverse_temperature
    held, tie = float(soft(HELD, k)), float(soft(np.zeros(2), k))
    above = float(soft(HELD - HELD.max(), k))  # a difference of the two would be mostly rounding
    side = "above" if above > 0 else "below"
    the = "the " if function.endswith("mean") else ""
    return Picture(
        [_surface(function, k, azimuth), _cut(function, k, held)],
        f"At z = ({format_number(HELD[0])}, {format_number(HELD[1])}), {the}{function} is {format_number(held)}: "
        f"{format_number(abs(above))} {side} max. Where both scores are 0 it is {format_number(tie)}.",
        facts={
            "max there": HELD[0],
            f"{function} − max there": above,
            f"{function} of two zeros": tie,
            "the other score there": HELD[1],
            "the roof is turned by": azimuth,
        },
        height=300,
    )


def _surface(function: str, k: float, azimuth: float) -> Panel:
    soft = ROOFS[function]
    return Panel(
        f"{function} of *z*_0 and *z*_1",
        [
            Surface(
                function,
                soft(PAIRS, k),
                GRID,
                GRID,
                low=-1,
                high=2,
                azimuth=azimuth,
                elevation=18,
                labels=("*z*_0", "*z*_1", ""),
                curves=[(*CUT.T, soft(CUT, k), "ink")],
            )
        ],
        weight=1.2,
    )


def _cut(function: str, k: float, held: float) -> Panel:
    """Show the roof and max along the cut, and the point that presses the roof down."""
    return Panel(
        "along the thick line, *z*_1 = −*z*_0",
        [
            Line("max", CUT.max(axis=-1), ALONG, color="muted", dash="dashed", label="max"),
            Line(f"{function} on the line", ROOFS[function](CUT, k), ALONG, color="ink", label="roof"),
            Points(
                "roof",
                [held],
                HELD[:1],
                color="temperature",
                size=13,
                drags=DragTo(_press, ("inverse_temperature",), "height of the roof"),
            ),
        ],
        x=Axis("*z*_0", -1, 1, ticks=(-1, 0, 1)),
        y=Axis(low=-0.1, high=1.3, ticks=(0, 0.5, 1)),
    )


def _press(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Find the λ at which the roof has a height where it is held, as near as the slider goes."""
    soft = ROOFS[state["function"]]
    rises = float(soft(HELD, HIGH)) > float(soft(HELD, LOW))
    low, high = LOW, HIGH
    for _ in range(40):
        middle = float(np.sqrt(low * high))
        if (float(soft(HELD, middle)) < y) == rises:
            low = middle
        else:
            high = middle
    return {"inverse_temperature": low}


roof_demo = Demo(
    roof,
    (
        Choice("function", "Roof", options=tuple(ROOFS)),
        inverse_temperature_slider(low=LOW, high=HIGH, initial=2),
        Float("azimuth", "Turn", low=-180, high=0, initial=-110, step=5, unit="°", plays=True),
    ),
    title="Rounded roofs.",
    look_for="Drag the point up and down: what does the edge of the roof do?",
    presets={
        "Sharp": {"inverse_temperature": 32},
        "Smooth": {"inverse_temperature": 1},
        "Mellowmax": {"function": "mellowmax"},
        "Boltzmann mean": {"function": "Boltzmann mean", "inverse_temperature": 4},
    },
)
