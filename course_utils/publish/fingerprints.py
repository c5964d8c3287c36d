"""What a result comes from, and the name made of it, under which it is kept; and how a build writes data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Set
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
COMPUTES = (
    "numerics",
    "teaching",
    "data",
    "words.py",
    "publish/films.py",
    "publish/film_file.py",
)  # any lesson
# Of the files by which pictures are computed, here and on a page; .json: the widths of letters, by which they
# are laid out.
ENDINGS: Set[str] = {".py", ".npz", ".json"}


def fingerprint(of: Iterable[Path], words: str = "") -> str:
    """Return a name for the contents of files, in their order, and for words."""
    digest = hashlib.sha256()
    for file in of:
        digest.update(file.read_bytes())
    digest.update(words.encode())
    return digest.hexdigest()


def kilobytes(size: int) -> str:
    """Write a number of bytes.

    Examples
    --------
    >>> kilobytes(123_999), kilobytes(1_000_000)
    ('123 kB', '1000 kB')
    """
    return f"{size // 1000} kB"


def as_text(data: object) -> str:
    """Return JSON without spaces."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
