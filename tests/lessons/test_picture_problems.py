"""What the sweeps over pictures that are data lean on: each of their checks catches what it is for."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from discovery import named
from picture_problems import (
    SUMS,
    all_text_problems,
    arithmetic_problems,
    bar_number_problems,
    key_problems,
    left_out,
    mark_problems,
    number_problems,
    place_problems,
    places,
    plural_problems,
    text_problems,
)
from test_color_vision import color_problems

from course_utils.teaching import Demo
from course_utils.teaching.pictures import (
    Axis,
    Bars,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    Text,
    classes,
    labels,
)

X, Y = [0.0, 1.0, 2.0], [0.25, 0.5, 0.75]


def one_panel(*marks: Any, says: str = "It rises.", title: str = "a line", **changes: Any) -> Picture:
    axes = {"x": Axis("x", 0, 2), "y": Axis("", 0, 1)} | {
        k: changes.pop(k) for k in ("x", "y") if k in changes
    }
    return Picture([Panel(title, marks, **axes)], says, **changes)


def line(name: str = "p", **style: Any) -> Line:
    return Line(name, Y, X, **{"color": "ink", **style})


def test_a_table_of_ones_own_must_say_what_the_marks_show() -> None:
    for p, problems in (([0.25, 0.5, 0.75], 0), ([0.25, 0.75], 0), ([0.25, 0.7, 0.75], 1), ([0.75, 0.25], 1)):
        shown = one_panel(line(), table=Table("p", {"row": list(range(len(p))), "p": p}))
        assert len(mark_problems(shown)) == problems, p
    rule = Rule("threshold", 0.5, axis="y")
    for at, problems in ((0.5, 0), (0.6, 1)):
        own = Table("p", {"x": X, "p": Y}, {"threshold": at})
        assert len(mark_problems(one_panel(line(), rule, table=own))) == problems


@pytest.mark.parametrize(
    "changes",
    [
        {"says": "It is 0.31."},
        {"title": "at 0.31"},
        {"x": Axis("from 0.31", 0, 2)},
        {"y": Axis("0.31 at most", 0, 1)},
    ],
)
def test_a_number_that_nobody_can_look_up_is_found_wherever_it_is_written(changes: dict[str, Any]) -> None:
    (problem,) = number_problems(one_panel(line(), **changes), {})
    assert (
        "comes from nowhere (show it in a mark or in the table, give it in facts= (5 for 5 %), or reword"
        in problem
    )
    assert number_problems(one_panel(line(), **changes), {"control": 0.31}) == []
    assert number_problems(one_panel(line(), **changes, facts={"known": 0.31}), {}) == []
    for known, problems in ((Y, 1), ([0.1, 0.2, 0.31], 0)):
        assert len(number_problems(one_panel(line(), **changes, columns={"more": known}), {})) == problems


def test_numbers_in_labels_and_texts_of_marks_are_looked_up_too() -> None:
    assert len(number_problems(one_panel(line(label="0.31")), {})) == 1
    assert len(number_problems(one_panel(line(), Text("0.31", 1, 0.5)), {})) == 1


@pytest.mark.parametrize(
    ("says", "problems"),
    [
        ("0.5877 + 0.2766 = 0.8643.", 0),
        ("0.5876 + 0.2766 = 0.8643.", 1),  # which is wrong as it stands
        ("0.5877 and 0.2766.", 1),
        ("0.5878 + 0.2765 = 0.8643.", 2),
    ],
)
def test_a_last_digit_may_be_the_next_one_where_it_makes_a_sum_right(says: str, problems: int) -> None:
    facts = {"a": 0.58764, "b": 0.27664, "sum": 0.86428}
    shown = one_panel(line(), says=says, facts=facts)
    found = number_problems(shown, {}) + arithmetic_problems(shown)
    assert len(found) == problems


def test_a_number_does_not_count_as_known_because_some_pixel_has_it() -> None:
    pixels = np.linspace(0, 1, 10_000).reshape(100, 100)
    image = Image("f", pixels, x=(0, 1), y=(0, 1), low=0, high=1)
    for value, problems in ((0.25, 0), (0.31, 1)):
        shown = one_panel(image, says=f"It is {value}.", facts={"a quarter": 0.25})
        assert len(number_problems(shown, {})) == problems


def test_texts_that_cover_each_other_or_leave_the_picture_are_found() -> None:
    assert all_text_problems(one_panel(line())) == []
    two = one_panel(line(), Text("one", 1, 0.5), Text("two", 1.02, 0.52))
    assert text_problems(two.spec(640)) == ["'one' and 'two' overlap at 640"]
    assert text_problems(one_panel(line(), Text("one", 0, 0.5, anchor="end", dx=-40)).spec(640)) == [
        "'one' is clipped at 640"
    ]
    assert text_problems(one_panel(line(), Text("one", 1, 0.5, size=9)).spec(640)) == [
        "'one' is too small at 640"
    ]


@pytest.mark.parametrize(
    ("mark", "problems"),
    [
        (Points("", [0.5, 7.0], [1.0, 1.0], color="ink"), 0),
        (Points("", [np.nan], [1.0], color="ink"), 0),
        (Points("", [1.0], [2.0], color="ink"), 0),
        (Points("", [1.01], [2.0], color="ink"), 1),
        (Points("", [1.0], [-0.01], color="ink"), 1),
        (Text("here", 0, 0), 0),
        (Text("here", 2.01, 0), 1),
        (Text("here", 0, -0.01), 1),
    ],
)
def test_what_lies_outside_its_panel_is_found(mark: Any, problems: int) -> None:
    assert len(place_problems(one_panel(mark))) == problems


@pytest.mark.parametrize(
    ("color", "problems"),
    [("layer1", 0), ("#1f2328", 0), ("#222222", 1), ("#dddddd", 1), ("faint", 2)],
)
def test_words_that_do_not_stand_out_from_their_paper_are_found(color: str, problems: int) -> None:
    """A color that was taken from light paper is that of the reader's paper in words."""
    net = Line("", [0, 1, np.nan], [0, 1, 2], color=color, label="layer 1")
    for label in (net, line(color=color, label="p")):
        assert len(all_text_problems(one_panel(label))) == problems


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        ("It has 1 regions.", 1),
        ("It has 1 region, 11 regions, 2.1 regions and −1 regions.", 0),
        ("A step of size 1 is 1 less.", 0),
        ("n + 1 regions.", 0),
    ],
)
def test_many_of_one_are_found(words: str, problems: int) -> None:
    assert len(plural_problems(one_panel(line(), says=words))) == problems
    assert len(plural_problems(one_panel(line(), title=words.removesuffix(".")))) == problems


def test_panels_that_jump_are_found() -> None:
    assert places(one_panel(line())) == places(one_panel(Line("p", [0.1, 0.2], [0, 1], color="ink")))
    assert places(one_panel(line())) != places(one_panel(line(), y=Axis("", 0, 1000)))


def test_colors_that_some_confuse_need_another_cue() -> None:
    reddish, greenish = "#d62728", "#2ca02c"

    def pair(**second: Any) -> Picture:
        other = Line("q", [0.3, 0.3, 0.3], X, **{"color": greenish, **second})
        return one_panel(line(color=reddish), other)

    assert "deuteranopia" in color_problems(pair())[0]
    assert color_problems(pair(dash="dashed")) == []
    assert color_problems(pair(label="q")) == []
    assert color_problems(pair(width=5)) == []
    assert color_problems(pair(color=reddish)) == []
    # Okabe and Ito's blue and vermillion are alike in a gray print.
    assert any("gray" in problem for problem in color_problems(pair(color="#0072b2")))


def test_nets_that_a_key_names_need_another_cue_too() -> None:
    def nets(**second: Any) -> Picture:
        places = {"y": [0, 1, np.nan, 1, 0], "x": [0, 1, np.nan, 0, 1]}
        one = Line("", **places, color="#d62728", label="layer 1")
        return one_panel(one, Line("", **places, **{"color": "#2ca02c", "label": "layer 2"} | second))

    assert color_problems(nets()) != []
    assert color_problems(nets(dash="dotted")) == []
    assert color_problems(nets(width=4)) == []


def test_bars_and_points_are_told_apart_too() -> None:
    names = classes(["cat", "dog", "fox"])
    one = Bars("p", Y, color="#d62728")
    for hatch, problems in (("", 2), ("//", 0)):  # on light and on dark paper
        other = Bars("q", Y, base=Y, color="#2ca02c", hatch=hatch)
        assert len(color_problems(one_panel(one, other, x=names))) == problems
    points = Points("r", Y, color="#2ca02c")
    for shape, problems in (("circle", 2), ("diamond", 0)):
        other = Points("s", [0.1, 0.1, 0.1], color="#d62728", shape=shape)
        assert len(color_problems(one_panel(points, other, x=names))) == problems


@pytest.mark.parametrize(
    ("says", "problems"),
    [
        ("It is m + log s = 1000.5 + 0.226 = 1000.726.", 0),
        ("It is m + log s = 1000.5 + 0.226 = 1000.73.", 1),
        ("Cross-entropy 0.864 nats = entropy 0.588 + divergence 0.276.", 0),
        ("Cross-entropy 0.864 nats = entropy 0.588 + divergence 0.277.", 1),
        ("Score 0.5 plus entropy/λ 0.693 is 1.193. It falls short of LSE = 1.313 by 0.120: more.", 0),
        ("Score 0.5 plus entropy/λ 0.693 is 1.19. It falls short of LSE = 1.31 by 0.12: more.", 1),
        ("Score 1 plus entropy/λ 0 is 1. It falls short of LSE = 1.313 by 0.312: more.", 1),
        ("LSE = −1.75 lies 0.25 above max = −2.", 0),
        ("LSE = 2.45 lies 0.44 above max = 2.", 1),
        ("The slope is −0.99945, that of squared error −0.0011. Log loss pushes 905 times as hard.", 1),
        ("The slope is −0.99945, that of squared error −0.0011047. Log loss pushes 905 times as hard.", 0),
    ],
)
def test_sums_are_right_as_they_stand(says: str, problems: int) -> None:
    assert len(arithmetic_problems(one_panel(line(), says=says))) == problems
    assert len(arithmetic_problems(one_panel(line(), title=says))) == problems


def test_every_sum_is_met() -> None:
    said = [demo.at(**state).says for demo in named(Demo).values() for state in ({}, *demo.presets.values())]
    assert [pattern for pattern in SUMS if not any(re.search(pattern, one) for one in said)] == []


@pytest.mark.parametrize(("at", "problems"), [(0.5, 0), (0.99, 0), (1.0, 1)])
def test_a_number_wider_than_its_bar_has_no_room_in_it(at: float, problems: int) -> None:
    bars = Bars("p", [at, 0.2], [0, 1], color="ink", width=0.02, values=True)
    (panel,) = (one_panel(bars, y=Axis("", 0, 1 if problems else 1.3)).panels[0][0],)
    found = bar_number_problems(Picture([panel], "It rises.").spec(640))
    assert found == ["'1' lies across a bar at 640"] * problems


def test_a_key_shows_what_it_names_and_nothing_else_looks_so(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [
        Bars("H", [0.5], [0.0], color="target", hatch="..", label="*H*"),
        Bars("KL", [0.25], [0.0], base=[0.5], color="loss", hatch="//", label="KL"),
        Bars("CE", [0.75], [1.0], color="loss"),
        Points("p", Y, X, color="loss", shape="star", label="p"),
    ]
    assert key_problems(one_panel(*parts)) == []
    plain_one = Bars("KL", [0.25], [0.0], base=[0.5], color="loss", label="KL")
    (alike,) = key_problems(one_panel(*parts[2:], plain_one))
    assert alike.endswith("looks like Bars 'CE'")
    monkeypatch.setattr(labels, "HATCH_SIGNS", {"..": ("//", 10), "//": ("//", 10)})
    (wrong,) = key_problems(one_panel(*parts))
    assert wrong == "'■\\u2009H' shows the hatch ['//'] in the key of 'a line'"
    monkeypatch.setattr(labels, "KEY_SIGNS", labels.KEY_SIGNS | {"star": "●"})
    assert len(key_problems(one_panel(*parts))) == 2


@pytest.mark.parametrize(("words", "widths"), [("1", []), ("much too long for it", [640, 960])])
def test_words_for_which_bars_stand_too_close_are_missed(words: str, widths: list[int]) -> None:
    bars = Bars("p", [0.5] * 18, color="ink", values=[words, *[""] * 17])
    found = left_out(one_panel(bars, x=classes([str(i) for i in range(18)])))
    assert [int(problem.rsplit(" ", 1)[-1]) for problem in found] == widths
