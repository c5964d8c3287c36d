"""The instructor guide says what the notebooks say: sections, minutes, questions, notes; its code runs."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import NOTEBOOKS
from course_utils.notebook_files.page import Page
from course_utils.notebook_files.text import SECTION_TIME, first_line, links_in
from course_utils.teaching import Exercise, Question

GUIDE = NOTEBOOKS / "instructor_guide.md"
TEXT = GUIDE.read_text("utf-8")
PLANS = (50, 90)
TREATED = [path for path in find_notebooks() if f"]({path.name})\n" in TEXT]


@cache
def page_of(path: Path) -> Page:
    return Page(path, path.read_bytes())


@cache
def lesson_of(path: Path) -> Any:
    (name,) = re.findall(r"from course_utils\.lessons import (\w+) as lesson", path.read_text("utf-8"))
    return importlib.import_module(f"course_utils.lessons.{name}")


def shown(path: Path, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the name and the object of every cell that does nothing but show an object of this kind."""
    for _, cell in page_of(path).of_type("code"):
        if match := re.fullmatch(r"lesson\.(\w+)", cell["source"].strip()):
            shown_object = getattr(lesson_of(path), match[1])
            if isinstance(shown_object, kind):
                yield match[1], shown_object


def part(path: Path, text: str = TEXT) -> str:
    """Return what the guide says about one notebook."""
    _, found, rest = text.partition(f"]({path.name})\n")
    assert found, f"the guide has no heading that links to {path.name}"
    return rest.partition("\n## ")[0]


def objective_lines(path: Path) -> list[str]:
    goals = page_of(path).opening.partition("You will be able to")[2]
    return re.findall(r"^- .*", goals.partition("**Needs")[0], re.MULTILINE)


def section_rows(path: Path) -> list[tuple[str, str, str]]:
    """Return title, mark and minutes of each section of a notebook that states them."""
    times = [(section, SECTION_TIME.match(first_line(section.text))) for section in page_of(path).sections]
    return [(section.title, time["mark"], time["minutes"]) for section, time in times if time]


def question_lines(name: str, question: Question) -> list[str]:
    """Return what the guide says about a question, without the share of votes."""
    lines = [f"**`{name}`**. {question.prompt}"]
    for letter, option, because in question.lettered:
        verdict = "**Right.**" if letter == question.answer else "*Probably thought*"
        lines.append(f"- **{letter}**: {option} {verdict} {because}")
    return lines


def faults(path: Path, text: str) -> list[str]:
    """List what the guide's part on a notebook has to say and does not, or says and should not."""
    body = part(path, text)
    found = [f"misses: {line}" for line in objective_lines(path) if line not in body]

    rows = re.findall(r"^\| (.*?) \| (.*?) \| (\d*) *\| (\d*) *\| (\d*) *\|$", body, re.MULTILINE)
    told = [row[:3] for row in rows if row[1]]
    if told != section_rows(path):
        found.append(f"has other sections: {section_rows(path)}")
    for column, minutes in enumerate(PLANS, start=3):
        if (total := sum(int(row[column] or 0) for row in rows)) != minutes:
            found.append(f"has a plan of {total} minutes, not {minutes}")
    if "| **50** | **90** |" not in body:
        found.append("has no sums")

    questions = body.partition("### Prediction questions\n")[2].partition("\n### ")[0]
    shares = re.findall(r"^- \*\*[A-H]\*\*, (\d+) %:", questions, re.MULTILINE)
    told_lines = [line for line in re.sub(r"(?<=\*\*), \d+ %:", ":", questions).splitlines() if line]
    lines = [question_lines(name, question) for name, question in shown(path, Question)]
    if told_lines != [line for each in lines for line in each]:
        missing = [line for each in lines for line in each if line not in told_lines]
        found += [f"misses: {line}" for line in missing] or ["has questions that the notebook does not ask"]
    for each in lines:
        options = len(each) - 1
        own, shares = shares[:options], shares[options:]
        if sum(map(int, own)) != 100:
            found.append(f"the votes on {each[0]} do not add up to 100 %")

    notes = [
        f"- `{cell['id']}`: {cell['metadata']['slideshow']['notes']}"
        for cell in page_of(path).cells
        if "notes" in cell["metadata"]["slideshow"]
    ]
    if body.partition("### Speaker notes\n\n")[2].partition("\n\n")[0].splitlines() != notes:
        found.append(f"has other speaker notes: {notes}")
    exercises = [f"`{name}` (function `{exercise.name}`)" for name, exercise in shown(path, Exercise)]
    if ", ".join(exercises) + "." not in body:
        found.append(f"assigns other exercises: {exercises}")
    return found


def test_the_guide_has_a_part_on_every_notebook() -> None:
    assert [path.name for path in find_notebooks() if path not in TREATED] == []


@pytest.mark.parametrize("path", TREATED, ids=lambda path: path.name)
def test_the_guide_agrees_with_the_notebook(path: Path) -> None:
    assert faults(path, TEXT) == []
    body = part(path)
    assert "**Short of time?**" in body
    answers = body.partition("### Common questions\n")[2].partition("\n### ")[0]
    assert 2 <= len(re.findall(r"^- \*\*.+\?\*\* |^- \*\*.+\.\*\* ", answers, re.MULTILINE)) <= 4


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("| Why not divide by the sum? | core | 5 |", "| Why not divide by the sum? | core | 6 |"),
        ("| Why not divide by the sum? | core | 5 | 6 |", "| Why not divide by the sum? | core | 5 | 7 |"),
        ("- **A**, 50 %: Three numbers between", "- **A**, 51 %: Three numbers between"),
        ("| One pulls, all move |", "| One moves, all pull |"),
        ("*Probably thought* that dividing by the sum always", "*Probably thought* that dividing always"),
        ("**Right.** The sum is −3", "*Probably thought* The sum is −3"),
        ("- `ratios-demo`: Demo 1.", "- `ratios-demo`: Demo 7."),
        ("*predict* what a change", "*guess* what a change"),
        ("`odds_exercise` (function `odds`)", "`odds_exercise` (function `chances`)"),
    ],
)
def test_a_guide_that_drifts_would_be_seen(right: str, wrong: str) -> None:
    path = NOTEBOOKS / "01_softmax.ipynb"
    assert TEXT.count(right) == 1
    assert len(faults(path, TEXT.replace(right, wrong))) == 1


def test_the_guides_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)", TEXT, re.MULTILINE)
    }
    for link in links_in(TEXT):
        name, _, anchor = link["target"].partition("#")
        if not re.match(r"[a-z]+:", link["target"]):
            assert not name or (NOTEBOOKS / name).exists(), link[0]
            assert not anchor or anchor in anchors, link[0]


def test_the_guide_is_linked_from_where_instructors_start() -> None:
    assert "](instructor_guide.md)" in (NOTEBOOKS / "00_start_here.ipynb").read_text("utf-8")
    assert "](notebooks/instructor_guide.md)" in (NOTEBOOKS.parent / "README.md").read_text("utf-8")


def test_the_guides_program_reads_the_verdicts_of_a_submission(tmp_path: Path) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    shutil.copy(NOTEBOOKS / "00_start_here.ipynb", tmp_path / "ada.ipynb")
    submitted = nbformat.read(tmp_path / "ada.ipynb", as_version=4)
    namespace: dict[str, Any] = {}
    exec(program, namespace)
    for code, status in (("np.exp(z).sum()", "passed"), ("1 / 0", "failed")):
        attempt = next(cell for cell in submitted.cells if cell.id == "attempt")
        attempt.source = f"def sum_of_exponentials(z):\n    return {code}"
        nbformat.write(submitted, tmp_path / "ada.ipynb")
        assert namespace["statuses"](tmp_path / "ada.ipynb") == {"sum_exercise": status}


def test_the_guides_command_writes_slides_without_plumbing(tmp_path: Path) -> None:
    (command,) = re.findall(r"^\.venv/bin/jupyter (nbconvert --to slides .*)$", TEXT, re.MULTILINE)
    name = "00_start_here"  # the smallest
    arguments = shlex.split(command.replace("notebooks/01_softmax.ipynb", str(NOTEBOOKS / f"{name}.ipynb")))
    subprocess.run([sys.executable, "-m", *arguments, f"--output-dir={tmp_path}"], check=True)
    slides = (tmp_path / f"{name}.slides.html").read_text("utf-8")
    assert "exponential_demo" not in slides
    for shown_object in ("step_question", "exponential_demo"):
        assert getattr(lesson_of(NOTEBOOKS / f"{name}.ipynb"), shown_object).to_html()[:200] in slides
    assert 'src="https://cdnjs.cloudflare.com' in slides  # the guide calls it an online form
