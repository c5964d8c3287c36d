"""On a machine so busy that widgets load too late for anywidget, live pictures must hear the kernel."""

from __future__ import annotations

from typing import Any

from live_demo import LiveDemo

from course_utils.lessons import softmax as lesson

# What a busy machine does to anywidget: its patience is over before a module is loaded.
IMPATIENT = "const timeout = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = () => timeout(0);"


def test_live_pictures_survive_a_busy_machine(open_notebook: Any) -> None:
    busy = open_notebook("01_softmax.ipynb", init_script=IMPATIENT)
    busy.run_all()
    assert busy.complaints, "the fault was not planted"
    cell = busy.cell("lesson.shift_and_scale_demo")
    cell.get_by_role("button", name="Double").click()
    LiveDemo(busy.page, cell, lesson.shift_and_scale_demo).agrees(factor=2)
