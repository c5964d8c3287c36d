"""How a returned result may hang together with the right one.

Each relation is a sentence and a prediction. `of_results` lists them in the order of plainness in which they
are tried: what is simplest to say, and to mend, comes first.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import sequence_in
from course_utils.teaching.exercise.judging import close
from course_utils.teaching.text import format_number

Array = np.ndarray
Change = Callable[[Array, Mapping[str, Any]], Any]  # of a right result, given the arguments by name


@dataclass(frozen=True)
class Relation:
    """What was returned, as a function of what is right. The text goes on after "your result is"."""

    key: str
    text: str
    change: Change


@dataclass(frozen=True)
class Near:
    """How near a result must be to its prediction: a relation is one of formulas, not of last digits.

    Parameters
    ----------
    rtol, atol : float
        The contract's tolerances.
    """

    rtol: float = 0.0
    atol: float = 0.0

    def agrees(self, prediction: Array | None, got: Array, right: Array | None = None) -> bool:
        """Compare a result with its prediction. What cancels in the right result counts as rounding."""
        if prediction is None or prediction.shape != got.shape:
            return False
        sizes = [np.abs(part).max() for part in (prediction, right) if part is not None and part.size]
        size = max((float(size) for size in sizes if np.isfinite(size)), default=0.0)
        return bool(close(got, prediction, max(1e-7, self.rtol), max(self.atol, 1e-12 * size)).all())


# --- of results ------------------------------------------------------------------------------------


def _fixed(key: str, text: str, change: Callable[[Array], Any]) -> Relation:
    return Relation(key, text, lambda right, _: change(right))


def _of_entries(key: str, text: str, change: Callable[[Array], Any]) -> Relation:
    """Relate the entries of a result to each other: of a single number alone all of this would be trivial."""

    def changed(right: Array, _: Mapping[str, Any]) -> Any:
        if not right.ndim:
            raise ValueError("a single number has no entries")
        return change(right)

    return Relation(key, text, changed)


def _first_few(count: int) -> Relation:
    return _fixed("first few", f"only the first {count} entries of the right one", lambda r: r[..., :count])


def _decimals(count: int) -> Relation:
    return _fixed("rounded", f"the right one, rounded to {count} decimals", lambda r: np.round(r, count))


PLAIN = [
    _fixed("sign", "the right one with its sign turned around", np.negative),
    _fixed("absolute", "the right one without its signs (its absolute value)", np.abs),
    _fixed("transposed", "the right one transposed: rows and columns are swapped", np.transpose),
    _fixed("reversed", "the right one in reversed order (along the last axis)", lambda r: r[..., ::-1]),
    _fixed("reversed", "the right one with its rows in reversed order", lambda r: r[::-1]),
    _fixed(
        "sorted", "the right one, sorted: each number must stay at its place", lambda r: np.sort(r, axis=-1)
    ),
    _fixed(
        "sorted", "the right one, sorted: each number must stay at its place", lambda r: -np.sort(-r, axis=-1)
    ),
    _fixed(
        "one entry",
        "right, but as an array (or list) of one entry where one number is due: return the number itself",
        np.atleast_1d,
    ),
    _fixed("flat", "right, but all in one row: the shape has been lost", np.ravel),
    _fixed("flat", "right, but laid out column by column", lambda r: np.ravel(r, order="F")),
    _fixed("squeezed", "right, but axes of length 1 have been dropped (did you `squeeze`?)", np.squeeze),
    _fixed(
        "axis added", "right, but with an axis of length 1 too many at its end", lambda r: r[..., np.newaxis]
    ),
    _fixed("axis added", "right, but with an axis of length 1 too many in front", lambda r: r[np.newaxis]),
    _fixed("first row", "only the first row (or entry) of the right one", lambda r: r[0]),
    _fixed("first row", "only the first row (or entry) of the right one", lambda r: r[:1]),
    _fixed("last row", "only the last row (or entry) of the right one", lambda r: r[-1]),
    _fixed("without first", "the right one without its first row (or entry)", lambda r: r[1:]),
    _fixed("without last", "the right one without its last row (or entry)", lambda r: r[:-1]),
    *map(_first_few, (2, 3, 4, 5, 10)),
    _fixed("sum", "the sum of all numbers that should be returned", np.sum),
    _fixed("sum", "the right one, added up along its rows", lambda r: r.sum(axis=-1)),
    _fixed("sum", "the right one, added up over its rows", lambda r: r.sum(axis=0)),
    _fixed("mean", "the mean of all numbers that should be returned", np.mean),
    _fixed("mean", "the mean of the right one over its rows", lambda r: r.mean(axis=0)),
    _fixed("mean", "the mean of the right one along its rows", lambda r: r.mean(axis=-1)),
    _fixed("largest", "only the largest of the numbers that should be returned", np.max),
    _fixed("smallest", "only the smallest of the numbers that should be returned", np.min),
    _fixed("running sum", "the running sum of the right one", lambda r: np.cumsum(r, axis=-1)),
    _fixed(
        "running sum",
        "the right one divided by its running sum: each entry knows only those before it",
        lambda r: r / np.cumsum(r, axis=-1),
    ),
    _of_entries(
        "truth values",
        "1 for the (first) largest of the right one, else 0",
        lambda r: np.eye(r.shape[-1])[np.argmax(r, axis=-1)],
    ),
    _of_entries(
        "truth values",
        "1 where the right one is its largest, else 0",
        lambda r: r == r.max(axis=-1, keepdims=True),
    ),
    _of_entries("place", "the *place* of the largest, not its value", lambda r: np.argmax(r, axis=-1)),
    _fixed("complement", "1 minus the right one", lambda r: 1 - r),
    _fixed("reciprocal", "1 divided by the right one", lambda r: 1 / r),
    _fixed("logarithm", "the logarithm of the right one", np.log),
    _fixed("logarithm", "minus the logarithm of the right one", lambda r: -np.log(r)),
    _fixed("logarithm", "the base-2 logarithm of the right one", np.log2),
    _fixed("logarithm", "the base-10 logarithm of the right one", np.log10),
    _fixed("exponential", "e to the power of the right one", np.exp),
    _fixed("exponential", "e to the power of minus the right one", lambda r: np.exp(-r)),
    _fixed("square", "the square of the right one", np.square),
    _fixed("root", "the square root of the right one", np.sqrt),
    _of_entries("share", "the right one divided by its own sum", lambda r: r / r.sum()),
    _of_entries(
        "share", "the right one divided by its largest entry", lambda r: r / r.max(axis=-1, keepdims=True)
    ),
    _of_entries(
        "share",
        "the right one divided by its length (the root of its sum of squares)",
        lambda r: r / np.linalg.norm(r),
    ),
    _of_entries(
        "shifted", "the right one minus its largest entry", lambda r: r - r.max(axis=-1, keepdims=True)
    ),
    _of_entries("shifted", "the right one minus its mean", lambda r: r - r.mean(axis=-1, keepdims=True)),
    _fixed("whole", "the right one, cut to whole numbers", np.trunc),
    _fixed("whole", "the right one, rounded down to whole numbers", np.floor),
    _fixed("whole", "the right one, rounded up to whole numbers", np.ceil),
    *map(_decimals, range(13)),
]

SHORT = (
    "sign",
    "transposed",
    "reversed",
    "sum",
    "mean",
    "complement",
    "reciprocal",
    "logarithm",
    "exponential",
)

CONSTANTS = {
    "2": 2.0,
    "½": 0.5,
    "10": 10.0,
    "100": 100.0,
    "1/ln 2 ≈ 1.443 (a logarithm of base 2 where it should be natural)": 1 / math.log(2),
    "ln 2 ≈ 0.693 (another base has been mixed in)": math.log(2),
    "1/ln 10 ≈ 0.434 (a logarithm of base 10 where it should be natural)": 1 / math.log(10),
    "ln 10 ≈ 2.303 (another base has been mixed in)": math.log(10),
}
EXPONENTS = {
    "ln 2 ≈ 0.693: a power of 2 stands where a power of e belongs": math.log(2),
    "ln 10 ≈ 2.303: a power of 10 stands where a power of e belongs": math.log(10),
}


def of_results(
    right: Array, got: Array, arguments: Mapping[str, Any], near: Near, short: bool = False
) -> Iterator[Relation]:
    """List the relations that hold for one call, the plainest first; ``short`` leaves out quantities."""
    candidates = itertools.chain(
        (relation for relation in PLAIN if relation.key in SHORT) if short else PLAIN,
        map(_along_axis, PLAIN) if "axis" in arguments and not short else (),
        with_constants(right, got),
        () if short else _with_quantities(right, got, arguments),
        limits(right, got),
        offset_in(right, got, lost=True),
    )
    for relation in candidates:
        if near.agrees(predicted(relation.change, right, arguments), got, right):
            yield relation


def predicted(change: Change, right: Array, arguments: Mapping[str, Any]) -> Array | None:
    """Apply a relation; None where it makes no sense."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(change(right, arguments), dtype=float)
    except (ValueError, IndexError, TypeError, ArithmeticError, KeyError, AttributeError):
        return None


def _along_axis(relation: Relation) -> Relation:
    """Read what a relation calls a row along the axis that the call names."""

    def change(right: Array, arguments: Mapping[str, Any]) -> Any:
        axis = arguments["axis"]
        return np.moveaxis(np.asarray(relation.change(np.moveaxis(right, axis, -1), arguments)), -1, axis)

    return replace(relation, change=change)


# --- constants -------------------------------------------------------------------------------------


LEAST_FACTOR = 1e-12  # away from 1: what is nearer changes nothing
LOST = 1e-15  # an offset below does not show in results around 1: it may be a floor beneath tiny ones


def with_constants(right: Array, got: Array) -> Iterator[Relation]:
    """Read a constant factor, offset or exponent from one result."""
    if got.shape != right.shape or not right.size:
        return
    with np.errstate(all="ignore"):
        factor = middle(got / right)
        exponent = middle(np.log(got) / np.log(right))
    if factor and abs(factor - 1) > LEAST_FACTOR:
        yield Relation("factor", f"always {named(factor)} times the right one", lambda r, _: factor * r)
    yield from offset_in(right, got, lost=False)
    if 0.01 < abs(exponent) < 100 and abs(exponent - 1) > LEAST_FACTOR:
        yield Relation(
            "power", f"the right one to the power of {named(exponent, EXPONENTS)}", lambda r, _: r**exponent
        )


def offset_in(right: Array, got: Array, lost: bool) -> Iterator[Relation]:
    """Read what is added, if it shows in results around 1, or if it is ``lost`` there."""
    if got.shape != right.shape or not right.size:
        return
    with np.errstate(all="ignore"):
        offset = middle(got - right)
    if offset and lost == (abs(offset) < LOST):
        away = "too large" if offset > 0 else "too small"
        yield Relation(
            "offset", f"always {away} by exactly {format_number(abs(offset), 6)}", lambda r, _: r + offset
        )


def middle(values: Array) -> float:
    """Return the median of what is finite; 0 if there is nothing."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else 0.0


def named(value: float, names: Mapping[str, float] = CONSTANTS) -> str:
    """Write a constant, with its name if it has one."""
    name = next((name for name, constant in names.items() if math.isclose(value, constant, rel_tol=1e-7)), "")
    return name or format_number(value, 6 if abs(value - 1) > 1e-4 else 13)


def limits(right: Array, got: Array) -> Iterator[Relation]:
    """Read a floor, a ceiling, or what was added before a logarithm, from one result."""
    if got.shape != right.shape or not right.size or not np.isfinite(got).all():
        return
    low, high = float(got.min()), float(got.max())
    yield Relation(
        "floor",
        f"the right one, but never below {format_number(low, 6)}: a floor or clip holds it up",
        lambda r, _: np.maximum(r, low),
    )
    yield Relation(
        "ceiling",
        f"the right one, but never above {format_number(high, 6)}: a limit or clip holds it down",
        lambda r, _: np.minimum(r, high),
    )
    with np.errstate(all="ignore"):
        extra = float(np.max(np.exp(got) - np.exp(right)))
    if 0 < extra < 1:
        epsilon = float(f"1e{round(math.log10(extra))}")
        if epsilon:
            yield Relation(
                "epsilon",
                f"what the right one becomes when {epsilon:g} is added before a logarithm",
                lambda r, _: np.log(np.exp(r) + epsilon),
            )


# --- quantities of the call ------------------------------------------------------------------------

Read = Callable[[Mapping[str, Any], Array], Any]  # a quantity, from the arguments and the right result


def _with_quantities(right: Array, got: Array, arguments: Mapping[str, Any]) -> Iterator[Relation]:
    """Combine the right result with every quantity that the call offers."""
    lengths = [
        (words.format(text), _of(f, read)) for text, read in amounts(arguments) for words, f in FUNCTIONS
    ]
    quotients = [
        (words.format(one, other), _quotient(f, read, read_other))
        for (one, read), (other, read_other) in itertools.permutations(amounts(arguments), 2)
        for words, f in QUOTIENTS
    ]
    statistics = list(statistics_of(arguments))
    exponentials = [(f"e to the power of {text}", _of(np.exp, read)) for text, read in statistics]
    for text, read in (*lengths, *quotients, *_arrays(arguments), *statistics, *exponentials):
        for words, combine in COMBINED[: -1 if text.startswith(NEVER_NEGATIVE) else None]:
            yield Relation("quantity", words.format(text), _combined(combine, read))
    for text, place in statistics:
        yield from _distances(right, got, text, place, lengths, arguments)


FUNCTIONS: list[tuple[str, Callable[[Any], Any]]] = [
    ("{}", lambda n: n),
    ("the logarithm of {}", np.log),
    ("the square of {}", lambda n: n * n),
    ("the square root of {}", np.sqrt),
    ("n/(n − 1), n being {}", lambda n: n / max(n - 1, 1)),
    ("n/(n + 1), n being {}", lambda n: n / (n + 1)),
]
QUOTIENTS: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("the quotient of {} and {}", lambda one, other: one / other),
    ("the logarithm of {} divided by {}", lambda one, other: np.log(one) / other),
]
COMBINED: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("the right one times {}", lambda r, x: r * x),
    ("the right one divided by {}", lambda r, x: r / x),
    ("the right one plus {}", lambda r, x: r + x),
    ("the right one minus {}", lambda r, x: r - x),
    ("{} minus the right one", lambda r, x: x - r),
    ("the right one times the sign of {}", lambda r, x: r * np.sign(x)),
]
NEVER_NEGATIVE = ("the square", "the number", "the length", "n/(n", "e to the power")  # they have no sign


def _of(function: Callable[[Any], Any], read: Read) -> Read:
    return lambda arguments, right: function(read(arguments, right))


def _quotient(function: Callable[[Any, Any], Any], one: Read, other: Read) -> Read:
    return lambda arguments, right: function(one(arguments, right), other(arguments, right))


def _combined(combine: Callable[[Any, Any], Any], read: Read) -> Change:
    return lambda right, arguments: combine(right, read(arguments, right))


def amounts(arguments: Mapping[str, Any]) -> list[tuple[str, Read]]:
    """Name every number that a call offers: lengths, and arguments that are numbers."""
    found: list[tuple[str, Read]] = []
    if "axis" in arguments:
        found.append(
            ("the number of entries along `axis`", lambda a, _: next(iter(a.values())).shape[a["axis"]])
        )
    for name, value in arguments.items():
        found += _amounts_of(name, value)
    return found


def _amounts_of(name: str, value: Any) -> list[tuple[str, Read]]:
    if isinstance(value, np.ndarray):
        if value.ndim < 2:
            return [(f"the number of entries of `{name}`", lambda a, _: a[name].shape[-1])] * value.ndim
        return [
            (f"the number of columns of `{name}`", lambda a, _: a[name].shape[-1]),
            (f"the number of rows of `{name}`", lambda a, _: len(a[name])),
            (f"the number of all entries of `{name}`", lambda a, _: a[name].size),
        ]
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return [(f"`{name}`", lambda a, _: float(a[name]))]
    inner = sequence_in(value)
    if inner is not None and not isinstance(inner[0], np.ndarray):
        return [(f"the length of `{name}`", lambda a, _: len(sequence_in(a[name])))]
    return []


def _arrays(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Read]]:
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
            yield f"`{name}`", _argument(name)


def _argument(name: str) -> Read:
    return lambda arguments, _: arguments[name]


def statistics_of(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Read]]:
    """Name the largest, smallest, mean and sum of each array, row by row where the results have rows."""
    words: dict[str, Callable[..., Any]] = {
        "largest": np.max,
        "smallest": np.min,
        "mean": np.mean,
        "sum": np.sum,
    }
    for name, argument in arguments.items():
        value = _values(argument)
        if value.ndim and value.size and value.dtype.kind in "iuf":
            for word, statistic in words.items():
                yield f"the {word} of `{name}`", _statistic(name, statistic)


def _values(argument: Any) -> Array:
    """Return an array, or the numbers in a list or in an object that holds one; nothing for anything else."""
    inner = sequence_in(argument)
    if inner is not None and isinstance(inner[0], int | float):
        return np.asarray(inner)
    return argument if isinstance(argument, np.ndarray) else np.empty(0)


def _statistic(name: str, statistic: Callable[..., Any]) -> Read:
    def read(arguments: Mapping[str, Any], right: Array) -> Any:
        values = _values(arguments[name])
        return (
            statistic(values, axis=-1, keepdims=right.ndim == values.ndim)
            if right.ndim
            else statistic(values)
        )

    return read


def _distances(
    right: Array,
    got: Array,
    text: str,
    place: Read,
    lengths: list[tuple[str, Read]],
    arguments: Mapping[str, Any],
) -> Iterator[Relation]:
    """List what may have happened to the distance from a largest, smallest or mean."""
    found = predicted(lambda r, a: middle((got - place(a, r)) / (r - place(a, r))), right, arguments)
    if found is None or not found:
        return
    factor = float(found)
    factors = [(f"{words} times as far", "", read) for words, read in lengths]
    if abs(factor - 1) > 1e-6:
        far = "as far" if abs(factor + 1) < 1e-6 else f"{named(abs(factor))} times as far"
        side = ", but on its other side" if factor < 0 else ""
        factors.insert(0, (far, side, lambda _, __: factor))
    for far, side, read in factors:
        yield Relation("distance", f"{far} from {text} as the right one{side}", _stretched(place, read))


def _stretched(place: Read, factor: Read) -> Change:
    return lambda right, a: place(a, right) + factor(a, right) * (right - place(a, right))
