"""“The roof over the plane”: LSE of two scores as a map."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_utils.lessons.arrays import Array
from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.teaching import Choice, Demo, Float, Picture, Question, Table, look
from course_utils.teaching.drawing import color_bar
from course_utils.teaching.text import format_list, format_number

corner_question = Question(
    "Take LSE = 0.5 and max = 0.5 as two lines in the plane of z0 and z1. Where does the line LSE = 0.5 run?",
    [
        "Outside the corner that the line of max makes, farther from the origin.",
        "Inside that corner, closest to it far away from the tie z0 = z1.",
        "It crosses the line of max on the tie.",
    ],
    "B",
    [
        "that a larger function has its line farther out. LSE is larger, so it reaches 0.5 *earlier*.",
        "LSE lies above max, so it reaches the value earlier; and it lies most above max on the tie, where the "
        "corner is cut off most.",
        "that smoothing goes up on one side and down on the other. LSE lies above max everywhere.",
    ],
)

WINDOW = np.linspace(-1, 1, 121)
SHARPNESS = (1.0, 10.0, 100.0)
VALUES, GAPS = "the value", "how far above max"


@cache
def _plane() -> tuple[Array, dict[str, Array], dict[str, Array]]:
    """Max and LSE_λ over the window, and how far each lies above max."""
    pairs = np.stack(np.meshgrid(WINDOW, WINDOW), axis=-1)
    largest = pairs.max(axis=-1)
    gaps = {f"λ = {k:g}": gap_above_max(pairs, k) for k in SHARPNESS} | {"max": np.zeros_like(largest)}
    return largest, {name: largest + gap for name, gap in gaps.items()}, gaps


def _image(axes: Axes, values: Array, gid: str, **style: Any) -> Any:
    """Draw values over the window, the right way up."""
    half = (WINDOW[1] - WINDOW[0]) / 2
    edges = (WINDOW[0] - half, WINDOW[-1] + half) * 2
    axes.grid(False)
    image = axes.imshow(values, origin="lower", extent=edges, aspect="auto", gid=gid, **style)
    axes.set(xlim=(-1, 1), ylim=(-1, 1), xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    return image


def maps(shown: str, level: float) -> Picture:
    """Show LSE_λ of two logits for three λ beside max, in one color scale, with one line of equal value."""
    _, values, gaps = _plane()
    across = np.sinh(np.linspace(-7.5, 7.5, 121)) / np.sinh(7.5) * 2.4  # z0 − z1, dense near the tie
    drops = {f"λ = {k:g}": np.logaddexp(0, -k * across) / k for k in SHARPNESS} | {
        "max": np.maximum(0, -across)
    }
    lines = {name: (level - drop, level - drop - across) for name, drop in drops.items()}
    at_tie = np.array([np.log(2) / k for k in SHARPNESS] + [0.0])

    figure, panels = look.panels(2, 2, height=600, left=60, right=92, gap=48, row_gap=72)
    pictured, style = (
        (values, {"cmap": _bands("viridis", 11), "vmin": -1.0, "vmax": 1.75})
        if shown == VALUES
        else (gaps, {"cmap": _bands("cividis", 14), "vmin": 0.0, "vmax": 0.7})
    )
    for axes, name in zip(panels, values, strict=True):
        image = _image(axes, pictured[name], f"grid z0 | grid z1 | {shown}, {name}", **style)
        gid = f"line z0, {name} | line z1, {name}"
        axes.plot(*lines[name], color="white", linewidth=4, gid=gid)
        axes.plot(*lines[name], "--", color=look.BLACK, gid=gid)
        axes.set_title("max itself" if name == "max" else f"LSE at {name}")
    for axes in panels[2:]:
        axes.set_xlabel("z0")
    for axes in panels[::2]:
        axes.set_ylabel("z1", labelpad=-4)
    color_bar(
        panels[1],
        image,
        (-1, -0.5, 0, 0.5, 1, 1.5) if shown == VALUES else None,
        gap=0.03,
        down_to=panels[3],
    )

    *crossings, corner = level - at_tie
    wanted = format_number(level)
    if shown == VALUES:
        seen = (
            f"The dashed line, where the value is {wanted}, crosses the tie z0 = z1 at {format_list(crossings)} "
            f"for λ = {format_list(SHARPNESS)}; the line of max has its corner at {format_number(corner)}."
        )
    else:
        seen = f"On the tie z0 = z1, LSE lies {format_list(at_tie[:-1])} above max for λ = {format_list(SHARPNESS)}."
    return Picture(
        figure,
        f"{seen} All four pictures share one color scale: the larger λ, the more LSE looks like max.",
        Table(
            f"Where the value is {wanted} and z0 = z1",
            {
                "": [*map("LSE at {}".format, list(values)[:-1]), "max"],
                "z0 = z1 on the line": level - at_tie,
                "distance from max on the tie": at_tie,
            },
        ),
        {
            "grid z0": WINDOW,
            "grid z1": WINDOW,
            **{f"{shown}, {name}": pictured[name] for name in values},
            **{f"line z0, {name}": line[0] for name, line in lines.items()},
            **{f"line z1, {name}": line[1] for name, line in lines.items()},
        },
    )


def _bands(name: str, count: int) -> Any:
    """A color map of few colors, so that an image shows filled contours."""
    import matplotlib as mpl

    return mpl.colormaps[name].resampled(count)


maps_demo = Demo(
    maps,
    (
        Choice("shown", "Colors show", options=(VALUES, GAPS)),
        Float("level", "Value c on the dashed line", low=-0.3, high=0.9, initial=0.5, step=0.05),
    ),
    title="Three smooth maxima and the sharp one.",
    look_for="Follow the dashed line of equal value: how does its corner change from picture to picture?",
    presets={
        "Where the gap is": {"shown": GAPS},
        "Low": {"level": -0.3},
        "High": {"level": 0.9},
    },
)
