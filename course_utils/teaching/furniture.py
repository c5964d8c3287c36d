"""What stands still in a moving picture: ticks, labels, grids and legends, drawn once and then only pasted.

Drawing them is most of the work of Matplotlib. A picture at rest is drawn afresh, so that no shortcut taken
here can last.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from matplotlib.figure import Figure

# Looks kept of each axis and legend; limits that move with every step would collect them without end.
KEPT = 4

# What can tell the handles of two legends apart.
_HANDLE_LOOK = [
    f"get_{name}"
    for name in (
        *("color", "linestyle", "linewidth", "marker", "markersize", "markerfacecolor", "markeredgecolor"),
        *("facecolor", "edgecolor", "hatch", "alpha"),
    )
]


class Furniture:
    """The axes and legends that the pictures of one view have in common, as they were drawn before."""

    def __init__(self) -> None:
        self._layers: dict[tuple[Any, ...], tuple[int, int, np.ndarray]] = {}
        self._most = 0

    @contextlib.contextmanager
    def lent_to(self, figure: Figure) -> Iterator[None]:
        """Let the axes and legends of a figure be pasted instead of drawn, where they look as before."""
        flat: list[Any] = [axes for axes in figure.axes if axes.name == "rectilinear"]
        both = [(number, axis) for number, axes in enumerate(flat) for axis in (axes.xaxis, axes.yaxis)]
        legends = [*figure.legends, *(axes.legend_ for axes in flat if axes.legend_)]
        pieces = [(*place, _axis_look) for place in both] + [
            (*place, _legend_look) for place in enumerate(legends)
        ]
        self._most = KEPT * len(pieces)
        for axes in flat:
            for side in ("left", "right", "bottom", "top"):
                axes.spines[side].get_position()  # found when asked for, as by an axis that is drawn
        for number, artist, look in pieces:
            artist.draw = functools.partial(self._paste, number, artist, look)
        try:
            yield
        finally:
            for _, artist, _ in pieces:
                del artist.draw

    def _paste(
        self, number: int, artist: Any, look_of: Callable[[Any], Iterator[Any]], renderer: Any
    ) -> None:
        look = (number, renderer.width, renderer.height, *look_of(artist))
        if look not in self._layers:
            if len(self._layers) >= self._most:
                self._layers.clear()
            self._layers[look] = _drawn_alone(artist, renderer)
        x, y, image = self._layers[look]
        if image.size:
            renderer.draw_image(renderer.new_gc(), x, y, image)


def _axis_look(axis: Any) -> Iterator[Any]:
    """Yield what an axis looks like; equal looks are drawn alike."""
    yield from (axis.axis_name, axis.axes.bbox.bounds, axis.get_scale(), tuple(axis.get_view_interval()))
    yield from (axis.get_visible(), axis.label.get_text(), axis.label.get_color())
    for ticker in (axis.major, axis.minor):
        places = ticker.locator()
        yield tuple(places)
        yield (*ticker.formatter.format_ticks(places), ticker.formatter.get_offset())


def _legend_look(legend: Any) -> Iterator[Any]:
    """Yield what a legend looks like; equal looks are drawn alike."""
    yield from ("legend", legend.get_visible(), legend.get_bbox_to_anchor().bounds, legend._get_loc())
    yield from (text.get_text() for text in (legend.get_title(), *legend.get_texts()))
    for handle in legend.legend_handles:
        yield type(handle).__name__
        yield from (str(getattr(handle, getter)()) for getter in _HANDLE_LOOK if hasattr(handle, getter))


def _drawn_alone(artist: Any, renderer: Any) -> tuple[int, int, np.ndarray]:
    """Draw an artist on nothing; return where its lower left corner is, and its image from the bottom up."""
    alone = type(renderer)(renderer.width, renderer.height, renderer.dpi)
    type(artist).draw(artist, alone)
    image = np.asarray(alone.buffer_rgba())
    rows, columns = (np.flatnonzero(image[..., 3].any(axis=other)) for other in (1, 0))
    if not rows.size:
        return 0, 0, np.empty((0, 0, 4), np.uint8)
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    return int(left), int(renderer.height - bottom), image[top:bottom, left:right][::-1].copy()
