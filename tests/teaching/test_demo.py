"""Demos without a browser: state, presets, and what a light import leaves alone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from course_utils.teaching import Choice, Demo, Float, Integer, Picture, Toggle
from course_utils.teaching.pictures import Axis, Bars, Panel, classes

CONTROLS = (
    Float("x", "Number x", low=0, high=9, initial=1, step=1),
    Choice("word", "Word", options=("a", "b")),
    Toggle("flag", "Flag"),
)
CALLS: list[dict[str, Any]] = []


def draw(x: float, word: str, flag: bool) -> Picture:
    CALLS.append({"x": x, "word": word, "flag": flag})
    bar = Bars("x", [x], color="accent")
    panel = Panel("one bar", [bar], x=classes(["only"]), y=Axis("", 0, 9))
    return Picture([panel], f"x * x < {x:g}{word} * {flag}. Second.", height=120)


DEMO = Demo(
    draw, CONTROLS, "A *title*.", "Watch `x < 3`.", {"Nine": {"x": 9}, "b <set>": {"word": "b", "flag": True}}
)


def test_defaults_changes_and_types() -> None:
    assert DEMO.defaults == {"x": 1.0, "word": "a", "flag": False}
    assert DEMO.at().says == "x * x < 1a * False. Second."
    assert DEMO.at(x=4, word="b").says == "x * x < 4b * False. Second."
    assert type(CALLS[-1]["x"]) is float


def test_at_is_pure() -> None:
    first, second = DEMO.at(x=3), DEMO.at(x=3)
    assert first is not second
    assert first.spec(640) == second.spec(640)
    DEMO.at(x=9)
    assert DEMO.at().says == "x * x < 1a * False. Second."


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"y": 4}, TypeError, "there is no control 'y'; the controls are: x, word, flag"),
        ({"X": 4, "x": 99}, TypeError, "there is no control 'X'; the controls are: x, word, flag"),
        ({"x": 10}, ValueError, "x must be a number from 0 to 9, not 10"),
        ({"x": "1"}, TypeError, "x must be a number from 0 to 9, not '1'"),
        ({"word": "c"}, ValueError, "word must be one of 'a', 'b', not 'c'"),
        ({"flag": 1}, TypeError, "flag must be True or False, not 1"),
    ],
)
def test_what_is_not_possible_is_said_before_anything_is_drawn(
    changes: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    drawn = len(CALLS)
    with pytest.raises(error) as raised:
        DEMO.at(**changes)
    assert str(raised.value) == sentence
    assert len(CALLS) == drawn


def test_presets_are_complete_states() -> None:
    assert {name: dict(state) for name, state in DEMO.presets.items()} == {
        "Nine": {"x": 9.0, "word": "a", "flag": False},
        "b <set>": {"x": 1.0, "word": "b", "flag": True},
    }


@pytest.mark.parametrize(
    ("preset", "error"), [({"x": 99}, ValueError), ({"z": 1}, TypeError), ({"x": "9"}, TypeError)]
)
def test_an_impossible_preset_is_refused_at_declaration(
    preset: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        Demo(draw, CONTROLS, "t", "l", {"Bad": preset})


@pytest.mark.parametrize(
    "controls", [CONTROLS[:2], CONTROLS[::-1], (*CONTROLS, Integer("n", "n", 0, 1, 0)), ()]
)
def test_controls_and_parameters_must_match(controls: Any) -> None:
    with pytest.raises(TypeError, match="must be the picture's parameters"):
        Demo(draw, controls, "t", "l")


def test_a_demo_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        DEMO.title = "other"  # type: ignore[misc]
    presets: Any = DEMO.presets
    with pytest.raises(TypeError):
        presets["new"] = {}
    with pytest.raises(TypeError):
        presets["Nine"]["x"] = 0
    DEMO.defaults["x"] = 7
    assert DEMO.defaults["x"] == 1


def test_the_static_twin_says_what_the_presets_show() -> None:
    bundle = DEMO._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/plain"] == DEMO.at().says
    html = bundle["text/html"]
    assert "<strong>A <em>title</em>.</strong> Watch <code>x &lt; 3</code>." in html
    assert "<strong>Nine</strong>: x * x &lt; 9a * False. Second." in html
    assert "<strong>b &lt;set&gt;</strong>: x * x &lt; 1b * True. Second." in html
    assert DEMO.at().to_html() in html


def test_a_demo_without_presets_folds_nothing_away() -> None:
    assert "presets" not in Demo(draw, CONTROLS, "t", "l").to_html()


HEAVY = "plotly", "sympy", "scipy", "IPython", "ipywidgets", "anywidget", "pandas"
LIGHT = f"""
import sys
from course_utils.lessons import softmax, start_here
from course_utils.teaching import Demo, Exercise, Question

for lesson in softmax, start_here:
    for shown in vars(lesson).values():
        if isinstance(shown, Demo):
            shown.at(**shown.presets[next(iter(shown.presets))])
        if isinstance(shown, Exercise):
            assert shown.check(shown._solution)
        if isinstance(shown, Exercise | Question) or shown is start_here.exponential_demo:
            assert set(shown._repr_mimebundle_()) == {{"text/plain", "text/html"}}
print([name for name in {HEAVY} if name in sys.modules])
"""


def imported_by(script: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_without_a_page_a_lesson_works_and_creates_neither_widgets_nor_plotly() -> None:
    assert imported_by(LIGHT) == "[]"


def test_the_check_of_imports_catches_a_heavy_one() -> None:
    assert (
        imported_by(f"import sys, plotly\nprint([name for name in {HEAVY} if name in sys.modules])")
        == "['plotly']"
    )
