"""Every demo, swept over its controls: what is drawn, tabulated and said must be one and the same.

A control that breaks a picture mostly does so by itself. So every run sweeps the defaults, the presets, the
ends and a few random states. Where STATES=all is set, as in the weekly run, it meets pairs of ends and more
random states too.
"""

from __future__ import annotations

import io
import itertools
import os
import zlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
from artists import artist_problems, data_axes, number_problems, plotly_problems
from discovery import declared
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from painted import all_text_problems, mark_problems, places
from PIL import Image

from course_utils.teaching import Demo, Picture, Table, look, pictures
from course_utils.teaching.furniture import Furniture
from course_utils.teaching.text import sentences

DEMOS = declared(Demo)
ALL_STATES = os.environ.get("STATES") == "all"
RANDOM_STATES = 50 if ALL_STATES else 10

pytestmark = pytest.mark.parametrize("demo", DEMOS)


def end_states(demo: Demo) -> Iterator[dict[str, Any]]:
    """Yield the defaults, the presets and each end of each control; of two controls, if asked for."""
    yield demo.defaults
    yield from map(dict, demo.presets.values())
    ends = [[(control.name, end) for end in control.extremes()] for control in demo.controls]
    yield from (demo.state(**{name: end}) for control in ends for name, end in control)
    for one, other in itertools.combinations(ends, 2) if ALL_STATES else ():
        yield from (demo.state(**dict(pair)) for pair in itertools.product(one, other))


def random_states(demo: Demo) -> Iterator[dict[str, Any]]:
    """Yield legal states, the same ones in every run."""
    random = np.random.default_rng(zlib.crc32(demo.title.encode()))
    for _ in range(RANDOM_STATES):
        yield {control.name: control.sample(random) for control in demo.controls}


def content(picture: Any) -> Any:
    """Return what must change when a control moves: the data drawn, the numbers and the words."""
    data = {name: np.asarray(values).tolist() for name, values in picture.data.items()}
    return repr((data, [dict(table.summary) for table in tables_of(picture)], picture.description))


def tables_of(picture: Any) -> list[Table]:
    return list(picture.tables) if isinstance(picture, pictures.Picture) else [picture.table]


def problems(picture: Any, state: dict[str, Any]) -> list[str]:
    """List everything a reader could find wrong with one picture, except what only rendering shows."""
    painted = isinstance(picture, pictures.Picture)
    found = mark_problems(picture) if painted else artist_problems(picture)
    found += number_problems(picture, state)
    numbers = [*picture.data.values(), *(v for table in tables_of(picture) for v in table.summary.values())]
    for values in numbers:
        array = np.asarray(values)
        if array.dtype.kind == "f" and np.isinf(array).any():
            found.append("an infinite number: say it in words")
    for table in tables_of(picture):
        for name, column in table.columns.items():
            if np.asarray(column).dtype.kind == "f" and np.isnan(np.asarray(column)).any():
                found.append(f"column {name!r} has entries that are not numbers: say it in words")
        if len(table.rows()) > 50:
            found.append("a table of more than 50 rows: choose a part of it")
    if not 1 <= len(sentences(picture.description)) <= 3 or not picture.description.endswith("."):
        found.append(f"one to three sentences, not {picture.description!r}")
    return found


def test_drawing_table_and_sentence_agree_everywhere(demo: Demo) -> None:
    for state in itertools.chain(end_states(demo), random_states(demo)):
        assert problems(demo.at(**state), state) == [], state


def test_plotly_shows_the_same(demo: Demo) -> None:
    for changes in [{}, *demo.presets.values()]:
        assert plotly_problems(demo.at(**changes)) == []


def test_everything_moves_something(demo: Demo) -> None:
    default = content(demo.at())
    for name, state in demo.presets.items():
        assert content(demo.at(**state)) != default, f"the preset {name!r} does nothing"
    for control in demo.controls:
        for end in control.extremes():
            if end != control.default:
                assert content(demo.at(**{control.name: end})) != default, (
                    f"{control.name} = {end} does nothing"
                )


def test_no_text_is_clipped_covered_small_or_jumping(demo: Demo) -> None:
    """Text lies inside the figure, apart from other text, large enough; axes keep their places."""
    ends = [{control.name: end} for control in demo.controls for end in control.extremes()]
    states = [{}, *demo.presets.values(), *ends]
    if isinstance(demo.at(), pictures.Picture):
        standing = places(demo.at())
        for changes in states:
            assert all_text_problems(demo.at(**changes)) == [], changes
            assert places(demo.at(**changes)) == standing, f"the panels jump at {changes}"
        return
    boxes = [axes.get_position().bounds for axes in demo.at().figure.axes]
    width, height = demo.at().size
    assert width == look.PIXELS_WIDE
    for changes in states:
        picture = demo.at(**changes)
        assert picture.size == (width, height)
        assert [axes.get_position().bounds for axes in picture.figure.axes] == boxes, "the axes jump"
        drawn = drawn_texts(picture)
        for (one, box), (other, other_box) in itertools.combinations(drawn, 2):
            apart = not box.padded(-2).overlaps(other_box.padded(-2))
            assert apart, f"{one.get_text()!r} and {other.get_text()!r} overlap at {changes}"
        for text, box in drawn:
            assert text.get_fontsize() >= 11, f"{text.get_text()!r} is too small"
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
            assert inside, f"{text.get_text()!r} is clipped at {changes}"


def drawn_texts(picture: Picture) -> list[tuple[Text, Bbox]]:
    """Render the picture and return every text that is really drawn, with its place in pixels."""
    drawn: list[tuple[Text, Bbox]] = []
    draw = Text.draw

    def recording(text: Text, renderer: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            drawn.append((text, text.get_window_extent(renderer)))
        draw(text, renderer)

    with mock.patch.object(Text, "draw", recording):
        picture.png(1)
    return drawn


def test_a_moving_picture_is_drawn_like_one_at_rest(demo: Demo) -> None:
    """The shortcut that a moving picture takes shows nowhere, and leaves the picture as it was."""
    if isinstance(demo.at(), pictures.Picture):
        return
    furniture = Furniture()
    for changes in [{}, *demo.presets.values()]:
        picture = demo.at(**changes)
        with furniture.lent_to(picture.figure):
            pasted = picture.png(1)
        drawn = picture.png(1)
        # Where texts overlap, blending them in another order rounds otherwise.
        assert np.abs(levels(pasted) - levels(drawn)).max() <= 2, changes


def levels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_every_panel_has_a_title(demo: Demo) -> None:
    picture = demo.at()
    if isinstance(picture, pictures.Picture):
        assert all(panel.title for row in picture.panels for panel in row)
        return
    for axes in data_axes(picture.figure):
        assert any(axes.get_title(loc) for loc in ("left", "center", "right")), "a panel without a title"


def test_labels_and_presets_are_for_readers(demo: Demo) -> None:
    assert demo.look_for.endswith((".", "?", "!"))
    assert len({control.label for control in demo.controls}) == len(demo.controls)
    assert demo.presets, "presets show what is worth seeing"
