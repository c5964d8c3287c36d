"""Where a function is wrong, in words, and what it does there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from course_utils.teaching.exercise import where
from course_utils.teaching.exercise.case import NOTHING, Case, Diagnosis
from course_utils.teaching.exercise.first_sight import about_error
from course_utils.teaching.exercise.judging import Seen
from course_utils.teaching.text import format_number, with_article

FEW_RIGHT = 0.2  # share of right ones below which the rest is not the exception
ENOUGH_ENTRIES = 400  # right ones, and wrong ones, among which a place is looked for
MOST_WRONG = 0.8  # share of wrong results up to which "right, but not where" is worth saying


def where_calls_are_wrong(case: Case, exactly: bool = False) -> Diagnosis:
    """Find the inputs on which the function is wrong, and say what it does there."""
    errors = {one.got.error for one in case.wrong}
    if len(case.wrong) > MOST_WRONG * len(case.report) and None in errors:
        return NOTHING
    wrong = [bool(one.problem) for one in case.report]
    found = where.find(wrong, case.features(case.report), pairs=case.many)
    if found is None:
        return NOTHING
    if exactly and (found.share < 1 or len(found.sides) > 1 or found.about_results):
        return NOTHING
    fresh = case.many_fresh if found.share < where.NEARLY else case.fresh
    if not found.foretells(case.features(fresh), [bool(one.problem) for one in fresh]):
        return NOTHING
    share = 1 - len(case.wrong) / len(case.report)
    how_often = f"your result is right on {most_or_few(share)} inputs{but(share)}"
    place = found.text(few=share <= FEW_RIGHT)
    if all(np.ndim(one.right.numbers) == 0 for one in case.report if one.right.numbers is not None):
        place = re.sub("the (largest|smallest) of the right results", "the right result", place)
        place = place.replace("the right result, signs aside", "the right result, its sign aside")
    return Diagnosis("where", f"{how_often} {place}.{what_happens(case.wrong)}")


def most_or_few(share: float) -> str:
    """Say how many are right."""
    return "most" if share > 0.5 else "some" if share > FEW_RIGHT else "few"


def but(share: float) -> str:
    return ", but" if share > FEW_RIGHT else ":"


def what_happens(wrong: Sequence[Seen]) -> str:
    """Say what all wrong calls have in common."""
    errors = {one.got.error for one in wrong}
    asked = wrong[0].right.error
    if asked is not None and all(one.right.error is asked for one in wrong):
        another = ", not another error" if None not in errors else ""
        return f" There the contract asks for {with_article(asked.__name__)}{another}."
    if None not in errors:
        return _errors(wrong)
    if all("with a warning" in one.problem for one in wrong):
        return " There the numbers are right, but on the way something overflows, with a warning."
    pairs = [one.pair for one in wrong if one.pair is not None]
    if len(pairs) < len(wrong):
        return ""
    return next((said for said, holds in HAPPENINGS if all(holds(*pair) for pair in pairs)), "")


HAPPENINGS: list[tuple[str, Callable[[np.ndarray, np.ndarray], bool]]] = [
    (
        " There it returns what is not a number: somewhere infinity is divided by infinity, 0 by 0, or "
        "infinity is subtracted from infinity.",
        lambda got, right: bool(np.isnan(got).any()),
    ),
    (
        " There something overflows, or the logarithm of 0 is taken: infinity comes out.",
        lambda got, right: not np.isfinite(got).all(),
    ),
    (" There the shape is wrong.", lambda got, right: got.shape != right.shape),
    (
        " There whole numbers come out. An array made with `zeros_like` takes the type of its model: from "
        "integers, integers. `np.zeros` makes floats.",
        lambda got, right: bool(got.ndim) and got.dtype.kind in "iu" and right.dtype.kind == "f",
    ),
    (" There it returns 0.", lambda got, right: not got.any()),
]


def _errors(wrong: Sequence[Seen]) -> str:
    names = [one.got.error.__name__ for one in wrong if one.got.error]
    often = max(dict.fromkeys(names), key=names.count)
    about = about_error(next(one.got.error_text for one in wrong if one.got.error_text.startswith(often)))
    mostly = ", mostly" if len(set(names)) > 1 else ""
    return f" There it raises {with_article(often)}{mostly}. {about}".rstrip()


def where_exactly(case: Case) -> Diagnosis:
    """Find a property that parts wrong from right inputs exactly."""
    return where_calls_are_wrong(case, exactly=True)


def where_entries_are_wrong(case: Case) -> Diagnosis:
    """Find the entries of results that are wrong, and say what stands there."""
    taken = _entries(case, case.report)
    if not all(one.fits for one in case.wrong):
        return NOTHING
    wrong = [entry for entry in taken if entry.wrong]
    few = [*thinned(wrong), *thinned([entry for entry in taken if not entry.wrong])]
    features = [entry.features for entry in few]
    found = where.find([entry.wrong for entry in few], features, loosely=False, pairs=case.many)
    if found is None:
        return NOTHING
    for some in (taken, _entries(case, case.fresh)):
        if not found.foretells([entry.features for entry in some], [entry.wrong for entry in some]):
            return NOTHING
    share = 1 - len(wrong) / len(taken)
    how_often = f"{most_or_few(share)} entries of your results are right{but(share)}"
    return Diagnosis("where", f"{how_often} {found.text(few=share <= FEW_RIGHT)}.{what_stands(wrong)}")


def _entries(case: Case, calls: Sequence[Seen]) -> list[where.Entry]:
    return [entry for one in calls for entry in where.entries(one, case.arguments(one.check), case.contract)]


def thinned(items: Sequence[where.Entry]) -> Sequence[where.Entry]:
    return items[:: max(1, len(items) // ENOUGH_ENTRIES)]


def what_stands(wrong: Sequence[where.Entry]) -> str:
    got, right = (np.array([getattr(entry, name) for entry in wrong]) for name in ("got", "right"))
    if np.isnan(got).all():
        return " There stands what is not a number."
    with np.errstate(all="ignore"):
        same = (
            ("There always stands {}.", got, 1e-12),
            ("There your number is {} times the right one.", got / right, 1e-7),
            ("There your number is always the right one plus {}.", got - right, 1e-9),
        )
    for words, numbers, spread in same:
        if np.isfinite(numbers).all() and np.ptp(numbers) <= spread * np.abs(numbers).max():
            return f" {words.format(format_number(float(numbers[0]), 6))}"
    return ""
