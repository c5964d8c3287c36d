"""Films of all demos of the notebooks, on all processors, kept for the next build.

A film is kept under a name made of everything that it comes from, so a second build records only what
changed.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from course_utils.notebook_files import files
from course_utils.notebook_files.files import number_of
from course_utils.notebook_files.shown import Shown, Source, source_of
from course_utils.publish import films
from course_utils.publish.fingerprints import COMPUTES, ENDINGS, PACKAGE, as_text, fingerprint, kilobytes


def write(folder: Path, found: Iterable[Source], cache: Path, progress: Callable[[str], None]) -> None:
    """Write the films of all demos into a folder, and a file with the tables beside each.

    Parameters
    ----------
    folder : Path
        Is made.
    found : iterable of Source
    cache : Path
        Folder of the films that earlier calls made; what these notebooks no longer use is removed.
    progress : callable
        Is told of each film that is made, and how large all are together.
    """
    from threadpoolctl import threadpool_limits  # the extra `site` brings it

    folder.mkdir()
    cache.mkdir(parents=True, exist_ok=True)
    demos = [(source, one) for source in found for one in source.demos]
    kept = {one.name: cache / f"{one.name}-{fingerprint_of(source, one)}.film" for source, one in demos}
    jobs = [(source.path, one.cell, kept[one.name]) for source, one in demos if not kept[one.name].exists()]
    # One process on each core: threads of matrix products would only wait for each other.
    with ProcessPoolExecutor(initializer=threadpool_limits, initargs=(1,)) as pool:
        for line in pool.map(record, jobs):
            progress(line)
    theirs = {file for source in found for file in cache.glob(f"{number_of(source.path)}-*")}
    used = {*kept.values(), *map(tables_beside, kept.values())}
    for file in theirs:
        if file not in used:
            file.unlink()
    for name, film in kept.items():
        shutil.copy(film, folder / f"{name}.film")
        shutil.copy(tables_beside(film), folder / f"{name}.tables.json")
    recorded = sum(film.stat().st_size for film in kept.values())
    tables = sum(len(gzip.compress(tables_beside(film).read_bytes())) for film in kept.values())
    progress(f"{len(kept)} films: {kilobytes(recorded)}, and {kilobytes(tables)} of tables, compressed")


def tables_beside(film: Path) -> Path:
    return film.with_suffix(".tables.json")


def record(job: tuple[Path, str, Path]) -> str:
    path, cell, kept = job
    one = next(one for one in source_of(path).demos if one.cell == cell)
    film = films.record(one.value)
    recorded, tables = film.to_bytes(), as_text(film.tables).encode()
    files.write(tables_beside(kept), tables)
    files.write(kept, recorded)  # last: it says that both are there
    count, size = len(film.json["states"]), len(gzip.compress(tables))
    return f"{one.name}: {count} states, {kilobytes(len(recorded))} and {kilobytes(size)} of tables"


def fingerprint_of(source: Source, one: Shown) -> str:
    """Return a name for everything that the film of a demo comes from."""
    parts = [PACKAGE / part for part in (*COMPUTES, f"lessons/{source.topic}")]
    own = [file for part in parts for file in _files(part) if file.suffix in ENDINGS]
    return fingerprint([*own, *sorted((PACKAGE / "lessons").glob("*.py"))], one.expression)


def _files(part: Path) -> list[Path]:
    return sorted(part.rglob("*")) if part.is_dir() else [part]
