"""What a Matplotlib figure shows, read back from its artists."""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet

from course_utils.teaching.pictures.fields import Tiles
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.pictures.panel import Axis, Panel, classes
from course_utils.teaching.pictures.shapes import Bars, Line, Points, Rule
from course_utils.teaching.pictures.stored import MAPPED, few_colors, small_enough
from course_utils.teaching.plots.read import Read, ends, finite, image, plain_words, title_words

INK = "ink"  # these marks are tabulated, never painted
PIXELS_PER_INCH = 100
MOST_TILES = 12  # rows and columns of a matrix whose numbers are all in the table


def png(figure: Any) -> tuple[bytes, tuple[int, int]]:
    """Return a figure as a small PNG, and its width and height in pixels at normal zoom."""
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("tight")  # no label is cut off, none lies on the next panel
    width, height = figure.get_size_inches() * PIXELS_PER_INCH

    def painted(ratio: float, most_colors: int) -> bytes:
        stream = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of axes whose place was given: it stays
            figure.savefig(stream, format="png", dpi=PIXELS_PER_INCH * ratio)
        return few_colors(stream, most_colors)

    return small_enough(painted, MAPPED), (round(width), round(height))


def read(figure: Any) -> Read:
    """Return what a figure shows."""
    figure.draw_without_rendering()  # limits and ticks are settled then
    result = Read()
    shown = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    for axes in shown:
        result.name(plain_words(axes.get_xlabel()) or "x", np.empty(0))  # the first column's
        marks = list(_marks(axes, result))
        x, y = _axis_of(axes.xaxis, marks, lying=False), _axis_of(axes.yaxis, marks, lying=True)
        result.panels.append(Panel(title_words(axes.get_title()), marks, x=x, y=y))
        result.others += _others(axes, marks)
        result.empty = result.empty and not axes.has_data()
    result.others.append(np.array([len(shown)]))
    return result


def _axis_of(axis: Any, marks: list[Mark], lying: bool) -> Axis:
    names = _tick_names(axis)
    bars = [mark for mark in marks if isinstance(mark, Bars) and mark.horizontal == lying]
    if names and any(mark.by_class for mark in bars):
        return classes(names)
    return Axis(title_words(axis.get_label_text()))


def _tick_names(axis: Any) -> list[str]:
    """Return what stands at the places 0, 1, …, if these are all places with words."""
    words = [plain_words(label.get_text()) for label in axis.get_ticklabels()]
    places = np.asarray(axis.get_ticklocs(), dtype=float)
    numbered = np.array_equal(places, np.arange(len(words)))
    return words if words and numbered and not all(_is_number(word) for word in words) else []


def _is_number(word: str) -> bool:
    try:
        float(word.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return False
    return True


def _marks(axes: Any, result: Read) -> Iterator[Mark]:
    solid = axes.name == "3d"
    value_label = plain_words(axes.get_zlabel() if solid else axes.get_ylabel())

    def name(artist: Any, values: npt.NDArray[Any], otherwise: str = value_label or "y") -> str:
        return result.name(_label(artist, otherwise), values)

    for container in axes.containers:
        if isinstance(container, BarContainer):
            yield _bars(axes, container, name)
    for line in axes.lines:
        x, y = map(finite, _places(line))
        if solid or line.get_transform() == axes.transData:
            yield Line(name(line, y), y, x, color=INK)
        elif y.size and 0 in (np.ptp(x), np.ptp(y)):  # across the axes, at one number
            ends = y if np.ptp(y) == 0 else x
            yield Rule(name(line, ends, "line at"), float(ends[0]), axis="y" if np.ptp(y) == 0 else "x")
    for artist in axes.images:
        values = finite(artist.get_array())
        left, right, bottom, top = artist.get_extent()
        if values.ndim == 2:  # colors that were given as such are no numbers
            upwards = values[::-1] if artist.origin == "upper" else values
            yield _grid(axes, name(artist, values, "value"), upwards, (left, right), (bottom, top))
    for collection in axes.collections:
        if isinstance(collection, PathCollection):
            x, y = map(finite, _places_of_points(collection))
            yield Points(name(collection, y), y, x, color=INK)
        elif isinstance(collection, QuadMesh):
            corners: Any = collection.get_coordinates()
            values = finite(collection.get_array()).reshape(np.array(corners.shape[:2]) - 1)
            (left, bottom), (right, top) = corners[0, 0].tolist(), corners[-1, -1].tolist()
            yield image(name(collection, values, "value"), values, (left, right), (bottom, top))
        elif isinstance(collection, ContourSet):
            levels: Any = collection
            result.facts |= _ends(levels, float(levels.zmin), float(levels.zmax))
        elif not solid and (corners := _corners(axes, collection)).size:
            heights = corners[:, 1]
            result.facts |= _ends(collection, float(heights.min()), float(heights.max()), value_label or "y")
    if solid and axes.collections:
        low, high = axes.zz_dataLim.intervalx
        result.facts |= _ends(axes.collections[0], low, high, value_label or "z")


def _places(line: Any) -> tuple[Any, Any]:
    """Return x and y of a line; in space, x and z."""
    if hasattr(line, "get_data_3d"):
        x, _, z = line.get_data_3d()
        return x, z
    x, y = line.get_data(orig=False)
    return x, y


def _places_of_points(collection: Any) -> tuple[Any, Any]:
    """Return x and y of points; in space, x and z: their offsets are where they stand on the paper."""
    if hasattr(collection, "_offsets3d"):
        x, _, z = collection._offsets3d
        return x, z
    x, y = np.ma.filled(collection.get_offsets(), np.nan).T
    return x, y


def _label(artist: Any, otherwise: str) -> str:
    """Return the label that a reader gave; Matplotlib's own begin with an underscore."""
    own = str(artist.get_label() or "")
    return plain_words(own) if own and not own.startswith("_") else otherwise


def _ends(artist: Any, low: float, high: float, otherwise: str = "value") -> dict[str, float]:
    name = _label(artist, otherwise)
    return {f"lowest {name}": low, f"highest {name}": high}


def _bars(axes: Any, container: Any, name: Any) -> Mark:
    lying = container.orientation == "horizontal"
    lengths = finite(container.datavalues)
    middles = [
        bar.get_y() + bar.get_height() / 2 if lying else bar.get_x() + bar.get_width() / 2
        for bar in container
    ]
    named = _tick_names(axes.yaxis if lying else axes.xaxis)
    by_class = len(named) == len(middles) and np.allclose(middles, np.arange(len(middles)))
    # A bar without a length has none: the table says 0 there.
    heights = np.nan_to_num(lengths)
    label = plain_words(axes.get_xlabel() if lying else axes.get_ylabel()) or "height"
    places = None if by_class else middles
    return Bars(name(container, heights, label), heights, places, color=INK, horizontal=lying)


def _grid(
    axes: Any, name: str, values: npt.NDArray[Any], x: tuple[float, float], y: tuple[float, float]
) -> Mark:
    if max(values.shape) > MOST_TILES or not np.isfinite(values).all():
        return image(name, values, x, y)
    rows, columns = (
        _tick_names(axis) or [str(number) for number in range(count)]
        for axis, count in zip((axes.yaxis, axes.xaxis), values.shape, strict=True)
    )
    if (len(rows), len(columns)) != values.shape:
        return image(name, values, x, y)
    low, high = ends(values)
    # The given rows run upwards, those of tiles down; ticks count along the axis.
    rows = rows if axes.yaxis_inverted() else rows[::-1]
    return Tiles(name, values[::-1], rows=rows, columns=columns, low=low, high=high)


def _others(axes: Any, marks: list[Mark]) -> list[npt.NDArray[Any]]:
    """Return limits, counts, and the corners of what is no mark here."""
    found: list[npt.NDArray[Any]] = [np.array([*axes.get_xlim(), *axes.get_ylim()]), np.array([len(marks)])]
    if axes.name == "3d":
        found.append(np.array(axes.get_zlim()))
        return found
    in_bars = {id(bar) for container in axes.containers for bar in getattr(container, "patches", ())}
    for patch in axes.patches:
        if id(patch) not in in_bars:
            found.append(patch.get_path().transformed(patch.get_patch_transform()).vertices)
    for collection in axes.collections:
        if isinstance(collection, ContourSet):
            found.append(np.asarray(collection.levels))
        elif not isinstance(collection, PathCollection | QuadMesh):
            found.append(_corners(axes, collection))
    return found


def _corners(axes: Any, collection: Any) -> npt.NDArray[Any]:
    """Return the corners of a collection; nothing for shapes in pixels, such as arrows."""
    none = np.empty((0, 2))
    if collection.get_transform() != axes.transData:
        return none
    paths, offsets = collection.get_paths(), np.ma.filled(collection.get_offsets(), np.nan)
    each = itertools.islice(
        zip(itertools.cycle(paths), itertools.cycle(offsets)), max(len(paths), len(offsets))
    )
    return np.concatenate([none, *(path.vertices + offset for path, offset in each)])
