"""What is kept of one graded submission: a small JSON file, for the report and for a person to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args, get_type_hints

VERSION = 1
FOLDER = "records"  # of a course: records/<assignment>/<student>.json


class UnusableRecord(ValueError):
    """A file that is no record of this course."""


@dataclass(frozen=True)
class Graded:
    """The verdict on one exercise of one submission.

    Parameters
    ----------
    status : {"passed", "failed", "not attempted"}
    points, maximum : float
    share : float
        Of the inputs on which the function is right.
    mistake : str
        Key of the diagnosis, to count by; empty where none was found.
    diagnosis : str
        The same in words.
    failed : tuple of str
        Labels of the checks that failed.
    behavior : tuple of str
        What the function did on each check, in short: equal texts for equal behavior.
    code : str
        What the student wrote, comments and all; `examples.anonymous` takes the name out.
    seed : int
        What the inputs were drawn from.
    """

    status: str
    points: float = 0.0
    maximum: float = 0.0
    share: float = 0.0
    mistake: str = ""
    diagnosis: str = ""
    failed: tuple[str, ...] = ()
    behavior: tuple[str, ...] = ()
    code: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Record:
    """All verdicts on one submission, by the exercise's name in its lesson.

    Examples
    --------
    >>> record = Record("01_softmax", "ada", {"stable_exercise": Graded("passed", 10, 10, 1.0)})
    >>> Record.from_json(record.to_json()) == record
    True
    """

    assignment: str
    student: str
    exercises: Mapping[str, Graded] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text of the file."""
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Read the text of a file; one clear sentence if it is none."""
        try:
            found = json.loads(text)
            if found["version"] != VERSION:
                raise UnusableRecord(f"a record of version {VERSION} is needed, not {found['version']!r}")
            exercises = {name: _graded(graded) for name, graded in found["exercises"].items()}
            return cls(str(found["assignment"]), str(found["student"]), exercises)
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise UnusableRecord(f"this is no record of a graded submission ({error})") from error


def _graded(found: Mapping[str, Any]) -> Graded:
    from course_utils.teaching.exercise.verdict import Status  # and NumPy, without which commands start

    kinds = get_type_hints(Graded)
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in found.items()
        if name in kinds
    }
    for name, value in values.items():
        if not _is(kinds[name], value):
            raise UnusableRecord(f"its {name} cannot be {value!r}")
    if values["status"] not in get_args(Status):
        raise UnusableRecord(f"its status cannot be {values['status']!r}")
    return Graded(**values)


def _is(kind: Any, value: object) -> bool:
    if kind is float:
        return type(value) in (int, float)
    if kind in (str, int):
        return type(value) is kind
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


def path_of(course: Path, record: Record) -> Path:
    """Return where a record of this course is kept."""
    return course / FOLDER / record.assignment / f"{record.student}.json"


def write(course: Path, record: Record) -> Path:
    """Keep a record; the one before it is replaced."""
    path = path_of(course, record)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record.to_json(), encoding="utf-8")
    return path


def read(course: Path, assignment: str = "*") -> tuple[list[Record], list[str]]:
    """Return the records of a course in order, and one sentence on each file that is none."""
    found, problems = [], []
    every = sorted((course / FOLDER).glob("*/*.json"))
    for path in (path for path in every if fnmatchcase(path.parent.name, assignment)):
        try:
            found.append(Record.from_json(path.read_text("utf-8")))
        except (UnusableRecord, UnicodeDecodeError, OSError) as error:
            problems.append(f"{path.parent.name}/{path.name} is left out: {error}.")
    return found, problems
