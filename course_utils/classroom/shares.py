"""Which share of a real class chose what: takes the place of what the authors expected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from course_utils.classroom.summary import Summary
from course_utils.told import Misused

MEASURED = Path(__file__).with_name("measured_shares.json")  # not there until a class has been asked

Shares = Mapping[str, Mapping[str, float]]


class UnusableShares(Misused):
    """A file that holds no shares."""


def shares_of(summary: Summary) -> dict[str, dict[str, float]]:
    """Return the shares of a class, by question and letter: of questions whose options are all told apart."""
    return {
        asked.place.name: {kind.label: round(kind.share, 2) for kind in asked.kinds}
        for asked in summary.questions
        if all(len(kind.label) == 1 for kind in asked.kinds)
    }


def measured_shares(path: Path = MEASURED) -> Shares:
    """Return question -> letter -> share of a real class; empty until there was one.

    ``python -m course_utils report DIR --shares FILE`` writes such a file.

    Raises
    ------
    UnusableShares
        If the file holds something else.

    Examples
    --------
    >>> measured_shares(Path("nowhere.json"))
    {}
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UnusableShares(f"{path.name} is not JSON: {error}") from error
    if not isinstance(found, dict) or not all(map(_is_shares, found.values())):
        raise UnusableShares(f"{path.name} must hold question: {{letter: share}}, shares from 0 to 1")
    return found


def _is_shares(found: object) -> bool:
    return isinstance(found, dict) and all(
        isinstance(share, int | float) and 0 <= share <= 1 for share in found.values()
    )
