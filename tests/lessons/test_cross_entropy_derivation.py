"""Notebook 06: its derivations; PyTorch's opinion of its exercises."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from control_values import end_states
from discovery import declared

from course_utils.lessons import cross_entropy_derivation as lesson
from course_utils.lessons.cross_entropy_derivation import push
from course_utils.lessons.cross_entropy_derivation.four_classes import CLASSES
from course_utils.notebook_files import NOTEBOOKS
from course_utils.numerics.losses import kl_divergence
from course_utils.numerics.softmax import log_softmax, softmax, softmax_jacobian
from course_utils.teaching import Derivation, derivation_written
from course_utils.teaching.pictures import Band, Line, Text
from course_utils.teaching.text import format_number

# --- derivations ----------------------------------------------------------------------------------

DERIVATIONS = [d for d in declared(Derivation) if d.id.startswith("cross_entropy")]


@pytest.mark.parametrize(("x", "b", "a"), [(0.5, 2.0, 1.0), (-1.0, 0.3, 0.2), (2.0, 5.0, -3.0)])
def test_who_judges_the_slips_line_by_line_is_right(x: float, b: float, a: float) -> None:
    """Lines 6 and 7 follow from a wrong line 5, and the right line 8 does not follow from line 7."""
    e = math.exp(x)
    f, slope = e / (e + b), e * b / (e + b) ** 2
    follows = {
        1: math.isclose((e * (e + b) - e * e) / (e + b) ** 2, slope),
        2: math.isclose(slope / f, -b / (e + b)),
        3: math.isclose(-slope / (1 - f), -e / (e + b)),
    }
    chain = {
        4: -a * slope / f + (1 - a) * slope / (1 - f),
        5: -a * b / (e + b) + e / (e + b) + a * e / (e + b),
        6: (e - a * b + a * e) / (e + b),
        7: f - a * (b - e) / (e + b),
        8: f - a,
    }
    follows |= {line: math.isclose(chain[line], chain[line - 1]) for line in (5, 6, 7, 8)}
    slips = lesson.slips_derivation
    assert slips.planted == tuple(line for line, is_so in follows.items() if not is_so) == (2, 5, 8)
    assert {line: bool(slips.accuse(line)) for line in follows} == {
        line: not ok for line, ok in follows.items()
    }
    assert all(not line.step.lhs for line in slips.lines[4:]), (
        "each of these claims to go on from the line above"
    )


def test_line_5_of_the_slips_does_not_follow_whether_line_2_is_put_in_or_not() -> None:
    """With z = 0, b = 1, y = 1 it does follow if line 2 is put in: the note named these numbers."""
    path = NOTEBOOKS / "06_cross_entropy_derivation.ipynb"
    assert "with z = 0, b = 2 and y = 1, line 4 is −2/3 and line 5 is 0" in path.read_text("utf-8")
    b = 2
    line_4, with_line_2, line_5 = -b / (1 + b), b / (1 + b), (-b + 1 + 1) / (1 + b)
    assert (line_4, line_5) == (-2 / 3, 0)
    assert with_line_2 != line_5
    assert "line 1 and the definition of p" in lesson.slips_derivation.steps[4].because


def test_the_slips_do_not_say_how_many_there_are() -> None:
    slips = lesson.slips_derivation
    assert not any(
        word in derivation_written.question(slips)
        for word in ["0", "1", "2", "3", "4", "two", "three", "four"]
    )
    for line in slips.planted:
        told = slips.accuse(line).headline.lower()
        assert not any(f"line {other}" in told for other in slips.planted if other != line)
        assert "more" not in told


def test_attempts_at_the_faded_lines() -> None:
    faded = lesson.slope_of_loss.faded
    assert faded.gaps == (2, 4, 5)
    assert faded.judge(2, "1/(1 + b/exp(z))")
    assert faded.judge(5, "exp(z)/(exp(z) + b) - y")
    assert not faded.judge(5, "y - p")
    assert not faded.judge(2, "1 - p")


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_the_page_has_one_notation_and_no_long_piece(derivation: Derivation) -> None:
    """Logits z, probabilities p, targets y, loss L; S, H, KL, CE and B are sums of them."""
    assert set(derivation.definitions) <= {"z", "p", "y", "L", "S", "H", "KL", "CE", "B"}
    assert {"f", "a", "SC"}.isdisjoint(derivation.scope.names)
    assert len(derivation.steps) <= 5 or derivation.planted


# --- numbers that the notebook rests on -----------------------------------------------------------


def test_the_summed_binary_form_is_not_what_it_is_taken_for() -> None:
    columns = lesson.binary_demo.at(z=(0, 2, 3)).table.columns
    np.testing.assert_allclose(columns["gradient of the sum"], [-1.061, -0.102, 1.164], atol=5e-4)
    np.testing.assert_allclose(columns["p − y"], [-0.965, 0.259, 0.705], atol=5e-4)


def test_the_two_gradients_are_parallel_just_where_all_wrong_classes_have_the_same_p() -> None:
    """The answer used to say that no multiple of p − y is the gradient of the sum: false at a tie."""

    def summed_binary(z: np.ndarray) -> Any:
        p = np.exp(z) / np.exp(z).sum()
        return -np.log(p[0]) - np.log(1 - p[1:]).sum()

    for z in itertools.product((-4.0, -0.3, 0.0, 1.5, 4.0), repeat=3):
        gradient = np.array([summed_binary(np.array(z) + 1e-20j * e).imag / 1e-20 for e in np.eye(3)])
        first = np.exp(z) / np.exp(z).sum() - [1, 0, 0]
        parallel = np.linalg.norm(np.cross(gradient, first)) < 1e-9 * np.abs(gradient).max() ** 2
        assert parallel == (z[1] == z[2])
        picture = lesson.binary_demo.at(z=z, true=0)
        assert ("times the first" in picture.says) == parallel
        if parallel:
            quotient = picture.table.summary["quotient of the two"]
            assert quotient == pytest.approx(gradient @ first / (first @ first))
            assert f"{format_number(quotient)} times the first" in picture.says
    question = lesson.summed_binary_question
    assert question.options[2] == "No, and in general it is not even a multiple of it."
    assert "unless all wrong classes have the same p" in question.because[1]


def test_the_diagonal_alone_moves_only_the_true_class() -> None:
    picture = lesson.jacobian_demo.at()
    np.testing.assert_allclose(picture.table.columns["diagonal alone"], [0, 0, -0.486, 0], atol=5e-4)
    np.testing.assert_allclose(picture.table.columns["gradient"], [0.019, 0.002, -0.486, 0.465], atol=5e-4)


def test_a_surer_wrong_model_may_have_a_smaller_loss() -> None:
    """It may take the share from a third class; so the sentence only says what is left for the true one."""
    unsure, surer = (
        lesson.confident_demo.at(z=z, label="dog") for z in ((1, 0.5, 0.9, -4), (2, 1.5, -4, -4))
    )
    for picture in (unsure, surer):
        p, loss = np.array(picture.table.columns["p"]), picture.table.summary["loss now"]
        assert loss > -math.log(1 - p.max())
        assert "the true class has to share the rest with the two others" in picture.says
    assert surer.table.columns["p"][0] > unsure.table.columns["p"][0]
    assert surer.table.summary["loss now"] < unsure.table.summary["loss now"]


@pytest.mark.parametrize("z", [*itertools.product((-4.0, 0.0, 4.0), repeat=4)])
def test_all_classes_that_are_most_probable_are_preferred(z: tuple[float, ...]) -> None:
    for true, label in enumerate(CLASSES):
        said = lesson.confident_demo.at(z=z, label=label).says
        preferred = re.search(r"The model prefers (.*?), with p = \S+( each)?: ", said)
        if z[true] == max(z):
            assert preferred is None
            assert "No class is more probable than the true one" in said
            continue
        assert preferred is not None
        named = re.split(", | and ", preferred[1])
        assert named == [name for name, logit in zip(CLASSES, z, strict=True) if logit == max(z)]
        assert bool(preferred[2]) == (len(named) > 1)
        others = {1: "to share the rest with the two others", 2: "to share the rest with the remaining class"}
        assert f"the true class has {others.get(len(named), 'what they leave')}." in said


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_entropy_and_divergence_stack_up_to_the_cross_entropy(smoothing: float) -> None:
    picture = lesson.surprise_demo.at(q=0.3, smoothing=smoothing)
    bars = {mark.name: mark for mark in picture.panels[0][1].marks}
    assert bars["KL"].base == bars["H"].ends
    assert bars["KL"].extent("x") == bars["H"].extent("x") != bars["CE"].extent("x")
    np.testing.assert_allclose(bars["KL"].ends, bars["CE"].ends)
    np.testing.assert_allclose(bars["CE"].ends, picture.data["CE now"])


def test_what_is_dragged_goes_where_it_is_dragged() -> None:
    state = lesson.push_demo.state()
    logits, probabilities, _ = lesson.push_demo.at().panels[0]
    held = [mark.name for mark in logits.marks].index("z after, true class")
    step = logits.marks[held].drags.function
    moved = lesson.push_demo.at(**step(2.34, 4.0, 0, state)).panels[0][0].marks[held]
    np.testing.assert_allclose(moved.y, 4.0)
    assert step(2.34, 99.0, 0, state) == {"rate": 2.0}
    (target,) = [mark for mark in probabilities.marks if mark.name == "y"]
    for place, label in ((-3, "cat"), (1.2, "dog"), (9, "bear")):
        assert target.drags.function(place, 1, 2, state) == {"label": label}


@pytest.mark.parametrize(
    ("lead", "rate", "moved"),
    [
        (4, 0.1, "A step of size 0.1 hardly changes the loss, 0.001006."),
        (0, 0.1, "A step of size 0.1 takes the loss from 1.386 to 1.312."),
        (4, 0, "With step size 0 nothing moves: the loss stays 0.001006."),
    ],
)
def test_a_loss_is_not_taken_from_a_number_to_the_same(lead: float, rate: float, moved: str) -> None:
    z = tuple(lead if name == "fox" else -lead for name in CLASSES)
    assert lesson.push_demo.at(z=z, label="fox", rate=rate).says.startswith(moved)


def test_no_tile_of_the_jacobian_hides_what_cancels() -> None:
    for changes in ({}, *lesson.jacobian_demo.presets.values()):
        (tiles,) = lesson.jacobian_demo.at(**changes).panels[0][1].marks
        written = [float(text.replace("−", "-")) for text in tiles.texts]
        np.testing.assert_allclose(written, np.ravel(tiles.matrix), rtol=0.5)


# --- sentences that generalize --------------------------------------------------------------------


def some_logits(*shape: int, scale: float = 3.0) -> Any:
    return np.random.default_rng(0).normal(scale=scale, size=shape)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_pushes_add_up_to_0_and_none_exceeds_1_or_is_0(classes: int) -> None:
    for z in some_logits(200, classes):
        for true in range(classes):
            push = np.eye(classes)[true] - softmax(z)
            assert abs(push.sum()) < 1e-15 * classes
            assert np.all(np.abs(push) < 1)
            assert np.all(push != 0)
            assert push[true] > 0 > np.delete(push, true).max()


def test_a_sure_and_wrong_model_has_nearly_a_straight_line_for_its_loss() -> None:
    """The loss is the distance to the largest logit, and at most log n more: its slope never exceeds 1."""
    for z in some_logits(200, 4, scale=30.0):
        distance = z.max() - z
        assert np.all(-log_softmax(z) >= distance - 1e-12)
        assert np.all(-log_softmax(z) <= distance + math.log(4) + 1e-12)


def test_the_smallest_mean_loss_is_the_largest_likelihood() -> None:
    p = softmax(some_logits(50, 7))
    mean_losses = np.mean(-np.log(p), axis=1)
    np.testing.assert_allclose(np.prod(p, axis=1), np.exp(-7 * mean_losses))
    assert mean_losses.argmin() == np.prod(p, axis=1).argmax()


@pytest.mark.parametrize("classes", [2, 4, 10])
def test_softmax_taken_twice_never_passes_the_ceiling_and_keeps_the_favorite(classes: int) -> None:
    for z in some_logits(200, classes, scale=10.0):
        twice = softmax(softmax(z))
        assert twice.max() <= math.e / (math.e + classes - 1) + 1e-15
        assert twice.argmax() == z.argmax()


def test_divergence_is_never_negative_also_where_a_target_is_0() -> None:
    for z, y in zip(some_logits(100, 4), softmax(some_logits(100, 4) * 2), strict=True):
        p = softmax(z)
        for kept in (4, 3, 1):
            target = np.where(np.arange(4) < kept, y, 0)
            target = target / target.sum()
            assert kl_divergence(log_softmax(z), target) > 0
        assert abs(kl_divergence(log_softmax(z), p)) < 1e-14


def test_the_loss_curves_upward_but_along_shifts_of_all_logits() -> None:
    for z in some_logits(50, 4):
        curvatures, directions = np.linalg.eigh(softmax_jacobian(z))
        assert abs(curvatures[0]) < 1e-14
        np.testing.assert_allclose(np.abs(directions[:, 0]), 0.5, atol=1e-9)
        assert curvatures[1] > 0


def test_with_a_hidden_layer_the_loss_is_not_convex() -> None:
    """Between two equal networks whose hidden units are swapped the loss is higher than at both ends."""

    def loss(a: float, b: float) -> float:
        hidden = np.maximum(np.array([a, b]) * 2.0, 0)
        return float(-log_softmax(np.array([hidden[0] * a + hidden[1] * b, 0.0]))[0])

    assert loss(1.0, 0.0) == loss(0.0, 1.0) < loss(0.5, 0.5)


# --- PyTorch --------------------------------------------------------------------------------------

Z = np.array([0.1, -2.0, 3.4, 3.3])


def test_pytorch_says_what_the_notebook_says_it_says(torch: Any) -> None:
    z = torch.tensor(Z[None], requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor([2]))
    loss.backward()
    assert f"{loss.item():.6f}" == "0.665898"
    assert [f"{g:.6f}" for g in z.grad[0].tolist()] == ["0.018951", "0.002321", "-0.486188", "0.464916"]
    theirs = torch.autograd.functional.jacobian(lambda x: torch.softmax(x, 0), torch.tensor(Z)).numpy()
    assert np.abs(theirs - softmax_jacobian(Z)).max() < 1e-15


def test_pytorch_agrees_on_the_pictures(torch: Any) -> None:
    z = torch.tensor([0.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    torch.nn.functional.binary_cross_entropy(torch.softmax(z, 0), y, reduction="sum").backward()
    ours = lesson.binary_demo.at(z=(0, 2, 3)).table.columns["gradient of the sum"]
    np.testing.assert_allclose(z.grad.numpy(), ours, rtol=1e-12)

    z = torch.tensor([4.0, 0.0, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.softmax(z, 0)[None], torch.tensor([0]))
    loss.backward()
    summary = lesson.double_demo.at(lead=4.0).table.summary
    assert loss.item() == pytest.approx(summary["loss, softmax taken twice"], rel=1e-12)
    assert -z.grad[0].item() == pytest.approx(summary["push, softmax twice"], rel=1e-12)


@pytest.mark.parametrize("exercise", [lesson.cross_entropy_exercise, lesson.gradient_exercise])
def test_pytorch_passes_the_exercises(torch: Any, exercise: Any) -> None:
    def attempt(z: Any, labels: Any) -> Any:
        logits = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
        loss.backward()
        return (loss if exercise is lesson.cross_entropy_exercise else logits.grad).detach().numpy()

    verdict = exercise.check(attempt)
    assert verdict, verdict


def test_each_push_is_an_arrow_with_its_number_at_its_end() -> None:
    """Only an arrow that goes down, and is long enough, has a head: the tip of the true one is a handle."""
    for state in end_states(lesson.push_demo):
        picture = lesson.push_demo.at(**state)
        panel, z, after = picture.panels[0][0], picture.data["z"], picture.data["z after"]
        arrows = [mark for mark in panel.marks if isinstance(mark, Line)]
        numbers = [mark for mark in panel.marks if isinstance(mark, Text)]
        true = {**lesson.push_demo.defaults, **state}["label"]
        lengths = [abs(end - start) for start, end in zip(z, after, strict=True)]
        for i, (arrow, number) in enumerate(zip(arrows, numbers, strict=True)):
            assert list(arrow.y) == [z[i], after[i]]
            assert len({*arrow.x}) == 1
            assert abs(arrow.x[0] - i) < 0.5
            falls = CLASSES[i] != true and after[i] < z[i]
            assert arrow.arrow == (falls and lengths[i] > push.HEAD)
            far = min if z[i] < 0 else max
            assert (number.x, number.y) == (i, far(z[i], after[i]))
            assert (number.dy > 0) == (z[i] < 0), "outside of the bar"
            assert number.string.startswith("−") == (picture.data["−(p − y)"][i] < 0)


@pytest.mark.parametrize("smoothing", [0.0, 0.3, 0.5])
def test_what_no_prediction_avoids_is_below_all_that_it_adds(smoothing: float) -> None:
    panel = lesson.surprise_demo.at(smoothing=smoothing).panels[0][2]
    floor, above = (mark for mark in panel.marks if isinstance(mark, Band))
    (curve,) = (mark for mark in panel.marks if mark.name == "CE of p")
    assert set(floor.low) == {0}
    np.testing.assert_array_equal(above.high, curve.y)
    np.testing.assert_array_equal(above.low, floor.high[0])
    assert 0 <= np.min(curve.y) - floor.high[0] < 0.02
