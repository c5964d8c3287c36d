"""Section "One pass, and two halves": streaming logsumexp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from course_utils.lessons.numeric_instability.subtract_the_largest import LARGE, WHERE_EXP_ENDS
from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


class Stream:
    """Numbers that can be read once only, from first to last, as from a sensor."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self._numbers = tuple(numbers)
        self._was_read = False

    def __iter__(self) -> Iterator[float]:
        if self._was_read:
            raise RuntimeError("this stream has been read already; it passes once only")
        self._was_read = True
        return iter(self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)

    def __repr__(self) -> str:
        shown = ", ".join(f"{number:g}" for number in self._numbers[:4])
        return f"Stream of {len(self._numbers)}: {shown}{', ...' if len(self._numbers) > 4 else ''}"


def online_logsumexp(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = s * np.exp(m - new) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _never_rescales(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        m = max(m, x)
        s += np.exp(x - m)
    return m + np.log(s)


def _rescales_the_wrong_way(stream):
    m, s = None, 0.0
    for x in stream:
        if m is None:
            m, s = x, 1.0
            continue
        new = max(m, x)
        s = s * np.exp(new - m) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _starts_at_zero(stream):
    m, s = 0.0, 0.0
    for x in stream:
        new = max(m, x)
        s = s * np.exp(m - new) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _rescales_the_new_term_too(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = (s + np.exp(x - new)) * (1.0 if m == -np.inf else np.exp(m - new))
        m = new
    return m + np.log(s)


def _rescales_the_first_term_to_nothing(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = (s + np.exp(x - new)) * np.exp(m - new)
        m = new
    return m + np.log(s)


def _counts_the_first_number_twice(stream):
    m, s = -np.inf, 1.0
    for x in stream:
        new = max(m, x)
        s = (s * np.exp(m - new) if m > -np.inf else s) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _two_passes(stream):
    m = max(stream)
    return m + np.log(sum(np.exp(x - m) for x in stream))


def _as_written_online(stream):
    s = 0.0
    for x in stream:
        s += np.exp(x)
    return np.log(s)


def _forgets_the_maximum(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = s * np.exp(m - new) + np.exp(x - new)
        m = new
    return np.log(s)


def any_stream(pick: Pick) -> Given:
    numbers = pick.numbers(pick.shape((1, 8)), -LARGE, LARGE, *WHERE_EXP_ENDS)
    if pick.one_of(False, False, True):  # a new maximum so far ahead that what was before just shows
        numbers = np.append(0 * numbers, pick.number(15, 22, 20.1)) - pick.number(15, 22, 20.0)
    return (Stream(numbers.tolist()),)


online_exercise = Exercise(
    "Write `online_logsumexp(stream)`: logsumexp of numbers that pass by once.",
    Contract(
        "`stream` can be read once, with `for x in stream`; it gives at least one float between −100000 and 100000. You may keep "
        "two numbers, not the stream. (The check sees a second reading; whether you collect the numbers in a list, only you can see.) "
        "Return one number, right to nine significant digits or, near zero, to 1e−9.",
        atol=1e-9,
        inputs=any_stream,
    ),
    online_logsumexp,
    [
        Check("rising: the maximum changes at every number", (Stream([1.0, 2.0, 3.0]),)),
        Check("falling: it never changes", (Stream([3.0, 2.0, 1.0]),)),
        Check("around 1000", (Stream([1000.0, 1002.0, 1001.0]),)),
        Check("around −1000", (Stream([-1000.0, -1001.0, -999.5]),)),
        Check("a new maximum far above the others", (Stream([-5000.0, 0.0, 5000.0, 4999.0]),)),
        Check("one number", (Stream([-800.0]),)),
        Check("equal numbers", (Stream([7.0] * 10),)),
        Check("up and down", (Stream([0.5, -0.25, 3.0, -900.0, 2.5, 3.0, 1.0]),)),
    ],
    [
        Mistake(
            _as_written_online,
            "this adds up e^x as written: it overflows above 709.78, and far below zero all terms are 0.",
        ),
        Mistake(
            _never_rescales,
            "the sum holds terms relative to *older* maxima. When the maximum rises to m′, what is in the sum must be "
            "multiplied by e^(m − m′).",
        ),
        Mistake(
            _rescales_the_wrong_way,
            "you rescale in the wrong direction. The maximum grew, so the old sum must *shrink*: the factor is e^(old − new).",
        ),
        Mistake(
            _starts_at_zero,
            "the maximum starts at 0. If all numbers are far below, all exponentials vanish next to it. "
            "Start at −infinity, or at the first number.",
        ),
        Mistake(
            _rescales_the_new_term_too,
            "the new term is rescaled together with the old sum. It is relative to the new maximum already.",
        ),
        Mistake(
            _rescales_the_first_term_to_nothing,
            "the first number is lost: e^(m − m′) is 0 while m is −infinity, and it also multiplies the new term. Rescale the "
            "old sum only; the new term is relative to the new maximum already.",
        ),
        Mistake(
            _counts_the_first_number_twice,
            "the sum starts at 1 although nothing has been read yet: the first number counts twice.",
        ),
        Mistake(
            _two_passes,
            "you read the stream a second time: every `for`, `max`, `list` or `iter` begins anew. It passes once only.",
        ),
        Mistake(
            _forgets_the_maximum, "the maximum must be added back in the end: log s is logsumexp minus m."
        ),
    ],
    [
        "Keep the largest number so far, and the sum of exponentials relative to it. What happens to that sum when the maximum rises?",
        "new m′ = max(m, x), then s′ = s·e^(m − m′) + e^(x − m′); in the end m + log s",
        "Start with `m, s = -np.inf, 0.0`. In the loop: `new = max(m, x)`, update `s` with the formula, then `m = new`.",
    ],
    payoff="You can now compute logsumexp of numbers that pass by once, as attention kernels do.",
)


def merge_halves(m1, s1, m2, s2):
    m = max(m1, m2)
    s = s1 * np.exp(m1 - m) + s2 * np.exp(m2 - m)
    return np.array([m, s])


def _merge_wrong_way(m1, s1, m2, s2):
    m = max(m1, m2)
    return np.array([m, s1 * np.exp(m - m1) + s2 * np.exp(m - m2)])


def _merge_through_the_exponentials(m1, s1, m2, s2):
    m = max(m1, m2)
    return np.array([m, (s1 * np.exp(m1) + s2 * np.exp(m2)) / np.exp(m)])


def _merge_rescales_one(m1, s1, m2, s2):
    return np.array([max(m1, m2), s1 + s2 * np.exp(m2 - m1)])


def any_halves(pick: Pick) -> Given:
    empty = pick.one_of(None, None, None, None, 0, 1)
    m = pick.numbers((2,), -LARGE, LARGE, *WHERE_EXP_ENDS).tolist()
    s = [pick.number(1, 1000, 1.5, log=True), pick.number(1, 1000, 2.5, log=True)]
    if empty is not None:
        m[empty], s[empty] = -np.inf, 0.0
    elif pick.one_of(True, False, True):
        m[1] = min(max(m[0] + pick.number(-40, 40, 0, 20.5, -20.5, 25, -25), -LARGE), LARGE)
    return m[0], s[0], m[1], s[1]


merge_exercise = Exercise(
    "Write `merge_halves(m1, s1, m2, s2)`: from the summaries of two halves, the summary of the whole.",
    Contract(
        "A summary of some numbers between −100000 and 100000 is their maximum m and s = Σ e^(x − m). An empty half has m = −infinity and s = 0; at most one of "
        "the two is empty. Return `np.array([m, s])` of both halves together, right to nine significant digits, and let nothing overflow.",
        quiet="overflow",
        inputs=any_halves,
    ),
    merge_halves,
    [
        Check("the second half is higher", (1.0, 1.5, 3.0, 2.5)),
        Check("the first half is higher", (3.0, 2.5, 1.0, 1.5)),
        Check("equal maxima", (2.0, 1.25, 2.0, 3.0)),
        Check("around 1000", (1000.0, 2.0, 1001.0, 1.5)),
        Check("far apart", (-5000.0, 4.0, 5000.0, 1.0)),
        Check("all far below zero", (-1000.0, 2.0, -1001.0, 1.5)),
        Check("the second half is empty", (5.0, 1.75, -np.inf, 0.0)),
        Check("the first half is empty", (-np.inf, 0.0, -900.0, 1.25)),
    ],
    [
        Mistake(
            lambda m1, s1, m2, s2: np.array([max(m1, m2), s1 + s2]),
            "the two sums are relative to different maxima. Bring both to the common one before you add.",
        ),
        Mistake(
            _merge_wrong_way,
            "you rescale in the wrong direction: relative to a larger maximum, a sum is *smaller*. The factor is e^(old − new).",
        ),
        Mistake(
            _merge_rescales_one,
            "you bring the second sum to the maximum of the first, and return the larger of the two maxima. "
            "Both belong to the *common* maximum.",
        ),
        Mistake(
            _merge_through_the_exponentials,
            "the sums are taken back to e^x itself, which overflows. Stay relative to the common maximum.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.array([0.0, s1 * np.exp(m1) + s2 * np.exp(m2)]),
            "you take 0 for the common maximum: the sums become those of e^x itself, which overflow. It is the larger of the two maxima.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.array([m1 + m2, s1 * s2]),
            "this multiplies e^(m1)·s1 by e^(m2)·s2. The exponentials of both halves are to be *added*.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.logaddexp(m1 + np.log(s1), m2 + np.log(s2)),
            "this is logsumexp of the whole, and right; but the task asks for the summary [m, s], "
            "from which the next merge can go on.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.array([m1, s1]) if m1 > m2 else np.array([m2, s2]),
            "you keep the half with the larger maximum and drop the other.",
        ),
    ],
    [
        "It is the same step as in the stream, with a whole half in place of one number.",
        "m = max(m1, m2), s = s1·e^(m1 − m) + s2·e^(m2 − m)",
        "Compute `m = max(m1, m2)` first; both sums get a factor `np.exp(own maximum - m)`.",
    ],
    payoff="You can now split a sum of exponentials among many workers, and put it together.",
)
