"""A demo on the page: what its controls say, what it shows, and whether the two agree."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from conftest import PATIENCE
from painted_parts import painted, same_parts, wanted

from course_utils.teaching import (
    Bitmap,
    Bits,
    Choice,
    Demo,
    Float,
    Integer,
    LogFloat,
    Picture,
    Toggle,
    Vector,
)

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
    alternative: view.querySelector('.cu-art').getAttribute('aria-label'),
    readout: view.querySelector('.cu-readout').textContent,
    caption: view.querySelector('figcaption p').textContent.trim(),
    table: view.querySelector('.cu-table').textContent,
})"""

SHOWS = f"([view, wanted]) => JSON.stringify(({TEXTS})(view)) === JSON.stringify(wanted)"


@dataclass(frozen=True)
class Row:
    """One slider with its number field: a number control, an entry of a vector, or a reciprocal."""

    control: Any
    place: int  # among the sliders of the view
    entry: int | None = None
    reciprocal: bool = False

    @property
    def values(self) -> list[float]:
        """Where the control can be set by this row, as it starts."""
        moves = self.control.moves(self.control.default)[self.entry or 0]
        return [value if self.entry is None else value[self.entry] for value in moves]

    @property
    def ends(self) -> tuple[float, float]:
        """What Home and End set, in values of this row."""
        low, high = self.values[0], self.values[-1]
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
        return len(self.values) - 1


def rows(demo: Demo) -> Iterator[Row]:
    """Yield the sliders of a demo in the order of the page."""
    place = 0
    for control in demo.controls:
        if isinstance(control, Vector):
            found = [Row(control, place + i, entry=i) for i in range(len(control.entries))]
        elif isinstance(control, Float | Integer):
            found = [Row(control, place)]
            if getattr(control, "reciprocal", ""):
                found.append(Row(control, place + 1, reciprocal=True))
        else:
            assert isinstance(control, Choice | Toggle | Bits | Bitmap), (
                "say here whether it has sliders, and in `READ` what it shows"
            )
            found = []
        yield from found
        place += len(found)


def texts(picture: Picture) -> dict[str, str]:
    """Return what the page must say about a picture."""
    return {
        "alternative": picture.says,
        "readout": picture.readout,
        "caption": picture.says,
        "table": html.unescape(re.sub("<[^>]*>", "", picture.numbers_html())),
    }


class LiveDemo:
    """One view of a demo on the page."""

    def __init__(self, page: Any, cell: Any, demo: Demo) -> None:
        self.page, self.demo = page, demo
        self.cell = cell
        self.view = cell.locator(".cu-live")
        self.node = self.view.element_handle()
        # Exact numbers, and the table, which is made when it is opened.
        self.node.evaluate("(view) => view.querySelectorAll('details').forEach((d) => { d.open = true; })")

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
            assert close(state[name], value), f"{name} is {state[name]} and should be {value}"
        state |= known
        self.wait(SHOWS, texts(self.demo.at(**state)), lambda: self.node.evaluate(TEXTS))
        return state

    def settles(self) -> dict[str, Any]:
        """Wait until the last answer has come; return what the controls say, in the six digits they show."""
        idle = "(view) => view.querySelector('.cu-stage').ariaBusy !== 'true'"
        self.page.wait_for_function(idle, arg=self.node, timeout=PATIENCE)
        return self.state()

    def is_drawn(self, state: dict[str, Any]) -> None:
        """Wait until the parts of a state's picture are there."""
        wide = int(self.node.evaluate("(view) => view.style.getPropertyValue('--cu-wide')"))
        parts = wanted(self.demo.at(**state).spec(wide))
        for _ in range(PATIENCE // POLL):
            if same_parts(painted(self.node), parts):
                return
            self.page.wait_for_timeout(POLL)
        raise AssertionError("what is painted is not the picture of this state")

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
