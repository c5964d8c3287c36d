"""Runs in Pyodide: what was compiled here, since it came without bytecode, and what can be read."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType


async def answer(given: str) -> str:
    """Import ``modules``; say which were compiled here, how many before, how long those to ``read`` are."""
    asked = json.loads(given)
    for name in asked["modules"]:
        importlib.import_module(name)
    modules = [module for module in sys.modules.values() if isinstance(module, ModuleType)]
    specs = [module.__spec__ for module in modules if module.__spec__ and module.__spec__.origin]
    written = {spec.name: spec for spec in specs if str(spec.origin).endswith((".py", ".pyc"))}
    compiled = {name for name, spec in written.items() if _has_bytecode(spec)}
    return json.dumps(
        {
            "compiled_here": sorted(written.keys() - compiled),
            "compiled_before": len(compiled),
            "read": {name: len(inspect.getsource(sys.modules[name])) for name in asked["read"]},
        }
    )


def _has_bytecode(spec: ModuleSpec) -> bool:
    beside = spec.cached is not None and os.path.exists(spec.cached)
    return beside or str(spec.origin).endswith(".pyc")
