"""The frozen network: shapes, initialization, reading PyTorch's weights, and what bad input gets."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.numerics.mlp import MLP

widths = st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple)
seeds = st.integers(0, 2**32 - 1)


def forward_by_hand(mlp: MLP, x: list[float]) -> list[list[float]]:
    """Loops over plain lists, the definition: what every layer computes."""
    values, layers = x, []
    for layer, (weight, bias) in enumerate(zip(mlp.weights, mlp.biases, strict=True)):
        values = [
            sum(w * v for w, v in zip(row, values, strict=True)) + b
            for row, b in zip(weight, bias, strict=True)
        ]
        layers.append(values)
        if layer < len(mlp.weights) - 1:
            values = [max(v, 0.0) for v in values]
    return layers


@settings(max_examples=50, derandomize=True, deadline=None)
@given(widths, seeds, st.sampled_from(["uniform", "he", "glorot", "unit"]), st.booleans())
def test_forward_is_the_definition(widths, seed, scheme, bias):
    mlp = MLP.random(widths, seed, scheme, bias)
    x = np.random.default_rng(seed).normal(size=(3, 4, widths[0]))
    result = mlp.forward(x)
    assert result.shape == (3, 4, widths[-1])
    by_hand = forward_by_hand(mlp, list(x[1, 2]))
    np.testing.assert_allclose(result[1, 2], by_hand[-1], rtol=1e-12, atol=1e-14)
    layers = mlp.pre_activations(x)
    np.testing.assert_array_equal(layers[-1], result)
    for layer, expected in zip(layers, by_hand, strict=True):
        np.testing.assert_allclose(layer[1, 2], expected, rtol=1e-12, atol=1e-13)
    assert mlp.widths == widths


@pytest.mark.parametrize(
    ("widths", "count"),
    [((2, 20, 1), 81), ((2, 5, 5, 5, 5, 1), 111), ((2, 27, 1), 109), ((2, 28, 1), 113), ((3, 2), 8)],
)
def test_parameter_counts(widths, count):
    assert MLP.random(widths, 0).parameter_count == count


def test_the_uniform_scheme_is_the_default_of_pytorch_for_weights_and_biases():
    mlp = MLP.random((100, 400, 50), 0)
    for weight, bias, fan_in in zip(mlp.weights, mlp.biases, (100, 400), strict=True):
        for values in (weight, bias):
            assert np.abs(values).max() <= 1 / np.sqrt(fan_in)
            assert np.abs(values).max() > 0.9 / np.sqrt(fan_in)


@pytest.mark.parametrize(
    ("scheme", "variance"), [("he", 2 / 400), ("glorot", 2 / (400 + 300)), ("unit", 1), ("zero", 0)]
)
def test_variances_of_the_schemes(scheme, variance):
    mlp = MLP.random((400, 300), 1, scheme)
    assert mlp.weights[0].var() == pytest.approx(variance, rel=0.02)
    assert abs(mlp.weights[0].mean()) < 0.02 * np.sqrt(variance) or scheme == "zero"
    assert 0 < np.abs(mlp.biases[0]).max() <= 1 / np.sqrt(400)


def test_he_keeps_the_spread_through_relu_layers_and_unit_variance_does_not():
    x = np.random.default_rng(2).normal(size=(500, 200))

    def spreads(scheme):
        layers = MLP.random((200,) * 7, 0, scheme, bias=False).pre_activations(x)
        return np.array([z.std() for z in layers])

    # ReLU halves the mean square; He's variance 2/n makes up for it, so the spread stays near √2.
    np.testing.assert_allclose(spreads("he"), np.sqrt(2), rtol=0.3)
    assert np.diff(np.log(spreads("unit"))) == pytest.approx(np.log(np.sqrt(200 / 2)), rel=0.05)
    np.testing.assert_allclose(spreads("glorot")[1:] / spreads("glorot")[:-1], np.sqrt(1 / 2), rtol=0.1)
    assert (spreads("zero") == 0).all()


def test_no_bias_is_zero_and_seeds_repeat():
    mlp = MLP.random((2, 4, 1), 5, bias=False)
    assert all((b == 0).all() for b in mlp.biases)
    again = MLP.random((2, 4, 1), 5, bias=False)
    other = MLP.random((2, 4, 1), 6, bias=False)
    np.testing.assert_array_equal(mlp.weights[0], again.weights[0])
    assert (mlp.weights[0] != other.weights[0]).all()


def test_frozen_and_independent_of_the_arrays_it_was_made_from():
    weight, bias = np.ones((1, 2)), np.zeros(1)
    mlp = MLP([weight], [bias])
    weight[:] = 7
    assert mlp.forward([1.0, 1.0]) == 2
    with pytest.raises(FrozenInstanceError):
        mlp.weights = ()
    with pytest.raises(ValueError, match="read-only"):
        mlp.weights[0][0, 0] = 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, np.int8, np.bool_])
def test_dtypes(dtype):
    mlp = MLP.random((2, 3, 1), 0)
    x = np.array([[1, 0], [0, 1]], dtype=dtype)
    result = mlp.forward(x)
    assert result.dtype == (dtype if dtype in (np.float16, np.float32) else np.float64)
    np.testing.assert_array_equal(result, mlp.forward(x.astype(float)).astype(result.dtype))


def test_float32_weights_are_kept_exactly():
    weight = np.float32([[0.1, 0.2]])
    assert MLP([weight], [np.float32([0.3])]).weights[0].tolist() == weight.astype(float).tolist()


def test_nan_propagates_and_infinity_warns_nobody():
    mlp = MLP([[[1.0, 0.0], [0.0, 0.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.0]])
    assert np.isnan(mlp.forward([np.nan, 1.0])).all()
    mlp.forward([np.inf, -np.inf])
    mlp.forward(np.array([1e38, -1e38], dtype=np.float32) * np.float32(3))


@pytest.mark.parametrize(
    ("weights", "biases", "error", "message"),
    [
        ([], [], ValueError, "at least one layer"),
        ([np.eye(2)], [], ValueError, "1 weights and 0 biases"),
        ([np.ones(2)], [np.ones(2)], ValueError, r"weights\[0\] must have shape \(n_out, n_in\)"),
        ([np.ones((0, 2))], [np.ones(0)], ValueError, "both at least 1"),
        ([np.ones((3, 2))], [np.ones(2)], ValueError, r"biases\[0\] must have shape \(3,\)"),
        (
            [np.ones((3, 2)), np.ones((1, 2))],
            [np.ones(3), np.ones(1)],
            ValueError,
            r"weights\[1\] of shape \(1, 2\)",
        ),
        ([np.ones((1, 2)) * np.nan], [np.ones(1)], ValueError, r"weights\[0\] must hold finite numbers"),
        ([np.ones((1, 2))], [[np.inf]], ValueError, r"biases\[0\] must hold finite numbers"),
        ([np.ones((1, 2)) * 1j], [np.ones(1)], TypeError, "complex128"),
        ([[["a", "b"]]], [np.ones(1)], TypeError, "real numbers"),
        ([[[1.0, 2.0], [1.0]]], [np.ones(2)], ValueError, "rectangular"),
    ],
)
def test_bad_layers(weights, biases, error, message):
    with pytest.raises(error, match=message):
        MLP(weights, biases)


@pytest.mark.parametrize("x", [1.0, [1.0], [1.0, 2.0, 3.0], np.ones((2, 3))])
def test_wrong_input_shape(x):
    with pytest.raises(ValueError, match=r"x must have shape \(\.\.\., 2\), got"):
        MLP.random((2, 3, 1), 0).forward(x)


@pytest.mark.parametrize("x", [[1j, 0], ["a", "b"], [None, 1]])
def test_wrong_input_type(x):
    with pytest.raises(TypeError, match="x must hold real numbers"):
        MLP.random((2, 3, 1), 0).forward(x)


@pytest.mark.parametrize("widths", [(), (2,), (2, 0, 1), (2, -1), (2, 2.5, 1), (True, 2), ("2", 3)])
def test_bad_widths(widths):
    with pytest.raises(ValueError, match="whole numbers from 1 on"):
        MLP.random(widths, 0)


def test_bad_scheme():
    with pytest.raises(ValueError, match="'uniform', 'he', 'glorot', 'unit', 'zero', got 'xavier'"):
        MLP.random((2, 1), 0, scheme="xavier")


def test_state_dict_without_torch():
    w0, w2 = np.arange(6.0).reshape(3, 2), np.ones((1, 3))
    # Dictionary order does not matter, numbers do: layer 10 comes after layer 2.
    mlp = MLP.from_state_dict({"10.weight": w2, "0.bias": np.ones(3), "0.weight": w0})
    np.testing.assert_array_equal(mlp.weights[0], w0)
    np.testing.assert_array_equal(mlp.biases[1], [0.0])
    prefixed = MLP.from_state_dict({"net.0.weight": w0, "net.0.bias": np.ones(3), "net.10.weight": w2})
    np.testing.assert_array_equal(prefixed.forward([1.0, 2.0]), mlp.forward([1.0, 2.0]))


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "at least one layer"),
        ({"0.running_mean": np.ones(2)}, "running_mean"),
        ({"fc.weight": np.ones((2, 2))}, "'fc.weight'"),
        ({"0.bias": np.ones(2)}, "no '0.weight'"),
        ({"a.0.weight": np.ones((2, 2)), "b.2.weight": np.ones((2, 2))}, "prefixes"),
        ({"0.weight": np.ones((2, 2, 3, 3))}, "n_out, n_in"),
    ],
)
def test_bad_state_dicts(state, message):
    with pytest.raises(ValueError, match=message):
        MLP.from_state_dict(state)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_equal_to_real_pytorch(dtype, torch):
    torch.manual_seed(0)
    nn = torch.nn
    net = nn.Sequential(nn.Linear(2, 7), nn.ReLU(), nn.Linear(7, 5, bias=False), nn.ReLU(), nn.Linear(5, 3))
    net = net.to(getattr(torch, dtype))
    mlp = MLP.from_state_dict(net.state_dict())
    x = np.random.default_rng(0).normal(size=(20, 2))
    expected = net.double()(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(mlp.forward(x), expected, rtol=1e-12, atol=1e-14)
