"""Section "Three hinges": a network of one number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.handles import handle
from course_utils.lessons.linear_regions.pieces import Piece, linear_pieces
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Demo, Question, Vector
from course_utils.teaching.pictures import Axis, DragTo, Line, Panel, Picture, Points, Rule, Table, Text
from course_utils.teaching.text import format_list, format_number
from course_utils.words import counted

REACH = 1.2  # how far from its hinge a unit is taken hold of, at most, ...
LAST = 3.8  # ... and nowhere beyond
NAMES = ("unit 0", "unit 1", "unit 2")
STYLES: tuple[dict[str, Any], ...] = (
    {"color": "layer2", "dash": "dashed"},
    {"color": "layer3", "dash": "dotted"},
    {"color": "layer4", "dash": "dashed", "width": 1.5},
)


def three_hinges(w: tuple[float, ...], b: tuple[float, ...], a: tuple[float, ...]) -> Picture:
    """Show a0·relu(w0·x + b0) and so on, their sum, and the slope of each piece of the sum."""
    net = MLP([np.array(w)[:, None], np.array(a)[None, :]], [b, [0.0]])
    pieces = [
        piece._replace(slope=clean(piece.slope), intercept=clean(piece.intercept))
        for piece in linear_pieces(net)
    ]
    count = len(pieces)
    said = (
        f"The sum has {counted(count, 'piece, with slope', 'pieces, with slopes')} "
        f"{format_list([p.slope for p in pieces])}."
    )
    bends = count - 1
    if bends == 3:
        why = "Each unit bends it once, at x = −b/w."
    else:
        why = f"It bends {('nowhere', 'once', 'twice')[bends]}: {_bends_missing(w, b, a)}."
    hinges = np.array([-b[i] / w[i] if w[i] else np.nan for i in range(3)])
    why += _beyond(hinges, a, [piece.high for piece in pieces[:-1]])
    seen = [piece for piece in pieces if piece.high > -4 and piece.low < 4]
    return Picture(
        [[_graph(net, hinges)], [_slopes(seen, hinges)]],
        f"{said} {why}",
        table=Table(
            "Linear pieces of the sum, from left to right",
            {
                "piece": np.arange(count),
                "from": [_end(piece.low) for piece in pieces],
                "to": [_end(piece.high) for piece in pieces],
                "slope": [piece.slope for piece in pieces],
                "intercept": [piece.intercept for piece in pieces],
            },
            {
                "pieces": count,
                "number of the last unit": len(NAMES) - 1,
                **{f"hinge of {name}": float(at) for name, at in zip(NAMES, hinges, strict=True) if at == at},
            },
        ),
        height=(280, 138),
    )


def _graph(net: MLP, hinges: Array) -> Panel:
    w, b, a = net.weights[0][:, 0], net.biases[0], net.weights[1][0]
    # Straight from bend to bend: the ends of the window and the places of the hinges are enough.
    x = np.sort([-4.0, 4.0, *np.clip(np.nan_to_num(hinges), -4, 4)])
    units = a[:, None] * np.maximum(np.outer(w, x) + b[:, None], 0.0)
    return Panel(
        "three units and their sum: drag the hinges ● and the slopes ■",
        [
            *(
                Line(name, y, x, label=name, **style)
                for name, y, style in zip(NAMES, units, STYLES, strict=True)
            ),
            Line("sum", net.forward(x[:, None])[:, 0], x, color="ink", width=3.5, label="sum"),
            *(
                mark
                for unit in np.flatnonzero(w).tolist()
                for mark in _handles(unit, w[unit], hinges[unit], a[unit])
            ),
        ],
        x=Axis("*x*", -4, 4, ticks=range(-4, 5, 2)),
        y=Axis("", -6, 6, ticks=(-5, 0, 5), zero=True),
    )


def _handles(unit: int, w: float, hinge: float, a: float) -> list[Points]:
    color = STYLES[unit]["color"]
    # In sight also where the hinge is at an edge.
    at = float(np.clip(hinge + REACH * np.sign(w), -LAST, LAST))
    return [
        handle(
            "", 0, hinge, DragTo(partial(_move_hinge, unit), ("b",), f"hinge of {NAMES[unit]}"), color=color
        ),
        handle(
            "",
            a * max(w * (at - hinge), 0.0),
            at,
            DragTo(partial(_turn, unit), ("w", "b", "a"), f"slope of {NAMES[unit]}"),
            color=color,
            shape="square",
            size=12,
        ),
    ]


def _slopes(pieces: list[Piece], hinges: Array) -> Panel:
    ends = [max(piece.low, -4.0) for piece in pieces] + [4.0]
    slopes = [piece.slope for piece in pieces]
    values = [
        _written(slope, (low + high) / 2)
        for slope, (low, high) in zip(slopes, pairwise(ends), strict=True)
        if high - low > 0.6
    ]
    return Panel(
        "slope of the sum",
        [
            *(Rule("", at, width=1, dash="dotted") for at in hinges[np.abs(hinges) < 4].tolist()),
            Line(
                "slope there",
                np.repeat(slopes, 2),
                np.repeat(ends, 2)[1:-1],
                color="ink",
                width=3,
                label="slope",
            ),
            *values,
        ],
        x=Axis("", -4, 4, ticks=range(-4, 5, 2)),
        y=Axis("", -SLOPE_TOP, SLOPE_TOP, ticks=(-5, 0, 5), zero=True),
    )


def _written(slope: float, middle: float) -> Text:
    """Write a slope above its step, or below where it would cover the line at 0 or leave the panel."""
    if abs(slope) > SLOPE_TOP:
        edge = SLOPE_TOP - 1.5 if slope > 0 else 0.5 - SLOPE_TOP
        return Text(f"{format_number(slope)} {'↑' if slope > 0 else '↓'}", middle, edge, anchor="middle")
    below = -4 < slope < 0 or slope > 4
    return Text(format_number(slope), middle, slope, anchor="middle", dy=16 if below else -6)


SLOPE_TOP = 6


def _move_hinge(unit: int, x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Move where a unit switches: its bias is −w·x there."""
    return {"b": _with(state["b"], unit, np.clip(-state["w"][unit] * x, -3, 3))}


def _turn(unit: int, x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Give a unit the slope that takes it through (x, y); beyond its hinge the other side becomes the flat one."""
    w, b = state["w"][unit], state["b"][unit]
    away = x + b / w
    flip = -1 if away * w < 0 else 1
    steep = np.clip(y / max(abs(away), 0.2) / abs(w), -2, 2)
    return {
        "w": _with(state["w"], unit, flip * w),
        "b": _with(state["b"], unit, flip * b),
        "a": _with(state["a"], unit, steep),
    }


def _with(values: tuple[float, ...], index: int, value: float) -> tuple[float, ...]:
    """Return the numbers with another one at this place, in hundredths."""
    return tuple(round(float(value), 2) if i == index else old for i, old in enumerate(values))


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
            names = format_list([NAMES[i] for i in units])
            reasons.append(f"{names} {'cancel each other' if cancel else 'bend it'} at one place")
    return "; ".join(reasons)


def _beyond(hinges: Array, weights: Sequence[float], bends: Sequence[float]) -> str:
    """Say which units with a weight bend the sum where the picture does not show it.

    Examples
    --------
    >>> _beyond(np.array([-30.0, 0.5, np.nan]), (1, 1, 1), [-30.0, 0.5])
    ' The picture does not reach beyond the hinge of unit 0, at x = −30.'
    >>> _beyond(np.array([-30.0, 0.5, 4.0]), (1, 1, 1), [-30.0, 0.5, 4.0])
    ' The picture does not reach beyond the hinges of unit 0 and unit 2, at x = −30 and 4.'
    >>> _beyond(np.array([7.0, 0.5, 7.0]), (1, 1, 1), [0.5, 7.0])
    ' The picture does not reach beyond the hinges of unit 0 and unit 2, at x = 7.'
    >>> _beyond(np.array([-30.0, 0.5, -30.0]), (1, 1, 1), [0.5])  # they cancel each other
    ''
    >>> _beyond(np.array([5.0, 5.0, 0.0]), (1, 0, 1), [0.0, 5.0])  # of these, one bends nothing
    ' The picture does not reach beyond the hinge of unit 0, at x = 5.'
    """
    far = [
        i
        for i, at in enumerate(hinges.tolist())
        if weights[i] and abs(at) >= 4 and np.isclose(at, bends, atol=0).any()
    ]
    if not far:
        return ""
    named = format_list([NAMES[i] for i in far])
    of = f"hinge{'s' * (len(far) > 1)} of {named}"
    places = dict.fromkeys(hinges[far].round(9).tolist())
    return f" The picture does not reach beyond the {of}, at x = {format_list(places)}."


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
    look_for="Drag the hinges and count the steps below: what can make two of them one?",
    presets={
        "One hinge silenced": {"a": (1, 1, 0)},
        "Two hinges at one place": {"w": (1, -1, 1.5), "b": (1, 0.5, 1.5)},
        "They cancel: a straight line": {"w": (1, -1, 0), "b": (1, -1, 0), "a": (1, -1, 0)},
        "A tent": {"w": (1, 1, 1), "b": (1, 0, -1), "a": (1, -2, 1)},
    },
)

pieces_question = Question(
    "A network takes one number x, has one hidden layer of three ReLU units, and one output. "
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
    expected=[30, 45, 10, 15],
)
