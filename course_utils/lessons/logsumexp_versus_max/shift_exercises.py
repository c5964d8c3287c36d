"""The exercises of section "Choose your shift": a smooth maximum and a smooth minimum for scores of any size."""

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def stable_smooth_max(z, inverse_temperature):
    z = z.astype(float)  # a difference of integers could wrap around
    m = np.max(z)
    e = np.exp(inverse_temperature * (z - m))
    return m + np.log(np.sum(e)) / inverse_temperature


def _scaled_first(z, inverse_temperature):
    y = inverse_temperature * z
    return (np.max(y) + np.log(np.sum(np.exp(y - np.max(y))))) / inverse_temperature


def _shifted_by(shift):
    def lse(z, inverse_temperature):
        m = shift(z)
        return m + np.log(np.sum(np.exp(inverse_temperature * (z - m)))) / inverse_temperature

    return lse


def any_scores_and_sharpness(pick: Pick) -> Given:
    ordinary = float(f"{10 ** pick.random.uniform(-2, 2):.2g}")
    k = pick.one_of(ordinary, ordinary, ordinary, pick.number(1e-100, 1e100, log=True), 2)
    size = pick.one_of("ordinary", "ordinary", "huge", "huge and near each other", "tiny")
    if size == "ordinary":
        z = pick.numbers(pick.shape((1, 7)), -1000, 1000, 745.0, -745.0, types=(float, int))
    elif size == "huge":
        z, k = pick.numbers(pick.shape((1, 7)), -1e300, 1e300), min(k, 1e7)
    elif size == "tiny":  # and so sharp that it shows
        k = pick.number(1e10, 1e100, log=True)
        z = pick.random.normal(size=pick.shape((1, 7))) / k
    else:  # λ·z is too large for a float
        z, k = pick.one_of(1e300, -1e300) * (1 - 1e-4 * pick.random.random(pick.shape((1, 7)))), 1e10
    return (0 * z if any(near_zero(sign * z, k) for sign in (1, -1)) else z), k


def near_zero(z: Array, k: float) -> bool:
    """Tell whether LSE is so near zero that the solution, which adds two numbers, does not keep nine digits."""
    m = z.max()
    return bool(abs(m + np.log(np.exp(k * (z - m)).sum()) / k) < 1e-4 * max(abs(m), 1 / k))


smooth_max_exercise = Exercise(
    "Write `stable_smooth_max(z, inverse_temperature)`: LSE_λ(z) = log(Σ_i e^(λ z_i))/λ, for scores of any size.",
    Contract(
        "`z` is a 1-D NumPy array of at least one score (floats of any size up to 1e300, or integers up to 1000); "
        "`inverse_temperature` is a positive number λ, up to 1e100. Return one number, right to nine significant "
        "digits or, near zero, to 1e−9/λ. Leave `z` unchanged.",
        inputs=any_scores_and_sharpness,
    ),
    stable_smooth_max,
    [
        Check("three scores, λ = 1", (np.array([1.0, 0.0, -4.0]), 1.0)),
        Check("the same, sharper", (np.array([1.0, 0.0, -4.0]), 10.0)),
        Check("very smooth", (np.array([0.1, -2.0, 3.4, 3.3]), 0.01)),
        Check("a tie of four", (np.array([2.0, 2.0, 2.0, 2.0]), 0.5)),
        Check("one score is its own maximum", (np.array([-7.0]), 3.0)),
        Check("large scores", (np.array([1000.0, 1001.0, 1002.0]), 1.0)),
        Check("very negative scores", (np.array([-1000.0, -1001.0]), 1.0)),
        Check("far apart", (np.array([-1000.0, 0.0, 1000.0]), 2.0)),
        Check("far apart, smoother", (np.array([-1000.0, 0.0, 1000.0]), 0.5)),
        Check("λ·z too large for a float", (np.array([1e300, 0.9999e300]), 1e10)),
        Check("integers", (np.array([3, 3, 1]), 2)),
    ],
    [
        Mistake(
            lambda z, k: np.log(np.sum(np.exp(k * z))) / k,
            "this is the formula as it stands. Its exponentials overflow for large scores and vanish for very negative "
            "ones: subtract the maximum first.",
        ),
        Mistake(
            _scaled_first,
            "you scale first and shift then. λ·z can overflow although z and the result are fine: shift first, then scale.",
        ),
        Mistake(
            lambda z, k: np.max(z) + np.log(np.sum(np.exp(k * (z - np.max(z))))),
            "the logarithm is not divided by λ. Scaling by λ inside must be undone outside.",
        ),
        Mistake(
            lambda z, k: (np.max(z) + np.log(np.sum(np.exp(k * (z - np.max(z)))))) / k,
            "you divide the maximum by λ as well. It was taken out *before* the scaling, so it goes back unscaled.",
        ),
        Mistake(
            lambda z, k: np.log(np.sum(np.exp(k * (z - np.max(z))))) / k,
            "the maximum that you subtracted never comes back: this is the gap LSE − max.",
        ),
        Mistake(
            _shifted_by(np.mean),
            "you shift by something that may lie far below the largest score, such as the mean. The exponential of the "
            "largest then overflows.",
        ),
        Mistake(
            _shifted_by(np.min),
            "you shift by the smallest score. All exponents are then positive, which invites overflow.",
        ),
        Mistake(
            lambda z, k: np.max(z) + np.log(np.mean(np.exp(k * (z - np.max(z))))) / k,
            "you take the *mean* of the exponentials. That is mellowmax, which lies log(n)/λ lower.",
        ),
        Mistake(
            lambda z, k: np.max(z) + np.log(np.sum(np.exp((z - np.max(z)) / k))) * k,
            "you use λ as if it were a temperature. Multiply by λ inside, divide by it outside.",
        ),
        Mistake(
            lambda z, k: np.sum(softmax(k * (z - np.max(z))) * z),
            "this is the mean of the scores under softmax, the Boltzmann mean. It never exceeds max; LSE is never below it.",
        ),
        Mistake(lambda z, k: np.max(z), "this is max itself, without any smoothing."),
    ],
    [
        "Take the largest score out of the sum first, while nothing is scaled yet.",
        "LSE_λ(z) = m + log(Σ_i e^(λ(z_i − m)))/λ with m = max(z)",
        "Three lines: `m = np.max(z)`, the exponentials of λ times `(z - m)`, then `m` plus the logarithm of their sum divided by λ.",
    ],
    payoff="You can now compute a smooth maximum of scores of any size.",
)


def smooth_min(z, inverse_temperature):
    z = z.astype(float)  # a difference of integers could wrap around
    m = np.min(z)
    e = np.exp(-inverse_temperature * (z - m))  # the smooth maximum of −z, taken back
    return m - np.log(np.sum(e)) / inverse_temperature


smooth_min_exercise = Exercise(
    "Write `smooth_min(z, inverse_temperature)`: a smooth *minimum*, the mirror image of the smooth maximum. "
    "It lies at or below the smallest score, by at most log(n)/λ.",
    Contract(
        "`z` is a 1-D NumPy array of at least one score (floats of any size up to 1e300, or integers up to 1000); "
        "`inverse_temperature` is a positive number λ, up to 1e100. Return one number, right to nine significant digits "
        "or, near zero, to 1e−9/λ. "
        "Leave `z` unchanged. You may call your own `stable_smooth_max`.",
        inputs=any_scores_and_sharpness,
    ),
    smooth_min,
    [
        Check("three scores, λ = 1", (np.array([1.0, 0.0, -4.0]), 1.0)),
        Check("the same, sharper", (np.array([1.0, 0.0, -4.0]), 10.0)),
        Check("a tie of three", (np.array([2.0, 2.0, 2.0]), 0.5)),
        Check("one score is its own minimum", (np.array([7.0]), 3.0)),
        Check("large scores", (np.array([1000.0, 1001.0, 1002.0]), 1.0)),
        Check("very negative scores", (np.array([-1000.0, -1001.0]), 1.0)),
        Check("far apart", (np.array([-1000.0, 0.0, 1000.0]), 2.0)),
        Check("λ·z too large for a float", (np.array([-1e300, -0.9999e300]), 1e10)),
        Check("integers", (np.array([3, 1, 1]), 2)),
    ],
    [
        Mistake(
            lambda z, k: stable_smooth_max(-z, k),
            "the outer minus sign is missing. Turning the scores around turns the result around as well.",
        ),
        Mistake(
            lambda z, k: -stable_smooth_max(z, k),
            "the inner minus sign is missing: this is the smooth *maximum* with its sign changed.",
        ),
        Mistake(lambda z, k: stable_smooth_max(z, k), "this is the smooth maximum."),
        Mistake(
            _shifted_by(np.min),
            "you changed the shift from max to min, but the sum still favors the largest score. "
            "The sign inside the exponential must change.",
        ),
        Mistake(
            lambda z, k: -np.log(np.sum(np.exp(-k * z))) / k,
            "the formula is right on paper, but its exponentials overflow or vanish. Shift by the smallest score first.",
        ),
        Mistake(
            lambda z, k: np.min(z) + np.log(np.sum(np.exp(-k * (z - np.min(z))))) / k,
            "the logarithm must be *subtracted*: the smooth minimum lies at or below the minimum.",
        ),
        Mistake(
            lambda z, k: np.min(z) - np.log(np.sum(np.exp(-k * (z - np.min(z))))),
            "the logarithm is not divided by λ.",
        ),
        Mistake(lambda z, k: np.min(z), "this is min itself, without any smoothing."),
    ],
    [
        "The smallest score is the largest one in a mirror.",
        "min(z) = −max(−z), and the same holds for the smooth versions.",
        "One line: a minus sign, and `stable_smooth_max` of `-z` with the same λ.",
    ],
    payoff="You can now build a smooth minimum out of a smooth maximum.",
)
