"""Sentences easily said and not always true: each stands on its page, and holds in the general case."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

from course_utils.lessons import softmax as lesson_01
from course_utils.lessons import start_here
from course_utils.lessons.numeric_instability import (
    break_it,
    digits,
    log_softmax,
    microscope,
    opening,
    sixteen_bits,
)
from course_utils.lessons.training_a_classifier import film_demo
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import NOTEBOOKS
from course_utils.notebook_files.page import Page, tags_of
from course_utils.numerics.softmax import softmax
from course_utils.teaching.pictures import Text
from course_utils.teaching.text import format_number

GUIDE = (NOTEBOOKS / "instructor_guide.md").read_text("utf-8")


@cache
def page(number: str) -> Page:
    (path,) = find_notebooks([number])
    return Page(path, path.read_bytes())


def cell(number: str, cell_id: str) -> str:
    """Return the source of a cell, its line breaks as spaces where it is text."""
    (found,) = (cell for cell in page(number).cells if cell["id"] == cell_id)
    source: str = found["source"]
    return " ".join(source.split()) if found["cell_type"] == "markdown" else source


def note(number: str, cell_id: str) -> str:
    (found,) = (cell for cell in page(number).cells if cell["id"] == cell_id)
    return str(found["metadata"]["slideshow"]["notes"])


def defined(number: str, cell_id: str, name: str) -> Any:
    """Run a cell as a student does and return what it defines."""
    namespace: dict[str, Any] = {"np": np}
    exec(cell(number, cell_id), namespace)
    return namespace[name]


# 01


def test_the_scores_of_the_first_vote_add_up_to_what_the_note_says() -> None:
    scores = [int(s.replace("−", "-")) for s in re.findall(r"−?\d+", lesson_01.divide_by_sum_question.prompt)]
    assert scores == [1, 0, -4]
    assert note("01", "divide-question").endswith(f"it is {sum(scores)}.".replace("-", "−"))


def test_exponentials_stretch_where_scores_are_positive_and_only_there() -> None:
    assert (
        "The first step, $e^z$, stretches gaps where scores are positive and shrinks them where they are "
        "negative; the division then stretches or shrinks them all by one factor" in cell("01", "gaps-why")
    )
    random = np.random.default_rng(4)
    low, high = np.sort(random.uniform(0, 5, (2, 1000)), axis=0)
    assert (np.exp(high) - np.exp(low) >= high - low).all()
    assert (np.exp(-low) - np.exp(-high) <= high - low).all()
    for z, stretches in ((np.array([-10.0, -11.0, -13.0]), True), (np.array([1.0, 2.0, 4.0]), False)):
        factors = np.diff(softmax(z)) / np.diff(np.exp(z))
        assert factors == pytest.approx([factors[0]] * 2)
        assert (factors[0] > 1) == stretches


def test_whether_softmax_sharpens_more_than_dividing_depends_on_the_unit() -> None:
    said = cell("01", "gaps-why")
    assert "In a large unit their numbers are small, and it flattens" in said
    assert "in a small unit they are large, and it leaves nearly everything to the winner" in said
    scores = np.random.default_rng(5).uniform(1, 3, (1000, 4))
    divided = (scores / scores.sum(axis=1, keepdims=True)).max(axis=1)
    assert (softmax(scores / 10).max(axis=1) < divided).all()
    assert (softmax(scores * 10).max(axis=1) > divided).all()


def test_all_losers_shrink_by_one_factor() -> None:
    assert "all shrink by the same *factor*" in cell("01", "pull-shares")
    z = np.random.default_rng(6).normal(scale=3, size=(1000, 7))
    factors = (softmax(z + np.eye(7)[2]) / softmax(z))[:, np.arange(7) != 2]
    assert (factors < 1).all()
    assert np.allclose(factors, factors[:, :1], rtol=1e-12)


@pytest.mark.parametrize(("amount", "losers"), [(1.0, 3), (-2.0, 1)])
def test_who_gains_and_who_loses_is_said_in_no_number(amount: float, losers: int) -> None:
    picture = lesson_01.pull_demo.at(amount=amount)
    change, forecast = (picture.table.columns[name] for name in ("change of p", "forecast of the change"))
    assert sum(part < 0 for part in change) == losers
    assert "what some gain, others lose" in picture.says
    assert f"forecasts a change of {format_number(forecast[2])} for p2" in picture.says


def test_of_256_dimensions_one_key_gets_nearly_everything_in_most_draws() -> None:
    assert "in most draws one key gets nearly everything" in cell("01", "attention-why")
    random = np.random.default_rng(7)
    queries, keys = random.standard_normal((1000, 256, 1)), random.standard_normal((1000, 8, 256))
    assert np.mean(softmax((keys @ queries)[..., 0]).max(axis=1) > 0.9) > 0.7


@pytest.mark.parametrize(
    "f", [np.exp, lambda z: 3 * 2.0**z, lambda z: np.log1p(np.exp(z)), lambda z: 1 + np.tanh(z), np.arctan]
)
def test_only_powers_ignore_a_common_shift(f: Any) -> None:
    assert "A\\,b^z, \\qquad A > 0,\\; b > 1" in cell("01", "exp-why")
    z, w, c = np.random.default_rng(8).uniform(0.5, 3, (3, 1000))
    ignores = np.allclose(f(z + c) / f(w + c), f(z) / f(w))
    b = f(1.0) / f(0.0) if f(0.0) else np.nan
    assert ignores == np.allclose(f(z) / f(0.0) if f(0.0) else np.nan, b**z)


# 02: shift


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


# 02: the bug hunt


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


# 02: floats


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
    words = [text.string.replace("−", "-").replace("overflow", "inf") for text in texts]
    assert [float(word) for word in words] == pytest.approx([below, here, above], rel=1e-8, abs=1e-54)
    right = [(value - here) / gap if math.isfinite(value) else 1 for value in (below, here, above)]
    assert places == pytest.approx(right)
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


# 02: sixteen bits


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


# 02: steps of softmax


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
        assert "the true p are" in said
        assert "NumPy gave no warning" in said
    assert "All three ways to fail are gone, and the silent loss with them" in cell("02", "shift-why")
    random = np.random.default_rng(12)
    for z in random.uniform(-104, -80, (1000, 3)).astype(np.float32):
        p = softmax(z.astype(float))
        np.testing.assert_allclose(REPAIRED(z), p, rtol=1e-5)


def test_the_break_demo_says_what_underflow_cost() -> None:
    """A p that became 0 is called too small only where it is, and a lost one only where it could be held."""
    random = np.random.default_rng(11)
    met = {"could hold": 0, "below what": 0, "the true p are": 0, "stays within": 0}
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
        if "could hold" in said:
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


# 02: where digits die


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


def test_what_a_crumb_before_the_logarithm_does() -> None:
    """The error of log(p + 1e-12) grows as p falls; only far below 1e-12 is the answer always the same."""
    verdict = log_softmax.log_softmax_exercise.check(lambda z: np.log(softmax(z) + 1e-12))
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


# The guide


def test_a_table_of_the_numbers_that_check_shows_fails() -> None:
    verdict = start_here.sum_exercise.check(lambda z: -1.0)
    shown = verdict._repr_mimebundle_()["text/html"].replace("−", "-")
    lines = re.findall(r"your_function\(\[(.*?)\]\) returned -1, but (\S+) is right", shown)
    table = {tuple(float(v) for v in argument.split(",")): float(right) for argument, right in lines}
    assert len(table) > 1
    looked_up = start_here.sum_exercise.check(lambda z: table[tuple(z.tolist())])
    assert not looked_up
    assert 0 < looked_up.share < 1, "the shown ones are right"


def test_the_guide_counts_what_the_lecture_path_holds() -> None:
    text = " ".join(GUIDE.split())
    assert (
        "the hook (the title, and the picture that opens the page), three votes, two demos and one exit "
        "question, in each notebook from 01 on; in 00 one vote and one demo"
    ) in text
    for path in find_notebooks():
        tags = [tags_of(each) for each in page(path.name[:2]).cells]
        votes, demos, exits = (
            sum(f"lecture-{what}" in each for each in tags) for what in ("vote", "demo", "exit")
        )
        assert (votes, demos, exits) == ((1, 1, 0) if path.name.startswith("00") else (3, 2, 1)), path.name
        assert ["lecture-hook" in each for each in tags].index(True) == 0
        assert sum("lecture-hook" in each for each in tags) == 1
        # The picture that opens the page is on a slide: for the hook, or as a demo of the lecture.
        pictures = [place for place, each in enumerate(tags) if "lecture-picture" in each]
        opened = pictures or [2] * ("lecture-demo" in tags[2])
        assert opened == ([] if path.name.startswith("00") else [2]), path.name


def test_the_natural_logarithm_has_one_name() -> None:
    for path in find_notebooks([]):
        text = "".join(str(cell) for cell in Page(path, path.read_bytes()).cells)
        assert not re.findall(r"\bln (?:10|2)\b|\\ln\b", text), path.name
    assert not re.findall(r"\bln\b", GUIDE)


# 03: text


def test_a_greedy_writer_that_does_not_stop_walks_in_a_circle() -> None:
    assert "Every greedy writer with a fixed memory ends so, unless it stops" in cell("03", "limits-circle")
    for seed in range(20):  # other writers, which know the last two of three characters
        following = np.random.default_rng(seed).integers(0, 3, (3, 3))
        text = [0, 0]
        for _ in range(60):
            text.append(int(following[text[-2], text[-1]]))
        assert any(text[20:50] == text[20 + lag : 50 + lag] for lag in range(1, 10))


# 04: lines below LSE


@pytest.mark.parametrize("q0", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_every_line_of_score_plus_entropy_stays_below_lse_and_touches_it_where_no_share_is_0(
    q0: float,
) -> None:
    said = cell("04", "dual-why")
    assert "that LSE is never below; where no $q_i$ is 0, it is one of the tangents" in said
    x, lam = np.linspace(-3, 3, 6001), 2.0
    shares = np.array([share for share in (q0, 1 - q0) if share])
    above = np.logaddexp(lam * x, 0) / lam - (q0 * x - shares @ np.log(shares) / lam)
    assert above.min() > -1e-15
    assert (above.min() < 1e-6) == (0 < q0 < 1)


# 08: the film


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ({}, "48 regions, and the boundary"),
        ({"start": "all zero"}, "1 region, no boundary"),
        ({"net": "2-6-6-2", "frame": 3}, "80 regions, no boundary"),
    ],
)
def test_the_film_speaks_of_a_boundary_where_there_is_one(state: dict[str, Any], title: str) -> None:
    (panel, _) = film_demo.at(**state).panels[0]
    assert panel.title == title


# 02: what has no neighbors


@pytest.mark.parametrize(
    ("x", "name"), [(math.inf, "infinity"), (-math.inf, "minus infinity"), (math.nan, "not a number")]
)
def test_the_microscope_speaks_of_neighbors_where_there_are_some(x: float, name: str) -> None:
    (panel,) = microscope.microscope(microscope.bits_of(x)).panels[1]
    assert panel.title == f"{name}: no neighbor at a finite distance"
