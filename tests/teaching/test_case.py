"""What was seen of one wrong function, and when a statement about it counts as true."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from outcomes import outcome

from course_utils.teaching import Check, Contract, Exercise
from course_utils.teaching.exercise import case, run
from course_utils.teaching.exercise.calls import Outcome
from course_utils.teaching.exercise.case import Case
from course_utils.teaching.exercise.judging import Seen, problem_of

CONTRACT = Contract("")


def seen(got: Any, right: Any, *arguments: Any) -> Seen:
    """Return what is seen of one call; an argument that is none is the right result."""
    one, other = outcome(got), outcome(right)
    return Seen(Check("", arguments or (np.asarray(right),)), one, other, problem_of(one, other, CONTRACT))


def case_of(*report: Seen, solution: Any = lambda z: z, fresh: Any = ()) -> Case:
    made = Case(abs, solution, CONTRACT, [], report, lambda count: [])
    made.__dict__["fresh"] = list(fresh)
    return made


def wrong(size: int, value: float = 2.5) -> Seen:
    """Return a wrong result for so many numbers, all of which tell something."""
    right = value + np.arange(float(size))
    return seen(right + 1, right)


# --- what is looked at ----------------------------------------------------------------------------


def test_wrong_and_right_results_with_numbers_are_looked_at() -> None:
    report = [wrong(2), seen([3.0], [3.0]), seen("text", [3.0]), seen([3.0], "text"), wrong(3)]
    assert case_of(*report).looked_at == [report[0], report[4], report[1]]
    many = case_of(*[wrong(2)] * 90, *[seen([3.0], [3.0])] * 90)
    assert [bool(one.problem) for one in many.looked_at] == [True] * 40 + [False] * 20


@pytest.mark.parametrize(
    ("sizes", "taken"),
    [
        ([7], [7]),
        ([7, 3], [3, 7]),
        ([9, 2, 5], [5, 9]),
        ([4, 9, 2, 5], [4, 5, 9]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], [4, 5, 6]),
    ],
)
def test_relations_are_read_from_up_to_three_results_that_are_neither_extreme_nor_long(
    sizes: list[int], taken: list[int]
) -> None:
    samples = case_of(*map(wrong, sizes)).samples
    assert [one.right.numbers.size for one in samples if one.right.numbers is not None] == taken


def test_relations_are_read_from_wrong_finite_results_that_tell_the_most() -> None:
    silent, endless, right = seen([1.0, 0.0], [0.0, 1.0]), seen([np.inf], [2.0]), seen([4.0], [4.0])
    telling = wrong(2)
    assert case_of(silent, endless, right, telling).samples == [telling]
    assert case_of(silent, endless, right).samples == [silent], "if none tells much, what there is"
    assert case_of(endless, right).samples == []


@pytest.mark.parametrize(
    ("right", "tells"),
    [
        ([-2.0, -3.0], True),
        ([0.5, 0.25], True),
        ([2.0] * 3, False),
        ([2.0] * 2, False),
        ([2.0], True),
        ([2.0, 2.5], True),
        ([5.0, 1.0], False),
        (5.0, True),
        (0.0, False),
        ([-1.0, 3.0], False),
    ],
)
def test_numbers_tell_more_than_zeros_ones_and_repetitions(right: Any, tells: bool) -> None:
    assert case.tells(seen(right, right)) is tells


def test_a_call_is_as_large_as_all_its_arrays() -> None:
    one = seen([1.0], [1.0], np.ones((2, 3)), 7.0, np.ones(4))
    assert case_of(one, solution=lambda a, b, c, d=None: a)._size(one) == 10


# --- rows that belong together --------------------------------------------------------------------


def rows(*calls: tuple[Any, ...]) -> set[int]:
    """Return which places belong together row by row in calls with arrays of these shapes."""
    given = [[np.ones(part) if isinstance(part, tuple) else part for part in call] for call in calls]
    report = [seen([1.0], [2.0], *call) for call in given]
    return set(case_of(*report, solution=lambda a, b=0, c=0: a).row_by_row)


@pytest.mark.parametrize(
    ("calls", "places"),
    [
        ([((3, 2), (3,), 1.0), ((4, 2), (4,), 1.0)], {0, 1}),
        ([(1.0, (3, 2), (3,)), (1.0, (4, 2), (4,))], {1, 2}),
        ([((3, 2), (3,), (3,)), ((4, 2), (4,), (3,))], {0, 1}),
        ([((3, 2), (3, 5), (2,)), ((4, 2), (4, 5), (2,))], {0, 1}),
        ([((3, 2), (5, 2)), ((4, 2), (6, 2))], {0}),
        ([((3, 2), (3,)), ((4, 2), 7.0)], {0}),
        ([((3, 2), (3,)), (7.0, 7.0)], {0, 1}),  # without rows there is nothing to compare
        ([((3,), (3,)), ((4,), (4,))], set()),
        ([(2.0, 3.0)], set()),
    ],
)
def test_arrays_belong_together_that_have_as_many_rows_in_all_calls(calls: Any, places: set[int]) -> None:
    assert rows(*calls) == places


# --- right results of changed arguments -----------------------------------------------------------


def test_changed_arguments_have_right_results_or_make_no_sense() -> None:
    def root(z: Any) -> Any:
        if np.min(z) < 0:
            raise ValueError("negative")
        return np.sqrt(z)

    one = seen([1.0], [2.0], np.array([16.0]))
    made = case_of(one, solution=root)
    assert [n.tolist() for n in made.right_for(lambda a: [(a[0],), (4 * a[0],)], one.check)] == [[4], [8]]
    assert made.right_for(lambda a: [(a[0],), (-a[0],)], one.check) == [], "all of them or none"
    assert made.right_for(lambda a: [(a[0][7],)], one.check) == []
    twice = lambda a: [(4 * a[0],)]  # noqa: E731
    assert made.right_for(twice, one.check) is made.right_for(twice, one.check), "once is enough"


# --- when a statement is true ---------------------------------------------------------------------

NAN = np.nan
TELLING = ([2.0, 5.0], [2.0, 5.0], [1.0, 4.0])  # what is returned, predicted and right
RIGHT = ([1.0, 4.0], [1.0, 4.0], [1.0, 4.0])
NO_SENSE = ([2.0, 5.0], None, [1.0, 4.0])
NO_NUMBERS = ("text", [1.0], [1.0])


def holds(enough: int, *calls: tuple[Any, Any, Any]) -> bool:
    """Tell whether predictions hold for results."""
    report = [seen(got, right) for got, _, right in calls]
    predictions = {
        id(one.check): None if said is None else np.array(said)
        for one, (_, said, _) in zip(report, calls, strict=True)
    }
    return case.holds(case_of(*report), lambda check, _: predictions[id(check)], report, enough)


@pytest.mark.parametrize(
    ("calls", "enough", "true"),
    [
        ([TELLING], 1, True),
        ([TELLING], 2, False),
        ([TELLING] * 3, 3, True),
        ([RIGHT], 1, False),  # what is only right says nothing
        ([RIGHT, TELLING], 1, True),
        ([NO_NUMBERS, TELLING], 1, True),
        ([([1.0], [1.0], "text"), TELLING], 1, True),
        # Silence: no prediction, or one that is not finite where the result is.
        ([NO_SENSE, *[TELLING] * 4], 1, True),
        ([NO_SENSE, *[TELLING] * 3], 1, False),
        ([([2.0], [NAN], [1.0]), *[TELLING] * 4], 1, True),
        ([([2.0], [NAN], [1.0]), *[TELLING] * 3], 1, False),
        ([([1.0], [NAN], [1.0]), *[TELLING] * 9], 1, False),  # right where nonsense is promised
        ([([NAN], [NAN], [1.0]), TELLING], 1, True),
        ([([NAN], [3.0], [1.0]), TELLING], 1, True),
        ([([NAN], [NAN], [1.0])], 1, False),
        # One that fails is enough.
        ([TELLING, TELLING, ([2.0], [3.0], [1.0])], 1, False),
        ([TELLING, TELLING, ([2.0], [[2.0]], [1.0])], 1, False),
        ([TELLING, TELLING, ([1.0], [3.0], [1.0])], 1, False),
        ([TELLING, ([2.0, 1e-9], [2.0, 2e-9], [1.0, 3e-9])], 1, False),  # however small beside the others
        ([([1e12 + 100, 1.5], [1e12, 1.5], [1e12, 1.0])], 1, False),  # less than what rounding leaves
    ],
)
def test_a_statement_is_true_if_it_predicts_all_results_and_says_something(
    calls: Any, enough: int, true: bool
) -> None:
    assert holds(enough, *calls) is true


@pytest.mark.parametrize(
    ("got", "prediction", "right", "explained"),
    [
        ([2.0, 3.0], [2.0, 3.0], [1.0, 3.0], True),
        ([2.0], [2.0 + 0.9e-4], [1.0], True),
        ([2.0], [2.0 + 1.1e-4], [1.0], False),
        ([2.0], [2.0 - 1.1e-4], [1.0], False),
        ([0.5], [0.5 + 0.9e-4], [1.5], True),
        ([2.0, 3.0], [2.0, 3.0 * (1 + 0.9e-6)], [1.0, 3.0], True),
        ([2.0, 3.0], [2.0, 3.0 * (1 + 1.1e-6)], [1.0, 3.0], False),  # it spares what was to be wrong
        ([2.0], [5.0], [[1.0]], True),
    ],
)
def test_every_wrong_number_must_be_as_predicted(
    got: Any, prediction: Any, right: Any, explained: bool
) -> None:
    arrays = np.array(got), np.array(prediction), np.array(right)
    assert case.explained(case_of(), *arrays) is explained


def test_a_statement_must_hold_for_what_was_seen_and_for_what_is_fresh() -> None:
    def doubled(check: Check, right: Outcome) -> Any:
        return None if right.numbers is None else 2 * right.numbers

    double, triple, right = seen([4.0], [2.0]), seen([6.0], [2.0]), seen([2.0], [2.0])
    unsaid = seen([2.0], "text")
    assert case.is_true(case_of(double, double, double, fresh=[double]), doubled)
    assert case.is_true(case_of(double, fresh=[double]), doubled), "of one wrong result one is enough"
    assert not case.is_true(case_of(double, unsaid, unsaid, fresh=[double]), doubled)
    assert not case.is_true(case_of(double, double, double, fresh=[triple]), doubled)
    assert not case.is_true(case_of(double, double, triple, fresh=[double]), doubled)
    assert not case.is_true(case_of(double, double, double, fresh=[]), doubled)
    assert not case.is_true(case_of(double, double, double, right, fresh=[double]), doubled)


@pytest.mark.parametrize(
    ("got", "right", "left"),
    [
        ([np.inf], [1.0], "it is infinite, not a number or an error"),
        ("text", [1.0], "it is infinite, not a number or an error"),
        (outcome(1.0, numbers=None, error=ValueError), [1.0], "it is infinite, not a number or an error"),
        (None, [1.0], "nothing is returned"),
        ([np.inf], [np.nan], ""),
        ([3.0], [1.0], ""),
    ],
)
def test_what_a_statement_leaves_open_is_said(got: Any, right: Any, left: str) -> None:
    told = case.told(case_of(wrong(2), seen(got, right)), "key", "a statement.")
    rest = f" That is so wherever your result is finite; for some inputs {left}." if left else ""
    assert told == case.Diagnosis("key", "a statement." + rest)


def test_what_two_kinds_of_results_leave_open_is_said_of_both() -> None:
    told = case.told(case_of(seen(None, [1.0]), seen([np.nan], [1.0])), "key", "a statement.")
    assert told.text.endswith(
        "for some inputs it is infinite, not a number or an error, and for some nothing is returned."
    )


# --- fresh inputs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, 2, 5])
def test_fresh_inputs_are_others_than_those_that_a_statement_is_made_from(seed: int) -> None:
    contract = Contract("", inputs=lambda pick: (pick.random.normal(size=4),), count=30)
    exercise = Exercise(
        "", contract, lambda z: np.abs(z), [Check("one", (np.array([1.0, -2.0]),))], [], [""] * 3
    )
    outcomes = [run(np.negative, check) for check in exercise.checks]
    _, report, _ = exercise.judge(np.negative, outcomes, seed)
    made, others = (exercise._case(np.negative, report, one) for one in (seed, seed + 7))
    inputs, fresh, many, elsewhere = (
        {str(one.check.arguments) for one in some}
        for some in (report, made.fresh, made.many_fresh, others.fresh)
    )
    assert len(fresh) == 30
    assert fresh == many
    assert not fresh & (inputs | elsewhere)
