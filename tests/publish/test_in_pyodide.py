"""Python as a browser has it, run in node: integers of 32 bits, no threads, no word about overflow."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from course_plugin import SANITIZER
from pyodide_release import GONE, downloaded

from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import read_notebook
from course_utils.publish import compiled, in_node, jupyterlite, python_in_the_page

HERE = Path(__file__).with_name("in_pyodide")
ROOT = python_in_the_page.PACKAGE.parent
ALL = os.environ.get("BROWSER") == "all"
# What has examples but no use in a page: what builds the site, and what needs Matplotlib or a widget. SymPy
# takes as long as all the rest, and computes with Python's own integers: it is left for the week.
ELSEWHERE = r"publish\.(?!answers|films)|plots\.|environment|picture_view|stored"
WITH_SYMPY = r"algebra|derivation|lessons|exercise"

pytestmark = pytest.mark.skipif(not in_node.is_here(), reason="Pyodide runs in node here, on Unix")
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of Pyodide."""
    return downloaded(tmp_path_factory.mktemp("release")) or pytest.skip(GONE)


@pytest.fixture(scope="module")
def run(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a function that runs a file of this folder in Pyodide, with what the pages have there."""
    site = tmp_path_factory.mktemp("site")
    (site / "_static").mkdir()
    python_in_the_page.write(site / "_static", release, [])

    def run(code: str, **given: Any) -> Any:
        packages = site / jupyterlite.FOLDER / jupyterlite.PACKAGES
        if given.get("packages") and not packages.exists():
            jupyterlite.write_packages(packages, release)
            compiled.write(site, tmp_path_factory.mktemp("compiled"), print)
        return in_node.run(site, HERE / code, **given)

    return run


def with_examples() -> list[str]:
    """Return the modules with doctests that run where there is only NumPy and SymPy."""
    files = [file for file in python_in_the_page.course_files() if file.suffix == ".py"]
    found = [file for file in files if ">>> " in file.read_text(encoding="utf-8")]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in found]
    left_out = ELSEWHERE if ALL else f"{ELSEWHERE}|{WITH_SYMPY}"
    return [name.removesuffix(".__init__") for name in names if not re.search(left_out, name)]


def test_the_examples_in_docstrings_are_right_there_too(run: Run) -> None:
    archives = ["course", *python_in_the_page.ALGEBRA] if ALL else ["course"]
    said = run("run_doctests.py", archives=archives, modules=with_examples())
    assert said["failures"] == ""
    assert said["attempted"] > 100


def texts(outputs: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return what is compared of a cell's outputs: the texts that a reader sees without pictures."""
    found = []
    for one in outputs:
        if one["output_type"] == "stream":
            found.append((one["name"], "".join(one["text"])))
        elif one["output_type"] == "error":
            found.append((one["ename"], one["evalue"]))
        elif text := "".join(one["data"].get("text/plain", "")):
            found.append((one["output_type"], sanitized(text)))
    return found


def sanitized(text: str) -> str:
    """Return a text as the notebook tests compare it."""
    for rule in re.findall(r"regex: (.*)\nreplace: (.*)", SANITIZER.read_text(encoding="utf-8")):
        text = re.sub(rule[0], rule[1], text)
    return text


@pytest.mark.skipif(not ALL, reason="set BROWSER=all to run every cell in Pyodide: two minutes")
def test_every_cell_of_every_notebook_says_what_is_stored(run: Run) -> None:
    """In JupyterLite's own kernel, with the packages that the site ships."""
    notebooks = {path.name: read_notebook(path.read_bytes())["cells"] for path in find_notebooks()}
    cells = [(name, cell) for name in notebooks for cell in notebooks[name] if cell["cell_type"] == "code"]
    sources = [[cell["source"] for owner, cell in cells if owner == name] for name in notebooks]
    answers = run("run_cells.py", packages=jupyterlite.PREPARED, notebooks=sources)
    outputs = [outputs for answer in answers for outputs in answer]
    assert len(outputs) == len(cells) > 400
    different = {
        f"{name} {cell['id']}": (texts(cell["outputs"]), texts(got))
        for (name, cell), got in zip(cells, outputs, strict=True)
        if texts(cell["outputs"]) != texts(got)
    }
    assert different == {}


@pytest.mark.skipif(not ALL, reason="set BROWSER=all to start the kernel in Pyodide for it: ten seconds")
def test_the_tab_key_completes_without_what_takes_long_to_load(run: Run) -> None:
    told = run(
        "complete.py",
        packages=jupyterlite.PREPARED,
        source="import numpy as np\nlogits = np.array([1.0, 2.0])",
        begun=["np.logadde", "logits.cums", "logi"],
        absent=["jedi", "prompt_toolkit"],
    )
    assert told["there"] == []
    assert told["matches"][0] == ["np.logaddexp", "np.logaddexp2"]
    assert told["matches"][1] == ["logits.cumsum"]
    assert "logits" in told["matches"][2]


def test_a_text_that_differs_is_seen() -> None:
    stored = [{"output_type": "execute_result", "data": {"text/plain": ["p = ", "0.5"]}}]
    assert texts(stored) == [("execute_result", "p = 0.5")]
    assert texts(stored) != texts([{"output_type": "execute_result", "data": {"text/plain": "p = 0.50"}}])
    silent = [{"output_type": "display_data", "data": {"text/plain": ""}}]  # covers a hidden answer
    assert texts(silent) == []
    assert texts([{"output_type": "error", "ename": "ValueError", "evalue": "no"}]) != []
