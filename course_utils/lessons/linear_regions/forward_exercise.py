"""Section "Output and gradient": its exercise."""

from __future__ import annotations

import numpy as np

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
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


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
    return pick.one_of(1, 1, 1, 50, 1e6) * x, weights, biases


forward_exercise = Exercise(
    "Write `forward_batch(x, weights, biases)`: the outputs of a ReLU network for a batch of points.",
    Contract(
        "`x` has shape (points, inputs); `weights` and `biases` are lists with one array per layer, `weights[l]` of shape "
        "(n_out, n_in) and `biases[l]` of shape (n_out,). There is a ReLU after every layer but the last, so with one layer there is "
        "none. Return an array of shape (points, outputs), right to nine digits or, near zero, to 1e−8. Leave all arguments unchanged.",
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
