"""Axes that wait with their ticks must look like any others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.teaching import look
from course_utils.teaching.late_axes import LateAxes

SETTINGS: dict[str, Any] = {
    "nothing": lambda axes: None,
    "ticks": lambda axes: axes.set(xticks=(0, 0.5, 1), yticks=()),
    "labels": lambda axes: axes.set_xticks([0, 1], ["cat", "dog"]),
    "rotated labels": lambda axes: axes.set_xticks([0, 1], ["cat", "dog"], rotation=45, color="red"),
    "minor ticks": lambda axes: axes.set_xticks([0.1, 0.2], minor=True),
    "a grid of its own": lambda axes: axes.grid(True, axis="y", which="both", color="red", linestyle=":"),
    "no grid": lambda axes: axes.grid(False),
    "parameters": lambda axes: axes.tick_params(axis="both", length=9, labelsize=8, labeltop=True),
    "reset": lambda axes: axes.tick_params(reset=True, colors="red"),
    "a log scale": lambda axes: axes.set(xscale="log", xlim=(1, 1e4)),
    "minor ticks off": lambda axes: (axes.set_yscale("log"), axes.minorticks_off()),
    "ticks twice": lambda axes: (axes.set_xticks([0, 1]), axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])),
    "ticks looked at": lambda axes: ([*axes.get_xticklabels()], axes.set(xticks=(0, 1)), axes.grid(False)),
    "a label": lambda axes: axes.get_xticklabels()[0].set_color("red"),
    "cleared": lambda axes: (axes.set_xticks([0, 1]), axes.clear()),
}


@look.applied
def image(kind: type[Axes], name: str) -> bytes:
    figure = Figure(figsize=(3, 2))
    axes = figure.add_axes(kind(figure, (0.2, 0.2, 0.7, 0.6)))
    axes.plot([0, 1], [0.1, 1])
    SETTINGS[name](axes)
    stream = io.BytesIO()
    figure.savefig(stream, metadata={"Software": None})
    return stream.getvalue()


@pytest.mark.parametrize("name", SETTINGS)
def test_they_look_like_matplotlib_s(name: str) -> None:
    assert image(LateAxes, name) == image(Axes, name)
    assert name in ("nothing", "a label") or image(LateAxes, name) != image(LateAxes, "nothing")


def test_they_make_no_ticks_before_they_are_drawn() -> None:
    figure, (axes,) = look.panels()
    axes.set(xlim=(0, 1), xticks=(0, 1), ylabel="p", yticks=range(9))
    axes.tick_params(length=3)
    axes.grid(False)
    made = [[name for name in vars(axis) if name.endswith("Ticks")] for axis in (axes.xaxis, axes.yaxis)]
    assert made == [[], []]
    figure.draw_without_rendering()
    assert [len(axis.get_major_ticks()) for axis in (axes.xaxis, axes.yaxis)] == [2, 9]
