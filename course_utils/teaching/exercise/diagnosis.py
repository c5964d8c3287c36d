"""What went wrong: the plainest statement that also holds on inputs it was not made from.

The order, from plain to involved:

1. a listed mistake that does the same on every input, or stops with the same errors on the same ones;
2. what needs no comparison: an error on every input, an argument overwritten or given back, a constant,
   floats where integers are due; and, before 1, the right numbers in several arrays;
3. a listed mistake wherever both return finite numbers: the same slip in safer, less safe or restyled code;
4. numbers of 32 bits;
5. a relation between the returned and the right result: sign, order, shape, factor, offset, rounding, floor;
6. an argument that has no effect;
7. the right result of other arguments: another axis, everything at once, negative, the first few, swapped;
8. everything done twice, or an argument overwritten wherever the result is wrong;
9. a variant of the solution: another statistic, axis, base, operator or number in one of its places; or a
   floor and a ceiling at once;
10. a property of the input that parts wrong from right results exactly;
11. only so many digits: everywhere, or where something else is used;
12. two at once: a relation on top of a listed mistake;
13. the entries of results that are wrong, or the inputs most of whose results are, and what stands there;
14. an error on many inputs, of a kind that often comes of one of these.

Whatever is found in 3 to 13 must predict what the function does on fresh inputs, or it is not said.
"""

from __future__ import annotations

from collections.abc import Callable

from course_utils.teaching.exercise.case import NOTHING, Case, Diagnosis
from course_utils.teaching.exercise.first_sight import at_first_sight, in_parts, no_effect, overwrites, stops
from course_utils.teaching.exercise.listed import listed, listed_by_its_errors, listed_in_other_code
from course_utils.teaching.exercise.located import (
    where_calls_are_wrong,
    where_entries_are_wrong,
    where_exactly,
)
from course_utils.teaching.exercise.related import (
    done_twice,
    few_digits,
    held_between,
    of_other_arguments,
    of_right_results,
    of_variants,
    on_top_of_a_mistake,
    single_precision,
)

Search = Callable[[Case], Diagnosis]

OF_WHAT_HAPPENED: tuple[Search, ...] = (in_parts, listed, listed_by_its_errors, at_first_sight)
OF_RESULTS: tuple[Search, ...] = (
    listed_in_other_code,
    single_precision,
    of_right_results,
    no_effect,
    of_other_arguments,
    done_twice,
    overwrites,
    of_variants,
    held_between,
    where_exactly,
    few_digits,
    on_top_of_a_mistake,
    where_entries_are_wrong,
    where_calls_are_wrong,
)


def diagnose(case: Case) -> Diagnosis:
    """Return the first statement of the list above that holds, or nothing."""
    for search in _searches(case):
        found = search(case)
        if found.text:
            return found
    return NOTHING


def _searches(case: Case) -> tuple[Search, ...]:
    if not case.contract.inputs:
        return (listed,)  # no fresh inputs: nothing else could be confirmed
    if not case.wrong:
        return ()  # only the same call once more differed, and the verdict says so
    # Else a mistake, or a variant of the solution, that raises the like is named for whatever stops.
    numbers = any(one.got.numbers is not None for one in case.report)
    return (*OF_WHAT_HAPPENED, *OF_RESULTS * numbers, stops)
