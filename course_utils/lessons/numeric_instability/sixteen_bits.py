"""Section "Sixteen bits": float16 and bfloat16 beside float32."""

from __future__ import annotations

from course_utils.teaching import Question
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, classes

ones_question = Question(
    "You start at 0 and add 1 to a bfloat16, again and again, each time rounding to the nearest bfloat16. Where does the sum stop?",
    [
        "It never stops before it overflows, at about 3.4e38.",
        "At 65504.",
        "At 256.",
        "At 1: the first rounding loses everything.",
    ],
    "C",
    [
        "of the largest number. The range is that of float32, but long before its end a 1 is smaller than half the gap.",
        "of float16, whose largest number that is. It stops even earlier, at 2048: there its gap becomes 2.",
        "Its 8 binary digits reach to 256 = 2⁸; above that, bfloat16 has every second whole number only. "
        "257 lies in the middle and is rounded to the even neighbor, 256.",
        "that so few bits cannot count. Every whole number up to 256 is a bfloat16.",
    ],
    expected=[35, 20, 30, 15],
)

FORMATS = ("float32", "bfloat16", "float16")
SIGN, EXPONENT, FRACTION = (1, 1, 1), (8, 8, 5), (23, 7, 10)

formats_picture = Picture(
    [
        Panel(
            "bits of three formats",
            [
                Bars("sign", SIGN, color="muted", horizontal=True, label="sign"),
                Bars(
                    "exponent",
                    EXPONENT,
                    base=SIGN,
                    color="temperature",
                    hatch="//",
                    horizontal=True,
                    label="exponent: range",
                ),
                Bars(
                    "fraction",
                    FRACTION,
                    base=[s + e for s, e in zip(SIGN, EXPONENT, strict=True)],
                    color="logits",
                    horizontal=True,
                    label="fraction: digits",
                ),
            ],
            x=Axis("bits", 0, 32, ticks=(0, 8, 16, 24, 32)),
            y=classes(FORMATS),
        )
    ],
    "bfloat16 has the 8 exponent bits of float32 and 7 bits of fraction; float16 has 5 and 10. "
    "The first half of a float32 is a bfloat16.",
    height=190,
)
