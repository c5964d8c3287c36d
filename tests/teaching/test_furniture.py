"""What a moving picture pastes instead of drawing must look as if it had been drawn."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from course_utils.teaching import furniture as module
from course_utils.teaching import look
from course_utils.teaching.furniture import KEPT, Furniture


def figure(high: float = 1, scale: str = "linear", label: str = "p") -> Figure:
    made, (left, right) = look.panels(2, height=160)
    left.plot([0, 1, 2], [0.1, high, 0.3], "--" if high == 3 else "-", label="losses")
    left.legend(loc="upper right", title=label)
    left.set(ylim=(0.01, high), yscale=scale, xlabel=label)
    right.bar([0, 1], [high, 2])
    right.set_xticks([0, 1], ["cat", f"{high:g}"])
    right.set_axis_off() if high == 5 else None
    return made


def pixels(drawn: Figure) -> np.ndarray:
    stream = io.BytesIO()
    drawn.savefig(stream, metadata={"Software": None})
    return np.asarray(Image.open(stream)).astype(int)


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two images are the same but for the rounding of what is half transparent."""
    return one.shape == other.shape and abs(one - other).max() <= 2


CHANGES: list[dict[str, Any]] = [{}, {"high": 3}, {"scale": "log"}, {"label": "q"}, {"high": 5}, {}]


def first_difference(furniture: Furniture) -> int | None:
    """Return the place of the first figure that is pasted otherwise than it is drawn."""
    for place, changes in enumerate(CHANGES):
        pasted = figure(**changes)
        with furniture.lent_to(pasted):
            shown = pixels(pasted)
        if not alike(shown, pixels(figure(**changes))):
            return place
        assert alike(shown, pixels(pasted)), "the figure draws itself again"
    return None


def test_pasted_is_like_drawn() -> None:
    assert first_difference(Furniture()) is None


@pytest.mark.parametrize(
    ("look_of", "known", "first"),
    [
        ("_axis_look", lambda axis: [axis.axis_name], 1),
        ("_legend_look", lambda legend: ["legend", legend.get_title().get_text()], 1),
    ],
)
def test_what_looks_otherwise_must_not_be_pasted(
    monkeypatch: pytest.MonkeyPatch, look_of: str, known: Any, first: int
) -> None:
    monkeypatch.setattr(module, look_of, lambda artist: iter(known(artist)))
    assert first_difference(Furniture()) == first


def test_layers_are_kept_but_not_without_end() -> None:
    furniture = Furniture()
    with furniture.lent_to(same := figure()):
        pixels(same)
        first = dict(furniture._layers)
        pixels(same)
    assert furniture._layers == first
    pieces = 4 + 1  # two axes of each panel, one legend
    for high in range(2, 3 * KEPT):
        with furniture.lent_to(moved := figure(high)):
            pixels(moved)
        assert 0 < len(furniture._layers) <= KEPT * pieces
