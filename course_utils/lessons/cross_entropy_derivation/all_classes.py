"""Sections "All classes at once" and "The Jacobian, and what its diagonal forgets"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.class_bars import logit_panel
from course_utils.lessons.cross_entropy_derivation.four_classes import (
    BY_CLASS,
    CLASSES,
    LABEL,
    LOGIT_SLIDERS,
    LOGITS,
)
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import softmax, softmax_jacobian
from course_utils.teaching import Demo, Derivation, Question, Step
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Points, Tiles
from course_utils.teaching.text import format_list, format_number


def jacobian_to_gradient(z: tuple[float, ...], label: str) -> Picture:
    """Show the Jacobian of softmax as tiles, and the gradient it gives beside that of its diagonal alone."""
    true = CLASSES.index(label)
    logits, y = np.array(z), one_hot(true, 4)
    p = softmax(logits)
    jacobian = softmax_jacobian(logits)
    gradient = p - y
    diagonal = np.diag(jacobian) * (0 - y) / p
    return Picture(
        [
            logit_panel(logits, BY_CLASS, LOGITS),
            _jacobian(jacobian, true),
            _row(gradient, diagonal, label, p[true]),
        ],
        f"The gradient is {format_list(gradient)}. "
        f"It is the row of {label} divided by −{format_number(p[true])}. "
        f"The diagonal alone would give {format_list(diagonal)}: only the true class would move.",
        columns={"p": p, "y": y},
        facts={"sum of the gradient": clean(gradient.sum())},
        height=310,
    )


def _jacobian(jacobian: Array, true: int) -> Panel:
    """Show all entries, and outline the row of the true class."""
    return Panel(
        "Jacobian ∂*p* / ∂*z*",
        [
            Tiles(
                "∂p",
                jacobian,
                rows=[f"*p*_{{{name}}}" for name in CLASSES],
                columns=[f"*z*_{{{name}}}" for name in CLASSES],
                # Diagonal entries p(1 − p) are at most 1/4, and so are the others in size.
                low=-0.25,
                high=0.25,
                outlined=[(true, j) for j in range(4)],
                texts=[[_short(value) for value in row] for row in jacobian.tolist()],
            )
        ],
        weight=1.7,
    )


def _row(gradient: Array, diagonal: Array, label: str, p: float) -> Panel:
    """Show that row divided by −p: the gradient."""
    return Panel(
        f"its row *p*_{{{label}}} ÷ −{format_number(p, 2)}",
        [
            Bars("gradient", gradient, color="gradient", values=True),
            Points("diagonal alone", diagonal, color="ink", shape="diamond", label="diagonal alone"),
        ],
        x=BY_CLASS,
        y=Axis(low=-1.25, high=1.25, ticks=(-1, 0, 1), zero=True),
        weight=1.45,
    )


def _short(value: float) -> str:
    """Write a number into a tile: never as 0, for in its row it cancels with others."""
    if abs(value) >= 0.001:
        return format_number(value, 2 if abs(value) >= 0.01 else 1)
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{format_number(float(mantissa))}e{format_number(int(exponent))}"


jacobian_demo = Demo(
    jacobian_to_gradient,
    (LOGIT_SLIDERS, LABEL),
    title="From the Jacobian to the gradient.",
    look_for="Divided by −p, the outlined row is the gradient.",
    presets={
        "The bear was right": {"label": "bear"},
        "No idea": {"z": (0, 0, 0, 0)},
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
    },
)

jacobian_derivation = Derivation(
    {"S": "sum(exp(z[k]), k)", "p": "exp(z)/S"},
    [
        Step("diff(S, z[j])", "exp(z[j])", "only one term of the sum depends on z_j"),
        Step(
            "diff(p[i], z[j])",
            "(delta(i, j)*exp(z[i])*S - exp(z[i])*exp(z[j]))/S^2",
            "quotient rule; δ is 1 if i = j, else 0",
        ),
        Step("", "p[i]*(delta(i, j) - p[j])", "both terms divided by S twice", blank=True),
        Step("diff(p[i], z[i])", "p[i]*(1 - p[i])", "the diagonal: i = j", blank=True),
    ],
    title="The Jacobian of softmax, any number of classes",
    assume={"z": "real vector n", "i": "index", "j": "index", "k": "index"},
)

gradient_derivation = Derivation(
    {"S": "sum(exp(z[j]), j)", "p": "exp(z)/S", "L": "-sum(y[j]*log(p[j]), j)"},
    [
        Step("log(p[i])", "z[i] - log(S)", "logarithm of a quotient; the sum in S has an index of its own"),
        Step(
            "L", "log(S)*sum(y[j], j) - sum(y[j]*z[j], j)", "multiplied out: every class has the same log S"
        ),
        Step("diff(S, z[i])", "exp(z[i])", "only one term depends on z_i"),
        Step("diff(log(S), z[i])", "p[i]", "chain rule: line 3 divided by S", blank=True),
        Step("diff(L, z[i])", "p[i]*sum(y[j], j) - y[i]", "lines 2 and 4", blank=True),
    ],
    title="The gradient of cross-entropy, any number of classes, any target",
    assume={"z": "real vector n", "y": "real vector n", "i": "index", "j": "index"},
)

only_true_question = Question(
    "The loss is −log p of the true class, fox: no other p stands in it. One step of gradient descent on "
    "the four logits: which of them move?",
    [
        "Only that of the fox.",
        "That of the fox goes up, all others go down, each in proportion to its p.",
        "That of the fox goes up, that of the strongest rival goes down, the others stay.",
        "All go up, because all probabilities should be good.",
    ],
    "B",
    [
        "that a logit which is not written in the loss is not in it. It is: the sum in the denominator of p "
        "contains all logits.",
        "The gradient is p − y. Against it, the fox is pushed up by 1 − p, every other class down by its own "
        "p.",
        "of a duel. Every class that holds probability has to give some back; the strongest rival only gives "
        "most.",
        "that the pushes are independent. They add up to 0: what one gains the others lose.",
    ],
    expected=[40, 45, 10, 5],
)
