"""Section "How far off is chance?": samples from softmax, and their counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from course_utils.lessons.arrays import Array, Whole, with_gaps
from course_utils.numerics.sampling import draw, most_probable
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Integer, LogFloat
from course_utils.teaching.pictures import (
    Axis,
    Bars,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    classes,
)
from course_utils.teaching.text import format_number

WORDS = ["mat", "sofa", "bed", "roof", "sea", "idea"]
WORD_LOGITS = np.array([3.0, 2.2, 1.6, 0.8, -0.5, -2.0])


def count_panel(drawn: Whole, expected: Array, deviation: Array, title: str) -> Panel:
    """Show counts as bars, and what was expected, with two standard deviations to each side."""
    beside = np.arange(len(drawn)) + 0.36
    low, high = expected - 2 * deviation, expected + 2 * deviation
    error_x, error_y = with_gaps(np.stack([np.c_[beside, low], np.c_[beside, high]], axis=1))
    return Panel(
        title,
        [
            Bars("drawn", drawn, color="exponentials", hatch="//", values=[f"{count:,}" for count in drawn]),
            Line("", error_y, error_x, color="ink", width=1.5),
            Points("expected", expected, beside, color="ink", shape="diamond", label="expected, ± 2 sd"),
        ],
        x=classes(WORDS),
        y=Axis(low=0, high=1.15 * drawn.sum(), ticks=(0,)),
    )


def expected_count(value: float, drawn: int) -> str:
    """Write an expected count: no power of ten, and three digits, or as many as tell it from what was drawn.

    Examples
    --------
    >>> expected_count(99.966, 98), expected_count(99.966, 100), expected_count(100.0, 100)
    ('100', '99.97', '100')
    >>> expected_count(9996.64, 9996), expected_count(9996.64, 9997)
    ('9,997', '9,996.6')
    """
    for digits in range(3, 18):
        written = f"{value:,.{digits - 3}f}" if value >= 999.5 else format_number(value, digits)
        if value == drawn or float(written.replace(",", "")) != drawn:
            break
    return written


COUNTS = {"10": 10, "100": 100, "1,000": 1000, "10,000": 10_000}
SHOWN_DRAWS = 20


def sampling(temperature: float, top_p: float, draws: str, seed: int) -> Picture:
    """Draw words from softmax(z/T), cut to top-p, and compare their counts with what was expected."""
    number = COUNTS[draws]
    p = softmax(WORD_LOGITS, temperature=temperature)
    share = most_probable(p, top_p=top_p)
    u = np.random.default_rng(seed).random(number)
    word = draw(share, u)
    drawn = np.bincount(word, minlength=len(WORDS))
    expected, deviation = number * share, np.sqrt(number * share * (1 - share))
    rest, facts = _off(drawn, expected, deviation)
    return Picture(
        [
            _picked(p, share > 0, top_p, u[:SHOWN_DRAWS], word[:SHOWN_DRAWS]),
            count_panel(drawn, expected, deviation, f"counts of {draws} draws"),
        ],
        f"Of {draws} draws, {drawn[0]:,} {'is' if drawn[0] == 1 else 'are'} “{WORDS[0]}”, "
        f"where {expected_count(expected[0], drawn[0])} {'is' if expected[0] == 1 else 'are'} expected. {rest}",
        table=Table(
            "Expected and drawn counts",
            {
                "": WORDS,
                "z": WORD_LOGITS,
                "p = softmax(z/T)": p,
                "share after top-p": share,
                "expected": expected,
                "standard deviation": deviation,
                "drawn": drawn,
            },
            {
                "draws": number,
                "draws shown as points": min(number, SHOWN_DRAWS),
                "words": len(WORDS),
                "words kept by top-p": int(np.count_nonzero(share)),
                **facts,
            },
        ),
        height=310,
    )


def _off(drawn: Whole, expected: Array, deviation: Array) -> tuple[str, dict[str, float]]:
    """Say how far the counts are off, and return the numbers said."""
    possible = expected > 0
    kept = int(np.count_nonzero(possible))
    if kept == 1:
        return "It is the only word that top-p keeps, so nothing is left to chance.", {}
    off = abs(drawn[0] - expected[0]) / deviation[0]
    within = int(np.sum((np.abs(drawn - expected) <= 2 * deviation)[possible]))
    said = (
        f"That is off by {format_number(off, 2)} standard deviations; {within} of the {kept} counts "
        f"{'lies' if within == 1 else 'lie'} within 2. Top-p keeps {kept} of {len(WORDS)} words, and each random number picks the word of the step it hits, "
        "as tall as the word is probable."
    )
    return said, {
        f"“{WORDS[0]}”, off by standard deviations": off,
        "counts within 2 standard deviations": within,
    }


def _picked(p: Array, kept: npt.NDArray[np.bool_], top_p: float, u: Array, word: Whole) -> Panel:
    """Show which word each random number picks."""
    return Panel(
        "from a random number to a word",
        [
            Bars(
                "p", p, base=np.cumsum(p) - p, color="probabilities", faded=[not k for k in kept], width=0.94
            ),
            Points(
                "random number, times what top-p keeps",
                u * p[kept].sum(),
                word.astype(float),
                color="exponentials",
                outline="ink",
                label=f"first {len(u)} draws",
            ),
            Rule("top-p", top_p, axis="y", color="ink", width=2, drags={"y": Drag("top_p")}),
        ],
        x=classes(WORDS),
        y=Axis("total probability; dashed: top-p", 0, 1.03, ticks=(0, 0.5, 1)),
    )


sampling_demo = Demo(
    sampling,
    (
        LogFloat(
            "temperature", "Temperature T", low=0.1, high=10, initial=1, step=10 ** (1 / 20), plays=True
        ),
        Float("top_p", "Top-p: total to keep", low=0.05, high=1, initial=1, step=0.05),
        Choice("draws", "Number N of draws", options=tuple(COUNTS), initial="100"),
        Integer("seed", "Seed of the random numbers", low=0, high=20, initial=0),
    ),
    title="Drawing the next word.",
    look_for="“The cat sat on the …”: change the seed, then drag top-p down.",
    presets={
        "Many draws": {"draws": "10,000"},
        "Few draws, another seed": {"draws": "10", "seed": 7},
        "Hot": {"temperature": 5},
        "Hot, but top-p 0.8": {"temperature": 5, "top_p": 0.8},
        "Cold": {"temperature": 0.2},
    },
)
