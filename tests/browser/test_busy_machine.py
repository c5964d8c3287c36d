"""On a machine so busy that widgets load too late for anywidget, live pictures must hear the kernel."""

from __future__ import annotations

from typing import Any

from live_demo import LiveDemo

from course_utils.lessons import start_here as lesson

# What a busy machine does to anywidget: its patience is over before a module is loaded.
IMPATIENT = """() => {
  window.timeout = AbortSignal.timeout;
  AbortSignal.timeout = () => window.timeout.call(AbortSignal, 0);
}"""
PATIENT = "() => { AbortSignal.timeout = window.timeout; }"  # the page is open for other tests, too


def test_live_pictures_survive_a_busy_machine(open_notebook: Any) -> None:
    busy = open_notebook("00_start_here.ipynb")
    busy.page.evaluate(IMPATIENT)
    try:
        busy.run_all()
        assert busy.complaints, "the fault was not planted"
        demo = LiveDemo(busy.page, busy.cell("lesson.exponential_demo"), lesson.exponential_demo)
        demo.is_drawn(demo.demo.defaults)
        demo.is_drawn(first_preset(demo))
    finally:
        busy.page.evaluate(PATIENT)


def first_preset(demo: LiveDemo) -> dict[str, Any]:
    demo.view.locator(".cu-presets button").first.click()
    return demo.agrees(**next(iter(demo.demo.presets.values())))
