"""Softmax and its neighbors: special values, identities, misuse, second opinion."""

import math
import re
from fractions import Fraction

import mpmath
import mpmath_truth
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.numerics._exponentials import two_product, two_sum
from course_utils.numerics.floats import ulp_error
from course_utils.numerics.softmax import (
    OnlineLogSumExp,
    entropy,
    hardmax,
    log_softmax,
    logsumexp,
    smooth_max,
    softmax,
    softmax_jacobian,
    softmax_vjp,
)

INF, NAN = math.inf, math.nan
FEW = settings(max_examples=40, derandomize=True, deadline=None)
AXES = [-1, 0, 1, -2, (0, 2), (2, 0), (0, 1, 2), None]
logits = hnp.arrays(float, st.integers(1, 8), elements=st.floats(-1000, 1000))


def cube(scale=3.0):
    return np.random.default_rng(1).normal(scale=scale, size=(3, 4, 5))


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("scale", [1, 100])
def test_agrees_with_scipy_along_every_axis(axis, scale):
    x = cube(scale)
    np.testing.assert_allclose(logsumexp(x, axis), scipy.special.logsumexp(x, axis), rtol=1e-13)
    np.testing.assert_allclose(softmax(x, axis), scipy.special.softmax(x, axis), rtol=1e-12)
    np.testing.assert_allclose(
        log_softmax(x, axis), scipy.special.log_softmax(x, axis), rtol=1e-12, atol=1e-13
    )


@pytest.mark.parametrize("axis", AXES)
def test_keepdims_and_shapes_are_those_of_numpy(axis):
    x = cube()
    for keepdims in (False, True):
        expected = np.sum(x, axis=axis, keepdims=keepdims).shape
        assert np.shape(logsumexp(x, axis, keepdims=keepdims)) == expected
        assert np.shape(smooth_max(x, 2.0, axis, keepdims=keepdims)) == expected
    assert softmax(x, axis).shape == log_softmax(x, axis).shape == hardmax(x, axis).shape == x.shape
    np.testing.assert_allclose(softmax(x, axis).sum(axis=axis), 1, rtol=1e-14)


SPECIAL = [
    # x, logsumexp, softmax, log_softmax, hardmax
    ([-INF, -INF], -INF, [NAN, NAN], [NAN, NAN], [NAN, NAN]),
    ([-INF], -INF, [NAN], [NAN], [NAN]),
    ([-INF, 3.0], 3.0, [0, 1], [-INF, 0], [0, 1]),
    ([INF, 0.0, -INF], INF, [1, 0, 0], [0, -INF, -INF], [1, 0, 0]),
    ([NAN, 0.0], NAN, [NAN, NAN], [NAN, NAN], [NAN, NAN]),
    ([NAN, INF], NAN, [NAN, NAN], [NAN, NAN], [NAN, NAN]),
    ([], -INF, [], [], []),
    ([1.7e308, -1.7e308], 1.7e308, [1, 0], [0, -INF], [1, 0]),
    ([7.0], 7.0, [1], [0], [1]),
]


@pytest.mark.parametrize(("x", "lse", "p", "log_p", "hard"), SPECIAL)
def test_special_values(x, lse, p, log_p, hard):
    np.testing.assert_array_equal(logsumexp(x), lse)
    np.testing.assert_array_equal(softmax(x), p)
    np.testing.assert_array_equal(softmax(x, temperature=1e-300), p)
    np.testing.assert_array_equal(log_softmax(x), log_p)
    np.testing.assert_array_equal(hardmax(x), hard)
    np.testing.assert_array_equal(OnlineLogSumExp().update(x).value, lse)


def test_a_single_number_is_a_sum_of_one_term():
    assert logsumexp(5.0) == 5.0
    assert softmax(5.0, axis=None) == 1.0


def test_integers_become_float64_before_they_are_subtracted():
    assert softmax(np.array([100, -100], dtype=np.int8)).dtype == np.float64
    np.testing.assert_array_equal(softmax(np.array([100, -100], np.int8)), softmax([100.0, -100.0]))
    np.testing.assert_array_equal(softmax([True, False]), softmax([1.0, 0.0]))
    assert logsumexp(np.array([255, 0], np.uint8)) == 255.0
    assert entropy([1, 0, 0]) == entropy([True, False]) == 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_float_dtypes_are_kept(dtype):
    x = cube().astype(dtype)
    results = [
        logsumexp(x),
        softmax(x),
        log_softmax(x, 0, temperature=2),
        smooth_max(x, 2),
        hardmax(x),
        entropy(softmax(x)),
        softmax_jacobian(x),
        softmax_vjp(x, x),
    ]
    assert [r.dtype for r in results] == [np.dtype(dtype)] * len(results)


@FEW
@given(logits, st.integers(-1000, 1000))
def test_probabilities_sum_to_one_and_ignore_a_shift(x, shift):
    p = softmax(x)
    assert p.sum() == pytest.approx(1, abs=1e-15 * len(x))
    whole = np.round(x)
    np.testing.assert_allclose(softmax(whole + shift), softmax(whole), rtol=1e-15, atol=1e-320)


@FEW
@given(logits, st.floats(0.1, 10))
def test_exp_of_log_softmax_is_softmax(x, t):
    log_p = log_softmax(x, temperature=t)
    np.testing.assert_allclose(np.exp(log_p), softmax(x, temperature=t), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("t", [0, -1, INF, NAN, -INF])
def test_a_bad_temperature_points_at_hardmax(t):
    for f in (softmax, log_softmax, softmax_jacobian):
        with pytest.raises(ValueError, match=r"temperature must be finite and positive.*hardmax"):
            f([1.0, 2.0], temperature=t)


@pytest.mark.parametrize(
    "bad", [[1j], ["a"], [None], np.array([1], "M8[s]")], ids=["complex", "text", "object", "date"]
)
def test_input_that_is_not_real_is_a_type_error(bad):
    for f in (logsumexp, softmax, log_softmax, hardmax, entropy, softmax_jacobian, OnlineLogSumExp().update):
        with pytest.raises(TypeError, match="must hold real numbers"):
            f(bad)


def test_smooth_max_at_its_extremes():
    assert smooth_max([3.0, -2.0], 1e308) == 3
    assert smooth_max([3.0, -2.0], -1e308) == -2
    assert smooth_max([3.0, -2.0], INF) == 3
    assert smooth_max([3.0, -2.0], -INF) == -2
    assert smooth_max([3.0, -2.0], 0, normalized=True) == 0.5
    assert smooth_max([3.0, -2.0], 1e-300, normalized=True) == 0.5
    for k in (0, 1e-309):  # x - m overflows
        assert abs(smooth_max([1e308, -1e308], k, normalized=True)) < 0.1 * 1e308
        np.testing.assert_allclose(
            smooth_max([1e308, -1.7e308, -1.7e308], k, normalized=True), -8e307, rtol=0.2
        )
    beside = smooth_max([[1e308, -1e308], [5e-324, 5e-324]], 1, normalized=True)
    assert beside.tolist() == [1e308, 5e-324]
    assert smooth_max([INF, 0.0], 0, normalized=True) == INF
    assert smooth_max([-INF, 0.0], 0, normalized=True) == -INF
    assert np.isnan(smooth_max([INF, -INF], 0, normalized=True))
    with pytest.raises(ValueError, match="normalized=True"):
        smooth_max([3.0, -2.0], 0)


# --- accuracy, against mpmath ---------------------------------------------------------------------

U = 2.0**-53
BOUNDS = {
    # units in the last place of the dtype
    np.float64: {"logsumexp": 3, "log_softmax": 3, "softmax": 8},
    np.float32: {"logsumexp": 1, "log_softmax": 0.51, "softmax": 0.51},
    np.float16: {"logsumexp": 1, "log_softmax": 0.51, "softmax": 0.51},
}
TEMPERATURES = [1.0, 0.7, 3.0, 37.5, 1e-3]


def hard_inputs():
    rng = np.random.default_rng(7)
    yield "huge", rng.normal(size=9) * 1e3 + 1e5
    yield "huger", np.array([1e308, -1e308, 1e308, 3.0])
    yield "tiny", rng.normal(size=9) * 1e-10
    yield "tiniest", np.array([5e-324, -5e-324, 1e-310, 0.0])
    yield "ties", np.full(7, 0.1)
    yield "ties, negative", np.full(7, -1000.1)
    yield "one dominates", np.array([0.0, *rng.uniform(-60, -20, size=30)])
    yield "one dominates, sums that round up", np.array([0.0] + [-36.7] * 6)
    yield "one dominates, longer", np.array([0.0] + [-36.7] * 127)
    yield "one dominates, tiny maximum", np.array([1e-13, -30.1, -31.7, -29.3])
    yield "one dominates, far ahead", np.array([0.3, -690.123, -650.7, -33.3])
    yield "two dominate", np.array([0.0, 0.0] + [-36.7] * 100)
    yield "wide", rng.normal(size=20) * 100
    yield "wide, above 700", rng.uniform(-20, 1400, size=20)
    yield "just overflowing", np.array([709.5, 709.7, 1.1, -3.3, 300.3])
    yield "mixed signs", np.array([1.0, -1.0] * 5) * rng.uniform(0.01, 30, size=10)
    yield "log-probabilities", np.log(rng.dirichlet(np.ones(6)))
    for k in range(12):
        n = int(rng.integers(2, 9))
        yield f"half cancelled {k}", -math.log(n) * rng.uniform(0.3, 1.5) + rng.normal(size=n) * 0.4
    yield "long", rng.choice(rng.normal(size=40) * 5, size=10**6)
    yield "long, one dominates", np.where(np.arange(10**6) == 4321, 0.1, -36.7)
    yield "long, one dominates, late", np.where(np.arange(10**6) == 654321, 0.1, -36.7)
    yield "long, above 700", rng.choice(rng.normal(size=40) * 100 + 700, size=10**5)
    yield "long, a little of everything", np.where(np.arange(10**6) % 1000 == 1, -1.3, -14.9)
    # NumPy 2.0 adds these to one number in eight, always in the same place, and was 27 roundings off.
    yield "long, in step with the sum", np.where(np.arange(10**6) % 1024 == 1, -1.3, -14.9)
    yield "masked", np.array([0.3, -np.inf, -2.0, -np.inf])


HARD = dict(hard_inputs())


def worst_error(f, truth, x, **options):
    """Largest error of f(x) in ulp, of the normal and of the subnormal results."""
    _, places, _ = mpmath_truth.distinct(x)
    results = np.ravel(f(x, **options))
    results = results[places] if results.size > 1 else results
    true = truth(x, **options)
    true = true if isinstance(true, list) else [true]
    errors = ulp_error(results, true)
    smallest = float(np.finfo(results.dtype).smallest_normal)
    normal = np.array([abs(t) >= smallest for t in true])
    return errors[normal].max(initial=0), errors[~normal].max(initial=0)


def check_accuracy(x, temperature=1.0, functions=(logsumexp, softmax, log_softmax)):
    """Raise AssertionError if a function is further from the truth than it promises."""
    bounds = BOUNDS[x.dtype.type]
    for f in functions:
        options = {"temperature": temperature} if temperature != 1 else {}
        name = f.__name__
        if name == "logsumexp":
            true = mpmath_truth.logsumexp(x)
            if abs(true) < abs(x.max()) / 4 and x.dtype == float:
                assert abs(float(f(x) - true)) <= 2 * U * np.abs(x[np.isfinite(x)]).max()
                continue
            options = {}
        normal, subnormal = worst_error(f, getattr(mpmath_truth, name), x, **options)
        assert normal <= bounds[name], (name, normal)
        assert subnormal <= 2, (name, subnormal)


@pytest.mark.parametrize("name", HARD)
def test_accuracy_on_hard_input(name):
    for temperature in TEMPERATURES[: 2 if "long" in name else None]:
        check_accuracy(HARD[name], temperature)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_accuracy_of_short_floats(dtype):
    for name, x in HARD.items():
        if "long" not in name and "huge" not in name:
            check_accuracy(x.astype(dtype))
            check_accuracy(x.astype(dtype), 0.7)


lengths = st.integers(1, 12)
magnitudes = st.sampled_from([1e-8, 1e-2, 1.0, 5.0, 40.0, 300.0, 1e4])


@st.composite
def awkward(draw):
    """Logits of one magnitude around a common offset, now and then with one that dominates."""
    x = draw(hnp.arrays(float, lengths, elements=st.floats(-1, 1))) * draw(magnitudes)
    x = x + draw(st.sampled_from([0.0, 0.0, -1.3, 1e-9, 20.0, -400.0, 1e6]))
    if draw(st.booleans()):
        x[0] = x.max() + draw(st.floats(0, 50))
    return x


@settings(max_examples=200, derandomize=True, deadline=None)
@given(awkward(), st.sampled_from([1.0, 1.0, 0.3, 7.0]))
def test_accuracy_on_generated_input(x, temperature):
    check_accuracy(x, temperature)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(hnp.arrays(float, st.integers(2, 9), elements=st.floats(-0.5, 0.5)), st.floats(0.3, 1.6))
def test_accuracy_where_the_result_half_cancels(x, part):
    check_accuracy(x - part * math.log(len(x)), functions=[logsumexp])


@settings(max_examples=60, derandomize=True, deadline=None)
@given(awkward(), st.sampled_from([0.1, 3.0, 1e3, -0.7]))
def test_accuracy_of_smooth_max(x, k):
    true = mpmath_truth.smooth_max(-x if k < 0 else x, abs(k)) * (-1 if k < 0 else 1)
    assert abs(float(smooth_max(x, k) - true)) <= 4 * U * (abs(float(true)) + np.abs(x).max())


def test_the_accuracy_check_rejects_the_usual_formulas():
    def softmax_as_written(x, temperature=1.0):
        e = np.exp(x / temperature)
        return e / e.sum()

    def logsumexp_as_written(x):
        return np.log(np.exp(x).sum())

    def log_softmax_as_written(x, temperature=1.0):
        return np.log(softmax_as_written(x, temperature))

    def softmax_by_shift(x, temperature=1.0):
        e = np.exp((x - x.max()) / temperature)
        return e / e.sum()

    def logsumexp_by_shift(x):
        return x.max() + np.log(np.exp(x - x.max()).sum())

    def log_softmax_by_shift(x, temperature=1.0):
        return x - logsumexp_by_shift(x)

    softmax_as_written.__name__ = softmax_by_shift.__name__ = "softmax"
    logsumexp_as_written.__name__ = logsumexp_by_shift.__name__ = "logsumexp"
    log_softmax_as_written.__name__ = log_softmax_by_shift.__name__ = "log_softmax"

    def rejected(f, *names):
        with np.errstate(all="ignore"):
            for name in names:
                with pytest.raises(AssertionError):
                    check_accuracy(HARD[name], functions=[f])

    rejected(softmax_as_written, "huge", "just overflowing")
    rejected(logsumexp_as_written, "huge", "one dominates, tiny maximum")
    rejected(log_softmax_as_written, "huge", "one dominates")
    rejected(softmax_by_shift, "wide", "one dominates, far ahead")
    rejected(logsumexp_by_shift, "one dominates, tiny maximum")
    rejected(log_softmax_by_shift, "one dominates", "ties, negative")


@pytest.mark.parametrize("columns", [1, 15, 16, 17, 1000, 2**14 - 1, 2**14, 2**14 + 1, 2**15 + 5])
def test_a_row_depends_on_the_rows_beside_it_in_its_last_digits_at_most(columns):
    """Rows are computed in blocks, long rows in pieces; a block has rows of every kind, or of one kind."""
    rng = np.random.default_rng(columns)
    x = rng.normal(size=(-(-40_000 // columns) + 3, columns))
    scale, offset = (rng.choice(a, size=(len(x), 1)) for a in ([1e-3, 1, 100, 1000], [-1000, -1, 0, 700]))
    some = rng.integers(len(x), size=20)
    for z in (x, 100 * x + 700, x * scale + offset):
        alone = [softmax(row) for row in z[some]]
        np.testing.assert_allclose(softmax(z)[some], alone, rtol=4e-15, atol=1e-323)
        for f in (logsumexp, log_softmax, lambda a: smooth_max(a, 3.0)):
            np.testing.assert_allclose(f(z)[some], [f(row) for row in z[some]], rtol=1e-15, atol=1e-323)


def test_a_safe_function_is_silent_where_the_caller_wants_to_hear_of_everything():
    rows = [[-800.0, 3.0], [-800.0, -750.0], [1e308, -1e308], [INF, -INF], [NAN, 0.0]]
    for x in (*rows, rows):
        with np.errstate(all="raise"):
            softmax(x), softmax(x, temperature=1e-300), log_softmax(x), log_softmax(x, temperature=3)
            logsumexp(x), smooth_max(x, 2.0), hardmax(x), OnlineLogSumExp().update(x)
            softmax_jacobian(x), softmax_vjp(x, x)
    with np.errstate(all="raise"):
        entropy([1e-312, 1.0])


def test_nothing_is_zero_not_minus_zero():
    for result in (
        entropy([1.0, 0.0]),
        entropy(np.eye(2)),
        softmax_jacobian([3.0]),
        softmax_jacobian([0, -9e9]),
    ):
        assert not np.signbit(result[result == 0]).any()


numbers = st.floats(1e-9, 1e9).flatmap(lambda size: st.sampled_from([size, -size]))


@FEW
@given(numbers, numbers)
def test_what_a_sum_and_a_product_lose_is_known_exactly(a, b):
    """Both are pairs of a rounded number and its error, and as fractions these add up to the truth."""
    for pair, exact in (
        (two_sum(np.array([a]), np.array([b])), Fraction(a) + Fraction(b)),
        (two_product(np.array([a]), b), Fraction(a) * Fraction(b)),
    ):
        rounded, error = (float(part[0]) for part in pair)
        assert rounded == float(exact)
        assert Fraction(rounded) + Fraction(error) == exact


# --- a million entries, and streams ---------------------------------------------------------------


def test_online_form_agrees_with_the_whole_however_it_is_cut():
    rng = np.random.default_rng(3)
    x = rng.normal(size=1000) * 30
    whole = float(logsumexp(x))
    for blocks in (np.split(x, [1, 2, 500]), np.split(np.sort(x), 50), np.split(-np.sort(-x), 10), x):
        stream = OnlineLogSumExp()
        for block in blocks:
            stream.update(block)
        assert stream.value == pytest.approx(whole, rel=1e-14)
    left, right = OnlineLogSumExp().update(x[:300]), OnlineLogSumExp().update(x[300:])
    before = right.value
    assert left.merge(right).value == pytest.approx(whole, rel=1e-14)
    assert right.value == before


def test_online_form_with_leading_masks_and_infinities():
    assert OnlineLogSumExp().value == -INF
    assert OnlineLogSumExp().update([-INF, -INF]).update(-INF).update([2.0]).value == 2.0
    assert OnlineLogSumExp().update(2.0).merge(OnlineLogSumExp()).value == 2.0
    assert OnlineLogSumExp().update(INF).update(INF).update(3.0).value == INF
    assert math.isnan(OnlineLogSumExp().update(NAN).update(3.0).value)
    assert math.isnan(OnlineLogSumExp().update(3.0).update([NAN, INF]).value)


def test_a_million_equal_entries_on_any_axis():
    x = np.full((10**6, 1), -3.25)
    assert logsumexp(x, 0)[0] == pytest.approx(math.log(10**6) - 3.25, rel=1e-15)
    np.testing.assert_allclose(softmax(x, 0), 1e-6, rtol=1e-15)


# --- identities -----------------------------------------------------------------------------------


@FEW
@given(logits, st.randoms(use_true_random=False))
def test_order_of_the_entries_does_not_matter(x, random):
    order = list(range(len(x)))
    random.shuffle(order)
    np.testing.assert_allclose(softmax(x[order]), softmax(x)[order], rtol=2e-15, atol=1e-320)
    np.testing.assert_allclose(logsumexp(x[order]), logsumexp(x), rtol=1e-15, atol=1e-15)


@FEW
@given(logits, st.floats(0.01, 100))
def test_bounds_of_the_smooth_maximum(x, k):
    gap = math.log(len(x)) / k
    rounding = 1e-15 * (1 + np.abs(x).max() + gap)
    assert x.max() - rounding <= smooth_max(x, k) <= x.max() + gap + rounding
    assert x.min() - gap - rounding <= smooth_max(x, -k) <= x.min() + rounding
    assert x.min() - rounding <= smooth_max(x, k, normalized=True) <= x.max() + rounding
    assert smooth_max(x, k) - gap == pytest.approx(smooth_max(x, k, normalized=True), abs=10 * rounding)


def test_normalized_smooth_maximum_tends_to_the_mean():
    x = np.array([1.0, 2.0, 4.0])
    variance = x.var()
    for k in (1e-12, 1e-6, 1e-3, -1e-3):
        # mean + k variance / 2 + third moment k^2 / 6
        assert smooth_max(x, k, normalized=True) == pytest.approx(x.mean() + k * variance / 2, abs=k * k)
    assert smooth_max(x, 0.0, normalized=True) == pytest.approx(x.mean(), abs=1e-15)


@pytest.mark.parametrize("k", [0.5, 1.0, 4.0, -2.0])
def test_gradient_of_the_smooth_maximum_is_softmax(k):
    x = np.array([0.3, -1.0, 0.9, 0.2])
    h = 1e-5
    slope = [(smooth_max(x + h * e, k) - smooth_max(x - h * e, k)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(slope, softmax(k * x), atol=1e-9)


@pytest.mark.parametrize("t", [0.5, 1.0, 3.0])
def test_jacobian_against_differences_and_its_rows(t):
    x = np.random.default_rng(5).normal(size=(2, 3, 4))
    jacobian = softmax_jacobian(x, temperature=t)
    assert jacobian.shape == (2, 3, 4, 4)
    np.testing.assert_allclose(jacobian.sum(axis=-1), 0, atol=1e-16)
    np.testing.assert_allclose(jacobian, np.swapaxes(jacobian, -1, -2))
    h = 1e-6
    for j, e in enumerate(np.eye(4)):
        slope = (softmax(x + h * e, temperature=t) - softmax(x - h * e, temperature=t)) / (2 * h)
        np.testing.assert_allclose(jacobian[..., j], slope, atol=1e-9)


@FEW
@given(logits, st.floats(0.1, 10))
def test_vjp_is_the_transposed_jacobian_times_v(x, t):
    v = np.cos(np.arange(len(x)))
    expected = softmax_jacobian(x, temperature=t).T @ v
    np.testing.assert_allclose(softmax_vjp(x, v, temperature=t), expected, rtol=1e-10, atol=1e-15 / t)


def test_vjp_keeps_its_digits_where_one_class_has_it_all():
    x, v = np.array([40.0, 0.0]), np.array([1.0, 3.0])
    exact = 2 * math.exp(-40)  # p0 p1 (v1 - v0), up to a relative 1e-17
    np.testing.assert_allclose(softmax_vjp(x, v), [-exact, exact], rtol=1e-14)
    p = softmax(x)
    assert (p * (v - p @ v))[0] == 0, "as it is usually written"


def test_vjp_broadcasts_leading_axes_only():
    x, v = cube(), np.ones(5)
    assert softmax_vjp(x, v).shape == softmax_vjp(v, x).shape == (3, 4, 5)
    for a, b in [(np.ones(3), np.ones(4)), (np.ones((2, 3)), np.ones((4, 3))), (1.0, 1.0)]:
        with pytest.raises(ValueError, match=re.escape(f"{np.shape(a)} and {np.shape(b)}")):
            softmax_vjp(a, b)


def test_a_batch_is_a_loop():
    x = cube(50)
    for f in (logsumexp, softmax, log_softmax, hardmax, softmax_jacobian, lambda a: smooth_max(a, 3.0)):
        loop = [[f(row) for row in matrix] for matrix in x]
        np.testing.assert_allclose(f(x), loop, rtol=2e-15, atol=1e-300)


def test_hardmax_is_the_limit_of_softmax():
    x = np.array([1.0, 3.0, 3.0, -INF])
    np.testing.assert_array_equal(hardmax(x), [0, 0.5, 0.5, 0])
    np.testing.assert_array_equal(softmax(x, temperature=1e-300), hardmax(x))


def test_entropy():
    assert entropy([1.0, 0.0, 0.0]) == 0
    assert entropy(np.full((2, 8), 1 / 8))[1] == pytest.approx(math.log(8))
    p = softmax(cube(), axis=1)
    np.testing.assert_allclose(entropy(p, axis=1), scipy.special.entr(p).sum(axis=1))
    assert math.isnan(entropy([NAN, 1.0]))
    for logits_by_mistake in ([-1.0, 2.0], [2.0, 0.0]):
        with pytest.raises(ValueError, match="apply softmax to logits first"):
            entropy(logits_by_mistake)


# --- misuse and warnings --------------------------------------------------------------------------


def test_wrong_axes_and_shapes_are_named():
    for f in (logsumexp, softmax, log_softmax, hardmax, entropy):
        with pytest.raises(np.exceptions.AxisError, match="axis 2 is out of bounds for array of dimension 1"):
            f([0.5, 0.5], axis=2)
    with pytest.raises(ValueError, match="repeated axis"):
        softmax(cube(), axis=(0, 0))
    with pytest.raises(ValueError, match=r"shape \(\.\.\., n\), got a single number of shape \(\)"):
        softmax_jacobian(1.0)


def test_what_should_be_one_number_must_be_one():
    with pytest.raises(TypeError, match="temperature must be one real number"):
        softmax([1.0], temperature="hot")
    with pytest.raises(TypeError, match="temperature must be one real number, got '2'"):
        softmax([1.0], temperature="2")
    with pytest.raises(ValueError, match="temperature is too large for a float"):
        softmax([1.0], temperature=10**400)
    with pytest.raises(TypeError, match="inverse_temperature must be one real number"):
        smooth_max([1.0], None)
    with pytest.raises(TypeError, match="temperature must be one real number"):
        softmax([1.0, 2.0], temperature=np.array([1.0, 2.0]))


anything = st.sampled_from([np.float16, np.float32, np.float64]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=6))
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(anything, st.sampled_from([1.0, 1e-308, 0.3, 1e308]))
def test_no_float_input_makes_a_safe_function_warn(x, t):
    results = [softmax(x, temperature=t), log_softmax(x, temperature=t), hardmax(x), softmax_vjp(x, x)]
    assert all(r.shape == x.shape and r.dtype == x.dtype for r in results)
    softmax_jacobian(x, temperature=t)
    assert np.shape(logsumexp(x)) == x.shape[:-1]
    for k in (t, -t, INF, -INF):
        smooth_max(x, k)
        smooth_max(x, k, normalized=True)
    OnlineLogSumExp().update(x).update(x)
    has_nan = np.isnan(x).any(axis=-1)
    assert np.isnan(logsumexp(x)[has_nan]).all()
    assert np.isnan(softmax(x)[has_nan]).all()
    assert not np.isnan(logsumexp(x)[~has_nan]).any()


def test_input_is_left_alone():
    x = cube(400)
    before = x.copy()
    for f in (logsumexp, softmax, log_softmax, hardmax, softmax_jacobian, OnlineLogSumExp().update):
        f(x)
    smooth_max(x, -2.0, normalized=True)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("k", [10.0, 3.7, 1 / 3, 1e-3])
def test_smooth_max_takes_lambda_itself_and_not_the_inverse_of_a_rounded_inverse(k):
    """1/10 is no double: as a temperature it would cost the tail e^-360 its last two digits."""
    with mpmath.workdps(60):
        truth = mpmath.log1p(mpmath.exp(-36 * mpmath.mpf(k))) / k
    assert float(smooth_max([0.0, -36.0], k)) == pytest.approx(float(truth), rel=5e-16, abs=0)
