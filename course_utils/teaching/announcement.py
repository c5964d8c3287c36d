"""Say aloud, to those who use a screen reader, what has just changed on the page."""

from __future__ import annotations

from typing import Any

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.widget import CourseWidget


class Announcement(CourseWidget):
    """An invisible live region. ipywidgets' own text widgets change silently."""

    # What a slide show needs comes with the questions: every deck has one.
    _esm = bundle.script("announcement.js")
    _css = bundle.themes(".cu-form") + bundle.rules("focus.css", "form.css", "slides.css")
    text = traitlets.Unicode().tag(sync=True)


def announced_form(*rows: Any, announcement: Announcement) -> Any:
    """Put ipywidgets below each other, with their announcement and a focus that can be seen."""
    from ipywidgets import VBox

    return VBox([*rows, announcement], _dom_classes=("cu-form",))
