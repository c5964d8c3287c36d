"""Answers are kept where the student has agreed, whole, and nowhere else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from course_utils.notebook_files import NOTEBOOKS
from course_utils.teaching import Check, Contract, Exercise, KeepAnswers, Question, answers
from course_utils.teaching.answers import (
    FILE,
    Answers,
    Unusable,
    empty,
    keep_choice,
    keep_verdict,
    name_of,
    read_answers,
)
from course_utils.teaching.live import STORED

QUESTION = Question("1 + 1?", ["2", "11"], "A", ["Counting on.", "That joins digits."])


def double(x: float) -> float:
    return 2 * x


def page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Question, Exercise]:
    """Make a notebook that shows a question and an exercise, and a kernel that runs it."""
    exercise = Exercise(
        "Write `double(x)`.", Contract("x"), double, [Check("three", (3.0,))], [], ["", "", ""]
    )
    lesson = ModuleType("course_utils.lessons.dice")
    vars(lesson).update(sum_question=QUESTION, double_exercise=exercise)
    cells = [
        {"id": "sum", "source": ["lesson.sum_question\n"]},
        {"id": "double", "source": "lesson.double_exercise"},
    ]
    (folder / "09_dice.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    shell = SimpleNamespace(kernel=object(), user_ns={"lesson": lesson})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]
    monkeypatch.chdir(folder)
    monkeypatch.delenv(STORED, raising=False)
    return QUESTION, exercise


def kept(folder: Path) -> Any:
    return json.loads((folder / FILE).read_text("utf-8"))


def test_without_consent_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question, exercise = page(tmp_path, monkeypatch)
    assert keep_choice(question, "A") == keep_verdict(exercise, exercise.check(double)) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["09_dice.ipynb"]


def test_with_consent_choices_and_verdicts_are_kept_in_the_file_of_the_website(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, exercise = page(tmp_path, monkeypatch)
    Answers(tmp_path).start()
    assert keep_choice(question, "B") == keep_choice(question, "A") == ""
    verdict = exercise.check(double)
    assert kept(tmp_path) == {
        "version": 1,
        "answers": {"09-sum": "BA"},
        "code": {},
        "verdicts": {"09-double": verdict.to_json()},
        "lines": {},
    }
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["09_dice.ipynb", FILE], "nothing lies about"


def test_a_verdict_on_another_function_or_on_none_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, exercise = page(tmp_path, monkeypatch)
    Answers(tmp_path).start()

    def mistaken(x: float) -> float:
        return x * x

    exercise.check(mistaken)
    mistaken.__name__ = "double"
    exercise.check(lambda x: ...)
    assert kept(tmp_path) == empty()
    assert exercise.check(mistaken).status == "failed"
    assert kept(tmp_path)["verdicts"]["09-double"]["status"] == "failed"


def test_what_is_stored_for_others_is_never_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question, exercise = page(tmp_path, monkeypatch)
    Answers(tmp_path).start()
    monkeypatch.setenv(STORED, "1")
    assert keep_choice(question, "A") == ""
    exercise.check(double)
    assert kept(tmp_path) == empty()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not JSON"),
        ('{"version": 1, "answers": {', "not JSON"),
        ("[]", "no answers of this course"),
        ("1" * 5000, "not JSON"),
        ('{"version": 2, "answers": {}, "code": {}, "verdicts": {}}', "of version 2"),
        ('{"version": 2, "choices": {}}', "of version 2"),
        ('{"version": 1, "choices": {}}', "no answers of this course"),
        ('{"answers": {}, "code": {}, "verdicts": {}}', "no answers of this course"),
        ('{"version": 1, "answers": {"09-sum": 3}, "code": {}, "verdicts": {}}', "not the letters"),
        ('{"version": 1, "answers": {}, "code": {}, "verdicts": {"x": 1}}', "its verdicts are not"),
        *(
            (f'{{"version": 1, "answers": {{}}, "code": {{}}, "verdicts": {{}}, "lines": {lines}}}', says)
            for lines, says in [
                ("[]", "no answers of this course"),
                ('{"x": 1}', "its lines are not"),
                ('{"x": {"2": "f"}}', "its lines are not"),
                ('{"x": {"2": {"text": 1}}}', "its lines are not"),
            ]
        ),
        (b"\xff\xfe", "not text"),
    ],
)
def test_a_broken_file_is_said_in_a_sentence_and_left_as_it_is(
    content: str | bytes, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, exercise = page(tmp_path, monkeypatch)
    raw = content if isinstance(content, bytes) else content.encode()
    (tmp_path / FILE).write_bytes(raw)
    assert says in keep_choice(question, "A")
    verdict = exercise.check(double)
    assert verdict.status == "passed"
    assert says in verdict.remarks[-1]
    assert says in KeepAnswers(tmp_path).show().plain
    KeepAnswers(tmp_path).keep()
    assert (tmp_path / FILE).read_bytes() == raw


def test_what_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question, _ = page(tmp_path, monkeypatch)
    (tmp_path / FILE).write_text(json.dumps({**empty(), "code": {"01-y": "\ud800"}}), "utf-8")
    before = (tmp_path / FILE).read_bytes()
    assert "not kept" in keep_choice(question, "A")
    assert (tmp_path / FILE).read_bytes() == before


LINES = {
    "05-a": {"2": {"text": "1 − f", "status": "passed"}, "3": {"text": "f"}},
    "06-b": {"1": {"status": "failed"}},
}


def test_a_file_of_an_edition_that_kept_no_lines_is_read() -> None:
    older = {name: part for name, part in empty().items() if name != "lines"}
    assert answers.read_answers(json.dumps(older)) == empty()


def test_the_lines_that_the_website_kept_are_shown(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({**empty(), "lines": LINES}), "utf-8")
    assert KeepAnswers(tmp_path).show().plain.splitlines() == [
        "05-a  line 2  passed  1 − f",
        "05-a  line 3  f",
        "06-b  line 1  failed",
    ]


def test_what_the_website_kept_stays(tmp_path: Path) -> None:
    content = {**empty(), "answers": {"01-x": "AB"}, "code": {"01-y": "def f(): …"}, "lines": LINES}
    (tmp_path / FILE).write_text(json.dumps(content), "utf-8")
    keep = Answers(tmp_path)
    keep.start()
    keep.choose("01-x", "C")
    assert keep.read() == {**content, "answers": {"01-x": "ABC"}}


def test_what_is_kept_is_shown_in_full_and_deleted(tmp_path: Path) -> None:
    consent = KeepAnswers(tmp_path)
    assert consent.show().plain == "Nothing is kept."
    consent.keep()
    assert consent.show().plain == "answers.json is there, and holds nothing yet."
    Answers(tmp_path).choose("01-x", "B")
    Answers(tmp_path).judge("01-y", {"status": "failed", "mistake": "echo", "seed": 0})
    assert consent.show().plain.splitlines() == ["01-x  chosen: B", "01-y  failed  mistake: echo"]
    consent.delete()
    assert not (tmp_path / FILE).exists()
    Answers(tmp_path).choose("01-x", "B")
    assert not (tmp_path / FILE).exists(), "deleting takes the consent back"


def test_what_a_file_holds_is_shown_as_text(tmp_path: Path) -> None:
    Answers(tmp_path).start()
    Answers(tmp_path).judge("01-y", {"status": "<b>"})
    assert "<b>" not in KeepAnswers(tmp_path).show().html


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    consent = KeepAnswers(tmp_path)
    assert "Nothing is kept" in consent.show().plain
    assert "did not work" in consent.delete().plain
    assert "did not work" in KeepAnswers(tmp_path / "nowhere").keep().plain


WRITER = """
import sys
from pathlib import Path
from course_utils.teaching.answers import Answers
for _ in range(25):
    Answers(Path(sys.argv[1])).choose("01-x", sys.argv[2])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="without locks one of two choices may be lost")
def test_kernels_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    Answers(tmp_path).start()
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), letter]) for letter in "AB"]
    assert [writer.wait() for writer in writers] == [0, 0]
    letters = Answers(tmp_path).read()["answers"]["01-x"]
    assert {letter: letters.count(letter) for letter in "AB"} == {"A": 25, "B": 25}


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Answers(tmp_path)
    keep.start()
    keep.choose("01-x", "A")

    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(answers.os, "replace", fails)
    with pytest.raises(OSError, match="full"):
        keep.choose("01-x", "B")
    assert keep.read()["answers"] == {"01-x": "A"}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_is_deleted_while_another_kernel_writes_stays_deleted(tmp_path: Path) -> None:
    kept = Answers(tmp_path)
    kept.start()
    other = threading.Thread(target=Answers(tmp_path).forget)

    def change(before: Any) -> str:
        other.start()
        other.join(0.3)  # all the time that it needs, if nothing holds it
        return "A"

    kept._change("answers", "09-sum", change)
    other.join()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [None, OSError("no second names"), AttributeError("link")])
def test_a_file_is_whole_from_the_start_and_in_nobodys_place(
    error: Exception | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, begun = os.link, list[Any]()

    def linked(new: str, path: Path) -> None:
        begun.append(read_answers(Path(new).read_text("utf-8")))
        if error:
            raise error
        link(new, path)

    monkeypatch.setattr(os, "link", linked)
    Answers(tmp_path).start()
    Answers(tmp_path).choose("09-sum", "A")
    Answers(tmp_path).start()
    assert begun == [empty()] * 2
    assert kept(tmp_path)["answers"] == {"09-sum": "A"}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.skipif(os.name == "nt", reason="there nobody may delete such a file")
def test_what_may_only_be_read_can_be_deleted(tmp_path: Path) -> None:
    Answers(tmp_path).start()
    (tmp_path / FILE).chmod(0o400)
    Answers(tmp_path).forget()
    assert not Answers(tmp_path).kept


def test_names_come_from_the_notebook_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question, _ = page(tmp_path, monkeypatch)
    lesson = sys.modules["IPython"].get_ipython().user_ns["lesson"]
    assert name_of(question, lesson, tmp_path) == "09-sum"
    assert name_of(question, None, tmp_path) == name_of(question, [1, 2], tmp_path) == ""
    assert name_of(object(), lesson, tmp_path) == ""
    (tmp_path / "09_dice.ipynb").write_text("{", "utf-8")
    assert name_of(question, lesson, tmp_path) == ""


def test_a_file_nested_without_end_is_no_crash() -> None:
    with pytest.raises(Unusable, match="not JSON"):
        answers.read_answers("[" * 100_000)


CELLS = """
from pathlib import Path
from course_utils.lessons import start_here as lesson
from course_utils.teaching.answers import FILE

def press(view, *way):
    for place in way:
        view = view.children[place]
    view.click()

def sum_of_exponentials(z):
    return 1

press(lesson.step_question.view(), 1, 0)
print(Path(FILE).exists())
press(lesson.keep_answers.view(), 1, 0)
press(lesson.step_question.view(), 2, 0)
lesson.sum_exercise.check(sum_of_exponentials)
print(Path(FILE).read_text())
press(lesson.keep_answers.view(), 1, 2)
print(Path(FILE).exists())
"""


def test_in_a_kernel_beside_the_notebook_it_is_kept_once_a_button_is_pressed(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    v4: Any = nbformat.v4
    shutil.copy(NOTEBOOKS / "00_start_here.ipynb", tmp_path)
    cells = [v4.new_code_cell(source) for source in CELLS.split("\n\n") if source.strip()]
    notebook = v4.new_notebook(cells=cells)
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(output["text"] for cell in cells for output in cell.outputs if "text" in output)
    before, _, rest = printed.partition("\n")
    content, after = json.JSONDecoder().raw_decode(rest)
    assert (before, rest[after:].strip()) == ("False", "False")
    assert content["answers"] == {"00-question": "B"}
    assert content["verdicts"]["00-exercise"]["status"] == "failed"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here (Debian: apt install nodejs)")
def test_the_website_takes_the_file(tmp_path: Path) -> None:
    """What is kept here can be taken back there, and what is saved there can be kept here."""
    site = Path(answers.__file__).parents[1] / "publish" / "site" / "store.js"
    shutil.copy(site, tmp_path / "store.mjs")
    keep = Answers(tmp_path)
    keep.start()
    keep.choose("01-exit-question", "B")
    keep.path.write_text(json.dumps({**keep.read(), "lines": LINES}), "utf-8")
    code = """
        const { read } = await import(process.argv[1]);
        const { readFileSync } = await import("node:fs");
        console.log(JSON.stringify(read(readFileSync(process.argv[2], "utf8"))));
    """
    command = [
        "node",
        "--input-type=module",
        "--eval",
        code,
        (tmp_path / "store.mjs").as_uri(),
        str(keep.path),
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert answers.read_answers(found) == keep.read()


@pytest.mark.parametrize("flock", [None, lambda *_: exec("raise OSError")])
def test_where_a_file_cannot_be_locked_it_is_closed_and_answers_are_kept(
    flock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, which does not replace a file that is open, and on some shared disks."""
    one = Answers(tmp_path)
    one.start()
    without = None if flock is None else SimpleNamespace(flock=flock, LOCK_EX=2)
    monkeypatch.setitem(sys.modules, "fcntl", without)  # type: ignore[arg-type]
    with one.path.open("r+", encoding="utf-8") as file:
        assert not answers.locked(file)
    one.choose("01-exit", "C")
    assert one.read()["answers"] == {"01-exit": "C"}
