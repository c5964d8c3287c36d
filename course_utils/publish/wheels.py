"""Packages for Pyodide: those of its release, and pure ones packed again from what is installed here.

The release holds what is compiled. What is pure Python is the same everywhere, so it comes from the
environment that builds the site, in the versions that its tests have proved.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course_utils.told import Told

_LOCK: dict[str, Any] = json.loads(
    Path(__file__).with_name("pyodide_packages.json").read_text(encoding="utf-8")
)
INFO: dict[str, str] = _LOCK["info"]  # which release, for which Python
#: What of the release is used, as its own lock file has it: names, hashes, and what needs what.
RELEASED: dict[str, dict[str, Any]] = _LOCK["packages"]
# The page's side of ipywidgets is an extension of JupyterLab; Python has no use for it there.
ELSEWHERE = {"jupyterlab-widgets", "widgetsnbextension"}
NOT_PYTHON = {".so", ".pyd", ".dylib", ".pyc", ".pyi", ".map", ".ipynb"}
UNUSED = {"__pycache__", "tests", "benchmarks", "labextension", "datasets", "nbextension"}


class UnusablePackage(Told):
    """What the pages need is not here, or is not what they need; the message says what to do."""


@dataclass(frozen=True)
class Wheel:
    """A pure package for Pyodide.

    Parameters
    ----------
    name, version : str
        Of the distribution.
    contents : mapping
        Path in the archive -> bytes.
    depends : tuple of str
        Names of the distributions that are loaded with it.
    """

    name: str
    version: str
    contents: Mapping[str, bytes]
    depends: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"

    @property
    def imports(self) -> list[str]:
        """Names of the modules that it brings."""
        tops = {PurePosixPath(path).parts[0] for path in self.contents}
        return sorted(top.removesuffix(".py") for top in tops if not top.endswith(".dist-info"))

    def to_bytes(self) -> bytes:
        """Return the archive."""
        return archive(self.contents)


def archive(contents: Mapping[str, bytes]) -> bytes:
    """Return files, by their paths, as a zip archive: the same bytes for the same files.

    Examples
    --------
    >>> contents(archive({"a/b.py": b"c = 1"}))
    {'a/b.py': b'c = 1'}
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as writing:
        for path, content in sorted(contents.items()):
            writing.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)  # of no date
    return stream.getvalue()


def contents(archived: bytes) -> dict[str, bytes]:
    """Return the files of a zip archive, by their paths."""
    with zipfile.ZipFile(io.BytesIO(archived)) as reading:
        return {one.filename: reading.read(one) for one in reading.infolist() if not one.is_dir()}


def made(name: str, version: str, contents: Mapping[str, bytes], depends: Iterable[str] = ()) -> Wheel:
    """Return a wheel of the course's own files, with the metadata that says what it needs."""
    depends = tuple(depends)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in depends]
    place = f"{name.replace('-', '_')}-{version}.dist-info/METADATA"
    named = tuple(canonicalize_name(Requirement(requirement).name) for requirement in depends)
    return Wheel(name, version, {**contents, place: "\n".join(lines).encode()}, named)


def installed(name: str) -> Wheel:
    """Pack an installed distribution again, as pure Python.

    Raises
    ------
    UnusablePackage
        If it is not installed, or is nothing without a compiled part.

    Examples
    --------
    >>> wheel = installed("mpmath")
    >>> wheel.imports, wheel.depends
    (['mpmath'], ())
    """
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise UnusablePackage(
            f"{name} is missing: pip install -e '.[site]' brings what builds the site."
        ) from error
    paths = [path for path in found.files or () if ".." not in path.parts]
    compiled = {_stem(path) for path in paths if path.suffix in (".so", ".pyd")}
    if lost := compiled - {_stem(path) for path in paths if path.suffix == ".py"} - _only_for_speed(compiled):
        raise UnusablePackage(
            f"{name} needs {min(lost)}, which is compiled: it cannot be packed for the browser."
        )
    kept = [path for path in paths if _is_kept(path)]
    contents = {path.as_posix(): Path(str(found.locate_file(path))).read_bytes() for path in kept}
    requirements = map(Requirement, found.requires or ())
    needs = {
        canonicalize_name(one.name) for one in requirements if one.marker is None or one.marker.evaluate()
    }
    return Wheel(canonicalize_name(name), found.version, contents, tuple(sorted(needs - ELSEWHERE)))


def _stem(path: PurePosixPath) -> str:
    return path.with_name(path.name.partition(".")[0]).as_posix()


def _only_for_speed(compiled: set[str]) -> set[str]:
    """Return mypyc's table of compiled functions: it is nothing without the modules that it speeds up."""
    return {stem for stem in compiled if stem.endswith("_mypyc")}


def _is_kept(path: PurePosixPath) -> bool:
    if path.parts[0].endswith(".dist-info"):
        return path.name in ("METADATA", "entry_points.txt")
    return path.suffix not in NOT_PYTHON and not UNUSED & {*path.parts}


def with_needs(names: Iterable[str]) -> dict[str, Wheel]:
    """Return pure packages and all that they need beyond the release, by name.

    Examples
    --------
    >>> sorted(with_needs(["sympy"]))
    ['mpmath', 'sympy']
    """
    found: dict[str, Wheel] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name not in RELEASED:
            found[name] = installed(name)
            waiting += found[name].depends
    return found


def entry(wheel: Wheel, content: bytes) -> dict[str, Any]:
    """Return what the lock file says of a wheel."""
    return {
        "name": wheel.name,
        "version": wheel.version,
        "file_name": wheel.file_name,
        "install_dir": "site",
        "sha256": hashlib.sha256(content).hexdigest(),
        "package_type": "package",
        "imports": wheel.imports,
        "depends": list(wheel.depends),
    }
