"""Figures that a reader plotted, in JupyterLab: seen once, with words, and Plotly's never blank."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import PATIENCE, Lab, NotebookPage, opened_tab
from test_accessibility import violations

MATPLOTLIB = """
import matplotlib.pyplot as plt
from course_utils.teaching import described

figure, axes = plt.subplots()
axes.plot([0, 1, 2], [0, 1, 4])
described(figure, "From 0 to 4.")
"""
PLOTLY = """
import plotly.graph_objects as go
from course_utils.teaching import described

figure = go.Figure(go.Surface(z=[[0, 1], [2, 3.5]]))
described(figure, "f reaches 3.5.")
"""
TWIN = "figure img[alt='f reaches 3.5.']"
DRAWN = ".cu-plot [role=group][aria-label='f reaches 3.5.'] .plot-container canvas"
OURS = [".cu-plot", ".jp-OutputArea-output figure"]


@pytest.fixture(scope="module")
def notebook(desk_beside: NotebookPage, lab: Lab) -> Iterator[NotebookPage]:
    """One for all tests: each plots in a cell of its own."""
    with opened_tab(desk_beside, lab.fresh("00_start_here.ipynb")) as opened:
        opened.wait_for_kernel()
        yield opened


def test_a_figure_of_matplotlib_is_seen_once_with_its_words(notebook: NotebookPage) -> None:
    notebook.run("lesson.one_picture_demo", MATPLOTLIB)
    cell = notebook.cell(MATPLOTLIB)
    cell.locator("figcaption", has_text="From 0 to 4.").wait_for()
    assert cell.locator(".jp-OutputArea-output").count() == 1
    assert cell.locator("img").count() == 1
    assert violations(notebook.page, OURS) == []


def test_plotly_draws_over_the_twin_and_shares_nothing(notebook: NotebookPage) -> None:
    notebook.run("lesson.exponential_demo", PLOTLY)
    cell = notebook.cell(PLOTLY)
    cell.locator(DRAWN).first.wait_for(timeout=PATIENCE)
    cell.locator(TWIN).wait_for(state="hidden")
    assert cell.locator("figcaption", has_text="f reaches 3.5.").is_visible()
    assert cell.locator(".plot-container button, .modebar-btn").count() == 0  # none shares, and Tab goes past
    assert violations(notebook.page, OURS) == []
    assert notebook.foreign_requests == []
    assert notebook.errors == []
    # What is stored is the twin alone.
    stored = notebook.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
             .flatMap(cell => cell.outputs ?? []).map(output => Object.keys(output.data ?? {}))
             .filter(kinds => kinds.includes('application/vnd.plotly.v1+json')
                           || kinds.includes('application/vnd.jupyter.widget-view+json'))"""
    )
    assert stored == []


def test_where_plotly_does_not_come_the_twin_stays(notebook: NotebookPage) -> None:
    again = f"{PLOTLY}# again"
    notebook.page.evaluate(WITHOUT_PLOTLY)
    try:
        notebook.run("lesson.sum_exercise", again)
        cell = notebook.cell(again)
        cell.locator(TWIN).wait_for()
        assert notebook.page.evaluate("() => window.asked") > 0, "the fault was not planted"
        assert cell.locator(TWIN).is_visible()
        assert cell.locator(".plot-container").count() == 0
    finally:
        notebook.page.evaluate("() => { Array.prototype.includes = window.includes; }")


# A page without a renderer for Plotly's figures, as other than JupyterLab's often are.
WITHOUT_PLOTLY = """() => {
  const includes = Array.prototype.includes;
  Object.assign(window, { asked: 0, includes });
  Array.prototype.includes = function (item, ...rest) {
    if (item === 'application/vnd.plotly.v1+json') { window.asked += 1; return false; }
    return includes.call(this, item, ...rest);
  };
}"""
