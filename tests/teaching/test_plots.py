"""A figure that a reader plotted is shown with its words, and its words are held against what it shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from typing import Any

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from course_utils.teaching import described
from course_utils.teaching.plots import matplotlib_figures, plotly_figures
from course_utils.teaching.written import is_known, written_numbers

X = np.linspace(-2, 2, 9)
GRID, MESH = np.add.outer(X, 10 * X), np.meshgrid(X, X)


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
    "two panels": (lambda two: two[1].plot(X, X), "2 panels, up to 2.", "2.25", {"ncols": 2}),
}


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
    edges = plotly_figures._edges(2.5 * np.arange(count) + 1)
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
    assert sent["config"]["modeBarButtonsToRemove"] == ["sendChartToCloud"]
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
        "250": True,
        "2.06e−9": True,
        "2.07e−9": False,
        "−0.665": True,
    }.items():
        assert is_known(number, pool) is known, number
