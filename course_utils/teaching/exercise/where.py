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
            return f"where {name}" if self.above else f"unless {name}"
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
    """Wrong where all these sides meet, right everywhere else."""

    sides: tuple[Side, ...]

    def holds(self, features: Features) -> bool | None:
        """Tell whether the function is wrong on an input; None where that is not known."""
        answers = [side.holds(features) for side in self.sides]
        return False if False in answers else None if None in answers else True

    def text(self) -> str:
        """Say where it is wrong."""
        return ", and ".join(side.text() for side in self.sides)


def of_call(seen: Seen, names: Sequence[str]) -> Features:
    """Measure the properties of one call, the plainest first."""
    found: Features = {}
    arguments = named(seen, names)
    for name, value in arguments.items():
        found |= _of_argument(name, value)
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


def named(seen: Seen, names: Sequence[str]) -> dict[str, Any]:
    """Return a call's arguments by name."""
    return {**dict(zip(names, seen.check.arguments, strict=False)), **seen.check.keywords}


def _of_argument(name: str, value: Any) -> Features:
    if isinstance(value, np.ndarray):
        lengths = {f"the number of dimensions of `{name}`": float(value.ndim)}
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


def find(wrong: Sequence[bool], features: Sequence[Features], width: int = 2) -> Where | None:
    """Find the plainest property, or pair of properties, that parts wrong from right exactly."""
    is_wrong = np.asarray(wrong)
    if is_wrong.sum() < FEWEST or (~is_wrong).sum() < FEWEST:
        return None
    order = list(dict.fromkeys(name for one in features for name in one))
    table = np.array([[one.get(name, np.nan) for name in order] for one in features])
    candidates = []  # sides that hold for all wrong ones
    for column, name in enumerate(order):
        values = table[:, column]
        if (
            np.isnan(values[is_wrong]).any()
            or np.ptp(values[is_wrong & np.isfinite(values)] if np.isfinite(values).any() else [0]) < 0
        ):
            continue
        for above in (True, False):
            bound = values[is_wrong].min() if above else values[is_wrong].max()
            holds = np.isfinite(values) & ((values >= bound) if above else (values <= bound))
            if not holds.all():
                candidates.append((name, above, float(bound), holds, values))
    for name, above, bound, holds, values in candidates:
        if (holds == is_wrong).all():
            return Where((_side(name, above, bound, values[~is_wrong]),))
    if width > 1:
        for i, one in enumerate(candidates):
            for other in candidates[:i]:
                if ((one[3] & other[3]) == is_wrong).all():
                    return Where(
                        (
                            _side(*other[:3], other[4][~is_wrong & one[3]]),
                            _side(*one[:3], one[4][~is_wrong & other[3]]),
                        )
                    )
    return None


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


def entries(seen: Seen, names: Sequence[str], contract: Contract, most: int = 60) -> list[Entry]:
    """Take a result apart into its numbers, each with the properties of its place."""
    got, right = seen.got.numbers, seen.right.numbers
    if got is None or right is None or got.shape != right.shape or not 0 < right.size:
        return []
    good = close(got, right, contract.rtol, contract.atol)
    arguments = named(seen, names)
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
