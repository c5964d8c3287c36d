"""The steps of nbgrader that this course replaces, through nbgrader's own configuration.

`Collector` finds whose a file is. Of the autograder, `RestoreCells` comes first: whatever a student did to
cells that are not theirs is undone, so that nothing there can stop the grading of others. `JudgeFunctions`
stands where nbgrader would run the notebook: it judges the functions, puts the verdict below each graded
cell, and keeps a record. Everything else is nbgrader's.
"""

from __future__ import annotations

import atexit
import functools
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.preprocessors import CheckCellMetadata, ClearSolutions, Execute, NbGraderPreprocessor
from traitlets import Bool

from course_utils.classroom import records
from course_utils.classroom.assignment import HIDDEN, OWN_SEED, SEED, account
from course_utils.classroom.judge import Cells, Task, judge
from course_utils.classroom.workers import Workers
from course_utils.teaching import Verdict


class Collector(FileNameCollectorPlugin):
    """Find student and notebook in the name of a file; Canvas marks late ones between name and number."""

    def collect(self, submitted_file: str) -> Any:
        """Read the name of one file, late or not."""
        return super().collect(submitted_file.replace("_LATE_", "_"))


class RestoreCells(NbGraderPreprocessor):
    """Give every cell that nbgrader keeps account of its metadata, and a locked one its text."""

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Restore the cells of one submission."""
        told = resources["nbgrader"]
        with Gradebook(told["db_url"]) as gradebook:
            source = gradebook.find_notebook(told["notebook"], told["assignment"])
            points = {cell.name: cell.max_score for cell in source.grade_cells}
            solutions = {cell.name for cell in source.solution_cells}
            wanted = {
                cell.name: locked_or_graded(cell, points.get(cell.name), cell.name in solutions)
                for cell in source.source_cells
            }
        notebook.cells = restored(list(notebook.cells), wanted)
        return notebook, resources


def restored(cells: list[Any], wanted: dict[str, Any]) -> list[Any]:
    """Return a submission's cells with those that are accounted for as they must be, each once.

    Of a solution cell the student's text stays. Of a name that stands there twice the first counts, the
    others become plain cells. What is missing comes back: before the next one that is there, or at the end.
    """
    found: dict[str, Any] = {}
    result: list[Any] = []
    for cell in cells:
        metadata = cell.get("metadata")
        cell["metadata"] = metadata = metadata if isinstance(metadata, dict) else nbformat.NotebookNode()
        told = metadata.pop("nbgrader", None)
        name = told.get("grade_id") if isinstance(told, dict) else None
        if isinstance(name, str) and name in wanted and name not in found:
            found[name] = replaced = nbformat.NotebookNode(wanted[name])
            if wanted[name]["metadata"]["nbgrader"]["solution"]:
                replaced["source"] = cell["source"]
            result.append(replaced)
        else:
            result.append(cell)
    place = len(result)
    for name in reversed(list(wanted)):
        if name in found:
            place = next(at for at, cell in enumerate(result) if cell is found[name])
        else:
            result.insert(place, nbformat.NotebookNode(wanted[name]))
    return result


def locked_or_graded(cell: Any, points: float | None, solution: bool) -> Any:
    """Return a cell as nbgrader's account of it says."""
    kept = account(cell.name, bool(cell.locked), solution, points)
    kept |= {"cell_type": cell.cell_type, "checksum": cell.checksum}
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    return make("" if solution else cell.source, metadata={"nbgrader": kept})


class ClearMarkedSolutions(ClearSolutions):
    """Put a stub where a solution is marked; a function to repair has no mark and stays as it is."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear one cell."""
        self._replace_solution_region(cell, resources["language"])
        return cell, resources


class JudgeFunctions(NbGraderPreprocessor):
    """Judge the functions of a submission, in workers, instead of running its notebook."""

    fenced = Bool(True, help="Refuse to grade where this machine cannot fence students' code in.").tag(
        config=True
    )

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Put a verdict below each graded cell, and keep a record of all of them."""
        told = resources["nbgrader"]
        directory = self.parent.parent.coursedir
        page = _page(
            Path(directory.format_path(directory.source_directory, ".", told["assignment"])), told["notebook"]
        )
        workers = workers_for(self.fenced, Path(directory.root), own_cells(page))
        written = written_code(notebook.cells)
        kept = {}
        for cell in notebook.cells:
            if cell.get("metadata", {}).get("nbgrader", {}).get("grade"):
                task = task_of(cell)
                task = task.of_student(told["student"]) if OWN_SEED in cell.source else task
                verdict, kept[task.exercise] = judge(workers, task, written, _around(page, cell))
                cell.outputs = outputs(verdict, task.points)
                cell.source = HIDDEN.sub("", cell.source)  # feedback goes to students who may hand in again
        records.write(Path(directory.root), records.Record(told["assignment"], told["student"], kept))
        return notebook, resources


def task_of(cell: Any) -> Task:
    """Read which exercise a graded cell is about, for how many points, and with which hidden inputs."""
    name = cell.metadata.nbgrader.grade_id
    topic, _, exercise = name.partition("-")
    seed = SEED.search(cell.source)
    if cell.cell_type != "code" or not exercise or not seed:
        raise ValueError(
            f"the cell {name} is graded but not about an exercise of this course, or has no seed=1 or the "
            "like in its check: mend it, or put it into an assignment of its own"
        )
    return Task(topic, exercise, float(cell.metadata.nbgrader.points), int(seed[1]))


def outputs(verdict: Verdict, points: float) -> list[Any]:
    """Return what a graded cell shows: the verdict, then the points as nbgrader reads them, a Python float.

    nbgrader gives full points to a cell that shows no float: a verdict alone, or a number of NumPy's.
    """
    whole = replace(verdict, folded=False)  # nbgrader's pages do not show that something can be unfolded
    shown = {kind: text for kind, text in whole._repr_mimebundle_().items() if kind.startswith("text/")}
    earned = float(verdict.points(points))
    return [
        nbformat.v4.new_output("display_data", shown),
        nbformat.v4.new_output("execute_result", {"text/plain": repr(earned)}),
    ]


def written_code(cells: Iterable[Any]) -> list[str]:
    """Return the code of the cells that a student could change."""
    return [cell.source for cell in cells if cell.cell_type == "code" and not _is_locked(cell)]


def _is_locked(cell: Any) -> bool:
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("locked"))


def _page(folder: Path, name: str) -> list[Any]:
    """Return the code cells of the assignment as the instructor has it."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _around(page: list[Any], graded: Any) -> Cells:
    """Part the page's own cells into those above an attempt and the others."""
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in page]
    place = names.index(graded.metadata.nbgrader.grade_id)
    return Cells(own_cells(page[:place]), own_cells(page[place:]))


def own_cells(page: list[Any]) -> tuple[str, ...]:
    """Return the page's own cells: without solutions and hidden tests, for a worker keeps them in memory."""
    return tuple(cell.source for cell in page if not cell.metadata.get("nbgrader"))


def _with(new: type, old: type, steps: list[type]) -> list[type]:
    return [new if step is old else step for step in steps]


@functools.cache
def workers_for(fenced: bool, course: Path, known: tuple[str, ...]) -> Workers:
    """Return the one process that starts workers, for all submissions of a run."""
    workers = Workers(fenced, [course.resolve()], known)
    atexit.register(workers.close)
    return workers


# nbgrader's own lists of what it does to a notebook, with the steps of this file in them.
SANITIZE = [RestoreCells, *Autograde.sanitize_preprocessors.default()]
AUTOGRADE = [  # nothing has touched the cells' metadata since it was checked
    step
    for step in _with(JudgeFunctions, Execute, Autograde.autograde_preprocessors.default())
    if step is not CheckCellMetadata
]
GENERATE = _with(ClearMarkedSolutions, ClearSolutions, GenerateAssignment.preprocessors.default())
