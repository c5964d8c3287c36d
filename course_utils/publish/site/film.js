// A page without Python: recorded states answer instead of a kernel. What a film is, films.py tells.
import { panelMap, unpacked } from "./figure.js";
import { fits, nearest, pictureOf } from "./states.js";

// beyond(request): optional; what Python answers where the film has no such state, as a promise, or null.
// `start`: values to begin with, in place of the defaults.
export function filmAdapter(film, { beyond = () => null, start = {} } = {}) {
  const names = film.controls.map(({ name }) => name);
  const values = film.states.map(([listed]) => Object.fromEntries(names.map((name, i) => [name, listed[i]])));
  const listeners = new Set();
  const answer = (place, width) => ({ values: values[place], ...pictureOf(film, place, width) });
  let shown = nearest(values, { ...values[0], ...start }, film.controls);

  async function answered({ values: wanted, drag, width, table }) {
    const place = drag ? whereDragged(film, values, width, shown, drag) : nearest(values, wanted, film.controls);
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
    on(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
  };
}

// The place of the recorded state in which the dragged mark is nearest to where the hand has it. Of all states only
// those are asked that one control leads to: the hand moves one mark, and what it does not move stays.
function whereDragged(film, recorded, width, shown, { panel, mark, index, x, y }) {
  const controls = heldMark(film, shown, width, panel, mark).drags.controls;
  const stays = ([name, value]) => controls.includes(name) || JSON.stringify(value) === JSON.stringify(recorded[shown][name]);
  const far = (place) => {
    if (!Object.entries(recorded[place]).every(stays)) return Infinity;
    const held = heldMark(film, place, width, panel, mark);
    const { x: across, y: down } = panelMap(held.panel);
    return Math.hypot(across.toPixel(held.x[index]) - across.toPixel(x), down.toPixel(held.y[index]) - down.toPixel(y));
  };
  const distances = recorded.map((_, place) => far(place));
  return distances.indexOf(Math.min(...distances));
}

function heldMark(film, place, width, panel, mark) {
  const { spec, buffers } = pictureOf(film, place, width);
  const one = { ...spec, panels: [spec.panels[panel]] };
  const { panels: [found] } = unpacked({ ...one, panels: [{ ...one.panels[0], marks: one.panels[0].marks.filter(({ drags }) => drags?.to && drags.mark === mark) }] }, buffers);
  return { ...found.marks[0], panel: found };
}
