"""Every notebook, live and exported, as axe, a keyboard and a zoomed page find it.

What is held to account is ours: rendered Markdown and outputs. The menus, prompts and syntax colors around
them belong to JupyterLab and nbconvert.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import NOTEBOOK_NAMES, NOTEBOOKS, new_page
from contrast import contrast, luminance

OURS = [".jp-Notebook .jp-RenderedMarkdown", ".jp-Notebook .jp-OutputArea-output"]
OF_NBCONVERT = [".jp-InputPrompt", ".jp-OutputPrompt", ".highlight"]
FORMULAS = ["mjx-container"]  # MathJax's own: glyphs that it hides, and MathML that it speaks
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHARPEST_CONTRAST = 3.0  # WCAG 1.4.11 asks as much of a focus ring
# Chromium zooms by giving the page fewer CSS pixels: these are a window of 1280 by 900 at 200 %.
ZOOMED = {"width": 640, "height": 450}


def violations(
    page: Any, include: list[str] | None = None, exclude: list[str] | None = None, **options: Any
) -> list[str]:
    """List what axe finds: the rule, how often, and the first place."""
    from axe_playwright_python.sync_playwright import Axe

    context = {"exclude": [[selector] for selector in exclude or []]}
    if include:
        context["include"] = [[selector] for selector in include]
    rules = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, context=context, options=rules | options).response
    assert found["testEngine"]["name"] == "axe-core"
    return [
        f"{violation['id']}, {len(violation['nodes'])} times: {violation['nodes'][0]['html'][:120]}"
        for violation in found["violations"]
    ]


# In CSS pixels. A table may be wider than the page if it scrolls by itself (WCAG 1.4.10 excepts tables). What
# MathJax hides for screen readers is made narrow: it is as wide as it likes.
TOO_WIDE = """() => {
  document.querySelectorAll('mjx-assistive-mml')
    .forEach((unseen) => { unseen.style.cssText = 'left: 0; max-width: 0'; });
  const root = document.documentElement;
  const found = root.scrollWidth > root.clientWidth + 1 ? ['the page itself'] : [];
  for (const part of document.querySelectorAll('.jp-RenderedMarkdown, .jp-OutputArea-output')) {
    if (part.scrollWidth > part.clientWidth + 1) found.push(part.textContent.trim().slice(0, 80));
  }
  return found;
}"""

HEADINGS = """() => [...document.querySelectorAll(
    ':is(.jp-RenderedMarkdown, .jp-OutputArea-output) :is(h1, h2, h3, h4, h5, h6)')]
  .map(heading => Number(heading.tagName[1]))"""


def outline_problems(levels: list[int]) -> list[str]:
    """Say what is wrong with the levels of a page's headings, read from top to bottom."""
    found = [] if levels[:1] == [1] and levels.count(1) == 1 else ["the page needs one h1, at its top"]
    return found + [f"h{b} follows h{a}" for a, b in itertools.pairwise(levels) if b > a + 1]


def open_all_details(page: Any) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })")


# --- exported: what `jupyter nbconvert --to html` makes of the committed notebook, without a network


@pytest.fixture(scope="module", params=NOTEBOOK_NAMES)
def exported_page(request: pytest.FixtureRequest, browser: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """Each notebook as an HTML page. Offline, MathJax does not come, and formulas stand as TeX, readable."""
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter().from_filename(str(NOTEBOOKS / f"{request.param}.ipynb"))
    file = tmp_path_factory.mktemp("exported") / f"{request.param}.html"
    file.write_text(html, encoding="utf-8")
    with offline_page(browser) as page:
        page.goto(file.as_uri())
        yield page


def offline_page(browser: Any) -> Any:
    """Open an empty page of this size; no page of the tests has a network."""
    return new_page(browser, viewport={"width": 1280, "height": 900})


def test_the_exported_page_has_no_violations(exported_page: Any) -> None:
    only_folded = {"runOnly": {"type": "rule", "values": ["target-size"]}}
    assert violations(exported_page, **only_folded) == [], "folded"
    open_all_details(exported_page)
    assert violations(exported_page, exclude=OF_NBCONVERT) == []


def test_the_exported_page_reflows(exported_page: Any) -> None:
    open_all_details(exported_page)
    exported_page.set_viewport_size(ZOOMED)
    assert exported_page.evaluate(TOO_WIDE) == []


# --- live


@pytest.fixture
def live_page(live_notebook: Any) -> Iterator[Any]:
    """The shared live page with all of its cells shown: JupyterLab skips drawing those out of sight."""
    page = live_notebook.page
    before = page.evaluate(SET_WINDOWING, "none")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')]
                 .every(cell => getComputedStyle(cell).contentVisibility === 'visible')"""
    )
    page.wait_for_function(
        """() => document.querySelectorAll('.jp-Notebook .jp-Cell').length
                 === window.jupyterapp.shell.currentWidget.content.widgets.length"""
    )
    open_all_details(page)
    yield page
    page.evaluate("() => document.querySelectorAll('details').forEach(fold => { fold.open = false; })")
    page.evaluate(SET_WINDOWING, before)


TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

SET_WINDOWING = """(mode) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const before = notebook.notebookConfig.windowingMode;
  notebook.notebookConfig = {...notebook.notebookConfig, windowingMode: mode};
  return before;
}"""


@contextlib.contextmanager
def theme(page: Any, name: str) -> Iterator[None]:
    """JupyterLab in another theme."""
    before = page.evaluate("() => document.body.dataset.jpThemeName")
    try:
        set_theme(page, name)
        yield
    finally:
        set_theme(page, before)


def set_theme(page: Any, name: str) -> None:
    page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        name,
    )
    page.wait_for_function("(name) => document.body.dataset.jpThemeName === name", arg=name)
    page.evaluate(TWO_FRAMES)  # its style sheet is there, and now it is applied


def test_the_live_page_has_no_violations(live_page: Any) -> None:
    assert violations(live_page, include=OURS, exclude=FORMULAS) == []


# The style sheets are the same everywhere; these two pages hold every kind of live object.
@pytest.mark.parametrize("live_notebook", ["01_softmax", "06_cross_entropy_derivation"], indirect=True)
def test_the_dark_page_has_contrast(live_page: Any) -> None:
    only_colors = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    with theme(live_page, "JupyterLab Dark"):
        background = live_page.locator(".jp-Notebook").evaluate(
            "(el) => getComputedStyle(el).backgroundColor"
        )
        assert luminance(numbers_of(background)) < 0.05, "the page is not dark"
        assert violations(live_page, include=OURS, exclude=FORMULAS, **only_colors) == []


def test_the_live_page_reflows(live_page: Any) -> None:
    size = live_page.viewport_size
    live_page.set_viewport_size(ZOOMED)
    live_page.wait_for_function(
        "() => document.querySelector('.jp-NotebookPanel').getBoundingClientRect().right <= innerWidth"
    )
    try:
        assert live_page.evaluate(TOO_WIDE) == []
    finally:
        live_page.set_viewport_size(size)


def test_headings_outline_the_page(live_page: Any) -> None:
    levels = live_page.evaluate(HEADINGS)
    assert len(levels) >= 5
    assert outline_problems(levels) == []


# --- keyboard

FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]"

# Mark the stops of each output in the order in which Tab should reach them: of a radio group, the chosen one.
MARK_STOPS = """([root, focusable]) => {
  let count = 0;
  for (const output of document.querySelectorAll(root)) {
    const stops = [...output.querySelectorAll(focusable)].filter(stop =>
      stop.tabIndex >= 0 && !stop.disabled && stop.checkVisibility() && stop.getClientRects().length > 0 &&
      (stop.type !== 'radio' || stop.checked));
    stops.forEach((stop, i) => { stop.dataset.stop = `${count}:${i}`; });
    if (stops.length > 0) { output.dataset.stops = stops.length; count++; }
  }
  return [...document.querySelectorAll('[data-stops]')].map(output => Number(output.dataset.stops));
}"""

FOCUSED = """() => {
  // How many sides of the ring a box around it cuts off.
  const cut = (at, box, style) => {
    const reach = Math.max(0, parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth));
    const sides = new Set();
    for (let around = at.parentElement; around?.closest('[data-stops]'); around = around.parentElement) {
      if (getComputedStyle(around).overflow === 'visible') continue;
      const hole = around.getBoundingClientRect();
      if (box.left - reach < hole.left - 1) sides.add('left');
      if (box.right + reach > hole.right + 1) sides.add('right');
      if (box.top - reach < hole.top - 1) sides.add('top');
      if (box.bottom + reach > hole.bottom + 1) sides.add('bottom');
    }
    return sides.size;
  };
  const at = document.activeElement, style = getComputedStyle(at);
  let behind = at.parentElement;
  const clear = (node) => /rgba\\(.*, 0\\)/.test(getComputedStyle(node).backgroundColor);
  while (behind && clear(behind)) behind = behind.parentElement;
  const box = at.getBoundingClientRect();
  const whole = at.closest('[data-stops]')?.getBoundingClientRect() ?? {x: 0, y: 0};
  return {
    place: [box.left - whole.x, box.top - whole.y, box.right - whole.x, box.bottom - whole.y],
    stop: at.dataset.stop ?? null, what: at.outerHTML.slice(0, 100),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth), color: style.outlineColor,
    behind: behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)',
    seen: box.bottom > 0 && box.top < innerHeight, cut: cut(at, box, style),
  };
}"""


def keyboard_problems(page: Any, root: str) -> list[str]:
    """Walk through every output by Tab: each stop in turn, each visibly focused, and out at the end."""
    found = []
    for output, count in enumerate(page.evaluate(MARK_STOPS, [root, FOCUSABLE])):
        page.locator(f'[data-stop="{output}:0"]').focus()
        page.keyboard.press("Shift")  # a key, so that the browser shows the focus
        before = None
        for stop in range(count):
            state = page.evaluate(FOCUSED)
            if state["stop"] != f"{output}:{stop}":
                found.append(f"stop {stop} of {count} in output {output} is skipped for {state['what']}")
                break
            if before and jumps_back(before, state["place"]):
                found.append(f"against the order of reading: {state['what']}")
            before = state["place"]
            if not state["seen"]:
                found.append(f"out of sight: {state['what']}")
            if state["cut"] > 1:
                found.append(f"{state['cut']} sides of the ring are cut off: {state['what']}")
            ring = contrast(numbers_of(state["color"]), numbers_of(state["behind"]))
            if state["outline"] < 1 or ring < SHARPEST_CONTRAST:
                found.append(f"no visible focus ({state['outline']} px, {ring:.1f}:1): {state['what']}")
            page.keyboard.press("Tab")
        if (page.evaluate(FOCUSED)["stop"] or "").startswith(f"{output}:"):
            found.append(f"output {output} does not let go of the focus")
    return found


def jumps_back(before: list[float], after: list[float]) -> bool:
    """Tell whether the second box comes before the first for whoever reads columns from left to right."""
    left, top, right, bottom = before
    above = after[3] <= top and after[0] < right
    same_line_left = after[2] <= left and after[1] < bottom and after[3] > top
    return above or same_line_left


def numbers_of(color: str) -> list[float]:
    """Read "rgb(0, 114, 178)"."""
    return [float(part) for part in color.partition("(")[2].rstrip(")").split(",")[:3]]


def test_tab_walks_through_every_output_and_out(live_page: Any) -> None:
    assert keyboard_problems(live_page, ".jp-Notebook .jp-OutputArea-output") == []


# What is moved by its style, or a part of it that the style makes: handles are drawn there.
MOVING = """() => [...document.querySelectorAll(':is(.cu-view, .cu-live), :is(.cu-view, .cu-live) *')]
  .filter(el => [null, '::before', '::after'].some((part) => {
    const style = getComputedStyle(el, part);
    return style.animationName !== 'none' || style.transitionDuration !== '0s';
  })).map(el => el.outerHTML.slice(0, 100))"""


def test_nothing_of_ours_moves_by_itself(live_page: Any) -> None:
    """No animation and no transition at all, so nothing is left to reduce."""
    assert live_page.evaluate(MOVING) == []


# --- the checks themselves can fail

FAULTY = """<!doctype html><html lang="en"><title>Faults</title><main class="jp-Notebook">
<h1>Faults</h1>
<div class="jp-RenderedMarkdown"><h4>Too deep</h4><p style="color: #999">Too pale</p>
  <p>See <a href="x" style="color: #0d47a1; text-decoration: none">this page</a> among other words.</p></div>
<div class="jp-OutputArea-output"><img src="data:,"><table><tr><th></th><td>1</td></tr></table>
  <details><summary>one</summary></details><details><summary>two</summary></details>
  <div style="width: 700px">too wide</div></div>
<div class="jp-OutputArea-output"><button style="outline: none">no ring</button>
  <button onkeydown="event.preventDefault()">trap</button><button>never reached</button></div>
<div class="jp-OutputArea-output" style="display: flex; flex-direction: row-reverse; justify-content: start">
  <button>right</button><button>left</button></div>
<div class="jp-OutputArea-output"><button style="outline: 3px solid #ddd">pale ring</button>
  <div style="overflow: hidden"><button style="outline: 3px solid #000">cut ring</button></div></div>
"""


def test_the_checks_catch_faults(browser: Any) -> None:
    with offline_page(browser) as page:
        page.set_content(FAULTY)
        assert {found.partition(",")[0] for found in violations(page, include=OURS)} >= {
            "color-contrast",
            "empty-table-header",
            "heading-order",
            "image-alt",
            "link-in-text-block",
            "target-size",
        }
        page.set_viewport_size(ZOOMED)
        assert len(page.evaluate(TOO_WIDE)) >= 1
        assert outline_problems(page.evaluate(HEADINGS)) != []
        assert outline_problems([1, 2, 3, 2]) == []
        problems = "\n".join(keyboard_problems(page, ".jp-OutputArea-output"))
        for fault in (
            "no ring",
            "is skipped",
            "does not let go",
            "pale ring",
            "cut off",
            "against the order",
        ):
            assert fault in problems
        page.set_content(
            "<style>b::after { content: ''; transition: top 1s }</style><p class='cu-live'><b></b>"
        )
        assert len(page.evaluate(MOVING)) == 1
