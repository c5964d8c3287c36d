"""A pytest plugin: nbval finds its sanitizer from any folder, and processes leave each other a core.

nbval reads the path relative to the working directory. A ``conftest.py`` here would come too late for
``pytest notebooks``, so pyproject.toml loads this file by name.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SANITIZER = Path(__file__).with_name("nbval_sanitize.cfg")


def pytest_configure(config: pytest.Config) -> None:
    """Name the file absolutely, unless the command line names another one; set one thread per process."""
    # A worker is on every core already: threads of small matrix products would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(SANITIZER)
