"""How a returned result may hang together with the right one.

Each relation is a sentence and a prediction. `of_results` lists them in the order of plainness in which they are
tried: what is simplest to say, and to mend, comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

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
    *(
        _fixed("first few", f"only the first {k} entries of the right one", lambda r, k=k: r[..., :k])
        for k in (2, 3, 4, 5, 10)
    ),
    _fixed("sum", "the sum of all numbers that should be returned", np.sum),
    _fixed("sum", "the right one, added up along its rows", lambda r: r.sum(axis=-1)),
    _fixed("sum", "the right one, added up over its rows", lambda r: r.sum(axis=0)),
    _fixed("mean", "the mean of all numbers that should be returned", np.mean),
    _fixed("mean", "the mean of the right one over its rows", lambda r: r.mean(axis=0)),
    _fixed("largest", "only the largest of the numbers that should be returned", np.max),
    _fixed("smallest", "only the smallest of the numbers that should be returned", np.min),
    _fixed("running sum", "the running sum of the right one", lambda r: np.cumsum(r, axis=-1)),
    _fixed(
        "running sum",
        "the right one divided by its running sum: each entry knows only those before it",
        lambda r: r / np.cumsum(r, axis=-1),
    ),
    _fixed(
        "truth values",
        "1 for the (first) largest of the right one, else 0",
        lambda r: np.eye(r.shape[-1])[np.argmax(r, axis=-1)],
    ),
    _fixed(
        "truth values",
        "1 where the right one is its largest, else 0",
        lambda r: r == r.max(axis=-1, keepdims=True),
    ),
    _fixed("place", "the *place* of the largest, not its value", lambda r: np.argmax(r, axis=-1)),
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
    _fixed("share", "the right one divided by its own sum", lambda r: r / r.sum()),
    _fixed(
        "share", "the right one divided by its largest entry", lambda r: r / r.max(axis=-1, keepdims=True)
    ),
    _fixed(
        "share",
        "the right one divided by its length (the root of its sum of squares)",
        lambda r: r / np.linalg.norm(r),
    ),
    _fixed("shifted", "the right one minus its largest entry", lambda r: r - r.max(axis=-1, keepdims=True)),
    _fixed("shifted", "the right one minus its mean", lambda r: r - r.mean(axis=-1, keepdims=True)),
    _fixed("whole", "the right one, cut to whole numbers", np.trunc),
    _fixed("whole", "the right one, rounded down to whole numbers", np.floor),
    _fixed("whole", "the right one, rounded up to whole numbers", np.ceil),
    *map(_decimals, range(13)),
]

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
    """List the relations that hold for one call, in the order of plainness; a ``short`` list for a long search."""
    offered = {} if short else arguments
    relations = (
        *PLAIN,
        *(map(_along_axis, PLAIN) if "axis" in arguments else ()),
        *_factors(right, got, offered),
        *_offsets(right, got, offered),
        *_limits(right, got),
    )
    for relation in relations:
        if near.agrees(predicted(relation.change, right, arguments), got, right):
            yield relation


def _along_axis(relation: Relation) -> Relation:
    """Read what a relation calls a row along the axis that the call names."""

    def change(right: Array, arguments: Mapping[str, Any]) -> Any:
        axis = arguments["axis"]
        return np.moveaxis(np.asarray(relation.change(np.moveaxis(right, axis, -1), arguments)), -1, axis)

    return replace(relation, change=change)


def predicted(change: Change, right: Array, arguments: Mapping[str, Any]) -> Array | None:
    """Apply a relation; None where it makes no sense."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(change(right, arguments), dtype=float)
    except (ValueError, IndexError, TypeError, OverflowError, ZeroDivisionError, KeyError, AttributeError):
        return None


Read = Callable[[Mapping[str, Any]], float]


def amounts(arguments: Mapping[str, Any]) -> dict[str, Read]:
    """Name every number that a call offers: lengths, and arguments that are numbers."""
    found: dict[str, Read] = {}
    if "axis" in arguments:
        found["the number of entries along `axis`"] = lambda a: next(iter(a.values())).shape[a["axis"]]
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.ndim:
            row = f"the number of {'columns' if value.ndim > 1 else 'entries'} of `{name}`"
            found[row] = lambda a, n=name: a[n].shape[-1]  # type: ignore[misc]
            if value.ndim > 1:
                found[f"the number of rows of `{name}`"] = lambda a, n=name: len(a[n])  # type: ignore[misc]
                found[f"the number of all entries of `{name}`"] = lambda a, n=name: a[n].size  # type: ignore[misc]
        elif isinstance(value, int | float | np.number) and not isinstance(value, bool):
            found[f"`{name}`"] = lambda a, n=name: float(a[n])  # type: ignore[misc]
        elif (inner := sequence_in(value)) is not None:
            if not isinstance(inner[0], np.ndarray):
                found[f"the length of `{name}`"] = lambda a, n=name: len(sequence_in(a[n]))  # type: ignore[misc, arg-type]
    return found


def sequence_in(value: Any) -> Any:
    """Return a list or tuple with something in it, or the one that an object holds; else None."""
    for part in (value, *getattr(value, "__dict__", {}).values()):
        if isinstance(part, list | tuple) and part:
            return part
    return None


STATISTICS: dict[str, Callable[..., Any]] = {
    "largest": np.max,
    "smallest": np.min,
    "mean": np.mean,
    "sum": np.sum,
}


def _statistics(
    arguments: Mapping[str, Any], right: Array
) -> Iterator[tuple[str, Callable[[Mapping[str, Any], Array], Any]]]:
    """Name the largest, smallest, mean and sum of each array, row by row where the results have rows."""
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.ndim and value.size and value.dtype.kind in "iuf":
            for word, statistic in STATISTICS.items():

                def read(a: Mapping[str, Any], r: Array, f: Any = statistic, n: str = name) -> Any:
                    return f(a[n], axis=-1, keepdims=r.ndim == a[n].ndim) if r.ndim else f(a[n])

                yield f"the {word} of `{name}`", read


def _factors(right: Array, got: Array, arguments: Mapping[str, Any]) -> Iterator[Relation]:
    """List how often the right result is contained in the one that was returned."""
    factor = _one_factor(right, got)
    if not factor:
        return
    name = _constant(factor, CONSTANTS) or format_number(factor, 6 if abs(factor - 1) > 1e-4 else 12)
    yield Relation("factor", f"always {name} times the right one", lambda r, _: factor * r)
    offered = amounts(arguments)
    for text, read in offered.items():
        amount = read(arguments)
        for words, expected, of_amount in FACTORS:
            if amount > 0 and amount != 1 and math.isclose(factor, _safe(of_amount, amount), rel_tol=1e-6):
                yield Relation(
                    "factor",
                    words.format(text),
                    lambda r, a, read=read, of_amount=of_amount: r * of_amount(read(a)),
                )
    for one, read in offered.items():
        for other, read_other in offered.items():
            quotient = read(arguments) / (read_other(arguments) or math.nan)
            if one != other and quotient != 1 and math.isclose(factor, quotient, rel_tol=1e-6):
                yield Relation(
                    "factor",
                    f"the right one times {one}, divided by {other}",
                    lambda r, a, read=read, read_other=read_other: r * read(a) / read_other(a),
                )
    yield from _powers(right, got)


FACTORS: list[tuple[str, str, Callable[[float], float]]] = [
    ("the right one times {}", "n", lambda n: n),
    ("the right one divided by {}", "1/n", lambda n: 1 / n),
    (
        "too large by the factor n/(n − 1), where n is {}: the division is by one too few",
        "",
        lambda n: n / max(n - 1, 1),
    ),
    (
        "too small by the factor n/(n + 1), where n is {}: the division is by one too many",
        "",
        lambda n: n / (n + 1),
    ),
    ("the right one times the square of {}", "n²", lambda n: n * n),
    ("the right one divided by the square of {}", "1/n²", lambda n: 1 / (n * n)),
    ("the right one times the square root of {}", "√n", math.sqrt),
    ("the right one divided by the square root of {}", "1/√n", lambda n: 1 / math.sqrt(n)),
    ("the right one times the logarithm of {}", "log n", math.log),
]


def _safe(function: Callable[[float], float], value: float) -> float:
    try:
        return function(value)
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan


def _one_factor(right: Array, got: Array) -> float:
    """Return the quotient of two results; 0 if there is none."""
    if got.shape != right.shape:
        return 0.0
    usable = np.isfinite(right) & (np.abs(right) > 1e-290) & np.isfinite(got)
    if not usable.any():
        return 0.0
    with np.errstate(all="ignore"):
        factor = float(np.median(got[usable] / right[usable]))
    return factor if np.isfinite(factor) else 0.0


def _powers(right: Array, got: Array) -> Iterator[Relation]:
    usable = np.isfinite(right) & (right > 1e-290) & (got > 1e-290) & (right != 1)
    if usable.any():
        exponent = float(np.log(got[usable][0]) / np.log(right[usable][0]))
        if 0.01 < abs(exponent) < 100:
            name = _constant(exponent, EXPONENTS) or format_number(exponent, 4)
            yield Relation("power", f"the right one to the power of {name}", lambda r, _: r**exponent)


def _offsets(right: Array, got: Array, arguments: Mapping[str, Any]) -> Iterator[Relation]:
    """List what the returned result may be away from the right one."""
    if got.shape == right.shape and right.size:
        with np.errstate(all="ignore"):
            offset = float(np.median(got - right))
        if np.isfinite(offset) and offset:
            sign = math.copysign(1, offset)
            away = f"{'too large' if offset > 0 else 'too small'} by"
            yield Relation(
                "offset", f"always {away} exactly {format_number(abs(offset), 6)}", lambda r, _: r + offset
            )
            for text, read in amounts(arguments).items():
                for words, of_amount in (
                    ("{}", abs),
                    ("the logarithm of {}", math.log),
                    ("1 divided by {}", lambda n: 1 / n),
                ):
                    if math.isclose(abs(offset), _safe(of_amount, read(arguments)), rel_tol=1e-6):
                        yield Relation(
                            "offset",
                            f"{away} {words.format(text)}",
                            lambda r, a, read=read, of_amount=of_amount, sign=sign: (
                                r + sign * of_amount(read(a))
                            ),
                        )
            for one, read in amounts(arguments).items():
                for other, read_other in amounts(arguments).items():
                    share = _safe(math.log, read(arguments)) / (read_other(arguments) or math.nan)
                    if one != other and math.isclose(abs(offset), abs(share), rel_tol=1e-6):
                        yield Relation(
                            "offset",
                            f"{away} the logarithm of {one}, divided by {other}",
                            lambda r, a, read=read, read_other=read_other, sign=sign: (
                                r + sign * math.log(read(a)) / read_other(a)
                            ),
                        )
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
            for words, combine in COMBINED:
                yield Relation(
                    "argument",
                    words.format(f"`{name}`"),
                    lambda r, a, n=name, combine=combine: combine(r, a[n]),
                )
    for text, statistic in _statistics(arguments, right):
        for words, combine in COMBINED:
            yield Relation(
                "statistic",
                words.format(text),
                lambda r, a, read=statistic, combine=combine: combine(r, read(a, r)),
            )
        for words, combine in (
            (f"the right one times e to the power of {text}", lambda r, s: r * np.exp(s)),
            (f"the right one divided by e to the power of {text}", lambda r, s: r * np.exp(-s)),
        ):
            yield Relation(
                "statistic", words, lambda r, a, read=statistic, combine=combine: combine(r, read(a, r))
            )
        yield from _distances(right, got, arguments, text, statistic)


COMBINED: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("the right one plus {}", lambda r, x: r + x),
    ("the right one minus {}", lambda r, x: r - x),
    ("{} minus the right one", lambda r, x: x - r),
    ("the right one times {}", lambda r, x: r * x),
    ("the right one divided by {}", lambda r, x: r / x),
    ("the right one times the sign of {}", lambda r, x: r * np.sign(x)),
]


def _distances(
    right: Array, got: Array, arguments: Mapping[str, Any], text: str, statistic: Any
) -> Iterator[Relation]:
    """List what happens to the distance from a largest, smallest or mean, where the result is near it."""
    with np.errstate(all="ignore"):
        place = np.asarray(statistic(arguments, right), dtype=float)
        factor = _one_factor(right - place, got - place) if place.shape in ((), right.shape) else 0.0
    if not factor or math.isclose(factor, 1, rel_tol=1e-6):
        return
    name = _constant(factor, CONSTANTS) or format_number(factor, 6)
    yield Relation(
        "distance",
        f"not as far from {text} as the right one is: that distance is {name} times the right one",
        lambda r, a: statistic(a, r) + factor * (r - statistic(a, r)),
    )
    for amount_text, read in amounts(arguments).items():
        for words, _, of_amount in FACTORS:
            if math.isclose(factor, _safe(of_amount, read(arguments)), rel_tol=1e-6):
                yield Relation(
                    "distance",
                    f"not as far from {text} as the right one is: that distance is {words.format(amount_text)}",
                    lambda r, a, read=read, of_amount=of_amount: (
                        statistic(a, r) + of_amount(read(a)) * (r - statistic(a, r))
                    ),
                )


def _limits(right: Array, got: Array) -> Iterator[Relation]:
    if got.shape != right.shape or not right.size or not np.isfinite(got).all():
        return
    low, high = float(got.min()), float(got.max())
    yield Relation(
        "floor",
        f"the right one, but never below {format_number(low, 4)}: a floor or clip holds it up",
        lambda r, _: np.maximum(r, low),
    )
    yield Relation(
        "ceiling",
        f"the right one, but never above {format_number(high, 4)}: a limit or clip holds it down",
        lambda r, _: np.minimum(r, high),
    )
    with np.errstate(all="ignore"):
        extra = float(np.max(np.exp(got) - np.exp(right)))
    for epsilon in {float(f"1e{round(math.log10(extra))}")} if 0 < extra < 1 else ():
        yield Relation(
            "epsilon",
            f"what the right one becomes when {epsilon:g} is added before a logarithm",
            lambda r, _: np.log(np.exp(r) + epsilon),
        )


def _constant(value: float, names: Mapping[str, float]) -> str:
    return next((name for name, constant in names.items() if math.isclose(value, constant, rel_tol=1e-7)), "")
