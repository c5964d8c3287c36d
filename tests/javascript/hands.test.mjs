// What hands and keys do to handles, pads and buttons of bits.
import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { provideColormaps } from "../../course_utils/teaching/view/colors.js";
import { makeHandles } from "../../course_utils/teaching/view/handles.js";
import { makePads } from "../../course_utils/teaching/view/pad.js";
import { makePresses } from "../../course_utils/teaching/view/press.js";

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

// Points of a picture that can change, and the hand on the first of them.
function points(...xs) {
  const values = { ...Object.fromEntries(xs.map((x, i) => [`v${i}`, x])), height: 1 };
  const controls = Object.keys(values).map((name) => ({ kind: "float", name, label: name, low: 0, high: 4, step: 0.5 }));
  const axis = (control) => ({ control, entry: null, scale: 1, offset: 0 });
  const mark = (i) => ({ kind: "points", name: `v${i}`, x: [values[`v${i}`]], y: [1], drags: { x: axis(`v${i}`), y: axis("height") } });
  const picture = (shows) => ({
    ...panel(), panels: shows.map((i, p) => ({ ...panel(mark(i)).panels[0], box: [50 * p, 0, 50, 100] })),
  });
  let spec = picture([...xs.keys()]);
  const stage = document.createElement("div");
  const handles = makeHandles(stage, { controls, values: () => values, picture: () => spec, move: (next) => Object.assign(values, next), letGo() {}, tip() {} });
  const shows = (...which) => { spec = picture(which); handles.refresh(spec); };
  shows(...xs.keys());
  const hand = (type, clientX, node = stage.all(({ className }) => className === "cu-handle")[0]) => node.fire(type, { pointerId: 1, clientX, clientY: 50 });
  return { stage, values, shows, hand, holding: handles.holding };
}

test("what a browser calls a click at the end of a drag moves nothing", () => {
  const { stage, values, hand } = points(1, 1);
  hand("pointerdown", 12);
  hand("pointermove", 20);
  hand("pointerup", 90);
  const before = { ...values };
  hand("click", 90, stage); // Safari says so to what is there
  assert.deepEqual(values, before);
  hand("pointerdown", 75, stage);
  hand("click", 75, stage);
  assert.notEqual(values.v1, before.v1, "and a click is one");
});

test("a handle that vanishes from the hand leaves it free for the next", () => {
  const { values, shows, hand, holding } = points(1);
  hand("pointerdown", 12);
  shows();
  assert.ok(!holding());
  shows(0);
  hand("pointerdown", 12);
  hand("pointermove", 37);
  assert.equal(values.v0, 3);
});

// A pad of 2 rows of 4 pixels, each 25 by 50 pixels of the screen.
function pad() {
  provideColormaps({ gray: "00".repeat(3 * 256) });
  const mark = { kind: "image", name: "ink", shape: [2, 4], extent: [0, 4, 0, 2], colormap: "gray", drags: { paint: { control: "ink", pen: 1 } } };
  const state = { ink: "00000000" }, stage = document.createElement("div");
  makePads(stage, { values: () => state, paint({ ink }) { state.ink = ink; } }).refresh(panel(mark));
  const canvas = stage.querySelector("canvas");
  const at = (type, pointerId, row, column) => canvas.fire(type, { pointerId, clientX: 25 * column + 12, clientY: 50 * row + 25 });
  return { canvas, at, ink: () => state.ink };
}

test("a second finger on a pad draws nothing, joins nothing and ends nothing", () => {
  const { canvas, at, ink } = pad();
  at("pointerdown", 1, 0, 0);
  at("pointerdown", 2, 1, 3);
  at("pointermove", 2, 1, 2);
  assert.equal(ink(), "10000000");
  at("pointerup", 2, 1, 2);
  at("pointermove", 1, 0, 1);
  assert.equal(ink(), "11000000", "the first finger draws on");
  at("pointerup", 1, 0, 1);
  at("pointermove", 1, 0, 3);
  canvas.fire("keydown", { key: "Escape" });
  assert.equal(ink(), "00000000", "taken back is the whole stroke");
  at("pointerdown", 3, 1, 0);
  at("pointercancel", 2, 1, 0);
  at("lostpointercapture", 3, 1, 0);
  at("pointerdown", 4, 1, 3);
  assert.equal(ink(), "00001001", "and the next one begins where it begins");
});

test("what is pressed together with Ctrl, Alt or Meta is the browser's: on a pad, and on bits", () => {
  const { canvas, ink } = pad();
  const mark = { kind: "polygons", name: "bits", x: [0, 1, 1, 0, 1, 2, 2, 1], y: [0, 0, 1, 1, 0, 0, 1, 1], counts: [4, 4], drags: { press: { control: "b" } } };
  const stage = document.createElement("div"), controls = [{ name: "b", label: "bits", groups: [["bits", 2]] }];
  makePresses(stage, { controls, values: () => ({ b: "00" }), press() {} }).refresh(panel(mark));
  const bit = named(stage, "bits bit 1");
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) {
    bit.focus();
    for (const key of ["ArrowRight", "Home", "Delete", " ", "Escape"]) {
      assert.ok(!canvas.fire("keydown", { key, [modifier]: true }) && !bit.fire("keydown", { key, [modifier]: true }), `${modifier} ${key}`);
    }
    assert.ok(document.activeElement === bit && ink() === "00000000");
  }
  assert.ok(canvas.fire("keydown", { key: "ArrowLeft" }) && bit.fire("keydown", { key: "ArrowRight" }));
  assert.equal(document.activeElement, named(stage, "bits bit 0"));
});
