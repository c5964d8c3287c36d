"""Training of a small classifier: learning-rate schedules, momentum, the backward pass, and the loop.

Gradient descent in plain NumPy, as notebook 08 builds it: at step t the gradient of the loss becomes part of
a velocity, and the parameters move against it, ``v = momentum v + gradient``, ``θ = θ - learning_rate(t) v``.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, repeat
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import (
    FloatArray,
    as_real,
    checked_count,
    checked_number,
    float_dtype,
    own_dtype,
)
from course_utils.numerics.losses import checked_labels, cross_entropy, cross_entropy_gradient
from course_utils.numerics.mlp import MLP

__all__ = [
    "Gradient",
    "Snapshot",
    "accuracy",
    "constant",
    "exponential_decay",
    "forward_backward",
    "linear_decay",
    "momentum_step",
    "shuffled_batches",
    "train",
]

LearningRate: TypeAlias = float | Callable[[int], float]


# --- learning-rate schedules ----------------------------------------------------------------------


def constant(t: npt.ArrayLike, *, rate: float) -> FloatArray:
    """The learning rate that stays: `rate` at every step.

    Parameters
    ----------
    t : array_like of real numbers, any shape
        Step number, from 0 on.
    rate : float
        Finite, not negative.

    Returns
    -------
    ndarray or scalar of the shape of `t`

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `rate` is negative, infinite or nan, or a step is negative or nan.

    Examples
    --------
    >>> constant([0, 1, 2], rate=0.1)
    array([0.1, 0.1, 0.1])
    """
    rates: FloatArray = np.full(_checked_steps(t).shape, _checked_rate("rate", rate))
    return rates[()]


def linear_decay(t: npt.ArrayLike, *, start: float, end: float, steps: int) -> FloatArray:
    """Learning rate on a straight line from `start` to `end`: start - (start - end) t / steps.

    Parameters
    ----------
    t : array_like of real numbers, any shape
        Step number, from 0 on.
    start, end : float
        Learning rates at t = 0 and at t = `steps`; finite, not negative. An `end` above `start` makes a
        warm-up.
    steps : int
        At least 1.

    Returns
    -------
    ndarray or scalar of the shape of `t`
        Exactly `start` at 0, exactly `end` at `steps` and *ever after*: the straight line itself would go on
        through 0, and a negative learning rate goes uphill.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `start` or `end` is negative, infinite or nan, `steps` is not a whole number from 1 on, or a step
        is negative or nan.

    Examples
    --------
    >>> linear_decay([0, 5, 10, 15], start=0.5, end=0.1, steps=10)
    array([0.5, 0.3, 0.1, 0.1])
    """
    first, last = _checked_rate("start", start), _checked_rate("end", end)
    fraction = _fraction(t, steps)
    return _with_exact_end(first - (first - last) * fraction, fraction, last)


def exponential_decay(t: npt.ArrayLike, *, start: float, end: float, steps: int) -> FloatArray:
    """Learning rate that loses the same share at every step: start (end / start)^(t / steps).

    Parameters
    ----------
    t : array_like of real numbers, any shape
        Step number, from 0 on.
    start, end : float
        Learning rates at t = 0 and at t = `steps`; finite and *positive*, since no number of equal shares
        taken away leaves 0. An `end` above `start` makes a warm-up.
    steps : int
        At least 1.

    Returns
    -------
    ndarray or scalar of the shape of `t`
        Exactly `start` at 0, exactly `end` at `steps` and ever after. On a logarithmic axis a straight line:
        halfway it is the geometric mean of both ends, not above the arithmetic one of `linear_decay`.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `start` or `end` is not positive and finite, their ratio is not within 1e-300 ... 1e300, `steps` is
        not a whole number from 1 on, or a step is negative or nan.

    Examples
    --------
    >>> exponential_decay([0, 5, 10, 15], start=1.0, end=0.01, steps=10)
    array([1.  , 0.1 , 0.01, 0.01])
    """
    first, last = _checked_rate("start", start), _checked_rate("end", end)
    if first == 0 or last == 0:
        raise ValueError(
            f"exponential_decay never reaches 0: start and end must be positive, got {start} and {end}."
        )
    ratio = last / first
    if not 1e-300 < ratio < 1e300:
        raise ValueError(f"end / start must lie between 1e-300 and 1e300, got {end} / {start}.")
    fraction = _fraction(t, steps)
    return _with_exact_end(first * ratio**fraction, fraction, last)


def _fraction(t: npt.ArrayLike, steps: int) -> npt.NDArray[np.float64]:
    """How much of the schedule lies behind: t / steps, and 1 ever after."""
    return np.asarray(np.minimum(_checked_steps(t) / checked_count("steps", steps), 1.0))


def _with_exact_end(rates: npt.NDArray[Any], fraction: npt.NDArray[np.float64], end: float) -> FloatArray:
    """Take away what rounding has made of the end; at the start nothing is rounded."""
    exact: FloatArray = np.where(fraction == 1, end, rates)
    return exact[()]


# --- one step -------------------------------------------------------------------------------------


def momentum_step(velocity: npt.ArrayLike, gradient: npt.ArrayLike, momentum: float) -> FloatArray:
    """The velocity after one more gradient: momentum · velocity + gradient.

    From a velocity of 0 the steps add up to ``∇_t + μ ∇_(t-1) + μ² ∇_(t-2) + ...``: older gradients count,
    but less and less. While the gradient stays the same, the velocity grows towards ``∇ / (1 - μ)``: with
    μ = 0.9 a step becomes ten times as long.

    Parameters
    ----------
    velocity, gradient : array_like of real numbers, of one shape
        Both stay as they are.
    momentum : float
        μ, at least 0 and below 1. With 0 the velocity is the gradient.

    Returns
    -------
    ndarray or scalar of that shape
        A new one. The step to take is ``-learning_rate`` times it.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes differ, or `momentum` does not lie in [0, 1).

    References
    ----------
    Polyak (1964), "Some methods of speeding up the convergence of iteration methods"; in this form
    PyTorch's ``torch.optim.SGD(..., momentum=μ)``, without dampening and Nesterov.

    Examples
    --------
    >>> velocity = np.zeros(2)
    >>> for gradient in ([1.0, 0.0], [1.0, 0.0], [0.0, 1.0]):
    ...     velocity = momentum_step(velocity, gradient, 0.5)
    >>> velocity
    array([0.75, 1.  ])
    """
    v, g = as_real("velocity", velocity), as_real("gradient", gradient)
    if v.shape != g.shape:
        raise ValueError(f"velocity and gradient must have the same shape, got {v.shape} and {g.shape}.")
    with np.errstate(over="ignore", invalid="ignore"):
        new = _checked_momentum(momentum) * v.astype(np.float64) + g
        return own_dtype(new, np.result_type(float_dtype(v.dtype), float_dtype(g.dtype)))


class Gradient(NamedTuple):
    """Derivatives of a loss with respect to each weight and each bias of an `MLP`, in the shapes of these."""

    weights: tuple[npt.NDArray[np.float64], ...]
    biases: tuple[npt.NDArray[np.float64], ...]


def forward_backward(mlp: MLP, X: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, Gradient]:
    """Mean cross-entropy of a network's logits, and its gradient, by backpropagation.

    Forward, every layer keeps what it was given. Backward, the gradient with respect to a layer's result
    starts as ``(p - y) / n`` at the logits; in each layer it makes the gradients of weights and bias, and is
    passed down through the weights and the ReLU, which lets it through where the unit was active.

    Parameters
    ----------
    mlp : MLP
    X : array_like of real numbers, shape (n, n_in)
        One example per row, at least one.
    y : array_like, shape (n,) or (n, n_out)
        Labels, counted from 0; or target probabilities, such as one-hot vectors.

    Returns
    -------
    loss : float
        Mean over the examples, in nats. ln(n_out) if all logits are equal.
    gradient : Gradient
        In nats per unit of each parameter. Where a pre-activation is exactly 0, ReLU has no derivative;
        0 is taken.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers, or the labels are not integers.
    IndexError
        If a label is out of range.
    ValueError
        If the shapes do not fit, or there is no example.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), "Deep learning", section 6.5.

    Examples
    --------
    >>> zero = MLP.random((2, 3, 4), seed=0, scheme="zero", bias=False)
    >>> loss, gradient = forward_backward(zero, [[1.0, 2.0], [3.0, 4.0]], [0, 1])
    >>> round(loss, 6), round(math.log(4), 6)
    (1.386294, 1.386294)
    >>> gradient.biases[1]  # mean of p - y
    array([-0.25, -0.25,  0.25,  0.25])
    """
    inputs, targets = _checked_examples(mlp, X, y)
    pre_activations = mlp.pre_activations(inputs)
    return float(cross_entropy(pre_activations[-1], targets)), _backward(
        mlp, inputs, pre_activations, targets
    )


def _backward(
    mlp: MLP, inputs: npt.NDArray[Any], pre_activations: Sequence[FloatArray], targets: npt.NDArray[Any]
) -> Gradient:
    *hidden, logits = pre_activations
    with np.errstate(over="ignore", invalid="ignore"):
        given = [inputs, *(np.maximum(z, 0.0) for z in hidden)]
        upstream = cross_entropy_gradient(logits, targets)
        weights, biases = [], []
        for layer in reversed(range(len(given))):
            weights.append(upstream.T @ given[layer])
            biases.append(upstream.sum(axis=0))
            if layer > 0:
                upstream = (upstream @ mlp.weights[layer]) * (hidden[layer - 1] > 0)
    return Gradient(tuple(weights[::-1]), tuple(biases[::-1]))


def accuracy(logits: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Share of examples whose largest logit is the label's (of several largest, the first counts).

    Parameters
    ----------
    logits : array_like of real numbers, shape (n, classes)
        Or anything of the same order, such as probabilities.
    y : array_like of integers, shape (n,)
        Labels, counted from 0.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    TypeError, IndexError
        As for `one_hot`.
    ValueError
        If the shapes do not fit, or there is no example.

    Examples
    --------
    >>> accuracy([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0], [1.0, 0.0]], [0, 1, 1, 0])
    0.75
    """
    z, labels = as_real("logits", logits), np.asarray(y)
    if z.ndim != 2 or labels.shape != z.shape[:1] or z.size == 0:
        raise ValueError(
            "accuracy needs logits of shape (n, classes) and labels of shape (n,), "
            f"got {z.shape} and {labels.shape}."
        )
    return float(np.mean(z.argmax(axis=1) == checked_labels(labels, z.shape[1])))


# --- the loop -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Snapshot:
    """A network during training.

    Attributes
    ----------
    step : int
        Updates made so far: 0 for the network as it was handed over.
    mlp : MLP
        Frozen, and a network of its own: later steps do not change it.
    loss : float
        Mean cross-entropy over *all* training examples, in nats.
    learning_rate : float
        Of the update that comes next.
    """

    step: int
    mlp: MLP
    loss: float
    learning_rate: float


def train(
    mlp: MLP,
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    steps: int,
    learning_rate: LearningRate,
    momentum: float = 0.0,
    batch_size: int | None = None,
    seed: int = 0,
    snapshot_every: int = 1,
) -> Iterator[Snapshot]:
    """Train a classifier by gradient descent with momentum; show the network along the way.

    Parameters
    ----------
    mlp : MLP
        Where to start. It stays as it is.
    X, y
        As for `forward_backward`; the numbers in `X` must be finite.
    steps : int
        Number of updates, from 0 on.
    learning_rate : float or callable
        One rate, or a function of the step number t = 0, 1, ..., such as
        ``lambda t: linear_decay(t, start=0.5, end=0.0, steps=400)``.
    momentum : float
        As for `momentum_step`.
    batch_size : int, optional
        Examples in each step, drawn by `shuffled_batches`. By default all of them.
    seed : int
        Of the order of the examples; equal seeds give equal networks. Without `batch_size` it changes
        nothing.
    snapshot_every : int
        Steps between snapshots, at least 1. Each costs a forward pass over all examples.

    Yields
    ------
    Snapshot
        Of step 0, of each `snapshot_every`-th one, and of the last.

    Raises
    ------
    TypeError, IndexError, ValueError
        As for the functions above, when called; for a schedule that gives no finite rate from 0 on, at
        that step.
    FloatingPointError
        When the parameters stop being finite: the learning rate is too large.

    Examples
    --------
    >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1]
    >>> net = MLP.random((1, 4, 2), seed=0)
    >>> film = list(train(net, X, y, steps=50, learning_rate=0.5, snapshot_every=25))
    >>> [snapshot.step for snapshot in film]
    [0, 25, 50]
    >>> film[0].loss > film[1].loss > film[2].loss
    True
    >>> accuracy(film[-1].mlp.forward(X), y)
    1.0
    """
    inputs, targets = _checked_examples(mlp, X, y)
    if not np.isfinite(inputs).all():
        raise ValueError("X must hold finite numbers, got nan or infinity.")
    cross_entropy(mlp.forward(inputs), targets)  # so that a bad label is named now, not at its batch
    checked_count("steps", steps, lowest=0)
    checked_count("snapshot_every", snapshot_every)
    _checked_momentum(momentum)
    if batch_size is None:
        batches: Iterator[Any] = repeat(slice(None))
    else:
        batches = shuffled_batches(len(inputs), batch_size, seed)
    schedule = learning_rate if callable(learning_rate) else partial(constant, rate=learning_rate)
    schedule(0)
    return _snapshots(mlp, inputs, targets, steps, schedule, momentum, batches, snapshot_every)


def _snapshots(
    mlp: MLP,
    X: npt.NDArray[Any],
    y: npt.NDArray[Any],
    steps: int,
    schedule: Callable[[int], Any],
    momentum: float,
    batches: Iterator[Any],
    snapshot_every: int,
) -> Iterator[Snapshot]:
    """The loop of `train`. Nothing is changed in place: every step makes new arrays and a new network."""
    weight_velocity: Sequence[FloatArray] = [np.zeros_like(w) for w in mlp.weights]
    bias_velocity: Sequence[FloatArray] = [np.zeros_like(b) for b in mlp.biases]
    for t in count():
        rate = _checked_rate(f"the learning rate of step {t}", schedule(t))
        if t % snapshot_every == 0 or t == steps:
            yield Snapshot(t, mlp, float(cross_entropy(mlp.forward(X), y)), rate)
        if t == steps:
            return
        batch = next(batches)
        inputs, targets = X[batch], y[batch]
        gradient = _backward(mlp, inputs, mlp.pre_activations(inputs), targets)
        with np.errstate(over="ignore", invalid="ignore"):
            weight_velocity = [
                momentum_step(v, g, momentum) for v, g in zip(weight_velocity, gradient.weights, strict=True)
            ]
            bias_velocity = [
                momentum_step(v, g, momentum) for v, g in zip(bias_velocity, gradient.biases, strict=True)
            ]
            weights = [w - rate * v for w, v in zip(mlp.weights, weight_velocity, strict=True)]
            biases = [b - rate * v for b, v in zip(mlp.biases, bias_velocity, strict=True)]
        if not all(np.isfinite(parameters).all() for parameters in weights + biases):
            raise FloatingPointError(f"training diverged at step {t}: try a learning rate below {rate}.")
        mlp = MLP(weights, biases)


def shuffled_batches(examples: int, batch_size: int, seed: int) -> Iterator[npt.NDArray[np.intp]]:
    """Deal out the row numbers 0 ... examples - 1 in batches, again and again, each time in a new order.

    One array of rows picks inputs and labels alike, ``X[rows], y[rows]``, so that these stay together.

    Parameters
    ----------
    examples, batch_size : int
        At least 1. The last batch of each round holds what is left over.
    seed : int
        Of NumPy's default generator.

    Yields
    ------
    ndarray of intp, shape (batch_size,) or shorter
        Without end.

    Raises
    ------
    ValueError
        If `examples` or `batch_size` is not a whole number from 1 on.

    Examples
    --------
    >>> batches = shuffled_batches(5, 2, seed=0)
    >>> first_round = [next(batches) for _ in range(3)]
    >>> [len(rows) for rows in first_round], np.sort(np.concatenate(first_round))
    ([2, 2, 1], array([0, 1, 2, 3, 4]))
    """
    checked_count("examples", examples)
    checked_count("batch_size", batch_size)
    rng = np.random.default_rng(seed)
    return (
        order[first : first + batch_size]
        for order in (rng.permutation(examples) for _ in count())
        for first in range(0, examples, batch_size)
    )


# --- what bad input gets --------------------------------------------------------------------------


def _checked_examples(
    mlp: MLP, X: npt.ArrayLike, y: npt.ArrayLike
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Inputs in float64, and targets; whether their numbers fit is for network and loss to say."""
    inputs, targets = as_real("X", X).astype(np.float64, copy=False), np.asarray(y)
    if inputs.ndim != 2 or len(inputs) == 0:
        raise ValueError(
            f"X must have shape (n, {mlp.widths[0]}) with at least one example, got {inputs.shape}."
        )
    if targets.shape[:1] != inputs.shape[:1]:
        raise ValueError(
            f"X and y must hold as many examples, got shapes {inputs.shape} and {targets.shape}."
        )
    return inputs, targets


def _checked_rate(name: str, value: float) -> float:
    rate = checked_number(name, value)
    if not 0 <= rate < math.inf:
        raise ValueError(f"{name} must be finite and not negative, got {rate}.")
    return rate


def _checked_momentum(value: float) -> float:
    momentum = checked_number("momentum", value)
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must be at least 0 and below 1, got {momentum}.")
    return momentum


def _checked_steps(t: npt.ArrayLike) -> npt.NDArray[np.float64]:
    steps = as_real("t", t).astype(np.float64)
    bad = ~(steps >= 0)
    if bad.any():
        raise ValueError(f"t must be a step number from 0 on, got {steps[bad].flat[0]}.")
    return steps
