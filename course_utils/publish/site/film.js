// A page without Python: recorded states answer instead of a kernel. What a film is, films.py tells.
import { panelMap, unpacked } from "./figure.js";
import { fits, nearest, pictureOf } from "./states.js";

// beyond(request): optional; what Python answers where the film has no such state, as a promise, or null.
// `start`: values to begin with, in place of the defaults.
export function filmAdapter(film, { beyond = () => null, start = {} } = {}) {
  const names = film.controls.map(({ name }) => name);
  const values = film.states.map(([listed]) => Object.fromEntries(names.map((name, i) => [name, listed[i]])));
  const listeners = new Set(), held = new Map();
  const answer = (place, width) => ({ values: values[place], ...pictureOf(film, place, width) });
  let shown = nearest(values, { ...values[0], ...start }, film.controls);

  async function answered({ values: wanted, drag, width, table }) {
    const place = drag ? whereDragged(values, shown, drag, heldMark({ ...film, held }, width, drag)) : nearest(values, wanted, film.controls);
    if (!drag && !fits(values[place], wanted, film.controls)) {
      const more = await beyond({ values: wanted, width, table });
      if (more) return more;
    }
    shown = place;
    const answer0 = answer(place, width);
    return table && film.table ? { ...answer0, table: await film.table(place) } : answer0;
  }

  return {
    get: (key) => (key === "answer" ? { id: 0, ...answer(shown, film.widths[0]) } : film[key]),
    set(request) {
      answered(request).then((found) => listeners.forEach((heard) => heard({ ...found, id: request.id })));
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
function whereDragged(recorded, shown, { index, x, y }, markIn) {
  const { controls } = markIn(shown);
  const stays = ([name, value]) => controls.includes(name) || unchanged(value, recorded[shown][name]);
  const far = (state, place) => {
    if (!Object.entries(state).every(stays)) return Infinity;
    const { pixels, map } = markIn(place);
    return Math.hypot(pixels[index][0] - map.x.toPixel(x), pixels[index][1] - map.y.toPixel(y));
  };
  const distances = recorded.map(far);
  return distances.indexOf(Math.min(...distances));
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
  const { panels: [{ marks: [{ x, y, drags }] }] } = unpacked({ ...spec, panels: [one] }, buffers);
  const map = panelMap(one);
  return { map, controls: drags.controls, pixels: x.map((value, i) => [map.x.toPixel(value), map.y.toPixel(y[i])]) };
}
