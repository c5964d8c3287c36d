"""The one live view of pictures and demos: controls, image, readout and table in a single widget.

The controls are native HTML inputs: they have names, roles, keyboard operation and values that a screen
reader understands, and a whole demo is one widget model instead of one per slider.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import traitlets
from ipywidgets import VBox

from course_utils.teaching.demo import Demo
from course_utils.teaching.furniture import Furniture
from course_utils.teaching.picture import Picture
from course_utils.teaching.widget import CourseWidget, module, style

IN_MOTION, AT_REST = 1, 2  # image pixels per pixel at normal zoom


class FigureView(CourseWidget):
    """What a browser shows of a picture. The browser sets `values` and `moving`; all else is set here."""

    _esm = module("figure_view.js")
    _css = style("figure_view.css")

    title = traitlets.Unicode().tag(sync=True)
    look_for = traitlets.Unicode().tag(sync=True)
    controls: Any = traitlets.List().tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)  # name -> complete values
    defaults = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    moving = traitlets.Bool(False).tag(sync=True)
    answered = traitlets.Dict().tag(sync=True)  # the values last dealt with

    image = traitlets.Bytes(b"").tag(sync=True)  # empty where Plotly shows the picture
    size: Any = traitlets.List().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    readout = traitlets.Unicode().tag(sync=True)
    table = traitlets.Unicode().tag(sync=True)

    furniture: Any = traitlets.Instance(Furniture, args=())

    def show(self, picture: Picture) -> None:
        """Replace what is shown by the picture of the present values, in one message to the browser."""
        if self.moving and picture.plotly is None:
            with self.furniture.lent_to(picture.figure):
                shown = _shown(picture, IN_MOTION)
        else:
            shown = _shown(picture, AT_REST)
        with self.hold_sync():
            for name, value in {**shown, "answered": self.values}.items():
                setattr(self, name, value)


def _shown(picture: Picture, pixel_ratio: int) -> dict[str, Any]:
    """Return what the view of a picture consists of."""
    words = {
        "description": picture.description,
        "readout": picture.readout,
        "table": picture.table.to_html(),
    }
    if picture.plotly is not None:
        return words
    return {**words, "size": list(picture.size), "image": picture.png(pixel_ratio)}


def picture_view(picture: Picture) -> Any:
    """Return a live view of one picture."""
    plotly = _plotly_widget(picture)
    return _together(FigureView(*plotly, **_shown(picture, AT_REST)), plotly)


# What was set last, by demo and notebook cell: a cell that is run again shows it again.
_last_states: WeakKeyDictionary[Demo, dict[str, dict[str, Any]]] = WeakKeyDictionary()


def demo_view(demo: Demo, cell: str = "") -> Any:
    """Return a live view of a demo, with a state of its own: that which the cell had before, if any."""
    states = _last_states.setdefault(demo, {})
    state = states.get(cell, demo.defaults)
    current = demo.at(**state)
    plotly = _plotly_widget(current)
    drawn = current.plotly() if current.plotly else None
    view = FigureView(
        *plotly,
        title=demo.title,
        look_for=demo.look_for,
        controls=[control.spec() for control in demo.controls],
        presets=_json(demo.presets),
        defaults=_json(demo.defaults),
        values=_json(state),
        **_shown(current, AT_REST),
    )

    def redraw(_: Any) -> None:
        nonlocal current, drawn
        try:
            state = demo.state(**view.values)
        except (TypeError, ValueError) as error:  # a value typed by hand; the picture stays
            with view.hold_sync():
                view.readout, view.answered = f"{error}.", view.values
            return
        current = demo.at(**state)
        if cell:
            states[cell] = state
        view.show(current)
        if current.plotly is not None:
            before, drawn = drawn, current.plotly()
            for widget in plotly:
                _replace_traces(widget, before, drawn)

    def sharpen(change: Any) -> None:
        if not change["new"] and current.plotly is None:
            view.image = current.png(AT_REST)

    view.observe(redraw, "values")
    view.observe(sharpen, "moving")
    return _together(view, plotly)


def _json(value: Any) -> Any:
    """Turn the mappings and tuples of a state into what JSON has."""
    if hasattr(value, "items"):
        return {key: _json(v) for key, v in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _plotly_widget(picture: Picture) -> list[Any]:
    """Return the picture's Plotly figure as a widget, or nothing if it has none."""
    if picture.plotly is None:
        return []
    from plotly.graph_objects import FigureWidget

    figure = FigureWidget(picture.plotly())
    # "Share chart" would talk to a cloud service.
    figure._config = {**figure._config, "modeBarButtonsToRemove": ["sendChartToCloud"], "displaylogo": False}
    return [figure]


def _together(view: FigureView, plotly: list[Any]) -> Any:
    return VBox([view, *plotly]) if plotly else view


def _replace_traces(widget: Any, before: Any, after: Any) -> None:
    """Bring a living Plotly widget from one figure to the next, keeping the reader's rotation and zoom.

    What stays the same (the surface under a moving line) is not sent again.
    """
    with widget.batch_update():
        for shown, old, new in zip(widget.data, before["data"], after["data"], strict=True):
            shown.update({name: value for name, value in new.items() if not _same(value, old.get(name))})
        titles = after["layout"].get("annotations", [])  # of panels, which may name the state
        if titles != before["layout"].get("annotations", []):
            widget.layout.annotations = titles


def _same(new: Any, old: Any) -> bool:
    try:
        return np.array_equal(new, old)
    except ValueError:  # arrays within mappings: not compared, sent again
        return False
