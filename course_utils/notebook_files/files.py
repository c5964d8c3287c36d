"""Notebook files: find them by number, read them, write them in the one way they are written."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

from course_utils.notebook_files.text import NOTEBOOK_NAME
from course_utils.told import Misused

Node = dict[str, Any]  # a notebook, a cell or an output, as its JSON has it
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = Path(__file__).parents[1] / "lessons"


class UnknownNotebook(Misused):
    """No notebook has the number that was asked for, or more than one has it."""


class UnreadableNotebook(Misused, ValueError):
    """A file is no notebook, or shows what there is not; the message names it."""


def find_notebooks(
    numbers: list[str] | None = None, folder: Path = NOTEBOOKS, *, lessons: bool = False
) -> list[Path]:
    """Return the notebooks of `folder` with these numbers, or all of them.

    Parameters
    ----------
    numbers : list of str, optional
        The digits before the first underscore of a file name; ``"1"`` means ``"01"``. None or empty: all.
    folder : Path
        Where to look (not in its subfolders).
    lessons : bool
        Leave out what is not named after a lesson: an ``Untitled.ipynb``, and copies that an editor makes.

    Raises
    ------
    UnknownNotebook
        If a number belongs to no notebook, or one of those returned to two.

    Examples
    --------
    >>> find_notebooks(["42"], Path("nowhere"))
    Traceback (most recent call last):
    ...
    course_utils.notebook_files.files.UnknownNotebook: No notebook has the number 42; nowhere holds none.
    """
    every = [
        path for path in sorted(folder.glob("*.ipynb")) if not lessons or NOTEBOOK_NAME.fullmatch(path.stem)
    ]
    wanted = {number.zfill(2) for number in numbers or ()}
    known = [number_of(path) for path in every]
    if unknown := sorted(wanted.difference(known)):
        numbers_there = ", ".join(known) or "none"
        raise UnknownNotebook(
            f"No notebook has the number {', '.join(unknown)}; {folder.name} holds {numbers_there}."
        )
    found = [path for path in every if not wanted or number_of(path) in wanted]
    for one, other in pairwise(found):
        if number_of(one) == number_of(other):
            raise UnknownNotebook(f"{one.name} and {other.name} have the same number: rename or delete one.")
    return found


def number_of(path: Path) -> str:
    """Return the number in a file name, as text."""
    return path.name.partition("_")[0]


def topic_of(path: Path) -> str:
    """Return what a file name says after the number: what the lesson of a notebook is called."""
    return path.stem.partition("_")[2]


def markdown_cell(cell_id: str, source: str, *tags: str) -> Node:
    """Return a cell of text."""
    metadata: Node = {"tags": list(tags)} if tags else {}
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": source}


def code_cell(cell_id: str, source: str, *tags: str) -> Node:
    """Return a cell of code that has not been run."""
    cell = markdown_cell(cell_id, source, *tags)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def read_notebook(raw: bytes) -> Node:
    """Parse the bytes of a notebook file; nothing is repaired, added or upgraded on the way.

    Raises
    ------
    ValueError
        If the bytes are not a notebook of format 4.

    Examples
    --------
    >>> read_notebook(b"{}")
    Traceback (most recent call last):
    ...
    ValueError: not a notebook of format 4 with a list of cells
    """
    import nbformat

    content = json.loads(raw.decode("utf-8"))
    if (
        not isinstance(content, dict)
        or content.get("nbformat") != 4
        or not isinstance(content.get("cells"), list)
    ):
        raise ValueError("not a notebook of format 4 with a list of cells")
    v4: Any = nbformat.v4
    notebook: Node = v4.to_notebook_json(content)
    return notebook


def to_bytes(notebook: Node) -> bytes:
    r"""Return the one way to write a notebook: keys sorted, indent 1, UTF-8, LF, a newline at the end.

    Examples
    --------
    >>> to_bytes({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})[-25:]
    b',\n "nbformat_minor": 5\n}\n'
    """
    import nbformat

    v4: Any = nbformat.v4
    text: str = v4.writes(v4.to_notebook_json(notebook))
    return f"{text}\n".encode()


def write(path: Path, raw: bytes) -> None:
    """Replace a file in one step: whoever reads it meanwhile sees the old bytes or the new, never half.

    Its permissions stay, and a link leads to it still. Two who write at once do not disturb each other: who
    is last is read.
    """
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        beside.write_bytes(raw)
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
