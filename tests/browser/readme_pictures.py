"""The README's pictures, taken from the real notebooks in JupyterLab.

Run it as a script: ``python tests/browser/readme_pictures.py [FOLDER]``. It needs what the browser tests
need, and writes one PNG for each entry of ``PICTURES``, by default to where the README has them.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from conftest import NotebookPage, running_chromium, running_lab
from PIL import Image

FOLDER = Path(__file__).parents[2] / ".github" / "pictures"
COLORS = 128  # enough for flat colors and smooth letters, at a third of the bytes


@dataclass(frozen=True)
class Shot:
    """A part of a notebook's page after something was done to it."""

    name: str
    notebook: str
    cell: str  # a text of the cell's source
    prepare: Callable[[NotebookPage, Any], object]  # what a student does in that cell
    selector: str  # the part of the cell to show


def walks_to_a_region(opened: NotebookPage, cell: Any) -> None:
    cell.locator(".cu-handle [role=slider]").first.focus()
    for _ in range(8):
        opened.page.keyboard.press("ArrowLeft")


def guesses(letter: str) -> Callable[[NotebookPage, Any], object]:
    return lambda opened, cell: cell.get_by_role("button", name=letter, exact=True).click()


def attempts(code: str) -> Callable[[NotebookPage, Any], object]:
    """Write code over a cell's function, keeping the check below it, and run the cell."""

    def attempt(opened: NotebookPage, cell: Any) -> None:
        opened.page.evaluate(
            """async (code) => {
                 const cell = window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel;
                 const check = cell.getSource().split('\\n').at(-1);
                 cell.setSource(`${code}\\n\\n${check}`);
                 await window.jupyterapp.commands.execute('notebook:run-cell');
               }""",
            code,
        )

    return attempt


PICTURES = (
    Shot("question", "01_softmax.ipynb", "lesson.shift_or_double_question", guesses("A"), ".jp-OutputArea"),
    Shot(
        "exercise",
        "01_softmax.ipynb",
        "lesson.vector_exercise.check",
        attempts("def softmax_vector(z):\n    return np.exp(z) / np.exp(z).max()"),
        ".jp-InputArea-editor, .jp-OutputArea-output",
    ),
    Shot(
        "demo",
        "07_linear_regions.ipynb",
        "lesson.explorer_demo",
        walks_to_a_region,
        ":is(.cu-view, .cu-live)",
    ),
)


def take(folder: Path) -> None:
    """Open each notebook once and write its pictures."""
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home)) as lab,
        running_chromium() as chromium,
    ):
        for notebook, shots in groupby(PICTURES, key=lambda shot: shot.notebook):
            context = chromium.new_context(viewport={"width": 1080, "height": 1400})
            opened = NotebookPage(context.new_page())
            opened.page.goto(lab.notebook_url(notebook))
            opened.run_all()
            for shot in shots:
                (folder / f"{shot.name}.png").write_bytes(small_png(screenshot(opened, shot)))
            context.close()


def screenshot(opened: NotebookPage, shot: Shot) -> bytes:
    cell = opened.cell(shot.cell)
    shot.prepare(opened, cell)
    opened.page.wait_for_timeout(1500)  # the sharp picture comes after the last step
    opened.page.evaluate("document.activeElement.blur()")
    boxes = [part.bounding_box() for part in cell.locator(shot.selector).all()]
    left, top = (min(box[side] for box in boxes if box) for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes if box)
    bottom = max(box["y"] + box["height"] for box in boxes if box)
    png: bytes = opened.page.screenshot(
        clip={"x": left, "y": top, "width": right - left, "height": bottom - top}
    )
    return png


def small_png(png: bytes) -> bytes:
    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLORS).save(stream, "png", optimize=True)
    return stream.getvalue()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
