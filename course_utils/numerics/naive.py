"""The textbook formulas, with no safeguards: they exist to be broken on purpose.

Same names as in ``softmax.py``, so that a lesson can put both side by side. Everything is computed in the
dtype that NumPy makes of the input: float32 stays float32 (with a temperature that is a number of Python),
and integers become what ``np.exp`` makes of them, int8 a float16. NumPy's warnings leak: overflow, 0/0 and
log(0) are the point.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["entropy", "log_softmax", "logsumexp", "smooth_max", "softmax", "softmax_jacobian", "softmax_vjp"]

FloatArray = npt.NDArray[np.floating[Any]]
Axis = int | tuple[int, ...] | None


def logsumexp(x: npt.ArrayLike, axis: Axis = -1, *, keepdims: bool = False) -> FloatArray:
    """``log(sum(exp(x)))`` as written: overflows above 11.09, 88.72, 709.78 (float16, 32, 64).

    Examples
    --------
    >>> float(logsumexp([1.0, 2.0, 3.0]).round(6))
    3.407606
    """
    result: FloatArray = np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))
    return result


def softmax(x: npt.ArrayLike, axis: Axis = -1, *, temperature: float = 1.0) -> FloatArray:
    """``exp(x/T) / sum(exp(x/T))`` as written: inf/inf for large entries, 0/0 for very negative ones.

    Examples
    --------
    >>> softmax([1.0, 2.0, 3.0]).round(6)
    array([0.090031, 0.244728, 0.665241])
    """
    e = np.exp(np.asarray(x) / temperature)
    result: FloatArray = e / np.sum(e, axis=axis, keepdims=True)
    return result


def log_softmax(x: npt.ArrayLike, axis: Axis = -1, *, temperature: float = 1.0) -> FloatArray:
    """``log(softmax(x))`` as written: log(0) = -inf once a probability underflows.

    Examples
    --------
    >>> log_softmax([1.0, 2.0, 3.0]).round(6)
    array([-2.407606, -1.407606, -0.407606])
    """
    result: FloatArray = np.log(softmax(x, axis, temperature=temperature))
    return result


def smooth_max(
    x: npt.ArrayLike,
    inverse_temperature: float,
    axis: Axis = -1,
    *,
    normalized: bool = False,
    keepdims: bool = False,
) -> FloatArray:
    """``log(sum(exp(λ x))) / λ`` as written (the mean instead of the sum if `normalized`).

    Examples
    --------
    >>> float(smooth_max([0.0, 1.0], 10).round(6))
    1.000005
    """
    total = np.mean if normalized else np.sum
    e = np.exp(inverse_temperature * np.asarray(x))
    result: FloatArray = np.log(total(e, axis=axis, keepdims=keepdims)) / inverse_temperature
    return result


def entropy(p: npt.ArrayLike, axis: Axis = -1) -> FloatArray:
    """``-sum(p log p)`` as written, in nats: 0 log 0 is nan.

    Examples
    --------
    >>> float(entropy([0.5, 0.5]).round(6))
    0.693147
    """
    result: FloatArray = -np.sum(np.asarray(p) * np.log(p), axis=axis)
    return result


def softmax_jacobian(x: npt.ArrayLike, *, temperature: float = 1.0) -> FloatArray:
    """``(diag(p) - p pᵀ) / T`` as written, over the last axis: shape (..., n) becomes (..., n, n).

    Examples
    --------
    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = softmax(x, temperature=temperature)
    diagonal = p[..., :, np.newaxis] * np.eye(p.shape[-1], dtype=p.dtype)
    result: FloatArray = (diagonal - p[..., :, np.newaxis] * p[..., np.newaxis, :]) / temperature
    return result


def softmax_vjp(x: npt.ArrayLike, v: npt.ArrayLike, *, temperature: float = 1.0) -> FloatArray:
    """``p * (v - <p, v>) / T`` as written, over the last axis.

    Examples
    --------
    >>> softmax_vjp([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    p, w = softmax(x, temperature=temperature), np.asarray(v)
    result: FloatArray = p * (w - np.sum(p * w, axis=-1, keepdims=True)) / temperature
    return result
