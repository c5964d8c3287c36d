// Points of one shape and color, as one path.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { OPEN_SHAPES, SHAPES, within } from "./shapes.js";

export function paintPoints(group, mark, map, { box }) {
  const shape = SHAPES[mark.shape], open = OPEN_SHAPES.includes(mark.shape), color = paint(mark.color);
  const d = mark.x.map((x, i) => {
    const [px, py] = [map.x.toPixel(x), map.y.toPixel(mark.y[i])];
    return within(box, px, py) ? shape(px, py, mark.size / 2) : "";
  }).join("");
  const [path] = children(group, "path", 1);
  set(path, {
    d, fill: open ? "none" : color,
    stroke: open ? color : mark.outline ? paint(mark.outline) : null,
    "stroke-width": open ? 2 : 1.25, "stroke-linejoin": "round",
  });
}
