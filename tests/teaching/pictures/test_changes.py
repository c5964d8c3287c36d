"""What has changed from one picture to the next, put together with the one before, is the next."""

from __future__ import annotations

import copy
import functools
import json
from typing import Any

import numpy as np
import pytest
from samples import PANELS, picture

from course_utils.teaching.pictures import Axis, Bars, Line, Panel, Picture, Points, Spec
from course_utils.teaching.pictures.changes import changes

X = np.linspace(0, 1, 50)


def shown(slope: float = 1.0, *, title: str = "a line", points: int = 0, says: str = "It rises.") -> Spec:
    marks = [
        Line("y", slope * X, X, color="ink"),
        *(Points(f"p{i}", [0.5], [0.5], color="loss") for i in range(points)),
    ]
    axes = {"x": Axis("x", 0, 1), "y": Axis("y", -9, 9)}
    return Picture(
        [Panel(title, marks, **axes), Panel("still", [Bars("b", [1, 2], color="logits")])], says
    ).spec(640)


def applied(before: Spec, told: Spec) -> dict[str, Any]:
    """Put the changes into a spec, every array as a list: what view/changes.js does."""
    whole, new = unpacked(before), unpacked(told)
    for old, panel in zip(whole["panels"], new.pop("panels"), strict=True):
        marks = [
            mark if "kind" in mark else {**old["marks"][m], **mark}
            for m, mark in enumerate(panel.pop("marks"))
        ]
        for key in ("lines", "texts"):
            if key in panel:
                panel[key] = [old[key][i] if entry == 0 else entry for i, entry in enumerate(panel[key])]
        old.update(panel, marks=marks)
    return {**whole, **new}


def unpacked(spec: Spec) -> dict[str, Any]:
    whole: dict[str, Any] = copy.deepcopy(spec.json)
    for panel in whole["panels"]:
        for mark in panel["marks"]:
            mark |= {
                key: spec.array(value).tolist()
                for key, value in mark.items()
                if isinstance(value, dict) and "b" in value
            }
    return whole


def size(spec: Spec) -> int:
    return len(json.dumps(spec.json)) + sum(map(len, spec.buffers))


@pytest.mark.parametrize(
    "other",
    [shown(2.0), shown(says="It falls."), shown(title="another"), shown(points=2), shown(-3.0, points=1)],
    ids=["data", "words", "title", "marks", "data and marks"],
)
def test_the_changes_lead_from_one_picture_to_the_other(other: Spec) -> None:
    for before, now in ((shown(), other), (other, shown())):
        told = changes(before, now)
        assert told is not None
        assert applied(before, told) == unpacked(now)
        assert size(told) < size(now) / 2


@functools.cache
def spec_of(panel: str, width: int) -> Spec:
    return picture(PANELS[panel]).spec(width)


@pytest.mark.parametrize("first", PANELS)
@pytest.mark.parametrize("width", [360, 960])
def test_from_every_kind_of_mark_to_every_other(first: str, width: int) -> None:
    before = spec_of(first, 640)
    for second in PANELS:
        now = spec_of(second, width)
        told = changes(before, now)
        assert told is None or applied(before, told) == unpacked(now)
    same = changes(before, before)
    assert same is not None
    assert same.json == {"panels": [{"marks": [{}] * len(before.json["panels"][0]["marks"])}]}
    assert same.buffers == []


def test_what_stands_still_is_not_sent_again() -> None:
    told = changes(shown(), shown(2.0))
    assert told is not None
    line, bars = (panel["marks"][0] for panel in told.json["panels"])
    assert list(line) == ["y"]
    assert bars == {}
    assert len(told.buffers) == 1


def test_the_same_bytes_between_other_ends_are_told() -> None:
    def net(size: float) -> Spec:
        line = Line("", size * X, X, color="ink")
        return Picture([Panel("", [line], x=Axis("x", 0, 1), y=Axis("", 0, 9))], "A net.").spec(640)

    one, two = net(1.0), net(2.0)
    assert one.buffers == two.buffers
    told = changes(one, two)
    assert told is not None
    assert applied(one, told) == unpacked(two) != unpacked(one)


def test_pictures_of_other_panels_are_sent_whole() -> None:
    one = Picture([Panel("alone", [Points("p", [1], color="ink")])], "One.").spec(640)
    assert changes(one, shown()) is None


def test_an_array_that_is_kept_by_mistake_would_be_found() -> None:
    told = changes(shown(), shown(2.0))
    assert told is not None
    told.json["panels"][0]["marks"][0] = {}
    assert applied(shown(), told) != unpacked(shown(2.0))
