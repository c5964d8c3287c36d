"""Python in the page: Pyodide beside the pages, with what is imported there. ``answers`` is what it runs."""

from __future__ import annotations

import hashlib
import importlib
import shutil
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from course_utils.notebook_files.shown import Source
from course_utils.publish.fingerprints import COMPUTES, ENDINGS, PACKAGE, as_text
from course_utils.publish.wheels import INFO, RELEASED, UnusablePackage, archive
from course_utils.teaching import Demo, Derivation, Exercise

VERSION = INFO["version"]  # of Pyodide: the newest whose files the tests can get and check
NUMPY = RELEASED["numpy"]["file_name"]
PYODIDE = {
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
    NUMPY: RELEASED["numpy"]["sha256"],
}
LOCK = "pyodide-lock.json"
ALGEBRA = ("sympy", "mpmath")
SHIPPED = ("__init__.py", "lessons", *COMPUTES, "publish/__init__.py", "publish/answers.py")


def write(static: Path, pyodide: Path, found: Iterable[Source]) -> None:
    """Put everything below ``_static``.

    Parameters
    ----------
    static : Path
    pyodide : Path
        Folder of a Pyodide release with its NumPy.
    found : iterable of Source
        What the pages show.
    """
    check(pyodide)
    (static / "pyodide").mkdir()
    for name in PYODIDE:
        shutil.copy(pyodide / name, static / "pyodide" / name)
    lock = {"info": INFO, "packages": {"numpy": RELEASED["numpy"]}}
    (static / "pyodide" / LOCK).write_text(as_text(lock), encoding="utf-8")
    (static / "python").mkdir()
    _zip(static / "python" / "course.zip", PACKAGE.parent, course_files())
    for name in ALGEBRA:
        folder = Path(str(importlib.import_module(name).__file__)).parent
        _zip(static / "python" / f"{name}.zip", folder.parent, shipped([folder]))
    (static / "python" / "objects.json").write_text(as_text(objects(found)), encoding="utf-8")


def objects(found: Iterable[Source]) -> dict[str, dict[str, str]]:
    """Return what ``answers`` needs to know of what the pages show, by name."""
    return {
        one.name: {"topic": source.topic, "expression": one.expression, "prelude": one.prelude}
        for source in found
        for one in source.shown
        if isinstance(one.value, Demo | Exercise | Derivation)
    }


def check(pyodide: Path) -> None:
    """Raise `UnusablePackage` unless a folder holds the files of the release, byte by byte."""
    for name, digest in PYODIDE.items():
        compare(pyodide, name, digest)


def compare(pyodide: Path, name: str, digest: str) -> Path:
    """Return a file of the release, or raise `UnusablePackage` if it is missing or another."""
    file = pyodide / name
    if not file.is_file():
        raise UnusablePackage(
            f"{pyodide} has no {name}: choose the folder of the full release of Pyodide {VERSION}."
        )
    if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        raise UnusablePackage(f"{file} is not that of Pyodide {VERSION}: get it again from the release.")
    return file


def course_files(parts: Iterable[str] = (), endings: Iterable[str] = ()) -> Iterator[Path]:
    """Yield the files of the course that a page needs, and further parts and files with further endings."""
    return shipped((PACKAGE / part for part in (*SHIPPED, *parts)), ENDINGS | {*endings})


def shipped(parts: Iterable[Path], endings: Set[str] = ENDINGS) -> Iterator[Path]:
    for part in parts:
        for file in [part] if part.is_file() else sorted(part.rglob("*")):
            below = file.relative_to(part).parts  # whatever the folders above are called
            if file.suffix in endings and not {"tests", "__pycache__"} & {*below}:
                yield file


def _zip(target: Path, root: Path, files: Iterable[Path]) -> None:
    target.write_bytes(archive({file.relative_to(root).as_posix(): file.read_bytes() for file in files}))
