"""Nobody can be told from the groups that are shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.classroom.groups import SMALLEST, Group, groups_of

COUNTS = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 12), max_size=8)


def gives_away(groups: list[Group], counts: dict[str, int]) -> list[str]:
    """Return the names whose count is small, and can be had from what is shown and the total."""
    shown = {group.names[0]: group.count for group in groups if not group.pooled}
    hidden = [name for name in counts if name not in shown]
    if len(hidden) == 1:  # a total is always known
        shown[hidden[0]] = sum(counts.values()) - sum(shown.values())
    return [name for name, count in shown.items() if 0 < count < SMALLEST]


@settings(max_examples=60)
@given(COUNTS)
def test_no_small_group_is_shown_and_none_left_by_a_difference(counts: dict[str, int]) -> None:
    groups = groups_of(counts)
    assert all(group.count == 0 or group.count >= SMALLEST for group in groups)
    if groups:
        assert gives_away(groups, counts) == []
        assert sum(group.count for group in groups) == sum(counts.values())
        assert sorted(name for group in groups for name in group.names) == sorted(counts)
    else:
        assert sum(counts.values()) < SMALLEST


@settings(max_examples=60)
@given(COUNTS)
def test_an_open_list_leaves_out_only_what_is_rare(counts: dict[str, int]) -> None:
    groups = groups_of(counts, closed=False)
    assert all(group.count == 0 or group.count >= SMALLEST for group in groups)
    shown = {name for group in groups for name in group.names}
    assert {name for name, count in counts.items() if count >= SMALLEST} <= shown
    assert sum(count for name, count in counts.items() if name not in shown) < SMALLEST


def test_the_largest_group_is_first_and_of_equal_ones_that_which_is_named_first() -> None:
    for counts, shown in (
        ({"A": 2, "B": 5, "C": 3}, ["AC", "B"]),
        ({"A": 6, "B": 7, "C": 7, "D": 4, "E": 3}, ["B", "C", "DE", "A"]),
    ):
        assert ["".join(group.names) for group in groups_of(counts)] == shown


def test_leaving_out_a_small_group_alone_would_give_it_away() -> None:
    counts = {"A": 30, "B": 12, "C": 2}
    naive = [Group((name,), count) for name, count in counts.items() if count >= SMALLEST]
    assert gives_away(naive, counts) == ["C"]
