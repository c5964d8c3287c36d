"""What is seen without looking for a formula: errors, constants, arguments without effect."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from course_utils.teaching.exercise.calls import LARGEST_RESULT, Check, run
from course_utils.teaching.exercise.case import ENOUGH, NOTHING, Case, Diagnosis
from course_utils.teaching.exercise.judging import Seen, alike, problem_of

EXCHANGES = 25  # calls in which one argument is exchanged


OVERWRITES = Diagnosis(
    "changes its argument",
    "the caller's array is overwritten. Make a new array: no `+=`, `-=`, `*=` or `out=` on an argument.",
)
FLOATS = Diagnosis(
    "floats",
    "all your numbers are right, but they are floats. Return integers: only these can be used as indices.",
)
IN_PARTS = Diagnosis(
    "in parts",
    "all your numbers are right, but each part stands by itself. The contract wants them joined: "
    "`np.concatenate([np.ravel(part) for part in parts])`.",
)
RIGHT_NUMBERS = {"changed its argument": OVERWRITES, "as floats": FLOATS}  # by words of the problem


def overwrites(case: Case) -> Diagnosis:
    """Notice what writes into its argument wherever it is wrong, or cannot: integers take no floats."""
    written = sum(one.got.changed_arguments for one in case.wrong)
    refused = sum("Cannot cast ufunc" in one.got.error_text for one in case.wrong)
    return OVERWRITES if written >= ENOUGH and written + refused > len(case.wrong) / 2 else NOTHING


def in_parts(case: Case) -> Diagnosis:
    """Notice arrays that only need to be joined."""
    apart = all(issubclass(one.got.returned, list | tuple) and one.got.numbers is None for one in case.report)
    if not apart:
        return NOTHING

    def joined(*arguments: Any, **keywords: Any) -> Any:
        return np.concatenate([np.ravel(part) for part in case.function(*arguments, **keywords)])

    again = (run(joined, one.check) for one in case.report)
    right = all(
        not problem_of(got, one.right, case.contract) for got, one in zip(again, case.report, strict=True)
    )
    return IN_PARTS if right else NOTHING


def stops(case: Case, also_some: bool = True) -> Diagnosis:
    """Explain the error with which most wrong calls stop; one of `PLACES` on some inputs if ``also_some``."""
    meanings = [meaning for one in case.wrong if (meaning := about_error(one.got.error_text))]
    every = len(meanings) == len(case.report)
    misplaced = bool(meanings) and meanings[0] in PLACES.values()
    if len(meanings) <= len(case.wrong) / 2 or (misplaced and not every and not also_some):
        return NOTHING
    return Diagnosis(
        "error", f"it stops with an error on {'every input' if every else 'many inputs'}. {meanings[0]}"
    )


def at_first_sight(case: Case) -> Diagnosis:
    """Say what needs no comparison with the right numbers."""
    if (stopped := stops(case, also_some=False)).text:
        return stopped
    for words, found in RIGHT_NUMBERS.items():
        if all(words in one.problem for one in case.wrong):
            return found
    kinds = {"" if one.got.error else one.got.kind for one in case.wrong}
    if len(kinds) == 1 and not kinds & {"", "numbers"}:
        return NOTHING  # the problem says so already
    shown = [one for one in case.report if one.check.label]
    others = [one for one in case.report if not one.check.label]
    if not any(one.problem for one in shown) and sum(bool(one.problem) for one in others) > 0.9 * len(others):
        return BY_HEART
    for place, name in enumerate(case.names):
        if _echoes(case.report, place):
            return Diagnosis("echo", f"your function gives `{name}` back as it came.")
    if is_constant(case.report):
        numbers = np.concatenate([np.ravel(one.got.numbers) for one in case.report])  # type: ignore[arg-type]
        never = numbers.size > 0 and np.isnan(numbers).all()
        return NEVER_A_NUMBER if never else CONSTANT
    return NOTHING


CONSTANT = Diagnosis(
    "constant",
    "your result does not depend on the numbers in the input at all: for inputs of the same shape it "
    "is always the same.",
)
NEVER_A_NUMBER = Diagnosis(
    "constant",
    "your result is never a number, whatever the input. On the way stands 0 · ∞, ∞ − ∞, 0/0 or the "
    "logarithm or root of a negative number: print the steps of one call.",
)
BY_HEART = Diagnosis(
    "by heart",
    "it is right for the calls that are shown here, and for hardly any other. Calculate from the arguments "
    "instead of looking answers up.",
)


def about_error(error: str) -> str:
    """Say what a frequent message of Python or NumPy means, or nothing."""
    known = (*MEANINGS, *PLACES.items())
    return next((meaning for words, meaning in known if re.search(words, error)), "")


# A type that is named tells more than the operation that refused it: None and functions come first.
MEANINGS: list[tuple[str, str]] = [
    (
        "NoneType",
        "Something is `None` there: is a `return` missing, is a method used as a value that returns nothing, "
        "such as `sort`, or does a variable start as `None`?",
    ),
    (
        r"'function'|'method'|(?:not|type) (?:function|method)\b|builtin_function_or_method|numpy\.ufunc|"
        "_ArrayFunctionDispatcher",
        "A function stands where its result should: call it, with its argument in parentheses.",
    ),
    (
        "truth value of an array",
        "`if`, `min`, `max`, `and` and `or` decide about one number; here they meet a whole array. "
        "Look for the NumPy function that decides entry by entry.",
    ),
    (
        "only length-1 arrays|only 0-dimensional arrays|must be real number, not (?!str)",
        "A function that takes one number (of `math`, or `float`) is given a whole array. "
        "NumPy has a function of the same name that takes an array.",
    ),
    (
        "could not be broadcast|mismatch in its core dimension|not aligned",
        "Two arrays do not fit together: compare their shapes just before that line, and ask along which "
        "axis each sum runs and whether that axis is kept.",
    ),
    (
        "list indices .* not (?:list|tuple)|operand type.*'list'|can't multiply sequence",
        "A Python list is treated like an array. Turn it into one first.",
    ),
]
# These often come of a slip for which there is a better sentence: on some inputs it only gives wrong numbers.
PLACES: dict[str, str] = {
    "axis -?[0-9]+ is out of bounds": (
        "An array has fewer axes than `axis` asks for: one row of numbers has axis 0 only. The last axis is "
        "always −1."
    ),
    "invalid index to scalar|'(?:int|float)' object is not subscriptable": (
        "A single number is indexed as if it were an array: has a sum or a maximum left only one?"
    ),
    "index -[0-9]+ is out of bounds": (
        "An index goes beyond the beginning: counted from the end, the first entry is minus the length."
    ),
    "index (?:[0-9]+ is )?out of (?:range|bounds)": (
        "An index goes beyond the end: entries are counted from 0, so the last one has the length minus 1."
    ),
    r"'(?:int|float|numpy\.\w+)' object is not iterable|iteration over a 0-d array": (
        "A single number is gone through entry by entry there. To count up to it, use `range`."
    ),
    "Singular matrix": "A matrix has no inverse there: some of its rows follow from others.",
    "only integer scalar arrays": (
        "An array stands where one whole number belongs, such as an index or a length."
    ),
    "Cannot cast ufunc": (
        "An array of integers cannot take floats (`+=`, `-=`, `*=`, `/=`, `out=`): make a new array. One "
        "from `zeros_like` has the type of its model; `np.zeros` makes floats."
    ),
}


def _echoes(report: Sequence[Seen], place: int) -> bool:
    given = [(one, one.check.arguments[place]) for one in report if len(one.check.arguments) > place]
    return len(given) >= ENOUGH and all(
        one.got.numbers is not None
        and isinstance(argument, np.ndarray | int | float | np.generic)
        and np.array_equal(one.got.numbers, argument)
        for one, argument in given
    )


def is_constant(report: Sequence[Seen]) -> bool:
    """Tell whether results depend on nothing but the shapes of the arguments, although the right ones do."""
    groups: dict[Any, list[Seen]] = {}
    for one in report:
        if one.got.numbers is None or one.got.numbers.size > LARGEST_RESULT:
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
    places = max(len(one.check.arguments) for one in report)
    return any(_echoes(report, place) for place in range(places))


def no_effect(case: Case) -> Diagnosis:
    """Find an argument that can be exchanged without any effect, where it should have one."""
    for place, name in enumerate(case.names):
        same = moves = 0
        for one, other in itertools.islice(exchanges(case, name), min(EXCHANGES, case.contract.count // 4)):
            changed = _exchanged(one.check, place, name, other)
            right = run(case.solution, changed)
            if right.error is not None:
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


def _exchanged(check: Check, place: int, name: str, value: Any) -> Check:
    if name in check.keywords:
        return replace(check, keywords={**check.keywords, name: value})
    return replace(check, arguments=(*check.arguments[:place], value, *check.arguments[place + 1 :]))


def exchanges(case: Case, name: str) -> Iterator[tuple[Seen, Any]]:
    """Pair calls with the argument of another call that differs and has the same type, shape and range."""
    given = [one for one in case.report if one.pair and not case.left_out(one.check).get(name)]
    usable = [(one, case.arguments(one.check)[name]) for one in given]
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
