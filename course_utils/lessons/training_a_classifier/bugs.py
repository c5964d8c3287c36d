"""Section "Find the bugs": a loop with six of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from course_utils.numerics.softmax import softmax
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def train_loop(X, Y, W, order, batch_size, start, end, steps):
    X, Y = X[order], Y[order]
    film = [W.copy()]
    for t in range(steps):
        first = t * batch_size % len(X)
        rows = slice(first, first + batch_size)
        p = softmax(X[rows] @ W.T)
        rate = start - (start - end) * t / steps
        W = W - rate * (p - Y[rows]).T @ X[rows] / batch_size
        film.append(W)
    return np.array(film)


def given_loop(X, Y, W, order, batch_size, start, end, steps):
    X, W = X[order], W.copy()
    film, logits = [W.copy()], X @ W.T
    for t in range(steps):
        first = t * batch_size % len(X)
        rows = slice(first, first + batch_size)
        p = softmax(logits[rows])
        error = softmax(p) - Y[rows]
        rate = start - (start - end) * (t // steps)
        W -= rate * error.T @ X[rows]
        film.append(W)
    return np.array(film)


def loop_with(bugs):
    """Return the loop with these of its bugs left; with all of them it does what the given one does."""

    def loop(X, Y, W, order, batch_size, start, end, steps):
        X, Y = X[order], Y if "labels" in bugs else Y[order]
        film, first_W = [W], W
        for t in range(steps):
            first = t * batch_size % len(X)
            rows = slice(first, first + batch_size)
            p = softmax(X[rows] @ (first_W if "stale" in bugs else W).T)
            error = (softmax(p) if "double" in bugs else p) - Y[rows]
            passed = t // steps if "rate" in bugs else t / steps
            examples = 1 if "mean" in bugs else batch_size
            W = W - (start - (start - end) * passed) * error.T @ X[rows] / examples
            film.append(W)
        return np.array(film[:1] + [W for _ in film[1:]] if "shared" in bugs else film)

    return loop


# In the order in which they are told, which is that of the checks: those first that show in a single step.
BUGS = {
    "double": "softmax is applied twice. What `p` holds are probabilities already; another softmax presses them together, so that no answer is ever sure and the error never gets small.",
    "mean": "the sum over the batch is not divided by its size: twice as many examples make a step twice as long.",
    "labels": "the images are put in a new order, but their labels are not. Row for row, X and Y must stay together.",
    "shared": "all pictures of the film but the first show the *last* network. `film.append(W)` keeps no copy: it is another name for the one array that `-=` changes in place.",
    "stale": "the logits were computed once, before the first step. Every gradient is that of the *starting* weights; compute them inside the loop, from the W of that step.",
    "rate": "the learning rate stays at `start`. In the loop as it was given, t // steps is 0 as long as t is below `steps`; a fraction needs `/`.",
}
_NUMBERS = {1: "one bug is", 2: "two bugs are", 3: "three bugs are", 4: "four bugs are", 5: "five bugs are"}


def _bugs_left(bugs: Sequence[str]) -> str:
    """Name one bug, and say how many there are: the hunt goes on."""
    if len(bugs) == len(BUGS):
        return "this is the loop as it was given, with all its bugs. Take the checks one by one: the first makes a single step with a single example."
    return f"{_NUMBERS[len(bugs)]} left. {'One of them' if len(bugs) > 1 else 'It is this'}: {BUGS[bugs[0]]}"


def _softmax_regression(n, inputs, classes, seed):
    """Return inputs, one-hot labels and starting weights."""
    rng = np.random.default_rng(seed)
    X, W = np.round(rng.normal(size=(n, inputs)), 2), np.round(rng.normal(size=(classes, inputs)), 2)
    return X, np.eye(classes)[(np.arange(n) + rng.integers(classes)) % classes], W


_THREE, _SIX, _TWELVE = (_softmax_regression(n, 2, 3, seed=n) for n in (3, 6, 12))
_WIDE_TASK = _softmax_regression(6, 5, 4, seed=1)
_TWO_WEIGHTS = np.array([[1.0, -0.5], [0.5, 2.0]])
_KEPT = np.arange(12)


def any_training(pick: Pick) -> Given:
    size, inputs, classes = pick.whole(1, 4, 2), pick.whole(1, 3), pick.whole(2, 4)
    n, steps = size * pick.whole(1, 3), pick.whole(0, 6, 1, 2)
    X, W = (np.round(pick.random.normal(size=shape), 1) for shape in ((n, inputs), (classes, inputs)))
    Y = np.eye(classes)[pick.random.integers(0, classes, n)]
    if pick.one_of(False, False, False, True):  # logits that no exponential survives unshifted
        X, steps = 1000 * X, min(steps, 2)
    order = pick.one_of(np.arange(n), pick.random.permutation(n), pick.random.permutation(n))
    return X, Y, W, order, size, pick.number(0.1, 1, 0.5), pick.number(0, 1, 0.5), steps


loop_exercise = Exercise(
    "Find the bugs in `train_loop(X, Y, W, order, batch_size, start, end, steps)`: it should train a network of one layer, logits = X Wᵀ, and film it. It runs without "
    "an error. Mend the loop, or write your own.",
    Contract(
        "`X` has shape (n, inputs); `Y` has shape (n, classes) and holds one-hot labels; `W`, of shape (classes, inputs), is where to start. `order` is an array of the row numbers 0 to n − 1: "
        "take the examples in that order, in batches of `batch_size` (which divides n), one batch per step, and begin again when all have been seen. "
        "At step t = 0, 1, ... the weights go against the gradient of the *mean* cross-entropy of their batch, with the learning rate `start` − (`start` − `end`) t / `steps`. "
        "Return an array of shape (steps + 1, classes, inputs): the weights before the first step and after each one. Leave all arguments unchanged.",
        atol=1e-11,
        inputs=any_training,
        count=60,
    ),
    train_loop,
    [
        Check("one example, one step", (_THREE[0][:1], _THREE[1][:1], _THREE[2], _KEPT[:1], 1, 0.5, 0.5, 1)),
        Check("a batch of three, one step", (*_THREE, _KEPT[:3], 3, 0.5, 0.5, 1)),
        Check("examples in another order, one step", (*_SIX, np.array([4, 0, 5, 2, 1, 3]), 2, 0.5, 0.5, 1)),
        Check(
            "two pictures after two steps", (np.eye(2), np.eye(2), _TWO_WEIGHTS, _KEPT[:2], 1, 0.5, 0.5, 2)
        ),
        Check("the second step starts from the first", (*_SIX, _KEPT[:6], 2, 0.5, 0.5, 2)),
        Check("a rate that falls, one example in each step", (*_THREE, _KEPT[:3], 1, 0.8, 0.2, 3)),
        Check("no step at all", (*_THREE, _KEPT[:3], 3, 0.5, 0.1, 0)),
        Check("two rounds through all examples", (*_TWELVE, _KEPT[::-1], 4, 0.5, 0.1, 6)),
        Check("five inputs, four classes", (*_WIDE_TASK, np.array([2, 3, 0, 5, 4, 1]), 3, 1.0, 0.0, 5)),
    ],
    [
        Mistake(given_loop if count == len(BUGS) else loop_with(bugs), _bugs_left(bugs), ", ".join(bugs))
        for count in range(1, len(BUGS) + 1)
        for bugs in combinations(BUGS, count)
    ],
    [
        "The checks are ordered, so mend one after the other. The first makes a single step with a single example: neither the batch nor the order nor the schedule can matter there.",
        "each step: p = softmax(x Wᵀ) with the *present* W;  W ← W − α_t (p − **y**)ᵀ x / batch size;  α_t = α_s − (α_s − α_e) t/N",
        "There are six: `softmax` (how often?), the sum over the batch (is it a mean?), `Y` (in which order?), `film.append(W)` (a copy?), `logits` (computed when?), `//` (a fraction?).",
    ],
    payoff="You can now find bugs in a training loop that raises no error.",
)
