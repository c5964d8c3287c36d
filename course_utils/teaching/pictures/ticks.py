"""Where an axis has ticks, and what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence

from course_utils.teaching.text import MINUS, format_number, with_minus


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers between two ends, at even steps of 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    low, high : float
    most : int
        Ticks there is room for, two or more.

    Examples
    --------
    >>> linear_ticks(0, 1, 5), linear_ticks(-4, 4, 5), linear_ticks(0.3, 0.9, 4)
    ([0.0, 0.5, 1.0], [-4.0, -2.0, 0.0, 2.0, 4.0], [0.4, 0.6, 0.8])
    """
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    for step in (factor * power for factor in (1, 2, 5, 10, 20)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            break
    # A step such as 0.2 is not exact in binary: 3 * 0.2 is not 0.6 before rounding.
    decimals = -math.floor(math.log10(step))
    return [round(k * step, decimals) for k in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten between two ends, every one or every few; or 1, 2, 5 within two decades.

    Where these are fewer than two, the ticks are those of a linear axis, if it has more.

    Examples
    --------
    >>> log_ticks(0.01, 1000, 8), log_ticks(1, 10, 4), log_ticks(3, 4, 3)
    ([0.01, 0.1, 1.0, 10.0, 100.0, 1000.0], [1.0, 2.0, 5.0, 10.0], [3.0, 3.5, 4.0])
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first < 2:
        fine = [m * 10.0**k for k in range(first - 1, last + 1) for m in (1, 2, 5)]
        within = [float(f"{v:.12g}") for v in fine if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]
        if 2 <= len(within) <= most:
            return within
    step = next(s for s in (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 400) if (last - first) // s + 1 <= most)
    # Steps are counted from 1, so that it is among them.
    start = math.ceil(first / step) * step
    powers = [float(f"1e{k}") for k in range(start, last + 1, step)]
    if len(powers) > 1:
        return powers
    even = [tick for tick in linear_ticks(low, high, most) if tick]  # 0 is near `low`, and has no place
    return max(powers, even, key=len)


def tick_texts(values: Sequence[float], log: bool = False) -> list[str]:
    """Write the numbers at the ticks of one axis as light mathematics: different ones differently.

    Examples
    --------
    >>> tick_texts([-0.5, 0, 0.5, 1]), tick_texts([0, 1e6, 2e6])
    (['−0.5', '0', '0.5', '1'], ['0', '10^{6}', '2·10^{6}'])
    >>> tick_texts([1e-6, 1.0, 1e6], log=True)
    ['10^{−6}', '1', '10^{6}']
    """
    sizes = [abs(value) for value in values if value]
    plainly = not sizes or (max(sizes) < 1e5 and (min(sizes) >= 1e-3 if log else max(sizes) >= 1e-3))
    # Far from zero and close together, they differ in late digits only: those are read better in full.
    late = any(float(f"{size:.2e}") != float(f"{size:.9e}") for size in sizes)
    plainly = plainly or (late and 1e-3 <= max(sizes) < 1e10)
    write = _plain if plainly else _power
    texts = [write(value) for value in values]
    for digits in (12, 15, 17):  # 17 tell any two numbers apart
        if len(set(texts)) < len(set(values)):
            texts = [write(value, digits) for value in values]
    return texts


def _plain(value: float, digits: int = 10) -> str:
    return with_minus(f"{value:.{digits}g}")


def _power(value: float, digits: int = 7) -> str:
    if value in (0, 1):
        return _plain(value)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    factor = _plain(float(mantissa), digits)
    power = with_minus(f"10^{{{int(exponent)}}}")
    return {"1": power, f"{MINUS}1": MINUS + power}.get(factor, f"{factor}·{power}")


def powers_of_ten(*exponents: int) -> dict[float, str]:
    """Return ticks at powers of ten, written as powers; that of 0 as 1.

    Examples
    --------
    >>> powers_of_ten(0, 3)
    {1.0: '1', 1000.0: '10^{3}'}
    """
    return {10.0**k: f"10^{{{format_number(k)}}}" if k else "1" for k in exponents}
