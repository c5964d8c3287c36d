"""A small language model: which character comes next in a text, and text drawn from it.

``make_characters.py`` trained it with this course's own code; ``README.md`` says on what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from course_utils.numerics.mlp import MLP
from course_utils.numerics.sampling import draw, most_probable
from course_utils.numerics.softmax import softmax

__all__ = ["NextCharacter"]


@dataclass(frozen=True)
class NextCharacter:
    """A network that gives each character of its alphabet a logit: how well would it go on from here?

    Attributes
    ----------
    alphabet : str
        The characters it knows. Logit i belongs to ``alphabet[i]``.
    mlp : MLP
        One-hot vectors in, one for each of the last characters; one logit out for each possible next one.
    """

    alphabet: str
    mlp: MLP

    @property
    def context(self) -> int:
        """How many characters it looks back; what came earlier makes no difference."""
        return self.mlp.widths[0] // len(self.alphabet)

    def one_hot(self, text: str) -> npt.NDArray[np.float64]:
        """The end of a text as the network takes it: one row of 0 and a single 1 for each character.

        Parameters
        ----------
        text : str

        Returns
        -------
        ndarray, shape (context, len(alphabet))
            The last row is the last character. Where the text is too short, rows above it stay 0.

        Raises
        ------
        ValueError
            If the text holds a character that the model does not know.
        """
        unknown = [character for character in text if character not in self.alphabet]
        if unknown:
            raise ValueError(
                f"the model does not know {unknown[0]!r}: it knows lowercase letters, the space, "
                f"and {self.alphabet.strip('abcdefghijklmnopqrstuvwxyz ')}"
            )
        seen = text[-self.context :]
        rows = np.zeros((self.context, len(self.alphabet)))
        for row, character in enumerate(seen, start=self.context - len(seen)):
            rows[row, self.alphabet.index(character)] = 1
        return rows

    def logits(self, text: str) -> npt.NDArray[np.float64]:
        """Return one logit for each character of the alphabet: how well it would follow the text.

        They are the same to the last bit on every machine: weights are multiples of powers of two, small
        enough for float64 to hold every sum exactly, whatever its order.

        Parameters
        ----------
        text : str
            Of which the last `context` characters count; it may be shorter, or empty.

        Returns
        -------
        ndarray, shape (len(alphabet),)

        Raises
        ------
        ValueError
            If the text holds a character that the model does not know.
        """
        return np.asarray(self.mlp.forward(self.one_hot(text).ravel()), dtype=np.float64)

    def generate(
        self,
        prompt: str,
        n: int,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float = 1.0,
        seed: int = 0,
    ) -> str:
        """Continue a text, one drawn character after the other.

        Parameters
        ----------
        prompt : str
            Where to begin; it may be empty.
        n : int
            How many characters to add, from 0 on.
        temperature : float
            Finite, from 0 on. 0 is not the formula of softmax but what services mean by it: *greedy*, always
            the most probable character. (At a tie, the first one of the alphabet.)
        top_k, top_p
            Cut before drawing, as for `numerics.sampling.most_probable`.
        seed : int
            Of the random numbers: one for each character, so that runs with one seed differ by nothing else.

        Returns
        -------
        str
            The prompt and `n` more characters. Equal arguments give equal texts.

        Raises
        ------
        ValueError
            If the prompt holds an unknown character, or a number is out of range.

        Examples
        --------
        >>> from course_utils.data import load_next_character
        >>> model = load_next_character()
        >>> model.generate("alice ", 5, temperature=0) == model.generate("alice ", 5, top_k=1)
        True
        """
        text = prompt
        for u in np.random.default_rng(seed).random(n):
            z = self.logits(text)
            if temperature == 0:
                text += self.alphabet[z.argmax()]
            else:
                p = most_probable(softmax(z, temperature=temperature), top_k=top_k, top_p=top_p)
                text += self.alphabet[draw(p, u)]
        return text
