"""The judge: holds a submission's functions against the exercises, with inputs that nobody has seen.

It has the lessons and so the solutions; the submission's code runs in a `Worker`, elsewhere. What counts is
what the functions do there: not what a notebook says, prints, deletes or replaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_utils.classroom.own import seed_of
from course_utils.classroom.records import Graded
from course_utils.classroom.remote import Remote
from course_utils.classroom.workers import Stopped, Workers
from course_utils.lessons import lesson_of
from course_utils.teaching import Exercise, Verdict
from course_utils.teaching.exercise import Result
from course_utils.teaching.text import brief, to_plain

DIGITS = 6  # of a result, in the text by which equal behavior is found
NO_ATTEMPT = "There is no {name} in this submission."


@dataclass(frozen=True)
class Task:
    """One exercise to grade.

    Parameters
    ----------
    topic, exercise : str
        The lesson, and the exercise's name in it.
    points : float
    seed : int
        What the inputs beyond the shown ones are drawn from.
    """

    topic: str
    exercise: str
    points: float
    seed: int

    @property
    def declared(self) -> Exercise:
        """The exercise, as the lesson declares it."""
        found = getattr(lesson_of(self.topic), self.exercise, None)
        if not isinstance(found, Exercise):
            raise LookupError(f"the lesson {self.topic} has no exercise {self.exercise}")
        return found

    def of_student(self, student: str) -> Task:
        """Return the same task with inputs that only this student gets.

        >>> Task("softmax", "odds_exercise", 10, 7).of_student("ada").seed
        2994868135
        """
        return replace(self, seed=seed_of(f"{self.seed}:{student}"))


@dataclass(frozen=True)
class Cells:
    """Code cells of an assignment's own page, around one attempt: whose names it may use, and the others."""

    above: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class _Watched:
    """A function, and what its first calls did, in short."""

    def __init__(self, function: Remote, calls: int) -> None:
        self._function, self._left, self.seen, self.stopped = function, calls, list[str](), ""
        self.__name__ = function.__name__

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        try:
            value = self._function(*arguments, **keywords)
        except Exception as error:
            if isinstance(error, Stopped):
                self.stopped = str(error)
            self._note(str(error) if isinstance(error, Stopped) else type(error).__name__)
            raise
        self._note(short(value))
        return value

    def _note(self, text: str) -> None:
        if self._left:
            self._left -= 1
            self.seen.append(text)


def short(value: object) -> str:
    """Write a result so that equal behavior gives equal texts: numbers rounded, long arrays by their digest.

    Examples
    --------
    >>> short(np.array([1 / 3, -0.0])), short(2), short(None), short(np.float64(1e-9) / 3)
    ('[0.333333, 0]', '2', 'None', '3.33333e-10')
    >>> print(short(np.arange(8)), short(np.arange(9)), short(np.zeros(1001)), sep="\\n")
    [0, 1, 2, 3, 4, 5, 6, 7]
    shape (9,): 0, 1, 2, 3, … (dc4b2f20)
    shape (1001,)
    """
    array = (
        np.asarray(value) if isinstance(value, np.ndarray | np.generic | int | float | list | tuple) else None
    )
    if array is None or array.dtype.kind not in "iufb":
        return brief(value)
    if array.size > 1000:
        return f"shape {array.shape}"
    numbers = [f"{number + 0.0:.{DIGITS}g}" for number in array.ravel().astype(float).tolist()]
    if array.ndim < 2 and len(numbers) <= 8:
        listed = ", ".join(numbers)
        return f"[{listed}]" if array.ndim else listed
    digest = hashlib.sha256(" ".join(numbers).encode()).hexdigest()[:8]
    return f"shape {array.shape}: {', '.join(numbers[:4])}, … ({digest})"


def judge(workers: Workers, task: Task, cells: Sequence[str], page: Cells) -> tuple[Verdict, Graded]:
    """Grade one exercise of one submission.

    Parameters
    ----------
    workers : Workers
    task : Task
    cells : sequence of str
        The code cells of the submission.
    page : Cells

    Returns
    -------
    Verdict, Graded
        To show to the student, and to keep.
    """
    exercise = task.declared
    program = {"above": [*page.above], "others": [*page.others], "cells": [*cells], "name": exercise.name}
    try:
        function = Remote(workers, program)
    except Stopped as stopped:
        verdict = _failed(exercise, task, f"While your cells ran, {stopped}.", "no answer")
        return verdict, graded(verdict, task)
    with function:
        watched = _Watched(function, len(exercise.checks))
        verdict = _verdict(exercise, task, function.ready, watched)
    return verdict, graded(verdict, task, watched.seen, str(function.ready.get("code") or ""))


def _verdict(exercise: Exercise, task: Task, ready: dict[str, Any], function: _Watched) -> Verdict:
    if ready.get("callable"):
        verdict = exercise.check(function, seed=task.seed)
        if why := function.stopped:
            return replace(verdict, mistake="no answer", diagnosis=f"your function gave no answer: {why}.")
        return verdict
    if problem := str(ready.get("problem") or ""):
        return _failed(exercise, task, problem, "code stops")
    if not ready.get("found"):
        missing = NO_ATTEMPT.format(name=exercise.name)
        return Verdict("not attempted", missing, exercise=exercise.name, seed=task.seed)
    return exercise.check(ready.get("value"), seed=task.seed)


def _failed(exercise: Exercise, task: Task, problem: str, key: str) -> Verdict:
    result = Result(f"{exercise.name} can be called", problem)
    return Verdict("failed", problem, (result,), exercise=exercise.name, mistake=key, seed=task.seed)


def graded(verdict: Verdict, task: Task, behavior: Sequence[str] = (), code: str = "") -> Graded:
    """Return what is kept of a verdict."""
    told = verdict.to_json()
    return Graded(
        status=verdict.status,
        points=verdict.points(task.points),
        maximum=float(task.points),
        share=float(verdict.share),
        mistake=verdict.mistake,
        diagnosis=to_plain(verdict.diagnosis),
        failed=tuple(told["failed"]),
        behavior=tuple(behavior),
        code=code,
        seed=task.seed,
    )
