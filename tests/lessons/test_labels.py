"""A check is what its label says, a state what the name of its preset says; ticks and notches are even."""

from __future__ import annotations

import contextlib
import copy
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pytest
from discovery import named

from course_utils.numerics.mlp import MLP
from course_utils.numerics.sampling import most_probable
from course_utils.teaching import Check, Demo, Exercise, Float, LogFloat, Vector
from course_utils.teaching.exercise import run

FIGURE = r"(−?\d+(?:\.\d+)?(?:e−?\d+)?)"
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTS = dict(zip(WORDS, range(11), strict=True)) | {"twenty": 20, "fifty": 50, "a hundred": 100}
COUNT = rf"\b({'|'.join(COUNTS)})"
OVERFLOWS = math.log(np.finfo(float).max)  # of exp
VANISHES = -745.14
IS_NUMBER = re.compile(f"{FIGURE}|{COUNT}", re.IGNORECASE)
T = TypeVar("T")


def number(written: str) -> float:
    """Read a number as a reader does.

    >>> number("−1e−3"), number("ten")
    (-0.001, 10)
    """
    word = written.lower()
    return COUNTS[word] if word in COUNTS else float(word.replace("−", "-"))


# --- checks ------------------------------------------------------------------------------------------


class Call(NamedTuple):
    """One check: its first argument as an array, the others, and what is right."""

    z: np.ndarray
    others: list[Any]
    right: Any


def called(exercise: Exercise, check: Check) -> Call:
    first, *others = copy.deepcopy([*check.arguments, *check.keywords.values()])
    streams = isinstance(first, Iterable) and not isinstance(first, np.ndarray)
    outcome = run(exercise._solution, check)
    return Call(np.array([*first] if streams else first), others, outcome.numbers)


def rows(c: Call) -> np.ndarray:
    return np.atleast_2d(c.z)


def behind(c: Call) -> np.ndarray:
    """How far the logits lie below the largest of their row."""
    return rows(c) - rows(c).max(axis=-1, keepdims=True)


def best_is(c: Call) -> np.ndarray:
    return c.z.argmax(axis=1) == c.others[0]


def crossing(c: Call) -> np.ndarray:
    return np.abs(np.linalg.solve(c.z, -c.others[0])) / c.others[1]


LABELS: dict[str, Callable[..., Any]] = {  # "lesson.exercise: label", and what it says of a call
    # of any exercise
    rf"\baround {FIGURE}": lambda c, n: np.abs(c.z - n).max() <= 2,
    rf"\b[λTμ] = {FIGURE}": lambda c, n: any(np.ndim(o) == 0 and o == n for o in c.others),
    rf": {FIGURE} apart": lambda c, n: np.ptp(c.z) == n,
    rf"\bbetween {FIGURE} and {FIGURE}": lambda c, low, high: low < c.z.min() < c.z.max() < high,
    "one (class|number|score)( only)?$": lambda c: c.z.shape[-1] == 1,
    "numeric_.*one (class|number)": lambda c: c.z.max() < VANISHES,
    "one (score|number) is its own": lambda c: c.z.size == 1 and c.right[()] == c.z[0],
    ": (one example|a batch of one)": lambda c: len(c.z) == 1 and c.z.ndim == 2,
    rf": {COUNT} examples": lambda c, n: len(c.z) == n,
    rf"entropy_.*: {COUNT} examples, {COUNT} classes": lambda c, *n: c.z.shape == n,
    rf"(?:softmax|max|here)\.\w+: {COUNT} scores": lambda c, n: c.z.shape == (n,),
    rf": a batch of {COUNT}(,|$)": lambda c, n: len(c.z) == n,
    rf"{COUNT} dimensions": lambda c, n: c.z.ndim == n,
    "as many examples as classes|: a(nother)? square batch|own batch": lambda c: c.z.shape == (3, 3),
    ": integer(s| logits)?$": lambda c: c.z.dtype.kind == "i",
    "equal (numbers|scores|logits|ones)": lambda c: not np.ptp(c.z, axis=-1).any(),
    rf"(?:tie of|two|:) {COUNT} equal|a tie of {COUNT}": lambda c, *n: (c.z.size,) == n and np.ptp(c.z) == 0,
    ": (a table|steps in a table|a weight matrix)$": lambda c: c.z.ndim == 2,
    "without axes|: a single step": lambda c: c.z.ndim == 0,
    ": nothing$": lambda c: c.z.size == 0,
    "all scores negative|: negative scores": lambda c: c.z.max() < 0,
    "one far ahead": lambda c: np.sort(behind(c))[0, -2] < VANISHES,
    "(?<!backward)_exercise: .*large (negative )?(logits|scores|ones)": lambda c: (
        np.abs(c.z).min() > OVERFLOWS
    ),
    ": ordinary": lambda c: 0 < np.abs(c.z).max() < 10,
    "very negative scores|all far below zero": lambda c: c.z.max() < VANISHES,
    "beyond the reach of np.exp|a size that overflows": lambda c: c.z.min() > OVERFLOWS,
    "rows (that are |of very )?(far apart|different)": lambda c: np.ptp(rows(c).max(axis=-1)) > OVERFLOWS,
    ": a wide range": lambda c: (
        max(np.diff(c.z)) <= 100 and 700 > c.z.max() > 600 and c.z.min() == -c.z.max()
    ),
    "small probabilities keep": lambda c: 0 < c.right.min() < 1e-13,
    "small results keep": lambda c: 0 < c.right.min() < 1e-300 < 1e-8 < 10 * c.right.max() < 1e-6,
    "everything in one array": lambda c: c.z.max() >= 1000 and c.z.min() <= -1000 and 0 in c.z,
    # softmax
    "_hopeless class$|a hopeless class$": lambda c: np.exp(behind(c).min()) == 0,
    "hard to see, but": lambda c: all(0 < p < 2**-50 for p in np.exp(np.sort(behind(c))[0, :-1])),
    "softmax.*near the limits?$": lambda c: np.isin(np.abs(c.z), (299, 300)).all(),
    "softmax.*near the lower limit": lambda c: c.z.min() == -300 and c.z.max() == -299,
    "here.*near the upper limit": lambda c: c.z.max() == 100,
    "here.*near the lower limit": lambda c: c.z.min() == -100 and c.z.max() == -99,
    "one vector": lambda c: c.z.ndim == 1,
    "down the columns|first axis": lambda c: c.others == [0] and c.z.ndim == 2,
    "from the end": lambda c: c.others[0] < -1,
    "middle axis": lambda c: c.others == [1] and c.z.ndim == 3,
    "nearly even": lambda c: abs(np.subtract(*c.z[c.others])) < 0.2,
    "a favorite against": lambda c: c.others == [c.z.argmax(), c.z.argmin()],
    "against itself": lambda c: c.others[0] == c.others[1] and c.right == 1,
    "two hopeless": lambda c: c.z[c.others].max() < VANISHES,
    "odds_.*the other way round": lambda c: c.z[c.others[0]] < c.z[c.others[1]],
    "logits of any size": lambda c: c.z.min() > 1e14,
    "a third class far ahead": lambda c: c.z.max() - c.z[c.others].max() > -VANISHES,
    # logsumexp
    "log-probabilities: the answer is near 0": lambda c: np.isclose(np.exp(c.z).sum(), 1),
    "the largest is negative": lambda c: c.z.max() < 0 and c.z.min() < VANISHES,
    "rising:": lambda c: (np.diff(c.z) > 0).all(),
    "falling:": lambda c: (np.diff(c.z) < 0).all(),
    "a new maximum far": lambda c: np.diff(np.maximum.accumulate(c.z)).max() > OVERFLOWS,
    "up and down": lambda c: len(set(np.sign(np.diff(c.z)))) > 1 and np.ptp(c.z) > OVERFLOWS,
    "the second half is higher": lambda c: c.others[1] > c.z,
    "the first half is higher": lambda c: c.others[1] < c.z,
    "equal maxima": lambda c: c.others[1] == c.z,
    "merge_exercise: far apart": lambda c: c.others[1] - c.z > -VANISHES,
    "second half is empty": lambda c: c.others[1:] == [-np.inf, 0],
    "first half is empty": lambda c: c.z == -np.inf and c.others[0] == 0,
    "max.*: far apart|max_.*far apart, smoother": lambda c: np.ptp(c.z) * c.others[0] > -VANISHES,
    "too large for a float": lambda c: np.isinf(c.z * c.others[0]).all(),
    "the same, sharper|very sharp": lambda c: c.others[0] >= 10,
    "very smooth": lambda c: c.others[0] * np.ptp(c.z) < 0.1,
    # temperature
    "twice as hot": lambda c: c.others == [2],
    "ten times colder": lambda c: c.others == [0.1],
    "an integer temperature": lambda c: type(c.others[0]) is int,
    "each row of a batch": lambda c: c.z.ndim == 2 and len(c.z) > 1,
    "very cold": lambda c: -np.sort(behind(c))[0, -2] / c.others[0] > 5,
    "far apart, but hot": lambda c: np.ptp(c.z) > -VANISHES > 700 > np.ptp(c.z) / c.others[0],
    "a negative T": lambda c: c.others[0] < 0,
    "an infinite T": lambda c: c.others[0] == np.inf,
    "a T that is not": lambda c: np.isnan(c.others[0]),
    "an overconfident|wildly over": lambda c: c.right > 1.5,
    "an underconfident": lambda c: c.right < 0.7,
    "just right": lambda c: abs(c.right - 1) < 0.15,
    "between the tenths": lambda c: 0.02 < 10 * c.right % 1 < 0.98,
    "probabilities are 0$": lambda c: (np.exp(behind(c) / 0.1) == 0).any(),
    "always right": lambda c: best_is(c).all() and len(c.z) > 1,
    "always wrong": lambda c: not best_is(c).any() and len(c.z) > 1,
    "wrong by a mile": lambda c: not best_is(c).any() and behind(c).min(axis=1).max() / 10 < VANISHES,
    "one example is enough": lambda c: c.z.shape[0] == 1,
    "everything is kept|all kept": lambda c: c.others[0] == 1 and (c.z > 0).all(),
    rf"the {COUNT} most probable|p_exercise: {COUNT} of six": lambda c, *n: (
        (np.count_nonzero(most_probable(c.z, top_p=c.others[0])),) == n
    ),
    "only the winner": lambda c: c.z.max() > c.others[0],
    "met exactly": lambda c: c.others[0] in np.cumsum(-np.sort(-c.z)) and c.others[0] < 1,
    "ends of intervals": lambda c: set(np.cumsum(c.z)[:-1]) < set(c.others[1]),
    "the first are kept": lambda c: np.ptp(c.z) == 0 and c.others[0] < 1,
    "ten times 0.1": lambda c: (c.z == 0.1).all() and c.z.size == 10,
    "just below 1": lambda c: c.others[1] == np.nextafter(1, 0),
    "the last class was cut": lambda c: c.z[:-1].sum() > c.others[0] > c.z[0],
    "an impossible first": lambda c: c.z[0] == 0 and 0 in c.others[1],
    # activations
    "where 1 − tanh² loses": lambda c: all(
        1e-10 < abs((1 - math.tanh(x) ** 2) / r - 1) < 1e-3 for x, r in zip(c.z, c.right, strict=True)
    ),
    "where 1 − tanh² is 0": lambda c: ((1 - np.tanh(c.z) ** 2 == 0) & (c.right > 0)).all(),
    "tiny slopes": lambda c: 0 < c.right.min() < c.right.max() < 1e-100,
    "slope_exercise: far out": lambda c: not c.right.any() and np.sign(c.z).min() < 0 < c.z.max(),
    "silu_exercise: far out": lambda c: np.abs(c.right - (c.z > 0)).max() < 1e-4,
    "far out on the right": lambda c: c.z.min() > OVERFLOWS,
    "far out on the left": lambda c: c.z.max() < -OVERFLOWS,
    "near 0$": lambda c: 0 < np.abs(c.z).max() < 0.1 or np.isclose(np.exp(c.z).sum(), 1),
    "at 0, where": lambda c: c.z == 0 and c.right == 0.5,
    "SiLU is lowest": lambda c: np.abs(c.right) < 1e-8,
    "slope exceeds 1": lambda c: c.right.min() > 1,
    "as many in as out": lambda c: c.z == c.others[0] > 1,
    "scale_.*one input": lambda c: c.z == 1,
    ": few inputs": lambda c: c.z < 10 < c.others[0],
    ": many inputs": lambda c: c.z > 10_000 > 10 > c.others[0],
    # losses
    "last classes do not occur": lambda c: max(c.others[0]) < c.z.shape[1] - 2,
    "entropy_.*: two classes": lambda c: c.z.shape[1] == 2,
    "p of the true class rounds to 0": lambda c: np.exp(behind(c))[0, c.others[0][0]] == 0,
    "nothing moves": lambda c: not np.ptp(c.others[0], axis=1).any() and np.allclose(c.right, 0, atol=1e-12),
    "slope of −log p of class 0": lambda c: np.allclose(c.right, c.z - np.eye(c.z.shape[1])[0]),
    "p of exactly 0 and 1": lambda c: set(c.z[0]) == {0, 1},
    "integers for v": lambda c: c.others[0].dtype.kind == "i",
    "large v": lambda c: np.abs(c.others[0]).max() > 100,
    # networks
    "the (layer of the text|next layer)": lambda c: (int(c.z), c.others[0]) in ((784, 256), (256, 10)),
    "the (shallow|deep) network": lambda c: "-".join(map(str, c.z)) in ("2-20-1", "2-5-5-5-5-1"),
    "no hidden layer": lambda c: len(c.z) == 2,
    "several outputs": lambda c: c.z[-1] > 1,
    "parameters.*one input": lambda c: c.z[0] == 1,
    "growing and": lambda c: len(set(np.sign(np.diff(c.z)))) == 2,
    rf"(?:forward|patterns)_.*: {COUNT} hidden layers?$": lambda c, n: len(c.others[0]) == n + 1,
    "one layer only": lambda c: len(c.others[0]) == 1,
    "square layers": lambda c: all(W.shape[0] == W.shape[1] for W in c.others[0][:-1]),
    rf": {COUNT} inputs(?:, four outputs)?$": lambda c, n: c.z.shape[1] == n,
    "two outputs": lambda c: c.others[0][-1].shape[0] == 2,
    "forward_.*far out": lambda c: np.abs(c.z).min() > 100,
    "on a unit's line": lambda c: (
        (MLP(c.others[0], c.others[1]).pre_activations(c.z)[0] == 0).any(axis=1).all()
    ),
    rf"zigzag.*: {COUNT} folds?$": lambda c, n: c.others == [n],
    "points as a column": lambda c: c.z.ndim == 2 and c.z.shape[1] == 1,
    rf"regions_.*: {COUNT} lines?\b": lambda c, n: len(c.z) == n,
    "one line through": lambda c: c.right == 2,
    "misses it": lambda c: c.right == 1,
    "outside the circle": lambda c: crossing(c).max() < 1 < np.hypot(*crossing(c)),
    "cross outside": lambda c: crossing(c).max() > 1 and c.right == 3,
    "cuts off one corner": lambda c: (
        sorted(
            int(np.sign(s)) for s in np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)]) @ c.z[0] + c.others[0][0]
        )
        == [-1, -1, -1, 1]
    ),
    # training
    "backward_.*: two classes": lambda c: len(c.others[4]) == 2,
    "backward_.*large logits": lambda c: (
        np.abs(MLP(c.others[1::2], c.others[2::2]).forward(c.z)).max() > OVERFLOWS
    ),
    "second step starts": lambda c: c.others[-1] == 2,
    "exactly at its kink": lambda c: (c.z @ c.others[1].T + c.others[2] == 0).any(),
    "ten classes, a batch of eight": lambda c: (len(c.others[4]), len(c.z)) == (10, 8),
    "from the first step": lambda c: c.z.tolist() == list(range(c.others[2] + 1)),
    "after step N": lambda c: c.z.min() == c.others[2] and np.ptp(c.z) > 100,
    "warm-up": lambda c: c.others[1] > c.others[0] and c.z.max() > c.others[2],
    "decay.*one step only": lambda c: c.others[2] == 1,
    "a rate that stays": lambda c: c.others[0] == c.others[1],
    "an end at zero": lambda c: c.others[1] == 0 and c.z.max() > c.others[2],
    "over four decades": lambda c: math.isclose(c.others[0] / c.others[1], 1e4),
    "no velocity yet": lambda c: not c.z.any(),
    "gradient is zero": lambda c: not c.others[0].any(),
    "without momentum": lambda c: c.others[1] == 0,
    "already moving": lambda c: (c.z != 0).all() and (c.others[0] != 0).all(),
    rf"at the final velocity, {FIGURE} times": lambda c, n: (
        np.allclose(c.z, n * c.others[0]) and np.allclose(c.z, c.right)
    ),
    "at the largest velocity": lambda c: np.allclose(c.z, c.others[0] / (c.others[1] - 1)),
    rf"loop_.*{COUNT} steps?$": lambda c, n: c.others[-1] == n,
    "in another order": lambda c: (np.diff(c.others[2]) != 1).any(),
    "two pictures after two": lambda c: (len(c.z), c.others[3], c.others[-1]) == (2, 1, 2),
    "a rate that falls, one": lambda c: c.others[4] > c.others[5] and c.others[3] == 1,
    "no step at all": lambda c: c.others[-1] == 0,
    "two rounds": lambda c: c.others[3] * c.others[-1] == 2 * len(c.others[2]),
    "five inputs, four": lambda c: (c.z.shape[1], c.others[0].shape[1]) == (5, 4),
}


EXERCISES = named(Exercise)


def sayings(text: str, known: Mapping[str, T]) -> Iterator[tuple[T, list[float]]]:
    """Yield what is known of a text, each with the numbers that stand where the text has them."""
    for pattern, meaning in known.items():
        if found := re.search(pattern, text):
            figures = [group for group in found.groups() if group and IS_NUMBER.fullmatch(group)]
            yield meaning, [number(figure) for figure in figures]


def contradictions(name: str, check: Check, known: Mapping[str, Callable[..., Any]]) -> Iterator[str]:
    """Say which patterns match the label of a check that is something else."""
    call = called(EXERCISES[name], check)
    for pattern, holds in known.items():
        for _, figures in sayings(f"{name}: {check.label}", {pattern: holds}):
            try:
                agrees = bool(np.all(holds(call, *figures)))
            except Exception:  # the pattern is meant for another exercise, whose calls have other arguments
                agrees = False
            if not agrees:
                yield (
                    f"label ‘{check.label}’ of {name} matches the pattern ‘{pattern}’, which says otherwise: "
                    "reword the label, or narrow the pattern"
                )


@pytest.mark.parametrize("name", EXERCISES)
@np.errstate(all="ignore")
def test_a_check_is_what_its_label_says(name: str) -> None:
    for check in EXERCISES[name].checks:
        found = [*contradictions(name, check, LABELS)]
        assert not found, "\n".join(found)


@pytest.mark.parametrize("holds", [lambda c: c.others[7], lambda c: c.z.size == 0])
def test_a_label_that_a_pattern_matches_by_accident_is_named(holds: Callable[..., Any]) -> None:
    check = EXERCISES["start_here.sum_exercise"].checks[0]
    assert [*contradictions("start_here.sum_exercise", check, {"sum_": holds, "odds_": holds})] == [
        f"label ‘{check.label}’ of start_here.sum_exercise matches the pattern ‘sum_’, which says otherwise: "
        "reword the label, or narrow the pattern"
    ]


@pytest.mark.parametrize("pattern", LABELS)
def test_every_label_is_met(pattern: str) -> None:
    labels = [f"{name}: {check.label}" for name, one in EXERCISES.items() for check in one.checks]
    assert any(re.search(pattern, label) for label in labels)


# --- presets -----------------------------------------------------------------------------------------


class Shown:
    """A state of a demo: its values by their names, a vector as an array."""

    def __init__(self, demo: Demo, changes: Mapping[str, Any]) -> None:
        self.controls = {control.name: control for control in demo.controls}
        for name, value in demo.state(**changes).items():
            setattr(self, name, np.array(value) if isinstance(value, tuple) else value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def is_at(self, name: str, end: str) -> bool:
        """Whether a control stands at its low or its high end."""
        return bool(getattr(self, name) == getattr(self.controls[name], end))


def lead(s: Any) -> float:
    """How far the largest entry is ahead of the next."""
    return float(np.subtract(*np.sort(s.z)[:-3:-1]))


def guess(s: Any) -> str:
    return str(s.controls["label"].options[s.z.argmax()])


def bits(s: Any) -> np.float32:
    return np.uint32(int(s.bits, 2)).view(np.float32)


def hinges(s: Any, x: Any) -> np.ndarray:
    return np.maximum(np.outer(x, s.w) + s.b, 0) @ s.a


INVERSE = ("inverse_temperature", "sharpness")
PRESETS: dict[str, Callable[..., Any]] = {  # "lesson.demo: preset", and what it says of a state
    # of any demo
    rf"\bT = {FIGURE}": lambda s, n: s.temperature == n,
    rf"\bλ = {FIGURE}": lambda s, n: (
        any(
            math.isclose(value, n)
            for value in [*(getattr(s, name, 9e9) for name in INVERSE), 1 / getattr(s, "temperature", 9e9)]
        )
        or n == s.inverse_temperature == 0
    ),
    rf"±{FIGURE}$": lambda s, n: s.half_width == n,
    rf"\bstep {FIGURE}$": lambda s, n: s.step == n,
    rf"(?i)regions\..*\b{COUNT} layers": lambda s, n: len(s.net.split("-")) == n + 2,
    rf"(?i)start_.*\b{COUNT} layers": lambda s, n: s.layers == n,
    "All equal|Four equals|(digit|confident|push|jacobian|binary)_.*No idea": lambda s: np.ptp(s.z) == 0,
    "One far ahead": lambda s: lead(s) > 5,
    "(confident|push|jacobian)_demo: Sure and": lambda s: lead(s) == 8,
    "(confident|push|jacobian)_demo: Sure and right": lambda s: guess(s) == s.label,
    "(confident|push|jacobian)_demo: (Sure and wrong|A close call)": lambda s: guess(s) != s.label,
    "close call": lambda s: lead(s) < 0.2,
    r"(\w+) was right": lambda s: guess(s) != s.label,
    "(?i)(origin)": lambda s: not s.point.any(),
    "(?i)far out": lambda s: s.window == "±5000",
    "(temperature|here).*: Cold|cold,? tie|As cold as": lambda s: s.temperature <= 0.5,
    "(temperature|here).*: Hot": lambda s: s.temperature >= 2,
    "As cold as|A cold tie|(here|place_|gumbel_).*: Cold": lambda s: s.is_at("temperature", "low"),
    "(here|place_|gumbel_).*: Hot": lambda s: s.is_at("temperature", "high"),
    "max.*: Sharp": lambda s: s.inverse_temperature >= 16,
    "max.*(: Smooth|Very smooth)": lambda s: s.is_at("inverse_temperature", "low"),
    "(Untrained|Before training)": lambda s: 0 in (getattr(s, "step", 1), getattr(s, "frame", 1)),
    # activations
    rf"(?i)chain_.*: {COUNT} times": lambda s, n: s.depth == n,
    "chain_.*saturated": lambda s: s.is_at("spread", "high"),
    "A large step": lambda s: s.is_at("h", "high"),
    "Too small a step": lambda s: s.is_at("h", "low"),
    "as good as central|the kink": lambda s: s.x == 0,
    "beyond slope 1": lambda s: s.x > 1.2785,
    r"1/√256$": lambda s: s.weight_std**-2 == 256,
    r"√\(2/256\)$": lambda s: math.isclose(2 * s.weight_std**-2, 256),
    "Sigmoid at 1": lambda s: s.weight_std == 1,
    "Much too small|Tiny weights": lambda s: s.is_at("weight_std", "low"),
    "Glorot's scale": lambda s: math.isclose(2 * s.weight_std**-2, s.fan_in + 256),
    "keeps the variance": lambda s: math.isclose(s.weight_std**-2, s.fan_in),
    rf"(?i)saturation_.*: {COUNT} inputs": lambda s, n: s.fan_in == n,
    "(?i)nearly dead": lambda s: -4 < s.bias < -2,
    "dead_.*: Dead": lambda s: s.bias < -4,
    "with a small leak": lambda s: 0 < s.leak < 0.05,
    "with a large leak": lambda s: s.leak > 0.1,
    "Always active": lambda s: s.bias > 4,
    # losses
    "A perfect model|Perfect among": lambda s: s.is_at("lead", "high"),
    "double_.*No idea": lambda s: s.lead == 0,
    "double_.*Sure and wrong": lambda s: s.is_at("lead", "low"),
    rf"among {COUNT} classes": lambda s, n: s.classes == n,
    "losses_.*Sure and": lambda s: abs(s.z) == 8,
    "losses_.*Sure and right": lambda s: (s.z > 0) == (s.target == "y = 1"),
    "losses_.*Sure and wrong": lambda s: (s.z > 0) == (s.target == "y = 0"),
    "Undecided": lambda s: s.z == 0,
    "surprise_.*: Sure": lambda s: s.is_at("q", "high"),
    "As sure as": lambda s: s.q == 1 - s.smoothing * 3 / 4 < 1,
    "surprise_.*: No idea": lambda s: s.q == 1 / 4,
    "binary_.*right": lambda s: s.z.argmax() == s.true and lead(s) == 8,
    # regions
    "Zoomed in": lambda s: s.half_width <= 1 and np.abs(s.point).max() < s.half_width,
    "(?i)by active units": lambda s: s.fill == "active units",
    "hinge silenced": lambda s: np.count_nonzero(s.a) == 2,
    "hinges at one place": lambda s: len(set(-s.b / s.w)) == 2,
    "They cancel": lambda s: np.allclose(np.diff(hinges(s, np.linspace(-4, 4, 99)), 2), 0),
    "A tent": lambda s: np.allclose(hinges(s, [-4, -1, 0, 1, 4]), [0, 0, 1, 0, 0]),
    ": Flat": lambda s: s.folds == 0,
    "Halfway": lambda s: s.folds % 1 == 0.5,
    rf"(?i): {COUNT} folds": lambda s, n: s.folds == n,
    rf"(?i): {COUNT} lines": lambda s, n: s.lines == n,
    rf"(?i): {COUNT} and {COUNT}": lambda s, n, m: (s.lines, s.second) == (n, m),
    "second layer bends": lambda s: s.second > 0,
    "One region": lambda s: s.half_width < 0.1,
    "A fine grid": lambda s: s.is_at("points", "high"),
    "A coarse grid": lambda s: s.points < 30,
    "A small leak": lambda s: 0 < s.leak < 0.2,
    "Nearly straight": lambda s: 0.9 < s.leak < 1,
    ": Straight": lambda s: s.leak == 1,
    # maxima
    "Two in the lead": lambda s: lead(s) == 0 < s.z.max() - np.sort(s.z)[1],
    "At the tie": lambda s: s.x == 0,
    "tangents_.*Far right": lambda s: s.is_at("x", "high"),
    "tangents_.*Far left": lambda s: s.is_at("x", "low"),
    "The mean": lambda s: s.shift == s.z.mean(),
    "The smallest logit": lambda s: s.shift == s.z.min(),
    "The largest logit": lambda s: s.shift == s.z.max(),
    "Too low for float32": lambda s: 88.8 < s.z.max() - s.shift < OVERFLOWS,
    "Too high": lambda s: s.z.max() - s.shift < VANISHES,
    "largest first": lambda s: (np.diff(s.z) < 0).all(),
    "largest last": lambda s: (np.diff(s.z) > 0).all(),
    "The largest (first|last)": lambda s: (
        s.is_at("seen", "high") and sorted(s.z) == sorted(s.controls["z"].default)
    ),
    "Before the peak": lambda s: s.seen == s.z.argmax(),
    "At the peak": lambda s: s.seen == s.z.argmax() + 1,
    "maps_.*Zero": lambda s: s.level == 0,
    "maps_.*Low": lambda s: s.is_at("level", "low"),
    "maps_.*High": lambda s: s.is_at("level", "high"),
    "on the winner": lambda s: s.q == 1 and s.lead > 0,
    "on the loser": lambda s: s.q == 0 and s.lead > 0,
    "A tie": lambda s: s.lead == 0,
    "Soft minimum": lambda s: s.inverse_temperature < 0,
    "One outsider": lambda s: np.sort(s.z)[1] - s.z.min() > 5,
    # floats
    "Twice as loud": lambda s: s.k == 2,
    "Three times": lambda s: s.k == 3,
    "Just before": lambda s: 2.9 <= s.k < 3,
    "A little more": lambda s: 3 < s.k <= 3.1,
    rf"break_.*: Add {FIGURE}": lambda s, n: s.offset == n,
    rf"{FIGURE} twice": lambda s, n: (np.sort(s.z)[1:] + s.offset == n).all(),
    rf"All at {FIGURE}": lambda s, n: (s.z + s.offset == n).all(),
    rf"scope_.*: {FIGURE}": lambda s, n: bits(s) == np.float32(n),
    "2 to the 24th": lambda s: bits(s) == 2**24,
    "scope_.*Largest": lambda s: bits(s) == np.finfo(np.float32).max,
    "scope_.*Smallest": lambda s: bits(s) == np.finfo(np.float32).smallest_subnormal,
    "scope_.*Infinity": lambda s: bits(s) == np.inf,
    "scope_.*Not a number": lambda s: np.isnan(bits(s)) and s.bits[0] == "0",
    "Large term last": lambda s: s.is_at("place", "high"),
    "order_.*goes|Kahan, def|Neumaier": lambda s: 0 < s.place < 10,
    rf"digits_.* at {FIGURE}$": lambda s, n: s.x == n,
    # softmax
    rf"Sure of the {FIGURE}": lambda s, n: s.z.argmax() == n and lead(s) > 5,
    rf"No {FIGURE} any more": lambda s, n: s.z[int(n)] == s.controls["z"].low,
    rf"scale_.*: Add {FIGURE}": lambda s, n: s.shift == n,
    rf"Subtract {FIGURE}": lambda s, n: s.shift == -n,
    ": Double": lambda s: s.factor == 2,
    "to a tenth": lambda s: s.factor == 0.1,
    "On the tie": lambda s: s.z0 == s.z1,
    rf"(?i)classes_.*: {COUNT} apart": lambda s, n: s.z0 - s.z1 == n,
    "far up": lambda s: s.z1 > 5,
    "Nearly sure": lambda s: s.prompt[-1] != " " if hasattr(s, "prompt") else s.z0 - s.z1 > 5,
    "A hair's breadth": lambda s: s.amount == s.controls["amount"].step,
    "Pull down": lambda s: s.amount < 0,
    "Pull the winner": lambda s: s.pulled == s.z.argmax() and s.amount > 0,
    "simplex_.*Far ahead": lambda s: lead(s) == s.controls["z"].high and s.z.argmax() == 0,
    "simplex_.*Far behind": lambda s: -s.z.min() == s.controls["z"].high and s.z.argmin() == 0,
    rf"(?i): (?:{COUNT}|{FIGURE}) dimensions": lambda s, n: 2**s.power == n,
    # temperature
    "Twice as hot": lambda s: s.temperature == 2,
    "A cold tie": lambda s: lead(s) == 0,
    "Too hot": lambda s: s.temperature > 2.46,
    "Too cold": lambda s: s.is_at("temperature", "low"),
    rf"{COUNT} bins": lambda s, n: s.bins == n,
    "At the lower edge": lambda s: s.is_at("height", "low"),
    rf"but top-p {FIGURE}": lambda s, n: s.top_p == n,
    "Next draw": lambda s: s.draw == s.controls["draw"].default + 1,
    "[Aa]nother (draw|seed)|milder draw": lambda s: s.seed != s.controls["seed"].default,
    # training
    rf"After {FIGURE} steps": lambda s, n: s.frame**2 == n,
    "at the end": lambda s: s.is_at("step", "high"),
    "A moderate start": lambda s: 0.1 < s.start < 1,
    "schedule_.*Too small": lambda s: s.start == s.end < 0.1,
    "No momentum": lambda s: s.momentum == 0,
    "at the edge": lambda s: s.rate == 0.08,
    "Too much": lambda s: s.is_at("momentum", "high"),
    "only momentum bears": lambda s: 0.08 < s.rate < 0.16 and s.momentum > 0,
    "Half of": lambda s: s.scale == 0.5,
    "One layer": lambda s: s.layers == 1,
    rf"(?i): {COUNT} units": lambda s, n: s.units == n,
    "Too bold": lambda s: s.rate > 1,
}

DEMOS = named(Demo)


def judged(name: str, known: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each preset of a demo that something is known of, and whether it is so.

    The same words mean something else where there is no such control.
    """
    for preset, changes in DEMOS[name].presets.items():
        shown = Shown(DEMOS[name], changes)
        for holds, figures in sayings(f"{name}: {preset}", known):
            with contextlib.suppress(AttributeError):
                yield preset, bool(np.all(holds(shown, *figures)))


@pytest.mark.parametrize("name", DEMOS)
def test_a_preset_is_what_its_name_says(name: str) -> None:
    wrong = [preset for preset, holds in judged(name, PRESETS) if not holds]
    assert not wrong, f"what is shown is not what these presets are called: {wrong}"


@pytest.mark.parametrize("pattern", PRESETS)
def test_every_preset_is_met(pattern: str) -> None:
    assert any(list(judged(name, {pattern: PRESETS[pattern]})) for name in DEMOS)


# --- ticks -------------------------------------------------------------------------------------------

UNEVEN = {  # axes whose ticks are chosen one by one
    "activation_derivatives.deep_demo x": "the second is one over the root of the width",
    "logsumexp_versus_max.stream_demo y": "nothing, one, half of them, all",
    "numeric_instability.break_demo y": "the limits of a number format",
    "numeric_instability.digits_demo y": "numbers of digits, in words",
    "numeric_instability.microscope_demo x": "the last is near the largest float32",
    "softmax.attention_demo x": "powers of two: 1, 4 and 8",
    "temperature.knob_demo x": "round numbers",
    "temperature.knob_demo y": "the last is log 4",
    "temperature.square_demo y": "where 10 % and 90 % are",
    "training_a_classifier.film_demo x": "frames, named by their squares",
}


@pytest.mark.parametrize("name", DEMOS)
def test_ticks_stand_at_even_steps(name: str) -> None:
    for panel in itertools.chain.from_iterable(DEMOS[name].at().panels):
        for side, axis in (("x", panel.x), ("y", panel.y)):
            ticks = np.array([*(axis.ticks or ())], dtype=float)
            ticks = np.log10(ticks) if axis.scale == "log" else ticks
            if len(ticks) > 1 and f"{name} {side}" not in UNEVEN:
                even = np.linspace(ticks[0], ticks[-1], len(ticks))
                why = f"{name} {side}: choose ticks at even steps, or list it in UNEVEN"
                np.testing.assert_allclose(ticks, even, atol=1e-9 * np.ptp(ticks), err_msg=why)


def test_every_exception_is_met() -> None:
    sides = {f"{name} {side}" for name in DEMOS for side in "xy"}
    controls = {f"{name} {control.name}" for name, demo in DEMOS.items() for control in demo.controls}
    unmet = [*(UNEVEN.keys() - sides), *(BETWEEN - controls)]
    assert not unmet, f"take what is not there out of UNEVEN and BETWEEN: {unmet}"


# --- notches -----------------------------------------------------------------------------------------

BETWEEN = {  # controls whose high end, or whose start, is a round number, or a given one, between two notches
    "activation_derivatives.saturation_demo weight_std",
    "linear_regions.explorer_demo half_width",
    "numeric_instability.digits_demo x",
    "temperature.cut_demo temperature",
    "temperature.writing_demo temperature",
    "training_a_classifier.ravine_demo rate",
    "training_a_classifier.schedule_demo end",
    "training_a_classifier.schedule_demo start",
}


def notches(control: Any, place: float) -> float:
    """How many steps lead from the low end to a place."""
    if isinstance(control, LogFloat):
        return math.log(place / control.low) / math.log(control.step)
    return float(place - control.low) / control.step


def off_notches(control: Any) -> Iterator[str]:
    """Say where a control starts or ends between two notches, or has few of them."""
    starts = (("start", place) for place in np.ravel(control.default))
    for word, place in [("high end", control.high), *starts]:
        count = notches(control, place)
        if abs(count - round(count)) > 1e-6:
            yield (
                f"its {word} {place:g} lies between two notches: change low, high, initial or step, "
                "or list it in BETWEEN"
            )
    if notches(control, control.high) < 10:
        yield "it has fewer than ten notches: make its step smaller"


@pytest.mark.parametrize("name", DEMOS)
def test_a_control_starts_and_ends_at_a_notch(name: str) -> None:
    controls = [
        one for one in DEMOS[name].controls if hasattr(one, "step") and f"{name} {one.name}" not in BETWEEN
    ]
    found = [f"{name}, {one.name}: {what}" for one in controls for what in off_notches(one)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("control", "found"),
    [
        (Float("z", "z", low=0, high=5, initial=1, step=0.1), []),
        (Float("z", "z", low=0, high=5, initial=1.05, step=0.1), ["start 1.05"]),
        (Float("z", "z", low=0, high=5, initial=1, step=1), ["fewer than ten"]),
        (LogFloat("T", "T", low=0.1, high=10, initial=1, step=10**0.1), []),
        (LogFloat("T", "T", low=0.1, high=9, initial=1.1, step=10**0.1), ["high end 9", "start 1.1"]),
        (Vector("z", "z", entries=("a", "b"), low=0, high=5, initial=(1, 2.34), step=0.1), ["start 2.34"]),
    ],
)
def test_a_control_between_two_notches_is_named(control: Any, found: list[str]) -> None:
    said = [*off_notches(control)]
    assert len(said) == len(found)
    assert all(part in sentence for part, sentence in zip(found, said, strict=True))
