"""What an instructor types: what is written, what is said, and what was wrong."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import synthetic_class

from course_utils.__main__ import main
from course_utils.classroom import given_answers, records
from course_utils.classroom.shares import UnusableShares, measured_shares

RECORDS = synthetic_class.records(12)
ANSWERS = synthetic_class.answers(12)


def course(folder: Path) -> Path:
    for record in RECORDS:
        records.write(folder, record)
    (folder / "answers").mkdir()
    for number, given in enumerate(ANSWERS):
        content = {"version": 1, "answers": given.choices, "code": {}, "verdicts": given.verdicts}
        (folder / "answers" / f"{number}.json").write_text(json.dumps(content), "utf-8")
    return folder


def test_the_command_writes_page_text_points_and_shares(tmp_path: Path, capsys: Any) -> None:
    folder = course(tmp_path)
    shares = tmp_path / "no" / "folder" / "yet" / "shares.json"
    for _ in range(2):
        capsys.readouterr()
        assert main(["report", str(folder), "--shares", str(shares)]) == 0
    written = folder / "report"
    assert sorted(path.name for path in written.iterdir()) == ["points.csv", "report.html", "report.txt"]
    said = capsys.readouterr().out
    assert "On Monday\n1. " in said
    assert said.partition("On Monday")[2].partition("\n\n")[0] in (written / "report.txt").read_text("utf-8")
    assert (written / "points.csv").read_text("utf-8").startswith("\ufeffstudent,")
    for letters in measured_shares(shares).values():
        assert sum(letters.values()) == pytest.approx(1, abs=0.02)
    assert main(["report", str(folder), "--assignment", "07*", "--out", str(tmp_path / "o")]) == 0


@pytest.mark.parametrize(
    ("left", "written", "said"),
    [
        ("records", ["points.csv", "report.html", "report.txt"], "points.csv has names"),
        ("answers", ["report.html", "report.txt"], "Nobody is named there"),
    ],
)
def test_graded_work_or_answers_alone_are_enough(
    left: str, written: list[str], said: str, tmp_path: Path, capsys: Any
) -> None:
    folder, out = course(tmp_path), tmp_path / "deep" / "out"
    (folder / left).rename(folder / "kept")
    for name in {"records", "answers"} & {path.name for path in folder.iterdir()}:
        (folder / name).rename(folder / "away")
    (folder / "kept").rename(folder / left)
    for _ in range(2):
        assert main(["report", str(folder), "--out", str(out)]) == 0
        assert said in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == written


@pytest.mark.parametrize("assignment", ["", "..", "/", "01", "[01"])
def test_an_assignment_that_is_none_has_nothing_to_report_on(
    assignment: str, tmp_path: Path, capsys: Any
) -> None:
    course(tmp_path)
    (tmp_path / "answers").rename(tmp_path / "away")
    assert main(["report", str(tmp_path), "--assignment", assignment]) == 2
    assert capsys.readouterr().out.startswith("There is nothing to report on in ")


def test_files_that_are_none_are_said_and_left_out(tmp_path: Path, capsys: Any) -> None:
    folder = course(tmp_path)
    (folder / "records" / "01_softmax" / "x.json").write_text("{}", "utf-8")
    (folder / "answers" / "y.json").write_text("[]", "utf-8")
    assert main(["report", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "01_softmax/x.json is left out" in said
    assert "y.json is left out: it holds no answers of this course" in said


def test_a_file_that_is_none_hides_none_of_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    chosen = {"version": 1, "answers": {"01-question": "BA", "02-question": ""}, "code": {}, "verdicts": {}}
    (folder / "a.json").write_text("{", "utf-8")
    (folder / "b.json").write_text(json.dumps(chosen), "utf-8")
    (folder / "c.json").write_bytes(b"\xff")
    (folder / "d.json").mkdir()
    (folder / "e.json").write_text(json.dumps(chosen), "utf-8")
    found, problems = given_answers.read(tmp_path)
    assert found == [given_answers.HandedIn({"01-question": "BA"})] * 2
    assert [text.partition(":")[0] for text in problems] == [f"{name}.json is left out" for name in "acd"]


RECORD = records.Record("01_softmax", "ada", {"batch_exercise": records.Graded("passed", 10, 10)})


def test_a_record_that_is_none_hides_none_of_the_others(tmp_path: Path) -> None:
    folder = records.write(tmp_path, RECORD).parent
    (folder / "a.json").write_text("[]", "utf-8")
    (folder / "b.json").write_bytes(b"\xff")
    (folder / "c.json").mkdir()
    found, problems = records.read(tmp_path)
    assert found == [RECORD]
    assert [text.partition(":")[0] for text in problems] == [
        f"01_softmax/{name}.json is left out" for name in "abc"
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": 2},
        {"student": None, "exercises": []},
        {"exercises": {"batch_exercise": 5}},
        {"exercises": {"batch_exercise": {"points": 1}}},
        *(
            {"exercises": {"batch_exercise": {"status": "passed"} | one}}
            for one in (
                {"status": "fine"},
                {"points": None},
                {"points": "ten"},
                {"maximum": True},
                {"share": [1]},
                {"mistake": 3},
                {"failed": "one"},
                {"behavior": [1]},
                {"seed": 1.5},
            )
        ),
    ],
)
def test_a_file_of_another_shape_is_no_record(change: dict[str, Any]) -> None:
    with pytest.raises(records.UnusableRecord):
        records.Record.from_json(json.dumps(json.loads(RECORD.to_json()) | change))


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "5"])
def test_a_text_of_another_kind_is_no_record(text: str) -> None:
    with pytest.raises(records.UnusableRecord):
        records.Record.from_json(text)


def test_what_a_record_does_not_say_is_nothing() -> None:
    short = {"version": 1, "assignment": "a", "student": "ada", "exercises": {"e": {"status": "failed"}}}
    found = asdict(records.Record.from_json(json.dumps(short)).exercises["e"])
    assert found.pop("status") == "failed"
    assert not any(found.values())


def test_what_a_later_edition_notes_besides_is_passed_over() -> None:
    later = json.loads(RECORD.to_json())
    later["exercises"]["batch_exercise"]["minutes"] = 12
    assert records.Record.from_json(json.dumps(later)) == RECORD


def test_without_a_course_it_says_what_one_is(tmp_path: Path, capsys: Any) -> None:
    assert main(["report", str(tmp_path / "nowhere")]) == 2
    said = capsys.readouterr().out
    assert said.startswith(f"There is no folder {tmp_path / 'nowhere'}: ")
    assert "records/<assignment>/<student>.json" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"01-exit-question": {"A": 40}}', "from 0 to 1"),
        ('{"01-exit-question": {"A": 1.01}}', "from 0 to 1"),
        ('{"01-exit-question": {"A": 0.5}, "01-question": {"A": -0.01}}', "from 0 to 1"),
        ('{"01-exit-question": {"A": "0.4"}}', "from 0 to 1"),
        ('{"01-exit-question": [0.4]}', "from 0 to 1"),
        ("[]", "from 0 to 1"),
        ("{", "is not JSON"),
    ],
)
def test_shares_that_are_none_are_refused(content: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "shares.json"
    file.write_text(content, "utf-8")
    with pytest.raises(UnusableShares, match=says):
        measured_shares(file)


def test_none_and_all_are_shares(tmp_path: Path) -> None:
    file = tmp_path / "shares.json"
    file.write_text('{"01-exit-question": {"A": 0, "B": 1}}', "utf-8")
    assert measured_shares(file) == {"01-exit-question": {"A": 0, "B": 1}}


def test_nbgrader_exports_the_report(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader", reason="nbgrader comes with the extra class")
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Configurable

    from course_utils.classroom import nbgrader_export

    app = Configurable()
    app.coursedir = CourseDirectory(root=str(course(tmp_path)))  # as nbgrader's own programs have it
    students = [record.student for record in RECORDS[:7]]
    exporter = nbgrader_export.ReportExporter(parent=app, to=str(tmp_path / "out"), student=students)
    exporter.export(None)
    assert (tmp_path / "out" / "report.html").exists()
    assert (tmp_path / "out" / "points.csv").read_text("utf-8").count("\n") == 1 + 7
    one = nbgrader_export.ReportExporter(parent=app, to=str(tmp_path / "each"), assignment=["01_softmax"])
    one.export(None)
    assert (tmp_path / "each" / "01_softmax" / "points.csv").read_text("utf-8").count("\n") == 1 + len(
        RECORDS
    )
    for name in ("Exporter", "nothing"):
        assert not hasattr(nbgrader_export, name)
