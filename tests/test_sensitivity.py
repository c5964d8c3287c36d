"""Proof that the suite can fail: break things in a copy of the course and see the right tests turn red.

Each fault is the kind that slips through: a digit in a stored output, a table that is not what the
picture shows, a sentence with a wrong number, a helper that is slightly off. Those that do not meet are
planted together: each must turn its own tests red, and no other test may turn red with them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOK = "notebooks/00_start_here.ipynb"
SWEEPS = [f"tests/lessons/test_{objects}.py" for objects in ("demos", "questions", "exercises")]
NUMERICS = "tests/numerics/test_softmax.py"
FEW = ["-k", "start_here or simplex_demo or (test_accuracy_on_hard_input and wide)"]


@dataclass(frozen=True)
class Fault:
    """Replace one text in one file; these tests must notice."""

    file: str
    right: str
    wrong: str
    noticed_by: tuple[str, ...]


def lesson(file: str, right: str, wrong: str, *noticed_by: str) -> Fault:
    return Fault(
        f"course_utils/lessons/{file}", right, wrong, tuple(f"tests/lessons/{t}" for t in noticed_by)
    )


def stored(right: str, wrong: str) -> Fault:
    """Return a fault in an output of the notebook, which nbval notices in the cell that has it."""
    code = [cell for cell in json.loads((ROOT / NOTEBOOK).read_text("utf-8"))["cells"] if "outputs" in cell]
    (number,) = [i for i, cell in enumerate(code) if right in "".join(texts_of(cell["outputs"]))]
    return Fault(NOTEBOOK, right, wrong, (f"{NOTEBOOK}::Cell {number}",))


def texts_of(outputs: list[Any]) -> Iterable[str]:
    for output in outputs:
        yield from output.get("text", ())
        yield from output.get("data", {}).get("text/plain", ())


IN_A_PAGE = {
    "a digit of a printed number": stored("[2.718282 2.718282", "[2.718282 2.718283"),
    "a digit in a stored sentence": stored("one higher, it is 2.72", "one higher, it is 2.73"),
}
START = "start_here/how_a_page_works.py"
AGREE = "test_demos.py::test_drawing_table_and_sentence_agree_everywhere"
IN_A_LESSON = {
    "bars beside their table": lesson(
        "softmax/three_classes.py", '"p": p}', '"p": p + 1e-9}', f"{AGREE}[softmax.simplex_demo]"
    ),
    "a wrong number in a sentence": lesson(
        "start_here/one_picture.py",
        "format_number(p.max())}",
        "format_number(p.max() + 1)}",
        f"{AGREE}[start_here.one_picture_demo]",
    ),
    "a slider that does nothing": lesson(
        START,
        "here, beside = np.exp(z), np.exp(z + 1)",
        "z = 0.5 * (z == 9)\n    here, beside = 1.0, np.e",
        "test_demos.py::test_everything_moves_something[start_here.exponential_demo]",
    ),
    "a text outside the figure": lesson(
        START,
        'Axis("*z*", ',
        'Axis("*z*" * 400, ',
        "test_demos.py::test_no_text_is_clipped_covered_small_or_jumping[start_here.exponential_demo]",
    ),
    "a mistake that the checks miss": lesson(
        START,
        "lambda z: np.mean(np.exp(z))",
        "lambda z: np.exp(z).sum()",
        "test_exercises.py::test_every_mistake_is_caught_and_named[start_here.sum_exercise]",
        "test_exercises.py::test_what_a_sentence_describes_is_told_that_sentence[start_here.sum_exercise: "
        "this-is-their-mean]",
    ),
    "a diagnosis that makes no sentence": lesson(
        START,
        '"of a straight line.',
        '"Straight line.',
        "test_questions.py::test_diagnoses_complete_the_sentence[start_here.step_question]",
    ),
    "a softmax that is a little off": Fault(
        "course_utils/numerics/softmax.py",
        "            out /= total\n",
        "            out /= total * (1 + 1e-13)\n",
        (f"{NUMERICS}::test_accuracy_on_hard_input[wide]",),
    ),
}
ROUNDING = Fault("course_utils/teaching/text.py", "digits: int = 3) -> str:", "digits: int = 4) -> str:", ())


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Copy what the selected tests need, compiled as it is here but for what is changed then."""
    for folder in ("course_utils", "tests", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(course: Path, faults: Iterable[Fault]) -> None:
    for fault in faults:
        file = course / fault.file
        sound = file.read_text(encoding="utf-8")
        assert fault.right in sound, f"the fault no longer fits {fault.file}: {fault.right!r} is not in it"
        file.write_text(sound.replace(fault.right, fault.wrong, 1), encoding="utf-8")


def red(course: Path, run_pytest: Any, *files: str) -> set[str]:
    """Run a few tests of these files on the copy, which comes first on the path; return those that fail."""
    paths = os.pathsep.join(map(str, (course, course / "tests" / "lessons")))
    finished = run_pytest(course, "-q", "-rf", "--tb=no", "--numprocesses=0", *FEW, *files, PYTHONPATH=paths)
    assert finished.returncode == 1, finished.stdout[-3000:] + finished.stderr[-3000:]
    return set(re.findall(r"^FAILED (.+?)(?: - .*)?$", finished.stdout, re.MULTILINE))


@pytest.mark.parametrize(
    ("faults", "files"),
    [
        (IN_A_PAGE, [NOTEBOOK]),
        (IN_A_LESSON, [*SWEEPS, NUMERICS]),
    ],
    ids=["in a page", "in a lesson"],
)
def test_each_fault_turns_its_tests_red_and_no_other(
    course: Path, run_pytest: Any, faults: dict[str, Fault], files: list[str]
) -> None:
    plant(course, faults.values())
    assert red(course, run_pytest, *files) == {test for fault in faults.values() for test in fault.noticed_by}


def test_a_helper_that_rounds_otherwise_is_noticed_on_the_page(course: Path, run_pytest: Any) -> None:
    plant(course, [ROUNDING])
    assert red(course, run_pytest, NOTEBOOK).issuperset(IN_A_PAGE["a digit in a stored sentence"].noticed_by)
