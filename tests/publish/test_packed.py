"""Packages for the browser: which files of a distribution are packed, and what a lock file says of them."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from course_plugin import run_async

from course_utils.publish import in_jupyterlite, jupyterlite, python_in_the_page, wheels
from course_utils.publish.in_jupyterlite import Fetching, loading
from course_utils.publish.wheels import Wheel

DISTRIBUTION = {
    "cu_pure/__init__.py": "a = 1",
    "cu_pure/data.json": "{}",
    "cu_pure/speed.py": "b = 2",
    "cu_pure/speed.cpython-311-x86_64-linux-gnu.so": "compiled, and there in Python, too",
    "cu_pure/types.pyi": "a: int",
    "cu_pure/app.js.map": "{}",
    "cu_pure/tests/test_a.py": "assert a",
    "cu_pure/__pycache__/a.cpython-311.pyc": "",
    "cu_single.py": "c = 3",
    "0123abc__mypyc.cpython-311-x86_64-linux-gnu.so": "nothing without the modules that it speeds up",
    "../../bin/cu": "a script",
    "CU_Pure-1.5.dist-info/METADATA": "",
    "CU_Pure-1.5.dist-info/entry_points.txt": "[console_scripts]",
    "CU_Pure-1.5.dist-info/INSTALLER": "pip",
    "CU_Pure-1.5.dist-info/RECORD": "",
}
METADATA = """Metadata-Version: 2.1
Name: CU_Pure
Version: 1.5
Requires-Dist: Always.Needed>=1
Requires-Dist: here; python_version > "3"
Requires-Dist: never; python_version < "3"
Requires-Dist: wanted; extra == "more"
Requires-Dist: jupyterlab_widgets
"""


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: str) -> Wheel:
    """Install a distribution and pack it again."""
    site = folder / "lib" / "site"
    files = {**DISTRIBUTION, **more, "CU_Pure-1.5.dist-info/METADATA": METADATA}
    files["CU_Pure-1.5.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files)
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    return wheels.installed("CU_Pure")


def test_what_python_reads_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = installed(tmp_path, monkeypatch)
    modules = {"cu_pure/__init__.py", "cu_pure/data.json", "cu_pure/speed.py", "cu_single.py"}
    told = {f"CU_Pure-1.5.dist-info/{name}" for name in ("METADATA", "entry_points.txt")}
    assert {*wheel.contents} == modules | told
    assert wheel.contents["cu_pure/speed.py"] == b"b = 2"
    assert (wheel.name, wheel.version, wheel.file_name) == ("cu-pure", "1.5", "cu_pure-1.5-py3-none-any.whl")
    assert wheel.imports == ["cu_pure", "cu_single"]
    assert wheel.depends == ("always-needed", "here")


@pytest.mark.parametrize("ending", [".so", ".cpython-311-darwin.so", ".pyd"])
def test_what_is_compiled_and_nothing_else_cannot_be_packed(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(wheels.UnusablePackage, match="CU_Pure needs cu_pure/core, which is compiled"):
        installed(tmp_path, monkeypatch, **{f"cu_pure/core{ending}": ""})


def test_an_archive_is_the_same_for_the_same_files() -> None:
    files = {"b.py": b"b = 2\n" * 500, "a.py": b"a = 1"}
    packed = wheels.archive(files)
    assert packed == wheels.archive(dict(reversed(files.items())))
    assert len(packed) < 1000, "and compressed"
    assert wheels.contents(packed) == files


def test_an_entry_tells_a_loader_what_it_needs_to_know() -> None:
    wheel = wheels.made("cu-made", "2", {"cu_made/a.py": b"", "cu_other.py": b""}, ["A_b>=1", "c"])
    content = wheel.to_bytes()
    assert wheels.entry(wheel, content) == {
        "name": "cu-made",
        "version": "2",
        "file_name": "cu_made-2-py3-none-any.whl",
        "install_dir": "site",
        "sha256": hashlib.sha256(content).hexdigest(),
        "package_type": "package",
        "imports": ["cu_made", "cu_other"],
        "depends": ["a-b", "c"],
    }
    told = wheels.contents(content)["cu_made-2.dist-info/METADATA"].decode().splitlines()
    assert told == [
        "Metadata-Version: 2.1",
        "Name: cu-made",
        "Version: 2",
        "Requires-Dist: A_b>=1",
        "Requires-Dist: c",
    ]
    assert wheels.made("cu-made", "2", {}).depends == ()


def packed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, dict[str, Any]]:
    """Return the folder of JupyterLite's packages, and its lock, from a release and a kernel made by hand."""
    release, kernel = folder / "release", folder / "kernel" / "static" / "pypi"
    release.mkdir()
    kernel.mkdir(parents=True)
    released = {}
    for name in ("numpy", "scipy", "packaging"):
        content = name.encode()
        file = f"{name}-1-cp312.whl"
        if name != "numpy":  # it lies beside the pages
            (release / file).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        released[name] = {"name": name, "file_name": file, "sha256": digest, "imports": [name], "depends": []}
    for name in ("pyodide_kernel", "ipykernel", "widgetsnbextension"):
        (kernel / f"{name}-7-py3-none-any.whl").write_bytes(name.encode())
    monkeypatch.setattr(wheels, "RELEASED", released)
    monkeypatch.setattr(jupyterlite, "WHEN_IMPORTED", ("mpmath",))
    monkeypatch.setattr(jupyterlite, "FIRST", ("packaging",))
    monkeypatch.setattr(jupyterlite, "extension", lambda name: folder / "kernel")
    before = json.dumps(released)
    jupyterlite.write_packages(folder / "deep" / "packages", release)
    assert json.dumps(released) == before
    lock = folder / "deep" / "packages" / python_in_the_page.LOCK
    return lock.parent, json.loads(lock.read_text("utf-8"))


def test_what_a_kernel_loads_lies_there_with_its_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lock = packed(tmp_path, monkeypatch)
    course = jupyterlite.DISTRIBUTION
    pure = {course, "piplite", "jedi", "mpmath"}
    assert {*lock["packages"]} == {"numpy", "scipy", "packaging", "pyodide-kernel", "ipykernel", *pure}
    assert lock["info"] == wheels.INFO
    told = {**lock["packages"]}
    assert told.pop("numpy")["file_name"] == "numpy-1-cp312.whl", "where Python itself lies"
    for name, one in told.items():
        place = one["file_name"].removeprefix(f"../../{jupyterlite.FOLDER}/{jupyterlite.PACKAGES}/")
        assert "/" not in place
        assert hashlib.sha256((folder / place).read_bytes()).hexdigest() == one["sha256"], name
        assert one["name"] == name
    assert {file.name for file in folder.iterdir()} == {
        *(Path(one["file_name"]).name for one in told.values()),
        python_in_the_page.LOCK,
    }
    assert told["pyodide-kernel"]["version"] == "7"
    assert told["pyodide-kernel"]["imports"] == ["pyodide_kernel"]
    assert told["piplite"]["depends"] == [course], "it begins with the course"


def test_the_course_is_a_wheel_with_what_only_jupyterlite_uses() -> None:
    pure = {"plotly": Wheel("plotly", "1", {"plotly/a.py": b"", "_plotly.py": b""})}
    wheel = jupyterlite.course({**dict.fromkeys(jupyterlite.WHEN_IMPORTED, pure["plotly"])})
    assert {*wheel.depends} == {*jupyterlite.FIRST}, "and nothing that is fetched later"
    names = {*wheel.contents}
    assert {"course_utils/__init__.py", "course_utils/publish/in_jupyterlite.py"} < names
    assert [name for name in names if name.endswith((".js", ".css", ".ttf", ".woff2"))]
    later = json.loads(wheel.contents["course_utils/publish/later.json"])
    assert later["before"] == jupyterlite.compiled_needs()
    assert "plotly" in later["modules"]
    assert wheel.version == jupyterlite.metadata.version(jupyterlite.DISTRIBUTION)


def test_a_name_is_loaded_with_what_the_file_that_declares_it_imports() -> None:
    needs = jupyterlite.compiled_needs()
    later = {*wheels.RELEASED} - {*jupyterlite.FIRST}
    for packages in needs.values():
        assert packages
        assert packages == sorted({*packages} & later)
    lessons = python_in_the_page.PACKAGE / "lessons"
    text = {file: file.read_text("utf-8") for file in lessons.glob("*/[a-z]*.py")}
    direct = {file for file in text if "import scipy" in text[file] or "from scipy" in text[file]}
    assert direct
    for file in direct:  # each name that the lesson takes from there
        contents = ast.parse((file.parent / "__init__.py").read_text("utf-8"))
        for node in contents.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(f".{file.stem}"):
                assert all("scipy" in needs[alias.name] for alias in node.names)


def test_the_module_of_a_package_is_taken_for_what_it_is() -> None:
    assert jupyterlite.imported("scipy.special") == {"scipy.special"}
    assert "numpy" in jupyterlite.imported("course_utils.lessons.start_here.one_picture")


def test_jupyterlite_is_built_with_what_is_used_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jupyterlite, "extension", lambda name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    config = jupyterlite.build_config(Path("out"))["LiteBuildConfig"]
    assert config["federated_extensions"] == [str(tmp_path / name) for name in jupyterlite.EXTENSIONS]
    assert config["output_dir"] == str(tmp_path / "out")
    assert config["no_sourcemaps"]
    assert config["no_unused_shared_packages"]
    told = jupyterlite.page_config()
    assert told["jupyter-lite-schema-version"] == 0, "the only one there is"
    assert told["jupyter-config-data"]["enableServiceWorkerCache"] == "true"


@pytest.mark.parametrize(("error", "output"), [("", f"a{'b' * 3000}"), (f"a{'b' * 3000}", "said before")])
def test_what_jupyterlite_said_last_is_told(
    error: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = SimpleNamespace(returncode=1, stderr=error, stdout=output)
    monkeypatch.setattr(jupyterlite.subprocess, "run", lambda command, **options: done)
    monkeypatch.setattr(jupyterlite, "extension", lambda name: tmp_path / name)
    with pytest.raises(jupyterlite.JupyterLiteFailed, match=r"^JupyterLite could not be built:\nb{3000}$"):
        jupyterlite.write(tmp_path, tmp_path, [])


def test_what_is_there_is_not_loaded_again() -> None:
    loads: list[list[str]] = []

    async def load(packages: list[str]) -> None:
        loads.append(packages)

    transform = loading({"curve": ["b", "a"], "map": ["b", "c"]}, load)
    for source in ("nothing()\n", "curve\n", "curve\n", "nothing()\n", "lesson.map and more\n", "curved\n"):
        assert run_async(transform([source])) == [source]
    assert loads == [["a", "b"], ["c"]]


def test_what_others_do_not_find_is_asked_for_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(file: str) -> bytes:
        asked.append(file)
        return wheels.archive({f"cu_{file}.py": b""})

    finder = Fetching({"cu_a": ["a", "b"], "cu_b": ["b"], "cu_none": []}, fetch, tmp_path)
    assert finder.find_spec("cu_other") is None
    assert finder.find_spec("cu_none") is None
    assert asked == []
    found = finder.find_spec("cu_b", [str(tmp_path)])
    assert found is not None
    assert found.origin == str(tmp_path / "cu_b.py")
    assert finder.find_spec("cu_a", [str(tmp_path)]) is not None
    assert asked == ["b", "a"], "b is there"
    assert finder.find_spec("cu_a", [str(tmp_path)]) is None, "it is not found where it should be"


def test_python_begins_in_the_browser_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "later.json"
    later.write_text(json.dumps({"modules": {"cu_late": ["late.whl"]}, "before": {}}), encoding="utf-8")
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setattr(in_jupyterlite, "LATER", later)
    monkeypatch.setattr(in_jupyterlite.Path, "home", lambda: tmp_path / "home")
    monkeypatch.setitem(sys.modules, "IPython.terminal.embed", None)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), "/lib", str(packages), "/other/site-packages"])
    monkeypatch.setattr(in_jupyterlite, "fetched", lambda file: wheels.archive({"cu_late.py": b"a = 1"}))
    others = [*sys.meta_path]
    for _ in range(2):  # a second start finds its folder there
        in_jupyterlite.begin()
    assert sys.path == ["/lib", str(packages), "/other/site-packages", ""]
    assert sys.modules["IPython.terminal.embed"].embed is None
    assert sys.meta_path[: len(others)] == others, "it is asked last"
    spec = sys.meta_path[len(others)].find_spec("cu_late", [str(packages)])
    assert spec is not None
    assert spec.origin == str(packages / "cu_late.py")
    startup = (tmp_path / "home" / in_jupyterlite.STARTUP).read_text("utf-8")
    called: list[Any] = []
    monkeypatch.setattr(in_jupyterlite, "attend", called.append)
    space: dict[str, Any] = {"get_ipython": lambda: "the shell"}
    exec(startup, space)
    assert called == ["the shell"]
    assert "attend" not in space


def test_a_kernel_loads_what_a_cell_needs_before_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "later.json"
    later.write_text(json.dumps({"modules": {}, "before": {"curve": ["scipy"]}}), encoding="utf-8")
    loads: list[Any] = []

    async def load_package(packages: list[str]) -> None:
        loads.append(packages)

    monkeypatch.setattr(in_jupyterlite, "LATER", later)
    monkeypatch.setitem(sys.modules, "pyodide_js", SimpleNamespace(loadPackage=load_package))
    transforms: list[Any] = []
    manager = SimpleNamespace(line_transforms=transforms)
    shell = SimpleNamespace(
        Completer=SimpleNamespace(use_jedi=True), kernel=SimpleNamespace(lite_transform_manager=manager)
    )
    fonts = in_jupyterlite.logging.getLogger("matplotlib.font_manager")
    monkeypatch.setattr(fonts, "level", fonts.level)
    in_jupyterlite.attend(shell)
    assert shell.Completer.use_jedi is False
    assert not fonts.isEnabledFor(in_jupyterlite.logging.WARNING)
    (transform,) = transforms
    assert run_async(transform(["lesson.curve"])) == ["lesson.curve"]
    assert loads == [["scipy"]]


def test_a_zip_has_no_folders_among_its_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as writing:
        writing.mkdir("a")
        writing.writestr("a/b.py", b"c = 1")
    assert wheels.contents((tmp_path / "a.zip").read_bytes()) == {"a/b.py": b"c = 1"}
