"""Make ``next_character.npz``: a small language model, trained by this course's own code on two books.

Get them (``README.md`` says where), then run ``python -m course_utils.data.make_characters 11.txt 12.txt``.
It needs 4 GB of memory and a few minutes. Every run gives the same file, but another processor rounds the
training otherwise.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.mlp import MLP
from course_utils.numerics.training import linear_decay, train

FOLDER = Path(__file__).parent
SHA256 = (  # of the books
    "0f9ea0b148d553177962a25edd2f56d36342c22576a3253a127b4fbeffa5687d",
    "437f45661617ec09cf765e0ba51b90664427c318f9273bd45b907c145f41798f",
)

ALPHABET = " abcdefghijklmnopqrstuvwxyz'!,-.:;?"
CONTEXT, HIDDEN = 10, (512,)
STEPS, RATE, BATCH = 20_000, 0.1, 128
HELD_OUT = 0.05  # of the text, its end: to see what the model makes of what it has not read
SHORT = 0.1  # of the examples: these see the end of their context only, as at the beginning of a text
GRID = 64  # weights and biases become multiples of 1/64


def main(*paths: str) -> None:
    """Write the model beside this script."""
    books = [Path(path).read_bytes() for path in paths]
    if tuple(hashlib.sha256(book).hexdigest() for book in books) != SHA256:
        raise SystemExit("These are other texts.")
    X, y = examples(" ".join(cleaned(book.decode("ascii")) for book in books))
    last = int((1 - HELD_OUT) * len(y))
    film = train(
        MLP.random((X[0].size, *HIDDEN, len(ALPHABET)), seed=0, scheme="he", bias=False),
        shortened(X[:last]).reshape(last, -1),
        y[:last],
        steps=STEPS,
        learning_rate=lambda t: float(linear_decay(t, start=RATE, end=RATE / 100, steps=STEPS)),
        momentum=0.9,
        batch_size=BATCH,
        snapshot_every=STEPS // 8,
    )
    for snapshot in film:
        print(f"step {snapshot.step}: loss {snapshot.loss:.3f}", flush=True)
    # On this grid float16 holds every weight, and float64 every sum, whatever its order: the logits are the
    # same to the last bit on every processor, and so is the text that is drawn from them.
    trained = snapshot.mlp.weights, snapshot.mlp.biases
    mlp = MLP(*([np.rint(a * GRID) / GRID for a in part] for part in trained))
    for name, rows in {"read": slice(last), "held out": slice(last, None)}.items():
        loss = cross_entropy(mlp.forward(X[rows].reshape(-1, X[0].size)), y[rows])
        print(f"rounded, {name}: loss {loss:.3f}")
    layers: dict[str, Any] = {"alphabet": np.array(ALPHABET)}
    for i, (weights, biases) in enumerate(zip(mlp.weights, mlp.biases, strict=True)):
        layers |= {f"weights_{i}": weights.astype(np.float16), f"biases_{i}": biases.astype(np.float16)}
    np.savez_compressed(FOLDER / "next_character.npz", **layers)


def cleaned(book: str) -> str:
    """Return the story in lowercase, with one kind of quotes and single spaces, and nothing else in it."""
    story = book[book.index("CHAPTER I.") : book.index("THE END")]
    plain = re.sub(r"CHAPTER [IVX]+\.", " ", story).lower().replace('"', "'")
    return re.sub(f"[^{re.escape(ALPHABET[1:])}]+", " ", plain).strip()


def examples(text: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Return each piece of the text as one-hot vectors (n, CONTEXT, characters), and what follows it."""
    places = np.array([ALPHABET.index(character) for character in text])
    pieces = np.lib.stride_tricks.sliding_window_view(places, CONTEXT + 1)
    return np.eye(len(ALPHABET))[pieces[:, :-1]], pieces[:, -1]


def shortened(X: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Take away the beginning of some contexts, as `NextCharacter.one_hot` does where a text is short."""
    rng = np.random.default_rng(0)
    gone = np.where(rng.random(len(X)) < SHORT, rng.integers(1, CONTEXT + 1, len(X)), 0)
    kept: npt.NDArray[np.float64] = np.where(np.arange(CONTEXT) >= gone[:, None], 1.0, 0.0)[..., None] * X
    return kept


if __name__ == "__main__":
    main(*sys.argv[1:])
