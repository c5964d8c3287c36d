"""A move: one thing to do with a demo in front of a class, and what is seen then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.teaching import Demo
from course_utils.teaching.pictures import Picture
from course_utils.teaching.text import format_list, format_number


class UnusableMove(ValueError):
    """A move that the demo cannot make; the message says what it could."""


@dataclass(frozen=True)
class Move:
    """What to do, in light markup, and the picture to which it leads."""

    do: str
    picture: Picture

    @property
    def says(self) -> str:
        """The sentences of the picture."""
        return self.picture.says


def move_of(demo: Demo, given: str | Mapping[str, Any]) -> Move:
    """Return a move of a demo. It starts from what the page shows when it is opened.

    Parameters
    ----------
    demo : Demo
    given : str or mapping
        The name of a preset, or values of controls.

    Raises
    ------
    UnusableMove
        If the demo has no such preset or control, or the control no such value.

    Examples
    --------
    >>> from course_utils.lessons.start_here import exponential_demo
    >>> move_of(exponential_demo, {"z": 1}).do, move_of(exponential_demo, "Far left").do
    ('*Reset*, then *Score z* to 1', 'Preset *Far left*')
    >>> move_of(exponential_demo, "Far")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    course_utils.publish.moves.UnusableMove: The exponential. has no preset 'Far'; ...
    """
    if isinstance(given, str):
        if given not in demo.presets:
            raise UnusableMove(f"{demo.title} has no preset {given!r}; it has {format_list(demo.presets)}")
        return Move(f"Preset *{given}*", demo.at(**demo.presets[given]))
    try:
        state = demo.state(**given)
    except (TypeError, ValueError) as error:
        raise UnusableMove(f"{demo.title} {error}") from None
    labels = {control.name: control.label for control in demo.controls}
    resets = state == demo.defaults
    values = [
        f"*{labels[name]}* {'at' if resets else 'to'} {_value_text(value)}" for name, value in given.items()
    ]
    return Move(f"*Reset*{':' if resets else ', then'} {format_list(values)}", demo.at(**state))


def _value_text(value: Any) -> str:
    return f"({', '.join(map(format_number, value))})" if isinstance(value, list) else format_number(value)
