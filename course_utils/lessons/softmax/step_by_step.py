"""Section "Softmax, step by step"."""

from __future__ import annotations

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def softmax_vector(z):
    e = np.exp(z)
    return e / e.sum()


RANDOM_SCORES = np.round(np.random.default_rng(1).normal(scale=3, size=50), 2)


def any_scores(pick: Pick) -> Given:
    return (pick.numbers(pick.shape((1, 9)), -300, 300, types=(float, int)),)


vector_exercise = Exercise(
    "Write `softmax_vector(z)`: the probabilities of one vector of scores.",
    Contract(
        "`z` is a 1-D NumPy array of one or more floats or integers (of 64 bits) between −300 and 300 (so plain `np.exp` is safe; larger "
        "scores are the topic of notebook 02). Return an array of the same shape, each entry right to nine "
        "significant digits, the small ones too. Leave `z` unchanged, and depend on nothing but `z`.",
        inputs=any_scores,
    ),
    softmax_vector,
    [
        Check("ordinary scores", (np.array([0.1, -2.0, 3.4, 3.3]),)),
        Check("all scores negative", (np.array([-1.0, -2.5, -0.3]),)),
        Check("equal scores share equally", (np.array([2.0, 2.0]),)),
        Check("one class only", (np.array([-7.0]),)),
        Check("integers", (np.array([3, -1, 0, 2]),)),
        Check("small probabilities keep their digits", (np.array([0.0, -30.0, 5.0]),)),
        Check("scores near the limit", (np.array([300.0, 299.0, -300.0]),)),
        Check("all scores near the lower limit", (np.array([-300.0, -299.0]),)),
        Check("fifty scores", (RANDOM_SCORES,)),
    ],
    [
        Mistake(
            lambda z: np.exp(z) / np.sum(np.exp([1, 0, -4])),
            "your denominator does not depend on `z`: it is a number from elsewhere, such as the sum of the worked example, "
            "probably because the function uses a global variable. Compute the sum inside the function.",
            at_any_scale=True,
        ),
        Mistake(
            lambda z: z / np.sum(z),
            "this is dividing by the sum of the *scores*. Take the exponentials first.",
        ),
        Mistake(
            lambda z: np.exp(z) / np.sum(z),
            "the denominator is the sum of the scores; it must be the sum of their *exponentials*.",
        ),
        Mistake(
            lambda z: np.exp(z / np.sum(z)),
            "the division stands inside the exponent. Take the exponentials first, then divide.",
        ),
        Mistake(np.exp, "these are the exponentials, not divided by anything. Their sum is not 1."),
        Mistake(
            lambda z: np.exp(z) / np.max(np.exp(z)),
            "you divide by the largest exponential, so that the winner gets 1. Divide by their *sum*.",
        ),
        Mistake(
            lambda z: 1 / (1 + np.exp(-z)),
            "this is the sigmoid of each score by itself. Its values do not add up to 1: they do not compete.",
        ),
        Mistake(
            lambda z: 2.0**z / np.sum(2.0**z),
            "the base is 2. Softmax takes powers of e: `np.exp`.",
        ),
        Mistake(
            lambda z: np.abs(z) / np.sum(np.abs(z)),
            "absolute values leave no number negative, but −4 now counts as much as 4. Exponentials keep the order.",
        ),
        Mistake(
            lambda z: np.round(np.exp(z) / np.sum(np.exp(z)), 6),
            "the result is rounded to six decimals. Round when you print, not when you compute: small probabilities lose all digits.",
        ),
    ],
    [
        "Make every score positive without changing the order, then divide by something that makes the sum 1.",
        "p_i = e^(z_i) / Σ_j e^(z_j)",
        "Two lines: `e = np.exp(z)`, then return `e` divided by `e.sum()`.",
    ],
    payoff="You can now turn any vector of ordinary scores into probabilities.",
)
