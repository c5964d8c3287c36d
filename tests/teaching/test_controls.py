"""Controls: their values, their ends, and the one clear sentence on everything else."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from control_values import ends, random_value
from hypothesis import given, settings
from hypothesis import strategies as st

import course_utils.teaching
from course_utils.teaching import Bitmap, Bits, Choice, Float, Integer, LogFloat, Toggle, Vector
from course_utils.teaching.controls import Control

ROOT = Path(__file__).parents[2]
SHOWN = "course_utils/teaching/view/controls.js"
LINKS = "tests/javascript/links.test.mjs"

quick = settings(derandomize=True, deadline=None, max_examples=60)

FLOAT = Float("shift", "Shift c", low=-2, high=3, initial=0, step=0.1, unit="nats")
TEMPERATURE = LogFloat("T", "Temperature T", low=0.05, high=49, initial=1, step=1.1, reciprocal="λ")
INTEGER = Integer("n", "Number n", low=-1, high=4, initial=2)
CHOICE = Choice("dtype", "Precision", options=("float16", "float64"), initial="float64")
TOGGLE = Toggle("log", "Logarithmic axis")
VECTOR = Vector("z", "Logits z", entries=("z0", "z1"), low=-5, high=5, initial=(1, 0), step=0.1)
BITS = Bits("b", "Bits", groups=(("sign", 1), ("size", 3)), initial="0101")
BITMAP = Bitmap("ink", "Drawing", rows=3, columns=5)
ALL = [FLOAT, TEMPERATURE, INTEGER, CHOICE, TOGGLE, VECTOR, BITS, BITMAP]

each = pytest.mark.parametrize("control", ALL, ids=lambda control: control.kind)


def test_every_kind_is_declared_shown_passed_on_and_tried_here() -> None:
    """What is forgotten of a new kind only readers would meet: no way to set it, a link that loses it."""
    kinds = [kind for kind in every_kind(Control) if kind.__module__ == Control.__module__]
    view, links = ((ROOT / path).read_text("utf-8") for path in (SHOWN, LINKS))
    (table,) = re.findall(r"^const KINDS = {\n(.*?)^};", view, re.MULTILINE | re.DOTALL)
    shown = re.findall(r"^  (\w+)", table, re.MULTILINE)
    needs = [
        (there, what)
        for kind in kinds
        for there, what in (
            (kind.kind in shown, f"{SHOWN}: KINDS lacks {kind.kind!r}"),
            (kind in vars(course_utils.teaching).values(), f"course_utils.teaching lacks {kind.__name__}"),
            (kind in map(type, ALL), f"ALL, above, lacks a {kind.__name__}"),
            (f'kind: "{kind.kind}"' in links, f"{LINKS}: CONTROLS lacks {kind.kind!r}"),
        )
    ]
    assert [what for there, what in needs if not there] == []


def every_kind(control: type[Control]) -> Iterator[type[Control]]:
    for kind in control.__subclasses__():
        yield kind
        yield from every_kind(kind)


def test_a_page_without_a_kernel_says_what_could_be_moved() -> None:
    assert {control.kind: control.says for control in ALL} == {
        "float": "from −2 to 3 in steps of 0.1, at first 0 nats",
        "log": "from 0.05 to 49 in 72 steps, each by the same factor, at first 1; λ is 1 divided by it",
        "integer": "from −1 to 4, at first 2",
        "choice": "float16; float64, at first float64",
        "toggle": "on or off, at first off",
        "vector": "each from −5 to 5 in steps of 0.1, at first z0 = 1, z1 = 0",
        "bits": "each bit 0 or 1, at first sign 0, size 101",
        "bitmap": "3 rows of 5 pixels, black or white",
    }
    assert Integer("n", "n", low=-3, high=3, initial=-2).says == "from −3 to 3, at first −2"
    fine = Float("x", "x", low=0, high=2000, initial=1234.5, step=0.5)
    assert fine.says == "from 0 to 2000 in steps of 0.5, at first 1234.5"
    finest = replace(fine, initial=1234.5678, step=1e-4)
    assert finest.says == "from 0 to 2000 in steps of 0.0001, at first 1234.57", "as the field beside it"
    whole = LogFloat("T", "T", low=1, high=2, initial=1, step=2)
    assert whole.says == "from 1 to 2 in 1 steps, each by the same factor, at first 1"
    assert whole.moves(1) == [[1, 2]] == Float("x", "x", low=1, high=2, initial=1, step=1).moves(1)
    several = Vector("z", "z", entries=("a", "b"), low=0, high=2000, initial=(1234.5, 0), step=0.5)
    assert several.says.endswith("at first a = 1234.5, b = 0")
    assert Integer("n", "n", low=0, high=3, initial=1, plays=True).says.endswith("; a button plays it")


def test_a_choice_without_options_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^dtype: a choice needs options to choose from$"):
        Choice("dtype", "precision", options=())


def test_a_reader_gets_where_the_sliders_lead() -> None:
    """Nowhere else, and each slider moves its own part of the value and leaves the rest."""
    for control in ALL:
        start = control.default
        for place, slider in enumerate(control.moves(start)):
            assert [control.validate(value) for value in slider] == [*slider]
            assert start in slider or control is TEMPERATURE, "which starts between two notches"
            assert all([*control.moves(value)[place]] == [*slider] for value in slider)
    assert VECTOR.moves((0.5, 2.0))[1][:2] == [(0.5, -5.0), (0.5, -4.9)]
    assert BITS.moves("0101") == [["0101", "1101"], ["0001", "0101"], ["0101", "0111"], ["0100", "0101"]]
    assert FLOAT.moves(0)[0][:4] == [-2.0, -1.9, -1.8, -1.7]
    powers = np.log(TEMPERATURE.moves(1)[0])
    np.testing.assert_allclose(np.diff(powers), np.log(1.1), rtol=0.01)
    assert TEMPERATURE.moves(1)[0][-1] == pytest.approx(49, rel=1e-15)
    assert BITMAP.moves("0" * 15) == []


def check_values(control: Control) -> None:
    """Require that all values a control offers are legal, of its own type, and at the ends it declares."""
    random = np.random.default_rng(0)
    for value in (control.default, *ends(control), *(random_value(control, random) for _ in range(200))):
        valid = control.validate(value)
        assert type(valid) is type(value)
        assert valid == value
        assert control.validate(valid) == valid
        json.dumps(value)


@each
def test_default_ends_and_samples_are_legal(control: Control) -> None:
    check_values(control)


def test_the_check_of_values_catches_a_control_that_refuses_its_end() -> None:
    class Strict(Float):
        def validate(self, value: Any) -> float:
            if value == self.high:
                raise ValueError("below the high end")
            return super().validate(value)

    with pytest.raises(ValueError, match="below the high end"):
        check_values(Strict("x", "x", low=0, high=1, initial=0, step=0.5))


@quick
@given(
    st.integers(-50, 50),
    st.integers(1, 60),
    st.sampled_from([0.01, 0.1, 0.25, 0.5, 1, 5]),
    st.integers(0, 99),
)
def test_any_scale_offers_legal_values(start: int, count: int, step: float, seed: int) -> None:
    low = start * step
    high = low + count * step
    scale = Float("x", "x", low=low, high=high, initial=low, step=step)
    vector = Vector("v", "v", entries=("a", "b"), low=low, high=high, initial=(low, high), step=step)
    random = np.random.default_rng(seed)
    for control in (scale, vector):
        for value in (*ends(control), random_value(control, random)):
            assert control.validate(control.validate(value)) == value


@quick
@given(st.floats(1e-6, 1e3), st.floats(1.01, 1e6))
def test_a_log_scale_takes_its_ends_back_from_the_reciprocal_slider(low: float, ratio: float) -> None:
    step = min(1.1, ratio)
    control = LogFloat("T", "T", low=low, high=low * ratio, initial=low, step=step, reciprocal="λ")
    for end in ends(control):
        assert control.validate(1 / (1 / end)) == end
    assert control.low <= random_value(control, np.random.default_rng(0)) <= control.high


def test_one_over_one_over_49_is_not_49() -> None:
    assert 1 / (1 / 49.0) > 49
    assert TEMPERATURE.validate(1 / (1 / 49.0)) == 49
    with pytest.raises(ValueError, match=r"from 0\.05 to 49"):
        TEMPERATURE.validate(49.001)


@quick
@given(st.floats(-2, 3))
def test_a_float_in_range_is_kept(value: float) -> None:
    assert FLOAT.validate(value) == value
    assert type(FLOAT.validate(np.float64(value))) is float


class Hostile:
    """An object that ends the program when it is compared or written."""

    def _refuse(self, *_: Any) -> Any:
        raise SystemExit

    __eq__ = __repr__ = __lt__ = __le__ = __ge__ = __len__ = _refuse
    __hash__ = None  # type: ignore[assignment]


NUMBER = r"shift must be a number from −2 to 3, not "
WHOLE = r"n must be a whole number from −1 to 4, not "
WORD = r"dtype must be one of 'float16', 'float64', not "
TWO = r"z must (be|have) 2 numbers \(z0, z1\), not "
FOUR = r"b must be 4 bits \(1 sign, 3 size\), each 0 or 1, not "
ENTRY = r"z1 must be a number from −5 to 5, not "


@pytest.mark.parametrize(
    ("control", "value", "error", "sentence"),
    [
        (FLOAT, 3.5, ValueError, NUMBER + r"3\.5"),
        (FLOAT, math.nextafter(3, 4), ValueError, NUMBER + r"3\.0000000000000004"),
        (FLOAT, np.float32(-9), ValueError, NUMBER + r"-9\.0"),
        pytest.param(FLOAT, 10**5000, ValueError, NUMBER, id="huge"),
        (FLOAT, float("nan"), ValueError, NUMBER + "nan"),
        (FLOAT, float("inf"), ValueError, NUMBER + "inf"),
        (FLOAT, "1", TypeError, NUMBER + "'1'"),
        (FLOAT, True, TypeError, NUMBER + "True"),
        (FLOAT, np.True_, TypeError, NUMBER + "True"),
        (FLOAT, None, TypeError, NUMBER + "None"),
        (FLOAT, 1j, TypeError, NUMBER),
        (FLOAT, [1.0], TypeError, NUMBER),
        (FLOAT, np.array(1.0), TypeError, NUMBER),
        (FLOAT, Hostile(), TypeError, NUMBER + "a Hostile"),
        (TEMPERATURE, 0, ValueError, "T must be a number from 0.05 to 49, not 0"),
        (TEMPERATURE, -1.0, ValueError, "T must be a number from 0.05 to 49, not -1"),
        (TEMPERATURE, "hot", TypeError, "T must be a number from 0.05 to 49, not 'hot'"),
        (INTEGER, 5, ValueError, WHOLE + "5"),
        (INTEGER, 2.0, TypeError, WHOLE + "2"),
        (INTEGER, True, TypeError, WHOLE + "True"),
        (INTEGER, Hostile(), TypeError, WHOLE + "a Hostile"),
        (CHOICE, "float8", ValueError, WORD + "'float8'"),
        (CHOICE, "", ValueError, WORD + "''"),
        (CHOICE, 64, TypeError, WORD + "64"),
        (CHOICE, np.array(["float16", "float64"]), TypeError, WORD),
        (CHOICE, Hostile(), TypeError, WORD + "a Hostile"),
        (TOGGLE, 1, TypeError, "log must be True or False, not 1"),
        (TOGGLE, "yes", TypeError, "log must be True or False, not 'yes'"),
        (TOGGLE, Hostile(), TypeError, "log must be True or False, not a Hostile"),
        (VECTOR, (1,), ValueError, TWO + "1"),
        (VECTOR, [1, 2, 3], ValueError, TWO + "3"),
        (VECTOR, [0, 6], ValueError, ENTRY + "6"),
        (VECTOR, [0, "a"], TypeError, ENTRY + "'a'"),
        (VECTOR, [0, float("nan")], ValueError, ENTRY + "nan"),
        (VECTOR, np.zeros((2, 2)), TypeError, "z0 must be a number"),
        (VECTOR, "12", TypeError, TWO + "'12'"),
        (VECTOR, b"\x01\x02", TypeError, TWO),
        (VECTOR, 3.0, TypeError, TWO + "3"),
        (VECTOR, np.array(3.0), TypeError, TWO),
        (VECTOR, {1, 2}, TypeError, TWO),
        (VECTOR, {0: 1, 1: 2}, TypeError, TWO),
        (VECTOR, (x for x in (1, 2)), TypeError, TWO + "a generator"),
        (VECTOR, Hostile(), TypeError, TWO + "a Hostile"),
        (BITS, "010", ValueError, FOUR + "'010'"),
        (BITS, "0102", ValueError, FOUR + "'0102'"),
        (BITS, "٠١٠١", ValueError, FOUR),
        (BITS, 101, TypeError, FOUR + "101"),
        (BITS, [0, 1, 0, 1], TypeError, FOUR),
        (BITS, Hostile(), TypeError, FOUR + "a Hostile"),
    ],
)
def test_what_is_not_possible_gets_one_sentence_that_says_what_is(
    control: Control, value: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=f"^{sentence}") as raised:
        control.validate(value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("control", "value", "valid"),
    [
        (FLOAT, 1, 1.0),
        (FLOAT, np.int8(-2), -2.0),
        (INTEGER, np.uint8(4), 4),
        (CHOICE, np.str_("float16"), "float16"),
        (TOGGLE, np.True_, True),
        (BITS, np.str_("1101"), "1101"),
        (VECTOR, np.array([1, -1]), (1.0, -1.0)),
        (VECTOR, [np.float32(0.5), 5], (0.5, 5.0)),
        (VECTOR, range(2), (0.0, 1.0)),
    ],
)
def test_numpy_and_json_values_become_plain_python(control: Control, value: Any, valid: Any) -> None:
    got = control.validate(value)
    assert got == valid
    assert type(got) is type(valid)
    json.dumps(got)


@pytest.mark.parametrize(
    ("control", "changes"),
    [
        (FLOAT, {"initial": 4}),
        (FLOAT, {"step": 0}),
        (FLOAT, {"step": -0.1}),
        (FLOAT, {"step": 0.3}),
        (FLOAT, {"low": 3}),
        (TEMPERATURE, {"low": 0}),
        (TEMPERATURE, {"low": 1, "high": 1}),
        (TEMPERATURE, {"step": 1}),
        (TEMPERATURE, {"step": 1e6}),
        (INTEGER, {"initial": 2.5}),
        (CHOICE, {"initial": "float8"}),
        (TOGGLE, {"initial": "yes"}),
        (VECTOR, {"initial": (0,)}),
        (VECTOR, {"initial": (0, 9)}),
        (VECTOR, {"step": 0.3}),
    ],
)
def test_an_unusable_declaration_is_refused(control: Control, changes: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        replace(control, **changes)  # type: ignore[type-var]


@each
def test_the_browser_gets_the_whole_declaration_as_json(control: Control) -> None:
    spec = json.loads(json.dumps(control.spec()))
    assert spec["kind"] == control.kind
    assert spec["name"] == control.name
    assert spec["label"] == control.label
    declared = json.loads(json.dumps(vars(control)))
    assert spec == {**declared, "kind": control.kind}


def test_labels_units_ranges_and_the_linked_slider_reach_the_browser() -> None:
    assert FLOAT.spec()["unit"] == "nats"
    assert (FLOAT.spec()["low"], FLOAT.spec()["high"]) == (-2, 3)
    assert TEMPERATURE.spec()["kind"] == "log"
    assert TEMPERATURE.spec()["reciprocal"] == "λ"
    assert VECTOR.spec()["entries"] == ["z0", "z1"]
    assert CHOICE.spec()["options"] == ["float16", "float64"]


def test_ends_reach_every_entry_of_a_vector() -> None:
    found = ends(VECTOR)
    assert {end[0] for end in found} == {-5.0, 1.0, 5.0}
    assert {end[1] for end in found} == {-5.0, 0.0, 5.0}
    assert (-5.0, -5.0) in found
    assert (5.0, 5.0) in found


def test_choice_and_toggle_have_defaults() -> None:
    assert Choice("c", "c", options=("a", "b")).default == "a"
    assert CHOICE.default == "float64"
    assert TOGGLE.default is False


def test_the_ends_of_bits_are_every_single_switch_and_all_alike() -> None:
    assert ends(BITS) == ("0101", "1101", "0001", "0111", "0100", "0000", "1111")
    assert Bits("b", "Bits", groups=(("sign", 1), ("size", 3))).default == "0000"


def test_a_bitmap_is_blank_at_first_and_black_at_most() -> None:
    assert BITMAP.default == "0" * 15
    assert ends(BITMAP) == ("0" * 15, "1" * 15)
    random = np.random.default_rng(0)
    assert all("1" in random_value(BITMAP, random) for _ in range(20))
