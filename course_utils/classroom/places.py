"""Where the course asks what: each question and exercise with its notebook, section and demo."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.lessons import lesson_of
from course_utils.notebook_files.files import NOTEBOOKS, find_notebooks, number_of, read_notebook, topic_of
from course_utils.notebook_files.text import shown_name
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
    demo_name : str
        What the lesson calls that.
    """

    name: str
    attribute: str
    assignment: str
    section: str
    value: Any
    demo: str = ""
    demo_name: str = ""

    @property
    def number(self) -> str:
        """Of the notebook."""
        return self.name.partition("-")[0]

    @property
    def again(self) -> str:
        """What to show again, in words."""
        demo = f", with the demo “{self.demo}”" if self.demo else ""
        return f"notebook {self.number}, section “{self.section}”{demo}"


@dataclass(frozen=True)
class _Cell:
    cell: str
    attribute: str
    section: str
    value: Any


@functools.cache
def places(folder: Path = NOTEBOOKS) -> Mapping[str, Place]:
    """Return all questions and exercises of the notebooks by name, in their order.

    Examples
    --------
    >>> places()["00-question"].again
    'notebook 00, section “How a page works”, with the demo “The exponential”'
    """
    found = {}
    for path in find_notebooks(folder=folder):
        cells = _cells(path)
        for at, one in enumerate(cells):
            if isinstance(one.value, Question | Exercise):
                demo = _demo_near(cells, at)
                place = Place(
                    f"{number_of(path)}-{one.cell}",
                    one.attribute,
                    path.stem,
                    one.section,
                    one.value,
                    to_plain(demo.value.title).rstrip(".") if demo else "",
                    demo.attribute if demo else "",
                )
                found[place.name] = place
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


def _cells(path: Path) -> list[_Cell]:
    """Return what a notebook shows of its lesson, in order."""
    lesson = lesson_of(topic_of(path))
    section, shown = "", []
    for cell in read_notebook(path.read_bytes())["cells"]:
        source = cell["source"].strip()
        if cell["cell_type"] == "markdown":
            for line in source.splitlines():
                if heading := re.match(r"#{1,2} (.+)", line):
                    section = to_plain(heading[1])
        elif hasattr(lesson, name := shown_name(source)):
            shown.append(_Cell(cell["id"], name, section, getattr(lesson, name)))
    return shown


def _demo_near(cells: list[_Cell], at: int) -> _Cell | None:
    section = cells[at].section
    here = [(i, one) for i, one in enumerate(cells) if isinstance(one.value, Demo) and one.section == section]
    after = [one for i, one in here if i > at]
    before = [one for i, one in here if i < at][::-1]
    return next(iter(after or before), None)
