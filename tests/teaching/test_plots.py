"""A figure that a reader plotted is shown with its words, and its words are held against what it shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from course_utils.teaching import described
from course_utils.teaching.numbers_in_text import is_known, written_numbers
from course_utils.teaching.pictures import Line, Panel
from course_utils.teaching.plots import matplotlib_figures, plotly_figures, read

X = np.linspace(-2, 2, 9)
GRID, MESH = np.add.outer(X, 10 * X), np.meshgrid(X, X)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close what a test has plotted: an open figure keeps its memory."""
    yield
    plt.close("all")


def axes_with(plot: Any, **subplots: Any) -> Any:
    """Return axes on which something was plotted."""
    _, axes = plt.subplots(**subplots)
    plot(axes)
    return axes


def surface(axes: Any) -> None:
    axes.plot_surface(*np.meshgrid(X, X), GRID)
    axes.set_zlabel("f")


# What is plotted, a sentence that is true of it, and a number that is not there.
PLOTS: dict[str, tuple[Any, str, str, Any]] = {
    "line": (lambda axes: axes.plot(X, X**2), "From 4 down to 0 at 0.", "4.5", {}),
    "reference line": (lambda axes: (axes.plot(X, X), axes.axhline(7.25)), "The line is at 7.25.", "7.5", {}),
    "upright line": (lambda axes: (axes.plot(X, X), axes.axvline(1.23)), "The line is at 1.23.", "1.24", {}),
    "points": (lambda axes: axes.scatter([1.1, 2.2], [3.3, 4.4]), "At 2.2 it is 4.4.", "5.5", {}),
    "bars": (lambda axes: axes.bar(["cat", "dog"], [0.25, 0.75]), "p is 0.25 and 0.75.", "0.35", {}),
    "lying bars": (lambda axes: axes.barh(["a", "b"], [0.25, 0.75]), "p is 0.25 and 0.75.", "0.35", {}),
    "histogram": (lambda axes: axes.hist([0, 0, 0, 1], bins=2), "3 of them are low, 1 is high.", "7.5", {}),
    "matrix": (lambda axes: axes.imshow(np.diag([0.31, 0.62])), "The corner is 0.62.", "0.93", {}),
    "image": (lambda axes: axes.imshow(np.outer(np.arange(40), X)), "It reaches 78.", "79", {}),
    "mesh": (lambda axes: axes.pcolormesh(GRID), "It reaches 22.", "23", {}),
    "contours": (
        lambda axes: axes.contourf(X, X, GRID, levels=[-25, 1.75, 25]),
        "A level is 1.75, the top 22.",
        "23.5",
        {},
    ),
    "area": (lambda axes: axes.fill_between(X, 0.125 * X, 3.375), "It reaches 3.375.", "3.475", {}),
    "span": (lambda axes: (axes.plot(X, X), axes.axvspan(0.31, 0.77)), "It begins at 0.31.", "0.32", {}),
    "surface": (surface, "f reaches 22.", "23.5", {"subplot_kw": {"projection": "3d"}}),
    "limits": (
        lambda axes: (axes.plot(X, X), axes.set_xlim(-1.375, 9)),
        "We look from −1.375 on.",
        "1.475",
        {},
    ),
    # What is drawn without a table: a sentence names its corners or the limits.
    "outline": (
        lambda axes: axes.hist([1.5, 2, 2, 3.5], bins=2, histtype="step"),
        "3 below, 1 above.",
        "7.5",
        {},
    ),
    "polygon": (lambda axes: axes.fill([0, 1, 2], [0, 3.25, 0]), "Its top is at 3.25.", "3.35", {}),
    "stairs": (lambda axes: axes.stairs([1, 2.25]), "It climbs to 2.25.", "2.35", {}),
    "pie": (lambda axes: axes.pie([1, 3]), "Two parts, of radius 1.", "7.5", {}),
    "span alone": (lambda axes: axes.axvspan(0.31, 0.77), "It begins at 0.31.", "0.32", {}),
    "picture": (lambda axes: axes.imshow(np.zeros((3, 5, 3))), "Black up to 4.5.", "5.5", {}),
    "two panels": (lambda two: two[1].plot(X, X), "2 panels, up to 2.", "2.25", {"ncols": 2}),
}


@pytest.mark.parametrize(("width", "height"), [(6.4, 4.8), (3, 2)])
def test_a_figure_is_painted_twice_as_fine_as_it_is_shown(
    width: float, height: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, _ = plt.subplots(figsize=(width, height))
    paint, fineness = figure.savefig, []

    def coarse(stream: Any, format: str, dpi: float) -> None:
        fineness.append(dpi)
        paint(stream, format=format, dpi=10)

    monkeypatch.setattr(figure, "savefig", coarse)
    _, size = matplotlib_figures.png(figure)
    assert (fineness, size) == ([200], (100 * width, 100 * height))


@pytest.mark.parametrize("kind", PLOTS)
def test_a_figure_is_shown_with_a_true_sentence_only(kind: str) -> None:
    plot, says, wrong, subplots = PLOTS[kind]
    figure = axes_with(plot, **subplots)
    figure = (figure[0] if isinstance(figure, np.ndarray) else figure).figure
    with pytest.raises(ValueError, match=f"says {re.escape(wrong)}, which is no number of the figure"):
        described(figure, f"It is {wrong}.")
    shown = described(figure, says)
    assert repr(shown) == says
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == says
    shown_parts = f'alt="{says}" width="640" height="480"', f"<figcaption>{says}</figcaption>", "<table>"
    assert [part for part in shown_parts if part not in bundle["text/html"]] == []
    assert len(bundle["text/html"]) < 80_000


def table_of(html: str) -> str:
    """Return the words of the tables."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<table>")[2]).split())


def test_the_table_holds_what_is_plotted() -> None:
    def both(axes: Any) -> None:
        axes.plot([0, 1], [0.125, 0.25], label=r"$\lambda$")
        axes.plot([0, 1], [0.5, 0.75], label="slope")
        axes.set_xlabel("z")

    words = table_of(described(axes_with(both), "Up to 0.75.").html)
    assert words.startswith("lambda, slope z lambda slope 0 0.125 0.5 1 0.25 0.75")
    words = table_of(described(axes_with(lambda axes: axes.bar(["cat", "dog"], [0.25, 0.75])), "p").html)
    assert "cat 0.25 dog 0.75" in words


def test_a_line_across_the_axes_stands_at_its_number_on_its_own_axis() -> None:
    for axis, draw in (("y", "axhline"), ("x", "axvline")):
        axes = axes_with(lambda axes, draw=draw: (axes.plot(X, X), getattr(axes, draw)(0.25)))
        _, rule = matplotlib_figures.read(axes.figure).panels[0].marks
        assert (rule.at, rule.axis) == (0.25, axis)


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_a_matrix_is_tabulated_as_it_is_seen(origin: str) -> None:
    words = table_of(
        described(axes_with(lambda axes: axes.imshow([[1, 2], [3, 4]], origin=origin)), "4").html
    )
    assert ("0 1 2 1 3 4" if origin == "upper" else "1 3 4 0 1 2") in words


def test_no_label_is_cut_off_whatever_the_size() -> None:
    axes = axes_with(lambda axes: axes.plot(X, X), figsize=(6.4, 1.6))
    axes.set_xlabel("x")
    described(axes, "It rises to 2.")
    assert axes.xaxis.label.get_window_extent().y0 >= 0
    figure = plt.figure()
    figure.add_axes((0.1, 0.1, 0.8, 0.8)).plot(X, X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        described(figure, "It rises to 2.")


def test_the_figure_is_closed_so_that_it_is_not_shown_twice() -> None:
    axes = axes_with(lambda axes: axes.plot(X, X))
    assert plt.fignum_exists(axes.figure.number)
    described(axes, "It rises.")
    assert not plt.fignum_exists(axes.figure.number)


@pytest.mark.parametrize(
    ("figure", "says", "error"),
    [
        ([1, 2], "It rises.", "needs a figure of Matplotlib or Plotly, not list"),
        (axes_with(lambda axes: None), "It is empty.", "plot something first"),
        (go.Figure(), "It is empty.", "plot something first"),
        (
            axes_with(lambda axes: axes.imshow(np.full((2, 2), np.nan))),
            "Nothing.",
            "^the figure shows an image",
        ),
        (go.Figure(go.Heatmap(z=[[None, None]])), "Nothing.", "without a single number$"),
        (go.Figure(go.Scatter(x=["a", "b"], y=[1, 2])), "Two.", "^described reads numbers along x, y and z"),
        (go.Figure(go.Scatter(y=["a", "b"])), "Two.", "words only below bars$"),
        (go.Figure(go.Heatmap(x=["a", "b"], z=[[1, 2]])), "Two.", "words only below bars$"),
        (go.Figure(go.Heatmap(z=[["a", "b"]])), "Two.", "words only below bars$"),
        (go.Figure(go.Bar(x=[1], y=["a"], orientation="h")), "One.", "but not bar with orientation='h'$"),
        (go.Figure(go.Bar(x=["a", "a"], y=[1, 2])), "Two.", "one bar at each name, and two stand at 'a'$"),
        (axes_with(lambda axes: axes.plot(X, X)), " ", "say in a sentence"),
        (go.Figure(go.Pie(values=[1, 2])), "Two parts.", "reads scatter, .* not pie"),
    ],
)
def test_what_cannot_be_described_is_refused_in_a_sentence(figure: Any, says: str, error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=error):
        described(figure, says)


def traced(*traces: Any, **layout: Any) -> Any:
    return go.Figure(list(traces)).update_layout(**layout)


PLOTLY: dict[str, tuple[Any, str, str]] = {
    "scatter": (traced(go.Scatter(x=X, y=X**2)), "It reaches 4.", "4.5"),
    "points": (traced(go.Scatter(y=[3.25, 1], mode="markers")), "It begins at 3.25.", "3.5"),
    "bars": (traced(go.Bar(x=["cat", "dog"], y=[0.25, 0.75])), "p is 0.25 and 0.75.", "0.35"),
    "heat map": (traced(go.Heatmap(z=GRID, x=X, y=X)), "It reaches 22.", "23"),
    "surface": (traced(go.Surface(z=GRID, x=X, y=X)), "It reaches 22.", "23"),
    "surface over a mesh": (traced(go.Surface(z=GRID, x=MESH[0], y=MESH[1])), "It reaches 22.", "3.25"),
    "curve": (traced(go.Surface(z=GRID), go.Scatter3d(x=X, y=X, z=X + 0.125)), "At 2.125.", "2.25"),
    "limits": (traced(go.Scatter(y=X), xaxis_range=[-0.375, 9]), "From −0.375 to 9.", "0.475"),
}  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_cells_reach_half_a_cell_beyond_their_middles(count: int) -> None:
    half = 1.25 if count > 1 else 0.5  # of a single cell nothing says how wide it is
    edges = plotly_figures.edges(2.5 * np.arange(count) + 1)
    assert edges == (1 - half, 1 + 2.5 * (count - 1) + half)


@pytest.mark.parametrize("kind", PLOTLY)
def test_a_figure_of_plotly_has_a_twin_with_true_words(kind: str) -> None:
    figure, says, wrong = PLOTLY[kind]
    with pytest.raises(ValueError, match=f"says {re.escape(wrong)}, which is no number of the figure"):
        described(figure, f"It is {wrong}.")
    shown = described(figure, says)
    assert set(shown._repr_mimebundle_()) == {"text/plain", "text/html"}  # no Plotly where no kernel is
    assert [part for part in (f'alt="{says}"', "image/png", "<table>") if part not in shown.html] == []


def test_the_twin_of_plotly_shows_the_same_numbers() -> None:
    figure = make_subplots(
        1, 2, specs=[[{"type": "surface"}, {"type": "heatmap"}]], subplot_titles=["a_1", "b"]
    )
    figure.add_trace(go.Surface(z=GRID, x=X, y=X, name="f"), 1, 1)
    figure.add_trace(go.Heatmap(z=GRID, x=X, y=2 * X, name="f"), 1, 2)
    picture = plotly_figures.picture(plotly_figures.read(figure), "Two views.")
    ((left, right),) = picture.panels
    assert left.title == r"a\_1"
    np.testing.assert_array_equal(left.marks[0].z, GRID)
    np.testing.assert_array_equal(right.marks[0].values, GRID)
    assert (right.marks[0].x, right.marks[0].y) == ((-2.25, 2.25), (-4.5, 4.5))


@pytest.mark.parametrize("anchor", ["x", None])
def test_the_twin_of_plotly_is_square_where_the_figure_is(anchor: str | None) -> None:
    figure = traced(go.Heatmap(z=GRID, x=X, y=X), yaxis_scaleanchor=anchor)
    (panel,) = plotly_figures.read(figure).panels
    assert panel.equal == (anchor == "x")


def test_what_plotly_is_sent_has_no_template_and_no_cloud() -> None:
    rises = [float("nan"), 0.5, 2.0]
    sent = described(traced(go.Scatter(y=rises), template="plotly", title_text="f"), "f reaches 2.").plotly
    assert sent is not None
    text = json.dumps(sent, allow_nan=False)
    assert "template" not in text
    assert len(text) < 1000
    assert sent["config"]["displayModeBar"] is False
    assert sent["data"][0]["y"] == [None, 0.5, 2.0]
    assert (
        go.Figure({key: sent[key] for key in ("data", "layout")}).layout.title.text == "f"
    )  # Plotly knows all of it


def test_values_of_long_arrays_are_no_excuse() -> None:
    many = np.linspace(0, 1, 2001)
    axes = axes_with(lambda axes: axes.plot(many, many))
    with pytest.raises(ValueError, match="no number of the figure"):
        described(axes, "It is 0.5.")
    assert described(axes, "It ends at 1 after 2001 points.")


def test_two_artists_of_one_name_keep_their_own_numbers() -> None:
    def plot(axes: Any) -> None:
        axes.plot([0, 1], [2, 3], label="x")
        axes.plot([0, 1], [4, 5], label="x")
        axes.set_xlabel("x")

    result = matplotlib_figures.read(axes_with(plot).figure)
    assert [mark.name for mark in result.panels[0].marks] == ["x 2", "x 3"]


# --- what is read back ---------------------------------------------------------------------------------


def marks_of(plot: Any, **subplots: Any) -> Any:
    """Return the marks that are read back from one pair of axes."""
    return matplotlib_figures.read(axes_with(plot, **subplots).figure).panels[0].marks


def test_bars_are_read_back_at_their_middles_with_their_lengths() -> None:
    (upright,) = marks_of(lambda axes: axes.bar([1.5, 3.5], [0.25, np.nan], width=0.5, bottom=1))
    assert (upright.x.tolist(), upright.y.tolist(), upright.by_class) == ([1.5, 3.5], [0.25, 0], False)
    (lying,) = marks_of(lambda axes: axes.barh([1.5, 3.5], [0.25, 0.5], height=0.5))
    assert (lying.x.tolist(), lying.y.tolist(), lying.by_class) == ([1.5, 3.5], [0.25, 0.5], False)
    (edge,) = marks_of(lambda axes: axes.bar([1, 3], [0.25, 0.5], width=1, align="edge"))
    assert edge.x.tolist() == [1.5, 3.5]
    for draw in ("bar", "barh"):
        (named,) = marks_of(lambda axes, draw=draw: getattr(axes, draw)(["cat", "dog"], [0.25, 0.5]))
        assert named.by_class
    (numbered,) = marks_of(lambda axes: (axes.bar([0, 1], [1, 2]), axes.set_xticks([0, 1])))
    assert not numbered.by_class, "numbers at ticks are no names"
    (moved,) = marks_of(lambda axes: (axes.bar([0, 1.25], [1, 2]), axes.set_xticks([0, 1], ["a", "b"])))
    assert not moved.by_class
    (more,) = marks_of(lambda axes: (axes.bar([0, 1], [1, 2]), axes.set_xticks([0, 1, 2], ["a", "b", "c"])))
    assert not more.by_class


def test_a_panel_has_the_names_of_its_bars_and_the_labels_of_its_axes() -> None:
    axes = axes_with(lambda axes: axes.bar(["cat", "dog"], [0.25, 0.75]))
    (panel,) = matplotlib_figures.read(axes.figure).panels
    assert (panel.x.names, panel.y.names) == (("cat", "dog"), ())
    axes = axes_with(lambda axes: axes.barh(["cat", "dog"], [0.25, 0.75]))
    (panel,) = matplotlib_figures.read(axes.figure).panels
    assert (panel.x.names, panel.y.names) == ((), ("cat", "dog"))
    assert "cat 0.25 dog 0.75" in table_of(described(axes, "p").html)
    axes = axes_with(lambda axes: axes.plot([0, 1], [0, 1]))
    axes.set(xlabel="a_b", ylabel="*y*", title="<b>$T$</b>", xticks=[0, 1], xticklabels=["u", "v"])
    (panel,) = matplotlib_figures.read(axes.figure).panels
    assert (panel.x.label, panel.x.names, panel.title, panel.marks[0].name) == (r"a\_b", (), "T", "*y*")


@pytest.mark.parametrize(("rows", "columns", "tiles"), [(12, 12, True), (13, 2, False), (2, 13, False)])
def test_a_small_matrix_is_tabulated_and_a_large_one_summed_up(rows: int, columns: int, tiles: bool) -> None:
    values = np.arange(float(rows * columns)).reshape(rows, columns)
    (mark,) = marks_of(lambda axes: axes.imshow(values))
    assert (mark.kind == "tiles") == tiles
    if tiles:
        np.testing.assert_array_equal(mark.matrix, values)
        assert (mark.low, mark.high) == (0, 150)
    else:
        np.testing.assert_array_equal(mark.values, values[::-1])
        assert (mark.x, mark.y) == ((-0.5, columns - 0.5), (rows - 0.5, -0.5))
    values[0, 0] = np.nan
    (gap,) = marks_of(lambda axes: axes.imshow(values))
    assert gap.kind == "image"


def test_rows_and_columns_have_the_names_at_their_ticks() -> None:
    def named(axes: Any, origin: str = "upper") -> None:
        axes.imshow([[1, 2, 3], [4, 5, 6]], origin=origin)
        axes.set_xticks(range(3), ["a", "b", "c"])
        axes.set_yticks(range(2), ["u", "v"])

    (upper,) = marks_of(named)
    assert (upper.rows, upper.columns, upper.matrix.tolist()) == (
        ("u", "v"),
        ("a", "b", "c"),
        [[1, 2, 3], [4, 5, 6]],
    )
    (lower,) = marks_of(lambda axes: named(axes, "lower"))
    assert (lower.rows, lower.matrix.tolist()) == (("v", "u"), [[4, 5, 6], [1, 2, 3]])
    (few,) = marks_of(lambda axes: (named(axes), axes.set_xticks([0, 1], ["a", "b"])))
    assert few.kind == "image", "names that do not fit are none"
    assert marks_of(lambda axes: axes.imshow(np.ones((2, 2, 3)))) == (), "colors are no numbers"


def test_a_mesh_reaches_from_its_first_corner_to_its_last() -> None:
    (mesh,) = marks_of(lambda axes: axes.pcolormesh([1, 2, 4], [10, 20, 30], [[1, 2], [3, np.inf]]))
    assert (mesh.x, mesh.y) == ((1, 4), (10, 30))
    np.testing.assert_array_equal(mesh.values, [[1, 2], [3, np.nan]])


def test_points_lines_and_what_has_no_value_are_read_back() -> None:
    line, points = marks_of(
        lambda axes: (
            axes.plot([0, 1, 2], [3, np.inf, 5], label="_hidden"),
            axes.scatter([1, 2], np.ma.masked_greater([4, 9], 5), label="s"),
        )
    )
    assert (line.name, points.name) == ("y", "s")
    np.testing.assert_array_equal([line.x, line.y], [[0, 1, 2], [3, np.nan, 5]])
    np.testing.assert_array_equal([points.x, points.y], [[1, np.nan], [4, np.nan]])
    (named,) = marks_of(lambda axes: axes.plot(["cat", "dog", "cat"], [3, 4, 5]))
    assert named.x.tolist() == [0, 1, 0], "words stand at places"
    solid = {"subplot_kw": {"projection": "3d"}}
    (curve,) = marks_of(lambda axes: axes.plot([0, 1], [2, 3], [4, 5]), **solid)
    assert (curve.x.tolist(), curve.y.tolist()) == ([0, 1], [4, 5])
    (cloud,) = marks_of(lambda axes: axes.scatter([1, 0], [2, 3], [4, 5]), **solid)
    assert (cloud.x.tolist(), cloud.y.tolist()) == ([1, 0], [4, 5])


def test_a_line_that_slopes_across_the_axes_is_no_number() -> None:
    assert marks_of(lambda axes: axes.axline((0, 3), slope=2)) == ()
    assert marks_of(lambda axes: axes.plot([], [], transform=axes.transAxes)) == (), "nor is nothing"
    (upright, level) = marks_of(lambda axes: (axes.axvline(1.5), axes.axhline(2.5)))
    assert [(rule.at, rule.axis) for rule in (upright, level)] == [(1.5, "x"), (2.5, "y")]


def test_facts_are_the_lowest_and_the_highest_of_what_is_no_table() -> None:
    def facts(plot: Any, **subplots: Any) -> Any:
        return matplotlib_figures.read(axes_with(plot, **subplots).figure).facts

    solid = {"subplot_kw": {"projection": "3d"}}
    assert facts(surface, **solid) == {"lowest f": -22, "highest f": 22}
    contours = facts(lambda axes: axes.contour(X, X, GRID, levels=[-7, 7]))
    assert contours == {"lowest value": -22, "highest value": 22}
    area = facts(lambda axes: (axes.fill_between(X, X, 3.5), axes.set_ylabel("$h$")))
    assert area == {"lowest h": -2, "highest h": 3.5}
    assert facts(lambda axes: axes.fill_between(X, X, 3.5, label="a")) == {"lowest a": -2, "highest a": 3.5}
    assert facts(lambda axes: axes.plot(X, X)) == {}
    assert facts(lambda axes: axes.quiver([10, 11], [20, 25], [1, 2], [1, 2])) == {}, "arrows are in pixels"
    assert facts(lambda axes: axes.vlines([0, 1], [4, 2], [7, 8])) == {"lowest y": 2, "highest y": 8}
    cells = facts(lambda axes: axes.hexbin([10.0, 12, 14], [20.0, 25, 30], gridsize=5))
    assert 15 < cells["lowest y"] < 20, "cells reach beyond their middles"
    assert 30 < cells["highest y"] < 35


def test_a_sentence_may_name_limits_levels_corners_and_how_many_there_are() -> None:
    def others(plot: Any, **subplots: Any) -> list[Any]:
        found = matplotlib_figures.read(axes_with(plot, **subplots).figure).others
        return [np.round(values, 9).tolist() for values in found]

    two = others(
        lambda axes: (
            axes.plot([0, 1], [0, 1]),
            axes.plot([0, 1], [1, 0]),
            axes.set(xlim=(-3, 5), ylim=(2, 7)),
        )
    )
    assert two == [[-3, 5, 2, 7], [2], [1]]
    solid = others(
        lambda axes: axes.set(xlim=(0, 1), ylim=(2, 3), zlim=(4, 5)), subplot_kw={"projection": "3d"}
    )
    assert solid == [[0, 1, 2, 3], [0], [4, 5], [1]]
    span = others(lambda axes: axes.axvspan(0.25, 0.75))
    assert sorted({x for x, _ in span[2]}) == [0.25, 0.75]
    levels = others(lambda axes: axes.contour(X, X, GRID, levels=[-7, 7]))
    assert [-7, 7] in levels
    assert len(others(lambda axes: axes.bar([1], [2]))) == 3, "bars have their numbers in the table"
    colored = axes_with(lambda axes: axes.figure.colorbar(axes.imshow([[1, 2]]), ax=axes)).figure
    assert matplotlib_figures.read(colored).others[-1].tolist() == [1], "a color scale is no panel"


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([0.137, 0.852], 0.13, 0.86),
        ([-0.137, 0.852], -0.14, 0.86),
        ([0, 1234], 0, 1300),
        ([0, 9.99], 0, 10),
        ([2, np.nan, 12], 2, 12),
        ([5, 5], 5, 6),
    ],
)
def test_a_scale_of_colors_has_short_ends_just_outside(values: Any, low: float, high: float) -> None:
    assert read.ends(np.array(values, dtype=float)) == (low, high)


def test_what_is_read_has_names_of_its_own_and_the_ends_of_long_arrays() -> None:
    result = read.Read(facts={"f": 3.5}, others=[np.array([1.25, np.nan])])
    assert [result.name("x", np.array(v)) for v in ([1, 2], [1, 2], [3], [4], [3])] == [
        "x",
        "x",
        "x 2",
        "x 3",
        "x 2",
    ]
    short, long = np.linspace(0, 1, 1000), np.linspace(5, 6, 1001)
    result.panels.append(
        Panel("", [Line("a", short, short + 7, color="ink"), Line("b", long, long, color="ink")])
    )
    numbers = result.numbers()
    assert numbers[:2].tolist() == [3.5, 1.25]
    assert len(numbers) == 2 + (1 + 1000) * 2 + (1 + 2) * 2
    assert {1000, 1001, 5, 6} <= set(numbers.tolist())


def test_words_lose_their_tags_and_the_signs_of_formulas() -> None:
    assert read.plain_words(r" <i>a</i>$\lambda_{1}$ ") == "alambda_1"
    assert read.plain_words(None) == ""
    assert read.title_words("a_b^c*d") == r"a\_b\^c\*d"
    np.testing.assert_array_equal(
        read.finite(np.ma.array([1, 2, np.inf], mask=[0, 1, 0])), [1, np.nan, np.nan]
    )


def plotly_marks(*traces: Any, **layout: Any) -> Any:
    (panel,) = plotly_figures.read(traced(*traces, **layout)).panels
    return panel


def test_traces_of_plotly_are_read_back_as_marks() -> None:
    panel = plotly_marks(
        go.Scatter(y=[3, 1]),
        go.Scatter(x=[5, 7], y=[2, None], mode="markers", name="a_b"),
        go.Bar(x=[1, 2], y=[4, 5], name="p"),
        xaxis_title_text="time",
        yaxis_title_text="v",
        title_text="f_0",
    )
    line, points, bars = panel.marks
    assert [(mark.kind, mark.name, mark.color) for mark in panel.marks] == [
        ("line", "v", "logits"),
        ("points", "a_b", "probabilities"),
        ("bars", "p", "target"),
    ]
    assert (line.x.tolist(), line.y.tolist(), line.label) == ([0, 1], [3, 1], None)
    np.testing.assert_array_equal([points.x, points.y], [[5, 7], [2, np.nan]])
    assert (points.label, bars.x.tolist(), bars.by_class) == (r"a\_b", [1, 2], False)
    assert (panel.title, panel.x.label, panel.y.label, panel.equal) == (r"f\_0", "time", "v", False)
    named = plotly_marks(go.Scatter(y=[1]), go.Bar(x=["cat", "dog"], y=[4, 5]))
    assert (named.marks[1].by_class, named.x.names) == (True, ("cat", "dog"))
    several = plotly_marks(
        go.Bar(x=["a", "b"], y=[1, 2]), go.Bar(x=["c", "b"], y=[3, 4]), go.Bar(y=[5, 6, 7])
    )
    assert several.x.names == ("a", "b", "c")
    assert [mark.y.tolist() for mark in several.marks] == [[1, 2, 0], [0, 4, 3], [5, 6, 7]]
    short = plotly_marks(go.Bar(x=["a", "b", "c"], y=[1, 2]), go.Bar(x=["a"], y=[3, 4]))
    assert [mark.y.tolist() for mark in short.marks] == [[1, 2, 0], [3, 0, 0]], "as Plotly draws them"
    counted = plotly_marks(go.Bar(y=[4, 5]))
    assert (counted.marks[0].by_class, counted.x.names) == (True, ())
    with pytest.raises(TypeError, match="not bar"):
        plotly_marks(go.Bar(x=[1], y=["a"], orientation="h"))


def test_a_heat_map_of_plotly_fills_its_panel() -> None:
    panel = plotly_marks(go.Heatmap(z=[[1, 2], [3, 4], [5, None]], x=[10, 20], name="h"))
    (mark,) = panel.marks
    assert (mark.x, mark.y, mark.scale, mark.name) == ((5, 25), (-0.5, 2.5), "h", "h")
    assert (panel.x.low, panel.x.high, panel.y.low, panel.y.high) == (5, 25, -0.5, 2.5)
    np.testing.assert_array_equal(mark.values, [[1, 2], [3, 4], [5, np.nan]])


def test_spaces_of_plotly_hold_one_surface_and_its_curves() -> None:
    curve = go.Scatter3d(x=[0, 1], y=[0, 1], z=[4, 5])
    panel = plotly_marks(
        go.Surface(z=[[1, 2, 3], [4, 5, 9]]),
        curve,
        curve,
        scene_zaxis_title_text="s",
        scene_xaxis_title_text="a",
    )
    (mark,) = panel.marks
    assert (mark.x.tolist(), mark.y.tolist(), mark.low, mark.high) == ([0, 1, 2], [0, 1], 1, 9)
    assert (mark.name, mark.labels) == ("s", ("a", "", "s"))
    assert [color for *_, color in mark.curves] == ["probabilities", "target"]
    assert [part.tolist() for part in mark.curves[0][:3]] == [[0, 1], [0, 1], [4, 5]]
    flat = go.Surface(z=[[1, 2], [3, 4]])
    for wrong in ((curve,), (flat, flat), (flat, go.Mesh3d(x=[0], y=[0], z=[0], scene="scene"))):
        with pytest.raises(TypeError, match="described reads"):
            plotly_marks(*wrong)


def test_panels_of_plotly_stand_two_in_a_row_with_their_titles() -> None:
    figure = make_subplots(1, 3, subplot_titles=["one", "two", "three"])
    for column in (1, 2, 3):
        figure.add_trace(go.Scatter(y=[column, 2]), 1, column)
    figure.update_xaxes(range=[-4, 8], row=1, col=2)
    result = plotly_figures.read(figure)
    rows = plotly_figures.picture(result, "Three.").panels
    assert [[panel.title for panel in row] for row in rows] == [["one", "two"], ["three"]]
    assert [values.tolist() for values in result.others] == [[-4, 8], [3, 3]]
    figure.layout.annotations = figure.layout.annotations[:1]
    assert [panel.title for panel in plotly_figures.read(figure).panels] == ["one", "", ""]


def test_describing_costs_no_import_before_it_is_used() -> None:
    heavy = "{'matplotlib', 'plotly', 'PIL'} & set(sys.modules)"
    code = f"import sys; from course_utils.teaching import described; print({heavy})"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )


def test_numbers_in_words() -> None:
    assert written_numbers("z0 = −1.5, 2e−9 and 3. Not float64, x_2 or ∂3.") == ["−1.5", "2e−9", "3"]
    pool = np.array([0.6652, -1234.0, 250.4, 2.06106e-9])
    for number, known in {
        "0.67": True,
        "0.66": False,
        "1230": True,
        "1240": False,
        "1234": True,
        "1233": False,
        "1232": False,
        "250": True,
        "251": False,
        "2.06e−9": True,
        "2.07e−9": False,
        "−0.665": True,
    }.items():
        assert is_known(number, pool) is known, number


@pytest.mark.parametrize(
    ("number", "shown", "known"),
    [
        ("3", 3 + 1e-10, True),  # a sum of floats
        ("3", 3.0004, False),
        ("99", 99.0004, False),
        ("100", 100.4, True),
        ("100", 100.6, False),
        ("1239", 1238.9, True),
        ("1234", 1238.9, False),
        ("1,240", 1238.9, True),
        ("1200", 1238.9, False),
        ("1000", 1004.0, True),  # to three digits, not to one
        ("1000", 1006.0, False),
        ("40300", 40349.0, True),
        ("40310", 40349.0, False),
        ("−1240", 1238.9, True),
    ],
)
def test_a_whole_number_is_rounded_by_the_zeros_at_its_end(number: str, shown: float, known: bool) -> None:
    assert is_known(number, np.array([shown])) is known


def test_numbers_that_python_wrote_get_a_true_minus() -> None:
    figure = axes_with(lambda axes: axes.plot([-1, 2, 1], [-0.5, 1e-5, 0]))
    shown = described(figure, "From -0.5 at -1 up to 1e-5, x-1 of a 2-2-1 network.")
    assert repr(shown) == "From −0.5 at −1 up to 1e−5, x-1 of a 2-2-1 network."


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        ("Up to -1E-0.", "Up to −1E−0."),
        ("The last is `y[-1]`, at -1.", "The last is `y[-1]`, at −1."),
        ("From $x = -1$ to -.5.", "From $x = -1$ to −.5."),
        ("In pages 2--1.", "In pages 2--1."),
    ],
)
def test_a_hyphen_becomes_a_minus_before_a_number_but_not_in_code(says: str, shown: str) -> None:
    figure = axes_with(lambda axes: axes.plot([-1, 2, 1, 0, 5], [-0.5, -1, 0, 1, 5]))
    assert described(figure, says).says == shown
