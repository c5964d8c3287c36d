"""The live view of a derivation: line by line, with gaps to fill in place, or with an error to find.

The browser has all lines from the start, so that stepping needs no kernel. What needs one comes as a request
that carries the text it is about and a number, and the answer carries the number back: an answer to an old
text is dropped. There is no state here, and nothing runs beside anything else.
"""

from __future__ import annotations

from typing import Any

import traitlets

from course_utils.teaching.algebra.syntax import NotUnderstood, latex
from course_utils.teaching.derivation import MODES, Derivation, Judgment
from course_utils.teaching.text import to_plain
from course_utils.teaching.widget import CourseWidget, module, style


class DerivationView(CourseWidget):
    """What a browser shows of a derivation."""

    _esm = module("derivation_view.js")
    _css = style("derivation_view.css")
    content = traitlets.Dict().tag(sync=True)

    def __init__(self, derivation: Derivation) -> None:
        super().__init__(content=_content(derivation))
        self.derivation = derivation
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, request: dict[str, Any], _buffers: Any) -> None:
        """Answer one request: to read a text, to judge it, or to judge that a line is wrong."""
        line, text = int(request["line"]), str(request.get("text", ""))
        answer: dict[str, Any] = {"line": line, "number": request["number"], "do": request["do"]}
        try:
            answer["formula"] = latex(self.derivation.scope.read(text)) if text.strip() else ""
        except NotUnderstood as error:
            answer["hint"] = str(error)
        if request["do"] == "judge":
            answer |= _said(self.derivation.judge(line, text))
        if request["do"] == "accuse":
            answer |= _said(self.derivation.accuse(line))
            found = {*request["found"], *[line] * answer["passed"]}
            answer["says"] += " These are all." * (answer["passed"] and found >= {*self.derivation.planted})
        self.send(answer)
        from course_utils.teaching.algebra import judge  # now, while nobody waits for an answer

        assert judge


def _said(judgment: Judgment) -> dict[str, Any]:
    return {"passed": bool(judgment), "mark": judgment.mark, "says": judgment.headline}


def _content(derivation: Derivation) -> dict[str, Any]:
    rows = [
        {
            **derivation.cells(line),
            "number": line.number,
            "shown": derivation.worked.shown(line),
            "faded": line.number in derivation.faded.gaps,
            "asks": f"Line {line.number}: {line.asks}",
        }
        for line in derivation.lines
    ]
    return {
        "head": derivation.head_html(),
        "title": to_plain(derivation.title) or "the derivation",
        "headings": derivation.headings,
        "caption": derivation.caption,
        "rows": rows,
        "modes": [] if derivation.planted else list(MODES),
        "mode": derivation.mode,
        "accusation": "is false" if derivation.asks == "truth" else "does not follow",
    }
