"""Plotly in a live page, with the stored twin in its place until it has drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.widget import CourseWidget


class PlotlyView(CourseWidget):
    """The twin, and the figure that the page's own Plotly draws over it: the kernel sends no Plotly."""

    _esm = (
        f"{bundle.module('jupyter.js')}\n{Path(__file__).with_name('plotly.js').read_text(encoding='utf-8')}"
    )

    says = traitlets.Unicode().tag(sync=True)
    twin = traitlets.Unicode().tag(sync=True)
    figure: Any = traitlets.Dict().tag(sync=True)
