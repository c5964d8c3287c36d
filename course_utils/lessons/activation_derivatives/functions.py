"""The functions and slopes that the pictures of several sections show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.numerics import activations as act

Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Shown:
    """A function with its slope, where the slope is largest, and its formula for complex numbers.

    ``peak`` is `None` where the largest slope is taken on a whole half-line, or only approached. ``plain`` is `None` where the
    formula needs more than NumPy.
    """

    function: Function
    slope: Function
    steepest: float
    peak: float | None
    plain: Function | None = None


SILU_PEAK = 2.399357280520547  # where x tanh(x/2) = 2, by Newton's method
ACTIVATIONS = {
    "sigmoid": Shown(act.sigmoid, act.sigmoid_derivative, 0.25, 0.0, lambda x: 1 / (1 + np.exp(-x))),
    "tanh": Shown(act.tanh, act.tanh_derivative, 1.0, 0.0, np.tanh),
    "ReLU": Shown(act.relu, act.relu_derivative, 1.0, None, lambda x: x * (np.real(x) > 0)),
    "leaky ReLU": Shown(
        act.leaky_relu,
        act.leaky_relu_derivative,
        1.0,
        None,
        lambda x: x * np.where(np.real(x) > 0, 1, 0.01),
    ),
    "ELU": Shown(
        act.elu, act.elu_derivative, 1.0, None, lambda x: np.where(np.real(x) > 0, x, np.exp(x) - 1)
    ),
    "softplus": Shown(act.softplus, act.softplus_derivative, 1.0, None, lambda x: np.log(1 + np.exp(x))),
    "SiLU": Shown(
        act.silu,
        act.silu_derivative,
        float(act.silu_derivative(SILU_PEAK)),
        SILU_PEAK,
        lambda x: x / (1 + np.exp(-x)),
    ),
    "GELU": Shown(act.gelu, act.gelu_derivative, float(act.gelu_derivative(math.sqrt(2))), math.sqrt(2)),
}
NAMES = tuple(ACTIVATIONS)
WINDOW = np.linspace(-5, 5, 201)
