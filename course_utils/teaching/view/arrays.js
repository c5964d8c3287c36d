// Arrays travel as JSON lists when short, else as bytes beside the message: little-endian, as every browser is.

const TYPES = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

const LAST = 65534, GAP = 65535; // of whole numbers that stand for places between two ends

export function decoded(array, buffers) {
  if (Array.isArray(array)) return array.map((value) => value ?? NaN);
  const Type = TYPES[array.t], buffer = buffers[array.b];
  const bytes = ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
  // A copy begins where numbers of this type may begin.
  const numbers = Array.from(new Type(bytes.slice(0, array.n * Type.BYTES_PER_ELEMENT).buffer));
  if (!array.ends) return numbers;
  const [low, high] = array.ends, unit = (high - low) / LAST;
  return numbers.map((whole) => (whole === GAP ? NaN : low + whole * unit));
}

const isArray = (value) => Array.isArray(value) || (value !== null && typeof value === "object" && "b" in value);
// What a mark says in numbers; other lists (labels, runs, outlined cells) stay as they are.
const NUMBERS = ["x", "y", "base", "low", "high", "values", "counts", "fill", "faded"];

// A spec with every array of its marks as a plain list of numbers (NaN where something is missing).
export function unpacked(spec, buffers = []) {
  const mark = (packed) => Object.fromEntries(Object.entries(packed).map(([name, value]) =>
    [name, NUMBERS.includes(name) && isArray(value) ? decoded(value, buffers) : value]));
  return { ...spec, panels: spec.panels.map((panel) => ({ ...panel, marks: panel.marks.map(mark) })) };
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
