"""The bits of notebook 02 under the keyboard: one Tab stop, arrows from bit to bit, Space to switch."""

from __future__ import annotations

import re
from typing import Any

import pytest
from live_demo import LiveDemo

from course_utils.lessons import numeric_instability as lesson
from course_utils.lessons.numeric_instability import microscope

SIDES = """(buttons) => buttons.flatMap((button) => {
    const { width, height } = button.getBoundingClientRect();
    return [width, height];
})"""


@pytest.mark.parametrize("live_notebook", ["02_numeric_instability"], indirect=True)
def test_bits_are_named_switched_and_walked_by_keyboard(live_notebook: Any) -> None:
    page = live_notebook.page
    live = LiveDemo(page, live_notebook.cell("lesson.microscope_demo"), lesson.microscope_demo)
    live.view.get_by_role("button", name="Reset", exact=True).click()
    live.agrees(**lesson.microscope_demo.defaults)

    bits = live.view.locator(".cu-presses button")
    assert bits.count() == 32
    assert [bits.nth(i).get_attribute("aria-label") for i in (0, 1, 8, 9, 31)] == [
        "sign bit",
        "exponent bit 7",
        "exponent bit 0",
        "fraction bit 22",
        "fraction bit 0",
    ]
    assert live.view.locator('.cu-presses button[tabindex="0"]').count() == 1

    bits.nth(0).focus()
    page.keyboard.press("End")
    page.keyboard.press("Space")
    live.agrees(bits=microscope.bits_of(1 + 2**-23))
    assert bits.nth(31).get_attribute("aria-pressed") == "true"

    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")  # there is nothing further left
    page.keyboard.press("Space")
    live.agrees(bits=microscope.bits_of(-1 - 2**-23))

    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "exponent bit 7"


@pytest.mark.parametrize("live_notebook", ["02_numeric_instability"], indirect=True)
def test_a_bit_is_switched_where_it_is_drawn(live_notebook: Any) -> None:
    live = LiveDemo(live_notebook.page, live_notebook.cell("lesson.microscope_demo"), lesson.microscope_demo)
    live.view.get_by_role("button", name="Reset", exact=True).click()
    live.agrees(**lesson.microscope_demo.defaults)
    last = live.view.locator(".cu-art text", has_text=re.compile("^[01]$")).nth(31).bounding_box()
    live_notebook.page.mouse.click(last["x"] + last["width"] / 2, last["y"] + last["height"] / 2)
    live.agrees(bits=microscope.bits_of(1 + 2**-23))
    smallest = min(live.view.locator(".cu-presses button").evaluate_all(SIDES))
    assert smallest >= 24, f"a finger needs 24 pixels, not {smallest}"
