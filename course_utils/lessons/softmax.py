"""Lesson 01: softmax. What the notebook ``01_softmax`` shows, asks and sets as exercises."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.numerics.softmax import softmax, softmax_jacobian
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Float,
    Integer,
    Mistake,
    Picture,
    Question,
    Table,
    Vector,
    look,
)
from course_utils.teaching.drawing import (
    bars,
    color_bar,
    in_three_dimensions,
    marks,
    plotly_layout,
    plotly_surface,
)
from course_utils.teaching.text import format_list, format_number

Array = npt.NDArray[np.floating[Any]]

# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------


def _class_names(count: int) -> list[str]:
    return [f"class {i}" for i in range(count)]


def shift_and_scale(z: tuple[float, ...], factor: float, shift: float) -> Picture:
    """Show scores k·z + c, their exponentials and their probabilities, beside the probabilities of z."""
    scores = np.array(z)
    changed = factor * scores + shift
    exponentials, p, before = np.exp(changed), softmax(changed), softmax(scores)
    ratio, ratio_before = np.exp(changed[0] - changed), np.exp(scores[0] - scores)

    figure, (left, middle, right) = look.panels(3, left=60, gap=62)
    bars(left, changed, "k·z + c", look.LOGITS, "scores k·z + c")
    bars(middle, exponentials, "e^(k·z + c)", look.EXPONENTIALS, "")
    # A fixed y: the title must not dodge the exponent above the axis.
    middle.set_title("$e^{k z + c}$", loc="right", y=1.01)
    middle.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3))
    bars(right, p, "p", look.PROBABILITIES, "probabilities p")
    marks(right, before, "p of z alone", "of z alone", "upper right")
    right.set_ylim(0, 1.3)
    right.set_yticks(np.linspace(0, 1, 5))

    if factor != 1:
        effect = (
            f"Multiplying the scores by {format_number(factor)} raised every ratio of probabilities to the power "
            f"{format_number(factor)}: p0 : p1 went from {format_number(ratio_before[1])} to {format_number(ratio[1])}."
        )
    elif shift != 0:
        effect = (
            f"{'Adding' if shift > 0 else 'Subtracting'} {format_number(abs(shift))} multiplied every exponential "
            "by the same number, which cancels: no probability changed."
        )
    else:
        effect = (
            "These are the scores as given; each ratio of probabilities is e to the difference of two scores."
        )
    return Picture(
        figure,
        f"p = {format_list(p)}. {effect}",
        Table(
            "Scores, exponentials and probabilities of each class",
            {
                "": _class_names(len(scores)),
                "class": np.arange(len(scores)),
                "z": scores,
                "k·z + c": changed,
                "e^(k·z + c)": exponentials,
                "p": p,
                "p of z alone": before,
                "p0 : p": ratio,
                "p0 : p of z alone": ratio_before,
            },
            {"sum of p": p.sum()},
        ),
    )


def one_pulls_all_move(z: tuple[float, ...], pulled: int, amount: float) -> Picture:
    """Show how all probabilities change when one logit does, and the Jacobian that predicts it."""
    logits = np.array(z)
    count = len(logits)
    p = softmax(logits)
    change = softmax(logits + amount * np.eye(count)[pulled]) - p
    jacobian = softmax_jacobian(logits)
    predicted = amount * jacobian[:, pulled]

    figure, (left, right) = look.panels(2, left=72, gap=60)
    bars(left, change, "change of p", look.PROBABILITIES, f"change of p when z{pulled} moves")
    marks(left, predicted, "Jacobian's forecast", "Jacobian's forecast", "lower center")
    # A logit that moves by 2 moves no p by more than tanh(1/2) and no forecast by more than 1/2; below is the legend.
    left.set_ylim(-0.78, 0.55)
    left.set_yticks(np.linspace(-0.4, 0.4, 5))
    _tiles(right, jacobian, pulled)

    others = np.delete(np.arange(count), pulled)
    moves = (
        f"Moving z{pulled} by {format_number(amount)} changes p{pulled} by {format_number(change[pulled])} "
        f"and the others by {format_list(change[others])}."
        if amount
        else f"While z{pulled} stays, nothing moves."
    )
    return Picture(
        figure,
        f"{moves} The changes add up to {format_number(_clean(change.sum()))}: what one gains, the others lose. "
        f"The Jacobian, exact for small moves, forecasts {format_number(predicted[pulled])} for p{pulled}.",
        Table(
            f"Probabilities before and after z{pulled} moves, and the Jacobian",
            {
                "": _class_names(count),
                "class": np.arange(count),
                "z": logits,
                "p": p,
                "change of p": change,
                "Jacobian's forecast": predicted,
                **{f"∂p/∂z{j}": jacobian[:, j] for j in range(count)},
            },
            {"sum of the changes": _clean(change.sum())},
        ),
        {"Jacobian": jacobian},
    )


def _clean(value: float) -> float:
    """Drop rounding noise, which depends on the processor."""
    return float(np.round(value, 12))


def _tiles(axes: Axes, matrix: Array, column: int) -> None:
    """Draw a matrix as tiles with its numbers, one column outlined."""
    count = len(matrix)
    # Diagonal entries p(1 − p) are at most 1/4, and so are the others in size.
    axes.imshow(matrix, cmap="RdBu", vmin=-0.25, vmax=0.25, gid="Jacobian", aspect="auto")
    for (i, j), value in np.ndenumerate(matrix):
        color = "white" if abs(value) > 0.17 else "black"
        axes.text(j, i, f"{value:.2f}".replace("-", "−"), ha="center", va="center", color=color)
    axes.axvspan(column - 0.49, column + 0.49, fill=False, edgecolor=look.OUTLINE, linewidth=3, gid="guide")
    axes.set_xticks(range(count), [f"z{j}" for j in range(count)])
    axes.set_yticks(range(count), [f"p{i}" for i in range(count)])
    axes.set_title("Jacobian ∂p (row) / ∂z (column)")
    axes.grid(False)


CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])


def simplex(z: tuple[float, ...], precision: str) -> Picture:
    """Show three probabilities as a point in a triangle, and where it goes when one logit changes."""
    p = softmax(np.array(z, dtype=precision)).astype(np.float64)
    x, y = p @ CORNERS
    # With the others fixed, their ratio is fixed: the point moves on a straight line through a corner.
    feet = np.where(np.eye(3, dtype=bool), 0.0, p)
    totals = feet.sum(axis=1)
    lines = [(CORNERS[i], feet[i] / totals[i] @ CORNERS, [np.nan] * 2) for i in range(3) if totals[i] > 0]
    tracks = np.array(lines).reshape(-1, 2)

    figure, (left, right) = look.panels(2, left=24, gap=84)
    outline = CORNERS[[0, 1, 2, 0]]
    left.plot(*outline.T, color=look.OUTLINE, gid="guide")
    for weight in (0.25, 0.5, 0.75):
        for i in range(3):
            one, two = CORNERS[(i + 1) % 3], CORNERS[(i + 2) % 3]
            ends = weight * CORNERS[i] + (1 - weight) * np.array([one, two])
            left.plot(*ends.T, color="#dddddd", linewidth=1, gid="guide")
    left.plot(*tracks.T, "--", color=look.LOGITS, linewidth=1.5, gid="track x | track y")
    left.plot(
        [x], [y], "o", color=look.PROBABILITIES, markeredgecolor=look.OUTLINE, markersize=13, gid="x | y"
    )
    for i, corner in enumerate(CORNERS):
        left.text(corner[0], corner[1] + (-0.13, -0.13, 0.06)[i], f"class {i}", ha="center")
    left.set_xlim(-0.18, 1.18)
    left.set_ylim(-0.15, 1.0)
    left.set_aspect("equal")
    left.set_axis_off()
    left.set_title("each corner: that class for sure")
    bars(right, p, "p", look.PROBABILITIES, f"p in {precision}")
    right.set_ylim(0, 1.05)

    zeros = np.flatnonzero(p == 0)
    if len(zeros) == 0:
        place = "The point lies inside the triangle: every class keeps some probability."
    else:
        where = "on an edge" if len(zeros) == 1 else "in a corner"
        which = format_list([f"class {i}" for i in zeros])
        place = (
            f"The point lies {where}: p of {which} is exactly 0, because {precision} has no positive number "
            f"below {format_number(np.finfo(precision).smallest_subnormal)}; in exact arithmetic it would be positive."
        )
    return Picture(
        figure,
        f"p = {format_list(p)}. {place}",
        Table(
            f"Logits and probabilities in {precision}",
            {"": _class_names(3), "class": np.arange(3), "z": np.array(z), "p": p},
            {
                "smallest positive number": float(np.finfo(precision).smallest_subnormal),
                "sum of p": p.sum(),
            },
        ),
        {"x": np.array([x]), "y": np.array([y]), "track x": tracks[:, 0], "track y": tracks[:, 1]},
    )


GRID = np.linspace(-10, 10, 101)
ALONG, ACROSS = "along the diagonal: z0 − z1 = d", "across it: z0 + z1 = d"


def two_classes(line: str, d: float) -> Picture:
    """Show p0 over the plane of two logits, as a surface, a heat map and a slice along a line."""
    plane = softmax(np.stack(np.meshgrid(GRID, GRID), axis=-1))[..., 0]
    z0 = np.linspace(max(-10.0, d - 10), min(10.0, d + 10), 101)  # where the line lies in the window
    z1 = z0 - d if line == ALONG else d - z0
    p0 = softmax(np.stack([z0, z1], axis=-1))[:, 0]
    shown = slice(None, None, 10)

    if line == ALONG:
        seen = f"Along z0 − z1 = {format_number(d)}, p0 is {format_number(p0[0])} everywhere."
        why = "Only the difference counts: p0 = σ(z0 − z1)."
    else:
        seen = (
            f"Along z0 + z1 = {format_number(d)}, p0 rises from {format_number(p0[0])} "
            f"to {format_number(p0[-1])}."
        )
        why = "It is the S-shaped curve σ(z0 − z1), and it passes one half where z0 = z1."
    return Picture(
        lambda: _two_classes(line, d, plane, z0, z1, p0),
        f"{seen} {why}",
        Table(
            f"p0 {line.replace('= d', f'= {format_number(d)}')}",
            {"z0": z0[shown], "z1": z1[shown], "p0": p0[shown]},
        ),
        {
            "grid z0": GRID,
            "grid z1": GRID,
            "plane": plane,
            "z0": z0,
            "z1": z1,
            "p0": p0,
            "every second": plane[::2, ::2],  # as smooth to the eye on a surface, and faster to turn
        },
        plotly=lambda: _two_classes_plotly(plane, z0, z1, p0),
    )


def _two_classes(line: str, d: float, plane: Array, z0: Array, z1: Array, p0: Array) -> Figure:
    figure, (flat, heat, curve, unused) = look.panels(2, 2, height=600, gap=90, right=60)
    unused.remove()
    box, heat_box = curve.get_position(), heat.get_position()
    curve.set_position((box.x0, box.y0, heat_box.x1 - box.x0, box.height))
    _surface(flat, plane)
    _heat_map(heat, plane)
    heat.plot(z0, z1, color="white", linewidth=4, gid="z0 | z1")
    heat.plot(z0, z1, "--", color=look.BLACK, gid="z0 | z1")
    curve.plot(z0, p0, color=look.PROBABILITIES, gid="z0 | p0")
    curve.set(xlim=(-10.5, 10.5), ylim=(-0.05, 1.05), xlabel="z0 along the dashed line", ylabel="p0")
    curve.set_title(f"slice {line.replace('= d', f'= {format_number(d)}')}")
    return figure


def _surface(flat: Axes, plane: Array) -> None:
    """Replace flat axes by a surface over the plane of two logits."""
    axes = in_three_dimensions(flat, left=0.02, down=0.04, wider=0.04, taller=0.07)
    every = slice(None, None, 5)
    axes.plot_surface(
        *np.meshgrid(GRID[every], GRID[every]),
        plane[every, every],
        rstride=1,
        cstride=1,
        cmap="viridis",
        vmin=0,
        vmax=1,
        gid="plane",
    )
    axes.set(xlabel="z0", ylabel="z1", zlabel="p0", zlim=(0, 1), xticks=(-10, 0, 10), yticks=(-10, 0, 10))
    axes.view_init(elev=28, azim=-120)
    axes.set_title("p0 as a surface", y=0.98)


def _heat_map(axes: Axes, plane: Array) -> None:
    half = (GRID[1] - GRID[0]) / 2
    image = axes.imshow(
        plane,
        origin="lower",
        extent=(GRID[0] - half, GRID[-1] + half, GRID[0] - half, GRID[-1] + half),
        cmap="viridis",
        vmin=0,
        vmax=1,
        aspect="auto",
        gid="grid z0 | grid z1 | plane",
    )
    color_bar(axes, image, (0, 0.5, 1))
    axes.set(xlabel="z0", ylabel="z1", xlim=(-10, 10), ylim=(-10, 10))
    axes.set_title("p0 as a heat map")
    axes.grid(False)


def _two_classes_plotly(plane: Array, z0: Array, z1: Array, p0: Array) -> dict[str, Any]:
    """Build the same picture for rotation and hover."""
    hover = "z0 %{x:.2f}<br>z1 %{y:.2f}<br>p0 %{z:.4f}<extra></extra>"
    surface = {
        **plotly_surface(GRID[::2], GRID[::2], plane[::2, ::2]),
        "name": "every second",
        "colorscale": "Viridis",
        "cmin": 0,
        "cmax": 1,
        "showscale": False,
        "hovertemplate": hover,
    }
    heat_map = {
        "type": "heatmap",
        "name": "plane",
        "x": GRID,
        "y": GRID,
        "z": plane,
        "colorscale": "Viridis",
        "zmin": 0,
        "zmax": 1,
        "colorbar": {"len": 0.62, "y": 0.7, "title": {"text": "p0"}},
        "hovertemplate": hover,
    }
    black, dashed = {"width": 6, "color": "black"}, {"width": 4, "color": "black", "dash": "dash"}
    on_the_surface = {"type": "scatter3d", "name": "z0 | z1 | p0", "x": z0, "y": z1, "z": p0, "line": black}
    on_the_map = {"type": "scatter", "name": "z0 | z1", "x": z0, "y": z1, "line": dashed}
    curve = {
        "type": "scatter",
        "name": "z0 | p0",
        "x": z0,
        "y": p0,
        "mode": "lines",
        "line": {"color": look.PROBABILITIES},
        "hovertemplate": "z0 %{x:.2f}<br>p0 %{y:.4f}<extra></extra>",
        "xaxis": "x2",
        "yaxis": "y2",
    }
    silent = {"mode": "lines", "hoverinfo": "skip"}
    lined = {"gridcolor": "#dddddd", "zeroline": False, "showline": True, "linecolor": look.OUTLINE}
    z0_axis = {**lined, "title": {"text": "z0"}, "range": [-10, 10]}
    left, right, above, below = [0, 0.504], [0.604, 1], [0.4324, 1], [0, 0.2924]
    return {
        "data": [
            surface,
            heat_map,
            {**on_the_surface, **silent},
            {**on_the_map, **silent},
            curve,
        ],
        "layout": plotly_layout(
            600,
            {"l": 60, "r": 20, "t": 40, "b": 50},
            {
                "p0 as a surface: drag to rotate": (0.252, 1),
                "p0 as a heat map": (0.802, 1),
                "p0 along the dashed line": (0.5, 0.2924),
            },
            scene={
                "domain": {"x": left, "y": above},
                "xaxis": {"title": {"text": "z0"}, "dtick": 10},
                "yaxis": {"title": {"text": "z1"}, "dtick": 10},
                # What goes up stands above: p0.
                "zaxis": {"title": {"text": ""}, "range": [0, 1], "tickvals": [0.5, 1]},
                "camera": {"eye": {"x": -1.35, "y": -2.3, "z": 1}, "center": {"x": 0, "y": 0, "z": -0.1}},
                "aspectmode": "cube",
            },
            xaxis={**z0_axis, "domain": right, "anchor": "y"},
            yaxis={
                **lined,
                "domain": above,
                "anchor": "x",
                "title": {"text": "z1", "standoff": 0},
                "range": [-10, 10],
            },
            xaxis2={**z0_axis, "domain": [0, 1], "anchor": "y2"},
            yaxis2={
                **lined,
                "domain": below,
                "anchor": "x2",
                "title": {"text": "p0"},
                "range": [-0.05, 1.05],
            },
        ),
    }


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

Z3 = ("z0", "z1", "z2")

shift_and_scale_demo = Demo(
    shift_and_scale,
    (
        Vector("z", "Scores z", entries=Z3, low=-5, high=5, initial=(1, 0, -4), step=0.1),
        Float("factor", "Factor k", low=0.1, high=3, initial=1, step=0.1),
        Float("shift", "Shift c", low=-100, high=100, initial=0, step=1),
    ),
    title="Shift and scale.",
    look_for="Watch the bars of p and the diamonds: they part only for one of the two sliders.",
    presets={
        "Add 100": {"shift": 100},
        "Subtract 100": {"shift": -100},
        "Double": {"factor": 2},
        "Shrink to a tenth": {"factor": 0.1},
    },
)

pull_demo = Demo(
    one_pulls_all_move,
    (
        Vector("z", "Logits z", entries=(*Z3, "z3"), low=-4, high=4, initial=(1, 0.5, 0, -0.5), step=0.1),
        Integer("pulled", "Number of the logit that moves", low=0, high=3, initial=2),
        Float("amount", "By how much it moves", low=-2, high=2, initial=1, step=0.1),
    ),
    title="One pulls, all move.",
    look_for="Compare the one bar that goes its own way with the three others, and all of them with the diamonds.",
    presets={
        "A hair's breadth": {"amount": 0.1},
        "Pull down": {"amount": -2},
        "Pull the winner": {"pulled": 0, "amount": 2},
        "Four equals": {"z": (0, 0, 0, 0)},
    },
)

simplex_demo = Demo(
    simplex,
    (
        Vector("z", "Logits z", entries=Z3, low=-20, high=20, initial=(1, 0, -1), step=0.1),
        Choice("precision", "Precision of p", options=("float16", "float32", "float64"), initial="float64"),
    ),
    title="All probabilities of three classes in one triangle.",
    look_for="Move one logit: along which line does the point travel? Can you make it touch an edge?",
    presets={
        "All equal": {"z": (0, 0, 0)},
        "Far ahead": {"z": (20, 0, 0)},
        "Far behind": {"z": (-20, 0, 0)},
        "Far behind, in float16": {"z": (-20, 0, 0), "precision": "float16"},
        "Far ahead, in float16": {"z": (20, 0, 0), "precision": "float16"},
    },
)

two_classes_demo = Demo(
    two_classes,
    (
        Choice("line", "Line through the window", options=(ACROSS, ALONG)),
        Float("d", "Position d of the line", low=-10, high=10, initial=0, step=0.5),
    ),
    title="Two classes.",
    look_for="Find the lines on which p0 does not change, then walk across them.",
    presets={
        "On the tie": {"line": ALONG, "d": 0},
        "Two apart": {"line": ALONG, "d": 2},
        "Across, further out": {"line": ACROSS, "d": 8},
    },
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

divide_by_sum_question = Question(
    "A model gives three classes the scores 1, 0 and −4. To get probabilities you divide each score by the sum "
    "of the scores. What do you get?",
    [
        "Three numbers between 0 and 1 that add up to 1.",
        "Three numbers that add up to 1, but the lowest score gets the largest of them.",
        "An error, because scores must not be negative.",
    ],
    "B",
    [
        "that dividing by the sum always makes probabilities. It makes the *sum* 1, and nothing else.",
        "The sum is −3, so the division turns every sign around: −1/3, 0 and 4/3.",
        "that Python would protect you. It divides without complaint; only your eye can object to a "
        "probability of 4/3.",
    ],
)

shift_or_double_question = Question(
    "Which change of *all* scores changes the probabilities: adding 100 to each, or doubling each?",
    ["Adding 100.", "Doubling.", "Both.", "Neither."],
    "B",
    [
        "of the absolute size of the scores. Softmax sees differences only, and adding 100 keeps all of them.",
        "Doubling doubles every difference, so every ratio of probabilities is squared. "
        "Adding 100 leaves all differences alone.",
        "that any change of the input changes the output. Adding the same number multiplies every "
        "exponential by the same factor, which cancels.",
        "of dividing by the sum, where doubling cancels. In softmax the doubling happens in the exponent.",
    ],
)

signs_question = Question(
    "Four logits. You raise z2 a little and leave z0, z1 and z3 alone. What happens to the probabilities?",
    [
        "p2 rises, the others stay.",
        "p2 rises, the nearest rival falls, the others stay.",
        "p2 rises, all the others fall.",
        "All rise, because the sum of exponentials rises.",
    ],
    "C",
    [
        "that each output belongs to its own input. The sum in the denominator ties them together.",
        "of a race between two. Every class pays, in proportion to what it has: −p_i·p2 each.",
        "The denominator grows for everybody; only p2 has a numerator that grows more.",
        "that a larger sum means larger shares. The sum stands in the *denominator*, and the shares add up to 1.",
    ],
)

zero_question = Question(
    "Can *finite* logits give a probability of exactly 0?",
    [
        "Yes, if a logit is negative enough.",
        "Not in exact arithmetic, but in floating-point numbers they can.",
        "No, never: e^z is always positive.",
    ],
    "B",
    [
        "of the picture, where the point seems to reach the edge. e^z is positive for every real z.",
        "In the real numbers e^z > 0 for every z. A floating-point format has a smallest positive number; "
        "what is below half of it is rounded to 0.",
        "of the real numbers, where that is true. Set the precision to float16 in the demo and try again.",
    ],
)

diagonal_question = Question(
    "Two logits z0 and z1. In the plane of all pairs, where does p0 have one and the same value?",
    [
        "On horizontal lines, where z1 is the same.",
        "On circles around the origin.",
        "On lines parallel to the diagonal z0 = z1.",
        "On lines z0 + z1 = constant.",
    ],
    "C",
    [
        "that p0 depends on one logit only. Raise the other: it takes its share.",
        "that the length of the vector counts. Adding the same number to both changes the length, but not p0.",
        "It depends on the difference z0 − z1 alone, which is the same on such a line.",
        "of the sum. It is the *difference* that counts: along z0 + z1 = constant, p0 runs through its whole S.",
    ],
)

gap_question = Question(
    "The logits −2, 0.1, 3.3 and 3.4 lie 2.1, 3.2 and 0.1 apart. What does softmax do to these three gaps?",
    [
        "It amplifies them: the probabilities lie further apart.",
        "It widens the large gaps and narrows the small one.",
        "It narrows all of them, to half their width or less.",
    ],
    "C",
    [
        "of the slogan that softmax exaggerates. It is e^z that stretches; probabilities all lie between 0 and 1, "
        "so none of them can be 2.1 apart.",
        "of winners and losers. Ratios do behave like that, but gaps of probabilities never exceed half those of the logits.",
        "Because p_i − p_j = (p_i + p_j)·tanh((z_i − z_j)/2), and |tanh x| ≤ |x|: at most half the gap of the logits.",
    ],
)

exit_question = Question(
    "Exit question. Model A gives the logits (1, 2, 3), model B (11, 12, 13), model C (10, 20, 30). "
    "Which of them give the same probabilities?",
    ["A and B.", "A and C.", "All three.", "No two of them."],
    "A",
    [
        "B is A with 10 added everywhere, and softmax does not see that.",
        "of ratios of scores: C is ten times A. Softmax sees differences, and those are ten times as large in C.",
        "that only the order counts. The order is the same in all three, but in C the winner takes nearly everything.",
        "that other logits mean other probabilities. Adding a constant is the one change that softmax cannot see.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def softmax_vector(z):
    e = np.exp(z)
    return e / e.sum()


RANDOM_SCORES = np.round(np.random.default_rng(1).normal(scale=3, size=50), 2)

vector_exercise = Exercise(
    "Write `softmax_vector(z)`: the probabilities of one vector of scores.",
    Contract(
        "`z` is a 1-D NumPy array of floats or integers between −300 and 300 (so plain `np.exp` is safe; larger "
        "scores are the topic of notebook 02). Return an array of the same shape, each entry right to nine "
        "significant digits, the small ones too. Leave `z` unchanged, and depend on nothing but `z`."
    ),
    softmax_vector,
    [
        Check("other scores than in the text", (np.array([0.1, -2.0, 3.4, 3.3]),)),
        Check("all scores negative", (np.array([-1.0, -2.5, -0.3]),)),
        Check("equal scores share equally", (np.array([2.0, 2.0]),)),
        Check("one class only", (np.array([-7.0]),)),
        Check("integers", (np.array([3, -1, 0, 2]),)),
        Check("small probabilities keep their digits", (np.array([0.0, -30.0, 5.0]),)),
        Check("scores near the limit", (np.array([300.0, 299.0, -300.0]),)),
        Check("all scores near the lower limit", (np.array([-300.0, -299.0]),)),
        Check("fifty scores", (RANDOM_SCORES,)),
    ],
    [
        Mistake(
            lambda z: np.exp(z) / np.sum(np.exp([1, 0, -4])),
            "your denominator does not depend on `z`: it is the sum from the worked example, probably because the "
            "function uses a global variable. Compute the sum inside the function.",
        ),
        Mistake(
            lambda z: z / np.sum(z),
            "this is dividing by the sum of the *scores*. Take the exponentials first.",
        ),
        Mistake(
            lambda z: np.exp(z) / np.sum(z),
            "the denominator is the sum of the scores; it must be the sum of their *exponentials*.",
        ),
        Mistake(
            lambda z: np.exp(z / np.sum(z)),
            "the division stands inside the exponent. Take the exponentials first, then divide.",
        ),
        Mistake(np.exp, "these are the exponentials, not divided by anything. Their sum is not 1."),
        Mistake(
            lambda z: np.exp(z) / np.max(np.exp(z)),
            "you divide by the largest exponential, so that the winner gets 1. Divide by their *sum*.",
        ),
        Mistake(
            lambda z: 1 / (1 + np.exp(-z)),
            "this is the sigmoid of each score by itself. Its values do not add up to 1: they do not compete.",
        ),
        Mistake(
            lambda z: 2.0**z / np.sum(2.0**z),
            "the base is 2. Softmax takes powers of e: `np.exp`.",
        ),
        Mistake(
            lambda z: np.abs(z) / np.sum(np.abs(z)),
            "absolute values make the numbers positive, but −4 now counts as much as 4. Exponentials keep the order.",
        ),
        Mistake(
            lambda z: np.round(np.exp(z) / np.sum(np.exp(z)), 6),
            "the result is rounded. Round when you print, not when you compute: small probabilities lose all digits.",
        ),
    ],
    [
        "Make every score positive without changing the order, then divide by something that makes the sum 1.",
        "p_i = e^(z_i) / Σ_j e^(z_j)",
        "Two lines: `e = np.exp(z)`, then return `e` divided by `e.sum()`.",
    ],
)


def softmax_batch(z, axis=-1):
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


def _forgets_keepdims(z, axis=-1):
    e = np.exp(z)
    return e / e.sum(axis=axis)


def _list_loop(z, axis=-1):
    import math

    e = [math.exp(score) for score in z]
    return np.array(e) / sum(e)


def _row_loop(z, axis=-1):
    return np.array([softmax_vector(row) for row in z])


BATCH = np.array([[1.0, 0.0, -4.0], [0.5, 2.5, 2.0]])
SQUARE = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0], [2.0, 2.0, -2.0]])
STACK = np.round(np.random.default_rng(2).normal(scale=2, size=(2, 3, 4)), 2)

batch_exercise = Exercise(
    "Write `softmax_batch(z, axis=-1)`: softmax along any one axis of an array with any number of dimensions.",
    Contract(
        "`z` is a NumPy array of floats or integers between −300 and 300 with at least one dimension; `axis` is an "
        "integer, negative counts from the end, and the default is the last axis. Return an array of the same shape "
        "whose entries add up to 1 along `axis`, right to nine significant digits. Leave `z` unchanged."
    ),
    softmax_batch,
    [
        Check("a batch of two, axis not given", (BATCH,)),
        Check("one vector", (np.array([0.1, -2.0, 3.4, 3.3]),)),
        Check("down the columns", (BATCH,), {"axis": 0}),
        Check("a square batch, last axis", (SQUARE,), {"axis": -1}),
        Check("a square batch, first axis", (SQUARE,), {"axis": 0}),
        Check("three dimensions, middle axis, given without its name", (STACK, 1)),
        Check("three dimensions, axis not given", (STACK,)),
        Check("three dimensions, axis counted from the end", (STACK,), {"axis": -3}),
        Check("a batch of one", (np.array([[3.0, 1.0]]),), {"axis": 1}),
        Check("integers", (np.array([[3, -1], [0, 2], [5, 5]]),), {"axis": 0}),
        Check("scores near the limits", (np.array([[-300.0, -299.0], [300.0, -300.0]]),)),
    ],
    [
        Mistake(
            lambda z, axis=-1: np.exp(z) / np.sum(np.exp(z)),
            "you divide by the sum over the *whole array*, so all rows share one total. Sum along `axis` only.",
        ),
        Mistake(
            _forgets_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). For most shapes NumPy then refuses to divide; "
            "for a square batch it divides silently by the wrong row's sum.",
        ),
        Mistake(
            lambda z, axis=-1: softmax_batch(z, -1),
            "`axis` is ignored: you always work along the last one.",
        ),
        Mistake(
            lambda z, axis=-1: softmax_batch(z, 0),
            "`axis` is ignored: you always work along the first one.",
        ),
        Mistake(
            lambda z, axis=0: softmax_batch(z, axis),
            "the default axis is the first one, so a batch is normalized down its columns unless told otherwise.",
        ),
        Mistake(
            _list_loop,
            "your loop visits *rows* when `z` is 2-D, and `math.exp` cannot take a row. `np.exp` takes any array.",
        ),
        Mistake(
            _row_loop,
            "your loop over `z` takes it for a list of vectors. A single vector is then a list of numbers, "
            "and `axis` never has a say.",
        ),
    ],
    [
        "Only the denominator knows about the axis.",
        "p = e^z / Σ e^z, where Σ runs along `axis` and the result must still line up with z.",
        "`e.sum(axis=axis, keepdims=True)` keeps a length-1 axis, so that the division broadcasts.",
    ],
)


def odds(z, i, j):
    return np.exp(z[i] - z[j])


odds_exercise = Exercise(
    "Write `odds(z, i, j)`: how many times more probable class i is than class j, p_i / p_j.",
    Contract(
        "`z` is a 1-D NumPy array of at least two logits of *any* size; "
        "`i` and `j` are indices of two that differ by at most 700. Return one number, right to nine significant digits, also where both "
        "probabilities are far too small for a float."
    ),
    odds,
    [
        Check("a favorite against an outsider", (np.array([1.0, 0.0, -4.0]), 0, 2)),
        Check("the other way round", (np.array([1.0, 0.0, -4.0]), 2, 0)),
        Check("a class against itself", (np.array([1.0, 0.0, -4.0]), 1, 1)),
        Check("nearly even", (np.array([0.1, -2.0, 3.4, 3.3]), 2, 3)),
        Check("two hopeless classes", (np.array([0.0, -690.0, -689.0]) - 100.0, 1, 2)),
        Check("a third class far ahead of both", (np.array([1e15, 0.3, 0.1]), 1, 2)),
        Check("logits beyond the reach of np.exp", (np.array([1000.0, 1001.0]), 1, 0)),
        Check("700 apart", (np.array([350.0, -350.0]), 0, 1)),
        Check("700 apart, the other way round", (np.array([350.0, -350.0]), 1, 0)),
        Check("logits of any size", (np.array([3e15, 3e15 + 2.0]), 1, 0)),
    ],
    [
        Mistake(
            lambda z, i, j: softmax_vector(z)[i] / softmax_vector(z)[j],
            "you compute both probabilities and divide. That is right on paper; in floats the exponentials overflow "
            "or vanish first. Divide on paper: the sum cancels.",
        ),
        Mistake(
            lambda z, i, j: np.exp(z[i]) / np.exp(z[j]),
            "you have canceled the sum, well done; but each exponential by itself can still overflow or vanish. "
            "Use e^a / e^b = e^(a − b).",
        ),
        Mistake(
            lambda z, i, j: np.exp(z[j] - z[i]), "the difference is the wrong way round: this is p_j / p_i."
        ),
        Mistake(lambda z, i, j: z[i] - z[j], "this is the *logarithm* of the odds. Take e to that power."),
        Mistake(
            lambda z, i, j: z[i] / z[j], "you divide the logits. Differences of logits become ratios of p."
        ),
        Mistake(
            lambda z, i, j: 1 / (1 + np.exp(z[j] - z[i])),
            "this is the probability of i when only i and j compete. Odds are p_i / p_j and can exceed 1.",
        ),
    ],
    [
        "Write down p_i / p_j with the definition of softmax. What cancels?",
        "p_i / p_j = e^(z_i) / e^(z_j) = e^(z_i − z_j)",
        "One line: `np.exp` of a difference of two entries of `z`.",
    ],
)
