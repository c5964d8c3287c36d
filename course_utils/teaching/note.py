"""`Note`: a few words or lines of code, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from course_utils.teaching.html import element, to_html
from course_utils.teaching.text import to_plain


@dataclass(frozen=True)
class Note:
    """What is said in answer: a hint, a solution, a report. It shows well everywhere.

    Examples
    --------
    >>> Note.of("Use `np.exp`.")
    Use np.exp.
    """

    plain: str
    html: str

    @classmethod
    def of(cls, text: str) -> Note:
        """Return a text with light markup as a note."""
        return cls(to_plain(text), to_html(text))

    @classmethod
    def of_code(cls, source: str) -> Note:
        """Return source code as a note."""
        return cls(source, element("pre", element("code", escape(source))))

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.plain, "text/html": self.html}
