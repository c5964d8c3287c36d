"""nbgrader itself hands out, collects and grades, with what a course's folder tells it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from landlock import skip_without_landlock

from course_utils.__main__ import main
from course_utils.classroom import records
from course_utils.lessons import softmax as lesson
from course_utils.teaching.exercise import Result, Verdict

pytest.importorskip("nbgrader", reason="needs nbgrader: pip install -e '.[class]'")
if not hasattr(os, "fork"):
    pytest.skip("grading needs Linux", allow_module_level=True)

from nbgrader.apps import AutogradeApp, GenerateAssignmentApp, ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import determine_grade
from traitlets.config import Config, Configurable

from course_utils.classroom import grading
from course_utils.classroom.course import CONFIG
from course_utils.classroom.grading import (
    JudgeFunctions,
    locked_or_graded,
    outputs,
    own_cells,
    restored,
    task_of,
    written_code,
)
from course_utils.classroom.judge import Task

pytestmark = pytest.mark.filterwarnings("ignore")  # what nbgrader uses is its own concern

NAME = "01_softmax"
EXERCISES = {"vector_exercise": 5.0, "batch_exercise": 5.0, "odds_exercise": 20.0}


def attempt_cells(notebook: Any) -> dict[str, Any]:
    """Return the cells for attempts by the exercise's name."""
    told = {cell["metadata"].get("nbgrader", {}).get("grade_id", ""): cell for cell in notebook["cells"]}
    return {name.split("-")[1]: cell for name, cell in told.items() if name.endswith("-attempt")}


def ada(notebook: Any) -> None:
    """Solve everything."""
    for name, cell in attempt_cells(notebook).items():
        cell["source"] = getattr(lesson, name).source


def bob(notebook: Any) -> None:
    """Delete every cell that nbgrader knows, and write one function, with a helper, elsewhere."""
    notebook["cells"] = [cell for cell in notebook["cells"] if "nbgrader" not in cell["metadata"]]
    own = "def gap(z, i, j):\n    return z[i] - z[j]", "def odds(z, i, j):\n    return np.exp(gap(z, i, j))"
    notebook["cells"] += [nbformat.v4.new_code_cell(source) for source in own]


def eve(notebook: Any) -> None:
    """Write nothing, and change whatever decides about points."""
    for cell in list(notebook["cells"]):
        if told := cell["metadata"].get("nbgrader"):
            told.update(points=1000, schema_version=99, locked=False, grade=True, solution=True)
            cell["source"] = "10.0"
            cell["outputs"] = [nbformat.v4.new_output("execute_result", {"text/plain": "20.0"})]
            notebook["cells"].append(json.loads(json.dumps(cell)))
    notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}


def mallory(notebook: Any) -> None:
    """End the process, replace the check, and write lies into the metadata."""
    for name, cell in attempt_cells(notebook).items():
        function = getattr(lesson, name).name
        cell["source"] = f"import os\nlesson.{name}.check = print\ndef {function}(*a):\n    os._exit(0)"
        cell["metadata"]["nbgrader"] = ["no", "mapping"]


SUBMISSIONS = {
    "Ada Lovelace_1234567_assignsubmission_file_01_softmax.ipynb": ada,
    "bob_01_softmax.ipynb": bob,
    "everest_LATE_2345_67890_01_softmax-1.ipynb": eve,
    "mallory_01_softmax.ipynb": mallory,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Hand out, collect and grade, all in this process: to start nbgrader takes longer than to grade."""
    skip_without_landlock()
    folder = tmp_path_factory.mktemp("graded") / "course"
    assert main(["assignment", "01", "--out", str(folder), "--points", "5,odds=20", "--seed", "1"]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # nbgrader calls a command of its environment by name.
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        assert left(GenerateAssignmentApp()) is None
        release = (folder / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8")
        archive = folder / "downloaded" / NAME / "archive"
        for name, change in SUBMISSIONS.items():
            notebook = json.loads(release)
            change(notebook)
            (archive / name).write_text(json.dumps(notebook), encoding="utf-8")
        (archive / "aaron_01_softmax.ipynb").write_text("{")
        assert left(ZipCollectApp()) is None
        assert left(AutogradeApp()) == 1, "a file that is no notebook must be told"
        yield folder


def left(app: Any) -> Any:
    """Run a command of nbgrader, and return its exit status."""
    app.initialize([NAME])
    try:
        app.start()
    except SystemExit as status:
        return status.code
    return None


def test_students_get_neither_solutions_nor_hidden_inputs(course: Path) -> None:
    release = (course / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    source = (course / "source" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    for secret in ("seed=", "END SOLUTION", "HIDDEN"):
        assert secret in source
        assert secret not in release
    for name, cell in attempt_cells(json.loads(release)).items():
        assert "".join(cell["source"]).strip() == repr(getattr(lesson, name).reset())


def test_a_worker_is_told_neither_solutions_nor_hidden_inputs(course: Path) -> None:
    page = nbformat.read(course / "source" / NAME / f"{NAME}.ipynb", as_version=4).cells
    told = "".join(own_cells([cell for cell in page if cell.cell_type == "code"]))
    assert "import numpy" in told
    for name in EXERCISES:
        assert f"def {getattr(lesson, name).name}(" not in told
    assert "seed=" not in told


def points_of(course: Path) -> dict[str, dict[str, float]]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                grade.name.partition("-")[2]: grade.score for grade in submission.notebooks[0].grades
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def test_each_gets_what_the_functions_deserve(course: Path) -> None:
    nothing = dict.fromkeys(EXERCISES, 0.0)
    found = points_of(course)
    assert found.pop("aaron", nothing) == nothing  # this file is no notebook
    assert found == {
        "Ada Lovelace_1234567": EXERCISES,
        "bob": {**nothing, "odds_exercise": 20.0},
        "everest_2345": nothing,
        "mallory": nothing,
    }


def test_records_say_the_same_as_the_gradebook_and_why(course: Path) -> None:
    kept = {record.student: record for record in records.read(course, NAME)[0]}
    points = points_of(course)
    points.pop("aaron", None)
    assert {
        student: {name: graded.points for name, graded in record.exercises.items()}
        for student, record in kept.items()
    } == points
    assert kept["bob"].exercises["odds_exercise"].code.startswith("def gap")
    assert kept["bob"].exercises["vector_exercise"].status == "not attempted"
    assert {graded.mistake for graded in kept["mallory"].exercises.values()} == {"no answer"}
    assert sum(graded.maximum for graded in kept["Ada Lovelace_1234567"].exercises.values()) == 30
    seeds = [graded.seed for graded in kept["bob"].exercises.values()]
    assert len(set(seeds)) == 3


def test_a_student_reads_the_verdict_below_the_test(course: Path) -> None:
    path = course / "autograded" / "Ada Lovelace_1234567" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "softmax-odds_exercise"
    )
    assert "seed" not in cell.source, "feedback must not tell the hidden inputs"
    shown, points = cell.outputs
    assert "checks passed" in shown.data["text/html"]
    assert points.data["text/plain"] == "20.0"


def test_a_verdict_that_was_folded_is_shown_as_a_whole() -> None:
    """A page of nbgrader does not say that something can be unfolded."""
    results = [Result(f"check {number}", "wrong") for number in range(4)]
    verdict = Verdict("failed", "0 of 4 checks passed.", tuple(results), share=0.0)
    assert "<details" in verdict._repr_mimebundle_()["text/html"]
    shown, _ = outputs(verdict, 10)
    assert "<details" not in shown.data["text/html"]
    assert all(result.label in shown.data["text/html"] for result in results)


# The two traps: nbgrader gives full points to whatever shows no float of Python's.


def graded_cell(outputs: list[Any]) -> Any:
    told = {"grade": True, "solution": False, "points": 10, "grade_id": "softmax-odds_exercise"}
    return nbformat.v4.new_code_cell("", outputs=outputs, metadata={"nbgrader": told})


@pytest.mark.parametrize("share", [0.0, 1 / 3, 1.0])
def test_nbgrader_reads_the_points_of_a_verdict(share: float) -> None:
    status = "passed" if share == 1 else "failed"
    verdict = Verdict(status, "", (Result("one", "" if share == 1 else "wrong"),), share=share)
    assert determine_grade(graded_cell(outputs(verdict, 10)))[0] == verdict.points(10)


def test_the_traps_are_there() -> None:
    wrong = Verdict("failed", "0 of 1 checks passed.", share=0.0)
    bare = nbformat.v4.new_output("execute_result", {"text/plain": repr(wrong)})
    of_numpy = nbformat.v4.new_output("execute_result", {"text/plain": "np.float64(0.0)"})
    assert determine_grade(graded_cell([bare]))[0] == determine_grade(graded_cell([of_numpy]))[0] == 10
    assert determine_grade(graded_cell(outputs(wrong, 10)))[0] == 0


# What a student did to cells is undone.


def known(name: str, solution: bool = False) -> Any:
    told = {"grade_id": name, "solution": solution, "grade": not solution}
    return nbformat.v4.new_code_cell("" if solution else f"# {name}", metadata={"nbgrader": told})


WANTED = {"a": known("a", True), "b": known("b"), "c": known("c", True), "d": known("d")}


@pytest.mark.parametrize(
    ("left", "becomes"),
    [
        ("abcd", "abcd"),
        ("", "abcd"),
        ("bd", "abcd"),
        ("ac", "abcd"),
        ("xcx", "xabcxd"),
        ("dcba", "dcba"),
        ("aabcd", "axbcd"),
        ("xyz", "xyzabcd"),
    ],
)
def test_what_is_missing_comes_back_and_what_is_twice_counts_once(left: str, becomes: str) -> None:
    cells = [
        nbformat.v4.new_code_cell("mine", metadata={"nbgrader": {"grade_id": name, "schema_version": 99}})
        for name in left
    ]
    found = restored(cells, WANTED)
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in found]
    assert sorted(filter(None, names)) == list("abcd")
    assert len(found) == len(becomes)
    order = "".join(name or "x" for name in names)
    assert order == "".join(letter if letter in "abcd" else "x" for letter in becomes)
    for name, cell in zip(names, found, strict=True):
        if name in "bd" if name else False:
            assert cell["source"] == f"# {name}"
        elif name and name in left:
            assert cell["source"] == "mine"


@pytest.mark.parametrize(("kind", "points", "solution"), [("code", 0.0, False), ("markdown", None, True)])
def test_a_cell_comes_back_as_the_account_of_it_says(kind: str, points: float | None, solution: bool) -> None:
    told = SimpleNamespace(name="e", locked=not solution, cell_type=kind, checksum="c", source="text")
    cell = locked_or_graded(told, points, solution)
    kept = cell.metadata.nbgrader
    assert (cell.cell_type, cell.source) == (kind, "" if solution else "text")
    assert (kept.grade, kept.solution, kept.locked, kept.task) == (
        not solution,
        solution,
        not solution,
        False,
    )
    assert kept.get("points") == points


def test_whoever_configures_nothing_grades_behind_a_fence() -> None:
    assert JudgeFunctions().fenced
    assert not JudgeFunctions(config=Config(JudgeFunctions={"fenced": False})).fenced


def test_a_late_submission_is_that_of_the_same_student() -> None:
    told = Config()
    exec(CONFIG, {"get_config": lambda: told})
    collector = told.ZipCollectApp.collector_plugin(config=told)
    files = [f"downloaded/a/extracted/lovelaceada{late}_1234_5678_{NAME}.ipynb" for late in ("", "_LATE")]
    found = [collector.collect(file) for file in files]
    assert found == [{"student_id": "lovelaceada_1234", "file_id": NAME}] * 2


@pytest.mark.parametrize("own", [False, True])
def test_inputs_are_drawn_for_each_student_where_that_is_wished_for(
    own: bool, course: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each assignment says so itself: another one in the same folder may have wished for something else."""
    asked, kept = list[Task](), list[records.Record]()

    def judged(workers: Any, task: Task, written: Any, around: Any) -> tuple[Verdict, records.Graded]:
        asked.append(task)
        assert "import numpy" in "".join(around.above)
        assert (*around.above, *around.others) == known_cells
        return Verdict("passed", "", (), share=1.0), records.Graded("passed")

    monkeypatch.setattr(grading, "judge", judged)
    monkeypatch.setattr(grading, "workers_for", lambda *given: None)
    monkeypatch.setattr(records, "write", lambda folder, record: kept.append(record))
    if own:
        assert main(["assignment", "02", "--out", str(tmp_path)]) == 0
        assert main(["assignment", "01", "--out", str(tmp_path), "--own-inputs"]) == 0
        course = tmp_path
    step = JudgeFunctions(parent=Configurable(parent=Configurable()))
    step.parent.parent.coursedir = CourseDirectory(root=str(course))
    page = course / "source" / NAME / f"{NAME}.ipynb"
    cells = nbformat.read(page, as_version=4).cells
    known_cells = own_cells([cell for cell in cells if cell.cell_type == "code"])
    for student in ("ada", "bob"):
        resources = {"nbgrader": {"assignment": NAME, "notebook": NAME, "student": student}}
        step.preprocess(nbformat.read(page, as_version=4), resources)
    (plain,) = {task.seed for task in map(task_of, graded_of(page)) if task.exercise == "vector_exercise"}
    seeds = [task.seed for task in asked if task.exercise == "vector_exercise"]
    task = Task("softmax", "vector_exercise", 5.0, plain)
    assert seeds == [task.of_student(student).seed if own else plain for student in ("ada", "bob")]
    assert [sorted(record.exercises) for record in kept] == [sorted(EXERCISES)] * 2


def graded_of(page: Path) -> list[Any]:
    cells = nbformat.read(page, as_version=4).cells
    return [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]


def test_one_process_starts_the_workers_of_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = list[object]()

    class Counted:
        def __init__(self, *given: object) -> None:
            started.append(given)

        def close(self) -> None:
            pass

    monkeypatch.setattr(grading, "Workers", Counted)
    first = grading.workers_for(True, tmp_path, ("x = 1",))
    assert grading.workers_for(True, tmp_path, ("x = 1",)) is first
    assert started == [(True, [tmp_path.resolve()], ("x = 1",))]


@pytest.mark.parametrize(
    ("kind", "name", "source"),
    [
        ("markdown", "softmax-odds_exercise", "seed=3"),
        ("code", "mine", "seed=3"),
        ("code", "softmax-odds_exercise", "assert True"),
    ],
)
def test_only_a_cell_that_checks_an_exercise_is_judged(kind: str, name: str, source: str) -> None:
    def cell(kind: str, name: str, source: str) -> Any:
        told = {"nbgrader": {"grade_id": name, "points": 3}}
        return nbformat.from_dict({"cell_type": kind, "source": source, "metadata": told})

    assert task_of(cell("code", "softmax-odds_exercise", "seed=3")) == Task(
        "softmax", "odds_exercise", 3.0, 3
    )
    with pytest.raises(ValueError, match=f"the cell {name} is graded but not about an exercise"):
        task_of(cell(kind, name, source))


def test_a_graded_cell_of_another_kind_is_not_passed_over() -> None:
    cell = nbformat.v4.new_code_cell("assert True", metadata={"nbgrader": {"grade_id": "mine", "points": 3}})
    with pytest.raises(ValueError, match="the cell mine is graded but not about an exercise"):
        task_of(cell)


def test_of_a_page_only_code_that_a_student_could_change_is_judged() -> None:
    cells = [
        nbformat.v4.new_code_cell("mine = 1"),
        nbformat.v4.new_code_cell("given = 2", metadata={"nbgrader": {"locked": True}}),
        nbformat.v4.new_code_cell("asked = 3", metadata={"nbgrader": {"locked": False}}),
        nbformat.v4.new_markdown_cell("said = 4"),
        nbformat.v4.new_markdown_cell("read = 5", metadata={"nbgrader": {"locked": True}}),
    ]
    assert written_code(cells) == ["mine = 1", "asked = 3"]
