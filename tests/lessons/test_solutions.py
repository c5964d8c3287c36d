"""Every solution that an exercise shows works where a student pastes it: below the cells above its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import mpmath
import pytest
from discovery import declared

from course_utils.classroom.assignment import CHECKS
from course_utils.notebook_files import find_notebooks, read_notebook
from course_utils.notebook_files.files import topic_of
from course_utils.teaching import Exercise, Verdict

NOTEBOOKS = find_notebooks()

pytestmark = pytest.mark.filterwarnings("default")  # a page may show what overflows


def pasted(cells: Sequence[Any]) -> Iterator[tuple[str, Verdict]]:
    """Run code cells from the top; where one checks an attempt, yield the verdict on the solution instead.

    The solution is run as text among the names that the cells above have left. After the last cell each comes
    once more: whoever pastes it then has the names of all cells.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    met: list[str] = []

    def verdict(name: str) -> Verdict:
        exercise, attempt = getattr(names["lesson"], name), dict(names)
        exec(exercise.solution().plain, attempt)
        judged: Verdict = exercise.check(attempt[exercise.name])
        return judged

    for cell in cells:
        if found := CHECKS.search(cell["source"]):
            met.append(found[1])
            yield found[1], verdict(found[1])
        try:
            exec(cell["source"], names)
        except Exception:
            if "raises-exception" not in cell["metadata"].get("tags", []):
                raise
    yield from ((name, verdict(name)) for name in met)


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read_notebook(path.read_bytes())["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_solution_runs_where_it_is_pasted(path: Path) -> None:
    topic = topic_of(path)
    ids = [parameter.id.partition(".") for parameter in declared(Exercise)]
    with mpmath.workprec(mpmath.mp.prec):  # a cell of notebook 02 sets 50 digits, for all tests to come
        judged = list(pasted(code_cells(path)))
    assert {name for name, _ in judged} == {name for lesson, _, name in ids if lesson == topic}
    assert [f"{name}: {verdict!r}" for name, verdict in judged if not verdict] == []


def test_a_solution_that_needs_what_only_its_module_has_is_caught() -> None:
    """As the backward pass did: it called a softmax that was imported far below its cell."""
    (path,) = (path for path in NOTEBOOKS if path.stem == "08_training_a_classifier")
    cells = code_cells(path)
    (imports,) = (cell for cell in cells if cell["id"] == "backward-helper")
    imports["source"] = imports["source"].replace("import softmax", "import softmax as imported_elsewhere")
    judged = dict(pasted(cells[: cells.index(imports) + 3]))
    assert "NameError" in repr(judged["backward_exercise"])
