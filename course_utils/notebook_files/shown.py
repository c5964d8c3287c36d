"""What a notebook shows of its lesson: each object, where it stands, and what the cells above it define."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.lessons import lesson_of
from course_utils.notebook_files.files import Node, UnreadableNotebook, number_of, topic_of
from course_utils.notebook_files.page import Page
from course_utils.notebook_files.text import shown_name
from course_utils.teaching import Demo, Derivation, Exercise, Question
from course_utils.teaching.pictures import Picture


@dataclass(frozen=True)
class Shown:
    """An object of a lesson and where a page shows it.

    Parameters
    ----------
    number : str
        Of the notebook.
    cell : str
        Id of the cell.
    expression : str
        The line that shows it.
    value : object
        Demo, picture, question, exercise or derivation.
    prelude : str
        Imports and definitions of the cells above.
    """

    number: str
    cell: str
    expression: str
    value: Any
    prelude: str

    @property
    def name(self) -> str:
        """What the page and its files call it."""
        return f"{self.number}-{self.cell}"

    @property
    def attribute(self) -> str:
        """What the lesson calls it: ``lesson.slope.faded`` is the lesson's ``slope``."""
        return shown_name(self.expression)


@dataclass(frozen=True)
class Source:
    """A notebook, and what it shows of its lesson."""

    page: Page
    shown: tuple[Shown, ...]

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.page.path

    @property
    def topic(self) -> str:
        """Name of the lesson."""
        return topic_of(self.path)

    @property
    def demos(self) -> list[Shown]:
        """What moves."""
        return [one for one in self.shown if isinstance(one.value, Demo)]


def source_of(path: Path) -> Source:
    """Read a notebook, and what it shows."""
    page = Page(path, path.read_bytes())
    return Source(page, tuple(shown(path, page.notebook)))


def shown(path: Path, notebook: Node) -> Iterator[Shown]:
    """Yield the objects of the lesson that a notebook shows by naming nothing but the lesson."""
    lesson = _lesson(path)
    above: list[str] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        if named := _expression(cell["source"]):
            try:
                value = eval(compile(named, cell["id"], "eval"), {"lesson": lesson})  # the course's own line
            except AttributeError as error:
                raise UnreadableNotebook(f"{path.name}, cell {cell['id']}: {error}") from None
            if isinstance(value, Demo | Picture | Question | Exercise | Derivation):
                yield Shown(number_of(path), cell["id"], cell["source"], value, _prelude(above))
        above.append(cell["source"])


def _lesson(path: Path) -> Any:
    topic = topic_of(path)
    try:
        return lesson_of(topic)
    except ModuleNotFoundError as error:
        if error.name != f"course_utils.lessons.{topic}":
            raise
        raise UnreadableNotebook(f"{path.name} has no lesson course_utils/lessons/{topic} yet.") from None


def _statements(source: str) -> list[ast.stmt]:
    """Return the statements of a cell; what is no plain Python, such as ``%pip list``, has none."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _expression(source: str) -> ast.Expression | None:
    """Return the only line of a cell, if it needs nothing but the lesson."""
    body = _statements(source)
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return None
    names = {node.id for node in ast.walk(body[0]) if isinstance(node, ast.Name)}
    attributes = isinstance(body[0].value, ast.Attribute) or _makes_a_picture(body[0].value)
    return ast.Expression(body[0].value) if names == {"lesson"} and attributes else None


def _makes_a_picture(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "at"


def _prelude(sources: list[str]) -> str:
    """Return the imports and definitions of cells, without what the cells do.

    Examples
    --------
    >>> _prelude(["import numpy as np\\nx = np.ones(3)\\nprint(x)", "def f(x):\\n    return 2 * x"])
    'import numpy as np\\ndef f(x):\\n    return 2 * x'
    """
    return "\n".join(filter(None, map(_definitions, sources)))


@functools.cache  # a page asks for those of all cells above each of its objects
def _definitions(source: str) -> str:
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    return "\n".join(ast.unparse(node) for node in _statements(source) if isinstance(node, kept))
