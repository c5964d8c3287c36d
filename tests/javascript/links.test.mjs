// The state of a demo in an address: what is a value of a control comes back, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromLink, toLink } from "../../course_utils/publish/site/links.js";

const CONTROLS = [
  { name: "T", kind: "log", low: 0.1, high: 10 },
  { name: "shift", kind: "float", low: -100, high: 100 },
  { name: "k", kind: "integer", low: 1, high: 9 },
  { name: "z", kind: "vector", low: -5, high: 5, entries: ["z0", "z1"] },
  { name: "form", kind: "choice", options: ["as written", "shifted & safe"] },
  { name: "flag", kind: "toggle" },
  { name: "byte", kind: "bits", groups: [["sign", 1], ["size", 3]] },
  { name: "ink", kind: "bitmap", rows: 2, columns: 3 },
];
const defaults = { T: 1, shift: 0, k: 3, z: [0, 0], form: "as written", flag: false, byte: "0000", ink: "000000" };
const FILM = { controls: CONTROLS, defaults };
const VALUES = { T: 0.5, shift: -7.25, k: 9, z: [5, -0.1], form: "shifted & safe", flag: true, byte: "1010", ink: "010111" };
const OTHERS = {
  T: [0, 11, "1", null], shift: [101, [1]], k: [0, 2.5], z: [[1], [1, 6], 1], form: ["another", 0], flag: [1, "true"],
  byte: ["10", "10102", 1010], ink: ["0101", "01011x", 0],
};

globalThis.location = { href: "https://somebody.github.io/course/01_softmax.html#elsewhere" };
const asHash = (values) => `#demo?${new URLSearchParams(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]))}`;

test("a link leads to the state that it was made of, for every kind of control", () => {
  const { hash, pathname } = new URL(toLink("demo", VALUES));
  assert.equal(pathname, "/course/01_softmax.html");
  assert.deepEqual(fromLink("demo", FILM, hash), VALUES);
  assert.equal(fromLink("other_demo", FILM, hash), null);
});

test("what is no value of a control is not taken, and the rest is", () => {
  for (const [name, values] of Object.entries(OTHERS)) {
    for (const value of values) {
      const { [name]: _, ...rest } = VALUES;
      assert.deepEqual(fromLink("demo", FILM, asHash({ ...VALUES, [name]: value })), rest, `${name}: ${JSON.stringify(value)}`);
    }
  }
  assert.deepEqual(fromLink("demo", FILM, "#demo?T=0.5&k=%7B&unknown=1"), { T: 0.5 });
});
