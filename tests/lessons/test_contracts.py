"""The promised digits of solutions, held against mpmath on inputs that their contracts allow."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from discovery import named
from mpmath import mp, mpf

from course_utils.teaching.exercise import Exercise, run
from course_utils.teaching.exercise.judging import close

SEED, COUNT = 7, 60
EXERCISES = named(Exercise)
Row = list[Any]


def exps(row: Row, factor: Any = 1) -> Row:
    return [mp.exp(mpf(factor) * z) for z in row]


def p(row: Row, temperature: Any = 1) -> Row:
    total = mp.fsum(exps(row, 1 / mpf(temperature)))
    return [e / total for e in exps(row, 1 / mpf(temperature))]


def lse(row: Row, k: Any = 1) -> Any:
    return mp.log(mp.fsum(exps(row, k))) / mpf(k)


def mellow(row: Row, k: Any) -> Any:
    return mp.log(mp.fsum(exps(row, k)) / len(row)) / mpf(k) if k else mp.fsum(row) / len(row)


def by_rows(function: Callable[..., Row]) -> Callable[..., Any]:
    """Apply a function of one row to every row of an array."""
    return lambda z, *more: along(lambda row: function(row, *more), z, -1)


def along(function: Callable[[Row], Row], z: Any, axis: int) -> Any:
    exact = np.vectorize(number, otypes=[object])(z)
    return np.apply_along_axis(lambda row: np.array(function(list(row))), axis, exact)


def entrywise(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: np.vectorize(lambda v: function(mpf(float(v))), otypes=[object])(x)


def number(value: Any) -> Any:
    return value if isinstance(value, mpf) else mpf(float(value))


def numbers(values: Any) -> Row:
    return [number(value) for value in values]


def loss(z: Any, labels: Any) -> Any:
    return mp.fsum(lse(numbers(row)) - number(row[y]) for row, y in zip(z, labels, strict=True)) / len(z)


def gradient(z: Any, labels: Any) -> Any:
    return [
        [(q - (i == y)) / len(z) for i, q in enumerate(p(numbers(row)))]
        for row, y in zip(z, labels, strict=True)
    ]


def silu_slope(x: Any) -> Any:
    s = 1 / (1 + mp.exp(-x))
    return s + x * s * (1 - s)


TRUTHS: dict[str, Callable[..., Any]] = {
    "start_here.sum_exercise": lambda z: mp.fsum(exps(numbers(z))),
    "softmax.vector_exercise": by_rows(p),
    "softmax.batch_exercise": lambda z, axis=-1: along(p, z, axis),
    "softmax.odds_exercise": lambda z, i, j: mp.exp(number(z[i]) - number(z[j])),
    "numeric_instability.stable_softmax_exercise": by_rows(p),
    "numeric_instability.bug_hunt_exercise": by_rows(p),
    "numeric_instability.logsumexp_exercise": lambda z: lse(numbers(z)),
    "numeric_instability.log_softmax_exercise": by_rows(lambda row: [z - lse(row) for z in row]),
    "numeric_instability.online_exercise": lambda stream: lse(numbers(stream)),
    "temperature.temperature_exercise": by_rows(p),
    "logsumexp_versus_max.smooth_max_exercise": lambda z, k: lse(numbers(z), k),
    "logsumexp_versus_max.smooth_min_exercise": lambda z, k: -lse(numbers(-z), k),
    "logsumexp_versus_max.mellowmax_exercise": lambda z, k: mellow(numbers(z), k),
    "activation_derivatives.sigmoid_exercise": entrywise(lambda x: 1 / (1 + mp.exp(-x))),
    "activation_derivatives.softplus_exercise": entrywise(lambda x: mp.log1p(mp.exp(x))),
    "activation_derivatives.slope_exercise": entrywise(lambda x: mp.sech(x) ** 2),
    "activation_derivatives.silu_exercise": entrywise(silu_slope),
    "activation_derivatives.scale_exercise": lambda n, _: 1 / mp.sqrt(n),
    "cross_entropy_derivation.cross_entropy_exercise": loss,
    "cross_entropy_derivation.gradient_exercise": gradient,
}


def nearest_floats(values: Any) -> Any:
    return np.vectorize(float, otypes=[float])(np.asarray(values, dtype=object))


def magnitude(arguments: Any) -> float:
    parts = [
        np.abs(np.asarray(a, dtype=float)).max()
        for a in arguments
        if np.size(a) and isinstance(a, np.ndarray)
    ]
    return max(parts, default=1.0)


@pytest.mark.parametrize("name", TRUTHS)
def test_the_solution_has_the_digits_that_its_contract_promises(name: str) -> None:
    exercise = EXERCISES[name]
    judged = 0
    for call in [*exercise.checks, *exercise.contract.calls(SEED, COUNT)]:
        outcome = run(exercise._solution, call)
        size = magnitude(call.arguments)
        if (
            outcome.error
            or not 0 < size < 1e6
            or any(type(a) is float and not 1e-20 < abs(a) < 1e9 for a in call.arguments)
        ):
            continue  # the truth of the rest would need as many digits as their exponents differ
        arguments = [
            a if isinstance(a, np.ndarray | int | float) else list(copy.deepcopy(a)) for a in call.arguments
        ]
        with mp.workdps(80):
            truth = nearest_floats(TRUTHS[name](*arguments, **call.keywords))
        assert outcome.numbers is not None
        assert close(outcome.numbers, truth, exercise.contract.rtol, exercise.contract.atol).all(), call
        judged += 1
    assert judged > 25


def test_the_comparison_would_see_the_tenth_digit() -> None:
    assert not close(np.array(1 + 2e-9), np.array(1.0), 1e-9, 0.0).all()
    assert math.isclose(float(lse([mpf(0), mpf(0)])), math.log(2))
