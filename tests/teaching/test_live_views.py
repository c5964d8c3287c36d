"""Live views without a browser: what a page would receive from and send to the kernel."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import ipywidgets
import nbclient
import nbformat
import numpy as np
import pytest
from comm import DummyComm
from ipywidgets.widgets.widget import _instances
from PIL import Image

from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Float,
    LogFloat,
    Picture,
    Question,
    Table,
    Vector,
    live,
    look,
)
from course_utils.teaching.environment import EnvironmentCheck
from course_utils.teaching.figure_view import FigureView
from course_utils.teaching.live import WIDGET_VIEW, kernel_is_live


@pytest.fixture(autouse=True)
def close_widgets() -> Iterator[None]:
    """Leave no widget behind."""
    yield
    ipywidgets.Widget.close_all()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that a kernel is there to answer."""
    for module in ("demo", "picture", "question", "exercise.exercise", "environment"):
        monkeypatch.setattr(f"course_utils.teaching.{module}.kernel_is_live", lambda: True)


def draw(z: tuple[float, ...], T: float, scale: str) -> Picture:
    figure, (axes,) = look.panels(height=120)
    p = np.exp(np.array(z) / T)
    axes.bar([0, 1], p, gid="p")
    if T > 90:
        raise ValueError("a fault of the picture itself")
    return Picture(
        figure, f"At T = {T:g} ({scale}), p is {p[0]:.3g}. Second.", Table("p < 9", {"": ["a", "b"], "p": p})
    )


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


def image_width(view: FigureView) -> int:
    return Image.open(io.BytesIO(view.image)).width


def shown(view: FigureView) -> tuple[Any, ...]:
    """Everything that a reader perceives."""
    return view.image, view.description, view.readout, view.table, view.size


def from_browser(view: FigureView, **changes: Any) -> None:
    """Deliver one message of the page, which sets all its changes at once."""
    view.set_state(json.loads(json.dumps(changes)))


def check_complete(view: FigureView) -> None:
    """Require that a page can show everything from the first message."""
    state = view.get_state()
    json.dumps({key: value for key, value in state.items() if not isinstance(value, bytes)})
    for name in (
        "image",
        "description",
        "readout",
        "table",
        "size",
        "controls",
        "values",
        "defaults",
        "_esm",
        "_css",
    ):
        assert state[name], name
    assert state["values"] == state["defaults"]
    assert state["description"].startswith(state["readout"])
    assert [spec["name"] for spec in state["controls"]] == list(state["values"])
    assert image_width(view) == 2 * state["size"][0]


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


def test_a_plain_picture_needs_no_widget(page: None) -> None:
    assert set(DEMO.at()._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_a_fresh_view_is_complete() -> None:
    view = DEMO.view()
    check_complete(view)
    assert view.presets == {"Hot": {"z": [1.0, 0.0], "T": 10.0, "scale": "linear"}}
    assert view.table == DEMO.at().table.to_html()
    assert view.image == DEMO.at().png()
    assert not view.moving


@pytest.mark.parametrize("name", ["image", "description", "table", "controls"])
def test_the_check_of_completeness_catches_what_is_missing(name: str) -> None:
    view = DEMO.view()
    setattr(view, name, type(getattr(view, name))())
    with pytest.raises(AssertionError):
        check_complete(view)


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


# --- moving controls -------------------------------------------------------------------------------


def test_values_from_the_page_change_everything_that_is_shown() -> None:
    view = DEMO.view()
    before = shown(view)
    from_browser(view, values={"z": [2, 0], "T": 1, "scale": "log"})
    expected = DEMO.at(z=(2, 0), scale="log")
    assert view.description == expected.description
    assert view.readout == expected.readout
    assert view.table == expected.table.to_html()
    assert view.image == expected.png()
    assert all(old != new for old, new in zip(before[:4], shown(view)[:4], strict=True))


def test_two_views_of_one_demo_do_not_disturb_each_other() -> None:
    one, other = DEMO.view(), DEMO.view()
    untouched = shown(other), dict(other.values)
    one.values = {**one.values, "T": 7.0}
    assert (shown(other), other.values) == untouched
    assert shown(one) != shown(other)
    check_complete(DEMO.view())
    other.values = {**other.values, "T": 7.0}
    assert shown(one) == shown(other)


def test_a_cell_that_is_run_again_shows_the_defaults_again(page: None) -> None:
    """In one cell and one kernel: what was tried in a rehearsal must not be on the stage."""
    from_browser(view_of(DEMO._repr_mimebundle_()), values={"z": [1, 0], "T": 7, "scale": "log"})
    check_complete(view_of(DEMO._repr_mimebundle_()))


def view_of(bundle: dict[str, Any]) -> Any:
    return _instances[bundle[WIDGET_VIEW]["model_id"]]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"z": [1, 0], "T": 1000, "scale": "log"}, "T must be a number from 0.05 to 100, not 1000."),
        ({"z": [1, 0], "T": None, "scale": "log"}, "T must be a number from 0.05 to 100, not None."),
        ({"z": [1], "T": 1, "scale": "log"}, "z must have 2 numbers (z0, z1), not 1."),
        ({"z": [1, 9], "T": 1, "scale": "log"}, "z1 must be a number from −5 to 5, not 9."),
        ({"z": [1, 0], "T": 1, "scale": "cubic"}, "scale must be one of 'linear', 'log', not 'cubic'."),
        ({"q": 1}, "there is no control 'q'; the controls are: z, T, scale."),
    ],
)
def test_impossible_values_are_said_and_the_picture_stays(values: Any, sentence: str) -> None:
    view = DEMO.view()
    image, description, _, table, size = shown(view)
    from_browser(view, values=values)
    assert view.readout == sentence
    assert view.answered == values
    assert (view.image, view.description, view.table, view.size) == (image, description, table, size)
    from_browser(view, moving=True)
    from_browser(view, moving=False)
    assert view.image == image
    from_browser(view, values=DEMO.view().values)
    check_complete(view)


def test_a_fault_of_the_picture_does_not_pass_for_a_typing_error() -> None:
    view = DEMO.view()
    with pytest.raises(ValueError, match="a fault of the picture itself"):
        view.values = {**view.values, "T": 95.0}


def test_a_moving_picture_is_small_and_becomes_sharp_at_rest() -> None:
    view = DEMO.view()
    values = {"z": [1, 0], "T": 3, "scale": "linear"}
    from_browser(view, values=values, moving=True)
    moving = shown(view)
    assert image_width(view) == look.PIXELS_WIDE
    assert view.answered == values, "so the page may ask for the sharp one"
    from_browser(view, moving=False)
    assert image_width(view) == 2 * look.PIXELS_WIDE
    assert shown(view)[1:] == moving[1:], "the same description, readout, table and size"
    assert view.image == DEMO.at(T=3).png()


def test_the_reciprocal_slider_can_reach_both_ends() -> None:
    view = DEMO.view()
    for end in (0.05, 100 * (1 - 1e-15), 100.00000000000001):
        with_end = {**view.values, "T": 1 / (1 / end)}
        assert "must be" not in (_readout_after(view, with_end) if end < 90 else str(DEMO.state(**with_end)))


def _readout_after(view: FigureView, values: dict[str, Any]) -> str:
    from_browser(view, values=values)
    return view.readout


def test_one_message_to_the_page_per_change(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    view = DEMO.view()
    monkeypatch.setattr(view.comm, "send", lambda data, *_, **__: sent.append(data))
    from_browser(view, values={"z": [1, 0], "T": 4, "scale": "linear"})
    echo, update = sent
    assert set(echo["state"]) == {"values"}
    assert set(update["state"]) == {"description", "readout", "table", "answered"}
    assert update["buffer_paths"] == [["image"]]


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


# --- Plotly ----------------------------------------------------------------------------------------


drawn_beside_plotly = []


def plotly_picture(height: float) -> Picture:
    def draw_it() -> Any:
        drawn_beside_plotly.append(height)
        return draw((height, 0), 1, "linear").figure

    def build() -> dict[str, Any]:
        return {
            "data": [{"type": "scatter", "y": [0, height], "name": "y"}],
            "layout": {"annotations": [{"text": f"height {height:g}"}]},
        }

    return Picture(
        draw_it,
        f"Height {height:g}.",
        Table("y", {"y": [0, height]}),
        plotly=build,
    )


PLOTTED = Demo(plotly_picture, (Float("height", "Height", 0, 9, 1, 1),), "t", "l")


def test_a_plotly_picture_is_one_view_without_a_button_to_the_cloud(page: None) -> None:
    whole = PLOTTED.view()
    view, figure = whole.children
    assert (view.description, view.readout) == ("Height 1.", "Height 1.")
    assert view.table == PLOTTED.at().table.to_html()
    assert figure._config["modeBarButtonsToRemove"] == ["sendChartToCloud"]
    trace = figure.data[0]
    view.values = {"height": 4.0}
    assert figure.data[0] is trace, "updated in place: rotation and zoom stay"
    assert list(trace.y) == [0, 4]
    assert figure.layout.annotations[0].text == "height 4"
    view.values = {"height": 99}
    assert view.readout == "height must be a number from 0 to 9, not 99."
    assert list(trace.y) == [0, 4]
    assert set(PLOTTED.at()._repr_mimebundle_()) == {"text/plain", "text/html", WIDGET_VIEW}


def test_the_image_shows_the_picture_until_plotly_has_drawn_it(page: None) -> None:
    view = PLOTTED.view().children[0]
    assert view.image == PLOTTED.at().png()
    from_browser(view, values={"height": 4.0}, moving=True)
    assert image_width(view) == look.PIXELS_WIDE
    from_browser(view, moving=False)
    assert view.image == PLOTTED.at(height=4).png()
    drawn_beside_plotly.clear()
    from_browser(view, plotted=True)
    from_browser(view, values={"height": 5.0}, moving=True)
    from_browser(view, moving=False)
    assert view.description == "Height 5."
    assert drawn_beside_plotly == [], "nobody would see it"


def test_a_plotly_figure_reaches_the_page_whole_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent before a busy page has loaded Plotly is lost."""
    sent: list[tuple[str, dict[str, Any]]] = []

    class Recording(DummyComm):
        def publish_msg(self, msg_type: str, data: Any = None, **rest: Any) -> None:
            sent.append((msg_type, data["state"] if data else {}))

    monkeypatch.setattr("comm.create_comm", Recording)
    figure = PLOTTED.view().children[1]
    messages = [(kind, state) for kind, state in sent if "_widget_data" in state or "_config" in state]
    assert [kind for kind, _ in messages] == ["comm_open"]
    (_, state) = messages[0]
    assert list(state["_widget_data"][0]["y"]) == [0, 1]
    assert state["_config"] == figure._config


# --- a real kernel ---------------------------------------------------------------------------------


CELLS = [
    "from course_utils.lessons.start_here import *\nexponential_demo",
    "step_question",
    "sum_exercise",
    "sum_exercise.check(lambda z: ...)",
    "exponential_demo.at(z=2)",
    "sum_exercise.hint()",
    "import sys\n[name for name in ('plotly', 'sympy', 'scipy') if name in sys.modules]",
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
