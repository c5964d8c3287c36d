"""Text in pictures: light mathematics as runs, and its width in pixels without a browser.

``*p*_0`` is an italic p with a subscript, ``e^{*z*_i}`` a power; a backslash keeps a sign as it is. The
result is a tuple of runs ``(text, style)``, which both painters set in the same font.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
FAMILY = "Course Sans"

# A style is "", or "i" for italic, followed by a place: its size and its rise, in sizes of the text around.
PLACES = {"": (1.0, 0.0), "sub": (0.72, -0.2), "sup": (0.72, 0.36), "supsub": (0.58, 0.2)}
# Which part of the words stands at their place: how much of their width is to the left of it.
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}

Runs = tuple[tuple[str, str], ...]


class _Reader:
    """Reads markup from left to right; one method per kind of piece."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.runs: list[tuple[str, str]] = []

    def read(self, italic: bool = False, place: str = "", until: str = "") -> None:
        while self.at < len(self.text):
            sign = self.text[self.at]
            self.at += 1
            if sign == until:
                return
            if sign == "\\" and self.at < len(self.text):
                self.put(self.text[self.at], italic, place)
                self.at += 1
            elif sign == "*" and (italic or "*" in self.text[self.at :]):
                italic = not italic
            elif sign in "_^" and self.at < len(self.text):
                self.script(italic, _inside(place, "sub" if sign == "_" else "sup"))
            else:
                self.put(sign, italic, place)

    def script(self, italic: bool, place: str) -> None:
        """Read what stands low or high: one sign, or all between braces."""
        sign = self.text[self.at]
        self.at += 1
        if sign == "{":
            self.read(place=place, until="}")
        elif sign == "*" and "*" in self.text[self.at :]:
            words = self.text[self.at :].partition("*")[0]
            self.put(words, True, place)
            self.at += len(words) + 1
        else:
            self.put(sign, italic and sign.isalpha(), place)

    def put(self, text: str, italic: bool, place: str) -> None:
        style = ("i" if italic else "") + place
        if self.runs and self.runs[-1][1] == style:
            text = self.runs.pop()[0] + text
        self.runs.append((text, style))


def _inside(place: str, script: str) -> str:
    """Return the place of a script that stands in another one; there are no more than two levels."""
    return "supsub" if (place, script) == ("sup", "sub") else place or script


@functools.lru_cache(maxsize=4096)
def runs(text: str) -> Runs:
    """Read light mathematics.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of (text, style)
        A style is ``""``, ``"i"``, or one of these followed by ``"sub"``, ``"sup"`` or ``"supsub"``.

    Examples
    --------
    >>> runs("*p*_0 = 0.5")
    (('p', 'i'), ('0', 'sub'), (' = 0.5', ''))
    >>> runs("*e*^{*z*_i}"), runs("snake\\\\_case")
    ((('e', 'i'), ('z', 'isup'), ('i', 'supsub')), (('snake_case', ''),))
    """
    reader = _Reader(text)
    reader.read()
    return tuple(reader.runs)


@functools.lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return what a screen reader says of light mathematics.

    Examples
    --------
    >>> plain("probability *p*_0"), plain("*z*_0^2"), plain("*e*^{*z*_i + 1}")
    ('probability p0', 'z0^2', 'e^z_i + 1')
    """
    marks = {"sup": "^", "supsub": "_"}
    said, last = "", ""
    for words, style in runs(text):
        place = style.removeprefix("i")
        stays = place == last or (last, place) == ("supsub", "sup")  # a script goes on after its own script
        said += ("" if stays else marks.get(place, "")) + words
        last = place
    return said


@functools.cache
def _advances(name: str) -> dict[str, int]:
    table: dict[str, dict[str, int]] = json.loads((FONTS / "widths.json").read_text(encoding="utf-8"))
    return table[name]


@functools.lru_cache(maxsize=4096)
def width(text: str, size: float, weight: int = 400) -> float:
    """Return how wide light mathematics is.

    Parameters
    ----------
    text : str
    size : float
        Of the letters, in pixels.
    weight : {400, 600}

    Returns
    -------
    float
        Pixels.

    Examples
    --------
    >>> width("00", 10), width("*p*_0", 10) < width("*p*0", 10)
    (12.0, True)
    """
    return sum(run_width(words, style, size, weight) for words, style in runs(text))


def face(italic: bool, weight: int) -> str:
    """Return the name of the font file's face."""
    return ("semibold" if weight == 600 else "") + ("italic" if italic else "") or "regular"


def run_width(words: str, style: str, size: float, weight: int = 400) -> float:
    """Return the width of one run in pixels."""
    advances = _advances(face(style.startswith("i"), weight))
    scale = PLACES[style.removeprefix("i")][0]
    return sum(advances.get(letter, advances["0"]) for letter in words) * size * scale / 1000


def wrapped(text: str, room: float, size: float, weight: int = 400) -> list[str]:
    """Break text between words into lines that fit.

    Parameters
    ----------
    text : str
    room : float
        Pixels. A single word may be wider.
    size, weight : float, int

    Returns
    -------
    list of str

    Examples
    --------
    >>> wrapped("change of *p* when it moves", 90, 13)
    ['change of *p*', 'when it moves']
    >>> wrapped("it fits", width("it fits", 13), 13)
    ['it fits']
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
