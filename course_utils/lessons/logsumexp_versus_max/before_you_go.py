"""Section "Before you go"."""

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. You replace the max of n = 1000 scores by LSE with inverse temperature λ and want the result to be at most "
    "0.01 too high, whatever the scores. How large must λ be? (log 1000 is about 6.9.)",
    ["About 7", "About 70", "About 700", "No λ guarantees that."],
    "C",
    [
        "of log n alone. With λ = 7, a thousand equal scores come out about 1 too high.",
        "of a slip by ten: log n/λ = 0.01 means λ = 100 · log n.",
        "The largest gap is log n/λ; with log 1000 near 6.9 it falls to 0.01 at λ near 691.",
        "that the gap depends on the scores without limit. It does depend on them, but never exceeds log n/λ.",
    ],
    expected=[15, 15, 60, 10],
)
