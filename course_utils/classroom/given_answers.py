"""The files of answers that students hand in without a name: what the website and the notebooks keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_utils.teaching.answers import Unusable, read_answers

FOLDER = "answers"  # of a course: answers/*.json, under any names


@dataclass(frozen=True)
class HandedIn:
    """What one student chose and how the exercises went. Who it was is not known.

    Parameters
    ----------
    choices : mapping of str to str
        Question to the letters that were chosen, in order.
    verdicts : mapping of str to mapping
        Exercise to the last verdict, as its `to_json` writes it.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read(course: Path) -> tuple[list[HandedIn], list[str]]:
    """Return the answers of a course, and one sentence on each file that holds none.

    The names of the files play no part: a learning platform puts names of students into them.
    """
    found, problems = [], []
    for path in sorted((course / FOLDER).glob("*.json")):
        try:
            content = read_answers(path.read_text("utf-8"))
        except (Unusable, OSError, UnicodeDecodeError) as error:
            problems.append(f"{path.name} is left out: {error}")
            continue
        choices = {name: letters for name, letters in content["answers"].items() if letters}
        found.append(HandedIn(choices, content["verdicts"]))
    return found, problems
