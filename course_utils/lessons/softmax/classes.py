"""The names of classes and logits, as several sections use them."""

from __future__ import annotations

Z3 = ("z0", "z1", "z2")


def class_names(count: int) -> list[str]:
    return [f"class {i}" for i in range(count)]
