"""Section "An arrangement of lines": what one hidden layer leaves of the plane."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.linear_regions.networks import SEED
from course_utils.lessons.region_maps import boundary_lines, layer_key, square_window, tinted
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions, zaslavsky_count
from course_utils.teaching import (
    Check,
    Contract,
    Demo,
    Exercise,
    Given,
    Integer,
    Mistake,
    Pick,
    Question,
    Vector,
)
from course_utils.teaching.pictures import DragTo, Panel, Picture, Points, Table, Text

HALF = 5.0


def arrangement(lines: int, second: int, seed: int, shift: tuple[float, ...]) -> Picture:
    """Show the lines of a first layer, and what a second layer adds to them."""
    drawn = MLP.random([2, lines, second, 1] if second else [2, lines, 1], seed)
    moved = np.zeros(lines)
    moved[: len(shift)] = shift[:lines]
    bias = drawn.biases[0] - moved * np.linalg.norm(drawn.weights[0], axis=1)
    full = MLP(drawn.weights, [bias, *drawn.biases[1:]])
    window = (-HALF, HALF, -HALF, HALF)
    first = activation_regions(MLP([full.weights[0], np.ones((1, lines))], [bias, [0.0]]), window)
    both = activation_regions(full, window) if second else first
    patterns = ["".join(map(str, row)) for row in first.activation_patterns.astype(int).tolist()]
    largest = np.argsort(-first.areas, kind="stable")[:22]
    most = zaslavsky_count(lines)
    parts = "part" if len(first) == 1 else "parts"
    said = f"{lines} {'line cuts' if lines == 1 else 'lines cut'} this window into {len(first)} {parts}."
    plane = (
        "No more are possible, even in the whole plane."
        if len(first) == most
        else f"In the whole plane there are {most}: no two lines are parallel, and no three meet in one point."
    )
    later = (
        f"With a second layer of {second} {'unit' if second == 1 else 'units'} there are {len(both)}, "
        "and its boundaries bend where they cross a line."
        if second
        else ""
    )
    return Picture(
        [_map(full, first, both, patterns)],
        f"{said} {plane} {later}".rstrip(),
        table=Table(
            "The largest parts of the window, and which units are active there (1) or not (0)"
            if len(first) > 22
            else "The parts of the window, and which units are active there (1) or not (0)",
            {"pattern": [patterns[i] for i in largest], "area": first.areas[largest]},
            {
                "lines": lines,
                "parts in the window": len(first),
                "parts in the whole plane": most,
                "parts with the second layer": len(both),
            },
        ),
        height=420,
    )


def _map(full: MLP, first: ActivationRegions, both: ActivationRegions, patterns: list[str]) -> Panel:
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
        f"{count} {'line' if count == 1 else 'lines'}: {len(both)} parts of the window",
        [
            tinted(both),
            *boundary_lines(both),
            *texts,
            Points("x1 of the handles", held[:, 1], held[:, 0], color="ink", size=11, drags=drags),
            *layer_key(len(full.widths) - 2),
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
    look_for="Cross one line: how many digits change? Drag lines: how many parts can you make?",
    presets={
        "Six lines": {"lines": 6},
        "A second layer bends": {"lines": 4, "second": 3},
        "Twenty lines": {"lines": 20},
        "Ten and ten": {"lines": 10, "second": 10},
    },
)

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
)


def count_regions(W, b, half):
    corners = half * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    z = corners @ W.T + b
    meets = np.flatnonzero((z.min(axis=0) < 0) & (z.max(axis=0) > 0))
    crossings = 0
    for i in meets:
        for j in meets[meets > i]:
            x = np.linalg.solve(W[[i, j]], -b[[i, j]])
            crossings += int(np.all(np.abs(x) < half))
    return 1 + len(meets) + crossings


def _crossings(W, b, half):
    pairs = [(i, j) for i in range(len(b)) for j in range(i)]
    places = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in pairs]
    return sum(bool(np.all(np.abs(x) < half)) for x in places)


def _meeting(W, b, half):
    return sum(bool(abs(c) < half * np.abs(row).sum()) for row, c in zip(W, b, strict=True))


def _near_crossings(W, b, half):
    pairs = [(i, j) for i in range(len(b)) for j in range(i)]
    places = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in pairs]
    return sum(bool(np.linalg.norm(x) < half) for x in places)


def _crossings_in_a_strip(W, b, half):
    pairs = [(i, j) for i in range(len(b)) for j in range(i)]
    places = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in pairs]
    return sum(bool(abs(x[0]) < half) for x in places)


def _first_layer(units: int, seed: int, scale: float = 1.0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return np.round(rng.uniform(-1, 1, (units, 2)), 3), np.round(scale * rng.uniform(-1, 1, units), 3)


def any_lines(pick: Pick) -> Given:
    while True:
        n, half = pick.whole(1, 8), pick.number(0.1, 100, 1.0, 3.0, log=True)
        W = np.round(pick.random.uniform(-1, 1, (n, 2)), 2)
        b = np.round(pick.one_of(0.3, 1.0, 3.0) * half * pick.random.uniform(-1, 1, n), 2)
        if _in_general_position(W, b, half):
            return W, b, half


def _in_general_position(W: Array, b: Array, half: float) -> bool:
    """Tell whether lines keep away from the contract's exceptions by more than rounding."""
    corners = half * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    near = 1e-6 * half
    if (np.abs(W).sum(axis=1) < 0.05).any() or (np.abs(corners @ W.T + b) < near).any():
        return False
    for i, j in combinations(range(len(b)), 2):
        if abs(np.linalg.det(W[[i, j]])) < 1e-3:
            return False
        x = np.linalg.solve(W[[i, j]], -b[[i, j]])
        others = np.delete(W, [i, j], axis=0) @ x + np.delete(b, [i, j])
        if (np.abs(np.abs(x) - half) < near).any() or (np.abs(others) < near).any():
            return False
    return True


regions_exercise = Exercise(
    "Write `count_regions(W, b, half)`: the exact number of regions of one hidden layer in the window [−half, half]².",
    Contract(
        "`W` has shape (units, 2) and `b` shape (units,); the line of unit i is W[i] @ x + b[i] = 0. No row of `W` is zero, no two lines are "
        "parallel, no three meet in one point, no line passes through a corner of the window, and no crossing lies on its edge. `half` is a positive number. "
        "Return a whole number.",
        inputs=any_lines,
        count=80,
    ),
    count_regions,
    [
        Check("four lines, a wide window", (*_first_layer(4, 1), 50.0)),
        Check("four lines, a narrow window", (*_first_layer(4, 1), 0.5)),
        Check("twenty lines", (*_first_layer(20, 2), 3.0)),
        Check("twenty lines, a window that some lines miss", (*_first_layer(20, 3, scale=5), 2.0)),
        Check("one line through the window", (np.array([[1.0, 2.0]]), np.array([0.5]), 1.0)),
        Check("one line that misses it", (np.array([[1.0, 2.0]]), np.array([5.0]), 1.0)),
        Check(
            "a crossing in a corner of the square, outside the circle",
            (np.array([[1.0, 0.1], [0.1, 1.0]]), np.array([-0.95, -0.95]), 1.0),
        ),
        Check(
            "two lines that cross outside", (np.array([[1.0, 0.1], [-1.0, 0.1]]), np.array([0.5, 0.5]), 1.0)
        ),
        Check(
            "a line that cuts off one corner",
            (np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([-1.5, 0.1]), 1.0),
        ),
    ],
    [
        Mistake(
            lambda W, b, half: 1 + len(b) + len(b) * (len(b) - 1) // 2,
            "this is the count in the whole plane. In a window only the crossings *inside* count, and only the lines that meet it.",
        ),
        Mistake(
            lambda W, b, half: 1 + len(b) + _crossings(W, b, half),
            "you count all lines. One that passes outside the window cuts nothing in it.",
        ),
        Mistake(
            lambda W, b, half: _meeting(W, b, half) + _crossings(W, b, half),
            "the 1 is missing: with no line at all there is one region.",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half) + 2 * _crossings(W, b, half),
            "every crossing is counted twice, once as (i, j) and once as (j, i).",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half),
            "the crossings are missing. A line adds one region when it enters, and one more at each line it crosses inside.",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half) + _crossings_in_a_strip(W, b, half),
            "you look at x0 of a crossing only. Both coordinates must lie in the window.",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half) + _near_crossings(W, b, half),
            "you measure the distance from the origin: that is a round window. This one is a square.",
        ),
        Mistake(
            lambda W, b, half: 2 ** _meeting(W, b, half),
            "this counts all on/off patterns of the lines that meet the window. Most of them occur nowhere.",
        ),
        Mistake(
            lambda W, b, half: 1 + int((np.abs(b) < half).sum()) + _crossings(W, b, half),
            "you compare |b| with the window. How far a line passes from the origin depends on its weights as well: "
            "look at the signs at the four corners.",
        ),
    ],
    [
        "Add the lines one at a time. When a new line enters the window, how many regions does it cut in two?",
        "1 + (lines that meet the window) + (crossings inside the window)",
        "A line meets the window if W[i] @ corner + b[i] has both signs among the four corners; `np.linalg.solve(W[[i, j]], -b[[i, j]])` is the crossing of lines i and j.",
    ],
    payoff="You can now count the regions of a hidden layer exactly, without a grid.",
)
