"""Section "Saturation": what the scale of random weights does to tanh."""

from __future__ import annotations

import functools
import math
import sys

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.numerics import activations as act
from course_utils.teaching import (
    Check,
    Contract,
    Demo,
    Exercise,
    Given,
    Integer,
    LogFloat,
    Mistake,
    Pick,
    Question,
)
from course_utils.teaching.pictures import Axis, Band, Bars, Line, Panel, Picture, Table, Text
from course_utils.teaching.text import format_number, percent

saturation_question = Question(
    "A layer: 784 inputs, drawn from a standard normal distribution; the weights too. "
    "Each of the 256 units computes tanh(Σ w x). For how many of them do you expect |tanh| above 0.99?",
    ["About 1 in 100.", "About a third.", "About half.", "More than 9 in 10."],
    "D",
    [
        "of one input with one weight. Here 784 products are added.",
        "of a sum that stays of the size of its terms because signs cancel. They cancel only in part: "
        "784 terms of variance 1 make a variance of 784.",
        "that a sum of so many terms may come out as anything, so half the time large. It may, but on the scale of 28, and tanh is flat beyond 3.",
        "The sum has a standard deviation of √784 = 28, and |tanh| exceeds 0.99 from 2.65 on: nearly all units are out there.",
    ],
    expected=[20, 35, 20, 25],
)

UNITS, LARGEST_FAN_IN = 256, 1000
SATURATED = 0.99
STEEP = math.atanh(SATURATED)  # where tanh gets there


@functools.cache
def _layer(seed: int) -> tuple[Array, Array]:
    """Return the entries of one input and the weights of 256 units, all standard normal."""
    random = np.random.default_rng(seed)
    return random.standard_normal(LARGEST_FAN_IN), random.standard_normal((UNITS, LARGEST_FAN_IN))


def expected_saturation(spread: float) -> float:
    """Return how probable |tanh z| > 0.99 is for a normal z with mean 0; where that is no float, the smallest."""
    return max(math.erfc(STEEP / (spread * math.sqrt(2))), sys.float_info.min)


def saturation(fan_in: int, weight_std: float, seed: int) -> Picture:
    """Show one layer before and after tanh, for inputs and weights drawn at random."""
    x, weights = _layer(seed)
    entries = x[:fan_in] / np.sqrt(np.mean(x[:fan_in] ** 2))  # normalized: the mean of the squares is 1
    z = weight_std * (weights[:, :fan_in] @ entries)
    outputs = np.tanh(z)
    spread = weight_std * math.sqrt(fan_in)
    edges = spread * np.linspace(-4, 4, 33)
    before = np.histogram(z, edges)[0]
    outside = UNITS - int(before.sum())
    centers = (edges[1:] + edges[:-1]) / 2
    density = (
        UNITS
        * (edges[1] - edges[0])
        * np.exp(-((centers / spread) ** 2) / 2)
        / (spread * math.sqrt(2 * math.pi))
    )
    expected, drawn = expected_saturation(spread), float(np.mean(np.abs(outputs) > SATURATED))
    slope = float(np.mean(act.tanh_derivative(z)))
    return Picture(
        [_sums(edges, before, density), _outputs(outputs)],
        f"|tanh z| exceeds {SATURATED} in {percent(drawn, decimals=1)} of the {UNITS} units; {percent(expected, decimals=1)} were expected. "
        f"z has a standard deviation of {format_number(float(z.std()))} in this draw, where {format_number(spread)} "
        f"was expected. The mean slope tanh′ is {format_number(slope)}.",
        table=Table(
            "The layer before and after tanh",
            {"z around": centers, "units before": before, "expected units": np.round(density, 4)},
            {
                "units": UNITS,
                "units outside the left picture": outside,
                "standard deviation of z, this draw": float(z.std()),
                "standard deviation of z, expected": spread,
                "level": SATURATED,
                "saturated, this draw": percent(drawn, decimals=1),
                "saturated, expected": percent(expected, decimals=1),
                "mean slope": slope,
            },
            digits=4,
        ),
        height=300,
    )


def _sums(edges: Array, units: Whole, expected: Array) -> Panel:
    """Show how many units have which sum, and where tanh is not yet saturated."""
    centers = (edges[1:] + edges[:-1]) / 2
    top = max(52.0, 1.05 * units.max())
    ticks = {
        mark: format_number(mark, 2 if abs(mark) < 100 else 3)
        for mark in edges[[8, 16, 24]].tolist()  # two standard deviations to each side
    }
    ticks[edges[-1]] = ""  # nothing there is wider or narrower in another state
    return Panel(
        "before: the sums *z* = Σ *w x*",
        [
            Band("", 0, [top, top], [-STEEP, STEEP], color="target"),
            Bars("units before", units, centers, color="logits", width=float(edges[1] - edges[0])),
            Line("expected", expected, centers, color="ink", dash="dashed"),
            Text("green: |tanh *z*| ≤ 0.99", edges[0], top, color="target", dx=6, dy=14),
        ],
        x=Axis("*z*", edges[0], edges[-1], ticks=ticks),
        y=Axis("units", 0, top, ticks=(0, 20, 40)),
    )


def _outputs(outputs: Array) -> Panel:
    units = np.histogram(outputs, np.linspace(-1, 1, 21))[0]
    return Panel(
        "after: tanh *z*",
        [Bars("units after", units, np.linspace(-0.95, 0.95, 20), color="probabilities", width=0.1)],
        x=Axis("tanh *z*", -1.03, 1.03, ticks=(-1, 0, 1)),
        y=Axis("units", 0, 170, ticks=(0, 50, 100, 150)),
    )


GLOROT = math.sqrt(2 / (784 + 256))

saturation_demo = Demo(
    saturation,
    (
        Integer("fan_in", "Inputs per unit (fan-in)", low=1, high=LARGEST_FAN_IN, initial=784),
        LogFloat(
            "weight_std",
            "Standard deviation of the weights",
            low=0.001,
            high=2,
            initial=1,
            step=10**0.05,
            plays=True,
        ),
        Integer("seed", "Number of the draw", low=0, high=99, initial=0),
    ),
    title="Saturation.",
    look_for="Play the weights: as the green strip grows, two walls become a hill.",
    presets={
        "Glorot's scale": {"weight_std": GLOROT},
        "The scale that keeps the variance": {"weight_std": 1 / 28},
        "Another draw": {"seed": 1},
        "Four inputs only": {"fan_in": 4},
        "Tiny weights": {"weight_std": 0.001},
    },
)


def keeping_scale(fan_in, fan_out):
    return 1 / np.sqrt(fan_in)


def any_layer(pick: Pick) -> Given:
    fan_in, fan_out = pick.number(1, 1e6, 784, 100, 2, log=True), pick.number(1, 1e6, 10, 3, log=True)
    if fan_in * fan_out > 1e6:  # who draws the weights, by mistake, shall not fill the memory
        fan_in, fan_out = pick.one_of((fan_in, 1e6 // fan_in), (1e6 // fan_out, fan_out))
    return int(fan_in), int(fan_out)


scale_exercise = Exercise(
    "Write `keeping_scale(fan_in, fan_out)`: the standard deviation of the weights for which Σ w x has the same variance "
    "as the inputs.",
    Contract(
        "A layer has `fan_in` inputs and `fan_out` units; both are positive integers up to a million. The inputs have mean 0 and one "
        "variance, the weights are drawn independently with mean 0, there is no bias. Return one number, right to nine "
        "digits: the standard deviation of a weight. Only the way *forward* counts.",
        inputs=any_layer,
    ),
    keeping_scale,
    [
        Check("784 inputs, 256 units", (784, 256)),
        Check("the next layer", (256, 10)),
        Check("as many in as out", (100, 100)),
        Check("few inputs", (3, 1000)),
        Check("one input", (1, 1)),
        Check("many inputs", (100_000, 7)),
    ],
    [
        Mistake(
            lambda fan_in, fan_out: 1 / fan_in,
            "this is the *variance* of a weight. Its standard deviation is the square root.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
            "this is Glorot's scale. It balances the way forward with the way back; asked is the way forward alone.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(2 / fan_in),
            "this is He's scale, twice the variance: it makes up for a ReLU, which throws half of the signal away. "
            "Here nothing comes after the sum.",
        ),
        Mistake(
            lambda fan_in, fan_out: 1 / np.sqrt(fan_out),
            "each unit adds up `fan_in` products. `fan_out` counts on the way back.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(fan_in),
            "this is by what factor the spread *grows* with weights of standard deviation 1. Divide by it.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(3 / fan_in),
            "this is the half-width of a *uniform* distribution whose standard deviation is right. Asked is the "
            "standard deviation itself.",
        ),
        Mistake(
            lambda fan_in, fan_out: 1 / np.sqrt(fan_in + 1),
            "you count a bias as one more input. Here there is none.",
        ),
        Mistake(lambda fan_in, fan_out: 1 / 28, "this is right for 784 inputs only. Use `fan_in`."),
    ],
    [
        "Var(Σ w x) is a sum of `fan_in` equal terms, because the terms are uncorrelated.",
        "Var(Σ w x) = fan_in · Var(w) · Var(x). For which Var(w) is this Var(x)? And its square root?",
        "One line: 1 divided by `np.sqrt` of one of the two arguments.",
    ],
    payoff="You can now choose weights that keep the spread of what enters a layer.",
)
