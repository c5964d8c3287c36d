"""What opens the page: a chain of slopes, and how their product shrinks."""

from __future__ import annotations

import functools
import math

import numpy as np

from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES
from course_utils.lessons.arrays import Array, Whole, with_gaps
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Question
from course_utils.teaching.pictures import Axis, Bars, Line, Panel, Picture, Table, Text
from course_utils.teaching.text import format_number, with_minus
from course_utils.words import counted

chain_question = Question(
    "Backpropagation multiplies slopes and weights. A chain of ten sigmoids, all weights 1, with biases of your choice: how large can the product of the ten slopes be at most?",
    ["1", "0.25", "0.025", "About one millionth."],
    "D",
    [
        "that a product of slopes stays of the size of a slope, and that a slope may be 1. No factor exceeds 1/4.",
        "of a single sigmoid. Each of the ten brings its own factor.",
        "of division: a quarter over ten. Slopes along a chain are multiplied.",
        "Ten factors of at most 1/4: (1/4)^10 = 1/1048576, reached where the biases bring every sum to 0. Elsewhere it is less.",
    ],
    expected=[10, 30, 25, 35],
)

CHAINS, DRAWN, DEEPEST = 200, 40, 50
STAGES = (10, 25, DEEPEST)  # how many layers there is room for


@functools.cache
def _inputs() -> Array:
    """Return standard normal pre-activations: one row per chain, one column per layer."""
    return np.random.default_rng(5).standard_normal((CHAINS, DEEPEST))


@functools.lru_cache(maxsize=8)
def _products(name: str, spread: float) -> Array:
    """Return log10 of the size of the product of the slopes: a row per chain, a column per layer; nan where it is 0.

    The product itself may have either sign: left of its lowest point, GELU's slope is negative, and so is SiLU's.
    """
    slopes = np.asarray(ACTIVATIONS[name].slope(spread * _inputs()))
    alive = np.cumprod(slopes != 0, axis=1).astype(bool)
    logs = np.log10(np.abs(np.where(alive, slopes, 1.0)))
    return np.hstack([np.zeros((CHAINS, 1)), np.where(alive, np.cumsum(logs, axis=1), np.nan)])


def chain(name: str, depth: int, spread: float) -> Picture:
    """Show how the size of a product of real slopes shrinks from layer to layer, and in how many chains it is 0."""
    stage = next(stage for stage in STAGES if stage >= depth)
    most = _products(name, spread)[:, : stage + 1]
    products, layers = most[:, : depth + 1], np.arange(depth + 1)
    living = (~np.isnan(products)).sum(axis=0)
    medians = np.array(
        [np.nan if not count else np.nanmedian(products[:, k]) for k, count in enumerate(living)]
    )
    ceiling = math.log10(ACTIVATIONS[name].steepest) * layers
    how = "which no product reaches" if name == "softplus" else "with the largest slope at every layer"
    chosen = np.unique(np.round(np.linspace(0, depth, min(depth, 10) + 1)).astype(int))
    return Picture(
        [_sizes(name, most, products, medians, ceiling), _alive(stage, living)],
        f"{_said(name, depth, int(living[-1]), medians[-1])} The ceiling, {how}, is {power_of(ceiling[-1])}.",
        table=Table(
            "Products of slopes over the layers",
            {
                "layers so far": chosen,
                "chains alive": living[chosen],
                "median of log10 of the product's size": [
                    "none" if np.isnan(medians[k]) else float(np.round(medians[k], 6)) for k in chosen
                ],
                "log10 of the ceiling": np.round(ceiling[chosen], 6),
            },
            {
                "chains": CHAINS,
                "chains drawn": DRAWN,
                "median size of the product": "none" if np.isnan(medians[-1]) else power_of(medians[-1]),
                "ceiling": power_of(ceiling[-1]),
            },
        ),
        height=320,
    )


def _said(name: str, depth: int, living: int, median: float) -> str:
    """Say how many chains are alive, and how large their product is."""
    after = f"After {counted(depth, 'layer')} of {name}"
    if living == CHAINS:
        return f"{after} the median size of the product is {power_of(median)}."
    if living:
        was = f"{counted(living, 'chain')} of {CHAINS}"
        return (
            f"{after}, {was} {'has' if living == 1 else 'have'} a product other than 0, "
            f"of median size {power_of(median)}."
        )
    return f"{after} the product is 0 in all {CHAINS} chains."


def _sizes(name: str, most: Array, products: Array, medians: Array, ceiling: Array) -> Panel:
    """Show the products of some chains; the axes have room for those of the `most` layers of this stage."""
    stage, layers = most.shape[1] - 1, np.arange(products.shape[1])
    steps, tracks = with_gaps(np.stack(np.broadcast_arrays(layers, products[:DRAWN]), axis=-1))
    per_layer = math.log10(ACTIVATIONS[name].steepest)
    low, high = _limits(float(np.nanmin(most)), max(float(np.nanmax(most)), per_layer * stage))
    return Panel(
        f"size of the product of the slopes of {name}",
        [
            Line("log10 of the size of its product", tracks, steps, color="exponentials", width=0.8),
            Line("ceiling of log10 of the size", ceiling, layers, color="ink", dash="dashed"),
            Line("median of log10 of the size", medians, layers, color="gradient", width=4),
            Text("ceiling", 0, high, dx=8, dy=16),
            Text("median of those alive", 0, high, dx=70, dy=16, color="gradient"),
        ],
        x=Axis("layers", 0, stage, ticks=_fifths(stage)),
        y=Axis(
            low=low, high=high, ticks={k: _ten_to(k) for k in np.linspace(low, 0, 6).astype(int).tolist()}
        ),
        grid="y",
        weight=2,
    )


def _alive(stage: int, living: Whole) -> Panel:
    return Panel(
        f"chains alive, of {CHAINS}",
        [Bars("chains alive", living, np.arange(len(living)), color="gradient", width=0.8)],
        x=Axis("layers", -0.6, stage + 0.6, ticks=_fifths(stage)),
        y=Axis(low=0, high=1.05 * CHAINS, ticks=[0, CHAINS / 2, CHAINS]),
    )


def _fifths(stage: int) -> list[float]:
    return [k * stage / 5 for k in range(6)]


def _limits(lowest: float, highest: float) -> tuple[float, float]:
    """Return round limits that all chains of a stage stay within, with room for names above."""
    step = 5 * 10.0 ** math.floor(math.log10(max(-lowest, 5) / 5))
    low = -step * math.ceil(max(-lowest, 5) / step)
    return low, max(highest, 0) - 0.16 * low


def _ten_to(exponent: int) -> str:
    """Write a power of ten; that of 0 so wide that all others are narrower, and the panel stays in place."""
    return f"10^{{{format_number(exponent)}}}" if exponent else f"{'1':>14}"


def power_of(exponent: float) -> str:
    """Write ten to the power ``exponent``, whose digits a float could not hold for long chains."""
    if -3 < exponent < 4:
        return format_number(10.0**exponent)
    whole = math.floor(exponent)
    mantissa = f"{10 ** (exponent - whole):.2g}"
    if mantissa == "10":
        mantissa, whole = "1", whole + 1
    return with_minus(f"{mantissa}e{whole}")


chain_demo = Demo(
    chain,
    (
        Choice("name", "Function", options=NAMES, initial="tanh"),
        Integer("depth", "Layers", low=1, high=DEEPEST, initial=10, plays=True),
        LogFloat("spread", "Spread of the pre-activations", low=0.1, high=10, initial=1, step=10**0.1),
    ),
    title="A chain of slopes.",
    look_for="Play the layers. Which function loses most, and what does a larger spread do?",
    presets={
        "Ten times tanh, saturated": {"spread": 10},
        "Fifty times tanh": {"depth": 50},
        "Ten times ReLU": {"name": "ReLU"},
        "Ten times leaky ReLU": {"name": "leaky ReLU"},
        "Fifty times GELU": {"name": "GELU", "depth": 50, "spread": 10},
    },
)
