"""Prove that two formulas are equal, or that one is at most the other; or show a point where they are not.

The order is: look at points (one clear difference refutes for good), split into cases where max, abs and
sign are inside, bring the difference into normal form. Where that neither proves nor refutes an equation of
smooth formulas, agreement at many points is told by its name. Every step is bounded by counted sizes, so that
the same claim is judged alike on every machine; the clock only stops what nobody foresaw, and says so.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import mpmath
import numpy as np
import sympy
from sympy import Abs, KroneckerDelta, sign
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.polys.polyerrors import BasePolynomialError

from course_utils.teaching.algebra.meaning import COUNTER, in_moduli, is_family, kind, meaning, shape, size
from course_utils.teaching.algebra.normal_form import (
    TooHard,
    cancel,
    factored,
    factors,
    is_positive,
    normal,
    terms,
)
from course_utils.teaching.algebra.points import DIGITS, Undefined, nonzero_at, number_at, points
from course_utils.teaching.algebra.scope import Scope
from course_utils.teaching.algebra.syntax import Node, NotUnderstood
from course_utils.teaching.text import MINUS, format_number

POINTS = 16  # looked at before any proof
SURE_POINTS = 100  # looked at where a proof is missing
SHOWN_DIGITS = 50  # that agreement at points is told to, ten less than are looked at
MOST_CELLS = 64
LONGEST_DIFFERENCE = 160  # characters
LARGEST_DIFFERENCE = 200  # nodes
PATIENCE = 300.0  # seconds: a last resort, far beyond what the counted sizes allow

Status = Literal["proved", "agrees", "false", "undefined", "open", "too long"]
RANKS = ("false", "undefined", "too long", "open", "agrees", "proved")
METHODS = (
    "by putting the definitions in",
    "by bringing everything to one fraction",
    "by rewriting in exponentials",
    "by splitting logarithms and roots of positive factors",
    "by the sign of every factor",
    "by exponentiating, which keeps the order",
    "because the logarithm lies below its tangent",
    "in sign cases",
)
PLAIN, FRACTION, EXPONENTIALS, SPLIT, SIGNS, EXPONENTIATED, TANGENT, CASES = METHODS
NO_NORMAL_FORM = (TooHard, BasePolynomialError, NotImplementedError)


@dataclass(frozen=True)
class Finding:
    """What became of one claim.

    Parameters
    ----------
    status : str
        "agrees": an equation that holds at many points, without a proof; "open": neither proved nor refuted.
    how : str
        Which way it was proved, or how far it was looked at.
    difference, factor : str
        Left minus right, and left divided by right where that is a plain number, if the claim is false.
    point, left, right, entry : str
        Where it is false: a point, both sides there, and the entry of a vector or matrix.
    """

    status: Status
    how: str = ""
    difference: str = ""
    factor: str = ""
    point: str = ""
    left: str = ""
    right: str = ""
    entry: str = ""

    def __bool__(self) -> bool:
        return self.status in ("proved", "agrees")


@dataclass(frozen=True)
class Claim:
    """Two numbers to be compared, and where in a vector or matrix they stand.

    ``symbols`` tells what the symbols of the formulas as given are in the parameters of a case.
    """

    left: Any
    right: Any
    entry: str = ""
    symbols: Mapping[Any, Any] = field(default_factory=dict)

    def change(self, of: Callable[[Any], Any]) -> Claim:
        """Rewrite both sides."""
        return replace(self, left=of(self.left), right=of(self.right))

    def put(self, replacement: Mapping[Any, Any]) -> Claim:
        """Express both sides in other parameters."""
        symbols = {s: value.xreplace(replacement) for s, value in self.symbols.items()}
        return replace(self.change(lambda side: side.xreplace(replacement)), symbols={**replacement, **symbols})


class ShapesDiffer(NotUnderstood):
    """A number on one side and a vector on the other, or vectors of different lengths."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"The left side is {left}, but the right side is {right}.")
        self.left, self.right = left, right


class _TooLong(Exception):
    """The last resort."""


def prove(
    scope: Scope, left: Node, relation: str, right: Node, given: Sequence[tuple[Node, Node]] = ()
) -> Finding:
    """Judge ``left relation right``, where each pair (a, b) of ``given`` says that a >= b.

    Raises
    ------
    NotUnderstood
        Where a formula has no meaning, or the two sides are not of one shape.
    """
    if relation.startswith(">"):
        found = prove(scope, right, relation.replace(">", "<"), left, given)
        difference = f"-({found.difference})" if found.difference else ""
        return replace(found, difference=difference, left=found.right, right=found.left)
    try:
        mean = meaning(scope).of
        conditions = [mean(a) - mean(b) for a, b in given]
        return _Judge(relation, conditions).judged(scope, mean(left), mean(right))
    except _TooLong:
        return Finding("too long", "This took too long here.")
    except RecursionError:
        return Finding("open", "The formulas are too large to be compared.")
    except NotUnderstood:
        raise
    except Exception as error:  # SymPy has many ways to stumble; none of them is a proof
        return Finding("open", f"SymPy could not work with it ({type(error).__name__}).")


class _Judge:
    """One judgment: its relation (``=``, ``<=`` or ``<``), what is not negative, and how long it may take."""

    def __init__(self, relation: str, conditions: Sequence[Any]) -> None:
        self.relation, self.conditions, self.end = relation, conditions, time.monotonic() + PATIENCE

    def judged(self, scope: Scope, left: Any, right: Any) -> Finding:
        """Judge every entry; for a symbolic length in every case of the indices, after a look at 2, 3 and 1."""
        claims, symbolic = _claims(left, right), isinstance(scope.length, str)
        if symbolic:
            symbols = meaning(scope).symbols
            for length, claim in itertools.product((2, 3, 1), claims):
                for case in _with_length(claim, symbols, scope, length):
                    if isinstance(false := self.refuted(case, 4), Finding):
                        return false
            indices = [symbols[name] for name in scope.indices]
            claims = [case for claim in claims for case in _coincidences(claim, indices)]
        worst = Finding("proved", PLAIN)
        for claim in claims:
            found = self.claim(claim, symbolic)
            if found.status == "false":
                return found
            worst = min(worst, found, key=lambda finding: (RANKS.index(finding.status), -_method(finding)))
        every = ", by index argument for every length" * (symbolic and worst.status == "proved")
        return replace(worst, how=f"{worst.how}{every}")

    def claim(self, claim: Claim, symbolic: bool) -> Finding:
        """Judge one claim about two numbers. A symbolic length leaves no points to look at."""
        if self.relation in ("=", "<=") and claim.left == claim.right:
            return Finding("proved", PLAIN)
        if not symbolic and isinstance(false := self.refuted(claim, POINTS), Finding):
            return false
        cells = _cells(claim.change(_bent), [(condition, ">=") for condition in self.conditions])
        cells = list(itertools.islice(cells, MOST_CELLS + 1))
        if not cells:
            return Finding("undefined", "What is assumed contradicts itself: no numbers satisfy all of it.")
        if len(cells) > MOST_CELLS:
            return Finding("open", "There are too many sign cases.")
        results = [(cell, *self.certificate(cell)) for cell in cells]
        unproved = [(cell, short) for cell, how, short in results if not how]
        if not unproved:
            return Finding("proved", f"{CASES} ({len(cells)})" if len(cells) > 1 else results[0][1])
        if symbolic:
            return Finding("open", "It holds for lengths 1 to 3 at points, but no proof was found.")
        for cell, short in unproved:  # near points that are far out; and what is tiny beside the sides, alone
            short = short if len(cells) == 1 else None
            if isinstance(false := self.refuted(claim, POINTS, cell.symbols, short), Finding):
                return false
        return self.by_points(claim, smooth=len(cells) == 1)

    def by_points(self, claim: Claim, smooth: bool) -> Finding:
        """Judge an equation by points alone. Smooth formulas that differ do so almost everywhere."""
        free = claim.left.free_symbols | claim.right.free_symbols
        agreeing = self.refuted(claim, 3 * SURE_POINTS)
        if isinstance(agreeing, Finding):
            return agreeing
        if self.relation == "=" and smooth and agreeing >= (SURE_POINTS if free else 1):
            places = f"{agreeing} points" if agreeing > 1 else "1 point"
            return Finding("agrees", f"agrees at {places} to {SHOWN_DIGITS} digits, not proved")
        return Finding("open", f"It holds at {agreeing} points that were tried, but no proof was found.")

    def refuted(self, claim: Claim, number: int, own: Any = None, short: Any = None) -> Finding | int:
        """Look for a point where the claim fails; return how many points it holds at if there is none.

        With ``own``, what the symbols are in the parameters of a case, the points are those of the case.
        ``short`` is left minus right in a form without cancellation.
        """
        inside, own = own is not None, own or {}
        symbols = set().union(*(f.free_symbols for f in (claim.left, claim.right, *self.conditions)))
        parameters = set().union(*(own.get(s, s).free_symbols for s in symbols))
        difference, agreeing = claim.left - claim.right if short is None else short, 0
        for chosen in itertools.islice(points(parameters, str(len(own))), number if parameters else 1):
            if time.monotonic() > self.end:
                raise _TooLong
            point = {**chosen, **{s: value.xreplace(chosen) for s, value in own.items()}}
            try:
                if not self.allows(point, symbols):
                    continue
                a, b = number_at(claim.left, point), number_at(claim.right, point)
                off = nonzero_at(difference, point, len(DIGITS) if agreeing < 2 else 2)
            except Undefined:
                continue
            agreeing += 1
            unordered = self.relation != "=" and (_imaginary(a) or _imaginary(b))
            if unordered or self.fails(off, claim, point, agreeing):
                how = "Only real numbers have an order." if unordered else ""
                return _described(claim, how, _spoken(point, symbols), a, b)
        if not agreeing and not inside and not self.conditions:
            return Finding("undefined", "One of the two sides has no value anywhere it was looked at.")
        return agreeing

    def allows(self, point: Mapping[Any, Any], symbols: Any) -> bool:
        """Tell whether a point has all that is assumed."""
        facts = [(point[s], fact) for s in symbols for fact, true in s.assumptions0.items() if true]
        kept = all(getattr(value, f"is_{fact}") is not False for value, fact in facts)
        return kept and all(number_at(condition, point) >= 0 for condition in self.conditions)

    def fails(self, off: Any, claim: Claim, point: Mapping[Any, Any], count: int) -> bool:
        """Tell whether a claim fails in a point, where left minus right is ``off`` if that is certain."""
        if self.relation == "=" or off is not None:
            return off is not None and (self.relation == "=" or off.real > 0)
        if self.relation == "<=" or count > 10:
            return False
        there = claim.change(lambda side: side.xreplace(dict(point)))
        return bool(_Judge("=", ()).certificate(there)[0])  # strictly less, and provably equal in this point

    def certificate(self, claim: Claim) -> tuple[str, Any]:
        """Return how a claim without max, abs and sign is proved; or nothing, and the difference in short."""
        if claim.left == claim.right and self.relation != "<":
            return PLAIN, None
        with suppress(*NO_NORMAL_FORM):
            gap = normal(claim.right - claim.left)
            if gap == 0 and self.relation != "<":
                whole = sympy.Tuple(claim.left, claim.right)
                bases = {power.base for power in whole.atoms(sympy.Pow) if not power.exp.is_Integer}
                if whole.has(sympy.log) or bases:
                    return SPLIT, None
                return EXPONENTIALS if whole.has(sympy.exp, HyperbolicFunction) else FRACTION, None
            for form in (gap, _in_logarithms(gap)):
                if self.relation != "=" and (how := _not_negative(form, self.relation == "<")):
                    return how, None
            short = factored(-gap)
            return "", short if size(short) < LARGEST_DIFFERENCE else None
        return "", None


def _method(finding: Finding) -> int:
    return METHODS.index(finding.how.partition(" (")[0]) if finding.status == "proved" else 0


# ---- what is claimed


def _claims(left: Any, right: Any) -> list[Claim]:
    """Pair the numbers of two values of one shape."""
    if is_family(left) and is_family(right):
        raise NotUnderstood("Write a vector of symbolic length entry by entry, with an index such as i.")
    if is_family(left) or is_family(right) or shape(left) != shape(right):
        raise ShapesDiffer(kind(left), kind(right))
    if not shape(left):
        return [Claim(left, right)]
    return [Claim(left[place], right[place], str(list(place))) for place in np.ndindex(left.shape)]


def _with_length(claim: Claim, symbols: Mapping[str, Any], scope: Scope, length: int) -> Iterator[Claim]:
    """Give the length a number, and every index every value."""

    def added(term: Any, _limits: Any) -> Any:
        return sympy.Add(*(term.xreplace({COUNTER: sympy.Integer(k)}) for k in range(length)))

    def entry(base: Any, index: Any) -> Any:
        return sympy.Symbol(f"{base}[{index}]", **base.assumptions0)

    for values in itertools.product(range(length), repeat=len(scope.indices)):
        numbers = dict(zip((*scope.indices, scope.length), (*values, length), strict=True))
        put = {symbols[name]: sympy.Integer(number) for name, number in numbers.items()}
        yield claim.change(
            lambda side, put=put: side.replace(sympy.Sum, added).xreplace(put).replace(sympy.Indexed, entry)
        )


def _coincidences(claim: Claim, indices: Sequence[Any]) -> Iterator[Claim]:
    """Let indices be equal or different in every possible way."""
    seen = list[dict[Any, Any]]()
    for chosen in itertools.product(indices, repeat=len(indices)):
        first = {index: indices[chosen.index(other)] for index, other in zip(indices, chosen, strict=True)}
        if first not in seen:
            seen.append(first)
            yield claim.put(first).change(lambda side: side.replace(KroneckerDelta, lambda i, j: sympy.Integer(i == j)))


# ---- cases of max, abs and sign


def _bent(e: Any) -> Any:
    """Write every kink with abs: those of max and min, and of squares under roots and logarithms."""

    def factored_inside(u: Any) -> Any:
        with suppress(*NO_NORMAL_FORM):
            return Abs(factored(normal(u)))
        return Abs(u)

    def root(base: Any, exponent: Any) -> Any:
        if not base.is_positive and base.is_real and not base.has(sympy.Sum, Abs, sign):
            with suppress(*NO_NORMAL_FORM):
                apart = sympy.expand_power_base(factored(normal(base)) ** exponent)
                return apart if apart.has(Abs) else base**exponent
        return base**exponent

    def logarithm(inner: Any) -> Any:
        modulus = root(inner, sympy.S.Half)
        return 2 * sympy.log(modulus) if modulus.has(Abs) else sympy.log(inner)

    def is_root(power: Any) -> bool:
        return power.is_Pow and power.exp.is_Rational and not power.exp.is_Integer

    bent = in_moduli(e).replace(Abs, factored_inside)
    return bent.replace(is_root, lambda power: root(*power.args)).replace(sympy.log, logarithm)


def _cells(claim: Claim, pending: list[tuple[Any, str]], depth: int = 0) -> Iterator[Claim]:
    """Split until no abs or sign is left, each case written in parameters that know their sign."""
    if pending:
        (condition, relation), *rest = pending
        for replacement in _parameters(condition, relation, depth):
            later = [(other.xreplace(replacement), sign) for other, sign in rest]
            yield from _cells(claim.put(replacement) if replacement else claim, later, depth + 1)
        return
    atoms = sorted(claim.left.atoms(Abs, sign) | claim.right.atoms(Abs, sign), key=sympy.default_sort_key)
    kinks = [atom for atom in atoms if atom.args[0].is_real and not atom.args[0].has(Abs, sign)]
    if kinks and depth <= MOST_CELLS:
        kink = next((atom for atom in kinks if isinstance(atom, sign)), kinks[0])
        (u,), at_least = kink.args, ">" if sympy.Tuple(claim.left, claim.right).has(1 / kink) else ">="
        branches = [(u, u, at_least), (-u, -u, at_least)]
        if isinstance(kink, sign):
            branches = [(sympy.S.One, u, ">"), (-sympy.S.One, -u, ">"), (sympy.S.Zero, u, "=")]
        for value, condition, relation in branches:
            straight = claim.change(lambda side, value=value: side.xreplace({kink: value}))
            yield from _cells(straight, [(condition, relation)], depth + 1)
    elif not (claim.left + claim.right).has(sympy.nan, sympy.zoo):  # there the derivative of abs has no value
        yield claim


def _parameters(condition: Any, relation: str, depth: int) -> list[dict[Any, Any]]:
    """Return parameters in which the condition holds by itself: x >= y becomes x = y + t with t >= 0.

    None says that the case cannot occur, and an empty mapping that the condition could not be used: what is
    proved then is proved for more points than needed.
    """
    strictly = relation == ">"
    with suppress(*NO_NORMAL_FORM):
        condition = normal(condition)
        if relation != "=" and is_positive(condition, strictly):
            return [{}]
        if is_positive(-condition, not strictly) or (relation == "=" and is_positive(condition)):
            return []
        core = _core(condition)
        t = sympy.Symbol(f"_t{depth}", positive=True) if strictly else sympy.Symbol(f"_t{depth}", nonnegative=True)
        for x in sorted(core.free_symbols, key=str):
            slope = normal(core.diff(x))
            border = cancel(-normal(core - slope * x) / slope) if slope != 0 else x
            signless = x.is_nonnegative is None and x.is_nonpositive is None and not x.is_integer
            if signless and not border.has(x) and not slope.has(x):
                if is_positive(slope) or is_positive(-slope):
                    return [{x: border if relation == "=" else border + t / slope}]
    return [{}]


def _core(condition: Any) -> Any:
    """Drop positive factors, and compare exponents instead of exponentials."""
    constant, powers = factors(condition)
    core = sympy.sign(constant)
    for factor, power in powers:
        if not is_positive(factor):
            core *= (-1 if is_positive(-factor) else factor) ** abs(power)
    parts = terms(normal(core))
    if len(parts) == 2:
        up, down = parts if is_positive(parts[0]) else parts[::-1]
        if is_positive(up) and is_positive(-down):
            logs = normal(sympy.log(-up / down))
            if not logs.has(sympy.log, sympy.exp):
                return logs
    return core


# ---- inequalities


def _not_negative(gap: Any, strictly: bool) -> str:
    """Return how a formula in normal form is shown to be positive (or not negative); empty if it is not."""
    if is_positive(gap, strictly):
        return SIGNS
    constant, powers = factors(gap)
    core = sympy.Mul(sympy.sign(constant), *(factor**power for factor, power in powers if not is_positive(factor)))
    ratios: dict[Any, Any] = {}  # of each weight, what all logarithms of that weight are the logarithm of
    rest = sympy.S.Zero
    for part in terms(core):
        weight, log = part.as_independent(sympy.log, as_Add=False)
        if not isinstance(log, sympy.log):
            if log != 1:
                return ""
            rest += part
            continue
        turn = -1 if -weight in ratios or is_positive(-weight) else 1
        ratios[turn * weight] = ratios.get(turn * weight, 1) * log.args[0] ** turn
    if ratios and all(weight.is_Rational for weight in ratios):
        whole = sympy.ilcm(1, *(weight.q for weight in ratios))
        powers = sympy.Mul(*(ratio ** (weight * whole) for weight, ratio in ratios.items()))
        if is_positive(normal(powers * sympy.exp(rest * whole) - 1), strictly):
            return EXPONENTIATED
    if strictly or not ratios or not all(map(is_positive, ratios)):
        return ""
    lower = rest + sum(weight * (1 - 1 / ratio) for weight, ratio in ratios.items())
    return TANGENT if is_positive(normal(lower), strictly=False) else ""


def _in_logarithms(gap: Any) -> Any:
    """Write a symbol t beside e^t as log s, with a positive s: what is known of logarithms is of use then."""
    exponents = {e.args[0] for e in gap.atoms(sympy.exp) if e.args[0].is_Symbol}
    free = sorted((t for t in exponents if t.is_nonnegative is None and t.is_nonpositive is None), key=str)
    return normal(gap.xreplace({t: sympy.log(sympy.Symbol(f"_s{k}", positive=True)) for k, t in enumerate(free)}))


# ---- what is said of a false claim


def _imaginary(value: Any) -> bool:
    return bool(abs(getattr(value, "imag", 0)) > 1e-20 * (1 + abs(value)))


def _spoken(point: Mapping[Any, Any], symbols: Any) -> str:
    def short(value: Any) -> str:
        plain = value.is_Rational and value.q < 1000
        return str(value).replace("-", MINUS) if plain else format_number(float(value), 4)

    return ", ".join(f"{symbol} = {short(point[symbol])}" for symbol in sorted(symbols, key=str))


def decimal(value: Any, digits: int) -> str:
    """Write a number of mpmath, real or complex."""
    value = mpmath.mpmathify(value)
    if _imaginary(value):
        real = decimal(value.real, digits) if abs(value.real) > 1e-20 * abs(value) else ""
        turn = MINUS if value.imag < 0 else "+" if real else ""
        return f"{real} {turn} {decimal(abs(value.imag), digits)} i".strip()
    return str(mpmath.nstr(value.real, digits)).removesuffix(".0").replace(".0e", "e").replace("-", MINUS)


def _described(claim: Claim, how: str, point: str, a: Any, b: Any) -> Finding:
    """Say by how much the left side exceeds the right, and whether a factor would mend it."""
    texts, factor, difference = list[str](), "", claim.left - claim.right
    if size(difference) <= LARGEST_DIFFERENCE:
        texts.append(written(difference))
        with suppress(*NO_NORMAL_FORM):
            texts.append(written(factored(normal(difference))))
            ratio = normal(claim.left / claim.right) if claim.right != 0 else sympy.S.Zero
            factor = str(ratio) if ratio.is_Rational and ratio not in (0, 1) else ""
    text = min(filter(None, texts), key=len, default="")
    text *= len(text) <= LONGEST_DIFFERENCE
    for digits in (6, 12, 25):
        left, right = decimal(a, digits), decimal(b, digits)
        if left != right:
            break
    else:
        left, right = decimal(a, 6), "the same to 25 digits"
    return Finding("false", how, text, factor, point, left, right, claim.entry)


def written(expression: Any) -> str:
    """Write a SymPy expression in the language of ``syntax``; nothing where that has no words for it."""
    if expression.is_Rational and len(str(expression)) > 25:
        return decimal(expression, 6)
    text = str(expression).replace("**", "^")
    for name in ("Abs", "Max", "Min"):
        text = text.replace(f"{name}(", f"{name.lower()}(")
    return "" if expression.has(sympy.Sum) else text


def rounded(scope: Scope, node: Node, example: Mapping[str, Any]) -> str:
    """Write the value of a formula at example numbers, rounded to six digits."""
    mean, point = meaning(scope), dict[Any, Any]()
    for name, numbers in example.items():
        symbols, given = (np.ravel(several) for several in (mean.symbols[name], np.array(numbers, float)))
        if len(symbols) != len(given):
            raise ValueError(f"{name} needs {len(symbols)} numbers, not {len(given)}")
        point |= {symbol: sympy.Rational(float(x)) for symbol, x in zip(symbols, given, strict=True)}

    def write(value: Any) -> str:
        if isinstance(value, np.ndarray):
            return f"[{', '.join(map(write, value))}]"
        number = complex(number_at(value, point))
        return "undefined" if number.imag else format_number(number.real, 6)

    try:
        return write(mean.of(node))
    except (Undefined, OverflowError):
        return "undefined"
