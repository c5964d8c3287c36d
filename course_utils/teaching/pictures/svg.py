"""Paint a picture as SVG: the image that a live kernel stores, without Matplotlib."""

from __future__ import annotations

import base64
import html
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from course_utils.teaching.html import element, escaped
from course_utils.teaching.pictures.scene import Box, Glyphs, Part, Pixels, Shape, scene
from course_utils.teaching.pictures.spec import Array, Spec
from course_utils.teaching.pictures.typeset import FAMILY

if TYPE_CHECKING:
    from course_utils.teaching.pictures.picture import Picture

# An image cannot load a font. Text keeps its width in any other (`textLength`).
FONT_FAMILIES = f"'{FAMILY}','IBM Plex Sans',system-ui,sans-serif"

# A second contour beside the picture: of a path with a single convex one, Chromium leaves out parts where
# corners lie less than a tenth of a pixel apart.
OUT_OF_SIGHT = "M-9-9h.1v.1Z"

# White on a bar, repeated every eight pixels: lines that go up, dots, crosses.
PATTERNS = {
    "//": ("up", "M-2 10L10-2M-2 2L2-2M6 10L10 6"),
    "..": ("dots", "M2 2h.01M6 6h.01"),
    "xx": ("crossed", "M0 0L8 8M0 8L8 0"),
}


def painted(spec: Spec) -> str:
    """Return an SVG document on light paper.

    Examples
    --------
    >>> painted(Spec({"width": 640, "height": 9, "panels": []}, []))[-57:]
    '<rect width="640" height="9" fill="#ffffff"></rect></svg>'
    """
    width, height = str(spec.json["width"]), str(spec.json["height"])
    clips: dict[Box, str] = {}
    shown = list(scene(spec))
    parts = [_element(part, clips) for part in shown]
    definitions = [element("clipPath", element("rect", **_box(box)), id=name) for box, name in clips.items()]
    hatches = {part.hatch for part in shown if isinstance(part, Shape) and part.hatch}
    definitions += [_pattern(*PATTERNS[hatch]) for hatch in sorted(hatches)]
    return element(
        "svg",
        element("rect", width=width, height=height, fill="#ffffff"),
        *([element("defs", *definitions)] if definitions else []),
        *parts,
        **{"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height},
        **{"viewBox": f"0 0 {width} {height}", "font-family": FONT_FAMILIES},
    )


def inline(picture: Picture, name: str, width: int = 640) -> str:
    """Return a picture as a part of a page: with its words, and names that meet no others."""
    svg = re.sub(r'( id="|url\(#)', rf"\g<1>{name}-", picture.svg(width))
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(picture.says)}" ', 1)


def _pattern(name: str, lines: str) -> str:
    stroke = {"stroke": "#ffffff", "stroke-width": "2" if name == "dots" else "1", "stroke-linecap": "round"}
    size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
    return element("pattern", element("path", d=lines, fill="none", **stroke), id=name, **size)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _box(box: Box) -> dict[str, str]:
    left, top, right, bottom = map(float, box)
    sides = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return {side: _number(value) for side, value in sides.items()}


def _clipped(clip: Box | None, clips: dict[Box, str]) -> dict[str, str]:
    if clip is None:
        return {}
    return {"clip-path": f"url(#{clips.setdefault(clip, f'panel{len(clips)}')})"}


def _element(part: Part, clips: dict[Box, str]) -> str:
    if isinstance(part, Glyphs):
        return _letters(part)
    if isinstance(part, Pixels):
        return _image(part, clips)
    return _shape(part, clips)


def _path(places: Array, closed: bool) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in places.tolist()) + ("Z" if closed else "")


def _shape(shape: Shape, clips: dict[Box, str]) -> str:
    """Paint all paths of one color as one element."""
    fills, strokes = (
        [color] * len(shape.paths) if color is None or isinstance(color, str) else list(color)
        for color in (shape.fill, shape.stroke)
    )
    looks: dict[tuple[Any, Any], list[str]] = {}
    for path, fill, stroke in zip(shape.paths, fills, strokes, strict=True):
        looks.setdefault((fill, stroke), []).append(_path(path, shape.closed))
    style = {
        "stroke-width": _number(shape.width),
        "stroke-linejoin": "round",
        "opacity": f"{shape.opacity:g}",
    }
    if shape.dash:
        style |= {"stroke-dasharray": " ".join(map(_number, shape.dash)), "stroke-linecap": "round"}
    style |= _clipped(shape.clip, clips)
    after = OUT_OF_SIGHT if shape.kind == "polygons" else ""
    painted = "".join(
        element("path", d="".join(paths) + after, fill=fill or "none", stroke=stroke or "none", **style)
        for (fill, stroke), paths in looks.items()
    )
    if shape.hatch:
        every = "".join(_path(path, True) for path in shape.paths)
        painted += element("path", d=every, fill=f"url(#{PATTERNS[shape.hatch][0]})", **style)
    return painted


def _image(pixels: Pixels, clips: dict[Box, str]) -> str:
    uri = "data:image/png;base64," + base64.b64encode(_png(pixels.rgba)).decode()
    style = {"preserveAspectRatio": "none", "style": "image-rendering:pixelated"}
    return element("image", href=uri, **_box(pixels.box), **style, **_clipped(pixels.clip, clips))


def _png(rgba: npt.NDArray[np.uint8]) -> bytes:
    """Return pixels as a PNG file, without an image library: a live page has none, in a browser even less."""
    height, width, _ = rgba.shape
    rows = np.concatenate(
        [np.zeros((height, 1), np.uint8), rgba.reshape(height, -1)], axis=1
    )  # filter 0: none
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # 8 bits each of red, green, blue, alpha
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _letters(glyphs: Glyphs) -> str:
    halo = {"stroke": "#ffffff", "stroke-width": "3", "paint-order": "stroke"} if glyphs.halo else {}
    return element(
        "text",
        escaped(glyphs.text),
        **{"x": _number(glyphs.x), "y": _number(glyphs.y), "font-size": _number(glyphs.size)},
        **{"font-style": "italic" if glyphs.italic else "normal", "font-weight": str(glyphs.weight)},
        **{"textLength": _number(glyphs.width), "fill": glyphs.color, "xml:space": "preserve"},
        **halo,
    )
