"""When to show widgets: only where a kernel is there to answer them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
STORED = "COURSE_STORES_TWINS"  # set in the environment of a kernel whose outputs will be stored
AS_MARKDOWN = {"font_size": "var(--jp-content-font-size1, 14px)"}  # text in widgets, also on slides


def kernel_is_live() -> bool:
    """Tell whether this code runs in a Jupyter kernel (and not in a script, a test or a terminal)."""
    # Without IPython loaded nobody can be displaying anything: importing it here would only cost time.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def twins_are_stored() -> bool:
    """Tell whether the outputs of this kernel are written to a file that others read without a kernel."""
    return STORED in os.environ


def widget_view(widget: Any) -> dict[str, Any]:
    """Return the part of a MIME bundle that shows a widget."""
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle  # anywidget adds metadata, ipywidgets does not
    return {WIDGET_VIEW: data[WIDGET_VIEW]}


def mime_bundle(plain: str, html: str, view: Callable[[], Any]) -> dict[str, Any]:
    """Return what a cell shows: text and HTML and, where a kernel is there to answer, a widget."""
    static = {"text/plain": plain, "text/html": html}
    return {**static, **widget_view(view())} if kernel_is_live() else static
