"""Section "Leaky, smooth, and a little too steep": relatives of ReLU."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES, WINDOW
from course_utils.lessons.arrays import Array
from course_utils.teaching import Check, Choice, Contract, Demo, Exercise, Given, Mistake, Pick, Question
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Points, Table, Text
from course_utils.teaching.text import format_number

smooth_question = Question(
    "SiLU and GELU are smooth versions of ReLU, whose slope is never larger than 1. How large can *their* slopes be?",
    ["Less than 1 everywhere: smoothing flattens.", "Exactly 1 at most.", "A little more than 1."],
    "C",
    [
        "of smoothing as averaging of slopes. That is true of softplus, which lies above ReLU. These two pass through 0 with slope 1/2, fall behind the line x, and have to catch up.",
        "of large x, where the slope tends to 1. On the way there it overshoots.",
        "For x > 0 both lie below ReLU, and come back to it for large x. To close the gap they must climb faster than 1 for a while.",
    ],
    expected=[30, 40, 30],
)


NONE = "none"
STYLES = (("", "logits"), ("dashed", "probabilities"), ("dotted", "target"))
LOWEST = {"SiLU": -1.2784645427610738, "GELU": -0.7517915246935645}  # where they turn around

EVERY_UNIT = slice(None, None, 20)


def functions_and_slopes(first: str, second: str, third: str) -> Picture:
    """Show up to three activations in one picture, and beside them their slopes."""
    chosen = [name for name in dict.fromkeys([first, second, third]) if name != NONE]
    curves = {f"{name}(x)": np.asarray(ACTIVATIONS[name].function(WINDOW)) for name in chosen}
    slopes = {f"slope of {name}": np.asarray(ACTIVATIONS[name].slope(WINDOW)) for name in chosen}
    readout = "; ".join(f"{name}: largest slope {_largest(name)}" for name in chosen)
    lowest = {name: point for name in chosen if (point := lowest_point(name))}
    dips = [
        f"{name} falls as low as {format_number(low, 5)} at x = {format_number(x, 6)}."
        for name, (x, low) in lowest.items()
    ]
    return Picture(
        [_functions(chosen, curves), _slopes(chosen, slopes)],
        " ".join([f"{readout}.", *dips]),
        table=Table(
            "Values and slopes",
            {
                "x": WINDOW[EVERY_UNIT],
                **{key: values[EVERY_UNIT] for key, values in {**curves, **slopes}.items()},
            },
            {
                **{f"largest slope of {name}": _largest(name) for name in chosen},
                **{
                    f"lowest point of {name}": f"{format_number(low, 5)} at {format_number(x, 6)}"
                    for name, (x, low) in lowest.items()
                },
            },
        ),
        height=300,
    )


def _largest(name: str) -> str:
    """Say how large the slope gets, and where."""
    activation = ACTIVATIONS[name]
    if activation.peak is not None:
        return f"{format_number(activation.steepest, 5)} at x = {format_number(activation.peak, 4)}"
    return "1, approached for large x" if name == "softplus" else "1, for every x > 0"


def _functions(chosen: list[str], curves: dict[str, Array]) -> Panel:
    bounded = max(values.max() for values in curves.values()) <= 1
    low, high, ticks = (-1.15, 1.15, range(-1, 2)) if bounded else (-1.3, 5.1, range(-1, 6))
    return Panel(
        "*f*(*x*)",
        [*_lines(curves), *_names(chosen, high)],
        x=Axis("*x*", -5, 5, ticks=(-5, 0, 5)),
        y=Axis("", low, high, ticks=ticks, zero=True),
    )


def _slopes(chosen: list[str], slopes: dict[str, Array]) -> Panel:
    """Show the slopes, and where each is largest."""
    peaks = [(ACTIVATIONS[name].peak, ACTIVATIONS[name].steepest) for name in chosen]
    marks = np.array([(x, slope) for x, slope in peaks if x is not None]).reshape(-1, 2)
    return Panel(
        "slope *f*′(*x*)",
        [
            *_lines(slopes),
            Points("largest slope", marks[:, 1], marks[:, 0], color="ink", shape="diamond", size=11),
        ],
        x=Axis("*x*", -5, 5, ticks=(-5, 0, 5)),
        y=Axis(low=-0.2, high=1.25, ticks=(0, 0.25, 0.5, 0.75, 1), zero=True),
        grid="y",
    )


def _lines(curves: dict[str, Array]) -> list[Line]:
    """Draw curves in the order chosen."""
    return [
        Line(key, values, WINDOW, color=color, dash=dash, width=2.5)
        for (key, values), (dash, color) in zip(curves.items(), STYLES, strict=False)
    ]


def _names(chosen: list[str], top: float) -> list[Text]:
    """Write the names into the corner that all functions leave free, so that no name moves the panels."""
    return [
        Text(name, -5, top, color=color, dx=8, dy=18 * (1 + row))
        for row, (name, (_, color)) in enumerate(zip(chosen, STYLES, strict=False))
    ]


def lowest_point(name: str) -> tuple[float, float] | None:
    """Return where SiLU and GELU turn around, and how low they are there; the others never turn."""
    turn = LOWEST.get(name)
    return None if turn is None else (turn, float(ACTIVATIONS[name].function(turn)))


functions_demo = Demo(
    functions_and_slopes,
    (
        Choice("first", "First function", options=NAMES, initial="SiLU"),
        Choice("second", "Second function", options=NAMES, initial="GELU"),
        Choice("third", "Third function", options=(*NAMES, NONE), initial="ReLU"),
    ),
    title="Functions and their slopes.",
    look_for="Compare the heights of the slopes, and where they are nearly 0.",
    presets={
        "The two S-shapes": {"first": "sigmoid", "second": "tanh", "third": NONE},
        "Three that never die": {"first": "leaky ReLU", "second": "ELU", "third": "softplus"},
        "A function and its slope": {"first": "sigmoid", "second": "softplus", "third": NONE},
    },
)


def silu_slope(x):
    s = 1 / (1 + np.exp(-x))
    return s + x * s * (1 - s)


def any_moderate_floats(pick: Pick) -> Given:
    return (pick.numbers(pick.any_shape((0, 1, 2, 3), empty=True), -30, 30),)


silu_exercise = Exercise(
    "Write `silu_slope(x)`: the derivative of SiLU(x) = x·σ(x).",
    Contract(
        "`x` is a NumPy array of floats between −30 and 30, of any shape (so plain `np.exp` is safe). Return an array of "
        "the same shape, each entry right to within 1e−12: a *formula*, not a measured slope. Leave `x` unchanged.",
        rtol=1e-12,
        atol=1e-12,
        inputs=any_moderate_floats,
    ),
    silu_slope,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.5, 2.0]),)),
        Check("at 0, where σ is 1/2", (np.array([0.0]),)),
        Check("where SiLU is lowest", (np.array([LOWEST["SiLU"]]),)),
        Check("where the slope exceeds 1", (np.array([2.4, 3.0, 5.0]),)),
        Check("far out", (np.array([-30.0, -12.5, 12.5, 30.0]),)),
        Check("a table", (np.array([[1.0, -1.0], [4.0, -4.0]]),)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)),
            "you have differentiated the factor x and left σ(x) alone. The product rule has two terms.",
        ),
        Mistake(
            lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "this is σ′ alone. The product rule: x′·σ + x·σ′.",
        ),
        Mistake(
            lambda x: x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "this is the second term of the product rule, x·σ′. The first, x′·σ = σ, is missing.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) + x / (1 + np.exp(-x)),
            "both terms are there, but the second needs the *slope* of σ, which is σ(1 − σ).",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) - x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "a sign: the derivative of 1/(1 + e^(−x)) is *plus* e^(−x)/(1 + e^(−x))².",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) + np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "the second term has lost its factor x: x′·σ + x·σ′.",
        ),
        Mistake(lambda x: x / (1 + np.exp(-x)), "this is SiLU itself."),
        Mistake(
            lambda x: np.where(x > 0, 1.0, 0.0), "this is the slope of ReLU. SiLU is its smooth relative."
        ),
        Mistake(
            lambda x: ((x + 0.01) / (1 + np.exp(-x - 0.01)) - x / (1 + np.exp(-x))) / 0.01,
            "this is a forward difference with h = 0.01: a measurement, off by up to 0.0025. Derive the formula.",
        ),
    ],
    [
        "A product of two functions: x and σ(x).",
        "(x·σ)′ = σ + x·σ′, and σ′ = σ(1 − σ)",
        "Two lines: `s = 1 / (1 + np.exp(-x))`, then `s` plus `x` times `s * (1 - s)`.",
    ],
    payoff="You can now differentiate an activation that you have never met.",
)
