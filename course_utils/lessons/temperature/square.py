"""Section "A ramp that becomes a step": one component of softmax over a square of two logits."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array, with_gaps
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, LogFloat
from course_utils.teaching.pictures import Axis, Drag, Line, Panel, Picture, Points, Polygons, Rule
from course_utils.teaching.text import format_number

ALONG = np.round(np.linspace(-1, 1, 201), 2)
SHARPNESS = {"λ = 1": 1.0, "λ = 10": 10.0, "λ = 100": 100.0}
DASHES = dict(zip(SHARPNESS, ("", "dashed", "dotted"), strict=True))
LEVELS = np.linspace(0, 1, 33)[1:-1]  # p_0 where a strip of one color ends; one half among them


def steps(k: float) -> tuple[list[Array], Array]:
    """Cut the square along diagonals into strips in which p0 = σ(k·(z0 − z1)) is nearly constant.

    Returns
    -------
    list of arrays, shape (5, 2), and array
        For each strip the part of the square from its upper left end on, so that a strip is what the next one
        leaves of it (strips side by side would show seams), and p0 in the middle of the strip.
    """
    inner = np.unique(np.log(LEVELS / (1 - LEVELS)) / k)
    ends = np.concatenate([[-2.0], inner[np.abs(inner) < 2], [2.0]])  # of z0 - z1
    middles = (ends[:-1] + ends[1:]) / 2
    return [_from(end) for end in ends[:-1]], softmax(np.stack([k * middles, 0 * middles], -1))[:, 0]


def _from(end: float) -> Array:
    """Return the corners of the part of the square where z0 − z1 is at least `end`; some may coincide."""
    low, high = max(end - 1, -1.0), min(end + 1, 1.0)  # z0 where the diagonal enters and leaves
    corners = [(low, low - end), (high, high - end), (1.0, min(1 - end, 1.0)), (1.0, -1.0), (low, -1.0)]
    return np.array(corners)


def on_a_square(sharpness: float, component: str, height: float) -> Picture:
    """Show one component of softmax(λz) over a square of two logits, and along one line of it."""
    index, height = int(component[1]), round(height, 2)
    corner = np.array([[-1.0, 1.0], [1.0, -1.0]])[index]  # where this component is smallest
    least = float(softmax(sharpness * corner)[index])
    width = 2 * np.log(9) / sharpness
    return Picture(
        [_whole(index, sharpness, height), _along_the_line(index, sharpness, height)],
        f"At λ = {format_number(sharpness)} the edge from 0.1 to 0.9 is {format_number(width)} wide in z0 − z1: ten "
        f"times the λ, a tenth of the width. In this square {component} gets as small as {format_number(least)}. "
        "The limit for λ → ∞ is a jump, with one half on the tie itself.",
        facts={
            "smallest in the square": least,
            "edge width in z0 − z1": width,
            "edge width across the tie": width / np.sqrt(2),
            "λ of the thin lines": "1, 10 and 100",
            "the edge starts at": 0.1,
            "the edge ends at": 0.9,
        },
        height=300,
    )


def _whole(index: int, sharpness: float, height: float) -> Panel:
    """Color the square by one component."""
    corners, p0 = steps(sharpness)
    return Panel(
        f"*p*_{index} at λ = {format_number(sharpness)}",
        [
            Polygons("", corners, values=p0 if index == 0 else 1 - p0, low=0, high=1, scale=f"*p*_{index}"),
            Rule("", height, axis="y", color="paper", width=5, dash=""),
            Rule(
                "z1 of the dashed line", height, axis="y", color="ink", width=2, drags={"y": Drag("height")}
            ),
        ],
        x=Axis("*z*_0", -1, 1, ticks=(-1, 0, 1)),
        y=Axis("*z*_1", -1, 1, ticks=(-1, 0, 1)),
        equal=True,
    )


def _along_the_line(index: int, sharpness: float, height: float) -> Panel:
    """Show one component for one z1, beside those of some λ and the jump that is their limit."""
    line = np.stack([ALONG, np.full_like(ALONG, height)], axis=-1)
    sides = [[(-1, index), (height, index)], [(height, 1 - index), (1, 1 - index)]]
    jump_x, jump_y = with_gaps([side for side in sides if side[0] != side[1]])  # at an edge there is one side
    return Panel(
        f"*p*_{index} along the dashed line",
        [
            *(Rule("", level, axis="y", dash="dotted", width=1) for level in (0.1, 0.9)),
            Line("", jump_y, jump_x, color="ink", width=1.5),
            *(
                Line(
                    name,
                    softmax(k * line)[:, index],
                    ALONG,
                    color="muted",
                    dash=DASHES[name],
                    width=1.5,
                    label=name,
                )
                for name, k in SHARPNESS.items()
            ),
            Line("p", softmax(sharpness * line)[:, index], ALONG, color="probabilities", width=3),
            Points("", [0.5], [height], color="ink", size=7),
        ],
        x=Axis("*z*_0", -1, 1, ticks=(-1, 0, 1)),
        y=Axis("", -0.04, 1.04, ticks=(0, 0.1, 0.5, 0.9, 1)),
    )


square_demo = Demo(
    on_a_square,
    (
        LogFloat(
            "sharpness", "Inverse temperature λ", low=1, high=100, initial=1, step=100 ** (1 / 40), plays=True
        ),
        Choice("component", "Component of p", options=("p0", "p1")),
        Float("height", "Height z1 of the dashed line", low=-1, high=1, initial=0, step=0.05),
    ),
    title="A ramp that becomes a step.",
    look_for="Press play: how wide is the colored edge, and where does it stay?",
    presets={
        "λ = 10": {"sharpness": 10},
        "λ = 100": {"sharpness": 100},
        "The other component": {"component": "p1", "sharpness": 10},
        "At the lower edge": {"height": -1, "sharpness": 10},
    },
)
