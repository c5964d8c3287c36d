"""Section "The loss is a surprise": −log p of the true class."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.class_bars import RINGS, logit_panel
from course_utils.lessons.cross_entropy_derivation.four_classes import (
    BY_CLASS,
    CLASSES,
    LABEL,
    LOGIT_SLIDERS,
    LOGITS,
    target_points,
)
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import log_softmax, softmax
from course_utils.teaching import Demo, Question
from course_utils.teaching.pictures import Axis, Bars, DragTo, Line, Panel, Picture, Points, Table, Text
from course_utils.teaching.text import format_list, format_number

LEFT = {
    1: "to share the rest with the two others",
    2: "to share the rest with the remaining class",
    3: "what they leave",
}
CURVE_P = np.geomspace(1e-4, 1, 161)


def confident_and_wrong(z: tuple[float, ...], label: str) -> Picture:
    """Show the probabilities of four classes, and the surprise of the true one on the curve −log p."""
    true = CLASSES.index(label)
    logits, y = np.array(z), one_hot(true, 4)
    p, surprise = softmax(logits), -log_softmax(logits)
    likeliest = [CLASSES[k] for k in np.flatnonzero(p == p.max())]
    verdict = (
        f"The model prefers {format_list(likeliest)}, with p = {format_number(p.max())}"
        f"{' each' if len(likeliest) > 1 else ''}: the true class has {LEFT[len(likeliest)]}."
        if p[true] < p.max()
        else "No class is more probable than the true one."
    )
    return Picture(
        [
            logit_panel(logits, BY_CLASS, LOGITS),
            Panel(
                "probabilities *p*",
                [Bars("p", p, color="probabilities", values=True), target_points(y)],
                x=BY_CLASS,
                y=Axis(low=RINGS, high=1.15, ticks=(0, 0.5, 1), zero=True),
            ),
            _loss(p[true], surprise[true], label),
        ],
        f"The loss is {format_number(surprise[true])} nats: the true class, {label}, has p = {format_number(p[true])}. "
        f"{verdict} On the curve, the loss is 0 where that p is 1 and grows without bound as it goes to 0.",
        table=Table(
            f"Logits, probabilities and surprise; the true class is {label}",
            {"": CLASSES, "z": logits, "p": p, "y": y, "−log p": surprise},
            {"loss now": surprise[true]},
        ),
        height=300,
    )


def _loss(p: float, surprise: float, label: str) -> Panel:
    """Show the loss as a point on the curve −log p; it can be dragged to those of the other classes."""
    drags = DragTo(_nearest_class, ("label",), "true class")
    return Panel(
        "loss −log *p* of the true class",
        [
            Line("loss", -np.log(CURVE_P), CURVE_P, color="muted"),
            Line("", [0, surprise], [p, p], color="loss", width=4),
            Points("loss now", [surprise], [p], color="loss", size=13, drags=drags),
            Text(f"{label}: {format_number(surprise)} nats", 1.05, 9.4, color="loss", anchor="end"),
        ],
        x=Axis("*p* of the true class", -0.05, 1.05, ticks=(0, 0.5, 1)),
        y=Axis(low=-0.4, high=10.4, ticks=(0, 5, 10)),
    )


def _nearest_class(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Find the class whose point on the curve is nearest in height."""
    surprise = -log_softmax(np.array(state["z"]))
    return {"label": CLASSES[int(np.argmin(abs(surprise - y)))]}


confident_demo = Demo(
    confident_and_wrong,
    (LOGIT_SLIDERS, LABEL),
    title="Confident and wrong.",
    look_for="Drag the target: the same prediction can be cheap or expensive.",
    presets={
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
        "No idea": {"z": (0, 0, 0, 0)},
        "A close call": {"label": "bear"},
    },
)

surprise_question = Question(
    "Two examples. Model A gives their true classes the probabilities 0.5 and 0.5, model B gives 0.99 and"
    " 0.01. The loss of an example is −log p of its true class. Which model has the smaller *mean* loss?",
    [
        "A, by far.",
        "B: it is nearly certain of one of them.",
        "A and B have the same: their probabilities have the same mean, one half.",
    ],
    "A",
    [
        "A pays −log 0.5 twice. B saves almost all of it once and pays more than six times as much the other "
        "time.",
        "of the best moment of B. From 0.5 to 0.99 there is less than one nat to gain, while below 0.5 there "
        "is no limit to what can be lost.",
        "that the loss looks at the mean of p. It looks at the mean of −log p, and the logarithm punishes "
        "0.01 much more than it rewards 0.99.",
    ],
    expected=[50, 15, 35],
)
