"""Section "The gradient of a batch"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.cross_entropy_derivation.batches import (
    LOSS_CHECKS,
    any_labeled_batch,
    narrow_one_hot,
    safe_softmax,
)
from course_utils.teaching import Contract, Derivation, Exercise, Mistake, Step


def cross_entropy_gradient(z, labels):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    gradient = e / e.sum(axis=1, keepdims=True)
    gradient[np.arange(len(z)), labels] -= 1
    return gradient / len(z)


def _target(z, labels):
    return np.eye(z.shape[1])[labels]


def _minus_whole_columns(z, labels):
    gradient = safe_softmax(z)
    gradient[:, labels] -= 1
    return gradient / len(z)


def _naive_gradient(z, labels):
    e = np.exp(z)
    return (e / e.sum(axis=1, keepdims=True) - _target(z, labels)) / len(z)


def _true_class_only(z, labels):
    y = _target(z, labels)
    return y * (safe_softmax(z) - y) / len(z)


gradient_exercise = Exercise(
    "Write `cross_entropy_gradient(z, labels)`: the gradient, with respect to all logits, of the *mean* cross-entropy "
    "over a batch.",
    Contract(
        "`z` is a 2-D NumPy array of logits (floats or integers from −10000 to 10000), one row per example; `labels` is "
        "a 1-D integer array with the index of the true class of each row. Return an array of the shape of `z`; entry "
        "(k, i) says how fast the mean loss of the batch grows with logit i of example k. Right to nine significant "
        "digits or to 1e−10, whichever is easier. Leave `z` and `labels` unchanged.",
        atol=1e-10,
        inputs=any_labeled_batch,
    ),
    cross_entropy_gradient,
    LOSS_CHECKS,
    [
        Mistake(
            lambda z, labels: safe_softmax(z) - _target(z, labels),
            "this is the gradient of the *sum*. The mean has a factor of one over the number of examples.",
        ),
        Mistake(
            lambda z, labels: (safe_softmax(z) - _target(z, labels)) / z.size,
            "you divide by the number of *entries*. The mean is taken over examples, so divide by `len(z)`.",
        ),
        Mistake(
            lambda z, labels: (_target(z, labels) - safe_softmax(z)) / len(z),
            "the sign: this is the direction in which gradient descent moves. The gradient is p − y.",
        ),
        Mistake(
            _true_class_only,
            "only the true class gets a gradient here. All logits are in the denominator, so the others get p.",
        ),
        Mistake(
            lambda z, labels: (safe_softmax(z) - narrow_one_hot(labels)) / len(z),
            "your one-hot rows are as wide as the largest label *in this batch* demands. They must be as wide as `z`.",
        ),
        Mistake(
            _minus_whole_columns,
            "`p[:, labels] -= 1` subtracts 1 in whole columns. One entry of each row is meant: "
            "`p[np.arange(len(z)), labels]`.",
        ),
        Mistake(
            lambda z, labels: (safe_softmax(z) - _target(z, labels)).mean(axis=0),
            "you have averaged over the batch. Every example has logits of its own, so the gradient has the shape of `z`.",
        ),
        Mistake(
            lambda z, labels: (safe_softmax(z, axis=0) - _target(z, labels)) / len(z),
            "softmax is taken down the columns. Each *row* is one example.",
        ),
        Mistake(
            lambda z, labels: -_target(z, labels) / safe_softmax(z) / len(z),
            "this is −y/p, the slope with respect to p. The Jacobian of softmax still has to be applied.",
        ),
        Mistake(
            _naive_gradient,
            "right on paper, but the exponentials overflow (or all vanish) for large logits. Subtract the largest logit "
            "of each row first.",
        ),
        Mistake(
            lambda z, labels: cross_entropy_gradient(safe_softmax(z), labels),
            "softmax is taken twice: once of the logits, and again of the probabilities.",
        ),
    ],
    [
        "For one example you have derived it. What does the mean over the batch add?",
        "(p − y)/m for every row, with m the number of examples.",
        "Compute p as a batch, then `p[np.arange(len(z)), labels] -= 1`, and return `p / len(z)`.",
    ],
    payoff="You can now tell every logit of a batch where to go.",
)

weights_derivation = Derivation(
    {
        "z": "[dot(u, x), dot(v, x)]",
        "p": "exp(z)/sum(exp(z))",
        "y": "[y0, 1 - y0]",
        "L": "log(sum(exp(z))) - dot(y, z)",
    },
    [
        Step("diff(z[0], u)", "x", "the first logit is linear in the first row of weights"),
        Step("diff(L, u)", "(p[0] - y[0])*x", "chain rule: p − y for the logit, times line 1", blank=True),
        Step("diff(L, v)", "(p[1] - y[1])*x", "the second row in the same way", blank=True),
        Step(
            "[diff(L, u), diff(L, v)]",
            "outer(p - y, x)",
            "row under row: a matrix of the shape of W",
            blank=True,
        ),
    ],
    title="The gradient for the weights: two classes, W with the rows u and v",
    assume={"u": "real vector 2", "v": "real vector 2", "x": "real vector 2", "y0": "real"},
)
