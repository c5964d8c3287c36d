"""`Question`: predict before you look, and learn what a wrong prediction says about your thinking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from course_utils.teaching.answers import keep_choice
from course_utils.teaching.html import details, element, inline_html, to_html
from course_utils.teaching.live import AS_MARKDOWN, mime_bundle
from course_utils.teaching.text import to_plain

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Question:
    """A question with lettered options.

    Parameters
    ----------
    prompt : str
        Light markup: `code`, **strong**, *emphasis*, $formulas$.
    options : sequence of str
    answer : str
        Letter of the right option.
    because : sequence of str
        One explanation per option, in order: for the right one why it is right, for a wrong one what whoever
        chose it probably thought.
    expected : sequence of int, optional
        Per option the percentage of a class that the author expects to choose it at first. It is for those
        who teach; the page does not show it.

    Examples
    --------
    >>> Question("1 + 1?", ["2", "11"], "A", ["Counting on from one.", "That joins digits."])
    Question: 1 + 1?
      A) 2
      B) 11
    """

    prompt: str
    options: Sequence[str]
    answer: str
    because: Sequence[str]
    expected: Sequence[int] = ()
    _chosen: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 2 <= len(self.options) <= len(LETTERS):
            raise ValueError(f"a question has 2 to {len(LETTERS)} options, not {len(self.options)}")
        if self.answer not in self.letters:
            raise ValueError(f"answer must be one letter of {', '.join(self.letters)}, not {self.answer!r}")
        if len(self.because) != len(self.options):
            raise ValueError(
                f"{len(self.options)} options need as many explanations, not {len(self.because)}"
            )
        if self.expected and (len(self.expected) != len(self.options) or sum(self.expected) != 100):
            raise ValueError(
                f"{len(self.options)} options need as many expected shares that add up to 100, "
                f"not {list(self.expected)}"
            )

    @property
    def letters(self) -> list[str]:
        """The letters that can be chosen."""
        return list(LETTERS[: len(self.options)])

    @property
    def done(self) -> bool:
        """Tell whether the right option was chosen since the page was opened."""
        return self.answer in self._chosen

    @property
    def lettered(self) -> list[tuple[str, str, str]]:
        """Return (letter, option, explanation) for each option."""
        return list(zip(self.letters, self.options, self.because, strict=True))

    def feedback(self, letter: str, chosen: bool = True) -> str:
        """Return what someone who chose ``letter`` is told; not `chosen`: what a reader of all answers is."""
        if letter not in self.letters:
            raise ValueError(f"choose one letter of {', '.join(self.letters)}, not {letter!r}")
        explanation = self.because[self.letters.index(letter)]
        if letter == self.answer:
            return f"**{letter} is right.** {explanation}"
        who = "You" if chosen else f"If you chose {letter}, you"
        return f"**Not {letter}.** {who} probably thought {explanation}"

    def __repr__(self) -> str:
        options = [f"  {letter}) {to_plain(option)}" for letter, option, _ in self.lettered]
        return "\n".join([f"Question: {to_plain(self.prompt)}", *options])

    def to_html(self) -> str:
        """Render the static twin; the answer and the diagnoses are folded away."""
        options = [
            element("p", element("strong", f"{name})"), " ", inline_html(text))
            for name, text, _ in self.lettered
        ]
        in_order = sorted(self.letters, key=lambda letter: letter != self.answer)
        answers = [element("p", inline_html(self.feedback(letter, chosen=False))) for letter in in_order]
        return (
            to_html(f"**Predict.** {self.prompt}")
            + "".join(options)
            + details("Answer, after you have chosen", *answers)
        )

    def view(self) -> Any:
        """Return a new live widget: one button per option, feedback below."""
        from ipywidgets import Button, HBox, HTMLMath, Layout

        from course_utils.teaching.announcement import Announcement, announced_form

        feedback, announcement = HTMLMath(style=AS_MARKDOWN), Announcement()
        feedback.add_class("cu-said-back")
        rows: dict[str, Any] = {}

        def answer_with(letter: str) -> None:
            self._chosen.append(letter)
            for row in rows.values():
                row.remove_class("cu-chosen")
            rows[letter].add_class("cu-chosen")
            told = "\n\n".join(filter(None, [self.feedback(letter), keep_choice(self, letter)]))
            feedback.value, announcement.text = to_html(told), to_plain(told)

        for letter, option, _ in self.lettered:
            button = Button(description=letter, tooltip=f"Choose {letter}", layout=Layout(flex="0 0 auto"))
            button.on_click(lambda _, letter=letter: answer_with(letter))
            state = "cu-right" if letter == self.answer else "cu-wrong"  # seen once it is chosen
            rows[letter] = HBox(
                [button, HTMLMath(inline_html(option), style=AS_MARKDOWN)],
                layout=Layout(align_items="center"),
                _dom_classes=("cu-option", state),
            )
        prompt = HTMLMath(to_html(f"**Predict.** {self.prompt}"), style=AS_MARKDOWN)
        return announced_form(prompt, *rows.values(), feedback, announcement=announcement)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return mime_bundle(repr(self), self.to_html(), self.view)
