"""What a notebook shows where no kernel runs, on GitHub or on paper, is what its demos draw now.

A number that only lays out a picture, a width, a tick or a color, is in no sentence and no table. Whoever
changes one refreshes the notebook, and sees the new picture in the change.
"""

from __future__ import annotations

import io

import matplotlib.style
import numpy as np
import pytest
from discovery import declared
from PIL import Image
from stored_images import REFRESH, Shown, difference, stored_with, uncertain

from course_utils.teaching import Demo
from course_utils.teaching.pictures import Picture
from course_utils.teaching.pictures.colors import TOKENS
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.stored import POINTS_PER_INCH, RC, drawn

OF_THIS_PROCESSOR = {
    "numeric_instability.accuracy_demo": "ulps of this machine's exp and log",
    "numeric_instability.digits_demo": "the rounding of this machine's exp and log",
}


def painted(spec: Spec, width: int) -> Image.Image:
    """Paint with all colors, which is quicker than to choose the few."""
    raw = io.BytesIO()
    with matplotlib.style.context(["default", RC]):
        dpi = POINTS_PER_INCH * width / spec.json["width"]
        drawn(spec).savefig(raw, format="rgba", dpi=dpi)
    pixels = np.frombuffer(raw.getvalue(), np.uint8).reshape(-1, width, 4)
    return Image.fromarray(pixels[..., :3].copy())


@pytest.mark.parametrize("shown", [*declared(Demo), *declared(Picture)])
def test_what_is_stored_is_what_is_drawn(shown: Demo | Picture, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.id in OF_THIS_PROCESSOR:
        pytest.skip(OF_THIS_PROCESSOR[request.node.callspec.id])
    picture = shown.at() if isinstance(shown, Demo) else shown
    old, spec = stored_with(picture.says), picture.spec()
    found = difference(painted(spec, old.image.width), old, uncertain(spec))
    assert not found, f"{found}. If what is drawn now is right, {REFRESH}"


def test_a_color_that_changed_a_little_is_seen() -> None:
    old = Image.new("RGB", (32, 32), TOKENS["paper"][0])
    old.paste(TOKENS["temperature"][0], (0, 0, 32, 16))
    shown = Shown("", old.quantize(8), (32, 32))
    assert difference(old, shown, []) == ""
    shown.image.putpalette([min(level + 12, 255) for level in shown.image.getpalette() or ()])
    assert "where now is 'temperature'" in difference(old, shown, [])
