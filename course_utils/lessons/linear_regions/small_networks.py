"""Small networks with two decimals, and points, on which two exercises are checked."""

from __future__ import annotations

import itertools

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Pick


def _rounded(net: MLP) -> tuple[list[Array], list[Array]]:
    return [np.round(w, 2) for w in net.weights], [np.round(b, 2) for b in net.biases]


SMALL, TALL, SQUARE, WIDE, LINEAR = (
    _rounded(MLP.random(widths, seed))
    for seed, widths in enumerate([(2, 3, 1), (2, 4, 3, 2, 1), (2, 2, 2, 2), (3, 5, 4), (2, 2)], start=3)
)
POINTS = np.round(np.random.default_rng(5).normal(scale=3, size=(6, 2)), 2)
SPACE = np.round(np.random.default_rng(6).normal(scale=3, size=(4, 3)), 2)


def any_network(pick: Pick, layers: int, halves: bool = False) -> tuple[Array, list[Array], list[Array]]:
    """Pick points and a network: square layers among others, with two decimals, or in halves, which are exact."""

    def some(*shape: int) -> Array:
        numbers = pick.random.uniform(-2.25, 2.25, shape)
        return np.round(2 * numbers) / 2 if halves else np.round(numbers, 2)

    widths = [pick.whole(1, 5, 2) for _ in range(layers + 1)]
    if pick.one_of(False, False, True):
        widths = [3] * (layers + 1)
    weights = [some(n_out, n_in) for n_in, n_out in itertools.pairwise(widths)]
    return some(pick.whole(1, 6), widths[0]), weights, [some(n_out) for n_out in widths[1:]]
