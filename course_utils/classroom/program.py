"""Of a submission, what one function needs: its statement, its helpers, their imports, in order.

A page of this course draws, plays and asks; grading wants one function. So each statement of a cell is looked
at, without being run: which names it reads, binds and changes. What the function needs is found from its name
on. The page's own statements are told from the student's: only the latter can be an attempt.
"""

from __future__ import annotations

import ast
import dis
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import CodeType

READS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "LOAD_CLASSDEREF"}
BINDS = {"STORE_NAME", "STORE_GLOBAL", "DELETE_NAME", "DELETE_GLOBAL"}
MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[^'\"#\n]*[^'\"#\s\n]\?+[ \t]*)$", re.MULTILINE)
UNREADABLE = SyntaxError, ValueError, RecursionError, MemoryError  # what a cell raises that is no Python
TIMED = re.compile(r"\A\s*%%(?:time|capture|timeit)\b[^\n]*\n")  # magics that run the cell as Python


@dataclass(frozen=True)
class Statement:
    """One statement of a cell, and the names that it reads, binds and changes."""

    node: ast.stmt
    source: str
    text: str  # in one way of writing it: without comments, layout and line numbers
    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]  # ``table`` in ``table.append(3)``
    needs: frozenset[str]  # what it reads before it has bound that itself, as a loop does
    calls: str = ""  # ``begin`` in ``begin()``, which may bind what is global

    @property
    def imports(self) -> bool:
        """Tell whether it only brings in what others wrote."""
        return isinstance(self.node, ast.Import | ast.ImportFrom)


@functools.lru_cache(4096)
def statements(source: str) -> tuple[Statement, ...]:
    """Read the statements of a cell; lines of IPython's own are ``pass``.

    Raises
    ------
    SyntaxError
        If it is no Python.
    RecursionError
        If it is too deep to be read.

    Examples
    --------
    >>> [sorted(s.binds) for s in statements("import numpy as np\\n%matplotlib inline\\ndef f(x): return x")]
    [['np'], [], ['f']]
    >>> sorted(statements("def f(x): return g(x) + sum(y for y in x)")[0].reads)
    ['g', 'sum']
    """
    source = TIMED.sub("\n", source)
    if source.lstrip().startswith("%%"):
        return ()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        source = MAGIC.sub(r"\1pass", source)
        tree = ast.parse(source)
    return tuple(_statement(node, source) for node in tree.body)


def readable(source: str) -> tuple[Statement, ...]:
    """Read the statements of a cell of the page; there are none in what is no Python.

    >>> readable("def (:")
    ()
    """
    try:
        return statements(source)
    except UNREADABLE:
        return ()


def _statement(node: ast.stmt, cell: str) -> Statement:
    code = compile(ast.Module([node], []), "a cell", "exec", dont_inherit=True)
    reads, binds, needs = _names(code, top=True)
    if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
        binds = {"*"}
    call = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    calls = call.id if isinstance(call, ast.Name) else ""
    text = ast.unparse(node)
    return Statement(
        node,
        ast.get_source_segment(cell, node) or text,
        text,
        frozenset(reads),
        frozenset(binds),
        frozenset(_changed(node)),
        frozenset(needs),
        calls,
    )


def _names(code: CodeType, top: bool) -> tuple[set[str], set[str], set[str]]:
    reads, binds, needs = set[str](), set[str](), set[str]()
    for step in dis.get_instructions(code):
        if step.opname in READS:
            reads.add(step.argval)
            needs |= {step.argval} - binds
        elif step.opname in BINDS and (top or step.opname.endswith("GLOBAL")):
            binds.add(step.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            more_reads, more_binds, _ = _names(inner, top=False)
            reads |= more_reads
            needs |= more_reads - binds
            binds |= more_binds
    return reads, binds, needs


def _changed(node: ast.AST) -> Iterable[str]:
    """Yield the names of what a statement changes in place, without looking into functions and classes."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield from _root(node.value.func) if isinstance(node.value.func, ast.Attribute) else ()
    for target in getattr(node, "targets", [getattr(node, "target", None)]):
        yield from _root(target) if isinstance(target, ast.Attribute | ast.Subscript) else ()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _changed(child)


def _root(node: ast.AST | None) -> Iterable[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def needed(program: Sequence[Statement], names: Iterable[str]) -> list[int]:
    """Return the places of the statements that make the names what they are, in order.

    Examples
    --------
    >>> cells = "x = 1", "EPS = 1e-9", "def g(t): return t + EPS", "def f(z): return g(z)", "print(f(x))"
    >>> program = [s for cell in cells for s in statements(cell)]
    >>> needed(program, ["f"])
    [1, 2, 3]
    """
    wanted, kept = {*names, "*"}, set[int]()
    while True:
        callers = {name for one in program if one.binds & wanted for name in one.binds if len(one.binds) > 1}
        more = {
            place
            for place, one in enumerate(program)
            if place not in kept and ((one.binds | one.changes) & wanted or one.calls in callers)
        }
        if not more:
            return sorted(kept)
        kept |= more
        wanted = wanted.union(*(program[place].reads for place in more))
