"""Attempts at the exercises of `activation_derivatives`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from allowed import floats, whole

from attempts import Allows, Function, Functions, Listed, Told
from course_utils.lessons.activation_derivatives.lost import tanh_slope
from course_utils.lessons.activation_derivatives.relatives import silu_slope
from course_utils.lessons.activation_derivatives.safe import stable_sigmoid, stable_softplus


def entrywise(function: Callable[[float], float]) -> Function:
    """Apply a function of one number to every entry, in a Python loop."""
    return lambda x: np.array([function(float(v)) for v in np.ravel(x)]).reshape(np.shape(x))


def by_mask(x: Any) -> Any:
    result = np.empty(x.shape)
    right = x >= 0
    result[right] = 1 / (1 + np.exp(-x[right]))
    e = np.exp(x[~right])
    result[~right] = e / (1 + e)
    return result


def loop_slope(v: float) -> float:
    return 0.0 if abs(v) > 355 else 1 / math.cosh(v) ** 2


def quiet(function: Function) -> Function:
    """Silence NumPy instead of avoiding the overflow."""

    def silenced(x: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(x)

    return silenced


def softplus_by_sign(x: Any) -> Any:
    side, small = np.sign(x), np.log1p(np.exp(-np.abs(x)))
    return (side == 1) * (x + small) + (side == -1) * small


def silu(x: Any) -> Any:
    return x / (1 + np.exp(-x))


RIGHT: dict[str, Functions] = {
    "sigmoid_exercise": {
        "log space": lambda x: np.exp(-np.logaddexp(0, -x)),
        "mask": by_mask,
        "minimum in both": lambda x: np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x))),
        "loop": entrywise(lambda v: 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))),
        "nested lists": lambda x: stable_sigmoid(x).tolist(),
    },
    "softplus_exercise": {
        "logaddexp": lambda x: np.logaddexp(0, x),
        "half the sum": lambda x: (x + np.abs(x)) / 2 + np.log1p(np.exp(-np.abs(x))),
        "loop": entrywise(lambda v: max(v, 0.0) + math.log1p(math.exp(-abs(v)))),
        "two branches": lambda x: np.where(
            x > 0,
            x + np.log1p(np.exp(-np.maximum(x, 0))),
            np.log1p(np.exp(np.minimum(x, 0))),
        ),
    },
    "slope_exercise": {
        "two sigmoids": lambda x: 4 * stable_sigmoid(2 * x) * stable_sigmoid(-2 * x),
        "expanded": lambda x: 4 * np.exp(-2 * np.abs(x)) / (1 + np.exp(-2 * np.abs(x))) ** 2,
        "loop over cosh": entrywise(loop_slope),
    },
    "silu_exercise": {
        "one bracket": lambda x: (1 + x * (1 - stable_sigmoid(x))) * stable_sigmoid(x),
        "with SiLU": lambda x: x * stable_sigmoid(x) + stable_sigmoid(x) * (1 - x * stable_sigmoid(x)),
        "quotient rule": lambda x: (1 + np.exp(-x) + x * np.exp(-x)) / (1 + np.exp(-x)) ** 2,
        "loop": entrywise(lambda v: float(silu_slope(v))),
        "complex step": lambda x: ((x + 1e-20j) / (1 + np.exp(-x - 1e-20j))).imag / 1e-20,
    },
    "scale_exercise": {
        "power": lambda fan_in, fan_out: fan_in**-0.5,
        "root of the variance": lambda fan_in, fan_out: math.sqrt(1 / fan_in),
        "array without axes": lambda fan_in, fan_out: np.array(1 / math.sqrt(fan_in)),
    },
}

WRONG: dict[str, Functions] = {
    "sigmoid_exercise": {
        "sign": lambda x: stable_sigmoid(-x),
        "base 2": lambda x: np.exp2(np.minimum(x, 0)) / (1 + np.exp2(-np.abs(x))),
        "tanh": np.tanh,
        "step": lambda x: (x > 0) * 1.0,
        "hard sigmoid": lambda x: np.clip(0.5 + x / 4, 0, 1),
        "clipped result": lambda x: np.clip(stable_sigmoid(x), 1e-15, 1 - 1e-15),
        "one at 0": lambda x: np.where(x == 0, 1.0, stable_sigmoid(x)),
        "slope": lambda x: stable_sigmoid(x) * stable_sigmoid(-x),
    },
    "softplus_exercise": {
        "threshold 30": lambda x: np.where(x > 27, x, np.log1p(np.exp(np.minimum(x, 27)))) * (x > -30),
        "threshold on the left": lambda x: np.where(x < -30, 0, stable_softplus(x)),
        "sign": lambda x: stable_softplus(-x),
        "base 2": lambda x: stable_softplus(x) / np.log(2),
        "log 2 subtracted": lambda x: stable_softplus(x) - np.log(2),
        "slope": stable_sigmoid,
        "ELU": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        "clipped": lambda x: np.log1p(np.exp(np.clip(x, -700, 700))),
        "silenced": quiet(lambda x: np.log(1 + np.exp(x)) * (x < 700)),
    },
    "slope_exercise": {
        "cosh within reach": lambda x: np.cosh(np.minimum(np.abs(x), 354)) ** -2.0 * (np.abs(x) < 354),
        "value": np.tanh,
        "sigmoid's": lambda x: stable_sigmoid(x) * stable_sigmoid(-x),
        "factor 4 lost": lambda x: stable_sigmoid(2 * x) * stable_sigmoid(-2 * x),
        "not squeezed": lambda x: 4 * stable_sigmoid(x) * stable_sigmoid(-x),
        "with 1 - σ": lambda x: 4 * stable_sigmoid(2 * x) * (1 - stable_sigmoid(2 * x)),
        "forward difference": lambda x: (np.tanh(x + 1e-8) - np.tanh(x)) / 1e-8,
        "at least something": lambda x: tanh_slope(x) + 1e-12,
        "clipped": lambda x: tanh_slope(np.clip(x, -100, 100)),
        "Gaussian": lambda x: np.exp(-(np.minimum(np.abs(x), 30) ** 2)),
        "1 + tanh²": lambda x: 1 + np.tanh(x) ** 2,
        "plus in the bracket": lambda x: (1 + np.tanh(x)) ** 2,
        "clipped result": lambda x: tanh_slope(np.clip(x, -300, 300)),
        "cosh": lambda x: (1 / np.cosh(x)) ** 2,
    },
    "silu_exercise": {
        "product of slopes": lambda x: x * (1 - stable_sigmoid(x)),
        "tanh inside": lambda x: np.tanh(x) + x * (1 - np.tanh(x) ** 2),
        "GELU's approximation": lambda x: (
            stable_sigmoid(1.702 * x) + 1.702 * x * stable_sigmoid(1.702 * x) * stable_sigmoid(-1.702 * x)
        ),
        "absolute": lambda x: np.abs(silu_slope(x)),
        "at most 1": lambda x: np.minimum(silu_slope(x), 1),
    },
    "scale_exercise": {
        "1": lambda fan_in, fan_out: 1.0,
        "both": lambda fan_in, fan_out: 1 / math.sqrt(fan_in * fan_out),
        "sum": lambda fan_in, fan_out: 1 / math.sqrt(fan_in + fan_out),
        "Glorot's variance": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
        "Glorot's limit": lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)),
        "Student's": lambda fan_in, fan_out: 1 / math.sqrt(max(fan_in - 1, 1)),
        "rounded": lambda fan_in, fan_out: round(1 / math.sqrt(fan_in), 4),
        "log": lambda fan_in, fan_out: 1 / math.log(fan_in + 1),
        "smaller side": lambda fan_in, fan_out: 1 / math.sqrt(min(fan_in, fan_out)),
        "one scale for all large layers": lambda fan_in, fan_out: 1 / math.sqrt(min(fan_in, 784)),
        "cube root": lambda fan_in, fan_out: fan_in ** (-1 / 3),
        "a list": lambda fan_in, fan_out: [1 / math.sqrt(fan_in)],
        "the weights": lambda m, n: np.random.default_rng(0).normal(size=(m, n)) / np.sqrt(m),
    },
}
TOLD: Told = {
    "sigmoid_exercise": {
        "sign": "complement",
        "base 2": "argument: base",
        "step": "rounded",
        "clipped result": "floor",
    },
    "softplus_exercise": {
        "sign": "quantity",
        "base 2": "factor",
        "log 2 subtracted": "offset",
        "clipped": "argument: clipped",
    },
    "slope_exercise": {
        "factor 4 lost": "factor",
        "not squeezed": "argument: half",
        "at least something": "offset",
        "clipped result": "floor",
        "cosh": "where",
    },
    "silu_exercise": {
        "absolute": "absolute",
        "at most 1": "ceiling",
    },
    "scale_exercise": {
        "1": "constant",
        "both": "quantity",
        "rounded": "rounded",
        "cube root": "power",
        "a list": "one entry",
    },
}
LISTED: Listed = {
    "scale_exercise": {
        "this-is-the-variance-of-a-weight": lambda fan_in, fan_out: 1 / fan_in,
        "this-is-glorot-s-scale": lambda fan_in, fan_out: math.sqrt(2 / (fan_in + fan_out)),
        "this-is-he-s-scale-twice-the-variance-it-makes": lambda fan_in, fan_out: math.sqrt(2 / fan_in),
        "each-unit-adds-up-fan-in-products": lambda fan_in, fan_out: fan_out**-0.5,
        "this-is-by-what-factor-the-spread-grows-with-weights": lambda fan_in, fan_out: math.sqrt(fan_in),
        "this-is-the-half-width-of-a-uniform-distribution-whose": lambda m, n: math.sqrt(3) / math.sqrt(m),
        "you-count-a-bias-as-one-more-input": lambda fan_in, fan_out: 1 / math.sqrt(fan_in + 1),
        "this-is-right-for-784-inputs-only": lambda fan_in, fan_out: 1 / 28,
    },
    "slope_exercise": {
        "on-paper-this-is-right": lambda x: 1 - np.tanh(x) * np.tanh(x),
        "this-is-the-last-line-of-the-derivation-or-1": lambda x: 1 / np.cosh(x) ** 2,
        "right-for-positive-x": lambda x: 4 * np.exp(-2 * x) / (1 + np.exp(-2 * x)) ** 2,
        "this-is-1-cosh-x": lambda x: 2 / (np.exp(x) + np.exp(-x)),
        "this-is-what-the-slope-tends-to-for-large-x": lambda x: 4 * np.exp(-2 * np.abs(x)),
        "the-square-is-missing-tanh-1-tanh²": lambda x: 1 - np.tanh(x),
    },
    "sigmoid_exercise": {
        "this-is-the-definition": lambda x: (1 + np.exp(-x)) ** -1,
        "for-large-x-this-is-infinity-over-infinity-which-is": lambda x: np.exp(x) / (np.exp(x) + 1),
        "np-where-computes-both-branches-for-all-entries-and-then": lambda x: np.where(
            x < 0, np.exp(x) / (1 + np.exp(x)), 1 / (1 + np.exp(-x))
        ),
        "clipping-keeps-np-exp-from-overflowing-but-changes-the-small": lambda x: (
            1 / (1 + np.exp(np.minimum(-x, 500)))
        ),
        "on-paper-this-is-right-and-it-never-overflows": lambda x: 0.5 + np.tanh(x / 2) / 2,
        "with-x-you-get-σ-x": lambda x: 1 / (1 + np.exp(-np.abs(x))),
        "1-σ-x-is-right-on-paper-in-floats-σ": lambda x: np.where(
            x < 0, 1 - 1 / (1 + np.exp(-np.abs(x))), 1 / (1 + np.exp(-np.abs(x)))
        ),
    },
    "softplus_exercise": {
        "for-large-x-the-exponential-overflows-and-the-result-is": lambda x: np.log(np.exp(x) + 1),
        "a-sigmoid-that-has-become-0-has-no-logarithm-and": lambda x: (
            -np.log(np.exp(-np.maximum(x, 0)) / (1 + np.exp(-np.abs(x))))
        ),
        "np-log1p-is-right-for-negative-x": lambda x: np.log1p(np.exp(x)),
        "taking-max-x-0-out-is-right": lambda x: np.log(1 + np.exp(-np.abs(x))) + np.maximum(x, 0),
        "from-20-on-you-return-x": lambda x: np.where(x < 20, np.log1p(np.exp(np.minimum(x, 20))), x),
        "this-is-relu-which-softplus-smooths": lambda x: x * (x > 0),
        "taking-x-out-is-right-for-positive-x": lambda x: x + np.log1p(np.exp(-x)),
        "at-x-0-your-result-is-0-but-log-1": softplus_by_sign,
    },
    "silu_exercise": {
        "you-have-differentiated-the-factor-x-and-left-σ-x": lambda x: 1 / (1 + np.exp(-x)),
        "this-is-σ-alone": lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
        "this-is-the-second-term-of-the-product-rule-x": lambda x: x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
        "both-terms-are-there-but-the-second-needs-the-slope": lambda x: (1 + x) * stable_sigmoid(x),
        "a-sign-the-derivative-of-1-1-e-x-is": lambda x: (
            1 / (1 + np.exp(-x)) - x * np.exp(-x) / (1 + np.exp(-x)) ** 2
        ),
        "the-second-term-has-lost-its-factor-x-x-σ": lambda x: (
            1 / (1 + np.exp(-x)) + np.exp(-x) / (1 + np.exp(-x)) ** 2
        ),
        "this-is-silu-itself": silu,
        "this-is-the-slope-of-relu": lambda x: np.where(x > 0, 1.0, 0.0),
        "this-is-a-forward-difference-with-h-0-01-a": lambda x: (silu(x + 0.01) - silu(x)) / 0.01,
    },
}

# --- what the contracts allow ----------------------------------------------------------------------


def any_floats(x: Any) -> bool:
    return floats(x, -np.finfo(float).max, np.finfo(float).max)


ALLOWS: Allows = {
    "scale_exercise": lambda n, m: whole(n, 1, 1e6) and whole(m, 1, 1e6),
    "slope_exercise": any_floats,
    "sigmoid_exercise": any_floats,
    "softplus_exercise": any_floats,
    "silu_exercise": lambda x: floats(x, -30, 30),
}
