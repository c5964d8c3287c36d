"""What a command tells who typed it when it cannot do what was asked, and how it ends. Imports nothing."""

from __future__ import annotations

FINE, FOUND, MISUSED, STOPPED = 0, 1, 2, 130  # exit statuses


class Told(Exception):
    """The work failed; the message says why, and is all that a command prints of it."""

    status = FOUND


class Misused(Told):
    """What was typed, or a file that was named, cannot be used."""

    status = MISUSED
