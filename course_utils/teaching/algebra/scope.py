"""Names and what is declared of them, before any of it is worked out; so nothing here needs SymPy."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course_utils.teaching.algebra.syntax import (
    FUNCTIONS,
    NAMED_NUMBERS,
    Node,
    NotUnderstood,
    is_meant,
    parse,
    resolve,
)

WORDS = ("real", "positive", "nonnegative", "negative", "nonzero", "integer", "index")


@dataclass(frozen=True)
class Assumption:
    """What is known of a symbol: words of SymPy's assumptions and, for a vector, its length."""

    words: tuple[str, ...] = ("real",)
    length: int | str | None = None

    @property
    def facts(self) -> dict[str, bool]:
        """The words as SymPy takes them. Everything is real."""
        words = ("integer", "nonnegative") if "index" in self.words else self.words
        return dict.fromkeys(("real", *words), True)


def assumption(text: str) -> Assumption:
    """Read a declaration, such as "positive integer" or "real vector 3"."""
    words, vector, length = text.partition("vector")
    length = length.strip()
    if vector and not length.isidentifier() and not (length.isdecimal() and int(length) > 0):
        raise ValueError(f"a vector is declared with its length, as in 'real vector 3', not {text!r}")
    if unknown := [word for word in words.split() if word not in WORDS]:
        raise ValueError(f"{unknown[0]!r} is no assumption; the words are {', '.join(WORDS)} and 'vector n'")
    return Assumption(tuple(words.split()) or ("real",), int(length) if length.isdigit() else length or None)


@dataclass(frozen=True, eq=False)
class Scope:
    """Names and what they stand for."""

    definitions: Mapping[str, tuple[tuple[str, ...], Node]]  # parameters and formula
    assumptions: Mapping[str, Assumption]  # of all free symbols
    variable: str = "x"  # what a prime differentiates by

    @functools.cached_property
    def names(self) -> dict[str, bool]:
        """All that may be written, and whether it is a function."""
        functions = {name: bool(parameters) for name, (parameters, _) in self.definitions.items()}
        return functions | dict.fromkeys(self.assumptions, False)

    @functools.cached_property
    def functions(self) -> list[str]:
        """All that may stand before an argument."""
        return [*(name for name, is_function in self.names.items() if is_function), *FUNCTIONS]

    @functools.cached_property
    def indices(self) -> list[str]:
        """The names that stand for the number of an entry."""
        return [name for name, known in self.assumptions.items() if "index" in known.words]

    @functools.cached_property
    def length(self) -> int | str | None:
        """How many entries its vectors have, a number or a name, if all have the same."""
        lengths = {known.length for known in self.assumptions.values() if known.length is not None}
        return lengths.pop() if len(lengths) == 1 else None

    def read(self, text: str) -> Node:
        """Read a formula with known names, or raise `NotUnderstood` with a sentence for its author."""
        node = parse(text, self.names)
        bound = [part.parts[1].text for part in node.walk() if part.text == "sum" and len(part.parts) > 1]
        for part in node.walk():
            if part.kind == "name":
                resolve(part.text, [*self.names, *NAMED_NUMBERS, *bound])
            elif part.kind == "call" and not self.names.get(part.text, True):
                (argument,) = part.parts
                product = f"{part.text}*{argument.text}"
                raise NotUnderstood(
                    f"{part.text} is no function here: write {part.text}, or {product} for the product."
                )
            elif part.kind == "call":
                resolve(part.text, self.functions, "function")
        return node

    def in_order(self, node: Node) -> Node:
        """Write what may be spelled in several ways in one: e^t as exp(t), λ for lambda, a − b as a + (−b),
        dot(a, b) as a sum of products, and terms and factors in one order."""
        parts = tuple(map(self.in_order, node.parts))
        match node.kind, node.text, parts:
            case "^", _, (Node("name", "e"), power) if "e" not in self.names:
                return Node("call", "exp", (power,))
            case "-", _, (left, right):
                return self.in_order(Node("+", "", (left, Node("minus", "", (right,)))))
            case "call", "dot", (left, right):
                return self.in_order(Node("call", "sum", (Node("*", "", (left, right)),)))
        if node.kind in ("+", "*"):
            inner = [part.parts if part.kind == node.kind else (part,) for part in parts]
            return Node(node.kind, "", tuple(sorted(itertools.chain(*inner), key=repr)))
        letter = next((name for name in self.names if is_meant(node.text, name)), node.text)
        return Node(node.kind, letter, parts, node.primes)


def scope_of(
    definitions: Mapping[str, str], assume: Mapping[str, str], formulas: Iterable[Node], variable: str
) -> Scope:
    """Collect the names of a derivation. Names that are neither defined nor declared are real numbers."""
    heads = dict(map(_head, definitions))
    calls = {name: bool(parameters) for name, parameters in heads.items()}
    bodies = [parse(text, calls) for text in definitions.values()]
    defined = {name: (heads[name], body) for name, body in zip(heads, bodies, strict=True)}
    declared = {name: assumption(text) for name, text in assume.items()}
    if doubled := [name for name in heads if name in declared]:
        raise ValueError(f"{doubled[0]} is both defined and assumed")
    lengths = {known.length for known in declared.values() if isinstance(known.length, str)}
    if len(lengths) > 1:
        raise ValueError("vectors of symbolic length have one and the same length")
    declared |= {name: Assumption(("positive", "integer")) for name in lengths - {*declared}}
    above = list[str]()
    for name, (parameters, body) in [*defined.items(), *(("", ((), formula)) for formula in formulas)]:
        for free in _free_names(body, frozenset(parameters)):
            if free.text in heads and free.text not in above:
                raise ValueError(f"{name} is defined by {free.text}, which is not defined above it")
            if free.text not in (*heads, *NAMED_NUMBERS) and free.kind == "name":
                declared.setdefault(free.text, Assumption())
        above.append(name)
    return Scope(defined, declared, variable)


def _head(key: str) -> tuple[str, tuple[str, ...]]:
    """Split the left side of a definition into name and parameters: f, or f(t)."""
    match = re.fullmatch(r"\s*([^\W\d]\w*)\s*(?:\(([\w\s,]+)\))?\s*", key)
    if match is None:
        raise ValueError(f"a definition is named 'f' or 'f(t)', not {key!r}")
    return match[1], tuple(name.strip() for name in match[2].split(",")) if match[2] else ()


def _free_names(node: Node, bound: frozenset[str]) -> Iterable[Node]:
    if (node.kind, node.text) == ("call", "sum"):
        bound = bound | {counter.text for counter in node.parts[1:2]}
    if node.kind in ("name", "call") and node.text not in bound:
        yield node
    for part in node.parts:
        yield from _free_names(part, bound)
