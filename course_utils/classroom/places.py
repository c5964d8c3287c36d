"""Where the course asks what: each question and exercise with its notebook, section and demo."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.notebook_files import NOTEBOOKS, Page, find_notebooks
from course_utils.notebook_files.shown import Shown, source_of
from course_utils.teaching import Demo, Exercise, Question
from course_utils.teaching.text import to_plain


@dataclass(frozen=True)
class Place:
    """A question or an exercise, and what to show again when it was misunderstood.

    Parameters
    ----------
    name : str
        As the website and the files of answers call it: number of the notebook, and id of the cell.
    attribute : str
        What its lesson calls it.
    assignment : str
        The notebook, without its ending.
    section : str
        The heading above.
    value : Question or Exercise
    demo : str
        Title of the section's demo: the next one, else the last one before.
    """

    name: str
    attribute: str
    assignment: str
    section: str
    value: Any
    demo: str = ""

    @property
    def number(self) -> str:
        """Of the notebook."""
        return self.name.partition("-")[0]

    @property
    def again(self) -> str:
        """What to show again, in words."""
        demo = f", with the demo “{self.demo}”" if self.demo else ""
        return f"notebook {self.number}, section “{self.section}”{demo}"


@functools.cache
def places(folder: Path = NOTEBOOKS) -> Mapping[str, Place]:
    """Return all questions and exercises of the notebooks by name, in their order.

    Examples
    --------
    >>> places()["00-question"].again
    'notebook 00, section “How a page works”, with the demo “The exponential”'
    """
    found = {}
    for path in find_notebooks(folder=folder, lessons=True):
        source = source_of(path)
        sections, every = _sections(source.page), source.shown
        for at, one in enumerate(every):
            if isinstance(one.value, Question | Exercise):
                demo = demo_near(every, sections, at)
                title = to_plain(demo.value.title).rstrip(".") if demo else ""
                found[one.name] = Place(
                    one.name, one.attribute, path.stem, sections[one.cell], one.value, title
                )
    return found


def exercise_place(assignment: str, exercise: str) -> Place | None:
    """Return where an exercise of an assignment stands; nothing if no notebook sets it.

    An assignment may have a name of its own that begins with the number of the notebook.

    Examples
    --------
    >>> exercise_place("01_softmax", "batch_exercise").name
    '01-batch-exercise'
    """
    candidates = [
        place
        for place in places().values()
        if place.attribute == exercise and isinstance(place.value, Exercise)
    ]
    same = [place for place in candidates if assignment == place.assignment]
    same += [place for place in candidates if assignment.startswith(f"{place.number}_")]
    return next(iter(same or candidates), None)


def _sections(page: Page) -> dict[str, str]:
    """Return the heading of level 1 or 2 above each code cell, by the cell's id."""
    above, title = dict[str, str](), ""
    for section in page.sections:
        title = to_plain(section.title) if section.level <= 2 else title
        above |= {page.cells[index]["id"]: title for index in section.code_cells}
    return above


def demo_near(every: Sequence[Shown], sections: Mapping[str, str], at: int) -> Shown | None:
    """Return the next demo of a section, else the last one before."""
    section = sections[every[at].cell]
    here = [
        (i, one)
        for i, one in enumerate(every)
        if isinstance(one.value, Demo) and sections[one.cell] == section
    ]
    *_, last = None, *(one for _, one in here)
    return next((one for i, one in here if i > at), last)
