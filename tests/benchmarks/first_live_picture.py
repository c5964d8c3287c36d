"""From the start of JupyterLab to the first live picture, beside an empty notebook's first output.

Run it as a script: ``python tests/benchmarks/first_live_picture.py``. It needs what the browser tests need.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))  # its conftest, not the one beside this file
from conftest import NotebookPage, running_chromium, running_lab

ROUNDS = 3
FIRST_DEMO = "01_softmax.ipynb", ".cu-live .cu-art[aria-label]"
EMPTY = "empty.ipynb", ".jp-OutputArea-output >> text=2"


def seconds_to(name: str, selector: str) -> float:
    """Start everything, run the notebook, and wait until the selector shows."""
    with tempfile.TemporaryDirectory() as home, running_chromium() as chromium:
        began = time.perf_counter()
        with running_lab(Path(home)) as lab:
            empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
            empty.metadata["kernelspec"] = {
                "name": "python3",
                "display_name": "Python 3",
                "language": "python",
            }
            nbformat.write(empty, lab.folder / "empty.ipynb")
            opened = NotebookPage(chromium.new_page(viewport={"width": 1440, "height": 3000}))
            opened.page.goto(lab.notebook_url(name))
            opened.start_running()
            opened.page.locator(selector).first.wait_for(timeout=120_000)
            return time.perf_counter() - began


if __name__ == "__main__":
    for name, selector in (EMPTY, FIRST_DEMO):
        times = [seconds_to(name, selector) for _ in range(ROUNDS)]
        print(f"{name}: {statistics.median(times):.1f} s (median of {ROUNDS})")
