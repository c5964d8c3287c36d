"""Sentences easily said and not always true: each stands on its page, and holds in the general case."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from notebook_cells import cell, note, page

from course_utils.lessons import softmax as lesson_01
from course_utils.lessons import start_here
from course_utils.lessons.training_a_classifier import film_demo
from course_utils.notebook_files import find_notebooks
from course_utils.notebook_files.files import NOTEBOOKS
from course_utils.notebook_files.page import Page, tags_of
from course_utils.numerics.softmax import softmax
from course_utils.teaching.text import format_number

GUIDE = (NOTEBOOKS / "instructor_guide.md").read_text("utf-8")


# 01


def test_the_scores_of_the_first_vote_add_up_to_what_the_note_says() -> None:
    scores = [int(s.replace("−", "-")) for s in re.findall(r"−?\d+", lesson_01.divide_by_sum_question.prompt)]
    assert scores == [1, 0, -4]
    assert note("01", "divide-question").endswith(f"it is {sum(scores)}.".replace("-", "−"))


def test_exponentials_stretch_where_scores_are_positive_and_only_there() -> None:
    assert (
        "The first step, $e^z$, stretches gaps where scores are positive and shrinks them where they are "
        "negative; the division then stretches or shrinks them all by one factor" in cell("01", "gaps-why")
    )
    random = np.random.default_rng(4)
    low, high = np.sort(random.uniform(0, 5, (2, 1000)), axis=0)
    assert (np.exp(high) - np.exp(low) >= high - low).all()
    assert (np.exp(-low) - np.exp(-high) <= high - low).all()
    for z, stretches in ((np.array([-10.0, -11.0, -13.0]), True), (np.array([1.0, 2.0, 4.0]), False)):
        factors = np.diff(softmax(z)) / np.diff(np.exp(z))
        assert factors == pytest.approx([factors[0]] * 2)
        assert (factors[0] > 1) == stretches


def test_whether_softmax_sharpens_more_than_dividing_depends_on_the_unit() -> None:
    said = cell("01", "gaps-why")
    assert "In a large unit their numbers are small, and it flattens" in said
    assert "in a small unit they are large, and it leaves nearly everything to the winner" in said
    scores = np.random.default_rng(5).uniform(1, 3, (1000, 4))
    divided = (scores / scores.sum(axis=1, keepdims=True)).max(axis=1)
    assert (softmax(scores / 10).max(axis=1) < divided).all()
    assert (softmax(scores * 10).max(axis=1) > divided).all()


def test_all_losers_shrink_by_one_factor() -> None:
    assert "all shrink by the same *factor*" in cell("01", "pull-shares")
    z = np.random.default_rng(6).normal(scale=3, size=(1000, 7))
    factors = (softmax(z + np.eye(7)[2]) / softmax(z))[:, np.arange(7) != 2]
    assert (factors < 1).all()
    assert np.allclose(factors, factors[:, :1], rtol=1e-12)


@pytest.mark.parametrize(("amount", "losers"), [(1.0, 3), (-2.0, 1)])
def test_who_gains_and_who_loses_is_said_in_no_number(amount: float, losers: int) -> None:
    picture = lesson_01.pull_demo.at(amount=amount)
    change, forecast = (picture.table.columns[name] for name in ("change of p", "forecast of the change"))
    assert sum(part < 0 for part in change) == losers
    assert "what some gain, others lose" in picture.says
    assert f"forecasts a change of {format_number(forecast[2])} for p2" in picture.says


def test_of_256_dimensions_one_key_gets_nearly_everything_in_most_draws() -> None:
    assert "in most draws one key gets nearly everything" in cell("01", "attention-why")
    random = np.random.default_rng(7)
    queries, keys = random.standard_normal((1000, 256, 1)), random.standard_normal((1000, 8, 256))
    assert np.mean(softmax((keys @ queries)[..., 0]).max(axis=1) > 0.9) > 0.7


@pytest.mark.parametrize(
    "f", [np.exp, lambda z: 3 * 2.0**z, lambda z: np.log1p(np.exp(z)), lambda z: 1 + np.tanh(z), np.arctan]
)
def test_only_powers_ignore_a_common_shift(f: Any) -> None:
    assert "A\\,b^z, \\qquad A > 0,\\; b > 1" in cell("01", "exp-why")
    z, w, c = np.random.default_rng(8).uniform(0.5, 3, (3, 1000))
    ignores = np.allclose(f(z + c) / f(w + c), f(z) / f(w))
    b = f(1.0) / f(0.0) if f(0.0) else np.nan
    assert ignores == np.allclose(f(z) / f(0.0) if f(0.0) else np.nan, b**z)


# The guide


def test_a_table_of_the_numbers_that_check_shows_fails() -> None:
    verdict = start_here.sum_exercise.check(lambda z: -1.0)
    shown = verdict._repr_mimebundle_()["text/html"].replace("−", "-")
    lines = re.findall(r"your_function\(\[(.*?)\]\) returned -1, but (\S+) is right", shown)
    table = {tuple(float(v) for v in argument.split(",")): float(right) for argument, right in lines}
    assert len(table) > 1
    looked_up = start_here.sum_exercise.check(lambda z: table[tuple(z.tolist())])
    assert not looked_up
    assert 0 < looked_up.share < 1, "the shown ones are right"


def test_the_guide_counts_what_the_lecture_path_holds() -> None:
    text = " ".join(GUIDE.split())
    assert (
        "the hook (the title, and the picture that opens the page), three votes, two demos and one exit "
        "question, in each notebook from 01 on; in 00 one vote and one demo"
    ) in text
    for path in find_notebooks():
        tags = [tags_of(each) for each in page(path.name[:2]).cells]
        votes, demos, exits = (
            sum(f"lecture-{what}" in each for each in tags) for what in ("vote", "demo", "exit")
        )
        assert (votes, demos, exits) == ((1, 1, 0) if path.name.startswith("00") else (3, 2, 1)), path.name
        assert ["lecture-hook" in each for each in tags].index(True) == 0
        assert sum("lecture-hook" in each for each in tags) == 1
        # The picture that opens the page is on a slide: for the hook, or as a demo of the lecture.
        pictures = [place for place, each in enumerate(tags) if "lecture-picture" in each]
        opened = pictures or [2] * ("lecture-demo" in tags[2])
        assert opened == ([] if path.name.startswith("00") else [2]), path.name


def test_the_natural_logarithm_has_one_name() -> None:
    for path in find_notebooks([]):
        text = "".join(str(cell) for cell in Page(path, path.read_bytes()).cells)
        assert not re.findall(r"\bln (?:10|2)\b|\\ln\b", text), path.name
    assert not re.findall(r"\bln\b", GUIDE)


# 03: text


def test_a_greedy_writer_that_does_not_stop_walks_in_a_circle() -> None:
    assert "Every greedy writer with a fixed memory ends so, unless it stops" in cell("03", "limits-circle")
    for seed in range(20):  # other writers, which know the last two of three characters
        following = np.random.default_rng(seed).integers(0, 3, (3, 3))
        text = [0, 0]
        for _ in range(60):
            text.append(int(following[text[-2], text[-1]]))
        assert any(text[20:50] == text[20 + lag : 50 + lag] for lag in range(1, 10))


# 04: lines below LSE


@pytest.mark.parametrize("q0", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_every_line_of_score_plus_entropy_stays_below_lse_and_touches_it_where_no_share_is_0(
    q0: float,
) -> None:
    said = cell("04", "dual-why")
    assert "that LSE is never below; where no $q_i$ is 0, it is one of the tangents" in said
    x, lam = np.linspace(-3, 3, 6001), 2.0
    shares = np.array([share for share in (q0, 1 - q0) if share])
    above = np.logaddexp(lam * x, 0) / lam - (q0 * x - shares @ np.log(shares) / lam)
    assert above.min() > -1e-15
    assert (above.min() < 1e-6) == (0 < q0 < 1)


# 08: the film


@pytest.mark.parametrize(
    ("state", "regions", "ending"),
    [
        ({}, "48 regions", "The boundary has 14 straight pieces, one in each region that it crosses."),
        ({"start": "all zero"}, "1 region", "are equally probable everywhere in the window."),
        ({"net": "2-6-6-2", "frame": 3}, "80 regions", "are equally probable nowhere in the window."),
    ],
)
def test_the_film_speaks_of_a_boundary_where_there_is_one(
    state: dict[str, Any], regions: str, ending: str
) -> None:
    picture = film_demo.at(**state)
    (panel, _) = picture.panels[0]
    assert panel.title.startswith(f"{regions}; ")
    assert picture.says.endswith(ending)
