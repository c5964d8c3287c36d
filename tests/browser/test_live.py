"""Every notebook as a whole: it runs clean and alone, shows nothing untested, and is stored as a static page.

Its single objects are tested in ``test_live_demos.py`` and ``test_live_words.py``.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import NotebookPage, opened_notebook, opened_tab, running_lab
from shown import all_shown

from course_utils.notebook_files import NOTEBOOKS as FOLDER
from course_utils.notebook_files import read_notebook
from course_utils.notebook_files.predictions import is_hidden
from course_utils.teaching import Demo, Derivation, Exercise, Question
from course_utils.teaching.answers import FILE
from course_utils.teaching.keep_answers import KeepAnswers

TESTED = (Demo, Question, Exercise, Derivation, KeepAnswers)
CHECK = "EnvironmentCheck()"
# The source of each cell whose outputs JupyterLab hides.
HIDDEN = """() => (window.jupyterapp?.shell.currentWidget?.content.widgets ?? [])
  .filter((cell) => cell.outputHidden).map((cell) => cell.model.sharedModel.getSource())"""
NO_TWIN = ("Error displaying widget", "Loading widget")


@pytest.mark.every_notebook
def test_the_page_runs_clean_and_alone(live_notebook: Any) -> None:
    assert live_notebook.errors == []
    assert live_notebook.foreign_requests == []


def test_errors_and_requests_are_noticed(open_notebook: Any) -> None:
    planted = "console.error('planted'); fetch('https://example.org/').catch(() => {})"
    notebook = open_notebook("00_start_here.ipynb", init_script=planted)
    notebook.page.wait_for_function("() => window.jupyterapp")
    assert "planted" in notebook.errors
    assert "https://example.org/" in notebook.foreign_requests


def test_a_port_that_another_process_has_taken_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr("conftest.free_port", lambda: taken.getsockname()[1])
        with pytest.raises(pytest.fail.Exception, match="is not available"), running_lab(tmp_path):
            pass


@pytest.mark.every_notebook
def test_no_widget_goes_untested(live_notebook: Any) -> None:
    live = live_notebook.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
             .filter((cell) => cell.node.querySelector('.jp-OutputArea .jupyter-widgets:not(:has(progress))'))
             .map((cell) => cell.model.sharedModel.getSource())"""
    )
    tested = {source for _, source, shown in all_shown() if isinstance(shown, TESTED)}
    assert live
    assert {source for source in live if not source.endswith(CHECK)} <= tested


@pytest.mark.every_notebook
def test_no_question_has_a_scrollbar(live_notebook: Any) -> None:
    """A box that is a pixel too high shows one, beside a question that is seen whole."""
    too_high = """() => [...document.querySelectorAll('.cu-form')]
      .filter((form) => form.scrollHeight > form.clientHeight || form.scrollWidth > form.clientWidth)
      .map((form) => form.innerText.slice(0, 60))"""
    assert live_notebook.page.locator(".cu-form").count() > 0
    assert live_notebook.page.evaluate(too_high) == []


@pytest.mark.every_notebook
def test_no_line_of_prose_is_wider_than_one_reads(live_notebook: Any) -> None:
    widths = """() => [...document.querySelectorAll('.jp-RenderedMarkdown > :is(p, ul, ol, blockquote)')]
      .map((node) => {
        const letters = document.createElement('span');
        letters.textContent = '0'.repeat(75);
        letters.style.position = 'absolute';
        node.append(letters);
        const limit = letters.getBoundingClientRect().width;
        letters.remove();
        return parseFloat(getComputedStyle(node).width) / limit; // without the indent of a list
      })"""
    widest = max(live_notebook.page.evaluate(widths))
    assert 0.99 < widest < 1.01, "many sentences are longer than a line"


@pytest.mark.parametrize("live_notebook", ["04_logsumexp_versus_max"], indirect=True)
def test_formulas_wait_until_they_can_have_their_size(live_notebook: Any) -> None:
    """JupyterLab fills a widget out of sight, too; formulas that are set then are a fifth too small."""
    cell = live_notebook.cell("lesson.lower_proof")
    cell.locator(".cu-derivation").evaluate("(before) => { before.className = 'before'; }")
    run_unseen = """async (node) => {
        const { commands, shell } = window.jupyterapp, notebook = shell.currentWidget.content.node;
        notebook.style.display = 'none';
        await commands.execute('notebook:run-cell');
        while (!node.querySelector('.cu-derivation')) await new Promise(requestAnimationFrame);
        await new Promise((done) => setTimeout(done, 300));
        notebook.style.display = '';
    }"""
    cell.evaluate(run_unseen)
    live_notebook.cell("lesson.lower_proof").locator(".cu-derivation tbody mjx-container").first.wait_for()
    sizes = "(all) => [...new Set(all.map((one) => one.style.fontSize))]"
    of_letters = live_notebook.page.locator(".jp-RenderedMarkdown mjx-container").evaluate_all(sizes)
    assert cell.locator("mjx-container").evaluate_all(sizes) == of_letters != [""]


@pytest.mark.every_notebook
def test_running_all_reveals_every_answer(live_notebook: Any) -> None:
    assert live_notebook.page.evaluate(HIDDEN) == []


def test_an_answer_waits_until_its_cell_is_run(open_notebook: Any) -> None:
    stored = read_notebook((FOLDER / "00_start_here.ipynb").read_bytes())
    waiting = [cell["source"] for cell in stored["cells"] if is_hidden(cell)]
    notebook = open_notebook("00_start_here.ipynb")
    page = notebook.page
    page.wait_for_function(f"() => ({HIDDEN})().length")
    assert page.evaluate(HIDDEN) == waiting
    first, *others = waiting
    for source in waiting:
        cell = notebook.cell(source)
        assert cell.locator(".jp-OutputPlaceholder").text_content() == ""  # not the first line of the answer
        assert cell.locator(".jp-OutputArea-output").count() == 0
    notebook.wait_for_kernel()
    for source in ("import numpy as np", first):
        notebook.cell(source).press("Shift+Enter")  # as students do
    notebook.cell(first).locator(".jp-OutputArea-output").wait_for()
    assert page.evaluate(HIDDEN) == others


@pytest.mark.parametrize("live_notebook", ["00_start_here"], indirect=True)
def test_page_and_kernel_answer_each_other(live_notebook: Any) -> None:
    live_notebook.cell(CHECK).get_by_text("Live controls work.").wait_for()


@pytest.mark.parametrize("live_notebook", ["00_start_here"], indirect=True)
def test_answers_are_kept_once_a_student_says_so_and_only_then(live_notebook: Any, lab: Any) -> None:
    cell, file = live_notebook.cell("lesson.keep_answers"), lab.folder / FILE

    def press(button: str, said: str) -> None:
        cell.get_by_role("button", name=button).click()
        cell.get_by_text(said).first.wait_for(state="attached")

    press("Show what is kept", "Nothing is kept.")
    assert not file.exists()
    press("Keep my answers", "From now on your answers are kept in")
    assert file.exists()
    press("Show what is kept", "holds nothing yet")
    press("Delete it", "Nothing is kept any more.")
    assert not file.exists()


def test_a_saved_notebook_opens_with_its_static_twins(live_notebook: Any, lab: Any) -> None:
    page = live_notebook.page
    widgets = page.locator(".jp-OutputArea .jupyter-widgets").count()
    with opened_again(live_notebook, lab.folder) as outputs:
        assert [text for text in outputs if text.startswith(NO_TWIN)] == []
        for shown, element in twins(live_notebook):
            assert element.text_content().strip()
            if isinstance(shown, Demo):
                assert element.query_selector("figure img").get_attribute("alt") == shown.at().says
    assert page.locator(".jp-OutputArea .jupyter-widgets").count() == widgets, "saving changed the live page"


@pytest.fixture(scope="module")
def run_notebook(desk_beside: NotebookPage, lab: Any) -> Iterator[NotebookPage]:
    """A notebook that was run, for the tests of what is stored of it."""
    with opened_tab(desk_beside, lab.fresh("00_start_here.ipynb")) as notebook:
        notebook.run_all()
        yield notebook


def test_a_progress_bar_is_seen_and_not_stored(run_notebook: NotebookPage, lab: Any) -> None:
    notebook = run_notebook
    slow = (
        "from course_utils.teaching.progress import with_progress\n"
        "print(*with_progress('ab', total=2, label='Counting', patience=-1))"
    )
    notebook.run(CHECK, slow)
    bar = notebook.cell(slow).get_by_role("progressbar", name="Counting")
    bar.wait_for()
    notebook.cell(slow).get_by_text("2 of 2").wait_for()
    with opened_again(notebook, lab.folder) as outputs:
        assert "a b\n" in outputs
        assert [text for text in outputs if text.startswith(NO_TWIN)] == []
    assert bar.count() == 1, "saving changed the live page"


def test_a_stored_view_is_noticed(run_notebook: NotebookPage, lab: Any, browser: Any) -> None:
    """The last test of this notebook, which stores no twins from here on."""
    run_notebook.page.evaluate("() => { delete window.jupyterapp.shell.currentWidget.context.model.toJSON; }")
    copy = copy_of_stored(run_notebook, lab.folder)
    # A page of its own: JupyterLab looks for each lost view two more seconds before it complains.
    with opened_notebook(lab, browser, copy) as opened:
        opened.wait_for_kernel()
        assert any(text.startswith(NO_TWIN) for text in shown_outputs(opened.page))


@contextlib.contextmanager
def opened_again(notebook: Any, folder: Path) -> Iterator[list[str]]:
    """Save the page and open a copy of what was stored beside it; yield the text of each output."""
    page = notebook.page
    copy = copy_of_stored(notebook, folder)
    before = page.evaluate("() => window.jupyterapp.shell.currentWidget.id")
    page.evaluate(
        """async (path) => {
             const opened = await window.jupyterapp.commands.execute('docmanager:open', { path });
             await opened.context.ready;
           }""",
        copy,
    )
    try:
        yield shown_outputs(page)
    finally:
        page.evaluate(
            """async (before) => {
                 const { shell } = window.jupyterapp, opened = shell.currentWidget;
                 await opened.context.sessionContext.ready;
                 await opened.context.sessionContext.shutdown();
                 opened.close();
                 shell.activateById(before);
               }""",
            before,
        )


def copy_of_stored(notebook: Any, folder: Path) -> str:
    """Save the page; return the name of a copy of what was stored."""
    name = notebook.page.evaluate(
        """async () => {
             await window.jupyterapp.commands.execute('docmanager:save');
             return window.jupyterapp.shell.currentWidget.context.path;
           }"""
    )
    shutil.copy(folder / name, folder / f"stored_{name}")
    return f"stored_{name}"


def shown_outputs(page: Any) -> list[str]:
    """Return the text of each output of the open notebook, as soon as all have any."""
    page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
             .filter((cell) => cell.model.outputs?.length)
             .every((cell) => cell.node.querySelector('.jp-OutputArea-output')?.textContent)"""
    )
    texts: list[str] = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
             .flatMap((cell) => [...cell.node.querySelectorAll('.jp-OutputArea-output')])
             .map((output) => output.textContent)"""
    )
    return texts


def twins(notebook: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each object that the notebook shows, with the element that shows it on the current tab."""
    name = notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    for stem, source, shown in all_shown():
        if name.endswith(f"{stem}.ipynb") and isinstance(shown, TESTED):
            handle = notebook.page.evaluate_handle(
                """(source) => window.jupyterapp.shell.currentWidget.content.widgets
                     .find((cell) => cell.model.sharedModel.getSource() === source)
                     .node.querySelector('.jp-OutputArea-output')""",
                source,
            )
            yield shown, handle.as_element()
