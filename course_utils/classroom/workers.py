"""The judge's end: start workers, call their functions, end what computes too long or waits for nothing.

No verdict depends on how busy the machine is: limits are on the time a worker *computes*, and one that does
not compute although it owes an answer is seen to sleep, again and again, before it is ended.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import course_utils
from course_utils.classroom import channel

LOOK = 0.5  # seconds between two looks at a worker that owes an answer
ASLEEP = 6  # looks in a row at which it slept and had computed nothing since the one before
PACKAGE = Path(course_utils.__file__).parent


class CannotGrade(RuntimeError):
    """Students' code cannot be run here as it must be."""


class Stopped(Exception):
    """A call that gave no answer, and why."""


@dataclass(frozen=True)
class Limits:
    """What one function may use.

    Parameters
    ----------
    call, all_calls : float
        Seconds of computing, `all_calls` in whole ones. A right answer of this course takes a hundredth of
        a second.
    memory : int
        Bytes of address space; NumPy alone takes a third of a gibibyte.
    """

    call: float = 1.0
    all_calls: float = 15.0
    memory: int = 3 << 29


class Workers:
    """Processes in which students' functions run.

    Parameters
    ----------
    fenced : bool
        Whether a machine that cannot keep files and system calls from students' code is refused.
    hidden : sequence of Path
        Folders that must not be read, such as the course with its gradebook. The lessons always are.
    known : sequence of str
        Cells of the page, which each worker needs and need not read again.
    limits : Limits

    Raises
    ------
    CannotGrade
        If this machine cannot do it.
    """

    def __init__(
        self,
        fenced: bool = True,
        hidden: Sequence[Path] = (),
        known: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> None:
        self.limits, self._fenced = limits or Limits(), fenced
        self._hidden, self._known = tuple(hidden), tuple(known)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._start()

    def _start(self) -> None:
        if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
            raise CannotGrade("Grading needs Linux (or, without a fence, macOS): there is no fork here.")
        self.close()
        here, there = socket.socketpair()
        settings = {
            "hidden": [str(place) for place in (PACKAGE, *self._hidden)],
            "data": [str(PACKAGE / "data")],
            "packages": packages(),
            "known": list(self._known),
            "seconds": math.ceil(self.limits.all_calls),
            "memory": self.limits.memory,
        }
        start = (
            f"import sys; sys.path[:0] = {[str(PACKAGE.parent), *packages()]!r}; "
            f"from course_utils.classroom.worker import main; del sys.path[0]; main({there.fileno()})"
        )
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB")}
        with open(os.devnull, "r+b") as nothing:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", "-c", start],
                stdin=nothing,
                stdout=nothing,
                pass_fds=[there.fileno()],
                env={"PATH": os.defpath, "LANG": "C.UTF-8", **threads},
                cwd="/",
            )
        there.close()
        self._control = here
        with contextlib.suppress(ConnectionError):  # where it has ended, that is heard
            here.sendall(channel.to_frame(settings))
        try:
            hello = self.hear()
        except CannotGrade as error:
            self.close()
            raise CannotGrade(f"{error} Is NumPy installed beside Python?") from None
        if self._fenced and not hello["fenced"]:
            self.close()
            raise CannotGrade(
                "This machine cannot fence in what students wrote: "
                f"{hello['problem']}. Grade on Linux 5.13 or newer (x86_64 or aarch64), also in a container "
                "or virtual machine; or, where you trust the class, set c.JudgeFunctions.fenced = False."
            )

    def hear(self) -> dict[str, Any]:
        assert self._control is not None
        text = b""
        with contextlib.suppress(ConnectionError):  # it ended and left something unread
            text = self._control.recv(4096)
        if not text:
            raise CannotGrade("The process that starts workers has ended.")
        heard: dict[str, Any] = json.loads(text)
        return heard

    def open(self, program: Mapping[str, Any]) -> Worker:
        """Start a worker for one function of a submission; see `worker.Attempt` for what is sent."""
        here, there = socket.socketpair()
        with there:
            try:
                process = self._ask(b"open", there.fileno())["process"]
            except (OSError, CannotGrade):
                self._start()
                process = self._ask(b"open", there.fileno())["process"]
        return Worker(self, process, here, program)

    def _ask(self, request: bytes, *descriptors: int) -> dict[str, Any]:
        assert self._control is not None
        with contextlib.suppress(ConnectionError):  # where it has ended, that is heard
            socket.send_fds(self._control, [request], descriptors)
        return self.hear()

    def reap(self, process: int) -> tuple[int, float]:
        """Return the exit status of a worker that has been ended, and the seconds it computed."""
        report = self._ask(b"reap%d" % process)
        return report["status"], report["seconds"]

    def close(self) -> None:
        """End all of it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.wait()
        self._control = self._process = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def packages() -> list[str]:
    """Return the folders in which Python looks for modules: its own, and where NumPy is."""
    own = [
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
        sysconfig.get_config_var("DESTSHARED"),
    ]
    beside = [str(Path(np.__file__).parents[1]), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return list(dict.fromkeys(path for path in (*own, *beside) if path and Path(path).is_dir()))


class Worker:
    """One process with one function of one submission."""

    _asleep: int  # looks in a row at which it slept; none at the first one of a call

    def __init__(
        self, workers: Workers, process: int, line: socket.socket, program: Mapping[str, Any]
    ) -> None:
        self._workers, self._process, self._line = workers, process, line
        self._line.settimeout(LOOK)
        self.computed = 0.0  # seconds, known when it has ended
        self.ready = self._exchange(program)
        if "unfenced" in self.ready:
            raise CannotGrade(f"A worker could not be fenced in: {self.ready['unfenced']}.")

    def call(self, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
        """Call the function once; `Stopped` if there is no answer."""
        given = [channel.sendable(value) for value in arguments]
        named = {key: channel.sendable(value) for key, value in keywords.items()}
        return self._exchange({"number": secrets.randbits(62), "arguments": given, "keywords": named})

    def _exchange(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._began: float | None = None  # seconds computed when it was first looked at in this call
        self._seconds = math.nan  # and at the last look
        try:
            with contextlib.suppress(ConnectionError):  # it has ended; what it said before is read below
                self._send(memoryview(channel.to_frame(message)))
            answer = channel.read_frame(self._read)
            if answer.get("number") != message.get("number"):
                raise channel.Garbage("an answer to another call")
            return answer
        except channel.Garbage:
            self._end("it wrote into the line to the judge")
        except (OSError, EOFError):
            self._end("")
        raise AssertionError("a worker that has ended cannot answer")

    def _send(self, frame: memoryview) -> None:
        while frame:
            try:
                frame = frame[self._line.send(frame) :]
            except TimeoutError:
                self.look()

    def _read(self, count: int) -> bytes:
        return channel.read_all(self._receive, count)

    def _receive(self, most: int) -> bytes:
        while True:
            try:
                return self._line.recv(most)
            except TimeoutError:
                self.look()

    def look(self) -> None:
        """Look at a worker that owes an answer, and end it if it computes too long or waits for nothing."""
        seconds, state = look_at(self._process)
        limit = self._workers.limits.call
        if self._began is None:
            self._began = seconds
        if seconds - self._began > limit:
            self._end(f"one call computed for more than {limit:.0f} s")
        self._asleep = self._asleep + 1 if state == "S" and seconds == self._seconds else 0
        self._seconds = seconds
        if self._asleep >= ASLEEP:
            self._end("it waits for something that never comes")

    def _end(self, why: str) -> None:
        """Kill the process and raise `Stopped`, with the reason or, if none is given, how it ended."""
        status, limit = self.close(), math.ceil(self._workers.limits.all_calls)
        if why:
            raise Stopped(why)
        if status == -signal.SIGXCPU or self.computed > limit:  # who ignores the signal has a second more
            raise Stopped(f"it computed for {limit} s")
        if status >= 0 or status == -signal.SIGKILL:  # killed here: who cut the line may have gone on
            raise Stopped("it ended its process or cut its line to the judge")
        raise Stopped(f"it crashed ({signal.Signals(-status).name})")

    def close(self) -> int:
        """End the process, and return its exit status."""
        if not self._process:
            return 0
        self._line.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        status, self.computed = self._workers.reap(self._process)
        self._process = 0
        return status


def look_at(process: int) -> tuple[float, str]:
    """Return how many seconds a process has computed, and its state, as Linux tells; else 0 and nothing.

    >>> look_at(-1)
    (0.0, '')
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, ""
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), fields[0]
