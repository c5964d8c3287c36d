"""The live view of pictures and demos: a widget that answers requests for pictures.

The browser owns the state of a view (what the controls say) and sends it with each request; the kernel
keeps nothing but the last picture. So each display of a demo starts at the defaults, and no two disturb each
other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.demo import Demo
from course_utils.teaching.pictures import Picture
from course_utils.teaching.pictures.marks import DragTo
from course_utils.teaching.widget import CourseWidget

FIRST_WIDTH = 640  # a page of another width asks again


class LivePicture(CourseWidget):
    """What a browser needs to show a figure at once; the rest goes by messages (see ``view/figure.js``)."""

    _esm = bundle.script("widget.js")

    rules = traitlets.Unicode(bundle.style()).tag(sync=True)  # put into the page once, not once for each view
    title = traitlets.Unicode().tag(sync=True)
    look_for = traitlets.Unicode().tag(sync=True)
    controls: Any = traitlets.List().tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)  # name -> complete values
    defaults = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)  # the first one


def picture_view(picture: Picture) -> LivePicture:
    """Return a live view of one picture."""
    return _answering(lambda request: (picture, {}), answer=painted(picture, {}, FIRST_WIDTH))


def demo_view(demo: Demo) -> LivePicture:
    """Return a live view of a demo, at its defaults."""
    state = demo.defaults
    last: tuple[Picture, dict[str, Any]] = demo.at(**state), state

    def pictured(request: dict[str, Any]) -> tuple[Picture, dict[str, Any]]:
        nonlocal last
        state = demo.state(**request["values"])
        picture = last[0] if state == last[1] else demo.at(**state)
        if "drag" in request:
            state = demo.state(**{**state, **dragged(picture, state, **request["drag"])})
            picture = demo.at(**state)
        last = picture, state
        return last

    return _answering(
        pictured,
        title=demo.title,
        look_for=demo.look_for,
        controls=[control.spec() for control in demo.controls],
        presets={name: _json(values) for name, values in demo.presets.items()},
        defaults=_json(state),
        answer=painted(last[0], state, FIRST_WIDTH),
    )


def _answering(
    pictured: Callable[[dict[str, Any]], tuple[Picture, dict[str, Any]]], **state: Any
) -> LivePicture:
    """Return a view that answers every request with what `pictured` makes of it."""
    view = LivePicture(**state)

    def heard(_: Any, request: dict[str, Any], __: Any) -> None:
        answer, buffers = answered(pictured, request)
        view.send(answer, buffers)

    view.on_msg(heard)
    return view


def answered(
    pictured: Callable[[dict[str, Any]], tuple[Picture, dict[str, Any]]], request: dict[str, Any]
) -> tuple[dict[str, Any], list[bytes]]:
    """Return the answer to a request as JSON and bytes.

    What the state of a demo refuses comes back as a sentence.
    """
    try:
        picture, state = pictured(request)
    except (TypeError, ValueError) as error:
        return {"id": request["id"], "values": request["values"], "error": f"{error}."}, []
    answer = painted(picture, state, request["width"])
    if request.get("table"):
        answer["table"] = picture.numbers_html()
    return {**answer, "id": request["id"]}, answer.pop("buffers")


def painted(picture: Picture, state: dict[str, Any], width: int) -> dict[str, Any]:
    """Return a picture as an answer has it, with the values of the controls."""
    spec = picture.spec(width)
    return {"values": _json(state), "spec": spec.json, "buffers": spec.buffers}


def dragged(
    picture: Picture, state: dict[str, Any], panel: int, mark: int, index: int, x: float, y: float
) -> dict[str, Any]:
    """Return the changes of the controls when a mark is moved to a place, as its `DragTo` says."""
    drags = getattr(picture.mark(panel, mark), "drags", None)
    if not isinstance(drags, DragTo):
        raise TypeError(f"mark {mark} of panel {panel} cannot be dragged anywhere")
    return drags.function(x, y, index, state)


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the tuples of a state into lists, which is what comes back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
