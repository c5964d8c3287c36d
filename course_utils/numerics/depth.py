"""A signal on its way through a deep network, and a gradient on its way back.

The layers have any activation and no biases: what matters here is whether the gradient vanishes, holds or
explodes at initialization, and that is decided by the slopes *and* the weights. `MLP` and `forward_backward`
are for ReLU networks that learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import as_real
from course_utils.numerics.activations import Activation

Layers = tuple[npt.NDArray[np.float64], ...]


class Passage(NamedTuple):
    """What each layer computes before its activation, the slopes there, and the derivatives of the loss."""

    pre_activations: Layers
    slopes: Layers
    gradients: Layers


def there_and_back(
    weights: Sequence[npt.ArrayLike], activation: Activation, x: npt.ArrayLike, gradient: npt.ArrayLike
) -> Passage:
    """Send examples through the layers `h = f(W h)`, and a gradient back through them.

    Forward, layer l computes the pre-activations ``W_l h``. Backward, the gradient with respect to a layer's
    outputs is multiplied by the slopes at its pre-activations, and handed down through its weights.

    Parameters
    ----------
    weights : sequence of array_like of real numbers
        `weights[l]` has shape (n_out, n_in), as in `MLP`. At least one layer.
    activation : Activation
        Stands after every layer, the last one too.
    x : array_like of real numbers, shape (..., n_in)
        One example per row.
    gradient : array_like of real numbers, shape (..., n_out) of the last layer
        Derivatives of a loss with respect to the outputs of the last layer.

    Returns
    -------
    Passage
        For each layer its pre-activations, the slopes of the activation there, and the derivatives of the
        loss with respect to the pre-activations, all of shape (..., n_out) of that layer. What comes back is
        proportional to `gradient`: how much longer or shorter it gets does not depend on its length.

    Raises
    ------
    TypeError
        If something does not hold real numbers.
    ValueError
        If there is no layer, or the shapes do not fit.

    References
    ----------
    Glorot & Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks",
    section 4.2.1.

    Examples
    --------
    Three layers of one unit, all weights 2: the slopes of tanh lose less than the weights gain.

    >>> from course_utils.numerics.activations import ACTIVATIONS
    >>> passed = there_and_back([[[2.0]]] * 3, ACTIVATIONS["tanh"], [0.1], [1.0])
    >>> [round(float(g[0]), 3) for g in passed.gradients]
    [1.968, 1.024, 0.596]
    """
    matrices = [as_real(f"weights[{i}]", w).astype(np.float64, copy=False) for i, w in enumerate(weights)]
    hidden = as_real("x", x).astype(np.float64, copy=False)
    back = as_real("gradient", gradient).astype(np.float64, copy=False)
    if not matrices:
        raise ValueError("a network needs at least one layer, got no weights.")
    pre_activations = []
    for i, matrix in enumerate(matrices):
        if matrix.ndim != 2 or hidden.ndim == 0 or hidden.shape[-1] != matrix.shape[1]:
            raise ValueError(
                f"weights[{i}] of shape {matrix.shape} cannot take inputs of shape {hidden.shape}."
            )
        pre_activations.append(hidden @ matrix.T)
        hidden = activation.function(pre_activations[-1]).astype(np.float64, copy=False)
    if back.shape != hidden.shape:
        raise ValueError(f"gradient must have the shape {hidden.shape} of the outputs, got {back.shape}.")
    slopes = [activation.derivative(z).astype(np.float64, copy=False) for z in pre_activations]
    gradients = []
    for matrix, slope in zip(reversed(matrices), reversed(slopes), strict=True):
        gradients.append(slope * back)
        back = gradients[-1] @ matrix
    return Passage(tuple(pre_activations), tuple(slopes), tuple(reversed(gradients)))
