"""“A ramp that becomes a step”: one component of softmax over a square of two logits."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.softmax import hardmax, softmax
from course_utils.teaching import Choice, Demo, Float
from course_utils.teaching.pictures import Axis, Drag, Line, Panel, Picture, Points, Polygons, Rule, Table
from course_utils.teaching.text import format_list, format_number

ALONG = np.round(np.linspace(-1, 1, 201), 2)
SHARPNESS = {"λ = 1": 1.0, "λ = 10": 10.0, "λ = 100": 100.0}
LIMIT = "the limit"
STYLES: dict[str, dict[str, Any]] = {
    "λ = 1": {"color": "probabilities"},
    "λ = 10": {"color": "probabilities", "dash": "dashed"},
    "λ = 100": {"color": "probabilities", "dash": "dotted"},
    LIMIT: {"color": "ink", "width": 1.5},
}
LEVELS = np.linspace(0, 1, 33)[1:-1]  # p_0 where a strip of one color ends; one half among them


def strips(k: float) -> tuple[list[Array], Array]:
    """Cut the square into strips in which p0 = σ(k·(z0 − z1)) is nearly constant.

    Returns
    -------
    list of arrays, shape (4, 2), and array
        Corners of each strip, and p0 in its middle; for infinite k the two halves.
    """
    inner = np.unique(np.log(LEVELS / (1 - LEVELS)) / k)
    ends = np.concatenate([[-2.0], inner[np.abs(inner) < 2], [2.0]])
    low, high = np.maximum(ends - 1, -1), np.minimum(ends + 1, 1)  # z0 where a diagonal enters and leaves
    diagonals = np.stack([np.stack([low, low - ends], -1), np.stack([high, high - ends], -1)], axis=1)
    corners = [np.concatenate([a, b[::-1]]) for a, b in itertools.pairwise(diagonals)]
    middles = (ends[:-1] + ends[1:]) / 2
    return corners, softmax(np.stack([middles * min(k, 1e6), 0 * middles], -1))[:, 0]


def on_a_square(component: str, height: float) -> Picture:
    """Show one component of softmax(λz) over a square of two logits for three λ, and its limit."""
    index, height = int(component[1]), round(height, 2)
    line = np.stack([ALONG, np.full_like(ALONG, height)], axis=-1)
    slices = {name: softmax(k * line)[:, index] for name, k in SHARPNESS.items()}
    slices[LIMIT] = hardmax(line)[:, index]
    ends = np.array([[-1.0, 1.0], [1.0, -1.0]])  # the corners farthest from the tie
    extremes = [np.sort(softmax(k * ends)[:, index]) for k in SHARPNESS.values()] + [np.array([0.0, 1.0])]

    jump = [index, index, np.nan, 1 - index, 1 - index]
    width = 2 * np.log(9)
    widths = np.array([width / k for k in SHARPNESS.values()] + [0.0])
    return Picture(
        [
            [_map(name, k, index, height) for name, k in {**SHARPNESS, LIMIT: np.inf}.items()],
            [
                Panel(
                    f"*p*_{index} along the dashed lines",
                    [
                        *(Rule("", level, axis="y", dash="dotted", width=1) for level in (0.1, 0.9)),
                        *(
                            Line(name, values, ALONG, label=name, **STYLES[name])
                            for name, values in slices.items()
                            if name != LIMIT
                        ),
                        Line("", jump, [-1, height, np.nan, height, 1], label=LIMIT, **STYLES[LIMIT]),
                        Points("", [0.5], [height], color="ink", size=7),
                    ],
                    x=Axis("*z*_0", -1, 1, ticks=(-1, 0, 1)),
                    y=Axis(low=-0.04, high=1.04, ticks=(0, 0.1, 0.5, 0.9, 1)),
                )
            ],
        ],
        f"In z0 − z1, the edge from 0.1 to 0.9 is {format_list(widths[:3])} wide for λ = 1, 10 and 100: ten times the λ, "
        f"a tenth of the width. Along z1 = {format_number(height)}, {component} goes from {format_number(slices['λ = 1'][0])} to "
        f"{format_number(slices['λ = 1'][-1])} at λ = 1, and from {format_number(slices['λ = 100'][0])} to "
        f"{format_number(slices['λ = 100'][-1])} at λ = 100. "
        "The limit is a jump, with one half on the tie itself.",
        table=Table(
            f"{component} over the square from −1 to 1, and along z1 = {format_number(height)}",
            {
                "": list(slices),
                "smallest in the square": np.array([least for least, _ in extremes]),
                "largest": np.array([most for _, most in extremes]),
                "at the left end of the line": np.array([values[0] for values in slices.values()]),
                "at its right end": np.array([values[-1] for values in slices.values()]),
                "edge width in z0 − z1": widths,
                "edge width across the tie": widths / np.sqrt(2),
            },
            {"the edge starts at": 0.1, "the edge ends at": 0.9},
        ),
        height=(190, 220),
    )


def _map(name: str, k: float, index: int, height: float) -> Panel:
    corners, p0 = strips(k)
    rule = Rule("z1 of the dashed line", height, axis="y", color="ink", width=2, drags={"y": Drag("height")})
    values = p0 if index == 0 else 1 - p0
    return Panel(
        name,
        [
            Polygons(
                "", corners, values=values, low=0, high=1, scale=f"*p*_{index}" if name == LIMIT else None
            ),
            Rule("", height, axis="y", color="paper", width=5, dash=""),
            rule,
        ],
        x=Axis("*z*_0", -1, 1, ticks=(-1, 0, 1)),
        y=Axis("*z*_1", -1, 1, ticks=(-1, 0, 1)),
        equal=True,
    )


square_demo = Demo(
    on_a_square,
    (
        Choice("component", "Component of p", options=("p0", "p1")),
        Float("height", "Height z1 of the dashed line", low=-1, high=1, initial=0, step=0.05),
    ),
    title="A ramp that becomes a step.",
    look_for="From left to right, how wide is the colored edge, and where does it stay?",
    presets={
        "The other component": {"component": "p1"},
        "Higher up": {"height": 0.5},
        "At the lower edge": {"height": -1},
    },
)
