"""Every derivation: each line is proved, planted errors are proved to be errors, nothing is only sampled."""

from __future__ import annotations

import pytest
from discovery import declared

from course_utils.teaching import Derivation
from course_utils.teaching.algebra.syntax import linear

pytestmark = pytest.mark.parametrize("derivation", declared(Derivation))


def test_every_line_follows_and_every_planted_error_does_not(derivation: Derivation) -> None:
    report = derivation.verify()
    lines = repr(report).splitlines()
    assert len(lines) == len(derivation.steps)
    assert not any("not proved" in line for line in lines), report


def test_every_line_has_a_reason(derivation: Derivation) -> None:
    assert all(step.because for step in derivation.steps)


def test_the_answers_themselves_are_accepted(derivation: Derivation) -> None:
    for line in derivation.faded.gaps:
        assert derivation.judge(line, derivation.steps[line - 1].rhs)


def test_the_other_sides_are_no_answers_and_no_answer_is_one_of_them(derivation: Derivation) -> None:
    for line in (derivation.lines[number - 1] for number in derivation.faded.gaps):
        sides = [line.start, line.origin]
        assert derivation.scope.in_order(line.right) not in map(derivation.scope.in_order, sides)
        assert not any(derivation.judge(line.number, linear(side)) for side in sides)


def test_planted_errors_are_explained_as_a_sentence(derivation: Derivation) -> None:
    for number in derivation.planted:
        assert derivation.steps[number - 1].planted.endswith((".", "!", "?"))
        assert derivation.accuse(number)
