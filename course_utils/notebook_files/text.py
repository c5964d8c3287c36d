"""What a text contains: the parts of Markdown, of HTML and of Python source."""

from __future__ import annotations

import io
import re
import tokenize
from html.parser import HTMLParser

FENCE = re.compile(
    r"^[ \t>]*(`{3,}(?=[^`\n]*\n)|~{3,})[^\n]*\n(?:.*?^[ \t>]*\1[`~]*[ \t]*$|.*\Z)", re.MULTILINE | re.DOTALL
)
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(
    r"\$\$.+?\$\$"
    r"|(?<!\\)\$(?:[^$\n]|\n(?!\s*\n))+?(?<!\\)\$"
    r"|\\begin\{(\w+\*?)\}.*?\\end\{\1\}|\\\[.+?\\\]|\\\(.+?\\\)",
    re.DOTALL,
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\(\s*(?P<target><[^<>\n]*>|(?:[^()\s<>]|\([^()\s]*\))*)(?:\s+[\"'(][^\n]*?[\"')])?\s*\)"
)
REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*(<[^<>\n]+>|[^\s<>]+)", re.MULTILINE)
LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+]|[0-9]+[.)])[ \t]+(?=\S)", re.MULTILINE)
DATA_URI = re.compile(r"data:[\w/+.-]+(?:;[\w=-]+)*,[A-Za-z0-9+/=%]+")

# The topic is the name of the lesson's package.
NOTEBOOK_NAME = re.compile(r"(?P<number>[0-9]{2})_(?P<topic>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)")
TO_WRITE = "TODO"  # marks what an author has still to write

# How a section, in its first line, and a notebook, above its first section, say how long they take.
MARKS = ("core", "deeper")
SECTION_TIME = re.compile(
    rf"^\*\*(?P<mark>{'|'.join(MARKS)})\*\* · (?P<minutes>[0-9]+) minutes?\.", re.MULTILINE
)
NOTEBOOK_TIME = re.compile(
    r"\*\*Time:\*\* (?P<core>[0-9]+) minutes?\b(?:[^.0-9]*\b(?P<deeper>[0-9]+)(?: minutes?)? more\b)?"
)


def first_line(source: str) -> str:
    """Return the first line that holds anything; an empty text has an empty one."""
    return next((line.strip() for line in source.splitlines() if line.strip()), "")


def cut(text: object, width: int = 160) -> str:
    """Put a text on one line, cut to a width.

    >>> cut("a message\\n  of two lines", width=15)
    'a message of t…'
    """
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"


def without_blocks(markdown: str) -> str:
    """Return Markdown without comments and code blocks."""
    return FENCE.sub("", COMMENT.sub("", markdown))


def without_code(markdown: str) -> str:
    """Return Markdown without comments, code blocks and code spans."""
    return CODE_SPAN.sub(" ", without_blocks(markdown))


def links_in(markdown: str) -> list[re.Match[str]]:
    """Find the links and images of a Markdown text, outside code and formulas."""
    return list(LINK.finditer(FORMULA.sub(" ", without_code(markdown))))


def targets_in(markdown: str) -> list[str]:
    """List where the links and images of a Markdown text lead, HTML tags included.

    >>> targets_in('[a](b.md) `[c](d)` $[0,1](x)$ <a href="#e">e</a>')
    ['b.md', '#e']
    >>> targets_in("[a](<b c.md>)\\n\\n[d]: <e f.md>")
    ['b c.md', 'e f.md']
    """
    text = FORMULA.sub(" ", without_code(markdown))
    written = [link["target"] for link in links_in(markdown)] + REFERENCE.findall(text)
    return [target.strip("<>") for target in written] + Html(text).targets


class Html(HTMLParser):
    """What an HTML text shows and refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.targets: list[str] = []
        self.ids: list[str] = []
        self._text: list[str] = []
        self._hidden = 0
        self.feed(DATA_URI.sub("data:", html))
        self.close()

    @property
    def text(self) -> str:
        return " ".join(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._hidden += tag in ("script", "style")
        if tag == "img":
            self.images.append(found)
        self.targets += [found[key] or "" for key in ("href", "src") if key in found]
        self.ids += [found[key] or "" for key in ("id", "name") if key in found]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data)


def shown_name(source: str) -> str:
    """Return what the lesson calls the object that a cell only shows, as it is or in a state; else nothing.

    >>> shown_name("lesson.slope.faded"), shown_name("lesson.shift_demo.at(z=2)"), shown_name("lesson.cut(3)")
    ('slope', 'shift_demo', '')
    """
    found = re.fullmatch(r"lesson\.(\w+)(\.\w+)*?(\.at\(.*\))?", source.strip())
    return found[1] if found else ""


def shows_object(source: str) -> bool:
    """Tell whether code does nothing but show an object of the lesson as it is.

    >>> shows_object("lesson.shift_demo"), shows_object("lesson.shift_demo.at(z=2)")
    (True, False)
    """
    return shown_name(source) != "" and "(" not in source


def tokens_of(source: str) -> list[tokenize.TokenInfo]:
    """Split Python source into tokens, without comments and line ends; where it is not Python, stop."""
    found: list[tokenize.TokenInfo] = []
    skipped = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in skipped:
                found.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
