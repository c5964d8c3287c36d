"""The worker: runs what a student wrote, in a process that holds no lesson and can reach none.

One process waits, with NumPy, `course_utils.numerics` and `course_utils.data` in it. For each function to
grade it forks: the child closes the `Fence` around itself, runs the statements that the function needs, and
answers calls until its line is cut. It runs nothing but what came down that line, and its answers are data.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import socket
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

import course_utils
from course_utils.classroom import channel
from course_utils.classroom.fence import Fence, die_with_parent, limit, spread
from course_utils.classroom.program import UNREADABLE, Statement, needed, readable, statements

TEXT = 400  # characters of what is printed, warned or raised that are sent
SOURCE = 20_000  # characters of the code that is kept


class Line:
    """One end of a line: frames go out and come in."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message; if it cannot be sent, that is said instead."""
        try:
            frame = channel.to_frame(message)
        except Exception as error:  # of an object that a student made, or of its size
            told = raised(channel.Garbage(f"this result is not sent: {error}"))
            frame = channel.to_frame({"number": message.get("number"), "raised": told})
        while frame:
            frame = frame[os.write(self._descriptor, frame) :]

    def receive(self) -> dict[str, Any]:
        """Wait for a message; `EOFError` when the line is cut."""
        return channel.read_frame(self._read)

    def receive_frame(self) -> bytes:
        """Wait for a message, and return it as it came."""
        head = self._read(channel.HEAD.size)
        return head + self._read(sum(channel.HEAD.unpack(head)))

    def _read(self, count: int) -> bytes:
        return channel.read_all(lambda most: os.read(self._descriptor, most), count)


def raised(error: BaseException, function: object = None) -> dict[str, Any]:
    """Describe an error: its type and what that is a kind of, its words, and the function's line."""
    kinds = [f"{kind.__module__}.{kind.__qualname__}"[:100] for kind in type(error).__mro__[:8]]
    try:
        words = str(error)[:TEXT]
    except BaseException:
        words = ""
    code, line = getattr(function, "__code__", None), 0
    if isinstance(code, CodeType):
        lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
        line = lines[-1] - code.co_firstlineno + 1 if lines else 0
    return {"kinds": kinds, "words": words, "line": line}


class Attempt:
    """What a submission holds for one function.

    Parameters
    ----------
    above, others : list of str
        The page's own cells: those above the attempt, whose names it may use, and the rest.
    cells : list of str
        The code cells of the submission.
    name : str
        The function.
    """

    def __init__(self, above: list[str], others: list[str], cells: list[str], name: str) -> None:
        self.name, self.problem = name, ""
        self.value: Any = None
        own = [one for cell in above for one in readable(cell)]
        rest = [one for cell in others for one in readable(cell)]
        later = [one for one in rest if one.imports and name not in one.binds]
        given = {one.text for one in (*own, *rest)}
        written = [one for cell in cells for one in self._read(cell) if one.text not in given]
        program = [*later, *own, *written]
        kept = [program[place] for place in needed(program, [name])]
        self.written = [one for one in kept if any(one is mine for mine in written)]
        self.found = any(name in one.binds and not one.imports for one in self.written)
        if self.found:
            self._run(kept)

    def _read(self, cell: str) -> tuple[Statement, ...]:
        try:
            return statements(cell)
        except UNREADABLE as error:
            if f"def {self.name}" in cell:
                where = f" in line {error.lineno} of its cell" if isinstance(error, SyntaxError) else ""
                self.problem = (
                    f"The cell with {self.name} is no Python{where}: {error.args[0] if error.args else ''}"
                )
            return ()

    def _run(self, kept: list[Statement]) -> None:
        space: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
        for one in kept:
            mine = any(one is written for written in self.written)
            try:
                exec(compile(ast.Module([one.node], []), "<submission>", "exec", dont_inherit=True), space)
            except Exception as error:
                if mine and one.binds:
                    self.problem = (
                        self.problem or f"Your code stops: {type(error).__name__}: {str(error)[:TEXT]}"
                    )
        self.value = space.get(self.name)

    @property
    def code(self) -> str:
        """What the student wrote of it: the function and its helpers."""
        return "\n\n".join(one.source for one in self.written)[:SOURCE]


def answer(function: Callable[..., Any], request: bytes) -> dict[str, Any]:
    """Call a function once and return all that it did, as data."""
    call = channel.from_frame(request)
    given = [
        one for one in (*call["arguments"], *call["keywords"].values()) if isinstance(one, np.ndarray | list)
    ]
    before = channel.to_frame({"given": given})
    printed = io.StringIO()
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(all="warn", under="ignore"),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("always")
        try:
            done: dict[str, Any] = {"returned": function(*call["arguments"], **call["keywords"])}
        except BaseException as error:  # SystemExit and KeyboardInterrupt too
            done = {"raised": raised(error, function)}
        said = list(dict.fromkeys(str(one.message)[:TEXT] for one in caught))[:10]
    with contextlib.suppress(ValueError):  # the student has closed it
        done["printed"] = printed.getvalue()[:TEXT]
    changed = channel.to_frame({"given": given}) != before
    return {**done, "number": call["number"], "warned": said, "after": given if changed else None}


def serve(line: Line) -> None:
    """Run one submission's function, and answer calls until the line is cut."""
    attempt = Attempt(**line.receive())
    function = attempt.value
    ready = {"found": attempt.found, "problem": attempt.problem, "code": attempt.code}
    line.send({**ready, "callable": callable(function), "value": None if callable(function) else function})
    while True:
        line.send(answer(function, line.receive_frame()))


def preload() -> None:
    """Import what submissions may use of this course; nothing else of it can be imported afterwards."""
    for package in ("numerics", "data"):
        whole = importlib.import_module(f"course_utils.{package}")
        for module in pkgutil.iter_modules(whole.__path__):
            if not module.name.startswith("make_"):  # scripts of whoever made the data
                importlib.import_module(f"{whole.__name__}.{module.name}")
    course_utils.__path__ = []


def fence_of(settings: Mapping[str, Any]) -> Fence:
    """Return the fence that lets through Python, the packages beside NumPy, and the data of the course."""
    hidden = [Path(place) for place in settings["hidden"]]
    libraries = [Path(place) for place in settings["packages"]]
    system = [
        Path(place) for place in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/dev/null")
    ]
    devices = [Path("/dev/urandom"), Path("/etc/localtime")]
    data = [Path(place) for place in settings["data"]]
    return Fence([*spread([*libraries, *system, *devices], hidden), *data], libraries)


def main(descriptor: int) -> None:
    """Fork a worker whenever the judge asks for one, until the judge is gone."""
    settings = Line(descriptor).receive()
    control = socket.socket(fileno=descriptor)
    preload()
    gc.freeze()  # so that forked workers share what is there
    for cell in settings["known"]:
        readable(cell)  # once, here, for all that are forked
    try:
        fence, problem = fence_of(settings), ""
    except OSError as error:
        fence, problem = None, str(error)
    control.sendall(json.dumps({"fenced": not problem, "problem": problem}).encode())
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        if not request:
            return
        if request.startswith(b"reap"):
            _, status, used = os.wait4(int(request[4:]), 0)
            report = {"status": os.waitstatus_to_exitcode(status), "seconds": used.ru_utime + used.ru_stime}
            control.sendall(json.dumps(report).encode())
            continue
        child = os.fork()
        if not child:
            os.close(descriptor)
            control.detach()
            as_child(descriptors[0], fence, settings)
        os.close(descriptors[0])
        control.sendall(json.dumps({"process": child}).encode())


def as_child(descriptor: int, fence: Fence | None, settings: Mapping[str, Any]) -> None:
    """Serve one line in a process that is fenced in; never returns."""
    line = Line(descriptor)
    try:
        try:
            die_with_parent()
            os.setsid()
            os.dup2(0, 2)  # what goes wrong below is nobody's concern but the judge's
            limit(settings["seconds"], settings["memory"])
            if fence is not None:
                fence.close_around_me()
        except Exception as error:
            line.send({"unfenced": str(error)})
        else:
            serve(line)
    finally:
        os._exit(0)
