"""What makes a notebook a stage deck: the lecture path alone, in text that the last row can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from course_utils.notebook_files.files import Node
from course_utils.notebook_files.page import Hit, Page, tags_of
from course_utils.notebook_files.predictions import OUTPUTS_HIDDEN
from course_utils.notebook_files.text import first_line, shows_object

# The word of Jupyter Book and of nbconvert's manual; the styles below and the guide's commands go by it.
HIDDEN_INPUT = "remove-input"
# The tags of the lecture path, and of the picture that opens the page, which shows what the hook speaks of.
# What carries one is a slide of its own; the rest of the page is on none.
TAG = "lecture-"
LECTURE = tuple(TAG + kind for kind in ("hook", "picture", "vote", "demo", "exit"))
SLIDE, NO_SLIDE = "slide", "skip"

# jupyterlab-slideshow shows a notebook in the styles it finds under this key of the notebook's metadata.
# Sizes are for a stage of 1280 x 720; outside a slide show nothing of this applies. How a demo is laid out
# on a slide stands in teaching/view/slides.css.
STYLES_KEY = "@deathbeds/jupyterlab-fonts"
_DECK: dict[str, Any] = {
    "--jp-content-font-size1": "22px",
    "--jp-code-font-size": "22px",
    "--jp-content-line-height": "1.4",
    "--jp-widgets-font-size": "20px",
    "--jp-widgets-inline-height": "34px",
    # One selector each: the extension's nesting takes every comma for the end of a selector.
    "& .jp-MarkdownCell .jp-RenderedHTMLCommon": {"font-size": "26px", "max-width": "1040px"},
    "& .jp-Collapser": {"display": "none"},
    "& .jp-OutputArea-promptOverlay": {"display": "none"},  # it would cover a question's buttons
    "& .jp-Toolbar-responsive-opener": {"display": "none"},
    "& .jp-deck-mod-onscreen": {"padding-bottom": "4px"},
    f"& .jp-Cell[data-jpf-cell-tags*={HIDDEN_INPUT}] .jp-Cell-inputWrapper": {"display": "none"},
}
STYLES: dict[str, Any] = {"styles": {":root": {"&.jp-Deck": _DECK}}}


def other_styles(page: Page) -> Iterator[Hit]:
    if page.notebook["metadata"].get(STYLES_KEY) != STYLES:
        yield None, "has other styles for its slides than the course"


def slide_type_of(cell: Node) -> str:
    """Return the slide type of a cell: a slide if it is on the lecture path.

    >>> slide_type_of({"metadata": {"tags": ["lecture-vote", "remove-input"]}})
    'slide'
    >>> slide_type_of({"metadata": {"tags": ["core"]}})
    'skip'
    """
    return SLIDE if set(tags_of(cell)) & set(LECTURE) else NO_SLIDE


def with_slide_type(metadata: Node) -> Node:
    """Return the metadata of a cell with its slide type; notes for the speaker stay beside it."""
    slideshow = {**metadata.get("slideshow", {}), "slide_type": slide_type_of({"metadata": metadata})}
    return dict(sorted({**metadata, "slideshow": dict(sorted(slideshow.items()))}.items()))


def other_slides(page: Page) -> Iterator[Hit]:
    for index, cell in enumerate(page.cells):
        stored = cell["metadata"].get("slideshow", {}).get("slide_type")
        if stored != (derived := slide_type_of(cell)):
            yield index, f"has the slide type {json.dumps(stored)}, and by its tags {json.dumps(derived)}"


def plumbing(page: Page) -> Iterator[Hit]:
    for index, cell in page.of_type("code"):
        if (HIDDEN_INPUT in tags_of(cell)) != (HIDDEN_INPUT in committed_tags(cell)):
            fault = "hides its code" if HIDDEN_INPUT in tags_of(cell) else "shows its code"
            yield index, f'{fault} on slides: "{first_line(cell["source"])}"'


def committed_tags(cell: Node) -> list[str]:
    """Return the tags of a code cell, with the one that hides code that only shows an object of the lesson.

    >>> committed_tags({"source": "lesson.shift_demo", "metadata": {}})
    ['remove-input']
    >>> committed_tags({"source": "lesson.cut(3)", "metadata": {"tags": ["remove-input", "core"]}})
    ['core']
    """
    only_shows = shows_object(cell["source"])
    return [tag for tag in tags_of(cell) if tag != HIDDEN_INPUT] + [HIDDEN_INPUT] * only_shows


def committed_metadata(cell: Node, answers: bool = False) -> Node:
    """Return the metadata of a code cell: code that only shows an object is off the slides, and collapsed.

    The outputs of a cell that `answers` a question are hidden until it is run.

    >>> committed_metadata({"source": "lesson.shift_demo", "metadata": {}})
    {'jupyter': {'source_hidden': True}, 'tags': ['remove-input']}
    >>> committed_metadata({"source": "1", "metadata": {"jupyter": {"source_hidden": True}}}, answers=True)
    {'jupyter': {'outputs_hidden': True}}
    """
    tags = committed_tags(cell)
    hidden = {"source_hidden": HIDDEN_INPUT in tags, OUTPUTS_HIDDEN: answers}
    jupyter = {key: value for key, value in cell["metadata"].get("jupyter", {}).items() if key not in hidden}
    jupyter.update({key: True for key, is_hidden in sorted(hidden.items()) if is_hidden})
    derived = {"jupyter": jupyter, "tags": tags}
    kept = {key: value for key, value in cell["metadata"].items() if key not in derived}
    return dict(sorted({**kept, **{key: value for key, value in derived.items() if value}}.items()))
