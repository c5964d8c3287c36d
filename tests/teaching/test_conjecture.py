"""`Conjecture`: a proposal must return numbers; then a search decides."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from course_utils.teaching import Check, Conjecture, Contract, Mistake, Result


def ceiling(a: float) -> float:
    return 9.0


def search(proposal: Callable[..., float]) -> list[Result]:
    """Look for a number from 0 to 9 that exceeds what is proposed for it."""
    exceeding = [a for a in range(10) if a > proposal(a)]
    return [Result("never exceeded", f"{exceeding[0]} exceeds it" if exceeding else "")]


CONJECTURE = Conjecture(
    "Bound the digit `ceiling(a)`.",
    Contract("a is a digit."),
    ceiling,
    [Check("one", (1,)), Check("two", (2,))],
    [Mistake(lambda a: 8.0, "one digit too low."), Mistake(lambda a: a - 1, "below the digit itself.")],
    ["Which digit is the largest?", "a ≤ 9", "return ..."],
    search=search,
)


@pytest.mark.parametrize("proposal", [ceiling, lambda a: a, lambda a: 10, lambda a: a + 0.5])
def test_every_proposal_that_survives_is_right(proposal: Any) -> None:
    assert CONJECTURE.check(proposal).status == "passed"


def test_a_refuted_proposal_gets_the_counterexample_and_the_diagnosis() -> None:
    verdict = CONJECTURE.check(lambda a: 8.0)
    assert verdict.status == "failed"
    assert verdict.results[0].problem == "9 exceeds it"
    assert verdict.diagnosis == "one digit too low."


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        (lambda a: float("nan"), "not a finite number"),
        (lambda a: float("inf"), "not a finite number"),
        (lambda a: [a, a], "(2,)"),
        (lambda a: "9", "a str"),
        (lambda a: None, "return statement"),
        (lambda a: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_is_no_number_is_not_searched(proposal: Any, words: str) -> None:
    verdict = CONJECTURE.check(proposal)
    assert (verdict.status, verdict.share) == ("failed", 0)
    assert [result.label for result in verdict.results] == ["one", "two"]
    assert words in verdict.results[0].problem


@pytest.mark.parametrize(
    ("proposal", "words"),
    [(lambda a: 9 / (a - 7), "ZeroDivisionError"), (lambda a: 10.0 if a != 5 else float("nan"), "nan")],
)
def test_what_fails_only_during_the_search_is_reported_with_its_call(proposal: Any, words: str) -> None:
    verdict = CONJECTURE.check(lambda a: 10.0 if a < 5 else proposal(a))
    assert (verdict.status, verdict.share) == ("failed", 0)
    assert len(verdict.results) == 1
    assert "ceiling(" in verdict.results[0].problem
    assert words in verdict.results[0].problem


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (
            lambda proposal: [Result("small", "" if math.exp(proposal(2)) < 9000 else "large")],
            "math range error",
        ),
        (lambda proposal: [], "ValueError: a search makes at least one claim"),
    ],
)
def test_a_search_that_comes_to_no_end_refutes_in_one_sentence(claims: Any, words: str) -> None:
    checks, hints = CONJECTURE.checks, CONJECTURE.hints
    conjecture = Conjecture("Bound it.", Contract("a is a digit."), ceiling, checks, [], hints, search=claims)
    verdict = conjecture.check(lambda a: 1e5)
    assert (verdict.status, verdict.share) == ("failed", 0)
    assert [result.label for result in verdict.results] == ["numbers that the search can calculate with"]
    assert "ceiling cannot be tried out: " in verdict.results[0].problem
    assert words in verdict.results[0].problem


def test_a_proposal_cannot_spoil_the_search_by_changing_its_arguments() -> None:
    def greedy(a: Any) -> float:
        a.append(99)
        return 10.0  # not what the solution returns, and as good

    conjecture = Conjecture(
        "Bound `ceiling(a)`.",
        Contract("a is a list."),
        ceiling,
        [Check("a list", ([1],))],
        [],
        ["", "", ""],
        search=lambda proposal: [Result("same", "" if proposal([1]) == 10.0 else "changed")],
    )
    assert "changed its argument" in conjecture.check(greedy).results[0].problem


def test_the_share_is_that_of_the_claims_that_hold() -> None:
    def claims(proposal: Callable[..., float]) -> list[Result]:
        return [
            Result(f"at least {least}", "" if proposal(1) >= least else "below") for least in (0, 3, 6, 9)
        ]

    checks, hints = CONJECTURE.checks, CONJECTURE.hints
    conjecture = Conjecture("Bound it.", Contract("a is a digit."), ceiling, checks, [], hints, search=claims)
    for proposed, share in ((-1.0, 0), (0.0, 0.25), (7.0, 0.75), (9.0, 1)):
        assert conjecture.check(lambda a, proposed=proposed: proposed).share == share
