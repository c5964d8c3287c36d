"""A small language of formulas: read text, write it again as LaTeX or on one line.

What a student types is read here and nowhere else. The grammar knows numbers, names, ``+ - * / ^ @``,
products without a sign, calls, primes, indices and brackets, and nothing of Python: there is no attribute, no
statement, no string, so there is nothing that could run. What a formula *means* is decided in ``meaning.py``.
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from course_utils.teaching.text import MINUS, format_list

LONGEST = 500  # characters
MOST_TOKENS = 200  # numbers, names, operators and brackets
DEEPEST = 20  # brackets and signs inside each other
SMALLEST_NUMBER = 300  # decimal places, as in 1e-300

# Every function, and how a call with so many arguments is set. {0} is the first argument, {0:atom} the same
# in brackets if it binds less tightly than an atom, {all} all of them in brackets.
TRIGONOMETRIC = ("tanh", "sinh", "cosh", "sin", "cos", "tan")
FUNCTIONS: dict[str, dict[int, str]] = {
    **{name: {1: rf"\{name}{{all}}"} for name in (*TRIGONOMETRIC, "log")},
    **{name: {1: rf"\operatorname{{{{{name}}}}}{{all}}"} for name in ("sech", "sign", "erf", "diag")},
    **{name: dict.fromkeys(range(1, 13), rf"\{name}{{all}}") for name in ("max", "min")},
    "exp": {1: "e^{{{0}}}"},
    "sqrt": {1: r"\sqrt{{{0}}}"},
    "abs": {1: r"\left|{0}\right|"},
    "transpose": {1: r"{0:atom}^{{\top}}"},
    "dot": {2: r"\left\langle {0}, {1} \right\rangle"},
    "outer": {2: r"{0:power}\,{1:power}^{{\top}}"},
    "delta": {2: r"\delta_{{{0}, {1}}}"},
    "jacobian": {2: r"\frac{{\partial {0:power}}}{{\partial {1}}}"},
    "diff": {2: r"\frac{{{d}}}{{{d} {1}}}\left({0}\right)"},
    "sum": {1: r"\sum {0:product}", 2: r"\sum_{{{1}}} {0:product}"},
}
SLOPE = r"\frac{{{d} {0}}}{{{d} {1}}}"  # of a name
SPELLINGS = {"ln": "log", "Abs": "abs", "Max": "max", "Min": "min", "Sum": "sum", "Σ": "sum", "δ": "delta"}

# How tightly each form binds, and how it is written on one line and as LaTeX.
LEVELS = {"": 0, "sum": 0, "product": 1, "sign": 2, "power": 3, "atom": 4}
FORMS = {
    "+": ("sum", "{0} + {1:product}", "{0} + {1:product}"),
    "-": ("sum", f"{{0}} {MINUS} {{1:product}}", "{0} - {1:product}"),
    "*": ("product", "{0:product}*{1:power}", r"{0:product}\,{1:power}"),
    "@": ("product", "{0:product}@{1:power}", r"{0:product}\,{1:power}"),
    "/": ("product", "{0:product}/{1:power}", r"\frac{{{0}}}{{{1}}}"),
    "minus": ("sign", MINUS + "{0:product}", "-{0:product}"),
    "^": ("power", "{0:atom}^{1:sign}", "{0:atom}^{{{1}}}"),
    "index": ("atom", "{0:atom}[{rest}]", "{0:atom}_{{{rest}}}"),
    "vector": ("atom", "[{list}]", r"\begin{{bmatrix}} {rows} \end{{bmatrix}}"),
}

LETTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΣΦΨΩ"
WORDS = {letter: unicodedata.name(letter).split()[-1].replace("LAMDA", "LAMBDA") for letter in LETTERS}
GREEK = {letter: word.lower() if letter.islower() else word.capitalize() for letter, word in WORDS.items()}
NAMED_NUMBERS = ("e", "pi", "π")
REPLACED = str.maketrans(
    {**dict.fromkeys(MINUS + "–", "-"), **dict.fromkeys("·×⋅∗", "*"), **dict.fromkeys("÷⁄", "/")}
    | {**dict.fromkeys("′’", "'"), "²": "^(2)", "³": "^(3)", "{": "(", "}": ")"}
)
TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<operator>\*\*|[-+*/^@()\[\],'])"
)


class NotUnderstood(ValueError):
    """A formula that cannot be read or has no meaning here. The message is one sentence for its author."""


@dataclass(frozen=True)
class Node:
    """A formula or a part of one; a matrix is a vector of vectors."""

    kind: str  # number, name, call, index (first part: what has entries), vector, minus, or + - * / ^ @
    text: str = ""  # a number as it was written, or the name of a symbol or function
    parts: tuple[Node, ...] = ()
    primes: int = 0  # how many derivatives are meant

    def walk(self) -> Iterable[Node]:
        """Visit the formula and all its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()


def parse(text: str, known: Mapping[str, bool] = MappingProxyType({})) -> Node:
    """Read a formula, or raise `NotUnderstood` where it is none or can be read in two ways.

    ``known`` are the names in use, and whether each is a function: before a bracket, others are factors.

    Examples
    --------
    >>> parse("2x") == parse("2*x")
    True
    >>> linear(parse("f(1 - f)", {"f": False}))
    'f*(1 − f)'
    >>> parse("x.real")
    Traceback (most recent call last):
        ...
    course_utils.teaching.algebra.syntax.NotUnderstood: “.” has no meaning in a formula here.
    """
    if len(text) > LONGEST:
        raise NotUnderstood(f"This has {len(text)} characters, and a formula may have {LONGEST}.")
    reader = _Reader(_tokens(text, known), known)
    node = reader.sum()
    if reader.next.kind == "number":
        raise NotUnderstood(f"An operator such as * is missing before {reader.here()}.")
    if reader.next is not END:
        raise NotUnderstood(f"{reader.here()} is not expected there.")
    return node


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    glued: bool = False  # no space before it


END = _Token("end", "the end")


def _tokens(text: str, known: Mapping[str, bool]) -> list[_Token]:
    text = re.sub(r"_\{(\w+)\}", r"_\1", text).translate(REPLACED)
    tokens, position, glued = list[_Token](), 0, False
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            letter, code = text[position], f"U+{ord(text[position]):04X}"
            before = text[:position]
            if letter in "=<>≤≥" and sum(map(before.count, "([")) == sum(map(before.count, ")]")):
                raise NotUnderstood("Write only what stands to the right of the sign.")
            plain = letter.isascii() and letter.isprintable()
            shown = f"“{letter}”" if plain else f"The character {unicodedata.name(letter, code)}"
            raise NotUnderstood(f"{shown} has no meaning in a formula here.")
        kind, found, position = match.lastgroup or "", match.group(), match.end()
        for part in _letters(found, known) if kind == "name" else [found]:
            if kind != "space":
                tokens.append(_Token(kind, "^" if part == "**" else part, glued))
            glued = kind != "space"
    if not tokens:
        raise NotUnderstood("There is no formula yet.")
    if len(tokens) > MOST_TOKENS:
        raise NotUnderstood(f"This has {len(tokens)} names and signs, and a formula may have {MOST_TOKENS}.")
    return tokens


def _letters(word: str, known: Mapping[str, bool]) -> Sequence[str]:
    """Read an unknown word as a product, where each of its letters is a name."""
    single = [name for name in known if len(name) == 1]
    whole = word in (*known, *FUNCTIONS, *SPELLINGS, *GREEK.values(), "lam")
    return word if not whole and all(letter in (*single, *NAMED_NUMBERS) for letter in word) else [word]


class _Reader:
    """Recursive descent: one method for each level of the grammar, loosest binding first."""

    def __init__(self, tokens: Sequence[_Token], known: Mapping[str, bool]) -> None:
        self.tokens, self.known, self.position, self.depth = tokens, known, 0, 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position] if self.position < len(self.tokens) else END

    def take(self, *operators: str) -> str:
        """Step over the next token if it is one of these operators."""
        if self.next.kind == "operator" and self.next.text in operators:
            self.position += 1
            return self.tokens[self.position - 1].text
        return ""

    def expect(self, operator: str) -> None:
        if not self.take(operator):
            raise NotUnderstood(f"“{operator}” is missing before {self.here()}.")

    def here(self) -> str:
        return self.next.text if self.next is END else f"“{self.next.text[:30]}”"

    def sum(self) -> Node:
        node = Node("minus", "", (self.product(),)) if self.take("-") else self.product()
        while operator := self.take("+", "-"):
            node = Node(operator, "", (node, self.product()))
        return node

    def product(self) -> Node:
        node, operator = self.signed(), ""
        while True:
            before, operator = operator, self.take("*", "/", "@")
            if not operator:
                if self.next.kind != "name" and self.next.text not in ("(", "["):
                    return node
                if before == "/":
                    raise NotUnderstood(f"What is below the line? Write a bracket or * before {self.here()}.")
            node = Node(operator or "*", "", (node, self.signed()))

    def signed(self) -> Node:
        self.depth += 1  # every way down passes here
        if self.depth > DEEPEST:
            raise NotUnderstood(f"This is nested more than {DEEPEST} levels deep.")
        if sign := self.take("-", "+"):
            node = Node("minus", "", (self.signed(),)) if sign == "-" else self.signed()
        else:
            node = self.entry()
            if self.take("^"):
                node = Node("^", "", (node, self.signed()))
                pair = (self.tokens[self.position - 1].kind, self.next.kind)
                if self.next.glued and {*pair} <= {"name", "number"}:
                    raise NotUnderstood(f"What is the exponent? Write a bracket, or * before {self.here()}.")
        self.depth -= 1
        return node

    def entry(self) -> Node:
        node = self.atom()
        grouped = self.tokens[self.position - 1].text == ")" and node.kind != "call"
        while node.kind != "number":
            start = self.position
            if not self.take("["):
                break
            indices = self.listed("]")
            if grouped and len(indices) > 1:  # (a − b)[x, y] is a number times a vector
                self.position = start
                break
            node = Node("index", "", (node, *indices))
        return node

    def atom(self) -> Node:
        token = self.next
        if self.take("("):
            node = self.sum()
            self.expect(")")
            return node
        if self.take("["):
            return Node("vector", "", self.listed("]"))
        if token.kind not in ("number", "name"):
            raise NotUnderstood(f"A number, a name or a bracket is missing before {self.here()}.")
        self.position += 1
        if token.kind == "number":
            mantissa, _, exponent = token.text.lower().partition("e")
            if len(mantissa) > 60 or int(f"0{exponent.lstrip('+-')}") > SMALLEST_NUMBER:
                raise NotUnderstood(f"The number {token.text[:20]}… is too long or too large here.")
            return Node("number", token.text)
        primes = 0
        while self.take("'"):
            primes += 1
        if primes > 4:
            raise NotUnderstood("More than four primes are not read as a derivative.")
        of, _, which = token.text.partition("_")
        if which and of in self.known and token.text not in self.known:  # z_i for z[i], or for z(i)
            part = Node("number" if which.isdecimal() else "name", which)
            if self.known[of]:
                return Node("call", of, (part,))
            return Node("index", "", (Node("name", of), part))
        name = token.text if token.text in self.known else SPELLINGS.get(token.text, token.text)
        of_name = [part.text in ("(", ")") or part.kind for part in self.tokens[self.position :][:3]]
        called = self.known.get(token.text, True) or of_name == [True, "name", True]  # p(z) is no product
        if called and self.take("("):
            return Node("call", name, self.listed(")"), primes)
        if called and (name in FUNCTIONS or token.text in self.known) and self.take("^"):  # as in tanh^2(x)
            power = self.signed()
            self.expect("(")
            return Node("^", "", (Node("call", name, self.listed(")"), primes), power))
        if name in FUNCTIONS and token.text not in self.known and self.next.kind in ("name", "number"):
            raise NotUnderstood(f"{token.text} needs brackets: {token.text}({self.next.text[:30]}).")
        return Node("name", token.text, (), primes)

    def listed(self, closing: str) -> tuple[Node, ...]:
        if self.take(closing):
            raise NotUnderstood(f"Something is missing before “{closing}”.")
        nodes = [self.sum()]
        while self.take(","):
            nodes.append(self.sum())
        self.expect(closing)
        return tuple(nodes)


def resolve(name: str, known: Iterable[str], kind: str = "name") -> str:
    """Return the known name that is meant: itself, or the letter λ for the word lambda."""
    known = list(known)
    for letter in known:
        if is_meant(name, letter):
            return letter
    odd = next((c for c in name if not c.isascii() and not any(c in k for k in known)), "")
    shown = f"“{name[:30]}”" + (f" (with {unicodedata.name(odd, 'an unknown letter')})" if odd else "")
    plain = unicodedata.normalize("NFKC", name)
    near = [plain] if plain in known else difflib.get_close_matches(name, known, 1, 0.6)
    if kind == "function":
        near = [one for one in near if one not in name or len(name) < len(one) + 3]  # softmax is not max
    hint = f"did you mean {near[0]}?" if near else f"the {kind}s are {format_list(known)}."
    if base := re.fullmatch(r"(?:log|ln)_?(\d+)", name):
        hint = f"write {'log(x)/' * (kind == 'function')}log({base[1]})."
    elif name.startswith("δ"):
        hint = "write delta(i, j)."
    elif name.endswith("ᵀ"):
        hint = "write outer(a, b) for a bᵀ."
    raise NotUnderstood(f"{shown} is not {'defined' if kind == 'name' else f'a {kind}'} here; {hint}")


def is_meant(name: str, letter: str) -> bool:
    """Tell whether a name is meant by what was written: itself, or the letter λ by the word lambda."""
    return name in (letter, GREEK.get(letter), "lam" if letter == "λ" else None)


def linear(node: Node) -> str:
    """Write a formula on one line, as it can be typed."""
    return f"{_Part(node, as_latex=False)}"


def latex(node: Node) -> str:
    """Write a formula for MathJax, in the order in which its author wrote it."""
    return re.sub(r"\\,(?=\d)", r" \\cdot ", f"{_Part(node, as_latex=True)}")


@dataclass(frozen=True)
class _Part:
    """A formula that is put into a template, in brackets if it binds less tightly than its place there."""

    node: Node
    as_latex: bool

    def __format__(self, place: str) -> str:
        level = FORMS.get(self.node.kind, ("atom",))[0]
        if self.as_latex and (self.node.kind == "/" or self.node.text in ("exp", "log")):
            level = "power"  # a fraction has its own bar
        return self.brackets(self.written) if LEVELS[level] < LEVELS[place] else self.written

    @functools.cached_property
    def written(self) -> str:
        node, parts = self.node, [_Part(part, self.as_latex) for part in self.node.parts]
        if not parts:
            return (_latex_name(node.text) if self.as_latex else node.text) + "'" * node.primes
        base = node.parts[0]
        plain = base.text in TRIGONOMETRIC and len(base.parts) == 1 and not base.primes
        if self.as_latex and node.kind == "^" and plain:
            return f"\\{base.text}^{{{parts[1]}}}{self.brackets(_Part(base.parts[0], True).written)}"
        listed = [part.written for part in parts]
        rows = [row.parts if row.kind == "vector" else (row,) for row in node.parts]
        return self.template.format(
            *parts,
            list=", ".join(listed),
            rest=", ".join(listed[1:]),
            all=self.brackets(", ".join(listed)),
            d=r"\partial" if "_" in listed[-1] else "d",
            rows=r" \\ ".join(" & ".join(_Part(entry, True).written for entry in row) for row in rows)
            if node.kind == "vector"
            else "",
        )

    @property
    def template(self) -> str:
        if self.node.kind in FORMS:
            return FORMS[self.node.kind][1 + self.as_latex]
        function, arguments = self.node.text, self.node.parts
        known = FUNCTIONS.get(function, {}) if self.as_latex and not self.node.primes else {}
        set_as = known.get(len(arguments), "")
        if set_as and function == "diff" and arguments[0].kind in ("name", "index"):
            return SLOPE
        name = _latex_name(function) if self.as_latex else function
        return set_as or name.replace("{", "{{").replace("}", "}}") + "'" * self.node.primes + "{all}"

    def brackets(self, formula: str) -> str:
        return f"\\left({formula}\\right)" if self.as_latex else f"({formula})"


def _latex_name(name: str) -> str:
    if name[0].isdigit() or name[0] == ".":
        mantissa, _, exponent = name.lower().partition("e")
        return f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if exponent else mantissa
    head, _, rest = name.partition("_")
    if not rest and (numbered := re.fullmatch(r"(\D+)(\d+)", head)):
        head, rest = numbered.groups()
    head = next((letter for letter, word in GREEK.items() if word == head), head)
    letters = "".join(f"\\{GREEK[c]} " if c in GREEK else c for c in head).strip()
    written = letters if len(head) == 1 else f"\\mathrm{{{letters}}}"
    return f"{written}_{{{rest}}}" if rest else written
