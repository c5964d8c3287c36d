"""A part of a notebook that runs by itself: chosen sections, and the cells that they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course_utils.classroom.program import Statement, readable
from course_utils.notebook_files import Page
from course_utils.told import Misused


class UnknownSection(Misused):
    """No section of the notebook has that number or title."""


@dataclass(frozen=True)
class Part:
    """A section of a notebook with all that stands below its heading.

    Parameters
    ----------
    number : int
        From 1 on.
    title : str
    cells : range
        The places of its cells.
    """

    number: int
    title: str
    cells: range


def parts(page: Page) -> list[Part]:
    """Return the sections of a notebook, without its opening."""
    heads = [section for section in page.sections if section.level == 2]
    ends = [section.cell for section in heads[1:]] + [len(page.cells)]
    return [
        Part(number, section.title, range(section.cell, end))
        for number, (section, end) in enumerate(zip(heads, ends, strict=True), start=1)
    ]


def chosen(page: Page, wanted: Iterable[str]) -> list[Part]:
    """Return the sections with these numbers, or titles that begin like this, in the order of the page.

    Raises
    ------
    UnknownSection
        If there is none, or more than one.
    """
    every = parts(page)
    found = {_one(every, text.strip(), page.path.stem).number for text in wanted}
    return [part for part in every if part.number in found]


def _one(every: Sequence[Part], text: str, name: str) -> Part:
    if text.isdecimal():
        fitting = [part for part in every if part.number == int(text)]
    else:
        fitting = [part for part in every if text and part.title.casefold().startswith(text.casefold())]
    if len(fitting) != 1:
        many = "several sections" if fitting else "no section"
        listed = "; ".join(f"{part.number} {part.title}" for part in every)
        raise UnknownSection(f'{name} has {many} "{text}". Its sections are: {listed}.')
    return fitting[0]


def with_sources(page: Page, wanted: Iterable[int]) -> list[int]:
    """Return the places of the cells and, before each, of the code cells whose names it reads."""
    cells = {place: readable(cell["source"]) for place, cell in page.of_type("code")}
    imported = {name for cell in cells.values() for one in cell if one.imports for name in one.binds}
    kept, new = set[int](), set(wanted)
    while new:
        kept |= new
        new = {source for place in new for source in _sources(cells, place, imported)} - kept
    return sorted(kept)


def _sources(cells: dict[int, tuple[Statement, ...]], place: int, imported: set[str]) -> Iterable[int]:
    """Yield the latest cells above one that bind, or change, what it reads.

    A call such as ``lesson.odds_exercise.check(odds)`` changes nothing of what was imported.
    """
    for name in free(cells.get(place, ())):
        for above in sorted((other for other in cells if other < place), reverse=True):
            binds = any(name in one.binds for one in cells[above])
            if binds or any(name in one.changes for one in cells[above] if name not in imported):
                yield above
            if binds:
                break


def free(cell: Iterable[Statement]) -> set[str]:
    """Return the names that a cell reads before it has bound them.

    >>> sorted(free(readable("x = y + 1\\nfor n in x: print(n)")))
    ['print', 'y']
    """
    names, bound = set[str](), set[str]()
    for one in cell:
        names |= one.needs - bound
        bound |= one.binds
    return names
