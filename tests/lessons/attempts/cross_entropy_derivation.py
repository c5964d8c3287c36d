"""Attempts at the exercises of `cross_entropy_derivation`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from allowed import labels, some

from attempts import Allows, Functions, Listed, Told
from course_utils.numerics.softmax import log_softmax, softmax


def losses(z: Any, y: Any) -> Any:
    return -log_softmax(z)[np.arange(len(y)), y]


def target(z: Any, y: Any) -> Any:
    return np.eye(z.shape[1])[y]


def by_loops(z: Any, y: Any) -> Any:
    total = 0.0
    for row, label in zip(z.tolist(), y, strict=True):
        top = float(max(row))
        total += top + math.log(sum(math.exp(logit - top) for logit in row)) - row[label]
    return total / len(y)


def by_logaddexp(z: Any, y: Any) -> Any:
    return np.mean(np.logaddexp.reduce(z.astype(float), axis=1) - z[np.arange(len(y)), y])


def back(p: Any, v: Any) -> Any:
    return p * (v - (p * v).sum(axis=1, keepdims=True))


def narrow_target(y: Any) -> Any:
    return np.eye(max(y) + 1)[y]


def unshifted_softmax(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def in_whole_columns(z: Any, y: Any) -> Any:
    p = softmax(z)
    p[:, y] -= 1
    return p / len(z)


def slope_of_log(z: Any, y: Any) -> Any:
    rows, slopes = np.arange(len(z)), np.zeros(z.shape)
    slopes[rows, y] = -1 / softmax(z)[rows, y] / len(z)
    return slopes


RIGHT: dict[str, Functions] = {
    "cross_entropy_exercise": {
        "loops": by_loops,
        "one-hot": lambda z, y: -(target(z, y) * log_softmax(z)).sum() / len(z),
        "logaddexp": by_logaddexp,
        "long double": lambda z, y: losses(z.astype(np.longdouble), y).mean(),
    },
    "gradient_exercise": {
        "one-hot": lambda z, y: (softmax(z) - target(z, y)) / len(z),
        "lists": lambda z, y: ((softmax(z) - target(z, y)) / len(z)).tolist(),
        "from the logarithm": lambda z, y: (np.exp(log_softmax(z)) - target(z, y)) / len(y),
    },
    "backward_exercise": {
        "a Jacobian for each row": lambda p, v: np.array(
            [(np.diag(a) - np.outer(a, a)) @ b for a, b in zip(p, v, strict=True)]
        ),
        "einsum": lambda p, v: p * v - p * np.einsum("ij,ij->i", p, v)[:, np.newaxis],
    },
}
WRONG: dict[str, Functions] = {
    "cross_entropy_exercise": {
        "median": lambda z, y: np.median(losses(z, y)),
        "first row": lambda z, y: losses(z, y)[0],
        "one for each row": losses,
        "largest": lambda z, y: losses(z, y).max(),
        "held below 1000": lambda z, y: np.minimum(losses(z, y), 1000).mean(),
        "a little more than p": lambda z, y: -np.log(softmax(z)[np.arange(len(y)), y] + 1e-9).mean(),
        "always class 0": lambda z, y: losses(z, 0 * y).mean(),
        "squared error": lambda z, y: ((softmax(z) - target(z, y)) ** 2).sum(axis=1).mean(),
        "subtracts in place": lambda z, y: losses(np.subtract(z, z.max(), out=z), y).mean(),
    },
    "gradient_exercise": {
        "without the target": lambda z, y: softmax(z) / len(z),
        "times p(1 − p)": lambda z, y: (softmax(z) - target(z, y)) * softmax(z) * (1 - softmax(z)) / len(z),
        "transposed": lambda z, y: ((softmax(z) - target(z, y)) / len(z)).T,
        "logits for p": lambda z, y: (z - target(z, y)) / len(z),
        "first row": lambda z, y: (softmax(z) - target(z, y))[:1] / len(z),
        "without signs": lambda z, y: np.abs(softmax(z) - target(z, y)) / len(z),
    },
    "backward_exercise": {
        "down the columns": lambda p, v: p * (v - (p * v).sum(axis=0)),
        "p outside": lambda p, v: p * v - (p * v).sum(axis=1, keepdims=True),
        "swapped": lambda p, v: v * (p - (p * v).sum(axis=1, keepdims=True)),
        "first row": lambda p, v: back(p, v)[0],
        "of log p": lambda p, v: v - p * v.sum(axis=1, keepdims=True),
        "subtracts in place": lambda p, v: p * np.subtract(v, (p * v).sum(axis=1, keepdims=True), out=v),
    },
}
TOLD: Told = {
    "cross_entropy_exercise": {
        "median": "argument: row by row",
        "first row": "argument: first row",
        "always class 0": "no effect",
    },
    "gradient_exercise": {
        "without the target": "no effect",
        "transposed": "transposed",
        "first row": "first row",
        "without signs": "absolute",
    },
    "backward_exercise": {
        "down the columns": "argument: other axis",
        "swapped": "argument: swapped",
        "first row": "first row",
    },
}
LISTED: Listed = {
    "cross_entropy_exercise": {
        "you-take-the-logarithm-of-a-softmax-that-has-been": lambda z, y: np.mean(
            -np.log(softmax(z)[np.arange(len(z)), y])
        ),
        "adding-a-small-number-before-the-logarithm-keeps-the-loss": lambda z, y: np.mean(
            -np.log(softmax(z)[np.arange(len(z)), y] + 1e-12)
        ),
        "clipping-p-keeps-the-loss-finite-where-p-rounds-to": lambda z, y: np.mean(
            -np.log(np.maximum(softmax(z), 1e-12)[np.arange(len(z)), y])
        ),
        "log-p-z-log-σ-e-z-is-the-right": lambda z, y: np.mean(
            np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y]
        ),
        "this-is-the-sum-over-the-batch": lambda z, y: np.sum(losses(z, y)),
        "you-take-the-mean-over-examples-and-classes-perhaps-of": lambda z, y: np.mean(
            -target(z, y) * log_softmax(z)
        ),
        "your-one-hot-rows-are-as-wide-as-the-largest": lambda z, y: (
            -(narrow_target(y) * log_softmax(z)).sum(axis=1).mean()
        ),
        "the-sign-log-p-is-negative-or-0-and-the": lambda z, y: log_softmax(z)[np.arange(len(z)), y].mean(),
        "this-is-the-loss-in-bits": lambda z, y: losses(z, y).mean() / np.log(2),
        "softmax-is-taken-twice-once-of-the-logits-and-again": lambda z, y: losses(softmax(z), y).mean(),
        "you-look-up-the-probability-of-the-class-the-model": lambda z, y: losses(z, z.argmax(axis=1)).mean(),
        "this-is-z-of-the-true-class-log-σ-e": lambda z, y: -(target(z, y) * z).sum() / len(z),
        "this-is-the-mean-of-1-p": lambda z, y: 1 - softmax(z)[np.arange(len(z)), y].mean(),
    },
    "gradient_exercise": {
        "this-is-the-gradient-of-the-sum": lambda z, y: softmax(z) - target(z, y),
        "you-divide-by-the-number-of-entries": lambda z, y: (softmax(z) - target(z, y)) / z.size,
        "the-sign-this-is-the-direction-in-which-gradient-descent": lambda z, y: (
            (target(z, y) - softmax(z)) / len(z)
        ),
        "only-the-true-class-gets-a-gradient-here": lambda z, y: (
            target(z, y) * (softmax(z) - target(z, y)) / len(z)
        ),
        "your-one-hot-rows-are-as-wide-as-the-largest": lambda z, y: (softmax(z) - narrow_target(y)) / len(z),
        "p-labels-1-subtracts-1-in-whole-columns": in_whole_columns,
        "you-have-averaged-over-the-batch": lambda z, y: np.mean(softmax(z) - target(z, y), axis=0),
        "softmax-is-taken-down-the-columns": lambda z, y: (softmax(z.T).T - target(z, y)) / len(z),
        "this-is-y-p-the-slope-with-respect-to-p": slope_of_log,
        "right-on-paper-but-the-exponentials-overflow-or-all-vanish": lambda z, y: (
            (unshifted_softmax(z) - target(z, y)) / len(z)
        ),
        "softmax-is-taken-twice-once-of-the-logits-and-again": lambda z, y: (
            (softmax(softmax(z)) - target(z, y)) / len(z)
        ),
    },
    "backward_exercise": {
        "you-use-the-diagonal-of-the-jacobian-only": lambda p, v: (p - p**2) * v,
        "the-sum-has-lost-its-axis-keepdims-true-is-missing": lambda p, v: p * (v - (p * v).sum(axis=1)),
        "you-sum-over-the-whole-batch": lambda p, v: p * (v - np.vdot(p, v)),
        "you-subtract-the-plain-mean-of-v": lambda p, v: p * (v - v.mean(axis=1)[:, None]),
        "you-subtract-the-sum-of-v": lambda p, v: p * (v - v.sum(axis=1)[:, None]),
        "p-v-is-not-subtracted-so-the-result-does-not": lambda p, v: v * p,
        "the-factor-p-in-front-is-missing": lambda p, v: v - (p * v).sum(axis=1)[:, None],
        "the-sign-is-turned-around-it-is-v-p-v": lambda p, v: p * ((p * v).sum(axis=1)[:, None] - v),
        "you-subtract-v-as-if-it-were-a-target": lambda p, v: p - v,
        "you-divide-by-the-size-of-the-batch": lambda p, v: back(p, v) / len(p),
    },
}

# --- what the contracts allow ----------------------------------------------------------------------


def softmax_rows(p: Any, v: Any) -> bool:
    return (
        some(p, 0, 1, 2)
        and np.allclose(p.sum(axis=1), 1)
        and p.shape == v.shape
        and some(v, -1000, 1000, 2, True)
    )


ALLOWS: Allows = {
    "cross_entropy_exercise": lambda z, y: some(z, -1e4, 1e4, 2, True) and labels(y, *z.shape),
    "gradient_exercise": lambda z, y: some(z, -1e4, 1e4, 2, True) and labels(y, *z.shape),
    "backward_exercise": softmax_rows,
}
