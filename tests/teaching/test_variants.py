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
