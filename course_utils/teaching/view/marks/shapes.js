// Paths: the shapes that points have, and lines that break where a number is missing.

const at = (x, y) => `${x.toFixed(2)} ${y.toFixed(2)}`;
const polygon = (corners) => (x, y, r) => `M${corners.map(([dx, dy]) => at(x + r * dx, y + r * dy)).join("L")}Z`;
const strokes = (segments) => (x, y, r) =>
  segments.map(([ax, ay, bx, by]) => `M${at(x + r * ax, y + r * ay)}L${at(x + r * bx, y + r * by)}`).join("");
// Corners around the middle, the first one above it.
const turned = (count, radius) => Array.from({ length: count }, (_, i) => {
  const angle = (2 * Math.PI * i) / count - Math.PI / 2;
  return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)];
});

// name -> (x, y, radius) -> path; the same shapes as in scene.py
export const SHAPES = {
  circle: (x, y, r) => `M${at(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  square: polygon([[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]]),
  triangle: polygon(turned(3, () => 1.2).map(([x, y]) => [x, y + 0.15])),
  diamond: polygon(turned(4, () => 1.2)),
  star: polygon(turned(10, (i) => (i % 2 ? 0.585 : 1.3))),
  cross: strokes([[-0.8, -0.8, 0.8, 0.8], [-0.8, 0.8, 0.8, -0.8]]),
  plus: strokes([[-1, 0, 1, 0], [0, -1, 0, 1]]),
};
export const OPEN_SHAPES = ["cross", "plus"]; // drawn by their strokes

// Runs of neighbors that are all finite, as lists of [x, y].
export function unbroken(xs, ys) {
  const pieces = [];
  let piece = [];
  xs.forEach((x, i) => {
    if (Number.isFinite(x) && Number.isFinite(ys[i])) piece.push([x, ys[i]]);
    else { pieces.push(piece); piece = []; }
  });
  return [...pieces, piece].filter((points) => points.length > 1); // a single point is no line
}

export const pathThrough = (points) => `M${points.map(([x, y]) => at(x, y)).join("L")}`;

export const rectangle = (x0, y0, x1, y1) => `M${at(x0, y0)}H${x1.toFixed(2)}V${y1.toFixed(2)}H${x0.toFixed(2)}Z`;

// Whether a point or a word is in its panel: on the edge it is whole, beyond it is not there.
export const within = ([left, top, width, height], x, y) =>
  x >= left - 0.5 && x <= left + width + 0.5 && y >= top - 0.5 && y <= top + height + 0.5;
