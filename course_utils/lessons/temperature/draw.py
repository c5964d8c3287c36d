"""“Drawing a word”: samples from softmax, and their counts."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_utils.lessons.arrays import Array, Whole
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Integer, LogFloat, Picture, Question, Table, look
from course_utils.teaching.drawing import marks
from course_utils.teaching.text import format_number

noise_question = Question(
    "A chatbot runs at T = 1.5 and answers the same question differently each time. Where does the first difference between two answers come from?",
    [
        "Temperature adds noise to the logits.",
        "The probabilities are the same each time; the difference comes from drawing a word from them.",
        "At T > 1 the order of the words is shuffled.",
    ],
    "B",
    [
        "that temperature is random. Run softmax(z/T) twice: same result. T only shapes the distribution.",
        "Softmax is a plain function. Chance enters afterward, when a word is drawn; a fixed seed gives the same words.",
        "that a high T shuffles. The most probable word stays the most probable one at every T.",
    ],
)

WORDS = ["mat", "sofa", "bed", "roof", "sea", "idea"]
WORD_LOGITS = np.array([3.0, 2.2, 1.6, 0.8, -0.5, -2.0])


def top_p_shares(p: Array, top_p: float) -> Array:
    """Keep the most probable classes until their total reaches top_p, and let them share the probability."""
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0.0], np.cumsum(p[order])[:-1]])
    kept = np.zeros_like(p)
    chosen = order[total_before < top_p]
    kept[chosen] = p[chosen]
    share: Array = kept / kept.sum()
    return share


def inverse_cdf(p: Array, u: Array) -> Whole:
    """Return for each u in [0, 1) the class whose interval it falls into."""
    edges = np.cumsum(p)
    return np.searchsorted(edges / edges[-1], u, side="right")


def count_panel(axes: Axes, drawn: Whole, expected: Array, deviation: Array, title: str) -> dict[str, Any]:
    """Draw counts as bars with what was expected; return the arrays of the two-deviation whiskers."""
    positions = np.arange(len(drawn))
    gap = np.full(len(drawn), np.nan)
    whisker_x = np.column_stack([positions, positions, gap]).ravel()
    whisker_y = np.column_stack([expected - 2 * deviation, expected + 2 * deviation, gap]).ravel()
    axes.bar(positions, drawn, color=look.SKY_BLUE, edgecolor=look.OUTLINE, hatch="//", gid="drawn")
    axes.plot(whisker_x, whisker_y, color=look.BLACK, linewidth=1.5, gid="whisker x | whisker y")
    marks(axes, expected, "expected", "expected ± 2 sd")
    axes.set_xticks(positions, WORDS)
    axes.set_ylim(0, 1.2 * drawn.sum())
    axes.set_title(title, y=1.01)
    return {"class": positions, "whisker x": whisker_x, "whisker y": whisker_y}


def expected_count(value: float) -> str:
    """Write an expected count: three digits, but no power of ten."""
    return format_number(round(value) if value >= 999.5 else value)


COUNTS = {"10": 10, "100": 100, "1,000": 1000, "10,000": 10_000}
SHOWN_DRAWS = 20


def sampling(temperature: float, top_p: float, draws: str, seed: int) -> Picture:
    """Draw words from softmax(z/T), cut to top-p, and compare their counts with what was expected."""
    number, words = COUNTS[draws], np.arange(len(WORDS))
    p = softmax(WORD_LOGITS, temperature=temperature)
    share = top_p_shares(p, top_p)
    u = np.random.default_rng(seed).random(number)
    word = inverse_cdf(share, u)
    drawn = np.bincount(word, minlength=len(WORDS))
    expected, deviation = number * share, np.sqrt(number * share * (1 - share))
    edges = np.cumsum(share)
    stairs_x = np.column_stack([edges - share, edges]).ravel()

    figure, (left, right) = look.panels(2, left=52, gap=62)
    left.plot(stairs_x, np.repeat(words, 2), color=look.PROBABILITIES, gid="stairs x | stairs y")
    left.plot(
        u[:SHOWN_DRAWS],
        word[:SHOWN_DRAWS],
        "o",
        color=look.SKY_BLUE,
        markeredgecolor=look.OUTLINE,
        gid="first u | first words",
    )
    left.set_yticks(words, WORDS)
    left.set(xlim=(-0.03, 1.03), ylim=(5.5, -0.5), xlabel="random number u")
    left.set_title("from u to a word", y=1.01)
    arrays = count_panel(right, drawn, expected, deviation, f"counts of {draws} draws")

    kept = int(np.count_nonzero(share))
    if kept == 1:
        rest = "It is the only word that top-p keeps, so nothing is left to chance."
    else:
        off = abs(drawn[0] - expected[0]) / deviation[0]
        within = int(np.sum((np.abs(drawn - expected) <= 2 * deviation)[share > 0]))
        rest = (
            f"That is off by {format_number(off, 2)} standard deviations; {within} of the {kept} counts "
            f"{'lies' if within == 1 else 'lie'} within 2. Top-p keeps {kept} of {len(WORDS)} words, and each random number picks the word of the step it hits, "
            "as wide as the word is probable."
        )
    return Picture(
        figure,
        f"Of {draws.replace(',', '')} draws, {drawn[0]} {'is' if drawn[0] == 1 else 'are'} “{WORDS[0]}”, "
        f"where {expected_count(expected[0])} {'is' if expected[0] == 1 else 'are'} expected. {rest}",
        Table(
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
                "words": len(WORDS),
                "words kept by top-p": kept,
                **(
                    {
                        f"“{WORDS[0]}”, off by standard deviations": off,
                        "counts within 2 standard deviations": within,
                    }
                    if kept > 1
                    else {}
                ),
            },
        ),
        {
            **arrays,
            "stairs x": stairs_x,
            "stairs y": np.repeat(words, 2),
            "first u": u[:SHOWN_DRAWS],
            "first words": word[:SHOWN_DRAWS],
        },
    )


sampling_demo = Demo(
    sampling,
    (
        LogFloat("temperature", "Temperature T", low=0.1, high=10, initial=1, step=10 ** (1 / 20)),
        Float("top_p", "Top-p: total probability to keep", low=0.05, high=1, initial=1, step=0.05),
        Choice("draws", "Number N of draws", options=tuple(COUNTS), initial="100"),
        Integer("seed", "Seed of the random numbers", low=0, high=20, initial=0),
    ),
    title="Drawing the next word.",
    look_for="“The cat sat on the …”: change the seed. What stays, what moves, and how far from the diamonds?",
    presets={
        "Many draws": {"draws": "10,000"},
        "Few draws, another seed": {"draws": "10", "seed": 7},
        "Hot": {"temperature": 5},
        "Hot, but top-p 0.8": {"temperature": 5, "top_p": 0.8},
        "Cold": {"temperature": 0.2},
    },
)
