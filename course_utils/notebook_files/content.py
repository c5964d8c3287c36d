"""Rules on what single cells hold: code, outputs, images and links.

Each rule is a function from a `Page` to its hits; its name and remedy stand in `RULES`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from course_utils.notebook_files.files import LESSONS, UnreadableNotebook, topic_of
from course_utils.notebook_files.page import Hit, Page, html_of, tags_of, texts_of
from course_utils.notebook_files.text import (
    DATA_URI,
    FORMULA,
    TO_WRITE,
    Html,
    cut,
    first_line,
    links_in,
    targets_in,
    tokens_of,
    without_code,
)
from course_utils.words import counted

PLOTLY = "application/vnd.plotly.v1+json"
MAX_BYTES = 1_000_000
MAX_LINES = 12


def stderr(page: Page) -> Iterator[Hit]:
    for index, output in page.outputs():
        if output.get("name") == "stderr":
            yield index, f'writes to stderr: "{first_line(output["text"])}"'


_ABSOLUTE = re.compile(
    r"(?<![\w.:/~\\-])/(?:home|Users|tmp|root|usr|var|opt|mnt|private|etc|work|workspaces?|content|builds)/[\w.]"
    r"|\bfile:///"
    r"|\b[A-Z]:[\\/]{1,2}(?:Users|Windows|Program|Temp)\b"
    r"|\b[A-Z]:\\{1,2}[\w.-]{2,}\\"
)


def absolute_paths(page: Page) -> Iterator[Hit]:
    for index, cell in enumerate(page.cells):
        source = DATA_URI.sub("data:", cell["source"])
        if cell["cell_type"] == "markdown":
            source = FORMULA.sub(" ", source)
        texts = [("source", source)] + [("output", t) for o in cell.get("outputs", []) for t in texts_of(o)]
        for where, text in texts:
            if match := _ABSOLUTE.search(text):
                path = text[match.start() :].split(maxsplit=1)[0]
                yield index, f'has the absolute path "{cut(path, 60)}" in its {where}'


def semicolons(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        tokens = tokens_of(cell["source"])
        if tokens and tokens[-1].string == ";":
            yield index, "ends with a semicolon, which hides an output that nbval then misses"


def forbidden_calls(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        tokens = tokens_of(cell["source"])
        names = {first.string for first, second in pairwise(tokens) if second.string == "("}
        names |= {"clear_output"} & {token.string for token in tokens}
        for name in sorted(names & {"interact", "Output", "clear_output"}):
            yield index, f"uses {name}"


def bare_images(page: Page) -> Iterator[Hit]:
    for index, output in page.outputs():
        data = output.get("data", {})
        if any(mime.startswith("image/") for mime in data) and "text/html" not in data:
            yield index, "shows an image alone, which nobody can hear and nbval does not compare"


_UNCHECKED = re.compile(r"nbval[-_](?:ignore[-_]output|skip)", re.IGNORECASE)


def unchecked_cells(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        for found in _UNCHECKED.findall("\n".join([*tags_of(cell), cell["source"]])):
            yield index, f"is taken out of the comparison by {found}"


def other_errors(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        errors = [output["ename"] for output in cell["outputs"] if output["output_type"] == "error"]
        expected = "raises-exception" in tags_of(cell)
        if errors and not expected:
            yield index, f"stores the error {errors[0]} and is not tagged raises-exception"
        if expected and not errors:
            yield index, "is tagged raises-exception and raises nothing"


def plotly(page: Page) -> Iterator[Hit]:
    for index, output in page.outputs():
        if PLOTLY in output.get("data", {}):
            yield index, "stores Plotly's own MIME type, which GitHub and exports do not show"


_CHANGING_OUTPUT = re.compile(
    r"\bat 0x[0-9A-Fa-f]{6,}|\b0x7f[0-9A-Fa-f]{10}\b"  # where an object lies in memory
    r"|\b[0-9]{1,2}:[0-9]{2}:[0-9]{2}\b|\bWall time\b|\bCPU times\b|\bper loop\b"
)
_CHANGING_SOURCE = re.compile(r"%{1,2}time(?:it)?\b|\bdefault_rng\(\s*\)")


def changing_outputs(page: Page) -> Iterator[Hit]:
    for index, output in page.outputs():
        for text in texts_of(output):
            if match := _CHANGING_OUTPUT.search(text):
                yield index, f'shows "{match[0]}", which differs from run to run'
    for index, cell in page.of_type("code"):
        if match := _CHANGING_SOURCE.search(cell["source"]):
            yield index, f'has "{match[0]}", whose result differs from run to run'


def unknown_names(page: Page) -> Iterator[Hit]:
    """The lesson is read, not imported: a check starts at once and runs nothing."""
    lesson = LESSONS / topic_of(page.path) / "__init__.py"
    known = _passed_on(lesson.read_text("utf-8")) if lesson.exists() else None
    for index, cell in page.of_type("code"):
        for name in re.findall(r"\blesson\.(\w+)", cell["source"]):
            if known is not None and name not in known:
                yield index, f"asks the lesson for {name}, which it does not pass on"


def _passed_on(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.asname or alias.name for n in nodes if isinstance(n, ast.ImportFrom) for alias in n.names]
    assigned = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return {*names, *assigned}


def empty_cells(page: Page) -> Iterator[Hit]:
    for index, cell in enumerate(page.cells):
        if not cell["source"].strip():
            yield index, "is empty"


def unwritten_cells(page: Page) -> Iterator[Hit]:
    for index, cell in enumerate(page.cells):
        if count := len(re.findall(rf"\b{TO_WRITE}\b", cell["source"])):
            yield index, f'says "{TO_WRITE}" {counted(count, "time")}'


def long_cells(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        lines = sum(bool(line.strip()) for line in cell["source"].splitlines())
        if lines > MAX_LINES and "long" not in tags_of(cell):
            yield index, f"has {lines} lines of code, more than {MAX_LINES}"


def too_big(page: Page) -> Iterator[Hit]:
    if len(page.raw) >= MAX_BYTES:
        yield None, f"has {len(page.raw):,} bytes, not under {MAX_BYTES:,}"


_NO_DESCRIPTION = re.compile(
    r"(?:image|img|picture|figure|fig\.?|plot|graph|chart|diagram|photo|screenshot|alt text)?\s*[0-9]*"
    r"|\S+\.(?:png|jpe?g|gif|svg|webp|pdf)",
    re.IGNORECASE,
)


def wordless_images(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("markdown"):
        text = without_code(cell["source"])
        alts = [link["text"] for link in links_in(cell["source"]) if link["image"]]
        yield from _wordless(index, alts + [image.get("alt") for image in Html(text).images])
    for index, output in page.outputs():
        yield from _wordless(index, [image.get("alt") for image in Html(html_of(output)).images])


def _wordless(index: int, alts: list[str | None]) -> Iterator[Hit]:
    for alt in alts:
        if _NO_DESCRIPTION.fullmatch((alt or "").strip()):
            yield index, f'has an image whose alt text says nothing: "{alt or ""}"'


def broken_links(page: Page) -> Iterator[Hit]:
    for index, target in _every_target(page):
        if not re.match(r"[A-Za-z][\w+.-]*:|//", target) and not _resolves(page, target):
            yield index, f'has a link to "{target}", which does not exist'


def _every_target(page: Page) -> Iterator[tuple[int, str]]:
    for index, cell in page.of_type("markdown"):
        yield from ((index, target) for target in targets_in(cell["source"]))
    for index, output in page.outputs():
        yield from ((index, target) for target in Html(html_of(output)).targets)


def _resolves(page: Page, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    name = name.partition("?")[0]
    path = page.path.parent / name if name else page.path
    if not name or path.suffix != ".ipynb" or not anchor:
        return anchor in page.anchors if not name else path.exists()
    try:
        return path.exists() and anchor in Page(path, path.read_bytes()).anchors
    except UnreadableNotebook:  # which has a finding of its own
        return True


def silent_links(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("markdown"):
        for link in links_in(cell["source"]):
            if not link["image"] and link["text"].strip(" *_").casefold() in (
                "",
                "here",
                "this",
                "link",
                "click here",
            ):
                yield index, f'has the link text "{link["text"]}", which does not say where it leads'
