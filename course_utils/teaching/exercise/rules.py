"""What students do in place of what a solution does: the rules that `variants` applies to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np

Rule = tuple[str, str, str]  # key, words, template
FLOORS = ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6", "1e-5", "1e-3", "1")
ENDS = ("10", "20", "30", "50", "100", "200", "300", "500", "600", "700", "709", "745")

REDUCTIONS = {"sum": "a sum", "mean": "a mean", "max": "the largest", "min": "the smallest"}
IN_PLACE_OF = {
    **REDUCTIONS,
    "median": "the median",
    "prod": "a product",
    "cumsum": "a running sum",
    "first_of": "the first entry",
    "last_of": "the last entry",
    "largest_size": "the largest absolute value",
    "length_of": "the root of a sum of squares",
}
CALL_RULES: dict[str, list[Rule]] = {
    "np.exp": [
        ("base", "powers of 2 stand where powers of e belong", "np.exp2({0})"),
        ("base", "powers of 10 stand where powers of e belong", "10.0 ** ({0})"),
        ("exponential", "e^x − 1 stands where e^x belongs", "np.expm1({0})"),
        ("exponential", "the exponential is left out", "({0})"),
        ("whole", "exponentials are cut to whole numbers", "np.trunc(np.exp({0}))"),
        ("exponential", "every exponential counts as 1", "np.exp(0 * ({0}))"),
        ("exponential", "squares stand where exponentials belong", "({0}) ** 2"),
        *(("clip", f"exponents are held at −{c} or above", f"np.exp(np.maximum({{0}}, -{c}))") for c in ENDS),
        *(("clip", f"exponents are held at {c} or below", f"np.exp(np.minimum({{0}}, {c}))") for c in ENDS),
    ],
    "np.log": [
        ("base", "a logarithm of base 2 stands where the natural one belongs", "np.log2({0})"),
        ("base", "a logarithm of base 10 stands where the natural one belongs", "np.log10({0})"),
        ("log1p", "log(1 + x) stands where log x belongs", "np.log1p({0})"),
        ("logarithm", "the logarithm is left out", "({0})"),
        *(("epsilon", f"{c} is added before the logarithm", f"np.log({{0}} + {c})") for c in FLOORS),
        *(
            ("floor", f"the logarithm is given at least {c}", f"np.log(np.maximum({{0}}, {c}))")
            for c in FLOORS
        ),
    ],
    "np.log1p": [("log1p", "log x stands where log(1 + x) belongs", "np.log({0})")],
    "np.expm1": [("expm1", "e^x stands where e^x − 1 belongs", "np.exp({0})")],
    "np.sqrt": [
        ("root", "the square root is left out", "({0})"),
        ("root", "a cube root stands where the square root belongs", "np.cbrt({0})"),
        ("root", "a logarithm stands where the square root belongs", "np.log({0})"),
        ("root", "a logarithm stands where the square root belongs", "np.log2({0} + 1)"),
        ("whole", "the square root is rounded down to a whole number", "np.floor(np.sqrt({0}))"),
        ("whole", "the square root is rounded up to a whole number", "np.ceil(np.sqrt({0}))"),
        ("whole", "the square root is rounded to a whole number", "np.rint(np.sqrt({0}))"),
    ],
    "np.abs": [("absolute", "no absolute value is taken", "({0})")],
    "np.maximum": [
        ("hinge", "nothing is held at {1} or above: that step is left out", "({0})"),
        ("hinge", "the smaller of two numbers is taken where the larger belongs", "np.minimum({0}, {1})"),
        ("hinge", "absolute values stand where negative numbers should become 0", "np.abs({0})"),
        ("hinge", "tanh stands where negative numbers should become 0", "np.tanh({0})"),
        ("hinge", "a sigmoid stands where negative numbers should become 0", "1 / (1 + np.exp(-({0})))"),
        ("hinge", "softplus stands where negative numbers should become 0", "np.logaddexp(0, {0})"),
        *(
            ("hinge", f"negative numbers keep {c} of their size instead of becoming 0", f"leaky({{0}}, {c})")
            for c in (0.01, 0.1, 0.2, 0.3)
        ),
        *(
            ("hinge", f"what exceeds {c} is cut off as well", f"np.clip({{0}}, {{1}}, {c})")
            for c in (1, 6, 1e6)
        ),
        ("hinge", "only 0 and 1 come out where the number itself should be kept", "({0} > {1}) * 1.0"),
    ],
    "np.minimum": [
        ("hinge", "nothing is held at {1} or below: that step is left out", "({0})"),
        (
            "square",
            "a square is taken on the way: it moves slowly first, then fast",
            "np.minimum({0}, {1}) ** 2",
        ),
        (
            "root",
            "a square root is taken on the way: it moves fast first, then slowly",
            "np.sqrt(np.minimum({0}, {1}))",
        ),
        ("half", "only half of the way is gone", "np.minimum({0}, {1}) / 2"),
    ],
    "len": [
        ("count", "the number of all entries stands where the number of rows belongs", "np.size({0})"),
        ("count", "the number of columns stands where the number of rows belongs", "np.shape({0})[-1]"),
        (
            "count",
            "the square root of the number of rows stands where that number belongs",
            "len({0}) ** 0.5",
        ),
    ],
    "max": [
        ("hinge", "the smaller of two numbers is taken where the larger belongs", "min({0}, {1})"),
        ("hinge", "the larger of two absolute values is taken", "max(abs({0}), abs({1}))"),
        (
            "hinge",
            "the logarithm of a sum of exponentials stands where the larger belongs",
            "np.logaddexp({0}, {1})",
        ),
    ],
    "np.where": [("branches", "the two cases are exchanged", "np.where({0}, {2}, {1})")],
}
OPERATOR_RULES: dict[type, list[Rule]] = {
    ast.Add: [
        ("term", "something is subtracted that is to be added", "({0}) - ({1})"),
        ("term", "a term is left out{which1}", "({0})"),
        ("term", "a term is left out{which0}", "({1})"),
        ("term", "a term counts half{which1}", "({0}) + ({1}) / 2"),
        ("term", "a term counts twice{which1}", "({0}) + 2 * ({1})"),
        ("term", "a product stands where a sum belongs", "({0}) * ({1})"),
    ],
    ast.Sub: [
        ("term", "something is added that is to be subtracted", "({0}) + ({1})"),
        ("order", "a difference is the wrong way round", "({1}) - ({0})"),
        ("term", "something is not subtracted{which1}", "({0})"),
        ("term", "only what is to be subtracted{from0} is left", "({1})"),
        ("term", "only half of what is to be subtracted is subtracted", "({0}) - ({1}) / 2"),
        ("term", "something is subtracted twice{which1}", "({0}) - 2 * ({1})"),
        ("term", "a quotient stands where a difference belongs", "({0}) / ({1})"),
    ],
    ast.Mult: [
        ("factor", "a factor is left out{which1}", "({0})"),
        ("factor", "a factor is left out{which0}", "({1})"),
        ("factor", "something is divided by that is to be multiplied by{which1}", "({0}) / ({1})"),
        ("factor", "a sum stands where a product belongs", "({0}) + ({1})"),
        ("factor", "a difference stands where a product belongs", "({0}) - ({1})"),
        ("square", "a factor comes in squared{which0}", "({0}) ** 2 * ({1})"),
        ("square", "a factor comes in squared{which1}", "({0}) * ({1}) ** 2"),
        ("factor", "a product counts twice", "2 * ({0}) * ({1})"),
        ("factor", "only half of a product counts", "({0}) * ({1}) / 2"),
    ],
    ast.Div: [
        ("division", "something is not divided{by1}", "({0})"),
        ("division", "something is multiplied by that is to be divided by{which1}", "({0}) * ({1})"),
        ("division", "a quotient is upside down", "({1}) / ({0})"),
        ("whole", "a division drops what is behind the point (`//`)", "({0}) // ({1})"),
        ("division", "a difference stands where a quotient belongs", "({0}) - ({1})"),
        ("root", "the square root of the divisor is taken{which1}", "({0}) / np.sqrt({1})"),
        ("square", "the divisor is squared{which1}", "({0}) / ({1}) ** 2"),
        ("exponential", "e to that power is taken as the divisor{which1}", "({0}) / np.exp({1})"),
        ("one up", "the divisor is too large by 1{which1}", "({0}) / (({1}) + 1)"),
        *(("epsilon", f"{c} is added to a divisor", f"({{0}}) / (({{1}}) + {c})") for c in FLOORS[:-1]),
        *(
            (
                "floor",
                f"a divisor never gets below some small number, such as {c}",
                f"({{0}}) / np.maximum({{1}}, {c})",
            )
            for c in FLOORS[:-1]
        ),
    ],
    ast.Pow: [
        ("power", "no power is taken", "({0})"),
        ("power", "a product stands where a power belongs", "({0}) * ({1})"),
    ],
    ast.MatMult: [
        (
            "transposed",
            "a matrix is transposed, or is not, where it is the other way round",
            "({0}) @ np.transpose({1})",
        )
    ],
    ast.Gt: [
        ("equality", "in a comparison equal numbers count as well (`>=`)", "({0}) >= ({1})"),
        ("comparison", "a comparison is the wrong way round", "({0}) < ({1})"),
        ("mask", "a condition is never asked", "({0}) == ({0})"),
        *(
            ("threshold", f"the threshold of a comparison is {c} too high", f"({{0}}) > ({{1}}) + {c}")
            for c in ("0.5", "1")
        ),
        *(
            (
                "threshold",
                f"the threshold of a comparison is too high by some small number, such as {c}",
                f"({{0}}) > ({{1}}) + {c}",
            )
            for c in FLOORS[:-1]
        ),
        *(
            (
                "leaky",
                f"where a comparison fails, {c} is passed on instead of 0",
                f"np.where(({{0}}) > ({{1}}), 1, {c})",
            )
            for c in (0.01, 0.1)
        ),
    ],
    ast.Lt: [
        ("equality", "in a comparison equal numbers count as well (`<=`)", "({0}) <= ({1})"),
        ("comparison", "a comparison is the wrong way round", "({0}) > ({1})"),
    ],
}
SCALED_RULES = [
    rule for kind in (ast.Add, ast.Sub) for rule in OPERATOR_RULES[kind] if re.search("half|twice", rule[1])
]  # what is added or subtracted
LOOP_RULES: list[Rule] = [
    ("rounds", "the loop does its first round only", "list({0})[:1]"),
    ("rounds", "the loop leaves out its first round", "list({0})[1:]"),
    ("rounds", "the loop leaves out its last round", "list({0})[:-1]"),
    ("rounds", "the loop runs in reversed order", "list({0})[::-1]"),
]


def first_of(values: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Take the first entry where NumPy's reductions would take them all."""
    return _one_of(values, 0, axis, keepdims)


def last_of(values: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Take the last entry."""
    return _one_of(values, -1, axis, keepdims)


def _one_of(values: Any, place: int, axis: Any, keepdims: bool) -> Any:
    one = np.take(values, [place], axis=axis)
    return one if keepdims else np.squeeze(one, axis)


HELPERS: dict[str, Callable[..., Any]] = {
    "first_of": first_of,
    "last_of": last_of,
    "largest_size": lambda values, **keywords: np.max(np.abs(values), **keywords),
    "length_of": lambda values, **keywords: np.sqrt(np.sum(np.square(values), **keywords)),
    "leaky": lambda values, slope: np.where(values > 0, values, slope * values),
}
