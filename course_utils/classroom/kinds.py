"""What is wrong with functions, counted: each named mistake, and what without a name behaves the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from course_utils.classroom.examples import examples_of
from course_utils.classroom.groups import SMALLEST, Group, groups_of
from course_utils.classroom.places import Place
from course_utils.classroom.records import Graded
from course_utils.teaching.text import to_plain

UNNAMED = "no diagnosis"
OTHERS = "others"
_COUNTED = re.compile(r" \(\d+ of them failed.*\)$")  # what a check says of the inputs it has drawn
MARKUP = str.maketrans({"*": "\u2217", "`": "'", "$": "\uff04"})  # signs that mean markup, as themselves


@dataclass(frozen=True)
class Kind:
    """Those who did the same.

    Parameters
    ----------
    label : str
        Short.
    told : tuple of str, with light markup
        What they were told, or what their functions have in common.
    count, asked : int
        Of them, and of all.
    right : bool
    examples : tuple of str
        Code without names.
    fails : str
        A check on which all of them fail, where there is one.
    """

    label: str
    told: tuple[str, ...]
    count: int
    asked: int
    right: bool = False
    examples: tuple[str, ...] = ()
    fails: str = ""

    @property
    def share(self) -> float:
        """Of those asked."""
        return self.count / self.asked


def wrong_kinds(place: Place | None, failed: Sequence[tuple[str, Graded]], asked: int) -> tuple[Kind, ...]:
    """Return the kinds of wrong functions, the most frequent first, without those that are too rare.

    Parameters
    ----------
    place : Place or None
        Of the exercise; its mistakes are told in its own words.
    failed : sequence of (student, Graded)
    asked : int
        How many were asked.
    """
    alike: dict[str, list[tuple[str, Graded]]] = defaultdict(list)
    for who, given in failed:
        one = replace(given, failed=tuple(_COUNTED.sub("", label) for label in given.failed))
        alike[_kind_of(one)].append((who, one))
    counts = {
        name: len(some) for name, some in sorted(alike.items())
    }  # so that no order tells who or how many
    explained = {m.key: m.explanation for m in place.value.mistakes} if place else {}
    known = place.value.solution().plain if place else ""
    labels = [to_plain(check.label) for check in place.value.checks] if place else []
    kinds, clusters = [], 0
    for group in groups_of(counts, closed=False):
        some = [each for name in group.names for each in alike[name]]
        (_, first), *_ = some
        if group.pooled:
            label, told = OTHERS, _pool(group, alike, explained)
        elif not first.mistake:
            clusters += 1
            label, told = f"{UNNAMED} {clusters}", _in_common(first, labels)
        else:
            explanation = _explanation(first.mistake, [one for _, one in some], explained)
            label, told = short(explanation), (explanation,)
        kinds.append(
            Kind(label, told, group.count, asked, examples=examples_of(some, known), fails=_fails(some))
        )
    return tuple(kinds)


def _fails(some: Sequence[tuple[str, Graded]]) -> str:
    """Return the first check on which all fail."""
    (_, first), *_ = some
    return next((label for label in first.failed if all(label in one.failed for _, one in some)), "")


def _kind_of(one: Graded) -> str:
    """Name what went wrong; without a diagnosis, by what the function does."""
    return one.mistake or "\n".join([UNNAMED, *(one.behavior or one.failed)])


def _explanation(key: str, graded: Sequence[Graded], listed: Mapping[str, str]) -> str:
    """Return what those with a mistake were told: the lesson's words, or else what most were told."""
    if key in listed:
        return listed[key]
    (said, _), *others = Counter(one.diagnosis for one in graded).most_common()
    text = said.translate(MARKUP) or key
    return f"for example: {text}" if others else text


def _in_common(one: Graded, labels: Sequence[str]) -> tuple[str, ...]:
    """Say what functions of one behavior do, on the shown checks that they fail."""
    failed = [*one.failed[:3], *(["others"] if len(one.failed) > 3 else [])]
    fails = f"They fail on: {'; '.join(failed) or 'every check'}."
    done = set(one.behavior)
    if len(done) == 1 and (error := done.pop()).endswith("Error"):  # the name of what was raised
        return f"They stop with `{error}`, whatever they are given.", fails
    seen = [
        f"On “{label}” they give `{what.translate(MARKUP)}`."
        for label, what in zip(labels, one.behavior, strict=False)
        if label in one.failed
    ]
    return fails, *seen[:3]


def _pool(
    group: Group, alike: Mapping[str, Sequence[tuple[str, Graded]]], listed: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what is in a pool, without saying how often."""
    named = [name for name in group.names if not name.startswith(UNNAMED)]
    told = [_explanation(name, [one for _, one in alike[name]], listed) for name in named]
    unnamed = [one for name in group.names if name not in named for _, one in alike[name]]
    checks = Counter(label for one in unnamed for label in set(one.failed))
    often = [label for label, count in checks.most_common(3) if count >= SMALLEST]
    told += [f"without a diagnosis, and failing “{label}”" for label in often]
    if unnamed and not often:
        told.append("wrong in ways of their own, without a diagnosis")
    return tuple(told)


def short(text: str, most: int = 26) -> str:
    """Return the first words of a text.

    >>> short("you divide by the sum over the whole array, so all rows share one total")
    'you divide by the sum over…'
    >>> short("You *rank*. Then all is lost."), short("no axis", 7), short("no axis", 6), short("no axis", 2)
    ('You rank', 'no axis', 'no…', 'no…')
    """
    first = to_plain(text).split(". ")[0].rstrip(".")
    if len(first) <= most:
        return first
    return first[: most + 1].rpartition(" ")[0].rstrip(",;:") + "…"
