"""Words beside the data, in pixels: labels of lines and points, the key above a panel, numbers at bars."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.teaching.pictures import layout
from course_utils.teaching.pictures.colors import on_paper
from course_utils.teaching.pictures.layout import LABEL, Placed
from course_utils.teaching.pictures.marks import Mark, XYMark
from course_utils.teaching.pictures.shapes import Band, Bars, Line, Points, Rule
from course_utils.teaching.pictures.spec import Array, Json
from course_utils.teaching.pictures.typeset import ANCHORS, run_width, runs, width

VALUE = 11  # size of the numbers at the ends of bars
RING = 10  # pixels to which the handle on a point reaches
APART = 3  # pixels between the numbers of neighbors
LID = 3  # pixels by which the handle on a bar reaches beyond its end
ZEROS = (Rule("", 0.0), Rule("", 0.0, axis="y"))  # as an axis may have them drawn
KEY_SIGNS = {
    **{"circle": "●", "square": "■", "triangle": "▲", "diamond": "◆", "cross": "×", "plus": "+", "star": "★"},
    **{"": "—", "dashed": "––", "dotted": "···"},
}
# On the square of bars: signs in the color of the paper, that look as their hatch does.
HATCH_SIGNS = {"//": ("//", 10), "..": ("::", 11), "xx": ("××", 9)}
Spot = tuple[float, float, float, float]
Labeled = Line | Points | Band | Rule  # what has its label at its end or beside it


def text(role: str, string: str, x: float, y: float, anchor: str = "start", **style: Any) -> Json:
    """Return words at a place; y is the baseline."""
    return {
        "role": role,
        "x": round(x, 1),
        "y": round(y, 1),
        "anchor": anchor,
        "runs": runs(string),
        "size": LABEL,
        "color": "ink",
        **style,  # also "weight" and "halo", where they are not 400 and false
    }


def labels(placed: Placed) -> list[Json]:
    """Return all words beside the data of a placed panel."""
    values = bar_values(placed)
    return values + _direct_labels(placed, list(map(spot_of, values)))


def spot_of(words: Json) -> Spot:
    """Return what a text covers: left, top, right and bottom."""
    wide = sum(run_width(letters, style, words["size"]) for letters, style in words["runs"])
    left = words["x"] - wide * ANCHORS[words["anchor"]]
    return left, words["y"] - words["size"], left + wide, words["y"] + 3


def _direct_labels(placed: Placed, taken: list[Spot]) -> list[Json]:
    """Label lines at their right ends, one below the other; all else beside the mark."""
    at_end: list[tuple[float, Labeled]] = []
    texts: list[Json] = []
    for mark in placed.panel.marks:
        if not isinstance(mark, Labeled) or not mark.label:
            continue
        if layout.in_the_key(mark) or (isinstance(mark, Rule) and not _is_seen(placed, mark)):
            continue
        if isinstance(mark, Line | Band) and layout.ends_at_the_right(placed.panel, mark):
            at_end.append((end_height(placed, mark), mark))
        else:
            texts.append(word_beside(placed, mark, taken))
    for y, mark in spread(at_end, placed.box[1] + 4, placed.bottom - 4, LABEL + 3):
        texts.append(_direct(mark, placed.right + 6, y + 0.35 * LABEL))
    return texts + _key(placed)


def _is_seen(placed: Placed, rule: Rule) -> bool:
    """Tell whether a rule crosses the panel; on a logarithmic axis one at 0 does not."""
    first, last = (placed.box[0], placed.right) if rule.axis == "x" else (placed.box[1], placed.bottom)
    return bool(first - 0.5 <= getattr(placed, rule.axis).px(rule.at) <= last + 0.5)


def _key(placed: Placed) -> list[Json]:
    """Name, above the panel, marks of several entries by a sign of their shape and color."""
    texts: list[Json] = []
    right = placed.right
    for mark in reversed([mark for mark in placed.panel.marks if layout.in_the_key(mark)]):
        sign = KEY_SIGNS[mark.dash if isinstance(mark, Line) else getattr(mark, "shape", "square")]
        words, baseline = f"{sign}\u2009{mark.label}", placed.box[1] - 9
        left = right - width(words, LABEL)
        x, anchor = right, "end"
        if isinstance(mark, Bars) and mark.hatch:
            x, anchor = left, "start"  # so the hatch meets its square, however wide a browser makes the words
            texts.append(_hatch(mark.hatch, left + width(sign, LABEL) / 2, baseline))
        texts.append(text("direct", words, x, baseline, anchor, color=on_paper(mark.color)))
        right = left - 12
    return texts[::-1]


def _hatch(kind: str, x: float, baseline: float) -> Json:
    """Return the lines or dots on a square of the key, as words: painters need to know nothing more."""
    signs, size = HATCH_SIGNS[kind]
    middle = baseline - 0.35 * LABEL
    return text("hatch", signs, x, middle + 0.35 * size, "middle", size=size, color="paper")


def _direct(mark: Labeled, x: float, y: float) -> Json:
    return text("direct", mark.label, x, y, "start", color=on_paper(mark.color), halo=True)


def _curve(mark: XYMark | Band) -> tuple[Array, Array]:
    """Return the places of a mark's points; of a band, those in its middle."""
    return mark.x, (mark.low + mark.high) / 2 if isinstance(mark, Band) else mark.y


def end_height(placed: Placed, mark: Line | Band) -> float:
    """Return the height of a line's last point that is in the panel."""
    xs, ys = _curve(mark)
    finite = [(x, y) for x, y in zip(xs[-9:].tolist(), ys[-9:].tolist(), strict=True) if x == x and y == y]
    y = placed.y.px(finite[-1][1]) if finite else placed.bottom
    return float(min(max(y, placed.box[1]), placed.bottom)) if math.isfinite(y) else placed.bottom


def spread(
    wanted: list[tuple[float, Labeled]], top: float, bottom: float, apart: float
) -> list[tuple[float, Labeled]]:
    """Move labels up and down until none covers another, in the order of their heights."""
    ordered = sorted(wanted, key=lambda one: one[0])
    places: list[float] = []
    for y, _ in ordered:
        places.append(max([y, top, *(place + apart for place in places)]))
    limit = bottom
    for number in reversed(range(len(places))):
        places[number] = min(places[number], limit)
        limit = places[number] - apart
    return [(place, mark) for place, (_, mark) in zip(places, ordered, strict=True)]


def word_beside(placed: Placed, mark: Labeled, taken: list[Spot]) -> Json:
    """Write a label beside a mark: at the first of a few places in the panel that is free, or else the first.

    Free is where nothing else is written and nothing is drawn, or else where nothing else is written.
    """
    wide = width(mark.label, LABEL)
    left, top, right, bottom = placed.box[0], placed.box[1] - 2, placed.right, placed.bottom + 2
    spots = [(x - 2, y - LABEL, x + wide + 2, y + 4) for x, y in candidates(placed, mark, wide)]
    inside = [s for s in spots if s[0] >= left and s[2] <= right and s[1] >= top and s[3] <= bottom]
    free = [spot for spot in inside if not any(_overlap(spot, other) for other in taken)]
    drawn = [other for other in placed.panel.marks if other is not mark or isinstance(mark, Line)]
    drawn += [zero for zero in ZEROS if getattr(placed.panel, zero.axis).zero]
    clear = (spot for spot in free if not any(is_on(placed, other, spot) for other in drawn))
    chosen = next(clear, (free or inside or spots)[0])
    taken.append(chosen)
    return _direct(mark, chosen[0] + 2, chosen[3] - 4)


def _overlap(one: Spot, other: Spot) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def is_on(placed: Placed, mark: Mark, spot: Spot) -> bool:
    """Tell whether a line, a rule or a point runs through a text."""
    if isinstance(mark, Rule):
        first = 0 if mark.axis == "x" else 1
        return bool(spot[first] < getattr(placed, mark.axis).px(mark.at) < spot[first + 2])
    if not isinstance(mark, Line | Points) or not mark.x.size:
        return False
    x, y = placed.x.px(mark.x.astype(float)), placed.y.px(mark.y.astype(float))
    if isinstance(mark, Line):
        return runs_through(x, y, spot)
    left, top, right, bottom = spot
    half = mark.size / 2
    return bool(((x > left - half) & (x < right + half) & (y > top - half) & (y < bottom + half)).any())


def runs_through(x: Array, y: Array, spot: Spot) -> bool:
    """Tell whether a line from point to point meets a rectangle: some piece is in it on both axes at once."""
    enters, leaves = np.zeros(len(x) - 1), np.ones(len(x) - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        for along, low, high in ((x, spot[0], spot[2]), (y, spot[1], spot[3])):
            start, step = along[:-1], np.diff(along)
            ends = np.sort([(low - start) / step, (high - start) / step], axis=0)
            level = (step == 0) & (low <= start) & (start <= high)
            enters = np.maximum(enters, np.where(level, -np.inf, ends[0]))
            leaves = np.minimum(leaves, np.where(level, np.inf, ends[1]))
        return bool((enters < leaves).any())


def candidates(placed: Placed, mark: Labeled, wide: float) -> list[tuple[float, float]]:
    """Return where the text of a label may start, the best place first."""
    left, top, _, _ = placed.box
    if isinstance(mark, Rule):
        pixel = getattr(placed, mark.axis).px(mark.at)
        if mark.axis == "x":
            return [
                (x, y) for y in (top + 10, top + 26, placed.bottom - 8) for x in (pixel + 5, pixel - 5 - wide)
            ]
        return [(x, pixel + dy) for dy in (-5, 14) for x in (placed.right - wide - 3, left + 5)]
    x, y, reach = anchor_of(placed, mark)
    middle, beside = y + 0.35 * LABEL, reach + 5
    sides = (beside, -beside - wide)
    return [
        (x + beside, middle),
        (x - beside - wide, middle),
        (x - wide / 2, y - reach - 5),
        (x - wide / 2, y + reach + LABEL + 1),
        *((x + side, y + down) for down in (-reach - 5, reach + LABEL + 1) for side in sides),
        *((x + side, middle + 15 * step) for step in (-1, 1, -2, 2) for side in sides),
    ]


def anchor_of(placed: Placed, mark: Line | Points | Band) -> tuple[float, float, float]:
    """Return the pixel of a mark's last place in the panel, and how far the mark reaches from there."""
    xs, ys = _curve(mark)
    spots = [(placed.x.px(x), placed.y.px(y)) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    left, top, _, _ = placed.box
    shown = [
        (x, y) for x, y in spots if left - 1 <= x <= placed.right + 1 and top - 1 <= y <= placed.bottom + 1
    ]
    reach = mark.size / 2 if isinstance(mark, Points) else 1.0
    if isinstance(mark, Band):
        return (*(shown or [(left, top)])[len(shown) // 2], reach)
    return (*(shown or [(left, top)])[-1], reach)


def bar_values(placed: Placed) -> list[Json]:
    """Write the numbers of bars at their ends: outside, or inside where a bar fills the panel."""
    texts: list[Json] = []
    for mark in placed.panel.marks:
        if isinstance(mark, Bars) and mark.values:
            bases = [mark.base] * mark.y.size if isinstance(mark.base, float) else mark.base.tolist()
            written = fitting_texts(placed, mark)
            for at, end, base, words in zip(mark.x.tolist(), mark.ends.tolist(), bases, written, strict=True):
                write = _value_beside if mark.horizontal else _value_above
                if math.isfinite((placed.y if mark.horizontal else placed.x).px(at)):
                    texts.append(write(placed, at, end, end >= base, words, LID if mark.drags else 0))
    return texts


def fitting_texts(placed: Placed, mark: Bars) -> list[str]:
    """Return what is written at the bars: with fewer digits, or nothing, where bars stand too close."""
    if mark.horizontal or mark.x.size < 2:
        return mark.value_texts()
    places = sorted(mark.x.tolist())
    room = min(b - a for a, b in pairwise(places)) * placed.box[2] / abs(placed.x.high - placed.x.low)
    for digits in (3, 2, 1):
        texts = mark.value_texts(digits)
        if all(width(words, VALUE) <= room - APART for words in texts):
            return texts
    return [""] * mark.x.size


def _value_above(placed: Placed, at: float, end: float, upward: bool, words: str, lid: int) -> Json:
    top, bottom = placed.box[1], placed.bottom
    x = placed.x.px(at)
    pixel = min(max(float(placed.y.edge(end)), top), bottom)
    above = _past_points(placed, at, pixel, -1) - 4 - lid
    below = _past_points(placed, at, pixel, 1) + VALUE + 1 + lid
    inside_below = upward and above < top + VALUE - 3
    inside_above = not upward and below > bottom + 2
    y = below + 1 if inside_below else pixel - 5 - lid if inside_above else above if upward else below
    return text("value", words, x, y, "middle", size=VALUE, halo=True)


def _past_points(placed: Placed, at: float, pixel: float, down: int) -> float:
    """Return where there is room above (-1) or below (1) the points that stand on the end of a bar."""
    points = [
        ((placed.y.px(y) - pixel) * down, max(mark.size / 2, RING * bool(mark.drags)))
        for mark in placed.panel.marks
        if isinstance(mark, Points)
        for x, y in zip(mark.x.tolist(), mark.y.tolist(), strict=True)
        if x == at
    ]
    end = 0.0
    for distance, reach in sorted(points):  # from the nearest on: past one, the words may meet the next
        if -reach < distance < end + reach + VALUE + 4:
            end = max(end, distance + reach)
    return pixel + down * end


def _value_beside(placed: Placed, at: float, end: float, upward: bool, words: str, lid: int) -> Json:
    left, right = placed.box[0], placed.right
    pixel = min(max(float(placed.x.edge(end)), left), right)
    wide = width(words, VALUE) + 4 + lid
    inside = pixel + wide > right + 2 if upward else pixel - wide < left
    to_the_right = upward != inside
    x = pixel + (4 + lid if to_the_right else -4 - lid)
    anchor = "start" if to_the_right else "end"
    return text("value", words, x, placed.y.px(at) + 0.35 * VALUE, anchor, size=VALUE, halo=True)
