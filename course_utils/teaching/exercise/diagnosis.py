"""What went wrong: the plainest statement about a wrong function that also holds on inputs it was not made from.

The order, from plain to involved:

1. a listed mistake that does the same on every input;
2. what needs no comparison: the argument comes back, the result is the same for all inputs, an error always;
3. a listed mistake wherever both return finite numbers (the same slip in code that is otherwise safer or less safe);
4. an argument that has no effect;
5. a relation between the returned and the right result: sign, order, shape, factor, offset, rounding, floor, ...;
6. the right result, but of other arguments: negative, sorted, the first few, swapped, ...;
7. float32; only so many digits; warnings;
8. where it is wrong, by calls and then by entries of results, and what it returns there;
9. two at once: a relation on top of a listed mistake or of other arguments.

Whatever is found in 3 to 9 must predict what the function does on fresh inputs, or it is not said.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from course_utils.teaching.exercise import where
from course_utils.teaching.exercise.calls import Check, Outcome, run
from course_utils.teaching.exercise.judging import Contract, Seen, alike, close, seen
from course_utils.teaching.exercise.relations import Near, of_results, predicted
from course_utils.teaching.exercise.slips import Slip, of_arguments
from course_utils.teaching.text import format_number

FRESH_COUNT = 150
ENOUGH = 3  # results that a statement must explain and that differ from the right ones
MOST_WRONG = 0.8  # share of wrong results up to which "right, but not where" is worth saying
EXCHANGES = 25
WORTH_A_LONG_SEARCH = 50  # inputs: a contract that tries fewer of them does so because each takes long
LOOKED_AT = 40  # results that a relation is tried on before fresh ones


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that students really write, and what to tell its author."""

    function: Callable[..., Any]
    explanation: str

    @property
    def key(self) -> str:
        """A short name made of the first words of the explanation."""
        words = re.findall(r"[^\W_]+", self.explanation.split(". ")[0])
        return "-".join(words[:7]).lower()


@dataclass(frozen=True)
class Diagnosis:
    """What to tell a student, and a short key under which a class can be counted."""

    key: str = ""
    text: str = ""


NOTHING = Diagnosis()
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
        fresh_calls: Callable[[], Sequence[tuple[Check, Outcome]]],
    ) -> None:
        self.function, self.solution, self.contract = function, solution, contract
        self._signature = inspect.signature(solution)
        self.names = tuple(self._signature.parameters)
        self.mistakes, self.report = mistakes, report
        self._fresh_calls = fresh_calls
        self._outcomes: dict[tuple[int, int], Outcome] = {}

    @cached_property
    def fresh(self) -> list[Seen]:
        """The function on inputs that no statement was made from."""
        return seen(self.function, self._fresh_calls(), self.contract)

    @cached_property
    def wrong(self) -> list[Seen]:
        """The wrong results, simplest first."""
        return [one for one in self.report if one.problem]

    @cached_property
    def looked_at(self) -> list[Seen]:
        """A few wrong and a few right results with numbers, simple and long ones."""
        numeric = [
            one for one in self.report if one.got.numbers is not None and one.right.numbers is not None
        ]
        wrong = [one for one in numeric if one.problem]
        right = [one for one in numeric if not one.problem]
        return _spread(wrong, LOOKED_AT) + _spread(right, LOOKED_AT // 2)

    def arguments(self, check: Check) -> dict[str, Any]:
        """Return a call's arguments by name, those that were left out too."""
        bound = self._signature.bind(*check.arguments, **check.keywords)
        bound.apply_defaults()
        return dict(bound.arguments)

    def features(self, one: Seen) -> where.Features:
        """Measure the properties of one call."""
        given = self._signature.bind(*one.check.arguments, **one.check.keywords).arguments
        left_out = {
            f"`{name}` is left out|`{name}` is given?": float(name not in given)
            for name, parameter in self._signature.parameters.items()
            if parameter.default is not parameter.empty
        }
        return left_out | where.of_call(one, self.arguments(one.check))

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


def _spread(items: Sequence[Seen], count: int) -> list[Seen]:
    step = max(1, len(items) // count)
    return list(items[::step][:count])


def diagnose(case: Case) -> Diagnosis:
    """Return the first statement of the list above that holds, or nothing."""
    for search in SEARCHES if case.contract.inputs else (listed,):
        found = search(case)
        if found.text:
            return found
    return NOTHING


# --- listed mistakes -------------------------------------------------------------------------------


def listed(case: Case) -> Diagnosis:
    """Find the listed mistake that does the same on every input."""
    # The last inputs are the longest: most mistakes differ there, and need no other call.
    observed = case.wrong[::-1] + [one for one in case.report if not one.problem][::-1]
    for mistake in case.mistakes:
        if all(
            alike(one.got, case.same_call(mistake.function, one.check), case.contract) for one in observed
        ):
            return Diagnosis(mistake.key, mistake.explanation)
    return NOTHING


def listed_in_other_code(case: Case) -> Diagnosis:
    """Find the listed mistake behind the wrong numbers where both functions return finite ones.

    If a mistake is only seen where it overflows, the function must fail on the very same inputs.
    """
    for mistake in case.mistakes:
        if all(_explains(case, mistake, report) for report in (case.report, case.fresh)):
            return Diagnosis(mistake.key, mistake.explanation)
    return NOTHING


def _explains(case: Case, mistake: Mistake, report: Sequence[Seen]) -> bool:
    explained = failing = repaired = worse = 0
    for one in _wrong_first(report):
        other = case.same_call(mistake.function, one.check)
        other_is_wrong = not alike(other, one.right, case.contract)
        if one.got.numbers is None and one.got.error is None:
            return False
        if one.right.error is not None:
            if other_is_wrong != bool(one.problem) or other.error is not one.got.error:
                return False
            failing += other_is_wrong
        elif other.finite() and one.got.finite():
            assert one.got.numbers is not None and other.numbers is not None
            if not case.near.agrees(other.numbers, one.got.numbers, one.right.numbers) or _loud(
                case, one.got
            ) != _loud(case, other):
                return False
            explained += other_is_wrong and bool(one.problem)
        elif other.finite():
            worse += 1
        elif one.got.finite():
            repaired += 1
        else:
            failing += 1
    if explained >= ENOUGH:
        return worse <= len(report) / 2
    return explained + failing >= ENOUGH and not worse and not repaired


def _loud(case: Case, outcome: Outcome) -> bool:
    return case.contract.quiet and bool(outcome.warned)


def _wrong_first(report: Sequence[Seen]) -> list[Seen]:
    return [one for one in report if one.problem] + [one for one in report if not one.problem]


# --- without comparison ----------------------------------------------------------------------------


def at_first_sight(case: Case) -> Diagnosis:
    """Say what needs no comparison with the right numbers."""
    if all(one.got.error is not None for one in case.report):
        hint = _about_error(case.report[0].got.error_text)
        return (
            Diagnosis("always an error", f"it stops with an error on every input. {hint}".strip())
            if hint
            else NOTHING
        )
    if all("changed its argument" in one.problem for one in case.wrong):
        return OVERWRITES
    kinds = {one.got.kind for one in case.wrong if one.got.numbers is None and one.got.error is None}
    if len(kinds) == 1 and all(one.got.numbers is None and one.got.error is None for one in case.wrong):
        return NOTHING  # the problem says so already
    for place, name in enumerate(case.names):
        if _echoes(case.report, place):
            return Diagnosis("echo", f"your function gives `{name}` back as it came.")
    if is_constant(case.report):
        return Diagnosis(
            "constant",
            "your result does not depend on the numbers in the input at all: for inputs of the same shape it is always the same.",
        )
    return NOTHING


def _about_error(error: str) -> str:
    if "truth value of an array" in error:
        return "`if`, `min`, `max`, `and` and `or` decide about one number; here they meet a whole array. Look for the NumPy function that decides entry by entry."
    if (
        "only length-1 arrays" in error
        or "only 0-dimensional arrays" in error
        or "must be real number" in error
    ):
        return "A function that takes one number (of `math`, or `float`) is given a whole array. NumPy has a function of the same name that takes an array."
    if (
        "could not be broadcast" in error
        or "mismatch in its core dimension" in error
        or "not aligned" in error
    ):
        return "Two arrays do not fit together: compare their shapes just before that line, and ask along which axis each sum runs and whether that axis is kept."
    if "list indices" in error or "unsupported operand" in error or "can't multiply sequence" in error:
        return "A Python list is treated like an array. Turn it into one first."
    return ""


def _echoes(report: Sequence[Seen], place: int) -> bool:
    given = [(one, one.check.arguments[place]) for one in report if len(one.check.arguments) > place]
    return len(given) >= ENOUGH and all(
        one.got.numbers is not None
        and isinstance(argument, np.ndarray | int | float)
        and np.array_equal(one.got.numbers, argument)
        for one, argument in given
    )


def is_constant(report: Sequence[Seen]) -> bool:
    """Tell whether results depend on nothing but the shapes of the arguments, although the right ones do."""
    groups: dict[Any, list[Seen]] = {}
    for one in report:
        if one.got.numbers is None:
            return False
        shapes = tuple(
            np.shape(argument)
            for argument in one.check.arguments
            if isinstance(argument, np.ndarray | int | float)
        )
        groups.setdefault((shapes, one.got.numbers.shape), []).append(one)
    varied = 0
    for group in groups.values():
        first = group[0].got.numbers
        if any(not np.array_equal(one.got.numbers, first, equal_nan=True) for one in group):  # type: ignore[arg-type]
            return False
        varied += len(group) > 1 and any(one.problem for one in group)
    return varied > 0


def is_echo(report: Sequence[Seen]) -> bool:
    """Tell whether results are one of the arguments, as it came."""
    places = max((len(one.check.arguments) for one in report), default=0)
    return any(_echoes(report, place) for place in range(places))


# --- an argument without effect --------------------------------------------------------------------


def no_effect(case: Case) -> Diagnosis:
    """Find an argument that can be exchanged without any effect, where it should have one."""
    for place, name in enumerate(case.names):
        same = moves = 0
        for one, other in itertools.islice(_exchanges(case, name), min(EXCHANGES, case.contract.count // 4)):
            changed = replace(
                one.check, arguments=(*one.check.arguments[:place], other, *one.check.arguments[place + 1 :])
            )
            right = run(case.solution, changed)
            if right.error is not None or one.right.error is not None:
                continue
            if not alike(run(case.function, changed), one.got, replace(case.contract, quiet=False)):
                break
            same, moves = same + 1, moves + (not alike(right, one.right, case.contract))
        else:
            if moves >= 2 * ENOUGH:
                return Diagnosis(
                    "no effect", f"`{name}` has no effect: your result is the same whatever it is."
                )
    return NOTHING


def _exchanges(case: Case, name: str) -> Iterator[tuple[Seen, Any]]:
    """Pair calls with the argument of another call that differs and has the same type, shape and range."""
    usable = [(one, case.arguments(one.check)[name]) for one in case.report if one.got.numbers is not None]
    for one, mine in usable:
        for _, theirs in usable:
            if type(mine) is not type(theirs) or _shape(mine) != _shape(theirs) or theirs is mine:
                continue
            if isinstance(mine, np.ndarray) and mine.dtype.kind in "iu" and mine.size:
                theirs = np.clip(theirs, mine.min(), mine.max())
            if not _same_value(mine, theirs):
                yield one, theirs
                break


def _shape(value: Any) -> Any:
    return [_shape(part) for part in value] if isinstance(value, list | tuple) else np.shape(value)


def _same_value(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple):
        return all(_same_value(a, b) for a, b in zip(one, other, strict=True))
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray | int | float) else True


# --- relations -------------------------------------------------------------------------------------


def _holds(case: Case, predict: Predict, report: Sequence[Seen], enough: int) -> bool:
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
            continue
        if not case.near.agrees(prediction, got, one.right.numbers):
            return False
        telling += bool(one.problem) and _differs(got, prediction, one.right.numbers)
    return telling >= enough and telling > 3 * silent


def _differs(got: np.ndarray, prediction: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether a result is much nearer to its prediction than to what is right."""
    if got.shape != right.shape:
        return True
    return bool(np.abs(got - prediction).max() < 0.01 * np.abs(got - right).max())


def _is_true(case: Case, predict: Predict) -> bool:
    return _holds(case, predict, case.looked_at, min(ENOUGH, len(case.wrong))) and _holds(
        case, predict, case.fresh, 1
    )


def _told(case: Case, predict: Predict, key: str, text: str) -> Diagnosis:
    """Say a statement that holds, with what it leaves open."""
    unsaid = [one for one in case.wrong if not one.got.finite() and one.right.finite()]
    rest = (
        " That is so wherever your result is finite; it also is infinite, not a number or an error for some inputs."
        if unsaid
        else ""
    )
    return Diagnosis(key, text + rest)


def _samples(case: Case) -> list[Seen]:
    """Take up to three wrong results from which a relation can be read: not too short, not too extreme."""
    usable = [one for one in case.looked_at if one.problem and one.comparable]
    rich = [one for one in usable if _tells(one)]
    return (rich or usable)[:3]


def _tells(one: Seen) -> bool:
    """Prefer results whose numbers are neither 0 nor 1, nor all the same."""
    right = one.right.numbers
    assert right is not None
    flat = right.ravel()
    return bool(np.all((flat != 0) & (np.abs(flat) != 1))) and bool(flat.size < 2 or np.ptp(flat) > 0)


def of_right_results(case: Case) -> Diagnosis:
    """Find a relation between what is returned and what is right."""
    return _related(case, lambda check, right: right.numbers, "", "your result is ")


def _related(case: Case, base: Predict, key: str, words: str) -> Diagnosis:
    """Find a relation between what is returned and what another function, or the solution, returns."""
    for sample in _samples(case)[: 1 if key else 2]:
        numbers = base(sample.check, sample.right)
        if numbers is None or not np.isfinite(numbers).all():
            continue
        assert sample.got.numbers is not None
        for relation in of_results(
            numbers, sample.got.numbers, case.arguments(sample.check), case.near, short=bool(key)
        ):

            def predict(check: Check, right: Outcome, change: Any = relation.change) -> np.ndarray | None:
                before = base(check, right)
                return None if before is None else predicted(change, before, case.arguments(check))

            if _is_true(case, predict):
                joined = f"{key}, {relation.key}" if key else relation.key
                return _told(case, predict, joined, f"{words}{relation.text}.")
    return NOTHING


def of_other_arguments(case: Case) -> Diagnosis:
    """Find other arguments for which the returned result would be right."""
    samples = _samples(case)
    if not samples:
        return NOTHING
    for slip in of_arguments(case.arguments(samples[0].check), case.row_by_row):
        predict = _right_for(case, slip)
        prediction = predict(samples[0].check, samples[0].right)
        if (
            samples[0].got.numbers is not None
            and case.near.agrees(prediction, samples[0].got.numbers, samples[0].right.numbers)
            and _is_true(case, predict)
        ):
            return _told(
                case,
                predict,
                f"argument: {slip.key}",
                f"your result is the right one for {slip.text}.",
            )
    return NOTHING


def _right_for(case: Case, slip: Slip) -> Predict:
    remembered: dict[int, np.ndarray | None] = {}

    def predict(check: Check, right: Outcome) -> np.ndarray | None:
        if id(check) not in remembered:
            remembered[id(check)] = _predicted_by(case, slip, case.positional(check))
        return remembered[id(check)]

    return predict


def _predicted_by(case: Case, slip: Slip, arguments: tuple[Any, ...]) -> np.ndarray | None:
    """Predict a result from the right ones of other arguments; None where the slip makes no sense."""
    try:
        results = [run(case.solution, Check("", changed)).numbers for changed in slip.change(arguments)]
        if any(numbers is None for numbers in results):
            return None
        return np.asarray(slip.join(results, arguments), dtype=float)  # type: ignore[arg-type]
    except Exception:  # whatever NumPy says to arguments of another kind
        return None


OVERWRITES = Diagnosis(
    "changes its argument",
    "the caller's array is overwritten. Make a new array: no `+=`, `-=`, `*=` or `out=` on an argument.",
)


def overwrites(case: Case) -> Diagnosis:
    """Notice a function that writes into its argument wherever it is wrong."""
    return (
        OVERWRITES if sum(one.got.changed_arguments for one in case.wrong) > len(case.wrong) / 2 else NOTHING
    )


# --- digits ----------------------------------------------------------------------------------------


def single_precision(case: Case) -> Diagnosis:
    """Tell numbers that all fit into 32 bits, and are nearly right."""
    report = [one for one in (*case.report, *case.fresh) if one.comparable]
    pairs = [(one.got.numbers.ravel(), one.right.numbers.ravel()) for one in report if _same_shape(one)]  # type: ignore[union-attr]
    if len(pairs) < max(ENOUGH, len(report) / 2):
        return NOTHING
    got, right = (np.concatenate(side).astype(float) for side in zip(*pairs, strict=True))
    with np.errstate(all="ignore"):
        single = got.astype(np.float32).astype(float)
        near = np.abs(got - right) <= 1e-3 * np.abs(right)
        long = right.astype(np.float32).astype(float) != right  # what does not fit by chance
    if not long.sum() > 10 * ENOUGH or not (single == got).all() or near.sum() < got.size / 2:
        return NOTHING
    text = "you calculate in float32 (or less): all your numbers fit into 32 bits, which is about 7 digits and nothing beyond 1e38 or below 1e−45. Leave the numbers as float64."
    return Diagnosis("float32", text)


def _same_shape(one: Seen) -> bool:
    return np.shape(one.got.numbers) == np.shape(one.right.numbers)  # type: ignore[arg-type]


def few_digits(case: Case) -> Diagnosis:
    """Tell float32 and approximations from formulas that are wrong."""
    report = [one for one in (*case.report, *case.fresh) if one.comparable]
    errors = []
    for one in report:
        got, right = one.got.numbers, one.right.numbers
        assert got is not None and right is not None
        if got.shape != right.shape:
            return NOTHING
        with np.errstate(all="ignore"):
            size = np.median(np.abs(right)) if case.contract.atol and right.size else 1e-290
            away = np.abs(got - right) / np.maximum(np.abs(right), max(size, 1e-290))
        errors.append(float(away.max()) if away.size else 0.0)
    unclear = sum(not one.comparable for one in case.wrong) > len(case.wrong) / 2
    if unclear or len(errors) < 2 * ENOUGH or not 1e-12 < max(errors) < 2e-3:
        return NOTHING
    digits = max(1, int(-np.log10(max(errors))))
    if any(one.problem for one in case.fresh):
        text = (
            f"the formula seems right, but your numbers agree with the right ones to about {digits} digits only. Something is less exact than a float64: "
            "single precision, a rounded constant, a small number added for safety, a measured slope, or a search that stops too early."
        )
        return _told(case, lambda c, r: r.numbers, "few digits", text)
    return NOTHING


# --- where -----------------------------------------------------------------------------------------


def where_calls_are_wrong(case: Case, exactly: bool = False) -> Diagnosis:
    """Find the inputs on which the function is wrong, and say what it does there."""
    errors = {one.got.error for one in case.wrong}
    if len(case.wrong) > MOST_WRONG * len(case.report) and None in errors:
        return NOTHING
    features = [case.features(one) for one in case.report]
    found = where.find([bool(one.problem) for one in case.report], features)
    fresh = [case.features(one) for one in case.fresh]
    if exactly and found is not None and (found.share < 1 or len(found.sides) > 1 or found.about_results):
        return NOTHING
    if found is None or not found.foretells(fresh, [bool(one.problem) for one in case.fresh]):
        return NOTHING
    return Diagnosis(
        "where", f"your result is right on many inputs, but {found.text()}.{_what_happens(case.wrong)}"
    )


def _what_happens(wrong: Sequence[Seen]) -> str:
    """Say what all wrong calls have in common."""
    errors = {one.got.error for one in wrong}
    asked = wrong[0].right.error
    if asked is not None and all(one.right.error is asked for one in wrong):
        return f" There the contract asks for {_article(asked.__name__)}{', not another error' if None not in errors else ''}."
    if None not in errors:
        names = [one.got.error.__name__ for one in wrong if one.got.error]
        often = max(dict.fromkeys(names), key=names.count)
        about = _about_error(
            next(one.got.error_text for one in wrong if one.got.error_text.startswith(often))
        )
        return f" There it raises {_article(often)}{', mostly' if len(errors) > 1 else ''}. {about}".rstrip()
    if all("with a warning" in one.problem for one in wrong):
        return " There the numbers are right, but something overflows or divides by zero on the way, with a warning."
    numbers = [
        one.got.numbers for one in wrong if one.got.numbers is not None and one.right.numbers is not None
    ]
    if len(numbers) < len(wrong):
        return ""
    if all(np.isnan(n).any() for n in numbers):
        return " There it returns what is not a number: somewhere infinity is divided by infinity, 0 by 0, or infinity is subtracted from infinity."
    if all(not np.isfinite(n).all() for n in numbers):
        return " There something overflows, or the logarithm of 0 is taken: infinity comes out."
    if all(n.shape != one.right.numbers.shape for n, one in zip(numbers, wrong, strict=True)):  # type: ignore[union-attr]
        return " There the shape is wrong."
    if all((n == 0).all() for n in numbers):
        return " There it returns 0."
    return ""


def _article(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIO' else 'a'} {name}"


def where_exactly(case: Case) -> Diagnosis:
    """Find a property that parts wrong from right inputs exactly."""
    return where_calls_are_wrong(case, exactly=True)


def where_entries_are_wrong(case: Case) -> Diagnosis:
    """Find the entries of results that are wrong, and say what stands there."""
    taken = [
        entry for one in case.report for entry in where.entries(one, case.arguments(one.check), case.contract)
    ]
    if any(
        one.got.numbers is None or one.got.numbers.shape != np.shape(one.right.numbers) for one in case.wrong
    ):
        return NOTHING
    wrong = [entry for entry in taken if entry.wrong]
    if len(wrong) < ENOUGH or len(taken) - len(wrong) < ENOUGH:
        return NOTHING
    few = [*_thinned(wrong), *_thinned([entry for entry in taken if not entry.wrong])]
    found = where.find([entry.wrong for entry in few], [entry.features for entry in few], loosely=False)
    fresh = [
        entry for one in case.fresh for entry in where.entries(one, case.arguments(one.check), case.contract)
    ]
    if found is None:
        return NOTHING
    for some in (taken, fresh):
        if not found.foretells([entry.features for entry in some], [entry.wrong for entry in some]):
            return NOTHING
    return Diagnosis(
        "where", f"most entries of your results are right, but {found.text()}.{_what_stands(wrong)}"
    )


def _thinned(items: Sequence[where.Entry], most: int = 400) -> Sequence[where.Entry]:
    return items[:: max(1, len(items) // most)]


def _what_stands(wrong: Sequence[where.Entry]) -> str:
    got, right = (np.array([getattr(entry, name) for entry in wrong]) for name in ("got", "right"))
    if np.isnan(got).all():
        return " There stands what is not a number."
    if np.isfinite(got).all() and np.ptp(got) <= 1e-12 * np.abs(got).max():
        return f" There always stands {format_number(float(got[0]), 4)}."
    with np.errstate(all="ignore"):
        ratio = got / right
    if np.isfinite(ratio).all() and np.ptp(ratio) <= 1e-7 * np.abs(ratio).max():
        return f" There your number is {format_number(float(ratio[0]), 4)} times the right one."
    if np.isfinite(got - right).all() and np.ptp(got - right) <= 1e-9 * np.abs(got - right).max():
        return f" There your number differs from the right one by {format_number(float((got - right)[0]), 4)}, always."
    return ""


# --- two at once -----------------------------------------------------------------------------------


def two_at_once(case: Case) -> Diagnosis:
    """Find a relation on top of a listed mistake, or of other arguments."""
    if case.contract.count < WORTH_A_LONG_SEARCH:
        return NOTHING
    for mistake in case.mistakes:
        found = _related(
            case,
            _numbers_of(case, mistake.function),
            mistake.key,
            f"two things at once. One: {mistake.explanation} The other: on top of that, your result is ",
        )
        if found.text:
            return Diagnosis(found.key, found.text.replace("the right one", "what that gives"))
    samples = _samples(case)
    if not samples:
        return NOTHING
    for slip in of_arguments(case.arguments(samples[0].check), case.row_by_row):
        found = _related(
            case,
            _right_for(case, slip),
            f"argument: {slip.key}",
            f"two things at once. One: you take {slip.text}. The other: your result is ",
        )
        if found.text:
            return Diagnosis(found.key, found.text.replace("the right one", "what that gives"))
    return NOTHING


def _numbers_of(case: Case, function: Callable[..., Any]) -> Predict:
    return lambda check, right: case.same_call(function, check).numbers


SEARCHES = (
    listed,
    at_first_sight,
    listed_in_other_code,
    single_precision,
    of_right_results,
    no_effect,
    of_other_arguments,
    overwrites,
    where_exactly,
    few_digits,
    where_entries_are_wrong,
    where_calls_are_wrong,
    two_at_once,
)
