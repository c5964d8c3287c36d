"""Listed mistakes, also in code that is otherwise safer, less safe or written in another style."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import Outcome
from course_utils.teaching.exercise.case import ENOUGH, NOTHING, Case, Diagnosis, Mistake, differs
from course_utils.teaching.exercise.first_sight import about_error
from course_utils.teaching.exercise.judging import Seen, alike

FEW_ALONE = 1 / 3  # inputs where only one of a mistake and a function overflows, for each where both do


def listed(case: Case) -> Diagnosis:
    """Find the listed mistake that does the same on every input."""
    # The last inputs are the longest: most mistakes differ there, and need no other call.
    observed = case.wrong[::-1] + [one for one in case.report if not one.problem][::-1]
    for mistake in case.mistakes:
        if does_the_same(case, mistake.function, observed):
            return Diagnosis(mistake.key, mistake.explanation)
    return NOTHING


def does_the_same(case: Case, other: Callable[..., Any], report: Sequence[Seen]) -> bool:
    """Tell whether another function does the same on every input, errors and warnings too."""
    return all(alike(one.got, case.same_call(other, one.check), case.contract) for one in report)


def listed_in_other_code(case: Case) -> Diagnosis:
    """Find the listed mistake behind the wrong numbers where both functions return finite ones.

    If a mistake is only seen where it overflows, the function must fail on the same inputs, but for a few:
    a square overflows a little earlier or later than the same square written otherwise.
    """
    for mistake in case.mistakes:
        if all(explains(case, mistake, report) for report in (case.report, case.fresh)):
            return Diagnosis(mistake.key, mistake.explanation)
    return NOTHING


def listed_by_its_errors(case: Case) -> Diagnosis:
    """Find the listed mistake that stops with the same errors on the same inputs, if most wrong ones stop."""
    if sum(one.got.error is not None for one in case.wrong) <= len(case.wrong) / 2:
        return NOTHING
    for mistake in case.mistakes:
        if all(stops_alike(case, mistake, report) for report in (case.report, case.fresh)):
            return Diagnosis(mistake.key, mistake.explanation)
    return NOTHING


def stops_alike(case: Case, mistake: Mistake, report: Sequence[Seen]) -> bool:
    stopped = 0
    for one in report:
        other = case.same_call(mistake.function, one.check)
        if one.got.error is not other.error:
            return False
        if one.got.error is not None:
            if about_error(one.got.error_text) != about_error(other.error_text):
                return False
            stopped += bool(one.problem)
        elif one.got.numbers is None or other.numbers is None:
            return False
        elif not (one.got.finite() and other.finite()):
            continue
        elif not case.near.agrees(other.numbers.ravel(), one.got.numbers.ravel()):
            return False
    return stopped >= ENOUGH


def explains(case: Case, mistake: Mistake, report: Sequence[Seen]) -> bool:
    explained = failing = elsewhere = repaired = right_there = worse = 0
    for one in _wrong_first(report):
        other = case.same_call(mistake.function, one.check)
        if one.got.numbers is None and one.got.error is None:
            return False
        if one.right.error is not None:
            if other.error is not one.got.error:
                return False
            failing += bool(one.problem)
        elif (
            other.finite()
            and one.got.finite()
            and one.pair
            and other.numbers is not None
            and _loud(case, one.got) == _loud(case, other)
        ):
            got, right = one.pair
            if not case.near.agrees(other.numbers, got, right):
                return False
            if one.problem and alike(other, one.right, case.contract):
                return False
            # Rounding errors may differ; what counts is nearer to the mistake than to what is right.
            explained += bool(one.problem) and not _loud(case, one.got) and differs(got, other.numbers, right)
            failing += _loud(case, one.got)
        elif _clean(case, other):
            worse += 1
        elif _clean(case, one.got):
            repaired, right_there = repaired + 1, right_there + (not one.problem)
        else:
            failing, elsewhere = failing + 1, elsewhere + _fails_elsewhere(one.got, other)
    if right_there > max((repaired + failing) / 2, explained):
        return False  # where the mistake fails, the function is right: it is another one
    if explained >= ENOUGH:
        return worse <= len(report) / 2
    if elsewhere > failing / 2:
        return False  # other entries are not finite: it fails for another reason
    return explained + failing >= ENOUGH and worse + repaired <= failing * FEW_ALONE


def _fails_elsewhere(one: Outcome, other: Outcome) -> bool:
    """Tell whether two arrays of the same shape are infinite or not a number in different places."""
    if one.numbers is None or other.numbers is None or one.numbers.shape != other.numbers.shape:
        return False
    return not np.array_equal(np.isfinite(one.numbers), np.isfinite(other.numbers))


def _clean(case: Case, outcome: Outcome) -> bool:
    return outcome.finite() and not _loud(case, outcome)


def _loud(case: Case, outcome: Outcome) -> bool:
    return bool(case.contract.forbidden(outcome))


def _wrong_first(report: Sequence[Seen]) -> list[Seen]:
    return [one for one in report if one.problem] + [one for one in report if not one.problem]
