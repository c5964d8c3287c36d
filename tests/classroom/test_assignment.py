"""Assignments: every exercise of every notebook can be handed out, and sections run by themselves."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from landlock import skip_without_landlock

from course_utils.__main__ import main
from course_utils.classroom.assignment import OWN_SEED, NothingToGrade, Wish, exercises, graded_names, written
from course_utils.classroom.command import UnusablePoints, read_points
from course_utils.classroom.course import CONFIG
from course_utils.classroom.judge import Cells, Task, judge
from course_utils.classroom.own import FITS, drawn_call, own_call
from course_utils.classroom.program import statements
from course_utils.classroom.sections import UnknownSection, chosen, free, parts, with_sources
from course_utils.classroom.workers import Workers
from course_utils.lessons import lesson_of
from course_utils.notebook_files import Page, find_notebooks, read_notebook
from course_utils.notebook_files.files import code_cell, markdown_cell, to_bytes, topic_of
from course_utils.notebook_files.text import NOTEBOOK_NAME
from course_utils.teaching import Check

PAGES = [Page(path, path.read_bytes()) for path in find_notebooks()]
IDS = [page.path.stem for page in PAGES]
OF_PYTHON = {*dir(builtins), "display", "get_ipython", "__name__"}


def cells_of(notebook: Any, grade_id: str) -> Any:
    return next(
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_exercise_is_handed_out_with_task_attempt_and_test(page: Page) -> None:
    notebook = written(page, Wish(seed=3))
    nbformat.validate(nbformat.from_dict(notebook))
    topic = topic_of(page.path)
    names = [f"{topic}-{name}" for name in exercises(page).values()]
    assert sorted(graded_names(notebook)) == sorted(names)
    for name in names:
        told = {
            part: cells_of(notebook, name + part)["metadata"]["nbgrader"]
            for part in ("-task", "-attempt", "")
        }
        assert [part for part, one in told.items() if one["locked"]] == ["-task", ""]
        assert [part for part, one in told.items() if one["solution"]] == ["-attempt"]
        assert [part for part, one in told.items() if one["grade"] or "points" in one] == [""]
        assert not any(one["task"] for one in told.values()), "that is nbgrader's word for work by hand"
        test = cells_of(notebook, name)["source"]
        assert test.index("BEGIN HIDDEN") < test.index("seed=") < test.index("END HIDDEN")
    text = "".join(cell["source"] for cell in notebook["cells"])
    assert [cell for cell in notebook["cells"] if cell.get("outputs")] == []
    assert "notes" not in str([cell["metadata"] for cell in notebook["cells"]]), (
        "speakers' notes tell answers"
    )
    assert f"{len(names)} exercise" in text
    assert "own_call" not in text, "nobody has wished for that"
    beginning = [cell["id"] for cell in notebook["cells"][:3]]
    assert beginning == [page.cells[0]["id"], "assignment", "assignment-setup"]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_what_a_student_gets_is_the_stub_of_the_page(page: Page) -> None:
    """With nbgrader's mark replaced, as nbgrader does it, the attempt is what the page has there."""
    notebook = written(page, Wish())
    topic = topic_of(page.path)
    for place, name in exercises(page).items():
        source = cells_of(notebook, f"{topic}-{name}-attempt")["source"]
        before, mark, rest = source.partition("    ### BEGIN SOLUTION\n")
        if not mark:  # a function to repair stays as it is
            assert source in [cell["source"] for cell in page.cells]
            continue
        stub = before + "    return ...  # your code here" + rest.partition("### END SOLUTION")[2]
        assert page.cells[place]["source"].startswith(stub)
        ast.parse(source)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_a_section_brings_along_all_that_it_reads(page: Page) -> None:
    for part in parts(page):
        places = with_sources(page, part.cells)
        known = set(OF_PYTHON)
        for place in places:
            if page.cells[place]["cell_type"] == "code":
                cell = statements(page.cells[place]["source"])
                assert free(cell) - known == set(), f"{page.path.stem}, {part.title}, cell {place}"
                known |= {name for one in cell for name in one.binds}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_a_section_grades_its_own_exercises_and_no_others(page: Page) -> None:
    topic, every = topic_of(page.path), exercises(page)
    for part in parts(page):
        wish = Wish([str(part.number)])
        if held := [f"{topic}-{name}" for place, name in every.items() if place in part.cells]:
            assert graded_names(written(page, wish)) == held
        else:
            with pytest.raises(NothingToGrade, match="hold no exercise"):
                written(page, wish)


def test_a_section_without_what_it_reads_would_be_seen() -> None:
    page = next(page for page in PAGES if page.number == "01")
    last = parts(page)[-1].cells
    assert 1 in with_sources(page, last), "the imports are missing"
    assert with_sources(page, [0]) == [0]


def page_of(*cells: tuple[str, str]) -> Page:
    """Return a notebook of cells: their type and their text."""
    made = {"code": code_cell, "markdown": markdown_cell}
    written = [made[kind](f"cell-{i}", text) for i, (kind, text) in enumerate(cells)]
    metadata = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
    notebook = {"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return Page(Path("09_made_up.ipynb"), to_bytes(notebook))


@pytest.mark.parametrize(
    ("cells", "needed"),
    [
        (["x = 1", "x = 2", "print(x)"], [1, 2]),  # only the last one that binds it
        (["T = {}", "T[0] = 1", "T = {}", "T[1] = 1", "y = 1", "print(T)"], [2, 3, 5]),
        (["x = 1", "x = x + 1", "print(x)"], [0, 1, 2]),  # which itself reads one above
        (["x = 1", "def f(): return x", "print(f())", "x = 3"], [0, 1, 2]),
        (["x = 1", "for x in [2]: print(x)"], [1]),
        (["print(x)"], [0]),
        (["import numpy as np", "np.random.seed(1)", "T = []", "T.sort()", "print(np.max(T))"], [0, 2, 3, 4]),
    ],
)
def test_a_cell_needs_the_last_that_bind_or_change_what_it_reads(cells: list[str], needed: list[int]) -> None:
    page = page_of(*(("code", cell) for cell in cells))
    asked = max(needed)
    assert with_sources(page, [asked]) == needed


def test_a_section_is_all_below_a_heading_of_the_second_level() -> None:
    texts = "# T", "## A", "", "### a", "## B", ""
    page = page_of(*((("markdown", text) if text else ("code", "x = 1")) for text in texts))
    assert [(part.number, part.title, [*part.cells]) for part in parts(page)] == [
        (1, "A", [1, 2, 3]),
        (2, "B", [4, 5]),
    ]


def test_sections_are_named_by_number_or_title() -> None:
    page = next(page for page in PAGES if page.number == "02")
    assert [part.title for part in chosen(page, ["14", "a bug"])] == [
        "A bug hunt",
        "One pass, and two halves",
    ]
    for wrong, found in {"99": "no", "no such": "no", "s": "several", "": "no", "²": "no"}.items():
        with pytest.raises(UnknownSection, match=f'has {found} sections? "{wrong}".* 2 Subtract the largest'):
            chosen(page, [wrong])


def test_a_part_is_an_assignment_of_its_own() -> None:
    page = next(page for page in PAGES if page.number == "02")
    notebook = written(page, Wish(["subtract"], {"stable_softmax": 4}))
    assert graded_names(notebook) == ["numeric_instability-stable_softmax_exercise"]
    assert cells_of(notebook, graded_names(notebook)[0])["metadata"]["nbgrader"]["points"] == 4
    assert len(notebook["cells"]) < len(page.cells) / 3
    with pytest.raises(NothingToGrade, match="Those that do: Subtract"):
        written(page, Wish(["It breaks"]))
    with pytest.raises(NothingToGrade, match="no exercise odds in it, but stable_softmax"):
        written(page, Wish(points={"odds": 3}))


@pytest.mark.parametrize("seed", [0, 9])
def test_points_of_all_are_told_and_seeds_are_each_ones_own(seed: int) -> None:
    page = next(page for page in PAGES if page.number == "02")
    notebook = written(page, Wish(points={"stable_softmax": 4}, each=2.5, seed=seed))
    tests = [cells_of(notebook, name) for name in graded_names(notebook)]
    points = [cell["metadata"]["nbgrader"]["points"] for cell in tests]
    assert f"with {sum(points):g} points in all" in "".join(cell["source"] for cell in notebook["cells"])
    assert sorted(points) == [2.5] * (len(points) - 1) + [4]
    seeds = [seed for cell in tests for seed in re.findall(r"seed=(\d+)", cell["source"])]
    assert len(set(seeds)) == len(seeds) == len(points) > 1
    assert seeds[0] == str(seed)


def test_nobody_can_guess_what_inputs_are_drawn_from() -> None:
    assert len({Wish().seed for _ in range(100)}) == 100


def test_a_part_says_of_what_and_hides_what_sets_it_up() -> None:
    page = next(page for page in PAGES if page.number == "02")
    first, *rest = written(page, Wish(["subtract"]))["cells"]
    assert first["source"].startswith("# 02 ")
    assert first["source"].endswith("\n\nOf this notebook: Subtract the largest.")
    (setup,) = [cell for cell in rest if "os.environ" in cell["source"]]
    assert setup["metadata"]["jupyter"]["source_hidden"]


def test_a_notebook_for_class_needs_no_exercise() -> None:
    page = next(page for page in PAGES if page.number == "02")
    notebook = written(page, Wish(["It breaks"], graded=False))
    assert len(notebook["cells"]) > 1
    assert "nbgrader" not in str(notebook)


def test_a_seed_from_which_nothing_can_be_drawn_is_refused(tmp_path: Path, capsys: Any) -> None:
    assert main(["assignment", "01", "--out", str(tmp_path / "course"), "--seed", "-1"]) == 2
    assert capsys.readouterr().out == "A seed is a whole number from 0 on, not -1.\n"
    assert not (tmp_path / "course").exists()
    assert Wish(seed=0).seed == 0


def test_the_command_writes_a_course_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["assignment", "01", "--out", str(tmp_path / "course"), "--points", "5,odds=20", "--seed", "1"]
    assert main(command) == 0
    assert "3 exercises" in capsys.readouterr().out
    source = tmp_path / "course" / "source" / "01_softmax" / "01_softmax.ipynb"
    notebook = read_notebook(source.read_bytes())
    points = [
        cell["metadata"]["nbgrader"].get("points")
        for cell in notebook["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    assert sorted(filter(None, points)) == [5, 5, 20]
    compile((tmp_path / "course" / "nbgrader_config.py").read_text("utf-8"), "config", "exec")
    before = source.read_bytes()
    assert main(command) == 2
    assert "is there already" in capsys.readouterr().out
    assert source.read_bytes() == before


def test_the_command_passes_on_what_was_wished_for(tmp_path: Path) -> None:
    for name, options in (("same", []), ("own", ["--own-inputs"])):
        assert main(["assignment", "01", "--out", str(tmp_path / name), "--seed", "77", *options]) == 0
    texts = {
        name: (tmp_path / name / "source" / "01_softmax" / "01_softmax.ipynb").read_text("utf-8")
        for name in ("same", "own")
    }
    assert all("seed=77" in text for text in texts.values())
    assert [text.count('"own_call(lesson.') for text in texts.values()] == [0, 3]
    assert [text.count(OWN_SEED) for text in texts.values()] == [0, 3]
    assert all("with 30 points in all" in text for text in texts.values())


def test_a_second_assignment_leaves_the_course_as_the_instructor_changed_it(tmp_path: Path) -> None:
    assert main(["assignment", "01", "--out", str(tmp_path)]) == 0
    for name in ("nbgrader_config.py", "README.md"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    assert main(["assignment", "02", "--out", str(tmp_path)]) == 0
    (tmp_path / "source" / "01_softmax" / "01_softmax.ipynb").unlink()  # as the command advises
    assert main(["assignment", "01", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "source" / "01_softmax" / "01_softmax.ipynb").exists()
    for name in ("nbgrader_config.py", "README.md"):
        assert (tmp_path / name).read_text("utf-8") == "mine"


(COLLECTED,) = (
    ast.literal_eval(node.value)
    for node in ast.parse(CONFIG).body
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".named_regexp")
)


@given(st.from_regex(NOTEBOOK_NAME, fullmatch=True))
@example("02_numeric_instability")
@example("10_top_10")
def test_a_submission_is_collected_under_the_name_of_any_notebook(name: str) -> None:
    for student, file in (
        ("Ada Lovelace_1234", f"Ada Lovelace_1234_assignsubmission_file_{name}.ipynb"),
        ("Ada Lovelace", f"Ada Lovelace_42_assignsubmission_file_{name}.ipynb"),
        ("lovelaceada_1234", f"lovelaceada_1234_5678_{name}-1.ipynb"),
        ("ada", f"ada_{name} (1).ipynb"),
    ):
        found = re.match(COLLECTED, f"downloaded/01_softmax/extracted/{file}")
        assert found, file
        assert (found["student_id"], found["file_id"]) == (student, name)


def test_the_command_lists_sections_with_their_exercises(capsys: pytest.CaptureFixture[str]) -> None:
    page = next(page for page in PAGES if page.number == "01")
    assert main(["assignment", "01", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(parts(page))
    held = dict(line.split(": ") for line in lines if re.search(": .*exercise", line))
    assert sorted(name for names in held.values() for name in names.split(", ")) == sorted(
        exercises(page).values()
    )
    for part, line in zip(parts(page), lines, strict=True):
        assert line.split(": ")[0].strip() == f"{part.number} {part.title}".split(": ")[0]


@pytest.mark.parametrize("points", ["0", "-1", "nan", "inf", "1e300", "odds=0", "odds=", "10,-1"])
def test_points_are_numbers_above_zero(points: str) -> None:
    with pytest.raises(UnusablePoints, match="Points are numbers above 0"):
        read_points(points)


def test_points_may_be_small_for_some_and_for_all() -> None:
    assert read_points("") == (None, {})
    assert read_points(" 0.5 , odds = 1,") == (0.5, {"odds": 1.0})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["42"], "No notebook has the number 42"),
        (["01", "--points", "ten"], "Points are numbers above 0"),
        (["01", "--points", "-3"], "Points are numbers above 0"),
        (["01", "--points", "nothing=3", "--out", "nowhere"], "There is no exercise nothing in it"),
        (["01", "--sections", "77", "--out", "nowhere"], "Its sections are: 1 "),
        (["01"], "Add --out"),
    ],
)
def test_a_slip_on_the_command_line_gets_one_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assignment", *arguments]) == 2
    assert said in capsys.readouterr().out


def test_a_short_notebook_for_class_has_nothing_of_nbgrader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "deep" / "down"
    command = ["assignment", "02", "--sections", "2,log-softmax", "--ungraded", "--out", str(folder)]
    assert main(command) == 0
    assert main(command) == 2
    assert "is there already" in capsys.readouterr().out
    (folder / "02_numeric_instability.ipynb").rename(folder / "kept.ipynb")
    assert main(command) == 0
    notebook = read_notebook((folder / "02_numeric_instability.ipynb").read_bytes())
    assert "nbgrader" not in str(notebook)
    assert [cell["source"] for cell in notebook["cells"] if "stable_softmax_exercise.check" in cell["source"]]


def test_a_call_is_the_same_on_the_day_when_it_is_explained() -> None:
    """Whatever is changed here gives other students other calls: not between handing out and grading."""
    calls = {
        "Ada": "odds([-100.30663818525721, -253.25467351379427], 1, 1)",
        "Bob": "odds([-350.0, -350.0, 395.0], 1, 0)",
        "Emmy": "odds([-18.836550451166136, 1.5064003657570395], 1, 0)",
        "Kwame": "odds([727.63, -0.36, 1.63, 1.63], 2, 2)",
        "Omar": "odds([-8.3275, -7.040000000000001], 0, 0)",
    }
    for name, call in calls.items():
        assert f" {call}. Say" in str(own_call(lesson_of("softmax").odds_exercise, name))


def test_numbers_of_ones_own_come_from_the_name() -> None:
    page = next(page for page in PAGES if page.number == "04")
    sources = [cell["source"] for cell in written(page, Wish(own_inputs=True))["cells"]]
    assert sum(source.startswith("own_call(") for source in sources) == len(exercises(page))
    assert sum(source.startswith("from course_utils.classroom.own") for source in sources) == 1
    for page in PAGES:
        lesson = lesson_of(topic_of(page.path))
        for name in exercises(page).values():
            exercise = getattr(lesson, name)
            calls = {str(own_call(exercise, f"student {number}")) for number in range(8)}
            assert len(calls) > (6 if exercise.contract.inputs else 1), name
            assert all(len(call) < 400 and "..." not in call for call in calls), max(calls, key=len)
            assert repr(own_call(exercise, "Ada")) == repr(own_call(exercise, "ADA "))


def test_a_call_of_ones_own_is_not_one_number_repeated() -> None:
    flat, steep, pair = np.zeros(9), np.arange(9.0), [np.ones((2, 2)), np.arange(2.0)]
    drawn = [Check("", (z, 2)) for z in (flat, steep, flat.tolist(), pair)]
    contract = SimpleNamespace(calls=lambda seed, count: drawn)
    exercise: Any = SimpleNamespace(name="f", contract=contract, checks=[])
    assert {drawn_call(exercise, seed)[3:12] for seed in range(40)} == {"0.0, 1.0,", "[[1.0, 1."}


@pytest.mark.parametrize("name", ["f", "a_function_with_a_name_of_fifty_letters_and_no_less"])
def test_a_call_of_ones_own_is_one_that_fits_on_a_line_whatever_the_name(name: str) -> None:
    """Each call is as long as its argument says, besides the name."""

    def taken(lengths: list[int], shown: tuple[int, ...] = ()) -> set[int]:
        drawn, checks = ([Check("", (10 ** (n - 3),)) for n in some] for some in (lengths, shown))
        contract = SimpleNamespace(calls=lambda seed, count: drawn)
        exercise: Any = SimpleNamespace(name=name, contract=contract, checks=checks)
        return {len(drawn_call(exercise, seed)) - len(name) for seed in range(40)}

    shortest, longest = FITS.start, FITS.stop - 1
    assert taken([4, shortest - 1, shortest, 30, longest, longest + 1, 110]) == {shortest, 30, longest}
    assert taken([80, 81, 82]) == {80, 81, 82}
    assert taken([*range(80, 90)]) == {80, 81, 82, 83, 84}, "the first are the simplest"
    assert taken([*range(4, 12), 80]) == {*range(4, 12)}
    assert taken([], (5, 20)) == {20}


@pytest.fixture(scope="module")
def workers() -> Any:
    skip_without_landlock()
    with Workers() as opened:
        yield opened


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_the_solution_of_every_exercise_passes_where_it_is_graded(
    page: Page, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each passes with the page's imports, without the lesson; a stub and a wrong function do not."""
    topic = topic_of(page.path)
    sources = {place: cell["source"] for place, cell in page.of_type("code")}
    for place, name in exercises(page).items():
        task = Task(topic, name, 10, 5)
        exercise = task.declared
        monkeypatch.setattr(exercise, "contract", replace(exercise.contract, count=8))
        above = Cells(tuple(source for at, source in sources.items() if at < place))
        verdict, kept = judge(workers, task, [exercise.source], above)
        assert kept.points == 10, f"{name}: {verdict!r}"
        assert len(kept.behavior) == len(exercise.checks)
    nothing = [f"def {exercise.name}(*a, **k):\n    return {value}" for value in ("...", "a[0]")]
    found = [judge(workers, task, [attempt], above)[1] for attempt in nothing]
    assert [(one.status, one.points) for one in found] == [("not attempted", 0), ("failed", 0)]
