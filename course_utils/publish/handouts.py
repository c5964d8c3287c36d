"""What is handed out on paper: a lesson sheet, a worksheet and its key for each notebook, and the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils.classroom.shares import Shares
from course_utils.notebook_files.files import write
from course_utils.publish import paper, sheets, worksheets
from course_utils.publish.chapters import Chapter
from course_utils.publish.guide import NAME, guide
from course_utils.words import counted

# How many pages each may have. Who prints on both sides hands out one leaf.
PAGES = {"sheet": 2, "worksheet": 2, "key": 1}


def write_guide(chapters: Iterable[Chapter], folder: Path, measured: Shares) -> bool:
    """Write the guide beside the notebooks; tell whether it changed."""
    target, text = folder / NAME, guide(list(chapters), measured).encode()
    changed = not target.exists() or target.read_bytes() != text
    if changed:
        write(target, text)
    return changed


def documents(chapter: Chapter, measured: Shares, on: str = "A4") -> dict[str, str]:
    """Return the pages of one notebook as HTML, by their kind.

    Parameters
    ----------
    chapter : Chapter
    measured : mapping
        Shares of real classes, in place of those expected.
    on : {"A4", "Letter"}
        Paper.
    """
    bodies = {
        "sheet": sheets.sheet(chapter, measured),
        "worksheet": worksheets.worksheet(chapter),
        "key": worksheets.key(chapter),
    }
    return {kind: paper.document(f"{chapter.title}: {kind}", body, paper=on) for kind, body in bodies.items()}


def write_pages(
    chapters: Iterable[Chapter], out: Path, measured: Shares, on: str, progress: Callable[[str], None]
) -> None:
    """Write the pages of notebooks into a folder, also as PDF where a Chromium is installed.

    Raises
    ------
    PrintingFailed
        After all are written as HTML, if one cannot be printed, or some take more pages than they may.
    """
    out.mkdir(parents=True, exist_ok=True)
    pages = dict[Path, str]()
    for chapter in chapters:
        for kind, text in documents(chapter, measured, on).items():
            page = out / f"{chapter.name}_{kind}.html"
            page.write_text(text, encoding="utf-8")
            pages[page] = kind
    program = paper.browser()
    if not program:
        for page in pages:
            progress(page.name)
        progress("No Chromium was found here, so these are not PDF yet: open and print them in any browser.")
        return
    long = list[str]()
    for page, kind in pages.items():
        count = paper.count_pages(paper.print_pdf(page, program).read_bytes())
        told = f"{page.stem}.pdf, {counted(count, 'page')}"
        long += [f"{told}, and may have {PAGES[kind]}"] * (count > PAGES[kind])
        progress(told)
    if long:
        raise paper.PrintingFailed(f"Too long with the fonts of this machine: {'; '.join(long)}.")
