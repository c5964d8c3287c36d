"""A real JupyterHub for the load test: the configuration of ``deploy/``, on this machine's loopback only.

Three things differ from what an operator runs: students are no Unix users, one password of this run lets all
in, and everything lies in a temporary folder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PROXY = "configurable-http-proxy"
PATIENCE = 120  # seconds for a hub to start or stop
MEGABYTE = 1e6

CONFIG = """
load_subconfig({deployed!r})
from jupyterhub.spawner import SimpleLocalProcessSpawner
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.JupyterHub.bind_url = {address!r}
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.spawner_class = SimpleLocalProcessSpawner
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.pre_spawn_hook = None
c.Spawner.environment["JUPYTER_RUNTIME_DIR"] = lambda spawner: spawner.home_dir + "/.runtime"
c.JupyterHub.services[0]["environment"] = {{"COURSE_LOAD_TEST": {mark!r}}}
c.Spawner.args = {arguments!r}
c.Spawner.environment["COURSE_LOAD_TEST"] = {mark!r}
"""


def lacking() -> str:
    """Say what this machine lacks for the load test, or nothing.

    The hub and the servers run in the environment of this script.
    """
    here = Path(sys.executable).parent
    if not (here / "jupyterhub").exists() or not (here / "jupyterhub-singleuser").exists():
        return "JupyterHub: pip install -r deploy/requirements.txt"
    return "" if shutil.which(PROXY) else f"{PROXY}: npm install --global {PROXY}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Hub:
    """A hub that can be stopped and started again, and what its processes take."""

    folder: Path
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    mark: str = field(default_factory=lambda: secrets.token_hex(8))  # finds the processes of this run
    address: str = field(default_factory=lambda: f"http://127.0.0.1:{free_port()}")
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.config = self.folder / "jupyterhub_config.py"
        self.log = self.folder / "hub.log"
        settings = {
            "deployed": str(DEPLOY / "jupyterhub_config.py"),
            "password": self.password,
            "address": self.address,
            "hub_port": free_port(),
            "api_port": free_port(),
            "homes": str(self.folder / "homes"),
            "arguments": ["--allow-root"] if os.geteuid() == 0 else [],
            "mark": self.mark,
        }
        self.config.write_text(CONFIG.format(**settings), encoding="utf-8")

    def home(self, name: str) -> Path:
        """Return a student's folder with the notebooks, made if it is not there."""
        home = self.folder / "homes" / name
        if not home.exists():
            shutil.copytree(NOTEBOOKS, home / "softmax", ignore=shutil.ignore_patterns("*.md", ".*"))
        return home

    def start(self) -> None:
        """Start the hub and wait until it answers."""
        environment = {**os.environ, "COURSE_ADMIN": "instructor", "COURSE_STATE": str(self.folder / "state")}
        environment["COURSE_LOAD_TEST"] = self.mark
        environment.pop("COURSE_TLS", None)
        command = [str(Path(sys.executable).with_name("jupyterhub")), "--config", str(self.config)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.address}/hub/health", timeout=5),
            ):
                return
            time.sleep(0.2)
        raise RuntimeError(f"The hub does not answer:\n{self.log.read_text('utf-8')[-3000:]}")

    def stop(self) -> None:
        """Stop the hub alone; proxy and servers stay, as the configuration says."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def processes(self) -> dict[tuple[str, str], list[int]]:
        """Return the processes of this run by student ("" for the hub's own) and part."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    variables = dict(
                        line.split("=", 1)
                        for line in (folder / "environ").read_bytes().decode(errors="replace").split("\0")
                        if "=" in line
                    )
                    if variables.get("COURSE_LOAD_TEST") == self.mark:
                        command = (folder / "cmdline").read_bytes().decode(errors="replace")
                        student = variables.get("JUPYTERHUB_USER", "")
                        found[student, _part(command, student)].append(int(folder.name))
        return found

    def end(self) -> None:
        """End every process of this run; it is known by the mark in its environment."""
        for kind in (signal.SIGTERM, signal.SIGKILL):
            for _ in range(40):
                pids = [pid for some in self.processes().values() for pid in some]
                for pid in pids:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, kind)
                if self.process:
                    self.process.poll()
                if not pids:
                    return
                time.sleep(0.5)


def _part(command: str, student: str) -> str:
    if "/kernel-" in command:  # its connection file
        return "kernel"
    if student:
        return "server"
    return "proxy" if PROXY in command else "culler" if "culler" in command else "hub"


@contextlib.contextmanager
def running_hub(folder: Path) -> Iterator[Hub]:
    """Run a hub, and leave nothing behind."""
    hub = Hub(folder)
    try:
        hub.start()
        yield hub
    finally:
        hub.end()


def memory(pid: int) -> dict[str, float]:
    """Return what a process holds, in MB: Rss, Pss (shared pages divided among who shares them) and private.

    >>> found = memory(os.getpid())
    >>> found["private"] <= found["Pss"] <= found["Rss"]
    True
    """
    found: dict[str, float] = defaultdict(float)
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, amount = line.split()[:2]
        found[name.rstrip(":")] = int(amount) * 1024 / MEGABYTE
    found["private"] = found["Private_Clean"] + found["Private_Dirty"]
    return found


def processor_seconds(pid: int) -> float:
    """Return the CPU time of a process and the children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
