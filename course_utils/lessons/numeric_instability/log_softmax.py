"""Section "Log-softmax: never form the probability"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.numeric_instability.subtract_the_largest import (
    FAR_APART,
    LARGE,
    WHERE_EXP_ENDS,
    any_logits,
    softmax_as_written,
    stable_softmax,
)
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick, Question

log_question = Question(
    "The logits are (0, −800) in float64, and softmax subtracts the largest first. What is `np.log(softmax(z))[1]`?",
    ["About −800.", "−infinity, with a warning.", "`nan`.", "0."],
    "B",
    [
        "that log(softmax) and log-softmax are the same. They are, in the real numbers; "
        "between exp and log, the number had to fit into a float.",
        "In float64, e^−800 is 0, and log(0) is −infinity. The shift cures overflow; it cannot cure this.",
        "of 0/0. The sum is 1 here, thanks to the shift; only the second probability is 0.",
        "of the probability itself. That is 0; its logarithm is not.",
    ],
    expected=[45, 30, 15, 10],
)


def stable_logsumexp(z):
    m = np.max(z)
    return m + np.log(np.sum(np.exp(z - m)))


def _lse_as_written(z):
    return np.log(np.sum(np.exp(z)))


def any_numbers(pick: Pick) -> Given:
    if pick.one_of(False, False, False, True):  # the largest is 0, and the others just count
        return (np.append(pick.random.uniform(-20, -15, pick.whole(1, 7)), 0.0),)
    return (pick.numbers(pick.shape((1, 8)), -LARGE, LARGE, *WHERE_EXP_ENDS),)


logsumexp_exercise = Exercise(
    "Write `stable_logsumexp(z)`: the logarithm of Σ e^(z_i), for logits of any size.",
    Contract(
        "`z` is a 1-D NumPy array of one or more float64 numbers between −100000 and 100000. Return one number, right to nine "
        "significant digits or, near zero, to 1e−9. Leave `z` unchanged, and let nothing overflow.",
        quiet="overflow",
        atol=1e-9,
        inputs=any_numbers,
    ),
    stable_logsumexp,
    [
        Check("ordinary numbers", (np.array([1.0, 2.0, 3.0]),)),
        Check("two equal ones around 1000", (np.array([1000.0, 1000.0]),)),
        Check("all around −1000", (np.array([-1000.0, -1001.0, -1000.5]),)),
        Check("one far ahead", (np.array([5000.0, 0.0, -5000.0]),)),
        Check("one number only", (np.array([-800.0]),)),
        Check("a wide range", (np.linspace(-650.0, 650.0, 14),)),
        Check("log-probabilities: the answer is near 0", (np.log(np.array([0.2, 0.3, 0.5])),)),
        Check("the largest is negative, by its absolute value the smallest", (np.array([-3.0, -2000.0]),)),
        Check("a hundred equal numbers", (np.full(100, 99999.0),)),
    ],
    [
        Mistake(
            _lse_as_written,
            "this is the formula as written: e^z overflows, or all of them are 0 and log(0) is −infinity.",
        ),
        Mistake(
            lambda z: np.log(np.sum(np.exp(z - np.max(z)))),
            "you have shifted by the maximum and not added it back: log Σ e^(z−m) is logsumexp *minus m*.",
        ),
        Mistake(
            lambda z: np.log(np.sum(np.exp(z - np.max(z)))) - np.max(z),
            "you subtract the maximum twice. Taken out of the logarithm, it comes back with a plus.",
        ),
        Mistake(
            np.max,
            "this is the maximum. It is close when one number dominates; logsumexp is larger, by log 2 for two equal ones.",
        ),
        Mistake(
            lambda z: np.max(z) + np.log(np.mean(np.exp(z - np.max(z)))),
            "you take the mean of the exponentials; it must be their sum. The difference is log n.",
        ),
        Mistake(
            lambda z: np.max(z) * np.log(np.sum(np.exp(z - np.max(z)))),
            "the factor e^m inside the logarithm becomes a *term* m outside, not a factor.",
        ),
        Mistake(
            lambda z: np.mean(z) + np.log(np.sum(np.exp(z - np.mean(z)))),
            "you shift by something that may lie far below the largest number, such as the mean. Every shift is right on "
            "paper; in floats, the largest exponential overflows.",
        ),
        Mistake(
            lambda z: np.sum(z),
            "log and exp do not cancel across a sum: log(e^a + e^b) is not a + b.",
        ),
        Mistake(
            lambda z: np.max(np.abs(z)) + np.log(np.sum(np.exp(z - np.max(np.abs(z))))),
            "you shift by the largest *absolute value*. If all numbers are very negative, all exponentials become 0.",
        ),
    ],
    [
        "Pull a common factor out of the sum of exponentials. What does log make of it?",
        "log Σ e^(z_i) = m + log Σ e^(z_i − m), for every m; choose the largest z_i",
        "`m = np.max(z)`, then return `m` plus the log of the sum of `np.exp(z - m)`.",
    ],
    payoff="You can now take the logarithm of a sum of exponentials that no float could hold.",
)


def stable_log_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def _log_softmax_no_keepdims(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1))


def _log_softmax_shifted_by_the_mean(z):
    shifted = z - np.mean(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


log_softmax_exercise = Exercise(
    "Write `stable_log_softmax(z)`: the logarithm of softmax along the last axis, finite for all finite logits.",
    Contract(
        "`z` is a NumPy array of float64 logits between −100000 and 100000, with one or more dimensions; the classes are "
        "along the last axis. Return an array of the same shape, right to nine significant digits or, near zero, to 1e−9. "
        "Leave `z` unchanged, and let nothing overflow.",
        quiet="overflow",
        atol=1e-9,
        inputs=any_logits,
    ),
    stable_log_softmax,
    [
        Check("ordinary logits", (np.array([1.0, 0.0, -4.0]),)),
        Check("logits around 1000", (np.array([1000.0, 1001.0, 1002.0]),)),
        Check("a hopeless class", (np.array([0.0, -800.0]),)),
        Check("a class that is hard to see, but not hopeless", (np.array([0.0, -40.0, -35.0]),)),
        Check("all around −1000", (np.array([-1000.0, -1001.0, -1000.5]),)),
        Check("one class only", (np.array([-800.0]),)),
        Check("large ones of both signs", (np.array([99999.0, 99998.5, -99999.0]),)),
        Check("a batch of rows that are far apart", (FAR_APART,)),
        Check("a batch of two", (FAR_APART[:2],)),
        Check("three dimensions", (np.stack([FAR_APART, FAR_APART[::-1] / 3]),)),
    ],
    [
        Mistake(
            lambda z: np.log(softmax_as_written(z)),
            "this is the log of softmax as written: nan where e^z overflows, −infinity where p is 0. "
            "Take the logarithm on paper.",
        ),
        Mistake(
            _log_softmax_shifted_by_the_mean,
            "z − logsumexp(z) is right, but you shift by something that may lie far below the largest logit, such as the "
            "mean: the exponential of the largest overflows. With the maximum no exponential exceeds 1, and one of them is 1.",
        ),
        Mistake(
            lambda z: np.log(stable_softmax(z)),
            "your softmax is stable, but a probability that has become 0 is 0 for good, and its log −infinity. "
            "Never let the number pass through p: log p = z − logsumexp(z).",
        ),
        Mistake(
            lambda z: np.log(stable_softmax(z) + 1e-12),
            "adding a small number before the logarithm hides −infinity and puts −27.6 in its place. Every class far below "
            "1e-12 gets this same wrong answer, and the others are wrong too, the more the smaller their p.",
        ),
        Mistake(
            lambda z: np.log(np.clip(stable_softmax(z), 1e-15, 1)),
            "clipping p hides −infinity and puts −34.5 in its place: every class below 1e-15 gets the same wrong answer.",
        ),
        Mistake(
            lambda z: z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)),
            "z − logsumexp(z) is right, but this logsumexp is the naive one: its e^z overflows or vanishes.",
        ),
        Mistake(
            lambda z: z - np.max(z, axis=-1, keepdims=True),
            "you have shifted, and then stopped: the log of the sum of exponentials is still to be subtracted.",
        ),
        Mistake(
            lambda z: -stable_log_softmax(z),
            "the sign is turned around: this is −log p, the loss of each class.",
        ),
        Mistake(
            _log_softmax_no_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). A square batch gets the wrong sums, without a word.",
        ),
        Mistake(
            lambda z: z - np.max(z) - np.log(np.sum(np.exp(z - np.max(z)))),
            "maximum and sum are taken over the whole array. Each row is a softmax of its own: `axis=-1, keepdims=True`.",
        ),
        Mistake(
            lambda z: z - np.max(z) - np.log(np.sum(np.exp(z - np.max(z)), axis=-1, keepdims=True)),
            "the largest is taken over the whole array: in a row far below it every exponential is 0, and so is the sum.",
        ),
    ],
    [
        "Take the logarithm of the quotient on paper, before any number is rounded.",
        "log p_i = z_i − logsumexp(z) = (z_i − m) − log Σ_j e^(z_j − m)",
        "`shifted = z - z.max(axis=-1, keepdims=True)`; subtract the log of the sum of `np.exp(shifted)` along that axis.",
    ],
    payoff="You can now compute log-probabilities that stay finite where the probabilities themselves are 0.",
)
