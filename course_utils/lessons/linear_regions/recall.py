"""Section "Recall"."""

from __future__ import annotations

from course_utils.teaching import Question

recall_dead_question = Question(
    "From notebook 05: the pre-activation of a ReLU unit is negative for every training input. "
    "What does gradient descent do with its weights?",
    [
        "It moves them until the unit becomes active.",
        "Nothing: their gradient is 0.",
        "It makes them explode.",
    ],
    "B",
    [
        "that a useless unit gets the strongest push. It gets none: where relu is flat, its derivative is 0.",
        "The gradient passes through relu′ = 0. In the plane: the line of a dead unit does not cross the data.",
        "of slopes above 1 that multiply. Here one factor is exactly 0.",
    ],
    expected=[20, 70, 10],
)

recall_gap_question = Question(
    "From notebook 02: you zoom into a window of width 10^−6 around x_0 = 10^6. Neighboring floats lie 1.16·10^−10 apart there. "
    "About how many different values of x_0 does the window hold?",
    ["9 thousand", "9 billion", "infinitely many"],
    "A",
    [
        "Floats are evenly spaced only between powers of two; at 10^6 the gap is 2^−33, and 10^−6/2^−33 is about 8,600.",
        "of a window of width 1, which holds 2^33 of them. This one is a million times narrower.",
        "of the real numbers. That is why the exact regions refuse windows too far from zero for their size.",
    ],
    expected=[35, 15, 50],
)
