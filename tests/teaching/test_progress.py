"""The progress bar: it passes everything on, waits before it shows itself, and leaves nothing to store."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pytest

from course_utils.teaching import progress
from course_utils.teaching.live import WIDGET_VIEW


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Pretend that a kernel is there to answer; collect what is displayed."""
    displayed: list[dict[str, Any]] = []
    monkeypatch.setattr(progress, "kernel_is_live", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: displayed.append(bundle))
    return displayed


def test_without_a_kernel_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("IPython.display.display", lambda *_, **__: pytest.fail("something was shown"))
    assert list(progress.with_progress(range(5), 5, "Counting", patience=-1)) == list(range(5))


def test_quick_work_shows_no_bar(shown: list[dict[str, Any]]) -> None:
    assert list(progress.with_progress(range(5), 5, "Counting", patience=60)) == list(range(5))
    assert shown == []


def test_slow_work_shows_one_bar_and_nothing_that_a_notebook_would_store(
    shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = []
    monkeypatch.setattr(ipywidgets, "HTML", lambda: bars.append(_Html()) or bars[-1])
    seen = []
    for item in progress.with_progress("ab", 2, "a < b", patience=-1):
        seen.append((item, bars[0].value))
    assert seen == [
        ("a", '<label>a &lt; b <progress value="1" max="2"></progress> 1 of 2</label>'),
        ("b", '<label>a &lt; b <progress value="2" max="2"></progress> 2 of 2</label>'),
    ]
    assert [list(bundle) for bundle in shown] == [[WIDGET_VIEW]]


class _Html:
    value = ""

    def _repr_mimebundle_(self) -> dict[str, Any]:
        return {"text/plain": "a bar", WIDGET_VIEW: {}}
