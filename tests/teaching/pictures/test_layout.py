"""Where things stand: ticks on their numbers, boxes of their shape, words apart, and nothing that jumps."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from picture_problems import placed_texts, text_problems
from samples import CLASSED, PANELS, XY, X, Y, picture

from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Rule,
    Text,
    Tiles,
    classes,
)
from course_utils.teaching.pictures.layout import TICK, WIDTHS, scale_room
from course_utils.teaching.pictures.typeset import width

SAMPLES = [pytest.param(panel, id=name) for name, panel in PANELS.items()]


def number_of(runs: Any) -> float:
    """Read a tick's text as a number: 2·10^6 too."""
    written = "".join(f"e{text}" if style == "sup" else text for text, style in runs).replace("−", "-")
    factor, _, power = written.partition("10e")
    return float(written) if not power else float(factor.rstrip("·") or 1) * 10.0 ** float(power)


def tick_problems(json: dict[str, Any]) -> list[str]:
    """Compare what each tick of a panel says with where its text and its mark stand."""
    left, top, wide, tall = json["box"]
    ticks = [text for text in json["texts"] if text["role"] == "tick"]
    below = [text for text in ticks if text["anchor"] == "middle"]
    beside = [text for text in ticks if text["anchor"] == "end"]
    marks = [line["d"] for line in json["lines"] if line["role"] == "tick"]
    problems = []
    for axis, texts in (("x", below), ("y", beside)):
        low, high = json[axis]["limits"]
        for text in texts:
            value = number_of(text["runs"])
            if json[axis]["scale"] == "log":
                share = math.log(value / low) / math.log(high / low)
            else:
                share = (value - low) / (high - low)
            place = left + share * wide if axis == "x" else top + tall - share * tall
            drawn = [d[0] if axis == "x" else d[1] for d in marks]
            stands = text["x"] if axis == "x" else text["y"] - 0.35 * text["size"]
            if abs(stands - place) > 0.6 or min(abs(at - place) for at in drawn) > 0.6:
                problems.append(f"{value:g} on {axis} stands at {stands}, not at {place:.1f}")
    return problems


NUMBERED = [
    name for name in PANELS if name.startswith(("line", "points", "rule", "image")) and "class" not in name
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NUMBERED)
def test_ticks_stand_where_their_numbers_are(name: str, width: int) -> None:
    (json,) = picture(PANELS[name]).spec(width).json["panels"]
    assert tick_problems(json) == []


def shifted(json: dict[str, Any]) -> None:
    """Give each tick the text of the next one."""
    texts = [text for text in json["texts"] if text["role"] == "tick" and text["anchor"] == "middle"]
    runs = [text["runs"] for text in texts]
    for text, following in zip(texts, [*runs[1:], runs[0]], strict=True):
        text["runs"] = following


@pytest.mark.parametrize(
    "fault",
    [
        shifted,
        lambda json: json.update(x=json["y"], y=json["x"]),
        lambda json: json["y"]["limits"].__setitem__(1, 3.5),
        lambda json: json["box"].__setitem__(0, json["box"][0] + 2),
    ],
)
def test_ticks_that_are_off_are_caught(fault: Callable[[dict[str, Any]], None]) -> None:
    (json,) = copy.deepcopy(picture(PANELS["line"]).spec(640).json["panels"])
    fault(json)
    assert tick_problems(json) != []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("panel", SAMPLES)
def test_no_text_is_clipped_small_or_covered(panel: Panel, width: int) -> None:
    spec = picture(panel).spec(width)
    assert text_problems(spec) == []
    left, top, wide, tall = spec.json["panels"][0]["box"]
    assert left >= 0
    assert left + wide <= width
    assert top + tall <= spec.json["height"]


@pytest.mark.parametrize("height", [60, 90, 120, 160, 200, 240, 300])
@pytest.mark.parametrize(
    ("scale", "low", "high"),
    [
        ("log", 6.4, 9e11),
        ("log", 3e-8, 2e4),
        ("log", 2, 8e6),
        ("linear", 160633, 162771),
        ("linear", 0, 0.07),
    ],
)
def test_numbers_of_an_axis_have_room_however_many_there_are(
    scale: str, low: float, high: float, height: int
) -> None:
    for axes in ({"y": Axis("", low, high, scale)}, {"x": Axis("", low, high, scale), "frame": "axes"}):
        spec = picture(Panel("", [], **axes), height=height).spec(640)  # type: ignore[arg-type]
        texts = [*placed_texts(spec)]
        assert min(text.left for text in texts) >= 1.5, "within the edge, which is 2 pixels wide"
        assert max(text.right for text in texts) <= 638.5


def box(panel: Panel, width: int = 640, **changes: Any) -> list[int]:
    boxes: list[int] = picture(panel, **changes).spec(width).json["panels"][0]["box"]
    return boxes


@pytest.mark.parametrize("width", WIDTHS)
def test_equal_units_are_equally_long_whatever_the_shape(width: int) -> None:
    for reach in (1, 3, 0.2):
        panel = Panel("map", [], x=Axis("x", 0, 1), y=Axis("y", 0, reach), equal=True)
        _, _, wide, tall = box(panel, width)
        assert tall / wide == pytest.approx(reach, rel=0.02)


@pytest.mark.parametrize("width", [640, 960])
def test_maps_of_a_row_stand_together_in_the_middle(width: int) -> None:
    maps = [Panel(name, [], x=Axis("x", 0, 1), y=Axis("y", 0, 1), equal=True) for name in ("one", "two")]
    shown = Picture(maps, "Two.", height=220).spec(width)
    one, two = (panel["box"] for panel in shown.json["panels"])
    assert two[0] - (one[0] + one[2]) < 140
    before, after = one[0], width - (two[0] + two[2])
    assert abs(before - after) < 40


def test_tiles_are_square_and_named() -> None:
    tiles = Tiles("J", np.zeros((2, 3)), rows="ab", columns="xyz", low=-1, high=1)
    spec = picture(Panel("J", [tiles])).spec(640)
    (json,) = spec.json["panels"]
    _, _, wide, tall = json["box"]
    assert wide / 3 == pytest.approx(tall / 2, abs=0.5)
    assert wide / 3 <= 58
    ticks = ["".join(run[0] for run in text["runs"]) for text in json["texts"] if text["role"] == "tick"]
    assert ticks == ["x", "y", "z", "a", "b"]
    heights = [text["y"] for text in json["texts"] if text["anchor"] == "end"]
    assert heights == sorted(heights), "the first row is on top"


def test_weights_share_the_width() -> None:
    panels = [Panel(f"{w}", [], x=Axis("", 0, 1), y=Axis("", 0, 1), weight=w) for w in (1, 2)]
    one, two = (panel["box"][2] for panel in Picture(panels, "Two.").spec(640).json["panels"])
    assert two == pytest.approx(2 * one, abs=1)


def test_panels_of_a_row_begin_and_end_at_one_height() -> None:
    labeled = Panel("a title that is certainly too long for half of a page of this width", [], **XY)
    bare = Panel("short", [], x=classes("ab"), y=Axis("", 0, 1))
    one, two = (panel["box"] for panel in Picture([labeled, bare], "Two.").spec(640).json["panels"])
    assert (one[1], one[3]) == (two[1], two[3])


@pytest.mark.parametrize("width", WIDTHS)
def test_panels_above_each_other_begin_and_end_alike(width: int) -> None:
    labeled = Panel("f", [Line("f", Y, [0, 1, 2, 4], color="ink", label="a long label")], **XY)
    thousands = Panel("g", [], x=Axis("x", 0, 4), y=Axis("", 0, 50_000))
    beside = [PANELS["bars"], PANELS["points, circle"]]
    one, two, *others = Picture([[labeled], [thousands], beside], "Rows.").spec(width).json["panels"]
    assert (one["box"][0], one["box"][2]) == (two["box"][0], two["box"][2])
    assert one["box"][0] != box(labeled, width)[0]
    if width > 360:
        assert others[0]["box"][0] == Picture([beside], "Row.").spec(width).json["panels"][0]["box"][0]


def test_height_is_the_pictures_where_its_shapes_allow_it() -> None:
    assert picture(PANELS["line"], height=400).size == (640, 400)
    two_rows = Picture([[PANELS["line"]], [PANELS["bars"]]], "Two.", height=500)
    assert two_rows.size == (640, 500)
    flat = Panel("flat", [], x=Axis("x", 0, 10), y=Axis("y", 0, 1), equal=True)
    assert picture(flat, height=400).size[1] < 200, "no empty paper below a flat map"


def test_a_narrow_page_shows_panels_below_each_other_and_small_ones_in_pairs() -> None:
    wide = [Panel(name, [], **XY) for name in ("one", "two", "three")]
    tops = [panel["box"][1] for panel in Picture(wide, "Three.").spec(360).json["panels"]]
    assert tops == sorted(set(tops))
    assert len({panel["box"][1] for panel in Picture(wide, "Three.").spec(640).json["panels"]}) == 1
    small = [Panel(name, [], x=classes("abc"), y=Axis("", 0, 1)) for name in ("one", "two", "three")]
    first, second, third = (panel["box"] for panel in Picture(small, "Three.").spec(360).json["panels"])
    assert first[1] == second[1] < third[1]
    assert first[0] + first[2] < second[0]


def test_nothing_jumps_while_data_move_within_declared_limits() -> None:
    def at(scale: float) -> Any:
        marks = [
            Bars("p", Y * scale, color="logits", values=True),
            Points("q", Y * scale, color="ink", label="before"),
        ]
        line = Line("f", Y * scale, [0, 1, 2, 4], color="ink", label="f")
        spec = Picture([Panel("p", marks, **CLASSED), Panel("f", [line], **XY)], "p.").spec(640)
        moving = ("value", "direct")
        return [
            (panel["box"], panel["lines"], [text for text in panel["texts"] if text["role"] not in moving])
            for panel in spec.json["panels"]
        ]

    assert at(1.0) == at(0.001) == at(-0.99)


def test_a_declared_limit_stays_where_all_data_lie_beyond_it() -> None:
    assert Axis("p", high=0).limits([(5, 6)]) == (-1, 0)
    assert Axis("p", low=9).limits([(5, 6)]) == (9, 10)
    low, high = Axis("p", high=-1e20).limits([(5, 6)])
    assert low < high == -1e20, "far from zero, 1 less is the same number"


def test_limits_follow_the_data_where_none_are_declared() -> None:
    (json,) = picture(PANELS["limits from the data"]).spec(640).json["panels"]
    assert json["x"]["limits"] == pytest.approx([0 - 0.05 * 3.5, 3.5 * 1.05])
    assert json["y"]["limits"] == pytest.approx([-1.15, 2.15])
    half = Panel("f", [Line("f", Y, X, color="ink")], x=Axis("x", low=-1), y=Axis("y", high=9))
    (json,) = picture(half).spec(640).json["panels"]
    assert json["x"]["limits"][0] == -1
    assert json["y"]["limits"][1] == 9
    bars = Panel("p", [Bars("p", [1.0, 2.0], color="ink")], x=classes("ab"))
    assert picture(bars).spec(640).json["panels"][0]["y"]["limits"] == pytest.approx([0, 2.1])
    point = Panel("f", [Points("f", [3.0], [1.0], color="ink")])
    assert picture(point).spec(640).json["panels"][0]["y"]["limits"] == [2.5, 3.5]
    assert picture(Panel("empty", [])).spec(640).json["panels"][0]["x"]["limits"] == pytest.approx(
        [-0.05, 1.05]
    )


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize(
    ("y", "base", "low"),
    [
        ([1.0, 2.0], 0.0, 0.0),
        ([1.0, 2.0], 1.0, 1.0),
        ([-1.0, 2.0], 0.0, -1.15),
        ([-1.0, -2.0], 0.0, -2.1),
        ([1.0, 2.0], [0.5, 0.5], 0.4),  # stacked: on what is below
    ],
)
def test_below_bars_there_is_no_gap_where_all_stand_on_their_base(
    y: Any, base: Any, low: float, axis: Any
) -> None:
    bars = Bars("p", y, [3.0, 5.0], base=base, width=2, color="ink", horizontal=axis == "x")
    panel = Panel("", [bars])
    across = "y" if axis == "x" else "x"
    assert panel.limits(axis)[0] == pytest.approx(low)
    assert panel.limits(across) == pytest.approx((1.8, 6.2)), "as wide as the bars"
    at_the_edge = Panel("", [Bars("p", [1.0], [1.0], width=2, color="ink", horizontal=axis == "x")])
    assert at_the_edge.limits(across) == pytest.approx((-0.1, 2.1)), "beside them there is one"
    declared = Panel("", [bars], **{axis: Axis("", low=-7)})
    assert declared.limits(axis)[0] == -7


@pytest.mark.parametrize(
    "mark",
    [
        Line("f", [20, np.nan, 50], [0, 1, 10], color="ink"),
        Points("f", [20, 50], [0, 10], color="ink"),
        Band("f", [20, 30], [30, 50], [0, 10], color="ink"),
        Image("f", [[0, 1]], x=(0, 10), y=(20, 50), low=0, high=1),
        Polygons("f", [[[0, 20], [10, 30], [5, 50]]], fill="ink"),
    ],
    ids=lambda mark: mark.kind,
)
def test_limits_hold_every_kind_of_mark_on_both_axes(mark: Any) -> None:
    assert mark.extent("x") == (0, 10)
    assert mark.extent("y") == (20, 50)
    panel = Panel("", [mark])
    assert (*panel.limits("x"), *panel.limits("y")) == pytest.approx((-0.5, 10.5, 18.5, 51.5))
    if mark.kind == "polygons":
        assert {name: at.tolist() for name, at in mark.arrays().items()} == {
            "f x": [0, 10, 5],
            "f y": [20, 30, 50],
        }


def test_words_and_rules_across_have_no_say_in_the_limits() -> None:
    marks = [Line("f", [0, 1], [0, 1], color="ink"), Text("far", 9, 9), Rule("t", 7, axis="y")]
    panel = Panel("", marks)
    assert panel.limits("x") == pytest.approx((-0.05, 1.05))
    assert panel.limits("y") == pytest.approx((-0.35, 7.35))
    upright = Panel("", [marks[0], Rule("t", 7)])
    assert (*upright.limits("x"), *upright.limits("y")) == pytest.approx((-0.35, 7.35, -0.05, 1.05))


def test_axes_are_hairlines_where_there_is_something_to_measure() -> None:
    def axes(panel: Panel) -> int:
        (json,) = picture(panel).spec(640).json["panels"]
        return sum(line["role"] == "axis" for line in json["lines"])

    assert axes(PANELS["bars, logarithmic"]) == 2
    assert axes(PANELS["bars, lying"]) == 1


def test_numbers_of_a_color_scale_fill_the_room_that_is_left_for_them() -> None:
    style: dict[str, Any] = {"low": -1, "high": 1, "colormap": "diverging", "scale": "*f*"}
    for mark in (
        Image("f", [[0.0]], x=(0, 1), y=(0, 1), **style),
        Polygons("f", [[[0, 0], [1, 0], [0, 1]]], values=[1], **style),
    ):
        panel = Panel("f", [mark], x=Axis("x", 0, 1), y=Axis("y", 0, 1))
        (json,) = picture(panel).spec(640).json["panels"]
        left, right = json["scales"][0]["box"][0], json["box"][0] + json["box"][2]
        numbers = [text for text in json["texts"] if text["role"] == "tick" and text["x"] > left]
        ends = [text["x"] + width(text["runs"][0][0], TICK) for text in numbers]
        assert max(ends) - right == pytest.approx(scale_room(panel))


def test_a_panel_says_which_control_zooms_it() -> None:
    panels = [Panel("", [Line("y", [0, 1], [0, 1], color="ink")], zooms=zooms) for zooms in (None, "size")]
    (still,), (zoomed,) = (Picture([panel], "A line.").spec(640).json["panels"] for panel in panels)
    assert "zooms" not in still
    assert zoomed["zooms"] == "size"
