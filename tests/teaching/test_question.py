"""Questions: predict first; the answer stays folded away."""

from __future__ import annotations

import re
from typing import Any

import pytest

from course_utils.teaching import Question
from course_utils.teaching.text import to_plain

QUESTION = Question(
    "Is `p < 1` *always*?",
    ["Yes: $p<1$.", "No & never.", "**Depends** on <z>."],
    "B",
    ["of the open interval SECRET1.", "One class has p = 1 SECRET2.", "of `z < 0` SECRET3."],
)
SECRETS = ["SECRET1", "SECRET2", "SECRET3", "is right", "Not A", "Not C"]


def check_hidden(html: str) -> None:
    """Require that everything that gives the answer away stands inside <details>, and is there."""
    open_part, hidden = re.sub(r"<details>.*?</details>", "", html, flags=re.S), html
    for secret in SECRETS:
        assert secret not in open_part
        assert secret in hidden
    assert "<details open" not in html


def test_the_static_form_folds_the_answer_away() -> None:
    check_hidden(QUESTION.to_html())


def test_the_check_catches_an_open_answer() -> None:
    with pytest.raises(AssertionError):
        check_hidden(QUESTION.to_html().replace("details>", "div>"))


def test_plain_text_is_question_and_options_only() -> None:
    bundle = QUESTION._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/plain"] == repr(QUESTION)
    assert repr(QUESTION) == (
        "Question: Is p < 1 always?\n  A) Yes: p<1.\n  B) No & never.\n  C) Depends on <z>."
    )


def test_options_are_escaped_and_formatted() -> None:
    html = QUESTION.to_html()
    assert "<p><strong>A)</strong> Yes: $p&lt;1$.</p>" in html
    assert "<p><strong>B)</strong> No &amp; never.</p>" in html
    assert "<strong>Depends</strong> on &lt;z&gt;." in html


def test_the_right_answer_is_explained_first() -> None:
    answers = QUESTION.to_html().partition("<details>")[2]
    assert [answers.index(secret) for secret in ("SECRET2", "SECRET1", "SECRET3")] == sorted(
        answers.index(secret) for secret in ("SECRET1", "SECRET2", "SECRET3")
    )


def test_feedback() -> None:
    assert QUESTION.feedback("B") == "**B is right.** One class has p = 1 SECRET2."
    assert to_plain(QUESTION.feedback("C")) == ("Not C. You probably thought of z < 0 SECRET3.")


@pytest.mark.parametrize("letter", ["D", "b", "", "AB", "Z", 0, None])
def test_a_letter_that_is_no_option_is_refused(letter: Any) -> None:
    with pytest.raises(ValueError, match="one letter of A, B, C, not "):
        QUESTION.feedback(letter)


@pytest.mark.parametrize(
    ("options", "answer", "because", "sentence"),
    [
        (["a", "b"], "C", ["", ""], "one letter of A, B, not 'C'"),
        (["a", "b"], "", ["", ""], "one letter of A, B, not ''"),
        (["a", "b"], "AB", ["", ""], "one letter of A, B, not 'AB'"),
        (["a", "b"], 0, ["", ""], "one letter of A, B, not 0"),
        (["a", "b"], "A", [""], "2 options need as many explanations, not 1"),
        (["a"], "A", [""], "2 to 8 options, not 1"),
        ([], "A", [], "2 to 8 options, not 0"),
        (list("abcdefghi"), "A", [""] * 9, "2 to 8 options, not 9"),
    ],
)
def test_an_unusable_question_is_refused(options: Any, answer: Any, because: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Question("?", options, answer, because)


@pytest.mark.parametrize("expected", [[50], [50, 40], [50, 60], [30, 30, 40]])
def test_expected_shares_are_one_per_option_and_add_up(expected: list[int]) -> None:
    with pytest.raises(ValueError, match="2 options need as many expected shares that add up to 100"):
        Question("?", ["a", "b"], "A", ["", ""], expected)


def test_eight_options_are_all_shown() -> None:
    question = Question("?", list("stuvwxyz"), "H", [""] * 8)
    assert repr(question).endswith("  H) z")
    assert question.feedback("H").startswith("**H is right.**")
