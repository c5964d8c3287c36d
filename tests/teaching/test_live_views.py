"""Live views without a browser: what a page would receive from and send to the kernel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ipywidgets
import nbclient
import nbformat
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

from course_utils.teaching import Check, Choice, Contract, Demo, Exercise, LogFloat, Question, Vector, live
from course_utils.teaching.announcement import Announcement
from course_utils.teaching.derivation_view import DerivationView
from course_utils.teaching.environment import EnvironmentCheck, RoundTrip
from course_utils.teaching.live import WIDGET_VIEW, kernel_is_live
from course_utils.teaching.picture_view import PictureView
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, classes
from course_utils.teaching.plots.plotly_view import PlotlyView
from course_utils.teaching.widget import CourseWidget


@pytest.fixture(autouse=True)
def close_widgets() -> Iterator[None]:
    """Leave no widget behind."""
    yield
    ipywidgets.Widget.close_all()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that a kernel is there to answer."""
    monkeypatch.setattr("course_utils.teaching.live.kernel_is_live", lambda: True)


def draw(z: tuple[float, ...], T: float, scale: str) -> Picture:
    p = np.exp(np.array(z) / T)
    panel = Panel("p", [Bars("p", p, color="probabilities")], x=classes(["a", "b"]), y=Axis("", 0, 9))
    return Picture([panel], f"At T = {T:g} ({scale}), p is {p[0]:.3g}. Second.")


@pytest.mark.parametrize("view", [Announcement, DerivationView, PictureView, PlotlyView, RoundTrip])
def test_what_the_script_of_a_view_reads_is_sent_to_it(view: type[CourseWidget]) -> None:
    read = set(re.findall(r'\bmodel\.get\("(\w+)"\)', view._esm))
    assert read > {"own"}
    assert read <= set(view.class_traits(sync=True))


DEMO = Demo(
    draw,
    (
        Vector("z", "Logits z", entries=("z0", "z1"), low=-5, high=5, initial=(1, 0), step=0.1),
        LogFloat("T", "Temperature T", low=0.05, high=100, initial=1, step=1.1, reciprocal="λ = 1/T"),
        Choice("scale", "Scale", options=("linear", "log")),
    ),
    "Title.",
    "Look.",
    {"Hot": {"T": 10}},
)
QUESTION = Question("1 + 1?", ["$2$", "`11`"], "A", ["Counting.", "of *strings*."])


def double(x):  # type: ignore[no-untyped-def]
    return 2 * x


EXERCISE = Exercise(
    "Write `double(x)`.", Contract("x."), double, [Check("one", (1.0,))], [], ["First.", "Second.", "Third."]
)


# --- what is displayed -----------------------------------------------------------------------------


def test_there_is_no_kernel_in_a_test() -> None:
    assert not kernel_is_live()


def test_a_shell_without_a_kernel_is_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        @staticmethod
        def get_ipython() -> Any:
            return Terminal()

    monkeypatch.setitem(live.sys.modules, "IPython", Terminal)  # type: ignore[arg-type]
    assert not kernel_is_live()
    monkeypatch.setattr(Terminal, "kernel", object(), raising=False)
    assert kernel_is_live()


@pytest.mark.parametrize(
    "thing", [DEMO, QUESTION, EXERCISE, EnvironmentCheck()], ids=["demo", "question", "exercise", "check"]
)
def test_a_page_gets_the_view_beside_the_static_twin(thing: Any, page: None) -> None:
    static = {"text/plain", "text/html"}
    bundle = thing._repr_mimebundle_()
    assert set(bundle) == {*static, WIDGET_VIEW}
    assert bundle[WIDGET_VIEW]["model_id"] in _instances
    again = thing._repr_mimebundle_()
    assert again[WIDGET_VIEW]["model_id"] != bundle[WIDGET_VIEW]["model_id"]
    assert {key: again[key] for key in static} == {key: bundle[key] for key in static}


def test_the_linked_control_reaches_the_browser() -> None:
    temperature = DEMO.view().controls[1]
    assert temperature == {
        "name": "T",
        "label": "Temperature T",
        "low": 0.05,
        "high": 100,
        "initial": 1,
        "step": 1.1,
        "unit": "",
        "reciprocal": "λ = 1/T",
        "plays": False,
        "kind": "log",
    }


# --- questions and exercises -----------------------------------------------------------------------


def buttons(view: Any) -> dict[str, Any]:
    """Find all buttons of a widget by their text."""
    if isinstance(view, ipywidgets.Button):
        return {view.description: view}
    return {k: v for child in getattr(view, "children", ()) for k, v in buttons(child).items()}


def texts(view: Any) -> list[str]:
    """All formatted texts of a widget, in order."""
    if isinstance(view, ipywidgets.HTMLMath):
        return [view.value]
    return [text for child in getattr(view, "children", ()) for text in texts(child)]


def test_a_question_answers_each_button_aloud() -> None:
    view = QUESTION.view()
    assert list(buttons(view)) == ["A", "B"]
    assert texts(view)[1:] == ["$2$", "<code>11</code>", ""]
    assert "Counting" not in "".join(texts(view)), "nothing is given away before a choice"
    for letter in "BAB":
        buttons(view)[letter].click()
        assert (
            view.children[-1].text
            == {"A": "A is right. Counting.", "B": "Not B. You probably thought of strings."}[letter]
        )
        assert f"<strong>{'A is right.' if letter == 'A' else 'Not B.'}</strong>" in texts(view)[-1]


def test_two_views_of_a_question_do_not_disturb_each_other() -> None:
    one, other = QUESTION.view(), QUESTION.view()
    buttons(one)["A"].click()
    assert texts(other)[-1] == ""


def test_the_hints_of_a_view_come_in_order_then_point_to_the_solution() -> None:
    EXERCISE.hint()  # hints asked for in a cell are no affair of the view
    view = EXERCISE.view()
    seen = []
    for _ in range(5):
        buttons(view)["Next hint"].click()
        seen.append(view.children[-1].text)
    assert seen[:3] == ["Hint 1 of 3. First.", "Hint 2 of 3. Second.", "Hint 3 of 3. Third."]
    assert "solution()" in seen[3]
    assert seen[4] == seen[3]
    buttons(view)["Show solution"].click()
    assert "return 2 * x" in texts(view)[-1]
    assert "return 2 * x" in view.children[-1].text
    fresh = EXERCISE.view()
    assert texts(fresh)[-1] == ""
    buttons(fresh)["Next hint"].click()
    assert "Hint 1 of 3" in texts(fresh)[-1]


# --- a real kernel ---------------------------------------------------------------------------------


CELLS = [
    "from course_utils.lessons.start_here import *\nexponential_demo",
    "step_question",
    "sum_exercise",
    "sum_exercise.check(lambda z: ...)",
    "exponential_demo.at(z=2)",
    "sum_exercise.hint()",
    "import sys\n[name for name in ('matplotlib', 'plotly', 'sympy', 'scipy') if name in sys.modules]",
]


def test_a_real_kernel_shows_views_complete_in_themselves() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    client = nbclient.NotebookClient(
        notebook, startup_timeout=600, iopub_timeout=600, kernel_name="python3", store_widget_state=True
    )
    client.execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert all(len(output) == 1 and output[0].output_type == "execute_result" for output in outputs)
    data = [output[0].data for output in outputs]
    for live_view in (*data[:3], data[4]):
        assert set(live_view) == {"text/plain", "text/html", WIDGET_VIEW}
        assert live_view[WIDGET_VIEW]["model_id"] in client.widget_state
    for static in (data[3], data[5]):
        assert set(static) == {"text/plain", "text/html"}
    assert data[6]["text/plain"] == "[]"
    state = client.widget_state[data[0][WIDGET_VIEW]["model_id"]]
    for name in ("controls", "title", "look_for", "presets", "defaults", "rules"):
        assert state[name], name
    assert state["answer"]["spec"]["says"] == data[0]["text/plain"]
    assert state["answer"]["values"] == {"z": 0}
    buffers = client.widget_buffers[data[0][WIDGET_VIEW]["model_id"]].values()
    assert all(buffer["path"][:2] == ["answer", "buffers"] for buffer in buffers)
    assert len(buffers) == 4, "x and y of the curve, in both panels"
