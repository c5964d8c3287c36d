"""Section "An activation of your own": a formula that is typed, differentiated by the rules of calculus, and drawn.

The text is read by the course's grammar of formulas and is never run. Its slope is a formula of the same kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact
from types import MappingProxyType
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics import activations as act
from course_utils.teaching import Verdict
from course_utils.teaching.algebra.syntax import Node, NotUnderstood, linear, parse
from course_utils.teaching.pictures import Axis, Line, Panel, Picture
from course_utils.teaching.text import format_list, format_number
from course_utils.words import counted

WINDOW = np.linspace(-5, 5, 401)
KNOWN = MappingProxyType({"x": False, "sigmoid": True, "softplus": True, "relu": True, "step": True})
VALUES: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "abs": np.abs,
    "sign": np.sign,
    "erf": np.vectorize(math.erf, otypes=[float]),
    "sigmoid": act.sigmoid,
    "softplus": act.softplus,
    "relu": act.relu,
    "step": lambda u: np.heaviside(u, 0.0),
    "max": np.maximum,
    "min": np.minimum,
}
"""What may be called, with its values."""

OPERATORS: Mapping[str, Callable[..., Any]] = {
    "minus": np.negative,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}

SLOPES = {
    "exp": "exp(x)",
    "log": "1/x",
    "sqrt": "1/(2*sqrt(x))",
    "sin": "cos(x)",
    "cos": "-sin(x)",
    "tanh": "1 - tanh(x)^2",
    "abs": "sign(x)",
    "sign": "0",
    "erf": "2*exp(-x^2)/sqrt(pi)",
    "sigmoid": "sigmoid(x)*(1 - sigmoid(x))",
    "softplus": "sigmoid(x)",
    "relu": "step(x)",
    "step": "0",
}
"""The slope of each function of one number. At a kink or jump it is a convention; that of a sum may then be neither side's."""

MOST_DIGITS = 40  # of an exponent that is written out
ZERO, ONE, TWO = (Node("number", digit) for digit in "012")


def read(text: str) -> Node:
    """Read a formula in x.

    Raises
    ------
    NotUnderstood
        One sentence for whoever typed it.

    Examples
    --------
    >>> linear(read("x sigmoid(x)"))
    'x*sigmoid(x)'
    """
    node = parse(text, KNOWN)
    for part in node.walk():
        if part.primes or part.kind in ("vector", "index", "@"):
            raise NotUnderstood("An activation here is a formula in x, without primes, brackets [ ] and @.")
        if part.kind == "name" and part.text not in ("x", "e", "pi", "π"):
            raise NotUnderstood(f"“{part.text[:30]}” is not known here; the variable is x.")
        if part.kind == "call":
            if part.text not in VALUES:
                raise NotUnderstood(f"“{part.text[:30]}” is not known here; try {format_list(list(VALUES))}.")
            if len(part.parts) != (wanted := 2 if part.text in ("max", "min") else 1):
                raise NotUnderstood(f"{part.text} takes {counted(wanted, 'argument')} here.")
    return node


def value(node: Node, x: Array) -> Array:
    """Evaluate a formula entry by entry; where it has no value it is nan or infinite."""
    if node.kind == "number":
        return np.full_like(x, float(node.text))
    if node.kind == "name":
        return x if node.text == "x" else np.full_like(x, math.e if node.text == "e" else math.pi)
    function = VALUES[node.text] if node.kind == "call" else OPERATORS[node.kind]
    with np.errstate(all="ignore"):
        return np.asarray(function(*(value(part, x) for part in node.parts)), dtype=float)


def slope(node: Node) -> Node:
    """Differentiate a formula by the rules for sums, products, quotients, powers and chains.

    Examples
    --------
    >>> linear(slope(read("x*sigmoid(x)")))
    'sigmoid(x) + x*sigmoid(x)*(1 − sigmoid(x))'
    >>> linear(slope(read("max(x, 0)")))
    'step(x)'
    """
    match node:
        case Node("number"):
            return ZERO
        case Node("name", name):
            return ONE if name == "x" else ZERO
        case Node("minus", _, (a,)):
            return _negative(slope(a))
        case Node("+", _, (a, b)):
            return _sum(slope(a), slope(b))
        case Node("-", _, (a, b)):
            return _difference(slope(a), slope(b))
        case Node("*", _, (a, b)):
            return _sum(_product(slope(a), b), _product(a, slope(b)))
        case Node("/", _, (a, b)):
            if slope(b) == ZERO:
                return _quotient(slope(a), b)
            above = _difference(_product(slope(a), b), _product(a, slope(b)))
            return _quotient(above, Node("^", "", (b, TWO)))
        case Node("^", _, (a, b)):
            return _slope_of_power(a, b)
        case Node("call", "max" | "min" as name, (a, b)):
            first = Node("call", "step", (_difference(a, b) if name == "max" else _difference(b, a),))
            return _sum(_product(first, slope(a)), _product(_difference(ONE, first), slope(b)))
        case Node("call", name, (a,)):
            return _product(_with(parse(SLOPES[name], KNOWN), a), slope(a))
    raise NotUnderstood(f"{linear(node)} has no slope here.")


def _slope_of_power(a: Node, b: Node) -> Node:
    """Differentiate a to the power b: by the power rule, as an exponential, or both."""
    if slope(b) == ZERO:
        less = _one_less(b) if b.kind == "number" else _difference(b, ONE)
        return _product(_product(b, a if less == ONE else Node("^", "", (a, less))), slope(a))
    grown = slope(b) if a == Node("name", "e") else _product(slope(b), Node("call", "log", (a,)))
    if slope(a) != ZERO:
        grown = _sum(grown, _quotient(_product(b, slope(a)), a))
    return _product(Node("^", "", (a, b)), grown)


def _one_less(number: Node) -> Node:
    """Write a number minus 1 with all its digits; where they would be too many, as a difference."""
    exact = Context(prec=MOST_DIGITS)
    less = exact.subtract(Decimal(number.text), Decimal(1)).normalize(exact)
    if exact.flags[Inexact]:
        return _difference(number, ONE)
    size = Node("number", f"{less.copy_abs():f}")
    return _negative(size) if less < 0 else size


def _with(formula: Node, argument: Node) -> Node:
    """Put an argument in place of x."""
    if formula == Node("name", "x"):
        return argument
    parts = tuple(_with(part, argument) for part in formula.parts)
    return Node(formula.kind, formula.text, parts, formula.primes)


def _negative(a: Node) -> Node:
    return ZERO if a == ZERO else a.parts[0] if a.kind == "minus" else Node("minus", "", (a,))


def _sum(a: Node, b: Node) -> Node:
    if b.kind == "minus":
        return _difference(a, b.parts[0])
    return b if a == ZERO else a if b == ZERO else Node("+", "", (a, b))


def _difference(a: Node, b: Node) -> Node:
    if b.kind == "minus":
        return _sum(a, b.parts[0])
    return a if b == ZERO else _negative(b) if a == ZERO else Node("-", "", (a, b))


def _product(a: Node, b: Node) -> Node:
    if ZERO in (a, b):
        return ZERO
    for factor, other in ((a, b), (b, a)):
        if factor == ONE:
            return other
        if factor.kind == "minus":
            return _negative(_product(*(f.parts[0] if f is factor else f for f in (a, b))))
    if b.kind == "*":
        return _product(_product(a, b.parts[0]), b.parts[1])
    return Node("*", "", (a, b))


def _quotient(a: Node, b: Node) -> Node:
    return ZERO if a == ZERO else Node("/", "", (a, b))


def own_activation(text: str) -> Picture | Verdict:
    """Draw a formula in x with its exact slope beside it; say what is wrong with one that cannot be read."""
    try:
        formula = read(text)
        derivative = slope(formula)
    except NotUnderstood as error:
        return Verdict("failed", str(error))
    f, g = value(formula, WINDOW), value(derivative, WINDOW)
    f, g = (np.where(np.isfinite(f) & np.isfinite(g), values, np.nan) for values in (f, g))
    if np.isnan(f).all():
        return Verdict("failed", "This has no finite value and slope at any of the points from −5 to 5.")
    low, high, steepest = float(np.nanmin(g)), float(np.nanmax(g)), float(WINDOW[np.nanargmax(g)])
    least, most = format_number(low), format_number(high)
    between = (
        f"is {least} throughout"
        if least == most
        else f"lies between {least} and {most}, the largest reached first at x = {format_number(steepest)}"
    )
    x = Axis("*x*", -5, 5, ticks=(-5, 0, 5))
    points = int(np.isfinite(g).sum())  # not all are drawn: some may be too high
    return Picture(
        [
            Panel("*f*(*x*)", [_curve("f", f, "logits")], x=x, y=_limits(f)),
            Panel("exact slope *f*′(*x*)", [_curve("slope", g, "gradient")], x=x, y=_limits(g), grid="y"),
        ],
        f"The slope of {linear(formula)} is {linear(derivative)}. "
        + (
            f"At {points} points from −5 to 5 it {between}."
            if points > 1
            else f"From −5 to 5 it is drawn at x = {format_number(steepest)} only: {least}."
        ),
        facts={"points": points, "smallest slope": low, "largest slope": high, "at x": steepest},
        height=280,
    )


def _curve(name: str, values: Array, color: str) -> Line:
    return Line(name, np.where(np.abs(values) < 1e6, values, np.nan), WINDOW, color=color, width=2.5)


def _limits(values: Array) -> Axis:
    """Show from −1.2 to 1.2 at least, and up to 6 in size at most."""
    low, high = (float(np.clip(edge, -6, 6)) for edge in (np.nanmin(values), np.nanmax(values)))
    return Axis(low=min(low, -1.2), high=max(high, 1.2), zero=True)
