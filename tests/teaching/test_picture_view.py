"""The live view of pictures that are data, without a browser: what a page receives and what it may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import ipywidgets
import numpy as np
import pytest

from course_utils.teaching import Demo
from course_utils.teaching.controls import Float, Integer, LogFloat, Vector
from course_utils.teaching.live import WIDGET_VIEW
from course_utils.teaching.picture_view import KEPT, PictureView, demo_view, picture_view
from course_utils.teaching.pictures import Axis, Bars, Drag, DragTo, Panel, Picture, Points, classes
from course_utils.teaching.pictures.changes import changes


@pytest.fixture(autouse=True)
def close_widgets() -> Iterator[None]:
    """Leave no widget behind."""
    yield
    ipywidgets.Widget.close_all()


def shares(z: tuple[float, ...], T: float) -> Picture:
    if T > 9:
        raise ValueError("a fault of the picture itself")
    p = np.exp(np.array(z) / T)
    p /= p.sum()
    held = DragTo(lambda x, y, index, state: {"z": (x, y * state["T"])}, ("z",), "both at once")
    bars = Bars("z", z, color="logits", drags={"y": Drag("z", "each")})
    points = Points("p", p, color="probabilities", drags=held)
    names = classes(["cat", "dog"])
    panels = [Panel("z", [bars], x=names, y=Axis("", -5, 5)), Panel("p", [points], x=names, y=Axis("", 0, 1))]
    return Picture(panels, f"p is {p[0]:.3g} and {p[1]:.3g}. Second.")


CONTROLS = (
    Vector("z", "logits z", entries=("cat", "dog"), low=-5, high=5, initial=(1, 0), step=0.1),
    LogFloat("T", "temperature T", low=0.1, high=10, initial=1, step=1.1, plays=True),
)
DEMO = Demo(shares, CONTROLS, "Shares", "Watch p.", presets={"Warm": {"T": 2.0}})


class Page:
    """A page that sends requests to a view and keeps what comes back."""

    def __init__(self, view: PictureView, monkeypatch: pytest.MonkeyPatch) -> None:
        self.view, self.answers = view, []
        monkeypatch.setattr(
            PictureView, "send", lambda _, content, buffers=None: self.answers.append((content, buffers))
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request as JSON, as a browser does, and return the answer."""
        sent = json.loads(json.dumps({"id": 7, "values": self.view.defaults, "width": 640, **request}))
        self.view._handle_custom_msg(sent, [])
        content, _ = self.answers[-1]
        assert content["id"] == sent["id"]
        return content


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(demo_view(DEMO), monkeypatch)


def test_the_first_picture_comes_with_the_view(page: Page) -> None:
    answer = page.view.answer
    assert answer["values"] == {"z": [1.0, 0.0], "T": 1.0} == page.view.defaults
    assert answer["spec"] == DEMO.at().spec(640).json
    assert page.view.presets == {"Warm": {"z": [1.0, 0.0], "T": 2.0}}
    assert [control["plays"] for control in page.view.controls if "plays" in control] == [True]
    json.dumps(page.view.get_state(["title", "look_for", "controls", "presets", "defaults"]))


@pytest.mark.parametrize("width", [360, 640, 960])
def test_an_answer_is_the_picture_of_the_values_in_the_width_that_was_asked_for(
    page: Page, width: int
) -> None:
    values = {"z": [2.0, -1.0], "T": 0.5}
    answer = page.ask(values=values, width=width)
    assert answer["values"] == values
    assert answer["spec"] == DEMO.at(**values).spec(width).json
    assert "table" not in answer


def test_long_arrays_travel_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    many = Picture([Panel("", [Points("y", np.arange(99.0), np.arange(99.0), color="ink")])], "99 points.")
    page = Page(picture_view(many), monkeypatch)
    page.ask(values={})
    content, buffers = page.answers[-1]
    spec = many.spec(640)
    assert [bytes(buffer) for buffer in buffers] == spec.buffers != []
    assert content["spec"] == spec.json
    assert [bytes(buffer) for buffer in page.view.answer["buffers"]] == spec.buffers


def test_a_page_that_has_a_picture_is_told_what_has_changed(page: Page) -> None:
    warm = {"z": [1.0, 0.0], "T": 2.0}
    first = page.ask(id=8, values=warm, has=0)
    assert first["since"] == 0
    assert first["spec"] == changes(DEMO.at().spec(640), DEMO.at(T=2.0).spec(640)).json  # type: ignore[union-attr]
    again = page.ask(id=9, values=warm, has=8)
    assert again["spec"] == {"panels": [{"marks": [{}]}, {"marks": [{}]}]}
    assert len(page.answers[-1][1]) == 0
    wide = page.ask(id=10, values=warm, width=960, has=9)
    assert wide["spec"] == changes(DEMO.at(T=2.0).spec(640), DEMO.at(T=2.0).spec(960)).json  # type: ignore[union-attr]


def test_a_page_whose_picture_is_forgotten_is_told_all(page: Page) -> None:
    for number in range(1, 3 * KEPT):
        page.ask(id=number, values={"z": [1.0, 0.0], "T": 2.0}, has=number - 1)
    assert "since" not in page.ask(id=100, has=1)
    assert page.answers[-1][0]["spec"] == DEMO.at().spec(640).json
    assert page.ask(id=101, has=0)["since"] == 0, "the one that came with the view is kept"
    assert "since" not in page.ask(id=102, has=77)


def test_the_table_is_made_when_it_is_asked_for(page: Page) -> None:
    assert page.ask(table=True)["table"] == DEMO.at().numbers_html()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"z": [1.0, 0.0], "T": 99.0}, "T must be a number from 0.1 to 10, not 99.0."),
        ({"z": [1.0, 0.0], "t": 1.0}, "there is no control 't'; the controls are: z, T."),
    ],
)
def test_what_a_demo_refuses_comes_back_as_one_sentence(page: Page, values: Any, said: str) -> None:
    answer = page.ask(values=values)
    assert answer == {"id": 7, "values": values, "error": said}
    assert page.ask()["spec"] == page.view.answer["spec"], "the view goes on"


def test_a_fault_of_the_course_itself_is_told_to_the_page_and_not_swallowed(page: Page) -> None:
    (heard,) = page.view._msg_callbacks.callbacks
    with pytest.raises(ValueError, match="a fault of the picture itself"):
        heard(page.view, {"id": 7, "values": {"z": [1.0, 0.0], "T": 10.0}, "width": 640}, [])
    assert page.answers[-1][0]["error"] == "This picture cannot be drawn: a fault of the picture itself"


def test_a_mark_that_only_the_kernel_can_translate_is_moved(page: Page) -> None:
    drag = {"panel": 1, "mark": 0, "index": 0, "x": 0.25, "y": 0.75}
    answer = page.ask(values={"z": [1.0, 0.0], "T": 2.0}, drag=drag)
    assert answer["values"] == {"z": [0.25, 1.5], "T": 2.0}
    assert answer["spec"] == DEMO.at(z=(0.25, 1.5), T=2.0).spec(640).json


@pytest.mark.parametrize(
    "drag",
    [
        {"panel": 0, "mark": 0, "y": 1.0},
        {"panel": 1, "mark": 1, "y": 1.0},
        {"panel": 1, "mark": -1, "y": 1.0},
        {"panel": 1, "mark": 0, "y": 99.0},
    ],
)
def test_a_move_that_is_not_possible_is_refused(page: Page, drag: dict[str, Any]) -> None:
    assert page.ask(drag={"index": 0, "x": 0.0, **drag})["error"].endswith(".")


def test_two_displays_share_nothing_and_begin_at_the_defaults(page: Page) -> None:
    page.ask(values={"z": [5.0, 5.0], "T": 3.0})
    assert demo_view(DEMO).answer["values"] == DEMO.view().answer["values"] == page.view.defaults


def test_a_picture_of_the_same_values_is_not_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []

    def counted(n: int) -> Picture:
        built.append(n)
        return Picture([Panel("", [Points("y", [n], color="ink")])], f"n is {n}.")

    page = Page(demo_view(Demo(counted, (Integer("n", "n", low=0, high=9, initial=3),), "", "")), monkeypatch)
    page.ask(values={"n": 3}, table=True)
    assert built == [3]
    page.ask(values={"n": 4})
    assert built == [3, 4]


def test_live_a_picture_and_a_demo_offer_view_words_and_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course_utils.teaching.live.kernel_is_live", lambda: True)
    for shown in (DEMO, DEMO.at()):
        bundle = shown._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "text/html", WIDGET_VIEW}
        view = next(
            w
            for w in ipywidgets.widgets.widget._instances.values()
            if w.model_id == bundle[WIDGET_VIEW]["model_id"]
        )
        assert isinstance(view, PictureView)


def test_a_control_says_whether_it_plays() -> None:
    assert Float("x", "x", low=0, high=1, initial=0, step=0.1, plays=True).spec()["plays"] is True
    assert Integer("x", "x", low=0, high=1, initial=0).spec()["plays"] is False
