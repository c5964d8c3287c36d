"""What a figure of ``plotly.graph_objects`` shows, read back from its traces."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.teaching.pictures import Picture
from course_utils.teaching.pictures.fields import Image
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.pictures.panel import Axis, Panel, classes
from course_utils.teaching.pictures.projection import Surface
from course_utils.teaching.pictures.shapes import Bars, Line, Points
from course_utils.teaching.pictures.spec import Array
from course_utils.teaching.plots.read import Read, ends, finite, image, plain_words, title_words

HUES = ("logits", "probabilities", "target", "temperature", "accent")
SIDE_BY_SIDE = 2
NO_LIMITS = (None, None)
KNOWN = "scatter, bar, heatmap, contour, surface and scatter3d"


def read(figure: Any) -> Read:
    """Return what a figure shows."""
    result = Read(empty=not figure.data)
    titles = [note.text for note in figure.layout.annotations] or [figure.layout.title.text]
    for number, (subplot, traces) in enumerate(_subplots(figure).items()):
        title = title_words(titles[number]) if number < len(titles) else ""
        result.panels.append(_panel(figure, subplot, traces, title, result))
    result.others.append(np.array([len(figure.data), len(result.panels)]))
    return result


def picture(result: Read, says: str) -> Picture:
    """Return the same as a picture of this course: what stands there where Plotly does not."""
    panels = result.panels
    rows = [panels[at : at + SIDE_BY_SIDE] for at in range(0, len(panels), SIDE_BY_SIDE)]
    return Picture(rows, says, facts=result.facts)


def spec(figure: Any) -> dict[str, Any]:
    """Return what Plotly draws, without its default template and its buttons.

    They are seen by the mouse alone, while Tab stops at each, and one talks to a cloud service.
    """
    drawn: dict[str, Any] = figure.to_plotly_json()
    drawn.get("layout", {}).pop("template", None)
    return {**_listed(drawn), "config": {"displayModeBar": False, "responsive": True}}


def _listed(value: Any) -> Any:
    """Turn arrays into lists, with nothing for what is not a number: what JSON has."""
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _subplots(figure: Any) -> dict[tuple[str, ...], list[Any]]:
    """Return the traces of each pair of axes, or of each space."""
    found: dict[tuple[str, ...], list[Any]] = {}
    for trace in figure.data:
        if "3d" in trace.type or trace.type == "surface":
            subplot: tuple[str, ...] = (trace.scene or "scene",)
        else:
            subplot = (getattr(trace, "xaxis", None) or "x", getattr(trace, "yaxis", None) or "y")
        found.setdefault(subplot, []).append(trace)
    return found


def _panel(figure: Any, subplot: tuple[str, ...], traces: list[Any], title: str, result: Read) -> Panel:
    if len(subplot) == 1:
        scene = figure.layout[subplot[0]]
        labels = tuple(title_words(axis.title.text) for axis in (scene.xaxis, scene.yaxis, scene.zaxis))
        return Panel(title, [_space(traces, labels, result)])
    x, y = (figure.layout[f"{name[0]}axis{name[1:]}"] for name in subplot)
    result.others += [np.array(axis.range, dtype=float) for axis in (x, y) if axis.range is not None]
    result.name(plain_words(x.title.text) or "x", np.empty(0))  # the first column's
    value = plain_words(y.title.text) or "y"
    hues = itertools.cycle(HUES)
    names = _names_of_bars(traces)
    marks = [_flat(trace, hue, value, names, result) for trace, hue in zip(traces, hues, strict=False)]
    grid = next((mark for mark in marks if isinstance(mark, Image)), None)
    x_ends, y_ends = (grid.x, grid.y) if grid else (NO_LIMITS, NO_LIMITS)
    axis = classes(names) if names else Axis(title_words(x.title.text), *x_ends)
    equal = y.scaleanchor is not None
    return Panel(title, marks, x=axis, y=Axis(title_words(y.title.text), *y_ends), equal=equal)


def _are_words(values: Any) -> bool:
    return values is not None and any(isinstance(value, str) for value in values)


def _names_of_bars(traces: list[Any]) -> list[str]:
    """Return the names below the bars of all traces, each once, in the order in which Plotly places them."""
    named = (trace.x for trace in traces if trace.type == "bar" and _are_words(trace.x))
    return list(dict.fromkeys(str(name) for x in named for name in x))


def _lengths(trace: Any, y: Array, names: list[str]) -> Array:
    """Return the lengths of a trace's bars, by the names of all; a bar that is not there has none."""
    own = list(map(str, trace.x))
    if twice := [name for name in own if own.count(name) > 1]:
        raise ValueError(f"described reads one bar at each name, and two stand at {twice[0]!r}")
    lengths = dict(zip(own, y.tolist(), strict=False))
    return np.array([lengths.get(name, 0.0) for name in names])


def _flat(trace: Any, hue: str, value: str, names: list[str], result: Read) -> Mark:
    name = plain_words(trace.name)
    if getattr(trace, "orientation", None) == "h":
        raise TypeError(f"described reads {KNOWN}, but not {trace.type} with orientation='h'")
    if trace.type in ("scatter", "scattergl", "bar"):
        y = _numbers(trace.y)
        by_class = trace.type == "bar" and (trace.x is None or _are_words(trace.x))
        x = None if by_class else _along(trace.x, y.size)
        if by_class and trace.x is not None:
            y = _lengths(trace, y, names)
        kind: Any = Bars if trace.type == "bar" else Points if trace.mode == "markers" else Line
        return kind(result.name(name or value, y), y, x, color=hue, label=title_words(name) or None)  # type: ignore[no-any-return]
    if trace.type in ("heatmap", "contour"):
        z = _numbers(trace.z)
        x_edges, y_edges = (edges(_along(at, n)) for at, n in ((trace.x, z.shape[1]), (trace.y, z.shape[0])))
        return image(result.name(name or "z", z), z, x_edges, y_edges, scale=title_words(name))
    raise TypeError(f"described reads {KNOWN}, not {trace.type}")


def _along(places: Any, count: int) -> Array:
    """Return given places, or the numbers from 0 on that Plotly takes without them."""
    return _numbers(np.arange(count) if places is None else places)


def _numbers(values: Any) -> Array:
    try:
        return finite(values)
    except (TypeError, ValueError) as error:  # words, or dates
        raise TypeError("described reads numbers along x, y and z, and words only below bars") from error


def edges(middles: Array) -> tuple[float, float]:
    """Return the outer edges of evenly spaced cells."""
    first, last = float(middles[0]), float(middles[-1])
    half = (last - first) / (2 * max(1, middles.size - 1)) or 0.5
    return first - half, last + half


def _space(traces: list[Any], labels: tuple[str, ...], result: Read) -> Mark:
    surfaces = [trace for trace in traces if trace.type == "surface"]
    curves = [trace for trace in traces if trace.type == "scatter3d"]
    if len(surfaces) != 1 or len(surfaces) + len(curves) != len(traces):
        raise TypeError(f"described reads {KNOWN}, with one surface in each space")
    surface, z = surfaces[0], _numbers(surfaces[0].z)
    x, y = _along(surface.x, z.shape[1]), _along(surface.y, z.shape[0])
    x, y = x[0] if x.ndim == 2 else x, y[:, 0] if y.ndim == 2 else y  # as np.meshgrid makes them
    drawn: Any = [
        (*(_numbers(getattr(trace, axis)) for axis in "xyz"), hue)
        for trace, hue in zip(curves, itertools.cycle(HUES[1:]), strict=False)
    ]
    result.others += [x, y, *(values for *curve, _ in drawn for values in curve)]
    name = result.name(plain_words(surface.name) or plain_words(labels[2]) or "z", z)
    low, high = ends(z)
    three: Any = tuple(labels)
    return Surface(name, z, x, y, low=low, high=high, labels=three, curves=drawn)
