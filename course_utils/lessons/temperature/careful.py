"""The exercise of section "One knob, two names": softmax with a temperature, which refuses what makes no sense."""

import numpy as np

from course_utils.numerics.softmax import hardmax, softmax
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def softmax_with_temperature(z, temperature):
    if not 0 < temperature < np.inf:
        raise ValueError(f"temperature must be finite and positive, got {temperature}")
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _checked(temperature):
    if not 0 < temperature < np.inf:
        raise ValueError("temperature must be finite and positive")


def _multiplies(z, temperature):
    _checked(temperature)
    return softmax(z * temperature)


def _divides_p(z, temperature):
    _checked(temperature)
    return softmax(z) / temperature


def _divides_p_and_sums(z, temperature):
    _checked(temperature)
    p = softmax(z) / temperature
    return p / p.sum(axis=-1, keepdims=True)


def _softmax_of_p(z, temperature):
    _checked(temperature)
    return softmax(softmax(z) / temperature)


def _power_of_p(z, temperature):
    _checked(temperature)
    p = softmax(z) ** (1 / temperature)
    return p / p.sum(axis=-1, keepdims=True)


def _no_shift(z, temperature):
    _checked(temperature)
    e = np.exp(z / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _whole_array(z, temperature):
    _checked(temperature)
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum()


def _no_test(z, temperature):
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _refuses_zero_only(z, temperature):
    if temperature == 0:
        raise ValueError("temperature must not be 0")
    return _no_test(z, temperature)


def _refuses_not_positive(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    return _no_test(z, temperature)


def _asserts(z, temperature):
    assert 0 < temperature < np.inf
    return _no_test(z, temperature)


def _hardmax_at_zero(z, temperature):
    return hardmax(z) if temperature == 0 else softmax_with_temperature(z, temperature)


def _lifts_small_temperatures(z, temperature):
    return _no_test(z, max(temperature, 1e-8))


LOGITS = np.array([0.1, -2.0, 3.4, 3.3])
BATCH = np.array([[1.0, 2.0, 3.0], [0.5, 0.5, -4.0]])

LARGEST_RATIO = 100_000  # of a logit to the temperature


def any_logits_and_temperature(pick: Pick) -> Given:
    ordinary = float(f"{10 ** pick.random.uniform(-1.5, 1.5):.2g}")
    extreme = pick.number(1e-100, 1e100, 1e-9, 1.0, log=True)
    refused = pick.one_of(0, 0.0, -1.0, -0.001, np.inf, -np.inf, np.nan)
    temperature = pick.one_of(ordinary, ordinary, ordinary, extreme, extreme, 3, refused)
    scaled = pick.numbers(pick.any_shape((1, 2, 3, 4)), -LARGEST_RATIO, LARGEST_RATIO, -745.0, 715.0)
    z = scaled * temperature if 0 < temperature < np.inf else scaled
    whole = 0.01 < temperature < 100 and pick.one_of(False, False, True)
    return (np.rint(z).astype(int) if whole else z), temperature


temperature_exercise = Exercise(
    "Write `softmax_with_temperature(z, temperature)`: softmax of z/T along the last axis.",
    Contract(
        "`z` is a NumPy array of floats or integers of size up to 100000·T, with one dimension or more and no empty one. "
        "`temperature` is one number T, from 1e−100 to 1e100 where it is allowed. Return an array of the same shape, each entry right to nine significant digits, "
        "without overflow. A temperature that is not finite and positive gets a `ValueError`: 0, negative, infinite, nan. "
        "Leave `z` unchanged.",
        quiet="overflow",
        inputs=any_logits_and_temperature,
    ),
    softmax_with_temperature,
    [
        Check("T = 1 is plain softmax", (LOGITS, 1.0)),
        Check("twice as hot", (LOGITS, 2.0)),
        Check("ten times colder", (np.array([1.0, 2.0, 3.0]), 0.1)),
        Check("an integer temperature", (LOGITS, 3)),
        Check("integer logits", (np.array([3, -1, 0, 2]), 0.5)),
        Check("each row of a batch by itself", (BATCH, 0.7)),
        Check("three dimensions", (BATCH.reshape(1, 3, 2), 4.0)),
        Check("very cold", (LOGITS, 0.01)),
        Check("large logits", (np.array([1000.0, 1001.0, 1002.0]), 0.5)),
        Check("large negative logits", (np.array([-5000.0, -5003.0]), 2.0)),
        Check("far apart, but hot", (np.array([0.0, -4000.0]), 100.0)),
        Check("T = 0 is refused", (LOGITS, 0.0)),
        Check("a negative T is refused", (LOGITS, -1.0)),
        Check("an infinite T is refused", (LOGITS, float("inf"))),
        Check("a T that is not a number is refused", (LOGITS, float("nan"))),
    ],
    [
        Mistake(_multiplies, "you *multiply* by T. Multiply by λ, or divide by T."),
        Mistake(_divides_p, "T divides the probabilities. Their sum is then 1/T. Divide the *logits*."),
        Mistake(
            _divides_p_and_sums,
            "T has no effect. (Whoever divides p by T and then by its sum cancels it.) It belongs to the logits.",
        ),
        Mistake(
            _softmax_of_p,
            "you take softmax twice: p/T serves as logits. However far apart the logits are, no class then gets more than e^(1/T) times as much as another.",
        ),
        Mistake(
            _power_of_p,
            "raising p to the power 1/T is right on paper. In floats, the small p have become 0 before a high T can "
            "raise them again. Scale the logits.",
        ),
        Mistake(_no_shift, "large logits overflow. Subtract the largest logit of each row first."),
        Mistake(_whole_array, "you sum over the whole array. Each row of a batch must add up to 1."),
        Mistake(
            _no_test,
            "the formula is right, but a bad temperature comes out as nonsense. Raise a `ValueError` before you calculate.",
        ),
        Mistake(
            _refuses_zero_only,
            "you refuse T = 0 only. A negative T turns the order around, and no error says so.",
        ),
        Mistake(
            _refuses_not_positive,
            "`temperature <= 0` is false for nan, as every comparison with nan is, and for infinity. "
            "Ask for what is allowed: `0 < temperature < np.inf`.",
        ),
        Mistake(
            _asserts,
            "`assert` raises an AssertionError, and disappears under `python -O`. Raise `ValueError`.",
        ),
        Mistake(
            _hardmax_at_zero,
            "T = 0 gives the limit here. The contract asks for an error: a limit is no value.",
        ),
        Mistake(
            _lifts_small_temperatures,
            "you replace small temperatures by a tiny positive one, 1e−8. That hides the caller's mistake.",
        ),
    ],
    [
        "First refuse what is not allowed, then softmax as before, of logits divided by T.",
        "p_i = e^((z_i − m)/T) / Σ_j e^((z_j − m)/T), with m the largest logit of the row",
        "`if not 0 < temperature < np.inf: raise ValueError(...)`, then `np.exp((z - m) / temperature)` "
        "with `m = z.max(axis=-1, keepdims=True)`.",
    ],
    payoff="You can now heat and cool a softmax safely, and refuse what is no temperature.",
)
