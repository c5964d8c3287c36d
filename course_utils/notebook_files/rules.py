"""The rules every committed notebook keeps, and the check that lists where one does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.notebook_files import anatomy, budget, content, form, predictions, proofs, slides
from course_utils.notebook_files.page import Hit, Page


@dataclass(frozen=True)
class Rule:
    """One thing every committed notebook keeps.

    Attributes
    ----------
    name : str
        What is kept, in a few words.
    finds : callable
        From a `Page` to its hits: pairs of the index of a cell (None: the file) and what is wrong.
    remedy : str
        What to do, as an order; NN stands for the notebook's number.
    """

    name: str
    finds: Callable[[Page], Iterator[Hit]]
    remedy: str


_REFRESH = "run python -m course_utils refresh NN"

RULES: tuple[Rule, ...] = (
    Rule("a valid notebook", form.invalid, "restore it from version control, or save it from JupyterLab"),
    Rule("format 4.5", form.other_format, _REFRESH),
    Rule("counts 1 to n", form.other_counts, _REFRESH),
    Rule("the kernel python3", form.other_kernelspec, _REFRESH),
    Rule("no Python version", form.language_version, _REFRESH),
    Rule("the slides' styles", slides.other_styles, _REFRESH),
    Rule("the lecture path on slides", slides.other_slides, _REFRESH),
    Rule("plumbing off the slides", slides.plumbing, _REFRESH),
    Rule("answers wait", predictions.other_answers, _REFRESH),
    Rule("no traces of a run", form.transient_metadata, _REFRESH),
    Rule("ids of their own", form.bad_ids, _REFRESH),
    Rule("no stored widgets", form.stored_widgets, _REFRESH),
    Rule("streams in one piece", form.split_streams, _REFRESH),
    Rule("tracebacks of one line", form.long_tracebacks, _REFRESH),
    Rule("laid out by refresh", form.other_bytes, _REFRESH),
    Rule("nothing on stderr", content.stderr, "catch the warning and print its message"),
    Rule(
        "no absolute paths", content.absolute_paths, "name files relative to the notebook, and print no paths"
    ),
    Rule("no last semicolon", content.semicolons, "assign the result, or show it"),
    Rule("no uncontrolled output", content.forbidden_calls, "declare a Demo in the lesson and display it"),
    Rule(
        "no bare images",
        content.bare_images,
        "show it with described(figure, sentence), or as a Picture or Demo",
    ),
    Rule(
        "every output compared", content.unchecked_cells, "make the output reproducible and remove the mark"
    ),
    Rule(
        "errors on purpose only",
        content.other_errors,
        "correct the cell, or set the tag raises-exception to fit",
    ),
    Rule(
        "no Plotly MIME type", content.plotly, "show it with described(figure, sentence), not with fig.show()"
    ),
    Rule(
        "the same every run",
        content.changing_outputs,
        "show what depends on neither clock, memory nor chance",
    ),
    Rule(
        "what the lesson has",
        content.unknown_names,
        "correct the name, or let the lesson's __init__.py pass it on",
    ),
    Rule("no empty cells", content.empty_cells, "delete the cell"),
    Rule("nothing left to write", content.unwritten_cells, "write it"),
    Rule("short cells", content.long_cells, "split it, move code to the lesson, or tag it long"),
    Rule("under 1 MB", content.too_big, "draw smaller or fewer pictures"),
    Rule("one title", anatomy.wrong_title, 'keep one heading of level 1, "# NN Title", at the very top'),
    Rule("no skipped heading level", anatomy.skipped_levels, "go down one level at a time"),
    Rule("images in words", content.wordless_images, "describe in the alt text what the image shows"),
    Rule(
        "links that resolve",
        content.broken_links,
        "correct it; an anchor is the heading with - for each space",
    ),
    Rule("links that say where", content.silent_links, "name the page the link leads to"),
    Rule("a number and a topic", anatomy.wrong_name, "rename the file"),
    Rule(
        "a complete opening",
        anatomy.incomplete_opening,
        "complete what stands above the first section: goals, needs, minutes",
    ),
    Rule("links to the neighbors", anatomy.missing_neighbors, "add the link above the first section"),
    Rule(
        "core or deeper",
        anatomy.unmarked_sections,
        "tag its cell core or deeper and say so in or below the heading",
    ),
    Rule(
        "core fits a lesson",
        anatomy.unfit_times,
        f"give sections their minutes, core {anatomy.CORE_MINUTES} at most, and the opening their sums: "
        '"**Time:** A minutes for core, B more for deeper"',
    ),
    Rule("a core within its budget", budget.beyond, "move something to deeper, or cut it"),
    Rule(
        "three sentences to keep",
        anatomy.missing_sentences,
        "close with that section: a list of three sentences",
    ),
    Rule("two questions to recall", anatomy.missing_recall, "ask two questions from earlier notebooks there"),
    Rule("no spoilers", predictions.spoilers, "move it below the question, or ask for something else"),
    Rule(
        "numbers that are proved",
        proofs.unproved_numbers,
        'print it, or derive it in the cell\'s metadata, as {"constants": {"0.475": "exp(1)/(exp(1)+3)"}}',
    ),
    Rule("constants that hold", proofs.wrong_constants, "correct the expression, or remove the entry"),
)


@dataclass(frozen=True)
class Finding:
    """One place where a notebook breaks a rule.

    Examples
    --------
    >>> print(Finding("01_softmax.ipynb", 12, "sum", "no stderr", "writes to stderr", "catch the warning"))
    01_softmax.ipynb  cell 12 [sum]  writes to stderr -> catch the warning
    """

    notebook: str
    cell: int | None  # counted from 1
    cell_id: str | None
    rule: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = "file" if self.cell is None else f"cell {self.cell} [{self.cell_id or 'no id'}]"
        return f"{self.notebook}  {place}  {self.what} -> {self.remedy}"


def check_notebook(path: Path) -> list[Finding]:
    """List where a notebook breaks one of `RULES`, cell by cell; an empty list: it can be committed.

    A file that is not a valid notebook is checked no further.

    Parameters
    ----------
    path : Path
        The notebook; its links are followed from there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:  # doctest: +ELLIPSIS
    ...     path = Path(folder, "01_softmax.ipynb")
    ...     _ = path.write_text("no JSON")
    ...     print(*check_notebook(path))
    01_softmax.ipynb  file  is not a notebook: Expecting value: line 1 column 1 (char 0) -> restore it ...
    """
    page = Page(path, path.read_bytes())
    first, *others = RULES
    findings = findings_of(page, first) or [finding for rule in others for finding in findings_of(page, rule)]
    return sorted(findings, key=lambda finding: finding.cell or 0)


def findings_of(page: Page, rule: Rule) -> list[Finding]:
    """List where a page breaks one rule."""
    remedy = re.sub(r"\bNN\b", page.number, rule.remedy)
    return [
        Finding(page.path.name, index + 1, page.cells[index].get("id"), rule.name, what, remedy)
        if index is not None
        else Finding(page.path.name, None, None, rule.name, what, remedy)
        for index, what in rule.finds(page)
    ]
