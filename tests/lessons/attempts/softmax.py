"""Attempts at the exercises of `softmax`."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from allowed import between, some

from attempts import Allows, Function, Functions, Listed, Told
from course_utils.lessons.softmax import vector_exercise

# --- building blocks -------------------------------------------------------------------------------


def p(z: Any, axis: int = -1) -> Any:
    """Softmax in the safest style."""
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_p(z: Any) -> Any:
    return z - np.log(np.sum(np.exp(z)))


def filled_in(z: Any) -> Any:
    result = np.empty(len(z))
    total = math.fsum(map(math.exp, z))
    for i, score in enumerate(z):
        result[i] = math.exp(score) / total
    return result


def recursive(z: Any, axis: int = -1) -> Any:
    axis %= np.ndim(z)
    if axis > 0:
        return [recursive(part, axis - 1) for part in z]
    total = sum(np.exp(part) for part in z)
    return [np.exp(part) / total for part in z]


def by_letters(z: Any, axis: int = -1) -> Any:
    letters = "abcdefg"[: z.ndim]
    rest = letters.replace(letters[axis], "")
    e = np.exp(z)
    return np.einsum(f"{letters},{rest}->{letters}", e, 1 / np.einsum(f"{letters}->{rest}", e))


RIGHT: dict[str, Functions] = {
    "vector_exercise": {
        "largest score subtracted": p,
        "mean subtracted": lambda z: np.exp(z - z.mean()) / np.exp(z - z.mean()).sum(),
        "log space": lambda z: np.exp(z - np.logaddexp.reduce(z)),
        "logarithm taken and undone": lambda z: np.exp(log_p(z)),
        "einsum": lambda z: np.exp(z) / np.einsum("i->", np.exp(z)),
        "matrix product": lambda z: np.exp(z) / (np.exp(z) @ np.ones(len(z))),
        "ratios to each class": lambda z: 1 / np.exp(z[None, :] - z[:, None]).sum(axis=1),
        "filled entry by entry": filled_in,
        "comprehension and a tuple": lambda z: tuple(np.exp(s) / sum(np.exp(t) for t in z) for s in z),
        "power of e": lambda z: np.e**z / np.sum(np.e**z),
        "exp2": lambda z: np.exp2(z / np.log(2)) / np.exp2(z / np.log(2)).sum(),
        "any axis": lambda z, axis=-1: p(z, axis),
        "long double": lambda z: p(z.astype(np.longdouble)),
        "through a batch of one": lambda z: p(z[np.newaxis])[0],
        "function object": np.vectorize(lambda z: p(z), signature="(n)->(n)"),
    },
    "batch_exercise": {
        "largest score subtracted": p,
        "largest score of all subtracted": lambda z, axis=-1: (
            np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=axis, keepdims=True)
        ),
        "mean subtracted": lambda z, axis=-1: p(z - z.mean(axis=axis, keepdims=True), axis),
        "log space": lambda z, axis=-1: np.exp(z - np.expand_dims(np.logaddexp.reduce(z, axis=axis), axis)),
        "apply along axis": lambda z, axis=-1: np.apply_along_axis(p, axis, z),
        "axes swapped": lambda z, axis=-1: np.swapaxes(p(np.swapaxes(z, axis, -1)), axis, -1),
        "recursion and nested lists": recursive,
        "einsum": by_letters,
        "ratios to each class": lambda z, axis=-1: np.moveaxis(
            1
            / np.exp(np.moveaxis(z, axis, -1)[..., None, :] - np.moveaxis(z, axis, -1)[..., :, None]).sum(-1),
            -1,
            axis,
        ),
    },
    "odds_exercise": {
        "math": lambda z, i, j: math.exp(z[i] - z[j]),
        "power of e": lambda z, i, j: np.e ** (z[i] - z[j]),
        "one over": lambda z, i, j: 1 / np.exp(z[j] - z[i]),
        "two of three classes": lambda z, i, j: np.exp(np.diff(z[[j, i]])[0]),
        "array without axes": lambda z, i, j: np.array(np.exp(z[i] - z[j])),
        "half and half": lambda z, i, j: np.exp((z[i] - z[j]) / 2) ** 2,
        "matrix product": lambda z, i, j: np.exp(z[[i, j]] @ [1.0, -1.0]),
    },
}


def normalized(positive: Function) -> Function:
    """Divide what ``positive`` returns by its sum."""
    return lambda z: positive(z) / np.sum(positive(z))


def taylor(z: Any, terms: int = 20) -> Any:
    return sum(z.astype(float) ** k / math.factorial(k) for k in range(terms))


def divided_unless_zero(z: Any, i: int, j: int) -> Any:
    """Fall back where a probability is 0, but not where it is subnormal."""
    return p(z)[i] / p(z)[j] if p(z)[i] > 0 and p(z)[j] > 0 else np.exp(z[i] - z[j])


def others_only(z: Any) -> Any:
    e = np.exp(z)
    return e / (e.sum() - e + (len(e) == 1))


def keeps_type(z: Any) -> Any:
    result = np.zeros_like(z)
    result[:] = p(z)
    return result


def grows() -> Function:
    scores: list[float] = []

    def collects(z: Any) -> Any:
        scores.extend(np.exp(z))
        return np.exp(z) / sum(scores)

    return collects


def every_ninth_call_differs() -> Function:
    calls = itertools.count()
    return lambda z: p(z) if next(calls) < len(vector_exercise.checks) else p(z)[::-1]


def two_dimensions(z: Any, axis: int = -1) -> Any:
    if z.ndim == 1:
        return p(z)
    return p(z) if axis in (-1, 1) else p(z.T).T


WRONG: dict[str, Functions] = {
    "vector_exercise": {
        "temperature 1/2": lambda z: p(2 * z),
        "base 10": normalized(lambda z: 10.0**z),
        "e to ten digits": normalized(lambda z: 2.718281828**z),
        "Taylor series": normalized(taylor),
        "length instead of sum": lambda z: np.exp(z) / np.linalg.norm(np.exp(z)),
        "running sum": lambda z: np.exp(z) / np.cumsum(np.exp(z)),
        "sum of other scores": lambda z: np.exp(z) / 42.0,
        "sum of the others": others_only,
        "one more class": lambda z: np.exp(z) / (1 + np.exp(z).sum()),
        "standardized first": lambda z: p((z - z.mean()) / (z.std() + 1e-12)),
        "equal scores counted once": lambda z: np.exp(z) / sum(math.exp(s) for s in set(z.tolist())),
        "sorted": lambda z: np.sort(p(z)),
        "logarithm": lambda z: z - np.log(np.sum(np.exp(z))),
        "kept above 1e-15": lambda z: np.clip(p(z), 1e-15, 1),
        "scores cut to whole numbers": lambda z: p(np.trunc(z)),
        "whole numbers in, whole numbers out": keeps_type,
        "four classes only": lambda z: p(z[:4]),
        "a column": lambda z: p(z)[:, None],
        "a single class as a number": lambda z: p(z) if len(z) > 1 else 1.0,
        "collects over calls": grows(),
        "changes its mind": every_ninth_call_differs(),
        "tiny ones dropped": lambda z: np.where(p(z) < 1e-16, 0.0, p(z)),
    },
    "batch_exercise": {
        "column of sums whatever the axis": lambda z, axis=-1: (
            np.exp(z) / np.expand_dims(np.exp(z).sum(axis=axis), -1)
        ),
        "sign of the axis ignored": lambda z, axis=-1: p(z, abs(axis) if abs(axis) < z.ndim else -1),
        "negative axis means last": lambda z, axis=-1: p(z, axis if axis >= 0 else -1),
        "one and two dimensions only": two_dimensions,
        "default 1": lambda z, axis=1: p(z, axis),
        "default 1 except for vectors": lambda z, axis=None: p(
            z, (0 if z.ndim == 1 else 1) if axis is None else axis
        ),
        "axis by name only": lambda z, *, axis=-1: p(z, axis),
        "another second argument": lambda z, temperature=1.0, axis=-1: p(z / temperature, axis),
        "other axis": lambda z, axis=-1: p(z, -1 - axis),
        "axis moved and not moved back": lambda z, axis=-1: p(np.moveaxis(z, axis, -1)),
        "largest along another axis": lambda z, axis=-1: (
            np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=axis, keepdims=True)
        ),
    },
    "odds_exercise": {
        "safe softmax, then divided": lambda z, i, j: p(z)[i] / p(z)[j],
        "divided unless it is 0": divided_unless_zero,
        "size of the difference": lambda z, i, j: np.exp(abs(z[i] - z[j])),
        "base 2": lambda z, i, j: 2.0 ** (z[i] - z[j]),
        "indices from one": lambda z, i, j: np.exp(z[i - 1] - z[j - 1]),
        "difference clipped": lambda z, i, j: np.exp(np.clip(z[i] - z[j], -500, 500)),
        "expm1 and one": lambda z, i, j: np.expm1(z[i] - z[j]) + 1,
        "logarithms of probabilities": lambda z, i, j: np.exp(
            (z[i] - np.logaddexp.reduce(z)) - (z[j] - np.logaddexp.reduce(z))
        ),
        "logits clipped": lambda z, i, j: np.exp(np.clip(z, -1e6, 1e6)[i] - np.clip(z, -1e6, 1e6)[j]),
        "held from below": lambda z, i, j: np.exp(max(z[i] - z[j], -690)),
    },
}
TOLD: Told = {
    "vector_exercise": {
        "temperature 1/2": "argument: double",
        "base 10": "argument: base",
        "length instead of sum": "share",
        "running sum": "running sum",
        "sum of other scores": "your-denominator-does-not-depend-on-z-it-is-a",
        "sorted": "sorted",
        "logarithm": "logarithm",
        "scores cut to whole numbers": "argument: whole",
        "four classes only": "argument: first few",
        "a column": "axis added",
        "a single class as a number": "squeezed",
    },
    "batch_exercise": {
        "column of sums whatever the axis": "error",
    },
    "odds_exercise": {
        "base 2": "power",
    },
}

# --- the listed mistakes, from their sentences alone --------------------------------------------------------

S = np.sum(np.exp([1.0, 0.0, -4.0]))  # left over from the notebook's worked example


def exponentials(z: Any) -> Any:
    return np.array([math.exp(score) for score in z])


def sum_lost_its_axis(z: Any, axis: int = -1) -> Any:
    e = np.exp(z)
    total = np.sum(e, axis)
    return e / total


def rows_taken_for_numbers(z: Any, axis: int = -1) -> Any:
    e = [math.exp(score) for score in z]
    return np.array(e) / sum(e)


def vector_by_vector(z: Any, axis: int = -1) -> Any:
    result = []
    for vector in z:
        e = np.exp(vector)
        result.append(e / e.sum())
    return np.array(result)


def both_probabilities(z: Any, i: int, j: int) -> Any:
    e = np.exp(z)
    probabilities = e / np.sum(e)
    return probabilities[i] / probabilities[j]


LISTED: Listed = {
    "vector_exercise": {
        "your-denominator-does-not-depend-on-z-it-is-a": lambda z: exponentials(z) / S,
        "this-is-dividing-by-the-sum-of-the-scores": lambda z: np.array([score / sum(z) for score in z]),
        "the-denominator-is-the-sum-of-the-scores-it-must": lambda z: exponentials(z) / sum(z),
        "the-division-stands-inside-the-exponent": lambda z: exponentials(z / np.sum(z)),
        "these-are-the-exponentials-not-divided-by-anything": exponentials,
        "you-divide-by-the-largest-exponential-so-that-the-winner": lambda z: (
            exponentials(z) / max(exponentials(z))
        ),
        "this-is-the-sigmoid-of-each-score-by-itself": lambda z: [1 / (1 + math.exp(-score)) for score in z],
        "the-base-is-2": lambda z: [2.0**score / sum(2.0**z) for score in z],
        "absolute-values-leave-no-number-negative-but-4-now-counts": lambda z: np.abs(z) / sum(map(abs, z)),
        "the-result-is-rounded-to-six-decimals": lambda z: [round(share, 6) for share in p(z)],
    },
    "batch_exercise": {
        "you-divide-by-the-sum-over-the-whole-array-so": lambda z, axis=-1: np.exp(z) / np.exp(z).sum(),
        "the-sum-has-lost-its-axis-keepdims-true-is-missing": sum_lost_its_axis,
        "axis-is-ignored-you-always-work-along-the-last-one": lambda z, axis=-1: p(z),
        "axis-is-ignored-you-always-work-along-the-first-one": lambda z, axis=-1: np.exp(z) / sum(np.exp(z)),
        "the-default-axis-is-the-first-one-so-a-batch": lambda z, axis=0: p(z, axis),
        "your-loop-visits-rows-when-z-is-2-d-and": rows_taken_for_numbers,
        "your-loop-over-z-takes-it-for-a-list-of": vector_by_vector,
    },
    "odds_exercise": {
        "you-compute-both-probabilities-and-divide": both_probabilities,
        "you-have-canceled-the-sum-well-done-but-each-exponential": lambda z, i, j: np.divide(
            *np.exp(z[[i, j]])
        ),
        "the-difference-is-the-wrong-way-round-this-is-p": lambda z, i, j: math.exp(z[j] - z[i]),
        "this-is-the-logarithm-of-the-odds": lambda z, i, j: -np.diff(z[[i, j]])[0],
        "you-divide-the-logits": lambda z, i, j: z[i] / z[j],
        "this-is-the-probability-of-i-when-only-i-and": lambda z, i, j: p(z[[i, j]])[0],
    },
}

# --- what the contracts allow ----------------------------------------------------------------------

ALLOWS: Allows = {
    "batch_exercise": lambda z, axis: some(z, -300, 300, None, True) and -z.ndim <= axis < z.ndim,
    "vector_exercise": lambda z: some(z, -300, 300, 1, True),
    "odds_exercise": lambda z, i, j: (
        some(z, -1e15, 1e15, 1) and {i, j} <= {*range(len(z))} and between(z[i] - z[j], -700, 700)
    ),
}
