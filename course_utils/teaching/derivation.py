"""`Derivation`: lines of algebra, each with its reason, and each proved to follow from the definitions."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from course_utils.teaching import derivation_written
from course_utils.teaching.algebra.scope import Scope, scope_of
from course_utils.teaching.algebra.syntax import Node, NotUnderstood, linear, parse
from course_utils.teaching.derivation_written import RELATIONS, formula
from course_utils.teaching.exercise import Verdict
from course_utils.teaching.html import bullet_list, escaped
from course_utils.teaching.live import mime_bundle
from course_utils.teaching.note import Note
from course_utils.teaching.text import MINUS, format_list, kind_of, to_plain, with_minus

if TYPE_CHECKING:
    from course_utils.teaching.algebra.judge import Finding

Mode = Literal["worked", "faded", "blank"]
MODES: tuple[Mode, ...] = ("worked", "faded", "blank")
ASKED = ("step", "truth")
DERIVED = ("diff", "jacobian")
OTHER_SIDE = "This is true, but it is the other side again: what does it become?"


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
        Left side. Empty: the line goes on from the right side of the line before.
    rhs : str
    because : str
        The reason, in light markup.
    relation : str
        ``=``, ``<=`` or ``>=``.
    blank : bool
        Whether the right side is left to the student in faded mode.
    planted : str
        Marks the line as wrong on purpose and says what went wrong: the end of a sentence that starts with
        "Line 2 does not follow:" or, where a derivation asks for the truth, "Line 2 is false:".
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


@dataclass(frozen=True, repr=False)
class Judgment(Verdict):
    """A verdict on a formula. Its ``mark``: ✓ proved, ≈ agrees at points, ✗ false, ? not judged."""

    mark: str = ""


@dataclass(frozen=True)
class Line:
    """One step as it was read.

    ``origin`` is the left side of its chain, and ``start`` what is claimed to lead to its right side: its own
    left side, or the right side of the line above.
    """

    number: int
    step: Step
    origin: Node
    start: Node
    left: Node | None
    right: Node

    @property
    def goes_on(self) -> bool:
        """Whether it is to follow from the line above."""
        return self.start is not self.left

    @property
    def asks(self) -> str:
        """The left side and the relation."""
        left = linear(self.left) if self.left else f"line {self.number - 1}"
        return f"{left} {RELATIONS[self.step.relation]}"

    def text(self, right: str = "") -> str:
        """Write the line on one line."""
        asks = self.asks if self.left else RELATIONS[self.step.relation]
        return f"{asks} {right or linear(self.right)}"


class Found(NamedTuple):
    """What became of a line, judged in two ways."""

    step: Finding  # from the line above
    truth: Finding  # whatever stands above it


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
        What is known of a symbol: ``"positive"``, ``"nonnegative"``, ``"integer"``, ``"real vector 3"``,
        ``"real vector n"``, and ``"index"`` for the number of an entry of the latter. All others are real.
    given : sequence of str
        Inequalities that are assumed, such as ``"a >= b"``.
    variable : str
        What a prime differentiates by.
    example : mapping of str to number or sequence of numbers
        Numbers for the symbols, whose results are shown beside the lines.
    mode : {"worked", "faded", "blank"}
    asks : {"step", "truth"}
        Where errors are planted, which lines are looked for: those that do not follow from the line above, or
        those that are false.

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
    >>> quotient_rule.faded.judge(2, "1/(1 + e^x/b)").headline
    'Line 2 is right: it is proved that this equals b/(exp(x) + b).'
    """

    definitions: Mapping[str, str]
    steps: Sequence[Step]
    title: str = ""
    assume: Mapping[str, str] = field(default_factory=dict)
    given: Sequence[str] = ()
    variable: str = "x"
    example: Mapping[str, Any] = field(default_factory=dict)
    mode: Mode = "worked"
    asks: Literal["step", "truth"] = "step"

    def __post_init__(self) -> None:
        for name in ("definitions", "assume", "example"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "given", tuple(self.given))
        if not self.steps:
            raise ValueError("a derivation has at least one step")
        for name, allowed in (("mode", MODES), ("asks", ASKED)):
            if (given := getattr(self, name)) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {given!r}")
        _ = self.lines, self.scope  # read now, so that a misprint shows on import
        self._check_example()

    # ---- what was declared

    @functools.cached_property
    def lines(self) -> tuple[Line, ...]:
        """The steps as they were read."""
        lines = list[Line]()
        for number, step in enumerate(self.steps, start=1):
            if not step.lhs and not lines:
                raise ValueError("the first step needs a left side")
            try:
                left, right = parse(step.lhs) if step.lhs else None, parse(step.rhs)
            except NotUnderstood as error:
                raise ValueError(f"step {number}: {error}") from None
            origin = left or lines[-1].origin
            same = left is None or (self.planted and lines and left == lines[-1].origin)
            lines.append(Line(number, step, origin, lines[-1].right if same else origin, left, right))
        return tuple(lines)

    @functools.cached_property
    def defined(self) -> tuple[tuple[Node, Node], ...]:
        """The definitions as they were read: each name, and what it stands for."""
        return tuple((parse(key), parse(text)) for key, text in self.definitions.items())

    @functools.cached_property
    def inequalities(self) -> tuple[tuple[Node, str, Node], ...]:
        """What is given, as it was read: left side, relation, right side."""
        split = [re.split("(>=|<=)", text.replace("≥", ">=").replace("≤", "<=")) for text in self.given]
        if wrong := [text for text, parts in zip(self.given, split, strict=True) if len(parts) != 3]:
            raise ValueError(f"a given inequality is written a >= b or a <= b, not {wrong[0]!r}")
        return tuple((parse(left), relation, parse(right)) for left, relation, right in split)

    @functools.cached_property
    def scope(self) -> Scope:
        """The names and what they stand for."""
        formulas = [node for line in self.lines for node in (line.start, line.right)]
        formulas += [node for left, _, right in self.inequalities for node in (left, right)]
        return scope_of(self.definitions, self.assume, formulas, self.variable)

    @property
    def planted(self) -> tuple[int, ...]:
        """The numbers of the lines that are wrong on purpose."""
        return tuple(number for number, step in enumerate(self.steps, start=1) if step.planted)

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

    def _check_example(self) -> None:
        """Refuse an example that has not one number for each symbol, or entry of a vector."""
        symbols = self.scope.assumptions
        if unknown := [name for name in self.example if name not in symbols]:
            raise ValueError(
                f"no symbol {unknown[0]!r} for the example; the symbols are {format_list(symbols)}"
            )
        for name, known in symbols.items() if self.example else ():
            if isinstance(known.length, str):
                raise ValueError(f"an example needs vectors of known length, not {name} of {known.length}")
            wanted, got = known.length or 1, np.size(self.example.get(name, []))
            if got != wanted and "index" not in known.words:
                number = "1 number" if wanted == 1 else f"{wanted} numbers"
                raise ValueError(f"the example needs {number} for {name}, not {got}")

    def at(self, **numbers: Any) -> Derivation:
        """Return the derivation with these numbers beside its lines."""
        unknown = [name for name in numbers if name not in self.scope.assumptions]
        if unknown:
            symbols = format_list(self.scope.assumptions)
            raise TypeError(f"there is no symbol {unknown[0]!r}; the symbols are {symbols}")
        return replace(self, example={**self.example, **numbers})

    # ---- what is proved

    def verify(self) -> Note:
        """Prove every line, and that planted errors are errors; say in one sentence per line how.

        Raises
        ------
        DoesNotFollow
            For the first line that does not follow from the definitions, with the difference in symbols;
            also for a planted error that is none.
        """
        report = []
        for line, found in zip(self.lines, self.findings, strict=True):
            finding: Finding = getattr(found, self.asks)
            if bool(finding) == bool(line.step.planted) or not (finding or finding.status == "false"):
                raise DoesNotFollow(_objection(line, finding), line.number)
            how = f"{'proved ' * (finding.status == 'proved')}{finding.how}."
            how = f"wrong, as declared. {_how_far(finding)}" if line.step.planted else how
            report.append((line, how))
        plain = "\n".join(f"{line.number}. {line.text()}: {how}" for line, how in report)
        return Note(plain, bullet_list([f"{formula(line)}: {escaped(how)}" for line, how in report], "ol"))

    @functools.cached_property
    def findings(self) -> tuple[Found, ...]:
        """What became of each line."""
        from course_utils.teaching.algebra.judge import Finding

        def found(line: Line, start: Node) -> Finding:
            try:
                return self._prove(start, line.step.relation, line.right)
            except NotUnderstood as error:
                return Finding("undefined", str(error))

        steps = [found(line, line.start) for line in self.lines]
        truths = [found(line, line.origin) for line in self.lines] if self.planted else steps
        return tuple(map(Found, steps, truths))

    def _prove(self, left: Node, relation: str, right: Node) -> Finding:
        from course_utils.teaching.algebra.judge import prove

        given = [(a, b) if sign == ">=" else (b, a) for a, sign, b in self.inequalities]
        return prove(self.scope, left, relation, right, given)

    def judge(self, line: int, attempt: Any) -> Judgment:
        """Judge what a student writes as the right side of a line, by equality, not by spelling.

        It never raises. The text is read by a small grammar of formulas; nothing in it is executed.
        """
        if attempt is ... or (isinstance(attempt, str) and attempt.strip() in ("", "...", "…")):
            return Judgment("not attempted", "Not attempted yet: write a formula.")
        if not isinstance(attempt, str):
            return _failed(f"Write the formula as text in quotes; this is {kind_of(attempt)}.", "?")
        if not self._has(line):
            return _failed(f"The lines are numbered 1 to {len(self.lines)}.", "?")
        try:
            return self._judged(self.lines[line - 1], self.scope.read(attempt))
        except NotUnderstood as error:
            return _failed(str(error), "?")

    def _has(self, line: int) -> bool:
        return isinstance(line, int) and line in range(1, len(self.lines) + 1)

    def _judged(self, line: Line, attempt: Node) -> Judgment:
        """Compare an attempt with the right side of a line."""
        from course_utils.teaching.algebra.judge import ShapesDiffer

        name = f"Line {line.number}"
        if attempt == line.right:
            return Judgment("passed", f"{name} is right.", mark="✓")
        sides = (attempt, line.right, line.start, line.origin)
        written, answer, start, origin = map(self.scope.in_order, sides)
        if attempt == line.start or written == start != answer:
            return _failed(OTHER_SIDE)
        derived, wanted = (
            any(p.primes or p.text in DERIVED for p in n.walk()) for n in (attempt, line.right)
        )
        if derived and not wanted:
            return _failed("Carry the derivative out: the answer is written without diff and primes.")
        try:
            finding = self._prove(line.right, "=", attempt)
        except ShapesDiffer as error:
            return _failed(f"Not yet: the answer is {error.left}, and this is {error.right}.")
        if finding and written == origin != answer:
            return _failed(OTHER_SIDE)
        if finding.status == "proved":
            equal = f"it is proved that this equals {linear(line.right)}"
            return Judgment("passed", f"{name} is right: {equal}.", mark="✓")
        if finding.status == "agrees":
            return Judgment("passed", f"{name}: this {finding.how}. It counts as right.", mark="≈")
        if finding.status != "false":
            return _failed(f"This could not be compared with the answer. {finding.how}".strip(), "?")
        if line.step.relation != "=" and self._prove(line.start, line.step.relation, attempt):
            return _failed(
                "This is true, but it is another bound than the one meant here. What does the reason give?"
            )
        if finding.factor:
            factor = with_minus(finding.factor)
            off = "is off by its sign" if factor == f"{MINUS}1" else f"must be multiplied by {factor}"
            return _failed(f"Not yet: {linear(attempt)} {off}.")
        entry = f"in entry {finding.entry} " if finding.entry else ""
        where = f"at {finding.point} " if finding.point else ""
        return _failed(f"Not yet: {entry}{where}the answer is {finding.left}, yours is {finding.right}.")

    def accuse(self, line: int) -> Judgment:
        """Answer a student who says that this line does not follow, or that it is false: see ``asks``."""
        if not self._has(line):
            return _failed(f"The lines are numbered 1 to {len(self.lines)}.", "?")
        said, found = self.lines[line - 1], self.findings[line - 1]
        planted, because = to_plain(said.step.planted), to_plain(said.step.because)
        reason = f" ({because})" if because else ""
        above = f" from line {line - 1}" if said.goes_on else ""
        if self.asks == "truth" and planted:
            return Judgment("passed", f"Line {line} is false: {planted} {_how_far(found.truth)}", mark="✓")
        if self.asks == "truth":
            unfounded = "" if found.step else f", though it does not follow{above}"
            return _failed(f"Line {line} is true{unfounded}. Look again.")
        if not planted:
            wrong = "It is false, but what is wrong with it was wrong before. Look further up."
            return _failed(f"Line {line} follows{above}{reason}. {'Look again.' if found.truth else wrong}")
        off = _how_far(found.step, *[f"line {line - 1}", f"line {line}"] * said.goes_on)
        off += f" Line {line} is true, but not for this reason." * bool(found.truth)
        return Judgment("passed", f"Line {line} does not follow{above}: {planted} {off}", mark="✓")

    # ---- what is shown

    def __repr__(self) -> str:
        return derivation_written.text(self)

    def to_html(self) -> str:
        """Render the static twin. Answers are folded away."""
        return derivation_written.html(self)

    def view(self) -> Any:
        """Return a new live widget."""
        from course_utils.teaching.derivation_view import DerivationView

        return DerivationView(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return mime_bundle(repr(self), self.to_html(), self.view)


def _failed(headline: str, mark: str = "✗") -> Judgment:
    return Judgment("failed", headline, mark=mark)


def _objection(line: Line, finding: Finding) -> str:
    """Say why a line is refused."""
    claim = f"{linear(line.start)} {RELATIONS[line.step.relation]} {linear(line.right)}"
    if finding:
        return f"Line {line.number} is declared as a planted error, but it follows: {claim}."
    if finding.status == "false":
        return f"Line {line.number} does not follow: {claim}. {_how_far(finding)}"
    return f"Line {line.number} is not proved: {claim}. {finding.how}"


def _how_far(finding: Finding, left: str = "left", right: str = "right") -> str:
    """Say by how much a false line is off."""
    parts = [f"In entry {finding.entry}:"] * bool(finding.entry) + [finding.how] * bool(finding.how)
    if finding.difference:
        parts.append(f"{left.capitalize()} minus {right} is {with_minus(finding.difference)}.")
    if finding.factor:
        parts.append(f"{left.capitalize()} is {with_minus(finding.factor)} times {right}.")
    first, second = ("the left side", "the right side") if left == "left" else (left, right)
    first = f"At {finding.point} {first}" if finding.point else first.capitalize()
    return " ".join([*parts, f"{first} is {finding.left} and {second} is {finding.right}."])
