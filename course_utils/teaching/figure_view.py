"""The one live view of pictures and demos: controls, image, readout and table in a single widget.

The controls are native HTML inputs: they have names, roles, keyboard operation and values that a screen
reader understands, and a whole demo is one widget model instead of one per slider.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from ipywidgets import VBox

from course_utils.teaching.demo import Demo
from course_utils.teaching.furniture import Furniture
from course_utils.teaching.picture import Picture
from course_utils.teaching.widget import CourseWidget, module, style

IN_MOTION, AT_REST = 1, 2  # image pixels per pixel at normal zoom


class FigureView(CourseWidget):
    """What a browser shows of a picture. It sets `values`, `moving` and `plotted`; all else is set here."""

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
    plotted = traitlets.Bool(False).tag(sync=True)  # Plotly has drawn the picture

    image = traitlets.Bytes(b"").tag(sync=True)
    size: Any = traitlets.List().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    readout = traitlets.Unicode().tag(sync=True)
    table = traitlets.Unicode().tag(sync=True)

    furniture: Any = traitlets.Instance(Furniture, args=())

    def show(self, picture: Picture) -> None:
        """Replace what is shown by the picture of the present values, in one message to the browser."""
        shown = {**_words(picture), **self._drawn(picture), "answered": self.values}
        with self.hold_sync():
            for name, value in shown.items():
                setattr(self, name, value)

    def _drawn(self, picture: Picture) -> dict[str, Any]:
        if self.plotted:
            return {}
        if not self.moving:
            return _image(picture, AT_REST)
        with self.furniture.lent_to(picture.figure):
            return _image(picture, IN_MOTION)


def _words(picture: Picture) -> dict[str, Any]:
    """Return what the view of a picture says."""
    return {
        "description": picture.description,
        "readout": picture.readout,
        "table": picture.table.to_html(),
    }


def _image(picture: Picture, pixel_ratio: int) -> dict[str, Any]:
    """Return what the view of a picture shows; beside Plotly, until that has drawn, if ever."""
    return {"size": list(picture.size), "image": picture.png(pixel_ratio)}


def picture_view(picture: Picture) -> Any:
    """Return a live view of one picture."""
    plotly = _plotly_widget(picture)
    return _together(FigureView(*plotly, **_words(picture), **_image(picture, AT_REST)), plotly)


def demo_view(demo: Demo) -> Any:
    """Return a live view of a demo, with a state of its own."""
    current = demo.at()
    plotly = _plotly_widget(current)
    drawn = current.plotly() if current.plotly else None
    view = FigureView(
        *plotly,
        title=demo.title,
        look_for=demo.look_for,
        controls=[control.spec() for control in demo.controls],
        presets=_json(demo.presets),
        defaults=_json(demo.defaults),
        values=_json(demo.defaults),
        **_words(current),
        **_image(current, AT_REST),
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
        view.show(current)
        if current.plotly is not None:
            before, drawn = drawn, current.plotly()
            for widget in plotly:
                _replace_traces(widget, before, drawn)

    def sharpen(change: Any) -> None:
        if not change["new"] and not view.plotted:
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
    """Return the picture's Plotly figure as a widget, or nothing if it has none.

    It opens when it is complete. Plotly would send the data after the module of 5 MB, and what comes before a
    busy browser has loaded that is lost: an empty figure, for good.
    """
    if picture.plotly is None:
        return []
    from plotly.graph_objects import FigureWidget

    class OpenedLater(FigureWidget):  # type: ignore[misc]
        def open(self) -> None:
            pass

    figure = OpenedLater(picture.plotly())
    # "Share chart" would talk to a cloud service.
    figure._config = {**figure._config, "modeBarButtonsToRemove": ["sendChartToCloud"], "displaylogo": False}
    FigureWidget.open(figure)
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
