"""`Exercise`: a task, a contract, and a check that says not only *that* but *how* a function is wrong.

The truth is the tested solution. A function is tried on the calls that the exercise shows and on others that
its contract allows; what went wrong is found by comparing what it did with what is right (see `diagnosis`).
"""

from __future__ import annotations

import inspect
import itertools
import os
import textwrap
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from types import EllipsisType
from typing import Any

from course_utils.teaching.answers import keep_verdict
from course_utils.teaching.exercise.calls import Check, Outcome, run
from course_utils.teaching.exercise.case import NOTHING, Case, Diagnosis, Mistake
from course_utils.teaching.exercise.diagnosis import diagnose
from course_utils.teaching.exercise.first_sight import is_constant, is_echo
from course_utils.teaching.exercise.judging import (
    FRESH,
    PRACTICE,
    Contract,
    Seen,
    alike,
    problem_of,
    remarks_on,
    seen,
)
from course_utils.teaching.exercise.verdict import Result, Status, Verdict
from course_utils.teaching.html import details, element, inline_html, to_html
from course_utils.teaching.live import mime_bundle
from course_utils.teaching.note import Note
from course_utils.teaching.text import brief, kind_of, safely, to_plain

Judged = tuple[tuple[Result, ...], tuple[Seen, ...], float]  # lines, what was seen, share of right inputs

SOLUTIONS = "COURSE_SOLUTIONS"  # the environment variable by which an instructor hides the solutions
KEPT = 20  # draws of inputs; whoever grades a class with a seed for each student would fill the memory
NAMELESS = "your_function"  # what a lambda is called
NOT_ATTEMPTED = "Not attempted yet: replace the ... by your code and run this cell again."
HIDDEN = "The instructor has hidden the solutions; the hints remain."


def solutions_hidden() -> bool:
    """Tell whether the instructor has set ``COURSE_SOLUTIONS=hidden``. Any other word is a slip."""
    setting = os.environ.get(SOLUTIONS, "shown")
    if setting not in ("shown", "hidden"):
        raise ValueError(f"{SOLUTIONS} must be shown or hidden, not {brief(setting)}")
    return setting == "hidden"


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
    payoff : str
        What a student who has solved it can do now.

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
        payoff: str = "",
    ) -> None:
        if len(hints) != 3:
            raise ValueError(
                f"an exercise has three hints (direction, formula, almost code), not {len(hints)}"
            )
        if not checks:
            raise ValueError("an exercise without checks would pass everything")
        self.task, self.contract, self.checks = task, contract, tuple(checks)
        self.mistakes, self.hints = tuple(mistakes), tuple(hints)
        self.payoff, self._solution = payoff, solution
        self._drawn: dict[tuple[int, int], list[tuple[Check, Outcome]]] = {}
        self._passed = False
        self._hints_given = 0

    def check(self, student_function: Any, *, seed: int = PRACTICE) -> Verdict:
        """Try the function and report. Never raises; an interrupt from the keyboard passes.

        Parameters
        ----------
        student_function : callable
        seed : int
            What the inputs beyond the shown ones are drawn from. Practice uses the same ones every time;
            grading takes a seed of its own and records it.
        """
        if not callable(student_function):
            return self._verdict("failed", self._no_function(student_function))
        outcomes = [run(student_function, check) for check in self.checks]
        if all(outcome.returned is EllipsisType for outcome in outcomes):
            return self._verdict("not attempted", NOT_ATTEMPTED)
        results, report, share = self.judge(student_function, outcomes, seed)
        passed = not any(result.problem for result in results)
        diagnosis = NOTHING if passed else self._diagnose(student_function, report, seed)
        verdict = self._verdict(
            "passed" if passed else "failed",
            score(results) + (f" {self.payoff}" if passed and self.payoff else ""),
            results=results,
            diagnosis=diagnosis.text,
            remarks=remarks_on([one.got for one in report], self.contract),
            mistake=diagnosis.key,
            share=1.0 if passed else share,
            seed=seed,
        )
        if _function_name(student_function) not in (self.name, NAMELESS):
            return verdict  # a page also shows what one on somebody else's function looks like: no answer
        self._passed = self._passed or passed
        problem = keep_verdict(self, verdict)
        return replace(verdict, remarks=(*verdict.remarks, problem)) if problem else verdict

    def _verdict(self, status: Status, headline: str, **facts: Any) -> Verdict:
        return Verdict(status, headline, exercise=self.name, **facts)

    def _no_function(self, value: Any) -> str:
        if value is None:
            return f"There is no function here, but None. Write {self.name}, then check({self.name})."
        call = f"check({self.name})"
        return f"Hand over the function itself: {call}, without calling it. This is {kind_of(value)}."

    def judge(self, function: Callable[..., Any], outcomes: Sequence[Outcome], seed: int) -> Judged:
        """Hold what the function did on the shown checks, and does on other inputs, against what is right."""
        name = _function_name(function)
        shown = [
            Seen(check, outcome, right, problem_of(outcome, right, self.contract))
            for outcome, (check, right) in zip(outcomes, self._shown, strict=True)
        ]
        others = seen(function, self._expected(seed, self.contract.count), self.contract)
        results = [Result(one.check.label, _sentence(one, name)) for one in shown]
        if others:
            failed = [one for one in others if one.problem]
            label = f"{len(others)} other inputs that the contract allows"
            if failed:
                label += f" ({len(failed)} of them failed; this is the simplest)"
            results.append(Result(label, _sentence(failed[0], name) if failed else ""))
        again = run(function, self.checks[0])
        if not alike(again, outcomes[0], self.contract):
            problem = f"{name} gave another result for the same arguments: it must depend on nothing else."
            results.append(Result("the same call gives the same result", problem))
        report = (*shown, *others)
        return tuple(results), report, _share(report)

    def _diagnose(self, function: Callable[..., Any], report: Sequence[Seen], seed: int) -> Diagnosis:
        with warnings.catch_warnings():  # what a formula does to odd arguments is not the student's concern
            warnings.simplefilter("ignore")
            return safely(lambda: diagnose(self._case(function, report, seed)), NOTHING)

    def _case(self, function: Callable[..., Any], report: Sequence[Seen], seed: int) -> Case:
        return Case(
            function,
            self._solution,
            self.contract,
            self.mistakes,
            report,
            lambda count: self._expected(seed + FRESH, count),
        )

    @cached_property
    def _shown(self) -> list[tuple[Check, Outcome]]:
        return [(check, run(self._solution, check)) for check in self.checks]

    def _expected(self, seed: int, count: int) -> list[tuple[Check, Outcome]]:
        """Draw calls and run the solution on them, once."""
        if (seed, count) not in self._drawn:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            self._drawn[seed, count] = [
                (call, run(self._solution, call)) for call in self.contract.calls(seed, count)
            ]
        return self._drawn[seed, count]

    def reset(self) -> Note:
        """Give back the cell as it was before anything was written into it."""
        signature = inspect.signature(self._solution)
        stub = f"def {self.name}{signature}:\n    return ...  # your code here"
        return Note.of_code(stub)

    @property
    def done(self) -> bool:
        """Tell whether an attempt has passed since the page was opened; other functions are none."""
        return self._passed

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
        return Note.of(text)

    def solution(self) -> Note:
        """Return the source of the tested solution, or one sentence where the instructor has hidden it.

        It hides the solution on the page, not in the package: whoever opens the lesson's module finds it.
        """
        if solutions_hidden():
            return Note.of(HIDDEN)
        return Note.of_code(self.source)

    @property
    def source(self) -> str:
        """The source of the tested solution."""
        return textwrap.dedent(inspect.getsource(self._solution)).rstrip()

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
        from course_utils.teaching.announcement import form_with_buttons

        numbers = itertools.count(1)  # a page opened again starts with the first hint again
        asked = {"Next hint": lambda: self._hint(next(numbers)), "Show solution": self.solution}
        return form_with_buttons(self._task_html(), asked)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return mime_bundle(repr(self), self.to_html(), self.view)


def _sentence(one: Seen, name: str) -> str:
    return f"{one.check.call_text(name)} {one.problem}" if one.problem else ""


def _share(report: Sequence[Seen]) -> float:
    """Return on which share of the inputs the results are right; nothing for a constant or an echo."""
    if is_constant(report) or is_echo(report):
        return 0.0
    return sum(not one.problem for one in report) / len(report)


def score(results: Sequence[Result]) -> str:
    passed, total = sum(not result.problem for result in results), len(results)
    if total == 1:
        return "The check passed." if passed else "The check failed."
    return f"{'All' if passed == total else f'{passed} of'} {total} checks passed."


def _function_name(function: Any) -> str:
    name = safely(lambda: function.__name__, "")
    return name if type(name) is str and name.isidentifier() else NAMELESS
