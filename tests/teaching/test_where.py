"""Where a function is wrong: which property of its inputs is named, and what is said of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course_utils.teaching import Contract
from course_utils.teaching.exercise import where
from course_utils.teaching.exercise.where import Side, Where, find

# --- what is said ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "text"),
    [
        (Side("the largest of `z`", True, 5.5, 3.25), "the largest of `z` is 5.5 or more (right up to 3.25)"),
        (Side("`x`", False, -2.0, -1.5), "`x` is −2 or less (right down to −1.5)"),
        (Side("the number of rows of `z`", True, 3.0, 2.0), "the number of rows of `z` is 3 or more"),
        (Side("`k`", False, 3.0, 4.0), "`k` is 3 or less"),
        (Side("`x`", True, 2.5, 1.5), "`x` is 2.5 or more (right up to 1.5)"),
        (Side("`k`", True, 3.0, 1.0), "`k` is 3 or more (right up to 1)"),
        (Side("`x`", True, 1.23456, 0.123456), "`x` is 1.235 or more (right up to 0.1235)"),
        (Side("`k` is 0|`k` is not 0?", True, 1.0, 0.0), "`k` is 0"),
        (Side("`k` is 0|`k` is not 0?", False, 0.0, 1.0), "`k` is not 0"),
        (Side("`T`", True, np.inf, 1e100), "`T` is infinity"),
        (Side("`T`", False, -np.inf, -3.0), "`T` is −infinity"),
    ],
)
def test_a_side_says_where_it_is_wrong_and_how_far_it_is_right(side: Side, text: str) -> None:
    assert side.text() == text


@pytest.mark.parametrize(
    ("side", "holds"),
    [
        (Side("x", True, 5.0, 3.0), {2: False, 3: False, 3.5: None, 4.5: None, 5: True, 6: True}),
        (Side("x", False, 3.0, 5.0), {2: True, 3: True, 3.5: None, 4.5: None, 5: False, 6: False}),
        (Side("x is 3|x is not 3?", True, 1.0, 0.0), {3: True, 4: False}),
        (Side("y", True, 5.0, 3.0), {6: False}),  # what has no such property is not on a side
    ],
)
def test_between_two_bounds_nothing_is_known(side: Side, holds: dict[float, bool | None]) -> None:
    assert {value: side.holds({"x": float(value)}) for value in holds} == holds


X, Y = Side("x", True, 5.0, 3.0), Side("y", True, 1.0, 0.0)


def test_both_properties_must_hold_and_one_that_fails_is_enough() -> None:
    both = Where((X, Y), 1.0)
    answers = {(x, y): both.holds({"x": x, "y": y}) for x in (2.0, 4.0, 6.0) for y in (0.0, 0.5, 1.0)}
    assert [pair for pair, answer in answers.items() if answer] == [(6.0, 1.0)]
    assert [pair for pair, answer in answers.items() if answer is None] == [
        (4.0, 0.5),
        (4.0, 1.0),
        (6.0, 0.5),
    ]


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "not"), (0.99, "hardly ever"), (0.9, "hardly ever"), (0.89, "not always"), (0.4, "not always")],
)
def test_how_often_it_is_wrong_there_is_said(share: float, words: str) -> None:
    assert Where((X,), share).text() == f"{words} where {X.text()}"
    assert Where((X, Y), share).text() == f"{words} where {X.text()} and, at the same time, {Y.text()}"
    only = Where((X,), share).text(few=True) == f"only where {X.elsewhere()}"
    assert only == (share == 1)
    assert Where((X, Y), 1.0).text(few=True).startswith("not where")


@pytest.mark.parametrize(
    ("side", "text"),
    [
        (
            Side("the entry of `g`, signs aside,", True, 0.5, 0.0),
            "the entry of `g`, signs aside, is 0 (wrong from 0.5 on)",
        ),
        (Side("`x`", True, 0.5, 0.0), "`x` is 0 or less (wrong from 0.5 on)"),
        (
            Side("the absolute value of `x`", False, 0.5, 2.0),
            "the absolute value of `x` is 2 or more (wrong from 0.5 downwards)",
        ),
        (Side("`k` is 0|`k` is not 0?", True, 1.0, 0.0), "`k` is not 0"),
    ],
)
def test_a_side_says_where_it_is_right(side: Side, text: str) -> None:
    assert side.elsewhere() == text


@pytest.mark.parametrize(("lowest", "says"), [(1, "is 1"), (0, "is 1 or less")])
@pytest.mark.parametrize(("name", "count"), [("the number of rows of `z`", True), ("`x`", False)])
def test_a_count_that_cannot_be_less_is_just_that(lowest: float, says: str, name: str, count: bool) -> None:
    values = [1.0] * 9 + [lowest] + [2.0, 3.0, 4.0] * 3
    found = find([value <= 1 for value in values], [{name: value} for value in values])
    assert found
    assert found.sides[0].text().startswith(f"{name} {says if count else 'is 1 or less'}")


def test_of_few_inputs_no_pair_of_properties_is_named() -> None:
    numbers = [{"`x`": x, "`y`": y} for x in (1.0, 2.0, 3.0, 4.0, 5.0) for y in (1.0, 2.0, 3.0, 4.0, 5.0)]
    wrong = [one["`x`"] > 2 and one["`y`"] > 2 for one in numbers]
    both = find(wrong, numbers, loosely=False)
    assert both
    assert len(both.sides) == 2
    assert find(wrong, numbers, loosely=False, pairs=False) is None


@pytest.mark.parametrize(
    ("share", "inside", "outside", "told"),
    [
        (1.0, "www", "rrr", True),
        (1.0, "wwwr", "rrr", False),  # wrong wherever it holds, it says
        (1.0, "www", "rrw", False),  # right elsewhere, it says
        (1.0, "", "rrr", False),  # nothing was met that it speaks of
        (0.9, "wwwr", "r", True),
        (0.9, "w" * 13 + "r" * 7, "r", True),  # a quarter less often than before is near enough
        (0.9, "w" * 12 + "r" * 8, "r", False),
        (0.9, "wwwww", "w", False),
        (0.3, "w" + "r" * 18, "r", True),
        (0.3, "r" * 5, "r", False),
    ],
)
def test_it_is_true_of_inputs_that_it_was_not_made_from(
    share: float, inside: str, outside: str, told: bool
) -> None:
    features = [{"x": 6.0}] * len(inside) + [{"x": 1.0}] * len(outside) + [{"x": 4.0}] * 2
    wrong = [letter == "w" for letter in inside + outside] + [True, False]  # between the bounds anything goes
    assert Where((X,), share).foretells(features, wrong) is told


def test_what_is_right_is_told_from_what_is_given() -> None:
    assert Where((X, Side("the largest of the right results", True, 1.0, 0.0)), 1.0).about_results
    assert not Where((X, Y), 1.0).about_results


# --- properties --------------------------------------------------------------------------------------


def measured(right: Any = None, error: Any = None, **arguments: Any) -> dict[str, float]:
    numbers = None if right is None else np.asarray(right, dtype=float)
    call = SimpleNamespace(right=SimpleNamespace(numbers=numbers, error=error))
    return where.of_call(call, arguments)  # type: ignore[arg-type]


def yes_or_no(name: str, yes: str, no: str) -> str:
    return f"`{name}` {yes}|`{name}` {no}?"


def test_a_table_has_these_properties() -> None:
    z = np.array([[1.0, -7.0, 3.0], [4.0, 4.0, 2.0]])
    assert measured(z=z) == {
        "the number of dimensions of `z`": 2,
        "the number of rows of `z`": 2,
        "the number of columns of `z`": 3,
        yes_or_no("z", "has as many rows as columns", "does not have as many rows as columns"): 0,
        "the number of all entries of `z`": 6,
        yes_or_no("z", "holds integers", "holds floats"): 0,
        "`z` has equal entries|all entries of `z` differ?": 1,
        "the largest of `z`": 4,
        "the smallest of `z`": -7,
        "the largest of `z`, signs aside,": 7,
        "the spread of `z` (largest minus smallest in a row)": 10,
        "the largest entry of the lowest row of `z`": 3,
        "the distance between the rows' largest entries of `z`": 1,
    }
    assert measured(z=np.ones((5, 2, 2)))[
        yes_or_no("z", "has as many rows as columns", "does not have as many rows as columns")
    ]


def test_a_row_and_a_single_number_in_an_array_have_these() -> None:
    row = measured(v=np.array([3, 1, 2], dtype=np.uint8))
    assert row == {
        "the number of dimensions of `v`": 1,
        "the number of entries of `v`": 3,
        "the number of all entries of `v`": 3,
        yes_or_no("v", "holds integers", "holds floats"): 1,
        "`v` has equal entries|all entries of `v` differ?": 0,
        "the largest of `v`": 3,
        "the smallest of `v`": 1,
        "the largest of `v`, signs aside,": 3,
        "the spread of `v` (largest minus smallest in a row)": 2,
        "the largest entry of the lowest row of `v`": 3,
        "the distance between the rows' largest entries of `v`": 0,
    }
    single = measured(v=np.array(-2.5))
    assert (single["the number of dimensions of `v`"], single["the largest of `v`"]) == (0, -2.5)
    assert single["the spread of `v` (largest minus smallest in a row)"] == 0
    assert "the largest of `v`" not in measured(v=np.empty(0))
    assert "the largest of `v`" not in measured(v=np.array([True]))
    assert list(measured(v=np.array([2, 5]), w=np.array([1.0])))[:2] == [
        "the number of dimensions of `v`",
        "the number of entries of `v`",
    ]


def test_numbers_have_these() -> None:
    assert measured(a=-2.5, b=0, flag=True, word="x") == {
        yes_or_no("a", "is 0", "is not 0"): 0,
        yes_or_no("a", "is infinite", "is not infinite"): 0,
        yes_or_no("a", "is not a number", "is a number"): 0,
        yes_or_no("a", "is an integer", "is a float"): 0,
        "`a`": -2.5,
        "the absolute value of `a`": 2.5,
        yes_or_no("b", "is 0", "is not 0"): 1,
        yes_or_no("b", "is infinite", "is not infinite"): 0,
        yes_or_no("b", "is not a number", "is a number"): 0,
        yes_or_no("b", "is an integer", "is a float"): 1,
        "`b`": 0,
        "the absolute value of `b`": 0,
        yes_or_no("flag", "is true", "is false"): 1,
        "`a` equals `b`|`a` does not equal `b`?": 0,
        "`a` is above `b`|`a` is not above `b`?": 0,
        "`a` is below `b`|`a` is not below `b`?": 1,
    }
    equal = measured(a=1, b=1.0)
    assert equal["`a` equals `b`|`a` does not equal `b`?"]
    assert not equal["`a` is above `b`|`a` is not above `b`?"]
    assert not equal["`a` is below `b`|`a` is not below `b`?"]
    assert measured(a=2, b=1.0)["`a` is above `b`|`a` is not above `b`?"]
    missing = measured(a=float("nan"))
    assert missing == {
        yes_or_no("a", "is 0", "is not 0"): 0,
        yes_or_no("a", "is infinite", "is not infinite"): 0,
        yes_or_no("a", "is not a number", "is a number"): 1,
        yes_or_no("a", "is an integer", "is a float"): 0,
    }
    assert measured(a=np.int64(3))[yes_or_no("a", "is an integer", "is a float")]
    assert measured(a=-np.inf)[yes_or_no("a", "is infinite", "is not infinite")]


def test_lists_have_a_length_and_those_of_numbers_their_values() -> None:
    numbers = measured(parts=[2.0, 5.0])
    assert (numbers["the length of `parts`"], numbers["the largest of `parts`"]) == (2, 5)
    assert measured(parts=(np.ones(2), np.ones(3), np.ones(4))) == {"the length of `parts`": 3}
    assert measured(parts=[]) == measured(parts="text") == {}


@pytest.mark.parametrize(
    ("axis", "last", "front", "behind"),
    [(0, 0, 0, 2), (1, 0, 1, 1), (2, 1, 2, 0), (-1, 1, 2, 0), (-3, 0, 0, 2)],
)
def test_an_axis_is_counted_from_the_front(axis: int, last: float, front: float, behind: float) -> None:
    found = measured(z=np.ones((2, 3, 4)), axis=axis)
    assert found["`axis` is the last one|`axis` is not the last one?"] == last
    assert found["`axis`, counted from the front,"] == front
    assert found["the number of axes behind `axis`"] == behind


def test_an_axis_is_that_of_the_first_array() -> None:
    found = measured(v=np.ones(2), z=np.ones((2, 3)), axis=-2)
    assert "`axis`, counted from the front," not in found
    assert measured(z=np.ones((2, 3)), v=np.ones(2), axis=-2)["`axis`, counted from the front,"] == 0


@pytest.mark.parametrize(
    "arguments",
    [{"z": np.ones(3), "axis": 1}, {"z": np.ones(3), "axis": 2}, {"z": np.ones(3), "axis": -2}, {"axis": 0}],
)
def test_an_axis_that_is_none_has_no_place(arguments: dict[str, Any]) -> None:
    assert "`axis`, counted from the front," not in measured(**arguments)


def test_what_is_right_has_these() -> None:
    assert measured([3.0, -0.5, -8.0]) == {
        "the contract asks for an error|?": 0,
        "the largest of the right results": 3,
        "the smallest of the right results": -8,
        "the smallest of the right results, signs aside,": 0.5,
    }
    assert measured(error=ValueError) == {"the contract asks for an error|?": 1}
    assert measured([1.0, np.nan]) == measured([]) == {}


# --- which property is named -------------------------------------------------------------------------


def found(*groups: tuple[int, int, float], loosely: bool = False) -> Where | None:
    """Find where a function is wrong that has so many wrong and so many right results at each x."""
    wrong, features = [], []
    for bad, good, x in groups:
        wrong += [True] * bad + [False] * good
        features += [{"x": x}] * (bad + good)
    return find(wrong, features, loosely)


@pytest.mark.parametrize(
    ("groups", "share"),
    [
        ([(3, 0, 2.5), (0, 3, 1.5)], 1.0),
        ([(3, 0, 2.5), (3, 0, 4.0), (0, 3, 1.5)], 1.0),
        ([(2, 0, 2.5), (0, 9, 1.5)], None),  # of two, and without two, nothing can be known
        ([(9, 0, 2.5), (0, 2, 1.5)], None),
        ([(9, 1, 2.5), (0, 9, 1.5)], 0.9),
        ([(17, 2, 2.5), (0, 9, 1.5)], None),
        ([(10, 1, 2.5), (0, 3, 1.5)], 10 / 11),
        ([(10, 1, 2.5), (0, 2, 1.5)], None),  # too few outside
        ([(9, 0, 1.00001), (0, 9, 1.00002)], None),  # two bounds that read alike
        ([(9, 0, 1.001), (0, 9, 1.002)], 1.0),
        ([(9, 0, float("nan")), (0, 9, 1.0)], None),
        ([(9, 0, 1.0), (0, 9, float("nan"))], 1.0),
    ],
)
def test_a_property_is_named_that_parts_wrong_from_right(groups: Any, share: float | None) -> None:
    place = found(*groups)
    assert (None if place is None else place.share) == share
    if place is not None:
        assert [(side.feature, side.wrong_from) for side in place.sides] == [("x", groups[0][2])]


@pytest.mark.parametrize(
    ("inside", "outside", "share"),
    [
        ((20, 38), 42, 20 / 58),
        ((20, 39), 41, None),  # so many right ones could lie outside by chance: 0.8^41 > 1e-4
        ((50, 16), 34, 50 / 66),
        ((50, 17), 33, None),  # not half as often again as anywhere
    ],
)
def test_loosely_a_property_is_named_outside_of_which_nothing_is_wrong(
    inside: tuple[int, int], outside: int, share: float | None
) -> None:
    groups = ((*inside, 2.5), (0, outside, 1.5))
    place = found(*groups, loosely=True)
    assert (None if place is None else place.share) == share
    assert found(*groups) is None


def test_of_properties_that_part_alike_the_first_is_named_and_loosely_the_best() -> None:
    wrong = [True] * 4 + [False] * 4
    features = [{"a": float(bad), "b": float(bad)} for bad in wrong]
    place = find(wrong, features)
    assert place is not None
    assert [side.feature for side in place.sides] == ["a"]
    nearly = [True] * 19 + [False] * 9
    features = [{"a": float(k < 21), "b": float(k < 20), "c": np.nan if k < 9 else 0.0} for k in range(28)]
    place = find(nearly, [{"c": one["c"], **one} for one in features])
    assert place is not None
    assert ([side.feature for side in place.sides], place.share) == (["a"], 19 / 21), "the plainer one"
    loose = [True] * 50 + [False] * 50
    features = [{"a": float(k < 66), "b": float(k < 60)} for k in range(100)]
    place = find(loose, features)
    assert place is not None
    assert ([side.feature for side in place.sides], place.share) == (["b"], 50 / 60)


@pytest.mark.parametrize(("kinds", "single"), [(3, True), (8, True), (9, False)])
def test_one_of_a_few_whole_values_may_be_where_it_is_wrong(kinds: int, single: bool) -> None:
    features = [{"x": float(k)} for k in range(kinds) for _ in range(3)]
    place = find([one["x"] == 1 for one in features], features, loosely=False)
    assert (place is not None) == single
    if place is not None:
        assert place.text() == "not where x is 1"
        assert place.foretells([{"x": 1.0}, {"x": 2.0}], [True, False])
    halves = [{"x": one["x"] / 2} for one in features]
    assert find([one["x"] == 0.5 for one in halves], halves, loosely=False) is None


@pytest.mark.parametrize(
    ("name", "wrong_at", "text"),
    [
        ("`f` is true|`f` is false?", 1.0, "not where `f` is true"),
        ("`f` is true|`f` is false?", 0.0, "not where `f` is false"),
        ("the contract asks for an error|?", 1.0, "not where the contract asks for an error"),
        ("the contract asks for an error|?", 0.0, None),  # that it is wrong elsewhere says nothing
    ],
)
def test_a_yes_or_no_is_said_as_it_is(name: str, wrong_at: float, text: str | None) -> None:
    features = [{name: value} for value in (0.0, 1.0) for _ in range(3)]
    place = find([one[name] == wrong_at for one in features], features)
    assert (place and place.text()) == text


def test_two_properties_are_named_where_it_takes_both() -> None:
    """Wrong where both are large; where one of them is, is no place to name."""
    features = [{"a": float(a), "b": float(b)} for a in range(10) for b in range(10)]
    both = find([f["a"] > 5 and f["b"] > 6 for f in features], features, loosely=False)
    assert both is not None
    assert {(side.feature, side.above, side.wrong_from, side.right_to) for side in both.sides} == {
        ("a", True, 6, 5),
        ("b", True, 7, 6),
    }
    assert both.share == 1
    assert find([f["a"] > 5 or f["b"] > 6 for f in features], features, loosely=False) is None


@pytest.mark.parametrize(
    ("side", "trivial"),
    [
        (Side("the number of entries of `z`", True, 2.0, 1.0), True),
        (Side("the length of `z`", True, 2.0, 1.0), True),
        (Side("the number of entries of `z`", True, 3.0, 2.0), False),
        (Side("the number of entries of `z`", False, 0.0, 1.0), False),
        (Side("the spread of `z` (largest minus smallest in a row)", True, 0.5, 0.0), True),
        (Side("the right number", True, 0.5, 0.0), True),
        (Side("the right number", True, 0.5, -1.1e-6), False),
        (Side("the right number", False, -0.5, 0.0), False),
        (Side("the largest of `z`", True, 0.5, 0.0), False),
    ],
)
def test_that_the_smallest_inputs_are_right_is_no_news(side: Side, trivial: bool) -> None:
    assert where.trivial(side) is trivial
    at = [{side.feature: side.wrong_from}] * 4 + [{side.feature: side.right_to}] * 4
    place = find([True] * 4 + [False] * 4, at, loosely=False)
    assert (place is None) == trivial
    if place is not None:
        assert place.sides == (side,)


# --- entries of a result -------------------------------------------------------------------------------


def taken(got: Any, right: Any, contract: Contract | None = None, **arguments: Any) -> list[where.Entry]:
    pair = (SimpleNamespace(numbers=None if part is None else np.asarray(part)) for part in (got, right))
    one: Any = SimpleNamespace(**dict(zip(("got", "right"), pair, strict=True)))
    return where.entries(one, arguments, contract or Contract(""))


def test_a_result_is_taken_apart_into_its_numbers() -> None:
    entries = taken([[1.0, 2.5], [3.0, 4.0]], [[1.0, 2.0], [3.0, 5.0]])
    assert [(one.got, one.right, one.wrong) for one in entries] == [
        (1, 1, False),
        (2.5, 2, True),
        (3, 3, False),
        (4, 5, True),
    ]
    assert [one.wrong for one in taken([1.5], [1.0], Contract("", rtol=0.6))] == [False]
    assert [one.wrong for one in taken([1.5], [1.0], Contract("", atol=0.6))] == [False]


@pytest.mark.parametrize(
    ("got", "right"), [(None, [1.0]), ([1.0], None), ([1.0], [1.0, 2.0]), ([], []), (1.0, 1.0)]
)
def test_what_has_no_entries_to_compare_is_not_taken_apart(got: Any, right: Any) -> None:
    assert taken(got, right) == []


@pytest.mark.parametrize(("size", "count"), [(60, 60), (119, 119), (120, 60), (185, 62)])
def test_of_a_long_result_every_so_many_entries_are_taken(size: int, count: int) -> None:
    assert len(taken(np.ones(size), np.ones(size))) == count


def test_what_is_too_small_to_have_digits_is_left_out_unless_that_is_the_contract_s() -> None:
    right = [1e-310, 2.2e-308, 2.4e-308, 0.0]
    assert [one.right for one in taken(right, right)] == [2.4e-308]
    assert len(taken(right, right, Contract("", atol=1e-300))) == 4
    assert len(taken([0, 1], [0, 1])) == 2, "whole numbers have all of theirs"


def test_an_entry_is_described_by_what_else_is_given() -> None:
    right = np.array([[0.5, -2.0, 1.0], [3.0, 0.0, np.inf]])
    given = {
        "y": np.array([2, 0]),
        "codes": np.array([[5, 6, 7], [8, 9, 10]]),
        "shift": 3,
        "flag": True,
        "names": ["a"],
    }
    told = where.of_place((0, 2), right, given)
    assert {
        "the column is the one that `y` names|the column is not the one that `y` names?": 1.0,
        "`shift`": 3.0,
        "the entry of `codes` minus `shift`": 4.0,
        "the entry of `codes`": 7.0,
        "the entry is the first of its row|the entry is not the first of its row?": 0.0,
        "the entry is the last of its row|the entry is not the last of its row?": 1.0,
        "the place in the row (counted from 0)": 2.0,
        "the row (counted from 0)": 0.0,
        "the right number": 1.0,
        "the right number, its sign aside,": 1.0,
    }.items() <= told.items()
    assert "`flag`" not in told
    assert not any("column" in name for name in where.of_place((0, 2), right, {"y": np.array([2])}))
    other = where.of_place((0, 1), right, given)
    assert other["the column is the one that `y` names|the column is not the one that `y` names?"] == 0
    assert (other["the right number"], other["the right number, its sign aside,"]) == (-2, 2)
    first = where.of_place((1, 0), right, given)
    assert first["the column is the one that `y` names|the column is not the one that `y` names?"] == 1
    assert first["the entry is the first of its row|the entry is not the first of its row?"] == 1
    assert first["the entry is the last of its row|the entry is not the last of its row?"] == 0
    assert first["the row (counted from 0)"] == 1
    cube = np.array([[[1.0, 9.0], [3.0, 2.0]]])
    assert (
        where.of_place((0, 1, 1), cube, {"z": cube})[
            "the distance of the entry of `z` from the largest of its row"
        ]
        == 1
    )
    assert "the right number" not in where.of_place((1, 2), right, given), "infinity is on no scale"
    row = where.of_place((1,), np.array([1.0, 2.0]), {"y": np.array([3, 4]), "x": np.array([1.5, 2.5])})
    assert not any(name.startswith("the column") for name in row)
    floats = where.of_place((0, 1), right, {"codes": right, "shift": 4, "w": np.array([0.0, 1.0])})
    assert not any("minus" in name or "column" in name for name in floats)


def test_an_entry_is_described_by_its_place_and_its_row() -> None:
    for scores in (np.array([4.0, 7.0, 7.0]), np.array([[4.0, 7.0, 7.0], [2.0, 1.0, 0.5]])):
        for place, score in np.ndenumerate(scores):
            told = where.of_place(place, scores, {"z": scores})
            top = scores[place[:-1]].max()
            largest = (
                "the entry of `z` is the largest of its row|the entry of `z` is not the largest of its row?"
            )
            assert told[largest] == (score == top)
            assert told["the distance of the entry of `z` from the largest of its row"] == top - score
            assert told["the place in the row (counted from 0)"] == place[-1]
            assert told.get("the row (counted from 0)") == (place[0] if scores.ndim > 1 else None)
