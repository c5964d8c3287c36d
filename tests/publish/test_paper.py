"""Sheets and worksheets hold what the page asks; a worksheet tells no answer, its key tells all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from course_utils.__main__ import main
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.text import Html
from course_utils.publish import handouts, paper, sheets, worksheets
from course_utils.publish.chapters import PLANS, Chapter, UnusableNotes, chapter_of
from course_utils.publish.paper import BLANK, picture_html, text_html
from course_utils.teaching import Question
from course_utils.teaching.text import sentences

pytest.importorskip("latex2mathml", reason="formulas on paper need pip install -e .[print]")

# 05 and 08 compute for seconds what their demos say; tests/browser/test_handouts.py prints all nine.
NUMBERS = ("00", "01", "04", "06")
some_notebooks = pytest.mark.parametrize("number", NUMBERS)


@cache
def chapter(number: str) -> Chapter:
    (path,) = find_notebooks([number])
    return chapter_of(path)


@cache
def made(number: str) -> dict[str, str]:
    return handouts.documents(chapter(number), {})


def on_paper(text: str) -> str:
    """Return what a text looks like once it is part of a page."""
    return text_html(text)


@some_notebooks
def test_a_page_asks_for_nothing(number: str) -> None:
    for page in made(number).values():
        html = Html(page)
        assert set(html.targets) <= {"data:"}
        assert not re.search(r"<script|@import|url\((?!data:|#)", page)
        assert len(html.ids) == len(set(html.ids)), "two pictures would use each other's clips"
        assert "$" not in html.text


@some_notebooks
def test_a_sheet_has_the_lecture_path_with_its_times(number: str) -> None:
    one, page = chapter(number), made(number)["sheet"]
    clock, begins = one.clock(0), one.begins(0)
    times = re.findall(r'<div class="when">(\d:\d\d)<span>', page)
    assert times == [sheets.clock(begins[stop.cell]) for stop in one.path]
    for stop, after in pairwise([*one.path, one.path[-1]]):
        begin, end = clock[stop.section]
        assert begin <= begins[stop.cell] < end
        if after.section == stop.section and stop.kind == "vote":
            assert begins[after.cell] == min(begins[stop.cell] + 5, end - 1), "a vote takes five minutes"
    for stop in one.path:
        assert stop.note
        assert on_paper(stop.note)[-40:] in page
        if stop.shown and isinstance(stop.shown.value, Question):
            question = stop.shown.value
            for letter, option, because in question.lettered:
                meaning = because if letter == question.answer else f"Thought {because}"
                assert on_paper(option) in page
                assert on_paper(meaning) in page
    asked = [stop.shown.value for stop in one.path if stop.shown and isinstance(stop.shown.value, Question)]
    marked = re.findall(r'<tr class="right"><td class="letter"><b>(\w)</b>', page)
    assert marked == [question.answer for question in asked]


def test_a_sheet_says_for_how_long_a_lesson_it_is_and_what_is_gray() -> None:
    short, long = PLANS
    assert short < long
    assert f"Lesson sheet · {short} minutes, in gray {long}" in Html(made("01")["sheet"]).text


@some_notebooks
def test_a_sheet_has_each_move_and_the_sentence_it_leads_to(number: str) -> None:
    page = made(number)["sheet"]
    for cell, moves in chapter(number).moves.items():
        assert picture_html(moves[-1].picture, f"{number}-{cell}", f"After move {len(moves)}.") in page
        for move in moves:
            assert f"{on_paper(move.do)}<span" in page
            assert on_paper(sentences(move.says)[0]) in page
    assert page.count("<svg ") == len(chapter(number).moves)


def test_measured_shares_stand_on_the_sheet() -> None:
    measured = {chapter("01").path[1].shown.name: {"A": 0.125, "B": 0.875}}  # type: ignore[union-attr]
    page = sheets.sheet(chapter("01"), measured)
    assert page.count("measured") == 1
    assert ">88 %<" in page
    assert page.count("expected") == 3


@some_notebooks
def test_a_worksheet_tells_no_answer_and_its_key_all(number: str) -> None:
    one, page, key = chapter(number), made(number)["worksheet"], made(number)["key"]
    asked = worksheets.predictions(one)
    assert 4 <= len(asked) <= worksheets.PREDICTIONS
    assert {stop.cell for stop in one.path if stop.kind in ("vote", "exit")} <= {each.cell for each in asked}
    for each in asked:
        question = each.value
        right = question.because[question.letters.index(question.answer)]
        assert all(on_paper(option) in page for option in question.options)
        assert not any(on_paper(because) in page for because in question.because)
        assert f"<strong>{question.answer}</strong>. {on_paper(right)}" in key
    assert page.count('class="open"') == len(one.derivation.faded.gaps)
    assert key.count('class="given"') == len(one.derivation.lines)
    assert 'class="open"' not in key
    assert page.count('class="blank"') == len(one.notes.blanks)
    assert all(on_paper(blank) in key for blank in one.notes.blanks)


def test_blanks_are_words_of_the_sentences_in_their_order() -> None:
    one = chapter("01")
    text, words = worksheets.blanked(one)[0]
    assert words == ["divides", "differences", "ratios"]
    assert text.count(BLANK) == 3
    for blanks in (["sums"], ["ratios", "differences"], ["differ"]):
        with pytest.raises(UnusableNotes, match=f"do not have '{blanks[-1]}' there"):
            worksheets.blanked(replace(one, notes=replace(one.notes, blanks=blanks)))


def told_elsewhere(one: Chapter) -> list[str]:
    """Return the words left out that the worksheet has somewhere else."""
    page = flat(worksheets.worksheet(one))
    return [
        blank
        for blank in one.notes.blanks
        if re.search(rf"(?<!\w){re.escape(flat(on_paper(blank)))}(?!\w)", page, re.IGNORECASE)
    ]


def flat(page: str) -> str:
    """Return a text in which formulas look alike, set or typed: a fraction that is set has no slash."""
    return re.sub(r"\s*(\W)\s*", r"\1", Html(page).text.replace("−", "-").replace("/", ""))


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.stem)
def test_no_word_left_out_stands_elsewhere_on_the_worksheet(path: Path) -> None:
    assert told_elsewhere(chapter(path.stem[:2])) == []


def test_a_word_left_out_that_stands_elsewhere_would_be_seen() -> None:
    """In its sentence, in a definition that is set, in a title with a capital."""
    one, blanks = chapter("07"), ["affine", "$1 + n + n(n-1)/2$", "crossings", "folding"]
    assert told_elsewhere(replace(one, notes=replace(one.notes, blanks=blanks))) == [
        "affine",
        "$1 + n + n(n-1)/2$",
        "folding",
    ]


def test_formulas_become_elements_and_nonsense_is_refused() -> None:
    assert "<msup><mi>e</mi><mi>z</mi></msup>" in text_html("It is $e^z$.")
    assert text_html("$a − b$") == text_html("$a - b$")
    assert "<mo>max</mo>" in text_html("$z_i − max$")
    with pytest.raises(paper.PrintingFailed, match="this is no formula"):
        paper.formula(r"a_b_c")


def test_there_are_two_papers() -> None:
    assert "size: Letter" in paper.document("a", "b", paper="Letter")
    with pytest.raises(ValueError, match="A4 or Letter, not 'A5'"):
        paper.document("a", "b", paper="A5")


def fake_browser(folder: Path, script: str) -> str:
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


TARGET = 'for each in "$@"; do case $each in --print-to-pdf=*) target=${each#*=};; esac; done\n'


@pytest.mark.parametrize(
    ("script", "status", "told"),
    [
        (TARGET + 'printf "/Type /Page " > "$target"', 0, ["sheet.pdf, 1 page\n", "key.pdf, 1 page\n"]),
        (
            TARGET + 'printf "/Type /Page /Type /Page /Type /Page " > "$target"',
            1,
            ["sheet.pdf, 3 pages, and may have 2; ", "key.pdf, 3 pages, and may have 1."],
        ),
        ("printf 'broken \\377' >&2; exit 3", 1, ["could not print 00_start_here_sheet.html: broken"]),
        ("", 0, ["00_start_here_sheet.html\n", "No Chromium was found here"]),
    ],
)
def test_the_command_prints_where_it_can(
    script: str,
    status: int,
    told: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = fake_browser(tmp_path, script) if script else ""
    monkeypatch.setattr(paper, "browser", lambda: program)
    assert main(["guide", "--out", str(tmp_path / "deep" / "out"), "00"]) == status
    said = capsys.readouterr().out
    assert all(part in said for part in told), said
    assert {page.name for page in (tmp_path / "deep" / "out").glob("*.html")} == {
        f"00_start_here_{kind}.html" for kind in handouts.PAGES
    }


@pytest.mark.parametrize(("count", "long"), [(1, []), (2, ["key"]), (3, ["sheet", "worksheet", "key"])])
def test_sheets_and_worksheets_fill_one_leaf_and_a_key_one_page(
    count: int, long: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def print_pdf(page: Path, program: str) -> Path:
        page.with_suffix(".pdf").write_bytes(b"/Type /Page " * count)
        return page.with_suffix(".pdf")

    kinds = ["sheet", "worksheet", "key"]
    monkeypatch.setattr(handouts, "documents", lambda *given: dict.fromkeys(kinds, "<p>"))
    monkeypatch.setattr(paper, "browser", lambda: "chromium")
    monkeypatch.setattr(paper, "print_pdf", print_pdf)
    said: list[str] = []
    complaint = ""
    try:
        handouts.write_pages([chapter("00")], tmp_path, {}, "A4", said.append)
    except paper.PrintingFailed as error:
        complaint = str(error)
    assert re.findall(r"_(sheet|worksheet|key)\.pdf, \d pages?, and may have \d", complaint) == long
    assert len(said) == len(kinds)


@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True), (None, True)])
def test_a_browser_prints_in_its_sandbox_unless_for_root(
    user: int | None, sandboxed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **options: Any) -> SimpleNamespace:
        commands.append(command)
        assert options["timeout"] == paper.PATIENCE
        target = next(one for one in command if one.startswith("--print-to-pdf=")).partition("=")[2]
        Path(target).write_bytes(b"%PDF")
        return SimpleNamespace(returncode=0, stderr="")

    monkeypatch.setattr(paper, "os", SimpleNamespace(**({} if user is None else {"geteuid": lambda: user})))
    monkeypatch.setattr(paper.subprocess, "run", run)
    paper.print_address("http://here/a.html", tmp_path / "a.pdf", "chromium", "--more")
    ((program, *options, address),) = commands
    assert (program, address) == ("chromium", "http://here/a.html")
    assert "--more" in options
    assert ("--no-sandbox" not in options) == sandboxed
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"


@pytest.mark.parametrize(("status", "writes"), [(1, True), (1, False), (0, False)])
def test_what_a_browser_does_not_print_is_told_with_its_last_words(
    status: int, writes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **_: Any) -> SimpleNamespace:
        target = next(one for one in command if one.startswith("--print-to-pdf=")).partition("=")[2]
        if writes:
            Path(target).write_bytes(b"%PDF")
        return SimpleNamespace(returncode=status, stderr=f"a{'b' * 500}\n")

    monkeypatch.setattr(paper.subprocess, "run", run)
    with pytest.raises(paper.PrintingFailed, match=r"^chromium could not print a\.html: b{500}$"):
        paper.print_address("http://here/a.html", tmp_path / "a.pdf", "chromium")
    assert not (tmp_path / "a.pdf").exists()


def test_a_browser_that_hangs_is_told_like_one_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **options: Any) -> SimpleNamespace:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(paper.subprocess, "run", run)
    said = f"^chromium could not print a\\.html: it did not end within {paper.PATIENCE} s$"
    with pytest.raises(paper.PrintingFailed, match=said):
        paper.print_address("http://here/a.html", tmp_path / "a.pdf", "chromium")
    assert not (tmp_path / "a.pdf").exists()


def test_a_profile_that_is_still_written_to_costs_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the processes of a browser that has ended: then its folder cannot be removed."""

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        target = next(one for one in command if one.startswith("--print-to-pdf=")).partition("=")[2]
        Path(target).write_bytes(b"%PDF")
        return SimpleNamespace(returncode=0, stderr="")

    def is_not_empty(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOTEMPTY, "Directory not empty")

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(paper.subprocess, "run", run)
    monkeypatch.setattr(os, "rmdir", is_not_empty)
    paper.print_address("http://here/a.html", tmp_path / "a.pdf", "chromium")
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"


def test_no_half_of_a_pdf_is_ever_under_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache counts what is there as printed, and may be on another disk than the temporary folder."""
    moved = os.replace

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        target = next(one for one in command if one.startswith("--print-to-pdf=")).partition("=")[2]
        Path(target).write_bytes(b"%PDF whole")
        return SimpleNamespace(returncode=0, stderr="")

    def on_one_disk(source: Any, target: Any) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "another disk")
        moved(source, target)

    def cut_off(_: Any, target: Any, **__: Any) -> None:
        Path(target).write_bytes(b"%PDF")
        raise OSError(errno.ENOSPC, "the disk is full")

    monkeypatch.setattr(paper.subprocess, "run", run)
    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, on_one_disk)
    monkeypatch.setattr(shutil, "copyfile", cut_off)
    with contextlib.suppress(OSError):
        paper.print_address("http://here/a.html", tmp_path / "a.pdf", "chromium")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"%PDF whole"]


def test_the_first_browser_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ["google-chrome", "chromium-browser"]
    monkeypatch.setattr(paper.shutil, "which", lambda name: f"/bin/{name}" if name in there else None)
    assert paper.browser() == "/bin/chromium-browser"
    there.clear()
    assert paper.browser() == ""


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        (None, "Google Chrome.app/Contents/MacOS/Google Chrome"),
        (None, "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
        ("ProgramFiles", "Google/Chrome/Application/chrome.exe"),
        ("ProgramFiles(x86)", "Microsoft/Edge/Application/msedge.exe"),
        ("LocalAppData", "Chromium/Application/chrome.exe"),
    ],
)
def test_a_browser_is_found_where_it_is_installed_too(
    folder: str | None, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name == "nt" and not folder:
        pytest.skip("on Windows, what can be run has an ending")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(paper, "APPLICATIONS", str(tmp_path / "Applications"))
    for name in paper.FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name))
    assert paper.browser() == ""
    place = tmp_path / (folder or "Applications") / program
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")
    place.chmod(0o755)
    assert paper.browser() == str(place)


def test_the_command_offers_the_papers_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """It has them written out: with what sets pages it would import NumPy, and start slowly."""
    with pytest.raises(SystemExit):
        main(["guide", "--help"])
    assert f"--paper {{{','.join(paper.PAPERS)}}}" in capsys.readouterr().out


def test_a_formula_stands_in_its_line_unless_it_is_displayed() -> None:
    assert 'display="inline"' in paper.formula("x")
    assert 'display="block"' in paper.formula(paper.DISPLAYED + "x")
