"""The lesson sheet of a notebook: two pages to hold in the hand while teaching it.

Clock times come from the plan, votes and demos from the page, what a demo says from the demo itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from course_utils.classroom.shares import Shares
from course_utils.notebook_files.shown import Shown
from course_utils.publish.chapters import EXIT, PLANS, Chapter, Stop
from course_utils.publish.guide import shares_of, stops_in
from course_utils.publish.paper import picture_html, text_html
from course_utils.teaching import Demo, Question
from course_utils.teaching.html import bullet_list, element
from course_utils.teaching.text import percent, sentences

SENTENCES = 6  # of what a demo says, on all its moves: they share the room beside the picture
VOTE = "Each vote: choose in silence (1 minute), tell a neighbor why (2), choose again (1), sum up (1)."


def sheet(chapter: Chapter, measured: Shares) -> str:
    """Return the sheet as HTML, to stand in a `paper.document`."""
    return element(
        "article",
        header(chapter, f"Lesson sheet · {PLANS[0]} minutes, in gray {PLANS[1]}"),
        _overview(chapter),
        *(_block(chapter, stop, measured) for stop in chapter.path),
        _last(chapter),
        class_="sheet",
    )


def header(chapter: Chapter, kind: str) -> str:
    """Return the head of a sheet."""
    number, _, title = chapter.title.partition(" ")
    name = element("h1", element("b", number), text_html(title))
    return element("header", name, element("p", kind, class_="kind"))


def prompt_html(question: Question) -> str:
    """Return what a question asks, without the words by which an exit question begins."""
    return text_html(question.prompt.removeprefix(f"{EXIT}. "))


def clock(minute: int) -> str:
    """Write a time since the beginning.

    >>> clock(5), clock(60), clock(119)
    ('0:05', '1:00', '1:59')
    """
    return f"{minute // 60}:{minute % 60:02d}"


def _overview(chapter: Chapter) -> str:
    head = element(
        "tr", *(element("th", text) for text in (f"in {PLANS[0]}", f"in {PLANS[1]}", "section", ""))
    )
    table = element("table", head, *_clock_rows(chapter), class_="clock")
    goals = element("h3", "They will be able to") + bullet_list([text_html(g) for g in chapter.objectives])
    short = element("p", element("strong", "Short of time? "), text_html(chapter.notes.short))
    parts = [element("section", part) for part in (goals, element("p", VOTE), short)]
    return element("div", element("div", table), element("div", *parts), class_="overview")


def _clock_rows(chapter: Chapter) -> Iterator[str]:
    clocks = [chapter.clock(plan) for plan in range(len(PLANS))]
    for row in chapter.rows:
        if any(row.planned):
            short, long = (
                "–".join(map(clock, times[row.key])) if row.key in times else "" for times in clocks
            )
            title = text_html(row.title)
            path = stops_in(chapter, row)
            cells = [element("td", short), element("td", long, class_="quiet")]
            cells += [element("td", title if row.mark else element("em", title)), element("td", path)]
            yield element("tr", *cells, **({} if short else {"class": "other"}))


def _block(chapter: Chapter, stop: Stop, measured: Shares) -> str:
    plans = (chapter.begins(plan) for plan in range(len(PLANS)))
    short, long = (clock(begins[stop.cell]) if stop.cell in begins else "" for begins in plans)
    when = element("div", short, element("span", long), class_="when")
    note = element("p", text_html(_without_name(stop)), class_="note") if stop.note else ""
    if stop.shown is None:
        body = element("h2", stop.name) + note
    elif isinstance(stop.shown.value, Question):
        question = stop.shown.value
        prompt = element("h2", f"{stop.name}. ", prompt_html(question))
        body = prompt + note + _options(stop.shown, measured)
    else:
        body = _demo(chapter, stop, stop.shown.value, note)
    return element("section", when, element("div", body), class_=f"block {stop.kind}")


def _without_name(stop: Stop) -> str:
    """Return the note of a stop without what its heading says already."""
    rest = re.sub(rf"^{stop.name}[.:] ", "", stop.note)
    return rest[:1].upper() + rest[1:]


def _options(one: Shown, measured: Shares) -> str:
    question: Question = one.value
    shares, counted = shares_of(one, measured)
    names = ("", "", "measured" if counted else "expected", "1st", "2nd")
    rows = [element("tr", *(element("th", name, class_="number") for name in names))]
    for letter, option, because in question.lettered:
        is_right = letter == question.answer
        meaning = text_html(because if is_right else f"Thought {because}")
        told = element("div", text_html(option), class_="option")
        told += element("div", meaning, class_="meaning")
        box = element("td", element("span"), class_="box")
        cells = [
            element("td", element("b", letter), class_="letter"),
            element("td", told),
            element("td", percent(shares[letter]) if letter in shares else "", class_="number"),
        ]
        rows.append(element("tr", *cells, box, box, **({"class": "right"} if is_right else {})))
    return element("table", *rows, class_="options")


def _demo(chapter: Chapter, stop: Stop, demo: Demo, note: str) -> str:
    moves = chapter.moves[stop.cell]
    count = SENTENCES // len(moves)
    says = [" ".join(sentences(move.says)[:count]) for move in moves]
    steps = [
        text_html(move.do) + element("span", text_html(told), class_="says")
        for move, told in zip(moves, says, strict=True)
    ]
    head = element("h2", f"{stop.name}. ", text_html(demo.title))
    aims = element("p", text_html(demo.look_for)) + note + bullet_list(steps, "ol")
    caption = f"After move {len(moves)}."
    picture = picture_html(moves[-1].picture, f"{chapter.number}-{stop.cell}", caption)
    return head + element("div", element("div", aims), picture, class_="show")


def _last(chapter: Chapter) -> str:
    def pairs(title: str, asked: Mapping[str, str]) -> str:
        lines = [element("p", element("strong", text_html(q)), " ", text_html(a)) for q, a in asked.items()]
        return element("section", element("h3", title), *lines)

    asked = pairs("What they ask", chapter.notes.asked)
    oral = pairs("Two questions to ask aloud", chapter.notes.oral)
    return element("div", asked, oral, class_="last")
