"""Read back what a Matplotlib or Plotly figure really shows, and hold it against a picture's own data.

Every artist that shows data names it in its gid (see `course_utils.teaching.Picture`), so that a picture
cannot show one thing and say another. What has no gid, or an unknown one, is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
from painted import shown_texts

from course_utils.teaching import Picture, pictures
from course_utils.teaching.written import is_known, parsed, written_numbers

GUIDE = "guide"


def data_axes(figure: Figure) -> list[Axes]:
    """Return the axes that show data; a color bar shows its scale only."""
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def artists(axes: Axes) -> Iterator[tuple[str | None, Any, tuple[Any, ...]]]:
    """Yield (gid, artist, arrays in the order of the gid's names) for everything drawn in the axes."""
    in_bars = set()
    for container in axes.containers:
        if isinstance(container, BarContainer):
            in_bars |= set(map(id, container.patches))
            horizontal = container.orientation == "horizontal"
            sizes = [bar.get_width() if horizontal else bar.get_height() for bar in container]
            yield container.patches[0].get_gid(), container, (sizes,)
    for line in axes.lines:
        yield line.get_gid(), line, line.get_data(orig=True)
    for image in axes.images:
        yield image.get_gid(), image, _image_arrays(image)
    for patch in axes.patches:
        if id(patch) not in in_bars:
            corners = patch.get_xy() if isinstance(patch, Polygon) else np.empty((0, 2))
            yield patch.get_gid(), patch, tuple(np.asarray(corners).T)
    for collection in axes.collections:
        if isinstance(collection, PathCollection):
            yield collection.get_gid(), collection, tuple(np.asarray(collection.get_offsets()).T)
        elif isinstance(collection, PolyCollection) and not isinstance(collection, Poly3DCollection):
            yield collection.get_gid(), collection, _polygon_arrays(collection)
        else:
            yield collection.get_gid(), collection, ()


def _polygon_arrays(collection: PolyCollection) -> tuple[Any, ...]:
    """Return x and y of all corners, polygon after polygon, and the values behind the colors, if any."""
    # A closed path repeats its first corner.
    corners = [np.asarray(path.vertices)[:-1] for path in collection.get_paths()]
    x, y = np.concatenate([*corners, np.empty((0, 2))]).T
    values = collection.get_array()
    return (x, y) if values is None else (x, y, values)


def _image_arrays(image: AxesImage) -> tuple[Any, ...]:
    """Return the pixel centers along x and y and the values, bottom row first where that is drawn first."""
    values = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    return _centers(left, right, values.shape[1]), _centers(bottom, top, values.shape[0]), values


def _centers(low: float, high: float, count: int) -> np.ndarray:
    edges = np.linspace(low, high, count + 1)
    return (edges[:-1] + edges[1:]) / 2


def artist_problems(picture: Picture) -> list[str]:
    """List where the drawn artists and the picture's data disagree."""
    return [
        problem
        for axes in data_axes(picture.figure)
        for gid, artist, arrays in artists(axes)
        for problem in _problems_of(gid, artist, arrays, picture.data)
    ]


def _problems_of(
    gid: str | None, artist: Any, arrays: tuple[Any, ...], data: Mapping[str, Any]
) -> Iterator[str]:
    if gid == GUIDE:
        return
    if gid is None:
        yield f"{artist} has no gid: name the data it shows, or call it a guide"
        return
    names = gid.split(" | ")
    unknown = [name for name in names if name not in data]
    if unknown:
        yield f"{artist} shows {unknown}, which neither table nor arrays have"
        return
    expected = [np.asarray(data[name], dtype=float) for name in names]
    if isinstance(artist, Poly3DCollection):
        # A surface may show every n-th point only, but never a height that is not in the data.
        heights = np.concatenate([polygon[:, 2] for polygon in _polygons(artist)])
        if not np.isin(heights, expected[-1]).all():
            yield f"the surface {gid!r} has heights that are not in the data"
        return
    shown = arrays[-len(expected) :]
    if isinstance(artist, AxesImage) and len(expected) == 3 and artist.origin != "lower":
        yield f"the image {gid!r} is upside down"
    if len(shown) != len(expected):
        yield f"cannot read {artist} back as {gid!r}"
        return
    for name, got, right in zip(names, shown, expected, strict=True):
        got = np.asarray(got, dtype=float)
        # Pixel centers are computed back from the edges of an image; everything else is stored as given.
        same = (
            np.allclose(got, right)
            if isinstance(artist, AxesImage)
            else np.array_equal(got, right, equal_nan=True)
        )
        if got.shape != right.shape or not same:
            yield f"{artist} does not show {name!r} as it is in the data"


def _polygons(surface: Poly3DCollection) -> Iterator[np.ndarray]:
    """Yield the 3-D corners of each polygon; Matplotlib keeps them private."""
    faces = getattr(surface, "_faces", None)
    if faces is not None:  # Matplotlib 3.11 and later: one array
        yield from np.asarray(faces)
    else:
        corners = np.asarray(surface._vec)[:3].T
        yield from (corners[piece] for piece in surface._segslices)


def plotly_problems(picture: Picture | pictures.Picture) -> list[str]:
    """List where the traces of the Plotly figure and the picture's data disagree."""
    from plotly.graph_objects import Figure as PlotlyFigure

    if isinstance(picture, pictures.Picture) or picture.plotly is None:
        return []
    problems = []
    for trace in PlotlyFigure(picture.plotly()).data:  # refuses what Plotly does not know
        names = (trace.name or "").split(" | ")
        shown = [getattr(trace, axis) for axis in "xyz" if getattr(trace, axis, None) is not None]
        if any(name not in picture.data for name in names):
            problems.append(f"trace {trace.name!r} is not named after its data")
            continue
        for name, values in zip(reversed(names), reversed(shown), strict=False):
            if not np.array_equal(np.ravel(values), np.ravel(picture.data[name])):
                problems.append(f"trace {trace.name!r} does not show {name!r} as it is in the data")
    return problems


def number_problems(picture: Picture | pictures.Picture, state: Mapping[str, Any]) -> list[str]:
    """List numbers in the description and on the picture that neither table, arrays nor state contain."""
    pool = known_numbers(picture, state)
    texts = [picture.description, *_texts_on(picture)]
    return [
        f"{number} in {text!r} comes from nowhere"
        for text in texts
        for number in written_numbers(text)
        if not is_known(number, pool)
    ]


def _texts_on(picture: Picture | pictures.Picture) -> list[str]:
    if isinstance(picture, pictures.Picture):
        return shown_texts(picture)
    return [
        text.get_text()
        for axes in data_axes(picture.figure)
        for text in (*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label)
    ]


def known_numbers(picture: Picture | pictures.Picture, state: Mapping[str, Any]) -> np.ndarray:
    """Return every number a sentence may speak of: those of the table, the (short) arrays and the state."""
    pool: list[float] = []
    # An image has so many values that any number would be among them.
    short = [values for values in picture.data.values() if np.size(values) <= 1000]
    summaries = [list(table.summary.values()) for table in getattr(picture, "tables", [picture.table])]
    sources = [*short, *summaries, list(state.values())]
    for source in sources:
        for value in np.ravel(np.asarray(source, dtype=object)):
            for item in np.ravel(value):
                if isinstance(item, str):
                    pool += [parsed(number) for number in written_numbers(item)]
                elif not isinstance(item, bool | np.bool_):
                    pool.append(float(item))
    return np.array(pool)


def line_of(axes: Axes, index: int = 0) -> Line2D:
    """Return one line that shows data."""
    return [line for line in axes.lines if line.get_gid() != GUIDE][index]
