"""What is said of where results are wrong: what happens there, and what stands there."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course_utils.teaching import Check, Contract, Exercise
from course_utils.teaching.exercise import located, run


def seen(got: Any = None, right: Any = None, error: Any = None, asked: Any = None, problem: str = "x") -> Any:
    """Return one wrong call: what came out, and what is right."""
    pair = None if got is None or right is None else (np.asarray(got), np.asarray(right))
    text = f"{error.__name__}: unsupported operand type(s) for -: 'list' and 'int'" if error else ""
    outcome = SimpleNamespace(error=error, error_text=text)
    return SimpleNamespace(got=outcome, right=SimpleNamespace(error=asked), pair=pair, problem=problem)


NAN, INF = [np.nan, 1.0], [np.inf, 1.0]
LIST = " A Python list is treated like an array. Turn it into one first."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([seen(asked=ValueError)] * 2, "There the contract asks for a ValueError."),
        ([seen(asked=IndexError)] * 2, "There the contract asks for an IndexError."),
        (
            [seen(error=TypeError, asked=ValueError)] * 2,
            "There the contract asks for a ValueError, not another error.",
        ),
        (
            [seen(error=TypeError, asked=ValueError), seen(asked=ValueError)],
            "There the contract asks for a ValueError.",
        ),
        ([seen(error=TypeError)] * 2, "There it raises a TypeError." + LIST),
        ([seen(error=UnboundLocalError)] * 2, "There it raises an UnboundLocalError." + LIST),
        (
            [seen(error=TypeError), seen(error=OSError), seen(error=OSError)],
            "There it raises an OSError, mostly." + LIST,
        ),
        (
            [seen(error=TypeError, asked=ValueError), seen(error=TypeError)],
            "There it raises a TypeError." + LIST,
        ),
        (
            [seen(problem="with a warning: y")] * 2,
            "There the numbers are right, but on the way something overflows, with a warning.",
        ),
        ([seen(problem="with a warning: y"), seen()], ""),
        ([seen(error=TypeError), seen([1.0], [2.0])], ""),
        (
            [seen(NAN, [1.0, 1.0])] * 2,
            "There it returns what is not a number: somewhere infinity is divided by infinity, 0 by 0, or "
            "infinity is subtracted from infinity.",
        ),
        (
            [seen(NAN, [1.0, 1.0]), seen(INF, [1.0, 1.0])],
            "There something overflows, or the logarithm of 0 is taken: infinity comes out.",
        ),
        ([seen([1.0], [1.0, 1.0])] * 2, "There the shape is wrong."),
        ([seen([0.0, 0.0], [1.0, 1.0])] * 2, "There it returns 0."),
        ([seen(0, 1.0), seen(0, 2.0)], "There it returns 0."),
        ([seen([0, 0], [1, 1])] * 2, "There it returns 0."),
        (
            [seen([0, 0], [0.25, 0.75]), seen([0, 1], [0.0, 1.5])],
            "There whole numbers come out. An array made with `zeros_like` takes the type of its model: from "
            "integers, integers. `np.zeros` makes floats.",
        ),
        ([seen([0.0, 0.1], [1.0, 1.0])] * 2, ""),
    ],
)
def test_what_all_wrong_calls_have_in_common_is_said(wrong: Any, said: str) -> None:
    assert located.what_happens(wrong) == (f" {said}" if said else "")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.51, "most inputs, but"),
        (0.5, "some inputs, but"),
        (0.21, "some inputs, but"),
        (0.2, "few inputs:"),
        (0.01, "few inputs:"),
    ],
)
def test_how_many_are_right_is_said(share: float, words: str) -> None:
    assert f"{located.most_or_few(share)} inputs{located.but(share)}" == words


@pytest.mark.parametrize(
    ("got", "right", "said"),
    [
        ([np.nan, np.nan], [1.0, 2.0], "There stands what is not a number."),
        ([np.nan, 5.0], [1.0, 2.0], ""),
        ([0.5, 0.5], [1.0, 2.0], "There always stands 0.5."),
        ([1 / 3] * 2, [1.0, 2.0], "There always stands 0.333333."),
        ([1.0, 1 + 2e-12], [1.0, 5.0], ""),
        ([1.0, 1 + 0.5e-12], [1.0, 5.0], "There always stands 1."),
        ([2.0, 6.0], [1.0, 3.0], "There your number is 2 times the right one."),
        ([-2.0, -6.0], [1.0, 3.0], "There your number is −2 times the right one."),
        ([1.0, 2.0], [3.0, 6.0], "There your number is 0.333333 times the right one."),
        ([2.0, 6.0 * (1 + 0.9e-7)], [1.0, 3.0], "There your number is 2 times the right one."),
        ([2.0, 6.0 * (1 + 1.1e-7)], [1.0, 3.0], ""),
        ([1.123456, 3.123456], [1.0, 3.0], "There your number is always the right one plus 0.123456."),
        ([1.25, 3.25], [1.0, 3.0], "There your number is always the right one plus 0.25."),
        ([0.75, -0.25], [1.0, 0.0], "There your number is always the right one plus −0.25."),
        ([1.25, 3.25 + 0.9e-9 / 4], [1.0, 3.0], "There your number is always the right one plus 0.25."),
        ([1.25, 3.25 + 1.1e-9 / 4], [1.0, 3.0], ""),
        ([np.inf, np.inf], [1.0, 2.0], ""),
        ([1.0, 3.0, 7.0], [2.0, 3.0, 1.0], ""),
    ],
)
def test_what_stands_at_wrong_entries_is_said(got: Any, right: Any, said: str) -> None:
    entries: Any = [SimpleNamespace(got=a, right=b) for a, b in zip(got, right, strict=True)]
    assert located.what_stands(entries) == (f" {said}" if said else "")


@pytest.mark.parametrize(("size", "kept"), [(399, 399), (400, 400), (799, 799), (800, 400), (1300, 434)])
def test_of_many_entries_some_are_looked_at(size: int, kept: int) -> None:
    assert len(located.thinned(list(range(size)))) == kept  # type: ignore[arg-type]


# --- which functions something is said of ---------------------------------------------------------


def sign_of_first(x: Any) -> Any:
    return np.abs(x) + 1


def exercise(count: int = 60) -> Any:
    contract = Contract("", inputs=lambda pick: (pick.numbers((4,), -100, 100),), count=count)
    return Exercise(
        "", contract, sign_of_first, [Check("one", (np.array([1.0, 2.0, 3.0, 4.0]),))], [], [""] * 3
    )


def case_of(function: Any) -> Any:
    one = exercise()
    outcomes = [run(function, check) for check in one.checks]
    _, report, _ = one.judge(function, outcomes, 0)
    return one._case(function, report, 0)


def wrong_where(test: Any, instead: Any = lambda x: x * np.nan) -> Any:
    """Return a function that is right but where a test of its argument holds."""
    return lambda x: instead(x) if test(x) else sign_of_first(x)


def test_the_share_of_right_results_is_said_and_what_happens_at_the_others() -> None:
    found = located.where_calls_are_wrong(case_of(wrong_where(lambda x: x.max() > 50)))
    assert re.match(
        r"your result is right on (most|some) inputs, but not where the largest of `x` is [\d.]+ or more "
        r"\(right up to [\d.]+\)\. There it returns what is not a number",
        found.text,
    )
    assert located.where_exactly(case_of(wrong_where(lambda x: x.max() > 50))) == found


def test_a_single_right_result_is_not_the_largest_of_several() -> None:
    contract = Contract("", inputs=lambda pick: (pick.number(-100, 100),), count=60)
    one = Exercise("", contract, lambda x: x, [Check("one", (1.0,))], [], [""] * 3)
    found = one.check(lambda x: x if x < 50 else np.nan).diagnosis
    assert "where `x` is" in found
    squares = Exercise("", contract, lambda x: np.cos(x) ** 2, [Check("one", (1.0,))], [], [""] * 3)
    found = squares.check(lambda x: np.cos(x) ** 2 if np.cos(x) ** 2 < 0.5 else np.nan).diagnosis
    assert "not where the right result is 0.5" in found


def test_a_function_that_is_mostly_wrong_is_not_right_but_somewhere_else() -> None:
    mostly = wrong_where(lambda x: x.min() > -99)
    case = case_of(mostly)
    assert len(case.wrong) > 0.8 * len(case.report)
    assert located.where_calls_are_wrong(case).text == ""


def test_an_exact_place_is_one_property_of_what_is_given() -> None:
    both = case_of(wrong_where(lambda x: x.max() > 5 and x.min() < -5))
    assert "and, at the same time, the largest of `x`" in located.where_calls_are_wrong(both).text
    assert located.where_exactly(both).text == ""
    of_results = case_of(wrong_where(lambda x: np.abs(x).min() > 1))
    assert located.where_exactly(of_results).text == ""


def test_where_entries_are_wrong_is_said_with_what_stands_there() -> None:
    found = located.where_entries_are_wrong(case_of(lambda x: np.where(x > 10, 7.0, np.abs(x) + 1)))
    assert re.fullmatch(
        r"(most|some) entries of your results are right, but not where the entry of `x` is [\d.]+ or more "
        r"\(right up to [\d.]+\)\. There always stands 7\.",
        found.text,
    )
    assert located.where_entries_are_wrong(case_of(lambda x: np.abs(x))).text == "", "none is right"
    assert (
        located.where_entries_are_wrong(case_of(wrong_where(lambda x: x.max() > 50, lambda x: x[:1]))).text
        == ""
    )


def now_and_then(x: Any) -> bool:
    """Tell for one in nineteen arguments, whatever they are."""
    return int(abs(x).sum() * 1e3) % 19 == 1


def test_what_is_hardly_ever_right_there_is_no_exact_place() -> None:
    case = case_of(wrong_where(lambda x: x.max() > 30 and not now_and_then(x)))
    found = located.where_calls_are_wrong(case)
    assert "hardly ever where the largest of `x`" in found.text
    assert located.where_exactly(case).text == ""


@pytest.mark.parametrize("least", [-30, 0, 50])
def test_how_many_results_are_right_is_counted(least: float) -> None:
    case = case_of(wrong_where(lambda x: x.min() > least))
    right = sum(not one.problem for one in case.report) / len(case.report)
    assert located.where_calls_are_wrong(case).text.startswith(
        f"your result is right on {located.most_or_few(right)} inputs{located.but(right)} "
        "not where the smallest"
    )
    entries = case_of(lambda x: np.where(x > least, 7.0, np.abs(x) + 1))
    right = np.concatenate([one.check.arguments[0] <= least for one in entries.report]).mean()
    where = "only where" if right <= located.FEW_RIGHT else "not where"
    assert located.where_entries_are_wrong(entries).text.startswith(
        f"{located.most_or_few(right)} entries of your results are right{located.but(right)} {where}"
    )


def test_a_place_is_named_only_if_fresh_inputs_bear_it_out() -> None:
    for find, function in (
        (located.where_calls_are_wrong, wrong_where(lambda x: x.max() > 50)),
        (located.where_entries_are_wrong, lambda x: np.where(x > 10, 7.0, np.abs(x) + 1)),
    ):
        case = case_of(function)
        assert find(case).text
        case.__dict__["fresh"] = case_of(sign_of_first).report
        assert find(case).text == "", "nothing is wrong there"


def test_of_entries_nothing_is_said_where_some_results_have_another_shape() -> None:
    def cut(x: Any) -> Any:
        return np.where(x > 10, 7.0, np.abs(x) + 1)[: 4 - (x.min() < -50)]

    assert located.where_entries_are_wrong(case_of(cut)).text == ""


def test_of_entries_no_place_is_named_where_as_many_are_right() -> None:
    def parted(x: Any) -> Any:
        return np.where((x > 10) & ((x * 1e3).astype(int) % 7 < 3), 7.0, np.abs(x) + 1)

    assert located.where_entries_are_wrong(case_of(parted)).text == ""
