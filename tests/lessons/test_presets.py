"""What the name of a preset says with a number is true of the state that it sets."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from discovery import declared, named

from course_utils.numerics.activations import silu_derivative
from course_utils.teaching import Demo

WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twenty": 20, "twice": 2}
NUMBER = re.compile(rf"[−-]?\b\d+(?:\.\d+)?|\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)

State = dict[str, Any]


def deviates(square: float) -> Callable[[State], bool]:
    return lambda state: bool(np.isclose(state["weight_std"], np.sqrt(square)))


def layers(count: int) -> Callable[[State], bool]:
    return lambda state: state["net"].count("-") == count


def holds(number: float) -> Callable[[State], bool]:
    """Whether the bits are those of a number in single precision."""
    return lambda state: int(state["bits"], 2) == int.from_bytes(struct.pack(">f", number), "big")


# Where the number is not one of the values that are set: what it says of them, by demo and the preset's name.
SAYS: dict[str, dict[str, Callable[[State], Any]]] = {
    "activation_derivatives.deep_demo": {
        "1/√256": deviates(1 / 256),
        "ReLU at 1/√256": deviates(1 / 256),
        "ReLU at He's √(2/256)": deviates(2 / 256),
        "GELU at √(2/256)": deviates(2 / 256),
    },
    "activation_derivatives.functions_demo": {
        "The two S-shapes": lambda state: state["third"] == "none" not in (state["first"], state["second"]),
        "Three that never die": lambda state: len({*state.values()} - {"none"}) == 3,
    },
    "activation_derivatives.tangent_demo": {
        "SiLU, beyond slope 1": lambda state: state["name"] == "SiLU" and silu_derivative(state["x"]) > 1
    },
    "linear_regions.explorer_demo": {"Four layers": layers(5), "Four layers, at the origin": layers(5)},
    "linear_regions.grid_demo": {"A fine grid, four layers": layers(5)},
    "linear_regions.hinges_demo": {
        "Two hinges at one place": lambda state: len({*np.divide(state["b"], state["w"])}) == 2
    },
    "linear_regions.windows_demo": {
        "Four layers": layers(5),
        "Four layers, far out": lambda state: layers(5)(state) and state["window"] == "±5000",
    },
    "linear_regions.zoom_demo": {
        "Four layers, ±10": lambda state: layers(5)(state) and state["half_width"] == 10,
        "Four layers, ±5000": lambda state: layers(5)(state) and state["half_width"] == 5000,
    },
    "numeric_instability.break_demo": {
        "88.5 twice": lambda state: (np.add(state["z"], state["offset"]) == 88.5).sum() == 2
    },
    "numeric_instability.microscope_demo": {
        "0.1": holds(0.1),
        "16777216, which is 2 to the 24th": holds(2.0**24),
    },
    "softmax.attention_demo": {
        "Two dimensions": lambda state: 2 ** state["power"] == 2,
        "256 dimensions": lambda state: 2 ** state["power"] == 256,
    },
    "softmax.hard_digit_demo": {
        "Sure of the 2": lambda state: np.argmax(state["z"]) == 2,
        "No 1 any more": lambda state: np.argmin(state["z"]) == 1,
    },
    "softmax.pull_demo": {"Four equals": lambda state: len(state["z"]) == 4 and np.ptp(state["z"]) == 0},
    "softmax.shift_and_scale_demo": {"Subtract 100": lambda state: state["shift"] == -100},
    "softmax.two_classes_demo": {
        "Two apart": lambda state: state["z0"] - state["z1"] == 2,
        "Two apart, far up": lambda state: state["z0"] - state["z1"] == 2 and state["z0"] > 5,
    },
    "temperature.knob_demo": {"Cold, λ = 10": lambda state: np.isclose(1 / state["temperature"], 10)},
    "training_a_classifier.film_demo": {
        "After 25 steps": lambda state: state["frame"] ** 2 == 25,
        "After 100 steps": lambda state: state["frame"] ** 2 == 100,
        "Two hidden layers": lambda state: state["net"].count("-") == 3,
    },
}


def numbers_in(text: str) -> list[float]:
    found = (written.lower().replace("−", "-") for written in NUMBER.findall(text))
    return [float(WORDS.get(written, written)) for written in found]


def values(state: State) -> Iterator[float]:
    """Every number that is set, also those in the words of an option."""
    for value in state.values():
        if isinstance(value, str):
            yield from numbers_in(value) if len(value) < 60 else ()
        else:
            yield from np.ravel(value).astype(float).tolist()


@pytest.mark.parametrize("demo", declared(Demo))
def test_a_preset_has_the_number_that_it_names(demo: Demo, request: pytest.FixtureRequest) -> None:
    said = SAYS.get(request.node.callspec.id, {})
    called = [n for control in demo.controls for n in numbers_in(control.label)]  # "Score of the six": a face
    for label, changes in demo.presets.items():
        if label in said:
            assert said[label](demo.state(**changes)), label
        else:
            missing = [n for n in numbers_in(label) if n not in [*values(dict(changes)), *called]]
            assert missing == [], f"say in SAYS what {label!r} says of {changes}"


def test_no_saying_is_left_over() -> None:
    demos = named(Demo)
    assert [(name, label) for name in SAYS for label in SAYS[name] if label not in demos[name].presets] == []
