"""What the pictures of every lesson say about arrays: their types, and numbers without rounding noise."""

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


def clean(value: Any) -> float:
    """Drop rounding noise, which depends on the processor.

    Examples
    --------
    >>> 0.1 + 0.2, clean(0.1 + 0.2)
    (0.30000000000000004, 0.3)
    """
    return float(np.round(value, 12))
