"""What a teacher gets of a notebook, on one made by hand: each minute of a plan, each stop."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from course_utils.lessons import lesson_of
from course_utils.notebook_files import find_notebooks, slides
from course_utils.notebook_files.page import Page
from course_utils.notebook_files.shown import shown
from course_utils.publish.chapters import PATH, Chapter, Row, UnusableNotes, chapter_of
from course_utils.publish.guide import guide, shares_of, stops_in
from course_utils.publish.moves import move_of
from course_utils.teaching import Derivation

GOALS = "**You will be able to**\n\n- *find* a;\n- *use* b.\n\n**Needs** c.\n\n- d"
OPENING = f"# 00 Start here\n\nWhy.\n\n- no goal\n\n{GOALS}"
KEPT = "## Three sentences to keep\n\n1. Sums are alike.\n2. Ratios, and differences, are not sums.\n3. None."
# id, source, tags, note
CELLS: Sequence[tuple[str, str, Sequence[str], str]] = (
    ("title", OPENING, ["lecture-hook", "hook"], "Hook: 'who knows?'"),
    ("spoken", "Who agrees?", ["lecture-vote"], "Vote 1. *all* hands."),
    ("a", "## First\n\n**core** · 7 minutes. Text.", ["core", "vote", "lecture-picture"], ""),
    ("recall-early", "lesson.axis_question", [], ""),
    ("vote", "lesson.step_question", ["lecture-vote"], "Vote 2: ask. Vote 2. stays."),
    ("demo", "lesson.exponential_demo", ["lecture-demo"], "demo 1, said otherwise"),
    ("second", "lesson.logarithm_question", ["lecture-vote"], ""),
    ("b", "## Second\n\n**deeper** · 12 minutes. Text.", ["deeper"], ""),
    ("exit", "lesson.chain_question", ["lecture-exit"], "Exit question."),
    ("after", "lesson.product_question", ["lecture-vote"], ""),
    ("acted", "Stand up.", ["lecture-demo"], "Not on a screen."),
    ("c", "## Third\n\n**deeper** · 3 minutes. Text.", ["deeper"], "A note beside the path."),
    ("last", "lesson.broadcasting_question", [], ""),
    ("keep", KEPT, [], ""),
)
PLAN = [["Arrive", 5, 9], ["a", 8, 60], ["b", 0, 21], ["End", 37, 0]]


@cache
def real() -> Chapter:
    return chapter_of(find_notebooks(["00"])[0])


@cache
def chapter(**notes: Any) -> Chapter:
    cells = [
        {
            "cell_type": "code" if source.startswith("lesson.") else "markdown",
            "id": name,
            "metadata": {"tags": tags, **({"slideshow": {"notes": note}} if note else {})},
            "source": source,
            **({"outputs": [], "execution_count": 1} if source.startswith("lesson.") else {}),
        }
        for name, source, tags, note in CELLS
    ]
    raw = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    page = Page(real().page.path, raw)
    given = {"plan": PLAN, "blanks": ["alike", "differences", "sums"], **notes}
    return Chapter(page, tuple(shown(page.path, page.notebook)), replace(real().notes, **given))


def without(one: Chapter, **notes: Any) -> Chapter:
    return replace(one, notes=replace(one.notes, **notes))


def test_sections_and_what_else_takes_time_stand_in_order() -> None:
    assert chapter().rows == [
        Row("Arrive", "Arrive", (5, 9), "", 0),
        Row("a", "First", (8, 60), "core", 7),
        Row("b", "Second", (0, 21), "deeper", 12),
        Row("End", "End", (37, 0), "", 0),
        Row("c", "Third", (0, 0), "deeper", 3),
    ]
    skips = without(chapter(), plan=[["c", 50, 90]])
    assert [row.key for row in skips.rows] == ["a", "b", "c"]
    assert [row.planned for row in skips.rows] == [(0, 0), (0, 0), (50, 90)]


@pytest.mark.parametrize("plan", [[["a", 50, 90], ["a", 0, 0]], [["b", 0, 0], ["a", 50, 90]]])
def test_a_plan_goes_through_the_page_once(plan: Any) -> None:
    with pytest.raises(UnusableNotes, match=r"the plan has a twice, or in another order than the page\.$"):
        _ = without(chapter(), plan=plan).rows


@pytest.mark.parametrize("minutes", [[50], [50, 90, 1], [50.0, 90], ["50", 90], [51, -1], []])
def test_minutes_are_two_whole_numbers(minutes: Any) -> None:
    with pytest.raises(UnusableNotes, match="and not two numbers"):
        _ = without(chapter(), plan=[["a", *minutes]]).rows


@pytest.mark.parametrize(("plan", "sums"), [(0, (49, 90)), (0, (51, 90)), (1, (50, 89)), (1, (50, 91))])
def test_minutes_add_up(plan: int, sums: tuple[int, int]) -> None:
    with pytest.raises(UnusableNotes, match=f"of {(50, 90)[plan]} minutes adds up to {sums[plan]}"):
        _ = without(chapter(), plan=[["a", *sums]]).rows


def test_the_clock_runs_without_gaps_and_leaves_out_what_takes_no_time() -> None:
    assert chapter().clock(0) == {"Arrive": (0, 5), "a": (5, 13), "End": (13, 50)}
    assert chapter().clock(1) == {"Arrive": (0, 9), "a": (9, 69), "b": (69, 90)}


def test_the_path_has_every_stop_in_its_section_with_its_number() -> None:
    path = chapter().path
    assert [(stop.name, stop.cell, stop.section) for stop in path] == [
        ("Hook", "title", "Arrive"),
        ("Vote 1", "spoken", "Arrive"),
        ("Vote 2", "vote", "a"),
        ("Demo 1", "demo", "a"),
        ("Vote 3", "second", "a"),
        ("Exit question", "exit", "b"),
        ("Vote 4", "after", "b"),
        ("Demo 2", "acted", "b"),
    ]
    assert [stop.note for stop in path][:3] == [
        "Hook: 'who knows?'",
        "Vote 1. *all* hands.",
        "Vote 2: ask. Vote 2. stays.",
    ]
    assert [stop.shown.cell if stop.shown else None for stop in path] == [
        None, None, "vote", "demo", "second", "exit", "after", None
    ]  # fmt: skip


def test_each_stop_waits_for_those_before_it_but_not_beyond_its_section() -> None:
    assert chapter().begins(0) == {"title": 0, "spoken": 1, "vote": 5, "demo": 10, "second": 12}
    assert chapter().begins(1) == {
        **{"title": 0, "spoken": 1, "vote": 9, "demo": 14, "second": 18},
        **{"exit": 69, "after": 69, "acted": 74},
    }


def test_what_is_read_from_the_page_is_all_and_nothing_else() -> None:
    one = chapter()
    assert (one.number, one.name, one.title) == ("00", "00_start_here", "00 Start here")
    assert one.objectives == ["*find* a;", "*use* b."]
    assert one.sentences == ["Sums are alike.", "Ratios, and differences, are not sums.", "None."]
    assert [*one.speaker_notes] == ["title", "spoken", "vote", "demo", "exit", "acted", "c"]
    assert [each.cell for each in one.questions] == [
        "recall-early",
        "vote",
        "second",
        "exit",
        "after",
        "last",
    ]
    assert one.exercises == []
    assert [each.value.name for each in real().exercises] == ["sum_of_exponentials"]
    assert [*real().notes.blanks] == []


def test_moves_are_those_of_the_demos_that_are_shown() -> None:
    assert [*chapter().moves] == ["demo"]
    assert chapter().moves["demo"][0].do == "Preset *Far left*"
    with pytest.raises(UnusableNotes, match=r"there are to be moves of the demos demo\.$"):
        _ = without(chapter(), moves={"demo": [], "acted": []}).moves


def test_a_move_from_where_the_page_is_opened_says_what_to_do() -> None:
    demo = next(one.value for one in chapter().shown if one.cell == "demo")
    z = demo.defaults["z"]
    assert move_of(demo, {"z": z}).do == f"*Reset*: *Score z* at {z:g}"
    assert move_of(demo, {"z": 2}).do == "*Reset*, then *Score z* to 2"
    assert move_of(demo, {"z": 2}).says == demo.at(z=2).says
    preset, values = next(iter(demo.presets.items()))
    assert move_of(demo, preset).says == demo.at(**values).says
    scores = next(one.value for one in real().shown if one.cell == "first-demo")
    assert move_of(scores, {"z": [1, 0, 0, 2.5]}).do.endswith(" to (1, 0, 0, 2.5)")


def test_a_derivation_is_that_of_the_lesson_or_shows_its_first_line() -> None:
    own = chapter().derivation
    assert isinstance(own, Derivation)
    assert [step.blank for step in own.steps] == [False, *[True] * (len(own.steps) - 1)]
    softmax = chapter_of(find_notebooks(["01"])[0])
    lesson = lesson_of("softmax")
    name, declared = next((n, one) for n, one in vars(lesson).items() if isinstance(one, Derivation))
    assert without(softmax, derivation=name).derivation is declared
    with pytest.raises(UnusableNotes, match="no derivation divide_question"):
        _ = without(softmax, derivation="divide_question").derivation


def test_each_stop_of_the_path_is_a_slide_and_the_picture_is_one_without_a_stop() -> None:
    assert {slides.TAG + kind for kind in PATH} == {*slides.LECTURE} - {"lecture-picture"}
    for cell, (_, _, tags, _) in zip(chapter().page.cells, CELLS, strict=True):
        stops = [stop.kind for stop in chapter().path if stop.cell == cell["id"]]
        on_stage = slides.slide_type_of(cell) == slides.SLIDE
        assert on_stage == bool(stops) or "lecture-picture" in tags


def rows_of(text: str, start: str) -> list[list[str]]:
    """Return the cells of a Markdown table."""
    lines = text.partition(start)[2].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_guide_has_the_plans_as_a_table() -> None:
    text = guide([chapter()])
    assert rows_of(text, "### Sections and plans\n\n")[2:] == [
        ["*Arrive*", "", "", "5", "9", "hook; vote 1, discuss, vote again"],
        ["First", "core", "7", "8", "60", "vote 2, discuss, vote again; demo 1; vote 3, discuss, vote again"],
        ["Second", "deeper", "12", "", "21", "exit question; vote 4, discuss, vote again; demo 2"],
        ["*End*", "", "", "37", "", ""],
        ["Third", "deeper", "3", "", "", ""],
        ["**Sum**", "", "", "**50**", "**90**", ""],
    ]
    assert stops_in(chapter(), chapter().rows[0]) == "hook; vote 1"
    assert stops_in(chapter(), chapter().rows[-1]) == ""
    moves = text.partition("### Moves of the demos\n\n")[2].partition("\n\n### ")[0]
    assert re.findall(r"^(?:\*\*(\w+ \d)|(\d)\. )", moves, re.MULTILINE) == [
        ("Demo 1", ""), ("", "1"), ("", "2"), ("", "3")
    ]  # fmt: skip
    unmoved = replace(chapter(), shown=[one for one in chapter().shown if one.cell != "demo"])
    assert "### Moves" not in guide([without(unmoved, moves={})])


def test_shares_are_expected_or_measured_and_none_where_nothing_is_known() -> None:
    one = chapter().questions[1]
    shares, measured = shares_of(one, {})
    assert not measured
    assert sum(shares.values()) == pytest.approx(1)
    assert [*shares.values()] == [share / 100 for share in one.value.expected]
    asked = replace(one.value, expected=())
    assert shares_of(replace(one, value=asked), {}) == ({}, False)
    found, counted = shares_of(one, {one.name: {"B": 1.0}})
    assert counted
    assert found == {letter: float(letter == "B") for letter in one.value.letters}
    text = guide(
        [replace(chapter(), shown=[replace(one, value=asked)], notes=replace(chapter().notes, moves={}))]
    )
    assert not re.search(r"\*\*A\*\*[^\n]*%", text.partition("### Prediction questions")[2])
