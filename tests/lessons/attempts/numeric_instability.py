"""Attempts at the exercises of `numeric_instability`."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np
import scipy.special

from attempts import Functions, Told


def lse(z: Any, **keywords: Any) -> Any:
    return scipy.special.logsumexp(z, **keywords)


def softmax(z: Any) -> Any:
    return scipy.special.softmax(z, axis=-1)


def by_loops(z: Any) -> Any:
    if z.ndim > 1:
        return np.array([by_loops(row) for row in z])
    m = max(z.tolist())
    e = [math.exp(v - m) for v in z.tolist()]
    return np.array(e) / sum(e)


def fixed_shift(z: Any) -> Any:
    e = np.exp(z - 700)
    return e / e.sum(axis=-1, keepdims=True)


def rescaled(z: Any) -> Any:
    z = z / np.abs(z).max(axis=-1, keepdims=True)
    return softmax(z)


def one_hot(z: Any) -> Any:
    return (z == z.max(axis=-1, keepdims=True)).astype(float)


def flat(z: Any) -> Any:
    return softmax(z.ravel()).reshape(z.shape)


def two_passes_over_a_copy(stream: Any) -> Any:
    return lse(np.array([list(stream), list(stream)][0]))


def keeps_last(stream: Any) -> Any:
    m = -math.inf
    for x in stream:
        m = x
    return m


def add_pairs(stream: Any) -> Any:
    total = -math.inf
    for x in stream:
        total = np.logaddexp(total, x)
    return total


def from_first(stream: Any) -> Any:
    numbers = iter(stream)
    m, s = next(numbers), 1.0
    for x in numbers:
        if x > m:
            s = s * math.exp(m - x) + 1.0
            m = x
        else:
            s += math.exp(x - m)
    return m + math.log(s)


def from_first_without_rescaling(stream: Any) -> Any:
    numbers = iter(stream)
    m, s = next(numbers), 1.0
    for x in numbers:
        s += math.exp(min(700, x - m))
    return m + math.log(s)


def rescales_only_when_equal(stream: Any) -> Any:
    m, s = -math.inf, 0.0
    for x in stream:
        if x > m:
            m, s = x, 1.0
        else:
            s += math.exp(x - m)
    return m + math.log(s)


RIGHT: dict[str, Functions] = {
    "stable_softmax_exercise": [
        softmax,
        by_loops,
        lambda z: np.exp(z - lse(z, axis=-1, keepdims=True)),
        lambda z: np.apply_along_axis(by_loops, -1, z),
    ],
    "bug_hunt_exercise": [
        softmax,
        by_loops,
        lambda z: np.array([np.exp(r - r.max()) / np.exp(r - r.max()).sum() for r in z]),
        lambda z: np.exp(z - lse(z, axis=1)[:, None]),
    ],
    "logsumexp_exercise": [
        lse,
        np.logaddexp.reduce,
        lambda z: reduce(np.logaddexp, z),
        lambda z: max(z) + math.log(sum(math.exp(v - max(z)) for v in z)),
        lambda z: z[0] - np.log(softmax(z)[0]) if softmax(z)[0] > 0 else lse(z),
    ],
    "log_softmax_exercise": [
        lambda z: scipy.special.log_softmax(z, axis=-1),
        lambda z: z - lse(z, axis=-1, keepdims=True),
        lambda z: z - np.logaddexp.reduce(z, axis=-1)[..., None],
    ],
    "online_exercise": [add_pairs, from_first, lambda s: reduce(np.logaddexp, s)],
    "merge_exercise": [
        lambda m1, s1, m2, s2: (
            np.array([m1, s1 + s2 * math.exp(m2 - m1)])
            if m1 >= m2
            else np.array([m2, s2 + s1 * math.exp(m1 - m2)])
        ),
        lambda m1, s1, m2, s2: [
            max(m1, m2),
            sum(s * math.exp(m - max(m1, m2)) for m, s in ((m1, s1), (m2, s2))),
        ],
        lambda *a: np.array(
            [np.max(a[::2]), np.sum(np.array(a[1::2]) * np.exp(np.array(a[::2]) - np.max(a[::2])))]
        ),
    ],
}


def never_raised(z: Any) -> Any:
    """Stop what overflows, not what underflows: only the latter is to be told."""
    e = np.exp(z - np.maximum(z.max(axis=-1, keepdims=True), 0))
    return e / e.sum(axis=-1, keepdims=True)


WRONG: dict[str, Functions] = {
    "stable_softmax_exercise": [
        fixed_shift,
        rescaled,
        one_hot,
        flat,
        lambda z: np.where(softmax(z) < 1e-15, 0, softmax(z)),
        lambda z: scipy.special.softmax(z, axis=0),
        never_raised,
    ],
    "bug_hunt_exercise": [
        flat,
        one_hot,
        fixed_shift,
        lambda z: z / z.sum(axis=1, keepdims=True),
    ],
    "logsumexp_exercise": [
        lambda z: 700 + np.log(np.sum(np.exp(z - 700))),
        lambda z: np.log(np.sum(np.exp(np.clip(z, -700, 700)))),
        lambda z: np.max(z) + np.log1p(np.sum(np.exp(z - np.max(z)))),
        lambda z: np.array([lse(z)]),
        lambda z: np.logaddexp(z[0], z[-1]),
    ],
    "log_softmax_exercise": [
        lambda z: np.log(np.maximum(softmax(z), 1e-300)),
        lambda z: np.nan_to_num(np.log(softmax(z))),
        lambda z: z - lse(z),
        lambda z: softmax(z),
        lambda z: np.log1p(softmax(z)),
    ],
    "online_exercise": [
        two_passes_over_a_copy,
        keeps_last,
        from_first_without_rescaling,
        rescales_only_when_equal,
        lambda s: max(s),
        lambda s: sum(s),
        lambda s: np.log(np.mean(np.exp(np.array(list(s))))),
        lambda s: lse(list(s)[1:]),
        lambda s: lse(sorted(s)[-2:]),
    ],
    "merge_exercise": [
        lambda m1, s1, m2, s2: np.array([m2, s2 + s1 * np.exp(m1 - m2)]),
        lambda m1, s1, m2, s2: np.array([max(m1, m2), max(s1, s2)]),
        lambda m1, s1, m2, s2: np.array(
            [min(m1, m2), s1 * np.exp(m1 - min(m1, m2)) + s2 * np.exp(m2 - min(m1, m2))]
        ),
        lambda m1, s1, m2, s2: np.array([max(m1, m2), s1 + s2 * np.exp(-abs(m1 - m2))]),
        lambda m1, s1, m2, s2: np.array([(m1 + m2) / 2, s1 + s2]),
        lambda m1, s1, m2, s2: np.array([np.logaddexp(m1, m2), s1 + s2]),
        lambda m1, s1, m2, s2: np.array(
            [s1 * np.exp(m1 - max(m1, m2)) + s2 * np.exp(m2 - max(m1, m2)), max(m1, m2)]
        ),
    ],
}
TOLD: Told = {
    "stable_softmax_exercise": {
        "3 one_hot": "truth values",
        "4 flat": "argument: everything at once",
        "6": "argument: other axis",
        "7 never_raised": "where",
    },
    "bug_hunt_exercise": {
        "2 one_hot": "truth values",
    },
    "logsumexp_exercise": {
        "2": "argument: clipped",
        "3": "argument: one more",
        "4": "flat",
        "5": "argument: two of many",
    },
    "log_softmax_exercise": {
        "3": "maximum-and-sum-are-taken-over-the-whole-array",
        "4": "exponential",
    },
    "online_exercise": {
        "1 two_passes_over_a_copy": "you-read-the-stream-a-second-time-once-for-the",
        "2 keeps_last": "argument: last",
        "5": "argument: largest",
        "8": "argument: without first",
    },
    "merge_exercise": {
        "7": "reversed",
    },
}
