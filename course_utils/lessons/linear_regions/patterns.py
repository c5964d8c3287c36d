"""Section "Regions on a grid, and what it misses"."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.linear_regions.forward_exercise import forward_batch
from course_utils.lessons.linear_regions.networks import DEEP, NETS, WINDOWS, network, regions_within
from course_utils.lessons.linear_regions.small_networks import (
    POINTS,
    SMALL,
    SPACE,
    SQUARE,
    TALL,
    WIDE,
    any_network,
)
from course_utils.lessons.region_maps import areas, square_window
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions
from course_utils.teaching import Check, Choice, Contract, Demo, Exercise, Given, Integer, Mistake, Pick
from course_utils.teaching.pictures import Panel, Picture, Points, Table
from course_utils.teaching.text import format_number


def _codes(mlp: MLP, points: Array) -> Whole:
    """Return the activation pattern of each point as one whole number, a bit per hidden unit."""
    hidden, code, bit = points, np.zeros(points.shape[:-1]), 0
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        hidden = np.maximum(hidden @ weight.T + bias, 0.0)
        code += (hidden > 0) @ 2.0 ** np.arange(bit, bit + len(bias))
        bit += len(bias)
    return code.astype(np.intp)


@lru_cache(maxsize=32)
def _seen_by_grid(net: str, half_width: float, points: int) -> tuple[Array, npt.NDArray[np.bool_], float]:
    """Return a grid's axis, which regions it hits, and in % where np.gradient is wrong."""
    mlp = network(net)
    regions = regions_within(mlp, half_width)
    axis = np.linspace(-half_width, half_width, points)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    d1, d0 = np.gradient(mlp.forward(grid)[..., 0], axis, axis)
    code = _codes(mlp, grid)
    bits = regions.activation_patterns.shape[1]
    region_code = (regions.activation_patterns @ 2.0 ** np.arange(bits)).astype(np.intp)
    hit = np.zeros(2**bits, dtype=bool)
    hit[code] = True
    region_of = np.zeros(2**bits, dtype=np.intp)
    region_of[region_code] = np.arange(len(regions))
    true = regions.slopes[region_of[code], 0]
    error = np.abs(d0 - true[..., 0]) + np.abs(d1 - true[..., 1])
    wrong = 100 * float((error > 1e-6 * np.abs(regions.slopes).max()).mean())
    return axis, hit[region_code], round(wrong, 1)


def grid_against_exact(net: str, window: str, points: int) -> Picture:
    """Show the exact regions, and which of them no grid point hits."""
    half_width = WINDOWS[window]
    regions = regions_within(network(net), half_width)
    axis, hit, wrong = _seen_by_grid(net, half_width, points)
    seen, missed = int(hit.sum()), np.flatnonzero(~hit)
    counts = np.diff(regions.offsets)
    middles = (np.add.reduceat(regions.polygons, regions.offsets[:-1]) / counts[:, None])[missed]
    share = 100 * float(regions.areas[missed].sum()) / (2 * half_width) ** 2
    farthest = float(np.hypot(*middles.T).max(initial=0))
    where = (
        f"Those it misses cover {format_number(share)} % of the window, and their middles lie within "
        f"{format_number(farthest)} of its center. "
        if len(missed)
        else ""
    )
    return Picture(
        [_map(regions, hit, middles, axis)],
        f"A grid of {points} × {points} points sees {seen} of {len(regions)} regions. "
        f"{where}Next to a boundary np.gradient mixes two slopes: it is wrong at {format_number(wrong)} % of the points.",
        table=Table(
            f"What a grid sees of the {net} network in the window {window}",
            {"regions": ["all", "seen by the grid", "missed"], "how many": [len(regions), seen, len(missed)]},
            {
                "points per side": points,
                "points where np.gradient is wrong, in %": wrong,
                "distance of grid points": float(axis[1] - axis[0]),
                "area of the smallest region": float(regions.areas.min()),
                "share of the window that the missed regions cover, in %": share,
                "farthest of them from the center": farthest,
            },
        ),
        height=415,
    )


def _map(regions: ActivationRegions, hit: npt.NDArray[np.bool_], middles: Array, axis: Array) -> Panel:
    fill = np.where(hit, "tint2", "wrong").tolist()
    dots = np.stack(np.meshgrid(axis, axis)).reshape(2, -1) if len(axis) <= MOST_DOTS else np.empty((2, 0))
    return Panel(
        f"seen or missed by {len(axis)} × {len(axis)} points, *h* = {format_number(axis[-1])}",
        [
            areas(regions, "corner", fill=fill, edge="layer1", edge_width=0.75),
            Points("", dots[1], dots[0], color="muted", size=2.5, outline="muted"),
            Points("missed x1", middles[:, 1], middles[:, 0], color="wrong", shape="cross", size=8),
            *(
                Points("", [np.nan] * 2, [np.nan] * 2, color=color, shape=shape, label=words)
                for color, shape, words in (("right", "square", "seen"), ("wrong", "cross", "missed"))
            ),
        ],
        **square_window(float(axis[-1]), named=True),
    )


MOST_DOTS = 50  # along each side; more would hide the map


grid_demo = Demo(
    grid_against_exact,
    (
        Choice("net", "Network", options=NETS[:2]),
        Choice("window", "Window", options=tuple(WINDOWS)),
        Integer("points", "Grid points per side", low=10, high=500, initial=100),
    ),
    title="What a grid misses.",
    look_for="Raise the number of points: what stays missed to the end?",
    presets={
        "A fine grid": {"points": 500},
        "A fine grid, far out": {"points": 500, "window": "±5000"},
        "A fine grid, four layers": {"net": DEEP, "points": 500},
        "A coarse grid": {"points": 20},
    },
)


def activation_patterns(x, weights, biases):
    h, patterns = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T + b, 0)
        patterns.append(h > 0)
    return np.concatenate(patterns, axis=1).astype(int)


def _signs(x, weights, biases):
    return 2 * activation_patterns(x, weights, biases) - 1


def values_instead(x, weights, biases):
    h, values = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T + b, 0)
        values.append(h)
    return np.concatenate(values, axis=1)


def _first_layer_only(x, weights, biases):
    return (x @ weights[0].T + biases[0] > 0).astype(int)


def _last_layer_only(x, weights, biases):
    return activation_patterns(x, weights, biases)[:, -weights[-1].shape[1] :]


def _without_relu(x, weights, biases):
    h, patterns = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = h @ W.T + b
        patterns.append(h > 0)
    return np.concatenate(patterns, axis=1).astype(int)


def _with_the_output(x, weights, biases):
    last = forward_batch(x, weights, biases) > 0
    return np.concatenate([activation_patterns(x, weights, biases), last.astype(int)], axis=1)


def _counts_zero_as_active(x, weights, biases):
    h, patterns = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        z = h @ W.T + b
        patterns.append(z >= 0)
        h = np.maximum(z, 0)
    return np.concatenate(patterns, axis=1).astype(int)


def _without_biases(x, weights, biases):
    return activation_patterns(x, weights, [0 * b for b in biases])


_ON_A_LINE = (
    [np.array([[1.0, 0.0], [0.0, -1.0]]), np.array([[1.0, 1.0]])],
    [np.array([-1.0, 0.0]), np.array([0.5])],
)
_GRID = np.stack(np.meshgrid(np.linspace(-4, 4, 9), np.linspace(-4, 4, 9)), axis=-1).reshape(-1, 2) + 0.03


def any_points_and_hidden_layers(pick: Pick) -> Given:
    while True:
        halves = pick.one_of(True, False)
        x, weights, biases = any_network(pick, pick.one_of(2, 3, 4, 2), halves)
        if halves and pick.one_of(True, False):
            biases[0] = biases[0] + 2.0**-30  # a hair more than zero counts
        if halves or _nothing_near_zero(x, weights, biases):
            return x, weights, biases


def _nothing_near_zero(x: Array, weights: list[Array], biases: list[Array]) -> bool:
    """Tell whether rounding can change no sign."""
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        z = h @ W.T + b
        if (np.abs(z) < 1e-9).any():
            return False
        h = np.maximum(z, 0)
    return True


patterns_exercise = Exercise(
    "Write `activation_patterns(x, weights, biases)`: which hidden units are active at which point.",
    Contract(
        "`x` has shape (points, inputs); `weights` and `biases` are lists with one array per layer, at least two, `weights[l]` of shape "
        "(n_out, n_in) and `biases[l]` of shape (n_out,). There is a ReLU after every layer but the last. "
        "Return an array of shape (points, hidden units) of the whole numbers 0 and 1, layer after layer from the first: 1 where the pre-activation of that unit is greater than zero, 0 elsewhere. "
        "The output layer does not count. Leave all arguments unchanged.",
        inputs=any_points_and_hidden_layers,
    ),
    activation_patterns,
    [
        Check("one hidden layer", (POINTS, *SMALL)),
        Check("three hidden layers", (POINTS, *TALL)),
        Check("two outputs", (POINTS, *SQUARE)),
        Check("a grid of points", (_GRID, *TALL)),
        Check("three inputs", (SPACE, *WIDE)),
        Check("points on a unit's line", (np.array([[1.0, 0.0], [1.0, -2.0], [3.0, 0.0]]), *_ON_A_LINE)),
    ],
    [
        Mistake(
            lambda x, weights, biases: activation_patterns(x, weights, biases).astype(bool),
            "these are the right answers as True and False. Ask for numbers with `.astype(int)`, so that they can be added up.",
        ),
        Mistake(_signs, "you return −1 and 1. Inactive is 0."),
        Mistake(
            values_instead,
            "these are the activations themselves. A pattern only says whether they are greater than zero.",
        ),
        Mistake(
            _first_layer_only,
            "this is the first layer only. A region of a deep network is one pattern of *all* hidden units.",
        ),
        Mistake(
            _last_layer_only, "this is the last hidden layer only. Collect the patterns of all hidden layers."
        ),
        Mistake(
            _without_relu, "the next layer gets the pre-activations; it must get what ReLU leaves of them."
        ),
        Mistake(_with_the_output, "the output layer has no ReLU, so it has no pattern: one column too many."),
        Mistake(
            _counts_zero_as_active,
            "a pre-activation of exactly 0 counts as active here. The contract says greater than zero.",
        ),
        Mistake(_without_biases, "the biases are missing, so that every line passes through the origin."),
    ],
    [
        "Walk through the layers as in `forward_batch`, and keep a note of each hidden layer.",
        "pattern of layer l: (z > 0) with z = h Wᵀ + b; then h = relu(z)",
        "Collect `h > 0` of every hidden layer in a list, then `np.concatenate(..., axis=1).astype(int)`.",
    ],
    payoff="You can now tell which region of the plane a point lies in.",
)
