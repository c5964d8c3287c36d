"""Every notebook as a whole, in the browser."""

from __future__ import annotations

from typing import Any


def test_the_page_runs_clean_and_alone(live_notebook: Any) -> None:
    assert live_notebook.errors == []
    assert live_notebook.foreign_requests == []
