"""What a notebook shows where no kernel runs, on GitHub or on paper, is what its demos draw now.

A number that only lays out a picture, a width, a tick or a color, is in no sentence and no table. Whoever
changes one refreshes the notebook, and sees the new picture in the change.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import re
from pathlib import Path

import matplotlib.style
import numpy as np
import pytest
from discovery import declared
from PIL import Image

from course_utils.notebook_files.files import read_notebook
from course_utils.notebook_files.page import html_of
from course_utils.teaching import Demo
from course_utils.teaching.pictures import Picture
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.stored import POINTS_PER_INCH, RC, drawn

BLOCK = 4  # pixels of the page that are compared as one: the rim of a letter differs among versions
ROOT = Path(__file__).parents[2]
FAR = 50  # of 255; letters of another FreeType are up to 43 off, those of another label more than 55
OF_THIS_PROCESSOR = {
    "numeric_instability.accuracy_demo": "ulps of this machine's exp and log",
    "numeric_instability.digits_demo": "the rounding of this machine's exp and log",
}


@functools.cache
def stored() -> dict[str, Image.Image]:
    """Every stored image of all notebooks, by the sentences that stand for it."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in read_notebook(path.read_bytes())["cells"]:
            for page in map(html_of, cell.get("outputs", [])):
                for says, png in re.findall(r'<img alt="([^"]*)"[^>]*;base64,([^"]+)"', page):
                    found[html.unescape(says)] = Image.open(io.BytesIO(base64.b64decode(png)))
    return found


def painted(spec: Spec, width: int) -> Image.Image:
    """Paint with all colors, which is quicker than to choose the few."""
    raw = io.BytesIO()
    with matplotlib.style.context(["default", RC]):
        dpi = POINTS_PER_INCH * width / spec.json["width"]
        drawn(spec).savefig(raw, format="rgba", dpi=dpi)
    pixels = np.frombuffer(raw.getvalue(), np.uint8).reshape(-1, width, 4)
    return Image.fromarray(pixels[..., :3].copy())


def coarse(image: Image.Image, spec: Spec) -> np.ndarray:
    size = (spec.json["width"] // BLOCK, spec.json["height"] // BLOCK)
    return np.asarray(image.convert("RGB").resize(size, Image.Resampling.BOX), dtype=float)


@pytest.mark.parametrize("shown", [*declared(Demo), *declared(Picture)])
def test_what_is_stored_is_what_is_drawn(shown: Demo | Picture, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.id in OF_THIS_PROCESSOR:
        pytest.skip(OF_THIS_PROCESSOR[request.node.callspec.id])
    picture = shown.at() if isinstance(shown, Demo) else shown
    old, spec = stored()[picture.says], picture.spec()
    new = painted(spec, old.width)
    assert new.size == old.size, "refresh the notebook"
    off = np.abs(coarse(new, spec) - coarse(old, spec)).max(axis=2)
    row, column = np.unravel_index(off.argmax(), off.shape)
    assert off.max() <= FAR, (
        f"refresh the notebook: at {(BLOCK * column, BLOCK * row)} it shows something else"
    )
