"""Attempts at the exercises of `logsumexp_versus_max`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from mpmath import mp, mpf

from attempts import Functions, Told
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
