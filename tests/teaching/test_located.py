"""What is said of where results are wrong: what happens there, and what stands there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course_utils.teaching.exercise import located


def seen(got: Any = None, right: Any = None, error: Any = None, asked: Any = None, problem: str = "x") -> Any:
    """Return one wrong call: what came out, and what is right."""
    pair = None if got is None or right is None else (np.asarray(got), np.asarray(right))
    text = f"{error.__name__}: unsupported operand" if error else ""
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
        ([seen([0.0, 0.1], [1.0, 1.0])] * 2, ""),
    ],
)
def test_what_all_wrong_calls_have_in_common_is_said(wrong: Any, said: str) -> None:
    assert located._what_happens(wrong) == (f" {said}" if said else "")


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
    assert f"{located._some(share)} inputs{located._but(share)}" == words


@pytest.mark.parametrize(
    ("got", "right", "said"),
    [
        ([np.nan, np.nan], [1.0, 2.0], "There stands what is not a number."),
        ([np.nan, 5.0], [1.0, 2.0], ""),
        ([0.5, 0.5], [1.0, 2.0], "There always stands 0.5."),
        ([1 / 3] * 2, [1.0, 2.0], "There always stands 0.3333."),
        ([1.0, 1 + 2e-12], [1.0, 5.0], ""),
        ([1.0, 1 + 0.5e-12], [1.0, 5.0], "There always stands 1."),
        ([2.0, 6.0], [1.0, 3.0], "There your number is 2 times the right one."),
        ([-2.0, -6.0], [1.0, 3.0], "There your number is −2 times the right one."),
        ([2.0, 6.0 * (1 + 0.9e-7)], [1.0, 3.0], "There your number is 2 times the right one."),
        ([2.0, 6.0 * (1 + 1.1e-7)], [1.0, 3.0], ""),
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
    assert located._what_stands(entries) == (f" {said}" if said else "")


@pytest.mark.parametrize(("size", "kept"), [(399, 399), (400, 400), (799, 799), (800, 400), (1300, 434)])
def test_of_many_entries_some_are_looked_at(size: int, kept: int) -> None:
    assert len(located._thinned(list(range(size)))) == kept  # type: ignore[arg-type]
