// Arrays travel as JSON lists when short, else as little-endian bytes beside the message.

const READ = {
  f4: [4, "getFloat32"], f8: [8, "getFloat64"], u1: [1, "getUint8"], u2: [2, "getUint16"], i4: [4, "getInt32"],
};

export function decoded(array, buffers) {
  if (Array.isArray(array)) return array.map((value) => value ?? NaN);
  const [bytes, method] = READ[array.t], buffer = buffers[array.b];
  const view = ArrayBuffer.isView(buffer)
    ? new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new DataView(buffer);
  return Array.from({ length: array.n }, (_, i) => view[method](i * bytes, true));
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
