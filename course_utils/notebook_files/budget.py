"""The core of a notebook against its budget: what a student who has never seen it can do in one lesson."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from course_utils.notebook_files.anatomy import CLOSING
from course_utils.notebook_files.numbers import prose_and_formulas
from course_utils.notebook_files.page import Hit, Page, tags_of
from course_utils.notebook_files.predictions import kind_of
from course_utils.notebook_files.text import LINK, SECTION_TIME


@dataclass(frozen=True)
class Core:
    """What the sections marked core hold.

    Attributes
    ----------
    words : int
        Of prose: without headings, code, formulas, tables and images, and without what objects say.
    predictions, demos, exercises : int
        Objects displayed.
    """

    words: int
    predictions: int
    demos: int
    exercises: int

    def __str__(self) -> str:
        return " ".join(f"{count:>11,}" for count in astuple(self))


BUDGET = Core(words=900, predictions=5, demos=3, exercises=1)
HEADER = " ".join(f"{name:>11}" for name in Core.__annotations__)


def core_of(page: Page) -> Core:
    """Count what the core of a page holds: the sections marked core, and the objects that open the page."""
    words, kinds, in_core = 0, Counter[str](), False
    for section in page.sections:
        if section.level <= 2:
            in_core = "core" in tags_of(page.cells[section.cell])
        if in_core and not section.title.startswith(CLOSING):
            words += count_words(section.text)
        if section.level == 1 or in_core:
            kinds.update(kind_of(page.cells[index]) for index in section.code_cells)
    return Core(words, kinds["question"], kinds["demo"], kinds["exercise"])


def count_words(markdown: str) -> int:
    """Count the words of a Markdown text: code, formulas, tables, images and the time of a section aside.

    >>> count_words("**core** · 5 minutes. Take $e^z$ of [two scores](a.md), `z`.\\n| a |\\n![b](b.png)")
    4
    """
    text = LINK.sub(lambda link: "" if link["image"] else link[0], SECTION_TIME.sub("", markdown))
    prose, _ = prose_and_formulas(text)
    lines = (line for line in prose.splitlines() if not line.lstrip().startswith("|"))
    return sum(bool(re.search(r"\w", word)) for line in lines for word in line.split())


def beyond(page: Page) -> Iterator[Hit]:
    core = core_of(page)
    for name, allowed in vars(BUDGET).items():
        if (count := getattr(core, name)) > allowed:
            yield None, f"has {count} {name} in its core, more than {allowed}"
