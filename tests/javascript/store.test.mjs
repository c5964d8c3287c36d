// What a reader wrote comes back from a file as it was saved, and a file that holds something else is refused.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { all, forget, keep, keepLine, read } from "../../course_utils/publish/site/store.js";

beforeEach(forget);

const saved = () => JSON.stringify(all());

test("what is saved is taken back as it was", () => {
  keep("answers", "01-a", "BA");
  keep("code", "01-b", "def f(): …");
  keep("verdicts", "01-b", { status: "passed", changed: true, failed: [] });
  keepLine("01-c", 2, { text: "1 − f" });
  keepLine("01-c", 3, { text: "f", status: "failed" });
  keepLine("01-d", 1, { status: "passed" });
  assert.deepEqual(read(saved()), all());
  assert.deepEqual(all().lines, { "01-c": { 2: { text: "1 − f" }, 3: { text: "f", status: "failed" } }, "01-d": { 1: { status: "passed" } } });
});

// A storage of the browser's, which other tabs change too, and which may be full.
function stored({ full = () => false } = {}) {
  const held = new Map();
  globalThis.localStorage = {
    getItem: (key) => held.get(key) ?? null,
    setItem(key, text) { if (full()) throw new Error("QuotaExceededError"); held.set(key, text); },
    removeItem: (key) => held.delete(key),
  };
  return held;
}
afterEach(() => { delete globalThis.localStorage; });

test("what was forgotten in another tab does not come back", () => {
  const held = stored();
  keep("answers", "01-q", "A");
  held.clear();
  keep("answers", "02-q", "B");
  assert.deepEqual(all().answers, { "02-q": "B" });
});

test("where the storage is full the page knows what was written until it is left", () => {
  let full = false;
  stored({ full: () => full });
  keep("answers", "01-q", "A");
  full = true;
  keep("code", "01-e", "x = 1");
  keep("code", "02-e", "y = 2");
  assert.deepEqual([all().answers, all().code], [{ "01-q": "A" }, { "01-e": "x = 1", "02-e": "y = 2" }]);
  full = false;
  keep("code", "03-e", "z = 3");
  assert.deepEqual(Object.keys(JSON.parse(localStorage.getItem("softmax-and-its-neighbors")).code), ["01-e", "02-e", "03-e"]);
  forget();
  assert.deepEqual(all().code, {});
});

test("a line from which all was removed is not kept, and those beside it are", () => {
  keepLine("01-c", 2, { text: "1" });
  keepLine("01-c", 3, { text: "2" });
  keepLine("01-c", 2, undefined);
  assert.deepEqual(all().lines, { "01-c": { 3: { text: "2" } } });
});

test("a file of an edition that kept no lines is taken back", () => {
  const { lines: _, ...older } = all();
  assert.deepEqual(read(JSON.stringify(older)).lines, {});
});

test("what holds something else is refused in a sentence", () => {
  const wrong = [null, [], 3, { version: 1 }, { ...all(), version: 2 }];
  const parts = {
    answers: [null, [], { a: 3 }, { a: "Z" }], code: [{ a: 3 }, { a: null }], verdicts: [{ a: "passed" }, { a: null }, { a: [] }],
    lines: [null, [], { a: 3 }, { a: [] }, { a: { 1: "x" } }, { a: { 1: { text: 3 } } }],
  };
  for (const [part, values] of Object.entries(parts)) wrong.push(...values.map((value) => ({ ...all(), [part]: value })));
  for (const one of wrong) assert.throws(() => read(JSON.stringify(one)), /holds no answers of this course/, JSON.stringify(one));
  assert.throws(() => read("{"), /not JSON/);
});
