"""The questions of the notebooks as a question bank for Moodle.

Each option is answered with the diagnosis that the notebook gives, and the general feedback shows the picture
that settles the question, where one does. Moodle reads HTML, with formulas between the marks that its MathJax
filter looks for, and pictures as files beside the text (https://docs.moodle.org/en/Moodle_XML_format).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from course_utils.notebook_files.files import number_of
from course_utils.notebook_files.page import html_of
from course_utils.notebook_files.shown import source_of
from course_utils.teaching import Demo, Question
from course_utils.teaching.html import element, inline_html, to_html
from course_utils.teaching.pictures import Picture
from course_utils.teaching.text import to_plain

TOP = "$course$/top/Softmax and its neighbors"
LICENSE = "Text and pictures: CC BY 4.0, from the course “Softmax and its neighbors”."
LONGEST_NAME = 80  # characters of a question's name in Moodle's lists
# Options that only make sense in their order. Moodle shuffles the others, so no text may speak of letters.
_ABOUT_OTHERS = re.compile(
    r"(?i)^(?:of )?(?:both|neither|none of|all of|the same|alike)\b|^[A-H] and [A-H]\b"
)
# Questions that the next picture of their section answers in its first state, the only one that Moodle can
# show. Most demos answer by what one does to them, so a question that is not named here has no picture.
SETTLED = {
    "00-question",
    "01-two-question",
    "01-attention-question",
    "02-order-question",
    "02-digits-question",
    "03-place-question",
    "03-trust-question",
    "03-gumbel-question",
    "04-plane-question",
    "05-slope-question",
    "05-deep-question",
    "05-saturation-question",
    "05-relatives-question",
    "06-double-question",
    "06-binary-question",
    "07-hinges-question",
    "08-rate-question",
    "08-momentum-question",
}
_FORMULA = re.compile(r"\$([^$]+)\$")
_PNG = "data:image/png;base64,"


@dataclass(frozen=True)
class Illustration:
    """A stored picture: its file as Base64, and what it shows in words."""

    base64: str
    says: str


@dataclass(frozen=True)
class Asked:
    """A question, where it is asked, and the picture below it that settles it, if there is one.

    Parameters
    ----------
    name : str
        Number of the notebook and id of the cell: the same as on the website, and unique in a bank.
    notebook, section : str
        Their titles.
    question : Question
    answered_by : Illustration or None
    """

    name: str
    notebook: str
    section: str
    question: Question
    answered_by: Illustration | None = None

    @property
    def shuffled(self) -> bool:
        """Whether the options can stand in any order."""
        return not any(_ABOUT_OTHERS.search(to_plain(option)) for option in self.question.options)


class _Images(HTMLParser):
    """Find the images of an output."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Illustration] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        source, says = (dict(attributes).get(key) or "" for key in ("src", "alt"))
        if source.startswith(_PNG):
            self.found.append(Illustration(source.removeprefix(_PNG), says))


def asked(path: Path) -> Iterator[Asked]:
    """Yield the questions of a notebook, in the order of the page."""
    source = source_of(path)
    page, objects = source.page, {one.cell: one for one in source.shown}
    title = page.sections[0].title
    for section in page.sections:
        cells = [page.cells[index] for index in section.code_cells]
        for place, cell in enumerate(cells):
            one = objects.get(cell["id"])
            if one is None or not isinstance(one.value, Question):
                continue
            pictures = (
                image
                for later in cells[place:]
                if later["id"] in objects and isinstance(objects[later["id"]].value, Demo | Picture)
                for output in later["outputs"]
                for image in _Images(html_of(output)).found
            )
            settles = next(pictures, None) if one.name in SETTLED else None
            yield Asked(one.name, title, section.title, one.value, settles)


def bank(questions: Iterable[Asked]) -> bytes:
    """Return the question bank as the file that Moodle imports: a category for each notebook.

    Examples
    --------
    >>> one = Question("1 + 1?", ["2", "11"], "A", ["Counting on from one.", "that joins digits."])
    >>> quiz = ET.fromstring(bank([Asked("01-sum", "01 Sums", "Adding", one)]))
    >>> [question.get("type") for question in quiz]
    ['category', 'multichoice']
    >>> quiz.findtext("question/answer[2]/feedback/text")
    '<p>You probably thought that joins digits.</p>'
    """
    quiz = ET.Element("quiz")
    category = ""
    for one in questions:
        if one.notebook != category:
            category = one.notebook
            quiz.append(_category(category))
        quiz.append(_multichoice(one))
    ET.indent(quiz)
    written: bytes = ET.tostring(quiz, "utf-8", xml_declaration=True)
    return written


def write(paths: Iterable[Path], out: Path) -> int:
    """Write the questions of some notebooks into one file; return how many there are."""
    questions = [one for path in sorted(paths, key=number_of) for one in asked(path)]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(bank(questions))
    return len(questions)


def for_moodle(html: str) -> str:
    r"""Put formulas between the marks that Moodle's filter looks for.

    >>> for_moodle("<p>Is $e^z > 0$?</p>")
    '<p>Is \\(e^z > 0\\)?</p>'
    """
    return _FORMULA.sub(r"\\(\1\\)", html)


def _category(title: str) -> ET.Element:
    question = ET.Element("question", type="category")
    _text(question, "category", f"{TOP}/{title.replace('/', '//')}")
    _text(question, "info", LICENSE, format="html")
    return question


def _multichoice(one: Asked) -> ET.Element:
    asked, question = one.question, ET.Element("question", type="multichoice")
    _text(question, "name", _shortened(f"{one.name.partition('-')[0]} {to_plain(asked.prompt)}"))
    _text(question, "questiontext", for_moodle(to_html(asked.prompt)), format="html")
    general = _text(question, "generalfeedback", _explanation(one), format="html")
    if one.answered_by:
        file = ET.SubElement(general, "file", name=f"{one.name}.png", path="/", encoding="base64")
        file.text = one.answered_by.base64
    for name, value in (
        ("defaultgrade", "1"),
        ("penalty", "0.3333333"),
        ("hidden", "0"),
        ("idnumber", one.name),
        ("single", "true"),
        ("shuffleanswers", str(one.shuffled).lower()),
        ("answernumbering", "ABCD"),
    ):
        ET.SubElement(question, name).text = value
    for letter, option, because in asked.lettered:
        right = letter == asked.answer
        answer = _text(question, "answer", for_moodle(inline_html(option)), format="html")
        answer.set("fraction", "100" if right else "0")
        told = because if right else f"You probably thought {because}"
        _text(answer, "feedback", for_moodle(to_html(told)), format="html")
    _text(ET.SubElement(question, "tags"), "tag", "softmax")
    return question


def _explanation(one: Asked) -> str:
    """Return what everybody is told afterwards: why the right option is right, and what shows it."""
    question = one.question
    why = to_html(question.because[question.letters.index(question.answer)])
    where = to_html(f"Notebook *{one.notebook}*, section *{one.section}*.")
    if not one.answered_by:
        return for_moodle(why + where)
    image = element("img", src=f"@@PLUGINFILE@@/{one.name}.png", alt=one.answered_by.says)
    shown = element("p", image) + to_html(one.answered_by.says)
    return for_moodle(why) + shown + for_moodle(where)


def _text(parent: ET.Element, name: str, content: str, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    ET.SubElement(child, "text").text = content
    return child


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else line[:LONGEST_NAME].rpartition(" ")[0] + "…"
