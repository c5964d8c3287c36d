// Words at a place of the data.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { paintRuns } from "../runs.js";
import { within } from "./shapes.js";

export function paintText(group, mark, map, { box }) {
  const x = map.x.toPixel(mark.x), y = map.y.toPixel(mark.y), [text] = children(group, "text", 1);
  styleText(text, { ...mark, x: within(box, x, y) ? x + mark.dx : NaN, y: y + mark.dy });
}

// Shared with the texts of the frame.
export function styleText(node, { x, y, anchor, size, color, halo, weight, rotate, runs }) {
  const finite = Number.isFinite(x) && Number.isFinite(y);
  set(node, {
    x: finite ? x.toFixed(2) : null, y: finite ? y.toFixed(2) : null, visibility: finite ? null : "hidden",
    "text-anchor": anchor, "font-size": size, fill: paint(color ?? "ink"),
    "font-weight": weight && weight !== 400 ? weight : null,
    transform: rotate && finite ? `rotate(${rotate} ${x.toFixed(2)} ${y.toFixed(2)})` : null,
    ...(halo
      ? { stroke: "var(--cu-paper)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" }
      : { stroke: null, "stroke-width": null, "stroke-linejoin": null, "paint-order": null }),
  });
  paintRuns(node, runs, size);
}
