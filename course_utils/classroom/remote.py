"""A student's function, called in the judge's process as if it were there."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.classroom import channel
from course_utils.classroom.workers import Stopped, Worker, Workers

WORDS = 130  # characters of an error, so that the line behind them is not cut off
NOT_OF_WORDS = UnicodeError, ExceptionGroup  # errors that need more to be made
DEATHS = 3  # after so many calls that ended the process a function is not called again


class Remote:
    """A student's function, called here as if it were here.

    What the call does there is done again here: it returns or raises the like, prints, warns and changes its
    arguments. After a few calls without an answer every further one fails at once.
    """

    def __init__(self, workers: Workers, program: Mapping[str, Any]) -> None:
        self._workers, self._program = workers, program
        self._worker: Worker | None = None
        self._deaths, self._answered, self._computed, self._why = 0, False, 0.0, ""
        self.__name__ = str(program["name"])
        self.ready = self._open().ready

    def _open(self) -> Worker:
        if self._worker is None:
            self._worker = self._workers.open(self._program)
        return self._worker

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if self._why:
            raise Stopped(self._why)
        try:
            done = self._open().call(arguments, keywords)
        except Stopped as stopped:
            self._buried(str(stopped))
            raise
        self._answered = True
        return replayed(done, [*arguments, *keywords.values()])

    def _buried(self, why: str) -> None:
        self._deaths += 1
        self._computed += self._worker.computed if self._worker else 0.0
        self._worker = None
        spent = self._computed > self._workers.limits.all_calls
        if spent or self._deaths >= DEATHS or not self._answered:
            self._why = why

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def replayed(done: Mapping[str, Any], given: Sequence[Any]) -> Any:
    """Do what a call did in the worker: print, warn, change the arguments, raise or return.

    Examples
    --------
    >>> replayed({"returned": 3.0, "printed": "", "warned": [], "after": []}, [])
    3.0
    >>> replayed({"raised": {"kinds": ["builtins.ValueError"], "words": "no", "line": 2}}, [])
    Traceback (most recent call last):
    ...
    ValueError: no (line 2 of your function)
    """
    if printed := done.get("printed"):
        print(str(printed))
    for text in done.get("warned") or ():
        warnings.warn(str(text), RuntimeWarning, stacklevel=2)
    if done.get("after"):
        _change([one for one in given if isinstance(one, np.ndarray | list)], done["after"])
    if "raised" in done:
        raise error_of(done["raised"])
    return done.get("returned")


def _change(given: Sequence[Any], after: Any) -> None:
    with contextlib.suppress(Exception):  # of another shape or kind: the worker has made it up
        for mine, theirs in [*zip(given, after, strict=True)]:  # all, or none where one is missing
            if isinstance(mine, np.ndarray):
                mine[...] = theirs
            elif isinstance(mine, list):
                mine[:] = theirs


def error_of(told: Any) -> Exception:
    """Return an error like the one that a worker tells of: of the same type, where that is a known one."""
    try:
        kinds, words, line = [str(kind) for kind in told["kinds"]], str(told["words"]), int(told["line"])
    except channel.UNREADABLE:
        kinds, words, line = [], "", 0
    if line:
        words = f"{words[:WORDS]} (line {line} of your function)".lstrip()
    for kind in kinds:
        module, _, name = kind.rpartition(".")
        if found := _error_types(module).get(name):
            return found(words) if name == kinds[0].rpartition(".")[2] else _type_like(kinds[0], found)(words)
    return _type_like(kinds[0] if kinds else "Error", Exception)(words)


def _error_types(module: str) -> dict[str, type[Exception]]:
    """Return the errors of Python and NumPy that are made from words alone."""
    known = {"builtins": vars(__import__("builtins")), "numpy.exceptions": vars(np.exceptions)}
    known |= {"numpy.linalg": vars(np.linalg), "numpy.linalg._linalg": vars(np.linalg)}
    errors = {}
    for name, value in known.get(module, {}).items():
        if isinstance(value, type) and issubclass(value, Exception) and not issubclass(value, NOT_OF_WORDS):
            errors[name] = value
    return errors


def _type_like(kind: str, base: type[Exception]) -> type[Exception]:
    name = kind.rpartition(".")[2]
    return type(
        name if name.isidentifier() else "Error", (base,), {"__str__": lambda self: str(self.args[0])}
    )
