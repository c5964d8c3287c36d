"""What stands still in a moving picture: ticks, labels and grids, drawn once and then only pasted.

Drawing them is most of the work of Matplotlib. A picture at rest is drawn afresh, so that no shortcut taken
here can last.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.figure import Figure

MOST = 24  # layers kept; a picture whose limits move with every step would collect them without end


class Furniture:
    """The axes that the pictures of one view have in common, as they were drawn before."""

    def __init__(self) -> None:
        self._layers: dict[tuple[Any, ...], tuple[int, int, np.ndarray]] = {}

    @contextlib.contextmanager
    def lent_to(self, figure: Figure) -> Iterator[None]:
        """Let the axes of a figure be pasted instead of drawn, where they look as before."""
        flat: list[Any] = [axes for axes in figure.axes if axes.name == "rectilinear"]
        both = [(number, axis) for number, axes in enumerate(flat) for axis in (axes.xaxis, axes.yaxis)]
        for number, axis in both:
            axis.draw = functools.partial(self._paste, number, axis)
        try:
            yield
        finally:
            for _, axis in both:
                del axis.draw

    def _paste(self, number: int, axis: Any, renderer: Any) -> None:
        look = (number, renderer.width, renderer.height, *_look(axis))
        if look not in self._layers:
            if len(self._layers) >= MOST:
                self._layers.clear()
            self._layers[look] = _drawn_alone(axis, renderer)
        x, y, image = self._layers[look]
        if image.size:
            renderer.draw_image(renderer.new_gc(), x, y, image)


def _look(axis: Any) -> Iterator[Any]:
    """Yield what an axis looks like; equal looks are drawn alike."""
    yield from (axis.axis_name, axis.axes.bbox.bounds, axis.get_scale(), tuple(axis.get_view_interval()))
    yield from (axis.get_visible(), axis.label.get_text(), axis.label.get_color())
    for ticker in (axis.major, axis.minor):
        places = ticker.locator()
        yield tuple(places)
        yield (*ticker.formatter.format_ticks(places), ticker.formatter.get_offset())


def _drawn_alone(axis: Any, renderer: Any) -> tuple[int, int, np.ndarray]:
    """Draw an axis on nothing; return where its lower left corner is, and its image from the bottom up."""
    alone = type(renderer)(renderer.width, renderer.height, renderer.dpi)
    type(axis).draw(axis, alone)
    image = np.asarray(alone.buffer_rgba())
    rows, columns = (np.flatnonzero(image[..., 3].any(axis=other)) for other in (1, 0))
    if not rows.size:
        return 0, 0, np.empty((0, 0, 4), np.uint8)
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    return int(left), int(renderer.height - bottom), image[top:bottom, left:right][::-1].copy()
