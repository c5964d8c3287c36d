"""Every page, run from the top: solutions work where they are pasted, and what cells draw is what is stored.

An image that a cell makes itself, by `described` or a function of the lesson, is drawn by no declared object:
test_stored_pictures cannot meet it.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
import mpmath
import pytest
from discovery import declared, named
from matplotlib.figure import Figure
from stored_images import REFRESH, difference, images_in, letters_of, stored, stored_with, uncertain

from course_utils.classroom.assignment import CHECKS
from course_utils.notebook_files import find_notebooks, read_notebook
from course_utils.notebook_files.files import topic_of
from course_utils.teaching import Demo, Exercise, Picture, Verdict
from course_utils.teaching.live import STORED
from course_utils.teaching.plots import plotly_figures
from course_utils.teaching.plots.described import Described

NOTEBOOKS = find_notebooks()
# Figures of Matplotlib are stored as this version makes them; another one puts axes and ticks elsewhere, and
# is held to their sizes only. Raise it when you refresh the notebooks with a newer one.
PLOTS_OF = "3.11."

pytestmark = pytest.mark.filterwarnings("default")  # a page may show what overflows


@dataclass
class Ran:
    """What the code cells of a page did.

    Parameters
    ----------
    judged : list of (str, Verdict)
        Each exercise with the verdict on its solution, where an attempt is checked and after the last cell.
    differences : dict
        Where an image that a cell shows, and no object of the lesson draws, is not the stored one; by its
        sentences.
    """

    judged: list[tuple[str, Verdict]] = field(default_factory=list)
    differences: dict[str, str] = field(default_factory=dict)


def ran(cells: Sequence[Any]) -> Ran:
    """Run code cells from the top, and at each that checks an attempt the solution as text in its place.

    The solution is run among the names that the cells above have left. After the last cell each comes once
    more: whoever pastes it then has the names of all cells.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    result = Ran()

    def judge(name: str) -> None:
        exercise, attempt = getattr(names["lesson"], name), dict(names)
        exec(exercise.solution().plain, attempt)
        result.judged.append((name, exercise.check(attempt[exercise.name])))

    for cell in cells:
        if found := CHECKS.search(cell["source"]):
            judge(found[1])
        try:
            shown = shown_by(cell["source"], names)
        except Exception:
            if "raises-exception" not in cell["metadata"].get("tags", []):
                raise
        else:
            result.differences |= differences(shown, names.get("figure"))
    for name in dict(result.judged):
        judge(name)
    return result


def shown_by(source: str, names: dict[str, Any]) -> Any:
    """Run a cell, and return what it shows: the value of its last line, if that is an expression."""
    body = ast.parse(source).body
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        exec(source, names)
        return None
    exec(compile(ast.Module(body[:-1], []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def differences(shown: Any, figure: Any) -> dict[str, str]:
    """Compare an image that a cell shows with the stored one that has the same sentences."""
    if isinstance(shown, Described) and isinstance(figure, Figure):
        (new,) = images_in(shown.html)
        if not matplotlib.__version__.startswith(PLOTS_OF):
            return {new.says: "" if new.size == stored_with(new.says).size else "its size is another"}
        unsure = list(letters_of(figure))
    elif isinstance(shown, Described):
        (new,) = images_in(shown.html)
        unsure = list(uncertain(plotly_figures.picture(plotly_figures.read(figure), new.says).spec()))
    elif isinstance(shown, Picture) and shown.says not in drawn_by_lessons():
        (new,), unsure = images_in(shown.to_html()), list(uncertain(shown.spec()))
    else:
        return {}
    return {new.says: difference(new.image, stored_with(new.says), unsure)}


@functools.cache
def drawn_by_lessons() -> set[str]:
    """The sentences of what test_stored_pictures compares."""
    return {one.at().says for one in named(Demo).values()} | {one.says for one in named(Picture).values()}


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read_notebook(path.read_bytes())["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_shows_what_is_stored_and_each_solution_runs_where_it_is_pasted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both in one test: the page is run once."""
    monkeypatch.setenv(STORED, "1")
    topic = topic_of(path)
    ids = [parameter.id.partition(".") for parameter in declared(Exercise)]
    with mpmath.workprec(mpmath.mp.prec):  # a cell of notebook 02 sets 50 digits, for all tests to come
        found = ran(code_cells(path))
    assert {name for name, _ in found.judged} == {name for lesson, _, name in ids if lesson == topic}, (
        "each exercise of the lesson, and nothing else, needs a cell with `lesson.NAME.check(FUNCTION)`"
    )
    failed = [f"{name}: {verdict!r}" for name, verdict in found.judged if not verdict]
    assert not failed, "pasted over the attempt, the solution fails:\n" + "\n".join(failed)
    here = {says: cell for says, (page, cell, _) in stored().items() if page == path.stem}
    assert found.differences.keys() == here.keys() - drawn_by_lessons(), (
        f"cells show other pictures than are stored: {REFRESH}"
    )
    other = [f"{here[says]}: {told}" for says, told in found.differences.items() if told]
    assert not other, f"{'; '.join(other)}. If what is drawn now is right, {REFRESH}"


def test_a_solution_that_needs_what_only_its_module_has_is_caught() -> None:
    """As the backward pass did: it called a softmax that was imported far below its cell."""
    (path,) = (path for path in NOTEBOOKS if path.stem == "08_training_a_classifier")
    cells = code_cells(path)
    (imports,) = (cell for cell in cells if cell["id"] == "backward-helper")
    imports["source"] = imports["source"].replace("import softmax", "import softmax as imported_elsewhere")
    judged = dict(ran(cells[: cells.index(imports) + 3]).judged)
    assert "NameError" in repr(judged["backward_exercise"])
