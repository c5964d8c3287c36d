"""The worksheet of a notebook for students, two pages on paper, and the key to it.

What is asked is the page's own: its predictions, what to look for in its demos, its sentences to keep with
words left out, and a derivation whose lines are proved like every other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from course_utils.notebook_files.shown import Shown
from course_utils.publish.chapters import Chapter, UnusableNotes
from course_utils.publish.paper import BLANK, DISPLAYED, formula, text_html, with_formulas
from course_utils.publish.sheets import header, prompt_html
from course_utils.teaching import Demo, Derivation, Question
from course_utils.teaching import derivation_written as written
from course_utils.teaching.derivation import Line
from course_utils.teaching.html import bullet_list, element
from course_utils.teaching.text import to_plain

PREDICTIONS = 5  # at most: they share a page with room to write
NAMES = ("Name", "Date")


def worksheet(chapter: Chapter) -> str:
    """Return the worksheet as HTML, to stand in a `paper.document`."""
    names = element("p", *(element("span", f"{name} ", element("i")) for name in NAMES), class_="names")
    first = [_predict(number, one) for number, one in enumerate(predictions(chapter), 1)]
    return element(
        "article",
        header(chapter, "Worksheet"),
        names,
        _part("Predict", "Choose before you look, and write down why. Nobody marks a wrong guess.", *first),
        element("div", *_second_page(chapter), class_="second"),
        class_="worksheet",
    )


def key(chapter: Chapter) -> str:
    """Return the key to the worksheet as HTML, to stand in a `paper.document`."""
    answers = [_told(one) for one in predictions(chapter)]
    parts = [_part("Predict", "", bullet_list(answers, "ol"))]
    for stop, demo in chapter.demos:
        told = [f"{text_html(move.do)}: {text_html(move.says)}" for move in chapter.moves[stop.cell]]
        parts.append(_part(f"Move: {to_plain(demo.title)}", "", bullet_list(told)))
    if chapter.sentences:
        given = [given for _, given in blanked(chapter)]
        kept = [element("strong", text_html(word)) for words in given for word in words]
        parts.append(_part("Keep", "", element("p", ", ".join(kept))))
    proved = "Every line is proved; other ways to write a right side are as good."
    parts.append(_part("Derive", proved, _derivation(chapter.derivation, ())))
    return element("article", header(chapter, "Key to the worksheet"), *parts, class_="key")


def predictions(chapter: Chapter) -> list[Shown]:
    """Return the questions of the worksheet, in the order of the page.

    Votes and exit question first, then other questions of the page until the room is used up.
    """
    on_path = [stop.cell for stop in chapter.path]
    ordered = sorted(chapter.questions, key=lambda one: (one.cell not in on_path, "recall" in one.cell))
    chosen = {one.cell for one in ordered[:PREDICTIONS]}
    return [one for one in chapter.questions if one.cell in chosen]


def _second_page(chapter: Chapter) -> Iterator[str]:
    moves = [_look(demo) for _, demo in chapter.demos]
    yield _part("Move", "One sentence each: what did you do, and what did you see?", *moves)
    if chapter.sentences:
        kept = bullet_list([text_html(text) for text, _ in blanked(chapter)], "ol")
        yield _part("Keep", "Fill in what is missing.", kept)
    derivation = chapter.derivation
    yield _part(
        "Derive",
        "Give the right sides. The reason stands beside each line.",
        _derivation(derivation, gaps(derivation)),
    )
    yield _part("Ask", "What is still unclear? One question is enough; it opens the next meeting.", _lines(2))


def gaps(derivation: Derivation) -> tuple[int, ...]:
    """Return the numbers of the lines that are left to the student."""
    return derivation.faded.gaps


def _part(title: str, told: str, *body: str) -> str:
    head = element("h2", title) + (element("p", text_html(told), class_="quiet") if told else "")
    return element("section", head, *body, class_="part")


def _lines(count: int) -> str:
    return element("div", *["<i></i>"] * count, class_="write")


def _predict(number: int, one: Shown) -> str:
    question: Question = one.value
    options = [
        element("span", element("b", letter), " ", text_html(option))
        for letter, option, _ in question.lettered
    ]
    asked = element("p", element("strong", f"{number}. "), prompt_html(question))
    choices = element("div", *options, class_="choices")
    first = element("p", "I choose <i></i> because <i class='long'></i>", class_="choice")
    again = element(
        "p", "After talking: <i></i> It was <i></i> I had thought <i class='long'></i>", class_="choice"
    )
    return element("div", asked, choices, first, again, class_="predict")


def _told(one: Shown) -> str:
    question: Question = one.value
    because = question.because[question.letters.index(question.answer)]
    name = element("span", f" ({one.attribute})", class_="quiet")
    return f"{element('strong', question.answer)}. {text_html(because)}{name}"


def _look(demo: Demo) -> str:
    return element("p", element("strong", text_html(demo.title)), " ", text_html(demo.look_for)) + _lines(2)


def blanked(chapter: Chapter) -> list[tuple[str, list[str]]]:
    """Return each sentence to keep with words left out, and these words.

    Raises
    ------
    UnusableNotes
        If a word to leave out does not stand in the sentences.
    """
    left, found = list(chapter.notes.blanks), list[tuple[str, list[str]]]()
    for sentence in chapter.sentences:
        text, rest, words = "", sentence, list[str]()
        while left and (place := re.search(rf"(?<!\w){re.escape(left[0])}(?!\w)", rest)):
            text, rest = f"{text}{rest[: place.start()]}{BLANK}", rest[place.end() :]
            words.append(left.pop(0))
        found.append((text + rest, words))
    if left:
        raise UnusableNotes(
            f"{chapter.name}, teaching.toml: the sentences to keep do not have {left[0]!r} there; "
            "blanks stand in the order of the sentences."
        )
    return found


def _derivation(derivation: Derivation, open_lines: Sequence[int]) -> str:
    rows = [_row(derivation, line, line.number in open_lines) for line in derivation.lines]
    return with_formulas(written.head(derivation)) + element("table", *rows, class_="derivation")


def _row(derivation: Derivation, line: Line, is_open: bool) -> str:
    cells = written.cells(derivation, line)
    relation = formula(written.LATEX_RELATIONS[line.step.relation])
    right = "" if is_open else formula(DISPLAYED + cells["right"])
    return element(
        "tr",
        element("td", str(line.number), class_="quiet"),
        element("td", with_formulas(cells["left"]), class_="number"),
        element("td", relation),
        element("td", right, class_="open" if is_open else "given"),
        element("td", text_html(line.step.because), class_="quiet"),
    )
