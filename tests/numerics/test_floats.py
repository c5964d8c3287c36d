"""Bits, neighbors and limits of floats; sums against exact rationals and their textbook bounds."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.numerics.floats import (
    exp_limits,
    float_fields,
    neighbors,
    sum_forward,
    sum_kahan,
    sum_neumaier,
    sum_pairwise,
    ulp_error,
)

MANY = settings(max_examples=100, derandomize=True, deadline=None)
DTYPES = [np.float16, np.float32, np.float64]
SUMS = [sum_forward, sum_pairwise, sum_kahan, sum_neumaier]
UNIT = {np.float16: 2.0**-11, np.float32: 2.0**-24, np.float64: 2.0**-53}


def test_ulp_error_takes_every_kind_of_exact_number():
    with mpmath.workdps(40):
        third = [Fraction(1, 3), mpmath.mpf(1) / 3, Decimal(1) / 3]
    errors = [ulp_error(1 / 3, exact) for exact in third]
    assert errors == pytest.approx([1 / 3] * 3, abs=1e-10)
    assert ulp_error(1.0, 1) == 0
    assert ulp_error(np.nextafter(1.0, 2.0), 1.0) == 1
    assert ulp_error(np.nextafter(1.0, 0.0), 1.0) == 0.5
    assert (
        ulp_error(2.0, 2 - Fraction(1, 2**53)) == 0.5
    )  # just below a power of 2 the unit is the smaller one
    assert ulp_error(0.0, 2.0**-1074) == 1
    assert ulp_error(0.0, mpmath.exp(-(10**300))) == 0
    assert ulp_error(np.float16(1), Fraction(1025, 1024)) == 1
    np.testing.assert_array_equal(ulp_error(np.float32([[1], [2]]), [1, 2])[[0, 1], [0, 1]], 0)


def test_ulp_error_never_lets_nan_or_infinity_pass():
    assert ulp_error(math.nan, 1) == math.inf
    assert ulp_error(1.0, math.nan) == math.inf
    assert ulp_error(math.nan, math.nan) == 0
    assert ulp_error(math.inf, 1) == math.inf
    assert ulp_error(math.inf, 10**400) == 0
    assert ulp_error(-math.inf, 10**400) == math.inf
    assert ulp_error(math.inf, mpmath.mpf("inf")) == 0
    assert ulp_error(1.0, -(10**400)) > 1e15


@MANY
@given(st.sampled_from(DTYPES).flatmap(lambda d: hnp.arrays(d, ())))
def test_fields_make_up_the_number(a):
    x = a[()]
    fields = float_fields(x)
    width = 8 * a.dtype.itemsize
    assert sum(map(len, fields.bits)) == width
    stored = int("".join(fields.bits), 2)
    assert stored == int(a.view(f"u{a.dtype.itemsize}"))
    sign = (-1) ** fields.sign
    if fields.kind == "nan":
        assert np.isnan(x)
    elif fields.kind == "infinite":
        assert x == sign * math.inf
    else:
        leading = 0 if fields.kind in ("zero", "subnormal") else 1
        significand = leading + Fraction(fields.fraction, 2**fields.fraction_width)
        exponent = max(fields.exponent, 1) - fields.bias
        assert Fraction(float(x)) == sign * significand * Fraction(2) ** exponent


def test_one_number_at_a_time():
    with pytest.raises(ValueError, match=r"one number of shape \(\), got an array of shape \(2,\)"):
        float_fields([1.0, 2.0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_neighbors(dtype):
    info = np.finfo(dtype)
    below, above = neighbors(dtype(1))
    assert (below.dtype, above.dtype) == (np.dtype(dtype), np.dtype(dtype))
    assert float(above) - 1 == info.eps
    assert 1 - float(below) == info.eps / 2
    assert neighbors(info.max).above == math.inf
    assert neighbors(dtype(0)).above == info.smallest_subnormal
    assert np.isnan(neighbors(dtype("nan")).below)
    assert neighbors([1, 2]).above.shape == (2,)


@pytest.mark.parametrize("dtype", DTYPES)
def test_exp_limits_are_where_exp_breaks(dtype):
    limits = exp_limits(dtype)
    info = np.finfo(dtype)
    step = 2e-3 * abs(limits.overflow_above)

    def rounded_exp(x):  # through float64 where that has room, else as NumPy has it
        with np.errstate(all="ignore"):
            return np.exp(np.float64(x)).astype(dtype)

    assert np.isfinite(rounded_exp(limits.overflow_above - step))
    assert np.isinf(rounded_exp(limits.overflow_above + step))
    assert rounded_exp(limits.subnormal_below + step) >= info.smallest_normal
    assert 0 < rounded_exp(limits.subnormal_below - step) < info.smallest_normal
    assert rounded_exp(limits.zero_below + step) > 0
    assert rounded_exp(limits.zero_below - step) == 0


def test_exp_limits_knows_three_dtypes():
    with pytest.raises(TypeError, match="knows float16, float32 and float64, got int64"):
        exp_limits(np.int64)


def check_bound(f, x, bound):
    """|f(x) - sum(x)| <= bound(n, u, |sum(x)|, sum(|x|)), all in rationals."""
    terms = [Fraction(float(t)) for t in x]
    total, size = sum(terms, Fraction(0)), sum(map(abs, terms), Fraction(0))
    error = abs(Fraction(float(f(x))) - total)
    assert error <= bound(len(terms), Fraction(UNIT[x.dtype.type]), abs(total), size), (
        f.__name__,
        float(error),
    )


BOUNDS = {
    sum_forward: lambda n, u, total, size: n * u / (1 - n * u) * size,
    sum_pairwise: lambda n, u, total, size: (k := math.ceil(math.log2(max(n, 1)))) * u / (1 - k * u) * size,
    sum_kahan: lambda n, u, total, size: (2 * u + 2 * n * u * u) * size,
    sum_neumaier: lambda n, u, total, size: u * total + 2 * (n * u) ** 2 * size,
}
some_terms = st.sampled_from(DTYPES).flatmap(
    lambda d: hnp.arrays(d, st.integers(0, 40), elements=st.floats(-100, 100, width=8 * np.dtype(d).itemsize))
)


@MANY
@given(some_terms)
def test_sums_keep_their_textbook_bounds(x):
    for f, bound in BOUNDS.items():
        result = f(x)
        assert result.dtype == x.dtype
        check_bound(f, x, bound)


def test_long_sums_keep_their_bounds_and_differ_as_they_should():
    x = np.full(3000, 0.1, np.float32)
    errors = {f.__name__: abs(float(f(x)) - 3000 * float(x[0])) for f in SUMS}
    for f, bound in BOUNDS.items():
        check_bound(f, x, bound)
    assert errors["sum_forward"] > 100 * errors["sum_neumaier"]
    assert errors["sum_forward"] > 10 * errors["sum_pairwise"]


def test_the_bounds_catch_a_sum_that_is_worse_than_it_claims():
    x = np.full(3000, 0.1, np.float32)
    with pytest.raises(AssertionError, match="sum_forward"):
        check_bound(sum_forward, x, BOUNDS[sum_pairwise])
    cancelling = np.array([1.0, 1e20, 1.0, -1e20])
    with pytest.raises(AssertionError, match="sum_kahan"):
        check_bound(sum_kahan, cancelling, BOUNDS[sum_neumaier])


def test_order_and_compensation_on_the_example_of_the_course():
    x = [0.999] + [1e-4] * 10
    assert sum_forward(x) == 0.9999999999999999
    assert sum_forward(x[::-1]) == sum_kahan(x) == sum_neumaier(x) == math.fsum(x) == 1.0


@pytest.mark.parametrize("f", SUMS)
def test_sums_of_special_terms(f):
    assert f([]) == 0.0
    assert f([True, 2]) == 3.0
    assert f([math.inf, 1.0]) == math.inf
    assert f([1e308, 1e308]) == math.inf
    assert math.isnan(f([math.inf, -math.inf]))
    assert math.isnan(f([math.nan, 1.0]))
    assert f(np.float16([60000, 60000])) == math.inf
    with pytest.raises(ValueError, match=rf"{f.__name__} takes a sequence of shape \(n,\).*\(1, 2\)"):
        f([[1.0, 2.0]])
    with pytest.raises(TypeError, match="x must hold real numbers"):
        f([1j])


@pytest.mark.parametrize("f", [float_fields, neighbors, lambda x: ulp_error(x, 1.0)])
def test_what_is_not_a_real_number_is_a_type_error(f):
    for bad in (1j, "one", None):
        with pytest.raises(TypeError, match=r"(x|approx) must hold real numbers"):
            f(bad)
    with pytest.raises(TypeError, match="exact must hold real numbers"):
        ulp_error(1.0, "one")
