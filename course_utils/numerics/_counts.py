"""How many regions a ReLU network can have, must be able to have, and has on average: formulas and their
sources.

`widths` are those of `MLP.widths`: inputs, hidden widths, outputs. The outputs do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, factorial, prod

import numpy as np

from course_utils.numerics._arrays import checked_count
from course_utils.numerics._cells import Window, checked_window
from course_utils.numerics.mlp import MLP


def zaslavsky_count(hyperplanes: int, dimension: int = 2) -> int:
    """Regions into which hyperplanes in general position cut the whole space: `Σ_{j ≤ dimension}
    C(hyperplanes, j)`.

    The most that any hyperplanes reach, and so the most regions of a network with one hidden layer of that
    width. General position: no two parallel, no three lines through one point. With no hyperplane one region
    is left.

    References
    ----------
    Zaslavsky, Facing up to arrangements (1975); the planar case is Steiner's (1826).

    Examples
    --------
    >>> [zaslavsky_count(n) for n in (0, 1, 2, 3, 4, 20)]
    [1, 2, 4, 7, 11, 211]
    """
    n, highest = checked_count("hyperplanes", hyperplanes, 0), checked_count("dimension", dimension, 0)
    return sum(comb(n, j) for j in range(highest + 1))


def window_count(mlp: MLP, window: Window) -> int:
    """Regions of a network with one hidden layer in a window: `1 + lines that meet it + crossings inside it`.

    Every line that enters a convex window adds a region, and another one at each line it crosses there
    (Zaslavsky's count, cut down to the window). True for lines in general position: no two the same, no three
    through one point, none through a corner. `activation_regions` counts without these conditions.

    Raises
    ------
    TypeError, ValueError
        As for `activation_regions`, and if the network does not have one hidden layer.

    Examples
    --------
    >>> triangle = MLP([[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [[1.0, 1.0, 1.0]]], [[0.0, 0.0, 0.5], [0.0]])
    >>> window_count(triangle, (-1, 1, -1, 1))
    7
    """
    if not isinstance(mlp, MLP):
        raise TypeError(f"mlp must be an MLP, got {type(mlp).__name__}.")
    if len(mlp.weights) != 2 or mlp.widths[0] != 2:
        raise ValueError(f"the network must have 2 inputs and one hidden layer, got widths {mlp.widths}.")
    xmin, xmax, ymin, ymax = checked_window(window)
    (a, b), c = mlp.weights[0].T, mlp.biases[0]
    at_corners = np.array([a * x + b * y + c for x in (xmin, xmax) for y in (ymin, ymax)])
    meets = (at_corners.min(axis=0) < 0) & (at_corners.max(axis=0) > 0)
    a, b, c = a[meets], b[meets], c[meets]
    with np.errstate(divide="ignore", invalid="ignore"):  # parallel lines cross nowhere: infinity or nan
        area = np.multiply.outer(a, b) - np.multiply.outer(b, a)
        x = (np.multiply.outer(b, c) - np.multiply.outer(c, b)) / area
        y = (np.multiply.outer(c, a) - np.multiply.outer(a, c)) / area
        inside = (xmin < x) & (x < xmax) & (ymin < y) & (y < ymax)
    return 1 + int(meets.sum()) + int(np.triu(inside, k=1).sum())


def montufar_lower_bound(widths: Sequence[int]) -> int:
    """A number of linear regions that some network of these widths reaches, by folding the input layer by
    layer.

    `(Π_{l < L} floor(n_l / n_0)^{n_0}) Σ_{j ≤ n_0} C(n_L, j)`, for hidden widths n_1 .. n_L, all at least the
    number of inputs n_0. The maximum is at least this. Random networks may have fewer or more: for
    2-5-5-5-5-1 far fewer than the 1024; with one hidden layer just as many; for 2-3-3-1 mostly more than the
    7, as the formula folds no layer narrower than twice the input.

    Raises
    ------
    ValueError
        If there is no hidden layer, or one is narrower than the input.

    References
    ----------
    Montúfar, Pascanu, Cho & Bengio, On the number of linear regions of deep neural networks (2014).

    Examples
    --------
    >>> montufar_lower_bound((2, 5, 5, 5, 5, 1))
    1024
    >>> montufar_lower_bound((2, 20, 1)) == zaslavsky_count(20)
    True
    """
    inputs, hidden = _inputs_and_hidden(widths)
    if min(hidden) < inputs:
        raise ValueError(
            f"hidden layers must be at least as wide as the input ({inputs}), got {tuple(hidden)}."
        )
    folds: int = prod((n // inputs) ** inputs for n in hidden[:-1])
    return folds * zaslavsky_count(hidden[-1], inputs)


def serra_upper_bound(widths: Sequence[int]) -> int:
    """A number of linear regions that no network of these widths exceeds.

    `Σ Π_l C(n_l, j_l)` over all j with `0 ≤ j_l ≤ min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l)`: where
    few neurons are active, the next layer sees an image of low dimension and cuts it into few pieces. Sharp
    for one hidden layer, and for one input if every hidden width is at least 3. (Two hinges make no zigzag of
    three pieces that all go through the same values: 1-2-2-1 reaches 7, not 9.)

    Raises
    ------
    ValueError
        If there is no hidden layer.

    References
    ----------
    Serra, Tjandraatmadja & Ramalingam, Bounding and counting linear regions of deep neural networks (2018).

    Examples
    --------
    >>> serra_upper_bound((2, 5, 5, 5, 5, 1))
    65536
    >>> serra_upper_bound((2, 20, 1)) == zaslavsky_count(20)
    True
    """
    inputs, hidden = _inputs_and_hidden(widths)
    # most[d]: the bound for the layers from here on, for an image of dimension d.
    most = [1] * (inputs + 1)
    for n in reversed(hidden):
        most = [
            sum(comb(n, j) * most[min(d, n - j)] for j in range(min(d, n) + 1)) for d in range(inputs + 1)
        ]
    return most[inputs]


def hanin_rolnick_estimate(neurons: int, inputs: int = 2) -> float:
    """About how many activation regions a random network has on average: `neurons^inputs / inputs!`.

    Depth does not appear. Hanin & Rolnick prove that in a cube (not too small) the expected number per volume
    is at most `(T neurons)^inputs / inputs!`, for independent biases of bounded density and bounded gradients
    (which set the constant T), and `neurons >= inputs`. In their experiments T = 1 fits the total count: an
    estimate at initialization, not a bound.

    Raises
    ------
    ValueError
        If there are fewer neurons than inputs.

    References
    ----------
    Hanin & Rolnick, Deep ReLU networks have surprisingly few activation patterns (2019).

    Examples
    --------
    >>> hanin_rolnick_estimate(20)
    200.0
    """
    neurons, inputs = checked_count("neurons", neurons, 0), checked_count("inputs", inputs, 0)
    if neurons < inputs:
        raise ValueError(f"there must be at least as many neurons as inputs, got {neurons} and {inputs}.")
    return float(neurons**inputs / factorial(inputs))


def _inputs_and_hidden(widths: Sequence[int]) -> tuple[int, list[int]]:
    if len(widths) < 3:
        raise ValueError(f"widths must be inputs, one or more hidden widths, outputs, got {tuple(widths)}.")
    inputs, *hidden, _ = [checked_count("every width", n) for n in widths]
    return inputs, hidden
