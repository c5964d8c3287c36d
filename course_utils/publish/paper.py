"""Pages to print: self-contained HTML with formulas as MathML, and PDF where a Chromium is installed.

The HTML asks for nothing: styles and fonts are in it, pictures are the course's own SVG, and browsers set
MathML themselves.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from string import Template

from course_utils.notebook_files import files
from course_utils.teaching import bundle
from course_utils.teaching.html import element, escaped, inline_html
from course_utils.teaching.pictures import Picture
from course_utils.teaching.pictures.svg import inline
from course_utils.told import Told

PAPERS = ("A4", "Letter")
# The shell is the same Chromium without windows, which nobody sees: tests take four fifths of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# Where macOS and Windows keep them, to which no PATH leads. The environment names the folders of Windows.
APPLICATIONS = "/Applications"
ON_MAC = tuple(
    f"{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome", "Microsoft Edge")
)
FOLDERS = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
ON_WINDOWS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
PATIENCE = 300  # seconds; only what hangs takes so long
LOOK = Path(__file__).with_name("paper")
DISPLAYED = r"\displaystyle "
BLANK = "\ue000"  # stands for a place to write in, until the text has become HTML


class PrintingFailed(Told):
    """A page could not be made or printed; the message says why."""


def document(title: str, *body: str, paper: str = "A4") -> str:
    """Return a whole HTML page to print.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML.
    paper : {"A4", "Letter"}

    Raises
    ------
    ValueError
        For another paper.
    """
    if paper not in PAPERS:
        raise ValueError(f"the paper is {' or '.join(PAPERS)}, not {paper!r}")
    template = Template((LOOK / "page.html").read_text(encoding="utf-8"))
    style = (LOOK / "paper.css").read_text(encoding="utf-8")
    return template.substitute(
        title=escaped(title), paper=paper, style=bundle.fonts() + style, body="".join(body)
    )


def text_html(text: str) -> str:
    """Render the light markup of one paragraph, formulas as MathML.

    >>> text_html("Why *not*?")
    'Why <em>not</em>?'
    """
    return with_formulas(inline_html(text)).replace(BLANK, element("span", class_="blank"))


def with_formulas(content: str) -> str:
    """Set the formulas of an HTML text that stand between dollar signs."""
    return re.sub(r"\$([^$]+)\$", lambda found: formula(html.unescape(found[1])), content)


def formula(latex: str) -> str:
    """Return a formula as MathML.

    Raises
    ------
    PrintingFailed
        If what converts it is not installed, or it is no formula.
    """
    try:
        from latex2mathml.converter import convert
    except ImportError:
        message = "latex2mathml is missing: pip install -e '.[print]' brings what sets formulas on paper."
        raise PrintingFailed(message) from None
    # The course writes these as they are read; the converter takes only their names for what they are.
    inline, written = latex.removeprefix(DISPLAYED), re.sub(r"(?<!\\)\bmax\b", r"\\max", latex)
    written = written.removeprefix(DISPLAYED).replace("−", "-").replace("·", r"\cdot ")
    try:
        return str(convert(written, display="inline" if inline == latex else "block"))
    except Exception as error:  # it raises what it likes
        raise PrintingFailed(f"this is no formula: {latex} ({error})") from error


def picture_html(picture: Picture, name: str, caption: str) -> str:
    """Return a picture as SVG; its names inside the page begin with `name`, so that two do not mix."""
    scales = re.sub(r'(<svg [^>]*?) width="\d+" height="\d+"', r"\1", inline(picture, name))
    return element("figure", scales, element("figcaption", escaped(caption)))


def browser() -> str:
    """Return the path of a Chromium on this machine, or nothing."""
    folders = [os.environ[name] for name in FOLDERS if name in os.environ]
    places = [(APPLICATIONS, ON_MAC), *((folder, ON_WINDOWS) for folder in folders)]
    installed = [str(Path(folder, program)) for folder, programs in places for program in programs]
    return next(filter(None, map(shutil.which, (*BROWSERS, *installed))), "")


def print_pdf(page: Path, program: str) -> Path:
    """Print an HTML file into a PDF beside it.

    Raises
    ------
    PrintingFailed
        If the browser does not write it.
    """
    target = page.with_suffix(".pdf")
    print_address(page.resolve().as_uri(), target, program)
    return target


def print_address(address: str, target: Path, program: str, *options: str) -> None:
    """Print what is at an address into a PDF file.

    Raises
    ------
    PrintingFailed
        If the browser does not write it.
    """
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    # The processes of a browser that was ended may still write into its profile.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        printed = Path(folder) / "printed.pdf"
        quiet = ["--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/profile"]
        command = [program, *quiet, *options, *as_root, f"--print-to-pdf={printed}", address]
        fails = f"{program} could not print {address.rpartition('/')[2]}"
        try:
            done = subprocess.run(command, capture_output=True, errors="replace", timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise PrintingFailed(f"{fails}: it did not end within {PATIENCE} s") from None
        if done.returncode or not printed.exists():
            raise PrintingFailed(f"{fails}: {done.stderr.strip()[-500:]}")
        files.write(target, printed.read_bytes())


def count_pages(pdf: bytes) -> int:
    """Count the pages of a PDF that a Chromium has written.

    >>> count_pages(b"<</Type /Pages /Count 2>> <</Type /Page>> <</Type /Page>>")
    2
    """
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
