// Filled polygons in their order: few as SVG paths, thousands on a canvas.
import { children, set } from "../dom.js";
import { fills, paint } from "../colors.js";
import { pathThrough } from "./shapes.js";

export const MOST_PATHS = 400;

// The corners of each polygon, in pixels.
export function outlines(mark, map) {
  let first = 0;
  return mark.counts.map((count) => {
    const corners = [];
    for (let i = first; i < first + count; i++) corners.push([map.x.toPixel(mark.x[i]), map.y.toPixel(mark.y[i])]);
    first += count;
    return corners;
  });
}

export function paintPolygons(group, mark, map) {
  const shapes = outlines(mark, map).map((corners) => `${pathThrough(corners)}Z`), fill = fills(mark);
  const paths = children(group, "path", shapes.length);
  shapes.forEach((d, i) => {
    const color = fill(mark.fill[i]); // without an edge, the own color closes the seams between neighbors
    set(paths[i], {
      d, fill: color, stroke: mark.edge ? paint(mark.edge) : color,
      "stroke-width": mark.edge ? mark.edge_width : 0.5, "stroke-linejoin": "round",
    });
  });
}

// The same on a canvas that covers the panel; `ratio` is its pixels per pixel of the picture.
export function drawPolygons(canvas, mark, map, { box: [left, top, width, height], ratio, resolve }) {
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d"), fill = fills(mark, resolve), shapes = outlines(mark, map);
  context.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
  context.clearRect(left, top, width, height);
  context.lineJoin = "round";
  const trace = (corners) => {
    context.beginPath();
    corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  };
  shapes.forEach((corners, i) => {
    trace(corners);
    context.fillStyle = fill(mark.fill[i]);
    context.fill();
    context.strokeStyle = mark.edge ? resolve(mark.edge) : context.fillStyle;
    context.lineWidth = mark.edge ? mark.edge_width : 0.5;
    context.stroke();
  });
  return [left, top, width, height];
}
