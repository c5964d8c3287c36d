"""A film as a file: what is seen comes back from it, what nobody sees costs nothing."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.publish.film_file import Arrays, mark, shortened, to_bytes
from course_utils.publish.films import packed
from course_utils.publish.site import ASSETS
from course_utils.teaching.pictures.spec import GAP, LAST, TYPES, Spec

READ = """
import {{ openedFilm }} from "{site}/film_file.js";
import {{ readFileSync }} from "node:fs";
const {{ buffers, ...film }} = await openedFilm(new Blob([readFileSync(process.argv.at(-1))]).stream());
const text = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
console.log(JSON.stringify({{ ...film, buffers: buffers.map(text) }}));
"""

RNG = np.random.default_rng(5)
CORNERS = RNG.integers(0, LAST + 1, (2, 40)).astype("<u2")[:, RNG.integers(0, 40, 200)]
# Those that would be taken for one another if a bit of one axis stood in place of one of the other.
ALIKE = np.array([[0, 1, 32768, 0, 2, 0, 0], [32768, 0, 0, 0, 0, 1, 65534]], "<u2")
FIRST_AGAIN = np.array([[*range(2**16), 0, 0], [0] * (2**16 + 1) + [1]], "<u2")
IMAGE = RNG.integers(0, 256, 300).astype("u1")


def spec_of(*marks: tuple[str, dict[str, Any]]) -> Spec:
    """Return marks, each a kind and arrays (places along an axis in two bytes: with the ends −1 and 3)."""
    buffers: list[bytes] = []
    told = []
    for kind, given in marks:
        one: dict[str, Any] = {"kind": kind, "name": "a", "size": 1 / 3}
        for key, array in given.items():
            one[key] = array
            if isinstance(array, np.ndarray):
                buffers.append(array.tobytes())
                kinds = [name for name, dtype in TYPES.items() if array.dtype == np.dtype(dtype)]
                one[key] = {"b": len(buffers) - 1, "t": kinds[0], "n": array.size}
                if kind != "image" and kinds == ["u2"]:
                    one[key]["ends"] = [-1.0, 3.0]
        told.append(one)
    return Spec({"marks": told}, buffers)


def read_back(spec: Spec, folder: Path) -> tuple[list[Any], Spec]:
    """Return how the arrays of marks are written, and the marks as a page has them."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not there to read films as a page does")
    arrays = Arrays()
    film = {"marks": [mark(one, spec, arrays) for one in spec.json["marks"]]}
    (folder / "film").write_bytes(to_bytes(film, arrays))
    script = READ.format(site=ASSETS.as_uri())
    command = [node, "--input-type=module", "--eval", script, "--", str(folder / "film")]
    read = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return arrays.listed, Spec({"marks": read["marks"]}, [base64.b64decode(text) for text in read["buffers"]])


def test_a_page_has_every_mark_as_it_was(tmp_path: Path) -> None:
    floats = RNG.normal(size=50)
    floats[3] = np.nan
    polygons = {"x": CORNERS[0], "y": CORNERS[1]}
    marks: list[tuple[str, dict[str, Any]]] = [
        ("image", {"values": IMAGE}),
        ("polygons", {**polygons, "values": IMAGE, "sizes": [3, 4]}),
        ("polygons", {"x": ALIKE[0], "y": ALIKE[1]}),
        ("polygons", {"x": CORNERS[1], "y": floats.astype("<f4")}),
        ("polygons", {"x": [0.1, 0.2], "y": CORNERS[1]}),
        ("polygons", {"x": floats, "y": floats}),
        ("polygons", {"x": FIRST_AGAIN[0], "y": FIRST_AGAIN[1]}),
        ("line", polygons),
        ("bars", {"y": floats, "values": IMAGE, "of": np.arange(-3, 40, dtype="<i4")}),
        ("polygons", polygons),
        ("image", {"values": IMAGE}),
    ]
    spec = spec_of(*marks)
    listed, read = read_back(spec, tmp_path)
    for one, was in zip(read.json["marks"], spec.json["marks"], strict=True):
        assert one.keys() == was.keys()
        for key, value in was.items():
            if not isinstance(value, dict):
                assert one[key] == pytest.approx(value, rel=1e-6) if key == "size" else one[key] == value
                continue
            got, wanted = read.array(one[key]), spec.array(value)
            assert {**one[key], "b": 0} == {**value, "b": 0}
            if value["t"] == "u2":
                np.testing.assert_allclose(got, wanted, rtol=0, atol=4 / LAST * 4.001)
            elif value["t"].startswith("f"):
                np.testing.assert_allclose(got, wanted, rtol=1e-5)
            else:
                assert got.tolist() == wanted.tolist()
    forms = [form for form, *_ in listed]
    assert forms.count("differences") == 1, "one image, and no other mark"
    assert forms.count("vertices") == 2, "of polygons whose places both fit"
    news = [new for form, *numbers in listed if form == "vertices" for new in numbers[1:]]
    # What nobody can tell apart is one corner.
    seen = [{*zip(*((c.astype(int) + 4) // 8), strict=True)} for c in (CORNERS, ALIKE)]
    assert all(len(one) >= new > 0 for one, new in zip(seen, news, strict=True))


def test_places_on_the_screen_lose_what_nobody_sees_and_keep_their_ends() -> None:
    places = np.array([0, 1, 3, 4, 5, 11, 12, 1000, 32767, LAST - 5, LAST - 4, LAST - 1, LAST, GAP], "<u2")
    spec = spec_of(("line", {"x": places}))
    arrays = Arrays()
    mark(spec.json["marks"][0], spec, arrays)
    data = arrays.to_bytes()
    kept = np.frombuffer(data, "<u2")
    assert kept.tolist() == [0, 0, 0, 8, 8, 8, 16, 1000, 32768, 65528, 65528, LAST, LAST, GAP]
    width = 640
    error = abs(kept.astype(float) - places)[:-1].max() / LAST * width
    assert error < 1 / 20, "of a pixel"


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
@pytest.mark.parametrize(
    ("scale", "offset", "spared"),
    [
        (1, 0, 36),
        (1e6, 1000, 36),
        (1e-3, 1, 30),  # the differences count, too
        (1, 1000, 30),
        (1, 2000, 29),
        (1, 1e6, 20),
    ],
)
def test_numbers_keep_five_digits_and_so_do_their_differences(
    scale: float, offset: float, spared: int, dtype: str
) -> None:
    values = (scale * RNG.uniform(-1, 1, 4000) + offset).astype(dtype)
    spec = spec_of(("line", {"y": values}))
    arrays = Arrays()
    mark(spec.json["marks"][0], spec, arrays)
    planes = np.frombuffer(arrays.to_bytes(), np.uint8).reshape(-1, values.size)
    kept = planes.T.copy().view(dtype).ravel()
    last = max(0, spared - (np.finfo("<f8").nmant - np.finfo(dtype).nmant))
    bits = kept.view(f"<u{kept.itemsize}")  # the last ones are 0, which costs nothing in a compressed file
    assert not (bits & ((1 << last) - 1)).any()
    assert (bits >> last & 1).any()
    if last == 0:
        assert (kept == values).all()
    error = np.abs(kept.astype(float) - values)
    assert (error <= np.abs(values) * 2.0**-17).all()
    assert error.max() <= np.ptp(values.astype(float)) * 2.0**-14


def test_numbers_that_are_none_stay_and_touch_no_others() -> None:
    given = np.array([np.nan, np.inf, -np.inf, 1 / 3, 2 / 3, np.finfo("<f8").max])
    spec = spec_of(("line", {"y": given, "x": np.full(3, 1 / 3), "z": np.full(3, np.nan)}))
    arrays = Arrays()
    mark(spec.json["marks"][0], spec, arrays)
    data = np.frombuffer(arrays.to_bytes(), np.uint8)
    kept = data.reshape(8, -1).T.copy().view("<f8").ravel()
    assert kept[6].view("<u8") << np.uint64(64 - 36) == 0, "one number alone has as many digits"
    np.testing.assert_allclose(kept, [*given, *[1 / 3] * 3, *[np.nan] * 3], rtol=1e-5)
    assert kept[5] == given[5]


def test_a_text_has_the_digits_of_single_precision_and_limits_all() -> None:
    given = {
        "x": [1 / 3, 2e5 / 3, -1e-9 / 3],
        "limits": [1 / 3, 2 / 3],
        "deep": {"ends": [1e9 / 3], "extent": (1 / 3,), "y": (1 / 7, True, None, "0.123456789", 123456789)},
    }
    got = shortened(given)
    assert got["x"] == [0.3333333, 66666.67, -3.333333e-10]
    assert got["limits"] == [1 / 3, 2 / 3]
    assert got["deep"] == {
        "ends": [1e9 / 3],
        "extent": (1 / 3,),
        "y": [0.1428571, True, None, "0.123456789", 123456789],
    }


def test_equal_arrays_are_one_and_what_repeats_is_small() -> None:
    arrays = Arrays()
    first = arrays.place("f8", np.arange(3.0))
    second = arrays.place("vertices", *CORNERS)
    third = arrays.place("f8", np.arange(4.0))
    assert (first, second, third) == (0, 1, 3), "vertices are two"
    assert arrays.place("f8", np.arange(3.0)) == first
    assert arrays.place("vertices", *CORNERS) == second
    assert arrays.place("u2", np.arange(3.0)) == 4, "the same bytes in another form"
    assert [form for form, *_ in arrays.listed] == ["f8", "vertices", "f8", "u2"]
    data = to_bytes({"says": "λ"}, Arrays())
    plain = zlib.decompress(data)
    assert int.from_bytes(plain[:4], "little") == len(plain) - 4
    assert json.loads(plain[4:]) == {"says": "λ", "arrays": []}
    assert "λ".encode() in plain


def test_what_python_in_the_page_answers_has_its_bytes_as_text() -> None:
    spec = spec_of(("line", {"y": np.array([1.5, 2.5])}))
    answer = packed({**spec.json, "b": "no place", "rest": (1 / 3, [2 / 3])}, spec)
    assert base64.b64decode(answer["marks"][0]["y"]["b"]) == np.array([1.5, 2.5]).tobytes()
    assert (answer["b"], answer["rest"]) == ("no place", [0.3333333, [0.6666667]])
    assert answer["marks"][0]["y"]["n"] == 2
