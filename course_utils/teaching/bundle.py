"""JavaScript modules and style sheets out of the small files of ``view/``, without a build step.

The files are plain modules that node can test one by one. What a page gets is their text, one after the
other in the order in which they need each other, without the imports and exports between them.
"""

from __future__ import annotations

import base64
import functools
import itertools
import json
import re
from pathlib import Path

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.typeset import FAMILY, FONTS, face

VIEW = Path(__file__).with_name("view")

_IMPORT = re.compile(r'^import [^;]*? from "(\.[^"]*)";\n', re.MULTILINE)
_REEXPORT = re.compile(r'^export (\{[^}]*\}) from "(\.[^"]*)";\n', re.MULTILINE)
_SPACE = re.compile(r"^\s+", re.MULTILINE)  # indentation, and empty lines
_COMMENT = re.compile(r"^//.*\n|(?<=[;{},]) // .*$", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
_EXPORT = re.compile(r"^export (?=class|const|(?:async )?function)", re.MULTILINE)

# Of a page: its variable, (light, dark). The colors of pictures come from colors.TOKENS.
_FURNITURE = {
    "scheme": ("light", "dark"),
    "edge": ("#8a9199", "#767d85"),  # borders of what can be pressed: 3:1 on the paper
    "track": ("#c9ced4", "#4a5158"),
    "chosen": ("#dcecf8", "#12364e"),
}


@functools.cache
def script(entry: str) -> str:
    """Return a module of ``view/`` with everything that it imports, in one text.

    Parameters
    ----------
    entry : str
        ``"widget.js"`` for figures in notebooks, ``"page.js"`` for those on pages without a kernel; and what
        else is a widget, or a page asks for.
    """
    files = modules(VIEW / entry)
    texts = [_text(file, file == VIEW / entry) for file in files]
    if VIEW / "colors.js" in files:
        tables = {name: colors.colormap(name).tobytes().hex() for name in colors.COLORMAPS}
        texts.append(f"provideColormaps({json.dumps(tables)});")
    return "\n".join(texts)


def modules(path: Path, seen: dict[Path, None] | None = None) -> list[Path]:
    """Return a module after all that it needs; each once."""
    seen = {} if seen is None else seen
    if path not in seen:
        text = path.read_text(encoding="utf-8")
        needed = [*_IMPORT.findall(text), *(source for _, source in _REEXPORT.findall(text))]
        for source in needed:
            modules((path.parent / source).resolve(), seen)
        seen[path] = None
    return list(seen)


def _text(file: Path, is_entry: bool) -> str:
    """Return a file without imports, comments and space for readers; an entry keeps its exports."""
    text = _REEXPORT.sub(r"export \1;\n", _IMPORT.sub("", file.read_text(encoding="utf-8")))
    return _COMMENT.sub("", _SPACE.sub("", text if is_entry else _EXPORT.sub("", text)))


@functools.cache
def style() -> str:
    """Return the style sheet of figures: colors of both themes, fonts, and rules."""
    return "\n".join([themes(".cu-live"), fonts(), rules("figure.css", "controls.css")])


def rules(*names: str) -> str:
    """Return style sheets of ``view/``, one after the other, without comments and space for readers."""
    texts = ((VIEW / name).read_text(encoding="utf-8") for name in names)
    return "\n".join(_SPACE.sub("", _CSS_COMMENT.sub("", text)) for text in texts)


def themes(root: str) -> str:
    """Return the rules that give `root` its colors: as the page says, or else as the reader's system does."""
    light, dark = (_variables(theme) for theme in (0, 1))
    says_dark = ':is([data-jp-theme-light="false"], [data-theme="dark"])'
    says_light = ':is([data-jp-theme-light="true"], [data-theme="light"])'
    return (
        f"{root} {{ {light} --cu-font: '{FAMILY}', sans-serif; }}\n"
        f"@media (prefers-color-scheme: dark) {{ {root}:not({says_light} *) {{ {dark} }} }}\n"
        f"{says_dark} {root} {{ {dark} }}\n"
        f"@media print {{ {root}, {says_dark} {root} {{ {light} }} }}\n"
    )


def _variables(theme: int) -> str:
    both = {**_FURNITURE, **colors.TOKENS}
    return " ".join(f"--cu-{name}: {pair[theme]};" for name, pair in both.items())


def fonts() -> str:
    """Return the course's font as rules that need no other file."""
    return "".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-style: {slant}; font-weight: {weight}; src: "
        f"url(data:font/woff2;base64,{_base64(face(slant == 'italic', weight))}) format('woff2'); }}\n"
        for weight, slant in itertools.product((400, 600), ("normal", "italic"))
    )


def _base64(name: str) -> str:
    return base64.b64encode((FONTS / f"course-sans-{name}.woff2").read_bytes()).decode()
