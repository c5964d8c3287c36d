"""Section "Before you go"."""

from __future__ import annotations

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. You train a 2-20-1 ReLU network. While its weights change, what can *not* happen?",
    [
        "A region disappears.",
        "The network gets 250 regions in the plane.",
        "The line of a unit leaves the window.",
        "Two regions have the same gradient.",
    ],
    "B",
    [
        "that regions are fixed once and for all. A small triangle shrinks to nothing when three lines meet in one point.",
        "Twenty lines make at most 1 + 20 + 190 = 211 parts, whatever the weights are.",
        "that a line stays near the data. Nothing holds it there: a large bias moves it anywhere.",
        "that every region has a gradient of its own. A unit with a = 0 changes nothing when it switches.",
    ],
    expected=[10, 60, 15, 15],
)
