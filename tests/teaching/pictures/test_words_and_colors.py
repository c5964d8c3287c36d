"""The font's widths, light mathematics, and the table of colors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from contrast import contrast
from matplotlib import colormaps
from matplotlib.ft2font import FT2Font, LoadFlags

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.typeset import FONTS, face, plain, run_width, runs, width, wrapped

FACES = [(italic, weight) for italic in (False, True) for weight in (400, 600)]
SIGNS = "−·×≤≥≠∞∂∇∑Σσλπ∈→≈√⊙‖αβγθμφ°²³●■▲◆★…–"


@pytest.mark.parametrize(("italic", "weight"), FACES)
def test_widths_are_those_of_the_font(italic: bool, weight: int) -> None:
    font = FT2Font(str(FONTS / f"course-sans-{face(italic, weight)}.ttf"))
    assert ("SemiBold" in font.family_name, "Italic" in font.style_name) == (weight == 600, italic)
    font.set_size(1000, 72)
    letters = "".join(map(chr, range(32, 127))) + SIGNS
    for letter in letters:
        advance = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
        assert run_width(letter, "i" if italic else "", 1000, weight) == pytest.approx(advance, abs=1.01), (
            letter
        )


def test_every_sign_is_in_every_face() -> None:
    for italic, weight in FACES:
        font = FT2Font(str(FONTS / f"course-sans-{face(italic, weight)}.ttf"))
        assert all(font.get_char_index(ord(sign)) for sign in SIGNS)


def test_digits_are_all_of_one_width() -> None:
    for weight in (400, 600):
        assert len({width(digit, 12, weight) for digit in "0123456789"}) == 1


def test_the_fonts_are_small_and_licensed_under_another_name() -> None:
    assert sum(file.stat().st_size for file in FONTS.iterdir()) <= 150_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE.txt").read_text("utf-8").upper()
    for file in FONTS.glob("*.ttf"):
        assert FT2Font(str(file)).family_name.startswith("Course Sans")
    assert {file.suffix for file in FONTS.iterdir()} == {".ttf", ".woff2", ".json", ".txt"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", [("plain", "")]),
        ("*p*_0", [("p", "i"), ("0", "sub")]),
        ("*z*_{*i*j}", [("z", "i"), ("i", "isub"), ("j", "sub")]),
        ("10^{−3}", [("10", ""), ("−3", "sup")]),
        ("x^2 y", [("x", ""), ("2", "sup"), (" y", "")]),
        ("e^{*z*_*i*}", [("e", ""), ("z", "isup"), ("i", "isupsub")]),
        ("*both words*", [("both words", "i")]),
        (r"5 \* 3 \_ \^ \\", [("5 * 3 _ ^ \\", "")]),
        ("a * b", [("a * b", "")]),
        ("ends in _", [("ends in _", "")]),
        ("*p_i*", [("p", "i"), ("i", "isub")]),
        ("x_*y", [("x", ""), ("*", "sub"), ("y", "")]),
        ("2^*", [("2", ""), ("*", "sup")]),
        ("p_*0", [("p", ""), ("*", "sub"), ("0", "")]),
        ("rating_* (stars)", [("rating", ""), ("*", "sub"), (" (stars)", "")]),
        ("*w*^*", [("w", "i"), ("*", "sup")]),
        ("", []),
        ("f(*x*) = 100% & 'more'", [("f(", ""), ("x", "i"), (") = 100% & 'more'", "")]),
        ("x_(*i*)", [("x", ""), ("(", "sub"), ("i", "i"), (")", "")]),
        ("x^'*i*", [("x", ""), ("'", "sup"), ("i", "i")]),
        ("x_|y|~z}", [("x", ""), ("|", "sub"), ("y|~z}", "")]),
        ("x_~{y}", [("x", ""), ("~", "sub"), ("{y}", "")]),
        ("x_{a} {b}", [("x", ""), ("a", "sub"), (" {b}", "")]),
        ("x_{a~b}c", [("x", ""), ("a~b", "sub"), ("c", "")]),
        ("*x*^{a^b}", [("x", "i"), ("ab", "sup")]),
        ("x_{a_b^c}", [("x", ""), ("abc", "sub")]),
        ("e^{x_i + 1}", [("e", ""), ("x", "sup"), ("i", "supsub"), (" + 1", "sup")]),
    ],
)
def test_light_mathematics(text: str, wanted: list[tuple[str, str]]) -> None:
    assert list(runs(text)) == wanted


def test_what_is_said_of_light_mathematics() -> None:
    assert plain("*p*_0 of e^{*z*_i}") == "p0 of e^z_i"
    assert plain("*e*^{−*z*/2}") == "e^−z/2", "raised once, whatever its letters look like"
    assert plain("*x*_0^2 and *x*^2_0") == "x0^2 and x^20"
    assert plain("*e*^{*z*_*i*} 2^3") == "e^z_i 2^3"


def test_what_is_not_in_the_font_is_taken_to_be_as_wide_as_a_digit() -> None:
    for weight in (400, 600):
        assert width("猫", 12, weight) == width("0", 12, weight)


def test_a_text_is_as_wide_as_its_runs() -> None:
    assert width("ab", 10) == pytest.approx(width("a", 10) + width("b", 10))
    assert width("a^b", 10) == pytest.approx(width("a", 10) + 0.72 * width("b", 10))
    assert width("a", 20) == pytest.approx(2 * width("a", 10))
    assert width("a", 10, 600) != width("a", 10)
    assert width("*a*", 10) != width("a", 10)


def test_lines_are_broken_between_words_only() -> None:
    text = "one two three four five"
    for room in (10, 60, 90, 1000):
        lines = wrapped(text, room, 13)
        assert " ".join(lines) == text
        assert all(width(line, 13) <= room or " " not in line for line in lines)


# --- Colors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", colors.TOKENS)
def test_colors_stand_out_from_their_paper(name: str, dark: bool) -> None:
    color, paper, ink = (bytes.fromhex(colors.hex_of(one, dark)[1:]) for one in (name, "paper", "ink"))
    ratio = contrast(color, paper)
    if name.startswith("tint"):
        assert contrast(color, ink) >= 7, "words are read on it"
    elif name in ("ink", "muted"):
        assert ratio >= 4.5, "words are written in it"
    elif name not in ("paper", "faint", "axis"):
        assert ratio >= 3, "non-text contrast (WCAG 2.2)"


def test_quantities_of_one_lesson_differ_in_hue() -> None:
    for dark in (False, True):
        quantities = ("logits", "probabilities", "target", "temperature", "loss", "gradient", "ink")
        assert len({colors.hex_of(name, dark) for name in quantities}) == len(quantities)


@pytest.mark.parametrize("name", ["viridis", "cividis"])
def test_color_maps_are_the_known_ones(name: str) -> None:
    known = np.round(colormaps[name](np.arange(256))[:, :3] * 255)
    off = abs(colors.colormap(name) - known)
    assert off.max() <= 11
    assert off.mean() < 1.5
    assert off[::15].max() <= 1, "where its 18 colors stand, at even steps from the first to the last"


def test_the_diverging_map_is_white_in_the_middle_and_nowhere_else() -> None:
    table = colors.colormap("diverging").astype(int)
    assert (table[127] > 245).all()
    assert (table[128] > 240).all()
    assert table[0, 2] > table[0, 0] + 60, "blue below"
    assert table[255, 0] > table[255, 2] + 60, "vermillion above"
    light = table.sum(axis=1)
    assert (np.diff(light[:128]) >= 0).all()
    assert (np.diff(light[128:]) <= 0).all()


def test_gray_is_dark_where_much_is() -> None:
    table = colors.colormap("gray").astype(int)
    assert (table[0] == 255).all()
    assert (np.diff(table.sum(axis=1)) <= 0).all()


def test_color_maps_are_shared_and_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        colors.colormap("viridis")[0] = 0


def test_numbers_beyond_the_scale_have_the_color_of_its_end() -> None:
    indices = colors.color_indices([-5, 0, 5, 10, 15, np.nan], 0, 10, missing=True)
    assert indices.tolist() == [0, 0, 127, 254, 254, 255]
    assert colors.color_indices([0, 0.5, 1], 0, 1).tolist() == [0, 128, 255]


def test_the_table_of_colors_is_hexadecimal() -> None:
    for pair in colors.TOKENS.values():
        assert all(colors.checked(color) == color for color in pair)
    assert Path(FONTS).is_dir()
