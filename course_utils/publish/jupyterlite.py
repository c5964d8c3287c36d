"""JupyterLite beside the pages: the notebooks with cells to run, in the reader's browser.

JupyterLab and Pyodide are files of the site. No request leaves it: every package that a notebook imports
lies beside it, and what is not there cannot be installed.
"""

from __future__ import annotations

import ast
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path

from course_utils.notebook_files.files import LESSONS, read_notebook, to_bytes
from course_utils.publish import python_in_the_page, wheels
from course_utils.publish.fingerprints import PACKAGE, as_text
from course_utils.publish.wheels import Wheel
from course_utils.teaching.environment import DISTRIBUTION
from course_utils.told import Told

FOLDER = "lab"
PACKAGES = "pyodide"  # below the folder of JupyterLite
CORE = "../../_static/pyodide"  # what the pages use too, from there and from the page of JupyterLab
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget", "jupyterlab-plotly")
KERNELSPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# What a kernel has from the start, and what it fetches when something imports it.
FIRST = ("anywidget", "ipywidgets", "numpy", "packaging")
WHEN_IMPORTED = ("mpmath", "plotly", "sympy")
PREPARED = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", DISTRIBUTION)
FOR_WIDGETS = (".js", ".css", ".woff2", ".ttf")  # endings of what they bring
NO_INSTALLER = '''"""Stands where JupyterLite has an installer: this site asks nobody for packages."""

from course_utils.publish.in_jupyterlite import begin


async def install(requirements, **options):
    raise RuntimeError(f"{requirements} is not on this site, and it asks nobody else: use JupyterLab.")


begin()
'''


class JupyterLiteFailed(Told):
    """JupyterLite could not be built; the message says why."""


def address(notebook: Path) -> str:
    """Return where a notebook opens, from the root of the site."""
    return f"{FOLDER}/lab/index.html?path={notebook.name}"


def write(out: Path, pyodide: Path, notebooks: Iterable[Path]) -> None:
    """Build JupyterLite with the notebooks.

    Parameters
    ----------
    out : Path
        Folder for it, below the root of the site.
    pyodide : Path
        Folder of the Pyodide release.
    notebooks : iterable of Path

    Raises
    ------
    JupyterLiteFailed
        If the build fails.
    wheels.UnusablePackage
        If a file of the release is missing or another.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "files").mkdir()
        for notebook in notebooks:
            (work / "files" / notebook.name).write_bytes(_for_pyodide(notebook))
        (work / "jupyter-lite.json").write_text(as_text(page_config()), encoding="utf-8")
        (work / "jupyter_lite_config.json").write_text(as_text(build_config(out)), encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", folder]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0"}
        )
        if done.returncode:
            raise JupyterLiteFailed(
                f"JupyterLite could not be built:\n{(done.stderr or done.stdout)[-3000:]}"
            )
    write_packages(out / PACKAGES, pyodide)


def _for_pyodide(path: Path) -> bytes:
    """Return a notebook that names the kernel which is there, so that nobody is asked for one."""
    notebook = read_notebook(path.read_bytes())
    notebook["metadata"]["kernelspec"] = KERNELSPEC
    return to_bytes(notebook)


def page_config() -> dict[str, Any]:
    """Return what JupyterLite is told: where Python is, and what a kernel has from the start."""
    kernel = {
        "pyodideUrl": f"{CORE}/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": f"./{PACKAGES}/{python_in_the_page.LOCK}",
            "packages": list(PREPARED),
        },
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Softmax and its neighbors",
            "enableServiceWorkerCache": "true",  # works offline after the first visit, as the pages do
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }


def build_config(out: Path) -> dict[str, Any]:
    found = {name: extension(name) for name in EXTENSIONS}
    return {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "contents": ["files"],
            "federated_extensions": [str(folder) for folder in found.values()],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "output_dir": str(out.resolve()),
        },
    }


def extension(name: str) -> Path:
    """Return the folder of an extension of JupyterLab that is installed here."""
    for folder in map(Path, jupyter_path("labextensions")):
        if (folder / name / "package.json").is_file():
            return folder / name
    raise JupyterLiteFailed(
        f"The extension {name} of JupyterLab is missing: pip install -e '.[site]' brings it."
    )


def write_packages(folder: Path, pyodide: Path) -> None:
    """Write the packages and their lock file: what ``loadPackage`` and imports find.

    Parameters
    ----------
    folder : Path
        Is made. NumPy and Python itself are not in it: they lie in `CORE`.
    pyodide : Path
        Folder of the Pyodide release.
    """
    folder.mkdir(parents=True)
    lock: dict[str, Any] = {name: dict(released) for name, released in wheels.RELEASED.items()}
    for name, released in lock.items():
        if name != "numpy":
            shutil.copy(_checked(pyodide, released), folder / released["file_name"])
            released["file_name"] = beside_core(released["file_name"])
    pure = wheels.with_needs(WHEN_IMPORTED + FIRST)
    ours = [course(pure), *_stand_ins(), *pure.values()]
    for wheel in ours:
        content = wheel.to_bytes()
        (folder / wheel.file_name).write_bytes(content)
        lock[wheel.name] = wheels.entry(wheel, content) | {"file_name": beside_core(wheel.file_name)}
    for file in sorted((extension(KERNEL) / "static" / "pypi").glob("*.whl")):
        name, version, *_ = file.name.split("-")
        if name in ("pyodide_kernel", "ipykernel"):
            shutil.copy(file, folder / file.name)
            known = wheels.entry(Wheel(name.replace("_", "-"), version, {f"{name}/": b""}), file.read_bytes())
            lock[known["name"]] = known | {"file_name": beside_core(file.name)}
    text = as_text({"info": wheels.INFO, "packages": lock})
    (folder / python_in_the_page.LOCK).write_text(text, encoding="utf-8")


def beside_core(file_name: str) -> str:
    """Return where a package lies, from Python itself."""
    return f"../../{FOLDER}/{PACKAGES}/{file_name}"


def _checked(pyodide: Path, released: Mapping[str, Any]) -> Path:
    return python_in_the_page.compare(pyodide, released["file_name"], released["sha256"])


def course(pure: Mapping[str, Wheel]) -> Wheel:
    """Return the course as a wheel that needs what a kernel has from the start."""
    contents = {
        file.relative_to(PACKAGE.parent).as_posix(): file.read_bytes()
        for file in python_in_the_page.course_files(["publish/in_jupyterlite.py"], FOR_WIDGETS)
    }
    later = {"modules": files_of_modules(pure), "before": compiled_needs()}
    contents["course_utils/publish/later.json"] = as_text(later).encode()
    declared = metadata.requires(DISTRIBUTION) or []
    first = [line for line in declared if "extra ==" not in line and line.partition(">")[0].strip() in FIRST]
    return wheels.made(DISTRIBUTION, metadata.version(DISTRIBUTION), contents, first)


def files_of_modules(pure: Mapping[str, Wheel]) -> dict[str, list[str]]:
    """Return the archives that bring each module which is fetched when it is imported."""
    modules: dict[str, list[str]] = {}
    for name in WHEN_IMPORTED:
        needed = [one for one in wheels.with_needs([name]) if one in pure]
        files = [f"{PACKAGES}/{pure[one].file_name}" for one in needed]
        modules |= dict.fromkeys(pure[name].imports, files)
    return modules


def compiled_needs() -> dict[str, list[str]]:
    """Return, for each name of a lesson, the compiled packages which the file that declares it imports.

    Examples
    --------
    >>> compiled_needs()["accuracy_demo"]
    ['scipy']
    """
    needs: dict[str, list[str]] = {}
    compiled = {module: name for name, one in wheels.RELEASED.items() for module in one["imports"]}
    for contents in sorted(LESSONS.glob("*/__init__.py")):
        for node in ast.parse(contents.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                found = {compiled.get(module.partition(".")[0]) for module in imported(node.module)}
                packages = sorted(name for name in found if name and name not in FIRST)
                needs |= {alias.name: packages for alias in node.names if packages}
    return needs


@functools.cache
def imported(module: str) -> frozenset[str]:
    """Return the modules that a file of a lesson names anywhere, and what its other files name."""
    if not module.startswith("course_utils.lessons."):
        return frozenset([module])
    text = (PACKAGE.parent / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= imported(node.module)
    return frozenset(names)


def _stand_ins() -> Iterator[Wheel]:
    """Yield what JupyterLite asks for by name, and does without.

    Jedi reads code in order to complete it, and takes seconds to load. Without, IPython completes what ran.
    """
    contents = {"piplite/__init__.py": b"", "piplite/piplite.py": NO_INSTALLER.encode()}
    yield wheels.made("piplite", "0", contents, [DISTRIBUTION])
    yield wheels.made("jedi", "0", {})
