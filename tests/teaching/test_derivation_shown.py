"""What a reader sees and hears of a derivation, static and live; and what importing it costs."""

from __future__ import annotations

import contextlib
import cProfile
import gc
import subprocess
import sys
import threading
import time
from html.parser import HTMLParser
from typing import Any

import pytest

from course_utils.teaching import Derivation, Step
from course_utils.teaching import derivation as module
from course_utils.teaching.algebra.deadline import OutOfTime, within

TWO_CLASSES = Derivation(
    {"f": "exp(x)/(exp(x) + b)"},
    [
        Step("f'", "exp(x)*b/(exp(x) + b)^2", "quotient rule"),
        Step("f'/f", "b/(exp(x) + b)", "divide by `f`", blank=True),
        Step("", "1 - f", "*one* minus"),
        Step("f", "1", "the divisor is larger", relation="<"),
    ],
    title="Two classes",
    assume={"b": "positive"},
    example={"x": 1, "b": 2.5},
)

PLANTED = Derivation(
    {"f": "exp(x)/(exp(x) + b)"},
    [
        Step("f'/f", "-b/(exp(x) + b)", "divide", planted="dividing brings no minus sign."),
        Step("", "f - 1", "rename"),
        Step("1 - f", "-b/(exp(x) + b)", "subtract", planted="the minus sign is one too many."),
    ],
    assume={"b": "positive"},
    example={"x": 1, "b": 2.5},
)

ALL = [TWO_CLASSES, TWO_CLASSES.faded, TWO_CLASSES.blank, PLANTED]


class Tags(HTMLParser):
    """Checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("br",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_plain_form_says_everything_once() -> None:
    assert repr(TWO_CLASSES).splitlines() == [
        "Two classes",
        "f = exp(x)/(exp(x) + b), with b positive and x real.",
        "1. f' = exp(x)*b/(exp(x) + b)^2 (quotient rule) [0.249563 = 0.249563]",
        "2. f'/f = b/(exp(x) + b) (divide by f) [0.479085 = 0.479085]",
        "3. = 1 − f (one minus) [0.479085 = 0.479085]",
        "4. f < 1 (the divisor is larger) [0.520915 < 1]",
    ]


def test_faded_and_blank_hide_right_sides_and_their_numbers() -> None:
    assert TWO_CLASSES.faded.gaps == (2,)
    assert TWO_CLASSES.blank.gaps == (1, 2, 3, 4)
    assert repr(TWO_CLASSES.faded).splitlines()[3] == "2. f'/f = ? (divide by f)"
    assert all("?" in line for line in repr(TWO_CLASSES.blank).splitlines()[2:])
    table = TWO_CLASSES.faded.table_html(TWO_CLASSES.lines)
    assert r"\boxed" in table
    assert r"\frac{b}{e^{x} + b}" not in table
    without_marks = Derivation({}, [Step("x + x", "2*x"), Step("", "x*2")]).faded
    assert without_marks.gaps == (2,)


def test_a_planted_error_is_asked_for_and_not_given_away() -> None:
    text = repr(PLANTED)
    assert text.startswith("Find every line that does not follow from what stands above it.\n")
    assert "minus sign" not in text
    assert "[" not in text, "numbers would give the error away"
    before, _, folded = PLANTED.to_html().partition("<details>")
    assert "minus sign" not in before
    assert "dividing brings no minus sign." in folded
    assert PLANTED.faded.gaps == ()


def test_accusing_a_line() -> None:
    assert PLANTED.accuse(2).headline == "Line 2 follows (rename). Look again."
    found = PLANTED.accuse(1)
    assert found
    assert found.headline.startswith(
        "Line 1 does not follow: dividing brings no minus sign. Left minus right"
    )
    assert "line 3" not in found.headline.lower(), "the other one would be given away"
    assert PLANTED.accuse(9).headline == "The lines are numbered 1 to 3."


@pytest.mark.parametrize("derivation", ALL)
def test_the_static_twin_is_a_proper_table(derivation: Derivation) -> None:
    bundle = derivation._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    tags = Tags()
    tags.feed(bundle["text/html"])
    assert tags.open == []
    assert bundle["text/html"].count('<th scope="row">') == len(derivation.steps)
    assert bundle["text/html"].count('scope="col"') >= 4
    for line in derivation.lines:
        assert module.escaped(derivation.shown(line)) in bundle["text/html"]


def test_what_an_author_writes_is_escaped() -> None:
    derivation = Derivation({}, [Step("x", "x", "<script>x < y</script>", relation="<=")], title="<b>")
    shown = derivation.to_html()
    assert "<script>" not in shown
    assert "<b>" not in shown


def test_numbers_follow_the_example() -> None:
    other = TWO_CLASSES.at(x=0, b=1)
    assert other.numbers(other.lines[1]) == "0.5 = 0.5"
    assert TWO_CLASSES.example["x"] == 1
    with pytest.raises(TypeError, match="there is no symbol 'y'; the symbols are b and x"):
        TWO_CLASSES.at(y=1)
    vector = Derivation(
        {"p": "exp(z)/sum(exp(z))"}, [Step("p", "exp(z - max(z))/sum(exp(z - max(z)))")],
        assume={"z": "real vector 3"}, example={"z": [1, 2, 3]},
    )  # fmt: skip
    assert "[0.0900306, 0.244728, 0.665241] = [0.0900306, 0.244728, 0.665241]" in repr(vector)
    assert vector.verify()


def test_a_function_with_several_arguments() -> None:
    lse = Derivation(
        {"LSE(a, b)": "log(exp(λ*a) + exp(λ*b))/λ"},
        [Step("LSE(x, x)", "x + log(2)/λ")],
        assume={"λ": "positive"},
    )
    assert lse.verify()
    assert r"\mathrm{LSE}\left(a, b\right)" in lse.to_html()


# ---- live


def press(widget: Any, description: str) -> None:
    """Click the button of that name, wherever it is in the widget."""
    (button,) = [
        w for w in parts(widget) if getattr(w, "description", "") == description and hasattr(w, "click")
    ]
    button.click()


def parts(widget: Any) -> list[Any]:
    """Return a widget and all it contains."""
    return [widget, *(part for child in getattr(widget, "children", ()) for part in parts(child))]


def said(widget: Any) -> str:
    """Return what was announced last."""
    (announcement,) = [w for w in parts(widget) if type(w).__name__ == "Announcement"]
    return str(announcement.text)


def html_of(widget: Any) -> str:
    """Return all HTML that is shown."""
    return "".join(w.value for w in parts(widget) if type(w).__name__ == "HTMLMath")


def test_next_back_and_all() -> None:
    view = TWO_CLASSES.view()
    assert html_of(view).count('scope="row"') == 1
    press(view, "Next")
    assert html_of(view).count('scope="row"') == 2
    assert said(view) == "2. f'/f = b/(exp(x) + b) (divide by f) [0.479085 = 0.479085]"
    press(view, "Back")
    press(view, "Back")
    assert html_of(view).count('scope="row"') == 1
    press(view, "Show all")
    assert html_of(view).count('scope="row"') == 4


def test_each_view_has_a_state_of_its_own() -> None:
    one, other = TWO_CLASSES.view(), TWO_CLASSES.view()
    press(one, "Next")
    assert html_of(other).count('scope="row"') == 1


def test_filling_a_gap() -> None:
    view = TWO_CLASSES.faded.view()
    (field,) = [w for w in parts(view) if type(w).__name__ == "Text"]
    assert field.description == "2. f'/f ="
    field.value = "-b/(exp(x) + b)"
    assert said(view) == "✗ Not yet: −b/(exp(x) + b) is off by its sign."
    assert r"\boxed" in html_of(view)
    field.value = "<b>x</b>"
    assert "<b>" not in html_of(view)
    field.value = "1/(1 + exp(x)/b)"
    assert said(view) == "✓ Line 2 is right: this equals b/(exp(x) + b)."
    assert r"\boxed" not in html_of(view)


def test_giving_up_on_a_gap_and_changing_the_mode() -> None:
    view = TWO_CLASSES.blank.view()
    assert sum(type(w).__name__ == "Text" for w in parts(view)) == 4
    press(view, "Show line 2")
    assert said(view).startswith("2. f'/f = b/(exp(x) + b)")
    (mode,) = [w for w in parts(view) if type(w).__name__ == "Dropdown"]
    mode.value = "worked"
    assert not any(type(w).__name__ == "Text" for w in parts(view))
    press(view, "Next")


def test_finding_the_error() -> None:
    view = PLANTED.view()
    press(view, "Line 2")
    assert said(view) == "✗ Line 2 follows (rename). Look again."
    press(view, "Line 1")
    assert said(view).startswith("✓ Line 1 does not follow: ")


def test_a_live_page_gets_the_widget_and_the_static_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "kernel_is_live", lambda: True)
    assert set(TWO_CLASSES._repr_mimebundle_()) == {
        "text/plain",
        "text/html",
        "application/vnd.jupyter.widget-view+json",
    }


# ---- cost


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


# ---- deadlines


def forever() -> None:
    """Do something endless."""
    while True:
        pass


def stubborn() -> None:
    """Take an outer deadline for an inner one, and go on."""
    with contextlib.suppress(OutOfTime):
        within(60, forever)
    forever()


def test_a_deadline_stops_an_endless_loop_and_leaves_nothing_behind() -> None:
    before = threading.active_count()
    for _ in range(3):
        with pytest.raises(OutOfTime):
            within(0.05, forever)
    assert threading.active_count() == before


def test_an_inner_deadline_does_not_swallow_the_outer_one() -> None:
    start = time.perf_counter()
    with pytest.raises(OutOfTime):
        within(0.1, stubborn)
    assert time.perf_counter() - start < 20


def test_work_that_is_done_in_time_is_left_alone() -> None:
    assert [within(5, lambda n=n: n) for n in range(100)] == list(range(100))  # type: ignore[misc]


def test_work_that_is_done_just_in_time_is_left_alone() -> None:
    for k in range(100):  # the exception meets the end of the work in every possible step
        with contextlib.suppress(OutOfTime):
            within(0.001, lambda k=k: sum(range(40_000 + 600 * k)))  # type: ignore[misc]


def test_garbage_collection_goes_on_afterwards() -> None:
    with contextlib.suppress(OutOfTime):
        within(0.1, stubborn)
    assert gc.isenabled()


def test_errors_reach_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_a_deadline_under_a_profiler() -> None:
    with cProfile.Profile():
        assert TWO_CLASSES.judge(2, "1 - f")
        with pytest.raises(OutOfTime):
            within(0.05, forever)
