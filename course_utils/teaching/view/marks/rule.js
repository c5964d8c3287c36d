// A straight line across the panel, where one coordinate has one value.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { DASHES } from "./line.js";

export function paintRule(group, mark, map, { box: [left, top, width, height] }) {
  const at = map[mark.axis].toPixel(mark.at).toFixed(2);
  const [line] = children(group, "path", 1);
  set(line, {
    d: mark.axis === "x" ? `M${at} ${top}V${top + height}` : `M${left} ${at}H${left + width}`,
    fill: "none", stroke: paint(mark.color), "stroke-width": mark.width ?? 1.5, "stroke-dasharray": DASHES[mark.dash] ?? null,
  });
}
