"""Softmax and its neighbors, accurate to a few units in the last place (where a result nearly cancels
to 0: of the largest entry) and free of warnings.

Everything here rests on three ideas, each of them a few lines long:

* where no exponential overflows and their sum is not small, the definition itself is the most accurate;
* elsewhere subtract the largest entry m first, then scale, never the reverse; and keep the rounding error of
  ``x - m``, because ``exp`` would magnify it (Knuth's TwoSum);
* in a logarithm keep the largest entry *out* of the sum: ``m + log1p(sum of the others)`` instead of
  ``m + log(sum)`` (Blanchard, Higham & Higham 2021, "Accurately computing the log-sum-exp and softmax
  functions").

What holds for every function, and is not said again:

* ``x`` is an array_like of real numbers of any shape; complex numbers, and what is no number at all, are a
  TypeError. Integers and booleans become float64; float16 and float32 are computed in float64 and rounded
  once.
* ``axis`` is an int, a tuple of ints, or None for all axes; ``keepdims`` keeps those summed over, with
  length 1.
* ``temperature`` T is finite and positive, or it is a ValueError. High is flat, low is sharp; the limit 0 is
  `hardmax`.
* ``-inf`` is a mask (it adds nothing, its probability is 0), ``+inf`` takes everything, ``nan`` propagates.
* Logarithms are natural, so entropies and log-probabilities are in nats.
"""

import math
from typing import Self

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import (
    Axis,
    FloatArray,
    Rows,
    as_real,
    as_rows,
    checked_number,
    checked_temperature,
    float_dtype,
    own_dtype,
)
from course_utils.numerics._exponentials import (
    HIGHEST,
    blocks,
    exp_and_sum,
    logsumexp_of_block,
    shifted_exp_and_sum,
    smooth_max_of_block,
    sum_of_others,
)

__all__ = [
    "OnlineLogSumExp",
    "entropy",
    "hardmax",
    "log_softmax",
    "logsumexp",
    "smooth_max",
    "softmax",
    "softmax_jacobian",
    "softmax_vjp",
]

SMALL = 64  # entries of a block


def logsumexp(x: npt.ArrayLike, axis: Axis = -1, *, keepdims: bool = False) -> FloatArray:
    """Logarithm of the sum of exponentials, ``log(sum(exp(x)))``.

    With m the largest entry this is ``m + log1p(sum of exp(x - m) over the other entries)``.

    Parameters
    ----------
    x : array_like
    axis : int, tuple of int, or None
        Where to sum.
    keepdims : bool

    Returns
    -------
    ndarray or scalar
        In nats if `x` holds log-probabilities. The sum of nothing gives ``-inf``. Where it nearly is 0, as
        for log-probabilities that make up everything, it is right to 2^-52 of the largest entry's size.

    References
    ----------
    Blanchard, Higham & Higham (2021), IMA J. Numer. Anal. 41(4), algorithm 4.1 with the log1p of section 4.

    Examples
    --------
    >>> float(logsumexp([1000.0, 1000.0]).round(6))
    1000.693147
    """
    rows, layout = as_rows(x, axis)
    value = np.full((len(rows), 1), -np.inf)
    with np.errstate(all="ignore"):
        for block, out in blocks(rows, value):
            out[...] = logsumexp_of_block(block)
    return layout.reduced(value, keepdims)


def softmax(x: npt.ArrayLike, axis: Axis = -1, *, temperature: float = 1.0) -> FloatArray:
    """Probabilities proportional to ``exp(x / temperature)``.

    ``exp(x) / sum(exp(x))`` as it stands, where no exponential comes near overflow and every sum is at least
    1. Else, and at any other temperature, with the largest entry m subtracted first:
    ``exp((x - m) / temperature)`` over its sum. Which of the two is decided for some rows at once, so the
    rows beside it may change a row's last digits.

    Parameters
    ----------
    x : array_like
        Logits.
    axis : int, tuple of int, or None
        The axes along which the result sums to 1.
    temperature : float

    Returns
    -------
    ndarray of the shape of `x`
        A slice that is masked entirely has no answer: ``nan``.

    References
    ----------
    Blanchard, Higham & Higham (2021), section 3; temperature: Guo et al. (2017), section 4.2.

    Examples
    --------
    >>> softmax([1.0, 0.0, -4.0]).round(6)
    array([0.727475, 0.267623, 0.004902])
    """
    t = checked_temperature(temperature)
    rows, layout = as_rows(x, axis)
    p = np.empty_like(rows)
    for block, out in blocks(rows, p):
        softmax_of_block(block, t, out)
    return layout.full(p)


@np.errstate(all="ignore")
def softmax_of_block(x: Rows, t: float, out: Rows) -> None:
    """Write the softmax of each row into `out`."""
    if t == 1 and (x.size <= SMALL or x.max() <= HIGHEST):  # to try a small block costs less than to look
        total = exp_and_sum(x, out)
        lowest, highest = (total.min(), total.max()) if len(x) > 1 else (total.item(),) * 2
        if lowest >= 1 and highest < math.inf:
            out /= total
            return
    out /= shifted_exp_and_sum(x, t, out)


def log_softmax(x: npt.ArrayLike, axis: Axis = -1, *, temperature: float = 1.0) -> FloatArray:
    """Logarithm of `softmax`, without ever taking the logarithm of a rounded probability.

    ``(x - m) / T - log1p(sum of the others)``: both parts are negative, so nothing cancels.

    Parameters
    ----------
    x, axis, temperature
        As for `softmax`.

    Returns
    -------
    ndarray of the shape of `x`
        Log-probabilities in nats, finite even where the probability underflows to 0.

    References
    ----------
    Blanchard, Higham & Higham (2021), section 4.

    Examples
    --------
    >>> log_softmax([0.0, -1000.0]).round(6)
    array([    0., -1000.])
    """
    t = checked_temperature(temperature)
    rows, layout = as_rows(x, axis)
    log_p = np.empty_like(rows)
    with np.errstate(all="ignore"):
        for block, out in blocks(rows, log_p):
            _, others = sum_of_others(block, t, exponents=out)
            out -= np.log1p(others)
    return layout.full(log_p)


def smooth_max(
    x: npt.ArrayLike,
    inverse_temperature: float,
    axis: Axis = -1,
    *,
    normalized: bool = False,
    keepdims: bool = False,
) -> FloatArray:
    """Smooth maximum ``log(sum(exp(λ x))) / λ`` with λ = `inverse_temperature`.

    Between ``max(x)`` and ``max(x) + log(n)/λ``; its gradient is ``softmax(λ x)``. λ < 0 gives a smooth
    minimum, λ = ±inf the maximum or minimum itself.

    Parameters
    ----------
    x : array_like
    inverse_temperature : float
        λ, not 0 unless `normalized`: ``log(n)/λ`` has no limit there.
    axis : int, tuple of int, or None
    normalized : bool
        Take the mean of the exponentials instead of their sum: the result lies between minimum and maximum,
        and λ = 0 gives the mean (this form is called mellowmax by Asadi & Littman 2017).
    keepdims : bool

    Returns
    -------
    ndarray or scalar, in the unit of `x`

    Raises
    ------
    ValueError
        If λ is nan, or is 0 without `normalized`.

    References
    ----------
    Boyd & Vandenberghe (2004), section 3.1.5.

    Examples
    --------
    >>> [float(smooth_max([0.0, 1.0], k).round(6)) for k in (1, 10, -10)]
    [1.313262, 1.000005, -5e-06]
    """
    k = checked_number("inverse_temperature", inverse_temperature)
    if math.isnan(k) or (k == 0 and not normalized):
        raise ValueError(
            f"inverse_temperature must be a number other than 0, got {k}: "
            "at 0 only smooth_max(..., normalized=True) has a value, the mean."
        )
    rows, layout = as_rows(x, axis)
    sign = math.copysign(1, k)
    value = np.full((len(rows), 1), math.nan if normalized else sign * -math.inf)  # of no entries at all
    with np.errstate(all="ignore"):
        for block, out in blocks(rows, value):
            out[...] = sign * smooth_max_of_block(sign * block, abs(k), normalized)
    return layout.reduced(value, keepdims)


def hardmax(x: npt.ArrayLike, axis: Axis = -1) -> FloatArray:
    """Limit of `softmax` at temperature 0: all probability on the largest entry, ties share equally.

    Parameters
    ----------
    x : array_like
    axis : int, tuple of int, or None

    Returns
    -------
    ndarray of the shape of `x`
        ``np.argmax`` differs at ties: it picks the first. A slice that has a ``nan``, or only ``-inf``,
        gives ``nan``.

    Examples
    --------
    >>> hardmax([3.0, 1.0, 3.0])
    array([0.5, 0. , 0.5])
    """
    rows, layout = as_rows(x, axis)
    with np.errstate(all="ignore"):
        m = rows.max(axis=1, keepdims=True, initial=-np.inf)
        winners = (rows == m) & (m > -np.inf)  # a row with nan has no winner, and 0/0 says so
        p = winners / winners.sum(axis=-1, keepdims=True)
    return layout.full(p)


def entropy(p: npt.ArrayLike, axis: Axis = -1) -> FloatArray:
    """Shannon entropy ``-sum(p log p)`` in nats, with ``0 log 0 = 0``.

    Parameters
    ----------
    p : array_like
        Probabilities (not logits: apply `softmax` first).
    axis : int, tuple of int, or None

    Returns
    -------
    ndarray or scalar
        In nats: 0 for a certain outcome, ``log(n)`` for n equally likely ones.

    Raises
    ------
    ValueError
        If an entry lies outside [0, 1].

    References
    ----------
    Shannon (1948), section 6.

    Examples
    --------
    >>> float(entropy([0.25, 0.25, 0.25, 0.25]).round(6))
    1.386294
    """
    rows, layout = as_rows(p, axis)
    slack = 8 * float(np.finfo(float_dtype(layout.dtype)).eps)  # a rounded probability may stand just above 1
    outside = (rows < 0) | (rows > 1 + slack)
    if outside.any():
        raise ValueError(
            f"entropy needs probabilities between 0 and 1, got {rows[outside][0]}: "
            "apply softmax to logits first."
        )
    with np.errstate(all="ignore"):
        terms = rows * np.log(np.where(rows == 0, 1.0, rows))
    return layout.reduced(0.0 - terms.sum(axis=-1, keepdims=True), False)  # -0.0 would be no entropy


def softmax_jacobian(x: npt.ArrayLike, *, temperature: float = 1.0) -> FloatArray:
    """Jacobian of `softmax` along the last axis, ``(diag(p) - p pᵀ) / T``.

    Parameters
    ----------
    x : array_like, shape (..., n)
        Logits.
    temperature : float

    Returns
    -------
    ndarray, shape (..., n, n)
        Entry ``[..., i, j]`` is the derivative of probability i with respect to logit j, per unit of logit.

    Raises
    ------
    ValueError
        If `x` has no axis.

    Examples
    --------
    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    t = checked_temperature(temperature)
    z = as_real("x", x)
    if z.ndim == 0:
        raise ValueError("softmax_jacobian needs logits of shape (..., n), got a single number of shape ().")
    p = softmax(z.astype(float), temperature=t)
    with np.errstate(all="ignore"):
        jacobian = 0.0 - p[..., :, np.newaxis] * p[..., np.newaxis, :]
        i = np.arange(p.shape[-1])
        jacobian[..., i, i] = 0
        # Each row sums to 0; the textbook p(1 - p) would cancel where p is near 1.
        jacobian[..., i, i] = 0.0 - jacobian.sum(axis=-1)
        return own_dtype(jacobian / t, z.dtype)


def softmax_vjp(x: npt.ArrayLike, v: npt.ArrayLike, *, temperature: float = 1.0) -> FloatArray:
    """Vector times Jacobian of `softmax`, ``p * (v - <p, v>) / T``: backpropagation without the n × n matrix.

    Parameters
    ----------
    x : array_like, shape (..., n)
        Logits.
    v : array_like, shape (..., n)
        Gradient of a loss with respect to the probabilities; its leading axes broadcast with those of `x`.
    temperature : float

    Returns
    -------
    ndarray, the broadcast shape
        Gradient of that loss with respect to the logits. It sums to 0.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> softmax_vjp([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    t = checked_temperature(temperature)
    z, v = as_real("x", x), as_real("v", v)
    if z.ndim == 0 or z.shape[-1:] != v.shape[-1:]:
        raise ValueError(f"softmax_vjp needs x and v of one shape (..., n), got {z.shape} and {v.shape}.")
    try:
        np.broadcast_shapes(z.shape, v.shape)
    except ValueError:
        raise ValueError(f"softmax_vjp cannot broadcast x and v of shapes {z.shape} and {v.shape}.") from None
    p = softmax(z.astype(float), temperature=t)
    p, w = np.broadcast_arrays(p, v.astype(float))
    with np.errstate(all="ignore"):
        if p.shape[-1] > 0:
            # A constant in v changes nothing; without this one, v - <p, v> cancels where p is near 1.
            w = w - np.take_along_axis(w, p.argmax(axis=-1, keepdims=True), axis=-1)
        gradient = p * (w - (p * w).sum(axis=-1, keepdims=True)) / t
        return own_dtype(gradient, np.result_type(float_dtype(z.dtype), float_dtype(v.dtype)))


class OnlineLogSumExp:
    """Log-sum-exp of a stream in one pass: the idea inside FlashAttention.

    The state is two numbers: the largest entry m so far, and the sum of ``exp(x - m)`` over all *others*.
    When a larger entry arrives, the old sum is rescaled by ``exp(old m - new m)``.

    References
    ----------
    Milakov & Gimelshein (2018), "Online normalizer calculation for softmax", algorithm 3 and section 3.1.

    Examples
    --------
    >>> left, right = OnlineLogSumExp(), OnlineLogSumExp()
    >>> stream = left.update([1.0]).merge(right.update([2.0, 3.0]))
    >>> round(stream.value, 6)
    3.407606
    """

    def __init__(self) -> None:
        self.largest = -math.inf
        self._others = 0.0

    def update(self, block: npt.ArrayLike) -> Self:
        """Take in all entries of `block` (a number or an array of any shape); returns the object itself."""
        rows, _ = as_rows(block, None)
        if rows.size == 0:
            return self
        with np.errstate(all="ignore"):
            m, others = sum_of_others(rows)
        self._absorb(float(m[0, 0]), float(others[0, 0]))
        return self

    def merge(self, other: "OnlineLogSumExp") -> Self:
        """Take in everything `other` has seen, which stays as it is; returns the object itself."""
        self._absorb(other.largest, other._others)
        return self

    @property
    def value(self) -> float:
        """Log-sum-exp of everything seen so far; ``-inf`` before the first entry."""
        return self.largest + float(np.log1p(self._others)) if self.largest > -math.inf else self.largest

    def _absorb(self, m: float, others: float) -> None:
        if m == -math.inf:  # nothing, or only masked entries: -inf - (-inf) would be nan
            return
        if self.largest == -math.inf:
            self.largest, self._others = m, others
            return
        low, high = sorted([(self.largest, self._others), (m, others)])
        gap = low[0] - high[0] if low[0] != high[0] else 0.0
        self.largest, self._others = high[0], high[1] + (1 + low[1]) * math.exp(gap)
