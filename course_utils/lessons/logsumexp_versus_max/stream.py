"""Section "One pass": LSE of scores that arrive one by one, from two numbers."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.teaching import Demo, Integer, Vector
from course_utils.teaching.pictures import Axis, Bars, Drag, Line, Panel, Picture, Points, classes
from course_utils.teaching.text import format_number

COUNT = 8
BASE = 1000.0  # e to this power is no float64
BY_ARRIVAL = classes([str(i) for i in range(1, COUNT + 1)], "order of arrival")


def passes(z: Array) -> tuple[Array, Array, Array]:
    """Return maximum, sum and rescaling factor after each score, in one pass."""
    maximum, total = -np.inf, 0.0
    steps = []
    for score in z:
        new = max(maximum, float(score))
        factor = float(np.exp(maximum - new))
        total = total * factor + float(np.exp(score - new))
        maximum = new
        steps.append((maximum, total, factor))
    m, s, factors = np.array(steps).T
    return m, s, factors


def stream(z: tuple[float, ...], seen: int) -> Picture:
    """Show the scores that have arrived, their maximum, the scaled sum, and the LSE of both."""
    scores = np.array(z)
    m, s, factors = passes(scores)
    lse = m + np.log(s)
    at = seen - 1
    return Picture(
        [_scores(scores, m, lse, seen), _sums(s, seen)],
        f"After {seen} of {COUNT} scores, LSE = m + log s = {_sum(BASE + m[at], np.log(s[at]))}. "
        f"{_step(seen, factors[at], np.exp(scores[at] - m[at]))}",
        columns={"e^(z − m) now": np.exp(scores - m), "factor of the sum": factors},
        facts={
            "scores that have arrived": seen,
            "scores": COUNT,
            "taken off all scores": BASE,
            "m now": BASE + m[at],
            "log s now": np.log(s[at]),
            "LSE now": BASE + lse[at],
        },
        height=290,
    )


def _step(seen: int, factor: float, added: float) -> str:
    """Say what the score that came last did to the sum."""
    if seen == 1:
        return "The first score is the maximum so far, and the sum is 1."
    if factor < 1:
        return f"Score {seen} is a new maximum: the sum was multiplied by {format_number(factor)}, then 1 was added."
    return f"Score {seen} is no new maximum: {format_number(added)} was added to the sum."


def _scores(scores: Array, m: Array, lse: Array, seen: int) -> Panel:
    """Show all scores, and the maximum and LSE of those that have arrived."""
    later = np.arange(COUNT) >= seen
    shown, places = np.where(later, np.nan, 1.0), np.arange(COUNT, dtype=float)
    return Panel(
        f"scores, maximum (dashed) and LSE, less {BASE:g}",
        [
            Bars("z − 1000", scores, color="logits", faded=later.tolist(), drags={"y": Drag("z", "each")}),
            Line("maximum m − 1000", m * shown, places, color="muted", dash="dashed"),
            Line("LSE − 1000", lse * shown, places, color="ink", width=3),
        ],
        x=BY_ARRIVAL,
        y=Axis(low=-6.5, high=8.5, ticks=(-5, 0, 5)),
        weight=1.4,
    )


def _sums(s: Array, seen: int) -> Panel:
    return Panel(
        "sum *s* of e^{*z* − *m*}",
        [
            Bars("s", np.where(np.arange(COUNT) < seen, s, 0), color="exponentials"),
            Points("s now", [s[seen - 1]], [seen - 1], color="ink", size=10),
        ],
        x=BY_ARRIVAL,
        y=Axis(low=0, high=COUNT + 0.5, ticks=(0, 1, 4, 8)),
    )


def _sum(m: float, log_s: float) -> str:
    """Write a sum of two numbers, not negative, with all decimals of both terms, so that it is right as it stands.

    Examples
    --------
    >>> _sum(1000.5, 0.225734), _sum(1003.0, 0.0)
    ('1000.5 + 0.226 = 1000.726', '1003 + 0 = 1003')
    >>> _sum(998.5, 0.0), _sum(1000.25, 0.3)
    ('998.5 + 0 = 998.5', '1000.25 + 0.3 = 1000.55')
    """
    total = Decimal(f"{m:.7g}") + Decimal(f"{log_s:.3g}")
    return f"{format_number(m, 7)} + {format_number(log_s)} = {total.normalize():f}"


stream_demo = Demo(
    stream,
    (
        Vector(
            "z",
            "Scores, less 1000",
            entries=tuple(f"score {i}" for i in range(1, COUNT + 1)),
            low=-5,
            high=5,
            initial=(-1, 0.5, -3, 2, 1, 1.5, 4, 0),
            step=0.1,
        ),
        Integer("seen", "Scores that have arrived", low=1, high=COUNT, initial=3, plays=True),
    ),
    title="One pass.",
    look_for="Play it. What happens to the sum on the right when a new maximum arrives?",
    presets={
        "The largest first": {"z": (4, 2, 1.5, 1, 0.5, 0, -1, -3), "seen": COUNT},
        "The largest last": {"z": (-3, -1, 0, 0.5, 1, 1.5, 2, 4), "seen": COUNT},
        "Before the peak": {"seen": 6},
        "At the peak": {"seen": 7},
    },
)
