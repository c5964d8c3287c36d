"""Section "Lines of one value": LSE of two scores as a map, and as a surface beside max, to turn."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.handles import handle
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import Axis, DragTo, Line, Panel, Picture, Polygons, Table
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
    expected=[45, 40, 15],
)

SOFTENED = {"λ = 1": 1.0, "λ = 10": 10.0, "λ = 100": 100.0}
SHARPNESS = {**SOFTENED, "max": np.inf}
STYLES: dict[str, dict[str, Any]] = {
    "λ = 1": {"color": "temperature"},
    "λ = 10": {"color": "temperature", "dash": "dashed"},
    "λ = 100": {"color": "temperature", "dash": "dotted"},
    "max": {"color": "ink", "width": 1.5},
}
# z0 − z1 along a line of equal value: dense near the tie, and beyond the window
ACROSS = np.sinh(np.linspace(-4, 4, 33)) / np.sinh(4) * 5
PROFILE = np.linspace(-2, 2, 81)
LOWEST, HIGHEST = -1.0, 1.75  # of all values in the window
BORDERS = np.arange(-0.75, HIGHEST, 0.25)  # where one color ends and the next begins
CORNER = np.array([[9.0, 9.0]])  # beyond the window, where all values are larger
LOGIT = Axis("*z*_0", -1, 1, ticks=(-1, 0, 1))
OTHER = Axis("*z*_1", -1, 1, ticks=(-1, 0, 1))


def above_winner(across: Array, k: float) -> Array:
    """Return how far LSE_λ of z0 and z1 lies above z0, given z0 − z1; for infinite λ, max."""
    above: Array = np.maximum(0, -across) if np.isinf(k) else np.logaddexp(0, -k * across) / k
    return above


def level_line(level: float, k: float) -> Array:
    """Return z0 and z1 along the line where LSE_λ has a value, shape (points, 2)."""
    across = np.array([-5.0, 0.0, 5.0]) if np.isinf(k) else ACROSS
    z0 = level - above_winner(across, k)
    return np.stack([z0, z0 - across], axis=-1)


def maps(level: float) -> Picture:
    """Show LSE_λ of two logits for three λ beside max, and the lines of one value in all four."""
    at_tie = np.array([np.log(2) / k for k in SHARPNESS.values()])
    crossings = level - at_tie
    lines = {name: level_line(level, k) for name, k in SHARPNESS.items()}
    return Picture(
        [
            [_map(name, k, lines[name]) for name, k in SHARPNESS.items()],
            [_lines(level, lines), _above_max()],
        ],
        f"The line where the value is {format_number(level)} crosses the tie z0 = z1 at {format_list(crossings[:-1])} "
        f"for λ = {format_list(list(SOFTENED.values()))}; the line of max has its corner at {format_number(level)}. "
        f"On the tie, LSE lies {format_list(at_tie[:-1])} above max, and less everywhere else: "
        "the larger λ, the more it looks like max.",
        table=Table(
            f"Where the value is {format_number(level)} and z0 = z1",
            {
                "": [*(f"LSE at {name}" for name in SOFTENED), "max"],
                "z0 = z1 on the line": crossings,
                "distance from max on the tie": at_tie,
            },
        ),
        height=(175, 245),
    )


def _map(name: str, k: float, line: Array) -> Panel:
    """Color the window by LSE_λ: for each border, everything above it, the lowest first."""
    steps = [LOWEST, *BORDERS, HIGHEST]
    floor = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    above = [np.concatenate([level_line(border, k), CORNER]) for border in BORDERS]
    middles = [(low + high) / 2 for low, high in itertools.pairwise(steps)]
    colored = Polygons(
        "",
        [floor, *above],
        values=middles,
        low=LOWEST,
        high=HIGHEST,
        scale="value" if name == "max" else None,
    )
    return Panel(
        "max itself" if name == "max" else f"LSE, {name}",
        [
            colored,
            Line("", line[:, 1], line[:, 0], color="paper", width=5),
            Line("", line[:, 1], line[:, 0], color="ink", dash="dashed"),
        ],
        x=LOGIT,
        y=OTHER,
        equal=True,
    )


def _lines(level: float, lines: dict[str, Array]) -> Panel:
    """Show the lines of one value of all four."""
    return Panel(
        f"where the value is {format_number(level)}",
        [
            Line("", [-1, 1], [-1, 1], color="faint"),
            *(Line("", line[:, 1], line[:, 0], **STYLES[name]) for name, line in lines.items()),
            handle("corner of max", level, level, DragTo(_roof, ("level",), "corner of max")),
        ],
        x=LOGIT,
        y=OTHER,
        equal=True,
    )


def _above_max() -> Panel:
    return Panel(
        "how far above max",
        [
            Line(
                name,
                above_winner(PROFILE, k) - above_winner(PROFILE, np.inf),
                PROFILE,
                label=name,
                **STYLES[name],
            )
            for name, k in SOFTENED.items()
        ],
        x=Axis("*z*_0 − *z*_1", -2, 2, ticks=(-2, 0, 2)),
        y=Axis(low=0, high=0.75, ticks={0: "0", float(np.log(2)): "log 2"}),
        weight=1.3,
    )


def _roof(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Give the line the value that max has at a place."""
    return {"level": float(np.clip(round(20 * max(x, y)) / 20, -0.3, 0.9))}


maps_demo = Demo(
    maps,
    (Float("level", "Value c on the lines", low=-0.3, high=0.9, initial=0.5, step=0.05, plays=True),),
    title="Three smooth maxima and the sharp one.",
    look_for="Drag the corner of max: where do the lines of LSE run?",
    presets={
        "Zero": {"level": 0},
        "Low": {"level": -0.3},
        "High": {"level": 0.9},
    },
)
