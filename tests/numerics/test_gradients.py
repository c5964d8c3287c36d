"""Differences, the complex step, and the gradient check: right formulas pass, planted faults are named."""

import dataclasses
import math
import re

import mpmath
import numpy as np
import pytest
import scipy.optimize

from course_utils.numerics.activations import (
    ACTIVATIONS,
    relu,
    relu_derivative,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from course_utils.numerics.floats import ulp_error
from course_utils.numerics.gradients import GradientReport, central_difference, check_gradient, complex_step
from course_utils.numerics.losses import cross_entropy, cross_entropy_gradient
from course_utils.numerics.softmax import logsumexp, softmax, softmax_jacobian

NAN = math.nan
X = np.linspace(-6.03, 6.07, 12).reshape(3, 4)
LOGITS = np.random.default_rng(1).normal(size=(3, 4))
LABELS = np.array([0, 3, 2])
METHODS = [central_difference, complex_step]


def loss(z):
    return cross_entropy(z, LABELS)


def loss_gradient(z):
    return cross_entropy_gradient(z, LABELS)


def plain_loss(z):
    """The same, as a plain analytic formula."""
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(3), LABELS])


def cubes(x):
    return (x**3).sum()


# --- differences and the complex step -------------------------------------------------------------


def test_the_textbook_numbers():
    assert central_difference(np.tanh, 0.0, 0.01) == pytest.approx(0.99996667, abs=1e-8)
    exact = 1 - math.tanh(1) ** 2
    assert central_difference(np.tanh, 1.0, 0.01) - exact == pytest.approx(1.0e-5, rel=0.1)


def test_the_error_over_the_step_is_a_u():
    errors = [abs(central_difference(np.exp, 1.0, 10.0**-k) - math.e) for k in range(1, 16)]
    assert 3 <= int(np.argmin(errors)) <= 6
    for k in range(3):  # on the left side the error goes with h²: h² e / 6
        assert errors[k] == pytest.approx(math.e / 6 * 100.0 ** -(k + 1), rel=0.01)
    assert min(errors) < 1e-9
    assert errors[-1] > 1e-3
    assert abs(central_difference(np.exp, 1.0) - math.e) < 1e-9  # the default step is near the bottom


@pytest.mark.parametrize("h", [1e-10, 1e-20, 1e-100, 1e-200])
def test_complex_step_is_as_exact_as_the_formula(h):
    x = np.linspace(-20, 20, 41)
    slopes = complex_step(lambda z: 1 / (1 + np.exp(-z)), x, h, elementwise=True)
    with mpmath.workdps(40):
        exact = [mpmath.sech(mpmath.mpf(v) / 2) ** 2 / 4 for v in x.tolist()]
        assert ulp_error(slopes, exact).max() < 40


def test_a_complex_step_must_not_underflow():
    """The description used to allow any h, however small."""
    for x in (-600.0, -500.0, -470.0, -100.0):
        h = 1e-100
        slope, exact = complex_step(np.exp, x, h), math.exp(x)
        if h * exact > 1e-307:
            assert slope == pytest.approx(exact, rel=1e-14)
        else:
            assert abs(slope - exact) > 1e-10 * exact
        assert complex_step(np.exp, x, 1e-20) == pytest.approx(exact, rel=1e-14)
    doc = " ".join(complex_step.__doc__.split())
    assert "as small as one likes" not in doc
    assert "as long as h f' (and what leads to it) does not underflow" in doc


def test_the_error_of_a_difference_is_what_its_description_says():
    """Far from 0, x + h is rounded by more than f."""
    doc = " ".join(central_difference.__doc__.split())
    assert "h² abs(f''') / 6 + u (abs(f) + abs(x f')) / h" in doc
    beyond_f = 0
    for x in np.random.default_rng(0).uniform(0.3, 1.2, 40) + 2 * np.pi * np.array([[0], [1e3], [1e7]]):
        for h in (1e-2, 1e-4, 1e-6):
            slopes = central_difference(np.sin, x, h, elementwise=True)
            error = np.abs(slopes - np.cos(x))
            of_formula, of_f = h**2 * np.abs(np.cos(x)) / 6, 2.0**-53 * np.abs(np.sin(x)) / h
            of_x = 2.0**-53 * np.abs(x * np.cos(x)) / h
            assert (error <= 1.5 * (of_formula + of_f + of_x)).all()
            beyond_f += np.sum(error > 1.5 * (of_formula + of_f))
    assert beyond_f > 40


@pytest.mark.parametrize("method", METHODS)
def test_shapes(method):
    x = LOGITS
    np.testing.assert_allclose(method(cubes, x), 3 * x**2, atol=1e-8)
    np.testing.assert_allclose(method(lambda v: v**3, x, elementwise=True), 3 * x**2, atol=1e-8)
    jacobian = method(lambda v: v**3, x)
    assert jacobian.shape == (3, 4, 3, 4)
    np.testing.assert_allclose(jacobian.reshape(12, 12), np.diag(3 * x.ravel() ** 2), atol=1e-8)
    rows = method(lambda v: v.sum(axis=1), x)
    assert rows.shape == (3, 3, 4)
    np.testing.assert_allclose(rows[1], [[0] * 4, [1] * 4, [0] * 4], atol=1e-9)
    assert np.ndim(method(np.sin, 1.0)) == 0
    assert method(np.sin, 0) == pytest.approx(1, abs=1e-9)
    assert method(lambda v: np.array([v, 2 * v]), 3.0).shape == (2,)
    matrix = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(method(lambda v: matrix @ v, [1, 2, 3]), matrix, atol=1e-9)


def test_agrees_with_scipy():
    z = LOGITS[0]
    theirs = scipy.optimize.approx_fprime(z, lambda v: logsumexp(v) ** 2)
    np.testing.assert_allclose(central_difference(lambda v: logsumexp(v) ** 2, z), theirs, atol=1e-6)
    np.testing.assert_allclose(central_difference(softmax, z), softmax_jacobian(z), atol=1e-9)


def test_both_methods_agree_on_the_plain_formula():
    np.testing.assert_allclose(complex_step(plain_loss, LOGITS), loss_gradient(LOGITS), atol=1e-16)
    np.testing.assert_allclose(central_difference(plain_loss, LOGITS), loss_gradient(LOGITS), atol=1e-9)


def test_the_complex_step_refuses_what_is_not_analytic():
    for f in (sigmoid, logsumexp, softmax):
        with pytest.raises(TypeError, match="x must hold real numbers"):
            complex_step(f, [1.0, 2.0])
    for f in (np.abs, lambda z: (z > 0).astype(float), lambda z: z.real**2):
        with pytest.raises(TypeError, match=r"needs an analytic formula.*use central_difference"):
            complex_step(f, [1.0, 2.0])


@pytest.mark.parametrize("method", METHODS)
def test_misuse_is_named(method):
    for bad in (0, -1e-3, math.inf, NAN):
        with pytest.raises(ValueError, match="h must be finite and positive, got"):
            method(np.sin, 1.0, bad)
    with pytest.raises(TypeError, match="h must be one real number"):
        method(np.sin, 1.0, "small")
    for bad in ([1j], ["a"], None):
        with pytest.raises(TypeError, match="x must hold real numbers"):
            method(np.sin, bad)
    for x in (math.inf, NAN):
        with pytest.raises(ValueError, match=f"x must be finite to be compared at, got {x}"):
            check_gradient(np.square, lambda x: 2 * x, x)
    with pytest.raises(ValueError, match=re.escape("x must have at least one entry, got shape (0,)")):
        method(np.sin, [])
    with pytest.raises(ValueError, match=re.escape("keeps the shape of x, (2,), but f(x) has shape ()")):
        method(cubes, [1.0, 2.0], elementwise=True)
    with pytest.raises(ValueError, match=re.escape("keeps the shape of x, (2,), but f(x) has shape (1, 2)")):
        method(lambda v: v[np.newaxis] ** 3, [1.0, 2.0], elementwise=True)
    with pytest.raises(ValueError, match=r"entry \(0,\) of f\(x\) changes with entry \(1,\) of x"):
        method(lambda z: z / z.sum(), [1.0, 2.0], elementwise=True)


@pytest.mark.parametrize("bad", ["text", None, 1j])
def test_f_must_give_real_numbers(bad):
    with pytest.raises(TypeError, match=r"f\(x\) must hold real numbers"):
        central_difference(lambda x: bad, 1.0)
    with pytest.raises(TypeError, match=r"f\(x\) must hold real numbers"):
        check_gradient(lambda x: bad, np.cos, 1.0)
    with pytest.raises(TypeError, match=r"gradient\(x\) must hold real numbers"):
        check_gradient(np.sin, lambda x: bad, 1.0)


# --- the gradient check: what is right passes -----------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_the_right_derivative(name):
    report = check_gradient(ACTIVATIONS[name].function, ACTIVATIONS[name].derivative, X)
    assert report, report
    assert report.method == "central differences"


PLAIN = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "log_sigmoid": lambda z: -np.log(1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "tanh": np.tanh,
    "silu": lambda z: z / (1 + np.exp(-z)),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_formulas_are_checked_by_complex_step(name):
    report = check_gradient(PLAIN[name], ACTIVATIONS[name].derivative, X)
    assert report, report
    assert report.method == "complex step"
    assert report.largest_difference < 1e-13


def test_losses_jacobians_and_single_numbers():
    for report in (
        check_gradient(loss, loss_gradient, LOGITS),
        check_gradient(plain_loss, loss_gradient, LOGITS),
        check_gradient(logsumexp, softmax, LOGITS[0]),
        check_gradient(softmax, softmax_jacobian, LOGITS[0]),
        check_gradient(math.sin, math.cos, 1.0),
        check_gradient(np.sin, np.cos, 1),
        check_gradient(lambda x: 7.0, lambda x: 0.0, 1.0),
        check_gradient(lambda x: np.float32(x) ** 2, lambda x: 2 * x, 3.0),
    ):
        assert report, report


def test_the_step_adapts_to_function_and_place():
    for f, slope, x in [
        (math.log, lambda x: 1 / x, 1e-3),  # large steps leave the domain, with an error
        (lambda x: np.log(np.abs(x)), lambda x: 1 / x, 0.01),
        (lambda x: np.abs(np.sin(1000 * x)), lambda x: 1000 * np.cos(1000 * x), 0.0005),
        (lambda x: np.abs(x) ** 1.5, lambda x: 1.5 * np.sqrt(x), 1e6),
        (lambda x: 1e-100 * np.abs(x) ** 3, lambda x: 3e-100 * x**2, 2.0),
    ]:
        report = check_gradient(f, slope, x)
        assert report, report
        assert report.tolerance < 1e-6 * abs(report.exact)
        wrong = check_gradient(f, lambda y, slope=slope: 1.00001 * slope(y), x)
        assert not wrong, wrong


def test_formulas_that_are_not_analytic_do_not_mislead_the_complex_step():
    """These take complex numbers without complaint, and give wrong slopes for them."""

    def stable_softplus(z):
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def squared_length(z):
        return np.vdot(z, z)

    def forgetful(z):
        return np.asarray(z, dtype=float) ** 2  # drops the imaginary part with a warning

    with pytest.warns(np.exceptions.ComplexWarning), pytest.raises(TypeError):
        complex_step(forgetful, X)
    for f, gradient in [
        (stable_softplus, sigmoid),
        (squared_length, lambda z: 2 * z),
        (forgetful, lambda z: 2 * z),
    ]:
        x = X.ravel()
        report = check_gradient(f, gradient, x)
        assert report, report
        assert report.method == "central differences"


# --- the gradient check: planted faults are named -------------------------------------------------


def at(place, change):
    """The right gradient with one entry changed."""

    def gradient(z):
        g = loss_gradient(z).copy()
        g[place] = change(g[place])
        return g

    return gradient


FAULTS = {
    "sign": lambda z: -loss_gradient(z),
    "sum instead of mean": lambda z: 3 * loss_gradient(z),
    "only the true class": lambda z: loss_gradient(z) * np.eye(4)[LABELS],
    "probabilities": softmax,
    "labels shifted": lambda z: cross_entropy_gradient(z, np.roll(LABELS, 1)),
    "smoothed": lambda z: cross_entropy_gradient(z, LABELS, label_smoothing=1e-6),
    "single precision": lambda z: np.round(loss_gradient(z), 5),
    "zero": np.zeros_like,
    "nan": lambda z: np.full_like(z, NAN),
}


@pytest.mark.parametrize("f", [loss, plain_loss])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_gradient_is_caught(f, fault):
    report = check_gradient(f, FAULTS[fault], LOGITS)
    assert not report
    assert report.largest_difference > report.tolerance
    assert report.approximate == pytest.approx(loss_gradient(LOGITS)[report.index], rel=1e-7)
    np.testing.assert_equal(report.exact, FAULTS[fault](LOGITS)[report.index])


@pytest.mark.parametrize("f", [loss, plain_loss])
@pytest.mark.parametrize("place", [(0, 0), (1, 2), (2, 3)])
def test_one_wrong_entry_is_found(f, place):
    for change in (
        lambda g: -g,
        lambda g: g * (1 + 1e-6),
        lambda g: g + 1e-7,
        lambda g: NAN,
        lambda g: math.inf,
    ):
        report = check_gradient(f, at(place, change), LOGITS)
        assert not report, report
        assert report.index == place


def test_the_worst_of_wrong_entries_is_the_one_named():
    """Worse is what exceeds its tolerance more often, be it by a little."""
    tolerance = check_gradient(np.square, lambda x: 2 * x, np.ones(3)).tolerance
    for worst in range(3):
        times = np.where(np.arange(3) == worst, 1.8, 1.2)
        report = check_gradient(np.square, lambda x, times=times: 2 * x + times * tolerance, np.ones(3))
        assert report.index == (worst,)
        assert report.largest_difference == pytest.approx(1.8 * tolerance, rel=1e-6)


WRONG_SLOPES = {
    "sigmoid": lambda x: sigmoid(x) * (1 + sigmoid(x)),
    "tanh": lambda x: 1 - tanh(x),
    "relu": lambda x: np.ones_like(x),
    "silu": sigmoid,
    "gelu": lambda x: 1.702 * sigmoid(1.702 * x),
    "softplus": lambda x: 1 - sigmoid(x),
    "elu": lambda x: np.where(x > 0, 1, np.exp(x) - 1),
    "leaky_relu": relu_derivative,
    "log_sigmoid": lambda x: 1 / sigmoid(x),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_wrong_slope_is_caught(name):
    assert not check_gradient(ACTIVATIONS[name].function, WRONG_SLOPES[name], X)


def test_the_diagonal_of_a_jacobian_does_not_pass_for_it():
    """p (1 - p) is right on the diagonal: the misconception that only the own logit moves a probability."""
    with pytest.raises(ValueError, match=r"not elementwise.*a Jacobian of shape \(4, 4\)"):
        check_gradient(softmax, lambda z: softmax(z) * (1 - softmax(z)), LOGITS[0])
    report = check_gradient(softmax, lambda z: np.diag(softmax(z) * (1 - softmax(z))), LOGITS[0])
    assert not report
    assert report.index[0] != report.index[1]


def test_a_kink_has_no_derivative():
    report = check_gradient(relu, relu_derivative, [1.0, 0.0, -1.0])
    assert not report
    assert report.index == (1,)
    assert report.approximate == 0.5


def test_small_numbers_may_disagree_too():
    assert not check_gradient(lambda x: 1e-300 * x, lambda x: 2e-300, 1.0)
    assert check_gradient(lambda x: 0 * x, lambda x: 0.0, 1.0)
    assert check_gradient(np.exp, np.exp, -720.0), "a subnormal slope has few digits"


def test_where_nothing_can_be_measured_nothing_agrees():
    for f in (lambda x: x * NAN, lambda x: x + math.inf):
        for slope in (0.0, NAN, math.inf):
            report = check_gradient(f, lambda x, slope=slope: slope, 1.0)
            assert not report, report


@pytest.mark.parametrize("shape", [(), (4,), (4, 3), (3, 4, 1)])
def test_a_gradient_of_the_wrong_shape_is_named(shape):
    message = "x of shape (3, 4) and f(x) of shape () the gradient must have shape (3, 4), got shape " + str(
        shape
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        check_gradient(loss, lambda z: np.zeros(shape), LOGITS)


def test_a_gradient_of_the_wrong_shape_for_an_elementwise_function():
    message = "must have shape (2, 2) (or (2,), if f is elementwise), got shape (3,)."
    with pytest.raises(ValueError, match=re.escape(message)):
        check_gradient(np.sin, lambda z: np.zeros(3), [1.0, 2.0])


def test_an_error_of_f_itself_is_not_hidden():
    def broken(z):
        raise RuntimeError("my own mistake")

    with pytest.raises(RuntimeError, match="my own mistake"):
        check_gradient(broken, np.cos, 1.0)
    with pytest.raises(RuntimeError, match="my own mistake"):
        check_gradient(np.sin, broken, 1.0)


def test_input_is_left_alone_whatever_f_does():
    def spoil(z):
        z += 1
        return (z**2).sum()

    x = LOGITS.copy()
    assert check_gradient(spoil, lambda z: 2 * (z + 1), x)
    central_difference(spoil, x)
    complex_step(spoil, x)
    np.testing.assert_array_equal(x, LOGITS)


# --- the report -----------------------------------------------------------------------------------


def test_the_report_reads_as_a_sentence_and_is_frozen():
    report = check_gradient(cubes, lambda x: 3 * x**2 + [0, 0.5], [1.0, 2.0])
    assert repr(report) == (
        "The gradient DISAGREES: largest difference 0.5 at index (1,), exact 12.5, approximate 12 "
        "(by complex step, tolerance 1e-07)."
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.agrees = True
    good = GradientReport(True, (), 1.0, 1.0, 0.0, 1e-8, "complex step")
    assert repr(good) == (
        "The gradient agrees: largest difference 0, exact 1, approximate 1 "
        "(by complex step, tolerance 1e-08)."
    )
    assert good
    assert all(type(value) in (bool, tuple, float, str) for value in dataclasses.asdict(report).values()), (
        "plain numbers, which print as such"
    )


def test_derivatives_of_derivatives():
    """The second derivative of softplus is the derivative of sigmoid; of SiLU, by its own formula."""
    x = X.ravel()
    assert check_gradient(
        lambda v: ACTIVATIONS["softplus"].derivative(v), ACTIVATIONS["sigmoid"].derivative, x
    )
    second = central_difference(ACTIVATIONS["silu"].derivative, x, elementwise=True)
    s = sigmoid(x)
    np.testing.assert_allclose(second, s * (1 - s) * (2 + x * (1 - 2 * s)), atol=1e-8)
    assert silu(0.0) == 0
    assert softplus(0.0) == pytest.approx(math.log(2))
