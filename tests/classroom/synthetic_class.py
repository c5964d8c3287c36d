"""A class that never was: what its students wrote and chose, judged by the exercises themselves."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from course_utils.classroom.given_answers import HandedIn
from course_utils.classroom.places import exercise_place, places
from course_utils.classroom.records import Graded, Record
from course_utils.teaching import Check, Question
from course_utils.teaching.text import brief

ASSIGNMENT = "01_softmax"
SECRET = "Wilhelmina"  # every student writes it into a comment, a docstring and a text

# Weight and body of what students write, by exercise.
WRITTEN: Mapping[str, tuple[tuple[int, str], ...]] = {
    "batch_exercise": (
        (50, "e = np.exp(z)\n    return e / e.sum(axis=axis, keepdims=True)"),
        (20, "return np.exp(z) / np.sum(np.exp(z))"),
        (12, "e = np.exp(z)\n    return e / e.sum(axis=axis)"),
        (8, "return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)"),
        (14, "return np.sort(np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)) ** 1.5 + 0.1"),
        (2, "return z"),
        (1, "raise ValueError('not today')"),
        (4, "return ...  # your code here"),
    ),
    "odds_exercise": (
        (70, "return np.exp(z[i] - z[j])"),
        (20, "return np.exp(z[j] - z[i])"),
        (10, "return z[i] / z[j]"),
    ),
}


@functools.cache
def graded(exercise: str, body: str) -> Graded:
    """Judge a function as a page does."""
    value = exercise_place(ASSIGNMENT, exercise).value  # type: ignore[union-attr]
    signature = value.reset().plain.splitlines()[0]
    code = f"# {SECRET}\n{signature}\n    '''By {SECRET}.'''\n    author = '{SECRET}'\n    {body}"
    space: dict[str, Any] = {"np": np}
    exec(code, space)
    verdict = value.check(space[value.name])
    found = verdict.to_json()
    return Graded(
        verdict.status,
        verdict.points(10),
        10,
        verdict.share,
        verdict.mistake,
        found["diagnosis"],
        tuple(found["failed"]),
        tuple(_done(space[value.name], check) for check in value.checks),
        code,
        verdict.seed,
    )


def _done(function: Any, check: Check) -> str:
    try:
        return brief(np.round(function(*check.arguments, **check.keywords), 6))
    except Exception as error:
        return type(error).__name__


def records(students: int, seed: int = 1) -> list[Record]:
    """Return the graded work of a class."""
    draw = random.Random(seed)
    return [
        Record(
            ASSIGNMENT,
            f"student{number:04}",
            {
                exercise: graded(exercise, draw.choices(*_bodies(written))[0])
                for exercise, written in WRITTEN.items()
            },
        )
        for number in range(students)
    ]


def _bodies(written: tuple[tuple[int, str], ...]) -> Iterator[list[Any]]:
    yield [body for _, body in written]
    yield [weight for weight, _ in written]


def answers(students: int, seed: int = 2) -> list[HandedIn]:
    """Return the answers of a class: half choose the right option at once, and most in the end."""
    draw = random.Random(seed)
    asked = [place for place in places().values() if isinstance(place.value, Question)]
    made = []
    for _ in range(students):
        choices = {}
        for place in asked[: draw.randint(12, 20)]:
            first = draw.choice([place.value.answer, *place.value.letters[:2]])
            choices[place.name] = first + place.value.answer * (draw.random() < 0.5)
        made.append(HandedIn(choices))
    return made
