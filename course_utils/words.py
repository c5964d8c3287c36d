"""Numbers with their nouns, for the sentences of the course. Imports nothing: commands start at once."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun, and with what follows that noun where that changes too.

    Examples
    --------
    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    >>> counted(1, "line cuts", "lines cut"), counted(0, "line cuts", "lines cut")
    ('1 line cuts', '0 lines cut')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"
