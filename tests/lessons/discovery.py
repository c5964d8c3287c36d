"""Find every lesson and every declared object in it, by type."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any, TypeVar

import pytest

import course_utils.lessons

T = TypeVar("T")

# A lesson is a package; what several of them share are modules beside them.
LESSONS = [module.name for module in pkgutil.iter_modules(course_utils.lessons.__path__) if module.ispkg]


def lesson_modules() -> list[ModuleType]:
    """Import all lessons."""
    return [importlib.import_module(f"course_utils.lessons.{name}") for name in LESSONS]


def declared(kind: type[T]) -> list[Any]:
    """Return a pytest parameter, named after lesson and variable, for each declared object of a type."""
    return [pytest.param(value, id=name) for name, value in named(kind).items()]


def named(kind: type[T]) -> dict[str, Any]:
    """Return every declared object of a type by its lesson and its variable."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in lesson_modules()
        for name, value in vars(module).items()
        if isinstance(value, kind)
    }
