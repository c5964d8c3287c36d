"""Section "Two losses for two classes": log loss beside squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.handles import handle
from course_utils.teaching import Choice, Demo, Float, Question
from course_utils.teaching.pictures import Axis, DragTo, Line, Panel, Picture, Points, Rule, Table
from course_utils.teaching.text import format_number

WINDOW_Z = np.linspace(-8, 8, 129)
STYLES: dict[str, Any] = {
    "log loss": {"color": "loss"},
    "squared error": {"color": "ink", "dash": "dashed"},
}
POINTS: dict[str, Any] = {
    "log loss": {"color": "loss", "shape": "circle", "size": 12},
    "squared error": {"color": "ink", "shape": "square", "size": 12},
}


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


WINDOW_P = _sigmoid(WINDOW_Z)


def log_loss_and_squared_error(z: float, target: str) -> Picture:
    """Compare two losses of one probability, and their slopes with respect to the logit."""
    y = int(target[-1])
    p = _sigmoid(z)
    here, slope = (-np.log(p if y else _sigmoid(-z)), (p - y) ** 2), _slopes(z, y)
    ratio = slope[0] / slope[1]
    return Picture(
        [_losses(p, y, here), _slopes_of_losses(z, y, slope)],
        f"At z = {format_number(z)} the slope of log loss is {format_number(slope[0], 5)}, "
        f"that of squared error {format_number(slope[1], 5)}. "
        f"The target is {target} and p = {format_number(p)}; "
        f"log loss pushes {format_number(round(ratio) if ratio > 100 else ratio)} times as hard.",
        table=Table(
            f"Two losses of the same prediction, target {target}",
            {
                "": tuple(STYLES),
                "loss": np.array(here),
                "slope with respect to z": np.array(slope),
            },
            {"p of y = 1": p, "ratio of the slopes": ratio, "z": z, "y": y},
        ),
        height=310,
    )


def _slopes(z: Any, y: int) -> tuple[Any, Any]:
    """Return the slopes of both losses with respect to the logit."""
    p, q = _sigmoid(z), _sigmoid(-z)
    error = -q if y else p
    return error, 2 * error * p * q


def _losses(p: float, y: int, here: tuple[float, float]) -> Panel:
    """Show both losses by probability, and those of this one."""
    curves = -np.log(WINDOW_P if y else 1 - WINDOW_P), (WINDOW_P - y) ** 2
    drags = DragTo(_logit_of, ("z",), "probability")
    return Panel(
        f"loss, target *y* = {y}",
        [
            Rule("", p, color="faint", dash=""),
            *(
                Line(name, curve, WINDOW_P, **style)
                for (name, style), curve in zip(STYLES.items(), curves, strict=True)
            ),
            *(
                Points(f"{name} now", [loss], [p], **POINTS[name], drags=drags)
                for name, loss in zip(STYLES, here, strict=True)
            ),
        ],
        x=Axis("probability *p* of yes", -0.05, 1.05, ticks=(0, 0.5, 1)),
        y=Axis(low=-0.4, high=8.6, ticks=(0, 2, 4, 6, 8)),
    )


def _slopes_of_losses(z: float, y: int, here: tuple[float, float]) -> Panel:
    """Show both slopes by logit, and those at this one."""
    return Panel(
        "slope of the loss with respect to the logit",
        [
            Rule("", z, color="faint", dash=""),
            *(
                Line(f"slope of {name}", curve, WINDOW_Z, **style, label=name)
                for (name, style), curve in zip(STYLES.items(), _slopes(WINDOW_Z, y), strict=True)
            ),
            *(
                handle(f"slope of {name} now", slope, z, "z", **POINTS[name])
                for name, slope in zip(STYLES, here, strict=True)
            ),
        ],
        x=Axis("logit *z*", -8.5, 8.5, ticks=(-8, -4, 0, 4, 8)),
        y=Axis(low=-1.15, high=1.15, ticks=(-1, 0, 1), zero=True),
        weight=1.5,
    )


def _logit_of(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Return the logit of the probability at x."""
    p = float(np.clip(x, 1e-9, 1 - 1e-9))
    return {"z": float(np.clip(np.log(p / (1 - p)), -8, 8))}


losses_demo = Demo(
    log_loss_and_squared_error,
    (
        Float("z", "Logit z", low=-8, high=8, initial=-2, step=0.5, plays=True),
        Choice("target", "Target y", options=("y = 1", "y = 0")),
    ),
    title="Log loss against squared error.",
    look_for="Drag the point to the side where the model is sure and wrong: which slope is still there?",
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
    expected=[35, 15, 35, 15],
)
