"""Section "Design a fold"."""

from __future__ import annotations

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def zigzag(x, depth):
    for _ in range(depth):
        x = 2 * np.maximum(x, 0) - 4 * np.maximum(x - 0.5, 0)
    return x


def _tents_added(x, depth):
    return sum((zigzag(x, 1) for _ in range(depth)), start=0 * x)


def _sawtooth(x, depth):
    return (2**depth * x) % 1 if depth else x


def _repeats_without_folding(x, depth):
    for _ in range(depth):
        x = 2 * np.maximum(x, 0) - 2 * np.maximum(x - 0.5, 0)
    return x


def _low_tent(x, depth):
    for _ in range(depth):
        x = np.maximum(x, 0) - 2 * np.maximum(x - 0.5, 0)
    return x


def _valley(x, depth):
    for _ in range(depth):
        x = np.maximum(1 - 2 * x, 0) + np.maximum(2 * x - 1, 0)
    return x


_DYADIC = np.arange(65) / 64


def any_numbers_and_depth(pick: Pick) -> Given:
    return pick.numbers(pick.any_shape((0, 1, 2), longest=7), 0, 1, 0.5, 0.25), pick.whole(0, 10, 1, 2)


zigzag_exercise = Exercise(
    "Write `zigzag(x, depth)`: a network with two ReLU units per layer and weights of your choice that has 2^d pieces on [0, 1], d = depth.",
    Contract(
        "`x` is a NumPy array of floats from 0 to 1, `depth` a whole number from 0 to 10. Return an array of the same shape. "
        "The function starts at 0, rises to 1, falls to 0 and so on, in 2^d straight pieces of equal width; with depth 0 it is x itself. "
        "Build it from `np.maximum(..., 0)`, sums and products (the checks can only see its values). Leave `x` unchanged.",
        atol=1e-9,
        inputs=any_numbers_and_depth,
    ),
    zigzag,
    [
        Check("one fold", (_DYADIC, 1)),
        Check("two folds", (_DYADIC, 2)),
        Check("three folds", (_DYADIC, 3)),
        Check("no fold", (_DYADIC, 0)),
        Check("ten folds", (np.linspace(0, 1, 1000), 10)),
        Check("points as a column", (_DYADIC[:, None], 4)),
    ],
    [
        Mistake(
            lambda x, depth: zigzag(x, 1),
            "this folds once, whatever `depth` is. Feed the result into the next layer.",
        ),
        Mistake(
            lambda x, depth: zigzag(x, depth + 1), "there is one fold too many: depth 0 must give x itself."
        ),
        Mistake(
            _tents_added,
            "you *add* folded functions. A sum of equal tents has the bend of one: added, bends do not multiply. Apply the fold to the result of the fold.",
        ),
        Mistake(
            _sawtooth,
            "this jumps from 1 back to 0. The remainder `% 1` makes such teeth; a ReLU network cannot jump: it must come down as it went up.",
        ),
        Mistake(
            _repeats_without_folding,
            "your second hinge only cancels the first: the function rises and stays up. To come down again it needs twice the weight.",
        ),
        Mistake(
            _low_tent,
            "your tent is only half as high, so that the next layer never reaches its own bend. The fold must fill [0, 1] again.",
        ),
        Mistake(_valley, "this starts at 1 and falls first: a valley instead of a tent."),
    ],
    [
        "Find one fold first: up to 1 at x = ½, and down to 0 again. Its output is in [0, 1], so it can be folded once more.",
        "tent(x) = 2·relu(x) − 4·relu(x − ½), applied d times",
        "`for _ in range(depth):` replace `x` by `2 * np.maximum(x, 0) - ...`.",
    ],
    payoff="You can now build a network whose number of pieces doubles with every layer.",
)
