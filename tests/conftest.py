"""How pytest-xdist shares out the tests: by file, and in the browser by notebook."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of one open notebook together; let the workers share the notebooks."""
    from xdist.scheduler import LoadFileScheduling

    class ByNotebook(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    return ByNotebook(config, log) if config.getoption("dist") == "loadfile" else None


def together(nodeid: str) -> str:
    """Name what must stay on one worker: the notebook that a browser test is about, or else the file.

    >>> together("tests/browser/test_live.py::test_it[01_softmax-pull_demo]")
    '01_softmax'
    >>> together("tests/teaching/test_demo.py::test_it[01_softmax]")
    'tests/teaching/test_demo.py'
    """
    notebook = re.match(r"tests/browser/[^:]*::[^[]*\[(\d\d_\w+)", nodeid)
    return notebook[1] if notebook else nodeid.partition("::")[0]
