"""How a wrong result hangs together with the right one: every sentence is true of what it is said of."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course_utils.teaching.exercise import relations
from course_utils.teaching.exercise.relations import Near, Relation, of_results

RIGHT = np.array([[4.0, 0.25, 2.0], [0.5, 8.0, 1.0]])
LENGTH = math.sqrt(16 + 0.0625 + 4 + 0.25 + 64 + 1)

# What each sentence about RIGHT promises, in the order in which sentences of one wording are tried.
SAID: dict[str, list[Any]] = {
    "the right one with its sign turned around": [-RIGHT],
    "the right one transposed: rows and columns are swapped": [[[4, 0.5], [0.25, 8], [2, 1]]],
    "the right one in reversed order (along the last axis)": [[[2, 0.25, 4], [1, 8, 0.5]]],
    "the right one with its rows in reversed order": [[[0.5, 8, 1], [4, 0.25, 2]]],
    "the right one, sorted: each number must stay at its place": [
        [[0.25, 2, 4], [0.5, 1, 8]],
        [[4, 2, 0.25], [8, 1, 0.5]],
    ],
    "right, but all in one row: the shape has been lost": [[4, 0.25, 2, 0.5, 8, 1]],
    "right, but laid out column by column": [[4, 0.5, 0.25, 8, 2, 1]],
    "right, but with an axis of length 1 too many at its end": [[[[4], [0.25], [2]], [[0.5], [8], [1]]]],
    "right, but with an axis of length 1 too many in front": [[RIGHT.tolist()]],
    "only the first row (or entry) of the right one": [[4, 0.25, 2], [[4, 0.25, 2]]],
    "only the last row (or entry) of the right one": [[0.5, 8, 1]],
    "the right one without its first row (or entry)": [[[0.5, 8, 1]]],
    "the right one without its last row (or entry)": [[[4, 0.25, 2]]],
    "only the first 2 entries of the right one": [[[4, 0.25], [0.5, 8]]],
    **{f"only the first {count} entries of the right one": [RIGHT] for count in (3, 4, 5, 10)},
    "the sum of all numbers that should be returned": [15.75],
    "the right one, added up along its rows": [[6.25, 9.5]],
    "the right one, added up over its rows": [[4.5, 8.25, 3]],
    "the mean of all numbers that should be returned": [2.625],
    "the mean of the right one over its rows": [[2.25, 4.125, 1.5]],
    "the mean of the right one along its rows": [[6.25 / 3, 9.5 / 3]],
    "only the largest of the numbers that should be returned": [8],
    "only the smallest of the numbers that should be returned": [0.25],
    "the running sum of the right one": [[[4, 4.25, 6.25], [0.5, 8.5, 9.5]]],
    "the right one divided by its running sum: each entry knows only those before it": [
        [[1, 1 / 17, 0.32], [1, 16 / 17, 2 / 19]]
    ],
    "1 for the (first) largest of the right one, else 0": [[[1, 0, 0], [0, 1, 0]]],
    "1 where the right one is its largest, else 0": [[[1, 0, 0], [0, 1, 0]]],
    "the *place* of the largest, not its value": [[0, 1]],
    "1 minus the right one": [[[-3, 0.75, -1], [0.5, -7, 0]]],
    "1 divided by the right one": [[[0.25, 4, 0.5], [2, 0.125, 1]]],
    "the base-2 logarithm of the right one": [[[2, -2, 1], [-1, 3, 0]]],
    "the square of the right one": [[[16, 0.0625, 4], [0.25, 64, 1]]],
    "the right one divided by its own sum": [RIGHT / 15.75],
    "the right one divided by its largest entry": [[[1, 0.0625, 0.5], [0.0625, 1, 0.125]]],
    "the right one divided by its length (the root of its sum of squares)": [RIGHT / LENGTH],
    "the right one minus its largest entry": [[[0, -3.75, -2], [-7.5, 0, -7]]],
    "the right one minus its mean": [RIGHT - [[6.25 / 3], [9.5 / 3]]],
}
UNDONE: dict[str, Any] = {  # where it is plainer to say how the right one comes back
    "the logarithm of the right one": np.exp,
    "minus the logarithm of the right one": lambda got: np.exp(-got),
    "the base-10 logarithm of the right one": lambda got: 10.0**got,
    "e to the power of the right one": np.log,
    "e to the power of minus the right one": lambda got: -np.log(got),
    "the square root of the right one": np.square,
}
OF_OTHERS: dict[str, tuple[Any, Any]] = {  # what shows on other numbers only
    "the right one without its signs (its absolute value)": ([-1.5, 2], [1.5, 2]),
    "right, but axes of length 1 have been dropped (did you `squeeze`?)": ([[[1], [2]]], [1, 2]),
    "right, but as an array (or list) of one entry where one number is due: return the number itself": (
        1.5,
        [1.5],
    ),
    "the right one, cut to whole numbers": ([-1.5, 1.5], [-1, 1]),
    "the right one, rounded down to whole numbers": ([-1.5, 1.5], [-2, 1]),
    "the right one, rounded up to whole numbers": ([-1.5, 1.5], [-1, 2]),
}


def of(relation: Relation, right: Any) -> Any:
    return relations.predicted(relation.change, np.asarray(right, dtype=float), {})


def test_a_result_is_related_to_the_right_one_as_the_words_say() -> None:
    tried: dict[str, int] = {}
    for relation in relations.PLAIN:
        text, number = relation.text, tried.get(relation.text, 0)
        tried[text] = number + 1
        if decimals := re.fullmatch(r"the right one, rounded to (\d+) decimals", text):
            places = int(decimals[1])
            assert of(relation, [0.12345678901234]) == [round(0.12345678901234, places)]
        elif text in UNDONE:
            np.testing.assert_allclose(UNDONE[text](of(relation, RIGHT)), RIGHT, err_msg=text)
        elif text in OF_OTHERS:
            right, got = OF_OTHERS[text]
            np.testing.assert_array_equal(of(relation, right), got, err_msg=text)
        else:
            np.testing.assert_allclose(of(relation, RIGHT), SAID[text][number], err_msg=text)
    decimals = {f"the right one, rounded to {places} decimals" for places in range(13)}
    assert set(tried) == {*SAID, *UNDONE, *OF_OTHERS, *decimals}


def test_what_is_done_along_rows_is_done_in_every_table_of_several() -> None:
    along = [
        one for one in relations.PLAIN if re.search("last axis|sorted|along|running|largest|mean", one.text)
    ]
    along = [
        one for one in along if "numbers that should" not in one.text and "over its rows" not in one.text
    ]
    assert len(along) == 13
    for relation in along:
        tables = of(relation, [RIGHT, RIGHT[::-1]])
        np.testing.assert_array_equal(tables, [of(relation, RIGHT), of(relation, RIGHT[::-1])], relation.text)


def test_the_first_of_two_largest_is_told_from_both() -> None:
    first, both = (one for one in relations.PLAIN if one.key == "truth values")
    assert of(first, [2, 5, 5]).tolist() == [0, 1, 0]
    assert of(both, [2, 5, 5]).tolist() == [0, 1, 1]


def test_a_single_number_is_in_no_relation_to_itself() -> None:
    """It is its own largest, its own sum and its own mean: whoever returns 1, or 0, would be told so."""
    for got in (0.0, 1.0):
        assert not [text for text in told(7.0, got) if re.search("largest|its own|mean|length", text)]
        assert [text for text in told([7.0], [got]) if "largest" in text]


def test_a_relation_that_makes_no_sense_predicts_nothing() -> None:
    (running,) = (one for one in relations.PLAIN if one.text == "the running sum of the right one")
    assert of(running, [1.0, 2.0]).tolist() == [1, 3]
    assert relations.predicted(lambda right, given: given["z"], RIGHT, {}) is None
    assert relations.predicted(lambda right, given: right[7], RIGHT, {}) is None


@pytest.mark.parametrize(
    ("near", "prediction", "got", "right", "agree"),
    [
        (Near(), [1 + 0.9e-7], [1.0], None, True),
        (Near(), [1 + 1.1e-7], [1.0], None, False),
        (Near(rtol=1e-3), [1 + 0.9e-3], [1.0], None, True),
        (Near(atol=0.5), [0.4], [0.0], None, True),
        (Near(atol=0.5), [0.6], [0.0], None, False),
        (Near(), [1e6, 0.9e-6], [1e6, 0.0], None, True),  # what cancels beside a million is rounding
        (Near(), [1e6, 1.1e-6], [1e6, 0.0], None, False),
        (Near(), [0.9e-6], [0.0], [-1e6], True),
        (Near(), [np.inf, 1e-13], [np.inf, 0.0], None, False),  # infinity is no size
        (Near(), [0.0, 1e-13], [0.0, 0.0], None, False),
        (Near(), [[1.0]], [1.0], None, False),
        (Near(), [], [], None, True),
    ],
)
def test_how_near_is_near(near: Near, prediction: Any, got: Any, right: Any, agree: bool) -> None:
    arrays = [None if part is None else np.array(part) for part in (prediction, got, right)]
    assert near.agrees(*arrays) is agree  # type: ignore[arg-type]
    assert near.agrees(None, np.array(got)) is False


def test_a_number_in_an_array_of_its_own_has_lost_no_shape() -> None:
    text = "right, but as an array (or list) of one entry where one number is due: return the number itself"
    assert told(1.5, [1.5])[0] == text
    assert text not in told([[1.5, 2]], [1.5, 2])


# --- constants -------------------------------------------------------------------------------------


def told(right: Any, got: Any, short: bool = False, **arguments: Any) -> list[str]:
    arrays = np.array(right, dtype=float), np.array(got, dtype=float)
    return [one.text for one in of_results(*arrays, arguments, Near(), short)]


def test_a_constant_has_the_value_that_its_name_says() -> None:
    for name, value in (relations.CONSTANTS | relations.EXPONENTS).items():
        said = re.search(r"≈ ([\d.]+)", name)
        assert value == pytest.approx(float(said[1]), rel=1e-3) if said else name in ("2", "½", "10", "100")
        logarithm = re.match(r"(1/)?ln (\d+)", name)
        if logarithm:
            log = math.log(int(logarithm[2]))
            assert value == pytest.approx(1 / log if logarithm[1] else log, rel=1e-15)
        elif not said:
            assert value == {"½": 0.5}.get(name) or value == float(name)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (2 * (1 + 0.9e-7), "2"),
        (2 * (1 + 2e-6), "2.00000"),  # six digits of another number, which has no name
        (2.0001, "2.0001"),
        (1 + 1.23e-6, "1.00000123"),
        (1 - 1.23e-6, "0.99999877"),
        (1.0000012345678, "1.000001234568"),
        (1.0002000001, "1.0002"),
        (-3.0, "−3"),
    ],
)
def test_a_constant_is_written_with_the_digits_that_tell_it(value: float, name: str) -> None:
    assert relations.named(value) == name


def test_a_name_is_given_to_what_equals_its_constant() -> None:
    logarithm = "1/ln 2 ≈ 1.443 (a logarithm of base 2 where it should be natural)"
    assert relations.named(1 / math.log(2) * (1 + 0.9e-7)) == logarithm
    assert relations.named(1 / math.log(2) * (1 + 1.1e-7)) == "1.4427"


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (3, "always 3 times the right one"),
        (0.5, "always ½ times the right one"),
        (1 + 2e-12, "always 1.000000000002 times the right one"),
        (1 + 0.5e-12, None),
        (1, None),
    ],
)
def test_a_factor_is_read_where_it_changes_something(factor: float, text: str | None) -> None:
    found = [one for one in relations.with_constants(RIGHT, factor * RIGHT) if one.key == "factor"]
    assert [one.text for one in found] == [text] * (text is not None)
    for one in found:
        np.testing.assert_allclose(one.change(RIGHT, {}), factor * RIGHT, rtol=1e-15)


@pytest.mark.parametrize(
    ("exponent", "read"),
    [(1.5, True), (-1.5, True), (0.011, True), (0.009, False), (99, True), (101, False), (1, False)],
)
def test_a_power_is_read_where_it_is_no_other_thing(exponent: float, read: bool) -> None:
    right = np.array([0.9, 1.1, 1.2])
    found = [one for one in relations.with_constants(right, right**exponent) if one.key == "power"]
    assert bool(found) == read
    for one in found:
        assert f"to the power of {str(exponent).replace('-', '−')}" in one.text
        np.testing.assert_allclose(one.change(right, {}), right**exponent)


@pytest.mark.parametrize(("right", "got"), [([1.0, 2.0], [3.0]), ([], []), ([1.0], [[3.0]])])
def test_nothing_is_read_from_results_of_other_shapes_or_from_none(right: Any, got: Any) -> None:
    pair = np.array(right), np.array(got)
    assert not [*relations.with_constants(*pair), *relations.limits(*pair)]
    assert not [*relations.offset_in(*pair, lost=True), *relations.offset_in(*pair, lost=False)]


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (0.125, "always too large by exactly 0.125"),
        (-2.0, "always too small by exactly 2"),
        (0.123456789, "always too large by exactly 0.123457"),
        (1.1e-15, "always too large by exactly 1.1e−15"),
        (0.9e-15, "always too large by exactly 9e−16"),
        (0.0, None),
    ],
)
def test_an_offset_is_lost_if_it_does_not_show_in_results_around_1(offset: float, text: str | None) -> None:
    right = np.zeros(3)
    shows, lost = ([*relations.offset_in(right, right + offset, lost)] for lost in (False, True))
    assert [one.text for one in shows + lost] == [text] * (text is not None)
    assert bool(lost) == (0 < abs(offset) < 1e-15)
    for one in shows + lost:
        assert one.change(np.array([4.0]), {}) == [4 + offset]


def test_a_median_is_of_finite_numbers() -> None:
    assert relations.middle(np.array([5.0, np.nan, np.inf, 1.0, 2.0])) == 2
    assert relations.middle(np.array([np.nan])) == 0


@pytest.mark.parametrize("epsilon", [1e-3, 1e-8, 1e-12])
def test_what_was_added_before_a_logarithm_is_read_from_one_result(epsilon: float) -> None:
    right = np.log([0.5, 0.4999, 1e-4, 1e-30])
    (found,) = (
        one for one in relations.limits(right, np.log(np.exp(right) + epsilon)) if one.key == "epsilon"
    )
    assert f"when {epsilon:g} is added before a logarithm" in found.text
    np.testing.assert_allclose(found.change(right, {}), np.log(np.exp(right) + epsilon))
    for other in (right, right - epsilon, right + 2, np.log(np.exp(right) / 2)):
        assert "epsilon" not in [one.key for one in relations.limits(right, other)]


def test_a_floor_and_a_ceiling_are_read_from_one_result() -> None:
    right = np.array([-3.0, 0.5, 2.0])
    found = {one.key: one for one in relations.limits(right, np.clip(right, -1, 1))}
    assert "never below −1:" in found["floor"].text
    assert "never above 1:" in found["ceiling"].text
    assert list(found["floor"].change(right, {})) == [-1, 0.5, 2]
    assert list(found["ceiling"].change(right, {})) == [-3, 0.5, 1]
    for unreadable in (np.array([1.0]), np.array([1.0, np.nan, 2.0]), np.zeros((3, 1))):
        assert not [*relations.limits(right, unreadable)]


# --- quantities of the call ------------------------------------------------------------------------


def test_every_number_that_a_call_offers_is_named() -> None:
    given = {
        "z": np.ones((2, 3)),
        "v": np.ones(4),
        "x": np.array(7.0),
        "rate": 0.5,
        "count": np.int64(9),
        "flag": True,
        "name": "text",
        "sizes": (3, 1, 1, 2, 5),
        "layer": SimpleNamespace(kept=[1.0, 2.0]),
        "layers": [np.ones(2)],
        "axis": 1,
    }
    found = relations.amounts(given)
    assert {text: read(given, RIGHT) for text, read in found} == {
        "the number of entries along `axis`": 3,
        "the number of columns of `z`": 3,
        "the number of rows of `z`": 2,
        "the number of all entries of `z`": 6,
        "the number of entries of `v`": 4,
        "`rate`": 0.5,
        "`count`": 9,
        "the length of `sizes`": 5,
        "the length of `layer`": 2,
        "`axis`": 1,
    }
    assert len(found) == 10, "each once"
    cube = {"cube": np.ones((5, 3, 4))}
    assert [read(cube, RIGHT) for _, read in relations.amounts(cube)] == [4, 5, 60]
    columns = {"z": given["z"], "axis": 0}
    assert dict(relations.amounts(columns))["the number of entries along `axis`"](columns, RIGHT) == 2


@pytest.mark.parametrize(
    "given", [np.array([3.0, 1.0, 8.0]), [3.0, 1.0, 8.0], SimpleNamespace(kept=(3, 1, 8))]
)
def test_a_list_is_summed_up_as_an_array_is(given: Any) -> None:
    told = {words: read({"v": given}, np.array(0.0)) for words, read in relations.statistics_of({"v": given})}
    assert told == {
        "the largest of `v`": 8,
        "the smallest of `v`": 1,
        "the mean of `v`": 4,
        "the sum of `v`": 12,
    }


def test_functions_of_numbers_are_what_their_words_say() -> None:
    of_seven = {words: function(7.0) for words, function in relations.FUNCTIONS}
    assert of_seven == {
        "{}": 7,
        "the logarithm of {}": math.log(7),
        "the square of {}": 49,
        "the square root of {}": math.sqrt(7),
        "n/(n − 1), n being {}": 7 / 6,
        "n/(n + 1), n being {}": 7 / 8,
    }
    assert dict(relations.FUNCTIONS)["n/(n − 1), n being {}"](1) == 1, "of one there is nothing to correct"
    assert {words: function(8.0, 2.0) for words, function in relations.QUOTIENTS} == {
        "the quotient of {} and {}": 4,
        "the logarithm of {} divided by {}": math.log(8) / 2,
    }
    assert {words: function(3.0, -2.0) for words, function in relations.COMBINED} == {
        "the right one times {}": -6,
        "the right one divided by {}": -1.5,
        "the right one plus {}": 1,
        "the right one minus {}": 5,
        "{} minus the right one": -5,
        "the right one times the sign of {}": -3,
    }


TABLE = np.array([[3.0, 1.0, 8.0], [2.0, 6.0, 7.0]])


@pytest.mark.parametrize(
    ("got", "text"),
    [
        (RIGHT * 3, "always 3 times the right one"),
        (RIGHT * [[8], [7]], "the right one times the largest of `z`"),
        (RIGHT - [[4], [5]], "the right one minus the mean of `z`"),
        (RIGHT / [[12], [15]], "the right one divided by the sum of `z`"),
        (RIGHT - [[-1], [-2]], "the right one plus the smallest of `z`"),
        (TABLE - RIGHT, "`z` minus the right one"),
        (RIGHT * np.exp([[1], [2]]), "the right one times e to the power of the smallest of `z`"),
        (
            [[8], [7]] + 2.5 * (RIGHT - [[8], [7]]),
            "2.5 times as far from the largest of `z` as the right one",
        ),
    ],
)
def test_a_quantity_of_the_call_is_found_row_by_row(got: Any, text: str) -> None:
    assert told(RIGHT, got, z=TABLE)[0] == text
    if "always" not in text:
        assert told(RIGHT, got, short=True, z=TABLE) == [], "beside a mistake only what is short to say"


def test_a_quantity_of_all_numbers_is_found_for_a_single_result() -> None:
    found = told(2.0, 16.0, z=TABLE)
    assert "the right one times the largest of `z`" in found
    found = told([2.0, 3.0], [16.0, 21.0], z=TABLE)
    assert found == ["the right one times the largest of `z`"]


def test_distances_are_told_with_a_length_or_with_a_number() -> None:
    right = np.array([1.0, 5.0])
    given = {"v": np.array([6.0, 2.0, 4.0])}
    found = told(right, 6 + 3 * (right - 6), **given)
    assert found == [
        "3 times as far from the largest of `v` as the right one",
        "the number of entries of `v` times as far from the largest of `v` as the right one",
    ]
    given["v"][2] = 5
    other_side = told(right, 6 - (right - 6), **given)
    assert other_side == ["as far from the largest of `v` as the right one, but on its other side"]
    twice = told(right, 6 - 2 * (right - 6), **given)
    assert twice == ["2 times as far from the largest of `v` as the right one, but on its other side"]
    for no_distance in (right, [6.0, 6.0]):
        assert [text for text in told(right, no_distance, **given) if "as far" in text] == []


def test_what_is_never_negative_has_no_sign_to_multiply_by() -> None:
    found = told(RIGHT, RIGHT, k=-2.0, v=np.array([1.0, 2.0, 3.0]))
    signs = [text for text in found if "sign" in text]
    assert signs
    assert not [text for text in signs if re.search("square|n/|power|the sign of the number", text)]


def test_what_is_lost_beside_1_is_the_last_that_is_said() -> None:
    assert told([1e-20, 3e-20], [1e-20 + 1e-16, 3e-20 + 1e-16])[-1] == "always too large by exactly 1e−16"


def test_rows_are_read_along_the_axis_that_a_call_names() -> None:
    running = np.cumsum(RIGHT, axis=0)
    assert told(RIGHT, running, axis=0)[0] == "the running sum of the right one"
    assert told(RIGHT, running, axis=0, short=True) == []
    assert told(RIGHT, running) == []
    cube = np.arange(1.0, 25).reshape(2, 3, 4)
    assert told(cube, np.cumsum(cube, axis=1), axis=1)[0] == "the running sum of the right one"


def test_beside_a_mistake_only_what_is_short_to_say_is_said() -> None:
    assert told(RIGHT, -RIGHT, short=True) == [
        "the right one with its sign turned around",
        "always −1 times the right one",
    ]
    assert told(RIGHT, RIGHT**2, short=True) == ["the right one to the power of 2"]
    assert "the square of the right one" in told(RIGHT, RIGHT**2)
