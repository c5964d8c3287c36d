"""What counts as right, and how a wrong result is put into words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import EllipsisType, NoneType
from typing import Any, Literal

import numpy as np

from course_utils.teaching.exercise.calls import LARGEST_RESULT, Check, Outcome, run, sees_overflow
from course_utils.teaching.exercise.inputs import Draw, inputs, length_written
from course_utils.teaching.text import brief

SUBNORMAL = 2.3e-308  # what lies below has not all the digits of a float: any other number below will do
PRACTICE = 0  # the seed of the inputs while practicing: the same verdict again and again
FRESH, FRESH_COUNT = 1, 100  # added to the seed for inputs that no diagnosis was made from, and how many


@dataclass(frozen=True)
class Contract:
    """What counts as right.

    Parameters
    ----------
    text : str
        For the student: argument and result types, shapes, axis, what bad input gets.
    rtol, atol : float
        Relative and absolute tolerance of each number. With the default ``atol=0`` small numbers must be
        right to as many digits as large ones.
    whole : bool
        Whether floats have failed, even if they are whole numbers.
    quiet : bool or "overflow"
        Whether a function that warns (or warns of an overflow) has failed, even if its numbers are right.
    inputs : callable, optional
        Takes a `Pick` and returns the arguments of one call that the contract allows.
    count : int
        How many of them a check tries besides those that the exercise shows.
    """

    text: str
    rtol: float = 1e-9
    atol: float = 0.0
    whole: bool = False
    quiet: bool | Literal["overflow"] = False
    inputs: Draw | None = None
    count: int = 200

    def calls(self, seed: int, count: int) -> list[Check]:
        """Draw calls that the contract allows, the simplest first."""
        if self.inputs is None:
            return []
        drawn = list(itertools.islice(inputs(self.inputs, seed), count))
        return sorted(drawn, key=length_written)

    def forbidden(self, outcome: Outcome) -> str:
        """Return the first warning of a call that it forbids, or nothing."""
        words = self.quiet if isinstance(self.quiet, str) else ""
        return next((told for told in outcome.warned if self.quiet and words in told), "")


@dataclass(frozen=True)
class Seen:
    """One call: what the student's function did, and what the solution does."""

    check: Check
    got: Outcome
    right: Outcome
    problem: str

    @property
    def pair(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The returned and the right numbers, where both are numbers."""
        if self.got.numbers is None or self.right.numbers is None:
            return None
        return self.got.numbers, self.right.numbers

    @property
    def comparable(self) -> bool:
        """Tell whether both returned finite numbers."""
        return self.got.finite() and self.right.finite()

    @property
    def fits(self) -> bool:
        """Tell whether numbers of the right shape were returned."""
        return self.pair is not None and self.pair[0].shape == self.pair[1].shape


def seen(
    function: Callable[..., Any], expected: Iterable[tuple[Check, Outcome]], contract: Contract
) -> list[Seen]:
    """Try a function on calls whose right outcome is known."""
    report = []
    for check, right in expected:
        got = run(function, check)
        report.append(Seen(check, got, right, problem_of(got, right, contract)))
    return report


def problem_of(outcome: Outcome, expected: Outcome, contract: Contract) -> str:
    """Say what is wrong with an outcome, as the end of a sentence that starts with the call, or nothing."""
    if expected.error is not None:
        if outcome.error is not None and issubclass(outcome.error, expected.error):
            return ""
        did = f"raised {outcome.error_text}" if outcome.error else f"returned {outcome.returned_text()}"
        return f"{did}, but should raise {expected.error.__name__}."
    if outcome.error is not None:
        return f"raised {outcome.error_text}{outcome.error_line}."
    if outcome.returned is NoneType:
        return "returned None. Is the return statement missing?"
    if outcome.returned is EllipsisType:
        return "returned ..., so this case is not written yet."
    got, right = outcome.numbers, expected.numbers
    if got is None:
        return _no_numbers(outcome.kind, contract)
    if right is None:
        return f"cannot be judged: the solution returned {expected.kind}."
    if got.shape != right.shape:
        return f"returned {_shape(got)}, but should return {_shape(right)}."
    wrong = ~close(got, right, contract.rtol, contract.atol)
    if contract.whole and got.size and got.dtype.kind == "f" and not wrong.any():
        return "returned the right numbers, but as floats: return integers."
    if wrong.any():
        return _wrong_number(got, right, tuple(int(i) for i in np.argwhere(wrong)[0]))
    if outcome.changed_arguments:
        return "returned the right numbers, but changed its argument: the caller's data must stay as it was."
    if warning := contract.forbidden(outcome):
        return f"returned the right numbers, but with a warning: {warning.rstrip('.')}."
    return ""


def _no_numbers(kind: str, contract: Contract) -> str:
    if kind == "an int":
        kind += " too large for a float"
    elif kind in ("a Fraction", "a Decimal"):
        return f"returned {kind}, but should return {'integers' if contract.whole else 'floats'}."
    return f"returned {kind}, but should return real numbers."


def _wrong_number(got: np.ndarray, right: np.ndarray, index: tuple[int, ...]) -> str:
    where = f" at index {index if index[1:] else index[0]}" if index else ""
    returned, wanted = _written_apart(got[index], right[index])
    return f"returned {returned}{where}, but {wanted} is right."


def alike(one: Outcome, other: Outcome, contract: Contract) -> bool:
    """Tell whether two calls behaved the same: equal numbers within tolerance, or the same type of error."""
    if one.error is not None or other.error is not None:
        return one.error is other.error
    if one.changed_arguments != other.changed_arguments:
        return False
    if bool(contract.forbidden(one)) != bool(contract.forbidden(other)):
        return False
    first, second = one.numbers, other.numbers
    if first is None or second is None:
        return first is second and one.returned is other.returned
    if first.shape != second.shape:
        return False
    return first.size > LARGEST_RESULT or bool(close(first, second, contract.rtol, contract.atol).all())


def close(got: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Compare number by number; what is not a number equals itself."""
    one, other = np.asarray(got, dtype=float), np.asarray(right, dtype=float)
    same = np.asarray((one == other) | (np.isnan(one) & np.isnan(other)))
    if same.all():
        return same
    with np.errstate(all="ignore"):
        size = np.abs(other)
        allowed = np.where(size < SUBNORMAL, max(atol, SUBNORMAL), atol) + rtol * size
        return np.asarray(same | ((np.abs(one - other) <= allowed) & np.isfinite(other)))


def remarks_on(outcomes: Sequence[Outcome], contract: Contract) -> tuple[str, ...]:
    """Say what is not wrong, but worth knowing."""
    remarks = []
    if contract.quiet and not sees_overflow():
        remarks.append(
            "whether something overflows on the way cannot be seen in a browser. JupyterLab tells."
        )
    printed = next((outcome.printed for outcome in outcomes if outcome.printed), "")
    if printed:
        remarks.append(f"your function prints ({printed}). Its result is what it returns.")
    warned = next((outcome.warned[0] for outcome in outcomes if outcome.warned), "")
    if warned:
        remarks.append(f"Python warned: {warned.rstrip('.')}.")
    if any(issubclass(outcome.returned, list | tuple) for outcome in outcomes):
        remarks.append(
            "your function returns a list or tuple. A NumPy array lets the caller go on calculating."
        )
    return tuple(remarks)


def _written_apart(got: Any, right: Any) -> tuple[str, str]:
    """Write two numbers that differ, with enough digits to show it."""
    got, right = got + 0, right + 0  # no "negative zero" for the reader
    written = brief(got), brief(right)
    return written if written[0] != written[1] else (repr(got.item()), repr(right.item()))


def _shape(array: np.ndarray) -> str:
    return f"an array of shape {array.shape}" if array.ndim else "a single number"
