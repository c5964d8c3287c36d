"""Sums of exponentials that keep every rounding error which ``exp`` would magnify.

The functions of ``softmax.py`` state the formulas; here is what makes the last digits right: the error of
``x - m`` (Knuth's TwoSum), exponentials as unevaluated pairs of doubles (Tang 1989), and sums that do not
depend on the order (Rump, Ogita & Oishi 2008).
"""

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import Rows

Tile: TypeAlias = tuple[slice, slice]
Where: TypeAlias = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


def largest(rows: Rows) -> tuple[Rows, Where]:
    """Largest entry of each row, shape (rows, 1), and the index of one place where it stands."""
    where = np.arange(rows.shape[0]), rows.argmax(axis=1)
    return rows[where][:, np.newaxis], where


def shifted_exp(rows: Rows, t: float) -> tuple[Rows, Rows]:
    """exp((x - m) / t) with m the largest entry of each row, and the row sums."""
    m, _ = largest(rows)
    out = np.empty_like(rows)

    def terms(tile: Tile) -> tuple[Rows, None]:
        z, error = gaps(rows[tile], m[tile[0]], divisor=t)
        e = np.exp(z, out=out[tile])
        error *= e
        e += error
        return e, None

    high, low = sum_tiles(rows.shape, terms)
    return out, high + low


def sum_of_others(
    rows: Rows,
    m: Rows,
    where: Where,
    *,
    divisor: float = 1.0,
    factor: float = 1.0,
    exponents: Rows | None = None,
) -> Rows:
    """Sum of exp((x - m) factor / divisor) over each row without its largest entry m; shape (rows, 1).

    The exponents themselves go into `exponents`, if that is given.
    """

    def terms(tile: Tile) -> tuple[Rows, Rows]:
        z, error = gaps(rows[tile], m[tile[0]], divisor=divisor, factor=factor)
        if exponents is not None:
            exponents[tile] = z
        e = np.exp(z)
        mask(e, tile, where)
        error *= e
        return e, error

    high, low = sum_tiles(rows.shape, terms)
    return high + low


def mask(e: Rows, tile: Tile, where: Where) -> None:
    """Set to 0 what of the places `where` lies in this tile."""
    column = where[1][tile[0]] - tile[1].start
    row = np.flatnonzero((column >= 0) & (column < TILE))
    e[row, column[row]] = 0


def is_doubtful(m: Rows, others: Rows, value: Rows, n: int) -> npt.NDArray[np.bool_]:
    """Whether ``value = m + log1p(others)`` may be wrong by more than about two units in the last place.

    The rounding errors of x - m add up to at most ``u sqrt(n others) / (1 + others)``, with u = 2^-53 (by the
    concavity of the entropy); and log1p has the error of its own, larger result. Where m is negative and less
    than a fifth of it is left, the last digits of x decide, and no formula can give what they do not hold.
    """
    size = np.abs(value)
    rounding = np.sqrt(n * others) > (1 + others) * size
    cancels = np.log1p(others) > 2 * size
    doubtful: npt.NDArray[np.bool_] = (rounding | cancels) & (5 * size >= -m)
    return doubtful


def newton_step(rows: Rows, value: Rows) -> Rows:
    """Improve log-sum-exps v by Newton's method for ``sum(exp(x - v)) = 1``: the step is ``sum - 1``.

    The exponentials are taken beyond double precision. The largest of them is about 1 and stays out of the
    sum, so that nothing is lost where the others are tiny.
    """
    value = value[:, np.newaxis]
    m, where = largest(rows)

    def others(tile: Tile) -> tuple[Rows, Rows]:
        e, tail = exp_pair(*gaps(rows[tile], value[tile[0]]))
        mask(e, tile, where)
        mask(tail, tile, where)
        return e, tail

    high, low = sum_tiles(rows.shape, others)
    first, first_tail = exp_pair(*gaps(m, value))
    total, error = two_sum(first, high)
    # In this order the large parts cancel without rounding, and only then the small ones join them.
    improved: Rows = value + (((total - 1) + first_tail) + (error + low))
    return improved[:, 0]


def exp_pair(z: Rows, error: Rows) -> tuple[Rows, Rows]:
    """exp(z + error), z <= 0, as a sum of two doubles; z = -i log(2)/32 + r with |r| < 0.011 (Tang 1989)."""
    i = np.rint(np.maximum(z, -745) / -STEP_HIGH)  # below, exp underflows to 0
    r = (z + i * STEP_HIGH) + i * STEP_LOW + error
    whole = i.astype(np.intp)
    root, scale = whole & 31, HALVES.take(whole >> 5)
    high = ROOTS[0].take(root) * scale
    return high, ROOTS[1].take(root) * scale + high * np.expm1(r)


def smooth_max_of_rows(rows: Rows, k: float, normalized: bool) -> Rows:
    """Smooth maximum of each row for 0 <= k <= inf."""
    n = rows.shape[1]
    if n == 0:  # the mean of nothing is nan, the logarithm of an empty sum -inf
        return np.full((rows.shape[0], 1), math.nan if normalized else -math.inf)
    m, where = largest(rows)
    if math.isinf(k):
        return m
    if normalized:
        # Near k = 0 the logarithms of sum and n would cancel; expm1 and log1p lose nothing there.
        mean: Rows = m + (rows - m).mean(axis=1, keepdims=True)
        flat: Rows | float = (
            np.log1p(np.expm1(k * (rows - mean)).mean(axis=1, keepdims=True)) / k if k > 0 else 0.0
        )
        narrow = k * (m - rows.min(axis=1, keepdims=True)) < 1
        if narrow.all():
            return mean + flat
    log_total = np.log1p(sum_of_others(rows, m, where, factor=k))
    if normalized:
        return np.where(narrow, mean + flat, m + (log_total - math.log(n)) / k)
    return np.where(np.isfinite(m), m + log_total / k, m)


def gaps(x: Rows, m: Rows, *, divisor: float = 1.0, factor: float = 1.0) -> tuple[Rows, Rows]:
    """``(x - m) factor / divisor`` (one of them 1) as a rounded number and its rounding error.

    exp turns an absolute error of its argument into a relative one of its result: half a unit in the last
    place of ``x - m = -700`` becomes 500 of them. So the error is kept and applied: exp(z) (1 + error).
    """
    m = np.where(m == -np.inf, np.nan, m)  # all masked: there is no largest entry to compare with
    if divisor > 1:  # by a power of two, hence exact: neither x - m nor the product below can overflow
        divisor, exponent = math.frexp(divisor)
        x, m = x * 2.0**-exponent, m * 2.0**-exponent
    z, error = two_sum(x, -m)
    if not np.isfinite(m).all():
        tie = x == m
        z[tie] = error[tie] = 0  # inf - inf
    if divisor != 1:
        quotient = z / divisor
        product, product_error = two_product(quotient, divisor)
        z, error = quotient, ((z - product) - product_error + error) / divisor
    if factor != 1:
        small, exponent = math.frexp(factor)
        product, product_error = two_product(z, small)
        z, error = (np.ldexp(a, exponent) for a in (product, product_error + error * small))
    np.copyto(error, 0.0, where=z < -750)  # there exp(z) is 0, and the error may be nan
    return z, error


def two_sum(a: Rows, b: Rows) -> tuple[Rows, ...]:
    """Rounded sum and its rounding error, exactly (Knuth, TAOCP volume 2, section 4.2.2, theorem B)."""
    s = a + b
    t = s - a
    error = s - t  # in place from here on: error = (a - (s - t)) + (b - t)
    np.subtract(a, error, out=error)
    error += np.subtract(b, t, out=t)
    return s, error


def two_product(a: Rows, b: float) -> tuple[Rows, ...]:
    """Rounded product and its rounding error, exactly (Dekker 1971, with Veltkamp's splitting)."""
    p = a * b
    a_high, b_high = upper_half(a), upper_half(b)
    a_low, b_low = a - a_high, b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def upper_half(a: Any) -> Any:
    """The upper 26 bits of a double, so that products of halves are exact."""
    c = (2.0**27 + 1) * a
    return c - (c - a)


def as_pair(exact: Decimal) -> tuple[float, float]:
    high = float(exact)
    return high, float(exact - Decimal(high))


# 2^(-i/32) for i < 32, powers of 1/2, and log(2)/32 with an upper part so short that i times it is exact.
ROOTS = np.array([as_pair(Decimal(2) ** (Decimal(-i) / 32)) for i in range(32)]).T
HALVES = 0.5 ** np.arange(1076)
STEP_HIGH = upper_half(math.log(2) / 32)
STEP_LOW = float(Decimal(2).ln() / 32 - Decimal(STEP_HIGH))


TILE = 2**13  # 64 KiB of doubles: temporaries of this size stay in the processor's cache
ONES = np.ones((TILE, 1))
FEW = 512  # where no entry is more than a 32nd of the sum, NumPy's 16 terms in a row do no harm


def tiles(shape: tuple[int, ...]) -> Iterator[Tile]:
    """Cut a matrix into tiles of about TILE entries: whole rows while they fit, else pieces of one row."""
    height = max(1, TILE // max(shape[1], 1))
    for top in range(0, shape[0], height):
        for left in range(0, max(shape[1], 1), TILE):
            yield slice(top, top + height), slice(left, left + TILE)


def sum_tiles(shape: tuple[int, ...], terms: Callable[[Tile], tuple[Rows, Rows | None]]) -> tuple[Rows, Rows]:
    """Sum over each row as an unevaluated pair: the rounded sum, and what it misses; shapes (rows, 1).

    `terms` gives non-negative terms of one tile, and small corrections to them.
    """
    if shape[0] * shape[1] <= TILE:
        return cut_sum(*terms((slice(0, shape[0]), slice(0, shape[1]))))
    parts = np.zeros((2, shape[0], -(-shape[1] // TILE)))
    for tile in tiles(shape):
        piece = tile[0], slice(j := tile[1].start // TILE, j + 1)
        parts[0][piece], parts[1][piece] = cut_sum(*terms(tile))
    return cut_sum(*parts) if parts.shape[2] > 1 else (parts[0], parts[1])


def cut_sum(e: Rows, correction: Rows | None = None) -> tuple[Rows, Rows]:
    """Row sums of e >= 0 in two parts, the first of them exact.

    Adding a number as large as the sum and taking it away again cuts every term at the same bit. The upper
    parts then add up without rounding, in any order; the rest is small (Rump, Ogita & Oishi 2008, "Accurate
    floating-point summation I", section 3).
    """
    ones = ONES[: e.shape[1]]
    rough = e @ ones
    upper = e + rough
    upper -= rough
    exact = upper @ ones
    rest = np.subtract(e, upper, out=upper)
    if correction is not None:
        rest += correction
    return exact, rest @ ones


def sum_rows(e: Rows) -> Rows:
    """Sum of each row of e >= 0, shape (rows, 1).

    NumPy adds at least 16 terms in a row before it adds such sums pairwise. Their rounding errors average
    out, unless few entries dominate: then they all strike the sums that hold these.
    """
    total: Rows = np.add.reduce(folded(e), axis=1, keepdims=True)  # e.sum, without a layer of Python
    if e.shape[1] > 16:
        lopsided = 32 * e.max(axis=1) > total[:, 0]
        if lopsided.any():
            part = e[lopsided]
            high, low = sum_tiles(part.shape, lambda tile: (part[tile], None))
            total[lopsided] = high + low
    return total


def folded(e: Rows) -> Rows:
    """Rows of the same sums with at most FEW entries each.

    Entries that repeat in step with NumPy's order of adding would leave many dominated sums, up to 27
    roundings off. Adding one half of a row to the other spreads them, whatever that order is.
    """
    while e.shape[1] > FEW:
        half = e.shape[1] // 2
        sums = e[:, :half] + e[:, half : 2 * half]
        if e.shape[1] % 2:
            sums[:, 0] += e[:, -1]
        e = sums
    return e
