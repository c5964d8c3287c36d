"""A small multilayer perceptron: affine layers with ReLU between them and none after the last.

It is frozen: every picture of a network, its regions and its gradients shows the same network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import Float64Array, as_real, float_dtype, is_whole

Scheme = Literal["uniform", "he", "glorot", "unit", "zero"]

_STATE_KEY = re.compile(r"(?P<prefix>.*?)(?P<index>\d+)\.(?P<kind>weight|bias)")


@dataclass(frozen=True, eq=False)
class MLP:
    """A ReLU network ``x -> W_L relu(… relu(W_1 x + b_1) …) + b_L``.

    Parameters
    ----------
    weights : sequence of array_like
        `weights[l]` has shape (n_out, n_in), as in PyTorch's `Linear`. Kept as read-only float64 copies
        (float32 and float16 weights are represented exactly).
    biases : sequence of array_like
        `biases[l]` has shape (n_out,).

    Raises
    ------
    TypeError
        If a weight or bias is complex, an object or a string.
    ValueError
        If shapes do not fit together or a number is not finite.

    Examples
    --------
    >>> net = MLP(weights=[[[1.0], [-1.0]], [[1.0, 1.0]]], biases=[[0.0, 0.0], [0.0]])
    >>> net.forward([[-3.0], [2.0]])  # |x| from two ReLUs
    array([[3.],
           [2.]])
    >>> net.parameter_count
    7
    """

    weights: tuple[Float64Array, ...]
    biases: tuple[Float64Array, ...]

    def __init__(self, weights: Iterable[npt.ArrayLike], biases: Iterable[npt.ArrayLike]) -> None:
        frozen_weights = tuple(_real_array(w, f"weights[{i}]") for i, w in enumerate(weights))
        frozen_biases = tuple(_real_array(b, f"biases[{i}]") for i, b in enumerate(biases))
        _check_layers(frozen_weights, frozen_biases)
        object.__setattr__(self, "weights", frozen_weights)
        object.__setattr__(self, "biases", frozen_biases)

    @classmethod
    def random(cls, widths: Sequence[int], seed: int, scheme: Scheme = "uniform", bias: bool = True) -> MLP:
        """Draw a network at random.

        Parameters
        ----------
        widths : sequence of int
            Inputs, hidden widths, outputs: `(2, 20, 1)`.
        seed : int
            Seed of NumPy's default generator; equal seeds give equal networks.
        scheme : {"uniform", "he", "glorot", "unit", "zero"}
            "uniform": weights uniform in ±1/√fan_in, the default of PyTorch's `Linear`.
            "he": normal with variance 2/fan_in (He et al. 2015, section 2.2).
            "glorot": uniform with variance 2/(fan_in + fan_out) (Glorot & Bengio 2010, eq. 16).
            "unit": normal with variance 1, whatever the width: too large for all but the narrowest layers.
            "zero": every weight 0; with ``bias=False`` the whole network is.
        bias : bool
            True: biases uniform in ±1/√fan_in in *every* scheme, as PyTorch's `kaiming_normal_` and
            `xavier_uniform_` leave them. False: zero, as in both papers.

        Examples
        --------
        >>> MLP.random((2, 20, 1), seed=0).parameter_count
        81
        """
        sizes = _checked_widths(widths)
        if scheme not in _SCHEMES:
            raise ValueError(f"scheme must be one of {', '.join(map(repr, _SCHEMES))}, got {scheme!r}.")
        rng = np.random.default_rng(seed)
        weights, biases = [], []
        for fan_in, fan_out in pairwise(sizes):
            weights.append(_SCHEMES[scheme](rng, fan_in, fan_out))
            biases.append(_uniform(rng, fan_in, (fan_out,)) if bias else np.zeros(fan_out))
        return cls(weights, biases)

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Any]) -> MLP:
        """Read the `state_dict()` of a PyTorch `nn.Sequential` of `Linear` and `ReLU` layers.

        PyTorch is not imported: values may be tensors (on any device, of any floating dtype) or arrays.
        Keys are `"<number>.weight"` and `"<number>.bias"`, all with the same prefix, if any; a layer without
        a bias (`Linear(..., bias=False)`) gets zeros. A state dict does not say which activation stands
        between the layers: it is taken to be ReLU.

        Raises
        ------
        ValueError
            If a key is not of this form, a bias has no weight, or the layers do not fit together.

        Examples
        --------
        >>> state = {"0.weight": [[1.0, 2.0]], "0.bias": [0.5], "2.weight": [[3.0]], "2.bias": [0.0]}
        >>> MLP.from_state_dict(state).forward([1.0, 1.0])
        array([10.5])
        """
        tables: dict[str, dict[int, Any]] = {"weight": {}, "bias": {}}
        prefixes = set()
        for key, value in state.items():
            match = _STATE_KEY.fullmatch(key)
            if match is None:
                raise ValueError(
                    f"state dict key {key!r} is not of the form '<number>.weight' or '<number>.bias': "
                    "only an nn.Sequential of Linear and ReLU layers can be read."
                )
            prefixes.add(match["prefix"])
            tables[match["kind"]][int(match["index"])] = _to_numpy(value)
        if len(prefixes) > 1:
            raise ValueError(
                f"state dict mixes the prefixes {sorted(prefixes)}; pass the one nn.Sequential's."
            )
        if orphans := sorted(tables["bias"].keys() - tables["weight"].keys()):
            raise ValueError(f"state dict has '{orphans[0]}.bias' but no '{orphans[0]}.weight'.")
        order = sorted(tables["weight"])
        weights = [tables["weight"][i] for i in order]
        biases = [
            tables["bias"].get(i, np.zeros(np.shape(w)[:1])) for i, w in zip(order, weights, strict=True)
        ]
        return cls(weights, biases)

    @property
    def widths(self) -> tuple[int, ...]:
        """Inputs, hidden widths, outputs."""
        return (self.weights[0].shape[1], *(len(b) for b in self.biases))

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases: `Σ n_out (n_in + 1)`."""
        return sum(w.size for w in self.weights) + sum(b.size for b in self.biases)

    def forward(self, x: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
        """Outputs for inputs of shape (..., n_in), as an array of shape (..., n_out).

        Integers and booleans become float64; float16 and float32 are computed in float64 and returned in
        their own dtype. `nan` propagates.

        Raises
        ------
        TypeError
            If `x` is complex, an object or a string array.
        ValueError
            If the last axis of `x` is not n_in long.
        """
        output = self.pre_activations(x)[-1]
        with np.errstate(over="ignore", invalid="ignore"):
            return output.astype(float_dtype(np.asarray(x).dtype), copy=False)

    def pre_activations(self, x: npt.ArrayLike) -> tuple[Float64Array, ...]:
        """What each layer computes before its ReLU, the last one without: `W h + b`, layer by layer.

        Parameters
        ----------
        x : array_like, shape (..., n_in)
            As for `forward`.

        Returns
        -------
        tuple of ndarray of float64, of shape (..., n_out) of each layer
            The last one is the output; `relu` of each other one is what the next layer is given.

        Raises
        ------
        TypeError, ValueError
            As for `forward`.

        Examples
        --------
        >>> net = MLP(weights=[[[1.0], [-1.0]], [[1.0, 1.0]]], biases=[[0.0, 0.0], [0.0]])
        >>> net.pre_activations([-3.0])
        (array([-3.,  3.]), array([3.]))
        """
        inputs = as_real("x", x)
        n_in = self.weights[0].shape[1]
        if inputs.ndim == 0 or inputs.shape[-1] != n_in:
            raise ValueError(f"x must have shape (..., {n_in}), got {inputs.shape}.")
        hidden = inputs.astype(np.float64, copy=False)
        layers = []
        with np.errstate(over="ignore", invalid="ignore"):
            for weight, bias in zip(self.weights, self.biases, strict=True):
                layers.append(hidden @ weight.T + bias)
                hidden = np.maximum(layers[-1], 0.0)
        return tuple(layers)


def _uniform(rng: np.random.Generator, fan_in: int, shape: tuple[int, ...]) -> Float64Array:
    """PyTorch's default for weights and biases."""
    bound = 1 / np.sqrt(fan_in)
    return rng.uniform(-bound, bound, shape)


def _glorot(rng: np.random.Generator, fan_in: int, fan_out: int) -> Float64Array:
    bound = np.sqrt(6 / (fan_in + fan_out))  # a uniform distribution in ±bound has variance bound²/3
    return rng.uniform(-bound, bound, (fan_out, fan_in))


# How each scheme draws the weights of a layer, of shape (fan_out, fan_in).
_SCHEMES: dict[Scheme, Callable[[np.random.Generator, int, int], Float64Array]] = {
    "uniform": lambda rng, fan_in, fan_out: _uniform(rng, fan_in, (fan_out, fan_in)),
    "he": lambda rng, fan_in, fan_out: rng.normal(0.0, np.sqrt(2 / fan_in), (fan_out, fan_in)),
    "glorot": _glorot,
    "unit": lambda rng, fan_in, fan_out: rng.normal(0.0, 1.0, (fan_out, fan_in)),
    "zero": lambda rng, fan_in, fan_out: np.zeros((fan_out, fan_in)),
}


def _real_array(values: npt.ArrayLike, name: str) -> Float64Array:
    """A read-only float64 copy, or one clear error."""
    try:
        copy = np.array(as_real(name, values), dtype=np.float64)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}") from None
    if not np.isfinite(copy).all():
        raise ValueError(f"{name} must hold finite numbers, got nan or infinity.")
    copy.flags.writeable = False
    return copy


def _check_layers(weights: tuple[Float64Array, ...], biases: tuple[Float64Array, ...]) -> None:
    if not weights:
        raise ValueError("a network needs at least one layer, got no weights.")
    if len(weights) != len(biases):
        raise ValueError(
            f"each layer needs weights and biases, got {len(weights)} weights and {len(biases)} biases."
        )
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if weight.ndim != 2 or 0 in weight.shape:
            raise ValueError(
                f"weights[{i}] must have shape (n_out, n_in), both at least 1, got {weight.shape}."
            )
        if bias.shape != weight.shape[:1]:
            raise ValueError(
                f"biases[{i}] must have shape {weight.shape[:1]} to fit weights[{i}] of shape "
                f"{weight.shape}, got {bias.shape}."
            )
        if i and weight.shape[1] != weights[i - 1].shape[0]:
            raise ValueError(
                f"weights[{i}] of shape {weight.shape} must take the {weights[i - 1].shape[0]} outputs of "
                f"weights[{i - 1}] of shape {weights[i - 1].shape}."
            )


def _checked_widths(widths: Sequence[int]) -> tuple[int, ...]:
    sizes = tuple(widths)
    if len(sizes) < 2 or not all(is_whole(n, 1) for n in sizes):
        raise ValueError(
            f"widths must be two or more whole numbers from 1 on, such as (2, 20, 1), got {widths!r}."
        )
    return tuple(int(n) for n in sizes)


def _to_numpy(value: Any) -> Any:
    """A tensor as a float64 array (NumPy has no bfloat16: PyTorch widens it); anything else unchanged."""
    return value.detach().cpu().double().numpy() if hasattr(value, "detach") else value
