"""What is read back from a figure: marks, from which its tables are made, and other numbers it shows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.teaching.pictures.fields import Image
from course_utils.teaching.pictures.marks import Mark
from course_utils.teaching.pictures.panel import Panel
from course_utils.teaching.pictures.spec import Array

LONG = 1000  # among so many numbers is nearly any: of those a sentence may name the ends only


@dataclass
class Read:
    """What a figure shows.

    Parameters
    ----------
    panels : list of Panel
    facts : dict
        Numbers about the whole, for the table.
    others : list of ndarray
        What a sentence may name beside the data: limits, shapes, levels.
    empty : bool
        Whether nothing is drawn, not even what is no data of a table.
    """

    panels: list[Panel] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)
    others: list[npt.NDArray[Any]] = field(default_factory=list)
    empty: bool = True
    _named: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def name(self, wanted: str, values: npt.NDArray[Any]) -> str:
        """Return a name for numbers that no other numbers have."""
        count, name = 1, wanted
        while name in self._named and not np.array_equal(self._named[name], values, equal_nan=True):
            count += 1
            name = f"{wanted} {count}"
        self._named[name] = values
        return name

    def numbers(self) -> Array:
        """Return all numbers that a sentence may name."""
        shown = [np.array(list(self.facts.values())), *self.others]
        for panel in self.panels:
            for mark in panel.marks:
                shown += _numbers_of(mark)
        pool: Array = np.concatenate([np.ravel(values).astype(float) for values in shown])
        return pool[np.isfinite(pool)]


def _numbers_of(mark: Mark) -> Iterator[npt.NDArray[Any]]:
    tabulated = mark.tabulated()
    for values in [*mark.arrays().values(), *([tabulated[0]] if tabulated else [])]:
        yield np.array(values.shape)
        yield values if values.size <= LONG else np.array([np.nanmin(values), np.nanmax(values)])


def finite(values: Any) -> Array:
    """Return numbers as an array of floats, with nan for what is masked or infinite."""
    masked: Any = np.ma.asarray(values, dtype=float)
    array: Array = np.ma.filled(masked, np.nan)
    return np.where(np.isfinite(array), array, np.nan)


def plain_words(text: str | None) -> str:
    """Return a label without tags and the signs of formulas."""
    return re.sub(r"<[^>]*>|[$\\{}]", "", text or "").strip()


def title_words(text: str | None) -> str:
    """Return a label as a title of a panel takes it, where some signs are mathematics."""
    return re.sub(r"([*_^])", r"\\\1", plain_words(text))


def ends(values: Array) -> tuple[float, float]:
    """Return short numbers just outside of all values: the ends of a scale of colors."""
    if not np.isfinite(values).any():
        raise ValueError("the figure shows an image or a surface without a single number")
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low == high:
        return low, low + 1
    digits = 1 - math.floor(math.log10(high - low))
    unit = 10.0**-digits
    return round(math.floor(low / unit) * unit, digits), round(math.ceil(high / unit) * unit, digits)


def image(name: str, values: Array, x: tuple[float, float], y: tuple[float, float], **style: Any) -> Image:
    """Return numbers on a grid as a mark; rows from the bottom."""
    low, high = ends(values)
    return Image(name, values, x=x, y=y, low=low, high=high, **style)
