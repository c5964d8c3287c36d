"""The bits of notebook 02 under the keyboard: one Tab stop, arrows from bit to bit, Space to switch."""

from __future__ import annotations

from typing import Any

import pytest
from live_demo import LiveDemo

from course_utils.lessons import numeric_instability as lesson
from course_utils.lessons.numeric_instability import microscope


@pytest.mark.parametrize("live_notebook", ["02_numeric_instability"], indirect=True)
def test_bits_are_named_switched_and_walked_by_keyboard(live_notebook: Any) -> None:
    page = live_notebook.page
    live = LiveDemo(page, live_notebook.cell("lesson.microscope_demo"), lesson.microscope_demo)
    live.view.get_by_role("button", name="Reset", exact=True).click()
    live.agrees(**lesson.microscope_demo.defaults)

    bits = live.view.locator(".cu-bits button")
    assert bits.count() == 32
    assert [bits.nth(i).get_attribute("aria-label") for i in (0, 1, 8, 9, 31)] == [
        "sign bit",
        "exponent bit 7",
        "exponent bit 0",
        "fraction bit 22",
        "fraction bit 0",
    ]
    assert live.view.locator('.cu-bits button[tabindex="0"]').count() == 1

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
