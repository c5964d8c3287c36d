"""Panels that pictures of several lessons share: logits to drag, and the probabilities made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.teaching.pictures import Axis, Bars, Drag, Panel, classes
from course_utils.teaching.pictures.marks import Mark


def by_number(count: int, noun: str = "class") -> Axis:
    """Return an axis of numbered classes."""
    return classes([str(i) for i in range(count)], noun)


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
) -> Panel:
    """Show probabilities as bars, and other marks in the same panel."""
    bars = Bars("p", p, color="probabilities", values=values)
    return Panel(title, [bars, *beside], x=x, y=Axis(low=0, high=1.12, ticks=(0, 0.5, 1)), weight=weight)
