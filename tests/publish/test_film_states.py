"""Which states of a demo are recorded: those to which one control leads, or one hand, and no others."""

from __future__ import annotations

import inspect
import itertools
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from course_utils.publish.films import PLACES, WIDTHS, Film, notches, record, states
from course_utils.teaching import Demo
from course_utils.teaching.controls import (
    Bitmap,
    Bits,
    Choice,
    Control,
    Float,
    Integer,
    LogFloat,
    Toggle,
    Vector,
)
from course_utils.teaching.pictures import Axis, Bars, Drag, DragTo, Panel, Picture, Points
from course_utils.teaching.pictures.layout import WIDTHS as OF_PICTURES

A = Float("a", "a", low=0, high=2, initial=1, step=1)
B = Integer("b", "b", low=0, high=1, initial=0)
U = Vector("u", "u", entries=("0", "1"), low=0, high=1, initial=(0, 1), step=1)
V = Vector("v", "v", entries=("0", "1"), low=0, high=1, initial=(1, 0), step=1)


def demo_of(drags: Any, *controls: Control, **presets: dict[str, Any]) -> Demo:
    """Return a demo whose second mark, in its second panel, is moved by hand."""

    def picture(**state: Any) -> Picture:
        still = Bars("still", [1.0], color="logits")
        held = Points("held", [0.3], [0.6], color="loss", drags=drags)
        axis = Axis("", 0, 1)
        panels = [Panel("", [still], x=axis, y=axis), Panel("", [still, held], x=axis, y=Axis("", -1, 3))]
        return Picture(panels, f"It is {state}.")

    names = [inspect.Parameter(control.name, inspect.Parameter.KEYWORD_ONLY) for control in controls]
    picture.__signature__ = inspect.Signature(names)  # type: ignore[attr-defined]
    return Demo(picture, controls, title="A demo.", look_for="What moves?", presets=presets)


def several(listed: Iterable[dict[str, Any]]) -> list[str]:
    return sorted({json.dumps(state) for state in listed})


ONE_BY_ONE = [
    *({"a": a, "b": 0, "u": (0.0, 1.0)} for a in (0.0, 1.0, 2.0)),
    {"a": 1.0, "b": 1, "u": (0.0, 1.0)},
    {"a": 1.0, "b": 0, "u": (1.0, 1.0)},
    {"a": 1.0, "b": 0, "u": (0.0, 0.0)},
]


@pytest.mark.parametrize("drags", [None, {"x": Drag("a")}, {"y": Drag("u", "each")}])
def test_each_control_moves_alone_and_a_hand_along_one_axis_leads_nowhere_else(drags: Any) -> None:
    found = states(demo_of(drags, A, B, U))
    assert found[0] == {"a": 1.0, "b": 0, "u": (0.0, 1.0)}
    assert len(found) == len(ONE_BY_ONE), "each once"
    assert several(found) == several(ONE_BY_ONE)


def test_each_control_moves_from_each_preset() -> None:
    found = states(demo_of(None, A, B, Far={"a": 2.0, "b": 1}))
    assert found[:2] == [{"a": 1.0, "b": 0}, {"a": 2.0, "b": 1}]
    assert several(found) == several({"a": a, "b": b} for a in (0.0, 1.0, 2.0) for b in (0, 1))


@pytest.mark.parametrize(
    ("drags", "controls", "leads_to"),
    [
        (
            {"x": Drag("a"), "y": Drag("b")},
            (A, B),
            [{"a": float(a), "b": b} for a in range(3) for b in range(2)],
        ),
        (
            {"x": Drag("u", 0), "y": Drag("u", 1)},
            (B, U),
            [{"b": 0, "u": (float(x), float(y))} for x in range(2) for y in range(2)],
        ),
        (
            {"x": Drag("u", "each"), "y": Drag("v", "each")},
            (U, V),
            [
                *({"u": (float(x), 1.0), "v": (float(y), 0.0)} for x in range(2) for y in range(2)),
                *({"u": (0.0, float(x)), "v": (1.0, float(y))} for x in range(2) for y in range(2)),
            ],
        ),
        (
            {"x": Drag("b"), "y": Drag("u", "each")},
            (B, U),
            [
                *({"b": b, "u": (float(x), 1.0)} for b in range(2) for x in range(2)),
                *({"b": b, "u": (0.0, float(x))} for b in range(2) for x in range(2)),
            ],
        ),
    ],
    ids=["two controls", "two entries", "entries of two", "one of each"],
)
def test_a_hand_in_a_plane_leads_everywhere_there(drags: Any, controls: Any, leads_to: Any) -> None:
    if "each" in (drags["x"].entry, drags["y"].entry) and drags["x"].entry is None:
        drags = dict(reversed(drags.items()))  # a vector gives the number of its points
    demo = demo_of(drags, *controls)
    alone = states(demo_of(None, *controls))
    assert several(states(demo)) == several([*alone, *leads_to])


def test_a_hand_whose_way_is_computed_is_asked_for_the_places_of_a_grid() -> None:
    asked: list[tuple[float, float]] = []

    def leads(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
        assert index == 0
        assert state == {"a": 1.0, "b": 0}
        asked.append((x, y))
        if x < 0.5:
            raise ValueError("no state has its mark there")
        return {"a": float(round(y))} if 0 <= y <= 2 else {}

    found = states(demo_of(DragTo(leads, ("a",)), A, Integer("b", "b", low=0, high=0, initial=0)))
    assert [state["a"] for state in found] == [1.0, 0.0, 2.0]
    x, y = (sorted({place[axis] for place in asked}) for axis in (0, 1))
    assert [*itertools.product(x, y)] == asked
    for places, low, high in ((x, 0, 1), (y, -1, 3)):  # its limits lie at the edge, where no mark is seen
        np.testing.assert_allclose(np.diff([low, *places, high]), (high - low) / (PLACES + 1))
        assert (low + high) / 2 in places, "the middle of the picture"


def test_a_grid_in_a_plane_is_even_and_has_the_middle() -> None:
    """Where its controls have more values."""
    fine = [Float(name, name, low=-1, high=1, initial=0.05, step=0.05) for name in ("a", "b")]
    found = states(demo_of({"x": Drag("a"), "y": Drag("b")}, *fine))
    grid = [(state["a"], state["b"]) for state in found if 0.05 not in state.values()]
    places = sorted({a for a, _ in grid})
    assert [*itertools.product(places, places)] == sorted(grid)
    assert places[0] == -1
    assert places[-1] == 1
    assert 0 in places
    assert np.ptp(np.diff(places)) < 0.06, "as even as steps allow"


@pytest.mark.parametrize("count", [81, 201, 2001])
def test_a_long_scale_is_thinned_evenly(count: int) -> None:
    """Every second, fifth or fiftieth value: round numbers stay, and the middle."""
    whole = Integer("n", "n", low=5, high=4 + count, initial=5)
    step = Float("x", "x", low=0, high=(count - 1) / 10, initial=0, step=0.1)
    factor = LogFloat("r", "r", low=1, high=1.01 ** (count - 1), initial=1, step=1.01)
    for values in (notches(whole, 5), notches(step, 0), np.log(notches(factor, 1)) / np.log(1.01)):
        np.testing.assert_allclose(np.diff(values), (values[-1] - values[0]) / 40)
        assert len(values) == 41
    assert notches(whole, 5)[-1] == 4 + count
    assert notches(factor, 1)[0] == 1


def test_a_short_scale_is_recorded_whole() -> None:
    assert notches(Integer("n", "n", low=3, high=43, initial=3), 3) == [*range(3, 44)]
    assert notches(Float("x", "x", low=0.1, high=0.4, initial=0.1, step=0.1), 0.1) == [0.1, 0.2, 0.3, 0.4]
    assert notches(Float("x", "x", low=0, high=3e-5, initial=0, step=1e-5), 0) == [0, 1e-5, 2e-5, 3e-5]
    assert notches(Float("x", "x", low=0, high=3e8, initial=0, step=1e8), 0) == [0, 1e8, 2e8, 3e8]
    assert notches(LogFloat("r", "r", low=0.5, high=8, initial=1, step=2), 1) == [0.5, 1, 2, 4, 8]
    assert notches(Choice("c", "c", options=("a", "b"), initial="b"), "b") == ["a", "b"]
    assert notches(Toggle("t", "t", initial=True), True) == [False, True]


@pytest.mark.parametrize(("count", "few"), [(1, True), (3, True), (41, True), (42, False)])
def test_bits_are_switched_one_by_one_if_they_are_few(count: int, few: bool) -> None:
    start = "01" * (count // 2) + "0" * (count % 2)
    found = notches(Bits("s", "s", groups=(("bits", count),)), start)
    switched = {start[:i] + ("1" if start[i] == "0" else "0") + start[i + 1 :] for i in range(count)}
    assert {*found} == ({start} | switched if few else set())


def test_what_is_painted_by_hand_moves_with_presets_only() -> None:
    control = Bitmap("image", "image", rows=8, columns=8)
    assert notches(control, "1" * 64) == []


@pytest.fixture(scope="module")
def film() -> Film:
    return record(demo_of({"x": Drag("a")}, A, B, Far={"a": 2.0}))


def test_pictures_are_those_of_a_column_of_text_and_of_a_phone() -> None:
    assert {*WIDTHS} == {*sorted(OF_PICTURES)[:2]}
    assert WIDTHS[0] > WIDTHS[1], "a page takes the first that fits"


def test_a_film_tells_its_states_and_holds_nothing_twice(film: Film) -> None:
    pieces = [json.dumps(piece) for piece in film.json["pieces"]]
    assert len({*pieces}) == len(pieces)
    demo = demo_of({"x": Drag("a")}, A, B, Far={"a": 2.0})
    for (values, says, readout, *layouts), state in zip(film.json["states"], states(demo), strict=True):
        picture = demo.at(**state)
        assert values == [*state.values()]
        assert (says, readout) == (picture.says, len(picture.readout))
        for width, (height, panels) in zip(WIDTHS, layouts, strict=True):
            spec = picture.spec(width).json
            assert height == spec["height"]
            for (rest, texts, marks), wanted in zip(panels, spec["panels"], strict=True):
                told = film.json["pieces"][rest]
                assert {*told} == {*wanted} - {"texts", "marks"}
                assert [film.json["pieces"][i]["runs"] for i in texts] == [
                    json.loads(json.dumps(text["runs"])) for text in wanted["texts"]
                ]
                assert [film.json["pieces"][i]["name"] for i in marks] == [
                    mark["name"] for mark in wanted["marks"]
                ]
    assert {key: film.json[key] for key in demo.declared()} == demo.declared()
