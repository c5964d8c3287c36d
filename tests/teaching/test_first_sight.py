"""What is seen without looking for a formula: errors, constants, answers by heart, no effect."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from outcomes import outcome

from course_utils.teaching import Check, Contract
from course_utils.teaching.exercise import first_sight, run
from course_utils.teaching.exercise.calls import LARGEST_RESULT, Outcome
from course_utils.teaching.exercise.case import NOTHING, Case
from course_utils.teaching.exercise.judging import Seen, problem_of, seen

CONTRACT = Contract("", count=40)


def one(got: Any, right: Any = 1.0, *arguments: Any, label: str = "shown") -> Seen:
    """Return one call: an outcome, or what is returned, and what is right."""
    one, other = outcome(got), outcome(right)
    return Seen(Check(label, arguments), one, other, problem_of(one, other, CONTRACT))


def case_of(*report: Seen) -> Case:
    return Case(abs, lambda z: z, CONTRACT, [], report, lambda count: [])


def error(words: str) -> Outcome:
    return Outcome(error=TypeError, error_text=f"TypeError: {words}")


WRITES = Outcome(returned=float, numbers=np.array(1.0), kind="numbers", changed_arguments=True)
REFUSED, OTHERWISE = error("Cannot cast ufunc 'add' output"), error("something else")
LIST, BOOLEAN = run(lambda: [1.0] - 1, Check("", ())), error("truth value of an array")  # type: ignore[operator]
RIGHT, WRONG = 1.0, 2.0


@pytest.mark.parametrize(
    ("got", "overwrites"),
    [
        ([WRITES] * 3, True),
        ([WRITES] * 2, False),
        ([WRITES] * 3 + [WRONG] * 2, True),
        ([WRITES] * 3 + [WRONG] * 3, False),  # half is not most
        ([WRITES] * 3 + [REFUSED] + [WRONG] * 3, True),
        ([WRITES] * 3 + [REFUSED] + [WRONG] * 4, False),
        ([WRITES] * 2 + [REFUSED] * 3, False),
        ([WRITES] * 3 + [RIGHT] * 9, True),
    ],
)
def test_what_mostly_writes_into_its_argument_or_is_refused_to_overwrites(got: Any, overwrites: bool) -> None:
    found = first_sight.overwrites(case_of(*map(one, got)))
    assert found == (first_sight.OVERWRITES if overwrites else NOTHING)


def said(*report: Seen) -> str:
    return first_sight.at_first_sight(case_of(*report)).text


@pytest.mark.parametrize(
    ("got", "every"),
    [
        ([LIST] * 3, "every input"),
        ([LIST] * 3 + [RIGHT], "many inputs"),
        ([LIST] * 3 + [OTHERWISE], "many inputs"),
        ([LIST] * 2 + [WRONG], "many inputs"),
        ([WRONG, LIST, LIST], "many inputs"),
        ([LIST, WRONG], None),
        ([OTHERWISE] * 3, None),
    ],
)
def test_an_error_is_explained_that_most_wrong_calls_end_with(got: Any, every: str | None) -> None:
    text = said(*map(one, got))
    assert text == (
        f"it stops with an error on {every}. {first_sight.about_error(LIST.error_text)}" * bool(every)
    )


def test_an_error_that_may_come_of_a_plainer_slip_is_explained_last_unless_it_is_everywhere() -> None:
    index = outcome(None, error=IndexError, error_text="IndexError: list index out of range")
    about = first_sight.about_error("list index out of range")
    assert said(*[one(index)] * 3) == f"it stops with an error on every input. {about}"
    assert said(*[one(index)] * 3, one(RIGHT)) == ""
    last = first_sight.stops(case_of(*[one(index)] * 3, one(RIGHT)))
    assert last.text == f"it stops with an error on many inputs. {about}"
    assert first_sight.stops(case_of(one(index), one(WRONG))).text == ""
    assert first_sight.stops(case_of(one(WRONG))).text == ""


def test_of_several_errors_the_first_is_explained() -> None:
    assert said(one(OTHERWISE), one(BOOLEAN), one(LIST)).endswith(
        first_sight.about_error("truth value of an array")
    )
    assert first_sight.about_error("no such words") == ""


Z, NUMBERS = np.array([3.0, 1.0]), [3.0, 1.0]


@pytest.mark.parametrize(
    ("function", "meaning"),
    [
        (lambda: NUMBERS - 1, "A Python list"),  # type: ignore[operator]
        (lambda: NUMBERS * 0.5, "A Python list"),  # type: ignore[operator]
        (lambda: -NUMBERS, "A Python list"),  # type: ignore[operator]
        (lambda: NUMBERS[0, 1], "A Python list"),  # type: ignore[call-overload]
        (lambda: NUMBERS[[0, 1]], "A Python list"),  # type: ignore[call-overload]
        (lambda: NUMBERS[len(NUMBERS) / 2], ""),  # type: ignore[call-overload]
        (lambda: NUMBERS["first"], ""),  # type: ignore[call-overload]
        (lambda: "3" - 1, ""),  # type: ignore[operator]
        (lambda: np.exp(Z) / np.sum, "A function stands"),  # type: ignore[operator]
        (lambda: np.exp(Z) / Z.sum, "A function stands"),  # type: ignore[operator]
        (lambda: Z / np.exp, "A function stands"),  # type: ignore[operator]
        (lambda: Z - (lambda z: z), "A function stands"),  # type: ignore[operator]
        (lambda: np.exp(lambda z: z), "A function stands"),  # type: ignore[call-overload]
        (lambda: math.exp(Z.max), "A function stands"),  # type: ignore[arg-type]
        (lambda: math.exp(lambda z: z), "A function stands"),  # type: ignore[arg-type]
        (lambda: np.sum[Z], "A function stands"),  # type: ignore[index]
        (lambda: Z - np.copy(Z).sort(), "Something is `None`"),  # type: ignore[func-returns-value, operator]
        (lambda: math.exp(None), "Something is `None`"),  # type: ignore[arg-type]
        (lambda: np.exp(None), "Something is `None`"),  # type: ignore[call-overload]
        (lambda: NUMBERS[None], "Something is `None`"),  # type: ignore[call-overload]
        (lambda: math.exp(Z), "A function that takes one number"),
        (lambda: math.exp(NUMBERS), "A function that takes one number"),  # type: ignore[arg-type]
        (lambda: math.exp("3"), ""),  # type: ignore[arg-type]
        (lambda: max(0, Z), "`if`, `min`"),
        (lambda: Z - np.ones(3), "Two arrays"),
        (lambda: np.ones((2, 2)) @ np.ones(3), "Two arrays"),
        (lambda: np.dot(np.ones((2, 2)), np.ones(3)), "Two arrays"),
        (lambda: Z.sum(axis=1), "An array has fewer axes"),
        (lambda: Z.sum()[0], "A single number is indexed"),
        (lambda: NUMBERS[0][0], "A single number is indexed"),  # type: ignore[index]
        (lambda: set(NUMBERS)[0], ""),  # type: ignore[index]
        (lambda: NUMBERS[2], "An index goes beyond the end"),
        (lambda: Z[10], "An index goes beyond the end"),
        (lambda: Z[-10], "An index goes beyond the beginning"),
        (lambda: list(len(Z)), "A single number is gone through"),  # type: ignore[call-overload]
        (lambda: list(Z.sum()), "A single number is gone through"),
        (lambda: list(np.array(3.0)), "A single number is gone through"),
        (lambda: list(print), "A function stands"),  # type: ignore[call-overload]
        (lambda: np.linalg.inv(np.zeros((2, 2))), "A matrix has no inverse"),
        (lambda: NUMBERS[Z.argsort()], "An array stands where"),  # type: ignore[call-overload]
        (lambda: range(Z.astype(int)), "An array stands where"),  # type: ignore[call-overload]
        (lambda: np.add(Z, 0.5, out=np.zeros(2, int)), "An array of integers"),  # type: ignore[call-overload]
    ],
)
def test_a_message_is_explained_by_what_raises_it(function: Any, meaning: str) -> None:
    found = run(function, Check("", ()))
    assert found.error is not None
    explained = first_sight.about_error(found.error_text)
    assert explained.startswith(meaning) if meaning else explained == "", found.error_text


def test_what_only_changes_its_argument_is_said_to_overwrite_it() -> None:
    assert said(one(WRITES), one(RIGHT)) == first_sight.OVERWRITES.text
    assert said(one(WRITES), one(WRONG)) == ""


def whole(got: Any, right: int) -> Seen:
    """Return one call where integers are due."""
    contract = Contract("", whole=True)
    return Seen(
        Check("shown", ()), outcome(got), outcome(right), problem_of(outcome(got), outcome(right), contract)
    )


def test_right_numbers_that_are_floats_are_said_to_be_just_that() -> None:
    assert said(whole(1.0, 1), whole(3.0, 3), whole(np.empty(0), 0)) != first_sight.FLOATS.text
    assert said(whole(1.0, 1), whole(3, 3)) == first_sight.FLOATS.text
    assert said(whole(1.0, 1), whole(2.0, 3)) == ""


BY_HEART = first_sight.BY_HEART.text


def other(got: Any) -> Seen:
    """Return a call that is not shown."""
    return one(got, label="")


def test_answers_that_are_looked_up_are_right_for_the_shown_calls_only() -> None:
    shown, others = [one(RIGHT)], [other(WRONG)] * 10
    assert said(*shown, *others) == BY_HEART
    assert said(*shown, *others[:9], other(RIGHT)) == "", "nine of ten are not more than nine tenths"
    assert said(*shown, *others, *others[:9], other(RIGHT)) == BY_HEART
    assert said(*shown, one(WRONG), *others) != BY_HEART


@pytest.mark.parametrize(
    ("got", "found"),
    [
        (["text"] * 9, ""),
        (["text", {}] * 9, BY_HEART),
        (["text", OTHERWISE] * 9, BY_HEART),
        ([OTHERWISE] * 9, BY_HEART),
    ],
)
def test_nothing_more_is_said_of_what_always_returns_another_kind_of_thing(got: Any, found: str) -> None:
    assert said(one(RIGHT), *map(other, got)) == found


# --- echoes and constants -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "echo"),
    [
        ([(5.0, (5.0,)), (6.0, (6.0,)), (7.0, (7.0,))], True),
        ([(5.0, (5.0,)), (6.0, (6.0,))], False),
        ([(5.0, (5.0,)), (6.0, (6.0,)), (8.0, (7.0,))], False),
        ([(5.0, (0, 5.0)), (6.0, (0, 6.0)), (7.0, (0, 7.0))], True),
        ([(5.0, (0, 5.0)), (6.0, (0, 6.0)), (7.0, (0, 7.0)), (9.0, (1,))], True),
        ([(5.0, (0, 5.0)), (6.0, (0, 6.0)), (9.0, (1,))], False),
        ([([5.0], (np.array([5.0]),))] * 3, True),
        ([([5.0], ([5.0],))] * 3, False),  # a list comes back as an array
        ([("x", ("x",))] * 3, False),
    ],
)
def test_an_echo_is_an_argument_as_it_came(calls: Any, echo: bool) -> None:
    assert first_sight.is_echo([one(got, 99.0, *given) for got, given in calls]) is echo


@pytest.mark.parametrize(
    ("calls", "constant"),
    [
        ([(2.0, 5.0), (2.0, 6.0)], True),
        ([(2.0, 5.0), (3.0, 6.0)], False),
        ([(np.nan, 5.0), (np.nan, 6.0)], True),
        ([(2.0, 5.0)], False),  # of one call nothing is known
        ([(1.0, 5.0), (1.0, 6.0)], False),  # so is what is right
        ([(2.0, 5.0), (1.0, 6.0)], False),
        ([(2.0, 5.0), ([2.0], np.ones(3)), (2.0, 6.0)], True),
        ([(2.0, np.ones(2)), (3.0, np.ones(3)), (2.0, np.zeros(2))], True),  # only shapes count
        ([(2.0, "a"), (2.0, "b")], True),
        ([(2.0, 5.0), (2.0, 6.0), ("text", 7.0)], False),
        ([(np.zeros(LARGEST_RESULT + 1), 5.0)] * 2, False),
        ([(np.zeros(LARGEST_RESULT), 5.0)] * 2, True),
    ],
)
def test_a_constant_depends_on_shapes_only(calls: Any, constant: bool) -> None:
    assert first_sight.is_constant([one(got, 1.0, given) for got, given in calls]) is constant


# --- arguments without effect ---------------------------------------------------------------------


def scaled(z: Any, scale: Any, shift: Any) -> Any:
    if scale < 0 or (z, shift) == (9.0, 4.0):
        raise ValueError("negative")
    return scale * z + shift


def without_effect(function: Any, calls: Any, count: int = 100) -> str:
    contract = Contract("", count=count, quiet=True)
    checks = [Check("", call) for call in calls]
    report = seen(function, [(check, run(scaled, check)) for check in checks], contract)
    return first_sight.no_effect(Case(function, scaled, contract, [], report, lambda count: [])).text


def raised(x: Any, y: Any = 0.0, t: Any = 1.0) -> Any:
    return x**2 * t + y


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x, y=0.0, t=1.0: np.sqrt(x) * t**3 + x + 7, None),
        (lambda x, y=0.0, t=1.0: x**3, "t"),
    ],
)
def test_an_argument_is_exchanged_where_it_is_named_and_not_where_it_is_left_out(
    function: Any, name: str | None
) -> None:
    contract = Contract("", count=100)
    checks = [Check("", (float(k),), {"t": 2.0 + k % 5} if k % 7 else {}) for k in range(1, 31)]
    report = seen(function, [(check, run(raised, check)) for check in checks], contract)
    found = first_sight.no_effect(Case(function, raised, contract, [], report, lambda count: []))
    assert found.text == (f"`{name}` has no effect: your result is the same whatever it is." if name else "")


CALLS = [(float(k), 2.0 + k % 5, 3.0 + k % 7) for k in range(1, 31)]
REFUSES = [(float(k), -1.0, 3.0) for k in range(1, 4)]


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda z, scale, shift: 2 * scale + shift, "z"),
        (lambda z, scale, shift: z + shift, "scale"),
        (
            lambda z, scale, shift: (np.exp(1000.0 * (scale > 4)), z + shift)[1],
            "scale",
        ),  # a warning counts not
        (lambda z, scale, shift: scale * z, "shift"),
        (lambda z, scale, shift: scale * z - shift, None),
    ],
)
def test_an_argument_is_named_that_can_be_exchanged(function: Any, name: str | None) -> None:
    for calls in (CALLS, [*REFUSES, *CALLS]):
        text = without_effect(function, calls)
        assert text == (f"`{name}` has no effect: your result is the same whatever it is." if name else "")


def test_an_exchange_must_make_a_difference_to_what_is_right_several_times() -> None:
    def unscaled(z: Any, scale: Any, shift: Any) -> Any:
        return z + shift

    moving = [(1.0, 2.0 + k % 2, 3.0) for k in range(6)]
    still = [(0.0, 2.0 + k % 2, 3.0) for k in range(9)]  # nothing is scaled here
    assert without_effect(unscaled, [*still, *moving])
    assert not without_effect(unscaled, [*still, *moving[:-1]])
    assert not without_effect(unscaled, moving, count=20), "where a call takes long, few are tried"


def exchanges(*values: Any) -> list[tuple[Any, Any]]:
    """Return which values are exchanged for which."""
    case = case_of(*(one(2.0, 1.0, value) for value in values))
    return [(seen.check.arguments[0], other) for seen, other in first_sight.exchanges(case, "z")]


def test_an_argument_is_exchanged_for_another_one_of_its_kind() -> None:
    assert exchanges(1.0, 2.0, 3.0) == [(1, 2), (2, 1), (3, 1)], "for the first one, each once"
    assert exchanges(1.0, 1.0, 3.0) == [(1, 3), (1, 3), (3, 1)], "for another one"
    assert exchanges(1.0, 2, "a") == []
    assert exchanges("a", "b") == [], "words are not compared"
    assert exchanges([1.0, 2.0], [3.0], [1.0, 4.0]) == [([1, 2], [1, 4]), ([1, 4], [1, 2])]
    assert exchanges(np.nan, 2.0)[0][1] == 2, "what is not a number for one"
    assert exchanges([1.0, 2.0], [1.0, 2.0]) == []
    row, other, longer = np.array([1.0, 2.0]), np.array([1.0, 4.0]), np.ones(3)
    assert [(mine is row, theirs is other) for mine, theirs in exchanges(row, longer, other)] == [
        (True, True),
        (False, False),
    ]
    named = case_of(one("text", 1.0, 5.0), one(2.0, 1.0, 6.0), one(2.0, 1.0, 7.0))
    assert [theirs for _, theirs in first_sight.exchanges(named, "z")] == [7, 6]


def test_whole_numbers_stay_in_the_range_that_they_have() -> None:
    """They may count places: one that is too large would be none."""
    few, many, same = np.array([2, 4, 3]), np.array([1, 3, 9]), np.array([1, 9, 3])
    assert [theirs.tolist() for _, theirs in exchanges(few, many)] == [[2, 3, 4], [2, 4, 3]]
    assert [theirs.tolist() for _, theirs in exchanges(few, same)] == [[2, 4, 3]], (
        "in that range it is no other"
    )
    assert [theirs.tolist() for _, theirs in exchanges(few + 0.5, many + 0.5)] == [
        [1.5, 3.5, 9.5],
        [2.5, 4.5, 3.5],
    ]


# --- Right numbers in several arrays --------------------------------------------------------------


def sorted_apart(z: Any) -> Any:
    """The right numbers for `np.sort`, the first of them by itself."""
    z = np.sort(z)
    return z[:1], z[1:]


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (sorted_apart, True),
        (lambda z: list(sorted_apart(z)), True),
        (lambda z: sorted_apart(z)[::-1], False),  # another order
        (lambda z: (-sorted_apart(z)[0], sorted_apart(z)[1]), False),
        (lambda z: sorted_apart(z) if len(z) > 3 else np.sort(z), False),
        (lambda z: (*sorted_apart(z), "and a word"), False),
        (lambda z: None, False),
        (np.cos, False),
    ],
)
def test_right_numbers_in_arrays_apart_only_need_to_be_joined(function: Any, told: bool) -> None:
    calls = [Check("", (np.array(z, dtype=float),)) for z in ([3, 1, 2], [2, 1, 4, 3], [0, -1, 5, 2, 1])]
    report = seen(function, [(call, run(np.sort, call)) for call in calls], CONTRACT)
    found = first_sight.in_parts(Case(function, np.sort, CONTRACT, [], report, lambda count: []))
    assert found == (first_sight.IN_PARTS if told else NOTHING)
