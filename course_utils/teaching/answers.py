"""What a student chose, and how the exercises went: one small file beside the notebooks, and nowhere else.

Off by default. The file itself is the consent: where there is none, nothing is kept, and whoever deletes it
has taken the consent back. It is the file that the course's website saves::

    {"version": 1, "answers": {question: letters in the order in which they were chosen},
     "code": {exercise: text}, "verdicts": {exercise: {...}},
     "lines": {derivation: {line: {"text": what was written there, "status": "passed" or "failed"}}}}

A verdict that the website keeps says ``"changed": true`` once the code is no longer what was checked. A line
that was chosen as the wrong one has no text, and one that was not judged no status. A file of an older
edition has no lines.

A question, an exercise or a derivation is called by the number of its notebook and the id of its cell. Code
and lines are only kept by the website. Here code stands in the notebook, a derivation begins anew when its
cell is run again, so that no rehearsal is left on the stage, and what may be handed in without a name has no
text of a student. Several kernels may write to one file.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import IO, TYPE_CHECKING, Any

from course_utils.teaching.live import kernel_is_live, twins_are_stored

if TYPE_CHECKING:
    from course_utils.teaching.exercise import Exercise, Verdict
    from course_utils.teaching.question import Question

FILE = "answers.json"
VERSION = 1
PARTS = ("answers", "code", "verdicts", "lines")
Content = dict[str, Any]
LESSON = "lesson"  # what every page of the course calls its lesson


class Unusable(ValueError):
    """A file that holds no answers of this course."""


def empty() -> Content:
    """Return what a new file holds.

    >>> empty()
    {'version': 1, 'answers': {}, 'code': {}, 'verdicts': {}, 'lines': {}}
    """
    return {"version": VERSION, **{part: {} for part in PARTS}}


def read_answers(text: str) -> Content:
    """Read the text of a file of answers.

    Raises
    ------
    Unusable
        With one sentence that says what is wrong.

    Examples
    --------
    >>> read_answers('{"version": 1, "answers": {"01-exit": "AB"}, "code": {}, "verdicts": {}}')["answers"]
    {'01-exit': 'AB'}
    >>> read_answers("[]")
    Traceback (most recent call last):
        ...
    course_utils.teaching.answers.Unusable: it holds no answers of this course
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:  # of text that is no JSON, or an int of thousands of digits
        raise Unusable("it is not JSON; perhaps it was cut off or edited") from error
    if not isinstance(found, dict) or "version" not in found:
        raise Unusable("it holds no answers of this course")
    if found["version"] != VERSION:  # another one may hold other parts
        raise Unusable(f"it is of version {found['version']!r}, and {VERSION} is needed")
    found.setdefault("lines", {})
    if not all(isinstance(found.get(part), dict) for part in PARTS):
        raise Unusable("it holds no answers of this course")
    if not all(
        isinstance(letters, str) and re.fullmatch("[A-H]*", letters) for letters in found["answers"].values()
    ):
        raise Unusable("its answers are not the letters of options")
    if not all(isinstance(verdict, dict) for verdict in found["verdicts"].values()):
        raise Unusable("its verdicts are not those of this course")
    if not all(_are_lines(lines) for lines in found["lines"].values()):
        raise Unusable("its lines are not those of derivations")
    return {name: found[name] for name in ("version", *PARTS)}


def _are_lines(lines: object) -> bool:
    return isinstance(lines, dict) and all(
        isinstance(line, dict) and all(isinstance(value, str) for value in line.values())
        for line in lines.values()
    )


class Answers:
    """The file of answers in a folder.

    Parameters
    ----------
    folder : Path

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     answers = Answers(Path(folder))
    ...     answers.choose("01-exit", "A")  # nobody has agreed: nothing is written
    ...     before = answers.kept
    ...     answers.start()
    ...     answers.choose("01-exit", "C")
    ...     before, answers.read()["answers"]
    (False, {'01-exit': 'C'})
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    @property
    def kept(self) -> bool:
        """Tell whether the student has agreed: whether there is a file."""
        return self.path.is_file()

    def start(self) -> None:
        """Keep answers from now on; what is kept already stays."""
        with _beside(self.path, _text(empty())) as new:
            try:
                os.link(new, self.path)  # whole from the start, and in nobody's place
            except FileExistsError:
                pass
            except (OSError, AttributeError):  # a disk that knows no second names: a stick, or a browser's
                if not self.kept:
                    os.replace(new, self.path)

    def forget(self) -> None:
        """Delete the file, and keep nothing from now on: who waits for it finds none."""
        try:
            with _held(self.path) as held:
                if held:
                    self.path.unlink(missing_ok=True)
        except PermissionError:  # into what may only be read nobody writes
            self.path.unlink(missing_ok=True)

    def read(self) -> Content:
        """Return what is kept; `Unusable` if the file holds something else."""
        try:
            return read_answers(self.path.read_text("utf-8"))
        except UnicodeDecodeError as error:
            raise Unusable("it is not text") from error

    def choose(self, question: str, letter: str) -> None:
        """Add a choice, where the student has agreed."""
        self._change("answers", question, lambda before: (before or "") + letter)

    def judge(self, exercise: str, verdict: Mapping[str, Any]) -> None:
        """Keep a verdict in place of the one before, where the student has agreed."""
        self._change("verdicts", exercise, lambda _: verdict)

    def _change(self, part: str, name: str, change: Callable[[Any], Any]) -> None:
        with _held(self.path) as held:
            if not held:
                return
            content = self.read()
            content[part][name] = change(content[part].get(name))
            _replace(self.path, _text(content))


def _text(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _replace(path: Path, text: str) -> None:
    """Replace a file in one step: whoever reads it meanwhile sees the old text or the new, never half."""
    with _beside(path, text) as new:
        os.replace(new, path)


@contextlib.contextmanager
def _beside(path: Path, text: str) -> Iterator[str]:
    """Write a file of another name beside one; afterwards it is gone, whatever becomes of it."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        yield beside
    finally:
        Path(beside).unlink(missing_ok=True)


@contextlib.contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold a file while it is changed, against the kernels of other notebooks; false where there is none.

    Where the system cannot lock a file (Windows, some shared disks), two kernels that write within the same
    millisecond may lose one choice; the file itself is whole in any case.
    """
    while True:
        try:
            file = path.open("r+", encoding="utf-8")
        except FileNotFoundError:
            yield False
            return
        if not locked(file):
            file.close()  # Windows does not replace a file that is open
            yield True
            return
        with file:
            if _is_still(path, file):
                yield True
                return
        # Another kernel replaced or deleted the file while this one waited for it.


def locked(file: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:
        return False
    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
    return False


def _is_still(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def keep_choice(question: Question, letter: str) -> str:
    """Keep that a letter was chosen, if the student has agreed; return what went wrong, in a sentence."""
    return _kept(question, lambda answers, name: answers.choose(name, letter))


def keep_verdict(exercise: Exercise, verdict: Verdict) -> str:
    """Keep a verdict, if the student has agreed; return what went wrong, in a sentence."""
    return _kept(exercise, lambda answers, name: answers.judge(name, verdict.to_json()))


def _kept(shown: object, keep: Callable[[Answers, str], None]) -> str:
    answers = Answers(Path())
    if not kernel_is_live() or twins_are_stored() or not answers.kept:
        return ""
    try:
        if name := name_of(shown, sys.modules["IPython"].get_ipython().user_ns.get(LESSON), Path()):
            keep(answers, name)
    except (OSError, ValueError) as error:  # Unusable, or what cannot be written as UTF-8
        return f"Your answer was not kept in {FILE}: {error}."
    return ""


def name_of(shown: object, lesson: object, folder: Path) -> str:
    """Return what a question or an exercise is called: number of the notebook and id of its cell.

    Parameters
    ----------
    shown : object
    lesson : module
        The page's lesson; the notebook is called after it.
    folder : Path
        Where the notebook is.

    Returns
    -------
    str
        Empty where no notebook shows the object.
    """
    if not isinstance(lesson, ModuleType):  # a student's own variable of that name
        return ""
    attribute = next((name for name, value in vars(lesson).items() if value is shown), "")
    topic = lesson.__name__.rpartition(".")[2]
    for path in sorted(folder.glob(f"[0-9][0-9]_{topic}*.ipynb")) if attribute else ():
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # a notebook that is being saved
            for cell in json.loads(path.read_text("utf-8"))["cells"]:
                if "".join(cell["source"]).strip() == f"{LESSON}.{attribute}":
                    return f"{path.name[:2]}-{cell['id']}"
    return ""
