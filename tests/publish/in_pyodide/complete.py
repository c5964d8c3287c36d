"""Runs in Pyodide: the Tab key, in the kernel that JupyterLite has."""

from __future__ import annotations

import json
import sys


async def answer(given: str) -> str:
    """Return how each of ``begun`` may go on when ``source`` has run, and which of ``absent`` are there."""
    import piplite.piplite  # noqa: F401  # first, as JupyterLite does
    import pyodide_kernel

    asked, kernel = json.loads(given), pyodide_kernel.kernel_instance
    kernel._parent_header = {"header": {}}
    await kernel.run(asked["source"])
    matches = [kernel.complete(text, len(text))["matches"] for text in asked["begun"]]
    return json.dumps({"matches": matches, "there": sorted({*asked["absent"]} & {*sys.modules})})
