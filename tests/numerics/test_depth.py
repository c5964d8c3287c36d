"""The way through a deep network and back: against differences, the expected lengths, and a folk tale."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from course_utils.numerics.activations import ACTIVATIONS, Activation
from course_utils.numerics.depth import Passage, there_and_back
from course_utils.numerics.gradients import check_gradient

RNG = np.random.default_rng(7)
SMALL = [RNG.normal(size=shape) for shape in [(4, 3), (5, 4), (2, 5)]]
X, GRADIENT = RNG.normal(size=3), RNG.normal(size=2)


def random_passage(
    activation: Activation, widths: tuple[int, ...], weight_std: float, examples: int = 40
) -> Passage:
    """Draw a network and send normal inputs forward and random directions of length 1 back."""
    random = np.random.default_rng(3)
    weights = [weight_std * random.standard_normal((n_out, n_in)) for n_in, n_out in pairwise(widths)]
    direction = random.standard_normal((examples, widths[-1]))
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    return there_and_back(weights, activation, random.standard_normal((examples, widths[0])), direction)


def test_slopes_are_those_at_the_pre_activations() -> None:
    passage = there_and_back(SMALL, ACTIVATIONS["silu"], X, GRADIENT)
    for z, slope in zip(passage.pre_activations, passage.slopes, strict=True):
        np.testing.assert_array_equal(slope, ACTIVATIONS["silu"].derivative(z))


def lengths(passage: Passage) -> np.ndarray:
    """Root mean square over the examples of the length of the gradient, layer by layer."""
    return np.array([np.sqrt(np.mean(np.sum(g * g, axis=-1))) for g in passage.gradients])


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_every_gradient_is_what_differences_measure(activation: Activation) -> None:
    passage = there_and_back(SMALL, activation, X, GRADIENT)
    for layer, (z, _, gradient) in enumerate(zip(*passage, strict=True)):
        above = SMALL[layer + 1 :]

        def loss(z: np.ndarray, above: list[np.ndarray] = above) -> float:
            hidden = activation.function(z)
            for weight in above:
                hidden = activation.function(weight @ hidden)
            return float(GRADIENT @ hidden)

        report = check_gradient(loss, lambda _, g=gradient: g, z)
        assert report, (layer, report)


def test_a_batch_is_its_examples() -> None:
    batch = there_and_back(SMALL, ACTIVATIONS["gelu"], np.stack([X, -X]), np.stack([GRADIENT, GRADIENT]))
    for example, x in enumerate([X, -X]):
        alone = there_and_back(SMALL, ACTIVATIONS["gelu"], x, GRADIENT)
        for together, single in zip(batch, alone, strict=True):
            for layer, values in zip(together, single, strict=True):
                np.testing.assert_allclose(layer[example], values, rtol=1e-14, atol=1e-300)


def test_what_comes_back_is_proportional_to_what_is_sent() -> None:
    once, twice = (there_and_back(SMALL, ACTIVATIONS["tanh"], X, k * GRADIENT) for k in (1, 1024))
    for one, other in zip(once.gradients, twice.gradients, strict=True):
        np.testing.assert_array_equal(other, 1024 * one)


@pytest.mark.parametrize("name", ["tanh", "relu", "gelu", "sigmoid"])
@pytest.mark.parametrize("widths", [(500,) * 6, (784, 400, 300, 500, 200)])
@pytest.mark.parametrize("gain", [0.5, 1.0, math.sqrt(2), 5.0])
def test_fan_in_times_variance_times_mean_square_slope_is_the_growth(
    name: str, widths: tuple[int, ...], gain: float
) -> None:
    """A layer multiplies the squared length of the gradient by this, whatever its fan-out: 1 is the edge."""
    weight_std = gain / math.sqrt(400)
    passage = random_passage(ACTIVATIONS[name], widths, weight_std)
    measured = (lengths(passage)[:-1] / lengths(passage)[1:]) ** 2
    squares = [np.mean(slope**2) for slope in passage.slopes[:-1]]
    np.testing.assert_allclose(measured, np.array(widths[1:-1]) * weight_std**2 * squares, rtol=0.25)


def test_small_slopes_do_not_mean_that_a_gradient_vanishes() -> None:
    """Ten tanh layers, weights of standard deviation 1: tiny slopes, and yet the gradient explodes."""
    wild, kept = (random_passage(ACTIVATIONS["tanh"], (784,) * 11, std, 8) for std in (1.0, 1 / 28))
    assert np.prod([np.mean(slope) for slope in wild.slopes]) < 1e-13
    assert lengths(wild)[0] / lengths(wild)[-1] > 1e5
    assert 0.1 < lengths(kept)[0] / lengths(kept)[-1] < 1


@pytest.mark.parametrize(
    ("weights", "x", "gradient", "error", "message"),
    [
        ([], X, GRADIENT, ValueError, "at least one layer"),
        ([SMALL[0], SMALL[2]], X, GRADIENT, ValueError, r"weights\[1\] of shape \(2, 5\) cannot take"),
        (SMALL, X[:2], GRADIENT, ValueError, r"weights\[0\] of shape \(4, 3\) cannot take"),
        (SMALL, X[0], GRADIENT, ValueError, r"weights\[0\]"),
        ([X], X, GRADIENT, ValueError, r"weights\[0\]"),
        (SMALL, X, X, ValueError, r"gradient must have the shape \(2,\)"),
        (SMALL, X * 1j, GRADIENT, TypeError, "x must hold real numbers"),
        (SMALL, X, ["a", "b"], TypeError, "gradient must hold real numbers"),
        ([["a"]], X, GRADIENT, TypeError, r"weights\[0\] must hold real numbers"),
    ],
)
def test_bad_input_gets_one_clear_error(
    weights: object, x: object, gradient: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        there_and_back(weights, ACTIVATIONS["tanh"], x, gradient)  # type: ignore[arg-type]
