"""Films: what a demo shows in many of its states, recorded, so that a page without Python can answer.

A film is JSON, and the arrays to which it refers (``film_file`` puts both into a file); a page reads it with
``site/film.js``::

    {"title", "look_for", "controls", "presets", "defaults",     # as of every live demo
     "widths",                                                   # for which its pictures are laid out
     "pieces": [...],      # what stands in pictures: marks, texts, and what else a panel has; each once
     "states": [[values, says, length of the readout, a layout for each of the widths], ...]}
    layout = [height, [[panel, [text, ...], [mark, ...]], ...]]

Values stand in the order of the controls; panels, texts and marks are places among the pieces. Most of a
picture stays as it is when one control moves, and marks are the same in all widths, so a film is a fraction
of its pictures.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.publish import film_file
from course_utils.publish.film_file import Arrays, shortened
from course_utils.teaching import Demo
from course_utils.teaching.controls import Control
from course_utils.teaching.pictures import Drag, DragTo
from course_utils.teaching.pictures.spec import Spec

WIDTHS = (640, 360)  # of a column of text, and of a phone
MOST_NOTCHES = 41  # of one slider; a longer scale is thinned evenly, and keeps its ends
PLACES = 17  # along each axis, where a mark can be moved in a plane

Values = tuple[Any, ...]


def notches(control: Control, start: Any) -> list[Any]:
    """Return the values that one control can take from `start`, at most `MOST_NOTCHES` for each slider.

    Examples
    --------
    >>> from course_utils.teaching import Integer, Vector
    >>> notches(Integer("n", "units n", low=1, high=4, initial=2), 2)
    [1, 2, 3, 4]
    >>> z = Vector("z", "logits z", entries=("a", "b"), low=0, high=1, initial=(0, 0), step=1)
    >>> notches(z, (0.0, 1.0))
    [(0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (0.0, 1.0)]
    """
    sliders = control.moves(start)
    if len(sliders) > MOST_NOTCHES:  # the bits of a double move only with presets
        return []
    return [value for slider in sliders for value in _thinned(slider, MOST_NOTCHES)]


def _thinned(values: Sequence[Any], most: int) -> list[Any]:
    places = np.linspace(0, len(values) - 1, min(len(values), most)).round().astype(int)
    return [values[int(place)] for place in places]


def states(demo: Demo) -> list[dict[str, Any]]:
    """Return the defaults, the presets, all that moving one control of these leads to, and where hands lead.

    A mark that is held moves one control, or two along two axes, or what a function makes of its place: then
    states on a grid of `PLACES` by `PLACES` are recorded, from the defaults.
    """
    starts = [demo.defaults, *map(dict, demo.presets.values())]
    moved = (state for start in starts for state in _moved(demo, start))
    found: dict[Values, dict[str, Any]] = {}
    for state in (*starts, *moved, *_held(demo)):
        found.setdefault(tuple(state.values()), state)
    return list(found.values())


def _held(demo: Demo) -> Iterator[dict[str, Any]]:
    start, picture = demo.defaults, demo.at()
    for i, panel in enumerate(picture.spec(min(WIDTHS)).json["panels"]):
        for j in range(len(panel["marks"])):
            drags = picture.mark(i, j).drags
            if isinstance(drags, DragTo):
                for x, y in itertools.product(*(_inside(*panel[axis]["limits"]) for axis in "xy")):
                    with contextlib.suppress(ValueError):  # no state of the demo belongs to this place
                        yield demo.state(**{**start, **drags.function(x, y, 0, start)})
            elif isinstance(drags, Mapping) and len(drags) == 2:
                yield from _in_a_plane(demo, start, *drags.values())


def _inside(low: float, high: float) -> list[float]:
    return [float(place) for place in np.linspace(low, high, PLACES + 2)[1:-1]]


def _in_a_plane(demo: Demo, start: Mapping[str, Any], x: Drag, y: Drag) -> Iterator[dict[str, Any]]:
    controls = {control.name: control for control in demo.controls}
    each = "each" in (x.entry, y.entry)
    for index in range(len(start[x.control]) if each else 1):
        places = [dict(start)]
        for drag in (x, y):
            slider = index if drag.entry == "each" else drag.entry or 0
            places = [
                {**place, drag.control: value}
                for place in places
                for value in _thinned(controls[drag.control].moves(place[drag.control])[slider], PLACES)
            ]
        yield from (demo.state(**place) for place in places)


def _moved(demo: Demo, start: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for control in demo.controls:
        for value in notches(control, start[control.name]):
            yield demo.state(**{**start, control.name: value})


@dataclass(frozen=True)
class Film:
    """What was recorded of a demo.

    Parameters
    ----------
    json : dict
        In the form that the top of this module tells.
    arrays : Arrays
        To which its marks refer.
    tables : dict
        The numbers of its states as HTML: ``{"tables": […], "of": [place of each state's]}``.
    """

    json: dict[str, Any]
    arrays: Arrays
    tables: dict[str, Any]

    def to_bytes(self) -> bytes:
        """Return all but the tables, as a file."""
        return film_file.to_bytes(self.json, self.arrays)


def record(demo: Demo, chosen: Sequence[Mapping[str, Any]] | None = None) -> Film:
    """Return the film of a demo.

    Parameters
    ----------
    demo : Demo
    chosen : sequence of mapping, optional
        Changes from the defaults to record. Without it: `states`.
    """
    pieces, tables, arrays = _Pieces(), _Pieces(), Arrays()
    recorded = states(demo) if chosen is None else [demo.state(**changes) for changes in chosen]
    shown, of = [], []
    for values in recorded:
        picture = demo.at(**values)
        layouts = [_layout(picture.spec(width), pieces, arrays) for width in WIDTHS]
        shown.append([list(values.values()), picture.says, len(picture.readout), *layouts])
        of.append(tables.place(picture.numbers_html()))
    film = {**demo.declared(), "widths": WIDTHS, "states": shown, "pieces": pieces.found}
    return Film(film, arrays, {"of": of, "tables": tables.found})


class _Pieces:
    """What a film is made of; equal pieces are one."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, piece: Any) -> int:
        """Return where the piece stands, after it was put there if it is new."""
        key = json.dumps(piece)
        if key not in self._places:
            self._places[key] = len(self.found)
            self.found.append(piece)
        return self._places[key]


def _layout(spec: Spec, pieces: _Pieces, arrays: Arrays) -> list[Any]:
    panels = []
    for panel in spec.json["panels"]:
        rest = {key: value for key, value in panel.items() if key not in ("texts", "marks")}
        texts = [pieces.place(shortened(text)) for text in panel["texts"]]
        marks = [pieces.place(film_file.mark(mark, spec, arrays)) for mark in panel["marks"]]
        panels.append([pieces.place(shortened(rest)), texts, marks])
    return [spec.json["height"], panels]


def packed(part: Any, spec: Spec) -> Any:
    """Return a part of a spec with its bytes as text and no more digits than can be seen."""
    if isinstance(part, dict):
        if isinstance(part.get("b"), int):
            text = base64.b64encode(spec.buffers[part["b"]]).decode()
            return {**part, "b": text}
        return {key: packed(value, spec) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [packed(value, spec) for value in part]
    return shortened(part)
