"""JupyterLite's packages: what is packed, what is fetched when, and what is refused."""

from __future__ import annotations

import importlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock
from urllib.parse import urljoin

import pytest
from course_plugin import run_async

from course_utils.lessons import lesson_of
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import topic_of
from course_utils.notebook_files.shown import source_of
from course_utils.publish import in_jupyterlite, jupyterlite, pages, python_in_the_page, wheels
from course_utils.publish.in_jupyterlite import Fetching, loading


def test_what_is_installed_is_packed_as_pure_python() -> None:
    packed = wheels.installed("psygnal")  # compiled here for speed, and whole without
    assert packed.imports == ["psygnal"]
    assert not [path for path in packed.contents if path.endswith((".so", ".pyc"))]
    assert packed.to_bytes() == wheels.installed("psygnal").to_bytes()
    archive = zipfile.ZipFile(io.BytesIO(packed.to_bytes()))
    assert "psygnal/__init__.py" in archive.namelist()


@pytest.mark.parametrize(
    ("name", "message"), [("numpy", "which is compiled"), ("no-such-package", "is missing: pip install")]
)
def test_what_cannot_be_packed_is_refused_in_a_sentence(name: str, message: str) -> None:
    with pytest.raises(wheels.UnusablePackage, match=message):
        wheels.installed(name)


def test_the_packages_have_all_that_they_need() -> None:
    pure = wheels.with_needs(jupyterlite.WHEN_IMPORTED + jupyterlite.FIRST)
    known = {*pure, *wheels.RELEASED}
    for name, wheel in pure.items():
        assert {*wheel.depends} <= known, name
    for name, released in wheels.RELEASED.items():
        assert {*released["depends"]} <= known, name
    assert {"ipywidgets", "anywidget", "plotly", "sympy", "mpmath"} <= {*pure}
    assert {"numpy", "scipy", "matplotlib", "ipython"} <= {*wheels.RELEASED}


def test_the_kernel_is_taken_from_where_it_is_installed() -> None:
    pytest.importorskip("jupyterlite_pyodide_kernel", reason="needs pip install -e .[site]")
    assert list((jupyterlite.extension(jupyterlite.KERNEL) / "static" / "pypi").glob("*.whl"))
    with pytest.raises(jupyterlite.JupyterLiteFailed, match=r"no-such-extension of JupyterLab is missing"):
        jupyterlite.extension("no-such-extension")


def test_a_module_that_is_fetched_brings_all_that_it_needs() -> None:
    pure = wheels.with_needs(jupyterlite.WHEN_IMPORTED + jupyterlite.FIRST)
    modules = jupyterlite.files_of_modules(pure)
    assert {"mpmath", "plotly", "sympy"} <= {*modules}
    brings = {f"{jupyterlite.PACKAGES}/{wheel.file_name}": wheel for wheel in pure.values()}
    for module, files in modules.items():
        fetched = [brings[file] for file in files]
        assert module in {name for wheel in fetched for name in wheel.imports}
        for wheel in fetched:
            assert {*wheel.depends} <= {one.name for one in fetched} | {*wheels.RELEASED}


def test_a_file_that_is_not_that_of_the_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(wheels.UnusablePackage, match=f"full release of Pyodide {python_in_the_page.VERSION}"):
        jupyterlite.write_packages(tmp_path / "none", tmp_path)
    for released in wheels.RELEASED.values():
        (tmp_path / released["file_name"]).write_bytes(b"something else")
    with pytest.raises(wheels.UnusablePackage, match="get it again from the release"):
        jupyterlite.write_packages(tmp_path / "other", tmp_path)


def test_a_module_is_fetched_once_when_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = []

    def fetch(file: str) -> bytes:
        fetched.append(file)
        content = b"import cu_needed" if file == "cu_first" else b""
        return wheels.made(file, "1", {f"{file}/__init__.py": content}).to_bytes()

    files = {"cu_first": ["cu_first", "cu_needed"], "cu_needed": ["cu_needed"]}
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Fetching(files, fetch, tmp_path)])
    assert importlib.import_module("cu_first").cu_needed.__file__ == str(tmp_path / "cu_needed/__init__.py")
    assert fetched == ["cu_first", "cu_needed"]
    with pytest.raises(ModuleNotFoundError, match="cu_nowhere"):
        importlib.import_module("cu_nowhere")
    for name in files:
        del sys.modules[name]


@pytest.mark.parametrize("status", [200, 404, 0])  # 0: the network is gone
def test_a_worker_waits_for_a_file_of_its_own_site(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Mock(status=status)
    request.response.to_bytes.return_value = b"content"
    location = SimpleNamespace(href="https://somebody.github.io/course/lab/extensions/kernel/worker.js")
    js = SimpleNamespace(location=location, XMLHttpRequest=SimpleNamespace(new=lambda: request))
    monkeypatch.setitem(sys.modules, "js", js)
    if status == 200:
        assert in_jupyterlite.fetched("pyodide/a.whl") == b"content"
    else:
        with pytest.raises(ImportError, match=r"a\.whl could not be fetched: the page is offline"):
            in_jupyterlite.fetched("pyodide/a.whl")
    address = "https://somebody.github.io/course/lab/pyodide/a.whl"
    request.open.assert_called_once_with("GET", address, False)  # later is too late: Python goes on


def test_what_is_compiled_is_loaded_before_the_cell_that_shows_what_needs_it() -> None:
    loads: list[list[str]] = []

    async def load(packages: list[str]) -> None:
        loads.append(packages)

    transform = loading(jupyterlite.compiled_needs(), load)
    for source in ("lesson.break_demo\n", "lesson.accuracy_demo\n", "lesson.accuracy_demo.at()\n"):
        assert run_async(transform([source])) == [source]
    assert loads == [["scipy"]]


def test_the_names_that_need_what_is_compiled_are_names_of_lessons() -> None:
    lessons = [lesson_of(topic_of(path)) for path in find_notebooks()]
    for name in jupyterlite.compiled_needs():
        assert any(hasattr(lesson, name) for lesson in lessons), name


@pytest.mark.parametrize("root", ["http://127.0.0.1:8000/", "https://somebody.github.io/course/"])
def test_all_is_found_wherever_the_site_stands(root: str) -> None:
    page = urljoin(root, jupyterlite.address(Path("01_softmax.ipynb")))
    (kernel,) = jupyterlite.page_config()["jupyter-config-data"]["litePluginSettings"].values()
    python = urljoin(page, kernel["pyodideUrl"])
    assert python == f"{root}_static/pyodide/pyodide.mjs"
    assert urljoin(python, jupyterlite.beside_core("a.whl")) == f"{root}lab/pyodide/a.whl"
    lock = urljoin(f"{root}{jupyterlite.FOLDER}/", kernel["loadPyodideOptions"]["lockFileURL"])
    assert lock == f"{root}lab/pyodide/pyodide-lock.json"
    assert kernel["disablePyPIFallback"]


def test_a_page_leads_to_its_notebook_where_jupyterlite_is() -> None:
    path = find_notebooks(["00"])[0]
    address = jupyterlite.address(path)
    assert address == "lab/lab/index.html?path=00_start_here.ipynb"
    opens = pages.page(source_of(path), [], address)["cells"][0]["source"]
    assert f'<a href="../{address}">Open this notebook</a>' in opens
    assert "Open this notebook" not in pages.page(source_of(path), [])["cells"][0]["source"]


def test_the_build_takes_these_notebooks_and_says_why_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = find_notebooks()[:2]
    met: dict[str, Any] = {}
    run = subprocess.run

    def build(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        folder = Path(options["cwd"])
        met["files"] = {file.name: json.loads(file.read_bytes()) for file in (folder / "files").iterdir()}
        met["told"] = json.loads((folder / "jupyter-lite.json").read_text("utf-8"))
        return run([sys.executable, "-c", met["script"]], **options)

    monkeypatch.setattr(jupyterlite, "extension", Path)  # without the extra, none is installed
    monkeypatch.setattr(jupyterlite.subprocess, "run", build)
    monkeypatch.setattr(jupyterlite, "write_packages", lambda *given: met.update(packages=given))

    met.update(script="print('done')")
    jupyterlite.write(tmp_path / "lab", tmp_path, paths)
    assert set(met["files"]) == {path.name for path in paths}
    for file in met["files"].values():
        assert file["metadata"]["kernelspec"] == jupyterlite.KERNELSPEC
    assert met["told"] == jupyterlite.page_config()
    assert met.pop("packages")[1] == tmp_path

    for stream in ("stdout", "stderr"):
        met.update(script=f"import sys; sys.{stream}.write('x' + 'y' * 3000); sys.exit(1)")
        with pytest.raises(jupyterlite.JupyterLiteFailed, match=r"^[^\n]* could not be built:\ny{3000}$"):
            jupyterlite.write(tmp_path / "lab", tmp_path, paths)
    assert "packages" not in met
