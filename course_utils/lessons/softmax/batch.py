"""Section "Softmax for a batch"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.softmax.step_by_step import softmax_vector
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def softmax_batch(z, axis=-1):
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


def _forgets_keepdims(z, axis=-1):
    e = np.exp(z)
    return e / e.sum(axis=axis)


def _list_loop(z, axis=-1):
    import math

    e = [math.exp(score) for score in z]
    return np.array(e) / sum(e)


def _row_loop(z, axis=-1):
    return np.array([softmax_vector(row) for row in z])


BATCH = np.array([[1.0, 0.0, -4.0], [0.5, 2.5, 2.0]])
SQUARE = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0], [2.0, 2.0, -2.0]])
STACK = np.round(np.random.default_rng(2).normal(scale=2, size=(2, 3, 4)), 2)


def any_batch(pick: Pick) -> Given:
    z = pick.numbers(pick.any_shape((1, 2, 3, 4)), -300, 300, types=(float, int))
    z = z[pick.one_of((), (), (), (), (None, None))]
    axis = pick.whole(-z.ndim, z.ndim - 1)
    given: list[Given] = [(z,), (z, axis), Check("", (z,), {"axis": axis})]
    return pick.one_of(*given)


batch_exercise = Exercise(
    "Write `softmax_batch(z, axis=-1)`: softmax along any one axis of an array with any number of dimensions.",
    Contract(
        "`z` is a NumPy array of floats or integers (of 64 bits) between −300 and 300 with at least one dimension and one entry; `axis` is an "
        "integer, negative counts from the end, and the default is the last axis. Return an array of the same shape "
        "whose entries add up to 1 along `axis`, right to nine significant digits. Leave `z` unchanged.",
        inputs=any_batch,
    ),
    softmax_batch,
    [
        Check("a batch of two, axis not given", (BATCH,)),
        Check("one vector", (np.array([0.1, -2.0, 3.4, 3.3]),)),
        Check("down the columns", (BATCH,), {"axis": 0}),
        Check("a square batch, last axis", (SQUARE,), {"axis": -1}),
        Check("a square batch, first axis", (SQUARE,), {"axis": 0}),
        Check("three dimensions, middle axis, given without its name", (STACK, 1)),
        Check("three dimensions, axis not given", (STACK,)),
        Check("three dimensions, axis counted from the end", (STACK,), {"axis": -3}),
        Check("a batch of one", (np.array([[3.0, 1.0]]),), {"axis": 1}),
        Check("integers", (np.array([[3, -1], [0, 2], [5, 5]]),), {"axis": 0}),
        Check("scores near the limits", (np.array([[-300.0, -299.0], [300.0, -300.0]]),)),
    ],
    [
        Mistake(
            lambda z, axis=-1: np.exp(z) / np.sum(np.exp(z)),
            "you divide by the sum over the *whole array*, so all rows share one total. Sum along `axis` only.",
        ),
        Mistake(
            _forgets_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). For most shapes NumPy then refuses to divide; "
            "for a square batch it divides silently by the wrong row's sum.",
        ),
        Mistake(
            lambda z, axis=-1: softmax_batch(z, -1),
            "`axis` is ignored: you always work along the last one.",
        ),
        Mistake(
            lambda z, axis=-1: softmax_batch(z, 0),
            "`axis` is ignored: you always work along the first one.",
        ),
        Mistake(
            lambda z, axis=0: softmax_batch(z, axis),
            "the default axis is the first one, so a batch is normalized down its columns unless told otherwise.",
        ),
        Mistake(
            _list_loop,
            "your loop visits *rows* when `z` is 2-D, and `math.exp` cannot take a row. `np.exp` takes any array.",
        ),
        Mistake(
            _row_loop,
            "your loop over `z` takes it for a list of vectors. A single vector is then a list of numbers, "
            "and `axis` never has a say.",
        ),
    ],
    [
        "Only the denominator knows about the axis.",
        "p = e^z / Σ e^z, where Σ runs along `axis` and the result must still line up with z.",
        "`e.sum(axis=axis, keepdims=True)` keeps a length-1 axis, so that the division broadcasts.",
    ],
    payoff="You can now apply softmax to arrays of any shape, along any axis.",
)
