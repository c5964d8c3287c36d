"""A film answers with what the demo itself would show."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from control_values import ends
from discovery import declared

from course_utils.publish.answers import Answers
from course_utils.publish.film_file import FORMS, Arrays, to_bytes
from course_utils.publish.films import MOST_NOTCHES, Film, notches, record, states
from course_utils.publish.site import ASSETS
from course_utils.teaching import Demo, bundle
from course_utils.teaching.controls import Bitmap, Bits, Choice, Control, LogFloat

DEMOS = declared(Demo)
BY_NAME: dict[str, Demo] = {str(p.id): p.values[0] for p in DEMOS}
CONTROLS = [
    pytest.param(control, id=f"{name}-{control.name}")
    for name, demo in BY_NAME.items()
    for control in demo.controls
    if not isinstance(control, Bits | Bitmap)
]


@pytest.mark.parametrize("control", CONTROLS)
def test_a_slider_is_recorded_from_end_to_end_in_legal_steps(control: Control) -> None:
    values = notches(control, control.default)
    assert all(control.validate(value) == value for value in values)
    sliders = control.moves(control.default)
    assert len(values) <= len(sliders) * max(MOST_NOTCHES, len(ends(control)))
    for slider in sliders:
        assert {*(slider if isinstance(control, Choice) else (slider[0], slider[-1]))} <= {*values}
    if hasattr(control, "low"):
        assert {control.low, control.high} <= {*np.ravel(values)}
    if isinstance(control, LogFloat):  # even in its logarithm, as the slider is
        assert np.ptp(np.diff(np.log(values))) < 1e-9 or len(values) == MOST_NOTCHES


@pytest.mark.parametrize("demo", DEMOS)
def test_defaults_come_first_and_each_preset_is_recorded(demo: Demo) -> None:
    recorded = states(demo)
    assert recorded[0] == demo.defaults
    assert all(dict(values) in recorded for values in demo.presets.values())
    for control in demo.controls:
        for value in notches(control, control.default):
            assert {**demo.defaults, control.name: value} in recorded


SMALL = (
    "start_here.exponential_demo",
    "cross_entropy_derivation.double_demo",
    "activation_derivatives.functions_demo",
)
OF_EVERY_FORM = ("linear_regions.windows_demo", "training_a_classifier.ravine_demo")
BUFFERS = """
import {{ openedFilm }} from "{site}/film_file.js";
import {{ readFileSync }} from "node:fs";
const film = await openedFilm(new Blob([readFileSync(process.argv.at(-1))]).stream());
const bytes = ({{ buffer, byteOffset, byteLength }}) => [...new Uint8Array(buffer, byteOffset, byteLength)];
console.log(JSON.stringify(film.buffers.map(bytes)));
"""
READ = """
import {{ openedFilm }} from "{site}/film_file.js";
import {{ pictureOf }} from "{site}/states.js";
import {{ unpacked }} from "{view}/arrays.js";
import {{ readFileSync }} from "node:fs";
const film = await openedFilm(new Blob([readFileSync(process.argv.at(-1))]).stream());
const found = film.states.map((_, place) => film.widths.map((width) => {{
  const {{ spec, buffers }} = pictureOf(film, place, width);
  return unpacked(spec, buffers);
}}));
console.log(JSON.stringify(found));
"""


OPEN = """
import {{ opened }} from "{site}/states.js";
import {{ unpacked }} from "{view}/arrays.js";
import {{ readFileSync }} from "node:fs";
const buffers = [], answer = opened(JSON.parse(readFileSync(process.argv.at(-1), "utf8")), buffers);
console.log(JSON.stringify(unpacked(answer.spec, buffers)));
"""


def as_read(film: Film, folder: Path) -> Any:
    """Return the pictures that a page makes of a film."""
    return run_in_node(READ, film.to_bytes(), folder)


def run_in_node(script: str, data: bytes, folder: Path) -> Any:
    """Return what a script of a page makes of a file."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not there to read films as a page does")
    (folder / "data").write_bytes(data)
    source = script.format(view=bundle.VIEW.as_uri(), site=ASSETS.as_uri())
    command = [node, "--input-type=module", "--eval", source, "--", str(folder / "data")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def looks_like(read: Any, wanted: Any) -> bool:
    """Tell whether JSON is the same but for digits that nobody sees."""
    if isinstance(wanted, dict):
        return read.keys() == wanted.keys() and all(looks_like(read[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list | tuple):
        if len(read) != len(wanted) or not all(isinstance(v, int | float | None) for v in (*read, *wanted)):
            return len(read) == len(wanted) and all(map(looks_like, read, wanted))
        a, b = (np.array([np.nan if v is None else v for v in numbers], float) for numbers in (read, wanted))
        finite = b[np.isfinite(b)]
        return np.allclose(a, b, rtol=1e-5, atol=1e-4 * np.ptp(finite) if finite.size else 0, equal_nan=True)
    if isinstance(wanted, float) and not isinstance(read, bool):
        return bool(np.isclose(read, wanted, rtol=1e-6, atol=0))
    return bool(read == wanted)


def whole(demo: Demo, width: int, **values: Any) -> Any:
    """Return the spec of a picture with its arrays as lists."""
    spec = demo.at(**values).spec(width)

    def unpacked(part: Any) -> Any:
        if isinstance(part, dict) and isinstance(part.get("b"), int):
            return [None if np.isnan(v) else float(v) for v in spec.array(part)]
        if isinstance(part, dict):
            return {key: unpacked(value) for key, value in part.items()}
        return [unpacked(value) for value in part] if isinstance(part, list | tuple) else part

    return unpacked(spec.json)


def sampled(recorded: list[dict[str, Any]], most: int = 9) -> list[dict[str, Any]]:
    return recorded[:: max(1, len(recorded) // most)]


@pytest.mark.parametrize("name", [*SMALL, *OF_EVERY_FORM])
def test_a_page_reads_from_a_film_what_the_demo_shows(name: str, tmp_path: Path) -> None:
    demo = BY_NAME[name]
    recorded = sampled(states(demo))
    film = record(demo, recorded)
    read = as_read(film, tmp_path)
    assert len(read) == len(recorded)
    for values, pictures in zip(recorded, read, strict=True):
        for width, picture in zip(film.json["widths"], pictures, strict=True):
            assert looks_like(picture, whole(demo, width, **values))


def test_a_film_holds_numbers_of_every_form(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    corners = rng.integers(0, 65535, (2, 30)).astype("<u2")[:, rng.integers(0, 30, 90)]
    given = {
        "u1": (rng.integers(0, 256, 50).astype("u1"),),
        "u2": (np.array([0, 1, 65535], "<u2"),),
        "i4": (np.array([-5, 2**31 - 1], "<i4"),),
        "f4": (rng.normal(size=17).astype("<f4"),),
        "f8": (np.array([1e300, np.nan, -np.inf]),),
        "differences": (np.array([3, 255, 0, 7], "u1"),),
        "vertices": (corners[0], corners[1]),
    }
    assert tuple(given) == FORMS
    arrays = Arrays()
    places = {form: [arrays.place(form, *parts)] for form, parts in [*given.items(), *given.items()]}
    for form, parts in given.items():  # other ones of the same form, after all
        places[form].append(arrays.place(form, *(part[::-1].copy() for part in parts)))
    read = run_in_node(BUFFERS, to_bytes({}, arrays), tmp_path)
    for form, parts in given.items():
        for i, part in enumerate(parts):
            first, last = (bytes(read[place + i]) for place in places[form])
            assert first == part.tobytes()
            assert last == part[::-1].tobytes()


@pytest.mark.parametrize("name", SMALL)
def test_a_page_opens_what_python_in_the_page_answers(name: str, tmp_path: Path) -> None:
    demo = BY_NAME[name]
    topic, _, variable = name.partition(".")
    answers = Answers({name: {"topic": topic, "expression": f"lesson.{variable}", "prelude": ""}})
    answer = answers.picture(name, {"values": {}, "width": 640})
    read = run_in_node(OPEN, json.dumps(answer).encode(), tmp_path)
    wanted = whole(demo, 640)
    assert looks_like({key: read[key] for key in wanted}, wanted)


def test_a_wrong_piece_is_seen(tmp_path: Path) -> None:
    demo = BY_NAME["start_here.exponential_demo"]
    film = record(demo, [{}])
    wanted = whole(demo, film.json["widths"][0])
    assert looks_like(as_read(film, tmp_path)[0][0], wanted)
    marks = [piece for piece in film.json["pieces"] if "kind" in piece and isinstance(piece.get("y"), list)]
    marks[0]["y"][0] += 0.001 * max(marks[0]["y"])
    assert not looks_like(as_read(film, tmp_path)[0][0], wanted)


def test_tables_are_those_of_the_states() -> None:
    demo = BY_NAME["cross_entropy_derivation.double_demo"]
    recorded = sampled(states(demo))
    found = record(demo, recorded).tables
    assert [found["tables"][place] for place in found["of"]] == [
        demo.at(**values).numbers_html() for values in recorded
    ]
