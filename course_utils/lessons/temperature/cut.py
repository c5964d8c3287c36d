"""Section "Three ways to cut": greedy, top-k and top-p, on the same logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.temperature.write import model
from course_utils.numerics.sampling import most_probable
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Integer, LogFloat, Question
from course_utils.teaching.pictures import Axis, Bars, Drag, Panel, Picture, Rule, classes
from course_utils.teaching.text import format_number

cut_question = Question(
    "In the middle of a word the model is nearly sure of the next character; after a space many are possible. Which cut "
    "keeps few characters in the first case and many in the second, without being told?",
    ["Greedy.", "Top-k with k = 5.", "Top-p with a total of 0.9.", "A lower temperature."],
    "C",
    [
        "that greedy adapts. It keeps one character, however many are possible.",
        "that k follows the model. Top-k keeps five, where one has nearly everything and where fifteen share it.",
        "As few as reach the total: one, if it has 0.9 by itself; many, if each has little.",
        "of a cut. A temperature cuts nothing: on paper each character keeps a probability above 0.",
    ],
    expected=[15, 25, 45, 15],
)

SHOWN = 12  # of the 35 characters, the most probable ones


def cuts(prompt: str, temperature: float, top_k: int, top_p: float) -> Picture:
    """Show one distribution three times, and what greedy, top-k and top-p keep of it."""
    logits = model().logits(prompt)
    order = np.argsort(-logits, kind="stable")
    p = softmax(logits[order], temperature=temperature)
    names = [model().alphabet[i].replace(" ", "\\_") for i in order[:SHOWN]]
    by_count, by_total = most_probable(p, top_k=top_k), most_probable(p, top_p=top_p)
    few, total = int(np.count_nonzero(by_total)), float(p[:top_k].sum())

    def panel(title: str, bars: list[Bars], rules: list[Rule], places: list[str]) -> Panel:
        return Panel(title, [*bars, *rules], x=classes(places), y=Axis("", 0, 1.03, ticks=(0, 0.5, 1)))

    def beside(title: str, share: Array, rules: list[Rule]) -> Panel:
        cut = (share[:SHOWN] == 0).tolist()
        bars = Bars(title, p[:SHOWN], color="probabilities", width=0.86, faded=cut)
        return panel(title, [bars], rules, names)

    by_k = Rule("k", top_k - 0.5, color="ink", width=2, drags={"x": Drag("top_k", offset=0.5)})
    by_p = Rule("top-p", top_p, axis="y", color="ink", width=2, drags={"y": Drag("top_p")})
    return Picture(
        [
            beside("greedy keeps one", most_probable(p, top_k=1), []),
            beside(f"top-k keeps {top_k}", by_count, [by_k]),
            panel(f"top-p keeps {few}", _stacked(p, few), [by_p], [*names, "…"]),
        ],
        f"Top-p keeps {few} of {len(p)} characters, as few as reach a total of {format_number(top_p)}; "
        f"top-k keeps {top_k}, which {'has' if top_k == 1 else 'have'} {format_number(total)} here. "
        f"Greedy keeps the first, with {format_number(p[0])}.",
        facts={"characters": len(p), "kept by top-p": few, "total of top-k": total},
        height=250,
    )


def _stacked(p: Array, few: int) -> list[Bars]:
    """Stack the characters on each other, the ones without a bar of their own on one more place: kept, then cut."""
    edges = np.cumsum(p)
    rest = [edges[max(few, SHOWN) - 1] - edges[SHOWN - 1], edges[-1] - edges[max(few, SHOWN) - 1]]
    starts = np.append((edges - p)[:SHOWN], edges[SHOWN - 1])
    first = np.arange(SHOWN) < few
    kept, cut = np.append(p[:SHOWN] * first, rest[0]), np.append(p[:SHOWN] * ~first, rest[1])
    how: dict[str, Any] = {"color": "probabilities", "width": 0.86}
    return [
        Bars(f"top-p keeps {few}", kept, base=starts, **how),
        Bars("top-p cuts", cut, base=starts + kept, faded=[True] * (SHOWN + 1), **how),
    ]


cut_demo = Demo(
    cuts,
    (
        Choice(
            "prompt", "The text so far", options=("the white ", "the white rabbi", "alice ", "she said, ")
        ),
        LogFloat("temperature", "Temperature T", low=0.1, high=5, initial=1, step=50 ** (1 / 40), plays=True),
        Integer("top_k", "Top-k: number to keep", low=1, high=SHOWN, initial=5),
        Float("top_p", "Top-p: total to keep", low=0.05, high=0.95, initial=0.9, step=0.05),
    ),
    title="Three ways to cut.",
    look_for="Change the text, then T: which cuts keep as many as before? Drag the lines.",
    presets={
        "Many ways to go on": {"prompt": "alice "},
        "Nearly sure": {"prompt": "the white rabbi"},
        "Hot": {"prompt": "alice ", "temperature": 3},
        "Cold": {"prompt": "alice ", "temperature": 0.2},
    },
)
