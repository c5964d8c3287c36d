"""No page asks for what the oldest browsers of README lack: there a script ends, or a rule is dropped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course_utils.teaching import bundle

ROOT = Path(__file__).parents[2]
OLDEST = {"Chrome": "123", "Firefox": "121", "Safari": "17.5"}
# What one of them lacks, in the words of who writes it, by the version that brought it there.
TOO_NEW = {
    r"\.(union|intersection|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(": "Firefox 127",
    r"\bIterator\.|\.(keys|values|entries)\(\)\s*\.(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|"
    r"every|find)\(": "Firefox 131",
    r"\bPromise\.try\(|\bRegExp\.escape\(|\bMath\.sumPrecise\(|\bError\.isError\(": "Firefox 134 and later",
    r"\bFloat16Array\b|\bMath\.f16round\(|\.(to|from|setFrom)(Base64|Hex)\(": "Chrome 135 and later",
    r"\bURL\.parse\(": "Firefox 126",
    r"\bIntl\.(DurationFormat|Segmenter)\b": "Firefox 125 and later",
    r"\bimport\b[^;]*\bwith\s*\{": "Firefox 138",
    r"\brequestIdleCallback\b|\bscheduler\.": "no Safari",
    r"\bstartViewTransition\b|view-transition|::view-": "Firefox 144",
    r"\b(show|hide|toggle)Popover\b|\bpopover\b": "Firefox 125",
    r"\bsetHTMLUnsafe\b|\bmoveBefore\b|\bcommandfor\b": "Firefox 123 and later",
    r"@starting-style|\ballow-discrete\b|transition-behavior": "Firefox 129",
    r"\banchor-name\b|position-(anchor|area|try)\b|\banchor\(": "Chrome 125, no Firefox of then",
    r"\bfield-sizing\b|\binterpolate-size\b|\bcalc-size\(": "no Firefox",
    r"@property\b": "Firefox 128",
    r"@scope\b": "Firefox 146",
    r"\b(rgb|hsl|oklch|oklab|lab|lch|color)\(from\b": "Firefox 128",
    r"\bcontent-visibility\b": "Firefox 125, Safari 18",
    r"[{;]\s*zoom:\s*[\d.]": "Firefox 126",
    r"\banimation-timeline\b|scroll-timeline|\bscroll-state\(|@container[^{]*style\(": "no Firefox",
    r"::details-content|:open\b|::highlight\(|\btext-box\b": "Firefox 136 and later",
}
FAULTS = [
    "both = one.union(other);",
    "names = new Map().keys().map(String);",
    'import data from "./a.json" with { type: "json" };',
    "text = bytes.toBase64();",
    "node.showPopover();",
    '<div popover="auto">',
    "@starting-style { .a { opacity: 0 } }",
    ".a { anchor-name: --b }",
    ".a { field-sizing: content }",
    ".a { color: rgb(from red r g b / 50%) }",
    ".a { zoom: 2 }",
]


def too_new(text: str) -> list[str]:
    """List what a text asks for that one of the oldest browsers lacks."""
    return [f"{found[0]} ({since})" for what, since in TOO_NEW.items() if (found := re.search(what, text))]


def sources() -> list[Path]:
    """Return all scripts, style sheets and templates of pages; the editor is made elsewhere."""
    folders = (bundle.VIEW, ROOT / "course_utils" / "publish" / "site", ROOT / "course_utils" / "classroom")
    files = ((path, path.relative_to(folder).parts) for folder in folders for path in folder.rglob("*"))
    return [path for path, below in files if path.suffix in {".js", ".css", ".html"} and below[0] != "editor"]


def test_no_page_asks_for_what_is_too_new() -> None:
    assert len(sources()) > 50
    found = {path.name: too_new(path.read_text("utf-8")) for path in sources()}
    assert {name: asked for name, asked in found.items() if asked} == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_too_new_would_be_seen(fault: str) -> None:
    assert too_new(fault)


@pytest.mark.parametrize(
    "text",
    ["Object.groupBy(all, kind)", ".a:has(.b) { color: light-dark(#000, #fff) }", "Promise.withResolvers()"],
)
def test_what_they_all_have_may_be_used(text: str) -> None:
    assert not too_new(text)


def test_readme_names_these_browsers() -> None:
    words = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert ", ".join(f"{name} {version}" for name, version in OLDEST.items()) in words
