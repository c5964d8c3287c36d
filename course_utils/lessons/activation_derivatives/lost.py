"""Section "What 1 − tanh² loses": a slope that keeps its digits."""

import numpy as np

from course_utils.lessons.activation_derivatives.safe import ANY_SHAPE, TABLE, any_floats
from course_utils.teaching import Check, Contract, Exercise, Mistake


def tanh_slope(x):
    e = np.exp(-np.abs(x))
    return (2 * e / (1 + e * e)) ** 2


slope_exercise = Exercise(
    "Write `tanh_slope(x)`: the derivative of tanh, with all digits also where it is tiny.",
    Contract(
        ANY_SHAPE.format(digits="nine"),
        quiet=True,
        inputs=any_floats,
    ),
    tanh_slope,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Check("where 1 − tanh² loses digits", (np.array([-9.0, 8.0, 11.5, -14.0]),)),
        Check("where 1 − tanh² is 0", (np.array([20.0, -25.0, 100.0]),)),
        Check("tiny slopes", (np.array([-150.0, 300.0]),)),
        Check("far out", (np.array([750.0, -1000.0, 1e300]),)),
        Check("near 0", (np.array([1e-9, -1e-4, 0.01]),)),
        Check("a table", (TABLE,)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: 1 - np.tanh(x) ** 2,
            "on paper this is right. In floats, tanh² gets so close to 1 that the difference loses its digits, "
            "and all of them from about 19 on. Factoring it into (1 − tanh)(1 + tanh) is no better. "
            "Use the form without a subtraction.",
        ),
        Mistake(
            lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
            "this is the last line of the derivation, or 1/cosh² in other letters. It keeps all digits, but its square "
            "overflows from about 355 on, with a warning: multiply above and below by e^(−2|x|).",
        ),
        Mistake(
            lambda x: (2 * np.exp(-x) / (1 + np.exp(-2 * x))) ** 2,
            "right for positive x. For very negative x, e^(−x) overflows. The slope is symmetric: use |x|.",
        ),
        Mistake(
            lambda x: 2 * np.exp(-np.abs(x)) / (1 + np.exp(-2 * np.abs(x))),
            "this is 1/cosh(x). The slope is its square.",
        ),
        Mistake(
            lambda x: 4 * np.exp(-2 * np.abs(x)),
            "this is what the slope tends to for large |x|. Near 0 the denominator counts: at 0 the slope is 1, not 4.",
        ),
        Mistake(
            lambda x: 1 - np.tanh(x),
            "the square is missing: tanh′ = 1 − tanh². (And then the subtraction is still to be avoided.)",
        ),
    ],
    [
        "Look at the last line of the derivation: no subtraction there. What could overflow in it?",
        "tanh′(x) = 4/(e^x + e^(−x))² = (2e/(1 + e²))² with e = e^(−|x|)",
        "Two lines: `e = np.exp(-np.abs(x))`, then return the square of `2 * e / (1 + e * e)`.",
    ],
    payoff="You can now compute a slope that is tiny and still right.",
)
