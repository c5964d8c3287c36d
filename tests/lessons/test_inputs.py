"""Every call that an exercise shows or draws is one that its contract allows."""

from __future__ import annotations

import copy
import inspect
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
