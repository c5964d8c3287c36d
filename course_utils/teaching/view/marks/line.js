// A line through points, broken where a number is missing; with `arrow`, a head at its end.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { pathThrough, unbroken } from "./shapes.js";

const DASHES = { dashed: [6, 4], dotted: [0.1, 4] }; // pixels on and off, for a width of 2

export function strokeOf({ color, width, dash }) {
  const pattern = DASHES[dash]?.map((length) => (length * Math.max(width, 1)) / 2).join(" ");
  return { stroke: paint(color), "stroke-width": width, "stroke-linecap": "round", "stroke-dasharray": pattern ?? null };
}

export function paintLine(group, mark, map) {
  const pieces = unbroken(mark.x.map(map.x.toPixel), mark.y.map(map.y.toPixel));
  const [path, head] = children(group, "path", 2);
  set(path, { d: pieces.map(pathThrough).join(""), fill: "none", "stroke-linejoin": "round", ...strokeOf(mark) });
  set(head, { d: mark.arrow ? arrowHead(pieces.at(-1) ?? [], mark.width) : "", fill: paint(mark.color) });
}

function arrowHead(points, width) {
  const tip = points.at(-1), tail = points.findLast((point) => Math.hypot(tip[0] - point[0], tip[1] - point[1]) > 1e-9);
  if (!tail) return "";
  const length = Math.hypot(tip[0] - tail[0], tip[1] - tail[1]);
  const [ux, uy] = [(tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length];
  const long = 4 + 2.5 * width, half = 2 + 1.2 * width;
  const side = (sign) => [tip[0] - long * ux - sign * half * uy, tip[1] - long * uy + sign * half * ux];
  return `${pathThrough([tip, side(1), side(-1)])}Z`;
}
