"""What is printed of a chapter made by hand: each time, share, move and blank where it belongs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_chapters import chapter, without

from course_utils.publish import paper, sheets, worksheets
from course_utils.publish.chapters import UnusableNotes
from course_utils.publish.moves import Move
from course_utils.publish.paper import text_html
from course_utils.teaching.text import sentences, to_plain

pytest.importorskip("latex2mathml", reason="formulas on paper need pip install -e .[print]")


def cells_of(html: str) -> list[str]:
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", html)]


def test_a_sheet_has_the_plans_as_a_table() -> None:
    html = sheets.sheet(chapter(), {})
    table = re.findall(r'<table class="clock">(.*?)</table>', html)[0]
    found = re.findall(r"<tr([^>]*)>(.*?)</tr>", table)
    assert [cells_of(row) for _, row in found] == [
        ["in 50", "in 90", "section", ""],
        ["0:00–0:05", "0:00–0:09", "Arrive", "hook; vote 1"],
        ["0:05–0:13", "0:09–1:09", "First", "vote 2; demo 1; vote 3"],
        ["", "1:09–1:30", "Second", "exit question; vote 4; demo 2"],
        ["0:13–0:50", "", "End", ""],
    ]
    assert [attributes for attributes, _ in found] == ["", "", "", ' class="other"', ""]
    assert re.findall("<em>(.*?)</em>", table) == ["Arrive", "End"], "no sections of the page"
    assert "<h1><b>00</b>Start here</h1>" in html


def test_a_sheet_has_each_stop_with_its_times_and_a_note_that_does_not_repeat_them() -> None:
    html = sheets.sheet(chapter(), {})
    blocks = re.findall(r'<section class="block (\w+)">(.*?)(?=<section class="block|<div class="last)', html)
    assert [kind for kind, _ in blocks] == ["hook", "vote", "vote", "demo", "vote", "exit", "vote", "demo"]
    times = [re.findall(r'<div class="when">(.*?)<span>(.*?)</span>', block)[0] for _, block in blocks]
    assert times == [
        ("0:00", "0:00"),
        ("0:01", "0:01"),
        ("0:05", "0:09"),
        ("0:10", "0:14"),
        ("0:12", "0:18"),
        ("", "1:09"),
        ("", "1:09"),
        ("", "1:14"),
    ]
    notes = [re.findall(r'<p class="note">(.*?)</p>', block) for _, block in blocks]
    assert notes == [
        [text_html("'who knows?'")],
        ["<em>all</em> hands."],
        ["Ask. Vote 2. stays."],
        ["Demo 1, said otherwise"],
        [],
        ["Exit question."],
        [],
        ["Not on a screen."],
    ]
    assert re.sub(r"<[^>]+>", "", blocks[1][1]).endswith("Vote 1all hands.")
    assert "<h2>Vote 2. " in blocks[2][1]


def test_an_exit_question_says_once_what_it_is() -> None:
    stop = next(stop for stop in chapter().path if stop.kind == "exit")
    assert stop.shown is not None
    question = replace(stop.shown.value, prompt=f"{stop.name}. Why *not*?")
    assert sheets.prompt_html(question) == "Why <em>not</em>?"
    assert sheets.prompt_html(replace(question, prompt="Why?")) == "Why?"
    shown = [replace(one, value=question) if one.cell == stop.cell else one for one in chapter().shown]
    own = replace(chapter(), shown=shown)
    assert "<h2>Exit question. Why <em>not</em>?</h2>" in sheets.sheet(own, {})
    vars(own)["path"] = [each for each in own.path if each.cell != "acted"]  # it is not on the page
    assert "</strong>Why <em>not</em>?</p>" in worksheets.worksheet(own)


def test_a_vote_has_each_option_with_its_share_and_room_to_count() -> None:
    one = next(stop.shown for stop in chapter().path if stop.cell == "vote")
    assert one is not None
    html = sheets.sheet(chapter(), {one.name: {"B": 0.75, "C": 0.25}})
    table = re.findall(r'<table class="options">(.*?)</table>', html)[0]
    head, *rows = re.findall(r"<tr([^>]*)>(.*?)</tr>", table)
    assert cells_of(head[1]) == ["", "", "measured", "1st", "2nd"]
    question = one.value
    for (attributes, row), (letter, option, because) in zip(rows, question.lettered, strict=True):
        right = letter == question.answer
        assert attributes == (' class="right"' if right else "")
        shown, told, share, *boxes = re.findall(r"<td[^>]*>(.*?)</td>", row)
        assert shown == f"<b>{letter}</b>"
        assert f'<div class="option">{text_html(option)}</div>' in told
        meaning = because if right else f"Thought {because}"
        assert f'<div class="meaning">{text_html(meaning)}</div>' in told
        assert share == {"B": "75 %", "C": "25 %"}.get(letter, "0 %")
        assert boxes == ["<span></span>"] * 2
    unknown = replace(one, value=replace(question, expected=()))
    shown = [unknown if each is one else each for each in chapter().shown]
    table = re.findall(
        r'<table class="options">(.*?)</table>', sheets.sheet(replace(chapter(), shown=shown), {})
    )[0]
    assert "%" not in table
    assert cells_of(table)[2] == "expected"


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_a_demo_has_its_moves_and_as_much_of_what_it_says_as_fits(count: int) -> None:
    """Six sentences, shared among its moves."""
    demo = next(one.value for one in chapter().shown if one.cell == "demo")
    long = [f"{i}: one. Two is. Three is. Four is. Five is. Six is. Seven is." for i in range(count)]
    moves = [Move(f"do {i}", replace(demo.at(), says=says)) for i, says in enumerate(long)]
    one = replace(chapter())
    vars(one)["moves"] = {"demo": moves}
    block = re.findall(r'<section class="block demo">(.*?)</section>', sheets.sheet(one, {}), re.DOTALL)[0]
    told = re.findall(r'<li>(.*?)<span class="says">(.*?)</span></li>', block)
    assert [do for do, _ in told] == [f"do {i}" for i in range(count)]
    for (_, says), whole in zip(told, long, strict=True):
        assert says == " ".join(sentences(whole)[: 6 // count])
    assert f"<figcaption>After move {count}.</figcaption>" in block
    assert text_html(demo.look_for) in block
    assert block.index(text_html(demo.look_for)) < block.index('class="note"') < block.index("<ol")


def test_a_sheet_ends_with_what_students_ask_and_what_to_ask_them() -> None:
    last = sheets.sheet(chapter(), {}).partition('<div class="last">')[2]
    asked, oral = re.findall("<section>(.*?)</section>", last)
    for part, pairs in ((asked, chapter().notes.asked), (oral, chapter().notes.oral)):
        assert re.findall("<p><strong>(.*?)</strong> (.*?)</p>", part) == [
            (text_html(question), text_html(answer)) for question, answer in pairs.items()
        ]


def test_a_worksheet_asks_votes_first_and_recalls_last() -> None:
    asked = worksheets.predictions(chapter())
    assert [one.cell for one in asked] == ["vote", "second", "exit", "after", "last"]
    few = replace(chapter(), shown=[one for one in chapter().shown if one.cell != "second"])
    assert [one.cell for one in worksheets.predictions(few)] == [
        "recall-early",
        "vote",
        "exit",
        "after",
        "last",
    ]


def test_a_worksheet_numbers_its_predictions_and_leaves_room() -> None:
    one = without(chapter())
    vars(one)["path"] = [stop for stop in one.path if stop.cell != "acted"]  # it is not on the page
    html = worksheets.worksheet(one)
    assert re.findall(r"<p><strong>(\d)\. </strong>", html) == ["1", "2", "3", "4", "5"]
    assert html.count('<p class="choice">') == 10
    assert re.findall(r'<div class="write">(.*?)</div>', html) == ["<i></i><i></i>"] * 2
    heads = re.findall(r'<section class="part"><h2>(.*?)</h2>(<p class="quiet">)?', html)
    assert heads == [(title, '<p class="quiet">') for title in ("Predict", "Move", "Keep", "Derive", "Ask")]
    kept = html.partition("<h2>Keep</h2>")[2].partition("</section>")[0]
    blank = '<span class="blank"></span>'
    assert [re.sub("^<p>|</p>$", "", line) for line in re.findall("<li>(.*?)</li>", kept)] == [
        f"Sums are {blank}.",
        f"Ratios, and {blank}, are not {blank}.",
        "None.",
    ]
    derive = html.partition("<h2>Derive</h2>")[2].partition("</section>")[0]
    rows = re.findall("<tr>(.*?)</tr>", derive)
    numbers = [re.findall('<td class="quiet">(\\d+)</td>', row)[0] for row in rows]
    assert numbers == [str(line.number) for line in one.derivation.lines]
    states = [re.findall('<td class="(open|given)">(.*?)</td>', row)[0] for row in rows]
    assert [(state, bool(right)) for state, right in states] == [
        ("open", False) if line.number in one.derivation.faded.gaps else ("given", True)
        for line in one.derivation.lines
    ]


def test_where_there_are_no_sentences_to_keep_none_are_asked_for() -> None:
    one = without(chapter(), blanks=[])
    raw = one.page.raw.replace(b"Three sentences to keep", b"Nothing to keep")
    bare = replace(one, page=replace(one.page, raw=raw))
    vars(bare)["path"] = [stop for stop in one.path if stop.cell != "acted"]
    assert "<h2>Keep</h2>" not in worksheets.worksheet(bare)
    assert "<h2>Keep</h2>" not in worksheets.key(bare)


def test_a_key_tells_answers_words_and_every_line() -> None:
    one = without(chapter())
    vars(one)["path"] = [stop for stop in one.path if stop.cell != "acted"]
    html = worksheets.key(one)
    heads = re.findall(r'<section class="part"><h2>(.*?)</h2>(<p class="quiet">)?', html)
    title = to_plain(next(each.value.title for each in one.shown if each.cell == "demo"))
    quiet = '<p class="quiet">'
    assert heads == [("Predict", ""), (f"Move: {title}", ""), ("Keep", ""), ("Derive", quiet)]
    keep = html.partition("<h2>Keep</h2>")[2].partition("</section>")[0]
    assert keep == "<p>" + ", ".join(f"<strong>{word}</strong>" for word in one.notes.blanks) + "</p>"
    assert html.count('class="given"') == len(one.derivation.lines)
    told = html.partition("<h2>Move")[2].partition("</section>")[0]
    assert told.count("<li>") == len(one.moves["demo"])


def test_words_to_leave_out_are_whole_words_in_their_order() -> None:
    found = worksheets.blanked(without(chapter(), blanks=["Sums", "sums"]))
    assert [words for _, words in found] == [["Sums"], ["sums"], []]
    assert found[0][0] == f"{paper.BLANK} are alike."
    for blanks, missing in ((["alik"], "alik"), (["sums", "differences"], "differences"), (["um"], "um")):
        with pytest.raises(UnusableNotes, match=f"do not have '{missing}' there"):
            worksheets.blanked(without(chapter(), blanks=blanks))
