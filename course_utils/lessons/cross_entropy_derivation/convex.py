"""Section "A bowl in the logits": why the loss of one example has no false bottom."""

from __future__ import annotations

from course_utils.teaching import Derivation, Step

convex_derivation = Derivation(
    {"p": "exp(z)/sum(exp(z))"},
    [
        Step("jacobian(p - y, z)", "diag(p) - outer(p, p)", "the slopes of the gradient; y does not move"),
        Step(
            "dot(u, (diag(p) - outer(p, p)) @ u)",
            "dot(p, u^2) - dot(p, u)^2",
            "in any direction u",
            blank=True,
        ),
        Step("", "dot(p, (u - dot(p, u))^2)", "a variance: u has the mean ⟨p, u⟩", blank=True),
    ],
    title="The curvature of cross-entropy, three classes",
    assume={"z": "real vector 3", "y": "real vector 3", "u": "real vector 3"},
)
