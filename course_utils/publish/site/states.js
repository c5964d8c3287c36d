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

// The place of the recorded state whose values are nearest, every control in units of its range.
export function nearest(recorded, values, controls) {
  const far = recorded.map((state) => controls.reduce((sum, control) => sum + distance(state[control.name], values[control.name], control), 0));
  return far.indexOf(Math.min(...far));
}

// Whether a recorded state is what was asked for, but for the part of a slider's range that a film leaves out.
const SAME = 1 / 80;
export const fits = (state, values, controls) =>
  controls.every((control) => distance(state[control.name], values[control.name], control) <= SAME ** 2);

function distance(a, b, control) {
  if (Array.isArray(a)) return a.reduce((sum, value, i) => sum + distance(value, b[i], control), 0);
  if (typeof a !== "number") return a === b ? 0 : 1;
  const unit = control.kind === "log" ? Math.log(control.high / control.low) : control.high - control.low;
  return (control.kind === "log" ? Math.log(a / b) / unit : (a - b) / unit) ** 2;
}
