"""Paint a picture with Matplotlib into a PNG: the stored twin, for GitHub and print.

Nothing is decided here: every place and color comes from the spec. One unit of the axes is one pixel.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.patheffects import Normal, Stroke
from PIL import Image

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.scene import Box, Glyphs, Part, Pixels, Shape, scene
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.typeset import FONTS, face

POINTS_PER_INCH = 72  # so that one point is one pixel at a pixel ratio of 1
# Image pixels per pixel, and colors: the first that is small enough. A color map needs more colors than bars.
PLAIN = ((2, 64), (1.5, 64))
MAPPED = ((2, 256), (2, 128), (1.5, 128), (1.5, 64))
MOST_BYTES = 40_000
RC: Any = {"text.hinting": "none", "hatch.linewidth": 1.0, "lines.scale_dashes": False}


def twin(spec: Spec) -> bytes:
    """Return the best PNG that is not too large for a notebook of many pictures."""
    mapped = any("colormap" in mark for panel in spec.json["panels"] for mark in panel["marks"])
    return small_enough(functools.partial(painted, spec), MAPPED if mapped else PLAIN)


def small_enough(paint: Callable[[float, int], bytes], qualities: Sequence[tuple[float, int]]) -> bytes:
    """Return the first of ``paint(pixel ratio, colors)`` that is small enough, or the last."""
    *better, last = qualities
    tried = (paint(*quality) for quality in better)
    return next((png for png in tried if len(png) <= MOST_BYTES), None) or paint(*last)


def painted(spec: Spec, pixel_ratio: float = 2, most_colors: int = 256) -> bytes:
    """Return a PNG of few colors and without metadata, so that equal pictures are equal files.

    Parameters
    ----------
    spec : Spec
    pixel_ratio : float
        Image pixels per pixel of the spec.
    most_colors : int
        At most 256.

    Returns
    -------
    bytes
    """
    with matplotlib.style.context(["default", RC]):
        stream = io.BytesIO()
        figure = drawn(spec)
        figure.savefig(stream, format="png", dpi=POINTS_PER_INCH * pixel_ratio)
    return few_colors(stream, most_colors)


def few_colors(stream: io.BytesIO, most_colors: int) -> bytes:
    """Return an image as a PNG with a palette."""
    image = Image.open(stream).convert("RGB")
    # Of Pillow's ways the one whose largest error is smallest; two more rounds set the large areas right.
    few = image.quantize(most_colors, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    result = io.BytesIO()
    few.save(result, format="png", optimize=True)
    return result.getvalue()


def drawn(spec: Spec) -> Figure:
    """Return the Matplotlib figure; each artist that shows data has the mark's name as its gid."""
    width, height = spec.json["width"], spec.json["height"]
    size = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    figure = Figure(figsize=size, dpi=POINTS_PER_INCH, facecolor=colors.hex_of("paper"))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for order, part in enumerate(scene(spec)):
        artist = _artist(axes, part)
        if artist is not None:
            artist.set_zorder(order)
    return figure


def _artist(axes: Axes, part: Part) -> Any:
    if isinstance(part, Glyphs):
        return _letters(axes, part)
    artist = _image(axes, part) if isinstance(part, Pixels) else _shape(axes, part)
    if artist is not None:
        artist.set_gid(part.name)
        if part.clip is not None:
            artist.set_clip_path(_rectangle(axes, part.clip))
    return artist


def _rectangle(axes: Axes, box: Box) -> Rectangle:
    left, top, right, bottom = box
    return Rectangle((left, top), right - left, bottom - top, transform=axes.transData)


def _shape(axes: Axes, shape: Shape) -> Any:
    if not len(shape.paths):
        return None
    stroke: Any = shape.stroke if shape.stroke is not None else "none"
    style: Any = {
        "edgecolors": stroke,
        "linewidths": shape.width if shape.stroke is not None else 0,
        "alpha": shape.opacity,
    }
    if shape.closed:
        fill: Any = shape.fill if shape.fill is not None else "none"
        if shape.hatch:
            style |= {"hatch": shape.hatch, "edgecolors": colors.hex_of("paper")}
        artist: Any = PolyCollection(list(shape.paths), facecolors=fill, **style)
    else:
        dash: Any = [(0, shape.dash)] if shape.dash else "solid"
        round_or_not: Any = "round" if shape.kind == "line" or shape.dash else "butt"
        style |= {"linestyles": dash, "capstyle": round_or_not, "joinstyle": "round", "colors": stroke}
        del style["edgecolors"]
        artist = LineCollection(list(shape.paths), **style)
    axes.add_collection(artist, autolim=False)
    return artist


def _image(axes: Axes, pixels: Pixels) -> AxesImage:
    left, top, right, bottom = pixels.box
    image = AxesImage(axes, extent=(left, right, bottom, top), origin="upper", interpolation="nearest")
    image.set_data(pixels.rgba)
    axes.add_image(image)
    return image


@functools.cache
def _file(italic: bool, weight: int) -> str:
    return str(FONTS / f"course-sans-{face(italic, weight)}.ttf")


def _letters(axes: Axes, glyphs: Glyphs) -> Any:
    font = FontProperties(fname=_file(glyphs.italic, glyphs.weight), size=glyphs.size)
    text = axes.text(glyphs.x, glyphs.y, glyphs.text, color=glyphs.color, fontproperties=font)
    text.set_parse_math(False)
    if glyphs.halo:
        text.set_path_effects([Stroke(linewidth=3, foreground=colors.hex_of("paper")), Normal()])
    return text
