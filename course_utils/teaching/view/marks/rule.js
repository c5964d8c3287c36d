// A straight line across the panel, where one coordinate has one value.
import { children, set } from "../dom.js";
import { strokeOf } from "./line.js";

export function paintRule(group, mark, map, { box: [left, top, width, height] }) {
  const pixel = map[mark.axis].toPixel(mark.at), at = pixel.toFixed(2);
  const [from, to] = mark.axis === "x" ? [left, left + width] : [top, top + height];
  const seen = pixel >= from - 0.5 && pixel <= to + 0.5;
  const [line] = children(group, "path", 1);
  set(line, {
    d: !seen ? "" : mark.axis === "x" ? `M${at} ${top}V${top + height}` : `M${left} ${at}H${left + width}`,
    fill: "none", ...strokeOf(mark),
  });
}
