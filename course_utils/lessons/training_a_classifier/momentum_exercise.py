"""Section "Momentum": its exercise."""

from __future__ import annotations

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def momentum_step(velocity, gradient, momentum):
    return momentum * velocity + gradient


def _in_place(velocity, gradient, momentum):
    velocity *= momentum
    velocity += gradient
    return velocity


def _in_the_gradient(velocity, gradient, momentum):
    gradient += momentum * velocity
    return gradient


_VELOCITY, _GRADIENT = np.array([0.5, -2.0, 4.0]), np.array([1.0, 3.0, -0.25])


def any_motion(pick: Pick) -> Given:
    shape = pick.any_shape((1, 2, 3), longest=4)
    return pick.numbers(shape, -100, 100), pick.numbers(shape, -100, 100), pick.number(0, 0.999, 0.9, 0.5)


momentum_exercise = Exercise(
    "Write `momentum_step(velocity, gradient, momentum)`: the velocity v_t = μ v_(t−1) + ∇_t after one more gradient.",
    Contract(
        "`velocity` (v_(t−1)) and `gradient` (∇_t) are arrays of floats (from −100 to 100) of one shape, `momentum` (μ) is a number from 0 to below 1. "
        "Return the new velocity, an array of that shape. The step against it, θ − α v, is left to the caller. Leave both arrays unchanged.",
        atol=1e-12,
        inputs=any_motion,
    ),
    momentum_step,
    [
        Check("already moving", (_VELOCITY, _GRADIENT, 0.9)),
        Check("the first step: no velocity yet", (np.zeros(3), _GRADIENT, 0.9)),
        Check("rolling on where the gradient is zero", (_VELOCITY, np.zeros(3), 0.9)),
        Check("without momentum", (_VELOCITY, _GRADIENT, 0.0)),
        Check(
            "a weight matrix", (np.array([[1.0, 2.0], [-3.0, 0.5]]), np.array([[0.1, 0.0], [4.0, -1.0]]), 0.5)
        ),
        Check("at the final velocity, 10 times the gradient", (10 * _GRADIENT, _GRADIENT, 0.9)),
        Check("at the largest velocity for μ = 0.99", (25 * _GRADIENT, -_GRADIENT / 4, 0.99)),
    ],
    [
        Mistake(
            lambda velocity, gradient, momentum: momentum * velocity + (1 - momentum) * gradient,
            "this is a moving *average* of the gradients (Adam uses one). Momentum adds the whole gradient: it *sums*, which is why steps can become 1/(1 − μ) times as long.",
        ),
        Mistake(
            _in_place,
            "the numbers are right, but the caller's velocity is overwritten. Whoever kept that of an earlier step finds the new one in its place. Make a new array, without `*=` and `+=`.",
        ),
        Mistake(
            _in_the_gradient,
            "the numbers are right, but the caller's gradient is overwritten. Make a new array, without `+=`.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity + momentum * gradient,
            "μ is on the gradient. It belongs on the old velocity: the past fades, and what is new counts fully.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: momentum * velocity - gradient,
            "the gradient is subtracted here, and the step θ − α v subtracts again: the parameters go uphill. The velocity collects gradients as they are.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: -(momentum * velocity + gradient),
            "the sign is turned. The caller subtracts α v, so this goes uphill, and the next step turns the past around once more.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: momentum * (velocity + gradient),
            "μ is on both. The newest gradient counts fully; only the past fades.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity + gradient,
            "μ is missing, so no gradient is ever forgotten and a steady one makes the velocity grow without end.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: gradient,
            "this is gradient descent without momentum: the velocity so far is ignored.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: gradient + momentum * (momentum * velocity + gradient),
            "this looks one step ahead (Nesterov's momentum). The classical velocity stops before: μ v + ∇.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: (1 - momentum) * velocity + momentum * gradient,
            "this is a moving average, and its shares are swapped: a large μ should keep much of the *velocity*.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: (1 - momentum) * velocity + gradient,
            "1 − μ is what friction takes; μ is what is left of the velocity.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity - momentum * velocity - gradient,
            "1 − μ is what friction takes, and the gradient is to be added: v ← μ v + ∇.",
        ),
    ],
    [
        "The velocity remembers. Let the memory fade a little, then add what is new.",
        "v_t = μ v_(t−1) + ∇_t",
        "One line: `momentum` times ..., plus ...; and no `*=` or `+=`, which would write into the caller's array.",
    ],
    payoff="You can now give gradient descent a memory.",
)
