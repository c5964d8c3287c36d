"""Ids of cells: the addresses of sections, and what teaching.toml goes by. They say what a cell shows."""

from __future__ import annotations

import copy
import itertools
import re

from course_utils.notebook_files.files import Node
from course_utils.notebook_files.text import HEADING, shown_name

# As nbformat (8 hexadecimal digits), `with_ids` (12) and JupyterLab (a UUID) make them.
_RANDOM = re.compile(r"[0-9a-f]{8}(?:[0-9a-f]{4}|(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?")
_ATTEMPT = re.compile(r"^lesson\.(\w+?)(?:_exercise)?\.check\(", re.MULTILINE)


def with_speaking_ids(notebook: Node) -> Node:
    """Name each cell whose id is random after what it shows, or else after its section.

    >>> cell = {"cell_type": "code", "id": "0c4f7a1e", "source": "lesson.odds_demo"}
    >>> [cell["id"] for cell in with_speaking_ids({"cells": [cell, {**cell, "id": "9d0be2f3"}]})["cells"]]
    ['odds-demo', 'odds-demo-2']
    """
    new = copy.deepcopy(notebook)
    taken = {cell["id"] for cell in new["cells"]}
    section = "start"
    for cell in new["cells"]:
        if _RANDOM.fullmatch(cell["id"]):
            name = _name_of(cell, section)
            names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
            cell["id"] = next(name for name in names if name not in taken and not _RANDOM.fullmatch(name))
            taken.add(cell["id"])
        if cell["cell_type"] == "markdown" and HEADING.match(cell["source"]):
            section = cell["id"]
    return new


def _name_of(cell: Node, section: str) -> str:
    source = cell["source"]
    if cell["cell_type"] != "code":
        heading = HEADING.match(source)
        return _hyphened(heading[2] if heading else "") or f"{section[:50]}-text"
    attempt = _ATTEMPT.search(source)
    shown = shown_name(source) or (f"{attempt[1]}_attempt" if attempt else "")
    return _hyphened(shown) or f"{section[:50]}-code"


def _hyphened(text: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", text.lower()))[:50]
