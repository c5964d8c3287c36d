"""Section "Subtract the largest": stable softmax."""

from __future__ import annotations

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick, Question

shift_question = Question(
    "You subtract the largest logit from all logits before taking exponentials. What does this do to softmax?",
    [
        "It changes the probabilities a little: the price of safety.",
        "Nothing in the real numbers. In floats it changes the rounding, and repairs a sum that overflowed or vanished.",
        "It makes the largest probability 1.",
        "It moves the trouble: now the small ones overflow.",
    ],
    "B",
    [
        "that something must be paid. Adding a constant cancels; it was the first thing you learned about softmax.",
        "Because e^(z − m) = e^z / e^m, every term is divided by the same number, and that cancels. In floats, only rounding and what had broken differ.",
        "of e^0 = 1, the largest *exponential*. It is still divided by the sum.",
        "that small logits get large. They get more negative; their exponentials may become 0, next to a 1.",
    ],
    expected=[25, 55, 15, 5],
)

mask_question = Question(
    "The largest logit is subtracted, and *every* logit of a row is −infinity. What does softmax give?",
    ["Zeros.", "The same probability for each.", "`nan` for each.", "An error."],
    "C",
    [
        "of e^(−∞) = 0. To get there, the largest is subtracted first, and here that is −∞ − (−∞).",
        "of equal logits. Equal *finite* logits share equally; two equal infinities have no difference.",
        "−∞ − (−∞) could be anything, so it is not a number, and neither is what is computed from it.",
        "that NumPy stops. It warns (“invalid value”), if warnings are on, and goes on with `nan`.",
    ],
    expected=[30, 25, 35, 10],
)


def stable_softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def _max_of_everything(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


def _shifted_by(shift):
    def function(z):
        e = np.exp(z - shift(z))
        return e / np.sum(e, axis=-1, keepdims=True)

    return function


def softmax_as_written(z):
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


def _clipped(z):
    return softmax_as_written(np.clip(z, -700, 700))


def _nan_to_num(z):
    return np.nan_to_num(softmax_as_written(z))


def _softmax_no_keepdims(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


def _softmax_whole_sum(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e)


FAR_APART = np.array([[1000.0, 1001.0, 1002.0], [-3.0, 0.0, 1.0], [-2000.0, -2001.0, -2000.5]])

LARGE = 100_000  # the logits of this page lie between minus and plus this
WHERE_EXP_ENDS = (-745.0, -738.0, 709.0, 715.0)


def any_logits(pick: Pick) -> Given:
    return (pick.numbers(pick.any_shape((1, 2, 3, 4)), -LARGE, LARGE, *WHERE_EXP_ENDS),)


stable_softmax_exercise = Exercise(
    "Write `stable_softmax(z)`: softmax along the last axis, for logits of any size.",
    Contract(
        "`z` is a NumPy array of float64 logits between −100000 and 100000, with one or more dimensions and entries; the classes "
        "are along the last axis. Return an array of the same shape whose entries add up to 1 along that axis, each "
        "right to nine significant digits, the small ones too (what is too small for a float may be 0). "
        "Leave `z` unchanged, and let nothing overflow.",
        quiet="overflow",
        inputs=any_logits,
    ),
    stable_softmax,
    [
        Check("ordinary logits", (np.array([1.0, 0.0, -4.0]),)),
        Check("logits around 1000", (np.array([1000.0, 1001.0, 1002.0]),)),
        Check("logits around −1000", (np.array([-1000.0, -1001.0, -1000.5]),)),
        Check("one far ahead", (np.array([5000.0, 0.0, -5000.0]),)),
        Check("small probabilities keep their digits", (np.array([0.0, -600.0, -300.0]),)),
        Check("large ones of both signs", (np.array([99999.0, 99998.5, -99999.0]),)),
        Check("one class only", (np.array([-800.0]),)),
        Check("a batch of rows that are far apart", (FAR_APART,)),
        Check("a batch of two", (FAR_APART[:2],)),
        Check("three dimensions", (np.stack([FAR_APART, FAR_APART[::-1] / 3]),)),
        Check("a wide range", (np.linspace(-650.0, 650.0, 14),)),
    ],
    [
        Mistake(
            softmax_as_written,
            "this is softmax as written: e^z overflows above 709.78, and below −745.13 every e^z is 0. "
            "Shift the logits first, by what leaves the largest at 0.",
        ),
        Mistake(
            _max_of_everything,
            "you subtract the largest number of the *whole array*. A row that lies more than 745.13 below it becomes 0/0. "
            "Every row needs its own largest.",
        ),
        Mistake(
            _shifted_by(lambda z: np.mean(z, axis=-1, keepdims=True)),
            "you subtract something that may lie far below the largest logit, such as the mean. The largest may still lie 710 "
            "above it and overflow; with the maximum no exponential exceeds 1, and one of them is 1.",
        ),
        Mistake(
            _shifted_by(lambda z: np.min(z, axis=-1, keepdims=True)),
            "you subtract the *smallest*: now no argument of exp is negative, and the largest can overflow.",
        ),
        Mistake(
            _shifted_by(lambda z: np.max(np.abs(z), axis=-1, keepdims=True)),
            "you subtract something positive even if all logits are very negative, such as the largest *absolute value*. "
            "This pushes them further down, to 0/0.",
        ),
        Mistake(
            _clipped,
            "you clip the logits at ±700. That prevents overflow by changing the question: 1000 and 1002 become equal.",
        ),
        Mistake(
            _nan_to_num,
            "you replace what is not a number afterwards. The information is gone by then: 0 is a guess.",
        ),
        Mistake(
            _softmax_no_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). A square batch is divided by the wrong sums, "
            "without a word.",
        ),
        Mistake(
            _softmax_whole_sum,
            "you divide by the sum of the whole array. Each row needs its own sum: `axis=-1, keepdims=True`.",
        ),
        Mistake(
            _shifted_by(lambda z: np.max(z, axis=0, keepdims=True)),
            "you take the largest along the *first* axis; the classes are along the last.",
        ),
    ],
    [
        "Softmax does not see a constant added to all logits of a row. Which constant makes exp safe?",
        "p_i = e^(z_i − m) / Σ_j e^(z_j − m), with m the largest logit of the row",
        "`e = np.exp(z - z.max(axis=-1, keepdims=True))`, then divide by the sum along the same axis.",
    ],
    payoff="You can now compute softmax of logits of any size, without overflow.",
)
