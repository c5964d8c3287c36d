"""What the cells of the notebooks say and define."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.page import Page


@cache
def page(number: str) -> Page:
    (path,) = find_notebooks([number])
    return Page(path, path.read_bytes())


def cell(number: str, cell_id: str) -> str:
    """Return the source of a cell, its line breaks as spaces where it is text."""
    (found,) = (cell for cell in page(number).cells if cell["id"] == cell_id)
    source: str = found["source"]
    return " ".join(source.split()) if found["cell_type"] == "markdown" else source


def note(number: str, cell_id: str) -> str:
    (found,) = (cell for cell in page(number).cells if cell["id"] == cell_id)
    return str(found["metadata"]["slideshow"]["notes"])


def defined(number: str, cell_id: str, name: str) -> Any:
    """Run a cell as a student does and return what it defines."""
    namespace: dict[str, Any] = {"np": np}
    exec(cell(number, cell_id), namespace)
    return namespace[name]
