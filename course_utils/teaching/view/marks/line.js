// A line through points, broken where a number is missing; with `arrow`, a head at its end.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { pathThrough, unbroken } from "./shapes.js";

export const DASHES = { dashed: "6 4", dotted: "1.5 3.5" };

export function paintLine(group, mark, map) {
  const pieces = unbroken(mark.x.map(map.x.toPixel), mark.y.map(map.y.toPixel));
  const [path, head] = children(group, "path", 2);
  const color = paint(mark.color);
  set(path, {
    d: pieces.map(pathThrough).join(""), fill: "none", stroke: color, "stroke-width": mark.width,
    "stroke-linejoin": "round", "stroke-linecap": mark.dash ? "butt" : "round",
    "stroke-dasharray": DASHES[mark.dash] ?? null,
  });
  set(head, { d: mark.arrow ? arrowHead(pieces.at(-1) ?? [], mark.width) : "", fill: color });
}

function arrowHead(points, width) {
  const [tail, tip] = points.slice(-2);
  if (!tip) return "";
  const length = Math.hypot(tip[0] - tail[0], tip[1] - tail[1]);
  if (length === 0) return "";
  const [ux, uy] = [(tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length], size = 3 + 2.5 * width;
  const side = (sign) => [tip[0] - size * ux - sign * 0.5 * size * uy, tip[1] - size * uy + sign * 0.5 * size * ux];
  const ahead = [tip[0] + width * ux, tip[1] + width * uy];
  return `${pathThrough([ahead, side(1), side(-1)])}Z`;
}
