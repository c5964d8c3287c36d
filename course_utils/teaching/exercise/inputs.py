"""`Pick`: a small vocabulary in which an exercise declares the inputs that its contract allows.

A contract's inputs are one function that picks the parts of one call. Each place where it picks something
shows its edges first (one entry, ties, both limits, every number of dimensions), each in an order of its own,
so that edges meet in many pairs; then come random ones, and an edge now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from course_utils.teaching.exercise.calls import Check

Given = tuple[Any, ...] | Check  # the arguments of one call; a `Check` where some have keywords
Draw = Callable[["Pick"], Given]
Array = npt.NDArray[Any]
T = TypeVar("T")

EDGES_AGAIN = 0.3  # how often an edge comes back once all have been seen


class Pick:
    """What picks the parts of one input after the other.

    Parameters
    ----------
    seed : int
        The same seed gives the same inputs.

    Examples
    --------
    >>> pick = Pick(0)
    >>> sorted(pick.next_input(lambda pick: (pick.one_of("a", "b", "c"),))[0] for _ in range(3))
    ['a', 'b', 'c']
    """

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self._orders: list[list[int]] = []  # of each place: which edges are still to come
        self._place = 0

    def next_input(self, draw: Draw) -> Given:
        """Draw one input."""
        self._place = 0
        return draw(self)

    def _edge(self, count: int, again: float = EDGES_AGAIN) -> int | None:
        """Return which edge this place shows now, or None where a random value is due."""
        place, self._place = self._place, self._place + 1
        if place == len(self._orders):
            self._orders.append([int(i) for i in self.random.permutation(count)])
        if self._orders[place]:
            return self._orders[place].pop() % count
        if count and self.random.random() < again:
            return int(self.random.random() * count)
        return None

    def one_of(self, *options: T) -> T:
        """Pick one of a few options; each is an edge."""
        edge = self._edge(len(options), again=1.0)
        assert edge is not None
        return options[edge]

    def whole(self, low: int, high: int, *edges: int) -> int:
        """Pick a whole number from ``low`` to ``high``, both of which are edges."""
        values = (low, high, *edges) if high > low else (low,)
        edge = self._edge(len(values))
        return values[edge] if edge is not None else low + int(self.random.random() * (high - low + 1))

    def number(self, low: float, high: float, *edges: float, log: bool = False) -> float:
        """Pick a number from ``low`` to ``high``: ends and edges first, then evenly, or on a log scale."""
        values = (low, high, *edges)
        edge = self._edge(len(values))
        if edge is not None:
            return values[edge]
        share = self.random.random()
        value = low * (high / low) ** share if log else low + share * (high - low)
        return min(max(short(value), low), high)

    def shape(self, *lengths: tuple[int, int]) -> tuple[int, ...]:
        """Pick a shape, each length between its two limits."""
        return tuple(self.whole(low, high) for low, high in lengths)

    def any_shape(self, dimensions: Sequence[int], longest: int = 5, empty: bool = False) -> tuple[int, ...]:
        """Pick a shape with one of these numbers of dimensions; a square one among the first."""
        count = self.one_of(*dimensions)
        kind = self.one_of("mixed", "ones", "square", "mixed", "mixed", *(["empty"] if empty else []))
        if kind == "ones":
            return (1,) * count
        if kind == "empty":  # a list can say so in one dimension only
            return (0,)
        if kind == "square":
            return (min(3, longest),) * count
        return tuple(1 + int(self.random.random() * longest) for _ in range(count))

    def numbers(
        self,
        shape: tuple[int, ...],
        low: float,
        high: float,
        *edges: float,
        types: tuple[type, ...] = (float,),
    ) -> Array:
        """Pick an array of numbers from ``low`` to ``high``.

        Its edges are whole layouts: plain small numbers, all equal, both limits, one far ahead, rows far
        apart, a little spread around an edge or around any place on a log scale, and all of that mixed.
        Most numbers are short to write, so that a report can show them. With ``int`` among the types, some
        arrays hold integers.
        """
        reach = max(abs(low), abs(high))
        layouts: list[Callable[[], Any]] = [
            lambda: self._spread(shape, 2.0),
            lambda: np.full(shape, self._anywhere(low, high)),
            lambda: self._chosen(shape, [low, high]),
            lambda: np.where(self.random.random(shape) < 0.3, self._anywhere(low, high), self._spread(shape)),
            lambda: self._anywhere(low, high) + self._spread(shape, 2.0),
            lambda: low + self.random.random(shape) * (high - low),
            lambda: self._on_a_log_scale(shape, reach),
            lambda: (
                self._places(shape[:1], low, high).reshape((-1,) + (1,) * (len(shape) - 1))
                + self._spread(shape)
            ),
            lambda: self._chosen(shape, [0.0, *edges]),
            lambda: self._spread(shape, min(reach, 30.0)),
            *(lambda edge=edge: edge + self._spread(shape) for edge in edges),
        ]
        edge = self._edge(len(layouts), again=1.0)
        assert edge is not None
        values = np.asarray(np.clip(np.asarray(layouts[edge](), dtype=float).reshape(shape), low, high))
        if self.one_of(*types) is int:
            return np.asarray(np.rint(values).astype(int))
        exact = edge in (5, 6) or self.random.random() < 0.15
        return values if exact else np.asarray(np.clip(_short_array(values), low, high))

    def _spread(self, shape: tuple[int, ...], scale: float = 1.0) -> Array:
        return np.asarray(self.random.normal(scale=scale, size=shape))

    def _chosen(self, shape: tuple[int, ...], values: Sequence[float]) -> Array:
        return np.asarray(np.asarray(values)[(self.random.random(shape) * len(values)).astype(int)])

    def _anywhere(self, low: float, high: float) -> float:
        """Pick a place on a log scale, of either sign where the limits allow it."""
        return float(self._places((1,), low, high)[0])

    def _places(self, shape: tuple[int, ...], low: float, high: float) -> Array:
        reach = max(abs(low), abs(high))
        return np.asarray(np.clip(self._on_a_log_scale(shape, reach), low, high))

    def _on_a_log_scale(self, shape: tuple[int, ...], reach: float) -> Array:
        exponents = self.random.uniform(-1, np.log10(max(reach, 0.1)), size=shape)
        return np.asarray(np.where(self.random.random(shape) < 0.5, -1, 1) * 10.0**exponents)

    def probabilities(self, count: int) -> Array:
        """Pick ``count`` probabilities: random ones, equal ones, and some that are exactly 0 or 1."""
        kind = self.one_of("random", "equal", "tenths", "one", "zeros", "uneven")
        if kind == "equal":
            return np.full(count, 1 / count)
        if kind == "one":
            return np.asarray(np.eye(count)[int(self.random.random() * count)])
        p = (
            np.round(self.random.random(count), 1) + 0.1
            if kind == "tenths"
            else self.random.random(count) + 1e-3
        )
        if kind == "zeros":
            p = p * (self.random.random(count) < 0.6) + np.eye(count)[0]
        if kind == "uneven":
            p = p ** (1 + 30 * self.random.random())
        return np.asarray(p / p.sum())


def short(value: float) -> float:
    """Round to three significant digits: short to write.

    >>> short(-0.0123456), short(98765.4)
    (-0.0123, 98800.0)
    """
    return float(f"{value:.3g}")


def _short_array(values: Array) -> Array:
    """Round to two decimals, and small numbers to three digits: differences between large ones stay."""
    return np.where(np.abs(values) < 1, np.vectorize(short, otypes=[float])(values), np.round(values, 2))


def inputs(draw: Draw, seed: int) -> Iterator[Check]:
    """Draw inputs without end, as calls."""
    pick = Pick(seed)
    while True:
        drawn = pick.next_input(draw)
        yield drawn if isinstance(drawn, Check) else Check("", drawn)


def length_written(call: Check) -> int:
    """Say how long a call is when all its numbers are written out: the shorter, the simpler."""
    parts = [*call.arguments, *call.keywords.values()]
    return sum(len(_in_full(part)) for part in parts)


def _in_full(part: Any) -> str:
    if isinstance(part, np.ndarray):
        return str(part.tolist())
    if isinstance(part, list | tuple):
        return "".join(_in_full(inner) for inner in part)
    return (
        repr(part)
        if isinstance(part, int | float | np.generic)
        else repr(vars(part) if hasattr(part, "__dict__") else part)
    )
