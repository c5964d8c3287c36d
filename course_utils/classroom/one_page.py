"""Pages of the classroom: each is one file that asks nothing of any place."""

from __future__ import annotations

import re
from pathlib import Path

from course_utils.teaching import bundle
from course_utils.teaching.html import element, escaped, inline_html
from course_utils.teaching.pictures import colors

STYLE = Path(__file__).with_name("one_page.css")
PAPER = ".cu-paper"  # the part of a page that has its colors


def page(title: str, *content: str, head: str = "") -> str:
    """Return a whole page in the course's look, for light, dark and paper."""
    style = element(
        "style", bundle.themes(PAPER), bundle.fonts(), _dark_pictures(), STYLE.read_text(encoding="utf-8")
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{element('title', escaped(title))}{style}{head}</head>"
        f"{element('body', element('main', *content), **{'class': PAPER[1:]})}</html>\n"
    )


def capitalized(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with code or a formula.

    >>> capitalized("you forgot"), capitalized("`axis` is ignored")
    ('You forgot', '`axis` is ignored')
    """
    return text[:1].upper() + text[1:]


def rich(text: str) -> str:
    """Render light markup with small formulas, for a page without MathJax.

    >>> rich("$e^{z_i}$ is *one* of them")
    '<i>e<sup>z<sub>i</sub></sup></i> is <em>one</em> of them'
    >>> rich("$x^2$ or $2^{2^{2^{2^n}}}$")
    '<i>x<sup>2</sup></i> or <i>2<sup>2<sup>2<sup>2<sup>n</sup></sup></sup></sup></i>'
    """
    pieces = re.split(r"\$([^$]+)\$", text)
    return "".join(_formula(piece) if i % 2 else inline_html(piece) for i, piece in enumerate(pieces))


def _formula(text: str) -> str:
    html, before = escaped(text), ""
    while html != before:  # a script in a script, from within
        before = html
        html = re.sub(r"\^(?:\{([^{}]*)\}|(\w))", lambda m: element("sup", m[1] or m[2]), html)
        html = re.sub(r"_(?:\{([^{}]*)\}|(\w))", lambda m: element("sub", m[1] or m[2]), html)
    return element("i", html)


def _dark_pictures() -> str:
    """Return rules that turn what was painted for light paper into the colors of the page."""
    return "".join(
        f'figure svg [{side}="{light}"] {{ {side}: var(--cu-{name}) }}\n'
        for name, (light, _) in colors.TOKENS.items()
        for side in ("fill", "stroke")
    )
