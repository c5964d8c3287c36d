"""Activation functions and their derivatives, accurate to a few units in the last place and free of warnings.

Three ideas carry the module:

* with ``t = exp(-|x|)``, which never overflows, sigmoid, softplus and tanh are short formulas for either sign
  in which nothing cancels (``1 - tanh(x)**2`` does cancel: from x = 19 on it is 0);
* a product such as ``x exp(x)`` takes the square root of the exponential twice, so that it stays exact
  where ``exp(x)`` alone has already lost digits to underflow;
* GELU takes the tail of the normal distribution as such, not as ``1 + erf``.

What holds for every function, and is not said again: ``x`` is an array_like of real numbers of any shape, and
each entry is mapped by itself; complex numbers, and what is no number at all, are a TypeError. Integers and
booleans become float64; float16 and float32 are computed in float64 and rounded once. ``nan`` propagates.
Errors are given in units in the last place (ulp), against mpmath, over all floats.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import (
    FLOAT64,
    Float64Array,
    FloatArray,
    as_real,
    checked_number,
    own_dtype,
)
from course_utils.numerics._normal import FAR, bell, scaled_tail

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "elu",
    "elu_derivative",
    "gelu",
    "gelu_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "log_sigmoid",
    "log_sigmoid_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "silu",
    "silu_derivative",
    "softplus",
    "softplus_derivative",
    "tanh",
    "tanh_derivative",
]


def sigmoid(x: npt.ArrayLike) -> FloatArray:
    """Logistic sigmoid σ(x) = 1 / (1 + exp(-x)), between 0 and 1.

    For negative x as ``exp(x) / (1 + exp(x))``: whatever the sign, the exponential is at most 1.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 2 ulp. A probability, if `x` is a logit.

    References
    ----------
    Verhulst (1845); Goodfellow, Bengio & Courville (2016), "Deep learning", section 3.10.

    Examples
    --------
    >>> sigmoid([0, -1000, 1000])
    array([0.5, 0. , 1. ])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        t = np.exp(-np.abs(z))
        total, relative_error = _one_plus(t)
        value = np.where(z < 0, t, 1.0) / total
        return own_dtype(value - value * relative_error, dtype)


def sigmoid_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `sigmoid`, ``σ(x) σ(-x) = t / (1 + t)²`` with ``t = exp(-|x|)``.

    ``σ (1 - σ)`` says the same, but is 0 from x = 37 on, where σ rounds to 1.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 3 ulp; at most 1/4, at 0.

    Examples
    --------
    >>> float(sigmoid_derivative(0))
    0.25
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        t = np.exp(-np.abs(z))
        total, relative_error = _one_plus(t)
        value = t / (total * total)
        return own_dtype(value - 2 * value * relative_error, dtype)


def log_sigmoid(x: npt.ArrayLike) -> FloatArray:
    """Logarithm of `sigmoid`, ``-log(1 + exp(-x))``: minus `softplus` of -x.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        In nats, within 1.5 ulp; finite even where the sigmoid underflows to 0.

    Examples
    --------
    >>> log_sigmoid([0.0, -1000.0]).round(6)
    array([-6.93147e-01, -1.00000e+03])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z))), dtype)


def log_sigmoid_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `log_sigmoid`: 1 - σ(x), computed as σ(-x) because a subtraction from 1 would cancel.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 2 ulp.

    Examples
    --------
    >>> log_sigmoid_derivative([0.0, 40.0]).round(20)
    array([5.00e-01, 4.25e-18])
    """
    z, dtype = as_float64(x)
    return own_dtype(np.asarray(sigmoid(-z)), dtype)


def softplus(x: npt.ArrayLike) -> FloatArray:
    """Smooth ReLU, ``log(1 + exp(x))``, as ``max(x, 0) + log1p(exp(-|x|))``.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 1.5 ulp.

    References
    ----------
    Dugas et al. (2001), "Incorporating second-order functional knowledge for better option pricing".

    Examples
    --------
    >>> softplus([-1000.0, 0.0, 1000.0]).round(6)
    array([0.00000e+00, 6.93147e-01, 1.00000e+03])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))), dtype)


def softplus_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `softplus`: `sigmoid`.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 2 ulp.

    Examples
    --------
    >>> float(softplus_derivative(0))
    0.5
    """
    return sigmoid(x)


def tanh(x: npt.ArrayLike) -> FloatArray:
    """Hyperbolic tangent, between -1 and 1; ``2 σ(2x) - 1``, but exact near 0 where that cancels.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 2 ulp (NumPy's own).

    Examples
    --------
    >>> tanh([-1000, 0, 1])
    array([-1.        ,  0.        ,  0.76159416])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(np.tanh(z), dtype)


def tanh_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `tanh`, 1 - tanh²(x) = 4 σ'(2x), since tanh(x) = 2 σ(2x) - 1.

    As it is written, ``1 - tanh(x)**2`` loses half of its digits at x = 10, and all of them from x = 19 on.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 4 ulp; at most 1, at 0; about ``4 exp(-2|x|)`` far out.

    Examples
    --------
    >>> tanh_derivative([0.0, 20.0]).round(20)
    array([1.000e+00, 1.699e-17])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(4 * np.asarray(sigmoid_derivative(2 * z)), dtype)


def relu(x: npt.ArrayLike) -> FloatArray:
    """Rectified linear unit, ``max(x, 0)``.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Exact. Always floats, for integers too.

    References
    ----------
    Nair & Hinton (2010); Glorot, Bordes & Bengio (2011), "Deep sparse rectifier neural networks".

    Examples
    --------
    >>> relu([-2, 3])
    array([0., 3.])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(np.maximum(z, 0.0), dtype)


def relu_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `relu`: 0 for x < 0, 1 for x > 0.

    At 0 it has none. Any number between 0 and 1 (a subgradient) may stand there; here it is 0, the
    convention of the frameworks.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Exact.

    References
    ----------
    Bertoin et al. (2021), "Numerical influence of ReLU'(0) on backpropagation".

    Examples
    --------
    >>> relu_derivative([-2, 0, 3])
    array([0., 0., 1.])
    """
    return leaky_relu_derivative(x, 0.0)


def leaky_relu(x: npt.ArrayLike, slope: float = 0.01) -> FloatArray:
    """ReLU that leaks: x for x > 0, ``slope * x`` below.

    Parameters
    ----------
    x : array_like
    slope : float
        Finite; 0 gives `relu`.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 0.5 ulp.

    Raises
    ------
    ValueError
        If `slope` is not finite.

    References
    ----------
    Maas, Hannun & Ng (2013), "Rectifier nonlinearities improve neural network acoustic models".

    Examples
    --------
    >>> leaky_relu([-2, 3])
    array([-0.02,  3.  ])
    """
    leak = checked_finite("slope", slope)
    if leak == 0:  # 0 times -inf is nan
        return relu(x)
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(np.where(z > 0, z, leak * z), dtype)


def leaky_relu_derivative(x: npt.ArrayLike, slope: float = 0.01) -> FloatArray:
    """Derivative of `leaky_relu`: 1 for x > 0, else `slope` (at 0 by convention).

    Parameters
    ----------
    x : array_like
    slope : float
        Finite.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Exact.

    Examples
    --------
    >>> leaky_relu_derivative([-2, 0, 3])
    array([0.01, 0.01, 1.  ])
    """
    leak = checked_finite("slope", slope)
    z, dtype = as_float64(x)
    return own_dtype(np.where(np.isnan(z), z, np.where(z > 0, 1.0, leak)), dtype)


def elu(x: npt.ArrayLike, alpha: float = 1.0) -> FloatArray:
    """Exponential linear unit: x for x > 0, ``alpha * (exp(x) - 1)`` below.

    Parameters
    ----------
    x : array_like
    alpha : float
        Finite; minus the limit at ``-inf``.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 2 ulp (``expm1``: the difference from 1 would cancel near 0).

    Raises
    ------
    ValueError
        If `alpha` is not finite.

    References
    ----------
    Clevert, Unterthiner & Hochreiter (2016), "Fast and accurate deep network learning by ELUs".

    Examples
    --------
    >>> elu([-1000, -1, 2]).round(6)
    array([-1.      , -0.632121,  2.      ])
    """
    scale = checked_finite("alpha", alpha)
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        return own_dtype(np.where(z > 0, z, scale * np.expm1(z)), dtype)


def elu_derivative(x: npt.ArrayLike, alpha: float = 1.0) -> FloatArray:
    """Derivative of `elu`: 1 for x > 0, else ``alpha * exp(x)`` (at 0 by convention, unless alpha is 1).

    Parameters
    ----------
    x : array_like
    alpha : float
        Finite.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 2 ulp, or within 4 where ``exp(x)`` alone would lose digits to underflow.

    Examples
    --------
    >>> elu_derivative([-1, 0, 2]).round(6)
    array([0.367879, 1.      , 1.      ])
    """
    scale = checked_finite("alpha", alpha)
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        root, t = _root_and_exp(z)
        negative = np.where(z < SUBNORMAL, scale * root * root, scale * t)
        return own_dtype(np.where(z > 0, 1.0, negative), dtype)


def silu(x: npt.ArrayLike) -> FloatArray:
    """Sigmoid linear unit x σ(x), also called swish.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 8 ulp. The minimum is -0.278465, at x = -1.278465; the limit at ``-inf`` is 0.

    References
    ----------
    Elfwing, Uchibe & Doya (2018), "Sigmoid-weighted linear units"; Ramachandran, Zoph & Le (2017).

    Examples
    --------
    >>> silu([-1.278465, 1.0]).round(6)
    array([-0.278465,  0.731059])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        root, t = _root_and_exp(z)
        negative = root * np.maximum(z, UNDERFLOW) * root
        return own_dtype(np.where(z < 0, negative, z) / (1 + t), dtype)


def silu_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `silu`, σ(x) (1 + x σ(-x)).

    With ``t = exp(-|x|)`` it is ``t (1 + t + x) / (1 + t)²`` for x < 0 and
    ``(1 + t + t x) / (1 + t)²`` above.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 8 ulp, or within 2^-52 around its zero x = -1.278465. The maximum is 1.099839, at x = 2.399357.

    Examples
    --------
    >>> silu_derivative([-2.0, 0.0, 2.399357]).round(6)
    array([-0.090784,  0.5     ,  1.099839])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        root, t = _root_and_exp(z)
        finite = np.clip(z, UNDERFLOW, -UNDERFLOW)
        negative = root * (1 + finite + t) * root
        return own_dtype(np.where(z < 0, negative, 1 + t + t * finite) / (1 + t) ** 2, dtype)


def gelu(x: npt.ArrayLike) -> FloatArray:
    """Gaussian error linear unit x Φ(x), with Φ the distribution function of the standard normal.

    This is the exact form, not its approximation by tanh.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 8 ulp, far to the left too. The minimum is -0.169971, at x = -0.751792; at ``-inf`` it is 0.

    References
    ----------
    Hendrycks & Gimpel (2016), "Gaussian error linear units (GELUs)".

    Examples
    --------
    >>> gelu([-0.751792, 1.0]).round(6)
    array([-0.169971,  0.841345])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        a = np.minimum(np.abs(z), FAR)
        tail = a * scaled_tail(a) * bell(a, 1 / 2)  # a Φ(-a)
        return own_dtype(np.maximum(z, 0.0) - tail, dtype)  # x Φ(x) = x - x Φ(-x)


def gelu_derivative(x: npt.ArrayLike) -> FloatArray:
    """Derivative of `gelu`, Φ(x) + x φ(x), with φ the density of the standard normal.

    With ``excess = a φ(a) - Φ(-a)`` for ``a = |x|`` it is ``-excess`` for x < 0 and ``1 + excess`` above.

    Returns
    -------
    ndarray or scalar of the shape of `x`
        Within 8 ulp, or within 2^-52 around its zero x = -0.751792. The maximum is 1.128904, at x = √2.

    Examples
    --------
    >>> gelu_derivative([-1.0, 0.0, 2**0.5]).round(6)
    array([-0.083315,  0.5     ,  1.128904])
    """
    z, dtype = as_float64(x)
    with np.errstate(all="ignore"):
        a = np.minimum(np.abs(z), FAR)
        root = bell(a, 1 / 4)
        excess = root * (a / math.sqrt(2 * math.pi) - scaled_tail(a)) * root  # a φ(a) - Φ(-a)
        return own_dtype(np.where(z < 0, -excess, 1 + excess), dtype)


class Activation(NamedTuple):
    """An activation function with its derivative; both take and return arrays of any shape."""

    name: str
    function: Callable[..., FloatArray]
    derivative: Callable[..., FloatArray]


ACTIVATIONS = {
    function.__name__: Activation(function.__name__, function, derivative)
    for function, derivative in [
        (sigmoid, sigmoid_derivative),
        (log_sigmoid, log_sigmoid_derivative),
        (softplus, softplus_derivative),
        (tanh, tanh_derivative),
        (relu, relu_derivative),
        (leaky_relu, leaky_relu_derivative),
        (elu, elu_derivative),
        (silu, silu_derivative),
        (gelu, gelu_derivative),
    ]
}

SUBNORMAL = -708.0  # exp(x) has all of its digits down to here
UNDERFLOW = -800.0  # x exp(x) is 0 from here on


def as_float64(x: npt.ArrayLike) -> tuple[Float64Array, np.dtype[Any]]:
    """`x` as float64, in its own shape, and its own dtype for the way back."""
    a = as_real("x", x)
    return a.astype(FLOAT64, copy=False), a.dtype


def checked_finite(name: str, value: float) -> float:
    number = checked_number(name, value)
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}.")
    return number


def _root_and_exp(z: Float64Array) -> tuple[Float64Array, Float64Array]:
    """exp(-|z|/2) and exp(-|z|)."""
    return np.exp(-np.abs(z) / 2), np.exp(-np.abs(z))


def _one_plus(t: Float64Array) -> tuple[Float64Array, Float64Array]:
    """The rounded sum 1 + t for 0 <= t <= 1, and what it misses, relative to it (Dekker 1971, Fast2Sum)."""
    total = 1 + t
    return total, (t - (total - 1)) / total
