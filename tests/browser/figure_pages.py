"""Small demos with every kind of mark and handle, and pages that show them without Jupyter."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from conftest import new_page

from course_utils.publish.site import ASSETS
from course_utils.teaching import Demo, bundle
from course_utils.teaching.controls import Bitmap, Choice, Float, Integer, LogFloat, Toggle, Vector
from course_utils.teaching.picture_view import PictureView, demo_view
from course_utils.teaching.pictures import (
    Axis,
    Bars,
    Drag,
    DragTo,
    Image,
    Line,
    Paint,
    Panel,
    Picture,
    Points,
    Polygons,
    Rule,
    Text,
    Tiles,
    classes,
)

NAMES = classes(["cat", "dog", "owl"])


def shares(z: tuple[float, ...], T: float) -> Picture:
    """Three bar panels, one of them to be dragged."""
    e = np.exp(np.array(z) / T)
    p = e / e.sum()
    dragged = Bars("z", z, color="logits", drags={"y": Drag("z", "each")})
    return Picture(
        [
            Panel("logits *z*", [dragged], x=NAMES, y=Axis("*z*", -4, 4, zero=True)),
            Panel(
                "e^{*z*/*T*}", [Bars("e", e, color="exponentials", hatch="//")], x=NAMES, y=Axis("", 0, 60)
            ),
            Panel(
                "shares *p*", [Bars("p", p, color="probabilities", values=True)], x=NAMES, y=Axis("", 0, 1)
            ),
        ],
        f"Shares {p[0]:.3f}, {p[1]:.3f}, {p[2]:.3f}. At T = {T:g}.",
        height=260,
    )


BARS = Demo(
    shares,
    (
        Vector("z", "logits z", entries=("cat", "dog", "owl"), low=-4, high=4, initial=(2, 0, -1), step=0.1),
        LogFloat("T", "temperature T", low=0.1, high=10, initial=1, step=1.1, plays=True),
    ),
    "Three shares",
    "Pull one logit up.",
    presets={"All equal": {"z": (0, 0, 0)}, "One pulls": {"z": (4, 0, -1)}},
)


def plane(x0: float, x1: float, n: int, color: str, frame: bool) -> Picture:
    """A point in a plane of n x n polygons, a line to be moved, and words."""
    edges = np.linspace(-3, 3, n + 1)
    corners = [
        np.array([(a, c), (b, c), (b, d), (a, d)])
        for (a, b), (c, d) in itertools.product(itertools.pairwise(edges), repeat=2)
    ]
    values = np.array([np.sin(cell[:, 0].mean()) for cell in corners])
    chosen = int(np.argmin([np.hypot(*(cell.mean(axis=0) - (x0, x1))) for cell in corners]))
    fill: dict[str, Any] = {"values": values, "colormap": "diverging", "low": -1, "high": 1}
    if color == "tints":
        fill = {"fill": [("tint0", "tint1")[i % 2] for i in range(len(corners))]}
    cells = Polygons("f", corners, edge="ink" if frame else None, chosen=[chosen], **fill)
    point = Points("x", [x1], [x0], color="accent", size=12, drags={"x": Drag("x0"), "y": Drag("x1")})
    rule = Rule("here", x0, axis="x", color="accent", drags={"x": Drag("x0")})
    t = np.linspace(-3, 3, 49)
    cut = [Line("sin", np.sin(t), t, color="ink"), rule, Text("here", x0, 0.5, dx=6)]
    return Picture(
        [
            Panel("the plane", [cells, point], x=Axis("*x*_0", -3, 3), y=Axis("*x*_1", -3, 3), equal=True),
            Panel("a cut", cut, x=Axis("*x*_0", -3, 3), y=Axis("", -1, 1, zero=True), grid="y"),
        ],
        f"The point is at {x0:g}, {x1:g}. There are {n * n} cells.",
        height=300,
    )


PLANE = Demo(
    plane,
    (
        Float("x0", "input x₀", low=-3, high=3, initial=0.5, step=0.05),
        Float("x1", "input x₁", low=-3, high=3, initial=-0.5, step=0.05),
        Integer("n", "cells n", low=2, high=24, initial=10),
        Choice("color", "color by", options=("value", "tints")),
        Toggle("frame", "edges", True),
    ),
    "A plane",
    "Drag the point.",
    presets={"Corner": {"x0": -3.0, "x1": 3.0}},
)

CORNERS = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])


def in_triangle(z: tuple[float, ...]) -> Picture:
    """A point in a triangle, which only the kernel can translate, over an image and a matrix."""
    e = np.exp(np.array(z))
    p = e / e.sum()
    (x, y) = p @ CORNERS

    def to(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
        weights = np.linalg.solve(np.vstack([CORNERS.T, np.ones(3)]), [x, y, 1]).clip(0.01)
        logs = np.log(weights / weights.sum())
        return {"z": tuple((logs - logs.mean()).clip(-4, 4).round(2).tolist())}

    point = Points(
        "p", [y], [x], color="probabilities", size=13, drags=DragTo(to, ("z",), "the three shares")
    )
    ramp = np.add.outer(np.linspace(-1, 1, 8), np.linspace(-1, 1, 12)) * p[0]
    image = Image("h", ramp, x=(0, 12), y=(0, 8), low=-2, high=2, scale="height")
    tiles = Tiles(
        "W",
        np.outer(p, p),
        rows=list("abc"),
        columns=["*a*", "*b*", "*c*"],
        low=-1,
        high=1,
        outlined=[(0, 1)],
    )
    flat = {"x": Axis("", -0.1, 1.1), "y": Axis("", -0.1, 1.0), "equal": True, "frame": "none"}
    return Picture(
        [
            Panel("the triangle", [Polygons("", [CORNERS], fill="tint1", edge="muted"), point], **flat),
            Panel("an image", [image], x=Axis("*a*", 0, 12), y=Axis("*b*", 0, 8)),
            Panel("a matrix", [tiles]),
        ],
        f"Shares {p[0]:.3f}, {p[1]:.3f}, {p[2]:.3f}.",
        height=280,
    )


TRIANGLE = Demo(
    in_triangle,
    (Vector("z", "logits z", entries=("a", "b", "c"), low=-4, high=4, initial=(1, 0, -1), step=0.1),),
    "A triangle",
    "Drag the point.",
    presets={"Middle": {"z": (0, 0, 0)}},
)


def drawing(ink: str) -> Picture:
    """A pad of 6 rows and 8 columns."""
    bits = np.array(list(ink), dtype=float).reshape(6, 8)
    pen = Paint("ink", 1)
    pad = Image("ink", bits[::-1], x=(0, 8), y=(0, 6), colormap="gray", low=0, high=1, drags=pen)
    return Picture(
        [Panel("draw here", [pad], x=Axis("", 0, 8), y=Axis("", 0, 6), equal=True, frame="none")],
        f"{int(bits.sum())} pixels are black.",
        height=200,
    )


PAD = Demo(
    drawing,
    (Bitmap("ink", "your drawing", rows=6, columns=8, initial="1" + "0" * 47),),
    "A pad",
    "Draw.",
    presets={"All black": {"ink": "1" * 48}},
)


def seen_in(half_width: float, x0: float) -> Picture:
    """A window of any size around 0, and a point in it."""
    axes = {"x": Axis("*x*_0", -half_width, half_width), "y": Axis("*x*_1", -half_width, half_width)}
    t = np.linspace(-half_width, half_width, 41)
    marks = [
        Line("sin", np.sin(t), t, color="ink"),
        Points("x", [0], [x0], color="accent", drags={"x": Drag("x0")}),
    ]
    panel = Panel("a window", marks, **axes, equal=True, zooms="half_width")
    return Picture([panel], f"From {-half_width:g} to {half_width:g}, the point at {x0:g}.", height=280)


WINDOW = Demo(
    seen_in,
    (
        LogFloat("half_width", "half-width", low=0.1, high=10, initial=2, step=1.1),
        Float("x0", "input x₀", low=-3, high=3, initial=0.5, step=0.05),
    ),
    "A window",
    "Zoom.",
    presets={"Near": {"half_width": 0.6}},
)

DEMOS = {"bars": BARS, "plane": PLANE, "triangle": TRIANGLE, "pad": PAD, "window": WINDOW}

# The page has nothing but the style sheet, the module, and an adapter.
PAGE = """<!doctype html><html lang="en" data-theme="THEME">
<head><meta charset="utf-8"><title>A figure</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>STYLE
body { margin: 12px; background: PAPER; }</style></head>
<body><main><h1 style="font: 20px sans-serif; margin: 0; color: INK">A figure</h1>
<div id="root" class="cu-live"></div></main>
<script type="module">SCRIPT
const unpackBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const unpack = ({ buffers = [], ...answer }) => ({ ...answer, buffers: buffers.map(unpackBytes) });
ADAPTER
window.forget = showFigure(adapter, document.getElementById("root"));
window.ready = true;
</script></body></html>"""

# Python answers, through the driver of the browser; `held` keeps answers back, `alive` plays dead.
ASKING = """
const state = DATA, listeners = new Set(), heldBack = [];
state.answer = unpack(state.answer);
Object.assign(window, { asked: [], waiting: 0, held: false, alive: true });
const hear = (answer) => listeners.forEach((heard) => heard(answer));
window.letGo = () => { window.held = false; heldBack.splice(0).forEach(hear); };
const adapter = {
  get: (key) => state[key],
  async set(request) {
    window.asked.push(request);
    window.waiting += 1;
    const answer = unpack(JSON.parse(await window.ask(JSON.stringify(request))));
    if (window.held) heldBack.push(answer); else hear(answer);
    window.waiting -= 1;
  },
  on: (callback) => { listeners.add(callback); return () => listeners.delete(callback); },
  alive: () => window.alive,
};"""
FILM = """
const stream = new Blob([Uint8Array.from(atob(DATA), (letter) => letter.charCodeAt(0))]).stream();
const adapter = filmAdapter(await openedFilm(stream));"""
# A picture that nobody asks for another.
STILL = """
const first = unpack(DATA);
const adapter = { get: (key) => (key === "answer" ? first : undefined), set() {}, on: () => () => {} };"""


def as_json(answer: dict[str, Any], buffers: Sequence[bytes] = ()) -> dict[str, Any]:
    """Write the bytes of an answer as text."""
    return {**answer, "buffers": [base64.b64encode(part).decode() for part in answer.get("buffers", buffers)]}


def declared(view: PictureView) -> dict[str, Any]:
    """Return what a page knows of a demo from the start."""
    names = ("title", "look_for", "controls", "presets", "defaults")
    return {name: getattr(view, name) for name in names}


def plain_script(path: Path) -> str:
    """Return a module's text without imports and exports."""
    return re.sub(r"^import .*\n|^export ", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def html(adapter: str, data: Any, theme: str = "light") -> str:
    """Return a page of its own with one figure."""
    paper, ink = {"light": ("#ffffff", "#000000"), "dark": ("#111417", "#ffffff")}[theme]
    module = re.sub(r"^export \{.*\n?", "", bundle.script("page.js"), flags=re.MULTILINE)
    module += "".join(plain_script(ASSETS / name) for name in ("states.js", "film_file.js", "film.js"))
    parts = {
        "STYLE": bundle.style(),
        "SCRIPT": module,
        "ADAPTER": adapter.replace("DATA", json.dumps(data)),
        "THEME": theme,
        "PAPER": paper,
        "INK": ink,
    }
    return re.sub("|".join(parts), lambda found: parts[found[0]], PAGE)


@dataclass
class FigurePage:
    """A page with one figure, and what went wrong on it."""

    page: Any
    demo: Demo
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """What the last request asked for, once none waits for an answer: only so many go at once."""
        self.page.wait_for_function("() => window.asked.length > 0 && window.waiting === 0")
        found: dict[str, Any] = self.page.evaluate("() => window.asked.at(-1).values")
        return found

    def handle(self, place: int) -> Any:
        """Return the locator of a handle."""
        return self.page.locator(".cu-handle").nth(place)

    def middle(self, place: int) -> tuple[float, float]:
        """Return where a handle is, in pixels of the window."""
        box = self.handle(place).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def shows(self, **changes: Any) -> None:
        """Wait until the picture says what that of a state says."""
        wanted = self.demo.at(**changes)
        self.page.wait_for_function(
            "(text) => document.querySelector('.cu-art').getAttribute('aria-label') === text", arg=wanted.says
        )


@contextlib.contextmanager
def figure_page(
    browser: Any, name: str, theme: str = "light", clock: bool = False, **options: Any
) -> Iterator[FigurePage]:
    """Open a page whose figure is answered by Python. With `clock`, time stands still until it is moved."""
    demo = DEMOS[name]
    view = demo_view(demo)
    answers: list[tuple[dict[str, Any], Sequence[bytes]]] = []
    view.send = lambda content, buffers=(): answers.append((content, buffers))

    def ask(text: str) -> str:
        view._handle_custom_msg(json.loads(text), [])
        return json.dumps(as_json(*answers.pop()))

    data = {**declared(view), "answer": as_json(dict(view.answer))}
    sized = {"viewport": {"width": 1000, "height": 700}} | options
    with contextlib.closing(view), new_page(browser, **sized) as page:
        opened = FigurePage(page, demo)
        page.on("pageerror", lambda error: opened.errors.append(str(error)))
        page.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
        page.on("request", lambda request: opened.requests.append(request.url))
        page.expose_function("ask", ask)
        if clock:
            page.clock.install(time=0)
            page.clock.pause_at(1000)
        page.set_content(html(ASKING, data, theme))
        page.wait_for_function("() => window.ready")
        yield opened
        assert opened.errors == []
