"""Section "One pulls, all move": the Jacobian of softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.class_bars import by_number, logit_sliders
from course_utils.numerics.softmax import softmax, softmax_jacobian
from course_utils.teaching import Demo, Float, Integer, Question
from course_utils.teaching.pictures import Axis, Bars, DragTo, Panel, Picture, Points, Tiles
from course_utils.teaching.text import format_list, format_number, with_minus

signs_question = Question(
    "Four logits. You raise z2 a little and leave z0, z1 and z3 alone. What happens to the probabilities?",
    [
        "p2 rises, the others stay.",
        "p2 rises, the nearest rival falls, the others stay.",
        "p2 rises, all the others fall.",
        "All rise, because the sum of exponentials rises.",
    ],
    "C",
    [
        "that each output belongs to its own input. The sum in the denominator ties them together.",
        "of a race between two. Every *other* class pays, in proportion to what it has: class i loses p_i·p2 per unit of z2.",
        "The denominator grows for everybody; only p2 has a numerator that grows more.",
        "that a larger sum means larger shares. The sum stands in the *denominator*, and the shares add up to 1.",
    ],
    expected=[30, 15, 50, 5],
)


def one_pulls_all_move(z: tuple[float, ...], pulled: int, amount: float) -> Picture:
    """Show how all probabilities change when one logit does, and the Jacobian that predicts it."""
    logits = np.array(z)
    count = len(logits)
    now = logits + amount * np.eye(count)[pulled]
    p, before = softmax(now), softmax(logits)
    change = p - before
    jacobian = softmax_jacobian(logits)
    forecast = before + amount * jacobian[:, pulled]

    others = np.delete(np.arange(count), pulled)
    if amount:
        says = (
            f"Moving z{pulled} by {format_number(amount)} changes p{pulled} by {format_number(change[pulled])} "
            f"and the others by {format_list(change[others])}. "
            f"The changes add up to {format_number(clean(change.sum()))}: what some gain, others lose. The Jacobian, "
            f"a tangent, forecasts a change of {format_number(amount * jacobian[pulled, pulled])} for p{pulled}."
        )
    else:
        says = f"While z{pulled} stays, nothing moves."
    return Picture(
        [_logits(now, logits), _probabilities(p, before, forecast), _jacobian(jacobian, pulled)],
        says,
        columns={"change of p": change, "forecast of the change": amount * jacobian[:, pulled]},
        facts={"sum of the changes": clean(change.sum())},
        height=285,
    )


def _logits(now: Array, before: Array) -> Panel:
    return Panel(
        "logits *z*",
        [
            Bars("z", now, color="logits", values=True, drags=DragTo(_pull, ("pulled", "amount"), "logit")),
            Points("z before", before, color="ink", shape="diamond", label="before"),
        ],
        x=by_number(len(now)),
        y=Axis(low=-7, high=7, ticks=(-5, 0, 5)),
    )


def _probabilities(p: Array, before: Array, forecast: Array) -> Panel:
    return Panel(
        "probabilities *p*, with their changes",
        [
            Bars("p", p, color="probabilities", values=[_signed(value) for value in p - before]),
            Points("p before", before, color="ink", shape="diamond", label="before"),
            Points("Jacobian's forecast", forecast, color="ink", shape="cross", label="forecast"),
        ],
        x=by_number(len(p)),
        # p + 2·p·(1 − p) is at most 9/8, p − 2·p·q at least −1/8
        y=Axis(low=-0.13, high=1.2, ticks=(0, 0.5, 1), zero=True),
        weight=1.25,
    )


def _jacobian(jacobian: Array, pulled: int) -> Panel:
    count = len(jacobian)
    return Panel(
        "Jacobian ∂*p* / ∂*z*",
        [
            Tiles(
                "Jacobian",
                jacobian,
                rows=[f"*p*_{i}" for i in range(count)],
                columns=[f"*z*_{j}" for j in range(count)],
                # Diagonal entries p(1 − p) are at most 1/4, and so are the others in size.
                low=-0.25,
                high=0.25,
                outlined=[(i, pulled) for i in range(count)],
            )
        ],
        weight=1.1,
    )


def _signed(value: float) -> str:
    """Write a change with its sign, and no longer than there is room for beside three others."""
    return with_minus(f"{value:+.3f}") if abs(value) >= 5e-4 else "≈0" if value else "0"


def _pull(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Make the dragged bar the logit that moves, as far as it may."""
    return {"pulled": index, "amount": float(np.clip(y - state["z"][index], -2, 2))}


pull_demo = Demo(
    one_pulls_all_move,
    (
        logit_sliders(4, (1, 0.5, 0, -0.5)),
        Integer("pulled", "Logit that moves", low=0, high=3, initial=2),
        Float("amount", "by how much", low=-2, high=2, initial=1, step=0.1),
    ),
    title="One pulls, all move.",
    look_for="Drag one logit. Which probabilities go up, and which go down?",
    presets={
        "A hair's breadth": {"amount": 0.1},
        "Pull down": {"amount": -2},
        "Pull the winner": {"pulled": 0, "amount": 2},
        "Four equals": {"z": (0, 0, 0, 0)},
    },
)
