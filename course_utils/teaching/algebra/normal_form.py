"""A normal form in which equal formulas look alike: reduced fractions of exponentials, logarithms and roots.

Every formula is rewritten, by rules that hold for all values the assumptions allow, until nothing but
*kernels* (symbols, e^t, log p, p^q, sums) stands in a fraction of polynomials. Two formulas are equal if
their difference becomes 0. A rule that holds for some values only (such as log(xy) = log x + log y) is
used only where the factors are provably positive. Sizes are counted before SymPy is asked, so that the
work is bounded, and bounded alike on every machine.
"""

from __future__ import annotations

import functools
import math
from contextlib import suppress

import sympy
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.polys.polyerrors import BasePolynomialError

from course_utils.teaching.algebra.meaning import MOST_BITS, Expression

LARGEST_DEGREE = 40  # of a polynomial, and the power of a kernel in it
MOST_TERMS = 800  # of a polynomial that is multiplied out
MOST_TERMS_TO_FACTOR, MOST_BITS_TO_FACTOR = 60, 80
LARGEST_INTEGER = 10**15  # that is split into primes


class TooHard(Exception):
    """This formula has no normal form here. That says nothing about its truth."""


NO_NORMAL_FORM = (TooHard, BasePolynomialError, NotImplementedError)


@functools.lru_cache(maxsize=4096)
def normal(e: Expression) -> Expression:
    """Return a formula as a reduced fraction, 0 if it vanishes everywhere; or raise `TooHard`."""
    return cancel(_plain(e))


def _plain(e: Expression) -> Expression:
    """Rewrite a formula from the inside out, as a fraction of kernels that is not yet reduced."""
    if e.is_Add or e.is_Mul:
        return e.func(*map(_plain, e.args))
    if isinstance(e, sympy.Tuple):  # such as what a derivative that was not worked out is taken by
        raise TooHard
    if not e.args or isinstance(e, sympy.Indexed):
        return e
    if isinstance(e, HyperbolicFunction):
        return _plain(e.rewrite(sympy.exp))
    if isinstance(e, sympy.exp):
        return _exponential(normal(e.args[0]))
    if isinstance(e, sympy.log):
        return _logarithm(normal(e.args[0]))
    if isinstance(e, sympy.Sum):
        return _sum(e)
    if not e.is_Pow:
        return e.func(*map(normal, e.args))  # nothing is known of erf, sin, … but their names
    if not e.exp.is_Rational:
        return _exponential(normal(e.exp * sympy.log(e.base)))
    if not e.exp.is_Integer:
        return _root(normal(e.base), e.exp)
    if abs(e.exp) > LARGEST_DEGREE:
        raise TooHard
    return _plain(e.base) ** e.exp


def _exponential(exponent: Expression) -> Expression:
    """e^(sum of terms) as a product; e^(q log p) becomes a power of p by itself."""
    return sympy.Mul(*map(sympy.exp, terms(exponent)))


def _logarithm(inner: Expression) -> Expression:
    """Log of a product of positive factors as a sum; what has no sign stays inside."""
    positive, rest = _split(inner)
    result = sympy.log(rest)
    for base, power in positive:
        small = base.is_Rational and max(base.p, base.q) < LARGEST_INTEGER
        result += power * (sympy.expand_log(sympy.log(base), factor=True) if small else sympy.log(base))
    return result


def _root(inner: Expression, exponent: Expression) -> Expression:
    """p^q: positive factors get the exponent one by one, the rest keeps its principal root."""
    positive, rest = _split(inner)
    return sympy.Mul(*(base ** (power * exponent) for base, power in positive), rest**exponent)


def _split(inner: Expression) -> tuple[list[tuple[Expression, Expression]], Expression]:
    """Write a fraction as a product of powers of what is provably positive, and a rest."""
    constant, powers = factors(inner)
    if constant == 0:
        raise TooHard
    positive, rest = [(abs(constant), sympy.S.One)], sympy.sign(constant)
    for factor, power in powers:
        turn = 1 if is_positive(factor) else -1 if is_positive(-factor) else 0
        if turn:
            base, q = (turn * factor).as_base_exp()
            positive.append((base, q * power))
        rest *= (turn or factor) ** power
    return positive, rest


def _sum(e: Expression) -> Expression:
    """A sum over a symbolic range: linear, with what does not depend on the counter in front."""
    ((counter, first, last),) = e.limits
    result = sympy.S.Zero
    for term in terms(normal(e.function)):
        outside, inside = term.as_independent(counter, as_Add=False)
        result += outside * (last - first + 1 if inside == 1 else sympy.Sum(inside, *e.limits))
    return result


# ---- signs


@functools.lru_cache(maxsize=4096)
def is_positive(e: Expression, strictly: bool = True) -> bool:
    """Tell whether a formula in normal form is provably positive (or at least not negative)."""
    powers = (part.as_base_exp() if part.is_Pow else (part, 1) for part in sympy.Mul.make_args(factored(e)))
    parts = (_of_its_sign(base, k) ** q if base.is_Add else base**q for k, (base, q) in enumerate(powers))
    known = sympy.Mul(*parts)
    return bool(known.is_positive if strictly else known.is_nonnegative)


def _of_its_sign(e: Expression, number: int) -> Expression:
    """Return a symbol of which no more is known than the sign of a sum, as that of its terms tells it."""
    with suppress(TooHard):
        flat, meaning = named(e.replace(sympy.exp, _at_least_one))
        e = sympy.expand(bounded(flat)).xreplace(meaning)
    number_term, rest = e.as_independent(*e.free_symbols, as_Add=True)
    parts = [part for part in (number_term, *sympy.Add.make_args(rest)) if part != 0]
    for turn in (1, -1):
        if all((turn * part).is_nonnegative for part in parts):
            some = any((turn * part).is_positive for part in parts)
            return turn * sympy.Symbol(f"_{number}", **{"positive" if some else "nonnegative": True})
    return sympy.Symbol(f"_{number}", real=all(part.is_real for part in parts) or None)


def _at_least_one(t: Expression) -> Expression:
    """Write e^t as 1 + u with u >= 0, where t >= 0."""
    if not t.is_nonnegative:
        return sympy.exp(t)
    return 1 + sympy.Symbol(f"_{t}", **{"positive" if t.is_positive else "nonnegative": True})


# ---- fractions of polynomials in kernels


def named(e: Expression) -> tuple[Expression, dict[Expression, Expression]]:
    """Put a symbol for each kernel, with its meaning; e^t and e^(t/2), or p and p^(1/3), share one."""
    split = {kernel: _base_and_power(kernel) for kernel in sorted(_kernels(e), key=sympy.default_sort_key)}
    orders: dict[Expression, int] = {}
    for base, power in split.values():
        orders[base] = math.lcm(orders.get(base, 1), power.q)
    if max(orders.values(), default=1) > LARGEST_DEGREE:
        raise TooHard
    symbols = {base: sympy.Symbol(f"_{k}") for k, base in enumerate(orders)}
    flat = e.xreplace({k: symbols[base] ** (power * orders[base]) for k, (base, power) in split.items()})
    return flat, {symbol: base ** sympy.Rational(1, orders[base]) for base, symbol in symbols.items()}


def _kernels(e: Expression) -> set[Expression]:
    if e.is_Rational:
        return set()
    if e.is_Add or e.is_Mul or (e.is_Pow and e.exp.is_Integer):
        return set().union(*map(_kernels, e.args))
    return {e}


def _base_and_power(kernel: Expression) -> tuple[Expression, Expression]:
    if isinstance(kernel, sympy.exp):
        q, t = kernel.args[0].as_coeff_Mul()
        if abs(q.p) <= LARGEST_DEGREE:  # else e^(-9999) would be lost beside 1
            return sympy.exp(t), q
    if kernel.is_Pow and kernel.exp.is_Rational and abs(kernel.exp) <= LARGEST_DEGREE:
        return kernel.base, kernel.exp
    return kernel, sympy.S.One


def cancel(e: Expression) -> Expression:
    """Bring a fraction of kernels to lowest terms, if that is bounded work."""
    for _ in range(3):  # a root of a sum may turn into that sum
        flat, meaning = named(e)
        before, e = e, sympy.cancel(bounded(flat)).xreplace(meaning)
        if before == e or not any(kernel.is_Pow and not kernel.base.is_Symbol for kernel in meaning.values()):
            break
    return e


@functools.lru_cache(maxsize=4096)
def factors(e: Expression) -> tuple[Expression, list[tuple[Expression, int]]]:
    """Return the constant and the irreducible factors of a fraction; a long polynomial stays whole."""
    flat, meaning = named(e)
    constant, powers = sympy.S.One, list[tuple[Expression, int]]()
    for polynomial, direction in zip(sympy.fraction(flat), (1, -1), strict=True):
        number, found = sympy.S.One, [(polynomial, 1)]
        if polynomial.is_Rational:
            number, found = polynomial, []
        elif _extent(polynomial)[0] <= MOST_TERMS_TO_FACTOR:
            poly = sympy.Poly(polynomial, *_symbols(polynomial))
            bits = max(max(abs(c.p), c.q).bit_length() for c in poly.coeffs())
            if poly.total_degree() <= LARGEST_DEGREE and bits <= MOST_BITS_TO_FACTOR:
                number, found = sympy.factor_list(poly.as_expr())
        constant *= number**direction
        powers += [(factor.xreplace(meaning), direction * power) for factor, power in found]
    return constant, powers


def factored(e: Expression) -> Expression:
    """Write a fraction in normal form as a product."""
    constant, powers = factors(e)
    return sympy.Mul(constant, *(factor**power for factor, power in powers))


def terms(e: Expression) -> list[Expression]:
    """Return the terms of a fraction in normal form, multiplied out, each over the denominator."""
    flat, meaning = named(e)
    above, below = sympy.fraction(flat)
    parts = sympy.Add.make_args(sympy.expand(bounded(above)))
    return [sympy.cancel(part / below).xreplace(meaning) for part in parts]


def _symbols(e: Expression) -> list[Expression]:
    return sorted(e.free_symbols, key=str)


def bounded(expression: Expression) -> Expression:
    """Return the expression, if it is not too large to be multiplied out over one denominator."""
    _extent(expression)
    return expression


def _extent(e: Expression) -> tuple[int, dict[Expression, int]]:
    """Bound the number of terms above the line, and collect what is below it."""
    terms, below = 1, dict[Expression, int]()
    if e.is_Mul or e.is_Add:
        parts = [_extent(part) for part in e.args]
        for base, power in (pair for _, denominators in parts for pair in denominators.items()):
            below[base] = below.get(base, 0) + power if e.is_Mul else max(below.get(base, 0), power)
        if e.is_Mul:
            terms = math.prod(count for count, _ in parts)
        else:
            widths = {base: _extent(base)[0] for base in below}
            terms = sum(
                count * math.prod(widths[base] ** (p - own.get(base, 0)) for base, p in below.items())
                for count, own in parts
            )
    elif e.is_Pow:
        count, inner = _extent(e.base)
        n = abs(int(e.exp))
        if e.exp > 0:
            terms, below = math.comb(count + n - 1, n), {base: n * power for base, power in inner.items()}
        else:
            terms, below = math.prod(_extent(base)[0] ** power for base, power in inner.items()), {e.base: n}
    elif e.is_Rational and max(abs(e.p), e.q).bit_length() > MOST_BITS:
        raise TooHard
    if terms > MOST_TERMS or sum(below.values()) > 2 * LARGEST_DEGREE:
        raise TooHard
    return terms, below
