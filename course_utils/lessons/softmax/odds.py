"""Section "Odds from logits"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.softmax.step_by_step import softmax_vector
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def odds(z, i, j):
    return np.exp(z[i] - z[j])


def any_two_classes(pick: Pick) -> Given:
    n = pick.whole(2, 6)
    i, j = (int(place) for place in pick.random.integers(0, n, 2))
    z = pick.one_of(0, 0, 1, -1) * pick.number(1, 1e15, log=True) + pick.numbers((n,), -350, 350)
    if n > 2 and pick.one_of(True, False):
        barely_held = max(z[i], z[j]) + pick.number(700, 745)  # both p are subnormal, or 0
        third = pick.one_of(pick.number(1, 1e15, 1000.0, log=True), barely_held)
        z[next(k for k in range(n) if k not in (i, j))] = third
    return np.clip(z, -1e15, 1e15), i, j


odds_exercise = Exercise(
    "Write `odds(z, i, j)`: how many times more probable class i is than class j, p_i / p_j.",
    Contract(
        "`z` is a 1-D NumPy array of at least two logits of *any* size (up to 1e15); "
        "`i` and `j` are the indices, from 0 on, of two that differ by at most 700. Return one number, right to nine significant digits, also where both "
        "probabilities are far too small for a float.",
        inputs=any_two_classes,
    ),
    odds,
    [
        Check("a favorite against an outsider", (np.array([1.0, 0.0, -4.0]), 0, 2)),
        Check("the other way round", (np.array([1.0, 0.0, -4.0]), 2, 0)),
        Check("a class against itself", (np.array([1.0, 0.0, -4.0]), 1, 1)),
        Check("nearly even", (np.array([0.1, -2.0, 3.4, 3.3]), 2, 3)),
        Check("two hopeless classes", (np.array([0.0, -690.0, -689.0]) - 100.0, 1, 2)),
        Check("a third class far ahead of both", (np.array([1e15, 0.3, 0.1]), 1, 2)),
        Check("two that a float barely holds", (np.array([740.0, 0.0, -2.0]), 1, 2)),
        Check("logits beyond the reach of np.exp", (np.array([1000.0, 1001.0]), 1, 0)),
        Check("700 apart", (np.array([350.0, -350.0]), 0, 1)),
        Check("700 apart, the other way round", (np.array([350.0, -350.0]), 1, 0)),
        Check("logits of any size", (np.array([1e15 - 2.0, 1e15]), 1, 0)),
    ],
    [
        Mistake(
            lambda z, i, j: softmax_vector(z)[i] / softmax_vector(z)[j],
            "you compute both probabilities and divide. That is right on paper; in floats the exponentials overflow "
            "or vanish first. Divide on paper: the sum cancels.",
        ),
        Mistake(
            lambda z, i, j: np.exp(z[i]) / np.exp(z[j]),
            "you have canceled the sum, well done; but each exponential by itself can still overflow or vanish. "
            "Use e^a / e^b = e^(a − b).",
        ),
        Mistake(
            lambda z, i, j: np.exp(z[j] - z[i]), "the difference is the wrong way round: this is p_j / p_i."
        ),
        Mistake(lambda z, i, j: z[i] - z[j], "this is the *logarithm* of the odds. Take e to that power."),
        Mistake(
            lambda z, i, j: z[i] / z[j], "you divide the logits. Differences of logits become ratios of p."
        ),
        Mistake(
            lambda z, i, j: 1 / (1 + np.exp(z[j] - z[i])),
            "this is the probability of i when only i and j compete. Odds are p_i / p_j and can exceed 1.",
        ),
    ],
    [
        "Write down p_i / p_j with the definition of softmax. What cancels?",
        "p_i / p_j = e^(z_i) / e^(z_j) = e^(z_i − z_j)",
        "One line: `np.exp` of a difference of two entries of `z`.",
    ],
    payoff="You can now read off from two logits alone how much likelier one class is than another.",
)
