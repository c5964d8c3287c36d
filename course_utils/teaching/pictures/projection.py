"""A surface over a grid, seen from an angle: projected here, so that painters know flat marks only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.fields import Colored, Polygons
from course_utils.teaching.pictures.marks import Mark, numbers
from course_utils.teaching.pictures.shapes import Line, Text
from course_utils.teaching.pictures.spec import Array, Pack
from course_utils.teaching.text import with_minus

CELLS = 25  # along each side, at most: as smooth to the eye as more, and sent in a fraction of the time
HEIGHT = 0.72  # of the box, in units of its sides
NEAR = 0.02  # of the height: as far as a curve on the surface may lie under its flat pieces


@dataclass(frozen=True, eq=False)
class Surface(Colored):
    """Heights over a grid.

    Parameters
    ----------
    name : str
    z : array_like, shape (len(y), len(x))
    x, y : array_like
        Increasing.
    colormap, low, high, scale
        Colors of the heights, as for `Image`; `low` and `high` are also the ends of the vertical axis.
    azimuth, elevation : float
        Degrees: from where one looks, around the vertical axis and above the floor.
    labels : (str, str, str)
        Of the three axes, with light mathematics.
    curves : sequence of (x, y, z, color)
        Lines on the surface, drawn from point to point where it does not hide them.
    """

    name: str
    z: Any
    x: Any
    y: Any
    _: KW_ONLY
    colormap: str = "viridis"
    low: float
    high: float
    azimuth: float = -120
    elevation: float = 28
    labels: tuple[str, str, str] = ("", "", "")
    curves: Sequence[tuple[Any, Any, Any, str]] = ()
    scale: str | None = None
    kind: ClassVar[str] = "surface"

    def __post_init__(self) -> None:
        x, y = numbers(f"{self}: x", self.x), numbers(f"{self}: y", self.y)
        z = numbers(f"{self}: z", self.z, dimensions=2)
        if z.shape != (y.size, x.size) or min(z.shape) < 2:
            raise ValueError(f"{self} has heights of shape {z.shape} for {y.size} y and {x.size} x")
        for name, places in (("x", x), ("y", y)):
            if not (np.diff(places) > 0).all():
                raise ValueError(f"{self}: {name} must increase from each place to the next")
        self._check_scale()
        curves = tuple(
            (*(numbers(f"{self}: a curve", part) for part in curve[:3]), colors.checked(curve[3]))
            for curve in self.curves
        )
        self._set(x=x, y=y, z=z, curves=curves)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {self.name: self.z} if self.name else {}

    def facts(self) -> dict[str, float]:
        return self.extremes(self.z)

    def json(self, pack: Pack) -> dict[str, Any]:
        raise NotImplementedError("a surface is painted as its flat marks")

    def window(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return limits that hold the box from every angle around, so that it turns without jumping."""
        reach = math.hypot(1, 1)
        tall = HEIGHT * math.cos(math.radians(self.elevation)) + reach * math.sin(
            math.radians(self.elevation)
        )
        return (-reach, reach), (-tall - 0.26, tall + 0.04)

    def flat(self) -> list[Mark]:
        """Return the marks to paint, those at the back first."""
        columns, rows = (even_rows(axis.size) for axis in (self.x, self.y))
        x, y = np.meshgrid(self.x[columns], self.y[rows])
        z = self.z[np.ix_(rows, columns)]
        u, v, depth = self._seen(x, y, z)
        faces = _triangles(z)
        order = np.argsort(-depth.ravel()[faces].mean(axis=1), kind="stable")
        heights = z.ravel()[faces].mean(axis=1)[order]
        corners = np.stack([u.ravel(), v.ravel()], axis=-1)[faces[order]]
        flat = corners.reshape(-1, 2), np.full(len(faces), 3)
        fill = {"values": heights, "colormap": self.colormap, "low": self.low, "high": self.high}
        surface = Polygons(self.name, flat, **fill, approximate=True)
        curves = [line for curve in self.curves for line in self._curve(*curve)]
        behind, words = self._box()
        return [*behind, surface, *curves, *words]

    def _curve(self, x: Array, y: Array, z: Array, color: str) -> list[Line]:
        """Draw what is seen of a curve, with a rim that parts it from any color of the surface."""
        u, v, _ = self._seen(x, y, z)
        u = np.where(self._hides(x, y, z), np.nan, u)
        return [Line("", v, u, color="paper", width=4.5), Line("", v, u, color=color)]

    def _hides(self, x: Array, y: Array, z: Array) -> npt.NDArray[np.bool_]:
        """Tell whether the surface rises above the way from a place to the eye."""
        turn, rise = math.radians(self.azimuth), math.radians(self.elevation)
        way = np.linspace(0, 2 * math.hypot(1, 1), 60)[:, None]  # along the floor, to the far end of the box
        across, along = (
            part + way * toward * (axis[-1] - axis[0]) / 2
            for part, axis, toward in ((x, self.x, math.cos(turn)), (y, self.y, math.sin(turn)))
        )
        up = z + way * math.tan(rise) / HEIGHT * (self.high - self.low) / 2
        inside = (across >= self.x[0]) & (across <= self.x[-1]) & (along >= self.y[0]) & (along <= self.y[-1])
        above = self._height(across, along) - up > NEAR * (self.high - self.low)
        hidden: npt.NDArray[np.bool_] = (inside & above).any(axis=0)
        return hidden

    def _height(self, x: Array, y: Array) -> Array:
        """Return heights between the lines of the grid."""
        column, row = (
            np.interp(part, axis, np.arange(axis.size)) for part, axis in ((x, self.x), (y, self.y))
        )
        j = np.minimum(column.astype(int), self.x.size - 2)
        i = np.minimum(row.astype(int), self.y.size - 2)
        right, down, z = column - j, row - i, self.z
        height: Array = (1 - down) * ((1 - right) * z[i, j] + right * z[i, j + 1]) + down * (
            (1 - right) * z[i + 1, j] + right * z[i + 1, j + 1]
        )
        return height

    def _seen(self, x: Any, y: Any, z: Any) -> tuple[Any, Any, Any]:
        """Return places to the right, up and away, of places in the box (a parallel projection)."""
        a, b, c = (
            2 * (np.asarray(part) - low) / (high - low) - 1
            for part, low, high in (
                (x, self.x[0], self.x[-1]),
                (y, self.y[0], self.y[-1]),
                (z, self.low, self.high),
            )
        )
        turn, rise = math.radians(self.azimuth), math.radians(self.elevation)
        right = -a * math.sin(turn) + b * math.cos(turn)
        toward = a * math.cos(turn) + b * math.sin(turn)
        up = HEIGHT * c * math.cos(rise) - toward * math.sin(rise)
        return right, up, -toward * math.cos(rise) - HEIGHT * c * math.sin(rise)

    def _box(self) -> tuple[list[Mark], list[Mark]]:
        """Return the edges of the box that stand behind the surface, and the names of its axes."""
        x0, x1, y0, y1 = self.x[0], self.x[-1], self.y[0], self.y[-1]
        floor = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        away = [float(self._seen(x, y, self.low)[2]) for x, y in floor]
        far = away.index(max(away))
        far_corner, near_corner = floor[far], floor[(far + 2) % 4]
        left, right = sorted((floor[(far + 1) % 4], floor[(far + 3) % 4]), key=self._rightness)
        low, high = self.low, self.high
        edges = [((*one, low), (*other, low)) for one in (far_corner, near_corner) for other in (left, right)]
        edges += [((*far_corner, high), (*other, high)) for other in (left, right)]
        edges += [((*corner, low), (*corner, high)) for corner in (far_corner, left, right)]
        return [self._edge(*edge) for edge in edges], self._words(near_corner, left, right)

    def _rightness(self, corner: tuple[float, float]) -> float:
        return float(self._seen(*corner, self.low)[0])

    def _edge(self, one: tuple[float, ...], other: tuple[float, ...]) -> Line:
        u, v, _ = self._seen(*np.array([one, other]).T)
        return Line("", v, u, color="faint", width=1)

    def _words(self, near: Any, left: Any, right: Any) -> list[Mark]:
        words: list[Mark] = []
        for corner, anchor in ((left, "end"), (right, "start")):
            along = 0 if corner[1] == near[1] else 1  # the axis of this edge
            first, last = _written(near[along]), _written(corner[along])
            for share, string in ((0.1, first), (0.5, self.labels[along]), (0.9, last)):
                place = [n + (c - n) * share for n, c in zip(near, corner, strict=True)]
                words += self._word(string, (*place, self.low), anchor, 15)
        for height in (self.low, self.high):
            words += self._word(_written(height), (*left, height), "end", 4, dx=-6)
        words += self._word(self.labels[2], (*left, (self.low + self.high) / 2), "end", 4, dx=-6)
        return words

    def _word(self, string: str, place: Any, anchor: str, dy: float, dx: float | None = None) -> list[Mark]:
        if not string:
            return []
        u, v, _ = self._seen(*place)
        moved = (-4 if anchor == "end" else 4) if dx is None else dx
        return [Text(string, u, v, anchor=anchor, dx=moved, dy=dy, color="muted", halo=False)]


def _written(number: float) -> str:
    return with_minus(f"{number:g}")


def even_rows(size: int) -> npt.NDArray[np.intp]:
    """Return which of so many grid lines are drawn: the ends and, at even steps if possible, some between."""
    even = [count for count in range(CELLS // 2, CELLS + 1) if (size - 1) % count == 0]
    cells = min(size - 1, even[-1] if even else CELLS)
    return np.round(np.linspace(0, size - 1, cells + 1)).astype(np.intp)


def _triangles(z: Array) -> npt.NDArray[np.intp]:
    """Cut each cell of a grid in two, along its more level diagonal: a slanted ridge gets no teeth.

    Returns the numbers of the corners in the grid read row by row, shape (2 · cells, 3).
    """
    number = np.arange(z.size).reshape(z.shape)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]
    height = z.ravel()
    level = np.abs(height[a] - height[c]) <= np.abs(height[b] - height[d])
    one = np.where(level, [a, b, c], [b, c, d])
    other = np.where(level, [a, c, d], [b, d, a])
    return np.stack([one, other]).transpose(0, 2, 3, 1).reshape(-1, 3)
