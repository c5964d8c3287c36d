"""Make the fonts of all pictures, and the table of their advance widths.

Needs Node's package manager and, in an environment of its own, ``pip install fonttools brotli``; the course
needs none of them. Run ``python make_fonts.py`` in an empty folder with the two packages unpacked::

    npm pack @ibm/plex-sans@1.1.0 @ibm/plex-math@1.1.0

Each font is cut down to what pictures write, without kerning and ligatures: the width of a text is then the
sum of its letters' widths, and Python knows it without a browser. Signs that the text face lacks come from
the mathematical face of the same family. The license reserves the name of the original, so the result has
another.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

FAMILY = "Course Sans"
STYLES = {"Regular": 400, "Italic": 400, "SemiBold": 600, "SemiBoldItalic": 600}
LATIN = "".join(map(chr, range(0x20, 0x7F))) + "ÄÖÜßäöüéèà"
GREEK = "αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩ"
SIGNS = "−·×÷±≤≥≠≈∞∂∇∑∏√∫∈⊙‖∝∅∪∩ℝ→←↑↓↔⇒⟨⟩°′…–—‘’“”½¼²³¹⁰⁻§†•●■▲◆★\u00a0\u2009\u2212"
LETTERS = LATIN + GREEK + SIGNS
FOLDER = Path(__file__).parent / "fonts"


def main(packages: Path) -> None:
    """Write four faces as TTF and WOFF2, their widths and their license into ``fonts``."""
    sans, signs = (packages / f"ibm-plex-{name}-1.1.0.tgz" for name in ("sans", "math"))
    mathematical = _unpacked(signs, "IBMPlexMath-Regular")
    widths = {}
    for style, weight in STYLES.items():
        font = _unpacked(sans, f"IBMPlexSans-{style}")
        _take_missing(font, mathematical)
        _cut(font)
        _rename(font, style, weight)
        for flavor, ending in ((None, "ttf"), ("woff2", "woff2")):
            font.flavor = flavor
            font.save(FOLDER / f"course-sans-{style.lower()}.{ending}")
        advance = font["hmtx"].metrics
        widths[style.lower()] = {chr(code): advance[name][0] for code, name in font.getBestCmap().items()}
    (FOLDER / "widths.json").write_text(json.dumps(widths, ensure_ascii=False, separators=(",", ":")) + "\n")
    with tarfile.open(sans) as package:
        license_text = package.extractfile("package/LICENSE.txt")
        assert license_text is not None
        (FOLDER / "LICENSE.txt").write_bytes(license_text.read().replace(b"\r\n", b"\n"))


def _unpacked(package: Path, face: str) -> Any:
    from fontTools.ttLib import TTFont

    with tarfile.open(package) as files:
        file = files.extractfile(f"package/fonts/complete/woff2/{face}.woff2")
        assert file is not None
        return TTFont(io.BytesIO(file.read()), recalcTimestamp=False)


def _take_missing(font: Any, other: Any) -> None:
    """Copy the glyphs that only the other font has. Both are drawn on 1,000 units per em."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    have, offered = font.getBestCmap(), other.getBestCmap()
    for code in sorted({ord(letter) for letter in LETTERS} - set(have)):
        pen, drawn, name = TTGlyphPen(None), DecomposingRecordingPen(other.getGlyphSet()), f"taken{code:04X}"
        other.getGlyphSet()[offered[code]].draw(drawn)
        drawn.replay(pen)
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        font["glyf"].glyphs[name] = pen.glyph()
        font["hmtx"].metrics[name] = other["hmtx"].metrics[offered[code]]
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name


def _cut(font: Any) -> None:
    """Drop all glyphs but the listed ones, hints, and what makes a width depend on the neighbors."""
    from fontTools.subset import Options, Subsetter

    options = Options(layout_features=[], hinting=False, notdef_outline=True, drop_tables=["DSIG", "meta"])
    subsetter = Subsetter(options)
    subsetter.populate(text=LETTERS)
    subsetter.subset(font)


def _rename(font: Any, style: str, weight: int) -> None:
    # Plex's semi-bold is a family of its own to programs that know four styles only; so is this one.
    bold = style.startswith("SemiBold")
    family = f"{FAMILY} SemiBold" if bold else FAMILY
    plain = style.removeprefix("SemiBold") or "Regular"
    new = {1: family, 2: plain, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}", 6: f"CourseSans-{style}"}
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 5, 13, 14)]
    for number, text in new.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
