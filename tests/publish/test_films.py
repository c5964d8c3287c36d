"""A film answers with what the demo itself would show."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from discovery import declared

from course_utils.publish.answers import Answers
from course_utils.publish.films import MOST_NOTCHES, notches, record, states, tables
from course_utils.publish.site import ASSETS
from course_utils.teaching import Demo, bundle
from course_utils.teaching.controls import Choice, Control, Float, Integer, LogFloat, Toggle, Vector

DEMOS = declared(Demo)
BY_NAME: dict[str, Demo] = {str(p.id): p.values[0] for p in DEMOS}
CONTROLS = [
    pytest.param(control, id=f"{name}-{control.name}")
    for name, demo in BY_NAME.items()
    for control in demo.controls
    if isinstance(control, Float | Integer | Choice | Toggle | Vector)
]


@pytest.mark.parametrize("control", CONTROLS)
def test_a_slider_is_recorded_from_end_to_end_in_legal_steps(control: Control) -> None:
    values = notches(control, control.default)
    assert all(control.validate(value) == value for value in values)
    sliders = len(control.entries) if isinstance(control, Vector) else 1
    assert len(values) <= sliders * max(MOST_NOTCHES, len(control.extremes()))
    ends = [control.low, control.high] if hasattr(control, "low") else list(control.extremes())
    flat = [entry for value in values for entry in value] if isinstance(control, Vector) else values
    assert {*ends} <= {*flat}
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
READ = """
import {{ pictureOf }} from "{site}/states.js";
import {{ unpacked }} from "{view}/arrays.js";
import {{ readFileSync }} from "node:fs";
const film = JSON.parse(readFileSync(process.argv.at(-1), "utf8"));
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


def as_read(film: dict[str, Any], folder: Path) -> Any:
    """Return the pictures that a page makes of a film."""
    return run_in_node(READ, film, folder)


def run_in_node(script: str, data: Any, folder: Path) -> Any:
    """Return what a script of a page makes of JSON."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not there to read films as a page does")
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    source = script.format(view=bundle.VIEW.as_uri(), site=ASSETS.as_uri())
    command = [node, "--input-type=module", "--eval", source, "--", str(folder / "data.json")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def rounded(part: Any) -> Any:
    """Return JSON with as many digits as a film has."""
    if isinstance(part, dict):
        return {key: rounded(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [rounded(value) for value in part]
    if isinstance(part, bool) or not isinstance(part, float | int):
        return part
    return float(f"{float(f'{part:.7g}'):.6g}")


def whole(demo: Demo, width: int, **values: Any) -> Any:
    """Return the spec of a picture with its arrays as lists."""
    spec = demo.at(**values).spec(width)

    def unpacked(part: Any) -> Any:
        if isinstance(part, dict) and isinstance(part.get("b"), int):
            return [None if np.isnan(v) else float(v) for v in spec.array(part)]
        if isinstance(part, dict):
            return {key: unpacked(value) for key, value in part.items()}
        return [unpacked(value) for value in part] if isinstance(part, list | tuple) else part

    return unpacked({key: value for key, value in spec.json.items() if key != "version"})


@pytest.mark.parametrize("name", SMALL)
def test_a_page_reads_from_a_film_what_the_demo_shows(name: str, tmp_path: Path) -> None:
    demo = BY_NAME[name]
    film = json.loads(json.dumps(record(demo)))
    read = as_read(film, tmp_path)
    recorded = states(demo)
    assert len(read) == len(recorded)
    for values, pictures in list(zip(recorded, read, strict=True))[::7]:
        for width, picture in zip(film["widths"], pictures, strict=True):
            assert rounded(picture) == rounded(whole(demo, width, **values))


@pytest.mark.parametrize("name", SMALL)
def test_a_page_opens_what_python_in_the_page_answers(name: str, tmp_path: Path) -> None:
    demo = BY_NAME[name]
    topic, _, variable = name.partition(".")
    answers = Answers({name: {"topic": topic, "expression": f"lesson.{variable}", "prelude": ""}})
    answer = answers.picture(name, {"values": {}, "width": 640})
    read = run_in_node(OPEN, answer, tmp_path)
    wanted = whole(demo, 640)
    assert rounded({key: read[key] for key in wanted}) == rounded(wanted)


def test_a_wrong_piece_is_seen(tmp_path: Path) -> None:
    demo = BY_NAME["start_here.exponential_demo"]
    film = json.loads(json.dumps(record(demo)))
    marks = [piece for piece in film["pieces"] if "kind" in piece and isinstance(piece.get("y"), list)]
    marks[0]["y"][0] = 123.0
    picture = as_read(film, tmp_path)[0][0]
    assert rounded(picture) != rounded(whole(demo, film["widths"][0]))


def test_tables_are_those_of_the_states() -> None:
    demo = BY_NAME["cross_entropy_derivation.double_demo"]
    found = tables(demo)
    recorded = states(demo)
    assert len(found["of"]) == len(recorded)
    for place in range(0, len(recorded), 9):
        assert found["tables"][found["of"][place]] == demo.at(**recorded[place]).numbers_html()
