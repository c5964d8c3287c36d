"""Every call that an exercise shows or draws is one that its contract allows."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from discovery import declared

from course_utils.teaching import Check, Conjecture, Exercise

SEED, COUNT = 31, 120
EXERCISES = {parameter.id: parameter.values[0] for parameter in declared(Exercise)}


def floats(x: Any, low: float, high: float, ndim: int | None = None, integers: bool = False) -> bool:
    """Whether this is an array of 64 bits with finite numbers between two ends."""
    right_type = type(x) is np.ndarray and x.dtype in (np.float64, *[np.int64] * integers)
    return right_type and bool((x >= low).all() and (x <= high).all()) and ndim in (None, x.ndim)


def some(x: Any, low: float, high: float, ndim: int | None = None, integers: bool = False) -> bool:
    """The same, and there is an entry."""
    return floats(x, low, high, ndim, integers) and x.size > 0


def any_floats(x: Any) -> bool:
    return floats(x, -np.finfo(float).max, np.finfo(float).max)


def whole(number: Any, low: int, high: float = np.inf) -> bool:
    return isinstance(number, int) and low <= number <= high


def labels(y: Any, count: int, classes: int) -> bool:
    return y.shape == (count,) and y.dtype.kind == "i" and 0 <= y.min() <= y.max() < classes


def network(x: Any, weights: Any, biases: Any) -> bool:
    widths = [x.shape[1], *(len(b) for b in biases)]
    shapes = list(zip(widths[1:], widths, strict=False))
    return x.ndim == 2 and [W.shape for W in weights] == shapes and len(weights) == len(biases) > 0


def softmax_rows(p: Any, v: Any) -> bool:
    return (
        some(p, 0, 1, 2)
        and np.allclose(p.sum(axis=1), 1)
        and p.shape == v.shape
        and some(v, -1000, 1000, 2, True)
    )


def general_lines(W: Any, b: Any, half: float) -> bool:
    """No row is zero, no two are parallel, no three meet; nothing is at a corner or on an edge."""
    corners = half * np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)])
    size = np.hypot(*W.T)
    crossings = []
    for i, j in combinations(range(len(b)), 2):
        if abs(np.linalg.det(W[[i, j]])) <= 1e-12 * size[i] * size[j]:
            return False
        crossings.append(np.linalg.solve(W[[i, j]], -b[[i, j]]))
    apart = all(np.abs(one - other).max() > 0 for one, other in combinations(crossings, 2))
    off = all(abs(abs(place) - half) > 1e-9 * half for crossing in crossings for place in crossing)
    clear = (np.abs(corners @ W.T + b) > 1e-9 * half * size).all()
    return half > 0 and W.shape == (len(b), 2) and bool(size.all()) and bool(clear) and apart and off


def scores(z: Any, k: float) -> bool:
    sizes = some(z, -1000, 1000, 1, True) if z.dtype.kind == "i" else some(z, -1e300, 1e300, 1)
    return sizes and 0 < k <= 1e100


def stream(numbers: Any) -> bool:
    return some(np.array(list(numbers), dtype=float), -1e5, 1e5, 1)


def summary(m1: float, s1: float, m2: float, s2: float) -> bool:
    empty = [s == 0 for s in (s1, s2)]
    halves = [m == -np.inf if s == 0 else abs(m) <= 1e5 and s >= 1 for m, s in ((m1, s1), (m2, s2))]
    return all(halves) and not all(empty)


def tempered(z: Any, temperature: float) -> bool:
    sane = z.ndim > 0 and z.size > 0 and z.dtype in (np.float64, np.int64)
    if not 0 < temperature < np.inf:
        return bool(sane)
    return sane and 1e-100 <= temperature <= 1e100 and np.abs(z).max() <= 1e5 * temperature * (1 + 1e-9)


def rates(t: Any, start: float, end: float, steps: int, least: float = 0) -> bool:
    t = np.asarray(t)
    return bool((t >= 0).all() and (t == np.floor(t)).all() and min(start, end) >= least and whole(steps, 1))


def two_layers(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> bool:
    fits = network(X, [W1, W2], [b1, b2])
    return fits and labels(y, len(X), len(b2))


def training(X: Any, Y: Any, W: Any, order: Any, size: int, start: float, end: float, steps: int) -> bool:
    one_hot = set(np.unique(Y)) <= {0, 1} and (Y.sum(axis=1) == 1).all()
    shapes = X.shape[0] == Y.shape[0] and W.shape == (Y.shape[1], X.shape[1])
    # What a step sees of X is X[order]: some checks give an order of a few rows only.
    rows = np.isin(order, np.arange(len(X))).all() and len(set(order.tolist())) == len(order)
    return one_hot and shapes and rows and len(order) % size == 0 and whole(size, 1) and whole(steps, 0)


LOGITS = 1e5
ALLOWS: dict[str, Callable[..., Any]] = {
    "activation_derivatives.scale_exercise": lambda n, m: whole(n, 1, 1e6) and whole(m, 1, 1e6),
    "activation_derivatives.slope_exercise": any_floats,
    "activation_derivatives.sigmoid_exercise": any_floats,
    "activation_derivatives.softplus_exercise": any_floats,
    "activation_derivatives.silu_exercise": lambda x: floats(x, -30, 30),
    "cross_entropy_derivation.cross_entropy_exercise": lambda z, y: (
        some(z, -1e4, 1e4, 2, True) and labels(y, *z.shape)
    ),
    "cross_entropy_derivation.gradient_exercise": lambda z, y: (
        some(z, -1e4, 1e4, 2, True) and labels(y, *z.shape)
    ),
    "cross_entropy_derivation.backward_exercise": softmax_rows,
    "linear_regions.parameters_exercise": lambda widths: (
        len(widths) >= 2 and all(whole(n, 1) for n in widths)
    ),
    "linear_regions.forward_exercise": network,
    "linear_regions.regions_exercise": general_lines,
    "linear_regions.patterns_exercise": lambda x, W, b: network(x, W, b) and len(W) > 1,
    "linear_regions.zigzag_exercise": lambda x, depth: floats(x, 0, 1) and whole(depth, 0, 10),
    "logsumexp_versus_max.smooth_max_exercise": scores,
    "logsumexp_versus_max.smooth_min_exercise": scores,
    "logsumexp_versus_max.mellowmax_exercise": lambda z, k: some(z, -1000, 1000, 1, True) and abs(k) <= 1000,
    "numeric_instability.stable_softmax_exercise": lambda z: some(z, -LOGITS, LOGITS) and z.ndim > 0,
    "numeric_instability.bug_hunt_exercise": lambda z: some(z, -LOGITS, LOGITS, 2),
    "numeric_instability.logsumexp_exercise": lambda z: some(z, -LOGITS, LOGITS, 1),
    "numeric_instability.log_softmax_exercise": lambda z: some(z, -LOGITS, LOGITS) and z.ndim > 0,
    "numeric_instability.online_exercise": stream,
    "numeric_instability.merge_exercise": summary,
    "softmax.batch_exercise": lambda z, axis: some(z, -300, 300, None, True) and -z.ndim <= axis < z.ndim,
    "softmax.vector_exercise": lambda z: some(z, -300, 300, 1, True),
    "softmax.odds_exercise": lambda z, i, j: (
        some(z, -1e15, 1e15, 1) and i in range(len(z)) and j in range(len(z)) and abs(z[i] - z[j]) <= 700
    ),
    "start_here.sum_exercise": lambda z: some(z, -100, 100, 1, True),
    "temperature.temperature_exercise": tempered,
    "temperature.fit_exercise": lambda z, y: labels(y, *z.shape) and (np.ptp(z, axis=1) > 0).all(),
    "temperature.top_p_exercise": lambda p, top_p, u: (
        some(p, 0, 1, 1) and np.isclose(p.sum(), 1) and 0 < top_p <= 1 and floats(u, 0, np.nextafter(1, 0), 1)
    ),
    "training_a_classifier.backward_exercise": two_layers,
    "training_a_classifier.linear_decay_exercise": rates,
    "training_a_classifier.exponential_decay_exercise": lambda *given: rates(*given, least=1e-300),
    "training_a_classifier.momentum_exercise": lambda v, g, momentum: (
        floats(v, -1000, 1000) and floats(g, -100, 100) and v.shape == g.shape and 0 <= momentum < 1
    ),
    "training_a_classifier.loop_exercise": training,
}


def bound(name: str, call: Check) -> tuple[Any, ...]:
    """All arguments of a call in their order, those that were left out too; a stream can be read again."""
    arguments, keywords = copy.deepcopy((call.arguments, dict(call.keywords)))
    found = inspect.signature(EXERCISES[name]._solution).bind(*arguments, **keywords)
    found.apply_defaults()
    return tuple(found.arguments.values())


def test_every_contract_is_here_in_code() -> None:
    assert set(ALLOWS) == {n for n, exercise in EXERCISES.items() if not isinstance(exercise, Conjecture)}


@pytest.mark.parametrize("name", ALLOWS)
def test_what_is_shown_and_drawn_is_allowed(name: str) -> None:
    exercise = EXERCISES[name]
    for call in (*exercise.checks, *exercise.contract.calls(SEED, COUNT)):
        assert ALLOWS[name](*bound(name, call)), call


def hidden(x: Any, weights: Any, biases: Any) -> np.ndarray:
    """All pre-activations of a network's hidden units."""
    found = []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        found.append(x @ W.T + b)
        x = np.maximum(found[-1], 0)
    return np.concatenate([a.ravel() for a in found])


# The edges that a contract names, or that a listed mistake turns on: each is drawn.
EDGES: dict[str, dict[str, Callable[..., Any]]] = {
    "cross_entropy_derivation.cross_entropy_exercise": {
        "the last class does not occur": lambda z, y: y.max() < z.shape[1] - 1,
        "one example": lambda z, y: len(y) == 1,
    },
    "linear_regions.forward_exercise": {
        "one layer": lambda x, W, b: len(W) == 1,
        "several hidden layers": lambda x, W, b: len(W) > 2,
    },
    "linear_regions.patterns_exercise": {
        "exactly zero": lambda x, W, b: (hidden(x, W, b) == 0).any(),
        "a hair more than zero": lambda x, W, b: ((a := hidden(x, W, b)) > 0).any() and a[a > 0].min() < 1e-6,
        "several hidden layers": lambda x, W, b: len(W) > 2,
    },
    "linear_regions.regions_exercise": {
        "tiny weights": lambda W, b, half: np.abs(W).max() < 1e-4,
        "nearly parallel": lambda W, b, half: (
            len(W) > 1 and abs(np.linalg.det(W[:2])) < 1e-3 * np.linalg.norm(W[0]) * np.linalg.norm(W[1])
        ),
        "a line outside": lambda W, b, half: (np.abs(b) > half * np.abs(W).sum(axis=1)).any(),
    },
    "linear_regions.zigzag_exercise": {
        "no fold": lambda x, depth: depth == 0,
        "all folds": lambda x, depth: depth == 10,
    },
    "logsumexp_versus_max.mellowmax_exercise": {
        "zero": lambda z, k: k == 0,
        "tiny": lambda z, k: 0 < abs(k) < 1e-8,
        "small": lambda z, k: 1e-7 < abs(k) < 1e-4,
        "negative": lambda z, k: k < 0,
    },
    "numeric_instability.merge_exercise": {
        "the first half is empty": lambda m1, s1, m2, s2: s1 == 0,
        "the second half is empty": lambda m1, s1, m2, s2: s2 == 0,
        "near each other": lambda m1, s1, m2, s2: 15 < abs(m1 - m2) < 25,
    },
    "softmax.batch_exercise": {
        "from the front": lambda z, axis: 0 <= axis < z.ndim - 1,
        "from the end": lambda z, axis: axis < -1,
        "square": lambda z, axis: z.ndim == 2 and z.shape[0] == z.shape[1] > 1,
    },
    "softmax.odds_exercise": {
        "far beyond exp": lambda z, i, j: min(abs(z[i]), abs(z[j])) > 1000,
        "a third far ahead": lambda z, i, j: z.max() - max(z[i], z[j]) > 1000,
    },
    "temperature.temperature_exercise": {
        "zero": lambda z, temperature: temperature == 0,
        "negative": lambda z, temperature: temperature < 0,
        "infinite": lambda z, temperature: temperature == np.inf,
        "not a number": lambda z, temperature: np.isnan(temperature),
    },
    "temperature.top_p_exercise": {
        "nothing to draw": lambda p, top_p, u: u.size == 0,
        "everything": lambda p, top_p, u: top_p == 1,
        "impossible classes": lambda p, top_p, u: (p == 0).any(),
        "on the left end": lambda p, top_p, u: (u == 0).any(),
    },
    "training_a_classifier.linear_decay_exercise": {
        "after the last step": lambda t, start, end, steps: np.max(t, initial=0) > steps,
        "a warm-up": lambda t, start, end, steps: end > start,
        "one number": lambda t, start, end, steps: np.ndim(t) == 0,
    },
    "training_a_classifier.momentum_exercise": {"none": lambda v, g, momentum: momentum == 0},
    "training_a_classifier.loop_exercise": {
        "no step": lambda *given: given[-1] == 0,
        "the examples come again": lambda *given: given[-1] * given[4] > len(given[0]),
        "another order": lambda *given: (np.diff(given[3]) != 1).any(),
    },
}


@pytest.mark.parametrize(
    ("name", "edge"), [pytest.param(n, e, id=f"{n}: {e}") for n, edges in EDGES.items() for e in edges]
)
def test_an_edge_is_drawn(name: str, edge: str) -> None:
    calls = EXERCISES[name].contract.calls(SEED, EXERCISES[name].contract.count)
    assert any(EDGES[name][edge](*bound(name, call)) for call in calls)
