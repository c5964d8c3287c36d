"""Section "Two classes: a sigmoid": of the difference of two logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Surface,
    Table,
)
from course_utils.teaching.text import format_number

diagonal_question = Question(
    "Two logits z0 and z1. In the plane of all pairs, where does p0 have one and the same value?",
    [
        "On horizontal lines, where z1 is the same.",
        "On circles around the origin.",
        "On lines parallel to the diagonal z0 = z1.",
        "On lines z0 + z1 = constant.",
    ],
    "C",
    [
        "that p0 depends on one logit only. Raise the other: it takes its share.",
        "that the length of the vector counts. Adding the same number to both can change the length, but never p0.",
        "It depends on the difference z0 − z1 alone, which is the same on such a line.",
        "of the sum. It is the *difference* that counts: along z0 + z1 = constant, p0 runs through its whole S.",
    ],
    expected=[10, 20, 45, 25],
)

GRID = np.linspace(-10, 10, 51)
COARSE = np.linspace(-10, 10, 25)  # as smooth to the eye on a surface, and faster to turn
DIFFERENCES = np.linspace(-20, 20, 161)
POINT: dict[str, Any] = {"color": "ink", "size": 13}


def _p0(grid: Array) -> Array:
    """Return the first of two probabilities over a square grid of two logits, in rows of equal z1."""
    return softmax(np.stack(np.meshgrid(grid, grid), axis=-1))[..., 0]


def two_classes(z0: float, z1: float, azimuth: float) -> Picture:
    """Show p0 over the plane of two logits: as a map, as a surface, and over their difference."""
    p0 = float(softmax([z0, z1])[0])
    d = z0 - z1
    along = np.linspace(max(-10.0, d - 10), min(10.0, d + 10), 9)  # z0 on the diagonal, within the window
    return Picture(
        [[_map(z0, z1, along), _surface(azimuth, d, along, p0)], [_across(d, p0)]],
        f"At z0 = {format_number(z0)} and z1 = {format_number(z1)}, p0 = σ({format_number(d)}) = {format_number(p0)}. "
        f"It is the same {_where(d)}. "
        f"Across the diagonals p0 is the S-shaped curve σ(z0 − z1), one half where z0 = z1.",
        table=Table(
            "p0 at the point, and at places on its diagonal",
            {"z0": np.append(z0, along), "z1": np.append(z1, along - d), "p0": np.full(10, p0)},
            {"z0 − z1": d, "the surface is turned by": azimuth},
        ),
        height=(285, 135),
    )


def _where(d: float) -> str:
    """Say where p0 is the same; in a corner of the map the point covers what there is of the diagonal."""
    if abs(d) > 19:
        return f"wherever z0 − z1 = {format_number(d)}, here hardly more than a corner"
    return f"everywhere on the dashed diagonal, where z0 − z1 = {format_number(d)}"


def _map(z0: float, z1: float, along: Array) -> Panel:
    diagonal = along - (z0 - z1)
    heights = Image(
        "p0 over the plane", _p0(GRID), x=(-10.2, 10.2), y=(-10.2, 10.2), low=0, high=1, scale="*p*_0"
    )
    return Panel(
        "*p*_0 as a map",
        [
            heights,
            Line("", diagonal, along, color="paper", width=5),
            Line("", diagonal, along, color="ink", dash="dashed"),
            Points("z1 of the point", [z1], [z0], **POINT, drags={"x": Drag("z0"), "y": Drag("z1")}),
        ],
        x=Axis("*z*_0", -10, 10, ticks=(-10, 0, 10)),
        y=Axis("*z*_1", -10, 10, ticks=(-10, 0, 10)),
        equal=True,
    )


def _surface(azimuth: float, d: float, along: Array, p0: float) -> Panel:
    z0 = np.linspace(along[0], along[-1], 65)  # fine enough to end where the surface hides it
    diagonal = (z0, z0 - d, np.full(65, p0), "ink")
    labels = ("*z*_0", "*z*_1", "*p*_0")
    heights = Surface(
        "p0 as a surface",
        _p0(COARSE),
        COARSE,
        COARSE,
        low=0,
        high=1,
        azimuth=azimuth,
        labels=labels,
        curves=[diagonal],
    )
    return Panel("as a surface", [heights])


def _across(d: float, p0: float) -> Panel:
    sigmoid = softmax(np.stack([DIFFERENCES, 0 * DIFFERENCES], axis=-1))[:, 0]
    return Panel(
        "across the diagonals",
        [
            Line("σ(z0 − z1)", sigmoid, DIFFERENCES, color="probabilities"),
            Rule("", d, color="ink", width=1, dash="dashed"),
            Points("σ(z0 − z1) at the point", [p0], [d], **POINT),
        ],
        x=Axis("*z*_0 − *z*_1", -20, 20, ticks=(-20, -10, 0, 10, 20)),
        y=Axis("*p*_0", 0, 1, ticks=(0, 0.5, 1)),
    )


two_classes_demo = Demo(
    two_classes,
    (
        Float("z0", "Logit z0", low=-10, high=10, initial=1.5, step=0.1),
        Float("z1", "Logit z1", low=-10, high=10, initial=-0.5, step=0.1),
        Float("azimuth", "Turn the surface", low=-180, high=0, initial=-120, step=5, unit="°", plays=True),
    ),
    title="Two classes.",
    look_for="Drag the point in the plane so that p0 does not change. Which way must you go?",
    presets={
        "On the tie": {"z0": 3, "z1": 3},
        "Two apart": {"z0": 1, "z1": -1},
        "Two apart, far up": {"z0": 9, "z1": 7},
        "Nearly sure": {"z0": 4, "z1": -4},
    },
)
