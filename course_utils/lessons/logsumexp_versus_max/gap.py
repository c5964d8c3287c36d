"""“How far above max?”: the band in which LSE lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.softmax import logsumexp
from course_utils.teaching import Demo, LogFloat, Picture, Question, Table, Vector, look
from course_utils.teaching.text import format_number

mean_question = Question(
    "Three equal scores: 5, 5 and 5. What is LSE = log(e^5 + e^5 + e^5)?",
    ["5", "5 + log 3, about 6.10", "15", "5/3"],
    "B",
    [
        "of a kind of mean, which must return 5 for equal numbers. LSE is not a mean: it can exceed every score.",
        "The sum is 3·e^5, and its logarithm is log 3 + 5. Every further equal score lifts LSE, so it is no mean.",
        "that log and exp cancel term by term. The logarithm of a sum is not the sum of the logarithms.",
        "of dividing by the number of scores. Nothing is divided here; three equal terms are *added*.",
    ],
)

gap_question = Question(
    "Two scores. When they are equal, LSE lies log 2, about 0.69, above max. "
    "Now one of them takes a lead of 10. How far above max is LSE?",
    [
        "Still 0.69: the gap is log n.",
        "More than 0.69, because the scores are larger.",
        "About e^−10, less than a ten-thousandth.",
        "Exactly 0.",
    ],
    "C",
    [
        "of log n as the gap. It is the *largest* gap, reached only where all scores are equal.",
        "that the size of the scores counts. The gap depends on their differences only.",
        "Because log(e^10 + 1) = 10 + log(1 + e^−10), and log(1 + x) is about x when x is small.",
        "that a loser so far behind adds nothing. In exact arithmetic every score adds something.",
    ],
)


def gap_above_max(z: Array, inverse_temperature: float | Array) -> Array:
    """LSE_λ(z) − max(z) along the last axis, exact in many digits also where it is tiny."""
    k = np.asarray(inverse_temperature)
    above: Array = logsumexp(k * (z - z.max(axis=-1, keepdims=True))) / np.squeeze(k)
    return above


SCALE = np.geomspace(0.1, 100, 121)  # values of λ along an axis
ROOM = 0.6  # how far bands and lines reach beyond the first and last bar


def gap(z: tuple[float, ...], inverse_temperature: float) -> Picture:
    """Show where LSE_λ lies between max and max + log n/λ, for this λ and for all."""
    logits, k = np.array(z), inverse_temperature
    n, largest = len(logits), logits.max()
    above = float(gap_above_max(logits, k))
    bound = np.log(n) / k
    ends = np.array([-ROOM, n - 1 + ROOM])
    curve, limit = gap_above_max(logits, SCALE[:, None]), np.log(n) / SCALE

    figure, (left, right) = look.panels(2, left=52, gap=78)
    left.fill(
        ends[[0, 1, 1, 0, 0]],
        [largest, largest, largest + bound, largest + bound, largest],
        facecolor="#e4d3de",
        edgecolor=look.TEMPERATURE,
        label="from max to max + log n/λ",
        gid="band x | band y",
    )
    positions = np.arange(n)
    left.bar(positions, logits, color=look.LOGITS, edgecolor=look.OUTLINE, gid="z")
    left.plot(ends, [largest + above] * 2, color=look.BLACK, linewidth=3, label="LSE", gid="ends | LSE")
    left.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    left.set(xlim=ends, ylim=(-3.5, 12.5), xlabel="logit", yticks=(-3, 0, 3, 6, 9, 12))
    left.set_xticks(positions, [f"z{i}" for i in positions])
    left.legend(loc="upper center", handlelength=1.4, borderpad=0.3)
    left.set_title("LSE in its band")
    right.plot(SCALE, limit, "--", color=look.TEMPERATURE, label="log n/λ", gid="λ axis | bound")
    right.plot(SCALE, curve, color=look.BLACK, label="LSE − max", gid="λ axis | gap")
    right.plot([k], [above], "o", color=look.BLACK, markersize=10, gid="λ | LSE − max")
    right.set(xscale="log", yscale="log", xlim=(0.09, 110), ylim=(1e-4, 40), xlabel="inverse temperature λ")
    _plain_ticks(right.xaxis, (0.1, 1, 10, 100))
    _plain_ticks(right.yaxis, (0.0001, 0.001, 0.01, 0.1, 1, 10))
    right.legend(loc="upper right", borderpad=0.3)
    right.set_title("the gap LSE − max")

    ties = int((logits == largest).sum())
    if ties == n:
        where = f"All {n} logits tie, so the whole bound log n/λ is used up."
    elif ties == 1:
        where = (
            f"The bound log n/λ = {format_number(bound)} would be reached only if all {n} logits were equal."
        )
    else:
        where = (
            f"{ties} of {n} logits share the lead: the gap cannot fall below log {ties}/λ = "
            f"{format_number(np.log(ties) / k)}, and the bound is log n/λ = {format_number(bound)}."
        )
    shown = slice(None, None, 8)
    return Picture(
        figure,
        f"LSE = {format_number(largest + above)} lies {format_number(above)} above max = {format_number(largest)}. {where} "
        f"From λ = {format_number(SCALE[0])} to {format_number(SCALE[-1])} the gap falls from "
        f"{format_number(curve[0])} to {format_number(curve[-1])}, its bound from {format_number(limit[0])} to "
        f"{format_number(limit[-1])}.",
        Table(
            "The gap LSE − max and its bound, for this λ and along the axis",
            {
                "": ["this λ", *["on the axis"] * len(SCALE[shown])],
                "inverse temperature": np.append(k, SCALE[shown]),
                "gap LSE − max": np.append(above, curve[shown]),
                "bound log n/λ": np.append(bound, limit[shown]),
            },
            {
                "max": largest,
                "LSE": largest + above,
                "logits that share the lead": ties,
                "log of that number, divided by λ": np.log(ties) / k,
                "number of logits n": n,
            },
        ),
        {
            "z": logits,
            "ends": ends,
            "LSE": np.full(2, largest + above),
            "band x": ends[[0, 1, 1, 0, 0]],
            "band y": largest + bound * np.array([0, 0, 1, 1, 0]),
            "λ axis": SCALE,
            "gap": curve,
            "bound": limit,
            "λ": np.array([k]),
            "LSE − max": np.array([above]),
        },
    )


def _plain_ticks(axis: Any, places: Sequence[float]) -> None:
    """Put few ticks on a logarithmic axis, written as people write them."""
    axis.set_ticks(places, [f"{place:g}" if place > 1e-4 else "0.0001" for place in places])
    axis.set_ticks([], minor=True)


gap_demo = Demo(
    gap,
    (
        Vector(
            "z",
            "Logits z",
            entries=("z0", "z1", "z2", "z3"),
            low=-3,
            high=3,
            initial=(2, 1, 0, -1),
            step=0.1,
        ),
        LogFloat("inverse_temperature", "Inverse temperature λ", low=0.25, high=64, initial=1, step=2**0.25),
    ),
    title="The gap.",
    look_for="Make the black line climb to the upper edge of its band, then make it sink to the lower one.",
    presets={
        "All equal": {"z": (1, 1, 1, 1)},
        "Two in the lead": {"z": (2, 2, 0, -1)},
        "One far ahead": {"z": (3, -3, -3, -3)},
        "Sharp": {"inverse_temperature": 16},
        "Very smooth": {"inverse_temperature": 0.25},
    },
)
