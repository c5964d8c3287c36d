"""Every demo, swept over its controls: what is drawn, tabulated and said must be one and the same.

A control that breaks a picture mostly does so by itself. So every run sweeps the defaults, the presets, the
ends and a few random states. Where STATES=all is set, as in the weekly run, it meets pairs of ends and more
random states too.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from control_values import ALL_STATES, end_states, ends, random_value
from discovery import declared
from picture_problems import (
    all_text_problems,
    arithmetic_problems,
    key_problems,
    left_out,
    mark_problems,
    number_problems,
    place_problems,
    places,
    plural_problems,
)

from course_utils.teaching import Demo, Picture
from course_utils.teaching.bundle import VIEW
from course_utils.teaching.demo import dragged
from course_utils.teaching.pictures import Bars, DragTo, Rule
from course_utils.teaching.pictures.typeset import width
from course_utils.teaching.text import sentences

DEMOS = declared(Demo)
RANDOM_STATES = 50 if ALL_STATES else 10

pytestmark = pytest.mark.parametrize("demo", DEMOS)


def random_states(demo: Demo) -> Iterator[dict[str, Any]]:
    """Yield legal states, the same ones in every run."""
    random = np.random.default_rng(zlib.crc32(demo.title.encode()))
    for _ in range(RANDOM_STATES):
        yield {control.name: random_value(control, random) for control in demo.controls}


def content(picture: Picture) -> Any:
    """Return what must change when a control moves: the data drawn, the numbers and the words."""
    data = {name: np.asarray(values).tolist() for name, values in picture.data.items()}
    return repr((data, [dict(table.summary) for table in picture.tables], picture.says))


def problems(picture: Picture, state: dict[str, Any]) -> list[str]:
    """List everything a reader could find wrong with one picture, except what only rendering shows."""
    found = mark_problems(picture) + number_problems(picture, state) + plural_problems(picture)
    found += arithmetic_problems(picture)
    numbers = [*picture.data.values(), *(v for table in picture.tables for v in table.summary.values())]
    for values in numbers:
        array = np.asarray(values)
        if array.dtype.kind == "f" and np.isinf(array).any():
            found.append("an infinite number: say it in words")
    for table in picture.tables:
        for name, column in table.columns.items():
            if np.asarray(column).dtype.kind == "f" and np.isnan(np.asarray(column)).any():
                found.append(f"column {name!r} has entries that are not numbers: say it in words")
        if len(table.rows()) > 50:
            found.append("a table of more than 50 rows: choose a part of it")
    if not 1 <= len(sentences(picture.says)) <= 3 or not picture.says.endswith("."):
        found.append(f"one to three sentences, not {picture.says!r}")
    return found


def test_drawing_table_and_sentence_agree_everywhere(demo: Demo) -> None:
    for state in itertools.chain(end_states(demo), random_states(demo)):
        found = problems(demo.at(**state), state)
        assert not found, "\n".join([f"at {state}", *found])


def test_everything_moves_something(demo: Demo) -> None:
    default = content(demo.at())
    for name, state in demo.presets.items():
        assert content(demo.at(**state)) != default, f"the preset {name!r} does nothing"
        same = [other for other in demo.presets if demo.presets[other] == state]
        assert same == [name], "presets that are one"
    for control in demo.controls:
        for end in ends(control):
            if end != control.default:
                assert content(demo.at(**{control.name: end})) != default, (
                    f"{control.name} = {end} does nothing"
                )


def test_no_text_is_clipped_covered_small_or_jumping(demo: Demo) -> None:
    """Text lies inside the figure, apart from other text, large enough; axes keep their places."""
    at_ends = [{control.name: end} for control in demo.controls for end in ends(control)]
    states = [{}, *demo.presets.values(), *at_ends]
    standing = places(demo.at())
    for changes in states:
        shown = demo.at(**changes)
        found = all_text_problems(shown) + place_problems(shown) + key_problems(shown)
        assert not found, "\n".join([f"at {changes}", *found])
        assert places(demo.at(**changes)) == standing, f"the panels jump at {changes}"


def test_what_is_written_at_bars_has_room(demo: Demo) -> None:
    """What does not fit is left out, all of a panel: then a picture does not show what its title says."""
    for state in (*end_states(demo), *random_states(demo)):
        found = left_out(demo.at(**state)) if demo.title != TWENTY_BARS else []
        assert not found, f"{state}: {found}"


def test_a_sentence_keeps_to_its_three_lines(demo: Demo) -> None:
    """`figure.css` reserves them below a picture: what follows does not jump."""
    for state in end_states(demo):
        assert _lines(demo.at(**state)) <= (4 if demo.title == FOUR_LINES else 3), state


TWENTY_BARS = "Does confidence mean accuracy?"
FOUR_LINES = "Does confidence mean accuracy?"  # it compares two likelihoods, two errors and two temperatures


def _lines(picture: Picture) -> int:
    """Count the lines of what a picture says; its first sentence is in bold letters."""
    first, used, lines = len(sentences(picture.says)[0].split()), 0.0, 1
    for place, word in enumerate(picture.says.split()):
        long = width(f"{word} ", LETTERS, 600 if place < first else 400)
        lines, used = (lines, used + long) if used + long <= ROOM else (lines + 1, long)
    return lines


LETTERS = 14  # pixels, as in JupyterLab
# Said in em: a browser that makes digits a whole number of pixels wide would make 75 of them narrower.
(EM,) = re.findall(r"\n\.cu-live figcaption \{ max-width: (\d+)em;", (VIEW / "figure.css").read_text("utf-8"))
ROOM = int(EM) * LETTERS + width(" ", LETTERS)  # a space may hang over


def test_a_mark_is_held_from_beginning_to_end(demo: Demo) -> None:
    """A handle that Python moves is asked for again and again, while other marks come and go beside it."""
    for panel, here in enumerate(demo.at().spec().json["panels"]):
        places = [np.linspace(*here[axis]["limits"], 6) for axis in "xy"]
        for mark, drags in enumerate(demo.at().held(panel)):
            state = demo.defaults
            for x, y in itertools.product(*places):
                changes = dragged(demo.at(**state), state, panel=panel, mark=mark, index=0, x=x, y=y)
                assert set(changes) <= set(drags.controls)
                state = demo.state(**{**state, **changes})


CHOOSES = {
    "label",
    "pulled",
    "amount",
    "bits",
}  # controls for which a hand picks something, and carries nothing


def test_who_takes_hold_of_a_mark_and_lets_go_changes_nothing(demo: Demo) -> None:
    """Each handle stands where its control says: the place where it is sets the value that there is.

    Or one that is drawn there as well, as near a corner of the triangle.
    """
    for state in (demo.state(**changes) for changes in end_states(demo)):
        for row, panels in enumerate(demo.at(**state).panels):
            for column, panel in enumerate(panels):
                for number, mark in enumerate(panel.marks):
                    for control, value, here in set_by(mark, state):
                        if control in CHOOSES or np.allclose(value, here, rtol=0, atol=1e-6):
                            continue
                        then = demo.at(**{**state, control: value}).panels[row][column].marks[number]
                        places = [list(place.values()) for one in (mark, then) for place in handles(one)]
                        assert np.allclose(*places, rtol=0, atol=1e-3), (state, mark.name, control)


def set_by(mark: Any, state: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each control that a mark sets, to what it sets it where it stands, and what it is."""
    drags = getattr(mark, "drags", None)
    for index, place in enumerate(handles(mark)) if isinstance(drags, dict | DragTo) else ():
        if isinstance(drags, DragTo):
            changes = drags.function(place.get("x", 0.0), place.get("y", 0.0), index, dict(state))
            yield from ((control, value, state[control]) for control, value in changes.items())
            continue
        for axis, drag in drags.items():
            entry = index if drag.entry == "each" else drag.entry
            here = state[drag.control]
            yield drag.control, drag.offset + drag.scale * place[axis], here if entry is None else here[entry]


def handles(mark: Any) -> list[dict[str, float]]:
    """Where a hand takes hold of each part of a mark, along the axes that count; not where none is drawn."""
    if isinstance(mark, Rule):
        return [{mark.axis: float(mark.at)}]
    if isinstance(mark, Bars):
        return [{"x" if mark.horizontal else "y": float(end)} for end in mark.y]
    both = zip(np.ravel(mark.x).tolist(), np.ravel(mark.y).tolist(), strict=True)
    return [{"x": x, "y": y} for x, y in both if np.isfinite([x, y]).all()]


def test_every_panel_has_a_title(demo: Demo) -> None:
    assert all(panel.title for row in demo.at().panels for panel in row)


def test_labels_and_presets_are_for_readers(demo: Demo) -> None:
    assert demo.look_for.endswith((".", "?", "!"))
    assert len({control.label for control in demo.controls}) == len(demo.controls)
    assert demo.presets, "presets show what is worth seeing"
