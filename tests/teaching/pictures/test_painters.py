"""What the painters paint is the data: read back from Matplotlib's artists and from the SVG, in pixels.

The pixels are computed here once more, from the marks and the boxes alone.
"""

from __future__ import annotations

import base64
import copy
import io
import itertools
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from PIL import Image as PillowImage
from samples import PANELS, picture

from course_utils.teaching.pictures import Axis, Bars, Line, Panel, Picture, Rule, colors, stored
from course_utils.teaching.pictures.layout import WIDTHS, flat_marks
from course_utils.teaching.pictures.scene import Glyphs, Pixels, Shape, scene
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.stored import POINTS_PER_INCH, drawn, painted
from course_utils.teaching.pictures.svg import OUT_OF_SIGHT
from course_utils.teaching.pictures.svg import painted as svg_of

SAMPLES = [pytest.param(panel, id=name) for name, panel in PANELS.items()]
FINEST = 1 / 16  # pixels: what rounding to single precision may move


def pixels(json: dict[str, Any], axis: str, values: Any) -> np.ndarray:
    """Return where numbers lie in a panel; on a logarithmic axis 0 and less are infinitely far below."""
    low, high = json[axis]["limits"]
    values = np.asarray(values, dtype=float)
    if json[axis]["scale"] == "log":
        with np.errstate(divide="ignore"):
            share = (np.log(np.maximum(values, 0)) - np.log(low)) / (np.log(high) - np.log(low))
    else:
        share = (values - low) / (high - low)
    left, top, wide, tall = json["box"]
    return left + share * wide if axis == "x" else top + tall - share * tall


def points(json: dict[str, Any], x: Any, y: Any) -> np.ndarray:
    return np.stack([pixels(json, "x", x), pixels(json, "y", y)], axis=-1)


def inside(json: dict[str, Any], places: np.ndarray) -> np.ndarray:
    left, top, wide, tall = json["box"]
    return (abs(places - [left + wide / 2, top + tall / 2]) <= np.array([wide, tall]) / 2 + 0.5).all(axis=1)


def expected_line(mark: Any, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    places = points(json, mark.x, mark.y)
    for whole, group in itertools.groupby(places.tolist(), key=lambda place: not np.isnan(place).any()):
        path = np.array(list(group))
        if whole and len(path) > 1:
            yield "line", path
    if mark.arrow:
        yield "arrow", places[-1:]


def expected_points(mark: Any, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    places = points(json, mark.x, mark.y)
    places = places[~np.isnan(places).any(axis=1)]
    strokes = 2 if mark.shape in ("cross", "plus") else 1
    for place in places[inside(json, places)]:
        yield from [("points", place[None])] * strokes


def expected_bars(mark: Bars, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    along, across = ("x", "y") if mark.horizontal else ("y", "x")
    base = np.broadcast_to(mark.base, mark.y.shape)
    ends = mark.y if isinstance(mark.base, float) else mark.base + mark.y
    edges = [(across, mark.x + side * mark.width / 2) for side in (-1, 1)] + [(along, base), (along, ends)]
    *sides, feet, tips = (np.nan_to_num(pixels(json, *edge), neginf=-1e6, posinf=1e6) for edge in edges)
    faded = np.array(mark.faded or [False] * mark.y.size)
    solid_first = np.argsort(faded, kind="stable")
    for one, other, foot, tip in np.stack([*sides, feet, tips], axis=-1)[solid_first]:
        corners = np.array([[one, foot], [other, tip]])
        yield "bars", corners[:, ::-1] if mark.horizontal else corners


def expected_band(mark: Any, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    edges = np.stack([mark.x, mark.low, mark.high], axis=-1)
    for whole, group in itertools.groupby(edges.tolist(), key=lambda edge: not np.isnan(edge).any()):
        x, low, high = np.array(list(group)).T
        if whole and len(x) > 1:
            yield "band", np.concatenate([points(json, x, high), points(json, x, low)[::-1]])


def expected_polygons(mark: Any, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    paths = np.split(points(json, *mark.vertices.T), np.cumsum(mark.counts)[:-1])
    yield from (("polygons", path) for path in paths)


def expected_rule(mark: Any, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    left, top, wide, tall = json["box"]
    at = float(pixels(json, mark.axis, mark.at))
    upright = [[at, top], [at, top + tall]]
    path = np.array(upright if mark.axis == "x" else [[left, at], [left + wide, at]])
    if inside(json, path).all():
        yield "rule", path


def expected_tiles(mark: Any, json: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    rows, columns = mark.matrix.shape
    corners = [
        points(json, [j - 0.5, j + 0.5], [i - 0.5, i + 0.5]) for i in range(rows) for j in range(columns)
    ]
    yield from (("tiles", path) for path in corners)
    yield from (("outlined", corners[i * columns + j]) for _ in range(2) for i, j in mark.outlined)


EXPECTED: dict[str, Callable[[Any, dict[str, Any]], Iterator[tuple[str, np.ndarray]]]] = {
    "line": expected_line,
    "points": expected_points,
    "bars": expected_bars,
    "band": expected_band,
    "polygons": expected_polygons,
    "rule": expected_rule,
    "tiles": expected_tiles,
}
BY_CORNERS = ("bars", "tiles", "outlined")  # any order around: compared by their least and largest corner


def expected(panel: Panel, json: dict[str, Any]) -> list[tuple[str, np.ndarray]]:
    marks = [mark for mark in flat_marks(panel) if mark.kind in EXPECTED]
    return [shape for mark in marks for shape in EXPECTED[mark.kind](mark, json)]


def shapes_of(spec: Spec) -> list[Shape]:
    furniture = ("grid", "axis", "tick", "zero")
    return [part for part in scene(spec) if isinstance(part, Shape) and part.kind not in furniture]


def painted_paths(spec: Spec) -> list[tuple[str, np.ndarray]]:
    """Read the paths back from Matplotlib's artists, in pixels of the spec from its top left."""
    figure = drawn(spec)
    (axes,) = figure.axes
    collections = [c for c in axes.collections if c.get_gid() is not None]
    kinds = [part.kind for part in scene(spec) if isinstance(part, Shape) and len(part.paths)]
    assert len(kinds) == len(collections)
    height = spec.json["height"]
    found = []
    for kind, collection in zip(kinds, collections, strict=True):
        if kind in ("grid", "axis", "tick", "zero"):
            continue
        for path in collection.get_paths():
            corners = collection.get_transform().transform(path.vertices)
            corners[:, 1] = height - corners[:, 1]
            # A closed path repeats its first corner.
            closed = isinstance(collection, PolyCollection)
            found.append((kind, corners[:-1] if closed else corners))
    return found


def svg_paths(spec: Spec) -> list[np.ndarray]:
    """Read all paths but axes and grid back from the SVG."""
    root = ElementTree.fromstring(svg_of(spec))
    nodes = root.findall("{http://www.w3.org/2000/svg}path")
    # A hatch lies over bars that are painted already.
    strings = [node.get("d", "") for node in nodes if "url" not in node.get("fill", "")]
    paths = [path for string in strings for path in string.removesuffix(OUT_OF_SIGHT).split("M")[1:]]
    return [
        np.array([place.split(" ") for place in path.rstrip("Z").split("L")], dtype=float) for path in paths
    ]


def gist(kind: str, path: np.ndarray) -> np.ndarray:
    """Return what is compared of a path: the middle of a point, the tip of an arrow, two corners of a bar."""
    if kind == "points":
        return path.mean(axis=0)
    if kind == "arrow":
        return path[0]
    return np.array([path.min(axis=0), path.max(axis=0)]) if kind in BY_CORNERS else path


def problems(panel: Panel, found: list[tuple[str, np.ndarray]], json: dict[str, Any]) -> list[str]:
    """Compare painted paths with the data."""
    wanted = expected(panel, json)
    if [kind for kind, _ in found] != [kind for kind, _ in wanted]:
        return [f"painted {[kind for kind, _ in found]} for {[kind for kind, _ in wanted]}"]
    off = []
    for (kind, painted_path), (_, right_path) in zip(found, wanted, strict=True):
        got, right = gist(kind, painted_path), gist(kind, right_path)
        # A triangle stands a little low in its circle.
        near = 1.0 if kind == "points" else FINEST
        if got.shape != right.shape or not np.allclose(got, right, rtol=0, atol=near):
            off.append(f"{kind} is at {got.round(2).tolist()}, not at {right.round(2).tolist()}")
    return off


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("panel", SAMPLES)
def test_matplotlib_paints_the_data(panel: Panel, width: int) -> None:
    spec = picture(panel).spec(width)
    assert problems(panel, painted_paths(spec), spec.json["panels"][0]) == []


@pytest.mark.parametrize("panel", SAMPLES)
def test_svg_paints_the_same(panel: Panel) -> None:
    spec = picture(panel).spec(640)
    shapes = [path for part in scene(spec) if isinstance(part, Shape) for path in part.paths]
    found = svg_paths(spec)
    key = repr
    wanted = sorted((np.round(path, 2).tolist() for path in shapes), key=key)
    assert len(found) == len(wanted)
    for got, right in zip(sorted((path.tolist() for path in found), key=key), wanted, strict=True):
        assert np.allclose(got, right, rtol=0, atol=0.011)


FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "wrong limits": lambda json: json["y"].update(
        limits=[json["y"]["limits"][0], json["y"]["limits"][1] + 0.1]
    ),
    "swapped axes": lambda json: json.update(x=json["y"], y=json["x"]),
    "a box that is off": lambda json: json.update(box=[json["box"][0] + 1, *json["box"][1:]]),
    "upside down": lambda json: json["y"].update(limits=json["y"]["limits"][::-1]),
    "an entry that is off": lambda json: json["marks"][0]["y"].__setitem__(1, 0.25),
    "a mark that is left out": lambda json: json["marks"].pop(),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["line", "bars", "points, circle", "polygons"])
def test_faults_of_a_painter_are_caught(name: str, fault: str) -> None:
    spec = picture(PANELS[name]).spec(640)
    wrong = copy.deepcopy(spec)
    FAULTS[fault](wrong.json["panels"][0])
    assert problems(PANELS[name], painted_paths(wrong), spec.json["panels"][0]) != []


def test_bars_on_a_logarithmic_axis_stand_on_the_edge() -> None:
    spec = picture(PANELS["bars, logarithmic"]).spec(640)
    left, top, wide, tall = spec.json["panels"][0]["box"]
    (bars,) = shapes_of(spec)
    assert bars.clip == (left, top, left + wide, top + tall)
    assert all(path[:, 1].max() >= top + tall for path in bars.paths)


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize(("low", "wanted"), [(-2, True), (-2, False), (1, True)])
def test_a_line_at_zero_is_drawn_where_an_axis_wants_one_and_has_a_zero(
    axis: str, low: float, wanted: bool
) -> None:
    axes = {axis: Axis("one", low, 3, zero=wanted)}
    (json,) = picture(Panel("p", [Line("f", [2, 3], [2, 3], color="ink")], **axes)).spec(640).json["panels"]
    drawn_at = [part["d"]["xy".index(axis) :: 2] for part in json["lines"] if part["role"] == "zero"]
    if wanted and low < 0:
        np.testing.assert_allclose(drawn_at, [[pixels(json, axis, 0)] * 2], atol=0.5)
    else:
        assert drawn_at == []


@pytest.mark.parametrize("name", ["image", "image, missing", "image, scale"])
def test_images_lie_where_their_edges_are_with_the_first_row_below(name: str) -> None:
    panel = PANELS[name]
    (image,) = panel.marks
    spec = picture(panel).spec(640)
    (json,) = spec.json["panels"]
    pixels_of = next(part for part in scene(spec) if isinstance(part, Pixels) and part.name)
    (left, bottom), (right, top) = points(json, image.x, image.y)
    assert pixels_of.box == pytest.approx((left, top, right, bottom))
    top_index = 254 if "missing" in name else 255
    scaled = np.round((image.values - image.low) / (image.high - image.low) * top_index)
    table = colors.colormap(image.colormap).astype(int)
    for (row, column), index in np.ndenumerate(scaled):
        rgba = pixels_of.rgba[len(scaled) - 1 - row, column].astype(int)
        if np.isnan(index):
            assert rgba[3] == 0
        else:
            assert abs(rgba[:3] - table[int(index)]).max() <= 8
            assert rgba[3] == 255
    (artist,) = [image for image in drawn(spec).axes[0].images if image.get_gid()]
    assert np.array_equal(artist.get_array(), pixels_of.rgba)
    assert list(artist.get_extent()) == [pixels_of.box[i] for i in (0, 2, 3, 1)]


def test_colors_widths_and_dashes_are_those_of_the_marks() -> None:
    looks = {name: shapes_of(picture(PANELS[name]).spec(640)) for name in PANELS}
    (dashed,) = looks["line, dashed"]
    assert (dashed.stroke, dashed.width, dashed.dash) == ("#123456", 3, (9.0, 6.0))
    (dotted,) = looks["line, dotted"]
    assert dotted.dash != ()
    assert looks["line"][0].dash == ()
    assert looks["bars, hatch"][0].hatch == ".."
    assert sorted(shape.opacity for shape in looks["bars, faded"]) == [0.35, 1.0]
    assert [len(shape.paths) for shape in looks["bars, faded"]] == [2, 2]
    assert looks["band"][0].opacity == 0.3
    tints = [colors.hex_of(tint) for tint in ("tint0", "tint1")]
    assert looks["polygons"][0].fill == tints
    assert looks["polygons"][0].stroke == colors.hex_of("ink")
    assert looks["polygons, flat"][0].stroke == ["#abcdef"] * 2, "seams are closed"
    low, high = (colors.colormap("diverging")[i] for i in (159, 0))
    assert looks["polygons, values"][0].fill == ["#" + bytes(color).hex() for color in (low, high)]
    # What is chosen keeps its fill, and gets its outline on top of the lines.
    fill, line, halo, outline, point = looks["polygons, chosen"]
    assert fill.fill == [colors.hex_of("tint2")] * 2
    assert (line.stroke, line.width) == (colors.hex_of("layer2"), 1)
    assert (halo.stroke, outline.stroke) == (colors.hex_of("paper"), colors.hex_of("ink"))
    assert halo.width > outline.width > line.width
    for shape in (halo, outline):
        (path,) = shape.paths
        corners = fill.paths[1]
        assert np.array_equal(path, [*corners, corners[0], corners[1]])
    assert point.kind == "points"


@pytest.mark.parametrize("panel", SAMPLES)
def test_words_stand_where_the_layout_says(panel: Panel) -> None:
    """The runs of a text follow each other from its anchor, as wide as Python says."""
    spec = picture(panel).spec(640)
    glyphs = [part for part in scene(spec) if isinstance(part, Glyphs)]
    figure = drawn(spec)
    texts = figure.axes[0].texts
    assert [text.get_text() for text in texts] == [one.text for one in glyphs]
    assert [text.get_position() for text in texts] == [(one.x, one.y) for one in glyphs]
    figure.set_dpi(4 * POINTS_PER_INCH)
    height, renderer = spec.json["height"], FigureCanvasAgg(figure).get_renderer()
    for text, one in zip(texts, glyphs, strict=True):
        box = text.get_window_extent(renderer)
        assert box.width / 4 == pytest.approx(one.width, abs=0.25 * one.size)
        assert height - box.y0 / 4 >= one.y - 0.1 * one.size
        assert one.x - one.size / 4 < box.x0 / 4 < one.x + one.size / 4


def test_a_text_of_the_data_is_anchored_and_moved() -> None:
    spec = picture(PANELS["text"]).spec(640)
    (json,) = spec.json["panels"]
    first, *_, last = [part for part in scene(spec) if isinstance(part, Glyphs)][:3]
    (x0, y0), (x1, y1) = points(json, [1, 2], [1, 0])
    assert (first.x, first.y) == pytest.approx((x0, y0))
    assert (last.x + last.width, last.y) == pytest.approx((x1 + 3, y1 - 4))


@pytest.mark.parametrize(
    "mark",
    [
        Line("m", [1, 1], [0, 4], color="ink", dash="dotted"),
        *(Rule("m", 1, axis="y", dash=dash) for dash in ("", "dashed", "dotted")),
    ],
    ids=["line", "solid", "dashed", "dotted"],
)
def test_both_painters_give_dashes_the_same_ends(mark: Any) -> None:
    """A dot is a dash of no length: without a round end, next to nothing is seen of it."""
    spec = Picture([Panel("", [mark], x=Axis("", 0, 4), y=Axis("", 0, 2))], "A line.").spec(640)
    (collection,) = (artist for artist in drawn(spec).axes[0].collections if artist.get_gid() == "m")
    assert collection.get_capstyle() == ("round" if mark.dash else "butt")
    assert ("stroke-linecap" in svg_of(spec)) == bool(mark.dash)


@pytest.mark.parametrize("name", ["line, dashed", "line, dotted", "rule, upright", "bars, values"])
def test_both_painters_give_dashes_and_halos_the_same_size(name: str) -> None:
    spec = picture(PANELS[name]).spec(640)
    with matplotlib.style.context(["default", stored.RC]):
        axes = drawn(spec).axes[0]
    svg = ElementTree.fromstring(svg_of(spec))
    one, *_ = shapes_of(spec)
    (artist, *_) = (artist for artist in axes.collections if artist.get_gid() == one.name)
    painted_dash = [float(length) for length in artist.get_linestyle()[0][1] or ()]
    assert painted_dash == pytest.approx(one.dash)
    dashes = [node.get("stroke-dasharray") for node in svg.iter() if node.get("stroke-dasharray")]
    assert dashes == ([" ".join(f"{length:g}" for length in one.dash)] if one.dash else [])
    halos = {text.get_path_effects()[0]._gc["linewidth"] for text in axes.texts if text.get_path_effects()}
    strokes = {float(node.get("stroke-width", 0)) for node in svg.iter(f"{SVG}text")} - {0}
    assert halos == strokes == ({3} if name in ("bars, values", "rule, upright") else set())


def test_a_hatch_is_as_thick_in_both_painters() -> None:
    for name in ("bars, crossed", "bars, stacked"):
        svg = ElementTree.fromstring(svg_of(picture(PANELS[name]).spec(640)))
        (line,) = svg.findall(f"{SVG}defs/{SVG}pattern/{SVG}path")
        assert float(line.get("stroke-width", 0)) == stored.RC["hatch.linewidth"]


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["image", "image, missing", "image, scale"])
def test_images_in_an_svg_are_the_pixels_that_are_painted(name: str) -> None:
    """The file is written here without a library: another one reads it."""
    spec = picture(PANELS[name]).spec(640)
    images = ElementTree.fromstring(svg_of(spec)).findall(f"{SVG}image")
    shown = [part for part in scene(spec) if isinstance(part, Pixels)]
    for node, part in zip(images, shown, strict=True):
        data = base64.b64decode(node.get("href", "").removeprefix("data:image/png;base64,"))
        read = PillowImage.open(io.BytesIO(data))
        read.load()
        assert read.mode == "RGBA"
        assert data[24:29] == bytes([8, 6, 0, 0, 0]), (
            "of three numbers the standard knows 0 only, or few readers do"
        )
        np.testing.assert_array_equal(np.asarray(read), part.rgba)
        left, top, right, bottom = part.box
        place = [float(node.get(side, "nan")) for side in ("x", "y", "width", "height")]
        assert place == pytest.approx([left, top, right - left, bottom - top], abs=0.011)


def test_stored_pictures_are_small_opaque_and_equal_when_they_are_equal() -> None:
    for panel in (PANELS["bars, values"], PANELS["image, scale"]):
        first, second = (painted(picture(panel).spec(640)) for _ in range(2))
        assert first == second
        assert len(first) < 40_000
        image = PillowImage.open(io.BytesIO(first))
        width, height = picture(panel).size
        assert (image.mode, image.size) == ("P", (2 * width, 2 * height))
        assert image.info.keys() <= {"dpi"}
        assert image.convert("RGB").getpixel((0, 2 * height - 1)) == (255, 255, 255)
    assert painted(picture(PANELS["bars"]).spec(640)) != first


def test_a_twin_is_sharp_where_that_is_small_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, mapped = (picture(PANELS[name]).spec(640) for name in ("bars", "image, scale"))
    assert stored.twin(plain) == painted(plain, 2, 64)
    assert stored.twin(mapped) == painted(mapped, 2, 256)
    monkeypatch.setattr(stored, "MOST_BYTES", len(painted(mapped, 2, 256)) - 1)
    assert stored.twin(mapped) == painted(mapped, 2, 128)
    monkeypatch.setattr(stored, "MOST_BYTES", 99)
    assert stored.twin(plain) == painted(plain, 1.5, 64)
    assert stored.twin(mapped) == painted(mapped, 1.5, 64)


def test_few_colors_are_near_the_true_ones() -> None:
    for name in ("bars, stacked", "image, scale", "surface"):
        spec = picture(PANELS[name]).spec(640)
        stream = io.BytesIO()
        with matplotlib.style.context(["default", stored.RC]):  # text too as the twin has it
            drawn(spec).savefig(stream, format="png", dpi=144)
        true, few = (
            np.asarray(PillowImage.open(io.BytesIO(png)).convert("RGB")).astype(int)
            for png in (stream.getvalue(), stored.twin(spec))
        )
        assert abs(true - few).mean() < 0.5
        assert abs(true - few).max() <= 48


def test_a_picture_of_several_panels_is_painted_whole() -> None:
    rows = [[PANELS["bars"], PANELS["line"]], [PANELS["tiles"]]]
    spec = Picture(rows, "Three panels.").spec(640)
    names = {mark["name"] for panel in spec.json["panels"] for mark in panel["marks"]}
    assert names == {"p", "f", "J"}
    assert names <= {part.name for part in scene(spec) if isinstance(part, Shape)}
