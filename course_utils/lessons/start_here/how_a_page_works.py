"""How a page works: each part of a page in miniature."""

from __future__ import annotations

import numpy as np

from course_utils.teaching import (
    Check,
    Contract,
    Demo,
    Exercise,
    Float,
    Given,
    Mistake,
    Pick,
    Picture,
    Question,
    Table,
    look,
)
from course_utils.teaching.text import format_number


def exponential(z: float) -> Picture:
    """Show e^z as a curve with one point, and what one step to the right does."""
    x = np.linspace(-3, 4, 141)
    y = np.exp(x)
    here, beside = np.exp(z), np.exp(z + 1)

    figure, (axes,) = look.panels(1)
    axes.plot(x, y, color=look.EXPONENTIALS, gid="x | curve")
    axes.plot([z, z + 1], [here, beside], ":", color=look.OUTLINE, gid="z | e^z")
    axes.plot(
        [z, z + 1],
        [here, beside],
        "o",
        color=look.LOGITS,
        markeredgecolor=look.OUTLINE,
        markersize=10,
        gid="z | e^z",
    )
    axes.set(xlim=(-3.2, 4.2), ylim=(-3, 58), xlabel="score z", ylabel="e^z")
    axes.set_title("a score and its neighbor one higher", y=1.01)
    return Picture(
        figure,
        f"e to the power {format_number(z)} is {format_number(here)}; one higher, it is {format_number(beside)}. "
        f"However far left you go, it stays positive, and one step always multiplies it by {format_number(np.e)}.",
        Table(
            "The exponential at a score and one step higher",
            {"": ["here", "one higher"], "z": np.array([z, z + 1]), "e^z": np.array([here, beside])},
            {"e^z one higher, divided by e^z here": beside / here},
        ),
        {"x": x, "curve": y},
    )


exponential_demo = Demo(
    exponential,
    (Float("z", "Score z", low=-3, high=3, initial=0, step=0.1),),
    title="The exponential.",
    look_for="Move the score to both ends. Does the curve ever touch zero?",
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
)


def sum_of_exponentials(z):
    return np.sum(np.exp(z))


def any_scores(pick: Pick) -> Given:
    return (pick.numbers(pick.shape((1, 9)), -100, 100, types=(float, int)),)


sum_exercise = Exercise(
    "Write `sum_of_exponentials(z)`: turn every score into e^score, then add them up.",
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
        "P = Σ e^(z_i)",
        "`np.exp(z)` is an array; its `.sum()` is one number.",
    ],
    payoff="You can now turn scores into positive numbers and add them up: the denominator of softmax.",
)
