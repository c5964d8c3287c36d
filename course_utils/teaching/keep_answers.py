"""`KeepAnswers`: a student's consent to keep answers in a file, with the file in full and a way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_utils.teaching.answers import FILE, Answers, Content, Unusable
from course_utils.teaching.html import element, escaped, to_html
from course_utils.teaching.live import mime_bundle
from course_utils.teaching.note import Note
from course_utils.teaching.text import to_plain

WHAT = (
    "**Nothing is kept unless you say so.** If you do, the letters that you choose and the verdicts on your "
    f"exercises go into one small file, `{FILE}`, in the folder of the notebooks: no name, no time, no code. "
    "It stays on this machine. You may hand it in, apart from work that bears your name, or never; deleting "
    "it ends the keeping."
)
STATIC = "In a live notebook there are three buttons here: keep, show and delete."


class KeepAnswers:
    """Ask whether answers may be kept; show what is kept, and delete it.

    Parameters
    ----------
    folder : Path
        Of the notebooks; by default where the kernel runs, and that is beside its notebook.

    Examples
    --------
    >>> KeepAnswers(Path("nowhere")).show()
    Nothing is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._answers = Answers(folder or Path())

    def keep(self) -> Note:
        """Keep answers from now on."""
        return self._after(self._answers.start, f"From now on your answers are kept in `{FILE}`.")

    def delete(self) -> Note:
        """Delete what is kept, and keep nothing from now on."""
        return self._after(self._answers.forget, "Nothing is kept any more.")

    def show(self) -> Note:
        """Return all that is kept."""
        if not self._answers.kept:
            return Note.of("Nothing is kept.")
        try:
            content = self._answers.read()
        except (Unusable, OSError) as error:
            return Note.of(f"`{FILE}` cannot be used: {error}. Nothing is added to it; delete it to start.")
        lines = _lines(content)
        if not lines:
            return Note.of(f"`{FILE}` is there, and holds nothing yet.")
        text = "\n".join(lines)
        return Note(text, element("pre", escaped(text)))

    def _after(self, act: Callable[[], object], said: str) -> Note:
        try:
            act()
        except OSError as error:
            return Note.of(f"That did not work: {error}.")
        return Note.of(said)

    def __repr__(self) -> str:
        return f"{to_plain(WHAT)} {STATIC}"

    def to_html(self) -> str:
        """Render the static twin."""
        return to_html(f"{WHAT}\n\n{STATIC}")

    def view(self) -> Any:
        """Return a new live widget: a button for each of the three, and what it said below."""
        from course_utils.teaching.announcement import form_with_buttons

        asked = {"Keep my answers": self.keep, "Show what is kept": self.show, "Delete it": self.delete}
        return form_with_buttons(to_html(WHAT), asked)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return mime_bundle(repr(self), self.to_html(), self.view)


def _lines(content: Content) -> list[str]:
    """Write all that a file holds, a line for each question, exercise and line of a derivation."""
    chosen = [f"{name}  chosen: {', '.join(letters)}" for name, letters in content["answers"].items()]
    judged = [
        "  ".join([name, str(verdict.get("status", "")), *_facts(verdict)])
        for name, verdict in content["verdicts"].items()
    ]
    written = [f"{name}  code:\n{code}" for name, code in content["code"].items()]
    derived = [
        "  ".join(filter(None, [f"{name}  line {number}", line.get("status", ""), line.get("text", "")]))
        for name, lines in content["lines"].items()
        for number, line in lines.items()
    ]
    return sorted(chosen) + sorted(judged) + sorted(written) + sorted(derived)


def _facts(verdict: dict[str, Any]) -> list[str]:
    return [f"{name}: {verdict[name]}" for name in sorted(verdict) if name != "status" and verdict[name]]
