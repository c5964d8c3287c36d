"""“Does confidence mean accuracy?”: the confidence of a real classifier at any temperature."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.calibration import calibration
from course_utils.lessons.temperature.digits import (
    FITTING,
    PART_TEMPERATURES,
    TESTING,
    along_temperatures,
    digit_scores,
    fitted_to_digits,
)
from course_utils.lessons.temperature.knob import log_axis
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Picture, Question, Table, look
from course_utils.teaching.text import format_number


def surest_errors(count: int = 8) -> Picture:
    """Show the test images on which the network is most confident, and wrong."""
    scores = digit_scores()[TESTING]
    best = round(fitted_to_digits(), 2)
    p = softmax(scores.logits)
    said, confidence = p.argmax(axis=-1), p.max(axis=-1)
    wrong = np.flatnonzero(said != scores.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")[:count]]
    cooled = softmax(scores.logits[worst], temperature=best).max(axis=-1)

    figure, panels = look.panels(count // 2, 2, height=380, left=24, right=24, gap=24, bottom=14, row_gap=44)
    for axes, i in zip(panels, worst, strict=True):
        axes.imshow(scores.images[i], cmap="gray_r", vmin=0, vmax=16, gid=f"image {i}")
        axes.set_title(f"says {said[i]}, is {scores.labels[i]}")
        axes.set_axis_off()
    return Picture(
        figure,
        f"The {count} surest errors of {len(scores.labels)}: the network claims at least "
        f"{format_number(confidence[worst].min(), 5)} for each. "
        f"At T = {best} it would claim between {format_number(cooled.min())} and {format_number(cooled.max())}.",
        Table(
            "The surest errors",
            {
                "image": worst,
                "meant": scores.labels[worst],
                "network says": said[worst],
                "confidence": confidence[worst],
                "confidence at the fitted T": cooled,
            },
            {"errors": len(wrong), "examples": len(scores.labels), "T fitted by likelihood": best},
        ),
        {f"image {i}": scores.images[i] for i in worst},
    )


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
    edges = np.linspace(0, 1, bins + 1)
    centers = (edges[:-1] + edges[1:]) / 2
    best = fitted_to_digits()
    loss, confidence_along = along_temperatures(part)
    accuracy_along = np.full_like(PART_TEMPERATURES, now.overall_accuracy)

    filled, filled_plain = now.n > 0, plain.n > 0
    x, y, spread = now.confidence[filled], now.accuracy[filled], 2 * now.deviation[filled]
    gap = np.full_like(x, np.nan)
    arrays = {
        "confidence": x,
        "accuracy": y,
        "whisker x": np.column_stack([x, x, gap]).ravel(),
        "whisker y": np.column_stack([np.maximum(x - spread, 0), np.minimum(x + spread, 1), gap]).ravel(),
        "confidence at T = 1": plain.confidence[filled_plain],
        "accuracy at T = 1": plain.accuracy[filled_plain],
        "T": PART_TEMPERATURES,
        "loss along T": loss,
        "loss of the part for fitting": along_temperatures(FITTING)[0],
        "confidence along T": confidence_along,
        "accuracy along T": accuracy_along,
        "T now": np.array([temperature]),
        "loss now": np.array([now.nll]),
        "confidence now": np.array([now.mean_confidence]),
    }

    figure, (top_left, top_right, low_left, low_right) = look.panels(2, 2, height=560, left=58, gap=58)
    for axes, x0, x1 in (
        (top_left, 58, 378),
        (low_left, 58, 378),
        (top_right, 436, 624),
        (low_right, 436, 624),
    ):
        box = axes.get_position()
        axes.set_position((x0 / look.PIXELS_WIDE, box.y0, (x1 - x0) / look.PIXELS_WIDE, box.height))
    top_left.plot([0, 1], [0, 1], color=look.REFERENCE, linewidth=1, gid="guide")
    for gid, mark, label, color in (
        ("whisker x | whisker y", "-", "if honest", "#999999"),
        ("confidence at T = 1 | accuracy at T = 1", "D", "at T = 1", look.BLACK),
        ("confidence | accuracy", "o", "at T", look.PROBABILITIES),
    ):
        first, second = gid.split(" | ")
        thick = 5 if mark == "-" else 1
        top_left.plot(
            arrays[first],
            arrays[second],
            mark,
            color=color,
            linewidth=thick,
            markeredgecolor="white" if mark == "D" else look.OUTLINE,
            markersize=6 if mark == "D" else 8,
            label=label,
            gid=gid,
        )
    top_left.legend(
        loc="upper left", ncols=3, borderpad=0.3, handletextpad=0.4, handlelength=1.2, columnspacing=1
    )
    top_left.set(xlim=(0, 1.03), ylim=(0, 1.25), xlabel="confidence", ylabel="accuracy")
    top_left.set_yticks(np.linspace(0, 1, 6))
    top_left.set_title("is it as right as it says?", y=1.01)

    low_left.bar(centers, now.n, width=0.94 / bins, color=look.SKY_BLUE, edgecolor=look.OUTLINE, gid="n")
    for center, n in zip(centers, now.n, strict=True):
        if n:
            low_left.annotate(
                str(n),
                (center, n),
                (0, 3),
                textcoords="offset points",
                ha="center",
                rotation=0 if bins <= 10 else 90,
            )
    low_left.set(xlim=(0, 1.03), ylim=(0, 1.25 * len(scores.labels)), xlabel="confidence")
    low_left.set_title("number of examples", y=1.01)

    top_right.plot(
        PART_TEMPERATURES,
        arrays["loss of the part for fitting"],
        "--",
        color=look.REFERENCE,
        label="for fitting",
        gid="T | loss of the part for fitting",
    )
    top_right.plot(
        PART_TEMPERATURES, loss, color=look.TEMPERATURE, label="part shown", gid="T | loss along T"
    )
    top_right.axvline(best, color=look.REFERENCE, linestyle=":", gid="guide")
    top_right.set(xlabel="T", ylim=(0.2, 1.5))
    top_right.set_title("mean loss −log p", y=1.01)
    low_right.plot(
        PART_TEMPERATURES,
        confidence_along,
        color=look.PROBABILITIES,
        label="mean confidence",
        gid="T | confidence along T",
    )
    low_right.plot(
        PART_TEMPERATURES,
        accuracy_along,
        "--",
        color=look.TARGET,
        label="accuracy",
        gid="T | accuracy along T",
    )
    low_right.axvline(best, color=look.REFERENCE, linestyle=":", gid="guide")
    low_right.set(xlabel="T", ylim=(0.1, 1.05))
    low_right.set_title("confidence and accuracy", y=1.01)
    for axes, name, color in (
        (top_right, "loss now", look.TEMPERATURE),
        (low_right, "confidence now", look.PROBABILITIES),
    ):
        axes.plot(
            [temperature],
            arrays[name],
            "o",
            color=color,
            markeredgecolor=look.OUTLINE,
            markersize=11,
            gid=f"T now | {name}",
        )
        log_axis(axes, (0.5, 1, 2, 4, 8))
    top_right.legend(loc="upper center", borderpad=0.3, handlelength=1.5)
    low_right.legend(loc="lower left", borderpad=0.3, handlelength=1.5)

    def in_words(values: Array) -> list[Any]:
        return ["empty" if np.isnan(value) else float(value) for value in values]

    versus = (
        ""
        if temperature == 1
        else f", against {format_number(plain.nll)} and {format_number(plain.ece)} at T = 1"
    )
    return Picture(
        figure,
        f"At T = {format_number(temperature)} the network claims {format_number(now.mean_confidence)} on average "
        f"and is right in {format_number(now.overall_accuracy)} of the cases: "
        f"{_judged(now.mean_confidence - now.overall_accuracy)}. "
        f"The negative log-likelihood is {format_number(now.nll)} and the calibration error over {bins} bins "
        f"{format_number(now.ece)}{versus}. "
        f"On the part for fitting, T = {format_number(best)} has the highest likelihood; "
        "the accuracy is the same at every T.",
        Table(
            f"Confidence and accuracy of {part}, {bins} bins",
            {
                "bin": [
                    f"{format_number(low)} to {format_number(high)}"
                    for low, high in itertools.pairwise(edges)
                ],
                "n": now.n,
                "mean confidence": in_words(now.confidence),
                "accuracy in the bin": in_words(now.accuracy),
                "standard deviation if honest": in_words(now.deviation),
                "n at T = 1": plain.n,
                "mean confidence at T = 1": in_words(plain.confidence),
                "accuracy in the bin at T = 1": in_words(plain.accuracy),
            },
            {
                "examples": len(scores.labels),
                "accuracy, at T and at T = 1": f"{now.overall_accuracy:.4f} and {plain.overall_accuracy:.4f}",
                "mean confidence": now.mean_confidence,
                "mean confidence at T = 1": plain.mean_confidence,
                "negative log-likelihood": now.nll,
                "negative log-likelihood at T = 1": plain.nll,
                "expected calibration error": now.ece,
                "expected calibration error at T = 1": plain.ece,
                "T fitted by likelihood": round(best, 2),
            },
            digits=4,
        ),
        arrays,
    )


reliability_demo = Demo(
    reliability,
    (
        LogFloat("temperature", "Temperature T", low=0.5, high=8, initial=1, step=2 ** (1 / 16)),
        Integer("bins", "Number of bins", low=5, high=20, initial=10),
        Choice("part", "Images shown", options=(TESTING, FITTING)),
    ),
    title="Does confidence mean accuracy?",
    look_for="Raise T until the circles lie on the diagonal. Watch what the accuracy line does meanwhile.",
    presets={
        "T = 2.46": {"temperature": 2.46},
        "Too hot": {"temperature": 6},
        "Too cold": {"temperature": 0.5},
        "T = 2.46, twenty bins": {"temperature": 2.46, "bins": 20},
        "The part for fitting": {"part": FITTING},
    },
)
