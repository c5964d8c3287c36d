"""Section "Claims on trial": a claim that floats refute, and a bound to defend."""

import numpy as np

from course_utils.lessons.logsumexp_versus_max.search import refute_bound
from course_utils.lessons.logsumexp_versus_max.shift_exercises import stable_smooth_max
from course_utils.teaching import Check, Conjecture, Contract, Mistake, Question

strict_question = Question(
    "Is LSE of two finite scores always *strictly* greater than their maximum?",
    [
        "Yes, on paper and in floating-point numbers.",
        "On paper yes, but not in floating-point numbers.",
        "No, not even on paper: far from the tie they are equal.",
    ],
    "B",
    [
        "of the proof, which is right for real numbers. A *result* that lies closer to max than half a "
        "rounding step is rounded to max.",
        "Since e^z is positive, the sum exceeds its largest term. A float64 near 36 cannot hold an excess of e^−36.",
        "of a picture, where the two curves seem to meet. The gap is positive for all real scores, only too small to see.",
    ],
    expected=[35, 50, 15],
)


def gap_bound(z, inverse_temperature):
    return np.log(len(z)) / inverse_temperature


def lead(z):
    ordered = np.sort(z)
    return ordered[-1] - ordered[-2] if len(z) > 1 else 0.0


bound_exercise = Conjecture(
    "Propose `gap_bound(z, inverse_temperature)`: a number that LSE_λ(z) − max(z) never exceeds, whatever the scores. "
    "A search will try to refute it.",
    Contract(
        "`z` is a 1-D NumPy array of at least one finite score; `inverse_temperature` is a positive number λ. Return one finite "
        "number. Your bound must be true for all z and λ, and *sharp*: where all scores are equal, no smaller number would do. "
        "It may miss by rounding (one part in 1e12). You need no exponential: whoever can compute LSE needs no bound for it."
    ),
    gap_bound,
    [
        Check("two equal scores", (np.array([0.0, 0.0]), 1.0)),
        Check("three scores", (np.array([1.0, 0.0, -4.0]), 1.0)),
        Check("five equal scores, sharper", (np.full(5, 3.0), 10.0)),
        Check("four scores, smoother", (np.array([0.1, -2.0, 3.4, 3.3]), 0.25)),
        Check("one score", (np.array([2.0]), 1.0)),
    ],
    [
        Mistake(
            lambda z, k: 0.0,
            "you claim that LSE never exceeds max. It does, because the other exponentials are added.",
        ),
        Mistake(
            lambda z, k: np.log(2) / k,
            "log(2)/λ is right for *two* scores. How many equal scores can there be?",
        ),
        Mistake(
            lambda z, k: np.log(len(z)),
            "the bound does not know λ. Sharper means closer to max: divide by λ.",
        ),
        Mistake(
            lambda z, k: np.log(len(z)) * k,
            "you multiply by λ. The larger λ, the *closer* LSE is to max: divide.",
        ),
        Mistake(
            lambda z, k: 1 / k,
            "1/λ has the right dependence on λ, but it must also grow with the number of scores.",
        ),
        Mistake(
            lambda z, k: len(z) / k,
            "true, because log n < n, but too generous: the logarithm of the sum makes the n a log n.",
        ),
        Mistake(
            lambda z, k: (len(z) - 1) / k,
            "true, because log(1 + x) ≤ x, but not sharp from two scores on: keep the logarithm.",
        ),
        Mistake(
            lambda z, k: stable_smooth_max(z, k) - np.max(z),
            "this is the gap itself, as floats compute it. That is no bound: for a clear leader it comes out as 0, and the true gap "
            "is not 0. Think of the largest possible sum instead.",
        ),
        Mistake(
            lambda z, k: np.max(z) - np.min(z),
            "the spread of the scores says nothing here: the gap is largest where the spread is 0.",
        ),
        Mistake(
            lambda z, k: (len(z) - 1) * np.exp(-k * lead(z)) / k,
            "true, because log(1 + x) ≤ x and no other exponential exceeds the runner-up's, and even very good for a clear "
            "leader; but not sharp at ties.",
        ),
        Mistake(
            lambda z, k: sum(np.exp(k * (score - np.max(z))) for score in np.sort(z)[:-1]) / k,
            "true, because log(1 + x) ≤ x for the sum x of the other exponentials; but not sharp at ties, and whoever has these "
            "exponentials can compute LSE itself.",
        ),
        Mistake(
            lambda z, k: np.log2(len(z)) / k,
            "right up to the base of the logarithm: exponentials of base e need the natural one.",
        ),
    ],
    [
        "How large can the sum of e^(λ(z_i − max)) be, if none of its n terms exceeds 1?",
        "LSE_λ − max = log(Σ_i e^(λ(z_i − max)))/λ, and the sum is at most n.",
        "One line with `np.log`, `len(z)` and a division.",
    ],
    search=refute_bound,
)
