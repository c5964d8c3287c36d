"""A small language of formulas: read text, write it again as LaTeX or on one line.

What a student types is read here and nowhere else. The grammar knows numbers, names, ``+ - * / ^ @``,
products without a sign, calls, primes, indices and brackets, and nothing of Python: there is no attribute, no
statement, no string, so there is nothing that could run. What a formula *means* is decided in ``meaning.py``.
"""

from __future__ import annotations

import difflib
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

TRIGONOMETRIC = ("tanh", "sinh", "cosh", "sin", "cos", "tan")
FUNCTIONS = {
    **dict.fromkeys(
        (*TRIGONOMETRIC, "sech", "exp", "log", "sqrt", "abs", "sign", "erf", "transpose", "diag"), (1, 1)
    ),
    **dict.fromkeys(("dot", "outer", "delta", "jacobian"), (2, 2)),
    **{"max": (1, 12), "min": (1, 12), "diff": (2, 3), "sum": (1, 4)},
}
"""Every function of the language, with the least and the largest number of arguments."""

SPELLINGS = {"ln": "log", "Abs": "abs", "Max": "max", "Min": "min", "Sum": "sum"}
NAMES = {letter: unicodedata.name(letter).split()[-1] for letter in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΣΦΨΩ"}
GREEK = {
    letter: (name.capitalize() if letter.isupper() else name.lower()).replace("amda", "ambda")
    for letter, name in NAMES.items()
}
"""The word for each letter, as LaTeX spells it."""

CONSTANTS = ("e", "pi", "π")
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
    """A formula or a part of one.

    Parameters
    ----------
    kind : str
        "number", "name", "call", "index" (the first part is what has entries), "vector" (a matrix is a vector
        of vectors), "minus" (the sign), or one of the operators ``+ - * / ^ @``.
    text : str
        A number as it was written, or the name of a symbol or function.
    parts : tuple of Node
    primes : int
        How many derivatives are meant.
    """

    kind: str
    text: str = ""
    parts: tuple[Node, ...] = ()
    primes: int = 0


def parse(text: str, known: Mapping[str, bool] = MappingProxyType({})) -> Node:
    """Read a formula.

    Parameters
    ----------
    text : str
    known : mapping of str to bool
        The names in use, and whether each is a function. Before a bracket, a name that is none is a factor.

    Raises
    ------
    NotUnderstood
        Where the text is no formula, or can be read in two ways.

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
    if reader.next is not END:
        if reader.next.kind == "number":
            raise NotUnderstood(f"An operator such as * is missing before {reader.here()}.")
        raise NotUnderstood(f"{reader.here()} is not expected there.")
    return node


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    glued: bool = False  # no space before it


END = _Token("end", "the end")


def _tokens(text: str, known: Mapping[str, bool]) -> list[_Token]:
    text = text.translate(REPLACED)
    tokens, position, glued = list[_Token](), 0, False
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise NotUnderstood(f"{_quoted(text[position])} has no meaning in a formula here.")
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
    whole = word in known or word in FUNCTIONS or word in SPELLINGS or word in (*GREEK.values(), "lam")
    return word if not whole and all(letter in (*single, *CONSTANTS) for letter in word) else [word]


def _quoted(letter: str) -> str:
    if letter.isascii() and letter.isprintable():
        return f"“{letter}”"
    return f"The character {unicodedata.name(letter, f'U+{ord(letter):04X}')}"


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
                if self.next.kind != "name" and self.next.text != "(":
                    return node
                if before == "/":
                    raise NotUnderstood(f"What is below the line? Write a bracket or * before {self.here()}.")
            node = Node(operator or "*", "", (node, self.signed()))

    def signed(self) -> Node:
        self.depth += 1  # every way down passes here
        if self.depth > DEEPEST:
            raise NotUnderstood(f"This is nested more than {DEEPEST} levels deep.")
        node = self._signed()
        self.depth -= 1
        return node

    def _signed(self) -> Node:
        if self.take("-"):
            return Node("minus", "", (self.signed(),))
        if self.take("+"):
            return self.signed()
        base = self.entry()
        if not self.take("^"):
            return base
        exponent = self.signed()
        atoms = ("name", "number")
        if self.next.glued and self.next.kind in atoms and self.tokens[self.position - 1].kind in atoms:
            raise NotUnderstood(f"What is the exponent? Write a bracket, or * before {self.here()}.")
        return Node("^", "", (base, exponent))

    def entry(self) -> Node:
        node = self.atom()
        while self.take("["):
            node = Node("index", "", (node, *self.listed("]")))
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
            if len(mantissa) > 60 or abs(int(exponent[:8] or 0)) > SMALLEST_NUMBER:
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
            return (
                Node("call", of, (part,)) if self.known[of] else Node("index", "", (Node("name", of), part))
            )
        name, called = SPELLINGS.get(token.text, token.text), self.known.get(token.text, True)
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
    """Return the known name that is meant: itself, or the letter λ for the word lambda.

    Examples
    --------
    >>> resolve("lambda", ["x", "λ"])
    'λ'
    >>> resolve("y", ["x", "λ"])
    Traceback (most recent call last):
        ...
    course_utils.teaching.algebra.syntax.NotUnderstood: “y” is not defined here; the names are x and λ.
    """
    known = [name for name in known if name]
    for letter in known:
        if name in (letter, GREEK.get(letter), "lam" if letter == "λ" else None):
            return letter
    odd = next((c for c in name if not c.isascii() and not any(c in k for k in known)), "")
    shown = f"“{name[:30]}”" + (f" (with {unicodedata.name(odd, 'an unknown letter')})" if odd else "")
    plain = unicodedata.normalize("NFKC", name)
    near = [plain] if plain in known else difflib.get_close_matches(name, known, 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"the {kind}s are {format_list(known)}."
    raise NotUnderstood(f"{shown} is not {'defined' if kind == 'name' else f'a {kind}'} here; {hint}")


def walk(node: Node) -> Iterable[Node]:
    """Visit a formula and all its parts."""
    yield node
    for part in node.parts:
        yield from walk(part)


# How tightly each form binds. A part that binds less tightly than its place needs brackets.
SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)
BINDING = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "@": PRODUCT, "minus": SIGN, "^": POWER}


def linear(node: Node, least: int = SUM) -> str:
    """Write a formula on one line, as it can be typed, in brackets if it binds less tightly than ``least``.

    Examples
    --------
    >>> linear(parse("(exp(x)*b) / (exp(x)+b)**2"))
    'exp(x)*b/(exp(x) + b)^2'
    """
    bound = BINDING.get(node.kind, ATOM)
    if bound < least:
        return f"({linear(node)})"
    match node:
        case Node("call", function, arguments, primes):
            return f"{function}{chr(39) * primes}({', '.join(map(linear, arguments))})"
        case Node("index", _, (of, *indices)):
            return f"{linear(of, ATOM)}[{', '.join(map(linear, indices))}]"
        case Node("minus", _, (of,)):
            return MINUS + linear(of, PRODUCT if BINDING.get(of.kind) == PRODUCT else SIGN)
        case Node("vector", _, parts):
            return f"[{', '.join(map(linear, parts))}]"
        case Node("+" | "-" as operator, _, (left, right)):
            return f"{linear(left)} {operator.replace('-', MINUS)} {linear(right, PRODUCT)}"
        case Node("^", _, (left, right)):
            return f"{linear(left, ATOM)}^{linear(right, SIGN)}"
        case Node(operator, _, (left, right)):
            return f"{linear(left, PRODUCT)}{operator}{linear(right, SIGN if operator == '*' else POWER)}"
    return node.text + "'" * node.primes


# How a call is set: its arguments as they are {0} {1}, or in brackets where they need them: {product0}.
TEMPLATES = {
    ("exp", 1): "e^{{{0}}}",
    ("sqrt", 1): r"\sqrt{{{0}}}",
    ("abs", 1): r"\left|{0}\right|",
    ("jacobian", 2): r"\frac{{\partial {power0}}}{{\partial {1}}}",
    ("sum", 1): r"\sum {product0}",
    ("sum", 2): r"\sum_{{{1}}} {product0}",
    ("sum", 4): r"\sum_{{{1} = {2}}}^{{{3}}} {product0}",
    ("outer", 2): r"{power0}\,{power1}^{{\top}}",
    ("dot", 2): r"\left\langle {0}, {1} \right\rangle",
    ("transpose", 1): r"{atom0}^{{\top}}",
    ("delta", 2): r"\delta_{{{0}, {1}}}",
}


def latex(node: Node, least: int = SUM) -> str:
    """Write a formula for MathJax, in the order in which its author wrote it.

    Examples
    --------
    >>> print(latex(parse("f*(1 - f)")), latex(parse("exp(z_0)/2")), sep="   ")
    f\\,\\left(1 - f\\right)   \\frac{e^{z_{0}}}{2}
    """
    bound = POWER if node.kind == "/" else BINDING.get(node.kind, ATOM)  # a fraction has its own bar
    if bound < least:
        return f"\\left({latex(node)}\\right)"
    match node:
        case Node("number", text):
            mantissa, _, exponent = text.lower().partition("e")
            return f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if exponent else mantissa
        case Node("call"):
            return _latex_call(node)
        case Node("index", _, (of, *indices)):
            return f"{latex(of, ATOM)}_{{{', '.join(map(latex, indices))}}}"
        case Node("minus", _, (of,)):
            return f"-{latex(of, PRODUCT)}"
        case Node("vector", _, parts):
            rows = [" & ".join(map(latex, row.parts if row.kind == "vector" else (row,))) for row in parts]
            return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"
        case Node("/", _, (left, right)):
            return f"\\frac{{{latex(left)}}}{{{latex(right)}}}"
        case Node("^", _, (Node("call", name, (argument,)), right)) if name in TRIGONOMETRIC:
            return f"\\{name}^{{{latex(right)}}}{_brackets(latex(argument))}"
        case Node("^", _, (left, right)):
            called = left.kind == "call" and left.text in ("exp", "log")
            return f"{_brackets(latex(left)) if called else latex(left, ATOM)}^{{{latex(right)}}}"
        case Node("+" | "-" as operator, _, (left, right)):
            return f"{latex(left)} {operator} {latex(right, PRODUCT)}"
        case Node("*" | "@", _, (left, right)):
            factor = _brackets(latex(right)) if right.kind == "minus" else latex(right, SIGN)
            times = r" \cdot " if factor[:1].isdigit() else r"\,"
            return f"{latex(left, PRODUCT)}{times}{factor}"
    return _latex_name(node.text) + "'" * node.primes


def _brackets(formula: str) -> str:
    return f"\\left({formula}\\right)"


def _latex_name(name: str) -> str:
    head, _, rest = name.partition("_")
    if not rest and (numbered := re.fullmatch(r"(\D+)(\d+)", head)):
        head, rest = numbered.groups()
    head = next((letter for letter, word in GREEK.items() if word == head), head)
    letters = "".join(f"\\{GREEK[c]} " if c in GREEK else c for c in head).strip()
    written = letters if len(head) == 1 else f"\\mathrm{{{letters}}}"
    return f"{written}_{{{rest}}}" if rest else written


def _latex_call(node: Node) -> str:
    function, arguments = node.text, [latex(part) for part in node.parts]
    if template := TEMPLATES.get((function, len(arguments))):
        levels = {"product": PRODUCT, "power": POWER, "atom": ATOM}
        bracketed = {
            f"{name}{k}": latex(p, level) for name, level in levels.items() for k, p in enumerate(node.parts)
        }
        return template.format(*arguments, **bracketed)
    if function == "diff" and len(arguments) == 2:
        d = "\\partial" if "_" in arguments[1] else "d"
        if node.parts[0].kind in ("name", "index"):
            return f"\\frac{{{d} {arguments[0]}}}{{{d} {arguments[1]}}}"
        return f"\\frac{{{d}}}{{{d} {arguments[1]}}}{_brackets(arguments[0])}"
    name = _latex_name(function)
    if function in FUNCTIONS:
        known = (*TRIGONOMETRIC, "log", "max", "min")
        name = f"\\{function}" if function in known else f"\\operatorname{{{function}}}"
    return f"{name}{chr(39) * node.primes}{_brackets(', '.join(arguments))}"
