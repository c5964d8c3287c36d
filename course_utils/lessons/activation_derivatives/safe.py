"""Section "Safe sigmoid, safe softplus": at any size, without a warning."""

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick

TABLE = np.array([[-2.5, 0.1, 3.0], [800.0, -800.0, -0.7]])

ANY_SHAPE = (
    "`x` is a NumPy array of floats of any shape, of any finite size (also ±1000). Return an array of the same shape, "
    "each entry right to {digits} significant digits, the small ones too (below 2.3e−308, where floats lose digits, any number as small will do), *without any warning*. Leave `x` unchanged."
)

WIDE = np.array(
    [-1000.0, -700.0, -40.0, -20.5, -5.0, -1.0, -0.3, 0.0, 0.3, 1.0, 5.0, 20.5, 40.0, 700.0, 1000.0]
)


def stable_sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def any_floats(pick: Pick) -> Given:
    """Pick numbers around every place where a careless formula changes its mind."""
    shape, reach = pick.any_shape((0, 1, 2, 3), empty=True), pick.one_of(1000, 1000, 1e300, 40)
    edges = [
        edge
        for edge in (-745.0, -709.0, 709.0, -37.0, 20.5, 24.4, 355.0, 373.0, -350.0)
        if abs(edge) <= reach
    ]
    return (pick.numbers(shape, -reach, reach, *edges),)


sigmoid_exercise = Exercise(
    "Write `stable_sigmoid(x)`: σ(x) = 1/(1 + e^(−x)) for numbers of any size, in silence.",
    Contract(
        ANY_SHAPE.format(digits="nine"),
        quiet=True,
        inputs=any_floats,
    ),
    stable_sigmoid,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Check("far out on the right", (np.array([710.0, 1000.0, 1e300]),)),
        Check("far out on the left", (np.array([-710.5, -1000.0, -1e300]),)),
        Check("small results keep their digits", (np.array([-20.0, -40.0, -700.0]),)),
        Check("everything in one array", (WIDE,)),
        Check("a table", (TABLE,)),
        Check("an array without axes", (np.array(-3.0),)),
        Check("nothing", (np.array([]),)),
    ],
    [
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)),
            "this is the definition. For x below about −709 the exponential overflows; the result happens to be right, "
            "but with a warning, and in a formula that goes on from there it need not be. "
            "Never give `np.exp` a large positive number: take e^(−|x|).",
        ),
        Mistake(
            lambda x: np.exp(x) / (1 + np.exp(x)),
            "for large x this is infinity over infinity, which is not a number. Take e^(−|x|), which never exceeds 1.",
        ),
        Mistake(
            lambda x: np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x))),
            "`np.where` computes *both* branches for all entries and then chooses. The branch not chosen overflows, "
            "and warns. Use e^(−|x|), which both branches can share.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))),
            "clipping keeps `np.exp` from overflowing, but changes the small results: σ(−700) is not σ(−500).",
        ),
        Mistake(
            lambda x: 0.5 * (1 + np.tanh(x / 2)),
            "on paper this is right, and it never overflows. But for negative x it subtracts two numbers that are nearly "
            "equal: at −40 nothing is left.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-np.abs(x))),
            "with |x| you get σ(|x|). For negative x you need 1 − σ(|x|), computed without the subtraction: e/(1 + e).",
        ),
        Mistake(
            lambda x: np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), 1 - 1 / (1 + np.exp(-np.abs(x)))),
            "1 − σ(|x|) is right on paper; in floats, σ(|x|) rounds to 1 from about 37 on, and the difference is 0. "
            "Write it as e/(1 + e).",
        ),
    ],
    [
        "What overflows is the exponential of a large positive number. Both halves of the axis can do with e^(−|x|).",
        "With e = e^(−|x|): σ(x) = 1/(1 + e) for x ≥ 0, and e/(1 + e) for x < 0.",
        "Two lines: `e = np.exp(-np.abs(x))`, then divide `np.where(x >= 0, 1, e)` by `1 + e`.",
    ],
    payoff="You can now compute a sigmoid of any number, with all its small digits and without a warning.",
)


def stable_softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


softplus_exercise = Exercise(
    "Write `stable_softplus(x)`: log(1 + e^x), the smooth maximum of x and 0, for numbers of any size.",
    Contract(
        ANY_SHAPE.format(digits="twelve"),
        rtol=1e-12,
        quiet=True,
        inputs=any_floats,
    ),
    stable_softplus,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Check("far out on the right", (np.array([710.0, 1000.0, 1e300]),)),
        Check("far out on the left", (np.array([-745.5, -1000.0, -1e300]),)),
        Check("small results keep their digits", (np.array([-20.0, -36.0, -40.0, -700.0]),)),
        Check("between 10 and 30", (np.array([10.5, 15.5, 19.5, 20.5, 21.5, 29.5]),)),
        Check("everything in one array", (WIDE,)),
        Check("a table", (TABLE,)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: np.log(1 + np.exp(x)),
            "for large x the exponential overflows and the result is infinity; for very negative x, 1 + e^x rounds to 1 and "
            "the result is 0. Two different troubles: shift by the maximum for one, `np.log1p` for the other.",
        ),
        Mistake(
            lambda x: -np.log(stable_sigmoid(-x)),
            "a sigmoid that has become 0 has no logarithm, and one near 1 has lost its digits. Take max(x, 0) out of log(1 + e^x) "
            "instead, and let `np.log1p` add the 1.",
        ),
        Mistake(
            lambda x: np.log1p(np.exp(x)),
            "`np.log1p` is right for negative x. For large x the exponential still overflows: take max(x, 0) out first.",
        ),
        Mistake(
            lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))),
            "taking max(x, 0) out is right. What is left, log(1 + a small number), loses the small number in the sum: "
            "`np.log1p` adds the 1 without rounding.",
        ),
        Mistake(
            lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20)))),
            "from 20 on you return x. Many libraries do; but log(1 + e^x) − x is e^(−x), which at 20.5 still counts "
            "in the eleventh digit.",
        ),
        Mistake(
            lambda x: np.maximum(x, 0),
            "this is ReLU, which softplus smooths. The two differ most at 0, by log 2.",
        ),
        Mistake(
            lambda x: x + np.log1p(np.exp(-x)),
            "taking x out is right for positive x. For very negative x, e^(−x) overflows: take out max(x, 0) instead.",
        ),
        Mistake(
            lambda x: np.maximum(x, 0) + np.log1p(np.exp(-x * np.sign(x))) * np.sign(np.abs(x)),
            "at x = 0 your result is 0, but log(1 + 1) is log 2. Beware of `np.sign`, which is 0 there.",
        ),
    ],
    [
        "This is the LSE of x and 0. Notebook 04 took the maximum out first. And 1 plus a small number should not be rounded.",
        "log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|))",
        "One line: `np.maximum(x, 0)` plus `np.log1p` of `np.exp(-np.abs(x))`.",
    ],
    payoff="You can now compute softplus to all digits, at any size.",
)
