"""Films, printed pages and bytecode are made once and kept for the next build, and what is said is so."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import threading
import urllib.request
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from course_utils.notebook_files import Page, find_notebooks
from course_utils.notebook_files.shown import Shown, Source, source_of
from course_utils.publish import compiled, in_node, jupyterlite, page_pdfs, paper, recording, wheels
from course_utils.publish.fingerprints import fingerprint
from course_utils.teaching import Demo
from course_utils.teaching.pictures import Panel, Picture


def figures(line: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", line)]


def test_films_are_recorded_once_and_what_is_old_goes(tmp_path: Path) -> None:
    pytest.importorskip("threadpoolctl", reason="needs pip install -e '.[site]'")
    (path,) = find_notebooks(["00"])
    source = source_of(path)
    cache, said = tmp_path / "cache", []
    cache.mkdir()
    (cache / "00-old.film").write_bytes(b"old")
    (cache / "07-kept.film").write_bytes(b"of a notebook that is not built now")
    recording.write(tmp_path / "first", [source], cache, said.append)
    files = {file.name: file.read_bytes() for file in (tmp_path / "first").iterdir()}
    names = [one.name for one in source.demos]
    assert set(files) == {f"{name}.{kind}" for name in names for kind in ("film", "tables.json")}
    assert not (cache / "00-old.film").exists()
    assert (cache / "07-kept.film").exists()

    sizes = {
        name: (len(files[f"{name}.film"]), len(gzip.compress(files[f"{name}.tables.json"]))) for name in names
    }
    *each, together = said
    for name, line in zip(names, each, strict=True):
        count, *kilobytes = figures(line.removeprefix(f"{name}: "))
        assert kilobytes == [size // 1000 for size in sizes[name]]
        assert count == len(json.loads(files[f"{name}.tables.json"])["of"])
    assert figures(together) == [
        len(names),
        *(sum(pair[k] for pair in sizes.values()) // 1000 for k in (0, 1)),
    ]
    for one in source.demos:
        film = zlib.decompress(files[f"{one.name}.film"])
        assert json.dumps(one.value.title).encode() in film

    recording.write(tmp_path / "again", [source], cache, said.append)
    assert said[len(each) + 1 :] == [together], "nothing is recorded again"
    assert {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()} == files


def test_modules_are_compiled_once_and_hashes_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core, cache = tmp_path / "_static" / "pyodide", tmp_path / "deep" / "cache"
    core.mkdir(parents=True)
    asked: list[dict[str, Any]] = []
    course = {f"course_utils/{name}.py": b"" for name in ("lessons/a", "numerics/a")}

    def in_node_run(*_: Any, **given: Any) -> dict[str, str]:
        asked.append(given)
        return dict.fromkeys(("numpy/a.py", *course), base64.b64encode(b"bytecode").decode())

    def build() -> dict[str, bytes]:
        for name in ("numpy", "other"):
            with zipfile.ZipFile(core / f"{name}.whl", "w") as plain:  # otherwise than the build packs
                plain.writestr(zipfile.ZipInfo(f"{name}/a.py"), b"a = 1")  # of no date
        other = (core / "other.whl").read_bytes()
        (core / "pyodide-lock.json").write_text(
            json.dumps({"packages": {n: {"file_name": f"{n}.whl", "sha256": n} for n in ("numpy", "absent")}})
        )
        (tmp_path / "_static" / "python").mkdir(exist_ok=True)
        (tmp_path / "_static" / "python" / "course.zip").write_bytes(wheels.archive(course))
        compiled.write(tmp_path, cache, said.append)
        assert (core / "other.whl").read_bytes() == other, "what holds nothing compiled stays as it is"
        return {file.name: file.read_bytes() for file in core.iterdir()}

    said: list[str] = []
    monkeypatch.setattr(in_node, "run", in_node_run)
    monkeypatch.setattr(in_node, "is_here", lambda: False)
    assert wheels.contents(build()["numpy.whl"]) == {"numpy/a.py": b"a = 1"}
    assert said == ["Without node nothing is compiled for pages: Python will take longer to start there"]
    monkeypatch.setattr(in_node, "is_here", lambda: True)
    first = build()
    assert wheels.contents(first["numpy.whl"]) == {"numpy/a.pyc": b"bytecode"}
    assert wheels.contents(first["other.whl"]) == {"other/a.py": b"a = 1"}
    told = json.loads(first["pyodide-lock.json"])["packages"]
    assert told["numpy"]["sha256"] == hashlib.sha256(first["numpy.whl"]).hexdigest()
    assert told["absent"]["sha256"] == "absent"
    assert {*wheels.contents((tmp_path / "_static" / "python" / "course.zip").read_bytes())} == {
        "course_utils/lessons/a.py",  # it may be read
        "course_utils/lessons/__pycache__/a.cpython-312.pyc",
        "course_utils/numerics/a.pyc",
    }
    assert build() == first
    assert asked == [
        {
            "whole": ["course_utils"],
            "archives": ["course", "sympy", "mpmath"],
            "imports": compiled.IN_THE_PAGE,
        }
    ], "nothing is compiled again"
    assert said[1:] == ["3 modules compiled for pages"] * 2
    (kept,) = cache.iterdir()
    kept.rename(kept.with_name("old.zip"))
    packages = tmp_path / jupyterlite.FOLDER / jupyterlite.PACKAGES
    packages.mkdir(parents=True)
    (packages / "pyodide-lock.json").write_text(
        '{"packages": {"a": {"file_name": "../numpy.whl", "sha256": ""}}}'
    )
    assert build() == first
    assert [*cache.iterdir()] == [kept], "what is old goes"
    assert asked[1]["packages"] == [*jupyterlite.PREPARED]
    assert {"ipywidgets", "numpy", "sympy"} < {*asked[1]["imports"]}
    told = json.loads((packages / "pyodide-lock.json").read_text())["packages"]
    assert told["a"]["sha256"] == hashlib.sha256(first["numpy.whl"]).hexdigest()


def test_pages_are_printed_once_unless_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, cache = tmp_path / "made", tmp_path / "cache"
    (made / "notebooks").mkdir(parents=True)
    (made / "_static" / "pictures").mkdir(parents=True)
    for name in ("01_a", "02_b"):
        (made / "notebooks" / f"{name}.html").write_text(f"<p>{name}</p>")
    asked: list[str] = []

    def print_address(address: str, target: Path, program: str, *options: str) -> None:
        asked.append(address.rpartition("/")[2])
        with urllib.request.urlopen(address) as page:
            target.write_bytes(page.read() * 1000)
        assert f"--virtual-time-budget={page_pdfs.LOADED}" in options

    monkeypatch.setattr(paper, "browser", lambda: "a browser")
    monkeypatch.setattr(paper, "print_address", print_address)

    def write() -> tuple[list[str], list[str]]:
        shutil.rmtree(made / "print", ignore_errors=True)
        said: list[str] = []
        asked.clear()
        page_pdfs.write(made, ["01_a", "02_b"], cache, said.append)
        for name in ("01_a", "02_b"):
            text = (made / "notebooks" / f"{name}.html").read_bytes()
            assert (made / "print" / f"{name}.pdf").read_bytes() == text * 1000
        assert len([*cache.iterdir()]) == 3
        return [*asked], said

    cache.mkdir()
    (cache / "07_c-kept.pdf").write_bytes(b"of a notebook that is not built now")
    assert write() == (
        ["01_a.html?print", "02_b.html?print"],
        ["01_a: printed, 11 kB", "02_b: printed, 11 kB"],
    )
    assert write() == ([], [])
    (made / "notebooks" / "02_b.html").write_text("<p>another</p>")
    assert write() == (["02_b.html?print"], ["02_b: printed, 14 kB"])
    (made / "_static" / "style.css").write_text("p {}")
    assert write()[0] == ["01_a.html?print", "02_b.html?print"], "what lays out the pages has changed"
    (made / "_static" / "pictures" / "01-a.svg").write_text("<svg/>")
    assert write()[0] == ["01_a.html?print"]


def test_what_serves_pages_to_a_browser_ends_if_it_does_not_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[threading.Thread] = []

    def print_address(*_: Any) -> None:
        served.extend(one for one in threading.enumerate() if one not in before)
        raise paper.PrintingFailed("it hangs")

    monkeypatch.setattr(paper, "browser", lambda: "a browser")
    monkeypatch.setattr(paper, "print_address", print_address)
    for folder in ("notebooks", "_static"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks" / "01_a.html").write_text("<p>a</p>")
    before = threading.enumerate()
    with pytest.raises(paper.PrintingFailed, match="it hangs"):
        page_pdfs.write(tmp_path, ["01_a"], tmp_path / "deep" / "cache", print)
    assert [one.is_alive() for one in served] == [False]


def test_without_a_browser_nothing_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "browser", lambda: "")
    with pytest.raises(paper.PrintingFailed, match="no Chromium"):
        page_pdfs.write(tmp_path, [], tmp_path / "cache", print)


def demo_of(expression: str) -> Shown:
    """Return what a page shows of a lesson in a cell that stays the same."""
    demo = Demo(lambda: Picture([Panel("a", [])], "Nothing."), controls=[], title="A", look_for="Look.")
    return Shown("00", "demo", expression, demo, "")


def test_another_demo_in_the_cell_is_another_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("threadpoolctl", reason="needs pip install -e '.[site]'")

    def record(job: tuple[Path, str, Path]) -> str:
        path, _, kept = job
        kept.write_text(path.read_text())
        recording.tables_beside(kept).write_text("[]")
        return ""

    monkeypatch.setattr(recording, "record", record)
    monkeypatch.setattr(recording, "ProcessPoolExecutor", lambda **_: ThreadPoolExecutor(1))
    path = tmp_path / "00_start_here.ipynb"
    for expression in ("lesson.a", "lesson.b", "lesson.a"):
        path.write_text(expression)
        source = Source(Page(path, b""), (demo_of(expression),))
        recording.write(tmp_path / "films", [source], tmp_path / "deep" / "cache", str)
        assert (tmp_path / "films" / "00-demo.film").read_text() == expression
        assert len([*(tmp_path / "deep" / "cache").glob("*.film")]) == 1, "what is old goes"
        shutil.rmtree(tmp_path / "films")


def test_a_film_is_kept_until_something_that_it_comes_from_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "PACKAGE", tmp_path)
    source = Source(Page(Path("00_start_here.ipynb"), b""), ())
    one = demo_of("lesson.a")
    own = {
        "numerics/a.py",
        "teaching/deep/a.py",
        "teaching/deep/widths.json",
        "data/a.npz",
        "lessons/start_here/a.py",
        "lessons/shared.py",
    }
    own |= {"publish/films.py", "publish/film_file.py", "words.py"}
    others = {"lessons/softmax/a.py", "publish/site.py", "lessons/start_here/a.toml", "classroom/a.py"}
    for name in own | others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    before = recording.fingerprint_of(source, one)
    assert recording.fingerprint_of(source, one) == before
    for name in own | others:
        (tmp_path / name).write_text("changed")
        assert (recording.fingerprint_of(source, one) != before) == (name in own), name
        (tmp_path / name).write_text(name)
    a, b = tmp_path / "numerics/a.py", tmp_path / "lessons/shared.py"
    assert fingerprint([a, b]) != fingerprint([b, a])
