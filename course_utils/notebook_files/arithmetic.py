"""Evaluate the arithmetic that a notebook gives as the origin of a number, and nothing beyond it."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from course_utils.notebook_files.text import cut

_FUNCTIONS: dict[str, Callable[..., float]] = {
    **{f.__name__: f for f in (math.exp, math.expm1, math.log, math.log1p, math.log2, math.log10, math.sqrt)},
    **{f.__name__: f for f in (math.sin, math.cos, math.sinh, math.cosh, math.tanh, math.erf, math.erfc)},
    **{f.__name__: f for f in (math.comb, math.factorial, math.floor, math.ceil, abs, min, max)},
}
_NAMES = {"pi": math.pi, "e": math.e, "inf": math.inf}
_OPERATIONS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: float(a) ** b,
    ast.USub: lambda a: -a,
    ast.UAdd: lambda a: a,
}
_MAX_EXPRESSION = 200


def evaluate(expression: str) -> float:
    """Evaluate arithmetic: numbers, ``+ - * / **``, ``pi``, ``e``, ``inf``, functions of `math`; no more.

    Parameters
    ----------
    expression : str
        At most 200 characters. ``comb`` and ``factorial`` take integers up to 170.

    Raises
    ------
    ValueError
        If anything else stands in the expression, or it has no real value.

    Examples
    --------
    >>> round(evaluate("exp(1)/(exp(1)+3)"), 3)
    0.475
    >>> evaluate("__import__('os')")
    Traceback (most recent call last):
    ...
    ValueError: only numbers, + - * / **, pi, e, inf and functions such as exp, log, sqrt may stand in it
    """
    if len(expression) > _MAX_EXPRESSION:
        raise ValueError(f"it is longer than {_MAX_EXPRESSION} characters")
    try:
        value = _value(ast.parse(expression.strip(), mode="eval").body)
        if not isinstance(value, complex):
            return float(value)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError("it is not a complete expression") from None
    except (ArithmeticError, TypeError) as error:
        raise ValueError(f"it has no value ({cut(error)})") from None
    raise ValueError("its value is not real")


def _value(node: ast.AST) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATIONS:
            return _OPERATIONS[type(operator)](_value(left), _value(right))
        case ast.UnaryOp(op=operator, operand=operand) if type(operator) in _OPERATIONS:
            return _OPERATIONS[type(operator)](_value(operand))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            values = [_value(argument) for argument in arguments]
            if name in ("comb", "factorial"):
                values = [_small_integer(value) for value in values]
            return _FUNCTIONS[name](*values)
    raise ValueError(
        "only numbers, + - * / **, pi, e, inf and functions such as exp, log, sqrt may stand in it"
    )


def _small_integer(value: float) -> int:
    if value != int(value) or not 0 <= value <= 170:
        raise ValueError("comb and factorial take integers from 0 to 170")
    return int(value)
