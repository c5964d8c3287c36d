"""Python as a browser has it, run in node: what is compiled for pages is compiled there, and tested there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_suffix(".mjs")


class InNodeFailed(RuntimeError):
    """Node, or Python in it, failed; the message is what it said."""


def is_here() -> bool:
    """Say whether there is a node that can run it."""
    return sys.platform != "win32" and shutil.which("node") is not None


def run(site: Path, code: Path, **given: Any) -> Any:
    """Run a file in Pyodide, with what the pages of a site have there.

    Parameters
    ----------
    site : Path
        Folder of a site, or of that part of it which is Python.
    code : Path
        Declares ``answer``, a coroutine function of the JSON of what is given, which returns JSON.
    **given
        What ``answer`` is told; first ``packages`` are loaded, as in JupyterLite, or ``archives``.

    Raises
    ------
    InNodeFailed
    """
    done = subprocess.run(
        ["node", str(SCRIPT), str(site), str(code)], input=json.dumps(given), capture_output=True, text=True
    )
    if done.returncode:
        raise InNodeFailed(done.stderr[-3000:])
    return json.loads(done.stdout)
