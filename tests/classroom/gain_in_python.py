"""The gain of a class, from its answers to the concept test: what ``gain.js`` is held against."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course_utils.classroom.concept_pages import COLUMNS
from course_utils.classroom.concepts import FORMS, LETTERS, concepts, key
from course_utils.classroom.groups import SMALLEST

OCCASIONS = ("before", "after", "later")

Sheet = tuple[str, str, tuple[str, ...]]  # code, form, answers


class UnusableTable(ValueError):
    """A table that is not one of answers."""


@dataclass(frozen=True)
class Gain:
    """What a class gained between two occasions, of those who wrote both: shares of right answers.

    ``normalized`` is which share of what was missing before is there after; None if nothing was missing.
    """

    before: str
    after: str
    students: int
    shares: tuple[tuple[float, ...], tuple[float, ...]]
    mean_before: float
    mean_after: float
    normalized: float | None


def read_table(text: str) -> dict[str, list[Sheet]]:
    """Read a table of answers, separated by commas, semicolons or tabs: the sheets of each occasion."""
    rows = {
        number: [field.strip() for field in next(csv.reader([line], delimiter=max(",;\t", key=line.count)))]
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
        if line.strip(" \t,;")
    }
    if not rows:
        raise UnusableTable(f"the table is empty: its first row must be {','.join(COLUMNS)}")
    heads = [number for number, row in rows.items() if tuple(field.lower() for field in row) == COLUMNS]
    if min(rows) not in heads:
        raise UnusableTable(f"the first row must be {','.join(COLUMNS)}")
    found: dict[str, list[Sheet]] = {when: [] for when in OCCASIONS}
    for number, row in rows.items():
        if number in heads:
            continue
        if len(row) != len(COLUMNS):
            raise UnusableTable(f"row {number} has {len(row)} fields, not {len(COLUMNS)}")
        form, when, *answers = row[1].upper(), row[2].lower(), *(x.upper() for x in row[3:])
        code = re.sub(r"[\s–-]", "", row[0].lower())
        if not code:
            raise UnusableTable(f"row {number} has no code")
        if form not in FORMS:
            raise UnusableTable(f"row {number} has the form {row[1]}, not A or B")
        if when not in found:
            raise UnusableTable(f"row {number} says {row[2]}, not before, after or later")
        for item, letter in enumerate(answers, start=1):
            if letter and letter not in LETTERS:
                raise UnusableTable(f"row {number} answers item {item} by {letter}, not A, B, C or D")
        found[when].append((code, form, tuple(answers)))
    return found


def right(sheet: Sheet) -> tuple[bool, ...]:
    """Tell of each answer of a sheet whether it is right."""
    _, form, answers = sheet
    return tuple(answer == letter for answer, letter in zip(answers, key(form), strict=True))


@dataclass(frozen=True)
class Paired:
    """Sheets of two occasions by their codes; how many share a code, are alone, or of pairs of one form."""

    pairs: list[tuple[Sheet, Sheet]]
    shared: int
    alone: int
    same_form: int


def paired(table: Mapping[str, Sequence[Sheet]], before: str, after: str) -> Paired:
    """Find the sheets that belong together; a code that stands twice on any occasion is nobody's."""
    counts = [Counter(code for code, _, _ in sheets) for sheets in table.values()]
    twice = {code for count in counts for code, times in count.items() if times > 1}
    written = [*table[before], *table[after]]
    single = Counter(sheet[0] for sheet in written if sheet[0] not in twice)
    pairs = [(x, y) for x in table[before] for y in table[after] if x[0] == y[0] and x[0] not in twice]
    return Paired(
        pairs,
        len(written) - single.total(),
        sum(times == 1 for times in single.values()),
        sum(x[1] == y[1] for x, y in pairs),
    )


def gain(table: Mapping[str, Sequence[Sheet]], before: str, after: str) -> Gain | None:
    """Return the gain of those who wrote on both occasions; nothing if they are fewer than five.

    The normalized gain is that of the class (Hake 1998): the rise of its mean, divided by the rise possible.

    Examples
    --------
    >>> sheets = {"before": [(str(i), "A", ("",) * 12) for i in range(5)]}
    >>> sheets["after"] = [(str(i), "B", tuple(key("B"))) for i in range(5)]
    >>> gain(sheets, "before", "after").normalized
    1.0
    """
    both = paired(table, before, after).pairs
    if len(both) < SMALLEST:
        return None
    shares = tuple(
        tuple(sum(right(sheet)[item] for sheet in sheets) / len(both) for item in range(len(concepts())))
        for sheets in zip(*both, strict=True)
    )
    mean_before, mean_after = (sum(each) / len(each) for each in shares)
    missing = 1 - mean_before
    normalized = (mean_after - mean_before) / missing if missing else None
    return Gain(before, after, len(both), (shares[0], shares[1]), mean_before, mean_after, normalized)


def wrong_turns(table: Mapping[str, Sequence[Sheet]], when: str) -> list[tuple[str, int, str, int]]:
    """Return the wrong options that five or more chose: form, item, letter, how many; most first.

    Examples
    --------
    >>> sheets = {"after": [(str(i), "A", ("B",) * 12) for i in range(5)]}
    >>> wrong_turns(sheets, "after")[0]
    ('A', 1, 'B', 5)
    """
    chosen: dict[tuple[str, int, str], int] = {}
    for _, form, answers in table.get(when, ()):
        for item, letter in enumerate(answers, start=1):
            if letter and letter != key(form)[item - 1]:
                chosen[form, item, letter] = chosen.get((form, item, letter), 0) + 1
    many = [(*what, count) for what, count in chosen.items() if count >= SMALLEST]
    return sorted(many, key=lambda one: (-one[3], one[0], one[1], one[2]))
