"""Which other arguments a returned result may be right for.

A slip is a sentence and the arguments that a function worked with instead of those it was given;
`of_arguments` lists them in the order of plainness.
"""

from __future__ import annotations

import copy
import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import sequence_in

Array = np.ndarray
Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Slip:
    """What a function took for its arguments. The text goes on after "your result is the right one for".

    ``change`` returns the calls of the solution from whose results ``join`` makes the one that was returned.
    """

    key: str
    text: str
    change: Callable[[Arguments], list[Arguments]]
    join: Callable[[list[Array], Arguments], Any] = lambda results, _: results[0]


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
    ("first few", "the first entry (or row) of {} only", lambda x: x[:1]),
    *(("first few", f"the first {k} of {{}} only", lambda x, k=k: x[:k]) for k in (2, 3, 4, 5, 10)),
    ("last", "the last of {} only", lambda x: x[-1:]),
    ("every second", "every second of {} only", lambda x: x[::2]),
    *(("largest", f"the largest {k} of {{}} only", lambda x, k=k: np.sort(x)[-k:]) for k in (2, 3, 5)),
    ("two of many", "the first and the last of {} only", lambda x: x[[0, -1]]),
    ("one more", "{} with its largest entry counted twice", lambda x: np.append(x, x.max())),
    ("one more", "{} with one more entry, which is 0", lambda x: np.append(x, 0)),
    ("one less", "{} without its largest entry", lambda x: np.delete(x, x.argmax())),
    ("double", "{} times 2", lambda x: 2 * x),
    ("half", "{} divided by 2", lambda x: x / 2),
    ("base", "{} times ln 2: a power of 2 in place of a power of e", lambda x: math.log(2) * x),
    ("base", "{} times ln 10: a power of 10 in place of a power of e", lambda x: math.log(10) * x),
    ("base", "{} times ln 2.718: e has been written with too few digits", lambda x: math.log(2.718) * x),
    ("base", "{} times ln 2.72: e has been written with too few digits", lambda x: math.log(2.72) * x),
    ("zero", "zeros in place of {}", np.zeros_like),
    ("one up", "{} with 1 added", lambda x: x + 1),
    ("one down", "{} with 1 taken away", lambda x: x - 1),
    ("one down", "{} with 1 taken away where it is not 0", lambda x: np.maximum(x - 1, 0)),
    ("whole", "{} cut to whole numbers", np.trunc),
    ("whole", "{} rounded to whole numbers", np.rint),
    ("positive", "{} with its negative numbers set to 0", lambda x: np.maximum(x, 0)),
    ("square", "the squares of {}", lambda x: x.astype(float) ** 2),
    ("exponential", "e to the power of {}", np.exp),
    ("logarithm", "the logarithm of {}", lambda x: np.log(x)),
    ("scaled", "{} divided by its largest absolute value", lambda x: x / np.abs(x).max()),
    ("scaled", "{} scaled to numbers between 0 and 1", lambda x: (x - x.min()) / (np.ptp(x) or 1)),
    ("scaled", "{} divided by its sum", lambda x: x / x.sum()),
    ("scaled", "{} divided by its standard deviation", lambda x: x / x.std()),
    *(
        ("clipped", f"{{}} clipped at ±{c:g}", lambda x, c=c: np.clip(x, -c, c))
        for c in (1, 10, 20, 30, 50, 88, 100, 200, 250, 300, 350, 500, 600, 700, 709, 745, 1000)
    ),
]


def constant_as(number: Any, constant: float) -> Any:
    """Return a constant of a number's type, if it has one."""
    kept = type(number)(constant)
    if kept != constant:
        raise ValueError(f"{constant} is no {type(number).__name__}")
    return kept


OF_NUMBERS: list[tuple[str, str, ArgumentChange]] = [
    ("negative", "minus {}", lambda x: -x),
    ("absolute", "the absolute value of {}", abs),
    ("one up", "{} + 1", lambda x: x + 1),
    ("one down", "{} − 1", lambda x: x - 1),
    ("one down", "{} − 1 where it is not 0", lambda x: np.maximum(x - 1, 0)),
    ("double", "2 times {}", lambda x: 2 * x),
    ("half", "half of {}", lambda x: x / 2),
    ("square", "the square of {}", lambda x: x * x),
    ("root", "the square root of {}", math.sqrt),
    ("reciprocal", "1 divided by {}", lambda x: 1 / x),
    ("complement", "1 minus {}", lambda x: 1 - x),
    ("whole", "{} rounded up to a whole number", math.ceil),
    ("whole", "{} rounded down to a whole number", math.floor),
    *(
        (
            "at least",
            f"{{}}, but never below some small number, such as {c:g}",
            lambda x, c=c: max(x, constant_as(x, c)),
        )
        for c in (0, 1e-12, 1e-9, 1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 1)
    ),
    *(
        ("at most", f"{{}}, but at most {c:g}", lambda x, c=c: min(x, constant_as(x, c)))
        for c in range(1, 10)
    ),
]
OF_LISTS: list[tuple[str, str, ArgumentChange]] = [
    ("reversed", "{} in reversed order", lambda x: x[::-1]),
    ("without first", "{} without its first entry", lambda x: x[1:]),
    ("without last", "{} without its last entry", lambda x: x[:-1]),
    *(("first few", f"the first {k} of {{}} only", lambda x, k=k: x[:k]) for k in (2, 3, 4)),
    ("last", "the last of {} only", lambda x: x[-1:]),
    ("largest", "the largest of {} only", lambda x: type(x)([max(x)])),
    ("zero", "zeros in place of {}", lambda x: type(x)(0 * part for part in x)),
    ("negative", "minus {}", lambda x: type(x)(-part for part in x)),
    ("ends", "the first and the last of {} only", lambda x: type(x)([x[0], x[-1]])),
]


def _inside(change: ArgumentChange) -> ArgumentChange:
    """Change a list, or the one that an object holds."""

    def changed(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return change(value)
        other = copy.copy(value)
        name = next(name for name, part in vars(value).items() if part is sequence_in(value))
        setattr(other, name, change(getattr(value, name)))
        return other

    return changed


INSIDE = [(key, text, _inside(change)) for key, text, change in OF_LISTS]


def of_arguments(arguments: Mapping[str, Any], row_by_row: frozenset[int]) -> Iterator[Slip]:
    """List the slips in arguments of this kind, in the order of plainness.

    ``row_by_row`` are the places of the arrays that belong together row by row, where there are any.
    """
    names, kinds = list(arguments), [_changes_of(value) for value in arguments.values()]
    for i, j in itertools.combinations(range(len(kinds)), 2):
        if kinds[i] is kinds[j]:
            yield _swap(names[i], names[j], i, j)
    arrays = [value for value in arguments.values() if isinstance(value, np.ndarray)]
    if any(array.ndim > 1 for array in arrays):
        yield from _of_tables(row_by_row)
    elif len(arrays) == 1:
        yield OTHER_AXIS
        yield EVERYTHING
    for place, changes in sorted(enumerate(kinds), key=lambda one: one[1] is not OF_NUMBERS):
        for key, text, change in changes:
            yield Slip(key, text.format(f"`{names[place]}`"), _change(place, change))


def _tables(arguments: Arguments, change: ArgumentChange, least: int = 1) -> Arguments:
    """Change every array that has so many dimensions."""
    return tuple(change(a) if isinstance(a, np.ndarray) and a.ndim >= least else a for a in arguments)


def rows(arguments: Arguments, places: frozenset[int]) -> list[Arguments]:
    """Split what belongs together row by row."""
    count = min(len(arguments[place]) for place in places)
    return [
        tuple(a[i : i + 1] if place in places else a for place, a in enumerate(arguments))
        for i in range(count)
    ]


def _turned_back(results: list[Array], arguments: Arguments) -> Any:
    return np.swapaxes(results[0], 0, -1) if results[0].ndim > 1 else results[0]


def _shaped(results: list[Array], arguments: Arguments) -> Any:
    shape = next(a.shape for a in arguments if isinstance(a, np.ndarray))
    return results[0].reshape(shape) if results[0].size == math.prod(shape) else results[0]


OTHER_AXIS = Slip(
    "other axis",
    "the other axis: it goes down the columns where it should go along the rows",
    lambda a: [_tables(a, lambda x: np.swapaxes(x, 0, -1), least=2)],
    _turned_back,
)
EVERYTHING = Slip(
    "everything at once",
    "everything taken as one long row, instead of row by row",
    lambda a: [_tables(a, np.ravel)],
    _shaped,
)
ROW_BY_ROW: list[tuple[str, Callable[[list[Array], Arguments], Any]]] = [
    ("one number for each row comes out", lambda r, _: np.array(r)),
    ("the largest of them is returned", lambda r, _: np.max(r, axis=0)),
    ("the smallest of them is returned", lambda r, _: np.min(r, axis=0)),
    ("their median is returned", lambda r, _: np.median(r, axis=0)),
    ("they are added up, without a mean", lambda r, _: np.sum(r, axis=0)),
    ("they stand below each other", lambda r, _: np.concatenate(r)),
]


def _of_tables(places: frozenset[int]) -> Iterator[Slip]:
    yield OTHER_AXIS
    yield EVERYTHING
    if places:
        yield Slip("first row", "the first row only", lambda a: rows(a, places)[:1])
        yield Slip("last row", "the last row only", lambda a: rows(a, places)[-1:])
        for k in (2, 3, 5, 10):
            yield Slip("first rows", f"the first {k} rows only", _first_rows(k, places))
        by_rows = functools.partial(rows, places=places)
        for words, joined in ROW_BY_ROW:
            yield Slip("row by row", f"each row by itself: {words}", by_rows, joined)


def _first_rows(count: int, places: frozenset[int]) -> Callable[[Arguments], list[Arguments]]:
    return lambda arguments: [tuple(a[:count] if p in places else a for p, a in enumerate(arguments))]


def _changes_of(value: Any) -> list[tuple[str, str, ArgumentChange]]:
    if isinstance(value, np.ndarray):
        return OF_ARRAYS if value.dtype.kind in "iuf" else []
    if sequence_in(value) is not None:
        return INSIDE
    return OF_NUMBERS if isinstance(value, int | float) and not isinstance(value, bool) else []


def _change(place: int, change: ArgumentChange) -> Callable[[Arguments], list[Arguments]]:
    def changed(arguments: Arguments) -> list[Arguments]:
        with np.errstate(all="ignore"):
            return [(*arguments[:place], change(arguments[place]), *arguments[place + 1 :])]

    return changed


def _swap(one: str, other: str, i: int, j: int) -> Slip:
    def swapped(arguments: Arguments) -> list[Arguments]:
        places = [j if place == i else i if place == j else place for place in range(len(arguments))]
        return [tuple(arguments[place] for place in places)]

    return Slip("swapped", f"`{one}` and `{other}` swapped", swapped)
