"""The notebooks keep the rules, each rule catches what it is for, refresh twice gives the same bytes."""

from __future__ import annotations

import ast
import base64
import contextlib
import copy
import io
import json
import math
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from course_utils import notebook_files
from course_utils.__main__ import main
from course_utils.notebook_files import (
    RULES,
    Core,
    ExecutionFailed,
    Number,
    Page,
    UnknownNotebook,
    UnusableName,
    check_notebook,
    committed_form,
    core_of,
    evaluate,
    find_notebooks,
    new_notebook,
    numbers_shown,
    numbers_to_check,
    predictions,
    read_notebook,
    refresh_notebook,
    to_bytes,
)
from course_utils.notebook_files.committed import LANGUAGE_INFO, WIDGET_VIEW
from course_utils.notebook_files.files import UnreadableNotebook, write
from course_utils.notebook_files.ids import with_speaking_ids
from course_utils.notebook_files.page import html_of
from course_utils.notebook_files.predictions import COVER, begins_section
from course_utils.notebook_files.shown import shown as what_is_shown
from course_utils.teaching import Exercise, Question, live

Node = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.name)
def test_notebook_keeps_every_rule(path: Path) -> None:
    assert [str(finding) for finding in check_notebook(path)] == []


# --- A notebook that keeps every rule -----------------------------------------------------------------------


def png(shade: int = 200, size: int = 4, note: str = "") -> str:
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text("note", note)
    stream = io.BytesIO()
    Image.new("RGB", (size, size), (shade, shade, shade)).save(stream, "png", pnginfo=chunk)
    return base64.b64encode(stream.getvalue()).decode()


def figure(picture: str) -> str:
    return (
        f'<figure><img alt="A gray square" src="data:image/png;base64,{picture}">'
        "<figcaption>A gray square.</figcaption><table><tr><td>0.727475</td></tr></table></figure>"
    )


def markdown(cell_id: str, source: str, **metadata: Any) -> Node:
    metadata.setdefault("slideshow", {"slide_type": "skip"})
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": source}


def code(cell_id: str, source: str, *outputs: Node, **metadata: Any) -> Node:
    cell = markdown(cell_id, source, **metadata)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": list(outputs)}


def shown(text: str, **data: str) -> Node:
    bundle = {"text/plain": text} | {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "execute_result", "data": bundle, "metadata": {}, "execution_count": None}


def printed(text: str, name: str = "stdout") -> Node:
    return {"output_type": "stream", "name": name, "text": text}


def sample() -> Node:
    opening = (
        "# 02 A sample\n\nWhy it matters.\n\n**You will be able to**\n\n"
        "- predict\n- derive\n- build\n\n**Needs:** notebook 01. "
        "**Time:** 41 minutes for the sections marked *core*, 18 more for those marked *deeper*.\n"
        "Previous: [01 First](01_first.ipynb) · next: [03 Last](03_last.ipynb)"
    )
    cells = [
        markdown("opening", opening),
        markdown(
            "shares",
            "## Shares\n\n**core** · 41 minutes.\n\n"
            "For four classes $p_y$ is below 0.475; see [below](#Details).",
            tags=["core"],
            constants={"0.475": "exp(1)/(exp(1)+3)"},
        ),
        code("sum", "z = [1, 0, -4.5]\nprint(sum(z))", printed("-3.5\n")),
        code("gray", "figure", shown("A gray square.", text_html=figure(png()))),
        markdown("numbers", "### Details\n\nThe sum is −3.5, the share 72.75 %; ![Three bars](bars.png)"),
        code(
            "error",
            "1 / 0",
            {
                "output_type": "error",
                "ename": "ZeroDivisionError",
                "evalue": "division by zero",
                "traceback": [],
            },
            tags=["raises-exception"],
        ),
        markdown("signs", "## Signs\n\n**deeper** · 12 minutes. Why is it negative?", tags=["deeper"]),
        markdown("limits", "## Limits\n\n**deeper** · 6 minutes. What is far away?", tags=["deeper"]),
        markdown("recall", "## Recall"),
        code("question", "first", shown("Which sign?")),
        code("another", "second", shown("Which limit?")),
        markdown("closing", "## Three sentences to keep\n\n1. One.\n2. Two.\n3. Three."),
    ]
    return committed_form({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The path of the sample, between its neighbors."""
    for name in ("01_first.ipynb", "03_last.ipynb"):
        (tmp_path / name).write_bytes(to_bytes(sample()))
    (tmp_path / "bars.png").write_bytes(base64.b64decode(png()))
    path = tmp_path / "02_sample.ipynb"
    path.write_bytes(to_bytes(sample()))
    return path


def findings(path: Path) -> list[str]:
    return [str(finding) for finding in check_notebook(path)]


def broken_rules(path: Path) -> set[str]:
    return {finding.rule for finding in check_notebook(path)}


def test_the_sample_keeps_every_rule(page: Path) -> None:
    assert findings(page) == []


def test_a_demo_may_stand_between_the_title_and_the_goals(page: Path) -> None:
    notebook = sample()
    title, _, goals = notebook["cells"][0]["source"].partition("**You will")
    notebook["cells"][:1] = [
        markdown("opening", title.rstrip()),
        code("moves", "demo", shown("It moves.")),
        markdown("goals", f"**You will{goals}"),
    ]
    page.write_bytes(to_bytes(committed_form(notebook)))
    assert findings(page) == []
    notebook["cells"].insert(2, markdown("early", "## Early\n\n**core** · 1 minute.", tags=["core"]))
    page.write_bytes(to_bytes(committed_form(notebook)))
    assert {"a complete opening", "links to the neighbors"} <= broken_rules(page)


# --- Each rule catches what it is there for -----------------------------------------------------------------

Change = Callable[[Node], object]


def cell(notebook: Node, cell_id: str) -> Node:
    return next(cell for cell in notebook["cells"] if cell["id"] == cell_id)


def says(cell_id: str, old: str, new: str) -> Change:
    """Replace a text in a cell's source, or all of it where `old` is empty."""

    def change(notebook: Node) -> None:
        target = cell(notebook, cell_id)
        assert old in target["source"]
        target["source"] = target["source"].replace(old, new) if old else new

    return change


def adds(cell_id: str, text: str) -> Change:
    return lambda notebook: cell(notebook, cell_id).update(source=cell(notebook, cell_id)["source"] + text)


def has(cell_id: str, **values: Any) -> Change:
    return lambda notebook: cell(notebook, cell_id).update(values)


def tagged(cell_id: str, **metadata: Any) -> Change:
    return lambda notebook: cell(notebook, cell_id)["metadata"].update(metadata)


def puts_out(cell_id: str, *outputs: Node) -> Change:
    return lambda notebook: cell(notebook, cell_id)["outputs"].extend(outputs)


def notes(**metadata: Any) -> Change:
    return lambda notebook: notebook["metadata"].update(metadata)


def displayed(**data: str) -> Node:
    bundle = {name.replace("__", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": bundle, "metadata": {}}


def drops(cell_id: str) -> Change:
    return lambda notebook: notebook["cells"].remove(cell(notebook, cell_id))


def both(one: Change, other: Change) -> Change:
    return lambda notebook: [one(notebook), other(notebook)]


def asks(cell_id: str, question: str = "Which sum?\n  A) −4.5\n  B) −3.5") -> Change:
    """Put a question, whose answer is B, before a cell, and store what follows as refresh would."""

    def change(notebook: Node) -> None:
        said = shown(f"Question: {question}", text_html="<strong>B is right.</strong>")
        place = notebook["cells"].index(cell(notebook, cell_id))
        notebook["cells"].insert(place, code("ask", "lesson.ask", said))
        notebook.update(committed_form(notebook))

    return change


def shows(count: int, kind: str) -> Change:
    """Show objects of a kind at the end of the core."""
    outputs = {
        "question": shown("Question: Which?"),
        "exercise": shown("Exercise: Write it."),
        "demo": shown("Gray.", text_html=f"<p><strong>Gray.</strong> Look.</p>{figure(png())}"),
    }

    def change(notebook: Node) -> None:
        at = notebook["cells"].index(cell(notebook, "signs"))
        notebook["cells"][at:at] = [code(f"{kind}{n}", "lesson.it", outputs[kind]) for n in range(count)]
        notebook.update(committed_form(notebook))

    return change


FRAMES = ["Traceback", "Cell In[3], line 1", "ZeroDivisionError: division by zero"]

BREAKS: list[tuple[str, Change]] = [
    ("a valid notebook", puts_out("sum", {"output_type": "sound"})),
    ("a valid notebook", has("numbers", cell_type="heading")),
    ("format 4.5", lambda notebook: notebook.update(nbformat_minor=4)),
    ("counts 1 to n", has("sum", execution_count=7)),
    ("counts 1 to n", has("sum", execution_count=None)),
    ("the kernel python3", notes(kernelspec={"name": "my-env", "display_name": "My environment"})),
    ("no Python version", notes(language_info={**LANGUAGE_INFO, "version": "3.12.1"})),
    ("the slides' styles", lambda notebook: notebook["metadata"].pop("@deathbeds/jupyterlab-fonts")),
    ("the lecture path on slides", tagged("sum", slideshow={})),
    ("the lecture path on slides", tagged("sum", slideshow={"slide_type": "slide"})),
    ("the lecture path on slides", tagged("sum", tags=["lecture-vote"])),
    ("plumbing off the slides", has("gray", source="lesson.sum_demo")),
    ("plumbing off the slides", tagged("sum", tags=["remove-input"])),
    ("answers wait", tagged("gray", jupyter={"outputs_hidden": True})),
    ("answers wait", both(asks("sum"), tagged("sum", jupyter={}))),
    ("answers wait", both(asks("sum"), tagged("gray", jupyter={"outputs_hidden": False}))),
    ("answers wait", both(asks("sum"), lambda notebook: cell(notebook, "sum")["outputs"].pop(0))),
    ("answers wait", lambda notebook: cell(notebook, "sum")["outputs"].insert(0, COVER)),
    ("answers wait", adds("shares", "\n\nWhat is the sum?")),
    ("no spoilers", asks("gray")),
    ("no spoilers", asks("gray", "Which sum?\n  A) 1\n  B) The one that rounds to −3.5, not to 1")),
    ("no traces of a run", tagged("sum", execution={"iopub.execute_input": "2025-11-22T10:00:00Z"})),
    ("no traces of a run", tagged("sum", scrolled=True)),
    ("no traces of a run", tagged("shares", **{"jp-MarkdownHeadingCollapsed": True})),
    ("no traces of a run", tagged("sum", editable=True, deletable=False)),
    ("no traces of a run", tagged("sum", colab={"base_uri": "https://localhost:8080/"})),
    ("no traces of a run", notes(colab={"provenance": []})),
    ("no traces of a run", notes(vscode={"interpreter": {}})),
    ("ids of their own", lambda notebook: cell(notebook, "sum").pop("id")),
    ("ids of their own", has("sum", id="gray")),
    ("no stored widgets", notes(widgets={})),
    (
        "no stored widgets",
        lambda notebook: cell(notebook, "gray")["outputs"][0]["data"].update({WIDGET_VIEW: {}}),
    ),
    ("streams in one piece", puts_out("sum", printed("2\n"))),
    (
        "tracebacks of one line",
        lambda notebook: cell(notebook, "error")["outputs"][0].update(traceback=FRAMES),
    ),
    ("laid out by refresh", adds("sum", "\r\nx = 1")),
    ("laid out by refresh", adds("sum", "\rx = 1")),
    ("nothing on stderr", puts_out("sum", printed("RuntimeWarning: overflow\n", "stderr"))),
    ("no absolute paths", adds("sum", '\nopen("/home/ada/course/data.csv")')),
    ("no absolute paths", adds("numbers", "\n\nSee /Users/ada/notes.")),
    ("no absolute paths", puts_out("gray", printed("saved to C:\\Users\\ada\\x.png\n"))),
    ("no absolute paths", puts_out("gray", displayed(text__plain="'D:\\\\data\\\\x.csv'"))),
    ("no absolute paths", puts_out("gray", displayed(text__html="<p>/tmp/x.csv</p>"))),
    ("no last semicolon", adds("sum", ";")),
    ("no last semicolon", adds("sum", ";  # no output")),
    ("no uncontrolled output", adds("sum", "\nwidgets.interact(f, x=(0, 1))")),
    ("no uncontrolled output", adds("sum", "\nwidgets.Output()")),
    ("no uncontrolled output", adds("sum", "\nfrom IPython.display import clear_output")),
    ("no bare images", puts_out("gray", displayed(image__png=png()))),
    ("every output compared", tagged("sum", tags=["nbval-ignore-output"])),
    ("every output compared", says("sum", "z =", "# NBVAL_SKIP\nz =")),
    ("errors on purpose only", tagged("error", tags=[])),
    ("errors on purpose only", tagged("sum", tags=["raises-exception"])),
    ("no Plotly MIME type", puts_out("gray", displayed(**{"application__vnd.plotly.v1+json": "{}"}))),
    ("the same every run", puts_out("gray", displayed(text__plain="<Figure object at 0x7f21c8a3b2e0>"))),
    ("the same every run", puts_out("gray", printed("finished at 12:04:31\n"))),
    ("the same every run", adds("sum", "\nrng = np.random.default_rng()")),
    ("no empty cells", lambda notebook: notebook["cells"].append(markdown("empty", " \n"))),
    ("nothing left to write", says("numbers", "The sum", "TODO: the sum")),
    ("short cells", adds("sum", "\n" + "\n".join(f"y = z[{n % 2}]" for n in range(11)))),
    ("under 1 MB", puts_out("gray", displayed(text__plain="x" * 1_000_000))),
    ("one title", says("opening", "# 02", "# 03")),
    ("one title", says("recall", "## Recall", "# Another\n\n## Recall")),
    ("no skipped heading level", says("numbers", "### Details", "#### Details")),
    ("images in words", says("numbers", "Three bars", "")),
    ("images in words", says("numbers", "Three bars", "bars.png")),
    ("images in words", says("numbers", "Three bars", "Image 1")),
    ("images in words", adds("numbers", '\n<img src="bars.png">')),
    ("images in words", puts_out("gray", displayed(text__html='<img alt="figure" src="bars.png">'))),
    ("links that resolve", says("numbers", "bars.png", "missing.png")),
    ("links that resolve", says("shares", "#Details", "#details")),
    ("links that resolve", adds("numbers", " [there](01_first.ipynb#Nowhere)")),
    ("links that resolve", adds("numbers", "\n\n[there]: missing.md")),
    ("links that resolve", adds("numbers", " [there](<no such file.md>)")),
    ("links that resolve", adds("numbers", "\n\n[there]: <no such file.md>")),
    ("links that resolve", adds("numbers", ' <a href="missing.md">there</a>')),
    ("links that resolve", adds("numbers", "\n\n```x``` is no block.\n\n[there](missing.md)")),
    ("links that resolve", puts_out("gray", displayed(text__html='<a href="missing.md">there</a>'))),
    ("links that say where", adds("numbers", " See [here](bars.png).")),
    ("a complete opening", says("opening", "You will be able to", "Goals")),
    ("a complete opening", says("opening", "- build\n", "")),
    ("a complete opening", says("opening", "- build\n", "- build\n- draw\n- sum\n- stop\n")),
    ("a complete opening", says("opening", "**Needs:** notebook 01. ", "")),
    ("a complete opening", both(says("opening", "41 minutes", "An hour"), says("opening", "18", "ten"))),
    ("links to the neighbors", says("opening", "03_last", "01_first")),
    ("core or deeper", says("shares", "**core** · 41 minutes.\n", "")),
    ("core or deeper", says("shares", "**core**", "**deeper**")),
    ("core or deeper", tagged("shares", tags=[])),
    ("core or deeper", tagged("shares", tags=["core", "deeper"])),
    ("core fits a lesson", says("shares", "**core** · 41 minutes.", "**core**")),
    ("core fits a lesson", says("shares", "## Shares\n\n**core** · 41 minutes.", "## Shares (core)")),
    ("core fits a lesson", says("shares", "**core** · 41 minutes.", "**core** · 0 minutes.")),
    ("core fits a lesson", says("limits", "**deeper** · 6", "**core** · 6 minutes. Then deeper")),
    ("core fits a lesson", both(says("shares", "41", "46"), says("opening", "41", "46"))),
    ("core fits a lesson", says("opening", "41", "40")),
    ("core fits a lesson", says("opening", "41", "42")),
    ("core fits a lesson", says("opening", "18 more", "17 more")),
    ("core fits a lesson", says("opening", "18 more", "19 more")),
    ("core fits a lesson", says("opening", ", 18 more for those marked *deeper*", "")),
    ("core fits a lesson", says("opening", "18 more", "half an hour more")),
    ("core fits a lesson", both(drops("signs"), drops("limits"))),
    ("core fits a lesson", drops("signs")),
    ("a core within its budget", adds("shares", " word" * 900)),
    ("a core within its budget", shows(6, "question")),
    ("a core within its budget", shows(4, "demo")),
    ("a core within its budget", shows(2, "exercise")),
    ("three sentences to keep", says("closing", "\n3. Three.", "")),
    ("three sentences to keep", adds("closing", "\n4. Four.")),
    ("three sentences to keep", drops("closing")),
    ("two questions to recall", has("another", outputs=[])),
    ("two questions to recall", adds("recall", "\n\nWhy?\n\nThink.")),
    ("two questions to recall", says("recall", "Recall", "Further reading")),
    ("numbers that are proved", adds("numbers", " And 0.476.")),
    ("numbers that are proved", adds("numbers", " And 3,628,800 orders.")),
    ("numbers that are proved", adds("numbers", " And $x = 0.25$.")),
    ("numbers that are proved", says("numbers", "−3.5", "−3.6")),
    ("numbers that are proved", says("numbers", "72.75 %", "72.76 %")),
    ("numbers that are proved", adds("opening", " The sum is −3.5.")),  # another section prints it
    ("constants that hold", tagged("numbers", constants={"0.5": "1/2"})),
    ("constants that hold", tagged("shares", constants={"0.475": "exp(1)/(exp(1)+4)"})),
    ("constants that hold", tagged("shares", constants={"0.475": "0.475"})),
    ("constants that hold", tagged("shares", constants={"0.475": "0.475 * 1"})),
    ("constants that hold", tagged("shares", constants={"0.475": "open('x')"})),
    ("constants that hold", tagged("shares", constants={"0.475": "measured yesterday"})),
    ("constants that hold", tagged("shares", constants={"0.475": "shown in sum"})),
    ("constants that hold", tagged("shares", constants={"0.475": "shown in nowhere"})),
    ("constants that hold", tagged("shares", constants={"0.475": "chosen:"})),
    ("constants that hold", tagged("shares", constants={"0.475": "measured 2025-13-22: seconds"})),
]


@pytest.mark.parametrize(
    ("rule", "change"), BREAKS, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(BREAKS)]
)
def test_a_broken_notebook_is_reported_by_that_rule_alone(page: Path, rule: str, change: Change) -> None:
    notebook = sample()
    change(notebook)
    page.write_bytes(to_bytes(notebook))
    assert broken_rules(page) == {rule}, findings(page)


def crlf(path: Path) -> Path:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return path


def indented_by_two(path: Path) -> Path:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=2), "utf-8")
    return path


def without_last_newline(path: Path) -> Path:
    path.write_bytes(path.read_bytes().rstrip())
    return path


def escaped(path: Path) -> Path:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=1, sort_keys=True) + "\n", "utf-8")
    return path


def renamed(path: Path) -> Path:
    return path.rename(path.with_name("02_A-Sample.ipynb"))


def of_another_ending(path: Path) -> Path:
    return path.rename(path.with_suffix(".json"))


def truncated(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-9])
    return path


def without_outputs(path: Path) -> Path:
    path.write_text(re.sub(r'"outputs": ', '"results": ', path.read_text("utf-8")), "utf-8")
    return path


def of_format_3(path: Path) -> Path:
    path.write_text('{"worksheets": [], "nbformat": 3, "nbformat_minor": 0, "metadata": {}}', "utf-8")
    return path


def of_a_lesson_without_such_a_name(path: Path) -> Path:
    """Of one that has: 02 is a lesson, and passes on what its notebook shows."""
    notebook = sample()
    adds("sum", "\nlesson.status, lesson.break_demo, lesson.no_such_demo")(notebook)
    path = path.rename(path.with_name("02_numeric_instability.ipynb"))
    path.write_bytes(to_bytes(notebook))
    (found,) = check_notebook(path)
    assert "no_such_demo" in str(found)
    return path


FILE_BREAKS: list[tuple[str, Callable[[Path], Path]]] = [
    ("what the lesson has", of_a_lesson_without_such_a_name),
    ("laid out by refresh", crlf),
    ("laid out by refresh", indented_by_two),
    ("laid out by refresh", without_last_newline),
    ("laid out by refresh", escaped),
    ("a number and a topic", renamed),
    ("a number and a topic", of_another_ending),
    ("a valid notebook", truncated),
    ("a valid notebook", without_outputs),
    ("a valid notebook", of_format_3),
]


@pytest.mark.parametrize(("rule", "change"), FILE_BREAKS)
def test_a_broken_file_is_reported_by_that_rule_alone(page: Path, rule: str, change: Callable) -> None:
    path = change(page)
    assert broken_rules(path) == {rule}, findings(path)


def test_a_link_may_hold_spaces_and_a_question_and_lead_elsewhere(page: Path) -> None:
    (page.parent / "a file.md").write_text("there")
    notebook = sample()
    adds("numbers", " [a](<a file.md>) [b](a%20file.md?x=1) [c](//example.org/c)\n\n[d]: <a file.md>")(
        notebook
    )
    page.write_bytes(to_bytes(notebook))
    assert broken_rules(page) == set(), findings(page)


def test_every_rule_is_broken_on_purpose() -> None:
    assert {rule for rule, _ in [*BREAKS, *FILE_BREAKS]} == {rule.name for rule in RULES}
    assert len({rule.name for rule in RULES}) == len(RULES)


HARMLESS: list[Change] = [
    adds("sum", "\nratio = total/home/tmp  # a division"),
    adds("sum", "\nurl = 'https://example.org/home/ada'"),
    adds("sum", '\nprint("a;")'),
    adds("sum", "\n# no interact( and no Output( here;"),
    adds("sum", "\n%config InlineBackend.figure_format = 'retina'"),
    adds("sum", "\n" + "\n\n".join(f"y = z[{n % 2}]" for n in range(10))),
    both(adds("sum", "\ny = 1" * 20), tagged("sum", tags=["long"])),
    puts_out("gray", displayed(text__plain="0x3ff0000000000000 and 0x7f800000 are bit patterns")),
    puts_out("gray", displayed(text__html=f'<img alt="A square" src="data:image/png;base64,/home/{png()}">')),
    adds("numbers", "\n\n```\n# no heading, no [link](missing.md), 17.5\n```\n"),
    adds("numbers", " `x[0](1.25)` and $f: A \\to [0,1](x)$"),
    adds("numbers", " [Wiki](https://en.wikipedia.org/wiki/Softmax_(function)#Top) <https://example.org>"),
    adds("numbers", " [there](01_first.ipynb#Details)"),
    adds("numbers", "\n\n<a id='mark'></a> [to the mark](#mark)"),
    adds("closing", "\n\n## Further reading\n\n- Guo et al. 2017, arXiv:1706.04599"),
    says("shares", "## Shares", "## Shares (core)"),
    says("opening", "- build\n", "- build\n- draw\n- sum\n"),
    says("opening", "18 more", "18 minutes more"),
    both(says("shares", "41", "45"), says("opening", "41", "45")),
    both(says("shares", "41 minutes", "1 minute"), says("opening", "41", "1")),
    lambda notebook: [
        both(drops("signs"), drops("limits"))(notebook),
        says("opening", ", 18 more for those marked *deeper*", "")(notebook),
    ],
    tagged("sum", jupyter={"source_hidden": True}),
    tagged("shares", constants={"0.475": "measured 2026-11-22: seconds on two cores"}),
    has("recall", source="## Recall\n\n### The first\n\nOne of two:"),
    adds("shares", " word" * 850),
    adds("signs", " word" * 1000),
    shows(5, "question"),
    shows(3, "demo"),
    shows(1, "exercise"),
    asks("sum"),
    asks("gray", "Which sum, −3.5 or −4.5?\n  A) −4.5\n  B) −3.5"),
    asks("gray", "Which sum?\n  A) −3.5\n  B) −4.5"),
    asks("gray", "Which sum?\n  A) −3\n  B) −4"),  # −3.5 tells neither
    asks("error", "Which error?\n  A) None\n  B) A division by zero"),
]


@pytest.mark.parametrize("change", HARMLESS, ids=range(len(HARMLESS)))
def test_what_only_looks_like_a_break_is_left_alone(page: Path, change: Change) -> None:
    notebook = sample()
    change(notebook)
    page.write_bytes(to_bytes(notebook))
    assert findings(page) == []


@pytest.mark.parametrize("beyond", [False, True])
def test_a_notebook_is_smaller_than_a_million_bytes(page: Path, beyond: bool) -> None:
    def grown(letters: int) -> bytes:
        notebook = sample()
        puts_out("gray", displayed(text__plain="x" * letters))(notebook)
        return to_bytes(notebook)

    page.write_bytes(grown(1_000_000 + beyond - len(grown(1))))
    assert len(page.read_bytes()) == 999_999 + beyond
    assert broken_rules(page) == ({"under 1 MB"} if beyond else set())


def test_the_opening_ends_where_the_first_section_begins(page: Path) -> None:
    read = Page(page, page.read_bytes())
    assert read.opening == sample()["cells"][0]["source"]
    assert read.opening_cells == [0]


def test_a_finding_says_where_and_what_to_do(page: Path) -> None:
    notebook = sample()
    has("sum", execution_count=7)(notebook)
    page.write_bytes(to_bytes(notebook))
    assert findings(page) == [
        "02_sample.ipynb  cell 3 [sum]  has execution count 7 where 1 belongs"
        " -> run python -m course_utils refresh 02"
    ]


def test_the_first_notebooks_need_no_recall_and_the_very_first_no_sentences(page: Path) -> None:
    notebook = sample()
    notebook["cells"] = notebook["cells"][:-4]
    expected = {"00": set(), "01": {"three sentences to keep"}}
    for number, rules in expected.items():
        opening = f"# {number} A sample" + sample()["cells"][0]["source"].removeprefix("# 02 A sample")
        notebook["cells"][0]["source"] = f"{opening} [Zero](00_first.ipynb) [Two](02_sample.ipynb)"
        path = page.with_name(f"{number}_first.ipynb")
        path.write_bytes(to_bytes(notebook))
        assert broken_rules(path) == rules


def test_an_empty_notebook_is_reported_and_does_not_stop_the_check(page: Path) -> None:
    page.write_bytes(to_bytes({**sample(), "cells": []}))
    assert broken_rules(page) >= {"one title", "a complete opening", "three sentences to keep"}


# --- Numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.475 and −0.5 and -0.25", ["0.475", "-0.5", "-0.25"]),
        ("2.06106e-9, 4.5×10⁻⁵, 3 × 10^-4, $1.5\\times10^{-3}$", ["2.06106e-9", "4.5e-5", "3e-4", "1.5e-3"]),
        ("463,892 and 1\u202f000\u202f000 and $10{,}000.5$", ["463892", "1000000", "10000.5"]),
        ("z = [11,12,13] and (10, 200)", ["11", "12", "13", "200"]),
        ("a 2-20-1 net on 8×8 and 28×28", ["20", "28", "28"]),
        ("92.5 % of 76%", ["92.5", "76"]),
        ("ends in 0.5. And 81.", ["0.5", "81"]),
        ("2.5x and 1.5k in 30ms but 11th and 3-D", ["2.5", "1.5", "30"]),
        ("p = .5, −.25 and z.5", ["0.5", "-0.25"]),
        ("| 0.5 | 12 |\n|---|---|\n| **0.25** | _13_ |", ["0.5", "12", "0.25", "13"]),
        ("# 01 Title of 12\n## Gap 0.5\ntext 12", ["12", "0.5"]),
        ("1. one\n12. twelve\n> 13. thirteen", []),
        ("$x_{11} + 30$, `x = 17.5`, `17.5`, [0.5](0.25.md), ![0.75](p-99.png)", ["17.5", "0.5", "0.75"]),
        ("<img width='640' alt='0.5'> x < 12 and y > 0.5 <!-- 99.5 -->", ["12", "0.5"]),
        (
            "Guo 2017, Section 4.2, § 5.1, p. 123, arXiv:1706.04599, on 2025-11-22 and 22 November 2025",
            [],
        ),
        ("Python 3.11, NumPy ≥ 2.0, ipywidgets 8.1.9, float32, 64-bit, 100 %, 2^53, 2⁵³", []),
        ("1899 and 1900 and 2099 and 2100", ["1899", "2100"]),
        ("costs \\$5.5 or \\$6.5", ["5.5", "6.5"]),
    ],
)
def test_these_numbers_need_a_proof(text: str, expected: list[str]) -> None:
    assert [number.text for number in numbers_to_check(text)] == expected


def test_minutes_are_free_in_the_opening_only() -> None:
    assert numbers_to_check("45 minutes, 45–60 min", opening=True) == []
    time = "**Time:** 45 minutes for core, 20 more for deeper."
    assert numbers_to_check(time, opening=True) == []
    for text, expected in (("45 minutes", ["45"]), (time, ["45", "20"])):
        assert [number.text for number in numbers_to_check(text)] == expected


def test_the_time_of_a_section_needs_no_proof_and_other_minutes_do() -> None:
    for text, expected in (
        ("## Shares\n\n**core** · 12 minutes. Then 13 minutes.", ["13"]),
        ("It takes **core** · 12 minutes.", ["12"]),
        ("**Time** · 12 minutes.", ["12"]),
    ):
        assert [number.text for number in numbers_to_check(text)] == expected


@pytest.mark.parametrize(
    ("text", "output", "proved"),
    [
        ("0.67", "0.665241", True),
        ("0.66", "0.665241", False),
        ("0.665241", "0.67", False),
        ("0.50", "0.5", True),
        ("0.999955", "[2.06106e-09 4.53979e-05 9.99955e-01]", True),
        ("2.06106e-9", "[2.06106e-09 4.53979e-05 9.99955e-01]", True),
        ("−0.278", "-0.27846", True),
        ("−0.278", "0.27846", False),
        ("below by 0.278", "-0.27846", True),
        ("76 %", "0.7594", True),
        ("76", "0.7594", False),
        ("463,892 regions", "463892", True),
        ("200", "[100,200]", True),
        ("0.9999999999999999", "1.0", False),
        ("1.0", "1.", True),
    ],
)
def test_a_printed_value_proves_the_number_it_rounds_to(
    page: Path, text: str, output: str, proved: bool
) -> None:
    notebook = sample()
    says("numbers", "The sum is −3.5, the share 72.75 %", text)(notebook)
    has("sum", source="print(z)", outputs=[printed(output)])(notebook)
    page.write_bytes(to_bytes(notebook))
    assert broken_rules(page) == (set() if proved else {"numbers that are proved"})


def test_code_proves_a_number_and_a_comment_or_a_hidden_text_does_not(page: Path) -> None:
    html = '<p title="0.125">A</p><style>p { width: 0.125px }</style>'
    for source, output, proved in (
        ("x = 0.125", html, True),
        ("x = 125e-3", html, True),
        ("x = 1  # 0.125", html, False),
        ("x = '0.125'", html, False),
        ("x = 1", html + "<td>0.125</td>", True),
    ):
        notebook = sample()
        says("numbers", "The sum is −3.5, the share 72.75 %", "It is 0.125")(notebook)
        has("sum", source=source, outputs=[displayed(text__html=output)])(notebook)
        page.write_bytes(to_bytes(notebook))
        assert broken_rules(page) == (set() if proved else {"numbers that are proved"}), (source, output)


def test_a_percentage_may_be_listed_with_or_without_its_sign(page: Path) -> None:
    for constants in ({"99.5": "100 - 1/2"}, {"99.5 %": "1 - 1/200"}):
        notebook = sample()
        says("shares", "0.475", "99.5 %")(notebook)
        tagged("shares", constants=constants)(notebook)
        page.write_bytes(to_bytes(notebook))
        assert findings(page) == []


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
@example(154165686.1389615, 6)  # where half of the last digit is about what two floats differ by
def test_a_number_shows_what_rounds_to_it_and_nothing_else(value: float, digits: int) -> None:
    (number,) = Number.all_in(f"is {value:.{digits}f}.")
    assert number == Number(f"{value:.{digits}f}")
    assert number.shows(value)
    assert not number.shows(value + 2 * 10.0**-digits)


@given(st.text(alphabet="0123456789.,%$`−-+×·⁰⁻e^{}[]()#\n ax"))
def test_any_text_can_be_read(text: str) -> None:
    assert {n for n in numbers_to_check(text) if n.is_decimal} <= set(numbers_shown(text))


operands = st.one_of(st.integers(0, 99).map(str), st.sampled_from(["pi", "e", "0.5"]))
expressions = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(["exp", "log", "sqrt", "tanh"]), inner).map(
            lambda parts: f"{parts[0]}({parts[1]})"
        ),
    ),
    max_leaves=6,
)


@given(expressions)
def test_evaluate_agrees_with_python(expression: str) -> None:
    try:
        expected = eval(compile(ast.parse(expression, mode="eval"), "", "eval"), vars(math).copy())
    except (ArithmeticError, ValueError):
        return
    assert evaluate(expression) == float(expected)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("factorial(0)", 1),
        ("comb(4, 2)", 6),
        ("comb(170, 170)", 1),
        ("factorial(170) / factorial(169)", 170),
        ("+" * 199 + "1", 1),
        ("-2 ** 2", -4),
        ("7 - 2 - 1", 4),
        ("inf", math.inf),
        ("floor(-0.5) + ceil(0.5) + abs(-2) + max(1, 3) - min(1, 3)", 4),
    ],
)
def test_evaluate_takes_what_is_allowed_to_its_ends(expression: str, value: float) -> None:
    assert evaluate(expression) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "expression",
    [
        "+" * 200 + "1",
        "factorial(171)",
        "factorial(-1)",
        "comb(171, 1)",
        "comb(4, -1)",
        "",
        "1 +",
        "x",
        "open('x')",
        "(1).real",
        "exp.__class__",
        "[1][0]",
        "1 if 2 else 3",
        "'a' * 9",
        "True",
        "lambda: 1",
        "exp(x=1)",
        "exp()",
        "1/0",
        "log(0)",
        "(-8) ** 0.5",
        "9**9**9**9",
        "factorial(10**9)",
        "comb(0.5, 2)",
        "comb(1, inf)",
        "((((" * 40 + "1" + "))))" * 40,
        "1+" * 150 + "1",
        "\0",
        "1j",
    ],
)
def test_evaluate_refuses_everything_else_in_a_sentence(expression: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-z]"):
        evaluate(expression)


@given(st.text(max_size=60))
def test_evaluate_raises_nothing_but_value_error(expression: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(evaluate(expression), float)


# --- Refresh ------------------------------------------------------------------------------------------------

DRAW = """
import base64, io, time
from pathlib import Path
from PIL import Image, PngImagePlugin

class Figure:
    def _repr_mimebundle_(self, **kwargs):
        note = PngImagePlugin.PngInfo()
        note.add_text("Creation Time", str(time.time_ns()))
        stream = io.BytesIO()
        Image.new("L", (8, 8), int(Path("shade.txt").read_text())).save(stream, "png", pnginfo=note)
        png = base64.b64encode(stream.getvalue()).decode()
        html = f'<figure><img alt="A gray square" src="data:image/png;base64,{png}"></figure>'
        return {"text/plain": "A gray square.", "text/html": html, "VIEW": {"model_id": str(time.time_ns())}}
"""


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    """A notebook as an editor may leave it: not executed, with traces of another run."""
    cells = [
        markdown("opening", "# 01 A sample\r\n"),
        code("draw", DRAW.replace("VIEW", WIDGET_VIEW), execution={"iopub": "2025"}, scrolled=True),
        code("twice", "from IPython.display import display\ndisplay(Figure())\nFigure()", tags=["keep"]),
        code("slider", "import ipywidgets\nipywidgets.IntSlider(3)"),
        code("twice", "import sys\nprint(1, flush=True)\nprint('λ')", printed("old"), constants={"1": "2"}),
        code("", "raise ValueError('on purpose')", tags=["raises-exception"]),
        code("anyway", "print('run too')", tags=["skip-execution"]),
    ]
    for untidy_cell in cells:
        untidy_cell["execution_count"] = 9 if untidy_cell["cell_type"] == "code" else None
    del cells[0]["execution_count"], cells[-2]["id"]
    metadata = {
        "kernelspec": {"name": "elsewhere", "display_name": "Elsewhere", "language": "R"},
        "language_info": {"name": "R", "version": "4.4"},
        "widgets": {"state": {}},
        "title": "kept",
    }
    path = tmp_path / "01_sample.ipynb"
    path.write_text(
        json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}), "utf-8"
    )
    (tmp_path / "shade.txt").write_text("100")
    return path


def test_refresh_writes_the_committed_form_and_the_same_bytes_again(
    untidy: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    jupyter = tmp_path_factory.mktemp("jupyter")
    # A kernel that is called as ours is and does not start: it must not be asked.
    installed = jupyter / "kernels" / "python3" / "kernel.json"
    installed.parent.mkdir(parents=True)
    installed.write_text(json.dumps({"argv": ["false"], "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(jupyter))
    assert refresh_notebook(untidy)
    first = untidy.read_bytes()
    notebook = read_notebook(first)
    nbformat.validate(nbformat.reads(first.decode(), as_version=4))
    cells = notebook["cells"]
    assert len(REFRESHED) == 14
    assert not broken_rules(untidy) & (REFRESHED | {"a valid notebook"})

    assert cells[0]["source"] == "# 01 A sample\n"
    assert [cell.get("execution_count") for cell in cells] == [None, 1, 2, 3, 4, 5, 6]
    assert [cell["id"] for cell in cells[:4]] == ["opening", "draw", "twice", "slider"]
    assert notebook["metadata"]["title"] == "kept"
    assert cells[1]["metadata"] == {"slideshow": {"slide_type": "skip"}}
    assert cells[2]["metadata"]["tags"] == ["keep"]
    assert cells[4]["metadata"]["constants"] == {"1": "2"}
    assert [sorted(output["data"]) for output in cells[2]["outputs"]] == [["text/html", "text/plain"]] * 2
    assert cells[3]["outputs"][0]["data"] == {"text/plain": "IntSlider(value=3)"}
    assert [cell["id"] for cell in cells[4:]] == ["opening-code", "opening-code-2", "anyway"]
    assert cells[4]["outputs"] == [printed("1\nλ\n")]
    assert cells[5]["outputs"][0]["traceback"] == ["ValueError: on purpose"]
    assert cells[6]["outputs"] == [printed("run too\n")], "every cell is run, whatever its tags"
    assert "λ".encode() in first

    assert not refresh_notebook(untidy)
    assert untidy.read_bytes() == first

    (untidy.parent / "shade.txt").write_text("101")  # within the tolerance: the old picture stays
    assert not refresh_notebook(untidy)
    (untidy.parent / "shade.txt").write_text("140")
    assert refresh_notebook(untidy)
    assert [path.name for path in sorted(untidy.parent.iterdir())] == ["01_sample.ipynb", "shade.txt"]


UUID = "6f1d2a57-9c0e-4b7d-8a35-0e2f4c6b8d91"


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (code("0a1b2c3d", "lesson.odds_demo"), "odds-demo"),
        (code(UUID, "lesson.odds_demo"), "odds-demo"),
        (code("0a1b2c3d", "lesson.odds_demo.at(z=1)"), "odds-demo"),
        (code("0a1b2c3d", "lesson.slope_derivation.faded"), "slope-derivation"),
        (code("0a1b2c3d", "def odds(z):\n    ...\n\n\nlesson.odds_exercise.check(odds)"), "odds-attempt"),
        (code("0a1b2c3d", "print(1)"), "signs-code"),
        (code("0a1b2c3d", "lesson.question"), "question-2"),
        (markdown("0a1b2c3d", "**Explain.** It is odd."), "signs-text"),
        (markdown("0a1b2c3d", "## The odds of $p$\n\nThey are even."), "the-odds-of-p"),
        (markdown("0a1b2c3d", "## Квоты"), "signs-text"),
        (markdown("0a1b2c3d", "## 20260101"), "20260101-2"),
        (code("facade", "lesson.odds_demo"), "facade"),
        (code("decade-1", "lesson.odds_demo"), "decade-1"),
    ],
)
def test_a_cell_with_a_random_id_is_named_after_what_it_shows(new: Node, name: str) -> None:
    notebook = sample()
    notebook["cells"].insert(7, new)
    named = with_speaking_ids(notebook)
    assert with_speaking_ids(named) == named
    assert named["cells"].pop(7) == {**new, "id": name}
    assert named == sample()


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.name)
def test_the_ids_of_the_course_stay(path: Path) -> None:
    notebook = read_notebook(path.read_bytes())
    assert with_speaking_ids(notebook) == notebook


def test_old_pngs_stay_in_order_while_their_pixels_agree() -> None:
    def outputs(*pictures: str) -> Node:
        return {
            **sample(),
            "cells": [code("gray", "x", *(displayed(text__html=figure(p)) for p in pictures))],
        }

    def kept(stored: Node, executed: Node) -> list[str]:
        (result,) = committed_form(executed, stored)["cells"]
        return re.findall('base64,([^"]+)', json.dumps(result).replace("\\", ""))

    old = [png(10, note="old"), png(200, note="old")]
    new = [png(10, note="new"), png(201, note="new")]
    assert len({*old, *new}) == 4
    assert kept(outputs(*old), outputs(*new)) == old
    assert kept(outputs(*old), outputs(*new, png(90))) == [*old, png(90)]
    assert kept(outputs(*old), outputs(new[1], new[0])) == [new[1], new[0]]
    assert kept(outputs(png(10, size=5)), outputs(png(10))) == [png(10)]
    for shade, stays in ((197, False), (198, True), (202, True), (203, False)):  # two of 255
        assert kept(outputs(png(200)), outputs(png(shade))) == [png(200 if stays else shade)]
    for broken in ("AAAA", "A", png(10)[:40] + "AAAA"):
        assert kept(outputs(broken), outputs(png(10))) == [png(10)]


def test_the_committed_form_is_a_fixed_point_and_leaves_its_input_alone() -> None:
    notebook = sample()
    before = copy.deepcopy(notebook)
    assert committed_form(notebook) == notebook == before


REFRESHED = {rule.name for rule in RULES if "refresh" in rule.remedy}
REPAIRED = [(rule, change) for rule, change in BREAKS if rule in REFRESHED]


@pytest.mark.parametrize(
    ("rule", "change"), REPAIRED, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(REPAIRED)]
)
def test_what_refresh_is_said_to_repair_it_repairs(page: Path, rule: str, change: Change) -> None:
    notebook = sample()
    change(notebook)
    page.write_bytes(to_bytes(committed_form(notebook)))
    assert not broken_rules(page) & REFRESHED, findings(page)


@pytest.mark.parametrize("change", [truncated, without_outputs, of_format_3])
def test_a_file_that_is_no_notebook_is_not_touched(page: Path, change: Callable) -> None:
    before = change(page).read_bytes()
    with pytest.raises(ExecutionFailed, match=r"^02_sample.ipynb  file  is not a notebook: .* -> restore it"):
        refresh_notebook(page)
    assert page.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero"),
        ("import os\nos._exit(1)", "the kernel died"),
    ],
)
def test_a_failing_cell_is_named_and_the_file_left_alone(untidy: Path, source: str, reason: str) -> None:
    notebook = read_notebook(untidy.read_bytes())
    notebook["cells"].insert(2, code("bad", f"\n{source}"))
    untidy.write_bytes(to_bytes(notebook))
    before = untidy.read_bytes()
    first_line = source.splitlines()[0]
    with pytest.raises(ExecutionFailed) as error:
        refresh_notebook(untidy)
    assert str(error.value).startswith(f'01_sample.ipynb  cell 3 [bad]  "{first_line}" fails: {reason} -> ')
    assert untidy.read_bytes() == before
    assert len(list(untidy.parent.iterdir())) == 2


def test_what_is_saved_while_a_notebook_runs_stays(untidy: Path) -> None:
    def save(number: int, total: int, line: str) -> None:
        untidy.write_bytes(b"saved meanwhile")

    with pytest.raises(
        ExecutionFailed, match=r"^01_sample.ipynb  file  was changed while it ran; nothing is"
    ):
        refresh_notebook(untidy, save)
    assert untidy.read_bytes() == b"saved meanwhile"


@pytest.mark.skipif(os.name == "nt", reason="Windows runs no such script")
@pytest.mark.parametrize(
    ("script", "told"),
    [("exit 1", "the kernel does not run: Kernel died before"), ("", "file  fails: .*No such file")],
)
def test_a_kernel_that_does_not_start_is_a_failure_of_its_notebook(
    untidy: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    script: str,
    told: str,
) -> None:
    python = tmp_path_factory.mktemp("bin") / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    before = untidy.read_bytes()
    with pytest.raises(ExecutionFailed, match=f"^01_sample.ipynb  {told}"):
        refresh_notebook(untidy)
    assert untidy.read_bytes() == before


# --- The command line ---------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def small(number: int, source: str) -> Node:
    return {
        "cells": [markdown("m", f"# 0{number} T"), code("c", source)],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_refresh_goes_on_after_failures_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "00_unreadable.ipynb").mkdir()
    (tmp_path / "01_bad.ipynb").write_bytes(to_bytes(small(1, "oops")))
    (tmp_path / "02_good.ipynb").write_bytes(to_bytes(small(2, "print(2)")))
    assert main(["refresh"], tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("00_unreadable.ipynb  file  fails: [Errno ")
    assert lines[1] == "01_bad.ipynb  cell 2 of 2  oops"
    assert lines[2].startswith(
        "01_bad.ipynb  cell 2 [c]  \"oops\" fails: NameError: name 'oops' is not defined -> "
    )
    assert lines[3] == "02_good.ipynb  cell 2 of 2  print(2)"
    assert re.fullmatch(r"02_good.ipynb  changed, \d+\.\d s", lines[4])
    assert lines[5:] == ["3 notebooks refreshed, 1 changed, 2 failed."]


def test_refresh_rewrites_one_line_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "02_good.ipynb").write_bytes(to_bytes(small(2, f"x = {list(range(200))}")))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["refresh", "2"], tmp_path) == 0
    first, *rest = terminal.getvalue().split("\r\x1b[2K")[1:]
    assert first.startswith("02_good.ipynb  cell 2 of 2  x = [0, 1")
    assert len(first) == 59
    assert "\n" not in first
    assert len(rest) == 1


def test_check_lists_findings_and_exits_with_1(page: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["check", "2"], page.parent) == 0
    assert capsys.readouterr().out == "1 notebook checked: no rule is broken.\n"
    notebook = sample()
    adds("sum", ";")(notebook)
    page.write_bytes(to_bytes(notebook))
    assert main(["check", "02"], page.parent) == 1
    finding, summary = capsys.readouterr().out.splitlines()
    assert finding.startswith("02_sample.ipynb  cell 3 [sum]  ends with a semicolon")
    assert summary == "1 notebook checked: 1 finding in 1 of them."


@pytest.mark.parametrize(
    ("arguments", "interrupted"),
    [
        (["check"], "course_utils.__main__.check_notebook"),
        (["check", "--core"], "course_utils.__main__.core_of"),
        (["guide"], "course_utils.publish.chapters.chapter_of"),
        (["site", "--out", "site"], "course_utils.publish.site.build"),
        (["moodle", "--out", "a.xml"], "course_utils.classroom.moodle.write"),
        (["new", "09_dice"], "course_utils.__main__.new_notebook"),
        (["report", "answers"], "course_utils.classroom.report.report"),
        (["assignment", "01", "--out", "course"], "course_utils.classroom.command.assignment"),
        (["concept-test", "--out", "test"], "course_utils.classroom.concept_pages.key_page"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_what_is_stopped_says_no_more_than_that(
    arguments: list[str],
    interrupted: str,
    page: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """Only a command that changes notebooks speaks of one."""

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(interrupted, stop)
    assert main(arguments, page.parent) == 130
    assert capsys.readouterr().out.endswith("\nStopped.\n")


@pytest.mark.parametrize("command", ["check", "refresh"])
def test_an_unknown_number_is_a_misuse(page: Path, command: str, capsys: pytest.CaptureFixture) -> None:
    assert main([command, "02", "42", "7"], page.parent) == 2
    out = capsys.readouterr().out
    assert out == f"No notebook has the number 07, 42; {page.parent.name} holds 01, 02, 03.\n"
    (page.parent / "empty").mkdir()
    assert main([command], page.parent / "empty") == 2


def test_an_unknown_command_is_a_misuse(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["rewrite"])
    assert stop.value.code == 2
    assert "refresh" in capsys.readouterr().err


def test_what_is_left_out_of_a_file_is_what_a_kernel_shows() -> None:
    """Written twice: the display objects know of no files, and reading files needs no display objects."""
    assert live.WIDGET_VIEW == WIDGET_VIEW


def test_two_who_write_a_file_at_once_both_write_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, replace = tmp_path / "a.ipynb", os.replace

    def after_another(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "replace", replace)
        write(path, b"the other's")
        assert path.read_bytes() == b"the other's"
        replace(source, target)

    monkeypatch.setattr(os, "replace", after_another)
    write(path, b"one's")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.ipynb": b"one's"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right")
def test_a_link_to_a_file_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "a.ipynb", tmp_path / "elsewhere" / "a.ipynb"
    path.write_bytes(b"old")
    link.parent.mkdir()
    link.symlink_to(path)
    write(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert list(link.parent.iterdir()) == [link]


def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise PermissionError("held by another program")

    path = tmp_path / "a.ipynb"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(PermissionError):
        write(path, b"new")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.ipynb": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_stops_the_command(tmp_path: Path) -> None:
    path = tmp_path / "01_slow.ipynb"
    path.write_bytes(to_bytes(small(1, "import time\ntime.sleep(3600)")))
    before = path.read_bytes()
    command = "import sys, pathlib; from course_utils.__main__ import main; "
    command += "sys.exit(main(['refresh'], pathlib.Path(sys.argv[1])))"
    run = subprocess.Popen(
        [sys.executable, "-c", command, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "01_slow.ipynb  cell 2 of 2  import time\n"
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate()
    assert out.endswith("Stopped; the notebook in work is unchanged.\n")
    assert run.returncode == 130
    assert path.read_bytes() == before


def test_a_cell_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course_utils.notebook_files.refresh.SECONDS_PER_CELL", 1)
    path = tmp_path / "01_slow.ipynb"
    path.write_bytes(to_bytes(small(1, "import time\ntime.sleep(3600)")))
    with pytest.raises(ExecutionFailed, match="fails: it takes longer than 1 s"):
        refresh_notebook(path)


def test_the_command_runs_from_any_folder_and_on_any_terminal(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "course_utils", "check", "98"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert run.stdout.startswith("No notebook has the number 98; notebooks holds ")


def test_notebooks_are_found_by_number(page: Path) -> None:
    assert [path.name for path in find_notebooks([], page.parent)] == [
        "01_first.ipynb",
        "02_sample.ipynb",
        "03_last.ipynb",
    ]
    assert find_notebooks(["2"], page.parent) == find_notebooks(["02"], page.parent) == [page]
    with pytest.raises(UnknownNotebook, match="No notebook has the number 11"):
        find_notebooks(["11"], page.parent)
    with pytest.raises(UnknownNotebook, match="No notebook has the number Untitled"):
        find_notebooks(["Untitled"], page.parent)


def test_what_an_editor_adds_is_no_lesson_and_two_of_one_number_are_told(
    page: Path, capsys: pytest.CaptureFixture
) -> None:
    (page.parent / "Untitled.ipynb").write_bytes(page.read_bytes())
    shutil.copy(page, page.with_stem("02_sample-Copy1"))
    assert find_notebooks(["2"], page.parent, lessons=True) == [page]
    assert [path.stem for path in find_notebooks(folder=page.parent, lessons=True)][1:] == [
        "02_sample",
        "03_last",
    ]
    told = "02_sample-Copy1.ipynb and 02_sample.ipynb have the same number: rename or delete one.\n"
    for command in (["check"], ["refresh", "02"], ["new", "09_dice"]):
        assert main(command, page.parent) == 2
        assert capsys.readouterr().out == told
    assert find_notebooks(["01"], page.parent) == [page.with_stem("01_first")]
    shutil.copy(page, page.with_stem("02_again"))
    assert main(["assignment", "02", "--list"], page.parent) == 2
    assert capsys.readouterr().out.startswith("02_again.ipynb and 02_sample.ipynb have the same number")


@pytest.fixture
def merged(page: Path) -> Path:
    """The sample as a merge leaves it, linked to by its neighbor."""
    page.write_bytes(b"<<<<<<< HEAD\n" + page.read_bytes())
    notebook = sample()
    adds("numbers", " [there](02_sample.ipynb#Details)")(notebook)
    page.with_stem("01_first").write_bytes(to_bytes(notebook))
    return page


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--core"],
        ["moodle", "02", "--out", "questions.xml"],
        ["site", "02", "--out", "site"],
        ["assignment", "02", "--list"],
        ["guide"],
        ["guide", "02", "--out", "sheets"],
    ],
    ids=" ".join,
)
def test_a_file_that_is_no_notebook_is_named(
    command: list[str], merged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    for other in ("01_first", "03_last"):
        merged.with_stem(other).unlink()
    monkeypatch.setattr("course_utils.publish.site.NEEDED", ())
    (lesson := merged.with_name("lessons") / "sample" / "teaching.toml").parent.mkdir(parents=True)
    entries = ("asked", "derivation", "moves", "oral", "plan", "short")
    lesson.write_text("\n".join(f"{entry} = 1" for entry in entries), "utf-8")
    monkeypatch.setattr("course_utils.publish.chapters.LESSONS", lesson.parents[1])
    monkeypatch.chdir(merged.parent)
    assert main(command, merged.parent) == 2
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "02_sample.ipynb is not a notebook: Expecting value: line 1 column 1 (char 0)"


def test_check_goes_on_beside_a_file_that_is_no_notebook(merged: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["check"], merged.parent) == 1
    said = capsys.readouterr().out
    assert "#Details" not in said, "nobody knows whether a broken file has it"
    assert "02_sample.ipynb  file  is not a notebook: Expecting value: line 1" in said


def test_a_new_notebook_links_to_one_that_is_broken_by_its_file_name(merged: Path) -> None:
    merged.with_stem("03_last").unlink()
    path = new_notebook("04_next", merged.parent)
    assert "[02_sample](02_sample.ipynb)" in read_notebook(path.read_bytes())["cells"][0]["source"]


@pytest.mark.parametrize(
    "command",
    [
        ["concept-test", "--out", "taken"],
        ["assignment", "01", "--out", "taken"],
        ["assignment", "01", "--out", "taken", "--ungraded"],
        ["moodle", "01", "--out", "taken/questions.xml"],
        ["guide", "00", "--out", "taken"],
    ],
    ids=" ".join,
)
def test_a_place_that_cannot_be_written_to_is_told_in_a_line(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    (said,) = capsys.readouterr().out.splitlines()
    assert "taken" in said
    assert (tmp_path / "taken").read_text("utf-8") == "a file"


def test_a_notebook_is_not_written_into_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["new", "09_dice"], tmp_path / "nowhere") == 2
    assert "nowhere" in capsys.readouterr().out


def test_the_table_of_modules_names_each_below_those_it_builds_on() -> None:
    _, table, _ = re.split(r"^=+  =+$", notebook_files.__doc__ or "", flags=re.MULTILINE)
    listed = re.findall(r"^``(\w+)``", table, re.MULTILINE)
    folder = Path(notebook_files.__file__).parent
    assert sorted(listed) == sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    for at, name in enumerate(listed):
        source = (folder / f"{name}.py").read_text("utf-8")
        imported = re.findall(r"^from course_utils\.notebook_files\.(\w+) import", source, re.MULTILINE)
        for names in re.findall(r"^from course_utils\.notebook_files import (.+)$", source, re.MULTILINE):
            imported += names.split(", ")
        assert {*imported} <= {*listed[:at]}, name


def test_importing_the_module_loads_no_notebook_library() -> None:
    heavy = ("nbformat", "nbclient", "numpy", "PIL")
    probe = f"import sys, course_utils.__main__; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_sanitizer_hides_pngs_and_nothing_else() -> None:
    from nbval.plugin import get_sanitize_patterns

    config = Path(__file__).with_name("nbval_sanitize.cfg").read_text("utf-8")
    ((pattern, replacement),) = get_sanitize_patterns(config)
    sanitized = [re.sub(pattern, replacement, figure(picture)) for picture in (png(1), png(2))]
    assert sanitized[0] == sanitized[1]
    assert sanitized[0] == figure("PNG")


# --- A new notebook -----------------------------------------------------------------------------------------


def test_a_new_notebook_lacks_only_what_is_to_be_written(page: Path) -> None:
    path = new_notebook("09_loaded_dice", page.parent)
    assert path == page.parent / "09_loaded_dice.ipynb"
    assert broken_rules(path) == {"nothing left to write"}
    assert "links to the neighbors" in broken_rules(page.parent / "03_last.ipynb")
    assert "[02 A sample](03_last.ipynb)" in read_notebook(path.read_bytes())["cells"][0]["source"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("02_again", "The number 02 is taken by 02_sample.ipynb."),
        ("9_dice", "9_dice is not a name like 09_loaded_dice: two digits, and a topic"),
        ("09_dice.ipynb", "09_dice.ipynb is not a name like 09_loaded_dice: "),
        ("../09_dice", "../09_dice is not a name like 09_loaded_dice: "),
        ("10_2d_dice", "small letters and digits that begins with a letter."),
        ("09_lambda", "lambda is a word of Python, and no lesson can be imported by it: "),
        ("11_calibration", "calibration is taken by calibration.py, which lessons share: "),
        ("12_last", "The topic last is taken by 03_last.ipynb."),
    ],
)
def test_a_new_notebook_needs_a_name_of_its_own(page: Path, name: str, complaint: str) -> None:
    with pytest.raises(UnusableName, match=re.escape(complaint)):
        new_notebook(name, page.parent)


@pytest.mark.parametrize(("name", "previous"), [("00_before", None), ("04_after", "03_last.ipynb")])
def test_a_new_notebook_links_to_the_one_before_it(page: Path, name: str, previous: str | None) -> None:
    opening = read_notebook(new_notebook(name, page.parent).read_bytes())["cells"][0]["source"]
    assert re.findall(r"Previous: \[.*\]\((.*)\)", opening) == ([previous] if previous else [])


def test_the_command_new_says_what_comes_next(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "09_loaded_dice"], page.parent) == 0
    written, link, commands = capsys.readouterr().out.splitlines()
    assert "course_utils/lessons/loaded_dice/" in written
    assert (
        link
        == "Above the first section of 03_last.ipynb belongs: Next: [09 Loaded dice](09_loaded_dice.ipynb)"
    )
    assert re.findall(r"`python -m course_utils (\w+ 09)`", commands) == ["refresh 09", "check 09"]
    notebook = sample()
    says("opening", "# 02 A sample", f"# 03 Last\n\n{link.partition(': ')[2]}")(notebook)
    says("opening", "01_first", "02_sample")(notebook)
    (page.parent / "03_last.ipynb").write_bytes(to_bytes(notebook))
    assert "links to the neighbors" not in broken_rules(page.parent / "03_last.ipynb")
    assert main(["new", "09_loaded_dice"], page.parent) == 2
    assert "The number 09 is taken" in capsys.readouterr().out


# --- Prediction comes first ---------------------------------------------------------------------------------


def hidden_in(notebook: Node) -> list[str]:
    return [
        cell["id"]
        for cell in notebook["cells"]
        if cell["metadata"].get("jupyter", {}).get("outputs_hidden") is True
    ]


def test_what_follows_a_question_in_its_section_is_hidden_and_nothing_else() -> None:
    notebook = sample()
    assert hidden_in(notebook) == []
    asks("sum")(notebook)
    assert hidden_in(notebook) == ["sum", "gray", "error"]  # "### Details" goes on with the section
    again = committed_form(notebook)
    assert again == notebook
    notebook["cells"].remove(cell(notebook, "ask"))
    assert hidden_in(committed_form(notebook)) == []


@pytest.mark.parametrize(
    ("kind", "source", "begins"),
    [
        ("markdown", "# A", True),
        ("markdown", "above\n\n## A", True),
        ("markdown", "### A", False),
        ("markdown", "A", False),
        ("code", "# A", False),
        ("raw", "## A", False),
    ],
)
def test_a_section_begins_with_a_heading_of_level_1_or_2(kind: str, source: str, begins: bool) -> None:
    assert begins_section({"cell_type": kind, "source": source}) == begins


def test_a_text_that_ends_with_a_question_asks_too() -> None:
    notebook = sample()
    adds("numbers", "\n\n**What is 1/0?**")(notebook)
    assert hidden_in(committed_form(notebook)) == ["error"]


@pytest.mark.parametrize(
    ("source", "text", "html"),
    [
        ("lesson.other", "Question: And now?", "<p>And now?</p>"),
        ("lesson.exercise", "Exercise: Write it.", "<p>Write it.</p>"),
        ("lesson.slope_derivation.faded", "The slope", "<table></table>"),
        ("lesson.exercise.check(f)", "Not attempted yet: replace the ... by your code.", "<p></p>"),
    ],
)
def test_what_asks_itself_is_not_hidden(source: str, text: str, html: str) -> None:
    notebook = sample()
    asks("sum")(notebook)
    cell(notebook, "sum").update(source=source, outputs=[shown(text, text_html=html)])
    assert hidden_in(committed_form(notebook)) == ["gray", "error"]


def test_a_notebook_that_shows_what_there_is_not_is_named_with_the_cell() -> None:
    (path,) = (path for path in find_notebooks() if path.name.startswith("03"))
    notebook = read_notebook(path.read_bytes())
    cell(notebook, "knob-demo")["source"] = "lesson.dial_demo"
    with pytest.raises(UnreadableNotebook, match=r"^03_temperature.ipynb, cell knob-demo: .*'dial_demo'$"):
        list(what_is_shown(path, notebook))


@pytest.mark.parametrize(
    ("source", "count"), [("lesson.exponential_demo", 1), ("lesson.exponential_demo\n" * 2, 0)]
)
def test_a_cell_shows_what_its_only_line_names(source: str, count: int) -> None:
    notebook = {"cells": [code("a", source)]}
    assert len([*what_is_shown(Path("00_start_here.ipynb"), notebook)]) == count


def test_a_cell_that_is_no_plain_python_shows_nothing_and_defines_nothing() -> None:
    (path,) = (path for path in find_notebooks() if path.name.startswith("00"))
    notebook = read_notebook(path.read_bytes())
    before = list(what_is_shown(path, notebook))
    for source in ("%pip list", "!ls", "lesson.first_demo?", "%%time\nimport os"):
        magic = {"cell_type": "code", "id": "magic", "source": source}
        assert list(what_is_shown(path, {**notebook, "cells": [magic, *notebook["cells"]]})) == before


def test_a_notebook_whose_lesson_is_still_to_be_written_says_so(tmp_path: Path) -> None:
    path = new_notebook("09_loaded_dice", tmp_path)
    told = r"^09_loaded_dice\.ipynb has no lesson course_utils/lessons/loaded_dice yet\.$"
    with pytest.raises(UnreadableNotebook, match=told):
        list(what_is_shown(path, read_notebook(path.read_bytes())))


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.name)
def test_what_asks_is_known_by_what_it_says(path: Path) -> None:
    """Written twice, as above: another wording would make these rules blind."""
    notebook = read_notebook(path.read_bytes())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    shown_here = [(one.value, cells[one.cell]) for one in what_is_shown(path, notebook)]
    questions = [(value, cell) for value, cell in shown_here if isinstance(value, Question)]
    exercises = [cell for value, cell in shown_here if isinstance(value, Exercise)]
    attempts = [cell for cell in cells.values() if re.search(r"# your code here\s+lesson\.", cell["source"])]
    assert all((questions, exercises, attempts))
    for question, cell in questions:
        assert predictions.kind_of(cell) == "question"
        assert predictions.RIGHT.findall("".join(map(html_of, cell["outputs"]))) == [question.answer]
        assert tuple(re.findall(r"^  ([A-Z])\) ", predictions.plain_text(cell), re.MULTILINE)) == (
            *question.letters,
        )
    assert {predictions.kind_of(cell) for cell in exercises} == {"exercise"}
    assert all(predictions.asks(cell) for cell in attempts)


@pytest.mark.filterwarnings("ignore:Your element with mimetype.s. dict_keys.... is not able")  # COVER
def test_exports_show_what_is_hidden() -> None:
    from nbconvert import HTMLExporter, SlidesExporter

    notebook = sample()
    asks("sum")(notebook)
    tagged("sum", slideshow={"slide_type": "slide"})(notebook)
    for exporter in (HTMLExporter, SlidesExporter):
        html, _ = exporter().from_notebook_node(nbformat.from_dict(notebook))
        assert "<pre>-3.5\n</pre>" in html


# --- The budget of a core -----------------------------------------------------------------------------------


def core(notebook: Node) -> Core:
    return core_of(Page(Path("02_sample.ipynb"), to_bytes(notebook)))


def test_only_the_core_counts() -> None:
    notebook = sample()
    before = core(notebook)
    assert before.predictions == before.demos == before.exercises == 0
    adds("signs", " Many more words.")(notebook)
    adds("closing", " Many more words.")(notebook)
    adds("numbers", "\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n\n$a + b$ `code` ![some bars](bars.png)")(
        notebook
    )
    assert core(notebook) == before
    adds("numbers", " Three *more* [words](bars.png), 3 ones.")(notebook)
    assert core(notebook).words == before.words + 5


def test_objects_of_the_core_are_counted_by_what_they_show() -> None:
    notebook = sample()
    question, exercise = shown("Question: Which?"), shown("Exercise: Write it.")
    demo = shown("A gray square.", text_html=f"<p><strong>Gray.</strong> Look.</p>{figure(png())}")
    picture = shown("A gray square.", text_html=figure(png()))
    for place in ("error", "limits"):  # the second stands in a section marked deeper
        at = notebook["cells"].index(cell(notebook, place)) + (place == "limits")
        notebook["cells"][at:at] = [
            code(f"{place}{n}", source, output)
            for n, (source, output) in enumerate(
                [
                    ("lesson.first", question),
                    ("lesson.second", question),
                    ("lesson.exercise", exercise),
                    ("lesson.demo", demo),
                    ("lesson.demo.at(x=1)", demo),
                    ("lesson.picture", picture),
                ]
            )
        ]
    found = core(notebook)
    assert (found.predictions, found.demos, found.exercises) == (2, 1, 1)
    notebook["cells"].insert(1, code("first", "lesson.first_demo", demo))
    assert core(notebook).demos == 2  # what opens the page counts


def test_check_core_prints_each_core_beside_its_budget(
    capsys: pytest.CaptureFixture[str], page: Path
) -> None:
    assert main(["check", "02", "--core"], page.parent) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["words", "02_sample.ipynb", "at"]
    assert lines[1].split()[1:] == str(core(sample())).split()
