"""Lesson 04: log-sum-exp against max. What the notebook ``04_logsumexp_versus_max`` shows, asks and sets as exercises."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.numerics.softmax import entropy, logsumexp, smooth_max, softmax
from course_utils.teaching import (
    Check,
    Choice,
    Conjecture,
    Contract,
    Demo,
    Derivation,
    Exercise,
    Float,
    LogFloat,
    Mistake,
    Picture,
    Question,
    Result,
    Step,
    Table,
    Toggle,
    Vector,
    Verdict,
    look,
)
from course_utils.teaching.drawing import color_bar, in_three_dimensions, plotly_layout, plotly_surface
from course_utils.teaching.text import brief, format_list, format_number

Array = npt.NDArray[np.floating[Any]]

# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------


def _gap_above_max(z: Array, inverse_temperature: float | Array) -> Array:
    """LSE_λ(z) − max(z) along the last axis, exact in many digits also where it is tiny."""
    k = np.asarray(inverse_temperature)
    above: Array = logsumexp(k * (z - z.max(axis=-1, keepdims=True))) / np.squeeze(k)
    return above


WINDOW = np.linspace(-1, 1, 121)
SHARPNESS = (1.0, 10.0, 100.0)
VALUES, GAPS = "the value", "how far above max"


@cache
def _plane() -> tuple[Array, dict[str, Array], dict[str, Array]]:
    """Max and LSE_λ over the window, and how far each lies above max."""
    pairs = np.stack(np.meshgrid(WINDOW, WINDOW), axis=-1)
    largest = pairs.max(axis=-1)
    gaps = {f"λ = {k:g}": _gap_above_max(pairs, k) for k in SHARPNESS} | {"max": np.zeros_like(largest)}
    return largest, {name: largest + gap for name, gap in gaps.items()}, gaps


def _image(axes: Axes, values: Array, gid: str, **style: Any) -> Any:
    """Draw values over the window, the right way up."""
    half = (WINDOW[1] - WINDOW[0]) / 2
    edges = (WINDOW[0] - half, WINDOW[-1] + half) * 2
    axes.grid(False)
    image = axes.imshow(values, origin="lower", extent=edges, aspect="auto", gid=gid, **style)
    axes.set(xlim=(-1, 1), ylim=(-1, 1), xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    return image


def maps(shown: str, level: float) -> Picture:
    """Show LSE_λ of two logits for three λ beside max, in one color scale, with one line of equal value."""
    _, values, gaps = _plane()
    across = np.sinh(np.linspace(-7.5, 7.5, 121)) / np.sinh(7.5) * 2.4  # z0 − z1, dense near the tie
    drops = {f"λ = {k:g}": np.logaddexp(0, -k * across) / k for k in SHARPNESS} | {
        "max": np.maximum(0, -across)
    }
    lines = {name: (level - drop, level - drop - across) for name, drop in drops.items()}
    at_tie = np.array([np.log(2) / k for k in SHARPNESS] + [0.0])

    figure, panels = look.panels(2, 2, height=600, left=60, right=92, gap=48, row_gap=72)
    pictured, style = (
        (values, {"cmap": _bands("viridis", 11), "vmin": -1.0, "vmax": 1.75})
        if shown == VALUES
        else (gaps, {"cmap": _bands("cividis", 14), "vmin": 0.0, "vmax": 0.7})
    )
    for axes, name in zip(panels, values, strict=True):
        image = _image(axes, pictured[name], f"grid z0 | grid z1 | {shown}, {name}", **style)
        gid = f"line z0, {name} | line z1, {name}"
        axes.plot(*lines[name], color="white", linewidth=4, gid=gid)
        axes.plot(*lines[name], "--", color=look.BLACK, gid=gid)
        axes.set_title("max itself" if name == "max" else f"LSE at {name}")
    for axes in panels[2:]:
        axes.set_xlabel("z0")
    for axes in panels[::2]:
        axes.set_ylabel("z1", labelpad=-4)
    color_bar(
        panels[1],
        image,
        (-1, -0.5, 0, 0.5, 1, 1.5) if shown == VALUES else None,
        gap=0.03,
        down_to=panels[3],
    )

    *crossings, corner = level - at_tie
    wanted = format_number(level)
    if shown == VALUES:
        seen = (
            f"The dashed line, where the value is {wanted}, crosses the tie z0 = z1 at {format_list(crossings)} "
            f"for λ = {format_list(SHARPNESS)}; the line of max has its corner at {format_number(corner)}."
        )
    else:
        seen = f"On the tie z0 = z1, LSE lies {format_list(at_tie[:-1])} above max for λ = {format_list(SHARPNESS)}."
    return Picture(
        figure,
        f"{seen} All four pictures share one color scale: the larger λ, the more LSE looks like max.",
        Table(
            f"Where the value is {wanted} and z0 = z1",
            {
                "": [*map("LSE at {}".format, list(values)[:-1]), "max"],
                "z0 = z1 on the line": level - at_tie,
                "distance from max on the tie": at_tie,
            },
        ),
        {
            "grid z0": WINDOW,
            "grid z1": WINDOW,
            **{f"{shown}, {name}": pictured[name] for name in values},
            **{f"line z0, {name}": line[0] for name, line in lines.items()},
            **{f"line z1, {name}": line[1] for name, line in lines.items()},
        },
    )


def _bands(name: str, count: int) -> Any:
    """A color map of few colors, so that an image shows filled contours."""
    import matplotlib as mpl

    return mpl.colormaps[name].resampled(count)


SCALE = np.geomspace(0.1, 100, 121)  # values of λ along an axis
ROOM = 0.6  # how far bands and lines reach beyond the first and last bar


def gap(z: tuple[float, ...], inverse_temperature: float) -> Picture:
    """Show where LSE_λ lies between max and max + log n/λ, for this λ and for all."""
    logits, k = np.array(z), inverse_temperature
    n, largest = len(logits), logits.max()
    above = float(_gap_above_max(logits, k))
    bound = np.log(n) / k
    ends = np.array([-ROOM, n - 1 + ROOM])
    curve, limit = _gap_above_max(logits, SCALE[:, None]), np.log(n) / SCALE

    figure, (left, right) = look.panels(2, left=52, gap=78)
    left.fill(
        ends[[0, 1, 1, 0, 0]],
        [largest, largest, largest + bound, largest + bound, largest],
        facecolor="#e4d3de",
        edgecolor=look.TEMPERATURE,
        label="from max to max + log n/λ",
        gid="band x | band y",
    )
    positions = np.arange(n)
    left.bar(positions, logits, color=look.LOGITS, edgecolor=look.OUTLINE, gid="z")
    left.plot(ends, [largest + above] * 2, color=look.BLACK, linewidth=3, label="LSE", gid="ends | LSE")
    left.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    left.set(xlim=ends, ylim=(-3.5, 12.5), xlabel="logit", yticks=(-3, 0, 3, 6, 9, 12))
    left.set_xticks(positions, [f"z{i}" for i in positions])
    left.legend(loc="upper center", handlelength=1.4, borderpad=0.3)
    left.set_title("LSE in its band")
    right.plot(SCALE, limit, "--", color=look.TEMPERATURE, label="log n/λ", gid="λ axis | bound")
    right.plot(SCALE, curve, color=look.BLACK, label="LSE − max", gid="λ axis | gap")
    right.plot([k], [above], "o", color=look.BLACK, markersize=10, gid="λ | LSE − max")
    right.set(xscale="log", yscale="log", xlim=(0.09, 110), ylim=(1e-4, 40), xlabel="inverse temperature λ")
    _plain_ticks(right.xaxis, (0.1, 1, 10, 100))
    _plain_ticks(right.yaxis, (0.0001, 0.001, 0.01, 0.1, 1, 10))
    right.legend(loc="upper right", borderpad=0.3)
    right.set_title("the gap LSE − max")

    ties = int((logits == largest).sum())
    if ties == n:
        where = f"All {n} logits tie, so the whole bound log n/λ is used up."
    elif ties == 1:
        where = (
            f"The bound log n/λ = {format_number(bound)} would be reached only if all {n} logits were equal."
        )
    else:
        where = (
            f"{ties} of {n} logits share the lead: the gap cannot fall below log {ties}/λ = "
            f"{format_number(np.log(ties) / k)}, and the bound is log n/λ = {format_number(bound)}."
        )
    shown = slice(None, None, 8)
    return Picture(
        figure,
        f"LSE = {format_number(largest + above)} lies {format_number(above)} above max = {format_number(largest)}. {where} "
        f"From λ = {format_number(SCALE[0])} to {format_number(SCALE[-1])} the gap falls from "
        f"{format_number(curve[0])} to {format_number(curve[-1])}, its bound from {format_number(limit[0])} to "
        f"{format_number(limit[-1])}.",
        Table(
            "The gap LSE − max and its bound, for this λ and along the axis",
            {
                "": ["this λ", *["on the axis"] * len(SCALE[shown])],
                "inverse temperature": np.append(k, SCALE[shown]),
                "gap LSE − max": np.append(above, curve[shown]),
                "bound log n/λ": np.append(bound, limit[shown]),
            },
            {
                "max": largest,
                "LSE": largest + above,
                "logits that share the lead": ties,
                "log of that number, divided by λ": np.log(ties) / k,
                "number of logits n": n,
            },
        ),
        {
            "z": logits,
            "ends": ends,
            "LSE": np.full(2, largest + above),
            "band x": ends[[0, 1, 1, 0, 0]],
            "band y": largest + bound * np.array([0, 0, 1, 1, 0]),
            "λ axis": SCALE,
            "gap": curve,
            "bound": limit,
            "λ": np.array([k]),
            "LSE − max": np.array([above]),
        },
    )


def _plain_ticks(axis: Any, places: Sequence[float]) -> None:
    """Put few ticks on a logarithmic axis, written as people write them."""
    axis.set_ticks(places, [f"{place:g}" if place > 1e-4 else "0.0001" for place in places])
    axis.set_ticks([], minor=True)


LINE = np.linspace(-4, 4, 161)
STEP = 0.001


def tangents(x: float, inverse_temperature: float, others: bool) -> Picture:
    """Show LSE_λ(x, 0) with its tangent at x, and the slope everywhere."""
    k = inverse_temperature
    height, p0 = _softened(x, k), float(softmax(np.array([k * x, 0.0]))[0])
    measured = (_softened(x + STEP, k) - _softened(x - STEP, k)) / (2 * STEP)
    start = height - p0 * x
    curve, slopes = _softened(LINE, k), softmax(np.stack([k * LINE, 0 * LINE], axis=-1))[:, 0]
    ends = LINE[[0, -1]]
    touching = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]) / k
    tilts = softmax(np.stack([k * touching, 0 * touching], axis=-1))[:, :1]
    fan = _softened(touching, k)[:, None] + tilts * (ends - touching[:, None])
    gaps_between = np.full((len(touching), 1), np.nan)
    fan_x = np.hstack([np.tile(ends, (len(touching), 1)), gaps_between]).ravel()
    fan_y = np.hstack([fan, gaps_between]).ravel()

    figure, (left, right) = look.panels(2, left=52, gap=78)
    if others:
        left.plot(
            fan_x,
            fan_y,
            color=look.PROBABILITIES,
            linewidth=1,
            alpha=0.6,
            gid="other tangents x | other tangents y",
        )
    left.plot(LINE, np.maximum(LINE, 0), ":", color=look.OUTLINE, label="max(x, 0)", gid="x axis | max(x, 0)")
    left.plot(LINE, curve, color=look.BLACK, label="LSE(x, 0)", gid="x axis | LSE(x, 0)")
    left.plot(
        ends,
        height + p0 * (ends - x),
        "--",
        color=look.PROBABILITIES,
        label="tangent",
        gid="ends | tangent",
    )
    left.plot(
        [x],
        [height],
        "o",
        color=look.PROBABILITIES,
        markeredgecolor=look.OUTLINE,
        markersize=10,
        gid="x | height",
    )
    left.set(xlim=(-4.1, 4.1), ylim=(-1, 5), xlabel="x")
    left.legend(loc="upper left", borderpad=0.3)
    left.set_title("LSE(x, 0) and a tangent")
    right.plot(LINE, slopes, color=look.PROBABILITIES, label="p0", gid="x axis | p0 everywhere")
    right.plot(
        [x],
        [measured],
        "D",
        color=look.BLACK,
        markeredgecolor="white",
        markersize=9,
        label="measured",
        gid="x | measured slope",
    )
    right.set(xlim=(-4.1, 4.1), ylim=(-0.05, 1.05), xlabel="x")
    right.legend(loc="lower right", borderpad=0.3)
    right.set_title("slope of LSE(x, 0)")

    shown = slice(None, None, 10)
    return Picture(
        figure,
        f"At x = {format_number(x)} the measured slope is {format_number(measured)}, and softmax of λ(x, 0) "
        f"gives p0 = {format_number(p0)}. The tangent meets the vertical line x = 0 at height "
        f"{format_number(start)}, which is the entropy of p divided by λ. From x = {format_number(LINE[0])} to "
        f"{format_number(LINE[-1])} the slope rises from {format_number(slopes[0])} to {format_number(slopes[-1])}.",
        Table(
            "LSE(x, 0) and its slope",
            {
                "": ["this x", *["on the axis"] * len(LINE[shown])],
                "at x": np.append(x, LINE[shown]),
                "LSE of (x, 0)": np.append(height, curve[shown]),
                "p0 of softmax": np.append(p0, slopes[shown]),
            },
            {
                "measured slope at this x": measured,
                "step to each side": STEP,
                "height of the tangent at 0": start,
                "entropy of p, divided by λ": _clean(entropy([p0, 1 - p0]) / k),
            },
        ),
        {
            "x axis": LINE,
            "max(x, 0)": np.maximum(LINE, 0),
            "LSE(x, 0)": curve,
            "p0 everywhere": slopes,
            "ends": ends,
            "tangent": height + p0 * (ends - x),
            "x": np.array([x]),
            "height": np.array([height]),
            "measured slope": np.array([measured]),
            **({"other tangents x": fan_x, "other tangents y": fan_y} if others else {}),
        },
    )


def _softened(x: Any, k: float) -> Any:
    """LSE_λ of x and 0."""
    return np.logaddexp(k * x, 0) / k


def _clean(value: Any) -> float:
    """Drop rounding noise, which depends on the processor."""
    return float(np.round(value, 12))


COARSE = np.linspace(-1, 1, 17)
CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def surfaces(inverse_temperature: float) -> Picture:
    """Show LSE_λ of two logits as a surface over max, and the gap between the two."""
    k = inverse_temperature
    coarse = np.stack(np.meshgrid(COARSE, COARSE), axis=-1)
    lse, largest = smooth_max(coarse, k), coarse.max(axis=-1)
    fine = _gap_above_max(np.stack(np.meshgrid(WINDOW, WINDOW), axis=-1), k)
    tie = np.log(2) / k

    corner, diagonal = float(fine[0, -1]), np.diagonal(lse)
    return Picture(
        lambda: _surfaces(lse, fine),
        f"The surface of LSE lies {format_number(tie)} above the edge of max, and {format_number(corner)} above "
        "it in the corners farthest from the edge. LSE is a rounded roof: in exact arithmetic "
        "it touches max nowhere.",
        Table(
            "LSE along the tie z0 = z1, where the gap is largest",
            {
                "": ["tie"] * len(COARSE),
                "z0 = z1": COARSE,
                "LSE on the tie": diagonal,
                "gap on the tie": np.full(len(COARSE), tie),
            },
            {"gap in the corners z0 − z1 = 2 and −2": corner},
        ),
        {
            "z0": COARSE,
            "z1": COARSE,
            "LSE": lse,
            "max": largest,
            "grid z0": WINDOW,
            "grid z1": WINDOW,
            "gap": fine,
        },
        plotly=lambda: _surfaces_plotly(lse, largest, fine),
    )


def _surfaces(lse: Array, fine: Array) -> Figure:
    figure, (left, right) = look.panels(2, height=360, left=16, gap=60, right=74)
    _roof(left, lse)
    image = _image(right, fine, "grid z0 | grid z1 | gap", cmap="cividis", vmin=0, vmax=0.7)
    color_bar(right, image)
    right.set(xlabel="z0", title="gap LSE − max")
    right.set_ylabel("z1", labelpad=-4)
    return figure


def _roof(flat: Axes, lse: Array) -> None:
    """Replace flat axes by the surface of LSE over the two half planes of max."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    axes = in_three_dimensions(flat, left=0.01, down=0.1, wider=0.04, taller=0.14)
    halves = [np.column_stack([CORNERS[half], CORNERS[half].max(axis=1)]) for half in ([0, 1, 2], [0, 3, 2])]
    axes.add_collection3d(
        Poly3DCollection(halves, facecolor="#bbbbbb", edgecolor=look.OUTLINE, linewidth=1.5, gid="max")
    )
    axes.plot_surface(
        *np.meshgrid(COARSE, COARSE),
        lse,
        rstride=1,
        cstride=1,
        cmap="viridis",
        vmin=-1,
        vmax=1.75,
        alpha=0.75,
        gid="LSE",
    )
    axes.set(xlabel="z0", ylabel="z1", xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1.75))
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1), zticks=(-1, 0, 1))
    axes.view_init(elev=18, azim=-112)
    axes.set_title("LSE over max (gray)", y=0.99)


def _surfaces_plotly(lse: Array, largest: Array, fine: Array) -> dict[str, Any]:
    """Build the same picture for rotation and hover."""
    hover = {"hovertemplate": "z0 %{x:.2f}<br>z1 %{y:.2f}<br>%{z:.4f}<extra></extra>"}
    roof = {
        **plotly_surface(COARSE, COARSE, largest),
        "name": "max",
        "colorscale": [[0, "#999999"], [1, "#dddddd"]],
        "showscale": False,
        **hover,
    }
    rounded = {
        **plotly_surface(COARSE, COARSE, lse),
        "name": "LSE",
        "colorscale": "Viridis",
        "cmin": -1,
        "cmax": 1.75,
        "opacity": 0.8,
        "showscale": False,
        **hover,
    }
    gap = {
        "type": "heatmap",
        "name": "gap",
        "x": WINDOW,
        "y": WINDOW,
        "z": fine,
        "colorscale": "Cividis",
        "zmin": 0,
        "zmax": 0.7,
        "colorbar": {"len": 0.62, "y": 0.53, "thickness": 16},
        **hover,
    }
    return {
        "data": [roof, rounded, gap],
        "layout": plotly_layout(
            400,
            {"l": 10, "r": 10, "t": 40, "b": 10},
            {"LSE over max (gray): drag to rotate": (0.27, 1), "gap LSE − max": (0.82, 1)},
            scene={
                "domain": {"x": [0, 0.54], "y": [0, 1]},
                "xaxis": {"title": {"text": "z0"}, "dtick": 1},
                "yaxis": {"title": {"text": "z1"}, "dtick": 1},
                # Its −1 would stand on a number of z1.
                "zaxis": {"title": {"text": "value"}, "range": [-1, 1.75], "tickvals": [0, 1]},
                "camera": {"eye": {"x": -1, "y": -2.2, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.1}},
                "aspectmode": "cube",
            },
            xaxis={
                "domain": [0.64, 1],
                "anchor": "y",
                "title": {"text": "z0"},
                "range": [-1, 1],
                "dtick": 1,
            },
            yaxis={
                "domain": [0.22, 0.84],
                "anchor": "x",
                "title": {"text": "z1", "standoff": 0},
                "range": [-1, 1],
                "dtick": 1,
            },
        ),
    }


SHIFTS = np.linspace(-1000, 1000, 401)  # whole numbers


def _where_finite(computed: Array) -> str:
    """Say where the thick line exists: overflow ends it on the left, underflow on the right."""
    works = SHIFTS[np.isfinite(computed)]
    if not len(works):
        return "No shift of the axis gives a finite result."
    return (
        f"On the axis from {format_number(int(SHIFTS[0]))} to {format_number(int(SHIFTS[-1]))}, the result is "
        f"finite from m = {format_number(int(works[0]))} to {format_number(int(works[-1]))}."
    )


def shifted(z: tuple[float, ...], shift: float, precision: str) -> Picture:
    """Show m + LSE(z − m) step by step in one precision, and its result for every shift m."""
    dtype = np.dtype(precision)
    logits, m = np.array(z, dtype=dtype), dtype.type(shift)
    info = np.finfo(dtype)
    top, floor = float(np.log(float(info.max))), float(np.log(float(info.smallest_subnormal)) - np.log(2))
    right_value = float(logsumexp(np.array(z)))
    with np.errstate(all="ignore"):
        moved = logits - m
        e = np.exp(moved)
        total = e.sum()
        result = m + np.log(total)
        swept = SHIFTS.astype(dtype)
        results = swept + np.log(np.exp(logits - swept[:, None]).sum(axis=1))
    finite = np.where(np.isfinite(results), results, np.nan).astype(float)

    figure, (left, right) = look.panels(2, left=52, gap=70)
    positions = np.arange(len(logits))
    left.barh(
        positions, moved.astype(float), color=look.LOGITS, edgecolor=look.OUTLINE, gid="z − m", height=0.55
    )
    left.axvline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    for limit, name, side in ((top, " inf above", "left"), (floor, "0 below ", "right")):
        left.axvline(limit, color=look.REFERENCE, linestyle="--", gid="guide")
        left.text(limit, 2.72, name, ha=side, va="center")
    left.set(xlim=(-2100, 2100), ylim=(-0.6, 3.0), xlabel="z − m", xticks=(-2000, -1000, 0, 1000, 2000))
    left.set_yticks(positions, [f"z{i}" for i in positions])
    left.set_title(f"what exp gets to see, {precision}")
    right.axhline(right_value, color=look.REFERENCE, linestyle=":", label="right value", gid="guide")
    right.plot(SHIFTS, finite, color=look.BLACK, linewidth=4, label="computed", gid="m axis | computed")
    right.axvline(shift, color=look.OUTLINE, linewidth=1, gid="guide")
    if np.isfinite(result):
        right.plot(
            [shift], [float(result)], "o", color=look.BLACK, markersize=9, gid="m | m + log of the sum"
        )
    right.set(xlim=(-1050, 1050), ylim=(-1150, 1900), xlabel="shift m", xticks=(-1000, -500, 0, 500, 1000))
    right.legend(loc="upper center", ncols=2, borderpad=0.3, columnspacing=1, handlelength=1.4)
    right.set_title("m + LSE(z − m)")

    m_text, said = format_number(shift), _outcome(float(total), float(result), right_value)
    return Picture(
        figure,
        f"With m = {m_text}, {said} In {precision}, exp(x) is infinity above x = {format_number(top, 4)} "
        f"and 0 below x = {format_number(floor, 4)}; m = max(z) = {format_number(max(z))} always works. "
        f"{_where_finite(finite)}",
        Table(
            f"m + LSE(z − m) in {precision}, step by step",
            {
                "": [f"z{i}" for i in positions],
                "z": np.array(z),
                "z − m": moved.astype(float),
                "exp(z − m)": [_in_words(value) for value in e],
            },
            {
                "largest argument of exp before it overflows": top,
                "smallest one before it gives 0": floor,
                "sum": _in_words(total),
                "log of the sum": _in_words(result - m),
                "m + log of the sum": _in_words(result),
                "right value": right_value,
            },
            digits=5,
        ),
        {
            "m axis": SHIFTS,
            "computed": finite,
            "m": np.array([shift]),
            "m + log of the sum": np.array([float(result) if np.isfinite(result) else right_value]),
        },
    )


def _in_words(value: Any) -> float | str:
    """A number, or the word for what is none."""
    if np.isinf(value):
        return "infinity (overflow)" if value > 0 else "minus infinity"
    return float(value)


def _outcome(total: float, result: float, right: float) -> str:
    """Say how a computation with one shift ended, as the rest of a sentence."""
    if np.isinf(total):
        return "the sum of exponentials overflows, and the result is infinity."
    if total == 0:
        return "every exponential underflows to 0, and the logarithm of 0 is minus infinity."
    if abs(result - right) > 1e-3 * max(1, abs(right)):
        return f"digits are lost on the way: the result is {format_number(result, 5)}, but {format_number(right, 5)} is right."
    return f"the result is {format_number(result, 5)}, which is right."


LAMBDAS = np.linspace(-10, 10, 161)


def relatives(z: tuple[float, ...], inverse_temperature: float) -> Picture:
    """Show LSE, mellowmax and the Boltzmann mean of three logits over all λ, negative ones too."""
    logits, k = np.array(z), inverse_temperature
    away = LAMBDAS[LAMBDAS != 0]
    lse = np.array([float(smooth_max(logits, v)) for v in away])
    axis = np.insert(away, len(away) // 2, 0.0)
    lse_line = np.insert(lse, len(away) // 2, np.nan)  # at λ = 0 it has no value: the line is broken
    mellow = np.array([float(smooth_max(logits, v, normalized=True)) for v in LAMBDAS])
    weights = softmax(LAMBDAS[:, None] * logits)
    boltzmann = weights @ logits
    here = [
        float(smooth_max(logits, k)) if k else "no value",
        float(smooth_max(logits, k, normalized=True)),
        float(softmax(k * logits) @ logits),
    ]

    figure, (axes,) = look.panels(1, height=380)
    for height, name in ((logits.min(), "min"), (logits.mean(), "mean"), (logits.max(), "max")):
        label = "min, mean and max of z" if name == "min" else ""
        axes.plot(
            [-10, 10],
            [height] * 2,
            ":",
            color=look.REFERENCE,
            linewidth=1.5,
            label=label,
            gid=f"two ends | {name} line",
        )
    axes.plot(axis, lse_line, "-.", color=look.BLACK, label="LSE", gid="λ, broken at 0 | LSE")
    axes.plot(LAMBDAS, mellow, color=look.TEMPERATURE, label="mellowmax", gid="λ axis | mellowmax")
    axes.plot(
        LAMBDAS, boltzmann, "--", color=look.PROBABILITIES, label="Boltzmann mean", gid="λ axis | Boltzmann"
    )
    axes.axvline(k, color=look.OUTLINE, linewidth=1, gid="guide")
    axes.plot(
        [k] * 2,
        here[1:],
        "o",
        color=look.BLACK,
        markeredgecolor="white",
        markersize=9,
        gid="λ twice | both here",
    )
    axes.set(xlim=(-10.3, 10.3), ylim=(-6, 9.5), xlabel="inverse temperature λ")
    axes.set(xticks=(-10, -5, 0, 5, 10), yticks=(-6, -3, 0, 3, 6, 9))
    axes.legend(loc="upper left", borderpad=0.3)
    axes.set_title("LSE, mellowmax and Boltzmann mean over λ")

    if k == 0:
        sentence = (
            f"At λ = 0 both mellowmax and the Boltzmann mean are the plain mean, {format_number(here[1])}, "
            "and LSE has no value."
        )
    else:
        sentence = (
            f"At λ = {format_number(k)}, LSE is {format_number(here[0])}, mellowmax {format_number(here[1])} and "
            f"the Boltzmann mean {format_number(here[2])}."
        )
    trend = (
        f"From λ = {format_number(LAMBDAS[0])} to {format_number(LAMBDAS[-1])}, mellowmax goes from "
        f"{format_number(mellow[0])} to {format_number(mellow[-1])} and the Boltzmann mean from "
        f"{format_number(boltzmann[0])} to {format_number(boltzmann[-1])}."
    )
    shown = slice(None, None, 8)
    return Picture(
        figure,
        f"{sentence} Only LSE leaves the range from min = {format_number(logits.min())} to "
        f"max = {format_number(logits.max())}. {trend}",
        Table(
            "Three functions of λ",
            {
                "": ["this λ", *["on the axis"] * len(LAMBDAS[shown])],
                "inverse temperature": [k, *LAMBDAS[shown]],
                "LSE at λ": [here[0], *(v if np.isfinite(v) else "no value" for v in lse_line[shown])],
                "mellowmax at λ": [here[1], *mellow[shown]],
                "Boltzmann mean at λ": [here[2], *boltzmann[shown]],
            },
            {"min": logits.min(), "mean": logits.mean(), "max": logits.max()},
        ),
        {
            "λ, broken at 0": axis,
            "LSE": lse_line,
            "λ axis": LAMBDAS,
            "mellowmax": mellow,
            "Boltzmann": boltzmann,
            "λ twice": np.array([k, k]),
            "both here": np.array(here[1:]),
            "two ends": np.array([-10.0, 10.0]),
            "min line": np.full(2, logits.min()),
            "mean line": np.full(2, logits.mean()),
            "max line": np.full(2, logits.max()),
        },
    )


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

maps_demo = Demo(
    maps,
    (
        Choice("shown", "Colors show", options=(VALUES, GAPS)),
        Float("level", "Value c on the dashed line", low=-0.3, high=0.9, initial=0.5, step=0.05),
    ),
    title="Three smooth maxima and the sharp one.",
    look_for="Follow the dashed line of equal value: how does its corner change from picture to picture?",
    presets={
        "Where the gap is": {"shown": GAPS},
        "Low": {"level": -0.3},
        "High": {"level": 0.9},
    },
)

gap_demo = Demo(
    gap,
    (
        Vector(
            "z",
            "Logits z",
            entries=("z0", "z1", "z2", "z3"),
            low=-3,
            high=3,
            initial=(2, 1, 0, -1),
            step=0.1,
        ),
        LogFloat("inverse_temperature", "Inverse temperature λ", low=0.25, high=64, initial=1, step=2**0.25),
    ),
    title="The gap.",
    look_for="Make the black line climb to the upper edge of its band, then make it sink to the lower one.",
    presets={
        "All equal": {"z": (1, 1, 1, 1)},
        "Two in the lead": {"z": (2, 2, 0, -1)},
        "One far ahead": {"z": (3, -3, -3, -3)},
        "Sharp": {"inverse_temperature": 16},
        "Very smooth": {"inverse_temperature": 0.25},
    },
)

tangents_demo = Demo(
    tangents,
    (
        Float("x", "Position x", low=-3, high=3, initial=1, step=0.1),
        LogFloat("inverse_temperature", "Inverse temperature λ", low=0.5, high=32, initial=1, step=2**0.25),
        Toggle("others", "Show other tangents"),
    ),
    title="The slope is softmax.",
    look_for="Walk x from left to right: the tangent tilts from flat to steep, and the diamond rides on p0.",
    presets={
        "At the tie": {"x": 0},
        "Far right": {"x": 3},
        "Far left": {"x": -3},
        "Sharp": {"x": 0.1, "inverse_temperature": 16},
        "All tangents": {"others": True},
    },
)

surfaces_demo = Demo(
    surfaces,
    (LogFloat("inverse_temperature", "Inverse temperature λ", low=1, high=100, initial=2, step=10**0.125),),
    title="LSE over max.",
    look_for="Raise λ and watch the rounded roof come down on the edge of max.",
    presets={
        "Smooth": {"inverse_temperature": 1},
        "Sharper": {"inverse_temperature": 10},
        "Nearly max": {"inverse_temperature": 100},
    },
)

shift_demo = Demo(
    shifted,
    (
        Vector(
            "z",
            "Logits z",
            entries=("z0", "z1", "z2"),
            low=-1000,
            high=1000,
            initial=(900, 100, -400),
            step=10,
        ),
        Float("shift", "Shift m", low=-1000, high=1000, initial=0, step=10),
        Choice("precision", "Precision", options=("float64", "float32")),
    ),
    title="Choose your shift.",
    look_for="Find the shifts for which the thick line exists. Is max(z) always one of them? Is the mean?",
    presets={
        "The mean": {"shift": 200},
        "The smallest logit": {"shift": -400},
        "The largest logit": {"shift": 900},
        "Too low for float32": {"shift": 800, "precision": "float32"},
        "Too high": {"z": (-600, -700, -800), "shift": 200},
    },
)

relatives_demo = Demo(
    relatives,
    (
        Vector("z", "Logits z", entries=("z0", "z1", "z2"), low=-3, high=3, initial=(2, 1, -1), step=0.1),
        Float("inverse_temperature", "Inverse temperature λ", low=-10, high=10, initial=1, step=0.25),
    ),
    title="LSE and its relatives.",
    look_for="Which of the three curves is broken at λ = 0, and what do the others show there?",
    presets={
        "λ = 0": {"inverse_temperature": 0},
        "Soft minimum": {"inverse_temperature": -3},
        "All equal": {"z": (1, 1, 1)},
        "One outsider": {"z": (3, 3, -3), "inverse_temperature": 0.5},
    },
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

smooth_question = Question(
    "max takes scores and returns *one number*, the largest score. argmax says *which* score that is. "
    "Of which of the two is softmax a smooth version?",
    [
        "Of max: the name says so.",
        "Of argmax: it says which score wins, in shares of 1.",
        "Of both.",
        "Of neither: it is a smooth version of the sum.",
    ],
    "B",
    [
        "of the name, and it misleads. Softmax of (1, 2, 4) is three numbers below 1; nothing like 4 is among them.",
        "Softmax returns one share per score. Sharpen it, and the winner's share goes to 1: the answer to "
        "*which*, not to *how much*.",
        "that a smooth version may answer two questions at once. Softmax does not return the size of the winner: "
        "adding 100 to all scores moves the maximum by 100 and softmax not at all.",
        "of the denominator, a sum of exponentials. Its logarithm is what this notebook is about.",
    ],
)

mean_question = Question(
    "Three equal scores: 5, 5 and 5. What is LSE = log(e^5 + e^5 + e^5)?",
    ["5", "5 + log 3, about 6.10", "15", "5/3"],
    "B",
    [
        "of a kind of mean, which must return 5 for equal numbers. LSE is not a mean: it can exceed every score.",
        "The sum is 3·e^5, and its logarithm is log 3 + 5. Every further equal score lifts LSE, so it is no mean.",
        "that log and exp cancel term by term. The logarithm of a sum is not the sum of the logarithms.",
        "of dividing by the number of scores. Nothing is divided here; three equal terms are *added*.",
    ],
)

gap_question = Question(
    "Two scores. When they are equal, LSE lies log 2, about 0.69, above max. "
    "Now one of them takes a lead of 10. How far above max is LSE?",
    [
        "Still 0.69: the gap is log n.",
        "More than 0.69, because the scores are larger.",
        "About e^−10, less than a ten-thousandth.",
        "Exactly 0.",
    ],
    "C",
    [
        "of log n as the gap. It is the *largest* gap, reached only where all scores are equal.",
        "that the size of the scores counts. The gap depends on their differences only.",
        "Because log(e^10 + 1) = 10 + log(1 + e^−10), and log(1 + x) is about x when x is small.",
        "that a loser so far behind adds nothing. In exact arithmetic every score adds something.",
    ],
)

corner_question = Question(
    "Take LSE = 0.5 and max = 0.5 as two lines in the plane of z0 and z1. Where does the line LSE = 0.5 run?",
    [
        "Outside the corner that the line of max makes, farther from the origin.",
        "Inside that corner, closest to it far away from the tie z0 = z1.",
        "It crosses the line of max on the tie.",
    ],
    "B",
    [
        "that a larger function has its line farther out. LSE is larger, so it reaches 0.5 *earlier*.",
        "LSE lies above max, so it reaches the value earlier; and it lies most above max on the tie, where the "
        "corner is cut off most.",
        "that smoothing goes up on one side and down on the other. LSE lies above max everywhere.",
    ],
)

slope_question = Question(
    "LSE(x, 0) with λ = 1 is a smooth version of max(x, 0), whose slope jumps from 0 to 1 at x = 0. "
    "What is the slope of LSE(x, 0) at x = 0?",
    ["0", "1/2", "1", "It has none there."],
    "B",
    [
        "of a minimum at the kink. LSE(x, 0) rises with x everywhere.",
        "The slope is softmax of (x, 0), first entry; at a tie the two share equally.",
        "of the side that wins. At x = 0 nobody has won yet.",
        "of max, which has a kink there. LSE has a slope everywhere: that is what smooth means.",
    ],
)

shift_question = Question(
    "On paper, LSE(z) = m + LSE(z − m) for *every* m. Take z = (−1000, 0, 1000) in float64, where exp overflows "
    "above 709. Which m gives the right answer?",
    ["The mean, 0.", "The smallest, −1000.", "The largest, 1000.", "Any of them: the formula is exact."],
    "C",
    [
        "that centering is enough. After it the largest score is still 1000, and exp(1000) overflows.",
        "that small numbers are safe. After this shift the scores are 0, 1000 and 2000, which is worse.",
        "After it the largest score is 0 and its exponential is 1: nothing overflows, and the sum is at least 1.",
        "of the real numbers, where that is true. A float has a largest value, and the shift decides who exceeds it.",
    ],
)

strict_question = Question(
    "Is LSE of two finite scores always *strictly* greater than their maximum?",
    [
        "Yes, on paper and in floating-point numbers.",
        "On paper yes, but not in floating-point numbers.",
        "No, not even on paper: far from the tie they are equal.",
    ],
    "B",
    [
        "of the proof, which is right for real numbers. A float that lies closer to max than half a rounding "
        "step becomes max.",
        "Since e^z is positive, the sum exceeds its largest term. A float64 near 36 cannot hold an excess of e^−36.",
        "of the picture, where the two curves meet. The gap is positive for all real scores, only too small to see.",
    ],
)

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
)

recall_shift_question = Question(
    "From notebook 02. In float32, naive softmax of (1000, 1001, 1002) gives nan three times. Why?",
    [
        "The exponentials underflow to 0, and 0/0 is nan.",
        "The exponentials overflow to infinity, and infinity/infinity is nan.",
        "The scores are too large to be stored in float32.",
    ],
    "B",
    [
        "of scores near −104 or below. Those underflow; these are far on the other side.",
        "The exponential exceeds the largest float32 from about x = 89 on. Subtracting the maximum first cures it.",
        "that 1000 is a large number for a float. It is stored exactly; its *exponential* is what does not fit.",
    ],
)

recall_temperature_question = Question(
    "From notebook 03. You multiply all logits by λ = 10 before softmax. What is another name for that?",
    ["A temperature of 10.", "A temperature of 1/10.", "A shift by 10, which changes nothing."],
    "B",
    [
        "that a large factor is a high temperature. Softmax with temperature divides: z/T, so λ = 1/T.",
        "Dividing by T = 1/10 is multiplying by 10: cold, so the leader takes nearly everything.",
        "of *adding* 10 to all logits. Multiplying stretches their differences.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Derivations
# ---------------------------------------------------------------------------------------------------

TWO_SCORES = {"LSE": "log(exp(λ*a) + exp(λ*b))/λ"}

lower_proof = Derivation(
    TWO_SCORES,
    [
        Step("LSE", "log(exp(λ*a)*(1 + exp(λ*(b - a))))/λ", "the larger exponential leaves the sum"),
        Step("", "a + log(1 + exp(λ*(b - a)))/λ", "logarithm of a product"),
        Step("exp(λ*(b - a))", "0", "no exponential is negative", relation=">="),
        Step("LSE", "a", "so the logarithm is at least log 1 = 0", relation=">="),
    ],
    title="Never below the larger score",
    assume={"λ": "positive"},
    given=("a >= b",),
    example={"a": 2, "b": 1.5, "λ": 3},
)

upper_proof = Derivation(
    TWO_SCORES,
    [
        Step("LSE - a", "log(1 + exp(λ*(b - a)))/λ", "as before"),
        Step("λ*(b - a)", "0", "a is the larger score", relation="<="),
        Step("exp(λ*(b - a))", "1", "the exponential keeps the order: what is it at 0?", "<=", blank=True),
        Step("1 + exp(λ*(b - a))", "2", "add 1", "<=", blank=True),
        Step("LSE - a", "log(2)/λ", "the logarithm keeps the order, and λ is positive", "<=", blank=True),
    ],
    title="Never far above it",
    assume={"λ": "positive"},
    given=("a >= b",),
    example={"a": 2, "b": 1.5, "λ": 3},
)

both_bounds = Derivation(
    TWO_SCORES,
    [
        Step("max(a, b)", "LSE", "lower bound", relation="<="),
        Step("", "max(a, b) + log(2)/λ", "upper bound", relation="<="),
    ],
    title="Both bounds, whichever score is the larger",
    assume={"λ": "positive"},
)

invariance_error = Derivation(
    {"LSE(z)": "log(exp(z[0]) + exp(z[1]) + exp(z[2]))"},
    [
        Step("LSE(z + b)", "log(exp(z[0] + b) + exp(z[1] + b) + exp(z[2] + b))", "definition"),
        Step("", "log(exp(b)*(exp(z[0]) + exp(z[1]) + exp(z[2])))", "a common factor"),
        Step(
            "",
            "log(exp(z[0]) + exp(z[1]) + exp(z[2]))",
            "the common factor cancels",
            planted="in softmax the factor e^b cancels against the denominator; LSE has none. "
            "The logarithm turns the factor into a term: LSE moves by b, just as max does.",
        ),
        Step("", "LSE(z)", "definition"),
    ],
    title="“LSE is invariant: LSE(z + b) = LSE(z)”",
    assume={"z": "real vector 3"},
)

# ---------------------------------------------------------------------------------------------------
# A search for counterexamples
# ---------------------------------------------------------------------------------------------------

Case = tuple[tuple[float, ...], float]  # logits z, inverse temperature λ
SLACK = 1e-12  # a bound is a rounded number: it may miss the truth by this part of itself


@cache
def _corner_cases() -> tuple[Case, ...]:
    """Ties, leaders and ramps, the simplest first."""
    patterns = [
        pattern
        for n in (1, 2, 3, 10)
        for pattern in (
            (0.0,) * n,
            (5.0,) * n,
            (-5.0,) * n,
            (1.0,) + (0.0,) * (n - 1),
            (0.0,) * (n - 1) + (36.0,),
            (0.0,) * (n - 1) + (-36.0,),
            tuple(float(i) for i in range(n)),
        )
    ]
    return tuple((pattern, k) for k in (1.0, 10.0, 0.1, 100.0, 0.01) for pattern in dict.fromkeys(patterns))


@cache
def _random_cases(count: int = 300) -> tuple[Case, ...]:
    """Random logits of many sizes, the same ones in every run, with few digits so that they can be read."""
    random = np.random.default_rng(4)
    cases = []
    for _ in range(count):
        n, scale = int(random.integers(1, 8)), float(random.choice([0.1, 1, 10, 100]))
        z = tuple(float(v) for v in np.round(random.uniform(-1, 1, n) * scale, 2))
        cases.append((z, float(random.choice([0.1, 0.5, 1, 2, 10]))))
    return tuple(cases)


def exact_gap(
    z: Sequence[float] | npt.NDArray[np.float64], inverse_temperature: float, digits: int = 50
) -> Decimal:
    """LSE_λ(z) − max(z) of exactly these floats, to so many digits, with nothing but the definition."""
    with localcontext() as context:
        k, logits = Decimal(inverse_temperature), [Decimal(v) for v in z]
        spread = float(k * (max(logits) - min(logits)))
        context.prec = digits + math.ceil(spread / math.log(10)) + 5  # so that 1 + e^−spread is not 1
        total = sum(((k * (v - max(logits))).exp() for v in logits), Decimal(0))
        gap = total.ln() / k
    with localcontext() as context:
        context.prec = digits
        return +gap


def refute_bound(bound: Callable[[npt.NDArray[np.float64], float], float]) -> list[Result]:
    """Search for logits that lie farther below their LSE than a bound allows, and for a bound that is too high."""
    tries = 0

    def excess(case: Case) -> float:
        """How far the gap exceeds the bound, in units of 1/λ."""
        nonlocal tries
        tries += 1
        z, k = case
        gap = float(_gap_above_max(np.array(z), k))
        allowed = bound(np.array(z), k)
        return (gap - allowed - SLACK * abs(allowed)) * k

    found = None
    scores: list[tuple[float, Case]] = []
    for case in (*_corner_cases(), *_random_cases()):
        scores.append((excess(case), case))
        if scores[-1][0] > 0 and _really_exceeds(bound, case):
            found = case
            break
    if found is None:
        scores.sort(key=lambda pair: -pair[0])
        found = next(filter(None, (_climb(case, excess, bound) for _, case in scores[:4])), None)
    return [
        Result(
            f"true in real arithmetic ({tries} cases tried)",
            _counterexample(found, bound) if found else "",
        ),
        Result("sharp where all logits are equal", _too_generous(bound)),
        _in_floats(bound),
    ]


def _climb(
    case: Case, excess: Callable[[Case], float], bound: Callable[..., float], steps: int = 40
) -> Case | None:
    """Move logits and λ a little, keep what brings the gap closer to the bound, and report if it exceeds it."""
    random = np.random.default_rng(len(case[0]))
    best = excess(case)
    for _ in range(steps):
        z, k = list(case[0]), case[1]
        i, kind = int(random.integers(len(z))), int(random.integers(3))
        if kind == 0:
            z[i] = max(z)
        elif kind == 1:
            z[i] = round(z[i] + float(random.normal()) / k, 2)
        else:
            k = min(100.0, max(0.01, k * float(random.choice([0.5, 2.0]))))
        value = excess((tuple(z), k))
        if value > 0 and _really_exceeds(bound, (tuple(z), k)):
            return tuple(z), k
        if value > best:
            best, case = value, (tuple(z), k)
    return None


def _really_exceeds(bound: Callable[..., float], case: Case) -> bool:
    """Confirm a counterexample in 50 digits; what float64 says about it is not enough."""
    allowed = Decimal(bound(np.array(case[0]), case[1]))
    return exact_gap(*case) > allowed + Decimal(SLACK) * abs(allowed)


def _counterexample(case: Case, bound: Callable[..., float]) -> str:
    z, k = case
    return (
        f"Refuted by z = {brief(np.array(z))}, λ = {k:g}: LSE − max is {format_number(float(exact_gap(z, k)), 6)}, "
        f"but your bound allows only {format_number(bound(np.array(z), k), 6)}."
    )


def _too_generous(bound: Callable[..., float]) -> str:
    """Name equal logits at which the bound lies above the gap, or nothing."""
    for n in (2, 3, 10, 100, 1):
        for k in (1.0, 10.0, 0.1):
            for height in (0.0, 2.5):
                z = np.full(n, height)
                gap, allowed = float(exact_gap(z, k)), bound(z, k)
                if allowed > gap * (1 + 1e-9) + SLACK / k:
                    which = f"z = {brief(z)}" if n <= 10 else f"{n} logits that are all {height:g}"
                    return (
                        f"Too generous for {which} at λ = {k:g}: there LSE − max is {format_number(gap, 6)}, "
                        f"and your bound says {format_number(allowed, 6)}."
                    )
    return ""


def _in_floats(bound: Callable[..., float]) -> Result:
    """Compare float64 results of both sides: true up to rounding is all one can ask."""
    cases = (*_corner_cases(), *_random_cases())
    for z, k in cases:
        left, right = float(smooth_max(np.array(z), k)), max(z) + bound(np.array(z), k)
        if left > right + 4 * np.spacing(max(abs(left), abs(right))):
            return Result(
                "true in float64, up to rounding",
                f"At z = {brief(np.array(z))}, λ = {k:g} float64 gives LSE = {left!r}, above max + bound = {right!r}.",
            )
    return Result(f"true in float64, up to rounding ({len(cases)} cases tried)")


class Exact(Decimal):
    """A decimal number that takes floats at their exact value, so that a claim may mix the two."""


def _taking_floats(plain: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Exact, *others: Any) -> Any:
        result = plain(self, *(Decimal(float(v)) if isinstance(v, float) else v for v in others))
        return Exact(result) if isinstance(result, Decimal) else result

    return operation


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "neg", "abs"):
    setattr(Exact, f"__{_name}__", _taking_floats(getattr(Decimal, f"__{_name}__")))


def try_to_refute(claim: Callable[[list[Any], Any, Any], bool]) -> Verdict:
    """Search for logits and λ > 0 for which a claim is false, in real arithmetic and in float64.

    Parameters
    ----------
    claim : callable
        Takes a list of logits z, the inverse temperature and LSE_λ(z), and returns whether the claim holds.
        It is called with floats, and with decimal numbers of more digits than matter; so use ``+ - * /``,
        comparisons, ``max``, ``min``, ``sum`` and ``len``. In real arithmetic, a claim that becomes true when
        LSE − max changes by one part in 1e12 is not refuted: a rounded logarithm in it does no harm.
    """
    cases = [(z, k) for z, k in (*_corner_cases(), *_random_cases()) if k * (max(z) - min(z)) <= 400]
    real = next((case for case in cases if not _holds_in_reals(claim, case)), None)
    floats = next(
        ((z, k) for z, k in cases if not claim(list(z), k, float(smooth_max(np.array(z), k)))),
        None,
    )
    results = [
        Result(
            f"{name} ({len(cases)} cases)", f"false for z = {list(case[0])}, λ = {case[1]:g}" if case else ""
        )
        for name, case in (("real arithmetic", real), ("float64 arithmetic", floats))
    ]
    if real:
        return Verdict("failed", "Refuted.", tuple(results))
    if floats:
        return Verdict(
            "failed", "Not refuted on paper, but refuted in floating-point numbers.", tuple(results)
        )
    return Verdict("passed", "No counterexample found. That is not a proof.", tuple(results))


def _holds_in_reals(claim: Callable[[list[Any], Any, Any], bool], case: Case) -> bool:
    with localcontext() as context:
        context.prec = 250  # e^−400 needs 174 digits behind the point
        z, k = [Exact(v) for v in case[0]], Exact(case[1])
        gap = exact_gap(*case, digits=230)
        return any(claim(list(z), k, max(z) + gap * (1 + Decimal(change))) for change in (0, -SLACK, SLACK))


# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def stable_smooth_max(z, inverse_temperature):
    m = np.max(z)
    e = np.exp(inverse_temperature * (z - m))
    return m + np.log(np.sum(e)) / inverse_temperature


def _scaled_first(z, inverse_temperature):
    y = inverse_temperature * z
    return (np.max(y) + np.log(np.sum(np.exp(y - np.max(y))))) / inverse_temperature


def _shifted_by(shift):
    def lse(z, inverse_temperature):
        m = shift(z)
        return m + np.log(np.sum(np.exp(inverse_temperature * (z - m)))) / inverse_temperature

    return lse


smooth_max_exercise = Exercise(
    "Write `stable_smooth_max(z, inverse_temperature)`: LSE_λ(z) = log(Σ e^(λ·z_i))/λ, for scores of any size.",
    Contract(
        "`z` is a 1-D NumPy array of at least one finite score (floats or integers) of any size up to 1e300; "
        "`inverse_temperature` is a positive number λ, up to 1e100. Return one number, right to nine significant "
        "digits. Leave `z` unchanged."
    ),
    stable_smooth_max,
    [
        Check("three scores, λ = 1", (np.array([1.0, 0.0, -4.0]), 1.0)),
        Check("the same, sharper", (np.array([1.0, 0.0, -4.0]), 10.0)),
        Check("very smooth", (np.array([0.1, -2.0, 3.4, 3.3]), 0.01)),
        Check("a tie of four", (np.array([2.0, 2.0, 2.0, 2.0]), 0.5)),
        Check("one score is its own maximum", (np.array([-7.0]), 3.0)),
        Check("large scores", (np.array([1000.0, 1001.0, 1002.0]), 1.0)),
        Check("very negative scores", (np.array([-1000.0, -1001.0]), 1.0)),
        Check("far apart", (np.array([-1000.0, 0.0, 1000.0]), 2.0)),
        Check("far apart, smoother", (np.array([-1000.0, 0.0, 1000.0]), 0.5)),
        Check("λ·z too large for a float", (np.array([1e300, 0.9999e300]), 1e10)),
        Check("integers", (np.array([3, 3, 1]), 2)),
    ],
    [
        Mistake(
            lambda z, k: np.log(np.sum(np.exp(k * z))) / k,
            "this is the formula as it stands. Its exponentials overflow for large scores and vanish for very negative "
            "ones: subtract the maximum first.",
        ),
        Mistake(
            _scaled_first,
            "you scale first and shift then. λ·z can overflow although z and the result are fine: shift first, then scale.",
        ),
        Mistake(
            lambda z, k: np.max(z) + np.log(np.sum(np.exp(k * (z - np.max(z))))),
            "the logarithm is not divided by λ. Scaling by λ inside must be undone outside.",
        ),
        Mistake(
            lambda z, k: (np.max(z) + np.log(np.sum(np.exp(k * (z - np.max(z)))))) / k,
            "you divide the maximum by λ as well. It was taken out *before* the scaling, so it goes back unscaled.",
        ),
        Mistake(
            lambda z, k: np.log(np.sum(np.exp(k * (z - np.max(z))))) / k,
            "the maximum that you subtracted never comes back: this is the gap LSE − max.",
        ),
        Mistake(
            _shifted_by(np.mean),
            "you shift by the mean. The largest score can still be far above it, and its exponential overflows.",
        ),
        Mistake(
            _shifted_by(np.min),
            "you shift by the smallest score. All exponents are then positive, which invites overflow.",
        ),
        Mistake(
            lambda z, k: np.max(z) + np.log(np.mean(np.exp(k * (z - np.max(z))))) / k,
            "you take the *mean* of the exponentials. That is mellowmax, which lies log(n)/λ lower.",
        ),
        Mistake(
            lambda z, k: np.max(z) + np.log(np.sum(np.exp((z - np.max(z)) / k))) * k,
            "you use λ as if it were a temperature. Multiply by λ inside, divide by it outside.",
        ),
        Mistake(
            lambda z, k: np.sum(softmax(k * (z - np.max(z))) * z),
            "this is the mean of the scores under softmax, the Boltzmann mean. It never exceeds max; LSE always does.",
        ),
        Mistake(lambda z, k: np.max(z), "this is max itself, without any smoothing."),
    ],
    [
        "Take the largest score out of the sum first, while nothing is scaled yet.",
        "LSE_λ(z) = m + log(Σ e^(λ·(z_i − m)))/λ with m = max(z)",
        "Three lines: `m = np.max(z)`, the exponentials of λ times `(z - m)`, then `m` plus the logarithm of their sum divided by λ.",
    ],
)


def smooth_min(z, inverse_temperature):
    m = np.min(z)
    e = np.exp(-inverse_temperature * (z - m))  # the smooth maximum of −z, taken back
    return m - np.log(np.sum(e)) / inverse_temperature


smooth_min_exercise = Exercise(
    "Write `smooth_min(z, inverse_temperature)`: a smooth *minimum*, the mirror image of the smooth maximum. "
    "It lies at or below the smallest score, by at most log(n)/λ.",
    Contract(
        "`z` is a 1-D NumPy array of at least one finite score (floats or signed integers) of any size up to 1e300; "
        "`inverse_temperature` is a positive number λ, up to 1e100. Return one number, right to nine significant digits. "
        "Leave `z` unchanged. You may call your own `stable_smooth_max`."
    ),
    smooth_min,
    [
        Check("three scores, λ = 1", (np.array([1.0, 0.0, -4.0]), 1.0)),
        Check("the same, sharper", (np.array([1.0, 0.0, -4.0]), 10.0)),
        Check("a tie of three", (np.array([2.0, 2.0, 2.0]), 0.5)),
        Check("one score is its own minimum", (np.array([7.0]), 3.0)),
        Check("large scores", (np.array([1000.0, 1001.0, 1002.0]), 1.0)),
        Check("very negative scores", (np.array([-1000.0, -1001.0]), 1.0)),
        Check("far apart", (np.array([-1000.0, 0.0, 1000.0]), 2.0)),
        Check("λ·z too large for a float", (np.array([-1e300, -0.9999e300]), 1e10)),
        Check("integers", (np.array([3, 1, 1]), 2)),
    ],
    [
        Mistake(
            lambda z, k: stable_smooth_max(-z, k),
            "the outer minus sign is missing. Turning the scores around turns the result around as well.",
        ),
        Mistake(
            lambda z, k: -stable_smooth_max(z, k),
            "the inner minus sign is missing: this is the smooth *maximum* with its sign changed.",
        ),
        Mistake(lambda z, k: stable_smooth_max(z, k), "this is the smooth maximum."),
        Mistake(
            _shifted_by(np.min),
            "you changed the shift from max to min, but the sum still favors the largest score. "
            "The sign inside the exponential must change.",
        ),
        Mistake(
            lambda z, k: -np.log(np.sum(np.exp(-k * z))) / k,
            "the formula is right on paper, but its exponentials overflow or vanish. Shift by the smallest score first.",
        ),
        Mistake(
            lambda z, k: np.min(z) + np.log(np.sum(np.exp(-k * (z - np.min(z))))) / k,
            "the logarithm must be *subtracted*: the smooth minimum lies at or below the minimum.",
        ),
        Mistake(
            lambda z, k: np.min(z) - np.log(np.sum(np.exp(-k * (z - np.min(z))))),
            "the logarithm is not divided by λ.",
        ),
        Mistake(lambda z, k: np.min(z), "this is min itself, without any smoothing."),
    ],
    [
        "The smallest score is the largest one in a mirror.",
        "min(z) = −max(−z), and the same holds for the smooth versions.",
        "One line: a minus sign, and `stable_smooth_max` of `-z` with the same λ.",
    ],
)


def gap_bound(z, inverse_temperature):
    return np.log(len(z)) / inverse_temperature


def _lead(z):
    ordered = np.sort(z)
    return ordered[-1] - ordered[-2] if len(z) > 1 else 0.0


bound_exercise = Conjecture(
    "Propose `gap_bound(z, inverse_temperature)`: a number that LSE_λ(z) − max(z) never exceeds, whatever the scores. "
    "A search will try to refute it.",
    Contract(
        "`z` is a 1-D NumPy array of at least one finite score; `inverse_temperature` is a positive number λ. Return one finite "
        "number. Your bound must be true for all z and λ, and *sharp*: where all scores are equal, no smaller number would do. "
        "It may miss by rounding (one part in 1e12). Do without exponentials: whoever can compute LSE needs no bound for it."
    ),
    gap_bound,
    [
        Check("two equal scores", (np.array([0.0, 0.0]), 1.0)),
        Check("three scores", (np.array([1.0, 0.0, -4.0]), 1.0)),
        Check("five equal scores, sharper", (np.full(5, 3.0), 10.0)),
        Check("four scores, smoother", (np.array([0.1, -2.0, 3.4, 3.3]), 0.25)),
        Check("one score", (np.array([2.0]), 1.0)),
    ],
    [
        Mistake(
            lambda z, k: 0.0,
            "you claim that LSE never exceeds max. It does, because the other exponentials are added.",
        ),
        Mistake(
            lambda z, k: np.log(2) / k,
            "log(2)/λ is right for *two* scores. How many equal scores can there be?",
        ),
        Mistake(
            lambda z, k: np.log(len(z)),
            "the bound does not know λ. Sharper means closer to max: divide by λ.",
        ),
        Mistake(
            lambda z, k: np.log(len(z)) * k,
            "you multiply by λ. The larger λ, the *closer* LSE is to max: divide.",
        ),
        Mistake(
            lambda z, k: 1 / k,
            "1/λ has the right dependence on λ, but it must also grow with the number of scores.",
        ),
        Mistake(
            lambda z, k: len(z) / k,
            "true, because log n < n, but too generous: the logarithm of the sum makes the n a log n.",
        ),
        Mistake(
            lambda z, k: (len(z) - 1) / k,
            "true, because log(1 + x) ≤ x, but not sharp from two scores on: keep the logarithm.",
        ),
        Mistake(
            lambda z, k: stable_smooth_max(z, k) - np.max(z),
            "this is the gap itself, as floats compute it. That is no bound: for a clear leader it comes out as 0, and the true gap "
            "is not 0. Think of the largest possible sum instead.",
        ),
        Mistake(
            lambda z, k: np.max(z) - np.min(z),
            "the spread of the scores says nothing here: the gap is largest where the spread is 0.",
        ),
        Mistake(
            lambda z, k: (len(z) - 1) * np.exp(-k * _lead(z)) / k,
            "true, because log(1 + x) ≤ x, and even very good for a clear leader; but not sharp at ties.",
        ),
        Mistake(
            lambda z, k: np.log2(len(z)) / k,
            "right up to the base of the logarithm: exponentials of base e need the natural one.",
        ),
    ],
    [
        "How large can the sum of e^(λ·(z_i − max)) be, if none of its n terms exceeds 1?",
        "LSE_λ − max = log(Σ e^(λ·(z_i − max)))/λ, and the sum is at most n.",
        "One line with `np.log`, `len(z)` and a division.",
    ],
    search=refute_bound,
)


def mellowmax(z, inverse_temperature):
    d = inverse_temperature * (z - np.mean(z))
    if inverse_temperature == 0:
        return np.mean(z)
    if np.max(np.abs(d)) < 1:
        return np.mean(z) + np.log1p(np.mean(np.expm1(d))) / inverse_temperature
    m = np.max(d)
    return np.mean(z) + (m + np.log(np.mean(np.exp(d - m)))) / inverse_temperature


def _direct_mellowmax(z, inverse_temperature):
    m = np.max(inverse_temperature * z)
    return (m + np.log(np.mean(np.exp(inverse_temperature * z - m)))) / inverse_temperature


def _patched(z, inverse_temperature):
    if inverse_temperature == 0:
        return np.mean(z)
    return _direct_mellowmax(z, inverse_temperature)


mellowmax_exercise = Exercise(
    "Write `mellowmax(z, inverse_temperature)`: log(mean of e^(λ·z_i))/λ for *every* λ, also 0, where it is the plain mean, "
    "and near 0, where the formula divides one rounding error by another small number.",
    Contract(
        "`z` is a 1-D NumPy array of at least one score between −1000 and 1000 (floats or integers); `inverse_temperature` is any "
        "number λ between −1000 and 1000: positive, negative, tiny or 0. Return one number, right to nine significant "
        "digits. Leave `z` unchanged."
    ),
    mellowmax,
    [
        Check("λ = 1", (np.array([1.0, 2.0, 4.0]), 1.0)),
        Check("λ = 0: the mean", (np.array([1.0, 2.0, 4.0]), 0.0)),
        Check("λ = 1e−9", (np.array([1.0, 2.0, 4.0]), 1e-9)),
        Check("λ = 1e−14", (np.array([1.0, 2.0, 4.0]), 1e-14)),
        Check("λ = −1e−10", (np.array([1.0, 2.0, 4.0]), -1e-10)),
        Check("λ = 0.001: the correction to the mean counts", (np.array([1.0, 2.0, 4.0]), 1e-3)),
        Check("λ = −2: a soft minimum", (np.array([1.0, 2.0, 4.0]), -2.0)),
        Check("large scores", (np.array([1000.0, 998.0]), 3.0)),
        Check("large scores, negative λ", (np.array([-1000.0, -998.0]), -3.0)),
        Check("equal scores", (np.array([0.7, 0.7, 0.7]), 5.0)),
        Check("integers", (np.array([3, 1]), 0.5)),
        Check("very sharp", (np.array([1.0, 2.0, 4.0]), 1000.0)),
    ],
    [
        Mistake(
            lambda z, k: np.log(np.mean(np.exp(k * z))) / k,
            "this is the formula as it stands: it overflows, loses digits near λ = 0 and divides 0 by 0 there.",
        ),
        Mistake(
            _direct_mellowmax,
            "overflow is cured, but at λ = 0 you divide 0 by 0, and near it all digits are lost: log(mean) needs log1p and expm1.",
        ),
        Mistake(
            _patched,
            "λ = 0 is right now, but it is not the only dangerous place: at λ = 1e−9 the logarithm is about 1e−9, while it is "
            "the logarithm of a number rounded near 1. Use expm1 and log1p.",
        ),
        Mistake(
            lambda z, k: np.mean(z) if abs(k) < 0.01 else _direct_mellowmax(z, k),
            "you return the mean for all small λ. At λ = 0.001 the difference from the mean already shows in the fourth digit.",
        ),
        Mistake(
            lambda z, k: (
                np.mean(z) + np.log1p(np.mean(np.expm1(k * (z - np.mean(z))))) / k if k else np.mean(z)
            ),
            "near λ = 0 this is right. For large λ the exponentials overflow: there, shift by the largest λ·z instead.",
        ),
        Mistake(
            lambda z, k: float(smooth_max(z, k)) if k else np.mean(z),
            "this adds the exponentials. Take their mean, so that the result stays between min and max.",
        ),
        Mistake(
            lambda z, k: float(softmax(k * z) @ z),
            "this is the Boltzmann mean Σ p_i·z_i, another way from min to max.",
        ),
    ],
    [
        "Near λ = 0 every exponential is nearly 1. Keep only how far it is from 1.",
        "mean + log(1 + mean(e^d − 1))/λ with d = λ·(z − mean); for large |d|, shift by the largest d.",
        "`d = inverse_temperature * (z - np.mean(z))`; if all |d| < 1 use `np.log1p(np.mean(np.expm1(d)))`, else "
        "`m + np.log(np.mean(np.exp(d - m)))` with `m = np.max(d)`; divide by λ, add the mean; treat λ = 0 apart.",
    ],
)
