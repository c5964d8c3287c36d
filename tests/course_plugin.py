"""A pytest plugin: nbval finds its sanitizer, and the workers of pytest-xdist share the tests sensibly.

nbval reads the sanitizer's path relative to the working directory. A ``conftest.py`` here would come too late
for ``pytest notebooks``, so pyproject.toml loads this file by name.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

SANITIZER = Path(__file__).with_name("nbval_sanitize.cfg")


def pytest_configure(config: pytest.Config) -> None:
    """Name the file absolutely, unless the command line names another one; set one thread per process."""
    # A worker is on every core already: threads of small matrix products would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(SANITIZER)


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
