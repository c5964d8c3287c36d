"""Losses and their gradient: truth from mpmath, second opinions, identities, misuse."""

import math
import re

import mpmath
import mpmath_truth
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.numerics.floats import ulp_error
from course_utils.numerics.losses import (
    binary_cross_entropy,
    cross_entropy,
    cross_entropy_gradient,
    kl_divergence,
    one_hot,
)
from course_utils.numerics.softmax import entropy, softmax

INF, NAN = math.inf, math.nan
U = 2.0**-53
FEW = settings(max_examples=60, derandomize=True, deadline=None)
REDUCTIONS = ["mean", "sum", "none"]
LOSSES = [cross_entropy, cross_entropy_gradient, kl_divergence]


def batch(scale=3.0, shape=(3, 4, 5)):
    return np.random.default_rng(1).normal(scale=scale, size=shape)


def distributions(shape=(3, 4, 5)):
    return np.random.default_rng(2).dirichlet(np.ones(shape[-1]), size=shape[:-1])


# --- accuracy, against mpmath ---------------------------------------------------------------------


def log_softmax(x):
    """In the order of x, which has no equal entries."""
    return np.array(mpmath_truth.log_softmax(x), dtype=object)[np.argsort(np.argsort(x))]


def exact_cross_entropy(x, y):
    return -mpmath.fsum(mpmath.mpf(float(b)) * a for a, b in zip(log_softmax(x), y, strict=True))


def exact_gradient(x, y):
    y = [mpmath.mpf(float(v)) for v in y]
    return [mpmath.exp(a) * mpmath.fsum(y) - b for a, b in zip(log_softmax(x), y, strict=True)]


@mpmath.workdps(120)  # y = softmax(x) leaves a divergence of 1e-61, beside logarithms of 60 digits
def exact_kl(x, y):
    y = [mpmath.mpf(float(v)) / mpmath.fsum(float(w) for w in y) for v in y]
    return mpmath.fsum(b * (mpmath.log(b) - a) for a, b in zip(log_softmax(x), y, strict=True) if b)


def hard_logits():
    rng = np.random.default_rng(7)
    yield np.array([0.0, -40.0])
    yield np.array([3.0, -700.0, -1.0])
    yield np.array([1000.0, 0.3, -1000.0])
    for scale in (1e-9, 1e-3, 1.0, 10.0, 100.0):
        for n in (2, 3, 10):
            yield rng.normal(size=n) * scale


def check_losses(x, loss=cross_entropy, gradient=cross_entropy_gradient):
    """Raise AssertionError if the loss of a label is further from the truth than 4 ulp, the gradient 10."""
    for label in range(len(x)):
        y = one_hot(label, len(x))
        exact = exact_cross_entropy(x, y)
        if exact >= 2.0**-1022:
            off = ulp_error(float(loss(x, label)), exact)
            assert off <= 4, f"the loss of {x!r} and the label {label} is off by {off} ulp"
        true = exact_gradient(x, y)
        normal = np.array([abs(t) >= 2.0**-1022 for t in true])
        off = ulp_error(gradient(x, label), true)[normal].max(initial=0)
        assert off <= 10, f"the gradient at {x!r} and the label {label} is off by {off} ulp"


@pytest.mark.parametrize("x", list(hard_logits()))
def test_labels_against_the_truth(x):
    check_losses(x)


def test_the_check_rejects_the_usual_formulas():
    def loss_of_probability(x, label):
        return -np.log(softmax(x)[label])

    def p_minus_y(x, label):
        return softmax(x) - one_hot(label, len(x))

    x = np.array([0.0, -40.0])
    check_losses(x)
    with pytest.raises(AssertionError, match=r"the loss of .* is off by"):
        check_losses(x, loss=loss_of_probability)
    with pytest.raises(AssertionError):
        check_losses(x, gradient=p_minus_y)


@pytest.mark.parametrize("x", list(hard_logits()))
def test_distributions_against_the_truth(x):
    rng = np.random.default_rng(len(x))
    p = softmax(x)
    near = p * (1 + 1e-4 * rng.uniform(-1, 1, len(x)))
    for y in (rng.dirichlet(np.ones(len(x))), rng.dirichlet(np.full(len(x), 0.05)), near / near.sum(), p):
        assert ulp_error(float(cross_entropy(x, y)), exact_cross_entropy(x, y)) <= 10
        # The gradient is a difference of p and y; where they are close, both keep their own rounding errors.
        true = np.array(exact_gradient(x, y), dtype=object)
        errors = np.abs(np.asarray(cross_entropy_gradient(x, y) - true, dtype=float))
        assert (errors <= 16 * U * (p + y) + 1e-322).all()
        # d = log(y/p) has an error of a few U |log p|; the divergence, about d²/2, feels U d |log p|.
        true_kl = float(exact_kl(x, y))
        size = 1 + max((-np.log(v) for v in p if v > 0), default=0)
        allowed = 16 * U * true_kl + 8 * U * size * math.sqrt(2 * true_kl) + 16 * (U * size) ** 2
        assert abs(float(kl_divergence(x, y) - exact_kl(x, y))) <= min(allowed, 1e-13 * (1 + size))


def test_a_confident_class_costs_what_it_should():
    x, tiny = [0.0, -40.0], 4.248354255291589e-18
    for loss in (cross_entropy, kl_divergence):
        assert loss(x, 0) == pytest.approx(tiny, rel=1e-15)
        assert loss(x, 1) == pytest.approx(40, rel=1e-15)
    np.testing.assert_allclose(cross_entropy_gradient(x, 0), [-tiny, tiny], rtol=1e-15)
    np.testing.assert_allclose(cross_entropy_gradient(x, 1), [1, -1], rtol=1e-15)
    assert binary_cross_entropy(40.0, 1) == pytest.approx(tiny, rel=1e-15)


def test_divergence_keeps_its_digits_near_zero():
    x = np.array([0.1, -0.4, 1.3])
    y = softmax(x + np.array([1e-6, -1e-6, 0]))
    true = float(exact_kl(x, y))
    assert kl_divergence(x, y) == pytest.approx(true, rel=1e-8)
    as_written = cross_entropy(x, y) - entropy(y)
    assert abs(as_written - true) > 1e-5 * true
    assert kl_divergence(x, softmax(x)) <= 1e-30


@pytest.mark.parametrize("y", [0, 1, 0.5, 0.1, 1e-30, 1 - 2**-53])
def test_binary_against_the_truth(y):
    z = np.concatenate([np.random.default_rng(4).uniform(-45, 45, 40), [-800.0, -708.0, 0.0, 708.0, 1e308]])
    target = mpmath.mpf(y)
    true = [
        target * mpmath.log1p(mpmath.exp(-v)) + (1 - target) * mpmath.log1p(mpmath.exp(v))
        for v in map(mpmath.mpf, z.tolist())
    ]
    normal = np.array([t >= 2.0**-1022 for t in true])
    assert ulp_error(binary_cross_entropy(z, y, reduction="none"), true)[normal].max() <= 4


# --- second opinions ------------------------------------------------------------------------------


def test_agrees_with_scipy():
    x, y = batch(), distributions()
    p = scipy.special.softmax(x, axis=-1)
    np.testing.assert_allclose(
        kl_divergence(x, y, reduction="none"), scipy.special.rel_entr(y, p).sum(axis=-1), rtol=1e-11
    )
    np.testing.assert_allclose(
        cross_entropy(x, y, reduction="none"), -(y * scipy.special.log_softmax(x, axis=-1)).sum(axis=-1)
    )
    z, t = batch()[0], distributions()[0]
    losses = -scipy.special.xlogy(t, scipy.special.expit(z)) - scipy.special.xlog1py(
        1 - t, -scipy.special.expit(z)
    )
    np.testing.assert_allclose(binary_cross_entropy(z, t, reduction="none"), losses, rtol=1e-12)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("kind", ["labels", "probabilities"])
def test_agrees_with_torch(reduction, smoothing, kind, torch):
    x = batch()[0]
    y = np.array([0, 4, 2, 2]) if kind == "labels" else distributions()[0]
    options = {"reduction": reduction, "label_smoothing": smoothing}
    z = torch.tensor(x, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y), **options)
    loss.sum().backward()
    np.testing.assert_allclose(cross_entropy(x, y, **options), loss.detach().numpy(), rtol=1e-13)
    np.testing.assert_allclose(cross_entropy_gradient(x, y, **options), z.grad.numpy(), atol=1e-15)
    binary = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(x), torch.tensor(distributions()[0]), reduction=reduction
    )
    np.testing.assert_allclose(
        binary_cross_entropy(x, distributions()[0], reduction=reduction), binary.numpy(), rtol=1e-13
    )


# --- definitions and identities -------------------------------------------------------------------


def test_one_hot():
    np.testing.assert_array_equal(one_hot([0, 2, 1], 3), np.eye(3)[[0, 2, 1]])
    np.testing.assert_array_equal(one_hot([[True], [False]], 2), [[[0, 1]], [[1, 0]]])
    np.testing.assert_array_equal(one_hot(1, 3), [0, 1, 0])
    assert one_hot([], 3).shape == (0, 3)
    assert one_hot(np.uint8([3]), 4).dtype == np.float64


def test_numbers_everyone_knows():
    assert cross_entropy(np.log([0.01, 0.99]), 0) == pytest.approx(4.60517, abs=1e-5)
    assert cross_entropy(np.zeros(10), 3) == pytest.approx(math.log(10))
    assert cross_entropy(np.log([0.513812, 0.486188]), 0) == pytest.approx(0.665898, abs=1e-6)
    # For the logit -8 and the answer yes, squared error hardly moves.
    assert cross_entropy_gradient([-8.0, 0.0], 0)[0] == pytest.approx(-0.99966, abs=1e-5)
    # The diagonal of the Jacobian alone would say that only the true class moves.
    np.testing.assert_allclose(
        cross_entropy_gradient([0.1, -2, 3.4, 3.3], 2), [0.019, 0.002, -0.486, 0.465], atol=5e-4
    )


logits = hnp.arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-800, 800))


@FEW
@given(logits, st.integers(0, 5), st.sampled_from([0.0, 0.1, 1.0]))
def test_identities(x, label, smoothing):
    labels = np.full(len(x), label % x.shape[1])
    options = {"label_smoothing": smoothing, "reduction": "none"}
    y = one_hot(labels, x.shape[1])
    smoothed = (1 - smoothing) * y + smoothing / x.shape[1]
    ce, kl = cross_entropy(x, labels, **options), kl_divergence(x, labels, **options)
    np.testing.assert_array_equal(cross_entropy(x, y, **options), ce)
    np.testing.assert_allclose(cross_entropy(x, smoothed, reduction="none"), ce, rtol=1e-13)
    np.testing.assert_allclose(ce, entropy(smoothed) + kl, rtol=1e-13, atol=1e-14)
    assert (kl >= 0).all()
    gradient = cross_entropy_gradient(x, labels, **options)
    np.testing.assert_allclose(gradient, softmax(x) - smoothed, atol=1e-15)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-15)
    assert (np.abs(gradient) <= 1).all()


@FEW
@given(hnp.arrays(float, 5, elements=st.floats(-800, 800)))
def test_two_classes_are_a_yes_or_no(z):
    pairs = np.stack([np.zeros(5), z], axis=1)
    for answer in (0, 1):
        yes_no = binary_cross_entropy(z, answer, reduction="none")
        np.testing.assert_allclose(
            cross_entropy(pairs, np.full(5, answer), reduction="none"), yes_no, rtol=1e-15, atol=1e-320
        )


@pytest.mark.parametrize("kind", ["labels", "weights"])
def test_gradient_against_differences(kind):
    x = batch(1.0)[0]
    # Weights that do not sum to 1, too: the gradient is p Σy - y.
    y = np.array([0, 4, 2, 2]) if kind == "labels" else 3 * distributions()[0] ** 2
    h = 1e-6
    for reduction in ("mean", "sum"):
        for smoothing in (0.0, 0.3):
            options = {"reduction": reduction, "label_smoothing": smoothing}
            slope = np.empty_like(x)
            for place in np.ndindex(x.shape):
                e = np.zeros_like(x)
                e[place] = h
                slope[place] = (cross_entropy(x + e, y, **options) - cross_entropy(x - e, y, **options)) / (
                    2 * h
                )
            np.testing.assert_allclose(cross_entropy_gradient(x, y, **options), slope, atol=1e-8)


def test_reductions_and_axes():
    x, labels = batch(), np.random.default_rng(3).integers(0, 4, size=(3, 5))
    each = cross_entropy(x, labels, axis=1, reduction="none")
    assert each.shape == (3, 5)
    assert cross_entropy(x, labels, axis=1) == pytest.approx(each.mean())
    assert cross_entropy(x, labels, axis=1, reduction="sum") == pytest.approx(each.sum())
    moved = np.moveaxis(x, 1, -1)
    np.testing.assert_array_equal(cross_entropy(moved, labels, reduction="none"), each)
    gradient = cross_entropy_gradient(x, labels, axis=1, reduction="none")
    assert gradient.shape == x.shape
    np.testing.assert_array_equal(
        np.moveaxis(gradient, 1, -1), cross_entropy_gradient(moved, labels, reduction="sum")
    )
    np.testing.assert_allclose(cross_entropy_gradient(x, labels, 1), gradient / 15, rtol=1e-15)
    y = np.moveaxis(one_hot(labels, 4), -1, 1)
    for loss in LOSSES:
        np.testing.assert_array_equal(loss(x, y, -2), loss(x, labels, 1))
    for reduction, size in [("mean", ()), ("sum", ()), ("none", (3, 4, 5))]:
        assert np.shape(binary_cross_entropy(x, 1, reduction=reduction)) == size


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_of_the_logits_is_kept(dtype):
    x, y = batch()[0].astype(dtype), distributions()[0]
    wide = x.astype(float)
    for reduction in REDUCTIONS:
        for loss in (*LOSSES, lambda a, b, **options: binary_cross_entropy(a, b, **options)):
            result = loss(x, y, reduction=reduction)
            assert result.dtype == dtype
            np.testing.assert_array_equal(result, loss(wide, y, reduction=reduction).astype(dtype))


def test_integers_become_float64():
    x = np.array([[100, -100]], np.int8)
    assert cross_entropy(x, [1]) == 200
    assert cross_entropy(x, [1]).dtype == np.float64
    assert binary_cross_entropy(np.int8([-128]), [True]) == 128


def test_masks_infinities_and_nan():
    for loss in (cross_entropy, kl_divergence):
        assert loss([-INF, 0.0], 1) == 0
        assert loss([-INF, 0.0], [0.0, 1.0]) == 0
        assert loss([-INF, 0.0], 0) == INF
        assert loss([-INF, 0.0, 1.0], 1, label_smoothing=0.1) == INF
        assert loss([INF, 0.0], 0) == 0
        assert math.isnan(loss([NAN, 0.0], 0))
        assert math.isnan(loss([-INF, -INF], 0))
        assert math.isnan(loss(np.zeros((0, 3)), []))
        assert loss(np.zeros((0, 3)), [], reduction="sum") == 0
    np.testing.assert_array_equal(cross_entropy_gradient([-INF, 0.0], 1), [0, 0])
    np.testing.assert_array_equal(cross_entropy_gradient([-INF, 0.0], 0), [-1, 1])
    np.testing.assert_array_equal(cross_entropy_gradient([NAN, 0.0], 0), [NAN, NAN])
    assert cross_entropy_gradient(np.zeros((0, 3)), []).shape == (0, 3)
    assert math.isnan(cross_entropy([0.0, 0.0], [NAN, 1.0]))
    np.testing.assert_array_equal(
        binary_cross_entropy([INF, -INF, INF, -INF, NAN], [1, 0, 0, 1, 0], reduction="none"),
        [0, 0, INF, INF, NAN],
    )


@FEW
@given(
    st.sampled_from([np.float16, np.float32, np.float64]).flatmap(
        lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=2, max_dims=2, max_side=5))
    ),
    st.sampled_from([0.0, 0.1]),
)
def test_no_float_input_warns_or_is_changed(x, smoothing):
    before = x.copy()
    labels, y = np.zeros(len(x), int), np.full(x.shape, 1 / x.shape[1])
    for target in (labels, y):
        for loss in LOSSES:
            for reduction in REDUCTIONS:
                loss(x, target, reduction=reduction, label_smoothing=smoothing)
    binary_cross_entropy(x, y)
    np.testing.assert_array_equal(x, before)


# --- misuse ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", LOSSES)
def test_misuse_is_named(loss):
    x = np.zeros((4, 3))
    for bad in (3, -1):
        message = re.escape(f"label {bad} is out of range: 3 classes have the labels 0 to 2.")
        with pytest.raises(IndexError, match=message):
            loss(x, [0, bad, 1, 2])
    for shape in [(3,), (4, 2), (4, 1), (), (3, 4)]:
        message = (
            re.escape("logits of shape (4, 3) target must hold labels of shape (4,)")
            + ".*"
            + re.escape(f"got shape {shape}.")
        )
        with pytest.raises(ValueError, match=message):
            loss(x, np.zeros(shape, int))
    with pytest.raises(TypeError, match="labels must be integers, got dtype float64"):
        loss(x, [0.0, 1.0, 2.0, 0.0])
    with pytest.raises(ValueError, match=r"probabilities that are not negative, got -0\.5"):
        loss(x, x - 0.5)
    with pytest.raises(ValueError, match="finite probabilities"):
        loss(x, x + INF)
    for bad in (-0.1, 1.1, NAN):
        with pytest.raises(ValueError, match="label_smoothing must lie between 0 and 1"):
            loss(x, [0, 0, 0, 0], label_smoothing=bad)
    with pytest.raises(ValueError, match='reduction must be "mean", "sum" or "none", got \'average\''):
        loss(x, [0, 0, 0, 0], reduction="average")
    with pytest.raises(np.exceptions.AxisError, match="axis 2 is out of bounds"):
        loss(x, [0, 0, 0, 0], axis=2)
    with pytest.raises(ValueError, match=r"axis of classes, got a single number of shape \(\)"):
        loss(1.0, 0)
    with pytest.raises(ValueError, match="at least one class"):
        loss(np.zeros((4, 0)), np.zeros(4, int))
    for bad in ([1j, 0], ["a", "b"], [None, 1]):
        with pytest.raises(TypeError, match="logits must hold real numbers"):
            loss(bad, 0)
        with pytest.raises(TypeError, match="target must hold real numbers"):
            loss([0.0, 0.0], bad)


def test_short_floats_may_miss_a_sum_of_one_by_eight_units():
    half, unit = np.float16(0.5), np.finfo(np.float16).eps
    assert kl_divergence([0.0, 0.0], np.array([half, half + 8 * unit])) == pytest.approx(0, abs=1e-4)
    for y in (np.array([half, half + 9 * unit]), np.array([half, half - 9 * unit])):
        with pytest.raises(ValueError, match="sum to 1"):
            kl_divergence([0.0, 0.0], y)


def test_misuse_of_the_others_is_named():
    with pytest.raises(ValueError, match=r"sum to 1, got a sum of 0\.9"):
        kl_divergence([0.0, 0.0], [0.5, 0.4])
    with pytest.raises(IndexError, match="label -1 is out of range: 3 classes have the labels 0 to 2"):
        one_hot([0, -1], 3)
    with pytest.raises(ValueError, match="num_classes must be at least 1, got 0"):
        one_hot([0], 0)
    with pytest.raises(TypeError, match="labels must be integers, got dtype float64"):
        one_hot([0.5], 3)
    with pytest.raises(TypeError, match="integer"):
        one_hot([0], 2.5)
    with pytest.raises(
        ValueError, match=re.escape("shape of logits, (4, 1), or be one number, got shape (4,)")
    ):
        binary_cross_entropy(np.zeros((4, 1)), np.zeros(4))
    for bad in (-0.1, 1.5):
        with pytest.raises(ValueError, match=f"probability between 0 and 1, got {bad}"):
            binary_cross_entropy([0.0], [bad])
    with pytest.raises(ValueError, match="reduction must be"):
        binary_cross_entropy([0.0], [1], reduction=None)
    with pytest.raises(TypeError, match="logits must hold real numbers"):
        binary_cross_entropy([1j], [1])


def test_the_smallest_loss_is_the_entropy_of_a_target_that_sums_to_one():
    """Of another target it is not: for (2, 2) the least is 4 log 2, and -Σ y log y is below 0."""
    logits = np.stack(np.meshgrid(*[np.linspace(-6, 6, 61)] * 2), axis=-1)
    for y in ([0.5, 0.5], [0.9, 0.1], [1.0, 0.0], [2.0, 2.0], [0.0, 0.0]):
        losses = cross_entropy(logits, np.broadcast_to(y, logits.shape), reduction="none")
        at_y = float(-scipy.special.xlogy(y, y).sum())
        is_least = abs(losses.min() - at_y) < 1e-3 and losses.min() >= at_y - 1e-12
        assert is_least == (sum(y) == 1 or not any(y))
    assert "For a target that sums to 1, the smallest possible value is its entropy" in " ".join(
        cross_entropy.__doc__.split()
    )
