"""Section "Where p − y is wrong": the sum of binary cross-entropies."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import by_number, logit_panel, logit_sliders
from course_utils.lessons.cross_entropy_derivation.four_classes import LOGITS
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import softmax, softmax_vjp
from course_utils.teaching import Demo, Derivation, Integer, Question, Step
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Points, classes
from course_utils.teaching.text import format_list, format_number


def summed_binary_form(z: tuple[float, ...], true: int) -> Picture:
    """Hold p − y against the gradient of the sum of all binary cross-entropies of softmax's outputs."""
    logits, y = np.array(z), one_hot(true, 3)
    p = softmax(logits)
    by_p = (p - y) / (p * (1 - p))
    gradient = softmax_vjp(logits, by_p)
    flipped = np.flatnonzero(gradient * (p - y) < 0)
    wrong = np.flatnonzero(y == 0)
    facts: dict[str, float] = {}
    if len(flipped):
        compared = f"The sign of {format_list([f'class {i}' for i in flipped])} is the opposite."
    elif np.ptp(logits[wrong]) == 0:  # by symmetry both are a multiple of the same direction
        # From a wrong class: there the quotient does not cancel, however sure the model is.
        facts["quotient of the two"] = float(gradient[wrong[0]] / p[wrong[0]])
        compared = (
            "The two wrong classes have the same p: here the second is "
            f"{format_number(facts['quotient of the two'])} times the first."
        )
    else:
        compared = "All signs agree here, the sizes do not."
    return Picture(
        [
            logit_panel(logits, by_number(3), LOGITS),
            _gradients(p - y, gradient, true),
        ],
        f"p − y is {format_list(p - y)}; the gradient of the summed binary form is {format_list(gradient)}. {compared}",
        columns={"p": p, "∂ sum/∂p": by_p},
        facts=facts,
        height=310,
    )


def _gradients(p_minus_y: Array, summed: Array, true: int) -> Panel:
    label = "of the summed binary form"
    return Panel(
        "two gradients",
        [
            Bars("p − y", p_minus_y, color="gradient", label="*p* − *y*"),
            Points("gradient of the sum", summed, color="ink", shape="diamond", size=12, label=label),
        ],
        x=classes([f"{i} (true)" if i == true else str(i) for i in range(3)], "class"),
        y=Axis(low=-2.2, high=2.2, ticks=(-2, -1, 0, 1, 2), zero=True),
        grid="y",
        weight=1.8,
    )


binary_demo = Demo(
    summed_binary_form,
    (
        logit_sliders(4, (0, 1, -0.5)),
        Integer("true", "True class", low=0, high=2, initial=0),
    ),
    title="p − y is not the gradient of the summed binary form.",
    look_for="Drag the logits until a diamond lies on the other side of zero than its bar.",
    presets={
        "A sign flips": {"z": (0, 2, 3)},
        "No idea": {"z": (0, 0, 0)},
        "Sure and right": {"z": (4, -4, -4)},
    },
)

summed_binary_derivation = Derivation(
    {"p": "exp(z)/sum(exp(z))", "y": "[y0, 1 - y0]", "B": "-dot(y, log(p)) - dot(1 - y, log(1 - p))"},
    [
        Step("1 - p", "[p[1], p[0]]", "with two classes, what one lacks is what the other has"),
        Step("B", "-2*dot(y, log(p))", "so the sum says everything twice"),
        Step("diff(B, z)", "2*(p - y)", "twice the gradient of cross-entropy", blank=True),
    ],
    title="The summed binary form, two classes",
    assume={"z": "real vector 2", "y0": "real"},
)

summed_binary_question = Question(
    "Three classes, p = softmax(z). Somebody takes as loss the sum over all three classes of the *binary*"
    " cross-entropy of p_i and y_i. Is p − y the gradient of this sum with respect to z?",
    [
        "Yes: the derivative of each binary cross-entropy with respect to its own logit is p_i − y_i.",
        "No, but it is a multiple of it, so training does the same.",
        "No, and in general it is not even a multiple of it.",
    ],
    "C",
    [
        "of each class by itself. That derivative is right, but p_i depends on all logits, so each z_j also "
        "appears in the other two terms.",
        "of two classes, where it is exactly 2(p − y). From three classes on the two directions differ, unless all wrong classes have the same p.",
        "The terms from the other classes are missing. For three classes they even turn a sign around for "
        "some logits.",
    ],
    expected=[45, 25, 30],
)
