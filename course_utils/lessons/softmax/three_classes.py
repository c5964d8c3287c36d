"""All probabilities of three classes: a point in a triangle."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.softmax.classes import Z3, class_names
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Picture, Question, Table, Vector, look
from course_utils.teaching.drawing import bars
from course_utils.teaching.text import format_list, format_number

zero_question = Question(
    "Can *finite* logits give a probability of exactly 0?",
    [
        "Yes, if a logit is negative enough.",
        "Not in exact arithmetic, but in floating-point numbers they can.",
        "No, never: e^z is always positive.",
    ],
    "B",
    [
        "of the picture, where the point seems to reach the edge. e^z is positive for every real z.",
        "In the real numbers e^z > 0 for every z. A floating-point format has a smallest positive number; "
        "what is below half of it is rounded to 0.",
        "of the real numbers, where that is true. Set the precision to float16 in the demo and try again.",
    ],
)

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])


def simplex(z: tuple[float, ...], precision: str) -> Picture:
    """Show three probabilities as a point in a triangle, and where it goes when one logit changes."""
    p = softmax(np.array(z, dtype=precision)).astype(np.float64)
    x, y = p @ CORNERS
    # With the others fixed, their ratio is fixed: the point moves on a straight line through a corner.
    feet = np.where(np.eye(3, dtype=bool), 0.0, p)
    totals = feet.sum(axis=1)
    lines = [(CORNERS[i], feet[i] / totals[i] @ CORNERS, [np.nan] * 2) for i in range(3) if totals[i] > 0]
    tracks = np.array(lines).reshape(-1, 2)

    figure, (left, right) = look.panels(2, left=24, gap=84)
    outline = CORNERS[[0, 1, 2, 0]]
    left.plot(*outline.T, color=look.OUTLINE, gid="guide")
    for weight in (0.25, 0.5, 0.75):
        for i in range(3):
            one, two = CORNERS[(i + 1) % 3], CORNERS[(i + 2) % 3]
            ends = weight * CORNERS[i] + (1 - weight) * np.array([one, two])
            left.plot(*ends.T, color="#dddddd", linewidth=1, gid="guide")
    left.plot(*tracks.T, "--", color=look.LOGITS, linewidth=1.5, gid="track x | track y")
    left.plot(
        [x], [y], "o", color=look.PROBABILITIES, markeredgecolor=look.OUTLINE, markersize=13, gid="x | y"
    )
    for i, corner in enumerate(CORNERS):
        left.text(corner[0], corner[1] + (-0.13, -0.13, 0.06)[i], f"class {i}", ha="center")
    left.set_xlim(-0.18, 1.18)
    left.set_ylim(-0.15, 1.0)
    left.set_aspect("equal")
    left.set_axis_off()
    left.set_title("each corner: that class for sure")
    bars(right, p, "p", look.PROBABILITIES, f"p in {precision}")
    right.set_ylim(0, 1.05)

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
    return Picture(
        figure,
        f"p = {format_list(p)}. {place}",
        Table(
            f"Logits and probabilities in {precision}",
            {"": class_names(3), "class": np.arange(3), "z": np.array(z), "p": p},
            {
                "smallest positive number": float(np.finfo(precision).smallest_subnormal),
                "sum of p": p.sum(),
            },
        ),
        {"x": np.array([x]), "y": np.array([y]), "track x": tracks[:, 0], "track y": tracks[:, 1]},
    )


simplex_demo = Demo(
    simplex,
    (
        Vector("z", "Logits z", entries=Z3, low=-20, high=20, initial=(1, 0, -1), step=0.1),
        Choice("precision", "Precision of p", options=("float16", "float32", "float64"), initial="float64"),
    ),
    title="All probabilities of three classes in one triangle.",
    look_for="Move one logit: along which line does the point travel? Can you make it touch an edge?",
    presets={
        "All equal": {"z": (0, 0, 0)},
        "Far ahead": {"z": (20, 0, 0)},
        "Far behind": {"z": (-20, 0, 0)},
        "Far behind, in float16": {"z": (-20, 0, 0), "precision": "float16"},
        "Far ahead, in float16": {"z": (20, 0, 0), "precision": "float16"},
    },
)
