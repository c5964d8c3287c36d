// What a reader chose and wrote: in this browser's own storage, and nowhere else.
//   {"version": 1, "answers": {question: letters in the order in which they were chosen},
//    "code": {exercise: text}, "verdicts": {exercise: {...}}}
const KEY = "softmax-and-its-neighbors";
const EMPTY = { version: 1, answers: {}, code: {}, verdicts: {} };

// A private window, or one that stores nothing, is no reason not to read on: then it is forgotten with the page.
let kept = null;

export function all() {
  try {
    kept = JSON.parse(localStorage.getItem(KEY)) ?? kept;
  } catch { /* unreadable or forbidden: what this page knows */ }
  return { ...EMPTY, ...kept };
}

export function keep(part, name, value) {
  const now = all();
  write({ ...now, [part]: { ...now[part], [name]: value } });
}

export function write(everything) {
  kept = everything;
  try {
    localStorage.setItem(KEY, JSON.stringify(everything));
  } catch { /* full or forbidden */ }
  for (const heard of listeners) heard();
}

export function forget() {
  kept = null;
  try {
    localStorage.removeItem(KEY);
  } catch { /* forbidden: there is nothing */ }
  for (const heard of listeners) heard();
}

// One clear sentence for a file that is not one of ours.
export function read(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("This file is not JSON: choose one that “Save as a file” wrote.");
  }
  const parts = ["answers", "code", "verdicts"];
  if (found?.version !== EMPTY.version || !parts.every((part) => typeof found[part] === "object" && found[part] !== null)) {
    throw new Error("This file holds no answers of this course: choose one that “Save as a file” wrote.");
  }
  return Object.fromEntries(["version", ...parts].map((part) => [part, found[part]]));
}

const listeners = new Set();
export function listen(heard) {
  listeners.add(heard);
  addEventListener("storage", ({ key }) => { if (key === KEY) heard(); }); // another window of the site
}
