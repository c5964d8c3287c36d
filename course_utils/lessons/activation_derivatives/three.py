"""“Three functions” and their slopes."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES
from course_utils.teaching import Choice, Demo, Picture, Question, Table, look
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
STYLES = (("-", look.LOGITS), ("--", look.PROBABILITIES), ((0, (1, 1)), look.TARGET))

WINDOW = np.linspace(-5, 5, 201)
EVERY_UNIT = slice(None, None, 20)


def functions_and_slopes(first: str, second: str, third: str) -> Picture:
    """Show up to three activations in one picture, and beside them their slopes."""
    chosen = [name for name in dict.fromkeys([first, second, third]) if name != NONE]
    curves = {f"{name}(x)": np.asarray(ACTIVATIONS[name].function(WINDOW)) for name in chosen}
    slopes = {f"slope of {name}": np.asarray(ACTIVATIONS[name].slope(WINDOW)) for name in chosen}
    peaks = [(ACTIVATIONS[name].peak, ACTIVATIONS[name].steepest) for name in chosen]
    marks = np.array([(x, slope) for x, slope in peaks if x is not None]).reshape(-1, 2)

    figure, (left, right) = look.panels(2, left=50, gap=54)
    for axes, family, title in ((left, curves, "f(x)"), (right, slopes, "slope f′(x)")):
        for (key, values), (dash, color) in zip(family.items(), STYLES, strict=False):
            axes.plot(WINDOW, values, linestyle=dash, color=color, gid=f"x | {key}")
        axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
        axes.axvline(0, color=look.OUTLINE, linewidth=1, gid="guide")
        axes.set(xlim=(-5.2, 5.2), xlabel="x")
        axes.set_title(title)
    bounded = max(values.max() for values in curves.values()) <= 1
    left.set_ylim(*((-1.15, 1.75) if bounded else (-1.3, 5.3)))
    right.set_ylim(-0.25, 1.95)
    right.plot(*marks.T, "D", color=look.BLACK, markeredgecolor="white", gid="peak | largest slope")
    for axes in (left, right):
        axes.legend(
            axes.get_lines()[: len(chosen)], chosen, loc="upper left", borderpad=0.3, handlelength=1.6
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
        figure,
        " ".join([f"{readout}.", *dips]),
        Table("Values and slopes", table, summary),
        {"x": WINDOW, **curves, **slopes, "peak": marks[:, 0], "largest slope": marks[:, 1]},
    )


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
