"""The pictures of the report: shares as bars that carry their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.classroom.kinds import Kind
from course_utils.classroom.summary import ExerciseSummary
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Table, classes
from course_utils.teaching.text import format_list, percent

ROW, AROUND = 30, 54  # pixels: of a bar, and of title and axis
FULL = 1.3  # a little more than all, for the number behind the bar


def passed_picture(exercises: Sequence[ExerciseSummary]) -> Picture:
    """Show which share passed each exercise.

    Examples
    --------
    >>> one = ExerciseSummary("01: softmax_batch", None, 40, 30, 2, ())
    >>> passed_picture([one]).says
    'Of those who handed in, passed: 01: softmax_batch (75 %).'
    """
    shares = np.array([(one.passed or 0) / one.asked for one in exercises])
    names = [one.title for one in exercises]
    said = [f"{name} ({percent(share)})" for share, name in zip(shares, names, strict=True)]
    return _bars(
        "passed",
        names,
        shares,
        [one.passed or 0 for one in exercises],
        [True] * len(names),
        f"Of those who handed in, passed: {format_list(said)}.",
    )


def kinds_picture(kinds: Sequence[Kind], title: str, lettered: str = "") -> Picture:
    """Show how many did what.

    Parameters
    ----------
    kinds : sequence of Kind
    title : str
    lettered : str
        Name of a question: its kinds go by their letters. Others are numbered.
    """
    names = [
        f"{kind.label}{' ✓' * kind.right}" if lettered else f"{place}. {kind.label}"
        for place, kind in enumerate(kinds, start=1)
    ]
    said = [f"{kind.label}{' ✓' * kind.right} ({percent(kind.share)})" for kind in kinds]
    return _bars(
        title,
        names,
        np.array([kind.share for kind in kinds]),
        [kind.count for kind in kinds],
        [kind.right for kind in kinds],
        f"{title}: {format_list(said)}.",
    )


def _bars(
    title: str,
    names: Sequence[str],
    shares: np.ndarray,
    counts: Sequence[int],
    right: Sequence[bool],
    says: str,
) -> Picture:
    places = np.arange(len(names), dtype=float)
    labels = [f"{percent(share)} · {count}" for share, count in zip(shares, counts, strict=True)]
    marks = []
    for is_right, name, color in ((True, "right", "right"), (False, "wrong", "wrong")):
        where = [i for i, one in enumerate(right) if one == is_right]
        if where:
            texts = [labels[i] for i in where]
            bars = Bars(name, shares[where], places[where], color=color, horizontal=True, values=texts)
            marks.append(bars)
    panel = Panel(
        _plain(title),
        marks,
        x=Axis("", 0, FULL * max(shares.max(), 0.25), ticks={}),
        y=classes([_plain(name) for name in names]),
    )
    table = Table(title, {"": list(names), "share": shares, "count": list(counts)}, digits=3)
    return Picture([panel], says, table=table, height=AROUND + ROW * len(names))


def _plain(text: str) -> str:
    r"""Keep the signs of light mathematics as they are.

    >>> _plain("batch_exercise")
    'batch\\_exercise'
    """
    return "".join(f"\\{sign}" if sign in "\\_^*" else sign for sign in text)
