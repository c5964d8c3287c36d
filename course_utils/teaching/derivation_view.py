"""The live view of a derivation: line by line, with gaps to fill, or with an error to find."""

from __future__ import annotations

from typing import Any

from ipywidgets import Button, Dropdown, HBox, HTMLMath, Layout, Text, VBox

from course_utils.teaching.algebra.expressions import latex, linear, parse
from course_utils.teaching.announcement import Announcement, announced_form
from course_utils.teaching.derivation import MODES, RELATIONS, Derivation, Line
from course_utils.teaching.exercise import Verdict
from course_utils.teaching.live import AS_MARKDOWN
from course_utils.teaching.text import escaped


def derivation_view(derivation: Derivation) -> Any:
    """Return a live view with a state of its own."""
    announcement = Announcement()
    head, body = HTMLMath(derivation._head_html(), style=AS_MARKDOWN), VBox()
    if derivation.planted:
        body.children = _find_the_error(derivation, announcement)
        return announced_form(head, body, announcement=announcement)
    mode = Dropdown(options=MODES, value=derivation.mode, description="Mode")

    def show(chosen: Any) -> None:
        shown = getattr(derivation, chosen)
        body.children = (
            _line_by_line(shown, announcement) if chosen == "worked" else _with_gaps(shown, announcement)
        )

    mode.observe(lambda change: show(change["new"]), "value")
    show(derivation.mode)
    return announced_form(head, mode, body, announcement=announcement)


def _line_by_line(derivation: Derivation, announcement: Announcement) -> list[Any]:
    """Next, Back, Show all."""
    table = HTMLMath(style=AS_MARKDOWN)
    back, following, everything = (Button(description=name) for name in ("Back", "Next", "Show all"))
    reached = 1

    def go(number: int) -> None:
        nonlocal reached
        reached = min(max(number, 1), len(derivation.lines))
        table.value = derivation.table_html(derivation.lines[:reached])
        announcement.text = derivation.shown(derivation.lines[reached - 1])
        back.disabled, following.disabled = reached == 1, reached == len(derivation.lines)

    back.on_click(lambda _: go(reached - 1))
    following.on_click(lambda _: go(reached + 1))
    everything.on_click(lambda _: go(len(derivation.lines)))
    go(1)
    return [table, HBox([back, following, everything])]


def _with_gaps(derivation: Derivation, announcement: Announcement) -> list[Any]:
    """One field for each right side that is left to the student."""
    import sympy  # now, and not while the first answer waits for it

    assert sympy
    table, filled = HTMLMath(style=AS_MARKDOWN), dict[int, str]()

    def refresh() -> None:
        table.value = derivation.table_html(derivation.lines, filled)

    def row(line: Line) -> Any:
        left = linear(line.left) if line.left else f"line {line.number - 1}"
        field = Text(
            description=f"{line.number}. {left} {RELATIONS[line.step.relation]}",
            placeholder="such as x*exp(x)/2",
            continuous_update=False,  # judged on Enter, or when the field is left
            style={"description_width": "initial"},
            layout=Layout(width="auto", flex="1 1 320px"),
        )
        check = Button(description=f"Check line {line.number}", layout=Layout(flex="0 0 auto"))
        reveal = Button(description=f"Show line {line.number}", layout=Layout(flex="0 0 auto"))
        feedback = HTMLMath(style=AS_MARKDOWN)

        def say(text: str) -> None:
            feedback.value, announcement.text = escaped(text), text

        def judge(_: Any = None) -> None:
            verdict = derivation.judge(line.number, field.value)
            say(_marked(verdict))
            if verdict:
                filled[line.number] = latex(parse(field.value))
                refresh()

        def show(_: Any) -> None:
            filled[line.number] = latex(line.right)
            refresh()
            say(derivation.worked.shown(line))

        field.observe(judge, "value")
        check.on_click(judge)
        reveal.on_click(show)
        return VBox([HBox([field, check, reveal], layout=Layout(flex_flow="row wrap")), feedback])

    refresh()
    return [table, *(row(line) for line in derivation.lines if line.number in derivation.gaps)]


def _find_the_error(derivation: Derivation, announcement: Announcement) -> list[Any]:
    """One button per line; what it says is judged."""
    table, feedback = (
        HTMLMath(derivation.table_html(derivation.lines), style=AS_MARKDOWN),
        HTMLMath(style=AS_MARKDOWN),
    )

    def accuse(number: int) -> None:
        text = _marked(derivation.accuse(number))
        feedback.value, announcement.text = escaped(text), text

    buttons = []
    for line in derivation.lines:
        button = Button(description=f"Line {line.number}", tooltip=f"Line {line.number} does not follow")
        button.on_click(lambda _, number=line.number: accuse(number))
        buttons.append(button)
    return [table, HBox(buttons, layout=Layout(flex_flow="row wrap")), feedback]


def _marked(verdict: Verdict) -> str:
    mark = {"passed": "✓ ", "failed": "✗ "}.get(verdict.status, "")
    return f"{mark}{verdict.headline}"
