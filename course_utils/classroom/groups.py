"""Counts that may be shown: no group of fewer than five, and none that a difference would give away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST = 5  # a group that is shown has at least so many


@dataclass(frozen=True)
class Group:
    """One count for one or more things, which are not told apart.

    Parameters
    ----------
    names : tuple of str
    count : int
    """

    names: tuple[str, ...]
    count: int

    @property
    def pooled(self) -> bool:
        """Tell whether it stands for more than one thing."""
        return len(self.names) > 1


def groups_of(counts: Mapping[str, int], closed: bool = True) -> list[Group]:
    """Return counts as groups none of which is small, the largest first.

    Small counts are pooled. If the pool itself is small and these names are all there can be, the next larger
    counts join it: with a total known, one count left out could be had by subtraction; nothing is returned if
    all are too few together. If there could be other names, a small pool is left out: what remains of the
    total says how many did something else, but not what. A count of zero is nobody's, and may stand alone.

    Parameters
    ----------
    counts : mapping of str to int
    closed : bool
        Whether the reader knows that there are no other names.

    Examples
    --------
    >>> groups_of({"A": 30, "B": 12, "C": 2, "D": 0})
    [Group(names=('A',), count=30), Group(names=('B', 'C'), count=14), Group(names=('D',), count=0)]
    >>> groups_of({"A": 30, "B": 12, "C": 3, "D": 4})[-1]
    Group(names=('C', 'D'), count=7)
    >>> groups_of({"A": 3, "B": 1})
    []
    >>> groups_of({"wrong axis": 30, "sum of all": 2}, closed=False)
    [Group(names=('wrong axis',), count=30)]
    """
    order = list(counts)
    present = sorted((name for name in counts if counts[name] > 0), key=lambda name: counts[name])
    pool = [name for name in present if counts[name] < SMALLEST]
    alone = present[len(pool) :]
    while closed and pool and alone and sum(counts[name] for name in pool) < SMALLEST:
        pool.append(alone.pop(0))
    total = sum(counts[name] for name in pool)
    if closed and pool and total < SMALLEST:
        return []
    groups = [Group((name,), counts[name]) for name in order if name in alone or not counts[name]]
    if total >= SMALLEST:
        groups.append(Group(tuple(sorted(pool, key=order.index)), total))
    return sorted(groups, key=lambda group: (-group.count, order.index(group.names[0])))
