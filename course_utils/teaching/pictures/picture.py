"""`Picture`: panels of marks, the sentences that say what is seen, and the numbers as a table."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from course_utils.teaching.html import details, element, with_scripts
from course_utils.teaching.live import kernel_is_live, mime_bundle, twins_are_stored
from course_utils.teaching.pictures import layout
from course_utils.teaching.pictures.furniture import furniture
from course_utils.teaching.pictures.marks import DragTo, Mark, XYMark, together
from course_utils.teaching.pictures.panel import Panel
from course_utils.teaching.pictures.shapes import Band
from course_utils.teaching.pictures.spec import Pack, Spec
from course_utils.teaching.pictures.tables import default_tables
from course_utils.teaching.pictures.typeset import plain
from course_utils.teaching.table import Table
from course_utils.teaching.text import sentences


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as data: it can be painted, read as sentences, and read as a table.

    Parameters
    ----------
    panels : sequence of Panel, or of sequences of Panel
        One row, or several.
    says : str
        One to three sentences computed from the data: what is seen, in words, also as alternative text. The
        first is also the spoken readout of a demo.
    table : Table, optional
        Only where the marks' own data is not the table wanted.
    columns : mapping of str to sequence, optional
        More columns beside those of the marks in the first table, of the same length.
    facts : mapping of str to number, optional
        Numbers about the whole, such as ``{"sum of p": 1.0}``, below the first table.
    height : int or sequence of int, optional
        Pixels, where the width is 640: of the whole, or of each row.

    Attributes
    ----------
    table : Table
        The given one, or the first of `tables`.
    tables : tuple of Table
        All: one for all marks over the same x.
    data : dict
        All named numbers, in full: of the marks and of the tables.

    Raises
    ------
    ValueError
        For a name that stands for two different arrays.

    Examples
    --------
    >>> from course_utils.teaching.pictures import Axis, Bars, Panel, classes
    >>> bars = Bars("p", [0.25, 0.75], color="probabilities")
    >>> panel = Panel("probabilities", [bars], x=classes(["cat", "dog"]), y=Axis("", 0, 1))
    >>> picture = Picture([panel], "p is 0.25 and 0.75.")
    >>> picture.table.rows()
    [('cat', '0.25'), ('dog', '0.75')]
    >>> picture.spec(640).json["panels"][0]["marks"][0]["y"]
    [0.25, 0.75]
    """

    panels: Sequence[Any]
    says: str
    _: KW_ONLY
    table: Table = None  # type: ignore[assignment]  # after construction there always is one
    columns: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    height: int | Sequence[int] | None = None
    tables: tuple[Table, ...] = field(init=False)
    data: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        rows = [self.panels] if any(isinstance(panel, Panel) for panel in self.panels) else self.panels
        whole = all(isinstance(row, Sequence) and row for row in rows)
        if not rows or not whole or not all(isinstance(panel, Panel) for row in rows for panel in row):
            raise TypeError("a picture holds panels, or rows of panels")
        object.__setattr__(self, "panels", tuple(map(tuple, rows)))
        if isinstance(self.height, np.number | np.ndarray):
            object.__setattr__(self, "height", self.height.tolist())
        if isinstance(self.height, Sequence) and len(self.height) != len(rows):
            raise ValueError(f"a picture of {len(rows)} rows has {len(self.height)} heights")
        object.__setattr__(self, "columns", dict(self.columns))
        object.__setattr__(self, "facts", dict(self.facts))
        marks = (mark for panel in self._panels() for mark in panel.marks)
        named = together("marks", *(mark.arrays().items() for mark in marks))
        given = (self.table,) if isinstance(self.table, Table) else ()
        tables = given or default_tables(self._panels(), self.columns, self.facts)
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "table", tables[0])
        in_tables = {name: values for table in tables for name, values in table.columns.items()}
        object.__setattr__(self, "data", {**in_tables, **self.columns, **named})

    def _panels(self) -> list[Panel]:
        return [panel for row in self.panels for panel in row]

    @property
    def readout(self) -> str:
        """The first sentence."""
        return sentences(self.says)[0]

    def numbers_html(self) -> str:
        """Render all tables."""
        return "".join(table.to_html() for table in self.tables)

    def mark(self, panel: int, number: int) -> Mark:
        """Return the mark that the protocol calls ``panels[panel].marks[number]``."""
        return layout.flat_marks(self._panels()[panel])[number]

    def held(self, panel: int) -> list[DragTo]:
        """Return where the marks of a panel lead that only Python can move, in their order."""
        found = (mark.drags for mark in layout.flat_marks(self._panels()[panel]))
        return [drags for drags in found if isinstance(drags, DragTo)]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, on a page of ordinary width."""
        return 640, layout.placed_panels(self.panels, 640, self.height)[1]

    def spec(self, width: int = 640) -> Spec:
        """Return all that a painter needs.

        Parameters
        ----------
        width : {360, 640, 960}
            Of the page, in pixels.

        Returns
        -------
        Spec

        Raises
        ------
        ValueError
            For another width.
        """
        if width not in layout.WIDTHS:
            raise ValueError(f"a picture is laid out for a width of 360, 640 or 960, not {width}")
        placed, height = layout.placed_panels(self.panels, width, self.height)
        buffers: list[bytes] = []
        return Spec(
            {
                "width": width,
                "height": height,
                "says": self.says,
                "readout": self.readout,
                "panels": [_panel_json(one, buffers) for one in placed],
            },
            buffers,
        )

    def svg(self, width: int = 640) -> str:
        """Paint as SVG, without Matplotlib."""
        from course_utils.teaching.pictures.svg import painted

        return painted(self.spec(width))

    def png(self) -> bytes:
        """Paint as a PNG with few colors and no metadata: equal pictures are equal files.

        Two image pixels per pixel, or less where the file would be large.
        """
        from course_utils.teaching.pictures import stored

        return stored.twin(self.spec())

    def to_html(self) -> str:
        """Render the static twin: image, visible description, numbers folded below.

        The image is a PNG wherever it is stored or printed. A live kernel writes an SVG of the same size
        instead, which needs no Matplotlib: the live view stands in its place.
        """
        if kernel_is_live() and not twins_are_stored():
            return twin("svg+xml", self.svg().encode(), self.size, self.says, self.numbers_html())
        return twin("png", self.png(), self.size, self.says, self.numbers_html())

    def view(self) -> Any:
        """Return a new live widget."""
        from course_utils.teaching.picture_view import picture_view

        return picture_view(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return mime_bundle(self.says, self.to_html(), self.view)


def twin(kind: str, image: bytes, size: tuple[int, int], says: str, numbers: str) -> str:
    """Return an image with its words as a figure: what is stored, printed, and read where no kernel is."""
    source = f"data:image/{kind};base64,{base64.b64encode(image).decode()}"
    width, height = map(str, size)
    return element(
        "figure",
        element("img", alt=says, width=width, height=height, src=source),
        element("figcaption", with_scripts(says)),
        details("Numbers", numbers),
        style="margin: 0",  # an exported page would indent it by 40 pixels, on a phone too
    )


def _panel_json(placed: layout.Placed, buffers: list[bytes]) -> dict[str, Any]:
    pack = Pack(buffers, placed.x, placed.y)
    panel = placed.panel
    marks = []
    held = itertools.count()
    for mark in layout.flat_marks(panel):
        json = mark.json(pack)
        if isinstance(mark, XYMark | Band):
            json |= _entries(panel, mark)
        if json.get("drags", {}).get("to"):
            json["drags"]["mark"] = next(held)
        marks.append(json)
    return {
        "box": list(placed.box),
        "x": placed.x.json(),
        "y": placed.y.json(),
        **({"zooms": panel.zooms} if panel.zooms else {}),
        **furniture(placed),
        "marks": marks,
    }


def _entries(panel: Panel, mark: Mark) -> dict[str, Any]:
    """Return what the entries of a mark are called: for those who point at them, or move them."""
    across = panel.y if mark.horizontal else panel.x
    if mark.by_class and across.names:
        return {"labels": list(map(plain, across.names))}
    return {"x_name": panel.x_name()}
