"""What the pictures of lesson 05 take as known: peaks, lowest points, complex formulas, expectations."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.lessons.activation_derivatives.chain import DRAWN, _power, chain
from course_utils.lessons.activation_derivatives.dead import dead_relu
from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES
from course_utils.lessons.activation_derivatives.saturation import GLOROT, SATURATED, expected_saturation
from course_utils.lessons.activation_derivatives.slope import PROBED, slope_estimates
from course_utils.lessons.activation_derivatives.three import lowest_point

DENSE = np.linspace(-12, 12, 240_001)


@pytest.mark.parametrize("name", NAMES)
def test_no_slope_exceeds_the_largest_and_the_peak_has_it(name: str) -> None:
    shown = ACTIVATIONS[name]
    slopes = np.asarray(shown.slope(DENSE))
    assert slopes.max() <= shown.steepest * (1 + 1e-12)
    assert slopes.max() == pytest.approx(shown.steepest, abs=1e-5)
    if shown.peak is not None:
        assert shown.slope(shown.peak) == pytest.approx(shown.steepest, rel=1e-12)
        assert DENSE[np.argmax(slopes)] == pytest.approx(shown.peak, abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_lowest_point_is_where_the_function_turns(name: str) -> None:
    values = np.asarray(ACTIVATIONS[name].function(DENSE))
    point = lowest_point(name)
    if point is None:
        assert np.all(np.diff(values) >= 0)
    else:
        x, low = point
        assert ACTIVATIONS[name].slope(x) == pytest.approx(0, abs=1e-12)
        assert low <= values.min() <= low + 1e-8


@pytest.mark.parametrize("name", PROBED)
def test_the_formula_for_complex_numbers_is_the_same_function(name: str) -> None:
    shown, x = ACTIVATIONS[name], np.linspace(-5, 5, 101)
    assert shown.plain is not None
    np.testing.assert_allclose(np.real(shown.plain(x + 0j)), shown.function(x), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(
        np.imag(shown.plain(x + 1e-30j)) / 1e-30, shown.slope(x), rtol=1e-12, atol=1e-15
    )


def test_measured_slopes_at_one() -> None:
    slopes = slope_estimates("tanh", 1.0, 0.01)
    exact = ACTIVATIONS["tanh"].slope(1.0)
    assert slopes["forward"] - exact == pytest.approx(-3.2e-3, abs=5e-5)
    assert slopes["central"] - exact == pytest.approx(1.0e-5, abs=5e-7)


def test_saturation_is_what_many_draws_show() -> None:
    assert expected_saturation(28) == pytest.approx(0.925, abs=5e-4)
    assert expected_saturation(28 * GLOROT) == pytest.approx(0.031, abs=5e-4)
    draws = 1.23 * np.random.default_rng(0).standard_normal(1_000_000)
    share = np.mean(np.abs(np.tanh(draws)) > SATURATED)
    assert share == pytest.approx(expected_saturation(1.23), abs=1e-3)


def test_ten_sigmoids_and_their_ceiling() -> None:
    picture = chain("sigmoid", 10, 1.0)
    assert picture.data["ceiling of log10"][-1] == pytest.approx(10 * np.log10(0.25))
    tracks = picture.data["log10 of its product"].reshape(DRAWN, -1)[:, :-1]
    assert (tracks <= picture.data["ceiling of log10"] + 1e-12).all()


def test_a_dead_unit_stays_dead_and_a_leak_revives_it() -> None:
    assert set(dead_relu(-5.0, 0.0).data["bias"]) == {-5.0}
    assert dead_relu(-5.0, 0.2).data["bias"][-1] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("exponent", "written"),
    [(0, "1"), (-6.0206, "9.5e−7"), (-501.75, "1.8e−502"), (2.0, "100"), (-4.0, "1e−4"), (-3.0001, "1e−3")],
)
def test_powers_are_written_even_where_no_float_holds_them(exponent: float, written: str) -> None:
    assert _power(exponent) == written
