"""“A chain of slopes”: how their product shrinks."""

from __future__ import annotations

import functools
import math

import numpy as np
from matplotlib.ticker import MaxNLocator

from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES, plural
from course_utils.lessons.arrays import Array
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Picture, Question, Table, look
from course_utils.teaching.text import format_number

chain_question = Question(
    "Backpropagation multiplies slopes and weights. A chain of ten sigmoids, all weights 1: how large can the product of the ten slopes be at most?",
    ["1", "0.25", "0.025", "About one millionth."],
    "D",
    [
        "that a product of slopes stays of the size of a slope, and that a slope may be 1. No factor exceeds 1/4.",
        "of a single sigmoid. Each of the ten brings its own factor.",
        "of division: a quarter over ten. Slopes along a chain are multiplied.",
        "Ten factors of at most 1/4: (1/4)^10 = 1/1048576. And most are smaller than 1/4.",
    ],
)

CHAINS, DRAWN, DEEPEST = 200, 40, 50


@functools.cache
def _inputs() -> Array:
    """Return standard normal pre-activations: one row per chain, one column per layer."""
    return np.random.default_rng(5).standard_normal((CHAINS, DEEPEST))


def chain(name: str, depth: int, spread: float) -> Picture:
    """Show how the product of real slopes shrinks from layer to layer."""
    slopes = np.asarray(ACTIVATIONS[name].slope(spread * _inputs()[:, :depth]))
    alive = np.cumprod(slopes != 0, axis=1).astype(bool)
    logs = np.log10(np.abs(np.where(alive, slopes, 1.0)))
    products = np.where(alive, np.cumsum(logs, axis=1), np.nan)
    products = np.hstack([np.zeros((CHAINS, 1)), products])
    layers = np.arange(depth + 1)
    living = int(alive[:, -1].sum())
    medians = np.array(
        [
            np.median(column[~np.isnan(column)]) if (~np.isnan(column)).any() else np.nan
            for column in products.T
        ]
    )
    ceiling = layers * math.log10(ACTIVATIONS[name].steepest)
    # One artist for all chains: rows joined by a gap.
    gap = np.full((DRAWN, 1), np.nan)
    tracks = np.hstack([products[:DRAWN], gap]).ravel()
    steps = np.hstack([np.tile(layers.astype(float), (DRAWN, 1)), gap]).ravel()

    figure, (axes,) = look.panels(left=84)
    axes.plot(
        steps, tracks, color=look.SKY_BLUE, linewidth=0.8, gid="layers of a chain | log10 of its product"
    )
    axes.plot(layers, medians, color=look.LOGITS, linewidth=3, gid="layers | median of log10")
    axes.plot(layers, ceiling, "--", color=look.BLACK, gid="layers | ceiling of log10")
    lowest = min(-1.0, float(np.nanmin(products[:DRAWN])))
    highest = max(1.0, float(ceiling.max()))
    axes.set(xlim=(0, depth), xlabel="layers", ylabel="log10 of the product")
    axes.set_ylim(1.05 * lowest, highest + 0.6 * (highest - lowest))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(
        axes.get_lines(),
        [f"{DRAWN} chains", "median of the living ones", "ceiling: largest slope at every layer"],
        loc="upper right",
        borderpad=0.3,
    )
    axes.set_title(f"product of the slopes of {name}")

    after = f"After {plural(depth, 'layer', 'layers')} of {name}"
    if living == CHAINS:
        seen = f"{after} the median product is {_power(medians[-1])}."
    elif living:
        was = f"{plural(living, 'chain', 'chains')} of {CHAINS}"
        seen = (
            f"{after}, {was} {'has' if living == 1 else 'have'} a product other than 0, "
            f"with median {_power(medians[-1])}."
        )
    else:
        seen = f"{after} the product is 0 in all {CHAINS} chains."
    chosen = np.unique(np.round(np.linspace(0, depth, min(depth, 10) + 1)).astype(int))
    return Picture(
        figure,
        f"{seen} The ceiling, the largest slope at every layer, is {_power(ceiling[-1])}.",
        Table(
            "Products of slopes over the layers",
            {
                "layers so far": chosen,
                "living chains": (~np.isnan(products)).sum(axis=0)[chosen],
                "median of log10 of the product": [
                    "none" if np.isnan(medians[k]) else float(np.round(medians[k], 6)) for k in chosen
                ],
                "log10 of the ceiling": np.round(ceiling[chosen], 6),
            },
            {
                "chains": CHAINS,
                "chains drawn": DRAWN,
                "median product": "none" if np.isnan(medians[-1]) else _power(medians[-1]),
                "ceiling": _power(ceiling[-1]),
            },
        ),
        {
            "layers": layers,
            "layers of a chain": steps,
            "log10 of its product": tracks,
            "median of log10": medians,
            "ceiling of log10": ceiling,
        },
    )


def _power(exponent: float) -> str:
    """Write ten to the power ``exponent``, whose digits a float could not hold for long chains."""
    if -3 < exponent < 4:
        return format_number(10.0**exponent)
    whole = math.floor(exponent)
    mantissa = f"{10 ** (exponent - whole):.2g}"
    if mantissa == "10":
        mantissa, whole = "1", whole + 1
    return f"{mantissa}e{whole}".replace("-", "−")


chain_demo = Demo(
    chain,
    (
        Choice("name", "Function", options=NAMES),
        Integer("depth", "Layers", low=1, high=DEEPEST, initial=10),
        LogFloat("spread", "Spread of the pre-activations", low=0.1, high=10, initial=1, step=10**0.1),
    ),
    title="A chain of slopes.",
    look_for="Compare the chains with the ceiling: what does a larger spread do to each of the functions?",
    presets={
        "Ten times tanh": {"name": "tanh"},
        "Ten times tanh, saturated": {"name": "tanh", "spread": 10},
        "Ten times ReLU": {"name": "ReLU"},
        "Ten times leaky ReLU": {"name": "leaky ReLU"},
        "Fifty times GELU, large inputs": {"name": "GELU", "depth": 50, "spread": 10},
    },
)
