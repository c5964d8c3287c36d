"""On a machine so busy that widgets load too late for anywidget, live pictures must hear the kernel."""

from __future__ import annotations

from typing import Any

from live_demo import LiveDemo

from course_utils.lessons import start_here as lesson

# What a busy machine does to anywidget: its patience is over before a module is loaded.
IMPATIENT = "const timeout = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = () => timeout(0);"
# What is left of Plotly where its module does not come at all.
WITHOUT_PLOTLY = """
const createObjectURL = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
    if (blob.size > 1e6) throw new Error('planted: no Plotly');
    return createObjectURL(blob);
};"""


# A demo that Plotly draws, with an image to stand in for it.
PLOTTED = """
from course_utils.teaching import Demo, Float, Picture, Table, look

def line(slope):
    figure, (axes,) = look.panels(1, height=160)
    axes.plot([0, 1], [0, slope], gid="x | y")
    trace = {"type": "scatter", "x": [0, 1], "y": [0, slope], "name": "y"}
    table = Table("A line", {"x": [0, 1], "y": [0, slope]})
    return Picture(figure, f"It rises by {slope:g}.", table, plotly=lambda: {"data": [trace], "layout": {}})

slope = Float("slope", "Slope", 0, 9, 1, 1)
line_demo = Demo(line, (slope,), "A line.", "How steep?", {"Steep": {"slope": 7}})
line_demo
"""


def test_live_pictures_survive_a_busy_machine(open_notebook: Any) -> None:
    busy = open_notebook("00_start_here.ipynb", init_script=IMPATIENT)
    busy.run_all()
    assert busy.complaints, "the fault was not planted"
    demo = LiveDemo(busy.page, busy.cell("lesson.exponential_demo"), lesson.exponential_demo)
    demo.is_drawn(demo.demo.defaults)
    demo.is_drawn(first_preset(demo))
    plotted = plotted_in(busy)
    plotted.is_drawn(plotted.demo.defaults)
    plotted.is_drawn(first_preset(plotted))


def test_where_plotly_does_not_come_the_image_shows_the_picture(open_notebook: Any) -> None:
    busy = open_notebook("00_start_here.ipynb", init_script=WITHOUT_PLOTLY)
    busy.run_all()
    plotted = plotted_in(busy)
    plotted.image_shows(plotted.demo.at())
    plotted.image_shows(plotted.demo.at(**first_preset(plotted)))
    assert any("planted: no Plotly" in error for error in busy.errors), "the fault was not planted"


def plotted_in(notebook: Any) -> LiveDemo:
    """Put the demo of Plotly into the place of another."""
    here: dict[str, Any] = {}
    exec(PLOTTED, here)
    notebook.run("lesson.exponential_demo", PLOTTED)
    return LiveDemo(notebook.page, notebook.cell(PLOTTED), here["line_demo"])


def first_preset(demo: LiveDemo) -> dict[str, Any]:
    demo.view.locator(":is(.cu-buttons, .cu-presets) button").first.click()
    return demo.agrees(**next(iter(demo.demo.presets.values())))
