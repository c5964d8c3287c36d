"""The report as one page: it needs no other file and asks nothing of any place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from course_utils.classroom.kinds import Kind
from course_utils.classroom.one_page import capitalized, page, rich
from course_utils.classroom.report_pictures import kinds_picture, passed_picture
from course_utils.classroom.report_text import NOTHING_STANDS_OUT, how_it_changed, how_it_went
from course_utils.classroom.summary import ExerciseSummary, QuestionSummary, Summary, Topic
from course_utils.teaching.html import details, element, escaped, with_scripts
from course_utils.teaching.pictures import Picture
from course_utils.teaching.pictures.svg import inline
from course_utils.teaching.text import percent
from course_utils.words import counted

TITLE = "What the class understood"
HOW_TO_READ = (
    "Nobody is named here. Fewer than five who chose or did the same are counted together with others, so "
    "that no number tells of one student, and no difference of two; only how many passed graded work is "
    "said, however few. Examples are code that students wrote, without comments and without texts of their "
    "own. Two reports that are a few students apart could be compared: share one of them.",
    "Shares of questions are first choices, made before anything was shown. A wrong guess is no failure; "
    "a mistake that is still there in graded work says more, and stands first.",
)


def report_page(summary: Summary) -> str:
    """Return the report as HTML.

    Examples
    --------
    >>> from course_utils.classroom.summary import summarize
    >>> "Nothing stands out" in report_page(summarize([], []))
    True
    """
    pictures = _Pictures()
    return page(TITLE, *_body(summary, pictures))


def _body(summary: Summary, pictures: _Pictures) -> Iterator[str]:
    yield element("h1", TITLE)
    students, files = counted(summary.students, "student"), counted(summary.answers, "file")
    yield element("p", f"Graded work of {students}, and {files} of answers, handed in without a name.")
    parts = {"Exercises": summary.exercises, "Questions": summary.questions, "In practice": summary.practice}
    links = [name for name, some in parts.items() if some]
    if links:
        yield element("nav", *(element("a", name, href=f"#{_id(name)}") for name in links))
    yield element("h2", "On Monday")
    yield _topics(summary.topics) if summary.topics else element("p", NOTHING_STANDS_OUT)
    if summary.exercises:
        yield _part("Exercises")
        yield pictures.html(passed_picture(summary.exercises))
        for one in summary.exercises:
            yield _exercise(one, pictures)
    if summary.questions:
        yield _part("Questions")
        for asked in summary.questions:
            yield _question(asked, pictures)
    if summary.practice:
        yield _part("In practice")
        for one in summary.practice:
            yield _exercise(one, pictures)
    yield element("h2", "How to read this")
    for text in HOW_TO_READ:
        yield element("p", text)
    if summary.too_few:
        yield element("p", f"Fewer than five answers, not shown: {escaped(', '.join(summary.too_few))}.")


def _id(name: str) -> str:
    return name.lower().replace(" ", "-")


def _part(name: str) -> str:
    return element("h2", name, id=_id(name))


def _topics(topics: Iterable[Topic]) -> str:
    return element("ol", *map(_topic, topics), class_="topics")


def _topic(topic: Topic) -> str:
    lines = [
        element("p", rich(capitalized(topic.told)), class_="told"),
        element("p", f"{topic.count} of {topic.asked} in {escaped(topic.where)}", class_="because"),
        element("p", element("strong", "Show again: "), f"{escaped(topic.again)}."),
    ]
    if topic.example:
        why = f"Ask: why does this fail on “{rich(topic.fails)}”?" if topic.fails else ""
        lines.append(details("An example to project", _code(topic.example), element("p", why) * bool(why)))
    return element("li", element("p", percent(topic.share), class_="share"), element("div", *lines))


def _code(code: str) -> str:
    return element("pre", element("code", escaped(code)), tabindex="0")


def _exercise(one: ExerciseSummary, pictures: _Pictures) -> str:
    where = element("p", f"In {escaped(one.place.again)}.") if one.place else ""
    picture = pictures.html(kinds_picture(one.kinds, "What went wrong")) if one.kinds else ""
    return element(
        "section",
        element("h3", escaped(one.title)),
        element("p", escaped(how_it_went(one))),
        where,
        picture,
        element("ol", *(_kind(kind) for kind in one.kinds)) if one.kinds else "",
    )


def _kind(kind: Kind) -> str:
    told = "".join(element("p", rich(capitalized(text))) for text in kind.told)
    size = element("strong", f"{kind.count} of {kind.asked}, {percent(kind.share)}")
    if not kind.examples:
        return element("li", element("p", size), told)
    examples = map(_code, kind.examples)
    label = counted(len(kind.examples), "example")
    return element("li", element("p", size), told, details(label, *examples))


def _question(asked: QuestionSummary, pictures: _Pictures) -> str:
    question = asked.place.value
    told = {
        letter: element("p", rich(text), class_="because")
        for kind in asked.kinds
        for letter, text in zip(kind.label.split(" and "), kind.told, strict=True)
    }
    expected = [f" (authors expected {share} %)" for share in question.expected] or [""] * len(told)
    options = [
        element("li", element("p", rich(option), " ✓" * (letter == question.answer), guess), told[letter])
        for (letter, option, _), guess in zip(question.lettered, expected, strict=True)
    ]
    changed = how_it_changed(asked)
    return element(
        "section",
        element("h3", escaped(asked.place.name)),
        element("p", rich(question.prompt)),
        pictures.html(
            kinds_picture(asked.kinds, f"{counted(asked.asked, 'answer')}, first choices", asked.place.name)
        ),
        element("ol", *options, type="A"),
        element("p", escaped(changed)) if changed else "",
        element("p", f"In {escaped(asked.place.again)}."),
    )


class _Pictures:
    """Pictures as figures of one page: for two widths of page, with names that do not meet."""

    def __init__(self) -> None:
        self._numbers = count()

    def html(self, picture: Picture) -> str:
        images = [self._svg(picture, width, name) for width, name in ((640, "wide"), (360, "narrow"))]
        return element(
            "figure",
            *images,
            element("figcaption", with_scripts(picture.says)),
            details("Numbers", picture.numbers_html()),
        )

    def _svg(self, picture: Picture, width: int, name: str) -> str:
        svg = inline(picture, f"p{next(self._numbers)}", width)
        return svg.replace("<svg ", f'<svg class="{name}" ')
