"""Attempts at the exercises of `numeric_instability`."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np
import scipy.special
from allowed import between, some

from attempts import Allows, Functions, Listed, Told


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
        lambda z: 1 / np.sum(np.exp(z[..., None, :] - z[..., :, None]), axis=-1),  # right, but it overflows
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
        "4": "one entry",
        "5": "argument: two of many",
    },
    "log_softmax_exercise": {
        "3": "maximum-and-sum-are-taken-over-the-whole-array",
        "4": "exponential",
    },
    "online_exercise": {
        "1 two_passes_over_a_copy": "you-read-the-stream-a-second-time-every-for-max",
        "2 keeps_last": "argument: last",
        "5": "argument: largest",
        "8": "argument: without first",
    },
    "merge_exercise": {
        "7": "reversed",
    },
}

# --- the listed mistakes, from their sentences alone --------------------------------------------------------


def shares(e: Any) -> Any:
    return e / e.sum(axis=-1, keepdims=True)


def largest(z: Any) -> Any:
    return z.max(axis=-1, keepdims=True)


def row_by_row(z: Any) -> Any:
    """Softmax as written, one row after the other."""
    if z.ndim == 1:
        return np.exp(z) / sum(np.exp(z))
    return np.array([row_by_row(row) for row in z])


def guessed(z: Any) -> Any:
    p = row_by_row(z)
    p[np.isnan(p)] = 0.0
    return p


def without_keepdims(z: Any) -> Any:
    e = np.exp(z - largest(z))
    total = np.sum(e, axis=-1)
    return e / total


batch = np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 1.0], [3.0, 1.0, 2.0]])


def total_of_the_batch(z: Any) -> Any:
    e = np.exp(z - largest(z))
    total = np.exp(batch - largest(batch)).sum(axis=1, keepdims=True)
    return e / total


def largest_of_the_batch(z: Any) -> Any:
    e = np.exp(z - z.max())
    total = e.sum(axis=1, keepdims=True)
    return e / total


def log_sum(z: Any) -> Any:
    """Log-sum-exp as written."""
    total = 0.0
    for number in z:
        total += np.exp(number)
    return np.log(total)


def log_total(z: Any) -> Any:
    """Log-sum-exp of each row as written."""
    return np.log(np.exp(z).sum(axis=-1, keepdims=True))


def log_softmax_without_keepdims(z: Any) -> Any:
    shifted = z - largest(z)
    total = np.exp(shifted).sum(axis=-1)
    return shifted - np.log(total)


def one_softmax_of_all(z: Any) -> Any:
    shifted = z - np.max(z)
    return shifted - np.log(np.sum(np.exp(shifted)))


def one_largest_of_all(z: Any) -> Any:
    shifted = z - np.max(z)
    return shifted - log_total(shifted)


def sum_as_written(stream: Any) -> Any:
    s = 0.0
    for x in stream:
        s += np.exp(x)
    return np.log(s)


def sum_never_rescaled(stream: Any) -> Any:
    m, s = -np.inf, 0.0
    for x in stream:
        m = max(m, x)
        s = s + np.exp(x - m)
    return m + np.log(s)


def sum_that_grows(stream: Any) -> Any:
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        if s > 0:
            s *= np.exp(new - m)
        s += np.exp(x - new)
        m = new
    return m + np.log(s)


def maximum_from_zero(stream: Any) -> Any:
    m, s = 0.0, 0.0
    for x in stream:
        if x > m:
            s *= np.exp(m - x)
            m = x
        s += np.exp(x - m)
    return m + np.log(s)


def new_term_rescaled_too(stream: Any) -> Any:
    m, s = None, 1.0
    for x in stream:
        if m is None:
            m = x
        elif x > m:
            s = (s + 1) * np.exp(m - x)
            m = x
        else:
            s += np.exp(x - m)
    return m + np.log(s)


def first_number_rescaled_to_nothing(stream: Any) -> Any:
    m, s = -np.inf, 0.0
    for x in stream:
        if x > m:
            s = (s + 1) * np.exp(m - x)
            m = x
        else:
            s += np.exp(x - m)
    return m + np.log(s)


def sum_from_one(stream: Any) -> Any:
    m, s = None, 1.0
    for x in stream:
        if m is None:
            m = x
        elif x > m:
            s *= np.exp(m - x)
            m = x
        s += np.exp(x - m)
    return m + np.log(s)


def two_readings(stream: Any) -> Any:
    m = max(stream)
    s = 0.0
    for x in stream:
        s += np.exp(x - m)
    return m + np.log(s)


def maximum_not_added_back(stream: Any) -> Any:
    m, s = -np.inf, 0.0
    for x in stream:
        if x > m:
            s, m = s * np.exp(m - x), x
        s += np.exp(x - m)
    return np.log(s)


def brought(m: Any, s: Any, common: Any) -> Any:
    """Bring a sum to another maximum; nothing stays nothing."""
    return s * np.exp(m - common) if s else 0.0


def wrong_direction(m1: Any, s1: Any, m2: Any, s2: Any) -> Any:
    m = max(m1, m2)
    return np.array([m, brought(m, s1, m1) + brought(m, s2, m2)])


def to_the_first(m1: Any, s1: Any, m2: Any, s2: Any) -> Any:
    return np.array([max(m1, m2), s1 + s2 * np.exp(m2 - m1)])


def back_to_exponentials(m1: Any, s1: Any, m2: Any, s2: Any) -> Any:
    m = max(m1, m2)
    total = np.exp(m1) * s1 + np.exp(m2) * s2
    return np.array([m, total / np.exp(m)])


def common_maximum_zero(m1: Any, s1: Any, m2: Any, s2: Any) -> Any:
    m = 0.0
    return np.array([m, brought(m1, s1, m) + brought(m2, s2, m)])


def number_of_both(m1: Any, s1: Any, m2: Any, s2: Any) -> Any:
    m = max(m1, m2)
    return m + np.log(brought(m1, s1, m) + brought(m2, s2, m))


def larger_half(m1: Any, s1: Any, m2: Any, s2: Any) -> Any:
    return np.array([m1, s1]) if m1 > m2 else np.array([m2, s2])


LISTED: Listed = {
    "stable_softmax_exercise": {
        "this-is-softmax-as-written-e-z-overflows-above-709": row_by_row,
        "you-subtract-the-largest-number-of-the-whole-array": lambda z: shares(np.exp(z - np.max(z))),
        "you-subtract-something-that-may-lie-far-below-the-largest": lambda z: shares(
            np.exp(z - z.mean(axis=-1, keepdims=True))
        ),
        "you-subtract-the-smallest-now-no-argument-of-exp-is": lambda z: shares(
            np.exp(z - z.min(axis=-1, keepdims=True))
        ),
        "you-subtract-something-positive-even-if-all-logits-are-very": lambda z: shares(
            np.exp(z - largest(abs(z)))
        ),
        "you-clip-the-logits-at-700": lambda z: row_by_row(np.clip(z, -700, 700)),
        "you-replace-what-is-not-a-number-afterwards": guessed,
        "the-sum-has-lost-its-axis-keepdims-true-is-missing": without_keepdims,
        "you-divide-by-the-sum-of-the-whole-array": lambda z: (
            np.exp(z - largest(z)) / np.exp(z - largest(z)).sum()
        ),
        "you-take-the-largest-along-the-first-axis-the-classes": lambda z: shares(np.exp(z - z.max(axis=0))),
    },
    "bug_hunt_exercise": {
        "global": total_of_the_batch,
        "whole maximum": largest_of_the_batch,
        "no keepdims": without_keepdims,
        "largest without keepdims": lambda z: shares(np.exp(z - z.max(axis=1))),
        "largest and sum without keepdims": lambda z: (
            np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1)
        ),
    },
    "logsumexp_exercise": {
        "this-is-the-formula-as-written-e-z-overflows-or": log_sum,
        "you-have-shifted-by-the-maximum-and-not-added-it": lambda z: log_sum(z - max(z)),
        "you-subtract-the-maximum-twice": lambda z: log_sum(z - max(z)) - max(z),
        "this-is-the-maximum": lambda z: max(z),
        "you-take-the-mean-of-the-exponentials-it-must-be": lambda z: (
            max(z) + np.log(np.mean(np.exp(z - max(z))))
        ),
        "the-factor-e-m-inside-the-logarithm-becomes-a-term": lambda z: max(z) * log_sum(z - max(z)),
        "you-shift-by-something-that-may-lie-far-below-the": lambda z: log_sum(z - np.mean(z)) + np.mean(z),
        "log-and-exp-do-not-cancel-across-a-sum-log": lambda z: sum(z),
        "you-shift-by-the-largest-absolute-value": lambda z: log_sum(z - max(abs(z))) + max(abs(z)),
    },
    "log_softmax_exercise": {
        "this-is-the-log-of-softmax-as-written-nan-where": lambda z: np.log(row_by_row(z)),
        "z-logsumexp-z-is-right-but-you-shift-by-something": lambda z: (
            z - z.mean(axis=-1, keepdims=True) - log_total(z - z.mean(axis=-1, keepdims=True))
        ),
        "your-softmax-is-stable-but-a-probability-that-has-become": lambda z: np.log(softmax(z)),
        "adding-a-small-number-before-the-logarithm-hides-infinity-and": lambda z: np.log(softmax(z) + 1e-12),
        "clipping-p-hides-infinity-and-puts-34-5-in-its": lambda z: np.log(np.maximum(softmax(z), 1e-15)),
        "z-logsumexp-z-is-right-but-this-logsumexp-is-the": lambda z: z - log_total(z),
        "you-have-shifted-and-then-stopped-the-log-of-the": lambda z: z - largest(z),
        "the-sign-is-turned-around-this-is-log-p-the": lambda z: lse(z, axis=-1, keepdims=True) - z,
        "the-sum-has-lost-its-axis-keepdims-true-is-missing": log_softmax_without_keepdims,
        "maximum-and-sum-are-taken-over-the-whole-array": one_softmax_of_all,
        "the-largest-is-taken-over-the-whole-array-in-a": one_largest_of_all,
    },
    "online_exercise": {
        "this-adds-up-e-x-as-written-it-overflows-above": sum_as_written,
        "the-sum-holds-terms-relative-to-older-maxima": sum_never_rescaled,
        "you-rescale-in-the-wrong-direction": sum_that_grows,
        "the-maximum-starts-at-0": maximum_from_zero,
        "the-new-term-is-rescaled-together-with-the-old-sum": new_term_rescaled_too,
        "the-first-number-is-lost-e-m-m-is-0": first_number_rescaled_to_nothing,
        "the-sum-starts-at-1-although-nothing-has-been-read": sum_from_one,
        "you-read-the-stream-a-second-time-every-for-max": two_readings,
        "the-maximum-must-be-added-back-in-the-end-log": maximum_not_added_back,
    },
    "merge_exercise": {
        "the-two-sums-are-relative-to-different-maxima": lambda m1, s1, m2, s2: [max(m1, m2), s1 + s2],
        "you-rescale-in-the-wrong-direction-relative-to-a-larger": wrong_direction,
        "you-bring-the-second-sum-to-the-maximum-of-the": to_the_first,
        "the-sums-are-taken-back-to-e-x-itself-which": back_to_exponentials,
        "you-take-0-for-the-common-maximum-the-sums-become": common_maximum_zero,
        "this-multiplies-e-m1-s1-by-e-m2-s2": lambda m1, s1, m2, s2: np.array([m1 + m2, s1 * s2]),
        "this-is-logsumexp-of-the-whole-and-right-but-the": number_of_both,
        "you-keep-the-half-with-the-larger-maximum-and-drop": larger_half,
    },
}

# --- what the contracts allow ----------------------------------------------------------------------


def stream(numbers: Any) -> bool:
    return some(np.array(list(numbers), dtype=float), -1e5, 1e5, 1)


def summary(m1: float, s1: float, m2: float, s2: float) -> bool:
    empty = [s == 0 for s in (s1, s2)]
    halves = [m == -np.inf if s == 0 else between(m, -1e5, 1e5) and s >= 1 for m, s in ((m1, s1), (m2, s2))]
    return all(halves) and not all(empty)


LOGITS = 1e5
ALLOWS: Allows = {
    "stable_softmax_exercise": lambda z: some(z, -LOGITS, LOGITS) and z.ndim > 0,
    "bug_hunt_exercise": lambda z: some(z, -LOGITS, LOGITS, 2),
    "logsumexp_exercise": lambda z: some(z, -LOGITS, LOGITS, 1),
    "log_softmax_exercise": lambda z: some(z, -LOGITS, LOGITS) and z.ndim > 0,
    "online_exercise": stream,
    "merge_exercise": summary,
}
