"""Where words beside the data stand, to the pixel: on a panel 400 wide and 200 high at (100, 50)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.teaching.pictures import Axis, Band, Bars, Drag, Line, Panel, Points, Rule, labels
from course_utils.teaching.pictures.layout import Placed
from course_utils.teaching.pictures.spec import Scale
from course_utils.teaching.pictures.typeset import width

LEFT, TOP, RIGHT, BOTTOM = 100, 50, 500, 250
WIDE, TWO = width("here", 12), width("12", 11)


def placed(*marks: Any, x: tuple[float, float] = (0, 400), y: tuple[float, float] = (0, 200)) -> Placed:
    """Place marks so that a number is a pixel, counted from the lower left."""
    scales = Scale(*x, False, LEFT, RIGHT - LEFT), Scale(*y, False, BOTTOM, TOP - BOTTOM)
    return Placed(Panel("", list(marks)), (LEFT, TOP, 400, 200), *scales, 0.0, [], (0.0, 0.0))


def point(x: float, y: float, size: float = 8) -> Points:
    """Return a point at this pixel of the page."""
    return Points("p", [BOTTOM - y], [x - LEFT], color="target", label="here", size=size)


def at(words: dict[str, Any]) -> tuple[float, float, str]:
    return words["x"], words["y"], words["anchor"]


def test_words_have_a_place_a_look_and_nothing_else() -> None:
    assert labels.text("tick", "7", 1.26, -2.34) == {
        "role": "tick",
        "x": 1.3,
        "y": -2.3,
        "anchor": "start",
        "runs": (("7", ""),),
        "size": 12,
        "color": "ink",
    }
    assert (
        labels.text("tick", "7", 0, 0, "end", size=9, color="muted", halo=True).items()
        >= {
            "anchor": "end",
            "size": 9,
            "color": "muted",
            "halo": True,
        }.items()
    )


@pytest.mark.parametrize(("anchor", "before"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_words_cover_their_letters(anchor: str, before: float) -> None:
    wide = width("*x*_0", 11)
    left, top, right, bottom = labels.spot_of(labels.text("value", "*x*_0", 200, 80, anchor, size=11))
    assert (left, right) == pytest.approx((200 - before * wide, 200 + (1 - before) * wide))
    assert (top, bottom) == (69, 83)


def test_words_over_data_have_a_halo_and_the_color_of_their_mark() -> None:
    line = Line("f", [20, 30], [0, 400], color="loss", label="f")
    bars = Bars("p", [40.0], [200.0], color="logits", values=True)
    many = Points("q", [1, 2], [3, 4], color="target", label="before")
    value, *direct, key = labels.labels(placed(line, bars, point(300, 150), many))
    assert (value["role"], value["halo"], value["color"], value["size"]) == ("value", True, "ink", 11)
    assert {(one["role"], one["halo"], one["color"]) for one in direct} == {
        ("direct", True, "loss"),
        ("direct", True, "target"),
    }
    assert (key["role"], key.get("halo", False), key["color"]) == ("direct", False, "target")


# --- lines -------------------------------------------------------------------------------------------------


def test_a_line_is_named_six_pixels_beside_its_end_at_its_middle() -> None:
    line = Line("f", [20, 130], [0, 400], color="loss", label="f")
    assert [at(one) for one in labels.labels(placed(line))] == [(506, 120 + 4.2, "start")]
    band = Band("b", [20, 110], [40, 150], [0, 400], color="loss", label="b")
    assert [at(one) for one in labels.labels(placed(band))] == [(506, 120 + 4.2, "start")]


def test_a_line_that_ends_within_the_panel_is_named_there() -> None:
    axis = Axis("", 0, 400)
    for mark in (
        Line("f", [20, 130], [0, 200], color="loss", label="f"),
        Band("b", [20, 110], [40, 150], [200, 210], color="loss", label="f"),
        Points("p", [130], [400], color="loss", size=2, label="f"),
    ):
        panel = placed(mark)
        panel.panel = Panel("", [mark], x=axis)
        (words,) = labels.labels(panel)
        assert words["x"] < RIGHT, "not beside the panel"
        x, y, _ = labels.anchor_of(panel, mark)
        assert abs(words["x"] - x) < 20
        assert abs(words["y"] - y) < 20


@pytest.mark.parametrize(
    ("y", "height"),
    [
        ([50, 130], 120),
        ([130, np.nan], 120),
        ([130, *[np.nan] * 8], 120),
        ([130, *[np.nan] * 9], BOTTOM),
        ([np.nan, np.nan], BOTTOM),
        ([50, 900], TOP),
        ([50, -900], BOTTOM),
    ],
)
def test_a_line_ends_where_its_last_point_is_and_in_the_panel(y: list[float], height: float) -> None:
    line = Line("f", y, np.linspace(0, 400, len(y)), color="ink", label="f")
    assert labels.end_height(placed(line), line) == height


@pytest.mark.parametrize(("y", "height"), [(10, 150), (0, BOTTOM), (-1, BOTTOM)])
def test_on_a_logarithmic_axis_zero_and_less_lie_at_the_bottom(y: float, height: float) -> None:
    line = Line("f", [1, y], [0, 400], color="ink", label="f")
    logarithmic = placed(line)
    logarithmic.y = Scale(1, 100, True, BOTTOM, TOP - BOTTOM)
    assert labels.end_height(logarithmic, line) == height


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([100], [100]),
        ([100, 115], [100, 115]),
        ([100, 102, 104], [100, 115, 130]),
        ([40, 41], [54, 69]),
        ([195, 198], [185, 200]),
        ([199, 199, 199], [170, 185, 200]),
        ([60, 198, 199], [60, 185, 200]),
    ],
)
def test_labels_of_lines_make_room_for_each_other(wanted: list[float], places: list[float]) -> None:
    marks = [Line(str(k), [0, 1], [0, 1], color="ink") for k in range(len(wanted))]
    apart = labels.spread(list(zip(wanted, marks, strict=True))[::-1], 54, 200, 15)
    assert [place for place, _ in apart] == places
    assert sorted(mark.name for _, mark in apart) == [mark.name for mark in marks]
    if len(set(wanted)) == len(wanted):
        assert [mark for _, mark in apart] == marks, "in the order of their heights"


def test_labels_of_lines_stay_four_pixels_inside() -> None:
    low = [Line(f"{k}", [0, 0], [0, 400], color="ink", label=f"{k}") for k in range(2)]
    assert [one["y"] for one in labels.labels(placed(*low))] == [BOTTOM - 4 - 15 + 4.2, BOTTOM - 4 + 4.2]
    high = Line("f", [0, 200], [0, 400], color="ink", label="f")
    assert [one["y"] for one in labels.labels(placed(high))] == [TOP + 4 + 4.2]


def test_a_key_stands_above_the_panel_from_its_right_end_in_the_order_of_the_marks() -> None:
    marks = [
        Points("a", [1, 2], [3, 4], color="target", shape="star", label="one"),
        Bars("b", [1.0, 2.0], [3.0, 4.0], color="logits", label="two"),
        Line("", [1, np.nan, 2], [3, 4, 5], color="loss", label="net"),
        Line("f", [1, 2], [0, 100], color="ink"),
    ]
    key = labels.labels(placed(*marks))
    assert [one["runs"][0][0] for one in key] == ["★\u2009one", "■\u2009two", "—\u2009net"]
    last = RIGHT - width("—\u2009net", 12) - 12
    first = last - width("■\u2009two", 12) - 12
    assert [at(one) for one in key] == [(round(x, 1), TOP - 9, "end") for x in (first, last, RIGHT)]


@pytest.mark.parametrize(("hatch", "signs", "size"), [("//", "//", 10), ("..", "::", 11), ("xx", "××", 9)])
def test_a_square_of_the_key_has_the_hatch_of_its_bars(hatch: str, signs: str, size: int) -> None:
    bars = Bars("b", [1.0, 2.0], [3.0, 4.0], color="logits", hatch=hatch, label="two")
    words, lines = labels.labels(placed(bars))  # painted in this order
    left = RIGHT - width("■\u2009two", 12)
    assert (words["role"], words["runs"][0][0]) == ("direct", "■\u2009two")
    assert at(words) == (round(left, 1), TOP - 9, "start")
    assert (lines["role"], lines["runs"], lines["color"]) == ("hatch", ((signs, ""),), "paper")
    assert lines["size"] == size
    middle = left + width("■", 12) / 2
    assert at(lines) == (round(middle, 1), round(TOP - 9 - 0.35 * 12 + 0.35 * size, 1), "middle")


@pytest.mark.parametrize(("dash", "sign"), [("", "—"), ("dashed", "––"), ("dotted", "···")])
def test_a_net_of_lines_is_named_above_and_a_curve_with_a_gap_at_its_end(dash: str, sign: str) -> None:
    x, y, style = [0, 400, np.nan, 0, 400], [0, 1, np.nan, 1, 0], {"dash": dash, "label": "layer 2"}
    (key,) = labels.labels(placed(Line("", y, x, color="layer2", **style)))
    assert (key["runs"], *at(key)) == (((f"{sign}\u2009layer 2", ""),), RIGHT, TOP - 9, "end")
    (label,) = labels.labels(placed(Line("f", y, x, color="layer2", **style)))
    assert (label["runs"], label["x"]) == ((("layer 2", ""),), RIGHT + 6)


# --- beside a mark ------------------------------------------------------------------------------------------


def candidates(mark: Any) -> list[tuple[float, float]]:
    return labels.candidates(placed(mark), mark, WIDE)


def test_the_name_of_a_point_stands_to_its_right_or_left_above_or_below_or_further_off() -> None:
    beside, before, centered = 309, 291 - WIDE, 300 - WIDE / 2
    corners = [(x, y) for y in (141, 167) for x in (beside, before)]
    further = [(x, 154.2 + dy) for dy in (-15, 15, -30, 30) for x in (beside, before)]
    places = [(beside, 154.2), (before, 154.2), (centered, 141), (centered, 167), *corners, *further]
    np.testing.assert_allclose(candidates(point(300, 150)), places)
    assert candidates(point(300, 150, size=20))[0] == pytest.approx((315, 154.2)), "clear of a large point"


def test_the_name_of_a_rule_stands_beside_it_high_or_low_or_over_it_right_or_left() -> None:
    upright = [(x, y) for y in (60, 76, 242) for x in (205, 195 - WIDE)]
    np.testing.assert_allclose(candidates(Rule("r", 100, label="here")), upright)
    level = [(x, y) for y in (145, 164) for x in (497 - WIDE, 105)]
    np.testing.assert_allclose(candidates(Rule("r", 100, axis="y", label="here")), level)


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize(
    ("at", "log", "named"),
    [
        (0, False, True),
        (200, False, True),
        (-1, False, False),
        (401, False, False),
        (0, True, False),
        (-1, True, False),
        (1, True, True),
        (99, True, True),
        (105, True, False),
    ],
)
def test_a_rule_is_named_where_it_crosses_the_panel(at: float, log: bool, named: bool, axis: Any) -> None:
    panel = placed(Rule("r", at, axis=axis, label="here"))
    if log:
        panel.x, panel.y = Scale(1, 100, True, LEFT, RIGHT - LEFT), Scale(1, 100, True, BOTTOM, TOP - BOTTOM)
    texts = labels.labels(panel)
    assert len(texts) == named
    assert all(0 < text["x"] < RIGHT and 0 < text["y"] < BOTTOM + 20 for text in texts)


@pytest.mark.parametrize(
    ("x", "y", "anchor"),
    [
        ([150, 300], [100, 150], (300, 150)),
        ([150, 300, 501], [100, 150, 251], (501, 251)),  # as far as half a hairline
        ([99, 300], [49, np.nan], (99, 49)),
        ([150, 502], [100, 150], (150, 100)),
        ([150, 98], [100, 150], (150, 100)),
        ([150, 300], [100, 48], (150, 100)),
        ([150, 300], [100, 252], (150, 100)),
        ([98, 502], [100, 150], (LEFT, TOP)),
    ],
)
def test_a_mark_is_named_at_its_last_place_in_the_panel(x: Any, y: Any, anchor: Any) -> None:
    where = {"x": np.array(x) - LEFT, "color": "ink", "label": "here"}
    line = Line("f", BOTTOM - np.array(y), **where)
    assert labels.anchor_of(placed(line), line) == (*anchor, 1)
    points = Points("f", BOTTOM - np.array(y), **where, size=9)
    assert labels.anchor_of(placed(points), points) == (*anchor, 4.5)


def test_a_band_is_named_in_its_middle() -> None:
    band = Band("b", [10, 20, 30], [30, 60, 90], [50, 150, 250], color="ink", label="here")
    assert labels.anchor_of(placed(band), band) == (250, 210, 1)
    five = Band("b", [10] * 5, [30] * 5, [50, 150, 200, 250, 300], color="ink", label="here")
    assert labels.anchor_of(placed(five), five) == (LEFT + 200, BOTTOM - 20, 1)
    outside = Band("b", [10, 20], [30, 60], [-50, 450], color="ink", label="here")
    assert labels.anchor_of(placed(outside), outside) == (LEFT, TOP, 1)


def chosen(mark: Any, *taken: tuple[float, float, float, float], among: Any = None) -> int:
    """Return which of the places for its name a mark gets, alone or among others."""
    words = labels.word_beside(among or placed(mark), mark, list(taken))
    (number,) = {
        k
        for k, place in enumerate(candidates(mark))
        if np.allclose(place, (words["x"], words["y"]), atol=0.06)
    }
    return number


RIGHTMOST = RIGHT - 2 - WIDE - 9  # of a point that is named to its right
LEFTMOST = LEFT + 2 + WIDE + 9  # of one that is named to its left
HIGHEST, LOWEST = TOP - 2 + 12 - 4.2, BOTTOM + 2 - 4 - 4.2  # of one that is named beside it


@pytest.mark.parametrize(
    ("x", "y", "taken", "number"),
    [
        (RIGHTMOST - 0.1, 150, [], 0),
        (RIGHTMOST + 0.1, 150, [], 1),
        (LEFTMOST + 0.1, 150, [(LEFTMOST, 100, 500, 200)], 1),
        (LEFTMOST - 0.1, 150, [(LEFTMOST, 100, 500, 155)], 3),
        (300, HIGHEST + 0.1, [], 0),
        (300, HIGHEST - 0.1, [], 3),  # below, where there is room
        (300, LOWEST - 0.1, [], 0),
        (300, LOWEST + 0.1, [], 2),
    ],
)
def test_a_name_stays_in_the_panel(x: float, y: float, taken: Any, number: int) -> None:
    assert chosen(point(x, y), *taken) == number


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ((307 + WIDE + 4, 100, 500, 200), 0),  # what only touches it covers nothing
        ((306 + WIDE + 4, 100, 500, 200), 1),
        ((200, 158.2, 500, 200), 0),
        ((293, 158.1, 500, 160), 1),
        ((200, 100, 500, 142.2), 0),
        ((293, 100, 500, 142.3), 1),
        ((200, 60, 500, 145), 3),
        ((0, 0, 600, 300), 0),  # where everything is taken it is the first in the panel
    ],
)
def test_a_name_keeps_off_other_words(taken: Any, number: int) -> None:
    assert chosen(point(300, 150), taken) == number


def test_a_name_that_is_covered_everywhere_stays_in_the_panel_and_one_that_fits_nowhere_comes_first() -> None:
    assert chosen(point(RIGHT, 150), (0, 0, 600, 300)) == 1
    wide = Points(
        "p", [100], [200], color="target", label="a name that is much longer than the panel is wide " * 2
    )
    words = labels.word_beside(placed(wide), wide, [])
    assert (words["x"], words["y"]) == (LEFT + 200 + wide.size / 2 + 5, 154.2)


def drawn(x: Any, y: Any) -> Line:
    """Return a line through these pixels of the page."""
    return Line("f", BOTTOM - np.array(y), np.array(x) - LEFT, color="loss")


@pytest.mark.parametrize(
    ("others", "number"),
    [
        ([drawn([302, 400], [150, 150])], 1),
        ([drawn([302, 400], [150, 150]), drawn([200, 298], [150, 150])], 2),
        ([drawn([302, 400], [160, 160])], 0),
        ([drawn([200, 400], [150, 150]), point(300, 135)], 3),
        ([point(320, 150)], 1),
        ([Rule("r", 220)], 1),
        ([Rule("r", 200)], 0),
        ([Rule("r", 100, axis="y")], 2),
        ([Bars("p", [150.0], [220.0], color="logits")], 0),  # words on a bar have a halo
        ([drawn([100, 500], [y, y]) for y in range(50, 250, 9)], 0),  # where lines are everywhere, the first
    ],
)
def test_a_name_keeps_off_what_is_drawn(others: Any, number: int) -> None:
    mark = point(300, 150)
    assert chosen(mark, among=placed(mark, *others)) == number
    everywhere = [drawn([100, 500], [y, y]) for y in range(50, 250, 9)]
    assert chosen(mark, (307, 100, 500, 200), among=placed(mark, *everywhere)) == 1, (
        "off other words at least"
    )


@pytest.mark.parametrize(("x", "y", "number"), [(False, False, 0), (True, False, 1), (False, True, 3)])
def test_a_name_keeps_off_the_lines_at_zero_where_an_axis_has_them(x: bool, y: bool, number: int) -> None:
    """Here they would just meet the name to the right: at its end, and at its top."""
    across, down = 309 + WIDE + 2 - 0.5, 154.2 - 12 + 0.5
    low, least = LEFT - across, down - BOTTOM
    mark = Points("p", [down - 150], [300 - across], color="target", label="here", size=8)
    axes = Axis("", low, low + 400, zero=x), Axis("", least, least + 200, zero=y)
    panel = placed(mark, x=(low, low + 400), y=(least, least + 200))
    panel.panel = Panel("", [mark], x=axes[0], y=axes[1])
    words = labels.word_beside(panel, mark, [])
    assert (words["x"], words["y"]) == pytest.approx(candidates(point(300, 150))[number], abs=0.06)


def test_the_name_of_a_line_keeps_off_the_line_itself() -> None:
    up, away = drawn([300, 300], [240, 150]), drawn([400, 300], [150, 150])
    for line, number in ((up, 0), (away, 1)):
        named = Line("f", line.y, line.x, color="loss", label="here")
        assert chosen(named) == number


SPOT = (10.0, 20.0, 30.0, 40.0)  # left, top, right and bottom


@pytest.mark.parametrize(
    ("x", "y", "through"),
    [
        ([0, 40], [30, 30], True),
        ([40, 0], [30, 30], True),
        ([0, 40], [19.9, 19.9], False),
        ([0, 40], [40.1, 40.1], False),
        ([20, 20], [0, 60], True),
        ([9.9, 9.9], [0, 60], False),
        ([30.1, 30.1], [60, 0], False),
        ([0, 9], [30, 30], False),  # it ends before
        ([0, 11], [30, 30], True),
        ([31, 50], [30, 30], False),
        ([20, 20], [0, 19], False),
        ([20, 20], [41, 60], False),
        ([15, 18], [25, 28], True),  # it lies within
        ([0, 14.1], [30, 44.1], False),  # it goes by at a corner
        ([0, 14], [29, 43], True),
        ([40, 26], [29, 43], True),
        ([40, 25.9], [30, 44.1], False),
        ([0, 0, 40], [0, 30, 30], True),  # the second piece does
        ([0, 40, 40], [30, 30, 0], True),
        ([0, np.nan, 40], [30, 30, 30], False),  # there is a gap
        ([np.nan, 0, 40], [30, 30, 30], True),
        ([15, 15], [25, 25], True),
        ([5, 5], [25, 25], False),
        ([15], [25], False),  # one point is no line
    ],
)
def test_a_line_runs_through_words_if_a_piece_of_it_does(x: Any, y: Any, through: bool) -> None:
    across, down = np.array(x, dtype=float), np.array(y, dtype=float)
    assert labels.runs_through(across, down, SPOT) is through
    assert labels.runs_through(down - 10, across + 10, SPOT) is through, "mirrored at the diagonal"


def test_a_mark_without_points_is_on_no_words() -> None:
    nothing = Line("f", [], [], color="ink", label="here"), Points("p", [], [], color="target", label="here")
    for mark in nothing:
        assert not labels.is_on(placed(mark), mark, (LEFT, TOP, RIGHT, BOTTOM))
        assert [words["runs"] for words in labels.labels(placed(mark))] == [(("here", ""),)]


@pytest.mark.parametrize(("out", "on"), [(3.9, True), (4.1, False)])
def test_a_point_is_on_words_as_far_as_it_reaches(out: float, on: bool) -> None:
    spot = (200.0, 100.0, 240.0, 120.0)
    for x, y in ((200 - out, 110), (240 + out, 110), (220, 100 - out), (220, 120 + out)):
        mark = point(x, y, size=8)
        assert labels.is_on(placed(mark), mark, spot) is on
        several = Points("p", [5, BOTTOM - y], [5, x - LEFT], color="target", size=8)
        assert labels.is_on(placed(several), several, spot) is on


def test_names_keep_off_each_other_and_off_the_numbers_at_bars() -> None:
    one, other = labels.labels(placed(point(300, 150), point(300, 150)))
    assert at(one) == (309, 154.2, "start")
    assert at(other) == (round(291 - WIDE, 1), 154.2, "start")
    bars = Bars("p", [100.0], [215.0], color="logits", values=True)  # its number stands beside the point
    _, moved = labels.labels(placed(bars, point(300, 146)))
    assert moved["x"] != 309


# --- numbers at bars --------------------------------------------------------------------------------


def value(end: float, *others: Any, base: float = 100.0, **style: Any) -> tuple[float, float, str]:
    """Return where the number of a bar stands that ends at this pixel."""
    marks = [Bars("p", [end], [200.0], base=base, color="ink", values=["12"], **style), *others]
    (words,) = labels.bar_values(placed(*marks))
    return at(words)


@pytest.mark.parametrize(
    ("end", "y"),
    [
        (100, 146),  # on a bar of no height
        (120, 126),
        (80, 182),  # under one that hangs down
        (188, 58),
        (188.1, 62 - 0.1 + 13),  # in one that fills the panel
        (900, TOP + 13),
        (10, 240 + 12),
        (9.9, 240.1 - 5),
        (-900, BOTTOM - 5),
    ],
)
def test_a_number_stands_at_the_end_of_its_bar_or_inside(end: float, y: float) -> None:
    assert value(end) == (300, pytest.approx(y), "middle")


HELD: Any = {"y": Drag("z", "each")}


@pytest.mark.parametrize(
    ("end", "y"),
    [
        (120, 126 - 3),
        (80, 182 + 3),
        (185, 58),
        (185.1, 65 - 0.1 + 13 + 3),  # with its handle it fills the panel
        (900, TOP + 13 + 3),
        (13, 240 + 12),
        (12.9, 237.1 - 5 - 3),
        (-900, BOTTOM - 5 - 3),
    ],
)
def test_a_number_keeps_off_the_handle_of_a_bar_that_can_be_dragged(end: float, y: float) -> None:
    assert value(end, drags=HELD) == (300, pytest.approx(y, abs=0.051), "middle")
    aside: Any = {"x": Drag("z", "each")}
    lying = [
        Bars("p", [length], [100.0], color="ink", values=["12"], horizontal=True, drags=drags)
        for length in (200.0, -200.0)
        for drags in (None, aside)
    ]
    beside = [labels.bar_values(placed(bars, x=(-400, 400)))[0]["x"] for bars in lying]
    assert np.diff(beside).tolist()[::2] == [3, -3]
    full = Bars("p", [400 - 4 - TWO + 1.9], [100.0], color="ink", values=["12"], horizontal=True, drags=aside)
    assert labels.bar_values(placed(full))[0]["anchor"] == "end", "with its handle it fills the panel"


@pytest.mark.parametrize(("size", "reach"), [(8, 10), (20, 10), (30, 15)])
def test_a_number_stands_beyond_the_handle_of_a_point_that_can_be_dragged(size: float, reach: float) -> None:
    point = Points("q", [150.0], [200.0], color="target", size=size, drags=HELD)
    assert value(150, point)[1] == value(150)[1] - reach


def dot(x: float, y: float) -> Points:
    return Points("q", [y], [x], color="target", size=10)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("x", "beyond", "room"),
    [
        (200, 0, 5),
        (200, 10, 15),
        (200, 19.9, 24.9),
        (200, 20.1, 0),  # a number fits between
        (200, -4.9, 0.1),
        (200, -5.1, 0),
        (201, 0, 0),
    ],
)
def test_a_number_stands_beyond_a_point_at_its_end(x: float, beyond: float, room: float, sign: int) -> None:
    y = value(100 + 50 * sign, dot(x, 100 + sign * (50 + beyond)))[1]
    without = value(100 + 50 * sign)[1]
    assert y == pytest.approx(without - sign * room, abs=0.051)


def test_a_number_stands_beyond_the_farthest_of_several_points() -> None:
    y = value(150, dot(200, 160), dot(200, 152), Line("f", [155, 155], [0, 400], color="ink"))[1]
    assert y == value(150)[1] - 15


@pytest.mark.parametrize(
    ("end", "x", "anchor"),
    [
        (300, 404, "start"),
        (50, 146, "end"),
        (400 - 4 - TWO + 1.9, 504 - 4 - TWO + 1.9, "start"),
        (400 - 4 - TWO + 2.1, 496 - 4 - TWO + 2.1, "end"),
        (4 + TWO + 0.1, LEFT + TWO + 0.1, "end"),
        (4 + TWO - 0.1, LEFT + 8 + TWO - 0.1, "start"),
        (900, 496, "end"),
        (-900, 104, "start"),
    ],
)
def test_a_number_at_a_lying_bar_stands_beside_its_end_or_inside(end: float, x: float, anchor: str) -> None:
    bars = Bars("p", [end], [100.0], base=100.0, color="ink", values=["12"], horizontal=True)
    (words,) = labels.bar_values(placed(bars))
    assert at(words) == (pytest.approx(x, abs=0.051), 153.8, anchor)
    assert round(150 + 0.35 * 11, 1) == 153.8


def test_a_number_passes_all_points_that_stand_on_its_bar_one_above_the_other() -> None:
    bar = Bars("p", [20.0], [100.0], color="ink", values=["12"])
    lower = Points("nearer", [30.0], [100.0], color="ink", size=10)
    upper = Points("farther", [45.0], [100.0], color="ink", size=10)
    alone = labels.bar_values(placed(bar, lower))[0]
    for order in ([bar, lower, upper], [bar, upper, lower]):
        (number,) = labels.bar_values(placed(*order))
        assert number["y"] < alone["y"] - 14
    aside = Points("elsewhere", [45.0], [200.0], color="ink", size=10)
    assert labels.bar_values(placed(bar, lower, aside))[0] == alone


def test_numbers_stand_at_the_ends_of_stacked_bars_and_of_each() -> None:
    stacked = Bars("p", [20.0, -30.0], [100.0, 300.0], base=[50.0, 90.0], color="ink", values=["12", "34"])
    assert [at(one) for one in labels.bar_values(placed(stacked))] == [
        (200, BOTTOM - 70 - 4, "middle"),
        (400, BOTTOM - 60 + 12, "middle"),
    ]
    assert labels.bar_values(placed(Bars("p", [20.0], [100.0], color="ink"))) == []


@pytest.mark.parametrize(("spare", "digits"), [(3.05, 3), (2.95, 2)])
def test_numbers_have_as_many_digits_as_there_is_room_for(spare: float, digits: int) -> None:
    bars = {"color": "ink", "values": True}
    apart = width("0.123", 11) + spare
    near = Bars("p", [0.12345, 0.12345], [50.0, 50 + apart], **bars)  # type: ignore[arg-type]
    assert labels.fitting_texts(placed(near), near) == [["0.12"] * 2, ["0.123"] * 2][digits - 2]
    far = Bars("p", [0.12345] * 3, [50 + apart, 300, 50], **bars)  # type: ignore[arg-type]
    assert labels.fitting_texts(placed(far), far) == [["0.12"] * 3, ["0.123"] * 3][digits - 2]
    turned = placed(near, x=(400, 0))
    assert labels.fitting_texts(turned, near) == labels.fitting_texts(placed(near), near)


def test_one_digit_at_a_bar_does_not_claim_a_whole_number() -> None:
    y = [0.000335, 0.998993, 1.0, -0.9996]
    assert Bars("p", y, color="ink", values=True).value_texts(1) == ["0.0003", "1.0", "1", "−1.0"]
    assert Bars("p", [0.5, -1, 1.25, 2], color="ink", values=True).value_texts() == ["0.5", "−1", "1.25", "2"]


def test_numbers_are_left_out_where_not_even_one_digit_fits() -> None:
    bars: dict[str, Any] = {"color": "ink", "values": True}
    crowd = Bars("p", [0.12345] * 3, [50.0, 51.0, 99.0], **bars)
    assert labels.fitting_texts(placed(crowd), crowd) == ["", "", ""]
    lying = Bars("p", [0.12345] * 3, [50.0, 51.0, 99.0], horizontal=True, **bars)
    assert labels.fitting_texts(placed(lying), lying) == ["0.123"] * 3
    alone = Bars("p", [0.12345], [50.0], **bars)
    assert labels.fitting_texts(placed(alone), alone) == ["0.123"]


@pytest.mark.parametrize("lying", [False, True])
def test_on_logarithmic_axes_numbers_stand_at_bars_that_have_a_place(lying: bool) -> None:
    bars = Bars("p", [-1.0, 0, 5, 5], [5.0, 50, 0, -9], color="logits", values=list("abcd"), horizontal=lying)
    panel = placed(bars)
    panel.x, panel.y = Scale(1, 100, True, LEFT, RIGHT - LEFT), Scale(1, 100, True, BOTTOM, TOP - BOTTOM)
    texts = labels.labels(panel)
    assert [text["runs"][0][0] for text in texts] == ["a", "b"]
    low, along = (LEFT, "x") if lying else (BOTTOM, "y")
    assert all(abs(text[along] - low) < 20 for text in texts)
