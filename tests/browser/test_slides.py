"""The slide show as the last row sees it: every slide of a notebook at 1280 x 720, live, by keyboard.

One notebook walks in every run. ``SLIDES=all pytest tests/browser/test_slides.py`` walks through all of
them, which takes minutes; do it after changing slide types or styles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest
from shown import all_shown

from course_utils.lessons import softmax as lesson
from course_utils.notebook_files import NOTEBOOKS as FOLDER
from course_utils.notebook_files import find_notebooks, read_notebook
from course_utils.notebook_files.page import tags_of
from course_utils.notebook_files.slides import TALL
from course_utils.teaching import Demo
from course_utils.teaching.text import to_plain

STAGE = {"width": 1280, "height": 720}
TEXT = 20  # pixels: what the last row reads on a stage of this height
PICTURE_TEXT = 14
LOOKS = 100  # at a slide that is not as it should be yet
PICTURE_FONT = 10 * 100 / 72  # pixels at normal zoom, in a plain figure of Matplotlib
FIRST = "01_softmax.ipynb"
NOTEBOOKS = [path.name for path in find_notebooks()] if os.environ.get("SLIDES") == "all" else [FIRST]


def extension_missing() -> bool:
    try:
        return not version("jupyterlab-slideshow")
    except PackageNotFoundError:
        return True


pytestmark = pytest.mark.skipif(
    extension_missing() and not os.environ.get("CI"),
    reason="jupyterlab-slideshow is not installed: pip install -e .[present]",
)

# What is on the stage: ids of the cells, their text, the smallest letters, how far pictures are scaled.
LOOK = r"""() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const onStage = '.jp-deck-mod-visible.jp-deck-mod-onscreen';
  const cells = notebook.widgets.filter((cell) => cell.node.matches(onStage));
  const stage = notebook.node.querySelector('.jp-WindowedPanel-outer');
  const sizes = [], code = [], scales = [], wide = [];
  for (const {node} of cells) {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent.trim(), parent = walk.currentNode.parentElement;
      if (!text || parent.closest('mjx-container, sup, sub, style, script')) continue;
      const box = parent.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || !parent.checkVisibility({visibilityProperty: true})) continue;
      if (parent.matches('tspan[font-size]')) continue; // an index or a power
      const drawing = parent.closest('svg[viewBox]'); // drawn larger or smaller than it was laid out
      const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
      const size = scale * parseFloat(getComputedStyle(parent).fontSize);
      sizes.push([size, parent.closest('svg') ? 'picture' : 'text', text.slice(0, 40)]);
    }
    const input = node.querySelector('.jp-CodeCell .jp-Cell-inputWrapper, .jp-Cell-inputWrapper');
    if (node.matches('.jp-CodeCell') && input?.checkVisibility()) code.push(input.innerText.trim());
    for (const image of node.querySelectorAll('img')) {
      const box = image.getBoundingClientRect();
      const [width, height] = ['width', 'height'].map((side) => Number(image.getAttribute(side)));
      if (box.width) scales.push(Math.min(box.width / width, box.height / height));
    }
    for (const code of node.querySelectorAll('.cm-scroller')) {
      if (code.scrollWidth > code.clientWidth + 1) wide.push(code.innerText.slice(0, 40));
    }
    for (const part of node.querySelectorAll('.jp-OutputArea-output, .jp-MarkdownOutput')) {
      if (part.getBoundingClientRect().right > innerWidth) wide.push(part.innerText.slice(0, 40));
    }
  }
  return {
    cell: notebook.activeCell.model.id, cells: cells.map((cell) => cell.model.id),
    text: cells.map((cell) => cell.node.innerText).join('\n'),
    overflow: stage.scrollHeight - stage.clientHeight, sizes, code, scales, wide,
  };
}"""
# Plotly draws an empty figure first.
PLOTTED = """() => [...document.querySelectorAll('.jp-deck-mod-visible .js-plotly-plot')]
  .every((plot) => plot.data?.length)"""
LATER = "(milliseconds) => new Promise((done) => setTimeout(done, milliseconds))"  # by the page's clock
SCROLLED = """() => window.jupyterapp.shell.currentWidget.content.node
  .querySelector('.jp-WindowedPanel-outer').scrollTop"""
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.id"


@pytest.fixture
def start_show(open_notebook: Any) -> Iterator[Any]:
    """Return a function that opens a notebook, runs it and starts its slide show at the first cell."""
    started = []

    def start(name: str) -> Any:
        opened = open_notebook(name, viewport=STAGE)
        opened.run_all()
        page = opened.page
        page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
        page.evaluate("() => window.jupyterapp.commands.execute('deck:start')")
        started.append(page)
        page.locator("body[data-jp-deck-mode=presenting]").wait_for(state="attached")
        page.locator(".jp-Deck .jp-deck-mod-visible").first.wait_for()
        page.evaluate(LATER, 1500)  # it folds the sidebars away a second after the start
        return opened

    yield start
    for page in started:  # it saves whether a show is on: the next page would open as slides
        with page.expect_response(lambda r: "slideshow" in r.url and r.request.method == "PUT"):
            page.evaluate("() => window.jupyterapp.commands.execute('deck:stop')")


def walk(page: Any, count: int) -> Iterator[str]:
    """Press Space from stop to stop, as often as there should be stops; yield the id of each active cell."""
    yield (at := page.evaluate(ACTIVE))
    for _ in range(count - 1):
        page.keyboard.press("Space")
        page.wait_for_function(f"(before) => ({ACTIVE})() !== before", arg=at)
        yield (at := page.evaluate(ACTIVE))


def lasting_faults(page: Any, tall: set[str], demo: Demo | None) -> list[str]:
    """Say what is wrong with a slide, and stays wrong while the page goes on loading and setting formulas."""
    page.wait_for_function(PLOTTED)
    for _ in range(LOOKS):
        stop = page.evaluate(LOOK)
        found = faults(stop, bool(tall & set(stop["cells"])))
        if demo and demo.at().description not in stop["text"]:
            found.append("not all sentences of the demo")
        if not found:
            break
        page.evaluate(LATER, 100)
    return found


def faults(stop: dict[str, Any], may_scroll: bool = False) -> list[str]:
    """Say what the last row could not read of one slide."""
    found = [f"{stop['overflow']} px too high"] if stop["overflow"] > 1 and not may_scroll else []
    found += [f"reaches beyond the right edge: {text}" for text in stop["wide"]]
    least = {"text": TEXT, "picture": PICTURE_TEXT}
    found += [f"{size} px: {text}" for size, kind, text in stop["sizes"] if size < least[kind]]
    found += [f"a picture at {s:.2f}" for s in stop["scales"] if round(s * PICTURE_FONT) < PICTURE_TEXT]
    found += [f"plumbing: {code}" for code in stop["code"] if code.startswith("lesson.") and "(" not in code]
    return found


def cells_on_slides(name: str) -> dict[str, Any]:
    """Return the cells that the slide types put on slides, in order, by id."""
    cells = read_notebook((FOLDER / name).read_bytes())["cells"]
    return {cell["id"]: cell for cell in cells if cell["metadata"]["slideshow"]["slide_type"] != "skip"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_slide_can_be_read_from_the_last_row(start_show: Any, name: str) -> None:
    show = start_show(name)
    cells = cells_on_slides(name)
    tall = {cell_id for cell_id, cell in cells.items() if TALL in tags_of(cell)}
    demos = {source: shown for _, source, shown in all_shown() if isinstance(shown, Demo)}
    found = {
        cell: lasting_faults(show.page, tall, demos.get(cells[cell]["source"]) if cell in cells else None)
        for cell in walk(show.page, len(cells))
    }
    assert list(found) == list(cells)
    assert {cell: what for cell, what in found.items() if what} == {}
    assert show.foreign_requests == []


def test_a_slide_that_cannot_be_read_would_be_seen() -> None:
    fine = {"overflow": 0, "wide": [], "sizes": [[22, "text", "a"]], "scales": [1.2], "code": ["p = 1"]}
    assert faults(fine) == []
    for fault in (
        {"overflow": 40},
        {"wide": ["a long line"]},
        {"sizes": [[14, "text", "as in a page"]]},
        {"sizes": [[12, "picture", "a tick"]]},
        {"scales": [0.8]},
        {"code": ["lesson.pull_demo"]},
    ):
        assert len(faults(fine | fault)) == 1
    assert faults(fine | {"overflow": 40}, may_scroll=True) == []


def test_predict_move_the_demo_and_go_on_by_keyboard(start_show: Any) -> None:
    """The first lecture demo of notebook 01: question, vote, demo, and on with the show."""
    page = start_show(FIRST).page
    go_to(page, "ratios-question")
    question = lesson.shift_or_double_question
    answers = [to_plain(question.feedback(letter)) for letter in question.letters]
    shown = page.evaluate(LOOK)["text"]
    assert to_plain(question.prompt) in shown
    assert not any(answer in shown for answer in answers)
    page.locator(".jp-deck-mod-visible").get_by_role("button", name="A", exact=True).click()
    page.wait_for_function(
        "text => document.querySelector('.jp-Deck').innerText.includes(text)", arg="Not A."
    )
    press_on(page, "ratios-demo")  # a button has the focus, and Space would press it

    view = page.locator(".jp-deck-mod-visible :is(.cu-view, .cu-live)")
    readout = view.locator(".cu-readout, figcaption > [role=status]:first-child")
    before = readout.text_content()
    page.keyboard.press("Tab")  # from the slide to the exact numbers
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert view.locator("input").first.evaluate("input => input === document.activeElement")
    page.keyboard.press("End")
    page.wait_for_function(
        "([element, text]) => element.textContent !== text",
        arg=[readout.element_handle(), before],
    )
    assert readout.text_content() == lesson.shift_and_scale_demo.at(z=(5, 0, -4)).readout
    assert page.evaluate(ACTIVE) == "ratios-demo"  # the key moved the slider, not the show
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")  # back to the slide
    page.keyboard.press("Space")
    page.wait_for_function(f"({ACTIVE})() === 'ratios-why'")


def test_a_click_beside_the_cell_leaves_the_keys_with_the_show(start_show: Any) -> None:
    page = start_show(FIRST).page
    go_to(page, "ratios-demo")
    page.mouse.click(STAGE["width"] / 2, 20)  # above the demo, on the empty stage
    page.keyboard.press("Space")
    page.wait_for_function(f"({ACTIVE})() === 'ratios-why'")


def test_an_arrow_after_a_preset_goes_on_and_does_not_scroll(start_show: Any) -> None:
    page = start_show(FIRST).page
    go_to(page, "ratios-demo")
    preset = page.locator(".jp-deck-mod-visible").get_by_role("button", name="Double")
    preset.click()
    page.wait_for_function("(preset) => preset.ariaPressed === 'true'", arg=preset.element_handle())
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"({ACTIVE})() !== 'ratios-demo'")
    assert page.evaluate(SCROLLED) == 0


def go_to(page: Any, cell: str) -> None:
    """Press Space until the show has reached a cell."""
    for _ in range(100):
        if page.evaluate(ACTIVE) == cell:
            return
        page.keyboard.press("Space")
        page.evaluate(LATER, 30)
    pytest.fail(f"the show never came to {cell}")


def press_on(page: Any, cell: str) -> None:
    """Go on by the arrow at the lower right."""
    page.get_by_title("Go to next fragment or subslide in Deck").click()
    page.wait_for_function(f"({ACTIVE})() === '{cell}'")
