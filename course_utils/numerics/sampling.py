"""Drawing from a distribution: from probabilities and random numbers to classes, and what to cut before.

Language models draw their next word so. Temperature comes before (`softmax`), then the tail is cut
(`most_probable`), then a random number picks a class (`draw`). Everything here is a plain function of its
arguments: chance enters with the random numbers of the caller.
"""

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import as_real, checked_count, checked_number, sum_tolerance

__all__ = ["draw", "most_probable"]


def most_probable(
    p: npt.ArrayLike, *, top_k: int | None = None, top_p: float = 1.0
) -> npt.NDArray[np.float64]:
    """Keep the most probable classes only, and let them share the probability in proportion.

    Parameters
    ----------
    p : array_like of real numbers, shape (n,)
        Probabilities: not negative, of sum 1 (up to rounding).
    top_k : int, optional
        Keep at most this many, from 1 on. None, or n and more: all.
    top_p : float
        Keep as few as make a running total of at least this, 0 < `top_p` ≤ 1, added up in floats from the
        most probable class down: where a total nearly is `top_p`, rounding decides whether one more stays.
        At 1, nothing is cut. With both limits, the stricter one decides.

    Returns
    -------
    ndarray of float64, shape (n,)
        0 for what is cut; the sum is 1. Of equal classes those with the smaller index are kept first, so
        ``top_k=1`` keeps the class that `numpy.argmax` names.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `p` is not one-dimensional, is empty or no distribution, or a limit is out of range.

    References
    ----------
    Fan, Lewis & Dauphin (2018), "Hierarchical neural story generation" (top-k); Holtzman et al. (2020), "The
    curious case of neural text degeneration" (top-p).

    Examples
    --------
    >>> most_probable([0.1, 0.5, 0.25, 0.15], top_k=2).round(3)
    array([0.   , 0.667, 0.333, 0.   ])
    >>> most_probable([0.1, 0.5, 0.25, 0.15], top_p=0.8).round(3)
    array([0.   , 0.556, 0.278, 0.167])

    On paper eight times 0.1 make 0.8; added up in floats they stay below, and a ninth is kept:

    >>> int(np.count_nonzero(most_probable([0.1] * 10, top_p=0.8)))
    9
    """
    probabilities = _checked_distribution(p)
    count = len(probabilities) if top_k is None else checked_count("top_k", top_k)
    total = checked_number("top_p", top_p)
    if not 0 < total <= 1:
        raise ValueError(f"top_p must lie above 0 and be at most 1, got {total}.")
    order = np.argsort(-probabilities, kind="stable")
    # How much came *before* a class: a sum that rounding keeps below 1 then loses no class.
    before = np.concatenate([[0.0], np.cumsum(probabilities[order])[:-1]])
    # At 1 all are kept, also those behind a sum that rounding has lifted to 1 already.
    needed = order if total == 1 else order[before < total]
    chosen = needed[:count]
    kept = np.zeros_like(probabilities)
    kept[chosen] = probabilities[chosen]
    return np.asarray(kept / kept.sum())


def draw(p: npt.ArrayLike, u: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Return the class into whose piece of the interval from 0 to 1 each random number falls.

    Class i owns a piece of length p_i; the pieces follow each other in the order of the classes.

    Parameters
    ----------
    p : array_like of real numbers, shape (n,)
        Probabilities: not negative, of sum 1 (up to rounding, which is divided out).
    u : array_like of real numbers, any shape
        0 ≤ u < 1, such as ``numpy.random.default_rng(seed).random(10)``.

    Returns
    -------
    ndarray or scalar of intp, of the shape of `u`
        A class with p = 0 is never drawn.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `p` is not one-dimensional, is empty or no distribution, or a number lies outside [0, 1).

    Examples
    --------
    >>> draw([0.25, 0.0, 0.75], [0.0, 0.2, 0.25, 0.99])
    array([0, 0, 2, 2])
    """
    edges = np.cumsum(_checked_distribution(p))
    numbers = as_real("u", u)
    if not np.all((numbers >= 0) & (numbers < 1)):
        raise ValueError("u must hold numbers from 0 to below 1.")
    # The last edge is made exactly 1, so that no u falls behind it.
    return np.searchsorted(edges / edges[-1], numbers, side="right")


def _checked_distribution(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    given = as_real("p", p)
    probabilities = given.astype(np.float64)
    if probabilities.ndim != 1 or probabilities.size == 0:
        raise ValueError(f"p must have shape (n,) with n at least 1, got {probabilities.shape}.")
    bad = ~(probabilities >= 0)  # also nan
    if bad.any():
        raise ValueError(f"p must hold probabilities, which are not negative, got {probabilities[bad][0]}.")
    total = probabilities.sum()
    if abs(total - 1) > sum_tolerance(given.dtype):
        raise ValueError(f"p must hold probabilities, whose sum is 1: got a sum of {total}.")
    return probabilities
