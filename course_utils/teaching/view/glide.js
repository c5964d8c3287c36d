// Between two pictures of one shape: every number of their marks, limits and frame on its way.

import { same } from "./arrays.js";

export const GLIDE_MS = 250;
export const eased = (t) => 1 - (1 - t) ** 3;

const mix = (a, b, t) => a + (b - a) * t;
const MOVING = ["x", "y", "base", "low", "high", "at", "values", "dx", "dy", "extent"];
const FIXED = ["kind", "counts", "shape", "colormap"];

// A function of t from 0 to 1 that gives the picture on the way, or nothing where there is no way.
export function glidePath(from, to) {
  const fits = same([from.width, from.height, from.panels.length], [to.width, to.height, to.panels.length])
    && from.panels.every((panel, p) => panelsFit(panel, to.panels[p]));
  return fits ? (t) => (t >= 1 ? to : { ...to, panels: to.panels.map((panel, p) => panelBetween(from.panels[p], panel, t)) }) : null;
}

function panelsFit(a, b) {
  return a.marks.length === b.marks.length && same([a.x.scale, a.y.scale], [b.x.scale, b.y.scale])
    && a.marks.every((mark, m) => marksFit(mark, b.marks[m]));
}

function marksFit(a, b) {
  return FIXED.every((name) => same(a[name], b[name]))
    && MOVING.every((name) => Array.isArray(a[name]) === Array.isArray(b[name]) && a[name]?.length === b[name]?.length);
}

function numbersBetween(a, b, t) {
  if (Array.isArray(b)) return b.map((value, i) => (Number.isFinite(a[i]) && Number.isFinite(value) ? mix(a[i], value, t) : value));
  return typeof a === "number" && typeof b === "number" ? mix(a, b, t) : b;
}

function panelBetween(a, b, t) {
  const axis = (one, other) => ({ ...other, limits: limitsBetween(one, other, t) });
  return {
    ...b, x: axis(a.x, b.x), y: axis(a.y, b.y), box: numbersBetween(a.box, b.box, t),
    lines: framesFit(a.lines, b.lines, "role") ? b.lines.map((line, i) => ({ ...line, d: numbersBetween(a.lines[i].d, line.d, t) })) : b.lines,
    texts: framesFit(a.texts, b.texts, "runs")
      ? b.texts.map((text, i) => ({ ...text, x: mix(a.texts[i].x, text.x, t), y: mix(a.texts[i].y, text.y, t) })) : b.texts,
    marks: b.marks.map((mark, m) => markBetween(a.marks[m], mark, t)),
  };
}

const framesFit = (a, b, key) => a.length === b.length && a.every((one, i) => same(one[key], b[i][key]));

function limitsBetween(a, b, t) {
  if (b.scale !== "log") return numbersBetween(a.limits, b.limits, t);
  return numbersBetween(a.limits.map(Math.log), b.limits.map(Math.log), t).map(Math.exp);
}

function markBetween(a, b, t) {
  const moved = MOVING.filter((name) => name in b && !same(a[name], b[name]));
  const values = b.kind === "image" ? (numbers) => numbers.map?.(Math.round) ?? numbers : (numbers) => numbers; // indices of colors
  return { ...b, ...Object.fromEntries(moved.map((name) => [name, values(numbersBetween(a[name], b[name], t))])) };
}
