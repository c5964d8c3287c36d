"""Section "Backward by p − y"."""

from __future__ import annotations

import numpy as np

from course_utils.numerics.softmax import softmax
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick, Question

mean_question = Question(
    "Somebody forgets to divide by the number of examples: the gradient of a batch of 32 is a sum instead of a mean. "
    "Everything else is right. What happens?",
    [
        "The network learns the wrong thing: the direction of the gradient is wrong.",
        "Each step is 32 times as long, as if the learning rate were 32 times as large.",
        "Nothing: the optimum is the same.",
    ],
    "B",
    [
        "that a sum points elsewhere than a mean. It points in exactly the same direction; only its length differs.",
        "The factor 32 can be moved from the gradient to α. A rate that was right for the mean is then far too large, "
        "and changes whenever the batch size does.",
        "of the optimum alone. The way there is a different one: with steps that are 32 times as long it is usually lost.",
    ],
    expected=[35, 45, 20],
)


def backward(X, y, W1, b1, W2, b2):
    a = X @ W1.T + b1
    h = np.maximum(a, 0)
    z = h @ W2.T + b2
    dz = (softmax(z) - np.eye(len(b2))[y]) / len(X)
    da = (dz @ W2) * (a > 0)
    parts = [da.T @ X, da.sum(axis=0), dz.T @ h, dz.sum(axis=0)]
    return np.concatenate([part.ravel() for part in parts])


def backward_with(*slips):
    """Return the backward pass with one or more slips; each is a real one."""

    def slipped(X, y, W1, b1, W2, b2):
        a = X @ W1.T + b1
        h = np.maximum(a, 0)
        logits = h @ W2.T + b2
        p, one_hot = softmax(logits), np.eye(len(b2))[y]
        if "no shift" in slips:
            p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        if "shift only down" in slips:
            lower = np.exp(logits - np.maximum(logits.max(axis=1, keepdims=True), 0))
            p = lower / lower.sum(axis=1, keepdims=True)
        if "double softmax" in slips:
            p = softmax(p)
        error = p - one_hot
        if "sign" in slips:
            error = -error
        if "true class only" in slips:
            error = error * one_hot
        if "derivative of softmax" in slips:
            error = error * p * (1 - p)
        if "ReLU after the logits" in slips:
            error = error * (logits > 0)
        at_logits = error if "no mean" in slips else error / len(X)
        if "mean over all entries" in slips:
            at_logits = error / error.size
        mask = a > 0
        if "kink" in slips:
            mask = a >= 0
        if "no mask" in slips:
            mask = np.ones_like(a)
        if "values as mask" in slips:
            mask = h
        if "sign of the error as mask" in slips:
            mask = at_logits @ W2 > 0
        at_hidden = (at_logits @ W2) * mask
        sums = [np.mean if "bias by mean" in slips else np.sum for _ in range(2)]
        first_bias, last_bias = (
            f(part, axis=0) for f, part in zip(sums, (at_hidden, at_logits), strict=True)
        )
        if "bias not summed" in slips:
            first_bias, last_bias = at_hidden, at_logits
        first, last = at_hidden.T @ X, at_logits.T @ (a if "no ReLU forward" in slips else h)
        if "transposed" in slips:
            first, last = first.T, last.T
        parts = [first, first_bias, last, last_bias]
        if "last layer first" in slips:
            parts = [last, last_bias, first, first_bias]
        if "weights before biases" in slips:
            parts = [first, last, first_bias, last_bias]
        return np.concatenate([part.ravel() for part in parts])

    return slipped


_BACKWARD_SLIPS = {
    "no mean": "the division by the number of examples is missing. The loss is a *mean*, so the step must not grow with the batch.",
    "mean over all entries": "you divide by the number of all entries. The mean goes over the examples, not over the classes.",
    "no shift": "softmax without its shift: exponentials of large logits overflow, and where all logits are far below 0 they lose digits. Use the course's `softmax`.",
    "shift only down": "softmax subtracts the largest logit only where that is positive: where all logits are far below 0, the exponentials lose digits. Use the course's `softmax`.",
    "double softmax": "softmax is applied twice: p went through it already. Logits come in, p comes out, and p − y is the gradient at the *logits*.",
    "no mask": "ReLU is missing on the way back: a unit that was off passes nothing down, so its entry of the gradient is 0 for that example.",
    "ReLU after the logits": "you mask the gradient at the logits. After the last layer there is no ReLU: the mask of the hidden layer is the only one.",
    "values as mask": "you multiply by h itself. The derivative of ReLU is 1 where the unit is active, however large its value.",
    "sign of the error as mask": "you mask by the sign of what comes back. Whether ReLU lets it through was decided on the way *forward*, by a.",
    "kink": "a unit at exactly a = 0 counts as active here. The contract takes 0 as the slope there: `a > 0`.",
    "bias not summed": "there is one bias gradient per *example* here. All examples share the bias, so their contributions add up: `.sum(axis=0)`.",
    "bias by mean": "the mean is taken twice for the biases: p − y is divided by the number of examples already. Now *sum* over them.",
    "transposed": "the weight gradients are transposed. They have the shape of the weights, (n_out, n_in): `dz.T @ h`, not `h.T @ dz`.",
    "no ReLU forward": "the gradient of W2 multiplies by what the last layer was *given*: h, after the ReLU, not a.",
    "sign": "this is y − p. The gradient is p − y: it points uphill, and the step goes against it.",
    "true class only": "only the logit of the true class gets a gradient here. The others get p: every wrong class is pushed down.",
    "derivative of softmax": "p(1 − p) is multiplied in, as for a squared error. Softmax and cross-entropy *together* leave just p − y.",
    "last layer first": "the parts are right, but in the order in which the backward pass finds them. The contract asks for W1, b1, W2, b2.",
    "weights before biases": "the parts are right, but in another order. The contract asks for W1, b1, W2, b2.",
}


def _two_layers(n, inputs, hidden, classes, seed, scale=1.0):
    """Return random arguments of `backward`, with two decimals."""
    rng = np.random.default_rng(seed)
    shapes = [(n, inputs), (hidden, inputs), (hidden,), (classes, hidden), (classes,)]
    X, *parameters = [np.round(scale * rng.normal(size=shape), 2) for shape in shapes]
    return (X, rng.integers(0, classes, n), *parameters)


def _with_lower_logits(by, *arguments):
    return (*arguments[:-1], arguments[-1] - by)


_AT_THE_KINK = (
    np.array([[1.0, 2.0], [2.0, 1.0]]),
    np.array([1, 0]),
    np.array([[2.0, -1.0], [1.0, 1.0]]),
    np.array([0.0, -1.0]),
    np.array([[1.0, -1.0], [0.5, 2.0]]),
    np.array([0.1, -0.2]),
)


def any_batch_and_network(pick: Pick) -> Given:
    while True:
        n, inputs, hidden, classes = (pick.whole(1, 6, 3) for _ in range(4))
        if pick.one_of(False, True, False):
            inputs = hidden = classes = 3
        # Far below 0 the exponentials lose their digits, before they are all 0 and the sum is no divisor.
        halves, scale, lower = pick.one_of(
            (True, 1, 0), (False, 1, 0), (False, 1, 0), (False, 30, 0), (False, 1, 740)
        )
        shapes = [(n, inputs), (hidden, inputs), (hidden,), (classes, hidden), (classes,)]
        numbers = [pick.random.normal(size=shape) for shape in shapes]
        X, W1, b1, W2, b2 = (np.round(2 * a) / 2 if halves else np.round(scale * a, 1) for a in numbers)
        if halves or (np.abs(X @ W1.T + b1) > 1e-9).all():  # rounding can change no sign
            return X, pick.random.integers(0, classes, n), W1, b1, W2, b2 - lower


backward_exercise = Exercise(
    "Write `backward(X, y, W1, b1, W2, b2)`: the gradient of the mean cross-entropy of a two-layer network, "
    "logits = relu(X W1ᵀ + b1) W2ᵀ + b2, with respect to all its parameters.",
    Contract(
        "`X` has shape (n, inputs), `y` holds n whole-number labels from 0 on, `W1` has shape (hidden, inputs), `b1` (hidden,), `W2` (classes, hidden), "
        "`b2` (classes,). Return *one* vector: the gradients of W1, b1, W2 and b2, in this order, each in the shape of its parameters and then laid out row by row with "
        "`.ravel()`, joined by `np.concatenate`. The slope of ReLU at 0 is taken as 0. Logits may be of any size: use the course's `softmax`. Leave all arguments unchanged.",
        atol=1e-11,
        inputs=any_batch_and_network,
        count=100,
    ),
    backward,
    [
        Check("one example", _two_layers(1, 3, 4, 3, seed=0)),
        Check("five examples", _two_layers(5, 3, 4, 3, seed=1)),
        Check("as many inputs as units and classes", _two_layers(4, 3, 3, 3, seed=2)),
        Check("a unit exactly at its kink", _AT_THE_KINK),
        Check("two classes", _two_layers(6, 2, 5, 2, seed=3)),
        Check("large logits", _two_layers(3, 2, 4, 3, seed=4, scale=20.0)),
        Check("logits far below 0", _with_lower_logits(740, *_two_layers(3, 2, 4, 3, seed=6))),
        Check("ten classes, a batch of eight", _two_layers(8, 5, 6, 10, seed=5)),
    ],
    [Mistake(backward_with(slip), explanation) for slip, explanation in _BACKWARD_SLIPS.items()],
    [
        "Run the network forward and keep X, a and h. Then walk back: start with p − y at the logits, and at each layer ask what its weights and its bias were multiplied by.",
        "dz = (p − **y**)/n;  dW2 = dzᵀ h;  db2 = Σ dz;  da = (dz W2) ⊙ [a > 0];  dW1 = daᵀ X;  db1 = Σ da; both sums over the examples",
        "`dz = (softmax(h @ W2.T + b2) - np.eye(len(b2))[y]) / len(X)`, `da = (dz @ W2) * (a > 0)`; then four parts, `.ravel()` and `np.concatenate`.",
    ],
    payoff="You can now write backpropagation by hand, and know what every line of it does.",
)
