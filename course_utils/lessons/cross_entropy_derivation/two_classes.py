"""Section "Two classes, two losses": log loss beside squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.cross_entropy_derivation.four_classes import WINDOW_P, draw_point
from course_utils.teaching import Choice, Demo, Float, Picture, Question, Table, look
from course_utils.teaching.text import format_number

WINDOW_Z = np.linspace(-8, 8, 129)
LOG_LOSS, SQUARED = "log loss", "squared error"


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def log_loss_and_squared_error(z: float, target: str) -> Picture:
    """Compare two losses of one probability, and their slopes with respect to the logit."""
    y = int(target[-1])

    def losses(p: Any) -> tuple[Any, Any]:
        return -np.log(p if y else 1 - p), (p - y) ** 2

    def slopes(logit: Any) -> tuple[Any, Any]:
        p, q = _sigmoid(logit), _sigmoid(-logit)
        error = -q if y else p
        return error, 2 * error * p * q

    p = _sigmoid(z)
    here, slope = (-np.log(p if y else _sigmoid(-z)), (p - y) ** 2), slopes(z)
    arrays = {"p": WINDOW_P, "z": WINDOW_Z, "p now": np.array([p]), "z now": np.array([z])}
    figure, (left, right) = look.panels(2, left=52)
    styles = ((LOG_LOSS, look.PROBABILITIES, "-", "o"), (SQUARED, look.LOGITS, "--", "s"))
    for k, (name, color, dash, marker) in enumerate(styles):
        arrays |= {
            name: losses(WINDOW_P)[k],
            f"slope of {name}": slopes(WINDOW_Z)[k],
            f"{name} now": np.array([here[k]]),
            f"slope of {name} now": np.array([slope[k]]),
        }
        left.plot(WINDOW_P, arrays[name], dash, color=color, label=name, gid=f"p | {name}")
        right.plot(WINDOW_Z, arrays[f"slope of {name}"], dash, color=color, gid=f"z | slope of {name}")
        draw_point(left, "p now", f"{name} now", arrays, marker, color)
        draw_point(right, "z now", f"slope of {name} now", arrays, marker, color)
    left.set(xlim=(-0.07, 1.07), ylim=(-0.5, 8.9), xlabel="probability p of y = 1")
    left.set_title(f"loss, target {target}")
    left.legend(loc="upper center")
    right.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    right.set(xlim=(-9, 9), ylim=(-1.2, 1.2), xlabel="logit z")
    right.set_title("slope with respect to the logit")

    ratio = slope[0] / slope[1]
    return Picture(
        figure,
        f"At z = {format_number(z)} the slope of log loss is {format_number(slope[0], 5)}, "
        f"that of squared error {format_number(slope[1])}. "
        f"The target is {target} and p = {format_number(p)}; "
        f"log loss pushes {format_number(round(ratio) if ratio > 100 else ratio)} times as hard.",
        Table(
            f"Two losses of the same prediction, target {target}",
            {
                "": (LOG_LOSS, SQUARED),
                "loss": np.array(here),
                "slope with respect to z": np.array(slope),
            },
            {"p of y = 1": p, "ratio of the slopes": ratio, "z": z, "y": y},
        ),
        arrays,
    )


losses_demo = Demo(
    log_loss_and_squared_error,
    (
        Float("z", "Logit z", low=-8, high=8, initial=-2, step=0.5),
        Choice("target", "Target y", options=("y = 1", "y = 0")),
    ),
    title="Log loss against squared error.",
    look_for="Walk to the side where the model is sure and wrong: which slope is still there?",
    presets={
        "Sure and wrong": {"z": -8},
        "Sure and right": {"z": 8},
        "Undecided": {"z": 0},
        "Sure and wrong, target 0": {"z": 8, "target": "y = 0"},
    },
)

alike_question = Question(
    "One probability p = σ(z), target y = 1. The model is sure and wrong: z = −8. Gradient descent moves z by the slope "
    "of the loss. How do log loss, −log p, and squared error, (p − 1)², compare there?",
    [
        "Alike: both are large for wrong answers, so both have a steep slope.",
        "Squared error is steeper, because it squares a large error.",
        "Log loss has a slope near −1, squared error almost none.",
        "Log loss is infinitely steep, squared error almost flat.",
    ],
    "C",
    [
        "of the two losses as functions of p. The model moves z, and on the way from p to z squared error meets a "
        "factor σ′(z) that is nearly 0 here.",
        "that squaring makes it larger. The error p − 1 is at most 1 in size, and then the chain rule multiplies by σ′(z).",
        "The slope of log loss is p − y. That of squared error is 2(p − y)·p(1 − p), and p(1 − p) has nearly vanished.",
        "of the slope with respect to p, −1/p, which is huge. With respect to z it is multiplied by p(1 − p), "
        "and p − 1 is left.",
    ],
)
