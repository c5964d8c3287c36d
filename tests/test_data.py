"""The data is what its README says it is."""

from __future__ import annotations

import ast
from fractions import Fraction
from operator import mul
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import course_utils.data
from course_utils.data import (
    NextCharacter,
    load_digit_logits,
    load_digits,
    load_hard_digit,
    load_next_character,
    make_characters,
)
from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.softmax import softmax

FOLDER = Path(course_utils.data.__file__).parent
LARGEST = {"next_character.npz": 300_000}  # bytes; 100,000 for the others


def test_digits_are_all_there() -> None:
    images, labels = load_digits()
    assert images.shape == (1797, 8, 8)
    assert images.dtype == np.uint8
    assert (images.min(), images.max()) == (0, 16)
    # The counts of the UCI description, and the sum of all pixels of scikit-learn's copy.
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert images.sum() == 561718


def test_no_example_serves_twice() -> None:
    with np.load(FOLDER / "digit_logits.npz") as stored:
        fit, test = stored["fit_rows"], stored["test_rows"]
    assert len(fit) == 600
    assert len(test) == 1097
    assert len(set(fit) | set(test)) == 1697


def test_logits_belong_to_their_images() -> None:
    images, labels = load_digits()
    for part in load_digit_logits():
        assert part.logits.shape == (len(part.labels), 10)
        assert 0.85 < np.mean(part.logits.argmax(axis=-1) == part.labels) < 0.95
        shown = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
        assert [shown[image.tobytes()] for image in part.images] == part.labels.tolist()


def test_files_are_small_and_attributed() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in FOLDER.glob("*.npz"):
        assert file.stat().st_size < LARGEST.get(file.name, 100_000)
        assert f"`{file.name}`" in readme
    assert "Alpaydin" in readme
    assert "Carroll" in readme
    assert "public domain" in readme
    assert "CC BY 4.0" in readme


def test_scikit_learn_is_no_requirement() -> None:
    source = (FOLDER / "make_digits.py").read_text(encoding="utf-8")
    imported = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("sklearn" in ast.unparse(node) for node in imported)


# --- the hard digit -------------------------------------------------------------------------------


def test_the_hard_digit_is_a_close_call_that_goes_wrong() -> None:
    image, logits, label = load_hard_digit()
    images, labels = load_digits()
    where = np.flatnonzero((images == image).all(axis=(1, 2)))
    assert labels[where].tolist() == [label]
    p = softmax(logits)
    assert p.argmax() != label
    assert p.max() < 0.5 < 3 * p[label]


# --- the next character ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> NextCharacter:
    return load_next_character()


def test_texts_are_the_same_for_equal_seeds_only(model: NextCharacter) -> None:
    said = [model.generate("alice ", 60, seed=seed) for seed in (0, 0, 1)]
    assert said[0] == said[1] != said[2]
    assert all(len(text) == 66 and text.startswith("alice ") for text in said)


def test_a_longer_text_begins_with_the_shorter_one(model: NextCharacter) -> None:
    assert model.generate("the ", 40, seed=3).startswith(model.generate("the ", 15, seed=3))
    assert model.generate("the ", 0) == "the "


def test_greedy_is_the_cold_limit_and_the_best_one_of_k(model: NextCharacter) -> None:
    greedy = model.generate("alice was ", 120, temperature=0)
    assert model.generate("alice was ", 120, temperature=1e-4, seed=7) == greedy
    assert model.generate("alice was ", 120, temperature=2, top_k=1, seed=7) == greedy
    assert model.generate("alice was ", 120, temperature=2, top_p=1e-9, seed=7) == greedy


def test_cuts_that_keep_all_change_nothing(model: NextCharacter) -> None:
    plain = model.generate("alice was ", 120, temperature=1.5, seed=2)
    assert model.generate("alice was ", 120, temperature=1.5, seed=2, top_k=len(model.alphabet)) == plain
    assert model.generate("alice was ", 120, temperature=1.5, seed=2, top_p=1.0) == plain


def test_only_what_is_kept_is_drawn(model: NextCharacter) -> None:
    text = model.generate("alice was ", 80, temperature=3, top_k=3, seed=1)
    for end in range(len("alice was "), len(text)):
        best = np.argsort(-model.logits(text[:end]), kind="stable")[:3]
        assert text[end] in [model.alphabet[i] for i in best]


@settings(max_examples=20)
@given(st.text(alphabet=" abcdefghijklmnopqrstuvwxyz'!,-.:;?", max_size=15))
def test_logits_are_exact_sums(text: str) -> None:
    # In fractions: so no order of summation, and no processor, can give other logits and another text.
    model = load_next_character()
    x = [int(v) for v in model.one_hot(text).ravel()]
    for i, (weights, biases) in enumerate(zip(model.mlp.weights, model.mlp.biases, strict=True)):
        scaled = np.rint(64 * weights).astype(int)
        np.testing.assert_array_equal(scaled / 64, weights)
        x = [
            sum(map(mul, row, x)) + int(b * 64 ** (i + 1))
            for row, b in zip(scaled.tolist(), biases, strict=True)
        ]
        if i + 1 < len(model.mlp.weights):
            x = [max(v, 0) for v in x]
    assert [Fraction(v, 64 ** len(model.mlp.weights)) for v in x] == [Fraction(z) for z in model.logits(text)]


def test_what_is_further_back_makes_no_difference(model: NextCharacter) -> None:
    end = "and the queen"[-model.context :]
    np.testing.assert_array_equal(model.logits("off with his head! " + end), model.logits(end))
    assert not np.array_equal(model.logits(end), model.logits(end[1:]))


def test_the_model_has_learned_english_and_not_only_its_books(model: NextCharacter) -> None:
    # From Baum (1900), “The wonderful Wizard of Oz”.
    text = (
        "dorothy lived in the midst of the great kansas prairies, with uncle henry, who was a farmer, and "
        "aunt em, who was the farmer's wife. their house was small, for the lumber to build it had to be "
        "carried by wagon many miles."
    )
    logits = [model.logits(text[:end]) for end in range(10, len(text))]
    labels = [model.alphabet.index(character) for character in text[10:]]
    assert cross_entropy(logits, labels) < 2.2 < np.log(len(model.alphabet))


@pytest.mark.parametrize("prompt", ["Alice", "é", "7", "two\nlines"])
def test_unknown_characters_get_one_clear_sentence(model: NextCharacter, prompt: str) -> None:
    with pytest.raises(ValueError, match=r"the model does not know .*: it knows lowercase letters"):
        model.generate(prompt, 3)


@pytest.mark.parametrize(
    "limits", [{"temperature": -1.0}, {"temperature": np.nan}, {"top_k": 0}, {"top_p": 0.0}]
)
def test_limits_out_of_range_are_refused(model: NextCharacter, limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        model.generate("alice ", 3, **limits)  # type: ignore[arg-type]


def test_the_script_reads_what_the_model_reads(model: NextCharacter) -> None:
    assert model.alphabet == make_characters.ALPHABET
    assert model.context == make_characters.CONTEXT
    text = make_characters.cleaned(
        "by me\nCHAPTER I. Oh\r\n  'Dear!' she THOUGHT (quite --\r\n _softly_) \"oh\"\n THE END of it"
    )
    assert text == "oh 'dear!' she thought quite -- softly 'oh'"
    X, y = make_characters.examples(text)
    np.testing.assert_array_equal(X[3], model.one_hot(text[: model.context + 3]))
    assert model.alphabet[y[3]] == text[model.context + 3]
    short = make_characters.shortened(np.ones((500, make_characters.CONTEXT, 2)))
    assert set(np.unique(short)) == {0.0, 1.0}
    assert np.all(np.diff(short[..., 0], axis=1) >= 0)
