"""Functions of one number: the linear pieces of a network, and the network that folds."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from course_utils.numerics.mlp import MLP


class Piece(NamedTuple):
    """One linear piece of a function of one number: `slope * x + intercept` between two ends."""

    low: float
    high: float
    slope: float
    intercept: float


def linear_pieces(mlp: MLP, low: float = -np.inf, high: float = np.inf) -> list[Piece]:
    """Return the linear pieces of a ReLU network with one input and one output, from left to right.

    Layer by layer: on a piece every pre-activation is a straight line, and where one crosses zero the piece
    is cut. Cuts that are closer than rounding could tell apart are one.

    Examples
    --------
    >>> len(linear_pieces(tent_network(3), 0, 1))
    8
    """
    parts = [(low, high, np.ones(1), np.zeros(1))]
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        refined = []
        for left, right, slope, intercept in parts:
            z_slope, z_intercept = weight @ slope, weight @ intercept + bias
            sloping = z_slope != 0
            roots = -z_intercept[sloping] / z_slope[sloping]
            for a, b in pairwise([*_apart(left, np.sort(roots).tolist(), right), right]):
                active = z_slope * _between(a, b) + z_intercept > 0
                refined.append((a, b, np.where(active, z_slope, 0.0), np.where(active, z_intercept, 0.0)))
        parts = refined
    pieces: list[Piece] = []
    for left, right, slope, intercept in parts:
        s, c = float((mlp.weights[-1] @ slope)[0]), float((mlp.weights[-1] @ intercept + mlp.biases[-1])[0])
        if pieces and np.isclose(pieces[-1].slope, s, rtol=1e-9, atol=1e-12):
            pieces[-1] = pieces[-1]._replace(high=right)
        else:
            pieces.append(Piece(left, right, s, c))
    return pieces


def _apart(left: float, roots: list[float], right: float) -> list[float]:
    """Return `left`, and the sorted roots up to `right` that are more than rounding apart from what is left of them."""
    cuts = [left]
    for root in roots:
        rounding = 1e-12 * max(1.0, abs(root))
        if root - cuts[-1] > rounding and right - root > rounding:
            cuts.append(root)
    return cuts


def _between(a: float, b: float) -> float:
    """Return some number between two ends, which may be infinite."""
    if np.isinf(a):
        return 0.0 if np.isinf(b) else b - 1 - abs(b)
    return a + 1 + abs(a) if np.isinf(b) else (a + b) / 2


def tent_network(depth: int) -> MLP:
    """Build the network that folds [0, 1] in half `depth` times, with two units per layer."""
    unfold = np.array([[2.0, -4.0]])  # tent(x) = 2 relu(x) − 4 relu(x − 1/2)
    inner = [np.array([[1.0], [1.0]]) @ unfold for _ in range(depth - 1)]
    return MLP(
        [np.array([[1.0], [1.0]]), *inner, unfold], [np.array([0.0, -0.5]) for _ in range(depth)] + [[0.0]]
    )
