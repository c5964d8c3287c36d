// A page without Python: recorded states answer instead of a kernel. What a film is, films.py tells.
import { panelMap, unpacked } from "./figure.js";
import { ahead, distance, nearest, pictureOf, pointOf } from "./states.js";

const SAME = 1e-9; // of a control's range: what rounding may do to a recorded value
const NEAR = 1 / 40; // of a range: no notch of a slider is farther from a recorded one (MOST_NOTCHES in films.py)
const NO_TABLE = "<p>The numbers are not on this device yet: the first time they need a network.</p>";
const GOES_ON = new Set(["step", "play"]); // what moves less than recorded states are apart, and yet moves

// beyond(request, near): optional; what Python answers where the film has no such state, as a promise, or null. It is
// `near` where a hand drags, or a slider is only a little off a recorded state: that is no reason to start Python.
// `start`: values to begin with, in place of the defaults.
export function filmAdapter(film, { beyond = () => null, start = {} } = {}) {
  const names = film.controls.map(({ name }) => name);
  const values = film.states.map(([listed]) => Object.fromEntries(names.map((name, i) => [name, listed[i]])));
  const drawings = film.controls.filter(({ kind }) => kind === "bitmap").map(({ name }) => name);
  const listeners = new Set(), held = new Map();
  const answer = (place, width) => ({ values: values[place], ...pictureOf(film, place, width) });
  const points = values.map((state) => pointOf(state, film.controls));
  let shown = nearest(points, pointOf({ ...values[0], ...start }, film.controls));

  async function answered({ values: wanted, by, drag, width, table }) {
    const point = pointOf(wanted, film.controls), place = nearest(points, point), off = distance(points[place], point);
    const near = drag !== undefined || (by !== "typing" && off <= NEAR);
    const more = drag || off > SAME ? await beyond({ values: wanted, drag, width, table }, near) : null;
    if (more) {
      shown = nearest(points, pointOf(more.values, film.controls)); // from there it goes on, should Python end
      return more;
    }
    if (drag) shown = whereDragged(values, shown, by, drag, heldMark({ ...film, held }, width, drag));
    else shown = GOES_ON.has(by) && place === shown ? ahead(points, shown, point) : place;
    const recorded = answer(shown, width);
    for (const name of drawings) recorded.values = { ...recorded.values, [name]: wanted[name] }; // none is like another
    return table && film.table ? { ...recorded, table: await film.table(shown).catch(() => NO_TABLE) } : recorded;
  }

  return {
    get: (key) => (key === "answer" ? { id: 0, ...answer(shown, film.widths[0]) } : film[key]),
    set(request) {
      answered(request).catch(({ message }) => ({ error: message })).then((found) => listeners.forEach((heard) => heard({ ...found, id: request.id })));
    },
    coarse: true, // the mark in the hand goes with the hand, though the picture knows only some of its places
    on(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
  };
}

// The place of the recorded state in which the dragged mark is nearest to where the hand has it. Of all states only
// those are asked that one control leads to: the hand moves one mark, and what it does not move stays.
function whereDragged(recorded, shown, by, { index, x, y }, markIn) {
  if (!markIn(shown)?.pixels[index]) return shown; // it has gone from the picture
  const { controls, map } = markIn(shown);
  const stays = ([name, value]) => controls.includes(name) || unchanged(value, recorded[shown][name]);
  const points = recorded.map((state, place) => (Object.entries(state).every(stays) ? markIn(place)?.pixels[index] : null));
  const wanted = [map.x.toPixel(x), map.y.toPixel(y)];
  const far = points.map((point) => (point ? distance(point, wanted) : Infinity));
  const place = far.indexOf(Math.min(...far));
  return by === "step" && place === shown ? ahead(points, shown, wanted) : place;
}

const unchanged = (a, b) => (Array.isArray(a) ? a.every((entry, i) => entry === b[i]) : a === b);

// Where the mark in the hand is in each state, found once: a hand asks for all of them again and again.
function heldMark(film, width, { panel, mark }) {
  const found = film.held;
  return (place) => {
    const key = [width, panel, mark, place].join();
    if (!found.has(key)) found.set(key, locate(pictureOf(film, place, width), panel, mark));
    return found.get(key);
  };
}

function locate({ spec, buffers }, panel, mark) {
  const held = (one) => one.drags?.to && one.drags.mark === mark;
  const one = { ...spec.panels[panel], marks: spec.panels[panel].marks.filter(held) };
  if (one.marks.length === 0) return null;
  const { panels: [{ marks: [{ x, y, drags }] }] } = unpacked({ ...spec, panels: [one] }, buffers);
  const map = panelMap(one);
  return { map, controls: drags.controls, pixels: x.map((value, i) => [map.x.toPixel(value), map.y.toPixel(y[i])]) };
}
