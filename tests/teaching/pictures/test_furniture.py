"""Where axes, ticks, titles and color scales stand, to the pixel: on a panel of 400 by 200 at (100, 50)."""

from __future__ import annotations

from typing import Any

import pytest

from course_utils.teaching.pictures import Axis, Bars, Image, Panel, Tiles, classes
from course_utils.teaching.pictures import furniture as module
from course_utils.teaching.pictures.furniture import furniture
from course_utils.teaching.pictures.layout import Placed
from course_utils.teaching.pictures.spec import Scale
from course_utils.teaching.pictures.typeset import width

X, Y = Axis("*x*", 0, 400, ticks=(0, 100, 400)), Axis("*y*", 0, 200, ticks=(50, 150))


def placed(
    *marks: Any, x: Axis = X, y: Axis = Y, title: tuple[str, ...] = (), room: float = 0, **panel: Any
) -> Placed:
    """Place marks so that a number is a pixel, counted from the lower left."""
    whole = Panel("", list(marks), x=x, y=y, **panel)
    (x0, x1), (y0, y1) = whole.limits("x"), whole.limits("y")
    scales = Scale(x0, x1, False, 100, 400), Scale(y0, y1, False, 250, -200)
    return Placed(whole, (100, 50, 400, 200), *scales, room, list(title), (60.0, 5.0))


def lines(place: Placed) -> dict[str, list[list[float]]]:
    found: dict[str, list[list[float]]] = {}
    for line in furniture(place)["lines"]:
        found.setdefault(line["role"], []).append(line["d"])
    return found


def texts(place: Placed, role: str) -> list[tuple[Any, ...]]:
    found = [text for text in furniture(place)["texts"] if text["role"] == role]
    return [("".join(run[0] for run in t["runs"]), t["x"], t["y"], t["anchor"]) for t in found]


def looks(place: Placed, role: str) -> set[tuple[Any, ...]]:
    found = [text for text in furniture(place)["texts"] if text["role"] == role]
    return {(text["size"], text["color"], text.get("weight", 400)) for text in found}


def test_a_line_lies_on_half_pixels_where_it_is_sharp() -> None:
    assert module.line("axis", 1.2, 2.0, 3.9, -0.3) == {"role": "axis", "d": [1.5, 2.5, 3.5, -0.5]}


def test_a_title_has_a_line_of_seventeen_pixels_each() -> None:
    two = placed(title=("one", "two"))
    assert texts(two, "title") == [("one", 60, 18, "start"), ("two", 60, 35, "start")]
    assert looks(two, "title") == {(13, "ink", 600)}
    assert texts(placed(), "title") == []


def test_axes_have_ticks_of_four_pixels_and_their_numbers_beside_them() -> None:
    plain = placed()
    assert lines(plain) == {
        "axis": [[100.5, 250.5, 500.5, 250.5], [100.5, 50.5, 100.5, 250.5]],
        "tick": [
            *([x + 0.5, 250.5, x + 0.5, 254.5] for x in (100, 200, 500)),
            *([96.5, y + 0.5, 100.5, y + 0.5] for y in (200, 100)),
        ],
    }
    below = [
        (text, x, round(250 + 8 + 0.78 * 12, 1), "middle")
        for text, x in (("0", 100), ("100", 200), ("400", 500))
    ]
    assert texts(plain, "tick") == [*below, ("50", 92, 204.2, "end"), ("150", 92, 104.2, "end")]
    assert looks(plain, "tick") == {(12, "muted", 400)}
    assert texts(plain, "label") == [
        ("x", 500, round(250 + 19 + 0.78 * 12 + 3, 1), "end"),
        ("y", 60, 41, "start"),
    ]
    assert looks(plain, "label") == {(12, "ink", 400)}
    assert texts(placed(x=Axis("", 0, 400), y=Axis("", 0, 200)), "label") == []


def test_a_grid_takes_the_place_of_ticks() -> None:
    both = lines(placed(grid="both"))
    assert both["grid"] == [
        *([x + 0.5, 50.5, x + 0.5, 250.5] for x in (100, 200, 500)),
        *([100.5, y + 0.5, 500.5, y + 0.5] for y in (200, 100)),
    ]
    assert both["axis"] == [[100.5, 250.5, 500.5, 250.5]]
    assert both["tick"] == [[x + 0.5, 250.5, x + 0.5, 254.5] for x in (100, 200, 500)]
    level = lines(placed(grid="y"))
    assert level["grid"] == both["grid"][3:]
    assert level["axis"] == both["axis"]
    assert texts(placed(grid="y"), "tick")[-1][1] == 92, "numbers stand where they did"


def test_names_have_no_ticks_and_stand_nearer() -> None:
    named = placed(x=classes("ab"), y=classes("uv"))
    assert lines(named) == {}
    assert texts(named, "tick") == [
        *((text, x, round(250 + 6 + 0.78 * 12, 1), "middle") for text, x in (("a", 209.1), ("b", 390.9))),
        *((text, 96, y, "end") for text, y in (("u", 108.7), ("v", 199.7))),
    ]
    on_nothing = lines(placed(x=classes("ab")))
    assert on_nothing["axis"] == [[100.5, 250.5, 500.5, 250.5], [100.5, 50.5, 100.5, 250.5]]
    bars = lines(placed(Bars("p", [50.0, 90.0], color="ink"), x=classes("ab")))
    assert bars["axis"] == [[100.5, 50.5, 100.5, 250.5]], "bars stand on a line of their own"
    assert bars["zero"] == [[100.5, 250.5, 500.5, 250.5]]
    tiles = Tiles("J", [[1.0, 2.0]], rows="a", columns="xy", low=0, high=3)
    assert furniture(placed(tiles, x=tiles_axis(2), y=tiles_axis(1)))["lines"] == []


def tiles_axis(count: int) -> Axis:
    return classes([str(number) for number in range(count)])


def test_without_a_frame_there_is_nothing_around() -> None:
    bare = placed(frame="none", title=("one",))
    assert (lines(bare), texts(bare, "tick"), texts(bare, "label")) == ({}, [], [])
    assert texts(bare, "title") == [("one", 60, 18, "start")]


def test_lines_of_zero_cross_the_panel_where_they_are_wanted_and_seen() -> None:
    signed = {"x": Axis("x", -100, 300, zero=True), "y": Axis("y", -50, 150, zero=True)}
    assert lines(placed(**signed))["zero"] == [[200.5, 50.5, 200.5, 250.5], [100.5, 200.5, 500.5, 200.5]]
    based = [
        Bars("p", [50.0], [100.0], base=base, color="ink") for base in (20.0, 20.0, 0.0, 200.0, 201.0, -1.0)
    ]
    assert lines(placed(*based))["zero"] == [[100.5, y + 0.5, 500.5, y + 0.5] for y in (230, 250, 50)]
    lying = Bars("p", [50.0], [100.0], base=20.0, color="ink", horizontal=True)
    assert lines(placed(lying))["zero"] == [[120.5, 50.5, 120.5, 250.5]]
    stacked = Bars("p", [50.0], [100.0], base=[20.0], color="ink")
    assert "zero" not in lines(placed(stacked))


@pytest.mark.parametrize(
    ("count", "wide", "kept"),
    [(9, "m", 9), (9, "mmm", 9), (9, "mmmm", 5), (9, "m" * 11, 3), (9, "m" * 17, 2), (9, "m" * 40, 1)],
)
def test_names_that_have_no_room_are_left_out_evenly(count: int, wide: str, kept: int) -> None:
    place = placed(x=classes([wide] * count))
    every = [(float(k), wide) for k in range(count)]
    shown = module.apart(every, place)
    step = -(-count // kept)
    assert shown == every[::step]
    assert len(shown) == kept
    below = [anchor for *_, anchor in texts(place, "tick") if anchor == "middle"]
    assert len(below) == kept
    distance, need = step * 400 / 9, width(wide, 12) + 4
    assert kept == 1 or distance >= need
    assert step == 1 or (step - 1) * 400 / 9 < need


def test_names_stand_four_pixels_apart_at_least() -> None:
    one, other = "mm", "mmmmmm"
    need = (width(one, 12) + width(other, 12)) / 2 + 4
    near, far = ([(0.0, one), (need + spare, other)] for spare in (-0.1, 0.1))
    assert module.apart(near, placed()) == near[:1]
    assert module.apart(far, placed()) == far
    assert module.apart([], placed()) == []


def scaled(scale: str, room: float = 0, **axes: Any) -> Placed:
    image = Image("f", [[0.0]], x=(0, 400), y=(0, 200), low=-1, high=3, colormap="gray", scale=scale)
    return placed(image, room=room, **axes)


@pytest.mark.parametrize("room", [0, 30])
def test_a_color_scale_stands_beside_the_panel_with_its_numbers(room: float) -> None:
    place = scaled("*f*", room)
    left = 512 + room
    assert furniture(place)["scales"] == [{"box": [left, 50, 10, 200], "colormap": "gray"}]
    numbers = {"−1": 250, "0": 200, "1": 150, "2": 100, "3": 50}
    assert texts(place, "tick")[-5:] == [(text, left + 16, y + 4.2, "start") for text, y in numbers.items()]
    ticks = lines(place)["tick"][-5:]
    assert ticks == [[left + 10.5, y + 0.5, left + 13.5, y + 0.5] for y in numbers.values()]
    assert texts(place, "label")[-1] == ("f", left, 41, "start")
    assert looks(place, "tick") == {(12, "muted", 400)}
    assert looks(place, "label") == {(12, "ink", 400)}


def test_the_name_of_a_color_scale_ends_where_its_numbers_end_if_it_is_long() -> None:
    end = 512 + 16 + width("−1", 12)
    fits, long = "m", "mmmmmm"
    assert width(fits, 12) < end - 512 < width(long, 12)
    assert texts(scaled(fits), "label")[-1][1:] == (512, 41, "start")
    assert texts(scaled(long), "label")[-1][1:] == (round(end, 1), 41, "end")
    nameless = scaled("")
    assert len(texts(nameless, "label")) == 2
    assert furniture(nameless)["scales"]
    plain = placed(Image("f", [[0.0]], x=(0, 400), y=(0, 200), low=-1, high=3))
    assert furniture(plain)["scales"] == []
