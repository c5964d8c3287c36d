"""Section "The loss is a surprise": −log p of the true class."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.cross_entropy_derivation.four_classes import (
    CLASSES,
    class_bars,
    draw_point,
    logit_sliders,
)
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import log_softmax, softmax
from course_utils.teaching import Choice, Demo, Picture, Question, Table, look
from course_utils.teaching.text import format_number

CURVE_P = np.geomspace(1e-4, 1, 161)


def confident_and_wrong(z: tuple[float, ...], label: str) -> Picture:
    """Show the probabilities of four classes, and the surprise of the true one on the curve −log p."""
    true = CLASSES.index(label)
    logits = np.array(z)
    p, surprise = softmax(logits), -log_softmax(logits)
    arrays = {
        "curve p": CURVE_P,
        "curve loss": -np.log(CURVE_P),
        "p of the true class": p[[true]],
        "loss": surprise[[true]],
    }

    figure, (left, right) = look.panels(2, left=52)
    class_bars(left, p, "p", look.PROBABILITIES, "probabilities p", CLASSES, true)
    left.set_ylim(0, 1.05)
    right.plot(CURVE_P, -np.log(CURVE_P), color=look.OUTLINE, gid="curve p | curve loss")
    draw_point(right, "p of the true class", "loss", arrays, "o", look.PROBABILITIES)
    right.set(xlim=(-0.07, 1.07), ylim=(-0.5, 9.8), xlabel="p of the true class", ylabel="loss in nats")
    right.set_title("loss −log p")

    favorite = int(np.argmax(p))
    if p[true] < p[favorite]:
        verdict = (
            f"The model prefers {CLASSES[favorite]}, with p = {format_number(p[favorite])}: "
            "the true class has to share the rest with all others."
        )
    else:
        verdict = "No class is more probable than the true one."
    return Picture(
        figure,
        f"The loss is {format_number(surprise[true])} nats: the true class, {label}, has p = {format_number(p[true])}. "
        f"{verdict} On the curve, the loss is 0 where that p is 1 and grows without bound as it goes to 0.",
        Table(
            f"Logits, probabilities and surprise; the true class is {label}",
            {
                "": CLASSES,
                "z": logits,
                "p": p,
                "y": one_hot(true, 4),
                "−log p": surprise,
            },
            {"loss": surprise[true]},
        ),
        arrays,
    )


confident_demo = Demo(
    confident_and_wrong,
    (logit_sliders(), Choice("label", "True class", options=CLASSES, initial="fox")),
    title="Confident and wrong.",
    look_for="Change the true class while the logits rest: the same p can be cheap or expensive.",
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
)
