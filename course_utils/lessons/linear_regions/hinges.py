"""Section "Three hinges": a network of one number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.lessons.linear_regions.pieces import linear_pieces
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Demo, Picture, Question, Table, Vector, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_list, format_number

HINGE_X = np.linspace(-4, 4, 161)
HINGE_NAMES = ("unit 0", "unit 1", "unit 2")


def three_hinges(w: tuple[float, ...], b: tuple[float, ...], a: tuple[float, ...]) -> Picture:
    """Show a1·relu(w1·x + b1) and so on, their sum, and the slope of each piece of the sum."""
    net = MLP([np.array(w)[:, None], np.array(a)[None, :]], [b, [0.0]])
    pieces = linear_pieces(net)
    hinges = np.array(a)[:, None] * np.maximum(np.outer(w, HINGE_X) + np.array(b)[:, None], 0.0)
    total = net.forward(HINGE_X[:, None])[:, 0]
    ends = [max(piece.low, -4.0) for piece in pieces if piece.high > -4 and piece.low < 4] + [4.0]
    slopes = np.array([piece.slope for piece in pieces if piece.high > -4 and piece.low < 4])

    figure, (left, right) = look.panels(2, left=56, gap=60, height=340)
    for values, name, style, dash in zip(
        hinges, HINGE_NAMES, look.CLASSES[::3] + look.CLASSES[1:2], ("--", ":", "-."), strict=True
    ):
        left.plot(HINGE_X, values, dash, color=style.color, label=name, gid=f"x | {name}")
    left.plot(HINGE_X, total, color=look.BLACK, linewidth=2.5, label="sum", gid="x | sum")
    steps_x, steps = np.repeat(ends, 2)[1:-1], np.repeat(slopes, 2)
    right.plot(steps_x, steps, color=look.BLACK, linewidth=2.5, gid="end x | slope there")
    for axes, values, title in (
        (left, [total, *hinges], "three hinges and their sum"),
        (right, [slopes], "slope of the sum"),
    ):
        limit = next(n for n in (2, 4, 8, 16, 32, 64) if n >= np.abs(np.concatenate(values)).max())
        # Above the curves is room for the legend.
        axes.set(xlim=(-4, 4), ylim=(-limit * 1.08, limit * (1.7 if axes is left else 1.08)), xlabel="x")
        axes.set_yticks(np.linspace(-limit, limit, 5))
        titled(axes, title)
    left.legend(loc="upper center", ncols=2, handlelength=1.8, columnspacing=1, borderpad=0.2, framealpha=0.9)

    count = len(pieces)
    said = f"The sum has {count} {'piece' if count == 1 else 'pieces'}, with {'slope' if count == 1 else 'slopes'} {format_list([p.slope for p in pieces])}."
    bends = count - 1
    if bends == 3:
        why = "Each unit bends it once, at x = −b/w."
    else:
        why = f"It bends {('nowhere', 'once', 'twice')[bends]}: {_bends_missing(w, b, a)}."
    return Picture(
        figure,
        f"{said} {why}",
        Table(
            "Linear pieces of the sum, from left to right",
            {
                "piece": np.arange(count),
                "from": [_end(piece.low) for piece in pieces],
                "to": [_end(piece.high) for piece in pieces],
                "slope": [piece.slope for piece in pieces],
                "intercept": [piece.intercept for piece in pieces],
            },
            {"pieces": count},
        ),
        {
            "x": HINGE_X,
            "sum": total,
            **dict(zip(HINGE_NAMES, hinges, strict=True)),
            "end x": steps_x,
            "slope there": steps,
        },
    )


def _bends_missing(w: Sequence[float], b: Sequence[float], a: Sequence[float]) -> str:
    """Say which units bend nothing, and which bend the sum at one place."""
    reasons, together = [], dict[float, list[int]]()
    for unit in range(3):
        if w[unit] == 0 or a[unit] == 0:
            reasons.append(f"unit {unit} has {'w' if w[unit] == 0 else 'a'} = 0")
        else:
            together.setdefault(round(-b[unit] / w[unit], 9), []).append(unit)
    for units in together.values():
        if len(units) > 1:
            cancel = abs(sum(a[i] * abs(w[i]) for i in units)) < 1e-9
            names = format_list([HINGE_NAMES[i] for i in units])
            reasons.append(f"{names} {'cancel each other' if cancel else 'bend it'} at one place")
    return "; ".join(reasons)


def _end(x: float) -> str:
    return format_number(x, 6) if np.isfinite(x) else "no end"


hinges_demo = Demo(
    three_hinges,
    (
        Vector(
            "w",
            "Weights w in front of x",
            entries=("w0", "w1", "w2"),
            low=-2,
            high=2,
            initial=(1, -1, 1.5),
            step=0.1,
        ),
        Vector("b", "Biases b", entries=("b0", "b1", "b2"), low=-3, high=3, initial=(1, 0.5, -2), step=0.1),
        Vector(
            "a",
            "Weights a of the hinges",
            entries=("a0", "a1", "a2"),
            low=-2,
            high=2,
            initial=(1, 1, -1),
            step=0.1,
        ),
    ),
    title="Three hinges.",
    look_for="Count the flat steps on the right while you move b, then w, then a: what can make two of them one?",
    presets={
        "One hinge silenced": {"a": (1, 1, 0)},
        "Two hinges at one place": {"w": (1, -1, 1.5), "b": (1, 0.5, 1.5)},
        "They cancel: a straight line": {"w": (1, -1, 0), "b": (1, -1, 0), "a": (1, -1, 0)},
        "A tent": {"w": (1, 1, 1), "b": (1, 0, -1), "a": (1, -2, 1)},
    },
)

pieces_question = Question(
    "A network takes one number x, has three hidden ReLU units and one output. "
    "How many straight pieces can its graph have at most?",
    ["3", "4", "6", "8"],
    "B",
    [
        "of one piece per unit. Each unit brings one *bend*, and three bends separate four pieces.",
        "Each hinge bends the sum at one place; three places cut the line into four pieces.",
        "of two pieces per hinge, added up. The pieces of different hinges share the same line.",
        "of the eight on/off patterns of three units. On a line only four of them can occur: walking along it, "
        "you switch each unit once at most.",
    ],
)
