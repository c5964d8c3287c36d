"""A notebook as the rules see it: its cells, outputs, sections and anchors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from course_utils.notebook_files.files import Node, UnreadableNotebook, number_of, read_notebook
from course_utils.notebook_files.text import DATA_URI, HEADING, LINK, Html, cut, without_blocks

Hit = tuple[int | None, str]  # the index of a cell (None: the file as a whole) and what is wrong there


@dataclass
class Section:
    """A heading and what follows it up to the next heading of any level."""

    level: int
    title: str
    cell: int  # index of the cell the heading stands in
    text: str  # the Markdown below the heading
    code_cells: list[int] = field(default_factory=list)


@dataclass
class Page:
    """A notebook as the rules see it.

    Attributes
    ----------
    path : Path
        Where the file is; links are followed from there.
    raw : bytes
        What the file holds.

    Examples
    --------
    >>> from course_utils.notebook_files import to_bytes
    >>> empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    >>> page = Page(Path("01_softmax.ipynb"), to_bytes(empty))
    >>> page.number, page.cells
    ('01', [])
    """

    path: Path
    raw: bytes

    @property
    def number(self) -> str:
        """The number in the file name, as text."""
        return number_of(self.path)

    @cached_property
    def notebook(self) -> Node:
        """The parsed file.

        Raises
        ------
        UnreadableNotebook
            If it is no notebook.
        """
        try:
            return read_notebook(self.raw)
        except ValueError as error:
            told = f"{self.path.name} is not a notebook: {cut(error)}"
            raise UnreadableNotebook(told) from error

    @property
    def cells(self) -> list[Node]:
        """All cells in order."""
        cells: list[Node] = self.notebook["cells"]
        return cells

    @property
    def top(self) -> int | None:
        """Where a hit stands that is about the first cell: there, or in the file where it has none."""
        return 0 if self.cells else None

    def of_type(self, cell_type: str) -> Iterator[tuple[int, Node]]:
        """Yield index and cell for each cell of a type: ``"code"`` or ``"markdown"``."""
        return ((index, cell) for index, cell in enumerate(self.cells) if cell["cell_type"] == cell_type)

    def outputs(self) -> Iterator[tuple[int, Node]]:
        """Yield the index of its cell and the output, for each output."""
        return ((index, output) for index, cell in self.of_type("code") for output in cell["outputs"])

    @cached_property
    def sections(self) -> list[Section]:
        """The headings in order, each with what follows it."""
        found: list[Section] = []
        for index, cell in enumerate(self.cells):
            if cell["cell_type"] == "code" and found:
                found[-1].code_cells.append(index)
            if cell["cell_type"] == "markdown":
                above, *pieces = HEADING.split(without_blocks(cell["source"]))
                if found:
                    found[-1].text += f"\n{above}"
                for marks, title, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
                    found.append(Section(len(marks), title, index, text))
        return found

    @cached_property
    def opening_cells(self) -> list[int]:
        """The first cell, and the Markdown cells that follow it before the first section."""
        sections = [section.cell for section in self.sections if section.level == 2 and section.cell]
        end = min(sections, default=len(self.cells))
        return [index for index, _ in self.of_type("markdown") if index < end]

    @property
    def opening(self) -> str:
        """What stands above the first section."""
        return "\n\n".join(self.cells[index]["source"] for index in self.opening_cells)

    def under(self, title: str) -> list[Section]:
        """Return the first section whose title starts like this, and the sections of deeper level in it."""
        for start, section in enumerate(self.sections):
            if section.title.casefold().startswith(title.casefold()):
                stops = (
                    i for i in range(start + 1, len(self.sections)) if self.sections[i].level <= section.level
                )
                return self.sections[start : next(stops, len(self.sections))]
        return []

    @cached_property
    def anchors(self) -> set[str]:
        """What an in-page link can point at: headings as JupyterLab and nbconvert name them, and ids."""
        titles = {re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", LINK.sub(r"\g<text>", s.title)) for s in self.sections}
        texts = [cell["source"] for _, cell in self.of_type("markdown")]
        texts += [html_of(output) for _, output in self.outputs()]
        return {title.replace(" ", "-") for title in titles} | {i for text in texts for i in Html(text).ids}


def tags_of(cell: Node) -> list[str]:
    """Return the tags of a cell; a cell without tags has none."""
    tags: list[str] = cell["metadata"].get("tags", [])
    return tags


def html_of(output: Node) -> str:
    """Return the HTML an output stores; no HTML is the empty string."""
    html: str = output.get("data", {}).get("text/html", "")
    return html


def texts_of(output: Node) -> list[str]:
    """List every text an output stores, data URIs cut out."""
    texts = [
        output.get("text", ""),
        output.get("ename", ""),
        output.get("evalue", ""),
        *output.get("traceback", []),
    ]
    for mime, data in output.get("data", {}).items():
        if not mime.startswith(("image/", "application/pdf")) or mime == "image/svg+xml":
            texts.append(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False))
    return [DATA_URI.sub("data:", text) for text in texts if text]


def visible_texts(output: Node) -> list[str]:
    """List what a reader can read of an output: text as it is, HTML without its tags."""
    data = output.get("data", {})
    texts = [output.get("text", ""), output.get("evalue", "")]
    texts += [text for mime, text in data.items() if mime.startswith("text/") and mime != "text/html"]
    return [*texts, Html(html_of(output)).text]
