"""Sums of exponentials, right to the last digits.

The functions of ``softmax.py`` state the formulas; here is how their sums are formed.

Where every ``exp(x)`` is an ordinary number, nothing is more accurate than the definition, or faster.
Elsewhere the largest entry m is subtracted first, and three devices keep what that would lose: the rounding
error of ``x - m`` (Knuth's TwoSum), sums that do not depend on the order (Rump, Ogita & Oishi 2008), and,
where logarithms cancel, exponentials as unevaluated pairs of doubles (Tang 1989).

Work is done a block at a time: some rows, or a piece of one long row, whose temporaries stay in the
processor's cache. To write a million doubles to memory and read them again takes longer than to compute them.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import Rows

Where: TypeAlias = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
Number = TypeVar("Number", float, Rows)

BLOCK = 2**14  # 128 KiB of doubles
HIGHEST = 690.0  # exp overflows above 709.78: this leaves room for the sum of 10^8 exponentials
SMALLEST = 2.0**-1022  # of the normal numbers
LOWEST = -746.0  # exp is 0 from here on down
SHORT = 16  # so few terms may be added one after the other


def blocks(*matrices: Rows) -> Iterable[tuple[Rows, ...]]:
    """Cut matrices of one height into blocks of whole rows: about BLOCK entries of the first, or one row."""
    if matrices[0].size <= BLOCK:
        return [matrices] if matrices[0].size > 0 else []
    rows, columns = matrices[0].shape
    height = max(1, BLOCK // columns)
    return (tuple(a[top : top + height] for a in matrices) for top in range(0, rows, height))


def exp_and_sum(x: Rows, out: Rows) -> Rows:
    """Write ``exp(x)`` into `out`; returns the sums of the rows."""
    return in_pieces(lambda _, x, out: row_sum(np.exp(x, out=out)), x, out)


def shifted_exp_and_sum(x: Rows, t: float, out: Rows) -> Rows:
    """Write ``exp((x - m) / t)`` into `out`, m the largest entry of a row; returns the sums of the rows."""
    m, _ = largest(x)
    return in_pieces(lambda _, x, out: row_sum(shifted_exp(x, m, t, out)), x, out)


def shifted_exp(x: Rows, m: Rows, t: float, out: Rows) -> Rows:
    """Write ``exp((x - m) / t)`` into `out`."""
    z, error = gaps(x, m, t)
    np.exp(z, out=out)
    error *= out
    out += error
    return out


def logsumexp_of_block(x: Rows) -> Rows:
    """``m + log1p(sum of the others' exp(x - m))``, and where that is doubtful a step of Newton's method."""
    m, where = largest(x)
    others = in_pieces(lambda start, x: row_sum(leave_out(np.exp(x - m), where, start)), x)
    value = np.where(np.isinf(m), m, m + np.log1p(others))
    doubtful = is_doubtful(m, others, value, x.shape[1])[:, 0]
    if doubtful.any():
        value[doubtful] = newton_step(x[doubtful], value[doubtful])
    return value


def is_doubtful(m: Rows, others: Rows, value: Rows, n: int) -> npt.NDArray[np.bool_]:
    """Whether ``value = m + log1p(others)`` may be wrong by more than about two units in the last place.

    The rounding errors of x - m add up to at most ``u others log(n / others) / (1 + others)``: with u = 2^-53
    that of one exponent is ``u |z|``, and ``sum |z| exp(z)`` is ``others (entropy of exp(z) / others - log
    others)``, where no entropy of n terms exceeds log n. And log1p has the error of its own, larger result.
    Where m is negative and less than a fifth of it is left, the last digits of x decide, and no formula can
    give what they do not hold.
    """
    size = np.abs(value)
    rounding = others * np.log(n / np.maximum(others, SMALLEST)) > (1 + others) * size
    cancels = np.log1p(others) > 2 * size
    doubtful: npt.NDArray[np.bool_] = (rounding | cancels) & (5 * size >= -m)
    return doubtful


def inverse_excess(k: float) -> float:
    """``t k - 1`` for the rounded inverse t of k: by that share (x - m) k is larger than (x - m) / t.

    >>> inverse_excess(2.0), inverse_excess(10.0)
    (0.0, 5.551115123125783e-17)
    """
    part, _ = math.frexp(k)  # powers of two make no difference
    product, error = two_product(np.array([1 / part]), part)
    return float(product[0] - 1 + error[0])


def sum_of_others(
    x: Rows, t: float = 1.0, exponents: Rows | None = None, excess: float = 0.0
) -> tuple[Rows, Rows]:
    """Largest entry m of each row, and the sum of ``exp((x - m) / t (1 + excess))`` over the others.

    The exponents themselves go into `exponents`, if that is given.
    """
    m, where = largest(x)
    if t == 1 and m.min() >= -1 and m.max() <= HIGHEST:  # nan is neither
        if exponents is not None:
            np.subtract(x, m, out=exponents)
        others = in_pieces(lambda start, x: row_sum(leave_out(np.exp(x), where, start)), x)
        others /= np.exp(m)
        return m, others

    def terms(start: int, x: Rows, exponents: Rows | None = None) -> tuple[Rows, Rows]:
        z, error = gaps(x, m, t)
        if excess:
            error += np.where(z < LOWEST, 0.0, z * excess)
        if exponents is not None:
            exponents[...] = z
        e = leave_out(np.exp(z), where, start)
        error *= e
        return e, error

    high, low = exact_sum(terms, x) if exponents is None else exact_sum(terms, x, exponents)
    return m, high + low


def smooth_max_of_block(x: Rows, k: float, normalized: bool) -> Rows:
    """Smooth maximum of each row for 0 <= k <= inf: 1/k is a temperature."""
    m, _ = largest(x)
    if math.isinf(k):
        return m
    narrow = np.zeros_like(m, dtype=bool)
    mean: Rows = m
    flat: Rows = m
    if normalized:
        lowest = x.min(axis=1, keepdims=True)
        wide = (np.isfinite(lowest) & np.isfinite(m) & np.isinf(m - lowest))[:, 0]
        if wide.any():  # what is too far apart for a float is near enough in quarters
            value = np.empty_like(m)
            value[wide] = 4 * smooth_max_of_block(x[wide] / 4, 4 * k, normalized)
            if not wide.all():
                value[~wide] = smooth_max_of_block(x[~wide], k, normalized)
            return value
        # Near k = 0 the logarithms of sum and n would cancel; expm1 and log1p lose nothing there.
        # Where an entry is infinite, or none is a number, the mean is what the sum is.
        mean = np.where(np.isfinite(m), m + (x - m).mean(axis=1, keepdims=True), added(x))
        if k == 0:
            return mean
        flat = mean + np.log1p(np.expm1(k * (x - mean)).mean(axis=1, keepdims=True)) / k
        narrow = k * (m - lowest) < 1
    k_in_use = max(k, SMALLEST)
    _, others = sum_of_others(x, 1 / k_in_use, excess=inverse_excess(k_in_use))
    log_total = np.log1p(others) - (math.log(x.shape[1]) if normalized else 0)
    return np.where(narrow, flat, np.where(np.isfinite(m), m + log_total / k, m))


def largest(x: Rows) -> tuple[Rows, Where]:
    """Largest entry of each row, shape (rows, 1), and the index of one place where it stands."""
    where = np.arange(x.shape[0]), x.argmax(axis=1)
    m: Rows = x[where][:, np.newaxis]
    return m, where


def leave_out(e: Rows, where: Where, start: int) -> Rows:
    """Set to 0 what of the places `where` lies in this piece, whose first column is `start`."""
    if len(e) > 1:  # then it is no piece, but whole rows
        e[where] = 0
    elif 0 <= (column := where[1][0] - start) < e.shape[1]:
        e[0, column] = 0
    return e


def pieces(*matrices: Rows) -> Iterator[tuple[int, tuple[Rows, ...]]]:
    """Pieces of at most BLOCK columns, each after the number of its first column."""
    for left in range(0, matrices[0].shape[1], BLOCK):
        yield left, tuple(a[:, left : left + BLOCK] for a in matrices)


def in_pieces(sums: Callable[..., Rows], *matrices: Rows) -> Rows:
    """Sum of each row by ``sums(start, *matrices)``, which a long row calls for each of its pieces."""
    if matrices[0].shape[1] <= BLOCK:
        return sums(0, *matrices)
    return row_sum(np.hstack([sums(start, *piece) for start, piece in pieces(*matrices)]))


def row_sum(e: Rows) -> Rows:
    """Sum of each row of e >= 0, shape (rows, 1).

    ``e.sum(axis=1)`` adds at least 16 terms one after the other before it goes over to pairs. If one of them
    dominates, it is rounded as often, and always in the same direction where the others are equal.
    """
    if e.shape[1] <= SHORT:
        return added(e)
    high, low = cut_sum(e)
    high += low
    return high


def exact_sum(terms: Callable[..., tuple[Rows, Rows]], *matrices: Rows) -> tuple[Rows, Rows]:
    """Sum of each row as an unevaluated pair: the sum, and what it misses; shapes (rows, 1).

    ``terms(start, *matrices)`` gives terms that are not negative, and small corrections to them.
    """
    if matrices[0].shape[1] <= BLOCK:
        return cut_sum(*terms(0, *matrices))
    high, low = zip(*(cut_sum(*terms(start, *piece)) for start, piece in pieces(*matrices)), strict=True)
    return cut_sum(np.hstack(high), np.hstack(low))


def cut_sum(e: Rows, correction: Rows | None = None) -> tuple[Rows, Rows]:
    """Row sums of e >= 0 in two parts, the first of them exact.

    Adding a number as large as the sum and taking it away again cuts every term at the same bit. The upper
    parts then add up without rounding, in any order; the rest is small (Rump, Ogita & Oishi 2008, "Accurate
    floating-point summation I", section 3).
    """
    rough = added(e)
    upper = e + rough
    upper -= rough
    exact = added(upper)
    rest = np.subtract(e, upper, out=upper)
    if correction is not None:
        rest += correction
    return exact, added(rest)


def added(e: Rows) -> Rows:
    """The terms of each row as NumPy adds them, shape (rows, 1): ``e.sum``, without a layer of Python."""
    total: Rows = np.add.reduce(e, axis=1, keepdims=True)
    return total


def gaps(x: Rows, m: Rows, t: float = 1.0) -> tuple[Rows, Rows]:
    """``(x - m) / t`` as a rounded number and its rounding error.

    exp turns an absolute error of its argument into a relative one of its result: half a unit in the last
    place of ``x - m = -700`` becomes 500 of them. So the error is kept and applied: exp(z) (1 + error).
    """
    m = np.where(m == -np.inf, np.nan, m)  # all masked: there is no largest entry to compare with
    if t > 1:  # by a power of two, hence exact: neither x - m nor the product below can overflow
        t, exponent = math.frexp(t)
        x, m = x * 2.0**-exponent, m * 2.0**-exponent
    z, error = two_sum(x, -m)
    if not np.isfinite(m).all():
        tie = x == m
        z[tie] = error[tie] = 0  # inf - inf
    if t != 1:
        quotient = z / t
        product, product_error = two_product(quotient, t)
        z, error = quotient, ((z - product) - product_error + error) / t
    np.copyto(error, 0.0, where=z < LOWEST)  # there exp(z) is 0, and the error may be nan
    return z, error


def two_sum(a: Rows, b: Rows) -> tuple[Rows, Rows]:
    """Rounded sum and its rounding error, exactly (Knuth, TAOCP volume 2, section 4.2.2, theorem B)."""
    s = a + b
    t = s - a
    error = s - t  # in place from here on: error = (a - (s - t)) + (b - t)
    np.subtract(a, error, out=error)
    error += np.subtract(b, t, out=t)
    return s, error


def two_product(a: Rows, b: float) -> tuple[Rows, Rows]:
    """Rounded product and its rounding error, exactly (Dekker 1971, with Veltkamp's splitting)."""
    p = a * b
    a_high, b_high = upper_half(a), upper_half(b)
    a_low, b_low = a - a_high, b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def upper_half(a: Number) -> Number:
    """The upper 26 bits of a double, so that products of halves are exact."""
    c = (2.0**27 + 1) * a
    return c - (c - a)


def newton_step(x: Rows, value: Rows) -> Rows:
    """Improve log-sum-exps v by Newton's method for ``sum(exp(x - v)) = 1``: the step is ``sum - 1``.

    The exponentials are taken beyond double precision. The largest of them is about 1 and stays out of the
    sum, so that nothing is lost where the others are tiny.
    """
    m, where = largest(x)

    def terms(start: int, x: Rows) -> tuple[Rows, Rows]:
        e, tail = exp_pair(*gaps(x, value))
        return leave_out(e, where, start), leave_out(tail, where, start)

    high, low = exact_sum(terms, x)
    first, first_tail = exp_pair(*gaps(m, value))
    total, error = two_sum(first, high)
    # In this order the large parts cancel without rounding, and only then the small ones join them.
    improved: Rows = value + (((total - 1) + first_tail) + (error + low))
    return improved


def exp_pair(z: Rows, error: Rows) -> tuple[Rows, Rows]:
    """``exp(z + error)``, z <= 0, as a sum of two doubles, by a table (Tang 1989).

    With ``z = r - i log(2)/32`` and i whole, ``exp(z) = exp(r) 2^(-i/32)``. The power stands in the table to
    twice the digits of a double; r is at most 0.011, so that ``expm1(r)`` is small and need not be.
    """
    i = np.rint(np.maximum(z, LOWEST) / -STEP_HIGH)  # HALVES ends there
    r = (z + i * STEP_HIGH) + i * STEP_LOW + error
    whole = i.astype(np.intp)
    root, scale = whole & 31, HALVES.take(whole >> 5)
    high = ROOTS[0].take(root) * scale
    return high, ROOTS[1].take(root) * scale + high * np.expm1(r)


def as_pair(exact: Decimal) -> tuple[float, float]:
    """A number of more digits than a double holds, as the sum of two doubles."""
    high = float(exact)
    return high, float(exact - Decimal(high))


# 2^(-i/32) for i < 32, powers of 1/2, and log(2)/32 with an upper part so short that i times it is exact.
ROOTS = np.array([as_pair(Decimal(2) ** (Decimal(-i) / 32)) for i in range(32)]).T
HALVES = 0.5 ** np.arange(1 - int(LOWEST / math.log(2)))
STEP_HIGH = upper_half(math.log(2) / 32)
STEP_LOW = float(Decimal(2).ln() / 32 - Decimal(STEP_HIGH))
