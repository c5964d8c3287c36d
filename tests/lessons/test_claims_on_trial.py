"""Notebook 04: the search for counterexamples, claims on trial, and its derivations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from course_utils.lessons import logsumexp_versus_max as lesson
from course_utils.lessons.logsumexp_versus_max.search import exact_gap

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
    assert len(repr(derivation.verify()).splitlines()) == len(derivation.steps)


def test_attempts_at_the_faded_lines() -> None:
    faded = lesson.upper_proof.faded
    assert faded.gaps == (3, 4, 5)
    assert faded.judge(3, "exp(0)")
    assert faded.judge(4, "1 + 1")
    assert faded.judge(5, "log(4)/(2*λ)")
    assert not faded.judge(5, "log(2)*λ")
