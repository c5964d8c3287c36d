"""Section "Where digits die"."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.teaching import Choice, Demo, LogFloat, Question
from course_utils.teaching.pictures import Axis, Drag, Line, Panel, Picture, Points, Rule, Table, Text
from course_utils.teaching.text import format_number

digits_question = Question(
    "At x = 40, σ(x) is 1 − 4.2e−18. You want 1 − σ(x). Which form survives?",
    [
        "`1 - sigmoid(x)`, since subtraction is exact enough.",
        "`sigmoid(-x)`",
        "Both: they are the same number.",
        "Neither: 4.2e−18 is too small for a float64.",
    ],
    "B",
    [
        "that an exact subtraction gives an exact answer. It *is* exact; the digits were lost before, "
        "when σ(40) was rounded to 1.",
        "It never comes near 1, so nothing is rounded away: only the last digit may be off.",
        "of the real numbers, where they are. In floats, the first is exactly 0.",
        "that small means lost. float64 goes down to 4.9e−324; next to *1*, though, 4.2e−18 does not show.",
    ],
    expected=[15, 50, 20, 15],
)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _softmax_pair(x):
    z = np.stack([x, np.zeros_like(x)])
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


# What is computed: two ways that agree in the real numbers, and the truth in mpmath.
WAYS: dict[str, tuple[str, Callable[..., Any], str, Callable[..., Any], Callable[[Any, Any], Any]]] = {
    "1 − σ(x)": (
        "1 − σ(x)",
        lambda x: 1 - _sigmoid(x),
        "e^(−x)/(1 + e^(−x))",
        lambda x: np.exp(-x) / (1 + np.exp(-x)),
        lambda mp, x: mp.exp(-x) / (1 + mp.exp(-x)),
    ),
    "log σ(x)": (
        "log(σ(x))",
        lambda x: np.log(_sigmoid(x)),
        "−log1p(e^(−x))",
        lambda x: -np.log1p(np.exp(-x)),
        lambda mp, x: -mp.log1p(mp.exp(-x)),
    ),
    "log p1 of the logits (x, 0)": (
        "log(softmax)",
        lambda x: np.log(_softmax_pair(x)[1]),
        "log_softmax",
        lambda x: -x - np.log1p(np.exp(-x)),
        lambda mp, x: -x - mp.log1p(mp.exp(-x)),
    ),
    "tanh′(x)": (
        "1 − tanh(x)²",
        lambda x: 1 - np.tanh(x) ** 2,
        "(2t/(1 + t²))², t = e^(−x)",
        lambda x: (2 * np.exp(-x) / (1 + np.exp(-2 * x))) ** 2,
        lambda mp, x: mp.sech(x) ** 2,
    ),
}
X_GRID = np.geomspace(0.1, 1000, 73)
LAST = np.linspace(
    0.94, 1.02, 9
)  # the grid is finer where a way gives out: the subnormal numbers begin at 0.95
MOST_DIGITS = 53 * math.log10(2)  # of a float64: 15.95
WRONG: dict[float, str] = {0: "100 % wrong", 2: "1 % wrong", 6: "6 digits", 11: "11 digits", 16: "all digits"}
# The error at one x is luck, the worst around it is not; but where a number is subnormal, a wider window
# would reach to where it has fewer digits.
WOBBLE, FARTHEST = np.linspace(-0.01, 0.01, 15), 0.1


@functools.cache
def digits_right(quantity: str, x: float) -> tuple[float, float]:
    """Return how many decimal digits the two ways get right around x, at worst: 0 to 15.95."""
    from mpmath import mp

    _, naive, _, stable, truth = WAYS[quantity]
    around = x + np.clip(x * WOBBLE, -FARTHEST, FARTHEST)
    with mp.workdps(40):
        right = [truth(mp, mp.mpf(float(v))) for v in around]
        worst = [_worst(mp, way, x, around, right) for way in (naive, stable)]
    return worst[0], worst[1]


def _worst(mp: Any, way: Callable[..., Any], x: float, around: Array, right: list[Any]) -> float:
    end = gives_out(way)
    here = (
        around < end if end and x < end else np.full(len(around), True)
    )  # what is gone later, is not gone at x
    with np.errstate(all="ignore"):
        values = way(around)[here]
    if not np.isfinite(values).all():
        return 0.0
    right = [r for r, counts in zip(right, here, strict=True) if counts]
    error = max(abs(mp.mpf(float(v)) - r) / abs(r) for v, r in zip(values, right, strict=True))
    return float(np.clip(-mp.log10(error), 0, MOST_DIGITS)) if error else MOST_DIGITS


def _result(way: Callable[..., Any], x: float) -> float:
    with np.errstate(all="ignore"):
        return float(way(np.array([x]))[0])


def _is_gone(result: float) -> bool:
    return result == 0 or math.isinf(result)


@functools.cache
def gives_out(way: Callable[..., Any]) -> float | None:
    """Return the first x from which on the result of a way is 0 or infinite; None if it is not at a million."""
    alive, gone = 0.1, 1e6
    if not _is_gone(_result(way, gone)):
        return None
    while alive < (between := (alive + gone) / 2) < gone:
        alive, gone = (alive, between) if _is_gone(_result(way, between)) else (between, gone)
    return gone


@functools.cache
def digit_curves(quantity: str) -> tuple[Array, Array, list[float | None]]:
    """Return the grid, the digits of both ways on it, and where each way gives out."""
    _, naive, _, stable, _ = WAYS[quantity]
    ends = [gives_out(way) for way in (naive, stable)]
    grid = np.unique(np.concatenate([X_GRID, *(end * LAST for end in ends if end)]))
    return grid, np.array([digits_right(quantity, float(x)) for x in grid]).T, ends


def where_digits_die(quantity: str, x: float) -> Picture:
    """Show how many digits of two equivalent formulas are right, over x."""
    naive_name, naive, stable_name, stable, _ = WAYS[quantity]
    here = np.array(digits_right(quantity, x))
    counts = [int(value) for value in here]  # the next digit is not always right
    results = [_result(way, x) for way in (naive, stable)]

    said = [
        f"{name} has {_digits(count)} right"
        for name, count in zip((naive_name, stable_name), counts, strict=True)
    ]
    what = [_notice(result) for result in results]
    ends = digit_curves(quantity)[2]
    last = [_end(way, end) for way, end in zip((naive, stable), ends, strict=True)]
    return Picture(
        [_both_ways(quantity, x, here)],
        f"Around x = {format_number(x)}, {said[0]} and {said[1]}. {_lesson_of(counts, results, naive_name)} "
        f"{naive_name} {last[0]}; {stable_name} {last[1]}.",
        table=Table(
            f"Two ways to {quantity}, around x = {format_number(x)}",
            {
                "way": [naive_name, stable_name],
                "digits that are right, at worst": counts,
                "its result is": what,
                "where it gives out": last,
            },
            {"x": x, "digits a float64 has": "about 16", "σ(x) and tanh(x) come near": 1},
        ),
        height=320,
    )


def _both_ways(quantity: str, x: float, here: Array) -> Panel:
    """Show the digits of both ways over x, and those here."""
    naive_name, _, stable_name, _, _ = WAYS[quantity]
    grid, curves, _ = digit_curves(quantity)
    return Panel(
        f"two ways to {_set(quantity)}: digits that are right",
        [
            Rule("x", x, color="muted", dash="", drags={"x": Drag("x")}),
            Line("second way", curves[1], grid, color="right", width=3),
            Line("first way", curves[0], grid, color="wrong", dash="dashed", width=3),
            Text(_set(stable_name), 0.11, 17, dy=-1, color="right", size=14),
            Text(_set(naive_name), 0.11, 14.5, dy=8, color="wrong", size=14),
            Points("digits", here, [x, x], color="ink", size=9),
        ],
        x=Axis("*x*", 0.1, 1000, scale="log", ticks=(0.1, 1, 10, 100, 1000)),
        y=Axis(low=-0.5, high=18, ticks=WRONG),
    )


def _set(name: str) -> str:
    """Write the name of a way as the texts of a picture have it."""
    return name.replace("_", "\\_").replace("^(−x)", "^{−x}").replace("p1", "*p*_1")


def _end(way: Callable[..., Any], end: float | None) -> str:
    """Say where a way gives out: in whole numbers, since the last bits of tanh differ between processors."""
    if end is None:
        return "never gives out"
    return f"is {_notice(_result(way, end))} from about x = {end:.0f} on"


def _digits(count: int) -> str:
    return "no digit" if count == 0 else f"{count} digit{'s' if count > 1 else ''}"


def _notice(result: float) -> str:
    if result == 0:
        return "exactly 0"
    if math.isinf(result):
        return "minus infinity"
    return "subnormal" if abs(result) < np.finfo(float).tiny else "an ordinary number"


def _lesson_of(counts: list[int], results: list[float], naive_name: str) -> str:
    if results[1] == 0:
        return "The true value is nearer to 0 than the smallest float64: nothing could hold it."
    if max(counts) < 14:
        return "The true value becomes subnormal there: a float64 has fewer digits left for it, or none."
    if results[0] == 0:
        return f"{naive_name} is exactly 0: the true value is small, but far from the smallest float64."
    if math.isinf(results[0]):
        return "The probability became 0, and its logarithm minus infinity."
    if counts[0] < 14 and naive_name == "log(softmax)":
        return "The probability becomes subnormal there: it has lost digits, and so has its logarithm."
    if counts[0] < 14:
        return "Near 1, subtracting or taking the logarithm keeps only what rounding has left."
    return "Here both are fine."


digits_demo = Demo(
    where_digits_die,
    (
        Choice("quantity", "What to compute", options=tuple(WAYS)),
        LogFloat("x", "Number x", low=0.1, high=1000, initial=15, step=1.1),
    ),
    title="Where digits die.",
    look_for="Drag the line to where the dashed curve reaches the bottom. Where is the solid one there?",
    presets={
        "1 − σ at 50": {"x": 50},
        "log σ at 25": {"quantity": "log σ(x)", "x": 25},
        "log of softmax at 800": {"quantity": "log p1 of the logits (x, 0)", "x": 800},
        "tanh′ at 10": {"quantity": "tanh′(x)", "x": 10},
        "tanh′ at 25": {"quantity": "tanh′(x)", "x": 25},
    },
)
