"""Section "What depth does": folds, and what random weights do instead."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.lessons.arrays import Array, with_gaps
from course_utils.lessons.linear_regions.pieces import linear_pieces, tent_network
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Points
from course_utils.teaching.text import format_number
from course_utils.words import counted

DEEPEST = 6
FLAT = 0.2  # across, the strip is drawn so much thinner than it is high
DIRECTIONS = ("layer2", "layer3")  # colors of pieces that run one way, and back


@lru_cache(maxsize=1)
def _random_piece_counts() -> Array:
    """Count, on average over 100 seeds, the pieces of random networks with two units in each of 0 to 6 layers."""
    nets = [[MLP.random([1, *[2] * depth, 1], seed) for seed in range(100)] for depth in range(DEEPEST + 1)]
    return np.array([np.mean([len(linear_pieces(net)) for net in same]) for same in nets])


def fold(folds: float) -> Picture:
    """Show a strip of paper being folded, where each of its points comes to lie, and how many pieces that has."""
    whole = int(folds)
    made, typical = 2**whole, float(_random_piece_counts()[whole])
    units = 2 * whole
    if whole < folds:
        first = (
            f"At {format_number(folds)} folds the right half is on its way over the left one: "
            f"{counted(made, 'piece becomes', 'pieces become')} {2 * made}."
        )
    elif whole:
        first = f"Folding {'once' if whole == 1 else f'{whole} times'} makes {made} pieces on [0, 1] with {units} hidden units."
    else:
        first = "The strip lies flat: 1 piece."
    return Picture(
        [[_strip(folds)], [_zigzag(folds), _counts(whole)]],
        f"{first} "
        + (
            f"With random weights {counted(whole, 'layer of two units makes', 'layers of two units make')} "
            f"{format_number(typical)} on average, on the whole line. "
            f"In one layer, {units} units make at most {units + 1}, whatever their weights."
            if whole
            else "Each fold is one layer of two units: it lays the right half over the left one, and stretches."
        ),
        facts={"hidden units": units, "pieces": made, "pieces after the next fold": 2 * made, "seeds": 100},
        height=(165, 235),
    )


def _knots(folds: float) -> tuple[int, float, Array, Array]:
    """Return the folds done, how far the next one is, the strip's creases, old and new, and where they lie."""
    done = int(folds)
    x = np.linspace(0, 1, 2 ** (done + 1) + 1)
    return done, folds - done, x, tent_network(done).forward(x[:, None])[:, 0] if done else x


def _zigzag(folds: float) -> Panel:
    _, share, x, place = _knots(folds)
    turned = 0.5 + (place - 0.5) * np.cos(np.pi * share)
    height = (1 + share) * np.where(place > 0.5, turned, place)
    return Panel(
        "where each point of the strip comes to lie",
        [
            Line("place", height, x, color="faint", width=1),
            *_pieces(_ends(x), _ends(height), 2 if share else 4, 2.5),
        ],
        x=Axis("*x* on the flat strip", 0, 1, ticks=(0, 0.5, 1)),
        y=Axis("", -0.04, 1.1, ticks=(0, 0.5, 1)),
    )


def _ends(values: Array) -> Array:
    """Return both ends of each step, one step after the other."""
    return np.stack([values[:-1], values[1:]], axis=1).ravel()


def _pieces(x: Array, y: Array, corners: int, width: float) -> list[Line]:
    """Return two lines: the pieces of so many corners that run one way, and those between that run back."""
    pieces = np.stack([x, y], axis=1).reshape(-1, corners, 2)
    width = max(1.0, min(width, 10 * width / len(pieces)))  # of many, each is thin
    ways = zip((with_gaps(pieces[::2]), with_gaps(pieces[1::2])), DIRECTIONS, strict=True)
    return [Line("", y, x, color=color, width=width) for (x, y), color in ways if len(x)]


def _strip(folds: float) -> Panel:
    done, share, _, place = _knots(folds)
    level = np.zeros(1)
    for number in range(done):
        # Of each piece the left part stays, the right one is turned over; every second piece runs backwards.
        halves = np.stack([level, 2 ** (number + 1) - 1 - level], axis=1)
        halves[1::2] = halves[1::2, ::-1]
        level = halves.ravel()
    thick = 0.4 / 2**done * (1 - share / 2)
    crease = (2**done - 0.5) * thick
    ends = _ends(place)  # of both halves of each layer
    height = np.repeat(level, 4) * thick
    over = np.repeat(np.maximum(place[:-1], place[1:]) > 0.5, 2)
    cos, sin = np.cos(np.pi * share), np.sin(np.pi * share)
    x = np.where(over, 0.5 + (ends - 0.5) * cos - FLAT * (height - crease) * sin, ends)
    y = np.where(over, crease + (1 + share) * (ends - 0.5) * sin + (height - crease) * cos, height)
    x = x * (1 + share)
    return Panel(
        "the strip of paper [0, 1], folded and stretched",
        [
            Line("", y, x, color="muted", width=1),
            *_pieces(x, y, 2 if share else 4, 3.5),
        ],
        x=Axis("", -0.05, 1.15),
        y=Axis("", -0.06, 1.1),
        frame="none",
    )


def _counts(whole: int) -> Panel:
    layers = np.arange(DEEPEST + 1.0)
    folded, one_layer = 2.0**layers, 2 * layers + 1
    random = _random_piece_counts()
    here = [folded[whole], random[whole], one_layer[whole]]
    return Panel(
        "pieces, by layers of two units",
        [
            Line("folded", folded, layers, color="ink", label="folded"),
            Line("at most, in one layer", one_layer, layers, color="muted", dash="dashed", label="one layer"),
            Line(
                "random weights, on average", random, layers, color="gradient", dash="dotted", label="random"
            ),
            Points("pieces now", here, [whole] * 3, color="ink", size=9),
        ],
        x=Axis("layers", 0, DEEPEST, ticks=range(DEEPEST + 1)),
        y=Axis("", 0.9, 75, scale="log", ticks={2.0**k: str(2**k) for k in range(DEEPEST + 1)}),
    )


fold_demo = Demo(
    fold,
    (
        Float(
            "folds",
            "Folds",
            low=0,
            high=DEEPEST,
            initial=3,
            step=0.05,
            plays=True,
        ),
    ),
    title="Folding against chance.",
    look_for="Play the folds: what doubles, and what does not?",
    presets={
        "Flat": {"folds": 0},
        "Halfway": {"folds": 1.5},
        "Two folds": {"folds": 2},
        "Six folds": {"folds": 6},
    },
)

depth_question = Question(
    "Random weights, both networks with 20 hidden units: 2-20-1 and 2-5-5-5-5-1. "
    "Which has more regions in ±5000, usually?",
    [
        "The deep one, by far: depth multiplies regions.",
        "The shallow one.",
        "Equally many: the number of units decides.",
    ],
    "B",
    [
        "of what a deep network *can* do with chosen weights. Random weights do not fold, as a count of their regions shows.",
        "It has 211 with hardly an exception. The deep one has fewer on average, and more than 211 in roughly one case of five.",
        "of the order of magnitude, and that is the right one. But the counts differ, and not in favor of depth.",
    ],
    expected=[60, 20, 20],
)
