"""What a call leaves behind, made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from course_utils.teaching import Check
from course_utils.teaching.exercise.calls import Outcome, run


def outcome(value: Any, **facts: Any) -> Outcome:
    """Return what a call leaves that returns this, or this if it is that already; with some facts changed."""
    found = value if isinstance(value, Outcome) else run(lambda: value, Check("", ()))
    return replace(found, **facts)
