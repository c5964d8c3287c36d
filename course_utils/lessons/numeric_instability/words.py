"""Numbers in words, as several sections say them."""

from __future__ import annotations

from typing import Any

import numpy as np


def in_words(value: Any) -> Any:
    """Return a number as it is, and in a word what has overflowed or is no number."""
    if np.isnan(value):
        return "not a number"
    return "overflow" if np.isinf(value) else float(value)
