"""What the browser has painted of a picture, beside what Python's painters paint of it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.scene import Shape, scene

MOST_PATHS = 400  # polygons that are still paths; more go onto a canvas

# Of each path: the boxes of its parts, its fill, and its outline.
PATHS = r"""(root) => [...root.querySelectorAll('.cu-art svg > g path')]
  .filter((path) => path.getAttribute('d')).map((path) => ({
    parts: path.getAttribute('d').split(/(?=M)/).map((d) => {
      const part = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      part.setAttribute('d', d);
      path.ownerSVGElement.append(part);
      const { x, y, width, height } = part.getBBox();
      part.remove();
      return [x, y, x + width, y + height];
    }),
    fill: path.getAttribute('fill') ?? 'none', stroke: path.getAttribute('stroke') ?? 'none',
  }))"""


def painted(page: Any) -> list[tuple[Any, ...]]:
    """Return box and look of every part that the browser has painted, but for hatches and color scales."""
    root = page.query_selector(".cu-live") if hasattr(page, "set_content") else page
    found = []
    for path in root.evaluate(PATHS):
        if path["fill"].startswith("url("):
            continue
        fill, stroke = (hex_of(path[side]) for side in ("fill", "stroke"))
        found += [(*np.round(part, 1), fill, stroke) for part in path["parts"]]
    return sorted(found, key=str)


def hex_of(paint: str) -> str:
    token = re.fullmatch(r"var\(--cu-(\w+)\)", paint)
    return colors.hex_of(token[1]) if token else paint


def wanted(spec: Any) -> list[tuple[Any, ...]]:
    """Return the same of the parts that Python's painters paint."""
    found = []
    for shape in scene(spec):
        if not isinstance(shape, Shape) or (shape.kind == "polygons" and len(shape.paths) > MOST_PATHS):
            continue
        fills, strokes = (
            [look or "none"] * len(shape.paths) if look is None or isinstance(look, str) else look
            for look in (shape.fill, shape.stroke)
        )
        for path, fill, stroke in zip(shape.paths, fills, strokes, strict=True):
            box = (*np.round(path.min(axis=0), 1), *np.round(path.max(axis=0), 1))
            found.append((*box, fill, stroke))
    return sorted(found, key=str)


def same_parts(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> bool:
    def near(a: Any, b: Any) -> bool:
        return a[4:] == b[4:] and np.allclose(np.array(a[:4], float), np.array(b[:4], float), atol=0.11)

    left = list(other)
    for part in one:
        match = next((candidate for candidate in left if near(part, candidate)), None)
        if match is None:
            return False
        left.remove(match)
    return not left
