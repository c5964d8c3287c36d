"""Section "Remove the activation"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.linear_regions.networks import SEED, SHALLOW, linear_count, network, regions_within
from course_utils.lessons.regions_drawn import corners_of, draw_polygons, polygons_of, square_window
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Demo, Float, Picture, Question, Table, look
from course_utils.teaching.drawing import color_bar, titled
from course_utils.teaching.text import format_number

LEAK_HALF = 3.0


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
    x = np.linspace(-LEAK_HALF, LEAK_HALF, 121)
    points = np.stack([x, np.zeros_like(x)], axis=-1)
    z = points @ mlp.weights[0].T + mlp.biases[0]
    values = np.where(z > 0, z, leak * z) @ mlp.weights[1][0] + mlp.biases[1][0]
    a, b = regions.neighbors.T
    jump = float(np.abs(slopes[a] - slopes[b]).max()) if leak < 1 else 0.0
    linear = linear_count(regions) if leak < 1 else 1

    figure, (left, right) = look.panels(2, left=50, gap=140, height=350)
    polygons = polygons_of(regions)
    steepest = float(np.abs(regions.slopes[:, 0, 0]).max())
    collection = draw_polygons(
        left,
        polygons,
        "corner x | corner y | slope",
        array=slopes[:, 0],
        cmap="RdBu",
        clim=(-steepest, steepest),
        edgecolors=look.OUTLINE if leak < 1 else "none",  # nothing bends: no boundary
    )
    left.axhline(0, color=look.BLACK, linestyle="--", linewidth=1.5, gid="guide")
    square_window(left, LEAK_HALF)
    titled(left, "∂f/∂x0 on each region")
    ticks = (-steepest, 0, steepest)
    bar = color_bar(left, collection, ticks, [format_number(tick, 2) for tick in ticks])
    bar.axhline(0, color=look.OUTLINE, linewidth=1.5)
    right.plot(x, values, color=look.BLUE, gid="x0 | f")
    limit = next(n for n in (0.5, 1, 2, 4, 8) if n >= np.abs(values).max())
    right.set(xlim=(-LEAK_HALF, LEAK_HALF), ylim=(-limit, limit), xlabel="x0 along the dashed line")
    titled(right, "f where x1 is 0")

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
        figure,
        said,
        Table(
            f"A {SHALLOW} network with slope {format_number(leak)} below zero, where x1 = 0",
            {"x0": x[::10], "f": values[::10]},
            {
                "linear regions": linear,
                "largest jump of a component": jump,
                "∂f/∂x0 without activation": float(straight[0, 0]),
                "∂f/∂x1 without activation": float(straight[0, 1]),
                "hidden units": 20,
            },
        ),
        {**corners_of(polygons, "corner"), "slope": slopes[:, 0], "x0": x, "f": values},
    )


leak_demo = Demo(
    remove_the_activation,
    (Float("leak", "Slope below zero", low=0, high=1, initial=0, step=0.05), SEED),
    title=f"Remove the activation of a {SHALLOW} network.",
    look_for="Open the hinges from slope 0 to slope 1 and watch the number of linear regions: does it fall slowly?",
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
)
