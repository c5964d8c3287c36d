"""Section "Push and pull": the push −(p − y) on every logit."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import clean
from course_utils.lessons.cross_entropy_derivation.four_classes import CLASSES, class_bars, logit_sliders
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import log_softmax, softmax
from course_utils.teaching import Choice, Demo, Float, Picture, Question, Table, look
from course_utils.teaching.drawing import marks
from course_utils.teaching.text import format_list, format_number


def push_and_pull(z: tuple[float, ...], label: str, rate: float) -> Picture:
    """Show the push −(p − y) on every logit, and what one step along it does to the probabilities."""
    true = CLASSES.index(label)
    logits, y = np.array(z), one_hot(true, 4)
    p = softmax(logits)
    push = y - p
    after = logits + rate * push
    p_after = softmax(after)
    loss, loss_after = -log_softmax(logits)[true], -log_softmax(after)[true]
    up, down = np.where(push > 0, push, np.nan), np.where(push < 0, push, np.nan)

    figure, (left, right) = look.panels(2, left=58)
    class_bars(left, push, "−(p − y)", look.LOGITS, "push −(p − y) on each logit", CLASSES, true)
    for values, name, marker in ((up, "up", "^"), (down, "down", "v")):
        left.plot(
            np.arange(4), values, marker, color=look.BLACK, markersize=9, clip_on=False, gid=f"class | {name}"
        )
    left.set_ylim(-1.12, 1.12)
    class_bars(right, p, "p", look.PROBABILITIES, "p before and after the step", CLASSES, true)
    marks(right, p_after, "p after", "after the step", "upper center")
    right.set_ylim(0, 1.3)
    right.set_yticks(np.linspace(0, 1, 5))

    others = np.delete(np.arange(4), true)
    moved = (
        f"A step of size {format_number(rate)} takes the loss from {format_number(loss, 4)} to {format_number(loss_after, 4)}."
        if rate
        else f"With step size 0 nothing moves: the loss stays {format_number(loss, 4)}."
    )
    return Picture(
        figure,
        f"{moved} {label.capitalize()} is pushed by {format_number(push[true])}, "
        f"{format_list([CLASSES[i] for i in others])} by {format_list(push[others])}: "
        f"together {format_number(clean(push.sum()))}.",
        Table(
            f"One step of gradient descent on the logits; the true class is {label}",
            {
                "": CLASSES,
                "class": np.arange(4),
                "z": logits,
                "p": p,
                "y": y,
                "−(p − y)": push,
                "z after": after,
                "p after": p_after,
            },
            {"sum of the pushes": clean(push.sum()), "loss": loss, "loss after": loss_after},
        ),
        {"up": up, "down": down},
    )


push_demo = Demo(
    push_and_pull,
    (
        logit_sliders(),
        Choice("label", "True class", options=CLASSES, initial="fox"),
        Float("rate", "Step size", low=0, high=2, initial=1, step=0.1),
    ),
    title="Push and pull.",
    look_for="Who pays for the push on the true class, and who pays most?",
    presets={
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "No idea": {"z": (0, 0, 0, 0)},
        "The cat was right": {"label": "cat", "rate": 2},
    },
)

explode_question = Question(
    "The model gets surer and surer of a wrong class: p of the true class goes to 0, and the loss −log p grows without "
    "limit. What happens to the gradient with respect to the *logits*?",
    [
        "It grows without limit too.",
        "No entry ever exceeds 1 in size.",
        "It vanishes, because softmax saturates.",
    ],
    "B",
    [
        "of −1/p, the slope with respect to p, which does explode. The Jacobian of softmax contributes a factor p "
        "that cancels it exactly.",
        "Each entry is p − y, a difference of two numbers between 0 and 1. A growing loss with a bounded slope: "
        "it grows like a straight line.",
        "of the Jacobian alone, whose entries do vanish. The factor −1/p of the logarithm brings the slope back: "
        "p − y is near −1 for the true class.",
    ],
)
