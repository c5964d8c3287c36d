"""The base of the course's own widgets: anywidget, made safe for busy machines."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course_utils.teaching import bundle

HERE = Path(__file__).parent


def module(name: str) -> str:
    """Return the JavaScript module of a widget, with what all share in front."""
    return f"{bundle.module('jupyter.js')}\n{(HERE / name).read_text(encoding='utf-8')}"


def style(*names: str) -> str:
    """Return the style sheet of a widget, with the rules for the keyboard focus in front."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("focus.css", *names))


class CourseWidget(anywidget.AnyWidget):
    """A widget whose browser side calls the shared functions when it is drawn.

    Give it its whole first state on construction: what a busy browser is sent before it listens is lost.
    """

    own: Any = traitlets.Unicode().tag(sync=True)  # the id of this model

    def __init__(self, **state: Any) -> None:
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own=own_id, **state)
