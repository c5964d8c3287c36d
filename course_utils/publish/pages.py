"""The notebooks as pages of the website: each object of a lesson as HTML that a script brings to life.

Without the script a page is still whole: pictures, questions with folded answers, derivations, exercises.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from course_utils.notebook_files.files import Node
from course_utils.notebook_files.page import tags_of
from course_utils.notebook_files.predictions import OUTPUTS_HIDDEN
from course_utils.notebook_files.shown import Shown, Source
from course_utils.teaching import Demo, Derivation, Exercise, Question
from course_utils.teaching.derivation_page import content
from course_utils.teaching.html import element, inline_html, json_script, to_html, with_scripts
from course_utils.teaching.pictures import Picture

NOTEBOOK_ONLY = "notebook-only"  # a tag of cells for which the website has something of its own
FORMULAS = "mathjax_process"  # a class of what may hold formulas
_TO_A_NOTEBOOK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<name>[^)#]*\.ipynb|[^)#]*\.md)#?(?P<anchor>[^)]*)\)")


def page(source: Source, built: Collection[str], opens: str | None = None) -> Node:
    """Return a notebook as the website builds a page of it: objects as HTML, plumbing left out.

    Parameters
    ----------
    source : Source
    built : collection of str
        Names of the notebooks that have pages; links to others become words.
    opens : str, optional
        Where the notebook opens with cells to run, from the root of the site.
    """

    def link(found: re.Match[str]) -> str:
        if found["name"] not in built:
            return found["text"]
        anchor = re.sub(r"[^\w-]", "", found["anchor"].lower())  # as the website names headings
        return f"[{found['text']}]({found['name']}{'#' * bool(anchor)}{anchor})"

    objects = {one.cell: one for one in source.shown}
    made = copy.deepcopy(source.page.notebook)
    exercises = {one.value.name for one in objects.values() if isinstance(one.value, Exercise)}
    given = {name: _given(source.page.cells, name) for name in exercises}
    made["cells"] = [
        cell for cell in made["cells"] if not _tries(cell, exercises) and NOTEBOOK_ONLY not in tags_of(cell)
    ]
    if opens:
        made["cells"][0]["source"] += f"\n\n{_way_to(opens)}"
    for cell in made["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _TO_A_NOTEBOOK.sub(link, cell["source"])
        if cell["cell_type"] == "code":
            cell["metadata"]["tags"] = sorted({*_classes(cell, objects.get(cell["id"]))})
        if cell["id"] in objects:
            cell["outputs"] = [_html_output(fragment(objects[cell["id"]], given), cell["execution_count"])]
        for output in cell.get("outputs", ()):
            _let_formulas_be_set(output)
    return made


def _way_to(address: str) -> str:
    link = element("a", "Open this notebook", href=f"../{address}")
    return element("p", f"{link} with cells to run, here in your browser.", class_="cu-open")


def _tries(cell: Node, exercises: set[str]) -> bool:
    """Tell whether a cell checks an exercise, with its stub or without: the website has a field for that."""
    source: str = cell["source"]
    return cell["cell_type"] == "code" and any(
        source.endswith(f".check({name})") and (f"def {name}(" in source or "\n" not in source)
        for name in exercises
    )


def _given(cells: Iterable[Node], name: str) -> str | None:
    """Return the code that a notebook gives to be mended, if it does: the definition in a cell of its own."""
    starts = f"def {name}("
    sources = (cell["source"] for cell in cells if cell["cell_type"] == "code")
    return next((one for one in sources if one.startswith(starts) and f".check({name})" not in one), None)


def _classes(cell: Node, one: Shown | None) -> Iterator[str]:
    yield from tags_of(cell)
    if one is not None or cell["metadata"].get("jupyter", {}).get("source_hidden"):
        yield "remove-input"
    if cell["metadata"].get("jupyter", {}).get(OUTPUTS_HIDDEN):  # until the question above is answered
        yield "veiled"


def _let_formulas_be_set(output: Node) -> None:
    """JupyterLab sets formulas between dollars in any HTML; the website in what says so."""
    html = output.get("data", {}).get("text/html", "")
    if "$" in html and FORMULAS not in html:
        output["data"]["text/html"] = element("div", html, class_=FORMULAS)


def _html_output(html: str, count: int | None) -> Node:
    return {
        "output_type": "execute_result",
        "execution_count": count,
        "metadata": {},
        "data": {"text/html": html, "text/plain": ""},
    }


def fragment(one: Shown, given: Mapping[str, str | None] = MappingProxyType({})) -> str:
    """Return the HTML of an object, with what the page's script needs to know of it.

    Parameters
    ----------
    one : Shown
    given : mapping
        The code that a page gives to be mended, by the name of its function.
    """
    match one.value:
        case Demo() as demo:
            return _piece(one, "film", demo_html(demo, f"../_static/pictures/{one.name}.svg"))
        case Picture() as picture:
            return _piece(one, "picture", picture_html(picture, f"../_static/pictures/{one.name}.svg"))
        case Question() as question:
            return _piece(one, "question", question.to_html(), question_data(question))
        case Derivation() as derivation:
            return _piece(one, "derivation", derivation.to_html(), content(derivation))
        case Exercise() as exercise:
            return _piece(
                one, "exercise", exercise.to_html(), exercise_data(exercise, given.get(exercise.name))
            )
    raise TypeError(f"there is no page of {type(one.value).__name__}")


def _piece(one: Shown, kind: str, html: str, data: Any = None) -> str:
    attributes = {
        "class": f"cu-piece cu-live {FORMULAS} cu-{kind}",
        "id": one.cell,
        "data-name": one.name,
    }
    given = "" if data is None else json_script(data)
    return element("div", element("div", html, class_="cu-static"), given, **attributes)


def demo_html(demo: Demo, source: str) -> str:
    """Return a demo that stands still."""
    head = element("p", element("strong", inline_html(demo.title)), " ", inline_html(demo.look_for))
    return element("div", head, class_="cu-head") + picture_html(demo.at(), source)


def picture_html(picture: Picture, source: str) -> str:
    """Return a picture whose image is a file of its own."""
    width, height = picture.size
    image = {
        "alt": picture.says,
        "width": str(width),
        "height": str(height),
        "src": source,
    }
    numbers = element("details", element("summary", "Numbers"), picture.numbers_html())
    caption = element("figcaption", with_scripts(picture.says))
    return element("figure", element("img", **image, loading="lazy"), caption, numbers)


def question_data(question: Question) -> dict[str, Any]:
    """Return what a page needs to ask: options, and what each choice is told."""
    return {
        "prompt": to_html(f"**Predict.** {question.prompt}"),
        "answer": question.answer,
        "options": [
            {"letter": letter, "text": inline_html(option), "told": to_html(question.feedback(letter))}
            for letter, option, _ in question.lettered
        ],
    }


def exercise_data(exercise: Exercise, given: str | None) -> dict[str, Any]:
    """Return what a page needs to let an exercise be written, or what is given be mended."""
    return {"name": exercise.name, "stub": given or exercise.reset().plain}
