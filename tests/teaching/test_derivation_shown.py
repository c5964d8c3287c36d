"""What a reader sees and hears of a derivation, static and live; and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from html_elements import elements

from course_utils.teaching import Derivation, Step
from course_utils.teaching import derivation_written as written
from course_utils.teaching.derivation import DoesNotFollow
from course_utils.teaching.derivation_page import content
from course_utils.teaching.html import escaped

TWO_CLASSES = Derivation(
    {"f": "exp(x)/(exp(x) + b)"},
    [
        Step("f'", "exp(x)*b/(exp(x) + b)^2", "quotient rule"),
        Step("f'/f", "b/(exp(x) + b)", "divide by `f`", blank=True),
        Step("", "1 - f", "*one* minus"),
        Step("f", "1", "the divisor is larger", relation="<="),
    ],
    title="Two classes",
    assume={"b": "positive"},
    example={"x": 1, "b": 2.5},
)
PLANTED = Derivation(
    {"f": "exp(x)/(exp(x) + b)"},
    [
        Step("f'/f", "-b/(exp(x) + b)", "divide", planted="dividing brings no minus sign."),
        Step("f'/f", "f - 1", "rename"),
        Step("f'/f", "1 - f", "turn round", planted="turning round changes the sign."),
    ],
    assume={"b": "positive"},
    example={"x": 1, "b": 2.5},
)
ALL = [TWO_CLASSES, TWO_CLASSES.faded, TWO_CLASSES.blank, PLANTED]


def test_the_plain_form_says_everything_once() -> None:
    assert repr(TWO_CLASSES).splitlines() == [
        "Two classes",
        "f = exp(x)/(exp(x) + b), with b positive and x real.",
        "1. f' = exp(x)*b/(exp(x) + b)^2 (quotient rule) [0.249563 = 0.249563]",
        "2. f'/f = b/(exp(x) + b) (divide by f) [0.479085 = 0.479085]",
        "3. = 1 − f (one minus) [0.479085 = 0.479085]",
        "4. f ≤ 1 (the divisor is larger) [0.520915 ≤ 1]",
    ]


@pytest.mark.parametrize(
    ("assume", "words"),
    [
        ({"x": "positive"}, "x positive"),
        ({"x": "positive integer"}, "x a positive integer"),
        ({"x": "integer positive"}, "x a positive integer"),
        ({"x": "integer"}, "x an integer"),
        ({"x": "vector 3"}, "x a vector of length 3"),
        ({"x": "real vector 3"}, "x a real vector of length 3"),
        ({"x": "real vector n"}, "x a real vector of length n and n a positive integer"),
    ],
)
def test_an_assumption_is_said_in_words(assume: dict[str, str], words: str) -> None:
    assert repr(Derivation({}, [Step("x", "x")], assume=assume)).splitlines()[0] == f"With {words}."


def test_a_proof_sets_its_lines_as_formulas() -> None:
    proof = TWO_CLASSES.verify()
    assert "2. f'/f = b/(exp(x) + b): proved" in repr(proof)
    assert proof.html.startswith("<ol><li>$")
    assert r"\frac{b}{e^{x} + b}$: proved" in proof.html
    assert "exp(" not in proof.html


def test_faded_and_blank_hide_right_sides_and_their_numbers() -> None:
    assert TWO_CLASSES.faded.gaps == (2,)
    assert TWO_CLASSES.blank.gaps == (1, 2, 3, 4)
    assert repr(TWO_CLASSES.faded).splitlines()[3] == "2. f'/f = ? (divide by f)"
    table, _, _ = TWO_CLASSES.faded.to_html().partition("<details>")
    assert r"\boxed" in table
    assert r"\frac{b}{e^{x} + b}" not in table
    for lines, gaps in ((1, (1,)), (2, (2,)), (3, (2,)), (5, (2, 4))):
        chain = [Step("x + x", "2*x"), *[Step("", "x*2")] * (lines - 1)]
        assert Derivation({}, chain).faded.gaps == gaps


@pytest.mark.parametrize("derivation", ALL)
def test_the_static_twin_is_a_proper_table(derivation: Derivation) -> None:
    bundle = derivation._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    ElementTree.fromstring(
        f"<div>{bundle['text/html'].replace('<br>', '<br/>')}</div>"
    )  # all tags are closed
    assert bundle["text/html"].count('<th scope="row">') == len(derivation.steps)
    for line in derivation.lines:
        assert escaped(written.line_text(derivation, line)) in bundle["text/html"]


def test_what_an_author_writes_is_escaped() -> None:
    shown = Derivation({}, [Step("x", "x", "<script>x < y</script>", relation="<=")], title="<b>").to_html()
    assert "<script>" not in shown
    assert "<b>" not in shown


def test_planted_errors_are_judged_by_the_line_above_and_by_the_truth() -> None:
    assert repr(PLANTED).startswith("Find every line that does not follow from what stands above it.\n")
    before, _, folded = PLANTED.to_html().partition("<details>")
    assert "minus sign" not in before
    assert "minus sign" in folded
    assert "[" not in repr(PLANTED), "numbers would give the errors away"
    assert PLANTED.verify()
    assert PLANTED.accuse(1).headline.startswith(
        "Line 1 does not follow: dividing brings no minus sign. Left"
    )
    assert "Line 2 follows from line 1 (rename). It is false" in PLANTED.accuse(2).headline
    assert PLANTED.accuse(3).headline.endswith("Line 3 is true, but not for this reason.")
    for line in (0, 4, 9, 1.0, "1", None):
        assert PLANTED.accuse(line).headline == "The lines are numbered 1 to 3."  # type: ignore[arg-type]
        assert PLANTED.judge(line, "x").headline == "The lines are numbered 1 to 3."  # type: ignore[arg-type]
    steps = [Step(s.lhs, s.rhs, s.because, planted="a sign." * (k < 2)) for k, s in enumerate(PLANTED.steps)]
    by_truth = Derivation(PLANTED.definitions, steps, assume=PLANTED.assume, asks="truth")
    assert by_truth.verify()
    assert by_truth.accuse(2).headline.startswith("Line 2 is false: a sign. Left minus right is")
    assert by_truth.accuse(3).headline.startswith("Line 3 is true, though it does not follow from line 2.")
    with pytest.raises(DoesNotFollow, match="Line 2 is declared as a planted error, but it follows"):
        Derivation(PLANTED.definitions, steps, assume=PLANTED.assume).verify()


@pytest.mark.parametrize(
    ("definitions", "steps", "words"),
    [
        ({}, [], "at least one step"),
        ({}, [Step("", "x")], "first step needs a left side"),
        ({}, [Step("x +", "x")], "step 1: "),
        ({"f": "x", "2": "x"}, [Step("f", "x")], "named 'f' or"),
        ({"f": "x 2"}, [Step("f", "x")], "operator such as"),
    ],
)
def test_a_misprint_shows_when_the_lesson_is_imported(definitions: Any, steps: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Derivation(definitions, steps)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "fade"}, "^mode must be one of worked, faded, blank, not 'fade'$"),
        ({"asks": "truths"}, "^asks must be one of step, truth, not 'truths'$"),
        (
            {"example": {"x": 1, "b": 2, "z": [1, 2], "q": 1}},
            "^no symbol 'q' for the example; the symbols are z, k,",
        ),
        ({"example": {"x": 1, "z": [1, 2]}}, "^the example needs 1 number for b, not 0$"),
        ({"example": {"x": [1, 2], "b": 2, "z": [1, 2]}}, "^the example needs 1 number for x, not 2$"),
        ({"example": {"x": 1, "b": 2, "z": 1}}, "^the example needs 2 numbers for z, not 1$"),
        (
            {"assume": {"z": "real vector n"}, "example": {"x": 1, "b": 2, "z": 1}},
            "^an example needs vectors of known length, not z of n$",
        ),
    ],
)
def test_an_option_that_is_none_shows_when_the_lesson_is_imported(options: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Derivation(
            {}, [Step("sum(z)*x", "x*b")], **{"assume": {"z": "real vector 2", "k": "index"}, **options}
        )


def test_an_index_needs_no_example() -> None:
    known = {"z": "real vector 2", "k": "index"}
    summed = Derivation({}, [Step("sum(z[k], k)", "sum(z)")], assume=known, example={"z": [1, 2]})
    assert repr(summed).endswith("[3 = 3]")


def test_numbers_follow_the_example() -> None:
    assert written.caption(TWO_CLASSES) == "Numbers at x = 1, b = 2.5."
    other = TWO_CLASSES.at(x=0, b=1)
    assert written.caption(other) == "Numbers at x = 0, b = 1."
    assert written.numbers(other, other.lines[1]) == "0.5 = 0.5"
    with pytest.raises(TypeError, match="there is no symbol 'y'; the symbols are b and x"):
        TWO_CLASSES.at(y=1)
    vector = Derivation(
        {"p": "exp(z)/sum(exp(z))"}, [Step("p", "p")], assume={"z": "real vector 3"}, example={"z": [1, 2, 3]}
    )
    assert "[0.0900306, 0.244728, 0.665241] = [0.0900306" in repr(vector)
    assert written.caption(vector) == "Numbers at z = [1, 2, 3]."
    assert written.caption(PLANTED) == "", "numbers would give the errors away"


@pytest.mark.parametrize("derivation", [*ALL, TWO_CLASSES.at(x=0, b=1), replace(TWO_CLASSES, example={})])
def test_a_table_says_where_its_numbers_are_taken_and_has_none_beside_a_gap(derivation: Derivation) -> None:
    html = derivation.to_html()
    shown = written.has_numbers(derivation)
    assert shown == (bool(derivation.example) and not derivation.planted)
    assert [one.text for one in elements(html, "caption")] == [written.caption(derivation)] * shown
    columns = [one.text for one in elements(html, "th") if one.attributes["scope"] == "col"]
    assert columns == written.headings(derivation)
    assert ("in numbers" in columns) == shown
    cells = [one.text for one in elements(html, "td")]
    width = len(columns) - 1  # the first column names the rows
    assert len(cells) == width * len(derivation.lines)
    for line in derivation.lines:
        beside = cells[width * line.number - 1] if shown else ""
        asked = line.number in derivation.gaps
        assert beside == (written.numbers(derivation, line) if shown and not asked else "")


# ---- live


def answers(derivation: Derivation, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the kernel sends back."""
    view, sent = derivation.view(), list[dict[str, Any]]()
    view.send = sent.append
    for request in requests:
        view._answer(view, request, [])
    return sent


def test_an_answer_names_its_request_and_judges_the_text_of_that() -> None:
    read, wrong, right = answers(
        TWO_CLASSES,
        {"do": "read", "line": 2, "number": 7, "text": "1/(1 + e^x"},
        {"do": "judge", "line": 2, "number": 8, "text": "<b>x</b>"},
        {"do": "judge", "line": 2, "number": 9, "text": "1/(1 + e^x/b)"},
    )
    assert read == {"do": "read", "line": 2, "number": 7, "hint": "“)” is missing before the end."}
    assert (wrong["number"], wrong["passed"], wrong["mark"]) == (8, False, "?")
    assert right["formula"] == r"\frac{1}{1 + \frac{e^{x}}{b}}"
    assert (right["number"], right["mark"]) == (9, "✓")


@pytest.mark.parametrize("derivation", [*ALL, replace(PLANTED, asks="truth")])
def test_a_browser_gets_what_is_asked_and_no_modes_where_errors_are_to_be_found(
    derivation: Derivation,
) -> None:
    got = content(derivation)
    assert got["modes"] == ([] if derivation.planted else ["worked", "faded", "blank"])
    assert got["mode"] == derivation.mode
    if derivation.planted:
        assert f"Find every line that {got['accusation']}" in repr(derivation)
    gaps = [row["number"] for row in got["rows"] if row["faded"]]
    assert gaps == ([] if derivation.planted else [2])
    assert [row["shown"] for row in got["rows"]] == [
        written.line_text(derivation.worked, line) for line in derivation.lines
    ]
    assert got["title"] == (derivation.title or "the derivation")


@pytest.mark.parametrize("given", ["x", "x = 1", "x > 0", "0 <= x <= 1", ""])
def test_what_is_given_is_one_inequality(given: str) -> None:
    with pytest.raises(ValueError, match=f"^a given inequality is written a >= b or a <= b, not {given!r}$"):
        Derivation({}, [Step("x", "x")], given=["x >= 0", given])


def test_the_last_error_found_says_that_it_is_the_last() -> None:
    first, last = answers(
        PLANTED,
        {"do": "accuse", "line": 1, "number": 1, "found": []},
        {"do": "accuse", "line": 3, "number": 1, "found": [1]},
    )
    (wrong,) = answers(PLANTED, {"do": "accuse", "line": 2, "number": 1, "found": [1, 3]})
    assert "all" not in first["says"] + wrong["says"]
    assert last["says"].endswith(" These are all.")


def test_a_live_page_gets_the_widget_and_the_static_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course_utils.teaching.live.kernel_is_live", lambda: True)
    assert "application/vnd.jupyter.widget-view+json" in TWO_CLASSES._repr_mimebundle_()


def test_declaring_and_showing_a_derivation_does_not_import_sympy() -> None:
    program = """
import sys
from course_utils.teaching import Derivation, Step
line = Derivation({"f": "exp(x)"}, [Step("f'", "f", "definition")], assume={"x": "positive"})
line.to_html(), repr(line), repr(line.faded), line.view()
print([name for name in ("sympy", "mpmath", "scipy", "plotly") if name in sys.modules])
line.verify()
print("sympy" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\nTrue\n"
