"""Schedules, momentum, the backward pass and the loop: against definitions, identities and PyTorch."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.numerics.gradients import check_gradient, complex_step
from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.mlp import MLP
from course_utils.numerics.softmax import softmax
from course_utils.numerics.training import (
    accuracy,
    constant,
    exponential_decay,
    forward_backward,
    linear_decay,
    momentum_step,
    shuffled_batches,
    train,
)

DECAYS = [linear_decay, exponential_decay]
NAN, INF = math.nan, math.inf
RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 3))
Y = np.array([0, 3, 1, 1, 2, 0, 3])
NET = MLP.random((3, 4, 3, 4), seed=0)

sound = settings(max_examples=100, derandomize=True, deadline=None)
rates = st.floats(1e-100, 1e100)


def flat(gradient):
    """All weights, then all biases, as one vector."""
    return np.concatenate([a.ravel() for a in (*gradient.weights, *gradient.biases)])


def network(vector, like=NET):
    """The way back from `flat`."""
    shapes = [a.shape for a in (*like.weights, *like.biases)]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    arrays = [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes, strict=True)]
    return MLP(arrays[: len(like.weights)], arrays[len(like.weights) :])


# --- schedules ------------------------------------------------------------------------------------


def test_schedules_are_their_formulas():
    t = np.arange(11)
    np.testing.assert_allclose(linear_decay(t, start=0.5, end=0.1, steps=10), 0.5 - 0.4 * t / 10, rtol=1e-15)
    np.testing.assert_allclose(
        exponential_decay(t, start=0.5, end=0.1, steps=10), 0.5 * 0.2 ** (t / 10), rtol=1e-15
    )
    np.testing.assert_array_equal(constant(t, rate=0.3), np.full(11, 0.3))
    ratios = exponential_decay(t[1:], start=0.5, end=0.1, steps=10) / exponential_decay(
        t[:-1], start=0.5, end=0.1, steps=10
    )
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-14)


@sound
@given(rates, rates, st.integers(1, 10**6), st.sampled_from(DECAYS))
def test_ends_are_exact_and_stay(start, end, steps, decay):
    schedule = partial(decay, start=start, end=end, steps=steps)
    assert schedule(0) == start
    for t in (steps, steps + 1, 10 * steps, INF):
        assert schedule(t) == end


@sound
@given(rates, rates, st.integers(1, 200), st.sampled_from(DECAYS))
def test_schedules_are_monotone_between_their_ends(start, end, steps, decay):
    curve = decay(np.linspace(0, 1.5 * steps, 301), start=start, end=end, steps=steps)
    # A power of the library may be wrong by an ulp, up or down.
    assert curve.min() >= min(start, end) * (1 - 4e-16)
    assert curve.max() <= max(start, end) * (1 + 4e-16)
    downhill = np.diff(curve) * np.sign(start - end)
    assert (downhill <= 4e-16 * curve[1:]).all()
    if start == end:
        assert (curve == start).all()


@sound
@given(rates, rates, st.integers(1, 200))
def test_the_exponential_lies_below_the_line(start, end, steps):
    t = np.arange(steps + 1)
    below = exponential_decay(t, start=start, end=end, steps=steps)
    line = linear_decay(t, start=start, end=end, steps=steps)
    # Towards a far smaller end the line cancels: its error is measured by the larger end.
    assert (below <= line * (1 + 1e-12) + 1e-15 * max(start, end)).all()


@pytest.mark.parametrize("decay", DECAYS)
def test_shapes_of_steps(decay):
    schedule = partial(decay, start=0.5, end=0.1, steps=10)
    assert np.ndim(schedule(3)) == 0
    assert schedule([[1, 2], [3, 4]]).shape == (2, 2)
    assert schedule([]).shape == (0,)
    np.testing.assert_array_equal(schedule(np.arange(12)), [schedule(t) for t in range(12)])


def test_a_linear_schedule_may_end_at_zero_and_any_may_go_up():
    assert linear_decay(10, start=0.5, end=0.0, steps=10) == 0
    assert exponential_decay(5, start=0.01, end=1.0, steps=10) == pytest.approx(0.1)
    assert linear_decay(5, start=0.0, end=1.0, steps=10) == 0.5


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": -0.1}, "start must be finite and not negative, got -0.1"),
        ({"end": NAN}, "end must be finite and not negative, got nan"),
        ({"start": INF}, "start must be finite and not negative, got inf"),
        ({"steps": 0}, "steps must be a whole number from 1 on, got 0"),
        ({"steps": 2.5}, "steps must be a whole number from 1 on, got 2.5"),
        ({"steps": True}, "steps must be a whole number from 1 on, got True"),
        ({"t": -1}, "t must be a step number from 0 on, got -1.0"),
        ({"t": [0, NAN]}, "t must be a step number from 0 on, got nan"),
    ],
)
def test_bad_schedules(decay, change, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        decay(**{"t": 0, "start": 0.5, "end": 0.1, "steps": 10} | change)


def test_what_no_exponential_reaches():
    for ends in ({"start": 0.5, "end": 0.0}, {"start": 0, "end": 0.5}):
        with pytest.raises(ValueError, match="never reaches 0: start and end must be positive"):
            exponential_decay(0, **ends, steps=10)
    with pytest.raises(ValueError, match="between 1e-300 and 1e300, got 1e-200 / 1e\\+200"):
        exponential_decay(0, start=1e200, end=1e-200, steps=10)
    with pytest.raises(ValueError, match=r"rate must be finite and not negative, got -1\.0"):
        constant(0, rate=-1)
    with pytest.raises(TypeError, match="t must hold real numbers"):
        constant("a", rate=1)


# --- momentum -------------------------------------------------------------------------------------


@sound
@given(st.floats(0, 0.999), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_momentum_is_the_unrolled_sum(momentum, steps, seed):
    gradients = np.random.default_rng(seed).normal(size=(steps, 3))
    velocity = np.zeros(3)
    for gradient in gradients:
        velocity = momentum_step(velocity, gradient, momentum)
    unrolled = sum(momentum**age * gradient for age, gradient in enumerate(gradients[::-1]))
    np.testing.assert_allclose(velocity, unrolled, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_the_gain_of_a_steady_gradient(momentum):
    velocity = np.zeros(2)
    for _ in range(4000):
        velocity = momentum_step(velocity, [1.0, -2.0], momentum)
    np.testing.assert_allclose(velocity, np.array([1.0, -2.0]) / (1 - momentum), rtol=1e-12)


def test_momentum_changes_no_argument_and_keeps_dtypes():
    velocity, gradient = np.ones((2, 3)), np.full((2, 3), 2.0)
    result = momentum_step(velocity, gradient, 0.5)
    assert (result == 2.5).all()
    assert (velocity == 1).all()
    assert (gradient == 2).all()
    assert momentum_step(np.float32([1]), np.float32([2]), 0.5).dtype == np.float32
    assert momentum_step([1], [2], 0.5) == 2.5
    assert momentum_step(1e308, 1e308, 0.999) == INF


@pytest.mark.parametrize("momentum", [1, -0.1, 1.5, NAN, INF])
def test_momentum_out_of_range(momentum):
    with pytest.raises(ValueError, match=r"momentum must be at least 0 and below 1, got"):
        momentum_step([1.0], [1.0], momentum)
    with pytest.raises(ValueError, match=r"momentum must be at least 0 and below 1, got"):
        train(NET, X, Y, steps=1, learning_rate=0.1, momentum=momentum)


def test_bad_velocities():
    with pytest.raises(ValueError, match=re.escape("the same shape, got (2,) and (1,)")):
        momentum_step([1.0, 2.0], [1.0], 0.9)
    with pytest.raises(TypeError, match="gradient must hold real numbers"):
        momentum_step([1.0], [1j], 0.9)


# --- forward and backward -------------------------------------------------------------------------


def test_the_gradient_is_that_of_the_loss():
    report = check_gradient(
        lambda v: cross_entropy(network(v).forward(X), Y),
        lambda v: flat(forward_backward(network(v), X, Y)[1]),
        flat(NET),
    )
    assert report, report
    assert report.largest_difference < 1e-9


def test_the_gradient_check_sees_a_planted_fault():
    for entry in (0, 20, 46):

        def wrong(v, entry=entry):
            gradient = flat(forward_backward(network(v), X, Y)[1])
            gradient[entry] += 1e-6
            return gradient

        report = check_gradient(lambda v: cross_entropy(network(v).forward(X), Y), wrong, flat(NET))
        assert not report
        assert report.index == (entry,)


def plain_loss(vector):
    """A two-layer network as one analytic formula, for complex parameters too; the mask is held fixed."""
    w0, b0, w1, b1 = np.split(vector, np.cumsum([12, 4, 16]))
    active = NET.pre_activations(X)[0] > 0
    hidden = (X @ w0.reshape(4, 3).T + b0) * active
    logits = hidden @ w1.reshape(4, 4).T + b1
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(7), Y])


def test_the_gradient_is_exact_to_the_last_digits():
    first = NET.weights[0], NET.biases[0]
    head = MLP.random((4, 4), seed=3)
    net = MLP([first[0], head.weights[0]], [first[1], head.biases[0]])
    gradient = forward_backward(net, X, Y)[1]
    vector = np.concatenate([first[0].ravel(), first[1], head.weights[0].ravel(), head.biases[0]])
    exact = complex_step(plain_loss, vector)
    ours = np.concatenate(
        [a.ravel() for pair in zip(gradient.weights, gradient.biases, strict=True) for a in pair]
    )
    assert np.abs(ours - exact).max() < 1e-15


@pytest.mark.parametrize("widths", [(3, 4), (3, 5, 4), (3, 8, 7, 6, 4)])
def test_agrees_with_torch(widths, torch):
    mlp = MLP.random(widths, seed=1, scheme="he")
    layers = []
    for weight, bias in zip(mlp.weights, mlp.biases, strict=True):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(weight), torch.tensor(bias)
        layers += [layer, torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers[:-1])
    # The same network trained side by side: momentum and a schedule, every parameter after every step.
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    loss, gradient = forward_backward(mlp, X, Y)
    schedule = partial(linear_decay, start=0.5, end=0.05, steps=20)
    for snapshot in train(mlp, X, Y, steps=20, learning_rate=schedule, momentum=0.9):
        theirs = MLP.from_state_dict(net.state_dict())
        np.testing.assert_allclose(flat(snapshot.mlp), flat(theirs), rtol=1e-11, atol=1e-13)
        optimizer.zero_grad()
        their_loss = torch.nn.functional.cross_entropy(net(torch.tensor(X)), torch.tensor(Y))
        their_loss.backward()
        if snapshot.step == 0:
            assert loss == pytest.approx(their_loss.item(), rel=1e-14)
            linear = net[::2]
            for ours, layer in zip(gradient.weights, linear, strict=True):
                np.testing.assert_allclose(ours, layer.weight.grad.numpy(), atol=1e-15)
            for ours, layer in zip(gradient.biases, linear, strict=True):
                np.testing.assert_allclose(ours, layer.bias.grad.numpy(), atol=1e-15)
        assert snapshot.loss == pytest.approx(their_loss.item(), rel=1e-11)
        optimizer.param_groups[0]["lr"] = float(schedule(snapshot.step))
        optimizer.step()


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (np.repeat(np.arange(7), 3), "every example three times"),
        (np.arange(7)[::-1], "another order"),
    ],
)
def test_what_leaves_loss_and_gradient_alone(rows, what):
    loss, gradient = forward_backward(NET, X, Y)
    other_loss, other = forward_backward(NET, X[rows], Y[rows])
    assert other_loss == pytest.approx(loss, rel=1e-14), what
    np.testing.assert_allclose(flat(other), flat(gradient), atol=1e-15)


def test_a_constant_added_to_all_logits_leaves_everything_alone():
    shifted = MLP(NET.weights, [*NET.biases[:-1], NET.biases[-1] + 100])
    np.testing.assert_allclose(softmax(shifted.forward(X)), softmax(NET.forward(X)), rtol=1e-12)
    loss, gradient = forward_backward(NET, X, Y)
    other_loss, other = forward_backward(shifted, X, Y)
    assert other_loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(flat(other), flat(gradient), atol=1e-13)
    assert np.abs(gradient.biases[-1].sum()) < 1e-16


def test_the_gradient_of_a_mean_is_the_mean_of_gradients():
    singles = [forward_backward(NET, X[i : i + 1], Y[i : i + 1]) for i in range(7)]
    loss, gradient = forward_backward(NET, X, Y)
    assert loss == pytest.approx(np.mean([single[0] for single in singles]), rel=1e-14)
    np.testing.assert_allclose(flat(gradient), np.mean([flat(s[1]) for s in singles], axis=0), atol=1e-15)


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_the_loss_of_a_network_of_zeros_is_the_logarithm_of_the_classes(classes):
    zero = MLP.random((3, 5, classes), seed=0, scheme="zero", bias=False)
    loss, gradient = forward_backward(zero, X, np.arange(7) % classes)
    assert loss == pytest.approx(math.log(classes), rel=1e-15)
    # Nothing but the last bias learns: no unit is active, and no weight passes anything down.
    assert [bool(np.any(a)) for a in (*gradient.weights, *gradient.biases)] == [False, False, False, True]


def test_a_unit_exactly_at_its_kink_lets_nothing_through():
    net = MLP([[[1.0, -1.0], [1.0, 0.0]], [[1.0, 2.0], [3.0, -1.0]]], [[0.0, 0.0], [0.0, 0.0]])
    _, gradient = forward_backward(net, [[2.0, 2.0]], [0])
    assert (gradient.weights[0] != 0).tolist() == [[False, False], [True, True]]
    assert (gradient.biases[0] != 0).tolist() == [False, True]


def test_equal_units_stay_equal():
    same = MLP([np.full((4, 3), 0.3), np.full((4, 4), 0.2)], [np.full(4, 0.1), np.zeros(4)])
    *_, last = train(same, X, Y, steps=30, learning_rate=0.5, momentum=0.9)
    assert np.ptp(last.mlp.weights[0], axis=0) == pytest.approx(0, abs=1e-14)
    assert np.ptp(last.mlp.weights[1], axis=1) == pytest.approx(0, abs=1e-14)
    assert np.abs(last.mlp.weights[1] - 0.2).max() > 0.01


def test_labels_are_one_hot_targets():
    loss, gradient = forward_backward(NET, X, Y)
    soft_loss, soft = forward_backward(NET, X, np.eye(4)[Y])
    assert loss == soft_loss
    np.testing.assert_array_equal(flat(gradient), flat(soft))


@pytest.mark.parametrize("dtype", [np.int8, np.bool_, np.float16, np.float32])
def test_inputs_of_every_dtype_are_computed_in_float64(dtype):
    inputs = (X > 0).astype(dtype)
    loss, gradient = forward_backward(NET, inputs, Y)
    exact_loss, exact = forward_backward(NET, inputs.astype(float), Y)
    assert loss == exact_loss
    assert next(train(NET, inputs, Y, steps=0, learning_rate=0.1)).loss == exact_loss
    assert all(a.dtype == np.float64 for a in (*gradient.weights, *gradient.biases))
    np.testing.assert_allclose(flat(gradient), flat(exact), atol=1e-15)


def test_extreme_inputs_are_quiet():
    big = MLP([1e200 * w for w in NET.weights], NET.biases)
    forward_backward(big, 1e200 * X, Y)
    loss, gradient = forward_backward(NET, np.full((1, 3), NAN), [0])
    assert math.isnan(loss)
    assert np.isnan(gradient.weights[0]).all()


BAD_EXAMPLES = [
    (X[0], Y[:1], ValueError, "X must have shape (n, 3) with at least one example, got (3,)"),
    (X[:0], Y[:0], ValueError, "X must have shape (n, 3) with at least one example, got (0, 3)"),
    (X[:, :2], Y, ValueError, "x must have shape (..., 3), got (7, 2)"),
    (X, Y[:5], ValueError, "X and y must hold as many examples, got shapes (7, 3) and (5,)"),
    (X, 3, ValueError, "X and y must hold as many examples, got shapes (7, 3) and ()"),
    (X, Y[:, None], ValueError, "target must hold labels of shape (7,)"),
    (X, Y.astype(float), TypeError, "labels must be integers"),
    (X, Y + 1, IndexError, "label 4 is out of range: 4 classes have the labels 0 to 3"),
    (X, Y - 1, IndexError, "label -1 is out of range"),
    (1j * X, Y, TypeError, "X must hold real numbers"),
]


@pytest.mark.parametrize(("inputs", "labels", "error", "message"), BAD_EXAMPLES)
def test_bad_examples(inputs, labels, error, message):
    with pytest.raises(error, match=re.escape(message)):
        forward_backward(NET, inputs, labels)
    with pytest.raises(error, match=re.escape(message)):  # when called, not at the first step
        train(NET, inputs, labels, steps=1, learning_rate=0.1, batch_size=2)


def test_accuracy():
    assert accuracy(np.eye(3), [0, 1, 2]) == 1
    assert accuracy(np.eye(3), [1, 2, 0]) == 0
    assert accuracy([[1, 1], [1, 1]], [0, 1]) == 0.5
    for logits, labels in [([1.0, 2.0], 1), (np.eye(3), [0]), (np.empty((0, 3)), []), (np.eye(2), np.eye(2))]:
        with pytest.raises(ValueError, match="accuracy needs logits of shape"):
            accuracy(logits, labels)
    for label, error in ((0.5, TypeError), ("a", TypeError), (2, IndexError), (-1, IndexError)):
        with pytest.raises(error):
            accuracy([[1, 2]], [label])
        with pytest.raises(error):  # more examples than classes
            accuracy([[1, 2]] * 3, [0, 1, label])


# --- the loop -------------------------------------------------------------------------------------


def test_one_step_by_hand():
    gradient = forward_backward(NET, X, Y)[1]
    start, end = train(NET, X, Y, steps=1, learning_rate=0.25, momentum=0.9)
    assert start.mlp is NET
    np.testing.assert_array_equal(flat(end.mlp), flat(NET) - 0.25 * flat(gradient))
    assert (start.step, end.step) == (0, 1)
    assert start.loss == cross_entropy(NET.forward(X), Y)
    assert end.loss == cross_entropy(end.mlp.forward(X), Y)


def test_the_rate_of_a_snapshot_is_that_of_the_next_update():
    asked = []

    def schedule(t):
        asked.append(t)
        return 0.5 / (1 + t)

    film = list(train(NET, X, Y, steps=4, learning_rate=schedule))
    assert [s.learning_rate for s in film] == [0.5 / (1 + t) for t in range(5)]
    for one, other in itertools.pairwise(film):
        gradient = flat(forward_backward(one.mlp, X, Y)[1])
        np.testing.assert_allclose(flat(other.mlp), flat(one.mlp) - one.learning_rate * gradient, atol=1e-16)
    assert asked[-5:] == [0, 1, 2, 3, 4]


def test_the_loss_of_a_snapshot_is_that_of_all_examples():
    for snapshot in train(NET, X, Y, steps=6, learning_rate=0.5, batch_size=2):
        assert snapshot.loss == cross_entropy(snapshot.mlp.forward(X), Y)


def test_which_snapshots_are_shown():
    def steps(**options):
        return [s.step for s in train(NET, X, Y, learning_rate=0.1, **options)]

    assert steps(steps=4) == [0, 1, 2, 3, 4]
    assert steps(steps=7, snapshot_every=3) == [0, 3, 6, 7]
    assert steps(steps=6, snapshot_every=3) == [0, 3, 6]
    assert steps(steps=2, snapshot_every=50) == [0, 2]
    assert steps(steps=0) == [0]


def test_snapshots_change_nothing_but_what_is_shown():
    options = {"steps": 12, "learning_rate": 0.3, "momentum": 0.9, "batch_size": 2}
    film = list(train(NET, X, Y, **options))
    rare = list(train(NET, X, Y, **options, snapshot_every=5))
    for snapshot in rare:
        np.testing.assert_array_equal(flat(snapshot.mlp), flat(film[snapshot.step].mlp))


def test_snapshots_share_nothing():
    film = list(train(NET, X, Y, steps=5, learning_rate=0.5, momentum=0.9, batch_size=3))
    arrays = [a for s in film for a in (*s.mlp.weights, *s.mlp.biases)]
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations(arrays, 2))
    assert not any(np.array_equal(flat(a.mlp), flat(b.mlp)) for a, b in itertools.combinations(film, 2))
    with pytest.raises(dataclasses.FrozenInstanceError):
        film[0].loss = 0.0


def test_seeds_repeat_and_matter_only_with_batches():
    def last(**options):
        *_, end = train(NET, X, Y, steps=10, learning_rate=0.3, snapshot_every=10, **options)
        return flat(end.mlp)

    np.testing.assert_array_equal(last(batch_size=2, seed=4), last(batch_size=2, seed=4))
    assert (last(batch_size=2, seed=4) != last(batch_size=2, seed=5)).any()
    np.testing.assert_array_equal(last(seed=4), last(seed=5))
    # A batch of all examples in another order is the same step up to rounding.
    np.testing.assert_allclose(last(batch_size=7), last(), atol=1e-13)


def test_two_films_at_once_do_not_disturb_each_other():
    options = {"steps": 6, "learning_rate": 0.3, "momentum": 0.5, "batch_size": 3}
    alone = [s.loss for s in train(NET, X, Y, **options)]
    together = zip(train(NET, X, Y, **options), train(NET, X, Y, **options), strict=True)
    assert [(a.loss, b.loss) for a, b in together] == [(loss, loss) for loss in alone]


def test_the_caller_s_arrays_stay():
    inputs, labels = X.copy(), Y.copy()
    list(train(NET, inputs, labels, steps=5, learning_rate=0.5, batch_size=2))
    np.testing.assert_array_equal(inputs, X)
    np.testing.assert_array_equal(labels, Y)


@sound
@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_every_round_deals_every_row_once(examples, batch_size, seed):
    batches = shuffled_batches(examples, batch_size, seed)
    rounds = math.ceil(examples / batch_size)
    for _ in range(3):
        dealt = [next(batches) for _ in range(rounds)]
        assert all(len(rows) == min(batch_size, examples) for rows in dealt[:-1])
        np.testing.assert_array_equal(np.sort(np.concatenate(dealt)), np.arange(examples))


def test_rounds_are_shuffled_anew():
    batches = shuffled_batches(100, 100, seed=0)
    first, second = next(batches), next(batches)
    assert (first != second).any()
    assert (first != np.arange(100)).any()


def test_training_learns():
    *_, end = train(NET, X, Y, steps=300, learning_rate=0.3, momentum=0.9, snapshot_every=300)
    assert accuracy(end.mlp.forward(X), Y) == 1
    assert end.loss < 0.01


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"steps": -1}, ValueError, "steps must be a whole number from 0 on, got -1"),
        ({"steps": 1.5}, ValueError, "steps must be a whole number from 0 on, got 1.5"),
        ({"snapshot_every": 0}, ValueError, "snapshot_every must be a whole number from 1 on, got 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be a whole number from 1 on, got 0"),
        ({"learning_rate": -0.1}, ValueError, "rate must be finite and not negative, got -0.1"),
        ({"learning_rate": NAN}, ValueError, "rate must be finite and not negative, got nan"),
        ({"learning_rate": "fast"}, TypeError, "rate must be one real number, got 'fast'"),
        ({"X": INF * X}, ValueError, "X must hold finite numbers"),
    ],
)
def test_bad_settings_are_named_when_called(change, error, message):
    settings = {"X": X, "y": Y, "steps": 3, "learning_rate": 0.1} | change
    with pytest.raises(error, match=re.escape(message)):
        train(NET, **settings)


def test_a_schedule_that_goes_wrong_is_named_at_its_step():
    film = train(NET, X, Y, steps=5, learning_rate=lambda t: 0.2 - 0.1 * t)
    with pytest.raises(ValueError, match="the learning rate of step 3 must be finite and not negative"):
        list(film)


def test_diverged_training_says_so():
    film = train(NET, X, Y, steps=200, learning_rate=1e200)
    with pytest.raises(FloatingPointError, match=r"training diverged at step \d+: try a learning rate below"):
        list(film)
