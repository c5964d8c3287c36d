"""What the notebooks show: every cell that names a declared object of its lesson, with that object."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

from course_utils.lessons import lesson_of
from course_utils.notebook_files.files import topic_of

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# Interned, because pytest goes by identity to tell whether a fixture's parameter is still the same.
NOTEBOOK_NAMES = sorted(sys.intern(path.stem) for path in NOTEBOOKS.glob("*.ipynb"))


def code_cells(notebook: str) -> list[str]:
    """Return the source of each code cell."""
    read = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", 4)
    return [cell.source for cell in read.cells if cell.cell_type == "code"]


def named(source: str, lesson: ModuleType) -> Any:
    """Return what a cell only names: ``lesson.x``, ``lesson.x.faded`` or ``lesson.x.at(...)``. Else None."""
    body = ast.parse(source).body
    shown = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if isinstance(shown, ast.Call) and isinstance(shown.func, ast.Attribute) and shown.func.attr == "at":
        shown = shown.func
    return eval(source, {"lesson": lesson}) if isinstance(shown, ast.Attribute) else None


@functools.cache
def all_shown() -> list[tuple[str, str, Any]]:
    """Return notebook, source of the cell and object of each that is shown."""
    found = []
    for notebook in NOTEBOOK_NAMES:
        lesson = lesson_of(topic_of(NOTEBOOKS / notebook))
        shown = [(source, named(source, lesson)) for source in code_cells(notebook)]
        found += [(notebook, source, value) for source, value in shown if value is not None]
    return found


def each_shown(kind: type, name: str, wanted: Callable[[Any], bool] = lambda shown: True) -> Any:
    """Parametrize a test by notebook, source of the cell, and each wanted object of a kind that is shown."""
    found = [
        pytest.param(notebook, source, shown, id=f"{notebook}-{source.removeprefix('lesson.')}")
        for notebook, source, shown in all_shown()
        if isinstance(shown, kind) and wanted(shown)
    ]
    assert found, "no notebook shows what this test is about"
    # Without a scope, pytest opens the notebook anew for each test: `source` is none of its fixtures.
    return pytest.mark.parametrize(
        ("live_notebook", "source", name), found, indirect=["live_notebook"], scope="session"
    )
