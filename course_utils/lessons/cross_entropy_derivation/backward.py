"""Section "Backward without the matrix"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.cross_entropy_derivation.batches import SQUARE, safe_softmax
from course_utils.teaching import Check, Contract, Derivation, Exercise, Given, Mistake, Pick, Step

backward_derivation = Derivation(
    {"p": "exp(z)/sum(exp(z))"},
    [
        Step("jacobian(p, z)", "diag(p) - outer(p, p)", "the Jacobian, as a matrix"),
        Step(
            "transpose(jacobian(p, z)) @ v",
            "diag(p) @ v - dot(p, v)*p",
            "it is symmetric; p pᵀ v = p times a number",
        ),
        Step("", "p*(v - dot(p, v))", "p taken out", blank=True),
        Step(
            "jacobian(p, z) @ (-y/p)",
            "p*sum(y) - y",
            "with v = −y/p, the slope of the loss with respect to p",
            blank=True,
        ),
    ],
    title="Backward through softmax without a matrix, three classes",
    assume={"z": "real vector 3", "v": "real vector 3", "y": "real vector 3"},
)


def softmax_backward(p, v):
    inner = np.sum(p * v, axis=1, keepdims=True)
    return p * (v - inner)


def _without_keepdims(p, v):
    return p * (v - np.sum(p * v, axis=1))


def _batch_of_pushes() -> list[Check]:
    random = np.random.default_rng(8)
    p = safe_softmax(np.round(random.normal(scale=2, size=(6, 4)), 2))
    v = np.round(random.normal(size=(6, 4)), 2)
    square = safe_softmax(SQUARE)
    return [
        Check("six examples, four classes", (p, v)),
        Check("one example", (p[:1], v[:1])),
        Check("as many examples as classes", (square, v[:3, :3])),
        Check("v is the slope of −log p of class 0", (p, -np.eye(4)[[0] * 6] / p)),
        Check("the same v for all classes: nothing moves", (p, np.ones((6, 4)))),
        Check("one class only", (np.ones((2, 1)), v[:2, :1])),
        Check("p of exactly 0 and 1", (np.array([[0.0, 1.0, 0.0]]), np.array([[2.0, -1.0, 5.0]]))),
        Check("integers for v", (p, np.arange(24).reshape(6, 4))),
        Check("large v", (p, 100 * v)),
    ]


def any_pushes(pick: Pick) -> Given:
    n, classes = pick.any_shape((2,), longest=6)
    p = np.array([pick.probabilities(classes) for _ in range(n)])
    return p, pick.numbers((n, classes), -1000, 1000, types=(float, int))


backward_exercise = Exercise(
    "Write `softmax_backward(p, v)`: what backpropagation does at a softmax layer.",
    Contract(
        "`p` is a 2-D array, each row the softmax of one example's logits; `v`, with numbers from −1000 to 1000, has the same shape and holds the slope of "
        "the loss with respect to each p. Return the slope of the loss with respect to each logit, an array of the same "
        "shape, right to nine significant digits or to 1e−10. Leave `p` and `v` unchanged.",
        atol=1e-10,
        inputs=any_pushes,
    ),
    softmax_backward,
    _batch_of_pushes(),
    [
        Mistake(
            lambda p, v: p * (1 - p) * v,
            "you use the diagonal of the Jacobian only. Every p depends on every logit.",
        ),
        Mistake(
            _without_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). For a square batch NumPy then subtracts the wrong "
            "row's sum without a word.",
        ),
        Mistake(
            lambda p, v: p * (v - np.sum(p * v)),
            "you sum over the whole batch. Each example has a ⟨p, v⟩ of its own.",
        ),
        Mistake(
            lambda p, v: p * (v - v.mean(axis=1, keepdims=True)),
            "you subtract the plain mean of v. The mean must be weighted by p.",
        ),
        Mistake(
            lambda p, v: p * (v - np.sum(v, axis=1, keepdims=True)),
            "you subtract the sum of v. What is needed is ⟨p, v⟩, the sum of p·v.",
        ),
        Mistake(lambda p, v: p * v, "⟨p, v⟩ is not subtracted, so the result does not add up to 0."),
        Mistake(
            lambda p, v: v - np.sum(p * v, axis=1, keepdims=True),
            "the factor p in front is missing.",
        ),
        Mistake(
            lambda p, v: p * (np.sum(p * v, axis=1, keepdims=True) - v),
            "the sign is turned around: it is v − ⟨p, v⟩.",
        ),
        Mistake(
            lambda p, v: p - v,
            "you subtract v as if it were a target. Here v is any slope with respect to p.",
        ),
        Mistake(
            lambda p, v: softmax_backward(p, v) / len(p),
            "you divide by the size of the batch. If the loss is a mean, that factor is in v already.",
        ),
    ],
    [
        "Multiply v by diag(p) − p pᵀ without ever building that matrix.",
        "vᵀJ = p ⊙ (v − ⟨p, v⟩), row by row.",
        "`inner = np.sum(p * v, axis=1, keepdims=True)`, then `p` times a difference.",
    ],
    payoff="You can now send any slope back through a softmax layer, without its Jacobian.",
)
