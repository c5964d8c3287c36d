"""“Leaky, smooth, and a little too steep”: relatives of ReLU."""

import numpy as np

from course_utils.teaching import (
    Check,
    Contract,
    Exercise,
    Given,
    Mistake,
    Pick,
    Question,
)

smooth_question = Question(
    "SiLU and GELU are smooth versions of ReLU, whose slope is never larger than 1. How large can *their* slopes be?",
    ["Less than 1 everywhere: smoothing flattens.", "Exactly 1 at most.", "A little more than 1."],
    "C",
    [
        "of smoothing as averaging of slopes. That is true of softplus, which lies above ReLU. These two pass through 0 with slope 1/2, fall behind the line x, and have to catch up.",
        "of large x, where the slope tends to 1. On the way there it overshoots.",
        "For x > 0 both lie below ReLU, and come back to it for large x. To close the gap they must climb faster than 1 for a while.",
    ],
)


def silu_slope(x):
    s = 1 / (1 + np.exp(-x))
    return s + x * s * (1 - s)


def any_moderate_floats(pick: Pick) -> Given:
    return (pick.numbers(pick.any_shape((0, 1, 2, 3), empty=True), -30, 30),)


silu_exercise = Exercise(
    "Write `silu_slope(x)`: the derivative of SiLU(x) = x·σ(x).",
    Contract(
        "`x` is a NumPy array of floats between −30 and 30, of any shape (so plain `np.exp` is safe). Return an array of "
        "the same shape, each entry right to within 1e-9: a *formula*, not a measured slope. Leave `x` unchanged.",
        rtol=1e-9,
        atol=1e-9,
        inputs=any_moderate_floats,
    ),
    silu_slope,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.5, 2.0]),)),
        Check("at 0, where σ is 1/2", (np.array([0.0]),)),
        Check("where SiLU is lowest", (np.array([-1.2784645427610738]),)),
        Check("where the slope exceeds 1", (np.array([2.4, 3.0, 5.0]),)),
        Check("far out", (np.array([-30.0, -12.5, 12.5, 30.0]),)),
        Check("a table", (np.array([[1.0, -1.0], [4.0, -4.0]]),)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)),
            "you have differentiated the factor x and left σ(x) alone. The product rule has two terms.",
        ),
        Mistake(
            lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "this is σ′ alone. The product rule: x′·σ + x·σ′.",
        ),
        Mistake(
            lambda x: x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "this is the second term of the product rule, x·σ′. The first, x′·σ = σ, is missing.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) + x / (1 + np.exp(-x)),
            "both terms are there, but the second needs the *slope* of σ, which is σ(1 − σ).",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) - x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "a sign: the derivative of 1/(1 + e^(−x)) is *plus* e^(−x)/(1 + e^(−x))².",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) + np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "the second term has lost its factor x: x′·σ + x·σ′.",
        ),
        Mistake(lambda x: x / (1 + np.exp(-x)), "this is SiLU itself."),
        Mistake(
            lambda x: np.where(x > 0, 1.0, 0.0), "this is the slope of ReLU. SiLU is its smooth relative."
        ),
        Mistake(
            lambda x: ((x + 0.01) / (1 + np.exp(-x - 0.01)) - x / (1 + np.exp(-x))) / 0.01,
            "this is a forward difference with h = 0.01: a measurement, right to two or three digits. Derive the formula.",
        ),
    ],
    [
        "A product of two functions: x and σ(x).",
        "(x·σ)′ = σ + x·σ′, and σ′ = σ(1 − σ)",
        "Two lines: `s = 1 / (1 + np.exp(-x))`, then `s` plus `x` times `s * (1 - s)`.",
    ],
    payoff="You can now differentiate an activation that you have never met.",
)
