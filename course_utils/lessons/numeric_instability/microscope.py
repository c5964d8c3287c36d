"""Section "What a float is made of": a bit microscope."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.handles import handle
from course_utils.numerics.floats import float_fields, neighbors
from course_utils.teaching import Bits, Demo, Question
from course_utils.teaching.pictures import (
    Axis,
    DragTo,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Press,
    Table,
    Text,
)
from course_utils.teaching.text import format_number, with_minus

gap_question = Question(
    "16777216 is 2²⁴, and a float32. Which float32 comes *next*?",
    ["16777216.000001", "16777216.1", "16777217", "16777218"],
    "D",
    [
        "that a float32 has six decimals, here as everywhere. It has 24 binary digits, wherever the number stands.",
        "that floats are evenly spaced and fine enough for a tenth. The gap grows with the number.",
        "that a float holds every whole number. It does up to here; then, up to 2²⁵, every second one.",
        "In binary, 16777216 has 25 digits, and a float32 keeps 24: the last one it keeps counts twos, and 16777217 cannot be stored.",
    ],
    expected=[5, 20, 50, 25],
)

FIELDS = (("sign", 1), ("exponent", 8), ("fraction", 23))
ACROSS = np.array([0, *np.arange(8) + 1.3, *range(12), *range(11)])  # the column in which each bit stands
DOWN = np.array([0] * 9 + [1] * 12 + [2] * 11)  # and its row
CELL = np.array([[0, 0], [0.92, 0], [0.92, 0.9], [0, 0.9]])
# Where the gap begins to grow, and where it ends: in between, it doubles with every power of two.
POWERS, GAPS = 2.0 ** np.array([-149, -126, 127]), 2.0 ** np.array([-149, -149, 104])


def bits_of(x: float) -> str:
    """Return the 32 bits of a float32."""
    return "".join(float_fields(np.float32(x)).bits)


def microscope(bits: str) -> Picture:
    """Show what 32 bits mean as a float32, its neighbors, and how far away they are."""
    x = np.uint32(int(bits, 2)).view(np.float32)
    fields = float_fields(x)
    exact = float(x)
    seen = _around(x, 8)
    around = seen[4:13]
    inside = np.isfinite(around)
    gap = float(around[5]) - exact if inside[4] and inside[5] else math.nan
    if math.isnan(gap) and inside[4]:
        gap = exact - float(around[3])  # the largest number has no finite neighbor above
    with np.errstate(invalid="ignore"):
        distances = np.where(np.isfinite(seen) & inside[4], (seen - exact) / gap, np.nan)
    distance = distances[4:13]
    written = [format_number(float(v), 9) for v in around]
    meaning, formula, short = _meaning(fields, exact)
    written[4] = meaning
    return Picture(
        [
            [_bits(bits)],
            [_neighbors(distances, written if inside[4] else [], short)],
            [_gap_curve(abs(exact), gap)],
        ],
        _microscope_text(fields.kind, exact, around, gap, meaning),
        table=Table(
            "This float32 and its neighbors",
            {
                "step": np.arange(-4, 5),
                "value": written if inside[4] else ["none"] * 4 + [meaning] + ["none"] * 4,
                "distance in gaps": [float(d) if np.isfinite(d) else "none" for d in distance],
            },
            {
                "bits": " ".join(fields.bits),
                "stored exponent": fields.exponent,
                "stored fraction": fields.fraction,
                "value": formula,
                "gap to the next number": gap if math.isfinite(gap) else "none",
            },
            digits=9,
        ),
        height=(156, 104, 190),
    )


def _around(x: np.float32, count: int) -> Array:
    """Return x between its `count` neighbors on either side."""
    below, above = [x], [x]
    for _ in range(count):
        below.append(neighbors(below[-1]).below)
        above.append(neighbors(above[-1]).above)
    with np.errstate(invalid="ignore"):  # NumPy complains of a NaN whose fraction begins with 0
        return np.array([*below[:0:-1], *above], dtype=np.float64)


def _meaning(fields: Any, exact: float) -> tuple[str, str, str]:
    """Say what the fields stand for: in words, as a formula with all digits, and with few."""
    sign = "−" if fields.sign else "+"
    if fields.kind == "nan":
        return "not a number", "exponent all ones, fraction not zero", "not a number"
    if fields.kind == "infinite":
        infinity = f"{'minus ' if fields.sign else ''}infinity"
        return infinity, "exponent all ones, fraction zero", infinity
    first, power = (0, -126) if fields.exponent == 0 else (1, fields.exponent - 127)
    significand = first + fields.fraction / 2**23
    digits = f"{significand:.23f}".rstrip("0")
    return (
        format_number(exact, 9) if exact or not fields.sign else "minus zero",
        with_minus(f"{sign}{digits}{'0' * digits.endswith('.')} · 2^{power}"),
        f"{sign}{format_number(significand, 9)} · 2^{{{format_number(power)}}}",
    )


def _microscope_text(kind: str, exact: float, around: Array, gap: float, meaning: str) -> str:
    if kind == "nan":
        return (
            "These bits are not a number. An exponent of all ones with any fraction but zero means just that."
        )
    if kind == "infinite":
        return f"These bits mean {meaning}. An exponent of all ones is kept for what is no ordinary number."
    if kind == "subnormal":
        special = (
            "An exponent of all zeros means a subnormal number: the leading 1 is missing, and so are digits."
        )
    elif kind == "zero":
        which = "All bits" if math.copysign(1, exact) > 0 else "All bits but the sign"
        special = f"{which} are zero; the nearest numbers are the smallest subnormal ones."
    else:
        special = (
            "Everything between two neighbors is rounded to one of them, and no gap further out is narrower."
        )
    following = (
        f"the next float32 is {format_number(around[5], 9)}"
        if math.isfinite(around[5])
        else "the next step up is infinity"
    )
    width = format_number(gap, 3 if gap < 1 else 9)  # a power of two looks like it, up to 2^29
    return f"These bits mean {meaning}; {following}. The gap is {width}. {special}"


def _bits(bits: str) -> Panel:
    """Draw one cell per bit, to be pressed."""
    cells = np.stack([ACROSS, DOWN], axis=1)[:, None] + CELL
    fill = ["ink" if bit == "1" else "tint1" for bit in bits]
    return Panel(
        "the bits: sign, then exponent; below them, the fraction",
        [
            Polygons("bits", list(cells), fill=fill, drags=Press("bits")),
            *(
                Text(bit, x, y, anchor="middle", dy=4, halo=False, color="paper" if bit == "1" else "ink")
                for bit, (x, y) in zip(bits, cells.mean(axis=1).tolist(), strict=True)
            ),
        ],
        x=Axis(low=0, high=12),
        y=Axis(low=0, high=3, ticks=(), names=("", "", "")),  # read from the top
        frame="none",
    )


def _neighbors(distances: Array, written: list[str], short: str) -> Panel:
    """Draw the number between its neighbors, each where it belongs."""
    words: list[Any] = []
    for step, height, anchor in (
        ((-1, -0.9, "end"), (0, -1.7, "middle"), (1, -0.9, "start")) if written else ()
    ):
        # Past the largest number a neighbor is infinite: its word stands where a number would be next.
        place = float(distances[8 + step]) if np.isfinite(distances[8 + step]) else step
        words += [
            Line("", [0, height + 0.1], [place] * 2, color="axis", width=1),
            Text(written[4 + step], place, height, anchor=anchor, dx=4 * step),
        ]
    if not written:
        words = [Text("no place on this line", 0, -0.7, anchor="middle")]
    return Panel(
        f"this number, {short}, and its neighbors"
        if written
        else f"{short}: no neighbor at a finite distance",
        [
            *words,
            Points(
                "", np.zeros(17), np.where(np.abs(distances) < 4.6, distances, np.nan), color="muted", size=8
            ),
            Points("", [0.0], [0.0 if written else np.nan], color="accent", shape="diamond", size=15),
        ],
        x=Axis("gaps away", -4.6, 4.6, ticks=range(-4, 5)),
        y=Axis(low=-2.4, high=0.5, ticks=(), names=("",)),
    )


def _gap_curve(magnitude: float, gap: float) -> Panel:
    seen = magnitude if magnitude and math.isfinite(magnitude) else math.nan
    return Panel(
        "gap to the next number, over the size of the number",
        [
            Line("gap", GAPS, POWERS, color="muted", width=3),
            handle(
                "this gap",
                gap if seen == seen else math.nan,
                seen,
                DragTo(_of_this_size, ("bits",), "size of the number"),
                color="accent",
                shape="diamond",
                size=15,
            ),
        ],
        x=Axis("size of the number", 1e-46, 1e40, scale="log", ticks=(1e-40, 1e-20, 1, 1e20, 1e38)),
        y=Axis(low=1e-46, high=1e34, scale="log", ticks=(1e-40, 1e-20, 1, 1e20)),
    )


def _of_this_size(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Return the bits of the power of two nearest to the place on the axis, with the sign kept."""
    power = float(np.clip(np.round(np.log2(x)), -149, 127))
    return {"bits": state["bits"][0] + bits_of(2.0**power)[1:]}


microscope_demo = Demo(
    microscope,
    (Bits("bits", "Bits of a float32", groups=FIELDS, initial=bits_of(1.0)),),
    title="Bit microscope.",
    look_for="Switch the last bit of the fraction: you have moved to a neighbor. How far is it?",
    presets={
        "0.1": {"bits": bits_of(0.1)},
        "16777216, which is 2 to the 24th": {"bits": bits_of(2.0**24)},
        "Largest": {"bits": bits_of(float(np.finfo(np.float32).max))},
        "Smallest": {"bits": bits_of(2.0**-149)},
        "Infinity": {"bits": bits_of(math.inf)},
        "Not a number": {"bits": "0" + "1" * 9 + "0" * 22},
    },
)
