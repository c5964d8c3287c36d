"""Section "Text at three temperatures": a small language model writes, character by character."""

from __future__ import annotations

import functools
import itertools
import textwrap

import numpy as np

from course_utils.data import NextCharacter, load_next_character
from course_utils.lessons.arrays import Whole
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Question
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Table, Text, classes
from course_utils.teaching.text import format_number

noise_question = Question(
    "You let the model write twice at T = 1.5, from the same words, and get two texts. Where does the first difference "
    "between them come from?",
    [
        "Temperature adds noise to the logits.",
        "The probabilities were the same; the difference comes from drawing a character from them.",
        "At T > 1 the order of the characters is shuffled.",
    ],
    "B",
    [
        "that temperature is random. Run softmax(z/T) twice: same result. T only shapes the distribution.",
        "Softmax is a plain function. Chance enters afterward, when a character is drawn; a fixed seed gives the same text.",
        "that a high T shuffles. The most probable character stays the most probable one at every T.",
    ],
    expected=[35, 55, 10],
)

LENGTH, LINE, LINES = 200, 42, 6  # characters written; characters in a line, and lines that are shown
CHOICES = ("first", "second", "third", "later")


@functools.cache
def model() -> NextCharacter:
    return load_next_character()


@functools.lru_cache(maxsize=256)
def written(prompt: str, temperature: float, seed: int) -> tuple[str, Whole]:
    """Return a text, and for each character that was drawn how many others were more probable."""
    text = model().generate(prompt, LENGTH, temperature=temperature, seed=seed)
    contexts = np.stack([model().one_hot(text[:end]).ravel() for end in range(len(prompt), len(text))])
    logits = model().mlp.forward(contexts)
    drawn = [model().alphabet.index(character) for character in text[len(prompt) :]]
    return text, (logits > logits[np.arange(LENGTH), drawn, np.newaxis]).sum(axis=1)


def longest_repeat(text: str) -> int:
    """Return the length of the longest piece that occurs twice; the two may overlap."""
    ends = sorted(text[i:] for i in range(len(text)))
    return max((common_start(a, b) for a, b in itertools.pairwise(ends)), default=0)


def common_start(a: str, b: str) -> int:
    """Return how many characters two texts have in common from the beginning.

    >>> common_start("rabbit", "rabbi t")
    5
    """
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def writing(temperature: float, prompt: str, seed: int) -> Picture:
    """Show what the model writes at one temperature, and how often it took its first choice."""
    text, rank = written(prompt, temperature, seed)
    counts = np.bincount(np.minimum(rank, 3), minlength=4)
    repeat = longest_repeat(text[len(prompt) :])  # the prompt is not its own
    lines = textwrap.wrap(text, LINE)
    if len(lines) > LINES:  # hot: words so long that lines stay half empty
        lines = [text[start : start + LINE] for start in range(0, len(text), LINE)]
    return Picture(
        [
            Panel(
                f"what it writes at *T* = {format_number(temperature)}",
                [Text(line, 0, -row, size=14) for row, line in enumerate(lines)],
                x=Axis("", 0, 1),
                y=Axis("", -LINES + 0.5, 0.8),
                frame="none",
                weight=1.3,
            ),
            Panel(
                "its first choice, or another?",
                [Bars("characters", counts, color="exponentials", values=[str(n) for n in counts])],
                x=classes(CHOICES),
                y=Axis("", 0, 1.1 * LENGTH, ticks=()),
            ),
        ],
        f"At T = {format_number(temperature)} the model took its first choice for {counts[0]} of {LENGTH} characters. "
        f"The longest piece that it wrote twice has {repeat} characters.",
        table=Table(
            "Which choice was drawn",
            {"choice": CHOICES, "characters": counts},
            {"text": text, "characters written": LENGTH, "longest piece that it wrote twice": repeat},
        ),
        height=195,
    )


writing_demo = Demo(
    writing,
    (
        LogFloat("temperature", "Temperature T", low=0.1, high=5, initial=1, step=50 ** (1 / 40), plays=True),
        Choice("prompt", "It goes on from", options=("alice ", "the queen ", "why ", "'oh dear!' ")),
        Integer("seed", "Seed of the random numbers", low=0, high=20, initial=0),
    ),
    title="A machine that writes.",
    look_for="Turn T down to 0.2, then up to 3: what becomes of the text?",
    presets={
        "Cold, T = 0.2": {"temperature": 0.2},
        "T = 1, another seed": {"seed": 1},
        "Hot, T = 3": {"temperature": 3},
        "Cold, another seed": {"temperature": 0.2, "seed": 3},
    },
)
