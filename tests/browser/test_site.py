"""The website in Chromium: pages that answer without Python, and with Python in the page."""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE
from pyodide_release import GONE, downloaded
from test_accessibility import violations

from course_utils.lessons.start_here import one_picture_demo
from course_utils.notebook_files import find_notebooks
from course_utils.publish.serving import server
from course_utils.publish.site import build

LAB = os.environ.get("BROWSER") == "all"  # JupyterLite takes long to build and to start: once a week

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sphinx") is None or importlib.util.find_spec("furo") is None,
    reason="the website is built with what pip install -e '.[site]' brings",
)


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Return a folder with the files of Pyodide, or None where they cannot be had."""
    return downloaded(tmp_path_factory.mktemp("pyodide"))


@pytest.fixture(scope="module")
def site(pyodide: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("built") / "site"
    build(out, find_notebooks(["00"]), pyodide, lab=LAB)
    with server(out) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def reader(request: pytest.FixtureRequest, browser: Any, site: str) -> Iterator[Any]:
    """Return an open page that asks nobody but the site for anything, and complains of nothing."""
    options = {"has_touch": True, "is_mobile": True} if request.param == 390 else {}
    context = browser.new_context(viewport={"width": request.param, "height": 800}, **options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.requests, page.problems = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and page.problems.append(answer.url))
    page.goto(f"{site}/notebooks/00_start_here.html")
    page.locator("#first-demo").scroll_into_view_if_needed()  # pieces wait until they are near
    yield page
    assert page.problems == []
    assert {url for url in page.requests if not url.startswith((site, "data:", "blob:"))} == set()
    context.close()


def says(page: Any, text: str) -> None:
    page.wait_for_function(
        "(text) => document.querySelector('#first-demo .cu-art').getAttribute('aria-label') !== text",
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


def test_a_link_leads_another_reader_to_the_same_state(reader: Any, browser: Any) -> None:
    reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first.press("End")
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first.press("Home")
    says(reader, before)
    reader.evaluate(
        "() => { if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(); }"
    )
    reader.locator("#first-demo").get_by_role("button", name="Copy link").click()
    link = reader.get_by_role("link", name="Link to this state").get_attribute("href")
    said = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    with browser.new_context() as other:
        page = other.new_page()
        page.goto(link)
        page.wait_for_function(
            "(text) => document.querySelector('#first-demo .cu-art')?.getAttribute('aria-label') === text",
            arg=said,
        )


def test_a_demo_stands_alone_on_a_page_of_its_own(reader: Any) -> None:
    reader.locator("#first-demo").get_by_role("link", name="Alone on a page").click()
    slider = reader.locator("#first-demo .cu-handle [role=slider]:not([hidden])").first
    slider.wait_for()
    before = reader.locator("#first-demo .cu-art").get_attribute("aria-label")
    slider.press("End")
    says(reader, before)
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(reader) == []


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


def test_an_exercise_is_checked_in_the_page_and_an_endless_loop_is_stopped(
    reader: Any, pyodide: Path | None
) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    exercise = reader.locator(".cu-exercise").first
    exercise.scroll_into_view_if_needed()
    field, verdict = exercise.locator("textarea"), exercise.locator(".cu-verdict")
    field.wait_for()
    stub = field.input_value()
    name = stub.split("(")[0].removeprefix("def ")

    def check(body: str) -> None:
        field.fill(f"def {name}(z):\n    {body}\n")
        exercise.get_by_role("button", name="Check").click()

    check("return np.exp(z)")
    verdict.get_by_text("checks passed").wait_for()
    check("while True: pass")
    exercise.get_by_role("button", name="Stop").click()
    verdict.get_by_text("Nothing you wrote is lost").wait_for()
    check("return np.exp(z).sum()")
    verdict.get_by_text("checks passed. You can").wait_for()
    reader.reload()
    exercise.scroll_into_view_if_needed()
    field.wait_for()
    assert "np.exp(z).sum()" in reader.locator(".cu-exercise textarea").first.input_value()


def test_a_state_that_was_not_recorded_is_computed_in_the_page(reader: Any, pyodide: Path | None) -> None:
    if pyodide is None:
        pytest.skip(GONE)
    demo = reader.locator("#first-demo")
    sliders = demo.locator(".cu-handle [role=slider]:not([hidden])")
    sliders.first.wait_for()
    sliders.nth(0).press("End")
    sliders.nth(1).press("Home")
    reader.get_by_text("every state is computed now").wait_for()
    sliders.nth(0).press("End")
    sliders.nth(1).press("Home")
    control = one_picture_demo.controls[0]
    z = (control.high, control.low, *control.default[2:])
    reader.wait_for_function(
        "(text) => document.querySelector('#first-demo .cu-art').getAttribute('aria-label') === text",
        arg=one_picture_demo.at(z=z).says,
    )


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
    reader.context.set_offline(False)


@pytest.mark.skipif(not LAB, reason="set BROWSER=all to build JupyterLite and to run a notebook in it")
def test_the_notebook_opens_in_jupyterlite_with_everything_in_place(
    browser: Any, site: str, pyodide: Path | None
) -> None:
    """Its demo answers, its check of the environment is content, and nobody but the site is asked."""
    if pyodide is None:
        pytest.skip(GONE)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/notebooks/00_start_here.html")
    page.get_by_role("link", name="Open this notebook").click()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
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
    assert {url for url in asked if not url.startswith((site, "data:", "blob:"))} == set()
    context.close()
