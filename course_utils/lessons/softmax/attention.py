"""Section "Attention: softmax chooses what to read", and why its scores are divided by √d."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import by_number
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, Integer, Question
from course_utils.teaching.pictures import Axis, Bars, Line, Panel, Picture, Points
from course_utils.teaching.text import format_number

spread_question = Question(
    "A query q and a key k have d entries each, drawn independently with mean 0 and variance 1. "
    "How large is the standard deviation of the score q·k?",
    ["1, whatever d is.", "√d.", "d."],
    "B",
    [
        "that a sum of d products spreads like one of them. Each product adds a variance of 1.",
        "Each product has mean 0 and variance 1; variances of independent terms add up to d, and the standard "
        "deviation is its root.",
        "of the variance, which is d. The standard deviation is its root.",
    ],
    expected=[20, 50, 30],
)

LONGEST = 256
KEYS = 8
DIMENSIONS = 2.0 ** np.arange(1, 9)


@functools.cache
def _drawn(seed: int) -> tuple[Array, Array]:
    """Return queries and keys: 400 pairs for the spread, of which the first query reads the first eight keys."""
    random = np.random.default_rng(seed)
    queries, keys = random.standard_normal((2, 400, LONGEST))
    return queries, keys


@functools.cache
def spreads(seed: int) -> Array:
    """Return the root mean square of the 400 scores for each of `DIMENSIONS`."""
    queries, keys = _drawn(seed)
    products = np.cumsum(queries * keys, axis=1)[:, DIMENSIONS.astype(int) - 1]
    spread: Array = np.sqrt(np.mean(products**2, axis=0))
    return spread


def attention(power: int, seed: int) -> Picture:
    """Show the weights with which a query reads eight keys, from scores as they are and divided by √d."""
    d = 2**power
    queries, keys = _drawn(seed)
    scores = keys[:KEYS, :d] @ queries[0, :d]
    raw, scaled = softmax(scores), softmax(scores / np.sqrt(d))
    by_key = by_number(KEYS, "key")
    measured = spreads(seed)
    return Picture(
        [
            Panel(
                title,
                [Bars(name, weights, color="probabilities")],
                x=by_key,
                y=Axis(low=0, high=1.05, ticks=(0, 0.5, 1)),
            )
            for title, name, weights in (
                ("softmax(*q·k*)", "softmax of q·k", raw),
                ("softmax(*q·k*/√*d*)", "softmax of q·k/√d", scaled),
            )
        ]
        + [
            Panel(
                "spread of *q·k*",
                [
                    Line("√d", np.sqrt(DIMENSIONS), DIMENSIONS, color="ink", dash="dashed", label="√*d*"),
                    Points("spread of 400 scores", measured, DIMENSIONS, color="logits"),
                    Points(
                        "spread at this d", [measured[power - 1]], [d], color="logits", size=14, outline="ink"
                    ),
                ],
                x=Axis("dimension *d*", 1.6, 320, scale="log", ticks=(2, 16, 256)),
                y=Axis(low=1, high=20, scale="log", ticks=(1, 4, 16)),
            )
        ],
        f"With d = {d}, the largest of {KEYS} weights is {format_number(raw.max())}; from scores divided by √d it is "
        f"{format_number(scaled.max())}. The scores spread by {format_number(measured[power - 1])}, and √d is "
        f"{format_number(np.sqrt(d))}.",
        columns={"q·k": scores},
        facts={"keys": KEYS, "d": d, "√d": np.sqrt(d)},
    )


attention_demo = Demo(
    attention,
    (
        Integer("power", "d is 2 to the", low=1, high=8, initial=6, plays=True),
        Integer("seed", "Seed", low=0, high=30, initial=15),
    ),
    title="A query among eight keys.",
    look_for="Raise d: what becomes of the weights, left and middle?",
    presets={
        "Two dimensions": {"power": 1},
        "256 dimensions": {"power": 8},
        "A milder draw": {"power": 8, "seed": 11},
    },
)
