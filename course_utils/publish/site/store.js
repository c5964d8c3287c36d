// What a reader chose and wrote: in this browser's own storage, and nowhere else. What it is, answers.py tells.
const KEY = "softmax-and-its-neighbors";
const EMPTY = { version: 1, answers: {}, code: {}, verdicts: {}, lines: {} };

// A private window, or one that stores nothing, is no reason not to read on: then it is forgotten with the page.
let kept = null, isStored = true;

export function all() {
  try {
    if (isStored) kept = JSON.parse(localStorage.getItem(KEY));
  } catch { /* unreadable or forbidden: what this page knows */ }
  return { ...EMPTY, ...kept };
}

export function keep(part, name, value) {
  const now = all();
  if (!kept) persist();
  write({ ...now, [part]: { ...now[part], [name]: value } });
}

// A line of a derivation; without a value it is taken out.
export function keepLine(derivation, line, value) {
  const { [line]: _, ...others } = all().lines[derivation] ?? {};
  keep("lines", derivation, value ? { ...others, [line]: value } : others);
}

// A browser that needs room may otherwise throw away what is kept. Firefox asks its reader whether
// this may be: so not before there is something to keep.
export function persist() { globalThis.navigator?.storage?.persist?.().catch(() => {}); }

export function write(everything) {
  kept = everything;
  try {
    localStorage.setItem(KEY, JSON.stringify(everything));
    isStored = true;
  } catch { // full or forbidden
    if (isStored) unkept();
    isStored = false;
  }
  for (const heard of listeners) heard();
}

export function forget() {
  kept = null;
  isStored = true;
  try {
    localStorage.removeItem(KEY);
  } catch { /* forbidden: there is nothing */ }
  for (const heard of listeners) heard();
}

const isText = (value) => typeof value === "string";
const isMap = (fits) => (value) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(fits);
const PARTS = {
  answers: isMap((letters) => isText(letters) && /^[A-H]*$/.test(letters)),
  code: isMap(isText),
  verdicts: isMap(isMap(() => true)),
  lines: isMap(isMap(isMap(isText))),
};

// One clear sentence for a file that is not one of ours.
export function read(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("This file is not JSON: choose one that “Save as a file” wrote.");
  }
  const given = { lines: {}, ...found }; // a file of an older edition has none
  if (given.version !== EMPTY.version || !Object.entries(PARTS).every(([part, fits]) => fits(given[part]))) {
    throw new Error("This file holds no answers of this course: choose one that “Save as a file” wrote.");
  }
  return Object.fromEntries(Object.keys(EMPTY).map((part) => [part, given[part]]));
}

const listeners = new Set();
export function listen(heard) {
  listeners.add(heard);
  listenElsewhere(heard);
}

// To what is done in another window of the site.
export function listenElsewhere(heard) {
  addEventListener("storage", ({ key }) => { if (key === KEY) heard(); });
}

let unkept = () => {};
export function onUnkept(tell) { unkept = tell; }
