"""A formula for what is returned: which samples it is read from, and when few digits are the whole fault."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.teaching import Check, Contract, Mistake
from course_utils.teaching.exercise import related, run
from course_utils.teaching.exercise.case import NOTHING, Case
from course_utils.teaching.exercise.judging import Seen, seen

GIVEN = [np.linspace(0.3, 3.7, 5) + 0.37 * k for k in range(12)]


def squares(z: Any) -> Any:
    return z * z


def case_of(
    function: Any,
    solution: Any = squares,
    given: Any = GIVEN,
    mistakes: Any = (),
    fresh: Any = None,
    **contract: Any,
) -> Case:
    """Return what is seen of a function on some arguments, and on others."""
    rules = Contract("", **contract)

    def report(tried: Any, arguments: Any) -> list[Seen]:
        return seen(tried, [(check, run(solution, check)) for check in map(called, arguments)], rules)

    case = Case(function, solution, rules, mistakes, report(function, given), lambda count: [])
    case.__dict__["fresh"] = report(fresh or function, [0.1 + np.asarray(one) for one in given])
    return case


def called(argument: Any) -> Check:
    return Check("", (argument,))


# --- few digits -----------------------------------------------------------------------------------


def off(by: float, where: Any = lambda z: True) -> Any:
    return lambda z: squares(z) * (1 + by * where(z))


@pytest.mark.parametrize(
    ("by", "digits"),
    [(1.9e-3, 2), (2.1e-3, None), (0.9e-6, 6), (-0.9e-6, 6), (1.5e-6, 5), (1.1e-12, None), (5e-9, 8)],
)
def test_numbers_that_are_nearly_right_have_few_digits(by: float, digits: int | None) -> None:
    found = related.few_digits(case_of(off(by)))
    assert (f"to about {digits} digits only" in found.text) == (digits is not None)
    assert found.text.startswith("the formula seems right") == (digits is not None)


def test_few_digits_may_be_all_that_the_contract_s_tolerance_sees() -> None:
    assert related.few_digits(case_of(off(0.9e-12), rtol=1e-14)).text == "", "that may be rounding"
    assert related.few_digits(case_of(off(1.5e-12), rtol=1e-14)).text
    assert related.few_digits(case_of(off(1e-6), rtol=1e-3)).text == "", "nothing is wrong"


@pytest.mark.parametrize(("wrong", "seldom"), [(2, True), (3, False)])
def test_what_is_seldom_wrong_uses_something_else_there(wrong: int, seldom: bool) -> None:
    last = GIVEN[-wrong][0]
    found = related.few_digits(case_of(off(1e-6, lambda z: z[0] >= last)))
    assert found.text.startswith("on most inputs your numbers are right") == seldom


def test_few_digits_are_seen_in_enough_finite_results_of_the_right_shape() -> None:
    nearly = off(1e-6)
    assert related.few_digits(case_of(nearly, given=GIVEN[:3])).text, "three, and three fresh ones"
    assert related.few_digits(case_of(nearly, given=GIVEN[:2])).text == ""
    assert related.few_digits(case_of(lambda z: nearly(z)[: 4 if z[0] > 4 else 5])).text == ""
    half, more = GIVEN[6][0], GIVEN[5][0]
    assert related.few_digits(case_of(lambda z: nearly(z) * (np.inf if z[0] >= half else 1))).text
    assert related.few_digits(case_of(lambda z: nearly(z) * (np.inf if z[0] >= more else 1))).text == ""
    assert related.few_digits(case_of(nearly, given=[*GIVEN, np.empty(0)], atol=1e-12)).text
    assert related.few_digits(case_of(nearly, fresh=squares)).text == "", "fresh inputs must bear it out"


def test_small_numbers_count_where_the_contract_says_so() -> None:
    def hidden(z: Any) -> Any:
        return squares(z) + np.array([0, 1e-6, 0, 0, 0]) * (z[1] < 0.1)

    given = [np.array([2.0, 1e-4, 3.0, 2.5, 2.0 + k]) for k in range(12)]
    fresh = off(1e-6)
    assert related.few_digits(case_of(hidden, given=given, fresh=fresh)).text == "", (
        "a hundred times too large"
    )
    assert related.few_digits(case_of(hidden, given=given, fresh=fresh, atol=1e-9)).text, (
        "beside usual numbers"
    )


# --- single precision -----------------------------------------------------------------------------


def single(z: Any) -> Any:
    return squares(z).astype(np.float32)


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (single, True),
        (squares, False),
        (lambda z: single(z).astype(float), True),
        (lambda z: np.append(single(z)[:-1], squares(z)[-1]), False),  # each number must fit
        (lambda z: single(z) * np.float32(1.0009), True),
        (lambda z: single(z) * np.float32(1.002), False),
        (lambda z: np.round(squares(z)), False),  # whole numbers fit into anything
        (lambda z: single(z) * np.where(np.arange(5) < 2, np.float32(1.5), np.float32(1)), True),
        (lambda z: single(z) * np.where(np.arange(5) < 3, np.float32(1.5), np.float32(1)), False),
        (lambda z: single(z)[: 4 if z[0] > 3 else 5], True),
        (lambda z: single(z)[: 4 if z[0] > 2.35 else 5], True),  # half fit
        (lambda z: single(z)[: 4 if z[0] > 2 else 5], False),  # too few fit
    ],
)
def test_single_precision_is_told_by_numbers_that_fit_and_are_nearly_right(
    function: Any, found: bool
) -> None:
    assert related.single_precision(case_of(function)) == (related.FLOAT32 if found else NOTHING)


def test_single_precision_is_seen_in_many_numbers_that_do_not_fit_by_chance() -> None:
    assert related.single_precision(case_of(single, given=GIVEN[:4])).text
    assert related.single_precision(case_of(single, given=GIVEN[:2])).text == ""
    assert related.single_precision(case_of(single, given=[GIVEN[0]] * 12)).text == ""
    whole = case_of(single, given=[np.arange(5.0) + 5 * k for k in range(12)])
    whole.__dict__["fresh"] = []
    assert related.single_precision(whole).text == ""


# --- relations ------------------------------------------------------------------------------------


def test_a_relation_is_read_also_from_the_second_sample() -> None:
    """The first may not tell it, as here, where what is said of it is not so of the others."""

    def function(z: Any) -> Any:
        return -squares(z)

    case = case_of(function)
    assert related.of_right_results(case).text == "your result is the right one with its sign turned around."
    first, second, third = case.samples
    odd = Seen(first.check, run(lambda _: np.array([7.0, 1, 5, 2, 9]), called(0)), first.right, "wrong")
    case.__dict__["samples"] = [odd, second, third]
    assert related.of_right_results(case).text
    case.__dict__["samples"] = [odd, odd, third]
    assert related.of_right_results(case) == NOTHING
    case.__dict__["samples"] = []
    assert related.of_right_results(case) == related.of_other_arguments(case) == NOTHING


def test_two_things_at_once_are_told_of_which_neither_is_enough() -> None:
    cubes = Mistake(lambda z: z**3, "cubes.", "cubes")
    ends = Mistake(lambda z: z * np.inf, "infinite.", "infinite")
    words = Mistake(lambda z: "text", "words.", "words")
    case = case_of(lambda z: -(z**3), mistakes=[ends, words, cubes])
    found = related.on_top_of_a_mistake(case)
    assert found.key == "cubes, sign"
    assert found.text == (
        "two things at once. One: cubes. The other: on top of that, your result is what that gives with its "
        "sign turned around."
    )
    assert related.on_top_of_a_mistake(case_of(lambda z: z**3, mistakes=[cubes])) == NOTHING, "one is enough"
    scaled = Mistake(lambda z: z**3, "cubes.", "cubes", at_any_scale=True)
    assert related.on_top_of_a_mistake(case_of(lambda z: 7.3 * z**3, mistakes=[scaled])).text == "cubes."
    assert related.on_top_of_a_mistake(case_of(lambda z: -(z**3), mistakes=[scaled])).key == "cubes, sign"
    few = case_of(lambda z: -(z**3), mistakes=[cubes], count=49)
    assert related.on_top_of_a_mistake(few) == related.of_variants(few) == NOTHING, "each call takes long"
    assert related.on_top_of_a_mistake(case_of(lambda z: -(z**3), mistakes=[cubes], count=50)).text


def test_beside_a_mistake_no_quantity_of_the_call_is_told() -> None:
    text = "your result is the right one times the largest of `z`."
    assert related.of_right_results(case_of(lambda z: squares(z) * z.max())).text == text
    cubes = Mistake(lambda z: z**3, "cubes.", "cubes")
    assert related.on_top_of_a_mistake(case_of(lambda z: z**3 * z.max(), mistakes=[cubes])) == NOTHING


def test_other_arguments_and_variants_must_explain_all_that_is_wrong() -> None:
    def cubes(z: Any) -> Any:
        return z * z * z

    first = case_of(lambda z: -cubes(z), solution=cubes)
    assert related.of_other_arguments(first).text == "your result is the right one for minus `z`."
    sample = first.samples[0].check.arguments[0]
    once = case_of(lambda z: -cubes(z) if np.array_equal(z, sample) else 7 * cubes(z) + 1, solution=cubes)
    assert related.of_other_arguments(once) == NOTHING

    added = "your result is what comes out when a sum stands where a product belongs."
    assert related.of_variants(case_of(lambda z: z + z, count=50)).text == added
    sample = case_of(lambda z: z + z).samples[0].check.arguments[0]
    other = case_of(lambda z: z + z if np.array_equal(z, sample) else 7 * z + 1)
    assert related.of_variants(other) == NOTHING
    endless = case_of(lambda z: z + z, given=[np.array([np.inf, k + 0.5]) for k in range(12)])
    assert related.of_variants(endless).text == added, "where finite results say too little"


def test_a_floor_and_a_ceiling_are_read_from_several_results() -> None:
    def first(z: Any) -> Any:
        return z[0]

    found = related.held_between(case_of(lambda z: np.clip(z[0], 1.0, 4.0), solution=first))
    assert found.text == "your result is the right one, held between 1 and 4."
    for no_clip in (lambda z: max(z[0], 1.0), lambda z: np.clip(z[0], 1, 4) + 0.01 * (z[0] > 2), np.min):
        assert related.held_between(case_of(no_clip, solution=first)) == NOTHING
    for no_number in ("text", np.empty(0), 2.0):
        assert related.held_between(case_of(lambda z, no=no_number: no, solution=first)) == NOTHING
    partly = related.held_between(
        case_of(lambda z: np.nan if 2 < z[1] < 3 else np.clip(z[0], 1.0, 4.0), solution=first)
    )
    assert partly.text.startswith("your result is the right one, held between 1 and 4. That is so wherever")
    wide = [np.linspace(-k, 5 + k, 5) for k in range(1, 13)]
    for one_end in ((0.0, 3.0), (1.0, 4.0)):
        only = case_of(lambda z, ends=one_end: np.clip(z, *ends), lambda z: np.clip(z, 0.0, 4.0), wide)
        assert related.held_between(only) == NOTHING


def test_a_variant_whose_numbers_are_right_explains_nothing() -> None:
    def first_above(z: Any) -> Any:
        return np.searchsorted(np.cumsum(z), 3.0, side="right")

    found = related.of_variants(case_of(lambda z: float(first_above(z)), solution=first_above, whole=True))
    assert found == NOTHING


def test_what_is_done_twice_is_told() -> None:
    assert related.done_twice(case_of(lambda z: z**4)).key == "twice"
    assert related.done_twice(case_of(lambda z: z**3)) == NOTHING
    assert related.done_twice(case_of(lambda z: z**4, fresh=lambda z: z**3)) == NOTHING
    shorter = case_of(lambda z: 4 * z[2:], solution=lambda z: 2 * z[1:])
    assert related.done_twice(shorter).key == "twice"
    numbers = case_of(lambda z: z**4, given=[0.3 + k for k in range(12)])
    assert related.done_twice(numbers) == NOTHING, "a single number is no array"
    sums = case_of(lambda z: 2.0 * z.sum(), solution=lambda z: z.sum())
    assert related.done_twice(sums) == NOTHING, "of a sum there is none"
