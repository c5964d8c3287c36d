"""“Sampling by noise”: the Gumbel-max trick."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.temperature.draw import WORD_LOGITS, WORDS, count_panel, expected_count
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, Integer, LogFloat, Picture, Question, Table, look
from course_utils.teaching.drawing import bars, marks
from course_utils.teaching.text import format_number

gumbel_question = Question(
    "Add independent noise to each z_i/T and take the class with the largest sum. "
    "You want class i to win with probability softmax(z/T)_i exactly. Does any noise do that?",
    [
        "Normal noise does, if its variance is 1.",
        "Gumbel noise, −log(−log u) with u uniform between 0 and 1.",
        "No noise can: softmax has exponentials, noise does not.",
    ],
    "B",
    [
        "that normal noise is the natural choice. It gives something similar (probit), but not softmax.",
        "The largest of Gumbel numbers shifted by z_i/T is number i with exactly that probability.",
        "that a maximum cannot know exponentials. They are in the noise: Gumbel's distribution is e^(−e^(−x)).",
    ],
)

GUMBEL_DRAWS = 1000


def gumbel_max(temperature: float, draw: int, seed: int) -> Picture:
    """Add Gumbel noise to z/T and take the largest: the winners come as softmax(z/T) says."""
    scaled, p = WORD_LOGITS / temperature, softmax(WORD_LOGITS, temperature=temperature)
    u = np.random.default_rng(seed).random((GUMBEL_DRAWS, len(WORDS)))
    noise = -np.log(-np.log(u))
    noisy = scaled + noise
    winners = noisy.argmax(axis=-1)
    drawn = np.bincount(winners, minlength=len(WORDS))
    expected, deviation = GUMBEL_DRAWS * p, np.sqrt(GUMBEL_DRAWS * p * (1 - p))
    one, winner = noisy[draw - 1], int(winners[draw - 1])

    figure, (left, right) = look.panels(2, left=52, gap=62)
    bars(left, scaled, "z/T", look.LOGITS, f"draw {draw}: z/T plus noise", WORDS)
    marks(left, one, "z/T + noise", "z/T + noise")
    left.plot(
        [winner],
        [one[winner]],
        "o",
        color="none",
        markeredgecolor=look.VERMILLION,
        markeredgewidth=2,
        markersize=16,
        gid="winner | its height",
    )
    left.set_ylim(scaled.min() - 3, scaled.max() + 10 + 0.3 * np.ptp(scaled))
    arrays = count_panel(right, drawn, expected, deviation, f"winners of {GUMBEL_DRAWS} draws")
    return Picture(
        figure,
        f"In draw {draw} the winner is “{WORDS[winner]}”: its z/T + noise, {format_number(one[winner])}, is the "
        f"largest. "
        f"“{WORDS[0]}” won {drawn[0]} of {GUMBEL_DRAWS} draws, where softmax(z/T) expects {expected_count(expected[0])}.",
        Table(
            "One noisy draw, and the winners of all",
            {
                "": WORDS,
                "z": WORD_LOGITS,
                "z/T": scaled,
                "noise": noise[draw - 1],
                "z/T + noise": one,
                "softmax(z/T)": p,
                "expected": expected,
                "standard deviation": deviation,
                "drawn": drawn,
            },
            {"draws": GUMBEL_DRAWS},
        ),
        {**arrays, "winner": np.array([winner]), "its height": one[[winner]]},
    )


gumbel_demo = Demo(
    gumbel_max,
    (
        LogFloat("temperature", "Temperature T", low=0.1, high=10, initial=1, step=10 ** (1 / 20)),
        Integer("draw", "Number of the draw on the left", low=1, high=20, initial=1),
        Integer("seed", "Seed of the random numbers", low=0, high=20, initial=0),
    ),
    title="Sampling by noise: the Gumbel-max trick.",
    look_for="On the left, step through the draws: who wins? On the right, compare the counts with the diamonds.",
    presets={
        "Next draw": {"draw": 2},
        "Hot: the noise decides": {"temperature": 10},
        "Cold: the logits decide": {"temperature": 0.1},
    },
)
