"""An assignment: a notebook of the course, or sections of it, with exercises for nbgrader to grade."""

from __future__ import annotations

import ast
import copy
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from course_utils.classroom.sections import Part, chosen, parts, with_sources
from course_utils.lessons import lesson_of
from course_utils.notebook_files import Page
from course_utils.notebook_files.files import Node, code_cell, markdown_cell, topic_of
from course_utils.notebook_files.predictions import OUTPUTS_HIDDEN
from course_utils.notebook_files.slides import HIDDEN_INPUT
from course_utils.notebook_files.text import shown_name
from course_utils.teaching import Exercise
from course_utils.teaching.exercise.exercise import SOLUTIONS
from course_utils.told import Misused
from course_utils.words import counted

POINTS = 10.0
CHECKS = re.compile(r"^lesson\.(\w+)\.check\(\w+\)[ \t]*$", re.MULTILINE)
HIDES = f'import os\n\nos.environ["{SOLUTIONS}"] = "hidden"  # in this assignment, `solution()` waits'
OPENING = """**This is an assignment**: {count} with {points:g} points in all.

- Write each function into its cell. Helpers, constants and imports may stand in any cell of this page.
- The cell below it tries your function and says what is wrong, as often as you like.
- What counts in the end is what your functions return for *other* inputs that the contract allows. A function
  that is right for some of them earns that share of its points.
- You may use Python's own modules, NumPy, and the course's `numerics`. Your functions run without files,
  network and other processes.
- Hand in this file, with the name that it has."""
TASK = """**Exercise: `{name}`, {points:g} points.** {task}

**Contract.** {contract}

Stuck? `lesson.{exercise}.hint()` in a cell of your own gives a hint, and then the next."""
OWN = """

- **Numbers of your own.** Write your name into the next cell; each exercise then has a call drawn from it.
  Explain that call in a sentence or two below it: you may be asked about it."""
NAMED = """from course_utils.classroom.own import own_call

NAME = ""  # as you hand in"""
OWN_CALL = "own_call(lesson.{exercise}, NAME)"
TEST = """# {points:g} points. Grading tries other inputs; what is partly right earns its share.
verdict = lesson.{exercise}.check({name})
### BEGIN HIDDEN TESTS
verdict = lesson.{exercise}.check({name}, seed={seed}){drawn}
### END HIDDEN TESTS
display(verdict)
verdict.points({points:g})"""
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS\n", re.MULTILINE | re.DOTALL)
SEED = re.compile(r"seed=(\d+)")
OWN_SEED = "# and from the name: each student has hidden inputs of their own"  # read by the judge


class UnusableSeed(Misused):
    """A seed from which nothing can be drawn."""


class NothingToGrade(Misused):
    """What was chosen holds no exercise, or an exercise was named that is not in it."""


@dataclass(frozen=True)
class Wish:
    """What an instructor wants of a notebook.

    Parameters
    ----------
    sections : sequence of str
        Numbers or beginnings of titles; none: all.
    points : mapping
        Function or exercise -> points. What is not named gets `each`.
    each : float
    graded : bool
        Whether it is an assignment, or a notebook for use in class.
    own_inputs : bool
        Whether each student also gets a call to explain, drawn from the name.
    seed : int, optional
        What the hidden inputs are drawn from, from 0 on; nobody should know it beforehand.

    Raises
    ------
    UnusableSeed
        If the seed is negative.
    """

    sections: Sequence[str] = ()
    points: Mapping[str, float] = field(default_factory=dict)
    each: float = POINTS
    graded: bool = True
    own_inputs: bool = False
    seed: int = field(default_factory=lambda: secrets.randbits(31))

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise UnusableSeed(f"A seed is a whole number from 0 on, not {self.seed}.")


def exercises(page: Page) -> dict[int, str]:
    """Return the exercises of a page: the place of the cell that checks an attempt, and the name."""
    found = ((place, CHECKS.search(cell["source"])) for place, cell in page.of_type("code"))
    return {place: match[1] for place, match in found if match}


def written(page: Page, wish: Wish) -> Node:
    """Return the notebook that was wished for: of an assignment, the source as nbgrader calls it.

    Raises
    ------
    UnknownSection, NothingToGrade
        If there is nothing like it in this notebook.
    """
    wanted = chosen(page, wish.sections)
    own = [place for part in wanted for place in part.cells]
    places = with_sources(page, own) if wanted else range(len(page.cells))
    tasks = {place: name for place, name in exercises(page).items() if place in places}
    _complain(page, wish, tasks)
    metadata = {key: page.notebook["metadata"][key] for key in ("kernelspec", "language_info")}
    cells = {place: [_plain(page.cells[place])] for place in places}
    if wanted:
        cells[0] = [markdown_cell("opening", _opening(page, wanted))]
    if wish.graded:
        lesson = lesson_of(topic_of(page.path))
        total = 0.0
        for number, (place, name) in enumerate(tasks.items()):
            exercise: Exercise = getattr(lesson, name)
            points = float(wish.points.get(name, wish.points.get(exercise.name, wish.each)))
            total += points
            drawn = f"  {OWN_SEED}" * wish.own_inputs
            cells.update(_graded(page, place, name, exercise, points, wish.seed + number, drawn))
            if wish.own_inputs:
                cells[place].append(code_cell(f"own-{place}", OWN_CALL.format(exercise=name)))
        said = OPENING.format(count=counted(len(tasks), "exercise"), points=total) + OWN * wish.own_inputs
        setup = code_cell("assignment-setup", HIDES, HIDDEN_INPUT)
        setup["metadata"]["jupyter"] = {"source_hidden": True}
        cells[0] += [markdown_cell("assignment", said), setup]
        cells[0] += [code_cell("assignment-name", NAMED)] * wish.own_inputs
    every = [cell for place in sorted(cells) for cell in cells[place]]
    return {**page.notebook, "metadata": metadata, "cells": every}


def _complain(page: Page, wish: Wish, tasks: Mapping[int, str]) -> None:
    if not wish.graded:
        return
    if not tasks:
        every = exercises(page)
        there = [part.title for part in parts(page) if any(place in part.cells for place in every)]
        raise NothingToGrade(f"These sections hold no exercise. Those that do: {'; '.join(there)}.")
    lesson = lesson_of(topic_of(page.path))
    known = {*tasks.values(), *(getattr(lesson, name).name for name in tasks.values())}
    if unknown := sorted(set(wish.points) - known):
        names = ", ".join(getattr(lesson, name).name for name in tasks.values())
        raise NothingToGrade(f"There is no exercise {', '.join(unknown)} in it, but {names}.")


def _opening(page: Page, wanted: Sequence[Part]) -> str:
    title = page.cells[0]["source"].partition("\n")[0]
    return f"{title}\n\nOf this notebook: {'; '.join(part.title for part in wanted)}."


def _graded(
    page: Page, place: int, name: str, exercise: Exercise, points: float, seed: int, drawn: str
) -> dict[int, list[Node]]:
    """Return what stands in place of the cells that show an exercise, hold the attempt and check it."""
    known = f"{topic_of(page.path)}-{name}"
    facts = {"name": exercise.name, "points": points, "exercise": name, "seed": seed, "drawn": drawn}
    task = TASK.format(task=exercise.task, contract=exercise.contract.text, **facts)
    shows = next(at for at, cell in page.of_type("code") if shown_name(cell["source"]) == name)
    given = CHECKS.sub("", page.cells[place]["source"]).strip()
    attempt = place
    if not given:  # the function stands in a cell above, to be repaired
        defines = re.compile(rf"^def {exercise.name}\(", re.MULTILINE)
        attempt = next(at for at in reversed(range(place)) if defines.search(page.cells[at]["source"]))
        source = page.cells[attempt]["source"]
    else:
        source = with_solution(exercise.source)
    cells = {
        shows: [_for_grading(markdown_cell(f"{known}-task", task), f"{known}-task", locked=True)],
        attempt: [_for_grading(code_cell(f"{known}-attempt", source), f"{known}-attempt", solution=True)],
    }
    test = _for_grading(code_cell(known, TEST.format(**facts)), known, locked=True, points=points)
    cells[place] = [*cells.get(place, ()), test]
    return cells


def with_solution(source: str) -> str:
    """Put nbgrader's marks around the body of a function: a student gets a stub there.

    >>> print(with_solution("def double(x):\\n    return 2 * x"))
    def double(x):
        ### BEGIN SOLUTION
        return 2 * x
        ### END SOLUTION
    """
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    lines, first = source.splitlines(), function.body[0].lineno - 1
    marked = ["    ### BEGIN SOLUTION", *lines[first:], "    ### END SOLUTION"]
    return "\n".join([*lines[:first], *marked])


def _plain(cell: Node) -> Node:
    """Return a cell of the page as students get it: not run, and without what is said to speakers."""
    kept = copy.deepcopy(cell)
    kept["metadata"].get("slideshow", {}).pop("notes", None)
    kept["metadata"].pop("constants", None)
    kept["metadata"].get("jupyter", {}).pop(OUTPUTS_HIDDEN, None)
    if "outputs" in kept:
        kept.update(outputs=[], execution_count=None)
    return kept


def _for_grading(
    cell: Node, name: str, *, locked: bool = False, solution: bool = False, points: float | None = None
) -> Node:
    told = account(name, locked, solution, points)
    return {**cell, "id": re.sub(r"[^\w-]", "-", name), "metadata": {"nbgrader": told}}


def account(name: str, locked: bool, solution: bool, points: float | None) -> Node:
    """Return what nbgrader is told of a cell, in the third form of its metadata, graded for points."""
    told = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return told if points is None else {**told, "points": points}


def graded_names(notebook: Node) -> list[str]:
    """Return the names of the graded cells of a notebook."""
    told = (cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"])
    return [kept["grade_id"] for kept in told if kept.get("grade")]
