"""The committed form of an executed notebook: nothing in it depends on run, editor or machine."""

from __future__ import annotations

import base64
import copy
import hashlib
import io
import re

from course_utils.notebook_files.files import Node
from course_utils.notebook_files.page import html_of
from course_utils.notebook_files.predictions import COVER, answering
from course_utils.notebook_files.slides import STYLES, STYLES_KEY, committed_metadata, with_slide_type

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# Metadata of one run or one editor, of the notebook and of cells.
OF_EDITORS = ("colab", "vscode")
OF_RUNS = ("execution", "ExecuteTime", "collapsed", "scrolled", "jp-MarkdownHeadingCollapsed")
TRANSIENT = (*OF_RUNS, "editable", "deletable", *OF_EDITORS)


def committed_form(notebook: Node, stored: Node | None = None) -> Node:
    """Return an executed notebook as it is committed: nothing in it depends on run, editor or machine.

    Parameters
    ----------
    notebook : dict
        The executed notebook.
    stored : dict, optional
        What the file holds now. Its PNGs are kept wherever their pixels agree with the new ones.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "1 + 1", "metadata": {"execution": {}}, "outputs": []}
    >>> form = committed_form({"cells": [cell], "metadata": {"widgets": {}}})
    >>> form["cells"][0]["execution_count"], form["cells"][0]["metadata"], sorted(form["metadata"])
    (1, {'slideshow': {'slide_type': 'skip'}}, ['@deathbeds/jupyterlab-fonts', 'kernelspec', 'language_info'])
    """
    new = with_ids(notebook)
    new.update(nbformat=4, nbformat_minor=5)
    left_out = ("widgets", *OF_EDITORS)
    new["metadata"] = {key: value for key, value in new["metadata"].items() if key not in left_out}
    new["metadata"].update({"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO, STYLES_KEY: STYLES})
    old_outputs = {cell["id"]: cell.get("outputs", []) for cell in (stored or {}).get("cells", [])}
    count = 0
    for cell in new["cells"]:
        cell["source"] = cell["source"].replace("\r\n", "\n").replace("\r", "\n")
        kept = {key: value for key, value in cell["metadata"].items() if key not in TRANSIENT}
        cell["metadata"] = with_slide_type(kept)
        if cell["cell_type"] == "code":
            executed = bool(cell["source"].strip())
            count += executed
            cell["execution_count"] = count if executed else None
            outputs = _committed_outputs(cell["outputs"] if executed else [], cell["execution_count"])
            cell["outputs"] = _with_old_pngs(outputs, old_outputs.get(cell["id"], []))
    answers = answering(new["cells"])
    for index, cell in enumerate(new["cells"]):
        if cell["cell_type"] == "code":
            cell["metadata"] = committed_metadata(cell, index in answers)
            cell["outputs"] = [copy.deepcopy(COVER)] * (index in answers) + cell["outputs"]
    return new


def with_ids(notebook: Node) -> Node:
    """Give each cell without an id of its own one that follows from its place and source."""
    new = copy.deepcopy(notebook)
    seen: set[str] = set()
    for index, cell in enumerate(new["cells"]):
        if not cell.get("id") or cell["id"] in seen:
            text = f"{index}\n{cell['cell_type']}\n{cell['source']}"
            cell["id"] = hashlib.sha256(text.encode()).hexdigest()[:12]
        seen.add(cell["id"])
    return new


def _committed_outputs(outputs: list[Node], count: int | None) -> list[Node]:
    return [
        _committed_output(output, count) for output in merge_streams(outputs) if not _is_bare_view(output)
    ]


def merge_streams(outputs: list[Node]) -> list[Node]:
    """Join neighboring pieces of one stream: where the kernel cut them is chance."""
    merged: list[Node] = []
    for output in outputs:
        if merged and output["output_type"] == "stream" and output.get("name") == merged[-1].get("name"):
            merged[-1] = {**output, "text": merged[-1]["text"] + output["text"]}
        else:
            merged.append(output)
    return merged


def _is_bare_view(output: Node) -> bool:
    """Tell whether a displayed output holds nothing (any more) once its widget view is taken away."""
    return "data" in output and not set(output["data"]) - {WIDGET_VIEW}


def _committed_output(output: Node, count: int | None) -> Node:
    new = {key: value for key, value in output.items() if key != "transient"}
    if "data" in new:
        new["data"] = {mime: data for mime, data in new["data"].items() if mime != WIDGET_VIEW}
        new["metadata"] = {key: value for key, value in new.get("metadata", {}).items() if key != WIDGET_VIEW}
    if new["output_type"] == "execute_result":
        new["execution_count"] = count
    if new["output_type"] == "error":
        new["traceback"] = short_traceback(new)
    return new


def short_traceback(error: Node) -> list[str]:
    """Keep the line that says what went wrong; frames show this machine's paths and this Python's markers."""
    return [f"{error['ename']}: {error['evalue']}"]


_PNG_URI = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")


def _with_old_pngs(outputs: list[Node], old_outputs: list[Node]) -> list[Node]:
    """Keep each old PNG whose pixels agree with the new one at its place: only the encoding differs."""
    old = iter([png for output in old_outputs for png in _pngs(output)])

    def settle(png: str) -> str:
        kept = next(old, png)
        return kept if _same_picture(kept, png) else png

    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data:
            data["image/png"] = settle(data["image/png"])
        if "text/html" in data:
            data["text/html"] = _PNG_URI.sub(lambda match: settle(match[0]), data["text/html"])
    return outputs


def _pngs(output: Node) -> list[str]:
    bare = [output["data"]["image/png"]] if "image/png" in output.get("data", {}) else []
    return bare + _PNG_URI.findall(html_of(output))


def _same_picture(one: str, other: str) -> bool:
    """Tell whether two base64 PNGs have one size and, within 2 of 255, the same pixels."""
    import numpy as np
    from PIL import Image

    if one == other:
        return True
    try:
        first, second = (
            np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA"), dtype=np.int16)
            for png in (one, other)
        )
    except (OSError, ValueError, SyntaxError):  # Pillow's word for a broken PNG
        return False
    return first.shape == second.shape and bool((abs(first - second) <= 2).all())
