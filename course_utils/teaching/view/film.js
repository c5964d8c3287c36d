// A page without Python: recorded states answer instead of a kernel.
import { panelMap } from "./scales.js";
import { unpacked } from "./arrays.js";

// film: { title, look_for, controls, presets, defaults, states: [{ values, spec, buffers: base64 strings }, ...] };
// the first state is what is shown at first.
export function filmAdapter(film) {
  const states = film.states.map(({ buffers = [], ...state }) => ({ ...state, buffers: buffers.map(bytes) }));
  const listeners = new Set();
  return {
    get: (key) => (key === "answer" ? { id: 0, ...states[0] } : film[key]),
    set(request) {
      const state = request.drag ? whereDragged(states, request.drag) : nearest(states, request.values, film.controls);
      queueMicrotask(() => listeners.forEach((heard) => heard({ ...state, id: request.id })));
    },
    on(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
  };
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

// The recorded state whose values are nearest, every control in units of its range.
export function nearest(states, values, controls) {
  const far = (state) => controls.reduce((sum, control) => sum + distance(state.values[control.name], values[control.name], control), 0);
  return states.reduce((best, state) => (far(state) < far(best) ? state : best));
}

function distance(a, b, control) {
  if (Array.isArray(a)) return a.reduce((sum, value, i) => sum + distance(value, b[i], control), 0);
  if (typeof a !== "number") return a === b ? 0 : 1;
  const unit = control.kind === "log" ? Math.log(control.high / control.low) : control.high - control.low;
  return (control.kind === "log" ? Math.log(a / b) / unit : (a - b) / unit) ** 2;
}

// The recorded state in which the dragged mark is nearest to where the hand has it.
function whereDragged(states, { panel, mark, index, x, y }) {
  const far = (state) => {
    const { x: across, y: down } = panelMap(state.spec.panels[panel]);
    const held = unpacked(state.spec, state.buffers).panels[panel].marks.find(({ drags }) => drags?.to && drags.mark === mark);
    return Math.hypot(across.toPixel(held.x[index]) - across.toPixel(x), down.toPixel(held.y[index]) - down.toPixel(y));
  };
  return states.reduce((best, state) => (far(state) < far(best) ? state : best));
}
