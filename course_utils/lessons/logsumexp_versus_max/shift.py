"""Section "Choose your shift": which m saves the sum of exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import logit_sliders
from course_utils.numerics.softmax import logsumexp
from course_utils.teaching import Choice, Demo, Float, Question
from course_utils.teaching.pictures import (
    Axis,
    Bars,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    classes,
)
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
    expected=[25, 5, 55, 15],
)

SHIFTS = np.linspace(-1000, 1000, 401)  # whole numbers
ROUNDING = 1e-5  # part of a result that float32 may lose by rounding alone; more than that is lost digits


def _where_finite(works: Array) -> str:
    """Say where the thick line exists: overflow ends it on the left, underflow on the right."""
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

    works = SHIFTS[np.isfinite(finite)]
    m_text, said = format_number(shift, 4), _outcome(float(total), float(result), right_value)
    names = [f"z{i}" for i in range(len(z))]
    return Picture(
        [
            _seen_by_exp(moved.astype(float), shift, precision, top, floor),
            _computed(finite, right_value, shift, float(result)),
        ],
        f"With m = {m_text}, {said} In {precision}, exp(x) is infinity above x = {format_number(top, 4)} "
        f"and 0 below x = {format_number(floor, 4)}; at m = max(z) = {format_number(max(z), 4)} the result is "
        f"finite, always. {_where_finite(works)}",
        table=Table(
            f"m + LSE(z − m) in {precision}, step by step",
            {
                "": names,
                "z": np.array(z),
                "z − m": moved.astype(float),
                "exp(z − m)": [_in_words(value) for value in e],
            },
            {
                "largest argument of exp before it overflows": top,
                "smallest one before it gives 0": floor,
                "what exp gives below that": 0,
                "sum": _in_words(total),
                "log of the sum": _in_words(result - m),
                "m + log of the sum": _in_words(result),
                "right value": right_value,
                "m on the axis, from": SHIFTS[0],
                "m on the axis, to": SHIFTS[-1],
                "smallest m with a finite result": works[0] if len(works) else "none",
                "largest m with a finite result": works[-1] if len(works) else "none",
            },
            digits=5,
        ),
        height=300,
    )


def _seen_by_exp(moved: Array, shift: float, precision: str, top: float, floor: float) -> Panel:
    return Panel(
        f"what exp gets to see in {precision}",
        [
            Rule("", top, color="wrong", label="∞ above"),
            Rule("", floor, color="wrong", label="0 below"),
            Bars(
                "z − m",
                moved,
                color="logits",
                horizontal=True,
                values=[format_number(value, 4) for value in moved.tolist()],
                width=0.55,
                drags={"x": Drag("z", "each", offset=shift)},
            ),
        ],
        x=Axis("*z* − *m*", -2300, 2300, ticks=(-2000, -1000, 0, 1000, 2000), zero=True),
        y=classes([f"*z*_{i}" for i in range(len(moved))]),
    )


def _computed(results: Array, right_value: float, shift: float, result: float) -> Panel:
    """Show what comes out for every shift, and for this one."""
    reached = [Points("", [result], [shift], color="ink", size=11)] if np.isfinite(result) else []
    return Panel(
        "*m* + LSE(*z* − *m*), computed",
        [
            Rule("right value", right_value, axis="y", color="target", label="right value"),
            Line("computed", results, SHIFTS, color="ink", width=4),
            Rule("m", shift, color="temperature", width=2, dash="", label="*m*", drags={"x": Drag("shift")}),
            *reached,
        ],
        x=Axis("shift *m*", -1000, 1000, ticks=(-1000, 0, 1000)),
        y=Axis(low=-1150, high=1250, ticks=(-1000, 0, 1000)),
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
    if abs(result - right) > ROUNDING * abs(right):
        return f"digits are lost on the way: the result is {format_number(result, 5)}, but {format_number(right, 5)} is right."
    return f"the result is {format_number(result, 5)}, which is right."


shift_demo = Demo(
    shifted,
    (
        logit_sliders(1000, (900, 100, -400), step=10),
        Float("shift", "Shift m", low=-1000, high=1000, initial=0, step=10),
        Choice("precision", "Precision", options=("float64", "float32")),
    ),
    title="Choose your shift.",
    look_for="Drag m: where does the thick line exist? At max(z)? At the mean?",
    presets={
        "The mean": {"shift": 200},
        "The smallest logit": {"shift": -400},
        "The largest logit": {"shift": 900},
        "Too low for float32": {"shift": 800, "precision": "float32"},
        "Too high": {"z": (-600, -700, -800), "shift": 200},
    },
)
