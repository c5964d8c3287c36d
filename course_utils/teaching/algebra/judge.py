"""Prove that two formulas are equal, or that one is at most the other; or show a point where they are not.

The order is: look at points (one clear difference refutes for good), split into cases where max, abs and
sign are inside, bring the difference into normal form. Where that neither proves nor refutes an equation of
smooth formulas, agreement at many points is told by its name. Every step is bounded by counted sizes, so that
the same claim is judged alike on every machine; the clock only stops what nobody foresaw, and says so.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import mpmath
import sympy
from sympy.core.function import AppliedUndef

from course_utils.teaching.algebra.meaning import Family, Scope, entries, non_smooth, shape, size
from course_utils.teaching.algebra.normal_form import Blocks, TooHard, cancel, factored
from course_utils.teaching.algebra.points import DIGITS, Undefined, nonzero_at, number_at, points
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
    """Two numbers to be compared in one case, and where in a vector or matrix they stand.

    ``symbols`` tells what the symbols of the formulas as given are in the parameters of the case.
    """

    left: Any
    right: Any
    entry: str = ""
    symbols: Mapping[Any, Any] = field(default_factory=dict)

    def put(self, replacement: Mapping[Any, Any]) -> Claim:
        """Express both sides in other parameters."""
        symbols = {s: value.xreplace(replacement) for s, value in self.symbols.items()}
        left, right = (side.xreplace(replacement) for side in (self.left, self.right))
        return replace(self, left=left, right=right, symbols={**replacement, **symbols})


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
        return _Judge(relation).judged(scope, left, right, given)
    except _TooLong:
        return Finding("too long", "This took too long here.")
    except RecursionError:
        return Finding("open", "The formulas are too large to be compared.")
    except NotUnderstood:
        raise
    except Exception as error:  # SymPy has many ways to stumble; none of them is a proof
        return Finding("open", f"SymPy could not work with it ({type(error).__name__}).")


class _Judge:
    """One judgment: its relation (``=``, ``<=`` or ``<``), and how long it may take at most."""

    def __init__(self, relation: str) -> None:
        self.relation, self.end = relation, time.monotonic() + PATIENCE

    def in_time(self) -> None:
        if time.monotonic() > self.end:
            raise _TooLong

    def judged(self, scope: Scope, left: Node, right: Node, given: Sequence[tuple[Node, Node]]) -> Finding:
        """Judge every entry in every case of the indices; a symbolic length is tried as 2, 3 and 1 first."""
        lengths = {str(known.length) for known in scope.assumptions.values() if isinstance(known.length, str)}
        for length in (2, 3, 1) if lengths else ():
            for case in _index_cases(scope, dict.fromkeys(lengths, length)):
                for claim in _claims(case, left, right):
                    false = self.refuted(claim, _conditions(case, given), 4)
                    if isinstance(false, Finding):
                        return false
        worst = Finding("proved", PLAIN)
        ranks = ("false", "undefined", "too long", "open", "agrees", "proved")
        for case in _coincidences(scope) if lengths else _index_cases(scope, {}):
            for claim in _claims(case, left, right):
                found = self.claim(claim, _conditions(case, given), symbolic=bool(lengths))
                if ranks.index(found.status) < ranks.index(worst.status) or (
                    found.status == worst.status == "proved" and _method(found) > _method(worst)
                ):
                    worst = found
                if found.status == "false":
                    return found
        every = ", by index argument for every length" * bool(lengths and worst.status == "proved")
        return replace(worst, how=f"{worst.how}{every}")

    def claim(self, claim: Claim, conditions: Sequence[Any], symbolic: bool) -> Finding:
        """Judge one claim about two numbers. A symbolic length leaves no points to look at."""
        if self.relation in ("=", "<=") and claim.left == claim.right:
            return Finding("proved", PLAIN)
        agreeing = None if symbolic else self.refuted(claim, conditions, POINTS)
        if isinstance(agreeing, Finding):
            return agreeing
        start = _with_moduli(claim), [(c, ">=") for c in conditions]
        cells = list(itertools.islice(_cells(*start), MOST_CELLS + 1))
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
            false = self.refuted(claim, conditions, POINTS, cell.symbols, short if len(cells) == 1 else None)
            if isinstance(false, Finding):
                return false
        return self.by_points(claim, conditions, smooth=len(cells) == 1)

    def by_points(self, claim: Claim, conditions: Sequence[Any], smooth: bool) -> Finding:
        """Judge an equation by points alone. Smooth formulas that differ do so almost everywhere."""
        free = claim.left.free_symbols | claim.right.free_symbols
        agreeing = self.refuted(claim, conditions, 3 * SURE_POINTS)
        if isinstance(agreeing, Finding):
            return agreeing
        if self.relation == "=" and smooth and agreeing >= (SURE_POINTS if free else 1):
            places = f"{agreeing} points" if agreeing > 1 else "1 point"
            return Finding("agrees", f"agrees at {places} to {SHOWN_DIGITS} digits, not proved")
        return Finding("open", f"It holds at {agreeing} points that were tried, but no proof was found.")

    def refuted(
        self, claim: Claim, conditions: Sequence[Any], number: int, own: Any = None, short: Any = None
    ) -> Finding | int:
        """Look for a point where the claim fails; return how many points it holds at if there is none.

        With ``own``, what the symbols are in the parameters of a case, the points are those of the case.
        ``short`` is left minus right in a form without cancellation.
        """
        own, inside = own or {}, own is not None
        symbols = set().union(*(f.free_symbols for f in (claim.left, claim.right, *conditions)))
        parameters = set().union(*(own.get(s, s).free_symbols for s in symbols))
        difference = claim.left - claim.right if short is None else short
        agreeing = 0
        for chosen in itertools.islice(points(parameters, str(len(own))), number if parameters else 1):
            self.in_time()
            point = {**chosen, **{s: value.xreplace(chosen) for s, value in own.items()}}
            try:
                if not _allowed(point, symbols, conditions):
                    continue
                a, b = number_at(claim.left, point), number_at(claim.right, point)
                off = nonzero_at(difference, point, len(DIGITS) if agreeing < 2 else 2)
            except Undefined:
                continue
            agreeing += 1
            unordered = self.relation != "=" and (_imaginary(a) or _imaginary(b))
            if unordered or self._fails(off, claim, point, agreeing):
                how = "Only real numbers have an order." if unordered else ""
                return _described(claim, how, _spoken(point, symbols), a, b)
        if not agreeing and not inside and not conditions:
            return Finding("undefined", "One of the two sides has no value anywhere it was looked at.")
        return agreeing

    def _fails(self, off: Any, claim: Claim, point: Mapping[Any, Any], count: int) -> bool:
        if self.relation == "=" or off is not None:
            return off is not None and (self.relation == "=" or off.real > 0)
        if self.relation == "<=" or count > 10:
            return False
        there = Claim(claim.left.xreplace(dict(point)), claim.right.xreplace(dict(point)))
        return bool(_Judge("=").certificate(there)[0])  # strictly less, and provably equal in this point

    def certificate(self, claim: Claim) -> tuple[str, Any]:
        """Return how a claim without max, abs and sign is proved; or nothing, and the difference in short."""
        self.in_time()
        if claim.left == claim.right and self.relation != "<":
            return PLAIN, None
        blocks = Blocks()
        try:
            gap = blocks.fraction(claim.right - claim.left)
            kinds = {kind for kind, *_ in blocks.key_of.values()}
            if gap == 0 and self.relation != "<":
                plain = EXPONENTIALS if "exp" in kinds else FRACTION
                return SPLIT if kinds & {"log", "root"} else plain, None
            for form in (claim.right - claim.left, _in_logarithms(claim.right - claim.left)):
                if self.relation != "=" and (how := _not_negative(form, self.relation == "<")):
                    return how, None
            short = blocks.formula(factored(-gap))
        except (TooHard, sympy.polys.polyerrors.BasePolynomialError, NotImplementedError):
            return "", None
        return "", short if size(short) < LARGEST_DIFFERENCE else None


def _method(finding: Finding) -> int:
    return METHODS.index(finding.how.partition(" (")[0])


# ---- what is claimed


def _conditions(scope: Scope, given: Sequence[tuple[Node, Node]]) -> list[Any]:
    return [scope.mean(a) - scope.mean(b) for a, b in given]


def _index_cases(scope: Scope, lengths: Mapping[str, int]) -> Iterator[Scope]:
    """Give every index every value."""
    indices = [name for name, known in scope.assumptions.items() if known.is_index]
    if not indices:
        yield scope.case(lengths, {})
        return
    sizes = {lengths.get(str(known.length), known.length) for known in scope.assumptions.values()} - {None}
    if len(sizes) != 1:
        raise NotUnderstood("An index needs vectors, all of one length.")
    for values in itertools.product(range(int(str(sizes.pop()))), repeat=len(indices)):
        yield scope.case(lengths, dict(zip(indices, values, strict=True)))


def _coincidences(scope: Scope) -> Iterator[Scope]:
    """Let indices be equal or different in every possible way."""
    indices = [name for name, known in scope.assumptions.items() if known.is_index]
    seen = set()
    for chosen in itertools.product(indices, repeat=len(indices)):
        first = {name: indices[chosen.index(other)] for name, other in zip(indices, chosen, strict=True)}
        if (partition := tuple(first.items())) not in seen:
            seen.add(partition)
            yield scope.case({}, first)


def _claims(scope: Scope, left: Node, right: Node) -> list[Claim]:
    """Pair the numbers of two formulas of one shape."""
    a, b = scope.mean(left), scope.mean(right)
    if isinstance(a, Family) and isinstance(b, Family):
        raise NotUnderstood("Write a vector of symbolic length entry by entry, with an index such as i.")
    if isinstance(a, Family) or isinstance(b, Family) or shape(a) != shape(b):
        raise ShapesDiffer(_kind(a), _kind(b))
    places = itertools.product(*map(range, shape(a)))
    return [
        Claim(x, y, str(list(place)) if place else "")
        for x, y, place in zip(entries(a), entries(b), places, strict=True)
    ]


def _kind(value: Any) -> str:
    if isinstance(value, Family):
        return "a vector of symbolic length"
    lengths = shape(value)
    if not lengths:
        return "a number"
    return f"a vector of {lengths[0]}" if len(lengths) == 1 else f"a {' by '.join(map(str, lengths))} matrix"


# ---- cases of max, abs and sign


def _cells(claim: Claim, pending: list[tuple[Any, str]], depth: int = 0) -> Iterator[Claim]:
    """Split until no max, abs or sign is left, each case written in parameters that know their sign."""
    derivatives = claim.left.atoms(sympy.Derivative) | claim.right.atoms(sympy.Derivative)
    where = derivatives or {claim.left, claim.right}
    kinks = {atom for f in where for atom in f.atoms(*non_smooth())}
    kinks = {atom for atom in kinks if not any(part.has(*non_smooth()) for part in atom.args)}
    if derivatives and not kinks:
        left, right = claim.left.doit(), claim.right.doit()
        yield from _cells(replace(claim, left=left, right=right), pending, depth + 1)
    elif pending and not derivatives:
        (condition, relation), *rest = pending
        for replacement in _parameters(condition, relation, depth):
            later = [(c.xreplace(replacement), r) for c, r in rest]
            yield from _cells(claim.put(replacement) if replacement else claim, later, depth + 1)
    elif not kinks or depth > MOST_CELLS:
        yield claim
    else:
        atom = min(kinks, key=sympy.default_sort_key)
        for value, conditions in _branches(atom, ">" if derivatives else ">="):
            left, right = (side.xreplace({atom: value}) for side in (claim.left, claim.right))
            yield from _cells(replace(claim, left=left, right=right), [*pending, *conditions], depth + 1)


def _branches(atom: Any, relation: str) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """Return (value, conditions) for each branch of max, min, abs or sign."""
    if isinstance(atom, sympy.Max | sympy.Min):
        turn = 1 if isinstance(atom, sympy.Max) else -1
        return [(a, [(turn * (a - b), relation) for b in atom.args if b is not a]) for a in atom.args]
    (a,) = atom.args
    if not a.is_real:  # an unknown number: what holds for every number holds for this one
        return [(sympy.Symbol("_unknown", complex=True), [])]
    if isinstance(atom, sympy.Abs):
        return [(a, [(a, relation)]), (-a, [(-a, relation)])]
    zero = [(sympy.S.Zero, [(a, "=")])] if relation == ">=" else []
    return [(sympy.S.One, [(a, ">")]), (-sympy.S.One, [(-a, ">")]), *zero]


def _parameters(condition: Any, relation: str, depth: int) -> list[dict[Any, Any]]:
    """Return parameters in which the condition holds by itself: x >= y becomes x = y + t with t >= 0.

    None says that the case cannot occur, and an empty mapping that the condition could not be used: what is
    proved then is proved for more points than needed.
    """
    blocks, unused, strictly = Blocks(), [dict[Any, Any]()], relation == ">"
    try:
        fraction = blocks.fraction(condition)
        if relation != "=" and blocks.is_positive(fraction, strictly):
            return unused
        if blocks.is_positive(-fraction, not strictly):
            return []
        if relation == "=" and blocks.is_positive(fraction):
            return []
        core = _core(blocks, fraction)
        facts = {"positive": True} if strictly else {"nonnegative": True}
        t = sympy.S.Zero if relation == "=" else sympy.Symbol(f"_t{depth}", **facts)
        order = {s: (s.is_nonnegative is not None, bool(s.is_integer), str(s)) for s in core.free_symbols}
        for symbol in sorted(order, key=order.__getitem__):  # those without a sign first
            if sympy.degree(core, symbol) != 1 or not symbol.is_real:
                continue
            slope, rest = core.coeff(symbol, 1), core.coeff(symbol, 0)
            up = blocks.is_positive(slope)
            if not up and not blocks.is_positive(-slope):
                continue
            border = cancel(-rest / slope)
            values = [border + t / slope]
            if symbol.is_nonnegative and not (up and blocks.is_positive(border, strictly=False)):
                if up or not blocks.is_positive(border):
                    continue
                values = [border / (1 + t)] + [sympy.S.Zero] * (not symbol.is_positive)
            elif symbol.is_nonpositive:
                continue
            return [{symbol: blocks.formula(value)} for value in values]
    except (TooHard, sympy.polys.polyerrors.BasePolynomialError):
        pass
    return unused


def _core(blocks: Blocks, fraction: Any) -> Any:
    """Drop positive factors, and compare exponents instead of exponentials."""
    core = sympy.S.One
    for factor in sympy.Mul.make_args(sympy.numer(factored(fraction)) * sympy.denom(fraction)):
        base = factor.base if factor.is_Pow else factor
        if not blocks.is_positive(base):
            core *= -1 if blocks.is_positive(-factor) else factor
    core = sympy.expand(core)
    terms = sympy.Add.make_args(core)
    if len(terms) == 2:
        first, second = terms if blocks.is_positive(terms[0]) else terms[::-1]
        if blocks.is_positive(first) and blocks.is_positive(-second):
            logs = blocks.fraction(sympy.log(blocks.formula(first / -second)))
            if not any(s in blocks.key_of for s in logs.free_symbols):
                return sympy.expand(sympy.numer(logs))
    return core


def _with_moduli(claim: Claim) -> Claim:
    """Take squares out of roots and logarithms: sqrt(p² q) is |p| sqrt(q), and log(z) is 2 log(sqrt(z))."""

    def pulled(e: Any) -> Any:
        inner, exponent = (e.args[0], sympy.Rational(1, 2)) if isinstance(e, sympy.log) else e.args
        if inner.is_positive or not inner.is_real or inner.has(sympy.Derivative, sympy.Sum, *non_smooth()):
            return e
        with suppress(TooHard):
            root = sympy.expand_power_base(factored(cancel(inner)) ** exponent)
            if root.has(sympy.Abs):
                return 2 * sympy.log(root) if isinstance(e, sympy.log) else root
        return e

    def flat(side: Any) -> Any:
        roots = side.replace(lambda e: e.is_Pow and e.exp.is_Rational and not e.exp.is_Integer, pulled)
        return roots.replace(sympy.log, lambda inner: pulled(sympy.log(inner)))

    return replace(claim, left=flat(claim.left), right=flat(claim.right))


# ---- inequalities


def _not_negative(gap: Any, strictly: bool) -> str:
    """Return how a formula is shown to be positive (or not negative); empty if it is not."""
    blocks = Blocks()
    fraction = factored(blocks.fraction(gap))
    if blocks.is_positive(fraction, strictly):
        return SIGNS
    factors = sympy.Mul.make_args(fraction)
    core = sympy.expand(sympy.Mul(*(f for f in factors if not blocks.is_positive(f))))
    logs = sorted((s for s in core.free_symbols if blocks.key_of.get(s, ("",))[0] == "log"), key=str)
    if not logs or not core.is_polynomial(*logs) or sympy.Poly(core, *logs).total_degree() > 1:
        return ""
    ratios: dict[Any, Any] = {}  # of each weight, what all logarithms of that weight are the logarithm of
    for log in logs:
        weight, inner = core.coeff(log, 1), blocks.formula(log).args[0]
        sign = -1 if -weight in ratios or blocks.is_positive(-weight) else 1
        ratios[sign * weight] = ratios.get(sign * weight, 1) * inner**sign
    rest = blocks.formula(core.xreplace(dict.fromkeys(logs, sympy.S.Zero)))
    again = Blocks()
    if all(weight.is_Rational for weight in ratios):
        whole = sympy.ilcm(1, *(weight.q for weight in ratios))
        powers = sympy.Mul(*(ratio ** (weight * whole) for weight, ratio in ratios.items()))
        if again.is_positive(again.fraction(powers * sympy.exp(rest * whole) - 1), strictly):
            return EXPONENTIATED
    if strictly or not all(map(blocks.is_positive, ratios)):
        return ""
    lower = rest + sum(blocks.formula(weight) * (1 - 1 / ratio) for weight, ratio in ratios.items())
    return TANGENT if again.is_positive(again.fraction(lower), strictly=False) else ""


def _in_logarithms(gap: Any) -> Any:
    """Write a symbol t beside e^t as log s, with a positive s: what is known of logarithms is of use then."""
    exponents = {e.args[0] for e in gap.atoms(sympy.exp) if e.args[0].is_Symbol and e.args[0].is_real}
    free = sorted((t for t in exponents if t.is_nonnegative is None and t.is_nonpositive is None), key=str)
    return gap.xreplace({t: sympy.log(sympy.Symbol(f"_s{k}", positive=True)) for k, t in enumerate(free)})


# ---- what is said of a false claim


def _allowed(point: Mapping[Any, Any], symbols: Any, conditions: Sequence[Any]) -> bool:
    facts = [(point[s], fact) for s in symbols for fact, true in s.assumptions0.items() if true]
    kept = all(getattr(value, f"is_{fact}") is not False for value, fact in facts)
    return kept and all(number_at(condition, point) >= 0 for condition in conditions)


def _imaginary(value: Any) -> bool:
    return bool(abs(getattr(value, "imag", 0)) > 1e-20 * (1 + abs(value)))


def _spoken(point: Mapping[Any, Any], symbols: Any) -> str:
    def short(value: Any) -> str:
        if value.is_Rational and value.q < 1000:
            return str(value).replace("-", MINUS)
        return format_number(float(value), 4) if value.is_real else decimal(complex(value), 4)

    return ", ".join(f"{symbol} = {short(point[symbol])}" for symbol in sorted(symbols, key=str))


def decimal(value: Any, digits: int) -> str:
    """Write a number of mpmath, real or complex."""
    value = mpmath.mpmathify(value)
    if _imaginary(value):
        real = decimal(value.real, digits) if abs(value.real) > 1e-20 * abs(value) else ""
        sign = MINUS if value.imag < 0 else "+" if real else ""
        return f"{real} {sign} {decimal(abs(value.imag), digits)} i".strip()
    return str(mpmath.nstr(value.real, digits)).removesuffix(".0").replace(".0e", "e").replace("-", MINUS)


def _described(claim: Claim, how: str, point: str, a: Any, b: Any) -> Finding:
    """Say by how much the left side exceeds the right, and whether a factor would mend it."""
    texts, factor = list[str](), ""
    if size(claim.left - claim.right) <= LARGEST_DIFFERENCE:
        texts.append(written(claim.left - claim.right))
        try:
            blocks = Blocks()
            texts.append(written(blocks.formula(factored(blocks.fraction(claim.left - claim.right)))))
            ratio = blocks.fraction(claim.left / claim.right) if claim.right != 0 else sympy.S.Zero
            factor = str(ratio) if ratio.is_Rational and ratio not in (0, 1) else ""
        except (TooHard, sympy.polys.polyerrors.BasePolynomialError, NotImplementedError):
            pass
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
    named = {e: sympy.Symbol(f"{e.func}[{e.args[0]}]") for e in expression.atoms(AppliedUndef)}
    text = str(expression.xreplace(named)).replace("**", "^")
    for name in ("Abs", "Max", "Min"):
        text = text.replace(f"{name}(", f"{name.lower()}(")
    return "" if expression.has(sympy.Sum, sympy.Derivative) else text
