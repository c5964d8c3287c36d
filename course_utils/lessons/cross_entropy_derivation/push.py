"""Section "Push and pull": the push −(p − y) on every logit."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.class_bars import probability_panel
from course_utils.lessons.cross_entropy_derivation.four_classes import (
    BY_CLASS,
    CLASSES,
    LABEL,
    LOGIT_SLIDERS,
    target_points,
)
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import log_softmax, softmax
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import (
    Axis,
    Bars,
    Drag,
    DragTo,
    Line,
    Panel,
    Picture,
    Points,
    Table,
    Text,
    classes,
)
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.text import format_list, format_number


def push_and_pull(z: tuple[float, ...], label: str, rate: float) -> Picture:
    """Show the push −(p − y) on every logit, and what one step along it does to probabilities and loss."""
    true = CLASSES.index(label)
    logits, y = np.array(z), one_hot(true, 4)
    p = softmax(logits)
    push = y - p
    after = logits + rate * push
    p_after = softmax(after)
    loss, loss_after = -log_softmax(logits)[true], -log_softmax(after)[true]
    others = np.delete(np.arange(4), true)
    return Picture(
        [
            _logits(logits, after, push, true),
            probability_panel(
                p,
                BY_CLASS,
                target_points(y),
                Points("p after", p_after, color="ink", shape="cross", label="after the step"),
                values=False,
                weight=1.2,
                held=True,
            ),
            _losses(loss, loss_after),
        ],
        f"{_moved(rate, loss, loss_after)} {label.capitalize()} is pushed by {format_number(push[true])}, "
        f"{format_list([CLASSES[i] for i in others])} by {format_list(push[others])}: together they cancel.",
        table=Table(
            f"One step of gradient descent on the logits; the true class is {label}",
            {
                "": CLASSES,
                "z": logits,
                "p": p,
                "y": y,
                "−(p − y)": push,
                "z after": after,
                "p after": p_after,
            },
            {"sum of the pushes": clean(push.sum()), "loss before": loss, "loss after": loss_after},
        ),
        height=310,
    )


def _moved(rate: float, loss: float, loss_after: float) -> str:
    """Say what the step did to the loss."""
    before, after = format_number(loss, 4), format_number(loss_after, 4)
    if not rate:
        return f"With step size 0 nothing moves: the loss stays {before}."
    if before == after:
        return f"A step of size {format_number(rate)} hardly changes the loss, {before}."
    return f"A step of size {format_number(rate)} takes the loss from {before} to {after}."


def _logits(z: Array, after: Array, push: Array, true: int) -> Panel:
    bars = Bars("z", z, color="logits", width=0.44, drags={"y": Drag("z", "each")})
    return Panel(
        "logits *z*, and the push on each",
        [bars, *_steps(z, after, push, true)],
        x=classes(CLASSES),
        y=Axis(low=-7.6, high=7.6, ticks=(-5, 0, 5), zero=True),
        weight=1.35,
    )


def _losses(loss: float, loss_after: float) -> Panel:
    return Panel(
        "loss in nats",
        [Bars("loss", [loss, loss_after], color="loss", values=True, faded=[True, False])],
        x=classes(("before", "after")),
        y=Axis(low=0, high=10.6, ticks=(0, 5, 10)),
        weight=0.65,
    )


HEAD = 0.1  # a shorter step has no arrowhead


def _steps(z: Array, after: Array, push: Array, true: int) -> list[Mark]:
    """Draw each logit's step as an arrow beside its bar, with the push in numbers; the true one's tip is held."""
    places, ends = np.arange(4) + 0.34, np.where(z < 0, np.minimum(z, after), np.maximum(z, after))
    arrows = [
        Line(
            "",
            [z[i], after[i]],
            [place, place],
            color="gradient",
            width=3,
            arrow=bool(i != true and z[i] - after[i] > HEAD),
        )
        for i, place in enumerate(places)
    ]
    numbers = [
        Text(_signed(push[i]), i, ends[i], color="gradient", anchor="middle", dy=22 if z[i] < 0 else -16)
        for i in range(4)
    ]
    tip = Points(
        "z after, true class",
        after[[true]],
        places[[true]],
        color="gradient",
        shape="triangle",
        size=13,
        drags=DragTo(_step_there, ("rate",), "step"),
    )
    return [*arrows, *numbers, tip]


def _signed(push: float) -> str:
    return f"{'+' if push > 0 else ''}{format_number(push, 2 if abs(push) > 0.01 else 1)}"


def _step_there(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Find the step size that takes the true logit to a height, as far as it may go."""
    z, true = np.array(state["z"]), CLASSES.index(state["label"])
    return {"rate": float(np.clip((y - z[true]) / (1 - softmax(z)[true]), 0, 2))}


push_demo = Demo(
    push_and_pull,
    (LOGIT_SLIDERS, LABEL, Float("rate", "Step size", low=0, high=2, initial=1, step=0.1, plays=True)),
    title="Push and pull.",
    look_for="Who pays for the push on the true class, and who pays most? Drag the arrow's tip.",
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
    expected=[45, 40, 15],
)
