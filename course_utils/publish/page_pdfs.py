"""The pages of the notebooks as PDF files, by a Chromium of this machine; style and script lay them out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils.publish import paper
from course_utils.publish.fingerprints import fingerprint, kilobytes
from course_utils.publish.serving import in_background

LOADED = 120_000  # milliseconds of the page's own time, which stands still while something is loaded
SHAPES = (".css", ".js")


def write(made: Path, names: Iterable[str], cache: Path, progress: Callable[[str], None]) -> None:
    """Print pages into the folder ``print``.

    Parameters
    ----------
    made : Path
        Folder of the site.
    names : iterable of str
        Of the pages in ``notebooks``, without their ending.
    cache : Path
        Folder of what earlier calls printed; what these pages no longer use is removed.
    progress : callable
        Is told of each page that is printed.

    Raises
    ------
    PrintingFailed
        If there is no Chromium, or it does not print.
    """
    program = chromium()
    cache.mkdir(parents=True, exist_ok=True)
    (made / "print").mkdir()
    kept = {name: cache / f"{name}-{_fingerprint(made, name)}.pdf" for name in names}
    with in_background(made) as site:
        for name, file in kept.items():
            if not file.exists():
                address = f"{site}/notebooks/{name}.html?print"
                paper.print_address(address, file, program, f"--virtual-time-budget={LOADED}")
                progress(f"{name}: printed, {kilobytes(file.stat().st_size)}")
    for file in {file for name in kept for file in cache.glob(f"{name}-*")}.difference(kept.values()):
        file.unlink()
    for name, file in kept.items():
        shutil.copy(file, made / "print" / f"{name}.pdf")


def chromium() -> str:
    """Return the path of a Chromium on this machine.

    Raises
    ------
    PrintingFailed
        If there is none.
    """
    program = paper.browser()
    if not program:
        raise paper.PrintingFailed(
            "There is no Chromium on this machine to print with: install it, or leave --pdf."
        )
    return program


def _fingerprint(made: Path, name: str) -> str:
    """Return a name for everything that a printed page comes from."""
    number = name.partition("_")[0]
    files = [
        made / "notebooks" / f"{name}.html",
        *sorted((made / "_static" / "pictures").glob(f"{number}-*")),
    ]
    files += [file for file in sorted((made / "_static").iterdir()) if file.suffix in SHAPES]
    return fingerprint(files)
