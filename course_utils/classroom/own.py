"""Numbers of each student's own: a call to explain, drawn from the contract of an exercise by a name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from course_utils.teaching import Check, Exercise
from course_utils.teaching.note import Note

DRAWN = 40  # calls, from which one is taken that can be written on one line
FITS = range(18, 60)  # characters of a call that is neither trivial nor too long to work out


def seed_of(text: str) -> int:
    """Return a seed that only this text gives.

    >>> seed_of("7:ada")
    2994868135
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def own_call(exercise: Exercise, name: str) -> Note:
    """Show the call that a student with this name is to explain, the same for whoever asks.

    Capitals and spaces around the name do not matter.

    Examples
    --------
    >>> from course_utils.lessons.softmax import odds_exercise
    >>> ada, bob = own_call(odds_exercise, "Ada"), own_call(odds_exercise, "Bob")
    >>> repr(own_call(odds_exercise, " ada ")) == repr(ada) != repr(bob)
    True
    >>> own_call(odds_exercise, "")
    Write your name between the quotes, as you hand in under it.
    """
    known = " ".join(name.casefold().split())
    if not known:
        text = "Write your name between the quotes, as you hand in under it."
    else:
        call = drawn_call(exercise, seed_of(known))
        text = (
            f"Your own call: `{call}`. Say what comes out, and why, before you run it. "
            "Be ready to explain at which line of your function it is decided."
        )
    return Note.of(text)


def drawn_call(exercise: Exercise, seed: int) -> str:
    """Write one of the calls that fit on a line: else a shorter one, or one of the simplest."""
    calls = [call for call in exercise.contract.calls(seed, DRAWN) if not _is_flat(call)]
    every = [_written(exercise.name, call) for call in calls or exercise.checks]
    short = [text for text in every if len(text) - len(exercise.name) < FITS.stop]
    fitting = [text for text in short if len(text) - len(exercise.name) in FITS] or short or every[:5]
    return fitting[seed % len(fitting)]


def _is_flat(call: Check) -> bool:
    """Tell whether all arrays of a call repeat one number, so that there is little to explain.

    >>> [_is_flat(Check("", (np.array(z), 2))) for z in ([0.0, 0.0], [0.0, 1.0], [1.0])]
    [True, False, False]
    """
    arrays = [some for value in call.arguments if len(some := _numbers(value)) > 1]
    return bool(arrays) and all(len(set(some)) == 1 for some in arrays)


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [number for inner in value for number in _numbers(inner)]
    return np.ravel(value).tolist() if isinstance(value, np.ndarray) else [value]


def _written(name: str, call: Check) -> str:
    named = [f"{key}={_plain(value)}" for key, value in call.keywords.items()]
    return f"{name}({', '.join([*map(_plain, call.arguments), *named])})"


def _plain(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return str(value.tolist())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return f"iter({_plain(list(value))})"  # of a stream; this one was drawn to be written
    return repr(value)
