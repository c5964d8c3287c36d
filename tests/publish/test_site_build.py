"""The build of the website: whom it asks for what, and what it makes of it. A browser sees the whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from course_utils.notebook_files import NOTEBOOKS, find_notebooks
from course_utils.notebook_files.shown import source_of
from course_utils.publish import (
    compiled,
    in_node,
    jupyterlite,
    page_pdfs,
    pages,
    paper,
    python_in_the_page,
    recording,
    site,
    wheels,
)
from course_utils.teaching import Demo, Derivation, Exercise, Picture, Question
from course_utils.told import Told

(FIRST,) = find_notebooks(["00"])
FOUND = source_of(FIRST)
HERE = "00_start_here"
IMPORT = re.compile(r'^import \{ (.*?) \} from "\./(\w+\.js)";$', re.MULTILINE)
PYPROJECT = tomllib.loads((NOTEBOOKS.parent / "pyproject.toml").read_text("utf-8"))


class Tools:
    """Stand where the tools are that the build asks, each for a moment or minutes, and note for what."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: dict[str, tuple[Any, ...]] = {}
        self.fails: dict[Any, Exception] = {}
        self.sphinx = ""  # a script that stands for it
        self.really_run = subprocess.run
        for tool in (recording, python_in_the_page, jupyterlite, page_pdfs, compiled):
            patch.setattr(tool, "write", self.standing_for(tool))
        patch.setattr(subprocess, "run", self.run)
        patch.setattr(site, "NEEDED", ())
        patch.setattr(site, "NEEDED_TO_RUN", ())
        patch.setattr(paper, "browser", lambda: "chromium")

    def standing_for(self, tool: Any) -> Callable[..., None]:
        name = tool.__name__.rpartition(".")[2]

        def write(folder: Path, *given: Any) -> None:
            if tool in self.fails:
                raise self.fails[tool]
            self.asked[name] = given
            folder.mkdir(exist_ok=True)
            (folder / f"by_{name}").write_text("made", encoding="utf-8")

        return write

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        assert command[:3] == [sys.executable, "-m", "sphinx"]
        assert "-W" in command
        source, made = map(Path, command[-2:])
        shutil.copytree(source / "_static", made / "_static")
        (made / "notebooks").mkdir()
        (made / "notebooks" / f"{HERE}.html").write_bytes((source / "notebooks" / FIRST.name).read_bytes())
        (made / "index.html").write_bytes((source / "index.md").read_bytes())
        (made / ".doctrees").mkdir()
        for name in (".doctrees/a", ".buildinfo", "objects.inv"):
            (made / name).write_text("for Sphinx only", encoding="utf-8")
        if self.sphinx:
            return self.really_run([sys.executable, "-c", self.sphinx], **options)
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Tools:
    return Tools(monkeypatch)


def built(folder: Path, *given: Any, **options: Any) -> Path:
    out = folder / "site"
    site.build(out, [FIRST], *given, **options)
    return out


@pytest.mark.parametrize("lab", [None, True, False])
@pytest.mark.parametrize("prints", [None, True, False])
@pytest.mark.parametrize("python", [True, False])
def test_the_build_asks_for_what_is_wanted(
    python: bool, prints: bool | None, lab: bool | None, tools: Tools, tmp_path: Path
) -> None:
    chosen = {"prints": prints, "lab": lab}
    pyodide = tmp_path / "pyodide" if python else None
    said: list[str] = []
    options = {name: value for name, value in chosen.items() if value is not None}
    out = built(tmp_path, pyodide, said.append, **options)
    opens = python and lab is not False
    wanted: dict[str, tuple[Any, ...]] = {"recording": ([FOUND], tmp_path / ".films", said.append)}
    if python:
        wanted["python_in_the_page"] = (pyodide, [FOUND])
        wanted["compiled"] = (tmp_path / ".compiled", said.append)
    if opens:
        wanted["jupyterlite"] = (pyodide, [FIRST])
    if prints:
        wanted["page_pdfs"] = ([HERE], tmp_path / ".prints", said.append)
    assert tools.asked == wanted
    assert said[0] == f"1 notebooks, {len(FOUND.demos)} demos"
    assert sum("JupyterLite" in line for line in said) == opens
    assert ("Open this notebook" in (out / "notebooks" / f"{HERE}.html").read_text("utf-8")) == opens
    assert (f'"print/{HERE}.pdf"' in (out / "index.html").read_text("utf-8")) == bool(prints)


def test_a_new_site_takes_the_place_of_the_old_one_and_holds_no_plumbing(
    tools: Tools, tmp_path: Path
) -> None:
    out = built(tmp_path)
    (out / "old.html").write_text("old", encoding="utf-8")
    for kind in ("new", "old"):  # as of a build that was stopped while it was copied, or moved
        (tmp_path / f".{out.name}.{kind}" / "folder").mkdir(parents=True)
    built(tmp_path)
    assert [*tmp_path.iterdir()] == [out]
    names = {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}
    assert names >= {"index.html", f"notebooks/{HERE}.html", "_static/films/by_recording", "service.js"}
    assert not {"old.html", ".buildinfo", "objects.inv", ".doctrees/a", "_static/service.js"} & names


@pytest.mark.parametrize(
    ("tool", "error"),
    [
        (python_in_the_page, wheels.UnusablePackage("it says why")),
        (jupyterlite, wheels.UnusablePackage("it says why")),
        (jupyterlite, jupyterlite.JupyterLiteFailed("it says why")),
        (page_pdfs, paper.PrintingFailed("it says why")),
        (compiled, in_node.InNodeFailed("it says why")),
    ],
)
def test_what_fails_says_why_and_leaves_the_old_site(
    tool: Any, error: Exception, tools: Tools, tmp_path: Path
) -> None:
    old = built(tmp_path) / "old.html"
    old.write_text("old", encoding="utf-8")
    tools.fails[tool] = error
    with pytest.raises(Told, match="it says why"):
        built(tmp_path, tmp_path, prints=True)
    assert old.exists()


@pytest.mark.parametrize(("held", "is_first"), [("site", False), (".site.new", False), (".site.new", True)])
def test_a_site_that_cannot_be_moved_stays_whole(
    held: str, is_first: bool, tools: Tools, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not is_first:
        (built(tmp_path) / "old.html").write_text("old", encoding="utf-8")
    before = sorted((tmp_path / "site").rglob("*"))
    rename = Path.rename

    def renamed(path: Path, target: Path) -> Path:
        if path.name == held:
            raise PermissionError(13, "it is open elsewhere")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)
    with pytest.raises(site.SiteFailed, match=r"^.*site cannot be replaced, close .*open elsewhere$"):
        built(tmp_path)
    assert sorted((tmp_path / "site").rglob("*")) == before


def test_sphinx_may_fail(tools: Tools, tmp_path: Path) -> None:
    tools.sphinx = "import sys; sys.stderr.write('x' + 'y' * 3000); sys.exit(1)"
    with pytest.raises(site.SiteFailed, match=r"^Sphinx could not build the pages:\ny{3000}$"):
        built(tmp_path)
    assert not (tmp_path / "site").exists()


class Lacks:
    """Find modules as another finder does, but not these."""

    def __init__(self, finder: Any, names: set[str]) -> None:
        self.finder, self.names = finder, names

    def find_spec(self, name: str, *given: Any) -> Any:
        return None if name.partition(".")[0] in self.names else self.finder.find_spec(name, *given)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (site.NEEDED, "furo, myst_nb, sphinx, sphinx-mathjax-offline, threadpoolctl"),
        (("threadpoolctl",), "threadpoolctl"),
        (site.NEEDED_TO_RUN, "jupyterlite_core"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_made(
    names: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for needed in ("NEEDED", "NEEDED_TO_RUN"):
        monkeypatch.setattr(site, needed, tuple(name for name in getattr(site, needed) if name in names))
    monkeypatch.setattr(sys, "meta_path", [Lacks(finder, {*names}) for finder in sys.meta_path])
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(site.SiteFailed, match=rf"^Missing: {told}\. pip install -e '\.\[site\]'"):
        built(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_runs_notebooks_is_asked_for_where_they_will_run_only(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(site, "NEEDED_TO_RUN", ("no_such_module",))
    built(tmp_path)
    built(tmp_path, tmp_path, lab=False)
    with pytest.raises(site.SiteFailed, match="no_such_module"):
        built(tmp_path, tmp_path)


def test_the_build_asks_for_all_that_it_and_its_pages_import() -> None:
    brought = {Requirement(one).name for one in PYPROJECT["project"]["optional-dependencies"]["site"]}
    of_jupyterlite = {name for name in brought if name.startswith("jupyterlite")}  # which need its core
    assert {name.replace("_", "-") for name in site.NEEDED} == brought - of_jupyterlite
    assert {name.replace("_", "-") for name in site.NEEDED_TO_RUN} <= brought


def test_without_a_chromium_nothing_is_made_to_print(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paper, "browser", lambda: "")
    with pytest.raises(Told, match="no Chromium"):
        built(tmp_path, prints=True)
    assert tools.asked == {}


def a_file(out: Path) -> None:
    out.write_text("mine", encoding="utf-8")


def a_link(out: Path) -> None:
    elsewhere = out.with_name("elsewhere")
    elsewhere.mkdir()
    out.symlink_to(elsewhere)


def other_things(out: Path) -> None:
    out.mkdir()
    (out / "thesis.tex").write_text("mine", encoding="utf-8")


def around(out: Path) -> None:
    (out / "notebooks").mkdir(parents=True)
    os.chdir(out / "notebooks")


def here(out: Path) -> None:
    out.mkdir()
    os.chdir(out)


@pytest.mark.parametrize(
    ("put", "told"),
    [
        (a_file, "a file"),
        pytest.param(
            a_link, "a link", marks=pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right")
        ),
        (other_things, "a folder that holds other things"),
        (here, "the folder you are in, or around it"),
        (around, "the folder you are in, or around it"),
    ],
)
def test_the_site_replaces_nothing_but_a_site(
    put: Callable[[Path], None], told: str, tools: Tools, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # and back at the end
    out = tmp_path / "site"
    put(out)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(site.SiteFailed, match=rf"site is {told}: the site needs a folder of its own"):
        built(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    assert tools.asked == {}


def test_an_empty_folder_may_become_a_site(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert (built(tmp_path) / "index.html").exists()


@pytest.mark.parametrize(("numbers", "first"), [(["00"], "00"), (["00", "01", "02"], "01"), (["04"], "04")])
def test_the_course_begins_with_the_first_demo_of_its_topic_if_there_is_one(
    numbers: list[str], first: str, tools: Tools, tmp_path: Path
) -> None:
    found = [source_of(path) for path in find_notebooks(numbers)]
    site.write_pages(tmp_path, found, opens=False, prints=False)
    start = (tmp_path / "index.md").read_text("utf-8")
    demos = [one for source in found for one in source.demos]
    begins = next(one.name for one in demos if one.number == first)
    assert [one.name for one in demos if f'data-name="{one.name}"' in start] == [begins]
    assert "../_static" not in start  # it lies at the root
    kinds = (
        (Demo, "pictures"),
        (Question, "predictions"),
        (Exercise, "functions"),
        (Derivation, "derivations"),
    )
    for kind, noun in kinds:
        shown = [one.value for source in found for one in source.shown]
        assert f" {sum(isinstance(value, kind) for value in shown)} {noun}" in start


def test_whatever_scripts_import_and_pages_name_is_there(tools: Tools, tmp_path: Path) -> None:
    """But Pyodide, of which the build of a site without it knows nothing."""
    static = built(tmp_path) / "_static"
    scripts = {file.name: file.read_text("utf-8") for file in static.glob("*.js")}
    imports = [found for text in scripts.values() for found in re.findall(IMPORT, text)]
    assert len(imports) > 30
    for names, file in imports:
        for name in names.split(", "):
            exported = rf"\bexport (?:(?:async )?function |const |let |class |{{[^}}]*\b){name}\b"
            assert re.search(exported, scripts[file]), f"{file} has no {name}"
    named = [*re.findall(r"_static/([\w.]+)", (site.ASSETS / "alone.html").read_text("utf-8"))]
    styles = re.findall(
        r"^html_css_files = \[(.*)\]", (site.ASSETS / "conf.py").read_text("utf-8"), re.MULTILINE
    )
    named += re.findall(r'"(.*?)"', styles[0])
    assert {"site.js", "site.css", "icon.svg", "figure.css"} <= {*named}
    for name in named:
        assert (static / name).stat().st_size > 0, name


def test_each_demo_has_a_page_of_its_own_and_each_picture_a_file(tools: Tools, tmp_path: Path) -> None:
    out = built(tmp_path)
    assert {file.stem for file in (out / "alone").iterdir()} == {one.name for one in FOUND.demos}
    for one in FOUND.demos:
        alone = (out / "alone" / f"{one.name}.html").read_text("utf-8")
        assert pages.fragment(one) in alone
        assert f'href="../notebooks/{HERE}.html#{one.cell}"' in alone
        assert re.search(r"<title>[^<>*]+</title>", alone)
    seen = [one for one in FOUND.shown if isinstance(one.value, Demo | Picture)]
    assert {file.stem for file in (out / "_static" / "pictures").iterdir()} == {one.name for one in seen}
    for one in seen:
        picture = one.value.at() if isinstance(one.value, Demo) else one.value
        drawn = (out / "_static" / "pictures" / f"{one.name}.svg").read_text("utf-8")
        assert drawn == picture.svg()


def made_by_hand(folder: Path) -> dict[str, bytes]:
    files = {
        "index.html": b"<p>",
        "notebooks/a.html": b"<p>a",
        "_static/site.js": b"1",
        "_static/service.js": b"2",
        "_static/site.css": b"p {}",
        "_static/codemirror.js": b"of those who write",
        "_static/icon.svg": b"<svg/>",
        "_static/films/a.film": b"film",
        "_static/films/a.js": b"no film, but later as they are",
        "_static/pyodide/pyodide.asm.js": b"Python",
        "_static/python/a.js": b"Python too",
        "_static/mathjax/a.js": b"formulas",
        "lab/index.html": b"JupyterLite",
        ".doctrees/a.html": b"Sphinx",
        ".buildinfo": b"Sphinx",
        "objects.inv": b"Sphinx",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return files


def test_an_edition_is_named_after_all_that_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "lab" / "made"  # what JupyterLite's folder is called means nothing above
    files = made_by_hand(folder)

    def edition(**changed: bytes) -> dict[str, Any]:
        made = folder
        shutil.rmtree(made)
        made_by_hand(made)
        for name, content in changed.items():
            (made / name).write_bytes(content)
        site.write_service(made)
        assert (made / "service.js").read_bytes() == b"2"  # it serves what lies beside and below it
        written = (made / "_static" / "edition.js").read_text("utf-8")
        everything = json.loads((made / "_static" / "everything.json").read_text("utf-8"))
        told = json.loads(written.removeprefix("self.edition = ").rstrip(";\n"))
        return {**told, **everything}

    own = {"service.js" if name == "_static/service.js" else name for name in files}
    own -= {"lab/index.html", ".doctrees/a.html", ".buildinfo", "objects.inv"}
    first = edition()
    assert first["files"] == [*sorted(own), "./"], "readers come to the folder, not to index.html"
    assert first["size"] == sum(len(files.get(name, b"2")) for name in own)
    at_once = {"./", "index.html", "notebooks/a.html", "_static/site.js", "_static/site.css", "service.js"}
    assert {*first["first"]} == at_once
    assert edition() == first
    for name in ("index.html", "_static/films/a.film", "_static/pyodide/pyodide.asm.js"):
        assert edition(**{name: b"another"})["name"] != first["name"]
    assert edition(**{"lab/index.html": b"another"})["name"] == first["name"]


@pytest.fixture(scope="module")
def by_sphinx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of one page, as Sphinx builds it."""
    for tool in ("furo", "myst_nb"):
        pytest.importorskip(tool, reason="needs pip install -e '.[site]'")
    source = tmp_path_factory.mktemp("source")
    (source / "_static").mkdir()
    for name in ("figure.css", "site.css", "icon.svg"):
        (source / "_static" / name).write_text("", encoding="utf-8")
    scripts = {
        "site": 'import { a } from "./near.js";\nimport { b } from "./then.js";',
        "near": 'import { c } from "./far.js";',
        "then": "",
        "far": "",
        "other": "",
    }
    for name, text in scripts.items():
        (source / "_static" / f"{name}.js").write_text(f"{text}\n", encoding="utf-8")
    title = "# Title\n\n## Two\n\n### Three\n\n[Three](#three)\n\n```{toctree}\nplain\n```"
    streams = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("one\n", "two\n")]
    piece = {"output_type": "display_data", "data": {"text/html": '<p class="mathjax_process">$e^z$</p>'}}
    for name, output in (("index", piece), ("plain", None)):
        outputs = [{"metadata": {}, **output}] if output else streams
        cells = [
            {"cell_type": "markdown", "source": title if output else "# Plain"},
            {"cell_type": "code", "source": "1", "execution_count": 1, "outputs": outputs},
        ]
        notebook = {
            "cells": [{"id": f"c{i}", "metadata": {}, **cell} for i, cell in enumerate(cells)],
            "metadata": {"language_info": {"name": "python", "pygments_lexer": "ipython3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (source / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    shutil.copy(site.ASSETS / "conf.py", source / "conf.py")
    return site.made_from(source)


def test_sphinx_makes_of_a_notebook_what_the_site_is(by_sphinx: Path) -> None:
    page, plain = ((by_sphinx / f"{name}.html").read_text("utf-8") for name in ("index", "plain"))
    assert plain.count('class="output stream') == 1, "what is printed one after the other stands together"
    assert 'id="three"' in page
    assert re.search(r'<script>if \(location\.protocol === "file:"\)[^<]*stands still[^<]*</script>', page)
    assert "View page source" not in page
    assert not [*by_sphinx.glob("_sources/*")]
    assert not re.search(r'(?:src|href)="https?://(?!pradyunsg|www\.sphinx|github\.com/pradyunsg)', page)
    found = re.findall(r'<link rel="modulepreload" href="_static/(\w+)\.js">', page)
    assert found == ["far", "near", "then"], "all that the first script imports, and it is there already"


def test_formulas_in_pieces_are_set_after_the_first_picture(by_sphinx: Path) -> None:
    with_formulas, without = ((by_sphinx / f"{name}.html").read_text("utf-8") for name in ("index", "plain"))
    assert "mathjax" not in re.sub(r"mathjax_\w+", "", without.casefold())
    assert re.search(r'<script[^>]*type="text/plain"[^>]*mathjax', with_formulas)
    (config,) = re.findall(r"MathJax = (\{.*?\})</script>", with_formulas)
    told = json.loads(config)
    assert told["startup"] == {"typeset": False}
    assert told["tex"] == {"inlineMath": [["\\(", "\\)"], ["$", "$"]], "processEscapes": True}
