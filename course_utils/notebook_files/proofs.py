"""Rules on the numbers of the prose: their section's outputs, its code or the cell's metadata proves them.

A whole notebook holds so many numbers that half of all wrong ones would round to some of them.

Each rule is a function from a `Page` to its hits; its name and remedy stand in `RULES`.
"""

from __future__ import annotations

import ast
import json
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from course_utils.notebook_files.arithmetic import evaluate
from course_utils.notebook_files.files import Node
from course_utils.notebook_files.numbers import Number, numbers_shown, numbers_to_check
from course_utils.notebook_files.page import Hit, Page, visible_texts
from course_utils.notebook_files.predictions import begins_section
from course_utils.notebook_files.text import tokens_of

_MEASURED = re.compile(r"measured ([0-9]{4}-[0-9]{2}-[0-9]{2}): \S")
_SHOWN = re.compile(r"shown in ([\w-]+)")
_CHOSEN = re.compile(r"chosen: \S")


def unproved_numbers(page: Page) -> Iterator[Hit]:
    sections = list(accumulate(map(begins_section, page.cells)))
    evidence = {
        section: _Evidence.of(cell for cell, its in zip(page.cells, sections, strict=True) if its == section)
        for section in set(sections)
    }
    for index, cell in page.of_type("markdown"):
        listed = {number for key in _constants(cell) for number in Number.all_in(key)}
        for number in dict.fromkeys(numbers_to_check(cell["source"], opening=index in page.opening_cells)):
            proved = evidence[sections[index]].covers(number) or any(_names(key, number) for key in listed)
            if not proved:
                shown = f"{number.text} %" if number.percent else number.text
                yield (
                    index,
                    f"says {shown}, which no cell of its section prints, none of its code contains and its "
                    "constants do not list",
                )


def wrong_constants(page: Page) -> Iterator[Hit]:
    cells = {cell.get("id", ""): cell for _, cell in page.of_type("code")}
    for index, cell in enumerate(page.cells):
        shown = numbers_shown(cell["source"]) if cell["cell_type"] == "markdown" else []
        for key, expression in _constants(cell).items():
            if fault := _fault(key, expression, shown, cells):
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


def _fault(key: str, expression: object, shown: list[Number], cells: Mapping[str, Node]) -> str:
    """Say what is wrong with one entry of a cell's constants; nothing is the empty string.

    ``cells`` are the code cells of the notebook by their ids.

    >>> _fault("0.475", "exp(1)/(exp(1)+3)", [Number("0.475")], {})
    ''
    >>> _fault("0.475", "0.475", [Number("0.475")], {})
    'the expression repeats the number instead of deriving it'
    >>> _fault("92.5 %", "0.925", [Number("92.5", percent=True)], {})
    'the expression repeats the number instead of deriving it'
    >>> _fault("12", "factorial(170)*factorial(170)", [Number("12")], {})
    'it has no value (int too large to convert to float)'
    >>> _fault("41.6", "measured 2026-11-22: milliseconds on two cores", [Number("41.6")], {})
    ''
    >>> _fault("0.5", "chosen: a temperature to try", [Number("0.5")], {})
    ''
    >>> _fault("41.6", "shown in sum", [Number("41.6")], {"sum": {"source": "print(41.7)", "outputs": []}})
    'that cell does not show it'
    """
    number = Number.read(key)
    if number is None or not isinstance(expression, str):
        return "the key must be a number as the text shows it, and the value an expression"
    if not any(_names(number, other) for other in shown):
        return "the number no longer stands in the text"
    if expression.startswith("measured"):
        return "" if _is_dated(expression) else 'a measurement reads "measured 2026-11-22: what, and on what"'
    if _CHOSEN.match(expression):
        return ""
    if place := _SHOWN.fullmatch(expression):
        cell = cells.get(place[1])
        return "" if cell and _Evidence.of([cell]).covers(number) else "that cell does not show it"
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
    """The numbers some cells print, and those they compute with."""

    printed: list[float]  # sorted
    sizes: list[float]  # their absolute values, sorted
    literals: set[float]

    @staticmethod
    def of(cells: Iterable[Node]) -> _Evidence:
        code = [cell for cell in cells if "outputs" in cell]
        outputs = (output for cell in code for output in cell["outputs"])
        printed = sorted(n.value for o in outputs for text in visible_texts(o) for n in _readings(text))
        literals = {value for cell in code for value in _literals(cell["source"])}
        return _Evidence(printed, sorted(map(abs, printed)), literals)

    def covers(self, number: Number) -> bool:
        """Tell whether the cells print a value that rounds to `number`, or have it in their code.

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
