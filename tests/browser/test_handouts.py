"""What is printed has the pages it may have, on the shorter paper; one notebook, weekly all nine, on both."""

from __future__ import annotations

import os
from typing import Any

import pytest
from conftest import new_page

from course_utils.notebook_files import find_notebooks
from course_utils.publish.chapters import chapter_of
from course_utils.publish.handouts import PAGES, documents
from course_utils.publish.paper import PAPERS, count_pages

pytest.importorskip("latex2mathml", reason="formulas on paper need pip install -e .[print]")

FULL = "02"  # its sheet fills its two pages
SHORTER = "Letter"


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.stem)
def test_each_has_the_pages_it_may_have(path: Any, browser: Any) -> None:
    chapter, counts = chapter_of(path), {}
    papers = PAPERS if os.environ.get("BROWSER") == "all" or chapter.number == FULL else [SHORTER]
    with new_page(browser) as page:
        for paper in papers:
            for kind, text in documents(chapter, {}, paper).items():
                page.set_content(text)
                counts[kind, paper] = count_pages(page.pdf(prefer_css_page_size=True))
    assert [each for each in counts if counts[each] > PAGES[each[0]]] == []


def test_a_page_too_many_would_be_seen(browser: Any) -> None:
    text = documents(chapter_of(find_notebooks([FULL])[0]), {})["sheet"]
    with new_page(browser) as page:
        page.set_content(text.replace("<h2>", "<h2>" + 8 * "One more line.<br>"))
        assert count_pages(page.pdf(prefer_css_page_size=True)) > PAGES["sheet"]


def test_an_exponent_stands_at_its_base(browser: Any) -> None:
    with new_page(browser) as page:
        page.set_content(documents(chapter_of(find_notebooks(["04"])[0]), {})["worksheet"])
        gaps = page.locator(".choices sup").evaluate_all(
            """all => {
              const left = (node) => node.getBoundingClientRect().left;
              return all.map((sup) => left(sup) - left(sup.previousSibling));
            }"""
        )
    assert gaps
    assert max(map(abs, gaps)) < 1
