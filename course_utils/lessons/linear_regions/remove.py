"""Section "Remove the activation"."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.linear_regions.networks import SEED, SHALLOW, linear_count, network, regions_within
from course_utils.lessons.region_maps import areas, boundary_lines, square_window
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Polygons, Table
from course_utils.teaching.pictures.colors import hex_of
from course_utils.teaching.text import format_number

LEAK_HALF = 3.0
WINDOW = LEAK_HALF * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])


def with_leak(net: MLP, c: float) -> MLP:
    """Return the ReLU network that computes what `net` does if its units have slope `c` below zero.

    A leaky unit is two ReLU units on one line: leaky(z) = relu(z) − c·relu(−z).

    Examples
    --------
    >>> hinge = MLP([[[1.0]], [[1.0]]], [[0.0], [0.0]])
    >>> with_leak(hinge, 0.1).forward([[-2.0], [2.0]]).tolist()
    [[-0.2], [2.0]]
    """
    weights = [net.weights[0], *(np.hstack([w, -c * w]) for w in net.weights[1:])]
    biases = [np.hstack([b, -b]) for b in net.biases[:-1]]
    return MLP([*(np.vstack([w, -w]) for w in weights[:-1]), weights[-1]], [*biases, net.biases[-1]])


def remove_the_activation(leak: float, seed: int) -> Picture:
    """Show a 2-20-1 network whose hinges are opened until they are straight lines."""
    mlp = network(SHALLOW, seed)
    regions = regions_within(mlp, LEAK_HALF)
    # leak·z + (1 − leak)·relu(z) has slope `leak` below zero and 1 above.
    straight = mlp.weights[1] @ mlp.weights[0]
    slopes = leak * straight + (1 - leak) * regions.slopes[:, 0]
    ends, steps = _along(mlp, leak)
    a, b = regions.neighbors.T
    jump = float(np.abs(slopes[a] - slopes[b]).max()) if leak < 1 else 0.0
    linear = linear_count(regions) if leak < 1 else 1

    if leak < 1:
        said = (
            f"Slope {format_number(leak)} below zero: {linear} linear regions. "
            f"Across a boundary the gradient jumps by at most {format_number(jump)} in one component."
        )
    else:
        said = (
            "Slope 1 below zero: nothing bends any more, and one linear region is left. "
            f"The 20 units make one affine map, with gradient ({format_number(straight[0, 0])}, {format_number(straight[0, 1])})."
        )
    return Picture(
        [_map(regions, slopes[:, 0], leak), _cut(ends, steps)],
        said,
        table=Table(
            f"A {SHALLOW} network with slope {format_number(leak)} below zero, where x1 = 0",
            {"from x0": ends[:-1], "to x0": ends[1:], "∂f/∂x0 there": steps},
            {
                "linear regions": linear,
                "largest jump of a component": jump,
                "∂f/∂x0 without activation": float(straight[0, 0]),
                "∂f/∂x1 without activation": float(straight[0, 1]),
                "hidden units": 20,
            },
        ),
        height=400,
    )


def _along(mlp: MLP, leak: float) -> tuple[Array, Array]:
    """Return where units switch on the line x1 = 0 in the window, with its ends, and ∂f/∂x0 between."""
    w, b, a = mlp.weights[0][:, 0], mlp.biases[0], mlp.weights[1][0]
    switches = -b / w
    inside = np.sort(switches[np.abs(switches) < LEAK_HALF])
    ends = np.concatenate([[-LEAK_HALF], inside, [LEAK_HALF]])
    middles = (ends[:-1] + ends[1:]) / 2
    active = np.outer(middles, w) + b > 0
    return ends, np.where(active, 1.0, leak) @ (a * w)


def _map(regions: ActivationRegions, slopes: Array, leak: float) -> Panel:
    steepest = 1.1 * float(np.abs(regions.slopes[:, 0, 0]).max())
    scale: dict[str, Any] = {"colormap": "diverging", "low": -steepest, "high": steepest}
    if leak < 1:
        filled = areas(regions, "∂f/∂x0", values=slopes, **scale)
        lines = boundary_lines(regions, on_paper=False)
    else:  # nothing bends: one area, in which no seams are to be seen
        filled, lines = Polygons("∂f/∂x0", [WINDOW], values=slopes[:1], **scale), []
    along = Line("", [0, 0], [-LEAK_HALF, LEAK_HALF], color=ALONG, width=2.5, dash="dashed")
    return Panel(
        "∂*f*/∂*x*_0 on each region", [filled, *lines, along], **square_window(LEAK_HALF), weight=1.3
    )


def _cut(ends: Array, steps: Array) -> Panel:
    return Panel(
        "∂*f*/∂*x*_0 along the dashed line",
        [Line("step", np.repeat(steps, 2), np.repeat(ends, 2)[1:-1], color="accent", width=2.5)],
        x=Axis("*x*_0", -LEAK_HALF, LEAK_HALF, ticks=(-3, 0, 3)),
        # Over all seeds the steepest is 0.63.
        y=Axis("", -0.65, 0.65, ticks=(-0.5, 0, 0.5), zero=True),
    )


ALONG = hex_of("accent")  # on the map, which has one paper


leak_demo = Demo(
    remove_the_activation,
    (Float("leak", "Slope below zero", low=0, high=1, initial=0, step=0.05, plays=True), SEED),
    title=f"Remove the activation of a {SHALLOW} network.",
    look_for="Open the hinges: how many regions are left?",
    presets={
        "A small leak": {"leak": 0.1},
        "Nearly straight": {"leak": 0.95},
        "Straight": {"leak": 1},
    },
)

leak_question = Question(
    "One hidden layer, 2-20-1, with random weights. Replace ReLU by the leaky form that has slope c below zero instead "
    "of 0. You raise c from 0 to 0.95. What happens to the number of linear regions?",
    ["It falls steadily.", "It stays, though the kinks become shallow.", "It becomes 1 as soon as c > 0."],
    "B",
    [
        "that shallow kinks are fewer kinks. Each is still there; only the jump of the gradient shrinks with 1 − c.",
        "Where a unit of the first layer switches has nothing to do with c. As long as its two slopes differ, its line is "
        "a kink; only at c = 1 do all vanish at once.",
        "of an activation without a flat half. It needs no flat half to bend, only two different slopes.",
    ],
    expected=[35, 40, 25],
)
