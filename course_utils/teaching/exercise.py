"""`Exercise`: a task, a contract, and a check that says not only *that* but *how* a function is wrong.

The truth is the tested solution. A wrong function is compared with real wrong implementations; if it behaves
like one of them on every check, the student is told what they misunderstood.
"""

from __future__ import annotations

import contextlib
import copy
import html
import inspect
import io
import itertools
import os
import textwrap
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import CodeType, EllipsisType, NoneType
from typing import Any, Literal

import numpy as np

from course_utils.teaching.live import AS_MARKDOWN, kernel_is_live, widget_view
from course_utils.teaching.text import (
    brief,
    bullet_list,
    details,
    element,
    inline_html,
    kind_of,
    one_line,
    safely,
    to_html,
    to_plain,
)

LARGEST_RESULT = (
    1_000_000  # numbers; of a larger one (by mistake, or a broadcast view) only the shape is read
)


SOLUTIONS = "COURSE_SOLUTIONS"  # the environment variable by which an instructor hides the solutions
HIDDEN = "The instructor has hidden the solutions; the hints remain."


def solutions_hidden() -> bool:
    """Tell whether the instructor has set ``COURSE_SOLUTIONS=hidden``. Any other word is a slip."""
    setting = os.environ.get(SOLUTIONS, "shown")
    if setting not in ("shown", "hidden"):
        raise ValueError(f"{SOLUTIONS} must be shown or hidden, not {brief(setting)}")
    return setting == "hidden"


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
    quiet : bool
        Whether a function that warns has failed, even if its numbers are right.
    """

    text: str
    rtol: float = 1e-9
    atol: float = 0.0
    quiet: bool = False


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
        given = [brief(a) for a in self.arguments] + [f"{k}={brief(v)}" for k, v in self.keywords.items()]
        return f"{name}({', '.join(given)})"


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that students really write, and what to tell its author."""

    function: Callable[..., Any]
    explanation: str


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


@dataclass(frozen=True)
class Result:
    """One line of a verdict. An empty problem means that the check passed."""

    label: str
    problem: str = ""


@dataclass(frozen=True)
class Verdict:
    """The report on one attempt; true if the attempt is right."""

    status: Literal["passed", "failed", "not attempted"]
    headline: str
    results: tuple[Result, ...] = ()
    diagnosis: str = ""
    remarks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.status == "passed"

    def __repr__(self) -> str:
        lines = [self.headline]
        lines += [f"Diagnosis: {to_plain(self.diagnosis)}"] if self.diagnosis else []
        for result in self.results:
            lines.append(f"  {'✗' if result.problem else '✓'} {to_plain(result.label)}")
            lines += [f"      {result.problem}"] if result.problem else []
        return "\n".join(lines + [f"Remark: {remark}" for remark in self.remarks])

    def to_html(self) -> str:
        """Render the report; everything the student's function produced is escaped."""
        items = [
            f"{'✗ failed' if result.problem else '✓ passed'}: {inline_html(result.label)}"
            + (f"<br>{html.escape(result.problem)}" if result.problem else "")
            for result in self.results
        ]
        return (
            element("p", element("strong", html.escape(self.headline)))
            + (
                element("p", element("strong", "Diagnosis:"), " ", inline_html(self.diagnosis))
                if self.diagnosis
                else ""
            )
            + (bullet_list(items) if items else "")
            + "".join(element("p", "Remark: ", html.escape(remark)) for remark in self.remarks)
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.to_html()}


@dataclass(frozen=True)
class Note:
    """A hint or a solution: text that shows well everywhere."""

    plain: str
    html: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.plain, "text/html": self.html}


class Exercise:
    """A function to write.

    Parameters
    ----------
    task : str
        What to build, in light markup.
    contract : Contract
    solution : callable
        The truth of every check, and the source that `solution` shows. If it raises, raising the same
        type of error is what the check expects.
    checks : sequence of Check
    mistakes : sequence of Mistake
        Any two of them must differ on some check.
    hints : sequence of three str
        Direction, formula, almost code.

    Examples
    --------
    >>> def double(x):
    ...     return 2 * x
    >>> exercise = Exercise(
    ...     "Write `double(x)`.",
    ...     Contract("x is a number."),
    ...     double,
    ...     [Check("a number", (3.0,)), Check("zero", (0.0,))],
    ...     [Mistake(lambda x: x * x, "that is the *square*.")],
    ...     ["Add x to itself.", "2x", "return 2 * ..."],
    ... )
    >>> exercise.check(lambda x: x + x)
    All 2 checks passed.
      ✓ a number
      ✓ zero
    >>> exercise.check(lambda x: x**2).diagnosis
    'that is the *square*.'
    """

    def __init__(
        self,
        task: str,
        contract: Contract,
        solution: Callable[..., Any],
        checks: Sequence[Check],
        mistakes: Sequence[Mistake],
        hints: Sequence[str],
    ) -> None:
        if len(hints) != 3:
            raise ValueError(
                f"an exercise has three hints (direction, formula, almost code), not {len(hints)}"
            )
        if not checks:
            raise ValueError("an exercise without checks would pass everything")
        self.task, self.contract, self.checks = task, contract, tuple(checks)
        self.mistakes, self.hints = tuple(mistakes), tuple(hints)
        self._solution = solution
        self._hints_given = 0

    def check(self, student_function: Any) -> Verdict:
        """Try the function on every check and report. Never raises; an interrupt from the keyboard passes."""
        if not callable(student_function):
            return Verdict(
                "failed",
                f"Hand over the function itself: check({self.name}), without calling it. "
                f"This is {kind_of(student_function)}.",
            )
        outcomes = [run(student_function, check) for check in self.checks]
        if all(outcome.returned is EllipsisType for outcome in outcomes):
            return Verdict(
                "not attempted", "Not attempted yet: replace the ... by your code and run this cell again."
            )
        results = self.judge(student_function, outcomes)
        headline, remarks = _score(results), remarks_on(outcomes)
        if not any(result.problem for result in results):
            return Verdict("passed", headline, results, remarks=remarks)
        return Verdict("failed", headline, results, self.diagnose(outcomes), remarks)

    def judge(self, function: Callable[..., Any], outcomes: Sequence[Outcome]) -> tuple[Result, ...]:
        """Hold what the function did on every check against what the solution does."""
        expected = [run(self._solution, check) for check in self.checks]
        name = _function_name(function)
        results = [
            Result(check.label, f"{check.call_text(name)} {problem}" if problem else "")
            for check, outcome, right in zip(self.checks, outcomes, expected, strict=True)
            for problem in [problem_of(outcome, right, self.contract)]
        ]
        again = run(function, self.checks[0])
        if not alike(again, outcomes[0], self.contract):
            problem = f"{name} gave another result for the same arguments: it must depend on nothing else."
            results.append(Result("the same call gives the same result", problem))
        return tuple(results)

    def diagnose(self, outcomes: Sequence[Outcome]) -> str:
        """Return the explanation of the listed mistake that did the same on every check, or nothing."""
        # The last checks are usually the broadest: most mistakes differ there, and need no other call.
        observed = tuple(zip(outcomes, self.checks, strict=True))[::-1]
        for mistake in self.mistakes:
            if all(
                alike(outcome, run(mistake.function, check), self.contract) for outcome, check in observed
            ):
                return mistake.explanation
        return ""

    def hint(self) -> Note:
        """Return the next hint; after the third, say where the solution is."""
        self._hints_given += 1
        return self._hint(self._hints_given)

    def _hint(self, number: int) -> Note:
        if number > len(self.hints):
            after = HIDDEN if solutions_hidden() else "`solution()` shows a tested solution."
            text = f"That was the last hint. {after}"
        else:
            text = f"**Hint {number} of {len(self.hints)}.** {self.hints[number - 1]}"
        return Note(to_plain(text), to_html(text))

    def solution(self) -> Note:
        """Return the source of the tested solution, or one sentence where the instructor has hidden it.

        It hides the solution on the page, not in the package: whoever opens the lesson's module finds it.
        """
        if solutions_hidden():
            return Note(HIDDEN, to_html(HIDDEN))
        source = textwrap.dedent(inspect.getsource(self._solution)).rstrip()
        return Note(source, element("pre", element("code", html.escape(source))))

    @property
    def name(self) -> str:
        """The function to write."""
        return _function_name(self._solution)

    def __repr__(self) -> str:
        return f"Exercise: {to_plain(self.task)}\nContract: {to_plain(self.contract.text)}"

    def to_html(self) -> str:
        """Render the static twin; hints and solution are folded away."""
        hints = [
            details(f"Hint {number}", element("p", inline_html(hint)))
            for number, hint in enumerate(self.hints, start=1)
        ]
        return self._task_html() + "".join(hints) + details("Solution", self.solution().html)

    def _task_html(self) -> str:
        return to_html(f"**Exercise.** {self.task}") + to_html(f"**Contract.** {self.contract.text}")

    def view(self) -> Any:
        """Return a new live widget: task, and buttons for the next hint and the solution."""
        from ipywidgets import Button, HBox, HTMLMath

        from course_utils.teaching.announcement import Announcement, announced_form

        shown, announcement = HTMLMath(style=AS_MARKDOWN), Announcement()
        hint, solution = Button(description="Next hint"), Button(description="Show solution")

        def show(note: Note) -> None:
            shown.value, announcement.text = note.html, note.plain

        numbers = itertools.count(1)  # a page opened again starts with the first hint again
        hint.on_click(lambda _: show(self._hint(next(numbers))))
        solution.on_click(lambda _: show(self.solution()))
        task = HTMLMath(self._task_html(), style=AS_MARKDOWN)
        return announced_form(task, HBox([hint, solution]), shown, announcement=announcement)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        static = {"text/plain": repr(self), "text/html": self.to_html()}
        return {**static, **widget_view(self.view())} if kernel_is_live() else static


class _Recorder(io.StringIO):
    """What a student's function prints. It may close its standard output; we still want to read it."""

    def close(self) -> None:
        """Stay readable."""


def run(function: Callable[..., Any], check: Check) -> Outcome:
    """Call a function on a private copy of a check's arguments and record all it does."""
    arguments, keywords = copy.deepcopy((check.arguments, dict(check.keywords)))
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
    return replace(
        outcome,
        printed=one_line(printed.getvalue()),
        warned=tuple(dict.fromkeys(warned)),
        changed_arguments=not _same_arguments((arguments, keywords), (check.arguments, dict(check.keywords))),
    )


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
    return Outcome(type(value), as_numbers(value), brief(value), kind_of(value))


def problem_of(outcome: Outcome, expected: Outcome, contract: Contract) -> str:
    """Say what is wrong with an outcome, as the end of a sentence that starts with the call, or nothing."""
    if expected.error is not None:
        if outcome.error is not None and issubclass(outcome.error, expected.error):
            return ""
        did = f"raised {outcome.error_text}" if outcome.error else f"returned {outcome.written}"
        return f"{did}, but should raise {expected.error.__name__}."
    if outcome.error is not None:
        return f"raised {outcome.error_text}{outcome.error_line}."
    if outcome.returned is NoneType:
        return "returned None. Is the return statement missing?"
    if outcome.returned is EllipsisType:
        return "returned ..., so this case is not written yet."
    got, right = outcome.numbers, expected.numbers
    if got is None:
        return f"returned {outcome.kind}, but should return real numbers."
    if right is None:
        return f"cannot be judged: the solution returned {expected.kind}."
    if got.shape != right.shape:
        return f"returned {_shape(got)}, but should return {_shape(right)}."
    wrong = ~_close(got, right, contract)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f" at index {index[0] if len(index) == 1 else index}" if index else ""
        returned, wanted = _written_apart(got[index], right[index])
        return f"returned {returned}{where}, but {wanted} is right."
    if outcome.changed_arguments:
        return "returned the right numbers, but changed its argument: the caller's data must stay as it was."
    if contract.quiet and outcome.warned:
        return f"returned the right numbers, but with a warning: {outcome.warned[0].rstrip('.')}."
    return ""


def alike(one: Outcome, other: Outcome, contract: Contract) -> bool:
    """Tell whether two calls behaved the same: equal numbers within tolerance, or the same type of error."""
    if one.error is not None or other.error is not None:
        return one.error is other.error
    if one.changed_arguments != other.changed_arguments:
        return False
    if contract.quiet and bool(one.warned) != bool(other.warned):
        return False
    first, second = one.numbers, other.numbers
    if first is None or second is None:
        return first is second and one.returned is other.returned
    if first.shape != second.shape:
        return False
    return first.size > LARGEST_RESULT or bool(_close(first, second, contract).all())


def as_numbers(value: Any) -> np.ndarray | None:
    """Copy a returned object into an array of real numbers; ``None`` if it is not one."""
    return safely(lambda: _as_numbers(value), None)  # hostile or ragged objects


def _as_numbers(value: Any) -> np.ndarray | None:
    array = np.asarray(value)
    # A masked entry is hidden from whoever looks at the result: it is not a number.
    if array.dtype.kind not in "iuf" or np.ma.is_masked(value):
        return None
    return array.copy() if array.size <= LARGEST_RESULT else array


def remarks_on(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Say what is not wrong, but worth knowing."""
    remarks = []
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


def _score(results: Sequence[Result]) -> str:
    passed, total = sum(not result.problem for result in results), len(results)
    if total == 1:
        return "The check passed." if passed else "The check failed."
    return f"{'All' if passed == total else f'{passed} of'} {total} checks passed."


def _close(got: np.ndarray, right: np.ndarray, contract: Contract) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(got, right, rtol=contract.rtol, atol=contract.atol, equal_nan=True))


def _same_arguments(one: Any, other: Any) -> bool:
    """Compare nested arguments. What cannot be compared counts as unchanged."""

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


def _written_apart(got: Any, right: Any) -> tuple[str, str]:
    """Write two numbers that differ, with enough digits to show it."""
    if brief(got) != brief(right):
        return brief(got), brief(right)
    return repr(got.item()), repr(right.item())


def _shape(array: np.ndarray) -> str:
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def _function_name(function: Any) -> str:
    name = safely(lambda: function.__name__, "")
    return name if type(name) is str and name.isidentifier() else "your_function"
