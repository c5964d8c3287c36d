"""Examples of what students wrote, without what may say who wrote it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable

from course_utils.classroom.records import Graded

MOST = 3  # examples of one kind
LONGEST = 40  # lines of one example
LEFT_OUT = "…"  # stands for what a text said

_Coded = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


def anonymous(code: str, student: str = "", known: str = "") -> str:
    """Return code without comments, docstrings and texts of its own; nothing if it may still name its author.

    Parameters
    ----------
    code : str
    student : str
        Who wrote it. Code that holds a part of this name or number is no example.
    known : str
        Code whose texts may stay: the exercise's own.

    Examples
    --------
    >>> print(anonymous("def f(x):  # by Ada\\n    'Ada wrote this.'\\n    return say('Ada', x)"))
    def f(x):
        return say('…', x)
    >>> anonymous("def ada_f(x):\\n    return x", "lovelace-ada")
    ''
    """
    try:
        tree = ast.parse(code)
        _strip(tree, {text for node in ast.walk(ast.parse(known)) if (text := _text_of(node)) is not None})
        shown = ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if _may_name(shown.lower(), student.lower()):
        return ""
    lines = shown.splitlines()
    return "\n".join(lines if len(lines) <= LONGEST else [*lines[:LONGEST], LEFT_OUT])


def _may_name(code: str, student: str) -> bool:
    """Tell whether code holds a part of a name, or a number of four digits or more from it.

    Two letters stand in any code: they count as a word of their own, such as ``li`` in ``li_softmax``.
    """
    letters = re.compile(r"[^\W\d_]+")
    words = set(letters.findall(code))
    parts = [*letters.findall(student), *re.findall(r"\d{4,}", student)]
    return any(part in (code if len(part) > 2 else words) for part in parts if len(part) > 1)


def examples_of(graded: Iterable[tuple[str, Graded]], known: str = "") -> tuple[str, ...]:
    """Return up to three ways to write the same thing, the most frequent and then the shortest first.

    Parameters
    ----------
    graded : iterable of (student, Graded)
    known : str
        As in `anonymous`.
    """
    written = Counter(
        shown for student, one in graded if one.code and (shown := anonymous(one.code, student, known))
    )
    in_order = sorted(written, key=lambda code: (-written[code], len(code), code))
    return tuple(in_order[:MOST])


def _text_of(node: ast.AST) -> str | bytes | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) else None


def _strip(tree: ast.AST, known: set[str | bytes]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, _Coded):
            said = [one for one in node.body if isinstance(one, ast.Expr) and _text_of(one.value) is not None]
            rest = [one for one in node.body if one not in said]
            node.body = rest if rest or isinstance(node, ast.Module) else [ast.Pass()]
        if isinstance(node, ast.Constant) and (text := _text_of(node)) is not None and text not in known:
            node.value = LEFT_OUT if isinstance(text, str) else b"..."
