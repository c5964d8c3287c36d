"""Section "The slope is softmax": tangents of LSE."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, with_gaps
from course_utils.lessons.class_bars import inverse_temperature_slider
from course_utils.lessons.handles import handle
from course_utils.numerics.softmax import log_softmax, softmax
from course_utils.teaching import Demo, Float, Question, Toggle
from course_utils.teaching.pictures import Axis, Line, Panel, Picture
from course_utils.teaching.text import format_number

slope_question = Question(
    "LSE(x, 0) with λ = 1 is a smooth version of max(x, 0), whose slope jumps from 0 to 1 at x = 0. "
    "What is the slope of LSE(x, 0) at x = 0?",
    ["0", "1/2", "1", "It has none there."],
    "B",
    [
        "of a minimum at the kink. LSE(x, 0) rises with x everywhere.",
        "The slope is softmax of (x, 0), first entry; at a tie the two share equally.",
        "of the side that wins. At x = 0 nobody has won yet.",
        "of max, which has a kink there. LSE has a slope everywhere: that is what smooth means.",
    ],
    expected=[15, 60, 10, 15],
)

LINE = np.linspace(-4, 4, 121)
STEP = 1e-4  # larger ones change the third digit where λ is large


def tangents(x: float, inverse_temperature: float, others: bool) -> Picture:
    """Show LSE_λ(x, 0) with its tangent at x, and the slope everywhere."""
    k = inverse_temperature
    logits = np.array([k * x, 0.0])
    p = softmax(logits)
    p0 = float(p[0])
    measured = _measured(x, k)
    start = _tangent_at_zero(x, k)
    slopes = _slopes(LINE, k)
    return Picture(
        [_touched(x, k, p0, others), _slope(x, slopes, measured)],
        f"At x = {format_number(x)} the measured slope is {format_number(measured)}, and softmax of λ(x, 0) "
        f"gives p0 = {format_number(p0)}. The tangent meets the vertical line x = 0 at height "
        f"{format_number(start)}, which is the entropy of p divided by λ. From x = {format_number(LINE[0])} to "
        f"{format_number(LINE[-1])} the slope rises from {format_number(slopes[0])} to {format_number(slopes[-1])}.",
        facts={
            "p0 at this x": p0,
            "step to each side": STEP,
            "height of the tangent at x = 0": start,
            "entropy of p, divided by λ": float(-p @ log_softmax(logits)) / k,
        },
        height=320,
    )


def _touched(x: float, k: float, p0: float, others: bool) -> Panel:
    """Show the curve and its tangent at x."""
    height, ends = _softened(x, k), LINE[[0, -1]]
    return Panel(
        f"LSE(*x*, 0), and its slope at *x*: {format_number(p0)}",
        [
            *([_fan(k)] if others else []),
            Line("max(x, 0)", np.maximum(LINE, 0), LINE, color="muted", dash="dotted", label="max"),
            Line("LSE(x, 0)", _softened(LINE, k), LINE, color="ink", label="LSE"),
            Line("tangent", height + p0 * (ends - x), ends, color="probabilities", dash="dashed"),
            handle("LSE at this x", height, x, "x", color="probabilities"),
        ],
        x=Axis("*x*", -4, 4, ticks=(-4, -2, 0, 2, 4)),
        y=Axis(low=-1, high=4.2, ticks=(0, 2, 4)),
    )


def _fan(k: float) -> Line:
    """Draw the tangents at other places, all of which lie below the curve."""
    ends, touching = LINE[[0, -1]], np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]) / k
    heights = _softened(touching, k)[:, None] + _slopes(touching, k)[:, None] * (ends - touching[:, None])
    x, y = with_gaps(np.stack(np.broadcast_arrays(ends, heights), axis=-1))
    return Line("other tangents", y, x, color="probabilities", width=1)


def _slope(x: float, slopes: Array, measured: float) -> Panel:
    """Show the slope everywhere, as softmax has it, and as measured at x."""
    return Panel(
        "*p*_0 of softmax, and the measured slope",
        [
            Line("p0", slopes, LINE, color="probabilities"),
            handle("measured slope", measured, x, "x", shape="diamond"),
        ],
        x=Axis("*x*", -4, 4, ticks=(-4, -2, 0, 2, 4)),
        y=Axis(low=0, high=1.06, ticks=(0, 0.5, 1)),
    )


def _slopes(x: Array, k: float) -> Array:
    """Return the slope of LSE_λ(x, 0): the first entry of softmax."""
    return softmax(np.stack([k * x, 0 * x], axis=-1))[:, 0]


def _measured(x: float, k: float) -> float:
    """Return the slope from a small step to both sides.

    Where x > 0, LSE(x, 0) = x + LSE(−x, 0): the slope of x is 1, and rounding cannot touch it.
    """
    if x > 0:
        return 1 - _measured(-x, k)
    return float(_softened(x + STEP, k) - _softened(x - STEP, k)) / (2 * STEP)


def _tangent_at_zero(x: float, k: float) -> float:
    """Height of the tangent above 0: LSE − p0 x, in which almost everything cancels far from the tie.

    With d = |λx| it is (log(1 + e^−d) + d/(1 + e^d))/λ, a sum of positive terms.
    """
    d = abs(k * x)
    return float(np.log1p(np.exp(-d)) + d / (1 + np.exp(d))) / k


def _softened(x: Any, k: float) -> Any:
    """LSE_λ of x and 0."""
    return np.logaddexp(k * x, 0) / k


tangents_demo = Demo(
    tangents,
    (
        Float("x", "Position x", low=-3, high=3, initial=1, step=0.1, plays=True),
        inverse_temperature_slider(low=0.5, high=32, initial=1),
        Toggle("others", "Show other tangents"),
    ),
    title="The slope is softmax.",
    look_for="Drag the point: the tangent tilts, and the diamond rides on p0.",
    presets={
        "At the tie": {"x": 0},
        "Far right": {"x": 3},
        "Far left": {"x": -3},
        "Sharp": {"x": 0.1, "inverse_temperature": 16},
        "All tangents": {"others": True},
    },
)
