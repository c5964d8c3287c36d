"""What README.md tells contributors, done word for word, and its pictures."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course_plugin import without_pytest
from PIL import Image

from course_utils.notebook_files import check_notebook, committed_form, read_notebook, to_bytes

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PICTURES = ROOT / ".github" / "pictures"

# --- Adding to the course -----------------------------------------------------------------------------------

DEMO, EXERCISE, ATTEMPTS, CONTENTS, ATTEMPT = re.findall(
    r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL
)
COMMANDS = re.findall(
    r"`\.venv/bin/((?:python -m course_utils|pytest)[^`]*)`", README.partition("## For contributors")[2]
)


def run(course: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the README on the copy: its own course_utils comes first on the path."""
    path = os.pathsep.join((str(course), os.environ["PYTHONPATH"]))
    environment = without_pytest(os.environ) | {"PYTHONPATH": path}
    _, *arguments = shlex.split(command)
    return subprocess.run(
        [sys.executable, *arguments], cwd=course, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("copy") / "course"
    left_out = shutil.ignore_patterns(".*", "node_modules", "*.egg-info")
    shutil.copytree(ROOT, copy, ignore=left_out)
    return copy


def with_code_cells(path: Path, sources: list[str]) -> None:
    """Put code cells after the one that imports the lesson."""
    notebook = read_notebook(path.read_bytes())
    at = next(i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code") + 1
    new = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    notebook["cells"][at:at] = new
    path.write_bytes(to_bytes(committed_form(notebook)))


def test_a_demo_an_exercise_and_a_notebook_are_added_by_the_readme(course: Path, run_pytest: Any) -> None:
    _site, new, refresh, check, _of_the_lesson, prove, _guide, _everything = COMMANDS
    lesson = course / "course_utils" / "lessons" / "loaded_dice"
    lesson.mkdir()
    (lesson / "one_die.py").write_text(f"{DEMO}\n\n{EXERCISE}", "utf-8")
    (lesson / "__init__.py").write_text(CONTENTS, "utf-8")
    (course / "tests" / "lessons" / "attempts" / "loaded_dice.py").write_text(ATTEMPTS, "utf-8")

    written = run(course, new)
    assert written.returncode == 0, written.stdout + written.stderr
    path = course / "notebooks" / "09_loaded_dice.ipynb"
    (linked,) = re.findall(r"Above the first section of (\S+) belongs: (.+)", written.stdout)
    before = course / "notebooks" / linked[0]
    with_link = read_notebook(before.read_bytes())
    with_link["cells"][0]["source"] += f"\n\n{linked[1]}"
    before.write_bytes(to_bytes(with_link))
    assert check_notebook(before) == []
    with_code_cells(path, ["lesson.loaded_die_demo", "lesson.mean_exercise", ATTEMPT])

    refreshed = run(course, refresh)
    assert "1 notebook refreshed, 1 changed, 0 failed." in refreshed.stdout, refreshed.stdout
    named = [cell["id"] for cell in read_notebook(path.read_bytes())["cells"]]
    assert {"loaded-die-demo", "mean-exercise", "mean-attempt"} <= set(named)
    stored = path.read_text("utf-8")
    assert "probability 0.167" in stored
    assert "data:image/png;base64," in stored
    assert "data:image/svg" not in stored, "what a page without a kernel shows is painted, not sketched"

    checked = run(course, check)
    assert {finding.rule for finding in check_notebook(path)} == {"nothing left to write"}, checked.stdout
    assert "-> write it" in checked.stdout

    for cell in (notebook := read_notebook(path.read_bytes()))["cells"]:
        cell["source"] = cell["source"].replace("TODO", "Written")
    path.write_bytes(to_bytes(notebook))
    program, *selection = shlex.split(prove)
    assert program == "pytest"
    # What could speak of a new lesson; elsewhere the same words select nothing.
    where = ["tests/lessons", "notebooks/09_loaded_dice.ipynb", "course_utils/lessons/loaded_dice"]
    quick = ["--numprocesses=0", "-rA", *where]
    proved = run_pytest(course, *selection, *quick, PYTHONPATH=str(course))
    assert proved.returncode == 0, proved.stdout[-3000:]
    for proof in (
        "loaded_dice.loaded_die_demo",
        "loaded_dice.mean_exercise",
        "test_what_is_shown_and_drawn_is_allowed[loaded_dice.mean_exercise]",
        "09_loaded_dice.ipynb::Cell 3",
    ):
        assert proof in proved.stdout


# --- Pictures ----------------------------------------------------------------------------------------------


def test_the_pictures_are_those_that_the_script_takes_and_the_readme_shows() -> None:
    script = (ROOT / "tests" / "browser" / "readme_pictures.py").read_text("utf-8")
    taken = set(re.findall(r"Shot\(\s*\"(\w+)\"", script))
    shown = re.findall(r"!\[([^\]]+)\]\(\.github/pictures/(\w+)\.png\)", README)
    assert taken == {path.stem for path in PICTURES.iterdir()} == {name for _, name in shown}
    assert all(len(words.split()) > 10 for words, _ in shown), "a picture needs a description"


@pytest.mark.parametrize("path", sorted(PICTURES.iterdir()), ids=lambda path: path.name)
def test_a_picture_is_small_and_holds_something(path: Path) -> None:
    assert path.stat().st_size < 100_000
    with Image.open(path) as image:
        assert image.width >= 600
        assert len(image.convert("L").getcolors() or []) > 20
