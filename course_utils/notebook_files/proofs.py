"""Rules on the numbers of the prose: an output, the code or the cell's own metadata proves each of them.

Each rule is a function from a `Page` to its hits; its name and remedy stand in `RULES`.
"""

from __future__ import annotations

import ast
import json
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from course_utils.notebook_files.arithmetic import evaluate
from course_utils.notebook_files.files import Node
from course_utils.notebook_files.numbers import Number, numbers_shown, numbers_to_check
from course_utils.notebook_files.page import Hit, Page, visible_texts
from course_utils.notebook_files.text import tokens_of

_MEASURED = re.compile(r"measured ([0-9]{4}-[0-9]{2}-[0-9]{2}): \S")


def unproved_numbers(page: Page) -> Iterator[Hit]:
    evidence = _Evidence.of(page)
    for index, cell in page.of_type("markdown"):
        listed = {number for key in _constants(cell) for number in Number.all_in(key)}
        for number in dict.fromkeys(numbers_to_check(cell["source"], opening=index in page.opening_cells)):
            if not evidence.covers(number) and not any(_names(key, number) for key in listed):
                shown = f"{number.text} %" if number.percent else number.text
                yield (
                    index,
                    f"says {shown}, which no cell prints, no code contains and its constants do not list",
                )


def wrong_constants(page: Page) -> Iterator[Hit]:
    for index, cell in enumerate(page.cells):
        shown = numbers_shown(cell["source"]) if cell["cell_type"] == "markdown" else []
        for key, expression in _constants(cell).items():
            if fault := _fault(key, expression, shown):
                yield (
                    index,
                    f"has the constant {json.dumps({key: expression}, ensure_ascii=False)[1:-1]}: {fault}",
                )


def _constants(cell: Node) -> dict[str, Any]:
    constants: dict[str, Any] = cell["metadata"].get("constants", {})
    return constants


def _names(key: Number, number: Number) -> bool:
    """Tell whether a listed constant is this number; its percent sign may stay away."""
    return key.text == number.text and (number.percent or not key.percent)


def _fault(key: str, expression: object, shown: list[Number]) -> str:
    """Say what is wrong with one entry of a cell's constants; nothing is the empty string.

    >>> _fault("0.475", "exp(1)/(exp(1)+3)", [Number("0.475")])
    ''
    >>> _fault("0.475", "0.475", [Number("0.475")])
    'the expression repeats the number instead of deriving it'
    >>> _fault("92.5 %", "0.925", [Number("92.5", percent=True)])
    'the expression repeats the number instead of deriving it'
    >>> _fault("12", "factorial(170)*factorial(170)", [Number("12")])
    'it has no value (int too large to convert to float)'
    >>> _fault("41.6", "measured 2026-11-22: milliseconds on two cores", [Number("41.6")])
    ''
    """
    number = Number.read(key)
    if number is None or not isinstance(expression, str):
        return "the key must be a number as the text shows it, and the value an expression"
    if not any(_names(number, other) for other in shown):
        return "the number no longer stands in the text"
    if expression.startswith("measured"):
        return "" if _is_dated(expression) else 'a measurement reads "measured 2026-11-22: what, and on what"'
    scale = 100 if number.percent else 1
    try:
        value = evaluate(expression) * scale
    except ValueError as error:
        return str(error)
    if not number.shows(value):
        return f"the expression gives {value:.10g}"
    if abs(number.value) in {round(scale * literal, 12) for literal in _literals(expression)}:
        return "the expression repeats the number instead of deriving it"
    return ""


def _is_dated(measured: str) -> bool:
    match = _MEASURED.match(measured)
    try:
        return bool(match and date.fromisoformat(match[1]))
    except ValueError:
        return False


@dataclass(frozen=True)
class _Evidence:
    """The numbers a notebook prints, and those it computes with."""

    printed: list[float]  # sorted
    sizes: list[float]  # their absolute values, sorted
    literals: set[float]

    @staticmethod
    def of(page: Page) -> _Evidence:
        printed = sorted(
            n.value for _, o in page.outputs() for text in visible_texts(o) for n in _readings(text)
        )
        literals = {value for _, cell in page.of_type("code") for value in _literals(cell["source"])}
        return _Evidence(printed, sorted(map(abs, printed)), literals)

    def covers(self, number: Number) -> bool:
        """Tell whether the notebook prints a value that rounds to `number`, or has it in its code.

        A number without a minus is also covered by a negative one: "falls 0.28 below zero".
        """
        printed = self.printed if number.text.startswith("-") else self.sizes
        scales = (1.0, 100.0) if number.percent else (1.0,)
        return number.value in self.literals or any(
            _holds_near(printed, number.value / scale, number.half_unit / scale * (1 + 1e-9))
            for scale in scales
        )


def _holds_near(ordered: list[float], value: float, tolerance: float) -> bool:
    at = bisect_left(ordered, value - tolerance)
    return at < len(ordered) and ordered[at] <= value + tolerance


def _readings(text: str) -> list[Number]:
    """Read the numbers of an output; "100,200" is both one number and two."""
    return Number.all_in(text) + Number.all_in(text.replace(",", " "))


def _literals(source: str) -> Iterator[float]:
    """Yield the numbers a cell's code contains, comments and strings aside.

    >>> list(_literals("z = [1, -4.5]  # 17"))
    [1.0, -4.5]
    """
    tokens = tokens_of(source)
    for index, token in enumerate(tokens):
        if token.type == tokenize.NUMBER and token.string[-1] not in "jJ":
            yield _sign(tokens[:index]) * float(ast.literal_eval(token.string))


def _sign(before: list[tokenize.TokenInfo]) -> int:
    """Return -1 after a minus that has no left operand, else 1."""
    if not before or before[-1].string != "-":
        return 1
    is_binary = len(before) > 1 and (
        before[-2].type in (tokenize.NAME, tokenize.NUMBER) or before[-2].string in (")", "]", "}")
    )
    return 1 if is_binary else -1
