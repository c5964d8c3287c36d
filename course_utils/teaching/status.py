"""`status_of`: which questions and exercises of a lesson are done, since its page was opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from course_utils.teaching.exercise import Exercise
from course_utils.teaching.html import bullet_list, element, inline_html
from course_utils.teaching.note import Note
from course_utils.teaching.question import Question
from course_utils.teaching.text import to_plain


def status_of(lesson: Mapping[str, Any]) -> Callable[[], Note]:
    """Return the function ``status()`` of a lesson.

    Parameters
    ----------
    lesson : mapping
        What the lesson holds, by name: its ``globals()``.

    Returns
    -------
    callable
        It takes nothing, and returns what is done and what is not: a question once the right option was
        chosen, an exercise once its check has passed.

    Examples
    --------
    >>> question = Question("1 + 1?", ["2", "11"], "A", ["Counting on from one.", "That joins digits."])
    >>> status = status_of({"sum_question": question})
    >>> status()
    Questions: 0 of 1 done.
      – sum_question
    """

    def status() -> Note:
        parts = [
            _summary(kind, {name: value for name, value in lesson.items() if isinstance(value, of_kind)})
            for kind, of_kind in (("Questions", Question), ("Exercises", Exercise))
        ]
        told = [part for part in parts if part]
        return Note("\n".join(to_plain("\n".join(lines)) for lines in told), "".join(map(_html, told)))

    return status


def _summary(kind: str, items: Mapping[str, Any]) -> list[str]:
    """Write one line for all objects of a kind, and one for each; nothing if there are none."""
    if not items:
        return []
    lines = [f"  {'✓' if item.done else '–'} {name}" for name, item in items.items()]
    return [f"{kind}: {sum(item.done for item in items.values())} of {len(items)} done.", *lines]


def _html(lines: list[str]) -> str:
    return element("p", element("strong", inline_html(lines[0]))) + bullet_list(
        [inline_html(x) for x in lines[1:]]
    )
