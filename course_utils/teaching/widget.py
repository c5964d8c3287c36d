"""The base of the course's own widgets: anywidget, made safe for busy machines."""

from __future__ import annotations

import uuid
from typing import Any

import anywidget
import traitlets


class CourseWidget(anywidget.AnyWidget):
    """A widget whose browser side calls the shared functions when it is drawn.

    Give it its whole first state on construction: what a busy browser is sent before it listens is lost.
    """

    own: Any = traitlets.Unicode().tag(sync=True)  # the id of this model

    def __init__(self, **state: Any) -> None:
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own=own_id, **state)
