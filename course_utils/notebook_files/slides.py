"""What makes a notebook readable as slides: text that the last row can read, plumbing out of sight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course_utils.notebook_files.files import Node
from course_utils.notebook_files.page import Hit, Page, tags_of
from course_utils.notebook_files.text import first_line, shows_object

# The word of Jupyter Book and of nbconvert's manual; the styles below and the guide's commands go by it.
HIDDEN_INPUT = "remove-input"
TALL = "tall-slide"  # the tag of a cell whose slide is higher than the stage, and scrolls

# jupyterlab-slideshow shows a notebook in the styles it finds under this key of the notebook's metadata.
# Sizes are for a stage of 1280 x 720; outside a slide show nothing of this applies. How a demo is laid out
# on a slide stands in teaching/view/figure.css.
STYLES_KEY = "@deathbeds/jupyterlab-fonts"
_DECK: dict[str, Any] = {
    "--jp-content-font-size1": "22px",
    "--jp-content-line-height": "1.4",
    "--jp-code-font-size": "20px",
    "--jp-widgets-font-size": "20px",
    "--jp-widgets-inline-height": "34px",
    # One selector each: the extension's nesting takes every comma for the end of a selector.
    "& .jp-RenderedHTMLCommon table": {"font-size": "20px"},
    "& .jp-RenderedHTMLCommon th": {"padding": "4px 12px"},
    "& .jp-RenderedHTMLCommon td": {"padding": "4px 12px"},
    "& .jp-RenderedText[data-mime-type*=stderr]": {  # of a traceback, first the last lines
        "display": "flex",
        "flex-direction": "column-reverse",
        "max-height": "6em",
        "overflow": "auto",
    },
    "& .cm-content": {"white-space": "pre-wrap", "flex-shrink": "1", "min-width": "0"},
    "& .jp-Collapser": {"display": "none"},
    "& .jp-OutputArea-promptOverlay": {"display": "none"},  # it would cover a question's buttons
    "& .jp-deck-mod-onscreen": {"padding-bottom": "4px"},
    f"& .jp-Cell[data-jpf-cell-tags*={HIDDEN_INPUT}] .jp-Cell-inputWrapper": {"display": "none"},
}
STYLES: dict[str, Any] = {"styles": {":root": {"&.jp-Deck": _DECK}}}


def other_styles(page: Page) -> Iterator[Hit]:
    if page.notebook["metadata"].get(STYLES_KEY) != STYLES:
        yield None, "has other styles for its slides than the course"


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
    hidden = {"source_hidden": HIDDEN_INPUT in tags, "outputs_hidden": answers}
    jupyter = {key: value for key, value in cell["metadata"].get("jupyter", {}).items() if key not in hidden}
    jupyter.update({key: True for key, is_hidden in sorted(hidden.items()) if is_hidden})
    derived = {"jupyter": jupyter, "tags": tags}
    kept = {key: value for key, value in cell["metadata"].items() if key not in derived}
    return dict(sorted({**kept, **{key: value for key, value in derived.items() if value}}.items()))
