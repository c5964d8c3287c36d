"""Lesson 02: its bits, sums, digits and errors, held against other sources, and what its page says."""

from __future__ import annotations

import math
import re
import struct
import warnings
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from notebook_cells import cell, defined, note
from picture_problems import all_text_problems

from course_utils.lessons import logsumexp_versus_max
from course_utils.lessons import numeric_instability as lesson
from course_utils.lessons.numeric_instability import accuracy_lab as lab
from course_utils.lessons.numeric_instability import (
    break_it,
    digits,
    microscope,
    opening,
    order,
    sixteen_bits,
)
from course_utils.numerics.floats import exp_limits, ulp_error
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Exercise
from course_utils.teaching.numbers_in_text import parsed
from course_utils.teaching.pictures import Band, Line, Points, Text
from course_utils.teaching.text import format_list, format_number


def test_the_three_failures_are_named_and_the_worst_one_has_no_nan() -> None:
    presets = lesson.break_demo.presets
    add_89, twice, low = (
        lesson.break_demo.at(**presets[name]) for name in ("Add 89", "88.5 twice", "All at −104")
    )
    assert add_89.table.columns["p"] == ["not a number"] * 3
    assert twice.table.columns["p"] == [0.0] * 3
    assert twice.table.summary["sum of e^z"] == "overflow"
    assert low.table.columns["e^z"] == [0.0] * 3
    assert low.table.columns["p"] == ["not a number"] * 3
    assert "overflow encountered in exp" in add_89.says


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
@pytest.mark.parametrize("offset", [-800, -104, 0, 12, 89, 800])
def test_the_shift_cures_all_of_them(precision: str, offset: float) -> None:
    p = break_it.break_it((0.0, 1.0, 2.0), offset, precision, break_it.STABLE).data["height of p"]
    np.testing.assert_allclose(p, [0.0900306, 0.244728, 0.665241], rtol=2e-3)


@pytest.mark.parametrize("formula", [break_it.NAIVE, break_it.STABLE])
@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
@pytest.mark.parametrize("z", [(0, 1, 2), (0, 0, -5), (10, 5, 0), (0, 1, -100), (0, -20, -90), (0, -16, -16)])
def test_digits_that_are_wrong_are_told_and_those_that_are_right_are_not(
    z: tuple[float, ...], precision: str, formula: str
) -> None:
    """Where exp ends: above all what a 0 or a subnormal number makes of the other probabilities."""
    zero = exp_limits(precision).zero_below
    for offset in np.round(np.linspace(zero - 12, zero + 25, 75) * 2) / 2:
        shown = lesson.break_demo.at(z=z, offset=offset, precision=precision, formula=formula)
        p, true = shown.table.columns["p"], shown.table.columns["true p"]
        if "not a number" in p:
            continue
        told = f"the true p are {format_list(true)}" in shown.says
        held = true >= float(np.finfo(precision).smallest_subnormal)
        close = np.allclose(np.asarray(p)[held], true[held], rtol=2e-3)
        assert told or close or [*map(format_number, p)] == [*map(format_number, true)], shown.says
        assert not told or any(
            parsed(format_number(one)) != parsed(format_number(other))
            for one, other in zip(p, true, strict=True)
        ), shown.says


@pytest.mark.parametrize(
    ("precision", "offsets"),
    [
        ("float32", np.arange(-106, -94, 0.5)),
        ("float64", (-745, -742.5, -735.5, -700)),
        ("float16", (-17.5, -9)),
    ],
)
@pytest.mark.parametrize("z", [(0, 1, 2), (0, -95.5, -95.5), (0, 0, -5)])
def test_what_exp_makes_can_be_read_where_it_ends(
    z: tuple[float, ...], precision: str, offsets: Sequence[float]
) -> None:
    for offset in offsets:
        picture = lesson.break_demo.at(z=z, offset=offset, precision=precision)
        assert all_text_problems(picture) == [], offset


def test_the_closer_look_that_is_asked_for_can_be_taken_and_shows_stairs() -> None:
    (asked,) = re.findall(r"`(x = np\.arange\(.*?\))`", cell("02", "break-modify"))
    code = cell("02", "break-plot").replace("x = np.arange(-110, 111)", asked)
    changed = re.sub(r'(described\(figure, )".*"', r'\1"Stairs."', code)
    assert changed.count("Stairs") == changed.count(asked) == 1
    space: dict[str, Any] = {"np": np}
    exec(changed, space)  # refused, or stopped by Matplotlib, if it asked for what cannot be drawn
    line = next(one for one in space["axes"].lines if "float32" in one.get_label())
    x, y = (np.asarray(places, dtype=float) for places in line.get_data())
    steps = [len(set(y[(x > low) & (x < low + 1) & np.isfinite(y)])) for low in (-103.5, -98)]
    assert steps[0] <= 3
    assert steps[1] > 40, "stairs turn into a line"


@pytest.mark.parametrize("quantity", digits.WAYS)
def test_two_ways_to_compute_one_thing_agree_where_nothing_is_lost_yet(quantity: str) -> None:
    assert min(digits.digits_right(quantity, 1.0)) > 14.5


@pytest.mark.parametrize("x", [1.0, -0.1, 2.0**24, 2.0**-149, 3.4028235e38, -0.0, 1e-40])
def test_the_microscope_reads_bits_as_the_machine_does(x: float) -> None:
    bits = f"{struct.unpack('>I', struct.pack('>f', x))[0]:032b}"
    assert microscope.bits_of(x) == bits
    table = microscope.microscope(bits).table
    exact = float(np.float32(x))
    assert float(table.columns["value"][4].replace("−", "-").replace("minus zero", "0")) == pytest.approx(
        exact
    )
    written = table.summary["value"]
    significand, power = written.replace("−", "-").replace("+", "").split(" · 2^")
    assert float(significand) * 2.0 ** int(power) == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("fraction", ["1" + "0" * 22, "0" * 22 + "1"])
def test_the_microscope_shows_each_kind_of_nan_and_warns_of_none(fraction: str) -> None:
    assert "not a number" in microscope.microscope(f"0{'1' * 8}{fraction}").readout


def test_after_two_to_the_24_comes_every_second_number() -> None:
    assert "16777218" in microscope.microscope(microscope.bits_of(2.0**24)).readout


def test_the_error_so_far_is_that_of_a_loop() -> None:
    picture = order.order_of_addition(order.COMING_BACK, 5, order.PLAIN)
    total, exact, errors = 0.0, 0, []
    for term in [1] * 5 + [10**16] + [1] * 5 + [-(10**16)]:
        total, exact = total + term, exact + term
        errors.append(int(total) - exact)
    assert picture.data["error after the term"].tolist() == errors
    assert picture.table.summary["result at the chosen place"] == str(total) == "4.0"
    assert picture.table.summary["exact sum, rounded"] == str(float(exact)) == "10.0"


def test_the_lab_measures_what_ulp_error_measures() -> None:
    for function, forms in lab.LAB.items():
        for _, z in list(lab.lab_inputs(lab.LOGITS))[::31]:
            nearest, rest = lab.true_values(function, z)
            right = [Fraction(a) + Fraction(b) for a, b in zip(nearest.tolist(), rest.tolist(), strict=True)]
            result = np.atleast_1d(forms[lab.HELPER](z))
            normal = np.abs(nearest) >= np.finfo(float).tiny
            errors = lab.errors_in_ulp(result, nearest, rest)
            np.testing.assert_allclose(
                errors[normal], ulp_error(result, np.array(right, dtype=object))[normal], rtol=1e-6, atol=1e-9
            )
    with mpmath.workdps(400):
        z = np.array([0.0, -300.0, -301.0])
        truth = mpmath.log(mpmath.fsum([mpmath.exp(v) for v in z]))
        nearest, rest = lab.true_values("logsumexp", z)
        assert abs(mpmath.mpf(nearest[0]) + mpmath.mpf(rest[0]) - truth) < 1e-30 * truth


def test_infinity_and_nan_are_failures_in_the_lab() -> None:
    errors = lab.errors_in_ulp(np.array([np.nan, np.inf, 1.0]), np.ones(3), np.zeros(3))
    assert errors.tolist() == [math.inf, math.inf, 0.0]
    assert [lab.decade(e) for e in (0.5, 120.0, 4e15, math.inf, math.nan)] == [
        "below 10",
        "about 100",
        "about 1e16",
        "fails",
        "nothing to measure",
    ]


def test_this_course_stays_within_a_few_ulp_in_the_lab() -> None:
    for function in lab.LAB:
        assert np.nanmax(lab.lab_errors(function, lab.LOGITS)[lab.HELPER]) < 4
    assert np.nanmax(lab.lab_errors("logsumexp", lab.LARGEST_ZERO)[lab.HELPER]) < 4


def test_stored_decades_are_not_on_the_brink() -> None:
    """What the notebook stores must be the same on every processor, whose errors differ by an ulp or two."""
    shown = [values[::2] for values in lab.lab_errors("log_softmax", lab.LOGITS).values()]
    for error in np.concatenate(shown):
        if math.isfinite(error):
            assert lab.decade(error) == lab.decade(0.75 * error) == lab.decade(1.25 * error)


def test_the_lab_needs_no_progress_bar() -> None:
    """It computes while you watch: 1,440 exponentials with 60 digits take about 60 ms."""
    assert sum(z.size for _, z in lab.lab_inputs(lab.LOGITS)) <= 1440


def test_digits_die_where_the_theory_says() -> None:
    for quantity, last in (("1 − σ(x)", 37.5), ("log σ(x)", 37.5), ("tanh′(x)", 19.5)):
        assert digits.digits_right(quantity, last * 0.9)[0] > 0
        assert digits.digits_right(quantity, last * 1.05)[0] == 0
        assert digits.digits_right(quantity, last * 1.05)[1] > 15


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
@pytest.mark.parametrize("formula", [break_it.NAIVE, break_it.STABLE])
def test_what_the_demo_says_of_warnings_is_what_numpy_says_where_it_says_anything(
    precision: str, formula: str
) -> None:
    """In a browser NumPy never warns; the demo says the same there."""
    said = set()
    for offset in (-1000, -104, -17.5, 0, 8, 11.05, 88, 88.6, 709.5, 1000):
        for gap in (0, 0.5, 20, 800):
            scores = (np.array([0, gap, gap / 2]) + offset).astype(precision)
            with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
                warnings.simplefilter("always")
                _, e, total, p = break_it.softmax_in_steps(scores, formula)
            messages = [str(warning.message) for warning in caught]
            assert break_it.warnings_of(e, total, p) == messages, (scores, formula)
            said.update(messages)
    assert len(said) == (3 if formula == break_it.NAIVE else 0)


ALONG: Any = {"axis": -1, "keepdims": True}
SHIFTS = {
    "median": lambda z: np.median(z, **ALONG),
    "first entry": lambda z: z[..., :1],
    "last entry": lambda z: z[..., -1:],
    "smallest": lambda z: z.min(**ALONG),
    "middle": lambda z: (z.max(**ALONG) + z.min(**ALONG)) / 2,
    "upper quartile": lambda z: np.quantile(z, 0.75, **ALONG),
    "lower quartile": lambda z: np.quantile(z, 0.25, **ALONG),
    "smallest absolute value": lambda z: abs(z).min(**ALONG),
}


def softmax_shifted_by(shift: Any) -> Any:
    def function(z: Any) -> Any:
        e = np.exp(z - shift(z))
        return e / e.sum(**ALONG)

    return function


def log_softmax_shifted_by(shift: Any) -> Any:
    def function(z: Any) -> Any:
        s = z - shift(z)
        return s - np.log(np.exp(s).sum(**ALONG))

    return function


def logsumexp_shifted_by(shift: Any) -> Any:
    return lambda z: shift(z)[0] + np.log(np.exp(z - shift(z)).sum())


def smooth_max_shifted_by(shift: Any) -> Any:
    return lambda z, k: shift(1.0 * z)[0] + np.log(np.exp(k * (z - shift(1.0 * z))).sum()) / k


@pytest.mark.parametrize(
    ("exercise", "shifted_by"),
    [
        (lesson.stable_softmax_exercise, softmax_shifted_by),
        (lesson.log_softmax_exercise, log_softmax_shifted_by),
        (lesson.logsumexp_exercise, logsumexp_shifted_by),
        (logsumexp_versus_max.smooth_max_exercise, smooth_max_shifted_by),
    ],
    ids=["softmax", "log-softmax", "logsumexp", "smooth maximum"],
)
@pytest.mark.parametrize("name", SHIFTS)
def test_who_shifts_too_little_is_not_told_of_what_is_not_done(
    exercise: Exercise, shifted_by: Any, name: str
) -> None:
    """Many shifts fail where that by the mean does, and where log p does. They take no mean and form no p."""
    verdict = exercise.check(shifted_by(SHIFTS[name]))
    assert verdict.status == "failed"
    named = re.sub(r",? such as the (mean|largest \*absolute value\*)", "", verdict.diagnosis)
    assert not re.search(r"\bmean\b|absolute|a probability|pass through p", named)
    if re.search(r"(subtract|shift by) the \*?smallest|the smallest is taken", named):
        assert name == "smallest"


@pytest.mark.parametrize(
    ("preset", "exact"),
    [("A large term comes and goes", False), ("Kahan, defeated", False), ("Neumaier", True)],
)
def test_a_sum_is_defeated_where_a_preset_says_so(preset: str, exact: bool) -> None:
    demo = order.order_demo
    assert ("this is the exact sum, correctly rounded" in demo.at(**demo.presets[preset]).says) == exact


# --- shift ----------------------------------------------------------------------------------------


REPAIRED = defined("02", "shift-repaired", "softmax")


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_no_finite_logit_is_too_large_or_too_small_for_the_repaired_softmax(dtype: Any) -> None:
    assert "so that no finite logit is too large or too small for it" in cell("02", "title")
    top = float(np.finfo(dtype).max)
    for z, p in (
        ([top, top], [0.5, 0.5]),
        ([-top, -top, -top, -top], [0.25] * 4),
        ([top, -top, 0.0], [1.0, 0.0, 0.0]),
        ([-top, 0.0, 0.0], [0.0, 0.5, 0.5]),
        ([math.log(3), 0.0, -top], [0.75, 0.25, 0.0]),
    ):
        with np.errstate(over="ignore"):  # a difference of two logits may be −infinity, which exp can take
            np.testing.assert_allclose(REPAIRED(np.array(z, dtype=dtype)), p, rtol=1e-3)


def test_what_the_repaired_softmax_asks_for_is_said() -> None:
    assert "To rule a class out, give it the logit −∞" in cell("02", "masks")
    said = cell("02", "shift-watch")
    assert "infinite logits are another story, told in *Masks*" in said
    for size in (2, 3, 7):
        z = np.linspace(-1.0, 1.0, size)
        one_ruled_out, one_infinite = np.append(z, -np.inf), np.append(z, np.inf)
        np.testing.assert_allclose(REPAIRED(one_ruled_out), np.append(REPAIRED(z), 0.0), rtol=1e-15)
        with np.errstate(invalid="ignore"):
            assert np.isnan(REPAIRED(np.full(size, -np.inf))).all()
            assert np.isnan(REPAIRED(one_infinite)).any()


def test_a_sum_of_ones_overflows_where_the_page_says() -> None:
    (count,) = re.findall(r"In `float16`, `np.sum` of ([\d,]+) ones is infinite", cell("02", "shift-watch"))
    n = int(count.replace(",", ""))
    with np.errstate(over="ignore"):
        assert np.isinf(np.sum(np.ones(n, np.float16)))
        assert np.isfinite(np.sum(np.ones(n - 1, np.float16)))
        assert not REPAIRED(np.zeros(n, np.float16)).any()
    assert "(added one by one they stop at 2048, see *Sixteen bits*)" in cell("02", "shift-watch")
    assert np.cumsum(np.ones(3000, np.float16))[-1] == 2048


def test_what_vanished_is_missed_in_float16_with_many_classes_and_only_there() -> None:
    assert "ten thousand terms that became 0 may together have been worth noticing" in cell(
        "02", "shift-watch"
    )
    lost = {np.float16: -17.4, np.float32: -104.0, np.float64: -746.0}  # exp of it has just become 0
    for dtype, low in lost.items():
        z = np.full(10_001, low, dtype=dtype)
        z[0] = 0
        assert not np.exp(z[1:]).any()
        noticed = dtype(softmax(z.astype(np.longdouble).astype(float))[0]) != REPAIRED(z)[0]
        assert noticed == (dtype is np.float16)


# --- the bug hunt ---------------------------------------------------------------------------------


def test_the_bug_hunt_raises_where_the_page_says_and_nowhere_else() -> None:
    said = cell("02", "bugs-make")
    assert "no error for any batch with three columns" in said
    assert "its numbers are wrong unless the sums that divide them happen to be equal" in said
    assert "a batch with one column goes through, and comes back with three. With any other number" in said
    broken = defined("02", "bugs-code", "softmax_rows")
    for rows in range(1, 7):
        for columns in range(1, 7):
            z = np.random.default_rng(rows).normal(size=(rows, columns))
            if columns in (1, 3):
                p = broken(z)
                assert p.shape == (rows, 3)
                assert columns == 1 or not np.allclose(p, softmax(z, axis=1))
            else:
                with pytest.raises(ValueError, match="could not be broadcast"):
                    broken(z)
    equal_sums = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [3.0, 1.0, 2.0]])
    one_bug_left = re.sub(r"\bbatch\b(?= - |\.max)", "z", cell("02", "bugs-code").split("print(")[0])
    namespace: dict[str, Any] = {"np": np}
    exec(one_bug_left, namespace)
    np.testing.assert_allclose(namespace["softmax_rows"](equal_sums), softmax(equal_sums, axis=1))


# --- floats ---------------------------------------------------------------------------------------


def test_the_next_numbers_after_two_to_the_24() -> None:
    (following,) = re.findall(r"the next number is ([\d.]+\d)\.", note("02", "float-question"))
    assert float(following) == np.nextafter(2.0**24, np.inf)
    whole = np.arange(2**24, 2**25 + 9, dtype=np.int64)
    stored = whole[whole == whole.astype(np.float32)]
    assert "up to 2²⁵, every second one" in microscope.gap_question.feedback("C")
    assert set(np.diff(stored[stored <= 2**25])) == {2}
    assert (np.diff(stored[stored >= 2**25]) > 2).all()
    assert f"16777216 has {(2**24).bit_length()} digits" in microscope.gap_question.feedback("D")


@pytest.mark.parametrize(
    "x", [1.5, 2.0**24, -(2.0**24), -(2.0**-149), 2.0**100, 3.4028234e38, -1.1754944e-38]
)
def test_the_words_of_the_microscope_stand_at_the_numbers_they_name(x: float) -> None:
    here = float(np.float32(x))
    with np.errstate(all="ignore"):
        below, above = (float(np.nextafter(np.float32(x), np.float32(s))) for s in (-np.inf, np.inf))
    gap = above - here if math.isfinite(above) else here - below
    (panel,) = microscope.microscope(microscope.bits_of(x)).panels[1]
    texts = [mark for mark in panel.marks if isinstance(mark, Text)]
    places = [text.x for text in texts]
    words = [text.string.replace("−", "-") for text in texts]
    assert [float(word) for word in words] == pytest.approx([below, here, above], rel=1e-8, abs=1e-54)
    right = [(value - here) / gap if math.isfinite(value) else 1 for value in (below, here, above)]
    assert places == pytest.approx(right)
    ends = [(*mark.x, *mark.y) for mark in panel.marks if isinstance(mark, Line)]
    for (one, other, low, high), text in zip(ends, texts, strict=True):
        assert one == other == text.x, "a line goes from each word up to its number"
        assert low == 0 > high > text.y
    near, there = (mark for mark in panel.marks if isinstance(mark, Points))
    if 0.001 < abs(x) < 1e30:  # none of them is on another side of 0, or no number
        bits = int(np.float32(abs(x)).view(np.int32)) + np.arange(-8, 9, dtype=np.int32)
        distances = np.sort(np.sign(x) * (bits.view(np.float32).astype(float) - abs(x)) / gap)
        seen = np.ravel(near.x)[np.isfinite(np.ravel(near.x))]
        assert seen == pytest.approx(distances[np.abs(distances) < panel.x.high])
    assert list(near.y) == [0] * len(near.y)
    assert (*there.x, *there.y) == (0, 0)
    (said,) = re.findall(r"number, (.*) · 2\^\{(.*)\}, and", panel.title.replace("−", "-"))
    significand, power = float(said[0]), int(said[1])
    assert abs(significand) < 2
    assert np.float32(significand * 2.0**power) == np.float32(x)


def test_gaps_further_out_are_never_narrower() -> None:
    assert "no gap further out is narrower" in microscope.microscope(f"{127 << 23:032b}").says
    powers = (2.0 ** np.arange(-149, 128)).astype(np.float32)
    gaps, gaps_below = np.spacing(powers), np.spacing(np.nextafter(powers, np.float32(0)))
    assert (gaps >= gaps_below)[1:].all()
    assert (gaps == 2 * gaps_below)[powers >= 2].all()


@pytest.mark.parametrize(
    ("x", "name"), [(math.inf, "infinity"), (-math.inf, "minus infinity"), (math.nan, "not a number")]
)
def test_the_microscope_speaks_of_neighbors_where_there_are_some(x: float, name: str) -> None:
    (panel,) = microscope.microscope(microscope.bits_of(x)).panels[1]
    assert panel.title == f"{name}: no neighbor at a finite distance"


# --- sixteen bits ---------------------------------------------------------------------------------


def test_the_rounding_to_bfloat16_is_to_the_nearest_and_in_a_tie_to_the_even_one() -> None:
    to_bfloat16 = defined("02", "bits-bfloat16", "to_bfloat16")
    bits = np.arange(0x7F80, dtype=np.uint32)  # all that are finite and not negative
    every = (bits << 16).view(np.float32).astype(np.float64)
    random = np.random.default_rng(2)
    anything = random.integers(0, 0x7F7F0000, 4000, dtype=np.uint32).view(np.float32)
    ties = ((every[:-1] + every[1:]) / 2).astype(np.float32)
    for x in (anything, ties, np.nextafter(ties, np.float32(np.inf)), every.astype(np.float32)):
        above = np.searchsorted(every, x).clip(1)
        up, down = every[above] - x.astype(np.float64), x.astype(np.float64) - every[above - 1]
        higher = (up < down) | ((up == down) & (bits[above] % 2 == 0))
        nearest = np.where(higher, every[above], every[above - 1])
        np.testing.assert_array_equal(to_bfloat16(x), nearest)
        np.testing.assert_array_equal(to_bfloat16(-x), -nearest)
    assert np.isinf(to_bfloat16(np.finfo(np.float32).max))
    assert "(2 - 2**-7) * 2.0**127, 2.0**-133, 2**-7" in cell("02", "bits-limits")
    assert (every[-1], every[1]) == ((2 - 2**-7) * 2.0**127, 2.0**-133)
    assert np.diff(every)[every[:-1] == 1] == 2**-7


def test_a_sum_of_ones_stops_where_the_question_says() -> None:
    to_bfloat16 = defined("02", "bits-bfloat16", "to_bfloat16")
    assert sixteen_bits.ones_question.options["ABCD".index(sixteen_bits.ones_question.answer)] == "At 256."
    for count, rounded in ((256, to_bfloat16), (2048, np.float16)):
        assert (np.diff([float(rounded(np.float32(n))) for n in range(count + 1)]) == 1).all()
        assert rounded(np.float32(count + 1)) == count
    assert "2048" in sixteen_bits.ones_question.feedback("B")


# --- steps of softmax -----------------------------------------------------------------------------


def state(random: np.random.Generator) -> tuple[tuple[float, ...], float, str, str]:
    """Return one setting of the first demo, near the limits of the precisions more often than not."""
    z = tuple(np.round(random.uniform(-10, 10, 3) * 2) / 2)
    center = random.choice([-745, -104, -95, -17, 0, 11, 88, 709])
    precision = random.choice(["float16", "float32", "float64"])
    return (
        z,
        float(center + random.integers(-20, 20) / 2),
        str(precision),
        str(random.choice([break_it.NAIVE, break_it.STABLE])),
    )


def test_the_digit_that_opens_the_page_fails_in_the_two_ways_that_are_named() -> None:
    said = cell("02", "break-why")
    assert (
        "The digit at the top of the page met it at three times its logits, and the first a little later"
        in said
    )
    fine, zeros, broken = (opening.louder(k).table.columns["p"] for k in (2.95, 3.0, 3.1))
    assert sum(fine) == pytest.approx(1, abs=2e-3)
    assert zeros == [0.0] * 10
    assert broken[1] == "not a number"
    for demo in (opening.louder(k) for k in (3.0, 3.1)):
        assert sum(demo.table.columns["right p"]) == pytest.approx(1)


def test_digits_are_lost_without_a_word_before_all_is_lost_and_not_after_the_shift() -> None:
    assert "with the logits (0, 1, 2) and $c$ a little above −104, the demo says what" in cell(
        "02", "break-why"
    )
    for c in np.arange(-103.5, -95, 0.5):
        said = break_it.break_demo.at(z=(0, 1, 2), offset=c).says
        assert "is subnormal and has" in said
        assert ("the true p are" in said) or c >= -98
        assert "NumPy gave no warning" in said
    assert "All three ways to fail are gone, and the silent loss with them" in cell("02", "shift-why")
    random = np.random.default_rng(12)
    for z in random.uniform(-104, -80, (1000, 3)).astype(np.float32):
        p = softmax(z.astype(float))
        np.testing.assert_allclose(REPAIRED(z), p, rtol=1e-5)


def test_the_break_demo_says_what_underflow_cost() -> None:
    """A p that became 0 is called too small only where it is, and a lost one only where it could be held."""
    random = np.random.default_rng(11)
    met = {"and p with it": 0, "below what": 0, "the true p are": 0, "stays within": 0}
    for _ in range(600):
        z, offset, precision, formula = state(random)
        picture = break_it.break_it(z, offset, precision, formula)
        p, said = picture.data["height of p"], picture.says
        scores = [mpmath.mpf(float(s)) for s in (np.array(z) + offset).astype(precision)]
        with mpmath.workdps(60):
            total = mpmath.fsum(map(mpmath.exp, scores))
            true = np.array([float(mpmath.exp(s) / total) for s in scores])
        smallest = float(np.finfo(precision).smallest_subnormal)
        named = [int(i) for i in re.findall(r"class (\d)", said)]
        for words in met:
            met[words] += words in said
        if "and p with it" in said:
            assert (p[named] == 0).all()
            assert (true[named] > 0.99 * smallest).all()
        if "below what" in said:
            assert np.flatnonzero(p == 0).tolist() == named
            assert (true[named] < 1.01 * smallest).all()
        if "stays within" in said:
            np.testing.assert_allclose(p, true, rtol=4 * float(np.finfo(precision).eps) * 16)
        if "the true p are" in said:
            np.testing.assert_allclose(picture.table.columns["true p"], true, rtol=1e-12)
    assert min(met.values()) > 3, met


# --- where digits die -----------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", digits.WAYS)
def test_a_way_gives_out_where_the_demo_says(quantity: str) -> None:
    naive_name, naive, stable_name, stable, _ = digits.WAYS[quantity]
    said = digits.where_digits_die(quantity, 20.0).says
    for name, way in ((naive_name, naive), (stable_name, stable)):
        if f"{name} never gives out" in said:
            with np.errstate(all="ignore"):
                results = [float(way(np.array([x]))[0]) for x in (1e3, 1e6, 1e300)]
            assert all(math.isfinite(result) and result != 0 for result in results)
            continue
        value, end = re.findall(rf"{re.escape(name)} is ([\w ]+) from about x = (\d+) on", said)[0]
        with np.errstate(all="ignore"):
            before, after = (float(way(np.array([int(end) + step]))[0]) for step in (-1, 1))
        assert {"exactly 0": after == 0, "minus infinity": after == -math.inf}[value]
        assert math.isfinite(before)
        assert before != 0


def test_exponentials_give_out_at_half_of_the_smallest_number() -> None:
    ends = {quantity: [digits.gives_out(way) for way in ways[1::2]] for quantity, ways in digits.WAYS.items()}
    with mpmath.workdps(30):
        zero, one = float(1075 * mpmath.log(2)), float(53 * mpmath.log(2))
    assert ends["1 − σ(x)"] == pytest.approx([one, zero], rel=1e-12)
    assert ends["log σ(x)"] == pytest.approx([one, zero], rel=1e-12)
    assert ends["tanh′(x)"][1] == pytest.approx((zero + math.log(4)) / 2, rel=1e-12)
    first, never = ends["log p1 of the logits (x, 0)"]
    assert first == pytest.approx(zero, rel=1e-12)
    assert never is None


@pytest.mark.parametrize("x", [703.0, 710.0, 720.0, 735.0, 744.0])
def test_between_the_limits_both_ways_are_subnormal(x: float) -> None:
    """A grid that jumps from 681 to 774 once put the end of the second way at 770."""
    grid, curves, _ = digits.digit_curves("1 − σ(x)")
    at = int(np.argmin(np.abs(grid - x)))
    assert abs(grid[at] - x) < 8
    assert curves[1][at] == pytest.approx(digits.digits_right("1 − σ(x)", float(grid[at]))[1])
    said = digits.where_digits_die("log p1 of the logits (x, 0)", x).says
    assert "near 1" not in said


@pytest.mark.parametrize(
    ("quantity", "x", "way", "fewest"),
    [
        ("1 − σ(x)", 740.0, 1, 2),
        ("log p1 of the logits (x, 0)", 740.0, 0, 5),
        ("log p1 of the logits (x, 0)", 745.1, 0, 3),
        ("tanh′(x)", 371.0, 1, 1.9),
    ],
)
def test_what_gives_out_further_on_takes_no_digits_here(
    quantity: str, x: float, way: int, fewest: float
) -> None:
    """So many the rounding to a subnormal number leaves; a window of 1 % once reached past the end."""
    assert digits.digits_right(quantity, x)[way] > fewest


def test_a_way_is_named_by_what_is_computed() -> None:
    _, _, name, way, _ = digits.WAYS["1 − σ(x)"]
    assert name == "e^(−x)/(1 + e^(−x))"
    assert way(np.array([2.0]))[0] == np.exp(-2.0) / (1 + np.exp(-2.0))
    assert r"1 - \sigma(x) = e^{-x}/(1 + e^{-x})" in cell("02", "digits-why")


def test_the_microscope_sees_the_sign_of_a_zero() -> None:
    assert "All bits are zero" in microscope.microscope("0" * 32).says
    assert "All bits but the sign are zero" in microscope.microscope("1" + "0" * 31).says


def test_what_a_crumb_before_the_logarithm_does() -> None:
    """The error of log(p + 1e-12) grows as p falls; only far below 1e-12 is the answer always the same."""
    verdict = lesson.log_softmax_exercise.check(lambda z: np.log(softmax(z) + 1e-12))
    assert "Every class far below 1e-12 gets this same wrong answer" in verdict.diagnosis
    p = np.geomspace(1, 1e-11, 12)
    errors = np.log(p + 1e-12) - np.log(p)
    assert (np.diff(errors) > 0).all()
    assert np.ptp(np.log(np.array([1e-16, 1e-20, 0]) + 1e-12)) < 1e-3 < np.ptp(np.log([1e-12 + 5e-13, 2e-12]))


def test_kahan_loses_one_of_the_ones_twice() -> None:
    assert "lost one of the ones when 1e16 arrived" in cell("02", "sums-why")
    assert "and another when it left" in cell("02", "sums-why")
    terms = [1.0] * 5 + [1e16] + [1.0] * 5 + [-1e16]
    total = lost = exact = 0
    missing = []
    for term in terms:
        corrected = term - lost
        new = total + corrected
        lost, total = (new - total) - corrected, new
        exact += int(term)
        missing.append(exact - (int(total) - int(lost)))
    assert missing == [0] * 5 + [1] * 6 + [2]


def test_a_sum_changes_with_the_layout_and_not_with_the_view() -> None:
    assert "copy the same numbers into another layout" in cell("02", "order-modify")
    arrays = np.random.default_rng(3).normal(size=(50, 37, 53))
    assert any(np.sum(a) != np.sum(a.T.copy()) for a in arrays)


@pytest.mark.parametrize("place", [0, 3, 10])
@pytest.mark.parametrize("terms", order.TERMS)
def test_each_term_is_drawn_where_it_is_added(terms: str, place: int) -> None:
    numbers = np.array(order.in_order(terms, place))
    panel = lesson.order_demo.at(terms=terms, place=place).panels[0][0]
    drawn = {shape: [] for shape in ("circle", "square")}
    for mark in panel.marks:
        if isinstance(mark, Points):
            drawn[mark.shape] += np.ravel(mark.x).tolist()
            assert set(np.ravel(mark.y)) == {order.ROW}
    large = 1 + np.flatnonzero(np.abs(numbers) == np.abs(numbers).max())
    assert sorted(drawn["square"]) == large.tolist()
    assert sorted(drawn["circle"] + drawn["square"]) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("precision", lesson.break_demo.controls[2].options)
def test_bands_are_where_exp_gives_no_number(precision: str) -> None:
    """At each edge it just gives one, a little further none."""
    panel = lesson.break_demo.at(precision=precision).panels[0][0]
    above, below = (mark for mark in panel.marks if isinstance(mark, Band))
    dtype = np.dtype(precision)
    with np.errstate(all="ignore"):
        (overflow,), (vanish,) = set(np.ravel(above.low)), set(np.ravel(below.high))
        assert np.isfinite(np.exp(dtype.type(overflow - 0.02)))
        assert np.isinf(np.exp(dtype.type(overflow + 0.02)))
        assert np.exp(dtype.type(vanish + 0.02)) > 0 == np.exp(dtype.type(vanish - 0.02))
    assert np.max(above.high) == panel.y.high
    assert np.min(below.low) == panel.y.low


@pytest.mark.parametrize("inputs", lesson.accuracy_demo.controls[1].options)
@pytest.mark.parametrize("function", lab.LAB)
def test_each_form_is_drawn_as_far_as_it_works_and_named_there(function: str, inputs: str) -> None:
    panel = lesson.accuracy_demo.at(function=function, inputs=inputs).panels[0][0]
    lines = [mark for mark in panel.marks if isinstance(mark, Line) and mark.width == 2]
    rises = [mark for mark in panel.marks if isinstance(mark, Line) and mark.width != 2]
    points = [mark for mark in panel.marks if isinstance(mark, Points)]
    words = [mark for mark in panel.marks if isinstance(mark, Text)][1:]
    for line, form in zip(lines, points, strict=True):
        works = np.isfinite(np.asarray(form.y, dtype=float))
        assert (list(line.x), list(line.y)) == (list(form.x[works]), list(form.y[works]))
        assert bool(line.label) == works.all()
        if not works.all():
            named, fails, *words = words
            assert (f"error of {named.string}", fails.string) == (form.name, "fails beyond")
            assert named.x == fails.x == form.x[works][-1]
            assert {named.y, fails.y} == {lab.ALL_WRONG}
            assert named.dy < fails.dy < 0
            rise, *rises = rises
            assert list(rise.x) == [named.x] * 2, "a line from the last point to the words"
            assert rise.y[0] == form.y[works][-1] < lab.ALL_WRONG < rise.y[1]
            assert {named.color, fails.color, rise.color} == {line.color}
    assert (words, rises) == ([], [])


@pytest.mark.parametrize("size", [1e-44, 2.0**-126, 0.9, 1.0, 3.0, 2.0**24, 2.2e38])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_gap_is_dragged_to_the_power_of_two_of_a_size(size: float, sign: int) -> None:
    state = {"bits": microscope.bits_of(sign * 1.5)}
    (drags,) = lesson.microscope_demo.at(**state).held(2)
    found = drags.function(size, 1.0, 0, state)["bits"]
    value = struct.unpack(">f", int(found, 2).to_bytes(4, "big"))[0]
    assert value * sign > 0
    exponent = math.log2(abs(value))
    assert exponent == int(exponent)
    assert abs(exponent - math.log2(size)) <= 0.5
