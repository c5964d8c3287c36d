"""Refresh: execute a notebook in a fresh kernel and write it in committed form."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import copy
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_utils.notebook_files.committed import committed_form, with_ids
from course_utils.notebook_files.files import Node, to_bytes, write
from course_utils.notebook_files.ids import with_speaking_ids
from course_utils.notebook_files.page import Page
from course_utils.notebook_files.rules import RULES, findings_of
from course_utils.notebook_files.text import cut, first_line

SECONDS_PER_CELL = 600
PATIENCE = 600  # seconds until a kernel has started, and until what a finished cell has put out is there

Progress = Callable[[int, int, str], None]  # number of the cell, number of cells, the cell's first line


class ExecutionFailed(RuntimeError):
    """A notebook could not be executed to its end."""


def refresh_notebook(path: Path, progress: Progress = lambda number, total, line: None) -> bool:
    """Execute a notebook in a fresh kernel and write it in committed form; name cells that have random ids.

    Parameters
    ----------
    path : Path
        The notebook; the kernel works in its folder.
    progress : callable
        Called before each code cell with its number, the number of cells and its first line.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    ExecutionFailed
        If the file is no notebook, cannot be read or written, or was saved meanwhile; if the kernel does not
        start, or a cell fails that is not tagged ``raises-exception``. The file is left as it was.

    Examples
    --------
    >>> from course_utils.notebook_files import NOTEBOOKS
    >>> refresh_notebook(NOTEBOOKS / "01_softmax.ipynb")  # doctest: +SKIP
    False
    """
    try:
        return _refresh(path, progress)
    except OSError as error:
        raise ExecutionFailed(f"{path.name}  file  fails: {cut(error)}; it is unchanged") from error


def _refresh(path: Path, progress: Progress) -> bool:
    old = path.read_bytes()
    page = Page(path, old)
    for finding in findings_of(page, RULES[0]):
        raise ExecutionFailed(str(finding))
    stored = with_speaking_ids(with_ids(page.notebook))
    executed = _execute(copy.deepcopy(stored), path, progress)
    new = to_bytes(committed_form(executed, stored))
    if path.read_bytes() != old:
        raise ExecutionFailed(
            f"{path.name}  file  was changed while it ran; nothing is written -> refresh it again"
        )
    if new != old:
        write(path, new)
    return new != old


def _execute(notebook: Node, path: Path, progress: Progress) -> Node:
    """Run every code cell in a fresh kernel of *this* Python, whatever kernels the machine has installed."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from course_utils.teaching.live import STORED

    at = 0

    def report(cell: Node, cell_index: int) -> None:
        nonlocal at
        at = cell_index
        with contextlib.suppress(RuntimeError):  # not in the main thread, or Windows
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)  # Ctrl-C stops us, not the kernel
        progress(at + 1, len(notebook["cells"]), first_line(cell["source"]))

    node: Any = notebook
    client = NotebookClient(
        node,
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])),
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=CRITICAL"],
        timeout=SECONDS_PER_CELL,
        startup_timeout=PATIENCE,
        iopub_timeout=PATIENCE,
        record_timing=False,
        store_widget_state=False,
        skip_cells_with_tag="",
        on_cell_execute=report,
    )
    try:
        executed: Node = client.execute(cleanup_kc=True, env={**os.environ, STORED: "1"})
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        reason = f"it takes longer than {SECONDS_PER_CELL} seconds"
    except DeadKernelError:
        reason = "the kernel died"
    except RuntimeError as error:
        atexit.unregister(client._cleanup_kernel)  # it has cleaned up, and would fail in doing so again
        raise ExecutionFailed(
            f"{path.name}  the kernel does not run: {cut(error)}; the file is unchanged"
        ) from error
    else:
        return executed
    cell = notebook["cells"][at]
    raise ExecutionFailed(
        f'{path.name}  cell {at + 1} [{cell["id"]}]  "{first_line(cell["source"])}" fails: '
        f"{cut(reason)} -> correct the cell, or tag it raises-exception where the error is the lesson; "
        "the file is unchanged"
    )
