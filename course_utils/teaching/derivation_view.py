"""The live view of a derivation in JupyterLab; what it says and answers is in ``derivation_page``."""

from __future__ import annotations

import importlib
from typing import Any

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.derivation import Derivation
from course_utils.teaching.derivation_page import answer, content
from course_utils.teaching.widget import CourseWidget


class DerivationView(CourseWidget):
    """What a browser shows of a derivation."""

    _esm = bundle.script("derivation_widget.js")
    _css = bundle.themes(".cu-derivation") + bundle.rules("focus.css", "derivation.css")
    content: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, derivation: Derivation) -> None:
        super().__init__(content=content(derivation))
        self.derivation = derivation
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, request: dict[str, Any], _buffers: Any) -> None:
        self.send(answer(self.derivation, request))
        # SymPy is loaded now, while nobody waits, and not when the first formula is judged.
        importlib.import_module("course_utils.teaching.algebra.judge")
