"""Pictures and tables: one figure, seen as image, sentence and numbers."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from course_utils.teaching import Picture, Table, look


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


def picture(description: str = 'p is 0.25 & q < 0.75. The rest is "quoted".', **changes: Any) -> Picture:
    figure, (axes,) = look.panels(height=200)
    axes.bar([0, 1], [0.25, 0.75], gid="p")
    return Picture(figure, description, TABLE, **changes)


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


def test_the_bundle_without_a_kernel_is_text_and_html() -> None:
    shown = picture()
    bundle = shown._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/plain"] == shown.description
    assert bundle["text/html"] == shown.to_html()


def test_the_static_twin_is_complete() -> None:
    shown = picture()
    page = Outline(shown.to_html())
    ((image, _),) = page.all("img")
    assert image["alt"] == shown.description
    assert (image["width"], image["height"]) == ("640", "200")
    assert page.all("figcaption")[0][1] == shown.description
    png = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
    assert png == shown.png()
    assert [tag for tag, _, _ in page.elements][:5] == ["figure", "img", "figcaption", "details", "summary"]
    assert "</img>" not in shown.to_html()
    assert shown.table.to_html() in shown.to_html()


def test_a_description_is_text_and_no_markup() -> None:
    hostile = '<script>alert(1)</script> "a" & b. *Not* `code`.'
    page = Outline(picture(hostile).to_html())
    assert page.all("script") == []
    assert page.all("figcaption")[0][1] == hostile
    assert page.all("img")[0][0]["alt"] == hostile


def test_the_readout_is_the_first_sentence() -> None:
    assert picture("p is 0.25. More.").readout == "p is 0.25."
    assert picture("One sentence only").readout == "One sentence only"


def test_pixels() -> None:
    shown = picture()
    assert shown.size == (640, 200)
    for ratio in (1, 2):
        image = Image.open(io.BytesIO(shown.png(ratio)))
        assert image.size == (640 * ratio, 200 * ratio)
        assert image.convert("RGBA").getextrema()[3] == (255, 255), "opaque, for the dark theme"
        assert "Software" not in image.info


def test_equal_pictures_are_equal_files_whatever_the_reader_has_set() -> None:
    shown, plain = picture(), picture().png()
    settings = {"savefig.facecolor": "black", "savefig.bbox": "tight", "savefig.pad_inches": 2}
    with mpl.rc_context(settings):
        assert shown.png() == plain


def test_different_pictures_are_different_files() -> None:
    other = picture()
    other.figure.axes[0].patches[0].set_height(0.3)
    assert other.png() != picture().png()


def test_named_data_are_columns_and_arrays() -> None:
    shown = picture(arrays={"curve": np.arange(3)})
    assert list(shown.data) == ["class <i>", "p", "curve"]


def test_plotly_is_not_built_without_a_page() -> None:
    def build() -> Any:
        raise AssertionError("built too early")

    assert list(picture(plotly=build)._repr_mimebundle_()) == ["text/plain", "text/html"]


def test_a_figure_given_as_a_function_is_drawn_once_when_asked_for_in_the_look_of_the_course() -> None:
    drawn = []

    def draw() -> Any:
        drawn.append(mpl.rcParams["axes.grid"])
        return picture().figure

    wanted = look.applied(picture)().png()
    shown = Picture(draw, "p is 0.25.", TABLE)
    assert (shown.readout, drawn) == ("p is 0.25.", [])
    with mpl.rc_context({"axes.grid": False}):
        assert shown.png() == wanted
    assert shown.figure is shown.figure
    assert drawn == [True]
