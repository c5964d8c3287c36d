"""`Verdict`: the report on one attempt, for a student to read and for a class to count."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from course_utils.teaching.html import bullet_list, details, element, inline_html
from course_utils.teaching.text import to_plain

Status = Literal["passed", "failed", "not attempted"]
JSON = "application/vnd.course-verdict+json"  # a name of our own: JupyterLab would show plain JSON first


@dataclass(frozen=True)
class Result:
    """One line of a verdict. An empty problem means that the check passed."""

    label: str
    problem: str = ""


@dataclass(frozen=True)
class Verdict:
    """The report on one attempt; true if the attempt is right.

    Parameters
    ----------
    status : {"passed", "failed", "not attempted"}
    headline : str
    results : sequence of Result
    diagnosis : str
        What went wrong, if that could be found out.
    remarks : sequence of str
    exercise : str
        Name of the function to write.
    mistake : str
        A short key of the diagnosis, to count by.
    share : float
        On which share of the inputs the attempt is right; 0 for what only looks right: a constant, or an
        argument given back.
    seed : int
        What the inputs were drawn from.
    folded : bool
        Whether all lines but the first failure are folded away.

    Examples
    --------
    >>> results = Result("one"), Result("two", "f(2) returned 3, but 2 is right.")
    >>> verdict = Verdict("failed", "1 of 2 checks passed.", results, share=0.5)
    >>> verdict
    1 of 2 checks passed.
      ✗ two
          f(2) returned 3, but 2 is right.
      ✓ one
    >>> verdict.points(10)
    5.0
    """

    status: Status
    headline: str
    results: tuple[Result, ...] = ()
    diagnosis: str = ""
    remarks: tuple[str, ...] = ()
    exercise: str = ""
    mistake: str = ""
    share: float = 0.0
    seed: int = 0
    folded: bool = True

    def __bool__(self) -> bool:
        return self.status == "passed"

    def points(self, maximum: float) -> float:
        """Return the share of ``maximum`` that the attempt has earned, rounded to two decimals."""
        return round(float(maximum) * self.share, 2)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "exercise": self.exercise,
            "status": self.status,
            "share": self.share,
            "mistake": self.mistake,
            "diagnosis": to_plain(self.diagnosis),
            "failed": [result.label for result in self.results if result.problem],
            "seed": self.seed,
        }

    @property
    def _first(self) -> Result | None:
        return next((result for result in self.results if result.problem), None)

    @property
    def _others(self) -> list[Result]:
        return [result for result in self.results if result is not self._first]

    def __repr__(self) -> str:
        lines = [self.headline]
        lines += [f"Diagnosis: {to_plain(self.diagnosis)}"] if self.diagnosis else []
        if self._first:
            lines += [f"  ✗ {to_plain(self._first.label)}", f"      {self._first.problem}"]
        lines += [f"  {'✗' if result.problem else '✓'} {to_plain(result.label)}" for result in self._others]
        return "\n".join(lines + [f"Remark: {remark}" for remark in self.remarks])

    def to_html(self) -> str:
        """Render the report: the first failure open, the rest folded; what a function produced is escaped."""
        first = [self._first] if self._first else []
        opened, folded = (first, self._others) if self.folded else ([*first, *self._others], [])
        return (
            element("p", element("strong", html.escape(self.headline)))
            + (
                element("p", element("strong", "Diagnosis:"), " ", inline_html(self.diagnosis))
                if self.diagnosis
                else ""
            )
            + (_items(opened) if opened else "")
            + (details(counted_by_problem(folded), _items(folded)) if folded else "")
            + "".join(element("p", "Remark: ", html.escape(remark)) for remark in self.remarks)
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": self.to_html()}
        return (
            {**bundle, JSON: self.to_json()} if self.exercise and self.status != "not attempted" else bundle
        )


def _items(results: Sequence[Result]) -> str:
    return bullet_list([_item(result) for result in results])


def _item(result: Result) -> str:
    problem = f"<br>{html.escape(result.problem)}" if result.problem else ""
    return f"{'✗ failed' if result.problem else '✓ passed'}: {inline_html(result.label)}{problem}"


def counted_by_problem(results: Sequence[Result]) -> str:
    failed = sum(bool(result.problem) for result in results)
    passed = len(results) - failed
    parts = [f"{failed} more failed"] * bool(failed) + [f"{passed} passed"] * bool(passed)
    return ", ".join(parts)
