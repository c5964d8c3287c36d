"""Variants of a solution: one thing done differently, in one place or everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.teaching import Check, Contract, Exercise, Given, Pick
from course_utils.teaching.exercise.variants import variants


def spread(x: Any, weight: float = 2.0) -> Any:
    away = x - np.mean(x, axis=-1, keepdims=True)
    return weight * np.sqrt(np.sum(away**2, axis=-1) / len(x))


TABLE = np.array([[1.0, 4.0], [2.0, -3.0], [0.5, 7.0]])


def told() -> dict[str, Any]:
    return {variant.text: variant.function for variant in variants(spread)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the square root is left out", 2 * np.sum((TABLE - TABLE.mean(-1, keepdims=True)) ** 2, -1) / 3),
        ("the median is taken where a mean belongs", spread(TABLE)),
        ("something is not subtracted", 2 * np.sqrt(np.sum(TABLE**2, -1) / 3)),
        ("a factor is left out: `weight`", spread(TABLE, 1.0)),
        ("the number of columns stands where the number of rows belongs", spread(TABLE) * np.sqrt(3 / 2)),
        ("everywhere 1 stands where 2 belongs", None),
    ],
)
def test_a_variant_does_what_its_text_says(text: str, expected: Any) -> None:
    if expected is None:  # of one place there is nothing to say about all
        assert text not in told()
    else:
        np.testing.assert_allclose(told()[text](TABLE), expected)


def test_what_stands_in_two_places_is_also_changed_in_both() -> None:
    def difference(x: Any) -> Any:
        return np.max(x[1:]) - np.max(x[:-1])

    in_both = {v.text: v.function for v in variants(difference)}["everywhere 2 stands where 1 belongs"]
    assert in_both(np.array([9.0, 1.0, 5.0, 2.0])) == 5 - 9


def test_a_comparison_of_two_is_changed_and_a_chain_of_them_is_left_alone() -> None:
    def below(x: Any) -> Any:
        return x < 2

    def between(x: Any) -> Any:
        return 1 < x < 2

    numbers = np.array([1.0, 2.0, 3.0])
    changed = {variant.key: variant.function(numbers).tolist() for variant in variants(below)}
    assert changed["equality"] == [True, True, False]
    assert changed["comparison"] == [False, False, True]
    assert {variant.key for variant in variants(between)} == {"number"}


def test_where_a_rule_does_not_fit_the_others_are_followed() -> None:
    def largest(x: Any) -> Any:
        return max(x) / 2  # not the larger of two numbers

    def size(x: Any) -> Any:
        return np.abs(*x) / 2  # what is starred cannot stand there alone

    for solution, left_out in ((largest, "hinge"), (size, "absolute")):
        followed = {variant.key for variant in variants(solution)}
        assert {"division", "whole", "root"} <= followed
        assert left_out not in followed


def test_a_hinge_is_told_from_its_relatives_by_the_numbers_that_these_have_in_practice() -> None:
    def hinge(x: Any) -> Any:
        return np.maximum(x, 0)

    x = np.array([-3.0, -0.5, 0.0, 2.0, 7.0, 2e6])
    does = {variant.text: variant.function(x) for variant in variants(hinge)}
    for slope in (0.01, 0.1, 0.2, 0.3):  # the default slopes of leaky units in common libraries
        told = does[f"negative numbers keep {slope} of their size instead of becoming 0"]
        assert told == pytest.approx(np.where(x > 0, x, slope * x))
    for most in (1, 6, 1e6):  # a hard sigmoid, ReLU6, and a clip "for safety"
        assert (does[f"what exceeds {most} is cut off as well"] == np.clip(x, 0, most)).all()


def test_the_solution_itself_stays_as_it_is_and_what_has_no_source_has_no_variants() -> None:
    before = spread(TABLE)
    variants(spread)
    assert (spread(TABLE) == before).all()
    assert variants(np.exp) == []
    assert variants(eval("lambda x: x")) == []


def some_tables(pick: Pick) -> Given:
    return (pick.numbers(pick.shape((2, 5), (2, 5)), -10, 10),)


EXERCISE = Exercise(
    "Write `spread(x, weight=2.0)`.",
    Contract("`x` is a table.", atol=1e-12, inputs=some_tables),
    spread,
    [Check("a table", (TABLE,))],
    [],
    ["", "", ""],
)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda x, weight=2.0: weight * np.cbrt(((x.T - x.mean(1)) ** 2).sum(0) / len(x)), "cube root"),
        (
            lambda x, weight=2.0: weight * np.linalg.norm(x - x.min(1)[:, None], axis=1) / len(x) ** 0.5,
            "smallest",
        ),
        (lambda x, weight=2.0: weight * np.abs(x.T - x.mean(1)).max(0) / len(x) ** 0.5, "the largest"),
    ],
)
def test_other_code_that_does_the_same_is_recognized(attempt: Any, words: str) -> None:
    diagnosis = EXERCISE.check(attempt).diagnosis
    assert diagnosis.startswith("your result is what comes out when")
    assert words in diagnosis


# --- every kind of place, with all that is done differently there ------------------------------------------


def seven(x: Any) -> Any:
    return 7.0 * x


def halves(x: Any) -> Any:
    return x[3:] + 0 * x[:-3]


def mixed(a: Any, b: Any, c: Any) -> Any:
    return a - b * c


def looped(x: Any) -> Any:
    found = []
    for k in range(4):
        found.append(x * k)
    return found


def four(x: Any, y: Any) -> Any:
    return [x, y, x + y, x - y]


def three(x: Any, y: Any) -> Any:
    return [x, y, x + y]


def doubled(x: Any, axis: Any = None) -> Any:
    return 2 * np.sum(x, axis=axis)


def called(x: Any) -> Any:
    return doubled(x)


def turned(x: Any, w: Any) -> Any:
    return -x @ w.T


def farthest(z: Any) -> Any:
    return -np.max(z, axis=-1) - np.min(z, axis=-2)


def summed(z: Any) -> Any:
    return np.sum(z, axis=1, keepdims=True)


def highest(z: Any) -> Any:
    return z.max(axis=0)


def edged(x: Any, y: Any) -> Any:
    return np.searchsorted(x, y, side="right")


def said(solution: Any, *arguments: Any, key: str) -> dict[str, Any]:
    """Say what each variant of this kind returns, in plain Python."""
    made = [variant for variant in variants(solution) if variant.key == key]
    results = {variant.text: np.asarray(variant.function(*arguments)).tolist() for variant in made}
    assert len(results) == len(made), "each sentence once"
    return results


def test_a_number_is_one_more_or_less_or_twice_or_half() -> None:
    assert said(seven, 1.0, key="number") == {
        f"in one place {new:g} stands where 7 belongs": new for new in (8, 6, 14, 3.5)
    }


def first_four(x: Any) -> Any:
    return x[:4]


def test_a_whole_number_stays_whole() -> None:
    new = [variant.text for variant in variants(halves) if "where 3 belongs" in variant.text]
    first, last = [f"in one place {n:g} stands where 3 belongs" for n in (4, 2, 6, 1.5)], "everywhere"
    assert [text for text in new if last not in text] == first * 2
    assert [text for text in new if last in text] == [text.replace("in one place", last) for text in first]
    zero = [variant.text for variant in variants(halves) if "where 0 belongs" in variant.text]
    assert zero == [f"in one place {n} stands where 0 belongs" for n in (1, -1)], "twice and half of 0 is 0"
    firsts = said(first_four, np.arange(10.0), key="number")
    assert firsts["in one place 2 stands where 4 belongs"] == [0.0, 1.0], "a float would end no slice"


def test_one_argument_is_taken_for_another() -> None:
    values = {("b", "a"): -3, ("c", "a"): -4, ("a", "b"): -5, ("c", "b"): 1, ("a", "c"): -10, ("b", "c"): -4}
    assert said(mixed, 5.0, 3.0, 2.0, key="exchanged") == {
        f"in one place `{other}` stands where `{name}` belongs": value
        for (other, name), value in values.items()
    }
    assert not [variant for variant in variants(looped) if variant.key == "exchanged"], "there is one only"


def test_a_loop_does_too_little_or_too_much() -> None:
    assert said(looped, 1.0, key="counter") == {
        "the counter of a loop is too large by 1": [1, 2, 3, 4],
        "the counter of a loop is too small by 1": [-1, 0, 1, 2],
    }
    assert said(looped, 1.0, key="rounds") == {
        "the loop does its first round only": [0],
        "the loop leaves out its first round": [1, 2, 3],
        "the loop leaves out its last round": [0, 1, 2],
        "the loop runs in reversed order": [3, 2, 1, 0],
    }


def test_parts_of_a_result_are_left_out_changed_or_exchanged() -> None:
    whole = [5.0, 3.0, 8.0, 2.0]
    wanted: dict[str, list[float]] = {
        "in each pair of parts of the result the second comes first": [3, 5, 2, 8],
        "parts 1 and 2 of the result are exchanged": [3, 5, 8, 2],
        "parts 2 and 3 of the result are exchanged": [5, 8, 3, 2],
        "parts 3 and 4 of the result are exchanged": [5, 3, 2, 8],
    }
    for place, value in enumerate(whole):
        part = f"part {place + 1} of 4 of the result"
        wanted[f"{part} is missing"] = whole[:place] + whole[place + 1 :]
        for words, factor in {
            "is 0": 0,
            "counts twice": 2,
            "counts half": 0.5,
            "has the wrong sign": -1,
        }.items():
            wanted[f"{part} {words}"] = [*whole[:place], factor * value, *whole[place + 1 :]]
    assert said(four, 5.0, 3.0, key="parts") == wanted
    odd = said(three, 5.0, 3.0, key="parts")
    assert len(odd) == 3 * 5 + 2, "three parts are no pairs"
    assert odd["parts 2 and 3 of the result are exchanged"] == [5, 8, 3]


def test_a_function_that_is_given_is_applied_otherwise() -> None:
    assert said(called, [1.0, 2.0], key="twice") == {"`doubled` is applied twice": 12}
    assert said(called, [1.0, 2.0], key="left out") == {"`doubled` is left out": [1, 2]}
    assert said(called, [[1.0, 2.0], [3.0, 4.0]], key="axis") == {
        "`doubled` is taken down the columns": [8, 12]
    }
    (sigmoid,) = said(called, np.zeros(2), key="sigmoid").values()
    assert sigmoid == [0.5, 0.5]
    assert not [variant for variant in variants(looped) if "`range`" in variant.text], "that is Python's"


def test_a_matrix_is_not_turned_and_a_sign_is_lost() -> None:
    x, w = np.array([1.0, 2.0]), np.array([[1.0, 5.0], [0.0, 3.0]])
    transposed = said(turned, x, w, key="transposed")
    assert transposed["a matrix is not transposed"] == (-x @ w).tolist()
    assert (
        transposed["a matrix is transposed, or is not, where it is the other way round"] == (-x @ w).tolist()
    )
    cube = np.arange(8.0).reshape(2, 2, 2) ** 2
    first, second = -cube.max(axis=1) - cube.min(axis=-2), -cube.max(axis=-1) - cube.min(axis=2)
    axes = {text: result for text, result in said(farthest, cube, key="axis").items() if "`axis`" in text}
    assert axes == {
        "`axis` is 1 where it should be −1, the last one": first.tolist(),
        "`axis` is 0 where it should be −1, the last one": (-cube.max(axis=0) - cube.min(axis=-2)).tolist(),
        "`axis` is 2 where it should be −2": second.tolist(),
        "`axis` is 0 where it should be −2": (-cube.max(axis=-1) - cube.min(axis=0)).tolist(),
    }
    assert list(said(farthest, cube, key="sign")) == ["a minus sign is missing"]
    assert said(turned, x, w, key="sign") == {"a minus sign is missing": (x @ w.T).tolist()}
    assert said(edged, [1, 2, 2, 3], 2, key="side") == {"an edge belongs to the left": 1}
    assert edged([1, 2, 2, 3], 2) == 3


def joined(parts: Any) -> Any:
    return np.concatenate(parts, axis=1)


def ends(x: Any) -> Any:
    return -x[-1] + x[:-2].sum() + x[-3:].sum()


def test_an_axis_and_a_place_are_no_plain_numbers() -> None:
    square = np.ones((2, 2)), np.zeros((2, 2))
    found = {variant.text: variant.key for variant in variants(joined)}
    assert found["`axis` is 0 where it should be 1"] == "axis"
    assert not [text for text in found if "stands where" in text]
    assert said(joined, square, key="axis")["`axis` is 0 where it should be 1"][0] == [1, 1]
    x = np.array([1.0, 10.0, 100.0, 1000.0, 10000.0])
    words = "a place is counted from the front that is to be counted from the end: "
    assert said(ends, x, key="index") == {
        words + "[1] for [−1]": -10 + 111 + 11100,
        words + "[:2] for [:−2]": -10000 + 11 + 11100,
        words + "[3:] for [−3:]": -10000 + 111 + 11000,
    }
    assert said(ends, x, key="sign") == {"a minus sign is missing": 10000 + 111 + 11100}


def backwards(x: Any) -> Any:
    return x[::-1]


def first_negated(x: Any) -> Any:
    return (-x)[0]


def test_a_minus_that_counts_nothing_from_the_end_is_a_sign() -> None:
    x = np.array([1.0, 2.0])
    assert said(backwards, x, key="sign") == {"a minus sign is missing": [1.0, 2.0]}
    assert said(first_negated, x, key="sign") == {"a minus sign is missing": 1.0}


def below_the_middle(x: Any) -> Any:
    return (1 - x) * (x > 0) + (x - 0.5)


def test_constants_are_named_and_twice_or_half_of_one_is_another_one() -> None:
    found = [variant.text for variant in variants(below_the_middle)]
    assert "only what is to be subtracted from 1 is left" in found
    assert "something is not subtracted: 0.5" in found
    assert "in one place 1 stands where 0.5 belongs" in found
    assert found.count("something is subtracted twice: `x`") == 1
    assert not [text for text in found if text.startswith("something is subtracted twice: 0.5")]
    small = "the threshold of a comparison is too high by some small number, such as 1e-8"
    assert small in found
    assert "the threshold of a comparison is 0.5 too high" in found


def test_another_statistic_stands_in_place_of_a_sum() -> None:
    z = np.array([[3.0, -4.0], [1.0, 6.0]])
    assert said(summed, z, key="statistic") == {
        "a mean is taken where a sum belongs": [[-0.5], [3.5]],
        "the largest is taken where a sum belongs": [[3], [6]],
        "the smallest is taken where a sum belongs": [[-4], [1]],
        "the median is taken where a sum belongs": [[-0.5], [3.5]],
        "a product is taken where a sum belongs": [[-12], [6]],
        "a running sum is taken where a sum belongs": [[3, -1], [1, 7]],
        "the first entry is taken where a sum belongs": [[3], [1]],
        "the last entry is taken where a sum belongs": [[-4], [6]],
        "the largest absolute value is taken where a sum belongs": [[4], [6]],
        "the root of a sum of squares is taken where a sum belongs": [[5], [np.sqrt(37)]],
    }
    assert said(summed, z, key="axis") == {
        "a sum is taken down the columns": [[4, 2]],
        "a sum is taken over the whole array": [[6]],
        "`axis` is 0 where it should be 1": [[4, 2]],
    }
    assert said(summed, z, key="keepdims") == {"a sum has lost its axis (`keepdims=True`)": [-1, 7]}


def test_of_a_method_the_array_is_taken() -> None:
    z = np.array([[3.0, -4.0], [1.0, 6.0]])
    statistics = said(highest, z, key="statistic")
    assert statistics["the smallest is taken where the largest belongs"] == [1, -4]
    assert statistics["the first entry is taken where the largest belongs"] == [3, -4]
    assert statistics["the last entry is taken where the largest belongs"] == [1, 6]
    assert "the largest is taken where the largest belongs" not in statistics
    assert said(highest, z, key="axis") == {
        "the largest is taken along the rows": [3, 6],
        "the largest is taken over the whole array": 6,
        "`axis` is 1 where it should be 0": [3, 6],
    }
    assert said(highest, z, key="keepdims") == {}


def test_the_first_and_the_last_of_all_are_single_numbers() -> None:
    from course_utils.teaching.exercise.rules import HELPERS, first_of, last_of

    z = np.array([[3.0, -4.0], [1.0, 6.0]])
    assert (first_of(z), last_of(z)) == (3, 6)
    assert (first_of(z, axis=1).tolist(), last_of(z, axis=1).tolist()) == ([3, 1], [-4, 6])
    assert first_of(z, axis=0, keepdims=True).tolist() == [[3, -4]]
    assert HELPERS["leaky"](np.array([-2.0, 0.0, 3.0]), 0.1).tolist() == [-0.2, 0, 3]


def test_what_is_changed_inside_of_itself_is_not_changed_everywhere() -> None:
    def twice(x: Any) -> Any:
        return np.exp(np.exp(x)) + np.exp(x)

    def apart(x: Any) -> Any:
        return np.exp(x) + np.exp(2 * x)

    text = "powers of 2 stand where powers of e belong"
    assert [v.text for v in variants(twice)].count(text) == 3
    assert [v.text for v in variants(apart)].count(text) == 3
    (both,) = (v.function for v in variants(apart)[::-1] if v.text == text and v.function(1.0) == 6)
    assert both(2.0) == 20


def test_the_name_of_what_is_left_out_is_told_if_it_is_an_argument() -> None:
    def scaled(x: Any, rate: float) -> Any:
        size = len(x)
        return rate * x / len(x) + size

    texts = [variant.text for variant in variants(scaled)]
    assert "a factor is left out: `rate`" in texts
    assert "something is not divided by `len(x)`" in texts
    assert "a term is left out" in texts, "`size` is a name of the solution's own"


def test_a_change_that_is_no_python_is_left_out() -> None:
    def unpacked(x: Any) -> Any:
        [low, high] = x  # the two parts of this list are no result
        return high - 2 * low

    texts = [variant.text for variant in variants(unpacked)]
    assert not [text for text in texts if text.startswith("part")]
    assert "in one place 3 stands where 2 belongs" in texts
    assert unpacked([1.0, 5.0]) == 3, "the solution is as it was"


def test_small_numbers_of_every_size_keep_a_divisor_from_zero() -> None:
    def quotient(x: Any) -> Any:
        return 1 / x

    found = {variant.text: variant.function for variant in variants(quotient)}
    sizes = ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6", "1e-5", "1e-3")
    for size in sizes:
        assert found[f"{size} is added to a divisor"](0.5) == 1 / (0.5 + float(size))
        assert found[f"a divisor never gets below some small number, such as {size}"](0.0) == 1 / float(size)
    assert "1 is added to a divisor" not in found  # "the divisor is too large by 1"
    (one_up,) = (made for text, made in found.items() if text.startswith("the divisor is too large by 1"))
    assert one_up(1.0) == 0.5
