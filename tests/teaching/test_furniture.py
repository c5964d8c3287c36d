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


def figure(high: float = 1, scale: str = "linear", label: str = "p", legend: bool = False) -> Figure:
    made, (left, right) = look.panels(2, height=160)
    left.plot([0, 1, 2], [0.1, high, 0.3], "--" if high == 3 else "-", label="losses")
    if legend:
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


CHANGES: list[dict[str, Any]] = [{}, {"high": 3}, {"scale": "log"}, {"label": "q"}, {"high": 5}, {}]


def first_difference(furniture: Furniture, legend: bool) -> int | None:
    """Return the place of the first figure that is pasted otherwise than it is drawn."""
    rounding = 2 if legend else 0  # its frame is half transparent
    for place, changes in enumerate(CHANGES):
        pasted = figure(**changes, legend=legend)
        with furniture.lent_to(pasted):
            shown = pixels(pasted)
        if abs(shown - pixels(figure(**changes, legend=legend))).max() > rounding:
            return place
        assert abs(shown - pixels(pasted)).max() <= rounding, "the figure draws itself again"
    return None


@pytest.mark.parametrize("legend", [False, True])
def test_pasted_is_like_drawn(legend: bool) -> None:
    assert first_difference(Furniture(), legend) is None


def test_an_axis_that_looks_otherwise_must_not_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_axis_look", lambda axis: iter([axis.axis_name]))
    assert first_difference(Furniture(), legend=False) == 1


def test_a_legend_that_looks_otherwise_must_not_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_legend_look", lambda legend: iter([legend.get_title().get_text()]))
    assert first_difference(Furniture(), legend=True) == 1  # the line is dashed now


def test_layers_are_kept_but_not_without_end() -> None:
    furniture = Furniture()
    with furniture.lent_to(same := figure(legend=True)):
        pixels(same)
        first = dict(furniture._layers)
        pixels(same)
    assert furniture._layers == first
    pieces = 4 + 1  # two axes of each panel, one legend
    for high in range(2, 3 * KEPT):
        with furniture.lent_to(moved := figure(high, legend=True)):
            pixels(moved)
        assert 0 < len(furniture._layers) <= KEPT * pieces
