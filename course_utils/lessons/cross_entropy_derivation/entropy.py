"""Section "Entropy plus divergence": smoothed targets."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.cross_entropy_derivation.four_classes import WINDOW_P
from course_utils.lessons.handles import handle
from course_utils.numerics.losses import kl_divergence, one_hot
from course_utils.numerics.softmax import entropy
from course_utils.teaching import Demo, Derivation, Float, Question, Step
from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    classes,
)
from course_utils.teaching.text import adding_up, format_number

NATS = Axis(low=0, high=5.3, ticks=(0, 1, 2, 3, 4, 5))


def surprise_meter(q: float, smoothing: float) -> Picture:
    """Split the cross-entropy of a smoothed target into its entropy and a divergence."""
    y = (1 - smoothing) * one_hot(0, 4) + smoothing / 4
    p = _prediction(q)
    h, ce = float(entropy(y)), float(-np.sum(y * np.log(p)))
    kl = clean(float(kl_divergence(np.log(p), y)))
    best = float(y[0])
    entropy_said, divergence_said, sum_said = adding_up(h, kl)
    return Picture(
        [_shares(y, p), _parts(h, kl, ce), _every(y, h, ce, q)],
        f"Cross-entropy {sum_said} nats = entropy {entropy_said} + divergence {divergence_said}. "
        f"The target gives the true class {format_number(best)}, so the loss would be smallest at "
        f"p = {format_number(best)}, and there it is {format_number(h)}.",
        table=Table(
            f"Target with smoothing {format_number(smoothing)}, and prediction",
            {"": ("true class", "other class 1", "other class 2", "other class 3"), "y": y, "p": p},
            {"H": h, "KL": kl, "CE": ce, "best p": best},
        ),
        height=310,
    )


def _prediction(of_true: Any) -> Any:
    """Return what a model predicts that gives all other classes the same."""
    of_true = np.asarray(of_true)[..., None]
    return np.where(np.arange(4) == 0, of_true, (1 - of_true) / 3)


def _shares(y: Array, p: Array) -> Panel:
    return Panel(
        "target *y*, prediction *p*",
        [
            Bars("y", y, color="target", label="*y*"),
            Points("p", p, color="probabilities", shape="diamond", size=12, label="*p*"),
        ],
        x=classes(("true", "1", "2", "3"), "class"),
        y=Axis(low=0, high=1.1, ticks=(0, 0.5, 1)),
    )


def _parts(h: float, kl: float, ce: float) -> Panel:
    return Panel(
        "H + KL = CE",
        [
            Bars("H", [h], [0.0], color="target", hatch="..", label="H"),
            Bars("KL", [kl], [0.0], base=[h], color="loss", hatch="//", label="KL"),
            Bars("CE", [ce], [1.0], color="loss", values=True),
        ],
        x=classes(("H + KL", "CE")),
        y=NATS,
        weight=0.8,
    )


def _every(y: Array, h: float, ce: float, q: float) -> Panel:
    """Show the cross-entropy of every prediction above the entropy, and of this one."""
    curve = -np.sum(y * np.log(_prediction(WINDOW_P)), axis=-1)
    return Panel(
        "CE for every prediction",
        [
            Band("", 0, [h, h], [0, 1], color="target", opacity=0.3),
            Band("", np.full(WINDOW_P.size, h), curve, WINDOW_P, color="loss", opacity=0.22),
            Line("CE of p", curve, WINDOW_P, color="loss"),
            Rule("best p", float(y[0]), color="target", label="best *p*"),
            handle("CE now", ce, q, "q", color="loss"),
        ],
        x=Axis("*p* of the true class", -0.02, 1.02, ticks=(0, 0.5, 1)),
        y=NATS,
        weight=1.3,
    )


surprise_demo = Demo(
    surprise_meter,
    (
        Float("q", "p of the true class", low=0.01, high=0.99, initial=0.6, step=0.01, plays=True),
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
    expected=[35, 45, 20],
)
