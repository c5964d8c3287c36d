"""The website: ``python -m course_utils site --out DIR`` builds it from the notebooks, without a network.

Sphinx makes the pages, the search and the API reference. What answers on a page is recorded before
(``films``), painted by the same JavaScript as in JupyterLab, and put to work by ``site/site.js``.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from string import Template

from course_utils.notebook_files.files import number_of, to_bytes
from course_utils.notebook_files.shown import Source, source_of
from course_utils.publish import (
    compiled,
    in_node,
    instructors,
    jupyterlite,
    page_pdfs,
    pages,
    python_in_the_page,
    recording,
)
from course_utils.publish.fingerprints import as_text, fingerprint
from course_utils.teaching import Demo, Derivation, Exercise, Question, bundle
from course_utils.teaching.html import element, escaped
from course_utils.teaching.pictures import Picture
from course_utils.teaching.text import to_plain
from course_utils.told import Told

ASSETS = Path(__file__).with_name("site")
EDITOR = ASSETS / "editor" / "codemirror.js"
FRONT = "./"  # as readers come to index.html
OF_SPHINX = ".doctrees", ".buildinfo", "objects.inv"  # what no reader asks for
NEEDED = ("furo", "myst_nb", "sphinx", "sphinx-mathjax-offline", "threadpoolctl")  # of the extra `site`
NEEDED_TO_RUN = ("jupyterlite_core",)  # for notebooks with cells to run
MARK = Path("_static", "edition.js")  # which every site has
CACHE, PRINTS, COMPILED = ".films", ".prints", ".compiled"


class SiteFailed(Told):
    """The site could not be built; the message says why."""


def build(
    out: Path,
    paths: Iterable[Path],
    pyodide: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
    *,
    lab: bool = True,
    prints: bool = False,
) -> None:
    """Build the site.

    Parameters
    ----------
    out : Path
        Folder for it: new, empty, or an earlier site, which is replaced. Films are kept beside it, for the
        next build.
    paths : iterable of Path
        The notebooks.
    pyodide : Path, optional
        Folder of a Pyodide release, for Python in the page and for JupyterLite. Without it the pages answer
        along what was recorded.
    progress : callable
        Is told what is done, a line at a time.
    lab : bool
        Whether the notebooks can be opened in JupyterLite, too, where there is Pyodide.
    prints : bool
        Whether to print the notebooks as PDF files too, for which a Chromium is needed.

    Raises
    ------
    Told
        If the folder is taken, a tool of the extra ``site`` or a Chromium is missing, or a page cannot be
        built.
    """
    _ask_for_what_is_needed(out, prints, lab=bool(lab and pyodide))
    found = [source_of(path) for path in paths]
    progress(f"{len(found)} notebooks, {sum(len(one.demos) for one in found)} demos")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        write_pages(source, found, opens=bool(lab and pyodide), prints=prints)
        write_assets(source / "_static", found)
        if pyodide:
            python_in_the_page.write(source / "_static", pyodide, found)
        recording.write(source / "_static" / "films", found, out.parent / CACHE, progress)
        progress("Sphinx: pages, search, API")
        made = made_from(source)
        _write_alone(made / "alone", found)
        if prints:
            page_pdfs.write(made, [one.path.stem for one in found], out.parent / PRINTS, progress)
        if lab and pyodide:
            progress("JupyterLite: the notebooks with cells to run")
            jupyterlite.write(made / jupyterlite.FOLDER, pyodide, [one.path for one in found])
        if pyodide:
            try:
                compiled.write(made, out.parent / COMPILED, progress)
            except in_node.InNodeFailed as error:
                raise SiteFailed(f"Python could not be compiled for the pages:\n{error}") from error
        write_service(made)
        beside = out.with_name(f".{out.name}.new")  # so that what stands in `out` is a whole site, or none
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(made, beside, ignore=shutil.ignore_patterns(*OF_SPHINX))
        _replace(out, beside)


def _replace(out: Path, beside: Path) -> None:
    """Put a new site in the place of an old one, which stays as it is where it cannot be moved away."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if out.exists():
            out.rename(old)
        beside.rename(out)
    except OSError as error:
        if old.exists() and not out.exists():
            old.rename(out)
        raise SiteFailed(f"{out} cannot be replaced, close what has it open: {error}") from error
    shutil.rmtree(old, ignore_errors=True)


def _ask_for_what_is_needed(out: Path, prints: bool, lab: bool) -> None:
    """Say at once what would otherwise stop the build after minutes, or lose somebody's files."""
    if taken := _taken(out):
        raise SiteFailed(
            f"{out} is {taken}: the site needs a folder of its own, new, empty or an earlier site."
        )
    needed = (*NEEDED, *NEEDED_TO_RUN) if lab else NEEDED
    if missing := [name for name in needed if importlib.util.find_spec(name) is None]:
        names = ", ".join(missing)
        raise SiteFailed(f"Missing: {names}. pip install -e '.[site]' brings what builds the site.")
    if prints:
        page_pdfs.chromium()


def _taken(out: Path) -> str:
    """Say what stands in the place of a site, or nothing where it may be written."""
    if out.is_symlink():
        return "a link"
    if out.exists() and not out.is_dir():
        return "a file"
    if Path.cwd().is_relative_to(out.resolve()):
        return "the folder you are in, or around it"
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).exists():
        return "a folder that holds other things"
    return ""


def write_pages(source: Path, found: Sequence[Source], *, opens: bool, prints: bool) -> None:
    (source / "notebooks").mkdir()
    built = {one.path.name for one in found}
    for one in found:
        made = pages.page(one, built, jupyterlite.address(one.path) if opens else None)
        (source / "notebooks" / one.path.name).write_bytes(to_bytes(made))
    beside = _beside()
    told = {
        "notebooks": "\n".join(f"notebooks/{one.path.stem}" for one in found),
        "hook": _hook(found),
        "counts": _counts(found),
        "beside": "\n".join(beside),
        "printed": _printed(found) if prints else "",
    }
    for name, text in {"index": _text("index"), **beside}.items():
        for key, value in told.items():
            text = text.replace(f"{{{{{key}}}}}", value)
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    shutil.copy(ASSETS / "conf.py", source / "conf.py")
    (source / "_templates").mkdir()
    shutil.copy(ASSETS / "search.html", source / "_templates" / "search.html")


def _beside() -> dict[str, str]:
    """Return the pages beside the notebooks: Markdown by name, in the order of the menu."""
    return {"yours": _text("yours"), "instructors": instructors.page(), "api": _text("api")}


def _text(name: str) -> str:
    return (ASSETS / f"{name}.md").read_text(encoding="utf-8")


def _counts(found: Iterable[Source]) -> str:
    """Say how much there is to do."""
    values = [one.value for source in found for one in source.shown]
    counts = [
        (sum(isinstance(value, kind) for value in values), noun)
        for kind, noun in (
            (Demo, "pictures to move"),
            (Question, "predictions to make"),
            (Exercise, "functions to write"),
            (Derivation, "derivations"),
        )
    ]
    *most, last = (f"{count} {noun}" for count, noun in counts)
    return f"{', '.join(most)} and {last}"


def _printed(found: Iterable[Source]) -> str:
    """Return links to what was printed: raw, for Sphinx knows nothing of these files."""
    links = ", ".join(
        element("a", number_of(one.path), href=f"print/{one.path.stem}.pdf", type="application/pdf")
        for one in found
    )
    text = f"<strong>On paper</strong>, with room to write and the answers at the end (PDF): {links}."
    return f"\n```{{raw}} html\n{element('p', text)}\n```\n"


def _hook(found: Iterable[Source]) -> str:
    """Return the demo that the start page begins with: the first of those that show the course's topic."""
    demos = [one for source in found for one in source.demos]
    first = next((one for one in demos if one.number != "00"), demos[0])
    return pages.fragment(first).replace("../_static/", "_static/")


def write_assets(static: Path, found: Iterable[Source]) -> None:
    static.mkdir()
    for file in ASSETS.iterdir():
        if file.suffix in (".js", ".css", ".svg"):
            shutil.copy(file, static / file.name)
    shutil.copy(EDITOR, static / EDITOR.name)
    written = {
        "figure.js": bundle.script("page.js"),
        "figure.css": f"{bundle.style()}\n{bundle.rules('derivation.css')}",
        "derivation.js": bundle.script("derivation.js"),
    }
    for name, text in written.items():
        (static / name).write_text(text, encoding="utf-8")
    (static / "pictures").mkdir()
    for one in (one for source in found for one in source.shown):
        if isinstance(one.value, Demo | Picture):
            picture = one.value.at() if isinstance(one.value, Demo) else one.value
            (static / "pictures" / f"{one.name}.svg").write_text(picture.svg(), encoding="utf-8")


def made_from(source: Path) -> Path:
    """Run Sphinx, and return the folder in which it made the pages."""
    made = source / "made"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        "html",
        "-W",
        "--keep-going",
        "-q",
        str(source),
        str(made),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SiteFailed(f"Sphinx could not build the pages:\n{done.stderr[-3000:]}")
    return made


def _write_alone(folder: Path, found: Iterable[Source]) -> None:
    """Give each demo a page of its own, to be put into slides or a course's own pages."""
    template = Template((ASSETS / "alone.html").read_text(encoding="utf-8"))
    folder.mkdir()
    for source in found:
        for one in source.demos:
            text = template.substitute(
                title=escaped(to_plain(one.value.title)),
                demo=pages.fragment(one),
                notebook=source.path.stem,
                cell=one.cell,
            )
            (folder / f"{one.name}.html").write_text(text, encoding="utf-8")


def write_service(made: Path) -> None:
    """Name this edition after all that is in it, and say what a first visit keeps and what all of it is."""
    service = made / "service.js"  # where it is, is what it serves
    os.replace(made / "_static" / service.name, service)
    others = {*OF_SPHINX, jupyterlite.FOLDER}  # JupyterLite has a service worker of its own
    own = [file.relative_to(made) for file in sorted(made.rglob("*")) if file.is_file()]
    names = [file.as_posix() for file in own if not others & {*file.parts}]
    files = [made / name for name in names]
    later = ("films/", "mathjax/", "pyodide/", "python/", EDITOR.name)
    first = [
        name
        for name in names
        if name.endswith((".html", ".js", ".css")) and not name.removeprefix("_static/").startswith(later)
    ]
    edition = as_text({"name": fingerprint(files), "first": [*first, FRONT]})
    (made / MARK).write_text(f"self.edition = {edition};\n", encoding="utf-8")
    everything = {"size": sum(file.stat().st_size for file in files), "files": [*names, FRONT]}
    (made / "_static" / "everything.json").write_text(as_text(everything), encoding="utf-8")
