"""Section "Why exp and nothing else"."""

from __future__ import annotations

from course_utils.teaching import Derivation, Step

base_derivation = Derivation(
    {"f(t)": "A*b^t", "p": "f(z)/(f(z) + f(w))"},
    [
        Step("f(z + c)", "b^c*f(z)", "a power of a sum is a product: a common shift becomes a common factor"),
        Step("f(z + c)/(f(z + c) + f(w + c))", "p", "the factor cancels: the probability stays", blank=True),
        Step("f(z)/f(w)", "b^(z - w)", "of two scores only the difference counts", blank=True),
        Step(
            "",
            "exp(log(b)*(z - w))",
            "in the base e: log b is a factor before the scores",
            blank=True,
        ),
    ],
    title="With exp, a common shift drops out",
    assume={"A": "positive", "b": "positive"},
)
