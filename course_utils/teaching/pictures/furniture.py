"""What stands around and beside the data: axes, ticks, titles, labels, color scales; in pixels."""

from __future__ import annotations

import math
from itertools import pairwise

from course_utils.teaching.pictures import layout
from course_utils.teaching.pictures.labels import labels, text
from course_utils.teaching.pictures.layout import LABEL, MARK, PAD, STRIP, STRIP_GAP, TICK, TITLE, Placed
from course_utils.teaching.pictures.marks import AxisName
from course_utils.teaching.pictures.shapes import Bars
from course_utils.teaching.pictures.spec import Json
from course_utils.teaching.pictures.typeset import width


def line(role: str, x1: float, y1: float, x2: float, y2: float) -> Json:
    """Return a hairline; lines along an axis lie on half pixels, where one pixel is sharp."""
    return {"role": role, "d": [_half(x1), _half(y1), _half(x2), _half(y2)]}


def _half(pixel: float) -> float:
    return math.floor(pixel) + 0.5


def furniture(placed: Placed) -> Json:
    """Return the lines, texts and color scales of a placed panel."""
    lines: list[Json] = []
    texts = _title(placed)
    if placed.panel.frame == "axes":
        _x_axis(placed, lines, texts)
        _y_axis(placed, lines, texts)
    lines += _zero_lines(placed, "x") + _zero_lines(placed, "y")
    scales = _color_scale(placed, lines, texts)
    return {"lines": lines, "texts": texts + labels(placed), "scales": scales}


def _title(placed: Placed) -> list[Json]:
    x, y = placed.title_at
    return [
        text("title", words, x, y + 13 + number * layout.TITLE_LINE, size=TITLE, weight=layout.BOLD)
        for number, words in enumerate(placed.title)
    ]


def _x_axis(placed: Placed, lines: list[Json], texts: list[Json]) -> None:
    axis, (left, top, _, _) = placed.panel.x, placed.box
    bottom, right = placed.bottom, placed.right
    ticks = layout.axis_ticks(axis, placed.panel.limits("x"), layout.room_for_ticks(placed, "x"))
    if placed.panel.grid == "both":
        lines += [line("grid", placed.x.px(at), top, placed.x.px(at), bottom) for at, _ in ticks]
    named = axis.names and (_zero_lines(placed, "y") or placed.panel.y.names)
    if not named:  # bars stand on a line of their own, and a matrix needs none
        lines.append(line("axis", left, bottom, right, bottom))
    marked = 0 if axis.names else MARK
    if marked:
        lines += [line("tick", placed.x.px(at), bottom, placed.x.px(at), bottom + marked) for at, _ in ticks]
    baseline = bottom + 6 + 0.78 * TICK + (2 if marked else 0)
    for at, words in apart(ticks, placed):
        texts.append(text("tick", words, placed.x.px(at), baseline, "middle", size=TICK, color="muted"))
    if axis.label:
        y = bottom + layout.TICK_LINE + 0.78 * LABEL + 3
        texts.append(text("label", axis.label, right, y, "end", size=LABEL))


def apart(ticks: list[tuple[float, str]], placed: Placed) -> list[tuple[float, str]]:
    """Leave out every second text, or more, where there is no room for all."""
    for step in range(1, len(ticks)):
        kept = ticks[::step]
        spots = [(placed.x.px(at), width(words, TICK)) for at, words in kept]
        if all(b - a >= (w + v) / 2 + 4 for (a, w), (b, v) in pairwise(spots)):
            return kept
    return ticks[:1]


def _y_axis(placed: Placed, lines: list[Json], texts: list[Json]) -> None:
    axis, (left, top, _, _) = placed.panel.y, placed.box
    bottom, right = placed.bottom, placed.right
    ticks = layout.axis_ticks(axis, placed.panel.limits("y"), layout.room_for_ticks(placed, "y"))
    gridded = placed.panel.grid != "none"
    if gridded:
        lines += [line("grid", left, placed.y.px(at), right, placed.y.px(at)) for at, _ in ticks]
    marked = not axis.names and not gridded
    if marked:
        lines.append(line("axis", left, top, left, bottom))
        lines += [line("tick", left - MARK, placed.y.px(at), left, placed.y.px(at)) for at, _ in ticks]
    x = left - PAD - (0 if axis.names else MARK)
    for at, words in ticks:
        y = placed.y.px(at) + 0.35 * TICK
        texts.append(text("tick", words, x, y, "end", size=TICK, color="muted"))
    if axis.label:
        texts.append(text("label", axis.label, placed.title_at[0], top - 9, size=LABEL))


def _zero_lines(placed: Placed, axis: AxisName) -> list[Json]:
    """Return the lines on which bars stand, and that at 0 where the axis wants one."""
    panel = placed.panel
    bars = [mark for mark in panel.marks if isinstance(mark, Bars) and isinstance(mark.base, float)]
    across = [mark.base for mark in bars if mark.horizontal == (axis == "x")]
    low, high = sorted(panel.limits(axis))
    wanted = dict.fromkeys([*across, *([0.0] if getattr(panel, axis).zero else [])])
    pixels = [getattr(placed, axis).px(at) for at in wanted if low <= at <= high]
    left, top = placed.box[:2]
    if axis == "x":
        return [line("zero", pixel, top, pixel, placed.bottom) for pixel in pixels]
    return [line("zero", left, pixel, placed.right, pixel) for pixel in pixels]


def _color_scale(placed: Placed, lines: list[Json], texts: list[Json]) -> list[Json]:
    mark = layout.scale_of(placed.panel)
    if mark is None:
        return []
    _, top, _, height = placed.box
    left = placed.right + placed.room_right + STRIP_GAP
    for at, words in layout.scale_ticks(mark):
        y = placed.bottom - height * (at - mark.low) / (mark.high - mark.low)
        lines.append(line("tick", left + STRIP, y, left + STRIP + 3, y))
        texts.append(text("tick", words, left + STRIP + PAD + 2, y + 0.35 * TICK, size=TICK, color="muted"))
    if mark.scale:
        # Beside a title or a label of y there may be no room to the left: it ends where the numbers end.
        widest = max(width(words, TICK) for _, words in layout.scale_ticks(mark))
        end = left + STRIP + PAD + 2 + widest
        fits = width(mark.scale, LABEL) <= end - left
        x, anchor = (left, "start") if fits else (end, "end")
        texts.append(text("label", mark.scale, x, top - 9, anchor, size=LABEL))
    return [{"box": [left, top, STRIP, height], "colormap": mark.colormap}]
