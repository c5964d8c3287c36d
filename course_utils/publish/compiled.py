"""Modules as bytecode, so that not every browser compiles them again, on every visit.

That takes longer than all the rest of Python's start. It is done once, when the site is built, by the Python
that will run there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from course_utils.notebook_files import files
from course_utils.publish import in_node, jupyterlite, python_in_the_page, wheels
from course_utils.publish.fingerprints import as_text, fingerprint

THERE = Path(__file__).with_name("compile_there.py")
TAG = "cpython-312"  # what Python in Pyodide calls its bytecode
COURSE = "course_utils"
# Solutions are shown, and changed ones tell what a mistake was. In JupyterLite anything may be read.
READ = {"course.zip": f"{COURSE}/lessons/"}
READ_ELSEWHERE = f"{COURSE}/"
PARTS = ("_static/pyodide", "_static/python", f"{jupyterlite.FOLDER}/{jupyterlite.PACKAGES}")
# What pages import, and parts of SymPy that it imports when it judges a line.
IN_THE_PAGE = ("numpy", "sympy", "sympy.combinatorics", "sympy.sets.setexpr", "sympy.tensor.tensor")
IN_JUPYTERLITE = ("piplite.piplite", "pyodide_kernel", "ipywidgets", "anywidget", "plotly.graph_objects")


def write(site: Path, cache: Path, progress: Callable[[str], None]) -> None:
    """Put bytecode in the place of sources, in all archives of a site.

    Parameters
    ----------
    site : Path
        Folder of a site that has Python in its pages.
    cache : Path
        Folder where bytecode is kept for the next build.
    progress : callable
        Is told what was compiled, or why nothing.

    Raises
    ------
    in_node.InNodeFailed
    """
    if not in_node.is_here():
        progress("Without node nothing is compiled for pages: Python will take longer to start there")
        return
    archives = [*_archives(site)]
    kept = cache / f"{fingerprint([THERE, Path(__file__), *archives])}.zip"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for old in cache.iterdir():
            old.unlink()
        files.write(kept, wheels.archive(_compiled(site)))
    code = wheels.contents(kept.read_bytes())
    progress(f"{len(code)} modules compiled for pages")
    digests: dict[str, str] = {}
    for file in archives:
        contents = wheels.contents(file.read_bytes())
        if contents.keys() & code.keys():
            changed = wheels.archive(with_bytecode(contents, code, READ.get(file.name, READ_ELSEWHERE)))
            file.write_bytes(changed)
            digests[file.name] = hashlib.sha256(changed).hexdigest()
    for lock in (site / part / python_in_the_page.LOCK for part in PARTS):
        if lock.exists():
            _correct(lock, digests)


def _archives(site: Path) -> Iterator[Path]:
    for part in PARTS:
        yield from sorted(file for file in (site / part).glob("*") if zipfile.is_zipfile(file))


def _compiled(site: Path) -> dict[str, bytes]:
    if (site / jupyterlite.FOLDER).exists():
        given = {"packages": [*jupyterlite.PREPARED], "imports": IN_JUPYTERLITE + IN_THE_PAGE}
    else:
        given = {"archives": ["course", *python_in_the_page.ALGEBRA], "imports": IN_THE_PAGE}
    found = in_node.run(site, THERE, whole=[COURSE], **given)
    return {place: base64.b64decode(code) for place, code in found.items()}


def with_bytecode(contents: Mapping[str, bytes], code: Mapping[str, bytes], read: str) -> dict[str, bytes]:
    """Return the contents of an archive with bytecode in the place of sources, or beside those that are read.

    Examples
    --------
    >>> contents = {"numpy/a.py": b"a = 1", "numpy/b.py": b"b = 2", "course_utils/a.py": b"a = 3"}
    >>> sorted(with_bytecode(contents, {"numpy/a.py": b"1", "course_utils/a.py": b"3"}, "course_utils/"))
    ['course_utils/__pycache__/a.cpython-312.pyc', 'course_utils/a.py', 'numpy/a.pyc', 'numpy/b.py']
    """
    changed = dict(contents)
    for place in contents.keys() & code.keys():
        path = PurePosixPath(place)
        if place.startswith(read):
            changed[str(path.parent / "__pycache__" / f"{path.stem}.{TAG}.pyc")] = code[place]
        else:
            del changed[place]
            changed[f"{place}c"] = code[place]
    return changed


def _correct(lock: Path, digests: Mapping[str, str]) -> None:
    told = json.loads(lock.read_text(encoding="utf-8"))
    for package in told["packages"].values():
        name = PurePosixPath(package["file_name"]).name
        package["sha256"] = digests.get(name, package["sha256"])
    lock.write_text(as_text(told), encoding="utf-8")
