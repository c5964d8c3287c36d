"""What the pictures of every lesson say about arrays: their types, numbers without rounding noise, lines with gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.integer[Any]]


def or_empty(values: Array) -> list[float | str]:
    """Write what a bin holds, where some hold nothing: a mean of no values is NaN.

    Examples
    --------
    >>> or_empty(np.array([0.5, np.nan]))
    [0.5, 'empty']
    """
    return ["empty" if np.isnan(value) else float(value) for value in values]


def in_words(value: Any) -> Any:
    """Return a number as it is, and in a word what has overflowed or is no number.

    Examples
    --------
    >>> in_words(2.0), in_words(np.inf), in_words(np.nan)
    (2.0, 'overflow', 'not a number')
    """
    if np.isnan(value):
        return "not a number"
    return "overflow" if np.isinf(value) else float(value)


def with_gaps(pieces: npt.ArrayLike) -> tuple[Array, Array]:
    """Return x and y of separate pieces as one line with a gap after each; pieces have shape (n, points, 2).

    Examples
    --------
    >>> x, y = with_gaps([[[0, 5], [1, 6]], [[2, 7], [3, 8]]])
    >>> x.tolist(), y.tolist()
    ([0.0, 1.0, nan, 2.0, 3.0, nan], [5.0, 6.0, nan, 7.0, 8.0, nan])
    """
    separate = np.asarray(pieces)
    x, y = np.concatenate([separate, np.full((len(separate), 1, 2), np.nan)], axis=1).reshape(-1, 2).T
    return x, y


def clean(value: Any) -> float:
    """Drop rounding noise, which depends on the processor.

    Examples
    --------
    >>> 0.1 + 0.2, clean(0.1 + 0.2)
    (0.30000000000000004, 0.3)
    """
    return float(np.round(value, 12))
