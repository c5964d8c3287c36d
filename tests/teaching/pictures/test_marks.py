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
from contrast import contrast
from contrast import luminance as contrast_luminance
from samples import GAPS, GRID, NAMES, PANELS, TRIANGLES, XY, X, Y, picture

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
    layout,
)
from course_utils.teaching.pictures.fields import luminance
from course_utils.teaching.pictures.layout import WIDTHS, flat_marks
from course_utils.teaching.pictures.spec import LAST, SHORT, Pack, Scale, Spec

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


@pytest.mark.parametrize("name", ["f", ""])
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("size", [1e-42, 1.0, 1e3, 1e9, 1e36, 1e39, 1e300])
@pytest.mark.parametrize("zoom", [1, 10, 22, 23, 1e4, 1e6])
def test_as_few_bytes_are_sent_as_move_nothing_by_more_than_a_sixteenth_of_a_pixel(
    name: str, log: bool, size: float, zoom: float
) -> None:
    """Two bytes for what only guides the eye, four or eight for what is also read."""
    y = size * np.array([*np.linspace(0.1, 1, 40), np.nan])
    scale = Scale(size / 2, size / 2 + size / zoom, log, 300, -200)
    spec = Spec({}, [])
    packed = Pack(spec.buffers, scale, scale).along("y", y, exact=bool(name))
    got = spec.array(packed)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(y))

    def moved(values: np.ndarray) -> float:
        return float(np.nanmax(abs(scale.px(values.astype(float)) - scale.px(y))))

    assert moved(got) <= 1 / 16
    with np.errstate(over="ignore"):
        four = moved(y.astype("f4")) <= 1 / 16
    across = abs(scale.px(np.nanmax(y)) - scale.px(np.nanmin(y)))
    two = not name and not log and across <= 65534 / 16
    assert packed["t"] == ("u2" if two else "f4" if four else "f8")


def test_places_in_two_bytes_are_the_whole_numbers_of_the_protocol() -> None:
    """view/arrays.js reads them with the same two numbers."""

    def packed(places: Any) -> tuple[dict[str, Any], np.ndarray]:
        line = Line("", places, np.linspace(0, 1, len(places)), color="ink")
        ((_, marked, spec),) = sent(Panel("", [line], x=Axis("x", 0, 1), y=Axis("y", -9, 9)))
        return marked["y"], np.frombuffer(spec.buffers[marked["y"]["b"]], "<u2")

    y, whole = packed([-1, np.nan, 3, *np.linspace(-1, 3, 30)])
    assert (y["t"], y["n"], y["ends"]) == ("u2", 33, [-1, 3])
    assert whole[:4].tolist() == [0, 65535, 65534, 0]
    for places in ([2.0] * 30, [np.nan] * 30):
        y, _ = packed(places)
        assert (y["t"], "ends" in y) == ("f4", False), "between two ends that are none"


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
    **{
        f"{len(given)} of {what}": (
            lambda what=what, given=given: Bars("p", Y, color="ink", **{what: given}),
            ValueError,
            f"{len(given)} {what} for 4 bars",
        )
        for what, given in (
            *(("base", base) for base in ([1, 2], np.array([1, 2, 3]), [1, 2, 3, 4, 5])),
            *(("values", values) for values in ([], "abc", "abcde")),
            *(("faded", faded) for faded in ([True], [True] * 5)),
        )
    },
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
    "a short band": (lambda: Band("b", Y, Y[:2], X, color="ink"), ValueError, "4 low and 2 high for 4 x"),
    "a long band": (lambda: Band("b", Y[:3], Y, X[:3], color="ink"), ValueError, "3 low and 4 high for 3 x"),
    "half a band": (lambda: Band("b", Y[:2], Y, X, color="ink"), ValueError, "2 low and 4 high for 4 x"),
    "rule": (lambda: Rule("t", np.nan), ValueError, "holds not a number"),
    "rule axis": (lambda: Rule("t", 1, axis="z"), ValueError, "axis must be one of"),  # type: ignore[arg-type]
    "text": (lambda: Text("a", np.inf, 0), ValueError, "Text 'a' holds infinity"),
    "anchor": (lambda: Text("a", 0, 0, anchor="left"), ValueError, "anchor must be one of"),
    "flat image": (
        lambda: Image("f", Y, x=(0, 1), y=(0, 1), low=0, high=1),
        ValueError,
        "2 dimensions, not 1",
    ),
    **{
        f"{len(edges)} edges along {axis}": (
            lambda given={"x": (0, 1), "y": (0, 1)} | {axis: edges}: Image("f", GRID, low=0, high=1, **given),
            ValueError,
            "two edges",
        )
        for axis in "xy"
        for edges in ((0,), (0, 1, 2))
    },
    "scale": (lambda: Image("f", GRID, x=(0, 1), y=(0, 1), low=1, high=1), ValueError, "low < high"),
    "map": (
        lambda: Image("f", GRID, x=(0, 1), y=(0, 1), low=0, high=1, colormap="jet"),
        ValueError,
        "'jet' is no color map here",
    ),
    "no fill": (lambda: Polygons("r", TRIANGLES), ValueError, "needs fill or values"),
    "fills": (lambda: Polygons("r", TRIANGLES, fill=["ink"]), ValueError, "1 fill for 2 polygons"),
    "polygon values": (lambda: Polygons("r", TRIANGLES, values=[1]), ValueError, "1 values for 2 polygons"),
    **{
        f"{counts} of 3 corners": (
            lambda counts=counts: Polygons("r", (GRID[:, :2], counts), fill=["ink"] * len(counts)),
            ValueError,
            "as many as the counts",
        )
        for counts in ([2], [4], [2, 2])
    },
    **{
        f"corners of {columns} numbers": (
            lambda columns=columns: Polygons("r", (GRID[:, :columns], [3]), fill="ink"),
            ValueError,
            r"corners of shape \(n, 2\)",
        )
        for columns in (1, 3, 4)
    },
    **{
        f"chosen {chosen}": (
            lambda chosen=chosen: Polygons("r", TRIANGLES, fill="ink", chosen=chosen),
            ValueError,
            "from 0 to 1, not",
        )
        for chosen in ([2], [-1], [0, 3])
    },
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
    **{
        f"outlined {tile}": (
            lambda tile=tile: Tiles("J", GRID, rows="abc", columns="wxyz", low=0, high=1, outlined=[tile]),
            ValueError,
            "outside the matrix",
        )
        for tile in ((3, 0), (0, 4), (-1, 0), (0, -1))
    },
    "surface": (
        lambda: Surface("s", GRID, X, X, low=0, high=1),
        ValueError,
        r"shape \(3, 4\) for 4 y and 4 x",
    ),
    "axis": (lambda: Axis("x", 1, 1), ValueError, "low < high, not 1 and 1"),
    "infinite axis": (lambda: Axis("x", 0, np.inf), ValueError, "holds infinity"),
    **{
        f"a logarithmic axis with {ends}": (
            lambda ends=ends: Axis("x", **ends, scale="log"),
            ValueError,
            "limits above 0",
        )
        for ends in ({"low": 0, "high": 1}, {"low": -2, "high": -1}, {"low": 1}, {"high": 1}, {})
    },
    **{
        f"a tick at {at}": (
            lambda at=at: Axis("x", 0, 1, ticks=(0, 1, at)),
            ValueError,
            f"from 0 to 1 has no tick at {at}",
        )
        for at in (2, 1.1, -0.1)
    },
    "ticks on both sides": (lambda: Axis("x", 0, 1, ticks=(0, 3, -2)), ValueError, "has no tick at 3$"),
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
    "words for numbers": (
        lambda: picture(PANELS["bars"], columns={"p": list("abcd")}),
        ValueError,
        "two columns are called 'p' but hold different numbers",
    ),
    "other words": (
        lambda: picture(PANELS["bars"], columns={"": list("abcd")}),
        ValueError,
        "two columns are called '' but hold different numbers",
    ),
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
    areas, by_class = Polygons("r", TRIANGLES, fill="ink"), Line("f", Y, color="ink")
    for array in (line.x, line.y, by_class.x, areas.vertices, areas.counts):
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
    again = picture(PANELS["points, gap"], columns={"p": GAPS, "x": X})
    assert list(again.table.columns) == ["x", "p"], "gaps are the same gaps"
    assert list(picture(PANELS["bars"], columns={"": NAMES}).table.columns) == ["", "p"], "and words"


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


def test_what_is_drawn_without_a_size_of_its_own_is_seen_and_keeps_to_its_place() -> None:
    line, rule, bars = Line("f", Y, X, color="ink"), Rule("t", 1), Bars("p", Y, color="ink")
    assert line.width > rule.width > HAIRLINE
    assert 0 < Polygons("r", TRIANGLES, fill="ink", edge="ink").edge_width <= HAIRLINE
    assert 0.5 < bars.width < 1, "neighbors stand apart"
    assert 0 < Band("b", 0, Y, X, color="ink").opacity < 0.5, "what is below is seen"
    assert Text("a", 0, 0).size == layout.LABEL, "as large as what is written beside marks"
    assert Text("a", 0, 0).halo, "to be read on what is drawn below"
    (_, halo, outline) = flat_marks(Panel("", [Polygons("r", TRIANGLES, fill="ink", chosen=[0])]))
    assert 1 <= (halo.width - outline.width) / 2 <= 2, "paper is seen on both sides"  # type: ignore[attr-defined]


HAIRLINE = 1  # pixel


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
    filled = Polygons("f", squares, fill="tint0", values=[0.1, np.nan, 0.3])
    ((_, marked, spec),) = sent(Panel("", [filled]))
    np.testing.assert_allclose(spec.array(marked["values"]), [0.1, np.nan, 0.3], rtol=1e-6)


@pytest.mark.parametrize("most", [3, 255, 256, 300])
@pytest.mark.parametrize("areas", [SHORT, SHORT + 1])
def test_as_many_corners_are_sent_as_an_area_has(most: int, areas: int) -> None:
    """In one byte each where that is enough, and no areas where there are none."""
    counts = [most, *[3] * (areas - 1)]
    corners = np.linspace(0, 1, 2 * sum(counts)).reshape(-1, 2)
    ((_, marked, spec),) = sent(Panel("", [Polygons("r", (corners, counts), fill="ink")]))
    assert spec.array(marked["counts"]).tolist() == counts
    if areas > SHORT:
        assert len(spec.buffers[marked["counts"]["b"]]) == areas * (1 if most < 256 else 2)
    ((_, none, spec),) = sent(Panel("", [Polygons("r", [], fill="ink")]))
    assert [spec.array(none[key]).tolist() for key in ("x", "y", "counts", "fill")] == [[]] * 4


def test_facts_of_a_map_are_its_extremes_without_its_gaps() -> None:
    def facts(name: str, values: Any) -> dict[str, float]:
        image = Image(name, values, x=(0, 1), y=(0, 1), low=0, high=1)
        areas = Polygons(name, TRIANGLES, fill="ink", values=np.ravel(values))
        assert image.facts() == areas.facts()
        return image.facts()

    assert facts("f", [[0.25, -1]]) == {"lowest f": -1, "highest f": 0.25}
    assert facts("f", [[np.nan, 0.5]]) == {"lowest f": 0.5, "highest f": 0.5}
    assert facts("f", [[np.nan, np.nan]]) == {}
    assert facts("", [[0.25, 0.5]]) == {}


def test_what_a_tile_says_is_its_number_and_never_a_false_zero() -> None:
    numbers = [0.0, -0.0, 0.004, -0.004, 0.00501, -0.00501, 1e-300, 1.234, -1]
    tiles = Tiles("J", [numbers], rows="a", columns=list("abcdefghi"), low=-1, high=2)
    assert tiles.texts == ("0.00", "0.00", "≈0", "≈0", "0.01", "−0.01", "≈0", "1.23", "−1.00")


@pytest.mark.parametrize("name", colors.COLORMAPS)
def test_words_on_tiles_are_white_where_that_can_be_read_and_else_dark(name: str) -> None:
    """Readable is 3:1 (WCAG 2.2, for what is large or bold), here on each of the 256 colors."""
    numbers = np.linspace(0, 1, 256)[None]
    tiles = Tiles("J", numbers, rows="a", columns=list(map(str, range(256))), colormap=name)
    ((_, marked, _),) = sent(Panel("", [tiles]))
    for color, ink in zip(colors.colormap(name).tolist(), marked["ink"], strict=True):
        on_it = contrast(color, bytes.fromhex(ink[1:]))
        assert on_it >= 3
        assert (ink == "#ffffff") == (contrast(color, (255, 255, 255)) > 3)


def test_words_on_tiles_of_a_palette_turn_with_the_theme() -> None:
    palette = ("faint", "ink", "muted", "paper")
    ((_, marked, _),) = sent(Panel("", [Tiles("on", [range(4)], rows="a", columns="wxyz", palette=palette)]))
    assert marked["ink"] == ["ink", "paper", "paper", "ink"]
    for dark in (False, True):
        for color, ink in zip(palette, marked["ink"], strict=True):
            one, other = (bytes.fromhex(colors.hex_of(name, dark)[1:]) for name in (color, ink))
            assert contrast(one, other) >= 4.5


def test_how_light_a_color_is_follows_its_definition() -> None:
    every = np.stack(np.meshgrid(*[[0, 1, 10, 11, 12, 100, 254, 255]] * 3), axis=-1).reshape(-1, 3)
    np.testing.assert_allclose(luminance(every.astype(np.uint8)), [*map(contrast_luminance, every.tolist())])
