// What hands and keys do to handles, pads and buttons of bits.
import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeHandles } from "../../course_utils/teaching/view/handles.js";

const linear = (low, high) => ({ scale: "linear", limits: [low, high] });
const panel = (...marks) => ({ width: 100, height: 100, panels: [{ box: [0, 0, 100, 100], x: linear(0, 4), y: linear(0, 2), lines: [], texts: [], marks }] });
const named = (root, label) => root.all((node) => node.getAttribute("aria-label") === label)[0];

test("Escape takes back all that the keys did to a point, along both of its axes", () => {
  const controls = ["a", "b"].map((name) => ({ kind: "float", name, label: name, low: 0, high: 4, step: 0.5 }));
  const axis = (control) => ({ control, entry: null, scale: 1, offset: 0 });
  const spec = panel({ kind: "points", name: "p", x: [1], y: [1], drags: { x: axis("a"), y: axis("b") } });
  let values = { a: 1, b: 1 };
  const stage = document.createElement("div");
  makeHandles(stage, { controls, values: () => values, picture: () => spec, move(next) { values = next; }, letGo() {}, tip() {} }).refresh(spec);
  named(stage, "a").focus();
  for (const key of ["ArrowRight", "ArrowUp"]) document.activeElement.fire("keydown", { key });
  assert.equal(document.activeElement, named(stage, "b"));
  assert.deepEqual(values, { a: 1.5, b: 1.5 });
  document.activeElement.fire("keydown", { key: "Escape" });
  assert.deepEqual(values, { a: 1, b: 1 });
});
