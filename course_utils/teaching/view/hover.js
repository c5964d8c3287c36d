// What lies under the pointer, and what it says in numbers.
import { formatNumber } from "./format.js";
import { panelMap } from "./scales.js";
import { barBox } from "./marks/bars.js";
import { outlines } from "./marks/polygons.js";

const REACH = 18; // pixels of the picture around a point, a vertex of a line or a rule

// Names may carry light mathematics (*p*_0, e^{z}); a tooltip and a screen reader get the plain letters.
export const plain = (name) => String(name ?? "").replace(/[*\\]/g, "").replace(/[_^]\{([^}]*)\}/g, "$1").replace(/[_^]/g, "");

export function describe(mark, i) {
  const value = numberOf(mark, i), place = whereOf(mark, i);
  // A handle without a name of its own stands for something else than its height.
  if (!mark.name && place) return [plain(mark.drags?.text), place].filter(Boolean).join(", ");
  const said = typeof value === "string" ? value : `${plain(mark.name)} = ${formatNumber(value)}`;
  return place ? `${place}: ${said}` : said;
}

function numberOf(mark, i) {
  if (mark.kind === "rule") return mark.at;
  if (mark.kind === "image") return fromColor(mark, mark.values[i]);
  if (mark.kind === "polygons" && !mark.values && mark.colormap) return fromColor(mark, mark.fill[i]);
  if (mark.kind === "tiles" || mark.kind === "polygons") return mark.values ? mark.values[i] : plain(mark.name);
  return mark.values ? mark.values[i] : mark.y[i]; // stacked bars end elsewhere than their length says
}

const fromColor = ({ name, low, high, missing }, index) =>
  `${plain(name)} \u2248 ${formatNumber(low + (index / (missing ? 254 : 255)) * (high - low), 2)}`;

function whereOf(mark, i) {
  if (mark.labels) return plain(mark.labels[i]);
  if (mark.kind === "points" || mark.kind === "line") {
    return mark.x_name === "" ? "" : `${plain(mark.x_name || "x")} = ${formatNumber(mark.x[i])}`;
  }
  return "";
}

// For each kind: the entry at a place of the picture, how far away it is, and where its numbers are to be shown.
const nearPoint = (reach) => (mark, map, { x, y }) => {
  let best = null;
  mark.x.forEach((value, i) => {
    const at = [map.x.toPixel(value), map.y.toPixel(mark.y[i])], distance = Math.hypot(at[0] - x, at[1] - y);
    if (distance <= reach && !(distance >= best?.distance)) best = { index: i, distance, at };
  });
  return best;
};

const inside = (corners, x, y) => {
  let odd = false;
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length];
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) odd = !odd;
  });
  return odd;
};

const cellAt = ([rows, columns], across, down) => {
  const [row, column] = [Math.floor(down * rows), Math.floor(across * columns)];
  return row >= 0 && row < rows && column >= 0 && column < columns ? [row, column] : null;
};

const FINDERS = {
  points: nearPoint(REACH),
  line: (mark, map, { x, y }) => { // the vertex of this x, if the line passes near the pointer
    const found = nearPoint(Infinity)({ ...mark, y: mark.y.map((v) => (Number.isFinite(v) ? map.y.toData(y) : NaN)) }, map, { x, y });
    if (!found) return null;
    const at = [map.x.toPixel(mark.x[found.index]), map.y.toPixel(mark.y[found.index])];
    const distance = Math.abs(at[1] - y);
    return distance <= REACH && Math.abs(at[0] - x) <= 2 * REACH ? { index: found.index, distance, at } : null;
  },
  bars: (mark, map, { x, y }) => {
    const hit = mark.x.findIndex((_, i) => {
      const [x0, y0, x1, y1] = barBox(mark, map, i), slack = 4;
      return x >= Math.min(x0, x1) - slack && x <= Math.max(x0, x1) + slack
        && y >= Math.min(y0, y1) - slack && y <= Math.max(y0, y1) + slack;
    });
    if (hit < 0) return null;
    const [x0, y0, x1, y1] = barBox(mark, map, hit);
    return { index: hit, distance: 2, at: mark.horizontal ? [x1, (y0 + y1) / 2] : [(x0 + x1) / 2, y1] };
  },
  rule: (mark, map, place) => {
    const pixel = map[mark.axis].toPixel(mark.at), distance = Math.abs(pixel - place[mark.axis]);
    return distance > 6 ? null : { index: 0, distance, at: mark.axis === "x" ? [pixel, place.y] : [place.x, pixel] };
  },
  tiles: (mark, _map, { x, y, box: [left, top, width, height] }) => {
    const cell = cellAt(mark.shape, (x - left) / width, (y - top) / height);
    if (!cell) return null;
    const [rows, columns] = mark.shape;
    return {
      index: cell[0] * columns + cell[1], distance: REACH,
      at: [left + ((cell[1] + 0.5) * width) / columns, top + (cell[0] * height) / rows],
    };
  },
  polygons: (mark, map, { x, y }) => {
    if (!mark.values && !mark.labels && !mark.colormap) return null;
    const hit = outlines(mark, map).findIndex((corners) => inside(corners, x, y));
    return hit < 0 ? null : { index: hit, distance: REACH, at: [x, y] };
  },
  image: (mark, map, { x, y }) => {
    const [x0, x1, y0, y1] = mark.extent, [rows, columns] = mark.shape;
    const cell = cellAt(mark.shape, (map.x.toData(x) - x0) / (x1 - x0), 1 - (map.y.toData(y) - y0) / (y1 - y0));
    return cell ? { index: (rows - 1 - cell[0]) * columns + cell[1], distance: REACH + 1, at: [x, y] } : null;
  },
};

// The nearest mark entry at a place of the picture, or nothing.
export function under(spec, x, y) {
  let best = null;
  spec.panels.forEach((panel, p) => {
    const [left, top, width, height] = panel.box;
    if (x < left - REACH || x > left + width + REACH || y < top - REACH || y > top + height + REACH) return;
    const map = panelMap(panel);
    panel.marks.forEach((mark, m) => {
      if (!mark.name) return; // it only guides the eye
      const found = FINDERS[mark.kind]?.(mark, map, { x, y, box: panel.box });
      if (found && !(found.distance > best?.distance)) best = { ...found, panel: p, mark: m, text: describe(mark, found.index) };
    });
  });
  return best;
}
