"""What one step of a slider costs the kernel, as a ratio to drawing the same figure without data.

Run it with ``pytest tests/benchmarks/test_slider_speed.py --benchmark-enable -n 0`` for a table, or as
a script for the ratios alone: ``python tests/benchmarks/test_slider_speed.py``. The aim is at most 2.5.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from discovery import declared
from matplotlib.figure import Figure

from course_utils.teaching import Demo, Picture, Table, look, pictures

DEMOS = declared(Demo)
AIM = 2.5
ROUNDS = 15


@look.applied
def without_data(picture: Picture) -> Picture:
    """Build a figure with the same axes, ticks and labels, but nothing in them."""
    model = picture.figure
    figure = Figure(figsize=model.get_size_inches(), dpi=look.DOTS_PER_INCH)
    for axes in model.axes:
        empty: Any = figure.add_axes(axes.get_position().bounds, projection=axes.name)
        empty.set(xlabel=axes.get_xlabel(), ylabel=axes.get_ylabel(), title=axes.get_title())
        for axis in ("x", "y", "z"):
            if hasattr(axes, f"get_{axis}lim"):
                getattr(empty, f"set_{axis}lim")(getattr(axes, f"get_{axis}lim")())
                getattr(empty, f"set_{axis}ticks")(getattr(axes, f"get_{axis}ticks")())
        if not axes.axison:
            empty.set_axis_off()
    return Picture(figure, "Nothing.", Table("Nothing", {"": []}))


def one_step(demo: Demo, state: dict[str, Any]) -> None:
    """Do what the kernel does when a slider moves."""
    picture = demo.at(**state)
    if isinstance(picture, pictures.Picture):
        json.dumps(picture.spec(640).json)
    elif picture.plotly is None:
        picture.png(1)
    else:  # the browser draws: the kernel only says what
        picture.plotly()


def a_step_away(demo: Demo) -> dict[str, Any]:
    """Return a state beside the default: the first preset."""
    return dict(next(iter(demo.presets.values())))


@pytest.mark.parametrize("demo", DEMOS)
def test_step(demo: Demo, benchmark: Any) -> None:
    state = a_step_away(demo)
    model = demo.at(**state)
    benchmark.group = f"slider step: {demo.title}"
    if not benchmark.disabled and isinstance(model, Picture):
        benchmark.extra_info["ratio to the empty figure"] = round(ratio(demo), 2)
    assert model.size[0] == look.PIXELS_WIDE
    benchmark(one_step, demo, state)


def median_seconds(action: Callable[[], object]) -> float:
    """Return the median time of one call."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def ratio(demo: Demo) -> float:
    """Return the cost of one step in units of the empty figure, both measured now."""
    state = a_step_away(demo)
    model = demo.at(**state)
    one_step(demo, state)  # warm: fonts, imports
    return median_seconds(lambda: one_step(demo, state)) / median_seconds(lambda: without_data(model).png(1))


if __name__ == "__main__":
    for parameter in DEMOS:
        if isinstance(parameter.values[0].at(), pictures.Picture):
            continue  # what is data is measured in test_picture_speed.py
        measured = ratio(parameter.values[0])
        print(f"{measured:5.2f}  {parameter.id}{'' if measured <= AIM else '   above the aim'}")
