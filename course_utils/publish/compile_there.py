"""Runs in Pyodide: imports what pages import, and returns the bytecode of all that was imported with it."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import json
import marshal
import pkgutil
import sys
from types import ModuleType

UNCHECKED = (1).to_bytes(4, "little")  # bytecode that is not compared with its source


async def answer(given: str) -> str:
    """Return the bytecode, as text, by the place of its source in an archive.

    The modules ``imports`` are imported, and of the packages ``whole`` all modules whose needs are there.
    """
    asked = json.loads(given)
    sys.dont_write_bytecode = False  # else what an import has compiled would be compiled once more below
    for name in asked["imports"]:
        importlib.import_module(name)
    for name in asked["whole"]:
        for module in pkgutil.walk_packages([*importlib.import_module(name).__path__], f"{name}."):
            if not module.name.endswith("__main__"):
                _try(module.name)
    found = {_place(module): _bytecode(module) for module in [*sys.modules.values()] if has_source(module)}
    return json.dumps({place: base64.b64encode(code).decode() for place, code in found.items()})


def _try(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:  # what only the builder has, or a compiled package that a page fetches later
        sys.modules.pop(name, None)


def has_source(module: object) -> bool:
    spec = module.__spec__ if isinstance(module, ModuleType) else None
    return spec is not None and spec.origin is not None and spec.origin.endswith(".py")


def _place(module: ModuleType) -> str:
    assert module.__spec__ is not None
    origin = str(module.__spec__.origin)
    return min((origin.removeprefix(f"{folder}/") for folder in sys.path if folder), key=len)


def _bytecode(module: ModuleType) -> bytes:
    spec = module.__spec__
    assert spec is not None
    source, code = spec.loader.get_source(spec.name), spec.loader.get_code(spec.name)  # type: ignore[union-attr]
    hashed = importlib.util.source_hash(source.encode())
    return importlib.util.MAGIC_NUMBER + UNCHECKED + hashed + marshal.dumps(code)
