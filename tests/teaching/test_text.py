"""Numbers and sentences: what every description is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.teaching.text import (
    LONGEST_REPORT,
    MINUS,
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
        (12345.0, 3, "1.23e4"),
        (-12300.0, 3, "−12300"),
        (999999.0, 6, "999999"),
        (1e6, 3, "1e6"),
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
