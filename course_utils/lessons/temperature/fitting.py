"""Section "Fit the temperature": the exercise."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.calibration import fit_temperature
from course_utils.numerics.softmax import log_softmax, softmax
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def _best_of(grid: Array, score: Any) -> float:
    """Return the number of a grid with the smallest score, computed for all of them at once."""
    return float(grid[np.argmin(score(grid[:, np.newaxis, np.newaxis]))])


def _best_of_all(score: Any) -> float:
    """Search the whole range, then finer around the best."""
    best, ratio = 1.0, 20.0
    for _ in range(3):
        best = _best_of(np.geomspace(max(best / ratio, 1 / 20), min(best * ratio, 20), 61), score)
        ratio **= 1 / 15
    return best


def _true_entries(values, y):
    return values[:, np.arange(len(y)), y]


def _returns_lambda(z, y):
    return 1 / fit_temperature(z, y)


def _most_probability(z, y):
    return _best_of_all(lambda t: -_true_entries(softmax(z / t), y).mean(axis=-1))


def _matches_confidence(z, y):
    right = np.mean(z.argmax(axis=-1) == y)
    return _best_of_all(lambda t: np.abs(softmax(z / t).max(axis=-1).mean(axis=-1) - right))


def _fits_own_answers(z, y):
    return fit_temperature(z, z.argmax(axis=-1))


def _fits_p(z, y):
    return fit_temperature(softmax(z), y)


def _loss_of_all(z, y, t):
    return -_true_entries(log_softmax(z / t), y).mean(axis=-1)


def _whole_numbers(z, y):
    return _best_of(np.arange(1.0, 21.0), lambda t: _loss_of_all(z, y, t))


def _only_above_one(z, y):
    return max(1.0, fit_temperature(z, y))


def _tenths(z, y):
    return _best_of(np.arange(0.1, 20, 0.1), lambda t: _loss_of_all(z, y, t))


def _hundredths(z, y):
    near = np.floor(100 * fit_temperature(z, y)) + np.arange(2)  # the loss has a single valley
    return _best_of(near[near < 2000] / 100, lambda t: _loss_of_all(z, y, t))


def _log_of_rounded(z, y):
    def loss(t):
        with np.errstate(divide="ignore"):
            return -np.mean(np.log(softmax(z, temperature=t)[np.arange(len(y)), y]))

    low, high = np.log(0.05), np.log(20)
    for _ in range(60):  # ternary search, lost where both losses are infinite
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if loss(np.exp(a)) <= loss(np.exp(b)) else (a, high)
    return np.exp(low)


def _scores(seed: int, count: int, classes: int, stretch: float, offset: float = 0.0) -> tuple[Array, Whole]:
    """Make logits whose right temperature is about `stretch`: labels are drawn from the unstretched ones."""
    random = np.random.default_rng(seed)
    # Differences of uniform numbers: only `random` is the same in every version of NumPy.
    z = np.round(6 * (random.random((count, classes)) - random.random((count, classes))), 2)
    z[np.ptp(z, axis=1) == 0, 0] += 0.01  # a row of equal ones says nothing about T
    y = (np.cumsum(softmax(z), axis=-1) < random.random((count, 1))).sum(axis=-1)
    return np.round(stretch * z + offset, 3), np.minimum(y, classes - 1)


def any_answers(pick: Pick) -> Given:
    n, classes, kind = pick.whole(1, 30), pick.whole(2, 5), pick.one_of("drawn", "drawn", "right", "wrong")
    if kind != "drawn":  # the best temperature is at an end of the range
        ladder = np.tile(np.round(np.linspace(0, 1, classes), 2), (n, 1))
        z = pick.random.permuted(ladder, axis=1)
        return z, z.argmax(axis=1) if kind == "right" else z.argmin(axis=1)
    z, y = _scores(int(1e6 * pick.random.random()), n, classes, pick.number(0.1, 15, 1.0, 40.0, log=True))
    if (z.argmax(axis=1) == y).all():
        return np.round(z / np.ptp(z), 4), y
    return z + pick.one_of(0, 0, 5000, -3000), y


fit_exercise = Exercise(
    "Write `fit_temperature(z, y)`: the temperature that makes the labels most likely, "
    "that is, with the smallest mean of −log softmax(z/T) at the true class.",
    Contract(
        "`z` is a NumPy array of logits, shape (n, classes), not all equal in any row; `y` holds the n true classes. Search between T = 0.05 and "
        "T = 20, and return one number, right to three digits (within 0.1 %). Where an end of that range is best, return that end. "
        "You may use `softmax` and `log_softmax` of the course.",
        rtol=1e-3,
        inputs=any_answers,
        count=16,
    ),
    fit_temperature,
    [
        Check("an overconfident classifier", _scores(1, 300, 4, 2.5)),
        Check("an underconfident one", _scores(2, 300, 3, 0.4)),
        Check("one that is just right", _scores(3, 400, 5, 1.0)),
        Check("two classes, wildly overconfident", _scores(4, 200, 2, 9.0)),
        Check("a temperature between the tenths", _scores(5, 250, 3, 0.17)),
        Check("logits of a size that overflows", _scores(6, 200, 3, 3.0, offset=5000.0)),
        Check("far apart: rounded probabilities are 0", _scores(14, 60, 3, 18.0)),
        Check(
            "always right: the coldest is best",
            (np.array([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0]]), np.array([0, 1, 0])),
        ),
        Check(
            "always wrong: the hottest is best",
            (np.array([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0]]), np.array([1, 0, 1])),
        ),
        Check(
            "wrong by a mile: rounded probabilities are 0 at every T",
            (np.array([[20000.0, 0.0], [0.0, 30000.0]]), np.array([1, 0])),
        ),
        Check("one example is enough to ask", (np.array([[3.0, 2.0, 0.0]]), np.array([1]))),
    ],
    [
        Mistake(_returns_lambda, "this is λ = 1/T."),
        Mistake(
            _most_probability,
            "you maximize the mean of p at the true class. Likelihood is the *product* of these p, so take the mean of log p.",
        ),
        Mistake(
            _matches_confidence,
            "you make mean confidence equal to accuracy. That is often near, but it is another temperature: "
            "the likelihood looks at every example.",
        ),
        Mistake(
            _fits_own_answers,
            "the coldest T wins every time. For instance, you take the predicted class for the true one, or you maximize "
            "accuracy or confidence: none of these asks with which probability the *true* class was foreseen.",
        ),
        Mistake(_fits_p, "you treat probabilities as logits: softmax was applied twice."),
        Mistake(_whole_numbers, "you try whole numbers only. Search between them too."),
        Mistake(
            _tenths,
            "your grid of tenths is too coarse: three digits need finer steps, and below 1 most of all.",
        ),
        Mistake(
            _hundredths,
            "your grid of hundredths is still too coarse for three digits of a small T. Let the steps grow with T, as in "
            "`np.geomspace`, or halve an interval.",
        ),
        Mistake(
            _only_above_one,
            "you never go below T = 1. An underconfident classifier needs it.",
        ),
        Mistake(
            _log_of_rounded,
            "you take the logarithm of a probability that has become 0. Use `log_softmax`.",
        ),
    ],
    [
        "The mean of −log p_y is a function of one number, T, with a single valley. Walk down it.",
        "With λ = 1/T, its slope is the mean of Σ_i p_i z_i − z_y, which only rises with λ: halve an interval "
        "again and again, keeping the half where the slope changes its sign. If it never does, an end is best.",
        "Keep `low, high` for λ; in a loop take the middle, `lam`, and `p = softmax(lam * z)`, and move `high` down if "
        "`np.mean((p * z).sum(axis=-1) - z[np.arange(len(y)), y]) > 0`, else move `low` up. Return 1/λ.",
    ],
    payoff="You can now calibrate a classifier with a single number.",
)
