"""`Picture`: a figure that can also be read as a sentence and as a table."""

from __future__ import annotations

import base64
import functools
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course_utils.teaching import look
from course_utils.teaching.live import kernel_is_live, widget_view
from course_utils.teaching.table import Table
from course_utils.teaching.text import details, element, escaped, sentences


@dataclass(frozen=True, eq=False)
class Picture:
    """A Matplotlib figure that can be described.

    Every artist that shows data carries a *gid* naming the data it draws: ``gid="p"`` for bars, images
    and surfaces, ``gid="t | p"`` for what has x and y. A lookup of the names in `data` must give exactly
    what the artist holds, and every number in the description must stand in the table or in the state
    of the demo; the test suite checks both. Artists that only guide the eye carry ``gid="guide"``.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure or callable
        The figure, or a function that draws it: worth it beside `plotly`, because a live page then never
        asks for it.
    description : str
        One to three sentences computed from the data. The first is also the spoken readout of a demo.
    table : Table
        The data drawn or, above about 50 rows, a chosen part of it.
    arrays : mapping of str to ndarray, optional
        The full arrays drawn, where the table holds a part only.
    plotly : callable, optional
        Returns the same picture as what Plotly calls a figure, ``{"data": [trace, …], "layout": {…}}``, for
        what earns rotation or hover. It is called only when a live page shows the picture. Its traces are
        named after the data: trace ``name="p"`` must hold ``data["p"]`` as its ``z`` (or ``y``).

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    """

    drawing: Figure | Callable[[], Figure]
    description: str
    table: Table
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    plotly: Callable[[], dict[str, Any]] | None = None

    @functools.cached_property
    def figure(self) -> Figure:
        """The Matplotlib figure, drawn when first asked for if it was given as a function."""
        return look.applied(self.drawing)() if callable(self.drawing) else self.drawing

    @property
    def data(self) -> dict[str, Any]:
        """All named data of the picture: the table's columns and the full arrays."""
        return {**self.table.columns, **self.arrays}

    @property
    def readout(self) -> str:
        """The first sentence of the description."""
        return sentences(self.description)[0]

    @look.applied
    def png(self, pixel_ratio: float = 2) -> bytes:
        """Render the figure.

        Parameters
        ----------
        pixel_ratio : float
            Image pixels per pixel at normal zoom: 1 while a slider moves, 2 at rest.

        Returns
        -------
        bytes
            A PNG without metadata, so that equal pictures are equal files.
        """
        stream = io.BytesIO()
        self.figure.savefig(
            stream,
            format="png",
            dpi=look.DOTS_PER_INCH * pixel_ratio,
            metadata={"Software": None},
            # A moving picture is compressed fast, a resting one (which may be stored) small.
            pil_kwargs={"compress_level": 1 if pixel_ratio < 2 else 6},
        )
        return stream.getvalue()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels at normal zoom."""
        width, height = self.figure.get_size_inches() * look.DOTS_PER_INCH
        return round(width), round(height)

    def to_html(self) -> str:
        """Render the static twin: image, visible description, numbers folded below."""
        width, height = self.size
        image = element(
            "img",
            alt=self.description,
            width=str(width),
            height=str(height),
            src="data:image/png;base64," + base64.b64encode(self.png()).decode(),
        ).removesuffix("</img>")
        return element(
            "figure",
            image,
            element("figcaption", escaped(self.description)),
            details("Numbers", self.table.to_html()),
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        static = {"text/plain": self.description, "text/html": self.to_html()}
        if self.plotly is not None and kernel_is_live():
            from course_utils.teaching.figure_view import picture_view

            return {**static, **widget_view(picture_view(self))}
        return static
