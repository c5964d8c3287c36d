"""Section "A ReLU that dies", and the kink."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import Axis, Bars, Drag, Line, Panel, Picture, Points, Rule, Table
from course_utils.teaching.text import format_number
from course_utils.words import counted

dead_question = Question(
    "ReLU has slope 1 for every positive z, however large. So can the gradient through a ReLU vanish?",
    [
        "No. That is why everybody uses it.",
        "Only after very many layers, like that of tanh.",
        "Yes: wherever z is negative, it is exactly 0.",
    ],
    "C",
    [
        "of the positive half only. On the negative half the slope is not small: it is 0.",
        "of a gradual loss. ReLU itself passes a gradient on unchanged or not at all; what grows or shrinks it is the weights in between.",
        "A unit whose z is negative for *all* examples gets no gradient at all. Under plain gradient descent its own weights rest as long as that lasts, and in the first layer it lasts for good: a dead ReLU.",
    ],
    expected=[30, 15, 55],
)

EXAMPLES, ROUNDS = 500, 400


@functools.cache
def _examples() -> Array:
    return np.sort(np.random.default_rng(11).standard_normal(EXAMPLES))


def dead_relu(bias: float, leak: float) -> Picture:
    """Show which inputs reach a ReLU's slope, and whether gradient descent brings its bias back."""
    biases, gradients = _training(bias, leak)
    active = int(np.sum(_examples() + bias > 0))
    chosen = slice(None, None, 50)
    return Picture(
        [_inputs(bias), _learning(biases)],
        f"{counted(active, 'input')} of {EXAMPLES} {'makes' if active == 1 else 'make'} this unit active. "
        f"{_fate(active, gradients[0], biases[-1])}",
        table=Table(
            "The bias while it learns",
            {
                "steps so far": np.arange(ROUNDS + 1)[chosen],
                "bias b": np.round(biases[chosen], 6),
                "gradient": np.round(gradients[chosen], 8),
            },
            {"inputs": EXAMPLES, "active inputs at the start": active, "steps": ROUNDS},
        ),
        height=300,
    )


def _training(bias: float, leak: float) -> tuple[Array, Array]:
    """Return the bias before each step of gradient descent and after the last, and the gradient there."""
    x = _examples()
    target = np.where(x > 0, x, leak * x)
    biases, gradients = np.empty(ROUNDS + 1), np.empty(ROUNDS + 1)
    b = bias
    for k in range(ROUNDS + 1):
        z = x + b
        slope = np.where(z > 0, 1.0, leak)
        gradient = float(np.mean((z * slope - target) * slope))
        biases[k], gradients[k] = b, gradient
        b -= gradient
    return biases, gradients


def _fate(active: int, gradient: float, last: float) -> str:
    """Say with which gradient the bias starts, and where it ends."""
    exactly = "exactly 0" if gradient == 0 else format_number(gradient, 2)
    size = f"The gradient of the loss with respect to the bias starts at {exactly}"
    if gradient == 0 and active == 0:
        return f"{size}, so the bias never moves: this unit is dead."
    if gradient == 0:
        return f"{size}: the bias is where it should be."
    return f"{size}, and after {ROUNDS} steps the bias is {format_number(clean(round(last, 6)), 2)}."


def _inputs(bias: float) -> Panel:
    """Show which inputs make the unit active."""
    edges = np.linspace(-10, 10, 41)
    counts, centers = np.histogram(_examples() + bias, edges)[0], (edges[1:] + edges[:-1]) / 2
    off, on = np.where(centers < 0, counts, 0), np.where(centers > 0, counts, 0)
    return Panel(
        "the unit before training",
        [
            Bars("inactive inputs", off, centers, color="muted", width=0.5, hatch="//", label="inactive"),
            Bars("active inputs", on, centers, color="probabilities", width=0.5, label="active"),
            Rule("", 0, color="ink", width=1, dash=""),
            Rule("b", bias, color="logits", label="*b*", drags={"x": Drag("bias")}),
        ],
        x=Axis("*z* = *x* + *b*", -10, 10, ticks=(-10, -5, 0, 5, 10)),
        y=Axis("inputs", 0, 160, ticks=(0, 50, 100, 150)),
    )


def _learning(biases: Array) -> Panel:
    return Panel(
        "the bias, if it learns",
        [
            Line("bias", biases, np.arange(ROUNDS + 1), color="logits", width=3),
            Points("bias at the start", biases[:1], [0], color="logits", size=13, drags={"y": Drag("bias")}),
        ],
        x=Axis("steps of gradient descent", -12, ROUNDS, ticks=(0, 100, 200, 300, 400)),
        y=Axis("bias *b*", -6.6, 6.6, ticks=(-6, -3, 0, 3, 6), zero=True),
    )


dead_demo = Demo(
    dead_relu,
    (
        Float("bias", "Bias b", low=-6, high=6, initial=-1, step=0.1),
        Float("leak", "Leak (slope for negative z)", low=0, high=0.3, initial=0, step=0.01),
    ),
    title="A ReLU that dies.",
    look_for="Drag b down until no input is left on the right of 0, then open the leak a little.",
    presets={
        "Nearly dead": {"bias": -2.5},
        "Dead": {"bias": -5},
        "Dead, with a small leak": {"bias": -5, "leak": 0.01},
        "Dead, with a large leak": {"bias": -5, "leak": 0.2},
        "Always active": {"bias": 5},
    },
)

kink_question = Question(
    "At 0, ReLU has a kink: slope 0 on the left, 1 on the right. What happens if a pre-activation is exactly 0?",
    [
        "The program stops with an error: there is no derivative.",
        "The gradient becomes nan.",
        "The program uses a fixed number, usually 0, and goes on.",
        "It uses the average, 1/2, since nothing else is correct.",
    ],
    "C",
    [
        "that programs look for the derivative at run time. Somebody has written a formula such as `z > 0`, and that has an answer everywhere.",
        "of 0/0. Nothing is divided here: the slope is looked up by a comparison.",
        "Any number from 0 to 1 would be a subgradient; frameworks choose 0 by convention. Training hardly notices.",
        "of the central difference, which gives 1/2 at the kink. That is a possible choice, but not the usual one, and not more correct.",
    ],
    expected=[10, 15, 60, 15],
)
