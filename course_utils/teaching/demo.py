"""`Demo`: a picture with controls. A declaration only; its live view lives in ``picture_view``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from course_utils.teaching.controls import Control
from course_utils.teaching.html import bullet_list, details, element, inline_html, with_scripts
from course_utils.teaching.live import mime_bundle
from course_utils.teaching.pictures import Picture


class Refused(ValueError):
    """What a reader asked for and cannot have, in one sentence."""


@dataclass(frozen=True, eq=False)
class Demo:
    """A pure function ``picture(**state) -> Picture`` and the controls that set its state.

    Parameters
    ----------
    picture : callable
        One keyword parameter per control.
    controls : tuple of Control
    title : str
    look_for : str
        One sentence: where to look while moving the controls.
    presets : mapping of str to mapping
        Named changes from the defaults that are worth seeing.

    Examples
    --------
    >>> from course_utils.teaching.controls import Float
    >>> from course_utils.teaching.pictures import Axis, Panel, Picture, Points
    >>> def double(x):
    ...     point = Points("2x", [2 * x], [x], color="ink")
    ...     panel = Panel("twice x", [point], x=Axis("x", 0, 9), y=Axis("", 0, 18))
    ...     return Picture([panel], f"Twice {x:g} is {2 * x:g}.")
    >>> control = Float("x", "number x", low=0, high=9, initial=1, step=1)
    >>> demo = Demo(double, (control,), "Double", "Watch 2x.")
    >>> demo.at(x=4).says
    'Twice 4 is 8.'
    >>> demo.at(y=4)
    Traceback (most recent call last):
        ...
    TypeError: there is no control 'y'; the controls are: x
    """

    picture: Callable[..., Picture]
    controls: tuple[Control, ...]
    title: str
    look_for: str
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [control.name for control in self.controls]
        parameters = list(inspect.signature(self.picture).parameters)
        if names != parameters:
            raise TypeError(f"{self.title}: controls {names} must be the picture's parameters {parameters}")
        presets = {name: self._preset(name, changes) for name, changes in self.presets.items()}
        object.__setattr__(self, "presets", MappingProxyType(presets))

    def _preset(self, name: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return MappingProxyType(self.state(**changes))
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self.title} Preset {name!r}: {error}") from None

    @property
    def defaults(self) -> dict[str, Any]:
        """The state that Reset returns to."""
        return {control.name: control.default for control in self.controls}

    def state(self, **changes: Any) -> dict[str, Any]:
        """Return the full state: the defaults with validated changes.

        Raises
        ------
        TypeError
            For a name that is no control, or a value of the wrong type.
        ValueError
            For a value outside the control's range. Every message lists what is possible.
        """
        unknown = sorted(set(changes) - {control.name for control in self.controls})
        if unknown:
            known = ", ".join(control.name for control in self.controls)
            raise TypeError(f"there is no control {unknown[0]!r}; the controls are: {known}")
        return {
            c.name: c.validate(changes[c.name]) if c.name in changes else c.default for c in self.controls
        }

    def at(self, **changes: Any) -> Picture:
        """Return the picture at the defaults with the given changes."""
        return self.picture(**self.state(**changes))

    def declared(self) -> dict[str, Any]:
        """Return what a page knows of the demo before it shows a picture, ready for JSON."""
        return {
            "title": self.title,
            "look_for": self.look_for,
            "controls": [control.spec() for control in self.controls],
            "presets": {name: listed(values) for name, values in self.presets.items()},
            "defaults": listed(self.defaults),
        }

    def view(self) -> Any:
        """Return a new live widget, at the defaults: what was tried before a cell is run again is gone."""
        from course_utils.teaching.picture_view import demo_view

        return demo_view(self)

    def to_html(self) -> str:
        """Render the static twin: the default picture, and in words what can be moved and presets show."""
        moved = [f"{element('strong', inline_html(c.label))}: {inline_html(c.says)}" for c in self.controls]
        shown = [
            f"{element('strong', inline_html(name))}: {with_scripts(self.at(**changes).says)}"
            for name, changes in self.presets.items()
        ]
        picture = self.at().to_html()
        return (
            element("p", element("strong", inline_html(self.title)), " ", inline_html(self.look_for))
            + picture
            + details("What can be moved", bullet_list(moved))
            + (details("What the presets show", bullet_list(shown)) if shown else "")
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return mime_bundle(self.at().says, self.to_html(), self.view)


def listed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state with its tuples as lists, which is what comes back from a page.

    Examples
    --------
    >>> listed({"z": (1.0, 2.0), "n": 3})
    {'z': [1.0, 2.0], 'n': 3}
    """
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def dragged(
    picture: Picture, state: dict[str, Any], *, panel: int, mark: int, index: int, x: float, y: float
) -> dict[str, Any]:
    """Return the changes of the controls when a mark is moved to a place, as its `DragTo` says.

    Parameters
    ----------
    picture : Picture
        That of the state.
    state : dict
    panel : int
    mark : int
        Marks come and go in a panel while one of them is held: only those with a `DragTo` count.
    index : int
        Which of the mark's points or bars.
    x, y : float
        The place, in the panel's own units.

    Raises
    ------
    Refused
        If there is no such mark.

    Examples
    --------
    >>> from course_utils.teaching.pictures import Axis, DragTo, Panel, Points
    >>> to = DragTo(lambda x, y, index, state: {"n": round(x)}, ("n",), "the number")
    >>> point = Points("the number", [0], [2], color="ink", drags=to)
    >>> shown = Picture([Panel("", [point], x=Axis("n", 0, 9), y=Axis("", -1, 1))], "It is 2.")
    >>> dragged(shown, {"n": 2}, panel=0, mark=0, index=0, x=4.2, y=0.3)
    {'n': 4}
    """
    held = picture.held(panel)
    if not 0 <= mark < len(held):
        raise Refused("There is no such mark any more.")
    return held[mark].function(x, y, index, state)
