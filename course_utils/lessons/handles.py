"""The point of a curve at which a picture stands, to be taken in hand."""

from __future__ import annotations

from typing import Any

from course_utils.teaching.pictures import Drag, Points
from course_utils.teaching.pictures.marks import Drags


def handle(name: str, y: float, x: float, drags: str | Drags, *, color: str = "ink", **style: Any) -> Points:
    """Show one point to drag; the name of a control says that its x sets that control."""
    moves = {"x": Drag(drags)} if isinstance(drags, str) else drags
    return Points(name, [y], [x], color=color, drags=moves, **{"size": 13, **style})
