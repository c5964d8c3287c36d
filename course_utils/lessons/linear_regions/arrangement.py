"""Section "An arrangement of lines": lines that are dragged, what they leave of the plane, and what a second layer adds."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.linear_regions.networks import SEED
from course_utils.lessons.region_maps import boundary_lines, square_window, tinted, window_around
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions, zaslavsky_count
from course_utils.teaching import Demo, Integer, Question, Vector
from course_utils.teaching.pictures import DragTo, Panel, Picture, Points, Table, Text
from course_utils.words import counted

lines_question = Question(
    "Four straight lines are drawn across the plane. Into how many parts can they cut it at most?",
    ["5", "8", "11", "16"],
    "C",
    [
        "of parallel lines, where each adds one part. A line that crosses others adds a part for each of them as well.",
        "of lines through one point: each adds two parts. Move them apart and small triangles appear in the middle.",
        "The fourth line crosses the three others, so it passes through four parts and cuts each in two: 7 + 4.",
        "of all on/off patterns of four units, of which there are 16. The plane has room for only 11 of them.",
    ],
    expected=[5, 25, 40, 30],
)

HALF = 5.0


def arrangement(lines: int, second: int, seed: int, shift: tuple[float, ...]) -> Picture:
    """Show the lines of a first layer, and what a second layer adds to them."""
    drawn = MLP.random([2, lines, second, 1] if second else [2, lines, 1], seed)
    moved = np.zeros(lines)
    moved[: len(shift)] = shift[:lines]
    bias = drawn.biases[0] - moved * np.linalg.norm(drawn.weights[0], axis=1)
    full = MLP(drawn.weights, [bias, *drawn.biases[1:]])
    window = window_around(HALF)
    first = activation_regions(MLP([full.weights[0], np.ones((1, lines))], [bias, [0.0]]), window)
    both = activation_regions(full, window) if second else first
    patterns = ["".join(map(str, row)) for row in first.activation_patterns.astype(int).tolist()]
    largest = np.argsort(-first.areas, kind="stable")[:22]
    most = zaslavsky_count(lines)
    crossing = int((np.abs(bias) < HALF * np.abs(full.weights[0]).sum(axis=1)).sum())
    plane = (
        "No more are possible, even in the whole plane."
        if len(first) == most
        else "It cuts the whole plane into 2 parts."
        if lines == 1
        else f"In the whole plane there are {most}: no two lines are parallel, and no three meet in one point."
    )
    return Picture(
        [_map(full, second, first, both, patterns)],
        f"{_cut(lines, crossing, len(first))} {plane}{_bent(second, len(first), len(both), _crosses(both, lines))}",
        table=Table(
            "The largest parts of the window, and which units are active there (1) or not (0)"
            if len(first) > 22
            else "The parts of the window, and which units are active there (1) or not (0)",
            {"pattern": [patterns[i] for i in largest], "area": first.areas[largest]},
            {
                "lines": lines,
                "lines that cross the window": crossing,
                "parts in the window": len(first),
                "parts in the whole plane": most,
                "parts with the second layer": len(both),
            },
        ),
        height=400,
    )


def _cut(lines: int, crossing: int, parts: int) -> str:
    """Say into what the window is cut, and whether all lines cut it.

    Examples
    --------
    >>> _cut(4, 4, 9)
    '4 lines cut this window into 9 parts.'
    >>> _cut(4, 1, 2)
    '1 of the 4 lines cuts this window, into 2 parts.'
    >>> _cut(4, 0, 1)
    'None of the 4 lines cuts this window: it is 1 part.'
    """
    if lines == 1:
        return f"1 line cuts this window into {parts} parts." if crossing else "The line misses this window."
    if crossing == lines:
        return f"{lines} lines cut this window into {parts} parts."
    if crossing == 0:
        return f"None of the {lines} lines cuts this window: it is 1 part."
    return f"{crossing} of the {lines} lines {'cuts' if crossing == 1 else 'cut'} this window, into {parts} parts."


def _crosses(regions: ActivationRegions, lines: int) -> bool:
    """Tell whether in the window a boundary of the second layer meets a line of the first."""
    pieces, units = regions.boundaries()  # pieces that meet share their end exactly
    one, other = (
        {tuple(end) for end in pieces[part].reshape(-1, 2)} for part in (units < lines, units >= lines)
    )
    return not one.isdisjoint(other)


def _bent(second: int, before: int, parts: int, crosses: bool) -> str:
    """Say what a second layer adds to the parts of a window.

    Examples
    --------
    >>> _bent(3, 9, 20, True)
    ' With a second layer of 3 units there are 20 in the window; the new boundaries bend where they cross a line.'
    >>> _bent(3, 2, 3, False)
    ' With a second layer of 3 units there are 3 in the window; the new boundaries cross no line here.'
    >>> _bent(1, 22, 24, True)
    ' With a second layer of 1 unit there are 24 in the window; the new boundary bends where it crosses a line.'
    >>> _bent(1, 9, 9, False)
    ' With a second layer of 1 unit there are still 9 in the window: the new boundary does not enter it.'
    >>> _bent(3, 1, 1, False)
    ' With a second layer of 3 units there is still 1 in the window: none of the new boundaries enters it.'
    >>> _bent(0, 9, 9, False)
    ''
    """
    if second == 0:
        return ""
    layer = f" With a second layer of {counted(second, 'unit')} there {'is' if parts == 1 else 'are'}"
    if parts == before:  # a boundary that enters the window cuts a part of it in two
        none = "the new boundary does not enter" if second == 1 else "none of the new boundaries enters"
        return f"{layer} still {parts} in the window: {none} it."
    if second == 1:
        bends = "boundary bends where it crosses a line" if crosses else "boundary crosses no line here"
    else:
        bends = "boundaries bend where they cross a line" if crosses else "boundaries cross no line here"
    return f"{layer} {parts} in the window; the new {bends}."


def _title(lines: int, second: int, parts: int) -> str:
    """Say what cuts the window, and into how many parts: in one line, or the panel would jump.

    Examples
    --------
    >>> _title(4, 0, 9), _title(1, 10, 5)
    ('4 lines: 9 parts of the window', '1 line, 10 units behind: 5 parts')
    """
    if second == 0:
        return f"{counted(lines, 'line')}: {counted(parts, 'part')} of the window"
    return f"{counted(lines, 'line')}, {counted(second, 'unit')} behind: {counted(parts, 'part')}"


def _map(
    full: MLP, second: int, first: ActivationRegions, both: ActivationRegions, patterns: list[str]
) -> Panel:
    count = len(full.biases[0])
    texts = []
    if count <= 6 and first is both:
        polygons = np.split(first.polygons, first.offsets[1:-1])
        middles = [polygon.mean(axis=0) for polygon in polygons]
        texts = [
            Text(pattern, *middle, anchor="middle", dy=4, halo=False)
            for polygon, middle, pattern in zip(polygons, middles, patterns, strict=True)
            if _fits(polygon, middle, len(pattern))
        ]
    # Each line is taken where it crosses a circle, apart from the others; beyond it, at its nearest place.
    w, b = full.weights[0][:HELD], full.biases[0][:HELD]
    normal = w / np.linalg.norm(w, axis=1, keepdims=True)
    away = -b / np.linalg.norm(w, axis=1)
    along = np.sqrt(np.maximum(0, HANDLES**2 - away**2))
    held = away[:, None] * normal + along[:, None] * normal[:, ::-1] * [1, -1]
    drags = DragTo(_shifted, ("shift",), "line")
    return Panel(
        _title(count, second, len(both)),
        [
            tinted(both),
            *boundary_lines(both),
            *texts,
            Points("x1 of the handles", held[:, 1], held[:, 0], color="ink", size=11, drags=drags),
        ],
        **square_window(HALF),
    )


HELD = 4  # lines that can be dragged
HANDLES = 3.5  # from the center to where they are taken


def _shifted(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Shift a line, at right angles to itself, to pass through (x, y)."""
    drawn = MLP.random([2, state["lines"], 1], state["seed"])
    w, b = drawn.weights[0][index], drawn.biases[0][index]
    moved = round(float(np.clip((w @ [x, y] + b) / np.linalg.norm(w), -10, 10)), 2)
    return {"shift": tuple(moved if i == index else old for i, old in enumerate(state["shift"]))}


def _fits(polygon: Array, middle: Array, letters: int) -> bool:
    """Tell whether a label of so many letters around the middle lies inside a convex polygon."""
    reach = np.array([0.17 * letters + 0.1, 0.33]) * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    edges = np.roll(polygon, -1, axis=0) - polygon
    offsets = (middle + reach)[:, None, :] - polygon
    return bool((edges[:, 0] * offsets[..., 1] - edges[:, 1] * offsets[..., 0] > 0).all())


arrangement_demo = Demo(
    arrangement,
    (
        Integer("lines", "Units in the first layer", low=1, high=20, initial=4),
        Integer("second", "Units in the second layer", low=0, high=10, initial=0),
        SEED,
        Vector(
            "shift",
            "Shift of the lines",
            entries=tuple(f"line {i}" for i in range(HELD)),
            low=-10,
            high=10,
            initial=(0,) * HELD,
            step=0.1,
        ),
    ),
    title="An arrangement of lines.",
    look_for="Drag the lines: how many parts can you make?",
    presets={
        "Six lines": {"lines": 6},
        "A second layer bends": {"lines": 4, "second": 3},
        "Twenty lines": {"lines": 20},
        "Ten and ten": {"lines": 10, "second": 10},
    },
)
