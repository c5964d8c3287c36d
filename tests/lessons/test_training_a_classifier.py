"""Notebook 08: what its runs show, its exact boundary, and the loop that is given with its bugs."""

from __future__ import annotations

import inspect
import itertools
import re
from typing import Any

import numpy as np
import pytest

from course_utils.data import load_digits, load_hard_digit
from course_utils.lessons import training_a_classifier as lesson
from course_utils.lessons.training_a_classifier.bugs import BUGS, given_loop, loop_with, train_loop
from course_utils.lessons.training_a_classifier.draw_digit import (
    BENT,
    INK,
    SIDE,
    WIDE,
    block_counts,
    drawn,
    prepared,
    read,
    scaled,
)
from course_utils.lessons.training_a_classifier.goal import EVERY, WATCHED, measured, watched
from course_utils.lessons.training_a_classifier.init import COMPARED, started
from course_utils.lessons.training_a_classifier.momentum import FASTEST, SLOPES, descend, height, rate_of_step
from course_utils.lessons.training_a_classifier.moving_regions import FILM_HALF, FRAMES, decision_boundary
from course_utils.lessons.training_a_classifier.playground import (
    HALF,
    MOST_STEPS,
    TASKS,
    Course,
    areas_of_classes,
    course,
    regions_of,
    task,
)
from course_utils.lessons.training_a_classifier.rate import SHAPES, scheduled_run
from course_utils.lessons.training_a_classifier.runs import CHANCE, digits, short_run
from course_utils.notebook_files import NOTEBOOKS, read_notebook
from course_utils.numerics import training
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import activation_regions
from course_utils.teaching.pictures import Panel, colors
from course_utils.teaching.text import percent

WINDOW = (-FILM_HALF, FILM_HALF) * 2


# --- The film -------------------------------------------------------------------------------------


@pytest.mark.parametrize("widths", [(2, 10, 2), (2, 6, 6, 2)])
@pytest.mark.parametrize("seed", range(5))
def test_on_the_boundary_both_logits_are_equal(widths: tuple[int, ...], seed: int) -> None:
    mlp = MLP.random(widths, seed)
    pieces = decision_boundary(activation_regions(mlp, WINDOW))
    between = pieces[:, :1] + np.linspace(0, 1, 5)[:, None] * (pieces[:, 1:] - pieces[:, :1])
    z = mlp.forward(between)
    np.testing.assert_allclose(z[..., 0], z[..., 1], atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_boundary_is_all_there(seed: int) -> None:
    """Between neighboring grid points of different classes runs a piece of it."""
    mlp = MLP.random((2, 10, 2), seed)
    pieces = decision_boundary(activation_regions(mlp, WINDOW))
    axis = np.linspace(-2.9, 2.9, 30)
    said = mlp.forward(np.stack(np.meshgrid(axis, axis), axis=-1)).argmax(axis=-1)
    for row, column in np.argwhere(said[:, 1:] != said[:, :-1]):
        middle, height = (axis[column] + axis[column + 1]) / 2, axis[row]
        a, b = pieces[:, 0] - [middle, height], pieces[:, 1] - [middle, height]
        along = b - a
        share = np.clip(-(a * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
        distance = np.linalg.norm(a + share[:, None] * along, axis=1).min()
        assert distance <= (axis[1] - axis[0]) / 2 + 1e-9


def test_frames_come_after_square_numbers_of_steps() -> None:
    steps = [frame.snapshot.step for frame in lesson.film("2-6-2", "He")]
    assert steps == [n**2 for n in range(FRAMES + 1)]


def test_from_zero_nothing_moves() -> None:
    first, *_, last = lesson.film("2-10-2", "all zero")
    assert first.snapshot.loss == pytest.approx(last.snapshot.loss) == pytest.approx(np.log(2))
    assert all(not weight.any() for weight in last.snapshot.mlp.weights)
    assert "equally probable everywhere" in lesson.film_demo.at(start="all zero").says


@pytest.mark.parametrize("start", ["He", "uniform ±1/√n", "all zero"])
@pytest.mark.parametrize("net", ["2-10-2", "2-6-2", "2-6-6-2"])
def test_the_film_tells_ties_on_whole_regions_from_the_boundary(net: str, start: str) -> None:
    """With biases of zero all units of the last hidden layer may be off: there both logits are 0."""
    axis = (np.arange(120) + 0.5) / 20 - FILM_HALF
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    for number, frame in enumerate(lesson.film(net, start)):
        z = frame.snapshot.mlp.forward(grid)
        share = float((z[..., 0] == z[..., 1]).mean())  # a line meets none of the points
        assert frame.undecided == pytest.approx(share, abs=0.01)
        # Beside the middle of a piece, one class wins on one side and the other class on the other.
        (one, other), pieces = np.moveaxis(frame.boundary, 1, 0), len(frame.boundary)
        along = (other - one) / np.linalg.norm(other - one, axis=1, keepdims=True)
        across = 1e-7 * along[:, ::-1] * [1, -1]
        leads = [np.diff(frame.snapshot.mlp.forward((one + other) / 2 + side * across)) for side in (1, -1)]
        assert (leads[0] * leads[1] < 0).all()
        said = lesson.film_demo.at(net=net, start=start, frame=number).says
        assert (f"{pieces} straight piece" in said) == (pieces > 0)
        assert ("everywhere" in said) == (share == 1)
        assert ("nowhere" in said) == (share == 0 == pieces)
        assert (f"{percent(frame.undecided)} of the window" in said) == (0 < share < 1)


def test_points_and_field_have_the_same_colors() -> None:
    """Where a class is more probable, the field has the hue of its points."""
    panel = lesson.film_demo.at().panels[0][0]
    field, *_ = [mark for mark in panel.marks if mark.kind == "image"]
    low, high = (colors.colormap(field.colormap)[end].astype(int) for end in (40, 215))
    for label, side in ((0, low), (1, high)):
        (points,) = [mark for mark in panel.marks if mark.name == f"x1 of class {label}"]
        rgb = np.array(list(bytes.fromhex(points.color[1:]))).astype(int)
        assert (rgb[0] > rgb[2]) == (side[0] > side[2]) == bool(label)


def test_the_frame_is_dragged_beside_the_loss() -> None:
    picture = lesson.film_demo.at(frame=7)
    (rule,) = [mark for mark in picture.panels[0][1].marks if mark.kind == "rule"]
    assert (rule.at, rule.drags["x"].control) == (7, "frame")


# --- Runs on the digits ---------------------------------------------------------------------------


def test_a_run_stops_where_the_numbers_grow_beyond_all_bounds() -> None:
    net = MLP.random((64, 8, 10), seed=0, scheme="he", bias=False)
    run = short_run(net, steps=40, learning_rate=1e200)
    assert len(run.steps) == len(run.losses) < 21
    assert np.isfinite(run.losses).all()


def test_a_bold_start_needs_a_schedule() -> None:
    steady, *falling = (
        scheduled_run(shape, 1.5, 0.005).test_accuracy for shape in ("constant", "linear", "exponential")
    )
    assert 0.3 < steady < 0.5, "less than half, but it does learn to read some"
    assert min(falling) > 0.9
    assert scheduled_run("linear", 1.5, 0.5).test_accuracy < 0.5, "so the page says where the rate falls to"


@pytest.mark.parametrize(("zeroed", "learns"), [(0, False), (1, True)])
def test_the_weights_of_the_last_layer_may_start_at_zero(zeroed: int, learns: bool) -> None:
    """The page used to say of all weights that they may not."""
    net = MLP.random((64, 16, 10), seed=0, scheme="he", bias=False)
    weights = [0 * weight if layer == zeroed else weight for layer, weight in enumerate(net.weights)]
    run = short_run(MLP(weights, net.biases), steps=100, learning_rate=0.5)
    assert (run.test_accuracy > 0.8) == learns
    assert learns or not any(weight[0].any() for weight in run.mlp.weights[:1])


def test_silent_are_units_that_its_own_images_never_wake() -> None:
    net = watched("50 images")[-1].mlp
    _, gradient = training.forward_backward(net, digits().X[:50], digits().y[:50])
    unmoved = sum(not weights.any() for weights in gradient.weights[0])
    everywhere = (net.pre_activations(digits().X)[0] <= 0).all(axis=0).sum()
    assert everywhere < unmoved
    assert f"{unmoved} hidden units are silent for all 50 images" in lesson.watch_demo.at().says


def test_he_keeps_the_size_and_unit_variance_does_not() -> None:
    he, unit, zero = (started(scheme, 1.0, 3) for scheme in ("He", "unit variance", "all zero"))
    np.testing.assert_allclose(he.sizes[1:] / he.sizes[:-1], 1, atol=0.25)
    np.testing.assert_allclose(unit.sizes[1:] / unit.sizes[:-1], np.sqrt(32), rtol=0.25)
    assert not zero.sizes.any()
    assert unit.run.losses[0] > 100 > CHANCE == pytest.approx(zero.run.losses[0])


def test_with_few_images_training_goes_on_while_the_test_loss_rises() -> None:
    few, best = measured("50 images"), measured("50 images").test_loss.argmin()
    assert 0 < best < len(few.steps) // 2
    assert few.training_loss[-1] < few.training_loss[best] / 2
    assert few.test_loss[-1] > few.test_loss[best] * 1.05
    assert few.confidence[-1] > few.test_accuracy[-1] + 0.05


def visible(panel: Panel, mark: Any) -> Any:
    """Tell which places of a mark lie in its panel."""
    within = [
        (axis.low <= places) & (places <= axis.high)
        for axis, places in ((panel.x, mark.x), (panel.y, mark.y))
    ]
    return within[0] & within[1]


@pytest.mark.parametrize("scheme", ["He", "Glorot", "unit variance", "all zero"])
@pytest.mark.parametrize("scale", [0.1, 1.0, 2.0, 5.0, 10.0])
def test_a_start_whose_losses_cannot_be_seen_is_written_out(scheme: str, scale: float) -> None:
    for layers in range(1, 7):
        _, panel = lesson.start_demo.at(scheme=scheme, scale=scale, layers=layers).panels[0]
        chosen = [mark for mark in panel.marks if mark.color == "loss" and mark.kind in ("line", "points")]
        seen = [int(visible(panel, mark).sum()) for mark in chosen]  # one place of a line is no line
        words = [mark.string for mark in panel.marks if mark.kind == "text"]
        run = started(scheme, scale, layers).run
        above = {"chosen: above the picture", "chosen: begins above the picture"} & set(words)
        assert max(seen[0] - 1, seen[1]) > 0 or above
        assert any("overflow" in said for said in words) == (run.steps[-1] != 50)
        assert bool(above) == (run.losses[0] > panel.y.high)
        assert above != {"chosen: above the picture"} or not seen[0], "what comes back is seen"


def test_a_loss_that_comes_back_only_begins_above_the_picture() -> None:
    for layers, words in ((3, "chosen: begins above the picture"), (6, "chosen: above the picture")):
        _, panel = lesson.start_demo.at(scheme="unit variance", scale=10, layers=layers).panels[0]
        assert words in [mark.string for mark in panel.marks if mark.kind == "text"]


@pytest.mark.parametrize("layers", range(1, 7))
def test_starts_to_compare_with_are_seen_or_written_out(layers: int) -> None:
    for scheme, scale in itertools.product(("He", "unit variance"), (1.0, 10.0)):
        _, panel = lesson.start_demo.at(scheme=scheme, scale=scale, layers=layers).panels[0]
        words = [mark.string for mark in panel.marks if mark.kind == "text"]
        compared = [mark for mark in panel.marks if mark.kind == "line" and mark.color == "muted"]
        for line in compared:
            said = f"{line.name.removeprefix('loss, ')}: beyond the picture" in words
            assert said == (visible(panel, line).sum() < 2)


def test_starts_to_compare_with_are_told_apart_in_both_panels() -> None:
    for panel in lesson.start_demo.at().panels[0]:
        lines = [mark for mark in panel.marks if mark.kind == "line" and mark.color == "muted"]
        assert len({line.dash for line in lines}) == len(lines) == len(COMPARED)
        assert {line.label for line in lines} == set(COMPARED)


def test_a_word_on_the_bare_formula_stands_where_the_formula_is_seen() -> None:
    rates = [0.01, 0.05, 0.2, 0.5, 1.0, 1.5, 1.8, 2.0]
    for shape, start, end in itertools.product(SHAPES, rates, rates):
        panel = lesson.schedule_demo.at(shape=shape, start=start, end=end).panels[0][0]
        bare, held = (
            next(mark for mark in panel.marks if mark.kind == "line" and mark.name == name)
            for name in ("formula", "learning rate")
        )
        apart = np.abs(bare.y - np.interp(bare.x, held.x, held.y)) > 0.05
        share = (visible(panel, bare) & apart).mean()
        written = any("dotted" in mark.string for mark in panel.marks if mark.kind == "text")
        assert written or share <= 0.2
        assert not written or share > 0.2
        assert shape != "constant" or not apart.any()


def test_where_alpha_e_counts_for_nothing_the_page_says_so() -> None:
    says = {lesson.schedule_demo.at(shape="constant", end=end).says for end in (0.001, 0.1, 2.0)}
    assert len(says) == 1
    assert "α_e does not count" in says.pop()
    assert "does not count" not in lesson.schedule_demo.at().says


@pytest.mark.parametrize("images", ["50 images", "1200 images"])
def test_losses_of_now_are_seen_or_written_beside_the_step(images: str) -> None:
    run, above = measured(images), 0
    for place, step in enumerate(range(0, WATCHED + 1, EVERY)):
        panel = lesson.watch_demo.at(images=images, step=step).panels[0][0]
        both = run.test_loss[place], run.training_loss[place]
        words = [mark.string for mark in panel.marks if mark.kind == "text" and "now" in mark.string]
        assert bool(words) == (max(both) > panel.y.high)
        above += bool(words)
    assert above < 5
    texts = [mark for mark in lesson.watch_demo.at(step=0).panels[0][0].marks if mark.kind == "text"]
    assert any(text.string.endswith("test 2.4, training 2.3") for text in texts)


def test_the_area_of_a_dot_grows_with_the_digits_it_stands_for() -> None:
    picture = lesson.watch_demo.at(images="1200 images", step=50)
    dots = [mark for mark in picture.panels[1][0].marks if mark.kind == "points"]
    counts = np.asarray(picture.table.columns["images"])
    sizes = np.array([dot.size for dot in dots])
    assert list(sizes.argsort(kind="stable")) == list(counts.argsort(kind="stable"))
    smallest, largest = sizes[counts > 0].min(), sizes.max()
    assert smallest < largest / 2, "7 digits are not as heavy as 462"
    assert [bool(np.isnan(dot.y).all()) for dot in dots] == list(counts == 0)


# --- The ravine -----------------------------------------------------------------------------------


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_a_walk_steps_along_the_unrolled_sum(momentum: float) -> None:
    places = descend(np.array([-10.0, 1.5]), 0.02, momentum)
    gradients = places * SLOPES
    for t in (0, 1, 7):
        velocity = sum(momentum**age * gradients[t - age] for age in range(t + 1))
        np.testing.assert_allclose(places[t] - places[t + 1], 0.02 * velocity, rtol=1e-12)


@pytest.mark.parametrize("start", [(-10.0, 1.5), (3.0, 0.0), (0.0, -2.0)])
def test_the_first_step_can_be_dragged(start: tuple[float, float]) -> None:
    state = lesson.ravine_demo.state(x0=start[0], x1=start[1])
    arrived = descend(np.array(start), 0.05, 0.8)[1]
    assert rate_of_step(*arrived, 0, state)["rate"] == pytest.approx(0.05)
    beside = arrived + np.array([-SLOPES[1] * start[1], SLOPES[0] * start[0]])  # at a right angle to the step
    assert rate_of_step(*beside, 0, state)["rate"] == pytest.approx(0.05)
    assert rate_of_step(-100 * start[0], -100 * start[1], 0, state) == {"rate": FASTEST}
    assert rate_of_step(1, 1, 0, lesson.ravine_demo.state(x0=0, x1=0)) == {}


def test_the_ravine_is_drawn_as_long_as_it_is() -> None:
    """Its curvature across is 25 times that along, so that a level line is five times as long as wide."""
    for width in (360, 640, 960):
        panel = lesson.ravine_demo.at().spec(width).json["panels"][0]
        (_, _, wide, tall), x, y = panel["box"], panel["x"]["limits"], panel["y"]["limits"]
        assert wide / (x[1] - x[0]) == pytest.approx(tall / (y[1] - y[0]), rel=0.02)


def test_the_ravine_is_equally_high_along_each_of_its_lines() -> None:
    lines = next(mark for mark in lesson.ravine_demo.at().panels[0][0].marks if mark.color == "axis")
    (gaps,) = np.nonzero(np.isnan(lines.x))
    heights = [
        np.delete(one, -1) for one in np.split(height(np.stack([lines.x, lines.y], -1)), gaps + 1)[:-1]
    ]
    assert len(heights) > 4
    for one in heights:
        np.testing.assert_allclose(one, one[0])
    assert list(np.sign(np.diff([one[0] for one in heights]))) == [1] * (len(heights) - 1)


def test_from_the_lowest_point_no_walk_moves() -> None:
    words = lesson.ravine_demo.at(x0=0, x1=0).says
    assert words == "The walk starts at the lowest point: the gradient is 0, and all three walks stay there."


def test_the_three_walks_look_alike_from_above_and_by_their_heights() -> None:
    """The task speaks of dotted steps, so the map has them too."""
    for state in (lesson.ravine_demo.defaults, *lesson.ravine_demo.presets.values()):
        (above,), (heights,) = lesson.ravine_demo.at(**state).panels
        looks = [
            {
                (mark.color, mark.dash)
                for mark in panel.marks
                if mark.kind == "line" and mark.color in ("gradient", "muted", "wrong")
            }
            for panel in (above, heights)
        ]
        assert looks[0] == looks[1] == {("gradient", ""), ("muted", "dashed"), ("wrong", "dotted")}


def test_momentum_bears_what_a_larger_rate_does_not() -> None:
    words = lesson.ravine_demo.at(momentum=0.8, rate=0.02).says
    assert "climbs" not in words.partition("With the rate")[0]
    assert "α/(1−μ) = 0.1 and no momentum it climbs out" in words


def test_a_walk_is_said_to_climb_out_only_if_it_never_comes_down() -> None:
    """Higher than at the start after 60 steps, a stable walk with much momentum still may be."""

    def gets_high(rate: float, momentum: float, x: float, curvature: float) -> bool:
        """Tell whether a walk along one axis leaves all bounds, by powers of the matrix of one step."""
        step = np.array([[1 + momentum - rate * curvature, -momentum], [1.0, 0.0]])
        for _ in range(22):  # 2^22 steps
            step = step @ step
            if np.abs(step).max() > 1e9:
                return x != 0
        return False

    random, told = np.random.default_rng(0), set()
    states = [(mu, FASTEST, -11.5, 2.5) for mu in (0.9, 0.96, 0.98)]
    states += [(0.98, 0.15221851072034828, -11.5, 2.5), (0.2, 0.096, 0.0, 1.5), (0.0, 0.08, 0.0, 1.5)]
    for _ in range(300):
        mu, rate = round(random.integers(0, 50) * 0.02, 2), 0.002 * 80 ** random.uniform(0.6, 1)
        x0, x1 = random.uniform(-11.5, 11.5), random.choice([0.0, random.uniform(-2.5, 2.5)])
        states.append((float(mu), float(rate), float(x0), float(x1)))
    for mu, rate, x0, x1 in states:
        words = lesson.ravine_demo.at(momentum=mu, rate=rate, x0=x0, x1=x1).says
        walks = [(rate, mu, words.partition(" With")[0])]
        if mu:
            same, bold = words.partition("With the same α")[2].split("With the rate")
            walks += [(rate, 0.0, same), (rate / (1 - mu), 0.0, bold)]
        for alpha, momentum, said in walks:
            places = height(descend(np.array([x0, x1]), alpha, momentum))
            higher = places[-1] > places[0] * (1 + 1e-9)
            leaves = any(gets_high(alpha, momentum, x, c) for x, c in zip((x0, x1), SLOPES, strict=True))
            assert ("climbs out" in said) == (higher and leaves), (mu, rate, x0, x1)
            assert ("it swings" in said) == (higher and not leaves)
            told.add(said.partition("it swings")[2])
    assert told == {"", ", and comes down later.", " for good."}


@pytest.mark.parametrize("scheme", ["He", "Glorot", "unit variance", "uniform ±1/√n"])
def test_the_first_layer_is_dragged_to_the_scale_that_gives_it(scheme: str) -> None:
    one, two = (lesson.start_demo.at(scheme=scheme, scale=scale) for scale in (1.0, 2.0))
    first, second = (
        next(mark for mark in picture.panels[0][0].marks if mark.name == "size in the first layer")
        for picture in (one, two)
    )
    assert first.drags["y"].scale * second.y[0] == pytest.approx(2.0)


@pytest.mark.parametrize("scheme", ["He", "Glorot", "unit variance", "uniform ±1/√n", "all zero"])
@pytest.mark.parametrize("scale", [0.1, 1.0, 10**0.5, 10.0])
def test_what_is_silent_after_training_is_said_only_where_training_got_there(
    scheme: str, scale: float
) -> None:
    """Where the numbers overflow, the last network may be the untrained one."""
    for layers in range(1, 7):
        picture = lesson.start_demo.at(scheme=scheme, scale=scale, layers=layers)
        steps = started(scheme, scale, layers).run.steps
        there = steps[-1] == 50
        assert ("after 50 steps it is" in picture.says) == there
        assert ("% after them" in picture.says) == there
        assert (picture.table.summary["the same after training"] == "overflow") != there


def test_a_rate_that_is_never_lowered_is_not_called_a_quotient() -> None:
    """Only the loop that was given has the quotient; another may simply use the first rate."""

    def loop(X, Y, W, order, batch_size, start, end, steps):  # type: ignore[no-untyped-def]
        return train_loop(X, Y, W, order, batch_size, start, start, steps)

    told = lesson.loop_exercise.check(loop).diagnosis
    assert "the learning rate stays at `start`" in told
    assert re.search(r"In the loop as it was given, [^.]*//", told)
    assert told.count("//") == 1


def test_where_hidden_biases_are_not_zero_hidden_weights_may_start_at_zero() -> None:
    """The page says that they may not where the biases are zero."""
    net = MLP.random((64, 16, 10), seed=0, scheme="he", bias=False)
    zeroed = MLP([0 * net.weights[0], net.weights[1]], [np.full(16, 0.1), net.biases[1]])
    assert short_run(zeroed, steps=100, learning_rate=0.5).test_accuracy > 0.8


def test_with_all_images_claims_and_accuracy_stay_close() -> None:
    every = measured("1200 images")
    too_much, steps = every.confidence - every.test_accuracy, every.steps
    assert too_much[(steps >= 10) & (steps <= 50)].max() < -0.035  # "from step 10 to 50 it claims too little"
    assert np.abs(too_much[steps >= 60]).max() < 0.035  # "close from about step 60 on"


def test_the_first_step_parts_the_lines_before_anything_is_learned() -> None:
    before, after, *_ = lesson.film("2-10-2", "He")
    assert len(after.regions) > 2 * len(before.regions)
    assert after.right - before.right < 0.05
    assert all(not bias.any() for bias in before.snapshot.mlp.biases)
    with_biases = lesson.film("2-10-2", "uniform ±1/√n")[0]
    assert len(with_biases.regions) > 2 * len(before.regions), "the page speaks of He's weights"


def test_the_hard_digit_is_new_to_the_network_that_reads_it() -> None:
    image, _, label = load_hard_digit()
    assert not (image.reshape(64) / 16 == digits().X).all(axis=1).any()
    assert read(image, label).logits.argmax() == label


# --- The playground -------------------------------------------------------------------------------


@pytest.mark.parametrize("widths", [(2, 8, 8, 3), (2, 1, 3), (2, 12, 12, 12, 3)])
def test_each_class_has_exactly_the_area_where_its_logit_is_the_largest(widths: tuple[int, ...]) -> None:
    mlp = course("three arms", widths, 0.1).upto(60)[-1].mlp
    areas, classes, borders = areas_of_classes(regions_of(mlp))
    points = np.random.default_rng(0).uniform(-3, 3, (1000, 2))
    said, hits = np.full(len(points), -1), np.zeros(len(points), dtype=int)
    for area, label in zip(areas, classes, strict=True):
        along = np.roll(area, -1, axis=0) - area
        away = points[:, None] - area
        left = along[:, 0] * away[..., 1] - along[:, 1] * away[..., 0] > 0
        within = left.all(axis=1) | ~left.any(axis=1)
        said[within] = label
        hits += within
    assert (hits == 1).all()
    assert (said == mlp.forward(points).argmax(axis=-1)).all()
    top = np.sort(mlp.forward(np.concatenate(borders)), axis=-1)[:, -2:] if borders else np.zeros((1, 2))
    np.testing.assert_allclose(top[:, 0], top[:, 1], atol=1e-7)


def test_a_training_that_is_asked_for_in_pieces_is_the_same_training() -> None:
    """A student who goes back, or jumps, sees the networks that one who plays sees."""
    run = Course("three rings", (2, 4, 3), 0.1)
    pieces = [run.upto(step)[-1] for step in (5, 2, 9)]
    X, y = task("three rings")
    net = MLP.random((2, 4, 3), seed=1, scheme="he", bias=True)
    film = list(training.train(net, X, y, steps=9, learning_rate=0.1, momentum=0.9))
    for piece in pieces:
        assert piece.loss == film[piece.step].loss
    assert [piece.step for piece in pieces] == [5, 2, 9]


def test_what_is_not_cut_is_one_region() -> None:
    for units, step, whole in ((1, 0, False), (1, 100, True), (4, 100, False)):
        picture = lesson.playground_demo.at(data="three rings", rate=10.0, layers=1, units=units, step=step)
        assert (picture.table.summary["regions"] == 1) == whole
        assert picture.says.endswith("No hidden unit cuts the window: it is 1 region.") == whole
        assert "into 1 region" not in picture.says


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_units_that_cut_the_window_are_those_that_switch_in_it(layers: int) -> None:
    axis = np.linspace(-HALF, HALF, 601)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    for step in (0, 100, 300):
        said = lesson.playground_demo.at(layers=layers, step=step).says
        *hidden, _ = course("three arms", (2, *[8] * layers, 3), 0.1).upto(step)[-1].mlp.pre_activations(grid)
        cutting = sum(int(np.ptp((z > 0).astype(int), axis=(0, 1)).sum()) for z in hidden)
        of = (
            f"{cutting} of the {8 * layers} hidden units"
            if cutting < 8 * layers
            else f"{cutting} hidden units"
        )
        assert f" {of} cut the window" in said


@pytest.mark.parametrize("layers", [1, 3])
def test_the_boldest_rate_of_the_playground_stays_finite(layers: int) -> None:
    for data, units in itertools.product(TASKS, (1, 12)):
        losses = [shot.loss for shot in course(data, (2, *[units] * layers, 3), 10.0).upto(MOST_STEPS)]
        assert len(losses) == MOST_STEPS + 1
        assert np.isfinite(losses).all()


@pytest.mark.parametrize(
    ("data", "layers", "rate"),
    [
        ("three rings", 2, 0.5623413251903491),
        ("three arms", 3, 0.31622776601683794),
        ("three rings", 1, 1.7782794100389228),
    ],
)
def test_the_loss_of_a_good_run_stays_in_its_panel(data: str, layers: int, rate: float) -> None:
    """Among all shapes and rates, these come nearest to 0."""
    units = 9 if layers == 3 else 12
    panel = lesson.playground_demo.at(
        data=data, layers=layers, units=units, rate=rate, step=MOST_STEPS
    ).panels[0][1]
    line = next(mark for mark in panel.marks if mark.kind == "line")
    assert line.y.min() < 1e-4
    assert visible(panel, line).all()


# --- Draw your own digit --------------------------------------------------------------------------


def test_the_data_have_the_shape_that_drawings_are_given() -> None:
    """All 32 rows, about 20 columns in the middle, and nearly the same ink."""
    images = load_digits().images.astype(int)
    assert (images.max(axis=2) > 0).all(), "from top to bottom"
    columns = (images.max(axis=1) > 0).mean(axis=0)
    assert columns[[0, 7]].max() < 0.2 < 0.8 < columns[[1, 6]].min(), "blocks 1 to 6: 24 pixels at most"
    ink = images.sum(axis=(1, 2))
    assert np.mean((INK[0] <= ink) & (ink <= INK[1])) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("preset", ["A three", "Small, in a corner", "An X"])
def test_a_prepared_drawing_is_like_the_data(preset: str) -> None:
    bits = np.array(list(lesson.draw_demo.presets[preset]["ink"]), dtype=int).reshape(SIDE, SIDE)
    image = block_counts(prepared(bits))
    assert (image.max(axis=1) > 0).all()
    assert not image[:, [0, 7]].any()
    assert 250 <= image.sum() <= 380
    moved = np.roll(bits, 3, axis=1) if not bits[:, -3:].any() else np.roll(bits, -3, axis=1)
    assert (block_counts(prepared(moved)) == image).all(), "where on the pad does not matter"


@pytest.mark.parametrize(("wide", "becomes"), [(6, 12), (8, 16), (12, 20), (16, 20)])
def test_a_narrow_zero_stays_narrower_than_a_wide_one(wide: int, becomes: int) -> None:
    bits = np.zeros((SIDE, SIDE), dtype=int)
    bits[4:28, 6 : 6 + wide] = 1
    bits[6:26, 8 : 4 + wide] = 0
    assert np.ptp(np.flatnonzero(prepared(bits).any(axis=0))) + 1 == becomes


def test_what_the_network_reads() -> None:
    def read_of(**changes: str) -> str:
        return lesson.draw_demo.at(**changes).says

    presets = {name: dict(state) for name, state in lesson.draw_demo.presets.items()}
    assert read_of().startswith("The network reads a 7")
    assert read_of(**presets["A three"]).startswith("The network reads a 3")
    assert read_of(**presets["Small, in a corner"]).startswith("The network reads a 7")
    assert read_of(**presets["Nothing"]).startswith("Nothing is drawn, and the network still reads")
    assert read_of(ink="1" * SIDE**2).startswith("The network reads")
    assert read_of(**presets["Nothing"]).endswith("make orange pixels darker.")
    assert read_of(ink="1" * SIDE**2).endswith("make orange pixels darker and blue ones lighter.")


@pytest.mark.parametrize("meant", [3, 7])
def test_the_wish_is_minus_the_gradient_of_the_loss(meant: int) -> None:
    image = digits().X[5].reshape(8, 8) * 16
    wish = read(image, meant).wish
    for place in ((0, 3), (4, 4), (7, 2)):
        ends = []
        for sign in (1, -1):
            moved = image.copy()
            moved[place] += sign * 16e-5
            ends.append(read(moved, meant).loss)
        assert -wish[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-7)


# --- The notebook ---------------------------------------------------------------------------------


def test_the_loop_in_the_notebook_is_the_one_the_exercise_knows() -> None:
    notebook = read_notebook((NOTEBOOKS / "08_training_a_classifier.ipynb").read_bytes())
    (given,) = [cell["source"] for cell in notebook["cells"] if "def train_loop" in cell["source"]]
    known = inspect.getsource(given_loop).replace("given_loop", "train_loop")
    assert given.endswith(known.rstrip())
    assert training.train is not train_loop


# --- the bug hunt ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bug", BUGS)
def test_the_first_check_that_fails_is_that_of_the_bug(bug: str) -> None:
    """In the order in which bugs are told, each has a check that nothing before it has failed."""
    verdict = lesson.loop_exercise.check(loop_with([bug]))
    first = next(i for i, result in enumerate(verdict.results) if result.problem)
    assert first == list(BUGS).index(bug)
    assert BUGS[bug] in verdict.diagnosis


def test_the_given_loop_is_recognized_and_holds_every_bug() -> None:
    given, generated = (lesson.loop_exercise.check(f) for f in (given_loop, loop_with(list(BUGS))))
    assert given.diagnosis.startswith("this is the loop as it was given")
    assert [r.problem.partition(" returned ")[2] for r in given.results] == [
        r.problem.partition(" returned ")[2] for r in generated.results
    ]


def test_a_half_mended_loop_hears_of_one_bug_at_a_time() -> None:
    verdict = lesson.loop_exercise.check(loop_with(["labels", "rate"]))
    assert verdict.diagnosis.startswith("two bugs are left. One of them: the images are put in a new order")


@pytest.mark.parametrize(("shape", "change"), [("linear", np.subtract), ("exponential", np.divide)])
def test_the_bare_formula_goes_on_as_the_rate_went(shape: str, change: np.ufunc) -> None:
    """By the same amount in each step, or by the same factor, from the very end of the schedule."""
    picture = lesson.schedule_demo.at(shape=shape, start=1.5, end=0.25)
    rate, formula = (np.asarray(picture.data[name]) for name in ("learning rate", "formula"))
    steps = change(rate[1:], rate[:-1])[: -len(formula)]
    np.testing.assert_allclose(change(formula[1:], formula[:-1]), steps[0], rtol=1e-9)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-9)
    assert formula[0] == pytest.approx(0.25)


def block(high: int, wide: int) -> Any:
    bits = np.zeros((SIDE, SIDE), dtype=int)
    bits[:high, :wide] = 1
    return bits


def test_no_side_of_a_drawing_is_stretched_much_more_than_the_other() -> None:
    """A stroke that lies is not stood up, and one side of the data's size is always filled."""
    for high, wide in itertools.product(range(1, SIDE + 1), repeat=2):
        rows, columns = (np.ptp(places) + 1 for places in np.nonzero(scaled(block(high, wide))))
        assert rows <= SIDE
        assert columns <= WIDE
        assert rows == SIDE or columns == WIDE
        more, less = (max(rows / high, columns / wide), min(rows / high, columns / wide))
        rounded = 0.51 / min(high * less, wide * less)
        assert more / less <= BENT * (1 + 2 * rounded)
        if wide <= 0.93 * high:
            assert rows == SIDE, "upright drawings are as high as the data"


def test_what_lies_goes_on_lying_and_two_strokes_stay_two() -> None:
    minus, second = [(5, 12), (27, 12)], [(5, 20), (27, 20)]
    for strokes in ([minus], [minus, second]):
        bits = np.array(list(drawn(*strokes)), dtype=int).reshape(SIDE, SIDE)
        rows, columns = np.nonzero(prepared(bits))
        assert np.ptp(columns) > 1.3 * np.ptp(rows)
    gaps = np.diff(prepared(bits)[:, SIDE // 2])
    assert list(gaps[gaps != 0]) == [1, -1, 1, -1]


def test_scaling_a_drawing_keeps_its_last_row_and_column() -> None:
    corners = np.zeros((SIDE, SIDE), dtype=int)
    corners[0, -1] = corners[-1, 0] = 1
    kept = scaled(corners)
    assert kept.sum() == 2
    assert (kept == kept[::-1, ::-1]).all(), "turned by half a turn, it is the same drawing"


@pytest.mark.parametrize("preset", ["A three", "Small, in a corner", "An X", "Nothing"])
def test_what_is_shown_as_scaled_is_what_is_counted(preset: str) -> None:
    images = {
        mark.name: mark.values
        for panel in lesson.draw_demo.at(**lesson.draw_demo.presets[preset]).panels[0]
        for mark in panel.marks
        if mark.kind == "image"
    }
    assert (block_counts(images["scaled"].astype(int)) == images["count"]).all()
