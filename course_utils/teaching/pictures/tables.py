"""The tables of a picture, made from its marks: one for all marks over the same x."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.teaching.pictures.marks import together
from course_utils.teaching.pictures.panel import Panel
from course_utils.teaching.pictures.spec import Array
from course_utils.teaching.pictures.typeset import plain
from course_utils.teaching.table import Table

MOST_ROWS = 50
ROWS = 21  # shown of more


@dataclass
class _Group:
    """Columns over one x."""

    x_name: str
    x: Array
    names: tuple[str, ...]  # of the rows, where x are classes
    titles: list[str] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)


def default_tables(
    panels: Sequence[Panel], columns: Mapping[str, Any], facts: Mapping[str, Any]
) -> tuple[Table, ...]:
    """Return the tables of all named marks.

    Parameters
    ----------
    panels : sequence of Panel
    columns, facts : mapping
        What the picture adds to the first table.

    Returns
    -------
    tuple of Table
        At least one. More than 50 rows are thinned out evenly, and the caption says so.
    """
    groups = _groups(panels)
    of_marks = (mark.facts().items() for panel in panels for mark in panel.marks)
    said = together("facts", *of_marks, facts.items())
    if not groups:
        title = "; ".join(filter(None, (plain(panel.title) for panel in panels)))
        alone = dict(columns) or {"": list(said), "value": list(said.values())}
        return (Table(title or "Numbers", alone, said if columns else {}),)
    groups[0].columns = _merged(groups[0], columns)
    return tuple(_table(group, said if number == 0 else {}) for number, group in enumerate(groups))


def _groups(panels: Sequence[Panel]) -> list[_Group]:
    groups: list[_Group] = []
    for panel in panels:
        for mark in panel.marks:
            tabulated = mark.tabulated()
            if tabulated is None:
                continue
            x, columns = tabulated
            by_class = mark.by_class or mark.kind == "tiles"
            places = panel.y.names if mark.horizontal or mark.kind == "tiles" else panel.x.names
            names = tuple(map(plain, places)) if by_class and len(places) == x.size else ()
            x_name = "" if names else panel.x_name()
            group = next((g for g in groups if _belongs(g, x_name, x, names)), None)
            if group is None:
                group = _Group(x_name, x, names)
                groups.append(group)
            group.columns = _merged(group, columns)
            title = plain(panel.title)
            if title and title not in group.titles:
                group.titles.append(title)
    return groups


def _belongs(group: _Group, x_name: str, x: Array, names: tuple[str, ...]) -> bool:
    """Tell whether columns over this x can stand beside those of a group.

    Of classes only their number is compared: one panel may call "cat" what another one calls "p(cat)". The
    rows are called as in the first.
    """
    if group.names or names:
        return bool(group.names and names) and len(group.names) == len(names)
    return group.x_name == x_name and np.array_equal(group.x, x, equal_nan=True)


def _merged(group: _Group, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a group with others beside them; its x is a column, too."""
    x = group.names or group.x
    merged = together("columns", [(group.x_name, x)], group.columns.items(), columns.items())
    return {name: values for name, values in merged.items() if name in {*group.columns, *columns}}


def _table(group: _Group, facts: Mapping[str, Any]) -> Table:
    count = group.x.size
    kept = np.unique(np.round(np.linspace(0, count - 1, ROWS)).astype(int)) if count > MOST_ROWS else None
    first: Any = group.names or group.x
    columns = {group.x_name: first, **group.columns}
    if kept is not None:
        Table("", columns)  # says so where one is shorter, before rows are picked
        columns = {name: np.asarray(values)[kept] for name, values in columns.items()}
    caption = "; ".join(group.titles) or ", ".join(map(str, group.columns))
    thinned = f" ({len(kept)} of {count} rows)" if kept is not None else ""
    return Table(caption + thinned, {name: _shown(values) for name, values in columns.items()}, facts)


def _shown(values: Any) -> Any:
    """Say in words what is not a number."""
    array = np.asarray(values)
    if array.dtype.kind == "f" and np.isnan(array).any():
        return ["–" if np.isnan(value) else value for value in array.tolist()]
    return values
