"""``python -m course_utils report``: what an instructor types, and what is written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Collection
from pathlib import Path

from course_utils.classroom import records
from course_utils.told import FINE, FOUND, Misused

NOTHING = (
    "There is {what} {course}: a course has records/<assignment>/<student>.json, "
    "which grading writes, or answers/*.json, which students hand in."
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    command.add_argument("course", type=Path, metavar="DIR", help="folder of the course")
    command.add_argument("--out", type=Path, help="folder for the report (default: DIR/report)")
    command.add_argument(
        "--assignment", default="*", help="report on one assignment only, such as 02_numeric_instability"
    )
    command.add_argument(
        "--shares", type=Path, help="also write which share chose what, to take the place of expectations"
    )


def report(options: argparse.Namespace, say: Callable[[str], None] = print) -> int:
    """Do what the arguments say, and return the exit status: 1 if a file had to be left out."""
    out = options.out or options.course / "report"
    problems = write_report(options.course, out, say, assignment=options.assignment, shares=options.shares)
    if problems is None:
        what = "nothing to report on in" if options.course.is_dir() else "no folder"
        raise Misused(NOTHING.format(what=what, course=options.course))
    return FOUND if problems else FINE


def write_report(
    course: Path,
    out: Path,
    say: Callable[[str], None],
    assignment: str = "*",
    students: Collection[str] = (),
    shares: Path | None = None,
) -> list[str] | None:
    """Write page, text and gradebook of a course, and say where they are.

    Parameters
    ----------
    course, out : Path
    say : callable
        Takes lines of text.
    assignment : str
        Name, or pattern.
    students : collection of str
        Only these; empty: all.
    shares : Path, optional
        Where to write the shares of the questions.

    Returns
    -------
    list of str or None
        What had to be left out, in sentences; None if there is nothing to report on.
    """
    from course_utils.classroom import given_answers
    from course_utils.classroom.gradebook import gradebook
    from course_utils.classroom.report_page import report_page
    from course_utils.classroom.report_text import on_monday, report_text
    from course_utils.classroom.shares import shares_of
    from course_utils.classroom.summary import summarize

    found, problems = records.read(course, assignment)
    answers, unread = given_answers.read(course)
    for problem in (problems := [*problems, *unread]):
        say(problem)
    found = [record for record in found if not students or record.student in students]
    if not found and not answers:
        return None
    summary = summarize(found, answers)
    written = {"report.html": report_page(summary), "report.txt": report_text(summary) + "\n"}
    if found:
        written["points.csv"] = "\ufeff" + gradebook(found)  # without the mark, spreadsheets misread names
    out.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (out / name).write_text(text, encoding="utf-8")
    if shares is not None:
        shares.parent.mkdir(parents=True, exist_ok=True)
        shares.write_text(json.dumps(shares_of(summary), indent=1) + "\n", encoding="utf-8")
    say(on_monday(summary))
    named = "points.csv has names, the others have none" if found else "Nobody is named there"
    say(f"\nWritten into {out}: {', '.join(written)}. {named}.")
    return problems
