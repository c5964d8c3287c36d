"""The one protocol between a picture and those who paint it: JSON, and bytes for what is long.

::

    {"width", "height", "says", "readout", "panels": [{
        "box": [left, top, width, height],      # of the data area, in pixels of the picture
        "x": {"scale": "linear" or "log", "limits": [at the left, at the right]},
        "y": {"scale", "limits": [at the bottom, at the top]},
        "lines": [{"role": "grid", "axis", "tick" or "zero", "d": [x1, y1, x2, y2]}],
        "texts": [{"role", "x", "y", "anchor", "runs", "size", "color", "weight"?, "halo"?}],
        "zooms"?: control,                      # which says how much is seen
        "scales": [{"box", "colormap"}],        # strips of color, low at the bottom
        "marks": [{"kind", "name", …}]}]}       # in the order in which they are painted

Lines, texts and scales stand in pixels of the picture, from its top left; y of a text is its baseline, and
its runs are those of ``typeset.py``. Marks stand in data, which limits and box take to pixels; what each kind
has is in ``sent`` and ``packed`` of its class, and how it is painted in ``scene.py``. Colors are names of
``colors.py`` or ``#rrggbb``. What can be moved has ``drags``: ``{"x": {"control", …}, "y": …}`` or ``{"to":
true, …}``; an image to be painted on has ``{"paint": {"control", "pen"}}``. An array is a list of numbers,
null where there is a gap, or ``{"b": place in the buffers, "t": type, "n": length}``; with ``"ends": [low,
high]`` its whole numbers from 0 to 65534 stand for places from low to high, and 65535 for a gap. To a page
that has the picture before, only the changes are sent: ``changes.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Json = dict[str, Any]

SHORT = 16  # numbers that still go as JSON
FINEST = 1 / 16  # pixels that rounding to single precision may move a mark
FAR = 1e6  # pixels at which paths end that have no end
LAST, GAP = 2**16 - 2, 2**16 - 1  # the last two numbers in two bytes
TYPES = {"f4": "<f4", "f8": "<f8", "u1": "u1", "u2": "<u2", "i4": "<i4"}


@dataclass(frozen=True)
class Spec:
    """What a painter needs.

    Parameters
    ----------
    json : dict
        Ready for ``json.dumps``.
    buffers : list of bytes
        Arrays that `json` refers to, little-endian.
    """

    json: dict[str, Any]
    buffers: list[bytes]

    def array(self, packed: Any) -> npt.NDArray[Any]:
        """Return an array of the JSON as NumPy has it.

        Examples
        --------
        >>> Spec({}, [bytes([3, 4])]).array({"b": 0, "t": "u1", "n": 2}).tolist()
        [3, 4]
        """
        if isinstance(packed, dict):
            array = np.frombuffer(self.buffers[packed["b"]], TYPES[packed["t"]])
            if "ends" not in packed:
                return array
            low, high = packed["ends"]
            return np.where(array == GAP, np.nan, low + array * ((high - low) / LAST))
        return np.array([np.nan if value is None else value for value in packed])


class Scale(NamedTuple):
    """How an axis takes data to pixels: `low` is at `start`, `high` is `length` pixels further."""

    low: float
    high: float
    log: bool
    start: float
    length: float

    def px(self, value: Any) -> Any:
        """Return the pixel of a number, or the pixels of an array."""
        if not self.log:
            return self.start + (value - self.low) * (self.length / (self.high - self.low))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.log10(value / self.low) / math.log10(self.high / self.low)
        return self.start + share * self.length

    def edge(self, value: Any) -> Any:
        """Return pixels of edges: on a logarithmic axis 0 and less lie far beyond the low end."""
        return np.nan_to_num(self.px(np.maximum(value, 0.0) if self.log else value), neginf=-FAR, posinf=FAR)

    def json(self) -> dict[str, Any]:
        """Return what a painter needs beside the panel's box."""
        return {"scale": "log" if self.log else "linear", "limits": [self.low, self.high]}

    def takes_single_precision(self, values: Array) -> bool:
        """Tell whether rounding these numbers to single precision is too small to see."""
        with np.errstate(over="ignore", invalid="ignore"):
            moved = self.px(values.astype(np.float32).astype(np.float64)) - self.px(values)
        return not (np.abs(moved) > FINEST).any()


@dataclass
class Pack:
    """Puts the arrays of one panel's marks where they belong: short ones in the JSON, others in buffers."""

    buffers: list[bytes]
    x: Scale
    y: Scale

    def along(self, axis: str, values: Array, exact: bool = True) -> Any:
        """Pack places along an axis, `exact` enough to be read; else to be painted."""
        gaps = bool(np.isnan(values).any())
        if values.size <= SHORT:
            return [_gap(v) for v in values.tolist()] if gaps else values.tolist()
        scale: Scale = getattr(self, axis)
        if not (exact or scale.log or np.isnan(values).all()):
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            if low < high and abs(scale.px(high) - scale.px(low)) <= LAST * FINEST:
                whole = np.nan_to_num(np.rint((values - low) * (LAST / (high - low))), nan=GAP)
                return {**self.plain(whole, "u2"), "ends": [low, high]}
        return self.plain(values, "f4" if scale.takes_single_precision(values) else "f8")

    def plain(self, values: npt.NDArray[Any], kind: str) -> Any:
        """Pack numbers of one of the `TYPES`."""
        if values.size <= SHORT and kind[0] != "f":
            return values.tolist()
        self.buffers.append(values.astype(TYPES[kind], copy=False).tobytes())
        return {"b": len(self.buffers) - 1, "t": kind, "n": int(values.size)}


def _gap(value: float) -> float | None:
    return None if math.isnan(value) else value
