"""What runs in a reader's browser needs nothing but NumPy, and SymPy where a line is judged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from course_plugin import without_pytest

from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.shown import source_of
from course_utils.publish import python_in_the_page

ABSENT = (
    "traitlets",
    "anywidget",
    "ipywidgets",
    "IPython",
    "matplotlib",
    "plotly",
    "scipy",
    "nbformat",
    "PIL",
)

# Its film answers; beyond it the page says that the notebook is needed.
NEEDS_SCIPY = ("02-lab-demo",)

SCRIPT = f"""
import json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {ABSENT!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}")

# An editable installation would find here what a page lacks.
here = [finder for finder in sys.meta_path if "__editable__" not in getattr(finder, "__module__", "")]
sys.meta_path[:] = [Absent(), *here]
from course_utils.publish.answers import Answers

answers = Answers(json.load(sys.stdin))
for name, declared in answers.objects.items():
    shown = answers.shown(name)
    kind = type(shown).__name__
    if name in {NEEDS_SCIPY!r}:
        continue
    if kind == "Demo":
        said = answers.picture(name, {{"values": {{}}, "width": 360}})
        assert said["spec"]["says"], name
    elif kind in ("Exercise", "Conjecture"):
        said = answers.check(name, shown.solution().plain)
        assert said["json"]["status"] == "passed", (name, said["html"])
    else:
        row = shown.lines[0]
        said = answers.derivation(name, {{"line": row.number, "number": 1, "do": "read", "text": "x+1"}})
        assert said["do"] == "read", name
print(len(answers.objects))
"""


def test_everything_on_the_pages_answers_with_numpy_and_sympy_alone(tmp_path: Path) -> None:
    """And with those files of the course only that a page gets."""
    for file in python_in_the_page.course_files():
        there = tmp_path / file.relative_to(python_in_the_page.PACKAGE.parent)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, there)
    objects_json = json.dumps(python_in_the_page.objects(map(source_of, find_notebooks())))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=objects_json,
        cwd=tmp_path,
        env=without_pytest(os.environ) | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 80
