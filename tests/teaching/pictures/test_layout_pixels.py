"""Where panels stand, to the pixel: frames with nothing around them first, then the room that words need."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Image,
    Line,
    Panel,
    Points,
    Polygons,
    Surface,
    Tiles,
    classes,
    layout,
)
from course_utils.teaching.pictures.layout import placed_panels
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.pictures.typeset import width

UNIT = Axis("", 0, 1)


def bare(title: str = "", **panel: Any) -> Panel:
    """Return a panel with nothing around its data area."""
    return Panel(title, [], **{"x": UNIT, "y": UNIT, "frame": "none"} | panel)


def boxes(*rows: Any, page: int = 640, height: Any = None) -> list[tuple[float, ...]]:
    placed, whole = placed_panels([row if isinstance(row, list) else [row] for row in rows], page, height)
    return [*(one.box for one in placed), whole]  # type: ignore[list-item]


FLAT, SQUARE, SMALL = bare(), bare(equal=True), bare(x=classes("ab"))


@pytest.mark.parametrize(
    ("rows", "page", "height", "places"),
    [
        # A row is 250 high, or as high as it is told to be, with 8 pixels above and below.
        ([FLAT], 640, None, [(2, 8, 636, 234), 250]),
        ([FLAT], 360, None, [(2, 8, 356, 194), 210]),
        ([FLAT], 960, None, [(2, 8, 956, 274), 290]),
        ([FLAT], 640, 400, [(2, 8, 636, 384), 400]),
        ([FLAT], 360, 400, [(2, 8, 356, 194), 210]),
        ([FLAT, FLAT], 640, None, [(2, 8, 636, 234), (2, 276, 636, 234), 518]),
        ([FLAT, FLAT], 640, 500, [(2, 8, 636, 225), (2, 267, 636, 225), 500]),
        ([FLAT, FLAT], 640, [100, 200], [(2, 8, 636, 84), (2, 126, 636, 184), 318]),
        ([[FLAT, FLAT]], 640, None, [(2, 8, 303, 234), (335, 8, 303, 234), 250]),
        ([[FLAT, FLAT]], 960, None, [(2, 8, 458, 274), (500, 8, 458, 274), 290]),
        ([[FLAT, FLAT]], 360, None, [(2, 8, 356, 194), (2, 236, 356, 194), 438]),
        ([[SMALL, SMALL]], 360, None, [(2, 8, 168, 194), (190, 8, 168, 194), 210]),
        ([[FLAT, bare(weight=2)]], 640, None, [(2, 8, 202, 234), (234, 8, 404, 234), 250]),
        # What has a shape is as large as fits, and stands in the middle.
        ([SQUARE], 640, None, [(138, 8, 364, 364), 380]),
        ([SQUARE], 360, None, [(18, 8, 324, 324), 340]),
        ([SQUARE], 960, None, [(258, 8, 444, 444), 460]),
        ([bare(equal=True, x=Axis("", -2, 2))], 640, None, [(2, 8, 636, 159), 175]),
        ([[SQUARE, SQUARE]], 640, None, [(2, 8, 303, 303), (335, 8, 303, 303), 319]),
        ([[SQUARE, SQUARE]], 640, 220, [(76, 8, 204, 204), (360, 8, 204, 204), 220]),
        ([[SQUARE, SQUARE]], 640, 304, [(2, 8, 288, 288), (350, 8, 288, 288), 304]),
        ([[SQUARE] * 3], 640, 150, [(39, 8, 134, 134), (253, 8, 134, 134), (467, 8, 134, 134), 150]),
        ([[SQUARE] * 3], 640, 188, [(2, 8, 172, 172), (234, 8, 172, 172), (466, 8, 172, 172), 188]),
        # Beside what has none it leaves the rest of the width to that.
        ([[SQUARE, FLAT]], 640, 216, [(2, 8, 200, 200), (232, 8, 406, 200), 216]),
        ([[SQUARE, bare(weight=3)]], 640, 216, [(2, 8, 152, 152), (184, 8, 454, 200), 216]),
    ],
)  # fmt: skip
def test_panels_stand_here(rows: Any, page: int, height: Any, places: list[Any]) -> None:
    assert boxes(*rows, page=page, height=height) == places


@pytest.mark.parametrize(
    ("panel", "box"),
    [
        (bare("one line"), (2, 25, 636, 217)),
        (bare("a title that has two lines " + "and more " * 12), (2, 42, 636, 200)),
        (Panel("", [], x=classes("ab"), y=Axis("", 0, 1, ticks={0: "m"})), None),
    ],
)
def test_a_line_of_the_title_takes_seventeen_pixels(panel: Panel, box: Any) -> None:
    left = width("m", 12) + 4 + 4
    assert boxes(panel)[0] == (box or (round(2 + left), 8, round(636 - left), 250 - 8 - 19 - 2))


def lettered(x: str = "", y: str = "", marks: Any = ()) -> tuple[float, float]:
    """Return top and height of a panel whose axes have these labels."""
    (_, top, _, tall), _ = boxes(Panel("", marks, x=Axis(x, 0, 1, ticks=()), y=Axis(y, 0, 1, ticks=())))
    return top, tall


def test_a_line_of_words_above_or_below_takes_seventeen_pixels() -> None:
    assert lettered() == (8, 250 - 8 - 21)
    assert lettered(x="x") == (8, 250 - 8 - 38)
    assert lettered(y="y") == (25, 250 - 25 - 21)
    many = Points("p", [0, 1], [0, 1], color="ink", label="before")
    assert lettered(marks=[many]) == (25, 250 - 25 - 21)
    image = {"x": (0, 1), "y": (0, 1), "low": 0, "high": 1}
    assert lettered(marks=[Image("f", [[0.0]], **image, scale="f")]) == (25, 250 - 25 - 21)  # type: ignore[arg-type]
    assert lettered(marks=[Image("f", [[0.0]], **image, scale="")]) == (8, 250 - 8 - 21)  # type: ignore[arg-type]
    assert boxes(bare(y=Axis("y", 0, 1)))[0] == (2, 8, 636, 234)


def title_between(low: float, high: float) -> str:
    """Return a title of two words that is as wide as this."""
    some = itertools.product(range(60), *[range(4)] * 3)
    made = (f"{'m' * m}{'i' * i}{'n' * n}{'w' * w} i" for m, i, n, w in some)
    return next(title for title in made if low < width(title, 13, 600) <= high)


@pytest.mark.parametrize(
    ("panels", "axes", "room"),
    [
        ((), {}, 636),
        ((FLAT,), {}, 303),
        ((), {"equal": True}, 271 + (636 - 271) / 2),  # in the middle: to its right all is free
        ((), {"frame": "axes", "y": Axis("", 0, 1, ticks={0: "m" * 9})}, 636),
    ],
)
def test_a_title_is_as_long_as_its_panel_and_what_is_free_beside_it(
    panels: Any, axes: Any, room: float
) -> None:
    for title, lines in ((title_between(room - 0.45, room), 1), (title_between(room, room + 0.5), 2)):
        (placed, *_), _ = placed_panels([[bare(title, **axes), *panels]], 640, 304)
        assert len(placed.title) == lines


# --- what is needed around ---------------------------------------------------------------------


def test_room_to_the_left_is_that_of_the_widest_number() -> None:
    numbers = Axis("", 0, 200, ticks=(50, 150))
    assert layout.axis_room(Panel("", [], x=classes("ab"), y=numbers)) == (width("150", 12) + 8, 0)
    assert layout.axis_room(Panel("", [], x=classes("ab"), y=classes(["m", "mmm"]))) == (
        width("mmm", 12) + 4,
        0,
    )
    for y in (Axis(""), Axis("", low=0), Axis("", high=1)):
        assert layout.axis_room(Panel("", [], x=classes("ab"), y=y))[0] == width("−0.00", 12) + 8
    assert layout.axis_room(Panel("", [], x=classes("ab"), y=Axis("", 0, 1, ticks=()))) == (8, 0)


def test_room_beside_the_ends_of_x_is_half_a_number() -> None:
    wide = Axis("", 0, 1, ticks={0: "m" * 9, 0.5: "m" * 30, 1: "m" * 7})
    y = Axis("", 0, 1, ticks=())
    assert layout.axis_room(Panel("", [], x=wide, y=y)) == (
        width("m" * 9, 12) / 2 - 1,
        width("m" * 7, 12) / 2 - 1,
    )
    assert layout.axis_room(Panel("", [], x=Axis("", 0, 1, ticks=()), y=y)) == (8, 0)


def test_without_a_frame_no_room_is_needed_but_by_a_surface() -> None:
    assert layout.axis_room(bare()) == (0, 0)
    surface = Surface("s", [[0, 1], [1, 2]], [0, 1], [0, 1], low=0, high=2)
    assert layout.axis_room(Panel("", [surface])) == (26, 26)


def test_labels_of_lines_have_their_room_to_the_right() -> None:
    lines = [Line(name, [0, 1], [0, 1], color="ink", label=name) for name in ("f", "longer")]
    needs = layout.needs_of(Panel("", lines, x=UNIT, y=UNIT, frame="none"))
    assert (needs.left, needs.right, needs.labels) == (0, width("longer", 12) + 8, width("longer", 12) + 8)
    image = Image("f", [[0.0]], x=(0, 1), y=(0, 1), low=0, high=1, scale="f")
    both = layout.needs_of(Panel("", [image, *lines], x=UNIT, y=UNIT, frame="none"))
    assert both.labels == needs.labels
    assert both.right == needs.right + 12 + 10 + width("0.0", 12) + 4 + 2
    (placed,), _ = placed_panels([[Panel("", lines, x=UNIT, y=UNIT, frame="none")]], 640, None)
    assert placed.room_right == needs.labels
    assert placed.box[2] == round(636 - needs.right)
    named = Panel("", lines, x=UNIT, y=UNIT, frame="none")
    (one, other), _ = placed_panels([[named, named]], 640, None)
    assert (one.box[0], one.box[2]) == (2, round((606 - 2 * needs.right) / 2))
    assert other.box[0] == round(2 + (606 - 2 * needs.right) / 2 + needs.right + 30)


def test_a_shape_is_width_over_height_and_tiles_are_58_pixels_wide_at_most() -> None:
    assert layout.shape(bare()) == (None, math.inf)
    assert layout.shape(bare(equal=True, x=Axis("", 1, 4), y=Axis("", -1, 1))) == (1.5, math.inf)
    tiles = Tiles("J", np.zeros((2, 3)), rows="ab", columns="xyz", low=0, high=1)
    assert layout.shape(Panel("", [tiles])) == (1.5, 174)


@pytest.mark.parametrize(
    ("ends", "made"),
    [
        (True, lambda x: Line("f", [0, 1], x, color="ink", label="f")),
        (True, lambda x: Band("f", 0, [0, 1], x, color="ink", label="f")),
        (False, lambda x: Points("f", [1], x[1:], color="ink", label="f")),
    ],
)
@pytest.mark.parametrize(("end", "reaches"), [(0.9401, True), (0.9399, False)])
def test_a_line_ends_at_the_right_if_it_nearly_does(
    end: float, reaches: bool, ends: bool, made: Callable[[list[float]], Mark]
) -> None:
    for axis, last in (
        (Axis("", 10, 110), 10 + 100 * end),
        (Axis("", -110, -10), -110 + 100 * end),
        (Axis("", 0.1, 1000, scale="log"), 0.1 * 10 ** (4 * end)),
        (Axis("", 1e-7, 1e-3, scale="log"), 1e-7 * 10 ** (4 * end)),
    ):
        line = made([last, last])
        assert layout.ends_at_the_right(Panel("", [line], x=axis), line) == (reaches and ends)
        object.__setattr__(line, "label", "")
        assert not layout.ends_at_the_right(Panel("", [line], x=axis), line)
    left = Line("f", [0, 1], [-5, -1], color="ink", label="f")
    assert not layout.ends_at_the_right(Panel("", [left], x=Axis("", 0.1, 1, scale="log")), left)
    gap = Line("f", [0], [np.nan], color="ink", label="f")
    assert not layout.ends_at_the_right(Panel("", [gap], x=UNIT), gap)


def test_what_names_several_things_is_in_the_key() -> None:
    style: dict[str, Any] = {"color": "ink", "label": "a"}
    assert layout.in_the_key(Bars("p", [1.0], **style))
    assert layout.in_the_key(Points("p", [1.0, 2.0], [1, 2], **style))
    assert not layout.in_the_key(Points("p", [1.0], [1], **style))
    assert not layout.in_the_key(Points("p", [1.0, 2.0], [1, 2], color="ink"))
    assert layout.in_the_key(Line("", [1, np.nan, 2], [1, 2, 3], **style))
    assert not layout.in_the_key(Line("", [1, 2, 2], [1, 2, 3], **style))
    assert not layout.in_the_key(Line("f", [1, np.nan, 2], [1, 2, 3], **style))
    assert not layout.in_the_key(Line("", [1, np.nan, 2], [1, 2, 3], color="ink"))


@pytest.mark.parametrize(
    ("wide", "tall", "x", "y"),
    [
        (10, 900, 2, 7),
        (900, 10, 7, 2),
        (57, 67, 2, 2),
        (58, 68, 2, 3),
        (115, 101, 2, 3),
        (116, 116, 3, 4),
        (290, 203, 6, 6),
    ],
)
def test_there_is_room_for_two_to_seven_ticks(wide: float, tall: float, x: int, y: int) -> None:
    (placed,), _ = placed_panels([[bare()]], 640, None)
    placed.box = (3, 5, wide, tall)
    assert (placed.right, placed.bottom) == (3 + wide, 5 + tall)
    assert (layout.room_for_ticks(placed, "x"), layout.room_for_ticks(placed, "y")) == (x, y)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_panel_is_measured_from_its_left_and_from_its_bottom(scale: str) -> None:
    axis = Axis("", 1, 100, scale=scale)
    (above, below), _ = placed_panels([[bare(x=axis)], [bare(y=axis)]], 640, None)
    middle = 10 if scale == "log" else 50.5
    assert [above.x.px(value) for value in (1, middle, 100)] == pytest.approx([2, 320, 638])
    assert [below.y.px(value) for value in (1, middle, 100)] == pytest.approx([510, 393, 276])


def test_ticks_are_those_within_the_limits() -> None:
    assert layout.axis_ticks(Axis("", ticks=(0, 1, 2.5)), (2.5, 1), 7) == [(1, "1"), (2.5, "2.5")]
    assert layout.axis_ticks(Axis("", ticks={0: "a", 1: "b", 3: "c"}), (0, 1), 7) == [(0, "a"), (1, "b")]
    assert layout.axis_ticks(UNIT, (0, 1), 3) == [(0, "0"), (0.5, "0.5"), (1, "1")]
    assert [at for at, _ in layout.axis_ticks(UNIT, (0, 1), 1)] == [0, 1], "two at least"
    log = layout.axis_ticks(Axis("", 1, 1000, scale="log"), (1, 1000), 4)
    assert [at for at, _ in log] == [1, 10, 100, 1000]


@pytest.mark.parametrize(
    ("names", "title", "small"),
    [
        (["ab"], "", True),
        (["m"] * 5, "", True),
        (["i"] * 5, "", True),
        (["i"] * 6, "", False),
        ([], "", False),
        (["m" * 8], "", True),
        (["m" * 12], "", False),
        (["a"], "m" * 11, True),
        (["a"], "m" * 16, False),
    ],
)
def test_small_panels_share_a_narrow_page(names: list[str], title: str, small: bool) -> None:
    x = classes(names) if names else UNIT
    assert layout.is_small(Panel(title, [], x=x)) == small
    assert (sum(width(n, 12) + 6 for n in names) < 110 and width(title, 13, 600) < 160) == (
        small or len(names) not in range(1, 6)
    )
    assert not layout.is_small(Panel(title, [], x=x, equal=True))
    rows = layout.folded([Panel(title, [], x=x)] * 3, 360)
    assert [len(row) for row in rows] == ([2, 1] if small else [1, 1, 1])
    assert [len(row) for row in layout.folded([Panel(title, [], x=x)] * 3, 640)] == [3]
    mixed = layout.folded([bare(), *[Panel(title, [], x=x)] * 2], 360)
    assert [len(row) for row in mixed] == ([1, 2] if small else [1, 1, 1])


def test_a_small_panel_is_not_put_beside_a_large_one() -> None:
    small, large = Panel("", [], x=classes("ab")), Panel("", [], x=UNIT)
    for row in ([small, large], [large, small]):
        assert [len(line) for line in layout.folded(row, 360)] == [1, 1]


def test_outlines_lie_above_the_lines_and_below_the_points() -> None:
    corners = [[[0, 0], [1, 0], [0, 1]]]
    areas = Polygons("r", corners, fill="tint0", chosen=[0])
    line, point = Line("", [0, 1], [0, 1], color="loss"), Points("p", [0], [0], color="loss")

    def order(*marks: Mark) -> list[str]:
        flat = layout.flat_marks(Panel("", marks))
        return [mark.color if isinstance(mark, Line) else mark.kind for mark in flat]

    assert order(areas, line, point, line, point) == [
        *("polygons", "loss", "points", "loss", "paper", "ink", "points")
    ]
    assert order(line, point, areas, point) == ["loss", "points", "polygons", "paper", "ink", "points"]
    plain = [mark.kind for mark in layout.flat_marks(Panel("", [line, point]))]
    assert plain == ["line", "points"]
