"""What a moving picture pastes instead of drawing must look as if it had been drawn."""

from __future__ import annotations

import io
from typing import Any

import pytest
from matplotlib.figure import Figure

from course_utils.teaching import furniture as module
from course_utils.teaching import look
from course_utils.teaching.furniture import MOST, Furniture


def figure(high: float = 1, scale: str = "linear", label: str = "p") -> Figure:
    made, (left, right) = look.panels(2, height=160)
    left.plot([0, 1, 2], [0.1, high, 0.3])
    left.set(ylim=(0.01, high), yscale=scale, xlabel=label)
    right.bar([0, 1], [high, 2])
    right.set_xticks([0, 1], ["cat", f"{high:g}"])
    right.set_axis_off() if high == 5 else None
    return made


def png(drawn: Figure) -> bytes:
    stream = io.BytesIO()
    drawn.savefig(stream, metadata={"Software": None})
    return stream.getvalue()


CHANGES: list[dict[str, Any]] = [{}, {"high": 3}, {"scale": "log"}, {"label": "q"}, {"high": 5}, {}]


def first_difference(furniture: Furniture) -> int | None:
    """Return the place of the first figure that is pasted otherwise than it is drawn."""
    for place, changes in enumerate(CHANGES):
        pasted = figure(**changes)
        with furniture.lent_to(pasted):
            shown = png(pasted)
        if shown != png(figure(**changes)):
            return place
        assert shown == png(pasted), "the figure draws itself again"
    return None


def test_pasted_is_like_drawn() -> None:
    assert first_difference(Furniture()) is None


def test_an_axis_that_looks_otherwise_must_not_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_look", lambda axis: iter([axis.axis_name]))
    assert first_difference(Furniture()) == 1


def test_layers_are_kept_but_not_without_end() -> None:
    furniture = Furniture()
    with furniture.lent_to(same := figure()):
        png(same)
        first = dict(furniture._layers)
        png(same)
    assert furniture._layers == first
    for high in range(2, MOST):
        with furniture.lent_to(moved := figure(high)):
            png(moved)
        assert 0 < len(furniture._layers) <= MOST
