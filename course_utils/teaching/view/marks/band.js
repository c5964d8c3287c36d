// The area between two curves.
import { children, set } from "../dom.js";
import { paint } from "../colors.js";
import { pathThrough } from "./shapes.js";

export function paintBand(group, mark, map) {
  const low = (i) => (Array.isArray(mark.low) ? mark.low[i] : mark.low);
  const pieces = [[]];
  mark.x.forEach((x, i) => {
    const point = [map.x.toPixel(x), map.y.toPixel(low(i)), map.y.toPixel(mark.high[i])];
    if (point.every(Number.isFinite)) pieces.at(-1).push(point);
    else pieces.push([]);
  });
  const around = (piece) => [...piece.map(([x, , y]) => [x, y]), ...piece.map(([x, y]) => [x, y]).reverse()];
  const [path] = children(group, "path", 1);
  set(path, {
    d: pieces.filter((piece) => piece.length > 1).map((piece) => `${pathThrough(around(piece))}Z`).join(""),
    fill: paint(mark.color), "fill-opacity": mark.opacity,
  });
}
