"""Marks with a number at each place of a plane: images, colored areas, and matrices as tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.marks import AxisName, Mark, Paint, Press, numbers, together
from course_utils.teaching.pictures.shapes import Line
from course_utils.teaching.pictures.spec import Array, Pack
from course_utils.teaching.pictures.typeset import plain, runs
from course_utils.teaching.text import with_minus

OUTLINE = 3.5  # pixels, around a chosen polygon
LIGHT_BELOW = 0.3  # relative luminance under which words on a tile are light


SCALE = ("colormap", "low", "high")  # what a painter needs of it


class Colored(Mark):
    """A mark whose colors are numbers on a scale."""

    sent: ClassVar[tuple[str, ...]] = SCALE
    colormap: str
    low: float
    high: float
    scale: str | None

    def _check_scale(self) -> None:
        colors.colormap(self.colormap)
        low, high = numbers(f"{self}: low and high", [self.low, self.high]).tolist()
        if not low < high:
            raise ValueError(f"{self} needs low < high for its colors, not {low:g} and {high:g}")
        self._set(low=low, high=high)

    def extremes(self, values: npt.NDArray[Any]) -> dict[str, float]:
        """Return what the table says of so many numbers."""
        seen = values[~np.isnan(values)]
        if not self.name or not seen.size:
            return {}
        return {f"lowest {self.name}": float(seen.min()), f"highest {self.name}": float(seen.max())}


@dataclass(frozen=True, eq=False)
class Image(Colored):
    """Numbers on a grid, each a colored rectangle.

    Parameters
    ----------
    name : str
    values : array_like, shape (rows, columns)
        Rows from the bottom to the top. nan is transparent.
    x, y : (float, float)
        Outer edges of the image.
    colormap : {"viridis", "cividis", "diverging", "gray"}
    low, high : float
        Ends of the color scale.
    scale : str, optional
        Label of the color scale beside the panel; none without it.
    drags : Paint, optional
        Images are painted on. The image must be that of the control: black where it is 1.
    """

    name: str
    values: Any
    _: KW_ONLY
    x: tuple[float, float]
    y: tuple[float, float]
    colormap: str = "viridis"
    low: float
    high: float
    scale: str | None = None
    drags: Paint | None = None
    kind: ClassVar[str] = "image"
    moved_by: ClassVar[type] = Paint

    def __post_init__(self) -> None:
        self._check_drags()
        values = numbers(f"{self}", self.values, gaps=True, dimensions=2)
        x, y = (tuple(numbers(f"{self}: edges", edges).tolist()) for edges in (self.x, self.y))
        if len(x) != 2 or len(y) != 2:
            raise ValueError(f"{self} needs two edges along x and two along y")
        self._set(values=values, x=x, y=y)
        self._check_scale()

    def places(self, axis: AxisName) -> Array:
        return np.array(getattr(self, axis))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {self.name: self.values} if self.name else {}

    def facts(self) -> dict[str, float]:
        return self.extremes(self.values)

    def packed(self, pack: Pack) -> dict[str, Any]:
        missing = bool(np.isnan(self.values).any())
        indices = colors.color_indices(self.values, self.low, self.high, missing)
        return {
            "values": pack.plain(indices.ravel(), "u1"),
            "shape": list(self.values.shape),
            "extent": [*self.x, *self.y],
            "missing": missing,
        }


@dataclass(frozen=True, eq=False)
class Polygons(Colored):
    """Areas with straight edges.

    Parameters
    ----------
    name : str
        Of `values`, or of the whole where there are none.
    vertices : list of array_like of shape (k, 2), or (array_like of shape (n, 2), counts)
        Corners of each polygon; or all corners one after the other, and how many each polygon has.
    fill : str or sequence of str, optional
        One color, or one for each polygon.
    values : array_like, shape (polygons,), optional
        Numbers to color by, instead of `fill`; with `fill`, numbers to show while pointing.
    colormap, low, high, scale
        As for `Image`; needed with `values` and without `fill`.
    edge : str, optional
        Color of the edges; none without it.
    edge_width : float
        Pixels.
    chosen : sequence of int
        Polygons with a thick outline, on top of all areas and lines of the panel.
    approximate : bool
        Pointing shows `values` only as exactly as their colors say: less is sent.
    drags : Press, optional
        Polygons are not dragged, but can be pressed.

    Raises
    ------
    ValueError
        For shapes that differ, numbers that are not finite, or unknown colors.
    """

    name: str
    vertices: Any
    _: KW_ONLY
    fill: Any = None
    values: Any = None
    colormap: str = "viridis"
    low: float = 0.0
    high: float = 1.0
    scale: str | None = None
    edge: str | None = None
    edge_width: float = 0.75
    chosen: Sequence[int] = ()
    drags: Press | None = None
    approximate: bool = False
    palette: tuple[str, ...] = field(init=False, default=())
    counts: Any = field(init=False, default=())
    kind: ClassVar[str] = "polygons"
    sent: ClassVar[tuple[str, ...]] = ("edge", "edge_width")
    moved_by: ClassVar[type] = Press

    def __post_init__(self) -> None:
        corners, counts = self._flat()
        self._check_drags()
        self._set(vertices=corners, counts=counts, chosen=tuple(map(int, self.chosen)))
        count = len(counts)
        if self.fill is None and self.values is None:
            raise ValueError(f"{self} needs fill or values to be colored by")
        if self.values is not None:
            self._set(values=numbers(f"{self}: values", self.values, gaps=True))
            self._check_scale()
        if self.fill is not None:
            fill = [self.fill] * count if isinstance(self.fill, str) else list(self.fill)
            palette = {color: place for place, color in enumerate(dict.fromkeys(fill))}
            self._set(
                palette=tuple(map(colors.checked, palette)),
                fill=np.array([palette[color] for color in fill], dtype=np.uint8),
            )
        for what, listed in (("values", self.values), ("fill", self.fill)):
            if listed is not None and len(listed) != count:
                raise ValueError(f"{self} has {len(listed)} {what} for {count} polygons")
        if any(not 0 <= index < count for index in self.chosen):
            raise ValueError(f"{self}: chosen must be numbers from 0 to {count - 1}, not {list(self.chosen)}")
        if self.edge is not None:
            self._set(edge=colors.checked(self.edge))

    def _flat(self) -> tuple[Array, npt.NDArray[np.int32]]:
        if isinstance(self.vertices, tuple) and len(self.vertices) == 2:
            corners, counts = self.vertices[0], np.array(self.vertices[1], dtype=np.int32)
        else:
            pieces = list(self.vertices)
            corners = np.concatenate(pieces) if pieces else np.empty((0, 2))
            counts = np.array(list(map(len, pieces)), dtype=np.int32)
        flat = numbers(f"{self}: vertices", corners, dimensions=2)
        if flat.shape[1] != 2 or counts.sum() != len(flat):
            raise ValueError(f"{self} needs corners of shape (n, 2), as many as the counts add up to")
        counts.flags.writeable = False
        return flat, counts

    def places(self, axis: AxisName) -> Array:
        column: Array = self.vertices[:, 0 if axis == "x" else 1]
        return column

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        if not self.name:
            return {}
        corners = {f"{self.name} {axis}": self.places(axis) for axis in ("x", "y")}
        return corners if self.values is None else {**corners, self.name: self.values}

    def facts(self) -> dict[str, float]:
        return {} if self.values is None else self.extremes(self.values)

    def packed(self, pack: Pack) -> dict[str, Any]:
        if self.fill is not None:
            color = {"fill": pack.plain(self.fill, "u1"), "palette": list(self.palette)}
        else:
            indices = colors.color_indices(self.values, self.low, self.high)
            color = {"fill": pack.plain(indices, "u1"), **{name: getattr(self, name) for name in SCALE}}
        if self.values is not None and not self.approximate:
            color["values"] = pack.plain(self.values, "f4")
        return {
            "x": pack.along("x", self.vertices[:, 0], exact=False),
            "y": pack.along("y", self.vertices[:, 1], exact=False),
            "counts": pack.plain(self.counts, "u1" if self.counts.max(initial=0) < 256 else "u2"),
            **color,
        }

    def outlines(self) -> list[Mark]:
        """Return what is painted around the chosen ones: ink on paper, to be seen on every fill."""
        places = np.split(self.vertices, np.cumsum(self.counts)[:-1])
        # Around, and along the first edge again: there is no seam at the first corner.
        around = [np.concatenate([places[index], places[index][:2]]).T for index in self.chosen]
        return [
            Line("", y, x, color=color, width=width)
            for color, width in (("paper", OUTLINE + 2.5), ("ink", OUTLINE))
            for x, y in around
        ]


def _two_decimals(value: float) -> str:
    """Write the number of a tile; what is not 0 is never written as 0."""
    return "≈0" if 0 < abs(value) < 0.005 else with_minus(f"{value:.2f}")


@dataclass(frozen=True, eq=False)
class Tiles(Colored):
    """A matrix as square tiles with its numbers, first row on top.

    Parameters
    ----------
    name : str
    matrix : array_like, shape (rows, columns)
    rows, columns : sequence of str
        Their names, with light mathematics.
    low, high : float
        Ends of the color scale.
    colormap : str
    palette : sequence of str
        Colors for the numbers 0, 1, 2, …, instead of a scale.
    outlined : sequence of (int, int)
        Tiles with a thick border, as (row, column).
    texts : sequence of sequence of str, optional
        What is written on the tiles; without it the numbers with two decimals.
    """

    name: str
    matrix: Any
    _: KW_ONLY
    rows: Sequence[str]
    columns: Sequence[str]
    low: float = 0.0
    high: float = 1.0
    colormap: str = "diverging"
    palette: Sequence[str] = ()
    outlined: Sequence[tuple[int, int]] = ()
    texts: Any = None
    kind: ClassVar[str] = "tiles"
    sent: ClassVar[tuple[str, ...]] = ()
    scale: ClassVar[None] = None  # type: ignore[misc]  # the numbers stand on the tiles

    def __post_init__(self) -> None:
        matrix = numbers(f"{self}", self.matrix, dimensions=2)
        rows, columns = tuple(self.rows), tuple(self.columns)
        if matrix.shape != (len(rows), len(columns)):
            raise ValueError(
                f"{self} has {len(rows)} names of rows and {len(columns)} of columns for {matrix.shape}"
            )
        texts = (
            [[_two_decimals(value) for value in row] for row in (matrix + 0.0).tolist()]
            if self.texts is None
            else [list(row) for row in self.texts]
        )
        if [len(row) for row in texts] != [len(columns)] * len(rows):
            raise ValueError(f"{self} needs one text for each of its {matrix.size} tiles")
        outlined = tuple((int(i), int(j)) for i, j in self.outlined)
        if any(not (0 <= i < len(rows) and 0 <= j < len(columns)) for i, j in outlined):
            raise ValueError(f"{self}: an outlined tile lies outside the matrix of shape {matrix.shape}")
        self._set(matrix=matrix, rows=rows, columns=columns, outlined=outlined)
        palette = tuple(map(colors.checked, self.palette))
        if palette and not np.isin(matrix, np.arange(len(palette))).all():
            raise ValueError(
                f"{self} has a palette for the numbers 0 to {len(palette) - 1}, and other numbers"
            )
        self._set(texts=tuple(text for row in texts for text in row), palette=palette)
        self._check_scale()

    def tabulated(self) -> tuple[Array, dict[str, Array]] | None:
        if not self.name:
            return None
        named = zip((f"{self.name}, {plain(name)}" for name in self.columns), self.matrix.T, strict=True)
        return np.arange(float(len(self.rows))), together("columns", named)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {self.name: self.matrix} if self.name else {}

    def packed(self, pack: Pack) -> dict[str, Any]:
        values = self.matrix.ravel()
        if self.palette:
            indices = values.astype(np.uint8)
            table = np.array(
                [list(bytes.fromhex(colors.hex_of(color)[1:])) for color in self.palette], np.uint8
            )
            color: dict[str, Any] = {"palette": list(self.palette)}
            inks = ("ink", "paper")  # with the theme they change sides, as the palette does
        else:
            indices = colors.color_indices(values, self.low, self.high)
            table = colors.colormap(self.colormap)
            color, inks = {name: getattr(self, name) for name in SCALE}, (colors.hex_of("ink"), "#ffffff")
        dark = luminance(table[indices]) < LIGHT_BELOW
        return {
            "values": pack.along("x", values),
            "shape": list(self.matrix.shape),
            "fill": pack.plain(indices, "u1"),
            "texts": [runs(text) for text in self.texts],
            "ink": [inks[on_dark] for on_dark in dark.tolist()],
            **color,
            "outlined": [list(tile) for tile in self.outlined],
            "labels": [f"{plain(row)}, {plain(column)}" for row in self.rows for column in self.columns],
        }


def luminance(rgb: npt.NDArray[np.uint8]) -> Array:
    """Return the relative luminance (WCAG 2.2) of colors of shape (n, 3), from 0 to 1."""
    encoded = rgb / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    weighed: Array = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighed
