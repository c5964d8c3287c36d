"""The line between judge and worker: values come back as they went, garbage comes to nothing."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.classroom import channel
from course_utils.classroom.channel import HEAD, Garbage, from_frame, sendable, to_frame
from course_utils.lessons.numeric_instability.one_pass import Stream

NUMBERS = arrays.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128, np.longdouble]),
    arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(...)
VALUES = st.recursive(
    PLAIN | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_a_value_comes_back_as_it_went(value: Any) -> None:
    back = from_frame(to_frame({"value": value}))["value"]
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype
        assert back.flags.writeable


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.tuples(st.binary(max_size=60), st.binary(max_size=40)))
def test_bytes_that_are_no_frame_are_garbage(raw: Any) -> None:
    frame = raw if isinstance(raw, bytes) else HEAD.pack(len(raw[0]), len(raw[1])) + raw[0] + raw[1]
    with contextlib.suppress(Garbage):
        assert isinstance(from_frame(frame), dict)


@pytest.mark.parametrize(
    "node",
    [
        [],
        {},
        {"array": ["<f8", [2]]},
        {"array": ["<f8", [-1]]},
        {"array": ["O", [1]]},
        {"array": ["<f8", [10**30, 10**30]]},
        {"array": ["<f8", [0] * 99]},
        {"large": ["<f8", [0] * 99]},
        {"large": ["<f8", [-1]]},
        {"empty": ["O", [-1]]},
        {"large": ["<f8", ["x"]]},
        {"empty": ["f", [1]]},
        {"_Unpacker__x": 1},
        {"unpack": 1},
        {"array": 1, "list": []},
        {"dict": [[{"list": []}, 1]]},
        {"other": [1]},
    ],
)
def test_a_value_that_cannot_be_is_garbage(node: Any) -> None:
    text = json.dumps({"returned": node}).encode()
    with pytest.raises(Garbage):
        from_frame(HEAD.pack(len(text), 8) + text + bytes(8))


@pytest.mark.parametrize("kind", ["O", "U", "S", "M", "m", "V"])
def test_an_array_of_no_numbers_takes_no_room(kind: str) -> None:
    text = json.dumps({"returned": {"empty": [kind, [10**9, 2]]}}).encode()
    array = from_frame(HEAD.pack(len(text), 0) + text)["returned"]
    assert (array.dtype.kind, array.shape, array.strides) == (kind, (10**9, 2), (0, 0))


def test_nesting_without_end_is_garbage() -> None:
    text = b'{"returned":' + b'{"list":[' * 100_000
    with pytest.raises(Garbage):
        from_frame(HEAD.pack(len(text), 0) + text)


def test_more_than_a_frame_holds_is_refused_on_both_sides() -> None:
    with pytest.raises(Garbage):
        to_frame({"value": "x" * (channel.LARGEST_FRAME + 1)})
    with pytest.raises(Garbage):
        from_frame(HEAD.pack(channel.LARGEST_FRAME, 1))


def test_a_frame_holds_exactly_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    message = {"value": np.arange(50.0), "text": "x" * 300}
    frame = to_frame(message)
    monkeypatch.setattr(channel, "LARGEST_FRAME", len(frame) - HEAD.size)
    np.testing.assert_equal(from_frame(to_frame(message)), message)
    monkeypatch.setattr(channel, "LARGEST_FRAME", len(frame) - HEAD.size - 1)
    with pytest.raises(Garbage):
        to_frame(message)
    with pytest.raises(Garbage):
        from_frame(frame)


def test_a_value_holds_exactly_so_many_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "LARGEST_VALUE", 6)
    most = np.arange(1.0, 7).reshape(2, 3)
    np.testing.assert_array_equal(from_frame(to_frame({"z": most}))["z"], most)
    larger = from_frame(to_frame({"z": np.ones((7, 1), np.float32)}))["z"]
    assert (larger.shape, larger.dtype, larger.any()) == ((7, 1), np.float32, False)
    lie = json.dumps({"z": {"array": ["|u1", [7]]}}).encode()
    with pytest.raises(Garbage):
        from_frame(HEAD.pack(len(lie), 7) + lie + bytes(7))
    for items in ([[1, 2], [3, 4]], (1, 2, 3, 4, 5, 6), {"a": 1, "b": 2}):
        assert from_frame(to_frame({"z": items}))["z"] == items
    for items in ([[1, 2], [3, 4], 5], [0] * 7, [[], [0] * 5], {0: 0, 1: 1, 2: 2, 3: 3}):
        with pytest.raises(Garbage):
            to_frame({"z": items})


def test_arrays_of_one_message_do_not_meet() -> None:
    message = {"a": np.arange(3, dtype=np.int8), "b": [np.float64(0.1), np.arange(4.0)], "c": np.array(7j)}
    np.testing.assert_equal(from_frame(to_frame(message)), message)


@pytest.mark.parametrize(
    "value", [10**1000, -(10**1000), 1 << 64, -1], ids=["large", "small", "64 bits", "-1"]
)
def test_a_whole_number_may_be_larger_than_any_of_numpys(value: int) -> None:
    assert from_frame(to_frame({"n": value}))["n"] == value


@pytest.mark.parametrize("value", [10**5000, -(10**5000)], ids=["large", "small"])
def test_a_whole_number_that_python_will_not_write_is_an_object(value: int) -> None:
    back = from_frame(to_frame({"n": value}))["n"]
    assert (type(back).__name__, repr(back)) == ("int", "an object")


def test_a_matrix_comes_as_an_array_and_an_array_of_many_axes_as_it_is() -> None:
    matrix = np.arange(4.0).reshape(2, 2).view(np.matrix)
    back = from_frame(to_frame({"z": matrix}))["z"]
    assert type(back) is np.ndarray
    np.testing.assert_array_equal(back, matrix)
    assert from_frame(to_frame({"z": np.zeros((1,) * 64)}))["z"].ndim == 64


def test_a_stream_can_be_read_once_there_too_and_says_so_alike() -> None:
    there = from_frame(to_frame({"stream": sendable(Stream([1.0, 2.0]))}))["stream"]
    assert list(there) == [1.0, 2.0]
    here = Stream([1.0, 2.0])
    assert list(here) == [1.0, 2.0]
    with pytest.raises(RuntimeError, match="read already") as said:
        list(here)
    with pytest.raises(RuntimeError, match=f"^{re.escape(str(said.value))}$"):
        list(there)


def test_of_what_cannot_be_sent_name_and_words_are() -> None:
    class Thing:
        def __repr__(self) -> str:
            return "a thing"

    back = from_frame(to_frame({"value": Thing()}))["value"]
    assert (type(back).__name__, repr(back)) == ("Thing", "a thing")


def test_what_cannot_even_be_written_is_an_object() -> None:
    class Mute:
        def __repr__(self) -> str:
            raise KeyError("no words")

    back = from_frame(to_frame({"value": Mute()}))["value"]
    assert (type(back).__name__, repr(back)) == ("Mute", "an object")
