"""Section "What depth does": folds, and what random weights do instead."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.lessons.arrays import Whole
from course_utils.lessons.linear_regions.networks import SEED
from course_utils.lessons.linear_regions.pieces import linear_pieces, tent_network
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Demo, Integer, Picture, Question, Table, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number


@lru_cache(maxsize=16)
def _random_piece_counts(depth: int) -> Whole:
    """Count the pieces of 100 random networks with two units in each of `depth` layers."""
    widths = [1, *[2] * depth, 1]
    return np.array([len(linear_pieces(MLP.random(widths, seed))) for seed in range(100)])


def fold(depth: int, seed: int) -> Picture:
    """Show the tent map composed with itself, and a random network of the same widths."""
    knots = np.linspace(0, 1, 2**depth + 1)
    folded = tent_network(depth)
    heights = folded.forward(knots[:, None])[:, 0]
    made = len(linear_pieces(folded, 0, 1))
    random_net = MLP.random([1, *[2] * depth, 1], seed)
    random_pieces = linear_pieces(random_net)
    random_count = len(random_pieces)
    bends = np.array([piece.high for piece in random_pieces[:-1]])
    reach = float(max(1.0, 1.3 * np.abs(bends).max(initial=0)))
    random_x = np.array([-reach, *bends, reach])
    random_values = random_net.forward(random_x[:, None])[:, 0]
    typical = _random_piece_counts(depth)

    figure, (left, right) = look.panels(2, left=56, gap=90, right=40)
    left.plot(knots, heights, color=look.BLUE, linewidth=1.5 if depth < 6 else 0.6, gid="knot | height")
    left.set(xlim=(0, 1), ylim=(-0.05, 1.05), xlabel="x")
    titled(left, f"{depth} {'fold' if depth == 1 else 'folds'}: {made} pieces")
    right.plot(random_x, random_values, color=look.VERMILLION, gid="x | random network")
    right.plot(bends, random_values[1:-1], "o", color=look.VERMILLION, gid="bend x | bend height")
    low, high = float(random_values.min()), float(random_values.max())
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    room = (high - low) * 0.08
    right.set(xlim=(-reach, reach), ylim=(low - room, high + room), xlabel="x, as far as it bends")
    right.set_xticks([-reach, 0, reach], [format_number(-reach, 2), "0", format_number(reach, 2)])
    right.set_yticks([low, high], [format_number(low, 2), format_number(high, 2)])
    titled(right, f"random weights: {random_count} {'piece' if random_count == 1 else 'pieces'}")

    units = 2 * depth
    return Picture(
        figure,
        f"Folding {'once' if depth == 1 else f'{depth} times'} makes {made} pieces on [0, 1] with {units} hidden units. "
        f"With random weights the same layers make {random_count} on the whole line, "
        f"and {format_number(typical.mean())} on average over 100 seeds. "
        f"In one layer, {units} units make at most {units + 1} pieces, whatever their weights.",
        Table(
            "Linear pieces of functions of one number",
            {
                "network": [
                    "folded, on [0, 1]",
                    "random, on the whole line",
                    "average of 100 random ones",
                    "most of 100 random ones",
                    "at most, in one layer",
                ],
                "pieces": [made, random_count, typical.mean(), int(typical.max()), units + 1],
            },
            {"layers": depth, "hidden units": units, "seeds": 100, "parameters": folded.parameter_count},
        ),
        {
            "knot": knots,
            "height": heights,
            "x": random_x,
            "random network": random_values,
            "bend x": bends,
            "bend height": random_values[1:-1],
        },
    )


fold_demo = Demo(
    fold,
    (Integer("depth", "Folds (hidden layers of two units)", low=1, high=8, initial=3), SEED),
    title="Folding against chance.",
    look_for="Add layers: what doubles, and what does not?",
    presets={
        "One fold": {"depth": 1},
        "Six folds": {"depth": 6},
        "Eight folds": {"depth": 8},
        "Other random weights": {"seed": 7},
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
        "of what a deep network *can* do with chosen weights. Random weights do not fold; this page counts them.",
        "It has 211 with hardly an exception. The deep one has fewer on average, and more than 211 in roughly one case of five.",
        "of the order of magnitude, and that is the right one. But the counts differ, and not in favor of depth.",
    ],
)
