"""`Case`: one wrong function, what was seen of it, and when a statement about it counts as true."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import NoneType
from typing import Any

import numpy as np

from course_utils.teaching.exercise import where
from course_utils.teaching.exercise.calls import Check, Outcome, run
from course_utils.teaching.exercise.judging import FRESH_COUNT, Contract, Seen, close, seen
from course_utils.teaching.exercise.relations import Near

ENOUGH = 3  # results that a statement must explain and that differ from the right ones
LOOKED_AT = 40  # results that a statement is tried on before fresh ones
WORTH_A_LONG_SEARCH = 50  # inputs: a contract that tries fewer of them does so because each takes long
NOT_ALL = " That is so wherever your result is finite; for some inputs {}."


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that students really write, and what to tell its author.

    Parameters
    ----------
    function : callable
    explanation : str
    name : str
        A short key to count by, if the first words of the explanation are not enough.
    at_any_scale : bool
        Whether another constant factor makes it the same mistake, and not one more.
    """

    function: Callable[..., Any]
    explanation: str
    name: str = ""
    at_any_scale: bool = False

    @property
    def key(self) -> str:
        """A short key: the name, or the first words of the explanation."""
        if self.name:
            return self.name
        words = re.findall(r"[^\W_]+", self.explanation.split(". ")[0])
        return "-".join(words[:10]).lower()


@dataclass(frozen=True)
class Diagnosis:
    """What to tell a student, and a short key under which a class can be counted."""

    key: str = ""
    text: str = ""


NOTHING = Diagnosis()
Changed = Callable[[tuple[Any, ...]], list[tuple[Any, ...]]]  # the calls of changed arguments
Predict = Callable[[Check, Outcome], np.ndarray | None]  # what is returned, from a call and its right outcome


class Case:
    """One wrong function, with all that was seen of it."""

    def __init__(
        self,
        function: Callable[..., Any],
        solution: Callable[..., Any],
        contract: Contract,
        mistakes: Sequence[Mistake],
        report: Sequence[Seen],
        fresh_calls: Callable[[int], Sequence[tuple[Check, Outcome]]],
    ) -> None:
        self.function, self.solution, self.contract = function, solution, contract
        self._signature = inspect.signature(solution)
        self.names = tuple(self._signature.parameters)
        self.mistakes, self.report = mistakes, report
        self._fresh_calls = fresh_calls
        self._outcomes: dict[tuple[int, int], Outcome] = {}
        self._arguments: dict[int, dict[str, Any]] = {}
        self._changed: dict[tuple[Changed, int], list[np.ndarray]] = {}
        self._measured: dict[int, where.Features] = {}

    @cached_property
    def fresh(self) -> list[Seen]:
        """The function on inputs that no statement was made from."""
        return seen(self.function, self._fresh_calls(min(FRESH_COUNT, self.contract.count)), self.contract)

    @cached_property
    def many_fresh(self) -> list[Seen]:
        """More of these, for a statement that only most inputs bear out."""
        return seen(self.function, self._fresh_calls(self.contract.count), self.contract)

    @property
    def many(self) -> bool:
        """Tell whether so many inputs are tried that a long search, or pairs of properties, make sense."""
        return self.contract.count >= WORTH_A_LONG_SEARCH

    @cached_property
    def wrong(self) -> list[Seen]:
        """The wrong results, simplest first."""
        return [one for one in self.report if one.problem]

    @cached_property
    def looked_at(self) -> list[Seen]:
        """A few wrong and a few right results with numbers, simple and long ones."""
        numeric = [one for one in self.report if one.pair]
        wrong = [one for one in numeric if one.problem]
        right = [one for one in numeric if not one.problem]
        return spread(wrong, LOOKED_AT) + spread(right, LOOKED_AT // 2)

    @cached_property
    def samples(self) -> list[Seen]:
        """Up to three wrong results from which a relation can be read: neither extreme nor long."""
        usable = [one for one in self.looked_at if one.problem and one.comparable]
        rich = [one for one in usable if tells(one)] or usable
        some = sorted(rich[:12], key=self._size)
        return some[len(some) // 3 :][:3]

    def _size(self, one: Seen) -> int:
        return sum(np.size(value) for value in self.positional(one.check) if isinstance(value, np.ndarray))

    def features(self, report: Sequence[Seen]) -> list[where.Features]:
        """Measure the properties of calls, the plainest first."""
        return [self._features(one) for one in report]

    def _features(self, one: Seen) -> where.Features:
        if id(one) not in self._measured:
            left_out = self.left_out(one.check).items()
            given = {f"`{name}` is left out|`{name}` is given?": float(missing) for name, missing in left_out}
            self._measured[id(one)] = given | where.of_call(one, self.arguments(one.check))
        return self._measured[id(one)]

    def arguments(self, check: Check) -> dict[str, Any]:
        """Return a call's arguments by name, those that were left out too."""
        if id(check) not in self._arguments:
            bound = self._signature.bind(*check.arguments, **check.keywords)
            bound.apply_defaults()
            self._arguments[id(check)] = dict(bound.arguments)
        return self._arguments[id(check)]

    def left_out(self, check: Check) -> dict[str, bool]:
        """Say for each argument that may be left out whether it was."""
        given = self._signature.bind(*check.arguments, **check.keywords).arguments
        optional = [n for n, p in self._signature.parameters.items() if p.default is not p.empty]
        return {name: name not in given for name in optional}

    def positional(self, check: Check) -> tuple[Any, ...]:
        """Return a call's arguments in their places, those that were left out too."""
        return tuple(self.arguments(check).values())

    @cached_property
    def row_by_row(self) -> frozenset[int]:
        """The places of the arrays that have as many rows as the first table, in all calls."""
        calls = [self.positional(one.check) for one in self.report]
        tables = [p for p, a in enumerate(calls[0]) if isinstance(a, np.ndarray) and a.ndim > 1]
        if not tables:
            return frozenset()
        return frozenset(
            place
            for place, first in enumerate(calls[0])
            if isinstance(first, np.ndarray)
            and all(
                np.ndim(a[place]) and len(a[place]) == len(a[tables[0]])
                for a in calls
                if np.ndim(a[tables[0]])
            )
        )

    def right_for(self, change: Changed, check: Check) -> list[np.ndarray]:
        """Return the right results of changed arguments, once; nothing where the change makes no sense."""
        key = (change, id(check))
        if key not in self._changed:
            try:
                calls = change(self.positional(check))
            except Exception:  # whatever NumPy says to arguments of another kind
                calls = []
            results = [run(self.solution, Check("", call)).numbers for call in calls]
            complete = [numbers for numbers in results if numbers is not None]
            self._changed[key] = complete if len(complete) == len(results) else []
        return self._changed[key]

    @property
    def near(self) -> Near:
        """How near results must be to predictions."""
        return Near(self.contract.rtol, self.contract.atol)

    def same_call(self, function: Callable[..., Any], check: Check) -> Outcome:
        """Run another function on a call, once."""
        key = (id(function), id(check))
        if key not in self._outcomes:
            self._outcomes[key] = run(function, check)
        return self._outcomes[key]


def spread(items: Sequence[Seen], count: int) -> list[Seen]:
    step = max(1, len(items) // count)
    return list(items[::step][:count])


def holds(case: Case, predict: Predict, report: Sequence[Seen], enough: int) -> bool:
    """Tell whether a prediction holds for every result with finite numbers, and says something often enough.

    It says something where it differs from what is right, by far more than from what was returned.
    """
    telling = silent = 0
    for one in report:
        if one.got.numbers is None or one.right.numbers is None:
            continue
        got, prediction = one.got.numbers, predict(one.check, one.right)
        if prediction is None:  # it makes no sense for this call
            silent += 1
            continue
        if got.shape != prediction.shape:
            return False
        if not (np.isfinite(got).all() and np.isfinite(prediction).all()):
            if bool(np.isfinite(got).all()) and not one.problem:
                return False  # right where the statement promises nonsense
            silent += bool(np.isfinite(got).all())
            continue
        if not case.near.agrees(prediction, got, one.right.numbers):
            return False
        if one.problem and not explained(case, got, prediction, one.right.numbers):
            return False
        telling += bool(one.problem) and differs(got, prediction, one.right.numbers)
    return telling >= enough and telling > 3 * silent


def explained(case: Case, got: np.ndarray, prediction: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether each number, however small beside the others, is wrong as was predicted, or right."""
    if got.shape != right.shape:
        return True
    wrong = ~close(got, right, case.contract.rtol, case.contract.atol)
    near = close(got, prediction, 1e-14, case.contract.atol) | (
        np.abs(got - prediction) <= 1e-4 * np.abs(got - right)
    )
    spared = ~wrong & ~close(prediction, right, max(1e-6, case.contract.rtol), case.contract.atol)
    return bool(near[wrong].all()) and not spared.any()


def differs(got: np.ndarray, prediction: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether a result is much nearer to its prediction than to what is right."""
    if got.shape != right.shape:
        return True
    return bool(np.abs(got - prediction).max() < 0.01 * np.abs(got - right).max())


def is_true(case: Case, predict: Predict) -> bool:
    """Tell whether a statement predicts the results that were looked at, and those of fresh inputs."""
    return holds(case, predict, case.looked_at, min(ENOUGH, len(case.wrong))) and holds(
        case, predict, case.fresh, 1
    )


def told(case: Case, key: str, text: str) -> Diagnosis:
    """Say a statement that holds, with what it leaves open."""
    unsaid = [one.got for one in case.wrong if not one.got.finite() and one.right.finite()]
    nothing = [got for got in unsaid if got.returned is NoneType and got.error is None]
    rest = ["it is infinite, not a number or an error"] * (len(unsaid) > len(nothing))
    left = ", and for some ".join([*rest, *["nothing is returned"] * bool(nothing)])
    return Diagnosis(key, text + NOT_ALL.format(left) * bool(unsaid))


def tells(one: Seen) -> bool:
    """Prefer results whose numbers are neither 0 nor 1, nor all the same."""
    right = one.right.numbers
    assert right is not None
    flat = right.ravel()
    return bool(np.all((flat != 0) & (np.abs(flat) != 1))) and bool(flat.size < 2 or np.ptp(flat) > 0)
