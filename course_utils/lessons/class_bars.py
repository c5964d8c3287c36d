"""What pictures of several lessons share: logits to drag or slide, the probabilities made of them, a slider for λ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.teaching import LogFloat, Vector
from course_utils.teaching.pictures import Axis, Bars, Drag, Panel, classes
from course_utils.teaching.pictures.marks import Mark

RINGS = -0.12  # low end of an axis of probabilities: room for the handles of points at 0, above the names


def class_names(count: int) -> list[str]:
    """Return the names of numbered classes."""
    return [f"class {i}" for i in range(count)]


def by_number(count: int, noun: str = "class") -> Axis:
    """Return an axis of numbered classes."""
    return classes([str(i) for i in range(count)], noun)


def logit_sliders(
    reach: float, initial: Sequence[float], step: float = 0.1, label: str = "Logits z"
) -> Vector:
    """Return a slider for each logit, from −reach to reach."""
    entries = tuple(f"z{i}" for i in range(len(initial)))
    return Vector("z", label, entries=entries, low=-reach, high=reach, initial=tuple(initial), step=step)


def inverse_temperature_slider(low: float, high: float, initial: float) -> LogFloat:
    """Return a slider for λ that plays, in steps of a fourth root of 2."""
    name, label = "inverse_temperature", "Inverse temperature λ"
    return LogFloat(name, label, low=low, high=high, initial=initial, step=2**0.25, plays=True)


def logit_panel(
    z: Any, x: Axis, y: Axis, title: str = "logits *z*", values: bool = True, weight: float = 1
) -> Panel:
    """Show logits as bars; each can be dragged."""
    bars = Bars("z", z, color="logits", values=values, drags={"y": Drag("z", "each")})
    return Panel(title, [bars], x=x, y=y, weight=weight)


def probability_panel(
    p: Any,
    x: Axis,
    *beside: Mark,
    title: str = "probabilities *p*",
    values: bool | Sequence[str] = True,
    weight: float = 1,
    held: bool = False,
) -> Panel:
    """Show probabilities as bars, and other marks in the same panel; `held`: among them some to be dragged at 0."""
    bars = Bars("p", p, color="probabilities", values=values)
    y = Axis(low=RINGS if held else 0, high=1.12, ticks=(0, 0.5, 1), zero=held)
    return Panel(title, [bars, *beside], x=x, y=y, weight=weight)
