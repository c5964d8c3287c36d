"""Section "Vanish, hold, explode": what slopes and weights together do to the gradient of a deep network."""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.activations import ACTIVATIONS
from course_utils.numerics.depth import there_and_back
from course_utils.teaching import Choice, Demo, LogFloat, Question
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    powers_of_ten,
)
from course_utils.teaching.text import format_number

deep_question = Question(
    "Ten layers of 784 tanh units in a row, weights with standard deviation 1: nearly every unit is saturated. A gradient "
    "comes down from the loss. How long is it when it arrives at the first layer, compared with the last?",
    [
        "Far shorter: ten tiny slopes are multiplied.",
        "About as long: whatever one layer takes, the next one gives back.",
        "Far longer.",
    ],
    "C",
    [
        "of the slopes alone. On its way back the gradient is multiplied by the weights too, and every unit adds up what 784 others send.",
        "of a balance. There is one, but only at a certain scale of the weights, and 1 is far above it.",
        "The weights make the square of its length 784 times as large at each layer, and the mean square of the slopes takes only a factor of about 53 back. "
        "That leaves a factor of nearly 15, or 4 for the length itself, and this nine times over.",
    ],
    expected=[60, 15, 25],
)

DEPTH, UNITS, EXAMPLES = 10, 256, 8
LAYERS = np.arange(1, DEPTH + 1)
FUNCTIONS = {"tanh": "tanh", "ReLU": "relu", "GELU": "gelu", "sigmoid": "sigmoid"}
SCALES = np.geomspace(0.01, 1, 21)
WATCHED = {1: "dotted", 5: "dashed", 9: ""}  # layers whose growth is drawn over all scales, and how
HOLDS = 10.0  # a gradient that changes by less than this factor holds
CLOSE = 1.002  # near enough to the scale at which a gradient keeps its length
KEEPING = 1 / math.sqrt(UNITS)


@functools.cache
def _drawn() -> tuple[Array, Array, Array]:
    """Return standard normal weights of all layers, inputs, and directions that come down from a loss."""
    random = np.random.default_rng(8)
    directions = random.standard_normal((EXAMPLES, UNITS))
    return (
        random.standard_normal((DEPTH, UNITS, UNITS)),
        random.standard_normal((EXAMPLES, UNITS)),
        directions / np.linalg.norm(directions, axis=-1, keepdims=True),
    )


class Measured(NamedTuple):
    """Layer by layer: the length of ∂L/∂z, and the mean squares of slopes and pre-activations z."""

    length: Array
    slope_square: Array
    sum_square: Array


@functools.cache
def measured(name: str, weight_std: float) -> Measured:
    """Send inputs through ten layers and gradients of length 1 back, and measure what becomes of them."""
    weights, x, directions = _drawn()
    passage = there_and_back([weight_std * w for w in weights], ACTIVATIONS[FUNCTIONS[name]], x, directions)
    return Measured(
        np.array([np.sqrt(np.mean(np.sum(g**2, axis=-1))) for g in passage.gradients]),
        np.array([np.mean(slope**2) for slope in passage.slopes]),
        np.array([np.mean(z**2) for z in passage.pre_activations]),
    )


def growth(slope_square: Array, weight_std: float) -> Array:
    """Return what the square of a gradient's length is multiplied by, on average over random weights."""
    return UNITS * weight_std**2 * slope_square


@functools.cache
def _over_scales(name: str) -> tuple[Array, float]:
    """Return the growth at each scale (rows) and watched layer, and the scale at which a gradient keeps its length."""
    runs = [measured(name, float(scale)) for scale in SCALES]
    grown = np.array([growth(run.slope_square, scale) for run, scale in zip(runs, SCALES, strict=True)])
    above = next(k for k, run in enumerate(runs) if run.length[0] > run.length[-1])
    low, high = float(SCALES[above - 1]), float(SCALES[above])
    while high / low > CLOSE:
        middle = math.sqrt(low * high)
        length = measured(name, middle).length
        low, high = (low, middle) if length[0] > length[-1] else (middle, high)
    return grown[:, np.array([*WATCHED]) - 1], math.sqrt(low * high)


def deep(name: str, weight_std: float) -> Picture:
    """Show the length of the gradient in ten layers, and what each layer multiplies its square by."""
    run = measured(name, weight_std)
    factors = growth(run.slope_square, weight_std)
    slopes_alone = run.length[-1] * np.append(np.cumprod(np.sqrt(run.slope_square[-2::-1]))[::-1], 1)
    along, edge = _over_scales(name)
    ratio = float(run.length[0] / run.length[-1])

    steps = slice(0, DEPTH - 1)
    return Picture(
        [_lengths(run.length, slopes_alone), _growths(along, factors, weight_std)],
        f"{_fate(ratio)} Each step back multiplies the square of its length by about {UNITS}·σ_w²·E[f′²], here "
        f"{_range(factors[steps])}. Over all ten layers, {name} keeps the length at about σ_w = {format_number(edge, 2)}.",
        table=Table(
            "The gradient on its way back, and the signal",
            {
                "layer": LAYERS[::-1],
                "length of the gradient": run.length[::-1],
                "slopes alone": slopes_alone[::-1],
                "E[f′²], mean square of the slopes": run.slope_square[::-1],
                "growth of the squared length": factors[::-1],
                "mean square of z, the sums": run.sum_square[::-1],
            },
            {
                "units per layer, and fan-in": UNITS,
                "standard deviation of the weights": weight_std,
                "length at layer 1 over that at layer 10": ratio,
                "and the other way round": 1 / ratio,
                "smallest growth, layers 1 to 9": factors[steps].min(),
                "largest growth, layers 1 to 9": factors[steps].max(),
                "scale at which the length is kept": edge,
            },
        ),
        height=320,
    )


def _lengths(length: Array, slopes_alone: Array) -> Panel:
    """Show the gradient as it comes down from layer 10 to layer 1."""
    back = -LAYERS[::-1].astype(float)
    return Panel(
        "length of the gradient on its way back",
        [
            Line(
                "slopes alone", slopes_alone[::-1], back, color="muted", dash="dashed", label="slopes alone"
            ),
            Line("length of the gradient", length[::-1], back, color="gradient", width=3, label="measured"),
            Points("", length[::-1], back, color="gradient"),
        ],
        x=Axis("layer", -DEPTH - 0.3, -0.7, ticks={-layer: str(layer) for layer in (10, 7, 4, 1)}),
        y=Axis(low=1e-14, high=1e12, scale="log", ticks=powers_of_ten(-12, -8, -4, 0, 4, 8, 12)),
        grid="y",
        weight=1.15,
    )


def _growths(along: Array, now: Array, weight_std: float) -> Panel:
    """Show by scale of the weights what some layers multiply the square of the length by."""
    return Panel(
        "growth of its square at one layer",
        [
            Rule("", 1, axis="y", color="ink", width=1, dash=""),
            *(
                Line(
                    f"growth, layer {layer}",
                    along[:, k],
                    SCALES,
                    color="gradient",
                    dash=dash,
                    label=f"layer {layer}, {dash}".removesuffix(", "),
                )
                for k, (layer, dash) in enumerate(WATCHED.items())
            ),
            Rule("σ_w", weight_std, color="muted", width=3, dash="", drags={"x": Drag("weight_std")}),
            Points(
                "growth now", now[np.array([*WATCHED]) - 1], [weight_std] * len(WATCHED), color="gradient"
            ),
        ],
        x=Axis(
            "standard deviation *σ*_w of the weights",
            0.009,
            1.1,
            scale="log",
            ticks={0.01: "0.01", KEEPING: "1/√256", 1: "1"},
        ),
        y=Axis(low=1e-3, high=400, scale="log", ticks=powers_of_ten(-3, -2, -1, 0, 1, 2)),
    )


def _fate(ratio: float) -> str:
    """Say what became of the gradient between layer 10 and layer 1."""
    if ratio > HOLDS:
        return f"The gradient explodes: at layer 1 it is {format_number(ratio)} times as long as at layer 10."
    if ratio < 1 / HOLDS:
        return f"The gradient vanishes: at layer 10 it is {format_number(1 / ratio)} times as long as at layer 1."
    return f"The gradient holds within a factor of {HOLDS:g}: at layer 1 it is {format_number(ratio)} times as long as at layer 10."


def _range(values: Array) -> str:
    low, high = format_number(values.min()), format_number(values.max())
    return low if low == high else f"between {low} and {high}"


deep_demo = Demo(
    deep,
    (
        Choice("name", "Function", options=tuple(FUNCTIONS)),
        LogFloat(
            "weight_std",
            "Standard deviation σ_w of the weights",
            low=0.01,
            high=1,
            initial=1,
            step=10**0.05,
            plays=True,
        ),
    ),
    title="Ten layers.",
    look_for="Drag σ_w until the line on the left lies flat. Then change the function: does it stay flat?",
    presets={
        "1/√256": {"weight_std": KEEPING},
        "ReLU at 1/√256": {"name": "ReLU", "weight_std": KEEPING},
        "ReLU at He's √(2/256)": {"name": "ReLU", "weight_std": math.sqrt(2) * KEEPING},
        "GELU at √(2/256)": {"name": "GELU", "weight_std": math.sqrt(2) * KEEPING},
        "Sigmoid at 1": {"name": "sigmoid"},
        "Much too small": {"weight_std": 0.01},
    },
)
