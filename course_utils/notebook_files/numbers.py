"""The numbers of a text: how they are read, and which of them need a proof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from course_utils.notebook_files.text import (
    CODE_SPAN,
    FORMULA,
    HEADING,
    LINK,
    NOTEBOOK_TIME,
    REFERENCE,
    SECTION_TIME,
    without_blocks,
)

_NUMBER = re.compile(
    r"""
    (?P<sign> (?<![\w)\]}]) [-−] )?                      # a minus, not the hyphen of 2-20-1
    (?<![^\W_])(?<!\.)                                   # z0, float32 and 2.4.6 hold no number
    (?P<whole> [0-9]{1,3} (?: [,\u2009\u202f][0-9]{3} )+ (?![0-9]) | [0-9]++ | (?=\.[0-9]) )
    (?P<fraction> \.[0-9]++ | \.(?=[eE][-+]?[0-9]) )?+
    (?P<exponent> [eE][-−+]?[0-9]++ )?+
    (?: \s?[×·]\s?10 (?: \^\{?(?P<power> [-−]?[0-9]+ )\}? | (?P<raised> [⁻⁺]?[⁰¹²³⁴-⁹]+ ) ) )?+
    (?P<percent> [ \u00a0\u2009\u202f]?\\?% )?
    (?! \.?[0-9] )
    """,
    re.VERBOSE,
)
_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NOT_REPORTED = re.compile(
    r"""
      https?://\S+ | arXiv:\S+ | doi:\S+ | \b10\.[0-9]{4,}/\S+                    # addresses
    | \b[0-9]{4}-[0-9]{2}-[0-9]{2}\b                                              # dates
    | \b[0-9]{1,2}\ MONTH\b | \bMONTH\ [0-9]{1,2}\b
    | (?:§|\b(?:Sections?|Sect\.|Figures?|Fig\.|Tables?|Equations?|Eq\.|Theorem|Lemma|Chapter|Exercise|pp?\.))
      [ \u00a0]?[0-9]+(?:[.–-][0-9]+)*                                            # places in a source
    | \b(?:Python|NumPy|SciPy|Matplotlib|Plotly|PyTorch|TensorFlow|SymPy|JupyterLab|ipywidgets|CC\ BY|version)
      [ \u00a0]?(?:[≥>]=?[ \u00a0]?)?[0-9]+(?:\.[0-9]+)*                          # versions
    | \b(?:16|32|64|128)[- \u00a0]bits?\b | \b100[ \u00a0\u202f]?%
    | ^[ \t>]*[0-9]+[.)](?=\s)                                                    # the numbers of a list
    """.replace("MONTH", _MONTH),
    re.VERBOSE | re.MULTILINE,
)
_MINUTES = re.compile(r"[0-9]+(?:\s?[–-]\s?[0-9]+)?\s*min(?:utes?)?\b")


@dataclass(frozen=True)
class Number:
    """A number as a text shows it.

    Attributes
    ----------
    text : str
        In plain characters: ASCII minus, no thousands separators, `e` for a power of ten, no percent sign.
    percent : bool
        Whether a percent sign follows.
    attached : bool
        Whether it is an ordinal or an exponent, as in "11th" and "2^53".

    Examples
    --------
    >>> [number.text for number in Number.all_in("−1.5 and 10,000 and 2.1 × 10⁻⁹ in z0 of a 2-20-1 net")]
    ['-1.5', '10000', '2.1e-9', '2', '20', '1']
    """

    text: str
    percent: bool = False
    attached: bool = False

    @staticmethod
    def all_in(text: str) -> list[Number]:
        """Read every number of a text, in order."""
        return [Number._from(match) for match in _NUMBER.finditer(text)]

    @staticmethod
    def read(text: str) -> Number | None:
        """Read a text that is one number and nothing else; None where it is not.

        >>> Number.read(" 72.75 %"), Number.read("2 of 3")
        (Number(text='72.75', percent=True, attached=False), None)
        """
        match = _NUMBER.fullmatch(text.strip())
        return Number._from(match) if match else None

    @staticmethod
    def _from(match: re.Match[str]) -> Number:
        sign, fraction = "-" if match["sign"] else "", match["fraction"] or ""
        power = (match["exponent"] or "e0")[1:].translate(_RAISED)
        times = (match["power"] or match["raised"] or "0").translate(_RAISED)
        exponent = f"e{int(power) + int(times)}" if match["exponent"] or int(times) else ""
        text, start, end = match.string, match.start(), match.end()
        is_ordinal = re.match(r"(?:st|nd|rd|th)\b", text[end : end + 3])
        is_power = text[max(start - 1, 0) : start] == "^"
        digits = (re.sub(r"[^0-9]", "", match["whole"]) or "0") + fraction.removesuffix(".")
        return Number(sign + digits + exponent, bool(match["percent"]), bool(is_ordinal or is_power))

    @property
    def value(self) -> float:
        """The number, the percent sign aside."""
        return float(self.text)

    @property
    def is_decimal(self) -> bool:
        """Whether it shows a decimal point or a power of ten."""
        return "." in self.text or "e" in self.text

    @property
    def half_unit(self) -> float:
        """Half of the last digit shown: what rounding may hide.

        >>> Number("0.475").half_unit, Number("2.1e-9").half_unit, Number("81").half_unit
        (0.0005, 5e-11, 0.5)
        """
        mantissa, _, exponent = self.text.partition("e")
        return float(f"5e{int(exponent or 0) - len(mantissa.partition('.')[2]) - 1}")

    def shows(self, value: float) -> bool:
        """Tell whether `value`, rounded to the digits shown, is this number.

        >>> Number("0.475").shows(0.475367), Number("0.475").shows(0.4744)
        (True, False)
        """
        own_rounding = 2**-52 * abs(self.value)  # of the difference of two floats of this size
        return abs(value - self.value) <= self.half_unit * (1 + 1e-9) + own_rounding


def numbers_shown(markdown: str) -> list[Number]:
    """List the numbers a reader sees in a Markdown text, code blocks and link targets aside.

    A code span counts only where it holds a number and nothing else: it is code otherwise.

    Examples
    --------
    >>> [number.text for number in numbers_shown("`0.5` of $p = 0.25$, see [3](page-17.md); `x + 1.5`.")]
    ['0.5', '3', '0.25']
    """
    prose, formulas = prose_and_formulas(markdown)
    return Number.all_in(prose) + Number.all_in(formulas)


def numbers_to_check(markdown: str, opening: bool = False) -> list[Number]:
    """List the numbers of a Markdown text that need a proof: the decimals, and the integers from 11 on.

    Decimals are taken everywhere, integers not in headings and formulas. Nothing is asked for years from
    1900 to 2099, dates, list numbers, addresses, places in a source ("Section 2.3", "p. 81"), versions of
    software, "64-bit", "100 %", ordinals ("11th"), exponents ("2^53", "2⁵³"), the time of a section
    ("**core** · 12 minutes.") and, in the opening of a notebook, minutes. A list needs spaces after its
    commas: "100,200" is one number.

    Examples
    --------
    >>> text = "## The 12 steps\\n\\n2 of 20 units (Serra 2018, p. 81) reach $0.5 + 30$, that is 92.5 %."
    >>> [number.text for number in numbers_to_check(text)]
    ['20', '92.5', '0.5']
    """
    prose, formulas = prose_and_formulas(markdown)
    headings = "\n".join(match[2] for match in HEADING.finditer(prose))
    body = _NOT_REPORTED.sub(" ", SECTION_TIME.sub(" ", HEADING.sub("", prose)))
    body = _MINUTES.sub(" ", NOTEBOOK_TIME.sub(" ", body)) if opening else body
    decimals = Number.all_in(_NOT_REPORTED.sub(" ", headings)) + Number.all_in(formulas)
    return [n for n in Number.all_in(body) if n.is_decimal or _is_count(n)] + [
        n for n in decimals if n.is_decimal
    ]


def _is_count(number: Number) -> bool:
    is_year = len(number.text) == 4 and 1900 <= number.value <= 2099
    return abs(number.value) >= 11 and not number.attached and not is_year


def prose_and_formulas(markdown: str) -> tuple[str, str]:
    """Split a Markdown text: what it says, without code, tags and link targets, and its formulas."""
    text = without_blocks(markdown)
    text = CODE_SPAN.sub(lambda match: match[2] if Number.read(match[2]) else " ", text)
    formulas = "\n".join(match[0] for match in FORMULA.finditer(text))
    for latex, plain in ((r"\times", "×"), (r"\cdot", "·"), ("{,}", ","), (r"\,", "\u2009")):
        formulas = formulas.replace(latex, plain)
    prose = REFERENCE.sub("", LINK.sub(r"\g<text>", FORMULA.sub(" ", text)))
    return unescape(re.sub(r"</?[A-Za-z][^>]*>", " ", prose)), formulas
