"""On a machine so busy that widgets load too late for anywidget, live pictures must hear the kernel."""

from __future__ import annotations

from typing import Any

from live_demo import LiveDemo

from course_utils.lessons import softmax as lesson

# What a busy machine does to anywidget: its patience is over before a module is loaded.
IMPATIENT = "const timeout = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = () => timeout(0);"
# What is left of Plotly where its module does not come at all.
WITHOUT_PLOTLY = """
const createObjectURL = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
    if (blob.size > 1e6) throw new Error('planted: no Plotly');
    return createObjectURL(blob);
};"""


def test_live_pictures_survive_a_busy_machine(open_notebook: Any) -> None:
    busy = open_notebook("01_softmax.ipynb", init_script=IMPATIENT)
    busy.run_all()
    assert busy.complaints, "the fault was not planted"
    cell = busy.cell("lesson.shift_and_scale_demo")
    cell.get_by_role("button", name="Double").click()
    LiveDemo(busy.page, cell, lesson.shift_and_scale_demo).agrees(factor=2)
    plotted = LiveDemo(busy.page, busy.cell("lesson.two_classes_demo"), lesson.two_classes_demo)
    plotted.is_drawn(lesson.two_classes_demo.defaults)
    plotted.view.locator(".cu-buttons button").first.click()
    plotted.is_drawn(plotted.agrees(**first_preset()))


def test_where_plotly_does_not_come_the_image_shows_the_picture(open_notebook: Any) -> None:
    busy = open_notebook("01_softmax.ipynb", init_script=WITHOUT_PLOTLY)
    busy.run_all()
    assert any("planted: no Plotly" in error for error in busy.errors), "the fault was not planted"
    demo = LiveDemo(busy.page, busy.cell("lesson.two_classes_demo"), lesson.two_classes_demo)
    demo.image_shows(demo.demo.at())
    demo.view.locator(".cu-buttons button").first.click()
    demo.image_shows(demo.demo.at(**demo.agrees(**first_preset())))


def first_preset() -> dict[str, Any]:
    return dict(next(iter(lesson.two_classes_demo.presets.values())))
