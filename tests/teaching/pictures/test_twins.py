"""What stands on a page without a kernel: an image of the right size, its sentences, and all numbers."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from nbval.plugin import get_sanitize_patterns
from PIL import Image as PillowImage
from samples import CLASSED, GRID, LONG, NAMES, PANELS, XY, X, Y, picture

from course_utils.teaching.live import STORED
from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Rule,
    Table,
    Tiles,
    classes,
)
from course_utils.teaching.pictures import picture as module

SANITIZER = Path(__file__).parents[2] / "nbval_sanitize.cfg"


@pytest.fixture
def in_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "kernel_is_live", lambda: True)


def image_of(html: str) -> tuple[str, bytes]:
    """Return kind and bytes of the one image in a twin."""
    ((kind, data),) = re.findall(r'<img [^>]*src="data:image/([a-z+]+);base64,([^"]+)">', html)
    return kind, base64.b64decode(data)


def test_a_stored_twin_is_an_image_with_words_and_numbers() -> None:
    shown = picture(PANELS["bars"])
    html = shown.to_html()
    assert re.findall(r"<(\w+)", html)[:5] == ["figure", "img", "figcaption", "details", "summary"]
    assert '<img alt="It shows something." width="640" height="250" ' in html
    assert "<figcaption>It shows something.</figcaption>" in html
    assert shown.numbers_html() in html
    kind, png = image_of(html)
    assert kind == "png"
    assert png == shown.png()
    assert PillowImage.open(io.BytesIO(png)).size == (1280, 500)


def test_a_live_kernel_writes_an_svg_of_the_same_size(in_a_kernel: None) -> None:
    shown = picture(PANELS["bars"])
    kind, svg = image_of(shown.to_html())
    assert kind == "svg+xml"
    root = ElementTree.fromstring(svg)
    assert (root.get("width"), root.get("height")) == ("640", "250")
    assert svg.decode() == shown.svg()


def test_a_kernel_whose_outputs_are_stored_paints_pngs(
    in_a_kernel: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STORED, "1")
    assert image_of(picture(PANELS["bars"]).to_html())[0] == "png"


def test_both_images_are_one_to_the_comparison_of_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    ((pattern, replacement),) = get_sanitize_patterns(SANITIZER.read_text("utf-8"))
    stored = picture(PANELS["bars"]).to_html()
    monkeypatch.setattr(module, "kernel_is_live", lambda: True)
    live = picture(PANELS["bars"]).to_html()
    assert stored != live
    assert re.sub(pattern, replacement, stored) == re.sub(pattern, replacement, live)
    other = picture(PANELS["bars"], height=300).to_html()
    assert re.sub(pattern, replacement, other) != re.sub(pattern, replacement, live), "the size is compared"


def test_sentences_are_text_and_no_markup() -> None:
    hostile = '<script>alert(1)</script> "a" & b. More.'
    shown = Picture([PANELS["line"]], hostile)
    assert "<script>" not in shown.to_html()
    assert shown.readout == '<script>alert(1)</script> "a" & b.'
    assert shown.says == hostile
    assert list(shown._repr_mimebundle_()) == ["text/plain", "text/html"]
    assert shown._repr_mimebundle_()["text/plain"] == hostile


def test_marks_named_like_markup_are_written_as_they_are() -> None:
    line = Line("a<b & c", Y, X, color="ink", label="a<b")
    root = ElementTree.fromstring(picture(Panel("x<y", [line], **XY)).svg())
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"x<y", "a<b"} <= set(texts)


# --- Tables ------------------------------------------------------------------------------------------------


def columns(table: Table) -> dict[str, list[Any]]:
    return {name: np.asarray(values).tolist() for name, values in table.columns.items()}


def test_marks_over_the_same_classes_share_a_table() -> None:
    one = Panel("one", [Bars("p", Y, color="logits")], **CLASSED)
    two = Panel("two", [Points("q", Y * 2, color="ink"), Bars("p", Y, color="logits")], **CLASSED)
    (table,) = Picture([one, two], "Two.").tables
    assert columns(table) == {"": NAMES, "p": Y.tolist(), "q": (Y * 2).tolist()}
    assert table.caption == "one; two"


def test_marks_over_another_x_get_a_table_of_their_own() -> None:
    one = Panel("one", [Bars("p", Y, color="logits")], **CLASSED)
    two = Panel("two", [Line("f", Y, X, color="ink"), Line("g", -Y, X, color="muted")], **XY)
    first, second = Picture([one, two], "Two.").tables
    assert list(first.columns) == ["", "p"]
    assert columns(second) == {"x": X.tolist(), "f": Y.tolist(), "g": (-Y).tolist()}


def test_a_table_is_over_one_x_of_one_name() -> None:
    one, other = Line("f", Y, X, color="ink"), Line("g", Y, X + 1, color="ink")
    x, t = Axis("x", 0, 9), Axis("t", 0, 9)
    beside = Picture([Panel("", [one, other], x=x)], "Two.")
    assert [list(table.columns) for table in beside.tables] == [["x", "f"], ["x", "g"]]
    apart = Picture([Panel("", [one], x=x), Panel("", [Line("h", Y, X, color="ink")], x=t)], "Two.")
    assert [list(table.columns) for table in apart.tables] == [["x", "f"], ["t", "h"]]
    alike = Picture([Panel("", [one], x=x), Panel("", [Line("h", Y, X, color="ink")], x=x)], "Two.")
    assert [list(table.columns) for table in alike.tables] == [["x", "f", "h"]]


def test_marks_without_a_name_are_in_no_table() -> None:
    shown = picture(Panel("p", [Line("", [0, 1], [0, 1], color="faint"), Line("f", Y, X, color="ink")], **XY))
    assert list(shown.table.columns) == ["x", "f"]
    assert set(shown.data) == {"x", "f"}


def test_long_columns_are_thinned_out_and_the_caption_says_so() -> None:
    shown = picture(Panel("wave", [Line("f", np.sin(LONG), LONG, color="ink")], **XY))
    table = shown.table
    assert table.caption == "wave (21 of 101 rows)"
    assert columns(table)["x"] == LONG[::5].tolist()
    assert columns(table)["f"] == np.sin(LONG)[::5].tolist()
    assert shown.data["f"].size == 101


@pytest.mark.parametrize(("count", "rows"), [(2, 2), (50, 50), (51, 21), (1000, 21)])
def test_as_many_as_50_rows_are_all_shown(count: int, rows: int) -> None:
    x = np.arange(float(count))
    table = picture(Panel("", [Line("f", x**2, x, color="ink")])).table
    shown = columns(table)["x"]
    assert len(shown) == rows
    assert shown[:1] + shown[-1:] == [0, count - 1]
    assert max(np.diff(shown)) - min(np.diff(shown)) <= 1, "at even steps"
    assert columns(table)["f"] == [at**2 for at in shown]


def test_rows_have_the_names_of_classes_if_there_are_as_many() -> None:
    fewer, more = (Points("p", range(count), color="ink") for count in (3, 5))
    for mark in (fewer, more):
        shown = picture(Panel("", [mark], x=classes(NAMES), y=Axis("", 0, 9))).table
        assert columns(shown)[""] == list(range(mark.y.size))
    places: Any = [0, 1, 2, 3]
    for placed in (Points("p", range(4), places, color="ink"), Band("p", 0, range(4), places, color="ink")):
        shown = picture(Panel("", [placed], x=classes(NAMES), y=Axis("", 0, 9))).table
        assert columns(shown)[""] == places, "not where places are given"


def test_titles_of_a_table_are_told_once_each() -> None:
    line = Line("f", Y, X, color="ink")
    panels = [Panel(title, [line], **XY) for title in ("*f*_0", "", "*f*_0", "again")]
    assert Picture(panels, "Four.").table.caption == "f0; again"
    assert picture(Panel("", [line, Line("g", -Y, X, color="ink")], **XY)).table.caption == "f, g"


def test_what_is_drawn_in_the_plane_is_summed_up() -> None:
    image = Image("f", GRID, x=(0, 4), y=(0, 3), low=0, high=11)
    areas = Polygons("slope", [[[0, 0], [1, 0], [0, 1]]], values=[0.5], low=-1, high=1)
    rule = Rule("threshold", 1.5)
    shown = Picture([Panel("map", [image, areas, rule], **XY)], "Map.", facts={"regions": 7})
    facts = {
        "lowest f": 0.0,
        "highest f": 11.0,
        "lowest slope": 0.5,
        "highest slope": 0.5,
        "threshold": 1.5,
        "regions": 7,
    }
    assert columns(shown.table) == {"": list(facts), "value": list(facts.values())}
    beside = Picture(
        [Panel("map", [image, Line("g", Y, X, color="ink")], **XY)], "Map.", facts={"regions": 7}
    )
    assert dict(beside.table.summary) == {"lowest f": 0.0, "highest f": 11.0, "regions": 7}


def test_more_columns_stand_beside_those_of_the_marks() -> None:
    shown = picture(PANELS["bars"], columns={"odds": [1, 2, 3, 4]})
    assert list(shown.table.columns) == ["", "p", "odds"]
    assert shown.data["odds"] == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="one length"):
        picture(PANELS["bars"], columns={"odds": [1, 2]})


def test_gaps_are_said_in_words() -> None:
    assert picture(PANELS["points, gap"]).table.rows()[1] == ("1", "–")


def test_a_matrix_is_tabulated_row_by_row() -> None:
    tiles = Tiles(
        "J", GRID[:, :2], rows=["*p*_0", "*p*_1", "*p*_2"], columns=["*z*_0", "*z*_1"], low=0, high=9
    )
    table = picture(Panel("J", [tiles])).table
    assert columns(table) == {"": ["p0", "p1", "p2"], "J, z0": [0, 4, 8], "J, z1": [1, 5, 9]}


def test_lying_bars_are_tabulated_by_their_names() -> None:
    assert columns(picture(PANELS["bars, lying"]).table) == {"": NAMES, "p": Y.tolist()}


def test_areas_have_their_edges_in_the_table() -> None:
    band = Panel("band", [Band("b", Y - 1, Y, X, color="ink")], **XY)
    assert list(picture(band).table.columns) == ["x", "b from", "b"]
    area = Panel("area", [Band("b", 0.0, Y, X, color="ink")], **XY)
    assert list(picture(area).table.columns) == ["x", "b"]


def test_a_table_of_ones_own_takes_the_place_of_all() -> None:
    own = Table("own", {"p": [1]})
    shown = picture(PANELS["bars"], table=own)
    assert shown.tables == (own,)
    assert shown.table is own
    assert shown.data["p"].tolist() == Y.tolist(), "the numbers drawn stay known"


def test_a_picture_without_numbers_has_an_empty_table() -> None:
    guide = Panel("guide", [Line("", [0, 1], [0, 1], color="faint")], x=Axis("x", 0, 1), y=classes("ab"))
    assert picture(guide).table.rows() == []
    assert "<table>" in picture(guide).numbers_html()
