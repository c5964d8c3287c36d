"""What a float is made of: a bit microscope."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_utils.lessons.arrays import Array
from course_utils.lessons.numeric_instability.words import in_words
from course_utils.numerics.floats import float_fields, neighbors
from course_utils.teaching import Bits, Demo, Picture, Question, Table, look
from course_utils.teaching.text import format_number

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
)

FIELDS = (("sign", 1), ("exponent", 8), ("fraction", 23))
POWERS = 2.0 ** np.arange(-149, 128)  # of two, from the smallest float32 to the last before overflow
GAPS = np.maximum(2.0**-149, POWERS * 2.0**-23)


def bits_of(x: float) -> str:
    """Return the 32 bits of a float32."""
    return "".join(float_fields(np.float32(x)).bits)


def microscope(bits: str) -> Picture:
    """Show what 32 bits mean as a float32, its neighbors, and how far away they are."""
    x = np.uint32(int(bits, 2)).view(np.float32)
    fields = float_fields(x)
    exact = float(x)
    steps = np.arange(-4, 5)
    around = _around(x, 4)
    inside = np.isfinite(around)
    gap = float(around[5]) - exact if inside[4] and inside[5] else math.nan
    if math.isnan(gap) and inside[4]:
        gap = exact - float(around[3])  # the largest number has no finite neighbor above
    distance = np.where(inside, (around - exact) / gap, np.nan) if inside[4] else np.full(9, np.nan)
    row = np.array([list(bits)], dtype=float)
    written = [format_number(in_words(v), 9) for v in around]

    figure, (strip, line, scale) = look.panels(1, 3, height=500, row_gap=60)
    _place(strip, 66, 442, 558, 24)
    _place(line, 66, 308, 558, 74)
    _place(scale, 66, 50, 558, 172)
    _bit_strip(strip, row, bits)
    _neighbor_line(line, distance, written if inside[4] else [])
    _gap_curve(scale, abs(exact), gap)

    meaning, formula = _meaning(fields, exact)
    return Picture(
        figure,
        _microscope_text(fields.kind, exact, around, gap, meaning),
        Table(
            "This float32 and its neighbors",
            {
                "step": steps,
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
        {
            "bits": row,
            "neighbor": distance,
            "height": np.zeros(9),
            "magnitude": POWERS,
            "gap": GAPS,
            "this magnitude": np.array([abs(exact) if exact and math.isfinite(exact) else np.nan]),
            "this gap": np.array([gap]),
        },
    )


def _around(x: np.float32, count: int) -> Array:
    """Return x between its `count` neighbors on either side."""
    below, above = [x], [x]
    for _ in range(count):
        below.append(neighbors(below[-1]).below)
        above.append(neighbors(above[-1]).above)
    return np.array([*below[:0:-1], *above], dtype=np.float64)


def _meaning(fields: Any, exact: float) -> tuple[str, str]:
    """Say what the fields stand for: in words, and as a formula."""
    sign = "−" if fields.sign else "+"
    if fields.kind == "nan":
        return "not a number", "exponent all ones, fraction not zero"
    if fields.kind == "infinite":
        return f"{'minus ' if fields.sign else ''}infinity", "exponent all ones, fraction zero"
    significand = f"{fields.fraction / 2**23:.23f}".rstrip("0").removeprefix("0.") or "0"
    first, power = (0, -126) if fields.exponent == 0 else (1, fields.exponent - 127)
    return (
        format_number(exact, 9) if exact or not fields.sign else "minus zero",
        f"{sign}{first}.{significand} · 2^{power}".replace("-", "−"),
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
        special = "All but the sign are zero; the nearest numbers are the smallest subnormal ones."
    else:
        special = (
            "Everything between two neighbors is rounded to one of them, and no gap further out is narrower."
        )
    following = (
        f"the next float32 is {format_number(around[5], 9)}"
        if math.isfinite(around[5])
        else "the next step up is infinity"
    )
    return f"These bits mean {meaning}; {following}. The gap is {format_number(gap)}. {special}"


def _place(axes: Axes, x: float, y: float, width: float, height: float) -> None:
    """Put axes at a place given in pixels."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    tall = figure.get_size_inches()[1] * look.DOTS_PER_INCH
    axes.set_position((x / look.PIXELS_WIDE, y / tall, width / look.PIXELS_WIDE, height / tall))


def _bit_strip(axes: Axes, row: Array, bits: str) -> None:
    axes.imshow(row, cmap="Greys", vmin=0, vmax=1.3, aspect="auto", gid="bits")
    for i, bit in enumerate(bits):
        axes.text(i, 0, bit, ha="center", va="center", color="white" if bit == "1" else "black")
    edges = np.cumsum([0, *(count for _, count in FIELDS)]) - 0.5
    for edge in edges[1:-1]:
        axes.axvline(edge, color=look.VERMILLION, linewidth=3, gid="guide")
    axes.set_xticks((edges[:-1] + edges[1:]) / 2, [name for name, _ in FIELDS])
    axes.tick_params(length=0)
    axes.set_yticks([])
    axes.grid(False)
    axes.set_title("the bits")


def _neighbor_line(axes: Axes, distance: Array, written: list[str]) -> None:
    axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    axes.plot(
        distance, np.zeros(9), "|", color=look.BLUE, markersize=16, markeredgewidth=2, gid="neighbor | height"
    )
    axes.plot(distance[4:5] * 0, [0], "D", color=look.VERMILLION, markersize=9, gid="guide")
    axes.set(xlim=(-4.6, 4.6), ylim=(-0.8, 1.9), yticks=[])
    axes.set_xticks(range(-4, 5))
    axes.set_xlabel("distance, in units of the gap to the next number", labelpad=2)
    axes.set_title("this number (diamond) and its neighbors")
    axes.grid(False)
    for step, height, side in ((-1, 0.8, "right"), (0, 1.5, "center"), (1, 0.8, "left")) if written else ():
        # Past the largest number a neighbor is infinite: its word stands where a number would be next.
        place = float(distance[4 + step]) if np.isfinite(distance[4 + step]) else step
        axes.plot(
            [place] * 2, [0, height - 0.3 * (step == 0)], color=look.REFERENCE, linewidth=1, gid="guide"
        )
        axes.annotate(
            written[4 + step],
            (place, height),
            (4 * step, 0),
            textcoords="offset points",
            ha=side,
            va="center",
        )
    if not written:
        axes.text(
            0.5, 0.8, "no neighbor at a finite distance", ha="center", va="center", transform=axes.transAxes
        )


def _gap_curve(axes: Axes, magnitude: float, gap: float) -> None:
    axes.loglog(POWERS, GAPS, color=look.BLUE, gid="magnitude | gap")
    shown = [magnitude if magnitude and math.isfinite(magnitude) else math.nan]
    axes.loglog(
        shown, [gap], "D", color=look.VERMILLION, markeredgecolor="white", gid="this magnitude | this gap"
    )
    axes.set(xlim=(1e-46, 1e43), ylim=(1e-46, 1e34), xlabel="size of the number")
    axes.set_xticks(10.0 ** np.arange(-40, 41, 20))
    axes.set_yticks(10.0 ** np.arange(-40, 31, 20))
    axes.minorticks_off()
    axes.set_title("gap to the next number, over the size of the number")


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
