"""The live view of pictures and demos: a widget that answers requests for pictures.

The browser owns the state of a view (what the controls say) and sends it with each request, and which
answer it shows; the kernel keeps nothing but the last pictures, and sends what has changed. So each display
of a demo starts at the defaults, and no two disturb each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import traitlets

from course_utils.teaching import bundle
from course_utils.teaching.demo import Demo, Refused, dragged, listed
from course_utils.teaching.pictures import Picture, Spec
from course_utils.teaching.pictures.changes import changes
from course_utils.teaching.text import one_line
from course_utils.teaching.widget import CourseWidget

FIRST_WIDTH = 640  # a page of another width asks again
FIRST = 0  # the number of the answer that comes with the view
KEPT = 8  # last answers to which the next may say only what has changed


class PictureView(CourseWidget):
    """What a browser needs to show a figure at once; the rest goes by messages (see ``view/figure.js``)."""

    _esm = bundle.script("widget.js")

    # Put into the page once, not once for each view.
    rules = traitlets.Unicode(bundle.style() + bundle.rules("prose.css")).tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    look_for = traitlets.Unicode().tag(sync=True)
    controls: Any = traitlets.List().tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)  # name -> complete values
    defaults = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)  # the first one


class Pictured(NamedTuple):
    """A picture and the state that it shows."""

    picture: Picture
    state: dict[str, Any]


def picture_view(picture: Picture) -> PictureView:
    """Return a live view of one picture."""
    now = Pictured(picture, {})
    return _answering(lambda request: now, now)


def demo_view(demo: Demo) -> PictureView:
    """Return a live view of a demo, at its defaults."""
    state = demo.defaults
    last = Pictured(demo.at(**state), state)

    def pictured(request: dict[str, Any]) -> Pictured:
        nonlocal last
        state = _state(demo, request["values"])
        if state != last.state:
            last = Pictured(demo.at(**state), state)
        if "drag" in request:
            state = _state(demo, {**state, **dragged(*last, **request["drag"])})
            last = Pictured(demo.at(**state), state)
        return last

    return _answering(pictured, last, **demo.declared())


def _state(demo: Demo, values: dict[str, Any]) -> dict[str, Any]:
    try:
        return demo.state(**values)
    except (TypeError, ValueError) as error:
        raise Refused(f"{error}.") from error


def _answering(pictured: Callable[[dict[str, Any]], Pictured], first: Pictured, **state: Any) -> PictureView:
    """Return a view that answers every request with what `pictured` makes of it."""
    spec = first.picture.spec(FIRST_WIDTH)
    whole = {"spec": spec.json, "buffers": spec.buffers}
    view = PictureView(answer={"id": FIRST, "values": listed(first.state), **whole}, **state)
    known: dict[Any, Spec] = {FIRST: spec}  # what pages may have, by the number of the answer

    def heard(_: Any, request: dict[str, Any], __: Any) -> None:
        asked = {key: request[key] for key in ("id", "values")}
        try:
            now = pictured(request)
            spec = now.picture.spec(request["width"])
            table = {"table": now.picture.numbers_html()} if request.get("table") else {}
        except Refused as refusal:
            view.send({**asked, "error": str(refusal)})
        except Exception as error:  # the course's own fault: the page must not wait for this picture
            view.send({**asked, "error": f"This picture cannot be drawn: {one_line(str(error))}"})
            raise
        else:
            before = known.get(request.get("has"))
            told = changes(before, spec) if before else None
            since = {"since": request["has"]} if told else {}
            known[request["id"]] = spec
            for old in list(known)[1:-KEPT]:
                del known[old]
            answer = {"id": request["id"], "values": listed(now.state), "spec": (told or spec).json}
            view.send({**answer, **since, **table}, (told or spec).buffers)

    view.on_msg(heard)
    return view
