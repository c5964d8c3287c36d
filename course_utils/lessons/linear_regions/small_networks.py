"""Small networks with two decimals, and points, on which two exercises are checked."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.mlp import MLP


def _rounded(net: MLP) -> tuple[list[Array], list[Array]]:
    return [np.round(w, 2) for w in net.weights], [np.round(b, 2) for b in net.biases]


SMALL, TALL, SQUARE, WIDE, LINEAR = (
    _rounded(MLP.random(widths, seed))
    for seed, widths in enumerate([(2, 3, 1), (2, 4, 3, 2, 1), (2, 2, 2, 2), (3, 5, 4), (2, 2)], start=3)
)
POINTS = np.round(np.random.default_rng(5).normal(scale=3, size=(6, 2)), 2)
SPACE = np.round(np.random.default_rng(6).normal(scale=3, size=(4, 3)), 2)
