"""What one notebook gives to those who teach with it: read from its page, its lesson and ``teaching.toml``.

The file beside the lesson holds what only a teacher decides: how long a section takes in a plan, which moves
show a demo, what students ask. Everything else is taken from where students see it, so nothing is said twice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from course_utils.lessons import lesson_of
from course_utils.notebook_files.files import LESSONS, Node, topic_of
from course_utils.notebook_files.page import Page, tags_of
from course_utils.notebook_files.shown import Shown, source_of
from course_utils.notebook_files.slides import TAG
from course_utils.notebook_files.text import SECTION_TIME, first_line
from course_utils.publish.moves import Move, UnusableMove, move_of
from course_utils.teaching import Demo, Derivation, Exercise, Question, Step
from course_utils.teaching.text import format_list
from course_utils.told import Told

PLANS = (50, 90)  # minutes
# The lecture path, as the cells' tags name it, and the minutes that each takes before what follows it.
PATH = {"hook": 1, "vote": 5, "demo": 4, "exit": 0}
EXIT = "Exit question"  # as its prompt and every plan call it


class UnusableNotes(Told):
    """What is written for those who teach does not fit the notebook; the message says what and where."""


@dataclass(frozen=True)
class Row:
    """A section of a notebook, or something else that takes time, with its minutes in each plan.

    ``key`` is the id of the section's first cell, ``mark`` and ``minutes`` are what its page states.
    """

    key: str
    title: str
    planned: tuple[int, int]
    mark: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Stop:
    """A cell of the lecture path: hook, vote, demo or exit question."""

    kind: str
    number: int  # among those of its kind, from 1; 0 where there is only one
    cell: str
    section: str  # key of its row
    note: str
    shown: Shown | None

    @property
    def name(self) -> str:
        """What a plan calls it."""
        name = EXIT if self.kind == "exit" else self.kind.capitalize()
        return f"{name} {self.number}" if self.number else name


@dataclass(frozen=True)
class Notes:
    """What ``teaching.toml`` holds.

    Parameters
    ----------
    short : str
        What to leave out when time is short.
    plan : sequence
        The id of a section's first cell, or a name for something else, and its minutes in each plan.
    moves : mapping
        Of each demo of the lecture path, by its cell.
    asked : mapping
        What students often ask, and an answer.
    oral : mapping
        Two questions to ask a student, and what to listen for.
    derivation : str or mapping
        The derivation to do on paper: a name of the lesson, or one of its own.
    blanks : sequence of str
        The words that the worksheet leaves out of the sentences to keep.
    """

    short: str
    plan: Sequence[Sequence[Any]]
    moves: Mapping[str, Sequence[str | Mapping[str, Any]]]
    asked: Mapping[str, str]
    oral: Mapping[str, str]
    derivation: str | Mapping[str, Any]
    blanks: Sequence[str] = ()


@dataclass(frozen=True)
class Chapter:
    """One notebook as those see it who teach with it.

    Parameters
    ----------
    page : Page
        The notebook.
    shown : sequence of Shown
        The objects of the lesson on it.
    notes : Notes
    """

    page: Page
    shown: Sequence[Shown]
    notes: Notes

    @property
    def number(self) -> str:
        """The number in the file name."""
        return self.page.number

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return self.page.path.stem

    @property
    def title(self) -> str:
        """Number and title, as the page has them."""
        return self.page.sections[0].title

    @cached_property
    def objectives(self) -> list[str]:
        """What students will be able to do, in the words of the page."""
        goals = self.page.opening.partition("You will be able to")[2]
        return re.findall(r"^- (.*)", goals.partition("**Needs")[0], re.MULTILINE)

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences to keep."""
        kept = "\n".join(section.text for section in self.page.under("Three sentences to keep"))
        return re.findall(r"^\d\. (.*)", kept, re.MULTILINE)

    @cached_property
    def rows(self) -> list[Row]:
        """Sections and what else takes time, in order."""
        sections = {row.key: row for row in self._sections()}
        rows, left = list[Row](), list(sections)
        for key, *minutes in self.notes.plan:
            if len(minutes) != len(PLANS) or not all(isinstance(m, int) and m >= 0 for m in minutes):
                raise self._fault(f"the plan gives {key} the minutes {minutes}, and not two numbers")
            if key in sections:
                if key not in left:
                    raise self._fault(f"the plan has {key} twice, or in another order than the page")
                before = left[: left.index(key)]
                rows += [sections[each] for each in before]
                rows.append(replace(sections[key], planned=(minutes[0], minutes[1])))
                left = left[len(before) + 1 :]
            elif key[:1].isupper():
                rows.append(Row(key, key, (minutes[0], minutes[1])))
            else:
                raise self._fault(f"no section begins in cell {key}; they begin in {format_list(sections)}")
        rows += [sections[key] for key in left]
        for plan, total in enumerate(PLANS):
            if (planned := sum(row.planned[plan] for row in rows)) != total:
                raise self._fault(f"the plan of {total} minutes adds up to {planned}")
        return rows

    def _sections(self) -> Iterator[Row]:
        for section in self.page.sections:
            if time := SECTION_TIME.match(first_line(section.text)):
                key = self.page.cells[section.cell]["id"]
                yield Row(key, section.title, (0, 0), time["mark"], int(time["minutes"]))

    def clock(self, plan: int) -> dict[str, tuple[int, int]]:
        """Return the minutes at which each row of a plan (0: the short one) begins and ends.

        A row that is left out has no entry.
        """
        found, now = {}, 0
        for row in self.rows:
            if minutes := row.planned[plan]:
                found[row.key] = now, now + minutes
                now += minutes
        return found

    @cached_property
    def path(self) -> list[Stop]:
        """The lecture path: hook, votes, demos and exit question, in order."""
        objects = {one.cell: one for one in self.shown}
        keys = [row.key for row in self.rows]
        kinds = [kind for cell in self.page.cells for kind in _kinds(cell)]
        stops, section = list[Stop](), keys[0]
        for cell in self.page.cells:
            section = cell["id"] if cell["id"] in keys else section
            for kind in _kinds(cell):
                number = 1 + sum(stop.kind == kind for stop in stops) if kinds.count(kind) > 1 else 0
                one = objects.get(cell["id"])
                stops.append(Stop(kind, number, cell["id"], section, note_of(cell), one))
        return stops

    def begins(self, plan: int) -> dict[str, int]:
        """Return the minute at which each stop of the path begins, by its cell.

        What follows a vote or a demo in its section waits for it, but not beyond the section's end.
        """
        clock, found, now = self.clock(plan), dict[str, int](), dict[str, int]()
        for stop in self.path:
            if stop.section in clock:
                begin, end = clock[stop.section]
                found[stop.cell] = min(now.get(stop.section, begin), end - 1)
                now[stop.section] = found[stop.cell] + PATH[stop.kind]
        return found

    @cached_property
    def speaker_notes(self) -> dict[str, str]:
        """The notes of all cells that have one."""
        return {cell["id"]: note for cell in self.page.cells if (note := note_of(cell))}

    @property
    def questions(self) -> list[Shown]:
        """All questions of the page."""
        return [one for one in self.shown if isinstance(one.value, Question)]

    @property
    def exercises(self) -> list[Shown]:
        """All exercises of the page."""
        return [one for one in self.shown if isinstance(one.value, Exercise)]

    @cached_property
    def demos(self) -> list[tuple[Stop, Demo]]:
        """The demos of the lecture path, each with its stop."""
        return [(stop, stop.shown.value) for stop in self.path if stop.kind == "demo" and stop.shown]

    @cached_property
    def moves(self) -> dict[str, list[Move]]:
        """The moves of each demo of the lecture path, by its cell."""
        demos = {stop.cell: demo for stop, demo in self.demos}
        if set(demos) != set(self.notes.moves):
            raise self._fault(f"there are to be moves of the demos {format_list(demos)}")
        try:
            return {
                cell: [move_of(demo, one) for one in self.notes.moves[cell]] for cell, demo in demos.items()
            }
        except UnusableMove as error:
            raise self._fault(str(error)) from None

    @cached_property
    def derivation(self) -> Derivation:
        """The derivation to do on paper: one of the lesson, or one of its own whose first line is worked."""
        given = self.notes.derivation
        if isinstance(given, str):
            found = getattr(lesson_of(topic_of(self.page.path)), given, None)
            if not isinstance(found, Derivation):
                raise self._fault(f"the lesson has no derivation {given}")
            return found
        steps = [
            Step(left, right, because, blank=number > 0)
            for number, (left, right, because) in enumerate(given["steps"])
        ]
        return Derivation(**{**given, "steps": steps})

    def _fault(self, text: str) -> UnusableNotes:
        return UnusableNotes(f"{self.name}, teaching.toml: {text}.")


def _kinds(cell: Node) -> list[str]:
    kinds = (tag.removeprefix(TAG) for tag in tags_of(cell) if tag.startswith(TAG))
    return [kind for kind in kinds if kind in PATH]


def note_of(cell: Node) -> str:
    """Return the speaker note of a cell, or nothing."""
    note: str = cell["metadata"].get("slideshow", {}).get("notes", "")
    return note


def chapter_of(path: Path) -> Chapter:
    """Read a notebook, its lesson and what is written for those who teach it.

    Raises
    ------
    UnusableNotes
        If ``teaching.toml`` is missing, is no TOML, or lacks a part or has one too many.
    """
    file = LESSONS / topic_of(path) / "teaching.toml"
    try:
        notes = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableNotes(f"{path.stem} has no {file.name} beside its lesson, in {file.parent}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableNotes(f"{path.stem}, {file.name}: {error}.") from None
    entries = {field.name for field in fields(Notes)}
    if wrong := entries.symmetric_difference(notes) - {"blanks"}:
        raise UnusableNotes(f"{path.stem}, {file.name}: {format_list(sorted(wrong))} is missing or unknown.")
    source = source_of(path)
    return Chapter(source.page, source.shown, Notes(**notes))
