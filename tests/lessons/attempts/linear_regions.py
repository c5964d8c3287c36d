"""Attempts at the exercises of `linear_regions`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from allowed import floats, network, whole

from attempts import Allows, Function, Functions, Listed, Told
from course_utils.lessons.linear_regions.counting import count_regions, meeting
from course_utils.lessons.linear_regions.design import zigzag
from course_utils.lessons.linear_regions.forward_exercise import forward_batch
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
    lambda x, depth: sum((zigzag(x, 1) / 2**layer for layer in range(depth)), start=0 * x),
]

# --- listed mistakes, from their sentences ---------------------------------------------------------


def relu(z: Any) -> Any:
    return np.maximum(z, 0)


def first_hidden_layer_and_an_output(widths: list[int]) -> int:
    inputs, hidden, outputs = widths[0], widths[1], widths[-1]
    return (inputs + 1) * hidden + (hidden + 1) * outputs


LISTED_COUNT: dict[str, Function] = {
    "these-are-the-weights": lambda widths: sum(a * b for a, b in itertools.pairwise(widths)),
    "you-count-one-weight-and-one-bias-per-unit-this": lambda widths: 2 * sum(widths[1:]),
    "the-inputs-have-no-biases-nothing-is-computed-there": lambda widths: (
        sum(a * b for a, b in itertools.pairwise(widths)) + sum(widths)
    ),
    "the-output-units-have-biases-too": lambda widths: (
        sum((a + 1) * b for a, b in itertools.pairwise(widths)) - widths[-1]
    ),
    "you-count-one-bias-per-layer": lambda widths: sum(a * b + 1 for a, b in itertools.pairwise(widths)),
    "the-bias-is-on-the-wrong-side-n-in-1": lambda widths: sum(
        a * (b + 1) for a, b in itertools.pairwise(widths)
    ),
    "this-counts-the-first-hidden-layer-and-an-output-behind": first_hidden_layer_and_an_output,
}


def forward(
    x: Any,
    weights: Any,
    biases: Any,
    *,
    product: Callable[[Any, Any], Any] = lambda h, W: h @ W.T,
    hidden: Callable[[Any, Any], Any] = lambda wx, b: relu(wx + b),
    output: Callable[[Any, Any], Any] = lambda wx, b: wx + b,
) -> Any:
    """The right network, of which every part can be exchanged."""
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = hidden(product(x, W), b)
    return output(product(x, weights[-1]), biases[-1])


def relu_before(x: Any, weights: Any, biases: Any) -> Any:
    for W, b in zip(weights, biases, strict=True):
        x = relu(x) @ W.T + b
    return x


LISTED_FORWARD: dict[str, Function] = {
    "you-apply-relu-to-the-output-as-well": lambda x, weights, biases: relu(forward(x, weights, biases)),
    "there-is-no-relu-between-the-layers-so-the-whole": partial(forward, hidden=lambda wx, b: wx + b),
    "a-weight-matrix-has-shape-n-out-n-in-and": partial(forward, product=lambda h, W: h @ W),
    "you-apply-relu-before-each-layer-so-the-inputs-lose": relu_before,
    "the-bias-is-added-after-the-relu": partial(forward, hidden=lambda wx, b: relu(wx) + b),
    "this-is-tanh": partial(forward, hidden=lambda wx, b: np.tanh(wx + b)),
    "you-use-the-first-layer-and-the-last": lambda x, weights, biases: (
        relu(x @ weights[0].T + biases[0]) @ weights[-1].T + biases[-1]
    ),
    "the-bias-of-the-last-layer-is-missing": partial(forward, output=lambda wx, b: wx),
}


def patterns(
    x: Any,
    weights: Any,
    biases: Any,
    *,
    layers: Callable[[list[Any]], list[Any]] = lambda layers: layers[:-1],
    pre_activation: Callable[[Any, Any, Any], Any] = lambda h, W, b: h @ W.T + b,
    passed_on: Callable[[Any], Any] = relu,
    told: Callable[[Any], Any] = lambda z: (z > 0).astype(int),
) -> Any:
    """The right patterns, of which every part can be exchanged."""
    z = []
    for W, b in zip(weights, biases, strict=True):
        z.append(pre_activation(passed_on(z[-1]) if z else x, W, b))
    return np.concatenate([told(one) for one in layers(z)], axis=1)


LISTED_PATTERNS: dict[str, Function] = {
    "these-are-the-right-answers-as-true-and-false": partial(patterns, told=lambda z: z > 0),
    "you-return-1-and-1": partial(patterns, told=lambda z: np.where(z > 0, 1, -1)),
    "these-are-the-activations-themselves": partial(patterns, told=relu),
    "this-is-the-first-layer-only": partial(patterns, layers=lambda layers: layers[:1]),
    "this-is-the-last-hidden-layer-only": partial(patterns, layers=lambda layers: layers[-2:-1]),
    "the-next-layer-gets-the-pre-activations-it-must-get": partial(patterns, passed_on=lambda z: z),
    "the-output-layer-has-no-relu-so-it-has-no": partial(patterns, layers=lambda layers: layers),
    "a-pre-activation-of-exactly-0-counts-as-active-here": partial(patterns, told=lambda z: (z >= 0) * 1),
    "the-biases-are-missing-so-that-every-line-passes-through": partial(
        patterns, pre_activation=lambda h, W, b: h @ W.T
    ),
}


def lines_inside(W: Any, b: Any, half: float) -> int:
    """How many lines have a corner of the window on either side."""
    corners = half * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    sides = corners @ W.T + b > 0
    return int(np.sum(sides.any(axis=0) & ~sides.all(axis=0)))


def crossings(W: Any, b: Any) -> list[Any]:
    return [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in itertools.combinations(range(len(b)), 2)]


def crossings_inside(W: Any, b: Any, half: float) -> int:
    return sum(abs(x[0]) < half and abs(x[1]) < half for x in crossings(W, b))


LISTED_REGIONS: dict[str, Function] = {
    "this-is-the-count-in-the-whole-plane": lambda W, b, half: 1 + len(b) + math.comb(len(b), 2),
    "you-count-all-lines": lambda W, b, half: 1 + len(b) + crossings_inside(W, b, half),
    "the-1-is-missing-with-no-line-at-all-there": lambda W, b, half: (
        lines_inside(W, b, half) + crossings_inside(W, b, half)
    ),
    "every-crossing-is-counted-twice-once-as-i-j-and": lambda W, b, half: (
        1 + lines_inside(W, b, half) + 2 * crossings_inside(W, b, half)
    ),
    "the-crossings-are-missing": lambda W, b, half: 1 + lines_inside(W, b, half),
    "you-look-at-x0-of-a-crossing-only": lambda W, b, half: (
        1 + lines_inside(W, b, half) + sum(abs(x[0]) < half for x in crossings(W, b))
    ),
    "you-measure-the-distance-from-the-origin-that-is-a": lambda W, b, half: (
        1 + lines_inside(W, b, half) + sum(np.hypot(*x) < half for x in crossings(W, b))
    ),
    "this-counts-all-on-off-patterns-of-the-lines-that": lambda W, b, half: 2 ** lines_inside(W, b, half),
    "you-compare-b-with-the-window": lambda W, b, half: (
        1 + sum(abs(c) < half for c in b) + crossings_inside(W, b, half)
    ),
}


def folded(fold: Callable[[Any], Any], depth_of: Callable[[int], int] = lambda depth: depth) -> Function:
    """Apply a fold to the result of the fold, once per layer."""

    def network(x: Any, depth: int) -> Any:
        for _ in range(depth_of(depth)):
            x = fold(x)
        return x

    return network


def tent(x: Any) -> Any:
    return 2 * relu(x) - 4 * relu(x - 0.5)


def sum_of_tents(x: Any, depth: int) -> Any:
    total = np.zeros(x.shape)
    for _ in range(depth):
        total += tent(x)
    return total


LISTED_ZIGZAG: dict[str, Function] = {
    "this-folds-once-whatever-depth-is": lambda x, depth: tent(x),
    "there-is-one-fold-too-many-depth-0-must-give": folded(tent, lambda depth: depth + 1),
    "you-add-folded-functions": sum_of_tents,
    "this-jumps-from-1-back-to-0": folded(lambda x: np.mod(2 * x, 1)),
    "your-second-hinge-only-cancels-the-first-the-function-rises": folded(
        lambda x: 2 * relu(x) - 2 * relu(x - 0.5)
    ),
    "your-tent-is-only-half-as-high-so-that-the": folded(lambda x: relu(x) - 2 * relu(x - 0.5)),
    "this-starts-at-1-and-falls-first-a-valley-instead": folded(lambda x: 1 - tent(x)),
}

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
LISTED: Listed = {
    "parameters_exercise": LISTED_COUNT,
    "forward_exercise": LISTED_FORWARD,
    "patterns_exercise": LISTED_PATTERNS,
    "regions_exercise": LISTED_REGIONS,
    "zigzag_exercise": LISTED_ZIGZAG,
}

# --- what the contracts allow ----------------------------------------------------------------------


def general_lines(W: Any, b: Any, half: float) -> bool:
    """No row is zero, no two are parallel, no three meet; nothing is at a corner or on an edge."""
    corners = half * np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)])
    size = np.hypot(*W.T)
    crossings = []
    for i, j in itertools.combinations(range(len(b)), 2):
        if abs(np.linalg.det(W[[i, j]])) <= 1e-12 * size[i] * size[j]:
            return False
        crossings.append(np.linalg.solve(W[[i, j]], -b[[i, j]]))
    apart = all(np.abs(one - other).max() > 0 for one, other in itertools.combinations(crossings, 2))
    off = all(abs(abs(place) - half) > 1e-9 * half for crossing in crossings for place in crossing)
    clear = (np.abs(corners @ W.T + b) > 1e-9 * half * size).all()
    return half > 0 and W.shape == (len(b), 2) and bool(size.all()) and bool(clear) and apart and off


ALLOWS: Allows = {
    "parameters_exercise": lambda widths: len(widths) >= 2 and all(whole(n, 1) for n in widths),
    "forward_exercise": network,
    "regions_exercise": general_lines,
    "patterns_exercise": lambda x, W, b: network(x, W, b) and len(W) > 1,
    "zigzag_exercise": lambda x, depth: floats(x, 0, 1) and whole(depth, 0, 10),
}
