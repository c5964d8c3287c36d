"""What the contracts of several lessons allow: for their tables ``ALLOWS`` in `attempts`."""

from __future__ import annotations

from typing import Any

import numpy as np

Asked = tuple[float, float, Any]  # two ends, and what must lie between them
ASKED: list[Asked] = []  # since a test emptied it: do inputs come as far as the ends?


def between(x: Any, low: float, high: float) -> bool:
    ASKED.append((low, high, x))
    return bool(np.all((x >= low) & (x <= high)))


def floats(x: Any, low: float, high: float, ndim: int | None = None, integers: bool = False) -> bool:
    """Whether this is an array of 64 bits with finite numbers between two ends."""
    right_type = type(x) is np.ndarray and x.dtype in (np.float64, *[np.int64] * integers)
    return right_type and between(x, low, high) and ndim in (None, x.ndim)


def some(x: Any, low: float, high: float, ndim: int | None = None, integers: bool = False) -> bool:
    """The same, and there is an entry."""
    return floats(x, low, high, ndim, integers) and x.size > 0


def whole(number: Any, low: int, high: float = np.inf) -> bool:
    return isinstance(number, int) and between(number, low, high)


def labels(y: Any, count: int, classes: int) -> bool:
    return y.shape == (count,) and y.dtype.kind == "i" and 0 <= y.min() <= y.max() < classes


def network(x: Any, weights: Any, biases: Any) -> bool:
    widths = [x.shape[1], *(len(b) for b in biases)]
    shapes = list(zip(widths[1:], widths, strict=False))
    return x.ndim == 2 and [W.shape for W in weights] == shapes and len(weights) == len(biases) > 0
