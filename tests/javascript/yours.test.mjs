// What a reader writes: checked by one key, the same in two windows, and nothing of it is lost in silence.
import "./page.mjs";
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";

const soon = () => new Promise((done) => setTimeout(done)); // after all that waits for nobody else
const elsewhere = [], workers = [];
let hasFocus = true, full = false, persisted = 0;
const held = new Map();

mkdirSync(`${process.env.SITE}/_static`, { recursive: true });
writeFileSync(`${process.env.SITE}/_static/codemirror.js`, `
  export function codeField({ text, changed }) {
    const node = document.createElement("div");
    return { node, text: () => text, focus() {}, write(next) { text = next; changed(next); } };
  }`);
globalThis.location = { href: pathToFileURL(`${process.env.SITE}/page.html`).href };
globalThis.addEventListener = (_, heard) => elsewhere.push(heard);
globalThis.localStorage = {
  getItem: (key) => held.get(key) ?? null,
  setItem(key, text) { if (full) throw new Error("QuotaExceededError"); held.set(key, text); },
  removeItem: (key) => held.delete(key),
};
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { onLine: true, storage: { async persist() { persisted += 1; } } } });
globalThis.Worker = class {
  asked = [];
  constructor() { workers.push(this); }
  postMessage(request) { this.asked.push(request); }
  terminate() {}
};
document.querySelector = () => null;
document.querySelectorAll = () => [];
document.hasFocus = () => hasFocus;

const store = await import(`${process.env.SITE}/store.js`);
const { writableExercise } = await import(`${process.env.SITE}/exercises.js`);
const { showYours } = await import(`${process.env.SITE}/yours.js`);
const { python } = await import(`${process.env.SITE}/python.js`);

const pressed = (root, label) => root.all(({ tagName, textContent }) => tagName === "button" && textContent === label)[0];
const press = (root, label) => { pressed(root, label).focus(); pressed(root, label).fire("click"); };

async function exercise() {
  const node = Object.assign(document.createElement("div"), { id: "e" });
  node.dataset.name = "01-e";
  writableExercise(node, { name: "f", stub: "stub" });
  while (node.querySelector("textarea")) await soon(); // until the library is there
  return node;
}
// Another window has written.
function writes(code, verdicts = {}) {
  held.set("softmax-and-its-neighbors", JSON.stringify({ ...store.all(), code: { "01-e": code }, verdicts }));
  elsewhere.forEach((heard) => heard({ key: "softmax-and-its-neighbors" }));
}

beforeEach(store.forget);
afterEach(() => { hasFocus = true; full = false; });

test("Ctrl and Command with Enter check, in the library's field too", async () => {
  const node = await exercise(), [field] = node.all(({ className }) => className === "cu-editor")[0].children;
  for (const key of ["ctrlKey", "metaKey"]) {
    const before = workers.length;
    assert.ok(field.fire("keydown", { key: "Enter", [key]: true }));
    assert.equal(workers.length, before + 1);
    python.stop();
    await soon();
  }
  assert.ok(!field.fire("keydown", { key: "Enter" }));
});

test("the keyboard stays on Check while it checks, and comes back to it from Stop", async () => {
  const node = await exercise();
  press(node, "Check");
  assert.equal(document.activeElement, pressed(node, "Check"));
  assert.ok(!document.activeElement.disabled && document.activeElement.getAttribute("aria-disabled") === "true");
  const before = workers.length;
  press(node, "Check");
  assert.equal(workers.length, before);
  press(node, "Stop");
  await soon();
  assert.equal(document.activeElement, pressed(node, "Check"));
  assert.equal(document.activeElement.getAttribute("aria-disabled"), "false");
});

test("what is written in another window is there in this one, and is not written over", async () => {
  const node = await exercise();
  writes("an hour of work");
  press(node, "Start again");
  assert.equal(store.all().code["01-e"], "stub", "in the window that is used");
  hasFocus = false;
  writes("right", { "01-e": { status: "passed", changed: false } });
  writes("right, and more", { "01-e": { status: "passed", changed: true } });
  writes("another that is right", { "01-e": { status: "passed", changed: false } });
  hasFocus = true;
  assert.deepEqual(store.all().verdicts, { "01-e": { status: "passed", changed: false } });
  assert.deepEqual(store.all().code, { "01-e": "another that is right" });
  press(node, "Start again");
  assert.equal(store.all().verdicts["01-e"].changed, true);
  hasFocus = false;
  store.forget();
  elsewhere.forEach((heard) => heard({ key: "softmax-and-its-neighbors" }));
  assert.deepEqual(store.all().code, {}, "what is forgotten elsewhere is not kept anew");
});

test("a window that only listens keeps nothing: what it has heard of may be older than what is kept", async ({ mock }) => {
  const node = await exercise(), written = mock.method(localStorage, "setItem");
  hasFocus = false;
  for (const code of ["right", "right!"]) writes(code, { "01-e": { status: "passed" } });
  assert.equal(written.mock.callCount(), 0);
  hasFocus = true;
  press(node, "Start again");
  assert.equal(store.all().verdicts["01-e"].changed, true, "and keeps what is written here");
});

test("a file takes the place of what is here, and that can be taken back", async () => {
  const node = document.createElement("div");
  showYours(node);
  store.keep("answers", "01-q", "A");
  const saved = JSON.stringify({ ...store.all(), answers: { "02-q": "B" } });
  const file = node.all((one) => one.getAttribute("type") === "file")[0];
  file.files = [{ text: async () => saved }];
  file.fire("change");
  await soon();
  assert.deepEqual(store.all().answers, { "02-q": "B" });
  press(node, "Take it back");
  assert.deepEqual(store.all().answers, { "01-q": "A" });
  assert.ok(node.contains(document.activeElement));
  press(node, "Forget everything");
  assert.deepEqual(store.all().answers, {});
  press(node, "Take it back");
  assert.deepEqual(store.all().answers, { "01-q": "A" });
});

test("the browser is asked once not to throw away what is kept", () => {
  persisted = 0;
  for (const letter of ["A", "B"]) store.keep("answers", "01-q", letter);
  assert.equal(persisted, 1);
});

test("that nothing is kept is told once", () => {
  let told = 0;
  store.onUnkept(() => { told += 1; });
  full = true;
  for (const letter of ["A", "B"]) store.keep("answers", "01-q", letter);
  assert.equal(told, 1);
});
