"""How far a long loop has come."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from course_utils.teaching.html import element, escaped
from course_utils.teaching.live import kernel_is_live, widget_view

T = TypeVar("T")


def with_progress(items: Iterable[T], total: int, label: str, *, patience: float = 1.0) -> Iterator[T]:
    """Yield all items; once that takes longer than `patience` seconds, show a bar of how many have come.

    Only a live page shows the bar. What a notebook stores does not depend on it, nor on the clock.

    Parameters
    ----------
    items : iterable
    total : int
        How many items there will be.
    label : str
        What takes so long.
    patience : float
        In seconds.

    Examples
    --------
    >>> list(with_progress("abc", total=3, label="Spelling"))
    ['a', 'b', 'c']
    """
    began, bar = time.monotonic(), None
    for count, item in enumerate(items, start=1):
        if bar is None and kernel_is_live() and time.monotonic() - began > patience:
            bar = _shown_bar()
        if bar is not None:
            bar.value = _bar_html(count, total, label)
        yield item


def _shown_bar() -> Any:
    from IPython.display import display
    from ipywidgets import HTML

    bar = HTML()
    # The widget alone: a text beside it would be stored, or not, depending on the clock.
    display(widget_view(bar), raw=True)  # type: ignore[no-untyped-call]
    return bar


def _bar_html(count: int, total: int, label: str) -> str:
    """Write a progress bar that a screen reader knows as one.

    >>> _bar_html(1, 4, "Training")
    '<label>Training <progress value="1" max="4"></progress> 1 of 4</label>'
    """
    bar = element("progress", value=str(count), max=str(total))
    return element("label", f"{escaped(label)} {bar} {count} of {total}")
