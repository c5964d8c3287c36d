"""When a listed mistake counts as what a function does: on every input, or in other code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from outcomes import outcome

from course_utils.teaching import Check, Contract, Mistake
from course_utils.teaching.exercise import listed, run
from course_utils.teaching.exercise.calls import Outcome
from course_utils.teaching.exercise.case import Case
from course_utils.teaching.exercise.judging import Seen, problem_of

BAD, WORSE = Outcome(error=ValueError, error_text="ValueError: bad"), Outcome(error=TypeError)
LOUD = Outcome(float, np.array(2.0), kind="numbers", warned=("overflow",))
LOUD_RIGHT = Outcome(float, np.array(1.0), kind="numbers", warned=("overflow",))
KIND_OF_BAD = Outcome(error=UnicodeError)  # which is a ValueError
INF = np.inf


def explains(calls: Any, quiet: bool = True, stops: bool = False) -> bool:
    """Tell whether a mistake explains calls: what is returned, what the mistake returns, what is right."""
    contract = Contract("", quiet=quiet)
    report, others = [], {}
    for got, mistaken, right in calls:
        check, one, best = Check("", ()), outcome(got), outcome(right)
        report.append(Seen(check, one, best, problem_of(one, best, contract)))
        others[id(check)] = outcome(mistaken)
    case = Case(abs, lambda z: z, contract, [], report, lambda count: [])
    case.same_call = lambda _, check: others[id(check)]  # type: ignore[method-assign]
    return (listed.stops_alike if stops else listed.explains)(case, Mistake(abs, ""), report)


SAME, RIGHT = (2.0, 2.0, 1.0), (1.0, 1.0, 1.0)  # as wrong as the mistake; both right
BOTH_FAIL, ONLY_MISTAKE, ONLY_THIS = (INF, INF, 1.0), (2.0, INF, 1.0), (INF, 2.0, 1.0)
RIGHT_THERE = (1.0, INF, 1.0)
ALL_FAIL, ONE_FAILS = ([INF, INF], [INF, INF], [1.0, 3.0]), ([INF, INF], [1.0, INF], [1.0, 3.0])


@pytest.mark.parametrize(
    ("calls", "explained"),
    [
        ([SAME] * 3, True),
        ([SAME] * 2, False),  # of two nothing is known
        ([RIGHT] * 9, False),
        ([SAME] * 3 + [RIGHT] * 9, True),
        ([SAME] * 3 + [(3.0, 2.0, 1.0)], False),
        ([SAME] * 3 + [(1.0, 2.0, 1.0)], False),
        ([SAME] * 3 + [(2.0, 1.0, 1.0)], False),
        ([SAME] * 3 + [("text", 2.0, 1.0)], False),
        ([SAME] * 3 + [([2.0, 2.0], 2.0, 1.0)], False),
        # Numbers that only rounding tells apart say nothing.
        ([(1 + 2e-9, 1 + 4e-9, 1.0)] * 3, False),
        ([SAME] * 3 + [(1 + 2e-9, 1 + 4e-9, 1.0)], True),
        ([SAME] * 3 + [(1 + 2e-9, 1 + 0.5e-9, 1.0)], False),  # the mistake is right there
        # Where an error is right.
        ([SAME] * 3 + [(KIND_OF_BAD, KIND_OF_BAD, BAD)], True),
        ([(KIND_OF_BAD, KIND_OF_BAD, BAD)] * 9, False),
        ([SAME] * 3 + [(BAD, BAD, BAD)], True),
        ([SAME] * 3 + [(WORSE, WORSE, BAD)], True),
        ([SAME] * 3 + [(BAD, WORSE, BAD)], False),
        ([SAME] * 3 + [(WORSE, BAD, BAD)], False),
        ([SAME] * 3 + [(2.0, BAD, BAD)], False),
        ([SAME] * 3 + [(BAD, 2.0, BAD)], False),
        ([SAME] * 2 + [(WORSE, WORSE, BAD)], True),
        ([(WORSE, WORSE, BAD)] * 3, True),
        ([(BAD, BAD, BAD)] * 9, False),
        # Where it overflows.
        ([BOTH_FAIL] * 3, True),
        ([BOTH_FAIL] * 2, False),
        ([BOTH_FAIL] * 3 + [ONLY_MISTAKE], True),
        ([BOTH_FAIL] * 3 + [ONLY_THIS], True),
        ([BOTH_FAIL] * 3 + [ONLY_MISTAKE, ONLY_THIS], False),
        ([BOTH_FAIL] * 3 + [ONLY_MISTAKE] * 2, False),
        ([BOTH_FAIL] * 6 + [ONLY_MISTAKE, ONLY_THIS], True),
        ([SAME] * 3 + [ONLY_MISTAKE] * 9, True),  # safer code
        ([SAME] * 3 + [ONLY_THIS] * 3, True),  # less safe code
        ([SAME] * 3 + [ONLY_THIS] * 4, False),
        ([SAME] * 2 + [BOTH_FAIL], True),
        ([SAME] * 2 + [BOTH_FAIL] * 2, True),
        ([SAME] * 2 + [ONLY_MISTAKE] * 9, False),
        # Where other entries are infinite, it fails for another reason.
        ([ALL_FAIL, ONE_FAILS, ONE_FAILS], False),
        ([ALL_FAIL, ALL_FAIL, ONE_FAILS], True),
        ([ALL_FAIL, ALL_FAIL, ONE_FAILS, ONE_FAILS], True),
        ([ONE_FAILS] * 9, False),
        ([SAME] * 3 + [ONE_FAILS] * 9, True),  # what is finite says enough
        ([([INF, INF], INF, [1.0, 3.0])] * 3, True),  # of another shape nothing is known
        # Where the mistake fails and the function is right, it is another one.
        ([SAME] * 3 + [RIGHT_THERE] * 3, True),
        ([SAME] * 3 + [RIGHT_THERE] * 4, False),
        ([SAME] * 3 + [RIGHT_THERE] * 4 + [ONLY_MISTAKE] * 3, False),
        ([SAME] * 3 + [RIGHT_THERE] * 4 + [ONLY_MISTAKE] * 4, True),
        ([SAME] * 3 + [RIGHT_THERE] * 4 + [BOTH_FAIL] * 4, True),
        # Where it warns.
        ([(LOUD, LOUD, 1.0)] * 3, True),
        ([(LOUD, LOUD_RIGHT, 1.0)] * 3, False),
        ([SAME] * 2 + [(LOUD, LOUD, 1.0)], True),
        ([(LOUD, 2.0, 1.0)] * 3, False),
        ([(2.0, LOUD, 1.0)] * 3, False),
        ([(LOUD, LOUD, 1.0)] * 2, False),
        ([SAME] * 3 + [(LOUD, 2.0, 1.0)] * 3, True),
        ([SAME] * 3 + [(LOUD, 2.0, 1.0)] * 4, False),
        ([SAME] * 3 + [(2.0, LOUD, 1.0)] * 9, True),
    ],
)
def test_a_mistake_is_found_in_other_code(calls: Any, explained: bool) -> None:
    assert explains(calls) is explained
    assert explains(calls[::-1]) is explained, "in whatever order"


def test_a_warning_counts_only_where_the_contract_asks_for_silence() -> None:
    assert explains([(LOUD, 2.0, 1.0)] * 3, quiet=False)


@pytest.mark.parametrize(
    ("calls", "alike"),
    [
        ([(BAD, BAD, 1.0)] * 3, True),
        ([(BAD, BAD, 1.0)] * 2, False),
        ([(BAD, BAD, 1.0)] * 2 + [(BAD, BAD, BAD)] * 9, False),  # there it is right
        ([(BAD, BAD, 1.0)] * 3 + [(1.0, BAD, 1.0)], False),
        ([(BAD, BAD, 1.0)] * 3 + [(BAD, 1.0, 1.0)], False),
        ([(BAD, BAD, 1.0)] * 3 + [(BAD, WORSE, 1.0)], False),
        ([(BAD, BAD, 1.0)] * 3 + [(2.0, 2.0, 1.0)], True),
        ([(BAD, BAD, 1.0)] * 3 + [(2.0, 3.0, 1.0)], False),
        ([(BAD, BAD, 1.0)] * 3 + [(INF, 3.0, 1.0)], True),
        ([(BAD, BAD, 1.0)] * 3 + [(3.0, INF, 1.0)], True),
        ([(BAD, BAD, 1.0)] * 3 + [("text", 2.0, 1.0)], False),
        ([(BAD, BAD, 1.0)] * 3 + [(2.0, "text", 1.0)], False),
        ([(BAD, BAD, 1.0)] * 3 + [([[2.0]], [2.0], 1.0)], True),  # whatever the shape
        ([(INF, 3.0, 1.0)] + [(BAD, BAD, 1.0)] * 3, True),
        ([(BAD, Outcome(error=ValueError, error_text="not aligned"), 1.0)] * 3, False),
        ([(2.0, 2.0, 1.0)] * 9, False),
    ],
)
def test_a_mistake_stops_with_the_same_errors(calls: Any, alike: bool) -> None:
    assert explains(calls, stops=True) is alike


@pytest.mark.parametrize(("stopping", "wrong", "named"), [(3, 2, True), (3, 3, False), (3, 4, False)])
def test_a_mistake_is_named_by_its_errors_if_most_wrong_calls_stop(
    stopping: int, wrong: int, named: bool
) -> None:
    def function(z: Any) -> Any:
        return 2.0 if z < 0 else np.zeros(2) @ np.zeros(3)

    def solution(z: Any) -> Any:
        return 1.0

    checks = [Check("", (float(k),)) for k in [*range(-wrong, 0), *range(stopping)]]
    report = [Seen(c, run(function, c), run(solution, c), "wrong") for c in checks]
    mistake = Mistake(function, "it stops.", "stops")
    case = Case(function, solution, Contract(""), [Mistake(abs, "other."), mistake], report, lambda count: [])
    case.__dict__["fresh"] = report
    assert listed.listed_by_its_errors(case).key == ("stops" if named else "")
    assert listed.listed(case).key == "stops"
    case.__dict__["fresh"] = [
        *report,
        Seen(checks[0], run(solution, checks[0]), run(solution, checks[0]), ""),
    ]
    assert listed.listed_by_its_errors(case).key == "", "fresh inputs must bear it out"
    assert listed.listed_in_other_code(case).key == ""
