"""Attempts at the exercises of `cross_entropy_derivation`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from attempts import Functions, Told
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
