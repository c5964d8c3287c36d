"""One call of a function: what it is given, and all that it does, as plain data."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import CodeType, EllipsisType, NoneType
from typing import Any

import numpy as np

from course_utils.teaching.text import brief, format_list, kind_of, one_line, safely

LARGEST_RESULT = 100_000  # numbers; of a larger one (by mistake, or a broadcast view) only the shape is read


@dataclass(frozen=True)
class Check:
    """One call of the student's function, compared with the same call of the solution.

    Parameters
    ----------
    label : str
        What this call finds out.
    arguments : tuple
    keywords : mapping, optional
    """

    label: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def call_text(self, name: str) -> str:
        """Write the call as Python, shortened."""
        given = [_argument_text(a) for a in self.arguments] + [
            f"{k}={_argument_text(v)}" for k, v in self.keywords.items()
        ]
        return f"{name}({', '.join(given)})"


def _argument_text(value: Any) -> str:
    """Write an argument; a list of arrays by their shapes where their numbers would be cut off."""
    if not (isinstance(value, list) and value and all(type(part) is np.ndarray for part in value)):
        return brief(value, given=True)
    parts = ", ".join(brief(part, given=True) for part in value)
    return (
        f"[{parts}]" if len(parts) <= 60 else f"<arrays of shapes {', '.join(str(p.shape) for p in value)}>"
    )


def sequence_in(value: Any) -> Any:
    """Return a list or tuple with something in it, or the one that an object holds; else None."""
    for part in (value, *getattr(value, "__dict__", {}).values()):
        if isinstance(part, list | tuple) and part:
            return part
    return None


@dataclass(frozen=True)
class Outcome:
    """What one call did, as plain data."""

    returned: type = NoneType
    numbers: np.ndarray | None = None
    written: str = "None"
    kind: str = "None"
    error: type[BaseException] | None = None
    error_text: str = ""
    error_line: str = ""
    printed: str = ""
    warned: tuple[str, ...] = ()
    changed_arguments: bool = False

    def returned_text(self) -> str:
        """Write what was returned, shortened."""
        return self.written if self.numbers is None else brief(self.numbers[()])

    def finite(self) -> bool:
        """Tell whether numbers were returned, all of them finite."""
        if self.numbers is None or self.numbers.size > LARGEST_RESULT:
            return False
        return bool(np.isfinite(self.numbers).all())


class _Recorder(io.StringIO):
    """What a student's function prints. It may close its standard output; we still want to read it."""

    def close(self) -> None:
        """Stay readable."""


@functools.cache
def sees_overflow() -> bool:
    """Tell whether NumPy warns of an overflow here: processors keep flags for it, a browser has none."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(over="warn"):
        warnings.simplefilter("always")
        np.exp(np.array([np.finfo(float).max]))
    return bool(caught)


def run(function: Callable[..., Any], check: Check) -> Outcome:
    """Call a function on a private copy of a check's arguments and record all it does."""
    arguments = tuple(_copied(argument) for argument in check.arguments)
    keywords = {name: _copied(value) for name, value in check.keywords.items()}
    printed = _Recorder()
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(all="warn", under="ignore"),  # as NumPy starts, whatever the page has set since
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("always")
        outcome = _call(function, arguments, keywords)
        warned = [_warning_text(warning) for warning in caught]
    changed = not all(
        _same(one, other)
        for one, other in zip(
            (*arguments, *keywords.values()), (*check.arguments, *check.keywords.values()), strict=True
        )
    )
    if not (changed or warned or printed.tell()):
        return outcome
    return replace(
        outcome,
        printed=one_line(printed.getvalue()),
        warned=tuple(dict.fromkeys(warned)),
        changed_arguments=changed,
    )


def _copied(argument: Any) -> Any:
    if type(argument) is np.ndarray and argument.dtype.kind in "iufb":
        return argument.copy()
    if type(argument) is list:
        return [_copied(part) for part in argument]
    return argument if isinstance(argument, int | float | str) else copy.deepcopy(argument)


def _call(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Outcome:
    """Call a function and put what it returns or raises into plain data.

    When this returns, the student's object is gone: whatever its conversion, ``repr`` or deletion does has
    happened where it is recorded, and a buffer that the function fills again cannot change the result.
    """
    try:
        value = function(*arguments, **keywords)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit() in student code must not end the page
        return Outcome(
            error=type(error),
            error_text=_error_text(error),
            error_line=_error_line(error, function),
        )
    numbers = as_numbers(value)
    if numbers is not None:  # they are written out only where a report needs it
        return Outcome(type(value), numbers, "", "numbers")
    return Outcome(type(value), None, brief(value), kind_of(value) + safely(lambda: _contents(value), ""))


def _contents(value: Any, deep: bool = True) -> str:
    """Say what is in a list or tuple, and in those that are in it."""
    if not isinstance(value, list | tuple) or not value:
        return ""
    lengths = {len(part) if isinstance(part, list | tuple) else None for part in value}
    if len(lengths) > 1 and None not in lengths:
        return " of rows of different lengths"
    kinds = {type(part): _contents(part, deep=False) if deep else "" for part in value}
    words = [f"{PLURALS.get(kind, kind.__name__ + 's')}{inner}" for kind, inner in kinds.items()]
    return f" of {one_line(format_list(words))}"


PLURALS = {str: "strings", NoneType: "Nones", EllipsisType: "..."}


def as_numbers(value: Any) -> np.ndarray | None:
    """Copy a returned object into an array of real numbers; ``None`` if it is not one.

    A long double, and an integer beyond 64 bits, counts by its value: as the float nearest to it.
    """
    return safely(lambda: _as_numbers(value), None)  # hostile or ragged objects


def _as_numbers(value: Any) -> np.ndarray | None:
    array = np.asarray(value)
    if type(value) is int and array.dtype.kind == "O":
        array = np.asarray(float(value))
    # A masked entry is hidden from whoever looks at the result: it is not a number.
    if array.dtype.kind not in "iuf" or np.ma.is_masked(value):
        return None
    if array.size > LARGEST_RESULT:
        return np.broadcast_to(np.nan, array.shape)  # hundreds of such results would fill the memory
    if array.dtype.kind != "f" or array.dtype == float:
        return array.copy()
    with np.errstate(all="ignore"):
        return array.astype(float)


def _same(one: Any, other: Any) -> bool:
    """Compare an argument with what it was. What cannot be compared counts as unchanged."""
    if one is other:
        return True
    if type(one) is type(other) is np.ndarray and one.dtype == other.dtype and one.dtype.kind in "iufb":
        if one.shape == other.shape and one.tobytes() == other.tobytes():
            return True  # nearly every argument: this is ten times as quick as the next line
        return bool(np.array_equal(one, other, equal_nan=True))
    if type(one) is type(other) is list:
        return len(one) == len(other) and all(map(_same, one, other))

    def equal() -> bool:
        try:
            np.testing.assert_equal(one, other)
        except AssertionError:
            return False
        return True

    return safely(equal, True)


def _error_text(error: BaseException) -> str:
    name = safely(lambda: one_line(type(error).__name__), "an error")
    message = safely(lambda: one_line(str(error)), "")
    return f"{name}: {message}" if message else name


def _warning_text(warning: warnings.WarningMessage) -> str:
    return safely(lambda: one_line(str(warning.message)), "")


def _error_line(error: BaseException, function: Any) -> str:
    """Say on which line of the student's function the error arose, counting its ``def`` line as 1."""
    code = safely(lambda: function.__code__, None)
    if not isinstance(code, CodeType):
        return ""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
    return f" (line {lines[-1] - code.co_firstlineno + 1} of your function)" if lines else ""
