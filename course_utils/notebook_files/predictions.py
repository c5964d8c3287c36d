"""Prediction comes first: what a page asks, which outputs answer it, and what would give the answer away.

An output that stands below a question in the same section (a heading of level 2 begins one) answers it. A
text asks where its cell ends with a question mark. Such outputs are stored hidden: JupyterLab shows them when
their cell is run, exports and GitHub at once. What asks itself (a question, an exercise, a derivation, an
attempt that was not made) is never hidden.

Each rule is a function from a `Page` to its hits; its name and remedy stand in `RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_utils.notebook_files.files import Node
from course_utils.notebook_files.numbers import Number
from course_utils.notebook_files.page import Hit, Page, html_of, visible_texts
from course_utils.notebook_files.text import HEADING, shows_object, without_blocks

OUTPUTS_HIDDEN = "outputs_hidden"  # what JupyterLab calls it, in the metadata of a cell
# In place of hidden outputs JupyterLab shows the first line of the first of them: the answer. So this one,
# which holds nothing, stands first. Nobody shows it (nbconvert says so, once), and nbval does not compare it.
COVER: Node = {"output_type": "display_data", "data": {}, "metadata": {}}

RIGHT = re.compile(r"<strong>([A-Z]) is right\.</strong>")


def kind_of(cell: Node) -> str:
    """Name the object of a lesson that a cell displays: question, exercise, demo, picture, text, or nothing.

    >>> def cell(text, html):
    ...     data = {"text/plain": text, "text/html": html}
    ...     return {"source": "lesson.it", "outputs": [{"output_type": "execute_result", "data": data}]}
    >>> kind_of(cell("Question: 1 + 1?", "<p>1 + 1?</p>")), kind_of(cell("2.", "<p>Sum</p><figure></figure>"))
    ('question', 'demo')
    """
    if not shows_object(cell["source"]):
        return ""
    plain, html = plain_text(cell), "".join(html_of(output) for output in cell["outputs"])
    for kind in ("question", "exercise"):
        if plain.startswith(f"{kind.capitalize()}: "):
            return kind
    if "<figure" in html:
        return "picture" if html.startswith("<figure") else "demo"
    return "text" if cell["outputs"] else ""


def answering(cells: list[Node]) -> set[int]:
    """Return the indices of the cells whose outputs answer a question above them in their section."""
    found, asked = set(), False
    for index, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            asked = asked and not begins_section(cell)
            asked = asked or cell["source"].rstrip(" *_\n").endswith("?")
        elif cell["cell_type"] == "code":
            if asked and cell["outputs"] and not asks(cell):
                found.add(index)
            asked = asked or kind_of(cell) == "question"
    return found


def begins_section(cell: Node) -> bool:
    """Tell whether a heading of level 1 or 2 stands in a cell."""
    headings = HEADING.finditer(without_blocks(cell["source"])) if cell["cell_type"] == "markdown" else ()
    return any(len(heading[1]) <= 2 for heading in headings)


def asks(cell: Node) -> bool:
    return kind_of(cell) in ("question", "exercise", "text") or plain_text(cell).startswith(
        "Not attempted yet"
    )


def plain_text(cell: Node) -> str:
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell["outputs"])


def is_hidden(cell: Node) -> bool:
    """Tell whether the outputs of a cell wait until it is run, and nothing tells them before."""
    hidden = cell["metadata"].get("jupyter", {}).get(OUTPUTS_HIDDEN)
    return bool(hidden) and COVER in cell["outputs"][:1]


def other_answers(page: Page) -> Iterator[Hit]:
    answers = answering(page.cells)
    for index, cell in page.of_type("code"):
        marked = OUTPUTS_HIDDEN in cell["metadata"].get("jupyter", {}) or COVER in cell["outputs"]
        if index in answers and not is_hidden(cell):
            yield index, "shows the answer to a question"
        elif marked and index not in answers:
            yield index, "hides what answers no question"


def spoilers(page: Page) -> Iterator[Hit]:
    above: list[tuple[int, float]] = []  # numbers shown in the section so far, and where
    for index, cell in enumerate(page.cells):
        if begins_section(cell):
            above = []
        elif cell["cell_type"] == "code":
            for number in _telling_numbers(cell) if kind_of(cell) == "question" else ():
                if place := next((place for place, value in above if _tells(value, number)), None):
                    yield place, f"shows {number.text}, the answer to the question in cell {index + 1}"
            if not is_hidden(cell) and not asks(cell):
                texts = [text for output in cell["outputs"] for text in visible_texts(output)]
                above += [(index, number.value) for text in texts for number in Number.all_in(text)]


def _tells(shown: float, answer: Number) -> bool:
    """Tell whether a number shown gives an answer away; one digit must be hit exactly, not rounded to."""
    digits = answer.text.partition("e")[0].lstrip("-0.").replace(".", "")
    return answer.shows(shown) if len(digits) > 1 else shown == answer.value


def _telling_numbers(question: Node) -> set[Number]:
    """Return the numbers that stand in the right option of a question, in no other and not in the prompt."""
    html = "".join(html_of(output) for output in question["outputs"])
    prompt, *options = re.split(r"^  (?=[A-Z]\) )", plain_text(question), flags=re.MULTILINE)
    right = [option for option in options if (match := RIGHT.search(html)) and option[0] == match[1]]
    elsewhere = {n.text for text in (prompt, *options) if text not in right for n in Number.all_in(text)}
    return {n for option in right for n in Number.all_in(option[2:]) if n.text not in elsewhere}
