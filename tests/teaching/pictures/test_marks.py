"""Marks hold the data they were given, say what is wrong with bad data, and go over the wire unchanged."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from samples import GRID, NAMES, PANELS, TRIANGLES, XY, X, Y, picture

from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Drag,
    DragTo,
    Image,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Press,
    Rule,
    Surface,
    Text,
    Tiles,
    classes,
    colors,
)
from course_utils.teaching.pictures.layout import WIDTHS, flat_marks
from course_utils.teaching.pictures.spec import LAST, SHORT, Spec

SAMPLES = [pytest.param(panel, id=name) for name, panel in PANELS.items()]


def sent(panel: Panel, width: int = 640) -> list[tuple[Any, dict[str, Any], Spec]]:
    """Return each flat mark with its JSON, after a trip through text and bytes."""
    spec = picture(panel).spec(width)
    received = Spec(json.loads(json.dumps(spec.json, allow_nan=False)), list(map(bytes, spec.buffers)))
    (one,) = received.json["panels"]
    return [(mark, marked, received) for mark, marked in zip(flat_marks(panel), one["marks"], strict=True)]


# Where a mark keeps what its JSON calls so.
FIELDS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "line": {"x": lambda m: m.x, "y": lambda m: m.y},
    "points": {"x": lambda m: m.x, "y": lambda m: m.y},
    "bars": {"x": lambda m: m.x, "y": lambda m: m.y if np.ndim(m.base) == 0 else m.base + m.y},
    "band": {"x": lambda m: m.x, "low": lambda m: m.low, "high": lambda m: m.high},
    "polygons": {
        "x": lambda m: m.vertices[:, 0],
        "y": lambda m: m.vertices[:, 1],
        "counts": lambda m: m.counts,
    },
    "tiles": {"values": lambda m: m.matrix.ravel()},
    "image": {},
    "rule": {},
    "text": {},
}


def spec_ends(packed: Any) -> tuple[float, float]:
    """Return the ends between which places in two bytes lie; of other arrays none."""
    return packed.get("ends", (0, 0)) if isinstance(packed, dict) else (0, 0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("panel", SAMPLES)
def test_the_spec_holds_the_data(panel: Panel, width: int) -> None:
    """Long arrays may be rounded by what moves them a sixteenth of a pixel, short ones by nothing."""
    for mark, marked, spec in sent(panel, width):
        assert (marked["kind"], marked.get("name", "")) == (mark.kind, mark.name)
        for field, data in FIELDS[mark.kind].items():
            got, right = spec.array(marked[field]).astype(float), data(mark)
            assert got.shape == right.shape
            low, high = spec_ends(marked[field])
            near = 0.0 if right.size <= SHORT else 1e-6 * np.nanmax(np.abs(right)) + (high - low) / LAST
            assert np.allclose(got, right, rtol=0, atol=near, equal_nan=True), field


def test_styles_and_drags_are_sent_as_declared() -> None:
    ((_, dashed, _),) = sent(PANELS["line, dashed"])
    assert {k: dashed[k] for k in ("color", "width", "dash", "arrow")} == {
        "color": "#123456",
        "width": 3,
        "dash": "dashed",
        "arrow": False,
    }
    ((_, arrow, _),) = sent(PANELS["line, arrow"])
    assert arrow["arrow"] is True
    ((_, points, _),) = sent(PANELS["points, drags"])
    plain = {"entry": None, "scale": 1.0, "offset": 0.0}
    assert points["drags"] == {
        "x": {"control": "a", **plain},
        "y": {"control": "b", "entry": 0, "scale": 2.0, "offset": 1.0},
    }
    ((mark, to, _),) = sent(PANELS["points, drags to"])
    assert to["drags"] == {"to": True, "controls": ["z"], "text": "p", "mark": 0}
    assert mark.drags.function(1.0, 2.0, 3, {}) == {"z": 6.0}
    ((_, bars, _),) = sent(PANELS["bars, faded"])
    assert bars["faded"] == [True, False, False, True]
    assert bars["labels"] == NAMES
    ((_, rule, _),) = sent(PANELS["rule, drags"])
    assert (rule["at"], rule["axis"], rule["drags"]["x"]["control"]) == (1.5, "x", "t")
    ((_, plain_bars, _),) = sent(PANELS["bars"])
    assert "drags" not in plain_bars
    (_, (_, stacked, _)) = sent(PANELS["bars, stacked"])
    assert stacked["values"] == (Y**2).tolist(), "what is shown while pointing is the length"
    assert stacked["base"] == Y.tolist()


def test_entries_have_names_for_those_who_point_at_them() -> None:
    def named(name: str) -> dict[str, Any]:
        (_, marked, _), *_ = sent(PANELS[name])
        return {key: marked[key] for key in ("labels", "x_name") if key in marked}

    assert named("points, by class") == {"labels": NAMES}
    assert named("bars, lying") == {"labels": NAMES}
    assert named("points, gap") == {"x_name": "x"}
    assert named("bars, places") == {"x_name": "x"}
    assert named("tiles")["labels"][:5] == ["a, w", "a, x", "a, y", "a, z", "b, w"]
    assert named("rule, upright") == {}


def test_a_mark_is_found_by_its_place_in_the_spec() -> None:
    shown = picture(PANELS["surface"])
    for number, marked in enumerate(shown.spec(640).json["panels"][0]["marks"]):
        assert shown.mark(0, number).kind == marked["kind"]


def test_long_arrays_go_as_bytes_and_precise_ones_in_double_precision() -> None:
    def packed(values: np.ndarray, low: float, high: float) -> Any:
        line = Line("f", values, np.linspace(0, 1, values.size), color="ink")
        panel = Panel("f", [line], x=Axis("x", 0, 1), y=Axis("y", low, high))
        return sent(panel)[0][1]["y"]

    wave = np.sin(np.linspace(0, 9, SHORT + 1))
    assert packed(wave[:-1], -1, 1) == wave[:-1].tolist()
    assert packed(wave, -1, 1)["t"] == "f4"
    assert packed(1e6 + 1e-3 * wave, 1e6 - 1e-3, 1e6 + 1e-3)["t"] == "f8"
    assert packed(1e300 * wave, -1e300, 1e300)["t"] == "f8"
    gaps = np.where(wave > 0.9, np.nan, wave)
    assert packed(gaps, -1, 1)["t"] == "f4"


def test_gaps_are_null_in_the_json() -> None:
    ((_, marked, _),) = sent(PANELS["line, gap"])
    assert marked["y"] == [0.5, None, 1.25, 2.0]


CROSSED = Line("p", Y, X[::-1], color="ink")
BAD: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "lengths": (lambda: Line("f", Y, X[:2], color="ink"), ValueError, "Line 'f' has 2 x for 4 y"),
    "no numbers": (lambda: Line("f", ["a"], color="ink"), TypeError, "Line 'f': y needs numbers"),
    "two dimensions": (lambda: Points("p", GRID, color="ink"), ValueError, "array of 1 dimensions, not 2"),
    "infinite": (lambda: Line("f", [1, np.inf], color="ink"), ValueError, "holds infinity"),
    "gap in bars": (lambda: Bars("p", [1, np.nan], color="ink"), ValueError, "holds not a number"),
    "color": (lambda: Line("f", Y, color="salmon"), ValueError, "'salmon' is no color here"),
    "outline": (lambda: Points("p", Y, color="ink", outline="x"), ValueError, "'x' is no color here"),
    "dash": (lambda: Line("f", Y, color="ink", dash="--"), ValueError, "dash must be one of"),
    "shape": (lambda: Points("p", Y, color="ink", shape="dot"), ValueError, "shape must be one of"),
    "hatch": (lambda: Bars("p", Y, color="ink", hatch="\\"), ValueError, "hatch must be one of"),
    "base": (lambda: Bars("p", Y, color="ink", base=[1, 2]), ValueError, "2 base for 4 bars"),
    "values": (lambda: Bars("p", Y, color="ink", values=["a"]), ValueError, "1 values for 4 bars"),
    "faded": (lambda: Bars("p", Y, color="ink", faded=[True]), ValueError, "1 faded for 4 bars"),
    "drags": (lambda: Bars("p", Y, color="ink", drags={"y": "z"}), TypeError, "drags must look like"),
    "dragged polygons": (
        lambda: Polygons("r", TRIANGLES, fill="tint0", drags={"y": Drag("z")}),
        TypeError,
        "drags must be Press.*, not dict",
    ),
    "pressed image": (
        lambda: Image("f", GRID, x=(0, 4), y=(0, 3), low=0, high=1, drags=Press("b")),
        TypeError,
        "drags must be Paint.*, not Press",
    ),
    "drag axis": (
        lambda: Bars("p", Y, color="ink", drags={"z": Drag("z")}),
        ValueError,
        "must be one of 'x', 'y'",
    ),
    "band": (lambda: Band("b", Y, Y[:2], X, color="ink"), ValueError, "4 low and 2 high for 4 x"),
    "rule": (lambda: Rule("t", np.nan), ValueError, "holds not a number"),
    "rule axis": (lambda: Rule("t", 1, axis="z"), ValueError, "axis must be one of"),  # type: ignore[arg-type]
    "text": (lambda: Text("a", np.inf, 0), ValueError, "Text 'a' holds infinity"),
    "anchor": (lambda: Text("a", 0, 0, anchor="left"), ValueError, "anchor must be one of"),
    "flat image": (
        lambda: Image("f", Y, x=(0, 1), y=(0, 1), low=0, high=1),
        ValueError,
        "2 dimensions, not 1",
    ),
    "edges": (lambda: Image("f", GRID, x=(0, 1, 2), y=(0, 1), low=0, high=1), ValueError, "two edges"),  # type: ignore[arg-type]
    "scale": (lambda: Image("f", GRID, x=(0, 1), y=(0, 1), low=1, high=1), ValueError, "low < high"),
    "map": (
        lambda: Image("f", GRID, x=(0, 1), y=(0, 1), low=0, high=1, colormap="jet"),
        ValueError,
        "'jet' is no color map here",
    ),
    "no fill": (lambda: Polygons("r", TRIANGLES), ValueError, "needs fill or values"),
    "fills": (lambda: Polygons("r", TRIANGLES, fill=["ink"]), ValueError, "1 fill for 2 polygons"),
    "polygon values": (lambda: Polygons("r", TRIANGLES, values=[1]), ValueError, "1 values for 2 polygons"),
    "counts": (lambda: Polygons("r", (GRID[:, :2], [2]), fill="ink"), ValueError, "as many as the counts"),
    "corners": (lambda: Polygons("r", (GRID, [3]), fill="ink"), ValueError, r"corners of shape \(n, 2\)"),
    "chosen": (lambda: Polygons("r", TRIANGLES, fill="ink", chosen=[2]), ValueError, "from 0 to 1, not"),
    "tiles": (
        lambda: Tiles("J", GRID, rows="ab", columns="wxyz", low=0, high=1),
        ValueError,
        "2 names of rows",
    ),
    "tile texts": (
        lambda: Tiles("J", GRID, rows="abc", columns="wxyz", low=0, high=1, texts=["a"]),
        ValueError,
        "one text for each of its 12 tiles",
    ),
    "tile palette": (
        lambda: Tiles("J", GRID, rows="abc", columns="wxyz", palette=("faint", "ink")),
        ValueError,
        "a palette for the numbers 0 to 1",
    ),
    "outlined": (
        lambda: Tiles("J", GRID, rows="abc", columns="wxyz", low=0, high=1, outlined=[(3, 0)]),
        ValueError,
        "outside the matrix",
    ),
    "surface": (
        lambda: Surface("s", GRID, X, X, low=0, high=1),
        ValueError,
        r"shape \(3, 4\) for 4 y and 4 x",
    ),
    "axis": (lambda: Axis("x", 1, 1), ValueError, "low < high, not 1 and 1"),
    "infinite axis": (lambda: Axis("x", 0, np.inf), ValueError, "holds infinity"),
    "log axis": (lambda: Axis("x", 0, 1, scale="log"), ValueError, "limits above 0"),
    "ticks": (
        lambda: Axis("x", 0, 1, ticks=(0, 1, 2)),
        ValueError,
        "from 0 to 1 has no tick at 2",
    ),
    "a named tick": (lambda: Axis("x", high=1, ticks={2: "two"}), ValueError, "has no tick at 2"),
    "axis scale": (lambda: Axis("x", scale="sqrt"), ValueError, "scale must be one of"),
    "no mark": (lambda: Panel("p", [Axis("x")]), TypeError, "holds Axis, which is no mark"),
    "frame": (lambda: Panel("p", [], frame="box"), ValueError, "frame must be one of"),
    "grid": (lambda: Panel("p", [], grid="x"), ValueError, "grid must be one of"),
    "no panel": (lambda: Picture([CROSSED], "No."), TypeError, "holds panels"),
    "heights": (
        lambda: Picture([[PANELS["line"]]], "No.", height=(200, 100)),
        ValueError,
        "a picture of 1 rows has 2 heights",
    ),
    "no panels": (lambda: Picture([], "No."), TypeError, "holds panels"),
    "an empty row": (lambda: Picture([[]], "No."), TypeError, "holds panels"),
    "one name": (
        lambda: Picture(
            [Panel("a", [Line("p", Y, X, color="ink"), Line("p", Y * 2, X, color="ink")], **XY)], "No."
        ),
        ValueError,
        "two marks are called 'p' but hold different numbers",
    ),
    "one column": (
        lambda: Picture(
            [Panel("a", [Bars("p", [0.25, 0.75], color="ink")], x=classes("uv"))],
            "No.",
            columns={"p": [9, 9]},
        ),
        ValueError,
        "two columns are called 'p' but hold different numbers",
    ),
    "a column like its x": (
        lambda: Picture([Panel("a", [Line("x", [5, 6], [0, 1], color="ink")])], "No."),
        ValueError,
        "two columns are called 'x' but hold different numbers",
    ),
    "one fact": (
        lambda: Picture([Panel("a", [Rule("t", 1.0)], **XY)], "No.", facts={"t": 7}),
        ValueError,
        "two facts are called 't' but hold different numbers",
    ),
    "one name of columns": (
        lambda: picture(Panel("a", [Tiles("J", [[1, 2]], rows="a", columns="cc", low=0, high=1)])),
        ValueError,
        "two columns are called 'J, c' but hold different numbers",
    ),
    "a short column beside many rows": (
        lambda: Picture(
            [Panel("a", [Line("f", np.zeros(99), np.arange(99), color="ink")])], "No.", columns={"g": [1, 2]}
        ),
        ValueError,
        "a table needs columns of one length.*'g': 2",
    ),
    "surface x": (
        lambda: Surface("s", np.ones((2, 3)), [0, 2, 1], [0, 1], low=0, high=1),
        ValueError,
        "Surface 's': x must increase",
    ),
    "surface y": (
        lambda: Surface("s", np.ones((2, 3)), [0, 1, 2], [0, 0], low=0, high=1),
        ValueError,
        "Surface 's': y must increase",
    ),
    "width": (lambda: picture(PANELS["line"]).spec(641), ValueError, "360, 640 or 960, not 641"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_marks_get_one_clear_sentence(case: str) -> None:
    make, kind, sentence = BAD[case]
    with pytest.raises(kind, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_nothing_can_be_changed_afterwards() -> None:
    given = Y.copy()
    line = Line("f", given, X, color="ink")
    given[0] = 99
    assert line.y[0] == Y[0], "the array was copied"
    for array in (line.x, line.y, Polygons("r", TRIANGLES, fill="ink").vertices):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 99
    panel = Panel("p", [line], **XY)
    for thing, field in ((line, "color"), (panel, "title"), (picture(panel), "says"), (XY["x"], "low")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, field, "x")
    assert isinstance(panel.marks, tuple)


def test_one_name_may_stand_for_one_array_in_several_panels() -> None:
    shown = Picture([Panel("a", [Line("p", Y, X, color="ink")], **XY)] * 2, "Twice.")
    assert shown.table.columns["p"].tolist() == Y.tolist()


def test_the_same_numbers_may_be_named_again() -> None:
    panel = Panel("a", [Line("x", X, X, color="ink"), Rule("t", 1.0)])
    shown = Picture([panel], "Twice.", columns={"x": X, "of": list("abcdefg")[: X.size]}, facts={"t": 1})
    assert list(shown.table.columns) == ["x", "of"]
    assert shown.table.summary == {"t": 1}


def test_classes_that_are_as_many_share_a_table_with_the_names_of_the_first() -> None:
    """One panel calls "cat" what another one calls "p(cat)"; whose classes are others has another count."""
    z, p = Bars("z", [1, 2], color="ink"), Bars("p", [3, 4], color="ink")
    shown = Picture([Panel("", [z], x=classes("ab")), Panel("", [p], x=classes(["p(a)", "p(b)"]))], "Two.")
    assert [table.rows() for table in shown.tables] == [[("a", "1", "3"), ("b", "2", "4")]]
    other = Picture([Panel("", [z], x=classes("ab")), Panel("", [p], x=classes("abc"))], "Two.")
    assert len(other.tables) == 2


@pytest.mark.parametrize("number", [np.float32(1), np.int64(1), 1, 1.0])
def test_a_number_of_numpy_is_a_number(number: Any) -> None:
    assert Bars("p", [2, 3], color="ink", base=number).base == 1.0
    assert Band("f", number, [2, 3], [0, 1], color="ink").low.tolist() == [1, 1]


def test_a_height_may_be_any_number() -> None:
    panels = [[PANELS["line"]], [PANELS["line"]]]
    high = Picture(panels, "Two.", height=800).size
    assert high != Picture(panels, "Two.").size
    for same in (np.int64(800), np.float64(800), 800.0):
        assert Picture(panels, "Two.", height=same).size == high
    rows = Picture(panels, "Two.", height=(500, 300)).size
    assert Picture(panels, "Two.", height=np.array([500, 300])).size == rows


def test_drags_to_are_for_functions() -> None:
    assert DragTo(lambda x, y, i, s: {}, ("z",)).json()["controls"] == ["z"]


def test_pictures_need_no_matplotlib_no_widgets_and_no_mathematics_of_the_course() -> None:
    heavy = (
        "matplotlib",
        "ipywidgets",
        "anywidget",
        "IPython",
        "PIL",
        "scipy",
        "sympy",
        "course_utils.numerics",
    )
    probe = f"""
import sys
from course_utils.teaching import Demo
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, classes
shown = Picture([Panel("p", [Bars("p", [1, 2], color="ink")], x=classes("ab"), y=Axis("", 0, 3))], "p.")
shown.spec(640), shown.svg(), shown.numbers_html()
print([name for name in {heavy!r} if name in sys.modules])
"""
    root = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_classes_are_places_with_names() -> None:
    axis = classes(["cat", "*d*og"], "animal")
    assert (axis.low, axis.high, axis.names, axis.label) == (-0.6, 1.6, ("cat", "*d*og"), "animal")


def test_numbers_of_polygons_are_sent_unless_their_colors_will_do() -> None:
    squares = [np.array([[i, 0], [i + 1, 0], [i + 1, 1]]) for i in range(3)]
    for approximate in (False, True):
        areas = Polygons("f", squares, values=[0.1, 0.2, 0.3], approximate=approximate)
        ((_, marked, _),) = sent(Panel("", [areas]))
        assert ("values" in marked) is not approximate
        assert marked["fill"] == colors.color_indices(np.array([0.1, 0.2, 0.3]), 0, 1).tolist()
