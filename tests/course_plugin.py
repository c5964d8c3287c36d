"""A pytest plugin: nbval finds its sanitizer, workers share the tests sensibly, and a test can run pytest.

nbval reads the sanitizer's path relative to the working directory. A ``conftest.py`` here would come too late
for ``pytest notebooks``, so pyproject.toml loads this file by name.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# What is in this folder is found, and empty: by this process, and by all that it starts.
ABSENT = str(Path(__file__).with_name("absent"))
sys.path.insert(0, ABSENT)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ABSENT, os.environ.get("PYTHONPATH"))))

from nbval.plugin import IPyNbCell  # noqa: E402

PATIENCE = 600  # seconds; only what hangs takes so long
LONGEST = {"tests/browser/test_site.py", "02_numeric_instability"}  # build a website, show slides
SANITIZER = Path(__file__).with_name("nbval_sanitize.cfg")


def pytest_configure(config: pytest.Config) -> None:
    """Name the file absolutely, unless the command line names another one; spare each process work.

    And give invented inputs all the time they need: by itself Hypothesis fails a test that once takes 0.2 s.
    """
    settings.register_profile("course", deadline=None)
    settings.load_profile("course")
    config.option.nbval_kernel_startup_timeout = PATIENCE
    # Where Python may not keep what it has compiled, each of some hundred processes compiles all anew.
    # One process alone obeys: a search for faults that no test catches plants two in one second.
    if config.getoption("numprocesses", None):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # A worker is on every core already: threads of small matrix products would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(SANITIZER)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: half a million objects come, and stay.

    Freezing them would save more, but Hypothesis 6.100 then takes NumPy's generator for one nobody holds.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give a busy machine time to show what a finished cell has put out; nbval gives it 5 seconds."""
    if isinstance(item, IPyNbCell):
        item.output_timeout = PATIENCE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Say which cell shows another output, by its id, and how to store it: nbval counts code cells from 0."""
    report: Any = yield
    if isinstance(item, IPyNbCell) and report.failed:
        report.longrepr = (
            f"{report.longrepr}\nThis is the cell `{item.cell.get('id')}`. If what it shows now is right, "
            f"store it: python -m course_utils refresh {item.path.stem[:2]}\n"
        )
    return report


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Iterator[None]:
    """Take one worker more than there are cores: the one that drives the browser mostly waits for it."""
    asked = "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ
    return (yield) + (not asked)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of one open notebook together; let the workers share the notebooks.

    Every third worker begins with the browser's tests, the others with the rest: a browser often waits, and
    it is started once in place of twice. What takes longest comes first, so that no worker is left over.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByNotebook(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

        def _assign_work_unit(self, node: Any) -> None:
            browses = self.nodes.index(node) % 3 == 0
            fitting = (scope for scope in self.workqueue if in_browser(scope) == browses)
            first = min(fitting, key=lambda scope: scope not in LONGEST, default=None)
            if first is not None:
                self.workqueue.move_to_end(first, last=False)
            super()._assign_work_unit(node)

    return ByNotebook(config, log) if config.getoption("dist") == "loadfile" else None


def together(nodeid: str) -> str:
    """Name what must stay on one worker: the notebook that a browser test is about, or else the file.

    >>> together("tests/browser/test_live.py::test_it[01_softmax-pull_demo]")
    '01_softmax'
    >>> together("tests/teaching/test_demo.py::test_it[01_softmax]")
    'tests/teaching/test_demo.py'
    """
    notebook = re.match(r"tests/browser/[^:]*::[^[]*\[(\d\d_\w+)", nodeid)
    return notebook[1] if notebook else nodeid.partition("::")[0]


def in_browser(scope: str) -> bool:
    """Say whether what stays together needs a browser.

    >>> in_browser("01_softmax"), in_browser("tests/browser/test_site.py"), in_browser("notebooks/00.ipynb")
    (True, True, False)
    """
    return "/" not in scope or scope.startswith("tests/browser/")


@pytest.fixture(scope="session")
def run_pytest(pytestconfig: pytest.Config) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs pytest on a copy of the course, or on what a test has planted there.

    It heeds the same warnings as this run: where old libraries may use what newer ones deprecate, there too.
    """

    def run(cwd: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
        command += warning_options(pytestconfig)
        environment = without_pytest(os.environ) | variables
        return subprocess.run(
            [*command, *arguments], cwd=cwd, env=environment, capture_output=True, text=True
        )

    return run


def pytorch() -> Any:
    """Return PyTorch; skip a test where it is not installed, but not where PYTORCH=required promises it."""
    if os.environ.get("PYTORCH") == "required":
        return importlib.import_module("torch")
    return pytest.importorskip("torch", reason="PyTorch is not installed: no second opinion from it.")


@pytest.fixture(scope="session")
def torch() -> Any:
    """PyTorch, for a second opinion."""
    return pytorch()


def run_async(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own.

    The thread of the tests has a running loop from the first browser test on: Playwright's, until the end.

    >>> async def answer():
    ...     return 42
    >>> run_async(answer())
    42
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def warning_options(config: Any) -> list[str]:
    """Return the -W options that pytest was given.

    >>> from argparse import Namespace
    >>> warning_options(Namespace(option=Namespace(pythonwarnings=["ignore::DeprecationWarning"])))
    ['-W', 'ignore::DeprecationWarning']
    >>> warning_options(Namespace(option=Namespace(pythonwarnings=None)))
    []
    """
    return [part for given in config.option.pythonwarnings or () for part in ("-W", given)]


def without_pytest(environment: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables without those that pytest has set, or was set by.

    >>> without_pytest({"PATH": "/bin", "PYTEST_CURRENT_TEST": "a", "PYTEST_ADDOPTS": "-x"})
    {'PATH': '/bin'}
    """
    return {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
