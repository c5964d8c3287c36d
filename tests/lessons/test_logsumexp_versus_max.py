"""What lesson 04 says of shifts and bounds, where it is tempting to say more, and what its search finds."""

from __future__ import annotations

import itertools
import math
import re
from decimal import Decimal
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from course_utils.lessons import logsumexp_versus_max as lesson
from course_utils.lessons.logsumexp_versus_max.entropy import entropy_demo
from course_utils.lessons.logsumexp_versus_max.plane import SHARPNESS, level_line
from course_utils.lessons.logsumexp_versus_max.relatives import LAMBDAS, relatives_demo
from course_utils.lessons.logsumexp_versus_max.roof import HELD, HIGH, LOW, ROOFS, roof_demo
from course_utils.lessons.logsumexp_versus_max.search import exact_gap
from course_utils.lessons.logsumexp_versus_max.shift import shift_demo
from course_utils.lessons.logsumexp_versus_max.shift_exercises import (
    near_zero,
    smooth_min,
    stable_smooth_max,
)
from course_utils.lessons.logsumexp_versus_max.slope import tangents_demo
from course_utils.lessons.logsumexp_versus_max.stream import passes, stream_demo
from course_utils.numerics.softmax import logsumexp, smooth_max, softmax
from course_utils.teaching.numbers_in_text import parsed
from course_utils.teaching.pictures import Rule
from course_utils.teaching.text import format_number


@pytest.mark.parametrize(
    ("z", "shift", "precision", "ending"),
    [
        ((900, 100, -400), 900, "float64", "which is right"),
        ((900, 100, -400), 500, "float64", "which is right"),  # not only the maximum
        ((900, 100, -400), 1000, "float64", "which is right"),  # nor only what lies below it
        ((-50, -700, -800), 690, "float64", "digits are lost"),  # the last subnormals
        ((900, 100, -400), 0, "float64", "the result is infinity"),
        ((-600, -700, -800), 200, "float64", "minus infinity"),
        ((100, 0, 0), 200, "float32", "digits are lost"),
        ((900, 100, -400), 890, "float32", "which is right"),
        (
            (0, -40, -40),
            0,
            "float64",
            "the result is 0, but 8.4967e−18 is right",
        ),  # the maximum finds it finite
        ((-60, -30, 0), -100, "float64", "the result is 9.9476e−14, but 9.3576e−14 is right"),
    ],
)
def test_other_shifts_than_the_maximum_may_be_right_and_may_fail(
    z: tuple[float, ...], shift: float, precision: str, ending: str
) -> None:
    picture = shift_demo.at(z=z, shift=shift, precision=precision)
    assert ending in picture.says.partition(" In float")[0]


def test_what_is_called_right_is_right() -> None:
    """At the edge of underflow a result is off in the fourth digit, near zero in all digits."""
    called = set()
    for z, shift in itertools.product(
        ((0, -500, -1000), (500, 400, 0), (0.0001, -800, -900)), range(-500, 1000, 10)
    ):
        picture = shift_demo.at(z=z, shift=shift)
        result = picture.table.summary["m + log of the sum"]
        with mpmath.workdps(500):
            right = float(mpmath.log(sum(map(mpmath.exp, z))))
        is_right = not isinstance(result, str) and result == pytest.approx(right, rel=1e-5, abs=0)
        assert ("which is right" in picture.says) == is_right
        called.add(is_right)
    assert called == {True, False}


def test_the_maximum_is_called_finite_which_is_not_always_right() -> None:
    said = shift_demo.at(z=(0, -40, -40), shift=0).says
    assert "at m = max(z) = 0 the result is finite, always." in said


def test_the_sum_of_one_pass_is_right_as_it_is_written() -> None:
    for z, seen in itertools.product(
        ((-1, 0.5, -3, 2, 1, 1.5, 4, 0), (5,) + (-5,) * 7, (-5,) * 8, (-1.5,) + (-3.2,) * 7),
        range(1, 9),
    ):
        said = stream_demo.at(z=z, seen=seen).says.replace("−", "-")
        m, log_s, lse = map(Decimal, re.findall(r"log s = (\S+) \+ (\S+) = (\S+)\. ", said)[0])
        assert m + log_s == lse
        assert float(lse) == pytest.approx(1000 + float(logsumexp(z[:seen])), rel=1e-5)
    assert "LSE = m + log s = 1000.5 + 0.226 = 1000.726." in stream_demo.at().says
    assert "LSE = m + log s = 998.5 + 0 = 998.5." in stream_demo.at(z=(-1.5,) * 8, seen=1).says


@pytest.mark.parametrize(
    ("z", "inverse_temperature", "said"),
    [
        ((3, -3, -3), 10, "Only LSE leaves the range from min = −3 to max = 3: it lies 1.75e−27 above max."),
        ((3, 1, -3), -10, "Only LSE leaves the range from min = −3 to max = 3: it lies 4.25e−19 below min."),
        ((2, 1, -1), 1, "Only LSE leaves the range from min = −1 to max = 2. From"),
    ],
)
def test_lse_leaves_the_range_also_where_that_cannot_be_seen(
    z: tuple[float, ...], inverse_temperature: float, said: str
) -> None:
    assert said in relatives_demo.at(z=z, inverse_temperature=inverse_temperature).says


def test_where_lse_has_no_value_it_leaves_nothing() -> None:
    assert "Only LSE" not in relatives_demo.at(inverse_temperature=0).says


@pytest.mark.parametrize("z", [[0.0, -40.0], [0.0, -25.0], [-0.5, -0.9327521295671886]])
@pytest.mark.parametrize("inverse_temperature", [1.0, 1e10])
def test_near_zero_the_contract_promises_what_the_solution_keeps(
    z: list[float], inverse_temperature: float
) -> None:
    k = inverse_temperature
    scores = np.array(z) / k
    with mpmath.workdps(60):
        truth = mpmath.log(sum(mpmath.exp(mpf(k) * mpf(score)) for score in scores.tolist())) / mpf(k)
    assert "or, near zero, to 1e−9/λ" in lesson.smooth_max_exercise.contract.text
    assert abs(stable_smooth_max(scores, k) - truth) < 1e-9 / k
    assert near_zero(scores, k)


def test_without_the_shift_rounding_may_put_lse_below_max() -> None:
    x = np.linspace(0.01, 0.9, 10_001)
    far = x - 800
    naive = np.log(np.exp(x) + np.exp(far))
    assert (naive < x).any()
    shifted = logsumexp(np.stack([x, far], axis=-1))
    assert (shifted >= x).all()


@pytest.mark.parametrize("level", [-0.3, 0.0, 0.9])
def test_lines_of_one_value_have_that_value(level: float) -> None:
    for k in SHARPNESS.values():
        line = level_line(level, k)
        value = line.max(axis=-1) if np.isinf(k) else smooth_max(line, k)
        np.testing.assert_allclose(value, level, atol=1e-12)
        assert (np.abs(line[[0, -1]]).max(axis=-1) > 1).all()  # it leaves the window


def test_curves_over_the_inverse_temperature_are_what_smooth_max_computes() -> None:
    z = (2.0, 1.0, -1.0)
    data = relatives_demo.at(z=z).data
    for k, lse, mellow in zip(LAMBDAS, data["LSE"], data["mellowmax"], strict=True):
        assert mellow == pytest.approx(smooth_max(np.array(z), k, normalized=True), rel=1e-12)
        assert np.isnan(lse) if k == 0 else lse == pytest.approx(smooth_max(np.array(z), k), rel=1e-12)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=6), st.floats(0.01, 30), st.data())
def test_no_other_probabilities_reach_score_plus_entropy_of_softmax(
    scores: list[float], inverse_temperature: float, data: st.DataObject
) -> None:
    """What the page proves with log x <= x - 1: KL(q, p) is never negative, so LSE is the maximum."""
    z = np.array(scores)
    weights = np.array(data.draw(st.lists(st.floats(0.001, 1), min_size=len(z), max_size=len(z))))
    q, p = weights / weights.sum(), softmax(inverse_temperature * z)
    surprise = -np.log(q)
    value = float(q @ z + q @ surprise / inverse_temperature)
    lse = float(smooth_max(z, inverse_temperature))
    assert value <= lse + 1e-9 * (1 + abs(lse))
    at_p = float(p @ z + p @ -np.log(np.maximum(p, 5e-324)) / inverse_temperature)
    assert math.isclose(at_p, lse, rel_tol=1e-9, abs_tol=1e-9)


def test_solutions_are_right_for_integers_whose_differences_no_integer_holds() -> None:
    far = np.array([2**62, -(2**62) - 2**61])
    assert stable_smooth_max(far, 1.0) == 2.0**62
    assert smooth_min(-far, 1.0) == -(2.0**62)


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=9))
def test_one_pass_gives_lse_after_every_score(z: list[float]) -> None:
    m, s, _ = passes(np.array(z))
    for seen in range(1, len(z) + 1):
        assert m[seen - 1] + math.log(s[seen - 1]) == pytest.approx(float(logsumexp(z[:seen])), abs=1e-9)
        assert 1 <= s[seen - 1] <= seen + 1e-12, "nothing can overflow"


@given(q=st.floats(0, 1), lead=st.floats(0, 2), inverse_temperature=st.floats(0.5, 32))
def test_what_is_missing_to_lse_is_never_negative_and_completes_it(
    q: float, lead: float, inverse_temperature: float
) -> None:
    numbers = entropy_demo.at(q=q, lead=lead, inverse_temperature=inverse_temperature).data
    missing = float(numbers["missing"][0])
    parts = [float(numbers[name][0]) for name in ("score at this q", "entropy/λ")]
    assert missing >= 0
    assert sum(parts) + missing == pytest.approx(
        np.logaddexp(inverse_temperature * lead, 0) / inverse_temperature
    )


def test_nothing_is_missing_at_the_tie_only() -> None:
    """Far from the tie too little was missing for the sentence, which then called (1, 0) softmax."""
    for q, lead, k in itertools.product((0.0, 0.5, 0.88, 1.0), (0.0, 1.0, 2.0), (0.5, 1.0, 16.0, 32.0)):
        picture = entropy_demo.at(q=q, lead=lead, inverse_temperature=k)
        with mpmath.workdps(60):
            z, part = mpmath.mpf(k * lead), mpmath.mpf(q)
            surprise = sum(share * mpmath.log(share) for share in (part, 1 - part) if share)
            missing = (mpmath.log1p(mpmath.exp(z)) - part * z + surprise) / k
        assert picture.data["missing"][0] == pytest.approx(float(missing), rel=1e-9, abs=0)
        assert ("Nothing is missing" in picture.says) == (missing == 0) == (q == 0.5 and lead == 0)
        if missing:
            (said,) = re.findall(r" by (\S+): the divergence", picture.says)
            assert parsed(said) == pytest.approx(float(missing), rel=0.005), "to three digits"


def test_the_tangent_meets_the_axis_at_the_entropy_however_far_away_it_touches() -> None:
    """The height used to be a difference of nearly equal numbers: 0 where it is 2.6e-17."""
    x, k, _ = tangents_demo.controls
    for at, sharpness in itertools.product(
        (x.low, -1.2, -0.1, 0.0, 0.5, 1.2, x.high), (k.low, 1.0, 8.0, k.high)
    ):
        picture = tangents_demo.at(x=at, inverse_temperature=sharpness)
        with mpmath.workdps(60):
            p = 1 / (1 + mpmath.exp(-mpmath.mpf(sharpness) * mpmath.mpf(at)))
            height = -(p * mpmath.log(p) + (1 - p) * mpmath.log(1 - p)) / sharpness
        summary = picture.table.summary
        for name in ("height of the tangent at x = 0", "entropy of p, divided by λ"):
            assert summary[name] == pytest.approx(float(height), rel=1e-13, abs=0)
        assert f"at height {format_number(float(height))}, which is the entropy" in picture.says


def test_the_measured_slope_is_written_like_the_softmax_that_it_is() -> None:
    """Rounding used to turn the one into 1.00 where the other is 1."""
    x, k, _ = tangents_demo.controls
    for at, sharpness in itertools.product(np.linspace(x.low, x.high, 31), np.geomspace(k.low, k.high, 13)):
        says = tangents_demo.at(x=float(at), inverse_temperature=float(sharpness)).says
        measured, p0 = re.findall(r"measured slope is (\S+), .* gives p0 = (\S+)\. ", says)[0]
        assert measured == p0, says


@pytest.mark.parametrize("k", [-10.0, 0.0, 0.25, 10.0])
def test_means_that_do_not_move_are_not_said_to_go_anywhere(k: float) -> None:
    says = relatives_demo.at(z=(-2.5, -2.5, -2.5), inverse_temperature=k).says
    assert says.endswith("All logits are equal: both means are −2.5 at every λ, and only LSE leaves it.")
    assert not re.search("goes from|the range", says)


@pytest.mark.parametrize(
    ("seen", "said"), [(2, "Score 2 is a new maximum"), (3, "Score 3 is no new maximum")]
)
def test_it_is_a_score_that_is_a_new_maximum(seen: int, said: str) -> None:
    assert said in stream_demo.at(seen=seen).says


@pytest.mark.parametrize("function", list(ROOFS))
@pytest.mark.parametrize("height", [0.05, 0.13, 0.2, 0.3, 0.5])
def test_a_roof_goes_where_it_is_pressed_as_far_as_the_slider_goes(function: str, height: float) -> None:
    held = roof_demo.at(function=function).mark(1, 2)
    (found,) = held.drags.function(0.25, height, 0, {"function": function}).values()
    reached = float(ROOFS[function](HELD, found))
    ends = sorted(float(ROOFS[function](HELD, k)) for k in (LOW, HIGH))
    assert reached == pytest.approx(float(np.clip(height, *ends)), abs=1e-6)


@pytest.mark.parametrize(
    ("function", "named"),
    [("LSE", ", LSE is"), ("mellowmax", ", mellowmax is"), ("Boltzmann mean", ", the Boltzmann mean is")],
)
def test_a_mean_among_the_roofs_has_its_article(function: str, named: str) -> None:
    assert named in roof_demo.at(function=function).says


def test_the_three_roofs_are_what_their_names_say() -> None:
    z, k = np.array([1.0, 2.0, 4.0]), 1.5
    e = np.exp(k * z)
    assert ROOFS["LSE"](z, k) == pytest.approx(np.log(e.sum()) / k)
    assert ROOFS["mellowmax"](z, k) == pytest.approx(np.log(e.mean()) / k)
    assert ROOFS["Boltzmann mean"](z, k) == pytest.approx(e @ z / e.sum())


# --- the search -----------------------------------------------------------------------------------


def test_the_exact_gap_is_exact() -> None:
    with mpmath.workdps(400):
        for z, k in [((0.0, 0.0), 1.0), ((0.1, -2.5, 3.0), 0.7), ((36.0, 0.0), 10.0), ((-7.0,), 2.0)]:
            truth = mpmath.log(sum(mpmath.exp(mpf(k) * (mpf(v) - max(z))) for v in z)) / mpf(k)
            assert abs(mpf(str(exact_gap(z, k))) - truth) <= abs(truth) * mpf(10) ** -48


def test_a_bound_is_sharp_to_one_part_in_1e12() -> None:
    def results(factor: float) -> Any:
        return lesson.bound_exercise.check(lambda z, k: factor * np.log(len(z)) / k).results[1].problem

    assert results(1 + 1e-13) == ""
    assert "LSE − max is 0.69314718055995, and your bound says 0.69314718125309." in results(1 + 1e-9)


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


@pytest.mark.parametrize("distance", [0.4, 0.7772, 1.234, 2.345])
def test_the_local_search_finds_the_one_distance_of_two_logits_at_which_a_bound_is_too_low(
    distance: float,
) -> None:
    def dented(z: Any, k: float) -> float:
        if len(z) != 2:
            return (np.log(len(z)) + 10 * (len(z) > 2)) / k
        return logsumexp(k * (z - np.max(z))) / k + (abs(k * np.ptp(z) - distance) - 0.03) / k

    assert lesson.bound_exercise.check(dented).results[0].problem.startswith("Refuted by")


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


def test_attempts_at_the_faded_lines() -> None:
    faded = lesson.upper_proof.faded
    assert faded.gaps == (3, 4, 5)
    assert faded.judge(3, "exp(0)")
    assert faded.judge(4, "1 + 1")
    assert faded.judge(5, "log(4)/(2*λ)")
    assert not faded.judge(5, "log(2)*λ")


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_rules_stand_where_exp_gives_out(precision: str) -> None:
    """A little within them it gives a number, a little beyond none."""
    dtype = np.dtype(precision).type
    panel = lesson.shift_demo.at(precision=precision).panels[0][0]
    places = {mark.label: mark.at for mark in panel.marks if isinstance(mark, Rule)}
    with np.errstate(all="ignore"):
        values = {label: np.exp(dtype(at) + dtype([-0.02, 0.02])) for label, at in places.items()}
    assert {label: (value == 0).tolist() for label, value in values.items() if "0" in label} == {
        "0 below": [True, False]
    }
    assert {label: np.isinf(value).tolist() for label, value in values.items() if "∞" in label} == {
        "∞ above": [False, True]
    }


@pytest.mark.parametrize("z", [(2, 1, -1), (3, 3, -3), (0.5, 0.5, 0.5)])
def test_means_run_between_values_that_are_named(z: tuple[float, ...]) -> None:
    panel = lesson.relatives_demo.at(z=z).panels[0][1]
    named = {mark.label: mark.at for mark in panel.marks if isinstance(mark, Rule) and mark.axis == "y"}
    every = {"max": np.max(z), "mean": np.mean(z), "min": np.min(z)}
    assert named == (every if len({*z}) > 1 else {"mean": z[0]})
