"""The elements of a piece of HTML, which must close in the order in which they were opened."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from course_utils.teaching.html import VOID


@dataclass
class Element:
    """One element, with its own text: not that of the elements within."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, dict(attrs)))
        self.open += [] if tag in VOID else [self.found[-1]]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data


def elements(html: str, *tags: str) -> list[Element]:
    """Return the elements with these tags, or all; fail where one is not closed, or closed out of order."""
    nesting = _Nesting()
    nesting.feed(html)
    nesting.close()
    assert nesting.open == [], "every element is closed"
    return [one for one in nesting.found if one.tag in tags or not tags]
