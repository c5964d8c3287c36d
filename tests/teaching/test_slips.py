"""What a function may have taken for its arguments: each sentence is true of the calls behind it."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course_utils.teaching.exercise import slips
from course_utils.teaching.exercise.slips import Slip, of_arguments

NONE: frozenset[int] = frozenset()
NUMBERS: dict[str, dict[float, Any]] = {
    "minus {}": {2.5: -2.5, -4: 4},
    "the absolute value of {}": {2.5: 2.5, -4: 4},
    "{} + 1": {2.5: 3.5, -4: -3},
    "{} − 1": {2.5: 1.5, -4: -5},
    "{} − 1 where it is not 0": {2.5: 1.5, 1: 0, 0: 0, 0.5: 0},
    "2 times {}": {2.5: 5, -4: -8},
    "half of {}": {2.5: 1.25, -4: -2},
    "the square of {}": {2.5: 6.25, -4: 16},
    "the square root of {}": {6.25: 2.5},
    "1 divided by {}": {2.5: 0.4, -4: -0.25},
    "1 minus {}": {2.5: -1.5, -4: 5},
    "{} rounded up to a whole number": {2.5: 3, -4.5: -4},
    "{} rounded down to a whole number": {2.5: 2, -4.5: -5},
}


def test_a_number_is_taken_for_what_the_words_say() -> None:
    bounds: dict[str, list[float]] = {"never below some small number, such as": [], "at most": []}
    plain = set()
    for _, text, change in slips.OF_NUMBERS:
        if bound := re.fullmatch(r"\{\}, but (at most|never below .* such as) (.*)", text):
            least, limit = bound[1] != "at most", float(bound[2])
            bounds[bound[1]].append(limit)
            assert change(limit + 0.25) == (limit + 0.25 if least else limit)
            assert change(limit - 0.25) == (limit if least else limit - 0.25)
        else:
            plain.add(text)
            for given, wanted in NUMBERS[text].items():
                assert change(given) == pytest.approx(wanted), text
    assert plain == set(NUMBERS)
    assert bounds["at most"] == list(range(1, 10))
    small = [0, 1e-12, 1e-9, 1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 1]
    assert bounds["never below some small number, such as"] == small


def test_a_whole_number_is_not_held_at_a_fraction() -> None:
    assert slips.constant_as(7, 3.0) == 3
    assert type(slips.constant_as(7, 3.0)) is int
    with pytest.raises(ValueError, match=r"^0\.5 is no int$"):
        slips.constant_as(7, 0.5)


def kinds(**arguments: Any) -> list[str]:
    """Name what is tried, without what is done to a single argument."""
    tried = [slip.key for slip in of_arguments(arguments, NONE)]
    names = ("swapped", "other axis", "everything at once", "first row", "row by row")
    return [key for key in tried if key in names]


V, Z = np.array([3.0, 1.0, 2.0]), np.array([[3.0, 1.0, 8.0], [2.0, 6.0, 7.0]])


@pytest.mark.parametrize(
    ("arguments", "tried"),
    [
        ({"v": V}, ["other axis", "everything at once"]),
        ({"z": Z}, ["other axis", "everything at once"]),
        ({"v": V, "w": V}, ["swapped"]),
        ({"z": Z, "v": V}, ["swapped", "other axis", "everything at once"]),
        ({"v": V, "t": 2.0}, ["other axis", "everything at once"]),
        ({"s": 1, "t": 2.0}, ["swapped"]),
        ({"s": 1, "flag": True}, []),
        ({"a": [1.0], "b": (2.0, 3.0)}, ["swapped"]),
        ({"word": "x"}, []),
        ({}, []),
    ],
)
def test_axes_are_taken_for_others_where_there_are_some(arguments: Any, tried: list[str]) -> None:
    assert kinds(**arguments) == tried


def test_two_arguments_are_swapped_and_the_others_stay() -> None:
    given = {"a": 1.0, "b": 2.0, "c": 3.0}
    swapped = [slip for slip in of_arguments(given, NONE) if slip.key == "swapped"]
    assert {slip.text: slip.change(tuple(given.values())) for slip in swapped} == {
        "`a` and `b` swapped": [(2.0, 1.0, 3.0)],
        "`a` and `c` swapped": [(3.0, 2.0, 1.0)],
        "`b` and `c` swapped": [(1.0, 3.0, 2.0)],
    }
    others = {"z": np.ones(2), "a": 1.0}
    assert not [slip for slip in of_arguments(others, NONE) if slip.key == "swapped"], "of one kind only"


def test_every_argument_is_changed_by_the_changes_of_its_kind() -> None:
    counts = {
        "v": (V, len(slips.OF_ARRAYS)),
        "n": (np.array([1, 2], dtype=np.uint8), len(slips.OF_ARRAYS)),
        "mask": (np.array([True]), 0),
        "t": (2.0, len(slips.OF_NUMBERS)),
        "k": (2, len(slips.OF_NUMBERS)),
        "flag": (True, 0),
        "word": ("text", 0),
        "parts": ([1.0, 2.0], len(slips.OF_LISTS)),
        "layer": (SimpleNamespace(kept=(1.0, 2.0)), len(slips.OF_LISTS)),
        "nothing": ([], 0),
    }
    for name, (value, count) in counts.items():
        told = [s.text for s in of_arguments({name: value, "z": np.array([[1.0]])}, NONE)]
        assert sum(f"`{name}`" in text and "swapped" not in text for text in told) == count, name


def calls(slip: Slip, *arguments: Any) -> list[list[Any]]:
    return [[np.asarray(a).tolist() for a in call] for call in slip.change(arguments)]


def found(text: str, arguments: dict[str, Any], rows: frozenset[int] = NONE) -> Slip:
    (slip,) = (slip for slip in of_arguments(arguments, rows) if slip.text == text)
    return slip


def test_only_the_argument_that_is_named_is_changed() -> None:
    given = {"a": 2.0, "t": 3.0, "b": 5.0}
    assert calls(found("2 times `a`", given), *given.values()) == [[4, 3, 5]]
    assert calls(found("2 times `t`", given), *given.values()) == [[2, 6, 5]]
    assert calls(found("2 times `b`", given), *given.values()) == [[2, 3, 10]]
    assert found("2 times `b`", given).join([V, Z], ()) is V


def test_a_list_in_an_object_is_changed_in_a_copy() -> None:
    layer = SimpleNamespace(name="first", kept=[1.0, -2.0])
    ((changed,),) = found("minus `layer`", {"layer": layer}).change((layer,))
    assert (changed.kept, changed.name, layer.kept) == ([-1, 2], "first", [1, -2])
    ((ends,),) = found("the first and the last of `pair` only", {"pair": (4, 5, 6)}).change(((4, 5, 6),))
    assert ends == (4, 6)


def test_the_other_axis_goes_down_the_columns_and_back() -> None:
    slip = slips.OTHER_AXIS
    assert calls(slip, Z, V, 2.0) == [[Z.T.tolist(), V.tolist(), 2]]
    cube = np.arange(24.0).reshape(2, 3, 4)
    assert np.array_equal(slip.change((cube,))[0][0], np.swapaxes(cube, 0, 2))
    assert np.array_equal(slip.join([Z.T], ()), Z)
    assert np.array_equal(slip.join([np.swapaxes(cube, 0, 2)], ()), cube)
    assert slip.join([V], ()) is V


def test_everything_at_once_is_one_long_row_in_the_shape_that_was_given() -> None:
    slip = slips.EVERYTHING
    assert calls(slip, Z, V, 2.0) == [[[3, 1, 8, 2, 6, 7], V.tolist(), 2]]
    assert np.array_equal(slip.join([Z.ravel()], (2.0, Z)), Z)
    assert slip.join([V], (Z,)) is V, "a result of another length stays as it is"


TABLES = {"t": 2.0, "z": Z, "y": np.array([7, 9])}
ROWS = frozenset({1, 2})


def test_some_rows_only_are_taken_of_what_belongs_together() -> None:
    given = TABLES.values()
    first, last = [2, [[3, 1, 8]], [7]], [2, [[2, 6, 7]], [9]]
    assert calls(found("the first row only", TABLES, ROWS), *given) == [first]
    assert calls(found("the last row only", TABLES, ROWS), *given) == [last]
    long = {"t": 2.0, "z": np.tile(Z, (6, 1)), "y": np.arange(12)}
    for count in (2, 3, 5, 10):
        ((_, z, y),) = found(f"the first {count} rows only", long, ROWS).change(tuple(long.values()))
        assert np.array_equal(z, long["z"][:count])
        assert np.array_equal(y, np.arange(count))
    texts = [slip.text for slip in of_arguments(long, ROWS) if slip.key == "first rows"]
    assert texts == [f"the first {count} rows only" for count in (2, 3, 5, 10)]
    assert not [slip for slip in of_arguments(long, NONE) if "row" in slip.key]


def test_each_row_by_itself_and_then_joined() -> None:
    results = [np.array([1.0, 8.0]), np.array([4.0, 2.0]), np.array([3.0, 3.0])]
    joined = {
        "one number for each row comes out": [[1, 8], [4, 2], [3, 3]],
        "the largest of them is returned": [4, 8],
        "the smallest of them is returned": [1, 2],
        "their median is returned": [3, 3],
        "they are added up, without a mean": [8, 13],
        "they stand below each other": [1, 8, 4, 2, 3, 3],
    }
    told = {slip.text: slip for slip in of_arguments(TABLES, ROWS) if slip.key == "row by row"}
    assert list(told) == [f"each row by itself: {words}" for words in joined]
    for words, result in joined.items():
        slip = told[f"each row by itself: {words}"]
        assert np.array_equal(slip.join(results, ()), result), words
        assert calls(slip, *TABLES.values()) == [[2, [[3, 1, 8]], [7]], [2, [[2, 6, 7]], [9]]]
    shorter = slips.rows((Z, np.array([7])), frozenset({0, 1}))
    assert len(shorter) == 1, "as many as the shortest has"


def test_constants_of_changed_arrays_are_those_of_their_words() -> None:
    texts = [text for _, text, _ in slips.OF_ARRAYS]
    clipped = (1, 10, 20, 30, 50, 88, 100, 200, 250, 300, 350, 500, 600, 700, 709, 745, 1000)
    assert [t for t in texts if "clipped" in t] == [f"{{}} clipped at ±{c}" for c in clipped]
    assert [t for t in texts if t.startswith("the first")][:6] == [
        "the first entry (or row) of {} only",
        *(f"the first {k} of {{}} only" for k in (2, 3, 4, 5, 10)),
    ]
    assert [t for t in texts if t.startswith("the largest")] == [
        f"the largest {k} of {{}} only" for k in (2, 3, 5)
    ]
    sizes = dict.fromkeys(texts)
    for _, text, change in slips.OF_ARRAYS:
        if "clipped" in text or "ln" in text:
            sizes[text] = change(np.array([1e4]))[0]
    for c in clipped:
        assert sizes[f"{{}} clipped at ±{c}"] == c
    assert sizes["{} times ln 2: a power of 2 in place of a power of e"] == 1e4 * math.log(2)
    lists = [text for _, text, _ in slips.OF_LISTS if text.startswith("the first ")]
    assert lists[:3] == [f"the first {k} of {{}} only" for k in (2, 3, 4)]


CHANGED = [4.0, -2.75, 4.0, 0.5]
SAID_OF_CHANGES: dict[str, Any] = {
    "the first entry (or row) of {} only": CHANGED[:1],
    "minus {}": [-4, 2.75, -4, -0.5],
    "{} without its signs": [4, 2.75, 4, 0.5],
    "{} transposed": CHANGED,
    "{} in reversed order": [0.5, 4, -2.75, 4],
    "{} after sorting": [-2.75, 0.5, 4, 4],
    "{} without repeated values: equal numbers count once": [-2.75, 0.5, 4],
    "{} without its first entry": [-2.75, 4, 0.5],
    "{} without its last entry": [4, -2.75, 4],
    "{} without its last column": [4, -2.75, 4],
    "the last of {} only": [0.5],
    "the largest of {} only": [4],
    "every second of {} only": [4, 4],
    "the largest 2 of {} only": [4, 4],
    "the largest 3 of {} only": [0.5, 4, 4],
    "the largest 5 of {} only": [-2.75, 0.5, 4, 4],
    "the first and the last of {} only": [4, 0.5],
    "{} with its largest entry counted twice": [*CHANGED, 4],
    "{} with one more entry, which is 0": [*CHANGED, 0],
    "{} without its largest entry": [-2.75, 4, 0.5],
    "{} times 2": [8, -5.5, 8, 1],
    "{} divided by 2": [2, -1.375, 2, 0.25],
    "zeros in place of {}": [0, 0, 0, 0],
    "{} with 1 added": [5, -1.75, 5, 1.5],
    "{} with 1 taken away": [3, -3.75, 3, -0.5],
    "{} cut to whole numbers": [4, -2, 4, 0],
    "{} rounded to whole numbers": [4, -3, 4, 0],
    "{} with its negative numbers set to 0": [4, 0, 4, 0.5],
    "the squares of {}": [16, 7.5625, 16, 0.25],
    "e to the power of {}": [np.e**x for x in CHANGED],
    "{} divided by its largest absolute value": [1, -0.6875, 1, 0.125],
    "{} scaled to numbers between 0 and 1": [1, 0, 1, 3.25 / 6.75],
    "{} divided by its sum": [x / 5.75 for x in CHANGED],
}


def test_a_changed_argument_is_what_its_words_say() -> None:
    """A diagnosis says “you use …”: then that has been used."""
    for _, text, change in slips.OF_ARRAYS:
        given = np.array([3.0, 0.0, 1.0]) if "where it is not 0" in text or "logarithm" in text else CHANGED
        with np.errstate(divide="ignore"):
            got = change(np.array(given))
        if base := re.fullmatch(r"\{\} times ln ([\d.]+): .*", text):
            np.testing.assert_allclose(np.e**got, [float(base[1]) ** x for x in CHANGED])
        elif "logarithm" in text:
            np.testing.assert_allclose(np.e**got, given)
        elif "standard deviation" in text:
            np.testing.assert_allclose([np.std(got), got[0] / got[3]], [1, 8])
        elif "where it is not 0" in text:
            assert got.tolist() == [2, 0, 0]
        elif bound := re.fullmatch(r"\{\} clipped at ±(\d+)", text):
            most = float(bound[1])
            assert got.tolist() == [x if abs(x) <= most else most if x > 0 else -most for x in CHANGED]
        elif first := re.fullmatch(r"the first (\d+) of \{\} only", text):
            assert got.tolist() == CHANGED[: int(first[1])]
        else:
            np.testing.assert_allclose(got, SAID_OF_CHANGES[text], err_msg=text)
    for _, text, change in slips.OF_LISTS:
        few = re.fullmatch(r"the first (\d+) of \{\} only", text)
        assert change(CHANGED) == (CHANGED[: int(few[1])] if few else SAID_OF_CHANGES[text]), text
    table = {text: change(np.arange(6).reshape(2, 3)).tolist() for _, text, change in slips.OF_ARRAYS[:9]}
    assert table["{} transposed"] == [[0, 3], [1, 4], [2, 5]]
    assert table["{} without its last column"] == [[0, 1], [3, 4]]


def test_a_table_is_changed_row_by_row_or_along_its_rows_as_the_words_say() -> None:
    said = {
        text: change(Z)
        for _, text, change in slips.OF_ARRAYS
        if text.startswith(("{} after", "{} without its last"))
    }
    assert said["{} after sorting"].tolist() == [[1, 3, 8], [2, 6, 7]]
    assert said["{} without its last entry"].tolist() == [[3, 1, 8]]
    cube = np.stack([Z, 2 * Z])
    for _, text, change in slips.OF_ARRAYS:
        if text in ("{} after sorting", "{} without its last column"):
            assert np.array_equal(change(cube)[1], change(2 * Z)), text


def test_a_changed_number_is_tried_before_a_changed_array() -> None:
    said = [slip.text for slip in slips.of_arguments({"W": np.ones(3), "half": 2.0}, frozenset())]
    assert said.index("half of `half`") < said.index("`W` divided by 2")
