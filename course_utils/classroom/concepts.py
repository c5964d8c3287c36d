"""The concepts of the concept test, read from ``concepts.toml``."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FORMS = ("A", "B")
LETTERS = "ABCD"
SOURCE = Path(__file__).with_name("concepts.toml")


@dataclass(frozen=True)
class Item:
    """A question of the test.

    Parameters
    ----------
    prompt : str
        In light markup, as all texts.
    options : tuple of str
    means : tuple of str
        What choosing each option means: for the right one why it is right.
    answer : str
        Letter of the right one.
    """

    prompt: str
    options: tuple[str, ...]
    means: tuple[str, ...]
    answer: str

    def __post_init__(self) -> None:
        if {len(self.options), len(self.means)} != {len(LETTERS)} or self.answer not in [*LETTERS]:
            told = "an item has four options, what each of them means, and A to D as its answer"
            raise ValueError(f"{told}: {self.prompt!r}")


@dataclass(frozen=True)
class Concept:
    """What two parallel items ask.

    Parameters
    ----------
    name : str
        What those understand who answer rightly.
    notebook : str
        Number of the notebook that teaches it.
    items : mapping of str to Item
        By form.
    """

    name: str
    notebook: str
    items: Mapping[str, Item]


@functools.cache
def concepts() -> tuple[Concept, ...]:
    """Return the twelve concepts in their order.

    Examples
    --------
    >>> len(concepts()), concepts()[0].name
    (12, 'Softmax sees differences of logits, not the logits')
    """
    found = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["concept"]
    return tuple(
        Concept(one["name"], one["notebook"], {form: _item(one[form.lower()]) for form in FORMS})
        for one in found
    )


def key(form: str) -> str:
    """Return the right letters of a form.

    >>> len(key("A"))
    12
    """
    return "".join(concept.items[form].answer for concept in concepts())


def _item(found: Mapping[str, object]) -> Item:
    options = found["options"]
    assert isinstance(options, list)
    texts, means = zip(*options, strict=True)
    return Item(str(found["prompt"]), tuple(texts), tuple(means), str(found["answer"]))
