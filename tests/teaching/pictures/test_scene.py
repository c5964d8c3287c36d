"""What is painted of each kind of mark, to the pixel: on a panel 400 wide and 200 high at (100, 50)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.scene import Glyphs, Part, Pixels, scene, words
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.typeset import run_width

BOX, CLIP = [100, 50, 400, 200], (100, 50, 500, 250)
INK, LOSS = colors.hex_of("ink"), colors.hex_of("loss")


def parts(*marks: dict[str, Any], **panel: Any) -> list[Part]:
    """Paint marks whose numbers are pixels from the lower left of the panel."""
    axes = {"x": {"limits": [0, 400], "scale": "linear"}, "y": {"limits": [0, 200], "scale": "linear"}}
    whole = {"box": BOX, **axes, "lines": [], "texts": [], "scales": [], "marks": list(marks)} | panel
    return [*scene(Spec({"panels": [whole]}, []))]


def one(kind: str, **fields: Any) -> Any:
    """Paint one mark that is painted as one part."""
    (part,) = parts({"kind": kind, "name": "m", "color": "loss", **fields})
    return part


def paths(shape: Any) -> list[Any]:
    return [np.asarray(path).round(6).tolist() for path in shape.paths]


# --- lines and points --------------------------------------------------------------------------------------


def line(**fields: Any) -> list[Part]:
    given = {"x": [100, 200], "y": [100, 100], "width": 2, "dash": "", "arrow": False} | fields
    return parts({"kind": "line", "name": "m", "color": "loss", **given})


def test_a_line_leaves_its_gaps_and_single_points_out() -> None:
    (shape,) = line(x=[None, 0, 1, None, 3, None, 5, 6, 7], y=[9, 0, 1, 2, 3, 4, 5, 6, None])
    assert paths(shape) == [[[100, 250], [101, 249]], [[105, 245], [106, 244]]]
    assert (shape.kind, shape.closed, shape.fill, shape.stroke, shape.clip) == (
        "line",
        False,
        None,
        LOSS,
        CLIP,
    )
    assert (shape.opacity, shape.hatch) == (1, "")


@pytest.mark.parametrize(
    ("dash", "width", "lengths"),
    [
        ("", 2, ()),
        ("dashed", 2, (6, 4)),
        ("dashed", 3, (9, 6)),
        ("dashed", 0.5, (3, 2)),
        ("dotted", 2, (0.1, 4)),
        ("dotted", 4, (0.2, 8)),
    ],
)
def test_dashes_grow_with_the_width_of_their_line(dash: str, width: float, lengths: Any) -> None:
    (shape,) = line(dash=dash, width=width)
    assert (shape.dash, shape.width) == (lengths, width)
    rule = one("rule", axis="x", at=100, width=width, dash=dash)
    assert rule.dash == ((1.5, 1) if width < 1 else lengths)


@pytest.mark.parametrize(
    ("x", "y", "corners"),
    [
        ([100, 200], [100, 100], [[300, 150], [291, 154.4], [291, 145.6]]),
        ([200, 100], [100, 100], [[200, 150], [209, 145.6], [209, 154.4]]),
        ([100, 100], [0, 100], [[200, 150], [204.4, 159], [195.6, 159]]),
        ([0, 100, 200], [0, 100, 100], [[300, 150], [291, 154.4], [291, 145.6]]),
        ([100, 200, 200], [100, 100, 100], [[300, 150], [291, 154.4], [291, 145.6]]),
        ([200, 200], [100, 100], [[300, 150], [291, 154.4], [291, 145.6]]),
        ([100, None, 200, 200], [100, 0, 0, 100], [[300, 150], [304.4, 159], [295.6, 159]]),
    ],
)
def test_an_arrowhead_lies_along_the_end_of_its_line(x: Any, y: Any, corners: Any) -> None:
    _, head = line(x=x, y=y, arrow=True)
    assert paths(head) == [corners]
    assert (head.kind, head.fill, head.stroke, head.closed) == ("arrow", LOSS, None, True)
    _, wide = line(width=4, arrow=True)
    assert paths(wide) == [[[300, 150], [286, 156.8], [286, 143.2]]]
    assert len(line(x=[1], y=[1], arrow=True)) == 1, "a single point is no line"


def drawn(shape: str, size: float = 20) -> Any:
    return one("points", x=[200], y=[100], shape=shape, size=size, outline="paper")


@pytest.mark.parametrize(
    ("shape", "corners", "radii"),
    [("circle", 32, [10]), ("triangle", 3, [12]), ("diamond", 4, [12]), ("star", 10, [13, 5.85])],
)
def test_a_sign_has_its_corners_around_its_place(shape: str, corners: int, radii: list[float]) -> None:
    part = drawn(shape)
    ((*places,),) = part.paths
    middle = np.array([300, 151.5 if shape == "triangle" else 150])  # a triangle stands a little low
    away = np.array([complex(x, y) for x, y in places - middle])
    np.testing.assert_allclose(np.abs(away), np.resize(radii, corners))
    np.testing.assert_allclose(away / np.abs(away), -1j * np.exp(2j * np.pi * np.arange(corners) / corners))
    assert (part.fill, part.stroke, part.width, part.closed) == (LOSS, colors.hex_of("paper"), 1.25, True)
    assert part.clip is None, "a point at the edge is whole"


def test_squares_crosses_and_pluses_are_as_large_to_the_eye() -> None:
    assert paths(drawn("square")) == [[[291.1, 141.1], [308.9, 141.1], [308.9, 158.9], [291.1, 158.9]]]
    assert paths(drawn("cross")) == [[[292, 142], [308, 158]], [[292, 158], [308, 142]]]
    assert paths(drawn("plus")) == [[[290, 150], [310, 150]], [[300, 140], [300, 160]]]
    for shape in ("cross", "plus"):
        part = drawn(shape)
        assert (part.fill, part.stroke, part.width, part.closed) == (None, LOSS, 2, False)


OUT = [(0, -0.6), (0, 200.6), (-0.6, 0), (400.6, 0)]
IN = [(0, -0.4), (0, 200.4), (-0.4, 0), (400.4, 0), (200, 100)]


def test_a_point_rule_or_word_is_seen_up_to_half_a_pixel_outside() -> None:
    x, y = zip(*OUT, *IN, strict=True)
    part = one("points", x=[*x, None], y=[*y, 0], shape="circle", size=4, outline="paper")
    assert len(part.paths) == len(IN)
    for places, seen in ((OUT, False), (IN, True)):
        for x, y in places:
            text = {"kind": "text", "x": x, "y": y, "dx": 3, "dy": -4, "anchor": "start", "size": 12}
            assert len(parts({**text, "runs": [["a", ""]], "color": "ink"})) == seen
        for axis, at in {("x", x) for x, _ in places if x} | {("y", y) for _, y in places if y}:
            assert len(one("rule", axis=axis, at=at, width=1, dash="").paths) == seen


def test_a_rule_crosses_the_panel() -> None:
    upright, level = (one("rule", axis=axis, at=50, width=1.5, dash="") for axis in "xy")
    assert paths(upright) == [[[150, 50], [150, 250]]]
    assert paths(level) == [[[100, 200], [500, 200]]]
    assert (level.kind, level.closed, level.fill, level.stroke, level.width) == (
        "rule",
        False,
        None,
        LOSS,
        1.5,
    )


# --- areas -------------------------------------------------------------------------------------------------


def bars(axes: Any = None, **fields: Any) -> list[Part]:
    given = {
        "x": [100, 200],
        "y": [50, 150],
        "base": 20,
        "width": 40,
        "horizontal": False,
        "hatch": "",
    } | fields
    return parts({"kind": "bars", "name": "m", "color": "loss", **given}, **axes or {})


def test_bars_reach_from_their_base_to_their_ends_to_both_sides_of_their_places() -> None:
    (upright,) = bars()
    assert paths(upright) == [
        [[180, 230], [220, 230], [220, 200], [180, 200]],
        [[280, 230], [320, 230], [320, 100], [280, 100]],
    ]
    (lying,) = bars(horizontal=True, base=[20, 30])
    assert paths(lying) == [
        [[120, 170], [120, 130], [150, 130], [150, 170]],
        [[130, 70], [130, 30], [250, 30], [250, 70]],
    ]
    assert (lying.kind, lying.closed, lying.fill, lying.stroke, lying.clip) == (
        "bars",
        True,
        LOSS,
        None,
        CLIP,
    )


def test_on_a_logarithmic_axis_bars_with_edges_at_0_or_less_begin_far_beyond_its_low_end() -> None:
    log = {"limits": [1, 10_000], "scale": "log"}
    numbers = {"x": [10, 20, 99], "y": [50, 50, 50], "width": 40}
    (upright,) = bars({"x": log}, **numbers)
    lefts, rights = ([path[corner][0] for path in paths(upright)] for corner in (0, 1))
    assert lefts == pytest.approx([-1e6, -1e6, 100 + 100 * np.log10(79)])
    assert rights == pytest.approx(100 + 100 * np.log10([30, 40, 119]))
    (lying,) = bars({"y": log}, horizontal=True, **numbers)
    lows, highs = ([path[corner][1] for path in paths(lying)] for corner in (0, 1))
    assert lows == pytest.approx([1e6, 1e6, 250 - 50 * np.log10(79)])
    assert highs == pytest.approx(250 - 50 * np.log10([30, 40, 119]))
    (standing,) = bars({"y": log}, **numbers | {"base": -1, "y": [-2, 0, 100]})
    assert [[path[0][1], path[2][1]] for path in paths(standing)] == [[1e6, 1e6], [1e6, 1e6], [1e6, 150]]


def test_bars_that_stand_back_are_paler() -> None:
    solid, faded = bars(faded=[True, False], hatch="//")
    assert (solid.opacity, faded.opacity) == (1, 0.35)
    assert (solid.hatch, faded.hatch) == ("//", "//")
    assert [paths(part)[0][0][0] for part in (solid, faded)] == [280, 180]
    (every,) = bars(faded=[True, True])
    assert every.opacity == 0.35


def test_a_band_runs_along_its_upper_edge_and_back_along_the_lower() -> None:
    part = one(
        "band",
        x=[None, 0, 10, 20, None, 30, 40, 50],
        low=[1, 1, 2, 3, 0, 4, None, 5],
        high=[5, 5, 6, 7, 0, 8, 9, 9],
        opacity=0.25,
    )
    assert paths(part) == [[[100, 245], [110, 244], [120, 243], [120, 247], [110, 248], [100, 249]]]
    assert (part.kind, part.closed, part.fill, part.opacity, part.clip) == ("band", True, LOSS, 0.25, CLIP)


def polygons(**fields: Any) -> Any:
    given = {"x": [0, 10, 0, 20, 30, 30, 20], "y": [0, 0, 10, 0, 0, 10, 10], "counts": [3, 4], "fill": [1, 0]}
    return one("polygons", **given | {"palette": ["loss", "ink"], "edge": None, "edge_width": 3} | fields)


def test_polygons_have_their_own_colors_and_no_seams() -> None:
    plain, edged = polygons(), polygons(edge="ink")
    assert paths(plain) == [
        [[100, 250], [110, 250], [100, 240]],
        [[120, 250], [130, 250], [130, 240], [120, 240]],
    ]
    assert (plain.closed, plain.fill, plain.stroke, plain.width) == (True, [INK, LOSS], [INK, LOSS], 0.5)
    assert (edged.fill, edged.stroke, edged.width, edged.clip) == ([INK, LOSS], INK, 3, CLIP)
    assert polygons(x=[], y=[], counts=[], fill=[]).paths == []


def test_tiles_are_cells_of_the_panel_with_their_words_in_the_middle() -> None:
    gray = colors.colormap("gray")
    tiles, around, outlined, *letters = parts(
        {
            "kind": "tiles",
            "name": "m",
            "shape": [2, 4],
            "colormap": "gray",
            "fill": [0, 10, 20, 30, 40, 50, 60, 255],
            "outlined": [[0, 1], [1, 3]],
            "texts": [[[str(number), ""]] for number in range(8)],
            "ink": ["#ffffff", *["ink"] * 7],
        }
    )
    corners = [[100 + 100 * j, 50 + 100 * i] for i in range(2) for j in range(4)]
    square = [[0, 0], [100, 0], [100, 100], [0, 100]]
    every = [[[x + dx, y + dy] for dx, dy in square] for x, y in corners]
    assert paths(tiles) == every
    assert tiles.fill == ["#" + bytes(gray[k]).hex() for k in (0, 10, 20, 30, 40, 50, 60, 255)]
    assert (tiles.stroke, tiles.width, tiles.closed) == (colors.hex_of("paper"), 1.5, True)
    assert paths(around) == paths(outlined) == [every[1], every[7]]
    assert (around.fill, around.stroke, around.width) == (None, colors.hex_of("paper"), 5)
    assert (outlined.kind, outlined.fill, outlined.stroke, outlined.width) == ("outlined", None, INK, 2.5)
    half = run_width("0", "", 12) / 2
    assert [(glyph.text, glyph.x, glyph.y) for glyph in letters] == [
        (str(k), x + 50 - half, y + 54.2) for k, (x, y) in enumerate(corners)
    ]
    assert [glyph.color for glyph in letters] == ["#ffffff", *[INK] * 7]
    assert {(glyph.size, glyph.weight, glyph.halo) for glyph in letters} == {(12, 400, False)}


def test_tiles_may_have_colors_of_a_palette_that_turns_with_the_theme() -> None:
    (tiles, *_) = parts(
        {
            "kind": "tiles",
            "name": "m",
            "shape": [1, 2],
            "palette": ["loss", "#123456"],
            "fill": [1, 0],
            "outlined": [],
            "texts": [[], []],
            "ink": ["ink", "ink"],
        }
    )
    assert tiles.fill == ["#123456", LOSS]


@pytest.mark.parametrize("missing", [False, True])
def test_an_image_stands_on_its_first_row_and_shows_its_colors(missing: bool) -> None:
    given = {"values": [0, 100, 200, 254, 127, 255], "shape": [2, 3], "extent": [10, 40, 20, 80]}
    part = one("image", **given, colormap="viridis", missing=missing)
    table = colors.colormap("viridis")
    index = [[254, 127, 255], [0, 100, 200]]
    if missing:  # 255 is a gap, so that the last color is 254
        index = [[round(k * 255 / 254) for k in row] for row in index]
    wanted = np.concatenate([table[np.clip(index, 0, 255)], np.full((2, 3, 1), 255)], axis=-1)
    if missing:
        wanted[0, 2] = 0
    np.testing.assert_array_equal(part.rgba, wanted)
    assert (part.name, part.box, part.clip) == ("m", (110, 170, 140, 230), CLIP)


# --- what stands around ------------------------------------------------------------------------------------


def test_the_grid_lies_below_the_marks_and_axes_above_them() -> None:
    roles = {"zero": "ink", "tick": "axis", "axis": "axis", "grid": "faint"}
    lines = [{"role": role, "d": [k, 1, k, 2]} for k, role in enumerate([*roles, "grid"])]
    text = {"x": 7, "y": 8, "anchor": "start", "size": 12, "color": "ink", "runs": [["a", ""]]}
    strip = {"box": [510, 50, 10, 200], "colormap": "gray"}
    mark = {"kind": "rule", "name": "m", "color": "loss", "axis": "x", "at": 1, "width": 1, "dash": ""}
    grid, rule, *others, scale, glyph = parts(mark, lines=lines, texts=[text], scales=[strip])
    assert paths(grid) == [[[3, 1], [3, 2]], [[4, 1], [4, 2]]]
    assert rule.kind == "rule"
    assert [shape.kind for shape in others] == ["axis", "tick", "zero"]
    for shape in (grid, *others):
        assert shape.stroke == colors.hex_of(roles[shape.kind])
        assert (shape.closed, shape.width, shape.fill, shape.dash, shape.clip) == (False, 1, None, (), None)
    assert isinstance(scale, Pixels)
    assert (scale.name, scale.box, scale.clip) == ("", (510, 50, 520, 250), None)
    assert scale.rgba.shape == (256, 1, 4)
    np.testing.assert_array_equal(scale.rgba[:, 0, :3], colors.colormap("gray")[::-1])
    assert (scale.rgba[..., 3] == 255).all()
    assert isinstance(glyph, Glyphs)
    assert (glyph.text, glyph.x, glyph.y) == ("a", 7, 8)


@pytest.mark.parametrize(("anchor", "before"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_runs_follow_each_other_from_their_anchor_high_and_low(anchor: str, before: float) -> None:
    runs = [["p", "i"], ["0", "sub"], ["2", "sup"], ["k", "isupsub"], [" b", ""]]
    text = {"runs": runs, "size": 20, "weight": 600, "anchor": anchor, "color": "loss", "halo": True}
    glyphs = [*words(text, 300, 150)]
    widths = [run_width(letters, style, 20, 600) for letters, style in runs]
    assert [glyph.width for glyph in glyphs] == widths
    starts = 300 - before * sum(widths) + np.cumsum([0, *widths[:-1]])
    np.testing.assert_allclose([glyph.x for glyph in glyphs], starts)
    np.testing.assert_allclose([glyph.size for glyph in glyphs], [20, 14.4, 14.4, 11.6, 20])
    np.testing.assert_allclose([glyph.y for glyph in glyphs], [150, 154, 142.8, 146, 150])
    assert [glyph.italic for glyph in glyphs] == [True, False, False, True, False]
    assert {(glyph.weight, glyph.color, glyph.halo) for glyph in glyphs} == {(600, LOSS, True)}
