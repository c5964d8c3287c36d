"""“Choose your shift”: which m saves the sum of exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.softmax import logsumexp
from course_utils.teaching import Choice, Demo, Float, Picture, Question, Table, Vector, look
from course_utils.teaching.text import format_number

shift_question = Question(
    "On paper, LSE(z) = m + LSE(z − m) for *every* m. Take z = (−1000, 0, 1000) in float64, where exp overflows "
    "above 709.8. Which of these m gives the right answer?",
    ["The mean, 0.", "The smallest, −1000.", "The largest, 1000.", "All of them: the formula is exact."],
    "C",
    [
        "that centering is enough. After it the largest score is still 1000, and exp(1000) overflows.",
        "that small numbers are safe. After this shift the scores are 0, 1000 and 2000, which is worse.",
        "After it the largest score is 0 and its exponential is 1: nothing overflows, and the sum is at least 1.",
        "of the real numbers, where that is true. A float has a largest value, and the shift decides who exceeds it.",
    ],
)

SHIFTS = np.linspace(-1000, 1000, 401)  # whole numbers
ROUNDING = 1e-5  # what float32 may lose by rounding alone; more than that is lost digits


def _where_finite(computed: Array) -> str:
    """Say where the thick line exists: overflow ends it on the left, underflow on the right."""
    works = SHIFTS[np.isfinite(computed)]
    if not len(works):
        return "No shift of the axis gives a finite result."
    return (
        f"On the axis from {format_number(int(SHIFTS[0]))} to {format_number(int(SHIFTS[-1]))}, the result is "
        f"finite from m = {format_number(int(works[0]))} to {format_number(int(works[-1]))}."
    )


def shifted(z: tuple[float, ...], shift: float, precision: str) -> Picture:
    """Show m + LSE(z − m) step by step in one precision, and its result for every shift m."""
    dtype = np.dtype(precision)
    logits, m = np.array(z, dtype=dtype), dtype.type(shift)
    info = np.finfo(dtype)
    top, floor = float(np.log(float(info.max))), float(np.log(float(info.smallest_subnormal)) - np.log(2))
    right_value = float(logsumexp(np.array(z)))
    with np.errstate(all="ignore"):
        moved = logits - m
        e = np.exp(moved)
        total = e.sum()
        result = m + np.log(total)
        swept = SHIFTS.astype(dtype)
        results = swept + np.log(np.exp(logits - swept[:, None]).sum(axis=1))
    finite = np.where(np.isfinite(results), results, np.nan).astype(float)

    figure, (left, right) = look.panels(2, left=52, gap=70)
    positions = np.arange(len(logits))
    left.barh(
        positions, moved.astype(float), color=look.LOGITS, edgecolor=look.OUTLINE, gid="z − m", height=0.55
    )
    left.axvline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    for limit, name, side in ((top, " inf above", "left"), (floor, "0 below ", "right")):
        left.axvline(limit, color=look.REFERENCE, linestyle="--", gid="guide")
        left.text(limit, 2.72, name, ha=side, va="center")
    left.set(xlim=(-2100, 2100), ylim=(-0.6, 3.0), xlabel="z − m", xticks=(-2000, -1000, 0, 1000, 2000))
    left.set_yticks(positions, [f"z{i}" for i in positions])
    left.set_title(f"what exp gets to see, {precision}")
    right.axhline(right_value, color=look.REFERENCE, linestyle=":", label="right value", gid="guide")
    right.plot(SHIFTS, finite, color=look.BLACK, linewidth=4, label="computed", gid="m axis | computed")
    right.axvline(shift, color=look.OUTLINE, linewidth=1, gid="guide")
    if np.isfinite(result):
        right.plot(
            [shift], [float(result)], "o", color=look.BLACK, markersize=9, gid="m | m + log of the sum"
        )
    right.set(xlim=(-1050, 1050), ylim=(-1150, 1900), xlabel="shift m", xticks=(-1000, -500, 0, 500, 1000))
    right.legend(loc="upper center", ncols=2, borderpad=0.3, columnspacing=1, handlelength=1.4)
    right.set_title("m + LSE(z − m)")

    m_text, said = format_number(shift), _outcome(float(total), float(result), right_value)
    return Picture(
        figure,
        f"With m = {m_text}, {said} In {precision}, exp(x) is infinity above x = {format_number(top, 4)} "
        f"and 0 below x = {format_number(floor, 4)}; m = max(z) = {format_number(max(z))} always works. "
        f"{_where_finite(finite)}",
        Table(
            f"m + LSE(z − m) in {precision}, step by step",
            {
                "": [f"z{i}" for i in positions],
                "z": np.array(z),
                "z − m": moved.astype(float),
                "exp(z − m)": [_in_words(value) for value in e],
            },
            {
                "largest argument of exp before it overflows": top,
                "smallest one before it gives 0": floor,
                "sum": _in_words(total),
                "log of the sum": _in_words(result - m),
                "m + log of the sum": _in_words(result),
                "right value": right_value,
            },
            digits=5,
        ),
        {
            "m axis": SHIFTS,
            "computed": finite,
            "m": np.array([shift]),
            "m + log of the sum": np.array([float(result) if np.isfinite(result) else right_value]),
        },
    )


def _in_words(value: Any) -> float | str:
    """A number, or the word for what is none."""
    if np.isinf(value):
        return "infinity (overflow)" if value > 0 else "minus infinity"
    return float(value)


def _outcome(total: float, result: float, right: float) -> str:
    """Say how a computation with one shift ended, as the rest of a sentence."""
    if np.isinf(total):
        return "the sum of exponentials overflows, and the result is infinity."
    if total == 0:
        return "every exponential underflows to 0, and the logarithm of 0 is minus infinity."
    if abs(result - right) > ROUNDING * max(1, abs(right)):
        return f"digits are lost on the way: the result is {format_number(result, 5)}, but {format_number(right, 5)} is right."
    return f"the result is {format_number(result, 5)}, which is right."


shift_demo = Demo(
    shifted,
    (
        Vector(
            "z",
            "Logits z",
            entries=("z0", "z1", "z2"),
            low=-1000,
            high=1000,
            initial=(900, 100, -400),
            step=10,
        ),
        Float("shift", "Shift m", low=-1000, high=1000, initial=0, step=10),
        Choice("precision", "Precision", options=("float64", "float32")),
    ),
    title="Choose your shift.",
    look_for="Find the shifts for which the thick line exists. Is max(z) always one of them? Is the mean?",
    presets={
        "The mean": {"shift": 200},
        "The smallest logit": {"shift": -400},
        "The largest logit": {"shift": 900},
        "Too low for float32": {"shift": 800, "precision": "float32"},
        "Too high": {"z": (-600, -700, -800), "shift": 200},
    },
)
