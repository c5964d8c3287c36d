"""A normal form in which equal formulas look alike: fractions of independent building blocks.

Every formula of exponentials, logarithms, roots and sums is rewritten, by rules that hold for all values the
assumptions allow, as a fraction of polynomials in *blocks*: symbols, e^t, log p, p^(1/q), sums. Two formulas
are equal if the numerator of their difference vanishes. A rule that holds for some values only (such as
log(xy) = log x + log y) is used only where the factors are provably positive. Sizes are counted before SymPy
is asked, so that the work is bounded, and bounded alike on every machine.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

LARGEST_POWER = 40
MOST_TERMS = 800  # of a polynomial that is multiplied out
MOST_TERMS_TO_FACTOR, MOST_BITS_TO_FACTOR = 60, 80
MOST_BITS = 2100  # of a number in a polynomial
LARGEST_INTEGER = 10**12  # that is split into primes


class TooHard(Exception):
    """This formula has no normal form here. That says nothing about its truth."""


class _FinerRoot(Exception):
    """A block must be split into smaller ones: e^(t/2) turned up after e^t. Start again."""


class Blocks:
    """The building blocks of one comparison, and the fractions made from them.

    One object must be used for all that is compared, so that equal blocks are one symbol.
    """

    def __init__(self) -> None:
        self._orders: dict[Any, int] = {}
        self._start()

    def _start(self) -> None:
        self._block_of: dict[Any, Any] = {}
        self.key_of: dict[Any, tuple[Any, ...]] = {}
        self._rational = functools.cache(self._rational_uncached)

    def fraction(self, expression: Any) -> Any:
        """Return a formula as a reduced fraction in blocks; 0 if it vanishes everywhere.

        Raises
        ------
        TooHard
            Where there is none, or none of bounded size.
        """
        for _ in range(8):
            try:
                return cancel(self._rational(expression))
            except _FinerRoot:
                self._start()
        raise TooHard

    def formula(self, fraction: Any) -> Any:
        """Put the formulas back that the blocks stand for."""
        for block in reversed(self.key_of):  # later blocks may hold earlier ones
            kind, key, order = self.key_of[block]
            share = sympy.Rational(1, order)
            meaning = {"exp": lambda k, s: sympy.exp(k * s), "root": lambda k, s: k**s}.get(kind)
            fraction = fraction.xreplace({block: meaning(key, share) if meaning else key})
        return fraction

    # ---- polynomials in blocks

    def is_positive(self, fraction: Any, strictly: bool = True) -> bool:
        """Tell whether an expression in blocks is provably positive (or at least not negative)."""
        numerator, denominator = sympy.fraction(cancel(fraction))
        if not self._all_positive(denominator, True):
            numerator, denominator = -numerator, -denominator
            if not self._all_positive(denominator, True):
                return False
        return self._all_positive(numerator, strictly)

    def _all_positive(self, polynomial: Any, strictly: bool) -> bool:
        constant, factors = factors_of(polynomial)
        if constant == 0:
            return not strictly
        negative = constant < 0
        for factor, exponent in factors:
            if self._factor_positive(factor, strictly):
                continue
            if exponent % 2 == 0 and not strictly and all(s.is_real for s in factor.free_symbols):
                continue
            if not self._factor_positive(-factor, strictly):
                return False
            negative ^= bool(exponent % 2)
        return not negative

    def _factor_positive(self, factor: Any, strictly: bool) -> bool:
        """Judge an irreducible polynomial by the signs of its coefficients."""
        symbols = sorted(factor.free_symbols, key=str)
        if not symbols or not all(symbol.is_real for symbol in symbols):
            return False
        # Blocks that are at least 1 (e^t with t >= 0) become 1 + u with u >= 0.
        large = [
            s for s in symbols if self.key_of.get(s, ("",))[0] == "exp" and self.key_of[s][1].is_nonnegative
        ]
        above = {s: 1 + sympy.Symbol(f"{s}u", **_sign(self.key_of[s][1])) for s in large}
        polynomial = sympy.Poly(bounded(factor.xreplace(above)))
        if not all(c.is_Rational for c in polynomial.coeffs()):
            return False
        return _signs_agree(polynomial, strictly)

    # ---- blocks

    def _block(self, kind: str, key: Any, order: int = 1) -> Any:
        if (kind, key) not in self._block_of:
            meaning = sympy.exp(key) if kind == "exp" else key
            facts = _sign(meaning)
            if kind == "root" and not meaning.is_nonnegative:
                positive = not key.is_Symbol and self.is_positive(self._rational(key))
                facts = {"positive": True} if positive else {}
            block = sympy.Symbol(f"_{len(self.key_of)}{kind}", **facts)
            self._block_of[kind, key] = block
            self.key_of[block] = (kind, key, order)
        return self._block_of[kind, key]

    def _order(self, key: Any, denominator: int) -> int:
        """Return into how many parts e^t or p must be split, and start again if that has grown."""
        known = self._orders.get(key, 1)
        needed = math.lcm(known, denominator)
        if needed > LARGEST_POWER:
            raise TooHard
        if needed != known:
            self._orders[key] = needed
            raise _FinerRoot
        return known

    def _rational_uncached(self, e: Any) -> Any:
        if e.is_Rational:
            return e
        if e.is_Symbol:  # where its root is about, it is a power of that
            return self._root_of(e, sympy.S.One) if self._orders.get(("root", e), 1) > 1 else e
        if e.is_Add or e.is_Mul:
            return e.func(*map(self._rational, e.args))
        if e is sympy.E or isinstance(e, sympy.exp):
            return self._exponential(self.fraction_of(sympy.S.One if e is sympy.E else e.args[0]))
        if e.is_Pow and e.exp.is_Integer:
            if abs(e.exp) > LARGEST_POWER:
                raise TooHard
            return self._rational(e.base) ** e.exp
        if e.is_Pow and e.exp.is_Rational:
            return self._root(self.fraction_of(e.base), e.exp)
        if e.is_Pow:
            return self._exponential(cancel(self._rational(e.exp) * self._rational(sympy.log(e.base))))
        if isinstance(e, sympy.log):
            return self._logarithm(self.fraction_of(e.args[0]))
        if isinstance(e, sympy.Sum):
            return self._sum(e)
        if isinstance(e, sympy.functions.elementary.hyperbolic.HyperbolicFunction):
            return self._rational(e.rewrite(sympy.exp))
        if isinstance(e, AppliedUndef) or e is sympy.pi:
            return self._block("entry", e)
        if isinstance(e, sympy.erf | sympy.sin | sympy.cos):  # nothing is known of them but their names
            return self._block("opaque", e.func(self.formula(self.fraction_of(e.args[0]))))
        raise TooHard

    def fraction_of(self, inner: Any) -> Any:
        """Return a part of the formula as a reduced fraction in the same blocks."""
        return cancel(self._rational(inner))

    def _exponential(self, exponent: Any) -> Any:
        """e^(sum of terms) as a product; e^(q log p) as a power of p."""
        result = sympy.S.One
        numerator, denominator = sympy.fraction(exponent)
        for term in sympy.Add.make_args(bounded(sympy.expand(numerator))):
            q, t = cancel(term / denominator).as_coeff_Mul()
            kind, key, _ = self.key_of.get(t, ("", None, 1))
            if kind == "log":
                result *= self._power_of(key, q)
                continue
            t = self.formula(factored(t))
            if abs(q.p) > LARGEST_POWER:  # a block of its own, so that e^(-9999) is not lost beside 1
                q, t = sympy.S.One, q * t
            parts = self._order(("exp", t), q.q)
            result *= self._block("exp", t, parts) ** (q * parts)
        return result

    def _power_of(self, key: Any, exponent: Any) -> Any:
        """p^q for the p of a block log p."""
        return self._root_of(key.args[0], exponent)

    def _split(self, fraction: Any) -> tuple[Any, list[tuple[Any, Any]], Any]:
        """Write a fraction as c · (provably positive factors) · rest, with a positive number c."""
        constant, rest, positive = sympy.S.One, sympy.S.One, []
        for polynomial, direction in zip(sympy.fraction(fraction), (1, -1), strict=True):
            number, found = factors_of(polynomial)
            constant *= sympy.Rational(number) ** direction
            for factor, exponent in found:
                if self._factor_positive(factor, True):
                    positive.append((factor, direction * exponent))
                elif self._factor_positive(-factor, True):
                    positive.append((-factor, direction * exponent))
                    constant *= (-1) ** exponent
                else:
                    rest *= factor ** (direction * exponent)
        if constant == 0:
            raise TooHard
        if constant < 0:
            constant, rest = -constant, -rest
        return constant, [*positive, *_primes(constant)], rest

    def _logarithm(self, fraction: Any) -> Any:
        """Log of a product of positive factors as a sum; what has no sign stays inside."""
        _, factors, rest = self._split(fraction)
        result = sympy.S.Zero
        for factor, exponent in factors:
            kind, key, order = self.key_of.get(factor, ("", None, 1))
            if kind == "exp":
                result += exponent * self._rational(key) / order
            elif kind == "root" and not key.is_Symbol:
                result += exponent * self._logarithm(self.fraction_of(key)) / order
            elif kind == "root":
                result += exponent * self._block("log", sympy.log(key)) / order
            else:
                result += exponent * self._block("log", sympy.log(self.formula(factor)))
        return result if rest == 1 else result + self._block("log of", sympy.log(self.formula(rest)))

    def _root(self, fraction: Any, exponent: Any) -> Any:
        """r^(p/q): positive factors get the exponent one by one, the rest keeps its principal root."""
        _, factors, rest = self._split(fraction)
        result = sympy.S.One
        for factor, k in factors:
            kind, key, order = self.key_of.get(factor, ("", None, 1))
            if kind == "exp":
                result *= self._exponential(self.fraction_of(key * k * exponent / order))
            elif kind == "root":
                result *= self._root_of(key, k * exponent / order)
            else:
                result *= self._root_of(self.formula(factor), k * exponent)
        return result if rest == 1 else result * self._root_of(self.formula(rest), exponent)

    def _root_of(self, formula: Any, exponent: Any) -> Any:
        if exponent.is_Integer and abs(exponent) <= LARGEST_POWER and not formula.is_Symbol:
            return self._rational(formula) ** exponent
        order = self._order(("root", formula), exponent.q)
        if abs(exponent * order) > 2 * LARGEST_POWER:
            raise TooHard
        whole = formula if order == 1 else self._block("root", formula, order)
        return whole ** (exponent * order)

    def _sum(self, e: Any) -> Any:
        """A sum over a symbolic range: linear, with what does not depend on the counter in front."""
        ((counter, first, last),) = e.limits
        k = sympy.Symbol("_k", integer=True, nonnegative=True)
        if k in e.function.free_symbols:
            raise TooHard  # a sum inside a sum
        numerator, denominator = sympy.fraction(factored(self.fraction_of(e.function.xreplace({counter: k}))))

        def depends(factor: Any) -> bool:
            return k in self.formula(factor).free_symbols

        free, inside = _parted(denominator, depends)
        result = sympy.S.Zero
        for term in sympy.Add.make_args(bounded(sympy.expand(numerator))):
            outside, bound = _parted(term, depends)
            whole = sympy.Sum(self.formula(bound / inside), (k, first, last))
            size = self._rational(last - first + 1) if bound / inside == 1 else self._block("sum", whole)
            result += outside * size
        return result / free


def _sign(e: Any) -> dict[str, bool]:
    return {f: True for f in ("positive", "nonnegative", "real") if getattr(e, f"is_{f}")}


def _parted(product: Any, depends: Any) -> tuple[Any, Any]:
    """Split a product into what does not depend and what does."""
    parts = sympy.Mul.make_args(product)
    return sympy.Mul(*(p for p in parts if not depends(p))), sympy.Mul(*(p for p in parts if depends(p)))


def _signs_agree(polynomial: Any, strictly: bool) -> bool:
    some = not strictly
    for powers, coefficient in polynomial.terms():
        used = [(gen, exponent) for gen, exponent in zip(polynomial.gens, powers, strict=True) if exponent]
        if coefficient < 0 or any(not gen.is_nonnegative and exponent % 2 for gen, exponent in used):
            return False
        some = some or all(gen.is_positive for gen, _ in used)
    return some


def _primes(number: Any) -> list[tuple[Any, int]]:
    """Split a positive fraction into primes; a large one stays whole."""
    found: list[tuple[Any, int]] = []
    for part, direction in ((number.p, 1), (number.q, -1)):
        powers = sympy.factorint(part) if part <= LARGEST_INTEGER else {part: 1}
        found += [(sympy.Integer(prime), direction * power) for prime, power in powers.items() if prime != 1]
    return found


def bounded(expression: Any) -> Any:
    """Return the expression, if it is not too large to be multiplied out over one denominator."""
    _extent(expression)
    return expression


def _extent(e: Any) -> tuple[int, dict[Any, int]]:
    """Bound the number of terms above the line, and collect what is below it."""
    if e.is_Mul or e.is_Add:
        parts = [_extent(part) for part in e.args]
        below: dict[Any, int] = {}
        for _, denominators in parts:
            for base, power in denominators.items():
                below[base] = below.get(base, 0) + power if e.is_Mul else max(below.get(base, 0), power)
        if e.is_Mul:
            terms = math.prod(count for count, _ in parts)
        else:
            terms = sum(
                count * math.prod(_terms(base) ** (p - own.get(base, 0)) for base, p in below.items())
                for count, own in parts
            )
    elif e.is_Pow and e.exp.is_Integer:
        count, inner = _extent(e.base)
        n = abs(int(e.exp))
        terms, below = math.comb(count + n - 1, n) if count > 1 else 1, {b: n * p for b, p in inner.items()}
        if e.exp < 0:
            terms, below = math.prod(_terms(base) ** p for base, p in below.items()), {e.base: n}
    else:
        terms, below = 1, {}
        if e.is_Rational and max(abs(e.p), e.q).bit_length() > MOST_BITS:
            raise TooHard
    if terms > MOST_TERMS or sum(below.values()) > 2 * LARGEST_POWER:
        raise TooHard
    return terms, below


def _terms(base: Any) -> int:
    return _extent(base)[0]


def cancel(fraction: Any) -> Any:
    """Bring a rational expression to lowest terms, if that is bounded work."""
    return fraction if fraction.is_Rational or fraction.is_Symbol else sympy.cancel(bounded(fraction))


def factors_of(polynomial: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """Return the constant and the irreducible factors; a long polynomial stays whole."""
    if polynomial.is_Rational:
        return polynomial, []
    constant, factors = sympy.S.One, [(polynomial, 1)]
    if _terms(polynomial) <= MOST_TERMS_TO_FACTOR:
        poly = sympy.Poly(polynomial)
        bits = max((max(abs(c.p), c.q).bit_length() for c in polynomial.atoms(sympy.Rational)), default=0)
        if poly.total_degree() <= LARGEST_POWER and bits <= MOST_BITS_TO_FACTOR:
            constant, factors = sympy.factor_list(polynomial)
    return constant, factors


def factored(fraction: Any) -> Any:
    """Write a fraction in factors, in an order that depends on nothing but the fraction."""
    above, below = (factors_of(part) for part in sympy.fraction(fraction))
    number = above[0] / below[0]
    return number * sympy.Mul(*(f**k for f, k in above[1])) / sympy.Mul(*(f**k for f, k in below[1]))
