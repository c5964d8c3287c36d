"""Section "Does confidence mean accuracy?": the confidence of a real classifier at any temperature."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Whole, or_empty, with_gaps
from course_utils.lessons.calibration import Calibration, calibration
from course_utils.lessons.handles import handle
from course_utils.lessons.temperature.digits import (
    FITTING,
    PART_TEMPERATURES,
    TESTING,
    along_temperatures,
    digit_scores,
    fitted_to_digits,
)
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Question
from course_utils.teaching.pictures import Axis, Bars, Drag, Line, Panel, Picture, Points, Rule, Table
from course_utils.teaching.text import format_number

accuracy_question = Question(
    "A digit classifier claims 0.965 on average but is right in only 0.9 of the cases. You fit a temperature to its "
    "logits on held-out images. What happens to its accuracy on new images?",
    [
        "It rises: the model is now better calibrated.",
        "It falls: a higher temperature makes the model less sure.",
        "It stays exactly as it was.",
    ],
    "C",
    [
        "that calibration improves the answers. It changes what the model *says about* its answers, not the answers.",
        "that less sure means less right. The class with the largest probability is the same at every T.",
        "One T for all classes keeps the order, so the class on top is the same for every image.",
    ],
    expected=[55, 10, 35],
)


def _judged(excess: float) -> str:
    """Say in words how far the mean confidence lies above the accuracy; a hundredth or two is chance."""
    if abs(excess) <= 0.02:
        return "about as sure as it should be"
    return "too sure" if excess > 0 else "not sure enough"


def reliability(temperature: float, bins: int, part: str) -> Picture:
    """Show what a real classifier says against how often it is right, at any temperature."""
    scores = digit_scores()[part]
    now = calibration(scores.logits, scores.labels, temperature, bins)
    plain = calibration(scores.logits, scores.labels, 1.0, bins)
    versus = (
        ""
        if temperature == 1
        else f", against {format_number(plain.nll)} and {format_number(plain.ece)} at T = 1"
    )
    return Picture(
        [
            [_diagram(now, plain), _losses(part, now, temperature)],
            [_counts(now.n), _confidence(part, now, temperature)],
        ],
        f"At T = {format_number(temperature)} the network claims {format_number(now.mean_confidence)} on average "
        f"and is right in {format_number(now.overall_accuracy)} of the cases: "
        f"{_judged(now.mean_confidence - now.overall_accuracy)}. "
        f"The negative log-likelihood is {format_number(now.nll)} and the calibration error over {bins} bins "
        f"{format_number(now.ece)}{versus}. "
        f"On the part for fitting, T = {format_number(fitted_to_digits())} has the highest likelihood; "
        "the accuracy is the same at every T.",
        table=_table(part, now, plain),
        height=(225, 150),
    )


def _table(part: str, now: Calibration, plain: Calibration) -> Table:
    bins = len(now.n)
    return Table(
        f"Confidence and accuracy of {part}, {bins} bins",
        {
            "bin": [
                f"{format_number(low)} to {format_number(high)}"
                for low, high in itertools.pairwise(np.linspace(0, 1, bins + 1))
            ],
            "n": now.n,
            "mean confidence": or_empty(now.confidence),
            "accuracy in the bin": or_empty(now.accuracy),
            "standard deviation if honest": or_empty(now.deviation),
            "n at T = 1": plain.n,
            "mean confidence at T = 1": or_empty(plain.confidence),
            "accuracy in the bin at T = 1": or_empty(plain.accuracy),
        },
        {
            "examples": len(digit_scores()[part].labels),
            "accuracy, at T and at T = 1": f"{now.overall_accuracy:.4f} and {plain.overall_accuracy:.4f}",
            "mean confidence": now.mean_confidence,
            "mean confidence at T = 1": plain.mean_confidence,
            "negative log-likelihood": now.nll,
            "negative log-likelihood at T = 1": plain.nll,
            "expected calibration error": now.ece,
            "expected calibration error at T = 1": plain.ece,
            "T fitted by likelihood": round(fitted_to_digits(), 2),
        },
        digits=4,
    )


BY_T = {"x": Drag("temperature")}


def _diagram(now: Calibration, plain: Calibration) -> Panel:
    """Show how often each bin is right against what it claims, and what chance allows to an honest one."""
    filled, filled_plain = now.n > 0, plain.n > 0
    x, spread = now.confidence[filled], 2 * now.deviation[filled]
    low, high = np.maximum(x - spread, 0), np.minimum(x + spread, 1)
    error_x, error_y = with_gaps(np.stack([np.c_[x, low], np.c_[x, high]], axis=1))
    return Panel(
        "is it as right as it says?",
        [
            Line("", [0, 1], [0, 1], color="muted", width=1),
            Line("", error_y, error_x, color="axis", width=7),
            Points(
                "share that is right at T = 1",
                plain.accuracy[filled_plain],
                plain.confidence[filled_plain],
                color="ink",
                shape="diamond",
                size=8,
                label="at *T* = 1",
            ),
            Points(
                "share that is right", now.accuracy[filled], x, color="probabilities", size=11, label="at *T*"
            ),
        ],
        x=Axis("confidence", 0, 1.03, ticks=TENTHS),
        y=Axis("accuracy", 0, 1.04, ticks=(0, 0.5, 1)),
        weight=1.6,
    )


TENTHS = (0, 0.2, 0.4, 0.6, 0.8, 1)
MOST_NUMBERS = 10  # more bins are too narrow for the numbers of their examples


def _counts(n: Whole) -> Panel:
    bins = len(n)
    return Panel(
        "number of images in each bin",
        [
            Bars(
                "number of images",
                n,
                (np.arange(bins) + 0.5) / bins,
                color="muted",
                width=0.9 / bins,
                values=[f"{count:,}" for count in n] if bins <= MOST_NUMBERS else False,
            )
        ],
        x=Axis("confidence", 0, 1.03, ticks=TENTHS),
        y=Axis(low=0.7, high=9000, scale="log", ticks={1: "1", 10: "10", 100: "100", 1000: "1,000"}),
        weight=1.6,
    )


def _losses(part: str, now: Calibration, temperature: float) -> Panel:
    return _along_temperatures(
        "mean loss −log *p*",
        [
            Line(
                "loss of the part for fitting",
                along_temperatures(FITTING)[0],
                PART_TEMPERATURES,
                color="muted",
                dash="dashed",
                label="to fit",
            ),
            Line("loss", along_temperatures(part)[0], PART_TEMPERATURES, color="loss"),
        ],
        Points("loss at T", [now.nll], [temperature], color="loss", size=13, drags=BY_T),
        Axis(low=0.2, high=1.5, ticks=(0.5, 1, 1.5)),
    )


def _confidence(part: str, now: Calibration, temperature: float) -> Panel:
    return _along_temperatures(
        "mean confidence, accuracy",
        [
            Line("confidence", along_temperatures(part)[1], PART_TEMPERATURES, color="probabilities"),
            Rule("accuracy", now.overall_accuracy, axis="y", color="target", width=2, label="accuracy"),
        ],
        handle("confidence at T", now.mean_confidence, temperature, BY_T, color="probabilities"),
        Axis(low=0.35, high=1.05, ticks=(0.5, 1)),
    )


def _along_temperatures(title: str, lines: list[Any], now: Points, y: Axis) -> Panel:
    best = fitted_to_digits()
    return Panel(
        title,
        [Rule("", best, dash="dotted", label=format_number(best)), *lines, now],
        x=Axis("*T*", 0.45, 9.5, scale="log", ticks=(0.5, 1, 2, 4, 8)),
        y=y,
    )


reliability_demo = Demo(
    reliability,
    (
        LogFloat("temperature", "Temperature T", low=0.5, high=8, initial=1, step=2 ** (1 / 16), plays=True),
        Integer("bins", "Number of bins", low=5, high=20, initial=10),
        Choice("part", "Images shown", options=(TESTING, FITTING)),
    ),
    title="Does confidence mean accuracy?",
    look_for="Raise T until the circles lie on the diagonal. Does accuracy move?",
    presets={
        "T = 2.46": {"temperature": 2.46},
        "Too hot": {"temperature": 6},
        "Too cold": {"temperature": 0.5},
        "T = 2.46, twenty bins": {"temperature": 2.46, "bins": 20},
        "The part for fitting": {"part": FITTING},
    },
)
