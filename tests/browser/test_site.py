"""The website in Chromium: pages that answer without Python, and with Python in the page."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import new_page
from pyodide_release import GONE, downloaded
from test_accessibility import violations

from course_utils.lessons.start_here import exponential_demo, one_picture_demo
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import topic_of
from course_utils.notebook_files.shown import Shown, source_of
from course_utils.publish import films, in_node, pages, python_in_the_page
from course_utils.publish.paper import count_pages
from course_utils.publish.serving import in_background
from course_utils.publish.site import build
from course_utils.teaching import Derivation
from course_utils.teaching.algebra.syntax import linear
from course_utils.teaching.answers import read_answers
from course_utils.teaching.derivation_page import content

# All pages, and JupyterLite, which takes long to build and to start: once a week.
LAB = os.environ.get("BROWSER") == "all"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sphinx") is None or importlib.util.find_spec("furo") is None,
    reason="the website is built with what pip install -e '.[site]' brings",
)

FROM_SOURCE = Path(__file__).parents[1] / "publish" / "in_pyodide" / "from_source.py"

MILLIMETER = 96 / 25.4  # pixels of CSS

# What lies beyond the window and cannot be scrolled to: the theme cuts it off, and the page seems to fit.
CUT = """() => [...document.querySelectorAll('article *')]
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1)
  .filter((node) => {
    let part = node.parentElement;
    const shows = () => getComputedStyle(part).overflowX === 'visible';
    while (part.tagName !== 'ARTICLE' && shows()) part = part.parentElement;
    return part.tagName === 'ARTICLE';
  })
  .map((node) => node.textContent.slice(0, 60))"""

ALL_FORMULAS_ARE_SET = r"""() => {
  const pieces = [...document.querySelectorAll('.cu-piece > :not(script, [hidden])')];
  return !pieces.some(({ innerText }) => /\$[^$\s][^$]*\$/.test(innerText));
}"""


# A page of a hundred formulas, read from its middle and never painted, and a MathJax that only notes them.
MANY_FORMULAS = """<!doctype html><title>Many</title>{}
<script>
  const turns = [];
  globalThis.requestAnimationFrame = () => 0;
  const typesetPromise = async (nodes) => turns.push(nodes.map(({{ id }}) => Number(id)));
  globalThis.MathJax = {{ startup: {{}}, typesetPromise }};
  document.getElementById("50").scrollIntoView();
</script>
<script type="text/plain" src="_static/mathjax/none.js"></script>
<script type="module">
  const {{ typeset }} = await import("./_static/dom.js");
  typeset();
</script>""".format(
    "".join(f'<p class="math" id="{one}" style="height: 200px">$a$</p>' for one in range(100))
)


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Return a folder with the files of Pyodide, or None where they cannot be had."""
    return downloaded(tmp_path_factory.mktemp("pyodide"))


@pytest.fixture(scope="module")
def built(pyodide: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "site"
    build(out, find_notebooks([] if LAB else ["00"]), pyodide, lab=LAB, prints=True)
    return out


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    with in_background(built) as address:
        yield address


@contextlib.contextmanager
def watched(browser: Any, site: str, width: int, **options: Any) -> Iterator[Any]:
    """Open a page that asks nobody but the site for anything, and complains of nothing."""
    touch = {"has_touch": True, "is_mobile": True} if width == 390 else {}
    with new_page(browser, viewport={"width": width, "height": 800}, **touch, **options) as page:
        page.requests, page.problems = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("response", lambda answer: is_missed(answer) and page.problems.append(answer.url))
        page.goto(f"{site}/notebooks/00_start_here.html")
        page.locator("#first-demo").scroll_into_view_if_needed()  # pieces wait until they are near
        yield page
        assert page.problems == []
        assert {url for url in page.requests if not url.startswith((site, "data:", "blob:"))} == set()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def reader(request: pytest.FixtureRequest, browser: Any, site: str) -> Iterator[Any]:
    """Return an open page of a width."""
    with watched(browser, site, request.param) as page:
        yield page


@pytest.fixture
def rerouted(browser: Any, site: str) -> Iterator[Any]:
    """Return a page whose requests a test may answer: no service worker is quick enough to do so before."""
    with watched(browser, site, 1280, service_workers="block") as page:
        yield page


def is_missed(answer: Any) -> bool:
    """Tell whether a page did not get what it needs; whether there is a Python, it only asks."""
    return answer.status >= 400 and not (answer.request.method == "HEAD" and "/pyodide/" in answer.url)


# What does not depend on the room there is, is tried in one.
on_a_phone = pytest.mark.parametrize("reader", [390], ids=["phone"], indirect=True)
on_a_desktop = pytest.mark.parametrize("reader", [1280], ids=["desktop"], indirect=True)


def says(page: Any, text: str) -> None:
    page.wait_for_function(
        "(text) => document.querySelector('#first-demo .cu-art')?.getAttribute('aria-label') !== text",
        arg=text,
    )


def test_a_demo_answers_along_its_film(reader: Any) -> None:
    slider = reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first
    slider.wait_for()
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    slider.press("End")
    says(reader, before)
    assert not [url for url in reader.requests if "pyodide" in url]
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(reader, include=["article"]) == []


@on_a_desktop
def test_an_arrow_key_moves_everything_without_python(reader: Any) -> None:
    """Though it steps less than recorded states are apart."""
    value = "node.value ?? node.getAttribute('aria-valuenow')"
    reader.locator(".cu-live .cu-stage").first.wait_for()
    moved = reader.locator(".cu-live :is([role=slider], input[type=range])").filter(visible=True).all()
    assert moved
    for thing in moved:
        upright = thing.get_attribute("aria-orientation") == "vertical"
        forth, back = ("ArrowUp", "ArrowDown") if upright else ("ArrowRight", "ArrowLeft")
        for end, key in (("Home", forth), ("End", back)):
            node = thing.element_handle()
            node.evaluate("(node) => node.closest('.cu-live').querySelector('.cu-reset').click()")
            thing.press(end)
            reader.wait_for_function(
                "(node) => node.closest('.cu-live').querySelector('.cu-stage').ariaBusy !== 'true'", arg=node
            )
            before = node.evaluate(f"(node) => {value}")
            thing.press(key)
            reader.wait_for_function(f"([node, before]) => ({value}) !== before", arg=[node, before])
    assert not [url for url in reader.requests if "pyodide" in url]


@on_a_desktop
def test_a_film_plays_to_its_end_without_python(reader: Any) -> None:
    """Though its slider has more notches than were recorded."""
    demo = reader.locator("[data-name='00-demo']")
    reader.get_by_role("button", name="show me").first.click()
    demo.scroll_into_view_if_needed()
    slider = demo.locator("input[type=range]").first
    demo.get_by_role("button", name="Play").click()
    demo.get_by_role("button", name="Pause").wait_for()
    demo.get_by_role("button", name="Play").wait_for()
    assert slider.input_value() == slider.get_attribute("max")
    assert int(slider.get_attribute("max")) > films.MOST_NOTCHES
    assert not [url for url in reader.requests if "worker.js" in url]


@on_a_desktop
def test_a_link_leads_another_reader_to_the_same_state(reader: Any, browser: Any) -> None:
    slider = reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first
    slider.wait_for()
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    slider.press("End")
    says(reader, before)
    reader.evaluate(
        "() => { if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(); }"
    )
    reader.locator("#first-demo").get_by_role("button", name="Copy link").click()
    link = reader.get_by_role("link", name="Link to this state").get_attribute("href")
    said = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    with new_page(browser) as page:
        page.goto(link)
        page.wait_for_function(
            "(text) => document.querySelector('#first-demo .cu-art')?.getAttribute('aria-label') === text",
            arg=said,
        )


@on_a_desktop
def test_a_link_leads_to_a_demo_far_down_the_page_also_from_the_page_itself(reader: Any, site: str) -> None:
    demo = exponential_demo
    (control,) = demo.controls
    wanted = demo.at(**{control.name: control.low})
    says = "(text) => document.querySelector('[data-name=\"00-demo\"] .cu-art')?.ariaLabel === text"
    reader.evaluate("(state) => { location.hash = state; }", f"demo?{control.name}={control.low}")
    for _ in range(2):
        reader.wait_for_function("() => scrollY > innerHeight")
        reader.get_by_role("button", name="show me").first.click()
        reader.wait_for_function(says, arg=wanted.says)
        reader.reload()


def test_it_is_told_that_a_picture_is_the_nearest_one_as_long_as_it_is(rerouted: Any) -> None:
    rerouted.route("**/worker.js", lambda route: route.abort())
    demo = rerouted.locator("#first-demo")
    sliders = demo.locator(".cu-handle [role=slider]:not([hidden])")
    sliders.first.wait_for()
    for place, key in enumerate(("End", "Home")):
        sliders.nth(place).press(key)
    demo.get_by_text("This state was not recorded: the picture shows the nearest one.").wait_for()
    demo.get_by_role("button", name="Reset").click()
    demo.locator(".cu-note:empty").wait_for(state="attached")


@on_a_phone
def test_a_demo_stands_alone_on_a_page_of_its_own(reader: Any) -> None:
    reader.locator("#first-demo").get_by_role("link", name="Alone on a page").click()
    slider = reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first
    slider.wait_for()
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    slider.press("End")
    says(reader, before)
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(reader) == []


@on_a_phone
def test_a_demo_alone_is_accessible_in_the_dark(reader: Any, site: str) -> None:
    """Nothing but the page itself says there what it is painted on."""
    reader.emulate_media(color_scheme="dark")
    reader.goto(f"{site}/alone/00-first-demo.html")
    reader.locator(".cu-art").wait_for()
    assert violations(reader) == []


def show_derivation(reader: Any, site: str) -> Any:
    """Put one into a page that has none; return its lines, in view."""
    faded = derivation_shown("05", "faded")
    reader.goto(f"{site}/yours.html")
    reader.evaluate(
        """async ([html, content]) => {
             const article = document.querySelector('article');
             article.insertAdjacentHTML('beforeend', html);
             const { showDerivation } = await import(new URL('_static/derivation.js', location.href));
             showDerivation({ content, send() {}, typeset() {} }, article.querySelector('.cu-derivation'));
           }""",
        [pages.fragment(faded), content(faded.value)],
    )
    return reader.locator(".cu-derivation .cu-lines")


@on_a_phone
def test_the_reasons_of_a_derivation_can_be_read_on_a_phone(reader: Any, site: str) -> None:
    lines = show_derivation(reader, site)
    reasons = [cell.bounding_box() for cell in lines.locator("td:nth-child(4)").all()]
    assert len(reasons) > 2
    assert all(box["x"] >= 0 and box["width"] > 200 and box["x"] + box["width"] <= 390 for box in reasons)
    assert violations(reader, include=[".cu-lines"]) == []


@on_a_desktop
def test_the_answers_of_a_derivation_on_paper_say_which_line_they_are_of(reader: Any, site: str) -> None:
    show_derivation(reader, site)
    reader.evaluate("dispatchEvent(new Event('beforeprint'))")
    answers = reader.locator(".cu-answers .cu-derivation-answer").text_content()
    assert re.findall(r"Line \d+\. ", answers) == ["Line 2. ", "Line 3. "]


def derivation_shown(number: str, mode: str, *, planted: bool = False) -> Shown:
    path = find_notebooks([number])[0]
    derivations = (one for one in source_of(path).shown if isinstance(one.value, Derivation))
    return next(one for one in derivations if one.value.mode == mode and bool(one.value.planted) == planted)


@contextlib.contextmanager
def reading(browser: Any, site: str, *derivations: Shown) -> Iterator[Any]:
    """Yield a browser that finds these derivations at the end of a page, and Python that knows them."""
    pieces = "".join(pages.fragment(one) for one in derivations)
    objects = {
        one.name: {
            "topic": topic_of(find_notebooks([one.number])[0]),
            "expression": one.expression,
            "prelude": "",
        }
        for one in derivations
    }
    with new_page(browser, service_workers="block") as empty:  # which would answer in place of the routes
        for page, changed in {
            "**/00_start_here.html": lambda text: text.replace("</article>", f"{pieces}</article>"),
            "**/objects.json": lambda text: json.dumps(json.loads(text) | objects),
        }.items():
            empty.context.route(
                page, lambda route, _, changed=changed: route.fulfill(body=changed(route.fetch().text()))
            )
        yield empty.context


def opened(context: Any, site: str, one: Shown) -> tuple[Any, Any]:
    """Open the page anew; return it, and the live view of a derivation."""
    for page in context.pages:
        page.close()
    page = context.new_page()
    page.goto(f"{site}/notebooks/00_start_here.html")
    piece = page.locator(f"[data-name='{one.name}']")
    piece.scroll_into_view_if_needed()
    piece.locator(".cu-view").wait_for()
    return page, piece


def test_lines_of_a_derivation_are_there_again_without_python(browser: Any, site: str) -> None:
    faded = derivation_shown("05", "faded")
    gap, given = faded.value.gaps[0], next(n for n in range(1, 9) if n not in faded.value.gaps)
    with reading(browser, site, faded) as context:
        page, piece = opened(context, site, faded)
        piece.get_by_label(f"Line {gap}: ").fill("x^2/3")
        page.close()  # there Python is on its way: it reads what is written
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page, piece = opened(context, site, faded)
        assert piece.get_by_label(f"Line {gap}: ").input_value() == "x^2/3"
        piece.get_by_text("Written before, and not checked.").wait_for()
        assert piece.get_by_label("Mode").input_value() == "faded"
        assert [url for url in asked if "site.js" in url]
        assert not [url for url in asked if "worker.js" in url or "pyodide" in url]
        piece.get_by_label("Mode").select_option("blank")
        assert piece.get_by_label(f"Line {gap}: ").input_value() == "x^2/3"
        piece.get_by_label(f"Line {given}: ").fill("x")
        page, piece = opened(context, site, faded)
        assert piece.get_by_label("Mode").input_value() == "blank", "where both lines have a place"
        assert piece.get_by_label(f"Line {given}: ").input_value() == "x"
        for line in (gap, given):
            piece.get_by_label(f"Line {line}: ").fill("")
        page.goto(f"{site}/yours.html")
        page.get_by_text("Nothing yet.").wait_for()


def test_lines_that_were_judged_go_into_a_file_and_come_back(
    browser: Any, site: str, pyodide: Path | None, tmp_path: Path
) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    faded, planted = derivation_shown("05", "faded"), derivation_shown("06", "worked", planted=True)
    right, wrong = faded.value.gaps[:2]
    answer = linear(faded.value.lines[right - 1].right)
    wrongly = next(line.number for line in planted.value.lines if line.number not in planted.value.planted)
    rightly = planted.value.planted[0]
    with reading(browser, site, faded, planted) as context:
        page, piece = opened(context, site, faded)
        context.route("**/sympy.zip", lambda route: route.abort())
        piece.get_by_label(f"Line {right}: ").fill(answer)
        piece.get_by_role("button", name=f"Check line {right}").click()
        piece.get_by_text("This part of Python is not on this device yet").first.wait_for()
        context.unroute("**/sympy.zip")
        for line, text in ((right, answer), (wrong, "1")):
            piece.get_by_label(f"Line {line}: ").fill(text)
            piece.get_by_role("button", name=f"Check line {line}").click()
            piece.locator(".cu-feedback[data-mark]").nth(int(line == wrong)).wait_for()
        piece = page.locator(f"[data-name='{planted.name}']")
        piece.scroll_into_view_if_needed()
        for line in (rightly, wrongly):
            piece.get_by_role("button", name=re.compile(f"^Line {line} ")).click()
        piece.locator(".cu-feedback[data-mark]").nth(1).wait_for()
        page.goto(f"{site}/yours.html")

        def is_shown() -> None:
            lines = sorted([(right, "written, and right"), (wrong, "written")])
            page.get_by_role(
                "cell", name="; ".join(f"line {n} {said}" for n, said in lines), exact=True
            ).wait_for()
            lines = sorted([(rightly, "chosen, and right"), (wrongly, "chosen")])
            page.get_by_role(
                "cell", name="; ".join(f"line {n} {said}" for n, said in lines), exact=True
            ).wait_for()

        is_shown()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a file").click()
        download.value.save_as(saved := tmp_path / "answers.json")
        assert read_answers(saved.read_text("utf-8"))["lines"] == {
            faded.name: {
                str(right): {"text": answer, "status": "passed"},
                str(wrong): {"text": "1", "status": "failed"},
            },
            planted.name: {str(rightly): {"status": "passed"}, str(wrongly): {"status": "failed"}},
        }
        page.get_by_role("button", name="Forget everything").click()
        page.get_by_text("Nothing yet.").wait_for()
        page.locator("input[type=file]").set_input_files(saved)
        is_shown()
        page, piece = opened(context, site, faded)
        assert piece.get_by_label(f"Line {right}: ").input_value() == answer
        piece.get_by_text("Written before, and right when you checked it.").wait_for()
        piece.get_by_text("Written before, and not right when you checked it.").wait_for()
        page, piece = opened(context, site, planted)
        piece.get_by_text("You chose this line before, and rightly.").wait_for()
        piece.get_by_text("You chose this line before: it was not this one.").wait_for()


@on_a_desktop
def test_paper_is_filled(reader: Any, site: str) -> None:
    """What may not break leaves some of a page empty: at most a fifth, on average."""
    reader.set_viewport_size({"width": round(178 * MILLIMETER), "height": 1000})
    reader.goto(f"{site}/notebooks/00_start_here.html?print")
    reader.locator(".cu-answers").wait_for(state="attached")
    reader.wait_for_function(ALL_FORMULAS_ARE_SET)
    reader.emulate_media(media="print")
    height = reader.locator("article").bounding_box()["height"] / (261 * MILLIMETER)
    printed = reader.request.get(f"{site}/print/00_start_here.pdf").body()
    assert 0.8 * count_pages(printed) <= height


@on_a_phone
def test_what_was_forgotten_can_be_taken_back(reader: Any, site: str) -> None:
    reader.locator(".cu-question").first.scroll_into_view_if_needed()
    reader.locator(".cu-question .cu-option").first.click()
    reader.goto(f"{site}/yours.html")
    reader.get_by_role("cell", name="chosen: A").wait_for()
    reader.get_by_role("button", name="Forget everything").click()
    reader.get_by_text("Nothing yet.").wait_for()
    reader.get_by_role("button", name="Take it back").click()
    reader.get_by_role("cell", name="chosen: A").wait_for()
    assert {one for one in sizes(reader, ".cu-yours :is(button, input)") if one[1] < 40} == set()


@on_a_phone
def test_the_first_picture_is_laid_out_for_a_phone_and_moves(reader: Any, site: str) -> None:
    """What it asks for when it has found its room must not be overtaken by its first motion."""
    reader.add_init_script(
        """new MutationObserver(() => {
             const said = document.querySelector('.cu-hook .cu-live .cu-art')?.getAttribute('aria-label');
             globalThis.sentences ??= [];
             if (said && said !== sentences.at(-1)) sentences.push(said);
           }).observe(document, { subtree: true, childList: true, attributes: true })"""
    )
    reader.goto(f"{site}/index.html")
    reader.wait_for_function("() => sentences.length > 1")
    reader.wait_for_function(
        "() => document.querySelector('.cu-hook .cu-live').style.getPropertyValue('--cu-wide') === '360'"
    )


def sizes(reader: Any, selector: str) -> set[tuple[str, int]]:
    """Return what is too low for a finger: words on it, and pixels."""
    found = reader.evaluate(
        """(selector) => [...document.querySelectorAll(selector)]
             .filter((node) => node.checkVisibility())
             .map((node) => [node.textContent.slice(0, 20), node.offsetHeight])""",
        selector,
    )
    return {(text, height) for text, height in found}


@on_a_phone
def test_fingers_have_room_on_what_they_press(reader: Any) -> None:
    for kind in ("question", "exercise"):
        reader.locator(f".cu-{kind}").first.scroll_into_view_if_needed()
        reader.locator(f".cu-{kind} button").first.wait_for()
    pressed = sizes(reader, ".cu-piece[data-live] :is(.cu-option, .cu-buttons button, .cu-presets button)")
    assert len(pressed) > 5
    assert {one for one in pressed if one[1] < 40} == set()
    written = ".cu-piece[data-live] :is(input[type=number], select, .cm-scroller, textarea)"
    letters = reader.locator(written).evaluate_all(
        "(nodes) => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(letters) >= 16, "where letters are smaller, a phone zooms in"


def test_each_formula_of_a_question_is_set_once(rerouted: Any) -> None:
    page = "**/00_start_here.html"  # whose questions need none
    with_one = (asked := "What happens to"), f"{asked} $a^b$ and"
    rerouted.route(page, lambda route: route.fulfill(body=route.fetch().text().replace(*with_one)))
    rerouted.reload()
    question = rerouted.locator(".cu-question").first
    question.scroll_into_view_if_needed()
    question.locator("mjx-container").filter(visible=True).first.wait_for()  # that for paper is hidden
    rerouted.wait_for_function(ALL_FORMULAS_ARE_SET)
    written = question.evaluate("(node) => JSON.parse(node.querySelector('script').textContent)")
    texts = [written["prompt"], *(option["text"] for option in written["options"])]
    formulas = sum(len(re.findall(r"\$[^$]+\$", text)) for text in texts)
    assert question.locator("mjx-container:visible").count() == formulas > 0


def test_formulas_are_set_in_turns_from_what_is_in_sight_down(rerouted: Any, site: str) -> None:
    """At once they would hold a telephone for seconds; and a browser that prints paints no frames."""
    rerouted.route("**/none.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    rerouted.route("**/many.html", lambda route: route.fulfill(body=MANY_FORMULAS, content_type="text/html"))
    rerouted.goto(f"{site}/many.html")
    rerouted.wait_for_function("() => turns.flat().length === 100", polling=50)
    turns = rerouted.evaluate("turns")
    assert [one for turn in turns for one in turn] == [*range(50, 100), *range(50)]
    assert max(map(len, turns)) <= 10


@on_a_desktop
def test_a_search_quotes_no_answers(reader: Any, site: str) -> None:
    answers = re.compile(r"[A-E]</?[^>]*> is right\.|[A-E] is right\.|If you chose [A-E]")
    page = reader.request.get(f"{site}/notebooks/00_start_here.html").text()
    assert answers.search(page)
    reader.goto(f"{site}/search.html?q=exponential")
    for anchor in [None, *re.findall(r'<section id="([^"]+)"', page)]:
        text = reader.evaluate("(found) => Search.htmlToText(...found)", [page, anchor and f"#{anchor}"])
        assert len(text) > 20
        assert not answers.search(text)
    reader.locator(".search li").first.wait_for()


@on_a_desktop
def test_a_page_is_accessible_in_the_dark(reader: Any) -> None:
    reader.emulate_media(color_scheme="dark")
    for kind in ("question", "exercise"):
        reader.locator(f".cu-{kind}").first.scroll_into_view_if_needed()
        reader.locator(f".cu-{kind} button").first.wait_for()
    reader.locator(".cu-question .cu-option").first.click()
    assert violations(reader) == []


@on_a_phone
def test_a_question_says_what_a_choice_means_and_remembers_it(reader: Any) -> None:
    question = reader.locator(".cu-question").first
    question.scroll_into_view_if_needed()
    options = question.locator(".cu-option")
    options.first.wait_for()
    options.first.click()
    told = question.locator(".cu-told").inner_text()
    assert "right" in told or "You probably thought" in told
    reader.reload()
    question.scroll_into_view_if_needed()
    reader.locator(".cu-question .cu-told >> text=probably thought").or_(
        reader.locator(".cu-question .cu-told >> text=is right")
    ).first.wait_for()
    reader.goto(reader.url.replace("notebooks/00_start_here.html", "yours.html").split("#")[0])
    reader.get_by_role("cell", name="chosen: A").first.wait_for()
    reader.get_by_role("button", name="Forget everything").click()
    reader.get_by_text("Nothing yet.").wait_for()


@on_a_phone
def test_an_exercise_is_checked_in_the_page_and_an_endless_loop_is_stopped(
    reader: Any, pyodide: Path | None
) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    exercise = reader.locator(".cu-exercise").first
    exercise.scroll_into_view_if_needed()
    field, verdict = exercise.locator(".cm-content"), exercise.locator(".cu-verdict")
    field.wait_for()
    name = field.inner_text().split("(")[0].removeprefix("def ")

    def check(body: str) -> None:
        field.fill(f"def {name}(z):\n    {body}\n")
        field.press("Control+Enter")

    check("return np.exp(z)")
    verdict.get_by_text("checks passed").wait_for()
    check("while True: pass")
    exercise.get_by_role("button", name="Stop").click()
    verdict.get_by_text("Nothing you wrote is lost").wait_for()
    check(f"return max([z, z], key={name})")  # fills the stack of the browser, which Python does not outlive
    verdict.get_by_text("calls itself without end").wait_for()
    check("return np.exp(z).sum()")
    verdict.get_by_text("checks passed. You can").wait_for()

    def yours() -> str:
        with reader.context.expect_page() as other:
            reader.evaluate("open(new URL('../yours.html', location.href))")
        name = exercise.get_attribute("data-name")
        said: str = other.value.locator(f"tr:has(td:text-is('{name}')) td").last.inner_text()
        other.value.close()
        return said

    assert yours() == "written, and right"
    passed = field.inner_text()
    field.press("Control+End")
    field.press("x")
    assert yours() == "written; changed since it passed"
    reader.reload()
    exercise.scroll_into_view_if_needed()
    field.get_by_text("x", exact=True).wait_for()
    assert yours() == "written; changed since it passed"
    field.fill(passed)
    exercise.get_by_role("button", name="Check").click()
    verdict.get_by_text("checks passed. You can").wait_for()
    field.press("Control+End")
    field.press("x")
    field.press("Backspace")
    assert yours() == "written, and right", "it is again what passed"
    reader.reload()
    exercise.scroll_into_view_if_needed()
    field.get_by_text("np.exp(z).sum()").wait_for()


def test_python_that_did_not_come_is_asked_for_again(rerouted: Any, pyodide: Path | None) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    exercise = rerouted.locator(".cu-exercise").first
    exercise.scroll_into_view_if_needed()
    rerouted.route("**/python/objects.json", lambda route: route.abort())
    exercise.get_by_role("button", name="Check").click()
    exercise.get_by_text("Python cannot start here").wait_for()
    rerouted.unroute("**/python/objects.json")
    exercise.get_by_role("button", name="Check").click()
    exercise.locator(".cu-verdict").get_by_text("Not attempted").wait_for()


@on_a_phone
def test_code_is_colored_and_indented_and_the_keyboard_leaves_the_field(reader: Any) -> None:
    exercise = reader.locator(".cu-exercise").first
    exercise.scroll_into_view_if_needed()
    field = exercise.locator(".cm-content")
    field.wait_for()
    field.press("Control+a")
    reader.keyboard.type("def f(z):\nif z:\nreturn (1")
    assert field.inner_text() == "def f(z):\n    if z:\n        return (1)"
    colored = exercise.locator(".tok-keyword")
    colored.nth(2).wait_for()  # the library colors when it finds the time
    assert colored.all_inner_texts() == ["def", "if", "return"]
    field.press("Control+Home")
    field.press("Tab")
    assert field.inner_text().startswith("    def f")
    field.press("Escape")
    field.press("Tab")
    assert reader.evaluate("document.activeElement.textContent") == "Check"
    assert violations(reader, include=[".cu-exercise"]) == []


def test_without_the_library_there_is_a_plain_field(browser: Any, site: str) -> None:
    with new_page(browser, service_workers="block") as page:  # it has the library from earlier visits
        page.route("**/codemirror.js", lambda route: route.abort())
        page.goto(f"{site}/notebooks/00_start_here.html")
        page.locator(".cu-exercise").first.scroll_into_view_if_needed()
        field = page.locator(".cu-exercise textarea").first
        field.press("Control+a")
        field.press("x")
        field.press("Tab")
        assert field.input_value() == "x    "
        page.reload()
        page.locator(".cu-exercise").first.scroll_into_view_if_needed()
        page.wait_for_function("() => document.querySelector('.cu-exercise textarea')?.value === 'x    '")


@on_a_desktop
def test_a_state_that_was_not_recorded_is_computed_in_the_page(
    reader: Any, site: str, browser: Any, pyodide: Path | None
) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    demo = reader.locator("#first-demo")
    sliders = demo.locator(".cu-handle [role=slider]:not([hidden])")
    sliders.first.wait_for()
    sliders.nth(0).press("End")
    sliders.nth(1).press("Home")
    reader.get_by_text("every state is computed now").wait_for()
    says_state_of_both_ends(reader)  # it was asked for before, and is not lost
    sliders.nth(0).press("Home")
    sliders.nth(0).press("End")
    says_state_of_both_ends(reader)
    with new_page(browser) as page:  # and a link leads another reader there
        page.goto(
            f"{site}/notebooks/00_start_here.html#first-demo?{urlencode({'z': json.dumps(both_ends())})}"
        )
        says_state_of_both_ends(page)


def both_ends() -> list[float]:
    control = one_picture_demo.controls[0]
    return [control.high, control.low, *control.default[2:]]


def says_state_of_both_ends(reader: Any) -> None:
    reader.wait_for_function(
        "(text) => document.querySelector('#first-demo .cu-art')?.getAttribute('aria-label') === text",
        arg=one_picture_demo.at(z=both_ends()).says,
    )


@pytest.mark.skipif(not in_node.is_here(), reason="modules are compiled in node")
def test_a_page_compiles_nothing_and_can_read_solutions(built: Path, pyodide: Path | None) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    lessons = [f"course_utils.lessons.{topic_of(path)}" for path in find_notebooks()]
    said = in_node.run(
        built,
        FROM_SOURCE,
        archives=["course", *python_in_the_page.ALGEBRA],
        modules=["course_utils.publish.answers", "sympy", *lessons],
        read=lessons,
    )
    assert said["compiled_here"] == []
    assert said["compiled_before"] > 500
    assert all(said["read"].values())


@on_a_desktop
def test_a_page_goes_to_paper_with_room_to_write_and_answers_at_the_end(reader: Any, site: str) -> None:
    reader.locator(".cu-question").first.scroll_into_view_if_needed()
    reader.locator(".cu-question .cu-option").first.wait_for()
    reader.emulate_media(media="print")
    reader.evaluate("dispatchEvent(new Event('beforeprint'))")
    controls = reader.locator("article :is(button, input, select, summary, [role=slider], .cu-veil)")
    assert [control for control in controls.all() if control.is_visible()] == []
    questions, exercises = (
        reader.locator(f"article .cu-{kind}").count() for kind in ("question", "exercise")
    )
    assert reader.locator(".cu-answers .cu-question-answer").count() == questions > 0
    assert reader.locator(".cu-answers .cu-exercise-answer pre").count() == exercises > 0
    assert reader.locator(".cu-question-answer:has-text('is right.'):visible").count() == questions
    assert reader.locator(".cu-question .cu-static").first.is_visible()
    assert reader.locator(".cell.tag_veiled .cell_output:not(:visible)").count() == 0
    reader.evaluate("dispatchEvent(new Event('afterprint'))")
    assert reader.locator(".cu-answers").count() == 0
    reader.emulate_media(media="screen")
    printed = reader.request.get(f"{site}/print/00_start_here.pdf").body()
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 2


@on_a_phone
def test_a_finger_drags_a_bar_and_the_page_stays_where_it_is(reader: Any) -> None:
    handle = reader.locator("#first-demo .cu-handle").first
    handle.scroll_into_view_if_needed()
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    box, scrolled = handle.bounding_box(), reader.evaluate("scrollY")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    devtools = reader.context.new_cdp_session(reader)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (x, y))
    for down in (20, 40, 60):
        touch("touchMove", (x, y + down))
    says(reader, before)
    reader.wait_for_function(  # on a busy machine each of the moves has a picture of its own
        """([node, wanted]) => {
             const { top, bottom } = node.getBoundingClientRect();
             return Math.abs((top + bottom) / 2 - wanted) <= 4;
           }""",
        arg=[handle.element_handle(), y + 60],
    )
    touch("touchEnd")
    assert reader.evaluate("scrollY") == scrolled


def test_every_page_fits_and_is_accessible(reader: Any, site: str, built: Path) -> None:
    """One of each kind of page; in the week's run all pages of notebooks and all demos' own."""
    names = [
        "index.html",
        "yours.html",
        "search.html?q=softmax",
        *sorted(f"notebooks/{one.name}" for one in built.glob("notebooks/*.html")),
    ]
    names += sorted(f"alone/{one.name}" for one in built.glob("alone/*.html"))
    for name in names:
        reader.goto(f"{site}/{name}")
        while (veiled := reader.get_by_role("button", name="show me")).count():
            veiled.first.click()
        for piece in reader.locator(".cu-film").all():  # they come to life when they are near
            piece.scroll_into_view_if_needed()
            piece.locator(".cu-art").wait_for()
        reader.evaluate("scrollTo(0, 0)")  # elsewhere the bar at the top may cover half of a slider
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert reader.locator("h1").count() == 1, name
        assert violations(reader) == [], name
        reader.wait_for_function(ALL_FORMULAS_ARE_SET)
        assert reader.evaluate(CUT) == [], name


@on_a_desktop
def test_a_reader_of_an_older_edition_is_told_of_the_newer(reader: Any, built: Path) -> None:
    reader.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    edition = built / "_static" / "edition.js"
    text = edition.read_text(encoding="utf-8")
    try:
        edition.write_text(re.sub('"name":"[^"]*"', '"name":"another"', text), encoding="utf-8")
        reader.evaluate("() => navigator.serviceWorker.ready.then((one) => one.update()).then(() => true)")
        reader.get_by_text("A newer edition of this course is here").wait_for()
    finally:
        edition.write_text(text, encoding="utf-8")


@on_a_desktop
def test_the_whole_course_is_kept_or_it_is_said_that_it_is_not(reader: Any, site: str) -> None:
    reader.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    reader.evaluate("() => caches.open('of another site here')")
    reader.goto(f"{site}/yours.html")
    reader.wait_for_function("() => navigator.serviceWorker.controller")
    keep = reader.get_by_role("button", name="Keep the whole course")
    reader.context.set_offline(True)
    keep.click()
    reader.get_by_text("0 files are here. Then the network was gone").wait_for()
    reader.context.set_offline(False)
    keep.click()
    reader.get_by_text("All pages are here now").wait_for()
    reader.context.set_offline(True)
    kept = reader.evaluate(
        """async () => {
             const { files } = await (await fetch('_static/everything.json')).json();
             const answers = await Promise.all(files.map((file) => fetch(file)));
             return [files.length, answers.filter(({ ok }) => ok).length];
           }"""
    )
    assert kept[0] == kept[1] > 20
    reader.context.set_offline(False)
    assert "of another site here" in reader.evaluate("() => caches.keys()")
    assert reader.evaluate("() => caches.keys().then((all) => all.length)") == 2


def test_a_browser_that_keeps_nothing_does_not_say_that_it_does(rerouted: Any, site: str) -> None:
    rerouted.goto(f"{site}/yours.html")
    rerouted.get_by_role("button", name="Keep the whole course").click()
    rerouted.get_by_text("This browser keeps no pages here, or not yet").wait_for()


@on_a_phone
def test_what_was_opened_works_without_a_network(reader: Any) -> None:
    reader.wait_for_function(
        "() => navigator.serviceWorker.controller || navigator.serviceWorker.ready.then(() => true)"
    )
    reader.reload()
    reader.locator("#first-demo").scroll_into_view_if_needed()
    reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first.wait_for()
    reader.context.set_offline(True)
    reader.reload()
    reader.locator("#first-demo").scroll_into_view_if_needed()
    slider = reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first
    slider.wait_for()
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    slider.press("End")
    says(reader, before)
    exercise = reader.locator(".cu-exercise").first
    exercise.scroll_into_view_if_needed()
    exercise.get_by_role("button", name="Check").click()
    exercise.get_by_text("the first time it needs a network").wait_for()
    reader.goto(reader.url.replace("notebooks/00_start_here.html", "lab/lab/index.html").split("#")[0])
    reader.get_by_text("notebooks with cells to run need one").wait_for()
    reader.problems.remove(reader.url)  # its answer says that there is no network
    reader.context.set_offline(False)


@pytest.mark.skipif(not LAB, reason="set BROWSER=all to build JupyterLite and to run a notebook in it")
def test_the_notebook_opens_in_jupyterlite_with_everything_in_place(
    browser: Any, site: str, pyodide: Path | None
) -> None:
    """Its demo answers, its check of the environment is content, and nobody but the site is asked."""
    if pyodide is None:
        pytest.skip(GONE)
    asked: list[str] = []
    with new_page(browser, viewport={"width": 1280, "height": 800}) as page:
        page.context.on("request", lambda request: asked.append(request.url))
        run_in_jupyterlite(page, site)
    assert {url for url in asked if not url.startswith((site, "data:", "blob:"))} == set()


def run_in_jupyterlite(page: Any, site: str) -> None:
    page.goto(f"{site}/notebooks/00_start_here.html")
    page.get_by_role("link", name="Open this notebook").click()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    # Before the notebook has a kernel JupyterLab forgets the cells that it is told to run.
    page.wait_for_function("() => document.querySelector('.jp-KernelName')?.textContent.includes('Pyodide')")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    slider = page.locator(".jp-OutputArea .cu-handle [role=slider]:not([hidden])").first
    slider.wait_for()
    picture = page.locator(".jp-OutputArea .cu-art").first
    before = picture.get_attribute("aria-label")
    slider.press("End")
    page.wait_for_function(
        "(text) => document.querySelector('.jp-OutputArea .cu-art').getAttribute('aria-label') !== text",
        arg=before,
    )
    page.get_by_text("Everything needed is installed. Live controls work.").wait_for()
