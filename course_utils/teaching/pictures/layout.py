"""Where everything of a picture stands, in pixels: a pure function of the picture and its width.

Places are reserved from what is declared (limits, ticks, names, labels), never from the data that a slider
moves, so that nothing jumps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np

from course_utils.teaching.pictures.fields import Colored, Polygons, Tiles
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.pictures.panel import Axis, Panel
from course_utils.teaching.pictures.projection import Surface
from course_utils.teaching.pictures.shapes import Band, Bars, Line, Points
from course_utils.teaching.pictures.spec import Scale
from course_utils.teaching.pictures.ticks import linear_ticks, log_ticks, tick_texts
from course_utils.teaching.pictures.typeset import width, wrapped

TITLE, LABEL, TICK = 13, 12, 12  # sizes of letters
BOLD = 600
TITLE_LINE, LABEL_LINE, TICK_LINE = 17, 17, 19
MARK, PAD = 4, 4  # a tick's length, and the space between it and its text
EDGE = 2  # at the picture's left and right
PANEL_GAP = {360: 20, 640: 30, 960: 40}  # between panels
MOST_WIDER = 50  # than such a gap is one in a row whose panels have a fixed shape
ROW_GAP = 18
ROW = {360: 210, 640: 250, 960: 290}  # a row's height, unless the picture says otherwise
SQUARE = {360: 340, 640: 380, 960: 460}  # the same where one unit is as long on both axes
STRIP, STRIP_GAP = 10, 12  # a color scale's width, and its distance
CELL = 58  # a tile's width, at most
AROUND = 26  # pixels beside a surface, for the numbers on its axes
COUNTS = range(2, 8)  # of ticks that there may be room for, which is known only when all widths are
BETWEEN_X, BETWEEN_Y = 58, 34  # pixels between ticks, at least about
WIDTHS = (360, 640, 960)


@dataclass
class Placed:
    """A panel with its place: the data area, both scales, and what stands around it."""

    panel: Panel
    box: tuple[float, float, float, float]
    x: Scale
    y: Scale
    room_right: float  # kept free beside the box, for labels of lines and for a color scale
    title: list[str]
    title_at: tuple[float, float]

    @property
    def right(self) -> float:
        return self.box[0] + self.box[2]

    @property
    def bottom(self) -> float:
        return self.box[1] + self.box[3]


@dataclass(frozen=True)
class _Needs:
    """What a panel needs around its data area, whatever its width."""

    left: float
    right: float
    labels: float  # of lines: part of `right`
    aspect: float | None  # width over height, where that is fixed
    widest: float


def placed_panels(
    rows: Sequence[Sequence[Panel]], page: int, height: int | Sequence[float] | None
) -> tuple[list[Placed], int]:
    """Place all panels.

    Parameters
    ----------
    rows : sequence of sequence of Panel
    page : {360, 640, 960}
        Width in pixels.
    height : int or sequence of int, optional
        Of the whole picture or of each row, where the width is 640 or more and the shapes of the panels
        allow it.

    Returns
    -------
    list of Placed
    int
        Height in pixels.
    """
    lines = [part for row in rows for part in folded(row, page)]
    even = (
        [(height - ROW_GAP * (len(rows) - 1)) / len(rows)] * len(rows)
        if isinstance(height, int | float)
        else None
    )
    tall = height if isinstance(height, Sequence) else even
    needs = _aligned([[needs_of(panel) for panel in row] for row in lines])
    placed: list[Placed] = []
    top = 0.0
    for number, row in enumerate(lines):
        top += ROW_GAP if number else 0
        given = None if tall is None or page == 360 else tall[number]
        top = _place_row(row, needs[number], page, top, given, placed)
    return placed, math.ceil(top)


def folded(row: Sequence[Panel], page: int) -> list[list[Panel]]:
    """Break a row of panels for a narrow page; two that need little room stay side by side."""
    if page > 360:
        return [list(row)]
    lines: list[list[Panel]] = []
    for panel in row:
        beside = lines and len(lines[-1]) == 1 and is_small(lines[-1][0]) and is_small(panel)
        if beside:
            lines[-1].append(panel)
        else:
            lines.append([panel])
    return lines


def is_small(panel: Panel) -> bool:
    """Tell whether half a narrow page is enough: a few classes with short names."""
    names = panel.x.names
    short = sum(width(name, TICK) + 6 for name in names) < 110 and width(panel.title, TITLE, BOLD) < 160
    return 0 < len(names) <= 5 and short and not panel.equal


def _aligned(rows: list[list[_Needs]]) -> list[list[_Needs]]:
    """Let panels that fill a row each begin and end alike, so that one x stands above the other."""
    fills = [len(row) == 1 and row[0].aspect is None for row in rows]
    alone = [row[0] for row, fill in zip(rows, fills, strict=True) if fill]
    left, right = (max((getattr(need, side) for need in alone), default=0.0) for side in ("left", "right"))
    return [
        [replace(row[0], left=left, right=right)] if fill else row
        for row, fill in zip(rows, fills, strict=True)
    ]


def _place_row(
    row: list[Panel], needs: list[_Needs], page: int, top: float, given: float | None, placed: list[Placed]
) -> float:
    """Place the panels of one row; return where the row ends."""
    gap = PANEL_GAP[page]
    avail = page - 2 * EDGE - gap * (len(row) - 1) - sum(need.left + need.right for need in needs)
    labeled = any(_has_words_above(panel) for panel in row)
    foot = _foot(row)
    square = any(need.aspect is not None and math.isinf(need.widest) for need in needs)
    wanted = given if given is not None else (SQUARE if square else ROW)[page]
    # A title is broken at the width of its panel, which a second line changes a little: once is enough.
    widths = _shared(row, needs, avail, wanted - foot - TITLE_LINE - 8)
    spare = (avail - sum(widths)) / 2 if len(row) == 1 else 0.0  # beside a single panel, in the middle
    titles = [
        wrapped(panel.title, need.left + w + need.right + spare, TITLE, BOLD) if panel.title else []
        for panel, need, w in zip(row, needs, widths, strict=True)
    ]
    head = max(map(len, titles)) * TITLE_LINE + (LABEL_LINE if labeled else 0) + 8
    tall = wanted - head - foot
    widths = _shared(row, needs, avail, tall)
    heights = [
        min(tall, w / need.aspect) if need.aspect else tall for need, w in zip(needs, widths, strict=True)
    ]
    if all(need.aspect for need in needs):
        tall = max(heights)
    # Panels of fixed shape may leave width over: some of it between them, the rest on both sides.
    over = avail - sum(widths)
    wider = min(over / max(1, len(row) - 1), MOST_WIDER)
    left = EDGE + (over - wider * (len(row) - 1)) / 2
    for panel, need, w, h, title in zip(row, needs, widths, heights, titles, strict=True):
        x, y, w, h = round(left + need.left), round(top + head), round(w), round(h)
        (x0, x1), (y0, y1) = panel.limits("x"), panel.limits("y")
        placed.append(
            Placed(
                panel,
                (x, y, w, h),
                Scale(x0, x1, panel.x.scale == "log", x, w),
                Scale(y0, y1, panel.y.scale == "log", y + h, -h),
                need.labels,
                title,
                (round(left), round(top)),
            )
        )
        left += need.left + w + need.right + gap + wider
    return top + head + tall + foot


def _shared(row: Sequence[Panel], needs: Sequence[_Needs], avail: float, tall: float) -> list[float]:
    """Share the width among the data areas: what has a fixed shape takes no more than it can use."""
    widths = [min(need.widest, tall * need.aspect) if need.aspect is not None else math.inf for need in needs]
    open_ones, left = list(range(len(row))), avail
    while open_ones:
        total = sum(row[i].weight for i in open_ones)
        full = [i for i in open_ones if widths[i] < left * row[i].weight / total]
        if not full:
            for i in open_ones:
                widths[i] = left * row[i].weight / total
            break
        left -= sum(widths[i] for i in full)
        open_ones = [i for i in open_ones if i not in full]
    return widths


def needs_of(panel: Panel) -> _Needs:
    left, overhang = axis_room(panel)
    labels = max((width(m.label, LABEL) + 8 for m in panel.marks if ends_at_the_right(panel, m)), default=0.0)
    aspect, widest = shape(panel)
    return _Needs(left, max(labels + scale_room(panel), overhang), labels, aspect, widest)


def axis_room(panel: Panel) -> tuple[float, float]:
    """Return what the numbers on the axes need to the left and to the right of the data area."""
    if panel.frame == "none":
        around = AROUND if any(isinstance(mark, Surface) for mark in panel.marks) else 0.0
        return around, around
    y_texts = [text for most in COUNTS for _, text in axis_ticks(panel.y, panel.limits("y"), most)]
    if panel.y.low is None or panel.y.high is None:
        y_texts.append("−0.00")  # the numbers may grow a digit
    left = max((width(text, TICK) for text in y_texts), default=0.0) + (0 if panel.y.names else MARK) + PAD
    if panel.x.names:
        return left, 0.0
    x_ticks = [ticks for most in COUNTS if (ticks := axis_ticks(panel.x, panel.limits("x"), most))]
    first, last = (max((width(t[end][1], TICK) / 2 - 1 for t in x_ticks), default=0.0) for end in (0, -1))
    return max(left, first), max(last, 0.0)


def scale_room(panel: Panel) -> float:
    """Return how wide a color scale with its numbers is."""
    scale = scale_of(panel)
    if scale is None:
        return 0.0
    return STRIP_GAP + STRIP + max(width(text, TICK) for _, text in scale_ticks(scale)) + PAD + 2


def shape(panel: Panel) -> tuple[float | None, float]:
    """Return width over height where that is fixed, and the largest width."""
    if not panel.equal:
        return None, math.inf
    (x0, x1), (y0, y1) = panel.limits("x"), panel.limits("y")
    tiles = next((mark for mark in panel.marks if isinstance(mark, Tiles)), None)
    return abs(x1 - x0) / abs(y1 - y0), CELL * len(tiles.columns) if tiles else math.inf


def _foot(row: Sequence[Panel]) -> float:
    """Return the height kept below the data areas of a row."""
    framed = [panel for panel in row if panel.frame == "axes"]
    if not framed:
        return 8.0  # half a number of a color scale
    return TICK_LINE + (LABEL_LINE if any(panel.x.label for panel in framed) else 0) + 2.0


def ends_at_the_right(panel: Panel, mark: Mark) -> bool:
    """Tell whether a line with a label reaches the right end of its panel, beside which the label stands."""
    if not isinstance(mark, Line | Band) or not mark.label or in_the_key(mark):
        return False
    low, high = panel.limits("x")
    extent = mark.extent("x")
    if extent is None:
        return False
    if panel.x.scale == "log":
        return extent[1] > 0 and math.log(extent[1] / low) >= 0.94 * math.log(high / low)
    return extent[1] - low >= 0.94 * (high - low)


def in_the_key(mark: Mark) -> TypeGuard[Line | Bars | Points]:
    """Tell whether a label names several things, so that it stands above the panel and not beside one."""
    if isinstance(mark, Line):  # without a name and in pieces: a net
        return bool(mark.label) and not mark.name and bool(np.isnan(mark.y).any())
    return bool(mark.label) and (isinstance(mark, Bars) or (isinstance(mark, Points) and mark.y.size > 1))


def scale_of(panel: Panel) -> Colored | None:
    """Return the mark whose color scale stands beside the panel."""
    colored = (mark for mark in panel.marks if isinstance(mark, Colored))
    return next((mark for mark in colored if mark.scale is not None), None)


def _has_words_above(panel: Panel) -> bool:
    """Tell whether a line between title and panel is needed: for a label of y or of a scale, or for a key."""
    scale = scale_of(panel)
    labels = (panel.y.label if panel.frame == "axes" else "", scale.scale if scale is not None else "")
    return any(labels) or any(map(in_the_key, panel.marks))


def scale_ticks(mark: Colored) -> list[tuple[float, str]]:
    """Return the ticks of a color scale: round numbers, zero among them where it is."""
    values = linear_ticks(mark.low, mark.high, 5)
    return list(zip(values, tick_texts(values), strict=True))


def axis_ticks(axis: Axis, limits: tuple[float, float], most: int) -> list[tuple[float, str]]:
    """Return places and texts of the ticks of an axis within its limits."""
    low, high = sorted(limits)
    if isinstance(axis.ticks, dict):
        return [(at, text) for at, text in axis.ticks.items() if low <= at <= high]
    if axis.ticks is not None:
        values = [at for at in axis.ticks if low <= at <= high]
    else:
        values = (log_ticks if axis.scale == "log" else linear_ticks)(low, high, max(most, 2))
    return list(zip(values, tick_texts(values, axis.scale == "log"), strict=True))


def room_for_ticks(placed: Placed, axis: str) -> int:
    """Return how many ticks an axis has room for."""
    length = placed.box[2 if axis == "x" else 3]
    fitting = int(length / (BETWEEN_X if axis == "x" else BETWEEN_Y)) + 1
    return max(COUNTS[0], min(COUNTS[-1], fitting))


def flat_marks(panel: Panel) -> list[Mark]:
    """Return what painters know: a surface as its projection, and outlines above the lines of their panel."""
    flat = [part for mark in panel.marks for part in (mark.flat() if isinstance(mark, Surface) else [mark])]
    outlines = [line for mark in flat if isinstance(mark, Polygons) for line in mark.outlines()]
    if outlines:
        above = 1 + max(place for place, mark in enumerate(flat) if isinstance(mark, Polygons | Line))
        flat[above:above] = outlines
    return flat
