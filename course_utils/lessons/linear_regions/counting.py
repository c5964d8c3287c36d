"""Section "An arrangement of lines": count what one hidden layer leaves of a window."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


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


def meeting(W, b, half):
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
        kind = pick.one_of("ordinary", "ordinary", "ordinary", "nearly parallel", "tiny")
        if kind == "nearly parallel" and n > 1:
            W[1], b[1] = W[0] + 1e-4 * W[0, ::-1] * [1, -1], b[0] + 3e-5 * half * pick.random.uniform(-1, 1)
        if kind == "tiny":  # the same lines
            W, b = 3e-5 * W, 3e-5 * b
        if _in_general_position(W, b, half):
            return W, b, half


def _in_general_position(W: Array, b: Array, half: float) -> bool:
    """Tell whether lines keep away from the contract's exceptions by more than rounding."""
    corners = half * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    near = 1e-6 * half
    length = np.linalg.norm(W, axis=1)
    if (length == 0).any():
        return False
    W, b = W / length[:, None], b / length
    if (np.abs(corners @ W.T + b) < near).any():
        return False
    for i, j in combinations(range(len(b)), 2):
        if abs(np.linalg.det(W[[i, j]])) < 3e-5:
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
            lambda W, b, half: meeting(W, b, half) + _crossings(W, b, half),
            "the 1 is missing: with no line at all there is one region.",
        ),
        Mistake(
            lambda W, b, half: 1 + meeting(W, b, half) + 2 * _crossings(W, b, half),
            "every crossing is counted twice, once as (i, j) and once as (j, i).",
        ),
        Mistake(
            lambda W, b, half: 1 + meeting(W, b, half),
            "the crossings are missing. A line adds one region when it enters, and one more at each line it crosses inside.",
        ),
        Mistake(
            lambda W, b, half: 1 + meeting(W, b, half) + _crossings_in_a_strip(W, b, half),
            "you look at x0 of a crossing only. Both coordinates must lie in the window.",
        ),
        Mistake(
            lambda W, b, half: 1 + meeting(W, b, half) + _near_crossings(W, b, half),
            "you measure the distance from the origin: that is a round window. It leaves out the crossings near the corners of this square.",
        ),
        Mistake(
            lambda W, b, half: 2 ** meeting(W, b, half),
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
