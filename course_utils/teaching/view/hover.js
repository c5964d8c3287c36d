// What lies under the pointer, and what it says in numbers.
import { formatNumber } from "./format.js";
import { panelMap } from "./scales.js";
import { barBox } from "./marks/bars.js";
import { MISSING } from "./marks/image.js";
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
const closest = (mark, reach, placed) => {
  let best = null;
  mark.x.forEach((_, index) => {
    const [distance, at] = placed(index);
    if (distance <= reach && !(distance >= best?.distance)) best = { index, distance, at };
  });
  return best;
};

const pixelsOf = (mark, map, i) => [map.x.toPixel(mark.x[i]), map.y.toPixel(mark.y[i])];

const beside = (v, a, b) => Math.max(Math.min(a, b) - v, v - Math.max(a, b), 0);

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
  points: (mark, map, { x, y }) => closest(mark, REACH, (i) => {
    const at = pixelsOf(mark, map, i);
    return [Math.hypot(at[0] - x, at[1] - y), at];
  }),
  line: (mark, map, { x, y }) => { // the vertex of this x, if the line passes near the pointer
    const found = closest(mark, 2 * REACH, (i) => {
      const at = pixelsOf(mark, map, i);
      return [Number.isFinite(mark.y[i]) ? Math.abs(at[0] - x) : NaN, at];
    });
    const distance = Math.abs(found?.at[1] - y);
    return distance <= REACH ? { ...found, distance } : null;
  },
  // The bar that the pointer is in; thin ones are also met beside them.
  bars: (mark, map, { x, y }) => closest(mark, 6, (i) => {
    const [x0, y0, x1, y1] = barBox(mark, map, i);
    return [2 + Math.max(beside(x, x0, x1), beside(y, y0, y1)), mark.horizontal ? [x1, (y0 + y1) / 2] : [(x0 + x1) / 2, y1]];
  }),
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
    const hit = outlines(mark, map).findLastIndex((corners) => inside(corners, x, y));
    return hit < 0 ? null : { index: hit, distance: REACH, at: [x, y] }; // the last is painted on top
  },
  image: (mark, map, { x, y }) => {
    const [x0, x1, y0, y1] = mark.extent, [rows, columns] = mark.shape;
    const cell = cellAt(mark.shape, (map.x.toData(x) - x0) / (x1 - x0), 1 - (map.y.toData(y) - y0) / (y1 - y0));
    const index = cell && (rows - 1 - cell[0]) * columns + cell[1];
    if (!cell || (mark.missing && mark.values[index] === MISSING)) return null;
    return { index, distance: REACH + 1, at: [x, y] };
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
