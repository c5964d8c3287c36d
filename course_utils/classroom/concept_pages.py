"""The pages of the concept test: each form to print, the key, and the gain."""

from __future__ import annotations

import random
from pathlib import Path

from course_utils.classroom.concepts import FORMS, LETTERS, Concept, concepts, key
from course_utils.classroom.one_page import page, rich
from course_utils.teaching import bundle
from course_utils.teaching.html import element, escaped, json_script

SCRIPT = Path(__file__).with_name("gain_page.js")
# Of a table of answers: a code that a student keeps without giving a name, the form, when the sheet was
# written (before, after, later), and the letters of the answers; an empty field is no answer.
COLUMNS = ("code", "form", "when", *(str(number) for number in range(1, len(concepts()) + 1)))
USE = (
    "Give one half of the class form A and the other half form B before the first lesson, the other "
    "form to each after the last, and, if you can, the first form again four weeks later. Fifteen "
    "minutes, no aids, no marks: say so. Nobody sees the key in between.",
    "Instead of a name students write a code that they will find again, such as the first two letters of "
    "their mother's first name, the day of her birthday and the last three digits of a phone number: "
    "AN07123. The page of the gain computes from these codes what the class gained, and leaves out those "
    "that two share. It shows no gain of fewer than five students, and no wrong option that fewer than "
    "five chose. In a small group a share can still be one student: show such a page to nobody.",
    "A wrong option stands for a way of thinking. Each of the twelve concepts has the same wrong turns "
    "in both forms, so that the two can be compared; whether they are equally hard only your classes "
    "can tell.",
)


def form_page(form: str) -> str:
    """Return a form, for students.

    Examples
    --------
    >>> form_page("A").count('<li class="item">')
    12
    """
    title = f"Twelve questions on softmax and its neighbors · form {form}"
    blanks = "Code: ____________________ &nbsp; Date: ____________________"
    rules = (
        "Choose one answer for each. This is not marked: guess if you have an idea, leave out what you have "
        "none of. Logarithms are natural."
    )
    items = [_item(concept, form) for concept in concepts()]
    parts = (element("h1", escaped(title)), element("p", blanks), element("p", rules))
    return page(title, *parts, element("ol", *items, class_="items"))


def _item(concept: Concept, form: str) -> str:
    item = concept.items[form]
    options = [element("li", rich(option)) for option in item.options]
    return element("li", element("p", rich(item.prompt)), element("ol", *options, type="A"), class_="item")


def key_page() -> str:
    """Return the key of both forms, with what each option means and how to use the test.

    Examples
    --------
    >>> "form A" in key_page()
    True
    """
    title = "Key of the concept test"
    answers = [element("p", element("strong", f"Form {form}: "), " ".join(key(form))) for form in FORMS]
    use = [element("p", escaped(text)) for text in USE]
    listed = "".join(_explained(number, concept) for number, concept in enumerate(concepts(), start=1))
    return page(title, element("h1", title), *answers, element("h2", "How to use it"), *use, listed)


def _explained(number: int, concept: Concept) -> str:
    parts = [
        element("h2", f"{number}. {escaped(concept.name)}"),
        element("p", f"Notebook {concept.notebook}."),
    ]
    for form in FORMS:
        item = concept.items[form]
        options = [
            element(
                "li",
                element("p", rich(option), " ✓" * (letter == item.answer)),
                element("p", rich(means), class_="because"),
            )
            for letter, option, means in zip(LETTERS, item.options, item.means, strict=True)
        ]
        parts += [
            element("h3", f"form {form}"),
            element("p", rich(item.prompt)),
            element("ol", *options, type="A"),
        ]
    return element("section", *parts)


def gain_page() -> str:
    """Return the page that computes the gain from a table, without any server.

    Examples
    --------
    >>> "import" in gain_page().partition('<script type="module">')[2]
    False
    """
    title = "What the class gained"
    how = (
        "Type the answers into a spreadsheet, a row for each sheet, and save it as CSV; or paste it here. An "
        "empty field is no answer. The table stays in this page: nothing is sent anywhere."
    )
    controls = (
        element(
            "p", element("label", "A CSV file: ", '<input type="file" id="file" accept=".csv,text/csv">')
        ),
        element("p", element("label", "or the table itself", for_="table")),
        element("textarea", f"{','.join(COLUMNS)}\n", id="table", rows="8", spellcheck="false"),
        element(
            "p",
            element("button", "Compute the gain", type="button", id="compute"),
            " ",
            element("button", "Show an invented class", type="button", id="example"),
        ),
        element("div", id="said", role="status"),
    )
    data = {
        "keys": {form: key(form) for form in FORMS},
        "names": [concept.name for concept in concepts()],
        "means": {form: [concept.items[form].means for concept in concepts()] for form in FORMS},
        "example": invented_class(),
    }
    scripts = json_script(data, id="test"), element("script", bundle.script(str(SCRIPT)), type="module")
    return page(title, element("h1", title), element("p", how), *controls, *scripts)


def invented_class(students: int = 24) -> str:
    """Return the answers of a class that never was, which learns and forgets a little."""
    draw = random.Random(5)
    rows = [",".join(COLUMNS)]
    for number in range(students):
        for when, form, knows in (
            ("before", FORMS[number % 2], 0.35),
            ("after", FORMS[1 - number % 2], 0.75),
            ("later", FORMS[number % 2], 0.65),
        ):
            answers = [letter if draw.random() < knows else draw.choice(LETTERS) for letter in key(form)]
            rows.append(",".join([f"s{number}", form, when, *answers]))
    return "\n".join(rows) + "\n"
