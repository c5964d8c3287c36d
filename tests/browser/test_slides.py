"""The stage deck as the last row sees it: the lecture path of a notebook at 1280 x 720, live.

One deck is walked through in every run, and all nine by ``SLIDES=all pytest tests/browser/test_slides.py``,
which takes minutes; do that after changing the lecture path or styles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest
from conftest import PATIENCE, NotebookPage, new_page
from course_plugin import LONGEST, together
from shown import NOTEBOOK_NAMES, all_shown
from stage import IDLE, LATER, ON_STAGE, TURN, Show, faults, lasting

from course_utils.notebook_files import NOTEBOOKS as FOLDER
from course_utils.notebook_files import read_notebook
from course_utils.notebook_files.page import tags_of
from course_utils.notebook_files.slides import LECTURE
from course_utils.teaching import Demo, Question
from course_utils.teaching.text import to_plain

STAGE = {"width": 1280, "height": 720}
FIRST = "02_numeric_instability"  # whose controls are of most kinds
EACH_DECK = pytest.mark.parametrize(
    "live_notebook",
    NOTEBOOK_NAMES if os.environ.get("SLIDES") == "all" else [FIRST],
    indirect=True,
    scope="session",
)


def extension_missing() -> bool:
    try:
        return not version("jupyterlab-slideshow")
    except PackageNotFoundError:
        return True


pytestmark = [
    pytest.mark.every_notebook,  # that is named above
    pytest.mark.skipif(
        extension_missing() and not os.environ.get("CI"),
        reason="jupyterlab-slideshow is not installed: pip install -e .[present]",
    ),
]


@pytest.fixture(scope="module")
def show(live_notebook: Any) -> Iterator[Show]:
    """The deck of a notebook that is open, its slides run anew: other tests have moved what they show."""
    page, before = live_notebook.page, live_notebook.page.viewport_size
    name = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    cells = read_notebook((FOLDER / name).read_bytes())["cells"]
    slides = [cell for cell in cells if set(tags_of(cell)) & set(LECTURE)]
    page.set_viewport_size(STAGE)
    page.emulate_media(reduced_motion="reduce")
    for slide in slides:
        if slide["cell_type"] == "code":
            live_notebook.run(slide["source"])
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    page.evaluate("() => window.jupyterapp.commands.execute('deck:start')")
    page.locator("body[data-jp-deck-mode=presenting]").wait_for(state="attached")
    page.locator(ON_STAGE).first.wait_for()
    page.evaluate(LATER, 1500)  # it folds the sidebars away a second after the start
    shown = {source: one for stem, source, one in all_shown() if f"{stem}.ipynb" == name}
    yield Show(live_notebook, shown, slides)
    # It saves whether a show is on: the next page would open as slides.
    with page.expect_response(lambda r: "slideshow" in r.url and r.request.method == "PUT"):
        page.evaluate("() => window.jupyterapp.commands.execute('deck:stop')")
    page.emulate_media(reduced_motion="null")
    page.set_viewport_size(before)


def each_answer(show: Show, question: Question) -> Iterator[tuple[str, list[str]]]:
    """Choose each letter; yield it with what is wrong on the slide then."""
    for place, letter in enumerate(question.letters):
        show.on_stage(".cu-option button").nth(place).click()
        yield letter, lasting(show, verdict(question, letter))


def verdict(question: Question, letter: str) -> str:
    """Return how the answer to a choice begins; further on, formulas are set."""
    return to_plain(question.feedback(letter)).partition(".")[0] + "."


def each_turn(show: Show) -> Iterator[tuple[str, list[str]]]:
    """Set each control to both ends, and each preset; yield it with what is wrong on the slide then."""
    view = show.on_stage(".cu-live").element_handle()
    place = 0
    while (name := show.page.evaluate(TURN, [view, place])) is not None:
        show.page.wait_for_function(IDLE, arg=view, timeout=PATIENCE)
        yield name, lasting(show)
        place += 1
    view.query_selector(".cu-reset").click()
    show.page.wait_for_function(IDLE, arg=view, timeout=PATIENCE)


@EACH_DECK
def test_every_slide_can_be_read_from_the_last_row_at_every_end_of_its_controls(show: Show) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for slide in show.slides:
        if slide is not show.slides[0]:
            show.goes("Space", slide["id"])
        content = show.shown.get(slide["source"])
        says = [content.at().says] if isinstance(content, Demo) else []
        found[slide["id"], "as it stands"] = lasting(show, *says)
        if isinstance(content, Question):
            before = show.look()["text"]
            assert not any(verdict(content, letter) in before for letter in content.letters)
            found |= {(slide["id"], name): what for name, what in each_answer(show, content)}
        if isinstance(content, Demo):
            found |= {(slide["id"], name): what for name, what in each_turn(show)}
    assert {where: what for where, what in found.items() if what} == {}
    assert show.opened.foreign_requests == []


def test_a_slide_that_cannot_be_read_would_be_seen() -> None:
    fine = {
        "cell": "vote", "cells": ["vote"], "overflow": 0, "cut": [], "code": [], "text": "What?",
        "sizes": [[22, "text", "a"], [14.5, "picture", "a tick"]],
    }  # fmt: skip
    assert faults(fine) == []
    for fault in (
        {"overflow": 40},
        {"cut": ["a long line"]},
        {"sizes": [[14, "text", "as in a page"]]},
        {"sizes": [[12, "picture", "a tick"]]},
        {"code": ["lesson.pull_demo"]},
        {"cells": ["heading", "vote"]},
        {"text": "core · 12 minutes. What?"},
    ):
        assert len(faults(fine | fault)) == 1


# A notebook of one slide that is fine until its formula is set, and then too small.
LATE = """<!doctype html><title>Late</title>
<div class="jp-WindowedPanel-outer"><p class="jp-deck-mod-visible jp-deck-mod-onscreen">$x$</p></div>
<div class="jp-Deck-Remote"></div>
<script>
  const node = document.querySelector("p"), cell = {node, model: {id: "late"}};
  node.style.font = "30px serif";
  const content = {node: document.body, widgets: [cell], activeCell: cell};
  window.jupyterapp = {shell: {currentWidget: {content}}};
  setTimeout(() => { node.textContent = "x"; node.style.font = "5px serif"; }, 500);
</script>"""


def test_a_slide_is_judged_when_its_formulas_are_set(browser: Any) -> None:
    with new_page(browser, viewport=STAGE) as page:
        page.set_content(LATE)
        assert lasting(Show(NotebookPage(page), {}, [], looks=1)) == ["5 px: x"]


@EACH_DECK
def test_a_show_begins_early(live_notebook: Any, request: pytest.FixtureRequest) -> None:
    """With the scope that a worker keeps together: a show that begins last is waited for."""
    assert together(request.node.nodeid) in LONGEST or os.environ.get("SLIDES") == "all"


# What takes the focus when it is clicked, and what leaves it nowhere.
CLICKED = (
    ".cu-live :is(button, input, select, summary, [role=slider], figcaption, .cu-art, .cu-pad canvas)",
    ".cu-option button",
    ".jp-RenderedHTMLCommon",
)


def clickable(show: Show) -> list[Any]:
    """Return a place to click for each kind of thing on a slide, and one on the empty stage."""
    found: list[Any] = show.page.evaluate(
        """(selector) => {
             const kinds = new Map([['the empty stage', [640, 3]]]);
             for (const node of document.querySelectorAll(selector)) {
               const { x, y, width, height } = node.getBoundingClientRect();
               const kind = [node.localName, node.type, node.role].join(' ');
               if (width > 1 && node.checkVisibility()) kinds.set(kind, [x + width / 2, y + height / 2]);
             }
             return [...kinds];
           }""",
        ", ".join(f"{ON_STAGE} {part}" for part in CLICKED),
    )
    return found


def press(show: Show, kind: str, x: float, y: float) -> None:
    show.page.mouse.click(x, y)
    if "select" in kind:
        show.page.keyboard.press("Enter")  # closes its list, which has the keys while it is open


@EACH_DECK
def test_the_keys_of_the_show_survive_any_click(show: Show) -> None:
    ids = [slide["id"] for slide in show.slides]
    tried: set[str] = set()
    for place, cell in enumerate(ids):
        show.go_to(cell)
        forth, back = ("Space", "PageUp") if cell != ids[-1] else ("PageUp", "Space")
        other = ids[place + 1] if cell != ids[-1] else ids[place - 1]
        fresh = [(kind, where) for kind, where in clickable(show) if kind not in tried]
        tried |= {kind for kind, _ in fresh}
        for kind, (x, y) in fresh:
            press(show, kind, x, y)
            if "select" not in kind:
                show.page.mouse.dblclick(x, y)  # it would open the source of a text
            assert show.at() == cell, kind
            show.goes(forth, other)
            show.goes(back, cell)
            if place and "number" not in kind:  # a number that is typed keeps the arrows
                press(show, kind, x, y)
                show.goes("ArrowLeft", ids[place - 1])
                show.goes("PageDown", cell)
        assert show.look()["cells"] == [cell]
    assert {"button", "input"} <= {kind.partition(" ")[0] for kind in tried}


@EACH_DECK
def test_what_the_tab_key_has_reached_keeps_its_keys(show: Show) -> None:
    page = show.page
    for slide in show.slides:
        show.go_to(slide["id"])
        if show.on_stage(".cu-live input[type=range]").count():
            break
    show.on_stage(".cu-live").evaluate(
        "(view) => view.querySelectorAll('details').forEach((d) => { d.open = true; })"
    )
    slider, field = (show.on_stage(f".cu-live input[type={kind}]").first for kind in ("range", "number"))
    page.mouse.click(640, 3)
    for _ in range(20):
        page.keyboard.press("Tab")
        if slider.evaluate("(node) => node === document.activeElement"):
            break
    for keys, end in ((["Home"], "min"), (["End"], "max"), (["ArrowLeft", "ArrowRight"], "max")):
        for key in keys:
            page.keyboard.press(key)
        assert (slider.input_value(), show.at()) == (slider.get_attribute(end), slide["id"])
    field.click()
    page.keyboard.type("1")
    assert show.at() == slide["id"]
    page.keyboard.press("Enter")  # typed to the end: the keys are the show's again
    page.wait_for_function(f"() => document.activeElement.matches('{ON_STAGE}')")
    show.on_stage(".cu-reset").click()


@EACH_DECK
def test_no_key_changes_the_notebook_on_the_stage(show: Show) -> None:
    show.go_to(show.slides[0]["id"])
    count = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = show.page.evaluate(count)
    show.page.mouse.click(640, 3)
    for key in ("x", "a", "b", "d", "d", "m", "Enter", "0", "0"):
        show.page.keyboard.press(key)
    assert (show.page.evaluate(count), show.at()) == (before, show.slides[0]["id"])
    assert show.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.mode") == "command"
    assert lasting(show) == []
    show.goes("Space", show.slides[1]["id"])
