"""Prove that two formulas are equal, or that one is at most the other; or show a point where they are not.

The order is: look at points (one clear difference refutes for good), split into cases where max, abs and
sign are inside, bring the difference into normal form. Where that neither proves nor refutes an equation,
agreement at many points of each case is told by its name. Every step is bounded by counted sizes, so that the
same claim is judged alike on every machine; the clock only stops what nobody foresaw, and says so.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import mpmath
import numpy as np
import sympy
from sympy import Abs, KroneckerDelta, sign
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from course_utils.teaching.algebra.meaning import (
    COUNTER,
    Expression,
    Value,
    in_moduli,
    is_family,
    kind,
    meaning,
    shape,
    size,
)
from course_utils.teaching.algebra.normal_form import (
    NO_NORMAL_FORM,
    factored,
    factors,
    is_positive,
    normal,
    terms,
)
from course_utils.teaching.algebra.points import DIGITS, Point, Undefined, nonzero_at, number_at, points
from course_utils.teaching.algebra.scope import Scope
from course_utils.teaching.algebra.syntax import Node, NotUnderstood
from course_utils.teaching.text import MINUS, format_number, with_minus
from course_utils.words import counted

POINTS = 16  # looked at before any proof
SURE_POINTS = 100  # that must agree where a proof is missing, in all cases together
DRAWS = 10  # for each point that is wanted: not all lie in the case, or have a value
LENGTHS_ONLY = "It holds for lengths 1 to 3 at points, but no proof was found."
SHOWN_DIGITS = 50  # that agreement at points is told to, ten less than are looked at
MOST_CASES = 20
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
BY_DEFINITION, FRACTION, EXPONENTIALS, SPLIT, SIGNS, EXPONENTIATED, TANGENT, CASES = METHODS


@dataclass(frozen=True)
class Finding:
    """What became of one claim."""

    status: Status  # agrees: an equation that holds at many points, without a proof; open: nothing is known
    how: str = ""  # which way it was proved, or how far it was looked at
    difference: str = ""  # left minus right, if the claim is false
    factor: str = ""  # left divided by right, if that is one plain number in all entries and for all lengths
    point: str = ""  # where it is false, with both sides there, and the entry of a vector or matrix
    left: str = ""
    right: str = ""
    entry: str = ""

    def __bool__(self) -> bool:
        return self.status in ("proved", "agrees")


@dataclass(frozen=True)
class Claim:
    """Two numbers to be compared, and where in a vector or matrix they stand.

    ``symbols`` tells what the symbols of the formulas as given are in the parameters of a case, and
    ``kept`` what else holds in it: conditions that the parameters do not keep by themselves, ``(u, ">=")``.
    """

    left: Expression
    right: Expression
    entry: str = ""
    symbols: Mapping[Expression, Expression] = field(default_factory=dict)
    kept: tuple[tuple[Expression, str], ...] = ()

    def put(self, replacement: Mapping[Expression, Expression]) -> Claim:
        """Express both sides in other parameters."""
        left, right = (side.xreplace(replacement) for side in (self.left, self.right))
        symbols = {s: value.xreplace(replacement) for s, value in self.symbols.items()}
        kept = tuple((condition.xreplace(replacement), relation) for condition, relation in self.kept)
        return replace(self, left=left, right=right, symbols={**replacement, **symbols}, kept=kept)


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

    Raises `NotUnderstood` where a formula has no meaning, or the two sides are not of one shape.
    """
    try:
        mean = meaning(scope).of
        conditions = [mean(a) - mean(b) for a, b in given]
        sides = mean(left), mean(right)
        found = _Judge(relation, conditions).judged(scope, *sides)
        if found.factor:  # in one entry, or for one length: told only if it would mend all of them
            mended = sides[0], sympy.Rational(found.factor) * sides[1]
            everywhere = _Judge("=", conditions).judged(scope, *mended)
            return found if everywhere else replace(found, factor="")
        return found
    except _TooLong:
        return Finding("too long", "This took too long here.")
    except RecursionError:
        return Finding("open", "The formulas are too large to be compared.")
    except NotUnderstood:
        raise
    except Exception as error:  # SymPy has many ways to stumble; none of them is a proof
        return Finding("open", f"SymPy could not work with it ({type(error).__name__}).")


class _Certificate(NamedTuple):
    """How a claim is proved; or nothing, and if possible its difference in a form without cancellation."""

    how: str = ""
    short: Expression = None


class _Judge:
    """One judgment: its relation (``=``, ``<=``, ``>=``), what is not negative, and how long it may take."""

    def __init__(self, relation: str, conditions: Sequence[Expression]) -> None:
        self.relation, self.conditions, self.end = relation, conditions, time.monotonic() + PATIENCE
        self.turn = -1 if relation == ">=" else 1  # an inequality says that this times (left - right) is <= 0

    def judged(self, scope: Scope, left: Value, right: Value) -> Finding:
        """Judge every entry; for a symbolic length in every case of the indices, after a look at 1 to 3."""
        claims, symbolic = _claims(left, right), isinstance(scope.length, str)
        if symbolic:
            for length, claim in itertools.product((2, 3, 1), claims):
                for case in _with_length(claim, scope, length):
                    if isinstance(false := self.refuted(case, 4, case), Finding):
                        free = claim.left.free_symbols | claim.right.free_symbols
                        numbers = spoken(case.symbols, free & case.symbols.keys())
                        return replace(false, point=", ".join(filter(None, (numbers, false.point))))
            claims = [case for claim in claims for case in _coincidences(claim, scope)]
        worst = Finding("proved", BY_DEFINITION)
        for claim in claims:
            found = self.claim(claim, symbolic)
            if found.status == "false":
                return found
            worst = min(worst, found, key=rank)
        every = ", by index argument for every length" * (symbolic and worst.status == "proved")
        return replace(worst, how=f"{worst.how}{every}")

    def claim(self, claim: Claim, symbolic: bool) -> Finding:
        """Judge one claim about two numbers. A symbolic length leaves no points to look at."""
        if claim.left == claim.right:
            return Finding("proved", BY_DEFINITION)
        if symbolic and (claim.left - claim.right).has(KroneckerDelta):  # not of two indices
            return Finding("open", LENGTHS_ONLY)
        if not symbolic and isinstance(false := self.refuted(claim, POINTS), Finding):
            return false
        straight = replace(claim, left=in_moduli(claim.left), right=in_moduli(claim.right))
        split = _cases(straight, [(condition, ">=") for condition in self.conditions])
        cases = list(itertools.islice(split, MOST_CASES + 1))
        if not cases:
            return Finding("undefined", "What is assumed contradicts itself: no numbers satisfy all of it.")
        if len(cases) > MOST_CASES:
            return Finding("open", "There are too many sign cases.")
        certificates = [self.certificate(case) for case in cases]
        if all(certificate.how for certificate in certificates):
            how = f"{CASES} ({len(cases)})" if len(cases) > 1 else certificates[0].how
            return Finding("proved", how)
        return Finding("open", LENGTHS_ONLY) if symbolic else self.tried(claim, cases, certificates)

    def tried(self, claim: Claim, cases: Sequence[Claim], certificates: Sequence[_Certificate]) -> Finding:
        """Look at points of each case that has no proof."""
        free = claim.left.free_symbols | claim.right.free_symbols
        enough, agreeing, thin = SURE_POINTS // len(cases) if free else 1, list[int](), False
        unproved = (pair for pair in zip(cases, certificates, strict=True) if not pair[1].how)
        for case, (_, short) in unproved:
            looked = self.refuted(claim, 3 * SURE_POINTS // len(cases), case, short)
            if isinstance(looked, Finding):
                return looked
            agreeing.append(looked)
            if looked < enough and case.kept:  # empty, or an edge of others, or where nobody looks
                thin = True
        if thin:  # then the others alone say too little
            enough = SURE_POINTS
            looked = self.refuted(claim, enough)
            if isinstance(looked, Finding):
                return looked
            agreeing = [looked]
        places = counted(sum(agreeing), "point")
        if self.relation == "=" and min(agreeing) >= enough:
            return Finding("agrees", f"agrees at {places} to {SHOWN_DIGITS} digits, not proved")
        return Finding("open", f"It holds where it was tried, at {places}, but no proof was found.")

    def refuted(
        self, claim: Claim, number: int, case: Claim | None = None, short: Expression = None
    ) -> Finding | int:
        """Look for a point where the claim fails; return how many points it holds at if there is none.

        With a case the points are those of the case. ``short`` is left minus right in a form without
        cancellation.
        """
        own, kept = (case.symbols, case.kept) if case else ({}, ())
        symbols = set().union(*(f.free_symbols for f in (claim.left, claim.right, *self.conditions)))
        parameters = set().union(*(own.get(s, s).free_symbols for s in symbols))
        difference, agreeing = claim.left - claim.right if short is None else short, 0
        drawn = points(parameters, str(len(own)), far=bool(kept or self.conditions))
        for chosen in itertools.islice(drawn, number * DRAWS if parameters else 1):
            if agreeing == number:
                break
            if time.monotonic() > self.end:
                raise _TooLong
            point = {**chosen, **{s: value.xreplace(chosen) for s, value in own.items()}}
            try:
                if not self.allows(point, symbols) or not all(_holds(*one, point) for one in kept):
                    continue
                a, b = number_at(claim.left, point), number_at(claim.right, point)
                off = nonzero_at(difference, point, len(DIGITS) if agreeing < 2 else 2)
            except Undefined:
                continue
            agreeing += 1
            unordered = self.relation != "=" and (_imaginary(a) or _imaginary(b))
            if unordered or (off is not None and (self.relation == "=" or self.turn * off.real > 0)):
                how = "Only real numbers have an order." if unordered else ""
                return _described(claim, how, spoken(point, symbols), a, b)
        if not agreeing and not case and not self.conditions:
            return Finding("undefined", "At no point that was looked at could both sides be worked out.")
        return agreeing

    def allows(self, point: Point, symbols: Iterable[Expression]) -> bool:
        """Tell whether a point has all that is assumed."""
        facts = [(point[s], fact) for s in symbols for fact, true in s.assumptions0.items() if true]
        kept = all(getattr(value, f"is_{fact}") is not False for value, fact in facts)
        return kept and all(number_at(condition, point) >= 0 for condition in self.conditions)

    def certificate(self, claim: Claim) -> _Certificate:
        """Prove a claim without max, abs and sign, or at least write its difference in short."""
        if claim.left == claim.right:
            return _Certificate(BY_DEFINITION)
        with suppress(*NO_NORMAL_FORM):
            gap, sides = normal(claim.right - claim.left), sympy.Tuple(claim.left, claim.right)
            if gap == 0:
                roots = any(not power.exp.is_Integer for power in sides.atoms(sympy.Pow))
                plain = EXPONENTIALS if sides.has(sympy.exp, HyperbolicFunction) else FRACTION
                return _Certificate(SPLIT if sides.has(sympy.log) or roots else plain)
            for form in (self.turn * gap, _in_logarithms(self.turn * gap)) if self.relation != "=" else ():
                if how := _not_negative(form):
                    return _Certificate(how)
            short = factored(-gap)
            return _Certificate(short=short if size(short) < LARGEST_DIFFERENCE else None)
        return _Certificate()


def rank(finding: Finding) -> tuple[int, int]:
    """Order findings, the worst first; among proofs the most remarkable."""
    method = METHODS.index(finding.how.partition(" (")[0]) if finding.status == "proved" else 0
    return RANKS.index(finding.status), -method


# ---- what is claimed


def _claims(left: Value, right: Value) -> list[Claim]:
    """Pair the numbers of two values of one shape."""
    if is_family(left) and is_family(right):
        raise NotUnderstood("Write a vector of symbolic length entry by entry, with an index such as i.")
    if is_family(left) or is_family(right) or shape(left) != shape(right):
        raise ShapesDiffer(kind(left), kind(right))
    if not shape(left):
        return [Claim(left, right)]
    return [Claim(left[place], right[place], str(list(place))) for place in np.ndindex(left.shape)]


def _indices(claim: Claim, scope: Scope) -> list[Expression]:
    """Return the indices that both sides together depend on."""
    free = claim.left.free_symbols | claim.right.free_symbols
    return [index for name in scope.indices if (index := meaning(scope).symbols[name]) in free]


def _with_length(claim: Claim, scope: Scope, length: int) -> Iterator[Claim]:
    """Give the length a number, and every index every value."""

    def added(term: Expression, _limits: Expression) -> Expression:
        return sympy.Add(*(term.xreplace({COUNTER: sympy.Integer(k)}) for k in range(length)))

    def entry(base: Expression, index: Expression) -> Expression:
        return sympy.Symbol(f"{base}[{index}]", **base.assumptions0)

    indices = _indices(claim, scope)
    for values in itertools.product(range(length), repeat=len(indices)):
        numbers = zip((*indices, meaning(scope).symbols[str(scope.length)]), (*values, length), strict=True)
        put = {symbol: sympy.Integer(number) for symbol, number in numbers}
        sides = (side.replace(sympy.Sum, added).xreplace(put) for side in (claim.left, claim.right))
        left, right = (side.replace(sympy.Indexed, entry) for side in sides)
        yield Claim(left, right, claim.entry, put)


def _coincidences(claim: Claim, scope: Scope) -> Iterator[Claim]:
    """Let indices be equal or different in every possible way."""
    indices, seen = _indices(claim, scope), list[dict[Expression, Expression]]()
    for chosen in itertools.product(indices, repeat=len(indices)):
        first = {index: indices[chosen.index(other)] for index, other in zip(indices, chosen, strict=True)}
        if first not in seen:
            seen.append(first)
            case = claim.put(first)
            deltas = (case.left + case.right).atoms(KroneckerDelta)
            yield case.put({delta: sympy.S.Zero for delta in deltas if {*delta.args} <= {*indices}})


# ---- cases of abs and sign, and of what stands under logarithms and roots


def _cases(
    claim: Claim, pending: list[tuple[Expression, str]], seen: tuple[Expression, ...] = ()
) -> Iterator[Claim]:
    """Split until every sign is known or was seen, each case written in parameters that know their sign."""
    if pending:
        (condition, relation), *rest = pending
        for replacement in _parameters(condition, relation, len(seen)):
            later = [(other.xreplace(replacement), its_relation) for other, its_relation in rest]
            kept = replace(claim, kept=(*claim.kept, (condition, relation)))
            yield from _cases(claim.put(replacement) if replacement else kept, later, (*seen, condition))
        return
    sides = sympy.Tuple(claim.left, claim.right)
    u, kink = _of_open_sign(sides, seen), None
    kinks = sorted(sides.atoms(Abs, sign), key=lambda e: (isinstance(e, Abs), sympy.default_sort_key(e)))
    kinks = [e for e in kinks if e.args[0].is_real and not e.args[0].has(Abs, sign)]
    if u is None and kinks:
        kink, u = kinks[0], kinks[0].args[0]
    if u is None or len(seen) > MOST_CASES:
        if not sides.has(sympy.nan, sympy.zoo):  # the derivative of abs has no value where it bends
            yield claim
        return
    at_least = ">" if kink is None or sides.has(1 / kink) else ">="
    branches = [(u, u, at_least), (-u, -u, at_least)]
    if isinstance(kink, sign):
        branches = [(sympy.S.One, u, ">"), (-sympy.S.One, -u, ">"), (sympy.S.Zero, u, "=")]
    for value, condition, relation in branches:
        left, right = (side.xreplace({kink: value}) if kink else side for side in sides)
        yield from _cases(replace(claim, left=left, right=right), [(condition, relation)], (*seen, u))


def _of_open_sign(sides: Expression, seen: tuple[Expression, ...]) -> Expression:
    """Return a factor under a logarithm or a root whose sign is neither known nor assumed in this case."""
    roots = {power for power in sides.atoms(sympy.Pow) if power.exp.is_Rational and not power.exp.is_Integer}
    for e in sorted(sides.atoms(sympy.log) | roots, key=sympy.default_sort_key):
        with suppress(*NO_NORMAL_FORM):
            for u, _ in factors(normal(e.args[0]))[1]:
                known = u in seen or not u.is_real or is_positive(u) or is_positive(-u)
                if u.free_symbols and not known and not u.has(Abs, sign):
                    return u
    return None


def _parameters(condition: Expression, relation: str, depth: int) -> list[dict[Expression, Expression]]:
    """Return parameters in which the condition holds by itself: x >= y becomes x = y + t with t >= 0.

    None says that the case cannot occur, and an empty mapping that the condition could not be used: what is
    proved then is proved for more points than needed.
    """
    strictly, unused = relation == ">", [dict[Expression, Expression]()]
    with suppress(*NO_NORMAL_FORM):
        condition = factored(normal(condition))
        if relation != "=" and is_positive(condition, strictly):
            return unused
        if is_positive(-condition, not strictly) or (relation == "=" and is_positive(condition)):
            return []
        core = sympy.Mul(*(f for f in sympy.Mul.make_args(condition) if not is_positive(f)))
        facts = {"positive" if strictly else "nonnegative": True}
        t = sympy.Symbol(f"_t{depth}", **facts) if relation != "=" else sympy.S.Zero
        for x in sorted(core.free_symbols, key=str):
            if x.is_nonnegative is not None or x.is_nonpositive is not None or x.is_integer:
                continue  # it has a sign of its own, or it counts
            slope = normal(core.diff(x))
            border = normal(x - core / slope) if slope != 0 else x
            if not border.has(x) and (is_positive(slope) or is_positive(-slope)):
                return [{x: border + t / slope}]
    return unused


# ---- inequalities


def _not_negative(gap: Expression) -> str:
    """Return how a formula in normal form is shown to be not negative; empty if it is not."""
    if is_positive(gap, strictly=False):
        return SIGNS
    core = sympy.Mul(*(factor for factor in sympy.Mul.make_args(factored(gap)) if not is_positive(factor)))
    ratios = dict[Expression, Expression]()  # of each weight, what all its logarithms are the logarithm of
    rest = sympy.S.Zero
    for term in terms(core):
        weight, log = term.as_independent(sympy.log, as_Add=False)
        if isinstance(log, sympy.log):
            turn = -1 if -weight in ratios or is_positive(-weight) else 1
            ratios[turn * weight] = ratios.get(turn * weight, 1) * log.args[0] ** turn
        elif log == 1:
            rest += term
        else:
            return ""
    if not ratios or not all(map(is_positive, ratios)):
        return ""
    if all(weight.is_Rational for weight in ratios):
        whole = sympy.ilcm(1, *(weight.q for weight in ratios))
        powers = sympy.Mul(*(ratio ** (weight * whole) for weight, ratio in ratios.items()))
        if is_positive(normal(powers * sympy.exp(rest * whole) - 1), strictly=False):
            return EXPONENTIATED
    lower = rest + sum(weight * (1 - 1 / ratio) for weight, ratio in ratios.items())
    return TANGENT if is_positive(normal(lower), strictly=False) else ""


def _in_logarithms(gap: Expression) -> Expression:
    """Write a symbol t beside e^t as log s, with a positive s: what is known of logarithms is of use then."""
    exponents = sorted({e.args[0] for e in gap.atoms(sympy.exp) if e.args[0].is_Symbol}, key=str)
    free = [t for t in exponents if t.is_nonnegative is None and t.is_nonpositive is None]
    s = [sympy.Symbol(f"_s{k}", positive=True) for k in range(len(free))]
    return normal(gap.xreplace(dict(zip(free, map(sympy.log, s), strict=True))))


# ---- what is said of a false claim


def _holds(condition: Expression, relation: str, point: Point) -> bool:
    value = number_at(condition, point)
    return bool(value > 0 or (value == 0 and relation == ">=") if relation != "=" else value == 0)


def _imaginary(value: Any) -> bool:
    return bool(abs(getattr(value, "imag", 0)) > 1e-20 * (1 + abs(value)))


def spoken(point: Point, symbols: Iterable[Expression]) -> str:
    def short(value: Expression) -> str:
        return with_minus(str(value)) if value.q < 1000 else format_number(float(value), 4)

    return ", ".join(f"{symbol} = {short(point[symbol])}" for symbol in sorted(symbols, key=str))


def decimal(value: Any, digits: int) -> str:
    """Write a number of mpmath, real or complex."""
    if _imaginary(value):
        real = decimal(value.real, digits) if abs(value.real) > 1e-20 * abs(value) else ""
        turn = MINUS if value.imag < 0 else "+" if real else ""
        return f"{real} {turn} {decimal(abs(value.imag), digits)} i".strip()
    return with_minus(mpmath.nstr(value.real, digits).removesuffix(".0").replace(".0e", "e"))


def _described(claim: Claim, how: str, point: str, a: Any, b: Any) -> Finding:
    """Say by how much the left side exceeds the right, and whether a factor would mend it."""
    texts, factor, difference = list[str](), "", claim.left - claim.right
    if size(difference) <= LARGEST_DIFFERENCE:
        texts.append(written(difference))
        with suppress(*NO_NORMAL_FORM):
            texts.append(written(factored(normal(difference))))
            ratio = normal(claim.left / claim.right) if claim.right != 0 else sympy.S.Zero
            factor = str(ratio) if ratio.is_Rational and ratio not in (0, 1) else ""
    text = min((text for text in texts if 0 < len(text) <= LONGEST_DIFFERENCE), key=len, default="")
    digits = next((d for d in (6, 12, 25) if decimal(a, d) != decimal(b, d)), None)
    right = decimal(b, digits) if digits else "the same to 25 digits"
    return Finding("false", how, text, factor, point, decimal(a, digits or 6), right, claim.entry)


def written(expression: Expression) -> str:
    """Write a SymPy expression in the language of ``syntax``; nothing where that has no words for it."""
    if expression.is_Rational and len(str(expression)) > 25:
        return decimal(mpmath.mpmathify(expression), 6)
    text = str(expression).replace("**", "^")
    for name in ("Abs", "Max", "Min"):
        text = text.replace(f"{name}(", f"{name.lower()}(")
    return "" if expression.has(sympy.Sum) else text


def rounded(scope: Scope, node: Node, example: Mapping[str, Any]) -> str:
    """Write the value of a formula at example numbers, rounded to six digits."""
    mean, point = meaning(scope), dict[Expression, Expression]()
    for name, numbers in example.items():
        symbols, given = np.ravel(mean.symbols[name]), np.ravel(np.array(numbers, float))
        if len(symbols) != len(given):
            raise ValueError(f"{name} needs {len(symbols)} numbers, not {len(given)}")
        point |= {symbol: sympy.Rational(float(x)) for symbol, x in zip(symbols, given, strict=True)}

    def write(value: Value) -> str:
        if isinstance(value, np.ndarray):
            return f"[{', '.join(map(write, value))}]"
        number = complex(number_at(value, point))
        return "undefined" if number.imag else format_number(number.real, 6)

    try:
        return write(mean.of(node))
    except (Undefined, OverflowError):
        return "undefined"
