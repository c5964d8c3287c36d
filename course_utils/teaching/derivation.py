"""`Derivation`: lines of algebra, each with its reason, and each proved to follow from the definitions."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from course_utils.teaching.algebra.expressions import (
    Call,
    Name,
    Node,
    NotUnderstood,
    latex,
    linear,
    parse,
    walk,
)
from course_utils.teaching.algebra.meaning import assumption, head
from course_utils.teaching.exercise import Verdict
from course_utils.teaching.live import kernel_is_live, widget_view
from course_utils.teaching.text import (
    MINUS,
    bullet_list,
    details,
    element,
    escaped,
    format_list,
    format_number,
    inline_html,
    kind_of,
    scrollable,
    to_html,
    to_plain,
)

Mode = Literal["worked", "faded", "blank"]
MODES: tuple[Mode, ...] = ("worked", "faded", "blank")
RELATIONS = {"=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}
LATEX_RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
SECONDS_TO_VERIFY = 10.0  # per line
SECONDS_TO_JUDGE = 1.5
GAP = r"\boxed{\;?\;}"


class DoesNotFollow(ValueError):
    """A line that does not follow from the definitions. ``line`` is its number, counted from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    Parameters
    ----------
    lhs : str
        Left side. Empty: the line goes on from the right side of the line before, and is judged from there.
    rhs : str
    because : str
        The reason, in light markup.
    relation : str
        ``=``, ``<=``, ``>=``, ``<`` or ``>``.
    blank : bool
        Whether the right side is left to the student in faded mode.
    planted : str
        Marks the line as wrong on purpose and says what went wrong: the end of a sentence that starts with
        "Line 2 does not follow:".
    """

    lhs: str
    rhs: str
    because: str = ""
    relation: str = "="
    blank: bool = False
    planted: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "relation", {"≤": "<=", "≥": ">="}.get(self.relation, self.relation))
        if self.relation not in RELATIONS:
            raise ValueError(f"a relation is one of {', '.join(RELATIONS)}, not {self.relation!r}")


@dataclass(frozen=True)
class Report:
    """How each line was proved."""

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": bullet_list([escaped(line) for line in self.lines])}


@dataclass(frozen=True)
class Line:
    """One step as it was read. ``start`` is what the line claims to be equal to its right side."""

    number: int
    step: Step
    start: Node
    left: Node | None
    right: Node

    def text(self, right: str | None = None) -> str:
        """Write the line on one line."""
        shown = linear(self.right) if right is None else right
        return f"{linear(self.left) + ' ' if self.left else ''}{RELATIONS[self.step.relation]} {shown}"


@dataclass(frozen=True, eq=False)
class Derivation:
    """Definitions, and lines of algebra that follow from them.

    Formulas are text: ``+ - * / ^``, ``exp log sqrt abs max min tanh …``, ``diff(f, x)`` or ``f'`` for a
    derivative, ``σ'(x)`` for that of a function, ``z[0]`` for an entry, ``[a, b]`` for a vector,
    ``jacobian(p, z)``, ``diag(p)``, ``outer(p, p)``, ``dot(y, z)``, ``sum(z)``. Vectors work entry by entry.

    Parameters
    ----------
    definitions : mapping of str to str
        ``{"f": "exp(x)/(exp(x) + b)"}`` or, for a function, ``{"σ(t)": "1/(1 + exp(-t))"}``.
    steps : sequence of Step
    title : str
    assume : mapping of str to str
        What is known of a symbol: ``"positive"``, ``"nonnegative"``, ``"integer"``, ``"complex"``,
        ``"real vector 3"``, ``"real vector n"``, ``"index"``. All others are real.
    given : sequence of str
        Inequalities that are assumed, such as ``"n >= S"``.
    variable : str
        What a prime differentiates by.
    example : mapping of str to number or sequence of numbers
        Numbers for the symbols, whose results are shown beside the lines.
    mode : {"worked", "faded", "blank"}

    Examples
    --------
    >>> quotient_rule = Derivation(
    ...     {"f": "exp(x)/(exp(x) + b)"},
    ...     [
    ...         Step("f'", "exp(x)*b/(exp(x) + b)^2", "quotient rule"),
    ...         Step("f'/f", "b/(exp(x) + b)", "divide by f", blank=True),
    ...         Step("", "1 - f"),
    ...     ],
    ...     assume={"b": "positive"},
    ... )
    >>> quotient_rule
    f = exp(x)/(exp(x) + b), with b positive and x real.
    1. f' = exp(x)*b/(exp(x) + b)^2 (quotient rule)
    2. f'/f = b/(exp(x) + b) (divide by f)
    3. = 1 − f
    >>> quotient_rule.faded.judge(2, "1/(1 + exp(x)/b)").headline
    'Line 2 is right: this equals b/(exp(x) + b).'
    """

    definitions: Mapping[str, str]
    steps: Sequence[Step]
    title: str = ""
    assume: Mapping[str, str] = field(default_factory=dict)
    given: Sequence[str] = ()
    variable: str = "x"
    example: Mapping[str, Any] = field(default_factory=dict)
    mode: Mode = "worked"

    def __post_init__(self) -> None:
        for name in ("definitions", "assume", "example"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "given", tuple(self.given))
        if not self.steps:
            raise ValueError("a derivation has at least one step")
        if self.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, not {self.mode!r}")
        _ = self.lines, self._definitions, self._given  # read now, so that a misprint shows on import
        for words in self.assume.values():
            assumption(words)

    # ---- what was declared

    @functools.cached_property
    def lines(self) -> tuple[Line, ...]:
        """The steps as they were read."""
        lines: list[Line] = []
        for number, step in enumerate(self.steps, start=1):
            if not step.lhs and not lines:
                raise ValueError("the first step needs a left side")
            try:
                left = parse(step.lhs) if step.lhs else None
                lines.append(Line(number, step, left or lines[-1].right, left, parse(step.rhs)))
            except NotUnderstood as error:
                raise ValueError(f"step {number}: {error}") from None
        return tuple(lines)

    @functools.cached_property
    def _definitions(self) -> tuple[tuple[Node, Node], ...]:
        for key in self.definitions:
            head(key)
        return tuple((parse(key), parse(text)) for key, text in self.definitions.items())

    @functools.cached_property
    def _given(self) -> tuple[tuple[Node, str, Node], ...]:
        read = []
        for text in self.given:
            left, relation, right = (
                text.replace("≥", ">=")
                .replace("≤", "<=")
                .partition(">=" if ">" in text or "≥" in text else "<=")
            )
            if not relation:
                raise ValueError(f"a given inequality is written a >= b or a <= b, not {text!r}")
            read.append((parse(left), relation, parse(right)))
        return tuple(read)

    @functools.cached_property
    def scope(self) -> Any:
        """The names and what they stand for."""
        from course_utils.teaching.algebra.meaning import scope_of

        formulas = [node for line in self.lines for node in (line.start, line.right)]
        formulas += [node for left, _, right in self._given for node in (left, right)]
        return scope_of(self.definitions, self.assume, formulas, self.variable)

    @functools.cached_property
    def _conditions(self) -> list[tuple[Node, Node]]:
        return [(a, b) if relation == ">=" else (b, a) for a, relation, b in self._given]

    @property
    def planted(self) -> tuple[int, ...]:
        """The numbers of the lines that are wrong on purpose."""
        return tuple(line.number for line in self.lines if line.step.planted)

    @property
    def gaps(self) -> tuple[int, ...]:
        """The numbers of the lines whose right side is left to the student in this mode."""
        if self.mode == "worked" or self.planted:
            return ()
        every = tuple(line.number for line in self.lines)
        chosen = tuple(line.number for line in self.lines if line.step.blank)
        return every if self.mode == "blank" else chosen or every[1::2] or every

    @property
    def worked(self) -> Derivation:
        """The same with every line shown."""
        return replace(self, mode="worked")

    @property
    def faded(self) -> Derivation:
        """The same with chosen right sides left to the student."""
        return replace(self, mode="faded")

    @property
    def blank(self) -> Derivation:
        """The same with every right side left to the student."""
        return replace(self, mode="blank")

    def at(self, **numbers: Any) -> Derivation:
        """Return the derivation with these numbers beside its lines."""
        unknown = [name for name in numbers if name not in self.scope.assumptions]
        if unknown:
            raise TypeError(
                f"there is no symbol {unknown[0]!r}; the symbols are {format_list(self.scope.assumptions)}"
            )
        return replace(self, example={**self.example, **numbers})

    # ---- what is proved

    def verify(self) -> Report:
        """Prove every line, and that planted errors are errors.

        Returns
        -------
        Report
            One sentence per line: which way it was proved.

        Raises
        ------
        DoesNotFollow
            For the first line that does not follow from the definitions, with the difference in symbols;
            also for a planted error that is none.
        """
        report = []
        for line, finding in zip(self.lines, self.findings, strict=True):
            if bool(finding) == bool(line.step.planted) or finding.status in ("undecided", "undefined"):
                raise DoesNotFollow(_objection(line, finding), line.number)
            if line.step.planted:
                report.append(f"{line.number}. {line.text()}: wrong, as declared. {_how_far(finding)}")
            else:
                how = f"proved {finding.how}" if finding.status == "proved" else finding.how
                report.append(f"{line.number}. {line.text()}: {how}.")
        return Report(tuple(report))

    @property
    def findings(self) -> tuple[Any, ...]:
        """What became of each line. Worked out once for equal content."""
        content = (
            tuple(self.definitions.items()),
            tuple(self.assume.items()),
            self.given,
            self.steps,
            self.variable,
        )
        return _findings(content)

    def judge(self, line: int, attempt: Any) -> Verdict:
        """Judge what a student writes as the right side of a line, by equality, not by spelling.

        It never raises. The text is read by a small grammar of formulas; nothing in it is executed.
        """
        if attempt is ... or (isinstance(attempt, str) and attempt.strip() in ("", "...", "…")):
            return Verdict("not attempted", "Not attempted yet: write a formula.")
        if not isinstance(attempt, str):
            return Verdict("failed", f"Write the formula as text in quotes; this is {kind_of(attempt)}.")
        if line not in range(1, len(self.lines) + 1):
            return Verdict("failed", f"The lines are numbered 1 to {len(self.lines)}.")
        try:
            return _judged(self, self.lines[line - 1], parse(attempt))
        except NotUnderstood as error:
            return Verdict("failed", str(error))
        except Exception:
            return Verdict("failed", "This formula could not be judged. Try to write it in a simpler way.")

    def accuse(self, line: int) -> Verdict:
        """Answer a student who says that this line does not follow. How many do not is not given away."""
        if line not in range(1, len(self.lines) + 1):
            return Verdict("failed", f"The lines are numbered 1 to {len(self.lines)}.")
        step = self.steps[line - 1]
        if not step.planted:
            reason = f" ({to_plain(step.because)})" if step.because else ""
            return Verdict("failed", f"Line {line} follows{reason}. Look again.")
        off = _how_far(self.findings[line - 1])
        return Verdict("passed", f"Line {line} does not follow: {to_plain(step.planted)} {off}")

    # ---- what is shown

    def shown(self, line: Line) -> str:
        """Write a line for a terminal, a braille display or a screen reader."""
        right = "?" if line.number in self.gaps else None
        reason = f" ({to_plain(line.step.because)})" if line.step.because else ""
        numbers = f" [{self.numbers(line)}]" if self.has_numbers and right is None else ""
        return f"{line.number}. {line.text(right)}{reason}{numbers}"

    @property
    def has_numbers(self) -> bool:
        """Whether numbers stand beside the lines. They would give planted errors away."""
        return bool(self.example) and not self.planted

    def numbers(self, line: Line) -> str:
        """Return the line in the numbers of the example, rounded."""
        from course_utils.teaching.algebra.meaning import rounded

        left, right = (rounded(self.scope, node, self.example) for node in (line.start, line.right))
        return f"{left} {RELATIONS[line.step.relation]} {right}"

    @property
    def premises(self) -> str:
        """Definitions and assumptions as one sentence."""
        defined = ", ".join(f"{linear(name)} = {linear(text)}" for name, text in self._definitions)
        known = [f"{name} {words}" for name, words in self.known.items()]
        known += [f"{linear(a)} {RELATIONS[relation]} {linear(b)}" for a, relation, b in self._given]
        if not known:
            return f"{defined}."
        return f"{defined}, with {format_list(known)}." if defined else f"With {format_list(known)}."

    @property
    def known(self) -> dict[str, str]:
        """Every free symbol with what is assumed of it."""
        return {name: self.assume.get(name, " ".join(a.words)) for name, a in self.scope.assumptions.items()}

    def __repr__(self) -> str:
        title = [f"{to_plain(self.title)}"] if self.title else []
        asked = [self.question] if self.planted else []
        return "\n".join([*title, *asked, self.premises, *map(self.shown, self.lines)])

    @property
    def question(self) -> str:
        """What is asked about planted errors."""
        if len(self.planted) == 1:
            return "Find the line that does not follow."
        return "Find every line that does not follow from what stands above it."

    def to_html(self) -> str:
        """Render the static twin. Answers are folded away."""
        return "".join(
            [
                self._head_html(),
                self.table_html(self.lines),
                self._answers_html(),
                details(
                    "As text",
                    bullet_list([escaped(text) for text in [self.premises, *map(self.shown, self.lines)]]),
                ),
            ]
        )

    def _head_html(self) -> str:
        defined = [f"$\\displaystyle {latex(name)} = {latex(text)}$" for name, text in self._definitions]
        known = [f"${latex(Name(name))}$ {words}" for name, words in self.known.items()]
        known += [f"${latex(a)} {LATEX_RELATIONS[relation]} {latex(b)}$" for a, relation, b in self._given]
        title = to_html(f"**{self.title or 'Derivation'}.** {self.question if self.planted else ''}")
        premises = [f"Defined: {', '.join(defined)}."] if defined else []
        premises += [f"Assumed: {', '.join(known)}."] if known else []
        return title + element("p", "<br>".join(map(escaped, premises)))

    def table_html(self, lines: Sequence[Line], filled: Mapping[int, str] = MappingProxyType({})) -> str:
        """Render lines as a table: number, left, right, reason and, with an example, the numbers."""
        headings = [
            "line",
            "left side",
            "right side",
            "because",
            *(["in numbers"] if self.has_numbers else []),
        ]
        left, right = "text-align:left;padding:2px 8px", "text-align:right;padding:2px 0 2px 8px"
        head = element("tr", *(element("th", heading, scope="col", style=left) for heading in headings))
        rows = []
        for line in lines:
            relation = LATEX_RELATIONS[line.step.relation]
            shown = filled.get(line.number) or (GAP if line.number in self.gaps else latex(line.right))
            cells = [
                element("th", str(line.number), scope="row"),
                element(
                    "td", f"$\\displaystyle {escaped(latex(line.left))}$" if line.left else "", style=right
                ),
                element("td", f"$\\displaystyle {escaped(f'{relation} {shown}')}$", style=left),
                element("td", inline_html(line.step.because), style=left),
            ]
            if self.has_numbers:
                asked = line.number in self.gaps and line.number not in filled
                cells.append(element("td", "" if asked else escaped(self.numbers(line)), style=left))
            rows.append(element("tr", *cells))
        caption = ""
        if self.has_numbers:
            caption = element("caption", escaped(f"Numbers at {self._example_text()}."))
        table = element("table", caption, element("thead", head), element("tbody", *rows))
        return scrollable(f"Lines of {to_plain(self.title) or 'the derivation'}", table)

    def _example_text(self) -> str:
        written = [
            f"{name} = "
            + (
                f"[{', '.join(map(format_number, value))}]"
                if hasattr(value, "__len__")
                else format_number(value)
            )
            for name, value in self.example.items()
        ]
        return ", ".join(written)

    def _answers_html(self) -> str:
        if self.planted:
            answers = [element("p", inline_html(self.accuse(number).headline)) for number in self.planted]
            return details("Answer, after you have chosen", *answers)
        return "".join(
            details(
                f"Line {line.number}, after you have tried",
                element(
                    "p",
                    f"$\\displaystyle {escaped(latex(line.right))}$, as text: {escaped(linear(line.right))}",
                ),
            )
            for line in self.lines
            if line.number in self.gaps
        )

    def view(self) -> Any:
        """Return a new live widget."""
        from course_utils.teaching.derivation_view import derivation_view

        return derivation_view(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        static = {"text/plain": repr(self), "text/html": self.to_html()}
        return {**static, **widget_view(self.view())} if kernel_is_live() else static


@functools.lru_cache(maxsize=64)
def _findings(content: tuple[Any, ...]) -> tuple[Any, ...]:
    """Judge every line. The key is the content, so that equal derivations are proved once."""
    from course_utils.teaching.algebra.proofs import prove
    from course_utils.teaching.algebra.refutations import Finding

    definitions, assume, given, steps, variable = content
    derivation = Derivation(dict(definitions), steps, assume=dict(assume), given=given, variable=variable)
    findings = []
    for line in derivation.lines:
        try:
            finding = prove(
                derivation.scope,
                line.start,
                line.step.relation,
                line.right,
                derivation._conditions,
                SECONDS_TO_VERIFY,
            )
        except NotUnderstood as error:
            finding = Finding("undefined", str(error))
        findings.append(finding)
    return tuple(findings)


def _objection(line: Line, finding: Any) -> str:
    """Say why a line is refused."""
    claim = f"{linear(line.start)} {RELATIONS[line.step.relation]} {linear(line.right)}"
    if finding:
        return f"Line {line.number} is declared as a planted error, but it follows: {claim}."
    if finding.status == "refuted":
        return f"Line {line.number} does not follow: {claim}. {_how_far(finding)}"
    return f"Line {line.number} is not proved: {claim}. {finding.how}"


def _how_far(finding: Any) -> str:
    """Say by how much a refuted line is off."""
    parts = [f"In entry {finding.entry}:"] if finding.entry else []
    if finding.how:
        parts.append(finding.how)
    if finding.difference:
        around = "Around the point below, left" if finding.nearby else "Left"
        parts.append(f"{around} minus right is {finding.difference.replace('-', MINUS)}.")
    if finding.factor:
        parts.append(f"Left is {finding.factor.replace('-', MINUS)} times right.")
    where = f"At {finding.point} the" if finding.point else "The"
    return " ".join([*parts, f"{where} left side is {finding.left} and the right side is {finding.right}."])


def _judged(derivation: Derivation, line: Line, attempt: Node) -> Verdict:
    """Compare an attempt with the right side of a line."""
    from course_utils.teaching.algebra.proofs import ShapesDiffer, prove

    name, written = f"Line {line.number}", linear(attempt)
    if attempt == line.right:
        return Verdict("passed", f"{name} is right.")
    if attempt == line.start:
        return Verdict("failed", "This is true, but it is the other side again: what does it become?")
    if _has_derivative(attempt) and not _has_derivative(line.right):
        return Verdict("failed", "Carry the derivative out: the answer is written without diff and primes.")
    try:
        finding = prove(derivation.scope, line.right, "=", attempt, derivation._conditions, SECONDS_TO_JUDGE)
    except ShapesDiffer as error:
        return Verdict("failed", f"Not yet: the answer is {error.left}, and this is {error.right}.")
    if finding.status == "proved":
        return Verdict("passed", f"{name} is right: this equals {linear(line.right)}.")
    if finding.status == "checked":
        return Verdict("passed", f"{name} agrees with the answer ({finding.how}).")
    if finding.status == "refuted":
        if finding.factor == "-1":
            return Verdict("failed", f"Not yet: {written} is off by its sign.")
        if finding.factor:
            factor = finding.factor.replace("-", MINUS)
            return Verdict("failed", f"Not yet: {written} must be multiplied by {factor}.")
        entry = f"in entry {finding.entry} " if finding.entry else ""
        where = f"at {finding.point} " if finding.point else ""
        numbers = f"the answer is {finding.left}, yours is {finding.right}"
        return Verdict("failed", f"Not yet: {entry}{where}{numbers}.")
    return Verdict("failed", f"This could not be compared with the answer. {finding.how}".strip())


def _has_derivative(node: Node) -> bool:
    return any(
        (isinstance(part, Name | Call) and part.primes > 0)
        or (isinstance(part, Call) and part.function in ("diff", "jacobian"))
        for part in walk(node)
    )
