"""Section "Score plus entropy": LSE as the top of a hill over all probabilities."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import inverse_temperature_slider
from course_utils.lessons.handles import handle
from course_utils.numerics.losses import kl_divergence
from course_utils.numerics.softmax import entropy, softmax
from course_utils.teaching import Demo, Float
from course_utils.teaching.pictures import Axis, Band, Bars, Line, Panel, Picture, Points, Rule, classes
from course_utils.teaching.text import adding_up, format_number

SHARES = np.linspace(0, 1, 101)
LEAST_WRITTEN = 1e-4  # of what is missing, that LSE has a digit for it
HEIGHTS = Axis(low=0, high=2.9, ticks=(0, 1, 2))


def _both(q: Array | float) -> Array:
    """Return the probabilities of both classes, given the first."""
    return np.stack([q, 1 - np.asarray(q)], axis=-1)


def score_plus_entropy(q: float, lead: float, inverse_temperature: float) -> Picture:
    """Show ⟨q, z⟩ + H(q)/λ for the scores (lead, 0) and all q, and what q = p reaches."""
    k = inverse_temperature
    top = float(np.logaddexp(k * lead, 0) / k)
    p = softmax(np.array([k * lead, 0.0]))
    score, bonus = lead * q, float(entropy(_both(q))) / k
    missing = float(kl_divergence([k * lead, 0.0], _both(q))) / k
    said = adding_up(score, bonus)
    if q == 0.5 and lead == 0:  # e to any float but 0 is no fraction, as q/(1 − q) is
        verdict = f"Nothing is missing: this is LSE = {format_number(top)}, and q is softmax."
    else:
        amount, of_lse = format_number(missing) if missing else "too little for a float", "LSE"
        if missing > LEAST_WRITTEN:
            *said, amount, total, lse = adding_up(score, bonus, missing)
            said, of_lse = [*said, total], f"LSE = {lse}"
        verdict = f"It falls short of {of_lse} by {amount}: the divergence of q from p, divided by λ."
    return Picture(
        [
            _hill(q, lead, k, top),
            _parts(score, bonus, missing, top),
        ],
        f"Score {said[0]} plus entropy/λ {said[1]} is {said[2]}. {verdict}",
        facts={"LSE": top, "sum at this q": score + bonus, "p0 of softmax": p[0]},
        height=310,
    )


def _hill(q: float, lead: float, k: float, top: float) -> Panel:
    """Show score and score + entropy/λ for every q, and at this one; the top is at softmax."""
    scores, p = lead * SHARES, softmax(np.array([k * lead, 0.0]))
    hill, here = scores + entropy(_both(SHARES)) / k, lead * q + float(entropy(_both(q))) / k
    return Panel(
        "score + entropy/λ, for every *q*",
        [
            Band("", scores, hill, SHARES, color="temperature", opacity=0.3),
            Rule("", top, axis="y", label="LSE"),
            Line("score", scores, SHARES, color="logits", dash="dashed"),
            Line("score + entropy/λ", hill, SHARES, color="ink"),
            Points("LSE, at q = p", [top], p[:1], color="probabilities", shape="diamond", size=12),
            handle("score + entropy/λ at this q", here, q, "q"),
        ],
        x=Axis("share *q*_0 of the first score", 0, 1, ticks=(0, 0.5, 1), name="*q*_0"),
        y=HEIGHTS,
        weight=3,
    )


def _parts(score: float, bonus: float, missing: float, top: float) -> Panel:
    """Stack what one q reaches, and what it misses of the top."""
    return Panel(
        "at this *q*",
        [
            Bars("score at this q", [score], color="logits", label="score"),
            Bars("entropy/λ", [bonus], base=[score], color="temperature", hatch="..", label="entropy/λ"),
            Bars("missing", [missing], base=[score + bonus], color="loss", hatch="//", label="missing"),
            Rule("", top, axis="y"),
        ],
        x=classes(["here"]),
        y=HEIGHTS,
    )


entropy_demo = Demo(
    score_plus_entropy,
    (
        Float("q", "Share q0", low=0, high=1, initial=0.5, step=0.01, plays=True),
        Float("lead", "Score z0 (z1 is 0)", low=0, high=2, initial=1, step=0.1),
        inverse_temperature_slider(low=0.5, high=32, initial=1),
    ),
    title="The top of the hill.",
    look_for="Drag the point to the top. Which q is that, and how high is it?",
    presets={
        "All on the winner": {"q": 1},
        "Sharp": {"q": 1, "inverse_temperature": 16},
        "A tie": {"lead": 0},
        "All on the loser": {"q": 0},
    },
)
