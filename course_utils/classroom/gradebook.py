"""Points per student and exercise, as a table that gradebooks and spreadsheets read."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence

from course_utils.classroom.records import Record

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins so


def gradebook(records: Sequence[Record]) -> str:
    """Return CSV: a row per student, a column per exercise with its maximum, and the sum.

    An exercise that a submission does not hold is an empty field. What a spreadsheet would take for a formula
    is made text by an apostrophe.

    Examples
    --------
    >>> from course_utils.classroom.records import Graded
    >>> print(gradebook([Record("01_softmax", "=ada", {"batch_exercise": Graded("passed", 10, 10)})]))
    student,01_softmax batch_exercise (of 10),total (of 10)
    '=ada,10,10
    <BLANKLINE>
    """
    points: dict[str, dict[tuple[str, str], float]] = {}
    maxima: dict[tuple[str, str], float] = defaultdict(float)
    for record in records:
        theirs = points.setdefault(record.student, {})
        for name, graded in record.exercises.items():
            column = (record.assignment, name)
            theirs[column] = graded.points
            maxima[column] = max(graded.maximum, maxima[column])
    columns = sorted(maxima)
    headings = [f"{assignment} {name} (of {maxima[assignment, name]:g})" for assignment, name in columns]
    table = [["student", *headings, f"total (of {sum(maxima.values()):g})"]]
    for student, earned in sorted(points.items()):
        fields = [f"{earned[column]:g}" if column in earned else "" for column in columns]
        table.append([student, *fields, f"{sum(earned.values()):g}"])
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([_safe(field) for field in row] for row in table)
    return stream.getvalue()


def _safe(field: str) -> str:
    """Return a field in one line that no spreadsheet runs; a number stays one.

    >>> _safe("@sum"), _safe("-2"), _safe("ada\\r=1")
    ("'@sum", '-2', 'ada =1')
    """
    is_number = re.fullmatch(r"-\d+(\.\d+)?", field)
    text = f"'{field}" if field.startswith(_FORMULAS) and not is_number else field
    return " ".join(text.splitlines())  # a carriage return would not be quoted, and begin a row
