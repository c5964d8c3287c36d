"""Every question, exercise and derivation on the page: each button is pressed, each answer is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import PATIENCE
from shown import each_shown

from course_utils.teaching import Derivation, Exercise, Question
from course_utils.teaching.algebra.syntax import linear
from course_utils.teaching.derivation_written import line_text
from course_utils.teaching.text import to_plain


class Heard:
    """A cell whose widget announces what has changed."""

    def __init__(self, notebook: Any, source: str) -> None:
        self.notebook, self.source = notebook, source
        self.look()

    def look(self) -> None:
        """Find the output, which is another after each run."""
        self.output = self.notebook.cell(self.source).locator(".jp-OutputArea")
        self.announcement = self.output.locator("[role=status]")
        self.announcement.wait_for(state="attached")

    def press(self, name: str, key: str = "") -> None:
        """Press a button by mouse, or by a key."""
        button = self.output.get_by_role("button", name=name, exact=True)
        button.press(key) if key else button.click()

    def hears(self, says: Callable[[str], bool] | str) -> None:
        """Wait until exactly this is announced, or something of which `says` is true."""
        node = self.announcement.element_handle()
        if isinstance(says, str):
            condition = "([region, text]) => region.textContent === text"
            self.notebook.page.wait_for_function(condition, arg=[node, says])
            return
        for _ in range(PATIENCE // 20):
            if says(node.text_content()):
                return
            self.notebook.page.wait_for_timeout(20)
        pytest.fail(f"the page says {node.text_content()!r}")

    def shows(self, text: str) -> None:
        """Wait until the text is seen, too."""
        self.output.get_by_text(text).first.wait_for()


@pytest.fixture
def heard(live_notebook: Any, source: str) -> Iterator[Heard]:
    """The cell; nothing may go wrong on the page meanwhile."""
    before = len(live_notebook.errors)
    yield Heard(live_notebook, source)
    assert live_notebook.errors[before:] == []


@each_shown(Question, "question")
def test_every_answer_gets_its_diagnosis(heard: Heard, question: Question) -> None:
    wrong = [letter for letter in question.letters if letter != question.answer]
    for letter, key in zip([*wrong, question.answer], ["Enter", *[""] * len(wrong)], strict=True):
        heard.press(letter, key)
        heard.hears(to_plain(question.feedback(letter)))
        heard.shows(f"{letter} is right." if letter == question.answer else f"Not {letter}.")


@each_shown(Exercise, "exercise")
def test_hints_and_solution_come_when_asked_for(heard: Heard, exercise: Exercise) -> None:
    heard.notebook.run(heard.source)  # the first hint is the first on a fresh view only
    heard.look()
    for number in range(1, len(exercise.hints) + 1):
        heard.press("Next hint", "Enter" if number == 1 else "")
        heard.hears(exercise._hint(number).plain)
        heard.shows(f"Hint {number} of {len(exercise.hints)}.")
    heard.press("Next hint")
    heard.shows("That was the last hint.")
    heard.press("Show solution")
    heard.hears(exercise.solution().plain)
    heard.shows(f"def {exercise.name}(")


@each_shown(Exercise, "exercise")
def test_the_check_judges_what_the_cell_defines(live_notebook: Any, source: str, exercise: Exercise) -> None:
    """In the student's cell: the shown solution passes, a mistake is diagnosed, a stub is not attempted."""
    call = f"{source}.check({exercise.name})"
    stub = live_notebook.source_with(call)
    mistake = exercise.mistakes[0]
    attempts = {
        f"{exercise.name} = {source}.mistakes[0].function\n{call}": exercise.check(mistake.function),
        f"{exercise.solution().plain}\n\n\n{call}": exercise.check(exercise._solution),
    }
    assert [verdict.status for verdict in attempts.values()] == ["failed", "passed"]
    if f"def {exercise.name}(" in stub:  # what is to be mended may stand in a cell of its own
        attempts[stub] = exercise.check(lambda *_, **__: ...)
    try:
        for attempt, verdict in attempts.items():
            assert live_notebook.run(call, attempt) == verdict.to_html()
            live_notebook.cell(call).get_by_text(verdict.headline).wait_for()
    finally:
        live_notebook.run(call, stub)


@each_shown(Derivation, "derivation")
def test_every_derivation_is_stepped(heard: Heard, derivation: Derivation) -> None:
    if derivation.planted:
        find_the_error(heard, derivation)
    else:
        mode = heard.output.get_by_role("combobox", name="Mode")
        mode.select_option("worked")
        line_by_line(heard, derivation.worked)
        mode.select_option("faded")
        fill_the_gaps(heard, derivation.faded)
        mode.select_option(derivation.mode)


def find_the_error(heard: Heard, derivation: Derivation) -> None:
    for line in derivation.lines:
        said = "is false" if derivation.asks == "truth" else "does not follow"
        heard.press(f"Line {line.number} {said}")
        mark = "✓" if line.number in derivation.planted else "✗"
        heard.hears(lambda text, start=f"{mark} Line {line.number} ": text.startswith(start))
        heard.shows(f"{mark} Line {line.number} ")


def line_by_line(heard: Heard, derivation: Derivation) -> None:
    rows = heard.output.locator("tbody tr")

    def reached(number: int) -> None:
        heard.hears(line_text(derivation, derivation.lines[number - 1]))
        rows.nth(number - 1).wait_for()
        assert rows.count() == number

    count = len(derivation.lines)
    for number in range(2, count + 1):
        heard.press("Next", "Enter" if number == 2 else "")
        reached(number)
    heard.press("Back")
    reached(count - 1)
    heard.press("Show all")
    reached(count)
    assert heard.output.get_by_role("button", name="Next", exact=True).is_disabled()


def fill_the_gaps(heard: Heard, derivation: Derivation) -> None:
    gaps = [line for line in derivation.lines if line.number in derivation.gaps]
    assert gaps
    fields = heard.output.get_by_role("textbox")
    first = fields.nth(0)
    for answer, mark in (("123456789", "✗ "), (linear(gaps[0].right), "✓ ")):
        first.fill(answer)
        first.press("Enter")
        heard.hears(lambda text, mark=mark: text.startswith(mark))
    for line in gaps[1:]:
        heard.press(f"Show line {line.number}")
        heard.hears(line_text(derivation.worked, line))


@pytest.mark.parametrize("live_notebook", ["06_cross_entropy_derivation"], indirect=True)
def test_only_the_last_text_is_judged_however_fast_it_comes(live_notebook: Any) -> None:
    """Enter, a click, another text and Enter again at once: the answer to the last text is what stays."""
    source = "lesson.slope_of_loss.faded"
    live_notebook.run(source)
    heard = Heard(live_notebook, source)
    field = heard.output.get_by_label("Line 2: p'/(1 − p) =")
    for slowly in (0, 90):
        for text in ("1 - p", "2*p", "exp(z)/(exp(z) - b)"):
            field.fill(text)
            field.press("Enter")
            live_notebook.page.wait_for_timeout(slowly)
            heard.press("Check line 2")
        heard.hears(lambda said: "at b = 1, z = −1 the answer is 0.268941, yours is −0.581977" in said)
    field.fill("1 - p")
    field.press("Enter")
    field.fill("")
    field.press_sequentially("1/(1 + b/e^z)")  # by keys, which mean commands elsewhere in a notebook
    field.press("Enter")
    heard.hears("✓ Line 2 is right: it is proved that this equals p.")
    assert heard.output.get_by_role("row").filter(has_text="same way").get_by_role("textbox").count() == 0
