"""Real JupyterLab in headless Chromium, once for all browser tests.

The notebooks are copied to a temporary folder: tests may change and save them.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from shown import NOTEBOOK_NAMES, NOTEBOOKS

from course_utils.publish import paper

CHROMIUM = paper.browser() or None
TOKEN = "course"
PATIENCE = (
    600_000  # milliseconds that the tests wait for anything: a busy machine may be slow, only faults end it
)
# What others complain of, and the course goes on: anywidget on a busy machine (see test_busy_machine.py),
# JupyterLab, which asks for a second channel to widgets and may take that back when a page changes, and looks
# for the focus in a notebook that was just closed, its server, which cannot list kernels while one begins to
# start, and JupyterLite (of the extra `site`), which asks every JupyterLab for what only JupyterLite has.
COMPLAINTS = (
    "[anywidget] Failed to initialize model.",
    "Canceled future for create_subshell_request",
    "Cannot read properties of null (reading 'footer')",
    "/api/kernels?",
    "Shared module @jupyterlite/services doesn't exist in shared scope default",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark everything in this folder; where CI is set, a missing browser is a failure, not a skip."""
    item.add_marker(pytest.mark.browser)
    if (reason := missing()) and not os.environ.get("CI"):
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests by notebook, so that each is opened once, and leave most of them for the week.

    All of them take longer than a commit should wait. So each test meets one object, those marked
    `every_notebook` meet all notebooks, and where BROWSER=all is set, as in the weekly run, every test meets
    every object of all notebooks.
    """
    here = Path(__file__).parent
    mine = sorted((item for item in items if here in item.path.parents), key=notebook_of)
    kept = mine if os.environ.get("BROWSER") == "all" else first_of_each(mine)
    config.hook.pytest_deselected(items=[item for item in mine if item not in kept])
    place = next((i for i, item in enumerate(items) if item in mine), 0)
    others = [item for item in items if item not in mine]
    items[:] = others[:place] + kept + others[place:]


def first_of_each(items: list[Any]) -> list[Any]:
    """Keep the first run of each test on an open notebook, what is marked, and what shares no notebook."""
    firsts = {item.nodeid.partition("[")[0]: item for item in reversed(items) if notebook_of(item)}
    return [
        item
        for item in items
        if item in firsts.values() or item.get_closest_marker("every_notebook") or not notebook_of(item)
    ]


def notebook_of(item: Any) -> str:
    """Return the notebook that a test is about, or nothing."""
    chosen = item.callspec.params if hasattr(item, "callspec") else {}
    return str(chosen.get("live_notebook") or chosen.get("exported_page") or "")


@functools.cache
def missing() -> str:
    """Say what the browser tests lack on this machine, or nothing."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "Playwright is not installed: pip install -e .[browser]"
    return "" if CHROMIUM else "no Chromium on this machine (Debian: apt install chromium)"


@dataclass
class Lab:
    """A running JupyterLab."""

    url: str
    folder: Path

    def notebook_url(self, name: str) -> str:
        """Return the address of one notebook, in a fresh workspace without other tabs."""
        return f"{self.url}/lab/workspaces/test-{time.time_ns()}/tree/{name}?token={TOKEN}"

    def empty_url(self) -> str:
        """Return the address of JupyterLab without any notebook."""
        return f"{self.url}/lab/workspaces/test-{time.time_ns()}?token={TOKEN}"

    def fresh(self, name: str) -> str:
        """Return the name of a new copy of a notebook of the course; other notebooks keep theirs."""
        if not (NOTEBOOKS / name).exists():
            return name
        copy = f"{time.time_ns()}_{name}"
        shutil.copy(NOTEBOOKS / name, self.folder / copy)
        return copy


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for the whole run."""
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


def free_port() -> int:
    """Return the number of a port that nobody has taken yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@contextlib.contextmanager
def running_lab(home: Path) -> Iterator[Lab]:
    """Start JupyterLab with settings and copies of the notebooks in a folder of its own."""
    folder = home / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    port = free_port()
    settings = {
        # JupyterLab would otherwise ask in a corner of the page whether it may fetch its news, ...
        "apputils-extension/notification": '{"fetchNews": "false"}',
        # ... and save what one test has run, after two minutes, before the next test opens it.
        "docmanager-extension/plugin": '{"autosave": false}',
    }
    for name, value in settings.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(value)
    own = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "RUNTIME", "DATA")} | {
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser", "--allow-root"]
    options = [
        f"--ServerApp.port={port}",
        # Where another process was quicker it ends and says so: at the next port nobody would look for it.
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder}",
        # It would hang up on a page that a busy machine keeps from answering for a minute and a half.
        "--ServerApp.tornado_settings={'ws_ping_interval': 0}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    log = (home / "log.txt").open("w")
    server = subprocess.Popen([*command, *options], env=os.environ | own, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, server, home / "log.txt")
        yield Lab(url, folder)
    finally:
        stop(server)
        log.close()


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask a server to end, and insist: how long it takes to end its kernels is not what is tested."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()  # its kernels notice, and end too
        server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    while server.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/api/status?token={TOKEN}", timeout=PATIENCE / 1000).close()
            return
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole run."""
    with running_chromium() as chromium:
        yield chromium


@contextlib.contextmanager
def running_chromium() -> Iterator[Any]:
    """Start Chromium, told to leave the network alone: it finds no address but this machine's."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update"]
    quiet += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet, timeout=PATIENCE)
        yield chromium
        chromium.close()


@contextlib.contextmanager
def new_page(browser: Any, **options: Any) -> Iterator[Any]:
    """Open an empty page in a context of its own, as patient as all tests, and close it however they end."""
    with browser.new_context(**options) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@dataclass
class NotebookPage:
    """One notebook open in the browser, with everything that went wrong on the way."""

    page: Any
    errors: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)

    def note(self, error: str) -> None:
        """File an error of the page."""
        (self.complaints if any(text in error for text in COMPLAINTS) else self.errors).append(error)

    def wait_for_kernel(self) -> None:
        """Wait until cells can be run: before, the command would do nothing, silently."""
        self.page.wait_for_function(
            """() => window.jupyterapp?.shell?.currentWidget
                 ?.sessionContext?.session?.kernel?.status === 'idle'"""
        )

    def start_running(self) -> None:
        """Run all cells as soon as the kernel is ready."""
        self.wait_for_kernel()
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def run_all(self) -> None:
        """Run all cells from a fresh kernel; wait until the last is done, and all are there that will be."""
        self.start_running()
        self.page.wait_for_function(
            """() => {
                 const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
                 const idle = ({ executionState = 'idle' }) => executionState === 'idle'; // none in 4.2
                 const ran = ({ model }) => model.type !== 'code'
                   || (idle(model) && model.executionCount !== null);
                 return content.widgets.every(ran) && sessionContext.session.kernel.status === 'idle'
                   && (content.notebookConfig.windowingMode === 'full'
                       || content.widgets.every((cell) => cell.isAttached));
               }"""
        )

    def source_with(self, text: str) -> str:
        """Return the source of the cell that ``cell`` finds."""
        return self.cell(text) and self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.getSource()"
        )

    def run(self, text: str, source: str | None = None) -> str:
        """Run a cell again, with another source if given; return its last output as HTML."""
        self.cell(text)
        return self.page.evaluate(
            """async (source) => {
                 const cell = window.jupyterapp.shell.currentWidget.content.activeCell;
                 if (source !== null) cell.model.sharedModel.setSource(source);
                 await window.jupyterapp.commands.execute('notebook:run-cell');
                 const last = cell.model.outputs.get(cell.model.outputs.length - 1);
                 return last?.toJSON().data?.['text/html'] ?? '';
               }""",
            source,
        )

    def copy(self, text: str) -> Any:
        """Insert a copy of a cell below it and run it; return its locator."""
        source = self.source_with(text)
        index = self.page.evaluate(
            """async (source) => {
                 const { commands, shell } = window.jupyterapp;
                 await commands.execute('notebook:insert-cell-below');
                 const notebook = shell.currentWidget.content;
                 notebook.activeCell.model.sharedModel.setSource(source);
                 await commands.execute('notebook:run-cell');
                 return notebook.activeCellIndex;
               }""",
            source,
        )
        return self._at(index)

    def scroll_to_both_ends(self) -> None:
        """Scroll to the first cell and to the last, and let the page draw both."""
        self.page.evaluate(
            """async () => {
                 const notebook = window.jupyterapp.shell.currentWidget.content;
                 for (const place of [0, notebook.widgets.length - 1]) {
                   await notebook.scrollToItem(place);
                   await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                 }
               }"""
        )

    def delete(self, cell: Any) -> None:
        """Delete the cell of a locator."""
        self.page.evaluate(
            """async (index) => {
                 window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
                 await window.jupyterapp.commands.execute('notebook:delete-cell');
               }""",
            int(cell.get_attribute("data-windowed-list-index")),
        )

    def cell(self, source: str) -> Any:
        """Return the locator of the cell with this source, or else the first that contains it, in view."""
        index = self.page.evaluate(
            """(text) => {
                 const notebook = window.jupyterapp.shell.currentWidget.content;
                 const sources = notebook.widgets.map(cell => cell.model.sharedModel.getSource());
                 const same = sources.indexOf(text);
                 const index = same >= 0 ? same : sources.findIndex(source => source.includes(text));
                 notebook.activeCellIndex = index;
                 notebook.scrollToItem(index);
                 return index;
               }""",
            source,
        )
        assert index >= 0, f"no cell contains {source!r}"
        return self._at(index)

    def _at(self, index: int) -> Any:
        cell = self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')
        cell.wait_for()
        cell.scroll_into_view_if_needed()
        return cell


def words(message: Any) -> str:
    """Return what a page's console was told; a request that failed does not say by itself which it was."""
    failed = message.text.startswith("Failed to load resource")
    return f"{message.text}: {message.location['url']}" if failed else str(message.text)


@contextlib.contextmanager
def opened_page(
    lab: Lab, browser: Any, url: str, init_script: str = "", **context_options: Any
) -> Iterator[NotebookPage]:
    """Open an address of JupyterLab in a context of its own, with its requests and errors watched."""
    with new_page(browser, **({"viewport": {"width": 1440, "height": 1000}} | context_options)) as page:
        page.context.add_init_script(init_script)
        opened = NotebookPage(page)

        def note_foreign(request: Any) -> None:
            if not request.url.startswith((lab.url, lab.url.replace("http", "ws"), "data:", "blob:")):
                opened.foreign_requests.append(request.url)

        page.context.on("request", note_foreign)
        page.on("pageerror", lambda error: opened.note(str(error)))
        page.on("console", lambda one: opened.note(words(one)) if one.type == "error" else None)
        page.goto(url)
        yield opened


def opened_notebook(
    lab: Lab, browser: Any, name: str, init_script: str = "", **context_options: Any
) -> contextlib.AbstractContextManager[NotebookPage]:
    """Open a notebook in a context of its own."""
    return opened_page(lab, browser, lab.notebook_url(name), init_script, **context_options)


@contextlib.contextmanager
def opened_tab(desk: NotebookPage, name: str) -> Iterator[NotebookPage]:
    """Open a notebook where others were open before, as students do; close it, and end its kernel."""
    for said in (desk.errors, desk.complaints, desk.foreign_requests):
        said.clear()
    desk.page.wait_for_function("() => window.jupyterapp")
    desk.page.evaluate(
        """async (path) => {
             await window.jupyterapp.restored;
             const opened = await window.jupyterapp.commands.execute('docmanager:open', { path });
             await opened.context.ready;
           }""",
        name,
    )
    try:
        yield desk
    finally:
        desk.page.evaluate(
            """async () => {
                 const notebook = window.jupyterapp.shell.currentWidget;
                 await notebook.sessionContext.shutdown();
                 notebook.context.model.dirty = false; // else JupyterLab asks whether to save it
                 notebook.close();
               }"""
        )


@pytest.fixture(scope="session")
def desk(lab: Lab, browser: Any) -> Iterator[NotebookPage]:
    """One page of JupyterLab, which takes longer to load than a notebook, for one after the other."""
    with opened_page(lab, browser, lab.empty_url()) as page:
        yield page


@pytest.fixture(scope="session")
def desk_beside(lab: Lab, browser: Any) -> Iterator[NotebookPage]:
    """Another one, for what is opened beside ``live_notebook``."""
    with opened_page(lab, browser, lab.empty_url()) as page:
        yield page


@pytest.fixture
def open_notebook(lab: Lab, browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a function that opens a notebook for one test, as it is stored. ``live_notebook`` is cheaper."""
    with contextlib.ExitStack() as stack:

        def opened(name: str, **options: Any) -> NotebookPage:
            copy = lab.fresh(name)
            if options:
                return stack.enter_context(opened_notebook(lab, browser, copy, **options))
            return stack.enter_context(opened_tab(request.getfixturevalue("desk_beside"), copy))

        yield opened


@pytest.fixture(scope="session", params=NOTEBOOK_NAMES)
def live_notebook(request: pytest.FixtureRequest, desk: NotebookPage) -> Iterator[NotebookPage]:
    """Each notebook in turn, opened and run once, shared by all tests of it.

    A test that takes this fixture runs once per notebook. The tests are sorted by notebook, and
    ``tests/course_plugin.py`` keeps those of one notebook on one worker. Whoever changes the page (a control,
    a color scheme) may leave a demo in another state, but no more cells, errors or emulation than before. For
    some notebooks only: ``@pytest.mark.parametrize("live_notebook", ["01_softmax"], indirect=True)``.
    """
    with opened_tab(desk, f"{request.param}.ipynb") as notebook:
        notebook.run_all()
        yield notebook
