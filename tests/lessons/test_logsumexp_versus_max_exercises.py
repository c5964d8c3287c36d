"""Notebook 04: attempts at its exercises that are not listed there; its search; its derivations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from course_utils.lessons import logsumexp_versus_max as lesson
from course_utils.lessons.logsumexp_versus_max.claims import _lead
from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.lessons.logsumexp_versus_max.search import exact_gap
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
    lambda z, k: np.logaddexp.reduce(z),
    lambda z, k: np.max(z) + np.log(np.sum(np.exp(k * z - np.max(z)))) / k,
    lambda z, k: np.max(z) + np.log(np.sum(np.exp(k * (np.max(z) - z)))) / k,
    lambda z, k: np.max(z) + np.log2(np.sum(2 ** (k * (z - np.max(z))))) / k,
    lambda z, k: np.max(z) + np.log10(np.sum(np.exp(k * (z - np.max(z))))) / k,
    lambda z, k: np.max(z) + np.log(len(z)) / k,
    lambda z, k: z[0] + np.log(np.sum(np.exp(k * (z - z[0])))) / k,
    lambda z, k: np.median(z) + np.log(np.sum(np.exp(k * (z - np.median(z))))) / k,
    lambda z, k: np.log(np.sum(np.exp(k * np.clip(z, -700, 700)))) / k,
    lambda z, k: np.max(z) - np.log(np.sum(np.exp(-k * (z - np.max(z))))) / k,
    lambda z, k: np.round(stable_smooth_max(z, k), 6),
    lambda z, k: stable_smooth_max(z, abs(k) + 1e-6),
]

# --- smooth_min -----------------------------------------------------------------------------------

RIGHT_SMOOTH_MIN = [
    lambda z, k: min(z) - math.log(sum(math.exp(-k * (float(v) - min(z))) for v in z)) / k,
    lambda z, k: np.min(z) + np.log(np.sum(np.exp(-k * (z - np.min(z))))) / -k,
    lambda z, k: -by_log1p(np.negative(z), k),
]
WRONG_SMOOTH_MIN = [
    lambda z, k: stable_smooth_max(z, -k),
    lambda z, k: -np.logaddexp.reduce(-k * z) / k,
    lambda z, k: np.min(z) - np.log(np.mean(np.exp(-k * (z - np.min(z))))) / k,
    lambda z, k: np.min(z) - np.log(len(z)) / k,
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
    lambda z, k: min(np.log(len(z)), np.log1p((len(z) - 1) * np.exp(-k * _lead(z)))) / k,
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
    lambda z, k: np.mean(z),
    lambda z, k: np.max(z) if k > 0 else np.min(z),
    lambda z, k: by_smooth_max(z, abs(k)),
    lambda z, k: by_smooth_max(z, k) if k else 0.0,
    lambda z, k: by_smooth_max(z, k) if abs(k) > 1e-12 else np.median(z),
    lambda z, k: by_smooth_max(z, k if abs(k) > 1e-6 else 1e-6),
    lambda z, k: by_smooth_max(z, k) + np.log(len(z)),
    lambda z, k: (
        np.log(np.mean(np.exp(np.float64(k) * (z - np.max(z))))) / k + np.max(z) if k else np.mean(z)
    ),
]

ATTEMPTS = [
    (lesson.smooth_max_exercise, RIGHT_SMOOTH_MAX, WRONG_SMOOTH_MAX),
    (lesson.smooth_min_exercise, RIGHT_SMOOTH_MIN, WRONG_SMOOTH_MIN),
    (lesson.bound_exercise, RIGHT_BOUND, WRONG_BOUND),
    (lesson.mellowmax_exercise, RIGHT_MELLOWMAX, WRONG_MELLOWMAX),
]


@pytest.mark.parametrize(("exercise", "attempt"), [(e, f) for e, right, _ in ATTEMPTS for f in right])
def test_right_in_another_style(exercise: Any, attempt: Any) -> None:
    verdict = exercise.check(attempt)
    assert verdict, verdict


@pytest.mark.parametrize(("exercise", "attempt"), [(e, f) for e, _, wrong in ATTEMPTS for f in wrong])
def test_wrong_and_not_listed(exercise: Any, attempt: Any) -> None:
    assert not exercise.check(attempt)


# --- the search -----------------------------------------------------------------------------------


def test_the_exact_gap_is_exact() -> None:
    with mp.workdps(400):
        for z, k in [((0.0, 0.0), 1.0), ((0.1, -2.5, 3.0), 0.7), ((36.0, 0.0), 10.0), ((-7.0,), 2.0)]:
            truth = mp.log(sum(mp.exp(mpf(k) * (mpf(v) - max(z))) for v in z)) / mpf(k)
            assert abs(mpf(str(exact_gap(z, k))) - truth) <= abs(truth) * mpf(10) ** -48


def test_a_refuted_bound_gets_a_true_counterexample() -> None:
    verdict = lesson.bound_exercise.check(lambda z, k: 1 / k)
    problem = verdict.results[0].problem
    assert "z = [0.0, 0.0, 0.0], λ = 1" in problem
    assert "1.09861" in problem
    assert math.log(3) > 1


def test_the_local_search_finds_what_corners_and_random_cases_miss() -> None:
    def narrow(z: Any, k: float) -> float:
        """Right everywhere but in a small pocket near ties of unequal height."""
        honest = np.log(len(z)) / k
        return honest / 2 if len(z) > 1 and 0 < np.ptp(z) * k < 0.02 else honest

    verdict = lesson.bound_exercise.check(narrow)
    assert not verdict
    assert verdict.results[0].problem.startswith("Refuted by")


@pytest.mark.parametrize(
    ("claim", "in_reals", "in_floats"),
    [
        (lambda z, k, lse: lse >= max(z), True, True),
        (lambda z, k, lse: lse > max(z), False, False),
        (lambda z, k, lse: len(z) == 1 or lse > max(z), True, False),
        (lambda z, k, lse: lse >= sum(z) / len(z), True, True),
        (lambda z, k, lse: lse < max(z) + 1, False, False),
        (lambda z, k, lse: lse <= max(z) + len(z) / k, True, True),
        (lambda z, k, lse: lse <= max(z) + np.log(len(z)) / k + 1e-9, True, True),
        (lambda z, k, lse: lse - max(z) <= math.log(len(z)) / k * 1.0001, True, True),
        (lambda z, k, lse: lse <= np.log(len(z)) / k + max(z), True, None),
        (lambda z, k, lse: lse <= 0.999 * np.log(len(z)) / k + max(z), False, False),
        (lambda z, k, lse: -lse * 0.5 <= -0.5 * sum(z) / len(z) + 1e-9, True, True),
    ],
)
def test_claims_on_trial(claim: Any, in_reals: bool, in_floats: bool | None) -> None:
    verdict = lesson.try_to_refute(claim)
    survived = [not result.problem for result in verdict.results]
    assert survived[0] == in_reals
    assert in_floats is None or survived[1] == in_floats  # None: the last digit decides
    assert bool(verdict) == all(survived)


# --- derivations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "derivation", [lesson.lower_proof, lesson.upper_proof, lesson.both_bounds, lesson.invariance_error]
)
def test_every_line_follows_or_is_planted(derivation: Any) -> None:
    assert len(derivation.verify().lines) == len(derivation.steps)


def test_attempts_at_the_faded_lines() -> None:
    faded = lesson.upper_proof.faded
    assert faded.gaps == (3, 4, 5)
    assert faded.judge(3, "exp(0)")
    assert faded.judge(4, "1 + 1")
    assert faded.judge(5, "log(4)/(2*λ)")
    assert not faded.judge(5, "log(2)*λ")
