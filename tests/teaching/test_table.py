"""The numbers of a picture as a table."""

from __future__ import annotations

import re

import numpy as np
import pytest
from html_elements import elements

from course_utils.teaching import Table

TABLE = Table(
    "Numbers p < 1 & more", {"class <i>": ["<cat>", "dog"], "p": np.array([0.25, -0.75])}, {"Σ < 1": 0.5}
)


def check_table(html: str) -> None:
    """Require a caption, and headers that say what they are headers of."""
    captions, headers = elements(html, "caption"), elements(html, "th")
    assert [bool(caption.text.strip()) for caption in captions] == [True]
    assert headers
    assert all(header.attributes.get("scope") in ("col", "row") for header in headers)


def test_a_table_has_a_caption_and_scoped_headers() -> None:
    html = TABLE.to_html()
    check_table(html)
    scopes = [(header.attributes["scope"], header.text) for header in elements(html, "th")]
    assert scopes == [("col", "class <i>"), ("col", "p"), ("row", "<cat>"), ("row", "dog"), ("row", "Σ < 1")]
    assert [cell.text for cell in elements(html, "td")] == ["0.25", "−0.75", "0.5"]
    assert [caption.text for caption in elements(html, "caption")] == ["Numbers p < 1 & more"]


@pytest.mark.parametrize("old", [' scope="row"', ' scope="col"', "<caption>.*</caption>"])
def test_the_check_of_tables_catches_what_is_missing(old: str) -> None:
    with pytest.raises(AssertionError):
        check_table(re.sub(old, "", TABLE.to_html()))


@pytest.mark.parametrize(("columns", "width"), [(1, "1"), (2, "1"), (4, "3")])
def test_a_number_about_the_whole_reaches_across_all_columns_but_the_first(columns: int, width: str) -> None:
    table = Table("", {name: [1] for name in "abcd"[:columns]}, {"sum": 1})
    assert [cell.attributes["colspan"] for cell in elements(table.to_html(), "td")[-1:]] == [width]


def test_text_in_a_table_is_no_markup() -> None:
    assert elements(TABLE.to_html(), "i", "cat") == []


def test_columns_of_different_lengths_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"one length.*'x': 2, 'y': 3"):
        Table("", {"x": [1, 2], "y": [1, 2, 3]})
    with pytest.raises(ValueError, match="one length"):
        Table("", {})


def test_numbers_have_six_digits_unless_more_or_fewer_are_asked_for() -> None:
    assert Table("", {"x": [1 / 3]}, {"sum": 2 / 3}).rows() == [("0.333333",)]
    assert Table("", {"x": [1 / 3]}, digits=2).rows() == [("0.33",)]


@pytest.mark.parametrize("digits", [0, 11])
def test_digits_that_differ_between_processors_are_refused(digits: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 10 digits, not {digits}"):
        Table("", {"x": [1]}, digits=digits)


def test_an_empty_table_is_still_a_table() -> None:
    empty = Table("No crossings", {"x": [], "y": np.array([])})
    assert empty.rows() == []
    check_table(empty.to_html())
