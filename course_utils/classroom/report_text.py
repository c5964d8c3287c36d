"""The report as text: for a terminal, a mail, a screen reader."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from course_utils.classroom.kinds import Kind, short
from course_utils.classroom.summary import ExerciseSummary, QuestionSummary, Summary
from course_utils.teaching.text import percent, to_plain
from course_utils.words import counted

WIDTH = 100


def report_text(summary: Summary) -> str:
    """Return all of the report but the examples.

    Examples
    --------
    >>> from course_utils.classroom.summary import summarize
    >>> print(report_text(summarize([], [])))
    What the class understood: graded work of 0 students, 0 files of answers.
    <BLANKLINE>
    Nothing stands out: no one mistake was made by five or more and by a tenth of those asked.
    """
    return "\n".join([on_monday(summary), *_details(summary)]).rstrip()


def on_monday(summary: Summary) -> str:
    """Return the beginning of the report: what to talk about."""
    return "\n".join(_topics(summary))


def _topics(summary: Summary) -> Iterator[str]:
    students, answers = counted(summary.students, "student"), counted(summary.answers, "file")
    yield f"What the class understood: graded work of {students}, {answers} of answers."
    yield ""
    yield "On Monday" if summary.topics else NOTHING_STANDS_OUT
    for place, topic in enumerate(summary.topics, start=1):
        share = f"{percent(topic.share)} ({topic.count} of {topic.asked})"
        yield from _wrapped(f"{place}. {share} in {topic.where}: {to_plain(topic.told)}")
        yield from _wrapped(f"   Show again: {topic.again}.")
        if topic.fails:
            yield from _wrapped(f"   Let them find out why it fails on “{topic.fails}”.")


def _details(summary: Summary) -> Iterator[str]:
    for one in (*summary.exercises, *summary.practice):
        yield from ("", f"{one.title}{', in practice' * one.practice}: {how_it_went(one)}")
        yield from _kinds(one.kinds)
    for asked in summary.questions:
        yield ""
        yield from _wrapped(
            f"{asked.place.name}: {to_plain(asked.place.value.prompt)} ({asked.asked} answers)"
        )
        yield from _kinds(asked.kinds)
        question = asked.place.value
        if question.expected:
            shares = zip(question.lettered, question.expected, strict=True)
            yield f"Authors expected {', '.join(f'{letter} {share} %' for (letter, _, _), share in shares)}."
        if changed := how_it_changed(asked):
            yield from _wrapped(changed)
    if summary.too_few:
        yield from ("", *_wrapped(f"Fewer than five answers, not shown: {', '.join(summary.too_few)}."))


NOTHING_STANDS_OUT = (
    "Nothing stands out: no one mistake was made by five or more and by a tenth of those asked."
)


def how_it_went(one: ExerciseSummary) -> str:
    """Say how many passed, in a sentence."""
    if one.passed is None:
        return f"{one.asked} tried; how many passed is not said, as it would tell of fewer than five."
    went = f"{one.passed} of {one.asked} passed ({percent(one.passed / one.asked)})"
    if one.not_attempted:
        went += f", {one.not_attempted} did not attempt it"
    rest = one.asked - one.passed - (one.not_attempted or 0) - sum(kind.count for kind in one.kinds)
    if rest:
        apart = "did not attempt it or " if one.not_attempted is None else ""
        went += f", and {rest} {apart}did what fewer than five did"
    return f"{went}."


def how_it_changed(asked: QuestionSummary) -> str:
    """Say how first and last choices differ, where that may be said."""
    if asked.right_first is None or asked.right_last is None:
        return ""
    return f"Right at first {percent(asked.right_first)}, in the end {percent(asked.right_last)}."


def _kinds(kinds: tuple[Kind, ...]) -> Iterator[str]:
    for kind in kinds:
        first, *more = (to_plain(text) for text in kind.told)
        if kind.label == short(first):
            head = first
        else:
            head, more = f"{'✓ ' * kind.right}{kind.label}", [first, *more]
        if len(more) == 1:
            head = f"{head}: {more.pop()}"
        yield from _wrapped(f"  {percent(kind.share):>5} ({kind.count})  {head}")
        for text in more:
            yield from _wrapped(f"      – {text}", "        ")


def _wrapped(text: str, indent: str = "      ") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent)
