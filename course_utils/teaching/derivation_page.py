"""A derivation on a page: what a browser has of it from the start, and what it is answered.

The browser has all lines from the start, so that stepping asks nobody. What needs an answer comes as a
request that carries the text it is about and a number, and the answer carries the number back: an answer to
an old text is dropped. There is no state here, and nothing runs beside anything else.
"""

from __future__ import annotations

from typing import Any

from course_utils.teaching import derivation_written as written
from course_utils.teaching.algebra.syntax import NotUnderstood, latex
from course_utils.teaching.derivation import MODES, Derivation, Judgment
from course_utils.teaching.text import to_plain


def answer(derivation: Derivation, request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request: to read a text, to judge it, or to judge that a line is wrong."""
    line, text = int(request["line"]), str(request.get("text", ""))
    said: dict[str, Any] = {"line": line, "number": request["number"], "do": request["do"]}
    try:
        said["formula"] = latex(derivation.scope.read(text)) if text.strip() else ""
    except NotUnderstood as error:
        said["hint"] = str(error)
    if request["do"] == "judge":
        said |= _said(derivation.judge(line, text))
    if request["do"] == "accuse":
        said |= _said(derivation.accuse(line))
        missing = {*derivation.planted}.difference(request["found"], [line])
        said["says"] += " These are all." * (said["passed"] and not missing)
    return said


def _said(judgment: Judgment) -> dict[str, Any]:
    return {"passed": bool(judgment), "mark": judgment.mark, "says": judgment.headline}


def content(derivation: Derivation) -> dict[str, Any]:
    """Return what a browser shows of a derivation."""
    rows = [
        {
            **written.cells(derivation, line),
            "number": line.number,
            "shown": written.line_text(derivation.worked, line),
            "faded": line.number in derivation.faded.gaps,
            "asks": f"Line {line.number}: {line.asks}",
        }
        for line in derivation.lines
    ]
    return {
        "head": written.head(derivation),
        "title": to_plain(derivation.title) or "the derivation",
        "headings": written.headings(derivation),
        "caption": written.caption(derivation),
        "rows": rows,
        "modes": [] if derivation.planted else list(MODES),
        "mode": derivation.mode,
        "accusation": "is false" if derivation.asks == "truth" else "does not follow",
    }
