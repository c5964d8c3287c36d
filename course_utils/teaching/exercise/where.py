"""Where a function is right: the plainest property of its input that parts right from wrong results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.teaching.exercise.judging import Contract, Seen, close
from course_utils.teaching.text import format_number

FEWEST = 3  # right and wrong ones that a property must part
Features = dict[str, float]  # how much of each property; a yes or no is 1 or 0
NEARLY, HALF = 0.9, 0.5  # shares of wrong ones that are worth different words
FREE = 0.15  # share of all inputs that must lie outside of where it is wrong
YES_OR_NO = "?"  # marks the name of a property that is there or not


@dataclass(frozen=True)
class Side:
    """One side of a bound on one property: where the function is wrong."""

    feature: str
    above: bool
    wrong_from: float
    right_to: float

    def holds(self, features: Features) -> bool | None:
        """Tell whether an input lies on the wrong side; None between the two bounds, or if it cannot be said."""
        value = features.get(self.feature)
        if value is None:
            return False
        wrong = value >= self.wrong_from if self.above else value <= self.wrong_from
        right = value <= self.right_to if self.above else value >= self.right_to
        return None if not wrong and not right else wrong

    def text(self) -> str:
        """Say where it is wrong."""
        if self.feature.endswith(YES_OR_NO):
            name = self.feature[:-1]
            return f"where {name}" if self.above else f"where it is not so that {name}"
        beyond = "or more" if self.above else "or less"
        bound = format_number(self.wrong_from, 4)
        if (
            float(self.wrong_from).is_integer()
            and float(self.right_to).is_integer()
            and abs(self.wrong_from - self.right_to) == 1
        ):
            return f"where {self.feature} is {bound} {beyond}"
        return f"where {self.feature} is {bound} {beyond} (right {'up' if self.above else 'down'} to {format_number(self.right_to, 4)})"


@dataclass(frozen=True)
class Where:
    """Right wherever one of these sides does not hold; wrong in ``share`` of the cases where all of them do."""

    sides: tuple[Side, ...]
    share: float

    def holds(self, features: Features) -> bool | None:
        """Tell whether an input lies where the function is wrong; None where that is not known."""
        answers = [side.holds(features) for side in self.sides]
        return False if False in answers else None if None in answers else True

    def foretells(self, features: Sequence[Features], wrong: Sequence[bool]) -> bool:
        """Tell whether it is true of inputs that it was not made from."""
        told = [self.holds(one) for one in features]
        inside = [bad for holds, bad in zip(told, wrong, strict=True) if holds]
        surprises = sum(bad and holds is False for holds, bad in zip(told, wrong, strict=True))
        exact = self.share < 1 or all(inside)
        return not surprises and exact and sum(inside) >= max(1, (self.share - 0.25) * len(inside))

    def text(self) -> str:
        """Say where it is wrong, as the end of a sentence about where it is right."""
        often = "not" if self.share == 1 else "hardly ever" if self.share >= NEARLY else "not always"
        return f"{often} {', and '.join(side.text() for side in self.sides)}"


def of_call(seen: Seen, arguments: Mapping[str, Any]) -> Features:
    """Measure the properties of one call, the plainest first."""
    found: Features = {}
    for name, value in arguments.items():
        found |= _of_argument(name, value)
        if name == "axis":
            found |= _of_axis(value, arguments)
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "iuf":
            found |= _of_values(name, value)
    right = seen.right.numbers
    if seen.right.error is not None:
        found["the contract asks for an error?"] = 1.0
    elif right is not None and right.size and np.isfinite(right).all():
        found["the contract asks for an error?"] = 0.0
        found["the largest of the right results"] = float(right.max())
        found["the smallest of the right results"] = float(right.min())
        found["the smallest of the right results, signs aside,"] = float(np.abs(right).min())
    return found


def _of_axis(axis: Any, arguments: Mapping[str, Any]) -> Features:
    arrays = [value for value in arguments.values() if isinstance(value, np.ndarray)]
    if not isinstance(axis, int) or not arrays or not -arrays[0].ndim <= axis < arrays[0].ndim:
        return {}
    front = axis % arrays[0].ndim
    return {
        "`axis` is the last one, however it is given?": float(front == arrays[0].ndim - 1),
        "`axis`, counted from the front,": float(front),
        "the number of axes behind `axis`": float(arrays[0].ndim - 1 - front),
    }


def _of_argument(name: str, value: Any) -> Features:
    if isinstance(value, np.ndarray):
        lengths = {f"the number of dimensions of `{name}`": float(value.ndim)}
        lengths |= {f"`{name}` has {k} dimension{'s' * (k != 1)}?": float(value.ndim == k) for k in range(5)}
        if value.ndim == 1:
            lengths[f"the number of entries of `{name}`"] = float(value.size)
        if value.ndim > 1:
            lengths[f"the number of rows of `{name}`"] = float(len(value))
            lengths[f"the number of columns of `{name}`"] = float(value.shape[-1])
            lengths[f"`{name}` has as many rows as columns?"] = float(value.shape[-1] == value.shape[-2])
        lengths[f"the number of all entries of `{name}`"] = float(value.size)
        return {**lengths, f"`{name}` holds integers?": float(value.dtype.kind in "iu")}
    if isinstance(value, bool):
        return {f"`{name}` is true?": float(value)}
    if isinstance(value, int | float | np.number):
        number = float(value)
        sizes = {
            f"`{name}`": number,
            f"the absolute value of `{name}`": abs(number),
            f"`{name}` is 0?": float(number == 0),
        }
        return {key: size for key, size in sizes.items() if not np.isnan(size)}
    if isinstance(value, list | tuple):
        return {f"the length of `{name}`": float(len(value))}
    inner = getattr(value, "__dict__", {})
    return next(
        (
            _of_argument(name, part) | _of_values(name, np.asarray(part))
            for part in inner.values()
            if isinstance(part, list | tuple) and part
        ),
        {},
    )


def _of_values(name: str, values: np.ndarray) -> Features:
    values = np.asarray(values, dtype=float)
    flat = values.ravel()
    tops = values.reshape(-1, values.shape[-1]).max(axis=-1) if values.ndim else flat
    spread = np.ptp(values, axis=-1).max() if values.ndim else 0.0
    return {
        f"`{name}` has equal entries?": float(len(np.unique(flat)) < flat.size),
        f"the largest of `{name}`": float(flat.max()),
        f"the smallest of `{name}`": float(flat.min()),
        f"the largest of `{name}`, signs aside,": float(np.abs(flat).max()),
        f"the spread of `{name}` (largest minus smallest in a row)": float(spread),
        f"the largest entry of the lowest row of `{name}`": float(tops.min()),
        f"the distance between the rows' largest entries of `{name}`": float(np.ptp(tops)),
    }


def find(wrong: Sequence[bool], features: Sequence[Features]) -> Where | None:
    """Find the plainest property, or pair of properties, outside of which nothing is wrong.

    In the order of plainness: one property that parts wrong from right, one that nearly does, two that do or
    nearly do, and one outside of which nothing is wrong, though much is right within.
    """
    is_wrong = np.asarray(wrong)
    if is_wrong.sum() < FEWEST or (~is_wrong).sum() < FEWEST:
        return None
    sides = _sides_of_all_wrong(is_wrong, features)
    pairs = (
        ((one, other), holds & others)
        for i, (one, holds) in enumerate(sides)
        for other, others in sides[:i]
        if one.feature != other.feature
    )
    single: list[tuple[tuple[Side, ...], Any]] = [((side,), holds) for side, holds in sides]
    for candidates, least in ((single, 1.0), (single, NEARLY), (pairs, NEARLY), (single, HALF)):
        for found, holds in candidates:
            share = float(is_wrong[holds].mean())
            if share >= least and (~holds).sum() >= max(FEWEST, FREE * len(is_wrong)):
                return Where(found, share)
    return None


def _sides_of_all_wrong(is_wrong: np.ndarray, features: Sequence[Features]) -> list[tuple[Side, np.ndarray]]:
    order = list(dict.fromkeys(name for one in features for name in one))
    found = []
    for name in order:
        values = np.array([one.get(name, np.nan) for one in features])
        if np.isnan(values[is_wrong]).any():
            continue
        for above in (True, False):
            bound = float(values[is_wrong].min() if above else values[is_wrong].max())
            holds = np.isfinite(values) & ((values >= bound) if above else (values <= bound))
            if not holds.all():
                found.append((_side(name, above, bound, values[~holds]), holds))
    return found


def _side(name: str, above: bool, bound: float, right: np.ndarray) -> Side:
    right = right[np.isfinite(right)]
    limits = right[right < bound] if above else right[right > bound]
    nearest = (limits.max() if above else limits.min()) if limits.size else (-np.inf if above else np.inf)
    return Side(name, above, bound, float(nearest))


@dataclass(frozen=True)
class Entry:
    """One number of a result."""

    got: float
    right: float
    wrong: bool
    features: Features


def entries(seen: Seen, arguments: Mapping[str, Any], contract: Contract, most: int = 60) -> list[Entry]:
    """Take a result apart into its numbers, each with the properties of its place."""
    got, right = seen.got.numbers, seen.right.numbers
    if got is None or right is None or got.shape != right.shape or not 0 < right.size:
        return []
    good = close(got, right, contract.rtol, contract.atol)
    found = []
    places = list(np.ndindex(right.shape))
    step = max(1, len(places) // most)
    for place in places[::step]:
        features = _of_place(place, right, arguments)
        found.append(Entry(float(got[place]), float(right[place]), not bool(good[place]), features))
    return found


def _of_place(place: tuple[int, ...], right: np.ndarray, arguments: Mapping[str, Any]) -> Features:
    found: Features = {}
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.shape == right.shape and value.dtype.kind in "iuf":
            found[f"the entry of `{name}`"] = float(value[place])
            found[f"the entry of `{name}`, signs aside,"] = abs(float(value[place]))
            if value.ndim:
                row = value[place[:-1]]
                found[f"it is the largest of its row of `{name}`?"] = float(value[place] == row.max())
                found[f"its distance from the largest of its row of `{name}`"] = float(row.max()) - float(
                    value[place]
                )
        elif (
            isinstance(value, np.ndarray)
            and value.dtype.kind in "iu"
            and value.shape == right.shape[:1]
            and right.ndim == 2
        ):
            found[f"it belongs to the class given by `{name}`?"] = float(value[place[0]] == place[1])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[f"`{name}`"] = float(value)
    if place:
        found["it is the first of its row?"] = float(place[-1] == 0)
        found["it is the last of its row?"] = float(place[-1] == right.shape[-1] - 1)
        found["its place in the row (counted from 0)"] = float(place[-1])
        if len(place) > 1:
            found["its row (counted from 0)"] = float(place[0])
    found["the right number"] = float(right[place])
    found["the right number, its sign aside,"] = abs(float(right[place]))
    return {name: value for name, value in found.items() if np.isfinite(value)}
