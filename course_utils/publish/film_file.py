"""A film as a file: its JSON, and behind it the arrays that its marks name, compressed together.

::

    deflated (zlib): length of the JSON in four bytes | JSON | a section for each of the `FORMS`
    JSON: {…, "arrays": [[form, length] or ["vertices", length, how many are new], …]}

What stands as ``{"b": place, …}`` in a mark is the array at this place; vertices are two, x and then y. A
section holds the arrays of its form one after another:

- ``u1``, ``u2``, ``i4``: numbers, little-endian.
- ``f4``, ``f8``: the first bytes of all numbers, then the second ones, and so on: alike ones lie together.
- ``differences``: bytes of an image, each as the difference from the one before it.
- ``vertices``: corners of polygons that meet, of which most were there before: x of the new ones (``u2``),
  y of the new ones, and for each corner how many new ones ago it was new, 0 for a new one: first all low
  bytes, then all high bytes.

No number has more digits than can be seen: a place on the screen is right to a twentieth of a pixel, another
number to five digits. ``site/film_file.js`` reads it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures.spec import GAP, LAST, TYPES, Spec

FORMS = ("u1", "u2", "i4", "f4", "f8", "differences", "vertices")
DIGITS = 7  # single precision: a page shows three
EXACT = ("ends", "limits", "extent")  # of an axis: how far apart two of them are is what counts
COARSE = 8  # of the 65534 places between two ends: on 640 pixels less than a twentieth to either side
BITS, OF_THE_RANGE = 16, 13  # of a number's own; and of the range of its array


class Arrays:
    """The arrays of a film; equal ones are one."""

    def __init__(self) -> None:
        self.listed: list[list[Any]] = []
        self._sections: dict[str, list[Any]] = {form: [] for form in FORMS}
        self._places: dict[tuple[str, tuple[bytes, ...]], int] = {}
        self._count = 0

    def place(self, form: str, *arrays: npt.NDArray[Any]) -> int:
        """Return the place of an array, or of the first of two, after it was put there if it is new."""
        key = form, tuple(array.tobytes() for array in arrays)
        if key not in self._places:
            self._places[key] = self._count
            self._count += len(arrays)
            listed: list[Any] = [form, arrays[0].size]
            if form == "vertices":
                arrays = _new_and_known(*arrays)
                listed.append(arrays[0].size)
            self.listed.append(listed)
            self._sections[form].append(arrays)
        return self._places[key]

    def to_bytes(self) -> bytes:
        """Return the sections."""
        return b"".join(
            _WRITTEN[form]([np.concatenate(parts) for parts in zip(*found, strict=True)])
            for form, found in self._sections.items()
            if found
        )


def mark(part: dict[str, Any], spec: Spec, arrays: Arrays) -> dict[str, Any]:
    """Return a mark of a spec with its arrays among those of a film."""
    packed = {key: value for key, value in part.items() if isinstance(value, dict) and "b" in value}
    numbers = {key: _seen(spec, value) for key, value in packed.items()}
    places: dict[str, int] = {}
    if part["kind"] == "polygons" and all(_counts(packed.get(axis, {})) for axis in "xy"):
        first = arrays.place("vertices", numbers["x"], numbers["y"])
        places = {"x": first, "y": first + 1}
    for key, value in packed.items():
        form = "differences" if (part["kind"], value["t"]) == ("image", "u1") else value["t"]
        if key not in places:
            places[key] = arrays.place(form, numbers[key])
    rest = shortened({key: value for key, value in part.items() if key not in packed})
    return {**rest, **{key: {**packed[key], "b": place} for key, place in places.items()}}


def shortened(part: Any) -> Any:
    """Return JSON with no more digits than can be seen."""
    if isinstance(part, dict):
        return {key: value if key in EXACT else shortened(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [shortened(value) for value in part]
    return float(f"{part:.{DIGITS}g}") if isinstance(part, float) else part


def to_bytes(film: dict[str, Any], arrays: Arrays) -> bytes:
    """Return a film as a file holds it."""
    text = json.dumps({**film, "arrays": arrays.listed}, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(len(text).to_bytes(4, "little") + text + arrays.to_bytes(), 9)


def _seen(spec: Spec, packed: dict[str, Any]) -> npt.NDArray[Any]:
    """Return an array as it was packed, without the digits that nobody sees."""
    array = np.frombuffer(spec.buffers[packed["b"]], TYPES[packed["t"]])
    if "ends" in packed:
        coarse = np.minimum((array.astype(np.int64) + COARSE // 2) // COARSE * COARSE, LAST)
        return np.where(array == GAP, GAP, coarse).astype(array.dtype)
    return _rounded(array) if array.dtype.kind == "f" else array


def _rounded(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return floats with those last bits 0 that are too small to be seen, as are differences in the array.

    Examples
    --------
    >>> _rounded(np.array([1 / 3, 1.0]))
    array([0.33333206, 1.        ])
    >>> _rounded(np.array([1e6 + 1e-5, 1e6 + 2e-5])) - 1e6
    array([1.00000761e-05, 2.00001523e-05])
    """
    finite = array[np.isfinite(array)].astype(float)
    span = float(np.ptp(finite)) if finite.size else 0.0
    if span == 0.0 or not np.isfinite(span):
        kept = BITS
    else:
        kept = max(BITS, OF_THE_RANGE + int(np.ceil(np.log2(np.abs(finite).max() / span))))
    last = np.finfo(array.dtype).nmant - kept
    if last <= 0:
        return array
    bits = array.view(f"<u{array.itemsize}")
    half, mask = (np.asarray(value, bits.dtype) for value in (1 << last - 1, (1 << last) - 1))
    rounded = ((bits + half) & ~mask).view(array.dtype)
    return np.where(np.isfinite(array) & np.isfinite(rounded), rounded, array)


def _counts(packed: dict[str, Any]) -> bool:
    """Tell whether places in this array fit into two bytes, and what stands in it too."""
    return packed.get("t") == "u2" and int(packed["n"]) <= LAST


def _new_and_known(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
    corners = np.column_stack([x, y]).view("<u4").ravel()
    _, firsts, which = np.unique(corners, return_index=True, return_inverse=True)
    is_new = np.zeros(len(x), bool)
    is_new[firsts] = True
    count = np.cumsum(is_new)  # of the new ones up to here
    ago = count - count[firsts][which] + 1
    ago[is_new] = 0
    return x[is_new], y[is_new], ago.astype("<u2")


def _in_planes(array: npt.NDArray[Any]) -> bytes:
    return array.view(np.uint8).reshape(-1, array.itemsize).T.tobytes()


def _differences(array: npt.NDArray[Any]) -> bytes:
    return np.diff(array, prepend=np.uint8(0)).tobytes()


def _plain(parts: Sequence[npt.NDArray[Any]]) -> bytes:
    return b"".join(part.tobytes() for part in parts)


_WRITTEN: dict[str, Callable[[Sequence[npt.NDArray[Any]]], bytes]] = {
    **dict.fromkeys(("u1", "u2", "i4"), _plain),
    **dict.fromkeys(("f4", "f8"), lambda parts: _in_planes(*parts)),
    "differences": lambda parts: _differences(*parts),
    "vertices": lambda parts: _plain(parts[:2]) + _in_planes(parts[2]),
}
