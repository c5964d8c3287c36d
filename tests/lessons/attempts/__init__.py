"""Attempts at every exercise, declared lesson by lesson: the one table that `test_exercises` goes through.

A module here is named after its lesson and holds, by exercise, functions that are ``RIGHT`` in another style
than the solution's, functions that are ``WRONG`` in another way than the listed mistakes, and which of the
latter are ``TOLD`` what, by the key of the diagnosis. ``LISTED`` holds, by exercise and key, the listed
mistakes once more, written from their sentences alone: these and the functions must go together. ``ALLOWS``
holds, by exercise, the contract once more, in code: a function that tells whether it allows these arguments.
``SAYS`` holds, by exercise, what words in the labels of its checks say of the arguments, where no rule for
all exercises (those of ``test_checks``) reads them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Function = Callable[..., Any]
Functions = Mapping[str, Function] | Sequence[Function]
Allows = Mapping[str, Function]  # exercise, and a function of all its arguments
Listed = Mapping[str, Mapping[str, Function]]  # exercise, key of the listed mistake
Told = Mapping[str, Mapping[str, str]]  # exercise, name of the attempt, key of the diagnosis


def attempts(kind: str) -> Iterator[tuple[str, str, Function]]:
    """Yield exercise, name and function of every attempt that is ``"RIGHT"`` or ``"WRONG"``."""
    for exercise, functions in declared(kind):
        for name, function in named(functions).items():
            yield exercise, name, function


def told() -> Iterator[tuple[str, str, str]]:
    """Yield exercise, name of the attempt, and key of the diagnosis that it gets."""
    for exercise, keys in declared("TOLD"):
        for name, key in keys.items():
            yield exercise, name, key


def listed() -> Iterator[tuple[str, str, Function]]:
    """Yield exercise, key and function of every listed mistake that was written anew from its sentence."""
    for exercise, functions in declared("LISTED"):
        for key, function in functions.items():
            yield exercise, key, function


def allows() -> Iterator[tuple[str, Function]]:
    """Yield exercise, and the function that tells which calls its contract allows."""
    yield from declared("ALLOWS")


def declared(table: str) -> Iterator[tuple[str, Any]]:
    """Yield exercise, with its lesson, and what a table of each module declares for it."""
    for module in pkgutil.iter_modules(__path__):
        tables = vars(importlib.import_module(f"attempts.{module.name}"))
        for exercise, entries in tables.get(table, {}).items():
            yield f"{module.name}.{exercise}", entries


def named(functions: Functions) -> dict[str, Function]:
    """Name what has no name by its place in the list, counted from 1."""
    if isinstance(functions, Mapping):
        return dict(functions)
    names = [getattr(function, "__name__", "<lambda>") for function in functions]
    return {
        str(number) if name == "<lambda>" else f"{number} {name}": function
        for number, (name, function) in enumerate(zip(names, functions, strict=True), start=1)
    }
