"""The lessons: one package for each notebook, named after its topic."""

import importlib
from typing import Any


def lesson_of(topic: str) -> Any:
    """Return the lesson of a topic."""
    return importlib.import_module(f"{__name__}.{topic}")
