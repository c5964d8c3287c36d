"""What a formula means: from the syntax tree to SymPy, under declared assumptions.

A number is a SymPy expression, a vector or matrix a NumPy array of them: functions and ``+ - * /`` act entry
by entry. A vector of symbolic length is the expression of its entry number ``SLOT``; its sum stays a sum,
over ``COUNTER``. Everything is bounded before SymPy is asked.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import sympy
from sympy import Abs, Indexed, KroneckerDelta, Max, Min, Sum, sign

from course_utils.teaching.algebra.scope import Scope
from course_utils.teaching.algebra.syntax import FUNCTIONS, NAMED_NUMBERS, Node, NotUnderstood, resolve
from course_utils.teaching.text import with_article

LARGEST_POWER = 60  # of anything but a number
LARGEST_EXPONENT = 10_000  # of a number such as e: SymPy compares numbers digit by digit
MOST_DIGITS = 400  # of a number that is worked out
MOST_BITS = 2100  # of a number that comes of others, about 630 digits
LARGEST_TREE = 1500  # nodes of a formula with all definitions put in
BY_ZERO = "This divides by zero or takes the logarithm of zero."
ENTRY_BY_ENTRY = "Write it entry by entry, with indices such as i and j."
SLOT, COUNTER = (sympy.Symbol(name, integer=True, nonnegative=True) for name in ("_slot", "_counter"))


Expression: TypeAlias = Any  # SymPy has no types
Value: TypeAlias = Any  # an expression, or a NumPy array of them


@functools.lru_cache(maxsize=64)
def meaning(scope: Scope) -> Meaning:
    """Return the meaning of a scope's names, worked out once."""
    return Meaning(scope)


class Meaning:
    """The symbols of a scope, and what formulas in them mean."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.symbols = {name: self._symbol(name) for name in scope.assumptions}
        self.known = {name: () if parameters else None for name, (parameters, _) in scope.definitions.items()}

    def _symbol(self, name: str) -> Value:
        known = self.scope.assumptions[name]
        if isinstance(known.length, int):
            return np.array([sympy.Symbol(f"{name}[{k}]", **known.facts) for k in range(known.length)])
        if known.length is not None:
            return sympy.IndexedBase(name, **known.facts)[SLOT]
        return sympy.Symbol(name, **known.facts)

    def of(self, node: Node, bound: Mapping[str, Value] | None = None) -> Value:
        """Return the value of a formula, where ``bound`` are the parameters and counters in force.

        Raises `NotUnderstood` where it has none, or grows too large.
        """
        bound = bound or {}
        match node:
            case Node("number", text):
                return sympy.Rational(text)
            case Node("name", name, _, primes):
                return self._primed(self._named(name, bound), name, primes)
            case Node("call"):
                return self._called(node, bound)
        values = [self.of(part, bound) for part in node.parts]
        if node.kind == "vector":
            if len({shape(value) for value in values}) > 1 or any(map(is_family, values)):
                raise NotUnderstood("The rows of a matrix have equally many entries, and a known number.")
            return np.array(values)
        if node.kind == "index":
            return functools.reduce(_entry, values)
        return OPERATIONS[node.kind](*values)

    def _named(self, name: str, bound: Mapping[str, Value]) -> Value:
        if name in NAMED_NUMBERS and name not in (*bound, *self.scope.names):
            return sympy.E if name == "e" else sympy.pi
        name = resolve(name, [*bound, *self.scope.names])
        if name in bound or name in self.symbols:
            return bound[name] if name in bound else self.symbols[name]
        parameters, body = self.scope.definitions[name]
        if parameters:
            own = [self.scope.variable] if len(parameters) == 1 else parameters
            arguments = ", ".join(argument if argument in self.symbols else "…" for argument in own)
            raise NotUnderstood(f"{name} is a function: write {name}({arguments}).")
        if self.known[name] is None:
            self.known[name] = self.of(body)
        return self.known[name]

    def _primed(self, value: Value, name: str, primes: int) -> Value:
        if primes and self.scope.variable not in self.symbols:
            raise NotUnderstood(f"{name}' needs a variable; write diff({name}, …) instead.")
        return functools.reduce(derivative, [self.symbols.get(self.scope.variable)] * primes, value)

    def _called(self, node: Node, bound: Mapping[str, Value]) -> Value:
        if node.text in {*bound, *self.scope.names} - {*self.scope.functions}:
            raise NotUnderstood(f"{node.text} is not a function; write {node.text}*(…) for a product.")
        function = resolve(node.text, self.scope.functions, "function")
        parameters, body = self.scope.definitions.get(function, ((), node))
        allowed = [len(parameters)] if parameters else [*FUNCTIONS[function]]
        if len(node.parts) not in allowed:
            wanted = " to ".join(map(str, sorted({min(allowed), max(allowed)})))
            plural = "s" * (max(allowed) > 1)
            raise NotUnderstood(f"{function} takes {wanted} argument{plural}, not {len(node.parts)}.")
        if node.primes and len(parameters) != 1:
            raise NotUnderstood(f"Write the derivative of {function} with diff.")
        if function == "sum" and len(node.parts) == 2:
            return self._counted(*node.parts, bound)
        arguments = [self.of(argument, bound) for argument in node.parts]
        if function in ("sum", "dot"):
            return self._total(functools.reduce(OPERATIONS["*"], arguments))
        if not parameters:
            return CALLS.get(function, vectorized(getattr(sympy, function, sympy.S)))(*arguments)
        if not node.primes:
            return self.of(body, dict(zip(parameters, arguments, strict=True)))
        t = sympy.Symbol(f"_{parameters[0]}", real=True)
        slope = functools.reduce(derivative, [t] * node.primes, self.of(body, {parameters[0]: t}))
        return vectorized(lambda a: slope.xreplace({t: a}))(arguments[0])

    def _counted(self, term: Node, counter: Node, bound: Mapping[str, Value]) -> Value:
        """Sum over a counter that runs through all entries."""
        if counter.kind != "name" or self.scope.length is None:
            raise NotUnderstood("A sum is written sum(v), or sum(term, k) with the number k of an entry.")
        if isinstance(self.scope.length, str):
            term = self.of(term, {**bound, counter.text: COUNTER})
            return self._over_all(term, nested=COUNTER in bound.values())
        each = (self.of(term, {**bound, counter.text: sympy.Integer(k)}) for k in range(self.scope.length))
        return functools.reduce(OPERATIONS["+"], each)

    def _total(self, value: Value) -> Value:
        if isinstance(value, np.ndarray):
            return functools.reduce(OPERATIONS["+"], value)
        if not is_family(value):
            raise NotUnderstood("A sum needs vectors or matrices.")
        return self._over_all(value.xreplace({SLOT: COUNTER}), nested=COUNTER in value.free_symbols)

    def _over_all(self, term: Value, nested: bool) -> Expression:
        if nested:
            raise NotUnderstood("A sum over all entries cannot have another one's counter inside.")
        if isinstance(term, np.ndarray):
            raise NotUnderstood("A sum over all entries adds numbers here, not vectors or matrices.")
        indices = {self.symbols[name] for name in self.scope.indices}
        for delta in term.atoms(KroneckerDelta):
            if COUNTER in delta.free_symbols and not ({*delta.args} - {COUNTER}) <= indices:
                raise NotUnderstood("delta takes two indices here.")
        return checked(collapsed(term, (COUNTER, 0, self.symbols[str(self.scope.length)] - 1)))


def vectorized(function: Callable[..., Expression]) -> Callable[..., Value]:
    """Let a function of numbers act entry by entry, and look at what comes out."""

    def act(*values: Value) -> Value:
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        for value in values if arrays else ():
            if is_family(value) or shape(value) not in ((), arrays[0].shape):
                raise NotUnderstood(f"{kind(arrays[0])} and {kind(value)} cannot be joined.".capitalize())
        return np.frompyfunc(lambda *numbers: checked(function(*numbers)), len(values), 1)(*values)

    return act


def checked(value: Expression) -> Expression:
    """Refuse what is infinite, undefined or grows too large."""
    if value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        raise NotUnderstood(BY_ZERO)
    exponents = [e.as_base_exp()[1] for e in value.atoms(sympy.exp, sympy.Pow) if e.is_number]
    rationals = [n for n in value.atoms(sympy.Rational) if max(abs(n.p), n.q).bit_length() > MOST_BITS]
    if rationals or any(abs(exponent) > LARGEST_EXPONENT for exponent in exponents):
        raise NotUnderstood("The numbers in this are too large or too small to be worked out here.")
    if size(value) > LARGEST_TREE:
        raise NotUnderstood("This grows too large when the definitions are put in.")
    return value


@functools.lru_cache(maxsize=20_000)
def size(expression: Expression) -> int:
    """Count the nodes of an expression written out."""
    return 1 + sum(size(part) for part in expression.args)


def power(base: Expression, exponent: Expression) -> Expression:
    """Raise to a power, unless that would take forever."""
    if exponent.is_Rational:
        order = max(abs(exponent.p), exponent.q)
        digits = len(str(max(abs(base.p), base.q))) if base.is_Rational else None
        too_large = order * digits > MOST_DIGITS if digits else order > LARGEST_POWER
        if too_large and not (base in (0, 1) and exponent > 0):
            raise NotUnderstood("This power is too large to be worked out here.")
        if base.is_zero and exponent < 0:
            raise NotUnderstood(BY_ZERO)
    return base**exponent


def _quotient(a: Expression, b: Expression) -> Expression:
    if b.is_zero:
        raise NotUnderstood(BY_ZERO)
    return a / b


def _product(a: Value, b: Value) -> Value:
    if not isinstance(a, np.ndarray) or not isinstance(b, np.ndarray):
        raise NotUnderstood("@ joins vectors and matrices with known entries.")
    if a.shape[-1] != b.shape[0] or max(a.ndim, b.ndim) > 2:
        raise NotUnderstood(f"{kind(a)} and {kind(b)} cannot be multiplied.".capitalize())
    return vectorized(lambda entry: entry)(a @ b)


def _entry(value: Value, index: Value) -> Value:
    if is_family(value):
        if not getattr(index, "is_Symbol", False):
            raise NotUnderstood("An entry of a vector of symbolic length is named by an index such as i.")
        return value.xreplace({SLOT: index})
    if not isinstance(value, np.ndarray):
        raise NotUnderstood("Only a vector or a matrix has entries.")
    if not getattr(index, "is_Integer", False):
        raise NotUnderstood("An index must be a whole number here.")
    if not 0 <= index < len(value):
        raise NotUnderstood(f"The entries are numbered 0 to {len(value) - 1}, so there is no entry {index}.")
    return value[int(index)]


def _extreme(function: Any) -> Callable[..., Value]:
    def act(*values: Value) -> Value:
        several = values if len(values) > 1 else list(values[0]) if isinstance(values[0], np.ndarray) else []
        if not several or any(getattr(value, "is_real", None) is False for value in several):
            raise NotUnderstood(f"{function.__name__.lower()} takes a vector or several real numbers.")
        return vectorized(function)(*several)

    return act


def _for_arrays(name: str, dimensions: int, function: Callable[..., Value]) -> Callable[..., Value]:
    def act(*values: Value) -> Value:
        if any(map(is_family, values)):
            raise NotUnderstood(ENTRY_BY_ENTRY)
        if any(len(shape(value)) != dimensions for value in values):
            needs = "vectors." if dimensions == 1 else "matrices; write outer(a, b) for a bᵀ."
            raise NotUnderstood(f"{name} needs {needs}")
        return vectorized(lambda entry: entry + sympy.S.Zero)(function(*values))

    return act


def _delta(*values: Value) -> Expression:
    if any(isinstance(value, np.ndarray) or is_family(value) for value in values):
        raise NotUnderstood("delta takes two numbers, such as the indices i and j.")
    return KroneckerDelta(*values)


def derivative(of: Value, by: Value) -> Value:
    """Differentiate by a symbol or by an entry of a vector. Where max, abs or sign bend there is no value."""
    if isinstance(of, np.ndarray) or isinstance(by, np.ndarray):
        each = ((f, by) for f in of) if isinstance(of, np.ndarray) else ((of, x) for x in by)
        return np.array([derivative(f, x) for f, x in each])
    if not isinstance(by, sympy.Symbol | Indexed) or COUNTER in by.free_symbols:
        raise NotUnderstood("diff needs a symbol to differentiate by, such as x or z[0].")
    if is_family(of) and is_family(by):
        raise NotUnderstood(ENTRY_BY_ENTRY)
    slope = in_moduli(of).replace(sign, lambda u: u / Abs(u)).diff(by).replace(sign, lambda u: u / Abs(u))
    return checked(slope.replace(Sum, collapsed))


def collapsed(term: Expression, limits: tuple[Expression, ...]) -> Expression:
    """Sum over the counter; where delta(i, counter) is 1, the sum has one entry."""
    if COUNTER not in term.free_symbols:
        return term * (limits[2] - limits[1] + 1)
    deltas = sorted((d for d in term.atoms(KroneckerDelta) if d.has(COUNTER)), key=sympy.default_sort_key)
    if not deltas:
        return Sum(term, limits)
    without, one = (term.xreplace({deltas[0]: sympy.Integer(k)}) for k in range(2))
    (index,) = {*deltas[0].args} - {COUNTER}
    return (one - without).subs(COUNTER, index) + collapsed(without, limits)


def in_moduli(e: Expression) -> Expression:
    """Write max and min with abs, and take common factors out of it."""

    def largest(*numbers: Expression) -> Expression:
        ordered = sorted(numbers, key=sympy.default_sort_key)
        return functools.reduce(lambda a, b: checked((a + b + Abs(a - b)) / 2), ordered)

    bent = e.replace(Min, lambda *numbers: -Max(*(-number for number in numbers))).replace(Max, largest)
    return bent.replace(Abs, lambda u: Abs(sympy.factor_terms(u)))


def is_family(value: Value) -> bool:
    """Tell whether a value is a vector of symbolic length."""
    return not isinstance(value, np.ndarray) and SLOT in value.free_symbols


def shape(value: Value) -> tuple[int, ...]:
    """Return how many entries there are along each axis."""
    return value.shape if isinstance(value, np.ndarray) else ()


def kind(value: Value) -> str:
    """Say what a value is: a number, a vector of 3, a 2 by 3 matrix."""
    if is_family(value):
        return "a vector of symbolic length"
    lengths = " by ".join(map(str, shape(value)))
    if " " in lengths:
        return with_article(f"{lengths} matrix")
    return f"a vector of {lengths}" if lengths else "a number"


OPERATIONS: dict[str, Callable[..., Value]] = {
    "+": vectorized(lambda a, b: a + b),
    "-": vectorized(lambda a, b: a - b),
    "*": vectorized(lambda a, b: a * b),
    "/": vectorized(_quotient),
    "^": vectorized(power),
    "@": _product,
    "minus": vectorized(lambda a: -a),
}
CALLS: dict[str, Callable[..., Value]] = {  # of what does not just act on each entry, as in SymPy
    "abs": vectorized(Abs),
    "max": _extreme(Max),
    "min": _extreme(Min),
    "outer": _for_arrays("outer", 1, np.multiply.outer),
    "diag": _for_arrays("diag", 1, np.diag),
    "transpose": _for_arrays("transpose", 2, np.transpose),
    "delta": _delta,
    "diff": derivative,
    "jacobian": derivative,
}
