"""Attempts at the exercises of `logsumexp_versus_max`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from allowed import between, some
from mpmath import mp, mpf

from attempts import Allows, Functions, Listed, Told
from course_utils.lessons.logsumexp_versus_max.claims import lead
from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.lessons.logsumexp_versus_max.shift_exercises import stable_smooth_max
from course_utils.numerics.softmax import smooth_max

# --- stable_smooth_max ----------------------------------------------------------------------------


def by_logaddexp(z: Any, k: float) -> float:
    m = max(z)
    total = -math.inf
    for v in z:
        total = np.logaddexp(total, k * (v - m))
    return m + total / k


def by_list(z: Any, k: float) -> float:
    m = float(max(z))
    return m + math.log(sum([math.exp(k * (float(v) - m)) for v in z])) / k


def by_log1p(z: Any, k: float) -> float:
    i = int(np.argmax(z))
    others = np.delete(z, i)
    return float(z[i] + np.log1p(np.exp(k * (others - z[i])).sum()) / k)


RIGHT_SMOOTH_MAX = [by_logaddexp, by_list, by_log1p]
WRONG_SMOOTH_MAX = [
    lambda z, k: np.logaddexp.reduce(k * z) / k,
    lambda z, k: np.max(z) + np.log(np.sum(np.exp(k * z - np.max(z)))) / k,
    lambda z, k: np.max(z) + np.log2(np.sum(2 ** (k * (z - np.max(z))))) / k,
    lambda z, k: np.max(z) + np.log10(np.sum(np.exp(k * (z - np.max(z))))) / k,
    lambda z, k: np.log(np.sum(np.exp(k * np.clip(z, -700, 700)))) / k,
    lambda z, k: stable_smooth_max(z, abs(k) + 1e-6),
    lambda z, k: stable_smooth_max(z, min(k, 1e15)),
]

# --- smooth_min -----------------------------------------------------------------------------------

RIGHT_SMOOTH_MIN = [
    lambda z, k: min(z) - math.log(sum(math.exp(-k * (float(v) - min(z))) for v in z)) / k,
    lambda z, k: np.min(z) + np.log(np.sum(np.exp(-k * (z - np.min(z))))) / -k,
    lambda z, k: -by_log1p(np.negative(z), k),
]
WRONG_SMOOTH_MIN = [
    lambda z, k: -np.logaddexp.reduce(-k * z) / k,
    lambda z, k: 1 / stable_smooth_max(1 / np.where(z == 0, 1e-9, z), k),
    lambda z, k: np.max(z) - stable_smooth_max(z, k),
    lambda z, k: -np.max(z) - np.log(np.sum(np.exp(-k * (z - np.max(z))))) / k,
    lambda z, k: -stable_smooth_max(-z, 1 / k),
    lambda z, k: np.sum(np.exp(-k * (z - np.min(z))) * z) / np.sum(np.exp(-k * (z - np.min(z)))),
]

# --- gap_bound ------------------------------------------------------------------------------------

RIGHT_BOUND = [
    lambda z, k: math.log(z.size) / k,
    lambda z, k: math.log2(len(z)) * math.log(2) / k,
    lambda z, k: np.log1p(len(z) - 1) / k,
    # Better than log(n)/λ away from ties, and as good at ties.
    lambda z, k: min(np.log(len(z)), np.log1p((len(z) - 1) * np.exp(-k * lead(z)))) / k,
    # The gap itself, with all its digits.
    lambda z, k: gap_above_max(z, k),
]
WRONG_BOUND = [
    lambda z, k: stable_smooth_max(z, k) - np.max(z) + 1e-16,
    lambda z, k: np.log(len(z) + 1) / k,
    lambda z, k: np.log(len(z)) / k * (1 - 1e-6),
    lambda z, k: np.log(len(z)) / k * (1 + 1e-6),
    lambda z, k: np.sqrt(len(z) - 1) / k,
    lambda z, k: np.log10(len(z)) / k,
    lambda z, k: np.log(len(z)) / k**2,
    lambda z, k: np.log(len(z)) / np.sqrt(k),
    lambda z, k: np.log(len(z)) / max(k, 1),
    lambda z, k: np.log(len(z)) / k * np.exp(-k * np.ptp(z)),
    lambda z, k: np.log(np.sum(z == np.max(z))) / k,
    lambda z, k: np.log(min(len(z), 5)) / k,
    lambda z, k: np.mean(np.abs(z)),
    lambda z, k: -np.log(len(z)) / k,
    lambda z, k: np.log(len(z)) / k if np.max(z) > 0 else 0.0,
    lambda z, k: np.log(len(z)) / k - (1e-3 / k if 0.3 < np.ptp(z) * k < 0.4 else 0.0) * 5e3,
    lambda z, k: min(np.log(len(z)), 7.0) / k,
    lambda z, k: np.log(len(z)) / max(k, 1e-6),
]

# --- mellowmax ------------------------------------------------------------------------------------


def by_mpmath(z: Any, k: float) -> float:
    with mp.workdps(60):
        values = [mpf(float(v)) for v in z]
        if k == 0:
            return float(sum(values) / len(values))
        return float(mp.log(sum(mp.exp(mpf(k) * v) for v in values) / len(values)) / mpf(k))


def by_smooth_max(z: Any, k: float) -> float:
    return float(smooth_max(z, k, normalized=True))


def by_shifted_expm1(z: Any, k: float) -> float:
    if k == 0:
        return float(np.mean(z))
    m = np.max(z) if k > 0 else np.min(z)
    return float(m + np.log1p(np.mean(np.expm1(k * (z - m)))) / k)


RIGHT_MELLOWMAX = [by_mpmath, by_smooth_max, by_shifted_expm1]
WRONG_MELLOWMAX = [
    lambda z, k: np.log1p(np.mean(np.expm1(k * z))) / k if k else np.mean(z),
    lambda z, k: np.mean(z) + k * np.var(z) / 2,
    lambda z, k: np.max(z) if k > 0 else np.min(z),
    lambda z, k: by_smooth_max(z, abs(k)),
    lambda z, k: by_smooth_max(z, k) if abs(k) > 1e-12 else np.median(z),
    lambda z, k: by_smooth_max(z, k if abs(k) > 1e-6 else 1e-6),
    lambda z, k: (
        np.log(np.mean(np.exp(np.float64(k) * (z - np.max(z))))) / k + np.max(z) if k else np.mean(z)
    ),
]

RIGHT: dict[str, Functions] = {
    "smooth_max_exercise": RIGHT_SMOOTH_MAX,
    "smooth_min_exercise": RIGHT_SMOOTH_MIN,
    "bound_exercise": RIGHT_BOUND,
    "mellowmax_exercise": RIGHT_MELLOWMAX,
}
WRONG: dict[str, Functions] = {
    "smooth_max_exercise": WRONG_SMOOTH_MAX,
    "smooth_min_exercise": WRONG_SMOOTH_MIN,
    "bound_exercise": WRONG_BOUND,
    "mellowmax_exercise": WRONG_MELLOWMAX,
}
TOLD: Told = {
    "smooth_max_exercise": {
        "1": "you-scale-first-and-shift-then",
        "4": "distance",
    },
    "smooth_min_exercise": {
        "5": "argument: reciprocal",
    },
    "mellowmax_exercise": {
        "4": "argument: absolute",
    },
}

# --- the listed mistakes, from their sentences alone ------------------------------------------------


def log_sum(z: Any) -> Any:
    """Log-sum-exp as written."""
    return np.log(sum(np.exp(z)))


def log_mean(z: Any) -> Any:
    return np.log(np.mean(np.exp(z)))


def shifted_by(m: Any, z: Any, k: float) -> Any:
    """The smooth maximum, with a shift of one's choice."""
    return m + log_sum(k * (z - m)) / k


def scaled_first(z: Any, k: float) -> Any:
    scaled = k * z
    m = np.max(scaled)
    return (m + log_sum(scaled - m)) / k


def not_divided(z: Any, k: float) -> Any:
    return max(z) + log_sum(k * (z - max(z)))


def boltzmann_mean(z: Any, k: float) -> Any:
    e = np.exp(k * (z - max(z)))
    return e @ z / sum(e)


def minimum_of_exponentials(z: Any, k: float) -> Any:
    """The smooth minimum as written."""
    return -log_sum(-k * z) / k


def minimum_not_divided(z: Any, k: float) -> Any:
    return min(z) - log_sum(-k * (z - min(z)))


def mellowmax_shifted(z: Any, k: float) -> Any:
    m = max(k * z)
    return np.float64(m + log_mean(k * z - m)) / k


def mean_at_zero(z: Any, k: float) -> Any:
    if k == 0:
        return np.mean(z)
    return mellowmax_shifted(z, k)


def lse_less_log_n(z: Any, k: float) -> Any:
    """With the course's own LSE, which this notebook uses from its exercise on."""
    return float(smooth_max(z, k)) - math.log(len(z)) / k if k else sum(z) / len(z)


def mean_near_zero(z: Any, k: float) -> Any:
    if abs(k) < 0.01:
        return np.mean(z)
    return mellowmax_shifted(z, k)


def by_expm1(z: Any, k: float) -> Any:
    if k == 0:
        return np.mean(z)
    return np.log1p(np.mean(np.expm1(k * z))) / k


def by_expm1_from_the_mean(z: Any, k: float) -> Any:
    return np.mean(z) + by_expm1(z - np.mean(z), k)


def sum_of_exponentials(z: Any, k: float) -> Any:
    m = max(k * z)
    return np.float64(m + log_sum(k * z - m)) / k


def boltzmann_mean_of_any_sign(z: Any, k: float) -> Any:
    e = np.exp(k * z - max(k * z))
    return sum(e * z) / sum(e)


LISTED: Listed = {
    "smooth_max_exercise": {
        "this-is-the-formula-as-it-stands": lambda z, k: log_sum(k * z) / k,
        "you-scale-first-and-shift-then": scaled_first,
        "the-logarithm-is-not-divided-by-λ": not_divided,
        "you-divide-the-maximum-by-λ-as-well": lambda z, k: (max(z) + log_sum(k * (z - max(z)))) / k,
        "the-maximum-that-you-subtracted-never-comes-back-this-is": lambda z, k: (
            log_sum(k * (z - max(z))) / k
        ),
        "you-shift-by-something-that-may-lie-far-below-the": lambda z, k: shifted_by(np.mean(z), z, k),
        "you-shift-by-the-smallest-score": lambda z, k: shifted_by(min(z), z, k),
        "you-take-the-mean-of-the-exponentials": lambda z, k: max(z) + log_mean(k * (z - max(z))) / k,
        "you-use-λ-as-if-it-were-a-temperature": lambda z, k: max(z) + k * log_sum((z - max(z)) / k),
        "this-is-the-mean-of-the-scores-under-softmax-the": boltzmann_mean,
        "this-is-max-itself-without-any-smoothing": lambda z, k: max(z),
    },
    "smooth_min_exercise": {
        "the-outer-minus-sign-is-missing": lambda z, k: stable_smooth_max(-z, k),
        "the-inner-minus-sign-is-missing-this-is-the-smooth": lambda z, k: -stable_smooth_max(z, k),
        "this-is-the-smooth-maximum": by_logaddexp,
        "you-changed-the-shift-from-max-to-min-but-the": lambda z, k: shifted_by(min(z), z, k),
        "the-formula-is-right-on-paper-but-its-exponentials-overflow": minimum_of_exponentials,
        "the-logarithm-must-be-subtracted-the-smooth-minimum-lies-at": lambda z, k: (
            min(z) + log_sum(-k * (z - min(z))) / k
        ),
        "the-logarithm-is-not-divided-by-λ": minimum_not_divided,
        "this-is-min-itself-without-any-smoothing": lambda z, k: min(z),
    },
    "bound_exercise": {
        "you-claim-that-lse-never-exceeds-max": lambda z, k: 0,
        "log-2-λ-is-right-for-two-scores": lambda z, k: math.log(2) / k,
        "the-bound-does-not-know-λ": lambda z, k: math.log(len(z)),
        "you-multiply-by-λ": lambda z, k: k * math.log(len(z)),
        "1-λ-has-the-right-dependence-on-λ-but-it": lambda z, k: 1 / k,
        "true-because-log-n-n-but-too-generous-the-logarithm": lambda z, k: len(z) / k,
        "true-because-log-1-x-x-but-not-sharp-from": lambda z, k: (len(z) - 1) / k,
        "this-is-the-gap-itself-as-floats-compute-it": lambda z, k: by_list(z, k) - max(z),
        "the-spread-of-the-scores-says-nothing-here-the-gap": lambda z, k: max(z) - min(z),
        "true-because-log-1-x-x-and-no-other-exponential": lambda z, k: (
            (len(z) - 1) * math.exp(-k * lead(z)) / k
        ),
        "true-because-log-1-x-x-for-the-sum-x": lambda z, k: sum(np.exp(k * (np.sort(z)[:-1] - max(z)))) / k,
        "right-up-to-the-base-of-the-logarithm-exponentials-of": lambda z, k: math.log2(len(z)) / k,
    },
    "mellowmax_exercise": {
        "this-is-the-formula-as-it-stands-it-overflows-loses": lambda z, k: np.float64(log_mean(k * z)) / k,
        "overflow-is-cured-but-the-formula-has-no-value-at": mellowmax_shifted,
        "λ-0-is-right-now-but-it-is-not-the": mean_at_zero,
        "you-subtract-log-n-λ-from-lse": lse_less_log_n,
        "you-return-the-mean-for-all-small-λ": mean_near_zero,
        "near-λ-0-this-is-right-with-scores-measured-from": by_expm1_from_the_mean,
        "log1p-and-expm1-of-λ-z-are-right-near-λ": by_expm1,
        "this-adds-the-exponentials": sum_of_exponentials,
        "this-is-the-boltzmann-mean-σ-p-i-z-i": boltzmann_mean_of_any_sign,
    },
}

# --- what the contracts allow ----------------------------------------------------------------------


def scores(z: Any, k: float) -> bool:
    sizes = some(z, -1000, 1000, 1, True) if z.dtype.kind == "i" else some(z, -1e300, 1e300, 1)
    return sizes and between(k, 1e-100, 1e100)


ALLOWS: Allows = {
    "smooth_max_exercise": scores,
    "smooth_min_exercise": scores,
    "mellowmax_exercise": lambda z, k: some(z, -1000, 1000, 1, True) and between(k, -1000, 1000),
}
