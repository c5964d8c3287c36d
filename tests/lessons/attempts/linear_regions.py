"""Attempts at the exercises of `linear_regions`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from attempts import Functions, Told
from course_utils.lessons.linear_regions.counting import count_regions, meeting
from course_utils.lessons.linear_regions.design import zigzag
from course_utils.lessons.linear_regions.output import forward_batch
from course_utils.lessons.linear_regions.patterns import activation_patterns, values_instead
from course_utils.lessons.linear_regions.pieces import tent_network
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import activation_regions

# --- count_parameters -----------------------------------------------------------------------------

RIGHT_COUNT = [
    lambda widths: sum((widths[i] + 1) * widths[i + 1] for i in range(len(widths) - 1)),
    lambda widths: int(np.dot(np.array(widths[:-1]) + 1, widths[1:])),
    lambda widths: sum(map(math.prod, itertools.pairwise(widths))) + sum(widths[1:]),
]
WRONG_COUNT = [
    lambda widths: math.prod(widths),
    lambda widths: sum(widths),
    lambda widths: sum((a + 1) * (b + 1) for a, b in itertools.pairwise(widths)),
    lambda widths: (widths[0] + 1) * widths[1],
    lambda widths: 81,
    lambda widths: sum((a + 1) * b for a, b in itertools.pairwise(widths[:-1])),
    lambda widths: sum((a + 1) * b for a, b in itertools.pairwise(widths)) - widths[-1] + 1,
]

# --- forward_batch --------------------------------------------------------------------------------


def forward_by_loops(x: Any, weights: Any, biases: Any) -> Any:
    outputs = []
    for h in x:
        for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
            z = [sum(w * v for w, v in zip(row, h, strict=True)) + c for row, c in zip(W, b, strict=True)]
            h = z if layer == len(weights) - 1 else [max(v, 0.0) for v in z]
        outputs.append(h)
    return np.array(outputs)


RIGHT_FORWARD = [
    forward_by_loops,
    lambda x, weights, biases: MLP(weights, biases).forward(x),
    lambda x, weights, biases: np.array([forward_batch(p[None], weights, biases)[0] for p in x]),
]
WRONG_FORWARD = [
    lambda x, weights, biases: forward_batch(x, weights, biases).T,
    lambda x, weights, biases: forward_batch(x, weights, biases)[:, 0],
    lambda x, weights, biases: forward_batch(x, weights, [-b for b in biases]),
    lambda x, weights, biases: forward_batch(np.abs(x), weights, biases),
    lambda x, weights, biases: forward_batch(x, weights[::-1], biases[::-1]),
    lambda x, weights, biases: forward_batch(x[:, ::-1], weights, biases),
]

# --- activation_patterns --------------------------------------------------------------------------


def patterns_by_loops(x: Any, weights: Any, biases: Any) -> Any:
    rows = []
    for h in x:
        bits: list[int] = []
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            z = [float(np.dot(row, h)) + c for row, c in zip(W, b, strict=True)]
            bits += [1 if v > 0 else 0 for v in z]
            h = [max(v, 0.0) for v in z]
        rows.append(bits)
    return np.array(rows)


RIGHT_PATTERNS = [
    patterns_by_loops,
    lambda x, weights, biases: activation_patterns(x, weights, biases).astype(float),
    lambda x, weights, biases: np.heaviside(values_instead(x, weights, biases), 0),
]
WRONG_PATTERNS = [
    lambda x, weights, biases: 1 - activation_patterns(x, weights, biases),
    lambda x, weights, biases: activation_patterns(x, weights, biases).sum(axis=1),
    lambda x, weights, biases: activation_patterns(x, weights, biases)[:, ::-1],
    lambda x, weights, biases: np.unique(activation_patterns(x, weights, biases), axis=0),
    lambda x, weights, biases: activation_patterns(x, weights, [-b for b in biases]),
]

# --- count_regions --------------------------------------------------------------------------------


def regions_by_engine(W: Any, b: Any, half: float) -> int:
    net = MLP([W, np.ones((1, len(b)))], [b, [0.0]])
    return len(activation_regions(net, (-half, half, -half, half)))


RIGHT_REGIONS = [
    regions_by_engine,
    lambda W, b, half: float(count_regions(W, b, half)),
    lambda W, b, half: count_regions(W / half, b / half**2, 1.0),
]


def crossed(W: Any, b: Any, half: float, least: float) -> int:
    """Count as `count_regions` does, but take lines whose determinant is small for parallel ones."""
    pairs = [
        pair
        for pair in itertools.combinations(range(len(b)), 2)
        if abs(np.linalg.det(W[list(pair)])) >= least
    ]
    places = [np.linalg.solve(W[list(pair)], -b[list(pair)]) for pair in pairs]
    met = np.abs(b) < half * np.abs(W).sum(axis=1)
    return int(1 + met.sum() + sum(bool((np.abs(x) < half).all()) for x in places))


WRONG_REGIONS = [
    lambda W, b, half: count_regions(W, b, 2 * half),
    lambda W, b, half: count_regions(W, b, half / 2),
    lambda W, b, half: count_regions(W, 0.99 * b + 0.2, half),
    lambda W, b, half: 2 * meeting(W, b, half),
    lambda W, b, half: 1 + meeting(W, b, half) * (meeting(W, b, half) + 1) // 2,
    lambda W, b, half: count_regions(W, b, 1e9),
    lambda W, b, half: len(
        np.unique(
            np.array(list(itertools.product(np.linspace(-half, half, 60), repeat=2))) @ W.T + b > 0, axis=0
        )
    ),
    lambda W, b, half: crossed(W, b, half, least=1e-3),
    lambda W, b, half: crossed(W, b, half, least=1e-9),
]

# --- zigzag ---------------------------------------------------------------------------------------


def zigzag_by_absolute(x: Any, depth: int) -> Any:
    for _ in range(depth):
        x = 1 - np.maximum(2 * x - 1, 0) - np.maximum(1 - 2 * x, 0)
    return x


RIGHT_ZIGZAG: list[Callable[..., Any]] = [
    zigzag_by_absolute,
    lambda x, depth: np.arccos(np.cos(np.pi * 2**depth * x)) / np.pi if depth else x,
    lambda x, depth: tent_network(depth).forward(x[..., None])[..., 0] if depth else x * 1.0,
    lambda x, depth: x if depth == 0 else zigzag(np.minimum(2 * x, 2 - 2 * x), depth - 1),
]
WRONG_ZIGZAG: list[Callable[..., Any]] = [
    lambda x, depth: x,
    lambda x, depth: zigzag(x, max(depth, 1)),
    lambda x, depth: zigzag(1 - x, depth),
    lambda x, depth: np.abs(np.sin(np.pi * 2**depth * x / 2)),
    lambda x, depth: zigzag(x, min(depth, 4)),
    lambda x, depth: depth * zigzag(x, 1),
]

RIGHT: dict[str, Functions] = {
    "parameters_exercise": RIGHT_COUNT,
    "forward_exercise": RIGHT_FORWARD,
    "patterns_exercise": RIGHT_PATTERNS,
    "regions_exercise": RIGHT_REGIONS,
    "zigzag_exercise": RIGHT_ZIGZAG,
}
WRONG: dict[str, Functions] = {
    "parameters_exercise": WRONG_COUNT,
    "forward_exercise": WRONG_FORWARD,
    "patterns_exercise": WRONG_PATTERNS,
    "regions_exercise": WRONG_REGIONS,
    "zigzag_exercise": WRONG_ZIGZAG,
}
TOLD: Told = {
    "parameters_exercise": {
        "4": "argument: first few",
        "5": "constant",
        "6": "argument: without last",
    },
    "forward_exercise": {
        "1": "transposed",
        "3": "argument: negative",
        "4": "argument: absolute",
        "5": "error",
    },
    "patterns_exercise": {
        "1": "complement",
        "2": "sum",
        "3": "reversed",
        "5": "argument: negative",
    },
    "regions_exercise": {
        "1": "argument: double",
        "2": "argument: half",
        "6": "this-is-the-count-in-the-whole-plane",
    },
    "zigzag_exercise": {
        "1": "echo",
        "2": "argument: at least",
        "5": "argument: at most",
    },
}
