"""One pulls, all move: the Jacobian of softmax."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.softmax.classes import Z3, class_names
from course_utils.numerics.softmax import softmax, softmax_jacobian
from course_utils.teaching import Demo, Float, Integer, Picture, Question, Table, Vector, look
from course_utils.teaching.drawing import bars, marks
from course_utils.teaching.text import format_list, format_number

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
        "of a race between two. Every class pays, in proportion to what it has: −p_i·p2 each.",
        "The denominator grows for everybody; only p2 has a numerator that grows more.",
        "that a larger sum means larger shares. The sum stands in the *denominator*, and the shares add up to 1.",
    ],
)


def one_pulls_all_move(z: tuple[float, ...], pulled: int, amount: float) -> Picture:
    """Show how all probabilities change when one logit does, and the Jacobian that predicts it."""
    logits = np.array(z)
    count = len(logits)
    p = softmax(logits)
    change = softmax(logits + amount * np.eye(count)[pulled]) - p
    jacobian = softmax_jacobian(logits)
    predicted = amount * jacobian[:, pulled]

    figure, (left, right) = look.panels(2, left=72, gap=60)
    bars(left, change, "change of p", look.PROBABILITIES, f"change of p when z{pulled} moves")
    marks(left, predicted, "Jacobian's forecast", "Jacobian's forecast", "lower center")
    # A logit that moves by 2 moves no p by more than tanh(1/2) and no forecast by more than 1/2; below is the legend.
    left.set_ylim(-0.78, 0.55)
    left.set_yticks(np.linspace(-0.4, 0.4, 5))
    _tiles(right, jacobian, pulled)

    others = np.delete(np.arange(count), pulled)
    moves = (
        f"Moving z{pulled} by {format_number(amount)} changes p{pulled} by {format_number(change[pulled])} "
        f"and the others by {format_list(change[others])}."
        if amount
        else f"While z{pulled} stays, nothing moves."
    )
    return Picture(
        figure,
        f"{moves} The changes add up to {format_number(clean(change.sum()))}: what one gains, the others lose. "
        f"The Jacobian, a tangent, forecasts {format_number(predicted[pulled])} for p{pulled}.",
        Table(
            f"Probabilities before and after z{pulled} moves, and the Jacobian",
            {
                "": class_names(count),
                "class": np.arange(count),
                "z": logits,
                "p": p,
                "change of p": change,
                "Jacobian's forecast": predicted,
                **{f"∂p/∂z{j}": jacobian[:, j] for j in range(count)},
            },
            {"sum of the changes": clean(change.sum())},
        ),
        {"Jacobian": jacobian},
    )


def _tiles(axes: Axes, matrix: Array, column: int) -> None:
    """Draw a matrix as tiles with its numbers, one column outlined."""
    count = len(matrix)
    # Diagonal entries p(1 − p) are at most 1/4, and so are the others in size.
    axes.imshow(matrix, cmap="RdBu", vmin=-0.25, vmax=0.25, gid="Jacobian", aspect="auto")
    for (i, j), value in np.ndenumerate(matrix):
        color = "white" if abs(value) > 0.17 else "black"
        axes.text(j, i, f"{value:.2f}".replace("-", "−"), ha="center", va="center", color=color)
    axes.axvspan(column - 0.49, column + 0.49, fill=False, edgecolor=look.OUTLINE, linewidth=3, gid="guide")
    axes.set_xticks(range(count), [f"z{j}" for j in range(count)])
    axes.set_yticks(range(count), [f"p{i}" for i in range(count)])
    axes.set_title("Jacobian ∂p (row) / ∂z (column)")
    axes.grid(False)


pull_demo = Demo(
    one_pulls_all_move,
    (
        Vector("z", "Logits z", entries=(*Z3, "z3"), low=-4, high=4, initial=(1, 0.5, 0, -0.5), step=0.1),
        Integer("pulled", "Number of the logit that moves", low=0, high=3, initial=2),
        Float("amount", "By how much it moves", low=-2, high=2, initial=1, step=0.1),
    ),
    title="One pulls, all move.",
    look_for="Compare the one bar that goes its own way with the three others, and all of them with the diamonds.",
    presets={
        "A hair's breadth": {"amount": 0.1},
        "Pull down": {"amount": -2},
        "Pull the winner": {"pulled": 0, "amount": 2},
        "Four equals": {"z": (0, 0, 0, 0)},
    },
)
