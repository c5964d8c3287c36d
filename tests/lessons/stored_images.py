"""The stored images of all notebooks, and how far another image is from one of them.

Letters are painted by FreeType, which differs among versions of Matplotlib and systems, and one version ends
a large pixel of a digit half a pixel later than another: there much is borne with, elsewhere little. A line
of another width, color or dash is another picture.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from picture_problems import placed_texts
from PIL import Image

from course_utils.notebook_files.files import read_notebook
from course_utils.notebook_files.page import html_of
from course_utils.teaching.pictures.colors import TOKENS
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.plots.matplotlib_figures import PIXELS_PER_INCH

ROOT = Path(__file__).parents[2]
BLOCK = 4  # pixels of the page that are compared as one: the rim of a letter differs among versions
FAR = 16  # of 255; without letters nothing is more than 13 off
LETTERS_FAR = 50  # letters of another FreeType are up to 43 off, those of another label more than 55
MUCH, NEAR = 200, 8  # pixels of one color, and how far the few colors that are stored may be from it
RIM = 4  # pixels around a text that its letters may reach
REFRESH = "run `python -m course_utils refresh NN`, with the number of its notebook"
LARGE_PIXELS = 32  # at most so many in a row are edges that one sees

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels of the page


class Shown(NamedTuple):
    """An image of a page: the sentences that stand for it, its pixels, and its size on the page."""

    says: str
    image: Image.Image
    size: tuple[int, int]


def images_in(page: str) -> Iterator[Shown]:
    """Yield the images that HTML holds."""
    pattern = r'<img alt="([^"]*)" width="(\d+)" height="(\d+)"[^>]*;base64,([^"]+)"'
    for says, width, height, png in re.findall(pattern, page):
        yield Shown(
            html.unescape(says),
            Image.open(io.BytesIO(base64.b64decode(png))),
            (int(width), int(height)),
        )


@functools.cache
def stored() -> dict[str, tuple[str, str, Shown]]:
    """Every stored image of all notebooks with its notebook and cell, by the sentences that stand for it."""
    found: dict[str, tuple[str, str, Shown]] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in read_notebook(path.read_bytes())["cells"]:
            for page in map(html_of, cell.get("outputs", [])):
                images = list(images_in(page))
                assert len(images) == page.count("<img"), f"{path.stem}, {cell['id']}: an unread image"
                for shown in images:
                    assert shown.says not in found, f"two images say {shown.says!r}"
                    found[shown.says] = path.stem, cell["id"], shown
    return found


def stored_with(says: str) -> Shown:
    """Return the stored image for which a sentence stands."""
    assert says in stored(), f"no stored picture says {says!r}: show it in a cell, and {REFRESH}"
    return stored()[says][-1]


def uncertain(spec: Spec) -> Iterator[Box]:
    """Yield where what paints a picture may differ: its letters, and images of large pixels."""
    for text in placed_texts(spec):
        yield text.left, text.top, text.right, text.bottom
    for panel in spec.json["panels"]:
        left, top, wide, tall = panel["box"]
        if any(mark["kind"] == "image" and max(mark["shape"]) <= LARGE_PIXELS for mark in panel["marks"]):
            yield left, top, left + wide, top + tall


def letters_of(figure: Figure) -> Iterator[Box]:
    """Yield where a figure of Matplotlib has letters."""
    scale = PIXELS_PER_INCH / figure.dpi
    height = figure.bbox.height
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text():
            box = text.get_window_extent()
            yield box.x0 * scale, (height - box.y1) * scale, box.x1 * scale, (height - box.y0) * scale


def difference(new: Image.Image, old: Shown, unsure: Iterable[Box]) -> str:
    """Tell where a new image is not the stored one, or nothing."""
    if new.size != old.image.size:
        return f"it is {new.size} pixels large, not {old.image.size}"
    off = np.abs(_coarse(new, old.size) - _coarse(old.image, old.size)).max(axis=2)
    allowed = np.full(off.shape, FAR)
    for left, top, right, bottom in unsure:
        allowed[_blocks(top, bottom), _blocks(left, right)] = LETTERS_FAR
    row, column = (int(place) for place in np.unravel_index((off - allowed).argmax(), off.shape))
    if off[row, column] <= allowed[row, column]:
        return _lost_color(new, old.image)
    return f"at {(BLOCK * column, BLOCK * row)} it shows something else: {off[row, column]:.0f} of 255"


def _lost_color(new: Image.Image, old: Image.Image) -> str:
    """Tell of which named color the new image has much, where the stored one has none like it."""
    count, stored = ({rgb: n for n, rgb in one.convert("RGB").getcolors(1 << 24)} for one in (new, old))
    for name, (color, _) in TOKENS.items():
        rgb = tuple(bytes.fromhex(color[1:]))
        if count.get(rgb, 0) >= MUCH and np.abs(np.array([*stored]) - rgb).max(axis=1).min() > NEAR:
            return f"it has another color where now is {name!r}, {color}"
    return ""


def _coarse(image: Image.Image, size: tuple[int, int]) -> np.ndarray:
    blocks = (size[0] // BLOCK, size[1] // BLOCK)
    return np.asarray(image.convert("RGB").resize(blocks, Image.Resampling.BOX), dtype=float)


def _blocks(begin: float, end: float) -> slice:
    return slice(max(0, int((begin - RIM) // BLOCK)), int((end + RIM) // BLOCK) + 1)
