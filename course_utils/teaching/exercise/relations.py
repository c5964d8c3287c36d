"""How a returned result may hang together with the right one, or with the right one of other arguments.

Each relation is a sentence and a prediction. `of_results` and `of_arguments` list them in the order of
plainness in which they are tried: what is simplest to say, and to mend, comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import Check
from course_utils.teaching.exercise.judging import close
from course_utils.teaching.text import format_number

Array = np.ndarray
Arguments = tuple[Any, ...]
Change = Callable[[Array, Mapping[str, Any]], Any]  # of a right result, given the arguments by name


@dataclass(frozen=True)
class Relation:
    """What was returned, as a function of what is right. The text goes on after "your result is"."""

    key: str
    text: str
    change: Change


@dataclass(frozen=True)
class Slip:
    """Other arguments than those given. The text goes on after "your function does what is right for"."""

    key: str
    text: str
    change: Callable[[Arguments], Arguments]


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
    "100 (a percentage?)": 100.0,
    "1/ln 2 ≈ 1.443: a logarithm has base 2 where it should be natural": 1 / math.log(2),
    "ln 2 ≈ 0.693: another base has been mixed in": math.log(2),
    "1/ln 10 ≈ 0.434: a logarithm has base 10 where it should be natural": 1 / math.log(10),
    "ln 10 ≈ 2.303: another base has been mixed in": math.log(10),
}
EXPONENTS = {
    "ln 2 ≈ 0.693: a power of 2 stands where a power of e belongs": math.log(2),
    "ln 10 ≈ 2.303: a power of 10 stands where a power of e belongs": math.log(10),
}


def of_results(right: Array, got: Array, arguments: Mapping[str, Any]) -> Iterator[Relation]:
    """List the relations that hold for one call, in the order of plainness."""
    relations = (
        *PLAIN,
        *(map(_along_axis, PLAIN) if "axis" in arguments else ()),
        *_factors(right, got, arguments),
        *_offsets(right, got, arguments),
        *_limits(right, got),
    )
    for relation in relations:
        if agrees(predicted(relation.change, right, arguments), got):
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


def agrees(prediction: Array | None, got: Array) -> bool:
    """Compare more loosely than a contract does: a relation is one of formulas, not of last digits."""
    if prediction is None or prediction.shape != got.shape:
        return False
    return bool(close(got, prediction, 1e-7, 1e-300).all())


def amounts(arguments: Mapping[str, Any]) -> dict[str, tuple[float, Callable[[Mapping[str, Any]], float]]]:
    """Name every number that a call offers: lengths, and arguments that are numbers."""
    found: dict[str, tuple[float, Callable[[Mapping[str, Any]], float]]] = {}

    def offer(text: str, read: Callable[[Mapping[str, Any]], float]) -> None:
        found[text] = (float(read(arguments)), read)

    if "axis" in arguments:
        offer("the number of entries along `axis`", lambda a: next(iter(a.values())).shape[a["axis"]])
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.ndim:
            offer(
                f"the number of {'rows' if value.ndim > 1 else 'entries'} of `{name}`",
                lambda a, n=name: len(a[n]),
            )
            if value.ndim > 1:
                offer(f"the number of columns of `{name}`", lambda a, n=name: a[n].shape[-1])
                offer(f"the number of all entries of `{name}`", lambda a, n=name: a[n].size)
        elif isinstance(value, list | tuple):
            offer(f"the length of `{name}`", lambda a, n=name: len(a[n]))
        elif isinstance(value, int | float | np.number) and not isinstance(value, bool):
            offer(f"`{name}`", lambda a, n=name: float(a[n]))
    return found


def _factors(right: Array, got: Array, arguments: Mapping[str, Any]) -> Iterator[Relation]:
    if got.shape != right.shape or not right.size:
        return
    usable = np.isfinite(right) & (np.abs(right) > 1e-290) & np.isfinite(got)
    if not usable.any():
        return
    with np.errstate(all="ignore"):
        factor = float(np.median((got[usable] / right[usable])))
    if not np.isfinite(factor) or factor == 0:
        return
    name = _constant(factor, CONSTANTS)
    yield Relation(
        "factor",
        f"always {name} times the right one" if name else f"the right one times {format_number(factor, 6)}",
        lambda r, _: factor * r,
    )
    for text, (amount, read) in amounts(arguments).items():
        if amount and np.isclose(factor, amount, rtol=1e-9) and amount != 1:
            yield Relation("factor", f"the right one times {text}", lambda r, a, read=read: r * read(a))
        if amount and np.isclose(factor * amount, 1, rtol=1e-9) and amount != 1:
            yield Relation("factor", f"the right one divided by {text}", lambda r, a, read=read: r / read(a))
        if amount > 1 and np.isclose(factor, amount / (amount - 1), rtol=1e-9):
            yield Relation(
                "factor",
                f"too large by the factor n/(n − 1), where n is {text}: you divide by one too few",
                lambda r, a, read=read: r * read(a) / max(read(a) - 1, 1),
            )
        if amount > 0 and np.isclose(factor, amount**2, rtol=1e-9) and amount != 1:
            yield Relation(
                "factor",
                f"the right one times the square of {text}",
                lambda r, a, read=read: r * read(a) ** 2,
            )
    logs = np.log(np.abs(right[usable])), np.log(np.abs(got[usable]))
    exponent = float(logs[1][0] / logs[0][0]) if logs[0][0] else 0.0
    if 0.01 < abs(exponent) < 100 and abs(exponent - 1) > 1e-6:
        name = _constant(exponent, EXPONENTS) or format_number(exponent, 4)
        yield Relation("power", f"the right one to the power of {name}", lambda r, _: r**exponent)


def _offsets(right: Array, got: Array, arguments: Mapping[str, Any]) -> Iterator[Relation]:
    if got.shape == right.shape and right.size:
        with np.errstate(all="ignore"):
            offset = float(np.median(got - right))
        if np.isfinite(offset) and offset:
            away = f"{'too large' if offset > 0 else 'too small'} by exactly"
            yield Relation(
                "offset", f"always {away} {format_number(abs(offset), 6)}", lambda r, _: r + offset
            )
            for text, (amount, read) in amounts(arguments).items():
                sign = 1 if offset > 0 else -1
                if np.isclose(abs(offset), abs(amount), rtol=1e-7):
                    yield Relation(
                        "offset", f"{away} {text}", lambda r, a, read=read: r + sign * abs(read(a))
                    )
                if amount > 1 and np.isclose(abs(offset), math.log(amount), rtol=1e-7):
                    yield Relation(
                        "offset",
                        f"{away} the logarithm of {text}",
                        lambda r, a, read=read: r + sign * math.log(read(a)),
                    )
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
            yield Relation("argument", f"`{name}` plus the right one", lambda r, a, n=name: a[n] + r)
            yield Relation("argument", f"`{name}` minus the right one", lambda r, a, n=name: a[n] - r)
            yield Relation("argument", f"the right one minus `{name}`", lambda r, a, n=name: r - a[n])
            yield Relation("argument", f"the right one times `{name}`", lambda r, a, n=name: r * a[n])
            yield Relation("argument", f"the right one divided by `{name}`", lambda r, a, n=name: r / a[n])
            yield Relation(
                "argument",
                f"the right one times the signs of `{name}`",
                lambda r, a, n=name: r * np.sign(a[n]),
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


# --- of arguments ----------------------------------------------------------------------------------

ArgumentChange = Callable[[Any], Any]

OF_ARRAYS: list[tuple[str, str, ArgumentChange]] = [
    ("negative", "minus {}", np.negative),
    ("absolute", "{} without its signs", np.abs),
    ("transposed", "{} transposed", np.transpose),
    ("reversed", "{} in reversed order", lambda x: x[::-1]),
    ("sorted", "{} after sorting", lambda x: np.sort(x, axis=-1)),
    ("unique", "{} without repeated values: equal numbers count once", np.unique),
    ("without first", "{} without its first entry", lambda x: x[1:]),
    ("without last", "{} without its last entry", lambda x: x[:-1]),
    ("without last", "{} without its last column", lambda x: x[..., :-1]),
    *(("first few", f"the first {k} of {{}} only", lambda x, k=k: x[:k]) for k in (1, 2, 3, 4, 5, 10)),
    ("last", "the last of {} only", lambda x: x[-1:]),
    ("two of many", "the first and the last of {} only", lambda x: x[[0, -1]]),
    ("flat", "all of {} in one row", lambda x: x.ravel()),
    ("double", "{} times 2", lambda x: 2 * x),
    ("half", "{} divided by 2", lambda x: x / 2),
    ("base", "{} times ln 2: a power of 2 in place of a power of e", lambda x: math.log(2) * x),
    ("base", "{} times ln 10: a power of 10 in place of a power of e", lambda x: math.log(10) * x),
    ("base", "{} times ln 2.718: e has been written with too few digits", lambda x: math.log(2.718) * x),
    ("base", "{} times ln 2.72: e has been written with too few digits", lambda x: math.log(2.72) * x),
    ("zero", "zeros in place of {}", np.zeros_like),
    ("one up", "{} with 1 added", lambda x: x + 1),
    ("one down", "{} with 1 taken away", lambda x: x - 1),
    ("whole", "{} cut to whole numbers", np.trunc),
    ("whole", "{} rounded to whole numbers", np.rint),
    ("positive", "{} with its negative numbers set to 0", lambda x: np.maximum(x, 0)),
    ("square", "the squares of {}", lambda x: x.astype(float) ** 2),
    ("exponential", "e to the power of {}", np.exp),
    ("logarithm", "the logarithm of {}", lambda x: np.log(x)),
    ("scaled", "{} divided by its largest absolute value", lambda x: x / np.abs(x).max()),
    ("scaled", "{} divided by its sum", lambda x: x / x.sum()),
    ("scaled", "{} divided by its standard deviation", lambda x: x / x.std()),
    *(
        ("clipped", f"{{}} clipped at ±{c:g}", lambda x, c=c: np.clip(x, -c, c))
        for c in (1, 10, 20, 30, 50, 88, 100, 200, 250, 300, 350, 500, 600, 700, 709, 745, 1000)
    ),
]
OF_NUMBERS: list[tuple[str, str, ArgumentChange]] = [
    ("negative", "minus {}", lambda x: -x),
    ("absolute", "the absolute value of {}", abs),
    ("one up", "{} + 1", lambda x: x + 1),
    ("one down", "{} − 1", lambda x: x - 1),
    ("double", "2 times {}", lambda x: 2 * x),
    ("half", "half of {}", lambda x: x / 2),
    ("square", "the square of {}", lambda x: x * x),
    ("root", "the square root of {}", math.sqrt),
    ("reciprocal", "1 divided by {}", lambda x: 1 / x),
    ("complement", "1 minus {}", lambda x: 1 - x),
    ("whole", "{} rounded up to a whole number", math.ceil),
    ("whole", "{} rounded down to a whole number", math.floor),
    *(
        ("fixed", f"{{}} = {c:g}, whatever it is", lambda x, c=c: type(x)(c))
        for c in (0, 1, -1, 2, 0.9, 0.5, 10)
    ),
    *(
        ("at least", f"{{}}, but at least {c:g}", lambda x, c=c: max(x, type(x)(c)))
        for c in (1e-12, 1e-9, 1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 1)
    ),
    *(
        ("at most", f"{{}}, but at most {c:g}", lambda x, c=c: min(x, type(x)(c)))
        for c in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)
    ),
]
OF_LISTS: list[tuple[str, str, ArgumentChange]] = [
    ("reversed", "{} in reversed order", lambda x: x[::-1]),
    ("without first", "{} without its first entry", lambda x: x[1:]),
    ("without last", "{} without its last entry", lambda x: x[:-1]),
    *(("first few", f"the first {k} of {{}} only", lambda x, k=k: x[:k]) for k in (2, 3, 4)),
    ("zero", "zeros in place of {}", lambda x: [0 * part for part in x]),
    ("negative", "minus {}", lambda x: [-part for part in x]),
    ("ends", "the first and the last of {} only", lambda x: [x[0], x[-1]]),
]


def of_arguments(arguments: Mapping[str, Any]) -> Iterator[Slip]:
    """List the slips in arguments of this kind, in the order of plainness."""
    names, kinds = list(arguments), [_changes_of(value) for value in arguments.values()]
    for i, j in ((i, j) for i in range(len(kinds)) for j in range(i)):
        if kinds[i] is kinds[j]:
            yield Slip(
                "swapped", f"`{names[j]}` and `{names[i]}` swapped", lambda a, i=i, j=j: _swapped(a, i, j)
            )
    for place, changes in enumerate(kinds):
        for key, text, change in changes:
            name = f"`{names[place]}`"
            yield Slip(
                key, text.format(name), lambda a, place=place, change=change: _changed(a, place, change)
            )


def _changes_of(value: Any) -> list[tuple[str, str, ArgumentChange]]:
    if isinstance(value, np.ndarray):
        return OF_ARRAYS if value.dtype.kind in "iuf" else []
    if isinstance(value, list):
        return OF_LISTS
    return OF_NUMBERS if isinstance(value, int | float) and not isinstance(value, bool) else []


def _changed(arguments: Arguments, place: int, change: ArgumentChange) -> Arguments:
    with np.errstate(all="ignore"):
        return (*arguments[:place], change(arguments[place]), *arguments[place + 1 :])


def _swapped(arguments: Arguments, i: int, j: int) -> Arguments:
    changed = list(arguments)
    changed[i], changed[j] = changed[j], changed[i]
    return tuple(changed)
