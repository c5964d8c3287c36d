"""Every question: its diagnoses must read as the end of "you probably thought ..."."""

from __future__ import annotations

import pytest
from discovery import declared

from course_utils.teaching import Question


@pytest.mark.parametrize("question", declared(Question))
def test_diagnoses_complete_the_sentence(question: Question) -> None:
    for letter, option, explanation in question.lettered:
        told = f"option {letter}, {explanation!r}"
        assert option, f"option {letter} is empty"
        if letter == question.answer:
            assert not "a" <= explanation[0] <= "z", f"{told}, is right: begin with a capital"
        else:
            begins = explanation.startswith(("that ", "of "))
            assert begins, f"{told}, goes on from “you probably thought”: begin with “that” or “of”"
        assert explanation.endswith((".", "!", "?")), f"{told}, ends without a stop"


@pytest.mark.parametrize("question", declared(Question))
def test_the_plain_form_does_not_give_the_answer_away(question: Question) -> None:
    shown = question._repr_mimebundle_()["text/plain"]
    assert not any(explanation in shown for explanation in question.because)
    assert shown.count(") ") >= len(question.options)


@pytest.mark.parametrize("question", declared(Question))
def test_teachers_are_told_what_to_expect(question: Question) -> None:
    assert question.expected, "say which share of a class will choose each option at first"
