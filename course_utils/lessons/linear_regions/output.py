"""Section "Output and gradient": the same network in four windows."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.linear_regions.grid_images import draw_image, draw_scale
from course_utils.lessons.linear_regions.networks import (
    DEEP,
    NETS,
    SEED,
    WINDOWS,
    linear_count,
    network,
    regions_within,
)
from course_utils.lessons.linear_regions.small_networks import (
    LINEAR,
    POINTS,
    SMALL,
    SPACE,
    SQUARE,
    TALL,
    WIDE,
    any_network,
)
from course_utils.lessons.regions_drawn import draw_regions, square_window
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Given,
    Mistake,
    Pick,
    Picture,
    Question,
    Table,
    look,
)
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number

PIXELS = 120


def four_windows(net: str, window: str, seed: int) -> Picture:
    """Show the output, both components of its gradient on a grid, and the exact regions."""
    half_width = WINDOWS[window]
    mlp = network(net, seed)
    axis = np.linspace(-half_width, half_width, PIXELS)
    output = mlp.forward(np.stack(np.meshgrid(axis, axis), axis=-1))[..., 0]
    d1, d0 = np.gradient(output, axis, axis)  # rows run along x1, so ∂f/∂x1 comes first
    regions = regions_within(mlp, half_width)
    steepest = max(np.abs(d0).max(), np.abs(d1).max())

    figure, (top_left, top_right, low_left, low_right) = look.panels(
        2, 2, height=600, left=60, gap=146, right=86, row_gap=86
    )
    draw_image(top_left, axis, output, "f", "viridis", (float(output.min()), float(output.max())))
    draw_image(low_left, axis, d0, "∂f/∂x0", "RdBu", (-steepest, steepest))
    draw_image(low_right, axis, d1, "∂f/∂x1", "RdBu", (-steepest, steepest))
    arrays = draw_regions(top_right, regions)
    for axes, title in (
        (top_left, "output f"),
        (top_right, "exact regions"),
        (low_left, "∂f/∂x0 on the grid"),
        (low_right, "∂f/∂x1 on the grid"),
    ):
        square_window(axes, half_width)
        titled(axes, title)
    for axes in (top_left, low_left, low_right):
        draw_scale(axes, mark_zero=axes is not top_left)

    linear = linear_count(regions)
    one_map = (
        "and the gradient changes across every boundary"
        if linear == len(regions)
        else f"which make {linear} linear regions, because some neighbors share their affine map"
    )
    return Picture(
        figure,
        f"In the window {window} the {net} network has {len(regions)} regions, {one_map}. "
        f"Its output goes from {format_number(output.min())} to {format_number(output.max())}.",
        Table(
            f"The {net} network with seed {seed} in the window {window}",
            {
                "": ["f", "∂f/∂x0", "∂f/∂x1"],
                "lowest on the grid": [output.min(), d0.min(), d1.min()],
                "highest on the grid": [output.max(), d0.max(), d1.max()],
            },
            {
                "activation regions": len(regions),
                "linear regions": linear,
                "parameters": mlp.parameter_count,
                "grid points per side": PIXELS,
            },
        ),
        {"grid x0": axis, "grid x1": axis, "f": output, "∂f/∂x0": d0, "∂f/∂x1": d1, **arrays},
    )


windows_demo = Demo(
    four_windows,
    (
        Choice("net", "Network", options=NETS),
        Choice("window", "Window", options=tuple(WINDOWS)),
        SEED,
    ),
    title="One network, four windows.",
    look_for="On one region the gradient has one color; find the same boundaries in all four panels.",
    presets={
        "One layer, ±50": {"window": "±50"},
        "One layer, ±5000": {"window": "±5000"},
        "Four layers, ±10": {"net": DEEP},
        "Four layers, ±50": {"net": DEEP, "window": "±50"},
        "Four layers, ±100": {"net": DEEP, "window": "±100"},
        "Four layers, ±5000": {"net": DEEP, "window": "±5000"},
    },
)

gradient_question = Question(
    "Along a straight walk through the plane you record ∂f/∂x0 of a ReLU network. What does the record look like?",
    [
        "A smooth curve.",
        "Steps: constant, then a jump, then constant again.",
        "Straight pieces with kinks, like f itself.",
        "Zero, except at the kinks.",
    ],
    "B",
    [
        "of smooth activations. Between two hinges ReLU networks are straight, and the slope of a straight piece is one number.",
        "On a region f is one affine map, so its gradient is one vector. It can change only where a unit switches.",
        "of f itself. Differentiating takes straight pieces to constants.",
        "of the *second* derivative, which vanishes inside every region.",
    ],
)

far_question = Question(
    "You zoom out to ±5000. What does the output of a random 2-20-1 network look like?",
    [
        "Flat: the hinges are all near the origin.",
        "Like a cone: straight wedges that seem to start at the origin.",
        "Like noise: all 211 regions crowd into the picture.",
        "The same as at ±10, with other numbers.",
    ],
    "B",
    [
        "that no hinges means no slope. A hinge never ends: its line runs on, and so does the slope on either side.",
        "Seen from far away every line passes almost through the origin, and the biases hardly count: "
        "f is nearly proportional to the distance along each ray.",
        "of the count alone. It is 211, but the small regions around the origin are less than a pixel wide.",
        "that the picture has no scale. It has one: the biases, which say how far from the origin the lines pass.",
    ],
)


def forward_batch(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T + b, 0)
    return h @ weights[-1].T + biases[-1]


def _activates_the_output(x, weights, biases):
    return np.maximum(forward_batch(x, weights, biases), 0)


def _never_activates(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = x @ W.T + b
    return x


def _untransposed(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W + b, 0)
    return h @ weights[-1] + biases[-1]


def _activates_the_input(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = np.maximum(x, 0) @ W.T + b
    return x


def _adds_the_bias_late(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T, 0) + b
    return h @ weights[-1].T + biases[-1]


def _uses_tanh(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.tanh(h @ W.T + b)
    return h @ weights[-1].T + biases[-1]


def _skips_the_middle(x, weights, biases):
    h = np.maximum(x @ weights[0].T + biases[0], 0)
    return h @ weights[-1].T + biases[-1]


def _forgets_the_last_bias(x, weights, biases):
    return forward_batch(x, weights, biases) - biases[-1]


def any_points_and_network(pick: Pick) -> Given:
    x, weights, biases = any_network(pick, pick.one_of(1, 2, 3, 4, 2))
    return pick.one_of(1, 1, 1, 50) * x, weights, biases


forward_exercise = Exercise(
    "Write `forward_batch(x, weights, biases)`: the outputs of a ReLU network for a batch of points.",
    Contract(
        "`x` has shape (points, inputs); `weights` and `biases` are lists with one array per layer, `weights[l]` of shape "
        "(n_out, n_in) and `biases[l]` of shape (n_out,). There is a ReLU after every layer but the last, so with one layer there is "
        "none. Return an array of shape (points, outputs), right to nine digits or, near zero, to 1e-8. Leave all arguments unchanged.",
        atol=1e-8,
        inputs=any_points_and_network,
    ),
    forward_batch,
    [
        Check("one hidden layer", (POINTS, *SMALL)),
        Check("three hidden layers", (POINTS, *TALL)),
        Check("square layers, where a wrong transpose goes unnoticed", (POINTS, *SQUARE)),
        Check("three inputs, four outputs", (SPACE, *WIDE)),
        Check("one layer only, so no ReLU", (POINTS, *LINEAR)),
        Check("a batch of one", (POINTS[:1], *TALL)),
        Check("far out", (1000 * POINTS, *SMALL)),
    ],
    [
        Mistake(
            _activates_the_output,
            "you apply ReLU to the output as well. The last layer has none, or no output could be negative.",
        ),
        Mistake(
            _never_activates, "there is no ReLU between the layers, so the whole network is one affine map."
        ),
        Mistake(
            _untransposed,
            "a weight matrix has shape (n_out, n_in), and points are rows: the product is `h @ W.T`. With square matrices NumPy does not notice.",
        ),
        Mistake(
            _activates_the_input,
            "you apply ReLU *before* each layer, so the inputs lose their negative values.",
        ),
        Mistake(
            _adds_the_bias_late, "the bias is added after the ReLU. It belongs inside: it moves the hinge."
        ),
        Mistake(_uses_tanh, "this is tanh. The activation of this page is `np.maximum(z, 0)`."),
        Mistake(_skips_the_middle, "you use the first layer and the last. Loop over all of them."),
        Mistake(_forgets_the_last_bias, "the bias of the last layer is missing."),
    ],
    [
        "One layer turns a batch h of shape (points, n_in) into one of shape (points, n_out). Do that in a loop.",
        "h ← relu(h Wᵀ + b) for all layers but the last; then h Wᵀ + b without relu",
        "`for W, b in zip(weights[:-1], biases[:-1]): h = np.maximum(h @ W.T + b, 0)`, then one line for the last layer.",
    ],
    payoff="You can now run a whole batch through a network with a loop of two lines.",
)
