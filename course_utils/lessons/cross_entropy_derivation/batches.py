"""Batches of logits on which two exercises are checked, and a softmax for their wrong attempts."""

from __future__ import annotations

import numpy as np

from course_utils.teaching import Check, Given, Pick


def safe_softmax(z, axis=1):
    """Probabilities that overflow nowhere."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def narrow_one_hot(labels):
    """One-hot rows as wide as the largest label of this batch needs."""
    return np.eye(labels.max() + 1)[labels]


FOUR = np.array([[1.0, 0.5, -0.3, 2.0], [0.1, -2.0, 3.4, 3.3], [-1.0, 0.0, 0.5, -0.5]])
SQUARE = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0], [2.0, 1.5, -2.0]])
TALL = np.round(np.random.default_rng(6).normal(scale=3, size=(50, 5)), 2)
TALL_LABELS = np.random.default_rng(7).integers(0, 5, size=50)


def any_labeled_batch(pick: Pick) -> Given:
    n, classes = pick.any_shape((2,), longest=7)
    z = pick.numbers((n, classes), -10_000, 10_000, 745.0, -745.0, types=(float, int))
    return z, pick.random.integers(0, classes, n)


LOSS_CHECKS = [
    Check("three examples, four classes", (FOUR, np.array([3, 1, 2]))),
    Check("one example", (FOUR[1:2], np.array([2]))),
    Check("as many examples as classes", (SQUARE, np.array([0, 2, 0]))),
    Check("a batch in which the last classes do not occur", (FOUR, np.array([0, 1, 0]))),
    Check("two classes", (FOUR[:, :2], np.array([1, 0, 0]))),
    Check("one class only", (FOUR[:, :1], np.array([0, 0, 0]))),
    Check("fifty examples", (TALL, TALL_LABELS)),
    Check("equal logits", (np.zeros((2, 4)), np.array([1, 3]))),
    Check("integers", (np.array([[3, -1, 0], [0, 2, 5]]), np.array([1, 1]))),
    Check(
        "hopeless: p of the true class rounds to 0", (np.array([[0.0, 1000.0], [3.0, 1.0]]), np.array([0, 0]))
    ),
    Check("large logits, small difference", (np.array([[1000.0, 1001.0, 999.5]]), np.array([0]))),
    Check("large negative logits", (np.array([[-1000.0, -1001.0], [-2000.0, -2000.0]]), np.array([1, 0]))),
    Check(
        "rows of very different size",
        (np.array([[1000.0, 1002.0, 999.0], [-1000.0, -999.0, -1000.5]]), np.array([0, 2])),
    ),
]
