"""The instructor guide is written from the notebooks: all of them, as they are now; its code runs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from course_utils.__main__ import main
from course_utils.classroom.shares import measured_shares
from course_utils.lessons import lesson_of
from course_utils.notebook_files import NOTEBOOKS, find_notebooks
from course_utils.notebook_files.files import topic_of
from course_utils.notebook_files.text import links_in
from course_utils.publish.chapters import PATH, PLANS, Chapter, UnusableNotes, chapter_of
from course_utils.publish.guide import NAME, guide
from course_utils.publish.handouts import write_guide
from course_utils.teaching import Demo, Exercise, Question
from course_utils.teaching.derivation import DoesNotFollow

GUIDE = NOTEBOOKS / NAME
TEXT = GUIDE.read_text("utf-8")
ROOT = NOTEBOOKS.parent


@cache
def chapter(number: str) -> Chapter:
    (path,) = find_notebooks([number])
    return chapter_of(path)


WRITE = "run `python -m course_utils guide`, and read what it changes"
NUMBERS = {path.stem: path.name[:2] for path in find_notebooks()}
every_notebook = pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)


def part(number: str, text: str = TEXT) -> str:
    """Return what the guide says about one notebook."""
    _, found, rest = text.partition(f"]({chapter(number).page.path.name})\n")
    assert found
    return rest.partition("\n## ")[0]


def test_the_guide_is_what_the_lessons_say_now() -> None:
    chapters = [chapter(number) for number in NUMBERS.values()]
    assert guide(chapters, measured_shares()) == TEXT, f"{WRITE}: no test asks whether it is true"


def test_an_edited_guide_is_seen_and_written_anew(tmp_path: Path) -> None:
    one = [chapter("00")]
    assert write_guide(one, tmp_path, {})
    assert not write_guide(one, tmp_path, {})
    written = (tmp_path / NAME).read_text("utf-8")
    for edited in (
        written.replace("core", "heart", 1),
        written.replace("core", "bark", 1),
        "",
        f"{written}\n",
    ):
        (tmp_path / NAME).write_text(edited, encoding="utf-8")
        assert write_guide(one, tmp_path, {})
        assert (tmp_path / NAME).read_text("utf-8") == written


@every_notebook
def test_every_option_of_every_question_is_there_with_its_meaning(number: str) -> None:
    body = part(number)
    questions = [one.value for one in chapter(number).shown if isinstance(one.value, Question)]
    assert body.count("*Probably thought*") == sum(len(each.options) - 1 for each in questions), WRITE
    assert body.count("**Right.**") == len(questions), WRITE
    for question in questions:
        assert question.prompt in body
        for letter, option, because in question.lettered:
            verdict = "**Right.**" if letter == question.answer else "*Probably thought*"
            assert f": {option} {verdict} {because}\n" in f"{body}\n"


@every_notebook
def test_plans_fill_their_minutes_and_hold_the_lecture_path(number: str) -> None:
    one = chapter(number)
    for plan, minutes in enumerate(PLANS):
        times = list(one.clock(plan).values())
        assert times[0][0] == 0
        assert times[-1][1] == minutes
        assert all(end == begin for (_, end), (begin, _) in pairwise(times))
    assert {stop.section for stop in one.path} <= set(one.clock(0)), "the short plan leaves out a stop"
    for row in one.rows:
        needed = sum(PATH[stop.kind] for stop in one.path if stop.section == row.key)
        assert all(planned >= needed for planned in row.planned if planned), f"{row.title} needs {needed}"
    rows = re.findall(r"^\| (.+?) \| (core|deeper) \| (\d+) \|", part(number), re.MULTILINE)
    assert len(rows) == sum(row.mark != "" for row in one.rows)


@every_notebook
def test_moves_say_what_their_demo_says(number: str) -> None:
    for cell, moves in chapter(number).moves.items():
        (demo,) = (one.value for one in chapter(number).shown if one.cell == cell)
        assert isinstance(demo, Demo)
        assert len({move.says for move in moves}) == len(moves), "a move changes nothing"
        for move in moves:
            assert f"{move.do}. *{move.says}*" in part(number)


@every_notebook
def test_a_derivation_on_paper_has_gaps_and_is_proved(number: str) -> None:
    one = chapter(number)
    assert one.derivation.faded.gaps
    assert all(step.because for step in one.derivation.steps)
    of_lesson = any(value is one.derivation for value in vars(lesson_of(topic_of(one.page.path))).values())
    if not of_lesson:  # those are proved by tests/lessons/test_derivations.py
        assert one.derivation.faded.gaps == tuple(range(2, len(one.derivation.steps) + 1)), (
            "a first line to see"
        )
        report = one.derivation.verify()
        assert not any("not proved" in line for line in repr(report).splitlines())


def test_a_derivation_on_paper_that_is_wrong_would_be_seen() -> None:
    one = chapter("00")
    derivation = {
        **one.notes.derivation,
        "steps": [["f", "exp(z)", "given"], ["log(f)", "z + 1", "wrong"]],
    }
    with pytest.raises(DoesNotFollow, match="Line 2 does not follow"):
        replace(one, notes=replace(one.notes, derivation=derivation)).derivation.verify()


@every_notebook
def test_what_else_a_teacher_needs_is_there(number: str) -> None:
    one = chapter(number)
    assert 3 <= len(one.objectives) <= 5
    assert all(f"- {objective}\n" in part(number) for objective in one.objectives)
    addressed = [
        each for each in one.objectives if re.search(r"\byou", each)
    ]  # the guide says what students will do
    assert addressed == []
    assert len(one.notes.oral) == 2
    assert 2 <= len(one.notes.asked) <= 4
    for cell in one.page.cells:
        if note := cell["metadata"].get("slideshow", {}).get("notes"):
            assert f"- `{cell['id']}`: {note}\n" in part(number)
    functions = [each.value.name for each in one.shown if isinstance(each.value, Exercise)]
    named = re.findall(r"\(function `(\w+)`\)", part(number))
    assert named == functions, WRITE


def test_a_change_in_a_lesson_changes_the_guide() -> None:
    one = chapter("00")
    first = one.questions[0]
    changed = replace(first.value, because=["of something else.", *first.value.because[1:]])
    shown = [replace(each, value=changed) if each is first else each for each in one.shown]
    before, after = (guide([each]).splitlines() for each in (one, replace(one, shown=shown)))
    different = [new for old, new in zip(before, after, strict=True) if old != new]
    assert different == ["- **A**, 10 %: It grows by 1. *Probably thought* of something else."]


def test_measured_shares_take_the_place_of_expected_ones() -> None:
    one = chapter("00")
    asked = one.questions[0]
    expected = guide([one])
    for name in (asked.name, "step_question"):
        measured = guide([one], {name: {"A": 0.21, "B": 0.79}})
        assert "- **A**, 21 % measured: " in measured
        assert "- **C**, 0 % measured: " in measured
        assert measured.count("measured:") == 3
    assert "measured:" not in expected


@pytest.mark.parametrize(
    ("entry", "value", "sentence"),
    [
        ("plan", [["check", 3]], "gives check the minutes [3], and not two numbers"),
        ("plan", [["check", 3, -1]], "gives check the minutes [3, -1], and not two numbers"),
        ("plan", [["chekc", 3, 5]], "no section begins in cell chekc; they begin in check, map"),
        ("plan", [["map", 3, 5], ["check", 3, 5]], "the plan has check twice, or in another order"),
        ("plan", [["map", 3, 5]], "the plan of 50 minutes adds up to 3"),
        ("plan", [["map", 50, 5]], "the plan of 90 minutes adds up to 5"),
        ("moves", {}, "there are to be moves of the demos demo"),
        ("moves", {"demo": ["Far"]}, "has no preset 'Far'; it has Far left and Far right"),
        ("moves", {"demo": [{"y": 1}]}, "there is no control 'y'; the controls are: z"),
        ("moves", {"demo": [{"z": 9}]}, "z must be a number from −3 to 3, not 9"),
        ("derivation", "step_question", "the lesson has no derivation step_question"),
    ],
)
def test_notes_that_do_not_fit_are_refused_in_one_sentence(entry: str, value: Any, sentence: str) -> None:
    one = replace(chapter("00"), notes=replace(chapter("00").notes, **{entry: value}))
    with pytest.raises(UnusableNotes) as refused:
        _ = one.rows, one.moves, one.derivation
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("00_start_here, teaching.toml: ")


def test_missing_and_broken_notes_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course_utils.publish.chapters.LESSONS", tmp_path)
    (path,) = find_notebooks(["00"])
    file = tmp_path / "start_here" / "teaching.toml"
    file.parent.mkdir()
    for text, sentence in (
        (None, "has no teaching.toml beside its lesson"),
        ("short =", "teaching.toml: Invalid value"),
        ('short = ""\nsort = ""', "asked, derivation, moves, oral, plan and sort is missing or unknown"),
    ):
        if text is not None:
            file.write_text(text, encoding="utf-8")
        with pytest.raises(UnusableNotes, match=sentence):
            chapter_of(path)
    file.write_text('short = "Köln"', encoding="latin-1")
    with pytest.raises(UnusableNotes, match="can't decode"):
        chapter_of(path)


def test_the_command_writes_the_guide_beside_the_notebooks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(NOTEBOOKS / "00_start_here.ipynb", tmp_path)
    assert main(["guide"], tmp_path) == 0
    assert "changed" in capsys.readouterr().out
    assert "## [00 Start here](00_start_here.ipynb)" in (tmp_path / NAME).read_text("utf-8")
    shares = tmp_path / "shares.json"
    assert main(["guide", "--shares", str(shares)], tmp_path) == 2
    assert "`report DIR --shares FILE` writes such a file" in capsys.readouterr().out
    shares.write_text('{"00-question": {"A": 0.25, "B": 0.75}}', encoding="utf-8")
    assert main(["guide", "--shares", str(shares)], tmp_path) == 0
    assert "- **B**, 75 % measured: " in (tmp_path / NAME).read_text("utf-8")


def test_the_guides_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)", TEXT, re.MULTILINE)
    titles = [re.sub(r"\[(.*)\]\(.*\)", r"\1", heading) for heading in headings]
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    for link in links_in(TEXT):
        name, _, anchor = link["target"].partition("#")
        if not re.match(r"[a-z]+:", link["target"]):
            assert not name or (NOTEBOOKS / name).exists(), link[0]
            assert not anchor or anchor in anchors, link[0]


def test_the_guide_is_linked_from_where_instructors_start() -> None:
    assert "](instructor_guide.md)" in (NOTEBOOKS / "00_start_here.ipynb").read_text("utf-8")
    assert "](notebooks/instructor_guide.md)" in (ROOT / "README.md").read_text("utf-8")


def test_what_is_written_by_hand_stays_short() -> None:
    notes, pages = (
        [sum(bool(line.strip()) for line in file.read_text("utf-8").splitlines()) for file in files]
        for files in (
            (ROOT / "course_utils").glob("lessons/*/teaching.toml"),
            (ROOT / "course_utils").glob("publish/guide/*.md"),
        )
    )
    assert (len(notes), len(pages)) == (len(NUMBERS), 7)
    assert sum(notes) <= 24 * len(notes)
    assert sum(pages) <= 134


def test_the_guides_command_writes_slides_without_plumbing(tmp_path: Path) -> None:
    (command,) = re.findall(r"^\.venv/bin/jupyter (nbconvert --to slides .*)$", TEXT, re.MULTILINE)
    name = "00_start_here"  # the smallest
    arguments = shlex.split(command.replace("notebooks/01_softmax.ipynb", str(NOTEBOOKS / f"{name}.ipynb")))
    subprocess.run([sys.executable, "-m", *arguments, f"--output-dir={tmp_path}"], check=True)
    slides = (tmp_path / f"{name}.slides.html").read_text("utf-8")
    assert "exponential_demo" not in slides
    for one in chapter("00").shown:
        if one.cell in ("question", "demo"):
            assert one.value.to_html()[:200] in slides
    assert 'src="https://cdnjs.cloudflare.com' in slides  # the guide calls it an online form
