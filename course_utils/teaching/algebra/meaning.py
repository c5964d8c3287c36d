"""What a formula means: from the syntax tree to SymPy, under declared assumptions.

Vectors follow NumPy: functions and ``+ - * /`` act entry by entry. A vector of symbolic length n is a rule
that gives the entry for an index, and its sum stays a sum. Everything is bounded before SymPy is asked.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from course_utils.teaching.algebra.syntax import CONSTANTS, FUNCTIONS, Node, NotUnderstood, parse, resolve
from course_utils.teaching.text import format_number

LARGEST_POWER = 60  # of anything but a number
MOST_DIGITS = 400  # of a number that is worked out
MOST_BITS = 2100  # of a number that comes of others, about 630 digits
LARGEST_TREE = 1500  # nodes of a formula with all definitions put in
MOST_TERMS = 100  # of a sum with numbers as bounds
KINDS = ("real", "positive", "nonnegative", "negative", "nonzero", "integer", "complex", "index")
BY_ZERO = "This divides by zero or takes the logarithm of zero."


@dataclass(frozen=True)
class Assumption:
    """What is known of a symbol: words of SymPy's assumptions and, for a vector, its length."""

    words: tuple[str, ...] = ("real",)
    length: int | str | None = None

    @property
    def facts(self) -> dict[str, bool]:
        """The words as SymPy takes them. Everything is real unless it is declared complex."""
        words = ("integer", "nonnegative") if self.is_index else self.words
        return {"complex": True} if "complex" in words else dict.fromkeys(("real", *words), True)

    @property
    def is_index(self) -> bool:
        return "index" in self.words


def assumption(text: str) -> Assumption:
    """Read a declaration.

    Examples
    --------
    >>> assumption("positive integer")
    Assumption(words=('positive', 'integer'), length=None)
    >>> assumption("real vector 3").length
    3
    """
    words, vector, length = text.partition("vector")
    length = length.strip()
    if vector and not length.isidentifier() and not length.isdigit():
        raise ValueError(f"a vector is declared with its length, as in 'real vector 3', not {text!r}")
    if unknown := [word for word in words.split() if word not in KINDS]:
        raise ValueError(f"{unknown[0]!r} is no assumption; the words are {', '.join(KINDS)} and 'vector n'")
    return Assumption(tuple(words.split()) or ("real",), int(length) if length.isdigit() else length or None)


@dataclass(frozen=True)
class Family:
    """A vector of symbolic length: the rule that gives the entry for an index."""

    length: Any
    entry: Callable[[Any], Any]


def head(key: str) -> tuple[str, tuple[str, ...]]:
    """Split the left side of a definition into name and parameters.

    Examples
    --------
    >>> head("σ(t)"), head("f")
    (('σ', ('t',)), ('f', ()))
    """
    match = re.fullmatch(r"\s*([^\W\d]\w*)\s*(?:\(([\w\s,]+)\))?\s*", key)
    if match is None:
        raise ValueError(f"a definition is named 'f' or 'f(t)', not {key!r}")
    return match[1], tuple(name.strip() for name in match[2].split(",")) if match[2] else ()


@dataclass(frozen=True, eq=False)
class Scope:
    """Names and what they stand for.

    Parameters
    ----------
    definitions : mapping of name to (parameters, formula)
    assumptions : mapping of name to Assumption
        All free symbols.
    variable : str
        What a prime differentiates by.
    lengths : mapping of str to int
        Numbers for symbolic lengths, where a statement is looked at in one case.
    indices : mapping of str to int or str
        For an index symbol the number, or the other index, that it is in the case at hand.
    """

    definitions: Mapping[str, tuple[tuple[str, ...], Node]]
    assumptions: Mapping[str, Assumption]
    variable: str = "x"
    lengths: Mapping[str, int] = field(default_factory=dict)
    indices: Mapping[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def names(self) -> dict[str, bool]:
        """All that may be written, and whether it is a function."""
        functions = {name: bool(parameters) for name, (parameters, _) in self.definitions.items()}
        return functions | dict.fromkeys(self.assumptions, False)

    def case(self, lengths: Mapping[str, int], indices: Mapping[str, Any]) -> Scope:
        """Return the scope of one case."""
        return replace(self, lengths=lengths, indices=indices)

    @functools.cached_property
    def symbols(self) -> dict[str, Any]:
        """The free symbols as SymPy values: symbols, tuples of symbols, or families."""
        return {name: self._symbol(name, known) for name, known in self.assumptions.items()}

    def _symbol(self, name: str, known: Assumption) -> Any:
        import sympy

        length = self.lengths.get(str(known.length), known.length)
        if isinstance(length, int):
            return tuple(sympy.Symbol(f"{name}[{k}]", **known.facts) for k in range(length))
        if length is not None:
            return Family(
                sympy.Symbol(length, integer=True, positive=True), sympy.Function(name, **known.facts)
            )
        other = self.lengths.get(name, self.indices.get(name, name))
        return sympy.Integer(other) if isinstance(other, int) else sympy.Symbol(other, **known.facts)

    @functools.cached_property
    def values(self) -> dict[str, Any]:
        """The defined names as SymPy values, each worked out once; None while that is going on."""
        return {}

    def mean(self, node: Node, bound: Mapping[str, Any] | None = None) -> Any:
        """Return the value of a formula: an expression, a (nested) tuple of them, or a family."""
        return _Reading(self, bound or {}).value(node)


def scope_of(
    definitions: Mapping[str, str], assume: Mapping[str, str], formulas: Iterable[Node], variable: str
) -> Scope:
    """Collect the names of a derivation. Names that are neither defined nor declared are real numbers."""
    heads = dict(map(head, definitions))
    names = {name: bool(parameters) for name, parameters in heads.items()}
    bodies = [parse(text, names) for text in definitions.values()]
    declared = {name: assumption(text) for name, text in assume.items()}
    if doubled := [name for name in heads if name in declared]:
        raise ValueError(f"{doubled[0]} is both defined and assumed")
    for known in list(declared.values()):
        if isinstance(known.length, str):
            declared.setdefault(known.length, Assumption(("positive", "integer")))
    pairs = [*zip(heads.values(), bodies, strict=True), *(((), formula) for formula in formulas)]
    for parameters, node in pairs:
        for name in _free_names(node, frozenset(parameters)):
            if name not in heads and name not in CONSTANTS:
                declared.setdefault(name, Assumption())
    return Scope(dict(zip(heads, zip(heads.values(), bodies, strict=True), strict=True)), declared, variable)


def _free_names(node: Node, bound: frozenset[str]) -> Iterable[str]:
    if (node.kind, node.text) == ("call", "sum"):
        bound = bound | {counter.text for counter in node.parts[1:2]}
    if node.kind == "name" and node.text not in bound:
        yield node.text
    for part in node.parts:
        yield from _free_names(part, bound)


@dataclass
class _Reading:
    """One walk through a formula. ``bound`` are the parameters and counters in force."""

    scope: Scope
    bound: Mapping[str, Any]

    def value(self, node: Node) -> Any:
        import sympy

        match node:
            case Node("number", text):
                return sympy.Rational(text)
            case Node("name", name, _, primes):
                return self._name(name, primes)
            case Node("call"):
                return self._call(node)
        values = tuple(map(self.value, node.parts))
        match node.kind:
            case "minus":
                return elementwise(lambda a: -a, *values)
            case "vector":
                if len({shape(value) for value in values}) > 1:
                    raise NotUnderstood("The rows of a matrix are equally long.")
                return values
            case "index":
                return functools.reduce(entry_of, values)
            case "@":
                return product(*values)
        return elementwise(OPERATORS[node.kind], *values)

    def _name(self, name: str, primes: int) -> Any:
        import sympy

        if name in CONSTANTS and name not in (*self.bound, *self.scope.names):
            value = sympy.E if name == "e" else sympy.pi
        else:
            name = resolve(name, [*self.bound, *self.scope.names])
            value = self.bound[name] if name in self.bound else self._known(name)
        for _ in range(primes):
            if self.scope.variable not in self.scope.assumptions:
                raise NotUnderstood(f"{name}' needs a variable; write diff({name}, …) instead.")
            value = derivative(value, self._known(self.scope.variable))
        return value

    def _known(self, name: str) -> Any:
        if name in self.scope.assumptions:
            return self.scope.symbols[name]
        parameters, body = self.scope.definitions[name]
        if parameters:
            raise NotUnderstood(f"{name} is a function: write {name}({', '.join(parameters)}).")
        values = self.scope.values
        if values.setdefault(name) is None:
            if name in self.bound.get("", ()):
                raise NotUnderstood(f"{name} is defined by itself.")
            values[name] = self.scope.mean(body, {"": (*self.bound.get("", ()), name)})
        return values[name]

    def _call(self, node: Node) -> Any:
        defined = [name for name, is_function in self.scope.names.items() if is_function]
        function = node.text
        if function not in (*FUNCTIONS, *defined):
            if function in (*self.bound, *self.scope.names):
                raise NotUnderstood(f"{function} is not a function; write {function}*(…) for a product.")
            function = resolve(function, [*defined, *FUNCTIONS], "function")
        if function in defined:
            return self._own_function(function, node)
        if node.primes:
            raise NotUnderstood(f"Write the derivative of {function} with diff.")
        least, most = FUNCTIONS[function]
        if not least <= len(node.parts) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            plural = "s" * (most > 1)
            raise NotUnderstood(f"{function} takes {wanted} argument{plural}, not {len(node.parts)}.")
        if function == "sum" and len(node.parts) > 1:
            return self._sum(node)
        return apply(function, [self.value(argument) for argument in node.parts])

    def _own_function(self, function: str, node: Node) -> Any:
        import sympy

        parameters, body = self.scope.definitions[function]
        if len(parameters) != len(node.parts):
            raise NotUnderstood(f"{function} takes {len(parameters)} arguments, not {len(node.parts)}.")
        opened = (*self.bound.get("", ()), function)
        if opened.count(function) > MOST_TERMS // 20:
            raise NotUnderstood(f"{function} is defined by itself.")
        arguments = [self.value(argument) for argument in node.parts]
        if not node.primes:
            return checked(
                self.scope.mean(body, {**dict(zip(parameters, arguments, strict=True)), "": opened})
            )
        if len(parameters) > 1:
            raise NotUnderstood(f"{function} has several arguments: write its derivative with diff.")
        t = sympy.Symbol(f"_{parameters[0]}", real=True)
        value = self.scope.mean(body, {parameters[0]: t, "": opened})
        for _ in range(node.primes):
            value = derivative(value, t)
        if value.has(sympy.Derivative):
            raise NotUnderstood("The derivative of a function with a kink is written with diff.")
        return elementwise(lambda a: checked(value.xreplace({t: a})), arguments[0])

    def _sum(self, node: Node) -> Any:
        import sympy

        body, counter, *bounds = node.parts
        if counter.kind != "name" or len(bounds) == 1:
            raise NotUnderstood(
                "A sum is written sum(term, k, first, last), or sum(term, k) over all entries."
            )
        if bounds:
            first, last = (self.value(bound) for bound in bounds)
        else:
            lengths = {known.length for known in self.scope.assumptions.values() if known.length is not None}
            if len(lengths) != 1:
                raise NotUnderstood("Say from where to where: sum(term, k, first, last).")
            length = lengths.pop()
            count = sympy.Integer(length) if isinstance(length, int) else self._known(length)
            first, last = sympy.S.Zero, count - 1
        k = sympy.Dummy(counter.text, integer=True, nonnegative=True)
        count = self.bound.get("terms", 1)

        def term(index: Any) -> Any:
            return self.scope.mean(body, {**self.bound, counter.text: index, "terms": count})

        if first.is_Integer and last.is_Integer:
            count *= last - first + 1
            if count > MOST_TERMS:
                raise NotUnderstood(f"A sum may have {MOST_TERMS} terms, and this one has {count}.")
            return total(term(first + j) for j in range(int(last - first) + 1))
        if not (first.is_integer and last.is_integer):
            raise NotUnderstood("The bounds of a sum must be whole numbers.")
        return checked(sympy.Sum(term(k), (k, first, last)))


def elementwise(function: Callable[..., Any], *values: Any) -> Any:
    """Apply a function of numbers entry by entry, as NumPy does."""
    families = [value for value in values if isinstance(value, Family)]
    lengths = {len(value) for value in values if isinstance(value, tuple)}
    if len(lengths) > 1 or (families and lengths):
        known = (
            f"of {' and '.join(map(str, sorted(lengths)))} entries"
            if not families
            else "of different lengths"
        )
        raise NotUnderstood(f"Vectors {known} cannot be joined.")
    if families:
        return Family(
            families[0].length,
            lambda k: function(*(value.entry(k) if isinstance(value, Family) else value for value in values)),
        )
    if not lengths:
        return checked(function(*values))
    return tuple(
        elementwise(function, *(value[k] if isinstance(value, tuple) else value for value in values))
        for k in range(lengths.pop())
    )


def checked(value: Any) -> Any:
    """Refuse what is infinite, undefined or grows too large."""
    import sympy

    if isinstance(value, sympy.Basic):
        if value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
            raise NotUnderstood(BY_ZERO)
        if any(max(abs(n.p), n.q).bit_length() > MOST_BITS for n in value.atoms(sympy.Rational)):
            raise NotUnderstood("The numbers in this are too large to be worked out here.")
        if size(value) > LARGEST_TREE:
            raise NotUnderstood("This grows too large when the definitions are put in.")
    return value


@functools.lru_cache(maxsize=20_000)
def size(expression: Any) -> int:
    """Count the nodes of an expression written out."""
    return 1 + sum(size(part) for part in expression.args)


def total(values: Iterable[Any]) -> Any:
    """Add numbers, vectors or matrices."""
    import sympy

    return functools.reduce(functools.partial(elementwise, lambda x, y: x + y), values, sympy.S.Zero)


def power(base: Any, exponent: Any) -> Any:
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


def quotient(a: Any, b: Any) -> Any:
    """Divide, unless the divisor is plainly zero."""
    if b.is_zero:
        raise NotUnderstood(BY_ZERO)
    return a / b


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": quotient,
    "^": power,
}


def entry_of(value: Any, index: Any) -> Any:
    """Return one entry of a vector or matrix."""
    if isinstance(value, Family):
        if not getattr(index, "is_Symbol", False):
            raise NotUnderstood("An entry of a vector of symbolic length is named by an index such as i.")
        return value.entry(index)
    if not isinstance(value, tuple):
        raise NotUnderstood("Only a vector or a matrix has entries.")
    if not getattr(index, "is_Integer", False):
        raise NotUnderstood("An index must be a whole number here.")
    if not 0 <= index < len(value):
        raise NotUnderstood(f"The entries are numbered 0 to {len(value) - 1}, so there is no entry {index}.")
    return value[int(index)]


def product(a: Any, b: Any) -> Any:
    """Multiply matrices and vectors as ``@`` does."""
    if not isinstance(a, tuple) or not isinstance(b, tuple):
        raise NotUnderstood("@ joins vectors and matrices with known entries.")
    if isinstance(a[0], tuple):
        return tuple(product(row, b) for row in a)
    if isinstance(b[0], tuple):
        return tuple(product(a, column) for column in zip(*b, strict=True))
    return apply("dot", [a, b])


def apply(function: str, values: list[Any]) -> Any:
    """Apply a function of the language."""
    import sympy

    match function, values:
        case (("max" | "min"), _):
            several = values[0] if len(values) == 1 and isinstance(values[0], tuple) else values
            if len(several) == 1 or isinstance(several[0], Family):
                raise NotUnderstood(f"{function} takes a vector or several numbers.")
            try:
                return elementwise(sympy.Max if function == "max" else sympy.Min, *several)
            except ValueError:
                raise NotUnderstood(f"{function} compares real numbers only.") from None
        case "sum", [Family(length, entry)]:
            k = sympy.Dummy("k", integer=True, nonnegative=True)
            return sympy.Sum(entry(k), (k, 0, length - 1))
        case "sum", [tuple() as vector]:
            return total(vector)
        case "dot", [a, b]:
            return apply("sum", [elementwise(lambda x, y: x * y, a, b)])
        case "outer", [tuple() as a, b]:
            return tuple(elementwise(lambda x, y: x * y, x, b) for x in a)
        case "diag", [tuple() as v]:
            return tuple(tuple(x if i == j else sympy.S.Zero for j in range(len(v))) for i, x in enumerate(v))
        case "transpose", [tuple() as matrix] if isinstance(matrix[0], tuple):
            return tuple(zip(*matrix, strict=True))
        case "delta", [i, j]:
            if isinstance(i, sympy.Dummy) or isinstance(j, sympy.Dummy):
                raise NotUnderstood("delta cannot stand under a sum over all entries.")
            return sympy.S.One if i == j else sympy.S.Zero
        case (("diff" | "jacobian"), [of, by, *order]):
            return _derivatives(of, by, order[0] if order else sympy.S.One)
        case (("sum" | "outer" | "diag" | "transpose"), _):
            raise NotUnderstood(f"{function} needs vectors or matrices.")
        case "log", [value] if value == 0:
            raise NotUnderstood(BY_ZERO)
    return elementwise(getattr(sympy, {"abs": "Abs"}.get(function, function)), *values)


def _derivatives(of: Any, by: Any, order: Any) -> Any:
    if isinstance(by, tuple):
        if isinstance(of, tuple):
            return tuple(_derivatives(f, by, order) for f in of)
        return tuple(_derivatives(of, x, order) for x in by)
    if not getattr(order, "is_Integer", False) or not 1 <= order <= 4:
        raise NotUnderstood("The order of a derivative is a whole number from 1 to 4.")
    return functools.reduce(lambda f, _: derivative(f, by), range(int(order)), of)


def derivative(of: Any, by: Any) -> Any:
    """Differentiate by a symbol or by one entry of a vector.

    Where max, abs or sign are inside, the derivative is left to the case at hand: SymPy's own rule would give
    values at kinks, where there is no derivative.
    """
    import sympy

    if isinstance(of, tuple | Family):
        return elementwise(lambda f: derivative(f, by), of)
    if isinstance(by, Family):
        return Family(by.length, lambda k: derivative(of, by.entry(k)))
    if not isinstance(by, sympy.Symbol | sympy.core.function.AppliedUndef):
        raise NotUnderstood("diff needs a symbol to differentiate by, such as x or z[0].")
    if any(isinstance(index, sympy.Dummy) for index in by.args):
        raise NotUnderstood("Differentiate by an entry outside of the sum over that entry.")
    if not of.has(*non_smooth()):
        return checked(_with_sums(of, by))
    if of.has(sympy.Sum):
        raise NotUnderstood("A sum of any length with max, abs or sign inside cannot be differentiated.")
    return sympy.Derivative(of, by, evaluate=False)


def _with_sums(of: Any, by: Any) -> Any:
    """Differentiate an expression that may hold sums over all entries of a vector."""
    import sympy

    names = {s: sympy.Symbol(f"_S{k}", real=True) for k, s in enumerate(top_sums(of))}
    flat = of.xreplace(names)
    whole = flat.diff(by)
    for s, name in names.items():
        (k, first, last), body = s.limits[0], s.function
        rest = _with_sums(body, by)
        inner = sympy.Sum(rest, (k, first, last)) if rest != 0 else sympy.S.Zero
        if by.args:  # the term of this entry itself; what inner sums add is in the rest
            frozen = {part: sympy.Symbol(f"_F{n}", real=True) for n, part in enumerate(top_sums(body))}
            own = body.xreplace(frozen).diff(by.func(k)).xreplace({v: key for key, v in frozen.items()})
            inner += own.xreplace({k: by.args[0]})
        whole += flat.diff(name) * inner
    return whole.xreplace({name: s for s, name in names.items()})


def top_sums(expression: Any) -> list[Any]:
    """Return the sums that stand in no other sum, in a fixed order."""
    import sympy

    if isinstance(expression, sympy.Sum):
        return [expression]
    return list(dict.fromkeys(itertools.chain.from_iterable(map(top_sums, expression.args))))


def non_smooth() -> tuple[Any, ...]:
    """The functions that are looked at in sign cases."""
    import sympy

    return (sympy.Max, sympy.Min, sympy.Abs, sympy.sign)


def entries(value: Any) -> list[Any]:
    """Flatten a value into numbers."""
    return [x for part in value for x in entries(part)] if isinstance(value, tuple) else [value]


def shape(value: Any) -> tuple[int, ...]:
    """Return the lengths of nested tuples."""
    return (len(value), *shape(value[0])) if isinstance(value, tuple) else ()


def rounded(scope: Scope, node: Node, example: Mapping[str, Any]) -> str:
    """Write the value of a formula at example numbers, rounded to six digits."""
    import sympy

    from course_utils.teaching.algebra.points import Undefined, number_at

    point = dict[Any, Any]()
    for name, numbers in example.items():
        symbols, given = (
            entries(scope.symbols[name]),
            entries(tuple(numbers) if hasattr(numbers, "__len__") else numbers),
        )
        if len(symbols) != len(given):
            raise ValueError(f"{name} needs {len(symbols)} numbers, not {len(given)}")
        point.update({s: sympy.Rational(float(x)) for s, x in zip(symbols, given, strict=True)})

    def write(value: Any) -> str:
        if isinstance(value, tuple):
            return f"[{', '.join(map(write, value))}]"
        number = complex(number_at(value, point))
        return "undefined" if number.imag else format_number(number.real, 6)

    try:
        return write(scope.mean(node))
    except (Undefined, KeyError, OverflowError):
        return "undefined"
