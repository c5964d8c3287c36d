"""`Table`: the numbers of a picture, for those who want them exactly and those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.teaching.html import element, escaped, scrollable
from course_utils.teaching.text import format_number


@dataclass(frozen=True)
class Table:
    """The numbers of a picture.

    Parameters
    ----------
    caption : str
        What the numbers are; a screen reader says it first.
    columns : mapping of str to sequence
        Heading to values, one per row. The first column names the rows.
    summary : mapping of str to number or str, optional
        Facts about the whole, such as ``{"sum of p": 1.0}``.
    digits : int
        Significant digits shown. At most 10: the digits after that differ between CPUs.

    Examples
    --------
    >>> Table("Probabilities", {"class": ["cat", "dog"], "p": [0.25, 0.75]}).rows()
    [('cat', '0.25'), ('dog', '0.75')]
    """

    caption: str
    columns: Mapping[str, Sequence[Any] | np.ndarray]
    summary: Mapping[str, Any] = field(default_factory=dict)
    digits: int = 6

    def __post_init__(self) -> None:
        if not 1 <= self.digits <= 10:
            raise ValueError(f"a table shows 1 to 10 digits, not {self.digits}")
        lengths = {heading: len(values) for heading, values in self.columns.items()}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"a table needs columns of one length, but they have {lengths}")

    def rows(self) -> list[tuple[str, ...]]:
        """Return the rows as text."""
        return [
            tuple(format_number(v, self.digits) for v in row)
            for row in zip(*self.columns.values(), strict=True)
        ]

    def to_html(self) -> str:
        """Render as a table with a caption and headers that say what they are headers of."""
        head = element(
            "tr",
            *(
                # A heading that says nothing would be announced, and with every cell below it.
                element("th", escaped(heading), scope="col") if heading else element("td")
                for heading in self.columns
            ),
        )
        body = [
            element(
                "tr",
                element("th", escaped(first), scope="row"),
                *(element("td", escaped(cell)) for cell in rest),
            )
            for first, *rest in self.rows()
        ]
        width = str(max(1, len(self.columns) - 1))
        foot = [
            element(
                "tr",
                element("th", escaped(name), scope="row"),
                element("td", escaped(format_number(value, self.digits)), colspan=width),
            )
            for name, value in self.summary.items()
        ]
        table = element(
            "table",
            element("caption", escaped(self.caption)),
            element("thead", head),
            element("tbody", *body),
            element("tfoot", *foot) if foot else "",
        )
        return scrollable(self.caption, table)
