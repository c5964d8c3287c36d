"""“The slope is softmax”: tangents of LSE."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import clean
from course_utils.numerics.softmax import entropy, softmax
from course_utils.teaching import Demo, Float, LogFloat, Picture, Question, Table, Toggle, look
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
)

LINE = np.linspace(-4, 4, 161)
STEP = 0.001


def tangents(x: float, inverse_temperature: float, others: bool) -> Picture:
    """Show LSE_λ(x, 0) with its tangent at x, and the slope everywhere."""
    k = inverse_temperature
    height, p0 = _softened(x, k), float(softmax(np.array([k * x, 0.0]))[0])
    measured = (_softened(x + STEP, k) - _softened(x - STEP, k)) / (2 * STEP)
    start = height - p0 * x
    curve, slopes = _softened(LINE, k), softmax(np.stack([k * LINE, 0 * LINE], axis=-1))[:, 0]
    ends = LINE[[0, -1]]
    touching = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]) / k
    tilts = softmax(np.stack([k * touching, 0 * touching], axis=-1))[:, :1]
    fan = _softened(touching, k)[:, None] + tilts * (ends - touching[:, None])
    gaps_between = np.full((len(touching), 1), np.nan)
    fan_x = np.hstack([np.tile(ends, (len(touching), 1)), gaps_between]).ravel()
    fan_y = np.hstack([fan, gaps_between]).ravel()

    figure, (left, right) = look.panels(2, left=52, gap=78)
    if others:
        left.plot(
            fan_x,
            fan_y,
            color=look.PROBABILITIES,
            linewidth=1,
            alpha=0.6,
            gid="other tangents x | other tangents y",
        )
    left.plot(LINE, np.maximum(LINE, 0), ":", color=look.OUTLINE, label="max(x, 0)", gid="x axis | max(x, 0)")
    left.plot(LINE, curve, color=look.BLACK, label="LSE(x, 0)", gid="x axis | LSE(x, 0)")
    left.plot(
        ends,
        height + p0 * (ends - x),
        "--",
        color=look.PROBABILITIES,
        label="tangent",
        gid="ends | tangent",
    )
    left.plot(
        [x],
        [height],
        "o",
        color=look.PROBABILITIES,
        markeredgecolor=look.OUTLINE,
        markersize=10,
        gid="x | height",
    )
    left.set(xlim=(-4.1, 4.1), ylim=(-1, 5), xlabel="x")
    left.legend(loc="upper left", borderpad=0.3)
    left.set_title("LSE(x, 0) and a tangent")
    right.plot(LINE, slopes, color=look.PROBABILITIES, label="p0", gid="x axis | p0 everywhere")
    right.plot(
        [x],
        [measured],
        "D",
        color=look.BLACK,
        markeredgecolor="white",
        markersize=9,
        label="measured",
        gid="x | measured slope",
    )
    right.set(xlim=(-4.1, 4.1), ylim=(-0.05, 1.05), xlabel="x")
    right.legend(loc="lower right", borderpad=0.3)
    right.set_title("slope of LSE(x, 0)")

    shown = slice(None, None, 10)
    return Picture(
        figure,
        f"At x = {format_number(x)} the measured slope is {format_number(measured)}, and softmax of λ(x, 0) "
        f"gives p0 = {format_number(p0)}. The tangent meets the vertical line x = 0 at height "
        f"{format_number(start)}, which is the entropy of p divided by λ. From x = {format_number(LINE[0])} to "
        f"{format_number(LINE[-1])} the slope rises from {format_number(slopes[0])} to {format_number(slopes[-1])}.",
        Table(
            "LSE(x, 0) and its slope",
            {
                "": ["this x", *["on the axis"] * len(LINE[shown])],
                "at x": np.append(x, LINE[shown]),
                "LSE of (x, 0)": np.append(height, curve[shown]),
                "p0 of softmax": np.append(p0, slopes[shown]),
            },
            {
                "measured slope at this x": measured,
                "step to each side": STEP,
                "height of the tangent at 0": start,
                "entropy of p, divided by λ": clean(entropy([p0, 1 - p0]) / k),
            },
        ),
        {
            "x axis": LINE,
            "max(x, 0)": np.maximum(LINE, 0),
            "LSE(x, 0)": curve,
            "p0 everywhere": slopes,
            "ends": ends,
            "tangent": height + p0 * (ends - x),
            "x": np.array([x]),
            "height": np.array([height]),
            "measured slope": np.array([measured]),
            **({"other tangents x": fan_x, "other tangents y": fan_y} if others else {}),
        },
    )


def _softened(x: Any, k: float) -> Any:
    """LSE_λ of x and 0."""
    return np.logaddexp(k * x, 0) / k


tangents_demo = Demo(
    tangents,
    (
        Float("x", "Position x", low=-3, high=3, initial=1, step=0.1),
        LogFloat("inverse_temperature", "Inverse temperature λ", low=0.5, high=32, initial=1, step=2**0.25),
        Toggle("others", "Show other tangents"),
    ),
    title="The slope is softmax.",
    look_for="Walk x from left to right: the tangent tilts from flat to steep, and the diamond rides on p0.",
    presets={
        "At the tie": {"x": 0},
        "Far right": {"x": 3},
        "Far left": {"x": -3},
        "Sharp": {"x": 0.1, "inverse_temperature": 16},
        "All tangents": {"others": True},
    },
)
