"""Activation functions: truth from mpmath, second opinions, identities, bounds, misuse."""

import math

import mpmath
import numpy as np
import pytest
import scipy.special
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.numerics import activations
from course_utils.numerics._normal import COEFFICIENTS
from course_utils.numerics.activations import ACTIVATIONS
from course_utils.numerics.floats import ulp_error

INF, NAN = math.inf, math.nan
U = 2.0**-53
FEW = settings(max_examples=60, derandomize=True, deadline=None)
FUNCTIONS = {
    name: getattr(activations, name)
    for name in activations.__all__
    if name not in ("ACTIVATIONS", "Activation")
}


# --- accuracy, against mpmath ---------------------------------------------------------------------


def sigma(v):
    return 1 / (1 + mpmath.exp(-v))


def tail(v):
    """Φ(v), the normal distribution function; far out 0 or 1, since mpmath's erfc takes no such numbers."""
    if abs(v) > 1e6:
        return mpmath.mpf(int(v > 0))
    return mpmath.erfc(-v / mpmath.sqrt(2)) / 2


def density(v):
    return mpmath.exp(-v * v / 2) / mpmath.sqrt(2 * mpmath.pi)


SLOPE = mpmath.mpf(0.01)
TRUTH = {  # and the largest error allowed, in units in the last place
    "sigmoid": (sigma, 2),
    "sigmoid_derivative": (lambda v: sigma(v) * sigma(-v), 3),
    "log_sigmoid": (lambda v: -mpmath.log1p(mpmath.exp(-v)), 1.5),
    "log_sigmoid_derivative": (lambda v: sigma(-v), 2),
    "softplus": (lambda v: mpmath.log1p(mpmath.exp(v)), 1.5),
    "softplus_derivative": (sigma, 2),
    "tanh": (mpmath.tanh, 2),
    "tanh_derivative": (lambda v: mpmath.sech(v) ** 2, 4),
    "relu": (lambda v: max(v, 0), 0),
    "relu_derivative": (lambda v: int(v > 0), 0),
    "leaky_relu": (lambda v: v if v > 0 else SLOPE * v, 0.5),
    "leaky_relu_derivative": (lambda v: 1 if v > 0 else SLOPE, 0),
    "elu": (lambda v: v if v > 0 else mpmath.expm1(v), 2),
    "elu_derivative": (lambda v: 1 if v > 0 else mpmath.exp(v), 2),
    "silu": (lambda v: v * sigma(v), 8),
    "silu_derivative": (lambda v: sigma(v) * (1 + v * sigma(-v)), 8),
    "gelu": (lambda v: v * tail(v), 8),
    "gelu_derivative": (lambda v: tail(v) + v * density(v), 8),
}
ZEROS = {"silu_derivative": -1.2784645427610738, "gelu_derivative": -0.7517915246935645}
SHORT_RANGE = {np.float16: 20.0, np.float32: 110.0, np.float64: 750.0}


def points(dtype, n=60, seed=2):
    """Everywhere, and closer where something happens: around 0, at the zeros, where results underflow."""
    rng = np.random.default_rng(seed)
    end = SHORT_RANGE[dtype]
    parts = [
        rng.uniform(-3, 3, 3 * n),
        rng.uniform(-45, 45, 3 * n),
        rng.uniform(-end, end, n),
        rng.uniform(-39, -36, n),
        rng.uniform(-746, -700, n),
        rng.uniform(340, 375, n) * rng.choice([-1, 1], n),
        10.0 ** rng.uniform(-320, 0, n) * rng.choice([-1, 1], n),
        [zero + offset for zero in ZEROS.values() for offset in (0.0, 1e-15, -1e-9, 1e-4, -0.02)],
        [0.0, -0.0, 1.0, -1.0, 20.0, 37.0, 5e-324, -5e-324, end, -end, 1e308, -1e308],
    ]
    with np.errstate(over="ignore"):
        x = np.concatenate(parts).astype(dtype)
    return x[np.isfinite(x)]


def check_accuracy(name, f=None, dtype=np.float64, x=None):
    """Raise AssertionError if a function is further from the truth than it promises."""
    truth, bound = TRUTH[name]
    x = points(dtype) if x is None else x
    with mpmath.workdps(40):
        # 40 digits hold no 1 - 1e-320, and those near a zero cancel: so 1,000 bits where it matters
        exact = []
        for v in x.tolist():
            with mpmath.workprec(1200 if abs(v) < 1e-10 else 160):
                exact.append(truth(mpmath.mpf(v)))
        results = np.asarray((f or FUNCTIONS[name])(x))
        assert results.dtype == dtype
        errors = ulp_error(results, exact)
        if name in ZEROS:  # there the function is ill-conditioned: its value is a difference of equal numbers
            near = np.abs(x - ZEROS[name]) < 0.3
            differences = [abs(mpmath.mpf(float(r)) - e) for r, e in zip(results, exact, strict=True)]
            errors[near & (np.array(differences, dtype=float) <= 2 * U)] = 0
    # One more rounding for the shorter floats: everything else happens in float64.
    allowed = bound if dtype == np.float64 else 0.51
    worst = int(np.argmax(errors))
    assert errors[worst] <= allowed, f"{name}({x[worst]!r}) is off by {errors[worst]} ulp"


@pytest.mark.parametrize("name", TRUTH)
def test_accuracy(name):
    check_accuracy(name)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("name", TRUTH)
def test_accuracy_of_short_floats(name, dtype):
    check_accuracy(name, dtype=dtype, x=points(dtype, 8))


def test_every_function_has_a_truth():
    assert set(TRUTH) == set(FUNCTIONS)


def gelu_by_erfc(x):
    return x * scipy.special.erfc(-x / math.sqrt(2)) / 2


def gelu_derivative_by_erfc(x):
    return scipy.special.ndtr(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


WRONG = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sigmoid_derivative": lambda x: FUNCTIONS["sigmoid"](x) * (1 - FUNCTIONS["sigmoid"](x)),
    "log_sigmoid": lambda x: np.log(FUNCTIONS["sigmoid"](x)),
    "softplus": lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20)))),  # PyTorch's threshold
    "tanh_derivative": lambda x: 1 - np.tanh(x) ** 2,
    "relu_derivative": lambda x: (x >= 0).astype(float),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "silu": lambda x: x * FUNCTIONS["sigmoid"](x),
    "silu_derivative": lambda x: FUNCTIONS["sigmoid"](x) * (1 + x * (1 - FUNCTIONS["sigmoid"](x))),
    "gelu": gelu_by_erfc,
    "gelu_derivative": gelu_derivative_by_erfc,
}


@pytest.mark.parametrize("name", WRONG)
def test_the_accuracy_check_rejects_the_usual_formulas(name):
    with np.errstate(all="ignore"), pytest.raises(AssertionError, match=f"^{name}.*is off by"):
        check_accuracy(name, f=WRONG[name])


def test_the_series_of_the_normal_tail_is_computed_again():
    """Chebyshev coefficients of (1 + a) exp(a²/2) Φ(-a) with a = 5 (1 + s) / (1 - s), by interpolation."""
    n = 60
    with mpmath.workdps(40):
        angles = [mpmath.pi * (2 * j + 1) / (2 * n) for j in range(n)]
        a = [5 * (1 + mpmath.cos(t)) / (1 - mpmath.cos(t)) for t in angles]
        values = [(1 + v) * mpmath.exp(v * v / 2) * tail(-v) for v in a]
        for k in range(n // 2):
            c = 2 * mpmath.fsum(v * mpmath.cos(k * t) for v, t in zip(values, angles, strict=True)) / n
            c = c / 2 if k == 0 else c
            if k < len(COEFFICIENTS):
                assert COEFFICIENTS[k] == float(c)
            else:
                assert abs(c) < 2e-17  # what is left out does not reach the last place


# --- second opinions ------------------------------------------------------------------------------


def test_agrees_with_scipy():
    x = np.linspace(-30, 30, 240).reshape(3, -1)
    close = np.testing.assert_allclose
    close(activations.sigmoid(x), scipy.special.expit(x), rtol=1e-14)
    close(activations.log_sigmoid(x), scipy.special.log_expit(x), rtol=1e-14)
    close(activations.softplus(x), -scipy.special.log_expit(-x), rtol=1e-14)
    close(activations.silu(x), x * scipy.special.expit(x), rtol=1e-14)
    close(activations.gelu(x), x * scipy.special.ndtr(x), rtol=1e-12)
    close(activations.elu(x), np.where(x > 0, x, scipy.special.expm1(np.minimum(x, 0))), rtol=1e-14)


def test_agrees_with_torch(torch):
    names = {"log_sigmoid": torch.nn.functional.logsigmoid, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
    for name, activation in ACTIVATIONS.items():
        x = torch.linspace(-8, 8, 33, dtype=torch.float64, requires_grad=True)  # 0 is among them
        y = names.get(name, getattr(torch.nn.functional, name, None))(x)
        y.sum().backward()
        values, slopes = activation.function(x.detach().numpy()), activation.derivative(x.detach().numpy())
        np.testing.assert_allclose(values, y.detach().numpy(), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(slopes, x.grad.numpy(), rtol=1e-10, atol=1e-14)


# --- identities and special values ----------------------------------------------------------------

finite = hnp.arrays(float, st.integers(1, 6), elements=st.floats(-800, 800))


@FEW
@given(finite)
@example(np.array([5e-324]))  # half of it is no float: silu(±5e-324) is rounded to 0, and 0 - 0 is not x
def test_identities(x):
    a = activations
    smallest = 5e-324
    np.testing.assert_allclose(a.sigmoid(x) + a.sigmoid(-x), 1, rtol=2e-16)
    np.testing.assert_allclose(a.tanh(x), 2 * a.sigmoid(2 * x) - 1, atol=4e-16)
    np.testing.assert_allclose(a.softplus(x) - a.softplus(-x), x, rtol=4e-16, atol=2e-16)
    np.testing.assert_allclose(np.exp(a.log_sigmoid(x)), a.sigmoid(x), rtol=1e-13, atol=1e-320)
    np.testing.assert_allclose(a.relu(x) - a.relu(-x), x)
    np.testing.assert_allclose(a.silu(x) - a.silu(-x), x, rtol=4e-16, atol=smallest)
    np.testing.assert_allclose(a.gelu(x) - a.gelu(-x), x, rtol=4e-16, atol=smallest)
    np.testing.assert_array_equal(a.leaky_relu(x, 0), a.relu(x))
    np.testing.assert_array_equal(a.leaky_relu(x, 1), x)
    np.testing.assert_array_equal(a.log_sigmoid(x), -a.softplus(-x))
    np.testing.assert_array_equal(a.sigmoid_derivative(x), a.sigmoid_derivative(-x))
    np.testing.assert_array_equal(a.tanh_derivative(x), a.tanh_derivative(-x))


@FEW
@given(finite)
def test_bounds(x):
    a = activations
    for f, low, high in [
        (a.sigmoid, 0, 1),
        (a.tanh, -1, 1),
        (a.sigmoid_derivative, 0, 0.25),
        (a.tanh_derivative, 0, 1),
        (a.silu_derivative, -0.0998394, 1.0998394),
        (a.gelu_derivative, -0.1289042, 1.1289042),
        (lambda v: a.softplus(v) - a.relu(v), 0, math.log(2) * (1 + 2 * U)),
        (lambda v: a.silu(v) - a.relu(v), -0.2784646, 0),
        (lambda v: a.gelu(v) - a.relu(v), -0.1699713, 0),
    ]:
        assert (f(x) >= low).all()
        assert (f(x) <= high).all()


def test_the_numbers_quoted_in_the_docstrings():
    a = activations
    assert a.sigmoid_derivative(0.0) == 0.25
    assert a.tanh_derivative(0.0) == 1
    assert a.silu(-1.278465) == pytest.approx(-0.278465, abs=1e-6)
    assert a.silu_derivative(2.399357) == pytest.approx(1.099839, abs=1e-6)
    assert a.gelu(-0.751792) == pytest.approx(-0.169971, abs=1e-6)
    assert a.gelu_derivative(math.sqrt(2)) == pytest.approx(1.128904, abs=1e-6)
    for f, zero in [(a.silu_derivative, -1.278465), (a.gelu_derivative, -0.751792)]:
        assert f(zero - 1e-6) < 0 < f(zero + 1e-6)
    for f, top in [(a.silu_derivative, 2.399357), (a.gelu_derivative, math.sqrt(2))]:
        assert f(top) > max(f(top - 1e-3), f(top + 1e-3))


LIMITS = {  # at -inf, at 0, at inf
    "sigmoid": (0, 0.5, 1),
    "sigmoid_derivative": (0, 0.25, 0),
    "log_sigmoid": (-INF, -math.log(2), 0),
    "log_sigmoid_derivative": (1, 0.5, 0),
    "softplus": (0, math.log(2), INF),
    "softplus_derivative": (0, 0.5, 1),
    "tanh": (-1, 0, 1),
    "tanh_derivative": (0, 1, 0),
    "relu": (0, 0, INF),
    "relu_derivative": (0, 0, 1),
    "leaky_relu": (-INF, 0, INF),
    "leaky_relu_derivative": (0.01, 0.01, 1),
    "elu": (-1, 0, INF),
    "elu_derivative": (0, 1, 1),
    "silu": (0, 0, INF),
    "silu_derivative": (0, 0.5, 1),
    "gelu": (0, 0, INF),
    "gelu_derivative": (0, 0.5, 1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_limits_and_nan(name):
    f = FUNCTIONS[name]
    np.testing.assert_array_equal(f([-INF, 0.0, INF, NAN]), [*LIMITS[name], NAN])


def test_slopes_on_the_left_are_what_is_asked_for():
    a = activations
    np.testing.assert_array_equal(a.leaky_relu([-2.0, 0.0, 2.0], 0.25), [-0.5, 0, 2])
    np.testing.assert_array_equal(a.leaky_relu_derivative([-2.0, 0.0, 2.0], 0.25), [0.25, 0.25, 1])
    np.testing.assert_array_equal(a.elu([-INF, 2.0], alpha=3), [-3, 2])
    np.testing.assert_array_equal(a.elu_derivative([-INF, 0.0, 2.0], alpha=3), [0, 3, 1])
    assert a.leaky_relu(-INF, 0.0) == 0


@pytest.mark.parametrize("alpha", [1.0, 0.3, -3.3e200, 1e300, 1.7e308, 1e-300, 5e-324])
def test_the_slope_of_elu_keeps_its_digits_for_every_alpha(alpha):
    """Where exp(x) is subnormal, a large alpha used to lift what was left of its digits."""
    random = np.random.default_rng(3)
    x = np.concatenate(
        [random.uniform(-1500, 0, 500), random.uniform(-760, -690, 500), [-708.0, -740.0, -0.0]]
    )
    with mpmath.workdps(60):
        exact = [mpmath.mpf(alpha) * mpmath.exp(mpmath.mpf(v)) for v in x.tolist()]
        errors = ulp_error(activations.elu_derivative(x, alpha=alpha), exact)
    assert errors[x >= -708].max() <= 2
    assert errors.max() <= 4


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_slopes(name):
    activation = ACTIVATIONS[name]
    x = np.linspace(-6.03, 6.07, 50)
    h = 1e-5
    slope = (activation.function(x + h) - activation.function(x - h)) / (2 * h)
    np.testing.assert_allclose(activation.derivative(x), slope, atol=1e-9)


def test_the_table_names_every_function_once():
    assert list(ACTIVATIONS) == [a.name for a in ACTIVATIONS.values()]
    assert {f for a in ACTIVATIONS.values() for f in (a.function.__name__, a.derivative.__name__)} == set(
        FUNCTIONS
    )
    for name, activation in ACTIVATIONS.items():
        assert activation.function.__name__ == name
        assert activation.derivative.__name__ == f"{name}_derivative"


# --- dtypes, shapes, misuse -----------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_dtypes_and_shapes(name):
    f = FUNCTIONS[name]
    for dtype in (np.float16, np.float32, np.float64):
        assert f(np.ones((2, 3, 0), dtype)).shape == (2, 3, 0)
        assert f(np.ones((2, 1), dtype)).dtype == dtype
    for x in (np.array([-128, 127], np.int8), np.array([0, 255], np.uint8), np.array([True, False])):
        assert f(x).dtype == np.float64
        np.testing.assert_array_equal(f(x), f(x.astype(float)))
    assert np.ndim(f(2.0)) == 0
    assert isinstance(f(2), np.float64)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("bad", [[1j], ["a"], [None]], ids=["complex", "text", "object"])
def test_input_that_is_not_real_is_a_type_error(name, bad):
    with pytest.raises(TypeError, match="x must hold real numbers"):
        FUNCTIONS[name](bad)


@pytest.mark.parametrize("name", ["leaky_relu", "leaky_relu_derivative", "elu", "elu_derivative"])
def test_a_parameter_must_be_one_finite_number(name):
    for bad in (INF, NAN):
        with pytest.raises(ValueError, match=r"(slope|alpha) must be finite, got"):
            FUNCTIONS[name]([1.0], bad)
    with pytest.raises(TypeError, match=r"(slope|alpha) must be one real number, got 'steep'"):
        FUNCTIONS[name]([1.0], "steep")


@FEW
@given(
    st.sampled_from([np.float16, np.float32, np.float64]).flatmap(
        lambda dtype: hnp.arrays(dtype, hnp.array_shapes(max_dims=2, max_side=6))
    )
)
def test_no_float_input_warns_or_is_changed(x):
    before = x.copy()
    for f in FUNCTIONS.values():
        result = f(x)
        assert (result.shape, result.dtype) == (x.shape, x.dtype)
        np.testing.assert_array_equal(np.isnan(result), np.isnan(x))
    np.testing.assert_array_equal(x, before)
