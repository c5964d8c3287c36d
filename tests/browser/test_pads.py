"""Images that are painted on, in a browser without Jupyter: by mouse, finger and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from figure_pages import FigurePage, figure_page

BLANK = "0" * 48  # 6 rows of 8 pixels


@pytest.fixture
def open_pad(browser: Any) -> Iterator[Callable[..., FigurePage]]:
    """Return a function that opens the pad for one test."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(figure_page(browser, "pad", **options))


def black(*pixels: tuple[int, int]) -> str:
    return "".join("1" if divmod(i, 8) in pixels else "0" for i in range(48))


def place(page: Any, row: int, column: int) -> tuple[float, float]:
    """Return where the middle of a pixel is, in pixels of the window."""
    box = page.locator(".cu-pad canvas").bounding_box()
    return box["x"] + (column + 0.5) * box["width"] / 8, box["y"] + (row + 0.5) * box["height"] / 6


def on_the_pad(page: Any) -> str:
    """Read what the pad shows, pixel by pixel."""
    text: str = page.evaluate(
        """() => { const canvas = document.querySelector('.cu-pad canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const bits = Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i] < 128 ? '1' : '0'));
        return bits.join(''); }"""
    )
    return text


def test_a_stroke_of_the_mouse_blackens_what_is_under_the_pen(open_pad: Any) -> None:
    opened = open_pad()
    page = opened.page
    assert on_the_pad(page) == black((0, 0)), "the first row is on top"
    page.mouse.move(*place(page, 2, 1))
    page.mouse.down()
    page.mouse.move(*place(page, 2, 4))
    page.mouse.move(*place(page, 5, 4))
    page.mouse.up()
    page.mouse.move(*place(page, 0, 7))  # the pen is up
    drawn = black((0, 0), (2, 1), (2, 2), (2, 3), (2, 4), (3, 4), (4, 4), (5, 4))
    opened.shows(ink=drawn)
    assert opened.values == {"ink": drawn}
    assert on_the_pad(page) == drawn


def test_the_pad_follows_before_any_answer(open_pad: Any) -> None:
    opened = open_pad()
    page = opened.page
    page.evaluate("() => { window.held = true; }")
    page.mouse.move(*place(page, 5, 0))
    page.mouse.down()
    page.mouse.move(*place(page, 5, 7), steps=9)
    assert on_the_pad(page) == black((0, 0), *((5, column) for column in range(8)))
    page.mouse.up()
    page.evaluate("() => window.letGo()")


def test_a_finger_draws_and_does_not_scroll(open_pad: Any) -> None:
    opened = open_pad(has_touch=True, viewport={"width": 390, "height": 800})
    page = opened.page
    assert page.locator(".cu-pad canvas").evaluate("(pad) => getComputedStyle(pad).touchAction") == "none"
    page.touchscreen.tap(*place(page, 3, 3))
    opened.shows(ink=black((0, 0), (3, 3)))


def test_keys_move_a_pen_that_is_down_or_up(open_pad: Any) -> None:
    opened = open_pad()
    page = opened.page
    pad = page.get_by_role("application")
    pad.focus()
    for key in ("ArrowUp", " ", "ArrowLeft", "ArrowLeft", " ", "ArrowLeft"):
        page.keyboard.press(key)
    drawn = black((0, 0), (2, 4), (2, 3), (2, 2))
    opened.shows(ink=drawn)
    assert page.locator(".cu-pad [role=status]").text_content() == "Pen up, row 3, column 2"
    page.keyboard.press("Escape")
    opened.shows(ink=black((0, 0)))
    page.keyboard.press("Delete")
    opened.shows(ink=BLANK)
    page.keyboard.press("Escape")
    opened.shows(ink=black((0, 0)))


def test_wiping_leaves_nothing_to_wipe(open_pad: Any) -> None:
    opened = open_pad()
    wipe = opened.page.get_by_role("button", name="Wipe")
    wipe.click()
    opened.shows(ink=BLANK)
    assert wipe.is_disabled()
    opened.page.get_by_role("button", name="All black").click()
    opened.shows(ink="1" * 48)
    assert on_the_pad(opened.page) == "1" * 48
