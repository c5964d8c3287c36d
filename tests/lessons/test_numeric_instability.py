"""What lesson 02 computes for its pictures: bits, sums, digits and errors, held against other sources."""

from __future__ import annotations

import math
import re
import struct
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from course_utils.lessons import logsumexp_versus_max
from course_utils.lessons import numeric_instability as lesson
from course_utils.lessons.numeric_instability import accuracy_lab as lab
from course_utils.lessons.numeric_instability import break_it, digits, microscope, order
from course_utils.numerics.floats import ulp_error
from course_utils.teaching import Exercise


def test_the_three_failures_are_named_and_the_worst_one_has_no_nan() -> None:
    presets = lesson.break_demo.presets
    add_89, twice, low = (
        lesson.break_demo.at(**presets[name]) for name in ("Add 89", "88.5 twice", "All at −104")
    )
    assert add_89.table.columns["p"] == ["not a number"] * 3
    assert twice.table.columns["p"] == [0.0] * 3
    assert twice.table.summary["sum of e^z"] == "overflow"
    assert low.table.columns["e^z"] == [0.0] * 3
    assert low.table.columns["p"] == ["not a number"] * 3
    assert "overflow encountered in exp" in add_89.says


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
@pytest.mark.parametrize("offset", [-800, -104, 0, 12, 89, 800])
def test_the_shift_cures_all_of_them(precision: str, offset: float) -> None:
    p = break_it.break_it((0.0, 1.0, 2.0), offset, precision, break_it.STABLE).data["height of p"]
    np.testing.assert_allclose(p, [0.0900306, 0.244728, 0.665241], rtol=2e-3)


@pytest.mark.parametrize("quantity", digits.WAYS)
def test_two_ways_to_compute_one_thing_agree_where_nothing_is_lost_yet(quantity: str) -> None:
    assert min(digits.digits_right(quantity, 1.0)) > 14.5


@pytest.mark.parametrize("x", [1.0, -0.1, 2.0**24, 2.0**-149, 3.4028235e38, -0.0, 1e-40])
def test_the_microscope_reads_bits_as_the_machine_does(x: float) -> None:
    bits = f"{struct.unpack('>I', struct.pack('>f', x))[0]:032b}"
    assert microscope.bits_of(x) == bits
    table = microscope.microscope(bits).table
    exact = float(np.float32(x))
    assert float(table.columns["value"][4].replace("−", "-").replace("minus zero", "0")) == pytest.approx(
        exact
    )
    written = table.summary["value"]
    significand, power = written.replace("−", "-").replace("+", "").split(" · 2^")
    assert float(significand) * 2.0 ** int(power) == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("fraction", ["1" + "0" * 22, "0" * 22 + "1"])
def test_the_microscope_shows_each_kind_of_nan_and_warns_of_none(fraction: str) -> None:
    assert "not a number" in microscope.microscope(f"0{'1' * 8}{fraction}").readout


def test_after_two_to_the_24_comes_every_second_number() -> None:
    assert "16777218" in microscope.microscope(microscope.bits_of(2.0**24)).readout


def test_the_error_so_far_is_that_of_a_loop() -> None:
    picture = order.order_of_addition(order.COMING_BACK, 5, order.PLAIN)
    total, exact, errors = 0.0, 0, []
    for term in [1] * 5 + [10**16] + [1] * 5 + [-(10**16)]:
        total, exact = total + term, exact + term
        errors.append(int(total) - exact)
    assert picture.data["error after the term"].tolist() == errors
    assert picture.table.summary["result at the chosen place"] == str(total) == "4.0"
    assert picture.table.summary["exact sum, rounded"] == str(float(exact)) == "10.0"


def test_the_lab_measures_what_ulp_error_measures() -> None:
    mpmath = pytest.importorskip("mpmath")
    for function, forms in lab.LAB.items():
        for _, z in list(lab.lab_inputs(lab.LOGITS))[::31]:
            nearest, rest = lab.true_values(function, z)
            right = [Fraction(a) + Fraction(b) for a, b in zip(nearest.tolist(), rest.tolist(), strict=True)]
            result = np.atleast_1d(forms["this course"](z))
            normal = np.abs(nearest) >= np.finfo(float).tiny
            errors = lab.errors_in_ulp(result, nearest, rest)
            np.testing.assert_allclose(
                errors[normal], ulp_error(result, np.array(right, dtype=object))[normal], rtol=1e-6, atol=1e-9
            )
    with mpmath.workdps(400):
        z = np.array([0.0, -300.0, -301.0])
        truth = mpmath.log(mpmath.fsum([mpmath.exp(v) for v in z]))
        nearest, rest = lab.true_values("logsumexp", z)
        assert abs(mpmath.mpf(nearest[0]) + mpmath.mpf(rest[0]) - truth) < 1e-30 * truth


def test_infinity_and_nan_are_failures_in_the_lab() -> None:
    errors = lab.errors_in_ulp(np.array([np.nan, np.inf, 1.0]), np.ones(3), np.zeros(3))
    assert errors.tolist() == [math.inf, math.inf, 0.0]
    assert [lab.decade(e) for e in (0.5, 120.0, 4e15, math.inf, math.nan)] == [
        "below 10",
        "about 100",
        "about 1e16",
        "fails",
        "nothing to measure",
    ]


def test_this_course_stays_within_a_few_ulp_in_the_lab() -> None:
    for function in lab.LAB:
        assert np.nanmax(lab.lab_errors(function, lab.LOGITS)["this course"]) < 4
    assert np.nanmax(lab.lab_errors("logsumexp", lab.LARGEST_ZERO)["this course"]) < 4


def test_stored_decades_are_not_on_the_brink() -> None:
    """What the notebook stores must be the same on every processor, whose errors differ by an ulp or two."""
    shown = [values[::2] for values in lab.lab_errors("log_softmax", lab.LOGITS).values()]
    for error in np.concatenate(shown):
        if math.isfinite(error):
            assert lab.decade(error) == lab.decade(0.75 * error) == lab.decade(1.25 * error)


def test_the_lab_needs_no_progress_bar() -> None:
    """It computes while you watch: 1,440 exponentials with 60 digits take about 60 ms."""
    assert sum(z.size for _, z in lab.lab_inputs(lab.LOGITS)) <= 1440


def test_digits_die_where_the_theory_says() -> None:
    for quantity, last in (("1 − σ(x)", 37.5), ("log σ(x)", 37.5), ("tanh′(x)", 19.5)):
        assert digits.digits_right(quantity, last * 0.9)[0] > 0
        assert digits.digits_right(quantity, last * 1.05)[0] == 0
        assert digits.digits_right(quantity, last * 1.05)[1] > 15


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
@pytest.mark.parametrize("formula", [break_it.NAIVE, break_it.STABLE])
def test_what_the_demo_says_of_warnings_is_what_numpy_says_where_it_says_anything(
    precision: str, formula: str
) -> None:
    """In a browser NumPy never warns; the demo says the same there."""
    said = set()
    for offset in (-1000, -104, -17.5, 0, 8, 11.05, 88, 88.6, 709.5, 1000):
        for gap in (0, 0.5, 20, 800):
            scores = (np.array([0, gap, gap / 2]) + offset).astype(precision)
            with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
                warnings.simplefilter("always")
                _, e, total, p = break_it.softmax_in_steps(scores, formula)
            messages = [str(warning.message) for warning in caught]
            assert break_it.warnings_of(e, total, p) == messages, (scores, formula)
            said.update(messages)
    assert len(said) == (3 if formula == break_it.NAIVE else 0)


ALONG: Any = {"axis": -1, "keepdims": True}
SHIFTS = {
    "median": lambda z: np.median(z, **ALONG),
    "first entry": lambda z: z[..., :1],
    "last entry": lambda z: z[..., -1:],
    "smallest": lambda z: z.min(**ALONG),
    "middle": lambda z: (z.max(**ALONG) + z.min(**ALONG)) / 2,
    "upper quartile": lambda z: np.quantile(z, 0.75, **ALONG),
    "lower quartile": lambda z: np.quantile(z, 0.25, **ALONG),
    "smallest absolute value": lambda z: abs(z).min(**ALONG),
}


def softmax_shifted_by(shift: Any) -> Any:
    def function(z: Any) -> Any:
        e = np.exp(z - shift(z))
        return e / e.sum(**ALONG)

    return function


def log_softmax_shifted_by(shift: Any) -> Any:
    def function(z: Any) -> Any:
        s = z - shift(z)
        return s - np.log(np.exp(s).sum(**ALONG))

    return function


def logsumexp_shifted_by(shift: Any) -> Any:
    return lambda z: shift(z)[0] + np.log(np.exp(z - shift(z)).sum())


def smooth_max_shifted_by(shift: Any) -> Any:
    return lambda z, k: shift(1.0 * z)[0] + np.log(np.exp(k * (z - shift(1.0 * z))).sum()) / k


@pytest.mark.parametrize(
    ("exercise", "shifted_by"),
    [
        (lesson.stable_softmax_exercise, softmax_shifted_by),
        (lesson.log_softmax_exercise, log_softmax_shifted_by),
        (lesson.logsumexp_exercise, logsumexp_shifted_by),
        (logsumexp_versus_max.smooth_max_exercise, smooth_max_shifted_by),
    ],
    ids=["softmax", "log-softmax", "logsumexp", "smooth maximum"],
)
@pytest.mark.parametrize("name", SHIFTS)
def test_who_shifts_too_little_is_not_told_of_what_is_not_done(
    exercise: Exercise, shifted_by: Any, name: str
) -> None:
    """Many shifts fail where that by the mean does, and where log p does. They take no mean and form no p."""
    verdict = exercise.check(shifted_by(SHIFTS[name]))
    assert verdict.status == "failed"
    named = re.sub(r",? such as the (mean|largest \*absolute value\*)", "", verdict.diagnosis)
    assert not re.search(r"\bmean\b|absolute|a probability|pass through p", named)
    if re.search(r"(subtract|shift by) the \*?smallest|the smallest is taken", named):
        assert name == "smallest"


@pytest.mark.parametrize(
    ("preset", "exact"),
    [("A large term comes and goes", False), ("Kahan, defeated", False), ("Neumaier", True)],
)
def test_a_sum_is_defeated_where_a_preset_says_so(preset: str, exact: bool) -> None:
    demo = order.order_demo
    assert ("this is the exact sum, correctly rounded" in demo.at(**demo.presets[preset]).says) == exact
