"""Section "Entropy plus divergence": smoothed targets."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import clean
from course_utils.lessons.cross_entropy_derivation.four_classes import WINDOW_P, class_bars
from course_utils.numerics.losses import kl_divergence, one_hot
from course_utils.numerics.softmax import entropy
from course_utils.teaching import Demo, Derivation, Float, Picture, Question, Step, Table, look
from course_utils.teaching.drawing import marks
from course_utils.teaching.text import format_number


def surprise_meter(q: float, smoothing: float) -> Picture:
    """Split the cross-entropy of a smoothed target into its entropy and a divergence."""
    y = (1 - smoothing) * one_hot(0, 4) + smoothing / 4

    def prediction(of_true: Any) -> Any:
        of_true = np.asarray(of_true)[..., None]
        return np.where(np.arange(4) == 0, of_true, (1 - of_true) / 3)

    p = prediction(q)
    h, ce = float(entropy(y)), float(-np.sum(y * np.log(p)))
    kl = clean(float(kl_divergence(np.log(p), y)))
    curve = -np.sum(y * np.log(prediction(WINDOW_P)), axis=-1)
    best = float(y[0])

    figure, (left, middle, right) = look.panels(3, left=44, gap=44)
    class_bars(left, y, "y", look.TARGET, "target y, prediction p", ("true", "1", "2", "3"), -1)
    marks(left, p, "p", "p")
    left.set_ylim(0, 1.05)
    for position, (name, height, bottom, color, hatch) in enumerate(
        (
            ("H", h, 0.0, look.TARGET, ""),
            ("KL", kl, h, look.YELLOW, "//"),
            ("CE", ce, 0.0, look.PROBABILITIES, ""),
        )
    ):
        drawn = middle.bar([position], [height], color=color, hatch=hatch, edgecolor=look.OUTLINE, gid=name)
        drawn[0].set_y(bottom)  # passed to bar, it would round the height
    middle.set_xticks(range(3), ["H", "KL", "CE"])
    middle.set_ylim(0, 5)
    middle.set_title("H + KL = CE")
    right.plot(WINDOW_P, curve, color=look.PROBABILITIES, gid="curve p | curve CE")
    right.axvline(best, color=look.REFERENCE, linestyle=":", label="best p", gid="guide")
    right.axhline(h, color=look.TARGET, linestyle="--", label="H", gid="guide")
    right.plot([q], [ce], "o", color=look.BLACK, markeredgecolor="white", markersize=10, gid="q | CE")
    right.set(xlim=(-0.04, 1.04), ylim=(0, 5), xlabel="p of the true class")
    right.set_title("CE in nats")
    right.legend(loc="upper center", borderpad=0.3)
    return Picture(
        figure,
        f"Cross-entropy {format_number(ce)} nats = entropy {format_number(h)} + divergence {format_number(kl)}. "
        f"The target gives the true class {format_number(best)}, so the loss would be smallest at "
        f"p = {format_number(best)}, and there it is {format_number(h)}.",
        Table(
            f"Target with smoothing {format_number(smoothing)}, and prediction",
            {
                "": ("true class", "other class 1", "other class 2", "other class 3"),
                "class": np.arange(4),
                "y": y,
                "p": p,
            },
            {"entropy of y": h, "KL(y‖p)": kl, "cross-entropy": ce, "best p of the true class": best},
        ),
        {
            "H": np.array([h]),
            "KL": np.array([kl]),
            "CE": np.array([ce]),
            "q": np.array([q]),
            "curve p": WINDOW_P,
            "curve CE": curve,
        },
    )


surprise_demo = Demo(
    surprise_meter,
    (
        Float("q", "p of the true class", low=0.01, high=0.99, initial=0.6, step=0.01),
        Float("smoothing", "Smoothing ε", low=0, high=0.5, initial=0, step=0.05),
    ),
    title="Surprise meter.",
    look_for="Only KL can be brought to zero by learning. Where is the bottom of the curve, and how deep is it?",
    presets={
        "Sure": {"q": 0.99},
        "Sure, smoothed target": {"q": 0.99, "smoothing": 0.2},
        "As sure as the target": {"q": 0.85, "smoothing": 0.2},
        "No idea": {"q": 0.25, "smoothing": 0.2},
    },
)

entropy_derivation = Derivation(
    {"H": "-dot(y, log(y))", "KL": "dot(y, log(y/p))", "CE": "-dot(y, log(p))"},
    [
        Step("KL", "dot(y, log(y)) - dot(y, log(p))", "logarithm of a quotient"),
        Step("", "CE - H", "definitions", blank=True),
        Step("CE", "H + KL", "solved for CE", blank=True),
    ],
    title="Cross-entropy is entropy plus divergence",
    assume={"y": "positive vector 3", "p": "positive vector 3"},
)

kl_derivation = Derivation(
    {"KL": "dot(y, log(y/p))"},
    [
        Step(
            "log(t)",
            "t - 1",
            "the logarithm lies below its tangent at t = 1, and touches it only there",
            "<=",
        ),
        Step("KL", "-dot(y, log(p/y))", "a quotient turned over changes the sign of its logarithm"),
        Step(
            "", "dot(y, 1 - p/y)", "line 1 with t = p/y for each class; the minus turns it", ">=", blank=True
        ),
        Step("", "sum(y) - sum(p)", "multiplied out", blank=True),
    ],
    title="KL is never negative",
    assume={"y": "positive vector 3", "p": "positive vector 3", "t": "positive"},
)

minimum_question = Question(
    "Targets are smoothed: 0.85 for the true class, 0.05 for each of the three others. What is the smallest "
    "cross-entropy that any model can reach?",
    [
        "0, as always, by predicting 1 for the true class.",
        "The entropy of the target, by predicting the target itself.",
        "−log 0.85, by predicting 0.85 for the true class.",
    ],
    "B",
    [
        "of one-hot targets. Here p = 1 for one class means p = 0 for the others, and their share of the target makes "
        "the loss infinite.",
        "CE = H(y) + KL(y‖p), and KL is 0 exactly where p = y. What is left is H(y), which no model can remove.",
        "of one term of the sum. The three others contribute −0.05·log p each.",
    ],
)
