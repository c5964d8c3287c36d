"""On a machine so busy that widgets load too late for anywidget, live pictures must hear the kernel."""

from __future__ import annotations

from typing import Any

from live_demo import LiveDemo

from course_utils.lessons import logsumexp_versus_max as lesson

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
    busy = open_notebook("04_logsumexp_versus_max.ipynb", init_script=IMPATIENT)
    busy.run_all()
    assert busy.complaints, "the fault was not planted"
    for name in ("gap_demo", "surfaces_demo"):  # the second is drawn by Plotly
        demo = LiveDemo(busy.page, busy.cell(f"lesson.{name}"), getattr(lesson, name))
        demo.is_drawn(demo.demo.defaults)
        demo.is_drawn(first_preset(demo))


def test_where_plotly_does_not_come_the_image_shows_the_picture(open_notebook: Any) -> None:
    busy = open_notebook("04_logsumexp_versus_max.ipynb", init_script=WITHOUT_PLOTLY)
    busy.run_all()
    assert any("planted: no Plotly" in error for error in busy.errors), "the fault was not planted"
    demo = LiveDemo(busy.page, busy.cell("lesson.surfaces_demo"), lesson.surfaces_demo)
    demo.image_shows(demo.demo.at())
    demo.image_shows(demo.demo.at(**first_preset(demo)))


def first_preset(demo: LiveDemo) -> dict[str, Any]:
    demo.view.locator(":is(.cu-buttons, .cu-presets) button").first.click()
    return demo.agrees(**next(iter(demo.demo.presets.values())))
