"""Proof that the suite can fail: break one thing in a copy of the course and see the right test turn red.

Each fault is the kind that slips through: a digit in a stored output, a table that is not what the
picture shows, a sentence with a wrong number, a helper that is slightly off.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOK = "notebooks/00_start_here.ipynb"
SWEEP = "tests/lessons/test_demos.py"
QUESTIONS = "tests/lessons/test_questions.py"
EXERCISES = "tests/lessons/test_exercises.py"
NUMERICS = "tests/numerics/test_softmax.py"
FEW = ["-k", "start_here or simplex_demo or (test_accuracy_on_hard_input and wide)"]
LESSON = "course_utils/lessons/start_here/how_a_page_works.py"
TRIANGLE = "course_utils/lessons/softmax/three_classes.py"


@dataclass(frozen=True)
class Fault:
    """Replace one text in one file; this file of tests must notice."""

    file: str
    right: str
    wrong: str
    tests: str


FAULTS = {
    "a digit of a printed number": Fault(
        "notebooks/00_start_here.ipynb", "[2.718282 2.718282", "[2.718282 2.718283", NOTEBOOK
    ),
    "a digit in a stored sentence": Fault(
        "notebooks/00_start_here.ipynb", "one higher, it is 2.72", "one higher, it is 2.73", NOTEBOOK
    ),
    "bars beside their table": Fault(TRIANGLE, '"p": p}', '"p": p + 1e-9}', SWEEP),
    "a wrong number in a sentence": Fault(
        LESSON, "format_number(beside)}", "format_number(beside + 1)}", SWEEP
    ),
    "a slider that does nothing": Fault(
        LESSON,
        "here, beside = np.exp(z), np.exp(z + 1)",
        "z = 0.5 * (z == 9)\n    here, beside = 1.0, np.e",
        SWEEP,
    ),
    "a text outside the figure": Fault(LESSON, 'Axis("*z*", ', 'Axis("*z*" * 400, ', SWEEP),
    "a mistake that the checks miss": Fault(
        LESSON, "lambda z: np.mean(np.exp(z))", "lambda z: np.exp(z).sum()", EXERCISES
    ),
    "a diagnosis that makes no sentence": Fault(LESSON, '"of a straight line.', '"Straight line.', QUESTIONS),
    "a helper that rounds otherwise": Fault(
        "course_utils/teaching/text.py", "digits: int = 3) -> str:", "digits: int = 4) -> str:", NOTEBOOK
    ),
    "a softmax that is a little off": Fault(
        "course_utils/numerics/softmax.py",
        "        p /= total\n",
        "        p /= total * (1 + 1e-13)\n",
        NUMERICS,
    ),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the selected tests need."""
    copy = tmp_path_factory.mktemp("course")
    for folder in ("course_utils", "tests", "notebooks"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture(scope="module")
def run_tests(course: Path, run_pytest: Any) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a few tests of these files on the copy, which comes first on the path."""
    paths = os.pathsep.join(map(str, (course, course / "tests" / "lessons")))
    options = ["-x", "-q", "--numprocesses=0", *FEW]
    return functools.partial(run_pytest, course, *options, PYTHONPATH=paths)


def test_without_a_fault_all_is_green(run_tests: Any) -> None:
    finished = run_tests(NOTEBOOK, SWEEP, QUESTIONS, EXERCISES, NUMERICS)
    assert finished.returncode == 0, finished.stdout[-3000:]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_turns_the_suite_red(course: Path, run_tests: Any, fault: Fault) -> None:
    file = course / fault.file
    sound = file.read_text(encoding="utf-8")
    assert fault.right in sound, f"the fault no longer fits {fault.file}: {fault.right!r} is not in it"
    file.write_text(sound.replace(fault.right, fault.wrong, 1), encoding="utf-8")
    try:
        finished = run_tests(fault.tests)
    finally:
        file.write_text(sound, encoding="utf-8")
    assert finished.returncode == 1, finished.stdout[-3000:]
    assert "failed" in finished.stdout
