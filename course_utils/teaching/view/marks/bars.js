// Bars from a base to a value; x are their places and y their values, also where they lie on their side.
// The plain ones are one path, the faded ones another, the hatch lies over both.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { clamp } from "../scales.js";
import { rectangle } from "./shapes.js";

const FAR = 1e6, FADED = 0.35;

// On a logarithmic axis 0 and less lie far below.
const edge = ({ toPixel }, v) => clamp(toPixel(Number.isNaN(toPixel(v)) && v < 0 ? 0 : v), -FAR, FAR);

// [x0, y0, x1, y1] in pixels: base end first, value end second.
export function barBox(mark, map, i) {
  const base = Array.isArray(mark.base) ? mark.base[i] : mark.base;
  const [along, across] = mark.horizontal ? [map.x, map.y] : [map.y, map.x];
  const sides = [-1, 1].map((side) => edge(across, mark.x[i] + (side * mark.width) / 2));
  const ends = [base, mark.y[i]].map((value) => edge(along, value));
  return mark.horizontal ? [ends[0], sides[0], ends[1], sides[1]] : [sides[0], ends[0], sides[1], ends[1]];
}

export function paintBars(group, mark, map, { hatch }) {
  const all = mark.x.map((_, i) => barBox(mark, map, i));
  const boxes = all.map((box) => (box.every(Number.isFinite) ? rectangle(...box) : ""));
  const faded = boxes.filter((_, i) => mark.faded?.[i]).join("");
  const [plain, pale, lines] = children(group, "path", 3); // in the order of scene.py
  const color = paint(mark.color);
  set(plain, { d: boxes.filter((_, i) => !mark.faded?.[i]).join(""), fill: color });
  set(pale, { d: faded, fill: color, "fill-opacity": FADED });
  set(lines, { d: mark.hatch ? boxes.join("") : "", fill: mark.hatch ? hatch(mark.hatch) : "none" });
}
