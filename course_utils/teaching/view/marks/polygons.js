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

// The same as paths, each with a second contour beside the picture: of one with a single convex contour, Chromium
// leaves out parts where corners lie less than a tenth of a pixel apart.
const pathsOf = (mark, map) => outlines(mark, map).map((corners) => `${pathThrough(corners)}ZM-9-9h.1v.1Z`);

export function paintPolygons(group, mark, map) {
  const shapes = pathsOf(mark, map), fill = fills(mark);
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
  const context = canvas.getContext("2d"), fill = fills(mark, resolve);
  context.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
  context.clearRect(left, top, width, height);
  context.lineJoin = "round";
  pathsOf(mark, map).forEach((d, i) => {
    const path = new Path2D(d);
    context.fillStyle = fill(mark.fill[i]);
    context.fill(path);
    context.strokeStyle = mark.edge ? resolve(mark.edge) : context.fillStyle;
    context.lineWidth = mark.edge ? mark.edge_width : 0.5;
    context.stroke(path);
  });
  return [left, top, width, height];
}
