"""Python in the page: what is put beside the pages, what is compiled for them, and node to run it in."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from course_plugin import without_pytest

from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.shown import source_of
from course_utils.publish import compile_there, in_node, python_in_the_page, wheels
from course_utils.publish.fingerprints import ENDINGS
from course_utils.publish.python_in_the_page import PACKAGE, course_files
from course_utils.teaching import Demo, Derivation, Exercise, Picture, Question


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the build takes for a release of Pyodide."""
    folder = tmp_path / "release"
    folder.mkdir()
    digests = {}
    for name in python_in_the_page.PYODIDE:
        (folder / name).write_bytes(name.encode())
        digests[name] = hashlib.sha256(name.encode()).hexdigest()
    monkeypatch.setattr(python_in_the_page, "PYODIDE", digests)
    return folder


def test_beside_the_pages_lies_what_they_load(release: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(python_in_the_page, "ALGEBRA", ("mpmath",))  # SymPy is the same, and large
    static = tmp_path / "static"
    static.mkdir()
    found = [source_of(find_notebooks(["00"])[0])]
    python_in_the_page.write(static, release, found)
    names = {*python_in_the_page.PYODIDE}
    assert {file.name for file in (static / "pyodide").iterdir()} == {*names, python_in_the_page.LOCK}
    assert all((static / "pyodide" / name).read_bytes() == name.encode() for name in names)
    lock = json.loads((static / "pyodide" / python_in_the_page.LOCK).read_text("utf-8"))
    assert lock["packages"]["numpy"]["file_name"] in names
    assert lock["info"]["version"] == python_in_the_page.VERSION
    course = wheels.contents((static / "python" / "course.zip").read_bytes())
    assert course["course_utils/publish/answers.py"] == (PACKAGE / "publish" / "answers.py").read_bytes()
    assert "mpmath/__init__.py" in wheels.contents((static / "python" / "mpmath.zip").read_bytes())
    told = json.loads((static / "python" / "objects.json").read_text("utf-8"))
    assert told == python_in_the_page.objects(found)


def test_the_pages_get_the_course_without_what_builds_it() -> None:
    files = {file.relative_to(PACKAGE).as_posix() for file in course_files()}
    assert {"__init__.py", "numerics/softmax.py", "teaching/__init__.py", "publish/films.py"} < files
    assert not {name for name in files if name.startswith(("classroom/", "notebook_files/", "publish/site"))}
    assert {Path(name).suffix for name in files} == ENDINGS
    for part in ("numerics", "lessons", "teaching"):
        modules = {file.relative_to(PACKAGE).as_posix() for file in (PACKAGE / part).rglob("*.py")}
        assert {name for name in modules if "/tests/" not in name} <= files
    more = {
        file.relative_to(PACKAGE).as_posix() for file in course_files(["publish/site.py"], [".js", ".py"])
    }
    assert more >= {*files, "publish/site.py", "teaching/view/painter.js"}
    assert not [name for name in more if name.endswith(".css")]


def test_tests_and_what_was_compiled_here_are_not_shipped(tmp_path: Path) -> None:
    here = tmp_path / "tests" / "course"  # a checkout may lie anywhere
    for name in ("a/b.py", "a/tests/test_b.py", "a/__pycache__/b.py", "a/b.txt", "c.py"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("", encoding="utf-8")
    found = python_in_the_page.shipped([here / "a", here / "c.py"])
    assert [file.relative_to(here).as_posix() for file in found] == ["a/b.py", "c.py"]


@pytest.mark.parametrize("number", ["00", "05"])
def test_python_is_told_of_all_that_asks_it(number: str) -> None:
    source = source_of(find_notebooks([number])[0])
    told = python_in_the_page.objects([source])
    for one in source.shown:
        asks = isinstance(one.value, Demo | Exercise | Derivation)
        assert asks != isinstance(one.value, Question | Picture)
        assert (one.name in told) == asks
    assert all(
        one["topic"] == source.topic and one["expression"].startswith("lesson.") for one in told.values()
    )


@pytest.mark.parametrize("digest", ["0" * 64, "f" * 64])
def test_only_the_files_of_the_release_are_taken(digest: str, release: Path) -> None:
    python_in_the_page.check(release)
    name = python_in_the_page.NUMPY
    assert python_in_the_page.compare(release, name, python_in_the_page.PYODIDE[name]) == release / name
    with pytest.raises(wheels.UnusablePackage, match=r"is not that of Pyodide \d+\.\d+"):
        python_in_the_page.compare(release, name, digest)
    (release / name).unlink()
    with pytest.raises(wheels.UnusablePackage, match=f"has no {name}: choose the folder of the full release"):
        python_in_the_page.check(release)


ANSWER = """
import asyncio, json, sys
sys.path[:0] = [{folder!r}, {inner!r}]
from course_utils.publish import compile_there
print(asyncio.run(compile_there.answer(json.dumps({{"imports": ["alone"], "whole": ["inner_package"]}}))))
print(json.dumps(sorted(name for name in sys.modules if "inner_package" in name)))
"""


def test_all_that_was_imported_is_compiled_and_named_by_its_place_in_an_archive(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    files = {
        "alone.py": "import inner_package.near",
        "never.py": "1 / 0",
        "inner/inner_package/__init__.py": "",
        "inner/inner_package/__main__.py": "1 / 0",
        "inner/inner_package/near.py": "value = 'near'",
        "inner/inner_package/broken.py": "import no_such_package",
        "inner/inner_package/deep/__init__.py": "",
        "inner/inner_package/deep/far.py": "value = 'far'",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = ANSWER.format(folder=str(tmp_path), inner=str(inner))
    environment = without_pytest(os.environ) | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    answered, modules = map(json.loads, done.stdout.splitlines())
    ours = {place for place in answered if "inner" in place or place in files}
    package = {f"inner_package/{name}.py" for name in ("__init__", "near", "deep/__init__", "deep/far")}
    assert ours == {"alone.py", *package}
    assert "json/__init__.py" in answered, "of what Python brings, too"
    assert not [place for place in answered if not place.endswith(".py")]
    assert not [name for name in modules if name.endswith(("broken", "__main__"))]

    # Bytecode is taken as it is, whatever became of its source.
    path = inner / "inner_package" / "near.py"
    bytecode = Path(importlib.util.cache_from_source(str(path)))
    bytecode.parent.mkdir(exist_ok=True)
    bytecode.write_bytes(base64.b64decode(answered["inner_package/near.py"]))
    path.write_text("value = 'changed, with another length'", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("near", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.value == "near"
    hashed = bytecode.read_bytes()[8:16]
    assert hashed == importlib.util.source_hash(b"value = 'near'")


def test_a_module_without_a_source_is_not_compiled() -> None:
    assert compile_there.has_source(json)
    for other in (sys, object(), type(sys)("made_by_hand")):
        assert not compile_there.has_source(other)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for node is a shell script")
def test_what_runs_in_node_is_told_and_answers_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node").write_text('#!/bin/sh\nprintf \'["%s", "%s", \' "$2" "$3"; cat; printf ]\n', "utf-8")
    (tmp_path / "node").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    site, code = tmp_path / "site", tmp_path / "code.py"
    assert in_node.is_here()
    assert in_node.run(site, code, packages=["a"]) == [str(site), str(code), {"packages": ["a"]}]
    (tmp_path / "node").write_text("#!/bin/sh\nprintf '%03010d' 0 | tr 0 x >&2; exit 1\n", "utf-8")
    with pytest.raises(in_node.InNodeFailed, match=r"^x{3000}$"):
        in_node.run(site, code)


@pytest.mark.parametrize(
    ("platform", "node", "is_here"),
    [
        ("linux", "/usr/bin/node", True),
        ("linux", None, False),
        ("win32", "node.exe", False),
        ("aix", "/n", True),
    ],
)
def test_node_is_used_on_unix(platform: str, node: str | None, is_here: bool, monkeypatch: Any) -> None:
    monkeypatch.setattr(in_node.sys, "platform", platform)
    monkeypatch.setattr(in_node.shutil, "which", lambda name: node)
    assert in_node.is_here() == is_here
