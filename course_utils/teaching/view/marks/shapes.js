// Paths: the shapes that points have, and lines that break where a number is missing.

const at = (x, y) => `${x.toFixed(2)} ${y.toFixed(2)}`;
const polygon = (corners) => (x, y, r) => `M${corners.map(([dx, dy]) => at(x + r * dx, y + r * dy)).join("L")}Z`;
const strokes = (segments) => (x, y, r) =>
  segments.map(([ax, ay, bx, by]) => `M${at(x + r * ax, y + r * ay)}L${at(x + r * bx, y + r * by)}`).join("");
const star = Array.from({ length: 10 }, (_, i) => {
  const angle = (Math.PI * i) / 5 - Math.PI / 2, r = i % 2 ? 0.48 : 1.2;
  return [r * Math.cos(angle), r * Math.sin(angle)];
});

// name -> (x, y, radius) -> path
export const SHAPES = {
  circle: (x, y, r) => `M${at(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  square: polygon([[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]]),
  triangle: polygon([[0, -1.15], [1.05, 0.75], [-1.05, 0.75]]),
  diamond: polygon([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]),
  star: polygon(star),
  cross: strokes([[-0.8, -0.8, 0.8, 0.8], [-0.8, 0.8, 0.8, -0.8]]),
  plus: strokes([[-1, 0, 1, 0], [0, -1, 0, 1]]),
};
export const OPEN_SHAPES = ["cross", "plus"]; // drawn by their strokes

// Runs of neighbors that are all finite: [[x, y], ...] lists.
export function unbroken(xs, ys) {
  const pieces = [];
  let piece = [];
  xs.forEach((x, i) => {
    if (Number.isFinite(x) && Number.isFinite(ys[i])) piece.push([x, ys[i]]);
    else { pieces.push(piece); piece = []; }
  });
  return [...pieces, piece].filter((points) => points.length > 0);
}

export const pathThrough = (points) => `M${points.map(([x, y]) => at(x, y)).join("L")}`;

export const rectangle = (x0, y0, x1, y1) => `M${at(x0, y0)}H${x1.toFixed(2)}V${y1.toFixed(2)}H${x0.toFixed(2)}Z`;
