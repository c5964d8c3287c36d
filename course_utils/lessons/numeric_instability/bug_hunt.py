"""Section "A bug hunt"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.lessons.numeric_instability.subtract_the_largest import FAR_APART, LARGE, WHERE_EXP_ENDS
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick

BATCH = np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 1.0], [3.0, 1.0, 2.0]])  # the batch of the bug hunt


def softmax_rows(z):
    m = np.max(z, axis=1, keepdims=True)
    e = np.exp(z - m)
    return e / np.sum(e, axis=1, keepdims=True)


def _with_bugs(global_variable: bool, whole_maximum: bool, no_keepdims: bool) -> Callable[..., Any]:
    def function(z):
        m = z.max() if whole_maximum else z.max(axis=1, keepdims=True)
        used = BATCH if global_variable else z
        shift = used.max() if whole_maximum else used.max(axis=1, keepdims=True)
        total = np.exp(used - shift).sum(axis=1, keepdims=not no_keepdims)
        return np.exp(z - m) / total

    return function


def _largest_without_its_axis(keepdims: bool) -> Callable[..., Any]:
    def function(z):
        e = np.exp(z - z.max(axis=1))
        return e / e.sum(axis=1, keepdims=keepdims)

    return function


_GLOBAL = "the sum comes from the global variable `batch`, not from the argument"
_WHOLE = "the largest is taken over the whole batch, so all exponentials of a row far below it become 0"
_LOST = "the sum has lost its axis (`keepdims`), so rows are divided by the wrong sums, or shapes do not fit"


def any_table(pick: Pick) -> Given:
    return (pick.numbers(pick.any_shape((2,)), -LARGE, LARGE, *WHERE_EXP_ENDS),)


bug_hunt_exercise = Exercise(
    "Repair `softmax_rows(z)`: the function above, with its three bugs removed.",
    Contract(
        "`z` is a 2-D NumPy array of float64 logits between −100000 and 100000, one example per row. Return an array of "
        "the same shape whose *rows* add up to 1, right to nine significant digits. Leave `z` unchanged, and depend on "
        "nothing but `z`.",
        inputs=any_table,
    ),
    softmax_rows,
    [
        Check("the author's own batch", (BATCH,)),
        Check("another square batch", (BATCH[:, ::-1] * 2 + 1,)),
        Check("two examples of three classes", (BATCH[:2] + 0.5,)),
        Check("three examples of two classes", (BATCH[:, 1:] * 3,)),
        Check("rows that are far apart", (FAR_APART,)),
        Check("a batch of one", (np.array([[1000.0, 998.0]]),)),
        Check(
            "rows far apart, four of them",
            (np.array([[0.0, 1.0], [900.0, 901.0], [-900.0, -902.0], [5.0, 5.0]]),),
        ),
    ],
    [
        Mistake(
            _with_bugs(True, True, True),
            f"all three bugs are still in: {_GLOBAL}; {_WHOLE}; {_LOST}.",
            "global, whole maximum, no keepdims",
        ),
        Mistake(
            _with_bugs(True, True, False),
            f"one bug is gone, two are left: {_GLOBAL}; {_WHOLE}.",
            "global, whole maximum",
        ),
        Mistake(
            _with_bugs(True, False, True),
            f"one bug is gone, two are left: {_GLOBAL}; {_LOST}.",
            "global, no keepdims",
        ),
        Mistake(
            _with_bugs(False, True, True),
            f"one bug is gone, two are left: {_WHOLE}; {_LOST}.",
            "whole maximum, no keepdims",
        ),
        Mistake(_with_bugs(True, False, False), f"two bugs are gone, one is left: {_GLOBAL}.", "global"),
        Mistake(
            _with_bugs(False, True, False), f"two bugs are gone, one is left: {_WHOLE}.", "whole maximum"
        ),
        Mistake(_with_bugs(False, False, True), f"two bugs are gone, one is left: {_LOST}.", "no keepdims"),
        Mistake(
            _largest_without_its_axis(True),
            "three bugs are gone, and one came in: the largest has lost its axis (`keepdims`), so the largest of another row "
            "is subtracted, or shapes do not fit.",
            "largest without keepdims",
        ),
        Mistake(
            _largest_without_its_axis(False),
            f"two bugs are gone, one is left: {_LOST}. And one came in: the largest has lost its axis, too.",
            "largest and sum without keepdims",
        ),
    ],
    [
        "Read each line and ask: whose numbers is this, and along which axis?",
        "For every row by itself: m = max z_i, then e^(z_i − m) / Σ e^(z_j − m), and only `z` on the right-hand sides.",
        "`m = np.max(z, axis=1, keepdims=True)`, `e = np.exp(z - m)`, and the sum of `e` with the same two keywords.",
    ],
    payoff="You can now find three bugs that may come without any error message.",
)
