"""The surface of “The roof over the plane”: LSE of two scores beside max, to turn."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.numerics.softmax import smooth_max
from course_utils.teaching import Demo, Float, LogFloat
from course_utils.teaching.pictures import Axis, DragTo, Line, Panel, Picture, Points, Surface
from course_utils.teaching.text import format_number

COARSE = np.linspace(-1, 1, 17)
ALONG = np.linspace(-1, 1, 81)
CUT = np.stack([ALONG, -ALONG], axis=-1)  # straight across the edge of the roof
PAIRS = np.stack(np.meshgrid(COARSE, COARSE), axis=-1)


def surfaces(inverse_temperature: float, azimuth: float) -> Picture:
    """Show LSE_λ of two logits as a surface beside max, and both along a cut across the edge."""
    k = inverse_temperature
    tie, corner = np.log(2) / k, float(gap_above_max(CUT[-1], k))
    lse, largest = smooth_max(CUT, k), CUT.max(axis=-1)
    return Picture(
        [
            [
                _roof("LSE", smooth_max(PAIRS, k), lse, azimuth),
                _roof("max", PAIRS.max(axis=-1), largest, azimuth),
            ],
            [
                Panel(
                    "both along the thick line, *z*_1 = −*z*_0",
                    [
                        Line("max on the line", largest, ALONG, color="muted", dash="dashed", label="max"),
                        Line("LSE on the line", lse, ALONG, color="ink", label="LSE"),
                        Points(
                            "LSE at the tie",
                            [tie],
                            [0],
                            color="ink",
                            size=13,
                            drags=DragTo(_press, ("inverse_temperature",), "top of the roof's edge"),
                        ),
                    ],
                    x=Axis("*z*_0", -1, 1, ticks=(-1, 0, 1)),
                    y=Axis(low=0, high=1.3, ticks=(0, 0.5, 1)),
                )
            ],
        ],
        f"The surface of LSE lies {format_number(tie)} above the edge of max, and {format_number(corner)} above "
        "it in the corners farthest from the edge. LSE is a rounded roof: in exact arithmetic "
        "it touches max nowhere.",
        facts={
            "LSE − max on the tie": tie,
            "LSE − max in the corners z0 − z1 = 2 and −2": corner,
            "the surfaces are turned by": azimuth,
        },
        height=(295, 165),
    )


def _roof(name: str, heights: Array, on_cut: Array, azimuth: float) -> Panel:
    return Panel(
        name,
        [
            Surface(
                name,
                heights,
                COARSE,
                COARSE,
                low=-1,
                high=2,
                azimuth=azimuth,
                elevation=18,
                labels=("*z*_0", "*z*_1", ""),
                curves=[(*CUT.T, on_cut, "ink")],
            )
        ],
    )


def _press(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Find the λ at which LSE reaches a height on the tie of two zeros."""
    return {"inverse_temperature": float(np.clip(np.log(2) / max(y, 1e-3), 1, 100))}


surfaces_demo = Demo(
    surfaces,
    (
        LogFloat(
            "inverse_temperature",
            "Inverse temperature λ",
            low=1,
            high=100,
            initial=2,
            step=10**0.125,
            plays=True,
        ),
        Float("azimuth", "Turn the surfaces", low=-180, high=0, initial=-110, step=5, unit="°", plays=True),
    ),
    title="LSE over max.",
    look_for="Raise λ, or drag the point down: the rounded roof comes down on the edge of max.",
    presets={
        "Smooth": {"inverse_temperature": 1},
        "Sharper": {"inverse_temperature": 10},
        "Nearly max": {"inverse_temperature": 100},
        "Along the edge": {"inverse_temperature": 2, "azimuth": -135},
    },
)
