"""Section "How far above max?": the band in which LSE lies."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import inverse_temperature_slider, logit_sliders
from course_utils.lessons.handles import handle
from course_utils.numerics.softmax import logsumexp
from course_utils.teaching import Demo, Question
from course_utils.teaching.pictures import Axis, Band, Bars, Drag, Line, Panel, Picture, Text, classes
from course_utils.teaching.text import adding_up, format_number

mean_question = Question(
    "Three equal scores: 5, 5 and 5. What is LSE = log(e^5 + e^5 + e^5)?",
    ["5", "5 + log 3, about 6.10", "15", "5/3"],
    "B",
    [
        "of a kind of mean, which must return 5 for equal numbers. LSE is not a mean: it can exceed every score.",
        "The sum is 3 e^5, and its logarithm is log 3 + 5. Every further equal score lifts LSE, so it is no mean.",
        "that log and exp cancel term by term. The logarithm of a sum is not the sum of the logarithms.",
        "of dividing by the number of scores. Nothing is divided here; three equal terms are *added*.",
    ],
    expected=[40, 40, 15, 5],
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
    expected=[35, 10, 45, 10],
)


def gap_above_max(z: Array, inverse_temperature: float | Array) -> Array:
    """LSE_λ(z) − max(z) along the last axis, exact in many digits also where it is tiny."""
    k = np.asarray(inverse_temperature)
    above: Array = logsumexp(k * (z - z.max(axis=-1, keepdims=True))) / np.squeeze(k)
    return above


SCALE = np.geomspace(0.1, 100, 49)  # values of λ along an axis
LOWEST = 1e-4  # gap at the lower edge of the picture


def gap(z: tuple[float, ...], inverse_temperature: float) -> Picture:
    """Show where LSE_λ lies between max and max + log n/λ, for this λ and for all."""
    logits, k = np.array(z), inverse_temperature
    n, largest = len(logits), logits.max()
    above = float(gap_above_max(logits, k))
    bound = np.log(n) / k
    curve, limit = gap_above_max(logits, SCALE[:, None]), np.log(n) / SCALE
    ties = int((logits == largest).sum())
    return Picture(
        [_band(logits, above, bound), _falling(curve, limit, above, k)],
        f"{_above(largest, above)} {_bound(n, ties, k)} "
        f"From λ = {format_number(SCALE[0])} to {format_number(SCALE[-1])} the gap falls from "
        f"{format_number(curve[0])} to {format_number(curve[-1])}, its bound from {format_number(limit[0])} to "
        f"{format_number(limit[-1])}.",
        facts={
            "max": largest,
            "λ on the axis, from": SCALE[0],
            "λ on the axis, to": SCALE[-1],
            "LSE": largest + above,
            "LSE − max": above,
            "log n/λ": bound,
            "logits that share the lead": ties,
            "log of that number, divided by λ": np.log(ties) / k,
            "number of logits n": n,
        },
        height=320,
    )


def _above(largest: float, above: float) -> str:
    """Say how far LSE lies above the maximum, and where, unless the digits of both would be the same."""
    said, gap, top = (
        adding_up(largest, above) if above > LOWEST else [format_number(largest), format_number(above), ""]
    )
    return f"LSE{top and f' = {top}'} lies {gap} above max = {said}."


def _bound(n: int, ties: int, k: float) -> str:
    """Say how much of the bound log n/λ is used up when so many logits share the lead."""
    bound = format_number(np.log(n) / k)
    if ties == n:
        return f"All {n} logits tie, so the whole bound log n/λ is used up."
    if ties == 1:
        return f"The bound log n/λ = {bound} would be reached only if all {n} logits were equal."
    return (
        f"{ties} of {n} logits share the lead: the gap cannot fall below log {ties}/λ = "
        f"{format_number(np.log(ties) / k)}, and the bound is log n/λ = {bound}."
    )


def _band(logits: Array, above: float, bound: float) -> Panel:
    by_class = classes([f"*z*_{i}" for i in range(len(logits))])
    ends, largest = np.array([by_class.low, by_class.high]), logits.max()
    return Panel(
        "LSE between max and max + (log *n*)/λ",
        [
            Band(
                "max + log n/λ",
                np.full(2, largest),
                np.full(2, largest + bound),
                ends,
                color="temperature",
                opacity=0.3,
            ),
            Bars("z", logits, color="logits", drags={"y": Drag("z", "each")}),
            Line("LSE", np.full(2, largest + above), ends, color="ink", width=3, label="LSE"),
        ],
        x=by_class,
        y=Axis(low=-3.8, high=9, ticks=(-3, 0, 3, 6, 9)),
    )


def _falling(curve: Array, limit: Array, above: float, k: float) -> Panel:
    below = [Text(f"{format_number(above)} ↓", k, LOWEST, dx=-10, dy=-24)] if above < LOWEST else []
    return Panel(
        "the gap LSE − max",
        [
            Line("log n/λ", limit, SCALE, color="temperature", dash="dashed", label="(log *n*)/λ"),
            Line("LSE − max", curve, SCALE, color="ink", label="LSE − max"),
            handle("LSE − max at this λ", above, k, "inverse_temperature"),
            *below,
        ],
        x=Axis("λ", 0.09, 110, scale="log", ticks=_powers(-1, 2)),
        y=Axis(low=LOWEST, high=40, scale="log", ticks=_powers(-4, 1)),
    )


def _powers(first: int, last: int) -> dict[float, str]:
    """Return ticks at powers of ten, as people write them."""
    return {10.0**e: f"{10.0**e:.4f}".rstrip("0").rstrip(".") for e in range(first, last + 1)}


gap_demo = Demo(
    gap,
    (
        logit_sliders(3, (2, 1, 0, -1)),
        inverse_temperature_slider(low=0.25, high=64, initial=1),
    ),
    title="The gap.",
    look_for="Drag the bars: bring LSE to the top of its band, then to the bottom.",
    presets={
        "All equal": {"z": (1, 1, 1, 1)},
        "Two in the lead": {"z": (2, 2, 0, -1)},
        "One far ahead": {"z": (3, -3, -3, -3)},
        "Sharp": {"inverse_temperature": 16},
        "Very smooth": {"inverse_temperature": 0.25},
    },
)
