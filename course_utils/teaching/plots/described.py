"""`described`: what a reader plotted, with alternative text, a visible sentence and its numbers."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from course_utils.teaching.live import mime_bundle
from course_utils.teaching.numbers_in_text import is_known, written_numbers
from course_utils.teaching.pictures.picture import twin
from course_utils.teaching.pictures.tables import default_tables
from course_utils.teaching.plots.read import Read
from course_utils.teaching.text import CODE_OR_FORMULA, MINUS

# In front of a number or of its exponent: not that of "2-20-1", "2--1" or "x-1".
HYPHEN = re.compile(r"(?<![\w.-])-(?=\.?\d)|(?<=\d[eE])-(?=\d)")


@dataclass(frozen=True)
class Described:
    """A figure in words: show it as the last line of a cell.

    Parameters
    ----------
    says : str
    html : str
        The figure that is stored and printed.
    plotly : dict, optional
        What Plotly draws in its place on a live page.
    """

    says: str
    html: str
    plotly: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return self.says

    def view(self) -> Any:
        """Return a new live widget: Plotly's figure."""
        from course_utils.teaching.plots.plotly_view import PlotlyView

        return PlotlyView(says=self.says, twin=self.html, figure=self.plotly)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self.plotly is None:
            return {"text/plain": self.says, "text/html": self.html}
        return mime_bundle(self.says, self.html, self.view)


def described(figure: Any, says: str) -> Described:
    """Show a figure with a sentence that is true of it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure, matplotlib.axes.Axes or plotly.graph_objects.Figure
        Of Matplotlib everything is painted; its lines, points, bars, images, meshes and contours are also
        tabulated. Of Plotly: scatter, bar, heatmap, contour, surface and curves in space.
    says : str
        One to three sentences, for those who do not see the figure too. Each number in them must be one that
        the figure shows: a place, a height, a limit, a level, or how many there are. A hyphen before a number
        becomes a minus sign.

    Returns
    -------
    Described
        As the last line of a cell it shows the figure once: the figure is closed.

    Raises
    ------
    TypeError
        For what is no figure.
    ValueError
        For an empty figure or sentence, or a number that the figure does not show.

    Examples
    --------
    >>> import numpy as np, matplotlib.pyplot as plt
    >>> x = np.linspace(-2, 2, 5)
    >>> figure, axes = plt.subplots()
    >>> _ = axes.plot(x, np.tanh(x), label="tanh(x)")
    >>> described(figure, f"tanh rises from {np.tanh(-2):.3f} to {np.tanh(2):.3f}.")
    tanh rises from −0.964 to 0.964.
    >>> described(figure, "tanh rises to 2.5.")
    Traceback (most recent call last):
        ...
    ValueError: the sentence says 2.5, which is no number of the figure: compute it from what is plotted
    """
    if not isinstance(says, str) or not says.strip():
        raise ValueError("say in a sentence what the figure shows")
    says = _with_true_minus(says)
    figure = getattr(figure, "figure", figure)  # axes will do
    library = type(figure).__module__.partition(".")[0]
    if library == "matplotlib":
        return _of_matplotlib(figure, says)
    if library == "plotly":
        return _of_plotly(figure, says)
    raise TypeError(f"described needs a figure of Matplotlib or Plotly, not {type(figure).__name__}")


def _with_true_minus(says: str) -> str:
    """Replace the hyphen that Python writes before a number, and screen readers skip; code stays as it is."""
    pieces = CODE_OR_FORMULA.split(says)
    return "".join(piece if i % 2 else HYPHEN.sub(MINUS, piece) for i, piece in enumerate(pieces))


def _of_matplotlib(figure: Any, says: str) -> Described:
    from course_utils.teaching.plots import matplotlib_figures

    result = _checked(matplotlib_figures.read(figure), says)
    image, size = matplotlib_figures.png(figure)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(figure)  # or it would be shown a second time, without words
    tables = default_tables(result.panels, {}, result.facts)
    return Described(says, twin("png", image, size, says, "".join(table.to_html() for table in tables)))


def _of_plotly(figure: Any, says: str) -> Described:
    from course_utils.teaching.plots import plotly_figures

    result = _checked(plotly_figures.read(figure), says)
    return Described(says, plotly_figures.picture(result, says).to_html(), plotly_figures.spec(figure))


def _checked(result: Read, says: str) -> Read:
    if result.empty:
        raise ValueError("the figure shows no data yet: plot something first")
    pool = result.numbers()
    for number in written_numbers(says):
        if not is_known(number, pool):
            raise ValueError(
                f"the sentence says {number}, which is no number of the figure: "
                "compute it from what is plotted"
            )
    return result
