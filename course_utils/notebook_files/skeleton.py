"""A new notebook: every part that the rules ask for, with a mark wherever something is yet to be written."""

from __future__ import annotations

import keyword
from pathlib import Path

from course_utils.notebook_files.committed import committed_form
from course_utils.notebook_files.files import (
    LESSONS,
    NOTEBOOKS,
    Node,
    UnreadableNotebook,
    code_cell,
    find_notebooks,
    markdown_cell,
    number_of,
    to_bytes,
    topic_of,
    write,
)
from course_utils.notebook_files.page import Page
from course_utils.notebook_files.text import NOTEBOOK_NAME, TO_WRITE
from course_utils.told import Misused


class UnusableName(Misused):
    """A new notebook cannot have this name."""


def new_notebook(name: str, folder: Path = NOTEBOOKS) -> Path:
    """Write the skeleton of a notebook and return its path.

    Parameters
    ----------
    name : str
        Number and topic, such as ``"09_loaded_dice"``; the lesson is to have the topic as its name.
    folder : Path
        Where the notebooks are. The skeleton links back to the one with the next lower number.

    Raises
    ------
    UnusableName
        If the name is not of this form, the number or the topic is taken, or no lesson can have that name.
    UnknownNotebook
        If two notebooks have the same number.

    Examples
    --------
    >>> new_notebook("9-dice", Path("nowhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    course_utils.notebook_files.skeleton.UnusableName: 9-dice is not a name like 09_loaded_dice: ...
    """
    match = NOTEBOOK_NAME.fullmatch(name)
    if match is None:
        form = "two digits, and a topic in small letters and digits that begins with a letter"
        raise UnusableName(f"{name} is not a name like 09_loaded_dice: {form}.")
    number, topic = match["number"], match["topic"]
    others = {number_of(path): path for path in find_notebooks(folder=folder)}
    if number in others:
        raise UnusableName(f"The number {number} is taken by {others[number].name}.")
    if keyword.iskeyword(topic):
        raise UnusableName(
            f"{topic} is a word of Python, and no lesson can be imported by it: name it otherwise."
        )
    if (shared := LESSONS / f"{topic}.py").exists():
        raise UnusableName(f"{topic} is taken by {shared.name}, which lessons share: name it otherwise.")
    if same := next((other for other in others.values() if topic_of(other) == topic), None):
        raise UnusableName(f"The topic {topic} is taken by {same.name}.")
    earlier = [path for other, path in others.items() if other < number]
    path = folder / f"{name}.ipynb"
    write(path, to_bytes(_skeleton(number, topic, earlier[-1] if earlier else None)))
    return path


def _skeleton(number: str, topic: str, previous: Path | None) -> Node:
    link = f"Previous: {link_to(previous)}" if previous else ""
    cells = [
        markdown_cell("title", _opening(number, topic, link), "lecture-hook"),
        markdown_cell("first", _FIRST_SECTION, "core"),
        code_cell("lesson", f"import numpy as np\n\nfrom course_utils.lessons import {topic} as lesson"),
        markdown_cell("observe", f"**Observe.** {TO_WRITE}: what to try with the demo."),
        markdown_cell("explain", f"**Explain.** {TO_WRITE}: why, with a cell of plain NumPy."),
        markdown_cell("modify", f"**Modify.** {TO_WRITE}: what to change.\n\n**Make.** {TO_WRITE}."),
        markdown_cell("recall", _RECALL),
        markdown_cell("keep", _SENTENCES),
        markdown_cell("reading", f"### Further reading\n\n- {TO_WRITE}: where each link leads."),
    ]
    return committed_form({"cells": cells, "metadata": {}})


def link_to(path: Path) -> str:
    """Return a link to a notebook, called by its first heading, or by its file name where it has none."""
    try:
        titles = [section.title for section in Page(path, path.read_bytes()).sections]
    except UnreadableNotebook:
        titles = []
    return f"[{next(iter(titles), path.stem)}]({path.name})"


def _opening(number: str, topic: str, link: str) -> str:
    goals = "\n".join([f"- {TO_WRITE}: a verb, and what;"] * 3)
    title = topic.replace("_", " ").capitalize()
    return (
        f"# {number} {title}\n\n{TO_WRITE}: why it matters.\n\n**You will be able to**\n\n{goals}\n\n"
        f"**Needs:** {TO_WRITE}. **Time:** 10 minutes.\n\n{link}"
    ).rstrip()


_FIRST_SECTION = (
    f"## First section\n\n**core** · 10 minutes. {TO_WRITE}: why.\n\n"
    f"**Predict.** {TO_WRITE}: ask before you tell."
)
_RECALL = f"## Recall\n\n1. {TO_WRITE}: a question from an earlier notebook?\n2. {TO_WRITE}: another one?"
_SENTENCES = "### Three sentences to keep\n\n" + "\n".join(f"{i}. {TO_WRITE}." for i in (1, 2, 3))
