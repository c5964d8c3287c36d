"""One look for all pictures: palette, fonts, sizes and fixed margins.

Colors are those of Okabe & Ito (2008, "Color Universal Design"), which stay apart for all common forms
of color blindness. Color is never the only cue: use the hatch or marker that comes with it, or a label.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.teaching.late_axes import LateAxes

BLACK, ORANGE, SKY_BLUE, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"

# A quantity has the same color in every notebook.
LOGITS, PROBABILITIES, TARGET, TEMPERATURE, EXPONENTIALS = BLUE, VERMILLION, GREEN, PURPLE, SKY_BLUE
OUTLINE = "#222222"
REFERENCE = "#595959"  # lines that only guide the eye

PIXELS_WIDE = 640
DOTS_PER_INCH = 100  # of the figure at normal zoom

RC: Any = {  # Matplotlib types the keys as a literal of 350 names
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": 11,
    "axes.titlesize": 12,
    "axes.titley": 1.0,  # as usual; to look whether something is above the axes costs half a drawing
    "figure.dpi": DOTS_PER_INCH,
    "figure.facecolor": "white",
    "font.family": ["DejaVu Sans"],  # ships with Matplotlib: the same picture on every machine
    "font.size": 11,
    "grid.color": "#dddddd",
    "hatch.linewidth": 0.8,
    "legend.fontsize": 11,
    "lines.linewidth": 2,
    "mathtext.fontset": "dejavusans",
    "savefig.facecolor": "white",  # opaque, so that the picture reads in the dark theme too
    "text.usetex": False,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
}


@dataclass(frozen=True)
class ClassStyle:
    """How one class is drawn: a color and, for those who cannot tell colors, a hatch and a marker."""

    color: str
    hatch: str
    marker: str


CLASSES = (
    ClassStyle(ORANGE, "", "o"),
    ClassStyle(SKY_BLUE, "//", "s"),
    ClassStyle(YELLOW, "..", "^"),
    ClassStyle(GREEN, "xx", "D"),
)

P = ParamSpec("P")
R = TypeVar("R")


def applied(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function that draws, so that the reader's own Matplotlib settings do not leak in."""

    @functools.wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.style.context(["default", RC]):
            return function(*args, **kwargs)

    return drawn


def panels(
    columns: int = 1,
    rows: int = 1,
    *,
    height: int = 320,
    left: int = 66,
    right: int = 16,
    gap: int = 66,
    top: int = 34,
    bottom: int = 50,
    row_gap: int = 84,
) -> tuple[Figure, list[Axes]]:
    """Make a figure of the standard width with axes at fixed places.

    Automatic layout would measure the labels and shift the axes whenever a number grows a digit;
    fixed margins keep the picture still while a slider moves.

    Parameters
    ----------
    columns, rows : int
        Panels side by side and below each other, all of one size.
    height, left, right, top, bottom, gap, row_gap : int
        Pixels at normal zoom: of the figure, of its four margins, and between panels.

    Returns
    -------
    figure : Figure
    axes : list of Axes
        Row by row from the top left.

    Examples
    --------
    >>> figure, (left_panel, right_panel) = panels(2)
    >>> [round(float(x)) for x in figure.get_size_inches() * figure.dpi]
    [640, 320]
    """
    figure = Figure(figsize=(PIXELS_WIDE / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
    width = (PIXELS_WIDE - left - right - gap * (columns - 1)) / columns
    tall = (height - top - bottom - row_gap * (rows - 1)) / rows
    corners = [
        (left + column * (width + gap), bottom + row * (tall + row_gap))
        for row in reversed(range(rows))
        for column in range(columns)
    ]
    boxes = [(x / PIXELS_WIDE, y / height, width / PIXELS_WIDE, tall / height) for x, y in corners]
    return figure, [axes_at(figure, box) for box in boxes]


def axes_at(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Add axes at (left, bottom, width, height), in fractions of the figure."""
    return figure.add_axes(LateAxes(figure, box))
