"""A demo on the page: what its controls say, what it shows, and whether the two agree."""

from __future__ import annotations

import hashlib
import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from conftest import PATIENCE
from painting import painted, same_parts, wanted

from course_utils.teaching import Bitmap, Bits, Choice, Demo, LogFloat, Picture, Toggle, Vector, pictures

POLL = 30

READ = """(view) => {
    const all = (selector) => [...view.querySelectorAll(selector)];
    return {
        numbers: all('.cu-pair').map((pair) => pair.lastElementChild.valueAsNumber),
        spoken: all('.cu-pair').map((pair) => pair.firstElementChild.getAttribute('aria-valuetext')),
        choices: all('.cu-controls select, .cu-choice').map((choice) =>
            choice.value ?? choice.querySelector('input:checked').value),
        toggles: all('.cu-controls input[type=checkbox]').map((box) => box.checked),
        bits: all('.cu-presses').map((layer) =>
            [...layer.children].map((bit) => Number(bit.ariaPressed === 'true')).join('')),
        bitmaps: all('.cu-pad canvas').map((pad) => {
            const { data } = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);
            const bits = Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i] < 128 ? '1' : '0'));
            return bits.join('');
        }),
    };
}"""

TEXTS = """(view) => ({
    alternative: view.querySelector('img').alt,
    readout: view.querySelector('[role=status]').textContent,
    caption: view.querySelector('figcaption').textContent.trim(),
    table: view.querySelector('details table').textContent,
})"""

# The same of a picture that is data.
DATA_TEXTS = """(view) => ({
    alternative: view.querySelector('.cu-art').getAttribute('aria-label'),
    readout: view.querySelector('.cu-readout').textContent,
    caption: view.querySelector('figcaption p').textContent.trim(),
    table: view.querySelector('.cu-table').textContent,
})"""

SHOWS = "([view, wanted]) => JSON.stringify((%s)(view)) === JSON.stringify(wanted)"

IMAGE = """async (view) => {
    const image = view.querySelector('img');
    let bytes;
    try {
        await image.decode();
        bytes = await (await fetch(image.src)).arrayBuffer();
    } catch { // replaced by the next image meanwhile
        return null;
    }
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}"""

TRACES_AGREE = """([plot, traces]) => traces.every((trace, i) =>
  Object.entries(trace).every(([axis, wanted]) => {
    const rows = Array.from(plot.data?.[i]?.[axis] ?? []);
    const shown = rows.flatMap((row) => Array.from(row.length ? row : [row]));
    return shown.length === wanted.length && wanted.every((y, j) =>
        y === null ? !Number.isFinite(shown[j]) : Math.abs(shown[j] - y) <= 1e-6 * (1 + Math.abs(y)));
}))"""


@dataclass(frozen=True)
class Row:
    """One slider with its number field: a number control, an entry of a vector, or a reciprocal."""

    control: Any
    place: int  # among the sliders of the view
    entry: int | None = None
    reciprocal: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """What Home and End set, in values of this row."""
        low, high = self.control.low, self.control.high
        return (1 / high, 1 / low) if self.reciprocal else (low, high)

    def share(self, value: float) -> float:
        """Return how far to the right a value of this row stands, from 0 to 1."""
        low, high = self.ends
        if isinstance(self.control, LogFloat):
            return math.log(value / low) / math.log(high / low)
        return (value - low) / (high - low)

    @property
    def notches(self) -> int:
        """How many steps lead from end to end."""
        low, high = self.control.low, self.control.high
        if isinstance(self.control, LogFloat):
            return round(math.log(high / low) / math.log(self.control.step))
        return round((high - low) / getattr(self.control, "step", 1))


def rows(demo: Demo) -> Iterator[Row]:
    """Yield the sliders of a demo in the order of the page."""
    place = 0
    for control in demo.controls:
        if isinstance(control, Vector):
            found = [Row(control, place + i, entry=i) for i in range(len(control.entries))]
        elif isinstance(control, Choice | Toggle | Bits | Bitmap):
            found = []
        else:
            found = [Row(control, place)]
            if getattr(control, "reciprocal", ""):
                found.append(Row(control, place + 1, reciprocal=True))
        yield from found
        place += len(found)


def texts(picture: Any) -> dict[str, str]:
    """Return what the page must say about a picture."""
    table = picture.numbers_html() if isinstance(picture, pictures.Picture) else picture.table.to_html()
    return {
        "alternative": picture.description,
        "readout": picture.readout,
        "caption": picture.description,
        "table": html.unescape(re.sub("<[^>]*>", "", table)),
    }


class LiveDemo:
    """One view of a demo on the page."""

    def __init__(self, page: Any, cell: Any, demo: Demo) -> None:
        self.page, self.demo = page, demo
        self.cell = cell
        self.is_data = isinstance(demo.at(), pictures.Picture)
        self.texts = DATA_TEXTS if self.is_data else TEXTS
        self.view = cell.locator(".cu-live" if self.is_data else ".cu-view")
        self.node = self.view.element_handle()
        if self.is_data:  # exact numbers, and the table, which is made when it is opened
            self.node.evaluate(
                "(view) => view.querySelectorAll('details').forEach((d) => { d.open = true; })"
            )

    def state(self) -> dict[str, Any]:
        """Read the controls; a slider and its field must say the same."""
        read = self.node.evaluate(READ)
        for number, spoken in zip(read["numbers"], read["spoken"], strict=True):
            said = float(spoken.replace("−", "-").split(" ")[0])
            assert math.isclose(number, said, rel_tol=6e-3), f"the slider says {spoken}, its field {number}"
        kinds = {Choice: "choices", Toggle: "toggles", Bits: "bits", Bitmap: "bitmaps"}
        given = {kind: iter(read[key]) for kind, key in kinds.items()}
        state: dict[str, Any] = {}
        for control in self.demo.controls:
            if type(control) in given:
                state[control.name] = next(given[type(control)])
        for row in rows(self.demo):
            name, number = row.control.name, read["numbers"][row.place]
            if row.entry is not None:
                state[name] = (*state.get(name, ()), number)
            elif row.reciprocal:
                assert math.isclose(number, 1 / state[name], rel_tol=1e-5), f"1/{state[name]} is not {number}"
            else:
                state[name] = type(row.control.default)(number)
        return state

    def agrees(self, **known: Any) -> dict[str, Any]:
        """Wait until sentence, readout and table are those of the controls' state; return it.

        `known` are values that controls must have now, exact where their fields round.
        """
        state = self.state()
        for name, value in known.items():
            same = (
                state[name] == value
                if isinstance(value, str)
                else np.allclose(state[name], value, 1e-5, 1e-12)
            )
            assert same, f"{name} is {state[name]} and should be {value}"
        state |= known
        self.wait(SHOWS % self.texts, texts(self.demo.at(**state)), lambda: self.node.evaluate(self.texts))
        return state

    def is_drawn(self, state: dict[str, Any]) -> None:
        """Wait until a state's picture is there: its parts, its image's pixels, or Plotly's traces."""
        picture = self.demo.at(**state)
        if self.is_data:
            wide = int(
                self.node.evaluate("(v) => v.querySelector('.cu-stage').style.getPropertyValue('--cu-wide')")
            )
            parts = wanted(picture.spec(wide))
            for _ in range(PATIENCE // POLL):
                if same_parts(painted(self.node), parts):
                    return
                self.page.wait_for_timeout(POLL)
            raise AssertionError("what is painted is not the picture of this state")
        if picture.plotly is None:
            self.image_shows(picture)
        else:
            self.plot_shows(picture)

    def image_shows(self, picture: Picture) -> None:
        """Wait until the sharp image of a picture is seen, pixel for pixel."""
        sharp = hashlib.sha256(picture.png(2)).hexdigest()
        # Playwright takes the promise of an asynchronous condition for true: ask again and again.
        for _ in range(PATIENCE // POLL):
            if self.node.evaluate(IMAGE) == sharp:
                assert self.view.locator("img").is_visible()
                return
            self.page.wait_for_timeout(POLL)
        raise AssertionError("the image is not the sharp one of this state")

    def plot_shows(self, picture: Picture) -> None:
        """Wait until Plotly shows the data of a picture, in place of the image."""
        plot = self.cell.locator(".js-plotly-plot").element_handle()
        assert plot.query_selector("[data-title='Share chart']") is None, "a button to the cloud"
        self.page.wait_for_function(TRACES_AGREE, arg=[plot, traces(picture)])
        self.view.locator("img").wait_for(state="hidden")

    def wait(self, condition: str, wanted: Any, shown: Any) -> None:
        """Wait for a condition on the view; if it never holds, fail with both sides."""
        from playwright.sync_api import TimeoutError as TookTooLong

        try:
            self.page.wait_for_function(condition, arg=[self.node, wanted], timeout=PATIENCE)
        except TookTooLong:
            raise AssertionError(f"wanted {wanted}, but the page has {shown()}") from None


def close(one: Any, other: Any) -> bool:
    """Tell whether two values of a control are the same, as far as six digits can say."""
    return one == other if isinstance(other, str) else np.allclose(one, other, 1e-5, 1e-12)


def traces(picture: Picture) -> list[dict[str, list[float | None]]]:
    """Return the arrays of each Plotly trace, flat; what is not a number is null."""
    assert picture.plotly is not None
    return [
        {
            axis: [float(v) if np.isfinite(v) else None for v in np.ravel(values).astype(float)]
            for axis in "xyz"
            if (values := trace.get(axis)) is not None
        }
        for trace in picture.plotly()["data"]
    ]
