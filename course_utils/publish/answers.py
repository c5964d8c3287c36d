"""What Python in the page answers: any state of a demo, the verdict on an exercise, the judgment of a line.

This module runs in the reader's browser (Pyodide). Texts come in and go out as JSON; nothing that a reader
writes runs anywhere else.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.lessons import lesson_of
from course_utils.publish.films import packed
from course_utils.teaching.demo import Refused, dragged
from course_utils.teaching.html import element, escaped
from course_utils.teaching.text import one_line

FILE = "your code"  # what a traceback calls it


class Answers:
    """Answers for the objects of a site.

    Parameters
    ----------
    objects : mapping
        Name of each object on a page -> ``{"topic", "expression", "prelude"}``: its lesson, the line that
        shows it, and the imports and definitions of the cells above.
    """

    def __init__(self, objects: Mapping[str, Mapping[str, str]]) -> None:
        self.objects = objects
        self.shown = functools.cache(self._found)

    def answer(self, text: str) -> str:
        """Return the answer to a request, both JSON: ``{"do": "picture", "name": …, …}``."""
        request = json.loads(text)
        answers: dict[str, Any] = {
            "picture": self.picture,
            "check": self.check,
            "derivation": self.derivation,
        }
        return json.dumps(answers[request.pop("do")](**request))

    def _found(self, name: str) -> Any:
        declared = self.objects[name]
        lesson = lesson_of(declared["topic"])
        line = compile(declared["expression"], name, "eval")  # the course's own
        return eval(line, {"lesson": lesson})

    def picture(self, name: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the picture of a state: ``{"values", "spec"}``, the bytes of its arrays as text.

        With ``"drag"``, it is that of the state in which a mark has been dragged to a place.
        """
        demo = self.shown(name)
        try:
            state = demo.state(**request["values"])
            if drag := request.get("drag"):
                state = demo.state(**{**state, **dragged(demo.at(**state), state, **drag)})
            picture = demo.at(**state)
        except Refused as refusal:
            return {"values": request["values"], "error": str(refusal)}
        except ImportError as error:
            return {"values": request["values"], "error": f"This needs {error.name}: see it in the notebook."}
        except (TypeError, ValueError) as error:
            return {"values": request["values"], "error": f"{one_line(str(error))}."}
        spec = picture.spec(request["width"])
        answer = {"values": state, "spec": packed(spec.json, spec)}
        return {**answer, "table": picture.numbers_html()} if request.get("table") else answer

    def check(self, name: str, code: str, earlier: Sequence[str] = ()) -> dict[str, Any]:
        """Run a reader's code below the imports of the page, and return the verdict as HTML and JSON.

        `earlier` is what the reader wrote for the exercises above, which an exercise may let one call.
        """
        exercise = self.shown(name)
        space: dict[str, Any] = {"__name__": "__main__"}
        for node in ast.parse(self.objects[name]["prelude"]).body:
            with contextlib.suppress(ImportError):  # what only JupyterLab has, an exercise does not need
                exec(compile(ast.unparse(node), "the page", "exec"), space)
        for written in earlier:
            with contextlib.suppress(Exception):  # it has a verdict of its own
                exec(compile(written, "your code above", "exec"), space)
        try:
            exec(compile(code, FILE, "exec"), space)
        except (Exception, SystemExit) as error:
            return {"html": _raised(error), "json": {"status": "failed"}}
        if exercise.name not in space:
            return _told("failed", f"Your code defines no function {exercise.name}: begin with its def line.")
        verdict = exercise.check(space[exercise.name])
        if verdict.status == "not attempted":  # what it says then is about a cell
            return _told(verdict.status, "Not attempted yet: replace the ... by your code.")
        return {"html": verdict.to_html(), "json": verdict.to_json()}

    def derivation(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return what the view of a derivation is told about a line: read, judged or accused."""
        from course_utils.teaching.derivation_page import answer

        return answer(self.shown(name), request)


def _told(status: str, text: str) -> dict[str, Any]:
    return {"html": element("p", escaped(text)), "json": {"status": status}}


def _raised(error: BaseException) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    where = f" in line {line}" if line else ""
    said = error.msg if isinstance(error, SyntaxError) else one_line(str(error))  # the line is said already
    return element("p", f"Your code stops{where}: {type(error).__name__}: {escaped(said)}")
