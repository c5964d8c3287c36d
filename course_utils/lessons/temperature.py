"""Lesson 03: temperature. What the notebook ``03_temperature`` shows, asks and sets as exercises."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from course_utils.data import DigitScores, load_digit_logits
from course_utils.numerics.softmax import entropy, hardmax, log_softmax, softmax
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Float,
    Integer,
    LogFloat,
    Mistake,
    Picture,
    Question,
    Table,
    Vector,
    look,
)
from course_utils.teaching.drawing import bars, color_bar, marks
from course_utils.teaching.text import format_list, format_number

Array = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.integer[Any]]

# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------


def _log_axis(axes: Axes, ticks: tuple[float, ...], both_names: bool = False) -> None:
    """Put temperatures on a logarithmic axis, with λ = 1/T as a second line of labels on demand."""
    labels = [f"{t:g}\n{1 / t:g}" if both_names else f"{t:g}" for t in ticks]
    axes.set_xscale("log")
    axes.set_xticks(ticks, labels)
    axes.minorticks_off()


COLDEST, HOTTEST = 0.05, 20.0
TEMPERATURES = np.geomspace(COLDEST, HOTTEST, 121)


def one_knob(z: tuple[float, ...], temperature: float) -> Picture:
    """Show probabilities at one temperature, and the entropy at all of them."""
    logits, count = np.array(z), len(z)
    p, p_at_one = softmax(logits, temperature=temperature), softmax(logits)
    coldest, uniform = hardmax(logits), np.full(count, 1 / count)
    along = entropy(softmax(logits / TEMPERATURES[:, np.newaxis]))
    now, floor, ceiling = float(entropy(p)), float(entropy(coldest)), float(np.log(count))

    figure, (left, right) = look.panels(2, left=48, bottom=74, height=340)
    bars(left, p, "p", look.PROBABILITIES, "probabilities p", [str(i) for i in range(count)])
    marks(left, p_at_one, "p at T = 1", "at T = 1")
    left.axhline(1 / count, color=look.REFERENCE, linestyle=":", gid="guide")
    left.set(xlabel="class", ylim=(0, 1.3))
    left.set_yticks(np.linspace(0, 1, 5))
    right.plot(TEMPERATURES, along, color=look.TEMPERATURE, gid="T | entropy along T")
    for limit in (floor, ceiling):
        right.axhline(limit, color=look.REFERENCE, linestyle=":", gid="guide")
    right.plot(
        [temperature],
        [now],
        "o",
        color=look.TEMPERATURE,
        markeredgecolor=look.OUTLINE,
        markersize=11,
        gid="T now | entropy now",
    )
    _log_axis(right, (0.05, 0.2, 1, 5, 20), both_names=True)
    right.set(xlabel="T, and λ = 1/T below it", ylim=(-0.07, 1.5))
    right.set_title("entropy in nats", y=1.01)

    change = p.max() - p_at_one.max()
    if np.ptp(logits) == 0:
        effect = "All logits are equal, and then no temperature can tell the classes apart."
    elif temperature == 1:
        effect = "T = 1 is softmax as you know it."
    else:
        effect = (
            f"The largest probability went {'up' if change > 0 else 'down'} from {format_number(p_at_one.max())} "
            f"at T = 1 to {format_number(p.max())}; the order of the classes is that of the logits."
        )
    return Picture(
        figure,
        f"At T = {format_number(temperature)}, where λ = {format_number(1 / temperature)}, "
        f"p = {format_list(p)}. {effect} "
        f"The entropy is {format_number(now)} nats, between its limits {format_number(floor)} for T → 0 "
        f"and {format_number(ceiling)} for T → ∞.",
        Table(
            "Logits and probabilities, and their limits",
            {
                "": [f"class {i}" for i in range(count)],
                "class": np.arange(count),
                "z": logits,
                "z/T": logits / temperature,
                "p": p,
                "p at T = 1": p_at_one,
                "limit for T → 0": coldest,
                "limit for T → ∞": uniform,
            },
            {
                "T": temperature,
                "λ": 1 / temperature,
                "entropy in nats": now,
                "its limit for T → 0": floor,
                "its limit for T → ∞": ceiling,
            },
        ),
        {
            "T": TEMPERATURES,
            "entropy along T": along,
            "T now": np.array([temperature]),
            "entropy now": np.array([now]),
        },
    )


def before_or_after(z: tuple[float, ...], temperature: float) -> Picture:
    """Show three places for a temperature: under the logits, under p, and as an exponent of p."""
    logits, names = np.array(z), [str(i) for i in range(len(z))]
    p = softmax(logits)
    before, divided = softmax(logits, temperature=temperature), p / temperature
    power = p ** (1 / temperature)
    power = power / power.sum()

    figure, panels = look.panels(3, left=60, gap=62)
    shown = {"softmax(z/T)": before, "p/T": divided, "p^(1/T), renormalized": power}
    titles = ("softmax(z/T)", "p/T", "$p^{1/T}$, renormalized")
    for axes, (name, heights), title in zip(panels, shown.items(), titles, strict=True):
        bars(axes, heights, name, look.PROBABILITIES, title, names)
        axes.set(xlabel="class", ylim=(0, 1.3))
        axes.set_yticks(np.linspace(0, 1, 5))
    tallest = float(divided.max())
    if tallest > 1:
        panels[1].set_ylim(0, 1.3 * tallest)
        panels[1].set_yticks(np.arange(np.ceil(tallest) + 1))
    for axes in panels[1:]:
        marks(axes, before, "softmax(z/T)", "softmax(z/T)")

    if temperature == 1:
        verdict = "At T = 1 all three are the same: dividing by 1 changes nothing."
    else:
        verdict = (
            f"Dividing p by T gives numbers that add up to {format_number(divided.sum())}, and making their sum 1 "
            "again would only bring p back. Raising p to the power 1/T and making the sum 1 gives softmax(z/T)."
        )
    return Picture(
        figure,
        f"At T = {format_number(temperature)}, softmax(z/T) = {format_list(before)}. {verdict}",
        Table(
            "Three places for a temperature",
            {
                "": [f"class {i}" for i in range(len(z))],
                "class": np.arange(len(z)),
                "z": logits,
                "p": p,
                **shown,
            },
            {"T": temperature, "sum of p/T": divided.sum(), "sum of the others": 1},
        ),
    )


SQUARE = np.round(np.linspace(-1, 1, 101), 2)
ALONG = np.round(np.linspace(-1, 1, 201), 2)
SHARPNESS = {"λ = 1": 1.0, "λ = 10": 10.0, "λ = 100": 100.0}
DASHES = ("-", "--", "-.", ":")


def on_a_square(component: str, height: float) -> Picture:
    """Show one component of softmax(λz) over a square of two logits for three λ, and its limit."""
    index, height = int(component[1]), round(height, 2)
    plane = np.stack(np.meshgrid(SQUARE, SQUARE), axis=-1)
    line = np.stack([ALONG, np.full_like(ALONG, height)], axis=-1)
    maps = {name: softmax(k * plane)[..., index] for name, k in SHARPNESS.items()}
    slices = {name: softmax(k * line)[:, index] for name, k in SHARPNESS.items()}
    maps["limit"], slices["limit"] = hardmax(plane)[..., index], hardmax(line)[:, index]

    figure, axes = look.panels(4, 2, height=440, left=58, right=66, gap=30, row_gap=80)
    half = (SQUARE[1] - SQUARE[0]) / 2
    ends = (-1 - half, 1 + half)
    for panel, (name, values) in zip(axes[:4], maps.items(), strict=True):
        image = panel.imshow(
            values,
            origin="lower",
            extent=(*ends, *ends),
            cmap="viridis",
            vmin=0,
            vmax=1,
            aspect="auto",
            interpolation="nearest",
            gid=f"grid z0 | grid z1 | map, {name}",
        )
        panel.axhline(height, color="white", linewidth=4, gid="guide")
        panel.axhline(height, color=look.BLACK, linestyle="--", linewidth=1.5, gid="guide")
        panel.set_title(name)
        panel.set_xticks((-1, 0, 1))
        panel.set_yticks((-1, 0, 1), ["−1", "0", "1"] if panel is axes[0] else ["", "", ""])
        panel.set(xlabel="z0", xlim=(-1, 1), ylim=(-1, 1))
        panel.grid(False)
    axes[0].set_ylabel("z1", labelpad=0)
    color_bar(axes[3], image, (0, 0.5, 1))

    for unused in axes[5:]:
        unused.remove()
    curve, left, right = axes[4], axes[4].get_position(), axes[2].get_position()
    curve.set_position((left.x0, left.y0, right.x1 - left.x0 + 0.04, left.height))
    for (name, values), dash in zip(slices.items(), DASHES, strict=True):
        color = look.BLACK if name == "limit" else look.PROBABILITIES
        curve.plot(ALONG, values, dash, color=color, label=name, gid=f"z0 | slice, {name}")
    for level in (0.1, 0.9):
        curve.axhline(level, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    curve.set(xlim=(-1.02, 1.02), ylim=(-0.05, 1.05), xlabel="z0", ylabel=component)
    curve.set_title(f"{component} along the dashed lines, z1 = {format_number(height)}")
    curve.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), handlelength=2.6)

    width = 2 * np.log(9)
    widths = np.array([width / k for k in SHARPNESS.values()] + [0.0])
    return Picture(
        figure,
        f"Along z1 = {format_number(height)}, {component} goes from {format_number(slices['λ = 1'][0])} to "
        f"{format_number(slices['λ = 1'][-1])} at λ = 1, and from {format_number(slices['λ = 100'][0])} to "
        f"{format_number(slices['λ = 100'][-1])} at λ = 100. "
        f"In z0 − z1, the edge from 0.1 to 0.9 is {format_list(widths[:3])} wide: ten times the λ, a tenth of the width. "
        "The limit is a jump, with one half on the tie itself.",
        Table(
            f"{component} over the square from −1 to 1, and along z1 = {format_number(height)}",
            {
                "": list(maps),
                "smallest in the square": np.array([values.min() for values in maps.values()]),
                "largest": np.array([values.max() for values in maps.values()]),
                "at the left end of the line": np.array([values[0] for values in slices.values()]),
                "at its right end": np.array([values[-1] for values in slices.values()]),
                "edge width in z0 − z1": widths,
                "edge width across the tie": widths / np.sqrt(2),
            },
            {"the edge starts at": 0.1, "the edge ends at": 0.9},
        ),
        {
            "grid z0": SQUARE,
            "grid z1": SQUARE,
            "z0": ALONG,
            **{f"map, {name}": values for name, values in maps.items()},
            **{f"slice, {name}": values for name, values in slices.items()},
        },
    )


WORDS = ["mat", "sofa", "bed", "roof", "sea", "idea"]
WORD_LOGITS = np.array([3.0, 2.2, 1.6, 0.8, -0.5, -2.0])


def top_p_shares(p: Array, top_p: float) -> Array:
    """Keep the most probable classes until their total reaches top_p, and let them share the probability."""
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0.0], np.cumsum(p[order])[:-1]])
    kept = np.zeros_like(p)
    chosen = order[total_before < top_p]
    kept[chosen] = p[chosen]
    share: Array = kept / kept.sum()
    return share


def inverse_cdf(p: Array, u: Array) -> Whole:
    """Return for each u in [0, 1) the class whose interval it falls into."""
    edges = np.cumsum(p)
    return np.searchsorted(edges / edges[-1], u, side="right")


def _count_panel(axes: Axes, drawn: Whole, expected: Array, deviation: Array, title: str) -> dict[str, Any]:
    """Draw counts as bars with what was expected; return the arrays of the two-deviation whiskers."""
    positions = np.arange(len(drawn))
    gap = np.full(len(drawn), np.nan)
    whisker_x = np.column_stack([positions, positions, gap]).ravel()
    whisker_y = np.column_stack([expected - 2 * deviation, expected + 2 * deviation, gap]).ravel()
    axes.bar(positions, drawn, color=look.SKY_BLUE, edgecolor=look.OUTLINE, hatch="//", gid="drawn")
    axes.plot(whisker_x, whisker_y, color=look.BLACK, linewidth=1.5, gid="whisker x | whisker y")
    marks(axes, expected, "expected", "expected ± 2 sd")
    axes.set_xticks(positions, WORDS)
    axes.set_ylim(0, 1.2 * drawn.sum())
    axes.set_title(title, y=1.01)
    return {"class": positions, "whisker x": whisker_x, "whisker y": whisker_y}


def _count(value: float) -> str:
    """Write an expected count: three digits, but no power of ten."""
    return format_number(round(value) if value >= 999.5 else value)


COUNTS = {"10": 10, "100": 100, "1,000": 1000, "10,000": 10_000}
SHOWN_DRAWS = 20


def sampling(temperature: float, top_p: float, draws: str, seed: int) -> Picture:
    """Draw words from softmax(z/T), cut to top-p, and compare their counts with what was expected."""
    number, words = COUNTS[draws], np.arange(len(WORDS))
    p = softmax(WORD_LOGITS, temperature=temperature)
    share = top_p_shares(p, top_p)
    u = np.random.default_rng(seed).random(number)
    word = inverse_cdf(share, u)
    drawn = np.bincount(word, minlength=len(WORDS))
    expected, deviation = number * share, np.sqrt(number * share * (1 - share))
    edges = np.cumsum(share)
    stairs_x = np.column_stack([edges - share, edges]).ravel()

    figure, (left, right) = look.panels(2, left=52, gap=62)
    left.plot(stairs_x, np.repeat(words, 2), color=look.PROBABILITIES, gid="stairs x | stairs y")
    left.plot(
        u[:SHOWN_DRAWS],
        word[:SHOWN_DRAWS],
        "o",
        color=look.SKY_BLUE,
        markeredgecolor=look.OUTLINE,
        gid="first u | first words",
    )
    left.set_yticks(words, WORDS)
    left.set(xlim=(-0.03, 1.03), ylim=(5.5, -0.5), xlabel="random number u")
    left.set_title("from u to a word", y=1.01)
    arrays = _count_panel(right, drawn, expected, deviation, f"counts of {draws} draws")

    kept = int(np.count_nonzero(share))
    if kept == 1:
        rest = "It is the only word that top-p keeps, so nothing is left to chance."
    else:
        off = abs(drawn[0] - expected[0]) / deviation[0]
        rest = (
            f"That is off by {format_number(off, 2)} standard deviations, and most counts stay within 2. "
            f"Top-p keeps {kept} of {len(WORDS)} words, and each random number picks the word of the step it hits, "
            "as wide as the word is probable."
        )
    return Picture(
        figure,
        f"Of {draws.replace(',', '')} draws, {drawn[0]} {'is' if drawn[0] == 1 else 'are'} “{WORDS[0]}”, "
        f"where {_count(expected[0])} {'is' if expected[0] == 1 else 'are'} expected. {rest}",
        Table(
            "Expected and drawn counts",
            {
                "": WORDS,
                "z": WORD_LOGITS,
                "p = softmax(z/T)": p,
                "share after top-p": share,
                "expected": expected,
                "standard deviation": deviation,
                "drawn": drawn,
            },
            {
                "draws": number,
                "words": len(WORDS),
                "words kept by top-p": kept,
                **({f"“{WORDS[0]}”, off by standard deviations": off} if kept > 1 else {}),
            },
        ),
        {
            **arrays,
            "stairs x": stairs_x,
            "stairs y": np.repeat(words, 2),
            "first u": u[:SHOWN_DRAWS],
            "first words": word[:SHOWN_DRAWS],
        },
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
    arrays = _count_panel(right, drawn, expected, deviation, f"winners of {GUMBEL_DRAWS} draws")
    return Picture(
        figure,
        f"In draw {draw} the winner is “{WORDS[winner]}”: its z/T + noise, {format_number(one[winner])}, is the "
        f"largest. "
        f"“{WORDS[0]}” won {drawn[0]} of {GUMBEL_DRAWS} draws, where softmax(z/T) expects {_count(expected[0])}.",
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


def _judged(excess: float) -> str:
    """Say in words how far the mean confidence lies above the accuracy; a hundredth or two is chance."""
    if abs(excess) <= 0.02:
        return "about as sure as it should be"
    return "too sure" if excess > 0 else "not sure enough"


@dataclass(frozen=True)
class Calibration:
    """How well confidence and accuracy agree, per bin and on the whole."""

    n: Whole
    confidence: Array  # mean per bin; not a number where the bin is empty
    accuracy: Array
    deviation: Array  # of the accuracy, if the confidences were right
    mean_confidence: float
    overall_accuracy: float
    ece: float
    nll: float


def calibration(logits: Array, labels: Whole, temperature: float, bins: int) -> Calibration:
    """Sort examples into bins of equal width by confidence, and compare it with accuracy in each bin."""
    p = softmax(logits, temperature=temperature)
    confidence, right = p.max(axis=-1), p.argmax(axis=-1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)

    def total(values: Any) -> Array:
        sums: Array = np.bincount(place, weights=values, minlength=bins).astype(float)
        return sums

    n = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        return Calibration(
            n,
            total(confidence) / n,
            total(right) / n,
            np.sqrt(total(confidence * (1 - confidence))) / n,
            float(confidence.mean()),
            float(right.mean()),
            float(np.abs(total(confidence) - total(right)).sum() / len(labels)),
            mean_nll(logits, labels, temperature),
        )


def mean_nll(logits: Array, labels: Whole, temperature: float) -> float:
    """Negative log-likelihood per example, in nats."""
    log_p = log_softmax(logits, temperature=temperature)
    return float(-log_p[np.arange(len(labels)), labels].mean())


FITTING, TESTING = "600 images for fitting", "1,097 images for testing"
PART_TEMPERATURES = np.geomspace(0.5, 8, 33)


@functools.cache
def _digits() -> dict[str, DigitScores]:
    fit, test = load_digit_logits()
    return {TESTING: test, FITTING: fit}


@functools.cache
def _along_temperatures(part: str) -> tuple[Array, Array]:
    """Return negative log-likelihood and mean confidence of one part at all temperatures of the picture."""
    scores = _digits()[part]
    loss = [mean_nll(scores.logits, scores.labels, t) for t in PART_TEMPERATURES]
    confidence = [softmax(scores.logits, temperature=t).max(axis=-1).mean() for t in PART_TEMPERATURES]
    return np.array(loss), np.array(confidence)


@functools.cache
def fitted_to_digits() -> float:
    """Return the temperature with the highest likelihood on the part for fitting."""
    fit = _digits()[FITTING]
    return float(fit_temperature(fit.logits, fit.labels))


def reliability(temperature: float, bins: int, part: str) -> Picture:
    """Show what a real classifier says against how often it is right, at any temperature."""
    scores = _digits()[part]
    now = calibration(scores.logits, scores.labels, temperature, bins)
    plain = calibration(scores.logits, scores.labels, 1.0, bins)
    edges = np.linspace(0, 1, bins + 1)
    centers = (edges[:-1] + edges[1:]) / 2
    best = fitted_to_digits()
    loss, confidence_along = _along_temperatures(part)
    accuracy_along = np.full_like(PART_TEMPERATURES, now.overall_accuracy)

    filled, filled_plain = now.n > 0, plain.n > 0
    x, y, spread = now.confidence[filled], now.accuracy[filled], 2 * now.deviation[filled]
    gap = np.full_like(x, np.nan)
    arrays = {
        "confidence": x,
        "accuracy": y,
        "whisker x": np.column_stack([x, x, gap]).ravel(),
        "whisker y": np.column_stack([np.maximum(x - spread, 0), np.minimum(x + spread, 1), gap]).ravel(),
        "confidence at T = 1": plain.confidence[filled_plain],
        "accuracy at T = 1": plain.accuracy[filled_plain],
        "T": PART_TEMPERATURES,
        "loss along T": loss,
        "loss of the part for fitting": _along_temperatures(FITTING)[0],
        "confidence along T": confidence_along,
        "accuracy along T": accuracy_along,
        "T now": np.array([temperature]),
        "loss now": np.array([now.nll]),
        "confidence now": np.array([now.mean_confidence]),
    }

    figure, (top_left, top_right, low_left, low_right) = look.panels(2, 2, height=560, left=58, gap=58)
    for axes, x0, x1 in (
        (top_left, 58, 378),
        (low_left, 58, 378),
        (top_right, 436, 624),
        (low_right, 436, 624),
    ):
        box = axes.get_position()
        axes.set_position((x0 / look.PIXELS_WIDE, box.y0, (x1 - x0) / look.PIXELS_WIDE, box.height))
    top_left.plot([0, 1], [0, 1], color=look.REFERENCE, linewidth=1, gid="guide")
    for gid, mark, label, color in (
        ("whisker x | whisker y", "-", "if honest", "#999999"),
        ("confidence at T = 1 | accuracy at T = 1", "D", "at T = 1", look.BLACK),
        ("confidence | accuracy", "o", "at T", look.PROBABILITIES),
    ):
        first, second = gid.split(" | ")
        thick = 5 if mark == "-" else 1
        top_left.plot(
            arrays[first],
            arrays[second],
            mark,
            color=color,
            linewidth=thick,
            markeredgecolor="white" if mark == "D" else look.OUTLINE,
            markersize=6 if mark == "D" else 8,
            label=label,
            gid=gid,
        )
    top_left.legend(
        loc="upper left", ncols=3, borderpad=0.3, handletextpad=0.4, handlelength=1.2, columnspacing=1
    )
    top_left.set(xlim=(0, 1.03), ylim=(0, 1.25), xlabel="confidence", ylabel="accuracy")
    top_left.set_yticks(np.linspace(0, 1, 6))
    top_left.set_title("is it as right as it says?", y=1.01)

    low_left.bar(centers, now.n, width=0.94 / bins, color=look.SKY_BLUE, edgecolor=look.OUTLINE, gid="n")
    for center, n in zip(centers, now.n, strict=True):
        if n:
            low_left.annotate(
                str(n),
                (center, n),
                (0, 3),
                textcoords="offset points",
                ha="center",
                rotation=0 if bins <= 10 else 90,
            )
    low_left.set(xlim=(0, 1.03), ylim=(0, 1.25 * len(scores.labels)), xlabel="confidence")
    low_left.set_title("number of examples", y=1.01)

    top_right.plot(
        PART_TEMPERATURES,
        arrays["loss of the part for fitting"],
        "--",
        color=look.REFERENCE,
        label="for fitting",
        gid="T | loss of the part for fitting",
    )
    top_right.plot(
        PART_TEMPERATURES, loss, color=look.TEMPERATURE, label="part shown", gid="T | loss along T"
    )
    top_right.axvline(best, color=look.REFERENCE, linestyle=":", gid="guide")
    top_right.set(xlabel="T", ylim=(0.2, 1.5))
    top_right.set_title("mean loss −log p", y=1.01)
    low_right.plot(
        PART_TEMPERATURES,
        confidence_along,
        color=look.PROBABILITIES,
        label="mean confidence",
        gid="T | confidence along T",
    )
    low_right.plot(
        PART_TEMPERATURES,
        accuracy_along,
        "--",
        color=look.TARGET,
        label="accuracy",
        gid="T | accuracy along T",
    )
    low_right.axvline(best, color=look.REFERENCE, linestyle=":", gid="guide")
    low_right.set(xlabel="T", ylim=(0.1, 1.05))
    low_right.set_title("confidence and accuracy", y=1.01)
    for axes, name, color in (
        (top_right, "loss now", look.TEMPERATURE),
        (low_right, "confidence now", look.PROBABILITIES),
    ):
        axes.plot(
            [temperature],
            arrays[name],
            "o",
            color=color,
            markeredgecolor=look.OUTLINE,
            markersize=11,
            gid=f"T now | {name}",
        )
        _log_axis(axes, (0.5, 1, 2, 4, 8))
    top_right.legend(loc="upper center", borderpad=0.3, handlelength=1.5)
    low_right.legend(loc="lower left", borderpad=0.3, handlelength=1.5)

    def in_words(values: Array) -> list[Any]:
        return ["empty" if np.isnan(value) else float(value) for value in values]

    versus = (
        ""
        if temperature == 1
        else f", against {format_number(plain.nll)} and {format_number(plain.ece)} at T = 1"
    )
    return Picture(
        figure,
        f"At T = {format_number(temperature)} the network claims {format_number(now.mean_confidence)} on average "
        f"and is right in {format_number(now.overall_accuracy)} of the cases: "
        f"{_judged(now.mean_confidence - now.overall_accuracy)}. "
        f"The negative log-likelihood is {format_number(now.nll)} and the calibration error over {bins} bins "
        f"{format_number(now.ece)}{versus}. "
        f"On the part for fitting, T = {format_number(best)} has the highest likelihood; "
        "the accuracy is the same at every T.",
        Table(
            f"Confidence and accuracy of {part}, {bins} bins",
            {
                "bin": [
                    f"{format_number(low)} to {format_number(high)}"
                    for low, high in itertools.pairwise(edges)
                ],
                "n": now.n,
                "mean confidence": in_words(now.confidence),
                "accuracy in the bin": in_words(now.accuracy),
                "standard deviation if honest": in_words(now.deviation),
                "n at T = 1": plain.n,
                "mean confidence at T = 1": in_words(plain.confidence),
                "accuracy in the bin at T = 1": in_words(plain.accuracy),
            },
            {
                "examples": len(scores.labels),
                "accuracy, at T and at T = 1": f"{now.overall_accuracy:.4f} and {plain.overall_accuracy:.4f}",
                "mean confidence": now.mean_confidence,
                "mean confidence at T = 1": plain.mean_confidence,
                "negative log-likelihood": now.nll,
                "negative log-likelihood at T = 1": plain.nll,
                "expected calibration error": now.ece,
                "expected calibration error at T = 1": plain.ece,
                "T fitted by likelihood": round(best, 2),
            },
            digits=4,
        ),
        arrays,
    )


def surest_errors(count: int = 8) -> Picture:
    """Show the test images on which the network is most confident, and wrong."""
    scores = _digits()[TESTING]
    best = round(fitted_to_digits(), 2)
    p = softmax(scores.logits)
    said, confidence = p.argmax(axis=-1), p.max(axis=-1)
    wrong = np.flatnonzero(said != scores.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")[:count]]
    cooled = softmax(scores.logits[worst], temperature=best).max(axis=-1)

    figure, panels = look.panels(count // 2, 2, height=380, left=24, right=24, gap=24, bottom=14, row_gap=44)
    for axes, i in zip(panels, worst, strict=True):
        axes.imshow(scores.images[i], cmap="gray_r", vmin=0, vmax=16, gid=f"image {i}")
        axes.set_title(f"says {said[i]}, is {scores.labels[i]}")
        axes.set_axis_off()
    return Picture(
        figure,
        f"The {count} surest errors of {len(scores.labels)}: the network claims at least "
        f"{format_number(confidence[worst].min(), 5)} for each. "
        f"At T = {best} it would claim between {format_number(cooled.min())} and {format_number(cooled.max())}.",
        Table(
            "The surest errors",
            {
                "image": worst,
                "meant": scores.labels[worst],
                "network says": said[worst],
                "confidence": confidence[worst],
                "confidence at the fitted T": cooled,
            },
            {"errors": len(wrong), "examples": len(scores.labels), "T fitted by likelihood": best},
        ),
        {f"image {i}": scores.images[i] for i in worst},
    )


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

SIXTY_STEPS = 20 ** (1 / 60)  # from 1/20 to 1, and again from 1 to 20

knob_demo = Demo(
    one_knob,
    (
        Vector(
            "z",
            "Logits z",
            entries=("z0", "z1", "z2", "z3"),
            low=-5,
            high=5,
            initial=(0.1, -2, 3.4, 3.3),
            step=0.1,
        ),
        LogFloat(
            "temperature",
            "Temperature T",
            low=COLDEST,
            high=HOTTEST,
            initial=1,
            step=SIXTY_STEPS,
            reciprocal="Inverse temperature λ",
        ),
    ),
    title="One knob, two names.",
    look_for="Turn T up, then λ: which bar shrinks, which grow, and does one ever overtake another?",
    presets={
        "Twice as hot": {"temperature": 2},
        "Cold, λ = 10": {"temperature": 0.1},
        "Hot, T = 10": {"temperature": 10},
        "As cold as it goes": {"temperature": COLDEST},
        "A cold tie": {"z": (0.1, -2, 3.4, 3.4), "temperature": COLDEST},
    },
)

place_demo = Demo(
    before_or_after,
    (
        Vector("z", "Logits z", entries=("z0", "z1", "z2"), low=-5, high=5, initial=(2, 1, -0.5), step=0.1),
        LogFloat("temperature", "Temperature T", low=0.25, high=4, initial=2, step=2 ** (1 / 8)),
    ),
    title="Before or after?",
    look_for="Compare the bars of the second and third panel with the diamonds, which repeat the first.",
    presets={
        "T = 1": {"temperature": 1},
        "Cold": {"temperature": 0.25},
        "Hot": {"temperature": 4},
        "All equal": {"z": (0, 0, 0)},
    },
)

square_demo = Demo(
    on_a_square,
    (
        Choice("component", "Component of p", options=("p0", "p1")),
        Float("height", "Height z1 of the dashed line", low=-1, high=1, initial=0, step=0.05),
    ),
    title="A ramp that becomes a step.",
    look_for="From left to right, how does the width of the colored edge change, and where does it stay?",
    presets={
        "The other component": {"component": "p1"},
        "Higher up": {"height": 0.5},
        "At the lower edge": {"height": -1},
    },
)

sampling_demo = Demo(
    sampling,
    (
        LogFloat("temperature", "Temperature T", low=0.1, high=10, initial=1, step=10 ** (1 / 20)),
        Float("top_p", "Top-p: total probability to keep", low=0.05, high=1, initial=1, step=0.05),
        Choice("draws", "Number N of draws", options=tuple(COUNTS), initial="100"),
        Integer("seed", "Seed of the random numbers", low=0, high=20, initial=0),
    ),
    title="Drawing the next word.",
    look_for="“The cat sat on the …”: change the seed. What stays, what moves, and how far from the diamonds?",
    presets={
        "Many draws": {"draws": "10,000"},
        "Few draws, another seed": {"draws": "10", "seed": 7},
        "Hot": {"temperature": 5},
        "Hot, but top-p 0.8": {"temperature": 5, "top_p": 0.8},
        "Cold": {"temperature": 0.2},
    },
)

reliability_demo = Demo(
    reliability,
    (
        LogFloat("temperature", "Temperature T", low=0.5, high=8, initial=1, step=2 ** (1 / 16)),
        Integer("bins", "Number of bins", low=5, high=20, initial=10),
        Choice("part", "Images shown", options=(TESTING, FITTING)),
    ),
    title="Does confidence mean accuracy?",
    look_for="Raise T until the circles lie on the diagonal. Watch what the accuracy line does meanwhile.",
    presets={
        "T = 2.46": {"temperature": 2.46},
        "Too hot": {"temperature": 6},
        "Too cold": {"temperature": 0.5},
        "T = 2.46, twenty bins": {"temperature": 2.46, "bins": 20},
        "The part for fitting": {"part": FITTING},
    },
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

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

which_temperature_question = Question(
    "Model A gives the logits (1, 2, 3), model C ten times as much, (10, 20, 30). "
    "At which temperature does A give the probabilities that C gives at T = 1?",
    ["T = 10.", "T = 0.1.", "At none: the ratios of the logits are the same, so the probabilities are too."],
    "B",
    [
        "that more temperature means larger logits. T *divides* them; at T = 10 the differences of A shrink to 0.1.",
        "Dividing by 0.1 multiplies by 10. C is a colder A: λ = 1/T = 10.",
        "of dividing by the sum. Softmax looks at differences, and those are ten times as large in C.",
    ],
)

hotter_question = Question(
    "You raise the temperature from 1 to 2. The logits are not all equal. What happens to the largest probability, "
    "and to the order of the classes?",
    [
        "It rises: a higher temperature makes the model more confident. The order stays.",
        "It falls. The order stays.",
        "It falls, and a close rival may overtake.",
        "It changes from call to call: temperature adds randomness.",
    ],
    "B",
    [
        "that hot means strong. T divides the logits: differences shrink and probabilities move together.",
        "All differences are halved, so the odds move toward 1; but z_i > z_j still means z_i/T > z_j/T.",
        "that a rival can pass. Dividing by a positive number keeps the order, and so do e^z and the common sum.",
        "of sampling. Softmax with a temperature is a plain function: same logits, same T, same probabilities.",
    ],
)

entropy_question = Question(
    "Entropy measures, in nats, how uncertain a distribution is. What is the largest entropy that four classes can have?",
    ["1", "log 4, about 1.386", "4", "There is no largest."],
    "B",
    [
        "that it is scaled like a probability. In *base* 4 the largest would be 1; here the logarithm is natural.",
        "At p = 1/4 each, every term is −¼ log ¼, and four of them make log 4. No other p reaches it.",
        "that it counts classes. It is the logarithm of such a count: e^H is the number of equally likely "
        "classes that would be just as uncertain.",
        "that uncertainty has no end. With four classes, nothing is more uncertain than all four equally likely.",
    ],
)

place_question = Question(
    "Somebody has only the probabilities p = softmax(z) and no logits. Which recipe gives softmax(z/T)?",
    [
        "Divide p by T, then divide by the sum.",
        "Raise p to the power 1/T, then divide by the sum.",
        "Apply softmax to p/T.",
        "None: without the logits it is impossible.",
    ],
    "B",
    [
        "that T can be applied to p as it is to z. Dividing p by T and then by the sum only brings p back.",
        "Because log p is z plus a constant, p^(1/T) = e^(log(p)/T) is e^(z/T) times a constant, which the sum removes.",
        "of p as another set of logits. But all p lie between 0 and 1, so their differences are tiny: the result is "
        "far too flat. This is a bug that real programs have.",
        "that softmax forgets the logits. It forgets only the constant that softmax does not see anyway.",
    ],
)

zero_temperature_question = Question(
    "What should `softmax(z, temperature=0)` return?",
    [
        "1 for the largest logit and 0 for the others: that is the limit.",
        "The uniform distribution.",
        "An error.",
    ],
    "C",
    [
        "of the limit for T → 0, which exists and is called hardmax here. But z/0 is not a number, and a limit is not "
        "a value: whoever wants it should say so and call `hardmax`.",
        "of T → ∞. Zero is the cold end.",
        "The formula divides by T. The limit exists but has a name of its own, `hardmax`; a T of 0 is usually a bug "
        "somewhere else, and an error says so where it happens.",
    ],
)

noise_question = Question(
    "A chatbot runs at T = 1.5 and answers differently each time. Where does the difference come from?",
    [
        "Temperature adds noise to the logits.",
        "The probabilities are the same each time; the difference comes from drawing a word from them.",
        "At T > 1 the order of the words is shuffled.",
    ],
    "B",
    [
        "that temperature is random. Run softmax(z/T) twice: same result. T only shapes the distribution.",
        "Softmax is a plain function. Chance enters afterward, when a word is drawn; a fixed seed gives the same words.",
        "that a high T shuffles. The most probable word stays the most probable one at every T.",
    ],
)

top_p_question = Question(
    "Ten words have probability 0.1 each. In Python, `np.cumsum(p) >= 1.0` asks how many words make up all the "
    "probability. What is its last entry?",
    [
        "True: ten times 0.1 is 1.",
        "False: the computed sum ends just below 1.",
        "It depends on the order of the words.",
    ],
    "B",
    [
        "of the numbers on paper. 0.1 is not a float; adding the nearest one ten times ends at 0.9999999999999999.",
        "So no entry is True, `argmax` answers 0, and a careless top-p of 1 keeps one word instead of all.",
        "of notebook 02, where the order of *different* terms mattered. Here all ten are the same.",
    ],
)

accuracy_question = Question(
    "A digit classifier claims 0.965 on average but is right in only 0.9 of the cases. You fit a temperature to its "
    "logits on held-out images. What happens to its accuracy on new images?",
    [
        "It rises: the model is now better calibrated.",
        "It falls: a higher temperature makes the model less sure.",
        "It stays exactly as it was.",
    ],
    "C",
    [
        "that calibration improves the answers. It changes what the model *says about* its answers, not the answers.",
        "that less sure means less right. The class with the largest probability is the same at every T.",
        "One T for all classes keeps the order, so the class on top is the same for every image.",
    ],
)

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

exit_question = Question(
    "Exit question. On held-out images the best temperature of a network is T = 0.7. What do you know about it?",
    [
        "At T = 1 it is overconfident.",
        "At T = 1 it is underconfident: right more often than it claims.",
        "At T = 0.7 it is more accurate than at T = 1.",
        "It needs more training.",
    ],
    "B",
    [
        "that the fit undoes too much heat. T < 1 *sharpens*; what needs sharpening was too cautious.",
        "Dividing by 0.7 makes differences larger: the data ask for more confidence than the network had.",
        "that calibration improves answers. The top class is the same at every T.",
        "that every misfit means too little training. Calibration says whether confidence and accuracy agree, no more.",
    ],
)

recall_ratio_question = Question(
    "From 01. Adding 5 to z0 alone multiplies the odds p0/p1 by …",
    ["5", "e^5", "something that depends on all the logits"],
    "B",
    [
        "that odds follow the logits one to one. It is the *logarithm* of the odds that grows by 5.",
        "The odds p0/p1 are e^(z0 − z1). At temperature T the factor would be e^(5/T).",
        "of p0 itself, which does depend on all of them. In the odds, the common sum cancels.",
    ],
)

recall_log_question = Question(
    "From 02. Why is the loss −log p of the right class computed from the logits, with log_softmax, and not as "
    "`-np.log(softmax(z))`?",
    [
        "It is only faster.",
        "A probability may be too small for a float and become 0, and log(0) is −infinity; z − logsumexp(z) stays finite.",
        "Because softmax overflows for large logits, even if the largest is subtracted first.",
    ],
    "B",
    [
        "that the two differ in speed only. Try z = (0, −1000): one gives infinity, the other 1000.",
        "The logarithm and the exponential cancel on paper. Doing it on paper saves the digits.",
        "of overflow, which subtracting the largest logit does cure. What it cannot cure is p = 0.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def softmax_with_temperature(z, temperature):
    if not 0 < temperature < np.inf:
        raise ValueError(f"temperature must be finite and positive, got {temperature}")
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _checked(temperature):
    if not 0 < temperature < np.inf:
        raise ValueError("temperature must be finite and positive")


def _multiplies(z, temperature):
    _checked(temperature)
    return softmax(z * temperature)


def _divides_p(z, temperature):
    _checked(temperature)
    return softmax(z) / temperature


def _divides_p_and_sums(z, temperature):
    _checked(temperature)
    p = softmax(z) / temperature
    return p / p.sum(axis=-1, keepdims=True)


def _softmax_of_p(z, temperature):
    _checked(temperature)
    return softmax(softmax(z) / temperature)


def _power_of_p(z, temperature):
    _checked(temperature)
    p = softmax(z) ** (1 / temperature)
    return p / p.sum(axis=-1, keepdims=True)


def _no_shift(z, temperature):
    _checked(temperature)
    e = np.exp(z / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _whole_array(z, temperature):
    _checked(temperature)
    return softmax(z, axis=None, temperature=temperature)


def _no_test(z, temperature):
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _refuses_zero_only(z, temperature):
    if temperature == 0:
        raise ValueError("temperature must not be 0")
    return _no_test(z, temperature)


def _refuses_not_positive(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    return _no_test(z, temperature)


def _asserts(z, temperature):
    assert 0 < temperature < np.inf
    return _no_test(z, temperature)


def _hardmax_at_zero(z, temperature):
    return hardmax(z) if temperature == 0 else softmax_with_temperature(z, temperature)


def _lifts_small_temperatures(z, temperature):
    return softmax_with_temperature(z, max(temperature, 1e-8))


LOGITS = np.array([0.1, -2.0, 3.4, 3.3])
BATCH = np.array([[1.0, 2.0, 3.0], [0.5, 0.5, -4.0]])

temperature_exercise = Exercise(
    "Write `softmax_with_temperature(z, temperature)`: softmax of z/T along the last axis.",
    Contract(
        "`z` is a NumPy array of finite floats or integers of any size, with one dimension or more; the last one is never empty. "
        "`temperature` is one number. Return an array of the same shape, each entry right to nine significant digits, "
        "without overflow. A temperature that is not finite and positive gets a `ValueError`: 0, negative, infinite, nan. "
        "Leave `z` unchanged."
    ),
    softmax_with_temperature,
    [
        Check("T = 1 is plain softmax", (LOGITS, 1.0)),
        Check("twice as hot", (LOGITS, 2.0)),
        Check("ten times colder", (np.array([1.0, 2.0, 3.0]), 0.1)),
        Check("an integer temperature", (LOGITS, 3)),
        Check("integer logits", (np.array([3, -1, 0, 2]), 0.5)),
        Check("each row of a batch by itself", (BATCH, 0.7)),
        Check("three dimensions", (BATCH.reshape(1, 3, 2), 4.0)),
        Check("very cold", (LOGITS, 0.01)),
        Check("large logits", (np.array([1000.0, 1001.0, 1002.0]), 0.5)),
        Check("large negative logits", (np.array([-5000.0, -5003.0]), 2.0)),
        Check("far apart, but hot", (np.array([0.0, -4000.0]), 100.0)),
        Check("T = 0 is refused", (LOGITS, 0.0)),
        Check("a negative T is refused", (LOGITS, -1.0)),
        Check("an infinite T is refused", (LOGITS, float("inf"))),
        Check("a T that is not a number is refused", (LOGITS, float("nan"))),
    ],
    [
        Mistake(_multiplies, "you *multiply* by T. Multiply by λ, or divide by T."),
        Mistake(_divides_p, "T divides the probabilities. Their sum is then 1/T. Divide the *logits*."),
        Mistake(
            _divides_p_and_sums,
            "you divide p by T and then by its sum, so T cancels. It belongs to the logits.",
        ),
        Mistake(
            _softmax_of_p, "you take softmax twice: p/T serves as logits. Everything comes out nearly equal."
        ),
        Mistake(
            _power_of_p,
            "raising p to the power 1/T is right on paper. In floats, the small p have become 0 before a high T can "
            "raise them again. Scale the logits.",
        ),
        Mistake(_no_shift, "large logits overflow. Subtract the largest logit of each row first."),
        Mistake(_whole_array, "you sum over the whole array. Each row of a batch must add up to 1."),
        Mistake(
            _no_test,
            "the formula is right, but a bad temperature comes out as nonsense. Raise a `ValueError` before you calculate.",
        ),
        Mistake(
            _refuses_zero_only,
            "you refuse T = 0 only. A negative T turns the order around, silently.",
        ),
        Mistake(
            _refuses_not_positive,
            "`temperature <= 0` is false for nan, as every comparison with nan is, and for infinity. "
            "Ask for what is allowed: `0 < temperature < np.inf`.",
        ),
        Mistake(
            _asserts,
            "`assert` raises an AssertionError, and disappears under `python -O`. Raise `ValueError`.",
        ),
        Mistake(
            _hardmax_at_zero,
            "T = 0 gives the limit here. The contract asks for an error: a limit is no value.",
        ),
        Mistake(
            _lifts_small_temperatures,
            "you replace small temperatures by a tiny positive one. That hides the caller's mistake.",
        ),
    ],
    [
        "First refuse what is not allowed, then softmax as before, of logits divided by T.",
        "p_i = e^((z_i − m)/T) / Σ_j e^((z_j − m)/T), with m the largest logit of the row",
        "`if not 0 < temperature < np.inf: raise ValueError(...)`, then `np.exp((z - m) / temperature)` "
        "with `m = z.max(axis=-1, keepdims=True)`.",
    ],
)


def fit_temperature(z, y):
    coldest, hottest = 1 / 20, 20
    low, high = 1 / hottest, 1 / coldest  # of λ
    z_true = z[np.arange(len(y)), y]
    for _ in range(50):
        λ = (low + high) / 2
        p = softmax(λ * z)
        slope = np.mean((p * z).sum(axis=-1) - z_true)
        low, high = (low, λ) if slope > 0 else (λ, high)
    return 1 / λ


def _best_of(grid: Array, score: Any) -> float:
    """Return the number of a grid with the smallest score, computed for all of them at once."""
    return float(grid[np.argmin(score(grid[:, np.newaxis, np.newaxis]))])


ROUGHLY = np.geomspace(1 / 20, 20, 61)


def _true_entries(values, y):
    return values[:, np.arange(len(y)), y]


def _returns_lambda(z, y):
    return 1 / fit_temperature(z, y)


def _most_probability(z, y):
    return _best_of(ROUGHLY, lambda t: -_true_entries(softmax(z / t), y).mean(axis=-1))


def _matches_confidence(z, y):
    right = np.mean(z.argmax(axis=-1) == y)
    return _best_of(ROUGHLY, lambda t: np.abs(softmax(z / t).max(axis=-1).mean(axis=-1) - right))


def _fits_own_answers(z, y):
    return fit_temperature(z, z.argmax(axis=-1))


def _fits_p(z, y):
    return fit_temperature(softmax(z), y)


def _loss_of_all(z, y, t):
    return -_true_entries(log_softmax(z / t), y).mean(axis=-1)


def _whole_numbers(z, y):
    return _best_of(np.arange(1.0, 21.0), lambda t: _loss_of_all(z, y, t))


def _only_above_one(z, y):
    return max(1.0, fit_temperature(z, y))


def _tenths(z, y):
    return _best_of(np.arange(0.1, 20, 0.1), lambda t: _loss_of_all(z, y, t))


def _log_of_rounded(z, y):
    def loss(t):
        with np.errstate(divide="ignore"):
            return -np.mean(np.log(softmax(z, temperature=t)[np.arange(len(y)), y]))

    low, high = np.log(0.05), np.log(20)
    for _ in range(60):  # ternary search, lost where both losses are infinite
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if loss(np.exp(a)) <= loss(np.exp(b)) else (a, high)
    return np.exp(low)


def _scores(seed: int, count: int, classes: int, stretch: float, offset: float = 0.0) -> tuple[Array, Whole]:
    """Make logits whose right temperature is about `stretch`: labels are drawn from the unstretched ones."""
    random = np.random.default_rng(seed)
    # Differences of uniform numbers: only `random` is the same in every version of NumPy.
    z = np.round(6 * (random.random((count, classes)) - random.random((count, classes))), 2)
    y = (np.cumsum(softmax(z), axis=-1) < random.random((count, 1))).sum(axis=-1)
    return np.round(stretch * z + offset, 3), np.minimum(y, classes - 1)


fit_exercise = Exercise(
    "Write `fit_temperature(z, y)`: the temperature that makes the labels most likely, "
    "that is, with the smallest mean of −log softmax(z/T) at the true class.",
    Contract(
        "`z` is a NumPy array of logits, shape (n, classes), not all equal; `y` holds the n true classes. Search between T = 0.05 and "
        "T = 20, and return one number, right to three digits (within 0.1 %). Where an end of that range is best, return that end. "
        "You may use `softmax` and `log_softmax` of the course.",
        rtol=1e-3,
    ),
    fit_temperature,
    [
        Check("an overconfident classifier", _scores(1, 300, 4, 2.5)),
        Check("an underconfident one", _scores(2, 300, 3, 0.4)),
        Check("one that is just right", _scores(3, 400, 5, 1.0)),
        Check("two classes, wildly overconfident", _scores(4, 200, 2, 9.0)),
        Check("a temperature between the tenths", _scores(5, 250, 3, 0.17)),
        Check("logits of a size that overflows", _scores(6, 200, 3, 3.0, offset=5000.0)),
        Check("far apart: rounded probabilities are 0", _scores(7, 60, 3, 18.0)),
        Check(
            "always right: the coldest is best",
            (np.array([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0]]), np.array([0, 1, 0])),
        ),
        Check(
            "always wrong: the hottest is best",
            (np.array([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0]]), np.array([1, 0, 1])),
        ),
        Check(
            "wrong by a mile: rounded probabilities are 0 at every T",
            (np.array([[20000.0, 0.0], [0.0, 30000.0]]), np.array([1, 0])),
        ),
        Check("one example is enough to ask", (np.array([[3.0, 2.0, 0.0]]), np.array([1]))),
    ],
    [
        Mistake(_returns_lambda, "this is λ = 1/T."),
        Mistake(
            _most_probability,
            "you maximize the mean of p at the true class. Likelihood is the *product* of these p, so take the mean of log p.",
        ),
        Mistake(
            _matches_confidence,
            "you make mean confidence equal to accuracy. That is often near, but it is another temperature: "
            "the likelihood looks at every example.",
        ),
        Mistake(
            _fits_own_answers,
            "the coldest T wins every time. Either you take the predicted class for the true one, and then nobody is ever "
            "wrong; or you maximize accuracy, which is the same at every T.",
        ),
        Mistake(_fits_p, "you treat probabilities as logits: softmax was applied twice."),
        Mistake(_whole_numbers, "you try whole numbers only. Search between them too."),
        Mistake(_tenths, "your grid is too coarse: three digits need finer steps, and below 1 most of all."),
        Mistake(
            _only_above_one,
            "you never go below T = 1. An underconfident classifier needs it.",
        ),
        Mistake(
            _log_of_rounded,
            "you take the logarithm of a probability that has become 0. Use `log_softmax`.",
        ),
    ],
    [
        "The mean of −log p_y is a function of one number, T, with a single valley. Walk down it.",
        "With λ = 1/T, its slope is the mean of Σ_i p_i z_i − z_y, which only rises with λ: halve an interval until it is 0.",
        "Keep `low, high` for λ; in a loop take the middle, `p = softmax(λ * z)`, and move `high` down if "
        "`np.mean((p * z).sum(axis=-1) - z[np.arange(len(y)), y]) > 0`, else move `low` up. Return 1/λ.",
    ],
)


def sample_top_p(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    chosen = order[total_before < top_p]
    kept = np.zeros(len(p))
    kept[chosen] = p[chosen]
    edges = np.cumsum(kept)
    return np.searchsorted(edges / edges[-1], u, side="right")


def _inverse(kept, u):
    edges = np.cumsum(kept)
    return np.searchsorted(edges / edges[-1], u, side="right")


def _kept(p, chosen):
    kept = np.zeros(len(p))
    kept[chosen] = p[chosen]
    return kept


def _compares_with_one(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    count = np.argmax(np.cumsum(p[order]) >= top_p) + 1
    return _inverse(_kept(p, order[:count]), u)


def _stops_too_early(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    chosen = order[np.cumsum(p[order]) <= top_p]
    return _inverse(_kept(p, chosen if len(chosen) else order[:1]), u)


def _one_too_many(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    return _inverse(_kept(p, order[total_before <= top_p]), u)


def _does_not_renormalize(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(_kept(p, order[total_before < top_p]))
    return np.minimum(np.searchsorted(edges, u, side="right"), len(p) - 1)


def _in_sorted_order(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(p[order][total_before < top_p])
    return order[np.searchsorted(edges / edges[-1], u, side="right")]


def _returns_places(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(p[order][total_before < top_p])
    return np.searchsorted(edges / edges[-1], u, side="right")


def _threshold_each(p, top_p, u):
    kept = np.where(p >= 1 - top_p, p, 0)
    return _inverse(kept if kept.any() else p, u)


def _without_sorting(p, top_p, u):
    total_before = np.concatenate([[0], np.cumsum(p)[:-1]])
    return _inverse(np.where(total_before < top_p, p, 0), u)


def _ignores_top_p(p, top_p, u):
    return _inverse(p, u)


def _left_side(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(_kept(p, order[total_before < top_p]))
    return np.searchsorted(edges / edges[-1], u, side="left")


def _trusts_the_sum(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    kept = _kept(p, order[total_before < top_p])
    edges = np.cumsum(kept / kept.sum())
    return np.searchsorted(edges, u, side="right")


ALMOST_ONE = 1 - 2**-53  # the largest float below 1, and the largest that `random()` returns
EVENLY = (np.arange(40) + 0.5) / 40
MIXED = np.array([0.06, 0.31, 0.02, 0.25, 0.17, 0.19])
TEN_EQUALS = np.full(10, 0.1)

top_p_exercise = Exercise(
    "Write `sample_top_p(p, top_p, u)`: turn random numbers into classes drawn from p, cut to top-p.",
    Contract(
        "`p` is a 1-D NumPy array of probabilities (its computed sum may miss 1 by rounding), 0 < `top_p` ≤ 1, and `u` is a 1-D array of "
        "numbers with 0 ≤ u < 1. Keep the most probable classes, as few as make a total of at least `top_p` (of equal ones, those "
        "with the smaller index first), and let them share the probability in proportion. Class i owns an interval of that length; the intervals follow each other in the order of the "
        "class indices from 0 to 1, each with its left end and without its right one. Return the class of each u, an integer array. "
        "A class that was cut or has p = 0 is never returned."
    ),
    sample_top_p,
    [
        Check("everything is kept", (MIXED, 1.0, EVENLY)),
        Check("the two most probable", (MIXED, 0.5, EVENLY)),
        Check("four of six", (MIXED, 0.9, EVENLY)),
        Check("only the winner", (MIXED, 0.05, EVENLY)),
        Check("a total that is met exactly", (np.array([0.125, 0.5, 0.125, 0.25]), 0.75, EVENLY)),
        Check(
            "ends of intervals belong to the right",
            (np.array([0.25, 0.5, 0.25]), 1.0, np.array([0.0, 0.25, 0.5, 0.75])),
        ),
        Check("equal ones: the first are kept", (np.full(4, 0.25), 0.5, EVENLY)),
        Check("ten times 0.1, all kept", (TEN_EQUALS, 1.0, EVENLY)),
        Check("ten times 0.1, and a u just below 1", (TEN_EQUALS, 1.0, np.array([ALMOST_ONE]))),
        Check(
            "the last class was cut", (np.array([0.45, 0.4, 0.15]), 0.8, np.array([0.0, 0.99, ALMOST_ONE]))
        ),
        Check("an impossible first class", (np.array([0.0, 0.75, 0.25]), 1.0, np.array([0.0, 0.9]))),
    ],
    [
        Mistake(
            _compares_with_one,
            "`np.argmax(total >= top_p)` asks for the first True. Where rounding keeps the total below 1 there is none, "
            "`argmax` answers 0, and one class is left. Ask how much came *before* each class: `before < top_p`.",
        ),
        Mistake(
            _stops_too_early,
            "you stop before `top_p` is reached. The class that lifts the total over it belongs to the kept ones.",
        ),
        Mistake(
            _one_too_many,
            "where the total meets `top_p` exactly you keep one class too many: use `before < top_p`.",
        ),
        Mistake(
            _does_not_renormalize,
            "the kept classes do not share the probability of the cut ones: their total must become 1 again.",
        ),
        Mistake(
            _in_sorted_order,
            "your intervals are in order of probability. The contract wants them in order of class index.",
        ),
        Mistake(
            _returns_places,
            "you return places in the sorted order. Translate them back into class indices.",
        ),
        Mistake(
            _threshold_each,
            "you compare each p with a threshold. Top-p limits the *total* of the kept ones.",
        ),
        Mistake(
            _without_sorting,
            "you add up the classes as they come. Sort by probability first: the most probable are kept.",
        ),
        Mistake(_ignores_top_p, "`top_p` has no effect: you draw from all classes."),
        Mistake(
            _left_side,
            'a u on the border falls to the left (`side="left"`), so that u = 0 can choose a class with p = 0.',
        ),
        Mistake(
            _trusts_the_sum,
            "the last edge of your intervals may lie just below 1, and the largest u beyond it: the class returned is one "
            "that does not exist, or was cut. Divide the *cumulative* sum by its last entry: it then ends at exactly 1.",
        ),
    ],
    [
        "Two steps: decide which classes stay, by going through them from the most probable down; then find the interval of each u.",
        "Class i stays if the total of all more probable classes is below top_p. Then its share is p_i / Σ p over the classes that stay.",
        '`order = np.argsort(-p, kind="stable")`, totals before each from `np.cumsum(p[order])`, zeros for what is cut; then '
        '`np.searchsorted(edges / edges[-1], u, side="right")` with `edges` the cumulative sum.',
    ],
)
