"""Pages of the website hold what their notebooks show, whole without a script and ready for one."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from html_elements import elements

from course_utils.notebook_files import NOTEBOOKS, Page, find_notebooks, to_bytes
from course_utils.notebook_files.files import read_notebook
from course_utils.notebook_files.shown import Shown, Source, shown, source_of
from course_utils.publish import instructors, pages, site
from course_utils.teaching import Demo, Derivation, Exercise, Question
from course_utils.teaching.html import json_script

PATHS = find_notebooks()
EVERY = frozenset(path.name for path in PATHS)


@functools.cache
def page_of(path: Path, built: frozenset[str] = EVERY) -> Any:
    return pages.page(source_of(path), built)


def html_of(cell: Any) -> str:
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_object_of_a_page_is_there_in_words_and_for_the_script(path: Path) -> None:
    found = {one.cell: one for one in source_of(path).shown}
    cells = {cell["id"]: cell for cell in page_of(path)["cells"]}
    sources = [
        cell["source"]
        for cell in read_notebook(path.read_bytes())["cells"]
        if pages.NOTEBOOK_ONLY not in cell["metadata"].get("tags", [])
    ]
    named = {source for source in sources if re.fullmatch(r"lesson\.\w+", source)}
    assert named <= {one.expression for one in found.values()}
    for name, one in found.items():
        html = html_of(cells[name])
        elements(html)
        assert f'data-name="{one.name}"' in html
        assert "remove-input" in cells[name]["metadata"]["tags"]
        match one.value:
            case Demo() as demo:
                assert demo.at().says.split()[0] in html
            case Question() as question:
                data = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', html)[0])
                assert [option["letter"] for option in data["options"]] == question.letters
                assert "is right" in data["options"][question.letters.index(question.answer)]["told"]
            case Exercise() as exercise:
                assert f"def {exercise.name}(" in html
            case Derivation() as derivation:
                assert len(derivation.lines) <= html.count("</tr>")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_line_of_text_stands_twice_in_a_cell(path: Path) -> None:
    for cell in read_notebook(path.read_bytes())["cells"]:
        lines = [line for line in cell["source"].splitlines() if len(line) > 25]
        if cell["cell_type"] == "markdown":
            assert len(lines) == len({*lines}), cell["id"]


def test_what_the_website_does_in_its_own_way_stays_in_the_notebook() -> None:
    path = NOTEBOOKS / "00_start_here.ipynb"
    assert "keep-answers" in {cell["id"] for cell in read_notebook(path.read_bytes())["cells"]}
    of_the_page = {cell["id"] for cell in page_of(path)["cells"]}
    assert not {"nothing-moves", "environment", "keep", "keep-answers"} & of_the_page


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_stubs_of_exercises_are_left_to_their_fields(path: Path) -> None:
    """And so is what asks for an attempt without one, for a field of the page has a button."""
    asks = re.compile(r"# your code here|^lesson\.\w+\.(check|judge)\(.*\)$", re.MULTILINE)
    cells = [cell for cell in page_of(path)["cells"] if cell["cell_type"] == "code"]
    assert not [cell["id"] for cell in cells if asks.search(cell["source"])]


def test_code_that_is_given_to_be_mended_stands_in_the_field() -> None:
    path = next(path for path in PATHS if path.name.startswith("08"))
    cells = {cell["id"]: cell for cell in page_of(path)["cells"]}
    data = re.findall(r'<script type="application/json">(.*?)</script>', html_of(cells["bugs-exercise"]))[0]
    assert json.loads(data)["stub"] == cells["bugs-given"]["source"]


def test_links_lead_to_pages_that_are_built() -> None:
    for path in PATHS:
        text = "".join(cell["source"] for cell in page_of(path, frozenset({path.name}))["cells"])
        assert {*re.findall(r"\]\(([^)#]*\.ipynb)", text)} <= {path.name}
        whole = "".join(cell["source"] for cell in page_of(path)["cells"])
        assert {*re.findall(r"\]\(([^)#]*\.ipynb)", whole)} <= EVERY


def test_formulas_in_any_output_are_set() -> None:
    """Also those of cells that show no object of a lesson: a proof has a formula in each line."""
    found = {
        cell["id"]: html_of(cell) for path in PATHS for cell in page_of(path)["cells"] if "$" in html_of(cell)
    }
    assert "derive-verify" in found
    assert {name for name, html in found.items() if html.count("mathjax_process") != 1} == set()
    assert all(html.startswith("<div class=") for html in found.values())


def test_what_answers_a_question_is_veiled() -> None:
    veiled = [
        (path.stem, cell["id"])
        for path in PATHS
        for cell in page_of(path)["cells"]
        if "veiled" in cell["metadata"].get("tags", [])
    ]
    hidden = [
        (path.stem, cell["id"])
        for path in PATHS
        for cell in read_notebook(path.read_bytes())["cells"]
        if cell["metadata"].get("jupyter", {}).get("outputs_hidden")
    ]
    assert veiled == hidden
    assert len(veiled) > len(PATHS)


def test_no_script_can_end_in_data() -> None:
    assert json_script({"a": "</script><b>"}).count("</script") == 1
    assert NOTEBOOKS.is_dir()


def test_the_public_part_of_the_guide_answers_no_question() -> None:
    text = instructors.page()
    assert text.startswith("# Instructor guide")
    assert "## AI assistants" in text
    assert not re.search(r"\]\((?!https?:)", text)
    for path in PATHS:
        for one in source_of(path).shown:
            if isinstance(one.value, Question):
                assert not [reason for reason in one.value.because if reason in text]


def test_what_a_page_asks_for_lies_beside_it(tmp_path: Path) -> None:
    """Scripts, what they import, styles and pictures; what is recorded and Python itself come later."""
    path, static = PATHS[0], tmp_path / "_static"
    site.write_assets(static, [source_of(path)])
    asked = set(re.findall(r"_static/([\w./-]+)", json.dumps(page_of(path))))
    asked |= set(re.findall(r'"(\w+\.(?:js|css|svg))"', (site.ASSETS / "conf.py").read_text("utf-8")))
    for script in static.glob("*.js"):
        asked |= set(re.findall(r'\b(?:from|import\() ?"\./([\w./-]+)"', script.read_text("utf-8")))
    asked = {name for name in asked if not name.startswith(("films/", "pyodide/"))}
    assert {"site.js", "figure.css"} < asked
    assert {name for name in asked if not (static / name).is_file()} == set()


@pytest.mark.parametrize("prints", [True, False])
def test_the_start_page_has_every_notebook_and_says_how_much_there_is(tmp_path: Path, prints: bool) -> None:
    found = [source_of(path) for path in PATHS[:3]]
    site.write_pages(tmp_path, found, opens=False, prints=prints)
    written = {file.stem: file.read_text("utf-8") for file in tmp_path.glob("*.md")}
    assert not [name for name, text in written.items() if "{{" in text], "a place is left empty"
    start = written.pop("index")
    for path in PATHS[:3]:
        assert (tmp_path / "notebooks" / path.name).is_file()
        assert f"\nnotebooks/{path.stem}\n" in start
        assert (f'href="print/{path.stem}.pdf"' in start) == prints
    assert all(f"\n{name}\n" in start for name in written)
    assert found[1].demos[0].name in start, "the first demo that shows the topic"
    for kind, noun in ((Demo, "pictures"), (Question, "predictions"), (Exercise, "functions")):
        count = sum(isinstance(one.value, kind) for source in found for one in source.shown)
        assert re.search(rf"\b{count} {noun} to", start)
    assert (tmp_path / "conf.py").is_file()


def code(name: str, source: str, **metadata: Any) -> dict[str, Any]:
    return {
        **{"cell_type": "code", "id": name, "source": source, "metadata": metadata},
        **{"outputs": [], "execution_count": 7},
    }


def made_of(*cells: dict[str, Any], built: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the cells of a page of 00, by their names."""
    raw = to_bytes({"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    page = Page(NOTEBOOKS / "00_start_here.ipynb", raw)
    made = pages.page(Source(page, tuple(shown(page.path, page.notebook))), built)
    return {cell["id"]: cell for cell in made["cells"]}


def test_cells_say_what_the_page_does_with_them() -> None:
    hidden = {"jupyter": {"source_hidden": True}}
    veiled = {"jupyter": {"outputs_hidden": True, "source_hidden": False}}
    cells = made_of(
        code("plain", "1", tags=["z", "a"]),
        code("hidden", "1", **hidden),
        code("veiled", "1", **veiled),
        code("object", "lesson.step_question", **veiled),
        code("gone", "1", tags=[pages.NOTEBOOK_ONLY]),
        {"cell_type": "markdown", "id": "text", "source": "", "metadata": {"tags": ["z", "a"]}},
    )
    assert {name: cell["metadata"].get("tags") for name, cell in cells.items()} == {
        "plain": ["a", "z"],
        "hidden": ["remove-input"],
        "veiled": ["veiled"],
        "object": ["remove-input", "veiled"],
        "text": ["z", "a"],
    }
    (output,) = cells["object"]["outputs"]
    assert output["execution_count"] == 7
    assert cells["plain"]["outputs"] == []


@pytest.mark.parametrize(
    ("source", "is_shown"),
    [
        ("lesson.exponential_demo", True),
        ("lesson.exponential_demo.at(z=1)", True),
        ("lesson.exponential_demo.at(z=z)", False),
        ("lesson", False),
        ("lesson.exponential_demo.declared()", False),
        ("lesson.exponential_demo.title", False),
        ("lesson.exponential_demo\nlesson.step_question", False),
        ("one = lesson.exponential_demo", False),
        ("print(lesson.exponential_demo)", False),
        ("other.exponential_demo", False),
    ],
)
def test_an_object_is_shown_by_a_line_that_names_it_alone(source: str, is_shown: bool) -> None:
    found = [*shown(PATHS[0], {"cells": [code("above", "import numpy\nx = 1"), code("it", source)]})]
    assert [one.cell for one in found] == ["it"] * is_shown
    assert all(one.prelude == "import numpy" and one.expression == source for one in found)


def test_attempts_are_left_out_and_what_else_is_done_with_an_exercise_stays() -> None:
    check, name = "lesson.sum_exercise.check(sum_of_exponentials)", "sum_of_exponentials"
    exercise = code("exercise", "lesson.sum_exercise")
    stub = f"def {name}(z):\n    return ...\n\n\n{check}"
    given = f"def {name}(z):\n    return z  # wrong"
    cells = made_of(
        exercise,
        code("stub", stub),
        code("alone", check),
        code("other", f"x = 1\n{check}"),
        code("diagnosed", f"print({check})"),
        {"cell_type": "markdown", "id": "text", "source": check, "metadata": {}},
    )
    assert [*cells] == ["exercise", "other", "diagnosed", "text"]
    mended = made_of(exercise, code("given", given), code("stub", stub))
    data = re.findall(r'<script type="application/json">(.*?)</script>', html_of(mended["exercise"]))[0]
    assert json.loads(data)["stub"] == given
    data = re.findall(r'<script type="application/json">(.*?)</script>', html_of(cells["exercise"]))[0]
    assert "return ..." in json.loads(data)["stub"]


def test_a_link_leads_to_a_heading_as_the_website_names_it_or_becomes_words() -> None:
    links = "[One](01_softmax.ipynb), [*two*](01_softmax.ipynb#A-Heading,-named), [three](02_a.ipynb#b)."
    text = {"cell_type": "markdown", "id": "text", "source": links, "metadata": {}}
    told = made_of(text, built=("01_softmax.ipynb",))["text"]["source"]
    assert told == "[One](01_softmax.ipynb), [*two*](01_softmax.ipynb#a-heading-named), three."
    assert made_of(code("it", "'[a](b.ipynb)'"))["it"]["source"] == "'[a](b.ipynb)'"


def test_a_picture_stands_in_its_size_with_its_words() -> None:
    found = shown(PATHS[0], {"cells": [code("it", "lesson.exponential_demo")]})
    demo = next(found)
    width, height = demo.value.at().size
    html = pages.fragment(demo)
    assert f'width="{width}" height="{height}"' in html
    assert "</img>" not in html
    with pytest.raises(TypeError, match="no page of int"):
        pages.fragment(Shown("00", "a", "1", 1, ""))
