"""HTML: the light markup of prompts and tasks, and elements built from strings.

What a function calls content is HTML already; everything else is plain text, and escaped here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from course_utils.teaching.text import CODE_OR_FORMULA

# Elements without an end: HTML forbids content and a closing tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


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
    pieces = CODE_OR_FORMULA.split(text)
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

    What Python keeps for itself is written with an underscore behind it: ``class_``, ``for_``.

    Examples
    --------
    >>> element("th", "p", scope="col")
    '<th scope="col">p</th>'
    >>> element("img", alt="", class_="wide")
    '<img alt="" class="wide">'
    """
    written = "".join(
        f' {name.removesuffix("_")}="{html.escape(value)}"' for name, value in attributes.items()
    )
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
