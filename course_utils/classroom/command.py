"""``python -m course_utils assignment``: what an instructor types, and what is said."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.notebook_files import Page, find_notebooks, read_notebook
from course_utils.told import FINE, Misused
from course_utils.words import counted

if TYPE_CHECKING:
    from course_utils.classroom.assignment import Wish


class UnusablePoints(Misused):
    """Points that are no numbers."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    command.add_argument("number", metavar="NN", help="number of the notebook, such as 02")
    command.add_argument("--out", type=Path, help="folder of the course; made if it is not there")
    command.add_argument(
        "--sections", default="", help='numbers or beginnings of titles: "2,7" or "Logs first" (default: all)'
    )
    command.add_argument(
        "--points", default="", help='for each exercise, "10", or by name, "stable_softmax=20,merge_halves=5"'
    )
    command.add_argument("--list", action="store_true", help="list the sections with their exercises, only")
    command.add_argument("--ungraded", action="store_true", help="only a notebook, for use in class")
    command.add_argument(
        "--own-inputs",
        action="store_true",
        help="each student's own: hidden inputs, and a call to explain, drawn from the name",
    )
    command.add_argument(
        "--seed", type=int, help="what the hidden inputs are drawn from, from 0 on (default: by chance)"
    )


def assignment(options: argparse.Namespace, folder: Path) -> int:
    """Do what the arguments say, and return the exit status."""
    from course_utils.classroom.assignment import graded_names
    from course_utils.classroom.course import write_course, write_notebook

    (path,) = find_notebooks([options.number], folder, lessons=True)
    page = Page(path, path.read_bytes())
    if options.list:
        return _list(page)
    wish = _wish(options)
    if options.out is None:
        raise Misused("Where to? Add --out and the folder of the course.")
    if options.ungraded:
        print(f"{write_notebook(page, wish, options.out)} is written; run its cells in JupyterLab.")
        return FINE
    source = write_course(page, wish, options.out)
    graded = graded_names(read_notebook(source.read_bytes()))
    print(f"{source} is written: {counted(len(graded), 'exercise')} with task, stub, solution and tests.")
    print(f"Next, in {options.out}: nbgrader generate_assignment {page.path.stem}")
    print(f"All steps, up to the report: {options.out / 'README.md'}")
    return FINE


def _wish(options: argparse.Namespace) -> Wish:
    from course_utils.classroom.assignment import POINTS, Wish

    each, points = read_points(options.points)
    seed = {} if options.seed is None else {"seed": options.seed}
    sections = [text for text in options.sections.split(",") if text.strip()]
    return Wish(
        sections,
        points,
        POINTS if each is None else each,
        graded=not options.ungraded,
        own_inputs=options.own_inputs,
        **seed,
    )


def _list(page: Page) -> int:
    from course_utils.classroom.assignment import exercises
    from course_utils.classroom.sections import parts

    names = exercises(page)
    for part in parts(page):
        held = [name for place, name in names.items() if place in part.cells]
        print(f"{part.number:3} {part.title}{': ' if held else ''}{', '.join(held)}")
    return FINE


def read_points(text: str) -> tuple[float | None, dict[str, float]]:
    """Read points: for each exercise, for some of them by name, or both.

    Examples
    --------
    >>> read_points("10,stable_softmax=20")
    (10.0, {'stable_softmax': 20.0})
    >>> read_points("ten")
    Traceback (most recent call last):
    ...
    course_utils.classroom.command.UnusablePoints: Points are numbers above 0, such as 10 or odds=5, not ten.
    """
    each, named = None, {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = part.rpartition("=")
        try:
            points = float(number)
        except ValueError:
            points = 0.0
        if not 0 < points < 1e6:
            raise UnusablePoints(f"Points are numbers above 0, such as 10 or odds=5, not {part}.")
        if name:
            named[name.strip()] = points
        else:
            each = points
    return each, named
