"""The numbers of a picture as a table."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from course_utils.teaching import Table


class Outline(HTMLParser):
    """The tags of a page in order, each with its attributes and its own text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any], list[str]]] = []
        self._open: list[list[str]] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        text: list[str] = []
        self.elements.append((tag, dict(attrs), text))
        if tag not in ("img", "br"):
            self._open.append(text)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].append(data)

    def all(self, tag: str) -> list[tuple[dict[str, Any], str]]:
        return [(attributes, "".join(text)) for name, attributes, text in self.elements if name == tag]


TABLE = Table(
    "Numbers p < 1 & more", {"class <i>": ["<cat>", "dog"], "p": np.array([0.25, -0.75])}, {"Σ < 1": 0.5}
)


def check_table(html: str) -> None:
    """Require a caption, and headers that say what they are headers of."""
    page = Outline(html)
    assert len(page.all("caption")) == 1
    assert page.all("caption")[0][1].strip()
    assert page.all("th")
    assert all(attributes.get("scope") in ("col", "row") for attributes, _ in page.all("th"))


def test_a_table_has_a_caption_and_scoped_headers() -> None:
    check_table(TABLE.to_html())
    page = Outline(TABLE.to_html())
    scopes = [(attributes["scope"], text) for attributes, text in page.all("th")]
    assert scopes == [("col", "class <i>"), ("col", "p"), ("row", "<cat>"), ("row", "dog"), ("row", "Σ < 1")]
    assert [text for _, text in page.all("td")] == ["0.25", "−0.75", "0.5"]
    assert page.all("caption")[0][1] == "Numbers p < 1 & more"


@pytest.mark.parametrize("old", [' scope="row"', ' scope="col"', "<caption>.*</caption>"])
def test_the_check_of_tables_catches_what_is_missing(old: str) -> None:
    with pytest.raises(AssertionError):
        check_table(re.sub(old, "", TABLE.to_html()))


def test_text_in_a_table_is_no_markup() -> None:
    assert not {tag for tag, _, _ in Outline(TABLE.to_html()).elements} & {"i", "cat"}


def test_columns_of_different_lengths_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"one length.*'x': 2, 'y': 3"):
        Table("", {"x": [1, 2], "y": [1, 2, 3]})
    with pytest.raises(ValueError, match="one length"):
        Table("", {})


@pytest.mark.parametrize("digits", [0, 11])
def test_digits_that_differ_between_processors_are_refused(digits: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 10 digits, not {digits}"):
        Table("", {"x": [1]}, digits=digits)


def test_an_empty_table_is_still_a_table() -> None:
    empty = Table("No crossings", {"x": [], "y": np.array([])})
    assert empty.rows() == []
    check_table(empty.to_html())
