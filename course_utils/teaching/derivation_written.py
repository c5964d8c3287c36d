"""A derivation in writing: line by line for a terminal or a screen reader, and as HTML with formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from course_utils.teaching.algebra.syntax import latex, linear, parse
from course_utils.teaching.html import (
    bullet_list,
    details,
    element,
    escaped,
    inline_html,
    scrollable,
    to_html,
)
from course_utils.teaching.text import format_list, format_number, to_plain, with_article

if TYPE_CHECKING:
    from course_utils.teaching.derivation import Derivation, Line

RELATIONS = {"=": "=", "<=": "≤", ">=": "≥"}
LATEX_RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge"}
NOUNS = ("integer", "index")  # of the words of an assumption; the others are adjectives
GAP = r"\boxed{\;?\;}"


# ---- text


def text(derivation: Derivation) -> str:
    """Write all of it, for a terminal."""
    head = filter(None, [to_plain(derivation.title), question(derivation), premises(derivation)])
    return "\n".join([*head, *(line_text(derivation, line) for line in derivation.lines)])


def line_text(derivation: Derivation, line: Line) -> str:
    """Write a line for a terminal, a braille display or a screen reader."""
    right = "?" * (line.number in derivation.gaps)
    reason = f" ({to_plain(line.step.because)})" if line.step.because else ""
    beside = f" [{numbers(derivation, line)}]" if has_numbers(derivation) and not right else ""
    return f"{line.number}. {line.text(right)}{reason}{beside}"


def question(derivation: Derivation) -> str:
    """Write what is asked about planted errors, or nothing. It does not say how many there are."""
    what = "does not follow from what stands above it" if derivation.asks == "step" else "is false"
    return f"Find every line that {what}." if derivation.planted else ""


def premises(derivation: Derivation) -> str:
    """Write definitions and assumptions as one sentence."""
    defined = ", ".join(f"{linear(name)} = {linear(formula)}" for name, formula in derivation.defined)
    words = [f"{name} {known}" for name, known in _known(derivation).items()]
    words += [f"{linear(a)} {RELATIONS[relation]} {linear(b)}" for a, relation, b in derivation.inequalities]
    return f"{defined}, with {format_list(words)}." if defined else f"With {format_list(words)}."


def has_numbers(derivation: Derivation) -> bool:
    """Return whether numbers stand beside the lines. They would give planted errors away."""
    return bool(derivation.example) and not derivation.planted


def numbers(derivation: Derivation, line: Line) -> str:
    """Write a line in the numbers of the example, rounded."""
    from course_utils.teaching.algebra.judge import rounded

    left, right = (rounded(derivation.scope, node, derivation.example) for node in (line.start, line.right))
    return f"{left} {RELATIONS[line.step.relation]} {right}"


def _known(derivation: Derivation) -> dict[str, str]:
    """Return every free symbol with what is assumed of it."""
    assumptions = derivation.scope.assumptions.items()
    return {name: _in_words(derivation.assume.get(name, " ".join(a.words))) for name, a in assumptions}


def _in_words(assumption: str) -> str:
    """Write an assumption as one says it: a real vector of length 3."""
    kind, vector, length = assumption.partition("vector")
    words = sorted(kind.split(), key=NOUNS.__contains__)  # positive before integer
    if vector:
        words.append(f"vector of length {length.strip()}")
    said = " ".join(words)
    return with_article(said) if vector or {*words} & {*NOUNS} else said


# ---- HTML


def html(derivation: Derivation) -> str:
    """Render the static twin. Answers are folded away."""
    lines = [premises(derivation), *(line_text(derivation, line) for line in derivation.lines)]
    as_text = details("As text", bullet_list(list(map(escaped, lines))))
    return head(derivation) + _table(derivation) + _answers(derivation) + as_text


def head(derivation: Derivation) -> str:
    """Render title, question, definitions and assumptions."""
    defined = [f"$\\displaystyle {latex(name)} = {latex(formula)}$" for name, formula in derivation.defined]
    known = [f"${latex(parse(name))}$ {words}" for name, words in _known(derivation).items()]
    known += [f"${latex(a)} {LATEX_RELATIONS[sign]} {latex(b)}$" for a, sign, b in derivation.inequalities]
    title = to_html(f"**{derivation.title or 'Derivation'}.** {question(derivation)}")
    parts = {"Defined": defined, "Assumed": known}
    sentences = [escaped(f"{name}: {', '.join(part)}.") for name, part in parts.items() if part]
    return title + element("p", "<br>".join(sentences))


def headings(derivation: Derivation) -> list[str]:
    """Return the headings of the columns."""
    return ["line", "left side", "right side", "because", *["in numbers"] * has_numbers(derivation)]


def caption(derivation: Derivation) -> str:
    """Write where the numbers beside the lines are taken, or nothing."""
    if not has_numbers(derivation):
        return ""
    written = []
    for name, value in derivation.example.items():
        listed = ", ".join(map(format_number, np.atleast_1d(value)))
        written.append(f"{name} = [{listed}]" if np.ndim(value) else f"{name} = {listed}")
    return f"Numbers at {', '.join(written)}."


def cells(derivation: Derivation, line: Line) -> dict[str, str]:
    """Render the parts of one line, formulas for MathJax."""
    return {
        "left": f"$\\displaystyle {escaped(latex(line.left))}$" if line.left else "",
        "relation": LATEX_RELATIONS[line.step.relation],
        "right": latex(line.right),
        "because": inline_html(line.step.because),
        "numbers": escaped(numbers(derivation, line)) if has_numbers(derivation) else "",
    }


def formula(line: Line) -> str:
    """Return a line for MathJax."""
    sides = [latex(line.left) if line.left else "", LATEX_RELATIONS[line.step.relation], latex(line.right)]
    return escaped(f"$\\displaystyle {' '.join(filter(None, sides))}$")


def _table(derivation: Derivation) -> str:
    left, right = "text-align:left;padding:2px 8px", "text-align:right;padding:2px 0 2px 8px"
    titles = [element("th", heading, scope="col", style=left) for heading in headings(derivation)]
    rows = []
    for line in derivation.lines:
        shown, is_asked = cells(derivation, line), line.number in derivation.gaps
        right_side = escaped(f"{shown['relation']} {GAP if is_asked else shown['right']}")
        parts = [f"$\\displaystyle {right_side}$", shown["because"]]
        parts += ["" if is_asked else shown["numbers"]] * has_numbers(derivation)
        first = [element("th", str(line.number), scope="row"), element("td", shown["left"], style=right)]
        rows.append(element("tr", *first, *(element("td", part, style=left) for part in parts)))
    above = [element("caption", escaped(said))] if (said := caption(derivation)) else []
    table = element("table", *above, element("thead", element("tr", *titles)), element("tbody", *rows))
    return scrollable(f"Lines of {to_plain(derivation.title) or 'the derivation'}", table)


def _answers(derivation: Derivation) -> str:
    if derivation.planted:
        found = (derivation.accuse(number).headline for number in derivation.planted)
        return details("Answer, after you have chosen", *(element("p", escaped(says)) for says in found))
    folded = []
    for number in derivation.gaps:
        right = derivation.lines[number - 1].right
        shown = escaped(f"$\\displaystyle {latex(right)}$, as text: {linear(right)}")
        folded.append(details(f"Line {number}, after you have tried", element("p", shown)))
    return "".join(folded)
