"""Each lesson is a package: one file per section, short, and `__init__` its table of contents."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from discovery import LESSONS

import course_utils.lessons
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import topic_of
from course_utils.notebook_files.page import Page
from course_utils.teaching import Conjecture, Demo, Derivation, Exercise, Question

FOLDER = Path(course_utils.lessons.__file__).parent
FILES = sorted(path for lesson in LESSONS for path in (FOLDER / lesson).glob("*.py"))
SHOWN = (Conjecture, Demo, Derivation, Exercise, Question)
MAX_LINES = 300

every_lesson = pytest.mark.parametrize("lesson", LESSONS)
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")


def length(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@every_file
def test_a_file_can_be_read_in_one_go(path: Path) -> None:
    assert length(path) <= MAX_LINES, f"it has {length(path)} lines, and may have {MAX_LINES}: split it"


# Lessons keep to themselves.


def imports(source: str) -> Iterator[str]:
    """Yield the dotted names that a module imports from the course, wherever in its code.

    >>> list(imports("def f():\\n    from course_utils.lessons import softmax as s"))
    ['course_utils.lessons.softmax']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "lessons import by full names"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def other_lessons(lesson: str, source: str) -> list[str]:
    """Return what a file of one lesson imports from the others."""
    others = {name for name in LESSONS if name != lesson}
    return [
        name
        for name in imports(source)
        if name.split(".")[:2] == ["course_utils", "lessons"] and others & set(name.split(".")[2:3])
    ]


@every_file
def test_a_lesson_imports_from_no_other_lesson(path: Path) -> None:
    taken = other_lessons(path.parent.name, path.read_text("utf-8"))
    assert not taken, f"what two lessons need belongs beside them, in course_utils/lessons: {taken}"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("from course_utils.lessons.start_here import sum_exercise", 1),
        ("def f():\n    import course_utils.lessons.start_here.how_a_page_works", 1),
        ("from course_utils.lessons import start_here", 1),
        ("from course_utils.lessons.softmax.pull import pull_demo", 0),
        ("from course_utils.lessons.arrays import Array", 0),
    ],
)
def test_an_import_from_another_lesson_would_be_seen(source: str, count: int) -> None:
    assert len(other_lessons("softmax", source)) == count


@every_lesson
def test_a_notebook_imports_its_own_lesson_and_no_other_file_of_lessons(lesson: str) -> None:
    """What a cell imports, students read: where it stands, solutions may stand."""
    code = "\n".join(cell["source"] for _, cell in page_of(lesson).of_type("code"))
    taken = [name for name in imports(code) if name.startswith("course_utils.lessons")]
    assert taken == [f"course_utils.lessons.{lesson}"], "import the lesson only, once, and nothing out of it"


# The table of contents.


def contents(lesson: str) -> list[tuple[str, str]]:
    """Return file and name of all that `__init__` passes on; besides, it only makes the lesson's `status`."""
    docstring, *statements, made_of, made = ast.parse(
        (FOLDER / lesson / "__init__.py").read_text("utf-8")
    ).body
    assert isinstance(docstring, ast.Expr)
    assert ast.unparse(made_of) == "from course_utils.teaching import status_of"
    assert ast.unparse(made) == "status = status_of(globals())"
    assert all(isinstance(statement, ast.ImportFrom) for statement in statements)
    return [
        (str(statement.module), alias.asname or alias.name)
        for statement in statements
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]


def said(source: str) -> list[str]:
    """Return the names that a notebook's source takes from its lesson, in order, each once.

    >>> said("lesson.b.at(x=1)\\nlesson.a\\nlesson.b")
    ['b', 'a']
    """
    return list(dict.fromkeys(re.findall(r"\blesson\.(\w+)", source)))


def page_of(lesson: str) -> Page:
    (path,) = (path for path in find_notebooks() if topic_of(path) == lesson)
    return Page(path, path.read_bytes())


def shown_objects(lesson: str) -> set[str]:
    """Return the names of the display objects that a lesson passes on."""
    passed_on = vars(importlib.import_module(f"course_utils.lessons.{lesson}"))
    return {name for name, value in passed_on.items() if isinstance(value, SHOWN)}


@every_lesson
def test_init_lists_what_the_notebook_shows_in_its_order(lesson: str) -> None:
    """Helpers that cells call may stand anywhere: one serves many sections."""
    passed_on = [name for _, name in contents(lesson)]
    names = said("\n".join(cell["source"] for cell in page_of(lesson).cells))
    listed, asked_for = set(passed_on), set(names)
    assert not listed - asked_for, f"no cell shows what `__init__` lists: {sorted(listed - asked_for)}"
    assert not asked_for - listed, f"`__init__` does not list what cells show: {sorted(asked_for - listed)}"
    assert len(passed_on) == len(set(passed_on)), "`__init__` lists a name twice"
    shown = shown_objects(lesson)
    right = [name for name in names if name in shown]
    told = f"list them in `__init__` in the order of the page: {', '.join(right)}"
    assert [name for name in passed_on if name in shown] == right, told


@every_file
def test_a_file_names_sections_of_its_notebook(path: Path) -> None:
    first = path.read_text("utf-8").partition("\n")[0]
    titles = {section.title for section in page_of(path.parent.name).sections}
    unknown = set(re.findall(r'[Ss]ections? "(.+?)"', first)) - titles
    assert not unknown, (
        f"the first line of the file names sections that the notebook does not have: {unknown}"
    )


@every_lesson
def test_all_that_a_section_introduces_stands_in_one_file_if_it_fits(lesson: str) -> None:
    file_of = {name: file for file, name in contents(lesson)}
    page, shown, met = page_of(lesson), shown_objects(lesson), set[str]()
    for section in page.sections:
        names = shown & set(said("\n".join(page.cells[index]["source"] for index in section.code_cells)))
        files = {file_of[name].rpartition(".")[2] for name in names - met}
        met |= names
        lines = sum(length(FOLDER / lesson / f"{file}.py") for file in files)
        told = f"move what the section “{section.title}” shows into one file: it stands in {sorted(files)}"
        assert len(files) <= 1 or lines > MAX_LINES, told


def modules(lesson: str) -> list[ModuleType]:
    name = f"course_utils.lessons.{lesson}"
    return [importlib.import_module(f"{name}.{path.stem}") for path in (FOLDER / lesson).glob("[!_]*.py")]


@every_lesson
def test_all_that_a_section_declares_is_listed(lesson: str) -> None:
    declared = [item for module in modules(lesson) for item in vars(module).items()]
    found = {name for name, value in declared if isinstance(value, SHOWN)} ^ shown_objects(lesson)
    assert not found, f"list in `__init__`, under its own name, what a file declares: {sorted(found)}"
