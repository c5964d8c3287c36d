"""A formula for what is returned: a relation, other arguments, fewer digits, two at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import Check, Outcome, run
from course_utils.teaching.exercise.case import ENOUGH, NOTHING, Case, Diagnosis, Predict, is_true, told
from course_utils.teaching.exercise.judging import alike
from course_utils.teaching.exercise.listed import does_the_same
from course_utils.teaching.exercise.relations import of_results, predicted
from course_utils.teaching.exercise.slips import Slip, of_arguments
from course_utils.teaching.exercise.variants import variants
from course_utils.teaching.text import format_list, format_number


def of_right_results(case: Case) -> Diagnosis:
    """Find a relation between what is returned and what is right."""
    return _related(case, lambda check, right: right.numbers, "", "your result is ")


def _related(case: Case, base: Predict, key: str, words: str) -> Diagnosis:
    """Find a relation between what is returned and what another function, or the solution, returns."""
    for sample in case.samples[: 1 if key else 2]:
        numbers = base(sample.check, sample.right)
        if numbers is None or not np.isfinite(numbers).all():
            continue
        assert sample.got.numbers is not None
        if key and case.near.agrees(numbers, sample.got.numbers, sample.right.numbers):
            continue  # one thing explains it: the other would be empty
        for relation in of_results(
            numbers, sample.got.numbers, case.arguments(sample.check), case.near, short=bool(key)
        ):

            def predict(check: Check, right: Outcome, change: Any = relation.change) -> np.ndarray | None:
                before = base(check, right)
                return None if before is None else predicted(change, before, case.arguments(check))

            if is_true(case, predict):
                joined = f"{key}, {relation.key}" if key else relation.key
                return told(case, joined, f"{words}{relation.text}.")
    return NOTHING


def held_between(case: Case) -> Diagnosis:
    """Notice a floor and a ceiling at once: a single result need not show both."""
    pairs = [one.pair for one in case.wrong if one.comparable and one.pair and one.pair[0].size]
    if not pairs:
        return NOTHING
    got, right = (np.concatenate([np.ravel(part) for part in side]) for side in zip(*pairs, strict=True))
    low, high = got.min(), got.max()

    def predict(check: Check, right: Outcome) -> np.ndarray | None:
        return None if right.numbers is None else np.clip(right.numbers, low, high)

    if right.min() < low < high < right.max() and is_true(case, predict):
        ends = format_list([format_number(float(end), 6) for end in (low, high)])
        return told(case, "held", f"your result is the right one, held between {ends}.")
    return NOTHING


def of_other_arguments(case: Case) -> Diagnosis:
    """Find other arguments for which the returned result would be right."""
    tried = case.samples
    if not tried:
        return NOTHING
    for slip in of_arguments(case.arguments(tried[0].check), case.row_by_row):
        predict = _right_for(case, slip)
        if _agrees_at_once(case, predict) and is_true(case, predict):
            return told(case, f"argument: {slip.key}", f"your result is the right one for {slip.text}.")
    return NOTHING


def _right_for(case: Case, slip: Slip) -> Predict:
    def predict(check: Check, right: Outcome) -> np.ndarray | None:
        results = case.right_for(slip.change, check)
        try:
            return np.asarray(slip.join(results, case.positional(check)), dtype=float) if results else None
        except Exception:  # whatever NumPy says to results of another kind
            return None

    return predict


def of_variants(case: Case) -> Diagnosis:
    """Find what else done in the solution would return what is returned."""
    if not case.many:
        return NOTHING
    for variant in variants(case.solution):
        predict = _numbers_of(case, variant.function)
        if _agrees_at_once(case, predict) and is_true(case, predict):
            return told(case, variant.key, f"{WHAT_COMES_OUT} {variant.text}.")
    for variant in variants(case.solution):  # where finite results say too little: also what is not finite
        every = (*case.wrong, *case.report, *case.fresh)
        if does_the_same(case, variant.function, every) and not _changes_nothing(case, variant.function):
            return Diagnosis(variant.key, f"{WHAT_COMES_OUT} {variant.text}.")
    return NOTHING


def _changes_nothing(case: Case, function: Callable[..., Any]) -> bool:
    """Tell whether a function is right wherever the student's is wrong: it explains nothing."""
    return all(alike(case.same_call(function, one.check), one.right, case.contract) for one in case.wrong)


WHAT_COMES_OUT = "your result is what comes out when"


def _agrees_at_once(case: Case, predict: Predict) -> bool:
    """Tell whether a prediction is worth a closer look: it holds for one sample."""
    for sample in case.samples[:1]:
        assert sample.got.numbers is not None
        return case.near.agrees(predict(sample.check, sample.right), sample.got.numbers, sample.right.numbers)
    return False


def done_twice(case: Case) -> Diagnosis:
    """Notice a function that is applied to its own result."""

    def predict(check: Check, right: Outcome) -> np.ndarray | None:
        first, *others = case.positional(check)
        if not isinstance(first, np.ndarray):
            return None
        return run(case.solution, Check("", (right.numbers, *others))).numbers

    if _agrees_at_once(case, predict) and is_true(case, predict):
        return told(case, "twice", "everything is done twice: the right result goes through it once more.")
    return NOTHING


def on_top_of_a_mistake(case: Case) -> Diagnosis:
    """Find a relation between what is returned and what a listed mistake returns."""
    if not case.many:
        return NOTHING
    for mistake in case.mistakes:
        words = f"two things at once. One: {mistake.explanation} The other: on top of that, your result is "
        found = _related(case, _numbers_of(case, mistake.function), mistake.key, words)
        if mistake.at_any_scale and found.key.endswith(", factor"):
            return Diagnosis(mistake.key, mistake.explanation)
        if found.text:
            return Diagnosis(found.key, found.text.replace("the right one", "what that gives"))
    return NOTHING


def _numbers_of(case: Case, function: Callable[..., Any]) -> Predict:
    return lambda check, right: case.same_call(function, check).numbers


def single_precision(case: Case) -> Diagnosis:
    """Tell numbers that all fit into 32 bits, and are nearly right."""
    report = [one for one in (*case.report, *case.fresh) if one.comparable]
    pairs = [one.pair for one in report if one.fits and one.pair]
    if len(pairs) < max(ENOUGH, len(report) / 2):
        return NOTHING
    got, right = (
        np.concatenate([np.ravel(part) for part in side]).astype(float) for side in zip(*pairs, strict=True)
    )
    with np.errstate(all="ignore"):
        single = got.astype(np.float32).astype(float)
        near = np.abs(got - right) <= 1e-3 * np.abs(right)
        long = right.astype(np.float32).astype(float) != right  # what does not fit by chance
    varied = len(np.unique(got[near & long])) > 10 * ENOUGH  # 0 and 1 fit into anything
    if varied and (single == got).all() and near.sum() >= got.size / 2:
        return FLOAT32
    return NOTHING


FLOAT32 = Diagnosis(
    "float32",
    "you calculate in float32 (or less): all your numbers fit into 32 bits, which is about 7 digits and "
    "nothing beyond 1e38 or below 1e−45. Leave the numbers as float64.",
)


def few_digits(case: Case) -> Diagnosis:
    """Tell approximations from formulas that are wrong."""
    report = [one for one in (*case.report, *case.fresh) if one.comparable]
    unclear = sum(not one.comparable for one in case.wrong) > len(case.wrong) / 2
    if unclear or len(report) < 2 * ENOUGH or not all(one.fits for one in report):
        return NOTHING
    usual = [
        np.median(np.abs(one.right.numbers))
        for one in report
        if one.right.numbers is not None and one.right.numbers.size
    ]
    least = float(np.median(usual)) if case.contract.atol and usual else 1e-290
    error = max(relative_error(*one.pair, least) for one in report if one.pair)
    if not 1e-12 < error < 2e-3 or not any(one.problem for one in case.fresh):
        return NOTHING
    seldom = len(case.wrong) < SELDOM * len(case.report)
    text = (IN_SOME_RANGE if seldom else LESS_EXACT).format(digits=int(-np.log10(error)))
    return told(case, "few digits", text)


SELDOM = 0.2  # share of wrong results below which an approximation is used in some range only
IN_SOME_RANGE = (
    "on most inputs your numbers are right; on the others they agree to about {digits} digits only. There a "
    "simpler formula, a limit or a constant takes over too early: look for an `if`, a `where`, a clip or a "
    "small number added for safety."
)
LESS_EXACT = (
    "the formula seems right, but your numbers agree with the right ones to about {digits} digits only. "
    "Something is less exact than a float64: single precision, a rounded constant, a small number added for "
    "safety, a measured slope, or a search that stops too early."
)


def relative_error(got: np.ndarray, right: np.ndarray, least: float) -> float:
    """Return the largest error relative to each number or, where small ones do not count, to usual ones."""
    with np.errstate(all="ignore"):
        away = np.abs(got - right) / np.maximum(np.abs(right), least)
    return float(away.max()) if away.size else 0.0
