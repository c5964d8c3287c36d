"""Attempts at the exercises of `training_a_classifier`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from allowed import floats, labels, network, whole

from attempts import Allows, Function, Functions, Listed, Told
from course_utils.lessons.training_a_classifier.backward import backward_with
from course_utils.numerics import training
from course_utils.numerics.mlp import MLP
from course_utils.numerics.softmax import softmax

# --- linear_decay ---------------------------------------------------------------------------------


def line_by_loops(t: Any, start: float, end: float, steps: int) -> Any:
    rates = [end if u >= steps else start + (end - start) * u / steps for u in np.ravel(t)]
    return np.reshape(rates, np.shape(t))


RIGHT_LINE = [
    line_by_loops,
    lambda t, start, end, steps: np.interp(t, [0, steps], [start, end]),
    lambda t, start, end, steps: np.where(np.asarray(t) < steps, start - (start - end) * t / steps, end),
    lambda t, start, end, steps: np.clip(start - (start - end) * t / steps, min(start, end), max(start, end)),
    lambda t, start, end, steps: training.linear_decay(t, start=start, end=end, steps=steps),
    lambda t, start, end, steps: start * (1 - (f := np.minimum(t, steps) / steps)) + end * f,
]
WRONG_LINE = [
    lambda t, start, end, steps: start - (start - end) * np.minimum((t + 1) / steps, 1),
    lambda t, start, end, steps: np.abs(start - (start - end) * t / steps),
    lambda t, start, end, steps: np.maximum(start - (start - end) * t / steps, 0),
    lambda t, start, end, steps: np.minimum(start - (start - end) * t / steps, start),
    lambda t, start, end, steps: np.where(t <= steps, start - (start - end) * t / steps, start),
    lambda t, start, end, steps: np.where(t < steps, start, end),
    lambda t, start, end, steps: np.linspace(start, end, steps + 1)[t],
    lambda t, start, end, steps: line_by_loops(np.unique(t), start, end, steps),
    lambda t, start, end, steps: max(start - (start - end) * t / steps, end),
    lambda t, start, end, steps: start / (1 + np.minimum(t / steps, 1) * (start / end - 1)),
    lambda t, start, end, steps: end + (start - end) * (1 + np.cos(np.pi * np.minimum(t / steps, 1))) / 2,
]

# --- exponential_decay ----------------------------------------------------------------------------


def power_by_loops(t: Any, start: float, end: float, steps: int) -> Any:
    rates = []
    for u in np.ravel(t):
        rate = start
        for _ in range(min(u, steps)):
            rate *= (end / start) ** (1 / steps)
        rates.append(rate)
    return np.reshape(rates, np.shape(t))


RIGHT_POWER = [
    power_by_loops,
    lambda t, start, end, steps: start * np.exp(np.minimum(t, steps) / steps * math.log(end / start)),
    lambda t, start, end, steps: np.exp(np.interp(t, [0, steps], np.log([start, end]))),
    lambda t, start, end, steps: np.where(np.asarray(t) < steps, start * (end / start) ** (t / steps), end),
    lambda t, start, end, steps: start ** (1 - (f := np.minimum(t / steps, 1))) * end**f,
    lambda t, start, end, steps: training.exponential_decay(t, start=start, end=end, steps=steps),
]
WRONG_POWER = [
    lambda t, start, end, steps: start * (end / start) ** np.minimum((t + 1) / steps, 1),
    lambda t, start, end, steps: start * end ** np.minimum(t / steps, 1),
    lambda t, start, end, steps: start * np.exp((end - start) * np.minimum(t / steps, 1)),
    lambda t, start, end, steps: start * np.exp(-np.log(end / start) * np.minimum(t / steps, 1)),
    lambda t, start, end, steps: start * np.exp2(np.log(end / start) * np.minimum(t / steps, 1)),
    lambda t, start, end, steps: start * (1 - end / start) ** np.minimum(t / steps, 1),
    lambda t, start, end, steps: np.maximum(start * (end / start) ** (t / steps), 0.05),
    lambda t, start, end, steps: np.where(t <= steps, start * (end / start) ** (t / steps), start),
    lambda t, start, end, steps: start * (end / start) ** ((t % steps) / steps),
    lambda t, start, end, steps: np.maximum(start * (end / start) ** np.minimum(t / steps, 1), 1e-8),
]

# --- momentum_step --------------------------------------------------------------------------------


def momentum_by_loops(velocity: Any, gradient: Any, momentum: float) -> Any:
    result = np.empty_like(velocity)
    for index in np.ndindex(velocity.shape):
        result[index] = momentum * velocity[index] + gradient[index]
    return result


RIGHT_MOMENTUM = [
    momentum_by_loops,
    training.momentum_step,
    lambda velocity, gradient, momentum: np.add(gradient, np.multiply(velocity, momentum)),
    lambda velocity, gradient, momentum: velocity - (1 - momentum) * velocity + gradient,
]
WRONG_MOMENTUM = [
    lambda velocity, gradient, momentum: velocity,
    lambda velocity, gradient, momentum: momentum**2 * velocity + gradient,
    lambda velocity, gradient, momentum: momentum * velocity + gradient.mean(),
    lambda velocity, gradient, momentum: momentum * velocity + np.sign(gradient),
    lambda velocity, gradient, momentum: (momentum * velocity + gradient) / (1 - momentum),
    lambda velocity, gradient, momentum: velocity - 0.1 * (momentum * velocity + gradient),
    lambda velocity, gradient, momentum: np.clip(momentum * velocity + gradient, -5, 5),
]

# --- backward -------------------------------------------------------------------------------------


def backward_by_course(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    _, gradient = training.forward_backward(MLP([W1, W2], [b1, b2]), X, y)
    (w1, w2), (c1, c2) = gradient
    return np.concatenate([w1.ravel(), c1, w2.ravel(), c2])


def backward_by_examples(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    total = 0.0
    for x, label in zip(X, y, strict=True):
        z = W1 @ x + b1
        h = np.where(z > 0, z, 0.0)
        p = softmax(W2 @ h + b2)
        p[label] -= 1
        below = np.where(z > 0, W2.T @ p, 0.0)
        total += np.concatenate([np.outer(below, x).ravel(), below, np.outer(p, h).ravel(), p])
    return total / len(X)


def backward_without_shift(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    z = X @ W1.T + b1
    h = np.maximum(z, 0)
    e = np.exp(h @ W2.T + b2)
    d2 = (e / e.sum(axis=1, keepdims=True) - np.eye(len(b2))[y]) / len(X)
    d1 = (d2 @ W2) * (z > 0)
    return np.concatenate([(d1.T @ X).ravel(), d1.sum(axis=0), (d2.T @ h).ravel(), d2.sum(axis=0)])


def softmax_shifted_where_it_must_be(logits: Any) -> Any:
    """Numbers far below 0 stay as they are: their exponentials are finite, with few digits left."""
    with np.errstate(all="ignore"):
        p = (e := np.exp(logits)) / e.sum(axis=1, keepdims=True)
    return np.where(np.isfinite(p).all(axis=1, keepdims=True), p, softmax(logits))


def backward_shifted_where_it_must_be(*arguments: Any) -> Any:
    return backward(*arguments, softmax_of=softmax_shifted_where_it_must_be)


def backward_shifted_where_positive(*arguments: Any) -> Any:
    def softmax_of(logits: Any) -> Any:
        e = np.exp([row - row.max() if row.max() > 0 else row for row in logits])
        return e / e.sum(axis=1, keepdims=True)

    return backward(*arguments, softmax_of=softmax_of)


def changed(part: slice | int, factor: float = 0.0) -> Callable[..., Any]:
    """The right gradient, but for some entries."""

    def attempt(*arguments: Any) -> Any:
        gradient = backward_by_course(*arguments)
        gradient[part] *= factor
        return gradient

    return attempt


def backward_in_parts(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """What the page itself returns, before it asks for the same from memory."""
    _, gradient = training.forward_backward(MLP([W1, W2], [b1, b2]), X, y)
    (w1, w2), (c1, c2) = gradient
    return w1, c1, w2, c2


RIGHT_BACKWARD = [backward_by_course, backward_by_examples]
WRONG_BACKWARD = [
    backward_without_shift,
    changed(0),
    changed(-1),
    changed(slice(None), -1.0),
    lambda X, y, W1, b1, W2, b2: backward_by_course(X[:1], y[:1], W1, b1, W2, b2),
    lambda X, y, W1, b1, W2, b2: backward_by_course(X, y[::-1], W1, b1, W2, b2),
    *(
        backward_with(*pair)
        for pair in itertools.combinations(["no mean", "double softmax", "no mask", "transposed", "sign"], 2)
    ),
    backward_shifted_where_it_must_be,
    backward_in_parts,
    lambda *arguments: [-part for part in backward_in_parts(*arguments)],
]

# --- train_loop -----------------------------------------------------------------------------------


def loop_of_copies(
    X: Any, Y: Any, W: Any, order: Any, batch_size: int, start: float, end: float, steps: int
) -> Any:
    X, Y, W = X[order], Y[order], W.copy()
    film = np.empty((steps + 1, *W.shape))
    film[0] = W
    for t in range(steps):
        rows = np.arange(t * batch_size, (t + 1) * batch_size) % len(X)
        error = softmax(X[rows] @ W.T) - Y[rows]
        W -= (start + (end - start) * t / steps) * np.mean(error[:, :, None] * X[rows][:, None, :], axis=0)
        film[t + 1] = W
    return film


def loop(
    X: Any,
    Y: Any,
    W: Any,
    order: Any,
    batch_size: int,
    start: float,
    end: float,
    steps: int,
    *,
    fraction: Callable[[int, int], float] = lambda t, steps: t / steps,
    rows_at: Callable[[int, int, int], Any] = lambda t, size, n: slice(t * size % n, t * size % n + size),
    share: Callable[[int, int, int], float] = lambda size, n, classes: 1 / size,
    in_order: Callable[[Any, Any], Any] = lambda X, order: X[order],
    labels_in_order: Callable[[Any, Any], Any] = lambda Y, order: Y[order],
    error_of: Callable[[Any, Any], Any] = lambda p, y: p - y,
    softmax_of: Callable[[Any], Any] = softmax,
    kept: Callable[[list[Any]], Any] = lambda film: film,
) -> Any:
    """The right loop, of which every part can be exchanged."""
    X, Y = in_order(X, order), labels_in_order(Y, order)
    film = [W]
    for t in range(steps):
        rows = rows_at(t, batch_size, len(X))
        gradient = (
            error_of(softmax_of(X[rows] @ W.T), Y[rows]).T @ X[rows] * share(batch_size, len(X), len(W))
        )
        W = W - (start - (start - end) * fraction(t, steps)) * gradient
        film.append(W)
    return np.array(kept(film))


RIGHT_LOOP = [loop, loop_of_copies]
WRONG_LOOP = [
    partial(loop, fraction=lambda t, steps: t / max(steps - 1, 1)),
    partial(loop, fraction=lambda t, steps: (t + 1) / steps),
    partial(loop, share=lambda size, n, classes: 1 / n),
    partial(loop, share=lambda size, n, classes: 1 / (size * classes)),
    partial(loop, rows_at=lambda t, size, n: slice(0, size)),
    partial(loop, rows_at=lambda t, size, n: slice(t * size, (t + 1) * size)),
    partial(loop, in_order=lambda X, order: X),
    partial(loop, in_order=lambda X, order: X[np.argsort(order)]),
    partial(loop, error_of=lambda p, y: (p - y) * y),
    partial(loop, error_of=lambda p, y: (p - y) * p * (1 - p)),
    partial(loop, kept=lambda film: film[1:]),
    partial(loop, kept=lambda film: film[:-1]),
    partial(loop, kept=lambda film: film[-1]),
    partial(loop, kept=lambda film: [film[-1] for _ in film]),
    partial(loop, kept=lambda film: [w.T for w in film]),
    partial(loop, softmax_of=lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)),
]

# --- listed mistakes, from their sentences ---------------------------------------------------------


def step_by_if(t: Any, start: float, end: float, steps: int) -> Any:
    if t >= steps:
        return end
    return start - (start - end) * t / steps


LISTED_LINE: dict[str, Function] = {
    "after-step-n-the-line-goes-on-below-end-then": lambda t, start, end, steps: (
        start + (end - start) / steps * t
    ),
    "you-divide-by-n-1-so-end-is-reached-one": lambda t, start, end, steps: (
        start - (start - end) * np.minimum(t / (steps - 1), 1)
    ),
    "the-ends-are-swapped-this-begins-with-end": lambda t, start, end, steps: (
        end - (end - start) * np.minimum(t / steps, 1)
    ),
    "this-goes-down-to-0-whatever-end-is": lambda t, start, end, steps: (
        start * (1 - np.minimum(t / steps, 1))
    ),
    "you-take-away-a-share-of-end": lambda t, start, end, steps: start - end * np.minimum(t / steps, 1),
    "the-sign-is-wrong-where-the-rate-should-fall-it": lambda t, start, end, steps: (
        start + (start - end) * np.minimum(t / steps, 1)
    ),
    "the-rate-stays-at-start-until-step-n-and-then": lambda t, start, end, steps: (
        start - (start - end) * (np.minimum(t, steps) // steps)
    ),
    "np-maximum-end-holds-a-rate-that-falls-but-during": lambda t, start, end, steps: np.maximum(
        start - (start - end) * t / steps, end
    ),
    "after-step-n-you-return-0-so-that-training-stops": lambda t, start, end, steps: (
        (start - (start - end) * t / steps) * (t <= steps)
    ),
    "t-steps-starts-anew-at-every-n-th-step-a": lambda t, start, end, steps: (
        start - (start - end) * (t % steps) / steps
    ),
    "the-steps-are-not-divided-by-n-so-end-is": lambda t, start, end, steps: (
        start - (start - end) * np.minimum(t, 1)
    ),
    "this-works-for-one-step-but-if-min-and-max": step_by_if,
}


def power_step_by_min(t: Any, start: float, end: float, steps: int) -> Any:
    return start * (end / start) ** min(t / steps, 1)


LISTED_POWER: dict[str, Function] = {
    "after-step-n-the-rate-goes-on-falling-below-end": lambda t, start, end, steps: (
        start * np.exp(t / steps * np.log(end / start))
    ),
    "you-divide-by-n-1-so-end-is-reached-one": lambda t, start, end, steps: (
        start * (end / start) ** np.minimum(t / (steps - 1), 1)
    ),
    "the-ends-are-swapped-this-begins-with-end": lambda t, start, end, steps: (
        end * (start / end) ** np.minimum(t / steps, 1)
    ),
    "this-is-the-straight-line": line_by_loops,
    "this-always-ends-at-α-s-e": lambda t, start, end, steps: start * np.exp(-np.minimum(t / steps, 1)),
    "two-bases-are-mixed-np-log-is-the-natural-logarithm": lambda t, start, end, steps: (
        start * 10 ** (np.log(end / start) * np.minimum(t / steps, 1))
    ),
    "the-ratio-is-upside-down-where-the-rate-should-fall": lambda t, start, end, steps: (
        start / (end / start) ** np.minimum(t / steps, 1)
    ),
    "this-comes-closer-and-closer-to-end-but-at-t": lambda t, start, end, steps: (
        end + (start - end) * np.exp(-t / steps)
    ),
    "np-maximum-end-holds-a-rate-that-falls-but-during": lambda t, start, end, steps: np.maximum(
        end, start * (end / start) ** (t / steps)
    ),
    "the-rate-stays-at-start-until-step-n-and-then": lambda t, start, end, steps: (
        start * (end / start) ** (np.minimum(t, steps) // steps)
    ),
    "after-step-n-you-return-0-so-that-training-stops": lambda t, start, end, steps: np.where(
        t > steps, 0, start * (end / start) ** (t / steps)
    ),
    "the-steps-are-not-divided-by-n-so-end-is": lambda t, start, end, steps: (
        start * (end / start) ** np.minimum(t, 1)
    ),
    "this-works-for-one-step-but-if-min-and-max": power_step_by_min,
}


def velocity_in_place(velocity: Any, gradient: Any, momentum: float) -> Any:
    velocity *= momentum
    velocity += gradient
    return velocity


def gradient_in_place(velocity: Any, gradient: Any, momentum: float) -> Any:
    gradient += momentum * velocity
    return gradient


def nesterov(velocity: Any, gradient: Any, momentum: float) -> Any:
    velocity = momentum * velocity + gradient
    return momentum * velocity + gradient


LISTED_MOMENTUM: dict[str, Function] = {
    "this-is-a-moving-average-of-the-gradients-adam-uses": lambda v, gradient, momentum: (
        v + (1 - momentum) * (gradient - v)
    ),
    "the-numbers-are-right-but-the-caller-s-velocity-is": velocity_in_place,
    "the-numbers-are-right-but-the-caller-s-gradient-is": gradient_in_place,
    "μ-is-on-the-gradient": lambda v, gradient, momentum: v + momentum * gradient,
    "the-gradient-is-subtracted-here-and-the-step-θ-α": lambda v, gradient, momentum: momentum * v - gradient,
    "the-sign-is-turned": lambda v, gradient, momentum: -momentum * v - gradient,
    "μ-is-on-both": lambda v, gradient, momentum: momentum * (v + gradient),
    "μ-is-missing-so-no-gradient-is-ever-forgotten-and": lambda v, gradient, momentum: v + gradient,
    "this-is-gradient-descent-without-momentum-the-velocity-so-far": lambda v, gradient, momentum: gradient,
    "this-looks-one-step-ahead-nesterov-s-momentum": nesterov,
    "this-is-a-moving-average-and-its-shares-are-swapped": lambda v, gradient, momentum: (
        momentum * gradient + (1 - momentum) * v
    ),
    "1-μ-is-what-friction-takes-μ-is-what-is": lambda v, gradient, momentum: (1 - momentum) * v + gradient,
    "1-μ-is-what-friction-takes-and-the-gradient-is": lambda v, gradient, momentum: (
        (1 - momentum) * v - gradient
    ),
}


def backward(
    X: Any,
    y: Any,
    W1: Any,
    b1: Any,
    W2: Any,
    b2: Any,
    *,
    softmax_of: Callable[[Any], Any] = softmax,
    error_of: Callable[[Any, Any], Any] = lambda p, Y: p - Y,
    mean_of: Callable[[Any], Any] = lambda error: error / len(error),
    through_output: Callable[[Any, Any], Any] = lambda d, logits: d,
    through_relu: Callable[[Any, Any], Any] = lambda d, a: d * (a > 0),
    given: Callable[[Any, Any], Any] = lambda a, h: h,
    weights_of: Callable[[Any, Any], Any] = lambda d, h: d.T @ h,
    biases_of: Callable[[Any], Any] = lambda d: d.sum(axis=0),
    in_order: Callable[[Any, Any, Any, Any], list[Any]] = lambda w1, c1, w2, c2: [w1, c1, w2, c2],
) -> Any:
    """The right backward pass, of which every part can be exchanged."""
    a = X @ W1.T + b1
    h = np.maximum(a, 0)
    logits = h @ W2.T + b2
    d2 = through_output(mean_of(error_of(softmax_of(logits), np.eye(len(b2))[y])), logits)
    d1 = through_relu(d2 @ W2, a)
    parts = in_order(weights_of(d1, X), biases_of(d1), weights_of(d2, given(a, h)), biases_of(d2))
    return np.concatenate([np.ravel(part) for part in parts])


LISTED_BACKWARD: dict[str, Function] = {
    "softmax-without-its-shift-exponentials-of-large-logits-overflow-and": backward_without_shift,
    "softmax-subtracts-the-largest-logit-only-where-that-is-positive": backward_shifted_where_positive,
    "the-division-by-the-number-of-examples-is-missing": partial(backward, mean_of=lambda error: error),
    "you-divide-by-the-number-of-all-entries": partial(backward, mean_of=lambda error: error / error.size),
    "softmax-is-applied-twice-p-went-through-it-already": partial(
        backward, softmax_of=lambda logits: softmax(softmax(logits))
    ),
    "relu-is-missing-on-the-way-back-a-unit-that": partial(backward, through_relu=lambda d, a: d),
    "you-mask-the-gradient-at-the-logits": partial(
        backward, through_output=lambda d, logits: d * (logits > 0)
    ),
    "you-multiply-by-h-itself": partial(backward, through_relu=lambda d, a: d * np.maximum(a, 0)),
    "you-mask-by-the-sign-of-what-comes-back": partial(backward, through_relu=lambda d, a: d * (d > 0)),
    "a-unit-at-exactly-a-0-counts-as-active-here": partial(backward, through_relu=lambda d, a: d * (a >= 0)),
    "there-is-one-bias-gradient-per-example-here": partial(backward, biases_of=lambda d: d),
    "the-mean-is-taken-twice-for-the-biases-p-y": partial(backward, biases_of=lambda d: d.mean(axis=0)),
    "the-weight-gradients-are-transposed": partial(backward, weights_of=lambda d, h: h.T @ d),
    "the-gradient-of-w2-multiplies-by-what-the-last-layer": partial(backward, given=lambda a, h: a),
    "this-is-y-p": partial(backward, error_of=lambda p, Y: Y - p),
    "only-the-logit-of-the-true-class-gets-a-gradient": partial(backward, error_of=lambda p, Y: Y * (p - 1)),
    "p-1-p-is-multiplied-in-as-for-a-squared": partial(backward, error_of=lambda p, Y: (p - Y) * p * (1 - p)),
    "the-parts-are-right-but-in-the-order-in-which": partial(
        backward, in_order=lambda w1, c1, w2, c2: [w2, c2, w1, c1]
    ),
    "the-parts-are-right-but-in-another-order": partial(
        backward, in_order=lambda w1, c1, w2, c2: [w1, w2, c1, c2]
    ),
}


def loop_in_place(
    X: Any, Y: Any, W: Any, order: Any, batch_size: int, start: float, end: float, steps: int
) -> Any:
    film = [W]
    W = W.copy()
    for t in range(steps):
        rows = order[np.arange(t * batch_size, (t + 1) * batch_size) % len(X)]
        gradient = (softmax(X[rows] @ W.T) - Y[rows]).T @ X[rows] / batch_size
        W -= (start - (start - end) * t / steps) * gradient
        film.append(W)
    return np.array(film)


def loop_of_starting_weights(
    X: Any, Y: Any, W: Any, order: Any, batch_size: int, start: float, end: float, steps: int
) -> Any:
    logits = X @ W.T
    film = [W]
    for t in range(steps):
        rows = order[np.arange(t * batch_size, (t + 1) * batch_size) % len(X)]
        gradient = (softmax(logits[rows]) - Y[rows]).T @ X[rows] / batch_size
        film.append(film[-1] - (start - (start - end) * t / steps) * gradient)
    return np.array(film)


LISTED_LOOP: dict[str, Function] = {
    "double": partial(loop, softmax_of=lambda logits: softmax(softmax(logits))),
    "mean": partial(loop, share=lambda size, n, classes: 1.0),
    "labels": partial(loop, labels_in_order=lambda Y, order: Y),
    "shared": loop_in_place,
    "stale": loop_of_starting_weights,
    "rate": partial(loop, fraction=lambda t, steps: t // steps),
}

RIGHT: dict[str, Functions] = {
    "linear_decay_exercise": RIGHT_LINE,
    "exponential_decay_exercise": RIGHT_POWER,
    "momentum_exercise": RIGHT_MOMENTUM,
    "backward_exercise": RIGHT_BACKWARD,
    "loop_exercise": RIGHT_LOOP,
}
WRONG: dict[str, Functions] = {
    "linear_decay_exercise": WRONG_LINE,
    "exponential_decay_exercise": WRONG_POWER,
    "momentum_exercise": WRONG_MOMENTUM,
    "backward_exercise": WRONG_BACKWARD,
    "loop_exercise": WRONG_LOOP,
}
TOLD: Told = {
    "linear_decay_exercise": {
        "1": "argument: one up",
        "6": "the-rate-stays-at-start-until-step-n-and-then",
    },
    "exponential_decay_exercise": {
        "1": "argument: one up",
        "4": "the-ratio-is-upside-down-where-the-rate-should-fall",
    },
    "momentum_exercise": {
        "1": "echo",
        "2": "argument: square",
    },
    "backward_exercise": {
        "4 attempt": "this-is-y-p",
        "5": "argument: first row",
        "6": "argument: reversed",
        "18 backward_in_parts": "in parts",
    },
    "loop_exercise": {
        "13": "last row",
    },
}
LISTED: Listed = {
    "linear_decay_exercise": LISTED_LINE,
    "exponential_decay_exercise": LISTED_POWER,
    "momentum_exercise": LISTED_MOMENTUM,
    "backward_exercise": LISTED_BACKWARD,
    "loop_exercise": LISTED_LOOP,
}

# --- what the contracts allow ----------------------------------------------------------------------


def rates(t: Any, start: float, end: float, steps: int, least: float = 0) -> bool:
    t = np.asarray(t)
    return bool((t >= 0).all() and (t == np.floor(t)).all() and min(start, end) >= least and whole(steps, 1))


def two_layers(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> bool:
    fits = network(X, [W1, W2], [b1, b2])
    return fits and labels(y, len(X), len(b2))


def trained(X: Any, Y: Any, W: Any, order: Any, size: int, start: float, end: float, steps: int) -> bool:
    one_hot = set(np.unique(Y)) <= {0, 1} and (Y.sum(axis=1) == 1).all()
    shapes = X.shape[0] == Y.shape[0] and W.shape == (Y.shape[1], X.shape[1])
    # What a step sees of X is X[order]: some checks give an order of a few rows only.
    rows = np.isin(order, np.arange(len(X))).all() and len(set(order.tolist())) == len(order)
    return one_hot and shapes and rows and len(order) % size == 0 and whole(size, 1) and whole(steps, 0)


ALLOWS: Allows = {
    "backward_exercise": two_layers,
    "linear_decay_exercise": rates,
    "exponential_decay_exercise": lambda *given: rates(*given, least=1e-300),
    "momentum_exercise": lambda v, g, momentum: (
        floats(v, -100, 100) and floats(g, -100, 100) and v.shape == g.shape and 0 <= momentum < 1
    ),
    "loop_exercise": trained,
}
