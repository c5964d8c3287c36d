"""Where a function is right: the plainest property of its input that parts right from wrong results."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import sequence_in
from course_utils.teaching.exercise.judging import SUBNORMAL, Contract, Seen, close
from course_utils.teaching.text import format_number

FEWEST = 3  # right and wrong ones that a property must part
Features = dict[str, float]  # how much of each property; a yes or no is 1 or 0
NEARLY = 0.9  # share of wrong ones from which on they are "hardly ever" right
BY_CHANCE = 1e-4  # how likely it may be that right ones lie outside by chance
MOST_ENTRIES = 60  # of one result that are looked at
YES_OR_NO = "?"  # marks the name of a property that is there or not


@dataclass(frozen=True)
class Side:
    """One side of a bound on one property: where the function is wrong."""

    feature: str
    above: bool
    wrong_from: float
    right_to: float
    least: bool = field(default=False, compare=False)  # whether it is a count that cannot be less

    def holds(self, features: Features) -> bool | None:
        """Tell whether an input lies on the wrong side; None between the two bounds."""
        value = _value(self.feature, features)
        if value is None:
            return False
        wrong = value >= self.wrong_from if self.above else value <= self.wrong_from
        right = value <= self.right_to if self.above else value >= self.right_to
        return None if not wrong and not right else wrong

    def text(self) -> str:
        """Say where it is wrong, as the end of a sentence that goes on after "where"."""
        if self.feature.endswith(YES_OR_NO):
            yes, no = self.feature[:-1].split("|")
            return yes if self.above else no
        wrong = f"{self.feature} is {format_number(self.wrong_from, 4)}"
        if np.isinf(self.wrong_from):
            return wrong
        wrong += "" if self.least else " or more" if self.above else " or less"
        if abs(self.wrong_from - self.right_to) == 1 and float(self.wrong_from).is_integer():
            return wrong
        return f"{wrong} (right {'up' if self.above else 'down'} to {format_number(self.right_to, 4)})"

    def elsewhere(self) -> str:
        """Say where it is right, likewise."""
        if self.feature.endswith(YES_OR_NO):
            return replace(self, above=not self.above).text()
        smallest = self.right_to == 0 and re.search("signs? aside|absolute value", self.feature)
        beyond = "" if smallest else " or less" if self.above else " or more"
        wrong = f"wrong from {format_number(self.wrong_from, 4)} {'on' if self.above else 'downwards'}"
        return f"{self.feature} is {format_number(self.right_to, 4)}{beyond} ({wrong})"


def _value(feature: str, features: Features) -> float | None:
    """Read a property; one that was split off for a single value is computed from it."""
    if feature in features:
        return features[feature]
    whole, _, kind = feature.partition("|")[0].rpartition(" is ")
    return float(features[whole] == float(kind)) if whole in features else None


@dataclass(frozen=True)
class Where:
    """Right wherever one of these sides does not hold; wrong in ``share`` of the cases where all do."""

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

    @property
    def about_results(self) -> bool:
        """Tell whether it is about what is right, not about what is given."""
        return any("right result" in side.feature for side in self.sides)

    def text(self, few: bool = False) -> str:
        """Say where it is wrong, as the end of a sentence about where it is right; or, of ``few``, where."""
        if few and self.share == 1 and len(self.sides) == 1:
            return f"only where {self.sides[0].elsewhere()}"
        often = "not" if self.share == 1 else "hardly ever" if self.share >= NEARLY else "not always"
        return f"{often} where {' and, at the same time, '.join(side.text() for side in self.sides)}"


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
    scalars = [(name, float(value)) for name, value in arguments.items() if type(value) in (int, float)]
    for (one, value), (other, second) in itertools.combinations(scalars, 2):
        found[f"`{one}` equals `{other}`|`{one}` does not equal `{other}`?"] = float(value == second)
        found[f"`{one}` is above `{other}`|`{one}` is not above `{other}`?"] = float(value > second)
        found[f"`{one}` is below `{other}`|`{one}` is not below `{other}`?"] = float(value < second)
    right = seen.right.numbers
    if seen.right.error is not None:
        found["the contract asks for an error|?"] = 1.0
    elif right is not None and right.size and np.isfinite(right).all():
        found["the contract asks for an error|?"] = 0.0
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
        "`axis` is the last one|`axis` is not the last one?": float(front == arrays[0].ndim - 1),
        "`axis`, counted from the front,": float(front),
        "the number of axes behind `axis`": float(arrays[0].ndim - 1 - front),
    }


def _of_argument(name: str, value: Any) -> Features:
    if isinstance(value, np.ndarray):
        lengths = {f"the number of dimensions of `{name}`": float(value.ndim)}
        if value.ndim == 1:
            lengths[f"the number of entries of `{name}`"] = float(value.size)
        if value.ndim > 1:
            lengths[f"the number of rows of `{name}`"] = float(len(value))
            lengths[f"the number of columns of `{name}`"] = float(value.shape[-1])
            lengths[
                f"`{name}` has as many rows as columns|`{name}` does not have as many rows as columns?"
            ] = float(value.shape[-1] == value.shape[-2])
        lengths[f"the number of all entries of `{name}`"] = float(value.size)
        return {**lengths, f"`{name}` holds integers|`{name}` holds floats?": float(value.dtype.kind in "iu")}
    if isinstance(value, bool):
        return {f"`{name}` is true|`{name}` is false?": float(value)}
    if isinstance(value, int | float | np.number):
        number = float(value)
        ends = {
            f"`{name}` is 0|`{name}` is not 0?": float(number == 0),
            f"`{name}` is infinite|`{name}` is not infinite?": float(np.isinf(number)),
            f"`{name}` is not a number|`{name}` is a number?": float(np.isnan(number)),
            f"`{name}` is an integer|`{name}` is a float?": float(isinstance(value, int | np.integer)),
        }
        if np.isnan(number):
            return ends
        return {**ends, f"`{name}`": number, f"the absolute value of `{name}`": abs(number)}
    inner = sequence_in(value)
    if inner is None:
        return {}
    found = {f"the length of `{name}`": float(len(inner))}
    return found | _of_values(name, np.asarray(inner)) if isinstance(inner[0], int | float) else found


def _of_values(name: str, values: np.ndarray) -> Features:
    values = np.asarray(values, dtype=float)
    flat = values.ravel()
    rows = np.atleast_1d(values)
    tops, spread = rows.max(axis=-1), np.ptp(rows, axis=-1).max()
    return {
        f"`{name}` has equal entries|all entries of `{name}` differ?": float(
            len(np.unique(flat)) < flat.size
        ),
        f"the largest of `{name}`": float(flat.max()),
        f"the smallest of `{name}`": float(flat.min()),
        f"the largest of `{name}`, signs aside,": float(np.abs(flat).max()),
        f"the spread of `{name}` (largest minus smallest in a row)": float(spread),
        f"the largest entry of the lowest row of `{name}`": float(tops.min()),
        f"the distance between the rows' largest entries of `{name}`": float(np.ptp(tops)),
    }


def find(
    wrong: Sequence[bool], features: Sequence[Features], loosely: bool = True, pairs: bool = True
) -> Where | None:
    """Find the plainest property, or pair of properties, outside of which nothing is wrong.

    In the order of plainness: one property that parts wrong from right, one that nearly does, two that do or
    nearly do (``pairs``), one outside of which nothing is wrong, though much is right within (``loosely``).
    """
    is_wrong = np.asarray(wrong)
    if is_wrong.sum() < FEWEST or (~is_wrong).sum() < FEWEST:
        return None
    sides = _sides_of_all_wrong(is_wrong, features)
    single: list[tuple[tuple[Side, ...], Any]] = [((side,), holds) for side, holds in sides]
    two = [
        ((one, other), holds & others)
        for i, (one, holds) in enumerate(sides)
        for other, others in sides[:i]
        if one.feature != other.feature
    ]
    tiers: list[tuple[Any, float]] = [(single, 1.0), (single, NEARLY)]
    tiers += [(two, NEARLY)] * pairs
    tiers += [(single, 1.5 * float(is_wrong.mean()))] * loosely
    for candidates, least in tiers:
        told = []
        for found, holds in candidates:
            share = float(is_wrong[holds].mean())
            outside = int((~holds).sum())
            chance = (1 - is_wrong.mean()) ** outside
            if share >= least and outside >= FEWEST and (share >= NEARLY or chance < BY_CHANCE):
                told.append(Where(found, share))
                if least >= NEARLY:
                    break
        if told:
            best = max(told, key=lambda found: found.share)
            return None if all(map(trivial, best.sides)) else best
    return None


def trivial(side: Side) -> bool:
    """Tell whether only the smallest inputs lie outside: one entry, one row, all equal, or results of 0."""
    return side.above and (
        (side.feature.startswith(SIZES) and side.right_to <= 1)
        or ("right" in side.feature and abs(side.right_to) < 1e-6)
    )


SIZES: tuple[str, ...] = ("the number of entries", "the number of rows", "the number of columns")
SIZES += ("the number of all", "the length", "the spread", "the distance")
COUNTS = ("the number of", "the length", "the place", "the row (", "`axis`, counted")


def _sides_of_all_wrong(is_wrong: np.ndarray, features: Sequence[Features]) -> list[tuple[Side, np.ndarray]]:
    """List the sides of properties on which all wrong ones lie, but not all right ones."""
    found = []
    for name, values in _columns(features):
        if np.isnan(values[is_wrong]).any():
            continue
        for above in (True, False):
            bound = float(values[is_wrong].min() if above else values[is_wrong].max())
            holds = ~np.isnan(values) & ((values >= bound) if above else (values <= bound))
            said = not name.endswith(YES_OR_NO) or (bound == above and (above or not name.endswith("|?")))
            if said and not holds.all():
                least = not above and name.startswith(COUNTS) and bool(bound == np.nanmin(values))
                side = replace(_side(name, above, bound, values[~holds]), least=least)
                if f"{side.wrong_from:.4g}" != f"{side.right_to:.4g}":  # a bound that can be told
                    found.append((side, holds))
    return found


def _columns(features: Sequence[Features]) -> list[tuple[str, np.ndarray]]:
    """Put properties into columns; those with few whole values also one by one, at the end."""
    order = list(dict.fromkeys(name for one in features for name in one))
    columns = [(name, np.array([one.get(name, np.nan) for one in features])) for name in order]
    single = []
    for name, values in columns:
        kinds = np.unique(values[~np.isnan(values)])
        if 2 < len(kinds) <= 8 and not name.endswith(YES_OR_NO) and (kinds == np.rint(kinds)).all():
            single += [
                (
                    f"{name} is {kind:g}|{name} is not {kind:g}?",
                    np.where(np.isnan(values), np.nan, values == kind),
                )
                for kind in kinds
            ]
    return columns + single


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


def entries(seen: Seen, arguments: Mapping[str, Any], contract: Contract) -> list[Entry]:
    """Take a result apart into its numbers, each with the properties of its place."""
    got, right = seen.got.numbers, seen.right.numbers
    if got is None or right is None or got.shape != right.shape or not right.size or not right.ndim:
        return []
    good = close(got, right, contract.rtol, contract.atol)
    found = []
    places = list(np.ndindex(right.shape))
    step = max(1, len(places) // MOST_ENTRIES)
    for place in places[::step]:
        if right.dtype.kind == "f" and abs(right[place]) < SUBNORMAL and not contract.atol:
            continue  # there any number as small will do
        features = of_place(place, right, arguments)
        found.append(Entry(float(got[place]), float(right[place]), not bool(good[place]), features))
    return found


def of_place(place: tuple[int, ...], right: np.ndarray, arguments: Mapping[str, Any]) -> Features:
    found: Features = {}
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.shape == right.shape and value.dtype.kind in "iuf":
            found[f"the entry of `{name}`"] = float(value[place])
            found[f"the entry of `{name}`, signs aside,"] = abs(float(value[place]))
            top = float(value[place[:-1]].max())
            largest = f"the entry of `{name}` is{{}} the largest of its row"
            found[f"{largest.format('')}|{largest.format(' not')}?"] = float(value[place] == top)
            found[f"the distance of the entry of `{name}` from the largest of its row"] = top - float(
                value[place]
            )
        elif (
            isinstance(value, np.ndarray)
            and value.dtype.kind in "iu"
            and value.shape == right.shape[:1]
            and right.ndim == 2
        ):
            found[
                f"the column is the one that `{name}` names|the column is not the one that `{name}` names?"
            ] = float(value[place[0]] == place[1])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[f"`{name}`"] = float(value)
            for other, values in arguments.items():
                if (
                    isinstance(values, np.ndarray)
                    and values.dtype.kind == "i"
                    and values.shape == right.shape
                ):
                    found[f"the entry of `{other}` minus `{name}`"] = float(values[place] - value)
    found["the entry is the first of its row|the entry is not the first of its row?"] = float(place[-1] == 0)
    found["the entry is the last of its row|the entry is not the last of its row?"] = float(
        place[-1] == right.shape[-1] - 1
    )
    found["the place in the row (counted from 0)"] = float(place[-1])
    if len(place) > 1:
        found["the row (counted from 0)"] = float(place[0])
    found["the right number"] = float(right[place])
    found["the right number, its sign aside,"] = abs(float(right[place]))
    return {name: value for name, value in found.items() if np.isfinite(value)}
