"""The concept test: every number is right, every key is the truth, and page and Python compute one gain."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.__main__ import main
from course_utils.classroom.concept_pages import form_page, gain_page, key_page
from course_utils.classroom.concepts import FORMS, LETTERS, Concept, concepts, key
from course_utils.classroom.one_page import rich
from course_utils.classroom.places import places
from course_utils.numerics.activations import sigmoid, sigmoid_derivative
from course_utils.numerics.losses import cross_entropy_gradient
from course_utils.numerics.softmax import log_softmax, logsumexp, softmax
from course_utils.teaching import Question
from course_utils.teaching.text import to_plain

NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?")


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text.replace("1,000", "1000"))]


def steepest_chain(form: str, units: int) -> float:
    """Return the largest slope of sigmoids in a row, all weights 1; with biases if the question has them."""
    biases = "biases" in concepts()[8].items[form].prompt
    x = np.linspace(-20, 20, 40_001)
    slopes = np.ones_like(x)
    for _ in range(units):
        slopes = slopes * sigmoid_derivative(x)
        x = sigmoid(x)
        x = x - x[x.size // 2] if biases else x  # the middle of the chain is where each slope is largest
    return float(slopes.max())


def regions(lines: int) -> int:
    """Count the patterns of on and off that lines in general position make in the plane, on a fine grid."""
    angle = np.pi * (np.arange(lines) + 0.3) / lines
    normal = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    offset = np.array([0.31, -0.17, 0.53, -0.41, 0.23])[:lines]
    side = np.linspace(-4, 4, 201)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    patterns = (points @ normal.T + offset > 0) @ (1 << np.arange(lines))
    return len(np.unique(patterns))


def hot(p: list[float], temperature: float) -> np.ndarray:
    return softmax(np.log(p), temperature=temperature)


# What the right option says, computed: concept, form -> the numbers of the option.
COMPUTED: dict[tuple[int, str], Callable[[], Any]] = {
    (3, "A"): lambda: softmax([5.0, 3, 0, 1, 2, -1])[0] / softmax([5.0, 3, 0, 1, 2, -1])[1],
    (3, "B"): lambda: softmax([4.0, 1, 2])[0] / softmax([4.0, 1, 2])[1],
    (5, "A"): lambda: [1, log_softmax([0.0, -1000.0])[1]],
    (5, "B"): lambda: logsumexp([1200.0, 0.0]) - 0.0,
    (6, "A"): lambda: hot([0.7, 0.2, 0.1], 3),
    (6, "B"): lambda: hot([0.5, 0.3, 0.2], 0.5),
    (8, "A"): lambda: [logsumexp([4.0, 4.0]) - 4, logsumexp([4.0, -20.0]) - 4],
    (8, "B"): lambda: [10, logsumexp([10.0] * 5)],
    (9, "A"): lambda: steepest_chain("A", 6),
    (9, "B"): lambda: steepest_chain("B", 3),
    (10, "A"): lambda: cross_entropy_gradient(np.log([0.1, 0.2, 0.3, 0.4]), 1),
    (10, "B"): lambda: cross_entropy_gradient(np.log([0.5, 0.25, 0.25]), 2),
    (11, "A"): lambda: regions(3),
    (11, "B"): lambda: regions(5),
}
# Numbers of wrong options that stand for a calculation.
WRONG: dict[tuple[int, str, str], float] = {
    (3, "A", "A"): 5 / 3,
    (5, "A", "C"): np.log(1e-12),
    (5, "B", "B"): -np.log(1e-12),
    (6, "B", "A"): hot([0.5, 0.3, 0.2], 2)[0],
    (6, "A", "A"): hot([0.7, 0.2, 0.1], 1 / 3)[0],
    (6, "A", "C"): 0.7 / 3,
    (8, "A", "B"): np.log(2),
    (8, "B", "C"): 10 + np.log(5),
    (9, "A", "C"): 6 / 4,
    (9, "B", "D"): 3 / 4,
    (11, "A", "A"): 2**3,
    (11, "B", "B"): 2**5,
}


def option(number: int, form: str, letter: str) -> str:
    return concepts()[number - 1].items[form].options[LETTERS.index(letter)]


def agrees(said: str, truth: Any) -> bool:
    """Tell whether the numbers of an option are the computed ones, rounded as they are written."""
    said = said.partition(", since")[0]
    written = NUMBER.findall(said)
    computed = np.atleast_1d(np.asarray(truth, dtype=float)).tolist()
    if len(written) < len(computed):
        return False
    off = [0.5000001 * 10.0 ** -len(one.partition(".")[2]) if "." in one else 1e-9 for one in written]
    pairs = zip(numbers(said), computed, off, strict=False)
    return all(abs(shown - value) <= allowed for shown, value, allowed in pairs)


@pytest.mark.parametrize(("number", "form"), COMPUTED)
def test_keys_that_a_number_decides_are_computed(number: int, form: str) -> None:
    truth = COMPUTED[number, form]()
    fits = [letter for letter in LETTERS if agrees(option(number, form, letter), truth)]
    assert fits == [key(form)[number - 1]]


@pytest.mark.parametrize(("number", "form", "letter"), WRONG)
def test_wrong_numbers_are_those_of_the_wrong_turn(number: int, form: str, letter: str) -> None:
    value = WRONG[number, form, letter]
    means = concepts()[number - 1].items[form].means[LETTERS.index(letter)]
    said = numbers(option(number, form, letter) + means)
    assert any(abs(abs(shown) - abs(value)) <= 0.005 * max(1, abs(value)) for shown in said)


def test_keys_that_a_statement_decides_are_true() -> None:
    assert key("A")[0] == "A"
    assert np.allclose(softmax([2.0, 1, -1]), softmax([7.0, 6, 4]))
    assert key("B")[0] == "C"
    assert np.allclose(softmax([3.0, 0, -2]), softmax([0.0, -3, -5]))
    for form, p, step in (("A", [0.4, 0.3, 0.2, 0.1], -0.01), ("B", [0.1, 0.2, 0.3, 0.4], 0.01)):
        change = softmax(np.log(p) + np.array([step, 0, 0, 0])) - p
        assert np.sign(change).tolist() == [np.sign(step), *[-np.sign(step)] * 3]
        assert ("rises", "falls")[step < 0] in option(2, form, key(form)[1])
    with np.errstate(all="ignore"):
        assert np.isinf(np.exp(800.0))
        assert np.all(np.exp([-900.0, -901, -905]) == 0)
    assert np.allclose(softmax([800.0, 801.0]), softmax([-1.0, 0.0]))
    assert np.allclose(softmax([-900.0, -901, -905]), softmax([0.0, -1, -5]))
    z = np.random.default_rng(0).normal(size=(500, 10))
    assert np.array_equal(softmax(z).argmax(1), softmax(z, temperature=2).argmax(1))


def trained_pair(same: set[str]) -> tuple[float, float]:
    """Train five units, two of which start equal in this; return how far they part, and a third."""
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(40, 3)), draw.integers(0, 2, 40)
    w, v, b = draw.normal(size=(3, 5)), draw.normal(size=(5, 2)), draw.normal(size=5)
    if "come in" in same:
        w[:, 1] = w[:, 0]
    if "go out" in same:
        v[1] = v[0]
    if "bias" in same:
        b[1] = b[0]
    for _ in range(1000):
        h = np.tanh(x @ w + b)
        d = softmax(h @ v, axis=1)
        d[np.arange(40), y] -= 1
        back = d @ v.T * (1 - h**2)
        v, w, b = v - 0.05 * h.T @ d / 40, w - 0.05 * x.T @ back / 40, b - 0.05 * back.mean(axis=0)
    units = np.vstack([w, v.T, b])
    return float(np.ptp(units[:, :2], axis=1).max()), float(np.ptp(units[:, ::2], axis=1).max())


RESPECTS = {"come in", "go out", "bias"}  # in which two units may be equal


@pytest.mark.parametrize("form", FORMS)
def test_units_that_start_equal_in_all_that_the_question_names_stay_equal(form: str) -> None:
    prompt = concepts()[11].items[form].prompt
    apart, other = trained_pair({respect for respect in RESPECTS if respect in prompt})
    assert apart < 1e-9 < 0.1 < other


@pytest.mark.parametrize("different", sorted(RESPECTS))
def test_units_that_start_different_in_one_respect_part(different: str) -> None:
    assert trained_pair(RESPECTS - {different})[0] > 0.1


def test_two_parallel_forms_of_twelve() -> None:
    assert len(concepts()) == 12
    for concept in concepts():
        assert concept.notebook in {f"0{i}" for i in range(1, 9)}
        for item in concept.items.values():
            assert len(set(item.options)) == len(item.options)
            assert all(item.means)
    assert {concept.notebook for concept in concepts()} == {f"0{i}" for i in range(1, 9)}
    for form in FORMS:  # whoever always chooses one letter knows nothing
        assert max(key(form).count(letter) for letter in LETTERS) <= 4
    assert sum(a == b for a, b in zip(key("A"), key("B"), strict=True)) <= 4


@pytest.mark.parametrize("concept", concepts(), ids=lambda concept: concept.name)
def test_both_items_of_a_concept_have_the_same_wrong_turns(concept: Concept) -> None:
    a, b = (
        sorted(
            NUMBER.sub("#", re.split("[,:;.] |[.]$", means)[0])
            for letter, means in zip(LETTERS, item.means, strict=True)
            if letter != item.answer
        )
        for item in concept.items.values()
    )
    assert a == b


def test_no_item_is_a_question_of_the_notebooks() -> None:
    asked = {to_plain(place.value.prompt) for place in places().values() if isinstance(place.value, Question)}
    prompts = [to_plain(item.prompt) for concept in concepts() for item in concept.items.values()]
    assert not asked & set(prompts)
    assert len(set(prompts)) == 24


def test_forms_hold_no_answers_and_the_key_all() -> None:
    page = key_page()
    for form in FORMS:
        shown = form_page(form)
        for concept in concepts():
            for means in concept.items[form].means:
                assert rich(means) in page
        assert "✓" not in shown
        assert "thought" not in shown.partition("<main>")[2]


def test_the_key_marks_the_right_option_and_numbers_the_concepts() -> None:
    page = key_page()
    marked = re.findall(r"<li><p>((?:(?!</p>).)*) ✓</p>", page)
    items = [concept.items[form] for concept in concepts() for form in FORMS]
    assert marked == [rich(item.options[LETTERS.index(item.answer)]) for item in items]
    assert re.findall(r"<h2>(\d+)\. ", page) == [str(number) for number in range(1, 13)]


@pytest.mark.parametrize(
    "change", [{"options": ("a", "b", "c")}, {"means": ("a", "b", "c")}, {"answer": "E"}, {"answer": "AB"}]
)
def test_an_item_has_four_options_and_one_of_them_is_right(change: dict[str, Any]) -> None:
    item = concepts()[0].items["A"]
    assert replace(item) == item
    with pytest.raises(ValueError, match="an item has four options"):
        replace(item, **change)


def test_a_page_has_the_colors_of_the_course() -> None:
    page = form_page("A")
    (named,) = re.findall('<body class="([^"]+)">', page)
    assert f".{named}" in page.partition("</style>")[0]


def test_the_command_writes_four_pages_that_ask_for_nothing(tmp_path: Path, capsys: Any) -> None:
    assert main(["concept-test", "--out", str(tmp_path)]) == 0
    names = ["form-A.html", "form-B.html", "gain.html", "key.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        page = (tmp_path / name).read_text("utf-8")
        assert re.findall(r'(?:src|href)="|@import|url\((?!data:)', page) == []
        assert "https://" not in page
    assert "export" not in gain_page().partition('<script type="module">')[2]
    assert "key.html" in capsys.readouterr().out
