"""Section "How a page works": each part of a page in miniature."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.teaching import Check, Contract, Demo, Exercise, Float, Given, Mistake, Pick, Question
from course_utils.teaching.pictures import Axis, Drag, Line, Panel, Picture, Points, Table, Text
from course_utils.teaching.text import format_number

X = np.linspace(-3, 4, 141)


def exponential(z: float) -> Picture:
    """Show e^z at a score and at its neighbor one higher, on an even scale and on one of equal factors."""
    here, beside = np.exp(z), np.exp(z + 1)
    by_steps = Axis("*z*", -3.3, 4.3, ticks=(-3, -2, -1, 0, 1, 2, 3, 4))
    return Picture(
        [
            Panel(
                "e^{*z*}, on an even scale", _step(z), x=by_steps, y=Axis(low=0, high=58, ticks=(0, 20, 40))
            ),
            Panel(
                "the same, by factors of ten",
                [*_step(z), Text(f"× {format_number(np.e)}", z + 0.5, float(here), anchor="middle", dy=20)],
                x=by_steps,
                y=Axis(low=0.01, high=90, scale="log", ticks={0.1: "0.1", 1: "1", 10: "10"}),
            ),
        ],
        f"e to the power {format_number(z)} is {format_number(here)}; one higher, it is {format_number(beside)}. "
        f"However far left you go, it stays positive, and one step always multiplies it by {format_number(np.e)}.",
        table=Table(
            "The exponential at a score and one step higher",
            {"": ["here", "one higher"], "z": np.array([z, z + 1]), "e^z": np.array([here, beside])},
            {"e^z one higher, divided by e^z here": beside / here},
        ),
    )


def _step(z: float) -> list[Any]:
    """Draw the curve, and the stairs from a score to one step higher."""
    here, beside = np.exp(z), np.exp(z + 1)
    return [
        Line("curve", np.exp(X), X, color="exponentials"),
        Line("", [here, here, beside], [z, z + 1, z + 1], color="ink", width=1.5, dash="dashed"),
        Points("e^z one higher", [beside], [z + 1], color="ink", shape="diamond"),
        Points("e^z here", [here], [z], color="logits", size=13, drags={"x": Drag("z")}),
    ]


exponential_demo = Demo(
    exponential,
    (Float("z", "Score z", low=-3, high=3, initial=0, step=0.1, plays=True),),
    title="The exponential.",
    look_for="Drag the dot to both ends. What stays the same on the right?",
    presets={"Far left": {"z": -3}, "Far right": {"z": 3}},
)

step_question = Question(
    "The score z rises by 1. What happens to e^z?",
    ["It grows by 1.", "It grows by a factor of about 2.72.", "It doubles."],
    "B",
    [
        "of a straight line. The curve gets steeper: the same step adds more and more.",
        "Because e^(z + 1) = e^z · e, and e is about 2.72, wherever you start.",
        "of powers of two. Here the base is e, about 2.72.",
    ],
    expected=[10, 55, 35],
)


def sum_of_exponentials(z):
    return np.sum(np.exp(z))


def any_scores(pick: Pick) -> Given:
    return (pick.numbers(pick.shape((1, 9)), -100, 100, types=(float, int)),)


sum_exercise = Exercise(
    "Write `sum_of_exponentials(z)`: turn every score z_i into e^(z_i), then add them up.",
    Contract(
        "`z` is a 1-D NumPy array of one or more numbers (floats or integers) between −100 and 100. Return one number, right to nine significant digits.",
        inputs=any_scores,
    ),
    sum_of_exponentials,
    [
        Check("three scores", (np.array([1.0, 0.0, -4.0]),)),
        Check("one score", (np.array([2.0]),)),
        Check("negative scores", (np.array([-20.0, -21.5]),)),
        Check("integers", (np.array([3, 3, 3]),)),
        Check("scores near the upper limit", (np.array([100.0, -100.0, 99.0]),)),
        Check("scores near the lower limit", (np.array([-100.0, -99.0]),)),
    ],
    [
        Mistake(
            lambda z: np.exp(np.sum(z)),
            "this is e to the power of the *sum*. The order matters: exponentials first, then add.",
        ),
        Mistake(np.exp, "these are the exponentials, one for each score. Now add them up."),
        Mistake(np.sum, "this is the sum of the scores themselves. Take their exponentials first."),
        Mistake(lambda z: np.mean(np.exp(z)), "this is their *mean*. Do not divide by how many there are."),
    ],
    [
        "NumPy takes the exponential of a whole array at once.",
        "S = Σ_i e^(z_i)",
        "`np.exp(z)` is an array; its `.sum()` is one number.",
    ],
    payoff="You can now turn scores into positive numbers and add them up: the denominator of softmax.",
)
