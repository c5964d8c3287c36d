"""What Python does in JupyterLite beside running cells: it fetches a package when something imports it first.

Nothing is loaded that no cell needs: a page shows its first picture sooner, on a phone with less memory. This
module runs in the reader's browser (Pyodide, in a worker). It asks nobody but the site.
"""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import re
import sys
import zipfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

LATER = Path(__file__).with_name("later.json")  # written by the build
STARTUP = ".ipython/profile_default/startup/course.py"


class Fetching(MetaPathFinder):
    """Finds modules of pure packages that are not there yet, by fetching them.

    Parameters
    ----------
    files : mapping
        Name of a module -> the archives that bring it and what it needs.
    fetch : callable
        Returns the bytes of an archive.
    folder : Path
        Where packages are unpacked, a folder of ``sys.path``.
    """

    def __init__(
        self, files: Mapping[str, Sequence[str]], fetch: Callable[[str], bytes], folder: Path
    ) -> None:
        self._files = files
        self._fetch = fetch
        self._folder = folder
        self._here: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module that others did not find."""
        missing = [file for file in self._files.get(fullname, ()) if file not in self._here]
        if not missing:
            return None
        for file in missing:
            with zipfile.ZipFile(io.BytesIO(self._fetch(file))) as archive:
                archive.extractall(self._folder)
            self._here.add(file)
        importlib.invalidate_caches()
        return PathFinder.find_spec(fullname, path, target)


def loading(
    before: Mapping[str, Sequence[str]], load: Callable[[list[str]], Awaitable[Any]]
) -> Callable[[list[str]], Awaitable[list[str]]]:
    """Return a transformer of cells that loads the compiled packages which the names in a cell will need.

    What is compiled cannot be loaded while Python runs: it must be there before.
    """
    loaded: set[str] = set()

    async def transform(lines: list[str]) -> list[str]:
        names = set(re.findall(r"\w+", "".join(lines)))
        wanted = {package for name in names & before.keys() for package in before[name]} - loaded
        if wanted:
            await load(sorted(wanted))
            loaded.update(wanted)
        return lines

    return transform


def begin() -> None:
    """Prepare Python, before the kernel is there."""
    # IPython brings all that makes a terminal comfortable: seconds, in a browser, which has no terminal.
    terminal = ModuleType("IPython.terminal.embed")
    terminal.embed = None  # type: ignore[attr-defined]
    sys.modules[terminal.__name__] = terminal
    later = json.loads(LATER.read_text(encoding="utf-8"))
    # A notebook's own folder comes last: whatever is looked up there asks the page, and waits for the answer.
    sys.path[:] = [folder for folder in sys.path if folder not in ("", os.getcwd())] + [""]
    site = next(Path(folder) for folder in sys.path if folder.endswith("site-packages"))
    sys.meta_path.append(Fetching(later["modules"], fetched, site))
    startup = Path.home() / STARTUP
    startup.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"from {__name__} import attend", "attend(get_ipython())", "del attend")
    startup.write_text("\n".join(lines), encoding="utf-8")


def attend(shell: Any) -> None:
    """Load before a cell what it will need: called when the kernel is there."""
    import pyodide_js

    before = json.loads(LATER.read_text(encoding="utf-8"))["before"]
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # each start is its first
    transform = loading(before, lambda packages: pyodide_js.loadPackage(packages))
    shell.Completer.use_jedi = False  # it is not there, and JupyterLite's kernel takes it for granted
    shell.kernel.lite_transform_manager.line_transforms.append(transform)


def fetched(file: str) -> bytes:
    """Return a file of the site. Only a worker may wait for it, and in one we are."""
    import js

    request = js.XMLHttpRequest.new()
    request.open("GET", f"{js.location.href.partition('/extensions/')[0]}/{file}", False)
    request.responseType = "arraybuffer"
    request.send()
    if request.status != 200:
        raise ImportError(f"{file} could not be fetched: the page is offline, or the site is not whole")
    content: bytes = request.response.to_bytes()
    return content
