"""What page and kernel say to each other in the load test: frames of the binary protocol, moves of a demo."""

from __future__ import annotations

import itertools
import json
from typing import Any, NamedTuple

PARTS = ("header", "parent_header", "metadata", "content")
MOVED = ("float", "integer", "vector")  # kinds of controls


def packed(channel: str, message: dict[str, Any]) -> bytes:
    """Return a message of the kernel protocol as one frame.

    >>> channel, parts = unpacked(packed("shell", {part: {} for part in PARTS}))
    >>> channel, len(parts), parts[0]
    ('shell', 4, b'{}')
    """
    parts = [channel.encode(), *(json.dumps(message[part]).encode() for part in PARTS)]
    places = [8 * (len(parts) + 2)]
    for part in parts:
        places.append(places[-1] + len(part))
    numbers = [len(places), *places]
    return b"".join([*(number.to_bytes(8, "little") for number in numbers), *parts])


def unpacked(frame: bytes) -> tuple[str, list[bytes]]:
    """Return the channel of a frame and its parts: header, parent header, metadata, content, buffers."""
    count = int.from_bytes(frame[:8], "little")
    places = [int.from_bytes(frame[8 * i : 8 * (i + 1)], "little") for i in range(1, count + 1)]
    channel, *parts = [frame[a:b] for a, b in itertools.pairwise(places)]
    return channel.decode(), parts


class Widget(NamedTuple):
    """A live demo on the student's page."""

    comm: str
    controls: list[dict[str, Any]]
    defaults: dict[str, Any]

    @property
    def moved(self) -> dict[str, Any]:
        """Return the control that the student moves; nothing if the demo has only switches."""
        return next((control for control in self.controls if control["kind"] in MOVED), {})

    def at(self, step: int) -> dict[str, Any]:
        """Return the values of all controls after a number of moves of one of them, back and forth."""
        control = self.moved
        share = abs(step % 40 - 20) / 20
        value: Any = control["low"] + (control["high"] - control["low"]) * share
        if control["kind"] == "integer":
            value = round(value)
        if control["kind"] == "vector":
            value = [value, *self.defaults[control["name"]][1:]]
        return {**self.defaults, control["name"]: value}
