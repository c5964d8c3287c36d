"""What the browser has painted of a picture, beside what Python's painters paint of it."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
from PIL import Image
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.scene import Shape, scene
from course_utils.teaching.pictures.svg import OUT_OF_SIGHT

MOST_PATHS = 400  # polygons that are still paths; more go onto a canvas

# Of each path: the boxes of its parts, its fill, and its outline.
PATHS = r"""(root) => [...root.querySelectorAll('.cu-art svg > g path')]
  .filter((path) => path.getAttribute('d')).map((path) => ({
    parts: path.getAttribute('d').replace('OUT_OF_SIGHT', '').split(/(?=M)/).map((d) => {
      const part = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      part.setAttribute('d', d);
      path.ownerSVGElement.append(part);
      const { x, y, width, height } = part.getBBox();
      part.remove();
      return [x, y, x + width, y + height];
    }),
    fill: path.getAttribute('fill') ?? 'none', stroke: path.getAttribute('stroke') ?? 'none',
  }))""".replace("OUT_OF_SIGHT", OUT_OF_SIGHT)


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
    """Tell whether each part has one partner of its look and, but for rounding, its box.

    Partners are found for all at once: among regions smaller than the rounding, whoever takes the first
    that fits may take what only another one can have.
    """
    if sorted(part[4:] for part in one) != sorted(part[4:] for part in other):
        return False
    return all(
        paired(*(np.array([part[:4] for part in parts if part[4:] == look], float) for parts in (one, other)))
        for look in {part[4:] for part in one}
    )


def paired(one: Any, other: Any) -> bool:
    """Tell whether these boxes can be put into pairs that lie within a tenth of a pixel."""
    near = abs(one[:, None] - other[None]).max(axis=2) < 0.11
    return bool((maximum_bipartite_matching(csr_matrix(near), perm_type="column") >= 0).all())


def color_in(node: Any, across: float = 0.02) -> tuple[int, ...]:
    """Return the color of what is painted at half of the height of a node."""
    seen = Image.open(io.BytesIO(node.screenshot())).convert("RGB")
    color: tuple[int, ...] = seen.getpixel((int(across * seen.width), seen.height // 2))
    return color
