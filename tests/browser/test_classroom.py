"""The pages of a class in Chromium: opened as files, alone, in light and dark, on a desk and in a hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import synthetic_class
from conftest import new_page
from painted_parts import color_in
from test_accessibility import open_all_details, violations

from course_utils.__main__ import main
from course_utils.classroom.report_page import report_page
from course_utils.classroom.summary import summarize

PAGES = ("report", "form-A", "key", "gain")
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})
ZOOMED = {"width": 320, "height": 256}  # CSS pixels of a window of 1280 by 1024 at 400 % (WCAG 1.4.10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("class")
    main(["concept-test", "--out", str(made)])
    summary = summarize(synthetic_class.records(60), synthetic_class.answers(30))
    (made / "report.html").write_text(report_page(summary), encoding="utf-8")
    return made


@pytest.fixture(params=PAGES)
def opened(request: pytest.FixtureRequest, browser: Any, folder: Path) -> Iterator[Any]:
    asked: list[str] = []
    complaints: list[str] = []
    with new_page(browser, viewport=SIZES[0]) as page:
        page.on("request", lambda one: asked.append(one.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((folder / f"{request.param}.html").as_uri())
        if request.param == "gain":
            page.get_by_role("button", name="Show an invented class").click()
            assert "normalized gain" in page.locator("#said").inner_text()
            assert "24 students wrote the same form twice." in page.locator("#said").inner_text()
            page.locator("#table").fill("code\n")
            page.get_by_role("button", name="Compute the gain").click()
            assert "the first row must be code,form,when" in page.locator("#said").inner_text()
            page.get_by_role("button", name="Show an invented class").click()
        yield page
        assert [url for url in asked[1:] if not url.startswith("data:")] == []
        assert complaints == []


def test_a_page_can_be_read_everywhere(opened: Any) -> None:
    open_all_details(opened)
    for scheme, size in zip(("light", "dark"), SIZES, strict=True):
        opened.emulate_media(color_scheme=scheme)
        opened.set_viewport_size(size)
        assert violations(opened) == [], (scheme, size)
        assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"]
    opened.set_viewport_size(ZOOMED)
    assert opened.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]


def test_pictures_follow_the_theme_and_the_width(browser: Any, folder: Path) -> None:
    with new_page(browser, viewport=SIZES[0], color_scheme="dark") as page:
        page.goto((folder / "report.html").as_uri())
        paper = page.locator("figure svg.wide > rect").first
        fill = "node => getComputedStyle(node).fill"
        assert paper.evaluate(fill) == "rgb(17, 20, 23)"
        page.emulate_media(color_scheme="light")
        assert paper.evaluate(fill) == "rgb(255, 255, 255)"
        for size, shown in zip(SIZES, ("wide", "narrow"), strict=True):
            page.set_viewport_size(size)
            classes = page.evaluate(
                "() => [...document.querySelectorAll('figure svg')]"
                ".filter((one) => one.getBoundingClientRect().width > 0).map((one) => one.classList[0])"
            )
            assert set(classes) == {shown}


def test_bars_of_the_gain_stay_where_backgrounds_are_taken_away(browser: Any, folder: Path) -> None:
    with new_page(browser, viewport=SIZES[0], forced_colors="active") as page:
        page.goto((folder / "gain.html").as_uri())
        page.get_by_role("button", name="Show an invented class").click()
        bars = page.locator(".bars").first
        before, after, beside = (color_in(node) for node in (*bars.locator("span").all(), page.locator("h1")))
        assert len({before, after, beside}) == 3
        printed = "nodes => nodes.map((node) => getComputedStyle(node).webkitPrintColorAdjust)"
        assert set(page.locator(".bars span").evaluate_all(printed)) == {"exact"}
