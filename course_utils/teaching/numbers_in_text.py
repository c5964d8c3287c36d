"""Numbers in sentences: which stand there, and whether some number is written like that."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

# A number that is a word of its own: not the 0 of "z0", not the 64 of "float64". Counts may have commas.
_NUMBER = re.compile(r"(?<![\w.∂])[−-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+−-]?\d+)?(?![\w])")


def written_numbers(text: str) -> list[str]:
    """Return the numbers that stand in a text as words of their own.

    Examples
    --------
    >>> written_numbers("z0 is −1.5, and e is 2.718 in float64 for 10,000 draws.")
    ['−1.5', '2.718', '10,000']
    """
    return _NUMBER.findall(text)


def parsed(number: str) -> float:
    """Read a number with either minus sign, and without commas."""
    return float(_as_python(number))


def _as_python(number: str) -> str:
    return number.replace("−", "-").replace(",", "")


def is_known(number: str, pool: npt.NDArray[Any]) -> bool:
    """Tell whether some number of the pool is written like this when rounded to as many digits.

    A sentence may leave out the sign ("falls by 0.5"). Whole numbers below 100 are exact; larger ones may
    have been rounded, down to three digits: by as many as there are zeros at their end.

    Examples
    --------
    >>> [is_known(number, np.array([0.6652, 3.2])) for number in ("0.67", "0.66", "3")]
    [True, False, False]
    >>> [is_known(number, np.array([1238.9])) for number in ("1240", "1239", "1234")]
    [True, True, False]
    """
    mantissa, _, exponent = _as_python(number).partition("e")
    decimals = len(mantissa.partition(".")[2])
    last_digit = 10.0 ** (int(exponent or 0) - decimals)
    if not (decimals or exponent):
        digits = mantissa.lstrip("-")
        zeros = len(digits) - len(digits.rstrip("0"))
        last_digit = 10.0 ** min(zeros, len(digits) - 3) if len(digits) >= 3 else 1e-9
    distance = np.abs(np.abs(pool) - abs(parsed(number)))
    return bool((distance <= last_digit / 2 * (1 + 1e-9)).any())
