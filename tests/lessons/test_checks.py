"""What the label of a shown check says is true of its arguments.

Each part of a label, between commas and colons, is read by a rule of `SAYS`. Else any input that the contract
allows would do there: a right function passes all of them, and a wrong one meets many more.
"""

from __future__ import annotations

import copy
import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from attempts import allows, declared
from discovery import named

from course_utils.notebook_files import find_notebooks, read_notebook
from course_utils.teaching import Check, Exercise
from course_utils.teaching.exercise import run

EXERCISES = named(Exercise)
ALLOWS = dict(allows())
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
NUMBERS = dict(zip(WORDS, range(9), strict=True)) | {"ten": 10, "twenty": 20, "fifty": 50, "a hundred": 100}
N = rf"({'|'.join(NUMBERS)})"
TINY, EPSILON, VANISHES = np.finfo(float).tiny, np.finfo(float).eps, 745.2  # exp(-VANISHES) is 0

Facts = dict[str, Any]


def exp(x: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.exp(x)


def shares(z: Any, temperature: float = 1) -> Any:
    """What floats make of softmax: 0 where a class is hopeless."""
    e = exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def of_the_true(p: Any, y: Any) -> Any:
    return p[np.arange(len(y)), y]


def lead(z: Any) -> Any:
    """How far the largest is above the next."""
    return np.sort(z)[-1] - np.sort(z)[-2]


def hidden(x: Any, weights: Any, biases: Any) -> Any:
    return x @ weights[0].T + biases[0]


def logits(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2


def crossing(W: Any, b: Any) -> Any:
    return np.linalg.solve(W[:2], -b[:2])


def meet(W: Any, b: Any, half: float) -> Any:
    """Which lines meet the window."""
    return np.abs(b) < half * np.abs(W).sum(axis=1)


def swings(values: Any) -> bool:
    return bool((np.diff(values) > 0).any() and (np.diff(values) < 0).any())


# Words of a label, and what they say: of the arguments by their names, of the `first` of them as an array, of
# what is `right` (None where that is an error), of the numbers `n` and `m` in these words, of the check
# `before`, and of the `call`. `limits` tells whether the contract allows no larger ones; `page` is the
# notebook above the exercise. Several rules may have the same words: those hold whose names are there.
SAYS: list[tuple[str, Callable[..., Any]]] = [
    # sizes
    (rf"^{N} (equal )?scores?", lambda z, n: z.size == n),
    (
        rf"{N} equal|^equal (scores|logits|numbers|ones)|^a tie of|times 0.1",
        lambda first: np.ptp(first) == 0 and first.size > 1,
    ),
    (rf"^a tie of {N}|^{N} times 0.1|^{N} equal", lambda first, n: first.size == n),
    (r"times 0.1", lambda p: (p == 0.1).all()),
    (rf"^{N} (?:class|number)(?: only)?$", lambda first, n: first.shape[-1] == n),
    (rf"^{N} examples?( of| is|$)", lambda first, n: len(first) == n),
    (rf"^a batch of {N}", lambda first, n: len(first) == n and first.ndim == 2),
    (rf"^a batch of {N}", lambda batch_size, n: batch_size == n),
    (rf"{N} classes", lambda z, n: z.shape[-1] == n),
    (rf"{N} classes", lambda p, n: p.shape[-1] == n),
    (rf"{N} classes", lambda b2, n: len(b2) == n),
    (rf"{N} classes", lambda Y, n: Y.shape[-1] == n),
    (r"^as many examples as classes", lambda first: first.shape[0] == first.shape[1]),
    (r"^one vector", lambda z: z.ndim == 1),
    (r"^(steps in )?a table|each row of a batch|^a weight matrix", lambda first: min(first.shape) > 1),
    (rf"^{N} dimensions", lambda z, n: z.ndim == n),
    (r"^an array without axes|^a single step", lambda first: first.ndim == 0),
    (r"^nothing$", lambda x: x.size == 0),
    (r"square batch", lambda z: z.ndim == 2 and z.shape[0] == z.shape[1]),
    (r"^another", lambda z, before: not np.array_equal(z, before["z"])),
    # kinds of numbers
    (r"^integers?( logits)?$", lambda z: z.dtype.kind == "i"),
    (r"^integers for v", lambda v: v.dtype.kind == "i"),
    (r"^an integer temperature", lambda temperature: isinstance(temperature, int)),
    (r"^ordinary", lambda first: (np.abs(first) < 10).all() and np.ptp(first) > 1),
    (r"^ordinary", lambda x: x.min() < 0 < x.max()),
    (r"^(all scores )?negative( scores)?", lambda z: (z < 0).all()),
    (r"scores near the upper limit", lambda z, limits: z.max() > 0 and limits(z[z == z.max()])),
    (r"scores near the lower limit", lambda z, limits: z.min() < 0 and limits(z[z == z.min()])),
    (r"all .* near the lower limit", lambda z, limits: z.min() < 0 and limits(z[z == z.max()])),
    (r"near the limits?$|of any size", lambda z, limits: limits(z)),
    (r"author's own batch", lambda z, page: str(z.tolist()) in page),
    # far from 0, and far from each other
    (r"around (−?\d+)", lambda first, n: (np.abs(first - n) <= 2).all()),
    (r"around (−?\d+)", lambda m1, m2, n: max(abs(m1 - n), abs(m2 - n)) <= 2),
    (r"^large (scores|logits)$", lambda z: np.isinf(exp(np.abs(z))).all()),
    (
        r"^large logits$",
        lambda X, W1, b1, W2, b2: np.isinf(exp(logits(X, W1, b1, W2, b2))).any(),
    ),
    (r"^large logits$", lambda z, labels: np.isinf(exp(z)).all()),
    (r"^small difference", lambda z: 0 < np.ptp(z) < 5),
    (r"^(large|very) negative", lambda z: (exp(z) == 0).all()),
    (r"^large ones of both signs", lambda z: np.isinf(exp(z)).any() and (exp(z) == 0).any()),
    (r"^all far below zero", lambda m1, m2: exp(m1) == exp(m2) == 0),
    (
        r"^logits far below 0",
        lambda X, W1, b1, W2, b2: (exp(logits(X, W1, b1, W2, b2).max(axis=1)) < TINY / EPSILON).any(),
    ),
    (r"beyond the reach of np.exp", lambda z, i, j: np.isinf(exp(z[[i, j]])).all()),
    (r"λ·z too large", lambda z, inverse_temperature: abs(z).max() > 1e308 / inverse_temperature),
    (r"of a size that overflows", lambda z: np.isinf(exp(z)).all()),
    (r"^large v", lambda v: np.abs(v).max() > 100),
    (r"^far out$", lambda first: np.abs(first).min() > 10),
    (r"^far out on the right", lambda x: np.isinf(exp(x)).all()),
    (r"^far out on the left", lambda x: np.isinf(exp(-x)).all()),
    (r"^near 0", lambda x: (np.abs(x) < 0.1).all()),
    (r"^between (\d+) and (\d+)", lambda x, n, m: ((n < x) & (x < m)).all()),
    (r"^everything in one array", lambda x: (exp(x) < 1e-300).any() and (exp(x) > 1e300).any()),
    (r"^far apart", lambda z, inverse_temperature: inverse_temperature * np.ptp(z) > VANISHES),
    (r"^far apart", lambda m1, m2: abs(m1 - m2) > VANISHES),
    (r"^far apart", lambda z, temperature: np.ptp(z) > VANISHES > np.ptp(z) / temperature),
    (r"^far apart", lambda z, y: (np.ptp(z, axis=1) > 100).any()),
    (r"^but hot", lambda z, temperature: temperature > 10),
    (r"rows .*far apart|rows of very different size", lambda z: np.ptp(z.max(axis=1)) > VANISHES),
    (rf"^{N} of them", lambda z, n: len(z) == n),
    (r"^one far ahead", lambda z: lead(z) > VANISHES),
    (r"^a wide range", lambda z: np.ptp(z) > VANISHES > np.abs(z).max() and np.diff(z).max() < 2e2),
    (r"new maximum far above", lambda stream: np.diff(np.maximum.accumulate(stream)).max() > VANISHES),
    (r"^the largest is negative", lambda z: z.max() < 0),
    (r"by its absolute value the smallest", lambda z: abs(z.max()) == abs(z).min() and len(z) > 1),
    # what becomes of them
    (r"^hopeless", lambda z, labels: (of_the_true(shares(z), labels) == 0).any()),
    (r"true class rounds to 0", lambda z, labels: (of_the_true(shares(z), labels) == 0).any()),
    (r"a hopeless class", lambda z: (shares(z) == 0).any()),
    (r"a class that is hard to see", lambda z: shares(z).min() < EPSILON),
    (r"but not hopeless", lambda z: shares(z).min() > TINY),
    (r"^small (probabilities|results) keep", lambda right: 0 < right.min() < 1e-8),
    (r"^small results", lambda right: right.max() < 1e-8),
    (r"^log-probabilities", lambda z: np.isclose(exp(z).sum(), 1)),
    (r"the answer is near 0", lambda right: abs(right) < EPSILON),
    # axes
    (r"axis not given", lambda call: len(call.arguments) == 1 and not call.keywords),
    (r"given without its name", lambda call: len(call.arguments) == 2),
    (r"^down the columns|first axis", lambda z, axis: axis == 0 and z.ndim == 2),
    (r"last axis", lambda z, axis: axis in (-1, z.ndim - 1)),
    (r"middle axis", lambda z, axis: 0 < axis < z.ndim - 1),
    (r"axis counted from the end", lambda axis: axis < -1),
    # which classes
    (r"^a favorite against an outsider", lambda z, i, j: (i, j) == (z.argmax(), z.argmin())),
    (
        r"the other way round",
        lambda z, i, j, before: (i, j) == (before["j"], before["i"]) and np.array_equal(z, before["z"]),
    ),
    (r"against itself", lambda i, j: i == j),
    (r"nearly even", lambda i, j, right: i != j and 1 < right < 1.2),
    (rf"^{N} hopeless classes", lambda z, i, j: i != j and (shares(z)[[i, j]] < 1e-99).all()),
    (r"a third class far ahead", lambda z, i, j: i != j and z.max() - z[[i, j]].max() > VANISHES),
    (r"that a float barely holds", lambda z, i, j: exp(-745) < min(shares(z)[[i, j]]) < TINY),
    (r"^(\d+) apart", lambda z, i, j, n: abs(z[i] - z[j]) == n),
    (
        r"the last classes do not occur",
        lambda z, labels: labels.max() < z.shape[1] - 2,
    ),
    # λ and T
    (r"^λ = (.*)", lambda inverse_temperature, n: inverse_temperature == n),
    (r"the mean$", lambda z, right: right == z.mean()),
    (r"the correction to the mean counts", lambda z, right: not np.isclose(right, z.mean(), rtol=1e-5)),
    (r"a soft minimum", lambda z, right: right < z.mean()),
    (r"negative λ", lambda inverse_temperature: inverse_temperature < 0),
    (r"^the same", lambda z, before: np.array_equal(z, before["z"])),
    (r"^sharper", lambda inverse_temperature, before: inverse_temperature > before["inverse_temperature"]),
    (r"^smoother", lambda inverse_temperature, before: inverse_temperature < before["inverse_temperature"]),
    (r"very smooth", lambda z, inverse_temperature: inverse_temperature * np.ptp(z) < 0.1),
    (r"very sharp", lambda z, inverse_temperature: inverse_temperature * lead(z) > VANISHES),
    (r"one score is its own", lambda z, right: z.size == 1 and np.isclose(right, z[0])),
    (r"T = (\d)", lambda temperature, n: temperature == n),
    (r"^twice as hot", lambda temperature: temperature == 2),
    (r"ten times colder", lambda temperature: temperature == 0.1),
    (r"very cold", lambda z, temperature: shares(z, temperature).min() == 0 or temperature < 0.05),
    (r"is refused", lambda right: right is None),
    (r"a negative T", lambda temperature: -np.inf < temperature < 0),
    (r"an infinite T", lambda temperature: temperature == np.inf),
    (r"T that is not a number", lambda temperature: np.isnan(temperature)),
    # a temperature that fits
    (r"overconfident", lambda right: right > 1.1),
    (r"wildly", lambda right: right > 5),
    (r"underconfident", lambda right: right < 0.9),
    (r"just right", lambda right: abs(right - 1) < 0.1),
    (r"between the tenths", lambda right: abs(10 * right - np.round(10 * right)) > 0.1),
    (r"rounded probabilities are 0", lambda z, y: (of_the_true(shares(z, 0.05), y) == 0).any()),
    (r"at every T", lambda z, y: (of_the_true(shares(z, 20), y) == 0).all()),
    (r"by a mile|^always wrong", lambda z, y: (z.argmax(axis=1) != y).all()),
    (r"^always right", lambda z, y: (z.argmax(axis=1) == y).all()),
    (r"the (coldest|hottest) is best", lambda right: right in (pytest.approx(0.05), pytest.approx(20))),
    # top-p
    (r"kept$", lambda p, right: set(right) == set(range(len(p))) or np.ptp(p) == 0),
    (r"(everything|all) (is )?kept", lambda top_p: top_p == 1),
    (rf"the {N} most probable", lambda p, right, n: set(right) == set(np.argsort(p)[-n:])),
    (rf"{N} of {N}", lambda p, right, n, m: (len(set(right)), len(p)) == (n, m)),
    (r"only the winner", lambda p, right: set(right) == {p.argmax()}),
    (r"met exactly", lambda p, top_p: top_p in np.cumsum(np.sort(p)[::-1])[:-1]),
    (r"ends of intervals", lambda p, u: {*u} >= {*(np.cumsum(p) - p)}),
    (r"the first are kept", lambda p, right: set(right) == set(range(max(right) + 1)) != set(range(len(p)))),
    (r"a u just below 1", lambda u: 1 > u.max() == np.nextafter(1, 0)),
    (r"the last class was cut", lambda p, u, right: max(right) < len(p) - 1 and u.max() > 1 - EPSILON),
    (r"an impossible first class", lambda p, u: p[0] == 0 == u[0]),
    # backward
    (r"v is the slope", lambda p, v: np.array_equal(v[:, 0], -1 / p[:, 0]) and not v[:, 1:].any()),
    (r"the same v for all classes", lambda v: (np.ptp(v, axis=1) == 0).all() and v.all()),
    (r"nothing moves", lambda right: np.abs(right).max() < 1e-12),
    (r"p of exactly 0 and 1", lambda p: set(p.ravel()) == {0, 1}),
    (r"as many inputs as units", lambda X, W1, W2: W1.shape == W2.shape == (X.shape[1],) * 2),
    (r"a unit exactly at its kink", lambda X, W1, b1: (X @ W1.T + b1 == 0).any()),
    # networks and their lines
    (r"^the (shallow|deep) network", lambda widths, page: "-".join(map(str, widths)) in page),
    (r"several outputs", lambda widths: widths[-1] > 1),
    (r"^no hidden layer", lambda widths: len(widths) == 2),
    (r"^one input", lambda widths: widths[0] == 1),
    (r"^one input", lambda fan_in: fan_in == 1),
    (r"^growing and shrinking", lambda widths: swings(widths)),
    (r"^(few|many) inputs", lambda fan_in, fan_out: max(fan_in, fan_out) > 100 * min(fan_in, fan_out)),
    (r"as many in as out", lambda fan_in, fan_out: fan_in == fan_out),
    (r"^(\d+) inputs", lambda fan_in, n, page: fan_in == n and f"{fan_in} " in page),
    (r"^(\d+) units", lambda fan_out, n: fan_out == n),
    (r"the next layer", lambda fan_in, before: fan_in == before["fan_out"]),
    (rf"^{N} hidden layers?", lambda weights, n: len(weights) == n + 1),
    (rf"^{N} layer only", lambda weights, n: len(weights) == n),
    (r"so no ReLU", lambda weights: len(weights) == 1),
    (r"square layers", lambda weights: all(W.shape[0] == W.shape[1] for W in weights)),
    (r"a wrong transpose goes unnoticed", lambda x, weights: x.shape[1] == weights[0].shape[0]),
    (rf"{N} inputs", lambda first, n: first.shape[1] == n),
    (rf"{N} outputs", lambda biases, n: len(biases[-1]) == n),
    (r"a grid of points", lambda x: len(x) == np.prod([len(set(column)) for column in x.T]) > len(x[0])),
    (
        r"points on a unit's line",
        lambda x, weights, biases: (hidden(x, weights, biases) == 0).any(axis=1).all(),
    ),
    (rf"^{N} lines?", lambda b, n: len(b) == n),
    (r"a wide window", lambda b, right: right == 1 + len(b) + len(b) * (len(b) - 1) // 2),
    (r"a narrow window", lambda b, half, right, before: half < before["half"] and right < before["right"]),
    (r"that some lines miss", lambda W, b, half: 0 < meet(W, b, half).sum() < len(b)),
    (r"through the window", lambda right: right == 2),
    (r"that misses it", lambda right: right == 1),
    (r"in a corner of the square", lambda W, b, half: (np.abs(crossing(W, b)) < half).all()),
    (r"outside the circle", lambda W, b, half: np.linalg.norm(crossing(W, b)) > half),
    (
        r"that cross outside",
        lambda W, b, half: meet(W, b, half).all() and (np.abs(crossing(W, b)) > half).any(),
    ),
    (
        r"cuts off one corner",
        lambda W, b, half: (
            np.sum([[1, 1], [1, -1], [-1, 1], [-1, -1]] @ W.T * half + b > 0, axis=0) % 2 == 1
        ).any(),
    ),
    (rf"^{N} folds?", lambda depth, n: depth == n),
    (r"points as a column", lambda x: x.shape == (x.size, 1)),
    # slopes
    (r"1 − tanh² loses digits", lambda x, right: (abs(1 - np.tanh(x) ** 2 - right) > 1e-9 * right).any()),
    (r"1 − tanh² loses digits", lambda x: (1 - np.tanh(x) ** 2 > 0).all()),
    (r"1 − tanh² is 0", lambda x: (1 - np.tanh(x) ** 2 == 0).all()),
    (r"tiny slopes", lambda right: ((right > TINY) & (right < 1e-100)).all()),
    (r"^at 0", lambda x: (x == 0).all()),
    (r"where σ is 1/2", lambda x: (1 / (1 + np.exp(-x)) == 0.5).all()),
    (r"where SiLU is lowest", lambda right: (abs(right) < 1e-5).all()),
    (r"where the slope exceeds 1", lambda right: (right > 1).all()),
    # one pass
    (r"^rising|changes at every number", lambda stream: (np.diff(stream) > 0).all()),
    (r"^falling|it never changes", lambda stream: (np.diff(stream) < 0).all()),
    (r"^up and down", lambda stream: swings(stream)),
    (r"the second half is higher", lambda m1, m2: m1 < m2),
    (r"the first half is higher", lambda m1, m2: m1 > m2),
    (r"equal maxima", lambda m1, m2: m1 == m2),
    (r"the second half is empty", lambda m2, s2: (m2, s2) == (-np.inf, 0)),
    (r"the first half is empty", lambda m1, s1: (m1, s1) == (-np.inf, 0)),
    # training
    (rf"^{N} steps?$", lambda t, steps, n: steps == n),
    (r"^one step|^one step only", lambda steps: steps == 1),
    (r"^no step at all", lambda steps: steps == 0),
    (r"in another order", lambda order: swings(order)),
    (rf"{N} pictures after {N} steps", lambda X, steps, n, m: (len(X), steps) == (n, m)),
    (r"the second step starts", lambda X, steps, batch_size: steps == 2 and len(X) > batch_size),
    (r"a rate that falls", lambda start, end, steps: start > end and steps > 1),
    (r"one example in each step", lambda batch_size: batch_size == 1),
    (rf"^{N} rounds", lambda X, steps, batch_size, n: steps * batch_size == n * len(X)),
    (r"from the first step to the last", lambda t, steps: np.array_equal(t, range(steps + 1))),
    (r"after step N", lambda t, steps: t.min() >= steps and t.max() > steps),
    (r"^warm-up|the end is above the start", lambda start, end: start < end),
    (r"a rate that stays", lambda start, end: start == end),
    (r"an end at zero", lambda end: end == 0),
    (rf"over {N} decades", lambda start, end, n: np.isclose(start, end * 10**n)),
    # momentum
    (r"already moving", lambda velocity, gradient: velocity.all() and gradient.all()),
    (r"^the first step$|no velocity yet", lambda velocity, gradient: not velocity.any() and gradient.all()),
    (r"where the gradient is zero", lambda velocity, gradient: velocity.all() and not gradient.any()),
    (r"without momentum", lambda velocity, momentum: momentum == 0 and velocity.all()),
    (r"at the final velocity", lambda velocity, right: np.allclose(velocity, right)),
    (r"(\d+) times the gradient", lambda velocity, gradient, n: np.array_equal(velocity, n * gradient)),
    (
        r"the largest velocity",
        lambda velocity, gradient, momentum: np.allclose(np.abs(velocity), np.abs(gradient) / (1 - momentum)),
    ),
    (r"for μ = (.*)", lambda momentum, n: momentum == n),
]


def facts_of(name: str) -> Iterator[tuple[Check, Facts]]:
    """Each check of an exercise with all that a rule may ask for."""
    exercise = EXERCISES[name]
    before: Facts = {}
    lesson = name.partition(".")[0]
    (path,) = (path for path in find_notebooks() if path.stem.endswith(lesson))
    page = "\n".join(cell["source"] for cell in read_notebook(path.read_bytes())["cells"])
    page = page.partition(f"lesson.{name.partition('.')[2]}")[0]
    for call in exercise.checks:
        arguments, keywords = copy.deepcopy((call.arguments, dict(call.keywords)))
        bound = inspect.signature(exercise._solution).bind(*arguments, **keywords)
        bound.apply_defaults()
        facts = dict(bound.arguments)
        if "stream" in facts:
            facts["stream"] = np.array(list(facts["stream"]))
        facts["first"] = np.asarray(next(iter(facts.values())))
        right = run(exercise._solution, call).numbers
        facts |= {"call": call, "page": page, "before": before, "right": right}
        facts["limits"] = functools.partial(is_limit, name, bound.args[1:])
        yield call, facts
        before = facts


def is_limit(name: str, others: tuple[Any, ...], z: Any) -> bool:
    """Whether the contract allows no larger ones."""
    return not ALLOWS[name](1.02 * z, *others)


def number(written: str) -> float:
    return NUMBERS[written] if written in NUMBERS else float(written.replace("−", "-"))


def sayings(part: str, facts: Facts, own: Mapping[str, Callable[..., Any]]) -> Iterator[tuple[str, bool]]:
    """Each rule that reads a part of a label, of all exercises or its own, and whether it is right."""
    for words, says in [*SAYS, *own.items()]:
        if found := re.search(words, part):
            numbers = [number(written) for written in found.groups() if written and is_number(written)]
            known = facts | dict(zip(("n", "m"), numbers, strict=False))
            wanted = inspect.signature(says).parameters
            if wanted.keys() <= known.keys():
                yield words, bool(says(**{name: known[name] for name in wanted}))


def is_number(written: str) -> bool:
    return written in NUMBERS or re.fullmatch(r"−?[\d.]+(e−?\d+)?", written) is not None


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in EXERCISES])
def test_a_label_says_what_is_asked(name: str) -> None:
    own = dict(declared("SAYS")).get(name, {})
    where = f"SAYS of tests/lessons/attempts/{name.partition('.')[0]}.py"
    for call, facts in facts_of(name):
        for part in re.split("[,:] ", call.label):
            told = list(sayings(part, facts, own))
            assert told, f"{call.label!r}: say in code what {part!r} means, in {where}"
            wrong = [words for words, true in told if not true]
            assert not wrong, f"{call.label!r} is not what is asked: {wrong}"
