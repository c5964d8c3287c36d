"""Section "All probabilities of three classes": a point in a triangle."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, with_gaps
from course_utils.lessons.class_bars import (
    by_number,
    class_names,
    logit_panel,
    logit_sliders,
    probability_panel,
)
from course_utils.lessons.handles import handle
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Question
from course_utils.teaching.pictures import (
    Axis,
    DragTo,
    Line,
    Panel,
    Picture,
    Table,
    Text,
)
from course_utils.teaching.text import format_list, format_number

zero_question = Question(
    "Can *finite* logits give a probability of exactly 0?",
    [
        "Yes, even in exact arithmetic, if a logit is negative enough.",
        "Not in exact arithmetic, but in floating-point numbers they can.",
        "No, never: e^z is always positive.",
    ],
    "B",
    [
        "of a picture, where the point seems to reach the edge. e^z is positive for every real z.",
        "In the real numbers e^z > 0 for every z. A floating-point format has a smallest positive number; "
        "what is below half of it is rounded to 0.",
        "of the real numbers, where that is true. In float16, e^−18 already is 0.",
    ],
    expected=[35, 40, 25],
)

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
DOWN = (22, 22, -10)  # pixels: beyond the ring of the point, should it lie in the corner
OUTLINE = CORNERS[[0, 1, 2, 0]]
GRID_LINES = np.array(  # on which one probability is a quarter, a half and three quarters
    [
        weight * CORNERS[i] + (1 - weight) * CORNERS[[(i + 1) % 3, (i + 2) % 3]]
        for weight in (0.25, 0.5, 0.75)
        for i in range(3)
    ]
)


def simplex(z: tuple[float, ...], precision: str) -> Picture:
    """Show three probabilities as a point in a triangle, and where it goes when one logit changes."""
    p = softmax(np.array(z, dtype=precision)).astype(np.float64)
    by_class = by_number(3)
    return Picture(
        [
            _triangle(p),
            logit_panel(z, by_class, Axis(low=-26, high=26, ticks=(-20, 0, 20))),
            probability_panel(p, by_class),
        ],
        f"p = {format_list(p)}. {_place(p, precision)}",
        table=Table(
            f"Logits and probabilities in {precision}",
            {"": class_names(3), "z": np.array(z), "p": p},
            {
                "smallest positive number": float(np.finfo(precision).smallest_subnormal),
                "sum of p": p.sum(),
            },
        ),
        height=330,
    )


def _place(p: Array, precision: str) -> str:
    """Say whether the point lies inside the triangle, on an edge or in a corner, and why."""
    zeros = np.flatnonzero(p == 0)
    if len(zeros) == 0:
        place = "The point lies inside the triangle: every class keeps some probability."
    else:
        where = "on an edge" if len(zeros) == 1 else "in a corner"
        which = format_list([f"class {i}" for i in zeros])
        place = (
            f"The point lies {where}: p of {which} is exactly 0, because {precision} has no positive number "
            f"below {format_number(np.finfo(precision).smallest_subnormal)}; in exact arithmetic it would be positive."
        )
    if p.max() == 1 and len(zeros) < 2:
        place += f" That of class {p.argmax()} was rounded to 1; on paper it is less."
    return place


def _triangle(p: Array) -> Panel:
    """Show the probabilities as a point, to be dragged."""
    x, y = p @ CORNERS
    grid_x, grid_y = with_gaps(GRID_LINES)
    return Panel(
        "each corner: that class for sure",
        [
            Line("", grid_y, grid_x, color="faint", width=1),
            Line("", OUTLINE[:, 1], OUTLINE[:, 0], color="axis", width=1.5),
            *_tracks(p),
            *(Text(f"class {i}", *CORNERS[i], anchor="middle", dy=DOWN[i]) for i in range(3)),
            handle(
                "height in the triangle",
                y,
                x,
                DragTo(_logits_there, ("z",), "probabilities"),
                color="probabilities",
                size=15,
            ),
        ],
        x=Axis("place in the triangle", -0.12, 1.12),
        y=Axis(low=-0.1, high=0.94),
        equal=True,
        frame="none",
        weight=2,
    )


def _tracks(p: Array) -> list[Line]:
    """Draw where the point goes while one logit changes.

    With the others fixed, their ratio is fixed: it moves on a straight line through a corner.
    """
    feet = np.where(np.eye(3, dtype=bool), 0.0, p)
    totals = feet.sum(axis=1)
    ends = [np.array([CORNERS[i], feet[i] / totals[i] @ CORNERS]) for i in range(3) if totals[i] > 0]
    return [Line("", end[:, 1], end[:, 0], color="logits", width=1.5, dash="dashed") for end in ends]


def _logits_there(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Find logits whose point lies at a place, as near as the sliders reach: their mean stays."""
    p = np.linalg.solve(np.vstack([CORNERS.T, np.ones(3)]), [x, y, 1.0])
    log_p = np.log(np.maximum(p, 1e-9))
    z = log_p - log_p.mean() + np.mean(state["z"])
    return {"z": tuple(np.clip(z, -20, 20).tolist())}


simplex_demo = Demo(
    simplex,
    (
        logit_sliders(20, (1, 0, -1)),
        Choice("precision", "Precision of p", options=("float16", "float32", "float64"), initial="float64"),
    ),
    title="All probabilities of three classes in one triangle.",
    look_for="Drag the point, then one logit: along which line does it travel? Can it touch an edge?",
    presets={
        "All equal": {"z": (0, 0, 0)},
        "Far ahead": {"z": (20, 0, 0)},
        "Far behind": {"z": (-20, 0, 0)},
        "Far behind, in float16": {"z": (-20, 0, 0), "precision": "float16"},
        "Far ahead, in float16": {"z": (20, 0, 0), "precision": "float16"},
    },
)
