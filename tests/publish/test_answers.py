"""Python in the page answers as the notebook would."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from course_utils.lessons import training_a_classifier as lesson
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import topic_of
from course_utils.notebook_files.shown import Shown, source_of
from course_utils.publish.answers import Answers
from course_utils.teaching import Demo, Exercise
from course_utils.teaching.demo import dragged

PATHS = {path.name[:2]: path for path in find_notebooks()}


@functools.cache
def shown(number: str) -> list[Shown]:
    path = PATHS[number]
    return list(source_of(path).shown)


@functools.cache
def answers(number: str) -> Answers:
    topic = topic_of(PATHS[number])
    return Answers(
        {
            one.name: {"topic": topic, "expression": one.expression, "prelude": one.prelude}
            for one in shown(number)
        }
    )


def ask(number: str, **request: Any) -> Any:
    return json.loads(answers(number).answer(json.dumps(request)))


def test_a_state_that_no_film_holds_is_computed() -> None:
    one = next(one for one in shown("01") if isinstance(one.value, Demo) and "z" in one.value.defaults)
    values = {**one.value.defaults, "z": [v + 0.3 for v in one.value.defaults["z"]]}
    answer = ask("01", do="picture", name=one.name, request={"values": values, "width": 360, "table": True})
    picture = one.value.at(**values)
    assert answer["spec"]["says"] == picture.says
    assert answer["spec"]["width"] == 360
    assert answer["table"] == picture.numbers_html()
    wrong = ask("01", do="picture", name=one.name, request={"values": {**values, "z": 7}, "width": 360})
    assert wrong["error"].endswith(".")


def test_what_is_dragged_is_computed_from_the_state_that_is_shown() -> None:
    one = next(one for one in shown("08") if one.value is lesson.ravine_demo)
    values, drag = lesson.ravine_demo.state(momentum=0.7), {"panel": 0, "mark": 0, "index": 0, "x": 3, "y": 1}
    asked = {"values": values, "width": 640, "drag": drag}
    answer = ask("08", do="picture", name=one.name, request=asked)
    state = {**values, **dragged(lesson.ravine_demo.at(**values), values, **drag)}
    assert answer["values"] == {**state, "momentum": 0.7}
    assert (
        answer["spec"]["says"] == lesson.ravine_demo.at(**state).says != lesson.ravine_demo.at(**values).says
    )
    gone = ask("08", do="picture", name=one.name, request={**asked, "drag": {**drag, "mark": 9}})
    assert gone["error"] == "There is no such mark any more."


def test_code_that_stops_is_told_where() -> None:
    one = next(one for one in shown("01") if isinstance(one.value, Exercise))

    def told(code: str) -> str:
        said = ask("01", do="check", name=one.name, code=code)
        assert said["json"]["status"] != "passed"
        return str(said["html"])

    assert "stops in line 2: ZeroDivisionError" in told("x = 1\nx / 0")
    assert "stops in line 2: ZeroDivisionError" in told("def g():\n    1 / 0\n\ng()"), "where it happens"
    said = told("import json\n\ntext = 'no JSON'\njson.loads(text)")
    assert "stops in line 4: JSONDecodeError" in said, "in what the reader wrote, not below"
    assert "stops: UnicodeEncodeError" in told("x = '\ud800'"), "as a whole"
    assert "stops in line 1: SyntaxError" in told("def f(:")
    assert "your code, line" not in told("def f(")  # the line is said once
    assert f"defines no function {one.value.name}" in told("pass")
    assert "stops in line 2: SystemExit" in told("import sys\nsys.exit()")
    not_yet = told(one.value.reset().plain)
    assert "Not attempted" in not_yet
    assert "cell" not in not_yet  # there is none on a page


def test_a_demo_says_what_it_needs_that_a_page_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    def needs() -> Any:
        import no_such_package

        return no_such_package.picture

    demo = Demo(needs, controls=(), title="A", look_for="Look.")
    page = Answers({})
    monkeypatch.setattr(page, "shown", lambda name: demo)
    answer = page.picture("a", {"values": {}, "width": 640})
    assert answer == {"values": {}, "error": "This needs no_such_package: see it in the notebook."}


def test_an_exercise_can_call_what_was_written_for_those_above() -> None:
    one = next(
        one for one in shown("04") if isinstance(one.value, Exercise) and one.value.name == "smooth_min"
    )
    code = "def smooth_min(z, inverse_temperature):\n    return -stable_smooth_max(-z, inverse_temperature)"
    above = "def stable_smooth_max(z, inverse_temperature):\n    return smooth_max(z, inverse_temperature)"
    imported = f"from course_utils.numerics.softmax import smooth_max\n{above}"

    def status(*earlier: str) -> str:
        return str(ask("04", do="check", name=one.name, code=code, earlier=earlier)["json"]["status"])

    assert status() != "passed"
    assert status("1 / 0", imported) == "passed"
