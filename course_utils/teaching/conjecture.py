"""`Conjecture`: a function to propose, and a search that tries to refute it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.teaching.exercise import (
    Check,
    Contract,
    Exercise,
    Mistake,
    Outcome,
    Result,
    Seen,
    problem_of,
    run,
)
from course_utils.teaching.exercise.exercise import Judged
from course_utils.teaching.text import one_line

Proposal = Callable[..., float]
ANY_NUMBER = Contract("any finite number will do", atol=np.inf)


class Conjecture(Exercise):
    """A function to propose, judged by a search for counterexamples instead of by comparison.

    Parameters
    ----------
    task, contract, solution, mistakes, hints
        As for `Exercise`; the solution is one proposal that survives.
    checks : sequence of Check
        Calls to which every proposal must return one finite number. They also tell the mistakes apart.
    search : callable
        Takes the proposal and returns one `Result` per claim about it, at least one, with the counterexample
        found as the problem. Where it raises, the proposal has failed. It may call the proposal freely: each
        call runs on a private copy of its arguments.

    Examples
    --------
    >>> def largest(a, b):
    ...     return 10.0
    >>> def search(proposal):
    ...     tries = [(a, b) for a in range(4) for b in range(4)]
    ...     worse = (f"{a} + {b} is larger." for a, b in tries if a + b > proposal(a, b))
    ...     return [Result("a + b stays below it", next(worse, ""))]
    >>> conjecture = Conjecture(
    ...     "Bound a + b.",
    ...     Contract("a and b are at most 3."),
    ...     largest,
    ...     [Check("a call", (1, 2))],
    ...     [Mistake(lambda a, b: 5.0, "that is *almost* enough.")],
    ...     ["How large is a?", "a + b ≤ 3 + 3", "return ..."],
    ...     search=search,
    ... )
    >>> conjecture.check(lambda a, b: 2 * max(a, b))
    The check passed.
      ✓ a + b stays below it
    >>> conjecture.check(lambda a, b: 5.0)
    The check failed.
    Diagnosis: that is almost enough.
      ✗ a + b stays below it
          3 + 3 is larger.
    """

    def __init__(
        self,
        task: str,
        contract: Contract,
        solution: Callable[..., Any],
        checks: Sequence[Check],
        mistakes: Sequence[Mistake],
        hints: Sequence[str],
        *,
        search: Callable[[Proposal], Sequence[Result]],
    ) -> None:
        super().__init__(task, contract, solution, checks, mistakes, hints)
        self._search = search

    def judge(self, function: Callable[..., Any], outcomes: Sequence[Outcome], seed: int) -> Judged:
        """Make sure that the function returns numbers; then let the search try to refute it."""
        report = tuple(
            Seen(check, outcome, outcome, self._unfit(outcome, check))
            for check, outcome in zip(self.checks, outcomes, strict=True)
        )
        unfit = tuple(
            Result(one.check.label, f"{one.check.call_text(self.name)} {one.problem}")
            for one in report
            if one.problem
        )
        if unfit:
            return unfit, report, 0.0

        def proposal(*arguments: Any) -> float:
            check = Check("", arguments)
            outcome = run(function, check)
            if problem := self._unfit(outcome, check):
                raise _Unfit(f"{check.call_text(self.name)} {problem}")
            assert outcome.numbers is not None
            return float(outcome.numbers)

        try:
            results = tuple(self._search(proposal))
            if not results:
                raise ValueError("a search makes at least one claim")
        except _Unfit as unfit_case:
            return (Result("one finite number for whatever the search tries", str(unfit_case)),), report, 0.0
        except Exception as error:  # the search calculates with what is proposed
            problem = f"{self.name} cannot be tried out: {one_line(f'{type(error).__name__}: {error}')}."
            return (Result("numbers that the search can calculate with", problem),), report, 0.0
        return results, report, sum(not result.problem for result in results) / len(results)

    def _unfit(self, outcome: Outcome, check: Check) -> str:
        if outcome.numbers is not None and outcome.numbers.shape == ():
            if not np.isfinite(outcome.numbers):
                return f"returned {outcome.returned_text()}, which is not a finite number."
            if not outcome.changed_arguments:
                return ""
        return problem_of(outcome, run(self._solution, check), ANY_NUMBER)


class _Unfit(Exception):
    """The proposal returned no finite number."""
