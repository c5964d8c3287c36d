"""Plotly in a live page, with the stored twin in its place until it has drawn."""

from __future__ import annotations

from typing import Any

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.widget import CourseWidget


class PlotlyView(CourseWidget):
    """The twin, and the figure that the page's own Plotly draws over it: the kernel sends no Plotly."""

    _esm = bundle.script("plotly.js")

    says = traitlets.Unicode().tag(sync=True)
    twin = traitlets.Unicode().tag(sync=True)
    figure: Any = traitlets.Dict().tag(sync=True)
