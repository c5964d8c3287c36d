"""The student of the load test against a plain Jupyter server: what it calls lost is lost, and nothing else.

The hub itself, and a class on it, are met every week (tests/benchmarks/class_on_a_hub.py).
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from course_plugin import run_async

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from class_on_a_hub import RIGHT, WRONG, percentile
from hub_server import free_port, memory
from hub_student import Lost, Student
from kernel_frames import packed, unpacked

ROOT = Path(__file__).parents[2]
NOTEBOOK = "softmax/01_softmax.ipynb"
TOKEN = "of-this-test"


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """Run one student's server with the configuration of ``deploy/``; yield its address."""
    (folder / "softmax").mkdir()
    shutil.copy(ROOT / "notebooks" / "01_softmax.ipynb", folder / "softmax")
    address = f"http://127.0.0.1:{(port := free_port())}"
    options = {
        "ServerApp.base_url": "/user/ada/",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "ServerApp.allow_root": True,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": TOKEN,
    }
    server = str(ROOT / "deploy" / "server")
    home = {"HOME": str(folder), "PYTHONPATH": str(ROOT), "JUPYTER_PATH": server}
    home |= {"JUPYTER_CONFIG_PATH": server}
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        *(f"--{key}={value}" for key, value in options.items()),
    ]
    with (
        tempfile.TemporaryDirectory(prefix="cu") as runtime,  # names of sockets are short
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command,
            env={**os.environ, **home, "JUPYTER_RUNTIME_DIR": runtime},
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            while process.poll() is None:
                with suppress(OSError), urllib.request.urlopen(f"{address}/user/ada/api", timeout=60):
                    break
                time.sleep(0.1)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def kernels(folder: Path) -> list[int]:
    """Return the processes of the kernels that were started with this home."""
    found = []
    for path in Path("/proc").iterdir():
        with suppress(OSError):
            if path.name.isdigit() and f"HOME={folder}\0".encode() in (path / "environ").read_bytes():
                found += [int(path.name)] if b"/kernel-" in (path / "cmdline").read_bytes() else []
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.skipif(
    os.environ.get("STATES") != "all", reason="a server and two kernels: every week, STATES=all"
)
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.skipif(
    os.environ.get("STATES") != "all", reason="a server and two kernels: every week, STATES=all"
)
def test_a_student_works_and_keeps_what_was_saved_when_the_kernel_dies(tmp_path: Path) -> None:
    async def day(address: str) -> None:
        ada = Student(address, "ada", "")
        ada.token = TOKEN
        cells = await ada.open_notebook(NOTEBOOK)
        first = [cell for cell in cells if "import" in cell or "hard_digit_demo" in cell][:2]
        for cell in first:
            await ada.run(cell)
        (widget,) = ada.widgets
        assert await ada.move(widget) > 0
        assert [took async for took in ada.moves(widget, 0.01, 5)]
        assert (await ada.run(WRONG)).strip() == "failed"
        assert (await ada.run(RIGHT)).strip() == "passed"
        with pytest.raises(Lost, match="ZeroDivisionError"):
            await ada.run("1 / 0")

        notebook = await ada.saved(NOTEBOOK)
        notebook["cells"][-1]["source"] = "mine"
        await ada.save(NOTEBOOK, notebook)
        await ada.run("kept = 1")
        (pid,) = kernels(tmp_path)
        os.kill(pid, signal.SIGKILL)
        while not ada.restarts:
            await asyncio.sleep(0.1)
        assert (await ada.saved(NOTEBOOK))["cells"][-1]["source"] == "mine"
        assert (await ada.run("print('kept' in globals())")).strip() == "False"
        assert kernels(tmp_path) != [pid]

        assert await ada.knocked("somebody-else") == 403
        told = (
            "from ipykernel.connect import get_connection_info as told; print(told(unpack=True)['transport'])"
        )
        assert (await ada.run(told)).strip() == "ipc"  # nobody else of this machine hears the kernel
        await ada.close()

    with running_server(tmp_path) as address:
        run_async(day(address))
        kernel = memory(kernels(tmp_path)[0])
        assert 10 < kernel["private"] < kernel["Rss"] < 1000


def test_frames_come_back_as_they_went() -> None:
    parts = {"header": {"a": "ä"}, "parent_header": {}, "metadata": {}, "content": {"code": "1"}}
    channel, back = unpacked(packed("shell", parts))
    assert channel == "shell"
    assert [json.loads(part) for part in back] == list(parts.values())


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([5.0], 95) == 5.0
    assert percentile(range(1, 21), 95) == 19
    assert percentile([3, 1, 2], 100) == 3
