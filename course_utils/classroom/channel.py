"""What goes between judge and worker: frames of JSON and the raw bytes of arrays, never pickles.

Whatever comes out of a worker was written by somebody's code. Reading it yields plain data or `Garbage`; it
runs nothing, and takes no more memory than a few times `LARGEST_FRAME`.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

LARGEST_FRAME = 1 << 25  # bytes
LARGEST_VALUE = 100_000  # numbers; of a larger array only the shape is sent, as a verdict reads no more
DTYPE = re.compile(r"[<>|][biufc][0-9]{1,2}")
HEAD = struct.Struct("<II")  # how many bytes of JSON, and how many of arrays
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
Read = Callable[[int], bytes]  # returns that many bytes, or raises
Receive = Callable[[int], bytes]  # returns at most that many, and none at the end


class Garbage(ValueError):
    """Bytes that are no frame, or a frame that holds no value."""


class OnePass:
    """What a worker gets in place of a `Stream`, whose lesson it cannot import, as solutions stand in it.

    It can be read once only, from first to last, and says so in the words of the lesson.
    """

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = tuple(items)
        self._was_read = False

    def __iter__(self) -> Iterator[Any]:
        if self._was_read:
            raise RuntimeError("this stream has been read already; it passes once only")
        self._was_read = True
        return iter(self._items)


def stranger(kind: str, written: str) -> Any:
    """Stand in for an object that cannot be sent: of a type with that name, written like that.

    >>> stranger("Fraction", "Fraction(1, 3)"), type(stranger("Fraction", "")).__name__
    (Fraction(1, 3), 'Fraction')
    """
    return type(kind, (), {"__repr__": lambda self: written})()


class _Packer:
    """Turns values into JSON, and collects the bytes of arrays."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.left = LARGEST_VALUE  # items of lists

    def pack(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int:
            return value if abs(value) < 1 << 4096 else self.other(value)  # Python writes no longer ones
        if value is ...:
            return {"...": 0}
        if kind is np.ndarray:
            return self.array(value)
        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            return {"scalar": self.array(np.asarray(value))["array"]}
        if kind in (list, tuple):
            return {kind.__name__: self.items(value)}
        if kind is dict:
            return {"dict": [self.items(pair) for pair in value.items()]}
        if kind is OnePass:
            return {"once": self.items(value._items)}
        return self.other(value)

    def items(self, values: Any) -> list[Any]:
        self.left -= len(values)
        if self.left < 0:
            raise Garbage("more items than a result may have")
        return [self.pack(item) for item in values]

    def array(self, value: np.ndarray) -> dict[str, Any]:
        if value.dtype.kind not in "biufc":
            return {"empty": [value.dtype.kind, list(value.shape)]}
        named = [value.dtype.str, list(value.shape)]
        if value.size > LARGEST_VALUE:
            return {"large": named}
        self.blocks.append(value.tobytes())
        return {"array": named}

    def other(self, value: Any) -> dict[str, Any]:
        if isinstance(value, np.ndarray) and type(value).__name__ == "matrix":
            return self.array(np.asarray(value))
        try:
            written = repr(value)
        except Exception:  # a student's own
            written = "an object"
        return {"other": [type(value).__name__, written]}


class _Unpacker:
    """Turns JSON back into values, taking the bytes of arrays in order."""

    def __init__(self, block: bytes) -> None:
        self.block, self.at = block, 0

    def unpack(self, node: Any) -> Any:
        if not isinstance(node, dict):
            if node is None or isinstance(node, bool | int | float | str):
                return node
            raise Garbage("a list where a value belongs")
        ((kind, held),) = node.items()
        return getattr(self, f"of_{'dots' if kind == '...' else kind}")(held)

    def of_dots(self, held: Any) -> Any:
        return ...

    def of_list(self, held: Any) -> Any:
        return [self.unpack(item) for item in held]

    def of_tuple(self, held: Any) -> Any:
        return tuple(self.of_list(held))

    def of_once(self, held: Any) -> Any:
        return OnePass(self.of_list(held))

    def of_dict(self, held: Any) -> Any:
        return {self.unpack(key): self.unpack(value) for key, value in held}

    def of_other(self, held: Any) -> Any:
        kind, written = (str(text) for text in held)
        return stranger(kind.replace("\0", "")[:60] or "object", written[:400])

    def of_empty(self, held: Any) -> Any:
        kind, shape = held
        if kind not in ("O", "U", "S", "M", "m", "V"):
            raise Garbage("no such kind of array")
        dtype: Any = {"O": object, "V": "V1"}.get(kind, kind)
        return np.broadcast_to(np.empty((), dtype), self.shape(shape))

    def of_large(self, held: Any) -> Any:
        dtype, shape = self.named(held)
        return np.broadcast_to(np.zeros((), dtype), shape)

    def of_scalar(self, held: Any) -> Any:
        return self.of_array(held)[()]

    def of_array(self, held: Any) -> Any:
        dtype, shape = self.named(held)
        count = int(np.prod(shape, dtype=object)) if shape else 1
        if count > LARGEST_VALUE:
            raise Garbage("a larger array than any is sent")
        array = np.frombuffer(self.block, dtype, count, self.at) if count else np.empty(0, dtype)
        self.at += count * dtype.itemsize
        return array.reshape(shape).copy()

    def named(self, held: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
        dtype, shape = held
        if not DTYPE.fullmatch(dtype):
            raise Garbage("no such kind of number")
        return np.dtype(dtype), self.shape(shape)

    @staticmethod
    def shape(lengths: Any) -> tuple[int, ...]:
        shape = tuple(int(length) for length in lengths)
        if any(length < 0 for length in shape):
            raise Garbage("no such shape")
        return shape


def to_frame(message: Mapping[str, Any]) -> bytes:
    """Write a message as one frame.

    Parameters
    ----------
    message : mapping
        Texts to numbers, texts, booleans, ``None``, ``...``, arrays, and lists, tuples and dicts of these; an
        `OnePass` is sent as what can be read once; see `sendable`. Of any other object name and ``repr`` are
        sent.

    Raises
    ------
    Garbage
        If it is larger than a frame may be.

    Examples
    --------
    >>> frame = to_frame({"z": np.array([1.0, np.inf]), "axis": -1})
    >>> from_frame(frame)
    {'z': array([ 1., inf]), 'axis': -1}
    """
    packer = _Packer()
    packed = {name: packer.pack(value) for name, value in message.items()}
    text = json.dumps(packed).encode()
    block = b"".join(packer.blocks)
    if len(text) + len(block) > LARGEST_FRAME:
        raise Garbage("more than a frame holds")
    return HEAD.pack(len(text), len(block)) + text + block


def sendable(value: Any) -> Any:
    """Return the JSON-like form of an argument whose type only the judge knows: what can be read once."""
    plain = isinstance(value, np.ndarray | np.generic | list | tuple | dict | str | int | float | None)
    return value if plain or not isinstance(value, Iterable) else OnePass(value)


def read_all(receive: Receive, count: int) -> bytes:
    """Read so many bytes of a line that gives some at a time; `EOFError` when it is cut.

    >>> parts = iter([b"He", b"llo"])
    >>> read_all(lambda count: next(parts), 5)
    b'Hello'
    """
    parts = []
    while count:
        part = receive(min(count, 1 << 20))  # not a buffer for all of it each time
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_frame(read: Read) -> dict[str, Any]:
    """Read one frame; `read` returns as many bytes as it is asked for.

    Raises
    ------
    Garbage
        If it is none.
    """
    text, block = HEAD.unpack(read(HEAD.size))
    if text + block > LARGEST_FRAME:
        raise Garbage("a frame larger than any may be")
    return _message(read(text), read(block))


def from_frame(frame: bytes) -> dict[str, Any]:
    """Read a frame that is there as a whole.

    >>> from_frame(b"Hello, I pass!")
    Traceback (most recent call last):
    ...
    course_utils.classroom.channel.Garbage: a frame larger than any may be
    """
    at = 0

    def read(count: int) -> bytes:
        nonlocal at
        at += count
        if at > len(frame):
            raise Garbage("half a frame")
        return frame[at - count : at]

    return read_frame(read)


def _message(text: bytes, block: bytes) -> dict[str, Any]:
    unpacker = _Unpacker(block)
    try:
        return {str(name): unpacker.unpack(node) for name, node in json.loads(text).items()}
    except UNREADABLE as error:  # what numpy refuses, too: more numbers than there are bytes
        raise Garbage(f"this is no message: {error}") from error
