"""Hold a picture that is data against what a reader can see and look up: its texts, its table, its places."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from course_utils.teaching.numbers_in_text import is_known, parsed, written_numbers
from course_utils.teaching.pictures import Axis, Bars, Picture, Points, Text
from course_utils.teaching.pictures.colors import hex_of, on_paper
from course_utils.teaching.pictures.fields import luminance
from course_utils.teaching.pictures.layout import WIDTHS, in_the_key
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.pictures.scene import Box, Shape, scene
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.typeset import plain, run_width

SMALLEST = 11  # pixels
MANY = 1000  # values: among so many any number would be found
SOURCES = (
    "show it in a mark or in the table, give it in facts= (5 for 5 %), or reword; the values of controls "
    f"count too, marks and columns of more than {MANY} values do not"
)


def mark_problems(picture: Picture) -> list[str]:
    """List where the tables say otherwise than the marks, or leave out a mark that has rows."""
    found = []
    columns = {name: column for table in picture.tables for name, column in table.columns.items()}
    facts = {name: value for table in picture.tables for name, value in table.summary.items()}
    for panel in itertools.chain.from_iterable(picture.panels):
        for mark in panel.marks:
            for name, values in mark.arrays().items():
                shown = columns.get(name)
                if shown is not None and not _is_part(shown, values):
                    found.append(f"the table's column {name!r} is not what {mark} shows")
                if shown is None and name in facts and facts[name] not in values:
                    found.append(f"{name!r} below the table is not what {mark} shows")
    return found


def _is_part(column: Any, values: Any) -> bool:
    """Tell whether a column is an array, or some of its rows."""
    numbers = np.array([np.nan if isinstance(value, str) else value for value in column], dtype=float)
    if numbers.shape == np.shape(values):
        return np.array_equal(numbers, values, equal_nan=True)
    rows = iter(np.ravel(values).tolist())
    return all(
        any(row == number or (row != row and number != number) for row in rows) for number in numbers.tolist()
    )


def place_problems(picture: Picture) -> list[str]:
    """List points and words that no reader sees, because they lie outside their panel.

    Of points that wander off some must be left. One that can be dragged may go where its control leads it.
    """
    return [
        f"{mark} lies outside {panel.title!r}"
        for panel in itertools.chain.from_iterable(picture.panels)
        for mark in panel.marks
        if isinstance(mark, Text) or (isinstance(mark, Points) and mark.drags is None)
        if _is_outside(panel.x, mark.x) or _is_outside(panel.y, mark.y)
    ]


def _is_outside(axis: Axis, places: Any) -> bool:
    low = -math.inf if axis.low is None else axis.low
    high = math.inf if axis.high is None else axis.high
    at = np.ravel(places)
    return bool(at.size and not np.isnan(at).all() and not ((low <= at) & (at <= high)).any())


def shown_texts(picture: Picture) -> list[str]:
    """Return all that is written on a picture but ticks."""
    texts = []
    for panel in itertools.chain.from_iterable(picture.panels):
        texts += [panel.title, panel.x.label, panel.y.label]
        for mark in panel.marks:
            texts += [mark.string] if isinstance(mark, Text) else [mark.label or ""]
    return [plain(text) for text in texts if text]


def number_problems(picture: Picture, state: Mapping[str, Any]) -> list[str]:
    """List numbers in the sentences and on the picture that neither tables, arrays nor state contain.

    In a sum that is right as it stands, the last digit of a number may be the next one: see `adding_up`.
    """
    pool = known_numbers(picture, state)
    return [
        f"{number} in {text!r} comes from nowhere ({SOURCES})"
        for text in [picture.says, *shown_texts(picture)]
        for number in written_numbers(text)
        if not is_known(number, pool) and not (number in _summed(text) and _is_nearly_known(number, pool))
    ]


def _summed(text: str) -> set[str]:
    """Return the numbers of the sums that are right as they stand."""
    sums = (numbers for numbers, holds in _sums(text) if holds)
    return set(itertools.chain.from_iterable(sums))


def _is_nearly_known(number: str, pool: np.ndarray) -> bool:
    """Tell whether some number differs by less than one of the last decimal."""
    decimals = len(number.partition(".")[2])
    off = np.abs(np.abs(pool) - abs(parsed(number)))
    return "e" not in number and decimals >= 3 and bool((off < 10.0**-decimals).any())


def plural_problems(picture: Picture) -> list[str]:
    """List where one thing is called many."""
    texts = [picture.says, *shown_texts(picture)]
    return [f"{words!r} in {text!r}" for text in texts for words in MANY_OF_ONE.findall(text)]


def known_numbers(picture: Picture, state: Mapping[str, Any]) -> np.ndarray:
    """Return every number a sentence may speak of: those of the tables, the (short) arrays and the state."""
    pool: list[float] = []
    short = [values for values in picture.data.values() if np.size(values) <= MANY]
    summaries = [list(table.summary.values()) for table in picture.tables]
    for source in [*short, *summaries, list(state.values())]:
        for value in np.ravel(np.asarray(source, dtype=object)):
            for item in np.ravel(value):
                if isinstance(item, str):
                    pool += [parsed(number) for number in written_numbers(item)]
                elif not isinstance(item, bool | np.bool_):
                    pool.append(float(item))
    return np.array(pool)


# After a number that stands alone, and is not the end of a formula: what ends like a plural and is none.
NO_PLURAL = "is as has was plus minus less class across does loses takes keeps changes gives"
MANY_OF_ONE = re.compile(
    rf"(?<![\w.,−–/^·=+≈-])(?<![=+−·×/<>≤≥±] )1 (?!(?:{NO_PLURAL.replace(' ', '|')})\b)[a-z]+s\b"
)

# What sentences say of numbers that come of each other: which add up, or are how many times another.
_N = r"([−-]?\d[\d,]*(?:\.\d+)?(?:e[+−-]?\d+)?)"
SUMS: dict[str, Callable[..., bool]] = {
    rf"{_N} \+ {_N} = {_N}": lambda a, b, total: a + b == total,
    rf"{_N} (?:[a-z]+ )?= [a-z]+ {_N} \+ [a-z]+ {_N}": lambda total, a, b: a + b == total,
    rf"Score {_N} plus entropy/λ {_N} is {_N}": lambda a, b, total: a + b == total,
    rf"is {_N}\. It falls short of LSE = {_N} by {_N}": lambda here, top, missing: here + missing == top,
    rf"LSE = {_N} lies {_N} above max = {_N}": lambda top, above, largest: largest + above == top,
    rf"is {_N}, that of .* error {_N}\..* pushes {_N} times": lambda a, b, times: _is_rounded(a / b, times),
}


def _is_rounded(number: Decimal, written: Decimal) -> bool:
    """Tell whether what is written is a number in three digits, of which the fifth may be wrong."""
    half = Decimal(5).scaleb(written.adjusted() - 3)
    return abs(number - written) <= half + abs(number) / 5000


def arithmetic_problems(picture: Picture) -> list[str]:
    """List sums and products that are wrong as they stand."""
    return [
        f"{', '.join(numbers)} do not add up in {said!r}"
        for said in [picture.says, *shown_texts(picture)]
        for numbers, holds in _sums(said)
        if not holds
    ]


def _sums(said: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the numbers of each sum or product, and whether it is right."""
    for pattern, holds in SUMS.items():
        for numbers in re.findall(pattern, said):
            exact = (Decimal(number.replace(",", "").replace("−", "-")) for number in numbers)
            yield numbers, holds(*exact)


SIGNS = {
    **{"circle": "●", "square": "■", "triangle": "▲", "diamond": "◆", "cross": "×", "plus": "+", "star": "★"},
    **{"bars": "■", "line": "—", "dashed": "––", "dotted": "···"},
}
SQUARES = {"": [], "//": ["//"], "..": ["::"], "xx": ["××"]}  # what stands on a sign, for each hatch


class Placed(NamedTuple):
    """A text and the rectangle that it covers, in pixels."""

    words: str
    size: float
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Placed) -> bool:
        """Tell whether two texts cover each other by more than a hair."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 1

    def is_within(self, other: Placed) -> bool:
        """Tell whether this lies in another, but for a hair."""
        beside = self.left < other.left - 1 or self.right > other.right + 1
        return not (beside or self.top < other.top - 1 or self.bottom > other.bottom + 1)


def placed_texts(spec: Spec) -> Iterator[Placed]:
    """Yield everything written, with its place; letters reach 0.75 of their size up and 0.2 down."""
    for panel in spec.json["panels"]:
        left, top, wide, tall = panel["box"]
        for text in panel["texts"]:
            if text["role"] != "hatch":  # on a square of the key, of which it is a part
                yield _placed(text, text["x"], text["y"])
        for mark in panel["marks"]:
            if mark["kind"] == "text":
                x = left + wide * _share(panel["x"], mark["x"])
                y = top + tall * (1 - _share(panel["y"], mark["y"]))
                yield _placed(mark, x + mark["dx"], y + mark["dy"])
            elif mark["kind"] == "tiles":
                rows, columns = mark["shape"]
                for number, runs in enumerate(mark["texts"]):
                    x, y = (number % columns + 0.5) / columns, (number // columns + 0.5) / rows
                    text = {"runs": runs, "size": 12, "anchor": "middle"}
                    yield _placed(text, left + wide * x, top + tall * y + 4)


def _share(axis: dict[str, Any], at: float) -> float:
    """Return how far along an axis a place lies, from 0 to 1."""
    low, high, at = (math.log(v) if axis["scale"] == "log" else v for v in (*axis["limits"], at))
    return (at - low) / (high - low)


def _placed(text: dict[str, Any], x: float, y: float) -> Placed:
    size, weight = text["size"], text.get("weight", 400)
    wide = sum(run_width(letters, style, size, weight) for letters, style in text["runs"])
    x -= wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text["anchor"]]
    words = "".join(letters for letters, _ in text["runs"])
    return Placed(words, size, x, y - 0.75 * size, x + wide, y + 0.2 * size)


def bar_number_problems(spec: Spec) -> list[str]:
    """List numbers of bars that lie partly on a bar: they stand beside it, or have room within."""
    written = [text for panel in spec.json["panels"] for text in panel["texts"] if text["role"] == "value"]
    numbers = [_placed(text, text["x"], text["y"]) for text in written if text["runs"]]
    bars = [
        _rectangle(path, part.clip)
        for part in scene(spec)
        if isinstance(part, Shape) and part.kind == "bars" and part.clip
        for path in part.paths
    ]
    return [
        f"{number.words!r} lies across a bar at {spec.json['width']}"
        for number, bar in itertools.product(numbers, bars)
        if number.overlaps(bar) and not number.is_within(bar)
    ]


def left_out(picture: Picture) -> list[str]:
    """List what was to be written at bars and is not, for want of room; on a phone there may be none."""
    panels = [*itertools.chain.from_iterable(picture.panels)]
    return [
        f"{', '.join(bars.values)} at {width}"
        for width in WIDTHS[1:]
        for panel, drawn in zip(panels, picture.spec(width).json["panels"], strict=True)
        for bars in panel.marks
        if isinstance(bars, Bars) and not isinstance(bars.values, bool) and any(bars.values)
        if not any(text["runs"] for text in drawn["texts"] if text["role"] == "value")
    ]


def _rectangle(path: np.ndarray, clip: Box) -> Placed:
    """Return what is seen of a bar."""
    left, top, right, bottom = clip
    (x0, y0), (x1, y1) = path.min(axis=0).tolist(), path.max(axis=0).tolist()
    return Placed("", 0, max(x0, left), max(y0, top), min(x1, right), min(y1, bottom))


def key_problems(picture: Picture) -> list[str]:
    """List entries of keys that look otherwise than the marks they name, or as another mark does."""
    found = []
    panels = itertools.chain.from_iterable(picture.panels)
    for panel, json in zip(panels, picture.spec().json["panels"], strict=True):
        entries = {_words(text): text for text in json["texts"] if text["role"] == "direct"}
        hatches = [text for text in json["texts"] if text["role"] == "hatch"]
        for mark in filter(in_the_key, panel.marks):
            words = f"{_sign(mark)}\u2009{plain(mark.label)}"
            if words not in entries or entries[words]["color"] != on_paper(mark.color):
                found.append(f"{words!r} is not in the key of {panel.title!r} in the color of its mark")
                continue
            entry = entries[words]
            start = _placed(entry, entry["x"], entry["y"]).left
            on_it = [_words(text) for text in hatches if start < text["x"] < start + 12]
            if on_it != SQUARES[getattr(mark, "hatch", "")]:
                found.append(f"{words!r} shows the hatch {on_it} in the key of {panel.title!r}")
            alike = [other for other in panel.marks if other is not mark and _look(other) == _look(mark)]
            if alike and not np.isnan(mark.x).all():
                found.append(f"{words!r} in the key of {panel.title!r} looks like {alike[0]}")
    return found


def _words(text: dict[str, Any]) -> str:
    return "".join(letters for letters, _ in text["runs"])


def _sign(mark: Mark) -> str:
    """Return the sign for the shape of points, the dash of lines, or for bars."""
    return SIGNS[getattr(mark, "shape", None) or getattr(mark, "dash", None) or mark.kind]


def _look(mark: Mark) -> tuple[Any, ...]:
    return (mark.kind, *(getattr(mark, part, "") for part in ("color", "hatch", "shape", "dash", "width")))


def text_problems(spec: Spec) -> list[str]:
    """List texts that are clipped, small, or covered by another."""
    width, height = spec.json["width"], spec.json["height"]
    placed = list(placed_texts(spec))
    found = [f"{text.words!r} is too small at {width}" for text in placed if text.size < SMALLEST]
    for text in placed:
        if text.left < -1 or text.top < -1 or text.right > width + 1 or text.bottom > height + 1:
            found.append(f"{text.words!r} is clipped at {width}")
    for one, other in itertools.combinations(placed, 2):
        if one.overlaps(other):
            found.append(f"{one.words!r} and {other.words!r} overlap at {width}")
    return found


def contrast_problems(spec: Spec) -> list[str]:
    """List what is written beside the data in a color that does not stand out on light or on dark paper."""
    texts = [text for panel in spec.json["panels"] for text in panel["texts"] if text["role"] != "hatch"]
    return [
        f"{''.join(run[0] for run in text['runs'])!r} has no contrast on {('light', 'dark')[dark]} paper"
        for text in texts
        for dark in (False, True)
        if contrast(text["color"], "paper", dark) < 3
    ]


def contrast(one: str, other: str, dark: bool) -> float:
    """Return the contrast (WCAG 2.2) of two colors on light or on dark paper."""
    rgb = np.array([list(bytes.fromhex(hex_of(color, dark)[1:])) for color in (one, other)], dtype=np.uint8)
    low, high = np.sort(luminance(rgb))
    return float((high + 0.05) / (low + 0.05))


def places(picture: Picture) -> list[Any]:
    """Return the boxes of all panels at all widths: what must not jump."""
    specs = (picture.spec(width) for width in WIDTHS)
    return [(spec.json["height"], *(panel["box"] for panel in spec.json["panels"])) for spec in specs]


def all_text_problems(picture: Picture) -> list[str]:
    """List what is wrong with texts, numbers of bars among them, at all widths, and with their colors."""
    specs = [picture.spec(width) for width in WIDTHS]
    found = [problem for spec in specs for problem in text_problems(spec) + bar_number_problems(spec)]
    return found + contrast_problems(specs[0])
