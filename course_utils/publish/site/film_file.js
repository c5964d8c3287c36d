// Opens the files of films; film_file.py writes them and tells their form.

const SIZES = { u1: 1, u2: 2, i4: 4, f4: 4, f8: 8, differences: 1 };
const FORMS = [...Object.keys(SIZES), "vertices"]; // in the order of their sections

// The film in a stream of bytes: its JSON, with the arrays of its marks as `buffers`.
export async function openedFilm(stream) {
  const bytes = new Uint8Array(await new Response(stream.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
  const start = 4 + new DataView(bytes.buffer).getUint32(0, true);
  const { arrays, ...film } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
  const takers = {};
  let at = start;
  for (const form of FORMS) {
    const own = arrays.filter(([one]) => one === form), sum = (i) => own.reduce((total, lengths) => total + lengths[i], 0);
    const length = sum(1), fresh = form === "vertices" ? sum(2) : 0;
    const size = form === "vertices" ? 4 * fresh + 2 * length : SIZES[form] * length;
    takers[form] = taker(form, bytes.subarray(at, at + size), fresh);
    at += size;
  }
  return { ...film, buffers: arrays.flatMap(([form, ...lengths]) => takers[form](...lengths)) };
}

// What takes the next array of a section, in a list (of two, where the section has them in pairs).
function taker(form, bytes, fresh) {
  if (form === "vertices") return takerOfVertices(bytes, fresh);
  const size = SIZES[form], whole = form === "differences" ? summed(bytes) : form.startsWith("f") ? fromPlanes(bytes, size) : bytes;
  let at = 0;
  return (length) => {
    const start = at;
    at += size * length;
    return [whole.subarray(start, at)];
  };
}

function takerOfVertices(bytes, fresh) {
  const numbers = (from, to) => new Uint16Array(bytes.slice(from, to).buffer);
  const x = numbers(0, 2 * fresh), y = numbers(2 * fresh, 4 * fresh), ago = new Uint16Array(fromPlanes(bytes.subarray(4 * fresh), 2).buffer);
  let at = 0, next = 0; // corner, and the next new one
  return (length, count) => {
    const both = [new Uint16Array(length), new Uint16Array(length)];
    const end = next + count;
    for (let i = 0; i < length; i++) {
      const back = ago[at++], from = back === 0 ? next++ : next - back;
      both[0][i] = x[from];
      both[1][i] = y[from];
    }
    next = end;
    return both;
  };
}

function fromPlanes(bytes, size) {
  const count = bytes.length / size, numbers = new Uint8Array(bytes.length);
  for (let byte = 0; byte < size; byte++) for (let i = 0; i < count; i++) numbers[i * size + byte] = bytes[byte * count + i];
  return numbers;
}

function summed(bytes) {
  const whole = new Uint8Array(bytes.length);
  bytes.forEach((value, i) => { whole[i] = value + (whole[i - 1] ?? 0); });
  return whole;
}
