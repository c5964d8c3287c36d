"""Numbers and sentences: what every description is made of."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.teaching.numbers_in_text import is_known
from course_utils.teaching.text import (
    LONGEST_REPORT,
    MINUS,
    adding_up,
    brief,
    format_list,
    format_number,
    kind_of,
    one_line,
    safely,
    sentences,
    with_article,
)

quick = settings(derandomize=True, deadline=None, max_examples=150)
finite = st.floats(-1e300, 1e300, allow_subnormal=False)


def parsed(written: str) -> float:
    return float(written.replace(MINUS, "-"))


# --- numbers ---------------------------------------------------------------------------------------


@quick
@given(finite, st.integers(1, 10))
def test_a_written_number_is_right_to_its_digits(number: float, digits: int) -> None:
    assert abs(parsed(format_number(number, digits)) - number) <= 0.5000001 * 10.0 ** (1 - digits) * abs(
        number
    )


@quick
@given(finite, finite, st.integers(1, 10))
def test_writing_keeps_the_order(one: float, other: float, digits: int) -> None:
    low, high = sorted([one, other])
    assert parsed(format_number(low, digits)) <= parsed(format_number(high, digits))


@quick
@given(st.lists(st.floats(0.01, 900) | st.floats(-900, -0.01) | st.just(0.0), min_size=2, max_size=3))
def test_what_adds_up_does_so_as_it_is_written(parts: list[float]) -> None:
    written = [Decimal(number.replace(MINUS, "-")) for number in adding_up(*parts)]
    terms, totals = written[: len(parts)], written[len(parts) :]
    assert [*itertools.accumulate(terms)][1:] == totals
    for number, part in zip(terms, parts, strict=True):
        assert abs(float(number) - part) <= min(0.001, 0.005 * abs(part)) * (1 + 1e-9)
    for number, total in zip(totals, [*itertools.accumulate(parts)][1:], strict=True):
        assert abs(float(number) - total) <= 0.0005 * (1 + 1e-9)
    assert all("E" not in f"{number}" and -number.as_tuple().exponent <= 6 for number in written)


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ((1e-17, 0.3), ["1e−17", "0.3", "0.3"]),
        ((1.0735428464, 0.0000531473), ["1.073543", "0.000053", "1.073596"]),
        ((1.07354, 5.3e-7), ["1.074", "5.3e−7", "1.074"]),
        ((2e-9, 3e-9), ["2e−9", "3e−9", "5e−9"]),
        ((0.0, 0.0), ["0", "0", "0"]),
        ((1000.3, 0.0004, 0.0004), ["1000.3", "0.0004", "0.0004", "1000.3004", "1000.3008"]),
    ],
)
def test_what_adds_up_has_few_decimals(parts: tuple[float, ...], written: list[str]) -> None:
    assert adding_up(*parts) == written


@quick
@given(st.floats(), st.integers(1, 10))
def test_a_number_has_a_true_minus_and_no_negative_zero(number: float, digits: int) -> None:
    written = format_number(number, digits)
    assert "-" not in written
    assert written not in (f"{MINUS}0", f"{MINUS}0.0")


@quick
@given(st.integers(-3, 3), st.floats(-0.005, 0.005))
def test_a_whole_number_without_decimals_is_exact(whole: int, offset: float) -> None:
    number = whole + offset
    if "." not in format_number(number) and "e" not in format_number(number):
        assert float(f"{number:.14g}") == whole


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (1.0, 3, "1"),
        (1 - 1e-15, 3, "1"),
        (1 - 1e-9, 3, "1.00"),
        (1 + 1e-9, 6, "1.00000"),
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (-1e-300, 3, f"{MINUS}1e{MINUS}300"),
        (5e-324, 3, f"4.94e{MINUS}324"),
        (np.float32(0.1), 3, "0.1"),
        (np.int8(-7), 3, f"{MINUS}7"),
        (12345, 3, "12345"),
        (12345.0, 3, "12300"),
        (-1329.5, 3, "−1330"),
        (99_949.0, 3, "99900"),
        (99_999.0, 3, "100000"),
        (100_100.0, 3, "1e5"),
        (-12300.0, 3, "−12300"),
        (999999.0, 6, "999999"),
        (1e6, 3, "1e6"),
        (2e-9, 3, f"2e{MINUS}9"),
        (0.1 * 3 / 0.3, 3, "1"),  # up to what rounding leaves
        (True, 3, "yes"),
        (np.False_, 3, "no"),
        (np.array(2.5), 3, "2.5"),
        ("a < b", 3, "a < b"),
        (float("nan"), 3, "not a number"),
        (float("-inf"), 3, f"{MINUS}infinity"),
    ],
)
def test_format_number_on_special_values(value: Any, digits: int, written: str) -> None:
    assert format_number(value, digits) == written


@pytest.mark.parametrize("value", [1j, None, [1.0, 2.0]])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        format_number(value)


@pytest.mark.parametrize(
    ("values", "written"), [([], ""), ([1], "1"), ([1, 2], "1 and 2"), ([1, 2, 3], "1, 2 and 3")]
)
def test_lists_read_like_a_sentence(values: list[int], written: str) -> None:
    assert format_list(values) == written


@pytest.mark.parametrize(
    ("number", "known"),
    [
        ("0.67", {0.665: True, 0.6651: True, 0.6649: False, 0.675: True, 0.6751: False}),
        ("0.66", {0.665: True, 0.655: True, 0.6549: False}),
        ("99", {99: True, 99.4: False, -99: True}),  # a count
        ("100", {100.4: True, 99.5: True, 100.6: False}),
        ("999", {999.4: True, 999.6: False}),
        ("1000", {1004.9: True, 1006: False}),  # of three digits at least
        ("1200", {1204.9: True, 1206: False}),
        ("1230", {1234.9: True, 1236: False}),
        ("1234", {1234.4: True, 1234.6: False}),
        ("−12,000", {-12049: True, 12049: True, 12051: False}),
        ("1e3", {1400: True, 1600: False}),
        ("1.2e−3", {0.00124: True, 0.00126: False}),
    ],
)
def test_a_number_in_a_sentence_stands_for_all_that_are_rounded_to_it(
    number: str, known: dict[float, bool]
) -> None:
    assert {x: is_known(number, np.array([1e9, x])) for x in known} == known


def test_decimal_points_do_not_end_sentences() -> None:
    assert sentences(" p = 0.5 and 2.5e−3. Why? Because! ") == ["p = 0.5 and 2.5e−3.", "Why?", "Because!"]


# --- objects of others -----------------------------------------------------------------------------


class Hostile:
    """An object whose every method ends the program."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise SystemExit("hostile")

    __repr__ = __str__ = __format__ = __len__ = __iter__ = __array__ = __getattr__ = __eq__ = _refuse
    __hash__ = None  # type: ignore[assignment]
    __class__ = property(_refuse)  # type: ignore[assignment]


def test_any_object_can_be_named() -> None:
    assert brief(Hostile()) == "a Hostile"
    assert kind_of(Hostile()) == "a Hostile"
    assert kind_of(np.add) == "a ufunc"
    assert kind_of(np.uint8(3)) == "a uint8"


@pytest.mark.parametrize(
    ("an", "nouns"),
    [
        ("an", "array int OSError AttributeError UnboundLocalError _ArrayMemoryError 8 80 11 18"),
        ("a", "float ufunc uint64 UserWarning UnicodeError _UFuncNoLoopError NoneType 1 3 111"),
    ],
)
def test_an_article_is_as_one_says_it(an: str, nouns: str) -> None:
    for noun in nouns.split():
        assert with_article(noun) == f"{an} {noun}"


def test_addresses_are_not_shown() -> None:
    for value in (object(), lambda: 0, (x for x in ()), [object()][0]):
        assert "0x" not in brief(value)


@quick
@given(st.text(alphabet="ab \n\t\x00\x1b\x85\ud800\u2028\u202eé漢", max_size=400))
def test_a_line_is_short_printable_and_single(text: str) -> None:
    line = one_line(text)
    assert len(line) <= LONGEST_REPORT
    assert line.isprintable()
    line.encode()  # a lone surrogate would not reach the page


@pytest.mark.parametrize("more", [-1, 0, 1, 999])
def test_a_line_is_cut_only_where_it_must_be(more: int) -> None:
    text = "ab " * 10 + "x" * (LONGEST_REPORT + more - 30)
    assert one_line(text) == (text if more <= 0 else text[: LONGEST_REPORT - 1] + "…")


def test_arrays_of_a_dozen_are_shown_in_full_and_of_longer_ones_both_ends() -> None:
    assert brief(np.arange(12.0)) == str(np.arange(12.0).tolist())
    assert brief(np.arange(13.0)) == "[0.0, 1.0, ..., 11.0, 12.0]"


def test_long_values_are_clipped() -> None:
    for value in (
        "x" * 10**6,
        list(range(10**5)),
        np.zeros((50, 50, 50)),
        {i: i for i in range(999)},
        10**4000,
    ):
        assert len(brief(value)) <= LONGEST_REPORT


def test_safely_lets_an_interrupt_through() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        safely(interrupt, None)
    with pytest.raises(KeyboardInterrupt):
        brief(type("Busy", (), {"__repr__": lambda self: interrupt()})())
