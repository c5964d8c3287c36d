"""Numbers and sentences: the small language that every display object speaks.

A description is read by eye, by ear and by the test suite, so numbers are written in one way only:
rounded to significant digits (the last bits differ between CPUs), with a true minus sign (screen
readers skip a hyphen), and with words for what is not a number.
"""

from __future__ import annotations

import html
import json
import re
import reprlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

MINUS = "\u2212"
WRITTEN_OUT = 1e6  # below this, no exponent where none of the digits is lost
LONGEST_REPORT = 160  # characters of anything a student's function produced
# Elements without an end: HTML forbids content and a closing tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

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
    >>> format_number(5000.0), format_number(5001.0), format_number(5e6)
    ('5000', '5e3', '5e6')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return str(value).replace("-", MINUS)
    number = float(value)
    if np.isnan(number):
        return "not a number"
    if np.isinf(number):
        return "infinity" if number > 0 else f"{MINUS}infinity"
    mantissa, _, exponent = f"{number:.{digits}g}".partition("e")
    if float(mantissa) == 0:  # no "negative zero" for the reader
        return "0"
    if exponent and 1 <= abs(number) < WRITTEN_OUT and float(f"{number:.{digits}g}") == number:
        return f"{number:.0f}".replace("-", MINUS)
    if "." not in mantissa and not exponent and not float(f"{number:.14g}").is_integer():
        # 0.99999 in three digits is "1.00": the zeros say that it was rounded and is not exactly 1.
        mantissa = f"{number:#.{digits}g}".rstrip(".")
    written = f"{mantissa}e{int(exponent)}" if exponent else mantissa
    return written.replace("-", MINUS)


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


def percent(share: float) -> str:
    """Write a share as a whole number of hundredths.

    Examples
    --------
    >>> percent(0.476)
    '48 %'
    """
    return f"{format_number(round(100 * share))} %"


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


def brief(value: object) -> str:
    """Write any object on one line as Python does, shortened, whatever its own ``repr`` does.

    Examples
    --------
    >>> brief(np.array([0.1, -2.0])), brief(np.int64(3)), brief(2 / 3), brief(object())
    ('[0.1, -2.0]', '3', '0.6666666667', 'an object')
    """
    return safely(lambda: _brief(value), "") or kind_of(value)


def _brief(value: object) -> str:
    if type(value) is np.ndarray:
        numbers: Any = {"float_kind": lambda x: repr(float(f"{x:.6g}"))}
        shortened: str = np.array2string(value, threshold=12, edgeitems=2, separator=", ", formatter=numbers)
        return one_line(shortened)
    if isinstance(value, np.generic):
        value = value.item()
    written = f"{value:.10g}" if isinstance(value, float) else reprlib.repr(value)
    # An address in memory says nothing, and never the same.
    return "" if re.search(r"x[0-9a-f]+>$", written) else one_line(written)


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


def to_html(text: str) -> str:
    """Render the light markup of prompts and tasks: `code`, **strong**, *emphasis*, blank line = paragraph.

    Formulas between dollar signs stay as they are, for MathJax.

    Examples
    --------
    >>> to_html("Is `p < 1` *always* true?")
    '<p>Is <code>p &lt; 1</code> <em>always</em> true?</p>'
    """
    return "".join(f"<p>{inline_html(paragraph)}</p>" for paragraph in re.split(r"\n\s*\n", text.strip()))


def inline_html(text: str) -> str:
    """Render the light markup of one paragraph, without the surrounding ``<p>``.

    Powers and indices are raised and lowered, and percent signs kept; see `with_scripts`.

    Examples
    --------
    >>> inline_html("**No**: `z*2` and `y*2`")
    '<strong>No</strong>: <code>z*2</code> and <code>y*2</code>'
    """
    # Splitting keeps code and formulas (the odd pieces) out of reach of the emphasis rules.
    pieces = re.split(r"(`[^`]+`|\$[^$]+\$)", text)
    return "".join(_verbatim(p) if i % 2 else _emphasis(p) for i, p in enumerate(pieces))


def _verbatim(piece: str) -> str:
    inner = escaped(piece.strip("`"))
    return f"<code>{inner}</code>" if piece.startswith("`") else inner


def _emphasis(piece: str) -> str:
    strong = re.sub(r"\*\*(?!\s)(.+?)(?<!\s)\*\*", r"<strong>\1</strong>", escaped(piece))
    # Emphasis may hold whole <strong> elements, but not half of one.
    emphasized = re.sub(r"\*(?!\s)((?:<strong>[^<]*</strong>|[^<])+?)(?<!\s)\*", r"<em>\1</em>", strong)
    return _kept(_raised(emphasized))


# A power stands on a letter, a number or a bracket; an index on one letter or LSE: top_p is a name. A number
# behind one letter is its index, too. A browser writes captions and labels by the same rules (scripts.js).
_LETTER = "[A-Za-zα-ωΑ-Ω]"
_SCRIPT = re.compile(
    rf"(?:(?<=[\w)\]′])(?P<power>\^)|(?:(?<=[)\]∇])|(?<=\b{_LETTER})|(?<=\bLSE))(?P<index>_))"
    rf"(?:\((?P<inner>(?:[^()<]|\([^()<]*\))+)\)|(?P<bare>[−+]?\d+|(?(power)[−+]?{_LETTER}|{_LETTER}+)))"
    rf"|(?<=\b{_LETTER})(?P<number>\d+)(?![A-Za-z0-9_]|\.\d)"
)


def with_scripts(plain: str) -> str:
    """Turn plain text into HTML content, with powers raised and indices lowered, and percent signs kept.

    What is written to say so, the circumflex and the brackets, is there for those who hear or copy the text.

    Examples
    --------
    >>> re.sub(r"<span.*?</span>", "", with_scripts("e^(z_i − m) is 10^−5, and log_softmax a name"))
    'e<sup>z<sub>i</sub> − m</sup> is 10<sup>−5</sup>, and log_softmax a name'
    >>> re.sub(r"<.*?>", "", with_scripts("e^(z_i − m)"))
    'e^(z_i − m)'
    >>> with_scripts("the slope ∂f/∂x0 at 1e6 in float64")
    'the slope ∂f/∂x<sub>0</sub> at 1e6 in float64'
    >>> with_scripts("nearly 99.5 %")
    'nearly <span style="white-space: nowrap">99.5 %</span>'
    """
    return _kept(_raised(escaped(plain)))


def _kept(content: str) -> str:
    """Keep each number and its percent sign on one line."""
    return _SHARE.sub(lambda found: element("span", found[0], style="white-space: nowrap"), content)


_SHARE = re.compile(r"[\d.,]*\d %")


def _raised(content: str) -> str:
    return _SCRIPT.sub(_script, content)


def _script(found: re.Match[str]) -> str:
    if found["number"]:
        return element("sub", found["number"])
    sign = found["power"] or found["index"]
    before, inner, after = sign, found["bare"], ""
    if inner is None:
        before, inner, after = f"{sign}(", _raised(found["inner"]), ")"
    tag = "sup" if found["power"] else "sub"
    return _heard(before) + element(tag, inner) + (_heard(after) if after else "")


def _heard(signs: str) -> str:
    return element("span", signs, style="font-size: 0")


def to_plain(text: str) -> str:
    """Remove the light markup: what a terminal or a braille display gets.

    Examples
    --------
    >>> to_plain("Is `p < 1` *always* true?")
    'Is p < 1 always true?'
    """
    pieces = re.split(r"(`[^`]+`|\$[^$]+\$)", text.strip())
    return "".join(
        p[1:-1] if i % 2 else re.sub(r"(\*{1,2})(?!\s)(.+?)(?<!\s)\1", r"\2", p) for i, p in enumerate(pieces)
    )


def escaped(plain: str) -> str:
    """Turn plain text into HTML content.

    Examples
    --------
    >>> escaped("p < 0.5")
    'p &lt; 0.5'
    """
    return html.escape(plain, quote=False)


def element(tag: str, *content: str, **attributes: str) -> str:
    """Build one HTML element. Content is HTML already; attribute values are escaped here.

    Examples
    --------
    >>> element("th", "p", scope="col")
    '<th scope="col">p</th>'
    >>> element("img", alt="")
    '<img alt="">'
    """
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    closed = "" if tag in VOID else f"</{tag}>"
    return f"<{tag}{written}>{''.join(content)}{closed}"


def details(summary: str, *content: str) -> str:
    """Fold HTML content behind a summary that a click or the Enter key opens."""
    # Several stand below each other: with the padding each is 24 pixels tall, enough to hit (WCAG 2.5.8).
    return element("details", element("summary", summary, style="padding: 0.3em 0"), *content)


def scrollable(name: str, *content: str) -> str:
    """Let HTML content that is wider than the page scroll by itself, by keyboard too; the page stays put."""
    attributes = {"role": "group", "aria-label": name, "tabindex": "0", "style": "overflow-x: auto"}
    return element("div", *content, **attributes)


def json_script(data: object, **attributes: str) -> str:
    """Build an element that holds data for a page's scripts, whatever stands in it."""
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return element("script", text, **attributes, type="application/json")


def bullet_list(items: Sequence[str], tag: str = "ul") -> str:
    """Build an HTML list from items that are HTML already."""
    return element(tag, *(element("li", item) for item in items))
