"""Lesson 05: activations and their derivatives. What ``05_activation_derivatives`` shows, asks and sets as exercises."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from course_utils.numerics import activations as act
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Derivation,
    Exercise,
    Float,
    Integer,
    LogFloat,
    Mistake,
    Picture,
    Question,
    Step,
    Table,
    look,
)
from course_utils.teaching.text import format_number

Array = npt.NDArray[np.floating[Any]]
Function = Callable[[Any], Any]

# ---------------------------------------------------------------------------------------------------
# The functions, as the pictures need them
# ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A function with its slope, where the slope is largest, and its formula for complex numbers.

    ``peak`` is `None` where the largest slope is taken on a whole half-line. ``plain`` is `None` where the
    formula needs more than NumPy.
    """

    function: Function
    slope: Function
    steepest: float
    peak: float | None
    plain: Function | None = None


SILU_PEAK = 2.399357280520547  # where x tanh(x/2) = 2, by Newton's method
ACTIVATIONS = {
    "sigmoid": Shown(act.sigmoid, act.sigmoid_derivative, 0.25, 0.0, lambda x: 1 / (1 + np.exp(-x))),
    "tanh": Shown(act.tanh, act.tanh_derivative, 1.0, 0.0, np.tanh),
    "ReLU": Shown(act.relu, act.relu_derivative, 1.0, None, lambda x: x * (np.real(x) > 0)),
    "leaky ReLU": Shown(
        act.leaky_relu,
        act.leaky_relu_derivative,
        1.0,
        None,
        lambda x: x * np.where(np.real(x) > 0, 1, 0.01),
    ),
    "ELU": Shown(
        act.elu, act.elu_derivative, 1.0, None, lambda x: np.where(np.real(x) > 0, x, np.exp(x) - 1)
    ),
    "softplus": Shown(act.softplus, act.softplus_derivative, 1.0, None, lambda x: np.log(1 + np.exp(x))),
    "SiLU": Shown(
        act.silu,
        act.silu_derivative,
        float(act.silu_derivative(SILU_PEAK)),
        SILU_PEAK,
        lambda x: x / (1 + np.exp(-x)),
    ),
    "GELU": Shown(act.gelu, act.gelu_derivative, float(act.gelu_derivative(math.sqrt(2))), math.sqrt(2)),
}
NAMES = tuple(ACTIVATIONS)
NONE = "none"
STYLES = (("-", look.LOGITS), ("--", look.PROBABILITIES), ((0, (1, 1)), look.TARGET))


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------

WINDOW = np.linspace(-5, 5, 201)
EVERY_UNIT = slice(None, None, 20)


def functions_and_slopes(first: str, second: str, third: str) -> Picture:
    """Show up to three activations in one picture, and beside them their slopes."""
    chosen = [name for name in dict.fromkeys([first, second, third]) if name != NONE]
    curves = {f"{name}(x)": np.asarray(ACTIVATIONS[name].function(WINDOW)) for name in chosen}
    slopes = {f"slope of {name}": np.asarray(ACTIVATIONS[name].slope(WINDOW)) for name in chosen}
    peaks = [(ACTIVATIONS[name].peak, ACTIVATIONS[name].steepest) for name in chosen]
    marks = np.array([(x, slope) for x, slope in peaks if x is not None]).reshape(-1, 2)

    figure, (left, right) = look.panels(2, left=50, gap=54)
    for axes, family, title in ((left, curves, "f(x)"), (right, slopes, "slope f′(x)")):
        for (key, values), (dash, color) in zip(family.items(), STYLES, strict=False):
            axes.plot(WINDOW, values, linestyle=dash, color=color, gid=f"x | {key}")
        axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
        axes.axvline(0, color=look.OUTLINE, linewidth=1, gid="guide")
        axes.set(xlim=(-5.2, 5.2), xlabel="x")
        axes.set_title(title)
    bounded = max(values.max() for values in curves.values()) <= 1
    left.set_ylim(*((-1.15, 1.75) if bounded else (-1.3, 5.3)))
    right.set_ylim(-0.25, 1.95)
    right.plot(*marks.T, "D", color=look.BLACK, markeredgecolor="white", gid="peak | largest slope")
    for axes in (left, right):
        axes.legend(
            axes.get_lines()[: len(chosen)], chosen, loc="upper left", borderpad=0.3, handlelength=1.6
        )

    def largest(name: str) -> str:
        activation = ACTIVATIONS[name]
        if activation.peak is not None:
            return f"{format_number(activation.steepest, 5)} at x = {format_number(activation.peak, 4)}"
        return "1, approached for large x" if name == "softplus" else "1, for every x > 0"

    readout = "; ".join(f"{name}: largest slope {largest(name)}" for name in chosen)
    lowest = {name: lowest_point(name) for name in chosen}
    dips = [
        f"{name} falls as low as {format_number(low, 5)} at x = {format_number(x, 6)}."
        for name, minimum in lowest.items()
        if minimum is not None
        for x, low in [minimum]
    ]
    table = {
        "x": WINDOW[EVERY_UNIT],
        **{key: values[EVERY_UNIT] for key, values in {**curves, **slopes}.items()},
    }
    summary = {f"largest slope of {name}": largest(name) for name in chosen}
    summary |= {
        f"lowest point of {name}": f"{format_number(m[1], 5)} at {format_number(m[0], 6)}"
        for name, m in lowest.items()
        if m is not None
    }
    return Picture(
        figure,
        " ".join([f"{readout}.", *dips]),
        Table("Values and slopes", table, summary),
        {"x": WINDOW, **curves, **slopes, "peak": marks[:, 0], "largest slope": marks[:, 1]},
    )


def lowest_point(name: str) -> tuple[float, float] | None:
    """Return where SiLU and GELU turn around, and how low they are there; the others never turn."""
    turn = {"SiLU": -1.2784645427610738, "GELU": -0.7517915246935645}.get(name)
    return None if turn is None else (turn, float(ACTIVATIONS[name].function(turn)))


PROBED = ("tanh", "sigmoid", "ReLU", "ELU", "SiLU")
STEPS = 10.0 ** np.linspace(0, -15, 61)
FLOOR = 1e-17  # drawn for an error of exactly 0
READABLE = 1e-4  # below this step the errors are mostly rounding, whose digits depend on the processor


def slope_estimates(name: str, x: float, h: Any) -> dict[str, Any]:
    """Return three measured slopes: forward difference, central difference, complex step."""
    f, plain = ACTIVATIONS[name].function, ACTIVATIONS[name].plain
    assert plain is not None
    return {
        "forward": (f(x + h) - f(x)) / h,
        "central": (f(x + h) - f(x - h)) / (2 * h),
        "complex step": np.imag(plain(x + 1j * h)) / h,
    }


def tangent_probe(name: str, x: float, h: float) -> Picture:
    """Show a tangent with the secant that stands in for it, and the error of three ways to measure the slope."""
    f, exact = ACTIVATIONS[name].function, float(ACTIVATIONS[name].slope(x))
    curve, value = np.asarray(f(WINDOW)), float(f(x))
    measured = slope_estimates(name, x, h)
    curves = {
        f"log10 error, {way}": np.log10(np.maximum(np.abs(slope - exact), FLOOR))
        for way, slope in slope_estimates(name, x, STEPS).items()
    }
    near = np.array([x - 1.5, x + 1.5])
    tangent, secant = value + exact * (near - x), value + measured["forward"] * (near - x)

    figure, (left, right) = look.panels(2, left=50, gap=66)
    left.plot(WINDOW, curve, color=look.LOGITS, gid="window | f")
    left.plot(near, tangent, color=look.BLACK, gid="near | tangent")
    left.plot(near, secant, "--", color=look.PROBABILITIES, gid="near | secant")
    left.plot([x, x + h], [value, float(f(x + h))], "o", color=look.PROBABILITIES, gid="ends | f at ends")
    bounded = name in ("tanh", "sigmoid")
    left.set(xlim=(-5.2, 5.2), ylim=(-1.7, 3.2) if bounded else (-2.2, 7.5), xlabel="x")
    left.legend(
        left.get_lines()[:3],
        [name, "tangent", "forward secant"],
        loc="upper left",
        borderpad=0.3,
        handlelength=1.6,
    )
    left.set_title("f, tangent and secant")
    log_steps, log_h = np.log10(STEPS), math.log10(h)
    styles = {
        "forward": ("--", look.PROBABILITIES),
        "central": ("-", look.TARGET),
        "complex step": (":", look.BLACK),
    }
    for way, (dash, color) in styles.items():
        right.plot(
            log_steps, curves[f"log10 error, {way}"], dash, color=color, gid=f"log10 h | log10 error, {way}"
        )
    right.axvline(log_h, color=look.TEMPERATURE, linewidth=3, alpha=0.6, gid="guide")
    right.set(xlim=(-15.2, 0.2), ylim=(-17.6, 9.5), xlabel="log10 h", ylabel="log10 of the error")
    right.legend(right.get_lines()[:3], list(styles), loc="upper left", borderpad=0.3, handlelength=1.6)
    right.set_title("error over the step h")

    errors = {way: _clean(abs(float(slope) - exact)) for way, slope in measured.items()}
    spacings = abs(exact) * h / float(np.spacing(abs(value))) if value else math.inf
    rows = STEPS[4:17:4]
    table_errors = {
        f"error, {way}": np.round(np.abs(slope_estimates(name, x, rows)[way] - exact), 12)
        for way in ("forward", "central")
    }
    return Picture(
        figure,
        f"{_seen_at_step(h, errors, spacings)} "
        f"The slope of {name} at x = {format_number(x)} is {format_number(exact, 5)}.{_valley(curves)}",
        Table(
            "Errors of the measured slope",
            {"step h": rows, **table_errors},
            {
                "slope": exact,
                "float spacings between f(x) and f(x + h)": "too many to count"
                if math.isinf(spacings)
                else float(f"{spacings:.2g}"),
                **(
                    {f"error at h, {way}": errors[way] for way in ("forward", "central")}
                    if h >= READABLE
                    else {}
                ),
            },
            digits=2,
        ),
        {
            "window": WINDOW,
            "f": curve,
            "near": near,
            "tangent": tangent,
            "secant": secant,
            "ends": np.array([x, x + h]),
            "f at ends": np.array([value, float(f(x + h))]),
            "log10 h": log_steps,
            **curves,
            "exact slope": np.array([exact]),
        },
    )


def _valley(curves: Mapping[str, Array]) -> str:
    """Say that the errors have a minimum, where both have one: by decades, which no processor moves."""
    for way in ("forward", "central"):
        error = curves[f"log10 error, {way}"]  # from the largest step to the smallest
        if not min(error[0], error[-1]) > error.min() + 2:
            return ""
    return " As h shrinks, the errors of both first fall and then rise again, when rounding takes over."


def _seen_at_step(h: float, errors: Mapping[str, float], spacings: float) -> str:
    """Say how good the differences are or, where rounding rules, why they are not."""
    step = f"With h = {format_number(h)}"
    if h >= READABLE:
        forward, central = (format_number(errors[way], 2) for way in ("forward", "central"))
        return f"{step} the forward difference is off by {forward}, the central one by {central}."
    if math.isinf(spacings):
        return f"{step}: f is 0 here, and near 0 floats lie so densely that little is lost."
    rounded = float(f"{spacings:.2g}")
    count = format_number(int(rounded) if 10 <= rounded < 1e5 else rounded, 2)
    return f"{step} the two values of f are only about {count} float spacings apart."


def _clean(value: float) -> float:
    """Drop rounding noise, which depends on the processor."""
    return float(np.round(value, 12))


CHAINS, DRAWN, DEEPEST = 200, 40, 50


@functools.cache
def _inputs() -> Array:
    """Return standard normal pre-activations: one row per chain, one column per layer."""
    return np.random.default_rng(5).standard_normal((CHAINS, DEEPEST))


def chain(name: str, depth: int, spread: float) -> Picture:
    """Show how the product of real slopes shrinks from layer to layer."""
    slopes = np.asarray(ACTIVATIONS[name].slope(spread * _inputs()[:, :depth]))
    alive = np.cumprod(slopes != 0, axis=1).astype(bool)
    logs = np.log10(np.abs(np.where(alive, slopes, 1.0)))
    products = np.where(alive, np.cumsum(logs, axis=1), np.nan)
    products = np.hstack([np.zeros((CHAINS, 1)), products])
    layers = np.arange(depth + 1)
    living = int(alive[:, -1].sum())
    medians = np.array(
        [
            np.median(column[~np.isnan(column)]) if (~np.isnan(column)).any() else np.nan
            for column in products.T
        ]
    )
    ceiling = layers * math.log10(ACTIVATIONS[name].steepest)
    # One artist for all chains: rows joined by a gap.
    gap = np.full((DRAWN, 1), np.nan)
    tracks = np.hstack([products[:DRAWN], gap]).ravel()
    steps = np.hstack([np.tile(layers.astype(float), (DRAWN, 1)), gap]).ravel()

    figure, (axes,) = look.panels(left=84)
    axes.plot(
        steps, tracks, color=look.SKY_BLUE, linewidth=0.8, gid="layers of a chain | log10 of its product"
    )
    axes.plot(layers, medians, color=look.LOGITS, linewidth=3, gid="layers | median of log10")
    axes.plot(layers, ceiling, "--", color=look.BLACK, gid="layers | ceiling of log10")
    lowest = min(-1.0, float(np.nanmin(products[:DRAWN])))
    highest = max(1.0, float(ceiling.max()))
    axes.set(xlim=(0, depth), xlabel="layers", ylabel="log10 of the product")
    axes.set_ylim(1.05 * lowest, highest + 0.6 * (highest - lowest))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(
        axes.get_lines(),
        [f"{DRAWN} chains", "median of the living ones", "ceiling: largest slope at every layer"],
        loc="upper right",
        borderpad=0.3,
    )
    axes.set_title(f"product of the slopes of {name}")

    after = f"After {_plural(depth, 'layer', 'layers')} of {name}"
    if living == CHAINS:
        seen = f"{after} the median product is {_power(medians[-1])}."
    elif living:
        was = f"{_plural(living, 'chain', 'chains')} of {CHAINS}"
        seen = (
            f"{after}, {was} {'has' if living == 1 else 'have'} a product other than 0, "
            f"with median {_power(medians[-1])}."
        )
    else:
        seen = f"{after} the product is 0 in all {CHAINS} chains."
    chosen = np.unique(np.round(np.linspace(0, depth, min(depth, 10) + 1)).astype(int))
    return Picture(
        figure,
        f"{seen} The ceiling, the largest slope at every layer, is {_power(ceiling[-1])}.",
        Table(
            "Products of slopes over the layers",
            {
                "layers so far": chosen,
                "living chains": (~np.isnan(products)).sum(axis=0)[chosen],
                "median of log10 of the product": [
                    "none" if np.isnan(medians[k]) else float(np.round(medians[k], 6)) for k in chosen
                ],
                "log10 of the ceiling": np.round(ceiling[chosen], 6),
            },
            {
                "chains": CHAINS,
                "chains drawn": DRAWN,
                "median product": "none" if np.isnan(medians[-1]) else _power(medians[-1]),
                "ceiling": _power(ceiling[-1]),
            },
        ),
        {
            "layers": layers,
            "layers of a chain": steps,
            "log10 of its product": tracks,
            "median of log10": medians,
            "ceiling of log10": ceiling,
        },
    )


def _power(exponent: float) -> str:
    """Write ten to the power ``exponent``, whose digits a float could not hold for long chains."""
    if -3 < exponent < 4:
        return format_number(10.0**exponent)
    whole = math.floor(exponent)
    mantissa = f"{10 ** (exponent - whole):.2g}"
    if mantissa == "10":
        mantissa, whole = "1", whole + 1
    return f"{mantissa}e{whole}".replace("-", "−")


UNITS, LARGEST_FAN_IN = 256, 1000
SATURATED = 0.99


@functools.cache
def _layer(seed: int) -> tuple[Array, Array]:
    """Return the entries of one input and the weights of 256 units, all standard normal."""
    random = np.random.default_rng(seed)
    return random.standard_normal(LARGEST_FAN_IN), random.standard_normal((UNITS, LARGEST_FAN_IN))


def expected_saturation(spread: float) -> float:
    """Return how probable |tanh f| > 0.99 is for a normal f with mean 0."""
    return math.erfc(math.atanh(SATURATED) / (spread * math.sqrt(2)))


def saturation(fan_in: int, weight_std: float, seed: int) -> Picture:
    """Show one layer before and after tanh, for inputs and weights drawn at random."""
    x, weights = _layer(seed)
    entries = x[:fan_in] / np.sqrt(np.mean(x[:fan_in] ** 2))  # normalized: the mean of the squares is 1
    f = weight_std * (weights[:, :fan_in] @ entries)
    outputs = np.tanh(f)
    spread = weight_std * math.sqrt(fan_in)
    edges = spread * np.linspace(-4, 4, 33)
    before = np.histogram(f, edges)[0]
    outside = UNITS - int(before.sum())
    after = np.histogram(outputs, np.linspace(-1, 1, 41))[0]
    centers, places = (edges[1:] + edges[:-1]) / 2, np.linspace(-0.975, 0.975, 40)
    density = (
        UNITS
        * (edges[1] - edges[0])
        * np.exp(-((centers / spread) ** 2) / 2)
        / (spread * math.sqrt(2 * math.pi))
    )
    expected, drawn = expected_saturation(spread), float(np.mean(np.abs(outputs) > SATURATED))
    slope = float(np.mean(act.tanh_derivative(f)))

    figure, (left, right) = look.panels(2, left=66, gap=66)
    left.bar(
        centers,
        before,
        width=edges[1] - edges[0],
        color=look.LOGITS,
        edgecolor=look.OUTLINE,
        linewidth=0.6,
        gid="units before",
    )
    left.plot(centers, density, "--", color=look.BLACK, gid="f | expected units")
    left.set(
        xlim=(edges[0], edges[-1]), ylim=(0, 1.15 * max(45, int(before.max()))), xlabel="f", ylabel="units"
    )
    ticks = spread * np.array([-3, 0, 3])
    left.set_xticks(ticks, [format_number(tick, 2) for tick in ticks])
    left.legend(left.get_lines(), ["expected"], loc="upper right", borderpad=0.3)
    left.set_title("before: f = Σ w x")
    right.bar(
        places,
        after,
        width=0.05,
        color=look.PROBABILITIES,
        edgecolor=look.OUTLINE,
        linewidth=0.6,
        gid="units after",
    )
    right.set(xlim=(-1.02, 1.02), ylim=(0, 1.1 * max(50, int(after.max()))), xlabel="tanh f", ylabel="units")
    right.set_title("after: tanh f")

    return Picture(
        figure,
        f"|tanh f| exceeds {SATURATED} in {_percent(drawn)} of the {UNITS} units; {_percent(expected)} was expected. "
        f"f has a standard deviation of {format_number(float(f.std()))} in this draw, {format_number(spread)} "
        f"was expected. The mean slope tanh′ is {format_number(slope)}.",
        Table(
            "The layer before and after tanh",
            {
                "f around": centers,
                "units before": before,
                "expected": np.round(density, 4),
            },
            {
                "units": UNITS,
                "units outside the left picture": outside,
                "standard deviation of f, this draw": float(f.std()),
                "standard deviation of f, expected": spread,
                "level": SATURATED,
                "saturated, this draw": _percent(drawn),
                "saturated, expected": _percent(expected),
                "mean slope": slope,
            },
            digits=4,
        ),
        {"units after": after, "f": centers, "expected units": density},
    )


def _percent(share: float) -> str:
    percent = 100 * share
    if 0 < percent < 0.05:
        return "less than 0.1 %"
    return f"{percent:.1f} %".replace("100.0", "100").replace("-", "−") if percent != 0 else "0 %"


EXAMPLES, ROUNDS = 500, 400


@functools.cache
def _examples() -> Array:
    return np.sort(np.random.default_rng(11).standard_normal(EXAMPLES))


def dead_relu(bias: float, leak: float) -> Picture:
    """Show which inputs reach a ReLU's slope, and whether gradient descent brings its bias back."""
    x = _examples()
    target = np.where(x > 0, x, leak * x)
    biases, gradients = np.empty(ROUNDS + 1), np.empty(ROUNDS + 1)
    b = bias
    for k in range(ROUNDS + 1):
        z = x + b
        slope = np.where(z > 0, 1.0, leak)
        gradient = float(np.mean((z * slope - target) * slope))
        biases[k], gradients[k] = b, gradient
        b -= gradient
    z = x + bias
    active = int(np.sum(z > 0))
    edges = np.linspace(-10, 10, 41)
    counts, centers = np.histogram(z, edges)[0], (edges[1:] + edges[:-1]) / 2
    off, on = np.where(centers < 0, counts, 0), np.where(centers > 0, counts, 0)

    figure, (left, right) = look.panels(2, left=66, gap=66)
    left.bar(
        centers,
        off,
        width=0.5,
        color="#bbbbbb",
        hatch="//",
        edgecolor=look.OUTLINE,
        linewidth=0.6,
        gid="inactive inputs",
        label="inactive",
    )
    left.bar(
        centers,
        on,
        width=0.5,
        color=look.PROBABILITIES,
        edgecolor=look.OUTLINE,
        linewidth=0.6,
        gid="active inputs",
        label="active",
    )
    left.axvline(0, color=look.BLACK, gid="guide")
    left.set(xlim=(-10, 10), ylim=(0, 160), xlabel="z = x + b", ylabel="inputs")
    left.legend(loc="upper left", borderpad=0.3, handlelength=1.2)
    left.set_title("the unit before training")
    rounds = np.arange(ROUNDS + 1)
    right.plot(rounds, biases, color=look.LOGITS, gid="step | bias")
    right.axhline(0, color=look.BLACK, linestyle="--", linewidth=1.2, gid="guide")
    right.set(xlim=(0, ROUNDS), ylim=(-6.6, 6.6), xlabel="steps of gradient descent", ylabel="bias b")
    right.set_title("the bias, if it learns")

    gradient = gradients[0]
    exactly = "exactly 0" if gradient == 0 else format_number(gradient, 2)
    size = f"The gradient of the loss with respect to the bias starts at {exactly}"
    if gradient == 0 and active == 0:
        end = ", so the bias never moves: this unit is dead."
    elif gradient == 0:
        end = ": the bias is where it should be."
    else:
        end = f", and after {ROUNDS} steps the bias is {format_number(_clean(round(biases[-1], 6)), 2)}."
    chosen = slice(None, None, 50)
    return Picture(
        figure,
        f"{_plural(active, 'input', 'inputs')} of {EXAMPLES} {'makes' if active == 1 else 'make'} this unit active. {size}{end}",
        Table(
            "The bias while it learns",
            {
                "steps so far": rounds[chosen],
                "bias b": np.round(biases[chosen], 6),
                "gradient": np.round(gradients[chosen], 8),
            },
            {"inputs": EXAMPLES, "active inputs at the start": active, "steps": ROUNDS},
        ),
        {
            "inactive inputs": off,
            "active inputs": on,
            "step": rounds,
            "bias": biases,
        },
    )


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

functions_demo = Demo(
    functions_and_slopes,
    (
        Choice("first", "First function", options=NAMES, initial="sigmoid"),
        Choice("second", "Second function", options=NAMES, initial="tanh"),
        Choice("third", "Third function", options=(*NAMES, NONE), initial="ReLU"),
    ),
    title="Functions and their slopes.",
    look_for="Compare the heights of the two slopes, and where they are nearly 0.",
    presets={
        "The two S-shapes alone": {"third": NONE},
        "Three that never die": {"first": "leaky ReLU", "second": "ELU", "third": "softplus"},
        "Smooth versions of ReLU": {"first": "SiLU", "second": "GELU", "third": "ReLU"},
        "A function and its slope": {"first": "sigmoid", "second": "softplus", "third": NONE},
    },
)

tangent_demo = Demo(
    tangent_probe,
    (
        Choice("name", "Function", options=PROBED),
        Float("x", "Point x", low=-5, high=5, initial=1, step=0.1),
        LogFloat("h", "Step h", low=1e-14, high=1, initial=0.01, step=10**0.25),
    ),
    title="Tangent probe.",
    look_for="Make h smaller and smaller: when does the error stop falling, and which of the three ways does not care?",
    presets={
        "A large step": {"h": 1.0},
        "Too small a step": {"h": 1e-12},
        "Where forward is as good as central": {"x": 0.0},
        "At the kink of ReLU": {"name": "ReLU", "x": 0.0},
        "SiLU, beyond slope 1": {"name": "SiLU", "x": 2.4},
    },
)

chain_demo = Demo(
    chain,
    (
        Choice("name", "Function", options=NAMES),
        Integer("depth", "Layers", low=1, high=DEEPEST, initial=10),
        LogFloat("spread", "Spread of the pre-activations", low=0.1, high=10, initial=1, step=10**0.1),
    ),
    title="A chain of slopes.",
    look_for="Compare the chains with the ceiling: what does a larger spread do to each of the functions?",
    presets={
        "Ten times tanh": {"name": "tanh"},
        "Ten times tanh, saturated": {"name": "tanh", "spread": 10},
        "Ten times ReLU": {"name": "ReLU"},
        "Ten times leaky ReLU": {"name": "leaky ReLU"},
        "Fifty times GELU, large inputs": {"name": "GELU", "depth": 50, "spread": 10},
    },
)

GLOROT = math.sqrt(2 / (784 + 256))

saturation_demo = Demo(
    saturation,
    (
        Integer("fan_in", "Inputs per unit (fan-in)", low=1, high=LARGEST_FAN_IN, initial=784),
        LogFloat(
            "weight_std", "Standard deviation of the weights", low=0.001, high=2, initial=1, step=10**0.05
        ),
        Integer("seed", "Number of the draw", low=0, high=99, initial=0),
    ),
    title="Saturation.",
    look_for="Watch the right panel while the weights shrink: from two walls to a hill.",
    presets={
        "Glorot's scale": {"weight_std": GLOROT},
        "The scale that keeps the variance": {"weight_std": 1 / 28},
        "Another draw": {"seed": 1},
        "Four inputs only": {"fan_in": 4},
        "Tiny weights": {"weight_std": 0.001},
    },
)

dead_demo = Demo(
    dead_relu,
    (
        Float("bias", "Bias b", low=-6, high=6, initial=-1, step=0.1),
        Float("leak", "Leak (slope for negative z)", low=0, high=0.3, initial=0, step=0.01),
    ),
    title="A ReLU that dies.",
    look_for="Lower the bias until no input is left on the right of 0, then open the leak a little.",
    presets={
        "Nearly dead": {"bias": -2.5},
        "Dead": {"bias": -5},
        "Dead, with a small leak": {"bias": -5, "leak": 0.01},
        "Dead, with a large leak": {"bias": -5, "leak": 0.2},
        "Always active": {"bias": 5},
    },
)

# ---------------------------------------------------------------------------------------------------
# Derivations
# ---------------------------------------------------------------------------------------------------

SIGMOID = {"σ(t)": "1/(1 + exp(-t))"}

sigmoid_derivation = Derivation(
    SIGMOID,
    [
        Step(
            "σ'(x)",
            "exp(-x)/(1 + exp(-x))^2",
            "chain rule: the inner slope is −e^(−x), two minus signs cancel",
        ),
        Step("", "1/(1 + exp(-x)) * (exp(-x)/(1 + exp(-x)))", "two factors; the first is σ(x)"),
        Step("exp(-x)/(1 + exp(-x))", "1 - σ(x)", "what the first factor lacks to 1", blank=True),
        Step("σ'(x)", "σ(x)*(1 - σ(x))", "put together", blank=True),
        Step("", "1/4 - (σ(x) - 1/2)^2", "complete the square: at most 1/4, where σ(x) = 1/2", blank=True),
    ],
    title="The slope of the sigmoid",
    example={"x": 1},
)

tanh_derivation = Derivation(
    {"s": "(exp(x) - exp(-x))/2", "c": "(exp(x) + exp(-x))/2"},
    [
        Step("s'", "c", "the derivative of −e^(−x) is +e^(−x)"),
        Step("c'", "s", "and that of e^(−x) is −e^(−x)", blank=True),
        Step("diff(s/c, x)", "(c*c - s*s)/c^2", "quotient rule", blank=True),
        Step("", "1 - (s/c)^2", "divide term by term, and s/c is tanh(x)"),
        Step("", "4/(exp(x) + exp(-x))^2", "because c² − s² = 1: a form without a subtraction"),
    ],
    title="The slope of tanh = s/c",
    example={"x": 1},
)

relation_derivation = Derivation(
    SIGMOID,
    [
        Step("2*σ(2*x) - 1", "2/(1 + exp(-2*x)) - 1", "definition"),
        Step("", "(1 - exp(-2*x))/(1 + exp(-2*x))", "a common denominator", blank=True),
        Step("", "(exp(x) - exp(-x))/(exp(x) + exp(-x))", "multiply above and below by e^x", blank=True),
        Step("", "tanh(x)", "definition of tanh"),
        Step("diff(tanh(x), x)", "4*σ'(2*x)", "chain rule: twice as steep, and twice as high"),
    ],
    title="tanh is a stretched sigmoid",
    example={"x": 1},
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

list_question = Question(
    "Someone writes ReLU as `np.array([max(0, v) for v in x])` and tests it with `x = np.array([-1.5, -0.5])`. "
    "What comes out?",
    [
        "`array([0., 0.])`, as with `np.maximum(0, x)`.",
        "An array of *integers*.",
        "An error, because `max` cannot compare an int with a NumPy float.",
    ],
    "B",
    [
        "that the array remembers what it was made from. `max` returned its first argument, the integer 0, twice; "
        "of a list of integers NumPy makes an integer array.",
        "Both entries are the Python integer 0, so `np.array` chooses an integer type. Whatever is later written "
        "into that array loses its decimals, without a warning.",
        "of a strict language. Python compares numbers of different types without complaint.",
    ],
)

peak_question = Question(
    "The sigmoid climbs from 0 to 1. How large is its largest slope?",
    ["1", "1/2", "1/4", "It depends on how far out you look."],
    "C",
    [
        "of its largest *value*, or of tanh. The sigmoid needs several units of x to climb by 1.",
        "of the value at 0, σ(0) = 1/2. The slope there is σ(0)·(1 − σ(0)).",
        "Its slope is σ(1 − σ), a product of two numbers that add up to 1. It is largest where they are equal: 1/2 · 1/2.",
        "that it keeps getting steeper. It flattens on both sides of 0.",
    ],
)

step_question = Question(
    "You measure a slope by (f(x + h) − f(x))/h and make h smaller: 1e-2, 1e-5, 1e-8, 1e-11, 1e-14. What does the error do?",
    [
        "It keeps falling, for the derivative is the limit h → 0.",
        "It falls at first, then rises again.",
        "It rises from the start: small numbers are inaccurate.",
        "It falls, then stays where it is.",
    ],
    "B",
    [
        "of the definition, which is about real numbers. In floats, f(x + h) and f(x) become so alike that their "
        "difference is mostly rounding error, and h in the denominator magnifies it.",
        "Two errors compete: the formula's falls like h, that of rounding grows like 1/h. The best h is where they meet.",
        "that small floats are inaccurate. h itself has all its digits; it is the *difference* of two nearly equal "
        "values that loses them, and only once h is tiny.",
        "of a floor of rounding errors. The rounding error of the values has a floor, but you divide it by h.",
    ],
)

chain_question = Question(
    "Backpropagation multiplies slopes. A chain of ten sigmoids, all weights 1: how large can the product of the ten slopes be at most?",
    ["1", "0.25", "0.025", "About one millionth."],
    "D",
    [
        "that a product of slopes stays of the size of a slope, and that a slope may be 1. No factor exceeds 1/4.",
        "of a single sigmoid. Each of the ten brings its own factor.",
        "of division: a quarter over ten. Slopes along a chain are multiplied.",
        "Ten factors of at most 1/4: (1/4)^10 = 1/1048576. And most are smaller than 1/4.",
    ],
)

saturation_question = Question(
    "A layer: 784 inputs, drawn from a standard normal distribution; the weights too. "
    "Each of the 256 units computes tanh(Σ w x). For how many of them is |tanh| above 0.99?",
    ["About 1 in 100.", "About a third.", "About half.", "More than 9 in 10."],
    "D",
    [
        "of one input with one weight. Here 784 products are added.",
        "of a sum that stays of the size of its terms because signs cancel. They cancel only in part: "
        "784 terms of variance 1 make a variance of 784.",
        "that a sum of so many terms is anything. It is, but on the scale of 28, and tanh is flat beyond 3.",
        "The sum has a standard deviation of √784 = 28, and |tanh| exceeds 0.99 from 2.65 on: nearly all units are out there.",
    ],
)

variance_question = Question(
    "X1 and X2 both have mean 0 and variance 1. What is the variance of X1 + X2?",
    [
        "2, always: variances add.",
        "2 if X1 and X2 are uncorrelated; otherwise anything from 0 to 4.",
        "√2, always.",
        "4, always: twice the spread.",
    ],
    "B",
    [
        "of the rule without its condition. If X2 = −X1, the sum is 0.",
        "Var(X1 + X2) = Var X1 + Var X2 + 2 Cov(X1, X2), and the covariance lies between −1 and 1. "
        "Weights drawn independently make the terms w·x uncorrelated, even where the inputs are not.",
        "of the standard deviation, and of uncorrelated terms only.",
        "of X1 + X1. For terms that do not move together, much cancels.",
    ],
)

dead_question = Question(
    "ReLU has slope 1 for every positive z, however large. So can the gradient through a ReLU vanish?",
    [
        "No. That is why everybody uses it.",
        "Only after very many layers, like that of tanh.",
        "Yes: wherever z is negative, it is exactly 0.",
    ],
    "C",
    [
        "of the positive half only. On the negative half the slope is not small: it is 0.",
        "of a gradual loss. ReLU passes a gradient on unchanged or not at all.",
        "A unit whose z is negative for *all* examples gets no gradient at all, so nothing brings it back: a dead ReLU.",
    ],
)

kink_question = Question(
    "At 0, ReLU has a kink: slope 0 on the left, 1 on the right. What happens if a pre-activation is exactly 0?",
    [
        "The program stops with an error: there is no derivative.",
        "The gradient becomes nan.",
        "The program uses a fixed number, usually 0, and goes on.",
        "It uses the average, 1/2, since nothing else is correct.",
    ],
    "C",
    [
        "that programs look for the derivative at run time. Somebody has written a formula such as `z > 0`, and that has an answer everywhere.",
        "of 0/0. Nothing is divided here: the slope is looked up by a comparison.",
        "Any number from 0 to 1 would be a subgradient; frameworks choose 0 by convention. Training hardly notices.",
        "of the central difference, which gives 1/2 at the kink. That is a possible choice, but not the usual one, and not more correct.",
    ],
)

smooth_question = Question(
    "SiLU and GELU are smooth versions of ReLU, whose slope is never larger than 1. How large can *their* slopes be?",
    ["Less than 1 everywhere: smoothing flattens.", "Exactly 1 at most.", "A little more than 1."],
    "C",
    [
        "of smoothing as averaging of slopes. These functions dip below 0 first, and have to catch up.",
        "of large x, where the slope tends to 1. On the way there it overshoots.",
        "Both lie below ReLU and come back to it for large x. To close the gap they must climb faster than 1 for a while.",
    ],
)

exit_question = Question(
    "Exit question. A colleague's network of ten tanh layers with 784 units each hardly learns. "
    "The weights were drawn with standard deviation 1. What do you try first?",
    [
        "More training steps.",
        "A learning rate a thousand times larger.",
        "Weights with standard deviation 1/28.",
        "Sigmoid instead of tanh.",
    ],
    "C",
    [
        "that it only needs patience. The slopes of saturated units are tiny, and ten of them multiply.",
        "of making up for small gradients. They are small by different, enormous factors from layer to layer; no one rate fits.",
        "1/28 is 1/√784: then Σ w x has the spread of its inputs, tanh works mostly where it is steep, and much more of the product of slopes survives.",
        "that tanh is to blame. The slope of the sigmoid is at most 1/4: the chain would shrink even faster.",
    ],
)

recall_temperature_question = Question(
    "From notebook 03. Two classes have probabilities 0.9 and 0.1 at T = 1, a ratio of 9 : 1. What is the ratio at T = 2?",
    ["4.5 : 1", "3 : 1", "81 : 1", "9 : 1, for temperature does not change the order."],
    "B",
    [
        "of halving the ratio. T halves the difference of the *logits*, and differences become ratios.",
        "The ratio is e^(difference of logits). Half the difference is the square root of the ratio.",
        "of T = 1/2, which squares the ratio. A higher temperature brings probabilities closer together.",
        "that the same order means the same ratio. The order stays, the ratio does not.",
    ],
)

recall_lse_question = Question(
    "From notebook 04. The smooth maximum of x and 0 is log(e^x + 1). What is its slope?",
    ["max(x, 0)", "1/(1 + e^(−x))", "1 for x > 0, otherwise 0", "1/(1 + e^x)"],
    "B",
    [
        "of the function that it smooths. The slope of a smooth max is a smooth *arg max*.",
        "The slope of LSE is softmax, here of the logits x and 0: the sigmoid. This function is called softplus, and you meet it again here.",
        "of the slope of max itself. The smooth one goes from 0 to 1 gradually.",
        "of the other class: this is the probability of the 0, and the slope with respect to that one.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------

WIDE = np.array(
    [-1000.0, -700.0, -40.0, -20.5, -5.0, -1.0, -0.3, 0.0, 0.3, 1.0, 5.0, 20.5, 40.0, 700.0, 1000.0]
)
TABLE = np.array([[-2.5, 0.1, 3.0], [800.0, -800.0, -0.7]])


def stable_sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


ANY_SHAPE = (
    "`x` is a NumPy array of floats of any shape, of any finite size (also ±1000). Return an array of the same shape, "
    "each entry right to {digits} significant digits, the small ones too, *without any warning*. Leave `x` unchanged."
)

sigmoid_exercise = Exercise(
    "Write `stable_sigmoid(x)`: σ(x) = 1/(1 + e^(−x)) for numbers of any size, in silence.",
    Contract(ANY_SHAPE.format(digits="nine"), quiet=True),
    stable_sigmoid,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Check("far out on the right", (np.array([710.0, 1000.0, 1e300]),)),
        Check("far out on the left", (np.array([-710.5, -1000.0, -1e300]),)),
        Check("small results keep their digits", (np.array([-20.0, -40.0, -700.0]),)),
        Check("everything in one array", (WIDE,)),
        Check("a table", (TABLE,)),
        Check("an array without axes", (np.array(-3.0),)),
        Check("nothing", (np.array([]),)),
    ],
    [
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)),
            "this is the definition. For x below about −709 the exponential overflows; the result happens to be right, "
            "but with a warning, and in a formula that goes on from there it need not be. "
            "Never give `np.exp` a large positive number: take e^(−|x|).",
        ),
        Mistake(
            lambda x: np.exp(x) / (1 + np.exp(x)),
            "for large x this is infinity over infinity, which is not a number. Take e^(−|x|), which never exceeds 1.",
        ),
        Mistake(
            lambda x: np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x))),
            "`np.where` computes *both* branches for all entries and then chooses. The branch not chosen overflows, "
            "and warns. Use e^(−|x|), which both branches can share.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))),
            "clipping keeps `np.exp` from overflowing, but changes the small results: σ(−700) is not σ(−500).",
        ),
        Mistake(
            lambda x: 0.5 * (1 + np.tanh(x / 2)),
            "on paper this is right, and it never overflows. But for negative x it subtracts two numbers that are nearly "
            "equal: at −40 nothing is left.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-np.abs(x))),
            "with |x| you get σ(|x|). For negative x you need 1 − σ(|x|), computed without the subtraction: e/(1 + e).",
        ),
        Mistake(
            lambda x: np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), 1 - 1 / (1 + np.exp(-np.abs(x)))),
            "1 − σ(|x|) is right on paper; in floats, σ(|x|) rounds to 1 from about 37 on, and the difference is 0. "
            "Write it as e/(1 + e).",
        ),
    ],
    [
        "What overflows is the exponential of a large positive number. Both halves of the axis can do with e^(−|x|).",
        "With e = e^(−|x|): σ(x) = 1/(1 + e) for x ≥ 0, and e/(1 + e) for x < 0.",
        "Two lines: `e = np.exp(-np.abs(x))`, then divide `np.where(x >= 0, 1, e)` by `1 + e`.",
    ],
)


def stable_softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


softplus_exercise = Exercise(
    "Write `stable_softplus(x)`: log(1 + e^x), the smooth maximum of x and 0, for numbers of any size.",
    Contract(ANY_SHAPE.format(digits="twelve"), rtol=1e-12, quiet=True),
    stable_softplus,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Check("far out on the right", (np.array([710.0, 1000.0, 1e300]),)),
        Check("far out on the left", (np.array([-745.5, -1000.0, -1e300]),)),
        Check("small results keep their digits", (np.array([-20.0, -36.0, -40.0, -700.0]),)),
        Check("between 10 and 30", (np.array([10.5, 15.5, 19.5, 20.5, 21.5, 29.5]),)),
        Check("everything in one array", (WIDE,)),
        Check("a table", (TABLE,)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: np.log(1 + np.exp(x)),
            "for large x the exponential overflows and the result is infinity; for very negative x, 1 + e^x rounds to 1 and "
            "the result is 0. Two different troubles: shift by the maximum for one, `np.log1p` for the other.",
        ),
        Mistake(
            lambda x: np.log1p(np.exp(x)),
            "`np.log1p` is right for negative x. For large x the exponential still overflows: take max(x, 0) out first.",
        ),
        Mistake(
            lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))),
            "taking max(x, 0) out is right. What is left, log(1 + a small number), loses the small number in the sum: "
            "`np.log1p` adds the 1 without rounding.",
        ),
        Mistake(
            lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20)))),
            "from 20 on you return x. Many libraries do; but log(1 + e^x) − x is e^(−x), which at 20.5 still counts "
            "in the tenth digit.",
        ),
        Mistake(
            lambda x: np.maximum(x, 0),
            "this is ReLU, which softplus smooths. The two differ most at 0, by log 2.",
        ),
        Mistake(
            lambda x: x + np.log1p(np.exp(-x)),
            "taking x out is right for positive x. For very negative x, e^(−x) overflows: take out max(x, 0) instead.",
        ),
        Mistake(
            lambda x: np.maximum(x, 0) + np.log1p(np.exp(-x * np.sign(x))) * np.sign(np.abs(x)),
            "at x = 0 your result is 0, but log(1 + 1) is log 2. Beware of `np.sign`, which is 0 there.",
        ),
    ],
    [
        "This is the LSE of x and 0. Notebook 04 took the maximum out first. And 1 plus a small number should not be rounded.",
        "log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|))",
        "One line: `np.maximum(x, 0)` plus `np.log1p` of `np.exp(-np.abs(x))`.",
    ],
)


def tanh_slope(x):
    e = np.exp(-np.abs(x))
    return (2 * e / (1 + e * e)) ** 2


slope_exercise = Exercise(
    "Write `tanh_slope(x)`: the derivative of tanh, with all digits also where it is tiny.",
    Contract(ANY_SHAPE.format(digits="nine"), quiet=True),
    tanh_slope,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Check("where 1 − tanh² loses digits", (np.array([-9.0, 8.0, 11.5, -14.0]),)),
        Check("where 1 − tanh² is 0", (np.array([20.0, -25.0, 100.0]),)),
        Check("tiny slopes", (np.array([-150.0, 300.0]),)),
        Check("far out", (np.array([750.0, -1000.0, 1e300]),)),
        Check("near 0", (np.array([1e-9, -1e-4, 0.01]),)),
        Check("a table", (TABLE,)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: 1 - np.tanh(x) ** 2,
            "on paper this is right. In floats, tanh² gets so close to 1 that the difference loses its digits, "
            "and all of them from about 19 on. Factoring it into (1 − tanh)(1 + tanh) is no better. "
            "Use the form without a subtraction.",
        ),
        Mistake(
            lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
            "this is the last line of the derivation, or 1/cosh² in other letters. It keeps all digits, but its square "
            "overflows from about 355 on, with a warning: multiply above and below by e^(−2|x|).",
        ),
        Mistake(
            lambda x: (2 * np.exp(-x) / (1 + np.exp(-2 * x))) ** 2,
            "right for positive x. For very negative x, e^(−x) overflows. The slope is symmetric: use |x|.",
        ),
        Mistake(
            lambda x: 2 * np.exp(-np.abs(x)) / (1 + np.exp(-2 * np.abs(x))),
            "this is 1/cosh(x). The slope is its square.",
        ),
        Mistake(
            lambda x: 4 * np.exp(-2 * np.abs(x)),
            "this is what the slope tends to for large |x|. Near 0 the denominator counts: at 0 the slope is 1, not 4.",
        ),
        Mistake(
            lambda x: 1 - np.tanh(x),
            "the square is missing: tanh′ = 1 − tanh². (And then the subtraction is still to be avoided.)",
        ),
    ],
    [
        "Look at the last line of the derivation: no subtraction there. What could overflow in it?",
        "tanh′(x) = 4/(e^x + e^(−x))² = (2e/(1 + e²))² with e = e^(−|x|)",
        "Two lines: `e = np.exp(-np.abs(x))`, then return the square of `2 * e / (1 + e * e)`.",
    ],
)


def silu_slope(x):
    s = 1 / (1 + np.exp(-x))
    return s + x * s * (1 - s)


silu_exercise = Exercise(
    "Write `silu_slope(x)`: the derivative of SiLU(x) = x·σ(x).",
    Contract(
        "`x` is a NumPy array of floats between −30 and 30, of any shape (so plain `np.exp` is safe). Return an array of "
        "the same shape, each entry right to within 1e-9: a *formula*, not a measured slope. Leave `x` unchanged.",
        rtol=1e-9,
        atol=1e-9,
    ),
    silu_slope,
    [
        Check("ordinary numbers", (np.array([-2.0, -0.5, 0.5, 2.0]),)),
        Check("at 0, where σ is 1/2", (np.array([0.0]),)),
        Check("where SiLU is lowest", (np.array([-1.2784645427610738]),)),
        Check("where the slope exceeds 1", (np.array([2.4, 3.0, 5.0]),)),
        Check("far out", (np.array([-30.0, -12.5, 12.5, 30.0]),)),
        Check("a table", (np.array([[1.0, -1.0], [4.0, -4.0]]),)),
        Check("an array without axes", (np.array(-3.0),)),
    ],
    [
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)),
            "you have differentiated the factor x and left σ(x) alone. The product rule has two terms.",
        ),
        Mistake(
            lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "this is σ′ alone. The product rule: x′·σ + x·σ′.",
        ),
        Mistake(
            lambda x: x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "this is the second term of the product rule, x·σ′. The first, x′·σ = σ, is missing.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) + x / (1 + np.exp(-x)),
            "both terms are there, but the second needs the *slope* of σ, which is σ(1 − σ).",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) - x * np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "a sign: the derivative of 1/(1 + e^(−x)) is *plus* e^(−x)/(1 + e^(−x))².",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)) + np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "the second term has lost its factor x: x′·σ + x·σ′.",
        ),
        Mistake(lambda x: x / (1 + np.exp(-x)), "this is SiLU itself."),
        Mistake(
            lambda x: np.where(x > 0, 1.0, 0.0), "this is the slope of ReLU. SiLU is its smooth relative."
        ),
        Mistake(
            lambda x: ((x + 0.01) / (1 + np.exp(-x - 0.01)) - x / (1 + np.exp(-x))) / 0.01,
            "this is a forward difference with h = 0.01: a measurement, right to two or three digits. Derive the formula.",
        ),
    ],
    [
        "A product of two functions: x and σ(x).",
        "(x·σ)′ = σ + x·σ′, and σ′ = σ(1 − σ)",
        "Two lines: `s = 1 / (1 + np.exp(-x))`, then `s` plus `x` times `s * (1 - s)`.",
    ],
)


def keeping_scale(fan_in, fan_out):
    return 1 / np.sqrt(fan_in)


scale_exercise = Exercise(
    "Write `keeping_scale(fan_in, fan_out)`: the standard deviation of the weights for which Σ w x has the same variance "
    "as the inputs.",
    Contract(
        "A layer has `fan_in` inputs and `fan_out` units; both are positive integers. The inputs have mean 0 and one "
        "variance, the weights are drawn independently with mean 0, there is no bias. Return one number, right to nine "
        "digits: the standard deviation of a weight. Only the way *forward* counts."
    ),
    keeping_scale,
    [
        Check("the layer of the text", (784, 256)),
        Check("the next layer", (256, 10)),
        Check("as many in as out", (100, 100)),
        Check("few inputs", (3, 1000)),
        Check("one input", (1, 1)),
        Check("many inputs", (100_000, 7)),
    ],
    [
        Mistake(
            lambda fan_in, fan_out: 1 / fan_in,
            "this is the *variance* of a weight. Its standard deviation is the square root.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
            "this is Glorot's scale. It balances the way forward with the way back; asked is the way forward alone.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(2 / fan_in),
            "this is He's scale, twice the variance: it makes up for a ReLU, which throws half of the signal away. "
            "Here nothing comes after the sum.",
        ),
        Mistake(
            lambda fan_in, fan_out: 1 / np.sqrt(fan_out),
            "each unit adds up `fan_in` products. `fan_out` counts on the way back.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(fan_in),
            "this is by what factor the spread *grows* with weights of standard deviation 1. Divide by it.",
        ),
        Mistake(
            lambda fan_in, fan_out: np.sqrt(3 / fan_in),
            "this is the half-width of a *uniform* distribution whose standard deviation is right. Asked is the "
            "standard deviation itself.",
        ),
        Mistake(
            lambda fan_in, fan_out: 1 / np.sqrt(fan_in + 1),
            "you count a bias as one more input. Here there is none.",
        ),
        Mistake(lambda fan_in, fan_out: 1 / 28, "this is right for 784 inputs only. Use `fan_in`."),
    ],
    [
        "Var(Σ w x) is a sum of `fan_in` equal terms, because the terms are uncorrelated.",
        "Var(Σ w x) = fan_in · Var(w) · Var(x). For which Var(w) is this Var(x)? And its square root?",
        "One line: 1 divided by `np.sqrt` of one of the two arguments.",
    ],
)
