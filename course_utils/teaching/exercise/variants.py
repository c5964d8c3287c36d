"""Variants of the solution: its own code with one thing done differently, as students do it.

A rule is a sentence and a template: what stands where the solution has a call, an operator or a number. What
comes out of each variant is compared with what a student's function returns, however that is written.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.teaching.exercise.rules import (
    CALL_RULES,
    HELPERS,
    IN_PLACE_OF,
    LOOP_RULES,
    OPERATOR_RULES,
    REDUCTIONS,
    SCALED_RULES,
    Rule,
)


@dataclass(frozen=True)
class Variant:
    """One variant. The text goes on after "your result is what comes out when"."""

    key: str
    text: str
    function: Callable[..., Any]


# How a place is written that is counted from the end, by the field of the syntax tree that it is.
FROM_END = {"slice": "[{}]", "lower": "[{}:]", "upper": "[:{}]"}

Edit = tuple[Rule, Any, str, Any, Any]  # rule, parent, field, place in a list (or None), new node


@functools.cache
def variants(solution: Callable[..., Any]) -> list[Variant]:
    """Make the variants of a solution: each edit in one place, then in all places at once."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(solution)))
    except (OSError, TypeError, SyntaxError):  # a package without its source, what is not Python, a lambda
        return []
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        return []
    arguments = {argument.arg for argument in function.args.args}
    counters = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name)
    }
    edits = [edit for place in _places(function.body) for edit in _edits(*place, arguments, counters)]
    groups: dict[Rule, list[Edit]] = {}
    for edit in edits:
        groups.setdefault(edit[0], []).append(edit)
    together = [group for group in groups.values() if len(group) > 1 and not _nested(group)]
    made = (_made(solution, tree, some) for some in ([*([edit] for edit in edits), *together]))
    return [variant for variant in made if variant is not None]


def _places(body: list[ast.stmt]) -> Iterator[tuple[Any, str, int | None, Any]]:
    """List all nodes with where they stand: in which field of their parent, and where in its list."""
    for statement in body:
        for parent in ast.walk(statement):
            for field, value in ast.iter_fields(parent):
                if isinstance(value, ast.AST):
                    yield parent, field, None, value
                elif isinstance(value, list):
                    for place, inner in enumerate(value):
                        yield parent, field, place, inner


def _edits(
    parent: Any, field: str, place: int | None, node: Any, arguments: set[str], counters: set[str]
) -> Iterator[Edit]:
    for rule, parts in _rules(parent, field, node, arguments, counters):
        key, words, template = rule
        names = {f"which{i}": _named(part, arguments) for i, part in enumerate(parts)}
        names |= {f"by{i}": _named(part, arguments, " by ") for i, part in enumerate(parts)}
        names |= {f"from{i}": _named(part, arguments, " from ") for i, part in enumerate(parts)}
        text = [ast.unparse(part) for part in parts]
        try:
            new = ast.parse(template.format(*text), mode="eval").body
        except (SyntaxError, IndexError):
            continue
        yield (key, words.format(*text, **names), template), parent, field, place, new


def _named(part: ast.expr, arguments: set[str], before: str = ": ") -> str:
    """Name what a rule is about if it is a number, or made of arguments only: other names nobody knows."""
    names = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}
    if isinstance(part, ast.Constant) and isinstance(part.value, int | float):
        return f"{before}{part.value}"
    return f"{before}`{ast.unparse(part)}`" if names and names <= arguments | {"len"} else ""


def _rules(
    parent: Any, field: str, node: Any, arguments: set[str], counters: set[str]
) -> Iterator[tuple[Rule, Sequence[ast.expr]]]:
    """List the rules that apply to a node, with the parts that stand in for {0}, {1}, ..."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        yield from (
            (rule, node.args) for rule in CALL_RULES.get(name, _of_calls(name) if len(node.args) == 1 else ())
        )
        yield from _of_reductions(node)
    elif isinstance(node, ast.BinOp):
        for rule in OPERATOR_RULES.get(type(node.op), ()):
            if rule not in SCALED_RULES or not isinstance(node.right, ast.Constant):  # twice 0.5: 1 for 0.5
                yield rule, [node.left, node.right]
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (
            (rule, [node.left, node.comparators[0]]) for rule in OPERATOR_RULES.get(type(node.ops[0]), ())
        )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if isinstance(parent, ast.keyword) and parent.arg == "axis":  # an axis counted from the end
            last = ", the last one" if ast.unparse(node) == "-1" else ""
            for axis in dict.fromkeys((ast.unparse(node.operand), "0")):
                yield ("axis", f"`axis` is {axis} where it should be −{{0}}{last}", axis), [node.operand]
        elif field in FROM_END:
            place = FROM_END[field]
            front, back = place.format("{0}"), place.format("−{0}")
            words = (
                f"a place is counted from the front that is to be counted from the end: {front} for {back}"
            )
            yield ("index", words, "({0})"), [node.operand]
        else:
            yield ("sign", "a minus sign is missing", "({0})"), [node.operand]
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield ("transposed", "a matrix is not transposed", "({0})"), [node.value]
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        old: Any = node.value
        if isinstance(parent, ast.keyword) and parent.arg == "axis":
            new = old - 1 if old else 1
            yield ("axis", f"`axis` is {new} where it should be {old}", repr(new)), []
            return
        for new in dict.fromkeys((old + 1, old - 1, 2 * old, old / 2 if old % 2 else old // 2)):
            if new != old:
                yield ("number", f"in one place {new:g} stands where {old:g} belongs", repr(new)), []
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in arguments:
        for other in sorted(arguments - {node.id}):
            yield ("exchanged", f"in one place `{other}` stands where `{node.id}` belongs", other), []
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in counters:
        yield ("counter", "the counter of a loop is too large by 1", f"({node.id} + 1)"), []
        yield ("counter", "the counter of a loop is too small by 1", f"({node.id} - 1)"), []
    elif isinstance(node, ast.List) and len(node.elts) > 1:
        yield from ((rule, node.elts) for rule in _of_parts(len(node.elts)))
    elif isinstance(node, ast.Constant) and node.value == "right":
        yield ("side", "an edge belongs to the left", "'left'"), []
    if isinstance(parent, ast.For) and field == "iter":
        yield from ((rule, [node]) for rule in LOOP_RULES)


def _of_calls(name: str) -> list[Rule]:
    """List what may happen to a call of a function that is given, with one argument."""
    if not name.isidentifier() or hasattr(builtins, name):
        return []
    return [
        ("twice", f"`{name}` is applied twice", f"{name}({name}({{0}}))"),
        ("left out", f"`{name}` is left out", "({0})"),
        ("axis", f"`{name}` is taken down the columns", f"{name}({{0}}, axis=0)"),
        (
            "sigmoid",
            f"1/(1 + e^(−x)) of each number stands where `{name}` belongs",
            "1 / (1 + np.exp(-({0})))",
        ),
    ]


def _of_reductions(node: ast.Call) -> Iterator[tuple[Rule, Sequence[ast.expr]]]:
    """List what may stand in place of a sum, mean, largest or smallest, and along which axis."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in REDUCTIONS:
        return
    of_numpy = isinstance(function.value, ast.Name) and function.value.id == "np"
    values = node.args[0] if of_numpy else function.value
    given = {str(word.arg): ast.unparse(word.value) for word in node.keywords}
    yield from ((rule, [values]) for rule in _in_place_of(function.attr, given))


def _in_place_of(name: str, given: dict[str, str]) -> Iterator[Rule]:
    """List what may stand in place of a reduction with these keywords."""

    def call(name: str, keywords: dict[str, str]) -> str:
        return f"{name}({', '.join(['{0}', *(f'{key}={value}' for key, value in keywords.items())])})"

    what, without = REDUCTIONS[name], {key: value for key, value in given.items() if key != "keepdims"}
    for other, words in IN_PLACE_OF.items():
        if other != name:
            keywords = without if other == "cumsum" and given.get("keepdims") == "True" else given
            template = call(other if other in HELPERS else f"np.{other}", keywords)
            yield "statistic", f"{words} is taken where {what} belongs", template
    along = {"0": "down the columns", "1": "along the rows", "None": "over the whole array"}
    for axis, words in along.items():
        if given.get("axis") not in (None, axis):
            yield "axis", f"{what} is taken {words}", call(f"np.{name}", given | {"axis": axis})
    if "keepdims" in given:
        yield "keepdims", f"{what} has lost its axis (`keepdims=True`)", call(f"np.{name}", without)


def _of_parts(count: int) -> Iterator[Rule]:
    """List what may happen to one of the parts of which a result is put together."""
    names = [f"{{{place}}}" for place in range(count)]
    pairs = [name for place in range(0, count - 1, 2) for name in (names[place + 1], names[place])]
    if count > 2 and count % 2 == 0:
        text = "in each pair of parts of the result the second comes first"
        yield "parts", text, f"[{', '.join(pairs)}]"
    for place, name in enumerate(names):
        which = f"part {place + 1} of {count} of the result"
        for words, instead in (
            ("is missing", ""),
            ("is 0", f"0 * ({name})"),
            ("counts twice", f"2 * ({name})"),
            ("counts half", f"({name}) / 2"),
            ("has the wrong sign", f"-({name})"),
        ):
            changed = [instead if other == name else other for other in names]
            yield "parts", f"{which} {words}", f"[{', '.join(filter(None, changed))}]"
        if place:
            swapped = [*names[: place - 1], name, names[place - 1], *names[place + 1 :]]
            text = f"parts {place} and {place + 1} of the result are exchanged"
            yield "parts", text, f"[{', '.join(swapped)}]"


def _made(solution: Callable[..., Any], tree: ast.Module, edits: Sequence[Edit]) -> Variant | None:
    """Compile the solution with some nodes exchanged, and put the tree back as it was."""
    before = [_node(edit) for edit in edits]
    for _, parent, field, place, new in edits:
        _put(parent, field, place, new)
    try:
        names = dict(solution.__globals__) | HELPERS
        exec(compile(ast.fix_missing_locations(tree), "<variant>", "exec"), names)
        (key, words, _) = edits[0][0]
        told = words if len(edits) == 1 else words.replace("in one place", "everywhere")
        return Variant(key, told, names[solution.__name__])
    except (SyntaxError, ValueError, TypeError):
        return None
    finally:
        for (_, parent, field, place, _), old in reversed(list(zip(edits, before, strict=True))):
            _put(parent, field, place, old)


def _node(edit: Edit) -> Any:
    """Return the node that stands where an edit would put another one."""
    _, parent, field, place, _ = edit
    return getattr(parent, field) if place is None else getattr(parent, field)[place]


def _nested(group: Sequence[Edit]) -> bool:
    """Tell whether one of the edits lies within what another one replaces."""
    nodes = [_node(edit) for edit in group]
    return any(
        one is inner for outer in nodes for inner in ast.walk(outer) for one in nodes if one is not outer
    )


def _put(parent: Any, field: str, place: int | None, node: Any) -> None:
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node
