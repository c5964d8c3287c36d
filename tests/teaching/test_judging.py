"""What counts as right and what is seen, to the edge; and what a call leaves behind."""

from __future__ import annotations

import hashlib
import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from outcomes import outcome

from course_utils.teaching import Check, Contract, Exercise, Mistake, Pick
from course_utils.teaching.exercise import case, judging, related
from course_utils.teaching.exercise.calls import LARGEST_RESULT, run, sees_overflow
from course_utils.teaching.exercise.exercise import score
from course_utils.teaching.exercise.inputs import inputs, length_written, short
from course_utils.teaching.exercise.judging import Seen, alike, close, problem_of
from course_utils.teaching.exercise.verdict import Result, counted_by_problem


def seen(got: Any, right: Any, problem: str = "wrong") -> Seen:
    return Seen(Check("", ()), outcome(got), outcome(right), problem)


@pytest.mark.parametrize(
    ("got", "right", "rtol", "atol", "near"),
    [
        (1.5, 1.0, 0.5, 0.0, True),
        (1.5, 1.0, 0.4999, 0.0, False),
        (1.5, 1.0, 0.25, 0.25, True),  # both tolerances add up
        (1.5, 1.0, 0.25, 0.2499, False),
        (-1.5, -1.0, 0.5, 0.0, True),
        (0.5, 1.0, 0.5, 0.0, True),
        (1.0, 3.0, 1.0, 0.0, True),
        (3.0, 1.0, 1.0, 0.0, False),  # relative to what is right
        (2e-308, 1e-310, 0.0, 0.0, True),  # where floats run out of digits, any will do
        (2.4e-308, 1e-310, 0.0, 0.0, False),
        (2.5e-308, 2.4e-308, 0.0, 0.0, False),
        (1e300, np.inf, 1.0, 1.0, False),
        (np.inf, np.inf, 0.0, 0.0, True),
        (np.nan, np.nan, 0.0, 0.0, True),
        (np.nan, 1.0, 1.0, np.inf, False),
    ],
)
def test_how_close_is_close(got: float, right: float, rtol: float, atol: float, near: bool) -> None:
    assert close(np.array([got]), np.array([right]), rtol, atol).tolist() == [near]


def test_a_call_is_seen_as_what_it_is() -> None:
    assert seen([1.0, 2.0], [1.0, 3.0]).fits
    assert not seen([1.0], [1.0, 3.0]).fits
    assert not seen("text", [1.0, 3.0]).fits
    assert seen([1.0], "text").pair is seen("text", [1.0]).pair is None
    assert seen([1.0], [2.0]).comparable
    assert not seen([np.nan], [2.0]).comparable
    assert not seen([2.0], [np.inf]).comparable


def test_a_result_too_large_to_keep_is_not_finite_and_alike_by_its_shape() -> None:
    most, more = np.zeros(LARGEST_RESULT), np.zeros(LARGEST_RESULT + 1)
    assert outcome(most).finite()
    assert not outcome(more).finite()
    assert np.isnan(outcome(more).numbers).all()  # type: ignore[arg-type]
    contract = Contract("")
    assert alike(outcome(more), outcome(more + 1), contract)
    assert not alike(outcome(most), outcome(most + 1), contract)
    assert not alike(outcome(more), outcome(most), contract)


def test_a_warning_makes_a_difference_where_the_contract_asks_for_silence() -> None:
    quiet, loud = outcome(1.0), outcome(1.0, warned=("overflow.",))
    assert alike(quiet, loud, Contract(""))
    assert not alike(quiet, loud, Contract("", quiet=True))
    assert alike(loud, loud, Contract("", quiet=True))
    assert problem_of(loud, quiet, Contract("")) == ""
    assert problem_of(loud, quiet, Contract("", quiet=True)).endswith("but with a warning: overflow.")
    assert problem_of(quiet, quiet, Contract("", quiet=True)) == ""
    other = outcome(1.0, warned=("invalid value encountered in log", "overflow encountered in exp"))
    said = "returned the right numbers, but with a warning: overflow encountered in exp."
    assert problem_of(other, quiet, Contract("", quiet="overflow")) == said
    divided = outcome(1.0, warned=("divide by zero encountered in log",))
    assert problem_of(divided, quiet, Contract("", quiet="overflow")) == ""
    assert not alike(divided, other, Contract("", quiet="overflow"))
    assert alike(divided, quiet, Contract("", quiet="overflow"))


@pytest.mark.parametrize(
    ("got", "right", "whole", "problem"),
    [
        ([1.0, 2.0], [1, 2], True, "returned the right numbers, but as floats: return integers."),
        ([1.0, 2.0], [1, 2], False, ""),
        ([1, 2], [1, 2], True, ""),
        (np.array([1, 2], dtype=np.uint8), [1, 2], True, ""),
        (np.array([]), np.array([], dtype=int), True, ""),
        ([1.0, 3.0], [1, 2], True, "returned 3 at index 1, but 2 is right."),
        (4.0, 5.0, False, "returned 4, but 5 is right."),
        (-1.0, -0.0, False, "returned -1, but 0 is right."),
        (-0.0, 1.0, False, "returned 0, but 1 is right."),
        ([[1, 2], [3, 9]], [[1, 2], [3, 4]], False, "returned 9 at index (1, 1), but 4 is right."),
        ([7, 7], [1, 2], False, "returned 7 at index 0, but 1 is right."),
        ([1.0], 1.0, False, "returned an array of shape (1,), but should return a single number."),
        (10**30, 1e30, False, ""),
        (-(2**63) - 1, -(2.0**63), False, ""),
        (10**30, 1e31, False, "returned 1e+30, but 1e+31 is right."),
        (Fraction(1), 1, True, "returned a Fraction, but should return integers."),
    ],
)
def test_the_first_wrong_number_is_named(got: Any, right: Any, whole: bool, problem: str) -> None:
    assert problem_of(outcome(got), outcome(right), Contract("", whole=whole)) == problem


def test_what_is_worth_knowing_is_said_once() -> None:
    several = [outcome(1.0), outcome([1.0], printed="a", warned=("w.", "v")), outcome((1.0,), printed="b")]
    assert judging.remarks_on(several, Contract("")) == (
        "your function prints (a). Its result is what it returns.",
        "Python warned: w.",
        "your function returns a list or tuple. A NumPy array lets the caller go on calculating.",
    )
    assert judging.remarks_on([outcome(1.0)], Contract("", quiet=True)) == ()


def test_where_no_overflow_can_be_seen_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sees_overflow()
    monkeypatch.setattr(judging, "sees_overflow", lambda: False)
    told = ("whether something overflows on the way cannot be seen in a browser. JupyterLab tells.",)
    assert judging.remarks_on([outcome(1.0)], Contract("", quiet="overflow")) == told
    assert judging.remarks_on([outcome(1.0)], Contract("")) == ()


def test_calls_are_drawn_from_the_contract_the_simplest_first() -> None:
    contract = Contract("", inputs=lambda pick: (pick.numbers((pick.whole(1, 9),), -1e3, 1e3),), count=30)
    calls = contract.calls(0, 30)
    assert len(calls) == 30
    lengths = [length_written(call) for call in calls]
    assert lengths == sorted(lengths)
    assert Contract("").calls(0, 30) == []
    assert [str(call.arguments) for call in contract.calls(1, 30)] != [str(call.arguments) for call in calls]


@pytest.mark.parametrize(
    ("given", "length"),
    [
        (Check("", (np.array([1.0, 2.0]),)), len("[1.0, 2.0]")),
        (Check("", (3, "ab"), {"k": 2.5}), len("3") + len("'ab'") + len("2.5")),
        (Check("", ([np.array([1]), 22],)), len("[1]") + len("22")),
        (Check("", (np.float64(0.5),)), len(repr(np.float64(0.5)))),
        (Check("", (Mistake(len, "e", "n"),)), len(str(vars(Mistake(len, "e", "n"))))),
    ],
)
def test_a_call_is_as_long_as_its_numbers_written_out(given: Check, length: int) -> None:
    assert length_written(given) == length


# --- what is picked --------------------------------------------------------------------------------------


def picked(draw: Any, count: int = 400, seed: int = 0) -> list[Any]:
    pick = Pick(seed)
    return [pick.next_input(lambda pick: (draw(pick),))[0] for _ in range(count)]


def test_whole_numbers_are_all_those_between_their_ends() -> None:
    assert set(picked(lambda pick: pick.whole(2, 6))) == {2, 3, 4, 5, 6}
    assert set(picked(lambda pick: pick.whole(3, 3, 9))) == {3}, "of one there is no choice"
    random = picked(lambda pick: pick.whole(0, 1000, 500))
    assert set(random[:3]) == {0, 500, 1000}
    ends = sum(number in (0, 500, 1000) for number in random[3:]) / len(random[3:])
    assert 0.2 < ends < 0.4, "an edge comes back now and then"


def test_numbers_lie_evenly_or_on_a_log_scale_and_are_short() -> None:
    even = np.array(picked(lambda pick: pick.number(-8.0, 4.0)))
    assert (even.min(), even.max()) == (-8, 4)
    inner = even[(even > -8) & (even < 4)]
    assert abs(inner.mean() + 2) < 0.7
    assert all(short(number) == number for number in inner)
    log = np.array(picked(lambda pick: pick.number(0.01, 100.0, log=True)))
    assert abs(np.log10(log[(log > 0.01) & (log < 100)]).mean()) < 0.25
    assert 0.01 <= log.min() <= log.max() <= 100
    assert set(picked(lambda pick: pick.number(0.12345, 0.12346), 50)) <= {0.12345, 0.12346}, "never outside"


def test_shapes_have_lengths_between_their_limits() -> None:
    shapes = picked(lambda pick: pick.shape((1, 3), (2, 2)))
    assert set(shapes) == {(1, 2), (2, 2), (3, 2)}
    free = picked(lambda pick: pick.any_shape((2,), longest=4))
    assert {n for shape in free for n in shape} == {1, 2, 3, 4}
    assert {(1, 1), (3, 3)} <= set(free)
    assert not any(0 in shape for shape in free)
    small = picked(lambda pick: pick.any_shape((1, 2), longest=2, empty=True))
    assert {n for shape in small for n in shape} == {0, 1, 2}
    assert (0,) in small
    assert all(len(shape) == 1 for shape in small if 0 in shape)


def test_every_edge_comes_before_anything_random() -> None:
    pairs = picked(lambda pick: (pick.whole(1, 9, 5), pick.number(-1.0, 1.0, 0.0)), 3)
    assert {whole for whole, _ in pairs} == {1, 5, 9}
    assert {number for _, number in pairs} == {-1.0, 0.0, 1.0}


def test_shapes_have_every_number_of_dimensions() -> None:
    shapes = picked(lambda pick: pick.any_shape((0, 1, 2, 3), empty=True), 60)
    assert {len(shape) for shape in shapes} == {0, 1, 2, 3}
    assert (0, 0) in shapes or (0,) in shapes
    assert (3, 3) in shapes


def test_every_layout_of_an_array_comes_and_stays_within_its_limits() -> None:
    arrays = picked(lambda pick: pick.numbers((3, 4), -1000, 10, 5.0))
    assert all(a.shape == (3, 4) and a.dtype == float and a.min() >= -1000 and a.max() <= 10 for a in arrays)
    kinds = {
        "all equal": lambda a: np.ptp(a) == 0,
        "both limits": lambda a: set(a.ravel()) == {-1000, 10},
        "0 and the edge": lambda a: set(a.ravel()) == {0, 5},
        "plain and small": lambda a: 0 < np.abs(a).max() < 8 and a.min() < 0 < a.max(),
        "far from 0, close together": lambda a: a.max() < -100 and 0.5 < np.ptp(a) < 20,
        "around the edge": lambda a: a.min() > 0 and abs(a.mean() - 5) < 1.5 and np.ptp(a) > 0.1,
        "rows far apart": lambda a: np.ptp(a.mean(axis=1)) > 100 and np.ptp(a, axis=1).max() < 8,
        "one far ahead": lambda a: np.sum(a < -50) in range(1, 7) and np.sum(np.abs(a) < 4) > 4,
        "evenly from end to end": lambda a: a.std() > 150 and len(set(a.ravel())) == 12,
        "of all sizes": lambda a: np.ptp(np.log10(np.abs(a) + 1e-9)) > 2 and len(set(a.ravel())) > 9,
        "up to thirty": lambda a: 20 < np.abs(a).max() < 110 and np.median(np.abs(a)) > 5,
    }
    for name, has in kinds.items():
        assert any(has(a) for a in arrays), name


@pytest.mark.parametrize("reach", [0.0, 0.05, 0.1, 0.5, 1.0, 1000.0])
def test_limits_may_be_narrow_and_sizes_lie_between_a_tenth_and_them(reach: float) -> None:
    arrays = picked(lambda pick: pick.numbers((3, 4), -reach, reach), 60)
    assert all(np.abs(array).max() <= reach for array in arrays)
    assert {-reach, reach} <= {number for array in arrays for number in array.ravel()}
    sizes = np.abs(Pick(0)._on_a_log_scale((2000,), reach))
    assert sizes.min() >= 0.1 - 1e-12
    assert sizes.max() <= max(reach, 0.1)
    if reach > 0.1:
        assert 0.45 < np.mean(sizes < np.sqrt(0.1 * reach)) < 0.55


def test_most_arrays_are_short_to_write() -> None:
    arrays = picked(lambda pick: pick.numbers((3,), -50, 50))
    brief = [
        all(short(x) == x if abs(x) < 1 else round(x, 2) == x for x in array.tolist()) for array in arrays
    ]
    assert 0.6 < np.mean(brief) < 0.9
    whole = picked(lambda pick: pick.numbers((3,), -50, 50, types=(int,)))
    assert {array.dtype.kind for array in whole} == {"i"}
    assert max(np.abs(array).max() for array in whole) == 50


def test_probabilities_are_of_every_kind() -> None:
    rows = picked(lambda pick: pick.probabilities(4))
    kinds = {
        "equal": lambda p: np.ptp(p) == 0,
        "certain": lambda p: sorted(p) == [0, 0, 0, 1],
        "some zero": lambda p: (p == 0).any() and p.max() < 1,
        "one nearly certain": lambda p: 0.99 < p.max() < 1,
        "none small": lambda p: p.min() > 0.05 and np.ptp(p) > 0,
    }
    for name, has in kinds.items():
        assert any(has(p) for p in rows), name
    assert all(p.min() >= 0 and p.shape == (4,) and abs(p.sum() - 1) < 1e-12 for p in rows)
    assert {int(p.argmax()) for p in rows if p.max() == 1} == {0, 1, 2, 3}


def test_a_seed_draws_the_same_inputs_next_term() -> None:
    """A grade is recorded with its seed: to six digits, these are the inputs that it stands for."""

    def everything(pick: Pick) -> Any:
        shape = pick.any_shape((1, 2, 3), longest=4, empty=True)
        return (
            pick.numbers(shape, -300, 20, 7.0, types=(float, int)),
            pick.numbers(pick.shape((1, 3), (2, 4)), -1000, 1000),
            pick.number(1e-6, 1e3, 1.0, log=True),
            pick.number(-5, 5),
            pick.whole(1, 9, 4),
            pick.probabilities(3),
        )

    def digits(part: Any) -> str:
        return " ".join(f"{number:.6g}" for number in np.ravel(part).tolist()) + str(np.shape(part))

    drawn = itertools.islice(inputs(everything, 3), 150)
    written = "\n".join(digits(part) for call in drawn for part in call.arguments)
    assert hashlib.sha256(written.encode()).hexdigest()[:16] == "d6e74ab963a28f2e"


def test_inputs_go_on_and_keep_their_keywords() -> None:
    drawn = inputs(lambda pick: pick.one_of((1.0,), Check("named", (2.0,), {"k": 3})), 0)
    met = {
        (call.label, call.arguments, tuple(call.keywords.items()))
        for call, _ in zip(drawn, range(20), strict=False)
    }
    assert met == {("", (1.0,), ()), ("named", (2.0,), (("k", 3),))}


# --- what a statement must explain ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "prediction", "right", "far"),
    [
        ([2.0], [2.005], [1.0], True),
        ([2.0], [2.02], [1.0], False),
        ([2.0, 5.0], [2.005, 5.0], [1.0, 5.0], True),
        ([2.0], [2.0], [[1.0]], True),
        ([1.0], [1.0], [1.0], False),
    ],
)
def test_a_prediction_must_be_much_nearer_than_what_is_right(
    got: Any, prediction: Any, right: Any, far: bool
) -> None:
    assert case.differs(np.array(got), np.array(prediction), np.array(right)) is far


@pytest.mark.parametrize(
    ("explanation", "name", "key"),
    [
        ("you forgot to **divide**. Then more.", "", "you-forgot-to-divide"),
        ("you forgot", "short", "short"),
        (
            "one two three four five six seven eight nine ten eleven",
            "",
            "one-two-three-four-five-six-seven-eight-nine-ten",
        ),
        ("Is `z_1` e.g. x?", "", "is-z-1-e-g"),
    ],
)
def test_a_mistake_is_counted_by_its_name_or_first_words(explanation: str, name: str, key: str) -> None:
    assert Mistake(len, explanation, name).key == key


@pytest.mark.parametrize(
    ("size", "count", "taken"), [(5, 3, [0, 1, 2]), (6, 3, [0, 2, 4]), (2, 3, [0, 1]), (9, 4, [0, 2, 4, 6])]
)
def test_of_many_results_some_simple_and_some_long_ones_are_taken(
    size: int, count: int, taken: list[int]
) -> None:
    assert case.spread(list(range(size)), count) == taken  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("got", "right", "least", "error"),
    [
        ([1.5, 2.0], [1.0, 2.0], 1e-290, 0.5),
        ([1.0, 2.5], [-1.0, 2.0], 1e-290, 2.0),
        ([0.5, 2.0], [0.25, 2.0], 1.0, 0.25),
        ([0.5], [0.0], 0.5, 1.0),
        ([], [], 1.0, 0.0),
    ],
)
def test_an_error_is_relative_to_its_number_or_to_usual_ones(
    got: Any, right: Any, least: float, error: float
) -> None:
    assert related.relative_error(np.array(got), np.array(right), least) == error


# --- what a report says ----------------------------------------------------------------------------


def test_a_single_check_is_reported_without_a_number() -> None:
    assert score([Result("one")]) == "The check passed."
    assert score([Result("one", "wrong.")]) == "The check failed."
    assert score([Result("one"), Result("two", "wrong.")]) == "1 of 2 checks passed."
    assert score([Result("one"), Result("two")]) == "All 2 checks passed."


@pytest.mark.parametrize(
    ("problems", "summary"),
    [
        ("wwrrr", "2 more failed, 3 passed"),
        ("ww", "2 more failed"),
        ("r", "1 passed"),
        ("wr", "1 more failed, 1 passed"),
    ],
)
def test_what_is_folded_is_counted(problems: str, summary: str) -> None:
    assert counted_by_problem([Result("", "wrong." * (letter == "w")) for letter in problems]) == summary


def test_the_line_is_the_innermost_one_of_the_function() -> None:
    def deeper(n):  # type: ignore[no-untyped-def]
        if n:
            return deeper(n - 1)
        raise ValueError("here")

    assert run(deeper, Check("", (3,))).error_line == " (line 4 of your function)"


def test_a_list_of_arrays_is_written_by_its_numbers_or_by_its_shapes() -> None:
    short_ones, long_ones = [np.array([1.0, 2.0]), np.array([3.0])], [np.ones((3, 9)), np.ones(40)]
    assert Check("", (short_ones, 2), {"k": 3}).call_text("f").startswith("f([[1")
    assert Check("", (long_ones,)).call_text("f") == "f(<arrays of shapes (3, 9), (40,)>)"


def test_an_argument_that_is_no_whole_number_does_not_look_like_one() -> None:
    below = 1 - 2**-53
    assert Check("", (below, np.array([below, 0.1 + 0.2]), 2.0)).call_text("f") == (
        "f(0.9999999999999999, [0.9999999999999999, 0.3], 2)"
    )
    assert problem_of(outcome(5.0), outcome(20 - 1e-11), Contract("")) == "returned 5, but 20 is right."


def test_the_solution_runs_once_on_inputs_that_are_drawn_again() -> None:
    ran = []

    def solution(x):  # type: ignore[no-untyped-def]
        ran.append(x)
        return x

    contract = Contract("", inputs=lambda pick: (pick.number(0.0, 9.0),), count=8)
    exercise = Exercise("", contract, solution, [Check("one", (1.0,))], [], [""] * 3)
    for _ in range(3):
        exercise.check(lambda x: x)
    assert len(ran) == 1 + 8
    for seed in range(1, 60):
        exercise.check(lambda x: x, seed=seed)
    assert len(exercise._drawn) < 40, "of many seeds not all are kept"
    exercise.check(lambda x: x, seed=59)
    assert len(ran) == 1 + 8 * 60
