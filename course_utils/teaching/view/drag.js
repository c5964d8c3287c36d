// From the movement of a mark to the values of controls: pure functions, frozen at the start of a drag.
import { formatNumber } from "./format.js";
import { clamp, panelMap, scaleOf, snapped } from "./scales.js";
import { barBox } from "./marks/bars.js";

const isHeld = ({ drags }) => drags && !drags.press && !drags.paint;

// Every handle of a picture: which entry of which mark moves along which axes, and where it is. While it is held,
// marks come and go in its panel: `among` counts only those to take hold of.
export function handlesOf(spec, controls) {
  return spec.panels.flatMap((panel, p) => panel.marks.flatMap((mark, m) => {
    if (!isHeld(mark)) return [];
    const among = panel.marks.slice(0, m).filter(isHeld).length;
    const map = panelMap(panel);
    const count = mark.kind === "rule" ? 1 : mark.x.length;
    return Array.from({ length: count }, (_, i) => {
      const { at, ...place } = placeOf(mark, i, map, panel.box), inside = inBox(panel.box, at);
      // A point out there is not painted: its handle keeps off the numbers of the axes.
      const beyond = place.shape === "point" && inside.some((v, axis) => Math.abs(v - at[axis]) > 0.5);
      return {
        panel: p, mark: m, among, index: i, to: mark.drags.to ? mark.drags : null,
        axes: axesOf(mark, i, controls), at: inBox(panel.box, at, beyond ? RING : 0), ...place,
      };
    }).filter(({ at, axes }) => at.every(Number.isFinite) && axes.length > 0);
  }));
}

const RING = 11;

// What reaches beyond its panel is taken at the edge.
const inBox = ([left, top, width, height], [x, y], edge = 0) =>
  [clamp(x, left + edge, left + width - edge), clamp(y, top + edge, top + height - edge)];

function axesOf(mark, i, controls) {
  const own = mark.kind !== "bars" ? ["x", "y"] : [mark.horizontal ? "x" : "y"]; // a bar only grows or shrinks
  if (mark.drags.to) return own.map((axis) => ({ axis }));
  return ["x", "y"].filter((axis) => mark.drags[axis]).flatMap((axis) => {
    const { control: name, entry, scale = 1, offset = 0 } = mark.drags[axis];
    const control = controls.find((one) => one.name === name);
    const place = entry === "each" ? i : entry ?? null;
    return control && !(place >= control.entries?.length) ? [{ axis, control, entry: place, scale, offset }] : [];
  });
}

// Where a handle is (`at`, its middle) and how far it reaches, in pixels of the picture.
function placeOf(mark, i, map, [left, top, width, height]) {
  if (mark.kind === "bars") {
    const [x0, y0, x1, y1] = barBox(mark, map, i);
    return mark.horizontal
      ? { at: [x1, (y0 + y1) / 2], size: [0, Math.abs(y1 - y0)], shape: "bar-end" }
      : { at: [(x0 + x1) / 2, y1], size: [Math.abs(x1 - x0), 0], shape: "bar-top" };
  }
  if (mark.kind === "rule") {
    const at = map[mark.axis].toPixel(mark.at);
    return mark.axis === "x"
      ? { at: [at, top + height / 2], size: [0, height], shape: "bar-end" }
      : { at: [left + width / 2, at], size: [width, 0], shape: "bar-top" };
  }
  return { at: [map.x.toPixel(mark.x[i]), map.y.toPixel(mark.y[i])], size: [0, 0], shape: "point" };
}

export const valueAt = ({ control, entry }, values) => (entry === null ? values[control.name] : values[control.name][entry]);

export function withValue({ control, entry }, values, value) {
  return { ...values, [control.name]: entry === null ? value : values[control.name].with(entry, value) };
}

// Freeze what a drag needs: the panel's map, where the handle was, where it was taken.
export function startDrag(spec, handle, pointer) {
  const panel = spec.panels[handle.panel];
  return { handle, map: panelMap(panel), box: panel.box, grip: [handle.at[0] - pointer[0], handle.at[1] - pointer[1]] };
}

// Data coordinates of the held handle: under the pointer, within the panel.
export function dataAt({ map, box, grip }, [px, py]) {
  const [x, y] = inBox(box, [px + grip[0], py + grip[1]]);
  return { x: map.x.toData(x), y: map.y.toData(y) };
}

// The values of the controls when the handle is at these data coordinates, and where it then really is:
// sliders have notches and ends.
export function movedTo(handle, data, values) {
  let next = values;
  const held = {};
  for (const axis of handle.axes) {
    const value = snapped(scaleOf(axis.control), axis.offset + axis.scale * data[axis.axis]);
    next = withValue(axis, next, value);
    held[axis.axis] = (value - axis.offset) / axis.scale;
  }
  return { values: next, held };
}

// One key of a slider: how many notches, or which end. `up` says whether more is up and right.
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };

export function steppedBy(axis, values, key) {
  return notched(axis, values, STEPS[key] * (axis.scale < 0 && Number.isFinite(STEPS[key]) ? -1 : 1));
}

export function notched(axis, values, notches) {
  const scale = scaleOf(axis.control), notch = clamp(scale.toNotch(valueAt(axis, values)) + notches, 0, scale.notches);
  return withValue(axis, values, scale.toValue(notch));
}

// For handles whose control only the kernel can compute: a fiftieth of the axis for one step, as it is drawn.
export function steppedData(spec, { panel: p, at: [x, y] }, axisName, key) {
  const panel = spec.panels[p], map = panelMap(panel), at = { x, y };
  const [low, high] = panel[axisName].limits.map(map[axisName].toPixel);
  at[axisName] = clamp(at[axisName] + (STEPS[key] * (high - low)) / 50, Math.min(low, high), Math.max(low, high));
  return { x: map.x.toData(at.x), y: map.y.toData(at.y) };
}

export const isStep = (key) => key in STEPS;

// The picture with the held entry where the hand has it.
export function withHeld(spec, { panel: p, among, index }, held) {
  const marks = spec.panels[p]?.marks ?? [], mark = marks.filter(isHeld)[among];
  if (!mark) return spec;
  const m = marks.indexOf(mark);
  const moved = { ...mark };
  for (const [axis, value] of Object.entries(held)) {
    if (mark.kind === "rule") moved.at = value;
    else {
      const own = mark.horizontal ? { x: "y", y: "x" }[axis] : axis; // y is the value of a bar, wherever it grows
      moved[own] = mark[own].with(index, value);
    }
  }
  return { ...spec, panels: spec.panels.with(p, { ...spec.panels[p], marks: spec.panels[p].marks.with(m, moved) }) };
}

// A click beside a point brings it there, where its panel has only this one: the panel is its map.
export function clickedTo(spec, handles, [px, py]) {
  const panel = spec.panels.findIndex(({ box: [left, top, width, height] }) =>
    px >= left && px <= left + width && py >= top && py <= top + height);
  const points = handles.filter((handle) => handle.panel === panel && handle.axes.length === 2);
  if (points.length !== 1) return null;
  const start = startDrag(spec, points[0], points[0].at);
  return { handle: points[0], data: dataAt(start, [px, py]) };
}

// What a slider says of the value that it sets.
export function valueState(axis, values) {
  const { control, entry } = axis, value = valueAt(axis, values), unit = control.unit ? ` ${control.unit}` : "";
  return {
    label: entry === null ? control.label : `${control.label}, ${control.entries[entry]}`,
    valuemin: control.low, valuemax: control.high, valuenow: value, valuetext: `${formatNumber(value)}${unit}`,
  };
}
