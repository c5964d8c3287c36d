"""Section "Sampling by noise": the Gumbel-max trick."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array, with_gaps
from course_utils.lessons.temperature.draw import WORD_LOGITS, WORDS, count_panel, expected_count
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, Integer, LogFloat, Question
from course_utils.teaching.pictures import Axis, Bars, Line, Panel, Picture, Points, Table, classes
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
    expected=[35, 45, 20],
)

GUMBEL_DRAWS = 1000
HOTTEST = 2.0  # above it, the noise needs so much room that the logits can hardly be seen


def gumbel_max(temperature: float, draw: int, seed: int) -> Picture:
    """Add T times Gumbel noise to z and take the largest: the winners come as softmax(z/T) says."""
    p = softmax(WORD_LOGITS, temperature=temperature)
    u = np.random.default_rng(seed).random((GUMBEL_DRAWS, len(WORDS)))
    noise = -temperature * np.log(-np.log(u))
    noisy = WORD_LOGITS + noise
    winners = noisy.argmax(axis=-1)
    drawn = np.bincount(winners, minlength=len(WORDS))
    expected, deviation = GUMBEL_DRAWS * p, np.sqrt(GUMBEL_DRAWS * p * (1 - p))
    one, winner = noisy[draw - 1], int(winners[draw - 1])
    return Picture(
        [
            _one_draw(draw, one, winner),
            count_panel(drawn, expected, deviation, f"winners of {GUMBEL_DRAWS:,} draws"),
        ],
        f"In draw {draw} the winner is “{WORDS[winner]}”: its z + T · noise, {format_number(one[winner])}, is the "
        f"largest. "
        f"“{WORDS[0]}” won {drawn[0]:,} of {GUMBEL_DRAWS:,} draws, where softmax(z/T) expects "
        f"{expected_count(expected[0], drawn[0])}.",
        table=Table(
            "One noisy draw, and the winners of all",
            {
                "": WORDS,
                "z": WORD_LOGITS,
                "T · noise": noise[draw - 1],
                "z + T · noise": one,
                "softmax(z/T)": p,
                "expected": expected,
                "standard deviation": deviation,
                "drawn": drawn,
            },
            {"draws": GUMBEL_DRAWS},
        ),
        height=320,
    )


def _one_draw(draw: int, noisy: Array, winner: int) -> Panel:
    """Show what the noise of one draw added to each logit."""
    places = np.arange(len(WORDS))
    noise_x, noise_y = with_gaps(np.stack([np.c_[WORD_LOGITS, places], np.c_[noisy, places]], axis=1))
    return Panel(
        f"draw {draw}: *z* + *T* · noise",
        [
            Bars("z", WORD_LOGITS, color="logits", horizontal=True),
            Line("", noise_y, noise_x, color="temperature", width=3),
            Points("", places, noisy, color="temperature", outline="ink", size=11),
            Points("", [winner], [noisy[winner]], color="ink", shape="star", size=18, label="the winner"),
        ],
        x=Axis("logits, and with noise", low=-7, high=18, ticks=(-5, 0, 5, 10, 15), zero=True),
        y=classes(WORDS),
        weight=1.2,
    )


gumbel_demo = Demo(
    gumbel_max,
    (
        LogFloat(
            "temperature", "Temperature T", low=0.125, high=HOTTEST, initial=1, step=2 ** (1 / 8), plays=True
        ),
        Integer("draw", "Draw on the left", low=1, high=20, initial=1),
        Integer("seed", "Seed of the random numbers", low=0, high=20, initial=0),
    ),
    title="Sampling by noise: the Gumbel-max trick.",
    look_for="Step through the draws: who wins?",
    presets={
        "Next draw": {"draw": 2},
        "Hot: the noise decides": {"temperature": HOTTEST, "draw": 2},
        "Cold: the logits decide": {"temperature": 0.125, "draw": 2},
    },
)
