"""The instructor guide: ``python -m course_utils guide`` writes it from the notebooks and their lessons.

By hand are written the texts of ``guide/`` (how to present, to assign, to host, plans for a term) and what
``chapters`` reads beside each lesson. ``notebooks/instructor_guide.md`` is the result, and nobody edits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from course_utils.classroom.shares import Shares
from course_utils.notebook_files.shown import Shown
from course_utils.publish.chapters import PLANS, Chapter, Row
from course_utils.teaching import Question
from course_utils.teaching.text import percent

TEXTS = Path(__file__).with_name("guide")
PARTS = ("present", "classroom", "understood", "assistants", "calendar", "reading")
NAME = "instructor_guide.md"
WRITTEN = (
    "<!-- Written by `python -m course_utils guide`: change the lessons or the texts it names, not this. -->"
)


def guide(chapters: Sequence[Chapter], measured: Shares | None = None) -> str:
    """Return the guide as Markdown.

    Parameters
    ----------
    chapters : sequence of Chapter
    measured : mapping of str to mapping, optional
        Shares of each option in real classes, by the name of the question on its page or in its lesson; they
        replace what the author expects.
    """
    texts = list(map(part, PARTS))
    titles = [text.partition("\n")[0].removeprefix("## ") for text in texts]
    titles += [chapter.title for chapter in chapters]
    contents = "\n".join(f"- [{title}](#{_anchor(title)})" for title in titles)
    parts = ["\n\n".join(_chapter(chapter, measured or {})) for chapter in chapters]
    return "\n\n".join([WRITTEN, part("opening"), contents, *texts, *parts]) + "\n"


def part(name: str) -> str:
    """Return a part of the guide that is written by hand."""
    return (TEXTS / f"{name}.md").read_text(encoding="utf-8").strip()


def shares_of(one: Shown, measured: Shares) -> tuple[dict[str, float], bool]:
    """Return the share of each option of a question, and whether it was measured."""
    question: Question = one.value
    for name in (one.name, one.attribute):
        if name in measured:
            return {letter: measured[name].get(letter, 0.0) for letter in question.letters}, True
    return {x: share / 100 for x, share in zip(question.letters, question.expected, strict=False)}, False


def _anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading.

    >>> _anchor("Assign, collect, host"), _anchor("01 Softmax")
    ('assign-collect-host', '01-softmax')
    """
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _chapter(chapter: Chapter, measured: Shares) -> Iterator[str]:
    yield f"## [{chapter.title}]({chapter.page.path.name})"
    yield "### Objectives"
    yield "The students will be able to"
    yield _list(chapter.objectives)
    yield "### Sections and plans"
    yield "\n".join(_table(chapter))
    yield f"**Short of time?** {chapter.notes.short}"
    yield "### Speaker notes"
    yield _list(f"`{cell}`: {note}" for cell, note in chapter.speaker_notes.items())
    if chapter.moves:
        yield "### Moves of the demos"
        yield "\n\n".join(_moves(chapter))
    yield "### Prediction questions"
    yield "\n\n".join(_question(one, measured) for one in chapter.questions)
    yield "### Common questions"
    yield _list(f"**{asked}** {answer}" for asked, answer in chapter.notes.asked.items())
    yield "### Two questions to ask aloud"
    yield _list(f"**{asked}** Listen for: {answer}" for asked, answer in chapter.notes.oral.items())
    yield "### Exercises to assign"
    yield ", ".join(f"`{one.attribute}` (function `{one.value.name}`)" for one in chapter.exercises) + "."


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(chapter: Chapter) -> Iterator[str]:
    yield f"| section | mark | minutes | in {PLANS[0]} | in {PLANS[1]} | on the lecture path |"
    yield "|---|---|--:|--:|--:|---|"
    for row in chapter.rows:
        title = row.title if row.mark else f"*{row.title}*"
        numbers = [str(number or "") for number in (row.minutes, *row.planned)]
        stops = stops_in(chapter, row, again=", discuss, vote again")
        yield " | ".join([f"| {title}", row.mark, *numbers, f"{stops} |"])
    yield f"| **Sum** | | | **{PLANS[0]}** | **{PLANS[1]}** | |"


def stops_in(chapter: Chapter, row: Row, again: str = "") -> str:
    """Return what of the lecture path a section holds: ``vote 2; demo 1``, with `again` after each vote."""
    stops = [stop for stop in chapter.path if stop.section == row.key]
    return "; ".join(stop.name.lower() + again * (stop.kind == "vote") for stop in stops)


def _moves(chapter: Chapter) -> Iterator[str]:
    for stop, demo in chapter.demos:
        moves = [f"{n}. {move.do}. *{move.says}*" for n, move in enumerate(chapter.moves[stop.cell], 1)]
        yield "\n".join([f"**{stop.name}: {demo.title}** {demo.look_for}", "", *moves])


def _question(one: Shown, measured: Shares) -> str:
    question: Question = one.value
    shares, counted = shares_of(one, measured)
    lines = [f"**`{one.attribute}`**. {question.prompt}", ""]
    for letter, option, because in question.lettered:
        share = f", {percent(shares[letter])}{' measured' * counted}" if letter in shares else ""
        verdict = "**Right.**" if letter == question.answer else "*Probably thought*"
        lines.append(f"- **{letter}**{share}: {option} {verdict} {because}")
    return "\n".join(lines)
