"""Losses of classification, from logits, and the gradient that training follows; in nats.

They take logits, not probabilities: the logarithm of a rounded probability has lost what the loss is about.
From log-probabilities every loss here is a sum of terms of one sign, so nothing cancels, and a confident
right answer costs what it should (4.2e-18 for the logits 0 and -40) instead of 0.
"""

import math
import operator
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numpy.lib.array_utils import normalize_axis_index

from course_utils.numerics._arrays import (
    FLOAT64,
    FloatArray,
    Layout,
    Rows,
    as_real,
    as_rows,
    checked_number,
    own_dtype,
    sum_tolerance,
)
from course_utils.numerics.activations import softplus
from course_utils.numerics.softmax import log_softmax, softmax

__all__ = ["binary_cross_entropy", "cross_entropy", "cross_entropy_gradient", "kl_divergence", "one_hot"]

Reduction: TypeAlias = Literal["mean", "sum", "none"]


def one_hot(labels: npt.ArrayLike, num_classes: int) -> FloatArray:
    """Labels as probability vectors: 1 at the label, 0 elsewhere.

    Parameters
    ----------
    labels : array_like of integers, any shape (...)
        Counted from 0. Booleans count as the labels 0 and 1.
    num_classes : int
        At least 1.

    Returns
    -------
    ndarray of float64, shape (..., num_classes)

    Raises
    ------
    TypeError
        If `labels` are not integers.
    IndexError
        If a label does not lie in 0 ... num_classes - 1 (negative ones do not count from the end).
    ValueError
        If `num_classes` is not positive.

    Examples
    --------
    >>> one_hot([0, 2, 1], 3)
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    """
    classes = operator.index(num_classes)
    if classes < 1:
        raise ValueError(f"num_classes must be at least 1, got {classes}.")
    index = checked_labels(labels, classes)
    result: FloatArray = np.equal(index[..., np.newaxis], np.arange(classes)).astype(FLOAT64)
    return result


def checked_labels(labels: npt.ArrayLike, classes: int) -> npt.NDArray[Any]:
    """The labels as an array, if they are integers from 0 to classes - 1."""
    index = np.asarray(labels)
    if index.dtype.kind not in "biu" and index.size > 0:
        raise TypeError(f"labels must be integers, got dtype {index.dtype}.")
    outside = (index < 0) | (index >= classes)
    if outside.any():
        raise IndexError(
            f"label {index[outside].flat[0]} is out of range: "
            f"{classes} classes have the labels 0 to {classes - 1}."
        )
    return index


def cross_entropy(
    logits: npt.ArrayLike,
    target: npt.ArrayLike,
    axis: int = -1,
    *,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> FloatArray:
    """Cross-entropy -Σ y log p of the target y and p = softmax(logits); with a label, the surprise -log p_y.

    Parameters
    ----------
    logits : array_like of real numbers, any shape with at least one axis
        ``-inf`` masks a class; ``nan`` propagates.
    target : array_like
        Integer labels, of the shape of `logits` without `axis`; or probabilities, of the shape of `logits`.
        These are not negative; they need not sum to 1.
    axis : int
        Where the classes are.
    reduction : "mean", "sum" or "none"
        Of the losses of all samples; "none" keeps them, in the shape of the labels.
    label_smoothing : float
        ε between 0 and 1: the target becomes (1 - ε) y + ε times its mean over the classes.

    Returns
    -------
    ndarray or scalar, of the dtype of `logits`
        In nats. For a target that sums to 1, the smallest possible value is its entropy: 0 only for a label.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or labels are not integers.
    IndexError
        If a label is out of range.
    ValueError
        If the shapes do not fit, a probability is negative or infinite, or `reduction` or `label_smoothing`
        is none of the above.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), "Deep learning", section 6.2.2.3; smoothing: Szegedy et al. (2016).

    Examples
    --------
    >>> logits = [[2.0, 1.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]]
    >>> cross_entropy(logits, [0, 2], reduction="none").round(6)
    array([0.493812, 0.139206])
    >>> float(cross_entropy([0.0, -40.0], 0).round(20))
    4.25e-18
    """
    problem = _problem(logits, target, axis, reduction, label_smoothing)
    with np.errstate(all="ignore"):
        surprise = 0.0 - log_softmax(problem.logits)
        # 0 times an infinite surprise is 0: a masked class may have no share of the target.
        terms = np.where(problem.target == 0, 0.0, problem.target * surprise)
        return _reduced(terms.sum(axis=1), problem.layout, reduction)


def cross_entropy_gradient(
    logits: npt.ArrayLike,
    target: npt.ArrayLike,
    axis: int = -1,
    *,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> FloatArray:
    """Gradient of `cross_entropy` with respect to the logits, p Σy - y: for a distribution y simply p - y.

    Parameters
    ----------
    logits, target, axis, label_smoothing
        As for `cross_entropy`.
    reduction : "mean", "sum" or "none"
        For "mean" the gradient is divided by the number of samples; "sum" and "none" give the same.

    Returns
    -------
    ndarray of the shape and dtype of `logits`
        Over the classes it sums to 0. The entry of a confident right class is not 0, where p - 1 would be.

    Raises
    ------
    TypeError, IndexError, ValueError
        As for `cross_entropy`.

    References
    ----------
    Bishop (2006), "Pattern recognition and machine learning", equation (4.109).

    Examples
    --------
    >>> cross_entropy_gradient([0.1, -2.0, 3.4, 3.3], 2).round(3)
    array([ 0.019,  0.002, -0.486,  0.465])
    """
    problem = _problem(logits, target, axis, reduction, label_smoothing)
    with np.errstate(all="ignore"):
        p = np.asarray(softmax(problem.logits))
        gradient = p * problem.target.sum(axis=1, keepdims=True) - problem.target
        # It sums to 0, so where p is near 1 the others tell the entry in which p - y would cancel.
        row, column = np.nonzero(p > 0.5)
        gradient[row, column] = 0
        gradient[row, column] = 0.0 - gradient[row].sum(axis=1)
        if reduction == "mean":
            gradient /= len(gradient)
        return problem.layout.full(gradient)


def kl_divergence(
    logits: npt.ArrayLike,
    target: npt.ArrayLike,
    axis: int = -1,
    *,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> FloatArray:
    """Kullback-Leibler divergence Σ y log(y/p) from p = softmax(logits) to the target distribution y.

    It is what `cross_entropy` has above the entropy of the target. As a sum of ``y log(y/p) - y + p``, whose
    extra parts add up to 0, it has no negative terms: it keeps its digits, and its sign, where p is near y.

    Parameters
    ----------
    logits, axis, reduction, label_smoothing
        As for `cross_entropy`.
    target : array_like
        Integer labels, of the shape of `logits` without `axis`; or probabilities, of the shape of `logits`.
        These sum to 1; what rounding has left of a difference is divided out.

    Returns
    -------
    ndarray or scalar, of the dtype of `logits`
        In nats, not negative; 0 only where p is y. For a label it is the cross-entropy.

    Raises
    ------
    TypeError, IndexError, ValueError
        As for `cross_entropy`, and if probabilities do not sum to 1.

    References
    ----------
    Kullback & Leibler (1951), "On information and sufficiency".

    Examples
    --------
    >>> float(kl_divergence([0.0, 0.0], [0.25, 0.75]).round(6))
    0.130812
    """
    problem = _problem(logits, target, axis, reduction, label_smoothing)
    y = problem.target
    total = y.sum(axis=1, keepdims=True)
    wrong = np.abs(total - 1) > problem.tolerance
    if wrong.any():
        raise ValueError(
            f"kl_divergence needs target probabilities that sum to 1, got a sum of {total[wrong][0]}."
        )
    with np.errstate(all="ignore"):
        y = y / total
        p = np.asarray(softmax(problem.logits))
        d = np.log(y) - log_softmax(problem.logits)  # log(y/p)
        near = np.abs(d) < 0.25
        terms = np.where(d > -1, y * (d + np.expm1(-d)), y * d + (p - y))
        terms[near] = y[near] * _exp_beyond_linear(-d[near])
        return _reduced(np.where(y == 0, p, terms).sum(axis=1), problem.layout, reduction)


def binary_cross_entropy(
    logits: npt.ArrayLike, target: npt.ArrayLike, *, reduction: Reduction = "mean"
) -> FloatArray:
    """Cross-entropy of a yes/no question, -y log p - (1 - y) log(1 - p) with p = sigmoid(logits).

    Computed as ``y softplus(-z) + (1 - y) softplus(z)``: both parts are positive, so nothing cancels.

    Parameters
    ----------
    logits : array_like of real numbers, any shape
    target : array_like, the shape of `logits`, or one number
        Probability of yes, between 0 and 1; booleans count as 0 and 1.
    reduction : "mean", "sum" or "none"
        Over all entries.

    Returns
    -------
    ndarray or scalar, of the dtype of `logits`
        In nats.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes differ (they do not broadcast: (n, 1) with (n,) would make n² losses), or the target
        lies outside [0, 1], or `reduction` is none of the three.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), "Deep learning", section 6.2.2.2.

    Examples
    --------
    >>> binary_cross_entropy([0.0, 40.0, -1000.0], [1, 1, 1], reduction="none").round(20)
    array([6.93147181e-01, 4.25000000e-18, 1.00000000e+03])
    """
    _check_reduction(reduction)
    given, y = as_real("logits", logits), as_real("target", target)
    if y.shape not in (given.shape, ()):
        raise ValueError(
            f"target must have the shape of logits, {given.shape}, or be one number, got shape {y.shape}."
        )
    y = y.astype(FLOAT64)
    outside = (y < 0) | (y > 1)
    if outside.any():
        raise ValueError(f"target must be a probability between 0 and 1, got {y[outside].flat[0]}.")
    z = given.astype(FLOAT64)
    with np.errstate(all="ignore"):
        yes = np.where(y == 0, 0.0, y * softplus(-z))
        no = np.where(y == 1, 0.0, (1 - y) * softplus(z))
        losses = np.asarray(yes + no)
        return _reduced(losses.ravel(), Layout((*given.shape, 1), (given.ndim,), given.dtype), reduction)


class _Problem(NamedTuple):
    """Logits and targets as float64 matrices, one sample per row."""

    logits: Rows
    target: Rows
    layout: Layout
    tolerance: float  # what rounding of the target may change in its sum


def _problem(
    logits: npt.ArrayLike, target: npt.ArrayLike, axis: int, reduction: Reduction, label_smoothing: float
) -> _Problem:
    _check_reduction(reduction)
    smoothing = checked_number("label_smoothing", label_smoothing)
    if not 0 <= smoothing <= 1:
        raise ValueError(f"label_smoothing must lie between 0 and 1, got {smoothing}.")
    z, y = as_real("logits", logits), as_real("target", target)
    if z.ndim == 0:
        raise ValueError("logits must have an axis of classes, got a single number of shape ().")
    k = normalize_axis_index(axis, z.ndim)
    if z.shape[k] == 0:
        raise ValueError(f"logits must have at least one class, got shape {z.shape} and axis {axis}.")
    samples = z.shape[:k] + z.shape[k + 1 :]
    if y.shape == z.shape:
        rows: Rows = np.moveaxis(y, k, -1).reshape(-1, z.shape[k]).astype(FLOAT64)
        bad = (rows < 0) | np.isinf(rows)
        if bad.any():
            raise ValueError(
                f"target must hold finite probabilities that are not negative, got {rows[bad][0]}."
            )
    elif y.shape == samples:
        rows = one_hot(y, z.shape[k]).reshape(-1, z.shape[k]).astype(FLOAT64)
    else:
        raise ValueError(
            f"for logits of shape {z.shape} target must hold labels of shape {samples} "
            f"or probabilities of shape {z.shape}, got shape {y.shape}."
        )
    if smoothing > 0:
        rows = (1 - smoothing) * rows + smoothing * rows.mean(axis=1, keepdims=True)
    logit_rows, layout = as_rows(z, k)
    return _Problem(logit_rows, rows, layout, sum_tolerance(y.dtype))


def _check_reduction(reduction: Any) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'reduction must be "mean", "sum" or "none", got {reduction!r}.')


def _reduced(losses: npt.NDArray[Any], layout: Layout, reduction: Reduction) -> FloatArray:
    """Losses of shape (samples,), in the form the caller asked for; the mean of none is nan."""
    if reduction == "none":
        return layout.reduced(losses[:, np.newaxis], keepdims=False)
    total = losses.sum() / len(losses) if reduction == "mean" else losses.sum()
    return own_dtype(np.asarray(total), layout.dtype)


def _exp_beyond_linear(x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """exp(x) - 1 - x for |x| < 1/4, by Taylor's series: the difference would cancel."""
    series = np.polynomial.polynomial.polyval(x, [1 / math.factorial(k) for k in range(2, 15)])
    result: npt.NDArray[Any] = x * x * series
    return result
