"""Pictures that are data in JupyterLab: the kernel quick, busy or gone; what is stored and what not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import NotebookPage
from figure_pages import BARS, PLANE
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.teaching.live import WIDGET_VIEW

HERE = str(Path(__file__).parent)
IMPORTS = f"import sys\n\nsys.path.insert(0, {HERE!r})\nfrom figure_pages import BARS, PLANE"
VISIBLE = 679  # pixels of a notebook at 1280 x 800 with the file browser open


@pytest.fixture
def open_demo(open_notebook: Any, lab: Any) -> Callable[..., Any]:
    """Return a function that opens and runs a notebook which shows a demo and a picture."""

    def opened(name: str) -> Any:
        cells = [new_markdown_cell("# Pictures"), *map(new_code_cell, (IMPORTS, "BARS", "PLANE.at()"))]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.folder / name)
        notebook = open_notebook(name)
        notebook.run_all()
        return notebook

    return opened


def says(page: Any, figure: Any, text: str) -> None:
    """Wait until a figure says this."""
    art = figure.locator(".cu-art").element_handle()
    same = "([art, text]) => art.getAttribute('aria-label') === text"
    page.wait_for_function(same, arg=[art, text])


@pytest.fixture
def small_desk(desk_beside: NotebookPage) -> Iterator[None]:
    """JupyterLab on the screen of a small notebook."""
    before = desk_beside.page.viewport_size
    desk_beside.page.set_viewport_size({"width": 1280, "height": 800})
    yield
    desk_beside.page.set_viewport_size(before)


@pytest.mark.usefixtures("small_desk")
def test_a_demo_is_seen_at_one_glance_answers_and_begins_anew(open_demo: Any, lab: Any) -> None:
    notebook = open_demo("pictures.ipynb")
    page = notebook.page
    figure = notebook.cell("BARS").locator(".cu-live")
    says(page, figure, BARS.at().says)
    sentence = figure.locator("figcaption > p").first.bounding_box()
    assert sentence["y"] + sentence["height"] - figure.bounding_box()["y"] <= VISIBLE

    slider = figure.get_by_role("slider", name="temperature T", exact=True)
    slider.focus()
    page.keyboard.press("End")
    says(page, figure, BARS.at(T=10).says)
    page.keyboard.press("j")  # in command mode JupyterLab's own
    page.keyboard.press("Home")
    says(page, figure, BARS.at(T=0.1).says)
    figure.get_by_role("button", name="Reset").click()
    says(page, figure, BARS.at().says)

    handle = figure.locator(".cu-handle").nth(1)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20)
    page.mouse.move(x, 1)
    page.mouse.up()
    says(page, figure, BARS.at(z=(2, 4, -1)).says)

    outputs = saved_outputs(page, lab.folder / "pictures.ipynb")
    assert [set(data) for data in outputs] == [{"text/plain", "text/html"}] * 2
    assert [data["text/plain"] for data in outputs] == [BARS.at().says, PLANE.at().says]

    notebook.run("BARS")
    says(page, notebook.cell("BARS").locator(".cu-live"), BARS.at().says)
    assert notebook.errors == []
    assert notebook.foreign_requests == []


def saved_outputs(page: Any, file: Path) -> list[dict[str, Any]]:
    """Save the notebook and return the data of its outputs; on the page, the views stay."""
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    assert page.locator(".cu-live").count() == 2
    stored = nbformat.read(file, 4)
    data = [dict(output.data) for cell in stored.cells for output in cell.get("outputs", [])]
    assert WIDGET_VIEW not in file.read_text(encoding="utf-8")
    return data


def test_a_busy_kernel_is_waited_for_and_a_dead_one_is_told(open_demo: Any, tmp_path: Path) -> None:
    notebook = open_demo("kernels.ipynb")
    page = notebook.page
    go_on = tmp_path / "go_on"
    wait = f"import pathlib, time\n\nwhile not pathlib.Path({str(go_on)!r}).exists():\n    time.sleep(0.01)"
    cell = notebook.cell("PLANE.at()")
    page.evaluate(
        """(source) => {
             const { content } = window.jupyterapp.shell.currentWidget;
             content.activeCell.model.sharedModel.setSource(source);
             window.jupyterapp.commands.execute('notebook:run-cell');
           }""",
        wait,
    )
    cell.locator(".jp-InputPrompt", has_text="*").wait_for()
    figure = notebook.cell("BARS").locator(".cu-live")
    figure.get_by_role("slider", name="temperature T", exact=True).focus()
    page.keyboard.press("End")
    figure.locator(".cu-busy:not([hidden])").wait_for()
    says(page, figure, BARS.at().says)
    page.keyboard.press("Home")
    go_on.touch()
    says(page, figure, BARS.at(T=0.1).says)
    figure.locator(".cu-busy[hidden]").wait_for(state="attached")

    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    page.keyboard.press("End")
    figure.locator(".cu-error", has_text="run this cell again").wait_for()
    says(page, figure, BARS.at(T=0.1).says)
    field = figure.get_by_label("temperature T, exact value")
    assert field.input_value() == "0.1", "the controls say what the picture shows"
