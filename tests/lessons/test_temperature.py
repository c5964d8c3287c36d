"""What lesson 03 computes for its pictures, against independent computations."""

from __future__ import annotations

import inspect
import io
import itertools
import json
import re
import tokenize
from typing import Any

import numpy as np
import pytest
from picture_problems import all_text_problems

from course_utils.data import load_digit_logits, load_hard_digit, load_next_character
from course_utils.lessons import temperature as lesson
from course_utils.lessons.calibration import calibration, fit_temperature
from course_utils.lessons.temperature.digits import fitted_to_digits
from course_utils.lessons.temperature.draw import expected_count
from course_utils.lessons.temperature.square import steps
from course_utils.lessons.temperature.top_p import sample_top_p
from course_utils.lessons.temperature.write import longest_repeat, written
from course_utils.notebook_files.files import NOTEBOOKS
from course_utils.numerics.sampling import most_probable
from course_utils.numerics.softmax import softmax
from course_utils.teaching.pictures import Bars, Line, Points, Polygons, Rule, Text
from course_utils.teaching.text import format_number


def cells_of_the_page() -> list[Any]:
    cells = json.loads((NOTEBOOKS / "03_temperature.ipynb").read_text("utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


# The most common words of English.
COMMON = {
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "that",
    "it",
    "was",
    "he",
    "i",
    "with",
    "as",
    "had",
    "she",
    "said",
    "you",
}


@pytest.mark.parametrize("text", ["", "a", "abcd", "abcab", "aaaa", "she was a little she was a little she"])
def test_the_longest_repeat_is_what_a_slow_search_finds(text: str) -> None:
    pieces = (text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1))
    slow = max((len(piece) for piece in pieces if text.find(piece, text.find(piece) + 1) > -1), default=0)
    assert longest_repeat(text) == slow


def test_what_the_model_wrote_twice_leaves_out_what_it_was_given() -> None:
    """The prompt used to be searched too, so that one return to it counted as a repeat."""
    temperature, prompt, _ = lesson.writing_demo.controls
    differ = 0
    for T, start, seed in itertools.product(
        (temperature.low, 0.2, 1.0, temperature.high), prompt.options, range(3)
    ):
        shown = lesson.writing_demo.at(temperature=T, prompt=start, seed=seed)
        own = written(start, T, seed)[0].removeprefix(start)
        assert len(own) == shown.table.summary["characters written"]
        size = shown.table.summary["longest piece that it wrote twice"]
        assert f"wrote twice has {size} characters" in shown.says
        assert any(own.find(own[i : i + size], i + 1) >= 0 for i in range(len(own) - size))
        assert not any(own.find(own[i : i + size + 1], i + 1) >= 0 for i in range(len(own) - size - 1))
        differ += longest_repeat(start + own) != size
    assert differ, "somewhere the prompt makes a difference"


def test_ranks_count_who_was_more_probable() -> None:
    text, rank = written("alice ", 1.5, 4)
    assert text == load_next_character().generate("alice ", 200, temperature=1.5, seed=4)
    for i in (0, 7, 199):
        z = load_next_character().logits(text[: 6 + i])
        assert rank[i] == sum(z > z[load_next_character().alphabet.index(text[6 + i])])


def test_rules_go_down_from_where_the_wanted_shares_meet() -> None:
    for T in (0.5, 1.0, 4.0):
        shown = lesson.place_demo.at(z=(2, 1, -0.5), temperature=T)
        rules = [
            mark.at for row in shown.panels for panel in row for mark in panel.marks if mark.kind == "rule"
        ]
        np.testing.assert_allclose(rules, np.cumsum(softmax([2, 1, -0.5], temperature=T))[:2])


@pytest.mark.parametrize(
    ("start", "T", "seed"), [("alice ", 1.0, 0), ("alice ", 5.0, 19), ("'oh dear!' ", 5.0, 3)]
)
def test_all_that_the_model_writes_is_on_the_picture(start: str, T: float, seed: int) -> None:
    shown = lesson.writing_demo.at(prompt=start, temperature=T, seed=seed)
    lines = [mark.string for mark in shown.panels[0][0].marks]
    assert "".join("".join(lines).split()) == "".join(written(start, T, seed)[0].split())
    assert all_text_problems(shown) == []


def test_the_model_goes_in_circles_when_cold_and_babbles_when_hot() -> None:
    """What the page says of three temperatures, over 3 seeds and all prompts of its demo."""
    (_, prompt, _) = lesson.writing_demo.controls
    told = {
        T: [written(start, T, seed)[0].removeprefix(start) for start in prompt.options for seed in range(3)]
        for T in (0.2, 1.0, 3.0)
    }
    repeats = {T: np.median([longest_repeat(text) for text in texts]) for T, texts in told.items()}
    assert repeats[0.2] > 1.5 * repeats[1.0] > 1.5 * repeats[3.0]
    shares = {
        T: np.mean([word in COMMON for text in texts for word in text.split()]) for T, texts in told.items()
    }
    assert shares[0.2] > shares[1.0] > 2 * shares[3.0]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.46])
def test_calibration_counts_as_a_loop_does(temperature: float) -> None:
    _, test = load_digit_logits()
    found = calibration(test.logits, test.labels, temperature, bins=10)
    p = softmax(test.logits, temperature=temperature)
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for row, label in zip(p, test.labels, strict=True):
        bins[min(int(row.max() * 10), 9)].append((row.max(), row.argmax() == label))
    error = 0.0
    for content, n, confidence, accuracy in zip(bins, found.n, found.confidence, found.accuracy, strict=True):
        assert len(content) == n
        if content:
            means = np.mean(content, axis=0)
            np.testing.assert_allclose([confidence, accuracy], means)
            error += len(content) / len(test.labels) * abs(means[0] - means[1])
    assert found.ece == pytest.approx(error)
    assert found.nll == pytest.approx(-np.mean(np.log(p[np.arange(len(p)), test.labels])))


def test_the_fitted_temperature_repairs_the_network() -> None:
    _, test = load_digit_logits()
    best = fitted_to_digits()
    assert best == pytest.approx(2.457, abs=1e-3)
    before, after = (calibration(test.logits, test.labels, t, 10) for t in (1.0, best))
    assert after.overall_accuracy == before.overall_accuracy
    assert after.nll < 0.65 * before.nll
    assert after.ece < 0.3 * before.ece


def test_the_opening_says_what_holds_for_all_images_and_not_for_a_part() -> None:
    _, test = load_digit_logits()
    found = calibration(test.logits, test.labels, 1.0, bins=10)
    opening = cells_of_the_page()[0]["source"]
    told = re.search(r"claims ([\d.]+) % on average and is right in ([\d.]+) %", opening)
    assert told
    assert told.groups() == (f"{100 * found.mean_confidence:.1f}", f"{100 * found.overall_accuracy:.1f}")


def test_one_temperature_is_honest_on_average_and_not_for_every_class() -> None:
    _, test = load_digit_logits()
    p = softmax(test.logits, temperature=fitted_to_digits())
    said, confidence = p.argmax(axis=-1), p.max(axis=-1)
    right = said == test.labels
    assert confidence.mean() == pytest.approx(right.mean(), abs=0.02)
    of_class = [confidence[said == digit].mean() - right[said == digit].mean() for digit in range(10)]
    assert np.argmax(of_class) == 8
    assert of_class[8] > 0.15


def test_a_best_temperature_below_one_does_not_mean_more_right_than_claimed() -> None:
    """Four examples that claim more than they keep, and still are fitted best by T < 1."""
    z = np.array([[0.0, 1.0, 3.0], [0.0, 0.0, 3.0], [0.0, 2.0, 0.0], [2.0, 0.0, 3.0]])
    y = np.array([2, 2, 1, 0])
    found = calibration(z, y, 1.0, bins=10)
    assert found.mean_confidence > found.overall_accuracy + 0.05
    best = fit_temperature(z, y)
    assert best < 0.85
    assert calibration(z, y, best, bins=10).nll < found.nll
    assert calibration(z, y, best, bins=10).mean_confidence > found.mean_confidence


def area(corners: np.ndarray) -> float:
    x, y = corners.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@pytest.mark.parametrize("k", [1.0, 3.7, 10.0, 100.0])
def test_steps_of_the_square_hold_what_they_say_and_leave_no_gap(k: float) -> None:
    corners, p0 = steps(k)
    assert abs(area(corners[0])) == pytest.approx(4)
    ends = [float((part[:, 0] - part[:, 1]).min()) for part in corners] + [2.0]
    for part, low, high, value in zip(corners, ends, ends[1:], p0, strict=False):
        assert np.abs(part).max() <= 1
        smaller = (2 - low) ** 2 / 2 if low > 0 else 4 - (2 + low) ** 2 / 2
        assert abs(area(part)) == pytest.approx(smaller)
        bounds = 1 / (1 + np.exp(-k * np.array([low, high])))
        assert bounds[0] <= value <= bounds[1] <= bounds[0] + 1 / 32 + 1e-9


def test_the_sentence_counts_how_many_counts_are_within_two_deviations() -> None:
    told = set()
    for seed in range(21):
        picture = lesson.sampling_demo.at(seed=seed, temperature=5.0, draws="1,000")
        columns = picture.table.columns
        off = np.abs(np.asarray(columns["drawn"]) - columns["expected"])
        within = int(np.sum(off <= 2 * np.asarray(columns["standard deviation"])))
        assert f"{within} of the 6 counts" in picture.says
        told.add(within)
    assert min(told) < 6  # not always all of them


def test_the_model_is_built_as_the_page_says() -> None:
    model = load_next_character()
    text = next(cell for cell in cells_of_the_page() if cell["id"] == "write")["source"]
    assert "one hidden layer" in text
    assert len(model.mlp.weights) == 2
    assert "last ten characters" in text
    assert model.context == 10
    assert f"each of {len(model.alphabet)} possible next ones" in text


def test_no_temperature_makes_the_hard_digit_another_one() -> None:
    _, logits, label = load_hard_digit()
    for temperature in np.geomspace(1e-3, 1e3, 61):
        assert softmax(logits, temperature=temperature).argmax() == 1 != label == 2


def test_an_expected_count_is_not_written_like_another_one_that_was_drawn() -> None:
    said = lesson.sampling_demo.at(temperature=0.1).says
    assert said.startswith(
        "Of 100 draws, 100 are “mat”, where 99.97 are expected. That is off by 0.18 standard"
    )
    assert expected_count(99.97, 99) == "100"
    assert expected_count(9996.64, 9997) == "9,996.6"


def test_a_probability_that_is_written_alike_did_not_go_down() -> None:
    said = lesson.knob_demo.at(z=(5, 5, -5, -5), temperature=0.5).says
    assert "The largest probability hardly changed from 0.5 at T = 1; the order" in said
    assert "went down from 0.514 at T = 1 to 0.452;" in lesson.knob_demo.at(temperature=2).says


@pytest.mark.parametrize(
    ("kept", "said"), [(1, "keeps 1, which has 0.311 here"), (2, "keeps 2, which have 0.586 here")]
)
def test_one_character_has_and_two_have(kept: int, said: str) -> None:
    assert f"top-k {said}" in lesson.cut_demo.at(top_k=kept).says


def test_a_thousand_winners_are_written_like_a_thousand_draws() -> None:
    assert "won 1,000 of 1,000 draws" in lesson.gumbel_demo.at(temperature=0.125, seed=1).says


def test_a_name_in_code_has_letters_that_every_keyboard_has() -> None:
    """λ is `lam`, as the table of notebook 00 says."""
    for shown in cells_of_the_page():
        assert shown["cell_type"] != "code" or names_in(shown["source"]).isascii(), shown["id"]
    assert names_in(inspect.getsource(fit_temperature)).isascii()


def names_in(source: str) -> str:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return " ".join(token.string for token in tokens if token.type == tokenize.NAME)


def test_top_p_keeps_one_where_one_is_enough_and_many_where_each_has_little() -> None:
    """What “Three ways to cut” says, for random distributions and totals."""
    random = np.random.default_rng(0)
    for _ in range(300):
        p = softmax(random.normal(size=20), temperature=random.uniform(0.1, 5))
        total = random.uniform(0.05, 0.95)
        kept = np.count_nonzero(most_probable(p, top_p=total))
        assert (kept == 1) == (p.max() >= total)
        assert kept >= total / p.max() - 1e-9
        assert np.count_nonzero(most_probable(p, top_k=5)) == 5


def test_the_line_of_top_p_is_reached_by_what_is_kept_and_no_sooner() -> None:
    """Most of what it keeps used to have no bar where many characters share the probability."""
    prompt = lesson.cut_demo.controls[0]
    for start, T, total in itertools.product(prompt.options, (0.1, 0.5, 1, 3, 5), (0.05, 0.4, 0.9, 0.95)):
        says = lesson.cut_demo.at(prompt=start, temperature=T, top_p=total).says
        kept, cut, line = lesson.cut_demo.at(prompt=start, temperature=T, top_p=total).panels[0][2].marks
        assert line.at == total
        tops, full = kept.base + kept.y, kept.y > 0
        assert tops[full].max() >= total - 1e-12, says
        assert (kept.base[full] < total).all(), says
        assert (tops[full][:-1] < total).all(), says
        assert kept.y.sum() + cut.y.sum() == pytest.approx(1)
        np.testing.assert_allclose(np.sort([*kept.base, 1])[1:], kept.base + kept.y + cut.y, atol=1e-12)
        number = int(says.split()[2])
        assert (full[:-1].sum() == number) if number <= 12 else full.all()


def test_the_noise_decides_a_draw_when_hot_that_the_logits_decide_when_cold() -> None:
    hot, cold = (
        lesson.gumbel_demo.presets[name] for name in ("Hot: the noise decides", "Cold: the logits decide")
    )
    assert hot["draw"] == cold["draw"]
    largest = "winner is “mat”"
    assert largest not in lesson.gumbel_demo.at(**hot).says
    assert largest in lesson.gumbel_demo.at(**cold).says
    assert largest in lesson.gumbel_demo.at(draw=hot["draw"]).says


def test_the_exercise_keeps_what_the_sampler_keeps_and_says_what_a_tie_does() -> None:
    p, all_of_them = np.full(10, 0.1), np.linspace(0, 1, 1000, endpoint=False)
    for tenths in range(1, 11):
        drawn = sample_top_p(p, tenths / 10, all_of_them)
        assert set(drawn.tolist()) == set(np.flatnonzero(most_probable(p, top_p=tenths / 10)).tolist())
    assert len(set(sample_top_p(p, 0.8, all_of_them).tolist())) == 9
    assert "rounding decides near a tie" in lesson.top_p_exercise.contract.text


@pytest.mark.parametrize(
    "score",
    [
        lambda p, y: p.max(-1).mean(),
        lambda p, y: np.log(p.max(-1)).mean(),
        lambda p, y: (p * np.log(np.maximum(p, 1e-300))).sum(-1).mean(),
        lambda p, y: (p.argmax(-1) == y).mean(),
        lambda p, y: 0,
    ],
    ids=["confidence", "the predicted class", "entropy", "accuracy", "nothing at all"],
)
def test_the_coldest_temperature_has_many_causes_of_which_some_are_named(score: Any) -> None:
    """All of these come to the coldest T, so that no short list of causes is complete."""
    grid = np.geomspace(1 / 20, 20, 200)

    def fitted(z: Any, y: Any) -> Any:
        return grid[np.argmax([score(softmax(z / t), y) for t in grid])]

    told = lesson.fit_exercise.check(fitted).diagnosis
    assert told.startswith("the coldest T wins every time. For instance, ")
    assert "ither" not in told


def test_a_greedy_writer_walks_in_a_circle_for_good() -> None:
    model = load_next_character()
    for prompt in ("the queen ", "alice ", "why ", "x"):
        text = model.generate(prompt, 1500, temperature=0)
        end = text[-model.context :]
        before = text.rindex(end, 0, -1)  # where the same characters ended before: the circle begins there
        period = len(text) - model.context - before
        assert text[-period:] == text[-2 * period : -period]


@pytest.mark.parametrize("component", [0, 1])
def test_each_color_of_the_square_is_its_own_components(component: int) -> None:
    picture = lesson.square_demo.at(component=f"p{component}")
    (colors,) = (mark for mark in picture.panels[0][0].marks if isinstance(mark, Polygons))
    ends = np.array([colors.vertices[:, 0].max(), colors.vertices[:, 1].min()])  # of the part painted last
    k = lesson.square_demo.defaults["sharpness"]
    assert colors.values[-1] == pytest.approx(softmax(k * ends)[component], abs=1 / 32)
    assert colors.values[0] == pytest.approx(softmax(-k * ends)[component], abs=1 / 32)


@pytest.mark.parametrize("component", [0, 1])
@pytest.mark.parametrize("height", [-1.0, -0.3, 0.0, 0.75, 1.0])
def test_the_jump_is_where_the_ramps_go(height: float, component: int) -> None:
    panel = lesson.square_demo.at(height=height, component=f"p{component}").panels[0][1]
    jump = next(mark for mark in panel.marks if isinstance(mark, Line) and mark.name == "")
    place = np.linspace(-0.999, 0.999, 40)
    place = place[np.abs(place - height) > 1e-3]
    limit = softmax(1e6 * np.stack([place, np.full_like(place, height)], axis=-1))[:, component]
    corners = np.stack([np.clip(jump.x, -1, 1), jump.y], axis=-1)
    parts = [corners[start : start + 2] for start in range(0, len(corners), 3)]
    assert all(left < right and level == end for (left, level), (right, end) in parts), (
        "level, and to be seen"
    )
    assert len(parts) == 2 - (abs(height) == 1)
    for at, value in zip(place, limit, strict=True):
        assert value in [part[0, 1] for part in parts if part[0, 0] <= at <= part[1, 0]]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_dashed_lines_bound_the_shares_of_the_first_recipe(temperature: float) -> None:
    panel = lesson.place_demo.at(temperature=temperature).panels[0][1]
    shares = np.array([mark.y for mark in panel.marks if isinstance(mark, Bars)])
    z = np.array(lesson.place_demo.defaults["z"])
    np.testing.assert_allclose(shares[:, 0], softmax(z / temperature), rtol=1e-12)
    edges = [mark.at for mark in panel.marks if isinstance(mark, Rule)]
    np.testing.assert_allclose(edges, np.cumsum(shares[:, 0])[:-1], rtol=1e-12)
    sums = [mark for mark in panel.marks if isinstance(mark, Text)]
    assert [text.y for text in sums] == list(range(len(shares[0])))
    assert [text.string for text in sums] == [f"sum {format_number(s)}" for s in shares.sum(axis=0)]


@pytest.mark.parametrize("draw", [1, 7, 20])
def test_noise_goes_from_each_logit_and_the_star_is_at_the_largest(draw: int) -> None:
    panel = lesson.gumbel_demo.at(draw=draw).panels[0][0]
    (bars,), (noise,) = ([mark for mark in panel.marks if isinstance(mark, kind)] for kind in (Bars, Line))
    dots, star = (mark for mark in panel.marks if isinstance(mark, Points))
    ends = np.stack([noise.x, noise.y], axis=-1).reshape(-1, 3, 2)  # from, to, and a gap
    np.testing.assert_array_equal(ends[:, 0], np.stack([bars.y, np.arange(len(bars.y))], axis=-1))
    np.testing.assert_array_equal(ends[:, 1], np.stack([dots.x, dots.y], axis=-1))
    assert (star.x[0], star.y[0]) == (dots.x.max(), dots.x.argmax())


@pytest.mark.parametrize("temperature", [0.5, 1.5])
def test_an_expected_count_has_two_deviations_on_both_sides(temperature: float) -> None:
    for demo in (lesson.sampling_demo, lesson.gumbel_demo):
        picture = demo.at(temperature=temperature)
        panel = next(p for row in picture.panels for p in row if any(m.name == "expected" for m in p.marks))
        (line,) = (mark for mark in panel.marks if isinstance(mark, Line))
        (points,) = (mark for mark in panel.marks if mark.name == "expected")
        ends = np.stack([line.x, line.y], axis=-1).reshape(-1, 3, 2)[:, :2]
        expected, draws = np.asarray(points.y), picture.data["drawn"].sum()
        deviation = np.sqrt(expected * (1 - expected / draws))
        shown = expected > 0
        np.testing.assert_allclose(ends[shown, 0, 0], points.x[shown])
        np.testing.assert_allclose(np.sort(ends[..., 1], axis=1)[shown].mean(axis=1), expected[shown])
        np.testing.assert_allclose(np.ptp(ends[..., 1], axis=1)[shown], 4 * deviation[shown])


@pytest.mark.parametrize("temperature", [0.5, 1.0, 8.0])
@pytest.mark.parametrize("bins", [5, 20])
def test_what_chance_allows_lies_around_the_diagonal(temperature: float, bins: int) -> None:
    """Two deviations of a sum of independent answers, each right as often as it claims."""
    demo = lesson.reliability_demo
    panel = demo.at(temperature=temperature, bins=bins).panels[0][0]
    logits = lesson.digits.digit_scores()[demo.defaults["part"]].logits
    claimed = softmax(logits, temperature=temperature).max(axis=1)
    in_bin = np.minimum((claimed * bins).astype(int), bins - 1)
    filled = [claimed[in_bin == number] for number in range(bins) if (in_bin == number).any()]
    middle = np.array([of.mean() for of in filled])
    deviation = np.array([np.sqrt((of * (1 - of)).sum()) / len(of) for of in filled])
    bars = [mark for mark in panel.marks if isinstance(mark, Line)][1]
    ends = np.stack([bars.x, bars.y], axis=-1).reshape(-1, 3, 2)[:, :2]
    np.testing.assert_allclose(ends[..., 0], np.stack([middle, middle], axis=1))
    np.testing.assert_allclose(ends[:, 0, 1], np.maximum(middle - 2 * deviation, 0), atol=1e-12)
    np.testing.assert_allclose(ends[:, 1, 1], np.minimum(middle + 2 * deviation, 1), atol=1e-12)
    (right,) = (mark for mark in panel.marks if mark.name == "share that is right")
    np.testing.assert_allclose(right.x, middle)
