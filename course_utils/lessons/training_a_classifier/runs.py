"""The digits, networks to begin with, short runs of training, and how their results are written."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils.data import load_digits
from course_utils.lessons.arrays import Array, Whole
from course_utils.numerics import training
from course_utils.numerics.mlp import MLP, Scheme
from course_utils.teaching.text import format_number

TRAINING = 1200  # images; the other 597 are for testing
BATCH = 32
CHANCE = float(np.log(10))  # the loss of whoever gives ten digits equal probabilities

SCHEMES: dict[str, Scheme] = {
    "He": "he",
    "Glorot": "glorot",
    "unit variance": "unit",
    "uniform ±1/√n": "uniform",
    "all zero": "zero",
}


class Split(NamedTuple):
    """Digits as rows of 64 numbers from 0 to 1, to train on and to test with."""

    X: Array
    y: Whole
    X_test: Array
    y_test: Whole


@functools.cache
def digits() -> Split:
    """Return the digits in the order and the two parts of the notebook."""
    images, labels = load_digits()
    X = images.reshape(-1, 64) / 16
    order = np.random.default_rng(0).permutation(len(X))
    first, rest = order[:TRAINING], order[TRAINING:]
    return Split(X[first], labels[first], X[rest], labels[rest])


def untrained() -> MLP:
    """Draw the 64-32-10 network of this notebook."""
    return MLP.random((64, 32, 10), seed=0, scheme="he", bias=False)


class Run(NamedTuple):
    """What a short run of training on the digits leaves behind."""

    steps: Whole
    losses: Array  # on the training images
    mlp: MLP
    test_accuracy: float


def short_run(mlp: MLP, steps: int, learning_rate: float | Callable[[int], float]) -> Run:
    """Train on the digits without momentum, and stop where the numbers grow beyond all bounds."""
    data, film = digits(), []
    try:
        for snapshot in training.train(
            mlp,
            data.X,
            data.y,
            steps=steps,
            learning_rate=learning_rate,
            batch_size=BATCH,
            snapshot_every=steps // 10,  # each is a forward pass of all images
        ):
            if not np.isfinite(snapshot.loss):
                break
            film.append(snapshot)
    except FloatingPointError:
        pass
    last = film[-1].mlp
    return Run(
        np.array([snapshot.step for snapshot in film]),
        np.array([snapshot.loss for snapshot in film]),
        last,
        training.accuracy(last.forward(data.X_test), data.y_test),
    )


def rough(loss: float) -> str:
    """Write a loss in two digits: what comes after them is the luck of the batches."""
    return "more than 10" if loss > 10 else format_number(loss, 2)
