"""Every call that an exercise shows or draws is one that its contract allows."""

from __future__ import annotations

import copy
import inspect
import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from allowed import ASKED
from attempts import allows
from discovery import named

from course_utils.teaching import Check, Conjecture, Exercise

SEED, COUNT = 31, 120
EXERCISES = named(Exercise)
CONTRACTS = [name for name, exercise in EXERCISES.items() if not isinstance(exercise, Conjecture)]
ALLOWS = dict(allows())


def bound(name: str, call: Check) -> tuple[Any, ...]:
    """All arguments of a call in their order, those that were left out too; a stream can be read again."""
    arguments, keywords = copy.deepcopy((call.arguments, dict(call.keywords)))
    found = inspect.signature(EXERCISES[name]._solution).bind(*arguments, **keywords)
    found.apply_defaults()
    return tuple(found.arguments.values())


def place(name: str) -> str:
    lesson, exercise = name.split(".")
    return f'tests/lessons/attempts/{lesson}.py, ALLOWS["{exercise}"]'


@pytest.mark.parametrize("name", sorted({*ALLOWS, *CONTRACTS}))
def test_a_contract_is_written_in_code_too(name: str) -> None:
    assert name in ALLOWS, f"say in {place(name)}, what its contract allows"
    assert name in CONTRACTS, f"remove {place(name)}: no exercise of this name has a contract"


@pytest.mark.parametrize("name", [name for name in CONTRACTS if name in ALLOWS])
def test_what_is_shown_and_drawn_is_allowed(name: str) -> None:
    exercise = EXERCISES[name]
    for call in (*exercise.checks, *exercise.contract.calls(SEED, COUNT)):
        assert ALLOWS[name](*bound(name, call)), f"{place(name)}, does not allow {call}"


SAYS_EQUAL = re.compile(r"\b(equal|a tie|the same|times|no velocity|zero|fair|uniform)\b")


@pytest.mark.parametrize("name", EXERCISES)
def test_an_array_of_one_number_is_meant_and_said(name: str) -> None:
    """Else it is nearly no test: all is right where all weights are 0."""
    for call in EXERCISES[name].checks:
        arrays = (np.ravel(one) for one in bound(name, call) if isinstance(one, np.ndarray))
        if any(one.dtype.kind == "f" and one.size > 2 and np.ptp(one) == 0 for one in arrays):
            assert SAYS_EQUAL.search(call.label), f"say in the label of {call} that numbers are equal"


FAR = 1e307  # "any float" has no end that an input must reach


@pytest.mark.parametrize("name", [name for name in CONTRACTS if name in ALLOWS])
def test_inputs_reach_the_ends_of_what_is_allowed(name: str) -> None:
    reached: dict[tuple[int, float, float], list[float]] = {}
    for call in EXERCISES[name].contract.calls(SEED, EXERCISES[name].contract.count):
        ASKED.clear()
        ALLOWS[name](*bound(name, call))
        for place, (low, high, numbers) in enumerate(ASKED):
            reached.setdefault((place, low, high), []).extend(np.ravel(numbers).tolist())
    for (_, low, high), numbers in reached.items():
        assert low < -FAR or min(numbers) == low, f"nothing is {low}, but {min(numbers)}"
        assert high > FAR or max(numbers) == high, f"nothing is {high}, but {max(numbers)}"


def hidden(x: Any, weights: Any, biases: Any) -> np.ndarray:
    """All pre-activations of a network's hidden units."""
    found = []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        found.append(x @ W.T + b)
        x = np.maximum(found[-1], 0)
    return np.concatenate([a.ravel() for a in found])


def last_logits(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> np.ndarray:
    logits: np.ndarray = np.maximum(X @ W1.T + b1, 0) @ W2.T + b2
    return logits


FLOATS: dict[str, Callable[..., Any]] = {
    "without axes": lambda x: x.ndim == 0,
    "three axes": lambda x: x.ndim == 3,
    "nothing": lambda x: x.size == 0,
}
UNBOUNDED = FLOATS | {
    "just where exp(−x) ends": lambda x: ((x < -709) & (x > -746)).any(),
    "just where exp ends": lambda x: ((x > 708) & (x < 711)).any(),
    "around 20": lambda x: ((abs(x) > 19) & (abs(x) < 22)).any(),
    "small": lambda x: x.size and 0 < np.abs(x).min() < 0.2,
}
ROWS: dict[str, Callable[..., Any]] = {
    "one example": lambda z, *_: z.shape[0] == 1 < z.shape[1],
    "one class": lambda z, *_: z.shape[1] == 1 < z.shape[0],
    "square": lambda z, *_: z.shape[0] == z.shape[1] > 1,
}
LABELED = ROWS | {
    "the last class does not occur": lambda z, y: y.max() < z.shape[1] - 1,
    "integers": lambda z, y: z.dtype.kind == "i",
    "hopeless": lambda z, y: (z.max(axis=1) - z[np.arange(len(y)), y] > 746).any(),
}
STACKED: dict[str, Callable[..., Any]] = {
    "one axis": lambda z: z.ndim == 1,
    "four axes": lambda z: z.ndim == 4,
    "rows far apart": lambda z: z.ndim > 1 and np.ptp(z.max(axis=-1)) > 746,
    "hopeless": lambda z: np.ptp(z, axis=-1).max() > 746,
    "a tie": lambda z: z.shape[-1] > 1 and np.ptp(z) == 0,
}
SHARPENED: dict[str, Callable[..., Any]] = {
    "one score": lambda z, k: z.size == 1,
    "integers": lambda z, k: z.dtype.kind == "i",
    "λ·z too large": lambda z, k: np.abs(z).max() > 1e308 / k,
    "huge, and yet not too large": lambda z, k: 1e250 < np.abs(z).max() < 1e308 / k,
    "tiny, and so sharp that it shows": lambda z, k: np.abs(z).max() < 1e-9 and k * np.ptp(z) > 0.1,
    "very smooth": lambda z, k: 0 < k * np.ptp(z) < 0.1,
}
SCHEDULED: dict[str, Callable[..., Any]] = {
    "after the last step": lambda t, start, end, steps: np.max(t, initial=0) > steps,
    "the last step": lambda t, start, end, steps: (np.asarray(t) == steps).any(),
    "the first step": lambda t, start, end, steps: (np.asarray(t) == 0).any(),
    "a warm-up": lambda t, start, end, steps: end > start,
    "one number": lambda t, start, end, steps: np.ndim(t) == 0,
    "a table": lambda t, start, end, steps: np.ndim(t) == 2,
    "one step only": lambda t, start, end, steps: steps == 1,
}

# The edges that a contract names, or that a listed mistake turns on: each is drawn.
EDGES: dict[str, dict[str, Callable[..., Any]]] = {
    "activation_derivatives.scale_exercise": {
        "more in than out": lambda n, m: n > m,
        "more out than in": lambda n, m: n < m,
        "one": lambda n, m: min(n, m) == 1,
    },
    "activation_derivatives.sigmoid_exercise": UNBOUNDED,
    "activation_derivatives.softplus_exercise": UNBOUNDED,
    "activation_derivatives.slope_exercise": UNBOUNDED,
    "activation_derivatives.silu_exercise": FLOATS,
    "cross_entropy_derivation.cross_entropy_exercise": LABELED,
    "cross_entropy_derivation.gradient_exercise": LABELED,
    "cross_entropy_derivation.backward_exercise": ROWS
    | {
        "integers": lambda p, v: v.dtype.kind == "i",
        "p of exactly 0 and 1": lambda p, v: p.shape[1] > 1 and (np.sort(p)[:, -2:] == [0, 1]).all(),
    },
    "linear_regions.parameters_exercise": {
        "no hidden layer": lambda widths: len(widths) == 2,
        "many layers": lambda widths: len(widths) > 5,
        "more than a float32 counts": lambda widths: (
            sum(a * b for a, b in itertools.pairwise(widths)) > 2**24
        ),
    },
    "linear_regions.forward_exercise": {
        "one layer": lambda x, W, b: len(W) == 1,
        "several hidden layers": lambda x, W, b: len(W) > 2,
        "one point": lambda x, W, b: len(x) == 1,
        "square layers": lambda x, W, b: len({*x.shape[1:], *map(len, b)}) == 1 < x.shape[1],
        "far out": lambda x, W, b: np.abs(x).min() > 1e4,
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
        "one number": lambda x, depth: x.ndim == 0,
        "a table": lambda x, depth: x.ndim == 2,
    },
    "logsumexp_versus_max.smooth_max_exercise": SHARPENED,
    "logsumexp_versus_max.smooth_min_exercise": SHARPENED,
    "logsumexp_versus_max.mellowmax_exercise": {
        "zero": lambda z, k: k == 0,
        "tiny": lambda z, k: 0 < abs(k) < 1e-8,
        "small": lambda z, k: 1e-7 < abs(k) < 1e-4,
        "negative": lambda z, k: k < 0,
        "one score": lambda z, k: z.size == 1,
        "integers": lambda z, k: z.dtype.kind == "i",
    },
    "numeric_instability.bug_hunt_exercise": ROWS,
    "numeric_instability.stable_softmax_exercise": STACKED,
    "numeric_instability.log_softmax_exercise": STACKED,
    "numeric_instability.logsumexp_exercise": {
        "one number": lambda z: z.size == 1,
        "the largest is 0, and the others just count": lambda z: (
            z.max() == 0 and -25 < np.sort(z)[-2:][0] < -14
        ),
    },
    "numeric_instability.online_exercise": {
        "one number": lambda numbers: len([*numbers]) == 1,
        "what was before just shows": lambda numbers: 15 <= np.diff([*numbers])[-1:].sum() <= 22,
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
        "integers": lambda z, axis: z.dtype.kind == "i",
        "many axes": lambda z, axis: z.ndim > 4,
    },
    "softmax.vector_exercise": {
        "one score": lambda z: z.size == 1,
        "integers": lambda z: z.dtype.kind == "i",
        "equal scores": lambda z: z.size > 1 and np.ptp(z) == 0,
    },
    "start_here.sum_exercise": {
        "one score": lambda z: z.size == 1,
        "integers": lambda z: z.dtype.kind == "i",
    },
    "softmax.odds_exercise": {
        "far beyond exp": lambda z, i, j: min(abs(z[i]), abs(z[j])) > 1000,
        "a third far ahead": lambda z, i, j: z.max() - max(z[i], z[j]) > 1000,
        "both barely held": lambda z, i, j: i != j and z.max() - z[i] < 746 > z.max() - z[j] > 709,
        "itself": lambda z, i, j: i == j,
    },
    "temperature.fit_exercise": {
        "one example": lambda z, y: len(y) == 1,
        "always right": lambda z, y: (z.argmax(axis=1) == y).all(),
        "never right": lambda z, y: (z.argmax(axis=1) != y).all(),
        "of a size that overflows": lambda z, y: z.min() > 710,
        "far below 0": lambda z, y: z.max() < -746,
    },
    "temperature.temperature_exercise": {
        "zero": lambda z, temperature: temperature == 0,
        "negative": lambda z, temperature: temperature < 0,
        "infinite": lambda z, temperature: temperature == np.inf,
        "not a number": lambda z, temperature: np.isnan(temperature),
        "an integer": lambda z, temperature: type(temperature) is int and temperature > 0,
        "integers": lambda z, temperature: z.dtype.kind == "i",
        "one axis": lambda z, temperature: z.ndim == 1,
        "four axes": lambda z, temperature: z.ndim == 4,
    },
    "temperature.top_p_exercise": {
        "nothing to draw": lambda p, top_p, u: u.size == 0,
        "everything": lambda p, top_p, u: top_p == 1,
        "impossible classes": lambda p, top_p, u: (p == 0).any(),
        "on the left end": lambda p, top_p, u: (u == 0).any(),
        "on the right end": lambda p, top_p, u: (u > 1 - 1e-15).any(),
        "one class": lambda p, top_p, u: len(p) == 1,
        "a total met exactly": lambda p, top_p, u: top_p in np.cumsum(np.sort(p)[::-1])[:-1],
        "on an end of a class": lambda p, top_p, u: {*u} & {*np.cumsum(p)[:-1]} - {0},
    },
    "training_a_classifier.backward_exercise": {
        "one example": lambda X, *_: len(X) == 1,
        "a unit exactly at its kink": lambda X, y, W1, b1, W2, b2: (X @ W1.T + b1 == 0).any(),
        "as many inputs as units and classes": lambda X, y, W1, b1, W2, b2: (
            W1.shape == W2.shape == (len(b1), len(b1)) and len(b1) > 1
        ),
        "logits that overflow": lambda *given: last_logits(*given).max() > 710,
        "logits far below 0": lambda *given: -746 < last_logits(*given).max(axis=1).min() < -700,
    },
    "training_a_classifier.linear_decay_exercise": SCHEDULED
    | {
        "an end at zero": lambda t, start, end, steps: end == 0 < start,
        "a start at zero": lambda t, start, end, steps: start == 0 < end,
    },
    "training_a_classifier.exponential_decay_exercise": SCHEDULED,
    "training_a_classifier.momentum_exercise": {
        "none": lambda v, g, momentum: momentum == 0,
        "nearly all": lambda v, g, momentum: momentum > 0.99,
        "three axes": lambda v, g, momentum: v.ndim == 3,
    },
    "training_a_classifier.loop_exercise": {
        "no step": lambda *given: given[-1] == 0,
        "the examples come again": lambda *given: given[-1] * given[4] > len(given[0]),
        "another order": lambda *given: (np.diff(given[3]) != 1).any(),
        "one example in each step": lambda *given: given[4] == 1 < len(given[0]),
        "a rate that rises": lambda *given: given[5] < given[6],
        "logits that overflow": lambda *given: (given[0] @ given[2].T).max() > 710,
    },
}


@pytest.mark.parametrize(
    ("name", "edge"), [pytest.param(n, e, id=f"{n}: {e}") for n, edges in EDGES.items() for e in edges]
)
def test_an_edge_is_drawn(name: str, edge: str) -> None:
    calls = EXERCISES[name].contract.calls(SEED, EXERCISES[name].contract.count)
    assert any(EDGES[name][edge](*bound(name, call)) for call in calls)
