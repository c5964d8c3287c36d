"""Say aloud, to those who use a screen reader, what has just changed on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.live import AS_MARKDOWN
from course_utils.teaching.note import Note
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


def form_with_buttons(html: str, notes: Mapping[str, Callable[[], Note]]) -> Any:
    """Put a button for each note that can be asked for below some HTML, and the last note below these."""
    from ipywidgets import Button, HBox, HTMLMath

    shown, announcement = HTMLMath(style=AS_MARKDOWN), Announcement()

    def button(label: str, ask: Callable[[], Note]) -> Any:
        def click(_: Any) -> None:
            note = ask()
            shown.value, announcement.text = note.html, note.plain

        one = Button(description=label, layout={"width": "auto"})
        one.on_click(click)
        return one

    buttons = HBox([button(label, ask) for label, ask in notes.items()])
    return announced_form(HTMLMath(html, style=AS_MARKDOWN), buttons, shown, announcement=announcement)
