"""Rules on the form of the file: what ``refresh`` repairs, except a file that is no notebook at all.

Each rule is a function from a `Page` to its hits; its name and remedy stand in `RULES`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from course_utils.notebook_files.committed import (
    KERNELSPEC,
    OF_EDITORS,
    TRANSIENT,
    WIDGET_VIEW,
    merge_streams,
    short_traceback,
    with_ids,
)
from course_utils.notebook_files.files import to_bytes
from course_utils.notebook_files.page import Hit, Page
from course_utils.notebook_files.text import cut


def invalid(page: Page) -> Iterator[Hit]:
    from nbformat import validator

    schema: Any = validator
    try:
        # Ids and format have rules of their own.
        notebook = {**with_ids(page.notebook), "nbformat_minor": 5}
        faults = list(schema.iter_validate(notebook, version=4, version_minor=5))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        faults = [error.__cause__ or error]  # the finding names the file itself
    for fault in faults:
        yield None, f"is not a notebook: {cut(fault)}"


def other_bytes(page: Page) -> Iterator[Hit]:
    if b"\r" in page.raw or any("\r" in cell["source"] for cell in page.cells):
        yield None, "has carriage returns (line ends that are not LF alone)"
    elif page.raw != to_bytes(page.notebook):
        yield None, "is not laid out as refresh writes it (sorted keys, indent 1, a newline at the end)"


def other_format(page: Page) -> Iterator[Hit]:
    if page.notebook.get("nbformat_minor") != 5:
        yield None, f"has format 4.{page.notebook.get('nbformat_minor')}, not 4.5"


def other_counts(page: Page) -> Iterator[Hit]:
    code_cells = [(index, cell) for index, cell in page.of_type("code") if cell["source"].strip()]
    for expected, (index, cell) in enumerate(code_cells, start=1):
        counts = [cell.get("execution_count")]
        counts += [o["execution_count"] for o in cell["outputs"] if o["output_type"] == "execute_result"]
        if any(count != expected for count in counts):
            shown = next(count for count in counts if count != expected)
            yield index, f"has execution count {shown} where {expected} belongs"


def other_kernelspec(page: Page) -> Iterator[Hit]:
    if (found := page.notebook["metadata"].get("kernelspec")) != KERNELSPEC:
        yield None, f"names the kernel {json.dumps(found)}"


def language_version(page: Page) -> Iterator[Hit]:
    if version := page.notebook["metadata"].get("language_info", {}).get("version"):
        yield None, f"names the Python version {version} in its language_info"


def transient_metadata(page: Page) -> Iterator[Hit]:
    if found := [key for key in OF_EDITORS if key in page.notebook["metadata"]]:
        yield None, f"has the metadata {', '.join(found)} of one editor"
    for index, cell in enumerate(page.cells):
        if found := [key for key in TRANSIENT if key in cell["metadata"]]:
            yield index, f"has the metadata {', '.join(found)} of one run or one editor"


def bad_ids(page: Page) -> Iterator[Hit]:
    seen: set[str] = set()
    for index, cell in enumerate(page.cells):
        if not cell.get("id"):
            yield index, "has no id"
        elif cell["id"] in seen:
            yield index, "has the id of an earlier cell"
        seen.add(cell.get("id", ""))


def stored_widgets(page: Page) -> Iterator[Hit]:
    if "widgets" in page.notebook["metadata"]:
        yield None, "stores the state of widgets"
    for index, output in page.outputs():
        if WIDGET_VIEW in output.get("data", {}):
            yield index, "stores a widget view, which shows 'model not found' without its kernel"


def split_streams(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        if merge_streams(cell["outputs"]) != cell["outputs"]:
            yield index, "stores one stream in several pieces"


def long_tracebacks(page: Page) -> Iterator[Hit]:
    for index, output in page.outputs():
        if output["output_type"] == "error" and output["traceback"] != short_traceback(output):
            yield index, "stores a traceback with frames, which differ from machine to machine"
