// What a whole figure asks for, and what it shows of the answers, whenever they come.
import { resized } from "./page.mjs";
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { showFigure } from "../../course_utils/teaching/view/figure.js";

mock.timers.enable({ apis: ["setTimeout"] });
const axis = { scale: "linear", limits: [0, 100] };

// A point that the hand moves, which only who answers can translate; `tables` and other widths come when asked for.
function pictureOf({ v }, width = 640) {
  const point = { kind: "points", name: "p", x: [v], y: [50], shape: "circle", size: 8, color: "ink", drags: { to: true, controls: ["v"], mark: "p", text: "p" } };
  return { width, height: 100, says: `v = ${v}`, readout: `v = ${v}`, panels: [{ box: [0, 0, 100, 100], x: axis, y: axis, lines: [], texts: [], marks: [point] }] };
}

function figure() {
  const asked = [], root = document.createElement("div");
  let heard;
  showFigure({
    get: (key) => ({ controls: [{ kind: "float", name: "v", label: "v", low: 0, high: 100, step: 1 }], defaults: { v: 10 }, title: "t", answer: { id: 0, values: { v: 10 }, spec: pictureOf({ v: 10 }), buffers: [] } })[key],
    set: (request) => asked.push(request),
    on(hears) { heard = hears; return () => {}; },
  }, root);
  const part = (name) => root.all(({ className }) => className === name)[0], numbers = part("cu-numbers");
  return {
    asked, resize: resized.at(-1), said: () => part("cu-readout").textContent, table: () => part("cu-table").textContent,
    refuse() { heard({ id: asked.at(-1).id, values: asked.at(-1).values, error: "it says why" }); },
    open() { numbers.open = true; numbers.fire("toggle"); },
    drag(...places) {
      const at = (type, place) => part("cu-handle").fire(type, { pointerId: 1, clientX: (100 * place) / 640, clientY: 50 });
      at("pointerdown", places[0]);
      places.forEach((place) => at("pointermove", place));
      at("pointerup", places.at(-1));
    },
    // All that was asked is answered, as it was asked, and what is asked within these milliseconds of an answer.
    answer(wait = 200) {
      for (let place = 0; place < asked.length; place += 1, mock.timers.tick(wait)) {
        const { id, values, drag, width, table } = asked[place], now = drag ? { v: Math.round(drag.x) } : values;
        heard({ id, values: now, spec: pictureOf(now, width), buffers: [], ...(table && { table: `table of ${now.v}` }) });
      }
    },
  };
}

test("a drag is not undone by numbers that are opened, or a figure that becomes narrower, before it is answered", () => {
  const opened = figure(), narrower = figure(), both = figure();
  for (const { drag } of [opened, narrower, both]) drag(10, 20, 40, 80);
  for (const { open } of [opened, both]) open();
  for (const { resize } of [narrower, both]) resize(400);
  for (const { answer, said } of [opened, narrower, both]) {
    answer();
    assert.equal(said(), "v = 80");
  }
  assert.deepEqual([opened, both].map(({ table }) => table()), ["table of 80", "table of 80"]);
  assert.deepEqual([opened, narrower, both].map(({ asked }) => asked.at(-1).width), [640, 360, 360]);
});

test("a drag that begins before the table of the last picture is asked for is not undone by it", () => {
  const { open, drag, answer, said, table, asked } = figure();
  open();
  answer();
  drag(10, 20);
  answer(0);
  drag(20, 30);
  mock.timers.tick(1000);
  answer();
  assert.deepEqual([said(), table()], ["v = 30", "table of 30"]);
  const before = asked.length;
  mock.timers.tick(1000);
  assert.equal(asked.length, before, "and then it rests");
});

test("a figure that becomes narrower while a request fails is asked for again in its new width, once", () => {
  const { asked, resize, drag, refuse } = figure();
  drag(10, 20);
  resize(400);
  for (let one = 0; one < 3; one += 1) refuse();
  assert.deepEqual(asked.map(({ width }) => width).slice(-2), [640, 360]);
  const before = asked.length;
  refuse();
  assert.equal(asked.length, before);
});
