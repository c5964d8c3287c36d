"""“Three functions” and their slopes."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES
from course_utils.lessons.arrays import Array
from course_utils.teaching import Choice, Demo, Question
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Points, Table, Text
from course_utils.teaching.text import format_number

peak_question = Question(
    "The sigmoid climbs from 0 to 1. How large is its largest slope?",
    ["1", "1/2", "1/4", "It depends on how far out you look."],
    "C",
    [
        "of its largest *value*, or of tanh. The sigmoid needs several units of x to climb by 1.",
        "of the value at 0, σ(0) = 1/2. The slope there is σ(0)·(1 − σ(0)).",
        "Its slope is σ(1 − σ), a product of two numbers that add up to 1. It is largest where they are equal: 1/2 · 1/2.",
        "that it keeps getting steeper. It flattens on both sides of 0.",
    ],
)

NONE = "none"
STYLES = (("", "logits"), ("dashed", "probabilities"), ("dotted", "target"))

WINDOW = np.linspace(-5, 5, 201)
EVERY_UNIT = slice(None, None, 20)


def functions_and_slopes(first: str, second: str, third: str) -> Picture:
    """Show up to three activations in one picture, and beside them their slopes."""
    chosen = [name for name in dict.fromkeys([first, second, third]) if name != NONE]
    curves = {f"{name}(x)": np.asarray(ACTIVATIONS[name].function(WINDOW)) for name in chosen}
    slopes = {f"slope of {name}": np.asarray(ACTIVATIONS[name].slope(WINDOW)) for name in chosen}
    peaks = [(ACTIVATIONS[name].peak, ACTIVATIONS[name].steepest) for name in chosen]
    marks = np.array([(x, slope) for x, slope in peaks if x is not None]).reshape(-1, 2)

    x = Axis("*x*", -5, 5, ticks=(-5, 0, 5))
    bounded = max(values.max() for values in curves.values()) <= 1
    high = 1.15 if bounded else 5.1
    functions = Panel(
        "*f*(*x*)",
        [*_lines(curves), *_names(chosen, high)],
        x=x,
        y=Axis(low=-1.15 if bounded else -1.3, high=high, ticks=range(-1, 6), zero=True),
    )
    derivatives = Panel(
        "slope *f*′(*x*)",
        [
            *_lines(slopes),
            Points("largest slope", marks[:, 1], marks[:, 0], color="ink", shape="diamond", size=11),
        ],
        x=x,
        y=Axis(low=-0.2, high=1.25, ticks=(0, 0.25, 0.5, 0.75, 1), zero=True),
        grid="y",
    )

    def largest(name: str) -> str:
        activation = ACTIVATIONS[name]
        if activation.peak is not None:
            return f"{format_number(activation.steepest, 5)} at x = {format_number(activation.peak, 4)}"
        return "1, approached for large x" if name == "softplus" else "1, for every x > 0"

    readout = "; ".join(f"{name}: largest slope {largest(name)}" for name in chosen)
    lowest = {name: lowest_point(name) for name in chosen}
    dips = [
        f"{name} falls as low as {format_number(low, 5)} at x = {format_number(x, 6)}."
        for name, minimum in lowest.items()
        if minimum is not None
        for x, low in [minimum]
    ]
    table = {
        "x": WINDOW[EVERY_UNIT],
        **{key: values[EVERY_UNIT] for key, values in {**curves, **slopes}.items()},
    }
    summary = {f"largest slope of {name}": largest(name) for name in chosen}
    summary |= {
        f"lowest point of {name}": f"{format_number(m[1], 5)} at {format_number(m[0], 6)}"
        for name, m in lowest.items()
        if m is not None
    }
    return Picture(
        [functions, derivatives],
        " ".join([f"{readout}.", *dips]),
        table=Table("Values and slopes", table, summary),
        height=300,
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
    turn = {"SiLU": -1.2784645427610738, "GELU": -0.7517915246935645}.get(name)
    return None if turn is None else (turn, float(ACTIVATIONS[name].function(turn)))


functions_demo = Demo(
    functions_and_slopes,
    (
        Choice("first", "First function", options=NAMES, initial="sigmoid"),
        Choice("second", "Second function", options=NAMES, initial="tanh"),
        Choice("third", "Third function", options=(*NAMES, NONE), initial="ReLU"),
    ),
    title="Functions and their slopes.",
    look_for="Compare the heights of the two slopes, and where they are nearly 0.",
    presets={
        "The two S-shapes alone": {"third": NONE},
        "Three that never die": {"first": "leaky ReLU", "second": "ELU", "third": "softplus"},
        "Smooth versions of ReLU": {"first": "SiLU", "second": "GELU", "third": "ReLU"},
        "A function and its slope": {"first": "sigmoid", "second": "softplus", "third": NONE},
    },
)

list_question = Question(
    "Someone writes ReLU as `np.array([max(0, v) for v in x])` and tests it with `x = np.array([-1.5, -0.5])`. "
    "What comes out?",
    [
        "`array([0., 0.])`, as with `np.maximum(0, x)`.",
        "An array of *integers*.",
        "An error, because `max` cannot compare an int with a NumPy float.",
    ],
    "B",
    [
        "that the array remembers what it was made from. `max` returned its first argument, the integer 0, twice; "
        "of a list of integers NumPy makes an integer array.",
        "Both entries are the Python integer 0, so `np.array` chooses an integer type. Whatever is later written "
        "into that array loses its decimals, without a warning.",
        "of a strict language. Python compares numbers of different types without complaint.",
    ],
)
