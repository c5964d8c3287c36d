"""Rules on how a notebook is built: its name, its opening, its sections, its close.

Each rule is a function from a `Page` to its hits; its name and remedy stand in `RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from course_utils.notebook_files.page import Hit, Page, Section, tags_of
from course_utils.notebook_files.text import (
    LIST_ITEM,
    MARKS,
    NOTEBOOK_NAME,
    NOTEBOOK_TIME,
    SECTION_TIME,
    first_line,
    targets_in,
)

CLOSING = ("Recall", "Three sentences to keep", "Further reading")  # sections that need no mark
CORE_MINUTES = 45  # one lesson


def wrong_name(page: Page) -> Iterator[Hit]:
    if page.path.suffix != ".ipynb" or not NOTEBOOK_NAME.fullmatch(page.path.stem):
        yield None, "has a name that is not of the form 01_two_words.ipynb"


def wrong_title(page: Page) -> Iterator[Hit]:
    titles = [section for section in page.sections if section.level == 1]
    for section in titles[1:]:
        yield section.cell, f'has another heading of level 1, "{section.title}"'
    first = page.cells[0]["source"] if page.cells else ""
    if not re.match(rf"# {re.escape(page.number)} \S", first):
        yield page.top, f'does not begin with "# {page.number} Title"'


def skipped_levels(page: Page) -> Iterator[Hit]:
    for above, section in pairwise(page.sections):
        if section.level > above.level + 1:
            yield section.cell, f'goes from level {above.level} to {section.level} with "{section.title}"'


def incomplete_opening(page: Page) -> Iterator[Hit]:
    _, able, goals = page.opening.partition("You will be able to")
    if not able:
        yield page.top, 'does not say "You will be able to"'
    elif not 3 <= (count := len(_first_list(goals))) <= 5:
        yield page.top, f'lists {count} things after "You will be able to", not 3 to 5'
    if not re.search(r"\bneeds?\b", page.opening, re.IGNORECASE):
        yield page.top, "does not say what it needs"
    if not NOTEBOOK_TIME.search(page.opening):
        yield page.top, 'does not say how long it takes: "**Time:** 45 minutes"'


def _first_list(markdown: str) -> list[str]:
    """Return the marks of the first list of a text.

    >>> len(_first_list(":\\n\\n- one\\n- two\\n\\nAnd\\n- another list"))
    2
    """
    lines = markdown.splitlines()[1:]
    runs = groupby(
        (line for line in lines if line.strip()),
        key=lambda line: bool(re.match(r"\s|[-*+]|[0-9]+[.)]", line)),
    )
    first = next((list(run) for is_list, run in runs if is_list), [])
    return [line for line in first if LIST_ITEM.match(line)]


def missing_neighbors(page: Page) -> Iterator[Hit]:
    names = sorted({page.path.name, *(path.name for path in page.path.parent.glob("*.ipynb"))})
    at = names.index(page.path.name)
    targets = {target.partition("#")[0] for target in targets_in(page.opening)}
    for word, neighbor in (("previous", names[at - 1 : at]), ("next", names[at + 1 : at + 2])):
        if neighbor and neighbor[0] not in targets:
            yield page.top, f"does not link to the {word} notebook, {neighbor[0]}"


def unmarked_sections(page: Page) -> Iterator[Hit]:
    for section in _lesson_sections(page):
        if not _mark(page, section):
            tagged, shown = _marks(page, section)
            said, tags = " and ".join(shown) or "nothing", " and ".join(tagged) or "not at all"
            yield section.cell, f'has the section "{section.title}" that says {said} and is tagged {tags}'


def _lesson_sections(page: Page) -> list[Section]:
    return [
        section for section in page.sections if section.level == 2 and not section.title.startswith(CLOSING)
    ]


def _mark(page: Page, section: Section) -> str:
    """Return the one mark a section is tagged with, if it also says so, else the empty string."""
    tagged, shown = _marks(page, section)
    return tagged[0] if len(tagged) == 1 and tagged[0] in shown else ""


def _marks(page: Page, section: Section) -> tuple[list[str], list[str]]:
    """Return the marks a section's cell is tagged with, and those its heading or first line says."""
    text = f"{section.title}\n{first_line(section.text)}"
    tagged = [mark for mark in MARKS if mark in tags_of(page.cells[section.cell])]
    return tagged, [mark for mark in MARKS if re.search(rf"\b{mark}\b", text)]


def unfit_times(page: Page) -> Iterator[Hit]:
    times = [
        (section, mark := _mark(page, section), _minutes(section, mark)) for section in _lesson_sections(page)
    ]
    for section, mark, minutes in times:
        if mark and not minutes:  # a section without a mark breaks the rule above
            yield (
                section.cell,
                f'has the section "{section.title}" that does not begin "**{mark}** · N minutes."',
            )
    if all(minutes for _, _, minutes in times):  # otherwise nobody knows the sums
        sums = {mark: sum(minutes for _, other, minutes in times if other == mark) for mark in MARKS}
        yield from _unfit_sums(page, sums)


def _minutes(section: Section, mark: str) -> int:
    """Return the minutes a section states beside its mark, or 0.

    >>> _minutes(Section(2, "Shares", 1, "\\n**core** · 8 minutes. Predict first."), "core")
    8
    """
    match = SECTION_TIME.match(first_line(section.text))
    return int(match["minutes"]) if match and match["mark"] == mark else 0


def _unfit_sums(page: Page, sums: dict[str, int]) -> Iterator[Hit]:
    if sums["core"] > CORE_MINUTES:
        yield None, f"has {sums['core']} minutes of core, more than {CORE_MINUTES}"
    if time := NOTEBOOK_TIME.search(page.opening):
        for mark, total in sums.items():
            stated = int(time[mark] or 0)
            if stated != total:
                yield 0, f"states {stated} minutes of {mark}, while its sections add up to {total}"


def missing_sentences(page: Page) -> Iterator[Hit]:
    if page.number == "00":
        return
    sections = page.under("Three sentences to keep")
    if not sections:
        yield None, 'has no section "Three sentences to keep"'
    elif (count := len(LIST_ITEM.findall("\n".join(section.text for section in sections)))) != 3:
        yield sections[0].cell, f"keeps {count} sentences, not three"


def missing_recall(page: Page) -> Iterator[Hit]:
    if page.number in ("00", "01"):
        return
    sections = page.under("Recall")
    if not sections:
        yield None, 'has no section "Recall"'
    elif (count := sum(_questions(page, section) for section in sections)) != 2:
        yield sections[0].cell, f"recalls with {count} questions, not two"


def _questions(page: Page, section: Section) -> int:
    """Count what a section asks: what its code cells display, and the lines of its text that end in "?"."""
    displayed = sum(
        "data" in output for index in section.code_cells for output in page.cells[index]["outputs"]
    )
    return displayed + len(re.findall(r"\?[*_]*\s*$", section.text, re.MULTILINE))
