"""Numbers and sentences: the small language that every display object speaks.

A description is read by eye, by ear and by the test suite, so numbers are written in one way only:
rounded to significant digits (the last bits differ between CPUs), with a true minus sign (screen
readers skip a hyphen), and with words for what is not a number.
"""

from __future__ import annotations

import itertools
import math
import re
import reprlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

MINUS = "\u2212"
# From 1 up to this no number has an exponent, and up to the second none of which no digit is lost.
ROUNDED_IN_FULL, EXACT_IN_FULL = 1e5, 1e6
# Of numbers that add up: how many decimals are read at most, and the share of the largest that one must have
# to ask for decimals.
MOST_DECIMALS, LEAST_SHARE = 6, 1e-5
LONGEST_REPORT = 160  # characters of anything a student's function produced
CODE_OR_FORMULA = re.compile(r"(`[^`]+`|\$[^$]+\$)")  # what the light markup leaves as it is

T = TypeVar("T")


def format_number(value: Any, digits: int = 3) -> str:
    """Write a number with ``digits`` significant digits, without trailing zeros.

    Parameters
    ----------
    value : float, int, bool or str
        Integers are written in full; text passes through unchanged.
    digits : int
        Significant digits of a float.

    Examples
    --------
    >>> format_number(0.66524096), format_number(-4.0), format_number(2.06106e-9)
    ('0.665', '−4', '2.06e−9')
    >>> format_number(float("inf")), format_number(-0.0), format_number(12)
    ('infinity', '0', '12')
    >>> format_number(1.0), format_number(0.99999)
    ('1', '1.00')
    >>> format_number(1329.5), format_number(132_950.0), format_number(500_000.0), format_number(5e6)
    ('1330', '1.33e5', '500000', '5e6')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return with_minus(str(value))
    number = float(value)
    if np.isnan(number):
        return "not a number"
    if np.isinf(number):
        return "infinity" if number > 0 else f"{MINUS}infinity"
    mantissa, _, exponent = f"{number:.{digits}g}".partition("e")
    if float(mantissa) == 0:  # no "negative zero" for the reader
        return "0"
    rounded = float(f"{number:.{digits}g}")
    if exponent.startswith("+") and abs(number) < (EXACT_IN_FULL if rounded == number else ROUNDED_IN_FULL):
        return with_minus(f"{rounded:.0f}")
    if "." not in mantissa and not exponent and not float(f"{number:.14g}").is_integer():
        # 0.99999 in three digits is "1.00": the zeros say that it was rounded and is not exactly 1.
        mantissa = f"{number:#.{digits}g}".rstrip(".")
    return with_minus(f"{mantissa}e{int(exponent)}" if exponent else mantissa)


def with_minus(number: str) -> str:
    """Give a number that Python has written true minus signs.

    Examples
    --------
    >>> with_minus("-1e-16")
    '−1e−16'
    """
    return number.replace("-", MINUS)


def format_list(values: Iterable[Any]) -> str:
    """Join numbers (or words) as a sentence does.

    Examples
    --------
    >>> format_list([0.1, 0.2, 0.7]), format_list(["left", "right"]), format_list([5])
    ('0.1, 0.2 and 0.7', 'left and right', '5')
    """
    words = [format_number(value) for value in values]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def adding_up(*parts: float) -> list[str]:
    """Write numbers, then their running totals, so that the sums are right as they stand.

    At least three decimals, and three digits of each number that is not tiny: so none looks like nothing.
    At most six: numbers that are all too tiny for them are written by themselves. If the rounded numbers do
    not add up, one more decimal is tried. If they still do not, the totals are rounded, and one number in
    each sum is the difference of the others: less than one unit of its last digit away from what it is. A
    number too small beside the largest to change any digit is written by itself.

    Examples
    --------
    >>> adding_up(0.25, 0.5), adding_up(1.01, 0.0023)
    (['0.25', '0.5', '0.75'], ['1.01', '0.0023', '1.0123'])
    >>> adding_up(0.5876, 0.2766)  # three decimals would say that 0.588 + 0.277 is 0.864
    ['0.5876', '0.2766', '0.8642']
    >>> adding_up(0.58764, 0.27664)  # nor do four decimals add up: 0.5876 + 0.2766 is not 0.8643
    ['0.5877', '0.2766', '0.8643']
    >>> adding_up(2.0, -0.5, 1e-4), adding_up(1e-17, 0.3)
    (['2', '−0.5', '0.0001', '1.5', '1.5001'], ['1e−17', '0.3', '0.3'])
    >>> adding_up(0.0, 5e-324)
    ['0', '4.94e−324', '4.94e−324']
    """
    numbers = [*parts, *itertools.islice(itertools.accumulate(parts), 1, None)]
    sizes = [abs(part) for part in parts if part] or [1.0]
    counting = min(size for size in sizes if size >= LEAST_SHARE * max(sizes))
    if max(sizes) < 10.0**-MOST_DECIMALS:
        return [format_number(number) for number in numbers]
    first = min(max(3, _three_digits(counting)), MOST_DECIMALS)
    for decimals in (first, min(first + 1, MOST_DECIMALS)):
        rounded = [round(number * 10**decimals) for number in numbers]
        counts = _made_to_add_up([number * 10**decimals for number in parts], rounded[len(parts) :])
        if counts == rounded:
            break
    return [
        format_number(number)
        if number and count == alone == 0 and i < len(parts)
        else _with_decimals(number, count, decimals)
        for i, (number, count, alone) in enumerate(zip(numbers, counts, rounded, strict=True))
    ]


def _three_digits(size: float) -> int:
    """Return how many decimals show three digits."""
    return 2 - math.floor(math.log10(size))


def _made_to_add_up(parts: list[float], totals: list[int]) -> list[int]:
    """Round parts to whole numbers that have these rounded totals."""
    counts = [round(part) for part in parts[:2]]
    if totals and (missing := totals[0] - sum(counts)):
        worst = max((0, 1), key=lambda i: (parts[i] - counts[i]) * missing)
        counts[worst] += missing
    return [*counts, *(after - before for before, after in itertools.pairwise(totals)), *totals]


def _with_decimals(number: float, count: int, decimals: int) -> str:
    """Write a count of the last decimal, and keep zeros at the end only where something was cut off."""
    written = f"{count / 10**decimals:.{decimals}f}"
    exact = abs(float(written) - number) < 1e-12 * abs(number)
    return with_minus(written.rstrip("0").rstrip(".") if exact or not number else written)


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as hundredths; 0 % is exactly none, and 100 % exactly all.

    Examples
    --------
    >>> percent(0.476), percent(0.9304, decimals=1)
    ('48 %', '93.0 %')
    >>> percent(299 / 300), percent(0.0004, decimals=1), percent(1), percent(0)
    ('over 99 %', 'under 0.1 %', '100 %', '0 %')
    """
    if not 0 < share < 1:
        return f"{format_number(round(100 * share))} %"
    rounded, least = round(100 * share, decimals), 10.0**-decimals
    if rounded == 0:
        return f"under {least:g} %"
    return f"over {100 - least:g} %" if rounded == 100 else f"{rounded:.{decimals}f} %"


def sentences(description: str) -> list[str]:
    """Split a description into its sentences.

    Examples
    --------
    >>> sentences("The sum is 0.5. Why? Look again.")
    ['The sum is 0.5.', 'Why?', 'Look again.']
    """
    return re.split(r"(?<=[.?!])\s+", description.strip())


def safely(produce: Callable[[], T], otherwise: T) -> T:
    """Return what ``produce`` returns, or ``otherwise`` if it raises anything but an interrupt.

    Any attribute, comparison or ``repr`` of an object that a student made can run the student's code.

    Examples
    --------
    >>> safely(lambda: 1 / 0, float("nan"))
    nan
    """
    try:
        return produce()
    except KeyboardInterrupt:
        raise
    except BaseException:
        return otherwise


def one_line(text: str) -> str:
    """Put text that was produced elsewhere on one line of bounded length, without control characters.

    Examples
    --------
    >>> one_line("two\\nlines, \\x1b[31mred\\x07")
    'two lines, �[31mred�'
    """
    words = " ".join(text[: 4 * LONGEST_REPORT].split())
    printable = words.isprintable()  # nearly always
    line = words if printable else "".join(c if c.isprintable() else "\ufffd" for c in words)
    return line if len(line) <= LONGEST_REPORT else line[: LONGEST_REPORT - 1] + "…"


def brief(value: object, given: bool = False) -> str:
    """Write any object on one line as Python does, shortened, whatever its own ``repr`` does.

    What is ``given`` to a function keeps all digits where it would look like a whole number and is none.

    Examples
    --------
    >>> brief(np.array([0.1, -2.0])), brief(np.int64(3)), brief(2 / 3), brief(object())
    ('[0.1, -2.0]', '3', '0.6666666667', 'an object')
    >>> brief(1 - 2**-53), brief(np.array([1 - 2**-53, 1 / 3]), given=True)
    ('1', '[0.9999999999999999, 0.333333]')
    """
    return safely(lambda: _brief(value, given), "") or kind_of(value)


def _brief(value: object, given: bool) -> str:
    if type(value) is np.ndarray:
        numbers: Any = {"float_kind": lambda x: repr(float(_digits(x, 6, given)))}
        shortened: str = np.array2string(value, threshold=12, edgeitems=2, separator=", ", formatter=numbers)
        return one_line(shortened)
    if isinstance(value, np.generic):
        value = value.item()
    written = _digits(value, 10, given) if isinstance(value, float) else reprlib.repr(value)
    # An address in memory says nothing, and never the same.
    return "" if re.search(r"x[0-9a-f]+>$", written) else one_line(written)


def _digits(number: float, digits: int, given: bool) -> str:
    written = f"{number:.{digits}g}"
    looks_whole = given and float(written) != number and float(written).is_integer()
    return repr(float(number)) if looks_whole else written


def kind_of(value: object) -> str:
    """Say what sort of object this is.

    Examples
    --------
    >>> kind_of(3), kind_of([]), kind_of(np.array([True]))
    ('an int', 'a list', 'an array of dtype bool')
    """
    if type(value) is np.ndarray:
        return one_line(f"an array of dtype {value.dtype}")
    name = safely(lambda: one_line(type(value).__name__), "object")
    return with_article(name)


def with_article(noun: str) -> str:
    """Put "a" or "an" before a noun, or before what is said of it, as one speaks it.

    Examples
    --------
    >>> [with_article(noun) for noun in ("int", "ufunc", "UnboundLocalError", "8 by 8 matrix")]
    ['an int', 'a ufunc', 'an UnboundLocalError', 'an 8 by 8 matrix']
    """
    vowel = re.match(r"_*([aeio]|un(?!i)|8|1[18]\b)", noun, re.IGNORECASE)
    return f"{'an' if vowel else 'a'} {noun}"


def to_plain(text: str) -> str:
    """Remove the light markup: what a terminal or a braille display gets.

    Examples
    --------
    >>> to_plain("Is `p < 1` *always* true?")
    'Is p < 1 always true?'
    """
    pieces = CODE_OR_FORMULA.split(text.strip())
    return "".join(
        p[1:-1] if i % 2 else re.sub(r"(\*{1,2})(?!\s)(.+?)(?<!\s)\1", r"\2", p) for i, p in enumerate(pieces)
    )
