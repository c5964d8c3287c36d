// The states of a film, and the pictures that it has of them.

// What Python in the page answers, with its bytes in `buffers`, as live pages get them, and no longer as text.
export function opened(part, buffers) {
  if (Array.isArray(part)) return part.map((one) => opened(one, buffers));
  if (part === null || typeof part !== "object") return part;
  if (typeof part.b === "string") return { ...part, b: buffers.push(bytes(part.b)) - 1 };
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, opened(value, buffers)]));
}

// The picture of a state as live pages get it: a spec, and the bytes of its arrays.
export function pictureOf(film, place, width) {
  const [, says, readout, ...layouts] = film.states[place];
  const at = Math.max(film.widths.findIndex((one) => one <= width), 0); // no wider than there is room for
  const [height, panels] = layouts[at];
  const spec = {
    width: film.widths[at], height, says, readout: says.slice(0, readout),
    panels: panels.map(([panel, texts, marks]) => ({
      ...film.pieces[panel], texts: texts.map((text) => film.pieces[text]), marks: marks.map((mark) => film.pieces[mark]),
    })),
  };
  return { spec, buffers: film.buffers };
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

// Values as a point: numbers in units of their control's range, and what is no number as it is.
export const pointOf = (values, controls) => controls.flatMap((control) => [values[control.name]].flat().map((value) => scaled(value, control)));

function scaled(value, { kind, low, high }) {
  if (typeof value !== "number") return value;
  return kind === "log" ? Math.log(value) / Math.log(high / low) : value / (high - low);
}

// The place of the recorded point that is nearest.
export function nearest(points, wanted) {
  const far = points.map((point) => distance(point, wanted));
  return far.indexOf(Math.min(...far));
}

export const distance = (a, b) => Math.hypot(...a.map((entry, i) => (typeof entry === "number" ? entry - b[i] : Number(entry !== b[i]))));

// The place of the next recorded point on the way from the shown one to the wanted, or the shown one: a key steps
// less than recorded points are apart. Points are null where the way may not lead.
const STRAIGHT = 0.9; // the cosine of what still counts as on the way
export function ahead(points, shown, wanted) {
  const minus = (a, b) => a.map((entry, i) => (entry === b[i] ? 0 : entry - b[i])); // NaN if that cannot be stepped
  const way = minus(wanted, points[shown]);
  const far = points.map((point) => {
    const step = point ? minus(point, points[shown]) : [0];
    const along = step.reduce((sum, entry, i) => sum + entry * way[i], 0);
    return along > STRAIGHT * Math.hypot(...step) * Math.hypot(...way) ? distance(point, wanted) : Infinity;
  });
  const least = Math.min(...far);
  return least < Infinity ? far.indexOf(least) : shown;
}
