"""Look at formulas in points: a difference that is certainly not zero in one of them refutes an equation.

Each precision has a context of mpmath of its own, so that none is shared between threads.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import mpmath
import sympy

from course_utils.teaching.algebra.meaning import Expression

Point = Mapping[Expression, Expression]  # symbol -> exact number

DIGITS = (60, 160, 500, 1100)  # one after the other, so that a difference of 1e-300 is found
FARTHEST_EXPONENT = 100_000  # e^100000 is as far as a point is followed
READABLE = [sympy.Rational(*pair) for pair in ((1, 1), (2, 1), (-1, 1), (3, 1), (-2, 1), (1, 2), (-3, 1))]


class Undefined(Exception):
    """A formula has no value in this point, or none that can be told from rounding."""


def nonzero_at(expression: Expression, point: Point, rungs: int = 2) -> Any:
    """Return the value in a point if it is certainly not zero, for two precisions agree on it; else None."""
    before = None
    for digits in DIGITS[:rungs]:
        value = number_at(expression, point, digits)
        if before and value and abs(value - before) <= abs(value) / 10**10:
            return value
        before = value
    return None


def number_at(expression: Expression, point: Point, digits: int = DIGITS[0]) -> Any:
    """Evaluate an expression in a point, with so many digits at work, or raise `Undefined`."""
    try:
        return _Evaluation(point, digits).value(expression)
    except (ZeroDivisionError, OverflowError, ValueError, TypeError, AttributeError):
        raise Undefined from None


@functools.cache
def _context(digits: int) -> Any:
    context = mpmath.MPContext()
    context.dps = digits
    return context


class _Evaluation:
    """Values in one point. What cancellation leaves of a sum below the last digits is zero."""

    def __init__(self, point: Point, digits: int) -> None:
        self.mp = _context(digits)
        self.noise = self.mp.mpf(10) ** (20 - digits)
        self.known = {sympy.E: self.mp.e(), sympy.pi: self.mp.pi(), sympy.I: self.mp.mpc(0, 1)}
        self.known |= {symbol: self.value(number) for symbol, number in point.items()}

    def value(self, e: Expression) -> Any:
        if e not in self.known:
            value = self.mp.mpf(e.p) / e.q if e.is_Rational else self._applied(e)
            if not self.mp.isfinite(value):  # such as log 0
                raise Undefined
            if isinstance(value, self.mp.mpc) and abs(value.imag) <= self.noise * abs(value.real):
                value = value.real
            self.known[e] = value
        return self.known[e]

    def _applied(self, e: Expression) -> Any:
        mp, name, parts = self.mp, type(e).__name__, [self.value(part) for part in e.args]
        if e.is_Add:
            whole = mp.fsum(parts)
            return mp.zero if abs(whole) <= self.noise * max(map(abs, parts)) else whole
        if e.is_Mul:
            return mp.fprod(parts)
        if e.is_Pow:
            return self._power(*parts)
        if name == "KroneckerDelta":
            return mp.mpf(parts[0] == parts[1])
        if name in ("Max", "Min"):
            return (max if name == "Max" else min)(parts)
        (x,) = parts
        if name in ("Abs", "sign"):
            return abs(x) if name == "Abs" else mp.sign(x)
        if name != "log" and abs(x) > (40 if name == "erf" else FARTHEST_EXPONENT):
            raise Undefined
        return getattr(mp, name)(x)

    def _power(self, base: Any, exponent: Any) -> Any:
        if self.mp.isint(exponent) and abs(exponent) < FARTHEST_EXPONENT:
            return base ** int(exponent.real)
        if base == 0 and self.mp.re(exponent) > 0:
            return base
        if abs(exponent := exponent * self.mp.log(base)) > FARTHEST_EXPONENT:
            raise Undefined
        return self.mp.exp(exponent)


def points(symbols: Iterable[Expression], seed: str = "", far: bool = False) -> Iterator[Point]:
    """Yield points that the assumptions allow, the same on every machine: first some that read well and some
    where max, abs and sign have their kinks, then random ones of all sizes. `far`: beyond exp's, too."""
    ordered = sorted(symbols, key=str)
    source = random.Random(f"points {seed}")
    sizes = (1, 1, 5, 0.1, 20, 1, 300, 0.001, *((1e4, 1e8, 1e15) if far else ()))
    for attempt in itertools.count():
        numbers = [READABLE[(2 * k + attempt) % len(READABLE)] for k in range(len(ordered))]
        if attempt in (6, 7):
            numbers = [sympy.Integer(attempt - 6)] * len(ordered)
        elif attempt > 7:
            size = sizes[attempt % len(sizes)]
            numbers = [sympy.Rational(round(source.uniform(-size, size) * 10**7), 10**7) for _ in ordered]
        yield {s: fitting(s, number) for s, number in zip(ordered, numbers, strict=True)}


def fitting(symbol: Expression, number: Expression) -> Expression:
    """Bend a number until it satisfies what is assumed of the symbol."""
    if symbol.is_integer:
        number = sympy.Integer(round(number))
    if symbol.is_nonnegative or symbol.is_nonpositive:
        number = abs(number) if symbol.is_nonnegative else -abs(number)
    if number == 0 and symbol.is_nonzero:
        number = sympy.Integer(-2 if symbol.is_negative else 2)
    return number
