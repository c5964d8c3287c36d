"""Where things stand: ticks on their numbers, boxes of their shape, words apart, and nothing that jumps."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from painted import text_problems
from samples import CLASSED, NAMES, PANELS, XY, X, Y, picture

from course_utils.teaching.pictures import (
    Axis,
    Bars,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Rule,
    Tiles,
    classes,
    layout,
)
from course_utils.teaching.pictures.layout import TICK, WIDTHS, _scale_room
from course_utils.teaching.pictures.ticks import linear_ticks, log_ticks, tick_texts
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


def test_limits_follow_the_data_where_none_are_declared() -> None:
    (json,) = picture(PANELS["limits from the data"]).spec(640).json["panels"]
    assert json["x"]["limits"] == pytest.approx([0 - 0.05 * 3.5, 3.5 * 1.05])
    assert json["y"]["limits"] == pytest.approx([-1.15, 2.15])
    half = Panel("f", [Line("f", Y, X, color="ink")], x=Axis("x", low=-1), y=Axis("y", high=9))
    (json,) = picture(half).spec(640).json["panels"]
    assert json["x"]["limits"][0] == -1
    assert json["y"]["limits"][1] == 9
    log = Panel("f", [Line("f", [1, 100], [1, 2], color="ink")], x=Axis("x"), y=Axis("y", scale="log"))
    low, high = picture(log).spec(640).json["panels"][0]["y"]["limits"]
    assert low == pytest.approx(10**-0.1)
    assert high == pytest.approx(10**2.1)
    bars = Panel("p", [Bars("p", [1.0, 2.0], color="ink")], x=classes("ab"))
    assert picture(bars).spec(640).json["panels"][0]["y"]["limits"] == pytest.approx([0, 2.1])
    point = Panel("f", [Points("f", [3.0], [1.0], color="ink")])
    assert picture(point).spec(640).json["panels"][0]["y"]["limits"] == [2.5, 3.5]
    assert picture(Panel("empty", [])).spec(640).json["panels"][0]["x"]["limits"] == pytest.approx(
        [-0.05, 1.05]
    )


def texts_of(panel: Panel, role: str, width: int = 640) -> list[dict[str, Any]]:
    (json,) = picture(panel).spec(width).json["panels"]
    return [text for text in json["texts"] if text["role"] == role]


def words(text: dict[str, Any]) -> str:
    return "".join(run[0] for run in text["runs"])


def test_labels_of_lines_stand_at_their_ends_in_the_order_of_the_lines() -> None:
    heights = [0.0, 0.1, 0.2, 2.0]
    lines = [Line(f"f{h}", [0, h], [0, 4], color="ink", label=f"f{h}") for h in heights]
    panel = Panel("lines", lines, **XY)
    labels = texts_of(panel, "direct")
    left, top, wide, tall = box(panel)
    assert all(text["x"] > left + wide for text in labels)
    by_height = sorted(labels, key=lambda text: -text["y"])
    assert [words(text) for text in by_height] == [f"f{h}" for h in heights]
    gaps = np.diff([-text["y"] for text in by_height])
    assert (gaps >= 14).all()
    at = top + tall - tall * (2.0 + 2) / 5
    assert by_height[-1]["y"] - 0.35 * 12 == pytest.approx(at, abs=1)


def test_several_entries_are_named_by_a_key_above_and_one_point_beside_it() -> None:
    many = Panel("p", [Points("p", Y, color="target", shape="diamond", label="before")], **CLASSED)
    (key,) = texts_of(many, "direct")
    assert words(key) == "◆\u2009before"
    assert key["y"] < box(many)[1]
    (beside,) = texts_of(PANELS["points, label"], "direct")
    left, top, wide, tall = box(PANELS["points, label"])
    place = (left + wide * 2 / 4, top + tall * 2 / 5)
    assert math.hypot(beside["x"] - place[0], beside["y"] - place[1]) < 20


@pytest.mark.parametrize(("dash", "sign"), [("", "—"), ("dashed", "––"), ("dotted", "···")])
def test_a_net_of_lines_is_named_above(dash: str, sign: str) -> None:
    style: dict[str, Any] = {"color": "layer2", "dash": dash, "label": "layer 2"}
    net = Panel("net", [Line("", [0, 1, np.nan, 1, 0], [0, 4, np.nan, 0, 4], **style)], **XY)
    (key,) = texts_of(net, "direct")
    assert words(key) == f"{sign}\u2009layer 2"
    assert key["y"] < box(net)[1]
    curve = Panel("f", [Line("f", [0, 1, np.nan, 1, 0], [0, 1, np.nan, 3, 4], **style)], **XY)
    (label,) = texts_of(curve, "direct")
    assert words(label) == "layer 2", "a curve with a gap is named at its end"
    assert label["x"] > box(curve)[0] + box(curve)[2]


def test_a_label_beside_a_point_stays_in_the_panel_and_off_other_labels() -> None:
    for x, y in ((0.0, -2.0), (4.0, 3.0), (4.0, -2.0), (0.0, 3.0)):
        points = [Points(n, [y], [x], color="ink", label=f"point {n}") for n in ("one", "two")]
        assert text_problems(picture(Panel("p", points, **XY)).spec(640)) == []


def test_one_digit_at_a_bar_does_not_claim_a_whole_number() -> None:
    y = [0.000335, 0.998993, 1.0, -0.9996]
    assert Bars("p", y, color="ink", values=True).value_texts(1) == ["0.0003", "1.0", "1", "−1.0"]


def test_numbers_at_bars_are_those_of_the_bars_and_shorter_where_there_is_no_room() -> None:
    written = [words(text) for text in texts_of(PANELS["bars, values"], "value")]
    assert written == ["0.5", "−1", "1.25", "2"]
    assert [words(text) for text in texts_of(PANELS["bars, words"], "value")] == list("abcd")
    many = np.full(9, 0.012345)
    panel = Panel("p", [Bars("p", many, color="ink", values=True)], x=classes("012345678"), y=Axis("", 0, 1))
    assert [words(text) for text in texts_of(panel, "value")] == ["0.0123"] * 9
    assert [words(text) for text in texts_of(panel, "value", 360)] == ["0.012"] * 9
    crowd = Panel(
        "p", [Bars("p", np.full(40, 0.5), color="ink", values=True)], x=Axis("", -1, 40), y=Axis("", 0, 1)
    )
    assert {words(text) for text in texts_of(crowd, "value", 360)} == {""}


def test_numbers_of_bars_that_fill_the_panel_stand_inside() -> None:
    panel = Panel("p", [Bars("p", [3.0, -2.0], color="ink", values=True)], x=classes("ab"), y=Axis("", -2, 3))
    high, low = texts_of(panel, "value")
    _, top, _, tall = box(panel)
    assert top < high["y"] - 8
    assert low["y"] < top + tall
    assert text_problems(picture(panel).spec(640)) == []


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("beyond", "moves"), [(0.0, True), (0.05, True), (0.5, False), (-0.4, False)])
def test_numbers_at_bars_stand_beyond_a_point_on_their_end_and_no_other(
    beyond: float, moves: bool, sign: int
) -> None:
    def distance(*points: Points) -> float:
        """Return how far from the base the number is written."""
        bars = Bars("p", [0.5 * sign], color="ink", values=True)
        panel = Panel("p", [bars, *points], x=classes("a"), y=Axis("", -1.5, 1.5))
        (text,) = texts_of(panel, "value")
        _, top, _, tall = box(panel)
        return float(sign * (top + tall / 2 - text["y"]))

    point = (0.5 + beyond) * sign
    with_point = distance(Points("q", [point], color="ink", size=8))
    assert (with_point > distance()) == moves
    if moves:
        _, _, _, tall = box(
            Panel("p", [Bars("p", [0.5], color="ink")], x=classes("a"), y=Axis("", -1.5, 1.5))
        )
        assert with_point > abs(point) * tall / 3 + 4
    assert distance(Points("q", [0.5 * sign], [0.3], color="ink", size=8)) == distance()


def test_names_of_classes_are_thinned_out_where_there_is_no_room() -> None:
    long = [f"a long name {i}" for i in range(9)]
    panel = Panel("p", [Bars("p", np.ones(9), color="ink")], x=classes(long), y=Axis("", 0, 1))
    shown = [words(text) for text in texts_of(panel, "tick") if text["anchor"] == "middle"]
    assert shown[0] == long[0]
    assert 1 < len(shown) < 9
    assert [words(text) for text in texts_of(PANELS["bars"], "tick")][:4] == NAMES


def test_lines_on_which_bars_stand() -> None:
    def zero(panel: Panel) -> list[float]:
        (json,) = picture(panel).spec(640).json["panels"]
        _, top, _, tall = json["box"]
        low, high = json["y"]["limits"]
        at = [line["d"][1] for line in json["lines"] if line["role"] == "zero"]
        return [low + (high - low) * (top + tall - y + 0.5) / tall for y in at]

    assert zero(PANELS["bars"]) == pytest.approx([0], abs=0.03)
    assert zero(PANELS["bars, base"]) == pytest.approx([1], abs=0.03)
    assert zero(PANELS["line"]) == []
    assert zero(PANELS["grid"]) == pytest.approx([0], abs=0.03)


def test_axes_are_hairlines_where_there_is_something_to_measure() -> None:
    def axes(panel: Panel) -> int:
        (json,) = picture(panel).spec(640).json["panels"]
        return sum(line["role"] == "axis" for line in json["lines"])

    assert axes(PANELS["line"]) == 2
    assert axes(PANELS["grid"]) == 1, "the grid shows where y is"
    assert axes(PANELS["bars"]) == 1, "bars stand on their own line"
    assert axes(PANELS["bars, logarithmic"]) == 2
    assert axes(PANELS["bars, lying"]) == 1
    assert axes(PANELS["tiles"]) == 0
    assert axes(PANELS["no frame"]) == 0


def test_color_scales_show_their_ends() -> None:
    image = Image("f", [[0.0]], x=(0, 1), y=(0, 1), low=-1, high=1, colormap="diverging", scale="*f*")
    for mark in (
        image,
        Polygons(
            "f", [[[0, 0], [1, 0], [0, 1]]], values=[1], colormap="diverging", low=-1, high=1, scale="*f*"
        ),
    ):
        panel = Panel("f", [mark], x=Axis("x", 0, 1), y=Axis("y", 0, 1))
        (json,) = picture(panel).spec(640).json["panels"]
        (strip,) = json["scales"]
        left, top, _, tall = strip["box"]
        assert (top, tall) == (json["box"][1], json["box"][3])
        assert left > json["box"][0] + json["box"][2]
        beside = {words(t): t["y"] - 4.2 for t in json["texts"] if t["role"] == "tick" and t["x"] > left}
        assert beside["−1"] == pytest.approx(top + tall, abs=0.6)
        assert beside["0"] == pytest.approx(top + tall / 2, abs=0.6)
        assert beside["1"] == pytest.approx(top, abs=0.6)
        assert strip["colormap"] == "diverging"
        # The numbers stand clear of the strip's ticks, and fill the room that was left for them.
        ticks = [line for line in json["lines"] if line["role"] == "tick" and line["d"][0] > left]
        numbers = [t for t in json["texts"] if t["role"] == "tick" and t["x"] > left]
        ends = [line["d"][2] for line in ticks]
        assert max(ends) < min(t["x"] for t in numbers)
        assert min(ends) > left + strip["box"][2]
        widest = max(width(words(t), TICK) for t in numbers)
        right = json["box"][0] + json["box"][2]
        assert numbers[0]["x"] + widest - right == pytest.approx(_scale_room(panel))


def test_rules_are_labeled_at_their_ends() -> None:
    for axis in ("x", "y"):
        panel = Panel("r", [Rule("t", 0.5, axis=axis, label="here")], **XY)  # type: ignore[arg-type]
        assert [words(text) for text in texts_of(panel, "direct")] == ["here"]


@pytest.mark.parametrize("at", [0.0, 0.1, 2.0, 3.9, 4.0])
def test_labels_of_upright_rules_stand_beside_them_in_the_panel_and_apart(at: float) -> None:
    rules = [Rule(name, at, label=f"rule {name}") for name in ("one", "two", "three")]
    panel = Panel("r", rules, **XY)
    assert text_problems(picture(panel).spec(640)) == []
    left, top, wide, tall = box(panel)
    for text in texts_of(panel, "direct"):
        assert left <= text["x"] <= left + wide - 30
        assert top < text["y"] <= top + tall
        across = text["x"] - (left + wide * at / 4)
        assert 0 < across < 10 or -60 < across < -30, "it begins to the right, or ends to the left"


@pytest.mark.parametrize("at", [-2.0, -1.9, 0.5, 2.9, 3.0])
def test_labels_of_level_rules_stand_over_or_under_them_in_the_panel_and_apart(at: float) -> None:
    rules = [Rule(name, at, axis="y", label=f"rule {name}") for name in ("one", "two")]
    panel = Panel("r", rules, **XY)
    assert text_problems(picture(panel).spec(640)) == []
    _, top, _, tall = box(panel)
    for text in texts_of(panel, "direct"):
        down = text["y"] - (top + tall * (3 - at) / 5)
        assert -8 < down < -2 or 10 < down < 18


# --- Ticks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [2, 3, 5, 7])
def test_linear_ticks_are_round_even_and_within(most: int) -> None:
    random = np.random.default_rng(0)
    for low, span in zip(random.normal(size=200) * 10, 10 ** random.uniform(-6, 6, size=200), strict=True):
        ticks = linear_ticks(low, low + span, most)
        assert 1 <= len(ticks) <= most
        assert low - 1e-9 * span <= ticks[0]
        assert ticks[-1] <= low + span * (1 + 1e-9)
        if len(ticks) > 1:
            step = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
            assert np.allclose(np.diff(ticks), step, rtol=1e-6)
            mantissa = float(f"{step:e}".partition("e")[0])
            assert round(mantissa, 4) in (1, 2, 5, 10)


def test_ticks_are_exact_far_from_zero() -> None:
    assert linear_ticks(1e12, 1e12 + 4, 5) == [1e12 + k for k in range(5)]
    assert linear_ticks(1, 1 + 4e-9, 5) == [1 + k * 1e-9 for k in range(5)]
    assert linear_ticks(0, 0.7, 8) == [k / 10 for k in range(8)]


@pytest.mark.parametrize("most", [2, 3, 7])
def test_an_end_that_is_round_but_for_rounding_errors_has_its_tick(most: int) -> None:
    assert linear_ticks(0.1 + 0.2, 0.9, 8)[0] == 0.3
    assert linear_ticks(-0.9, -0.1 - 0.2, 8)[-1] == -0.3
    assert log_ticks(0.2 * (1 + 1e-12), 0.5 * (1 - 1e-12), 4) == [0.2, 0.5]
    assert not {0.2, 0.5} & set(log_ticks(0.2 * (1 + 1e-6), 0.5 * (1 - 1e-6), 4))
    assert log_ticks(0.01 * (1 + 1e-12), 100 * (1 - 1e-12), 5) == [0.01, 0.1, 1, 10, 100]
    assert 1 < len(linear_ticks(0, 10 * most * (1 - 1e-11), most)) <= most, "one more would be too many"


def test_there_are_as_many_ticks_as_there_is_room_for() -> None:
    counts = [[len(linear_ticks(0, high, most)) for most in (2, 3, 6, 11)] for high in (1, 10, 1e-7, 1e7)]
    assert counts == [[2, 3, 6, 11]] * 4
    assert linear_ticks(0, 4, 4) == [0, 2, 4]
    assert linear_ticks(0.5, 2.5, 2) == [1, 2]
    assert linear_ticks(0, 300, 4) == [0, 100, 200, 300]


@pytest.mark.parametrize("step", [1, 2, 3, 5, 10, 20, 30, 50, 100])
def test_powers_of_ten_stand_at_even_steps_of_which_one_is_at_1(step: int) -> None:
    for shift in (0, 1):
        ticks = log_ticks(10.0 ** (-2 * step), 10.0 ** (2 * step + shift * (step - 1)), 5)
        assert ticks == [float(f"1e{k * step}") for k in (-2, -1, 0, 1, 2)]


def test_within_two_decades_also_2_and_5_have_ticks_if_there_is_room() -> None:
    assert log_ticks(1, 10, 4) == [1, 2, 5, 10]
    assert log_ticks(1, 10, 3) == [1, 10]
    assert log_ticks(0.5, 30, 7) == [0.5, 1, 2, 5, 10, 20]
    assert log_ticks(1, 99, 7) == [1, 2, 5, 10, 20, 50]
    assert log_ticks(1, 100, 7) == [1, 10, 100]
    assert log_ticks(4, 40, 7) == [5, 10, 20]
    assert log_ticks(0.03, 0.9, 7) == [0.05, 0.1, 0.2, 0.5]


def test_log_ticks_are_powers_within() -> None:
    for low, high, most in ((1e-3, 1e3, 7), (1e-300, 1e300, 6), (0.5, 2000, 4), (1, 10, 5), (3, 4, 5)):
        ticks = log_ticks(low, high, most)
        assert len(ticks) <= max(most, 2)
        assert all(low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) for tick in ticks)
    assert log_ticks(1e-3, 1e3, 7) == [1e-3, 1e-2, 0.1, 1, 10, 100, 1000]
    assert 1.0 in log_ticks(1e-300, 1e300, 6)
    assert log_ticks(1.5, 6, 4) == [2, 5]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (3, 4, [3, 3.5, 4]),
        (2.2, 4.8, [2.5, 3, 3.5, 4, 4.5]),
        (6, 9, [6, 7, 8, 9]),
        (11, 19, [12, 14, 16, 18]),
        (30, 40, [30, 35, 40]),
        (0.5, 0.7, [0.5, 0.55, 0.6, 0.65, 0.7]),
        (1, 1.0001, [1, 1.00005, 1.0001]),
    ],
)
def test_between_1_2_and_5_a_logarithmic_axis_has_the_ticks_of_a_linear_one(
    low: float, high: float, ticks: list[float]
) -> None:
    assert log_ticks(low, high, 5) == ticks
    axis = Axis("n", low, high, scale="log")
    ((_, first), *_, (_, last)) = layout.axis_ticks(axis, (low, high), 5)
    assert (first, last) == (f"{ticks[0]:g}", f"{ticks[-1]:.10g}")


def test_a_power_of_ten_stays_where_a_linear_axis_has_no_more_ticks() -> None:
    assert log_ticks(1.5, 60, 2) == [10]


def test_texts_of_ticks_say_their_numbers() -> None:
    from course_utils.teaching.pictures.typeset import runs

    for values, log in (
        ([-1, -0.5, 0, 0.5, 1], False),
        ([0, 2e5, 4e5], False),
        ([-2e-5, 0, 2e-5], False),
        ([1e-9, 1e-3, 1000], True),
        ([0.01, 1, 100], True),
    ):
        assert [number_of(runs(text)) for text in tick_texts(values, log)] == pytest.approx(values)


@pytest.mark.parametrize(
    ("values", "log", "texts"),
    [
        ([], False, []),
        ([0], False, ["0"]),
        ([0, 99_999], False, ["0", "99999"]),
        ([0, 100_000], False, ["0", "10^{5}"]),
        ([0.0001, 1], False, ["0.0001", "1"]),
        ([0.0001, 1], True, ["10^{−4}", "1"]),
        ([0.001, 1], True, ["0.001", "1"]),
        ([0, 0.001], False, ["0", "0.001"]),
        ([0, 0.0005], False, ["0", "5·10^{−4}"]),
        ([-1e6, -2.5e5, 1e6], False, ["−10^{6}", "−2.5·10^{5}", "10^{6}"]),
        ([1.25e6], False, ["1.25·10^{6}"]),
        ([1e6, 1_001_000], False, ["1000000", "1001000"]),
        ([1e6 - 1, 1e6 + 1], False, ["999999", "1000001"]),
        ([2e10, 2.0001e10], False, ["2·10^{10}", "2.0001·10^{10}"]),
        ([1.2345e-4], False, ["1.2345·10^{−4}"]),
        ([-0.25, 1.5], False, ["−0.25", "1.5"]),
    ],
)
def test_far_and_small_numbers_are_written_as_powers_unless_late_digits_tell_them_apart(
    values: list[float], log: bool, texts: list[str]
) -> None:
    assert tick_texts(values, log) == texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1e10, 1e10 + 1], ["10^{10}", "1.0000000001·10^{10}"]),
        ([0.00012345678, 0.00012345679], ["1.2345678·10^{−4}", "1.2345679·10^{−4}"]),
        ([1.0, 1.0000000000005, 1.000000000001], ["1", "1.0000000000005", "1.000000000001"]),
        ([-1, -1 - 2**-52], ["−1", "−1.0000000000000002"]),
        ([1e17, 1e17 + 16], ["10^{17}", "1.0000000000000002·10^{17}"]),
        ([0.5, 0.5, 0.1 + 0.2], ["0.5", "0.5", "0.3"]),
    ],
)
def test_different_numbers_are_written_with_as_many_digits_as_tell_them_apart(
    values: list[float], texts: list[str]
) -> None:
    assert tick_texts(values) == texts


@pytest.mark.parametrize("low", [1e10, -1e10 - 5, 1e15])
def test_no_two_ticks_far_from_zero_say_the_same(low: float) -> None:
    ticks = layout.axis_ticks(Axis("n", low, low + 5), (low, low + 5), 7)
    assert [at for at, _ in ticks] == [low + k for k in range(6)]
    assert len({text for _, text in ticks}) == 6


@pytest.mark.parametrize("at", [1e17, -1e17, 1e300])
@pytest.mark.parametrize("axis", [Axis("y"), Axis("y", low=1e300), Axis("y", high=-1e300)])
def test_the_same_number_far_from_zero_again_and_again_has_limits_around_it(at: float, axis: Axis) -> None:
    low, high = axis.limits([(at, at)])
    assert low < high
    if axis.low is axis.high:
        assert low < at < high
    texts = [text for _, text in layout.axis_ticks(axis, (low, high), 5)]
    assert len(texts) == len(set(texts)) > 1
    assert Picture([Panel("", [Line("y", [at, at], [0, 1], color="ink")], y=axis)], "A line.").svg(640)


def test_a_panel_says_which_control_zooms_it() -> None:
    panels = [Panel("", [Line("y", [0, 1], [0, 1], color="ink")], zooms=zooms) for zooms in (None, "size")]
    (still,), (zoomed,) = (Picture([panel], "A line.").spec(640).json["panels"] for panel in panels)
    assert "zooms" not in still
    assert zoomed["zooms"] == "size"
